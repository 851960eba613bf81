"""``verify`` against its definitions, period by period, on random small cases."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from cheating_cases import cheating_cases
from detente.verification.answer import not_negative
from detente.verification.verify_result import VerifyResult
from verify_by_definition import Watched

Drawn = tuple[dict[str, Any], dict[str, str]]

CLOSE = {"rel": 1e-9, "abs": 1e-9}


def judged(drawn: Drawn, **changes: Any) -> tuple[VerifyResult, Watched]:
    written, agreed = drawn
    case = detente.load(written)
    return detente.verify(case, agreed, **changes), Watched(case, case.complete(agreed))


@given(cheating_cases())
@settings(max_examples=100, deadline=None)
def test_margins_of_every_party(drawn: Drawn) -> None:
    result, oracle = judged(drawn)
    used = list(oracle.measures)
    assert result.measures == tuple(used)
    assert result.false_alarm == pytest.approx(float(oracle.false_alarm(used)), **CLOSE)
    for party, entry in result.parties.items():
        margins = oracle.margins(party, used)
        expected = float(min(margins)) if margins else None
        assert entry.margin == (None if expected is None else pytest.approx(expected, **CLOSE))
        assert entry.leave == pytest.approx(float(oracle.leave(party, used)), **CLOSE)
        assert entry.sets == sum(1 for cheat in oracle.cheats[party] if not cheat.takes)
        if margins:
            at_worst = [
                float(margin)
                for cheat, margin in zip(oracle.cheats[party], margins, strict=True)
                if set(cheat.names) == set(entry.worst)
            ]
            assert min(at_worst) == pytest.approx(expected, **CLOSE)


@given(cheating_cases(breakouts=False))
@settings(max_examples=50, deadline=None)
def test_every_way_to_cheat_alone(drawn: Drawn) -> None:
    result, oracle = judged(drawn)
    used = list(oracle.measures)
    for party, entry in result.parties.items():
        for tempted in entry.temptations:
            found = [
                (oracle.margin(party, cheat, oracle.detection(cheat, used), result_false), cheat)
                for result_false in [oracle.false_alarm(used)]
                for cheat in oracle.cheats[party]
                if cheat.names == (tempted.name,)
            ]
            least = min(margin for margin, _ in found)
            if tempted.margin is not None:
                assert tempted.margin == pytest.approx(float(least), **CLOSE)
            chances = [float(oracle.detection(cheat, used)) for _, cheat in found]
            assert any(tempted.detection == pytest.approx(chance, **CLOSE) for chance in chances)


@given(cheating_cases(breakouts=False))
@settings(max_examples=60, deadline=None)
def test_a_critical_detection_is_where_the_margin_turns(drawn: Drawn) -> None:
    result, oracle = judged(drawn)
    false = oracle.false_alarm(list(oracle.measures))
    for party, entry in result.parties.items():
        for tempted in entry.temptations:
            needed = tempted.critical_detection
            if tempted.margin is None or needed is None or needed > 1:
                continue
            cheat = next(
                cheat
                for cheat in oracle.cheats[party]
                if cheat.names == (tempted.name,)
                and (tempted.option is None or cheat.ways[0][1] == tempted.option)
            )
            at = float(oracle.margin(party, cheat, Fraction(needed), false))
            assert at >= -1e-6
            if needed > 0:
                assert at == pytest.approx(0, abs=1e-6)


@given(cheating_cases(lags=(0,), breakouts=False, war=True))
@settings(max_examples=50, deadline=None)
def test_no_plan_of_cheating_pays_exactly_where_no_set_does(drawn: Drawn) -> None:
    """The best response of a Markov decision process, against the margins of the sets."""
    result, oracle = judged(drawn)
    used = list(oracle.measures)
    if result.punishment is not None:
        return  # what resumes is then the honest path for one and the best plan for the other
    for party, entry in result.parties.items():
        if entry.margin is None:
            continue
        gain = float(
            oracle.best_response(party, used) - oracle.honesty(party, oracle.false_alarm(used))
        )
        assert gain >= -1e-9
        assert (gain <= 1e-9) == not_negative(entry.margin)


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
