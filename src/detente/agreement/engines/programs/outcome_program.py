"""A problem as a mixed-integer program whose points are the acceptable outcomes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.agreement.engines.front import TooLarge
from detente.agreement.engines.programs.boxes import Box
from detente.agreement.engines.programs.linear_program import (
    Columns,
    Program,
    Row,
    empty_program,
    row,
)
from detente.model.problem import (
    Booleans,
    Consent,
    Criterion,
    Factor,
    Integers,
    Meets,
    Problem,
    required,
)

CELLS = 20_000
"""Joint assignments of the issues of one table that are compiled without asking."""
SPAN = 10**8
"""Steps between the least and the largest total of a criterion that floats can keep apart."""

Scope = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Total:
    """A criterion's total as a linear form: constant + coefficients · columns.

    Parameters
    ----------
    columns, coefficients
        The form; coefficients are not negative.
    constant
        The least total that the tables allow: ``low``.
    high
        The largest total that the tables allow, rules between tables aside.
    """

    columns: Columns
    coefficients: NDArray[np.float64]
    constant: int
    high: int

    @property
    def low(self) -> int:
        """The least total that the tables allow."""
        return self.constant

    def at_least(self, total: int) -> Row:
        """The row that asks for this total."""
        return row(self.columns, self.coefficients, lower=total - self.constant)

    def at_least_if(self, total: int, switch: int, otherwise: int) -> Row:
        """The row that asks for ``total`` where the switch is 1, else for ``otherwise``."""
        return row(
            np.append(self.columns, switch),
            np.append(self.coefficients, otherwise - total),
            lower=otherwise - self.constant,
        )


@dataclass(frozen=True, eq=False)
class OutcomeProgram:
    """The acceptable outcomes of a problem as the points of a program.

    Parameters
    ----------
    program
        One 0–1 column for each option of each issue, exactly one of an issue being 1;
        for each table over several issues one column for each combination that the rules
        allow; switches for consent that is not simply everyone's.
    options
        For each issue the columns of its options.
    totals
        For each criterion its total.
    """

    program: Program
    options: tuple[Columns, ...]
    totals: tuple[Total, ...]

    def codes(self, point: NDArray[np.float64]) -> tuple[int, ...]:
        """Option positions of a point."""
        return tuple(int(np.argmax(point[columns])) for columns in self.options)

    def outside(self, box: Box) -> Row:
        """The row that excludes all combinations of these options and no other outcome."""
        taken = [columns[list(side)] for columns, side in zip(self.options, box, strict=True)]
        return row(np.concatenate(taken), 1.0, upper=len(box) - 1)


def outcome_program(problem: Problem, *, cell_limit: int = CELLS) -> OutcomeProgram:
    """Compile a problem: its rules, its totals and its consent.

    A table over one issue weighs the columns of its options. A table over several issues
    weighs columns z ≥ 0, one for each joint assignment, whose sums over the other issues
    equal the columns of the options; so z is 1 at the assignment that holds and 0
    elsewhere. A rule removes columns. Tables whose issues are among those of another table
    share its columns. A criterion without which there is no consent must reach its
    threshold; the others get a 0–1 switch that may be 1 only where the threshold is
    reached, exact because totals are bounded by the sums of the extremes of their tables.

    Parameters
    ----------
    problem
        What the engines compute on.
    cell_limit
        Most joint assignments of the issues of one table.

    Raises
    ------
    TooLarge
        Where a table exceeds ``cell_limit``, or the totals of a criterion span more than
        ``SPAN`` steps, which the solver's floats could not keep apart.

    Notes
    -----
    Columns: the sum of the sizes of the issues and of the joint tables. This is the local
    polytope of a graphical model (Wainwright & Jordan 2008, Graphical models, exponential
    families, and variational inference, section 4), with integers at the issues.
    """
    layout, program = _layout(problem, cell_limit)
    sizes = problem.space.sizes
    totals = tuple(_total(criterion, layout, sizes) for criterion in problem.criteria)
    for criterion, total in zip(problem.criteria, totals, strict=True):
        if total.high - total.low > SPAN:
            raise TooLarge(
                f"the values of {criterion.name} span {total.high - total.low:,} steps, more than "
                f"the {SPAN:,} that an integer program keeps apart; use values with fewer digits"
            )
    consent = _Consent(problem, totals)
    return OutcomeProgram(consent.imposed(program, problem.consent), layout.options, totals)


@dataclass(frozen=True, eq=False)
class _Layout:
    """Where the columns are.

    Parameters
    ----------
    options
        For each issue the columns of its options.
    cells
        For each scope that has columns of its own: the positions in a flattened table that
        the rules allow, and their columns.
    """

    options: tuple[Columns, ...]
    cells: Mapping[Scope, tuple[Integers, Columns]]

    def host(self, scope: Scope) -> Scope:
        """The scope whose columns a table with this scope uses."""
        if len(scope) <= 1:
            return scope
        return next(host for host in self.cells if set(scope) <= set(host))

    def columns(self, host: Scope) -> Columns:
        """The columns of a host."""
        return self.options[host[0]] if len(host) == 1 else self.cells[host][1]


def _layout(problem: Problem, cell_limit: int) -> tuple[_Layout, Program]:
    """Columns for options and joint tables, and the rows that tie them together."""
    program = empty_program()
    options: list[Columns] = []
    for issue, size in enumerate(problem.space.sizes):
        allowed = _allowed(problem, (issue,))
        program, columns = program.with_columns(size, 0.0, allowed, integral=True)
        program = program.with_rows(row(columns, 1.0, 1, 1))
        options.append(columns)
    if not _allowed(problem, ()).all():
        program = program.with_rows(row((), 1.0, lower=1))  # a rule that nothing obeys
    cells: dict[Scope, tuple[Integers, Columns]] = {}
    for scope in _hosts(problem):
        shape = [problem.space.sizes[issue] for issue in scope]
        if math.prod(shape) > cell_limit:
            names = ", ".join(problem.space.issues[issue] for issue in scope)
            raise TooLarge(
                f"a rule, concern or adjustment reads {names} together: {math.prod(shape):,} "
                f"combinations, more than cell_limit={cell_limit:,}; split it into ones that "
                "read fewer issues, or raise the limit"
            )
        positions = np.flatnonzero(_allowed(problem, scope))
        program, columns = program.with_columns(len(positions), 0.0, 1.0, integral=False)
        cells[scope] = positions, columns
        for issue, code in zip(scope, np.unravel_index(positions, shape), strict=True):
            for option, column in enumerate(options[issue]):
                mine = columns[code == option]
                sums = row(np.append(mine, column), np.append(np.ones(len(mine)), -1.0), 0, 0)
                program = program.with_rows(sums)
    return _Layout(tuple(options), cells), program


def _hosts(problem: Problem) -> list[Scope]:
    """Scopes of several issues that are not part of another one."""
    factors = (*problem.rules, *(f for c in problem.criteria for f in c.factors))
    scopes = sorted({factor.scope for factor in factors if len(factor.scope) > 1})
    return [scope for scope in scopes if not any(set(scope) < set(other) for other in scopes)]


def _allowed(problem: Problem, host: Scope) -> Booleans:
    """Which combinations of these issues obey the rules that read no other ones; flat."""
    sizes = problem.space.sizes
    allowed = np.ones(math.prod(sizes[issue] for issue in host), dtype=np.bool_)
    for rule in problem.rules:
        if set(rule.scope) <= set(host):
            allowed &= _spread(rule, host, sizes).astype(np.bool_)
    return allowed


def _spread(factor: Factor, host: Scope, sizes: Sequence[int]) -> NDArray[Any]:
    """A factor's table over all combinations of its host's issues; flat."""
    shape = [sizes[issue] if issue in factor.scope else 1 for issue in host]
    full = np.broadcast_to(factor.table.reshape(shape), [sizes[issue] for issue in host])
    return full.reshape(-1)


def _total(criterion: Criterion, layout: _Layout, sizes: Sequence[int]) -> Total:
    """A criterion's total over the columns."""
    tables: dict[Scope, Integers] = {}
    for factor in criterion.factors:
        host = layout.host(factor.scope)
        part = _spread(factor, host, sizes).astype(np.int64)
        if len(host) > 1:
            part = part[layout.cells[host][0]]
        tables[host] = tables[host] + part if host in tables else part
    columns: list[Columns] = []
    coefficients: list[Integers] = []
    low = high = 0
    for host, table in tables.items():
        if not len(table):
            continue  # the rules allow no combination, so there is no outcome anyway
        low, high = low + int(table.min()), high + int(table.max())
        if host:
            columns.append(layout.columns(host))
            coefficients.append(table - table.min())
    at = np.concatenate(columns) if columns else np.zeros(0, dtype=np.int64)
    weights = np.concatenate(coefficients) if coefficients else np.zeros(0, dtype=np.int64)
    used = weights != 0
    return Total(at[used], weights[used].astype(np.float64), low, high)


