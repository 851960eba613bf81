"""The scoring workbook: round trips, what a delegation's sheet may look like, every message."""

from __future__ import annotations

import time
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import strategies
from detente.case import CaseError, load
from detente.case.exchange.sheets import as_number, as_text, column_name, letters
from detente.case.exchange.workbook import read_workbook
from detente.case.exchange.workbook_writing import sheet_titles, workbook_losses, write_workbook
from detente.case.numbers import Number
from foreign_cases import cases, differences

SCORES = ["issue", "weight", "option", "score", "low", "high", "source", "because"]
SMALL: dict[str, list[list[Any]]] = {
    "parties": [["party", "walk-away", "signs"], ["north", 10, "yes"], ["south", None, "no"]],
    "issues": [
        ["issue", "option", "title", "order", "controlled by", "status quo"],
        ["troops", "deployed", "All deployed", 1, "north", "x"],
        [None, "withdrawn", None, 2, None, None],
        ["embargo", "full", None, None, "north, south", "x"],
        [None, "lifted", None, None, None, None],
    ],
    "rules": [["never", "because"], ["embargo == lifted and troops == deployed", "It is unfair."]],
    "north": [
        SCORES,
        ["troops", 60, "deployed", 100],
        [None, None, "withdrawn", 20, 10, 40, "interview 3", "Depends on the season."],
        ["embargo", 40, "full", 0],
        [None, None, "lifted", 100],
    ],
}


