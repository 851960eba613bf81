"""Imports point one way: case ← model ← questions ← views ← command."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import detente

ROOT = Path(detente.__file__).parent
QUESTIONS = (
    *("agreement", "commitments", "leverage", "sequencing", "stability", "uncertainty"),
    "verification",
)
ORDER = {**dict.fromkeys(QUESTIONS, 2), "case": 0, "model": 1, "views": 3, "command": 4}
MODULES = sorted(path for path in ROOT.rglob("*.py") if path.parent != ROOT)


def imported(path: Path) -> Iterator[str]:
    """Layers of detente that a module imports, anywhere in it (typing included)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "detente" and len(parts) > 1:
                yield parts[1]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_never_point_up(path: Path) -> None:
    own = ORDER[path.relative_to(ROOT).parts[0]]
    for layer in imported(path):
        assert ORDER[layer] <= own, f"{path.name} imports {layer}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            length = (node.end_lineno or 0) - (body[0].lineno if body else node.lineno)
            assert length <= 60, f"{node.name} has {length} lines"


def test_nothing_is_printed_below_the_views() -> None:
    for path in MODULES:
        if path.relative_to(ROOT).parts[0] in ("case", "model", "agreement", "commitments"):
            calls = [
                node.func.id
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            ]
            assert "print" not in calls, path
