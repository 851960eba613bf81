"""The entries of a GMCR+ file (JSON), each checked where it is read.

Nothing here knows what a case is, nor what a conflict model consists of; see
:mod:`detente.case.exchange.gmcr_model`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from pathlib import Path as FilePath
from typing import Any

from detente.case.document import Document
from detente.case.errors import CaseError, Path, Place, Problem, shown
from detente.case.exchange.foreign import MAX_BYTES, count, some
from detente.case.exchange.gmcr_states import Pattern
from detente.case.reading import bytes_of, read_text

Statement = tuple[Pattern, ...]
"""Patterns of which any one has to hold."""
PAIRS = 'a pattern is a list of pairs of an option and Y or N: [[0, "Y"], [2, "N"]]'
"""What to do about a pattern that cannot be read."""


def read_json(path: FilePath) -> Document:
    """A JSON file, every number and truth value as the text that stands there.

    Raises
    ------
    CaseError
        Where the file is missing, too large or no JSON, with line and column.
    """
    name, help = str(path), "GMCR+ saves its models as JSON; is this the right file?"
    missing = Problem(f"there is no file {name}")
    raw = bytes_of(path, name, "conflict model", MAX_BYTES, missing=missing, help=help)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CaseError(Problem(f"{name} is no UTF-8 text", help)) from None
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        place = Place(name, error.lineno, error.colno, text.split("\n")[error.lineno - 1])
        raise CaseError(Problem(f"this is no JSON: {error.msg}", help, place)) from None
    except (RecursionError, ValueError):
        pass  # nested too deep, or a number of thousands of digits: refused below, with its place
    return read_text(text, name)


class Entries:
    """Reads the entries of one document; what is wrong goes to the problems.

    Attributes
    ----------
    problems
        What is wrong.
    notes
        What a reader should know.
    options
        The names of the options, once they are read.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.options: tuple[str, ...] = ()

    def get(self, path: Path) -> Any:
        """What stands at a path; None if nothing."""
        data = self.document.data
        for part in path:
            if isinstance(data, dict):
                data = data.get(part)
            else:
                data = data[part] if isinstance(data, list) and isinstance(part, int) else None
        return data

    def problem(self, path: Path, what: str, help: str = "", *, at_key: bool = False) -> None:
        """Note what is wrong with an entry."""
        self.problems.append(self.document.problem(path, what, help, at_key=at_key))

    def below(self, path: Path) -> list[Path]:
        """The paths of the items of a list; none where there is no list, which is noted."""
        written = self.get(path)
        if isinstance(written, list):
            return [(*path, index) for index in range(len(written))]
        if written is not None:
            what = f"a list for {path[-1]!r}" if isinstance(path[-1], str) else "a list"
            self.problem(path, f"expected {what}, found {shown(written)}")
        return []

    def name(self, path: Path, kind: str, known: Collection[str]) -> str:
        """The name of an entry with keys, empty where it has none; keys not known are noted."""
        written = self.get(path)
        if not isinstance(written, dict):
            self.problem(path, f"expected {kind}, found {shown(written)}")
            return ""
        name = written.get("name")
        if not isinstance(name, str) or not name.strip():
            self.problem(path, f"{kind} without a name", 'write "name": "…"')
            return ""
        name = " ".join(name.split())
        self.unknown_keys(path, known, name)
        return name

    def unknown_keys(self, path: Path, known: Collection[str], of: str = "the model") -> None:
        """Note the keys of an entry that have no meaning."""
        others = [key for key in self.get(path) if key not in known]
        if others:
            self.notes.append(f"not known, so not read: {some(map(repr, others))} of {of}")

    def truth(self, path: Path) -> bool:
        """Whether it says true."""
        written = self.get(path)
        if written not in (None, "true", "false"):
            self.problem(path, f"expected true or false, found {shown(written)}")
        return bool(written == "true")

    def number(self, path: Path, what: str) -> int | None:
        """A whole number; None where there is none, which is noted."""
        written = self.get(path)
        if isinstance(written, str) and re.fullmatch(r"-?[0-9]{1,100}", written):
            return int(written)
        self.problem(path, f"expected {what}, found {shown(written)}")
        return None

    def position(self, path: Path, noun: str, most: int) -> int | None:
        """The position of an entry in its list; None where it is none, which is noted."""
        number = self.number(path, f"the position of the {noun}")
        if number is None or 0 <= number < most:
            return number
        help = f"the model has {count(most, noun)}, and they are counted from 0"
        self.problem(path, f"there is no {noun} {number}", help)
        return None

    def statements(self, path: Path) -> tuple[Statement, ...]:
        """A list of statements; empty where there is none."""
        return tuple(map(self.statement, self.below(path)))

    def statement(self, path: Path) -> Statement:
        """A pattern, or a compound of patterns."""
        if not isinstance(self.get(path), dict):
            return (self.pattern(path),)
        members = tuple(map(self.pattern, self.below((*path, "members"))))
        if not members:
            help = 'write "members": [pattern, pattern]; any one of them has to hold'
            self.problem(path, "a compound statement without members", help)
        return members

    def pattern(self, path: Path) -> Pattern:
        """Options with yes or no."""
        if self.get(path) == []:
            self.problem(path, "an empty pattern, which holds in every state", "take it out")
        found: dict[int, bool] = {}
        for here in self.below(path):
            pair = self.get(here)
            if not isinstance(pair, list) or len(pair) != 2:
                self.problem(here, f"expected a pair, found {shown(pair)}", PAIRS)
                continue
            if pair[1] not in ("Y", "N"):
                self.problem((*here, 1), f"expected Y or N, found {shown(pair[1])}", PAIRS)
            option = self.position((*here, 0), "option", len(self.options))
            if option in found:
                what = f"the pattern names {self.options[option]!r} twice"
                self.problem(here, what, "take one of them out")
            elif option is not None:
                found[option] = pair[1] == "Y"
        return tuple(found.items())
