"""What a party prefers, as whole numbers: ranks, and the rank from which on a state is better."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from detente.model.problem import Booleans, Integers
from detente.model.values import LARGEST


@dataclass(frozen=True, eq=False)
class Preference:
    """An order of the states, with a band in which differences do not count.

    Parameters
    ----------
    rank
        Place of each state in the order, worst first and ties alike; shape (states,).
    need
        The least rank that is better than each state: one above the own, or more where a
        small gain does not count; the number of ranks where none is better.
    """

    rank: Integers
    need: Integers

    def better(self, state: int) -> Booleans:
        """Which states are better than this one."""
        out: Booleans = self.rank >= self.need[state]
        return out


def preference(totals: Integers, least: int = 1) -> Preference:
    """An order from totals.

    Parameters
    ----------
    totals
        What each state is worth, in whole units; shape (states,).
    least
        The least difference that counts, in the same units; at least 1.

    Examples
    --------
    >>> preference(np.array([5, 9, 5, 6]), least=2).need
    array([2, 3, 2, 2])
    """
    levels, rank = np.unique(totals, return_inverse=True)
    span = int(levels[-1] - levels[0]) + 1 if len(levels) else 1  # as good as anything larger
    need = np.searchsorted(levels, levels + min(least, span))
    return Preference(rank.astype(np.int64), need[rank].astype(np.int64))


def least_difference(band: Fraction, unit: Fraction) -> int:
    """The least difference of totals that counts: a gain of the band itself does."""
    return min(max(1, math.ceil(band / unit)), LARGEST)
