"""Where an answer goes: JSON or words on standard output, or a file by its suffix."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import detente
from detente.case.errors import CaseError, Problem, nearest
from detente.case.writing import file_to_write, write_atomically
from detente.model.result import Result

if TYPE_CHECKING:
    from detente.case.schema import Case
    from detente.commitments.draft_result import DraftResult

PATIENCE = 2.0
"""Seconds before a person is told that work goes on."""
SUFFIXES = (".json", ".csv", ".xlsx", ".html", ".svg", ".png", ".txt")
TEXT_SUFFIXES = (".docx", ".md", ".xlsx")
"""What ``draft`` writes the text itself as, rather than what was found about it."""


def deliver(
    command: str, result: Result, *, as_json: bool, out: Path | None, read: Path | None = None
) -> None:
    """Show a result, or write it to ``out`` (and then say so, to a terminal only).

    ``read`` is a file beside the case that the answer is made from.

    Raises
    ------
    CaseError
        Where the suffix of ``out`` is not known, the file cannot be written, or the answer
        is made from it.
    """
    if out is not None:
        check_target(out, result.case, read)
        write_atomically(out, _as_file(command, result, out))
        note(f"wrote {out}")
    if as_json:
        write_json(enveloped(command, result))
    elif out is None:
        show(result)


def enveloped(command: str, result: Result) -> dict[str, Any]:
    """The JSON document with command, version, case, label and overlays."""
    case = result.case
    return {
        "command": command,
        "detente": detente.__version__,
        "case": case.title if case else None,
        "handling": result.handling,
        "overlays": [
            {
                "file": overlay.file,
                "title": overlay.title,
                "changes": [str(change) for change in overlay.changes],
            }
            for overlay in (case.overlays if case else ())
        ],
        **result.to_dict(),
    }


def show(result: Result) -> None:
    """The findings in words, in colour on a terminal only."""
    from rich.console import Console

    from detente.views.terminal import blocks
    from detente.views.terminal.layout import WIDEST, WIDTH, plain

    if not sys.stdout.isatty():
        write(plain(blocks(result), WIDTH) + "\n")
        return
    console = Console(highlight=False)
    console.print(*blocks(result), sep="\n", width=min(console.width, WIDEST))


def write_json(document: Mapping[str, Any]) -> None:
    """A JSON document on standard output."""
    write(_json(document))


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def write(text: str) -> None:
    """Text on standard output; a reader who has gone away (head, less) ends it quietly."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None


def note(text: str) -> None:
    """A remark on standard error, to a person only."""
    if sys.stderr.isatty():
        sys.stderr.write(text + "\n")


class Working:
    """Says on standard error that work goes on, to a person only, once it takes two seconds.

    Use as a context manager; :meth:`advance` may be handed to an analysis as its progress.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self.status: Any = None
        self.timer: threading.Timer | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self.timer = threading.Timer(PATIENCE, self._show)
            self.timer.daemon = True
            self.timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.timer is not None:
            self.timer.cancel()
        if self.status is not None:
            self.status.stop()

    def advance(self, done: int, total: int) -> None:
        """How far a walk through the outcomes has come."""
        if self.status is not None:
            self.status.update(f"{self.what}: {done:,} of {total:,} outcomes")

    def _show(self) -> None:
        from rich.console import Console

        self.status = Console(stderr=True).status(f"{self.what} …")
        self.status.start()


def check_suffix(out: Path | None, known: Sequence[str] = SUFFIXES) -> None:
    """Refuse a file whose suffix says nothing that can be written."""
    if out is None or out.suffix.lower() in known:
        return
    suffix = out.suffix.lower()
    close = nearest(suffix, known)
    hint = f"; did you mean {close!r}?" if close else ""
    if suffix in TEXT_SUFFIXES:
        hint = ": that is for the text of a draft"
    what = f"cannot write a {suffix or 'file without suffix'}{hint}"
    raise CaseError(Problem(what, f"known: {' '.join(known)}"))


def check_target(out: Path, case: Case | None, read: Path | None = None) -> None:
    """Refuse a file that cannot be there, and one that the answer is made from."""
    target = str(file_to_write(out))
    sources: list[str | Path | None] = [read]
    if case is not None:
        sources += [case.file, *(overlay.file for overlay in case.overlays)]
    if any(name is not None and os.path.realpath(name) == target for name in sources):
        what = f"the answer is made from {out}, and would take its place"
        raise CaseError(Problem(what, "give another name to --out"))


def _as_file(command: str, result: Result, out: Path) -> str | bytes:
    from detente.commitments.draft_result import DraftResult

    suffix = out.suffix.lower()
    is_text = isinstance(result, DraftResult)
    check_suffix(out, tuple(dict.fromkeys((*SUFFIXES, *TEXT_SUFFIXES))) if is_text else SUFFIXES)
    if isinstance(result, DraftResult) and suffix in TEXT_SUFFIXES:
        return _text(result, suffix)
    if suffix == ".json":
        return _json(enveloped(command, result))
    if suffix == ".csv":
        return str(result.table().to_csv(index=False))
    if suffix == ".txt":
        return f"{result}\n"
    if suffix == ".xlsx":
        return _workbook(result)
    from detente.views.exporting import chart_file

    return chart_file(result, suffix)


def _text(result: DraftResult, suffix: str) -> str | bytes:
    """The text behind a draft: to read and negotiate, or its clauses to mark up."""
    if suffix == ".xlsx":
        from detente.case.exchange.clauses_writing import write_clauses

        return write_clauses(result.case, [result.package])
    from detente.views.documents import markdown_text, word_document

    return word_document(result) if suffix == ".docx" else markdown_text(result)


def _workbook(result: Result) -> bytes:
    """The main table, in which no text is a formula, with the label on every page."""
    from detente.case.exchange.sheets import write_sheets

    table = result.table().astype(object)
    columns = [str(column) for column in table.columns]
    known = table.where(table.notna(), None).itertuples(index=False, name=None)
    rows = [dict(zip(columns, row, strict=True)) for row in known]
    return write_sheets({"table": rows}, {"table": columns}, label=result.handling)
