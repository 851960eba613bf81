"""The jobs as detente does them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from stopwatch import Plain, digest, serve

import detente
from detente.agreement import SOLUTIONS, Limits, TooLarge, efficient
from detente.agreement.bound import bound
from detente.agreement.eliminate import eliminate
from detente.agreement.engines import search
from detente.agreement.enumerate import survey
from detente.model.compilation import compile_case
from detente.model.problem import Problem

Prepared = tuple[Callable[[], Any], Callable[[Any], Plain]]


def written(domain: Plain) -> Plain:
    """The case file that a person would have written, as a mapping."""
    issues = [f"issue {number}" for number in range(len(domain["sizes"]))]
    options = [[f"option {number}" for number in range(size)] for size in domain["sizes"]]
    names = [f"party {number}" for number in range(len(domain["scores"]))]
    keys = [name.replace(" ", "_") for name in names]
    places = [name.replace(" ", "_") for name in issues]
    words = [[name.replace(" ", "_") for name in row] for row in options]
    return {
        "detente": 1,
        "title": "Random",
        "parties": {
            key: {"walk_away": least} for key, least in zip(keys, domain["walk_away"], strict=True)
        },
        "issues": {
            place: {"options": row} for place, row in zip(places, words, strict=True)
        },
        "rules": [
            {"never": f"{places[i]} == {words[i][a]} and {places[j]} == {words[j][b]}"}
            for (i, a), (j, b) in domain["forbidden"]
        ],
        "values": {
            key: {
                "scores": {
                    place: dict(zip(row, table, strict=True))
                    for place, row, table in zip(places, words, tables, strict=True)
                }
            }
            for key, tables in zip(keys, domain["scores"], strict=True)
        },
    }
