"""A question about a road: its codings, their parties, and what an order is worth to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from detente.case.errors import CaseError, Problem
from detente.case.schema import Case
from detente.model.aftermath import Aftermath
from detente.model.compilation import Model, compile_case
from detente.sequencing.answer import Deviation, Margin, ModelName, Move, Order, Step
from detente.sequencing.lattice.points import Grid, Valued, Worths, grid
from detente.sequencing.lattice.road import Road
from detente.sequencing.search.play import Play
from detente.sequencing.terms.deviations import deviations
from detente.sequencing.terms.discounted import Discounted
from detente.sequencing.terms.patient import Patient
from detente.sequencing.terms.sight import Watchers
from detente.verification.measures.detection import detectors
from detente.verification.parties import Tempted, tempted


@dataclass(frozen=True, eq=False)
class Coding:
    """One reading of the conflict.

    Parameters
    ----------
    name
        Empty for the case itself.
    case
        With it.
    road
        The lattice that its outcomes lie on.
    drawn
        Whether it is many readings at once: the case has numbers that are drawn.
    """

    name: str
    case: Case
    road: Road
    drawn: bool = False

    @cached_property
    def model(self) -> Model:
        """The case, compiled."""
        return compile_case(self.case)

    @cached_property
    def grid(self) -> Grid:
        """The outcomes of the road."""
        return grid(self.road, self.case)

    @cached_property
    def _valued(self) -> dict[str, Valued]:
        return {}

    def valued(self, party: str) -> Valued:
        """What the outcomes are worth to a party."""
        if party not in self._valued:
            self._valued[party] = Valued(self.grid, Aftermath(self.model, party), self.drawn)
        return self._valued[party]

    @cached_property
    def bound(self) -> tuple[str, ...]:
        """Parties that sign and have scores."""
        return tuple(name for name in self.case.signing if self.model.has_scores(name))

    def check_scores(self) -> None:
        """Refuse a case in which nobody's margins can be told."""
        if not self.bound:
            what = "a roadmap needs what outcomes are worth, as scores,"
            lacking = ", ".join(self.case.signing)
            help = f"add scores for {lacking}; 'concerns' and 'draft' work without"
            raise CaseError(Problem(f"{what} to at least one signing party", help))

    @cached_property
    def others(self) -> tuple[str, ...]:
        """Parties that have scores and do not sign."""
        names = [name for name in self.case.parties if name not in self.case.signing]
        return tuple(name for name in names if self.model.has_scores(name))

    @cached_property
    def _final(self) -> dict[str, Tempted]:
        return {}

    def final(self, party: str) -> Tempted:
        """How the party is tempted by the finished agreement."""
        if party not in self._final:
            seen = detectors(self.case, self.road.target)
            self._final[party] = tempted(self.model, party, self.road.target, seen)
        return self._final[party]


