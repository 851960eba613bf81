"""The efficient outcomes, as every engine returns them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from detente.model.problem import Integers


class TooLarge(Exception):
    """An engine met a limit it was given; nothing was truncated, nothing is returned.

    The message says which limit, how far it got, and what to do.
    """


@dataclass(frozen=True, eq=False)
class Front:
    """Efficient outcomes, grouped by what they are worth to the signing parties.

    Parameters
    ----------
    points
        Distinct totals of the objectives, shape (points, objectives), sorted
        lexicographically, largest first.
    counts
        For each point the number of outcomes with exactly these totals.
    listing
        ``listing(points, limit)``: option positions, shape (outcomes, issues), of the
        outcomes of the given points (positions in ``points``), in index order: all of
        them, or the first ``limit`` where there are more.
    """

    points: Integers
    counts: tuple[int, ...]
    listing: Callable[[Integers, int], Integers]

    @property
    def count(self) -> int:
        """Number of efficient outcomes (not of points)."""
        return sum(self.counts)
