"""The five rules that single out an agreement, with all ties, decided exactly."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.agreement.definitions import SOLUTIONS, Solution
from detente.agreement.grid import on_grid
from detente.agreement.pareto import undominated
from detente.model.problem import Integers

__all__ = [
    "SOLUTIONS",
    "Selection",
    "Solution",
    "choose",
    "egalitarian",
    "equal_loss",
    "kalai_smorodinsky",
    "nash",
    "utilitarian",
]

MARGIN = 1e-9
"""Relative margin of the screening in floats; far above their rounding errors."""
ROOM = 2**62
"""Integers below this are handled in 64 bits."""
RANGE = 10**200
"""Units further apart could not be screened in floats."""

Exact = NDArray[Any]
"""Exact integers: ``int64``, or Python's own where 64 bits are too few."""


@dataclass(frozen=True)
class Selection:
    """What a rule chose.

    Parameters
    ----------
    rule
        Name of the rule.
    indices
        Rows that tie for the best, ascending.
    score
        The objective at these rows, exact: the product of gains (nash), the weighted sum
        of values (utilitarian), or the sorted vector that the leximin compares, smallest
        first: shares of the largest gain (kalai_smorodinsky), gains (egalitarian), losses
        against the ideal with a minus sign (equal_loss).
    ideal
        Best value of each party over the rows, for the rules that measure against it.
    left_out
        Positions of the parties that Kalai–Smorodinsky leaves out of the comparison: their
        best value is their walk-away value, so they are indifferent among the rows.
    """

    rule: str
    indices: tuple[int, ...]
    score: Fraction | tuple[Fraction, ...]
    ideal: tuple[Fraction, ...] | None = None
    left_out: tuple[int, ...] = ()


def choose(
    rule: str,
    totals: Integers,
    walk_away: Integers,
    units: Sequence[Fraction],
    weights: Sequence[Fraction] | None = None,
) -> Selection:
    """The rows that a rule chooses, with all ties.

    Parameters
    ----------
    rule
        A name in ``SOLUTIONS``.
    totals
        Shape (rows, parties), ``int64``: the set from which the rule chooses. Rows that
        are not efficient within it may be left out; they never change the answer.
    walk_away
        Shape (parties,), in the same steps as ``totals``.
    units
        What one step is worth to each party, positive.
    weights
        Of the parties, for ``utilitarian`` only; not negative, not all zero.

    Raises
    ------
    ValueError
        Where the rule is unknown, there is no row or no party, a shape or a weight is
        wrong, a number is too large, or a gain is negative under a rule that needs gains.

    Notes
    -----
    Exact: floats only screen out rows that are worse beyond rounding, then integers
    decide. Every chosen row is efficient among the rows. Where the best product of gains
    is 0 (no row leaves every party strictly better off) the product cannot discriminate,
    and the efficient rows tie; likewise, with a weight of 0, the efficient ones of the
    rows with the largest sum. O(rows * parties * log parties) and a Pareto filter in
    these two cases.

    Examples
    --------
    >>> totals = np.array([[9, 1], [5, 5], [1, 8]])
    >>> choose("nash", totals, np.array([0, 0]), (Fraction(1), Fraction(1)))
    Selection(rule='nash', indices=(1,), score=Fraction(25, 1), ideal=None, left_out=())
    """
    if rule not in SOLUTIONS:
        raise ValueError(f"{rule!r} is not a rule; use one of {', '.join(SOLUTIONS)}")
    _check(totals, walk_away, units)
    if weights is not None and rule != "utilitarian":
        raise ValueError(f"weights go with utilitarian only, not with {rule}")
    if SOLUTIONS[rule].needs_gains and (totals < walk_away).any():
        raise ValueError(f"{rule} is defined only where no party is below its walk-away value")
    if rule == "utilitarian":
        return _utilitarian(totals, units, weights)
    return _RULES[rule](totals, walk_away, units)


def _check(totals: Integers, walk_away: Integers, units: Sequence[Fraction]) -> None:
    """Raise where the arrays do not fit together or 64 bits are too few for gains."""
    if totals.ndim != 2 or not totals.shape[0] or not totals.shape[1]:
        raise ValueError(f"there is nothing to choose from in an array of shape {totals.shape}")
    parties = totals.shape[1]
    if walk_away.shape != (parties,) or len(units) != parties:
        raise ValueError(f"walk_away and units must have one entry for each of {parties} parties")
    if min(units) <= 0 or max(units) > RANGE * min(units):
        raise ValueError(f"units must be positive and within a factor of {RANGE:.0e} of each other")
    for array in (totals, walk_away):
        if int(array.max()) >= ROOM // 2 or int(array.min()) <= -ROOM // 2:
            raise ValueError("totals must be below 2**61 in magnitude; use a coarser unit")


