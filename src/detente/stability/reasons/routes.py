"""Status quo analysis: which equilibria can be reached from a start, and by which moves.

Stability says who would leave a state; it does not say how anybody got there. From a start, all
legal sequences of moves are followed breadth first, once with any moves and once with those alone
that are better for who makes them (Li, Kilgour & Hipel 2005, "Status quo analysis in the graph
model for conflict resolution", Journal of the Operational Research Society 56(6), 699-707).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

import numpy as np

from detente.model.problem import Booleans, Integers
from detente.stability.answer import CONCEPTS, Concept, Route, Routes, Step
from detente.stability.graph.conflict import Conflict
from detente.stability.graph.ways import Moves, Ways
from detente.stability.reasons.steps import Teller


def status_quo_analysis(
    teller: Teller, start: int, equilibria: Mapping[Concept, Booleans]
) -> Routes:
    """How equilibria are reached from a start.

    Parameters
    ----------
    teller
        The conflict with its words.
    start
        The state to begin in.
    equilibria
        For each concept which states are equilibria; shape (states,).

    Returns
    -------
    Routes
        One for each state that is an equilibrium under some concept: those reached in fewest
        moves first, then by the order of states; those never reached last.
    """
    found = np.flatnonzero(np.logical_or.reduce(list(equilibria.values())))
    by_moves, by_improvements = (
        routes(teller.conflict, start, found, improving=improving) for improving in (False, True)
    )
    step = cache(teller.step)

    def told(moves: Moves | None) -> tuple[Step, ...] | None:
        if moves is None:
            return None
        states = pairwise([start, *(state for _, state in moves)])
        return tuple(step(mover, *pair) for (mover, _), pair in zip(moves, states, strict=True))

    def late(state: int) -> tuple[bool, int]:
        return state not in by_moves, len(by_moves.get(state, ()))

    return Routes(
        teller.outcome(start),
        tuple(
            Route(
                teller.outcome(state),
                tuple(concept for concept in CONCEPTS if equilibria[concept][state]),
                told(by_moves.get(state)),
                told(by_improvements.get(state)),
            )
            for state in sorted(found.tolist(), key=late)
        ),
    )


def routes(
    conflict: Conflict, start: int, targets: Sequence[int] | Integers, *, improving: bool
) -> dict[int, Moves]:
    """A shortest legal sequence of moves from a state to each of several.

    Parameters
    ----------
    conflict
        All parties and groups move.
    start
        Where sequences begin.
    targets
        Where they should end; positions of states.
    improving
        Whether every move must be better for who makes it. A party without values, and a group
        with one, has then no moves.

    Returns
    -------
    dict
        For each target that is reached the moves, each as mover and state that it leads to;
        none for the start itself. Of several shortest sequences the one whose first move that
        differs comes first, in the order of movers and then of states.

    Notes
    -----
    Breadth first; every list of moves that states share is followed once. Cost: the moves
    stored (where everything can be undone as many as states × movers), and their sorting; for
    improvements of a group, all its improving moves.
    """
    ways = Ways(conflict.movers, conflict.states, start, improving=improving, exact=conflict.exact)
    found = ((int(target), ways.moves(int(target))) for target in targets)
    return {target: moves for target, moves in found if moves is not None}
