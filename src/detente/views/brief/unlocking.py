"""Asking what it would take, for the packages of a brief that miss something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from detente.leverage.answer import LEVERS, Goal, Lever
from detente.views.brief.beside import Ask, unlocked
from detente.views.brief.context import Context, Shown
from detente.views.brief.hold import prospect_of

ALL_BUT_PROCESS: tuple[Lever, ...] = tuple(lever for lever in LEVERS if lever != "process")
"""What may be moved for the one package that most is asked about."""
CODINGS = 256
"""Codings that are drawn of each way of that package."""


def verdicts(context: Context, shown: Shown) -> Mapping[Goal, bool | None]:
    """What a package meets of the goals of ``unlock``, by what was asked; None: cannot be told."""
    case, view = context.case, shown.view
    verified, road = context.verifications.get(shown.letter), context.roads.get(shown.letter)
    found = prospect_of(context, shown)
    enforceable = None if verified is None else verified.enforceable
    return {
        "acceptable": not view.broken_rules and all(view.acceptable_to[p] for p in case.signing),
        "enforceable": None if enforceable is None else enforceable == "yes",
        "roadmap": None if road is None else road.feasible,
        "holds": None if found is None else found[1].equilibrium("seq"),
    }


def with_unlocks(context: Context, ask: Ask) -> Context:
    """The context with what it would take: other terms for all that miss something of the goals.

    Of one package every lever but the process is asked, and in which share of codings its ways
    stand: of the main one; where that misses nothing, of the first that misses least.
    """
    missed = {
        shown.letter: count
        for shown in context.packages
        if (count := list(verdicts(context, shown).values()).count(False))
    }
    main = context.main.letter if context.main is not None else ""
    ahead = sorted(missed, key=lambda letter: (letter != main, missed[letter]))
    to = {shown.letter: shown.selected.to for shown in context.packages}
    terms: tuple[Lever, ...] = ("terms",)
    calls = [
        (context.case, to[letter], *((terms, 0) if place else (ALL_BUT_PROCESS, CODINGS)))
        for place, letter in enumerate(ahead)
    ]
    answers = dict(zip(ahead, ask(unlocked, calls)(), strict=True))
    found = {
        letter: replace(result, case=context.case)
        for letter in missed
        if (result := answers[letter][0]) is not None
    }
    why = {letter: told for letter in missed if (told := answers[letter][1])}
    return replace(context, unlocks=found, unasked={**context.unasked, "unlock": why})
