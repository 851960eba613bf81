"""Inspections spread over time: the sequential inspection game of Dresher and Maschler.

``stages`` periods remain, in which the inspector may inspect ``inspections`` times and the
inspectee intends ``violations`` violations. A violation at an inspected stage is caught, pays
the inspector ``caught`` and ends the game; any other violation costs the inspector 1, and the
game goes on. Legal conduct pays 0. The game is zero-sum.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import SupportsIndex

from detente.verification.domain import count, exact

Rational = int | float | str | Decimal | Fraction
"""A number that is read exactly: 0.1 and "0.1" are one tenth, "1/3" is a third."""
_Terms = dict[int, float]
"""Coefficients of a linear expression by column."""


def inspection_value(
    stages: SupportsIndex, inspections: SupportsIndex, violations: SupportsIndex, caught: Rational
) -> Fraction:
    r"""What the inspector can secure when inspections always find a violation, exactly.

    Definition: with s(n, m) = sum over i <= m of C(n, i) b^(m-i),

    .. math:: v(n, m, k) = \frac{\binom{n-k}{m+1} - \binom{n}{m+1}}{s(n, m)}

    for n stages, m inspections, k violations and b = ``caught``. It solves the recursion in
    which the inspector inspects or not, the inspectee acts legally or violates, and the stage
    game has the rows (v(n-1, m-1, k), b) and (v(n-1, m, k), v(n-1, m, k-1) - 1).

    Parameters
    ----------
    stages
        Periods left, 0 or more.
    inspections
        Inspections left, 0 or more; beyond the number of stages they add nothing.
    violations
        Violations intended, 0 or more; beyond the number of stages they add nothing.
    caught
        What catching a violation is worth to the inspector, 0 or more, where an undetected
        one costs 1. A float is read as the decimal that it is written as.

    Returns
    -------
    Fraction
        Value to the inspector: 0 or below. The inspectee's is its negative.

    Raises
    ------
    ValueError
        Where a number lies outside its domain.

    Notes
    -----
    The recursion has the inspector see what happened at stages without inspection; since
    :func:`inspection_probability` does not depend on the violations left, the value is the
    same where he sees nothing. O(inspections) operations on rationals. Source: Dresher (1962),
    closed form by von Stengel (1991, 2016).

    Examples
    --------
    >>> inspection_value(stages=6, inspections=2, violations=3, caught=1)
    Fraction(-19, 22)
    """
    periods = count("the number of stages", stages)
    visits = count("the number of inspections", inspections)
    intended = min(count("the number of violations", violations), periods)
    prize = _prize(caught)
    if visits >= periods or not intended:
        return Fraction(0)
    unseen = math.comb(periods - intended, visits + 1) - math.comb(periods, visits + 1)
    return unseen / _weight(periods, visits, prize)


def inspection_probability(
    stages: SupportsIndex, inspections: SupportsIndex, caught: Rational
) -> Fraction:
    """With which probability the inspector inspects at the present stage, exactly.

    Definition: p(n, m) = s(n-1, m-1) / s(n, m), with s as in :func:`inspection_value`. It does
    not depend on the number of violations intended, so a plan needs no guess of it.

    Parameters
    ----------
    stages
        Periods left, 1 or more.
    inspections
        Inspections left, 0 or more.
    caught
        As in :func:`inspection_value`.

    Returns
    -------
    Fraction
        0 without inspections. Where there are as many inspections as stages every stage is
        inspected: 1.

    Raises
    ------
    ValueError
        Where a number lies outside its domain.

    Notes
    -----
    The same probabilities are best when the inspector announces them and is believed; the
    inspectee then acts legally as long as inspections remain (Maschler 1966; von Stengel 2016).
    O(inspections) operations on rationals.

    Examples
    --------
    >>> inspection_probability(stages=6, inspections=2, caught=1)
    Fraction(3, 11)
    """
    periods = count("the number of stages", stages, least=1)
    visits = count("the number of inspections", inspections)
    prize = _prize(caught)
    if not visits:
        return Fraction(0)
    if visits >= periods:
        return Fraction(1)
    return _weight(periods - 1, visits - 1, prize) / _weight(periods, visits, prize)


def inspection_value_imperfect(
    stages: SupportsIndex,
    inspections: SupportsIndex,
    violations: SupportsIndex,
    caught: Rational,
    detection: Rational,
    *,
    stages_at_most: SupportsIndex = 10,
) -> Fraction | float:
    """What the inspector can secure when an inspection may miss a violation.

    Definition: as :func:`inspection_value`, but an inspection finds a violation of its stage
    with probability ``detection`` only; one that it misses costs the inspector 1, and the game
    goes on. The inspectee sees which stages were inspected; the inspector learns of a violation
    only by catching it.

    Parameters
    ----------
    stages, inspections, violations, caught
        As in :func:`inspection_value`.
    detection
        Probability that an inspection finds a violation of its stage, from 0 to 1.
    stages_at_most
        With several violations and imperfect inspections: most stages that the linear program
        is set up for. Its size doubles with every stage.

    Returns
    -------
    Fraction or float
        Value to the inspector. Exact (a Fraction) for one violation at most, for perfect
        inspections and where there are none; else a float, accurate to about 1e-9.

    Raises
    ------
    ValueError
        Where a number lies outside its domain, or where the linear program would have more
        stages than ``stages_at_most``.

    Notes
    -----
    One violation: the recursion of :func:`inspection_value` with b replaced by
    q b - (1 - q), and without the rule that m >= n gives 0. Several: an undetected violation at
    an inspected stage is known to the inspectee alone, so the recursion, in which both know how
    many are left, promises the inspector too much (3 stages, 2 inspections, 2 violations,
    b = 1, q = 1/2: -8/17 in place of -1/2). There the value is that of the linear program over
    the inspector's plans of play (sequence form, von Stengel 1996), with O(2^stages *
    violations) rows.

    Examples
    --------
    >>> inspection_value_imperfect(3, 1, 1, caught=1, detection="9/10")
    Fraction(-10, 19)
    >>> round(inspection_value_imperfect(3, 2, 2, caught=1, detection="1/2"), 9)
    -0.5
    """
    periods = count("the number of stages", stages)
    visits = min(count("the number of inspections", inspections), periods)
    intended = min(count("the number of violations", violations), periods)
    limit = count("the largest number of stages", stages_at_most, least=1)
    prize = _prize(caught)
    found = _exact("the detection probability", detection)
    if not 0 <= found <= 1:
        raise ValueError(f"the detection probability is between 0 and 1; this is {detection}")
    if found == 1 or not visits or not intended:
        return inspection_value(periods, visits, intended, prize)
    if intended == 1:
        return _one_violation(periods, visits, found * prize - (1 - found))
    if periods > limit:
        raise ValueError(
            f"the number of stages is at most {limit} with several violations and imperfect "
            f"inspections; this is {periods}. Take longer stages, or raise stages_at_most: the "
            "program doubles with every stage"
        )
    return _Program(periods, visits, float(prize), float(found)).value(intended)


def _exact(name: str, value: Rational) -> Fraction:
    """A number as it is written, "1/3" too."""
    if not isinstance(value, str):
        return exact(name, value)
    try:
        return Fraction(value)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{name} is a number; this is {value!r}") from None


def _prize(caught: Rational) -> Fraction:
    prize = _exact("the worth of catching a violation", caught)
    if prize < 0:
        raise ValueError(f"the worth of catching a violation is not below 0; this is {caught}")
    return prize


def _weight(periods: int, visits: int, prize: Fraction) -> Fraction:
    """The sum s(n, m), by Horner's rule."""
    total = Fraction(0)
    for inspected in range(visits + 1):
        total = total * prize + math.comb(periods, inspected)
    return total


