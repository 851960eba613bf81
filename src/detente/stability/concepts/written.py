"""Coalitions and blocs as they are written: ``north+south,us+japan``."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from detente.case.errors import CaseError, Problem, unknown
from detente.case.schema import Case

Named = tuple[tuple[str, ...], ...]
"""Coalitions by the names of their parties."""


def parse_coalitions(case: Case, written: str) -> Named | Literal["all"]:
    """The coalitions that are asked about.

    Parameters
    ----------
    case
        The case.
    written
        ``all``, or coalitions with commas between; the parties of each are joined by plus signs.

    Returns
    -------
    tuple of tuple of str, or "all"
        Parties in the order of the case, coalitions as they were written.

    Raises
    ------
    CaseError
        Where a party is unknown or stands twice in a coalition, a coalition is empty, or one is
        named twice.
    """
    if written.strip() == "all":
        return "all"
    found = _coalitions(case, written)
    for place, names in enumerate(found):
        if names in found[:place]:
            raise _faulty(f"the coalition {'+'.join(names)} is named twice in {written!r}")
    return found


def parse_blocs(case: Case, written: str) -> Named:
    """The parties that move in lock-step, as a partition of all parties.

    Parameters
    ----------
    case, written
        As for :func:`parse_coalitions`; a party that is not named stands alone.

    Returns
    -------
    tuple of tuple of str
        Blocs and the parties in them in the order of the case.

    Raises
    ------
    CaseError
        Where a party is unknown, or is named twice; where a bloc is empty.
    """
    blocs = _coalitions(case, written)
    if all(len(bloc) == 1 for bloc in blocs):
        raise _faulty(f"a bloc is two parties or more; {written!r} has none")
    named = [name for bloc in blocs for name in bloc]
    for name in named:
        if named.count(name) > 1:
            raise _faulty(f"{name} is in two blocs of {written!r}")
    alone = tuple((name,) for name in case.parties if name not in named)
    order = list(case.parties)
    return tuple(sorted((*blocs, *alone), key=lambda bloc: order.index(bloc[0])))


def _coalitions(case: Case, written: str) -> Named:
    return tuple(_members(case.parties, part, written) for part in written.split(","))


def _members(parties: Collection[str], part: str, written: str) -> tuple[str, ...]:
    words = [word.strip() for word in part.split("+")]
    for place, word in enumerate(words):
        if not word:
            raise _faulty(f"a coalition in {written!r} lacks a party")
        if word not in parties:
            raise CaseError(Problem(*unknown("party", word, parties)))
        if word in words[:place]:
            raise _faulty(f"{word} stands twice in the coalition {part.strip()!r}")
    return tuple(name for name in parties if name in words)


def _faulty(what: str) -> CaseError:
    help = "parties are joined by plus signs, coalitions by commas: PARTY+PARTY,PARTY+PARTY"
    return CaseError(Problem(what, help))
