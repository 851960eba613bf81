"""Shares of codings, expected smallest gains and regrets, against loops over the definition."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente import load
from detente.model.compilation import compile_case
from detente.uncertainty.robust.codings import Codings, agreed
from detente.uncertainty.robust.shares import Robustness, robustness
from detente.uncertainty.worths import Worth
from robust_by_definition import InCoding, coded
from strategies import cases

SLOW = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
SMALL = cases(most_parties=3, most_issues=3, most_options=3)


def every_outcome(sizes: tuple[int, ...]) -> Any:
    return np.array(list(product(*map(range, sizes))), dtype=np.int64)


@SLOW
@given(SMALL, st.integers(1, 5), st.integers(0, 999))
def test_verdicts_are_those_of_the_definition(case: dict[str, Any], count: int, seed: int) -> None:
    model, codings, one_by_one = coded(load(case), count, seed)
    codes = every_outcome(model.space.sizes)
    found = agreed(model.problem, codings, codes)
    for row, outcome in zip(found, map(model.space.outcome, codes.tolist()), strict=True):
        assert row.tolist() == [coding.acceptable(outcome) for coding in one_by_one]


def by_definition(
    one_by_one: list[InCoding], outcomes: list[dict[str, str]]
) -> list[tuple[int, float | None, float | None]]:
    """Count, expected smallest gain and greatest regret of each outcome."""
    gains = [[coding.smallest_gain(outcome) for coding in one_by_one] for outcome in outcomes]
    feasible = [not one_by_one[0].broken(outcome) for outcome in outcomes]
    out = []
    for outcome, row, possible in zip(outcomes, gains, feasible, strict=True):
        count = sum(coding.acceptable(outcome) for coding in one_by_one)
        if None in row:
            out.append((count, None, None))
            continue
        mean = float(sum(row) / len(row))
        regrets = [
            max(gains[k][j] for k in range(len(outcomes)) if feasible[k]) - gain
            for j, gain in enumerate(row)
            if possible
        ]
        out.append((count, mean, float(max(regrets)) if possible else None))
    return out


@SLOW
@given(SMALL, st.integers(1, 5), st.integers(0, 999), st.sampled_from([1, 2000, 1 << 28]))
def test_shares_gains_and_regrets_are_those_of_the_definition(
    case: dict[str, Any], count: int, seed: int, memory: int
) -> None:
    model, codings, one_by_one = coded(load(case), count, seed)
    every = every_outcome(model.space.sizes)
    codes = np.random.default_rng(seed).permutation(every)[:6]
    found = robustness(model.problem, codings, codes, memory)
    expected = by_definition(one_by_one, [model.space.outcome(row) for row in codes.tolist()])
    assert len(found) == len(expected)
    for each, (accepted, mean, regret) in zip(found, expected, strict=True):
        assert (each.count, each.codings) == (accepted, count)
        assert each.share == accepted / count
        for seen, told in ((each.smallest_gain, mean), (each.regret, regret)):
            assert seen == (None if told is None else pytest.approx(told, abs=1e-9))


def bargain(**more: Any) -> dict[str, Any]:
    """Two packages: what is safe, and what is better for both or worse for one."""
    return {
        "detente": 1,
        "title": "By hand",
        "parties": {"a": {"walk_away": 0}, "b": {"walk_away": 0}},
        "issues": {"deal": {"options": ["safe", "bold", "bad"]}},
        "values": {
            "a": {"scores": {"deal": {"safe": 1, "bold": [-2, 8], "bad": -5}}},
            "b": {"scores": {"deal": {"safe": 2, "bold": 4, "bad": 9}}},
        },
    } | more


def by_hand(case: dict[str, Any]) -> tuple[Robustness, ...]:
    """Four codings, in which the bold deal is worth −2, 0, 3 and 8 to a."""
    model = compile_case(load(case))
    terms = np.array([[1, bold, -5, 0] for bold in (-2, 0, 3, 8)], dtype=np.float64)

    def reads(codes: Any) -> Any:
        options = codes == np.arange(3)
        return np.hstack((options, np.full((len(codes), 1), -1))).astype(np.int64)

    codings = Codings(4, {model.position["a"]: Worth(terms, reads)})
    return robustness(model.problem, codings, np.array([[0], [1], [2]]))


def test_numbers_by_hand() -> None:
    safe, bold, bad = by_hand(bargain())
    # Smallest gains: safe 1 1 1 1, bold −2 0 3 4, bad −5 throughout; best 1 1 3 4.
    assert safe == Robustness(4, 4, 1.0, 3.0)
    assert bold == Robustness(3, 4, 1.25, 3.0)
    assert bad == Robustness(0, 4, -5.0, 9.0)


def test_a_package_that_breaks_a_rule_is_no_measure_of_regret() -> None:
    safe, bold, bad = by_hand(bargain(rules=[{"never": "deal == bold"}]))
    assert safe == Robustness(4, 4, 1.0, 0.0)
    assert bold == Robustness(0, 4, 1.25, None)
    assert bad == Robustness(0, 4, -5.0, 6.0)


def test_only_signing_parties_with_scores_gain() -> None:
    case = bargain()
    case["parties"]["b"] = {"walk_away": {"deal": "bad"}}
    case["values"]["b"] = {"ranking": [[{"deal": "bold"}], [{"deal": "bad"}]]}
    safe, bold, _ = by_hand(case)
    assert (safe.count, bold.count) == (0, 3)
    assert (safe.smallest_gain, bold.smallest_gain) == (1.0, 2.25)
    case["parties"]["a"]["signs"] = False
    safe, bold, _ = by_hand(case)
    assert (safe.count, bold.count) == (0, 4)
    assert (bold.smallest_gain, bold.regret) == (None, None)


def test_bad_codings_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one coding"):
        Codings(0, {})
    with pytest.raises(ValueError, match="terms for 2 codings, not 3"):
        Codings(3, {0: Worth(np.zeros((2, 1)), lambda codes: codes)})


def test_no_packages_no_robustness() -> None:
    problem = compile_case(load(bargain())).problem
    assert robustness(problem, Codings(2, {}), np.zeros((0, 1), dtype=np.int64)) == ()
