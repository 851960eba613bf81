"""Walks through a whole outcome space in blocks of bounded memory.

The issues are cut in two: the last ones, whose combinations fill a block, and the first
ones, which are stepped through. What depends on the last issues alone is computed once;
per block only the tables that read a stepped issue are added, by broadcasting.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.model.problem import Factor, Integers, Problem
from detente.model.space import BLOCK

Progress = Callable[[int, int], None]
"""Called with outcomes done and outcomes in all."""


@dataclass(frozen=True, eq=False)
class Block:
    """The feasible outcomes of one stretch of the space.

    Parameters
    ----------
    indices
        Their indices, ascending.
    totals
        Totals of every criterion, shape (outcomes, criteria).
    """

    indices: Integers
    totals: Integers


def walk(problem: Problem, block: int = BLOCK, progress: Progress | None = None) -> Iterator[Block]:
    """All feasible outcomes with their totals, block by block in index order.

    Time grows with the space times the criteria (some 50 million outcomes a second for
    one criterion); memory with ``block`` only. Blocks without feasible outcomes are left
    out.
    """
    sizes = problem.space.sizes
    cut = len(sizes)
    while cut > 0 and math.prod(sizes[cut - 1 :]) <= block:
        cut -= 1
    rules = _Sum(problem.rules, sizes, cut, combine=np.logical_and)
    sums = [_Sum(entry.factors, sizes, cut, combine=np.add) for entry in problem.criteria]
    length = math.prod(sizes[cut:])
    heads = math.prod(sizes[:cut])
    for number, head in enumerate(itertools.product(*map(range, sizes[:cut]))):
        allowed = rules.at(head)
        if allowed.any():
            kept = np.flatnonzero(allowed)
            totals = np.empty((len(sums), len(kept)), dtype=np.int64)
            whole = len(kept) == length
            for row, column in enumerate(sums):
                values = column.at(head)
                totals[row] = values if whole else values[kept]
            yield Block(kept + number * length, totals.T)
        if progress is not None:
            progress((number + 1) * length, heads * length)


class _Sum:
    """Factors joined over the last issues, for any choice of the first ones."""

    def __init__(
        self,
        factors: Sequence[Factor],
        sizes: Sequence[int],
        cut: int,
        combine: Callable[..., Any],
    ) -> None:
        self.shape = tuple(sizes[cut:])
        self.combine = combine
        boolean = combine is np.logical_and
        start: NDArray[Any] = (
            np.ones(self.shape, np.bool_) if boolean else np.zeros(self.shape, np.int64)
        )
        self.stepped: list[tuple[tuple[int, ...], NDArray[Any], tuple[int, ...]]] = []
        for factor in factors:
            first = tuple(position for position in factor.scope if position < cut)
            last = {position - cut for position in factor.scope if position >= cut}
            shape = tuple(size if axis in last else 1 for axis, size in enumerate(self.shape))
            if first:
                self.stepped.append((first, factor.table, shape))
            else:
                start = combine(start, factor.table.reshape(shape))
        self.start = start

    def at(self, head: tuple[int, ...]) -> NDArray[Any]:
        """The joined table for one choice of the first issues, as a flat array."""
        out = self.start
        for first, table, shape in self.stepped:
            entry = table[tuple(head[position] for position in first)]
            out = self.combine(out, entry.reshape(shape))
        return out.ravel()
