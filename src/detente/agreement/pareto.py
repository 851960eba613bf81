"""Non-dominated filtering: which of many integer points are efficient."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.agreement.grid import on_grid
from detente.model.problem import Booleans, Integers

Words = NDArray[np.uint64]

FEW = 192
"""Up to this many points, all pairs are compared at once."""
BLOCK = 1024
"""Dominators tested at once: a bit set for each of their ranks stays in the cache."""
CHUNK = 1024
"""Points tested at once against a block."""


def undominated(points: Integers, objectives: int | None = None) -> Booleans:
    """Which points no other point dominates.

    A point p is dropped where some point q is at least as large in *every* column and
    larger in at least one of the first ``objectives`` columns. Equal points stay together:
    all are kept or none.

    Parameters
    ----------
    points
        Shape (points, columns), ``int64``; larger is better.
    objectives
        How many of the first columns make a difference count; the further columns only
        have to be no worse. All columns where not given: the ordinary Pareto filter.

    Returns
    -------
    mask
        Shape (points,), true where the point is kept.

    Raises
    ------
    ValueError
        Where ``points`` is not a table of integers, has no column, or ``objectives`` is
        not between 1 and the number of columns.

    Notes
    -----
    Exact. With n distinct points, f of them undominated: two columns take a sort; three a
    divide and conquer on the first column (Kung, Luccio & Preparata 1975, Journal of the
    ACM 22: 469–476), O(n (log n)²); k more than three about n f k / 64 word operations on
    bit sets, less where a point falls early. Memory grows with n k only. Columns in which
    all points agree are free.

    Examples
    --------
    >>> undominated(np.array([[3, 1], [1, 3], [1, 1], [3, 1]]))
    array([ True,  True, False,  True])
    >>> undominated(np.array([[3, 1], [3, 0], [2, 1]]), objectives=1)
    array([ True,  True, False])
    """
    if points.ndim != 2 or points.dtype.kind != "i" or not points.shape[1]:
        raise ValueError(
            "points must be a table of integers with one row a point and at least one column, "
            f"not {points.dtype} of shape {points.shape}"
        )
    rows, width = points.shape
    objectives = width if objectives is None else objectives
    if not 1 <= objectives <= width:
        raise ValueError(f"objectives must be from 1 to the {width} columns, not {objectives}")
    if rows <= FEW:
        return _by_pairs(points, objectives)
    columns = [_ranks(points[:, column]) for column in range(width)]
    counting = [column for column in columns[:objectives] if column.any()]
    if not counting:
        return np.ones(rows, dtype=np.bool_)
    table = np.stack(counting + [column for column in columns[objectives:] if column.any()])
    key = _lexicographic(table)
    order = np.argsort(key)
    first = _changes(key[order])
    table = table[:, order[first]]
    kept = _sorted_undominated(table, len(counting))
    mask = np.empty(rows, dtype=np.bool_)
    mask[order] = kept[np.cumsum(first) - 1]
    return mask


def efficient(values: ArrayLike) -> Booleans:
    """Which outcomes are Pareto-efficient.

    An outcome is efficient where no other one is at least as good for every party and
    better for one. Outcomes with the same values are efficient together.

    Parameters
    ----------
    values
        Shape (outcomes, parties). Integers are compared exactly. Floats are snapped, party
        by party, to a decimal grid: the power of ten that leaves 12 significant digits of
        the party's largest magnitude, so that 0.1 + 0.2 ties with 0.3.

    Returns
    -------
    mask
        Shape (outcomes,).

    Raises
    ------
    ValueError
        Where the shape is wrong, there is no party, or an entry is not a finite number.

    See Also
    --------
    undominated : the filter behind it, with its cost.

    Examples
    --------
    >>> efficient([[0.1 + 0.2, 1.0], [0.3, 1.0], [0.2, 1.0]])
    array([ True,  True, False])
    """
    totals, _, _ = on_grid(values)
    return undominated(totals)


def _by_pairs(points: Integers, objectives: int) -> Booleans:
    """Compare all pairs; for few points."""
    size = len(points)
    reached: Booleans = np.ones((size, size), dtype=np.bool_)
    for column in points[:, :objectives].T:
        reached &= column[:, None] >= column
    dominates = reached & ~reached.T
    for column in points[:, objectives:].T:
        dominates &= column[:, None] >= column
    kept: Booleans = np.logical_not(dominates.any(axis=0))
    return kept


def _ranks(column: Integers) -> Integers:
    """Dense ranks of the entries, 0 for the largest."""
    low, high = int(column.min()), int(column.max())
    if high - low < 4 * len(column):
        below = high - column
        present = np.zeros(high - low + 1, dtype=np.int64)
        present[below] = 1
        ranks: Integers = (np.cumsum(present) - 1)[below]
        return ranks
    distinct, inverse = np.unique(column, return_inverse=True)
    return len(distinct) - 1 - inverse.astype(np.int64, copy=False)


def _lexicographic(table: Integers) -> Integers:
    """Keys of the points, shape (points,), that sort like the rows of ranks do."""
    key: Integers = table[0]
    size = int(key.max()) + 1
    for column in table[1:]:
        width = int(column.max()) + 1
        if size * width > 2**62:
            key = np.unique(key, return_inverse=True)[1].astype(np.int64, copy=False)
            size = int(key.max()) + 1
        key, size = key * width + column, size * width
    return key


def _changes(ordered: Integers) -> Booleans:
    """True where an entry differs from the one before it, and for the first."""
    out = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=out[1:])
    return out


def _sorted_undominated(table: Integers, objectives: int) -> Booleans:
    """The filter on distinct points, sorted lexicographically, largest first.

    ``table`` holds ranks, shape (columns, points). Points that agree on all objectives
    form a group; where q dominates p, the group of q comes earlier, and an earlier group
    with no worse rank in the second and later columns dominates. So the place of the
    group stands for the first column.
    """
    begins = np.zeros(table.shape[1], dtype=np.bool_)
    for column in table[:objectives]:
        begins |= _changes(column)
    group: Integers = np.cumsum(begins) - 1
    others = table[1:]
    if len(others) == 0:
        first: Booleans = group == 0
        return first
    if len(others) == 1:
        return _undominated_by_one(group, others[0])
    if len(others) == 2:
        return _undominated_by_two(group, others[0], others[1])
    return _undominated_by_blocks(group, others)


def _undominated_by_one(group: Integers, second: Integers) -> Booleans:
    """Kept where no earlier group has a rank as good: a running minimum."""
    best = np.minimum.accumulate(second)
    start = np.searchsorted(group, group)
    kept: Booleans = (start == 0) | (best[start - 1] > second)
    return kept


def _undominated_by_two(group: Integers, second: Integers, third: Integers) -> Booleans:
    """Kept where no earlier group has both ranks as good: divide and conquer on the group.

    On each level the groups fall into blocks of two halves. In the order of ``second``,
    the least ``third`` so far of a block's first half decides about its second half.
    Points that fell need not be looked at again: what they dominate, their dominator does.
    """
    size = len(group)
    turns = np.argsort(second * size + np.arange(size))
    bits = size.bit_length()
    worst = int(third.max()) + 1
    kept = np.ones(size, dtype=np.bool_)
    place = np.arange(size)
    for level in reversed(range(int(group[-1]).bit_length())):
        now = turns[place]
        half, rank = group[now] >> level, third[now]
        late = (half & 1).astype(np.bool_)
        offset = (half >> 1) * (worst + 1)
        least = np.minimum.accumulate(np.where(late, worst, rank) - offset) + offset
        stays = ~late | (least > rank)
        kept[now[~stays]] = False
        place = np.sort((half[stays] << bits) | place[stays]) & ((1 << bits) - 1)
    return kept


def _undominated_by_blocks(group: Integers, others: Integers) -> Booleans:
    """Kept where no earlier group is as good everywhere: blocks of dominators at a time."""
    kept = np.zeros(len(group), dtype=np.bool_)
    alive = np.arange(len(group))
    strong = np.sort(np.argpartition(others.sum(axis=0), min(BLOCK, len(group)) - 1)[:BLOCK])
    alive = alive[~_covered(group, others, strong, alive)]
    while len(alive):
        block = alive[:BLOCK]
        fallen = _covered(group, others, block, alive)
        kept[block] = ~fallen[:BLOCK]
        alive = alive[BLOCK:][~fallen[BLOCK:]]
    return kept


def _covered(group: Integers, others: Integers, block: Integers, alive: Integers) -> Booleans:
    """Which points of ``alive`` some point of ``block`` dominates; both ascending.

    The dominators of a point are the intersection of one set a column, the members of the
    block that are no worse in it, and of the members that come in an earlier group. Each
    set is a row of a table, found by the point's rank.
    """
    out = np.zeros(len(alive), dtype=np.bool_)
    tables = []
    reached = np.arange(len(alive))
    for column in others:
        order = np.argsort(column[block])
        ranks = column[block][order]
        steps = np.diff(ranks, prepend=0, append=int(column.max()) + 1)
        tables.append((_bit_sets(order), np.repeat(np.arange(len(block) + 1), steps)))
        reached = reached[column[alive[reached]] >= ranks[0]]
    alive = alive[reached]
    first = int(np.searchsorted(group[alive], group[block[-1]], side="right"))
    earlier = np.searchsorted(group[block], group[alive[:first]])
    before = _bit_sets(np.arange(len(block)))
    common, members = np.empty((2, CHUNK, before.shape[1]), dtype=np.uint64)
    for start in range(0, len(alive), CHUNK):
        points = alive[start : start + CHUNK]
        common, members = common[: len(points)], members[: len(points)]
        common.fill(np.iinfo(np.uint64).max)
        for column, (sets, reach) in zip(others, tables, strict=True):
            # Without "clip" numpy would fill a buffer of its own first; nothing is clipped.
            np.take(sets, reach[column[points]], axis=0, out=members, mode="clip")
            common &= members
        limits = earlier[start : start + CHUNK]
        common[: len(limits)] &= before[limits]
        out[reached[start : start + CHUNK]] = common.any(axis=1)
    return out


def _bit_sets(order: Integers) -> Words:
    """Row c is the set of the first c members of ``order``, as bits of words."""
    size = len(order)
    sets = np.zeros((size + 1, (size + 63) // 64), dtype=np.uint64)
    sets[np.arange(1, size + 1), order // 64] = np.uint64(1) << (order % 64).astype(np.uint64)
    return np.bitwise_or.accumulate(sets, axis=0)
