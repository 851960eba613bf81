"""From plain data to a typed case, or to every problem that was found, each in its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from detente.case.document import Document
from detente.case.errors import (
    MAX_PROBLEMS,
    CaseError,
    EntryError,
    Finding,
    Path,
    Problem,
    and_more,
    nearest,
    shown,
    unknown,
)
from detente.case.references import check, check_words
from detente.case.schema import Case

Entry = TypeVar("Entry", bound=BaseModel)

MAX_ROUNDS = 5
"""How often entries with errors are taken out to look at the words of the rest."""

_NAMING = ("parties", "issues", "packages", "violations", "guarantees", "sources")
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
        case = _typed(document.data)
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


def validate_entry(record: type[Entry], document: Document, path: Path) -> Entry:
    """One entry of a document, typed; whether its words name anything is not looked at.

    Raises
    ------
    CaseError
        With the problems of its shape, each in its place.
    """
    data = document.data
    for part in path:
        data = data[part]
    try:
        return record.model_validate(data)
    except ValidationError as error:
        problems = []
        for entry in error.errors(include_url=False):
            located = {**entry, "loc": (*path, *entry["loc"])}
            problems.append(_problem(document, cast(ErrorDetails, located)))
        raise CaseError(problems) from None


def _typed(data: Any) -> Case:
    """The case, told beforehand which words are options: 'low' may be one of them."""
    issues = data.get("issues")
    options = {}
    for name, issue in issues.items() if isinstance(issues, dict) else ():
        words = issue.get("options") if isinstance(issue, dict) else None
        if isinstance(words, (list, dict)):
            options[name] = {word for word in words if isinstance(word, str)}
    return Case.model_validate(data, context=options)


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
        ordered.append(and_more())
    return ordered


def _words_of_the_rest(document: Document, entries: Sequence[ErrorDetails]) -> list[Finding]:
    """Unknown words in what is left when the entries with errors are taken out.

    Empty where one of those entries may name what other entries refer to.
    """
    rest, gone = document.data, list[Path]()
    for _ in range(MAX_ROUNDS):
        for entry in entries[:MAX_PROBLEMS]:
            path = _dispensable(entry)
            if not path or _may_name(path):
                return []
            rest = _without(rest, path)
            gone.append(path)
        try:
            findings = list(islice(check_words(_typed(rest)), MAX_PROBLEMS))
        except ValidationError as error:
            entries = error.errors(include_url=False)
            continue
        return [f for f in findings if not any(path[: len(f.path)] == f.path for path in gone)]
    return []


def _dispensable(entry: ErrorDetails) -> Path:
    """What to take out so that an error is gone and the rest keeps its meaning and places."""
    path = entry["loc"][:-1] if entry["type"] == "missing" else entry["loc"]
    if "weights" in path:  # each issue needs one, so that none can go alone
        path = path[: path.index("weights") + 1]
    while path and isinstance(path[-1], int):
        path = path[:-1]
    return path


def _may_name(path: Path) -> bool:
    """Whether an entry is, or holds, something that other entries refer to by name."""
    if path[0] == "verification":
        return path[1:2] in ((), ("measures",)) and len(path) < 4
    if path[0] not in _NAMING:
        return path[0] not in Case.model_fields
    inner = len(path) > 2 and path[2] in ("options", "factions", "commitments")
    return len(path) < (5 if inner else 3)


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
    found = entry.get("input")
    help = "write it after the colon, or take the line out" if found is None else ""
    return document.problem(path, _plain(kind, entry["msg"], found, context), help)


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
    if kind in _EXPECTED:
        return f"expected {_EXPECTED[kind]}, found {shown(found)}"
    if kind == "literal_error":
        expected = context["expected"]
        close = nearest(str(found), re.findall("'([^']*)'", expected))
        hint = f"; did you mean {close!r}?" if close else ""
        return f"expected {expected}, found {shown(found)}{hint}"
    if kind in ("too_long", "missing"):  # the only tuples of fixed length are pairs
        return "expected a pair: a list of two words"
    return f"{message[0].lower()}{message[1:]}, found {shown(found)}"


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
