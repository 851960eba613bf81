"""Partial totals by combination of options: what passes between eliminated issues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.agreement.engines.elimination.derivation import Exact, Leaf, Source, Step, spans
from detente.agreement.engines.elimination.reduction import LARGEST, Task
from detente.agreement.engines.front import TooLarge
from detente.agreement.pareto import undominated
from detente.model.problem import Factor, Integers
from detente.model.space import Space, strides

BLOCK = 1 << 21
"""Candidates formed at once, unless a single row alone has more."""


@dataclass(frozen=True, eq=False)
class Work:
    """What all steps share.

    Parameters
    ----------
    space
        The issues and options.
    task
        What elimination has to carry.
    limit
        Largest number of ways that a step may keep, see :func:`join`.
    """

    space: Space
    task: Task
    limit: int


@dataclass(frozen=True, eq=False)
class Message:
    """Partial totals, one a row, by combination of the options of the issues in scope.

    Parameters
    ----------
    scope
        Positions of the issues that the totals still depend on, ascending.
    codes
        For each row the number of its combination (mixed radix), ascending.
    totals
        Partial totals, shape (rows, columns of the task).
    counts
        For each row the number of combinations of the eliminated issues behind it.
    reach
        Upper bound of each column.
    source
        The trail back to these combinations.
    """

    scope: tuple[int, ...]
    codes: Integers
    totals: Integers
    counts: Exact
    reach: Integers
    source: Source


@dataclass(frozen=True, eq=False)
class _Candidates:
    """Sums of a left and a right row, one a row, and which rows these were."""

    codes: Integers
    totals: Integers
    left: Integers
    right: Integers

    def __getitem__(self, rows: Integers) -> _Candidates:
        return _Candidates(self.codes[rows], self.totals[rows], self.left[rows], self.right[rows])

    def __add__(self, other: _Candidates) -> _Candidates:
        if not len(self.codes):
            return other
        return _Candidates(
            np.concatenate((self.codes, other.codes)),
            np.concatenate((self.totals, other.totals)),
            np.concatenate((self.left, other.left)),
            np.concatenate((self.right, other.right)),
        )


def joint_table(
    work: Work, scope: tuple[int, ...], tables: Sequence[int], issue: int | None = None
) -> Message:
    """The combinations in scope that some tables allow, with the totals of these tables.

    Parameters
    ----------
    work
        The space and the task.
    scope
        Positions of issues, ascending, that the tables read; all their combinations are
        formed.
    tables
        Positions, in the task's scopes, of the rules and tables to put together.
    issue
        The one issue in scope whose options the rows stand for in the trail; the others
        are accounted for where they are eliminated.
    """
    task, space = work.task, work.space
    shape = [space.sizes[position] for position in scope]
    allowed = np.ones(shape, dtype=np.bool_)
    totals = np.zeros((*shape, len(task.reach)), dtype=np.int64)
    reach = np.zeros_like(task.reach)
    for position in tables:
        if position < len(task.rules):
            allowed &= _spread(task.rules[position], scope, shape)
        else:
            column, factor = task.tables[position - len(task.rules)]
            totals[..., column] += _spread(factor, scope, shape)
            reach[column] += factor.table.max()
    codes = np.flatnonzero(allowed)
    totals = totals.reshape(-1, len(task.reach))[codes]
    values: Exact = np.zeros(len(codes), dtype=np.int64)
    if issue is not None:
        stride = space.strides[issue]
        options = [option * stride for option in range(space.sizes[issue])]
        steps = np.array(options, dtype=np.int64 if space.total < 2**63 else object)
        values = steps[_projected(space, codes, scope, (issue,))]
    return Message(scope, codes, totals, np.ones(len(codes), np.int64), reach, Leaf(values))


def _spread(factor: Factor, scope: tuple[int, ...], shape: Sequence[int]) -> NDArray[Any]:
    """The factor's table with an axis for each issue in scope, of length 1 where not read."""
    axes = zip(scope, shape, strict=True)
    return factor.table.reshape([size if issue in factor.scope else 1 for issue, size in axes])


def _projected(
    space: Space, codes: Integers, scope: tuple[int, ...], onto: tuple[int, ...]
) -> Integers:
    """Codes of combinations of the issues in ``scope`` as codes of those in ``onto``."""
    if onto == scope:
        return codes
    weights = dict(zip(scope, strides([space.sizes[issue] for issue in scope]), strict=True))
    out = np.zeros(len(codes), dtype=np.int64)
    for issue in onto:
        size = space.sizes[issue]
        out = out * size + codes // weights[issue] % size
    return out


