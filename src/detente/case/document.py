"""Plain data as read, and where its entries stand in their files."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from detente.case.errors import Path, Place, Problem


@dataclass
class Document:
    """Plain data and the places of its entries.

    Attributes
    ----------
    file
        What messages call it.
    data
        Dictionaries, lists, texts and None.
    keys, values
        Place of each entry's key and of its value, by path; list items have no key.
    note_places
        Fills ``keys`` and ``values``, once a place is asked for.
    lines
        The lines of the file, for finding a word within an entry.
    folder
        What the names of files in it are relative to.
    layers
        The documents that were laid over each other to make this one, topmost first.
    """

    file: str
    data: Any
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    note_places: Callable[[Document], None] | None = None
    lines: list[str] = field(default_factory=list)
    folder: FilePath = FilePath()
    layers: tuple[Document, ...] = ()

    def place(self, path: Path, key: bool = False) -> Place | None:
        """Where an entry stands, or else the nearest enclosing one; None if in no file."""
        layer, inner, complete = self._layer(path)
        return layer._own_place(inner, key or not complete)

    def problem(
        self,
        path: Path,
        what: str,
        help: str = "",
        *,
        at_key: bool = False,
        column: int | None = None,
        width: int = 1,
    ) -> Problem:
        """A problem with an entry, or with a word of its text (``column`` from 0).

        Where the entry stands in no file, the sentence begins with its path.
        """
        layer, inner, complete = self._layer(path)
        if column is not None and complete:
            place = layer._word(inner, column, width)
        else:
            place = layer._own_place(inner, at_key or not complete)
        if place is None and path:
            what = f"{'.'.join(str(part) for part in inner or path)}: {what}"
        return Problem(what, help, place)

    def _layer(self, path: Path) -> tuple[Document, Path, bool]:
        """The topmost of the layers that know most of a path, its own path, and if all."""
        layers = self.layers or (self,)
        known = [(layer, *layer._known(path)) for layer in layers]
        layer, consumed, inner = max(known, key=lambda entry: entry[1])
        return layer, inner, consumed == len(path)

    def _known(self, path: Path) -> tuple[int, Path]:
        """How many parts of a path the data has, and the path to what they lead to.

        Parts that a typed case has beyond the file (the position of a single entry that may
        be written without its list) are skipped.
        """
        here, inner = self.data, list[str | int]()
        for consumed, part in enumerate(path):
            step = _step(here, part)
            if step is not None:
                here = here[step]
                inner.append(step)
            elif isinstance(here, list) or not (isinstance(part, int) or part in _ADDED):
                return consumed, tuple(inner)
        return len(path), tuple(inner)

    def _own_place(self, path: Path, key: bool = False) -> Place | None:
        if self.note_places is not None and not self.values:
            self.note_places(self)
        first, second = (self.keys, self.values) if key else (self.values, self.keys)
        for length in range(len(path), -1, -1):
            found = first.get(path[:length]) or second.get(path[:length])
            if found is not None:
                return found
        return None

    def _word(self, path: Path, column: int, width: int) -> Place | None:
        """The place of a word of an entry's text, which may run over several lines."""
        place, text = self._own_place(path), self.data
        for part in path:
            text = text[part]
        word = str(text)[column : column + width]
        if place is None or not word.strip():
            return place
        bounds = (r"(?<!\w)", r"(?!\w)") if word[0].isalnum() else ("", "")
        pattern = re.compile(bounds[0] + re.escape(word) + bounds[1])
        earlier = len(pattern.findall(str(text)[:column]))
        start = place.column - 1
        for number in range(place.line - 1, len(self.lines)):
            line = self.lines[number]
            for match in pattern.finditer(line, start):
                if not earlier:
                    return Place(self.file, number + 1, match.start() + 1, line, len(word))
                earlier -= 1
            start = 0
        return place


_ADDED = ("", "[key]")
"""Parts of the paths of a typed case that no file has."""


def _step(data: Any, part: str | int) -> str | int | None:
    """The key or position that leads from some data to a part of it, if there is one."""
    if isinstance(data, dict):
        return part if part in data else None
    if isinstance(data, list) and isinstance(part, int):
        return part if part < len(data) else None
    return data.index(part) if isinstance(data, list) and part in data else None
