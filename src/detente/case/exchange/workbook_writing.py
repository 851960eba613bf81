"""Writes a case as a scoring workbook, and says what such a workbook cannot hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from detente.case.bargaining import Remarks
from detente.case.exchange.foreign import (
    Exported,
    left_out,
    walk_away_points,
    weighted_scores,
    wording_of,
)
from detente.case.exchange.sheets import column_name, write_sheets
from detente.case.exchange.workbook_entries import COLUMNS, FIELDS, NUMBER, number_columns
from detente.case.fields import WalkAway
from detente.case.numbers import Number
from detente.case.schema import Case

_HELD = frozenset(
    {
        *("as_of", "handling", "about", "status_quo", "rules", "sources", "signs", "reasons"),
        *("party_remarks", "control", "ordered", "issue_remarks", "option_remarks"),
        *("ranges", "number_remarks"),
    }
)
"""Kinds of entries (of :func:`detente.case.exchange.foreign.left_out`) that a workbook holds."""
_ALWAYS: Mapping[str, Sequence[str]] = {
    "case": COLUMNS["case"],
    "parties": ("party", "walk-away", "signs"),
    "issues": ("issue", "option", "title", "order", "controlled by"),
    "rules": ("never", "if", "then", "because"),
    "sources": ("source", "title", "date"),
    "scores": ("issue", "weight", "option", "score", "low", "high", "source", "because"),
}
"""Columns that are written even where they are empty."""
_NO_TITLE = frozenset({*COLUMNS, "history"})
"""What the sheet of a party cannot be called (a spreadsheet keeps ``history`` for itself)."""
_LONGEST_TITLE = 31

Cells = dict[str, Any]


def write_workbook(case: Case, name: str = "scores.xlsx") -> Exported:
    """A case as a scoring workbook.

    Parameters
    ----------
    case
        The case.
    name
        Of the file.

    Raises
    ------
    CaseError
        Where a text is too long for a cell, or has control characters.
    """
    titles = sheet_titles(case)
    tables: dict[str, list[Cells]] = {
        "case": [
            {"field": field, "value": getattr(case, field.replace(" ", "_"))}
            for field in FIELDS
            if getattr(case, field.replace(" ", "_")) is not None
        ],
        "parties": [_party(case, key, titles) for key in case.parties],
        "issues": list(_issues(case)),
        "rules": [
            {
                "never": _text(rule.never),
                "if": _text(rule.if_),
                "then": _text(rule.then),
                **_remarks(rule),
            }
            for rule in case.rules
        ],
        "sources": [{"source": key, **dict(source)} for key, source in case.sources.items()],
    }
    if not case.sources:
        del tables["sources"]
    always = dict(_ALWAYS)
    for party, title in titles.items():
        tables[title] = list(_scores(case, party))
        always[title] = _ALWAYS["scores"]
    content = write_sheets(tables, always)
    return Exported({name: content}, workbook_losses(case))


def workbook_losses(case: Case) -> tuple[str, ...]:
    """What a scoring workbook cannot hold of a case, part by part."""
    return left_out(case, _HELD)


def sheet_titles(case: Case) -> dict[str, str]:
    """The title of the sheet of every party that has scores."""
    titles: dict[str, str] = {}
    taken = {column_name(title) for title in _NO_TITLE}
    for party, values in case.values.items():
        if not values.cardinal:
            continue
        title, number = party[:_LONGEST_TITLE], 2
        while column_name(title) in taken or _means_another(title, party, case):
            title = f"{party[: _LONGEST_TITLE - 4]} {number}"
            number += 1
        taken.add(column_name(title))
        titles[party] = title
    return titles


def _means_another(title: str, party: str, case: Case) -> bool:
    return title != party and column_name(title) in map(column_name, case.parties)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _remarks(entry: Remarks, prefix: str = "") -> Cells:
    return {
        f"{prefix}about": entry.about,
        f"{prefix}because": entry.because,
        f"{prefix}source": ", ".join(entry.source) or None,
    }


def _number(number: Number | None, prefix: str) -> Cells:
    """The cells of a number; a uniform range has no point of its own."""
    columns = dict(zip(NUMBER, number_columns(prefix), strict=True))
    if number is None:
        return dict.fromkeys(columns.values())
    return {
        columns[""]: None if number.shape == "uniform" else number.point,
        columns["low"]: number.low,
        columns["high"]: number.high,
        columns["sd"]: number.sd,
        columns["shape"]: "pert" if number.shape == "pert" else None,
        columns["source"]: ", ".join(number.source) or None,
        columns["because"]: number.because,
    }


def _party(case: Case, key: str, titles: Mapping[str, str]) -> Cells:
    party = case.parties[key]
    walk_away: WalkAway = party.walk_away
    number = walk_away.number
    if number is None and case.status_quo is None and key in titles:
        # without today's state the sheet needs a number: what the outcome is worth
        number = Number(walk_away_points(case, key, weighted_scores(case.values[key])))
    title = titles.get(key)
    return {
        "party": key,
        "name": party.name,
        **_number(number, "walk-away"),
        "walk-away because": None if walk_away.outcome is not None else walk_away.because,
        "signs": "yes" if party.signs else "no",
        "sheet": None if title == key else title,
        **_remarks(party),
    }


def _issues(case: Case) -> Iterator[Cells]:
    """One row per option; what concerns the whole issue stands in its first row."""
    for key, issue in case.issues.items():
        joint = ", ".join(issue.joint) + ("," if len(issue.joint) == 1 else "")
        whole = {
            "issue name": issue.name,
            "controlled by": issue.control or joint or None,
            **_remarks(issue, "issue "),
        }
        today = (case.status_quo or {}).get(key)
        for place, (name, option) in enumerate(issue.options.items(), start=1):
            first = place == 1
            row = {
                "issue": key,
                "option": name,
                "title": wording_of(name, option.name),
                "order": str(place) if issue.ordered else "none",
                "status quo": "x" if name == today else None,
                **_remarks(option),
                **{column: value if first else None for column, value in whole.items()},
            }
            yield {column: row[column] for column in COLUMNS["issues"]}


def _scores(case: Case, party: str) -> Iterator[Cells]:
    values = case.values[party]
    scores = values.scores or {}
    for issue in case.issues:
        weight = (values.weights or {}).get(issue)
        for option in case.options[issue] if issue in scores else ():
            yield {
                "issue": issue,
                **_number(weight, "weight"),
                "option": option,
                **_number(scores[issue][option], "score"),
            }
            weight = None
