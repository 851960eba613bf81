"""Numbers of a caller as exact integers, so that comparisons never hang on rounding."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.model.problem import Integers

DIGITS = 12
"""Significant decimal digits kept of floats, counted from a column's largest magnitude."""


def on_grid(
    values: ArrayLike, walk_away: ArrayLike | None = None
) -> tuple[Integers, Integers, tuple[Fraction, ...]]:
    """Values and walk-away values as integers, and what one step is worth in each column.

    Integers stay as they are. Where there are floats, each column is snapped to a decimal
    grid: the power of ten that leaves 12 significant digits of the column's largest
    magnitude (walk-away value included). On it 0.1 + 0.2 ties with 0.3.

    Parameters
    ----------
    values
        Shape (outcomes, parties), integers or floats.
    walk_away
        Shape (parties,), integers or floats; zeros where not given. Where either of the
        two has floats, both are snapped.

    Returns
    -------
    totals, walk_away, units
        Integers of shapes (outcomes, parties) and (parties,), and the worth of one step
        for each party: value = total * unit, up to the snapping.

    Raises
    ------
    ValueError
        Where a shape is wrong, a number is not finite, or the entries are not numbers.
    """
    table = _numbers(values, "values")
    if table.ndim != 2:
        raise ValueError(
            "values must have one row an outcome and one column a party; "
            f"their shape is {table.shape}"
        )
    parties = table.shape[1]
    if not parties:
        raise ValueError("values must have at least one column: there are no parties to compare")
    leave = (
        np.zeros(parties, dtype=np.int64) if walk_away is None else _numbers(walk_away, "walk_away")
    )
    if leave.shape != (parties,):
        raise ValueError(
            f"walk_away must have one number for each of the {parties} parties; "
            f"its shape is {leave.shape}"
        )
    if table.dtype.kind == leave.dtype.kind == "i":
        return table.astype(np.int64), leave.astype(np.int64), (Fraction(1),) * parties
    stacked = np.vstack([table, leave]).astype(np.float64)
    exponents = [_exponent(column) for column in stacked.T]
    snapped = np.stack(
        [_snapped(column, power) for column, power in zip(stacked.T, exponents, strict=True)],
        axis=1,
    )
    units = tuple(Fraction(10) ** power for power in exponents)
    return snapped[:-1], snapped[-1], units


def _numbers(given: ArrayLike, what: str) -> NDArray[np.int64] | NDArray[np.float64]:
    """The entries as ``int64`` or ``float64``; an error where they are neither."""
    try:
        array = np.asarray(given)
    except ValueError:
        raise ValueError(f"{what} must be rectangular: some rows are longer than others") from None
    if array.dtype.kind in "iu":
        if array.size and int(array.max()) > np.iinfo(np.int64).max:
            raise ValueError(f"{what} must fit 64 bits; divide them by a common factor")
        return array.astype(np.int64)
    if array.dtype.kind != "f":
        raise ValueError(
            f"{what} must be integers or floats, not {array.dtype}; "
            "leave out outcomes without a value and convert other number types first"
        )
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        place = ", ".join(str(position) for position in bad[0])
        raise ValueError(
            f"{what} must be finite: the entry at [{place}] is {array[tuple(bad[0])]}; "
            "leave out what has no value"
        )
    return array.astype(np.float64)


def _exponent(column: NDArray[np.float64]) -> int:
    """Power of ten of the grid for one column."""
    largest = float(np.abs(column).max())
    if largest == 0:
        return 0
    return math.floor(math.log10(largest)) + 1 - DIGITS


def _snapped(column: NDArray[np.float64], power: int) -> Integers:
    """Nearest multiples of ten to the power."""
    if power > 0:
        return np.rint(column / 10.0**power).astype(np.int64)
    half = -power // 2  # in two steps, because 10.0**-power may be too large for a float
    return np.rint(column * 10.0**half * 10.0 ** (-power - half)).astype(np.int64)
