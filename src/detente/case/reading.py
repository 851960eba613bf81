"""Reads YAML 1.2 into plain data that can say where every entry stands.

PyYAML's C parser makes the events; this module turns them into dictionaries, lists and
texts by the rules of the format: keys are text, a plain ``null``, ``~`` or nothing is
None, every other scalar stays the text that was written (fields know whether they are
numbers, so decimals stay exact). Duplicate keys, tags, alias cycles and files that are no
text are errors with a place. Places are looked up only where something has to be said.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path as FilePath
from typing import Any, NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    Event,
    ScalarEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.reader import Reader, ReaderError

from detente.case.document import Document
from detente.case.errors import (
    MAX_PROBLEMS,
    CaseError,
    Place,
    Problem,
    and_more,
    nearest,
    quoted,
)

__all__ = ["Document", "read_file", "read_text"]

MAX_BYTES = 16 * 2**20
"""Largest case file that is read; a case that a person wrote has some ten thousand bytes."""
MAX_ENTRIES = 1_000_000
"""Most entries after aliases are written out (a few lines of aliases can mean billions)."""
MAX_DEPTH = 100
"""Deepest nesting that is read."""

_TAGS = frozenset(("str", "int", "float", "bool", "null", "map", "seq", "timestamp"))
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def read_file(path: FilePath, name: str | None = None) -> Document:
    """Read a file; CaseError if it is missing, too large, no text or no YAML.

    ``name`` is what messages call it; its path where not given.
    """
    name = name or str(path)
    raw = bytes_of(
        path,
        name,
        "case file",
        MAX_BYTES,
        missing=Problem(f"there is no file {name}"),
        help="is this the right file? A case that a person wrote has some kilobytes",
    )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise CaseError(
            Problem(
                f"{name} is no UTF-8 text (byte {error.start}, line {line})",
                "a case is a text file; if it is one, save it again as UTF-8",
            )
        ) from None
    document = read_text(text, name)
    document.folder = path.parent
    return document


def bytes_of(
    path: FilePath, name: str, kind: str, most: int, *, missing: Problem, help: str
) -> bytes:
    """What a file holds; CaseError where it is no file, cannot be read or is too large.

    Parameters
    ----------
    path, name
        The file, and what messages call it.
    kind
        What it is to be.
    most
        How many bytes it may have.
    missing
        What to say where there is none.
    help
        What to do where it is too large.
    """
    try:
        if path.is_dir():
            raise CaseError(Problem(f"{name} is a folder, not a {kind}"))
        with path.open("rb") as file:
            raw = file.read(most + 1)
        size = max(len(raw), path.stat().st_size)
    except FileNotFoundError:
        raise CaseError(missing) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CaseError(Problem(f"cannot read {quoted(name, 300)}: {reason}")) from None
    if len(raw) > most:
        found, limit = max(1, round(size / 2**20)), most // 2**20
        what = f"{name} has {found} MB; a {kind} may have at most {limit} MB"
        raise CaseError(Problem(what, help))
    return raw


def read_text(text: str, file: str = "case") -> Document:
    """Read YAML text; ``file`` is the name used in messages."""
    if text.lstrip().startswith("{"):
        text = _PAIR.sub(lambda m: m[1] + chr(_code(m[2], m[3])), text)
    data = _Builder(text, file).build()
    return Document(file, data, note_places=partial(_note_places, text))


_PAIR = re.compile(
    r"(?<!\\)((?:\\\\)*)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE
)
"""JSON, other than YAML, writes a letter beyond 16 bits as two escapes."""


def _code(high: str, low: str) -> int:
    return 0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00


def _note_places(text: str, document: Document) -> None:
    """Read the text once more for the places: only errors need them, and they cost as much."""
    builder = _Builder(text, document.file, document)
    builder.build()
    document.lines = builder.lines


class _Builder:
    """Turns the parser's events into plain data; notes places if a document wants them."""

    def __init__(self, text: str, file: str, noting: Document | None = None) -> None:
        self.text, self.file, self.noting = text, file, noting
        self.problems: list[Problem] = []
        self.path: list[str | int] = []
        self.anchors: dict[str, tuple[Any, int, int]] = {}
        """Data, number of entries and height of what each anchor marks."""
        self.open: set[str] = set()
        self.count = self.height = 0
        self.lines: list[str] = []

    def build(self) -> Any:
        """The data; CaseError with all problems that do not end the reading."""
        loader = None
        try:
            loader = _Loader(self.text)
            self.event = loader.get_event
            data = self.document()
        except yaml.MarkedYAMLError as error:
            raise CaseError([*self.problems, self.syntax_problem(error)]) from None
        except (yaml.YAMLError, ValueError) as error:
            if isinstance(error, CaseError):
                raise
            raise CaseError(self.unreadable(error)) from None
        finally:
            if loader is not None:
                loader.dispose()
        if self.problems and self.noting is None:
            raise CaseError(self.problems)
        return data

    def document(self) -> Any:
        self.event()
        empty = isinstance(self.event(), StreamEndEvent)
        data = None if empty else self.value(self.event(), 0)
        if data is None:
            advice = "'detente new NAME' writes a case to start from"
            raise CaseError(Problem(f"{self.file} is empty", advice))
        self.event()
        after = self.event()
        if not isinstance(after, StreamEndEvent):
            self.problem(
                after, "a second document begins here", "a case is one: take out the line ---"
            )
        return data

    def value(self, event: Any, depth: int) -> Any:
        """What the node that begins with this event holds."""
        self.count += 1
        kind = type(event)
        if self.count > MAX_ENTRIES:
            self.too_many(event)
        if kind is ScalarEvent:
            nothing = event.value in _NULLS and not event.style and event.tag is None
            data, last, self.height = None if nothing else event.value, event, 0
        elif kind is AliasEvent:
            data, last = self.alias(event, depth), event
        else:
            data, last = self.collection(event, depth)
        if self.noting is not None:
            self.noting.values[tuple(self.path)] = self.place(event, last)
        if kind is not AliasEvent:
            if event.tag is not None:
                self.refuse_tag(event)
            if event.anchor is not None and kind is ScalarEvent:
                self.anchors[event.anchor] = (data, 1, 0)
        return data

    def collection(self, event: Any, depth: int) -> tuple[Any, Event]:
        if depth >= MAX_DEPTH:
            self.too_deep(event)
        before, anchor = self.count, event.anchor
        if anchor is not None:
            self.open.add(anchor)
        data: Any = [] if type(event) is SequenceStartEvent else {}
        fill = self.items if type(event) is SequenceStartEvent else self.entries
        height, last = fill(data, depth + 1)
        self.height = height + 1
        if anchor is not None:
            self.open.discard(anchor)
            self.anchors[anchor] = (data, self.count - before + 1, self.height)
        return data, last

    def items(self, data: list[Any], depth: int) -> tuple[int, Event]:
        height = 0
        while not isinstance(event := self.event(), CollectionEndEvent):
            self.path.append(len(data))
            data.append(self.value(event, depth))
            self.path.pop()
            height = max(height, self.height)
        return height, event

    def entries(self, data: dict[str, Any], depth: int) -> tuple[int, Event]:
        height, lines = 0, dict[str, int]()
        while not isinstance(event := self.event(), CollectionEndEvent):
            key = self.key(event, depth, lines)
            self.path.append(key)
            if self.noting is not None:
                self.noting.keys[tuple(self.path)] = self.place(event, event)
            data[key] = self.value(self.event(), depth)
            self.path.pop()
            height = max(height, self.height)
        return height, event

    def key(self, event: Any, depth: int, lines: dict[str, int]) -> str:
        """The text of a key; ``lines`` says where the keys before it stand."""
        if type(event) is not ScalarEvent:
            self.problem(event, "a key must be one word, not a list", "take out the brackets or ?")
            self.value(event, depth)
            return ""
        key: str = event.value
        if key in lines:
            self.problem(
                event,
                f"the key {quoted(key)} appears twice (first on line {lines[key] + 1})",
                "join the two entries or take one out",
            )
        elif not key:
            self.problem(event, "a key is empty", "write a word before the colon")
        elif key == "<<":
            self.problem(
                event, "YAML 1.2 has no merge keys (<<)", "write the entries out, or use 'extends:'"
            )
        mark: Any = event.start_mark
        lines[key] = mark.line
        return key

    def alias(self, event: Any, depth: int) -> Any:
        name = event.anchor
        if name in self.open:
            raise CaseError(
                Problem(
                    "an alias contains itself",
                    "take out one alias of the cycle",
                    self.place(event, event),
                )
            )
        if name not in self.anchors:
            close = nearest(name, self.anchors)
            hint = f"; did you mean '*{close}'?" if close else ""
            raise CaseError(
                Problem(
                    f"nothing is marked &{name} before this *{name}{hint}",
                    "an alias *name repeats what &name marks earlier in the file",
                    self.place(event, event),
                )
            )
        data, size, self.height = self.anchors[name]
        self.count += size - 1
        if self.count > MAX_ENTRIES:
            self.too_many(event)
        if depth + self.height > MAX_DEPTH:
            self.too_deep(event)
        return data

    # What is wrong

    def problem(self, event: Event, what: str, help: str = "") -> None:
        if len(self.problems) == MAX_PROBLEMS:
            raise CaseError([*self.problems, and_more()])
        self.problems.append(Problem(what, help, self.place(event, event)))

    def refuse_tag(self, event: Any) -> None:
        if event.tag.removeprefix("tag:yaml.org,2002:") not in _TAGS:
            self.problem(event, f"tags such as {event.tag} are not used in a case", "take it out")

    def too_many(self, event: Event) -> NoReturn:
        what = f"more than {MAX_ENTRIES:,} entries once aliases are written out"
        raise CaseError(Problem(what, "write fewer aliases (*name)", self.place(event, event)))

    def too_deep(self, event: Event) -> NoReturn:
        what = f"nested more than {MAX_DEPTH} deep"
        raise CaseError(Problem(what, "no part of a case is", self.place(event, event)))

    def syntax_problem(self, error: yaml.MarkedYAMLError) -> Problem:
        lines = self.text.splitlines() or [""]
        marks = [mark for mark in (error.problem_mark, error.context_mark) if mark is not None]
        mark = next((mark for mark in marks if mark.line < len(lines)), None)
        what = (error.problem or "is no YAML").strip()
        number, column = (mark.line, mark.column) if mark else (len(lines) - 1, len(lines[-1]))
        line = lines[number]
        if "\t" in line[: column + 1]:
            advice = "indent with spaces: YAML allows no tabs there"
        else:
            advice = "check the indentation, and quote texts that contain ': ' or ' #'"
        if error.context and marks[-1].line < number:
            advice = f"{error.context} that begins on line {marks[-1].line + 1}: {advice}"
        return Problem(what, advice, Place(self.file, number + 1, column + 1, line))

    def unreadable(self, error: Exception) -> Problem:
        found = Reader.NON_PRINTABLE.search(self.text) if isinstance(error, ReaderError) else None
        if found is None:
            return Problem(f"{self.file} is no YAML: {quoted(error)}", "a case is a text file")
        before = self.text[: found.start()]
        line = before.count("\n") + 1
        column = found.start() - (before.rfind("\n") + 1) + 1
        return Problem(
            f"a character that no text file has ({found[0]!r})",
            "is this the right file? A case is a text file",
            Place(self.file, line, column),
        )

    def place(self, event: Any, last: Any) -> Place:
        """From the start of one event to the end of another."""
        if not self.lines:
            self.lines = self.text.splitlines()
        start, end = event.start_mark, last.end_mark
        line = self.lines[start.line] if start.line < len(self.lines) else ""
        width = end.column - start.column if end.line == start.line else len(line) - start.column
        return Place(self.file, start.line + 1, start.column + 1, line, max(1, width))
