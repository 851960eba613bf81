"""From the cells of a scoring workbook to the entries of a case, each with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from detente.case.document import Document
from detente.case.errors import EntryError, Path, Problem, unknown
from detente.case.exchange.foreign import valid_name, wording_of
from detente.case.exchange.sheets import Cell, Row, as_number
from detente.case.numbers import exact_text, parse_number

NUMBER = ("", "low", "high", "sd", "shape", "source", "because")
"""Columns of one number: the point, its range, and where it comes from."""
REMARKS = ("about", "because", "source")


def number_columns(prefix: str) -> tuple[str, ...]:
    """Columns of a number that is called ``prefix``; those of a score have short names.

    Examples
    --------
    >>> number_columns("weight")[:2], number_columns("score")[:2]
    (('weight', 'weight low'), ('score', 'low'))
    """
    short = "" if prefix == "score" else prefix
    return (prefix, *(f"{short} {part}".strip() for part in NUMBER[1:]))


COLUMNS: Mapping[str, tuple[str, ...]] = {
    "case": ("field", "value"),
    "parties": ("party", "name", *number_columns("walk away"), "signs", "sheet", *REMARKS),
    "issues": (
        *("issue", "issue name", "option", "title", "order", "controlled by", "status quo"),
        *(f"issue {remark}" for remark in REMARKS),
        *REMARKS,
    ),
    "rules": ("never", "if", "then", *REMARKS),
    "sources": ("source", "title", "date", "publisher", "url", "note"),
    "scores": ("issue", *number_columns("weight"), "option", *number_columns("score")),
}
"""Every column that is read, by sheet; ``scores`` is the sheet of a party."""
NEEDED: Mapping[str, tuple[str, ...]] = {
    "case": ("field", "value"),
    "parties": ("party",),
    "issues": ("issue", "option"),
    "rules": (),
    "sources": ("source",),
    "scores": ("issue", "option", "score"),
}
"""The columns without which a sheet is not understood."""
FIELDS = ("title", "as of", "handling", "about")
"""What the sheet ``case`` can state."""


class Words:
    """Names of one kind, found by their key or by their wording."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.wordings: dict[str, str | None] = {}
        """The wording of every key, where the key does not say it."""
        self.complete = True
        """False where a name is missing because its row or sheet has a problem."""
        self._exact: dict[str, str] = {}
        self._loose: dict[str, set[str]] = {}

    def add(self, written: str, wording: str | None = None) -> str:
        """A new name; what is no valid name becomes one and is kept as its wording."""
        key = valid_name(written, self.wordings, option=self.kind == "option")
        self.wordings[key] = wording_of(key, wording or (None if written == key else written))
        for text in filter(None, (key, written, wording)):
            self._exact.setdefault(text.casefold(), key)
            self._loose.setdefault(_folded(text), set()).add(key)
        return key

    def same(self, written: str) -> str | None:
        """The key that was written so before, or None."""
        return written if written in self.wordings else self._exact.get(written.casefold())

    def find(self, written: str) -> str | None:
        """The key that is meant, also where only signs and spaces differ, or None."""
        alike = self._loose.get(_folded(written), set())
        return self.same(written) or (next(iter(alike)) if len(alike) == 1 else None)


def _folded(text: str) -> str:
    return valid_name(text.casefold())


