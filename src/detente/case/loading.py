"""Loads a case: read, lay overlays over it, validate, check its words; or one error.

All independent problems of a case are reported together, each with its place.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from detente.case.errors import CaseError, Finding, Place, Problem, nearest, unknown
from detente.case.overlay import lay_over
from detente.case.reading import Document, read_file
from detente.case.references import check
from detente.case.schema import Case, Change, Overlay

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
    if not isinstance(document.data, dict):
        raise CaseError(Problem(f"{document.file} holds no case: a case is a mapping of keys"))
    result = _validate(document)
    findings = list(check(result))
    if findings:
        raise CaseError(_located(document, findings))
    result._file = document.file
    result._overlays = tuple(applied)
    return result


@cache
def bundled_cases() -> Mapping[str, FilePath]:
    """Name and file of every bundled case."""
    folder = FilePath(str(resources.files("detente") / "cases"))
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def _open(case: CaseLike, kind: str, relative_to: FilePath | None = None) -> Document:
    if isinstance(case, Mapping):
        document = Document(kind, _as_written(case))
        document.values[()] = Place(kind, 1, 1)
        return document
    text = os.fspath(case)
    for folder in (relative_to, None):
        path = (folder / text) if folder else FilePath(text)
        if path.exists():
            document = read_file(path)
            break
    else:
        bundled = bundled_cases()
        if text not in bundled:
            raise CaseError(_not_found(text, kind, list(bundled)))
        document = read_file(bundled[text], text)
    if not isinstance(document.data, dict):
        raise CaseError(
            Problem(
                f"{document.file} holds no case: a case is a mapping of keys such as "
                "'parties:' and 'issues:'",
                "'detente new NAME' writes one to start from",
                document.place(()),
            )
        )
    return document


def _not_found(text: str, kind: str, bundled: list[str]) -> Problem:
    path = FilePath(text)
    words = bundled
    if path.parent.is_dir() and len(text) < 500:
        words = [*bundled, *(str(p) for p in sorted(path.parent.glob("*.y*ml"))[:200])]
    close = nearest(text, words)
    hint = f"; did you mean {close!r}?" if close else ""
    return Problem(
        f"there is no file and no bundled case {text!r}{hint}",
        f"bundled cases: {', '.join(bundled)}" if kind == "case" else "an overlay is a case file",
    )


def _as_written(data: Any) -> Any:
    """Plain Python data in the form that a file would give: keys and scalars as text."""
    if isinstance(data, Mapping):
        return {str(key): _as_written(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_as_written(item) for item in data]
    if isinstance(data, bool):
        return "true" if data else "false"
    if data is None or isinstance(data, str):
        return data
    return repr(data) if isinstance(data, float) else str(data)


def _with_base(document: Document, seen: tuple[str, ...]) -> tuple[Document, list[Overlay]]:
    """Follow ``extends`` down to the case at the bottom."""
    parent = document.data.get("extends")
    if parent is None:
        return document, []
    place = document.place(("extends",))
    if not isinstance(parent, str):
        raise CaseError(Problem("'extends' names one file or bundled case", "", place))
    if document.file in seen:
        chain = " → ".join([*seen[seen.index(document.file) :], document.file])
        raise CaseError(Problem(f"a case extends itself: {chain}", "take out one 'extends'", place))
    folder = FilePath(document.file).parent
    try:
        base_document = _open(parent, "case", folder)
    except CaseError as error:
        first = error.problems[0]
        if first.place is None:
            raise CaseError(Problem(f"extends: {first.what}", first.help, place)) from None
        raise
    base, applied = _with_base(base_document, (*seen, document.file))
    joined, changes = lay_over(base, document, keep_title=False)
    joined.file = document.file
    return joined, [*applied, _describe(document, changes)]


def _describe(document: Document, changes: Iterable[Change]) -> Overlay:
    title = document.data.get("title")
    return Overlay(document.file, None if title is None else str(title), tuple(changes))


def _validate(document: Document) -> Case:
    data = {key: value for key, value in document.data.items() if key != "extends"}
    try:
        return Case.model_validate(data)
    except ValidationError as error:
        found: dict[tuple[Place | None, str], Problem] = {}
        for entry in error.errors(include_url=False, include_input=True):
            problem = _problem(document, entry)
            found.setdefault((problem.place, problem.what), problem)
        raise CaseError(_in_order(found.values())) from None


def _located(document: Document, findings: Iterable[Finding]) -> list[Problem]:
    out = []
    for finding in findings:
        place = document.place(finding.path, key=finding.at_key)
        if finding.column is not None:
            place = _shifted(place, finding.column, finding.width)
        out.append(Problem(finding.what, finding.help, place))
    return _in_order(out)


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(
        problems, key=lambda p: (p.place.file, p.place.line, p.place.column) if p.place else ("",)
    )


def _shifted(place: Place | None, column: int, width: int) -> Place | None:
    """The place of a word inside a text, where the text stands on one line."""
    if place is None:
        return None
    opened = place.text[place.column - 1 : place.column] in ("'", '"')
    start = place.column + column + (1 if opened else 0)
    if start + width - 1 > place.column + place.width:
        return place
    return Place(place.file, place.line, start, place.text, width)


def _problem(document: Document, entry: ErrorDetails) -> Problem:
    path = tuple(part for part in entry["loc"] if part != "[key]")
    kind, context = entry["type"], entry.get("ctx") or {}
    if kind == "extra_forbidden":
        what, help = unknown("key", str(path[-1]), _valid_keys(path[:-1]))
        return Problem(what, help, document.place(path, key=True))
    if kind == "missing":
        owner = path[-2] if len(path) > 1 else "the case"
        place = document.place(path[:-1], key=True) if len(path) > 1 else None
        return Problem(f"the key {str(path[-1])!r} is missing in {owner}", "", place)
    place = document.place(path)
    if kind == "detente":
        column = context.get("column")
        located = place if column is None else _shifted(place, column, context["width"])
        return Problem(context["what"], context["help"], located)
    return Problem(_plain(kind, entry), "", place)


def _plain(kind: str, entry: ErrorDetails) -> str:
    found = entry.get("input")
    shown = (
        "nothing"
        if found is None
        else "a mapping"
        if isinstance(found, Mapping)
        else "a list"
        if isinstance(found, (list, tuple))
        else repr(found)
    )
    expected = {
        "string_type": "text",
        "dict_type": "a mapping of names",
        "model_type": "a mapping of keys",
        "model_attributes_type": "a mapping of keys",
        "tuple_type": "a list",
        "bool_parsing": "true or false",
        "bool_type": "true or false",
        "int_parsing": "a whole number",
        "int_type": "a whole number",
        "date_from_datetime_parsing": "a date such as 2026-11-01",
        "date_parsing": "a date such as 2026-11-01",
        "date_type": "a date such as 2026-11-01",
    }.get(kind)
    if expected:
        return f"expected {expected}, found {shown}"
    if kind == "literal_error":
        valid = str((entry.get("ctx") or {}).get("expected", ""))
        return f"expected {valid}, found {shown}"
    message = entry["msg"]
    return f"{message[0].lower()}{message[1:]}, found {shown}"


def _valid_keys(path: Sequence[str | int]) -> list[str]:
    """Keys that the schema knows at a path."""
    schema = Case.model_json_schema()
    node: Any = schema
    for part in path:
        node = _step(schema, node, part)
    found = _resolved(schema, node)
    return sorted(key for option in found for key in option.get("properties", {}))


def _resolved(schema: Any, node: Any) -> list[Any]:
    if "$ref" in node:
        return _resolved(schema, schema["$defs"][node["$ref"].rsplit("/", 1)[1]])
    options = node.get("anyOf") or node.get("allOf")
    return [n for option in options for n in _resolved(schema, option)] if options else [node]


def _step(schema: Any, node: Any, part: str | int) -> Any:
    for option in _resolved(schema, node):
        if isinstance(part, int):
            items = option.get("items") or (option.get("prefixItems") or [None])[0]
            if items:
                return items
        elif part in option.get("properties", {}):
            return option["properties"][part]
        elif isinstance(option.get("additionalProperties"), dict):
            return option["additionalProperties"]
    return {}
