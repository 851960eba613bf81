"""The fewest preference reversals, against trying every order; and cases edited accordingly."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, permutations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import detente
from dense_models import as_conflict
from detente.case.errors import CaseError
from detente.leverage.reversals.conditions import stays
from detente.leverage.reversals.counting import counted
from detente.leverage.reversals.editing import with_reversals
from detente.leverage.reversals.orders import contradictions, placed
from detente.leverage.reversals.reversals import necessary, reversals
from detente.leverage.reversals.search import fewest_reversals
from detente.model.compilation import compile_case
from detente.stability.concepts.individual import individual
from detente.stability.field import Field, whole
from detente.stability.graph.conflict import Conflict, graph_model
from detente.stability.graph.states import states
from reversals_by_definition import fewest, rankings_counted, semiorders, weak_orders
from stability_by_definition import CONCEPTS, Graph, relation
from stability_cases import PUBLISHED, CaseGraph, published_case
from stability_strategies import Model, hold_cases, models

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
PACKAGES = {
    "prisoners_dilemma": ("both_silent", "first_tells"),
    "cuban_missile_crisis": ("quarantine", "withdrawal_after_a_strike", "status_quo"),
    "elmira": ("modified_unopposed", "original_order", "status_quo"),
    "syria_iraq": ("release", "standoff", "war"),
}


def some(count: int) -> settings:
    return settings(max_examples=count, deadline=None, suppress_health_check=SLOW)


def field_of(case: detente.Case) -> Field:
    found = whole(compile_case(case), Fraction(0), 1000)
    assert found is not None
    return found


def count(conflict: Conflict, state: int, concept: Any, banded: tuple[int, ...] = ()) -> int | None:
    found = fewest_reversals(conflict, state, concept, banded=banded)
    return None if found is None else len(found.turned)


# Against trying every order


def test_orders_that_are_tried_are_all_there_are() -> None:
    assert [len(weak_orders(n)) for n in (1, 2, 3, 4)] == [1, 3, 13, 75]
    assert [len(semiorders(n)) for n in (1, 2, 3, 4)] == [1, 3, 19, 183]


@some(80)
@given(models(most_parties=3, most_states=5, unvalued=True), st.sampled_from(CONCEPTS[:3]))
def test_fewest_one_by_one(model: Model, concept: str) -> None:
    assume(any(row is not None for row in model.values))
    conflict = as_conflict(model)
    for state in range(model.graph.states):
        assert count(conflict, state, concept) == fewest(model.graph, concept, state)


@some(60)
@given(models(most_parties=3, most_states=4, unvalued=True), st.sampled_from(CONCEPTS[3:]))
def test_fewest_jointly(model: Model, concept: str) -> None:
    assume(any(row is not None for row in model.values))
    conflict = as_conflict(model)
    for state in range(min(2, model.graph.states)):
        assert count(conflict, state, concept) == fewest(model.graph, concept, state)


@some(40)
@given(models(most_parties=3, most_states=4, groups=False, banded=True), st.sampled_from(CONCEPTS))
def test_fewest_where_small_gains_do_not_count(model: Model, concept: Any) -> None:
    case = detente.load(model.as_case())
    banded = range(len(model.values)) if model.band else ()
    package = {"state": f"state{model.graph.states - 1}"}
    found = reversals(case, package, concept, band=model.band)
    assert found.count == fewest(model.graph, concept, model.graph.states - 1, banded)
    edited = with_reversals(case, found)
    assert detente.hold(edited, package, band=model.band).prospects[0].equilibrium(concept)


@some(60)
@given(models(most_parties=3, most_states=5), st.sampled_from(["gmr", "smr"]))
def test_smallest_sets_are_counted(model: Model, concept: Any) -> None:
    """Every set of as many states that does it, party by party."""
    conflict = as_conflict(model)
    found = fewest_reversals(conflict, 0, concept)
    assert found is not None
    if found.ways is None:
        assert concept == "smr"
        return
    product_ = 1
    for party in model.graph.parties:
        now = [model.graph.prefers(party, t, 0) for t in range(model.graph.states)]
        least = sum(turned.party == party for turned in found.turned)
        sets = 0
        for kept in product(*([False, True] if each else [False] for each in now)):
            if sum(now) - sum(kept) == least:
                order = relation([int(each) for each in kept])
                better = (*model.graph.better[:party], order, *model.graph.better[party + 1 :])
                tried = Graph(model.graph.states, model.graph.movers, better)
                sets += bool(tried.stable(concept, party, 0))
        product_ *= sets
    assert found.ways == product_


# What is turned makes it an equilibrium


@some(60)
@given(hold_cases(most_parties=3, most_states=9), st.sampled_from(CONCEPTS), st.data())
def test_edited_case_holds(written: dict[str, Any], concept: Any, data: st.DataObject) -> None:
    case = detente.load(written)
    outcomes = CaseGraph(case).outcomes
    package = data.draw(st.sampled_from(outcomes))
    found = reversals(case, package, concept)
    assert found.count == len(found.turns) == sum(found.per_party.values())
    holds = detente.hold(case, package).prospects[0].equilibrium(concept)
    assert found.already == holds == (found.count == 0)
    edited = with_reversals(case, found)
    assert detente.hold(edited, package).prospects[0].equilibrium(concept)
    before, after = CaseGraph(case), CaseGraph(edited)
    place = before.state(package)
    for party in before.graph.parties:
        name = before.parties[party]
        told = {
            (before.state(turn.outcome), before.state(turn.against)): turn
            for turn in found.turns
            if turn.party == name
        }
        for (there, against), turn in told.items():
            was = before.graph.prefers(party, there, against)
            assert was != after.graph.prefers(party, there, against)
            assert was == (turn.now == "better") == (turn.kind[:2] == "no")
        if concept in ("nash", "gmr", "smr"):
            for there in range(before.graph.states):
                kept = before.graph.prefers(party, there, place)
                assert after.graph.prefers(party, there, place) == (
                    kept and (there, place) not in told
                )


@pytest.mark.parametrize("name", PACKAGES)
def test_published_conflicts(name: str) -> None:
    case = detente.load(name)
    for package, concept in product(PACKAGES[name], CONCEPTS):
        found = reversals(case, package, concept)
        assert found.already == detente.hold(case, package).prospects[0].equilibrium(concept)
        edited = with_reversals(case, found)
        assert detente.hold(edited, package).prospects[0].equilibrium(concept)
        assert all(turn.because for turn in found.turns)
        assert all(turn.gap is None for turn in found.turns)


def test_published_verdicts_need_nothing() -> None:
    for conflict in PUBLISHED.values():
        field = field_of(detente.load(published_case(conflict)))
        for concept in CONCEPTS:
            verdicts = individual(field.conflict)[concept].values()
            holding = np.logical_and.reduce(list(verdicts))
            for state in range(field.conflict.states):
                none = count(field.conflict, state, concept) == 0
                assert none == bool(holding[state])


def test_told_in_the_words_of_the_case() -> None:
    case = detente.load("prisoners_dilemma")
    (first,) = reversals(case, "first_tells", "nash").turns
    assert (first.now, first.kind) == ("better", "no better than the package")
    assert first.because[0].move == first.outcome and first.because[0].sanction is None
    found = reversals(case, "both_silent", "nash")
    assert (found.count, found.ways, found.per_party) == (2, 1, dict.fromkeys(case.parties, 1))


def test_a_punisher_has_to_want_it() -> None:
    """Row gains by leaving; column could punish, but only at a loss to itself."""
    words = ["kept", "broken", "worse", "worst", "apart"]
    case = detente.load(
        {
            "detente": 1,
            "title": "A threat",
            "parties": {"row": {}, "column": {}},
            "issues": {
                "state": {
                    "options": words,
                    "moves": {
                        "row": [["kept", "broken"]],
                        "column": [["broken", "worse"], ["broken", "worst"]],
                    },
                }
            },
            "status_quo": {"state": "kept"},
            "values": {
                name: {"scores": {"state": dict(zip(words, points, strict=True))}}
                for name, points in {"row": (5, 9, 1, 0, 7), "column": (9, 3, 2, 0, 1)}.items()
            },
        }
    )
    assert reversals(case, "status_quo", "gmr").already
    found = reversals(case, "status_quo", "seq")
    (turn,) = found.turns
    assert (turn.party, turn.outcome, turn.against) == (
        "column",
        {"state": "worse"},
        {"state": "broken"},
    )
    assert (turn.now, turn.kind, turn.gap) == ("worse", "an improvement", -1.0)
    (deterred,) = turn.because
    assert (deterred.party, deterred.move, deterred.sanction) == (
        "row",
        {"state": "broken"},
        {"state": "worse"},
    )
    (moved,) = found.moved
    assert moved.party == "column" and abs(moved.after - moved.before) == 2
    assert not detente.hold(case, "status_quo").prospects[0].equilibrium("seq")
    edited = with_reversals(case, found)
    assert detente.hold(edited, "status_quo").prospects[0].equilibrium("seq")


# Rankings, counted


def test_published_counts() -> None:
    """Of 720 rankings of Syria, by the conditions, by the definition and by what hold works out."""
    published = {"nash": 240, "gmr": 384, "seq": 384, "smr": 300}
    case = detente.load("syria_iraq")
    field = field_of(case)
    conflict, graph = field.conflict, CaseGraph(case).graph
    package = case.complete(case.packages["release"].outcome)
    place, there = field.teller.state(package), CaseGraph(case).state(package)
    for concept, number in published.items():
        found = counted(conflict, place, 0, concept)  # type: ignore[arg-type]
        assert (found.rankings, found.stable, found.equilibria) == (720, number, number)
        assert rankings_counted(graph, concept, there, 0) == (number, number)
    pairs = {
        conflict.parties[entry.members[0]]: [
            (state, int(head)) for state in range(6) for head in entry.moves(state)
        ]
        for entry in conflict.movers
    }
    iraq = conflict.preferences[1]
    assert iraq is not None
    by_hold = dict.fromkeys(published, 0)
    for syria in permutations(range(6)):
        tried = graph_model(pairs, {"syria": syria, "iraq": iraq.rank.tolist()})
        for concept in published:
            by_hold[concept] += all(
                stays(tried, party, place, concept)  # type: ignore[arg-type]
                for party in range(2)
            )
    assert by_hold == published


@some(40)
@given(models(most_parties=3, most_states=5), st.sampled_from(CONCEPTS))
def test_rankings_are_counted(model: Model, concept: Any) -> None:
    conflict = as_conflict(model)
    for party in model.graph.parties:
        found = counted(conflict, 0, party, concept)
        stable, nobody = rankings_counted(model.graph, concept, 0, party)
        assert found.stable == stable
        assert found.equilibria in (nobody, None)
        assert concept not in CONCEPTS[:3] or found.equilibria == nobody


@some(60)
@given(models(most_parties=3, most_states=5), st.sampled_from(CONCEPTS))
def test_conditions_say_what_hold_says(model: Model, concept: Any) -> None:
    conflict = as_conflict(model)
    verdicts = individual(conflict)[concept]
    for party, state in product(model.graph.parties, range(model.graph.states)):
        assert stays(conflict, party, state, concept) == bool(
            verdicts[conflict.parties[party]][state]
        )


# Conditions in words


def test_conditions_of_the_water_conflict() -> None:
    case = detente.load("syria_iraq")
    escalates = {"release_water": "no", "escalate": "yes", "attack": "no"}
    attacked = {**escalates, "attack": "yes"}
    nash = necessary(case, "release", "nash")
    assert {len(entry.either) for entries in nash.values() for entry in entries} == {1}
    (entry,) = (e for e in necessary(case, "release", "gmr")["syria"] if e.move == escalates)
    assert entry.either == ((escalates,), (attacked,))
    (entry,) = (e for e in necessary(case, "release", "smr")["syria"] if e.move == escalates)
    assert entry.either[0] == (escalates,) and len(entry.either[1]) == 3
    assert attacked in entry.either[1]


@some(40)
@given(hold_cases(most_parties=3, most_states=9), st.sampled_from(CONCEPTS[:3]), st.data())
def test_conditions_are_needed_and_enough(
    written: dict[str, Any], concept: Any, data: st.DataObject
) -> None:
    case = detente.load(written)
    built = CaseGraph(case)
    package = data.draw(st.sampled_from(built.outcomes))
    place = built.state(package)
    for name, conditions in necessary(case, package, concept).items():
        party = built.parties.index(name)
        met = all(
            any(
                not any(built.graph.prefers(party, built.state(one), place) for one in needed)
                for needed in condition.either
            )
            for condition in conditions
        )
        assert met == built.graph.stable(concept, party, place)


# Orders


def test_contradictions_are_closed_chains() -> None:
    """a > b and b > c and not a > c."""
    chains = list(contradictions({(0, 1): True, (1, 2): True, (0, 2): False}, {(0, 1)}, 1))
    assert [sorted(chain) for chain in chains] == [[(0, 1), (0, 2), (1, 2)]]
    assert not list(contradictions({(0, 1): True, (1, 2): False, (0, 2): False}, {(0, 1)}, 4))
    assert list(contradictions({(0, 1): True, (2, 1): False, (0, 2): False}, {(0, 1)}, 1))
    assert not list(contradictions({(0, 1): True, (2, 1): False, (0, 2): False}, {(0, 1)}, 4))


def test_places_move_as_little_as_can_be() -> None:
    assert placed({(1, 0): False}, {0: 3, 1: 7}, 1, fixed=0) == {1: 3}
    assert placed({(1, 0): False}, {0: 3, 1: 7}, 1, fixed=1) == {0: 7}
    assert placed({(1, 0): True}, {0: 3, 1: 2, 2: 5}, 1, fixed=0) == {1: 4}


# Limits and errors


def test_refusals() -> None:
    case = detente.load("cuban_missile_crisis")
    with pytest.raises(CaseError, match="unknown concept 'sequential'"):
        reversals(case, "status_quo", "sequential")  # type: ignore[arg-type]
    for band in (-1, "much"):
        with pytest.raises(CaseError, match="a number of points, 0 or more"):
            reversals(case, "status_quo", band=band)
    with pytest.raises(CaseError, match="more than 5 moves of others may deter"):
        reversals(case, "status_quo", "seq", most_weighed=5)
    with pytest.raises(CaseError, match="hangs on what the others do"):
        necessary(case, "status_quo", "seq")
    with pytest.raises(CaseError, match="name more than 3 outcomes"):
        necessary(case, "status_quo", "smr", most_named=3)
    found = reversals(case, "status_quo", "nash")
    with pytest.raises(CaseError, match="would have 12 outcomes; at most 5"):
        with_reversals(case, found, most_ranked=5)
    with pytest.raises(CaseError, match="are read; at most 2"):
        counted(field_of(case).conflict, 0, 0, "gmr", most_read=2)


def far(**values: Any) -> detente.Case:
    """A chain of states along which two parties can go forward, and row back too."""
    words = [f"s{number}" for number in range(9)]
    on = [[before, after] for before, after in pairwise(words)]
    back = [[after, before] for before, after in pairwise(words)]
    return detente.load(
        {
            "detente": 1,
            "title": "A chain",
            "parties": {"row": {}, "column": {}},
            "issues": {"state": {"options": words, "moves": {"row": on + back, "column": on}}},
            "status_quo": {"state": "s0"},
            "values": {
                name: {"scores": {"state": dict(zip(words, points, strict=True))}}
                for name, points in values.items()
            },
        }
    )


def test_states_around_the_package() -> None:
    """With three states held the fewest are known under Nash, else only where nobody leaves."""
    case = far(row=range(9), column=[5, 0, 0, 0, 0, 0, 0, 0, 0])
    found = reversals(case, "state=s0", "nash", most_states=4)
    assert (found.count, found.states) == (1, 4)
    assert reversals(case, "state=s0", "nash").count == 1
    with pytest.raises(CaseError, match="of 9 states only 4 around the package"):
        reversals(case, "state=s0", "gmr", most_states=4)
    with pytest.raises(CaseError, match="of 9 states only 4 around the package"):
        necessary(case, "state=s0", "gmr", most_states=4)
    still = far(row=[9, 0, 0, 0, 0, 0, 0, 0, 0], column=[5, 0, 0, 0, 0, 0, 0, 0, 0])
    assert reversals(still, "state=s0", "seq", most_states=4).already


def test_parties_without_values() -> None:
    found = reversals(far(row=range(9)), "state=s0", "nash")
    assert found.count is None and not found.already and not found.turns
    assert found.reason is not None and "column" in found.reason


def test_states_are_those_of_the_rules() -> None:
    """A ranking written out leaves out what the rules forbid, and no more."""
    case = detente.load("syria_iraq")
    edited = with_reversals(case, reversals(case, "release", "nash"))
    ranking = edited.values["syria"].ranking
    assert ranking is not None
    rows = states(compile_case(case).problem, 100)
    assert sum(len(tied) for tied in ranking) == len(rows) == 6
