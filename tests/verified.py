"""Answers of ``verify`` written by hand, for tests of what people see of them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import detente
from detente.case.schema import Case
from detente.verification.answer import (
    Choice,
    Dash,
    Effect,
    Incentives,
    MeasureSet,
    Restoring,
    Temptation,
    Unvalued,
    Visits,
)
from detente.verification.verify_result import VerifyResult


def two_sides(**changes: Any) -> Case:
    """A case with two valued parties, a third without values, four measures."""
    issues = {
        "arms": {"name": "Heavy weapons", "options": {"held": {"name": "Held"}, "gone": {}}},
        "embargo": {"name": "The embargo", "options": ["full", "lifted"]},
    }
    issues["arms"]["control"], issues["embargo"]["control"] = "north", "south"
    measures = {
        "satellites": {"name": "Satellite imagery", "detects": {"arms": 0.1}, "cost": 1},
        "inspectors": {"name": "Resident inspectors", "detects": {"depot": 0.2}, "cost": 6},
        "ledgers": {"name": "Ledgers", "detects": {"embargo": 0.3}, "requires": "arms == held"},
        "hotline": {"name": "Hotline"},
    }
    case = {
        "detente": 1,
        "title": "Two sides",
        "handling": "Teaching case, invented",
        "parties": {"north": {"name": "The North"}, "south": {}, "third": {"name": "Third"}},
        "issues": issues,
        "status_quo": {"arms": "held", "embargo": "full"},
        "values": {
            "north": {
                "scores": {"arms": {"held": 20, "gone": 0}, "embargo": {"full": 0, "lifted": 40}}
            },
            "south": {
                "scores": {"arms": {"held": 0, "gone": 50}, "embargo": {"full": 10, "lifted": 0}}
            },
        },
        "packages": {
            "deal": {"name": "The deal", "outcome": {"arms": "gone", "embargo": "lifted"}}
        },
        "verification": {"measures": measures},
        "violations": {"depot": {"name": "A hidden depot", "party": "north", "gain": 4}},
    }
    return detente.load({**case, **changes})


def cheat(name: str, party: str, **fields: Any) -> Temptation:
    """A listed violation; what is not said is ordinary."""
    plain: dict[str, Any] = {
        "issue": None,
        "option": None,
        "generated": False,
        "gain": 4.0,
        "detection": 0.19,
        "seen_by": {"inspectors": 0.2},
        "critical_detection": 0.25,
        "margin": -0.7,
        "expected_time": 6.3,
        "dash": None,
        "weapons_unjudged": False,
    }
    return Temptation(name=name, party=party, **{**plain, **fields})


HELD = cheat(
    "arms",
    "north",
    issue="arms",
    option="held",
    generated=True,
    gain=20.0,
    detection=0.095,
    seen_by={"satellites": 0.1},
    critical_detection=0.047,
    margin=1.6,
    expected_time=11.5,
)
DEPOT = cheat("depot", "north", dash=Dash(6, 30.0, -2.5, 0.33, 4, 0.5695))
FULL = cheat(
    "embargo",
    "south",
    issue="embargo",
    option="full",
    generated=True,
    gain=10.0,
    detection=0.0,
    seen_by={},
    critical_detection=1.4,
    margin=-3.25,
    expected_time=None,
)
BLIND = cheat(
    "smuggling", "third", gain=None, critical_detection=None, margin=None, detection=0.0004
)


def incentives(party: str, *temptations: Temptation, **fields: Any) -> Incentives:
    """One party; what is not said is ordinary."""
    plain: dict[str, Any] = {
        "signs": True,
        "comply": 55.25,
        "worth": 54.5,
        "punished": 47.0,
        "discount": 0.97,
        "stake": 210.0,
        "leave": 5.5,
        "sets": 2 ** len(temptations) - 1,
        "margin": min((t.margin for t in temptations if t.margin is not None), default=None),
        "worst": tuple(t.name for t in temptations),
        "critical_detection_jointly": 0.41,
        "critical_discount": 0.985,
        "critical_false_alarm": 0.004,
        "shortest_punishment": 14,
        "guarantee": 3.25,
        "guarantee_at_best": 1.125,
        "best": 80.0,
        "harshest": 20.0,
        "verdict": "with verification",
        "bracket": "enforceable",
    }
    return Incentives(party=party, temptations=temptations, **{**plain, **fields})


def measure_set(*names: str, cost: int | Fraction = 7, **fields: Any) -> MeasureSet:
    """Some measures with what they leave to the two parties."""
    plain: dict[str, Any] = {
        "false_alarm": 0.012,
        "margins": {"north": -0.7, "south": -3.25},
        "leave": {"north": 5.5, "south": -1.0},
    }
    return MeasureSet(measures=names, cost=Fraction(cost), **{**plain, **fields})


CHOICE = Choice(
    chosen=measure_set("satellites", "inspectors"),
    deters=False,
    beyond=(("south", ("embargo",)),),
    stays_tempting=(),
    alternatives=(measure_set("inspectors", "hotline", cost=Fraction(15, 2)),),
    effects=(
        Effect(
            *("satellites", Fraction(1), 0.01, True, True),
            without={"north": -4.0, "south": -3.25},
            with_it={"north": -0.7, "south": -3.25},
        ),
        Effect(
            *("hotline", None, 0.0, False, False),
            without={"north": -0.7, "south": -3.25},
            with_it={"north": -0.7, "south": -3.25},
        ),
    ),
    budget=Fraction(5),
    cheapest_without_budget=Fraction(7),
    refused={"ledgers": "arms == held"},
    without_cost=("hotline",),
    counted=False,
)


def answer(case: Case | None = None, **fields: Any) -> VerifyResult:
    """An answer about the deal of :func:`two_sides` in which everything occurs."""
    case = case or two_sides()
    plain: dict[str, Any] = {
        "outcome": {"arms": "gone", "embargo": "lifted"},
        "package": "deal",
        "enforceable": "with a larger stake",
        "reasons": ("The first sentence.", "The second sentence."),
        "parties": {
            "north": incentives("north", HELD, DEPOT),
            "south": incentives(
                "south",
                FULL,
                leave=-1.0,
                verdict="with a larger stake",
                bracket="depends on a richer punishment",
                critical_detection_jointly=None,
                guarantee=None,
            ),
        },
        "unvalued": {"third": Unvalued("third", "values", (BLIND,))},
        "measures": ("satellites", "inspectors", "hotline"),
        "false_alarm": 0.015,
        "choice": CHOICE,
        "visits": (
            Visits(
                *("north", {"arms": 0.5, "depot": 0.25}, {"arms": 0.6, "depot": 0.4}),
                *(0.75, 1.0, 0.5, {"arms": 0.4, "depot": 0.1}, -1.5),
            ),
            Visits("south", None, None, None, None, 0.5, None, None),
        ),
        "restoring": (
            Restoring("embargo", "full", 1, {"south": 10.0}, True),
            Restoring("arms", "held", 0, {"north": -2.0}, False),
        ),
        "punishers": {"south": 10.0, "north": -2.0},
        "period": "month",
        "lag": 1,
        "punishment": None,
        "definition": "The definition.",
        "remarks": ("A remark.",),
    }
    return VerifyResult(case=case, **{**plain, **fields})


def one_party(**fields: Any) -> VerifyResult:
    """The same with only the North, which would keep the deal."""
    kept = replace(HELD, critical_detection=0.0)
    choice = replace(CHOICE, chosen=measure_set("satellites", cost=1), deters=True, beyond=())
    plain: dict[str, Any] = {
        "enforceable": "yes",
        "parties": {"north": incentives("north", kept, verdict="yes", guarantee=0.0)},
        "unvalued": {},
        "choice": choice,
        "visits": (),
    }
    return answer(**{**plain, **fields})
