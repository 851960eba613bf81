"""Numbers as a person states them: exact, with ranges, sources and reasons.

A decimal is read as the fraction that was written (0.1 is one tenth), so values that are
equal on paper are equal here. ``1/3`` is a number too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

from detente.case.errors import EntryError, quoted, shown, unknown

_DECIMAL = re.compile(r"[-+]?(\d[\d_]*(\.[\d_]*)?|\.\d[\d_]*)([eE][-+]?\d{1,3})?")
_FRACTION = re.compile(r"[-+]?\d+/\d+")
_NOT_FINITE = re.compile(r"[-+]?\.?(inf|infinity|nan)", re.IGNORECASE)

FORMS = "a number, [low, high], {low, likely, high} or {mean, sd}"
POINTS = ("value", "low", "likely", "high", "mean", "sd")
"""Keys that state a number in one of its forms."""
NUMBER_KEYS = frozenset({*POINTS, "shape", "source", "because"})
"""Keys that make a mapping a number with details."""
LARGEST = 10**15
"""Numbers lie between this and its negative, so that sums of them stay exact integers."""
MAX_DIGITS = 60
"""Longest text that is read as a number."""


@dataclass(frozen=True)
class Number:
    """A number with what is known about its range.

    Parameters
    ----------
    point
        What point analyses use: the likely value, the midpoint or the mean.
    shape
        ``exact``, ``uniform`` (low, high), ``triangular`` or ``pert`` (low, point, high),
        or ``normal`` (mean and standard deviation).
    low, high
        Ends of the stated range; None for exact and normal numbers.
    sd
        Standard deviation of a normal number.
    source, because
        Keys of the case's sources, and the reason.
    """

    point: Fraction
    shape: str = "exact"
    low: Fraction | None = None
    high: Fraction | None = None
    sd: Fraction | None = None
    source: tuple[str, ...] = ()
    because: str | None = None

    @property
    def is_range(self) -> bool:
        """Whether more than a single point is stated."""
        return self.shape != "exact"

    def __float__(self) -> float:
        return float(self.point)

    def __str__(self) -> str:
        return show(self.point)


def show(value: Fraction | int) -> str:
    """A number as it would be written in a case: a decimal if it ends, else a fraction.

    Examples
    --------
    >>> show(Fraction(5, 2)), show(Fraction(3)), show(Fraction(1, 3))
    ('2.5', '3', '1/3')
    """
    value = Fraction(value)
    if value.denominator == 1:
        return str(value.numerator)
    rest = value.denominator
    twos = fives = 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    if rest != 1 or places > 15:
        return f"{value.numerator}/{value.denominator}"
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def exact_text(value: Fraction) -> str:
    """A number as text that a case can read back, also where it has very many digits.

    Examples
    --------
    >>> exact_text(Fraction(5, 2)), exact_text(Fraction(1, 3)), exact_text(Fraction("2e-99"))
    ('2.5', '1/3', '2E-99')
    """
    text = show(value)
    if len(text) <= MAX_DIGITS:
        return text
    with localcontext(prec=4 * MAX_DIGITS):
        decimal = Decimal(value.numerator) / Decimal(value.denominator)
    return str(decimal) if Fraction(decimal) == value else text


def parse_fraction(written: Any) -> Fraction:
    """The exact value of a written number; EntryError otherwise."""
    if isinstance(written, Fraction):
        return written
    if isinstance(written, bool) or written is None or isinstance(written, (list, Mapping)):
        raise EntryError(f"expected a number, found {shown(written)}")
    text = str(written).strip()
    if _NOT_FINITE.fullmatch(text):
        what = f"{text} is not a finite number"
        raise EntryError(what, "leave the entry out where there is no number")
    if len(text) > MAX_DIGITS:
        raise EntryError(f"a number of {len(text)} characters; at most {MAX_DIGITS} are read")
    if _FRACTION.fullmatch(text):
        above, below = map(int, text.split("/"))
        if below == 0:
            raise EntryError(f"{text} divides by zero")
        value = Fraction(above, below)
    elif _DECIMAL.fullmatch(text):
        value = Fraction(text.replace("_", ""))
    else:
        raise EntryError(f"expected a number, found {quoted(text)}", _advice(text))
    if abs(value) > LARGEST:
        what = f"{text} is too large: numbers lie between -10^15 and 10^15"
        raise EntryError(what, "state it in larger units")
    return value


def parse_number(written: Any) -> Number:
    """A number in any of its forms; EntryError otherwise."""
    if isinstance(written, Number):
        return written
    if isinstance(written, (list, tuple)):
        if len(written) != 2:
            raise EntryError(f"a range is [low, high]; this list has {len(written)} entries")
        return _uniform(*(_part(written, place) for place in range(2)))
    if not isinstance(written, Mapping):
        return Number(parse_fraction(written))
    for key in written:
        if key not in NUMBER_KEYS:
            what, help = unknown("key", str(key), sorted(NUMBER_KEYS), "a number")
            raise EntryError(what, help, at=(key,), at_key=True)
    parts = {key: _part(written, key) for key in POINTS if key in written}
    details = {"source": _keys(written), "because": text_of(written, "because")}
    return _assemble(frozenset(parts), parts, written.get("shape"), details)


def _assemble(
    given: frozenset[str], parts: dict[str, Fraction], shape: Any, details: dict[str, Any]
) -> Number:
    if shape is not None and (shape not in ("triangular", "pert") or "likely" not in given):
        what = "'shape' is triangular or pert, and goes with {low, likely, high}"
        raise EntryError(what, at=("shape",))
    if given == {"value"}:
        return Number(parts["value"], **details)
    if given == {"low", "high"}:
        return _uniform(parts["low"], parts["high"], **details)
    if given == {"low", "likely", "high"}:
        low, likely, high = parts["low"], parts["likely"], parts["high"]
        if not low <= likely <= high:
            raise EntryError(
                f"a range needs low <= likely <= high; "
                f"these are {show(low)}, {show(likely)}, {show(high)}"
            )
        return Number(likely, shape or "triangular", low, high, **details)
    if given == {"mean", "sd"}:
        if parts["sd"] < 0:
            what = f"a standard deviation cannot be negative ({show(parts['sd'])})"
            raise EntryError(what, at=("sd",))
        return Number(parts["mean"], "normal", sd=parts["sd"], **details)
    found = ", ".join(sorted(given)) or "none of these"
    raise EntryError(f"a number is {FORMS}; this one has {found}")


def _uniform(low: Fraction, high: Fraction, **details: Any) -> Number:
    if low > high:
        raise EntryError(f"a range is [low, high]; {show(low)} is above {show(high)}")
    return Number((low + high) / 2, "uniform", low, high, **details)


def _part(written: Any, at: str | int) -> Fraction:
    try:
        return parse_fraction(written[at])
    except EntryError as error:
        raise EntryError(error.what, error.help, at=(at,)) from None


def text_of(written: Mapping[str, Any], key: str) -> str | None:
    """A text entry of a mapping, if it is there; EntryError where it is no text."""
    text = written.get(key)
    if key in written and not isinstance(text, str):
        raise EntryError(f"expected text, found {shown(text)}", at=(key,))
    return text


def _keys(written: Mapping[str, Any]) -> tuple[str, ...]:
    if "source" not in written:
        return ()
    keys = written["source"]
    listed = tuple(keys) if isinstance(keys, (list, tuple)) else (keys,)
    if not all(isinstance(key, str) for key in listed):
        raise EntryError("expected the name of a source or a list of them", at=("source",))
    return listed


def _advice(text: str) -> str:
    if re.fullmatch(r"[-+]?\d+,\d+", text):
        return "write decimals with a point"
    return "write a share as a decimal: 0.5" if text.endswith("%") else ""
