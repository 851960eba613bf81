"""Ways are proved by asking the questions again: what does not survive is not shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from detente.leverage.answer import GOALS, LEVERS, Bound, Goal, Lever, Standing, Way
from detente.leverage.levers import guarantees, payments, persuasion, process, terms, verification
from detente.leverage.proposal import LISTED, Bounds, Proposal, Propose
from detente.leverage.shares import share_of_codings
from detente.leverage.wanted import Wanted
from detente.leverage.words import concerned, sentence

PROPOSE: Mapping[Lever, Propose] = {
    "terms": terms.propose,
    "payments": payments.propose,
    "guarantees": guarantees.propose,
    "verification": verification.propose,
    "persuasion": persuasion.propose,
    "process": process.propose,
}
"""How each lever comes to its proposals."""


@dataclass(frozen=True, eq=False)
class Proved:
    """A way, the package under the case that it leads to, and whether that case states amounts."""

    way: Way
    wanted: Wanted
    amounts: bool = True


@dataclass(frozen=True, eq=False)
class Found:
    """What the levers can do: ways, best first, and why some get nowhere."""

    proved: tuple[Proved, ...]
    bounds: tuple[Bound, ...]


def pulled(wanted: Wanted, levers: Iterable[Lever], bounds: Bounds) -> Found:
    """Pull levers: all proposals, proved, best first; no share of codings yet."""
    open_ = wanted.standing.open
    if not open_:
        return Found((), ())
    proved: list[Proved] = []
    short: dict[tuple[Lever, str], Bound] = {}
    for lever in levers:
        for entry in PROPOSE[lever](wanted, open_, bounds):
            if isinstance(entry, Bound):
                short.setdefault((entry.lever, entry.text), entry)
            elif (found := proof(wanted, entry)) is not None:
                proved.append(found)
    return Found(tuple(_few(sorted(proved, key=_rank))), tuple(short.values()))


def proof(wanted: Wanted, proposal: Proposal) -> Proved | None:
    """The way that a proposal is, if asking again says that it does what it is to do.

    It has to turn every verdict that it aims at, and may turn none that is yes into another.
    """
    after = _verdicts(wanted, proposal)
    if after is None:
        return None
    before, now = wanted.standing, proposal.wanted
    solves = tuple(goal for goal in wanted.goals if after[goal] and not before.verdicts[goal])
    refused = now.refused_by if "acceptable" in proposal.speaks_of else before.refused_by
    # what cannot be told of the package, with or without a way, is told once and not of each
    told = {
        goal: v for goal, v in after.items() if v is not None or before.verdicts[goal] is not None
    }
    broken = tuple(entry.index for entry in now.view.broken_rules)
    left = Standing(told, {}, refused, broken)
    text, plain = sentence(wanted.case, proposal.parts, solves, left, wanted.outcome)
    way = Way(
        lever=proposal.lever,
        parts=proposal.parts,
        cost=proposal.cost,
        solves=solves,
        open=tuple(goal for goal in wanted.goals if goal in told and not told[goal]),
        outcome={issue: now.outcome[issue] for issue in wanted.outcome},
        share=None,
        concerns=concerned(wanted.case, proposal.parts),
        text=text,
        plain=plain,
        untold=left.untold_goals,
    )
    return Proved(way, now, amounts=proposal.speaks_of == GOALS)


def _verdicts(wanted: Wanted, proposal: Proposal) -> dict[Goal, bool | None] | None:
    """The verdicts with a proposal; None where it fails, and then no more is asked than that."""
    before = wanted.standing.verdicts
    after = dict(before)
    for goal in sorted(wanted.goals, key=lambda goal: goal not in proposal.aims):
        if goal not in proposal.speaks_of:
            continue
        after[goal] = proposal.wanted.verdict(goal)[0]
        if not after[goal] and (goal in proposal.aims or before[goal]):
            return None
    return after


def with_shares(proved: Sequence[Proved], samples: int, seed: int) -> tuple[Proved, ...]:
    """The ways with the share of codings in which they do what they do, best first."""

    def shared(entry: Proved) -> Proved:
        if not entry.amounts:
            return entry
        found = share_of_codings(entry.wanted, entry.way.solves, samples, seed)
        return replace(entry, way=replace(entry.way, share=found))

    return tuple(sorted(map(shared, proved), key=_rank))


def _rank(entry: Proved) -> tuple[object, ...]:
    """Nothing left open first, then what meets more, stands in more codings, and costs less."""
    way = entry.way
    stands = -way.share.share if way.share is not None else 0.0
    return (len(way.open), -len(way.solves), stands, LEVERS.index(way.lever), way.cost.amount)


def _few(proved: Iterable[Proved]) -> Iterator[Proved]:
    """Each way once, and the best of those that pull the same lever for the same goals."""
    seen: set[tuple[object, ...]] = set()
    alike: dict[tuple[object, ...], int] = {}
    for entry in proved:
        way = entry.way
        same = (way.lever, frozenset(map(repr, way.parts)))
        kind = (way.lever, way.cost.unit, way.solves, way.open)
        if same in seen or (alike.get(kind, 0) == LISTED and way.lever != "process"):
            continue
        seen.add(same)
        alike[kind] = alike.get(kind, 0) + 1
        yield entry
