"""Answers to ``stress`` put together by hand, for the tests of what people see of them.

The numbers are made up: what is tested is how they are told, not how they are found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

import detente
from detente.agreement.packages.draws import Share, wilson
from detente.case.numbers import Number
from detente.case.schema import Case
from detente.model.drivers import likely
from detente.stability.answer import CONCEPTS
from detente.uncertainty.answer import (
    BreaksWhen,
    Condition,
    Factor,
    Failed,
    Flip,
    Influence,
    Influences,
    Interval,
    Robust,
    RobustChoice,
    Standing,
    Verdict,
)
from detente.uncertainty.course.answer import Cause, CauseCount, Course, Given, Passage
from detente.uncertainty.course.survival import kaplan_meier
from detente.uncertainty.stress_result import StressResult

SAMPLES = 1000
DEFINITION = (
    "A coding is one way to fill in every number of the case. A share of codings says how far "
    "the judgements in the case bear a verdict; it says nothing about what will happen."
)
NOW: dict[Verdict, bool | None] = {
    "acceptable": True,
    "holds": True,
    "enforceable": False,
    "roadmap": True,
    "all_of_it": False,
}


def share(count: int, samples: int = SAMPLES, *, certain: bool = False) -> Share:
    """A share with its interval, or one that no range can change."""
    low, high = (count / samples,) * 2 if certain else wilson(count, samples)
    return Share(count, samples, low, high, certain)


def number_at(case: Case, path: Sequence[str | int]) -> Number:
    """The number that stands at a place of the case; of a driver its range and likely value."""
    found: Any = case
    for key in path:
        if isinstance(found, tuple):
            found = found[int(key)]
        else:
            found = found[key] if isinstance(found, Mapping) else getattr(found, str(key))
    if path[0] == "drivers" and len(path) == 2:
        found = replace(found.range, point=likely(found))
    found = getattr(found, "number", found)
    found = found[""] if isinstance(found, Mapping) else found
    return found if isinstance(found, Number) else Number(Fraction(0))


def factor(case: Case, name: str) -> Factor:
    """A number of the case by its dotted place."""
    path = tuple(int(key) if key.isdecimal() else key for key in name.split("."))
    party = str(path[1]) if path[0] == "values" else None
    return Factor(name, path, number_at(case, path), party)


def standing(case: Case, counts: Sequence[int] = (740, 650, 480, 560, 310)) -> Standing:
    """Everything that was asked of 1,000 codings, from the counts of the five verdicts."""
    acceptable, holds, enforceable, roadmap, together = map(share, counts)
    signing = case.signing
    everybody = [
        name
        for party, entry in case.parties.items()
        for name in (party, *(f"{party}.{key}" for key in entry.factions))
    ]
    whole = share(SAMPLES, certain=True)
    return Standing(
        samples=SAMPLES,
        acceptable=acceptable,
        accepts={name: acceptable if name in signing[:1] else whole for name in everybody},
        holds={
            concept: {"nash": share(40), "gmr": share(900)}.get(concept, holds)
            for concept in CONCEPTS
        },
        stays={party: holds if party in signing[:1] else share(SAMPLES) for party in case.parties},
        untold=0,
        enforceable=enforceable,
        keeps={p: enforceable if p in signing[:2] else share(SAMPLES) for p in signing},
        roadmap=roadmap,
        goes_on={party: roadmap if party in signing[-1:] else whole for party in signing},
        all_of_it=together,
    )


def only(case: Case, **fields: Any) -> Standing:
    """A standing of which nothing but acceptance was asked."""
    nothing: dict[str, Any] = {
        "holds": None,
        "stays": {},
        "enforceable": None,
        "keeps": {},
        "roadmap": None,
        "goes_on": {},
        "all_of_it": None,
    }
    return replace(standing(case), **{**nothing, **fields})


def flip(case: Case, name: str, verdict: Verdict, value: float, **fields: Any) -> Flip:
    """Where a verdict turns; whether the value lies in the range is worked out."""
    found = factor(case, name)
    low, high = found.number.low, found.number.high
    within = low is not None and high is not None and low <= value <= high
    known: dict[str, Any] = {
        "party": None,
        "stands": bool(NOW[verdict]),
        "above": value > float(found.number),
        "within_range": within,
    }
    return Flip(found, verdict, value=value, **{**known, **fields})


def interval(value: float, reach: float = 0.04) -> Interval:
    """An index with its interval, between 0 and 1 as all of them."""
    return Interval(*(min(max(each, 0.0), 1.0) for each in (value, value - reach, value + reach)))


def influence(case: Case, name: str, first: float, total: float) -> Influence:
    """What one number does."""
    return Influence(factor(case, name), 0, interval(first), interval(total))


def others(count: int, first: float = -0.01, total: float = 0.03) -> Influence:
    """What all others do together."""
    return Influence(None, count, interval(first), interval(total))


def box(case: Case, verdict: Verdict, **ends: tuple[float | None, float | None]) -> BreaksWhen:
    """A condition under which a verdict fails; a double underscore stands for a point."""
    conditions = tuple(
        Condition(factor(case, name.replace("__", ".")), low, high)
        for name, (low, high) in ends.items()
    )
    return BreaksWhen(verdict, conditions, coverage=0.62, density=0.81, mass=0.38, overall=0.5)


def robust(case: Case, asked: str, best: Mapping[str, str]) -> RobustChoice:
    """Three packages: what the search found, the best at the likely values, the one asked about."""
    found = Robust(case.complete(best), ("largest share",), share(910), 2.1, 1.5, 3.0)
    likeliest = Robust(
        case.complete({**best, "payment": "yearly"} if "payment" in case.issues else {}),
        ("egalitarian", "nash"),
        share(780),
        1.8,
        4.0,
        5.25,
    )
    outcome = case.complete(case.packages[asked].outcome)
    this = Robust(outcome, ("asked", asked), share(740), 1.2, 4.4, 2.5)
    return RobustChoice((found, likeliest, this), 486, True, 0.91, 1, SAMPLES, 40)


@cache
def river_case() -> Case:
    """The bundled case of a dam."""
    return detente.load("river")


@cache
def korea_case() -> Case:
    """The bundled case of Korea, with factions and long names."""
    return detente.load("korea")


def river(**fields: Any) -> StressResult:
    """What could break the mediator's text on the Orsa, with some of everything."""
    case = river_case()
    known: dict[str, Any] = {
        "case": case,
        "outcome": case.complete(case.packages["single_text"].outcome),
        "package": "single_text",
        "samples": SAMPLES,
        "seed": 0,
        "design": "latin hypercube",
        "ranges": 19,
        "drivers": 1,
        "correlation": 0.5,
        "now": NOW,
        "standing": standing(case),
        "bounds": {
            "independent": standing(case, (700, 600, 450, 540, 250)),
            "full": standing(case, (790, 690, 500, 580, 400)),
        },
        "codings": {},
        "flips": river_flips(case),
        "influences": river_influences(case),
        "breaks_when": (
            box(
                case,
                "acceptable",
                parties__highland__walk_away=(58.25, None),
                values__highland__scores__power__contract=(None, 17.5),
            ),
            box(case, "enforceable", violations__held_back__gain=(3.4, None)),
        ),
        "robust": robust(case, "single_text", {"drought": "floor", "data": "joint"}),
        "steps": (),
        "course": None,
        "failures": (),
        "interrupted": False,
        "enough": False,
        "seconds": 3.2,
        "needs": {},
        "definition": DEFINITION,
        "remarks": (),
    }
    return StressResult(**{**known, **fields})


