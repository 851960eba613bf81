"""The workbook of clauses: round trips, what marking up means, every message with its cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings

import drawn_texts
from detente.case import CaseError, load
from detente.case.exchange.clauses import COLUMNS, MarkedUp, holds_clauses, read_clauses
from detente.case.exchange.clauses_writing import write_clauses
from detente.case.exchange.convert import convert
from detente.case.exchange.sheets import read_sheets
from detente.case.loading import bundled_cases
from detente.command.output import deliver
from detente.commitments import draft

SMALL: dict[str, list[list[Any]]] = {
    "clauses": [
        ["package", "id", "who", "to", "does", "text", "by", "after", "checked by", "level"],
        ["text", "c1", "north", "south", "arms == cut", "The North cuts.", 6, None, "eyes"],
        [None, "c2", "north; south", None, None, "All talk.", "2027-06-01", "c1", None, "working"],
    ],
    "brackets": [
        ["package", "id", "party", "wording"],
        ["text", "c1", "north", "cuts some"],
        ["text", "c1", "south", "cuts all"],
    ],
    "terms": [["package", "id", "term", "meaning"], ["text", "c2", "talk", None]],
    "status": [
        ["package", "id", "date", "kept", "source", "note", "evidence"],
        ["text", "c1", "2027-01-15", 2, "report", "Half.", None],
    ],
}
CASE = """detente: 1
title: Small
handling: Mediator & friends only
parties: {north: , south: }
issues: {arms: {options: [held, cut]}}
status_quo: {arms: held}
packages: {text: {outcome: {arms: cut}}}
verification: {measures: {eyes: {}}}
sources: {report: {title: A report}}
"""


def save(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def with_cell(sheet: str, cell: str, value: Any) -> dict[str, list[list[Any]]]:
    rows = [list(row) for row in SMALL[sheet]]
    column, row = ord(cell[0]) - ord("A"), int(cell[1:]) - 1
    rows += [[] for _ in range(row + 1 - len(rows))]
    rows[row] += [None] * (column + 1 - len(rows[row]))
    rows[row][column] = value
    return {**SMALL, sheet: rows}


def read(path: Path) -> MarkedUp:
    return read_clauses(path, read_sheets(path))


def problems(tmp_path: Path, sheets: dict[str, list[list[Any]]]) -> list[str]:
    """The messages, without the name of the file."""
    path = save(tmp_path / "marked.xlsx", sheets)
    with pytest.raises(CaseError) as caught:
        convert(path, tmp_path / "overlay.yaml")
    assert not (tmp_path / "overlay.yaml").exists()
    return [str(problem).replace(str(path), "marked.xlsx") for problem in caught.value.problems]


@pytest.fixture
def case_file(tmp_path: Path) -> Path:
    path = tmp_path / "case.yaml"
    path.write_text(CASE)
    return path


# Round trips


@given(drawn_texts.cases())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_round_trip_keeps_every_commitment(tmp_path: Path, data: dict[str, Any]) -> None:
    case = load(data)
    workbook = tmp_path / "draft.xlsx"
    workbook.write_bytes(write_clauses(case, list(case.packages)))
    for target in (tmp_path / "overlay.yaml", tmp_path / "overlay.json"):
        conversion = convert(workbook, target, replace=True)
        assert (conversion.read, conversion.wrote) == ("workbook", "overlay")
        assert conversion.lost == ()
        again = load(data, [target])
        assert again.packages == case.packages
        assert again.handling == case.handling
        assert again.overlays[0].changes == ()


@pytest.mark.parametrize("name", bundled_cases())
def test_a_round_trip_of_every_bundled_text(tmp_path: Path, name: str) -> None:
    case = load(name)
    workbook, overlay = tmp_path / "draft.xlsx", tmp_path / "overlay.yaml"
    workbook.write_bytes(write_clauses(case, list(case.packages)))
    convert(workbook, overlay)
    again = load(name, [overlay])
    assert again == case
    for package in case.packages:
        deliver("draft", draft(case, package), as_json=False, out=workbook)
        convert(workbook, overlay, replace=True)
        again = load(name, [overlay])
        assert again.packages[package].commitments == case.packages[package].commitments


# What the sheets mean


def test_a_small_workbook_means_what_it_says(tmp_path: Path, case_file: Path) -> None:
    marked = read(save(tmp_path / "marked.xlsx", SMALL))
    assert marked.overlay["detente"] == 1
    assert marked.overlay["title"] == "marked"
    first, second = marked.overlay["packages"]["text"]["commitments"]
    assert first == {
        "id": "c1",
        "who": "north",
        "to": "south",
        "does": "arms == cut",
        "text": "The North cuts.",
        "by": 6,
        "checked_by": ["eyes"],
        "brackets": {"north": "cuts some", "south": "cuts all"},
        "status": [{**first["status"][0], "kept": 2, "source": "report", "note": "Half."}],
    }
    assert str(first["status"][0]["date"]) == "2027-01-15"
    assert second["who"] == ["north", "south"]
    assert str(second["by"]) == "2027-06-01"
    assert second["terms"] == {"talk": "open"}
    assert second["after"] == ["c1"]
    convert(tmp_path / "marked.xlsx", tmp_path / "overlay.yaml")
    case = load(case_file, [tmp_path / "overlay.yaml"])
    assert [clause.id for clause in case.packages["text"].commitments] == ["c1", "c2"]
    assert case.overlays[0].title == "marked"


def test_what_was_read_is_counted_and_what_is_left_out_is_said(tmp_path: Path) -> None:
    notes = read(save(tmp_path / "marked.xlsx", SMALL)).notes
    texts = [note.replace(str(tmp_path / "marked.xlsx"), "marked.xlsx") for note in notes]
    assert texts == [
        "text: read 2 clauses, 2 brackets, 1 term and 1 status entry",
        *(
            f"marked.xlsx, sheet 'clauses': there is no column {column!r}: "
            "the overlay leaves it out"
            for column in ("if not", "because", "about", "source")
        ),
    ]
    sheets = {key: rows for key, rows in SMALL.items() if key != "status"}
    sheets["Notes"] = [["mine"]]
    texts = list(read(save(tmp_path / "marked.xlsx", sheets)).notes)
    assert any("no sheet 'status': the overlay leaves the clauses without" in t for t in texts)
    assert any(t.endswith("sheet 'Notes' was not read") for t in texts)


def test_a_bracket_without_its_wording_is_closed(tmp_path: Path) -> None:
    marked = read(save(tmp_path / "marked.xlsx", with_cell("brackets", "D3", None)))
    assert marked.overlay["packages"]["text"]["commitments"][0]["brackets"] == {
        "north": "cuts some"
    }
    assert "text: read 2 clauses, 1 bracket, 1 term and 1 status entry" in marked.notes
    assert "1 bracket without a wording: closed" in marked.notes


@pytest.mark.parametrize(
    ("written", "meaning"),
    [("Open", "open"), ("open on purpose", "open_on_purpose"), ("a word", "a word"), (3, "3")],
)
def test_a_meaning_may_be_open(tmp_path: Path, written: Any, meaning: str) -> None:
    marked = read(save(tmp_path / "marked.xlsx", with_cell("terms", "D2", written)))
    assert marked.overlay["packages"]["text"]["commitments"][1]["terms"] == {"talk": meaning}


def test_a_text_without_clauses_is_one(tmp_path: Path) -> None:
    sheets = {**SMALL, "clauses": [*SMALL["clauses"], ["other"]]}
    marked = read(save(tmp_path / "marked.xlsx", sheets))
    assert marked.overlay["packages"]["other"] == {"commitments": []}


def test_the_handling_label_travels_and_is_printed(case_file: Path, tmp_path: Path) -> None:
    case = load(case_file)
    path = tmp_path / "draft.xlsx"
    deliver("draft", draft(case, "text"), as_json=False, out=path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["clauses", "brackets", "terms", "status", "case"]
    for sheet in book:
        assert sheet.oddHeader.center.text == sheet.oddFooter.center.text
        assert sheet.oddHeader.center.text.replace("&&", "&") == case.handling
    for title in ("clauses", "brackets", "terms", "status"):
        assert tuple(cell.value for cell in book[title][1]) == COLUMNS[title]
    assert read(path).overlay["handling"] == case.handling


def test_a_scoring_workbook_stays_one(tmp_path: Path) -> None:
    scores = [["issue", "option", "score"], ["arms", "held", 1], ["arms", "cut", 2]]
    walk_away = ["walk-away", None, 1]
    path = save(tmp_path / "s.xlsx", {"clauses": [*scores, walk_away]})
    assert not holds_clauses(read_sheets(path))
    assert convert(path, tmp_path / "party.yaml").wrote == "case"
    path = save(tmp_path / "s.xlsx", {"north": [*scores, walk_away], **SMALL})
    conversion = convert(path, tmp_path / "both.yaml")
    assert conversion.wrote == "case"
    assert any("sheet 'clauses' was not read" in note for note in conversion.notes)
    convert("korea", tmp_path / "korea.xlsx")
    assert not holds_clauses(read_sheets(tmp_path / "korea.xlsx"))


# Messages


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "message"),
    [
        ("clauses", "A2", None, "cell A2: a row without its package"),
        ("clauses", "B2", None, "cell B2: a clause without its id"),
        ("clauses", "B3", "c1", "cell B3: two clauses of text have the id 'c1'"),
        ("clauses", "C2", None, "cell C2: the clause 'c1' does not say who is bound"),
        ("clauses", "E2", "arms = cut", "cell E2: "),
        ("clauses", "E2", "arms ==", "cell E2: "),
        ("clauses", "G2", "soon", "cell G2: 'soon' is neither a number of periods nor a date"),
        ("clauses", "G2", 2.5, "cell G2: '2.5' is neither a number of periods nor a date"),
        ("clauses", "G2", "2027-02-30", "cell G2: '2027-02-30' is neither a number of periods"),
        ("clauses", "G2", -1, "cell G2: '-1' is neither a number of periods nor a date"),
        ("clauses", "J3", "wroking", "cell J3: expected 'leader', 'working' or 'technical'"),
        ("clauses", "H3", "c9", "cell H3: unknown clause 'c9' of text"),
        ("clauses", "B1", "nr", "sheet 'clauses': the column 'id' is missing"),
        ("clauses", "C1", "whom", "the column 'who' is missing; is it 'whom'?"),
        ("brackets", "B2", "c3", "cell B2: unknown clause 'c3' of text"),
        ("brackets", "B2", None, "cell B2: a row without the id of its clause"),
        ("brackets", "A3", "txt", "cell A3: unknown package 'txt'; did you mean 'text'?"),
        ("brackets", "A2", None, "cell A2: a row without its package"),
        ("brackets", "C2", None, "cell C2: a bracket without its party"),
        ("brackets", "C3", "north", "cell C3: a second bracket of north in c1"),
        ("brackets", "D1", "word", "the column 'wording' is missing; is it 'word'?"),
        ("terms", "B2", "c7", "cell B2: unknown clause 'c7' of text"),
        ("terms", "C1", "trem", "the column 'term' is missing; is it 'trem'?"),
        ("status", "B2", "c", "cell B2: unknown clause 'c' of text"),
        ("status", "C2", "January", "cell C2: expected a date, found 'January'"),
        ("status", "C2", None, "cell C2: the key 'date' is missing"),
        ("status", "D2", 4, "cell D2: expected 0 (none), 1, 2 or 3 (complete), found '4'"),
        ("status", "D2", "most", "cell D2: expected 0 (none), 1, 2 or 3 (complete), found 'most'"),
        ("status", "D1", "keep", "the column 'kept' is missing; is it 'keep'?"),
    ],
)
def test_each_message_names_sheet_and_cell(
    tmp_path: Path, sheet: str, cell: str, value: Any, message: str
) -> None:
    found = problems(tmp_path, with_cell(sheet, cell, value))
    assert any(message in text for text in found), found
    assert all(text.startswith(f"marked.xlsx, sheet '{sheet}'") for text in found), found


def test_terms_fields_and_ids_are_checked(tmp_path: Path) -> None:
    sheets = {
        **with_cell("clauses", "B3", "c 2"),
        "terms": [
            SMALL["terms"][0],
            ["text", "c1", "cut", "by half"],
            ["text", "c1", "cut", "open"],
            ["text", "c1", None, "all of it"],
        ],
        "case": [["field", "value"], ["handlin", "Secret"]],
    }
    found = problems(tmp_path, sheets)
    assert [text.split("\n")[0].removeprefix("marked.xlsx, ") for text in found] == [
        "sheet 'case', cell A2: unknown field 'handlin'; did you mean 'handling'?",
        "sheet 'terms', cell C3: c1 explains 'cut' twice",
        "sheet 'terms', cell C4: a row without its term",
        "sheet 'clauses', cell B3: 'c 2' cannot be a name here: "
        "names are letters, digits and underscores",
    ]


def test_independent_problems_come_together(tmp_path: Path) -> None:
    sheets = with_cell("clauses", "G2", "soon")
    sheets["brackets"] = with_cell("brackets", "B2", "c3")["brackets"]
    sheets["status"] = with_cell("status", "D2", 4)["status"]
    found = {
        text.split(":")[0].removeprefix("marked.xlsx, ") for text in problems(tmp_path, sheets)
    }
    assert found == {
        "sheet 'clauses', cell G2",
        "sheet 'brackets', cell B2",
        "sheet 'status', cell D2",
    }


def test_brackets_without_clauses_are_no_text(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, {"brackets": SMALL["brackets"]})
    assert "marked.xlsx: the sheet 'clauses' is missing" in found


def test_clauses_become_an_overlay_and_nothing_else(tmp_path: Path) -> None:
    path = save(tmp_path / "marked.xlsx", SMALL)
    for target in ("out.xlsx", "out.xml", "folder/"):
        with pytest.raises(CaseError, match="holds clauses and no case: they make an overlay"):
            convert(path, f"{tmp_path}/{target}")
    with pytest.raises(CaseError, match="nothing can be laid over it"):
        convert(path, tmp_path / "out.yaml", [{"title": "Other"}])
    assert sorted(tmp_path.iterdir()) == [path]


def test_words_of_the_case_are_checked_when_it_is_laid_over(
    tmp_path: Path, case_file: Path
) -> None:
    convert(
        save(tmp_path / "marked.xlsx", with_cell("brackets", "C2", "nroth")),
        tmp_path / "overlay.yaml",
    )
    with pytest.raises(CaseError, match=r"overlay\.yaml:\d+:\d+: unknown party 'nroth'"):
        load(case_file, [tmp_path / "overlay.yaml"])


def test_texts_that_no_cell_holds_are_refused(case_file: Path) -> None:
    clause = {"id": "c1", "who": "north", "text": "bell \x07"}
    case = load(case_file, [{"packages": {"text": {"commitments": [clause]}}}])
    with pytest.raises(CaseError, match=r"sheet 'clauses', cell F2: a text with control"):
        write_clauses(case, ["text"])
