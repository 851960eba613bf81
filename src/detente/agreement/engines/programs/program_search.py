"""The candidates for a solution that integer programs have found so far, kept exactly."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial

import numpy as np

from detente.agreement.engines.front import TooLarge
from detente.agreement.engines.programs.boxes import boxes
from detente.agreement.engines.programs.linear_program import Program, Row, maximise
from detente.agreement.engines.programs.outcome_program import OutcomeProgram, Total
from detente.agreement.solutions import Selection, choose
from detente.model.problem import Booleans, Integers, Problem

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
class ProgramSearch:
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
    point_limit
        Most values that efficient outcomes may have where all of them tie.
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
    point_limit: int
    deadline: float | None
    progress: Callable[[str], None]
    pool: dict[Codes, tuple[int, ...]] = field(default_factory=dict)
    spread_from: set[Codes] = field(default_factory=set)
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

    def find(
        self,
        program: Program,
        objective: Objective = ((), ()),
        holds: Callable[[tuple[int, ...]], bool] = lambda _: True,
    ) -> Found | None:
        """The best outcome of a program, or None where it has none.

        ``holds`` repeats in integers, on the totals of the objectives, what the program asks
        for beyond the set: a 0–1 column may miss 1 by the solver's tolerance, which is worth
        a step where totals are large. An outcome that fails is passed over.
        """
        while True:
            seconds = None if self.deadline is None else self.deadline - time.monotonic()
            answer = maximise(program.with_rows(*self.wrong), *objective, seconds=seconds)
            self.programs += 1
            if answer is None:
                return None
            codes = self.compiled.codes(answer.point)
            other = self.compiled.outside(tuple((code,) for code in codes))
            inside, totals_of = self._members(np.array([codes], dtype=np.int64))
            if not inside[0]:
                self.wrong.append(other)
                continue
            totals = tuple(totals_of[0].tolist())
            self.pool[codes] = totals
            if holds(totals):
                return Found(codes, totals, answer.bound)
            program = program.with_rows(other)

    def _members(self, codes: Integers) -> tuple[Booleans, Integers]:
        """Which outcomes are in the set, in integers, and their totals of the objectives."""
        every = self.problem.totals(codes)
        totals = every[:, list(self.problem.objectives)]
        inside = self.problem.feasible(codes) & self.problem.acceptable(every)
        if self.needs_gains:
            inside &= (totals >= self.walk_away).all(axis=1)
        return inside, totals

    def spread(self, start: Codes) -> None:
        """Add the outcomes with the same totals that changes of one issue at a time lead to.

        Stops when there are more than the limit for ties allows.
        """
        sizes = self.problem.space.sizes
        issues = np.repeat(np.arange(len(sizes)), sizes)
        options = np.concatenate([np.arange(size) for size in sizes])
        wanted, before = self.pool[start], len(self.pool)
        waiting = [start]
        while waiting and len(self.pool) - before <= self.tie_limit:
            outcome = waiting.pop()
            if outcome in self.spread_from:
                continue
            self.spread_from.add(outcome)
            codes = np.repeat(np.array([outcome], dtype=np.int64), len(issues), axis=0)
            codes[np.arange(len(issues)), issues] = options
            inside, totals = self._members(codes)
            for other in map(tuple, codes[inside & (totals == wanted).all(axis=1)].tolist()):
                self.pool[other] = wanted
                waiting.append(other)

    def unseen(self, program: Program) -> Program:
        """The program without the outcomes of the pool."""
        cover = boxes(self.pool, self.problem.space.sizes)
        return program.with_rows(*(self.compiled.outside(box) for box in cover))

    def largest(self, program: Program, objective: int) -> Found | None:
        """An outcome with the largest total of an objective, proved in integers."""
        total = self.totals[objective]
        goal: Objective = (total.columns.tolist(), total.coefficients.tolist())
        best = self.find(program, goal)
        while best is not None:
            above = best.totals[objective] + 1
            if best.bound + total.constant < above - SAFE:
                return best
            larger = program.with_rows(total.at_least(above))
            better = self.find(larger, goal, partial(_reaches, objective, above))
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
            self.progress(f"{self.rule}: {len(selection.indices)} tie so far; are there more?")
            found = self.find(self.unseen(program_for(selection)), objective)
            if found is None:
                return selection
            self.spread(found.codes)

    def within_tie_limit(self, ties: int) -> None:
        """Raise ``TooLarge`` where more outcomes tie than the limit allows."""
        if ties > self.tie_limit:
            raise TooLarge(
                f"more than tie_limit={self.tie_limit:,} outcomes tie under {self.rule}; "
                "raise the limit, or leave out issues that make no difference to any party"
            )


def _reaches(objective: int, total: int, totals: tuple[int, ...]) -> bool:
    return totals[objective] >= total
