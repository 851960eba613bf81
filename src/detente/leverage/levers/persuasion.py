"""Persuasion: judgements that would have to be others, and preferences that would have to turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import numpy as np

from detente.agreement.packages.package import Refusal
from detente.case.errors import CaseError
from detente.leverage.answer import Bound, Cost, Goal, Shift
from detente.leverage.judgements import By, Persuasion, persuasion, with_shifts
from detente.leverage.proposal import Bounds, Proposal
from detente.leverage.reversals.editing import with_reversals
from detente.leverage.reversals.reversals import reversals
from detente.leverage.shortfalls import bound, range_bound
from detente.leverage.wanted import Wanted
from detente.model.compilation import RED_LINES
from detente.model.wording import quoted


def propose(wanted: Wanted, open_: tuple[Goal, ...], bounds: Bounds) -> Iterator[Proposal | Bound]:
    """Weights or scores with which every refuser accepts; reversals that make it hold."""
    del bounds
    if "acceptable" in open_ and not wanted.view.broken_rules:
        yield from _accepting(wanted)
    if "holds" in open_:
        yield from _reversing(wanted)


def _accepting(wanted: Wanted) -> Iterator[Proposal | Bound]:
    signing = {n: r for n, r in wanted.view.refusals.items() if n in wanted.case.signing}
    unmet = tuple(name for name in signing if _red_lines(wanted, name))
    if unmet:
        lines = quoted(line for name in unmet for line in _lines(signing[name]))
        key = "persuasion_red_lines"
        yield bound("persuasion", "acceptable", key, wanted.case, unmet, lines=lines)
        return
    kinds: tuple[By, ...] = ("weight", "score")
    found = [entry for by in kinds for entry in _by(wanted, signing, by)]
    yield from found
    if not found:
        refusers = tuple(signing)
        yield bound("persuasion", "acceptable", "persuasion_none", wanted.case, refusers)


def _by(wanted: Wanted, signing: Mapping[str, Refusal], by: By) -> Iterator[Proposal | Bound]:
    """The least change of one kind that wins every refuser, or what the ranges lack."""
    found: list[Persuasion] = []
    for name, refusal in signing.items():
        entries = _of(wanted, name, refusal, by)
        if entries is None:
            return
        found += entries
    beyond = [entry for entry in found if not entry.within]
    for entry in beyond:
        yield range_bound(wanted.case, entry)
    if beyond or not found:
        return
    shifts: tuple[Shift, ...] = tuple(shift for entry in found for shift in entry.shifts)
    total = sum((entry.total for entry in found), Fraction(0))
    cost = Cost(total, "weight" if by == "weight" else "points")
    edited = wanted.edited(with_shifts(wanted.case, shifts))
    yield Proposal("persuasion", shifts, cost, edited, ("acceptable",))


def _of(wanted: Wanted, name: str, refusal: Refusal, by: By) -> list[Persuasion] | None:
    """Of one party: itself, and as many of its factions as ratification needs, easiest first."""
    own: list[Persuasion] = []
    if refusal.short is not None:
        entry = persuasion(wanted.case, name, wanted.outcome, refusal.short, by)
        if entry is None:
            return None
        own.append(entry)
    able = []
    for member, why in refusal.factions.items():
        if why.short is not None and not why.red_lines:
            entry = persuasion(wanted.case, member, wanted.outcome, why.short, by)
            if entry is not None:
                able.append(entry)
    able.sort(key=lambda entry: (not entry.within, entry.total))
    for size in range(len(able) + 1):
        chosen = [*own, *able[:size]]
        if _accepts(wanted, name, chosen):
            return _needed(wanted, name, chosen, kept=len(own))
    return None


def _needed(wanted: Wanted, name: str, chosen: list[Persuasion], kept: int) -> list[Persuasion]:
    """Without those that ratification can do without, dearest first."""
    for entry in reversed(chosen[kept:]):
        fewer = [other for other in chosen if other is not entry]
        if _accepts(wanted, name, fewer):
            chosen = fewer
    return chosen


def _accepts(wanted: Wanted, name: str, chosen: list[Persuasion]) -> bool:
    shifts = [shift for entry in chosen for shift in entry.shifts]
    edited = wanted.edited(with_shifts(wanted.case, shifts))
    return edited.view.acceptable_to[name]


def _lines(refusal: Refusal) -> tuple[str, ...]:
    """The unmet red lines of a party and of its factions."""
    return (
        *refusal.red_lines,
        *(line for why in refusal.factions.values() for line in why.red_lines),
    )


def _red_lines(wanted: Wanted, name: str) -> bool:
    """Whether a party would still refuse if all values of it and its factions spoke for it."""
    problem, model = wanted.compiled.problem, wanted.compiled
    codes = np.array([model.space.codes(wanted.outcome)])
    granted = problem.totals(codes) >= problem.thresholds
    for entry, place in model.position.items():
        if entry.partition(".")[0] == name and not entry.endswith(RED_LINES):
            granted[:, place] = True
    return not problem.consents[name].holds(granted)[0]


def _reversing(wanted: Wanted) -> Iterator[Proposal | Bound]:
    """The fewest preferences that would have to turn for the package to hold."""
    try:
        found = reversals(wanted.case, dict(wanted.outcome), wanted.concept)
    except CaseError as error:
        yield bound("persuasion", "holds", "reversals", why=error.problems[0].what)
        return
    if not found.turns:
        return
    try:
        edited = wanted.edited(with_reversals(wanted.case, found))
    except CaseError as error:
        yield bound("persuasion", "holds", "reversals", why=error.problems[0].what)
        return
    cost = Cost(Fraction(len(found.turns)), "reversals")
    yield Proposal("persuasion", found.turns, cost, edited, ("holds",), speaks_of=("holds",))