@dataclass(frozen=True, eq=False)
class _Consent:
    """Turns a consent rule into rows and switches."""

    problem: Problem
    totals: tuple[Total, ...]

    def imposed(self, program: Program, consent: Consent) -> Program:
        """The program in which the consent rule holds."""
        if isinstance(consent, Meets):
            threshold = self.problem.criteria[consent.criterion].threshold
            return program.with_rows(self.totals[consent.criterion].at_least(threshold))
        spare = sum(consent.weights) - consent.quota
        quota = consent.quota
        columns: list[int] = []
        weights: list[int] = []
        for part, weight in zip(consent.parts, consent.weights, strict=True):
            if weight > spare:  # nothing makes up for this one
                program, quota = self.imposed(program, part), quota - weight
                continue
            program, switch = self._switch(program, part)
            if switch is None:
                quota -= weight
            else:
                columns.append(switch)
                weights.append(weight)
        if quota <= 0:
            return program
        return program.with_rows(row(columns, weights, lower=quota))

    def _switch(self, program: Program, consent: Consent) -> tuple[Program, int | None]:
        """A 0–1 column that is 1 only where the rule holds; None where it always does."""
        if isinstance(consent, Meets):
            return self._met(program, consent.criterion)
        quota = consent.quota
        columns: list[int] = []
        weights: list[int] = []
        for part, weight in zip(consent.parts, consent.weights, strict=True):
            program, switch = self._switch(program, part)
            if switch is None:
                quota -= weight
            else:
                columns.append(switch)
                weights.append(weight)
        if quota <= 0:
            return program, None
        program, (own,) = program.with_columns(1, 0.0, 1.0, integral=True)
        return program.with_rows(row([*columns, own], [*weights, -quota], lower=0)), int(own)

    def _met(self, program: Program, criterion: int) -> tuple[Program, int | None]:
        """A 0–1 column that is 1 only where the criterion reaches its threshold."""
        total = self.totals[criterion]
        threshold = self.problem.criteria[criterion].threshold
        if total.low >= threshold or criterion in required(self.problem.consent):
            return program, None
        possible = float(total.high >= threshold)
        program, (own,) = program.with_columns(1, 0.0, possible, integral=True)
        return program.with_rows(total.at_least_if(threshold, int(own), total.low)), int(own)
