"""Why a party is least held at a moment: what it has, what it could have back, what it still owes.

Leaving is cheap where a party keeps what the others have done, because that takes long to take
back; where what it has done itself is soon undone; and where most of what it has to do is still
to come. All three follow from its values and the undo times (:mod:`detente.model.aftermath`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from detente.model.aftermath import period_discount
from detente.model.compilation import Model, compile_case
from detente.sequencing.answer import Margin, Order
from detente.sequencing.roadmap_result import RoadmapResult
from detente.verification.measures.detection import detectors
from detente.verification.temptations import Way

MOST = 2
"""Most reasons of one kind."""
TELLING = 0.3
"""Reasons with less than this share of the weight of the first are not told."""

Kind = Literal["kept", "war", "back", "ahead"]
KINDS: tuple[Kind, ...] = ("kept", "war", "back", "ahead")


@dataclass(frozen=True)
class Reason:
    """An issue that makes leaving cheap at a moment.

    Parameters
    ----------
    kind
        ``kept``: it brings the party something, and stays for a while when the process
        collapses. ``back``: it costs the party something, and is soon undone then. ``ahead``:
        it will cost the party something. ``war``: it makes a breakdown less bad.
    issue, option
        Which, and where it stands then (``ahead``: will stand).
    undo
        Periods until it is undone, or never.
    weight
        What it contributes, on the scale of the party.
    """

    kind: Kind
    issue: str
    option: str
    undo: int | Literal["never"]
    weight: float


def state_at(result: RoadmapResult, order: Order, step: int) -> Mapping[str, str]:
    """The outcome that stands once so many steps are done."""
    return order.steps[step - 1].state if step else (result.case.status_quo or {})


def reasons(result: RoadmapResult, entry: Margin) -> tuple[Reason, ...]:
    """Why walking away costs a party least at a moment of the best order, weightiest first.

    Empty where its values do not tell. Values are taken issue by issue, all else as it stands.
    """
    model = compile_case(result.case)
    here = state_at(result, result.best, entry.step)
    breakdown = result.case.parties[entry.party].breakdown
    at_war = breakdown is not None and breakdown.base is not None
    found = list(_war(result, entry.party, here) if at_war else _done(model, entry.party, here))
    found += _ahead(model, entry.party, here, result.to)
    found = sorted((r for r in found if r.weight > 0), key=lambda r: -r.weight)
    told = [reason for reason in found if reason.weight >= TELLING * found[0].weight]
    return tuple(reason for kind in KINDS for reason in [r for r in told if r.kind == kind][:MOST])


def _done(model: Model, party: str, here: Mapping[str, str]) -> Iterator[Reason]:
    """What has been done: gains that stay, costs that end, after a collapse."""
    if not model.has_scores(party):
        return
    case, discount = model.case, period_discount(model.case, party)
    today = case.status_quo or {}
    worth = model.value(party, here)
    for issue, option in here.items():
        if option == today[issue]:
            continue
        gain = float(worth - model.value(party, {**here, issue: today[issue]}))
        undo = case.issues[issue].undo_time(option, today[issue])
        ends = 0.0 if undo == "never" else discount**undo
        kind: Kind = "kept" if gain > 0 else "back"
        yield Reason(kind, issue, option, undo, gain * (1 - ends) if gain > 0 else -gain * ends)


def _ahead(
    model: Model, party: str, here: Mapping[str, str], there: Mapping[str, str]
) -> Iterator[Reason]:
    """What is still to come and will cost the party something."""
    if not model.has_scores(party):
        return
    case, worth = model.case, model.value(party, there)
    today = case.status_quo or {}
    for issue, option in there.items():
        if option != here[issue]:
            gain = float(worth - model.value(party, {**there, issue: here[issue]}))
            undo = case.issues[issue].undo_time(option, today[issue])
            yield Reason("ahead", issue, option, undo, -gain)


def _war(result: RoadmapResult, party: str, here: Mapping[str, str]) -> Iterator[Reason]:
    """What makes the party's own breakdown less bad than it was."""
    breakdown = result.case.parties[party].breakdown
    today = result.case.status_quo or {}
    for issue, scores in (breakdown.scores or {}).items() if breakdown is not None else ():
        now, then = (float(scores[o]) if o in scores else 0.0 for o in (here[issue], today[issue]))
        yield Reason("war", issue, here[issue], "never", now - then)


def detection(result: RoadmapResult, entry: Margin) -> float | None:
    """The chance per period at which listed violations would be found at a moment, all at once.

    By the measures that are in place then; None where something else is meant.
    """
    case = result.case
    if not entry.parts or any(name not in case.violations for name in entry.parts):
        return None
    known = detectors(case, state_at(result, result.best, entry.step))
    coming = result.best.steps[entry.step :]
    absent = {move.item for step in coming for move in step.moves if move.kind == "measure"}
    used = [name not in absent for name in known.names]
    ways = [Way(name, violation=case.violations[name]) for name in entry.parts]
    return float(known.detection(known.seen(ways).sum(axis=0) @ np.array(used, dtype=np.float64)))
