"""Random cases with a text: commitments with everything that one may carry."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

import strategies
from foreign_cases import texts

SOURCES = ("speech", "interview_3")
MEASURES = ("satellites", "inspectors")
TERMS = ("heavy weapons", "cantonments", "Heavy", "한반도", "a|b", "x*y", "[sites]")
PACKAGE = "draft"


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def _names(words: Any, fewest: int = 0) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(list(words)), min_size=fewest, max_size=3, unique=True)


@st.composite
def wordings(draw: st.DrawFn) -> str:
    """Texts that hold some of the terms, among odd characters."""
    parts = draw(st.lists(texts | st.sampled_from(TERMS), min_size=1, max_size=5))
    return " ".join(parts)


@st.composite
def statuses(draw: st.DrawFn) -> dict[str, Any]:
    """How far a commitment was kept on a day."""
    entry: dict[str, Any] = {
        "date": draw(st.dates()).isoformat(),
        "kept": draw(st.integers(0, 3)),
        "source": draw(_names(SOURCES)),
    }
    for key in ("note", "evidence"):
        if draw(st.booleans()):
            entry[key] = draw(texts)
    return entry


@st.composite
def commitments(
    draw: st.DrawFn, name: str, parties: list[str], table: Any, ids: list[str]
) -> dict[str, Any]:
    """One clause; what it does not say is left out."""
    meanings = st.sampled_from(["open", "open_on_purpose"]) | texts
    by = st.integers(0, 40) | st.dates().map(lambda day: day.isoformat())
    entry = {
        "id": name,
        "who": draw(_names(parties, 1)),
        "to": draw(_names(parties)),
        "does": draw(_maybe(strategies.statements(table).map(lambda s: s.text))),
        "text": draw(_maybe(wordings())),
        "terms": draw(st.dictionaries(st.sampled_from(TERMS), meanings, max_size=4)),
        "by": draw(_maybe(by)),
        "after": draw(_names([i for i in ids if i != name] or ids)) if len(ids) > 1 else [],
        "checked_by": draw(_names(MEASURES)),
        "level": draw(st.sampled_from([None, "leader", "working", "technical"])),
        "if_not": draw(_maybe(texts)),
        "brackets": draw(st.dictionaries(st.sampled_from(parties), wordings(), max_size=3)),
        "status": draw(st.lists(statuses(), max_size=3)),
        "because": draw(_maybe(texts)),
        "about": draw(_maybe(texts)),
        "source": draw(_names(SOURCES)),
    }
    return {key: value for key, value in entry.items() if value is not None}


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """A case whose package ``draft`` has up to four clauses, perhaps none."""
    case = draw(strategies.cases(status_quo=True, most_issues=3))
    table = {name: issue["options"] for name, issue in case["issues"].items()}
    parties = list(case["parties"])
    for party in parties:
        if draw(st.booleans()):
            case["parties"][party]["name"] = draw(texts)
    ids = draw(st.lists(st.sampled_from(["c1", "c2", "x_3", "7", "länd"]), max_size=4, unique=True))
    clauses = [draw(commitments(name, parties, table, ids)) for name in ids]
    case["packages"] = {PACKAGE: {"outcome": case["status_quo"], "commitments": clauses}}
    case["verification"] = {
        "measures": {"satellites": {"name": draw(texts)}, "inspectors": {}},
        "period": draw(st.sampled_from(["day", "week", "month", "quarter", "year"])),
    }
    case["sources"] = {key: {"title": key} for key in SOURCES}
    for key in ("handling", "title"):
        if key == "title" or draw(st.booleans()):
            case[key] = draw(texts)
    if draw(st.booleans()):
        case["as_of"] = "2026-11-01"
    return case
