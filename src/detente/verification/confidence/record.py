"""A record of inspections as people write it: ``clean*5, alarm, none*2, clean``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain, repeat

from detente.case.errors import CaseError, Problem, nearest, quoted
from detente.verification.confidence.two_states import Outcome

WORDS: dict[str, Outcome] = {"clean": False, "alarm": True, "none": None}
"""What a period may bring."""
SHORT: dict[str, Outcome] = {"c": False, "a": True, "-": None}
"""The same in one letter."""
NAMES = {outcome: word for word, outcome in WORDS.items()}
"""The word for what a period brought."""
LONGEST = 10_000
"""Most periods of a record."""
DIGITS = 9
"""Digits of a number that are read; with more of them the record is too long anyway."""

_FORM = "write words with commas between them, and clean*5 for five clean inspections"


def read_record(text: str) -> tuple[Outcome, ...]:
    """A record from words: ``clean`` (``c``), ``alarm`` (``a``), ``none`` (``-``).

    A word followed by ``*`` and a number stands for so many periods.

    Parameters
    ----------
    text : str
        The words, with commas or spaces between them.

    Returns
    -------
    tuple of bool or None
        One entry a period, as :func:`~detente.verification.posterior` takes them.

    Raises
    ------
    CaseError
        Where a word or a number is none (with its place and the nearest valid word), or the
        record has no periods or more than :data:`LONGEST`.

    Examples
    --------
    >>> read_record("clean*2, alarm, none")
    (False, False, True, None)
    """
    parts = re.sub(r"\s*\*\s*", "*", text).replace(",", " ").split()
    read = [_part(part, place) for place, part in enumerate(parts, start=1)]
    check_length(sum(times for _, times in read))
    return tuple(chain.from_iterable(repeat(outcome, times) for outcome, times in read))


def check_length(periods: int) -> None:
    """Refuse a record without periods, and one that is too long.

    Raises
    ------
    CaseError
        Where it is.
    """
    if not periods:
        raise CaseError(Problem("the record has no periods", _FORM))
    if periods > LONGEST:
        what = f"a record has at most {LONGEST:,} periods; this one has more"
        raise CaseError(Problem(what, "let a period stand for a longer time"))


def tally(record: Iterable[Outcome]) -> dict[Outcome, int]:
    """How many periods brought what, in the order of :data:`WORDS`; what did not is left out."""
    found = list(record)
    counts = {outcome: sum(1 for entry in found if entry == outcome) for outcome in NAMES}
    return {outcome: count for outcome, count in counts.items() if count}


def _part(part: str, place: int) -> tuple[Outcome, int]:
    """What it says, and for how many periods."""
    word, star, times = part.partition("*")
    known = {**WORDS, **SHORT}
    if word.lower() not in known:
        close = nearest(word, WORDS)
        hint = f"; did you mean {close!r}?" if close else ""
        what = f"unknown word {quoted(word or part)} at place {place} of the record{hint}"
        raise CaseError(Problem(what, f"words: {', '.join([*WORDS, *SHORT])}"))
    if star and not (times.isascii() and times.isdigit() and times.strip("0")):
        what = f"{quoted(part)} at place {place} of the record does not say how often"
        raise CaseError(Problem(what, _FORM))
    return known[word.lower()], int(times.lstrip("0")[:DIGITS]) if star else 1
