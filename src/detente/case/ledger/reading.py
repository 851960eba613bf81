"""Reads a ledger."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path as FilePath

from detente.case.errors import (
    MAX_PROBLEMS,
    CaseError,
    EntryError,
    Place,
    Problem,
    and_more,
    quoted,
    unknown,
)
from detente.case.fields import as_date
from detente.case.implementation import Status
from detente.case.ledger.lines import (
    COLUMNS,
    HEADER,
    KEPT,
    NEEDED,
    cells_of,
    fault,
    spans,
    text_of,
)
from detente.case.reading import bytes_of

MAX_BYTES = 256 * 2**20
"""Largest ledger that is read: some millions of reports."""
LISTED = 3
"""Most lines or names that a remark lists."""

_NOTHING = ", \t"
"""What a line may be made of that holds nothing."""
_FIELDS = set(COLUMNS[1:])
_MARK = b"\xef\xbb\xbf"
"""What some programs write in front of a text in UTF-8."""

Lines = Iterator[tuple[int, str | bytes]]
"""The numbers of lines, from 1, and what stands there; bytes where they are no text."""


@dataclass(frozen=True)
class Ledger:
    """Reports by commitment, in the order of the file, and what was noticed on the way."""

    entries: Mapping[str, tuple[Status, ...]]
    remarks: tuple[str, ...] = ()


def read_ledger(
    path: str | os.PathLike[str], ids: Collection[str], sources: Collection[str] = ()
) -> Ledger:
    """Read a ledger.

    Parameters
    ----------
    path
        The file: UTF-8, with or without a byte order mark, lines ending as on any system.
    ids
        The commitments that there are.
    sources
        The sources that the case lists; a report may say in words where it comes from, and a
        remark names single words that are no source of the case.

    Raises
    ------
    CaseError
        Where there is no such file; with every line (up to ``MAX_PROBLEMS``) that has no
        date, an unknown commitment, a ``kept`` other than 0 to 3, too many cells or bytes
        that are no text; and where the header is missing or names an unknown column.

    Notes
    -----
    Cost is linear in the size of the file.
    """
    create = "adding the first report to it creates it"
    raw = bytes_of(
        FilePath(path),
        str(path),
        "ledger",
        MAX_BYTES,
        missing=Problem(f"there is no ledger {quoted(path, 300)}", create),
        help="is this the right file?",
    )
    reader = _Reader(str(path), ids, sources)
    reader.read(raw)
    if reader.problems:
        raise CaseError(reader.problems)
    entries = {id: tuple(reports) for id, reports in reader.entries.items()}
    return Ledger(entries, tuple(reader.remarks()))


def columns_of(raw: bytes, file: str) -> tuple[str, ...] | None:
    """The columns that the header of a ledger names; None where nothing stands there yet.

    Raises
    ------
    CaseError
        Where the first line is no header.
    """
    reader = _Reader(file, (), ())
    columns = reader.header(_numbered(raw))
    if reader.problems:
        raise CaseError(reader.problems)
    return columns


def _numbered(raw: bytes) -> Lines:
    raw = raw.removeprefix(_MARK).replace(b"\r\n", b"\n")
    try:
        lines: list[str | bytes] = [*raw.decode().split("\n")]
    except UnicodeDecodeError:
        lines = [_text(line) for line in raw.split(b"\n")]
    return enumerate(lines, 1)


def _text(line: bytes) -> str | bytes:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line


def _report(
    day: date, kept: int, source: tuple[str, ...], note: str | None, evidence: str | None
) -> Status:
    """A report whose parts are valid: ``model_construct``, which takes four times as long."""
    report = Status.__new__(Status)
    fields = {"date": day, "kept": kept, "source": source, "note": note, "evidence": evidence}
    put = object.__setattr__
    put(report, "__dict__", fields)
    put(report, "__pydantic_fields_set__", _FIELDS)
    put(report, "__pydantic_extra__", None)
    put(report, "__pydantic_private__", None)
    return report


class _TooMany(Exception):
    """More problems than are reported at once."""


@dataclass
class _Reader:
    """Reads a ledger line by line, and keeps what is wrong and what was noticed."""

    file: str
    ids: Collection[str]
    sources: Collection[str]
    entries: defaultdict[str, list[Status]] = field(default_factory=lambda: defaultdict(list))
    days: dict[str, date] = field(default_factory=dict)
    """The dates that were met, as written."""
    problems: list[Problem] = field(default_factory=list)
    cut: list[int] = field(default_factory=list)
    unlisted: dict[str, None] = field(default_factory=dict)
    unended: int | None = None
    """The last line, where it is complete and only its line end is missing."""
    empty: bool = False

    def read(self, raw: bytes) -> None:
        lines = _numbered(raw)
        try:
            columns = self.header(lines)
            if columns is not None:
                self.rows(lines, columns, None if raw.endswith(b"\n") else raw.count(b"\n") + 1)
        except _TooMany:
            self.problems.append(and_more())

    def header(self, lines: Lines) -> tuple[str, ...] | None:
        """The columns; None in an empty ledger, or with problems.

        A header that was cut off is followed by a whole one, or by nothing.
        """
        first: tuple[int, str, tuple[str, ...]] | None = None
        for number, line in lines:
            if isinstance(line, bytes):
                if self.no_text(number, line):
                    return None
                continue
            if not line.strip(_NOTHING):
                continue
            columns = tuple(cell.strip() for cell in cells_of(line) or ())
            if set(NEEDED) <= set(columns) <= set(COLUMNS) and len(set(columns)) == len(columns):
                return columns
            first = first or (number, line, columns)
            if not HEADER.startswith(line):
                self.bad_header(*first)
                return None
            self.cut.append(number)
        self.empty = True
        return None

    def rows(self, lines: Lines, columns: tuple[str, ...], last: int | None) -> None:
        """All reports; ``last`` is the number of a last line that has no line end."""
        width = len(columns)
        id_at, date_at, kept_at = (columns.index(key) for key in NEEDED)
        source, note, evidence = (
            columns.index(key) if key in columns else width for key in COLUMNS[3:]
        )
        ids, days, entries = frozenset(self.ids), self.days, self.entries
        for number, line in lines:
            if isinstance(line, bytes):
                self.no_text(number, line)
                continue
            if not line.strip(_NOTHING):
                continue
            cells = line.split(",") if '"' not in line else cells_of(line)
            if cells is None or len(cells) < width:
                self.cut.append(number)
                continue
            id, day, kept = cells[id_at].strip(), cells[date_at].strip(), cells[kept_at].strip()
            known = id in ids and kept in KEPT and (day in days or self.is_date(day))
            if not known or len(cells) > width:
                if number == last and len(cells) == width:
                    self.cut.append(number)
                else:
                    self.bad_row(number, line, columns, cells)
                continue
            if number == last:
                self.unended = number
            cells.append("")  # what stands in the columns that the header does not name
            named = text_of(cells[source])
            entry = _report(
                days[day],
                KEPT[kept],
                () if named is None else self.source(named),
                text_of(cells[note]),
                text_of(cells[evidence]),
            )
            entries[id].append(entry)

    def is_date(self, text: str) -> bool:
        """Whether a text is a date, which is noted then."""
        try:
            self.days[text] = as_date(text)
        except EntryError:
            return False
        return True

    def source(self, named: str) -> tuple[str, ...]:
        """A key of the case's sources, or words of its own; a single word was meant as a key."""
        if named not in self.sources and re.fullmatch(r"\w+", named):
            self.unlisted[named] = None
        return (named,)

    def no_text(self, number: int, raw: bytes) -> bool:
        """Note a line that is no text, and say whether it is wrong or only cut off."""
        try:
            raw.decode()
        except UnicodeDecodeError as error:
            if error.reason == "unexpected end of data":
                self.cut.append(number)
                return False
            line = raw.decode(errors="replace")
            place = Place(self.file, number, len(raw[: error.start].decode()) + 1, line)
            help = "a ledger is a text file; save it again as UTF-8"
            self.problem("bytes that are no UTF-8 text", help, place)
        return True

    def remarks(self) -> Iterator[str]:
        """What a person should know about the file."""
        if self.empty and not self.cut:
            yield f"{self.file} has no entries yet"
        if self.cut:
            lines = _first(list(map(str, self.cut)))
            words = ("line", "is") if len(self.cut) == 1 else ("lines", "are")
            yield f"{words[0]} {lines} of {self.file} {words[1]} cut off and not counted"
        if self.unended is not None:
            yield f"line {self.unended} of {self.file} is counted, but it has no line end"
        if self.unlisted:
            names = _first([quoted(name) for name in self.unlisted])
            yield f"{self.file} names sources that the case does not list: {names}"

    # What is wrong

    def problem(self, what: str, help: str, place: Place) -> None:
        if len(self.problems) == MAX_PROBLEMS:
            raise _TooMany
        self.problems.append(Problem(what, help, place))

    def bad_header(self, number: int, line: str, columns: tuple[str, ...]) -> None:
        help = f"the first line of a ledger names its columns: {HEADER}"
        whole = Place(self.file, number, 1, line, len(line))
        if set(columns).isdisjoint(COLUMNS):
            apart = ";" in line and "," not in line
            what = "the cells are not separated by commas" if apart else "the header is missing"
            self.problem(what, help, whole)
            return
        for place, (column, (start, width)) in enumerate(zip(columns, spans(line), strict=True)):
            at = Place(self.file, number, start + 1, line, width)
            if column not in COLUMNS:
                self.problem(*unknown("column", column, COLUMNS), at)
            elif column in columns[:place]:
                self.problem(f"the column {column!r} appears twice", "take one out", at)
        for column in NEEDED:
            if column not in columns:
                self.problem(f"the column {column!r} is missing", help, whole)

    def bad_row(self, number: int, line: str, columns: tuple[str, ...], cells: list[str]) -> None:
        parts = list(spans(line))
        if len(cells) > len(columns):
            what = f"{len(cells)} cells where the header names {len(columns)} columns"
            help = 'a text that contains a comma stands in quotation marks: "seen, not counted"'
            start = parts[len(columns)][0]
            self.problem(
                what, help, Place(self.file, number, start + 1, line, max(1, len(line) - start))
            )
            return
        for column, cell, (start, width) in zip(columns, cells, parts, strict=True):
            found = fault(column, cell.strip(), self.ids)
            if found is not None:
                self.problem(*found, Place(self.file, number, start + 1, line, max(1, width)))


def _first(words: list[str]) -> str:
    more = f" and {len(words) - LISTED} more" if len(words) > LISTED else ""
    return ", ".join(words[:LISTED]) + more
