"""Where an answer goes: JSON or words on standard output, or a file by its suffix."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import detente
from detente.case.errors import CaseError, Problem, nearest
from detente.case.writing import write_atomically
from detente.model.result import Result

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
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n")
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
        sys.stdout.write(plain(blocks(result), WIDTH) + "\n")
        return
    console = Console(highlight=False)
    console.print(*blocks(result), sep="\n", width=min(console.width, WIDEST))


def note(text: str) -> None:
    """A remark on standard error, to a person only."""
    if sys.stderr.isatty():
        sys.stderr.write(text + "\n")


def progress() -> Callable[[int, int], None] | None:
    """A progress line on standard error for what takes over two seconds; None for no terminal."""
    if not sys.stderr.isatty():
        return None
    from rich.console import Console
    from rich.progress import Progress

    return _Line(Progress(console=Console(stderr=True), transient=True))


class _Line:
    """Shows itself once two seconds have passed, and goes when the work is done."""

    def __init__(self, line: Any) -> None:
        import time

        self.line, self.clock = line, time.monotonic
        self.start, self.task = time.monotonic(), None

    def __call__(self, done: int, total: int) -> None:
        if self.task is None and self.clock() - self.start < 2:
            return
        if self.task is None:
            self.line.start()
            self.task = self.line.add_task("looking at outcomes", total=total)
        self.line.update(self.task, completed=done)
        if done >= total:
            self.line.stop()


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
