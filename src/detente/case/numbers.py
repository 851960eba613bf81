"""Numbers as a person states them: exact, with ranges, sources and reasons.

A decimal is read as the fraction that was written (0.1 is one tenth), so values that are
equal on paper are equal here. ``1/3`` is a number too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

_DECIMAL = re.compile(r"[-+]?(\d[\d_]*(\.[\d_]*)?|\.\d[\d_]*)([eE][-+]?\d{1,3})?")
_FRACTION = re.compile(r"[-+]?\d+/\d+")
_NOT_FINITE = re.compile(r"[-+]?\.?(inf|infinity|nan)", re.IGNORECASE)

FORMS = "a number, [low, high], {low, likely, high} or {mean, sd}"
_DETAILS = frozenset({"source", "because"})
_KEYS = {
    "exact": frozenset({"value"}),
    "uniform": frozenset({"low", "high"}),
    "triangular": frozenset({"low", "likely", "high"}),
    "normal": frozenset({"mean", "sd"}),
}
NUMBER_KEYS = frozenset({"value", "low", "likely", "high", "mean", "sd", "shape"}) | _DETAILS
"""Keys that make a mapping a number with details."""


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


def parse_fraction(written: Any) -> Fraction:
    """The exact value of a written number; ValueError with a message otherwise."""
    if isinstance(written, Fraction):
        return written
    if isinstance(written, bool) or written is None or isinstance(written, (list, Mapping)):
        raise ValueError(f"expected a number, found {_kind(written)}")
    if isinstance(written, int):
        return Fraction(written)
    text = (repr(written) if isinstance(written, float) else str(written)).strip()
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(f"{text} is not a finite number; leave the entry out where there is none")
    if _FRACTION.fullmatch(text) and int(text.split("/")[1]):
        return Fraction(text)
    if not _DECIMAL.fullmatch(text):
        advice = "; write decimals with a point" if re.fullmatch(r"-?\d+,\d+", text) else ""
        raise ValueError(f"expected a number, found {text!r}{advice}")
    return Fraction(text.replace("_", ""))


def parse_number(written: Any) -> Number:
    """A number in any of its forms; ValueError with a message otherwise."""
    if isinstance(written, Number):
        return written
    if isinstance(written, (list, tuple)):
        if len(written) != 2:
            raise ValueError(f"a range is [low, high]; this list has {len(written)} entries")
        return _uniform(parse_fraction(written[0]), parse_fraction(written[1]))
    if not isinstance(written, Mapping):
        return Number(parse_fraction(written))
    given = set(written)
    unexpected = sorted(given - NUMBER_KEYS)
    if unexpected:
        raise ValueError(f"unknown key {unexpected[0]!r} in a number; it takes {FORMS}")
    parts = {
        key: parse_fraction(written[key])
        for key in ("value", "low", "likely", "high", "mean", "sd")
        if key in written
    }
    details = {"source": _keys(written.get("source")), "because": written.get("because")}
    return _assemble(frozenset(parts), parts, written.get("shape"), details)


def _assemble(
    given: frozenset[str], parts: dict[str, Fraction], shape: Any, details: dict[str, Any]
) -> Number:
    if shape is not None and (shape not in ("triangular", "pert") or "likely" not in given):
        raise ValueError("'shape' is triangular or pert, and goes with {low, likely, high}")
    if given == _KEYS["exact"]:
        return Number(parts["value"], **details)
    if given == _KEYS["uniform"]:
        return _uniform(parts["low"], parts["high"], **details)
    if given == _KEYS["triangular"]:
        low, likely, high = parts["low"], parts["likely"], parts["high"]
        if not low <= likely <= high:
            raise ValueError(
                f"a range needs low <= likely <= high; "
                f"these are {show(low)}, {show(likely)}, {show(high)}"
            )
        return Number(likely, shape or "triangular", low, high, **details)
    if given == _KEYS["normal"]:
        if parts["sd"] < 0:
            raise ValueError(f"a standard deviation cannot be negative ({show(parts['sd'])})")
        return Number(parts["mean"], "normal", sd=parts["sd"], **details)
    found = ", ".join(sorted(given)) or "nothing"
    raise ValueError(f"a number is {FORMS}; this one has {found}")


def _uniform(low: Fraction, high: Fraction, **details: Any) -> Number:
    if low > high:
        raise ValueError(f"a range is [low, high]; {show(low)} is above {show(high)}")
    return Number((low + high) / 2, "uniform", low, high, **details)


def _keys(written: Any) -> tuple[str, ...]:
    if written is None:
        return ()
    return tuple(map(str, written)) if isinstance(written, (list, tuple)) else (str(written),)


def _kind(written: Any) -> str:
    if written is None:
        return "nothing"
    if isinstance(written, Mapping):
        return "a mapping"
    return "a list" if isinstance(written, list) else f"'{written}'"
