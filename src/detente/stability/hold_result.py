"""What ``hold`` answers: one frozen result, and its stable JSON document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from detente.case.schema import Case
from detente.model.result import Result
from detente.stability.answer import (
    CONCEPTS,
    Break,
    Concept,
    Prospect,
    Reason,
    Route,
    Routes,
    Step,
)
from detente.stability.listing import Coalitions, Listing


@dataclass(frozen=True, repr=False)
class HoldResult(Result):
    """Whether agreements would hold: who could move away, and who could punish that.

    Parameters
    ----------
    case
        The case.
    states
        How many outcomes obey the rules.
    prospects
        The outcomes that were asked about: one, or today's state and every named package.
    asked
        Whether one outcome was asked about.
    listing
        Every state under every concept; None if not asked for.
    coalitions
        The stable states of each coalition; None if not asked for.
    blocs
        The parties that move in lock-step, as a partition; None if not asked for.
    lockstep
        The stable states of each bloc; None if not asked for.
    routes
        What can be reached from a start; None if not asked for.
    band
        The least gain that counts, in points of value.
    pareto
        Whether a coalition moves already where nobody loses and one gains.
    unvalued
        Parties without values.
    ordinal
        Parties whose values are an order only: they have no gains in points.
    definition, remarks
        What the words mean, and what the reader should know.
    """

    case: Case
    states: int
    prospects: tuple[Prospect, ...]
    asked: bool
    listing: Listing | None
    coalitions: Coalitions | None
    blocs: tuple[tuple[str, ...], ...] | None
    lockstep: Coalitions | None
    routes: Routes | None
    band: float
    pareto: bool
    unvalued: tuple[str, ...]
    ordinal: tuple[str, ...]
    definition: str
    remarks: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The document of ``detente hold --json``, without its envelope."""
        document: dict[str, Any] = {
            "definition": self.definition,
            "states": self.states,
            "band": self.band,
            "pareto": self.pareto,
            "needs": dict.fromkeys(self.unvalued, "values"),
            "ordinal": list(self.ordinal),
            "remarks": list(self.remarks),
        }
        if self.asked:
            document["outcome"] = _prospect(self.prospects[0])
        else:
            document["outcomes"] = {entry.name: _prospect(entry) for entry in self.prospects}
        if self.listing is not None:
            document |= self.listing.to_dict()
        if self.coalitions is not None:
            document["coalitions"] = self.coalitions.to_dict()
        if self.blocs is not None:
            document["blocs"] = {"partition": [list(bloc) for bloc in self.blocs]}
            if self.lockstep is not None:
                document["blocs"] |= self.lockstep.to_dict()
        if self.routes is not None:
            document["from"] = dict(self.routes.start)
            document["reachable"] = _reachable(self.routes)
            document["reachable_count"] = {
                concept: sum(1 for _ in _reached(self.routes, concept)) for concept in CONCEPTS
            }
        return document


def _prospect(entry: Prospect) -> dict[str, Any]:
    document: dict[str, Any] = {
        "outcome": dict(entry.outcome),
        "stable": _verdicts(entry.stable),
        "equilibrium": {concept: entry.equilibrium(concept) for concept in CONCEPTS},
        "reasons": [_reason(reason) for reason in entry.reasons],
        "gains_from_collapse": dict(entry.gains_from_collapse),
        "surroundings": {
            "states": [
                {"outcome": dict(node.outcome), "equilibrium": list(node.equilibrium)}
                for node in entry.surroundings.nodes
            ],
            "moves": [
                {
                    "from": arrow.before,
                    "to": arrow.after,
                    "party": "+".join(arrow.parties),
                    "improves": arrow.improves,
                }
                for arrow in entry.surroundings.arrows
            ],
        },
    }
    if entry.simultaneous is not None:
        document["stable"]["sim"] = dict(entry.simultaneous)
    if entry.as_seen is not None:
        document["as_seen"] = _verdicts(entry.as_seen)
    if entry.coalitions is not None:
        document["coalitions"] = _verdicts(entry.coalitions)
        document["breaks"] = [_break(each) for each in entry.breaks]
    if entry.blocs is not None:
        document["blocs"] = _verdicts(entry.blocs)
    return document


def _verdicts(verdicts: Mapping[str, Mapping[str, bool | None]]) -> dict[str, Any]:
    return {concept: dict(found) for concept, found in verdicts.items()}


def _reason(entry: Reason) -> dict[str, Any]:
    return {
        "party": entry.party,
        "concept": entry.concept,
        "stable": entry.stable,
        "move": dict(entry.move.to),
        "gain": entry.move.gain,
        "improvements": entry.improvements,
        "sanction": None if entry.sanction is None else _steps(entry.sanction),
        "response": None if entry.response is None else dict(entry.response.to),
        "leaves": entry.leaves,
        "credible": entry.credible,
    }


def _steps(steps: tuple[Step, ...]) -> list[dict[str, Any]]:
    return [
        {
            "party": step.mover,
            "to": dict(step.to),
            "gain": step.gain,
            "improves": step.improves,
        }
        for step in steps
    ]


def _break(entry: Break) -> dict[str, Any]:
    return {
        "coalition": "+".join(entry.parties),
        "concepts": list(entry.concepts),
        "moves": _steps(entry.route),
        "gains": dict(entry.gains),
    }


def _reachable(found: Routes) -> dict[str, list[dict[str, Any]]]:
    return {
        concept: [
            {
                "outcome": dict(route.outcome),
                "moves": _steps(moves),
                "improvements": None if route.improvements is None else _steps(route.improvements),
            }
            for route, moves in islice(_reached(found, concept), found.most)
        ]
        for concept in CONCEPTS
    }


def _reached(found: Routes, concept: Concept) -> Iterator[tuple[Route, tuple[Step, ...]]]:
    """The equilibria under a concept that are reached, and by which moves; the nearest first."""
    for route in found.routes:
        if concept in route.concepts and route.moves is not None:
            yield route, route.moves
