"""Joint violations, against all sets in exact rationals."""

from __future__ import annotations

import itertools
import json
import math
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from detente.verification.formulas.enforcement import stake
from detente.verification.formulas.joint import joint_critical_detection, margin, margins

FILE = Path(__file__).parent / "data" / "verify" / "self_enforcement.json"
REFERENCE: dict[str, Any] = json.loads(FILE.read_text())["joint_example"]

Sets = tuple[int, ...]


def all_margins(gains: list[float], detection: list[float], lost: float) -> dict[Sets, Fraction]:
    """The margin of every non-empty set, from its definition."""
    places = range(len(gains))
    return {
        chosen: Fraction(str(lost))
        * (1 - math.prod((1 - Fraction(str(detection[i])) for i in chosen), start=Fraction(1)))
        - sum(Fraction(str(gains[i])) for i in chosen)
        for size in range(1, len(gains) + 1)
        for chosen in itertools.combinations(places, size)
    }


def by_definition(gains: list[float], detection: list[float], lost: float) -> tuple[Fraction, Sets]:
    values = all_margins(gains, detection, lost)
    worst = min(values.values())
    return worst, min((s for s in values if values[s] == worst), key=lambda s: (len(s), s))


# Few values, so that ties, zeros, ones and equal rates are common.
coarse = st.tuples(
    st.sampled_from([-2.0, -1.0, -0.5, -0.1, 0.0, 0.1, 0.2, 0.5, 1.0, 2.0]),
    st.sampled_from([0.0, 0.1, 0.19, 0.5, 0.75, 1.0]),
)
fine = st.tuples(st.floats(-5, 5), st.floats(0, 1))
stakes = st.sampled_from([-8.0, -2.0, -1.0, 0.0, 0.4, 1.0, 2.0, 4.0]) | st.floats(-20, 20)


@settings(max_examples=400, deadline=None)
@given(st.lists(coarse, min_size=1, max_size=6), stakes)
@example([(-0.5, 1.0), (0.0, 1.0), (0.0, 1.0), (0.0, 0.5)], -1.0)
@example([(1.0, 0.1), (0.0, 0.5), (-0.5, 1.0), (0.0, 1.0), (0.0, 1.0)], -1.0)
@example([(0.0, 0.0), (0.0, 0.5), (0.0, 1.0)], 0.0)
@example([(-1.0, 0.5), (-1.0, 0.5), (-0.5, 0.75)], -2.0)
@example([(-1.0, 0.5), (-2.0, 1.0)], 2.0)
def test_worst_set_of_all(violations: list[tuple[float, float]], lost: float) -> None:
    gains, detection = map(list, zip(*violations, strict=True))
    value, members = margin(gains, detection, lost)
    expected, worst = by_definition(gains, detection, lost)
    assert value == float(expected)
    assert members == worst


@settings(max_examples=200, deadline=None)
@given(st.lists(fine, min_size=1, max_size=6), stakes)
def test_worst_margin_of_all(violations: list[tuple[float, float]], lost: float) -> None:
    gains, detection = map(list, zip(*violations, strict=True))
    value, members = margin(gains, detection, lost)
    values = all_margins(gains, detection, lost)
    assert value == float(values[members])
    assert value == pytest.approx(float(min(values.values())), abs=1e-12)
    many = margins([gains], [detection], [lost])
    assert many[0] == pytest.approx(value, abs=1e-12)


def test_many_violations_at_once() -> None:
    random = np.random.default_rng(7)
    for lost in (30.0, 3.0, -6.0):
        gains = random.normal(0, 1, 13).round(3).tolist()
        detection = random.random(13).round(3).tolist()
        # Sums in floats here: 8,191 sets in rationals would be slow.
        subsets = ((np.arange(2**13)[:, None] >> np.arange(13)) & 1).astype(bool)[1:]
        unseen = np.where(subsets, 1 - np.array(detection), 1).prod(axis=1)
        values = lost * (1 - unseen) - subsets @ np.array(gains)
        value, members = margin(gains, detection, lost)
        assert value == pytest.approx(values.min(), abs=1e-12)
        assert members == tuple(np.flatnonzero(subsets[values.argmin()]))


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 5), st.integers(0, 2**32 - 1), st.booleans())
def test_rows_are_answered_apart(size: int, seed: int, shared: bool) -> None:
    random = np.random.default_rng(seed)
    rows = 40
    gains = random.choice([-1, -0.3, 0, 0.2, 1, 2], (rows, size))
    detection = random.choice([0, 0.1, 0.5, 0.9, 1], size if shared else (rows, size))
    lost = random.choice([-4, -1, 0, 1, 5], rows).astype(float)
    many = margins(gains, detection, lost)
    assert many.shape == (rows,)
    own = np.broadcast_to(detection, gains.shape)
    for row in range(rows):
        alone = margin(gains[row], own[row], lost[row])[0]
        assert many[row] == pytest.approx(alone, abs=1e-12)


def test_no_rows() -> None:
    assert margins(np.zeros((0, 2)), [0.5, 0.5], np.zeros(0)).shape == (0,)


def test_worked_example() -> None:
    case = REFERENCE
    lost = stake(case["c"], case["p"], case["delta"], case["F"], case["T"])
    assert lost == pytest.approx(case["K"], rel=1e-12)
    for g, d, alone, needed in zip(
        case["g"], case["d"], case["single_margins"], case["d_single_star"], strict=True
    ):
        assert margin([g], [d], lost)[0] == pytest.approx(alone, rel=1e-12)
        assert joint_critical_detection([g], lost) == pytest.approx(needed, rel=1e-12)
    value, members = margin(case["g"], case["d"], lost)
    assert value == pytest.approx(case["worst_margin"], rel=1e-12)
    assert list(members) == case["worst_set"]
    for count, needed in case["uniform_d_joint"].items():
        answer = joint_critical_detection([10] * int(count), lost)
        assert answer == pytest.approx(needed, rel=1e-12)


