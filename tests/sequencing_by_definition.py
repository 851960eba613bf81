"""Roads to an agreement by their definition: every order, every deviation, exact rationals.

States are sets of measures as bits. Nothing here uses the code: orders are enumerated,
deviations are written out, and the best reply of a party is solved as a decision process.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

Road = tuple[int, ...]
"""The states on the way, from no measure to all of them."""
Table = tuple[tuple[Fraction, ...], ...]
"""For each state one number for each party."""


class Moment(NamedTuple):
    """What one deviation costs: so many steps done, by whom, how, with what withheld."""

    step: int
    party: int
    deviation: str
    withheld: int
    margin: Fraction


def parts(measures: int) -> Iterator[int]:
    """All non-empty subsets."""
    part = measures
    while part:
        yield part
        part = (part - 1) & measures


def members(measures: int) -> list[int]:
    return [bit for bit in range(measures.bit_length()) if measures >> bit & 1]


@lru_cache(maxsize=256)
def roads(measures: int, precedence: tuple[tuple[int, int], ...], single: bool) -> list[Road]:
    """All ordered partitions that respect the precedence, as the states passed."""
    target = (1 << measures) - 1

    def allowed(state: int) -> bool:
        return all(state >> a & 1 or not state >> b & 1 for a, b in precedence)

    def onwards(state: int) -> Iterator[Road]:
        if state == target:
            yield (state,)
        for step in parts(target & ~state):
            if allowed(state | step) and not (single and step & (step - 1)):
                for rest in onwards(state | step):
                    yield (state, *rest)

    return list(onwards(0))


def steps_of(road: Road) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(members(after & ~before)) for before, after in pairwise(road))


def road_of(steps: Sequence[Sequence[int]]) -> Road:
    states = [0]
    for step in steps:
        states.append(states[-1] | sum(1 << measure for measure in step))
    return tuple(states)


@dataclass(frozen=True)
class Agreement(ABC):
    """Measures with owners, what collapse is worth in each state, and how it is seen."""

    owners: tuple[int | None, ...]
    breakdown: Table
    precedence: tuple[tuple[int, int], ...] = ()
    detection: tuple[Fraction, ...] = ()

    @cached_property
    def parties(self) -> int:
        return len(self.breakdown[0])

    @property
    def target(self) -> int:
        return (1 << len(self.owners)) - 1

    def own(self, party: int) -> int:
        return sum(1 << m for m, owner in enumerate(self.owners) if owner == party)

    def unseen(self, withheld: int) -> Fraction:
        """The chance that no own detector notices it; without numbers everything is seen."""
        out = Fraction(1)
        for measure in members(withheld):
            out *= 1 - self.detection[measure] if self.detection else 0
        return out

    @abstractmethod
    def moments(self, road: Road) -> list[Moment]:
        """Every deviation from a road."""

    @abstractmethod
    def best_reply(self, road: Road, party: int) -> tuple[Fraction, Fraction]:
        """What the best plan of one party yields at the start if the others keep to the road,
        and what keeping to it yields."""

    def margin(self, road: Road) -> Fraction:
        return min(moment.margin for moment in self.moments(road))

    def all_margins(self, *, single: bool = False) -> dict[Road, Fraction]:
        found = roads(len(self.owners), self.precedence, single)
        return {road: self.margin(road) for road in found}

    def best(self, *, single: bool = False) -> Fraction:
        return max(self.all_margins(single=single).values())

    def feasible(self, *, single: bool = False) -> list[Road]:
        return [road for road, m in self.all_margins(single=single).items() if m >= 0]


@dataclass(frozen=True)
class Patient(Agreement):
    """Model R: the promise does not depend on the way."""

    promise: tuple[Fraction, ...] = ()
    gain: tuple[Fraction, ...] = ()

    def gained(self, withheld: int) -> Fraction:
        return sum((self.gain[m] for m in members(withheld) if self.gain), Fraction(0))

    def moments(self, road: Road) -> list[Moment]:
        out = []
        for party in range(self.parties):
            value = self.promise[party]
            for done, state in enumerate(road):
                margin = value - self.breakdown[state][party]
                out.append(Moment(done, party, "walk away", 0, margin))
            for done, (before, after) in enumerate(pairwise(road)):
                for withheld in parts(after & ~before & self.own(party)):
                    missed = self.unseen(withheld)
                    kept = value - self.breakdown[after & ~withheld][party]
                    margin = (1 - missed) * kept - missed * self.gained(withheld)
                    out.append(Moment(done, party, "withhold", withheld, margin))
        return out

    def best_reply(self, road: Road, party: int) -> tuple[Fraction, Fraction]:
        """Backward: at every state walk away, do one's share, or withhold some of it."""
        value = self.promise[party]
        best = max(value, self.breakdown[road[-1]][party])
        for before, after in reversed(list(pairwise(road))):
            options = [best, self.breakdown[before][party]]
            for withheld in parts(after & ~before & self.own(party)):
                missed = self.unseen(withheld)
                found = self.breakdown[after & ~withheld][party]
                options.append((1 - missed) * found + missed * (self.gained(withheld) + best))
            best = max(options)
        return best, value