class Entries:
    """The document that grows while a workbook is read, with problems and notes."""

    def __init__(self, path: FilePath) -> None:
        self.document = Document(str(path), {"detente": "1", "title": path.stem.replace("_", " ")})
        self.document.values[()] = Cell(str(path), 1, 1)
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.sources = Words("source")
        self.sources_listed = False

    def get(self, path: Path) -> Any:
        """What stands at a path; None if nothing."""
        data: Any = self.document.data
        for part in path:
            inside = part in data if isinstance(data, dict) else int(part) < len(data)
            if not inside:
                return None
            data = data[part]
        return data

    def put(self, path: Path, value: Any, place: Cell) -> None:
        """Enter a value; its place is also that of entries above it that had none."""
        data: Any = self.document.data
        for length, part in enumerate(path[:-1], start=1):
            self.document.keys.setdefault(path[:length], place)
            data = data[int(part)] if isinstance(data, list) else data.setdefault(part, {})
        if isinstance(data, list):
            data.append(value)
        else:
            data[path[-1]] = value
        self.document.values[path] = self.document.keys[path] = place

    def text(self, path: Path, row: Row, column: str) -> None:
        """Enter what a cell says, if anything."""
        text = row.text(column)
        if text is not None:
            self.put(path, text, row.place(column))

    def remarks(self, path: Path, row: Row, prefix: str = "") -> None:
        """Enter a longer text, a reason and sources, if there are any."""
        for remark in ("about", "because"):
            self.text((*path, remark), row, f"{prefix}{remark}")
        keys = self.source_keys(row, f"{prefix}source")
        if keys:
            self.put((*path, "source"), keys, row.place(f"{prefix}source"))

    def problem(self, row: Row, column: str, what: str, help: str = "") -> None:
        """Note what is wrong with a cell."""
        self.problems.append(Problem(what, help, row.place(column)))

    def known(self, words: Words, row: Row, column: str, of: str = "") -> str | None:
        """The key that a cell names; a problem where it names none."""
        return self.word(words, str(row.word(column)), row.place(column), of)

    def word(self, words: Words, written: str, place: Cell, of: str = "") -> str | None:
        """The key of a word; a problem where it has none, unless names are missing anyway."""
        key = words.find(written)
        if key is None and words.complete:
            what, help = unknown(words.kind, written, list(words.wordings), of)
            self.problems.append(Problem(what, help, place))
        return key

    def truth(self, row: Row, column: str, default: bool) -> bool:
        """A yes or no."""
        written = (row.word(column) or ("yes" if default else "no")).lower()
        if written in ("yes", "y", "true", "1", "x", "✓", "✔"):
            return True
        if written not in ("no", "n", "false", "0", "-"):
            self.problem(row, column, f"expected yes or no, found {written!r}")
        return False

    def number(self, row: Row, prefix: str) -> Any:
        """A number as it would stand in a case, or None where there is none."""
        columns = dict(zip(NUMBER, number_columns(prefix), strict=True))
        found: dict[str, str] = {}
        for part in ("low", "", "high", "sd"):
            if columns[part] in row.cells:
                try:
                    found[part] = exact_text(as_number(row.cells[columns[part]]))
                except EntryError as error:
                    self.problem(row, columns[part], error.what, error.help)
                    return None
        if not found:
            return None
        ranged = "low" in found or "high" in found
        point = "likely" if ranged else "mean" if "sd" in found else "value"
        written: dict[str, Any] = {part or point: value for part, value in found.items()}
        for part in ("shape", "because"):
            if row.text(columns[part]) is not None:
                written[part] = row.text(columns[part])
        sources = self.source_keys(row, columns["source"])
        if sources:
            written["source"] = sources
        try:
            parse_number(written)
        except EntryError as error:
            self.problem(row, columns[""], error.what, error.help)
            return None
        return written["value"] if list(written) == ["value"] else written

    def source_keys(self, row: Row, column: str) -> list[str]:
        """Keys of the sources in a cell; a free text becomes a source of its own."""
        written = row.word(column)
        if written is None:
            return []
        parts = [self.sources.find(part) for part in re.split(r"\s*[,;]\s*", written) if part]
        keys = [part for part in parts if part is not None]
        if keys and len(keys) == len(parts) and self.sources.find(written) is None:
            return keys
        key = self.sources.find(written)
        if key is None and self.sources_listed and re.fullmatch(r"\w+", written):
            what, help = unknown("source", written, list(self.sources.wordings))
            self.problem(row, column, what, help)
        return [key or self.sources.add(written)]

    def add_sources(self) -> None:
        """Enter the sources that were only named in a cell: the text is their title."""
        listed = self.document.data.get("sources", {})
        for key, wording in self.sources.wordings.items():
            listed.setdefault(key, {"title": wording or key.replace("_", " ")})
        if listed:
            self.document.data["sources"] = listed
