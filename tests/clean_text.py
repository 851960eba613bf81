"""A text with every section and no fault, and edits that plant some."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

import detente

Edit = Callable[[dict[str, Any]], Any]
TEXT = Path(__file__).parent / "data" / "treaty_text.yaml"
ISSUES = ("troops", "arms", "embargo", "treaty", "access", "border", "posts", "alliance")


def written(*edits: Edit) -> dict[str, Any]:
    """The case whose text is clean, as a mapping, with edits applied."""
    case: dict[str, Any] = yaml.load(TEXT.read_text(encoding="utf-8"), yaml.BaseLoader)
    for edit in edits:
        edit(case)
    return case


def drafted(*edits: Edit, **options: Any) -> detente.DraftResult:
    return detente.draft(detente.load(written(*edits)), **options)


def clause(id: str, /, **fields: Any) -> Edit:
    """Change fields of a clause; None takes one out."""

    def edit(case: dict[str, Any]) -> None:
        entries = case["packages"]["text"]["commitments"]
        (entry,) = [entry for entry in entries if entry["id"] == id]
        entry.update(fields)
        for field in [field for field, value in fields.items() if value is None]:
            del entry[field]

    return edit


def package(**fields: Any) -> Edit:
    return lambda case: case["packages"]["text"].update(fields)


def settled(**outcome: str) -> Edit:
    return lambda case: case["packages"]["text"]["outcome"].update(outcome)


def added(**fields: Any) -> Edit:
    """One more clause, without a fault of its own."""
    plain = {"checked_by": "monitors", "if_not": "Talks.", "by": 9}
    return lambda case: case["packages"]["text"]["commitments"].append({**plain, **fields})


def issue(name: str, **fields: Any) -> Edit:
    return lambda case: case["issues"][name].update(fields)


def triples(result: detente.DraftResult) -> list[tuple[str, str, str]]:
    return [(found.id, found.kind, found.what) for found in result.findings]


EVERYTHING: tuple[Edit, ...] = (
    settled(arms="destroyed"),
    issue("access", takes={"declared": 3}),
    package(before=[["border", "access"]]),
    clause("c2", does="arms == destroyed", terms={"arms": "open"}),
    clause("c3", checked_by="patrols"),
    clause("c4", who="north", does="embargo == lifted", brackets={"south": "should"}),
    clause("c5", by=5, if_not=None),
    clause("c6", after="c7"),
    clause("c7", after="c6", by=8),
    clause("c8", who="north", by=None),
    clause("c9", checked_by=None),
    added(id="d1", who="north", text="More.", by=None, after="c1"),
    added(id="d2", who="south", text="More.", by=2, after="c1"),
    added(id="d3", who="south", to="north", does="embargo == partial"),
    added(id="d4", who="north", text="More.", after="d4"),
    added(id="d5", who="south", does="troops >= thinned", checked_by="inspectors"),
)
