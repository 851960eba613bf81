"""What it would take, in sentences: what stands in the way, what a way costs, how far it stands."""

from __future__ import annotations

from collections.abc import Sequence

from detente.agreement.packages.draws import Share
from detente.case.schema import Case
from detente.leverage.answer import LEVERS, Goal, Lever, Way
from detente.leverage.payments.answer import StatePayment
from detente.leverage.reversals.answer import Reversal
from detente.leverage.unlock_result import UnlockResult
from detente.leverage.words import amount_text, name_of, what_is_otherwise
from detente.model.sentences import listed, say
from detente.uncertainty.codings import factors, ranged
from detente.uncertainty.draws import drawn_from
from detente.views.naming import capital
from detente.views.stress.shares import in_share, interval_text
from detente.views.verification import package_text

HUNDRED = 100
COUNTED = ("changes", "reversals", "relaxations")
"""Costs that are counts."""


# the finding


def headline(result: UnlockResult) -> str:
    """Who would sign the package and who would not, and what else stands in the way."""
    package, standing = package_text(result), result.standing
    if not result.open:
        met = listed(say(f"unlock.goal.{goal}") for goal in met_goals(result))
        key = "stands" if not standing.untold else "stands_told" if met else "nothing_told"
        return say(f"unlock.finding.{key}", package=package, goals=met)
    slots = {"package": package, "what": _clauses(result.reasons)}
    refused, every = standing.refused_by, result.case.signing
    if "acceptable" not in result.goals or ("acceptable" in result.open and not refused):
        return say("unlock.finding.missed", **slots)
    if not refused:
        return say("unlock.finding.willing", **slots)
    if len(refused) == len(every):
        return say("unlock.finding.nobody", **slots)
    count = len(every) - len(refused)
    return say("unlock.finding.refused", count=count, all=len(every), **slots)


def _clauses(reasons: Sequence[str]) -> str:
    """Reasons side by side; some have commas of their own."""
    *first, last = reasons
    if len(first) == 1:
        return say("unlock.finding.two", first=first[0], last=last)
    return "; ".join([*first, say("unlock.finding.last", what=last)]) if first else last


def met_goals(result: UnlockResult) -> tuple[Goal, ...]:
    """What the package meets as it is."""
    return tuple(goal for goal in result.goals if result.standing.verdicts.get(goal))


def outlook(result: UnlockResult) -> str:
    """How far the ways that were found lead; empty where nothing stands in the way."""
    if not result.open:
        return ""
    if result.enough:
        told = say("unlock.finding.enough", count=len(result.enough))
    elif result.together is not None:
        told = say("unlock.finding.together", count=len(result.together.ways))
    else:
        key = "part" if result.ways else "nothing"
        told = say(f"unlock.finding.{key}", count=len(result.ways))
    if result.levers == LEVERS:
        return told
    levers = listed(lever_text(lever) for lever in result.levers)
    return f"{told} {say('unlock.finding.tried', levers=levers)}"


def untold_sentences(result: UnlockResult) -> list[str]:
    """What cannot be told about the package, and why."""
    untold = result.standing.untold
    return [say(f"unlock.untold.{goal}", why=why.rstrip(".")) for goal, why in untold.items()]


# ways


def lever_text(lever: Lever) -> str:
    """What is moved, within a sentence."""
    return say(f"unlock.lever.{lever}")


def cost_text(case: Case, way: Way) -> str:
    """What a way costs, in words with its unit."""
    amount, unit = way.cost.amount, way.cost.unit
    if unit in COUNTED:
        return say(f"unlock.cost.{unit}", count=int(amount))
    key = {"units": "payments", "points": "points"}.get(unit, unit)
    if way.lever == "guarantees":
        key = "guarantees"
    elif any(isinstance(part, StatePayment) for part in way.parts):
        key = "payments_road"
    least = amount_text(amount * HUNDRED if unit == "chance" else amount)
    return say(f"unlock.cost.{key}", amount=least, count=amount, period=case.period)


