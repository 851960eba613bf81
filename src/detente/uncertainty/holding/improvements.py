"""The moves of all movers, and in which codings each is better for who makes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from detente.model.problem import Floats, Integers
from detente.uncertainty.holding.bits import Rows, Words, packed
from detente.uncertainty.holding.kinds import Kinds
from detente.uncertainty.holding.neighbourhood import Neighbourhood

MOST_MOVES = 1 << 16
"""Moves looked at at once, or those of one state."""
BLOCK = 1024
"""Kinds of change judged at once."""


class Improvements:
    """The improvements of all movers, in many codings.

    Parameters
    ----------
    around
        The neighbourhood of the outcome.
    terms
        The terms of every party, each (codings, terms).
    """

    def __init__(self, around: Neighbourhood, terms: Sequence[Floats]) -> None:
        self.around = around
        self._words = -(-len(terms[0]) // 64)
        self._rows = [
            None if kinds is None else _judged(kinds, terms, self._words) for kinds in around.kinds
        ]

    def moves(
        self, place: int, states: Integers, *, free: bool
    ) -> Iterator[tuple[Integers, Integers, Words]]:
        """The moves of one mover that are made in some coding, portion by portion.

        Parameters
        ----------
        place
            Position of the mover.
        states
            From where.
        free
            Whether a mover whose preferences are not known makes every move, or none.

        Yields
        ------
        tuple
            From which of the states, to which state, and in which codings: shapes (moves,),
            (moves,) and (moves, words).
        """
        kinds, rows = self.around.kinds[place], self._rows[place]
        if kinds is None and not free:
            return
        heads, begins, ends = self.around.conflict.movers[place].ranges(states, improving=False)
        length = ends - begins
        done = np.cumsum(length)
        begin = 0
        while begin < len(states):
            most = (done[begin - 1] if begin else 0) + MOST_MOVES
            end = max(begin + 1, int(np.searchsorted(done, most, side="right")))
            some = length[begin:end]
            source = np.repeat(np.arange(begin, end), some)
            first = begins[begin:end] - np.cumsum(some) + some
            to = heads[np.repeat(first, some) + np.arange(len(source))]
            if kinds is None or rows is None:
                made = np.full((len(to), self._words), ~np.uint64(0))
            else:
                made = rows.at(kinds.at(states[source], to))
            kept = np.flatnonzero(made.any(axis=1))
            yield source[kept], to[kept], made[kept]
            begin = end


def _judged(kinds: Kinds, terms: Sequence[Floats], words: int) -> Rows:
    own = [terms[member] for member in kinds.mover.members]
    return Rows(words, lambda numbers: packed(kinds.improving(numbers, own)), BLOCK)
