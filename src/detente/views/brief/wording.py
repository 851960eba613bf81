"""Phrases that several sections use: counts, changes, reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from detente.agreement.packages.changes import Change
from detente.agreement.packages.package import PackageView, Refusal
from detente.case.schema import Case
from detente.model.sentences import listed, number, say
from detente.model.wording import quoted
from detente.views.brief.context import Context
from detente.views.naming import named

_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
)


_SILENT = Refusal(short=None, red_lines=(), factions={})


def counted(what: str, count: int) -> str:
    """A number of things: ``one issue``, ``four parties``."""
    return say(f"brief.count.{what}_one" if count == 1 else f"brief.count.{what}", count=count)


def ordinal(place: int) -> str:
    """A rank in words.

    Examples
    --------
    >>> ordinal(2), ordinal(21)
    ('second', 'number 21')
    """
    return _ORDINALS[place - 1] if place <= len(_ORDINALS) else say("brief.rank", rank=str(place))


def change_text(case: Case, change: Change) -> str:
    """A change of one issue, in the words of the case."""
    return say(
        "brief.change",
        issue=case.issue_name(change.issue),
        before=case.option_name(change.issue, change.before),
        after=case.option_name(change.issue, change.after),
    )


def reasons(context: Context, name: str, view: PackageView, refusal: Refusal) -> str:
    """Why a party or faction refuses, as a phrase; numbers only where they may be shown."""
    case, found = context.case, []
    if refusal.red_lines:
        key = "red_line" if len(refusal.red_lines) == 1 else "red_lines"
        found.append(say(f"brief.refusal.{key}", lines=quoted(refusal.red_lines)))
    if refusal.short is not None:
        key = "worth_less"
        if name in view.ordinal:
            key = "ranked_below"
        elif context.open_to(name):
            key = "worth_less_by"
        found.append(say(f"brief.refusal.{key}", points=number(refusal.short)))
    at_home = {
        # Where the party has reasons of its own, only red lines at home add to them.
        faction: replace(inner, short=None) if found else inner
        for faction, inner in refusal.factions.items()
    }
    others = [faction for faction, inner in at_home.items() if inner == _SILENT]
    for faction, inner in at_home.items():
        if faction not in others:
            why = reasons(context, faction, view, inner)
            found.append(say("brief.refusal.at_home", faction=case.party_name(faction), why=why))
    if others:
        factions = listed(case.party_name(faction) for faction in others)
        found.append(say("brief.refusal.by_factions", factions=factions))
    return "; ".join(found)


def refusers(context: Context, view: PackageView, names: Sequence[str]) -> tuple[str, ...]:
    """Those of some parties that refuse a package."""
    return tuple(name for name in names if not view.acceptable_to[name])


def party_list(case: Case, names: Iterable[str], joint: str = "and") -> str:
    """Several parties or factions as a phrase."""
    return listed((named(case, name) for name in names), joint)