def save(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def changed(**sheets: list[list[Any]]) -> dict[str, list[list[Any]]]:
    return {**SMALL, **sheets}


def with_cell(sheet: str, cell: str, value: Any) -> dict[str, list[list[Any]]]:
    rows = [list(row) for row in SMALL[sheet]]
    column, row = ord(cell[0]) - ord("A"), int(cell[1:]) - 1
    rows[row] += [None] * (column + 1 - len(rows[row]))
    rows[row][column] = value
    return changed(**{sheet: rows})


def problems(tmp_path: Path, sheets: dict[str, list[list[Any]]]) -> list[str]:
    """The messages, without the name of the file."""
    path = save(tmp_path / "scores.xlsx", sheets)
    with pytest.raises(CaseError) as caught:
        read_workbook(path)
    return [str(problem).replace(str(path), "scores.xlsx") for problem in caught.value.problems]


# Round trips


@given(cases())
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_round_trip_loses_nothing_that_a_workbook_holds(
    tmp_path: Path, data: dict[str, Any]
) -> None:
    case = load(data)
    path = tmp_path / "scores.xlsx"
    exported = write_workbook(case)
    path.write_bytes(exported.files["scores.xlsx"])
    assert exported.lost == ()
    imported = read_workbook(path)
    assert imported.notes == ()
    assert differences(case, imported.case) == []


@given(strategies.cases())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_does_not_survive_a_round_trip_is_named(tmp_path: Path, data: dict[str, Any]) -> None:
    case = load(data)
    path = tmp_path / "scores.xlsx"
    path.write_bytes(write_workbook(case).files["scores.xlsx"])
    try:
        again = read_workbook(path).case
    except CaseError as error:  # a lost walk-away outcome needs a status quo
        assert "has none" in str(error) or "has no status quo" in str(error)
        assert any("walk-away outcome" in lost for lost in workbook_losses(case))
        return
    assert bool(differences(case, again)) <= bool(workbook_losses(case))
    scored = {party: values for party, values in case.values.items() if values.cardinal}
    assert {party: values.scores for party, values in again.values.items()} == {
        party: values.scores for party, values in scored.items()
    }


def test_the_losses_of_a_full_case_are_counted_and_named(ceasefire: Path) -> None:
    lost = workbook_losses(load(ceasefire))
    text = "\n".join(lost)
    case = load(ceasefire)
    concerns = sum(map(len, case.concerns.values()))
    clauses = sum(len(package.commitments) for package in case.packages.values())
    measures = len(case.verification.measures) if case.verification else 0
    assert f"{concerns} concerns of " in text
    assert f"with {clauses} commitment" in text
    assert f"verification ({measures} measures)" in text
    for part in ("undo times", "adjustments", "discount", "violation", "guarantee", "driver"):
        assert part in text
    for part in ("status quo", "rule", "source", "control", "range"):
        assert not any(part in line for line in lost), part


def test_the_bundled_case_keeps_its_scores(tmp_path: Path) -> None:
    case = load("korea")
    path = tmp_path / "korea.xlsx"
    path.write_bytes(write_workbook(case, "korea.xlsx").files["korea.xlsx"])
    again = read_workbook(path).case
    for party, values in case.values.items():
        assert again.values[party].scores == values.scores
        assert again.values[party].weights == values.weights
        assert again.parties[party].walk_away == case.parties[party].walk_away
    assert differences(case, again) != []
    for name in ("status_quo", "rules", "sources", "title", "handling", "as_of"):
        assert getattr(again, name) == getattr(case, name)


def test_sheets_are_titled_so_that_a_spreadsheet_takes_them() -> None:
    long = "a" * 40
    names = ["issues", "History", long, "a" * 31, "x_y", "x__y", "plain"]
    table = {"i": {"a": 1, "b": 2}}
    data = {
        "detente": 1,
        "title": "Sheets",
        "parties": {name: {"walk_away": 0} for name in names},
        "issues": {"i": {"options": ["a", "b"]}},
        "values": {name: {"scores": table} for name in names},
    }
    titles = sheet_titles(load(data))
    assert list(titles) == names
    assert len({column_name(title) for title in titles.values()}) == len(names)
    assert max(map(len, titles.values())) <= 31
    assert titles["plain"] == "plain"
    assert titles["a" * 31] == "a" * 31
    assert titles["issues"] != "issues"


def test_a_workbook_that_is_written_is_one_to_work_with(tmp_path: Path) -> None:
    path = save(tmp_path / "scores.xlsx", SMALL)
    exported = write_workbook(read_workbook(path).case)
    path.write_bytes(exported.files["scores.xlsx"])
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["case", "parties", "issues", "rules", "sources", "north"]
    sheet = book["north"]
    assert [cell.value for cell in sheet[1]] == SCORES
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["H"].width > sheet.column_dimensions["D"].width
    assert [sheet.cell(row, 4).value for row in range(2, 6)] == [100, 20, 0, 100]
    assert [sheet.cell(row, 2).value for row in range(2, 6)] == [60, None, 40, None]
    assert [cell.value for cell in book["parties"][1]] == ["party", "walk-away", "signs"]


def test_texts_that_look_like_formulas_stay_texts(tmp_path: Path) -> None:
    data = {
        "detente": 1,
        "title": "=1+1",
        "parties": {"north": {"walk_away": 1}},
        "issues": {"arms": {"options": {"a": "=HYPERLINK(0)", "b": "@b"}}},
        "values": {"north": {"scores": {"arms": {"a": 1, "b": {"value": 2, "because": "+c"}}}}},
    }
    path = tmp_path / "scores.xlsx"
    path.write_bytes(write_workbook(load(data)).files["scores.xlsx"])
    book = openpyxl.load_workbook(path)
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert differences(load(data), read_workbook(path).case) == []


# What a delegation's sheet looks like


def test_a_small_workbook_means_what_it_says(tmp_path: Path) -> None:
    case = read_workbook(save(tmp_path / "my_scores.xlsx", SMALL)).case
    assert case.title == "my scores"
    assert case.file == str(tmp_path / "my_scores.xlsx")
    assert case.parties["north"].walk_away.number == Number(Fraction(10))
    assert case.parties["south"].walk_away.is_status_quo
    assert case.signing == ("north",)
    assert case.options == {"troops": ("deployed", "withdrawn"), "embargo": ("full", "lifted")}
    assert case.option_name("troops", "deployed") == "All deployed"
    assert case.issues["troops"].control == "north"
    assert case.issues["embargo"].joint == ("north", "south")
    assert case.status_quo == {"troops": "deployed", "embargo": "full"}
    assert str(case.rules[0]) == "never embargo == lifted and troops == deployed"
    assert case.rules[0].because == "It is unfair."
    values = case.values["north"]
    assert {issue: weight.point for issue, weight in (values.weights or {}).items()} == {
        "troops": 60,
        "embargo": 40,
    }
    assert (values.scores or {})["troops"]["withdrawn"] == Number(
        Fraction(20),
        "triangular",
        Fraction(10),
        Fraction(40),
        source=("interview_3",),
        because="Depends on the season.",
    )
    assert case.sources["interview_3"].title == "interview 3"
    assert list(case.values) == ["north"]


def test_sheets_of_parties_alone_are_enough(tmp_path: Path) -> None:
    sheets = {
        "North": [
            ["Our scores", None, None],
            [],
            ["Option", "Score", "Issue", "Weight"],
            ["All deployed", 1, "Forward troops", "60"],
            ["Half withdrawn", "0.5", None, None],
            [None, None, None, None],
            ["-5", "1/3", "Tariff", 40],
            ["+5", 0, "tariff ", None],
            [None, None, "Total", 100],
            [None, 0.1, "Walk-away", None],
        ],
        "The South": [
            ["issue", "option", "score"],
            ["forward_troops", None, None],
            [None, "all deployed", 3],
            [None, "half withdrawn", 4],
            ["Tariff", -5, 0],
            [None, "+5", 1.5],
            ["walk away", None, 2],
        ],
        "Notes": [["These are only notes."]],
    }
    imported = read_workbook(save(tmp_path / "s.xlsx", sheets))
    case = imported.case
    assert case.options == {
        "forward_troops": ("all_deployed", "half_withdrawn"),
        "Tariff": ("5", "5_2"),
    }
    assert case.issue_name("forward_troops") == "Forward troops"
    assert case.option_name("Tariff", "5_2") == "+5"
    assert case.party_name("the_south") == "The South"
    points = {
        party: [n.point for table in (values.scores or {}).values() for n in table.values()]
        for party, values in case.values.items()
    }
    assert points == {
        "North": [1, Fraction(1, 2), Fraction(1, 3), 0],
        "the_south": [3, 4, 0, Fraction(3, 2)],
    }
    assert case.values["North"].weights is not None
    assert case.values["the_south"].weights is None
    assert case.parties["North"].walk_away.number == Number(Fraction(1, 10))
    assert case.parties["the_south"].walk_away.number == Number(Fraction(2))
    (note,) = imported.notes
    assert note.endswith("sheet 'Notes' was not read: it is no party's")


def test_a_column_that_is_not_read_is_noted(tmp_path: Path) -> None:
    rows = [[*SMALL["north"][0][:7], "remarks", "becuase"], *SMALL["north"][1:]]
    notes = read_workbook(save(tmp_path / "s.xlsx", changed(north=rows))).notes
    assert [note.split(": ")[1] for note in notes] == [
        "the column 'remarks' was not read",
        "the column 'becuase' was not read; did you mean 'because'?",
    ]


def test_the_order_of_options_can_be_numbered(tmp_path: Path) -> None:
    issues = [
        ["issue", "option", "order"],
        ["arms", "destroyed", 3],
        [None, "held", 1],
        [None, "cut", "2"],
        ["flag", "red", "none"],
        [None, "blue", None],
    ]
    sheets = {"parties": [["party"], ["north"]], "issues": issues}
    case = read_workbook(save(tmp_path / "s.xlsx", sheets)).case
    assert case.options["arms"] == ("held", "cut", "destroyed")
    assert case.issues["arms"].ordered
    assert not case.issues["flag"].ordered


def test_numbers_are_the_decimals_that_a_person_sees() -> None:
    assert as_number(0.1 + 0.2) == Fraction(3, 10)
    assert as_number(1 / 3) == Fraction("0.333333333333333")
    assert as_number("1/3") == Fraction(1, 3)
    assert as_text(2.0) == "2"
    assert as_text(True) == "yes"
    assert as_text(datetime(2026, 11, 1)) == "2026-11-01"
    assert [letters(n) for n in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]


@given(st.decimals(-(10**12), 10**12, places=3))
def test_decimals_of_ordinary_length_survive_a_cell(decimal: Any) -> None:
    assert as_number(float(decimal)) == Fraction(str(decimal))


def test_sources_may_be_listed_or_only_named(tmp_path: Path) -> None:
    sheets = with_cell("north", "G2", "speech; interview_3")
    sheets["north"][3] += [None, None, "The minister, in private"]
    sheets["sources"] = [["source", "title"], ["speech", "A speech"], ["interview 3", None]]
    case = read_workbook(save(tmp_path / "s.xlsx", sheets)).case
    assert (case.values["north"].scores or {})["troops"]["deployed"].source == (
        "speech",
        "interview_3",
    )
    assert {key: source.title for key, source in case.sources.items()} == {
        "speech": "A speech",
        "interview_3": "interview 3",
        "the_minister_in_private": "The minister, in private",
    }


def test_reading_is_fast(tmp_path: Path) -> None:
    rows: list[list[Any]] = [SCORES]
    issues: list[list[Any]] = [["issue", "option"]]
    for issue in range(20):
        for option in range(5):
            rows.append([f"issue_{issue}", 5 if not option else None, f"o{option}", option * 25])
            issues.append([f"issue_{issue}", f"o{option}"])
    sheets: dict[str, list[list[Any]]] = {f"party_{i}": rows for i in range(6)}
    parties = [["party", "walk-away"], *([name, 40] for name in sheets)]
    path = save(tmp_path / "s.xlsx", {"parties": parties, "issues": issues, **sheets})
    read_workbook(path)
    start = time.perf_counter()
    case = read_workbook(path).case
    assert time.perf_counter() - start < 1
    assert len(case.issues) == 20
    assert all(len(values.scores or {}) == 20 for values in case.values.values())


# Messages


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "message"),
    [
        (
            "north",
            "D3",
            "much",
            "scores.xlsx, sheet 'north', cell D3: expected a number, found 'much'",
        ),
        ("north", "D3", datetime(2026, 1, 2), "cell D3: expected a number, found the date 2026"),
        ("north", "D3", True, "cell D3: expected a number, found 'True'"),
        ("north", "D3", "1,5", "write decimals with a point"),
        ("north", "B2", "-60", "cell B2: this number cannot be negative; it is -60"),
        ("north", "B3", 50, "cell B3: troops has another weight in a row above"),
        ("north", "F3", 15, "cell D3: a range needs low <= likely <= high"),
        ("north", "E2", 15, "sheet 'north', cell D2: a number is"),
        ("north", "A2", "trops", "cell A2: unknown issue 'trops'; did you mean 'troops'?"),
        (
            "north",
            "C3",
            "withdrawm",
            "cell C3: unknown option 'withdrawm' of issue troops; did you mean 'withdrawn'?",
        ),
        ("north", "C3", "deployed", "cell C3: a second score for deployed of issue troops"),
        ("north", "C3", None, "cell C3: a score without its option"),
        ("north", "A2", None, "cell A2: a row without its issue"),
        ("north", "D1", "scroe", "the column 'score' is missing; is it 'scroe'?"),
        ("parties", "C2", "maybe", "cell C2: expected yes or no, found 'maybe'"),
        ("parties", "A3", "North", "cell A3: the party 'North' appears twice"),
        ("parties", "A3", None, "cell A3: a row without its party"),
        ("parties", "B2", "low", "cell B2: expected a number, found 'low'"),
        ("parties", "A1", "partie", "the column 'party' is missing; is it 'partie'?"),
        ("issues", "E2", "nort", "cell E2: unknown party 'nort'; did you mean 'north'?"),
        ("issues", "E3", "south", "cell E3: troops has another owner in a row above: north"),
        ("issues", "B3", "Deployed", "cell B3: the option 'Deployed' of troops appears twice"),
        ("issues", "D3", 1, "cell D3: deployed and withdrawn have the same place in the order"),
        ("issues", "D3", None, "cell D3: no place in the order for withdrawn"),
        ("issues", "F3", "x", "two options of troops are marked as today's: deployed and"),
        ("issues", "F3", "perhaps", "cell F3: expected yes or no, found 'perhaps'"),
        ("issues", "F2", None, "the status quo leaves out troops"),
        ("rules", "A2", "trops == deployed", "cell A2: unknown issue 'trops'; did you mean"),
        ("rules", "A2", "troops = deployed", "sheet 'rules', cell A2: "),
        ("rules", "A2", None, "cell A2: a row without its rule"),
        ("rules", "A1", "naver", "the column 'never' is missing; is it 'naver'?"),
    ],
)
def test_each_message_names_sheet_and_cell(
    tmp_path: Path, sheet: str, cell: str, value: Any, message: str
) -> None:
    found = problems(tmp_path, with_cell(sheet, cell, value))
    assert any(message in text for text in found), found
    assert all(text.startswith(f"scores.xlsx, sheet '{sheet}'") for text in found), found


