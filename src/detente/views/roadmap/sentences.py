"""A roadmap in sentences: its weakest moment, its ceiling, what is missing, what it would cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.case.schema import Case
from detente.model.sentences import listed, number, say
from detente.model.wording import quoted
from detente.sequencing.answer import (
    HAIR,
    Change,
    Margin,
    Move,
    Need,
    Order,
    Shifted,
    Variant,
)
from detente.sequencing.roadmap_result import RoadmapResult
from detente.verification.wording import chance
from detente.views.naming import Open, everyone
from detente.views.roadmap.differences import Elsewhere, differences
from detente.views.roadmap.words import (
    coding_text,
    ends,
    how_text,
    loss_text,
    option_text,
    points,
    repeated,
    short_text,
    stands,
    when_of,
)
from detente.views.verification import time_text

MOVED = 4
"""Up to so many parts that stand elsewhere another order is told by them."""


def last_of(result: RoadmapResult) -> Margin | None:
    """The least margin of the finished agreement; what is kept back before that is no part."""
    last = len(result.best.steps)
    ends = (m for m in result.best.margins if m.step == last and m.deviation != "withhold")
    return min(ends, key=lambda entry: entry.margin, default=None)


def ceiling_text(result: RoadmapResult, *, shown: bool = True) -> str:
    """The end, which every order shares."""
    entry = last_of(result)
    if entry is None or entry.margin > result.ceiling + HAIR:
        return ""  # the end of another coding is the weakest
    key = "reached" if result.margin >= result.ceiling - HAIR else "below"
    return say(
        f"roadmap.ceiling.{key}",
        party=result.case.party_name(entry.party),
        loss=loss_text(result.case, entry, result.period, shown=shown),
    )


def spread_text(result: RoadmapResult, *, shown: bool = True) -> str:
    """How many orders there are, and how they fare."""
    orders, key = result.orders, "count"
    if not result.order_matters:
        key = "count_alike"
    told = [say(f"roadmap.orders.{key}", count=int(orders.count))]
    if shown and result.order_matters:
        slots = {"worst": points(orders.worst), "best": points(result.margin)}
        told.append(say("roadmap.orders.spread", period=result.period, **slots))
    if result.order_matters and orders.count > 1:
        every = orders.looked_at >= orders.count
        slots = {
            "holds": _of("hold", orders.holds, orders.looked_at),
            "at_ceiling": _of("reach", orders.at_ceiling, orders.looked_at),
        }
        key = "all" if every else "sample"
        told.append(say(f"roadmap.orders.{key}", looked_at=orders.looked_at, **slots))
    return " ".join(told)


def _of(what: str, part: int, whole: int) -> str:
    """How many of several do something."""
    which = "each" if part == whole else "some" if part else "none"
    return say(f"roadmap.orders.{what}_{which}", count=part)


def missing_text(result: RoadmapResult, open_to: Open = everyone) -> list[str]:
    """What would make an order work, a sentence each; empty where one does.

    Amounts stand only where those whose they are may be told of.
    """
    missing, case, period = result.missing, result.case, result.period
    if missing is None:
        return []
    whole = all(open_to(name) for name in case.signing)
    found = [_guarantee(case, need, period, open_to, whole) for need in missing.guarantees]
    if missing.guarantee.amount is not None or not missing.guarantees:
        found.append(_guarantee(case, missing.guarantee, period, open_to, whole))
    least = missing.detection
    key = "detection_none" if least is None else "detection"
    found.append(say(f"roadmap.missing.{key}", chance=chance(least or 0.0), period=period))
    found += [_gain(case, need, period, open_to) for need in missing.gains]
    found += _changes(result, missing.changes, whole)
    return found


def ways_text(result: RoadmapResult) -> str:
    """Which kinds of things would make an order work, in one sentence without a number."""
    missing, case = result.missing, result.case
    assert missing is not None
    found = []
    if missing.guarantees:
        parties = listed((case.party_name(need.party or "") for need in missing.guarantees), "or")
        found.append(say("roadmap.missing.way_guarantee", parties=parties))
    elif missing.guarantee.amount is not None:
        found.append(say("roadmap.missing.way_guarantees"))
    if missing.detection is not None:
        found.append(say("roadmap.missing.way_detection"))
    if missing.gains:
        parties = listed((case.party_name(need.party or "") for need in missing.gains), "or")
        found.append(say("roadmap.missing.way_gain", parties=parties))
    works = [change for change in missing.changes if stands(change.margin)]
    if works:
        found.append(say("roadmap.missing.way_change", what=_change(result, works[0])))
    key = "ways" if found else "no_way"
    return say(f"roadmap.missing.{key}", ways=listed(found, "or"))


def _guarantee(case: Case, need: Need, period: str, open_to: Open, whole: bool) -> str:
    if need.party is None:
        key = "nobody" if need.amount is None else "all" if whole else "all_untold"
        return say(f"roadmap.missing.guarantee_{key}", amount=need.amount or 0.0, period=period)
    key = "guarantee" if open_to(need.party) else "guarantee_untold"
    slots = {"party": case.party_name(need.party), "amount": need.amount or 0.0}
    return say(f"roadmap.missing.{key}", period=period, **slots)


def _gain(case: Case, need: Need, period: str, open_to: Open) -> str:
    assert need.party is not None
    key = "gain" if open_to(need.party) else "gain_untold"
    slots = {"party": case.party_name(need.party), "amount": need.amount or 0.0}
    return say(f"roadmap.missing.{key}", period=period, **slots)


def _changes(result: RoadmapResult, changes: Sequence[Change], whole: bool) -> Iterator[str]:
    """Single changes that are enough, or the one that comes closest."""
    for change in changes[:MOST_CHANGES]:
        key = "works" if stands(change.margin) else "closest"
        what = _change(result, change)
        key += "" if whole else "_untold"
        slots = {"margin": points(change.margin), "period": result.period}
        yield say(f"roadmap.missing.{key}", what=what, **slots)
    if len(changes) > MOST_CHANGES:
        yield say("roadmap.missing.more", count=len(changes) - MOST_CHANGES)


def _change(result: RoadmapResult, change: Change) -> str:
    case, key = result.case, change.kind.replace(" ", "_")
    today = (case.status_quo or {}).get(change.issue)
    if change.kind == "stop short" and change.option == today:
        key = "leave"
    elif change.kind == "undo":
        key += "_never" if change.undo == "never" else "" if change.undo else "_at_once"
    return say(
        f"roadmap.missing.{key}",
        what=option_text(case, change.issue, change.option),
        issue=case.issue_name(change.issue),
        option=case.option_name(change.issue, change.option),
        time=time_text(change.undo, result.period) if isinstance(change.undo, int) else "",
    )


def shifts_text(result: RoadmapResult, most: int, *, shown: bool = True) -> list[str]:
    """What it would cost to take one part elsewhere, dearest first."""
    if not result.shifts:
        key = "none" if shown else "none_untold"
        return [say(f"roadmap.shift.{key}", hair=HAIR, period=result.period)]
    found = [_shift(result, entry, shown) for entry in result.shifts[:most]]
    if len(result.shifts) > most:
        found.append(say("roadmap.shift.more", count=len(result.shifts) - most))
    return found


MOST_CHANGES = 3
"""Most single changes that are told of."""
FEW = 2
"""Up to so many items are named; of more the number of the step is."""


def _shift(result: RoadmapResult, entry: Shifted, shown: bool) -> str:
    case = result.case
    fails = stands(result.best.margin) and not stands(entry.margin)
    key = "fails" if fails else "falls"
    if len(entry.past) <= FEW:
        past = _short(result, entry.past)
    else:
        places = (n for n, step in enumerate(result.best.steps, 1) if step.moves == entry.past)
        past = say("roadmap.shift.step", step=str(next(places)))
    return say(
        f"roadmap.shift.{key}{'' if shown else '_untold'}",
        what=_short(result, [entry.move]),
        where=say(f"roadmap.shift.{'before' if entry.earlier else 'after'}", past=past),
        before=points(result.best.margin),
        margin=points(entry.margin),
        party=case.party_name(entry.binding.party),
        how=how_text(case, entry.binding),
    )


def _short(result: RoadmapResult, moves: Sequence[Move]) -> str:
    """Moves as a phrase, with options only of what moves several times."""
    twice = repeated(result.best.steps)
    return quoted(short_text(result.case, move, move.item in twice) for move in moves)


def order_text(result: RoadmapResult, order: Order) -> str:
    """Another order: what stands elsewhere than in the best one, or all of it where much does."""
    found = differences(result.best, order, result.idle)
    if found is not None and len(found) <= MOVED:
        if not found:
            return say("roadmap.alternative.same")
        return "; ".join(_elsewhere(result, entry) for entry in found)
    twice = repeated(order.steps)
    return say("roadmap.alternative.then").join(
        " + ".join(short_text(result.case, move, move.item in twice) for move in step.moves)
        for step in order.steps
    )


def _elsewhere(result: RoadmapResult, entry: Elsewhere) -> str:
    """Where a part stands in another order, told by the steps of the best one."""
    key = "in" if entry.alongside is not None else "after" if entry.after else "first"
    return say(
        f"roadmap.alternative.{key}",
        what=_short(result, [entry.move]),
        step=str(entry.alongside if entry.alongside is not None else entry.after),
        instead=str(entry.step),
    )


def alternative_text(result: RoadmapResult, order: Order, *, shown: bool = True) -> str:
    """Another order with its weakest moment and its length."""
    entry = order.binding
    key = "holds" if stands(entry.margin) else "fails"
    return say(
        f"roadmap.alternative.{key}{'' if shown else '_untold'}",
        order=order_text(result, order),
        margin=points(entry.margin),
        when=when_of(order, entry),
        party=result.case.party_name(entry.party),
        time=time_text(ends(order)[-1], result.period),
    )


def own_text(result: RoadmapResult, *, shown: bool = True) -> str:
    """The order that was asked about, against the best; empty where none was."""
    own = result.own
    if own is None:
        return ""
    entry, best = own.binding, result.best.margin
    key = "holds" if stands(entry.margin) else "fails"
    told = say(
        f"roadmap.own.{key}",
        when=when_of(own, entry),
        party=result.case.party_name(entry.party),
        loss=loss_text(result.case, entry, result.period, shown=shown),
    )
    if best - own.margin < HAIR:
        return f"{told} {say('roadmap.own.as_good')}"
    if not shown:
        return told
    return f"{told} {say('roadmap.own.worse', best=points(best), own=points(own.margin))}"


def variant_text(result: RoadmapResult, entry: Variant, *, shown: bool = True) -> str:
    """What is left of the order under another coding."""
    binding = entry.binding
    return say(
        f"roadmap.variant.{'holds' if stands(entry.margin) else 'fails'}",
        name=coding_text(result.case, entry.name, unit=True),
        when=when_of(result.best, binding),
        party=result.case.party_name(binding.party),
        loss=loss_text(result.case, binding, result.period, shown=shown),
    )


def robust_text(result: RoadmapResult) -> str:
    """By how much values may be wrong; empty where the margin is gone already."""
    if result.robust is None:
        return ""
    key = "within" if number(result.robust) != "0" else "nothing"
    return say(f"roadmap.robust.{key}", points=result.robust)
