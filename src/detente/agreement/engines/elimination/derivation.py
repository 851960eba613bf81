"""Which outcomes stand behind a partial result: the trail that elimination leaves.

Rows of a :class:`Step` are made from pairs of rows of two earlier sources; rows of a
:class:`Leaf` are options of an issue. Together they form a tree of sources in which every
outcome behind a row picks exactly one row of each source, and no two picks give the same
outcome. A leaf's row adds ``option * stride`` to the outcome's index, so the index is a sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.model.problem import Integers
from detente.model.space import Space

Exact = NDArray[Any]
"""Integers of any size: ``int64`` where all fit, else Python integers in an object array."""


@dataclass(frozen=True, eq=False)
class Leaf:
    """Rows that are options.

    Parameters
    ----------
    values
        What each row adds to the outcome's index.
    """

    values: Exact


@dataclass(frozen=True, eq=False)
class Step:
    """Rows that are made from rows of earlier sources.

    Parameters
    ----------
    parents
        The sources that are combined.
    pointers
        For each parent, the row that each way takes of it.
    starts
        Row i can be made in the ways ``starts[i]`` up to, not including, ``starts[i + 1]``;
        there is at least one.
    """

    parents: tuple[Source, ...]
    pointers: tuple[NDArray[np.integer], ...]
    starts: Integers

    def ways(self, rows: Integers) -> tuple[Integers, Integers]:
        """All ways to make the given rows, and for each way the position of its row."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        return spans(self.starts[rows], lengths), np.repeat(np.arange(len(rows)), lengths)


Source = Leaf | Step


def spans(starts: Integers, lengths: Integers) -> Integers:
    """The ranges ``start, start + 1, …`` of the given lengths, one after another.

    Examples
    --------
    >>> spans(np.array([5, 0]), np.array([2, 3]))
    array([5, 6, 0, 1, 2])
    """
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + lengths, lengths)


def first_outcomes(root: Source, rows: Integers, limit: int, space: Space) -> Integers:
    """Outcomes behind some rows, in index order: all, or the first ``limit``.

    The sources are opened from the root down. A state has picked one row of every source
    opened so far; it stands for a set of outcomes, of which the least index is known
    beforehand, as the sum of the least indices behind its rows. The sets of different
    states are disjoint, so of more than ``limit`` states only the ``limit`` with the least
    indices can hold one of the first ``limit`` outcomes.

    Parameters
    ----------
    root
        The source that the rows belong to.
    rows
        Positions of rows of the root.
    limit
        Largest number of outcomes wanted.
    space
        The issues and options.

    Returns
    -------
    codes
        Option positions, shape (outcomes, issues).

    Notes
    -----
    Time grows with the ways behind the rows plus the sources times ``limit``, not with the
    number of outcomes.
    """
    rows = np.unique(np.asarray(rows, dtype=np.int64))
    if limit < 1 or not len(rows):
        return np.zeros((0, len(space.sizes)), dtype=np.int64)
    order = _parents_last(root)
    needed, least = _least_indices(order, rows)
    states = {root: np.arange(len(rows))}
    bounds = least[root]
    for source in order:
        current = states.pop(source)
        if isinstance(source, Step):
            ways, state = source.ways(needed[source][current])
            bounds = (bounds - least[source][current])[state]
            states = {other: places[state] for other, places in states.items()}
            for parent, pointer in zip(source.parents, source.pointers, strict=True):
                states[parent] = np.searchsorted(needed[parent], pointer[ways])
                bounds = bounds + least[parent][states[parent]]
            if len(bounds) > limit:
                best = np.argsort(bounds)[:limit]
                bounds = bounds[best]
                states = {other: places[best] for other, places in states.items()}
    indices = np.sort(bounds)
    digits = [
        (indices // stride % size).astype(np.int64)
        for stride, size in zip(space.strides, space.sizes, strict=True)
    ]
    return np.stack(digits, axis=1) if digits else np.zeros((len(indices), 0), dtype=np.int64)


def _parents_last(root: Source) -> list[Source]:
    """The root and all sources behind it; every source stands before its parents."""
    order: list[Source] = []
    stack = [root]
    while stack:
        source = stack.pop()
        order.append(source)
        if isinstance(source, Step):
            stack.extend(source.parents)
    return order


def _least_indices(
    order: list[Source], rows: Integers
) -> tuple[Mapping[Source, Integers], Mapping[Source, Exact]]:
    """For every source the rows needed, ascending, and the least index behind each."""
    needed = {order[0]: rows}
    for source in order:
        if isinstance(source, Step):
            ways, _ = source.ways(needed[source])
            for parent, pointer in zip(source.parents, source.pointers, strict=True):
                needed[parent] = np.unique(pointer[ways]).astype(np.int64)
    least: dict[Source, Exact] = {}
    for source in reversed(order):
        if isinstance(source, Leaf):
            least[source] = source.values[needed[source]]
            continue
        ways, row = source.ways(needed[source])
        sums = sum(
            least[parent][np.searchsorted(needed[parent], pointer[ways])]
            for parent, pointer in zip(source.parents, source.pointers, strict=True)
        )
        first = np.searchsorted(row, np.arange(len(needed[source])))
        least[source] = np.minimum.reduceat(sums, first)
    return needed, least
