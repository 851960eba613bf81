"""What lies beyond single moves, in sentences: coalitions, blocs, own views, ways from a start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from detente.model.sentences import listed, say
from detente.stability.answer import Break, Outcome, Prospect, Route, Step
from detente.stability.hold_result import HoldResult
from detente.views.hold.sentences import gains_text
from detente.views.hold.words import (
    LASTING,
    against_text,
    coalitions_in,
    foremost,
    group_text,
    in_stance,
    move_text,
    outcome_text,
    package_name,
    parties_text,
    points,
    prospect_text,
    stance,
    stance_in,
    stance_text,
    step_text,
    weakest,
)
from detente.views.naming import Open, everyone

# coalitions and blocs


def break_sentences(result: HoldResult, prospect: Prospect, open_to: Open = everyone) -> list[str]:
    """Which parties could leave together, how, and what would deter them; small groups first.

    Empty where coalitions were not asked about. A single party is told of by its reasons.
    """
    groups = coalitions_in(prospect)
    if not groups:
        return []
    if set(groups.values()) <= {"stays", "unknown"}:
        key = "none_known" if "unknown" in groups.values() else "none"
        return [say(f"hold.break.{key}", outcome=prospect_text(result, prospect))]
    strongest: dict[tuple[str, ...], Break] = {}
    for entry in sorted(prospect.breaks, key=_rank):
        strongest.setdefault(entry.parties, entry)
    return [_break(result, prospect, entry, open_to) for entry in strongest.values()]


def _rank(entry: Break) -> tuple[int, int]:
    """What nothing deters comes first, then small coalitions."""
    return list(DETERRENCE).index(_deterrence(entry)), len(entry.parties)


def _break(result: HoldResult, prospect: Prospect, entry: Break, open_to: Open) -> str:
    case = result.case
    names = parties_text(case, entry.parties)
    if len(entry.route) == 1 and entry.route[0].parties == entry.parties:
        what = move_text(case, prospect.outcome, entry.route[0].to)
        told = [say("hold.break.at_once", parties=names, what=what)]
    else:
        steps = steps_text(result, prospect.outcome, entry.route)
        told = [say("hold.break.in_steps", parties=names, steps=steps)]
    shown = all(map(open_to, entry.parties)) and None not in entry.gains.values()
    key = "brings" if shown else "brings_untold"
    told.append(say(f"hold.break.{key}", gains=gains_text(result, entry.gains)))
    key = "everyone" if len(entry.parties) == len(case.parties) else _deterrence(entry)
    return " ".join((*told, say(f"hold.break.{key}")))


def _deterrence(entry: Break) -> str:
    """What deters a coalition: told by the strongest concept under which it still leaves."""
    found = (key for key, concepts in DETERRENCE.items() if concepts & set(entry.concepts))
    return next(found)


DETERRENCE: Mapping[str, frozenset[str]] = {
    "leaves": frozenset({"gmr"}),
    "costly": frozenset({"seq"}),
    "answers": frozenset({"smr", "sseq"}),
    "deterred": frozenset({"nash"}),
}


def steps_text(result: HoldResult, start: Outcome, steps: Sequence[Step]) -> str:
    """Moves one after the other: ``The South: “The embargo” to “Lifted”; then …``."""
    told, before = [], start
    for step in steps:
        told.append(step_text(result.case, before, step))
        before = step.to
    return say("hold.step.and_then").join(told)


def bloc_sentences(result: HoldResult, prospect: Prospect) -> list[str]:
    """What becomes of an outcome where allies move as one; empty where that was not asked."""
    if prospect.blocs is None or result.blocs is None:
        return []
    case = result.case
    allies = [parties_text(case, bloc) for bloc in result.blocs if len(bloc) > 1]
    stances = {name: stance_in(prospect.blocs, name) for name in prospect.blocs["nash"]}
    found = weakest(stances.values())
    who = [group_text(case, name) for name, each in stances.items() if each == found]
    slots = {
        "outcome": prospect_text(result, prospect),
        "allies": say("hold.bloc.and").join(allies),
        "who": say("hold.bloc.or").join(who),
    }
    known = "_known" if "unknown" in stances.values() and found in LASTING else ""
    return [say(f"hold.bloc.{found}{known}", **slots)]


# own views


def view_sentences(result: HoldResult, prospect: Prospect) -> list[str]:
    """How parties with a view of their own see it, and whether the outcome rests on that."""
    if prospect.as_seen is None:
        return []
    told = []
    for party, stated in result.case.parties.items():
        if stated.sees is None:
            continue
        seen, real = stance_in(prospect.as_seen, party), stance(prospect, party)
        if "unknown" in (seen, real):
            continue
        key = "same" if seen == real else "other"
        if seen != real and (seen in LASTING) != (real in LASTING):
            key = "rests" if seen in LASTING else "breaks"
        slots = {
            "party": result.case.party_name(party),
            "seen": stance_text(seen),
            "real": stance_text(real),
            "against": against_text(result, prospect),
        }
        told.append(say(f"hold.view.{key}", **slots))
    return told


# ways from a start


def lasting(result: HoldResult) -> list[Route]:
    """Ways to the outcomes that last under SEQ or more, those in fewest moves first."""
    routes = () if result.routes is None else result.routes.routes
    return [route for route in routes if "seq" in route.concepts]


def route_sentences(result: HoldResult, most: int = 6) -> list[str]:
    """Which lasting outcomes can be reached from the start, and how; empty if not asked.

    Told are those that are reached by improvements, then the named packages; of each ``most``.
    """
    if result.routes is None:
        return []
    start, every = result.routes.start, lasting(result)
    name = outcome_text(result.case, start)
    if not every:
        parties = parties_text(result.case, result.unvalued)
        key = "none_known" if parties else "none"
        return [say(f"hold.route.{key}", parties=parties, count=len(result.unvalued))]
    there = [route for route in every if route.moves]
    told = []
    if any(route.moves == () for route in every):
        told.append(say("hold.route.itself", start=name))
    by_gain = [route for route in there if route.improvements]
    if there:
        key = "none" if not by_gain else "each" if len(by_gain) == len(there) else "some"
        slots = {"start": name, "count": len(there), "by_gain": len(by_gain)}
        told.append(say(f"hold.route.reached_{key}", **slots))
    if beyond := sum(route.moves is None for route in every):
        told.append(say("hold.route.beyond", start=name, count=beyond))
    costly = [route for route in there if not route.improvements]
    packages = [route for route in costly if package_name(result.case, route.outcome)]
    shown = [*by_gain[:most], *(packages or costly)[:most]]
    told += [_route(result, start, route) for route in shown]
    if len(there) > len(shown):
        told.append(say("hold.route.more", count=len(there) - len(shown)))
    return told


def _route(result: HoldResult, start: Outcome, route: Route) -> str:
    """The moves; the outcome only where it has a name, as the moves tell what it is."""
    steps = route.improvements or route.moves or ()
    name = package_name(result.case, route.outcome)
    return say(
        f"hold.route.{'gaining' if route.improvements else 'costly'}{'_named' if name else ''}",
        outcome=name,
        steps=steps_text(result, start, steps),
        count=len(steps),
    )


# what else a reader should know


def remarks(result: HoldResult, open_to: Open = everyone) -> list[str]:
    """Who is not judged or has no numbers, how small a gain may count, and the rest."""
    case, told = result.case, list[str]()
    unscored = {*result.unvalued, *result.ordinal}
    if not result.band and not unscored.issuperset(case.parties):
        told.append(_every_gain(result, open_to))
    for key, names in (("unvalued", result.unvalued), ("ordinal", result.ordinal)):
        if names:
            parties = listed(map(case.party_name, names))
            told.append(say(f"hold.remark.{key}", parties=parties, count=len(names)))
    return [*told, *result.remarks]


def _every_gain(result: HoldResult, open_to: Open) -> str:
    """That every gain counts, with the smallest that a party would leave for."""
    found: list[tuple[float, str, Prospect]] = []
    for prospect in result.prospects:
        for party in in_stance(prospect, "leaves"):
            reason = foremost(prospect, party)
            if reason is not None and reason.move.gain is not None and open_to(party):
                found.append((reason.move.gain, party, prospect))
    if not found:
        return say("hold.remark.every_gain")
    gain, party, prospect = min(found, key=lambda entry: entry[0])
    slots = {
        "gain": points(gain),
        "party": result.case.party_name(party),
        "outcome": prospect_text(result, prospect),
    }
    return say("hold.remark.least_gain", **slots)
