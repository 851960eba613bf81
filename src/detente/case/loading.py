"""Loads a case: read, lay overlays over it, validate, check its words; or one error.

All independent problems of a case are reported together, each with its place.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from functools import cache
from numbers import Number as PlainNumber
from pathlib import Path as FilePath
from typing import Any

from detente.case.document import Document
from detente.case.errors import CaseError, Problem, nearest, quoted
from detente.case.overlay import lay_over
from detente.case.reading import MAX_DEPTH, read_file
from detente.case.schema import Case, Change, Overlay
from detente.case.validation import validate

MAX_BASES = 50
"""Longest chain of cases that extend each other."""

CaseLike = str | os.PathLike[str] | Mapping[str, Any]


def load(case: CaseLike, overlays: Sequence[CaseLike] = ()) -> Case:
    """Load a case from a file, by the name of a bundled case, or from a mapping.

    Parameters
    ----------
    case
        Path of a YAML or JSON file, the name of a bundled case (see
        :func:`bundled_cases`), or the same content as a mapping.
    overlays
        Partial cases that are laid over it, in order.

    Raises
    ------
    CaseError
        With every independent problem: file, line, column, what is wrong, the nearest
        valid word and what to do.
    """
    document, applied = _with_base(_open(case, "case"), ())
    for overlay in overlays:
        over = _open(overlay, "overlay")
        document, changes = lay_over(document, over, keep_title=True)
        applied = [*applied, _describe(over, changes)]
    if not isinstance(case, Mapping):
        document.data.setdefault("title", FilePath(document.file).stem.replace("_", " "))
    return load_document(document, applied)


def overlaid(case: Case, overlay: CaseLike) -> Case:
    """A loaded case with one more partial case laid over it.

    Raises
    ------
    CaseError
        As :func:`load`; or where the case was not loaded.
    """
    if case._document is None:
        raise CaseError("an overlay is laid over a case that was loaded from a file or a mapping")
    over = _open(overlay, "overlay")
    document, changes = lay_over(deepcopy(case._document), over, keep_title=True)
    return load_document(document, [*case.overlays, _describe(over, changes)])


def load_document(document: Document, applied: Sequence[Overlay] = ()) -> Case:
    """The case in a document that was read, with its words checked.

    Parameters
    ----------
    document
        Plain data with places: from a file, or from a reader of a foreign format.
    applied
        The overlays that are already in it.

    Raises
    ------
    CaseError
        As :func:`load`.
    """
    document.data.pop("extends", None)
    result = validate(document)
    result._document = document
    result._overlays = tuple(applied)
    return result


@cache
def bundled_cases() -> Mapping[str, FilePath]:
    """Name and file of every bundled case."""
    folder = FilePath(__file__).parents[1] / "cases"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def _open(case: CaseLike, kind: str, folder: FilePath | None = None) -> Document:
    """Read a file (one in the folder goes first), a bundled case or a mapping."""
    if isinstance(case, Mapping):
        return Document(kind, _as_written(case))
    text = os.fspath(case)
    bundled = bundled_cases()
    beside = (FilePath(os.path.normpath(folder / text)),) if folder else ()
    for path in (*beside, FilePath(text)):
        if _is_there(path) and not (text in bundled and path.is_dir()):
            document = read_file(path)
            break
    else:
        if text not in bundled:
            raise CaseError(_not_found(text, kind, folder or FilePath()))
        document = read_file(bundled[text], text)
    if not isinstance(document.data, dict):
        what = "this is no case: a case is a mapping of keys such as 'parties:' and 'issues:'"
        raise CaseError(document.problem((), what, "'detente new NAME' writes one to start from"))
    return document


def _is_there(path: FilePath) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # no permission, a name that is too long or has a null byte
        return False


def _not_found(text: str, kind: str, folder: FilePath) -> Problem:
    bundled = list(bundled_cases())
    near = (folder / text).parent
    words = list(bundled)
    if _is_there(near) and near.is_dir():
        found = (path for suffix in ("yaml", "yml", "json") for path in near.glob(f"*.{suffix}"))
        inside = not FilePath(text).is_absolute()
        words += [str(path.relative_to(folder) if inside else path) for path in sorted(found)]
    close = nearest(text, words)
    hint = f"; did you mean {close!r}?" if close else ""
    if kind == "case":
        help = f"bundled cases: {', '.join(bundled)}" if bundled else "a case is a YAML file"
        return Problem(f"there is no file and no bundled case {quoted(text, 300)}{hint}", help)
    return Problem(
        f"there is no file {quoted(text, 300)}{hint}",
        "an overlay is a case file with only what it changes",
    )


def _as_written(data: Any, depth: int = 0) -> Any:
    """Plain Python data in the form that a file would give: keys and scalars as text."""
    if depth > MAX_DEPTH:
        raise CaseError(f"nested more than {MAX_DEPTH} deep, or containing itself")
    if isinstance(data, Mapping):
        named = {str(key): _as_written(value, depth + 1) for key, value in data.items()}
        if len(named) < len(data):
            raise CaseError(f"two keys of a mapping are the same word: {', '.join(named)}")
        return named
    if isinstance(data, (list, tuple)):
        return [_as_written(item, depth + 1) for item in data]
    if isinstance(data, bool):
        return "true" if data else "false"
    return str(data) if isinstance(data, (PlainNumber, date)) else data


def _with_base(document: Document, seen: tuple[FilePath, ...]) -> tuple[Document, list[Overlay]]:
    """Follow ``extends`` down to the case at the bottom."""
    parent = document.data.get("extends")
    if parent is None:
        return document, []
    if not isinstance(parent, str):
        raise CaseError(document.problem(("extends",), "'extends' names one file or bundled case"))
    here = (document.folder / FilePath(document.file).name).resolve()
    if here in seen:
        chain = " → ".join(path.name for path in (*seen[seen.index(here) :], here))
        what = f"a case extends itself: {chain}"
        raise CaseError(document.problem(("extends",), what, "take out one 'extends'"))
    if len(seen) > MAX_BASES:
        what = f"more than {MAX_BASES} cases extend each other in a row"
        raise CaseError(document.problem(("extends",), what, "join some of them"))
    try:
        base_document = _open(parent, "case", document.folder)
    except CaseError as error:
        first = error.problems[0]
        if first.place is None:
            raise CaseError(document.problem(("extends",), first.what, first.help)) from None
        raise
    base, applied = _with_base(base_document, (*seen, here))
    joined, changes = lay_over(base, document, keep_title=False)
    joined.file, joined.folder = document.file, document.folder
    return joined, [*applied, _describe(document, changes)]


def _describe(document: Document, changes: Sequence[Change]) -> Overlay:
    title = document.data.get("title")
    return Overlay(document.file, None if title is None else str(title), tuple(changes))
