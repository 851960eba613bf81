"""Ways to cheat, measures, chances and times in the words of the case."""

from __future__ import annotations

from collections.abc import Iterable

from detente.case.schema import Case
from detente.model.sentences import say
from detente.model.wording import quoted


def cheats(case: Case, names: Iterable[str]) -> str:
    """Several ways to cheat as a phrase."""
    return quoted(case.violation_name(name) for name in names)


def chance(probability: float) -> str:
    """A probability in per cent; what is not nothing is never shown as nothing.

    Examples
    --------
    >>> chance(0.0625), chance(0.95), chance(0.0004), chance(0.9997), chance(0)
    ('6.3 %', '95 %', '< 0.1 %', '> 99.9 %', '0 %')
    """
    share = 100 * probability
    if 0 < share < 0.1:
        return "< 0.1 %"
    if 99.9 < share < 100:
        return "> 99.9 %"
    text = f"{share + 1e-9:.1f}"
    return f"{text.removesuffix('.0')} %"


def periods_text(count: int, period: str) -> str:
    """A number of periods."""
    return say("verify.count", count=count, period=period)
