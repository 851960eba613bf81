"""The least payments along one order, as a linear program.

Minimised is the sum over states and pairs of what is paid, each unit weighted by how long the
state lasts as who pays discounts it. Every margin is to be no less than zero, each side is to have
its least net receipt in the finished agreement, and nobody pays more than its bound in any state.
Whether a payer's payments change with a step opens further ways to withhold: a program that meets
one of their margins is solved twice, with the margin kept and with the payments unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from detente.leverage.payments.rows import Course, Linear
from detente.model.problem import Booleans, Floats

TOLERANCE = 1e-7
"""To which linear programs are solved."""
TIE = 1e-9
"""Margins down to its negative count as ties."""
MOST_BRANCHES = 200
"""Most programs solved for one order."""


@dataclass(frozen=True, eq=False)
class Program:
    """What is asked of payments along one order.

    Parameters
    ----------
    course
        The order.
    weights
        How long each state lasts, as each payer discounts it, of all time to come; shape
        (states, pairs).
    least
        The least net receipt of sides in the finished agreement, in points.
    most
        Units per period that payers pay at most.
    """

    course: Course
    weights: Floats
    least: Mapping[str, float]
    most: Mapping[str, float]

    @cached_property
    def wanted(self) -> tuple[Linear, ...]:
        """Everything that is to be no less than zero: margins, and what each side is to have."""
        last = self.course.steps - 1
        nothing = np.zeros(self.course.shape)
        needs = (
            Linear(-need, self.course.received(name, last), nothing)
            for name, need in self.least.items()
        )
        return (*self.course.margins(), *needs)

    @cached_property
    def changing(self) -> Mapping[tuple[str, int], Linear]:
        """See :meth:`Course.changing`."""
        return self.course.changing()

    def cost(self, paid: Floats) -> float:
        """What is minimised."""
        return float((self.weights * paid).sum())

    def least_payments(self, grain: float = 0.0, among: Booleans | None = None) -> Floats | None:
        """The least payments, shape (states, pairs); None where there are none.

        With a ``grain`` they still do when each is rounded to a multiple of it. ``among``: which
        may be made at all; every one if left out.
        """
        possible = np.ones(self.course.shape, dtype=np.bool_) if among is None else among
        nothing = np.zeros(self.course.shape)
        if all(margin.at(nothing, nothing) >= -TIE for margin in self.wanted):
            return nothing
        search = _Search(self, _Rounding(grain, possible))
        search.run(_Branch())
        return search.best

    def shortfall(self) -> float:
        """How far the weakest moment stays below zero at best, without any bounds."""
        return self._relaxed(replace(self, most={}), "margin") or 0.0

    def raised(self, names: Sequence[str]) -> float | None:
        """By how much bounds would have to be raised alike; None where that does not do."""
        return self._relaxed(self, "bound", names)

    @staticmethod
    def _relaxed(program: Program, what: str, names: Sequence[str] = ()) -> float | None:
        every = _Rounding(0.0, np.ones(program.course.shape, dtype=np.bool_))
        found = _solve(program, _Branch(), every, what, names)
        return None if found is None else found[1]


def lesser(paid: Floats) -> Floats:
    """The lesser of what was paid before each step and after it; nothing before the first."""
    before = np.vstack((np.zeros((1, paid.shape[1])), paid[:-1]))
    out: Floats = np.minimum(before, paid)
    return out


@dataclass(frozen=True)
class _Branch:
    """Payers and steps whose further margins are kept, and those whose payments do not change."""

    kept: frozenset[tuple[str, int]] = field(default=frozenset())
    same: frozenset[tuple[str, int]] = field(default=frozenset())


@dataclass(frozen=True, eq=False)
class _Rounding:
    """To multiples of what payments will be rounded, and which may be made."""

    grain: float
    among: Booleans

    def error(self, margin: Linear) -> float:
        """By how much rounding may lower a margin."""
        sizes = np.abs(margin.paid) + np.abs(margin.kept)
        return self.grain / 2 * float(sizes[self.among].sum())


class _Search:
    """Branches on where payments change."""

    def __init__(self, program: Program, rounding: _Rounding) -> None:
        self.program, self.rounding = program, rounding
        self.best: Floats | None = None
        self.solved = 0

    def run(self, branch: _Branch) -> None:
        self.solved += 1
        found = _solve(self.program, branch, self.rounding)
        if found is None:
            return
        paid, cost = found
        if self.best is not None and cost >= self.program.cost(self.best) - TOLERANCE:
            return
        failing = self._failing(paid, branch)
        if failing is None:
            self.best = paid
        elif self.solved < MOST_BRANCHES:
            self.run(replace(branch, kept=branch.kept | {failing}))
            self.run(replace(branch, same=branch.same | {failing}))

    def _failing(self, paid: Floats, branch: _Branch) -> tuple[str, int] | None:
        if paid.max(initial=0.0) <= TOLERANCE:
            return None
        kept = lesser(paid)
        for (name, step), margin in self.program.changing.items():
            if (name, step) in branch.kept | branch.same:
                continue
            own = self.program.course.own(name)
            before = paid[step - 1, own] if step else np.zeros(len(own))
            changes = np.abs(paid[step, own] - before).max(initial=0.0) > TOLERANCE
            if changes and margin.at(paid, kept) < self.rounding.error(margin) - TOLERANCE:
                return name, step
        return None


def _solve(
    program: Program,
    branch: _Branch,
    rounding: _Rounding,
    relaxed: str = "",
    names: Sequence[str] = (),
) -> tuple[Floats, float] | None:
    """One linear program; ``relaxed``: the least by which margins or bounds are to be eased.

    Variables: what is paid, then what is kept up where new payments are withheld, then the ease.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    steps, pairs = program.course.shape
    count, among = steps * pairs, rounding.among.ravel()
    rows: list[Floats] = []
    right: list[float] = []
    wanted = [*program.wanted, *(program.changing[key] for key in sorted(branch.kept))]
    for margin in wanted:
        eased = -1.0 if relaxed == "margin" else 0.0
        rows.append(np.concatenate((-margin.paid.ravel(), -margin.kept.ravel(), [eased])))
        right.append(margin.level - rounding.error(margin))
    for row, bound in _bounds(program, count, names if relaxed == "bound" else ()):
        rows.append(row)
        right.append(bound - rounding.grain / 2 * float(row[:count][among].sum()))
    for row in _lesser_rows(steps, pairs):
        rows.append(row)
        right.append(0.0)
    for row in _same_rows(program.course, branch):
        rows += [row, -row]
        right += [0.0, 0.0]
    objective = np.zeros(2 * count + 1)
    objective[-1 if relaxed else slice(0, count)] = 1.0 if relaxed else program.weights.ravel()
    ends = np.full(2 * count + 1, np.inf)
    ends[:count][~among] = 0.0
    ends[count : count + pairs] = 0.0  # before the first step nothing is paid
    ends[-1] = np.inf if relaxed else 0.0
    below = LinearConstraint(csr_array(np.array(rows)), ub=np.array(right))
    found = milp(objective, constraints=[below], bounds=Bounds(np.zeros(len(ends)), ends))
    if found.status != 0:
        return None
    paid: Floats = np.maximum(0.0, found.x[:count]).reshape(steps, pairs)
    return paid, float(found.fun)


