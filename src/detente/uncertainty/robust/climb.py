"""A good package to start from, improved by single changes."""

from __future__ import annotations

import numpy as np

from detente.agreement.packages.changes import applied, single_moves
from detente.model.problem import Floats, Integers, Problem
from detente.uncertainty.robust.codings import Codings, agreed, batches
from detente.uncertainty.robust.shares import has_scores, smallest_gains


def climb(
    problem: Problem, codings: Codings, starts: Integers, memory: int
) -> tuple[Integers, int] | None:
    """The best of some packages, and of what single changes make of it, step by step.

    Better is what is acceptable to all in more codings; among equals, what has the larger
    expected smallest gain. No better single change is left at the end; it is not the best
    of all packages for that.

    Parameters
    ----------
    problem
        The case as the engines see it.
    codings
        The codings.
    starts
        Option positions, shape (packages, issues); those that break rules are passed over.
    memory
        Bytes for arrays over packages and codings.

    Returns
    -------
    tuple
        Option positions, and the codings in which it is acceptable to all; None where no
        start obeys the rules.
    """
    around, best = starts, None
    while True:
        around = around[problem.feasible(around)]
        if not len(around):
            break
        counts, gains = _merits(problem, codings, around, memory)
        first = int(np.lexsort((np.arange(len(around)), -gains, -counts))[0])
        merit = int(counts[first]), float(gains[first])
        if best is not None and merit <= best[1]:
            break
        best = around[first], merit
        around = applied(best[0].tolist(), single_moves(problem.space, best[0].tolist()))
    return None if best is None else (best[0], best[1][0])


def _merits(
    problem: Problem, codings: Codings, codes: Integers, memory: int
) -> tuple[Integers, Floats]:
    counts = np.zeros(len(codes), dtype=np.int64)
    gains = np.zeros(len(codes))
    for start, stop in batches(problem, codings, len(codes), memory):
        some = codes[start:stop]
        counts[start:stop] = agreed(problem, codings, some).sum(axis=1)
        if has_scores(problem):
            gains[start:stop] = smallest_gains(problem, codings, some).mean(axis=1)
    return counts, gains
