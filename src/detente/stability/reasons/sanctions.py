"""The shortest sequence of moves that punishes an improvement."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.model.problem import Booleans, Integers
from detente.stability.graph.mover import Mover
from detente.stability.graph.ways import Moves, Ways


def shortest(
    movers: Sequence[Mover],
    start: int,
    wanted: Booleans,
    *,
    improving: bool,
    exact: bool,
) -> Moves | None:
    """A shortest legal sequence from a state to one that is wanted; None where there is none.

    Among those that are equally short, one in which every move is better for who makes it
    comes first; its last move is the one that is liked best by who makes it.

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
    exact
        Whether two moves of one mover in a row may lead where no single one does.

    Notes
    -----
    Breadth first. Cost: the moves of the states met.
    """
    single = _single(movers, start, wanted, improving=improving)
    if single is not None:
        return (single,)
    longer = _longer(movers, start, wanted, improving=improving, exact=exact)
    if improving or longer is None:
        return longer
    credible_one = _longer(movers, start, wanted, improving=True, exact=exact)
    if credible_one is not None and len(credible_one) == len(longer):
        return credible_one
    return longer


def _single(
    movers: Sequence[Mover], start: int, wanted: Booleans, *, improving: bool
) -> tuple[Mover, int] | None:
    """The first mover that does it with one move, at best an improvement, and its best such."""
    for credible in (True,) if improving else (True, False):
        for mover in movers:
            heads = mover.improvements(start) if credible else mover.moves(start)
            heads = heads[wanted[heads]]
            if len(heads):
                return mover, _liked(mover, heads)
    return None


def _liked(mover: Mover, heads: Integers) -> int:
    """The state that the first member with preferences likes best, the first among equals."""
    for entry in mover.preferences:
        if entry is not None:
            return int(heads[entry.rank[heads].argmax()])
    return int(heads[0])


def _longer(
    movers: Sequence[Mover], start: int, wanted: Booleans, *, improving: bool, exact: bool
) -> Moves | None:
    ways = Ways(movers, len(wanted), start, improving=improving, exact=exact, until=wanted)
    found = (ways.moves(int(state)) for state in np.flatnonzero(ways.reached & wanted))
    first = next((moves for moves in found if moves), None)  # all are in the last layer
    if first is None or len(first) == 1:
        return first
    before, state = first[-2]
    others = [mover for mover in movers if mover is not before]
    last = _single(others, state, wanted, improving=improving)
    assert last is not None
    return (*first[:-1], last)
