"""Status quo analysis: shortest legal sequences from a start, against writing them out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente
from detente.model.compilation import compile_case
from detente.stability.answer import CONCEPTS, Concept, Route, Routes
from detente.stability.graph.conflict import Conflict, all_states, conflict, graph_model
from detente.stability.reasons.routes import routes, status_quo_analysis
from detente.stability.reasons.sanctions import Moves
from detente.stability.reasons.steps import Teller
from stability_by_definition import Graph, Mover
from stability_cases import ELMIRA, CaseGraph, named, published_case
from stability_strategies import Model, arcs, bands, hold_cases, models

Path = tuple[tuple[tuple[int, ...], int], ...]
"""Moves: the members that make each, and where it leads."""
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def some(count: int) -> settings:
    return settings(max_examples=count, deadline=None, suppress_health_check=SLOW)


def shortest_by_definition(graph: Graph, start: int, *, improving: bool) -> dict[int, Path]:
    """The first of the shortest legal sequences to every state, all lengths written out.

    For each length, of all sequences of exactly that length that end in one state with one last
    mover, the first one; sequences compare move by move, by the order of movers and of states.
    """
    movers = [mover for mover in graph.movers if any(mover.arcs.values())]

    def heads(mover: Mover, state: int) -> Sequence[int]:
        if not improving:
            return sorted(mover.heads(state))
        if not graph.valued.issuperset(mover.members):
            return []
        return sorted(
            head
            for head in mover.heads(state)
            if all(graph.prefers(party, head, state) for party in mover.members)
        )

    found: dict[int, tuple[tuple[int, int], ...]] = {start: ()}
    ends: dict[tuple[int, int], tuple[tuple[int, int], ...]] = {(start, -1): ()}
    met = set(ends)
    while ends:
        following: dict[tuple[int, int], tuple[tuple[int, int], ...]] = {}
        for (state, last), moves in ends.items():
            for place, mover in enumerate(movers):
                for head in heads(mover, state) if place != last else ():
                    longer = (*moves, (place, head))
                    best = following.get((head, place))
                    if best is None or longer < best:
                        following[head, place] = longer
        for (state, _), moves in sorted(following.items(), key=lambda entry: entry[1]):
            found.setdefault(state, moves)
        ends = following if following.keys() - met else {}
        met |= following.keys()
    return {
        state: tuple((movers[place].members, head) for place, head in moves)
        for state, moves in found.items()
    }


def plain(found: dict[int, Moves]) -> dict[int, Path]:
    return {
        target: tuple((mover.members, state) for mover, state in moves)
        for target, moves in found.items()
    }


def as_conflict(model: Model) -> Conflict:
    """A drawn graph as the code takes it."""
    names = [f"party{party}" for party in model.graph.parties]
    moves = {
        tuple(names[member] for member in mover.members): [
            (before, after) for before, heads in mover.arcs.items() for after in heads
        ]
        for mover in model.graph.movers
    }
    return graph_model(moves, dict(zip(names, model.values, strict=True)))


def check(graph: Graph, found: Conflict, start: int) -> None:
    for improving in (False, True):
        every = routes(found, start, range(graph.states), improving=improving)
        assert plain(every) == shortest_by_definition(graph, start, improving=improving)


@some(150)
@given(models(most_parties=4, most_states=9, unvalued=True), st.integers(0, 8))
def test_routes_of_graphs_are_those_by_definition(model: Model, start: int) -> None:
    if all(row is None for row in model.values):
        return
    check(model.graph, as_conflict(model), start % model.graph.states)


@some(80)
@given(hold_cases(most_states=40, unvalued=True), bands, st.integers(0, 100))
def test_routes_of_cases_are_those_by_definition(
    written: dict[str, Any], band: Fraction, start: int
) -> None:
    case = detente.load(written)
    model = compile_case(case)
    codes = all_states(model)
    check(CaseGraph(case, band).graph, conflict(model, band, codes), start % len(codes))


@some(60)
@given(st.data())
def test_a_mover_barred_after_one_way_may_go_on_after_another(data: st.DataObject) -> None:
    """Few moves, many movers: states are entered by one mover first and left after another."""
    states = data.draw(st.integers(4, 12))
    count = data.draw(st.integers(3, 6))
    drawn = [data.draw(arcs(states)) for _ in range(count)]
    # a mover's second move in a row is what must not happen: chains within one mover
    chain = {s: frozenset({s + 1}) for s in range(states - 1)}
    movers = (Mover((0,), chain), *(Mover((p + 1,), heads) for p, heads in enumerate(drawn)))
    worth = tuple(tuple(range(states)) for _ in movers)
    graph = Graph(
        states, movers, tuple(tuple(tuple(t > s for s in row) for t in row) for row in worth)
    )
    check(graph, as_conflict(Model(graph, worth)), 0)


def test_the_longer_way_round_a_barred_mover() -> None:
    """From 1 the first party could reach 2, but it made the move to 1; after others it can."""
    found = graph_model(
        {"a": [(0, 1), (1, 2)], "b": [(0, 3)], "c": [(3, 1)]},
        {"a": [0, 1, 2, 0], "b": [0, 0, 0, 1], "c": [0, 1, 0, 0]},
    )
    for improving in (False, True):
        every = plain(routes(found, 0, range(4), improving=improving))
        assert every[1] == (((0,), 1),)
        assert every[2] == (((1,), 3), ((2,), 1), ((0,), 2))


def test_start_unreached_states_and_nobody_who_moves() -> None:
    still = graph_model({}, {"a": [1, 2]})
    assert routes(still, 1, [0, 1], improving=False) == {1: ()}
    worse = graph_model({"a": [(0, 1)]}, {"a": [2, 1]})
    assert plain(routes(worse, 0, [1], improving=False)) == {1: (((0,), 1),)}
    assert routes(worse, 0, [1], improving=True) == {}
    assert routes(worse, 0, [], improving=False) == {}


def test_a_group_improves_for_all_its_members_only() -> None:
    moves = {("a", "b"): [(0, 1), (0, 2)]}
    found = graph_model(moves, {"a": [0, 1, 1], "b": [0, 0, 1]})
    assert plain(routes(found, 0, range(3), improving=True)) == {0: (), 2: (((0, 1), 2),)}
    unknown = graph_model(moves, {"a": [0, 1, 1], "b": None})
    assert plain(routes(unknown, 0, range(3), improving=True)) == {0: ()}


# Records


Analysis = tuple[Routes, Callable[[str], Route]]


@pytest.fixture(scope="module")
def elmira() -> Analysis:
    """The way of the Elmira conflict from its status quo to every equilibrium."""
    case = detente.load(published_case(ELMIRA))
    model = compile_case(case)
    codes = all_states(model)
    teller = Teller(model, conflict(model, Fraction(0), codes), codes)

    def mask(concept: Concept) -> np.ndarray[Any, np.dtype[np.bool_]]:
        states = [teller.state(named(ELMIRA, s)) for s in ELMIRA["equilibria"][concept].split()]
        return np.isin(np.arange(len(codes)), states)

    start = teller.state(case.status_quo or {})
    found = status_quo_analysis(teller, start, {concept: mask(concept) for concept in CONCEPTS})

    def route(digits: str) -> Route:
        (one,) = (each for each in found.routes if each.outcome == named(ELMIRA, digits))
        return one

    return found, route


def test_elmira_from_its_status_quo(elmira: Analysis) -> None:
    """Read off the published moves: who may do what, and what each order says of it."""
    found, _ = elmira
    assert found.start == named(ELMIRA, "01000")
    told = ["".join("01"[word == "yes"] for word in each.outcome.values()) for each in found.routes]
    # the start; one move; two; three. Within a length by the order of states, no before yes.
    assert told == ["01000", "00010", "01001", "00011", "10010", "10100", "10011", "10101"]
    assert [len(each.moves or ()) for each in found.routes] == [0, 1, 1, 2, 2, 2, 3, 3]


def test_steps_say_who_and_whether_it_gains(elmira: Analysis) -> None:
    _, route = elmira
    today, insists, agreement = route("01000"), route("01001"), route("10101")
    assert today.moves == today.improvements == ()
    assert today.concepts == ("gmr", "smr")  # a start that is an equilibrium is there already
    assert insists.concepts == CONCEPTS
    assert insists.moves == insists.improvements
    assert [(step.mover, step.improves) for step in insists.moves or ()] == [
        ("local_government", True)
    ]
    # the ministry loses by modifying its order first: the agreement is not reached by gains
    assert agreement.improvements is None
    assert [(step.parties, step.improves) for step in agreement.moves or ()] == [
        (("ministry",), False),
        (("company",), True),
        (("local_government",), True),
    ]
    assert [step.to for step in agreement.moves or ()] == [
        named(ELMIRA, digits) for digits in ("11000", "10100", "10101")
    ]


def test_what_is_never_reached_comes_last() -> None:
    case = detente.load(
        {
            "parties": {"a": {}, "b": {}},
            "issues": {
                "first": {"options": ["x", "y"], "control": "a", "irreversible": ["y"]},
                "second": {"options": ["x", "y"], "control": "b"},
            },
            "status_quo": {"first": "y", "second": "x"},
            "values": {"a": {"scores": {"first": {"x": 0, "y": 1}}}},
        }
    )
    model = compile_case(case)
    codes = all_states(model)
    teller = Teller(model, conflict(model, Fraction(0), codes), codes)
    every = dict.fromkeys(CONCEPTS, np.ones(4, dtype=np.bool_))
    found = status_quo_analysis(teller, teller.state(case.status_quo or {}), every).routes
    assert [(each.outcome["first"], each.outcome["second"]) for each in found] == [
        ("y", "x"),
        ("y", "y"),
        ("x", "x"),
        ("x", "y"),
    ]
    assert [each.moves is None for each in found] == [False, False, True, True]
    (step,) = found[1].moves or ()
    assert step.improves is None  # of b nobody knows what it wants
    assert found[1].improvements is None


def test_a_mover_whose_moves_the_rules_forbid_moves_nowhere() -> None:
    """What two decide together can be settled in one way only."""
    troops = {"options": ["none", "partial", "full"], "control": "north"}
    case = detente.load(
        {
            "detente": 1,
            "title": "Nothing to move",
            "parties": {"north": {"walk_away": 0}, "south": {"signs": False, "walk_away": 0}},
            "issues": {
                "troops": {**troops, "transitions": {"none": ["none", "partial"]}},
                "access": {"options": ["none", "partial"], "joint": ["north", "south"]},
            },
            "values": {
                "north": {"scores": {"troops": {"none": 0, "partial": 0, "full": 0}}},
                "south": {"scores": {"troops": {"none": 2, "partial": 9, "full": -3}}},
            },
            "rules": [{"never": "access == partial"}],
        }
    )
    model = compile_case(case)
    codes = all_states(model)
    check(CaseGraph(case, Fraction(0)).graph, conflict(model, Fraction(0), codes), 0)
