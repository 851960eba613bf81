"""How parties, packages and rules are called in sentences and tables."""

from __future__ import annotations

from collections.abc import Mapping

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


def named(case: Case, name: str) -> str:
    """A party, or a faction with its party behind it."""
    if "." not in name:
        return case.party_name(name)
    party = case.party_name(name.split(".", 1)[0])
    return say("brief.faction", faction=case.party_name(name), party=party)


def capital(text: str) -> str:
    """With a capital at the beginning of a sentence."""
    return text[:1].upper() + text[1:]
