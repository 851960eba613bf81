"""The choice of measures, against all sets of them with margins from the definitions."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from cheating_cases import cheating_cases
from detente.verification.verify_result import VerifyResult
from verify_by_definition import Watched

Drawn = tuple[dict[str, Any], dict[str, str]]


def judged(drawn: Drawn, **changes: Any) -> tuple[VerifyResult, Watched]:
    written, agreed = drawn
    case = detente.load(written)
    return detente.verify(case, agreed, **changes), Watched(case, case.complete(agreed))


@given(cheating_cases(most_measures=4), st.sampled_from([None, 3, 6]))
@settings(max_examples=40, deadline=None)
def test_the_cheapest_measures_are_found(drawn: Drawn, budget: int | None) -> None:
    result, oracle = judged(drawn, budget=budget)
    choice, names = result.choice, list(oracle.measures)
    if choice.chosen is None or not result.parties:
        return
    costs = {
        name: entry.cost.point if entry.cost is not None else Fraction(0)
        for name, entry in oracle.measures.items()
    }
    if names and all(entry.cost is None for entry in oracle.measures.values()):
        costs = dict.fromkeys(names, Fraction(1))
    sets = [s for n in range(len(names) + 1) for s in itertools.combinations(names, n)]
    rows = {used: oracle.rows(used) for used in sets}
    within = [used for used in sets if budget is None or sum(costs[n] for n in used) <= budget]
    hopeless = {key for key in rows[()] if not any(rows[used][key] >= -1e-12 for used in sets)}
    deterring = [
        used
        for used in within
        if all(margin >= -1e-12 for key, margin in rows[used].items() if key not in hopeless)
    ]
    chosen = choice.chosen.measures
    assert choice.deters == (chosen in deterring and not hopeless)
    if deterring:
        assert chosen in deterring
        assert sum(costs[n] for n in chosen) == min(sum(costs[n] for n in s) for s in deterring)
        assert all(other.measures in deterring for other in choice.alternatives)
    else:
        useful = {effect.measure for effect in choice.effects if effect.useful}
        least = {
            used: min(m for key, m in rows[used].items() if key not in hopeless)
            for used in within
            if set(used) <= useful
        }
        assert float(least[chosen]) == pytest.approx(float(max(least.values())), abs=1e-8)
