"""The brief's sections on the text and on how it is kept, as parts and as a page."""

from __future__ import annotations

from typing import Any

import pytest

import detente
from briefs import Element, Shared, read
from detente.commitments.answer import LEVELS, STATES
from detente.commitments.text import packages_with_text
from test_terminal_commitments import small

CASES = ("korea", "six_party_2005", "sections")


@pytest.fixture(scope="module")
def briefs(shared: Shared) -> dict[str, Any]:
    return {name: shared.brief(name) for name in CASES}


def section(brief: Any, key: str) -> Any:
    return next((part for part in brief.sections if part.key == key), None)


def told(part: Any) -> str:
    """Everything that a section says in sentences and fold-outs."""
    found = [part.headline, *part.paragraphs, *part.remarks]
    for fold_out in part.fold_outs:
        for block in fold_out.blocks:
            if isinstance(block, str):
                found.append(block)
            elif hasattr(block, "entries"):
                found += [f"{term}: {text}" for term, text in block.entries]
            elif hasattr(block, "rows"):
                cells = [cell for row in block.rows for cell in (row.header, *row.cells)]
                found += [text for cell in cells for text in (cell.text, *cell.lines)]
    return "\n".join(found)


@pytest.mark.parametrize("name", CASES)
def test_every_text_stands_in_the_table_with_its_counts(briefs: dict[str, Any], name: str) -> None:
    case = briefs[name].case
    rows = {row.header.text: row.cells for row in section(briefs[name], "text").table.rows}
    assert len(rows) == len(packages_with_text(case))
    for package in packages_with_text(case):
        result = detente.draft(case, package)
        next_, bars, mend = rows[case.package_name(package)]
        assert next_.text.startswith(f"{len(result.clauses)} clause")
        numbers = [int(line.split()[0]) for line in next_.lines]
        assert numbers == [len(result.levels[level]) for level in LEVELS if result.levels[level]]
        for cell, barring in ((bars, True), (mend, False)):
            wrong = {(f.id, f.kind) for f in result.findings if f.bars == barring}
            wrong -= {(id, "no trigger") for id, kind in wrong if kind == "undated"}
            assert sum(int(line.split()[-1]) for line in cell.lines) == len(wrong)
            assert bool(cell.lines) or cell.text == "nothing"


@pytest.mark.parametrize("name", CASES)
def test_every_finding_and_decision_can_be_read(briefs: dict[str, Any], name: str) -> None:
    case, text = briefs[name].case, told(section(briefs[name], "text"))
    for package in packages_with_text(case):
        result = detente.draft(case, package)
        for found in result.findings:
            assert found.id in text
            assert found.what in text or found.kind not in ("order", "outside the outcome")
        assert all(found.what in text for found in result.ambiguities)
        for task in result.mandate:
            for id, _ in task.clears:
                assert id in text
    assert detente.draft(case, packages_with_text(case)[0]).definition in text


def test_the_longest_text_is_the_one_told(briefs: dict[str, Any]) -> None:
    found = section(briefs["korea"], "text")
    assert found.headline.startswith(
        "Leaders can sign three of the twelve clauses of “Freeze first”"
    )
    assert "“Freeze first” is the longest of four texts" in found.paragraphs[0]
    assert "Freeze first" in found.picture.title and "c11" in found.picture.wide
    keys = [part.key for part in briefs["korea"].sections]
    assert keys.index("packages") + 1 == keys.index("text") == keys.index("record") - 1


def test_what_was_signed_is_not_told_as_open(briefs: dict[str, Any]) -> None:
    found = section(briefs["six_party_2005"], "text")
    assert "signed on 13 February 2007" in found.headline and "today" not in found.headline


@pytest.mark.parametrize("name", CASES)
def test_the_scoreboard_is_that_of_the_record(briefs: dict[str, Any], name: str) -> None:
    case, found = briefs[name].case, section(briefs[name], "record")
    reported = [
        package
        for package in packages_with_text(case)
        if any(entry.status for entry in case.packages[package].commitments)
    ]
    days = [s.date for p in reported for c in case.packages[p].commitments for s in c.status]
    on = max([*days, *([case.as_of] if case.as_of else [])])
    rows = [row for row in found.table.rows if row.cells]
    heads = [row.header.text for row in found.table.rows if not row.cells]
    assert heads == ([case.package_name(p) for p in reported] if len(reported) > 1 else [])
    expected, text = [], told(found)
    for package in reported:
        record = detente.track(case, package, on)
        for party, tally in record.by_party.items():
            counts = [str(tally.states[state] or "–") for state in STATES]
            expected.append((case.party_name(party), float(tally.score), counts))
        assert all(a.what in text for a in record.alerts if a.kind != "unreported")
        assert all(alert.id in text for alert in record.alerts)
        assert all(standing.commitment.id in text for standing in record.standings)
    shown = [
        (row.header.text, row.cells[0].share, [cell.text for cell in row.cells[1:]]) for row in rows
    ]
    assert shown == expected
    assert f"{on.day} {on:%B} {on.year}" in found.headline


def test_without_commitments_or_reports_there_is_nothing_to_tell() -> None:
    bare = detente.brief(detente.load(small(0)))
    assert section(bare, "text") is None and section(bare, "record") is None
    text_only = detente.brief(detente.load(small(2)))
    assert section(text_only, "text") is not None and section(text_only, "record") is None


def test_reports_after_the_date_of_the_case_count() -> None:
    case = small(1, status=[{"date": "2027-02-03", "kept": 3}])
    assert section(detente.brief(detente.load(case)), "record").headline.startswith(
        "On 3 February 2027, the one commitment of “Text” is kept."
    )
    del case["as_of"]
    assert "3 February 2027" in section(detente.brief(detente.load(case)), "record").headline


def test_a_text_behind_no_whole_outcome_is_named() -> None:
    case = small(1)
    del case["status_quo"]
    case["issues"]["y"] = {"options": ["r", "s"]}
    whole = {**case["packages"]["t"], "outcome": {"x": "q", "y": "r"}, "name": "Whole"}
    case["packages"]["whole"] = whole
    found = section(detente.brief(detente.load(case)), "text")
    assert found.remarks == (
        "“Text” has a text but leaves issues open, so it cannot be held against an outcome here.",
    )


@pytest.mark.parametrize("name", CASES)
def test_the_page_is_sound(briefs: dict[str, Any], name: str) -> None:
    page: Element = read(briefs[name].html)
    assert "{" not in "".join(told(part) for part in briefs[name].sections)
    names = [e.attributes["id"] for e in page.walk() if "id" in e.attributes]
    assert len(names) == len(set(names))
    for key in ("text", "record"):
        part = next(s for s in page.all("section") if s.attributes.get("id") == key)
        assert part.all("h2")[0].text.endswith(".")
        assert all(picture.all("desc")[0].text for picture in part.all("svg"))
