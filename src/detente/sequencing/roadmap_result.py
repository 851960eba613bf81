"""What ``roadmap`` answers: one frozen result, and its stable JSON document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.case.schema import Case
from detente.model.result import Result
from detente.sequencing.answer import (
    Change,
    Margin,
    Missing,
    ModelName,
    Move,
    Need,
    Order,
    Orders,
    Shifted,
    Step,
    Variant,
)


@dataclass(frozen=True, repr=False)
class RoadmapResult(Result):
    """In what order an agreement is best carried out, and whether that holds at every step.

    Parameters
    ----------
    case, to, package
        The case, the complete outcome to be reached, and how it was asked for.
    model
        ``discounted`` or ``patient``.
    best
        The order whose weakest moment is strongest; between equals the leximin of the parties'
        own worst margins decides.
    feasible
        Whether its margin is not negative.
    order_matters, why
        Whether orders differ at all, and if not the sentence that says why.
    ceiling
        The margin at the end, which every order shares and none exceeds.
    exact, bound
        Whether the order was proven to be the best; if not, no order exceeds the bound.
    at_once
        Most issues that were moved in one step; None where any number might be.
    orders
        How many orders there are and how they fare.
    shifts
        What it would cost to take one part of the best order elsewhere, dearest first.
    alternatives
        Further orders, best first.
    missing
        What would make one work; None where one works, or where it was not asked.
    robust
        By how much every value may be wrong, in either direction, before the margin is
        gone; None where it is negative.
    variants
        The codings that the order was asked to survive (the case itself is not among them).
    own
        The order that was asked about, if one was.
    unvalued
        Signing parties without scores: nothing is said about them.
    idle
        Measures and guarantees that are steps and change no margin anywhere.
    period
        Unit of time.
    definition, remarks
        What the numbers mean, and what the reader should know.
    explanation
        The sentence that says what is missing, where no order works.
    """

    case: Case
    to: Mapping[str, str]
    package: str | None
    model: ModelName
    best: Order
    feasible: bool
    order_matters: bool
    why: str | None
    ceiling: float
    exact: bool
    bound: float
    at_once: int | None
    orders: Orders
    shifts: tuple[Shifted, ...]
    alternatives: tuple[Order, ...]
    missing: Missing | None
    robust: float | None
    variants: tuple[Variant, ...]
    own: Order | None
    unvalued: tuple[str, ...]
    idle: tuple[str, ...]
    period: str
    definition: str
    remarks: tuple[str, ...] = ()
    explanation: str | None = None

    @property
    def margin(self) -> float:
        """The weakest moment of the best order."""
        return min([self.best.margin, *(entry.margin for entry in self.variants)])

    @property
    def binding(self) -> Margin:
        """Where that is, in the case itself."""
        return self.best.binding

    def to_dict(self) -> dict[str, Any]:
        """The document of ``detente roadmap --json``, without its envelope."""
        document: dict[str, Any] = {
            "definition": self.definition,
            "to": dict(self.to),
            "package": self.package,
            "model": self.model,
            "feasible": self.feasible,
            "margin": self.margin,
            "steps": _steps(self.best.steps),
            "schedule": [{"start": step.start, "takes": step.takes} for step in self.best.steps],
            "period": self.period,
            "order_matters": self.order_matters,
            "why": self.why,
            "margins": [_margin(entry) for entry in self.best.margins],
            "binding": _binding(self.binding),
            "worst_by_party": dict(self.best.worst_by_party),
            "others": dict(self.best.others),
            "ceiling": self.ceiling,
            "spread": [self.orders.worst, self.margin],
            "orders": {
                "count": self.orders.count,
                "looked_at": self.orders.looked_at,
                "holds": self.orders.holds,
                "at_ceiling": self.orders.at_ceiling,
            },
            "exact": self.exact,
            "bound": self.bound,
            "at_once": self.at_once,
            "shifts": [_shifted(entry) for entry in self.shifts],
            "alternatives": [_order(entry) for entry in self.alternatives],
            "robust": self.robust,
            "survives": [
                {
                    "name": entry.name,
                    "margin": entry.margin,
                    "worst_by_party": dict(entry.worst_by_party),
                    "binding": _binding(entry.binding),
                }
                for entry in self.variants
            ],
            "own": None if self.own is None else _order(self.own),
            "missing": None if self.missing is None else _missing(self.missing, self.explanation),
            "needs": dict.fromkeys(self.unvalued, "scores"),
            "idle": list(self.idle),
            "remarks": list(self.remarks),
        }
        return document


def _steps(steps: tuple[Step, ...]) -> list[list[dict[str, Any]]]:
    return [[_move(move) for move in step.moves] for step in steps]


def _move(move: Move) -> dict[str, Any]:
    """A measure or guarantee stands under ``issue`` too, going from None to ``in_place``."""
    after = move.after if move.kind == "issue" else "in_place"
    return {
        "issue": move.item,
        "kind": move.kind,
        "from": move.before,
        "to": after,
        "parties": list(move.parties),
    }


def _margin(entry: Margin) -> dict[str, Any]:
    return {
        "step": entry.step,
        "party": entry.party,
        "deviation": entry.deviation,
        "margin": entry.margin,
        "parts": list(entry.parts),
    }


def _binding(entry: Margin) -> dict[str, Any]:
    return {"step": entry.step, "party": entry.party, "deviation": entry.deviation}


def _order(order: Order) -> dict[str, Any]:
    return {
        "margin": order.margin,
        "steps": _steps(order.steps),
        "binding": _binding(order.binding),
        "worst_by_party": dict(order.worst_by_party),
    }


def _shifted(entry: Shifted) -> dict[str, Any]:
    return {
        "issue": entry.move.item,
        "to": entry.move.after,
        "earlier": entry.earlier,
        "past": [move.item for move in entry.past],
        "margin": entry.margin,
        "binding": _binding(entry.binding),
    }


def _need(entry: Need) -> dict[str, Any]:
    return {"party": entry.party, "amount": entry.amount, "steps": _steps(entry.order)}


def _change(entry: Change) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "issue": entry.issue,
        "option": entry.option,
        "undo": entry.undo,
        "margin": entry.margin,
    }


def _missing(missing: Missing, why: str | None) -> dict[str, Any]:
    return {
        "guarantee": missing.guarantee.amount,
        "guarantees": [_need(entry) for entry in missing.guarantees],
        "detection": missing.detection,
        "gains": [_need(entry) for entry in missing.gains],
        "changes": [_change(entry) for entry in missing.changes],
        "why": why,
    }
