"""How the keeping of an agreement is told: states, scores, what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from detente.commitments.answer import Standing, State
from detente.commitments.dates import day_text
from detente.commitments.scores import tally
from detente.commitments.track_result import TrackResult
from detente.model.sentences import listed, say
from detente.views.clauses import counting, several

SIGNS: dict[State, str] = {"kept": "✓", "broken": "✗", "late": "!", "due": "○", "not due": "–"}
"""Marks that stand beside the words."""
SILENT = 8
"""Most commitments without a report that one sentence names."""
WORST: tuple[State, ...] = ("broken", "late", "due", "not due", "kept")
"""States in the order in which they are told."""


def headline(result: TrackResult) -> str:
    """How many commitments are in which state."""
    name = f"“{result.case.package_name(result.package)}”"
    return summary(result.standings, result.on, name)


def summary(standings: Iterable[Standing], on: date, of: str) -> str:
    """How many commitments are in which state on a day; ``of`` says whose they are."""
    found = tally(standings)
    states = [state for state in WORST if found.states[state]]
    slots = {"day": day_text(on), "of": of, "count": found.count}
    if len(states) == 1:
        size = "one" if found.count == 1 else "two" if found.count == 2 else "many"
        key = "not_due" if states == ["not due"] and size != "one" else "all"
        return say(f"standings.{key}_{size}", state=state_text(states[0]), **slots)
    parts = listed(
        say("standings.part", count=found.states[state], state=state_text(state))
        for state in states
    )
    return say("standings.headline", parts=parts, **slots)


def attention(result: TrackResult) -> list[str]:
    """The alerts, worst first; what is due without a report is told in one sentence."""
    told = [alert.what for alert in result.alerts if alert.kind != "unreported"]
    silent = [alert for alert in result.alerts if alert.kind == "unreported"]
    if len(silent) < 2:
        return told + [alert.what for alert in silent]
    ids = [alert.id for alert in silent]
    return [*told, say("standings.unreported", clauses=several(ids, SILENT))]


def key_of(state: State) -> str:
    """A state as part of the key of a sentence."""
    return state.replace(" ", "_")


def state_text(state: State) -> str:
    """A state as a word."""
    return say(f"standings.state.{key_of(state)}")


def kept_text(kept: int | None) -> str:
    """How far something is kept, as a word; nothing where nothing is reported."""
    return "" if kept is None else say(f"standings.kept_{kept}")


def counted_from(result: TrackResult) -> str:
    """From which day periods are counted, where the text has any."""
    uses = any(isinstance(standing.commitment.by, int) for standing in result.standings)
    # That the day is not known is one of the remarks.
    return counting(result.signed, result.signed_from) if uses and result.signed else ""


def worst_first(standings: Iterable[Standing]) -> list[Standing]:
    """Commitments by state, those that need attention first; else in the order of the text."""
    return sorted(standings, key=lambda standing: WORST.index(standing.state))
