"""The efficient outcomes, as every engine returns them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from detente.model.problem import Integers, Problem, mentioned


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


def consent_follows(problem: Problem) -> bool:
    """Whether consent reads nothing but objectives.

    Then whatever dominates an acceptable outcome is acceptable too, and the efficient ones
    among the acceptable outcomes are the efficient outcomes that are acceptable.
    """
    return mentioned(problem.consent) <= set(problem.objectives)


def accepted_part(problem: Problem, feasible: Front) -> Front:
    """The efficient outcomes that are acceptable, where :func:`consent_follows`.

    Parameters
    ----------
    problem
        The case as the engines see it.
    feasible
        Its efficient outcomes among all feasible ones.
    """
    totals = np.zeros((len(feasible.points), len(problem.criteria)), dtype=np.int64)
    totals[:, problem.objectives] = feasible.points
    rows = np.flatnonzero(problem.acceptable(totals))
    return Front(
        feasible.points[rows],
        tuple(feasible.counts[row] for row in rows),
        lambda points, limit: feasible.listing(rows[points], limit),
    )
