"""Files of past agreements: what they say, and what is wrong with them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.case.errors import CaseError, Problem
from detente.uncertainty.course.base_rate import DAYS_A_YEAR, BaseRate, base_rate
from detente.uncertainty.course.survival import kaplan_meier

DATED = """name,signed,ended,note
Agreed Framework,1994-10-21,2003-01-10,"left, in the end"
Leap Day,2012-02-29,2012-04-13,
Good Friday,1998-04-10,,stands

JCPOA,2015-07-14,2018-05-08,
"""
COUNTED = "years,Name,ended\n4.5,A,yes\n2,B,No\n0,C,TRUE\n"


def read(folder: Path, text: str, as_of: date | None = None) -> BaseRate:
    path = folder / "past.csv"
    path.write_text(text, encoding="utf-8")
    return base_rate(path, as_of)


def wrong(folder: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(CaseError) as caught:
        read(folder, text)
    return caught.value.problems


def test_days_become_years_and_what_stands_was_watched_until_the_day(tmp_path: Path) -> None:
    found = read(tmp_path, DATED, date(2026, 3, 31))
    assert [entry.ended for entry in found.agreements] == [True, True, False, True]
    assert found.standing == 1
    assert found.until == date(2026, 3, 31)
    days = [3003, 44, (date(2026, 3, 31) - date(1998, 4, 10)).days, 1029]
    years = [each / DAYS_A_YEAR for each in days]
    assert [entry.years for entry in found.agreements] == pytest.approx(years)
    expected = kaplan_meier(years, [True, True, False, True])
    assert found.curve.to_dict() == expected.to_dict()
    assert found.to_dict()["until"] == "2026-03-31"


@pytest.mark.parametrize("as_of", [None, date(2001, 1, 1)])
def test_the_last_day_of_the_file_where_no_later_one_is_given(
    tmp_path: Path, as_of: date | None
) -> None:
    found = read(tmp_path, DATED, as_of)
    assert found.until == date(2018, 5, 8)
    assert found.agreements[2].years == pytest.approx(7333 / DAYS_A_YEAR)


def test_years_and_yes_or_no(tmp_path: Path) -> None:
    found = read(tmp_path, COUNTED)
    assert [(a.name, a.years, a.ended) for a in found.agreements] == [
        ("A", 4.5, True),
        ("B", 2.0, False),
        ("C", 0.0, True),
    ]
    assert found.until is None
    assert found.curve.at(0)[0] == pytest.approx(2 / 3)


def test_other_words_for_the_columns(tmp_path: Path) -> None:
    text = DATED.replace("name,signed", "agreement,date")
    assert read(tmp_path, text).agreements == read(tmp_path, DATED).agreements
    both = "name,signed,ended,date\nA,2001-01-01,,seen last week\n"
    assert read(tmp_path, both).agreements[0].name == "A"


def test_marks_of_other_programs(tmp_path: Path) -> None:
    path = tmp_path / "past.csv"
    path.write_bytes(b"\xef\xbb\xbf" + DATED.replace("\n", "\r\n").encode())
    assert base_rate(path).agreements == read(tmp_path, DATED).agreements


@pytest.mark.parametrize(
    ("row", "what", "column"),
    [
        ("A,2001-02-30,,", "expected a date, found '2001-02-30'", 3),
        ("A,,2001-01-01,", "expected a date, found nothing", 3),
        ("A,2001-01-01,still on,", "expected a date, found 'still on'", 14),
        ("A,2001-01-01,1999-12-31,", "it ended on 1999-12-31, before it was signed", 14),
        (",2001-01-01,,", "the agreement has no name", 1),
        ("A,2001-01-01", "2 cells where the header names 4 columns", 1),
        ("A,2001-01-01,,a,b", "5 cells where the header names 4 columns", 1),
        ('"A,2001-01-01,,', "a quotation mark is not closed", 1),
        ("JCPOA,2015-07-14,,", "'JCPOA' stands in line 6 already", 1),
    ],
)
def test_rows_that_cannot_be_read(tmp_path: Path, row: str, what: str, column: int) -> None:
    (problem,) = wrong(tmp_path, DATED + row + "\n")
    assert what in problem.what
    assert problem.place is not None
    assert (problem.place.line, problem.place.column) == (7, column)
    assert problem.place.text == row
    assert problem.help


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("-1,D,no", "an agreement does not last -1 years"),
        ("long,D,no", "expected a number of years, found 'long'"),
        ("inf,D,no", "expected a number of years, found 'inf'"),
        (",D,no", "expected a number of years, found nothing"),
        ("1,D,perhaps", "expected yes or no, found 'perhaps'"),
        ("1,D,", "expected yes or no, found nothing"),
    ],
)
def test_counts_that_are_none(tmp_path: Path, row: str, what: str) -> None:
    (problem,) = wrong(tmp_path, COUNTED + row)
    assert what in problem.what
    assert problem.place is not None
    assert problem.place.line == 5


@pytest.mark.parametrize(
    ("header", "what"),
    [
        ("name,signed,ende", "the column 'ended' is missing; is it 'ende'?"),
        ("nam,signed,ended", "the column 'name' is missing; is it 'nam'?"),
        ("name,ended", "the column 'signed' is missing"),
        ("name,signed,ended,years", "'signed' and 'years' both say"),
        ("name,signed,ended,ended", "there are two columns for 'ended'"),
        ("name;signed;ended", "not separated by commas"),
    ],
)
def test_headers_that_cannot_be_used(tmp_path: Path, header: str, what: str) -> None:
    (problem,) = wrong(tmp_path, f"{header}\nA,2001-01-01,\n")
    assert what in problem.what
    assert problem.place is not None
    assert problem.place.line == 1


@pytest.mark.parametrize("text", ["", "\n\n", "name,signed,ended\n"])
def test_a_file_without_agreements(tmp_path: Path, text: str) -> None:
    (problem,) = wrong(tmp_path, text)
    assert "names no agreement" in problem.what
    assert "name,signed,ended" in problem.help


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="there is no file"):
        base_rate(tmp_path / "none.csv")
    with pytest.raises(CaseError, match="is a folder"):
        base_rate(tmp_path)
    path = tmp_path / "latin.csv"
    path.write_bytes("name,signed,ended\nTraité,2001-01-01,\n".encode("latin-1"))
    with pytest.raises(CaseError, match=r"no UTF-8 text \(line 2\)"):
        base_rate(path)


def test_all_wrong_lines_are_told_up_to_a_limit(tmp_path: Path) -> None:
    lines = "".join(f"A{n},never,\n" for n in range(150))
    problems = wrong(tmp_path, f"name,signed,ended\n{lines}")
    assert len(problems) == 101
    assert "there are more" in problems[-1].what


names = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)
past = st.lists(
    st.tuples(
        names, st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.integers(0, 9999) | st.none()
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda row: row[0],
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(past)
def test_what_is_written_is_read(tmp_path: Path, rows: list[tuple[str, date, int | None]]) -> None:
    lines = ["ended,name,signed"]
    for name, signed, days in rows:
        quoted = '"' + name.replace('"', '""') + '"'
        ended = "" if days is None else date.fromordinal(signed.toordinal() + days).isoformat()
        lines.append(f"{ended},{quoted},{signed}")
    found = read(tmp_path, "\n".join(lines), date(2060, 1, 1))
    for (name, signed, days), entry in zip(rows, found.agreements, strict=True):
        assert entry.name == name
        lasted = (date(2060, 1, 1) - signed).days if days is None else days
        assert entry.years == pytest.approx(lasted / DAYS_A_YEAR)
        assert entry.ended == (days is not None)
