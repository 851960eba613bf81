"""The JSON document of ``track``."""

from __future__ import annotations

from datetime import date
from typing import Any

from detente.commitments.answer import Standing, State, Tally, TrackResult


def track_document(result: TrackResult) -> dict[str, Any]:
    """The document of ``detente track --json``, without its envelope.

    ``confidence`` is filled once it is known how surely a breach would be seen.
    """
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
