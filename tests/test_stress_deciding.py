"""What decides and when it breaks, on functions whose answers are known; ties of packages."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import pytest

import detente
from detente.case.numbers import Number
from detente.model.problem import Floats
from detente.uncertainty.answer import Factor, Interval, Measure
from detente.uncertainty.deciding import breaking, influences
from detente.uncertainty.sampling.correlation import Correlation, correlated
from detente.uncertainty.sampling.designs import design

FACTORS = tuple(
    Factor(
        f"values.north.scores.x.{k}",
        ("values", "north", "scores", "x", str(k)),
        Number(Fraction(1, 2), "uniform", Fraction(0), Fraction(1)),
        "north",
    )
    for k in range(20)
)


def _measured(shares: Floats) -> Mapping[Measure, Floats]:
    """Gains that rest on two numbers, 4 to 1 in variance; margins on a third."""
    return {"acceptable": 2 * shares[:, 3] + shares[:, 7], "roadmap": shares[:, 11]}


def test_the_few_that_decide_are_found() -> None:
    gains, margins = influences(FACTORS, _measured, seed=0)
    assert (gains.measure, margins.measure) == ("acceptable", "roadmap")
    first, second = gains.factors[:2]
    assert first.factor is FACTORS[3]
    assert second.factor is FACTORS[7]
    assert first.total.low <= 0.8 <= first.total.high
    assert second.first_order.low <= 0.2 <= second.first_order.high
    assert margins.factors[0].factor is FACTORS[11]
    rest = gains.factors[-1]
    assert rest.factor is None
    assert rest.others == len(FACTORS) - (len(gains.factors) - 1)
    assert rest.total.includes_zero


def test_indices_are_shares() -> None:
    for found in influences(FACTORS, _measured, seed=1):
        for entry in found.factors:
            for index in (entry.first_order, entry.total):
                assert 0 <= index.low <= index.high <= 1
                assert 0 <= index.value <= 1


def test_nothing_decides_what_is_always_the_same() -> None:
    constant = influences(FACTORS, lambda shares: {"acceptable": np.ones(len(shares))}, seed=0)
    assert list(constant) == []


@pytest.mark.parametrize(("low", "told"), [(-1.0, True), (0.0, True), (0.01, False), (-3, True)])
def test_what_cannot_be_told_from_nothing(low: float, told: bool) -> None:
    assert Interval(0.1, low, 0.2).includes_zero is told


def test_conditions_are_causes_and_not_what_goes_together_with_them() -> None:
    """Number 4 breaks it; all others only go together with it, and do so closely."""
    apart = design("latin hypercube", 4096, len(FACTORS), 0)
    stated = correlated(
        design("latin hypercube", 4096, len(FACTORS), 1),
        Correlation(("north",) * len(FACTORS), 0.9),
    )
    (box,) = breaking(
        FACTORS,
        (apart, {"acceptable": apart[:, 4] > 0.2}),
        (stated, {"acceptable": stated[:, 4] > 0.2}),
    )
    (condition,) = box.conditions
    assert condition.factor is FACTORS[4]
    assert condition.low is None
    assert condition.high == pytest.approx(0.2, abs=0.01)
    inside = stated[:, 4] <= condition.high
    fails = stated[:, 4] <= 0.2
    assert box.coverage == (fails & inside).sum() / fails.sum()
    assert box.density == (fails & inside).sum() / inside.sum()
    assert (box.mass, box.overall) == (inside.mean(), fails.mean())


def test_no_condition_where_it_never_or_always_fails() -> None:
    apart = design("latin hypercube", 1024, len(FACTORS), 0)
    for verdict in (np.ones(1024, np.bool_), np.zeros(1024, np.bool_)):
        same = (apart, {"holds": verdict})
        assert list(breaking(FACTORS, same, same)) == []


def test_all_ties_have_the_largest_share() -> None:
    found = detente.stress(
        detente.load("river"), "single_text", samples=256, holds=False, deciding=False, workers=1
    )
    assert found.robust is not None
    most = found.robust.best.acceptable.count
    for entry in found.robust.packages[:12]:
        assert ("largest share" in entry.names) == (entry.acceptable.count == most)
    gains = [p.smallest_gain for p in found.robust.packages if p.acceptable.count == most]
    assert gains == sorted(gains, reverse=True)
