"""What ``verify`` answers: one frozen result, and its stable JSON document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.case.schema import Case
from detente.model.result import Result
from detente.verification.answer import (
    Choice,
    Dash,
    Incentives,
    MeasureSet,
    Restoring,
    Temptation,
    Unvalued,
    Verdict,
    Visits,
)


@dataclass(frozen=True, repr=False)
class VerifyResult(Result):
    """How much verification an agreement needs, and how to get it.

    Parameters
    ----------
    case, outcome, package
        The case, the complete outcome that is taken as signed, and how it was asked for.
    enforceable, reasons
        The verdict over the signing parties (None where it hangs on one without values),
        with its sentences.
    parties
        Per party with values, what it gains and loses.
    unvalued
        The other parties.
    measures
        Names of the measures that the outcome allows: the verification as it stands.
    false_alarm
        Chance per period of an alarm although all comply, with all of them.
    choice
        The cheapest measures.
    visits
        Randomised plans of shared inspectors, per party.
    restoring
        The credibility of the aftermath, per issue that falls back.
    punishers
        Per party that would have to restore something, what it gains by that at the least.
    period, lag, punishment
        As in the case: the unit of time, periods from an alarm to acting on it, periods of
        punishment (None is forever).
    definition, remarks
        What the numbers mean, and what the reader should know.
    """

    case: Case
    outcome: Mapping[str, str]
    package: str | None
    enforceable: Verdict | None
    reasons: tuple[str, ...]
    parties: Mapping[str, Incentives]
    unvalued: Mapping[str, Unvalued]
    measures: tuple[str, ...]
    false_alarm: float
    choice: Choice
    visits: tuple[Visits, ...]
    restoring: tuple[Restoring, ...]
    punishers: Mapping[str, float]
    period: str
    lag: int
    punishment: int | None
    definition: str
    remarks: tuple[str, ...] = ()

    @property
    def silent(self) -> tuple[str, ...]:
        """Measures that stand and state no chance to detect anything."""
        stated = self.case.verification.measures if self.case.verification else {}
        return tuple(name for name in self.measures if not stated[name].detects)

    @property
    def weapons_unjudged(self) -> tuple[tuple[str, str], ...]:
        """Party and issue of what is about weapons and has no breakout data."""
        parts: list[Incentives | Unvalued] = [*self.parties.values(), *self.unvalued.values()]
        return tuple(
            (entry.party, entry.name)
            for part in parts
            for entry in part.temptations
            if entry.weapons_unjudged
        )

    def to_dict(self) -> dict[str, Any]:
        """The document of ``detente verify --json``, without its envelope."""
        return {
            "definition": self.definition,
            "outcome": dict(self.outcome),
            "package": self.package,
            "enforceable": self.enforceable,
            "reasons": list(self.reasons),
            "parties": {name: _incentives(entry) for name, entry in self.parties.items()},
            "needs": {name: entry.needs for name, entry in self.unvalued.items()},
            "seen": {
                name: {t.name: _temptation(t) for t in entry.temptations}
                for name, entry in self.unvalued.items()
            },
            "standing": {"measures": list(self.measures), "false_alarm": self.false_alarm},
            "measures": _choice(self.choice),
            "visits": [_visits(entry) for entry in self.visits],
            "punishers": dict(self.punishers),
            "restoring": [
                {
                    "issue": entry.issue,
                    "option": entry.option,
                    "after": entry.after,
                    "by": dict(entry.by),
                    "credible": entry.credible,
                }
                for entry in self.restoring
            ],
            "period": self.period,
            "lag": self.lag,
            "punishment": self.punishment if self.punishment is not None else "forever",
            "weapons_without_breakout": [
                {"party": party, "violation": name} for party, name in self.weapons_unjudged
            ],
            "remarks": list(self.remarks),
        }


def _incentives(entry: Incentives) -> dict[str, Any]:
    tempted = entry.temptations
    return {
        "signs": entry.signs,
        "verdict": entry.verdict,
        "bracket": entry.bracket,
        "stake": entry.stake,
        "comply": entry.comply,
        "worth": entry.worth,
        "punished": entry.punished,
        "discount": entry.discount,
        "gains": {t.name: t.gain for t in tempted},
        "detection": {t.name: t.detection for t in tempted},
        "critical_detection": {t.name: t.critical_detection for t in tempted},
        "critical_detection_jointly": entry.critical_detection_jointly,
        "critical_discount": entry.critical_discount,
        "critical_false_alarm": entry.critical_false_alarm,
        "shortest_punishment": entry.shortest_punishment,
        "margin": entry.margin,
        "worst_violation": list(entry.worst),
        "leave": entry.leave,
        "guarantee_needed": entry.guarantee,
        "guarantee_needed_at_best": entry.guarantee_at_best,
        "best": entry.best,
        "harshest": entry.harshest,
        "sets": entry.sets,
        "violations": {t.name: _temptation(t) for t in tempted},
    }


def _temptation(entry: Temptation) -> dict[str, Any]:
    return {
        "issue": entry.issue,
        "option": entry.option,
        "generated": entry.generated,
        "gain": entry.gain,
        "detection": entry.detection,
        "seen_by": dict(entry.seen_by),
        "critical_detection": entry.critical_detection,
        "margin": entry.margin,
        "expected_time": entry.expected_time,
        "breakout": None if entry.dash is None else _dash(entry.dash),
        "deterred": entry.deterred,
    }


def _dash(dash: Dash) -> dict[str, Any]:
    return {
        "takes": dash.takes,
        "prize": dash.prize,
        "margin": dash.margin,
        "critical_detection": dash.critical_detection,
        "useful_periods": dash.useful,
        "timely": dash.timely,
    }


def _choice(choice: Choice) -> dict[str, Any]:
    chosen = choice.chosen
    return {
        "chosen": list(chosen.measures) if chosen else [],
        "cost": float(chosen.cost) if chosen else None,
        "false_alarm": chosen.false_alarm if chosen else None,
        "margins": dict(chosen.margins) if chosen else {},
        "leave": dict(chosen.leave) if chosen else {},
        "deters": choice.deters,
        "beyond": [{"party": party, "violations": list(names)} for party, names in choice.beyond],
        "stays_tempting": [
            {"party": party, "violations": list(names)} for party, names in choice.stays_tempting
        ],
        "alternatives": [_measure_set(entry) for entry in choice.alternatives],
        "effects": {
            effect.measure: {
                "chosen": effect.chosen,
                "useful": effect.useful,
                "cost": None if effect.cost is None else float(effect.cost),
                "false_alarm": effect.false_alarm,
                "without": dict(effect.without),
                "with": dict(effect.with_it),
            }
            for effect in choice.effects
        },
        "budget": None if choice.budget is None else float(choice.budget),
        "cheapest_without_budget": (
            None
            if choice.cheapest_without_budget is None
            else float(choice.cheapest_without_budget)
        ),
        "refused": dict(choice.refused),
        "without_cost": list(choice.without_cost),
        "counted": choice.counted,
    }


def _measure_set(entry: MeasureSet) -> dict[str, Any]:
    return {
        "measures": list(entry.measures),
        "cost": float(entry.cost),
        "false_alarm": entry.false_alarm,
        "margins": dict(entry.margins),
    }


def _visits(entry: Visits) -> dict[str, Any]:
    return {
        "party": entry.party,
        "rotation": _optional(entry.rotation),
        "rotation_total": entry.rotation_total,
        "independent": _optional(entry.independent),
        "independent_total": entry.independent_total,
        "available": entry.available,
        "within": _optional(entry.within),
        "within_margin": entry.within_margin,
    }


def _optional(plan: Mapping[str, float] | None) -> dict[str, float] | None:
    return None if plan is None else dict(plan)