@dataclass(frozen=True, eq=False)
class Setting:
    """Codings on one road, under one model.

    Parameters
    ----------
    road
        The lattice.
    codings
        The case itself, then those to be survived.
    model
        Whether the way itself counts.
    floor
        Own detection is nowhere less than this.
    """

    road: Road
    codings: tuple[Coding, ...]
    model: ModelName
    floor: float = 0.0

    def play(self, more: bool = False) -> Play:
        """All parties that sign, under all codings; see :meth:`Discounted.player`."""
        players = tuple(
            self.terms(self.road, coding, party).player(more)
            for coding in self.codings
            for party in coding.bound
        )
        return Play(self.road.network, self.road.durations[1], players)

    @cached_property
    def full_play(self) -> Play:
        """The same, to be given more guarantees or payments."""
        return self.play(more=True)

    def along(self, positions: Sequence[Sequence[int]]) -> Setting:
        """The setting of one order alone."""
        return replace(self, road=self.road.along(positions))

    @cached_property
    def ends(self) -> Setting:
        """The start and the target alone."""
        positions = self.road.network.positions
        return self.along([positions[0].tolist(), positions[-1].tolist()])

    def with_detection(self, floor: float) -> Setting:
        """The same with every covert violation found at least so often."""
        return replace(self, floor=floor)

    def terms(self, road: Road, coding: Coding, party: str) -> Discounted | Patient:
        """One party under one coding."""
        watchers = Watchers(Worths(road, coding.valued(party)), self.floor)
        if self.model == "patient":
            return Patient(watchers)
        return Discounted(watchers, coding.final(party))

    def positions(self, steps: Sequence[int]) -> list[list[int]]:
        """The states of an order of the network."""
        network = self.road.network
        states = [0, *(int(network.target[step]) for step in steps)]
        return [network.positions[state].tolist() for state in states]

    def weakest(self, positions: Sequence[Sequence[int]], coding: Coding) -> float:
        """The weakest moment of an order under a coding."""
        play = replace(self.along(positions), codings=(coding,)).play()
        return float(play.along(np.arange(play.network.steps)[None])[1].min())

    def order(self, positions: Sequence[Sequence[int]], coding: Coding) -> Order:
        """An order with all its margins under a coding."""
        chain = self.road.along(positions)
        margins = [entry for party in coding.bound for entry in self._margins(chain, coding, party)]
        margins.sort(key=lambda entry: entry.step)
        worst = {
            party: min(entry.margin for entry in margins if entry.party == party)
            for party in coding.bound
        }
        others = {
            party: min(entry.margin for entry in self._margins(chain, coding, party))
            for party in coding.others
        }
        return Order(steps_of(chain), tuple(margins), worst, others)

    def _margins(self, chain: Road, coding: Coding, party: str) -> Iterator[Margin]:
        """The least margin of each kind at each moment."""
        least: dict[tuple[int, Deviation], Margin] = {}
        for entry in self._deviations(chain, coding, party):
            key = (entry.step, entry.deviation)
            if key not in least or entry.margin < least[key].margin:
                least[key] = entry
        yield from least.values()

    def _deviations(self, chain: Road, coding: Coding, party: str) -> Iterator[Margin]:
        for way in deviations(self.terms(chain, coding, party)):
            yield Margin(way.step, party, way.deviation, float(way.margin), way.parts)


def steps_of(chain: Road) -> tuple[Step, ...]:
    """The steps of a road that is one order; idle parts come as early as they can."""
    network, (times, pace) = chain.network, chain.durations
    space, case = chain.model.space, chain.case
    waiting = list(chain.idle)
    steps, start = [], 0
    for number in range(network.steps):
        state = space.outcome(chain.codes[number + 1])
        moves = list(_moves(chain, number))
        for name in [
            name for name in waiting if name in case.guarantees or case.allows(name, state)
        ]:
            waiting.remove(name)
            moves.append(idle_move(case, name))
        taken = times[pace[number]]
        steps.append(Step(tuple(moves), start, taken, state))
        start += taken
    return tuple(steps)


def _moves(chain: Road, number: int) -> Iterator[Move]:
    before, after = chain.network.positions[number], chain.network.positions[number + 1]
    options: Mapping[str, tuple[str, ...]] = chain.case.options
    for place, item in enumerate(chain.items):
        low, high = int(before[place]), int(after[place])
        if low == high:
            continue
        takes = max(item.takes[low:high])
        if item.kind == "issue":
            names = [options[item.name][code] for code in item.options]
            yield Move(item.name, "issue", names[low], names[high], item.owners, takes)
        else:
            yield Move(item.name, item.kind, None, None, item.owners, takes)


def idle_move(case: Case, name: str) -> Move:
    """Putting in place what changes no margin."""
    guarantee = case.guarantees.get(name)
    if guarantee is None:
        return Move(name, "measure", None, None, (), 1)
    owners = (guarantee.by,) if guarantee.by in case.parties else ()
    return Move(name, "guarantee", None, None, owners, 1)
