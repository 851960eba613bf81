"""Leximin by integer programs: the smallest amount first, then the second smallest."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from detente.agreement.front import TooLarge
from detente.agreement.linear_program import Program, row
from detente.agreement.outcome_program import Total
from detente.agreement.search import SAFE, Objective, Search

SCALE = 1000.0
"""The largest distance between two amounts in the floats of a program."""


@dataclass(frozen=True, eq=False)
class Amounts:
    """What is compared: factor * (total − base), one for each party compared.

    Parameters
    ----------
    totals
        The parties' totals.
    factors
        Positive, exact.
    bases
        The totals at which the amounts are 0.
    tops
        The largest totals.
    """

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


def leximin_region(search: Search, amounts: Amounts) -> Program:
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
    return _fixed(search.region, amounts, levels)


def _next_level(
    search: Search, amounts: Amounts, levels: tuple[Fraction, ...]
) -> tuple[Fraction, ...]:
    """One level more, or as many as still stand after a better outcome turned up."""
    place = len(levels)
    start = _score(search)
    program = _fixed(search.region, amounts, levels)
    if amounts.largest[place] > start[place]:
        raised, objective, offset, scale = _raised(program, amounts, start, place)
        found = search.find(raised, objective)
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
        known = sum(levels, Fraction(0)) + larger - (place + 1) * offset
        if found.bound >= float(scale * known) - SAFE:
            above = _reached(program, amounts, amounts.above(score[place]), place, levels)
            if search.find(above) is not None:
                return levels
        return score[: place + 1]
    return start[: place + 1]


def _score(search: Search) -> tuple[Fraction, ...]:
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


def _fixed(program: Program, amounts: Amounts, levels: tuple[Fraction, ...]) -> Program:
    """The program in which the smallest amounts are at least these levels."""
    for place, level in enumerate(levels):
        if place == 0 or level > levels[place - 1]:
            program = _reached(program, amounts, amounts.reaching(level), place, levels)
    return program


def _reached(
    program: Program,
    amounts: Amounts,
    goals: list[int],
    place: int,
    levels: tuple[Fraction, ...],
) -> Program:
    """The program in which all but ``place`` of the totals reach their goals."""
    if not place:
        rows = (total.at_least(goal) for total, goal in zip(amounts.totals, goals, strict=True))
        return program.with_rows(*rows)
    possible = [float(goal <= top) for goal, top in zip(goals, amounts.tops, strict=True)]
    program, switches = program.with_columns(len(goals), 0.0, possible, integral=True)
    floors = amounts.reaching(levels[0])
    for total, goal, floor, switch in zip(amounts.totals, goals, floors, switches, strict=True):
        program = program.with_rows(total.at_least_if(goal, int(switch), min(floor, goal)))
    return program.with_rows(row(switches, 1.0, lower=len(goals) - place))