def river_flips(case: Case) -> tuple[Flip, ...]:
    """Two numbers that turn a verdict within their range, and two that do so beyond it."""
    walk_away, guarded = "parties.highland.walk_away", "guarantees.escrow.amount"
    return (
        flip(case, walk_away, "acceptable", 58.125, party="highland"),
        flip(case, "violations.held_back.gain", "enforceable", 2.25, party="highland"),
        flip(case, "violations.held_back.gain", "all_of_it", 2.25),
        flip(case, guarded, "roadmap", 0.4),
        flip(case, "values.delta.scores.power.contract", "acceptable", -4.0),
    )


def river_influences(case: Case) -> tuple[Influences, ...]:
    """What decides two measures; some indices cannot be told from nothing."""
    return (
        Influences(
            "acceptable",
            (
                influence(case, "parties.highland.walk_away", 0.41, 0.44),
                influence(case, "values.highland.scores.power.contract", 0.3, 0.33),
                influence(case, "drivers.rain", -0.012, 0.021),
                others(17),
            ),
            22_000,
        ),
        Influences(
            "enforceable",
            (influence(case, "violations.held_back.gain", 0.62, 0.71), others(19, 0.2, 0.31)),
            22_000,
        ),
    )


def korea(**fields: Any) -> StressResult:
    """What could break a freeze first: factions, drivers, names that are long."""
    case = korea_case()
    walk_away = "parties.north_korea.walk_away"
    known: dict[str, Any] = {
        "case": case,
        "outcome": case.complete(case.packages["freeze_first"].outcome),
        "package": "freeze_first",
        "standing": standing(case),
        "bounds": {
            "independent": standing(case, (760, 660, 470, 570, 330)),
            "full": standing(case, (700, 640, 490, 540, 300)),
        },
        "ranges": 140,
        "drivers": 5,
        "flips": (
            flip(case, walk_away, "acceptable", float(number_at(case, walk_away.split("."))) + 4),
            flip(case, "drivers.arsenal", "acceptable", 71.3),
            flip(case, "drivers.washington", "holds", 12.0, party="us", package=False),
        ),
        "influences": (
            Influences(
                "acceptable",
                (
                    influence(case, walk_away, 0.5, 0.52),
                    influence(case, "drivers.arsenal", 0.2, 0.3),
                    others(143),
                ),
                74_000,
            ),
        ),
        "breaks_when": (
            box(case, "holds", drivers__arsenal=(64.0, None), drivers__washington=(None, 38.0)),
        ),
        "robust": robust(case, "freeze_first", case.packages["quiet_line"].outcome),
    }
    return river(**{**known, **fields})


