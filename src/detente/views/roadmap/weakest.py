"""The weakest moment of an order in sentences, with what makes it weak."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from detente.case.schema import Case
from detente.model.sentences import listed, say
from detente.model.wording import quoted
from detente.sequencing.answer import Margin, Move
from detente.sequencing.roadmap_result import RoadmapResult
from detente.verification.wording import chance
from detente.views.roadmap.reasons import KINDS, Reason, detection, reasons
from detente.views.roadmap.words import items_text, loss_text, stands, when_of
from detente.views.verification import time_text


def weakest_text(result: RoadmapResult, *, shown: bool = True) -> str:
    """The weakest moment of the best order, with what makes it weak.

    ``shown`` says whether the margin may be told.
    """
    entry, clause = result.binding, clause_text(result)
    start = when_of(result.best, entry)
    # What the clause names need not be named again.
    plain = replace(entry, parts=()) if clause else entry
    key = "most" if not stands(entry.margin) else "least" if shown else "untold"
    return say(
        f"roadmap.weakest.{key}",
        start=f"{start} {clause}:" if clause else f"{start},",
        party=result.case.party_name(entry.party),
        loss=loss_text(result.case, plain, result.period, shown=shown),
    )


def clause_text(result: RoadmapResult) -> str:
    """What makes the weakest moment weak; empty where the case does not tell."""
    entry = result.binding
    if entry.deviation == "withhold":
        return _withheld(result, entry)
    if entry.deviation in ("cheat", "break out"):
        return _found(result, entry)
    return _reasons(result, reasons(result, entry))


def _found(result: RoadmapResult, entry: Margin) -> str:
    """How well what is listed as a violation would be found; empty where that is not known."""
    seen = detection(result, entry)
    if seen is None:
        return ""
    key = "found" if seen else "never_found"
    what = quoted(result.case.violation_name(name) for name in entry.parts)
    slots = {"what": what, "chance": chance(seen), "count": len(entry.parts)}
    return say(f"roadmap.weakest.{key}", period=result.period, **slots)


def _withheld(result: RoadmapResult, entry: Margin) -> str:
    """What is asked of a party in a step, and what it gets for it there."""
    case, moves = result.case, result.best.steps[entry.step - 1].moves
    own = [move for move in moves if move.item in entry.parts]
    others = [move for move in moves if move not in own and move.kind == "issue"]
    if not own:
        return ""
    slots = {"what": items_text(case, own), "party": case.party_name(entry.party)}
    told = say("roadmap.weakest.asked", **slots) + _for_good(case, own)
    if not others:
        return told
    granted = say("roadmap.weakest.granted", what=items_text(case, others))
    return f"{told}, {granted}{_for_good(case, others)}"


def _for_good(case: Case, moves: Sequence[Move]) -> str:
    """That something cannot be taken back, where that is so of all of it."""
    today = case.status_quo or {}
    last = [
        move.after is not None
        and case.issues[move.item].undo_time(move.after, today[move.item]) == "never"
        for move in moves
    ]
    return say("roadmap.weakest.for_good", count=len(moves)) if all(last) else ""


def _reasons(result: RoadmapResult, found: Sequence[Reason]) -> str:
    """What a party has, what it could have back, and what it still has to do."""
    kinds = {kind: [reason for reason in found if reason.kind == kind] for kind in KINDS}
    has = _standing(result, kinds["kept"] or kinds["war"])
    back, ahead = (_following(result, kinds[kind]) for kind in ("back", "ahead"))
    if has and back:
        has = say("roadmap.weakest.while", first=has, then=back)
    return ", and ".join(filter(None, (has or back, ahead)))


def _standing(result: RoadmapResult, found: Sequence[Reason]) -> str:
    """Where issues stand, those together that it takes as long to take back."""
    groups: dict[object, list[Reason]] = {}
    for reason in found:
        groups.setdefault(reason.undo, []).append(reason)
    return listed(_stand(result, group) for group in groups.values())


def _stand(result: RoadmapResult, group: Sequence[Reason]) -> str:
    first, *others = (_slots(result, reason) for reason in group)
    told = [say("roadmap.weakest.stands", **first)]
    told += [say("roadmap.weakest.stands_too", **slots) for slots in others]
    key = "never" if group[0].undo == "never" else "later"
    key = "war" if group[0].kind == "war" else key
    return listed(told) + say(f"roadmap.weakest.{key}", **first)


def _following(result: RoadmapResult, found: Sequence[Reason]) -> str:
    """What could be taken back, or is still to come; the verb stands once."""
    told = []
    for place, reason in enumerate(found):
        key = f"{reason.kind}{'_too' if place else ''}"
        key += "_at_once" if reason.kind == "back" and not reason.undo else ""
        text = say(f"roadmap.weakest.{key}", **_slots(result, reason))
        last = reason.kind == "ahead" and reason.undo == "never"
        told.append(text + (say("roadmap.weakest.would_stay") if last else ""))
    return listed(told)


def _slots(result: RoadmapResult, reason: Reason) -> dict[str, str]:
    time = "" if reason.undo == "never" else time_text(reason.undo, result.period)
    return {
        "issue": result.case.issue_name(reason.issue),
        "option": result.case.option_name(reason.issue, reason.option),
        "time": time,
    }
