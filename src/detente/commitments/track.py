"""Who keeps what?"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from detente.case.errors import CaseError, Problem
from detente.case.ledger import Ledger, append_entry, read_ledger
from detente.case.schema import Case
from detente.commitments.alerts import alerts
from detente.commitments.answer import LEVELS, Standing, Tally
from detente.commitments.dates import as_day, signature
from detente.commitments.scores import scores, tally
from detente.commitments.standing import history, standings
from detente.commitments.text import chosen_package, packages_with_text
from detente.commitments.track_result import TrackResult
from detente.model.sentences import listed, say

DEFINITION = (
    "A commitment is kept if its latest report says complete, and broken if an earlier report "
    "said more. It is not due before signature, while a trigger is open, or before its last "
    "period begins. It is late after its last day, or after the day on which its last trigger "
    "was complete if that came later. Otherwise it is due; without a date it is never late. A "
    "score is the mean of what is kept, from 0 to 1; no report counts as nothing."
)

PathLike = str | os.PathLike[str]


def track(
    case: Case,
    outcome: str | None = None,
    on: date | str | None = None,
    *,
    signed: date | str | None = None,
    ledger: PathLike | None = None,
) -> TrackResult:
    """Ask who keeps what of an agreement, on a day.

    Parameters
    ----------
    case
        Any case with a package that has commitments; it needs no values.
    outcome
        The package; may be left out where only one has commitments.
    on
        The day, as a date or as 2027-06-01; today if left out.
    signed
        The day of signature; else the package's ``signed``, or the case's ``as_of``.
    ledger
        A CSV file with further reports (see :mod:`detente.case.ledger`).

    Raises
    ------
    CaseError
        Where the package is unknown or has no commitments, a day is no date, a due date
        lies beyond the calendar, or the ledger cannot be read.

    Notes
    -----
    The states are defined in :mod:`detente.commitments.standing`, the alerts in
    :mod:`detente.commitments.alerts`. Cost for n reports: O(n log n).
    """
    name = _tracked(case, outcome)
    package = case.packages[name]
    day = date.today() if on is None else as_day(on)
    start, stated = signature(case, name, None if signed is None else as_day(signed))
    further = Ledger({}) if ledger is None else _ledger(case, name, ledger)
    reports = {
        entry.id: history((*entry.status, *further.entries.get(entry.id, ())), day)
        for entry in package.commitments
    }
    found = standings(package.commitments, reports, day, start, case.period)
    bound = {party for entry in package.commitments for party in entry.who}
    parties = [party for party in case.parties if party in bound]
    undated = start is None and any(isinstance(entry.by, int) for entry in package.commitments)
    return TrackResult(
        case=case,
        package=name,
        on=day,
        signed=start,
        signed_from=stated,
        standings=found,
        by_party=_by_party(found, parties),
        by_level=_by_level(found),
        alerts=alerts(case, {**(case.status_quo or {}), **package.outcome}, found, day),
        scores=scores(package.commitments, reports, parties, start, day),
        upcoming=tuple(_upcoming(found, day)),
        definition=DEFINITION,
        remarks=(*([say("track.no_signature")] if undated else []), *further.remarks),
    )


def add_report(
    case: Case,
    outcome: str | None,
    ledger: PathLike,
    *,
    id: str,
    kept: int,
    on: date | str | None = None,
    source: str | None = None,
    note: str | None = None,
    evidence: str | None = None,
) -> None:
    """Add a report on a commitment to a ledger, which is created where there is none.

    Parameters
    ----------
    case, outcome
        As for :func:`track`.
    ledger
        The file.
    id, kept
        The commitment, and how far it was kept: 0 none to 3 complete.
    on
        The day that the report describes; today if left out.
    source, note, evidence
        Where it comes from, a remark, and what was seen.

    Raises
    ------
    CaseError
        As for :func:`track`, and where the report is not valid; nothing is written then.
        Also where the ledger cannot be written.
    """
    name = _tracked(case, outcome)
    if Path(ledger).is_file():
        _ledger(case, name, ledger)  # nothing is added to what could not be read afterwards
    append_entry(
        ledger,
        _ids(case, name),
        id=id,
        date=date.today() if on is None else as_day(on),
        kept=kept,
        source=source,
        note=note,
        evidence=evidence,
    )


def _tracked(case: Case, outcome: str | None) -> str:
    """The package whose text is meant; CaseError where it has none."""
    name = chosen_package(case, outcome)
    if not case.packages[name].commitments:
        texts = listed(packages_with_text(case))
        help = f"packages with commitments: {texts}" if texts else "no package of this case has any"
        raise CaseError(Problem(f"the package {name!r} has no commitments", help))
    return name


def _ids(case: Case, package: str) -> tuple[str, ...]:
    return tuple(entry.id for entry in case.packages[package].commitments)


def _ledger(case: Case, package: str, path: PathLike) -> Ledger:
    return read_ledger(path, _ids(case, package), case.sources)


def _by_party(found: Sequence[Standing], parties: Sequence[str]) -> Mapping[str, Tally]:
    groups: dict[str, list[Standing]] = {party: [] for party in parties}
    for standing in found:
        for party in dict.fromkeys(standing.commitment.who):
            groups[party].append(standing)
    return {party: tally(group) for party, group in groups.items()}


def _by_level(found: Sequence[Standing]) -> Mapping[str | None, Tally]:
    groups: dict[str | None, list[Standing]] = {}
    for standing in found:
        groups.setdefault(standing.commitment.level, []).append(standing)
    return {level: tally(groups[level]) for level in (*LEVELS, None) if level in groups}


def _upcoming(found: Sequence[Standing], on: date) -> list[Standing]:
    """Dated commitments that are not complete and due on the day or later, next first."""
    dated = [
        (standing.due, place)
        for place, standing in enumerate(found)
        if standing.state not in ("kept", "broken") and standing.due and standing.due >= on
    ]
    return [found[place] for _, place in sorted(dated)]
