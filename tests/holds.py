"""Answers to ``hold`` for the tests of the views: of small cases, and put together by hand.

By hand are those whose words matter but which a small case brings about only with luck.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import detente
from detente.stability.answer import (
    CONCEPTS,
    Concept,
    Node,
    Prospect,
    Reason,
    Step,
    Surroundings,
    Verdicts,
)
from detente.stability.hold import hold
from detente.stability.hold_result import HoldResult
from test_terminal_commitments import flat, lines_of

TRUCE: dict[str, Any] = {
    "detente": 1,
    "title": "A pause in testing",
    "parties": {
        "north": {"name": "The North"},
        "south": {"name": "The South"},
        "patron": {"name": "The Patron", "signs": False},
    },
    "issues": {
        "tests": {
            "name": "Missile tests",
            "options": {"on": "Resumed", "off": "Suspended"},
            "control": "north",
        },
        "embargo": {
            "name": "The embargo",
            "options": {"full": "In force", "lifted": "Lifted"},
            "control": "south",
        },
        "aid": {"name": "Aid", "options": {"none": "None", "food": "Food"}, "control": "patron"},
    },
    "status_quo": {"tests": "on", "embargo": "full", "aid": "none"},
    "values": {
        "north": {
            "scores": {
                "tests": {"on": 12, "off": 0},
                "embargo": {"full": 0, "lifted": "15.1"},
                "aid": {"none": 0, "food": 4},
            }
        },
        "south": {"scores": {"tests": {"on": 0, "off": 20}, "embargo": {"full": 5, "lifted": 0}}},
        "patron": {"scores": {"tests": {"on": 0, "off": 3}, "aid": {"none": 1, "food": 0}}},
    },
    "packages": {
        "pause": {"name": "A pause", "outcome": {"tests": "off", "embargo": "lifted"}},
        "fed": {
            "name": "A pause with aid",
            "outcome": {"tests": "off", "embargo": "lifted", "aid": "food"},
        },
    },
}
"""Who tests gains 12 points and loses 15.1 once the embargo is back, by which the South gains 5."""


def truce(**scores: dict[str, Any]) -> detente.Case:
    """The case with some scores of parties changed: ``south={"embargo": {...}}``."""
    written = copy.deepcopy(TRUCE)
    for party, changed in scores.items():
        written["values"][party]["scores"].update(changed)
    return detente.load(written)


def without(case: dict[str, Any], *parties: str) -> detente.Case:
    """The case without the values of some parties."""
    written = copy.deepcopy(case)
    for party in parties:
        del written["values"][party]
    return detente.load(written)


def ordered(*parties: str) -> detente.Case:
    """The case with an order instead of scores for some parties, who like the same as before."""
    written = copy.deepcopy(TRUCE)
    orders = {
        "north": ["embargo == lifted", "tests == on", "aid == food"],
        "south": ["tests == off", "embargo == full"],
        "patron": ["tests == off", "aid == none"],
    }
    for party in parties:
        written["values"][party] = {"priorities": orders[party]}
    return detente.load(written)


def told(case: detente.Case, outcome: str | None = "pause", **options: Any) -> str:
    """All that a terminal says, as one line."""
    return flat(lines_of(hold(case, outcome, **options)))


def by_hand(prospect: Prospect, case: detente.Case | None = None, **fields: Any) -> HoldResult:
    """An answer about one outcome."""
    return replace(hold(case or truce(), "pause"), prospects=(prospect,), **fields)


def verdicts(**marks: Sequence[bool | None]) -> Verdicts:
    """The five verdicts of each party, in the order of the concepts."""
    return {
        concept: {party: found[place] for party, found in marks.items()}
        for place, concept in enumerate(CONCEPTS)
    }


def prospect(stable: Verdicts, *reasons: Reason, **fields: Any) -> Prospect:
    """The pause, with given verdicts and reasons."""
    outcome = truce().complete(TRUCE["packages"]["pause"]["outcome"])
    around = Surroundings((Node(outcome, ()),), ())
    return Prospect("pause", outcome, stable, reasons, {}, around, **fields)


STAYS = [True] * 5
LEAVES = [False] * 5
CREDIBLY = [False, True, True, True, True]
AT_COST = [False, True, True, False, False]
UNKNOWN = [None] * 5
"""The five verdicts on a party, in the order of the concepts."""

PAUSE = {"tests": "off", "embargo": "lifted", "aid": "none"}
TESTING = {**PAUSE, "tests": "on"}
HELPED = {**PAUSE, "aid": "food"}


def step(party: str, to: dict[str, str], gain: float | None, improves: bool | None) -> Step:
    """A move of one party (or several, joined by ``+``, that all gain the same)."""
    parties = tuple(party.split("+"))
    return Step(parties, to, dict.fromkeys(parties, gain), improves)


def reasons(
    party: str,
    move: Step,
    sanction: tuple[Step, ...] | None,
    deterred: Sequence[Concept],
    *,
    response: Step | None = None,
    leaves: float | None = -3.1,
    improvements: int = 1,
) -> list[Reason]:
    """The reasons of one party: under some concepts deterred, under the others not."""
    out = []
    for concept in CONCEPTS:
        found = concept in deterred
        answer = response if found and concept in ("smr", "sseq") else None
        end = leaves if found else None
        punished = sanction if found else None
        out.append(Reason(party, concept, found, move, improvements, punished, answer, end))
    return out