def join(
    work: Work,
    left: Message,
    right: Message,
    *,
    scope: tuple[int, ...],
    reach: Integers,
    what: str,
) -> Message:
    """Add every row of ``right`` to the rows of ``left`` that it agrees with, and filter.

    Candidates are formed and filtered in blocks, so that memory is bounded by the rows kept.

    Parameters
    ----------
    work
        The space, the task and the limit.
    left, right
        What to add up; ``right`` reads no issue that ``left`` does not.
    scope
        What the result still depends on, within the scope of ``left``.
    reach
        Upper bounds of the complete totals, by which hopeless rows are dropped.
    what
        How to call this step in an error.

    Raises
    ------
    TooLarge
        Where more than the limit of ways, pairs of a left and a right row, are kept.
    """
    rest = reach - left.reach - right.reach
    codes = _projected(work.space, left.codes, left.scope, scope)
    wanted = _projected(work.space, left.codes, left.scope, right.scope)
    first = np.searchsorted(right.codes, wanted)
    matches = np.searchsorted(right.codes, wanted, side="right") - first
    none = np.zeros(0, dtype=np.int64)
    kept = _Candidates(none, left.totals[:0], none, none)
    starts = np.zeros(1, dtype=np.int64)
    for start, stop in _cuts(matches):
        lengths = matches[start:stop]
        rows = np.repeat(np.arange(start, stop), lengths)
        others = spans(first[start:stop], lengths)
        block = _Candidates(codes[rows], left.totals[rows] + right.totals[others], rows, others)
        kept += _settled(work.task, block, rest)
        order, starts = frontier(kept.codes, kept.totals, work.task)
        kept = kept[order]
        if len(order) > work.limit:
            raise TooLarge(
                f"{what} leaves {len(order):,} ways to make {len(starts) - 1:,} partial totals, "
                f"more than the limit of {work.limit:,}: use another engine or a larger limit "
                "(--engine, --exact-limit)"
            )
    source = Step(
        (left.source, right.source),
        (_compact(kept.left, len(left.codes)), _compact(kept.right, len(right.codes))),
        starts,
    )
    counts = counted(left.counts[kept.left], right.counts[kept.right], starts)
    rows = starts[:-1]
    return Message(
        scope, kept.codes[rows], kept.totals[rows], counts, left.reach + right.reach, source
    )


def _cuts(matches: Integers) -> Iterator[tuple[int, int]]:
    """Cut rows into ranges (start, stop) of at most ``BLOCK`` matches, one row at least."""
    ends = np.cumsum(matches)
    start, before = 0, 0
    while start < len(matches):
        stop = max(start + 1, int(np.searchsorted(ends, before + BLOCK, side="right")))
        yield start, stop
        start, before = stop, int(ends[stop - 1])


def _settled(task: Task, rows: _Candidates, rest: Integers) -> _Candidates:
    """Drop rows that miss a required total at best; level what can no longer matter.

    Beyond the objectives it matters only whether a criterion is met: where that is
    certain, all totals become the same one, and where it is out of reach they become 0.
    """
    for column in np.flatnonzero(task.floor > 0):
        hopeful = rows.totals[:, column] + rest[column] >= task.floor[column]
        if not hopeful.all():
            rows = rows[np.flatnonzero(hopeful)]
    others = rows.totals[:, task.objectives :]
    within = others + rest[task.objectives :] >= task.enough
    rows.totals[:, task.objectives :] = np.where(within, np.minimum(others, task.enough), 0)
    return rows


def frontier(codes: Integers, totals: Integers, task: Task) -> tuple[Integers, Integers]:
    """Sort the rows that no row with the same code dominates, and group equal ones.

    Parameters
    ----------
    codes
        For each row the number of its combination, not negative.
    totals
        Shape (rows, columns): all columns of the task, or its objectives alone.
    task
        How many columns are objectives, and bounds of all columns.

    Returns
    -------
    order
        Positions of the rows kept, by code, then by totals, ascending.
    starts
        Where in ``order`` each distinct row starts, and the length of ``order``.
    """
    if not len(codes):
        return np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.int64)
    size = int(codes.max()) + 1
    columns = [(totals[:, place], int(task.reach[place]) + 1) for place in range(totals.shape[1])]
    points = totals
    if codes.min() != codes.max():
        # Rows with different codes must not be compared: a larger code is made better in
        # the first column and worse in the second one, more than the totals can make up.
        points = totals.copy() if len(columns) > 1 else np.repeat(totals, 2, axis=1)
        second = columns[1:2] if len(columns) > 1 else []
        points[:, 0] = _ranks([(codes, size), columns[0]])
        points[:, 1] = _ranks([(size - 1 - codes, size), *second])
    kept = np.flatnonzero(undominated(points, task.objectives))
    key = _ranks([(codes[kept], size)] + [(column[kept], span) for column, span in columns])
    place = np.argsort(key)
    key = key[place]
    starts = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1], [True])))
    return kept[place], starts


def _ranks(columns: Sequence[tuple[Integers, int]]) -> Integers:
    """One number a row that orders the rows lexicographically, equal for equal rows.

    ``columns`` are pairs of entries and a number above all of them; no entry is negative.
    """
    out = np.zeros_like(columns[0][0])
    size = 1
    for entries, span in columns:
        digits, base = entries, span
        if size * base > LARGEST:
            out, size = _dense(out)
        if size * base > LARGEST:
            digits, base = _dense(entries)
        out = out * base + digits
        size *= base
    return out


def _dense(column: Integers) -> tuple[Integers, int]:
    distinct, inverse = np.unique(column, return_inverse=True)
    return inverse, len(distinct)


def counted(left: Exact, right: Exact, starts: Integers) -> Exact:
    """Sums of products of counts over the ways of each row, exact.

    Parameters
    ----------
    left, right
        Counts of what each way combines; either may have length 1.
    starts
        Where the ways of each row start, and their number.

    Returns
    -------
    counts
        One a row; Python integers in an object array where 64 bits might not do.
    """
    if not len(left):
        return np.zeros(0, dtype=np.int64)
    if int(left.max()) * int(right.max()) * len(left) >= 2**63:
        left = left.astype(object)
    counts: Exact = np.add.reduceat(left * right, starts[:-1])
    return counts


def _compact(rows: Integers, size: int) -> NDArray[np.integer]:
    """Row numbers below ``size`` in the least memory."""
    return rows.astype(np.min_scalar_type(size))
