"""From plain data to a typed case, or to every problem that was found, each in its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from detente.case.document import Document
from detente.case.errors import CaseError, EntryError, Finding, Path, Problem, quoted, unknown
from detente.case.references import check, check_words
from detente.case.schema import Case

MAX_PROBLEMS = 100
"""Most problems that are reported at once."""

_NAMING = ("parties", "issues", "packages", "verification", "violations", "guarantees", "sources")
"""Sections whose entries are named elsewhere in a case."""


def validate(document: Document) -> Case:
    """The typed case.

    Raises
    ------
    CaseError
        With the problems of shape (unknown keys, texts where numbers belong) and of words
        (names of nothing) that do not follow from each other, and else with those of
        consistency.
    """
    try:
        case = Case.model_validate(document.data)
    except ValidationError as error:
        entries = error.errors(include_url=False)
        problems = [_problem(document, entry) for entry in entries[:MAX_PROBLEMS]]
        problems += _located(document, _words_of_the_rest(document, entries))
        raise CaseError(_in_order(problems, len(entries) - MAX_PROBLEMS)) from None
    findings = list(islice(check(case), MAX_PROBLEMS + 1))
    if findings:
        problems = _located(document, findings[:MAX_PROBLEMS])
        raise CaseError(_in_order(problems, len(findings) - MAX_PROBLEMS))
    return case


def _located(document: Document, findings: Iterable[Finding]) -> list[Problem]:
    return [
        document.problem(
            finding.path,
            finding.what,
            finding.help,
            at_key=finding.at_key,
            column=finding.column,
            width=finding.width,
        )
        for finding in findings
    ]


def _in_order(problems: Iterable[Problem], more: int) -> list[Problem]:
    """Each problem once, in the order of the files."""
    once = {(problem.place, problem.what): problem for problem in problems}
    ordered = sorted(
        once.values(),
        key=lambda p: (p.place.file, p.place.line, p.place.column) if p.place else ("",),
    )
    if more > 0:
        ordered.append(Problem(f"and there are more; these are the first {MAX_PROBLEMS}"))
    return ordered


def _words_of_the_rest(document: Document, entries: Sequence[ErrorDetails]) -> list[Finding]:
    """Unknown words in what is left when the entries with errors are taken out.

    Empty where one of those entries may name what other entries refer to.
    """
    rest = document.data
    for entry in entries[:MAX_PROBLEMS]:
        path = entry["loc"][:-1] if entry["type"] == "missing" else entry["loc"]
        while path and isinstance(path[-1], int):  # so that the other items keep their places
            path = path[:-1]
        if not path or _may_name(path):
            return []
        rest = _without(rest, path)
    try:
        return list(islice(check_words(Case.model_validate(rest)), MAX_PROBLEMS))
    except ValidationError:
        return []


def _may_name(path: Path) -> bool:
    if len(path) < 2:
        return path[0] in _NAMING or path[0] not in Case.model_fields
    inner = len(path) > 2 and path[2] in ("options", "factions", "commitments", "measures")
    return path[0] in _NAMING and len(path) < (5 if inner else 3)


def _without(data: Any, path: Path) -> Any:
    """A copy of the data without the entry at a path."""
    part, rest = path[0], path[1:]
    if isinstance(data, list) and isinstance(part, int) and part < len(data):
        return [_without(item, rest) if i == part else item for i, item in enumerate(data)]
    if not isinstance(data, dict) or part not in data:
        return data
    if not rest:
        return {key: value for key, value in data.items() if key != part}
    return {**data, part: _without(data[part], rest)}


def _problem(document: Document, entry: ErrorDetails) -> Problem:
    """The problem behind an entry of pydantic's list."""
    path, kind, context = entry["loc"], entry["type"], entry.get("ctx") or {}
    error = context.get("error")
    if isinstance(error, EntryError):
        return document.problem(
            (*path, *error.at),
            error.what,
            error.help,
            at_key=error.at_key,
            column=error.column,
            width=error.width,
        )
    if kind == "extra_forbidden":
        what, help = unknown("key", str(path[-1]), valid_keys(path[:-1]))
        return document.problem(path, what, help, at_key=True)
    if kind == "missing" and isinstance(path[-1], str):
        what, help = f"the key {path[-1]!r} is missing", f"keys: {', '.join(valid_keys(path[:-1]))}"
        return document.problem(path[:-1], what, help, at_key=True)
    return document.problem(path, _plain(kind, entry["msg"], entry.get("input"), context))


_EXPECTED = {
    "string_type": "text",
    "string_unicode": "text",
    "dict_type": "a mapping of names",
    "model_type": "a mapping of keys",
    "model_attributes_type": "a mapping of keys",
    "tuple_type": "a list",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
}


def _plain(kind: str, message: str, found: Any, context: Mapping[str, Any]) -> str:
    """Pydantic's message in the words of a case."""
    if found is None:
        shown = "nothing"
    elif isinstance(found, Mapping):
        shown = "a mapping"
    elif isinstance(found, (list, tuple)):
        shown = f"a list of {len(found)}"
    else:
        shown = quoted(found)
    if kind in _EXPECTED:
        return f"expected {_EXPECTED[kind]}, found {shown}"
    if kind == "literal_error":
        return f"expected {context['expected']}, found {shown}"
    return f"{message[0].lower()}{message[1:]}, found {shown}"


def valid_keys(path: Path) -> list[str]:
    """Keys that the schema knows at a path, in alphabetical order."""
    node: Any = _schema()
    for part in path:
        node = _step(node, part)
    return sorted({key for option in _resolved(node) for key in option.get("properties", {})})


@cache
def _schema() -> dict[str, Any]:
    return Case.model_json_schema()


def _resolved(node: Any) -> list[Any]:
    if "$ref" in node:
        return _resolved(_schema()["$defs"][node["$ref"].rsplit("/", 1)[1]])
    options = node.get("anyOf") or node.get("allOf")
    return [n for option in options for n in _resolved(option)] if options else [node]


def _step(node: Any, part: str | int) -> Any:
    for option in _resolved(node):
        if isinstance(part, int):
            items = option.get("items") or (option.get("prefixItems") or [None])[0]
            if items:
                return items
        elif part in option.get("properties", {}):
            return option["properties"][part]
        elif isinstance(option.get("additionalProperties"), dict):
            return option["additionalProperties"]
    return {}
