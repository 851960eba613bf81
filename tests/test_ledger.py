"""Ledgers: what is read, what is refused and where, and that nothing is ever lost."""

from __future__ import annotations

import multiprocessing
import os
import stat
import string
from datetime import date
from pathlib import Path
from typing import Any

import portalocker
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.case.errors import MAX_PROBLEMS, CaseError, Problem
from detente.case.implementation import Status
from detente.case.ledger import append_entry, read_ledger

IDS = ("c1", "c2", "withdraw")
HEADER = "id,date,kept,source,note,evidence\n"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "ledger.csv"


def problems(path: Path, content: str | bytes) -> tuple[Problem, ...]:
    """What a reader says about a ledger with this content."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(CaseError) as caught:
        read_ledger(path, IDS, ["report_1"])
    return caught.value.problems


def add(path: Path, id: str = "c1", kept: int = 1, day: str = "2027-01-15", **texts: str) -> None:
    append_entry(path, IDS, id=id, date=day, kept=kept, **texts)


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}c1,2027-01-15,2,report_1,late,seen\nc2,2027-02-01,0,,,\nc1,2027-01-10,1,,,\n",
        f"{HEADER}\nc1,2027-01-15,2,report_1,late,seen\n  \nc2,2027-02-01,0,,,\n,,,,,\n"
        "c1, 2027-01-10 ,1,,,\n",
        "kept,note,evidence,date,source,id\n2,late,seen,2027-01-15,report_1,c1\n"
        "0,,,2027-02-01,,c2\n1,,,2027-01-10,,c1\n",
        f'{HEADER}"c1","2027-01-15","2","report_1","late","seen"\nc2,2027-02-01,0,"",,\n'
        "c1,2027-01-10,1,,,\n",
    ],
    ids=["plain", "empty lines and spaces", "other order", "quoted"],
)
@pytest.mark.parametrize("dressed", ["", "mark", "returns"])
def test_reads(ledger: Path, content: str, dressed: str) -> None:
    raw = content.encode()
    if dressed == "mark":
        raw = b"\xef\xbb\xbf" + raw
    if dressed == "returns":
        raw = raw.replace(b"\n", b"\r\n")
    ledger.write_bytes(raw)
    found = read_ledger(ledger, IDS, ["report_1"])
    assert found.remarks == ()
    assert found.entries == {
        "c1": (
            Status(
                date=date(2027, 1, 15), kept=2, source=("report_1",), note="late", evidence="seen"
            ),
            Status(date=date(2027, 1, 10), kept=1),
        ),
        "c2": (Status(date=date(2027, 2, 1), kept=0),),
    }


def test_three_columns_are_enough(ledger: Path) -> None:
    ledger.write_text("id,date,kept\nc1,2027-01-15,3\n")
    assert read_ledger(ledger, IDS).entries == {"c1": (Status(date=date(2027, 1, 15), kept=3),)}


def test_a_report_read_is_a_whole_record(ledger: Path) -> None:
    add(ledger, kept=2, source="report_1", note="a remark")
    ((entry,),) = read_ledger(ledger, IDS).entries.values()
    made = Status(date="2027-01-15", kept="2", source="report_1", note="a remark", evidence=None)
    assert entry == made and hash(entry) == hash(made) and repr(entry) == repr(made)
    assert entry.model_dump() == made.model_dump()
    assert entry.model_fields_set == made.model_fields_set
    assert entry.model_copy(update={"kept": 1}).kept == 1


@pytest.mark.parametrize(
    ("content", "spot", "what", "help"),
    [
        (f"{HEADER}c1,soon,2,,,\n", (2, 4, 4), "expected a date, found 'soon'", "2027-06-01"),
        (f"{HEADER}c1,2027-02-30,2,,,\n", (2, 4, 10), "expected a date", "2027-06-01"),
        (f"{HEADER}c1,,2,,,\n", (2, 4, 1), "expected a date, found nothing", "2027-06-01"),
        (f"{HEADER}withdrew,2027-01-15,2,,,\n", (2, 1, 8), "did you mean 'withdraw'?", "c1, c2"),
        (f"{HEADER},2027-01-15,2,,,\n", (2, 1, 1), "unknown commitment ''", "c1, c2"),
        (f"{HEADER}c1,2027-01-15,4,,,\n", (2, 15, 1), "expected 0 (none), 1, 2 or 3", ""),
        (f"{HEADER}c1,2027-01-15,-1,,,\n", (2, 15, 2), "found '-1'", ""),
        (f"{HEADER}c1,2027-01-15,,,,\n", (2, 15, 1), "found nothing", ""),
        (f"{HEADER}c1,2027-01-15,2,,a, b,\n", (2, 23, 1), "7 cells", "quotation marks"),
        (f'{HEADER}"c9",2027-01-15,2,,,\n', (2, 1, 4), "unknown commitment 'c9'", "c1, c2"),
        ("id,date,kept,soruce\nc1,2027-01-15,2,x\n", (1, 14, 6), "did you mean 'source'?", "id"),
        ("id,date,kept,date\n", (1, 14, 4), "the column 'date' appears twice", "take one out"),
        ("id,date,note\n", (1, 1, 12), "the column 'kept' is missing", HEADER.strip()),
        ("c1,2027-01-15,2\n", (1, 1, 15), "the header is missing", HEADER.strip()),
        ("id;date;kept\n", (1, 1, 12), "not separated by commas", HEADER.strip()),
        ("id,da\nc1,2027-01-15,2\n", (1, 4, 2), "unknown column 'da'", "columns: id"),
        (f"{HEADER}c1,2027-01-15,2,,ni\xe9,\n".encode("latin-1"), (2, 20, 1), "no UTF-8", "UTF-8"),
        (HEADER.encode("utf-16"), (1, 1, 1), "no UTF-8", "UTF-8"),
    ],
)
def test_what_is_wrong_is_said_in_its_place(
    ledger: Path, content: str | bytes, spot: tuple[int, int, int], what: str, help: str
) -> None:
    line, column, width = spot
    found = problems(ledger, content)[0]
    assert found.place is not None
    assert (found.place.file, found.place.line, found.place.column) == (str(ledger), line, column)
    assert found.place.width == width
    assert what in found.what
    assert help in found.help
    shown = str(found).splitlines()
    assert shown[0].startswith(f"{ledger}:{line}:{column}: ")
    assert shown[2].index("^") - shown[1].index("| ") - 2 == column - 1


def test_all_problems_at_once(ledger: Path) -> None:
    found = problems(ledger, f"{HEADER}c3,x,9,,,\nc1,2027-01-15,2,,,\nc1,2027-01-15,7,,,\n")
    assert [(p.place.line, p.place.column) for p in found if p.place] == [
        (2, 1),
        (2, 4),
        (2, 6),
        (4, 15),
    ]
    many = problems(ledger, HEADER + "c1,2027-01-15,7,,,\n" * (MAX_PROBLEMS + 1))
    assert len(many) == MAX_PROBLEMS + 1
    assert "more" in many[-1].what
    exact = problems(ledger, HEADER + "c1,2027-01-15,7,,,\n" * MAX_PROBLEMS)
    assert len(exact) == MAX_PROBLEMS


@pytest.mark.parametrize(
    ("content", "remark"),
    [
        ("", "has no entries yet"),
        (HEADER, None),
        ("id,da", "line 1 of LEDGER is cut off"),
        (f"{HEADER}c1,2027-01-15,2,,,\nc1,2027-02\nc1,2027-01-16,2,,,\n", "line 3 of"),
        (f'{HEADER}c1,2027-01-15,2,,"a note\nc1,2027-01-16,2,,,\n', "line 2 of"),
        (f"{HEADER}c1,2027-01-15,2,,,\nc1,20", "line 3 of"),
        (f'{HEADER}c1,2027-01-15,2,,,"what was s\n', "line 2 of LEDGER is cut off"),
        ("kept,id,date\n2,c1,2027-01-15\n2,c1,2027-0", "line 3 of LEDGER is cut off"),
        (f"{HEADER}c1,2027-01-15,2,,,", "line 2 of LEDGER is counted, but it has no line end"),
        (f"{HEADER}c\nc\nc\nc\n", "lines 2, 3, 4 and 1 more of LEDGER are cut off"),
        (f"{HEADER}c1,2027-01-15,2,gossip,,\n", "does not list: 'gossip'"),
    ],
)
def test_remarks(ledger: Path, content: str, remark: str | None) -> None:
    ledger.write_text(content)
    found = read_ledger(ledger, IDS, ["report_1"])
    if remark is None:
        assert found.remarks == ()
    else:
        (told,) = found.remarks
        assert remark.replace("LEDGER", str(ledger)) in told


def test_no_such_file(ledger: Path, tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="there is no ledger"):
        read_ledger(ledger, IDS)
    with pytest.raises(CaseError, match="is a folder"):
        read_ledger(tmp_path, IDS)


def test_first_report_creates_the_file(ledger: Path) -> None:
    add(ledger, note="first")
    assert ledger.read_text() == f"{HEADER}c1,2027-01-15,1,,first,\n"
    add(ledger, "c2", 3, source="report_1", evidence="a, b")
    assert ledger.read_text().endswith('c2,2027-01-15,3,report_1,,"a, b"\n')


def test_follows_the_columns_that_are_there(ledger: Path) -> None:
    ledger.write_text("kept,date,id,note\n")
    add(ledger, kept=2, note="seen")
    assert ledger.read_text() == "kept,date,id,note\n2,2027-01-15,c1,seen\n"
    before = ledger.read_bytes()
    with pytest.raises(CaseError, match="has no column 'source'"):
        add(ledger, source="report_1")
    assert ledger.read_bytes() == before


@pytest.mark.parametrize(
    ("id", "day", "kept", "expected"),
    [
        ("withdrw", "2027-01-15", 1, "did you mean 'withdraw'"),
        ("c1", "2027-02-30", 1, "expected a date"),
        ("c1", "tomorrow", 1, "expected a date"),
        ("c1", "2027-01-15", 4, "expected 0"),
        ("c1", "2027-01-15", -1, "expected 0"),
    ],
)
def test_what_is_not_valid_is_not_written(
    ledger: Path, id: str, day: str, kept: int, expected: str
) -> None:
    with pytest.raises(CaseError, match=expected):
        add(ledger, id, kept, day)
    assert not ledger.exists()
    add(ledger)
    before = ledger.read_bytes()
    with pytest.raises(CaseError, match=expected):
        add(ledger, id, kept, day)
    assert ledger.read_bytes() == before


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="there is no folder"):
        add(tmp_path / "missing" / "ledger.csv")
    with pytest.raises(CaseError, match="is a folder"):
        add(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CaseError, match="no ordinary file"):
        add(tmp_path / "pipe")
    with pytest.raises(CaseError, match="the header is missing"):
        (tmp_path / "case.yaml").write_text("title: no ledger\n")
        add(tmp_path / "case.yaml")
    assert (tmp_path / "case.yaml").read_text() == "title: no ledger\n"
    with pytest.raises(CaseError, match="no UTF-8 text"):
        add(tmp_path / "other.csv", note="\udce9")
    assert not (tmp_path / "other.csv").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_no_permission(ledger: Path) -> None:
    add(ledger)
    ledger.chmod(stat.S_IRUSR)
    with pytest.raises(CaseError, match="cannot write"):
        add(ledger)


@pytest.mark.parametrize(
    ("note", "written", "read"),
    [
        ("=1+1", "'=1+1", "=1+1"),
        ("- nothing seen", "'- nothing seen", "- nothing seen"),
        ("@all", "'@all", "@all"),
        ("+3", "'+3", "+3"),
        ("'=1", "''=1", "'=1"),
        ("'quoted'", "'quoted'", "'quoted'"),
        ('say "yes", twice', '"say ""yes"", twice"', 'say "yes", twice'),
        ("two\nlines\r\nor\tthree", "two lines or three", "two lines or three"),
        ("한국어 — ж", "한국어 — ж", "한국어 — ж"),
    ],
)
def test_texts_come_back_and_are_no_formulas(
    ledger: Path, note: str, written: str, read: str
) -> None:
    add(ledger, note=note)
    assert ledger.read_text(encoding="utf-8") == f"{HEADER}c1,2027-01-15,1,,{written},\n"
    assert read_ledger(ledger, IDS).entries["c1"][0].note == read


@given(
    notes=st.lists(
        st.tuples(st.text(max_size=8), st.text(alphabet="'=+-@\",\n a", max_size=6)),
        min_size=1,
        max_size=4,
    )
)
def test_any_text_comes_back_on_one_line(
    notes: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("ledger") / "ledger.csv"
    for note, evidence in notes:
        add(path, note=note, evidence=evidence)
    assert path.read_bytes().count(b"\n") == len(notes) + 1
    found = read_ledger(path, IDS)
    assert found.remarks == ()

    def plain(text: str) -> str | None:
        for code in (*range(32), 0x7F, 0x85, 0x2028, 0x2029):
            text = text.replace(chr(code), " ")
        return " ".join(text.split()) or None

    read = [(plain(entry.note or ""), plain(entry.evidence or "")) for entry in found.entries["c1"]]
    assert read == [(plain(note), plain(evidence)) for note, evidence in notes]


def test_cut_off_anywhere_nothing_else_is_lost(tmp_path: Path) -> None:
    whole = tmp_path / "whole.csv"
    add(whole, note="first, of two")
    add(whole, "c2", 2, source="report_1", note="gesehen im März – 'ja'", evidence='a "b"')
    raw = whole.read_bytes()
    complete = read_ledger(whole, IDS).entries
    for cut in range(len(raw) + 1):
        path = tmp_path / "cut.csv"
        path.write_bytes(raw[:cut])
        before = read_ledger(path, IDS, ["report_1"])
        if cut > len(HEADER) and not raw[:cut].endswith(b"\n"):
            assert before.remarks
        assert before.entries.get("c1", ()) in ((), complete["c1"][:1])
        if cut >= raw.index(b"c2,"):
            assert before.entries["c1"] == complete["c1"]
        add(path, "withdraw", 3)
        assert path.read_bytes().startswith(raw[:cut])
        after = read_ledger(path, IDS, ["report_1"])
        assert after.entries == {
            **before.entries,
            "withdraw": (Status(date=date(2027, 1, 15), kept=3),),
        }
        add(path, "withdraw", 2)
        assert len(read_ledger(path, IDS).entries["withdraw"]) == 2


@given(content=st.text(alphabet=string.printable, max_size=60) | st.binary(max_size=30))
def test_whatever_stands_there_is_refused_or_read(
    content: str | bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("ledger") / "ledger.csv"
    start = HEADER.encode() if isinstance(content, str) else b""
    path.write_bytes(start + (content if isinstance(content, bytes) else content.encode()))
    try:
        found = read_ledger(path, IDS)
    except CaseError as error:
        assert all(problem.place for problem in error.problems)
    else:
        assert set(found.entries) <= set(IDS)


def _write_many(path: Path, id: str, count: int) -> None:
    for number in range(count):
        add(path, id, number % 4, note=f"number {number}")


def _write_once(path: Path, begun: Any) -> None:
    begun.set()
    add(path, "c2", 2)


def test_a_writer_waits_for_another(ledger: Path) -> None:
    context = multiprocessing.get_context("spawn")
    begun = context.Event()
    writer = context.Process(target=_write_once, args=(ledger, begun))
    with ledger.open("ab") as file:
        portalocker.lock(file, portalocker.LockFlags.EXCLUSIVE)
        writer.start()
        assert begun.wait(20)
        writer.join(0.3)
        assert ledger.read_bytes() == b""
        file.write(f"{HEADER}c1,2027-01-15,1,,,".encode())
    writer.join()
    assert writer.exitcode == 0
    assert ledger.read_text() == f"{HEADER}c1,2027-01-15,1,,,\nc2,2027-01-15,2,,,\n"


def test_two_writers_lose_nothing(ledger: Path) -> None:
    count = 200
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_many, args=(ledger, id, count)) for id in IDS[:2]]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    lines = ledger.read_text().splitlines()
    assert lines.count(HEADER.strip()) == 1
    assert len(lines) == 2 * count + 1
    found = read_ledger(ledger, IDS)
    assert found.remarks == ()
    for id in IDS[:2]:
        assert [entry.note for entry in found.entries[id]] == [f"number {n}" for n in range(count)]
