"""The reference of the case file: its examples load, and no key is missing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from detente.case import Case, load
from detente.case.reading import read_text

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "case_file.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n# ceasefire\.yaml(?:, continued)?\n(.*?)^```$", TEXT, re.M | re.S)
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", TEXT, re.M | re.S))


def test_every_example_loads_on_top_of_those_before_it() -> None:
    data: dict[str, Any] = {}
    assert len(BLOCKS) > 15
    for block in BLOCKS:
        data |= read_text(block).data
        load(data)
    assert set(data) >= set(Case.model_fields) - {"about"}


SCHEMA = Case.model_json_schema()


@pytest.mark.parametrize("name", [*SCHEMA["$defs"], "Case"])
def test_every_key_is_described(name: str) -> None:
    record = SCHEMA if name == "Case" else SCHEMA["$defs"][name]
    for key in record["properties"]:
        if key not in ("about", "because", "source") or name == "Case":
            assert re.search(rf"`{key}`|`\{{[^`]*\b{key}: |^## {key}$", TEXT, re.M), key


def test_every_section_of_a_case_has_its_own() -> None:
    head = {"detente", "title", "as_of", "handling", "about"}
    assert set(Case.model_fields) - head <= set(SECTIONS)
    for title in set(Case.model_fields) - head - {"status_quo", "sources"}:
        assert "```yaml" in SECTIONS[title], title
        assert "Refused: " in SECTIONS[title] or title in ("violations", "guarantees"), title
