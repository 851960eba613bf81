"""What elimination has to carry: the columns of partial totals, and what may be dropped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.model.problem import (
    Booleans,
    Criterion,
    Factor,
    Integers,
    Problem,
    mentioned,
    required,
)

LARGEST = 2**62
"""Totals must stay below: two of them then add up within 64 bits."""


@dataclass(frozen=True, eq=False)
class Task:
    """A problem, reduced to what decides which outcomes are efficient.

    Every table of a column is shifted to a least entry of 0, so that partial totals are
    never negative and only grow. Constant tables and rules that allow everything are left
    out, so that they join no issues.

    Parameters
    ----------
    rules
        Boolean factors, all of which must hold.
    tables
        Pairs (column, factor): the column's total is the sum of its factors.
    criteria
        The criterion of each column: the objectives, then other criteria of consent.
    objectives
        How many columns are objectives.
    base
        What the shifts took from each column: add it to get the criterion's total.
    reach
        Upper bound of each column's total (shifted): all tables at their largest.
    floor
        Total that each column must reach (shifted): 0 where consent does not require it.
    enough
        For each column beyond the objectives, the total that meets its criterion
        (shifted): only whether it is reached matters.
    decided
        For every criterion of the problem whether it is met, where that is the same for
        all outcomes that obey the rules here; entries of columns are not used.
    """

    rules: tuple[Factor, ...]
    tables: tuple[tuple[int, Factor], ...]
    criteria: tuple[int, ...]
    objectives: int
    base: Integers
    reach: Integers
    floor: Integers
    enough: Integers
    decided: Booleans

    @property
    def scopes(self) -> tuple[tuple[int, ...], ...]:
        """Issues read by each rule, then by each table."""
        return tuple(factor.scope for factor in self.rules) + tuple(
            factor.scope for _, factor in self.tables
        )


@dataclass(frozen=True, eq=False)
class _Shifted:
    """A criterion whose tables all have the least entry 0."""

    factors: tuple[Factor, ...]
    base: int
    reach: int
    enough: int


def reduced(problem: Problem, *, acceptable: bool) -> Task:
    """Find the columns that elimination has to carry, and the rules it may use.

    Parameters
    ----------
    problem
        The case as the engines see it.
    acceptable
        Whether only outcomes with consent count. Then the criteria that consent mentions
        become columns too, unless they are met by all outcomes or by none; and a
        criterion that consent requires and that only the largest entry of each of its
        tables can meet (red lines) becomes rules instead.

    Raises
    ------
    ValueError
        Where the totals of a criterion do not fit 64 bits.
    """
    read = sorted(mentioned(problem.consent)) if acceptable else []
    necessary = required(problem.consent) if acceptable else frozenset()
    shifted = {
        position: _shifted(problem.criteria[position]) for position in {*problem.objectives, *read}
    }
    rules = [rule for rule in problem.rules if not rule.table.all()]
    decided = np.zeros(len(problem.criteria), dtype=np.bool_)
    columns = list(problem.objectives)
    for position in read:
        criterion = shifted[position]
        if position in necessary and criterion.enough >= criterion.reach:
            rules += _at_their_largest(criterion)
            decided[position] = True
        elif criterion.enough <= 0:
            decided[position] = True
        elif criterion.enough <= criterion.reach and position not in columns:
            columns.append(position)
    carried = [shifted[position] for position in columns]
    floor = [
        criterion.enough if position in necessary else 0
        for position, criterion in zip(columns, carried, strict=True)
    ]
    others = carried[len(problem.objectives) :]
    return Task(
        rules=tuple(rules),
        tables=tuple(
            (column, factor)
            for column, criterion in enumerate(carried)
            for factor in criterion.factors
        ),
        criteria=tuple(columns),
        objectives=len(problem.objectives),
        base=np.array([criterion.base for criterion in carried], dtype=np.int64),
        reach=np.array([criterion.reach for criterion in carried], dtype=np.int64),
        floor=np.array(floor, dtype=np.int64),
        enough=np.array([criterion.enough for criterion in others], dtype=np.int64),
        decided=decided,
    )


def consenting(problem: Problem, task: Task, totals: Integers) -> Booleans:
    """Which complete totals get consent.

    Parameters
    ----------
    problem
        The case as the engines see it.
    task
        What :func:`reduced` made of it, with ``acceptable``.
    totals
        Shape (rows, columns of the task), shifted.
    """
    met = np.repeat(task.decided[None, :], len(totals), axis=0)
    columns = list(task.criteria)
    met[:, columns] = totals + task.base >= problem.thresholds[columns]
    return problem.consent.holds(met)


def _shifted(criterion: Criterion) -> _Shifted:
    low = [int(factor.table.min()) for factor in criterion.factors]
    high = [int(factor.table.max()) for factor in criterion.factors]
    base, reach = sum(low), sum(high) - sum(low)
    if max(reach, abs(base), abs(criterion.threshold)) >= LARGEST:
        raise ValueError(
            f"totals of {criterion.name} do not fit 64 bits: they start at {base} and spread "
            f"over {reach} units, threshold {criterion.threshold}; use a coarser unit"
        )
    factors = tuple(
        Factor(factor.scope, factor.table - least)
        for factor, least, most in zip(criterion.factors, low, high, strict=True)
        if least < most
    )
    return _Shifted(factors, base, reach, criterion.threshold - base)


def _at_their_largest(criterion: _Shifted) -> list[Factor]:
    """Rules that hold where the criterion is met; it is met by no smaller total."""
    if criterion.enough > criterion.reach:
        return [Factor((), np.array(False))]
    return [
        Factor(factor.scope, factor.table == factor.table.max()) for factor in criterion.factors
    ]
