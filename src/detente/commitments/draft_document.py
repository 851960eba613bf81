"""The JSON document of ``draft``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from detente.commitments.answer import Clause, Comparison, DraftResult, Stage, Task


def draft_document(result: DraftResult) -> dict[str, Any]:
    """The document of ``detente draft --json``, without its envelope."""
    document: dict[str, Any] = {
        "definition": result.definition,
        "package": result.package,
        "outcome": dict(result.outcome),
        "signed": _iso(result.signed),
        "signed_from": result.signed_from,
        "commitments": len(result.clauses),
        "clauses": [_clause(clause) for clause in result.clauses],
        "covers": _covers(result),
        "uncovered": [
            {"issue": gap.issue, "from": gap.before, "to": gap.after} for gap in result.uncovered
        ],
        "findings": [
            {"id": found.id, "kind": found.kind, "what": found.what, "bars": found.bars}
            for found in result.findings
        ],
        "open_on_purpose": [
            {"id": found.id, "term": found.term, "what": found.what} for found in result.ambiguities
        ],
        "levels": {
            level: [clause.commitment.id for clause in clauses]
            for level, clauses in result.levels.items()
        },
        "reasons": {clause.commitment.id: clause.reason for clause in result.clauses},
        "mandate": [_task(task) for task in result.mandate],
        "brackets": {party: list(ids) for party, ids in result.brackets.items()},
        "order": [_stage(stage) for stage in result.sequence],
    }
    if result.comparison is not None:
        document |= _comparison(result.comparison)
    return document


def _iso(day: int | date | None) -> str | int | None:
    return day.isoformat() if isinstance(day, date) else day


def _clause(clause: Clause) -> dict[str, Any]:
    entry = clause.commitment
    return {
        "id": entry.id,
        "who": list(entry.who),
        "to": list(entry.to),
        "does": None if entry.does is None else str(entry.does),
        "text": entry.text,
        "by": _iso(entry.by),
        "due": _iso(clause.due),
        "after": list(entry.after),
        "checked_by": list(entry.checked_by),
        "level": clause.level,
    }


def _covers(result: DraftResult) -> dict[str, list[str]]:
    """``issue=option`` to the clauses that bring it about, in the order of the case."""
    found: dict[str, list[str]] = {}
    for issue, option in result.outcome.items():
        ids = [clause.commitment.id for clause in result.clauses if issue in clause.covers]
        if ids:
            found[f"{issue}={option}"] = ids
    return found


def _task(task: Task) -> dict[str, Any]:
    clears = [{"id": id, "kind": kind} for id, kind in task.clears]
    return {"what": task.what, "level": task.level, "clears": clears}


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "by": _iso(stage.by),
        "due": _iso(stage.due),
        "after": list(stage.after),
        "ids": list(stage.ids),
        "ordered": stage.ordered,
    }


def _comparison(found: Comparison) -> dict[str, Any]:
    def pairs(entries: Sequence[tuple[str, str]], first: str, second: str) -> list[dict[str, str]]:
        return [{first: one, second: other} for one, other in entries]

    return {
        "compared": {"from": found.before, "to": found.after},
        "changes": [
            {"id": change.id, "field": change.field, "from": change.before, "to": change.after}
            for change in found.clauses
        ],
        "outcome_changes": [
            {"issue": change.issue, "from": change.before, "to": change.after}
            for change in found.outcome
        ],
        "brackets_opened": pairs(found.opened, "id", "party"),
        "brackets_closed": pairs(found.closed, "id", "party"),
        "concerns_met": pairs(found.met, "party", "name"),
        "concerns_lost": pairs(found.lost, "party", "name"),
        "accept_now": list(found.won),
        "refuse_now": list(found.refused),
        "findings_cleared": pairs(found.cleared, "id", "kind"),
        "findings_new": pairs(found.new, "id", "kind"),
    }
