"""Moves without detours: nothing is changed on the way that a later move changes again."""

from __future__ import annotations

from collections.abc import Sequence

from detente.stability.graph.mover import Mover
from detente.stability.graph.ways import Moves
from detente.stability.reasons.steps import Teller


def straightened(teller: Teller, start: int, moves: Moves) -> Moves:
    """The same movers, to the same end, with as few changes on the way as the rules allow.

    A search finds any one of the shortest sequences; in it a mover may settle what it need not,
    only for another to settle it otherwise. Each such change is left out where all states on
    the way stay states, and each move a move of its mover.

    Parameters
    ----------
    teller
        The conflict with its words.
    start
        Where the sequence begins.
    moves
        The sequence; no move need be an improvement.

    Notes
    -----
    Cost: moves × issues × moves looks for a state.
    """
    who = [mover for mover, _ in moves]
    states = [start, *(state for _, state in moves)]
    for first in range(1, len(states)):
        for issue in range(teller.codes.shape[1]):
            states = _without(teller, who, states, first, issue) or states
    return tuple(zip(who, states[1:], strict=True))


def _without(
    teller: Teller, who: Sequence[Mover], states: Sequence[int], first: int, issue: int
) -> list[int] | None:
    """The states without the change of an issue in one move; None where that cannot be."""
    codes = teller.codes[list(states)].copy()
    column = codes[:, issue].tolist()
    again = [place for place in range(first + 1, len(states)) if column[place] != column[first]]
    if column[first] == column[first - 1] or not again:
        return None
    codes[first : again[0], issue] = column[first - 1]
    try:
        found = [teller.state(teller.model.space.outcome(row)) for row in codes]
    except KeyError:
        return None
    legal = all(found[place + 1] in mover.moves(found[place]) for place, mover in enumerate(who))
    return found if legal else None
