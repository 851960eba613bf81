"""Stability as the code finds it against brute force: every state, party and concept."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import detente
from detente.model.compilation import compile_case
from detente.stability import Conflict, graph_model, individual
from detente.stability.graph.conflict import all_states, conflict
from stability_by_definition import CONCEPTS, Graph
from stability_cases import CaseGraph
from stability_strategies import Model, bands, hold_cases, models
from strategies import PARTIES

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
TOLD = {1: True, 0: False, -1: None}

Verdicts = dict[tuple[str, str], list[bool | None]]
"""For each concept and party a verdict per state."""


def some(count: int) -> settings:
    return settings(max_examples=count, deadline=None, suppress_health_check=SLOW)


def found(built: Conflict) -> Verdicts:
    return {
        (concept, party): [TOLD[int(mark)] for mark in marks]
        for concept, rows in individual(built).items()
        for party, marks in rows.items()
    }


def expected(graph: Graph, parties: tuple[str, ...]) -> Verdicts:
    return {
        (concept, name): [graph.stable(concept, party, state) for state in range(graph.states)]
        for concept in CONCEPTS
        for party, name in enumerate(parties)
    }


def compiled(written: dict[str, Any], band: Fraction = Fraction(0)) -> Conflict:
    model = compile_case(detente.load(written))
    return conflict(model, band, all_states(model))


# Every cell


@some(120)
@given(hold_cases(), bands)
def test_every_cell_of_a_case(written: dict[str, Any], band: Fraction) -> None:
    oracle = CaseGraph(detente.load(written), band)
    built = compiled(written, band)
    assert built.states == oracle.graph.states
    assert found(built) == expected(oracle.graph, oracle.parties)


@some(80)
@given(hold_cases(unvalued=True), bands)
def test_every_cell_where_some_have_no_values(written: dict[str, Any], band: Fraction) -> None:
    oracle = CaseGraph(detente.load(written), band)
    assert found(compiled(written, band)) == expected(oracle.graph, oracle.parties)


@some(200)
@given(models(unvalued=True))
def test_every_cell_of_a_graph(model: Model) -> None:
    """Intransitive moves, groups that move together, parties without preferences."""
    assume(any(row is not None for row in model.values))
    names = PARTIES[: len(model.values)]
    moves = {
        tuple(names[party] for party in mover.members): [
            (tail, head) for tail, heads in mover.arcs.items() for head in heads
        ]
        for mover in model.graph.movers
    }
    built = graph_model(moves, dict(zip(names, model.values, strict=True)))
    assert found(built) == expected(model.graph, names)


@some(150)
@given(models(groups=False, unvalued=True, banded=True))
def test_every_cell_of_a_graph_written_as_a_case(model: Model) -> None:
    """One issue with stated moves: nothing but its pairs counts."""
    names = PARTIES[: len(model.values)]
    built = compiled(model.as_case(), Fraction(model.band))
    assert found(built) == expected(model.graph, names)


@some(50)
@given(hold_cases(unvalued=True), bands)
def test_what_hold_lists_over_all_states(written: dict[str, Any], band: Fraction) -> None:
    case = detente.load(written)
    oracle = CaseGraph(case, band)
    listing = detente.hold(case, every=True, band=band).to_dict()
    for concept in CONCEPTS:
        assert listing["equilibria"][concept] == {
            "count": len(oracle.equilibria(concept)),
            "outcomes": oracle.equilibria(concept),
        }
        for party in oracle.parties:
            stable = oracle.stable_outcomes(concept, party)
            assert listing["stable"][concept][party] == stable


# What the answer does not hang on


def renamed(written: Any, names: Mapping[str, str]) -> Any:
    """Other words, as keys, as values, and within expressions."""
    if isinstance(written, dict):
        return {renamed(key, names): renamed(value, names) for key, value in written.items()}
    if isinstance(written, list):
        return [renamed(entry, names) for entry in written]
    if isinstance(written, str):
        return re.sub(r"\w+", lambda word: names.get(word[0], word[0]), written)
    return written


def shuffled(draw: st.DrawFn, table: dict[str, Any]) -> dict[str, Any]:
    return {key: table[key] for key in draw(st.permutations(list(table)))}


@st.composite
def twins(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
    """A case, the same with all words and orders changed, and its new words.

    Options keep their order where a rule compares them, or where they are one-way.
    """
    case = draw(hold_cases(unvalued=True))
    words = {*case["parties"], *case["issues"]}
    words |= {option for issue in case["issues"].values() for option in issue["options"]}
    names = {word: f"{word}_{number}" for number, word in enumerate(sorted(words))}
    other = renamed(case, names)
    for section in ("parties", "issues", "values"):
        other[section] = shuffled(draw, other[section])
    for issue, entry in other["issues"].items():
        ordered = re.search(rf"\b{issue} [<>]", json.dumps(other))
        if not ordered and not {"irreversible", "undo"} & entry.keys():
            entry["options"] = draw(st.permutations(entry["options"]))
    if "rules" in other:
        other["rules"] = draw(st.permutations(other["rules"]))
    return case, other, names


@some(50)
@given(twins(), bands)
def test_words_and_orders_do_not_matter(
    drawn: tuple[dict[str, Any], dict[str, Any], dict[str, str]], band: Fraction
) -> None:
    case, other, names = drawn
    first = detente.hold(detente.load(case), every=True, band=band).to_dict()["stable"]
    second = detente.hold(detente.load(other), every=True, band=band).to_dict()["stable"]
    for concept, party in ((c, p) for c in CONCEPTS for p in case["parties"]):
        outcomes = renamed(first[concept][party], names)
        again = second[concept][names[party]]
        assert len(outcomes) == len(again)
        assert all(outcome in again for outcome in outcomes)


@some(60)
@given(models(unvalued=True), st.randoms(use_true_random=False))
def test_numbers_of_states_and_parties_do_not_matter(model: Model, chance: Any) -> None:
    assume(any(row is not None for row in model.values))
    states, names = list(range(model.graph.states)), list(PARTIES[: len(model.values)])
    place = chance.sample(states, len(states))
    before: dict[Any, Any] = {}
    after: dict[Any, Any] = {}
    for mover in chance.sample(model.graph.movers, len(model.graph.movers)):
        who = tuple(names[party] for party in mover.members)
        pairs = [(tail, head) for tail, heads in mover.arcs.items() for head in heads]
        before[who] = pairs
        after[tuple(chance.sample(who, len(who)))] = [(place[s], place[t]) for s, t in pairs]
    rows = dict(zip(names, model.values, strict=True))
    moved = {
        name: None if row is None else [row[place.index(state)] for state in states]
        for name, row in chance.sample(list(rows.items()), len(rows))
    }
    first, second = found(graph_model(before, rows)), found(graph_model(after, moved))
    for key, verdicts in first.items():
        assert [second[key][place[state]] for state in states] == verdicts


@some(40)
@given(hold_cases(ordinal=False))
def test_a_band_below_every_difference_changes_nothing(written: dict[str, Any]) -> None:
    oracle = CaseGraph(detente.load(written))
    worth = [
        {oracle.definition.value(party, outcome) for outcome in oracle.outcomes}
        for party in oracle.parties
    ]
    gaps = [abs(a - b) for row in worth for a in row for b in row if a != b]
    least, most = min(gaps, default=Fraction(1)), max(gaps, default=Fraction(1))
    plain = found(compiled(written))
    assert found(compiled(written, least)) == plain
    # and where no difference counts, everybody stays
    above = found(compiled(written, most + Fraction(1, 1000)))
    assert all(all(row) for row in above.values())
