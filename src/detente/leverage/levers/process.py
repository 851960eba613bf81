"""Which single thing of the process stands in the way: each is relaxed in turn.

What is tried, one at a time: every rule is dropped; every option that the package moves to takes
nothing, a year or forever to take back; a jointly controlled issue is changed by one of its
owners alone; a joint issue is only taken back by all together; an issue gets an option half way;
what must come first need not; a measure works although what it requires is not agreed; a faction
has no say. Each edited case is one that could have been written, and every question is asked of
it as of any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from detente.case.bargaining import Faction, Issue, Ratification
from detente.case.consistency import broken_by
from detente.case.fields import FrozenDict
from detente.case.implementation import Package
from detente.leverage.answer import Bound, Cost, Goal, Relaxation
from detente.leverage.proposal import Bounds, Proposal
from detente.leverage.wanted import Wanted
from detente.model.aftermath import YEARS
from detente.sequencing.changes import halved, undone_in


@dataclass(frozen=True, eq=False)
class Relaxed:
    """One relaxation, what it might help, and the package under it."""

    relaxation: Relaxation
    helps: frozenset[Goal]
    wanted: Wanted


def propose(wanted: Wanted, open_: tuple[Goal, ...], bounds: Bounds) -> Iterator[Proposal | Bound]:
    """Every relaxation that might help with something; those that do not are not shown."""
    del bounds
    for entry in relaxations(wanted):
        aims = tuple(goal for goal in open_ if goal in entry.helps)
        met = tuple(goal for goal in aims if entry.wanted.verdict(goal)[0])
        if met:
            yield Proposal(
                "process", (entry.relaxation,), Cost(Fraction(1), "relaxations"), entry.wanted, met
            )


def relaxations(wanted: Wanted) -> Iterator[Relaxed]:
    """Everything of the process that might be otherwise, one thing at a time."""
    yield from _rules(wanted)
    yield from _ratification(wanted)
    for issue, option in wanted.outcome.items():
        yield from _joint(wanted, issue)
        if wanted.case.status_quo is None or wanted.case.status_quo[issue] == option:
            continue
        yield from _undo(wanted, issue, option)
        yield from _half_way(wanted, issue)
    yield from _precedence(wanted)
    yield from _requires(wanted)


def _rules(wanted: Wanted) -> Iterator[Relaxed]:
    case = wanted.case
    for place, rule in enumerate(case.rules):
        edited = case.changed(rules=(*case.rules[:place], *case.rules[place + 1 :]))
        broken = broken_by(rule, wanted.outcome, case)
        helps: set[Goal] = {"acceptable"} if broken else {"roadmap", "holds"}
        yield Relaxed(Relaxation("rule", str(place)), frozenset(helps), wanted.edited(edited))


def _ratification(wanted: Wanted) -> Iterator[Relaxed]:
    case = wanted.case
    for name, refusal in wanted.view.refusals.items():
        if name not in case.signing:
            continue
        for member in refusal.factions:
            faction = member.split(".", 1)[1]
            party = case.parties[name]
            left = {key: entry for key, entry in party.factions.items() if key != faction}
            update: dict[str, object] = {"factions": FrozenDict(left)}
            if party.ratification is not None:
                update["ratification"] = _without(party.ratification, faction, left)
            parties = {**case.parties, name: party.model_copy(update=update)}
            edited = case.changed(parties=FrozenDict(parties))
            helps: frozenset[Goal] = frozenset({"acceptable"})
            yield Relaxed(Relaxation("ratification", member), helps, wanted.edited(edited))


def _without(
    stated: Ratification, faction: str, left: Mapping[str, Faction]
) -> Ratification | None:
    """How ratification goes without a faction; None where no other is left."""
    if not left:
        return None
    veto = tuple(name for name in stated.veto if name != faction)
    quota = None if stated.quota is None else min(stated.quota, len(left))
    return stated.model_copy(update={"veto": veto, "quota": quota})


def _joint(wanted: Wanted, issue: str) -> Iterator[Relaxed]:
    entry = wanted.case.issues[issue]
    if entry.control is not None or entry.moves is not None:
        return
    owners = entry.joint or wanted.case.signing
    helps: frozenset[Goal] = frozenset({"holds", "roadmap"})
    if len(owners) > 1:
        for party in owners:
            edited = _with_issue(wanted, issue, {"control": party, "joint": ()})
            yield Relaxed(Relaxation("joint", issue, party), helps, edited)
    if entry.withdraw == "any":
        edited = _with_issue(wanted, issue, {"withdraw": "all", "joint": owners})
        yield Relaxed(Relaxation("withdraw", issue), helps, edited)


def _undo(wanted: Wanted, issue: str, option: str) -> Iterator[Relaxed]:
    entry = wanted.case.issues[issue]
    assert wanted.case.status_quo is not None
    now = entry.undo_time(option, wanted.case.status_quo[issue])
    year = round(1 / YEARS[wanted.case.period])
    times: tuple[int | Literal["never"], ...] = (0, year, "never")
    for time in times:
        if time == now:
            continue
        update = undone_in(entry, option, time, wanted.case.status_quo[issue])
        # no move hangs on how long it takes, only on whether it can be taken back at all
        helps: set[Goal] = {"enforceable", "roadmap"}
        helps |= {"holds"} if "never" in (time, now) else set()
        yield Relaxed(
            Relaxation("undo", issue, option, time),
            frozenset(helps),
            _with_issue(wanted, issue, update),
        )


def _half_way(wanted: Wanted, issue: str) -> Iterator[Relaxed]:
    """The package at the middle of its last move, and on the way through it."""
    if not wanted.case.issues[issue].ordered:
        return
    assert wanted.case.status_quo is not None
    found = halved(wanted.case, wanted.outcome, issue, wanted.case.status_quo[issue])
    if found is None:
        return
    middle, edit = found
    edited = edit(wanted.case)
    option = wanted.outcome[issue]
    through: frozenset[Goal] = frozenset({"roadmap"})
    yield Relaxed(Relaxation("option", issue, option), through, wanted.edited(edited))
    ends: frozenset[Goal] = frozenset({"acceptable", "enforceable", "holds"})
    outcome = {**wanted.outcome, issue: middle}
    yield Relaxed(Relaxation("option", issue, middle), ends, wanted.edited(edited, outcome))


def _precedence(wanted: Wanted) -> Iterator[Relaxed]:
    stated = wanted.package.before
    helps: frozenset[Goal] = frozenset({"roadmap"})
    for place, pair in enumerate(stated):
        before = (*stated[:place], *stated[place + 1 :])
        package: Package = wanted.package.model_copy(update={"before": before})
        yield Relaxed(
            Relaxation("precedence", pair[0], pair[1]), helps, wanted.edited(package=package)
        )


def _requires(wanted: Wanted) -> Iterator[Relaxed]:
    checks = wanted.case.verification
    if checks is None:
        return
    helps: frozenset[Goal] = frozenset({"enforceable", "roadmap"})
    for name, measure in checks.measures.items():
        if measure.requires is None or wanted.case.allows(name, wanted.outcome):
            continue
        entries = {**checks.measures, name: measure.model_copy(update={"requires": None})}
        edited = checks.model_copy(update={"measures": FrozenDict(entries)})
        case = wanted.case.changed(verification=edited)
        yield Relaxed(Relaxation("requires", name), helps, wanted.edited(case))


def _with_issue(wanted: Wanted, issue: str, update: Mapping[str, object]) -> Wanted:
    changed: Issue = wanted.case.issues[issue].model_copy(update=dict(update))
    issues = FrozenDict({**wanted.case.issues, issue: changed})
    return wanted.edited(wanted.case.changed(issues=issues))