def _nash(totals: Integers, walk_away: Integers, units: Sequence[Fraction]) -> Selection:
    """Largest product of gains."""
    gains = totals - walk_away
    better = np.flatnonzero((gains > 0).all(axis=1))
    if not len(better):
        return _selection("nash", np.flatnonzero(undominated(totals)), Fraction(0))
    logs = np.log(gains[better].astype(np.float64)).sum(axis=1)
    near = better[logs >= logs.max() - MARGIN * (1 + abs(float(logs.max())))]
    products = [math.prod(row) for row in gains[near].tolist()]
    best = max(products)
    ties = near[np.array([product == best for product in products])]
    return _selection("nash", ties, best * math.prod(units, start=Fraction(1)))


def _kalai_smorodinsky(
    totals: Integers, walk_away: Integers, units: Sequence[Fraction]
) -> Selection:
    """Leximin of the gains as shares of the largest gains."""
    gains = totals - walk_away
    largest = [int(gain) for gain in gains.max(axis=0)]
    compared = [party for party, gain in enumerate(largest) if gain]
    shares = [Fraction(1, largest[party]) for party in compared]
    ties, score = _leximin(gains[:, compared], shares)
    left_out = tuple(party for party, gain in enumerate(largest) if not gain)
    return _selection("kalai_smorodinsky", ties, score, _ideal(totals, units), left_out)


def _egalitarian(totals: Integers, walk_away: Integers, units: Sequence[Fraction]) -> Selection:
    """Leximin of the gains."""
    return _selection("egalitarian", *_leximin(totals - walk_away, units))


def _equal_loss(totals: Integers, walk_away: Integers, units: Sequence[Fraction]) -> Selection:
    """Leximin of the losses against the ideal, with a minus sign."""
    ties, score = _leximin(totals - totals.max(axis=0), units)
    return _selection("equal_loss", ties, score, _ideal(totals, units))


def _utilitarian(
    totals: Integers, units: Sequence[Fraction], weights: Sequence[Fraction] | None
) -> Selection:
    """Largest weighted sum of values."""
    weights = (Fraction(1),) * len(units) if weights is None else weights
    if len(weights) != len(units) or min(weights) < 0 or not any(weights):
        raise ValueError(
            f"weights must be {len(units)} numbers, one a party, none negative and not all zero"
        )
    worth = [weight * unit for weight, unit in zip(weights, units, strict=True)]
    relative = _relative(worth)
    rough = totals @ relative
    reach = float(np.abs(totals).max(axis=0) @ relative)
    near = np.flatnonzero(rough >= rough.max() - MARGIN * reach)
    values, scale = _scaled(totals[near], worth)
    sums = values.sum(axis=1)
    best = sums.max()
    ties = near[sums == best]
    if min(weights) == 0:
        ties = ties[undominated(totals[ties])]
    return _selection("utilitarian", ties, int(best) * scale)


_RULES: dict[str, Callable[[Integers, Integers, Sequence[Fraction]], Selection]] = {
    "nash": _nash,
    "kalai_smorodinsky": _kalai_smorodinsky,
    "egalitarian": _egalitarian,
    "equal_loss": _equal_loss,
}


def _leximin(
    amounts: Integers, factors: Sequence[Fraction]
) -> tuple[Integers, tuple[Fraction, ...]]:
    """Rows with the leximin-best vector of ``amounts * factors``, and that vector, sorted."""
    if not factors:
        return np.arange(len(amounts)), ()
    rough = (amounts * _relative(factors)).min(axis=1)
    near = np.flatnonzero(rough >= rough.max() - MARGIN * abs(float(rough.max())))
    values, scale = _scaled(amounts[near], factors)
    values.sort(axis=1)
    left = np.arange(len(values))
    for column in values.T:
        left = left[column[left] == column[left].max()]
    score = tuple(int(value) * scale for value in values[left[0]])
    return near[left], score


def _relative(factors: Sequence[Fraction]) -> NDArray[np.float64]:
    """The factors as floats, as shares of the largest."""
    largest = max(factors)
    return np.array([float(factor / largest) for factor in factors])


