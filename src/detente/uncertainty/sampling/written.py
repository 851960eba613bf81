"""Reads the correlation that a user gives: a number, or a table in a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

import numpy as np

from detente.case.errors import CaseError, EntryError, Problem, quoted, unknown
from detente.case.exchange.sheets import Cell
from detente.case.numbers import parse_fraction, show
from detente.case.reading import bytes_of
from detente.model.problem import Floats
from detente.uncertainty.sampling.correlation import RankTable, refusal

MAX_BYTES = 16 * 2**20
"""Largest table that is read: some thousand factors."""
_FORM = (
    "give a number from 0 (independent) to 1 (all rise and fall together), such as 0.5, or a "
    "CSV file with a table of correlations"
)
_SQUARE = "the first row and the first column of a table name the same factors, each once"


def parse_correlation(text: str, names: Sequence[str]) -> float | RankTable:
    """The rank correlation that a text means: within every party, or pair by pair.

    Parameters
    ----------
    text
        A number from 0 to 1, or the path of a CSV file: a square table with the names of
        factors in the first row and in the first column, in any order, and correlations
        from −1 to 1 in between. The first cell of the first row is free. What is not named
        keeps the correlation of its party (see
        :class:`~detente.uncertainty.sampling.correlation.Correlation`).
    names
        The factors of the case, in the order of the columns of shares.

    Raises
    ------
    CaseError
        Where the text is neither, the file cannot be read, or the table is no correlation
        matrix of factors of the case; with the cell or the pair that is meant.
    """
    word = text.strip()
    try:
        value = parse_fraction(word)
    except EntryError as error:
        what = f"the correlation {quoted(word)} is neither a number from 0 to 1 nor a file"
        if word.lower().endswith(".csv"):
            what = f"there is no file {word}"
        elif not word:
            raise CaseError(Problem("the correlation is empty", _FORM)) from None
        help = f"{error.help}; or {_FORM}" if error.help else _FORM
        return _table(Path(word), Problem(what, help), names)
    if not 0 <= value <= 1:
        what = f"a correlation within a party lies between 0 and 1; this is {show(value)}"
        raise CaseError(Problem(what, "state a negative one pair by pair, in a CSV file"))
    return float(value)


@dataclass(frozen=True)
class _Grid:
    """The cells of a table, without spaces around their texts; rows as long as the first."""

    file: str
    first: int
    """Number of the first row that is not empty, from 1."""
    header: list[str]
    rows: dict[int, list[str]]

    def place(self, row: int, column: int) -> Cell:
        return Cell(self.file, row, column + 1)

    @property
    def names(self) -> list[str]:
        """The factors in the order of the columns."""
        return self.header[1:]


def _table(path: Path, missing: Problem, names: Sequence[str]) -> RankTable:
    grid = _grid(path, missing)
    problems = list(_misnamed(grid, names))
    if problems:
        raise refusal(problems)
    matrix = _matrix(grid)
    factors = {name: column for column, name in enumerate(names)}
    try:
        return RankTable(tuple(grid.names), tuple(factors[name] for name in grid.names), matrix)
    except CaseError as error:
        told = [replace(each, what=f"{path}: {each.what}") for each in error.problems]
        raise CaseError(told) from None


def _grid(path: Path, missing: Problem) -> _Grid:
    help = "a table has one row and one column for each factor that it names"
    raw = bytes_of(path, str(path), "table", MAX_BYTES, missing=missing, help=help)
    try:
        reader = csv.reader(StringIO(raw.decode("utf-8-sig"), newline=""))
        cells = {row: [cell.strip() for cell in line] for row, line in enumerate(reader, start=1)}
    except UnicodeDecodeError:
        what = f"{path} is no UTF-8 text"
        raise CaseError(Problem(what, "save the table as CSV in UTF-8, with commas")) from None
    except csv.Error as error:
        raise CaseError(Problem(f"{path} is no CSV file: {error}", _FORM)) from None
    rows = {row: line for row, line in cells.items() if any(line)}
    if not rows:
        raise CaseError(Problem(f"{path} is empty", _SQUARE))
    width = max(column for line in rows.values() for column, cell in enumerate(line, 1) if cell)
    rows = {row: [*line, *[""] * width][:width] for row, line in rows.items()}
    first = next(iter(rows))
    header = rows.pop(first)
    if width == 1:
        what = f"{path} has a single column"
        raise CaseError(Problem(what, "write commas between the columns, decimals with a point"))
    return _Grid(str(path), first, header, rows)


def _misnamed(grid: _Grid, names: Sequence[str]) -> Iterator[Problem]:
    """What is wrong with the names in the first row and in the first column."""
    columns = [(grid.place(grid.first, at), name) for at, name in enumerate(grid.header) if at]
    rows = [(grid.place(row, 0), line[0]) for row, line in grid.rows.items()]
    known, told = frozenset(names), set[str]()
    for line, entries in (("column", columns), ("row", rows)):
        seen = set[str]()
        for place, name in entries:
            if not name:
                yield Problem(f"a {line} without a name", _SQUARE, place)
            elif name in seen:
                yield Problem(f"{quoted(name)} has a second {line}", _SQUARE, place)
            elif name not in known and name not in told:
                what, help = unknown("factor", name, names)
                help += "; a factor is a number with a range, or an outside factor with one"
                yield Problem(what, help, place)
                told.add(name)
            seen.add(name)
    for line, entries, others in (("row", columns, rows), ("column", rows, columns)):
        there = {name for _, name in others}
        for place, name in entries:
            if name in known and name not in there:
                yield Problem(f"{quoted(name)} has no {line}", _SQUARE, place)


def _matrix(grid: _Grid) -> Floats:
    """The correlations, rows in the order of the columns."""
    position = {name: at for at, name in enumerate(grid.names)}
    matrix = np.empty((len(position), len(position)))
    problems = []
    for row, (name, *line) in grid.rows.items():
        for column, text in enumerate(line):
            try:
                if not text:
                    raise EntryError("nothing where a correlation is expected", "0 is independent")
                matrix[position[name], column] = float(parse_fraction(text))
            except EntryError as error:
                place = grid.place(row, column + 1)
                problems.append(Problem(error.what, error.help, place))
    if problems:
        raise refusal(problems)
    return matrix
