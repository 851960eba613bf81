"""Seeded models in which coalitions are often deterred, and how the code takes them.

Drawn models (:mod:`stability_strategies`) shrink well, but most are small or nearly empty. Here
every outcome has a value of its own for every party, and many can move.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import detente
from detente.model.compilation import compile_case
from detente.stability.graph.conflict import Conflict, all_states, conflict, graph_model
from detente.stability.reasons.steps import Teller
from stability_by_definition import Graph, Mover, relation
from stability_cases import CaseGraph
from stability_strategies import Model
from strategies import PARTIES


def dense_graph(seed: int, *, unvalued: bool = False) -> Model:
    """Few values, a group, moves for all; one in three with free choice among own options."""
    chance = random.Random(seed)
    parties, states = chance.randint(2, 4), chance.randint(4, 10)
    transitive = chance.random() < 0.3

    def arcs() -> dict[int, frozenset[int]]:
        kind = [chance.randrange(3) for _ in range(states)]
        density = chance.choice([0.1, 0.2, 0.35])

        def linked(s: int, t: int) -> bool:
            return kind[s] == kind[t] if transitive else chance.random() < density

        return {
            s: frozenset(t for t in range(states) if t != s and linked(s, t)) for s in range(states)
        }

    members: list[tuple[int, ...]] = [(party,) for party in range(parties)]
    if parties > 2 and chance.random() < 0.7:
        members.append(tuple(sorted(chance.sample(range(parties), 2))))
    highest = chance.choice([3, states, 4 * states])
    values = tuple(
        tuple(chance.randint(0, highest) for _ in range(states))
        if not unvalued or party == 0 or chance.random() < 0.7
        else None
        for party in range(parties)
    )
    better = tuple(None if row is None else relation(row) for row in values)
    movers = tuple(Mover(entry, arcs()) for entry in members)
    return Model(Graph(states, movers, better), values)


def dense_case(seed: int, *, unvalued: bool = False) -> dict[str, Any]:
    """Options of one party or of several, some for good, a rule, scores for every outcome."""
    chance = random.Random(seed)
    names = PARTIES[: chance.randint(2, 4)]
    issues: dict[str, dict[str, Any]] = {}
    for place in range(chance.randint(3, 4)):
        options = ["no", "some", "yes"][: chance.choice([2, 2, 3])]
        entry: dict[str, Any] = {"options": options}
        if place < len(names) or chance.random() < 0.4:
            entry["control"] = names[place % len(names)]
        else:
            entry["joint"] = chance.sample(names, 2)
            entry["withdraw"] = chance.choice(["any", "all"])
        if chance.random() < 0.2:
            entry["irreversible"] = [options[-1]]
        elif chance.random() < 0.15:
            entry["transitions"] = {options[0]: [options[1]]}
        issues[f"issue{place}"] = entry
    outcomes = list(product(*(entry["options"] for entry in issues.values())))
    every = [
        " and ".join(f"{i} == {o}" for i, o in zip(issues, one, strict=True)) for one in outcomes
    ]
    values = {
        name: {
            "scores": {i: dict.fromkeys(entry["options"], 0) for i, entry in issues.items()},
            "adjustments": [{"when": text, "add": chance.randint(-20, 20)} for text in every],
        }
        for place, name in enumerate(names)
        if not unvalued or place == 0 or chance.random() < 0.7
    }
    rules = []
    if chance.random() < 0.6:
        one, other = chance.sample(list(issues), 2)
        last = {issue: entry["options"][-1] for issue, entry in issues.items()}
        rules.append({"never": f"{one} == {last[one]} and {other} == {last[other]}"})
    return {
        "detente": 1,
        "title": "A dense case",
        "parties": {name: {} if name in values else {"walk_away": 0} for name in names},
        "issues": issues,
        "status_quo": dict.fromkeys(issues, "no"),
        "rules": rules,
        "values": values,
    }


def as_conflict(model: Model) -> Conflict:
    """A graph as the code takes it."""
    names = PARTIES[: len(model.values)]
    moves = {
        tuple(names[member] for member in mover.members): [
            (tail, head) for tail, heads in mover.arcs.items() for head in heads
        ]
        for mover in model.graph.movers
    }
    return graph_model(moves, dict(zip(names, model.values, strict=True)))


def of_case(written: Mapping[str, Any], band: Fraction = Fraction(0)) -> tuple[CaseGraph, Teller]:
    """A case as its definition has it, and as the code takes it, states in the same order."""
    case = detente.load(written)
    model = compile_case(case)
    codes = all_states(model)
    by_definition = CaseGraph(case, band)
    assert [model.space.outcome(row) for row in codes] == by_definition.outcomes
    return by_definition, Teller(model, conflict(model, band, codes), codes)
