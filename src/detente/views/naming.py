"""How parties, packages, rules and shares are written in sentences and tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from detente.case.schema import Case
from detente.model.sentences import say

RULE_NAMES: Mapping[str, str] = {
    "nash": "Nash",
    "kalai_smorodinsky": "Kalai–Smorodinsky",
    "egalitarian": "egalitarian",
    "utilitarian": "utilitarian",
    "equal_loss": "equal loss",
}
"""The rules as their authors or the field call them."""
Open = Callable[[str], bool]
"""Whether the numbers of a party may be told."""


def everyone(_: str) -> bool:
    """All numbers may be told."""
    return True


def named(case: Case, name: str) -> str:
    """A party, or a faction with its party behind it."""
    if "." not in name:
        return case.party_name(name)
    party = case.party_name(name.split(".", 1)[0])
    return say("brief.faction", faction=case.party_name(name), party=party)


def capital(text: str) -> str:
    """With a capital at the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def percent(part: float, whole: float) -> str:
    """A share in per cent; small ones are not rounded away.

    Examples
    --------
    >>> percent(1, 3), percent(1, 5000), percent(0, 7)
    ('33 %', '< 0.1 %', '0 %')
    """
    if not part:
        return "0 %"
    share = 100 * part / whole
    if share < 0.1:
        return "< 0.1 %"
    if part < whole and share > 99.9:
        return "> 99.9 %"
    return f"{share:.0f} %" if 1 <= share <= 99 or part == whole else f"{share:.1f} %"
