"""Counts outcomes that obey rules, without walking through the space.

Sum-product variable elimination: issues are summed out one at a time, always the one
whose joint table is smallest (Dechter 1999, bucket elimination). Exact integers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.case.errors import CaseError, Problem
from detente.model.problem import Factor

MAX_CELLS = 1 << 25
"""Largest joint table that counting makes."""


def count(sizes: Sequence[int], rules: Sequence[Factor]) -> int:
    """Number of outcomes in which every boolean table is true.

    Parameters
    ----------
    sizes
        Options of each issue.
    rules
        Boolean factors.

    Returns
    -------
    int
        Exact, of any size. Cost grows with the largest joint table, not with the space.

    Raises
    ------
    CaseError
        Where the rules join more issues than :data:`MAX_CELLS` allows.

    Examples
    --------
    >>> count([2] * 100, []) == 2**100
    True
    """
    whole = np.int64 if math.prod(sizes) < 2**62 else object
    tables = [(set(rule.scope), rule.scope, rule.table.astype(whole)) for rule in rules]
    left = set(range(len(sizes)))
    result = 1
    while left:
        issue = min(left, key=lambda i: (_joint(i, tables, sizes), i))
        left.discard(issue)
        joined = [entry for entry in tables if issue in entry[0]]
        tables = [entry for entry in tables if issue not in entry[0]]
        scope = tuple(sorted(set().union(*(entry[0] for entry in joined)) | {issue}))
        _check(scope, sizes)
        table = np.ones([sizes[i] for i in scope], dtype=whole)
        for _, own, entries in joined:
            table = table * _aligned(entries, own, scope)
        summed = table.sum(axis=scope.index(issue), dtype=whole)
        rest = tuple(i for i in scope if i != issue)
        if rest:
            tables.append((set(rest), rest, summed))
        else:
            result *= int(summed)
    for _, _, table in tables:  # rules that read no issue
        result *= int(table)
    return result


def _joint(
    issue: int,
    tables: list[tuple[set[int], tuple[int, ...], NDArray[np.int64]]],
    sizes: Sequence[int],
) -> int:
    scope = set().union(*(entry[0] for entry in tables if issue in entry[0])) | {issue}
    return math.prod(sizes[i] for i in scope)


def _aligned(
    table: NDArray[np.int64], own: tuple[int, ...], scope: tuple[int, ...]
) -> NDArray[np.int64]:
    shape = [1] * len(scope)
    for axis, issue in enumerate(own):
        shape[scope.index(issue)] = table.shape[axis]
    return table.reshape(shape)


def _check(scope: tuple[int, ...], sizes: Sequence[int]) -> None:
    cells = math.prod(sizes[i] for i in scope)
    if cells > MAX_CELLS:
        raise CaseError(
            Problem(
                f"the rules tie {len(scope)} issues together: {cells:,} combinations at once, "
                f"more than {MAX_CELLS:,}",
                "let each rule read fewer issues, or take out rules that join far-apart issues",
            )
        )
