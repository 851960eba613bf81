"""In how many rankings of a party a state is stable: the inverse analysis as it is published."""

from __future__ import annotations

import math

import numpy as np

from detente.case.errors import CaseError, Problem
from detente.leverage.reversals.answer import Counted
from detente.leverage.reversals.conditions import demands, stays
from detente.model.problem import Booleans
from detente.stability.answer import Concept
from detente.stability.graph.conflict import Conflict

MOST_READ = 20
"""Most states whose comparison with the package is read."""


def counted(
    conflict: Conflict, state: int, party: int, concept: Concept, *, most_read: int = MOST_READ
) -> Counted:
    """In how many strict rankings of one party a state is stable, the others' as they are.

    Parameters
    ----------
    conflict, state
        The graph with all its states, and the package.
    party
        Whose ranking runs through all orders without ties. Its own preferences are not read.
    concept
        Any. SEQ and SSEQ read the preferences of the others.
    most_read
        Most states whose comparison with the package may be read.

    Raises
    ------
    CaseError
        Where more states than that are read.

    Notes
    -----
    From the conditions, not by trying rankings: of the rankings of n states in which a certain k of
    m states are above the package and the rest of the m below there are n! k! (m − k)! / (m + 1)!.
    Cost: two to the power of the states read.

    Examples
    --------
    A party that can leave for one of two states stays in a third of all rankings of the three.

    >>> from detente.stability import graph_model
    >>> moves = {"row": [(0, 1), (0, 2)]}
    >>> counted(graph_model(moves, {"row": [1, 2, 3]}), 0, 0, "nash").stable
    2
    """
    open_ = np.ones(conflict.states, dtype=np.bool_)
    open_[state] = False
    found = demands(conflict, party, state, concept, open_)
    read = sorted({each for one in found for needed in one.either for each in needed})
    if len(read) > most_read:
        what = f"{len(read)} comparisons with the package are read; at most {most_read} are"
        raise CaseError(Problem(what, "fix some issues by rules, or raise the limit"))
    at = {each: place for place, each in enumerate(read)}
    above = np.arange(1 << len(read))  # one bit for every state: whether it is above
    fits: Booleans = np.ones(len(above), dtype=np.bool_)
    for one in found:
        deterred: Booleans = np.zeros(len(above), dtype=np.bool_)
        for needed in one.either:
            deterred |= above & sum(1 << at[each] for each in needed) == 0
        fits &= deterred
    size = np.zeros(len(above), dtype=np.int64)
    for place in range(len(read)):
        size += above >> place & 1
    every = math.factorial(conflict.states)
    stable = (
        sum(
            int(sets) * math.factorial(k) * math.factorial(len(read) - k)
            for k, sets in enumerate(np.bincount(size[fits], minlength=1))
        )
        * every
        // math.factorial(len(read) + 1)
    )
    return Counted(every, stable, _equilibria(conflict, state, party, concept, stable))


def _equilibria(
    conflict: Conflict, state: int, party: int, concept: Concept, stable: int
) -> int | None:
    """In how many nobody leaves, where the others' staying does not hang on the ranking."""
    apart = concept in ("nash", "gmr", "smr")
    others = [place for place in range(len(conflict.parties)) if place != party]
    verdicts = [stays(conflict, place, state, concept if apart else "nash") for place in others]
    if all(verdicts):
        return stable
    return 0 if apart and False in verdicts else None
