"""Values as exact integer tables: what an outcome is worth to a party or a faction.

Scores are read as exact fractions, weighted, and multiplied by their common denominator,
so that sums are integers and ties are ties. Rankings and priorities become integers too,
of which only the order has a meaning.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from detente.case.bargaining import Values
from detente.model.expressions import check_size, expression_factor
from detente.model.problem import Criterion, Factor, Integers
from detente.model.space import Space

LARGEST = 1 << 60
"""Bound on totals, so that sums of a few of them still fit 64 bits."""

Part = tuple[tuple[int, ...], list[Fraction], Integers]
"""A scope, numbers, and which of them the entries of its table are, in index order."""


def criterion(
    name: str, values: Values, walk_away: Fraction | Mapping[str, str], space: Space
) -> Criterion:
    """Compile a party's values.

    Parameters
    ----------
    name
        ``party`` or ``party.faction``.
    values
        As in the case: scores with or without weights, priorities, or a ranking.
    walk_away
        A number of points, or the complete outcome whose value is the walk-away.
    space
        Issues and options.

    Returns
    -------
    Criterion
        Exact where the numbers fit 60 bits once they have a common denominator; else
        rounded to the finest grid that fits, with ``exact`` false.
    """
    if values.ranking is not None:
        factors: tuple[Factor, ...] = (_ranking(values, space),)
        return _ordinal(name, factors, walk_away, space)
    if values.priorities is not None:
        count = len(values.priorities)
        factors = tuple(
            _scaled(expression_factor(statement, space), 1 << (count - 1 - place))
            for place, statement in enumerate(values.priorities)
        )
        return _ordinal(name, factors, walk_away, space)
    return _cardinal(name, _parts(values, space), walk_away, space)


def walk_away_value(criterion: Criterion) -> Fraction:
    """The walk-away value in points."""
    return criterion.threshold * criterion.unit


def _parts(values: Values, space: Space) -> list[Part]:
    """Tables of exact fractions: one per scored issue, one per adjustment."""
    scores = values.scores or {}
    weights = {issue: Fraction(1) for issue in scores}
    if values.weights is not None:
        total = sum((w.point for w in values.weights.values()), Fraction(0))
        weights = {issue: w.point / total for issue, w in values.weights.items()}
    parts: list[Part] = []
    for issue, table in scores.items():
        position = space.issue_position[issue]
        entries = [weights[issue] * table[option].point for option in space.options[position]]
        parts.append(((position,), entries, np.arange(len(entries))))
    for adjustment in values.adjustments:
        factor = expression_factor(adjustment.when, space)
        cells, which = np.unique(factor.table, return_inverse=True)
        added = [adjustment.add.point * int(cell) for cell in cells]
        parts.append((factor.scope, added, which.ravel()))
    return parts


def _cardinal(
    name: str, parts: list[Part], walk_away: Fraction | Mapping[str, str], space: Space
) -> Criterion:
    known = walk_away if isinstance(walk_away, Fraction) else None
    entries = [entry for _, numbers, _ in parts for entry in numbers]
    denominator = math.lcm(
        *(entry.denominator for entry in entries), known.denominator if known else 1
    )
    largest = abs(known) if known else Fraction(0)
    for _, numbers, _ in parts:
        largest += max((abs(entry) for entry in numbers), default=Fraction(0))
    scale = denominator
    if largest * denominator > LARGEST:
        scale = 10 ** max(0, math.floor(math.log10(LARGEST / max(largest, Fraction(1)))))
    factors = tuple(
        Factor(
            scope,
            np.array([round(entry * scale) for entry in numbers], dtype=np.int64)[which].reshape(
                [space.sizes[position] for position in scope]
            ),
        )
        for scope, numbers, which in parts
    )
    if isinstance(walk_away, Fraction):
        threshold = math.ceil(walk_away * scale)
    else:
        threshold = _total(factors, space.codes(walk_away))
    exact = scale == denominator
    return Criterion(name, factors, threshold, Fraction(1, scale), cardinal=True, exact=exact)


def _ordinal(
    name: str, factors: tuple[Factor, ...], walk_away: Fraction | Mapping[str, str], space: Space
) -> Criterion:
    assert not isinstance(walk_away, Fraction)  # refused when the case is loaded
    threshold = _total(factors, space.codes(walk_away))
    return Criterion(name, factors, threshold, cardinal=False)


def _total(factors: Sequence[Factor], codes: tuple[int, ...]) -> int:
    return sum(int(f.table[tuple(codes[position] for position in f.scope)]) for f in factors)


def _scaled(factor: Factor, weight: int) -> Factor:
    return Factor(factor.scope, factor.table.astype(np.int64) * weight)


def _ranking(values: Values, space: Space) -> Factor:
    """Rank of every combination of the issues that the patterns name; the first match wins.

    What no pattern matches ranks below everything that is listed.
    """
    assert values.ranking is not None
    named = {issue for tied in values.ranking for pattern in tied for issue in pattern}
    scope = tuple(sorted(space.issue_position[issue] for issue in named))
    check_size(scope, space, "a ranking")
    table = np.zeros([space.sizes[position] for position in scope], dtype=np.int64)
    best = len(values.ranking)
    for place in range(best - 1, -1, -1):
        for pattern in values.ranking[place]:
            cell = tuple(
                space.option_position[position][pattern[space.issues[position]]]
                if space.issues[position] in pattern
                else slice(None)
                for position in scope
            )
            table[cell] = best - place
    return Factor(scope, table)
