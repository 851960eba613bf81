"""In which codings nothing punishes an improvement, where others may make any move: GMR, SMR.

What others can reach is one set of states in all codings. It is gone through from the state that
is mostly the worst for the party, only as far as some coding is not decided.
"""

from __future__ import annotations

import numpy as np

from detente.stability.answer import Concept
from detente.uncertainty.holding.bits import Words, union
from detente.uncertainty.holding.comparison import Comparison
from detente.uncertainty.holding.neighbourhood import Neighbourhood

FIRST = 16
"""States looked at first; then eight times as many, and so on."""


def unpunished_by_moves(
    around: Neighbourhood, seen: Comparison, concept: Concept, wanted: Words
) -> Words:
    """The wanted codings in which some improvement is punished by no sequence of moves.

    Parameters
    ----------
    around, seen
        The neighbourhood of the outcome, and what the party thinks of its states.
    concept
        GMR or SMR.
    wanted
        Codings that are asked about; shape (words,).

    Notes
    -----
    Cost: at most one comparison with the outcome for each state that is reached and coding.
    """
    out = np.zeros_like(wanted)
    if not wanted.any():
        return out
    order = seen.order(concept)
    for start, own in zip(seen.starts, seen.open, strict=True):
        left = own & wanted & ~out
        if not left.any():
            continue
        states = around.reached(seen.party, int(start))
        states = states[np.argsort(order[states], kind="stable")]
        begin, size = 0, FIRST
        while begin < len(states) and left.any():
            left &= ~union(seen.bad(states[begin : begin + size], concept))
            begin, size = begin + size, 8 * size
        out |= left
    return out
