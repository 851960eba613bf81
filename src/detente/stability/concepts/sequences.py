"""What countermoves can lead to: the least number over all legal sequences of moves.

A legal sequence is one in which nobody moves twice in a row; a mover may move again after
another has. Every concept of stability asks only whether *some* state that can be reached is bad
enough, so one number per state is enough: the least over everything that can be reached. It is
found by handing numbers back along the moves until nothing changes.

Where two moves of a mover in a row are always one move (or none), the rule changes nothing: any
sequence becomes a legal one that ends in the same state by joining such pairs. Only the empty
sequence is added, which never matters: it stays at an improvement, which is no sanction. Else a
number is kept for every state *and last mover*.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.model.problem import Integers
from detente.stability.graph.mover import Mover


def least_reached(
    movers: Sequence[Mover],
    numbers: Integers,
    *,
    improving: bool | Sequence[bool],
    exact: bool,
) -> Integers:
    """The least number among the states that legal sequences lead to from each state.

    Parameters
    ----------
    movers
        Who takes part.
    numbers
        One for every state, from 0 to the number of states; shape (states,).
    improving
        Whether every step must be better for its mover; one answer, or one for each mover.
    exact
        Whether last movers have to be remembered. If not, the state itself is taken to be
        reached (see above); if so, more than any number stands where nothing is reached.

    Returns
    -------
    array
        Shape (states,).

    Notes
    -----
    Cost: passes over the movers × states, until nothing changes; the longest chain of moves
    that each lower a number bounds the passes, and few are usual.
    """
    choices = [improving] * len(movers) if isinstance(improving, bool) else list(improving)
    if exact:
        return _by_last_mover(movers, numbers, choices)
    out = numbers.copy()
    still, place = 0, 0
    while still < len(movers):
        step = _step(movers[place], out, choices[place])
        if (step < out).any():
            np.minimum(out, step, out=out)
            still = 0
        still += 1
        place = (place + 1) % len(movers)
    return out


def _step(mover: Mover, numbers: Integers, improving: bool) -> Integers:
    return mover.least_improving(numbers) if improving else mover.least(numbers)


def _by_last_mover(movers: Sequence[Mover], numbers: Integers, choices: Sequence[bool]) -> Integers:
    """With ``by[j]`` the least over sequences that begin with a move of ``j``."""
    none = len(numbers) + 1
    by = np.full((len(movers), len(numbers)), none)
    changed = len(movers) > 0
    while changed:
        changed = False
        for place, entry in enumerate(movers):
            others = np.delete(by, place, axis=0).min(axis=0, initial=none)
            step = _step(entry, np.minimum(numbers, others), choices[place])
            if (step < by[place]).any():
                by[place] = step
                changed = True
    out: Integers = by.min(axis=0, initial=none)
    return out
