"""Workbooks (.xlsx) as tables with a header: reading cells that know where they stand, writing.

Nothing here knows what a case is; see :mod:`detente.case.exchange.workbook`.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from io import BytesIO
from pathlib import Path as FilePath
from typing import Any

from detente.case.errors import CaseError, EntryError, Place, Problem, nearest
from detente.case.exchange.foreign import MAX_BYTES
from detente.case.numbers import exact_text, parse_fraction

MAX_UNPACKED = 250 * 2**20
"""Most bytes that a workbook may unpack to (it is a compressed archive)."""
_LONGEST_CELL = 32_767
_HEADER_WITHIN = 10
"""The header stands in one of so many first rows that are not empty."""


@dataclass(frozen=True)
class Cell(Place):
    """A cell of a sheet; ``file`` names the workbook and the sheet."""

    def __str__(self) -> str:
        return f"{self.file}, cell {letters(self.column)}{self.line}"


def letters(column: int) -> str:
    """The letters of a column, counted from 1.

    Examples
    --------
    >>> letters(3), letters(28)
    ('C', 'AB')
    """
    out = ""
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(ord("A") + rest) + out
    return out


@dataclass(frozen=True)
class Row:
    """One row of a table: what its cells hold, by the name of the column."""

    sheet: str
    number: int
    columns: Mapping[str, int]
    cells: Mapping[str, Any]

    def place(self, column: str) -> Cell:
        """Where the cell of a column stands; the row's first cell if there is no such column."""
        return Cell(self.sheet, self.number, self.columns.get(column, 1))

    def text(self, column: str) -> str | None:
        """What the cell says, as text; None where it is empty."""
        value = self.cells.get(column)
        return None if value is None else as_text(value)

    def word(self, column: str) -> str | None:
        """As :meth:`text`, without spaces around it."""
        text = self.text(column)
        return None if text is None else " ".join(text.split())


@dataclass(frozen=True)
class Sheet:
    """A sheet as it stands: rows of cells that are not all empty, with their numbers."""

    file: str
    title: str
    rows: tuple[tuple[int, tuple[Any, ...]], ...]

    @property
    def place(self) -> str:
        """What messages call it."""
        return f"{self.file}, sheet {self.title!r}"

    def header(self, needed: Collection[str]) -> tuple[int, dict[str, int]] | None:
        """Position of the row that has the needed columns, and each column's number."""
        for position, (_, cells) in enumerate(self.rows[:_HEADER_WITHIN]):
            columns: dict[str, int] = {}
            for number, cell in enumerate(cells, start=1):
                if cell is not None:
                    columns.setdefault(column_name(as_text(cell)), number)
            if set(needed) <= set(columns):
                return position, columns
        return None

    def table(self, needed: Collection[str], known: Collection[str], notes: list[str]) -> list[Row]:
        """The rows below the header.

        Columns that are not ``known`` are left out, with a note.

        Raises
        ------
        CaseError
            Where a needed column is missing.
        """
        found = self.header(needed)
        if found is None:
            raise CaseError(self._no_header(needed))
        position, columns = found
        for column in sorted(set(columns) - set(known), key=lambda name: columns[name]):
            close = nearest(column, known)
            hint = f"; did you mean {close!r}?" if close and close not in columns else ""
            notes.append(f"{self.place}: the column {column!r} was not read{hint}")
        kept = {column: number for column, number in columns.items() if column in known}
        rows = []
        for number, cells in self.rows[position + 1 :]:
            filled = {
                column: cells[at - 1]
                for column, at in kept.items()
                if at <= len(cells) and cells[at - 1] is not None
            }
            if filled:
                rows.append(Row(self.place, number, kept, filled))
        return rows

    def _no_header(self, needed: Collection[str]) -> Problem:
        cells = self.rows[0][1] if self.rows else ()
        found = [column_name(as_text(cell)) for cell in cells if cell is not None]
        missing = [column for column in needed if column not in found]
        what = f"{self.place}: the column {missing[0]!r} is missing"
        close = nearest(missing[0], found)
        if close:
            what += f"; is it {close!r}?"
        listed = ", ".join(repr(column) for column in needed)
        return Problem(what, f"the first row names the columns; needed are {listed}")


def column_name(text: str) -> str:
    """A header as it is looked up: small letters, single spaces.

    Examples
    --------
    >>> column_name("Walk-away "), column_name("Controlled_by")
    ('walk away', 'controlled by')
    """
    return " ".join(re.sub(r"[\W_]+", " ", text.lower()).split())


