"""The JSON Schema: valid, as strict as the reader, and with a text for every key."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

import strategies
from detente.case import Case, CaseError, bundled_cases, load
from detente.case.reading import read_file, read_text
from detente.case.schema import json_schema

SCHEMA = Case.model_json_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
WHOLE = read_file(Path(__file__).parent / "data" / "ceasefire.yaml").data


def core(data: Any) -> Any:
    """What an editor sees: texts that YAML 1.2 reads as numbers and truth values are those."""
    if isinstance(data, dict):
        return {key: core(value) for key, value in data.items()}
    if isinstance(data, list):
        return [core(item) for item in data]
    if data in ("true", "false"):
        return data == "true"
    if isinstance(data, str):
        with contextlib.suppress(ValueError):
            return float(data)
    return data


def mappings(
    node: Any, path: tuple[Any, ...] = ()
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    if isinstance(node, dict):
        yield path, node
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(value, (dict, list)):
            yield from mappings(value, (*path, key))


def test_it_is_a_valid_schema_without_loose_ends() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    for _, node in mappings(SCHEMA):
        if "$ref" in node:
            assert node["$ref"].removeprefix("#/$defs/") in SCHEMA["$defs"]
    assert set(SCHEMA["required"]) == {"parties", "issues"}


def test_every_key_and_every_record_is_described() -> None:
    for name, record in {"Case": SCHEMA, **SCHEMA["$defs"]}.items():
        assert record["additionalProperties"] is False, name
        assert len(record["description"]) > 10, name
        for key, entry in record["properties"].items():
            assert len(entry.get("description", "")) > 8, f"{name}.{key}"


def test_a_case_with_every_section_is_valid() -> None:
    assert list(VALIDATOR.iter_errors(core(WHOLE))) == []


@pytest.mark.parametrize("name", sorted(bundled_cases()))
def test_bundled_cases_are_valid(name: str) -> None:
    data = read_file(bundled_cases()[name]).data
    schema = json_schema(partial="extends" in data)
    assert list(Draft202012Validator(schema).iter_errors(core(data))) == []


def test_the_schema_of_an_overlay_requires_nothing() -> None:
    schema = json_schema(partial=True)
    Draft202012Validator.check_schema(schema)
    overlay = Draft202012Validator(schema)
    for text in (
        "title: A second coding",
        "extends: korea\nissues: {arms: {undo: 4, options: {held: Kept}}}",
        "values: {north: null, south: {scores: {arms: null, aid: {none: 3}}}}",
        "concerns: {north: [{name: One, met: arms == held}]}",
        "parties: {north: {factions: null, walk_away: {low: 1, likely: 2, high: 4}}}",
    ):
        data = core(read_text(text).data)
        assert overlay.is_valid(data)
        assert not VALIDATOR.is_valid(data)
    for text in ("titel: x", "issues: {arms: {undoo: 4}}", "values: {north: {score: {}}}"):
        assert not overlay.is_valid(core(read_text(text).data))


@settings(max_examples=40, deadline=None)
@given(strategies.cases())
def test_what_loads_is_valid(case: dict[str, Any]) -> None:
    load(case)
    assert list(VALIDATOR.iter_errors(core(case))) == []


RECORDS = [
    path
    for path, _ in mappings(WHOLE)
    if path[-1:] not in [("parties",), ("issues",), ("options",), ("status_quo",), ("concerns",)]
    and path[-1:] not in [("values",), ("scores",), ("weights",), ("terms",), ("undo",), ("takes",)]
    and path[-1:] not in [("packages",), ("outcome",), ("measures",), ("sources",), ("detects",)]
    and path[-1:] not in [("violations",), ("guarantees",), ("drivers",)]
    and path[-2:-1] not in [("scores",), ("detects",)]
]


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: ".".join(map(str, path)) or "case")
def test_an_unknown_key_is_refused_at_every_level(path: tuple[Any, ...]) -> None:
    data = copy.deepcopy(WHOLE)
    here = data
    for part in path:
        here = here[part]
    here["naem"] = "x"
    errors = list(VALIDATOR.iter_errors(core(data)))
    assert len(errors) == 1
    assert "naem" in str(errors[0].message) or "naem" in str(errors[0].context)
    with pytest.raises(CaseError, match="unknown key 'naem'"):
        load(data)


@pytest.mark.parametrize(
    "text",
    [
        "issues: {arms: {options: []}}",
        "issues: {arms: {options: [one]}}",
        "issues: {arms: {options: {one: 1}}}",
        "issues: {arms: {options: two}}",
        "issues: {arms: {options: [a, b], withdraw: some}}",
        "issues: {arms: {options: [a, b], undo: soon}}",
        "issues: {arms: {options: [a, b], ordered: perhaps}}",
        "status_quo: {arms: [held]}",
        "rules: {never: x}",
        "agreement: all",
        "agreement: {quorum: 1}",
        "values: {north: {scores: {arms: {held: [1, 2, 3]}}}}",
        "values: {north: {scores: {arms: {held: {low: 1, hihg: 2}}}}}",
        "packages: {draft: {}}",
        "packages: {draft: {outcome: {}, commitments: [{id: c, who: n, status: [{kept: 5}]}]}}",
        "verification: {period: fortnight}",
        "parties: {north: {ratification: most}}",
        "detente: 2",
    ],
)
def test_what_an_editor_should_underline(text: str) -> None:
    minimal = {"parties": {"north": None}, "issues": {"arms": {"options": ["held", "gone"]}}}
    assert list(VALIDATOR.iter_errors(minimal)) == []
    data = core({**minimal, **read_text(text).data})
    assert list(VALIDATOR.iter_errors(data))
    with pytest.raises(CaseError):
        load(data)
