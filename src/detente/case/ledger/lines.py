"""The lines of a ledger: columns and cells, and what may stand in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from detente.case.errors import EntryError, quoted, unknown
from detente.case.fields import as_date

COLUMNS = ("id", "date", "kept", "source", "note", "evidence")
NEEDED = COLUMNS[:3]
HEADER = ",".join(COLUMNS)
KEPT = {str(kept): kept for kept in range(4)}
"""How far a commitment can be kept, as written and as a number."""

_FORMULA = re.compile(r"'*[=+\-@]")
"""What a spreadsheet would compute, or what would be taken for such a text made safe."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def spans(line: str) -> Iterator[tuple[int, int]]:
    """Where each cell of a line begins, and how wide it is."""
    start, within = 0, False
    for place, letter in enumerate(line):
        if letter == '"':
            within = not within
        elif letter == "," and not within:
            yield start, place - start
            start = place + 1
    yield start, len(line) - start


def cells_of(line: str) -> list[str] | None:
    """The cells of a line; None where a quotation mark is not closed."""
    if line.count('"') % 2:
        return None
    found = []
    for start, width in spans(line):
        cell = line[start : start + width].strip()
        inner = cell[:1] == '"' and cell[-1:] == '"' and len(cell) > 1
        found.append(cell[1:-1].replace('""', '"') if inner else cell)
    return found


def text_of(cell: str) -> str | None:
    """The text in a cell, on one line; None where there is none."""
    text = _CONTROL.sub(" ", cell).strip()
    return text[1:] if text[:1] == "'" and _FORMULA.match(text) else text or None


def cell_of(text: str) -> str:
    """A text as it stands between commas: on one line, and no formula."""
    text = _CONTROL.sub(" ", text).strip()
    text = f"'{text}" if _FORMULA.match(text) else text
    return '"' + text.replace('"', '""') + '"' if '"' in text or "," in text else text


def fault(column: str, cell: str, ids: Collection[str]) -> tuple[str, str] | None:
    """What is wrong with a cell, and what to do about it."""
    if column == "id" and cell not in ids:
        return unknown("commitment", cell, ids)
    if column == "kept" and cell not in KEPT:
        found = quoted(cell) if cell else "nothing"
        return f"expected 0 (none), 1, 2 or 3 (complete), found {found}", ""
    if column == "date":
        try:
            as_date(cell or None)
        except EntryError as error:
            return error.what, error.help
    return None
