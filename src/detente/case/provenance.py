"""Where the entries of a case come from: which carry a source, and which numbers do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from detente.case.errors import Path
from detente.case.expressions import Expression
from detente.case.fields import Record, WalkAway
from detente.case.numbers import Number
from detente.case.schema import Case


def entries_with_sources(case: Case) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Path and source keys of every entry that names sources."""
    for path, entry in _parts(case):
        source = getattr(entry, "source", ())
        if source:
            yield (*path, "source"), source


def numbers(case: Case) -> Iterator[tuple[Path, Number]]:
    """Path of every number of a case that is a judgement.

    A plain 0 or 100 is none: it names an end of a scale.
    """
    for path, entry in _parts(case):
        if isinstance(entry, Number) and (entry.is_range or entry.point not in (0, 100)):
            yield path, entry


def _parts(case: Case) -> Iterator[tuple[Path, Record | Number]]:
    """Records and numbers of a case, in the order of the file."""
    waiting: list[tuple[Path, Any]] = [((), case)]
    while waiting:
        path, entry = waiting.pop()
        inner: list[tuple[Path, Any]] = []
        if isinstance(entry, Record):
            yield path, entry
            inner = [
                ((*path, key), value)
                for name, key in _fields(type(entry))
                if (value := getattr(entry, name))
                and type(value) not in _PLAIN
                and isinstance(value, _WITH_PARTS)
            ]
        elif isinstance(entry, Number):
            yield path, entry
        elif isinstance(entry, WalkAway):
            inner = [(path, entry.number)]
        elif isinstance(entry, Mapping):
            inner = [((*path, key) if key else path, value) for key, value in entry.items()]
        elif isinstance(entry, tuple):
            inner = [
                ((*path, index), value)
                for index, value in enumerate(entry)
                if type(value) not in _PLAIN
            ]
        waiting += reversed(inner)


@cache
def _fields(kind: type[Record]) -> tuple[tuple[str, str], ...]:
    """The fields of a record, and the keys that stand for them in a case."""
    return tuple((name, entry.alias or name) for name, entry in kind.model_fields.items())


_PLAIN = (str, int, bool, date, Expression)
"""What most values are, and what has no parts: told by their type, which is quick."""
_WITH_PARTS = (Record, Number, WalkAway, Mapping, tuple)
