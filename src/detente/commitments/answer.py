"""What the answers of ``draft`` and ``track`` consist of, as frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from detente.case.implementation import Commitment, Status

Kind = Literal[
    "undated",
    "no trigger",
    "unchecked",
    "undefined",
    "bracketed",
    "no consequence",
    "beyond the mandate",
    "outside the outcome",
    "order",
]
"""What can be wrong with a clause."""
Level = Literal["leader", "working", "technical"]
State = Literal["not due", "due", "late", "kept", "broken"]
LEVELS: tuple[Level, ...] = ("leader", "working", "technical")
STATES: tuple[State, ...] = ("kept", "due", "late", "broken", "not due")


@dataclass(frozen=True)
class TextFinding:
    """Something that is wrong with a clause.

    Parameters
    ----------
    id
        The commitment.
    kind
        What kind of fault it is.
    what
        The finding, as a sentence that names the clause.
    bars
        Whether it has to be cleared before the clause can be signed; the others are worth
        mending.
    """

    id: str
    kind: Kind
    what: str
    bars: bool


@dataclass(frozen=True)
class Ambiguity:
    """A term that was left open on purpose: no fault, but a reader should know."""

    id: str
    term: str
    what: str


@dataclass(frozen=True)
class TermChange:
    """An issue that stands otherwise: today and in the outcome, or in two versions."""

    issue: str
    before: str | None
    after: str


@dataclass(frozen=True)
class Clause:
    """A commitment with what follows from it.

    Parameters
    ----------
    commitment
        As written.
    covers
        The issues whose option in the outcome it brings about.
    level
        Who has to deal with it next: leaders can sign it, or the working level or the
        technicians settle something first.
    reason
        Why, as a phrase.
    due
        The last day in time, where the text and the day of signature give one.
    """

    commitment: Commitment
    covers: tuple[str, ...]
    level: Level
    reason: str
    due: date | None


@dataclass(frozen=True)
class Stage:
    """Commitments that stand at the same place of the order that dates and triggers imply.

    Parameters
    ----------
    by
        Periods after signature, or a day; None for what only follows other clauses, and for
        what nothing puts in order.
    due
        The day, where there is one.
    after
        The clauses (ids) that it waits for.
    ids
        The commitments.
    ordered
        False for the last stage: what neither a date nor a trigger puts in order.
    """

    by: int | date | None
    due: date | None
    after: tuple[str, ...]
    ids: tuple[str, ...]
    ordered: bool = True


@dataclass(frozen=True)
class Task:
    """A decision that clears findings.

    Parameters
    ----------
    what
        What is to be settled, as a phrase in the infinitive.
    level
        Who settles it.
    clears
        The findings (id, kind) that it clears.
    """

    what: str
    level: Level
    clears: tuple[tuple[str, Kind], ...]


@dataclass(frozen=True)
class ClauseChange:
    """A field of a clause that differs between two versions.

    ``field`` is ``clause`` where the whole of it was added (before None) or taken out (after
    None), and ``terms.TERM`` or ``brackets.PARTY`` for one entry of these.
    """

    id: str
    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Comparison:
    """What changed from one version of a text to another.

    Parameters
    ----------
    before, after
        The packages.
    clauses
        Changes clause by clause.
    outcome
        Issues that the two settle otherwise.
    opened, closed
        Brackets (id, party) that only the later or only the earlier one has.
    met, lost
        Concerns (party, name) that only the later or only the earlier one meets.
    won, refused
        Parties that accept only the later or only the earlier one.
    cleared, new
        Findings (id, kind) that only the earlier or only the later one has, on clauses that
        stand in both.
    """

    before: str
    after: str
    clauses: tuple[ClauseChange, ...]
    outcome: tuple[TermChange, ...]
    opened: tuple[tuple[str, str], ...]
    closed: tuple[tuple[str, str], ...]
    met: tuple[tuple[str, str], ...]
    lost: tuple[tuple[str, str], ...]
    won: tuple[str, ...]
    refused: tuple[str, ...]
    cleared: tuple[tuple[str, Kind], ...]
    new: tuple[tuple[str, Kind], ...]


@dataclass(frozen=True)
class Standing:
    """Where one commitment stands on a day.

    Parameters
    ----------
    commitment
        As written.
    due
        The last day in time; None where the text gives none.
    kept
        0 none to 3 complete, as last reported by that day; None where nothing was.
    state
        See :mod:`detente.commitments.standing`.
    since
        The day on which that state began; None where it is not known.
    waits_for
        The commitments (ids) that trigger it and are not complete.
    last
        The report that ``kept`` comes from.
    """

    commitment: Commitment
    due: date | None
    kept: int | None
    state: State
    since: date | None
    waits_for: tuple[str, ...] = ()
    last: Status | None = None


@dataclass(frozen=True)
class Tally:
    """How many commitments are in which state, and how far they are carried out.

    ``score`` is the mean of what is kept of each, from 0 to 1; what nothing is reported of
    counts as not begun.
    """

    count: int
    states: Mapping[State, int]
    score: Fraction


AlertKind = Literal["irreversible", "broken", "blocking", "unchecked", "late", "unreported"]
"""Why something calls for attention, worst first."""


@dataclass(frozen=True)
class Alert:
    """Something that calls for attention.

    Parameters
    ----------
    id
        The commitment that it is about.
    kind
        Why, see :mod:`detente.commitments.alerts`.
    what
        A sentence.
    """

    id: str
    kind: AlertKind
    what: str