def as_text(value: Any) -> str:
    """What a cell says: whole numbers without a decimal point, dates as 2026-11-01."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    return exact_text(Fraction(_shown(value))) if isinstance(value, float) else str(value)


def as_number(value: Any) -> Fraction:
    """The exact number in a cell; EntryError otherwise.

    A spreadsheet keeps binary numbers and shows at most 15 digits of them; the decimal
    that a person sees is meant (a sum of 0.1 and 0.2 is 0.3).
    """
    if isinstance(value, (datetime, date)):
        raise EntryError(f"expected a number, found the date {as_text(value)}")
    return parse_fraction(_shown(value) if isinstance(value, float) else value)


def _shown(value: float) -> str:
    return f"{value:.15g}"


def read_sheets(path: FilePath) -> tuple[Sheet, ...]:
    """All sheets of a workbook; formulas count as the result that was stored with them.

    Raises
    ------
    CaseError
        Where the file is missing, too large or no workbook, or a formula has no result.
    """
    data = _read_bytes(path)
    values = _grids(path, data, results=True)
    if _has_formulas(data):
        _refuse_without_result(values, _grids(path, data, results=False))
    return tuple(values)


def _read_bytes(path: FilePath) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            most = f"a workbook may have at most {MAX_BYTES // 2**20} MB"
            raise CaseError(Problem(f"{path} has {size / 2**20:.0f} MB; {most}"))
        data = path.read_bytes()
    except FileNotFoundError:
        raise CaseError(Problem(f"there is no file {path}")) from None
    except OSError as error:
        raise CaseError(Problem(f"cannot read {path}: {error.strerror or error}")) from None
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise CaseError(
            Problem(
                f"{path} is an old (.xls) or an encrypted workbook",
                "save it as .xlsx, without a password",
            )
        )
    try:
        unpacked = sum(entry.file_size for entry in zipfile.ZipFile(BytesIO(data)).infolist())
    except (zipfile.BadZipFile, ValueError):
        raise CaseError(
            Problem(f"{path} is no .xlsx workbook", "save it as .xlsx in a spreadsheet program")
        ) from None
    if unpacked > MAX_UNPACKED:
        most = f"at most {MAX_UNPACKED // 2**20} MB are read"
        raise CaseError(Problem(f"{path} unpacks to {unpacked / 2**20:.0f} MB; {most}"))
    return data


def _grids(path: FilePath, data: bytes, results: bool) -> list[Sheet]:
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # parts of a workbook that no case needs
            book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=results)
            return [Sheet(str(path), sheet.title, tuple(_rows(sheet))) for sheet in book.worksheets]
    except Exception as error:  # openpyxl documents no error of its own for broken content
        raise CaseError(
            Problem(f"{path} is no readable .xlsx workbook: {error}", "save it again as .xlsx")
        ) from None


def _rows(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        kept = tuple(None if isinstance(c, str) and not c.strip() else c for c in cells)
        if any(cell is not None for cell in kept):
            yield number, kept


def _has_formulas(data: bytes) -> bool:
    archive = zipfile.ZipFile(BytesIO(data))
    sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
    return any(re.search(rb"<f[ >/]", archive.read(name)) for name in sheets)


def _refuse_without_result(values: list[Sheet], formulas: list[Sheet]) -> None:
    problems = []
    for shown, written in zip(values, formulas, strict=True):
        results = dict(shown.rows)
        for number, cells in written.rows:
            row = results.get(number, ())
            for column, cell in enumerate(cells, start=1):
                if cell is not None and (column > len(row) or row[column - 1] is None):
                    place = Cell(shown.place, number, column)
                    problems.append(
                        Problem(
                            f"the formula {cell} has no stored result",
                            "open the workbook in a spreadsheet program and save it",
                            place,
                        )
                    )
    if problems:
        raise CaseError(problems)


# Writing


def write_sheets(
    tables: Mapping[str, Sequence[Mapping[str, Any]]], always: Any, label: str | None = None
) -> bytes:
    """A workbook with one sheet per table.

    Parameters
    ----------
    tables
        Rows by sheet. Every row names all columns of its table, in order; exact numbers as
        Fraction, everything else as text, dates, plain numbers or None.
    always
        By sheet, the columns that are written even where they are empty.
    label
        Of handling: printed at the top and the bottom of every page.
    """
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in tables.items():
        shown = [c for c in (rows[0] if rows else always[title]) if _wanted(c, rows, always[title])]
        sheet = book.create_sheet(title)
        _fill(sheet, shown, rows)
        if label is not None:
            for part in (sheet.oddHeader, sheet.oddFooter):
                part.center.text = label.replace("&", "&&")
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _wanted(column: str, rows: Sequence[Mapping[str, Any]], always: Collection[str]) -> bool:
    return column in always or any(row[column] is not None for row in rows)


def _fill(sheet: Any, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    for at, column in enumerate(columns, start=1):
        head = sheet.cell(1, at, column)
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", fgColor="E8E8E8")
        longest = len(column)
        for number, row in enumerate(rows, start=2):
            value = _for_cell(row[column])
            if value is None:
                continue
            cell = _put(sheet, number, at, value)
            if isinstance(value, str):
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            else:
                cell.alignment = Alignment(vertical="top")
            longest = max(longest, len(str(value)))
        sheet.column_dimensions[letters(at)].width = min(max(longest + 2, 8), 50)
    sheet.freeze_panes = "A2"
    if columns:
        sheet.auto_filter.ref = f"A1:{letters(len(columns))}{len(rows) + 1}"


def _for_cell(value: Any) -> Any:
    """A number as a spreadsheet keeps it where that is exact to 15 digits, else as text."""
    if not isinstance(value, Fraction):
        return value
    number = float(value)
    if as_number(number) != value:
        return exact_text(value)
    return int(value) if value.denominator == 1 else number


def _put(sheet: Any, row: int, column: int, value: Any) -> Any:
    from openpyxl.utils.exceptions import IllegalCharacterError

    place = f"sheet {sheet.title!r}, cell {letters(column)}{row}"
    if isinstance(value, str) and len(value) > _LONGEST_CELL:
        most = f"a cell holds at most {_LONGEST_CELL:,}"
        raise CaseError(Problem(f"{place}: a text of {len(value):,} characters; {most}"))
    try:
        cell = sheet.cell(row, column, value)
    except IllegalCharacterError:
        what = f"{place}: a text with control characters, which no workbook can hold"
        raise CaseError(Problem(what, "take them out of the case")) from None
    if isinstance(value, str):
        cell.data_type = "s"  # a text that starts with = is no formula
        cell.number_format = "@" if re.fullmatch(r"[-+]?[\d./]+", value) else "General"
    return cell
