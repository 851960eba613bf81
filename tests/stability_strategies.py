"""Random models for the tests of stability: explicit graphs, and cases of every form.

``models()`` draws graphs with intransitive arcs, ties, parties without preferences and groups
that move together; ``hold_cases()`` draws dictionaries for ``detente.load`` in which issues are
controlled, joint, one-way, restricted by transitions, or moved along stated pairs.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import strategies as st

import detente
from by_definition import ByDefinition
from stability_by_definition import Graph, Mover, relation
from strategies import PARTIES, issues, outcomes, rules, values

Issues = dict[str, list[str]]
Outcome = dict[str, str]


@dataclass(frozen=True)
class Model:
    """A drawn graph, and the values that its preferences were made from (None: unknown)."""

    graph: Graph
    values: tuple[tuple[int, ...] | None, ...]
    band: int = 0

    def as_case(self) -> dict[str, Any]:
        """The same as a case with one issue: its options are the states. Without groups only."""
        words = [f"state{state}" for state in range(self.graph.states)]
        names = PARTIES[: len(self.values)]
        moves: dict[str, list[list[str]]] = {}
        for mover in self.graph.movers:
            (party,) = mover.members
            pairs = [[words[s], words[t]] for s, heads in mover.arcs.items() for t in sorted(heads)]
            moves[names[party]] = pairs
        return {
            "detente": 1,
            "title": "A drawn graph",
            "parties": {name: {} for name in names},
            "issues": {"state": {"options": words, "moves": moves}},
            "status_quo": {"state": words[0]},
            "values": {
                name: {"scores": {"state": dict(zip(words, own, strict=True))}}
                for name, own in zip(names, self.values, strict=True)
                if own is not None
            },
        }


@st.composite
def arcs(draw: st.DrawFn, states: int, *, transitive: bool = False) -> dict[int, frozenset[int]]:
    """Moves from state to state, few or many; none from a state to itself."""
    if transitive:  # free choice within each class, as with options of one's own
        kind = draw(st.lists(st.integers(0, max(1, states // 2)), min_size=states, max_size=states))
        return {
            s: frozenset(t for t in range(states) if t != s and kind[t] == kind[s])
            for s in range(states)
        }
    state = st.integers(0, states - 1)
    most = draw(st.sampled_from([1, 2, 3])) * states
    pairs = draw(st.sets(st.tuples(state, state), max_size=most))
    return {s: frozenset(t for tail, t in pairs if tail == s != t) for s in range(states)}


@st.composite
def models(
    draw: st.DrawFn,
    *,
    most_parties: int = 5,
    most_states: int = 14,
    groups: bool = True,
    unvalued: bool = False,
    banded: bool = False,
    transitive: bool = False,
) -> Model:
    """Explicit graphs; few distinct values, so that ties are common."""
    states = draw(st.integers(2, most_states))
    parties = draw(st.integers(1, most_parties))
    together: list[tuple[int, ...]] = []
    if groups and parties > 1:
        one = st.sets(st.integers(0, parties - 1), min_size=2)
        together = draw(st.lists(one.map(lambda g: tuple(sorted(g))), max_size=2, unique=True))
    movers = tuple(
        Mover(members, draw(arcs(states, transitive=transitive)))
        for members in [*((party,) for party in range(parties)), *together]
    )
    distinct = draw(st.sampled_from([1, 2, states, 2 * states]))
    own = st.lists(st.integers(0, distinct), min_size=states, max_size=states).map(tuple)
    worth = tuple(
        None if unvalued and draw(st.integers(0, 3)) == 0 else draw(own) for _ in range(parties)
    )
    band = draw(st.integers(0, 3)) if banded else 0
    better = tuple(None if row is None else relation(row, band) for row in worth)
    return Model(Graph(states, movers, better), worth, band)


bands = st.sampled_from([Fraction(0), Fraction(1, 10), Fraction(5), Fraction(25), Fraction(60)])


@st.composite
def hold_cases(
    draw: st.DrawFn,
    *,
    most_parties: int = 5,
    most_states: int = 60,
    ordinal: bool = True,
    unvalued: bool = False,
    bystanders: bool = True,
) -> dict[str, Any]:
    """Cases with 2 to 5 issues of 2 or 3 options and everything that says who moves what."""
    table = _cut(draw(issues(most=5, options=3, fewest=2)), most_states)
    witness = draw(outcomes(table))
    names = PARTIES[: draw(st.integers(2, most_parties))]
    parties: dict[str, dict[str, Any]] = {name: {} for name in names}
    for name in names[1:]:
        if bystanders and draw(st.integers(0, 3)) == 0:
            parties[name]["signs"] = False
    case: dict[str, Any] = {
        "detente": 1,
        "title": "A drawn case",
        "parties": parties,
        "issues": {issue: draw(_issues(words, names)) for issue, words in table.items()},
        "values": {},
    }
    if draw(st.integers(0, 5)):
        case["status_quo"] = witness
    if drawn := draw(rules(table, witness)):
        case["rules"] = drawn
    for name in names:
        if unvalued and draw(st.integers(0, 3)) == 0:
            continue
        case["values"][name] = draw(_complete(table, ordinal))
        if "status_quo" not in case:
            scored = "scores" in case["values"][name]
            parties[name]["walk_away"] = 0 if scored else witness
    _keep_possible_moves(case)
    return case


def _keep_possible_moves(case: dict[str, Any]) -> None:
    """Take out stated moves from or to options at which no outcome stands: they are refused."""
    if not any("moves" in entry for entry in case["issues"].values()):
        return
    definition = ByDefinition(detente.load(case))
    feasible = [each for each in definition.outcomes() if not definition.broken(each)]
    for issue, entry in case["issues"].items():
        possible = {each[issue] for each in feasible}
        for party, pairs in entry.get("moves", {}).items():
            entry["moves"][party] = [pair for pair in pairs if possible.issuperset(pair)]


def _cut(table: Issues, most: int) -> Issues:
    """The first issues, as many as have no more outcomes than that; two at least."""
    names = list(table)
    while len(names) > 2 and math.prod(len(table[name]) for name in names) > most:
        names.pop()
    return {name: list(table[name]) for name in names}


@st.composite
def _complete(draw: st.DrawFn, table: Issues, ordinal: bool) -> dict[str, Any]:
    """Values that say something of every outcome: a ranking ends with all that is left.

    Half of them set every outcome apart, so that improvements and sanctions abound.
    """
    form = draw(st.sampled_from(["any", "any", "points", "order" if ordinal else "points"]))
    if form == "any":
        drawn = draw(values(table, ordinal=ordinal))
        if "ranking" in drawn:
            drawn["ranking"].append({})
        return drawn
    chance = random.Random(draw(st.integers(0, 2**32)))
    every = [dict(zip(table, words, strict=True)) for words in product(*table.values())]
    if form == "points":
        together = [" and ".join(f"{i} == {o}" for i, o in one.items()) for one in every]
        some = chance.sample(together, len(together) // 2)
        return {
            "scores": {i: {o: chance.randint(-9, 9) for o in words} for i, words in table.items()},
            "adjustments": [{"when": text, "add": chance.randint(-30, 30)} for text in some],
        }
    chance.shuffle(every)
    ranking: list[list[Outcome]] = [[]]
    for one in every:
        if ranking[-1] and chance.random() < 0.7:
            ranking.append([])
        ranking[-1].append(one)
    return {"ranking": ranking}


@st.composite
def _issues(draw: st.DrawFn, words: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    """An issue: who moves it, and along which ways."""
    entry: dict[str, Any] = {"options": list(words)}
    form = draw(
        st.sampled_from(["control", "control", "control", "joint", "joint", "open", "moves"])
    )
    if form == "control":
        entry["control"] = draw(st.sampled_from(list(names)))
    elif form == "joint":
        entry["joint"] = draw(st.lists(st.sampled_from(list(names)), min_size=1, unique=True))
    elif form == "moves":
        option = st.sampled_from(list(words))
        pair = st.tuples(option, option).filter(lambda p: p[0] != p[1]).map(list)
        pairs = st.lists(pair, max_size=4, unique_by=tuple)
        movers = draw(st.lists(st.sampled_from(list(names)), unique=True, max_size=3))
        entry["moves"] = {name: draw(pairs) for name in movers}
        return entry
    if form != "control" and draw(st.booleans()):
        entry["withdraw"] = draw(st.sampled_from(["any", "all"]))
    entry.update(draw(_ways(words)))
    return entry


@st.composite
def _ways(draw: st.DrawFn, words: Sequence[str]) -> dict[str, Any]:
    """What cannot be undone, and what can follow what."""
    form = draw(st.sampled_from(["free", "free", "free", "irreversible", "undo", "transitions"]))
    option = st.sampled_from(list(words))
    some = st.lists(option, unique=True, max_size=len(words))
    if form == "irreversible":
        return {"irreversible": draw(some)}
    if form == "undo":
        each = st.dictionaries(option, st.sampled_from([0, 3, "never"]), min_size=1)
        return {"undo": draw(st.sampled_from(["never", 2]) | each)}
    if form == "transitions":
        out: dict[str, Any] = {"transitions": draw(st.dictionaries(option, some, max_size=3))}
        if draw(st.booleans()):
            out["irreversible"] = draw(some)
        return out
    return {}
