"""Small cases that many tests share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


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
