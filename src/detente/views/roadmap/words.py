"""How a roadmap is told: items, moments, ways to leave, and the finding in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from detente.case.schema import Case
from detente.model.sentences import listed, number, say
from detente.model.wording import quoted
from detente.sequencing.answer import Margin, Move, Order, Step
from detente.sequencing.roadmap_result import RoadmapResult
from detente.verification.answer import not_negative
from detente.views.verification import package_text


def item_name(case: Case, move: Move) -> str:
    """The issue, measure or guarantee that a move is about."""
    if move.kind == "issue":
        return case.issue_name(move.item)
    if move.kind == "measure":
        return case.measure_name(move.item)
    return guarantee_name(case, move.item)


def guarantee_name(case: Case, name: str) -> str:
    """The wording for a guarantee."""
    stated = case.guarantees.get(name)
    return (stated.name if stated is not None else None) or name.replace("_", " ")


def change_text(case: Case, move: Move) -> str:
    """What becomes of it: from which option to which, or that it is put in place."""
    if move.before is None or move.after is None:
        return say("roadmap.put_in_place")
    before, after = (case.option_name(move.item, name) for name in (move.before, move.after))
    return say("roadmap.change", before=before, after=after)


def short_text(case: Case, move: Move, moved_twice: bool) -> str:
    """A move where there is little room; the option only where the issue moves several times."""
    if move.after is None or not moved_twice:
        return item_name(case, move)
    option = case.option_name(move.item, move.after)
    return say("roadmap.short", item=item_name(case, move), option=option)


def repeated(steps: Sequence[Step]) -> frozenset[str]:
    """Issues that are moved in several steps."""
    moved = [move.item for step in steps for move in step.moves]
    return frozenset(name for name in moved if moved.count(name) > 1)


def who_names(case: Case, move: Move) -> tuple[str, ...]:
    """Who does it; nobody for a measure, which no party puts in place."""
    if move.kind == "guarantee" and not move.parties and move.item in case.guarantees:
        return (case.guarantees[move.item].by,)
    return tuple(case.party_name(party) for party in move.parties)


def when_text(step: Step) -> str:
    """The periods in which a step is done, the first of the road being number one."""
    first, last = step.start + 1, step.start + max(1, step.takes)
    return f"{first:,}" if first == last else f"{first:,}–{last:,}"


def ends(order: Order) -> tuple[int, ...]:
    """Periods from the start to each moment: the start, and the end of each step."""
    return (0, *(step.start + step.takes for step in order.steps))


def moment_text(order: Order, step: int) -> str:
    """When it is, in the middle of a sentence: so many steps are done."""
    if step == 0:
        return say("roadmap.moment.start")
    if step >= len(order.steps):
        return say("roadmap.moment.end")
    return say("roadmap.moment.after", step=str(step))


def when_of(order: Order, entry: Margin) -> str:
    """The moment of a margin; what is kept back is kept back within a step."""
    if entry.deviation == "withhold":
        return say("roadmap.moment.within", step=str(entry.step))
    return moment_text(order, entry.step)


def how_text(case: Case, entry: Margin) -> str:
    """How a party would leave the road: ``by walking away``."""
    key = entry.deviation.replace(" ", "_")
    if not entry.parts:
        return say(f"roadmap.by.{key}")
    what = quoted(part_name(case, name) for name in entry.parts)
    return say(f"roadmap.by.{key}_parts", what=what)


def way_text(entry: Margin) -> str:
    """A way to leave the road, as the entry of a table."""
    return say(f"roadmap.way.{entry.deviation.replace(' ', '_')}")


def stands(margin: float) -> bool:
    """Whether a margin lets nobody gain; a tie does."""
    return not_negative(margin)


def loss_text(case: Case, entry: Margin, period: str, *, shown: bool = True) -> str:
    """What leaving would bring: ``would lose 1.8 points a month by walking away``.

    ``shown`` says whether the number may be told.
    """
    key = "loses" if stands(entry.margin) else "gains"
    if number(entry.margin) == "0":
        key = "even" if stands(entry.margin) else "gains_little"
    elif not shown:
        key += "_untold"
    slots = {"points": abs(entry.margin), "period": period, "how": how_text(case, entry)}
    return say(f"roadmap.{key}", **slots)


def by_moment(order: Order) -> tuple[Mapping[str, Margin], ...]:
    """For each moment from the start to the end the least margin of every party that has one."""
    found: list[dict[str, Margin]] = [{} for _ in range(len(order.steps) + 1)]
    for entry in order.margins:
        here = found[entry.step]
        if entry.party not in here or entry.margin < here[entry.party].margin:
            here[entry.party] = entry
    return tuple(found)


def least(here: Mapping[str, Margin]) -> Margin | None:
    """The least of several margins; the first of equal ones."""
    return min(here.values(), key=lambda entry: entry.margin, default=None)


def valued(result: RoadmapResult) -> tuple[str, ...]:
    """Parties with margins, in the order of the case."""
    known = {entry.party for entry in result.best.margins}
    return tuple(name for name in result.case.parties if name in known)


def weakest(result: RoadmapResult) -> tuple[Margin, str | None]:
    """The weakest moment of all, and under which further coding it is, if under one."""
    found: list[tuple[Margin, str | None]] = [(result.best.binding, None)]
    found += [(entry.binding, entry.name) for entry in result.variants]
    return min(found, key=lambda pair: pair[0].margin)


def coding_text(case: Case, coding: str, *, unit: bool = False) -> str:
    """What a coding is called; one end of a driver by the driver, with its unit if asked for."""
    name, _, value = coding.partition("=")
    driver = case.drivers.get(name)
    if driver is None or not value:
        return coding
    key = "driver_unit" if unit and driver.unit else "driver"
    called = driver.name or name.replace("_", " ")
    return say(f"roadmap.variant.{key}", driver=called, value=value, unit=driver.unit or "")


def points(margin: float) -> str:
    """A margin with its sign."""
    return number(margin, signed=True)


def nobody(result: RoadmapResult) -> str:
    """Who never gains by leaving, as far as that can be said."""
    others = any(not stands(margin) for margin in result.best.others.values())
    key = "unvalued" if result.unvalued else "signs" if others else "party"
    return say(f"roadmap.nobody.{key}")


def headline(result: RoadmapResult, package: str = "", *, shown: bool = True) -> str:
    """Whether an order exists that nobody gains by leaving, and how strong its weakest moment is.

    Parameters
    ----------
    result
        The answer.
    package
        What it is called, where the result does not know its name.
    shown
        Whether margins may be told.
    """
    package = package or package_text(result)
    entry, coding = weakest(result)
    holds = "holds" if result.feasible else "fails"
    if result.orders.count == 1:
        key = f"{holds}_only"
    elif not result.order_matters:
        key = f"{holds}_anyhow"
    elif holds == "fails" and not result.exact and stands(result.bound):
        key = "not_found"
    else:
        key = holds
    codings = len(result.variants)
    under = say("roadmap.headline.under", count=codings + 1) if codings else ""
    slots = {"package": package, "nobody": nobody(result), "under": under}
    finding = say(f"roadmap.headline.{key}", **slots)
    return f"{finding} {_strength(result, entry, coding, holds, shown)}"


def _strength(
    result: RoadmapResult, entry: Margin, coding: str | None, holds: str, shown: bool
) -> str:
    """The weakest moment, in one sentence."""
    key = f"roadmap.headline.weakest_{holds}{'' if result.order_matters else '_anyhow'}"
    name = coding_text(result.case, coding or "")
    under = "" if coding is None else say("roadmap.headline.coding", coding=name)
    return say(
        key,
        when=when_of(result.best, entry) + under,
        party=result.case.party_name(entry.party),
        loss=loss_text(result.case, entry, result.period, shown=shown),
    )


def items_text(case: Case, moves: Sequence[Move]) -> str:
    """Moves as a phrase: ``“Heavy weapons” (“Destroyed”) and “Hotline”``."""
    told = []
    for move in moves:
        if move.after is None:
            told.append(f"“{item_name(case, move)}”")
        else:
            told.append(option_text(case, move.item, move.after))
    return listed(told)


def option_text(case: Case, issue: str, option: str) -> str:
    """An issue with its option in brackets."""
    slots = {"issue": case.issue_name(issue), "option": case.option_name(issue, option)}
    return say("roadmap.option", **slots)


def part_name(case: Case, name: str) -> str:
    """The wording for an issue, a listed violation, a measure or a guarantee."""
    if name in case.guarantees:
        return guarantee_name(case, name)
    if case.verification is not None and name in case.verification.measures:
        return case.measure_name(name)
    return case.violation_name(name)


def quoted_items(case: Case, names: Sequence[str]) -> str:
    """Measures and guarantees as a phrase."""
    return quoted(part_name(case, name) for name in names)
