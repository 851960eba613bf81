"""The candidates for a solution that integer programs have found so far, kept exactly."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from detente.agreement.front import TooLarge
from detente.agreement.linear_program import Program, Row, maximise
from detente.agreement.outcome_program import OutcomeProgram, Total
from detente.agreement.solutions import Selection, choose
from detente.model.problem import Integers, Problem

SAFE = 1e-4
"""Two bounds of a program are told apart where they differ by this: 100 times what the
solver lets rows be missed by."""

Codes = tuple[int, ...]
Objective = tuple[Sequence[int], Sequence[float]]


@dataclass(frozen=True, eq=False)
class Found:
    """An outcome that a program has found, verified.

    Parameters
    ----------
    codes
        Its option positions.
    totals
        Its totals of the objectives.
    bound
        No point of the program is better than this, up to the solver's tolerance.
    """

    codes: Codes
    totals: tuple[int, ...]
    bound: float


@dataclass(eq=False)
class Search:
    """A rule on its way to its solution.

    Every outcome that a program returns is recomputed in integers: rules, consent, totals.
    What fails is excluded and the program solved again. What holds joins the pool, and
    :func:`detente.agreement.solutions.choose` decides among the pool exactly.

    Parameters
    ----------
    problem
        What the engines compute on.
    rule
        Name of the rule.
    weights
        Of the parties, for ``utilitarian``.
    compiled
        The problem as a program.
    region
        The program of the set from which the rule chooses.
    needs_gains
        Whether no objective may be below its threshold in that set.
    tie_limit
        Most outcomes that may tie.
    deadline
        When to give up, on the monotonic clock.
    progress
        Called with a line of text before each longer step.
    """

    problem: Problem
    rule: str
    weights: Sequence[Fraction] | None
    compiled: OutcomeProgram
    region: Program
    needs_gains: bool
    tie_limit: int
    deadline: float | None
    progress: Callable[[str], None]
    pool: dict[Codes, tuple[int, ...]] = field(default_factory=dict)
    excluded: dict[Codes, Row] = field(default_factory=dict)
    wrong: list[Row] = field(default_factory=list)
    programs: int = 0

    @property
    def totals(self) -> tuple[Total, ...]:
        """The objectives as linear forms."""
        return tuple(self.compiled.totals[position] for position in self.problem.objectives)

    @property
    def units(self) -> tuple[Fraction, ...]:
        """What one step of each objective is worth."""
        return tuple(self.problem.criteria[position].unit for position in self.problem.objectives)

    @property
    def walk_away(self) -> Integers:
        """Thresholds of the objectives."""
        return self.problem.thresholds[list(self.problem.objectives)]

    def find(self, program: Program, objective: Objective = ((), ())) -> Found | None:
        """The best outcome of a program, or None where it has none."""
        while True:
            seconds = None if self.deadline is None else self.deadline - time.monotonic()
            answer = maximise(program.with_rows(*self.wrong), *objective, seconds=seconds)
            self.programs += 1
            if answer is None:
                return None
            codes = self.compiled.codes(answer.point)
            totals = self._verified(codes)
            if totals is not None:
                self.pool[codes] = totals
                self.excluded[codes] = self.compiled.other_than(codes)
                return Found(codes, totals, answer.bound)
            self.wrong.append(self.compiled.other_than(codes))

    def _verified(self, codes: Codes) -> tuple[int, ...] | None:
        """Totals of the objectives, or None where the outcome is not in the set."""
        outcome = np.array([codes], dtype=np.int64)
        totals = self.problem.totals(outcome)
        mine = totals[0, list(self.problem.objectives)]
        holds = self.problem.feasible(outcome)[0] and self.problem.acceptable(totals)[0]
        if not holds or (self.needs_gains and (mine < self.walk_away).any()):
            return None
        return tuple(int(total) for total in mine)

    def largest(self, program: Program, objective: int) -> Found | None:
        """An outcome with the largest total of an objective, proved in integers."""
        total = self.totals[objective]
        goal: Objective = (total.columns.tolist(), total.coefficients.tolist())
        best = self.find(program, goal)
        while best is not None:
            above = best.totals[objective] + 1
            if best.bound + total.constant < above - SAFE:
                return best
            better = self.find(program.with_rows(total.at_least(above)), goal)
            if better is None:
                return best
            best = better
        return None

    def chosen(self) -> Selection:
        """What the rule chooses among the pool."""
        totals = np.array(list(self.pool.values()), dtype=np.int64)
        return choose(self.rule, totals, self.walk_away, self.units, self.weights)

    def exhaust(
        self, program_for: Callable[[Selection], Program], objective: Objective = ((), ())
    ) -> Selection:
        """Find outcomes until the program that keeps all rivals of the chosen ones has none.

        ``program_for`` gives, for what is chosen among the pool, a program that holds every
        outcome at least as good; outcomes in the pool are excluded here.

        Raises
        ------
        TooLarge
            Where more outcomes tie than the limit allows.
        """
        while True:
            selection = self.chosen()
            self.within_tie_limit(len(selection.indices))
            self.progress(f"{self.rule}: looking for more than {len(selection.indices)} best")
            program = program_for(selection).with_rows(*self.excluded.values())
            if self.find(program, objective) is None:
                return selection

    def within_tie_limit(self, ties: int) -> None:
        """Raise ``TooLarge`` where more outcomes tie than the limit allows."""
        if ties > self.tie_limit:
            raise TooLarge(
                f"more than tie_limit={self.tie_limit:,} outcomes tie under {self.rule}; "
                "raise the limit, or leave out issues that make no difference to any party"
            )
