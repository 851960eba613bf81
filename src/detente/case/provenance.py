"""Where the entries of a case come from: which carry a source, and which numbers do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from detente.case.errors import Path
from detente.case.fields import WalkAway
from detente.case.numbers import Number
from detente.case.schema import Case


def entries_with_sources(case: Case) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Path and source keys of every entry that names sources."""
    for path, entry in _walk(case, ()):
        source = getattr(entry, "source", ())
        if source:
            yield (*path, "source"), source


def numbers(case: Case) -> Iterator[tuple[Path, Number]]:
    """Path of every number of a case that is a judgement."""
    for path, entry in _walk(case, ()):
        if isinstance(entry, Number):
            yield path, entry


def _walk(entry: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    yield path, entry
    if isinstance(entry, BaseModel):
        for name, field in type(entry).model_fields.items():
            yield from _walk(getattr(entry, name), (*path, field.alias or name))
    elif isinstance(entry, WalkAway):
        if entry.number is not None:
            yield from _walk(entry.number, path)
    elif isinstance(entry, Mapping):
        for key, value in entry.items():
            yield from _walk(value, (*path, key) if key else path)
    elif isinstance(entry, tuple):
        for index, value in enumerate(entry):
            yield from _walk(value, (*path, index))