def stands_text(share: Share | None, *, together: bool = False) -> str:
    """In which share of codings a way does what it is to do; empty where that is not known."""
    if share is None:
        return ""
    key = f"terminal.unlock.{'together_' if together else ''}stands"
    if share.certain:
        return say(key, in_share=in_share(share))
    return say(f"{key}_between", in_share=in_share(share), interval=interval_text(share))


def note_text(case: Case, way: Way) -> str:
    """What is moved, what that costs, and how far it stands."""
    slots = {"lever": capital(lever_text(way.lever)), "cost": cost_text(case, way)}
    return " ".join(filter(None, [say("terminal.unlock.note", **slots), stands_text(way.share)]))


def what_text(result: UnlockResult, way: Way) -> str:
    """What has to be otherwise, without what it brings."""
    return what_is_otherwise(result.case, way.parts, result.outcome)[0]


def group_text(way: Way) -> str:
    """What a way brings and what is left in the way, as the title of all that do the same."""
    if not way.open:
        return say("terminal.unlock.enough")
    solved = listed(say(f"unlock.goal.{goal}") for goal in way.solves)
    left = listed(
        say(f"unlock.{'unclear' if goal in way.untold else 'left'}.{goal}") for goal in way.open
    )
    return say("terminal.unlock.part", solved=solved, open=left)


def label_text(result: UnlockResult, way: Way) -> str:
    """The same as a label, of few words."""
    turns = [part for part in way.parts if isinstance(part, Reversal)]
    if turns and len(turns) == len(way.parts):
        counts = {name: sum(part.party == name for part in turns) for name in _parties(turns)}
        return "; ".join(
            say("unlock.short.reversals", party=name_of(result.case, name), count=count)
            for name, count in counts.items()
        )
    return what_text(result, way)


def _parties(turns: Sequence[Reversal]) -> list[str]:
    return list(dict.fromkeys(part.party for part in turns))


def bound_texts(result: UnlockResult) -> list[str]:
    """What does not get there, each once; what another question said is told of its lever."""
    told = []
    for entry in result.bounds:
        whole = entry.text.endswith(".")
        lever = capital(lever_text(entry.lever))
        told.append(entry.text if whole else f"{lever}: {entry.text}.")
    return list(dict.fromkeys(told))


# what is taken for granted


def granted_sentences(result: UnlockResult) -> list[str]:
    """What a share is, what holding means, which roadmap counts, what a unit paid is worth."""
    told = _shares(result)
    if any(way.lever == "payments" for way in result.ways):
        told.append(say("terminal.unlock.paid"))
    untold = result.standing.untold
    if "roadmap" in result.goals and "roadmap" not in untold:
        told.append(say(f"terminal.unlock.{result.model}"))
    if "holds" in result.goals and "holds" not in untold:
        told.append(say(f"terminal.unlock.{result.concept}"))
    return [*told, *result.remarks]


def _shares(result: UnlockResult) -> list[str]:
    """What the shares are, and why some or all are not told."""
    several = () if result.together is None else (result.together,)
    shares = [entry.share for entry in (*result.ways, *several)]
    if any(share is not None for share in shares):
        slots = {"samples": f"{result.samples:,}", "seed": str(result.seed)}
        more = [say("terminal.unlock.some_shares")] if None in shares else []
        return [say("terminal.unlock.share", **slots), *more]
    if not shares:
        return []
    if not result.samples:
        return [say("terminal.unlock.no_shares_drawn")]
    key = "asked" if drawn_from([ranged(factors(result.case))]) else "ranges"
    return [say(f"terminal.unlock.no_shares_{key}")]


def measures_text(result: UnlockResult) -> str:
    """Which measures of the case are the cheapest that deter everything."""
    if result.measures is None:
        return say("terminal.unlock.measures_lacking")
    names = listed(map(result.case.measure_name, result.measures))
    key = "measures" if names else "measures_none"
    return say(f"terminal.unlock.{key}", measures=names)