def _one_violation(periods: int, visits: int, seen: Fraction) -> Fraction:
    """Value with one violation, which pays ``seen`` on average at an inspected stage."""
    after = [Fraction(0)] * (visits + 1)
    for _ in range(periods):
        after = [
            Fraction(-1) if not left else _stage_value(after[left - 1], seen, after[left])
            for left in range(visits + 1)
        ]
    return after[visits]


def _stage_value(inspected: Fraction, seen: Fraction, uninspected: Fraction) -> Fraction:
    """Value of the stage game with the rows (inspected, seen) and (uninspected, -1)."""
    secured = max(min(inspected, seen), min(uninspected, Fraction(-1)))
    if secured == min(max(inspected, uninspected), max(seen, Fraction(-1))):
        return secured  # neither side needs to mix
    return (seen * uninspected + inspected) / (seen + uninspected - inspected + 1)


@dataclass
class _Program:
    """The linear program of the game with imperfect inspections, in sequence form.

    A history is the string of the inspector's choices so far ("1" an inspection). For each there
    is a column with the probability that the inspector plays it, and for each number of
    violations left one with what he secures from there on, times that probability.
    """

    periods: int
    visits: int
    prize: float
    found: float
    columns: dict[tuple[str, int | None], int] = field(default_factory=dict)
    rows: list[_Terms] = field(default_factory=list)
    splits: dict[str, _Terms] = field(default_factory=dict)

    def value(self, intended: int) -> float:
        """What the inspector secures against this number of violations."""
        from scipy.optimize import linprog
        from scipy.sparse import csr_array

        root, start = self._column("", None), self._secured("", intended)
        width = len(self.columns)

        def matrix(rows: list[_Terms]) -> csr_array:
            entries = [(at, column, x) for at, row in enumerate(rows) for column, x in row.items()]
            at, column, x = zip(*entries, strict=True)
            return csr_array((x, (at, column)), shape=(len(rows), width))

        cost = [0.0] * width
        for column, weight in start.items():
            cost[column] -= weight
        bounds: list[tuple[float | None, float | None]] = [
            (0.0 if left is None else None, None) for _, left in self.columns
        ]
        bounds[root] = (1.0, 1.0)
        solved = linprog(  # type: ignore[call-overload]  # the stubs know no sparse matrices
            cost,
            A_ub=matrix(self.rows),
            b_ub=[0.0] * len(self.rows),
            A_eq=matrix(list(self.splits.values())),
            b_eq=[0.0] * len(self.splits),
            bounds=bounds,
            method="highs",
            options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
        )
        if solved.status:
            raise RuntimeError(f"the linear program was not solved: {solved.message}")
        return -float(solved.fun) + 0.0

    def _column(self, history: str, left: int | None) -> int:
        return self.columns.setdefault((history, left), len(self.columns))

    def _secured(self, history: str, left: int) -> _Terms:
        """What the inspector secures after a history, as a linear expression."""
        left = min(left, self.periods - len(history))
        if not left:
            return {}
        if history.count("1") == self.visits:  # no inspection is left: all violations succeed
            return {self._column(history, None): -float(left)}
        known = (history, left) in self.columns
        own = self._column(history, left)
        if not known:
            self._constrain(history, left, own)
        return {own: 1.0}

    def _constrain(self, history: str, left: int, own: int) -> None:
        """The value is no more than what the inspectee leaves by either choice."""
        out, seen = history + "0", history + "1"
        self.splits[history] = {
            self._column(history, None): 1.0,
            self._column(out, None): -1.0,
            self._column(seen, None): -1.0,
        }
        missed = 1 - self.found
        legal = [(1.0, self._secured(out, left)), (1.0, self._secured(seen, left))]
        violating = [
            (1.0, {self._column(out, None): -1.0}),
            (1.0, self._secured(out, left - 1)),
            (self.found * self.prize - missed, {self._column(seen, None): 1.0}),
            (missed, self._secured(seen, left - 1)),
        ]
        for parts in (legal, violating):
            row = {own: 1.0}
            for factor, terms in parts:
                for column, weight in terms.items():
                    row[column] = row.get(column, 0.0) - factor * weight
            self.rows.append(row)
