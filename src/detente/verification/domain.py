"""Checks of arguments: a number outside its domain is refused with a plain sentence."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import SupportsFloat, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.model.problem import Floats


def finite(name: str, value: SupportsFloat) -> float:
    """A finite number.

    Raises
    ------
    ValueError
        Where it is none.
    """
    try:
        number = float(value)
    except OverflowError:
        raise ValueError(f"{name} is too large to be computed with") from None
    except (TypeError, ValueError):
        raise ValueError(f"{name} is a number; this is {value!r}") from None
    if isinstance(value, bool) or not math.isfinite(number):
        raise ValueError(f"{name} is a finite number; this is {value!r}")
    return number


def probability(name: str, value: SupportsFloat) -> float:
    """A number from 0 to 1.

    Raises
    ------
    ValueError
        Where it is none.
    """
    number = finite(name, value)
    if not 0 <= number <= 1:
        raise ValueError(f"{name} is between 0 and 1; this is {number:.15g}")
    return number


def discount_factor(name: str, value: SupportsFloat) -> float:
    """A number from 0 to below 1.

    Raises
    ------
    ValueError
        Where it is none.
    """
    number = finite(name, value)
    if not 0 <= number < 1:
        raise ValueError(f"{name} lies in [0, 1); this is {number:.15g}")
    return number


def count(name: str, value: SupportsIndex, least: int = 0) -> int:
    """A whole number that is not below ``least``.

    Raises
    ------
    ValueError
        Where it is none.
    """
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise ValueError(f"{name} is a whole number; this is {value!r}")
    number = value.__index__()
    if number < least:
        raise ValueError(f"{name} is at least {least}; this is {number}")
    return number


def at_most_all(name: str, value: SupportsIndex, total: int, least: int = 0) -> int:
    """A count of some of so many items.

    Raises
    ------
    ValueError
        Where it is none, or more than there are.
    """
    number = count(name, value, least)
    if number > total:
        raise ValueError(f"{name} is at most {total}, the number of items; this is {number}")
    return number


def amount(name: str, value: SupportsFloat) -> float:
    """A finite number that is not below 0.

    Raises
    ------
    ValueError
        Where it is none.
    """
    number = finite(name, value)
    if number < 0:
        raise ValueError(f"{name} is not below 0; this is {number:g}")
    return number


def exact(name: str, value: SupportsFloat) -> Fraction:
    """A finite number as it is written: 0.9 is nine tenths.

    Raises
    ------
    ValueError
        Where it is none.
    """
    number = finite(name, value)
    if isinstance(value, (int, Fraction, Decimal)):
        return Fraction(value)
    try:
        return Fraction(str(value))
    except ValueError:
        return Fraction(str(number))


def exact_probability(name: str, value: SupportsFloat) -> Fraction:
    """A number from 0 to 1, as it is written.

    Raises
    ------
    ValueError
        Where it is none.
    """
    probability(name, value)
    return exact(name, value)


def numbers(name: str, values: ArrayLike) -> Floats:
    """An array of finite numbers.

    Raises
    ------
    ValueError
        Where one is none.
    """
    array = np.asarray(values)
    if array.dtype.kind not in "iuf":
        raise ValueError(f"{name} is a number; this is {values!r}")
    wrong = array[~np.isfinite(array)]
    if wrong.size:
        raise ValueError(f"{name} is a finite number; one is {wrong[0]}")
    return array.astype(np.float64)


def probabilities(name: str, values: ArrayLike) -> Floats:
    """An array of numbers from 0 to 1.

    Raises
    ------
    ValueError
        Where one is none.
    """
    array = numbers(name, values)
    wrong = array[(array < 0) | (array > 1)]
    if wrong.size:
        raise ValueError(f"{name} is between 0 and 1; one is {wrong[0]:g}")
    return array


def discount_factors(name: str, values: ArrayLike) -> Floats:
    """An array of numbers from 0 to below 1.

    Raises
    ------
    ValueError
        Where one is none.
    """
    array = numbers(name, values)
    wrong = array[(array < 0) | (array >= 1)]
    if wrong.size:
        raise ValueError(f"{name} lies in [0, 1); one is {wrong[0]:g}")
    return array


def counts(name: str, values: ArrayLike, least: int = 0) -> NDArray[np.int64]:
    """An array of whole numbers that are not below ``least``.

    Raises
    ------
    ValueError
        Where one is none.
    """
    array = np.asarray(values)
    if array.dtype.kind not in "iu":
        raise ValueError(f"{name} is a whole number; this is {values!r}")
    wrong = array[array < least]
    if wrong.size:
        raise ValueError(f"{name} is at least {least}; one is {wrong[0]}")
    return array.astype(np.int64)