def _bounds(program: Program, count: int, eased: Sequence[str]) -> Iterator[tuple[Floats, float]]:
    """Nobody pays more than its bound in any state; bounds of some may be eased."""
    steps, pairs = program.course.shape
    for name, bound in program.most.items():
        own = program.course.own(name)
        for step in range(steps if own else 0):
            row = np.zeros(2 * count + 1)
            row[[step * pairs + place for place in own]] = 1
            row[-1] = -1.0 if name in eased else 0.0
            yield row, bound


def _lesser_rows(steps: int, pairs: int) -> Iterator[Floats]:
    """What is kept up is no more than what is paid after the step, nor before it."""
    count = steps * pairs
    for step in range(1, steps):
        for place in range(pairs):
            for paid in (step, step - 1):
                row = np.zeros(2 * count + 1)
                row[count + step * pairs + place] = 1
                row[paid * pairs + place] = -1
                yield row


def _same_rows(course: Course, branch: _Branch) -> Iterator[Floats]:
    """Payments that do not change with a step."""
    steps, pairs = course.shape
    for name, step in sorted(branch.same):
        for place in course.own(name):
            row = np.zeros(2 * steps * pairs + 1)
            row[step * pairs + place] = 1
            if step:
                row[(step - 1) * pairs + place] = -1
            yield row
