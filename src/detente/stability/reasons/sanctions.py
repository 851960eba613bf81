"""The shortest sequence of moves that punishes an improvement."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.model.problem import Booleans
from detente.stability.graph.mover import Mover

Moves = tuple[tuple[Mover, int], ...]
"""Moves one after another: who, and to which state."""


def shortest(
    movers: Sequence[Mover],
    start: int,
    wanted: Booleans,
    *,
    improving: bool,
) -> Moves | None:
    """A shortest legal sequence from a state to one that is wanted; None where there is none.

    A shortest sequence never needs the same mover twice in a row where two moves of it are
    one; where they are not (graph models) that is seen to.

    Parameters
    ----------
    movers
        Who may move.
    start
        Where the sequence begins; at least one move is made.
    wanted
        Where it may end; shape (states,).
    improving
        Whether every move must be better for its mover.

    Notes
    -----
    Breadth first over (state, last mover). Between equally short ones, moves that are better
    for who makes them come first, then the first mover. Cost: the moves of the states met.
    """
    layer: list[tuple[int, int]] = [(start, -1)]
    parents: dict[tuple[int, int], tuple[int, int] | None] = {(start, -1): None}
    while layer:
        found = _ends(movers, layer, wanted, improving)
        if found is not None:
            return _traced(movers, parents, found)
        following: list[tuple[int, int]] = []
        for node in layer:
            state, last = node
            for place, mover in enumerate(movers):
                if place == last:
                    continue
                for head in _heads(mover, state, improving):
                    if (head, place) not in parents:
                        parents[head, place] = node
                        following.append((head, place))
        layer = following
    return None


def _heads(mover: Mover, state: int, improving: bool) -> list[int]:
    heads = mover.improvements(state) if improving else mover.moves(state)
    return [int(head) for head in heads]


def _ends(
    movers: Sequence[Mover],
    layer: Sequence[tuple[int, int]],
    wanted: Booleans,
    improving: bool,
) -> tuple[tuple[int, int], int, int] | None:
    """The best last move from a layer: node, mover, state; None where none ends as wanted."""
    fallback = None
    for node in layer:
        for place, mover in enumerate(movers):
            if place == node[1]:
                continue
            heads = mover.improvements(node[0])
            heads = heads[wanted[heads]]
            if len(heads):
                return node, place, _liked(mover, heads)
            if not improving and fallback is None:
                heads = mover.moves(node[0])
                heads = heads[wanted[heads]]
                if len(heads):
                    fallback = (node, place, _liked(mover, heads))
    return fallback


def _liked(mover: Mover, heads: np.ndarray[tuple[int], np.dtype[np.int64]]) -> int:
    """The state that the first member with preferences likes best, the first among equals."""
    for entry in mover.preferences:
        if entry is not None:
            return int(heads[entry.rank[heads].argmax()])
    return int(heads[0])


def _traced(
    movers: Sequence[Mover],
    parents: dict[tuple[int, int], tuple[int, int] | None],
    found: tuple[tuple[int, int], int, int],
) -> Moves:
    node, place, state = found
    moves = [(movers[place], state)]
    here: tuple[int, int] | None = node
    while here is not None and parents[here] is not None:
        moves.append((movers[here[1]], here[0]))
        here = parents[here]
    return tuple(reversed(moves))
