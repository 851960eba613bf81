"""Lays a partial case over a case, as read: a second coding, private values, a successor.

Mappings are joined key by key; texts, lists and numbers (also those with ranges) are
replaced whole; an empty entry (``null``) takes the entry out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.case.document import Document
from detente.case.errors import CaseError, EntryError, Path, Problem, nearest, quoted
from detente.case.numbers import parse_number
from detente.case.schema import Change

_OWN = ("detente", "extends", "title", "about")
"""Keys that describe the overlay itself when it is laid over a case by the caller."""


def lay_over(base: Document, overlay: Document, keep_title: bool) -> tuple[Document, list[Change]]:
    """Join two documents.

    Parameters
    ----------
    base, overlay
        What is there, and what is laid over it.
    keep_title
        Keep the base's title and text (an overlay named by the caller); False where the
        overlay is the case itself and merely extends the base.

    Returns
    -------
    tuple
        The joined document, with places from the file that an entry comes from, and the
        changes.

    Raises
    ------
    CaseError
        Where the overlay takes out what is not there.
    """
    skipped = _OWN if keep_title else ("detente", "extends")
    entries = {key: value for key, value in overlay.data.items() if key not in skipped}
    join = _Join(overlay)
    data = join.mappings(base.data, entries, ())
    if join.problems:
        raise CaseError(join.problems)
    layers = (overlay, *(base.layers or (base,)))
    return Document(base.file, data, folder=base.folder, layers=layers), join.changes


class _Join:
    """Joins plain data, noting what changes."""

    def __init__(self, overlay: Document) -> None:
        self.overlay = overlay
        self.changes: list[Change] = []
        self.problems: list[Problem] = []

    def mappings(self, base: Any, over: Any, path: Path) -> Any:
        out = dict(base)
        for key, value in over.items():
            here = (*path, key)
            if key not in out:
                if value is None:
                    self.nothing_there(here, out)
                out[key] = value
                self.note(here, None, brief(value))
            elif value is None:
                self.note(here, brief(out.pop(key)), None)
            elif _joins(out[key], here) and _joins(value, here):
                out[key] = self.mappings(out[key], value, here)
            else:
                if out[key] != value:
                    self.replaced(out[key], value, here)
                out[key] = value
        return out

    def replaced(self, before: Any, after: Any, path: Path) -> None:
        """Note a new value; of a list of entries with ids, only those that differ."""
        earlier, later = _by_id(before), _by_id(after)
        if earlier is None or later is None:
            self.note(path, brief(before), brief(after))
            return
        for id in dict.fromkeys([*earlier, *later]):
            old, new = earlier.get(id, {}), later.get(id, {})
            for key in dict.fromkeys([*old, *new]) if old and new else ():
                was, now = _short(old.get(key)), _short(new.get(key))
                if was != now:
                    told = (None if value is None else brief(value) for value in (was, now))
                    self.note((*path, id, key), *told)
            if not old or not new:
                self.note((*path, id), brief(old) if old else None, brief(new) if new else None)
        if [id for id in earlier if id in later] != [id for id in later if id in earlier]:
            self.note(path, brief(list(earlier)), brief(list(later)))

    def note(self, path: Path, before: str | None, after: str | None) -> None:
        self.changes.append(Change(".".join(map(str, path)), before, after))

    def nothing_there(self, path: Path, base: Mapping[str, Any]) -> None:
        word = str(path[-1])
        close = nearest(word, base)
        what = f"there is no {quoted(word)} to take out"
        what += f"; did you mean {quoted(close)}?" if close else ""
        help = "an empty entry of an overlay takes out the entry below it"
        self.problems.append(self.overlay.problem(path, what, help, at_key=True))


def _by_id(data: Any) -> dict[str, Mapping[str, Any]] | None:
    """Entries of a list by their ids; None where it is no list of entries with ids."""
    if not isinstance(data, list) or not all(isinstance(item, Mapping) for item in data):
        return None
    found = {item["id"]: item for item in data if isinstance(item.get("id"), str)}
    return found if len(found) == len(data) > 0 else None


def _short(entry: Any) -> Any:
    """An entry in its shortest form: one word for a list of one, nothing for an empty one."""
    if isinstance(entry, Mapping):
        inner = {key: _short(value) for key, value in entry.items()}
        return {key: value for key, value in inner.items() if value is not None} or None
    if not isinstance(entry, list):
        return entry
    single = len(entry) == 1 and isinstance(entry[0], str)
    return entry[0] if single else [_short(item) for item in entry] or None


def _joins(data: Any, path: Path) -> bool:
    """Whether an entry is a mapping of names: a table of scores is, a number in parts is not."""
    return isinstance(data, Mapping) and (path[-2:-1] == ("scores",) or not _is_number(data))


def _is_number(data: Any) -> bool:
    try:
        parse_number(data)
    except EntryError:
        return False
    return True


def brief(data: Any, limit: int = 60) -> str:
    """An entry on one line, shortened: for saying what an overlay changed."""
    if isinstance(data, Mapping):
        if _is_number(data):
            numbers = {k: v for k, v in data.items() if k not in ("source", "because")}
            text = ", ".join(f"{key} {value}" for key, value in numbers.items())
        else:
            text = "{" + ", ".join(f"{key}: {brief(v)}" for key, v in data.items()) + "}"
    elif isinstance(data, list):
        text = "[" + ", ".join(brief(item) for item in data) + "]"
    else:
        text = str(data)
    return text if len(text) <= limit else text[: limit - 1] + "…"