def test_a_mere_beginning_of_the_list_is_not_enough() -> None:
    # All deviations lose: the best beginning of the list by g/a is the empty one.
    gains, detection = [1.0, 0.1], [0.5, 0.01]
    value, members = margin(gains, detection, 100)
    assert (value, members) == (pytest.approx(0.9), (1,))


@settings(max_examples=200)
@given(
    st.lists(st.integers(-20, 40).map(lambda n: n / 10), min_size=1, max_size=6),
    st.integers(1, 120).map(lambda n: n / 10),
)
def test_joint_critical_detection_is_where_the_worst_margin_changes_sign(
    gains: list[float], lost: float
) -> None:
    answer = joint_critical_detection(gains, lost)
    total = sum(Fraction(str(g)) for g in gains if g > 0)

    def worst(d: float) -> float:
        return min(0.0, margin(gains, [d] * len(gains), lost)[0])

    if answer is None:
        assert total > Fraction(str(lost))
        assert worst(1) < 0
        return
    assert total <= Fraction(str(lost))
    assert worst(answer) == pytest.approx(0, abs=1e-9)
    if answer == 0:
        assert all(g <= 0 for g in gains)
    else:
        assert worst(answer * (1 - 1e-6)) < 0


def test_joint_critical_detection_at_its_ends() -> None:
    assert joint_critical_detection([0.1, 0.2], 0.3) == 1  # a tie, though not in floats
    assert joint_critical_detection([0.1, 0.2, -5], 0.3) == 1
    assert joint_critical_detection([0.1, 0.2], 0.2999) is None
    assert joint_critical_detection([-1, 0], -5) == 0
    assert joint_critical_detection([1], 0) is None
    assert joint_critical_detection([1], -1) is None


@settings(deadline=None)
@given(st.lists(coarse, min_size=1, max_size=4), stakes, st.data())
def test_monotone(violations: list[tuple[float, float]], lost: float, data: st.DataObject) -> None:
    gains, detection = map(list, zip(*violations, strict=True))
    place = data.draw(st.integers(0, len(gains) - 1))
    more = data.draw(st.sampled_from([0.01, 0.3, 1.0]))
    here = margin(gains, detection, lost)[0]

    def changed(values: list[float], value: float) -> list[float]:
        return [value if i == place else other for i, other in enumerate(values)]

    assert margin(changed(gains, gains[place] + more), detection, lost)[0] <= here + 1e-12
    assert margin(gains, detection, lost + more)[0] >= here - 1e-12
    surer = changed(detection, min(1.0, detection[place] + more))
    if lost >= 0:
        assert margin(gains, surer, lost)[0] >= here - 1e-12
    else:
        assert margin(gains, surer, lost)[0] <= here + 1e-12
    # One more thing that can be done is never better for those who have to deter it.
    assert margin([*gains, more], [*detection, 0.5], lost)[0] <= here + 1e-12


def test_a_hundred_thousand_sets_of_parameters() -> None:
    random = np.random.default_rng(1)
    gains = random.normal(1, 1, (100_000, 6))
    detection = random.random((100_000, 6))
    lost = random.normal(5, 10, 100_000)
    begin = time.process_time()
    many = margins(gains, detection, lost)
    assert time.process_time() - begin < 1
    for row in range(0, 100_000, 5_000):
        expected = margin(gains[row], detection[row], float(lost[row]))[0]
        assert many[row] == pytest.approx(expected, abs=1e-11)


WRONG = [
    (lambda: margin([], [], 1), "there is at least one violation"),
    (lambda: margin(1.0, 0.5, 1), "there is at least one violation"),
    (lambda: margin([1], [1.5], 1), "the detection probability is between 0 and 1; one is 1.5"),
    (lambda: margin([1], [-0.5], 1), "the detection probability is between 0 and 1"),
    (lambda: margin([1, 2], [0.5, 0.5, 0.5], 1), "a detection probability for each gain"),
    (lambda: margin([math.nan], [0.5], 1), "the gain is a finite number; one is"),
    (lambda: margin(["much"], [0.5], 1), "the gain is a number; this is"),
    (lambda: margin([True], [0.5], 1), "the gain is a number; this is"),
    (
        lambda: margin([1], [math.inf], 1),
        "the detection probability is a finite number; one is inf",
    ),
    (lambda: margin([1], [0.5], math.inf), "the stake is a finite number"),
    (lambda: margin([1], [0.5], True), "the stake is a finite number"),
    (lambda: margins([1, 2], [0.5, 0.5], [1]), "there is at least one violation"),
    (lambda: margins(np.zeros((3, 0)), np.zeros((3, 0)), [1] * 3), "at least one violation"),
    (lambda: margins([[1, 2]], [0.5], [1]), "a detection probability for each gain"),
    (lambda: margins([[1, 2]], [0.5, 0.5], [1, 2]), "there is a stake for each row of gains"),
    (lambda: margins([[1, 2]], [0.5, 0.5], [math.nan]), "the stake is a finite number; one is nan"),
    (lambda: joint_critical_detection([], 1), "the gains are a list of at least one number"),
    (lambda: joint_critical_detection([[1]], 1), "the gains are a list of at least one number"),
    (lambda: joint_critical_detection([1], math.nan), "the stake is a finite number"),
    (lambda: joint_critical_detection([math.inf], 1), "the gain is a finite number; one is"),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_outside_the_domain(number: int) -> None:
    call, message = WRONG[number]
    with pytest.raises(ValueError) as caught:
        call()
    assert message in str(caught.value)
