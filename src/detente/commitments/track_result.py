"""What ``track`` answers: one frozen result, and its stable JSON document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from detente.case.schema import Case
from detente.commitments.answer import Alert, Standing, State, Tally
from detente.model.result import Result


@dataclass(frozen=True, repr=False)
class TrackResult(Result):
    """Who keeps what, on a day.

    Parameters
    ----------
    case, package
        The case, and the key of the package whose text is tracked.
    on
        The day.
    signed, signed_from
        The day from which periods are counted, and where it is stated.
    standings
        Every commitment, in the order of the text.
    by_party, by_level
        The same, counted by who is bound (those that bind several count for each) and by
        the level that the text names; without a level under None.
    alerts
        Worst first.
    scores
        Per party, its score from each day on which it changed.
    upcoming
        The dated commitments that are not complete and due on the day or later, next first.
    remarks
        What was noticed in the ledger, such as a line that is cut off.
    """

    case: Case
    package: str
    on: date
    signed: date | None
    signed_from: str
    standings: tuple[Standing, ...]
    by_party: Mapping[str, Tally]
    by_level: Mapping[str | None, Tally]
    alerts: tuple[Alert, ...]
    scores: Mapping[str, tuple[tuple[date, Fraction], ...]]
    upcoming: tuple[Standing, ...]
    definition: str
    remarks: tuple[str, ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """The document of ``detente track --json``, without its envelope."""
        return _document(self)


def _document(result: TrackResult) -> dict[str, Any]:
    return {
        "definition": result.definition,
        "package": result.package,
        "on": result.on.isoformat(),
        "signed": _day(result.signed),
        "signed_from": result.signed_from,
        "commitments": [_standing(standing) for standing in result.standings],
        "by_party": {party: _tally(tally) for party, tally in result.by_party.items()},
        "by_level": {level or "none": _tally(tally) for level, tally in result.by_level.items()},
        "alerts": [alert.what for alert in result.alerts],
        "confidence": {},
        "scores": {
            party: [{"date": day.isoformat(), "score": float(score)} for day, score in steps]
            for party, steps in result.scores.items()
        },
        "upcoming": [
            {
                "id": standing.commitment.id,
                "who": list(standing.commitment.who),
                "due": _day(standing.due),
            }
            for standing in result.upcoming
        ],
        "remarks": list(result.remarks),
    }


def _standing(standing: Standing) -> dict[str, Any]:
    entry, last = standing.commitment, standing.last
    return {
        "id": entry.id,
        "who": list(entry.who),
        "to": list(entry.to),
        "due": _day(standing.due),
        "kept": standing.kept,
        "state": standing.state,
        "since": _day(standing.since),
        "waits_for": list(standing.waits_for),
        "level": entry.level,
        "source": list(last.source) if last else [],
        "note": last.note if last else None,
        "evidence": last.evidence if last else None,
    }


def _tally(tally: Tally) -> dict[str, Any]:
    counts = {_key(state): count for state, count in tally.states.items()}
    return {"count": tally.count, **counts, "score": float(tally.score)}


def _key(state: State) -> str:
    return state.replace(" ", "_")


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