def _scaled(amounts: Integers, factors: Sequence[Fraction]) -> tuple[Exact, Fraction]:
    """``amounts * factors`` as exact integers, safe to add up, and the worth of one of them."""
    denominator = math.lcm(*(factor.denominator for factor in factors))
    multiples = [int(factor * denominator) for factor in factors]
    common = math.gcd(*multiples)
    multiples = [multiple // common for multiple in multiples]
    reach = sum(
        multiple * int(top)
        for multiple, top in zip(multiples, np.abs(amounts).max(axis=0), strict=True)
    )
    kind: Any = np.int64 if max(reach, *multiples) < ROOM else object
    return amounts.astype(kind) * np.array(multiples, dtype=kind), Fraction(common, denominator)


def _ideal(totals: Integers, units: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Best value of each party."""
    return tuple(int(top) * unit for top, unit in zip(totals.max(axis=0), units, strict=True))


def _selection(
    rule: str,
    ties: Integers,
    score: Fraction | tuple[Fraction, ...],
    ideal: tuple[Fraction, ...] | None = None,
    left_out: tuple[int, ...] = (),
) -> Selection:
    return Selection(rule, tuple(int(row) for row in ties), score, ideal, left_out)


def nash(values: ArrayLike, walk_away: ArrayLike) -> Integers:
    """Outcomes with the largest product of gains over walking away (Nash 1950).

    Parameters
    ----------
    values
        Shape (outcomes, parties), integers (exact) or floats (snapped to a decimal grid of
        12 significant digits, see ``detente.agreement.grid.on_grid``).
    walk_away
        Shape (parties,): what each party has without an agreement.

    Returns
    -------
    indices
        All ties, ascending, among the outcomes that leave nobody below its walk-away
        value; empty where there is no such outcome. Where no outcome leaves everybody
        strictly better off, the efficient ones of these outcomes tie.

    Raises
    ------
    ValueError
        Where a shape is wrong or an entry is not a finite number.

    Examples
    --------
    >>> nash([[9, 1], [5, 5], [1, 8], [20, -1]], [0, 0])
    array([1])
    """
    return _among_acceptable("nash", values, walk_away)


def kalai_smorodinsky(values: ArrayLike, walk_away: ArrayLike) -> Integers:
    """Outcomes with the leximin-best shares of the largest gains (Kalai & Smorodinsky 1975).

    The largest gains are taken over the outcomes that leave nobody below its walk-away
    value; a party whose largest gain is 0 is left out of the comparison. Parameters,
    result and errors as for ``nash``.

    Examples
    --------
    >>> kalai_smorodinsky([[8, 0], [4, 2], [0, 4], [4, 1]], [0, 0])
    array([1])
    """
    return _among_acceptable("kalai_smorodinsky", values, walk_away)


def egalitarian(values: ArrayLike, walk_away: ArrayLike) -> Integers:
    """Outcomes with the leximin-best gains over walking away (Kalai 1977).

    Compares values between parties. Parameters, result and errors as for ``nash``.

    Examples
    --------
    >>> egalitarian([[8, 2], [3, 3], [3, 4]], [0, 0])
    array([2])
    """
    return _among_acceptable("egalitarian", values, walk_away)


def utilitarian(
    values: ArrayLike,
    walk_away: ArrayLike,
    weights: Sequence[float | Fraction] | None = None,
) -> Integers:
    """Outcomes with the largest weighted sum of values.

    Compares values between parties. Parameters, result and errors as for ``nash``.

    Parameters
    ----------
    weights
        One a party, not negative, not all zero; 1 where not given. A float stands for the
        decimal it prints as. Where a weight is 0, the efficient ones of the ties count.

    Examples
    --------
    >>> utilitarian([[8, 2], [3, 3], [3, 7]], [0, 0])
    array([0, 2])
    >>> utilitarian([[8, 2], [3, 3], [3, 7]], [0, 0], weights=[1, 0.5])
    array([0])
    """
    exact = None if weights is None else tuple(_decimal(weight) for weight in weights)
    return _among_acceptable("utilitarian", values, walk_away, exact)


def equal_loss(values: ArrayLike, walk_away: ArrayLike) -> Integers:
    """Outcomes whose losses against the ideal are leximin-least (Chun 1988).

    The ideal is the best value of each party over the outcomes that leave nobody below its
    walk-away value. Compares values between parties. Parameters, result and errors as for
    ``nash``.

    Examples
    --------
    >>> equal_loss([[9, 0], [6, 4], [0, 6]], [0, 0])
    array([1])
    """
    return _among_acceptable("equal_loss", values, walk_away)


def _among_acceptable(
    rule: str,
    values: ArrayLike,
    walk_away: ArrayLike,
    weights: Sequence[Fraction] | None = None,
) -> Integers:
    """Apply a rule to the outcomes in which every gain is at least 0."""
    totals, leave, units = on_grid(values, walk_away)
    acceptable = np.flatnonzero((totals >= leave).all(axis=1))
    if not len(acceptable):
        return acceptable
    selection = choose(rule, totals[acceptable], leave, units, weights)
    return acceptable[list(selection.indices)]


def _decimal(weight: float | Fraction) -> Fraction:
    """The number as written: 0.1 is a tenth."""
    if isinstance(weight, Fraction):
        return weight
    if not math.isfinite(weight):
        raise ValueError(f"weights must be finite, not {weight}")
    return Fraction(str(weight))
