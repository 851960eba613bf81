"""What ``unlock`` answers: one frozen result, and its stable JSON document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from detente.agreement.packages.changes import Change
from detente.agreement.packages.draws import Share
from detente.case.schema import Case
from detente.leverage.answer import (
    Bound,
    Check,
    Goal,
    Lever,
    Part,
    Shift,
    Standing,
    Together,
    Warrant,
    Way,
)
from detente.leverage.payments.answer import StatePayment, Transfer
from detente.leverage.reversals.answer import Reversal
from detente.model.result import Result
from detente.sequencing.answer import ModelName
from detente.stability.answer import Concept


@dataclass(frozen=True, repr=False)
class UnlockResult(Result):
    """What it would take for a package to be accepted, to hold, and to be reached in steps.

    Parameters
    ----------
    case, outcome, package
        The case, the complete outcome that is wanted, and how it was asked for.
    goals, levers
        What is wanted of it, and what might be moved.
    concept, model
        The equilibrium that it is to be, and the model of the roadmap.
    standing, reasons
        The verdicts on it as it is, and what is missed, a phrase each.
    ways
        What would do something about that, best first, each proved.
    together
        Several ways that leave nothing open, the terms as they are; None where a single one does,
        or none was found.
    bounds
        Levers that do not get there, and what the bound would have to be.
    checks
        For each way to cheat that some chance of detection deters, the least that does, alone.
    measures
        The cheapest measures of the case that deter everything; None where none do.
    samples, seed
        Codings drawn of each way, and from what.
    definition, remarks
        What the answers mean, and what the reader should know.
    """

    case: Case
    outcome: Mapping[str, str]
    package: str | None
    goals: tuple[Goal, ...]
    levers: tuple[Lever, ...]
    concept: Concept
    model: ModelName
    standing: Standing
    reasons: tuple[str, ...]
    ways: tuple[Way, ...]
    together: Together | None
    bounds: tuple[Bound, ...]
    checks: tuple[Check, ...]
    measures: tuple[str, ...] | None
    samples: int
    seed: int
    definition: str
    remarks: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[Goal, ...]:
        """What the package misses as it is."""
        return self.standing.open

    @property
    def enough(self) -> tuple[Way, ...]:
        """The ways that leave nothing open."""
        return tuple(way for way in self.ways if not way.open)

    def to_dict(self) -> dict[str, Any]:
        """The document of ``detente unlock --json``, without its envelope."""
        return {
            "definition": self.definition,
            "outcome": dict(self.outcome),
            "package": self.package,
            "goals": list(self.goals),
            "levers": list(self.levers),
            "concept": self.concept,
            "model": self.model,
            "verdicts": dict(self.standing.verdicts),
            "untold": dict(self.standing.untold),
            "refused_by": list(self.standing.refused_by),
            "reasons": list(self.reasons),
            "ways": [_way(way) for way in self.ways],
            "together": None if self.together is None else _together(self.together),
            "bounds": [
                {"lever": entry.lever, "goal": entry.goal, "why": entry.text}
                for entry in self.bounds
            ],
            "detection": [_part(check) for check in self.checks],
            "measures": None if self.measures is None else list(self.measures),
            "samples": self.samples,
            "seed": self.seed,
            "remarks": list(self.remarks),
        }


def _way(way: Way) -> dict[str, Any]:
    return {
        "lever": way.lever,
        "text": way.text,
        "cost": {"amount": float(way.cost.amount), "unit": way.cost.unit},
        "solves": list(way.solves),
        "open": list(way.open),
        "outcome": dict(way.outcome),
        "share": _share(way.share),
        "parts": [_part(part) for part in way.parts],
    }


def _together(found: Together) -> dict[str, Any]:
    return {
        "ways": [_way(way) for way in found.ways],
        "outcome": dict(found.outcome),
        "share": _share(found.share),
    }


def _share(found: Share | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"share": found.share, "interval": [found.low, found.high], "samples": found.samples}


def _part(part: Part) -> dict[str, Any]:
    """One thing that would be otherwise; ``kind`` says which."""
    if isinstance(part, Change):
        return {"kind": "change", "issue": part.issue, "from": part.before, "to": part.after}
    if isinstance(part, Transfer):
        return {"kind": "payment", **_transfer(part)}
    if isinstance(part, StatePayment):
        return {
            "kind": "state payment",
            "step": part.step,
            "state": dict(part.state),
            "periods": part.periods,
            "payments": [_transfer(entry) for entry in part.transfers],
        }
    if isinstance(part, Warrant):
        amount = float(part.amount)
        return {
            "kind": "guarantee",
            "against": part.against,
            "amount": amount,
            "by": part.by,
            "stake": part.stake,
        }
    if isinstance(part, Check):
        least = float(part.least)
        return {
            "kind": "detection",
            "party": part.party,
            "violation": part.violation,
            "now": part.now,
            "least": least,
        }
    if isinstance(part, Shift):
        return _shift(part)
    if isinstance(part, Reversal):
        return {
            "kind": "reversal",
            "party": part.party,
            "outcome": dict(part.outcome),
            "against": dict(part.against),
            "now": part.now,
            "to": part.kind,
            "gap": part.gap,
        }
    return {
        "kind": "relaxation",
        "of": part.kind,
        "subject": part.subject,
        "option": part.option,
        "value": part.value,
    }


def _transfer(part: Transfer) -> dict[str, Any]:
    return {
        "by": part.by,
        "to": part.to,
        "amount": float(part.amount),
        "costs": _number(part.costs),
        "brings": float(part.brings),
    }


def _shift(part: Shift) -> dict[str, Any]:
    return {
        "kind": part.kind,
        "party": part.name,
        "issue": part.issue,
        "option": part.option,
        "from": float(part.before),
        "to": float(part.after),
        "range": None if part.low is None else [_number(part.low), _number(part.high)],
    }


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
