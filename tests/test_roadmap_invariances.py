"""What must not change the answer of ``roadmap``, and what may change it one way only."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

import detente
from cheating_cases import points
from road_cases import loaded_with_roads, road_cases
from strategies import statements
from test_roadmap_by_definition import CLEAR, Drawn, all_near, asked, models, near, some


def renamed(written: Any, names: Mapping[str, str]) -> Any:
    """The same with other words, also inside expressions."""
    if isinstance(written, dict):
        return {renamed(key, names): renamed(value, names) for key, value in written.items()}
    if isinstance(written, list):
        return [renamed(entry, names) for entry in written]
    if isinstance(written, str):
        return " ".join(
            "".join(names.get(word, word) for word in _words(part)) for part in written.split(" ")
        )
    return written


def _words(text: str) -> Sequence[str]:
    """A word with the parentheses and commas around it."""
    core = text.strip("(),")
    before, _, after = text.partition(core) if core else (text, "", "")
    return before, core, after


@some(12)
@given(road_cases(), models, st.data())
def test_names_and_their_order_do_not_matter(drawn: Drawn, model: str, data: Any) -> None:
    case, roads = loaded_with_roads(drawn, model=model, most=60)
    names = {"north": "b_side", "south": "a_side", "arms": "zeta", "troops": "eta"}
    changed = renamed(copy.deepcopy(drawn), names)
    for part in ("parties", "issues", "values"):
        rows = data.draw(st.permutations(sorted(changed[part])))
        changed[part] = {name: changed[part][name] for name in rows}
    one = asked(case, roads)
    other = asked(detente.load(changed), roads)
    for party, margin in one.best.worst_by_party.items():
        assert party in case.signing
        assert names.get(party, party) in other.best.worst_by_party
        assert margin >= one.margin
    assert near(one.margin, other.margin)
    assert one.orders.count == other.orders.count
    found = [list(answer.best.worst_by_party.values()) for answer in (one, other)]
    assert all_near(*found)


@some(12)
@given(road_cases(war=False), models, st.integers(-50, 50))
def test_a_constant_in_all_values_of_a_party_changes_nothing(
    drawn: Drawn, model: str, constant: int
) -> None:
    """With its walk-away where that is a number; else it moves with today's value."""
    case, roads = loaded_with_roads(drawn, model=model, most=60)
    changed = copy.deepcopy(drawn)
    issue = next(iter(changed["issues"]))
    scores = changed["values"]["north"]["scores"][issue]
    changed["values"]["north"]["scores"][issue] = {o: x + constant for o, x in scores.items()}
    if "walk_away" in changed["parties"]["north"]:
        changed["parties"]["north"]["walk_away"] += constant
    one, other = asked(case, roads), asked(detente.load(changed), roads)
    worst = [answer.best.worst_by_party for answer in (one, other)]
    assert set(worst[0]) == set(worst[1])
    assert all(near(worst[0][party], worst[1][party]) for party in worst[0])


@some(12)
@given(road_cases(), models, st.data())
def test_a_further_guarantee_never_lowers_the_best_margin(
    drawn: Drawn, model: str, data: Any
) -> None:
    case, roads = loaded_with_roads(drawn, model=model, most=60)
    changed = copy.deepcopy(drawn)
    against = data.draw(st.sampled_from(sorted(changed["parties"])))
    entry: dict[str, Any] = {"by": "somebody", "against": against, "amount": 7}
    spoken = {
        name: issue["options"]
        for name, issue in changed["issues"].items()
        if issue.get("ordered", True)
    }
    if data.draw(st.booleans()):
        entry["when"] = data.draw(statements(spoken, 1)).text
    changed["guarantees"]["further"] = entry
    one, other = asked(case, roads), asked(detente.load(changed), roads)
    assert other.margin >= one.margin - 1e-9


@some(12)
@given(road_cases(war=False, breakouts=False), st.data())
def test_if_all_is_undone_at_once_a_patient_road_has_one_margin(drawn: Drawn, data: Any) -> None:
    """What collapse leaves is then no deal, wherever it happens: no order is any better."""
    changed = {**copy.deepcopy(drawn), "guarantees": {}, "violations": {}}
    changed["verification"]["measures"] = {}
    changed["packages"]["deal"]["steps"] = []
    changed["packages"]["deal"]["before"] = []
    for entry in changed["issues"].values():
        for key in ("undo", "irreversible", "takes"):
            entry.pop(key, None)
        entry["covert"] = False
    for party in changed["parties"].values():
        party["walk_away"] = data.draw(points)
    case, roads = loaded_with_roads(changed, model="patient")
    answer = asked(case, roads)
    target = roads.lattice.target
    costs = {
        party: float(entry.breakdown.cost) if entry.breakdown and entry.breakdown.cost else 0.0
        for party, entry in case.parties.items()
    }
    verdict = detente.agree(case, "deal").package
    assert verdict is not None
    for party, margin in answer.best.worst_by_party.items():
        assert near(margin, verdict.gains[party] + costs[party])
    assert target == dict(verdict.outcome)
    assert not answer.order_matters
    assert answer.why is not None
    assert answer.shifts == () == answer.alternatives
    assert near(answer.orders.worst, answer.margin)
    assert answer.orders.at_ceiling == answer.orders.count


@some(10)
@given(road_cases(), models)
def test_fewer_parts_at_once_are_never_better(drawn: Drawn, model: str) -> None:
    case, roads = loaded_with_roads(drawn, model=model, most=60)
    assume(roads.lattice.at_once is None)
    values = [asked(case, roads).margin]
    for most in (3, 2, 1):
        try:
            values.append(asked(case, roads, at_once=most).margin)
        except detente.CaseError:
            break  # something must be done together
    assert all(a >= b - CLEAR for a, b in pairwise(values))
