"""The sentences of a roadmap's document."""

from __future__ import annotations

from collections.abc import Iterator

from detente.case.provenance import numbers
from detente.case.schema import Case
from detente.model.draws import varies
from detente.model.sentences import listed, say
from detente.sequencing.answer import Missing, ModelName
from detente.sequencing.search.best_order import TOLERANCE
from detente.sequencing.search.leximin import Best
from detente.sequencing.search.play import Play


def definition(case: Case, model: ModelName) -> str:
    """What is compared, with the parameters of the case."""
    if model == "patient":
        return say("road.patient")
    stated = case.verification
    lag = stated.lag if stated is not None else 0
    punishment = stated.punishment if stated is not None else "forever"
    lasting = say("road.forever")
    if punishment != "forever":
        lasting = say("road.suspended", count=punishment, period=case.period)
    return say("road.discounted", count=lag + 1, period=case.period, lasting=lasting)


def tie(case: Case, play: Play, best: Best) -> str:
    """Why all orders are alike."""
    if play.network.steps == 1 or (play.network.first[1:] - play.network.first[:-1]).max() == 1:
        return say("road.one_order")
    if all(
        entry.end <= worst + TOLERANCE
        for entry, worst in zip(play.players, best.worst, strict=True)
    ):
        return say("road.shared_end")
    return say("road.alike")


def remarks(case: Case, at_once: int | None, best: Best) -> Iterator[str]:
    """What the reader should know."""
    if at_once is not None:
        yield say("road.at_once", count=at_once)
    if best.bound > best.value + TOLERANCE:
        yield say("road.not_proven", bound=best.bound)
    elif not best.refined:
        yield say("road.not_refined")
    if any(varies(entry) for _, entry in numbers(case)):
        yield say("verify.remark.ranges")


def explanation(case: Case, missing: Missing) -> str:
    """What would make an order work."""
    parts = []
    for need in missing.guarantees:
        who = case.party_name(need.party or "")
        parts.append(say("road.guarantee", party=who, amount=need.amount))
    if not missing.guarantees and missing.guarantee.amount is not None:
        parts.append(say("road.guarantee_all", amount=missing.guarantee.amount))
    if missing.detection is not None:
        parts.append(say("road.detection", chance=f"{missing.detection:.3g}"))
    for need in missing.gains:
        who = case.party_name(need.party or "")
        parts.append(say("road.gain", party=who, amount=need.amount))
    if not parts:
        return say("road.nothing_alone")
    return say("road.missing", ways=listed(parts, "or"))
