"""How long agreements of the past lasted, for comparison: a file that the user gives.

A table with commas between its cells and one agreement a line. The first line names the columns,
in any order; others than these are left unread:

- ``name`` (or ``agreement``);
- ``signed`` (or ``date``) and ``ended``, as days (2027-06-01); ``ended`` is empty where the
  agreement stands; or else
- ``years`` for how many it lasted or stands, and ``ended``, yes or no.

An agreement that stands was watched until the given day, or until the last day that the file
names if that is later; where no day is given, until that.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from detente.case.errors import (
    MAX_PROBLEMS,
    CaseError,
    EntryError,
    Place,
    Problem,
    and_more,
    nearest,
    quoted,
)
from detente.case.fields import as_date
from detente.case.ledger.lines import cells_of, spans
from detente.case.reading import bytes_of
from detente.uncertainty.course.survival import Curve, kaplan_meier

MAX_BYTES = 16 * 2**20
"""Largest file that is read: some hundred thousand agreements."""
DAYS_A_YEAR = 365.2425
MEANS = {"agreement": "name", "date": "signed"}
COLUMNS = ("name", "signed", "ended", "years")
YES = {"yes": True, "true": True, "no": False, "false": False}
Wrong = Callable[[str, str, str], None]
"""Notes what is wrong in a column: column, finding, and what to do."""
HELP = "the first line names its columns: name,signed,ended or name,years,ended"


@dataclass(frozen=True)
class PastAgreement:
    """One agreement of the past: for how many years it was watched, and whether it ended then."""

    name: str
    years: float
    ended: bool


@dataclass(frozen=True, eq=False)
class BaseRate:
    """How long past agreements lasted.

    Parameters
    ----------
    file
        Where it stands.
    agreements
        In the order of the file.
    until
        The day until which standing ones were watched; None where the file gives years.
    curve
        The share that still stood after so many years.
    """

    file: str
    agreements: tuple[PastAgreement, ...]
    until: date | None
    curve: Curve

    @property
    def standing(self) -> int:
        """How many have not ended."""
        return sum(not entry.ended for entry in self.agreements)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "file": self.file,
            "agreements": len(self.agreements),
            "standing": self.standing,
            "until": None if self.until is None else self.until.isoformat(),
            "curve": self.curve.to_dict(),
        }


def base_rate(path: str | os.PathLike[str], as_of: date | None = None) -> BaseRate:
    """How long the agreements of a file lasted.

    Parameters
    ----------
    path
        The file: UTF-8.
    as_of
        The day of the case, until which agreements that stand were watched (see the module).

    Raises
    ------
    CaseError
        With every line that cannot be read, and its place; where the file is missing or names
        no agreement.
    """
    name = str(path)
    raw = bytes_of(
        Path(path),
        name,
        "table of past agreements",
        MAX_BYTES,
        missing=Problem(f"there is no file {quoted(name, 300)}", HELP),
        help="is this the right file?",
    )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        what = f"{name} is no UTF-8 text (line {line})"
        raise CaseError(Problem(what, "save it again as UTF-8, with commas")) from None
    reader = _Reader(name)
    reader.read(text.replace("\r\n", "\n").split("\n"))
    if reader.problems:
        more = (and_more(),) if len(reader.problems) > MAX_PROBLEMS else ()
        raise CaseError((*reader.problems[:MAX_PROBLEMS], *more))
    if not reader.rows:
        raise CaseError(Problem(f"{name} names no agreement", HELP))
    days = [day for row in reader.rows for day in (row.signed, row.ended_on) if day is not None]
    until = max([*days, *([as_of] if as_of else [])]) if days else None
    agreements = tuple(row.agreement(until) for row in reader.rows)
    curve = kaplan_meier([a.years for a in agreements], [a.ended for a in agreements])
    return BaseRate(name, agreements, until, curve)


@dataclass(frozen=True)
class _Row:
    """A line: with days, or with years."""

    name: str
    signed: date | None = None
    ended_on: date | None = None
    years: float = 0.0
    ended: bool = False

    def agreement(self, until: date | None) -> PastAgreement:
        if self.signed is None:
            return PastAgreement(self.name, self.years, self.ended)
        last = self.ended_on or until or self.signed
        years = (last - self.signed).days / DAYS_A_YEAR
        return PastAgreement(self.name, years, self.ended_on is not None)


@dataclass
class _Reader:
    """Reads line by line, and keeps what is wrong."""

    file: str
    rows: list[_Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    met: dict[tuple[str, str], int] = field(default_factory=dict)
    """The line of each agreement, by its name and its beginning as written."""

    def read(self, lines: Sequence[str]) -> None:
        columns: tuple[str, ...] | None = None
        for number, line in enumerate(lines, 1):
            if not line.strip(", \t"):
                continue
            cells = cells_of(line)
            if cells is None:
                what = "a quotation mark is not closed on its line"
                self.wrong(what, "write each agreement on one line", number, line)
                if columns is None:
                    return
            elif columns is None:
                columns = self.header(number, line, cells)
                if columns is None:
                    return
            else:
                self.row(number, line, columns, cells)

    def header(self, number: int, line: str, cells: Sequence[str]) -> tuple[str, ...] | None:
        """What the columns mean; None where they cannot be used."""
        words = [cell.lower() for cell in cells]
        columns = tuple(
            word if MEANS.get(word, word) in words else MEANS.get(word, word) for word in words
        )
        before = len(self.problems)
        if len(columns) == 1 and ";" in line:
            self.wrong("the cells are not separated by commas", HELP, number, line)
            return None
        for column in COLUMNS:
            if columns.count(column) > 1:
                second = columns.index(column, columns.index(column) + 1)
                what = f"there are two columns for {column!r}"
                self.wrong(what, "take one of them out", number, line, second)
        lacking = [column for column in ("name", "ended") if column not in columns]
        if "signed" not in columns and "years" not in columns:
            lacking.append("signed")
        elif "signed" in columns and "years" in columns:
            what = "'signed' and 'years' both say how long an agreement lasted"
            self.wrong(what, "take one of them out", number, line, columns.index("years"))
        for column in lacking:
            others = [cell for cell in columns if cell not in COLUMNS]
            close = nearest(column, others)
            hint = f"; is it {quoted(close)}?" if close else ""
            at = columns.index(close) if close else None
            self.wrong(f"the column {column!r} is missing{hint}", HELP, number, line, at)
        return columns if len(self.problems) == before else None

    def row(self, number: int, line: str, columns: Sequence[str], cells: Sequence[str]) -> None:
        if len(cells) != len(columns):
            what = f"{len(cells)} cells where the header names {len(columns)} columns"
            help = 'a text that contains a comma stands in quotation marks: "North, South"'
            self.wrong(what, help, number, line)
            return
        found = dict(zip(columns, (cell.strip() for cell in cells), strict=True))
        before = len(self.problems)

        def wrong(column: str, what: str, help: str) -> None:
            self.wrong(what, help, number, line, columns.index(column))

        if not found["name"]:
            wrong("name", "the agreement has no name", "any name that tells it from others")
        row = self.dated(found, wrong) if "signed" in columns else self.counted(found, wrong)
        key = (found["name"], found.get("signed", found.get("years", "")))
        if len(self.problems) > before:
            return
        if key in self.met:
            what = f"{quoted(found['name'])} stands in line {self.met[key]} already"
            wrong("name", what, "an agreement counts once; give one line to each")
            return
        self.met[key] = number
        self.rows.append(row)

    def dated(self, found: Mapping[str, str], wrong: Wrong) -> _Row:
        days: dict[str, date | None] = {"signed": None, "ended": None}
        for column in days:
            if column == "ended" and not found[column]:
                continue
            try:
                days[column] = as_date(found[column] or None)
            except EntryError as error:
                standing = "; leave it empty where the agreement stands"
                wrong(column, error.what, error.help + standing * (column == "ended"))
        signed, ended = days["signed"], days["ended"]
        if signed and ended and ended < signed:
            what = f"it ended on {ended}, before it was signed on {signed}"
            wrong("ended", what, "correct one of the two days")
        return _Row(found["name"], signed, ended)

    def counted(self, found: Mapping[str, str], wrong: Wrong) -> _Row:
        years, ended = 0.0, YES.get(found["ended"].lower())
        try:
            years = float(found["years"])
        except ValueError:
            years = math.nan
        if not math.isfinite(years):
            shown = quoted(found["years"]) if found["years"] else "nothing"
            wrong("years", f"expected a number of years, found {shown}", "write 4.5, say")
        elif years < 0:
            wrong("years", f"an agreement does not last {years:g} years", "0 or more years")
        if ended is None:
            shown = quoted(found["ended"]) if found["ended"] else "nothing"
            wrong("ended", f"expected yes or no, found {shown}", "no: the agreement stands")
        return _Row(found["name"], years=years, ended=bool(ended))

    def wrong(
        self, what: str, help: str, number: int, line: str, column: int | None = None
    ) -> None:
        start, width = (0, len(line)) if column is None else list(spans(line))[column]
        place = Place(self.file, number, start + 1, line, max(1, width))
        self.problems.append(Problem(what, help, place))
