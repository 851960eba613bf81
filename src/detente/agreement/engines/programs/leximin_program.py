"""Leximin by integer programs: the smallest amount first, then the second smallest."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from detente.agreement.engines.front import TooLarge
from detente.agreement.engines.programs.linear_program import Program, row
from detente.agreement.engines.programs.outcome_program import Total
from detente.agreement.engines.programs.program_search import SAFE, Objective, ProgramSearch

SCALE = 1000.0
"""The largest distance between two amounts in the floats of a program."""


@dataclass(frozen=True, eq=False)
class Amounts:
    """What is compared: factor * (total − base), one for each party compared.

    Parameters
    ----------
    parties
        Their positions among the objectives.
    totals
        Their totals as linear forms.
    factors
        Positive, exact.
    bases
        The totals at which the amounts are 0.
    tops
        The largest totals.
    """

    parties: tuple[int, ...]
    totals: tuple[Total, ...]
    factors: tuple[Fraction, ...]
    bases: tuple[int, ...]
    tops: tuple[int, ...]

    def reaching(self, amount: Fraction) -> list[int]:
        """The least totals whose amounts are at least this."""
        return [
            base + math.ceil(amount / factor)
            for base, factor in zip(self.bases, self.factors, strict=True)
        ]

    def above(self, amount: Fraction) -> list[int]:
        """The least totals whose amounts are larger than this."""
        return [
            base + math.floor(amount / factor) + 1
            for base, factor in zip(self.bases, self.factors, strict=True)
        ]

    def next(self, amount: Fraction) -> Fraction | None:
        """The least attainable amount larger than this, or None."""
        steps = zip(self.above(amount), self.tops, self.factors, self.bases, strict=True)
        larger = [factor * (total - base) for total, top, factor, base in steps if total <= top]
        return min(larger, default=None)

    @property
    def largest(self) -> list[Fraction]:
        """The largest amounts, ascending."""
        amounts = zip(self.tops, self.bases, self.factors, strict=True)
        return sorted(factor * (top - base) for top, base, factor in amounts)


def leximin_region(search: ProgramSearch, amounts: Amounts) -> Program:
    """The program of exactly the outcomes that are leximin-best.

    Level k: with the k − 1 smallest amounts fixed at their best, the sum of the k smallest
    is as large as possible. This sum is the largest k t − Σ_i max(0, t − amount_i), which
    is linear; a level is then fixed in integers, by 0–1 columns of which at least
    n − k + 1 (n the number of parties compared) are 1 only where a total reaches what the
    level's amount takes. The optimum is taken from the pool, exactly; that nothing lies
    above it is read off the solver's bound where the next attainable amount is clear of
    it, and proved by a program in integers otherwise.

    Parameters
    ----------
    search
        Its rule compares these amounts, and its pool has at least one outcome.
    amounts
        What is compared.

    Notes
    -----
    n to 2n programs. Sources: Ogryczak & Śliwiński (2006), On direct methods for
    lexicographic min-max optimization, ICCSA, LNCS 3982: 802–811 (sums of the smallest);
    Bouveret & Lemaître (2009), Computing leximin-optimal solutions in constraint networks,
    Artificial Intelligence 173: 343–364 (at least n − k + 1).
    """
    levels: tuple[Fraction, ...] = ()
    while len(levels) < len(amounts.factors):
        search.progress(f"{search.rule}: level {len(levels) + 1} of {len(amounts.factors)}")
        levels = _next_level(search, amounts, levels)
    return _with_goals(search.region, amounts, _goals(amounts, levels))[0]


@dataclass(frozen=True)
class _Goals:
    """All but ``spared`` of the compared totals reach these."""

    totals: tuple[int, ...]
    spared: int


def _next_level(
    search: ProgramSearch, amounts: Amounts, levels: tuple[Fraction, ...]
) -> tuple[Fraction, ...]:
    """One level more; or none, to try again, where a better outcome turned up."""
    place = len(levels)
    start = _score(search)
    if amounts.largest[place] == start[place]:
        return start[: place + 1]
    fixed = _goals(amounts, levels)
    program, holds = _with_goals(search.region, amounts, fixed)
    raised, objective, offset, scale = _raised(program, amounts, start, place)
    found = search.find(raised, objective, holds)
    if found is None:
        raise TooLarge(
            "the solver lost an outcome that it had found: the numbers are beyond its "
            "precision; use values with fewer digits"
        )
    score = _score(search)
    if score[:place] != levels:
        return ()
    larger = amounts.next(score[place])
    if larger is None:
        return score[: place + 1]
    clear = scale * (sum(levels, larger) - (place + 1) * offset)
    if found.bound < float(clear) - SAFE:
        return score[: place + 1]
    above = _Goals(tuple(amounts.above(score[place])), place)
    program, holds = _with_goals(search.region, amounts, [*fixed, above])
    return score[: place + 1] if search.find(program, holds=holds) is None else levels


def _score(search: ProgramSearch) -> tuple[Fraction, ...]:
    """The sorted amounts of what is chosen so far."""
    score = search.chosen().score
    assert isinstance(score, tuple)
    return score


def _raised(
    program: Program, amounts: Amounts, start: tuple[Fraction, ...], place: int
) -> tuple[Program, Objective, Fraction, Fraction]:
    """The program whose objective is the sum of the ``place + 1`` smallest amounts.

    In its floats an amount a is scale * (a − offset).
    """
    offset = start[0]
    scale = Fraction(SCALE) / (amounts.largest[-1] - offset)
    lowest, highest = (float(scale * (a - offset)) for a in (start[place], amounts.largest[place]))
    program, (level,) = program.with_columns(1, lowest - 1.0, highest, integral=False)
    count = len(amounts.factors)
    shortfalls = np.zeros(0, dtype=np.int64)
    if place:
        program, shortfalls = program.with_columns(count, 0.0, highest + 1.0, integral=False)
    for party, (total, factor, base) in enumerate(
        zip(amounts.totals, amounts.factors, amounts.bases, strict=True)
    ):
        step = float(scale * factor)
        columns = [*total.columns, level, *shortfalls[party : party + 1]]
        coefficients = [*(step * total.coefficients), -1.0, *([1.0] if place else [])]
        lower = float(scale * (factor * (base - total.constant) + offset))
        program = program.with_rows(row(columns, coefficients, lower=lower))
    objective = [level, *shortfalls], [place + 1.0, *(-1.0 for _ in shortfalls)]
    return program, objective, offset, scale


def _goals(amounts: Amounts, levels: tuple[Fraction, ...]) -> list[_Goals]:
    """What keeps the smallest amounts at these levels."""
    return [
        _Goals(tuple(amounts.reaching(level)), place)
        for place, level in enumerate(levels)
        if place == 0 or level > levels[place - 1]
    ]


def _with_goals(
    program: Program, amounts: Amounts, goals: Sequence[_Goals]
) -> tuple[Program, Callable[[tuple[int, ...]], bool]]:
    """The program in which the goals are reached, and the same as a test in integers.

    The first goals spare nobody; they are the floor for the later ones.
    """
    for goal in goals:
        if not goal.spared:
            rows = zip(amounts.totals, goal.totals, strict=True)
            program = program.with_rows(*(total.at_least(least) for total, least in rows))
            continue
        possible = [
            float(least <= top) for least, top in zip(goal.totals, amounts.tops, strict=True)
        ]
        program, switches = program.with_columns(len(possible), 0.0, possible, integral=True)
        for total, least, floor, switch in zip(
            amounts.totals, goal.totals, goals[0].totals, switches, strict=True
        ):
            program = program.with_rows(total.at_least_if(least, int(switch), min(floor, least)))
        program = program.with_rows(row(switches, 1.0, lower=len(possible) - goal.spared))

    def holds(totals: tuple[int, ...]) -> bool:
        mine = [totals[party] for party in amounts.parties]
        return all(
            sum(own < least for own, least in zip(mine, goal.totals, strict=True)) <= goal.spared
            for goal in goals
        )

    return program, holds
