"""What ``draft`` answers: one frozen result, and its stable JSON document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from detente.case.schema import Case
from detente.commitments.answer import (
    LEVELS,
    Ambiguity,
    Clause,
    Comparison,
    Level,
    Stage,
    Task,
    TermChange,
    TextFinding,
)
from detente.model.result import Result


@dataclass(frozen=True, repr=False)
class DraftResult(Result):
    """Whether a text is fit to sign.

    Parameters
    ----------
    case, package
        The case, and the key of the package whose text it is.
    outcome
        The outcome that the text is to bring about, complete.
    broken_rules
        Positions of the rules of the case that this outcome breaks. There should be none:
        what follows is said of the text all the same, but nothing of it can be signed.
    clauses
        Its commitments, in the order of the text.
    uncovered
        What the outcome changes and no clause brings about.
    findings
        What is wrong, in the order of the clauses.
    ambiguities
        Terms that were left open on purpose.
    sequence
        The order that dates and triggers imply.
    mandate
        The smallest set of decisions that clears everything that bars signature.
    comparison
        What changed since an earlier version, where there is one to compare with.
    signed, signed_from
        The day from which periods are counted, and where it is stated (see
        :func:`detente.commitments.dates.signature`).
    """

    case: Case
    package: str
    outcome: Mapping[str, str]
    broken_rules: tuple[int, ...]
    clauses: tuple[Clause, ...]
    uncovered: tuple[TermChange, ...]
    findings: tuple[TextFinding, ...]
    ambiguities: tuple[Ambiguity, ...]
    sequence: tuple[Stage, ...]
    mandate: tuple[Task, ...]
    comparison: Comparison | None
    signed: date | None
    signed_from: str
    definition: str

    @property
    def levels(self) -> Mapping[Level, tuple[Clause, ...]]:
        """What leaders can sign today, and what others have to settle first."""
        return {
            level: tuple(clause for clause in self.clauses if clause.level == level)
            for level in LEVELS
        }

    @property
    def brackets(self) -> Mapping[str, tuple[str, ...]]:
        """Per party, the clauses in which it has a wording of its own."""
        found: dict[str, list[str]] = {}
        for clause in self.clauses:
            for party in clause.commitment.brackets:
                found.setdefault(party, []).append(clause.commitment.id)
        return {party: tuple(found[party]) for party in self.case.parties if party in found}

    def to_dict(self) -> dict[str, Any]:
        """The document of ``detente draft --json``, without its envelope."""
        return _document(self)


def _document(result: DraftResult) -> dict[str, Any]:
    document: dict[str, Any] = {
        "definition": result.definition,
        "package": result.package,
        "outcome": dict(result.outcome),
        "breaks_rules": [place + 1 for place in result.broken_rules],
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