def test_independent_problems_come_together(tmp_path: Path) -> None:
    sheets = with_cell("north", "D3", "much")
    sheets["parties"] = with_cell("parties", "C2", "maybe")["parties"]
    sheets["issues"] = with_cell("issues", "E2", "nort")["issues"]
    found = problems(tmp_path, sheets)
    assert [text.split(":")[0].removeprefix("scores.xlsx, ") for text in found] == [
        "sheet 'parties', cell C2",
        "sheet 'issues', cell E2",
        "sheet 'north', cell D3",
    ]


def test_a_missing_score_is_named_with_its_option(tmp_path: Path) -> None:
    sheets = changed(north=SMALL["north"][:-1])
    (found,) = problems(tmp_path, sheets)
    assert found.startswith("scores.xlsx, sheet 'north', cell ")
    assert "the scores of embargo leave out 'lifted'" in found


def test_a_sheet_of_scores_needs_a_party(tmp_path: Path) -> None:
    sheets = changed(nroth=SMALL["north"])
    (found,) = problems(tmp_path, sheets)
    assert "sheet 'nroth', cell A1: unknown party 'nroth'; did you mean 'north'?" in found


def test_fields_sources_and_walk_aways_are_checked(tmp_path: Path) -> None:
    sheets = with_cell("north", "G2", "interwiev")
    sheets["case"] = [["field", "value"], ["titel", "Water"]]
    sheets["sources"] = [["source", "title"], ["interview", "An interview"], [None, "Another"]]
    sheets["north"][4] = [*sheets["north"][4], None, None, "interview"]
    sheets["north"][2][6] = None
    sheets["north"].append(["walk-away", None, None, 11])
    found = "\n".join(problems(tmp_path, sheets))
    assert "sheet 'case', cell A2: unknown field 'titel'; did you mean 'title'?" in found
    assert "sheet 'sources', cell A3: a source without its name" in found
    assert "cell G2: unknown source 'interwiev'; did you mean 'interview'?" in found
    assert "sheet 'north', cell D6: north has another walk-away in the sheet 'parties'" in found


