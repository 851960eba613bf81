"""Runs the examples of README.md and docs as a reader would: page by page, from top to bottom.

Each page has a folder of its own in which its commands run:

- a ``yaml`` block whose first line is the comment ``# NAME.yaml`` is saved as that file; with
  ``# NAME.yaml, continued`` its entries join the file, instead of those of the same name;
- a ``json`` or ``text`` block below a line with nothing but a name in backticks and a colon is
  saved as that file;
- a line ``$ detente …`` in a ``console`` block is run, and what follows it, up to the next
  line with a dollar sign, is what the command printed; a line with nothing but ``…`` stands
  for any number of lines, and one that ends with it for a longer line. Output that begins with
  ``error:`` goes with exit status 2.

``python docs/console.py`` says where a page shows something else than what is printed now,
spaces and line ends apart; with ``--update`` it rewrites the pages. Where ``…`` stands and a
shown line is gone, a person has to look.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from detente.command import main

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = "80"

_FENCE = re.compile(
    r"(?:^`(?P<name>[\w.-]+)`:\n\n)?^```(?P<kind>\w+)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_FILE = re.compile(r"# ([\w.-]+\.ya?ml)(, continued)?\n")
_ENTRY = re.compile(r"^(?=[a-z_]+:)", re.MULTILINE)
_COMMENT = re.compile(r"^#.*\n", re.MULTILINE)
_LEFT_OUT = re.compile(r"(?:^| )…$", re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """A file to save, or a command with the output that the page shows.

    Parameters
    ----------
    line
        Line of the page on which it begins, from 1.
    file
        Name of the file to save; None for a command.
    continued
        Whether its entries join the file.
    text
        What to save, or the command.
    shown
        The lines of output on the page.
    """

    line: int
    file: str | None
    continued: bool
    text: str
    shown: tuple[str, ...] = ()

    @property
    def status(self) -> int:
        """The exit status that the shown output goes with."""
        return 2 if self.shown and self.shown[0].startswith("error:") else 0

    def matches(self, printed: str) -> bool:
        """Whether the page shows what was printed, spaces and line ends apart."""
        parts = _LEFT_OUT.split("\n".join(self.shown))
        pattern = ".*".join(re.escape(_plain(part)) for part in parts)
        return bool(re.fullmatch(pattern, _plain(printed), re.DOTALL))

    def updated(self, printed: str) -> tuple[str, ...] | None:
        """What the page should show; None where only a person can say."""
        lines = printed.rstrip().splitlines()
        if not any(_LEFT_OUT.search(line) for line in self.shown):
            return tuple(line.rstrip() for line in lines)
        shown = []
        for line in self.shown:
            begins = _plain(_LEFT_OUT.sub("", line))
            whole = not _LEFT_OUT.search(line)
            while begins and lines and not _fits(lines[0], begins, whole=whole):
                del lines[0]
            if begins and not lines:
                return None
            printed_line = lines.pop(0).rstrip() if begins else line
            shown.append(printed_line if whole else line)
        return tuple(shown)


def _fits(line: str, begins: str, *, whole: bool) -> bool:
    """Whether a printed line is, or where not ``whole`` begins with, what a page shows."""
    plain = _plain(line)
    return plain == begins if whole else plain.startswith(begins)


def pages() -> list[Path]:
    """README.md and every page of the documentation."""
    found = sorted((ROOT / "docs").rglob("*.md"))
    return [ROOT / "README.md", *(page for page in found if "_build" not in page.parts)]


def steps(text: str) -> Iterator[Step]:
    """What a page asks to be saved and run, in order."""
    for block in _FENCE.finditer(text):
        line = text.count("\n", 0, block.start("kind")) + 2
        kind, body = block["kind"], block["body"]
        named = _FILE.match(body)
        if kind == "yaml" and named:
            yield Step(line, named[1], bool(named[2]), body)
        elif kind in {"json", "text"} and block["name"]:
            yield Step(line, block["name"], False, body)
        elif kind == "console":
            yield from _commands(body, line)


def run(step: Step, folder: Path) -> tuple[int, str]:
    """Save a step's file or run its command there; the exit status and what was printed."""
    if step.file is not None:
        _save(folder / step.file, step)
        return 0, ""
    if set(step.text) & set("|<>;&"):
        return _in_a_shell(step.text, folder)
    return _in_this_process(shlex.split(step.text)[1:], folder)


def _commands(body: str, line: int) -> Iterator[Step]:
    """The ``detente`` commands of a console block."""
    lines = body.splitlines()
    starts = [number for number, text in enumerate(lines) if text.startswith("$ ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        command = lines[start][2:]
        if command.split()[0] == "detente":
            yield Step(line + start, None, False, command, tuple(lines[start + 1 : end]))


def _save(path: Path, step: Step) -> None:
    text = step.text
    if step.continued:
        entries = {**_entries(path.read_text(encoding="utf-8")), **_entries(text)}
        text = "".join(entries.values())
    path.write_text(text, encoding="utf-8")


def _entries(text: str) -> dict[str, str]:
    """The entries of a case file, as text, by their key."""
    parts = filter(None, _ENTRY.split(_COMMENT.sub("", text)))
    return {part.partition(":")[0]: part.rstrip("\n") + "\n" for part in parts}


def _in_this_process(words: list[str], folder: Path) -> tuple[int, str]:
    printed = io.StringIO()
    before = sys.argv, os.environ.get("COLUMNS")
    sys.argv, os.environ["COLUMNS"] = ["detente", *words], COLUMNS
    status: str | int | None = 0
    try:
        with (
            contextlib.chdir(folder),
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
        ):
            main()
    except SystemExit as left:
        status = left.code
    finally:
        sys.argv = before[0]
        if before[1] is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = before[1]
    return int(status or 0), printed.getvalue()


def _in_a_shell(command: str, folder: Path) -> tuple[int, str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path, "COLUMNS": COLUMNS, "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout


def _plain(text: str) -> str:
    """A text without what layout changes: spaces, line ends, the length of rules."""
    return re.sub("[\\s─]+", "", text)


def check_page(page: Path, *, update: bool = False) -> list[str]:
    """Run a page; where it shows something else than what is printed, in words."""
    text = page.read_text(encoding="utf-8")
    name = page.relative_to(ROOT)
    found: list[str] = []
    changes: list[tuple[Step, tuple[str, ...]]] = []
    with tempfile.TemporaryDirectory() as folder:
        for step in steps(text):
            status, printed = run(step, Path(folder))
            where = f"{name}:{step.line}: {step.text}"
            if step.file is not None:
                continue
            if status != step.status:
                found.append(f"{where}\n  ended with {status}:\n{printed}")
            elif not step.matches(printed):
                found.append(f"{where}\n  prints:\n{printed}")
            shown = step.updated(printed)
            if status == step.status and shown is not None and shown != step.shown:
                changes.append((step, shown))
    if update and changes:
        lines = text.splitlines()
        for step, shown in reversed(changes):
            lines[step.line : step.line + len(step.shown)] = shown
        page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return found


if __name__ == "__main__":
    for each in pages():
        for message in check_page(each, update="--update" in sys.argv[1:]):
            sys.stdout.write(message + "\n")
