"""Amounts that people read: few digits, and never too little."""

from __future__ import annotations

import math
from fractions import Fraction

DIGITS = 3
"""Digits of an amount that is told."""


def above(amount: float | Fraction, digits: int = DIGITS) -> Fraction:
    """The next number of so many digits that is not below; zero for nothing.

    Examples
    --------
    >>> above(0.12341), above(12.0), above(1234.5), above(-1.239)
    (Fraction(31, 250), Fraction(12, 1), Fraction(1240, 1), Fraction(-123, 100))
    """
    if not amount:
        return Fraction(0)
    exact = Fraction(amount)
    step = Fraction(10) ** (math.floor(math.log10(abs(exact))) + 1 - digits)
    # what rounding of floats adds above a short number is no reason for the next one
    nearest = round(exact / step) * step
    if abs(nearest - exact) <= abs(exact) * Fraction(1, 10**12):
        return nearest
    return math.ceil(exact / step) * step