def failed(count: int) -> tuple[Failed, ...]:
    """Codings that could not be judged."""
    return tuple(
        Failed(draw, "the matrix has no inverse", {"drivers.rain": 61.5}) for draw in range(count)
    )


def course(case: Case, **fields: Any) -> Course:
    """Ten years, in quarters, of 200 histories: half of them end after three years or nine."""
    lead, last = case.signing[0], case.signing[-1]
    driver = next(iter(case.drivers), "")
    times = np.array([12] * 60 + [36] * 40 + [40] * 100)
    ended = np.array([True] * 100 + [False] * 100)
    secret = np.array([40] * 180 + [8] * 20)
    stands = kaplan_meier(times / 4, ended)
    later = (0,) * 9
    known: dict[str, Any] = {
        "years": 10.0,
        "period": 0.25,
        "samples": 200,
        "times": times,
        "ended": ended,
        "survival": stands,
        "kept": kaplan_meier(np.minimum(times, secret) / 4, ended | (secret < 40)),
        "finished": share(150, 200),
        "steps": (20, 30, 150),
        "causes": (
            CauseCount(Cause("leaves", lead, "walk away"), (0, 0, 50, *[0] * 7)),
            CauseCount(Cause("found", last, "cheat"), (0, 0, 10, *[0] * 7)),
            CauseCount(Cause("prize", last, "break out"), (*[0] * 8, 15, 0)),
            CauseCount(Cause("event", lead, driver), (*[0] * 8, 15, 0)),
            CauseCount(Cause("false alarm", None, None), (*[0] * 8, 10, 0)),
            CauseCount(Cause("leaves", last, "withhold"), (0,) * 10),
        ),
        "passages": (
            Passage("finishes the road", None, (150, *later), 200),
            Passage("false alarm", None, (33, *later), 200),
            Passage("deviates in secret", last, (20, *later), 200),
            Passage("is found out", last, (10, *later), 200),
            Passage("changes its government", lead, (120, *later), 200),
            Passage("deviates in secret", lead, (0, *later), 200),
        ),
        "given": Given(
            turnover=(lead,),
            no_turnover=case.signing[1:],
            events=((driver, lead),),
            unbound=(),
            no_events=(),
            paths=(driver,),
            no_paths=(),
            false_alarms=True,
        ),
        "false_alarm": 0.0123,
    }
    return Course(**{**known, **fields})
