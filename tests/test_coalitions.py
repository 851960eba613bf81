"""Coalitions, against their definitions: every coalition, state and concept of random models."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import detente
from dense_models import as_conflict, dense_case, dense_graph, of_case
from detente.case import CaseError
from detente.stability.answer import CONCEPTS, Marks, Verdicts
from detente.stability.concepts.coalitions import coalition_verdicts
from detente.stability.concepts.individual import individual
from detente.stability.concepts.reaching import reached
from detente.stability.concepts.written import parse_blocs, parse_coalitions
from detente.stability.graph.conflict import Conflict, graph_model
from detente.stability.reasons.breaks import breaks
from detente.stability.reasons.steps import Teller
from stability_by_definition import Graph, subsets
from stability_cases import CUBA, ELMIRA, named, published_case
from stability_strategies import Model, bands, hold_cases, models

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
TOLD = {1: True, 0: False, -1: None}
Family = Sequence[frozenset[int]]

seeds = st.integers(0, 2**32)


def some(count: int) -> settings:
    return settings(max_examples=count, deadline=None, suppress_health_check=SLOW)


def everyone(graph: Graph) -> list[frozenset[int]]:
    return subsets(graph.parties)


def words(conflict: Conflict, coalitions: Family) -> list[list[str]]:
    return [[conflict.parties[place] for place in sorted(entry)] for entry in coalitions]


def found(
    conflict: Conflict, coalitions: Sequence[Sequence[str]] | str = "all", **options: Any
) -> Mapping[str, Mapping[str, Marks]]:
    states = np.arange(conflict.states)
    return coalition_verdicts(conflict, coalitions, states, **options)  # type: ignore[arg-type]


def agrees(
    graph: Graph,
    conflict: Conflict,
    coalitions: Family,
    family: Family | None = None,
    *,
    pareto: bool = False,
) -> None:
    """Every coalition, state and concept."""
    named_family = None if family is None else words(conflict, family)
    written = words(conflict, coalitions)
    verdicts = found(conflict, written, pareto=pareto, family=named_family)
    for members, names in zip(coalitions, written, strict=True):
        opposing = None if family is None else [one for one in family if not one & members]
        for concept in CONCEPTS:
            expected = [
                graph.coalition_stable(concept, members, state, opposing, pareto)
                for state in range(graph.states)
            ]
            told = [TOLD[int(mark)] for mark in verdicts[concept]["+".join(names)]]
            assert told == expected, (concept, names)


# The definitions


@some(120)
@given(seeds, st.booleans(), st.booleans())
def test_every_cell_of_dense_graphs(seed: int, unvalued: bool, pareto: bool) -> None:
    model = dense_graph(seed, unvalued=unvalued)
    agrees(model.graph, as_conflict(model), everyone(model.graph), pareto=pareto)


@some(40)
@given(seeds, st.booleans(), bands, st.booleans())
def test_every_cell_of_dense_cases(seed: int, unvalued: bool, band: Fraction, pareto: bool) -> None:
    by_definition, teller = of_case(dense_case(seed, unvalued=unvalued), band)
    graph = by_definition.graph
    agrees(graph, teller.conflict, everyone(graph), pareto=pareto)


@some(60)
@given(models(most_parties=4, most_states=10, unvalued=True), st.booleans())
def test_every_cell_of_drawn_graphs(model: Model, pareto: bool) -> None:
    assume(model.graph.valued)
    agrees(model.graph, as_conflict(model), everyone(model.graph), pareto=pareto)


@some(40)
@given(hold_cases(most_parties=4, most_states=40, unvalued=True), bands, st.booleans())
def test_every_cell_of_drawn_cases(written: dict[str, Any], band: Fraction, pareto: bool) -> None:
    by_definition, teller = of_case(written, band)
    graph = by_definition.graph
    agrees(graph, teller.conflict, everyone(graph), pareto=pareto)


@some(50)
@given(seeds, st.randoms(use_true_random=False))
def test_blocs_answer_as_blocs(seed: int, chance: Any) -> None:
    """Only the other blocs improve against a bloc, not their parts."""
    model = dense_graph(seed, unvalued=seed % 4 == 0)
    bloc = [chance.randrange(3) for _ in model.graph.parties]
    parts = [frozenset(p for p in model.graph.parties if bloc[p] == k) for k in sorted(set(bloc))]
    agrees(model.graph, as_conflict(model), parts, parts)


@some(30)
@given(seeds)
def test_what_a_coalition_reaches(seed: int) -> None:
    """The states of legal sequences; the start itself is left open where moves can be joined."""
    model = dense_graph(seed)
    conflict = as_conflict(model)
    by_definition, teller = of_case(dense_case(seed))
    for graph, built in ((model.graph, conflict), (by_definition.graph, teller.conflict)):
        for members in everyone(graph):
            for state in range(graph.states):
                got = reached(built.within(members), state, exact=built.exact)
                open_ones = set() if built.exact else {state}
                assert (got[1:] > got[:-1]).all()
                assert set(got.tolist()) | open_ones == graph.reached(members, state) | open_ones


# What follows from them


def inside(verdicts: Mapping[str, Mapping[str, Marks]], one: str, other: str) -> bool:
    """Whether who stays under one concept is never said to leave under another."""
    pairs = zip(verdicts[one].values(), verdicts[other].values(), strict=True)
    return all(not ((a == 1) & (b != 1)).any() for a, b in pairs)


@some(30)
@given(seeds, st.booleans())
def test_concepts_include_each_other_in_option_form(seed: int, pareto: bool) -> None:
    written = dense_case(seed)
    for entry in written["issues"].values():
        entry.pop("transitions", None)
    _, teller = of_case(written)
    assert not teller.conflict.exact
    verdicts = found(teller.conflict, pareto=pareto)
    for one, other in [
        ("nash", "sseq"), ("sseq", "seq"), ("sseq", "smr"), ("seq", "gmr"), ("smr", "gmr"),
    ]:  # fmt: skip
        assert inside(verdicts, one, other), (one, other)


def test_answers_of_coalitions_may_lead_further_than_legal_moves_of_their_parties() -> None:
    """Where two moves in a row are not one, SEQ does not lie in GMR.

    South may not move from 1 to 2 and on to 3 by itself, but first alone and then with west.
    """
    moves = {"north": [(0, 1)], "south": [(1, 2), (2, 3)], "west": []}
    values = {"north": [1, 2, 2, 0], "south": [0, 0, 1, 2], "west": [0, 0, 0, 1]}
    verdicts = found(graph_model(moves, values), [["north"]])
    assert [verdicts[concept]["north"][0] for concept in CONCEPTS] == [0, 0, 0, 1, 1]


@some(25)
@given(seeds)
def test_everyone_together_answers_to_nobody(seed: int) -> None:
    """All concepts are one for the grand coalition, as for a single party among itself."""
    conflict = as_conflict(dense_graph(seed))
    verdicts = found(conflict, [conflict.parties])
    (grand,) = verdicts["nash"]
    for concept in CONCEPTS:
        assert (verdicts[concept][grand] == verdicts["nash"][grand]).all()


@some(20)
@given(seeds)
def test_single_parties_are_as_in_the_individual_analysis(seed: int) -> None:
    """Nash, GMR and SMR are the same; opponents together deter at least what they do alone."""
    conflict = as_conflict(dense_graph(seed))
    alone, verdicts = individual(conflict), found(conflict)
    for name in conflict.parties:
        for concept in ("nash", "gmr", "smr"):
            assert (verdicts[concept][name] == alone[concept][name]).all()
        for concept in ("seq", "sseq"):
            assert (verdicts[concept][name] >= alone[concept][name]).all()


@some(20)
@given(seeds)
def test_who_moves_for_less_stays_less(seed: int) -> None:
    """Whoever has an improvement for all has one by which one gains and nobody loses."""
    conflict = as_conflict(dense_graph(seed))
    strict, weak = found(conflict)["nash"], found(conflict, pareto=True)["nash"]
    assert all((weak[name] <= strict[name]).all() for name in strict)


def test_a_weak_gain_counts_if_asked_for() -> None:
    together = {("north", "south"): [(0, 1)]}
    conflict = graph_model(together, {"north": [0, 0], "south": [0, 1]})
    assert found(conflict)["nash"]["north+south"].tolist() == [1, 1]
    assert found(conflict, pareto=True)["nash"]["north+south"].tolist() == [0, 1]


def test_a_bystander_that_gains_makes_an_answer_an_improvement() -> None:
    """West alone has no reason to answer; with east, which cannot move, it does."""
    written = {
        "detente": 1,
        "title": "A bystander",
        "parties": {"north": {}, "west": {}, "east": {}},
        "issues": {
            "attack": {"control": "north", "options": ["no", "yes"]},
            "answer": {"control": "west", "options": ["no", "yes"]},
        },
        "status_quo": {"attack": "no", "answer": "no"},
        "values": {
            "north": {"scores": {"attack": {"no": 0, "yes": 1}, "answer": {"no": 0, "yes": -2}}},
            "west": {"scores": {"attack": {"no": 0, "yes": 0}}},
            "east": {"scores": {"answer": {"no": 0, "yes": 1}}},
        },
    }
    by_definition, teller = of_case(written)
    state = by_definition.state({"attack": "no", "answer": "no"})
    assert found(teller.conflict, pareto=False)["seq"]["north"][state] == 0
    assert found(teller.conflict, pareto=True)["seq"]["north"][state] == 1


def test_the_order_of_states_and_of_names_changes_nothing() -> None:
    _, teller = of_case(dense_case(5))
    conflict = teller.conflict
    backwards = np.arange(conflict.states)[::-1]
    names = list(reversed(conflict.parties))
    one = coalition_verdicts(conflict, [names], backwards)
    other = found(conflict, [conflict.parties])
    for concept in CONCEPTS:
        ((name, marks),) = one[concept].items()
        assert name == "+".join(conflict.parties)
        assert (marks[::-1] == other[concept][name]).all()


# Published conflicts


def at(verdicts: Mapping[str, Mapping[str, Marks]], state: int) -> Verdicts:
    return {
        concept: {name: TOLD[int(marks[state])] for name, marks in entry.items()}
        for concept, entry in verdicts.items()
    }


def broken(teller: Teller, state: int, **options: Any) -> tuple[Any, ...]:
    conflict = teller.conflict
    together = at(found(conflict, **options), state)
    return breaks(teller, state, together, at(individual(conflict), state), **options)


def test_elmira_ministry_and_company_break_a_stable_state() -> None:
    """The company delays and the local government insists: stable for each alone.

    Together, the ministry gives in first (which is worse for it), and the company accepts.
    Model: Hipel, Fang, Kilgour & Peng 1993; what breaks is computed.
    """
    by_definition, teller = of_case(published_case(ELMIRA))
    state = by_definition.state(named(ELMIRA, "01001"))
    (found_break,) = broken(teller, state)
    assert found_break.parties == ("ministry", "company")
    assert found_break.concepts == CONCEPTS
    steps = [(step.mover, step.to, step.improves) for step in found_break.route]
    assert steps == [
        ("ministry", named(ELMIRA, "11001"), False),
        ("company", named(ELMIRA, "10101"), True),
    ]
    assert found_break.gains == {"ministry": None, "company": None}  # an order, no points


@pytest.mark.parametrize("concept", CONCEPTS)
def test_elmira_universally_stable(concept: str) -> None:
    """The equilibria but the one that ministry and company leave together."""
    by_definition, teller = of_case(published_case(ELMIRA))
    verdicts = found(teller.conflict)[concept]
    stable = np.logical_and.reduce([marks == 1 for marks in verdicts.values()])
    equilibria = set(ELMIRA["equilibria"][concept].split())
    expected = [by_definition.state(named(ELMIRA, word)) for word in equilibria - {"01001"}]
    assert sorted(np.flatnonzero(stable).tolist()) == sorted(expected)


def test_cuba_the_two_leave_together_what_threats_hold() -> None:
    """Blockade against unchanged missiles: GMR-stable for each, both prefer the withdrawal."""
    by_definition, teller = of_case(published_case(CUBA))
    (found_break,) = broken(teller, by_definition.state(named(CUBA, "0110")))
    assert found_break.concepts == ("gmr", "smr", "seq", "sseq")
    assert [step.to for step in found_break.route] == [named(CUBA, "0010")]


# Breaks


@some(25)
@given(seeds, st.booleans())
def test_breaks_hold_what_they_say(seed: int, pareto: bool) -> None:
    by_definition, teller = of_case(dense_case(seed))
    graph, conflict = by_definition.graph, teller.conflict
    together, alone = found(conflict, pareto=pareto), individual(conflict)
    for state in range(graph.states):
        verdicts = at(together, state), at(alone, state)
        entries = breaks(teller, state, *verdicts, pareto=pareto)
        expected = {
            (name, concept)
            for concept in CONCEPTS
            for name, stays in verdicts[0][concept].items()
            if "+" in name and stays is False and False not in verdicts[1][concept].values()
        }
        told = [
            ("+".join(entry.parties), concept) for entry in entries for concept in entry.concepts
        ]
        assert sorted(told) == sorted(expected)
        for entry in entries:
            members = frozenset(conflict.position[name] for name in entry.parties)
            end = by_definition.state(entry.route[-1].to)
            assert graph.agree(members, end, state, pareto)
            _route_is_legal_and_short(by_definition, state, entry.route, members)
            for name in entry.parties:
                gain = by_definition.definition.value(
                    name, by_definition.outcomes[end]
                ) - by_definition.definition.value(name, by_definition.outcomes[state])
                assert entry.gains[name] == pytest.approx(float(gain))


def _route_is_legal_and_short(
    by_definition: Any, state: int, route: Sequence[Any], members: frozenset[int]
) -> None:
    graph, here = by_definition.graph, state
    assert all(one.parties != two.parties for one, two in pairwise(route))
    for step in route:
        who = tuple(by_definition.parties.index(name) for name in step.parties)
        assert members.issuperset(who)
        (mover,) = [entry for entry in graph.movers if entry.members == who]
        there = by_definition.state(step.to)
        assert there in mover.heads(here)
        here = there
    # all (state, last mover) that fewer moves lead to
    inner = [entry for entry in graph.movers if members.issuperset(entry.members)]
    nodes = {(state, -1)}
    for _ in route[:-1]:
        nodes = {
            (head, place)
            for node, last in nodes
            for place, entry in enumerate(inner)
            if place != last
            for head in entry.heads(node)
        }
        assert here not in {node for node, _ in nodes}


def test_two_ways_out_where_one_target_does_not_do() -> None:
    """What deters at one end under SMR does not under SEQ, and the other way round."""
    _, teller = of_case(dense_graph(182).as_case())
    ways = {
        entry.concepts: [step.to["state"] for step in entry.route]
        for entry in broken(teller, 0)
        if entry.parties == ("north", "guarantor")
    }
    assert ways == {
        ("nash", "seq", "sseq"): ["state1", "state3"],
        ("smr",): ["state1", "state3", "state2"],
    }


# What is written


CASE: dict[str, Any] = {
    "detente": 1,
    "title": "Four parties",
    "parties": {"north": {}, "south": {}, "east": {}, "west": {}},
    "issues": {"aid": {"control": "north", "options": ["no", "yes"]}},
    "status_quo": {"aid": "no"},
}


def test_coalitions_as_written() -> None:
    case = detente.load(CASE)
    assert parse_coalitions(case, " all ") == "all"
    written = parse_coalitions(case, "south+north, west + east,east")
    assert written == (("north", "south"), ("east", "west"), ("east",))


def test_blocs_are_a_partition() -> None:
    case = detente.load(CASE)
    assert parse_blocs(case, "west+south") == (("north",), ("south", "west"), ("east",))


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("north+suoth", "unknown party 'suoth'; did you mean 'south'?"),
        ("north+south+north", "north stands twice in the coalition 'north+south+north'"),
        ("north+", "a coalition in 'north+' lacks a party"),
        ("", "a coalition in '' lacks a party"),
        ("north+south,,east", "a coalition in 'north+south,,east' lacks a party"),
        ("north+south,south+north", "the coalition north+south is named twice"),
        ("all,north", "unknown party 'all'"),
    ],
)
def test_faulty_coalitions(written: str, message: str) -> None:
    with pytest.raises(CaseError, match=re.escape(message)):
        parse_coalitions(detente.load(CASE), written)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("north+south,south+east", "south is in two blocs"),
        ("north+nroth", "unknown party 'nroth'; did you mean 'north'?"),
        ("north+north", "north stands twice in the coalition"),
    ],
)
def test_faulty_blocs(written: str, message: str) -> None:
    with pytest.raises(CaseError, match=re.escape(message)):
        parse_blocs(detente.load(CASE), written)


# Limits


def test_too_many_coalitions_at_too_many_states() -> None:
    conflict = as_conflict(dense_graph(1))
    with pytest.raises(CaseError, match=r"comparisons; at most 20 are made(.|\n)*--outcome"):
        found(conflict, budget=20)


def test_a_search_that_grows_too_long() -> None:
    """The budget is counted while searching, too."""
    built = as_conflict(dense_graph(11))
    least = (2 ** len(built.parties) - 1) * built.states**2
    with pytest.raises(CaseError, match=r"more than .* looks at a state(.|\n)*--coalitions"):
        found(built, budget=least)


def test_too_many_parties() -> None:
    names = [f"party{number}" for number in range(14)]
    conflict = graph_model({}, {name: [0, 1] for name in names})
    with pytest.raises(CaseError, match="14 parties form 16,383 coalitions; at most 1,023"):
        found(conflict)
    with pytest.raises(CaseError, match=r"13 other parties form 8,191 coalitions(.|\n)*--blocs"):
        found(conflict, [names[:1]])
    verdicts = found(conflict, [names[:1]], family=[names[:7], names[7:]])
    assert verdicts["seq"][names[0]].tolist() == [1, 1]


def test_states_around_an_outcome_are_not_enough() -> None:
    _, teller = of_case(dense_case(3))
    partial = Conflict(
        teller.conflict.parties,
        teller.conflict.states,
        teller.conflict.movers,
        teller.conflict.preferences,
        teller.conflict.exact,
        inner=np.zeros(teller.conflict.states, dtype=np.bool_),
    )
    with pytest.raises(CaseError, match="compared over all states"):
        found(partial)
