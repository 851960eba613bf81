"""Reads YAML 1.2 into plain data that remembers where everything stands.

PyYAML's C parser makes the node tree; this module turns it into dictionaries, lists and
texts by the rules of the format: keys are text, a plain ``null``, ``~`` or nothing is
None, every other scalar stays the text that was written (fields know whether they are
numbers, so decimals stay exact). Duplicate keys, tags, alias cycles and files that are no
text are errors with a place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

import yaml

from detente.case.errors import CaseError, Path, Place, Problem

MAX_BYTES = 16 * 2**20
"""Largest case file that is read; a case that a person wrote has some ten thousand bytes."""
MAX_NODES = 1_000_000
"""Most entries after aliases are written out (a few lines of aliases can mean billions)."""
MAX_DEPTH = 100
"""Deepest nesting that is read."""

_TAGS = frozenset(
    ("str", "int", "float", "bool", "null", "map", "seq", "timestamp", "merge", "value")
)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Document:
    """A file as read: plain data and the place of every entry.

    Attributes
    ----------
    data
        Dictionaries, lists, texts and None.
    keys, values
        Place of each entry's key and of its value, by path. List items have no key.
    """

    file: str
    data: Any
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)

    def place(self, path: Path, key: bool = False) -> Place | None:
        """Where a path stands; the nearest enclosing entry where it does not itself."""
        for length in range(len(path), -1, -1):
            prefix = path[:length]
            first, second = (
                (self.keys, self.values) if key or length < len(path) else (self.values, self.keys)
            )
            found = first.get(prefix) or second.get(prefix)
            if found is not None:
                return found
        return None


def read_file(path: FilePath, name: str | None = None) -> Document:
    """Read a file; CaseError if it is missing, too large, no text or no YAML.

    ``name`` is what messages call it; its path where not given.
    """
    name = name or str(path)
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise CaseError(Problem(f"{name} is a folder, not a case file"))
        if size > MAX_BYTES:
            raise CaseError(
                Problem(
                    f"{name} has {size / 2**20:.0f} MB; a case file may have at most "
                    f"{MAX_BYTES // 2**20} MB",
                    "is this the right file? A case that a person wrote has some kilobytes",
                )
            )
        raw = path.read_bytes()
    except FileNotFoundError:
        raise CaseError(Problem(f"there is no file {name}")) from None
    except OSError as error:
        raise CaseError(Problem(f"cannot read {name}: {error.strerror or error}")) from None
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
    return read_text(text, name)


def read_text(text: str, file: str = "case") -> Document:
    """Read YAML text; ``file`` is the name used in messages."""
    lines = text.splitlines()
    loader = None
    try:
        _check_depth(text, file, lines)
        loader = _Loader(text)
        node = loader.get_single_node()
    except CaseError:
        raise
    except yaml.MarkedYAMLError as error:
        raise CaseError(_syntax_problem(error, file, lines)) from None
    except (yaml.YAMLError, ValueError) as error:
        raise CaseError(
            Problem(f"{file} is no YAML: {error}".replace("\n", " "), "a case is a text file")
        ) from None
    finally:
        if loader is not None:
            loader.dispose()
    document = Document(file, None)
    if node is None:
        raise CaseError(
            Problem(f"{file} is empty", "'detente new NAME' writes a case to start from")
        )
    document.data = _Builder(document, lines).build(node)
    return document


def _check_depth(text: str, file: str, lines: list[str]) -> None:
    """Refuse absurd nesting first: the C composer recurses without a guard of its own."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                mark = event.start_mark
                assert mark is not None
                place = Place(file, mark.line + 1, mark.column + 1, lines[mark.line])
                raise CaseError(
                    Problem(f"nested more than {MAX_DEPTH} deep; no part of a case is", "", place)
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _syntax_problem(error: yaml.MarkedYAMLError, file: str, lines: list[str]) -> Problem:
    mark = error.problem_mark or error.context_mark
    what = (error.problem or "is no YAML").strip()
    if "found undefined alias" in what or "found duplicate anchor" in what:
        advice = "an alias *name repeats what &name marks earlier in the file"
    elif "\t" in (lines[mark.line] if mark and mark.line < len(lines) else ""):
        advice = "indent with spaces: YAML allows no tabs there"
    else:
        advice = "check the indentation, and quote texts that contain ': ' or ' #'"
    if mark is None:
        return Problem(f"{file}: {what}", advice)
    line = min(mark.line, max(0, len(lines) - 1))
    shown = lines[line] if lines else ""
    return Problem(what, advice, Place(file, line + 1, mark.column + 1, shown))


class _Builder:
    """Turns nodes into plain data, noting places on the way."""

    def __init__(self, document: Document, lines: list[str]) -> None:
        self.document = document
        self.lines = lines
        self.problems: list[Problem] = []
        self.open: set[int] = set()
        self.count = 0

    def build(self, node: yaml.Node) -> Any:
        data = self.value(node, ())
        if self.problems:
            raise CaseError(self.problems)
        return data

    def value(self, node: yaml.Node, path: Path) -> Any:
        place = self.place(node)
        self.document.values[path] = place
        self.count += 1
        if self.count > MAX_NODES:
            raise CaseError(
                Problem(
                    f"more than {MAX_NODES:,} entries once aliases are written out",
                    "write fewer aliases (*name)",
                    place,
                )
            )
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node, place)
        if id(node) in self.open:
            raise CaseError(
                Problem("an alias contains itself", "take out one alias of the cycle", place)
            )
        self.refuse_tag(node, place)
        self.open.add(id(node))
        try:
            if isinstance(node, yaml.SequenceNode):
                return [self.value(item, (*path, i)) for i, item in enumerate(node.value)]
            return dict(self.entries(node, path))
        finally:
            self.open.discard(id(node))

    def entries(self, node: yaml.Node, path: Path) -> Iterator[tuple[str, Any]]:
        seen: dict[str, Place] = {}
        for key_node, value_node in node.value:
            place = self.place(key_node)
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.append(Problem("a key must be one word, not a list", "", place))
                continue
            key = key_node.value
            if key in seen:
                self.problems.append(
                    Problem(
                        f"the key {key!r} appears twice (first on line {seen[key].line})",
                        "join the two entries or take one out",
                        place,
                    )
                )
                continue
            seen[key] = place
            self.document.keys[(*path, key)] = place
            yield key, self.value(value_node, (*path, key))

    def scalar(self, node: yaml.ScalarNode, place: Place) -> str | None:
        self.refuse_tag(node, place)
        plain = not node.style
        return None if plain and node.value in _NULLS else str(node.value)

    def refuse_tag(self, node: yaml.Node, place: Place) -> None:
        if node.tag.removeprefix("tag:yaml.org,2002:") not in _TAGS:
            what = f"tags such as {node.tag} are not used in a case"
            self.problems.append(Problem(what, "", place))

    def place(self, node: yaml.Node) -> Place:
        start, end = node.start_mark, node.end_mark
        line = self.lines[start.line] if start.line < len(self.lines) else ""
        width = end.column - start.column if end.line == start.line else len(line) - start.column
        return Place(self.document.file, start.line + 1, start.column + 1, line, max(1, width))