def test_a_formula_without_a_result_is_an_error(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, with_cell("north", "D3", "=10+10"))
    assert found.startswith("scores.xlsx, sheet 'north', cell D3: the formula =10+10 has no stored")
    assert "open the workbook in a spreadsheet program and save it" in found


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"party,score\n", r"is no \.xlsx workbook"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 600, r"an old \(\.xls\) or an encrypted workbook"),
        (b"", r"is no \.xlsx workbook"),
    ],
)
def test_what_is_no_workbook_is_said(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "s.xlsx"
    path.write_bytes(content)
    with pytest.raises(CaseError, match=message):
        read_workbook(path)


def test_a_workbook_that_is_broken_missing_or_huge_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CaseError, match="there is no file"):
        read_workbook(tmp_path / "none.xlsx")
    with pytest.raises(CaseError, match="cannot read"):
        read_workbook(tmp_path)
    path = save(tmp_path / "s.xlsx", SMALL)
    monkeypatch.setattr("detente.case.exchange.sheets.MAX_UNPACKED", 1000)
    with pytest.raises(CaseError, match="unpacks to"):
        read_workbook(path)
    monkeypatch.setattr("detente.case.exchange.sheets.MAX_BYTES", 1000)
    with pytest.raises(CaseError, match="a workbook may have at most"):
        read_workbook(path)


