"""Walks through a whole outcome space in blocks of bounded memory.

The issues are cut in two: the last ones, whose combinations fill a block, and the first
ones, which are stepped through. What reads the last issues alone is computed once, what
reads stepped issues alone is one number a block; only a table that reads both is added
anew, by broadcasting. Numbers are held in as few bits as they need.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.model.problem import Booleans, Criterion, Factor, Integers, Problem

Progress = Callable[[int, int], None]
"""Called with outcomes done and outcomes in all."""

BLOCK = 1 << 17
"""Most outcomes handled at once: many enough for numpy, few enough for the cache."""

Numbers = NDArray[np.signedinteger[Any]]
"""Integers of 16, 32 or 64 bits."""


@dataclass(frozen=True, eq=False)
class Block:
    """One stretch of the space, with at least one feasible outcome.

    Parameters
    ----------
    first
        Index of the first outcome of the stretch.
    allowed
        Which outcomes of the stretch obey the rules.
    columns
        For each criterion a number for every outcome of the stretch, and what has to be
        added to all of them to get the criterion's totals.
    """

    first: int
    allowed: Booleans
    columns: tuple[tuple[Numbers, int], ...]

    @property
    def indices(self) -> Integers:
        """Indices of the feasible outcomes, ascending."""
        return np.flatnonzero(self.allowed) + self.first

    @property
    def totals(self) -> Integers:
        """Totals of every criterion, shape (feasible outcomes, criteria)."""
        kept = np.flatnonzero(self.allowed)
        out = np.empty((len(self.columns), len(kept)), dtype=np.int64)
        for row, (numbers, shift) in zip(out, self.columns, strict=True):
            np.add(numbers[kept], shift, out=row, dtype=np.int64)
        return out.T

    def meets(self, criterion: int, threshold: int) -> Booleans:
        """Which outcomes of the stretch, feasible or not, have at least this total."""
        numbers, shift = self.columns[criterion]
        reached: Booleans = numbers >= threshold - shift  # exact, also out of the type's range
        return reached


def walk(problem: Problem, block: int = BLOCK, progress: Progress | None = None) -> Iterator[Block]:
    """The whole space, block by block in index order.

    Time grows with the space times the criteria; memory with ``block`` only. Blocks
    without feasible outcomes are left out.
    """
    sizes = problem.space.sizes
    cut = len(sizes)
    while cut > 0 and math.prod(sizes[cut - 1 :]) <= block:
        cut -= 1
    rules = _Rules(problem.rules, sizes, cut)
    sums = [_Sum(criterion, sizes, cut) for criterion in problem.criteria]
    length = math.prod(sizes[cut:])
    heads = math.prod(sizes[:cut])
    for number, head in enumerate(itertools.product(*map(range, sizes[:cut]))):
        allowed = rules.at(head)
        if allowed.any():
            yield Block(number * length, allowed, tuple(column.at(head) for column in sums))
        if progress is not None:
            progress((number + 1) * length, heads * length)


class _Rules:
    """Rules joined over the last issues, for any choice of the first ones."""

    def __init__(self, factors: Sequence[Factor], sizes: Sequence[int], cut: int) -> None:
        self.parts = _Parts(factors, sizes, cut)
        self.joined = np.ones(self.parts.shape, dtype=np.bool_)
        for table in self.parts.last:
            self.joined &= table
        self.none = np.zeros(self.joined.size, dtype=np.bool_)

    def at(self, head: tuple[int, ...]) -> Booleans:
        """Which outcomes with this choice of the first issues are feasible, flat."""
        if not all(_entry(table, places, head) for places, table in self.parts.first):
            return self.none
        out = self.joined
        for places, table, shape in self.parts.both:
            out = out & _entry(table, places, head).reshape(shape)
        return out.ravel()


class _Sum:
    """A criterion over the last issues, for any choice of the first ones."""

    def __init__(self, criterion: Criterion, sizes: Sequence[int], cut: int) -> None:
        kind = _least_kind(criterion.factors)
        narrow = [Factor(each.scope, each.table.astype(kind)) for each in criterion.factors]
        self.parts = _Parts(narrow, sizes, cut)
        self.joined = np.zeros(self.parts.shape, dtype=kind)
        for table in self.parts.last:
            self.joined += table

    def at(self, head: tuple[int, ...]) -> tuple[Numbers, int]:
        """Numbers of the outcomes with this choice, flat, and what to add to all of them."""
        shift = sum(int(_entry(table, places, head)) for places, table in self.parts.first)
        out = self.joined
        for places, table, shape in self.parts.both:
            out = out + _entry(table, places, head).reshape(shape)
        return out.ravel(), shift


class _Parts:
    """Factors by what they read: the last issues, the first ones, or both."""

    def __init__(self, factors: Sequence[Factor], sizes: Sequence[int], cut: int) -> None:
        self.shape = tuple(sizes[cut:])
        self.last: list[NDArray[Any]] = []
        self.first: list[tuple[tuple[int, ...], NDArray[Any]]] = []
        self.both: list[tuple[tuple[int, ...], NDArray[Any], tuple[int, ...]]] = []
        for factor in factors:
            places = tuple(position for position in factor.scope if position < cut)
            read = {position - cut for position in factor.scope if position >= cut}
            shape = tuple(size if axis in read else 1 for axis, size in enumerate(self.shape))
            if not read:
                self.first.append((places, factor.table))
            elif places:
                self.both.append((places, factor.table, shape))
            else:
                self.last.append(factor.table.reshape(shape))


def _entry(table: NDArray[Any], places: tuple[int, ...], head: tuple[int, ...]) -> Any:
    """What is left of a table when the stepped issues it reads are fixed."""
    return table[tuple(head[position] for position in places)]


def _least_kind(factors: Sequence[Factor]) -> type[np.signedinteger[Any]]:
    """The smallest type that holds every partial sum; totals fit 64 bits anyway."""
    reach = sum(int(np.abs(factor.table).max()) for factor in factors)
    kinds: tuple[type[np.signedinteger[Any]], ...] = (np.int16, np.int32)
    return next((kind for kind in kinds if reach <= np.iinfo(kind).max), np.int64)
