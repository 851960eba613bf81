"""Initials by which the parties sign their brackets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_SMALL = frozenset({"a", "an", "and", "at", "for", "in", "of", "on", "or", "the", "to"})
_KEYS = range(2, 5)
"""Lengths of a key that may stand for itself."""


def initials(names: Mapping[str, str]) -> dict[str, str]:
    """Initials for every party, no two alike.

    A key of two to four letters that abbreviates the name stands for itself. Else the first
    letters of the words of the name are taken, small words aside; parties that would share
    them take consonants of their last word in addition, as country codes do, and in the end
    a number.

    Parameters
    ----------
    names
        The wording of every party, by its key.

    Examples
    --------
    >>> list(initials({"us": "United States", "north": "North Korea", "cn": "China"}).values())
    ['US', 'NK', 'CN']
    >>> list(initials({"chad": "Chad", "china": "China", "ship": "The Ship"}).values())
    ['CHD', 'CHN', 'S']
    """
    choices = {party: _choices(party, name) for party, name in names.items()}
    level = dict.fromkeys(names, 0)
    while True:
        taken: dict[str, list[str]] = {}
        for party, own in choices.items():
            taken.setdefault(own[level[party]], []).append(party)
        alike = [party for parties in taken.values() if len(parties) > 1 for party in parties]
        grown = [party for party in alike if level[party] + 1 < len(choices[party])]
        if not grown:
            break
        for party in grown:
            level[party] += 1
    out: dict[str, str] = {}
    for party, own in choices.items():
        found, number = own[level[party]], 2
        while found in out.values():
            found, number = f"{own[level[party]]}{number}", number + 1
        out[party] = found
    return out


def _choices(party: str, name: str) -> list[str]:
    """Ever longer initials of one party."""
    words = re.findall(r"[^\W_]+", name.replace("'", "").replace("’", "")) or [party]
    telling = [word for word in words if word.lower() not in _SMALL] or words
    first = "".join(word[0] for word in telling)
    if _abbreviates(party, telling):
        first = party
    more = [letter for letter in telling[-1][1:] if letter.lower() not in "aeiou"]
    return ["".join([first, *more[:length]]).upper() for length in range(len(more) + 1)]


def _abbreviates(key: str, words: Sequence[str]) -> bool:
    """Whether the letters of a short key stand in a longer name, beginning with its first."""
    name = "".join(words).lower()
    letters = iter(name)
    short = len(key) in _KEYS and key.isalpha() and len(key) < len(name)
    return short and key[0].lower() == name[0] and all(c in letters for c in key.lower())
