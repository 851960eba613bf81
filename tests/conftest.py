"""Small cases that many tests share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from briefs import Shared, shared_folder
from detente.case import CaseError, Problem, load

# A gate must give the same verdict twice; a developer's machine goes on looking.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

Refused = Callable[..., tuple[Problem, ...]]


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Shared:
    """Contexts and briefs that are made once a run."""
    return Shared(shared_folder(tmp_path_factory))


@pytest.fixture
def ceasefire() -> Path:
    """A file with every section of the format: the example of its description."""
    return Path(__file__).parent / "data" / "ceasefire.yaml"


@pytest.fixture
def table() -> dict[str, Any]:
    """A minimal case with values as a dictionary, to be changed by a test."""
    return {
        "detente": 1,
        "title": "Two issues",
        "parties": {"north": {}, "south": {}},
        "issues": {
            "arms": {"options": ["held", "cantoned", "destroyed"]},
            "embargo": {"options": ["full", "lifted"]},
        },
        "status_quo": {"arms": "held", "embargo": "full"},
        "values": {
            "north": {
                "scores": {
                    "arms": {"held": 50, "cantoned": 30, "destroyed": 0},
                    "embargo": {"full": 0, "lifted": 40},
                }
            },
            "south": {
                "scores": {
                    "arms": {"held": 0, "cantoned": 30, "destroyed": 50},
                    "embargo": {"full": 10, "lifted": 0},
                }
            },
        },
    }


@pytest.fixture
def refused(ceasefire: Path, tmp_path: Path) -> Refused:
    """Replace parts of the case with every section, and return the problems."""

    def problems(*replaced: tuple[str, str], text: str | bytes | None = None) -> tuple[Any, ...]:
        written = ceasefire.read_text() if text is None else text
        for old, new in replaced:
            assert isinstance(written, str)
            assert written.count(old) == 1, old
            written = written.replace(old, new)
        file = tmp_path / "case.yaml"
        file.write_bytes(written if isinstance(written, bytes) else written.encode())
        with pytest.raises(CaseError) as caught:
            load(file)
        assert caught.value.problems
        for problem in caught.value.problems:
            if problem.place is not None and problem.place.text:
                lines = file.read_text().splitlines()
                assert problem.place.text == lines[problem.place.line - 1]
        return caught.value.problems

    return problems
