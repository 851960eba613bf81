"""How ``hold`` is told: outcomes, moves, gains, and where each party stands in one word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from detente.case.schema import Case
from detente.model.sentences import listed, number, say
from detente.model.wording import quoted
from detente.stability.answer import Outcome, Prospect, Reason, Step, Verdicts
from detente.stability.graph.relations import alone
from detente.stability.hold_result import HoldResult
from detente.views.naming import RULE_NAMES
from detente.views.roadmap.words import option_text

Stance = Literal["leaves", "costly", "open", "unknown", "deterred", "stays"]
"""``stays``: nothing better is within reach (Nash). ``deterred``: by others who gain by punishing
(SEQ). ``costly``: only by others who punish at their own cost (GMR). ``leaves``: nothing deters it.
``open``: it gains by leaving, and whether that is deterred cannot be told. ``unknown``: it has no
values."""
STANCES: tuple[Stance, ...] = ("leaves", "costly", "open", "unknown", "deterred", "stays")
"""From what most endangers an outcome to what least does."""
LASTING: tuple[Stance, ...] = ("deterred", "stays")
"""Where a party stays, and nobody need punish at a loss."""
SIGNS: Mapping[Stance, str] = {
    "leaves": "✗",
    "costly": "!",
    "open": "?",
    "unknown": "?",
    "deterred": "✓",
    "stays": "✓",
}
"""Marks that stand beside the words, so that nothing hangs on colour."""
STANDARD: Mapping[str, str] = {
    "nash": "Nash",
    "gmr": "GMR",
    "smr": "SMR",
    "seq": "SEQ",
    "sseq": "SSEQ",
    "sim": "SIM",
}
"""The names of the concepts in the literature."""
NAMED = 2
"""Up to so many issues that go back to where they stand today are named with their options."""


# where a party stands


def stance_in(verdicts: Verdicts, name: str) -> Stance:
    """Where a party, coalition or bloc stands: its five verdicts in one word."""
    if verdicts["nash"][name] is None:
        return "unknown"
    if verdicts["nash"][name]:
        return "stays"
    if verdicts["seq"][name]:
        return "deterred"
    if verdicts["gmr"][name] is False:
        return "leaves"
    return "costly" if verdicts["gmr"][name] and verdicts["seq"][name] is False else "open"


def stance(prospect: Prospect, party: str) -> Stance:
    """Where a party stands on an outcome."""
    return stance_in(prospect.stable, party)


def stance_text(found: Stance) -> str:
    """Where a party stands, in a few words: ``is deterred, credibly``."""
    return say(f"hold.stance.{found}")


def short_stance(found: Stance) -> str:
    """The same where there is little room, with its mark: ``✓ deterred``."""
    return f"{SIGNS[found]} {say(f'hold.short.{found}')}"


def in_stance(prospect: Prospect, *which: Stance) -> tuple[str, ...]:
    """The parties that stand so, in the order of the case."""
    return tuple(name for name in prospect.stable["nash"] if stance(prospect, name) in which)


def movable(case: Case, outcome: Outcome, party: str) -> tuple[str, ...]:
    """The issues that a party could change by itself, rules aside."""
    places = {issue: case.options[issue].index(outcome[issue]) for issue in case.issues}
    return tuple(i for i, place in places.items() if alone(case, i, party)[place].any())


def silent(result: HoldResult, prospect: Prospect) -> tuple[str, ...]:
    """The parties that could move away, and of whom it cannot be told whether they would."""
    unknown = in_stance(prospect, "unknown")
    return tuple(name for name in unknown if movable(result.case, prospect.outcome, name))


def coalitions_in(prospect: Prospect) -> dict[str, Stance]:
    """Where the coalitions of two or more stand that were asked about, if any were."""
    verdicts = prospect.coalitions or {"nash": {}}
    return {name: stance_in(verdicts, name) for name in verdicts["nash"] if "+" in name}


def overall(prospect: Prospect) -> Stance:
    """What becomes of the outcome: where the party stands that most endangers it.

    Parties without values are set aside, as long as another party has some.
    """
    parties = prospect.stable["nash"].keys()
    if parties <= set(prospect.unvalued):
        return "unknown"
    return weakest(stance(prospect, name) for name in parties)


def weakest(stances: Iterable[Stance]) -> Stance:
    """The one that most endangers an outcome; what is unknown is set aside."""
    found = set(stances)
    known = found - {"unknown"} or found
    return next(each for each in STANCES if each in known)


def foremost(prospect: Prospect, party: str) -> Reason | None:
    """The reason that says most of why a party stays or leaves; None where it gains nothing.

    For one that is deterred the strongest concept that holds, for one that leaves what nothing
    deters, and for one that is deterred at a cost the move that nobody gains by punishing.
    """
    found = stance(prospect, party)
    holds = {name: entry[party] for name, entry in prospect.stable.items()}
    if found in ("stays", "unknown"):
        return None
    if found == "deterred":
        return prospect.reason(party, "sseq" if holds["sseq"] else "seq")
    if found == "leaves" or not holds["gmr"]:
        return prospect.reason(party, "gmr")
    at_cost, unpunished = (
        prospect.reason(party, "smr" if holds["smr"] else "gmr"),
        prospect.reason(party, "seq"),
    )
    same = unpunished is None or at_cost is None or unpunished.move.to == at_cost.move.to
    return at_cost if same else unpunished


# names


def parties_text(case: Case, names: Iterable[str], joint: str = "and") -> str:
    """Several parties as a phrase."""
    return listed(map(case.party_name, names), joint)


def group_text(case: Case, name: str) -> str:
    """A coalition or bloc (``north+south``), or a single party."""
    return parties_text(case, name.split("+"))


def prospect_text(result: HoldResult, prospect: Prospect) -> str:
    """What an outcome is called in a sentence: a package, today's state, a solution."""
    case, name = result.case, prospect.name
    if name in case.packages:
        return f"“{case.package_name(name)}”"
    if name in RULE_NAMES:
        return say("verification.solution", rule=RULE_NAMES[name])
    if is_today(case, prospect.outcome):
        return say("hold.outcome.today")
    return say("hold.outcome.this")


