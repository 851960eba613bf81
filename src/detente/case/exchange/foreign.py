"""What all foreign formats have in common: names made valid, and what a format cannot hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from detente.case.bargaining import Issue, Party, Remarks, Values
from detente.case.errors import CaseError, Problem
from detente.case.fields import check_name
from detente.case.numbers import Number
from detente.case.schema import Case

Points = Mapping[str, Mapping[str, Fraction]]
"""Issue to option to points."""
MAX_BYTES = 16 * 2**20
"""Largest file of a foreign format that is read."""


@dataclass(frozen=True)
class Imported:
    """A case read from a foreign format.

    Attributes
    ----------
    case
        The case, validated like one that was written by hand.
    notes
        What a reader should know: names that were changed, parts that were not read.
    """

    case: Case
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exported:
    """A case in a foreign format.

    Attributes
    ----------
    files
        Content by file name.
    lost
        What the format cannot hold, part by part.
    notes
        What a reader should know about what was written.
    """

    files: Mapping[str, bytes]
    lost: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def valid_name(wording: str, taken: Collection[str] = (), *, option: bool = False) -> str:
    """A name that can stand in a case, as near to the wording as possible.

    A wording that is valid stays as it is; another becomes small letters and underscores.
    A name that is ``taken`` gets a number.

    Examples
    --------
    >>> valid_name("Half withdrawn"), valid_name("Treaty"), valid_name("5%", {"5"})
    ('half_withdrawn', 'Treaty', '5_2')
    """
    name = wording
    if not _is_valid(name, option):
        text = re.sub(r"['’]", "", wording.lower())
        name = re.sub(r"\W+", "_", text).strip("_") or "name"
        if not _is_valid(name, option):
            name += "_"
    unique, number = name, 2
    while unique in taken:
        unique, number = f"{name}_{number}", number + 1
    return unique


def _is_valid(name: str, option: bool) -> bool:
    try:
        check_name(name, option=option)
    except ValueError:
        return False
    return True


def weighted_scores(values: Values) -> Points:
    """What each option adds to a party's value: its score times its issue's share of weights."""
    weights = {issue: number.point for issue, number in (values.weights or {}).items()}
    total = sum(weights.values(), Fraction(0))
    return {
        issue: {
            option: number.point * (weights[issue] / total if weights else 1)
            for option, number in table.items()
        }
        for issue, table in (values.scores or {}).items()
    }


def walk_away_points(case: Case, party: str, points: Points) -> Fraction:
    """A party's walk-away as a number; an outcome counts by its scores alone.

    Raises
    ------
    CaseError
        Where a walk-away outcome leaves issues open that have no status quo.
    """
    walk_away = case.parties[party].walk_away
    if walk_away.number is not None:
        return walk_away.number.point
    try:
        outcome = case.complete(walk_away.outcome or {})
    except ValueError as error:
        raise CaseError(Problem(f"the walk-away of {party}: {error}")) from None
    return sum((table[outcome[issue]] for issue, table in points.items()), Fraction(0))


def wording_of(key: str, name: str | None) -> str | None:
    """The wording that has to be stated beside a key; None where the key says it."""
    return None if name is None or name == key.replace("_", " ") else name


def count(number: int, noun: str) -> str:
    """A number with its noun.

    Examples
    --------
    >>> count(1, "rule"), count(3, "party")
    ('1 rule', '3 parties')
    """
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number} {noun if number == 1 else plural}"


def left_out(case: Case, held: Collection[str]) -> tuple[str, ...]:
    """What a format loses that holds only some kinds of entries, part by part.

    Parameters
    ----------
    case
        The case.
    held
        The kinds of entries (see the source of this module) that the format can hold
        besides parties, issues, options and scores.
    """
    return tuple(text for kind, text in _parts(case) if kind not in held)


def _parts(case: Case) -> Iterator[tuple[str, str]]:
    """Every part of a case that some format cannot hold: its kind and what it is."""
    if case.as_of is not None:
        yield "as_of", f"the date {case.as_of}"
    if case.handling is not None:
        yield "handling", f"the handling label {case.handling!r}"
    if case.about is not None:
        yield "about", "the text about the case"
    if case.status_quo is not None:
        yield "status_quo", "the status quo"
    if case.rules:
        yield "rules", count(len(case.rules), "rule")
    concerns = {party: list(own) for party, own in case.concerns.items() if own}
    if concerns:
        total = count(sum(map(len, concerns.values())), "concern")
        yield "concerns", f"{total} of {some(concerns)}"
    yield from _party_parts(case.parties)
    yield from _issue_parts(case.issues)
    yield from _value_parts(case)
    if not case.agreement.unanimous:
        yield "agreement", f"the agreement rule (a quota of {case.agreement.quota})"
    if case.packages:
        clauses = sum(len(package.commitments) for package in case.packages.values())
        behind = f", with {count(clauses, 'commitment')}" if clauses else ""
        packages = count(len(case.packages), "package")
        yield "packages", f"{packages} ({some(case.packages)}){behind}"
    if case.verification is not None:
        measures = count(len(case.verification.measures), "measure")
        yield "verification", f"verification ({measures})"
    for kind in ("violations", "guarantees", "drivers", "sources"):
        table = getattr(case, kind)
        if table:
            yield kind, f"{count(len(table), kind[:-1])} ({some(table)})"


def some(names: Iterable[str], most: int = 4) -> str:
    """Names in a sentence; of many, the first ones and how many there are besides.

    Examples
    --------
    >>> some(["a", "b"]), some(map(str, range(9)))
    ('a, b', '0, 1, 2, 3 and 5 more')
    """
    listed = list(names)
    if len(listed) <= most + 1:
        return ", ".join(listed)
    return f"{', '.join(listed[:most])} and {len(listed) - most} more"


def _of(
    what: str, table: Mapping[str, Any], noun: str, has: Callable[[Any], object]
) -> Iterator[str]:
    """``what`` of those entries of a table that have it."""
    found = [name for name, entry in table.items() if has(entry)]
    if found:
        everyone = len(found) == len(table) > 1
        yield f"{what} of {f'every {noun}' if everyone else some(found)}"


def _party_parts(parties: Mapping[str, Party]) -> Iterator[tuple[str, str]]:
    for kind, what, has in (
        ("signs", "'signs: false'", lambda p: not p.signs),
        ("walk_away_outcome", "the walk-away outcome", lambda p: p.walk_away.outcome is not None),
        ("reasons", "the reason for the walk-away", lambda p: p.walk_away.because is not None),
        ("discount", "the discount", lambda p: p.discount),
        ("turnover", "the turnover", lambda p: p.turnover),
        ("breakdown", "the breakdown", lambda p: p.breakdown),
        ("factions", "the factions", lambda p: p.factions),
        ("ratification", "the ratification rule", lambda p: p.ratification),
        ("sees", "the own view ('sees')", lambda p: p.sees),
        ("party_remarks", "the remarks", has_remarks),
    ):
        for text in _of(what, parties, "party", has):
            yield kind, text


def _issue_parts(issues: Mapping[str, Issue]) -> Iterator[tuple[str, str]]:
    for kind, what, has in (
        ("control", "the control", lambda i: i.control or i.joint),
        ("ordered", "'ordered: false'", lambda i: not i.ordered),
        ("withdraw", "'withdraw: all'", lambda i: i.withdraw == "all"),
        ("undo", "the undo times", lambda i: i.undo),
        ("irreversible", "the irreversible options", lambda i: i.irreversible),
        ("takes", "the times taken ('takes')", lambda i: i.takes),
        ("transitions", "the transitions", lambda i: i.transitions),
        ("moves", "the moves", lambda i: i.moves),
        ("covert", "whether it can be covert ('covert')", lambda i: i.covert is not None),
        ("issue_remarks", "the remarks", has_remarks),
        ("option_remarks", "the remarks on options", _remarked_options),
    ):
        for text in _of(what, issues, "issue", has):
            yield kind, text


def has_remarks(entry: Remarks) -> bool:
    """Whether an entry carries a longer text, a reason or a source."""
    return bool(entry.about or entry.because or entry.source)


def _remarked_options(issue: Issue) -> bool:
    return any(has_remarks(option) for option in issue.options.values())


def _value_parts(case: Case) -> Iterator[tuple[str, str]]:
    for kind, what, has in (
        ("priorities", "the priorities", lambda v: v.priorities),
        ("ranking", "the ranking", lambda v: v.ranking),
        ("adjustments", "the adjustments", lambda v: v.adjustments),
        ("values_remarks", "the remarks on the values", has_remarks),
    ):
        for text in _of(what, case.values, "party with values", has):
            yield kind, text
    numbers = [number for name in case.parties for number in _stated_numbers(case, name)]
    ranges = sum(number.is_range for number in numbers)
    if ranges:
        yield "ranges", f"{count(ranges, 'range')} of numbers (their points are kept)"
    remarked = sum(bool(number.source or number.because) for number in numbers)
    if remarked:
        yield "number_remarks", f"the sources and reasons of {count(remarked, 'number')}"


def _stated_numbers(case: Case, party: str) -> Iterator[Number]:
    """Walk-away, weights and scores."""
    walk_away = case.parties[party].walk_away.number
    if walk_away is not None:
        yield walk_away
    values = case.values.get(party)
    if values is not None:
        yield from (values.weights or {}).values()
        for table in (values.scores or {}).values():
            yield from table.values()
