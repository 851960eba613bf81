"""Where an answer goes: JSON or words on standard output, or a file by its suffix."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import detente
from detente.case.errors import CaseError, Problem, nearest
from detente.case.writing import write_atomically
from detente.model.result import Result

PATIENCE = 2.0
"""Seconds before a person is told that work goes on."""
SUFFIXES = (".json", ".csv", ".xlsx", ".html", ".svg", ".png", ".txt")


def deliver(command: str, result: Result, *, as_json: bool, out: Path | None) -> None:
    """Show a result, or write it to ``out`` (and then say so, to a terminal only).

    Raises
    ------
    CaseError
        Where the suffix of ``out`` is not known or the file cannot be written.
    """
    document = enveloped(command, result)
    if out is not None:
        write_atomically(out, _as_file(result, document, out))
        note(f"wrote {out}")
    if as_json:
        write_json(document)
    elif out is None:
        show(result)


def enveloped(command: str, result: Any) -> dict[str, Any]:
    """The JSON document with command, version, case, label and overlays."""
    case = result.case
    return {
        "command": command,
        "detente": detente.__version__,
        "case": case.title,
        "handling": case.handling,
        "overlays": [
            {
                "file": overlay.file,
                "title": overlay.title,
                "changes": [str(change) for change in overlay.changes],
            }
            for overlay in case.overlays
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
    write(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


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

    def __enter__(self) -> Working:
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


def _as_file(result: Result, document: dict[str, Any], out: Path) -> str | bytes:
    suffix = out.suffix.lower()
    if suffix == ".json":
        return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    if suffix == ".csv":
        return str(result.table().to_csv(index=False))
    if suffix == ".txt":
        return f"{result}\n"
    if suffix == ".xlsx":
        return _workbook(result)
    if suffix in (".html", ".svg", ".png"):
        from detente.views.exporting import chart_file

        return chart_file(result, suffix)
    close = nearest(suffix, SUFFIXES)
    hint = f"; did you mean {close!r}?" if close else ""
    raise CaseError(
        Problem(
            f"cannot write a {suffix or 'file without suffix'}{hint}",
            f"known: {' '.join(SUFFIXES)}",
        )
    )


def _workbook(result: Result) -> bytes:
    import io

    buffer = io.BytesIO()
    result.table().to_excel(buffer, index=False)
    return buffer.getvalue()
