"""The clauses of packages as a workbook (.xlsx) that can be marked up, read as an overlay.

Sheets, each with a header row; the order of the columns does not matter:

``clauses``
    package, id, who, to, does, text, by, after, checked by, level, if not; and the remarks
    because, about, source. One row a clause, in the order of the text.
``brackets``
    package, id, party, wording. A row whose wording is empty is a bracket that was closed.
``terms``
    package, id, term, meaning; ``open`` where there is none.
``status``
    package, id, date, kept, source, note, evidence.
``case``
    title, handling label and text of the overlay.

Lists are joined with commas. An empty package cell repeats the one above; a row of
``clauses`` with nothing but its package stands for a text without clauses. An overlay
replaces a package's clauses whole: what the sheets leave out is gone from them, and said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from detente.case.errors import CaseError, Path, Problem, unknown
from detente.case.exchange.foreign import count
from detente.case.exchange.sheets import Row, Sheet, column_name
from detente.case.exchange.workbook_entries import NEEDED as SCORING
from detente.case.exchange.workbook_entries import Entries
from detente.case.implementation import ON_PURPOSE, OPEN, Commitment
from detente.case.validation import validate_entry
from detente.case.writing import plain

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "clauses": (
        *("package", "id", "who", "to", "does", "text", "by", "after", "checked by", "level"),
        *("if not", "because", "about", "source"),
    ),
    "brackets": ("package", "id", "party", "wording"),
    "terms": ("package", "id", "term", "meaning"),
    "status": ("package", "id", "date", "kept", "source", "note", "evidence"),
    "case": ("field", "value"),
}
"""Every column that is read, by sheet."""
NEEDED: Mapping[str, tuple[str, ...]] = {
    "clauses": ("package", "id", "who"),
    "brackets": COLUMNS["brackets"],
    "terms": COLUMNS["terms"],
    "status": ("package", "id", "date", "kept"),
    "case": COLUMNS["case"],
}
"""The columns without which a sheet is not understood."""
FIELDS = ("title", "handling", "about")
"""What the sheet ``case`` can state."""

_LISTS = ("who", "to", "after", "checked by", "source")
_WORDS = ("by", "level", "date", "kept")
_OPEN = {"open": OPEN, "open on purpose": ON_PURPOSE}
_OWN = ("clauses", "brackets", "terms", "status")


@dataclass(frozen=True)
class MarkedUp:
    """Clauses read from a workbook.

    Attributes
    ----------
    overlay
        A partial case: the complete list of commitments of every package.
    notes
        What was read, and what a reader should know.
    """

    overlay: Mapping[str, Any]
    notes: tuple[str, ...] = ()


def holds_clauses(sheets: Sequence[Sheet]) -> bool:
    """Whether a workbook holds the clauses of packages rather than a case.

    It has one of the sheets of clauses, and none of parties, issues or scores.
    """
    titles = {column_name(sheet.title) for sheet in sheets}
    scores = any(sheet.header(SCORING["scores"]) for sheet in sheets)
    return not (scores or titles & {"parties", "issues"}) and bool(titles & set(_OWN))


def read_clauses(path: FilePath, sheets: Sequence[Sheet]) -> MarkedUp:
    """The overlay that a workbook of clauses stands for.

    Parameters
    ----------
    path
        The .xlsx file, for messages and the title of the overlay.
    sheets
        Its sheets.

    Raises
    ------
    CaseError
        With every independent problem: workbook, sheet, cell and what is wrong. Whether
        parties, options and measures are known shows when the overlay is laid over a case.
    """
    reader = _Reader(path, sheets)
    overlay = reader.overlay()
    if reader.problems:
        raise CaseError(reader.problems)
    return MarkedUp(overlay, (*reader.counts(), *reader.notes))


class _Reader(Entries):
    """Reads the clauses first, then what belongs to them."""

    def __init__(self, path: FilePath, sheets: Sequence[Sheet]) -> None:
        super().__init__(path)
        self.sheets: dict[str, Sheet] = {}
        self.positions: dict[str, dict[str, int]] = {}
        self.complete = True  # False where a row of the clauses has no id of its own
        self.closed = 0
        for sheet in sheets:
            name = column_name(sheet.title)
            if name in COLUMNS:
                self.sheets.setdefault(name, sheet)
            else:
                self.notes.append(f"{sheet.place} was not read")

    def overlay(self) -> dict[str, Any]:
        """The partial case; what is wrong goes to the problems."""
        if "clauses" not in self.sheets:
            needed = ", ".join(NEEDED["clauses"])
            what = f"{self.document.file}: the sheet 'clauses' is missing"
            self.problems.append(Problem(what, f"it has the columns {needed} in its first row"))
            return {}
        for row in self.rows("case"):
            self.field(row)
        for package, row in self.by_package("clauses"):
            self.clause(package, row)
        if self.problems and not self.positions:
            return {}  # what belongs to the clauses would only be told that there are none
        self.triggers()
        for kind, read in (
            ("brackets", self.bracket),
            ("terms", self.term),
            ("status", self.status),
        ):
            for package, row in self.by_package(kind):
                path = self.clause_of(package, row)
                if path is not None:
                    read(path, row)
        heads = {key: self.get((key,)) for key in FIELDS if self.get((key,)) is not None}
        packages = {package: {"commitments": self.typed(package)} for package in self.positions}
        return {"detente": 1, **heads, "packages": packages}

    def triggers(self) -> None:
        """Clauses wait for clauses of the same text."""
        for package, ids in self.positions.items():
            for index in ids.values():
                path: Path = ("packages", package, "commitments", index, "after")
                for other in self.get(path) or ():
                    if other not in ids and self.complete:
                        what, help = unknown("clause", other, list(ids), package)
                        self.problems.append(Problem(what, help, self.document.place(path)))

    def typed(self, package: str) -> list[Any]:
        """The commitments of a package as they would stand in a case."""
        out = []
        for index in range(len(self.get(("packages", package, "commitments")))):
            path: Path = ("packages", package, "commitments", index)
            try:
                out.append(plain(validate_entry(Commitment, self.document, path)))
            except CaseError as error:
                self.problems.extend(error.problems)
        return out

    def counts(self) -> list[str]:
        """How much was read of every package."""
        out = []
        for package in self.positions:
            clauses = self.get(("packages", package, "commitments"))
            numbers = [count(len(clauses), "clause")]
            for key, noun in (
                ("brackets", "bracket"),
                ("terms", "term"),
                ("status", "status entry"),
            ):
                numbers.append(count(sum(len(c.get(key, ())) for c in clauses), noun))
            out.append(f"{package}: read {', '.join(numbers[:-1])} and {numbers[-1]}")
        if self.closed:
            out.append(f"{count(self.closed, 'bracket')} without a wording: closed")
        return out

    # Rows

    def rows(self, kind: str) -> list[Row]:
        if kind not in self.sheets:
            if kind in _OWN:
                what = f"there is no sheet {kind!r}: the overlay leaves the clauses without"
                self.notes.append(f"{self.document.file}: {what}")
            return []
        sheet = self.sheets[kind]
        try:
            rows = sheet.table(NEEDED[kind], COLUMNS[kind], self.notes)
        except CaseError as error:
            self.problems.extend(error.problems)
            return []
        header = sheet.header(NEEDED[kind])
        for column in COLUMNS[kind]:
            if header is not None and column not in header[1]:
                what = f"there is no column {column!r}: the overlay leaves it out"
                self.notes.append(f"{sheet.place}: {what}")
        return rows

    def by_package(self, kind: str) -> list[tuple[str, Row]]:
        """Rows with their package; an empty cell repeats the one above."""
        out = []
        package: str | None = None
        for row in self.rows(kind):
            package = row.word("package") or package
            if package is None:
                self.complete = self.complete and kind != "clauses"
                self.problem(row, "package", "a row without its package")
            else:
                out.append((package, row))
        return out

    def clause_of(self, package: str, row: Row) -> Path | None:
        """The commitment that a row belongs to; a problem where there is none."""
        written = row.word("id")
        if written is None:
            self.problem(row, "id", "a row without the id of its clause")
        elif written in self.positions.get(package, ()):
            return ("packages", package, "commitments", self.positions[package][written])
        elif self.complete and package not in self.positions:
            self.problem(row, "package", *unknown("package", package, list(self.positions)))
        elif self.complete:
            what, help = unknown("clause", written, list(self.positions[package]), package)
            self.problem(row, "id", what, help)
        return None

    def listed(self, path: Path, row: Row, column: str) -> None:
        """Enter the names in a cell, if there are any."""
        names = [name for name in re.split(r"\s*[,;]\s*", row.word(column) or "") if name]
        if names:
            self.put(path, names, row.place(column))

    def entries(self, path: Path, row: Row, columns: Sequence[str]) -> None:
        """Enter what the cells of a row say, each under the name of its column."""
        for column in columns:
            key: Path = (*path, column.replace(" ", "_"))
            if column in _LISTS:
                self.listed(key, row, column)
            elif column in _WORDS and row.word(column) is not None:
                self.put(key, row.word(column), row.place(column))
            elif column not in _WORDS:
                self.text(key, row, column)

    # What they say

    def field(self, row: Row) -> None:
        written = column_name(row.text("field") or "")
        if written in FIELDS:
            self.text((written,), row, "value")
        else:
            self.problem(row, "field", *unknown("field", written, FIELDS))

    def clause(self, package: str, row: Row) -> None:
        ids = self.positions.setdefault(package, {})
        path: Path = ("packages", package, "commitments")
        if self.get(path) is None:
            self.put(path, [], row.place("package"))
        written = row.word("id")
        if written is None:
            if set(row.cells) > {"package"}:
                self.complete = False
                self.problem(row, "id", "a clause without its id")
            return
        if written in ids:
            self.complete = False
            self.problem(row, "id", f"two clauses of {package} have the id {written!r}")
            return
        ids[written] = len(ids)
        path = (*path, ids[written])
        self.put(path, {}, row.place("id"))
        self.put((*path, "id"), written, row.place("id"))
        if row.word("who") is None:
            self.problem(row, "who", f"the clause {written!r} does not say who is bound")
            self.put((*path, "who"), [], row.place("who"))
        self.entries(path, row, COLUMNS["clauses"][2:])

    def bracket(self, path: Path, row: Row) -> None:
        party, wording = row.word("party"), row.text("wording")
        if wording is None:
            self.closed += 1
        elif party is None:
            self.problem(row, "party", "a bracket without its party")
        elif self.get((*path, "brackets", party)) is not None:
            self.problem(row, "party", f"a second bracket of {party} in {row.word('id')}")
        else:
            self.put((*path, "brackets", party), wording, row.place("wording"))

    def term(self, path: Path, row: Row) -> None:
        term, meaning = row.text("term"), row.text("meaning") or OPEN
        if term is None:
            self.problem(row, "term", "a row without its term")
        elif self.get((*path, "terms", term)) is not None:
            self.problem(row, "term", f"{row.word('id')} explains {term!r} twice")
        else:
            meaning = _OPEN.get(column_name(meaning), meaning)
            self.put((*path, "terms", term), meaning, row.place("meaning"))

    def status(self, path: Path, row: Row) -> None:
        path = (*path, "status")
        if self.get(path) is None:
            self.put(path, [], row.place("date"))
        path = (*path, len(self.get(path)))
        self.put(path, {}, row.place("date"))
        self.entries(path, row, COLUMNS["status"][2:])
