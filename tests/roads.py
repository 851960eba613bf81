"""Answers of ``roadmap`` written by hand, for tests of what people see of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import detente
from detente.case.outcomes import parse_outcome
from detente.case.schema import Case
from detente.sequencing.answer import (
    Change,
    Deviation,
    Margin,
    Missing,
    Move,
    Need,
    Order,
    Orders,
    Shifted,
    Step,
    Variant,
)
from detente.sequencing.roadmap_result import RoadmapResult

Plan = Sequence[Sequence[str]]
"""Steps, each of moves: ``arms=gone`` or the name of a measure or guarantee."""


def two_sides(**changes: Any) -> Case:
    """Weapons that never come back against an embargo that is back in a month."""
    issues = {
        "arms": {
            "name": "Heavy weapons",
            "options": {"held": "Held", "stored": "In depots", "gone": "Destroyed"},
            "control": "north",
            "undo": {"stored": 1, "gone": "never"},
            "takes": {"gone": 6},
        },
        "embargo": {
            "name": "The embargo",
            "options": {"full": "In force", "lifted": "Lifted"},
            "control": "south",
            "undo": 1,
            "takes": 2,
        },
        "line": {
            "name": "Liaison offices",
            "options": {"none": "None", "open": "Open in both capitals"},
            "joint": ["north", "south"],
            "undo": 3,
        },
    }
    case = {
        "detente": 1,
        "title": "Two sides",
        "handling": "Teaching case, invented",
        "parties": {"north": {"name": "The North"}, "south": {}, "third": {"signs": False}},
        "issues": issues,
        "status_quo": {"arms": "held", "embargo": "full", "line": "none"},
        "values": {
            "north": {
                "scores": {
                    "arms": {"held": 20, "stored": 18, "gone": 0},
                    "embargo": {"full": 0, "lifted": 40},
                    "line": {"none": 0, "open": 5},
                }
            },
            "south": {
                "scores": {
                    "arms": {"held": 0, "stored": 5, "gone": 40},
                    "embargo": {"full": 15, "lifted": 0},
                    "line": {"none": 0, "open": 4},
                }
            },
        },
        "packages": {
            "deal": {
                "name": "The deal",
                "outcome": {"arms": "gone", "embargo": "lifted", "line": "open"},
                "steps": ["inspectors", "escrow"],
            }
        },
        "verification": {
            "measures": {"inspectors": {"name": "Resident inspectors", "detects": {"depot": 0.2}}}
        },
        "violations": {"depot": {"name": "A hidden depot", "party": "north", "gain": 4}},
        "guarantees": {
            "escrow": {
                "name": "Fund in escrow",
                "by": "The bank",
                "against": "south",
                "amount": 3,
            }
        },
    }
    return detente.load({**case, **changes})


def steps_of(case: Case, plan: Plan) -> tuple[Step, ...]:
    """Steps with their times and states, as the case has them."""
    assert case.status_quo is not None
    state, start, found = dict(case.status_quo), 0, []
    for row in plan:
        moves = tuple(_move(case, text, state) for text in row)
        state |= {move.item: move.after for move in moves if move.after is not None}
        takes = max(move.takes for move in moves)
        found.append(Step(moves, start, takes, dict(state)))
        start += takes
    return tuple(found)


def _move(case: Case, text: str, state: Mapping[str, str]) -> Move:
    item, _, after = text.partition("=")
    if not after:
        if item in case.guarantees:
            by = case.guarantees[item].by
            return Move(item, "guarantee", None, None, (by,) if by in case.parties else (), 1)
        return Move(item, "measure", None, None, (), 1)
    issue = case.issues[item]
    stated = issue.takes
    takes = stated.options.get(after, stated.default) if stated is not None else None
    owners = (issue.control,) if issue.control is not None else issue.joint
    return Move(item, "issue", state[item], after, owners, max(1, int(takes or 1)))


def margins_of(
    steps: Sequence[Step], values: Mapping[str, Sequence[float]], *more: Margin
) -> tuple[Margin, ...]:
    """Walking away before, between and after the steps; further margins behind."""
    last = len(steps)
    ways: dict[bool, Deviation] = {False: "walk away", True: "renege at the end"}
    found = [
        Margin(step, party, ways[step == last], row[step])
        for party, row in values.items()
        for step in range(last + 1)
    ]
    return (*found, *more)


def order_of(
    steps: Sequence[Step], margins: Sequence[Margin], others: Mapping[str, float] | None = None
) -> Order:
    """An order with the least margin of each party."""
    worst: dict[str, float] = {}
    for entry in margins:
        worst[entry.party] = min(worst.get(entry.party, entry.margin), entry.margin)
    return Order(tuple(steps), tuple(margins), worst, others or {})


PLAN = (
    ("inspectors", "escrow"),
    ("arms=stored",),
    ("embargo=lifted", "line=open"),
    ("arms=gone",),
)
NORTH, SOUTH = (6.0, 7.5, 5.0, 12.0, 15.5), (9.0, 9.5, 11.0, 4.5, 1.8)


def two_orders(case: Case | None = None) -> tuple[Order, Order]:
    """The order of :data:`PLAN`, and one in which the weapons go at once."""
    case = case or two_sides()
    steps = steps_of(case, PLAN)
    depot = Margin(2, "north", "cheat", 5.5, ("depot",))
    kept = Margin(4, "north", "withhold", 13.0, ("arms",))
    best = order_of(steps, margins_of(steps, {"north": NORTH, "south": SOUTH}, depot, kept))
    other = steps_of(case, (*PLAN[:2], ("arms=gone",), ("embargo=lifted",), ("line=open",)))
    rows = {"north": (6.0, 7.5, 5.0, -3.25, 1.0, 15.5), "south": (9.0, 9.5, 11.0, 4.0, 4.0, 1.8)}
    return best, order_of(other, margins_of(other, rows))


def answer(case: Case | None = None, **fields: Any) -> RoadmapResult:
    """An answer on the deal of :func:`two_sides` in which an order holds."""
    case = case or two_sides()
    best, other = two_orders(case)
    moves = {move.item: move for step in best.steps for move in step.moves}
    shifts = (Shifted(moves["embargo"], False, (moves["arms"],), -3.25, other.margins[3]),)
    plain: dict[str, Any] = {
        "to": parse_outcome(case, "deal"),
        "package": "deal",
        "model": "discounted",
        "best": best,
        "feasible": True,
        "order_matters": True,
        "why": None,
        "ceiling": 1.8,
        "exact": True,
        "bound": 1.8,
        "at_once": None,
        "orders": Orders(75, 75, 12, 3, -9.75),
        "shifts": shifts,
        "alternatives": (other,),
        "missing": None,
        "robust": 0.9,
        "variants": (),
        "own": None,
        "unvalued": (),
        "idle": (),
        "period": "month",
        "definition": "The definition.",
        "remarks": ("A remark.",),
        "explanation": None,
    }
    return RoadmapResult(case=case, **{**plain, **fields})


def failing(case: Case | None = None, **fields: Any) -> RoadmapResult:
    """The same where no order holds, with everything that would help."""
    case = case or two_sides()
    steps = two_orders(case)[0].steps
    rows = {"north": NORTH, "south": (9.0, 9.5, 11.0, -4.5, -9.75)}
    best = order_of(steps, margins_of(steps, rows), {"third": -2.0})
    missing = Missing(
        guarantee=Need(None, 9.8, steps),
        guarantees=(Need("south", 9.75, steps),),
        detection=None,
        gains=(Need("south", 12.5, steps),),
        changes=(
            Change("undo", "embargo", "lifted", 24, 0.4),
            Change("stop short", "arms", "stored", None, 0.2),
            Change("halve", "arms", "gone", None, 0.1),
        ),
    )
    plain: dict[str, Any] = {
        "best": best,
        "feasible": False,
        "ceiling": -9.75,
        "bound": -9.75,
        "orders": Orders(75, 75, 0, 3, -20.5),
        "shifts": (),
        "alternatives": (),
        "missing": missing,
        "robust": None,
    }
    return answer(case, **{**plain, **fields})


def same_everywhere(**fields: Any) -> RoadmapResult:
    """The same where all orders tie."""
    plain: dict[str, Any] = {
        "order_matters": False,
        "why": "everything falls back at once when the process collapses.",
        "shifts": (),
        "alternatives": (),
    }
    return answer(**{**plain, **fields})


def under(result: RoadmapResult, name: str, margin: float) -> Variant:
    """Another coding in which the weakest moment is a little elsewhere."""
    binding = replace(result.best.margins[2], margin=margin)
    return Variant(name, {binding.party: margin}, binding)


KOREA = (
    ("hotline",),
    ("nuclear=moratorium", "posture=scaled"),
    ("missiles=moratorium",),
    ("relations=liaison", "humanitarian=families"),
    ("inspections=declared",),
    ("declared_inspections", "aid=relief"),
    ("us_sanctions=waived", "conventional=buffers"),
    ("nuclear=freeze",),
    ("end_of_war=declaration",),
    ("un_measures=suspended", "council_endorsement"),
)


def korea(**fields: Any) -> RoadmapResult:
    """An order for the first package of the Korean case, with margins of no meaning."""
    case = detente.load("korea")
    steps = steps_of(case, KOREA)
    parties = [name for name in case.signing if name in case.values or case.parties[name].factions]
    rows = {
        party: [
            3.2 + 1.7 * place + 9.1 * ((7 * step + 5 * place) % 11) / 11
            for step in range(len(steps) + 1)
        ]
        for place, party in enumerate(parties)
    }
    rows["us"][8] = 1.4
    plant = Margin(9, "north_korea", "break out", 6.5, ("hidden_plant",))
    best = order_of(steps, margins_of(steps, rows, plant))
    plain: dict[str, Any] = {
        "to": parse_outcome(case, "freeze_first"),
        "package": "freeze_first",
        "best": best,
        "ceiling": min(row[-1] for row in rows.values()),
        "bound": 1.4,
        "exact": False,
        "at_once": 3,
        "orders": Orders(float(3**40), 10_000, 1_234, 0, -12.5),
        "shifts": (),
        "alternatives": (),
    }
    return replace(answer(), case=case, **{**plain, **fields})
