"""The fewest reversals by trying every order of every party. Nothing here uses the code.

What is read of a party, and so counted, is collected from the graph; then every order is tried, in
the order of how many comparisons that are read it turns. Orders are those with ties (weak orders);
where small gains do not count, those that numbers and a threshold make (semiorders).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import permutations, product

from stability_by_definition import CREDIBLE, SYMMETRIC, Graph, Mover, Relation, relation

Read = frozenset[tuple[int, int]]
"""Pairs of states: whether the first is better than the second."""


@cache
def weak_orders(states: int) -> tuple[Relation, ...]:
    """All orders with ties: each once."""
    every = product(range(states), repeat=states)
    return tuple({relation(values): None for values in every})


@cache
def semiorders(states: int) -> tuple[Relation, ...]:
    """All orders in which gains below a threshold do not count: each once."""
    every = product(range(3 * states + 1), repeat=states)
    return tuple({relation(values, states): None for values in every})


def read(graph: Graph, concept: str, state: int) -> list[Read]:
    """For each party the comparisons that the definition looks at, whatever anybody prefers."""
    out: list[set[tuple[int, int]]] = [set() for _ in graph.parties]
    for party in graph.valued:
        others = graph.others(party)
        movers = [mover for mover in graph.movers if others.issuperset(mover.members)]
        if concept in CREDIBLE:
            movers = [mover for mover in movers if graph.valued.issuperset(mover.members)]
        for move in graph.moves(party, state):
            compared = {move}
            if concept != "nash":
                for before, after, members in steps(movers, move):
                    compared.add(after)
                    if concept in CREDIBLE:
                        for member in members:
                            out[member].add((after, before))
            if concept in SYMMETRIC:
                compared |= {
                    answer for there in compared - {move} for answer in graph.moves(party, there)
                }
            out[party] |= {(there, state) for there in compared if there != state}
    return [frozenset(pairs) for pairs in out]


def steps(movers: Sequence[Mover], start: int) -> set[tuple[int, int, tuple[int, ...]]]:
    """All moves that are part of a legal sequence from a state, and who makes them."""
    found = {(start, head, place) for place, m in enumerate(movers) for head in m.heads(start)}
    while True:
        more = {
            (there, head, place)
            for _, there, last in found
            for place, mover in enumerate(movers)
            if place != last
            for head in mover.heads(there)
        }
        if more <= found:
            return {(before, after, movers[place].members) for before, after, place in found}
        found |= more


def turned(pairs: Read, before: Relation, after: Relation) -> frozenset[tuple[int, int]]:
    """The pairs of states, smaller number first, of which something that is read turns."""
    return frozenset((min(a, b), max(a, b)) for a, b in pairs if before[a][b] != after[a][b])


def fewest(graph: Graph, concept: str, state: int, banded: Collection[int] = ()) -> int | None:
    """How many comparisons have to turn; None where a party without values could leave."""
    if any(graph.better[p] is None and graph.moves(p, state) for p in graph.parties):
        return None
    pairs = read(graph, concept, state)
    choices: list[dict[int, list[Relation]]] = []
    for party, now in enumerate(graph.better):
        by_cost: dict[int, list[Relation]] = {}
        if now is None:
            choices.append({0: [((),)]})
            continue
        orders = semiorders(graph.states) if party in banded else weak_orders(graph.states)
        seen = set()
        for order in orders:
            look = tuple(order[a][b] for a, b in sorted(pairs[party]))
            if look not in seen:
                seen.add(look)
                by_cost.setdefault(len(turned(pairs[party], now, order)), []).append(order)
        choices.append(by_cost)
    for total in range(sum(max(each) for each in choices) + 1):
        for profile in profiles(choices, total):
            better = tuple(
                None if now is None else order
                for now, order in zip(graph.better, profile, strict=True)
            )
            tried = replace(graph, better=better, known={})
            if all(tried.stable(concept, party, state) for party in graph.parties):
                return total
    raise AssertionError("no order at all makes it an equilibrium")


def profiles(
    choices: Sequence[dict[int, list[Relation]]], total: int
) -> Iterator[tuple[Relation, ...]]:
    """One order for each party, so many turned in all."""
    if not choices:
        if total == 0:
            yield ()
        return
    for cost, orders in choices[0].items():
        if cost <= total:
            for rest in profiles(choices[1:], total - cost):
                for order in orders:
                    yield order, *rest


def rankings_counted(graph: Graph, concept: str, state: int, party: int) -> tuple[int, int]:
    """In how many strict rankings of a party it stays, and nobody leaves."""
    stays = nobody = 0
    for values in permutations(range(graph.states)):
        better = list(graph.better)
        better[party] = relation(values)
        tried = replace(graph, better=tuple(better), known={})
        if tried.stable(concept, party, state):
            stays += 1
            nobody += all(tried.stable(concept, other, state) for other in graph.parties)
    return stays, nobody
