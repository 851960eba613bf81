"""Lays a partial case over a case, as read: a second coding, private values, a successor.

Mappings are joined key by key; texts, lists and numbers (also those with ranges) are
replaced whole; an empty entry (``null``) takes the entry out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.case.numbers import NUMBER_KEYS
from detente.case.reading import Document
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
    """
    skipped = _OWN if keep_title else ("detente", "extends")
    changes: list[Change] = []
    entries = {key: value for key, value in overlay.data.items() if key not in skipped}
    data = _join(base.data, entries, "", changes)
    joined = Document(
        base.file, data, {**base.keys, **overlay.keys}, {**base.values, **overlay.values}
    )
    joined.values[()] = base.values[()]
    return joined, changes


def _join(base: Any, over: Any, path: str, changes: list[Change]) -> Any:
    mappings = isinstance(base, Mapping) and isinstance(over, Mapping)
    if not mappings or _is_number(base) or _is_number(over):
        if base != over:
            changes.append(Change(path, brief(base), brief(over)))
        return over
    out = dict(base)
    for key, value in over.items():
        where = f"{path}.{key}" if path else str(key)
        if value is None:
            if key in out:
                changes.append(Change(where, brief(out.pop(key)), None))
        elif key in out:
            out[key] = _join(out[key], value, where, changes)
        else:
            out[key] = value
            changes.append(Change(where, None, brief(value)))
    return out


def _is_number(data: Any) -> bool:
    stated = NUMBER_KEYS - {"source", "because"}
    return isinstance(data, Mapping) and bool(stated & set(data)) and set(data) <= NUMBER_KEYS


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
