"""Writes the clauses of packages as a workbook that a delegation can mark up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from detente.case.exchange.clauses import COLUMNS
from detente.case.exchange.sheets import write_sheets
from detente.case.implementation import Commitment
from detente.case.schema import Case

Cells = dict[str, Any]


def write_clauses(case: Case, packages: Sequence[str]) -> bytes:
    """The texts of some packages as a workbook; reading it back loses nothing.

    Parameters
    ----------
    case
        The case; its handling label is printed on every page of the workbook.
    packages
        Their keys.

    Raises
    ------
    CaseError
        Where a text is too long for a cell, or has control characters.
    """
    clauses = [(key, clause) for key in packages for clause in case.packages[key].commitments]
    blank = dict.fromkeys(COLUMNS["clauses"])
    empty = [{**blank, "package": key} for key in packages if not case.packages[key].commitments]
    tables: dict[str, list[Cells]] = {
        "clauses": [*(_row("clauses", key, clause, _clause(clause)) for key, clause in clauses)],
        "brackets": list(_rows("brackets", clauses)),
        "terms": list(_rows("terms", clauses)),
        "status": list(_rows("status", clauses)),
    }
    tables["clauses"] += empty
    if case.handling is not None:
        tables["case"] = [{"field": "handling", "value": case.handling}]
    return write_sheets(tables, COLUMNS, label=case.handling)


def _row(kind: str, package: str, clause: Commitment, cells: Cells) -> Cells:
    stated = {"package": package, "id": clause.id, **cells}
    return {column: stated.get(column) for column in COLUMNS[kind]}


def _rows(kind: str, clauses: Iterable[tuple[str, Commitment]]) -> Iterator[Cells]:
    """What belongs to the clauses, one row an entry."""
    for package, clause in clauses:
        for cells in _PARTS[kind](clause):
            yield _row(kind, package, clause, cells)


def _clause(clause: Commitment) -> Cells:
    by = clause.by
    return {
        "who": _joined(clause.who),
        "to": _joined(clause.to),
        "does": None if clause.does is None else clause.does.text,
        "text": clause.text,
        "by": by.isoformat() if isinstance(by, date) else None if by is None else Fraction(by),
        "after": _joined(clause.after),
        "checked by": _joined(clause.checked_by),
        "level": clause.level,
        "if not": clause.if_not,
        "because": clause.because,
        "about": clause.about,
        "source": _joined(clause.source),
    }


def _brackets(clause: Commitment) -> list[Cells]:
    return [{"party": party, "wording": text} for party, text in clause.brackets.items()]


def _terms(clause: Commitment) -> list[Cells]:
    return [{"term": term, "meaning": meaning} for term, meaning in clause.terms.items()]


def _status(clause: Commitment) -> list[Cells]:
    return [
        {
            "date": entry.date.isoformat(),
            "kept": Fraction(entry.kept),
            "source": _joined(entry.source),
            "note": entry.note,
            "evidence": entry.evidence,
        }
        for entry in clause.status
    ]


_PARTS = {"brackets": _brackets, "terms": _terms, "status": _status}


def _joined(names: Iterable[str]) -> str | None:
    return ", ".join(names) or None