def against_text(result: HoldResult, prospect: Prospect) -> str:
    """What gains are measured against, once the outcome has been named."""
    if is_today(result.case, prospect.outcome):
        return say("hold.outcome.today")
    key = "agreement" if prospect.name in (*result.case.packages, *RULE_NAMES) else "this"
    return say(f"hold.outcome.{key}")


def is_today(case: Case, outcome: Outcome) -> bool:
    """Whether an outcome is today's state."""
    return case.status_quo is not None and dict(case.status_quo) == dict(outcome)


def outcome_text(case: Case, outcome: Outcome) -> str:
    """An outcome that nobody named: as a package, as today's state, or what differs from today."""
    if is_today(case, outcome):
        return say("hold.outcome.today")
    return package_name(case, outcome) or terms_text(case, outcome)


def package_name(case: Case, outcome: Outcome) -> str:
    """The name of the package that settles things so; empty where none does."""
    for name, package in case.packages.items():
        if {**(case.status_quo or {}), **package.outcome} == dict(outcome):
            return f"“{case.package_name(name)}”"
    return ""


def terms_text(case: Case, outcome: Outcome) -> str:
    """The terms of an outcome, as far as they differ from today's state."""
    today = case.status_quo or {}
    changed = (issue for issue in case.issues if outcome[issue] != today.get(issue))
    return listed(option_text(case, issue, outcome[issue]) for issue in changed)


# moves and gains


def move_text(case: Case, before: Outcome, after: Outcome) -> str:
    """What a move does, after *would* or *could*: ``set “The embargo” back to “In force”``."""
    if _undoes_all(case, before, after):
        return say("hold.move.today")
    return say("hold.move.set", changes=changes_text(case, before, after))


def step_text(case: Case, before: Outcome, step: Step) -> str:
    """A move as an entry of a list: who makes it, and what changes."""
    who, what = parties_text(case, step.parties), changes_text(case, before, step.to)
    return say("hold.move.step", who=who, what=what)


def changes_text(case: Case, before: Outcome, after: Outcome) -> str:
    """What a move changes; many issues that go back to today's options are named without them."""
    if _undoes_all(case, before, after):
        return say("hold.move.undone")
    changed, today = _changed(case, before, after), case.status_quo or {}
    back = [issue for issue in changed if after[issue] == today.get(issue)]
    short = back if len(back) > NAMED else []
    told = [
        say(
            f"hold.move.{'back' if issue in back else 'to'}",
            issue=case.issue_name(issue),
            option=case.option_name(issue, after[issue]),
        )
        for issue in changed
        if issue not in short
    ]
    if short:
        told.append(say("hold.move.all_back", issues=quoted(map(case.issue_name, short))))
    return listed(told)


def _changed(case: Case, before: Outcome, after: Outcome) -> list[str]:
    return [issue for issue in case.issues if before[issue] != after[issue]]


def _undoes_all(case: Case, before: Outcome, after: Outcome) -> bool:
    return is_today(case, after) and len(_changed(case, before, after)) > 1


def points(gain: float) -> str:
    """A gain with its sign and unit; a tiny one is told as such."""
    digits = number(gain, signed=True)
    if digits == "0":
        return say(f"hold.points.{'hair' if gain else 'zero'}")
    return say("hold.points.signed", digits=digits, count=1 if digits[1:] == "1" else 2)
