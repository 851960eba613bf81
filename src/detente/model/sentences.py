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
    """A sentence with its slots filled; texts pass as they are, numbers as people read them.

    A slot may choose a word by number, ``{count:outcome|outcomes}``. What ends like a
    sentence begins like one.
    """
    text = catalogue()[key].format(**{name: _Slot(slot) for name, slot in slots.items()})
    return text[:1].upper() + text[1:] if text.endswith((".", "!", "?")) else text


class _Slot:
    """A value as it stands in a template."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __format__(self, words: str) -> str:
        if words:
            one, many = words.split("|")
            return one if abs(self.value) == 1 else many
        value = self.value
        if isinstance(value, int) and not isinstance(value, bool):
            return quantity(value)
        return number(value) if isinstance(value, (float, Fraction)) else str(value)


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
    >>> number(Fraction(-315, 100))
    '−3.2'
    """
    size = abs(Fraction(value))
    places = 0 if size >= 100 else 1 if size >= 1 else 3
    steps = (size * 10**places + Fraction(1, 2)).__floor__()  # halves go up, as people round
    text = f"{steps // 10**places}.{steps % 10**places:0{places}d}" if places else str(steps)
    if places:
        text = text.rstrip("0").rstrip(".")
    return ("−" if value < 0 and steps else "+" if signed and steps else "") + text


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
