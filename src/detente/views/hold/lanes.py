"""What a picture of ``hold`` shows: who would leave, what the others do then, where it ends."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from detente.case.schema import Case
from detente.model.sentences import listed, number, say
from detente.stability.answer import Outcome, Prospect, Step
from detente.stability.hold_result import HoldResult
from detente.views.hold.words import (
    STANCES,
    Stance,
    foremost,
    in_stance,
    is_today,
    parties_text,
    stance,
)
from detente.views.naming import capital

MOST = 12
"""Most states that are drawn, the outcome itself among them."""
LEGS = 3
"""Most arrows behind each other; of a longer way the middle becomes one arrow."""
TOLD = 4
"""Most changes that are named; more are counted."""


@dataclass(frozen=True)
class Leg:
    """An arrow: one move, or several after each other, and what they change.

    Parameters
    ----------
    steps
        The moves.
    before
        The state in which the first begins.
    """

    steps: tuple[Step, ...]
    before: Outcome

    @property
    def after(self) -> Outcome:
        """The state to which the last leads."""
        return self.steps[-1].to

    @property
    def parties(self) -> tuple[str, ...]:
        """Everyone who moves, each once."""
        return tuple(dict.fromkeys(party for step in self.steps for party in step.parties))

    @property
    def improves(self) -> bool | None:
        """Whether every move is better for who makes it; None where that is not known."""
        found = {step.improves for step in self.steps}
        return False if False in found else None if None in found else True


@dataclass(frozen=True)
class Lane:
    """What happens if a party leaves, or one of several that would do the same.

    Parameters
    ----------
    parties, stance
        Who, and whether they are deterred.
    arrows
        The way, state by state: the move of each of them, those of others that punish it, and
        the answer, as far as there are any.
    leaves
        What each has in the end, against the outcome itself; None where that is no number.
    """

    parties: tuple[str, ...]
    stance: Stance
    arrows: tuple[tuple[Leg, ...], ...]
    leaves: Mapping[str, float | None]

    @property
    def legs(self) -> tuple[Leg, ...]:
        """All arrows."""
        return tuple(leg for into in self.arrows for leg in into)


def lanes(prospect: Prospect) -> tuple[Lane, ...]:
    """Those that have something to gain by leaving: what most endangers the outcome first."""
    found: list[Lane] = []
    for party in prospect.stable["nash"]:
        reason = foremost(prospect, party)
        if reason is None:
            continue
        answer = (reason.response,) if reason.response is not None else ()
        ways = ((reason.move,), reason.sanction or (), answer)
        arrows = tuple((leg,) for leg in _legs(prospect.outcome, [way for way in ways if way]))
        new = Lane((party,), stance(prospect, party), arrows, {party: reason.leaves})
        same = next((place for place, lane in enumerate(found) if _alike(lane, new)), None)
        if same is None:
            found.append(new)
        else:
            found[same] = _joined(found[same], new)
    return tuple(sorted(found, key=lambda lane: STANCES.index(lane.stance)))


def _alike(one: Lane, other: Lane) -> bool:
    """Whether two lanes go through the same states, by the same hands after the first."""
    return one.stance == other.stance and (
        [(into[0].after, into[0].parties) for into in one.arrows[1:]]
        == [(into[0].after, into[0].parties) for into in other.arrows[1:]]
        and one.arrows[0][0].after == other.arrows[0][0].after
    )


def _joined(one: Lane, other: Lane) -> Lane:
    """One lane of two that are alike."""
    arrows = ((*one.arrows[0], *other.arrows[0]), *one.arrows[1:])
    leaves = {**one.leaves, **other.leaves}
    return Lane((*one.parties, *other.parties), one.stance, arrows, leaves)


def drawn(prospect: Prospect, most: int = MOST) -> tuple[tuple[Lane, ...], tuple[Lane, ...]]:
    """The lanes that are drawn, and those for which there is no room."""
    every, left = lanes(prospect), most - 1
    for place, lane in enumerate(every):
        left -= len(lane.arrows)
        if left < 0:
            return every[:place], every[place:]
    return every, ()


def _legs(start: Outcome, ways: Sequence[tuple[Step, ...]]) -> tuple[Leg, ...]:
    """One leg a move; what is punished in many moves is punished in one leg."""
    apart = sum(map(len, ways)) <= LEGS
    parts = [(step,) for way in ways for step in way] if apart else ways
    found, here = [], start
    for part in parts:
        found.append(Leg(part, here))
        here = part[-1].to
    return tuple(found)


# words


def title(result: HoldResult, prospect: Prospect, name: str) -> str:
    """How many would gain by leaving, and what holds them back."""
    every = lanes(prospect)
    groups = {
        which: [p for e in every if e.stance == which for p in e.parties] for which in STANCES
    }
    count = sum(map(len, groups.values()))
    if count == 1:
        (party,) = every[0].parties
        who = result.case.party_name(party)
        return say(f"hold.chart.title_one_{every[0].stance}", outcome=name, party=who)
    told = [
        say(f"hold.chart.title_{which}", parties=parties_text(result.case, who), count=len(who))
        for which, who in groups.items()
        if who
    ]
    found = say("hold.chart.title_then").join(told)
    return capital(say("hold.chart.title", outcome=name, count=count, found=found))


def reading(result: HoldResult, prospect: Prospect) -> str:
    """How to read the picture, as far as its parts are there, and what it leaves out."""
    shown, left = drawn(prospect)
    legs = [leg for lane in shown for leg in lane.legs]
    found = [say("hold.chart.reading")]
    if any(leg.improves is False for leg in legs):
        found.append(say("hold.chart.reading_cost"))
    if any(leg.improves is None for leg in legs):
        found.append(say("hold.chart.reading_open"))
    if any(len(leg.steps) > 1 for leg in legs):
        found.append(say("hold.chart.reading_several"))
    if left:
        names = parties_text(result.case, [party for lane in left for party in lane.parties])
        states = sum(len(lane.arrows) for lane in left)
        found.append(say("hold.chart.left", parties=names, count=states))
    return " ".join(found)


def holds(prospect: Prospect, outcome: Outcome) -> bool:
    """Whether nobody leaves a state: all are deterred credibly, or have nothing to gain."""
    nodes = prospect.surroundings.nodes
    return any("seq" in node.equilibrium for node in nodes if dict(node.outcome) == dict(outcome))


def others(prospect: Prospect) -> dict[str, tuple[str, ...]]:
    """Parties that have no lane, by why: they have nothing to gain, or it cannot be told."""
    return {"stays": in_stance(prospect, "stays"), "unknown": in_stance(prospect, "unknown")}


def who_text(case: Case, leg: Leg) -> str:
    """Who makes the moves of a leg."""
    return say("hold.chart.then").join(parties_text(case, step.parties) for step in leg.steps)


def gain_text(case: Case, leg: Leg, shown: Collection[str]) -> str:
    """What the movers have of it; a number only of one party whose numbers may be shown."""
    step = leg.steps[0]
    if len(leg.steps) > 1 or len(step.parties) > 1:
        return _together(case, leg)
    if leg.improves is None:
        return say("hold.chart.open")
    gain = step.gain if step.parties[0] in shown else None
    if gain is None or number(gain) == "0":
        return say("hold.chart.gains_untold" if leg.improves else "hold.chart.loses_untold")
    key = ("gains" if leg.improves else "little") if gain > 0 else "loses"
    return say(f"hold.chart.{key}", points=number(abs(gain)))


def _together(case: Case, leg: Leg) -> str:
    """Of several movers: that each gains, or who does not."""
    if leg.improves is not False:
        return say("hold.chart.gains_each" if leg.improves else "hold.chart.open_each")
    entries = [entry for step in leg.steps for entry in step.gains.items()]
    losers = dict.fromkeys(party for party, gain in entries if gain is not None and gain <= 0)
    if not losers:
        return say("hold.chart.loses_some")
    return say("hold.chart.cost", parties=parties_text(case, losers))


def change_lines(case: Case, leg: Leg, start: Outcome) -> tuple[str, ...]:
    """What a leg changes, one entry an issue; several that go back to today's in one entry."""
    if dict(leg.after) == dict(start):
        return (say("hold.chart.back"),)
    if is_today(case, leg.after):
        return (say("hold.chart.today"),)
    today = case.status_quo or {}
    changed = [issue for issue in case.issues if leg.before[issue] != leg.after[issue]]
    back = [issue for issue in changed if leg.after[issue] == today.get(issue)]
    short = back if len(back) > 1 else []
    told = [issue for issue in changed if issue not in short]
    found = [
        say(
            "roadmap.short",
            item=case.issue_name(issue),
            option=case.option_name(issue, leg.after[issue]),
        )
        for issue in told[:TOLD]
    ]
    if len(told) > TOLD:
        found.append(say("hold.chart.more", count=len(told) - TOLD))
    if short:
        names = listed(_within(list(map(case.issue_name, short))))
        found.append(say("hold.chart.undone", issues=names))
    return tuple(found)


def _within(names: list[str]) -> Iterable[str]:
    """The first of many names, and how many more there are."""
    if len(names) <= TOLD + 1:
        return names
    return [*names[:TOLD], say("hold.chart.more", count=len(names) - TOLD)]


def end_texts(case: Case, lane: Lane, shown: Collection[str]) -> Iterator[str]:
    """What the parties have in the end: nothing deters them, or they are no better off."""
    if len(lane.arrows) == 1:
        yield say(f"hold.chart.end_{lane.stance}")
        return
    for party, leaves in lane.leaves.items():
        name = case.party_name(party)
        if leaves is None or party not in shown or number(leaves) == "0":
            yield say("hold.chart.no_better", party=name)
        else:
            key = "worse" if leaves < 0 else "hardly"
            yield say(f"hold.chart.{key}", party=name, points=number(abs(leaves)))