@dataclass(frozen=True)
class Discounted(Agreement):
    """Model D: flows along the way, unnormalised discounted sums.

    ``reversible``: any own measure in place may be secretly undone for a period; otherwise
    only what is due in the step can be withheld, and has to be done in the next period.
    """

    flows: Table = ()
    discount: tuple[Fraction, ...] = ()
    false_alarm: Fraction = Fraction(0)
    reversible: bool = False

    def alarm(self, withheld: int) -> Fraction:
        return 1 - (1 - self.false_alarm) * self.unseen(withheld)

    def values(self, road: Road, party: int) -> list[Fraction]:
        """V at each state of the road."""
        delta, false = self.discount[party], self.false_alarm
        u = [self.flows[state][party] for state in road]
        collapse = [self.breakdown[state][party] for state in road]
        out = [(u[-1] + delta * false * collapse[-1]) / (1 - delta * (1 - false))]
        for k in reversed(range(len(road) - 1)):
            later = (1 - false) * out[0] + false * collapse[k + 1]
            out.insert(0, u[k + 1] + delta * later)
        return out

    def withholdable(self, before: int, after: int, party: int) -> int:
        return self.own(party) & (after if self.reversible else after & ~before)

    def moments(self, road: Road) -> list[Moment]:
        out = []
        for party in range(self.parties):
            value = self.values(road, party)
            delta, false = self.discount[party], self.false_alarm
            for done, state in enumerate(road):
                margin = value[done] - self.breakdown[state][party]
                out.append(Moment(done, party, "walk away", 0, margin))
            for done, before in enumerate(road):
                after = road[min(done + 1, len(road) - 1)]
                next_value = value[min(done + 1, len(road) - 1)]
                for withheld in parts(self.withholdable(before, after, party)):
                    alarm, really = self.alarm(withheld), after & ~withheld
                    later = (
                        (alarm - false) * next_value
                        - alarm * self.breakdown[really][party]
                        + false * self.breakdown[after][party]
                    )
                    now = self.flows[after][party] - self.flows[really][party]
                    out.append(Moment(done, party, "withhold", withheld, now + delta * later))
        return out

    def best_reply(
        self, road: Road, party: int, *, walks_as_it_is: bool = False
    ) -> tuple[Fraction, Fraction]:
        """A decision process whose states are the steps done and what is secretly undone.

        In each state the party walks away for good or chooses what to withhold in the period.
        ``walks_as_it_is``: walking away while something is secretly undone is worth what
        collapse is worth without it, else what it is worth in the state that all believe in.
        """
        process = _Process(self, road, party, walks_as_it_is)
        return process.best(), self.values(road, party)[0]


@dataclass(frozen=True)
class _Process:
    agreement: Discounted
    road: Road
    party: int
    walks_as_it_is: bool

    def leaves(self, done: int, hidden: int) -> Fraction:
        really = self.road[done] & ~hidden if self.walks_as_it_is else self.road[done]
        return self.agreement.breakdown[really][self.party]

    def choices(self, done: int) -> list[int]:
        """What may be withheld in the next period, the empty set first."""
        before, after = self.road[done], self.road[min(done + 1, len(self.road) - 1)]
        return [0, *parts(self.agreement.withholdable(before, after, self.party))]

    def goes_on(self, done: int, hidden: int, later: Fraction) -> Fraction:
        """One period with ``hidden`` withheld, ``later`` if there is no alarm."""
        game, party = self.agreement, self.party
        really = self.road[min(done + 1, len(self.road) - 1)] & ~hidden
        alarm = game.alarm(hidden)
        found = alarm * game.breakdown[really][party]
        return game.flows[really][party] + game.discount[party] * ((1 - alarm) * later + found)

    def best(self) -> Fraction:
        last = len(self.road) - 1
        values = self.finished()
        for done in reversed(range(last)):
            going = max(self.goes_on(done, x, values[x]) for x in self.choices(done))
            # At the start nothing is hidden yet; later whatever the last period allowed.
            before = self.choices(done - 1) if done else [0]
            values = {x: max(going, self.leaves(done, x)) for x in before}
        return values[0]

    def finished(self) -> dict[int, Fraction]:
        """Values of the finished agreement, which lasts: improve the plan until it is best."""
        last = len(self.road) - 1
        choices = self.choices(last)
        states = sorted({*choices, *(self.choices(last - 1) if last else [0])})
        plan: dict[int, int | None] = dict.fromkeys(states, 0)
        while True:
            values = {state: self.planned(plan, state) for state in states}
            improved = dict(plan)
            for state in states:
                best = values[state]
                for choice in [None, *choices]:
                    if choice is None:
                        reached = self.leaves(last, state)
                    else:
                        reached = self.goes_on(last, choice, values[choice])
                    if reached > best:
                        best, improved[state] = reached, choice
            if improved == plan:
                return values
            plan = improved

    def planned(self, plan: dict[int, int | None], state: int) -> Fraction:
        """What a fixed plan is worth: straight on until it leaves or comes round again."""
        game, last, way = self.agreement, len(self.road) - 1, [state]
        while (choice := plan[way[-1]]) is not None and choice not in way:
            way.append(choice)
        if choice is None:
            value = self.leaves(last, way[-1])
        else:
            round_trip = way[way.index(choice) :]
            # One turn from ``choice`` maps a value v to a + b v: its fixed point is the value.
            turn = [plan[x] for x in round_trip]
            a, b = Fraction(0), Fraction(1)
            for hidden in turn:
                assert hidden is not None
                a += b * self.goes_on(last, hidden, Fraction(0))
                b *= game.discount[self.party] * (1 - game.alarm(hidden))
            value = a / (1 - b)
            way = way[: way.index(choice) + 1]
        for x in reversed(way[:-1]):
            hidden = plan[x]
            assert hidden is not None
            value = self.goes_on(last, hidden, value)
        return value
