"""The catalogue of sentences: templates with named slots, kept apart from the analyses.

The texts stand in ``sentences.toml`` and can be edited or translated there. An analysis
says *what* it found (a key and its slots); how it reads is decided here only.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any


@cache
def catalogue() -> dict[str, str]:
    """All templates by key (section and name joined by a point)."""
    text = (resources.files("detente") / "sentences.toml").read_text(encoding="utf-8")
    return dict(_flat(tomllib.loads(text), ""))


def _flat(table: dict[str, Any], prefix: str) -> Iterable[tuple[str, str]]:
    for key, entry in table.items():
        name = f"{prefix}.{key}" if prefix else key
        if isinstance(entry, dict):
            yield from _flat(entry, name)
        else:
            yield name, str(entry)


def say(key: str, **slots: Any) -> str:
    """A sentence with its slots filled; texts pass as they are, numbers as people read them."""
    return catalogue()[key].format(**{name: _shown(slot) for name, slot in slots.items()})


def _shown(slot: Any) -> str:
    if isinstance(slot, (bool, str)):
        return str(slot)
    if isinstance(slot, int):
        return quantity(slot)
    if isinstance(slot, (float, Fraction)):
        return number(slot)
    return str(slot)


def quantity(count: int) -> str:
    """A count: words up to twelve, digits with thin groups above, powers of ten beyond.

    Examples
    --------
    >>> quantity(3), quantity(1234567), quantity(4**40)
    ('three', '1,234,567', 'about 1.2 × 10^24')
    """
    words = (
        *("no", "one", "two", "three", "four", "five", "six"),
        *("seven", "eight", "nine", "ten", "eleven", "twelve"),
    )
    if 0 <= count < len(words):
        return words[count]
    if abs(count) < 10**15:
        return f"{count:,}"
    power = len(str(abs(count))) - 1
    return f"about {count / 10**power:.1f} × 10^{power}"


def number(value: float | Fraction, signed: bool = False) -> str:
    """A value with three digits at the most, a real minus sign, and a plus if asked for.

    Examples
    --------
    >>> number(Fraction(25, 2)), number(-0.04321), number(Fraction(8), signed=True)
    ('12.5', '−0.043', '+8')
    """
    size = abs(float(value))
    places = 0 if size >= 100 else 1 if size >= 1 else 3
    text = f"{size:.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    negative = value < 0 and text.strip("0.") != ""
    return ("−" if negative else "+" if signed and text.strip("0.") else "") + text


def listed(words: Iterable[str], joint: str = "and") -> str:
    """Words as a phrase.

    Examples
    --------
    >>> listed(["the North", "the South", "China"])
    'the North, the South and China'
    """
    given = list(words)
    if len(given) < 2:
        return "".join(given)
    return f"{', '.join(given[:-1])} {joint} {given[-1]}"
