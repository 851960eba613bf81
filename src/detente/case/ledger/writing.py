"""Adds to a ledger."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from io import RawIOBase

from detente.case.errors import CaseError, Problem, quoted
from detente.case.ledger.lines import COLUMNS, HEADER, cell_of, fault
from detente.case.ledger.reading import columns_of
from detente.case.writing import file_to_write


def append_entry(
    path: str | os.PathLike[str],
    ids: Collection[str],
    *,
    id: str,
    date: date | str,
    kept: int,
    source: str | None = None,
    note: str | None = None,
    evidence: str | None = None,
) -> None:
    """Add a report at the end of a ledger; what stands there is never rewritten.

    The file is created where there is none. It is locked meanwhile, so that of several
    writers none loses anything, and the report goes in at once and down to the disk. It
    begins a line of its own, whatever the last line looks like.

    Parameters
    ----------
    path
        The file.
    ids
        The commitments that there are.
    id, date, kept, source, note, evidence
        The report, as in :class:`detente.case.implementation.Status`; line breaks in a text
        become spaces.

    Raises
    ------
    CaseError
        Where the report is not valid, or the file has no header or lacks a column that the
        report needs (nothing is written then); and where it cannot be written.
    """
    needed = {"id": str(id), "date": str(date), "kept": str(kept)}
    faults = [found for key, cell in needed.items() if (found := fault(key, cell, ids))]
    if faults:
        raise CaseError([Problem(*found) for found in faults])
    texts = {"source": source, "note": note, "evidence": evidence}
    cells = needed | {key: _encodable(text) for key, text in texts.items() if text}
    with _locked(path) as file:
        before = file.read()
        columns = columns_of(before, str(path))
        lines = [HEADER] if columns is None else []
        columns = columns or COLUMNS
        for key in cells:
            if key not in columns:
                help = f"its header names {', '.join(columns)}; add the column by hand"
                raise CaseError(Problem(f"{path} has no column {key!r}", help))
        lines.append(",".join(cell_of(cells.get(column, "")) for column in columns))
        start = "\n" if before and not before.endswith(b"\n") else ""
        _add(file, start + "".join(f"{line}\n" for line in lines), path)


def _encodable(text: str) -> str:
    """A text that can be written; the command line may hand over bytes that are none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise CaseError(Problem(f"{quoted(ascii(text))} is no UTF-8 text")) from None
    return text


@contextmanager
def _locked(path: str | os.PathLike[str]) -> Iterator[RawIOBase]:
    """A file that nobody else adds to meanwhile, from its start; created where there is none."""
    import portalocker

    target = file_to_write(path)
    try:
        file = target.open("a+b", buffering=0)
    except OSError as error:
        raise _cannot_write(path, error.strerror) from None
    with file:  # closing it unlocks it
        try:
            portalocker.lock(file, portalocker.LockFlags.EXCLUSIVE)
        except portalocker.LockException as error:
            raise _cannot_write(path, f"it cannot be locked ({error})") from None
        file.seek(0)
        yield file


def _add(file: RawIOBase, text: str, path: str | os.PathLike[str]) -> None:
    """Write at the end in one go, down to the disk."""
    data = text.encode()
    try:
        written = file.write(data)
        os.fsync(file.fileno())
    except OSError as error:
        raise _cannot_write(path, error.strerror) from None
    if written != len(data):
        help = "it ends in a line that is cut off now and will not be counted"
        raise CaseError(Problem(f"only a part of the report could be written to {path}", help))


def _cannot_write(path: str | os.PathLike[str], reason: str | None) -> CaseError:
    what = f"cannot write {path}: {(reason or 'unknown reason').lower()}"
    return CaseError(Problem(what, "nothing was added; try another folder"))