def test_an_archive_that_is_no_workbook_is_said(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "s.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    with pytest.raises(CaseError, match=r"is no readable \.xlsx workbook"):
        read_workbook(path)


def test_an_empty_workbook_is_said(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, {"Sheet1": []})
    assert "no sheet of this workbook holds scores" in found
    assert "issue, option, score" in found


def test_texts_that_no_cell_holds_are_refused(tmp_path: Path) -> None:
    data = {
        "detente": 1,
        "title": "Bell",
        "about": "x" * 40_000,
        "parties": {"north": {"name": "bell \x07"}},
        "issues": {"arms": {"options": ["a", "b"]}},
    }
    with pytest.raises(CaseError, match=r"sheet 'case', cell B3: a text of 40,000 characters"):
        write_workbook(load(data))
    data["about"] = "short"
    with pytest.raises(CaseError, match=r"sheet 'parties', cell B2: a text with control"):
        write_workbook(load(data))


odd_words = ["x", "none", "total", "walk-away", "north", "troops", "a, b", "issue", "score", "𝟙"]
odd_cells = st.sampled_from(
    [*odd_words, None, "", " ", 0, -1, 1.5, True, "=1", "'", datetime(2026, 1, 1), "1/0", 1e20]
)


@given(
    st.lists(st.tuples(st.sampled_from(sorted(SMALL)), st.integers(0, 5), odd_cells), min_size=1)
)
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_odd_cells_never_end_in_anything_but_a_message(
    tmp_path: Path, changes: list[tuple[str, int, Any]]
) -> None:
    sheets = {title: [[*row, *[None] * 8][:8] for row in rows] for title, rows in SMALL.items()}
    for place, (title, row, value) in enumerate(changes):
        sheets[title][row % len(sheets[title])][(place * 3 + row) % 8] = value
    try:
        read_workbook(save(tmp_path / "s.xlsx", sheets))
    except CaseError as error:
        assert error.problems
        assert all("s.xlsx" in str(problem) for problem in error.problems)
