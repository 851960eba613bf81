"""The brute force of stability, against itself: two forms, inclusions, published conflicts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise, permutations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import detente
import matrix_stability
from stability_by_definition import (
    CONCEPTS,
    Graph,
    Mover,
    legal_sequences,
    relation,
    subsets,
)
from stability_cases import PUBLISHED, CaseGraph, named, published_case
from stability_strategies import Model, bands, hold_cases, models

ORACLES = Path(__file__).parents[2] / "shared" / "oracles" / "hold"
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def some(count: int) -> settings:
    return settings(max_examples=count, deadline=None, suppress_health_check=SLOW)


def graph(states: int, arcs: Sequence[Sequence[tuple[int, int]]], values: Sequence[Any]) -> Graph:
    """One mover a party, with the pairs that it can move along."""
    movers = tuple(
        Mover((party,), {s: frozenset(t for u, t in pairs if u == s) for s in range(states)})
        for party, pairs in enumerate(arcs)
    )
    return Graph(states, movers, tuple(None if row is None else relation(row) for row in values))


# Two implementations


@some(300)
@given(models(banded=True))
def test_matrix_form_agrees_in_every_cell(model: Model) -> None:
    for concept, party in product(CONCEPTS, model.graph.parties):
        by_matrix = matrix_stability.stable_states(model.graph, concept, party)
        assert model.graph.stable_states(concept, party) == by_matrix


@some(60)
@given(hold_cases(most_states=40), bands)
def test_matrix_form_agrees_on_cases(written: dict[str, Any], band: Any) -> None:
    built = CaseGraph(detente.load(written), band).graph
    for concept, party in product(CONCEPTS, built.parties):
        by_matrix = matrix_stability.stable_states(built, concept, party)
        assert built.stable_states(concept, party) == by_matrix


@some(60)
@given(models(most_parties=3, most_states=3, groups=False))
def test_sequences_agree_with_their_enumeration(model: Model) -> None:
    """A shortest sequence visits each pair of state and last mover once: so long they can get."""
    built = model.graph
    heads = [mover.heads for mover in built.movers]
    longest = built.states * len(heads)
    for start in range(built.states):
        found: dict[int, set[int]] = {}
        # every sequence of movers without anybody twice in a row, all its moves at once
        fronts: dict[tuple[int, ...], set[int]] = {(): {start}}
        for _ in range(longest):
            fronts = {
                (*done, mover): {t for s in states for t in heads[mover](s)}
                for done, states in fronts.items()
                for mover in range(len(heads))
                if done[-1:] != (mover,)
            }
            fronts = {done: states for done, states in fronts.items() if states}
            for done, states in fronts.items():
                for state in states:
                    found.setdefault(state, set()).add(done[-1])
        assert legal_sequences(heads, start) == found


# Inclusions


@some(200)
@given(models(banded=True))
def test_concepts_include_each_other(model: Model) -> None:
    for party in model.graph.parties:
        stable = {c: set(model.graph.stable_states(c, party)) for c in CONCEPTS}
        assert stable["nash"] <= stable["sseq"] <= stable["seq"] & stable["smr"]
        assert stable["seq"] | stable["smr"] <= stable["gmr"]
        if len(model.graph.parties) == 1:
            assert all(states == stable["nash"] for states in stable.values())


@some(150)
@given(models(unvalued=True), st.randoms(use_true_random=False))
def test_what_is_told_holds_whatever_the_unknown_prefer(model: Model, chance: Any) -> None:
    built = model.graph
    verdicts = {
        (concept, party, state): built.stable(concept, party, state)
        for concept, party, state in product(CONCEPTS, built.valued, range(built.states))
    }
    for _ in range(4):
        better = tuple(
            relation([chance.randint(0, 4) for _ in range(built.states)]) if own is None else own
            for own in built.better
        )
        completed = Graph(built.states, built.movers, better)
        for (concept, party, state), verdict in verdicts.items():
            assert verdict is None or verdict == completed.stable(concept, party, state)


@some(100)
@given(models(most_parties=4, most_states=10))
def test_a_coalition_of_one_is_its_party(model: Model) -> None:
    built = model.graph
    alone = [frozenset((party,)) for party in built.parties]
    ungrouped = all(len(mover.members) == 1 for mover in built.movers)
    for party, state in product(built.parties, range(built.states)):
        for concept in CONCEPTS[:3] + CONCEPTS[3:] * ungrouped:
            others = [one for one in alone if party not in one]
            verdict = built.coalition_stable(concept, alone[party], state, others)
            assert verdict == built.stable(concept, party, state)


@some(60)
@given(models(most_parties=4, most_states=8, transitive=True), st.booleans())
def test_coalition_concepts_include_each_other(model: Model, pareto: bool) -> None:
    built = model.graph
    for coalition in subsets(built.parties):
        stable = {
            concept: {
                state
                for state in range(built.states)
                if built.coalition_stable(concept, coalition, state, pareto=pareto)
            }
            for concept in CONCEPTS
        }
        assert stable["nash"] <= stable["sseq"] <= stable["seq"] & stable["smr"]
        assert stable["seq"] | stable["smr"] <= stable["gmr"]
        if len(coalition) == len(built.parties):
            assert all(states == stable["nash"] for states in stable.values())


@some(60)
@given(models(most_parties=3, most_states=8))
def test_pareto_improvements_leave_less_at_rest(model: Model) -> None:
    built = model.graph
    for coalition, state in product(subsets(built.parties), range(built.states)):
        strict = built.coalition_improvements(coalition, state)
        pareto = built.coalition_improvements(coalition, state, pareto=True)
        assert strict <= pareto
        if built.coalition_stable("nash", coalition, state, pareto=True):
            assert built.coalition_stable("nash", coalition, state)


# What older programs got wrong, by hand

# party 0 would go from 0 to 1; parties 1 and 2 could go 1 → 2 → 3 → 4 by turns
TURNS = [[(0, 1)], [(1, 2), (3, 4)], [(2, 3)]]


def test_an_opponent_may_move_again_after_another() -> None:
    """The only sanction, state 4, takes a move of 1, one of 2, and another of 1."""
    rows = [[1, 2, 2, 2, 0], [0, 0, 1, 2, 3], [0, 0, 1, 2, 3]]
    built = graph(5, TURNS, rows)
    others = built.others(0)
    assert built.reached(others, 1) == built.reached(others, 1, improving=True) == {2, 3, 4}
    for concept in CONCEPTS:
        assert built.stable(concept, 0, 0) is (concept != "nash")
        assert (0 in matrix_stability.stable_states(built, concept, 0)) is (concept != "nash")
    # where each moves once at most, in any order, nobody gets to 4
    once = {1}
    for order in permutations((1, 2)):
        here = {1}
        for party in order:
            here |= {t for s in here for t in built.moves(party, s)}
        once |= here
    assert once == {1, 2, 3}


def test_nobody_moves_twice_in_a_row() -> None:
    """1 → 2 → 3 by one party alone is no sequence where 1 → 3 is no move."""
    rows = [[1, 2, 2, 0], [0, 0, 1, 2], None]
    assert graph(4, [[(0, 1)], [(1, 2), (2, 3)], []], rows).stable("gmr", 0, 0) is False
    # another's move in between, even there and back, lets it
    between = [[(0, 1)], [(1, 2), (2, 3), (4, 3)], [(2, 4)]]
    assert graph(5, between, [[1, 2, 2, 0, 2], None, None]).stable("gmr", 0, 0) is True


def test_improvements_are_seen_from_where_they_are_made() -> None:
    """A step that improves on the state where all began but not on the last one is none."""
    rows = [[1, 2, 2, 2, 0], [0, 0, 3, 2, 1], [0, 0, 1, 2, 2]]
    built = graph(5, TURNS, rows)
    assert built.stable("gmr", 0, 0) is True
    assert built.stable("seq", 0, 0) is False
    assert built.reached(built.others(0), 1, improving=True) == {2, 3}


def test_a_way_back_is_a_sanction_and_so_is_a_tie() -> None:
    back = graph(2, [[(0, 1)], [(1, 0)]], [[0, 1], [0, 0]])
    assert [back.stable(concept, 0, 0) for concept in CONCEPTS] == [
        False,
        True,
        False,
        False,
        False,
    ]
    tie = graph(3, [[(0, 1)], [(1, 2)]], [[0, 1, 0], [0, 0, 1]])
    assert [tie.stable(concept, 0, 0) for concept in CONCEPTS] == [False, True, True, True, True]


def test_answers_to_a_sanction_are_compared_with_the_state_at_stake() -> None:
    """From the sanction 2 the party answers with 3: better than 2, no better than 0."""
    rows = [[2, 3, 0, 1, 0], [0, 0, 1, 0, 0]]
    built = graph(5, [[(0, 1), (2, 3)], [(1, 2)]], rows)
    assert built.stable("smr", 0, 0) is built.stable("sseq", 0, 0) is True
    assert built.coalition_stable("smr", frozenset({0}), 0) is True
    raised = graph(5, [[(0, 1), (2, 3)], [(1, 2)]], [[2, 3, 0, 4, 0], rows[1]])
    assert raised.stable("smr", 0, 0) is raised.stable("sseq", 0, 0) is False
    assert raised.stable("gmr", 0, 0) is raised.stable("seq", 0, 0) is True


def test_a_group_is_a_mover_of_its_own() -> None:
    """Together 1 → 2, then party 1 alone 2 → 3: other movers, though party 1 is in both."""
    movers = (
        Mover((0,), {0: frozenset({1})}),
        Mover((1,), {2: frozenset({3})}),
        Mover((2,), {}),
        Mover((1, 2), {1: frozenset({2})}),
    )
    rows = [[1, 2, 2, 0], [0, 0, 1, 2], [0, 0, 1, 0]]
    built = Graph(4, movers, tuple(relation(row) for row in rows))
    assert all(built.stable(concept, 0, 0) for concept in CONCEPTS[1:])
    # its improvement is one for all members
    rows[2] = [0, 1, 1, 0]
    built = Graph(4, movers, tuple(relation(row) for row in rows))
    assert [built.stable(concept, 0, 0) for concept in CONCEPTS] == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_overlapping_coalitions_reach_what_their_parties_cannot() -> None:
    """Party 1 improves 1 → 2, then 1 and 2 together 2 → 3: no party sequence, since 1 → 2 → 3 is
    party 1 twice in a row. With intransitive moves C-SEQ is therefore not within C-GMR.
    """
    rows = [[1, 2, 2, 0], [0, 0, 1, 2], [0, 0, 0, 1]]
    built = graph(4, [[(0, 1)], [(1, 2), (2, 3)], []], rows)
    assert built.coalition_stable("gmr", frozenset({0}), 0) is False
    assert built.coalition_stable("seq", frozenset({0}), 0) is True
    blocs = [frozenset({1}), frozenset({2})]
    assert built.coalition_stable("seq", frozenset({0}), 0, blocs) is False


def test_a_coalition_leaves_what_nobody_leaves_alone() -> None:
    """Two leave together what each would be worse off to leave first."""
    arcs = [[(0, 1), (2, 3)], [(0, 2), (1, 3)]]
    built = graph(4, arcs, [[2, 1, 1, 3], [2, 1, 1, 3]])
    assert all(built.stable("nash", party, 0) for party in built.parties)
    assert not any(built.coalition_stable(c, frozenset({0, 1}), 0) for c in CONCEPTS)
    tied = graph(4, arcs, [[2, 1, 1, 2], [2, 1, 1, 3]])
    assert tied.coalition_stable("nash", frozenset({0, 1}), 0)
    assert not tied.coalition_stable("nash", frozenset({0, 1}), 0, pareto=True)


def test_the_band_is_the_least_gain_that_counts() -> None:
    assert [relation((0, 5), band)[1][0] for band in (0, 4, 5, 6)] == [True, True, True, False]
    assert not any(relation((3, 3), band)[a][b] for band in (0, 1) for a in (0, 1) for b in (0, 1))


# Cases


def written(**issues: Any) -> dict[str, Any]:
    return {
        "detente": 1,
        "title": "Who moves what",
        "parties": {"north": {}, "south": {}, "guarantor": {"signs": False}},
        "issues": issues,
        "status_quo": {issue: entry["options"][0] for issue, entry in issues.items()},
    }


def moves_of(case: dict[str, Any], *members: str) -> set[tuple[str, str]]:
    """Pairs of outcomes, their options joined, between which these move as one."""
    built = CaseGraph(detente.load(case))
    words = ["".join(outcome.values()) for outcome in built.outcomes]
    wanted = tuple(built.parties.index(party) for party in members)
    movers = [mover for mover in built.graph.movers if mover.members == wanted]
    return {
        (words[tail], words[head])
        for mover in movers
        for tail, heads in mover.arcs.items()
        for head in heads
    }


def pairs(text: str) -> set[tuple[str, str]]:
    return {(tail, head) for tail, head in (pair.split(">") for pair in text.split())}


def test_moves_follow_from_who_controls_what() -> None:
    options = ["a", "b", "c"]
    own = {"options": options, "control": "north", "irreversible": ["b", "c"]}
    assert moves_of(written(x=own), "north") == pairs("a>b a>c b>c")
    assert moves_of(written(x=own), "south") == set()
    own = {"options": options, "control": "north", "undo": "never"}
    assert moves_of(written(x=own), "north") == pairs("a>b a>c b>c")
    own = {"options": options, "control": "north", "undo": {"c": "never", "b": 2}}
    assert moves_of(written(x=own), "north") == pairs("a>b a>c b>a b>c")
    own = {"options": options, "control": "north", "transitions": {"a": ["b"], "b": ["c"]}}
    assert moves_of(written(x=own), "north") == pairs("a>b b>c c>a c>b")
    own = {"options": options, "moves": {"north": [["a", "b"]], "south": [["b", "c"]]}}
    assert moves_of(written(x=own), "north") == pairs("a>b")
    assert moves_of(written(x=own), "south") == pairs("b>c")


def test_moves_on_joint_issues() -> None:
    shared = {"options": ["a", "b", "c"], "joint": ["south", "north"]}
    every = pairs("a>b a>c b>a b>c c>a c>b")
    assert moves_of(written(x=shared), "north", "south") == every
    assert moves_of(written(x=shared), "north") == pairs("b>a c>a")
    assert moves_of(written(x={**shared, "withdraw": "all"}), "north") == set()
    assert moves_of(written(x={"options": ["a", "b", "c"]}), "north", "south") == every
    assert moves_of(written(x={"options": ["a", "b", "c"]}), "guarantor") == set()
    kept = {**shared, "irreversible": ["b"]}
    assert moves_of(written(x=kept), "north") == pairs("c>a")
    alone = {"options": ["a", "b"], "joint": ["guarantor"]}
    assert moves_of(written(x=alone), "guarantor") == pairs("a>b b>a")


def test_a_move_changes_several_issues_past_what_is_forbidden() -> None:
    own = {"options": ["a", "b"], "control": "north"}
    case = written(x=own, y=own) | {"rules": [{"never": "x == b and y == a"}]}
    assert moves_of(case, "north") == pairs("aa>ab aa>bb ab>aa ab>bb bb>aa bb>ab")


def test_simultaneous_changes_can_combine_to_a_sanction() -> None:
    """The south would not answer a move of the north; its own at the same time spoils that."""
    case = written(
        x={"options": ["a", "b"], "control": "north"},
        y={"options": ["a", "b"], "control": "south"},
    )
    case["values"] = {
        "north": {"ranking": [{"x": "b", "y": "a"}, {"x": "a"}, {}]},
        "south": {"ranking": [{"x": "a", "y": "b"}, {"x": "b", "y": "a"}, {}]},
        "guarantor": {"ranking": [{}]},
    }
    built = CaseGraph(detente.load(case))
    today = built.state({"x": "a", "y": "a"})
    assert built.graph.stable("seq", 0, today) is False
    assert built.simultaneously_stable(0, today) is True
    del case["values"]["south"]
    assert CaseGraph(detente.load(case)).simultaneously_stable(0, today) is None


# Published conflicts


@pytest.mark.parametrize("name", PUBLISHED)
def test_equilibria_of_published_conflicts(name: str) -> None:
    conflict = PUBLISHED[name]
    built = CaseGraph(detente.load(published_case(conflict)))
    for concept, found in conflict["equilibria"].items():
        expected = [named(conflict, digits) for digits in found.split()]
        outcomes = built.equilibria(concept)
        assert len(outcomes) == len(expected)
        assert all(outcome in outcomes for outcome in expected)


@pytest.mark.skipif(not ORACLES.exists(), reason="reference values are not on this machine")
@pytest.mark.parametrize("name", ["elmira", "cuban", "syriairaq", "prisoners"])
def test_reference_values_of_every_party(name: str) -> None:
    expected = json.loads((ORACLES / f"{name}.expected.json").read_text())
    built = CaseGraph(detente.load(ORACLES / f"{name}.yaml"))
    for concept in CONCEPTS:
        for party in built.parties:
            outcomes = built.stable_outcomes(concept, party)
            assert _same(outcomes, expected[concept]["stable"][party])
        assert _same(built.equilibria(concept), expected[concept]["equilibria"])


def _same(one: list[dict[str, str]], other: list[dict[str, str]]) -> bool:
    return len(one) == len(other) and all(outcome in other for outcome in one)


# What is drawn


def test_drawn_models_tell_the_concepts_apart() -> None:
    """A comparison with the code is worth something only where the verdicts differ."""
    apart: dict[tuple[str, str], int] = {}

    @settings(some(150), derandomize=True, database=None)
    @given(hold_cases(most_states=40))
    def count(case: dict[str, Any]) -> None:
        built = CaseGraph(detente.load(case)).graph
        assume(built.states > 1)
        for one, other in pairwise(("nash", "sseq", "seq", "gmr", "smr")):
            differs = [
                party
                for party in built.parties
                if built.stable_states(one, party) != built.stable_states(other, party)
            ]
            apart[one, other] = apart.get((one, other), 0) + bool(differs)

    count()
    assert min(apart.values()) >= 5, apart
