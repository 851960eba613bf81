"""What verification sees on a road: hidden deviations of a party, and how well they are found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from detente.case.errors import CaseError, Problem
from detente.model.draws import amount
from detente.model.expressions import expression_factor
from detente.model.problem import Booleans, Factor, Floats, Integers, Single
from detente.sequencing.lattice.network import first_bits
from detente.sequencing.lattice.points import Worths
from detente.verification.measures.detection import Detectors, every_detector
from detente.verification.temptations import Way, moves_alone

MOST_WAYS = 1 << 14
"""Most ways to cheat at once that are compared for one party."""
NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Slip:
    """One hidden deviation, wherever it is possible.

    Parameters
    ----------
    worths
        The party on its road.
    ways
        What is violated.
    changes
        Columns of issues, with the option at which they really stand.
    states
        Where it is possible, or what steps lead to in which it is; ascending.
    steps
        For withholding: those steps.
    gain
        What it yields per period beside.
    takes, prize
        Of a dash; None and 0 otherwise.
    """

    worths: Worths
    ways: tuple[Way, ...]
    changes: Mapping[int, int]
    states: Integers
    steps: Integers
    gain: Single = 0.0
    takes: int | None = None
    prize: Single = 0.0

    @property
    def parts(self) -> tuple[str, ...]:
        """Issues or listed violations."""
        return tuple(way.name for way in self.ways)

    def codes(self, states: Integers) -> Integers:
        """What really stands; shape (states, issues)."""
        out = self.worths.road.codes[states]
        for column, option in self.changes.items():
            out[:, column] = option
        return out

    def points(self, states: Integers) -> Integers:
        """The same as points."""
        return self.worths.points(self.codes(states))


@dataclass(frozen=True, eq=False)
class Watchers:
    """The verification of a coding on a road, for one party.

    Parameters
    ----------
    worths
        The party and the coding.
    floor
        Own detection is nowhere less than this.
    """

    worths: Worths
    floor: float = 0.0

    @cached_property
    def detectors(self) -> Detectors:
        """All measures of the coding."""
        return every_detector(self.worths.case)

    @cached_property
    def placed(self) -> Booleans:
        """Which measures are in place in each state; shape (states, measures)."""
        road = self.worths.road
        columns = [road.placed(name) for name in self.detectors.names]
        return np.array(columns, dtype=np.bool_).reshape(-1, road.network.states).T

    def standing(self, states: Integers, codes: Integers) -> Booleans:
        """Which of them stand in states, where these outcomes really stand."""
        out = self.placed[states]
        for place, factor in self._required:
            out[:, place] &= factor.at(codes)
        return out

    @cached_property
    def _required(self) -> tuple[tuple[int, Factor], ...]:
        """What measures require, by their place."""
        space = self.worths.model.space
        return tuple(
            (place, expression_factor(measure.requires, space))
            for place, measure in enumerate(self.detectors.measures)
            if measure.requires is not None
        )

    @cached_property
    def _seen(self) -> dict[Way, Floats]:
        return {}

    def seen(self, ways: Sequence[Way]) -> Floats:
        """−ln(1 − p) of each measure for what is violated together."""
        for way in ways:
            if way not in self._seen:
                self._seen[way] = self.detectors.seen((way,))[0]
        out: Floats = sum((self._seen[way] for way in ways[1:]), self._seen[ways[0]])
        return out

    @cached_property
    def _in_order(self) -> Booleans:
        everywhere = np.arange(self.worths.road.network.states)
        return self.standing(everywhere, self.worths.road.codes)

    @cached_property
    def false_alarm(self) -> Floats:
        """F in each state."""
        return self.detectors.false_alarm(self._in_order.astype(np.float64))

    def detection(self, slip: Slip, states: Integers) -> tuple[Floats, Floats]:
        """Own detection and total alarm probability of a deviation in states."""
        standing = self.standing(states, slip.codes(states)) & self._in_order[states]
        coverage = self.seen(slip.ways) @ standing.T.astype(np.float64)
        own = np.maximum(self.floor, self.detectors.detection(coverage))
        return own, 1 - (1 - self.false_alarm[..., states]) * (1 - own)

    @cached_property
    def slips(self) -> tuple[Slip, ...]:
        """Parts of steps that can be left undone unseen."""
        worths, road, network = self.worths, self.worths.road, self.worths.road.network
        begin = first_bits([item.size for item in road.items])
        done = network.marks
        moved = done[network.target] & ~done[network.source]
        places = sorted(worths.covert_items)
        out = []
        for chosen in product(*(range(-1, road.items[place].size - 1) for place in places)):
            left = {place: at for place, at in zip(places, chosen, strict=True) if at >= 0}
            need = np.uint64(sum(1 << (begin[place] + at) for place, at in left.items()))
            steps = np.flatnonzero(moved & need == need)
            if not left or not len(steps):
                continue
            ways, changes = [], {}
            for place, at in left.items():
                item = road.items[place]
                ways.append(self._way(item.name, item.options[at]))
                changes[road.model.space.issue_position[item.name]] = item.options[at]
            reached = np.unique(network.target[steps]).astype(np.int64)
            out.append(Slip(worths, tuple(ways), changes, reached, steps))
        return tuple(out)

    @cached_property
    def stands(self) -> tuple[Slip, ...]:
        """Ways to cheat on what stands: as ``verify`` has them, in every state but the first."""
        slots = [*self._generated(), *self._listed()]
        count = int(np.prod([len(slot) + 1 for slot in slots], dtype=np.float64))
        if count > MOST_WAYS:
            case, party = self.worths.road.case, self.worths.party
            what = f"{party} could cheat in {count - 1:,} ways at once, more than {MOST_WAYS:,}"
            help = "mark issues that cannot be changed unseen 'covert: false'"
            raise CaseError(Problem(what, help, case.place(("parties", party), key=True)))
        return tuple(
            slip
            for chosen in product(*([None, *slot] for slot in slots))
            if (slip := self._together([part for part in chosen if part is not None])) is not None
        )

    @cached_property
    def dashes(self) -> tuple[Slip, ...]:
        """Violations with a prize, each by itself."""
        out = []
        for slot in self._listed():
            way, applies = slot[0]
            assert way.violation is not None
            breakout = way.violation.breakout
            if breakout is not None and applies.any():
                gain, prize = self._gain(way), amount(breakout.prize)
                states = np.flatnonzero(applies)
                out.append(Slip(self.worths, (way,), {}, states, NONE, gain, breakout.takes, prize))
        return tuple(out)

    def _generated(self) -> Iterator[list[tuple[Way, Booleans]]]:
        """Covert issues, with each earlier option at which they could really stand."""
        road, case = self.worths.road, self.worths.case
        assert road.case.status_quo is not None
        for column, (issue, options) in enumerate(road.case.options.items()):
            if not (moves_alone(case, self.worths.party, issue) and case.covert(issue)):
                continue
            stands = road.codes[:, column]
            today = options.index(road.case.status_quo[issue])
            slot = []
            for place in range(len(options)):
                earlier = stands > place
                if not case.issues[issue].ordered:
                    earlier = (stands != today) & np.full(len(stands), place == today)
                earlier = self._after_start(earlier)
                if earlier.any():
                    slot.append((self._way(issue, place), earlier))
            if slot:
                yield slot

    def _listed(self) -> Iterator[list[tuple[Way, Booleans]]]:
        road, case = self.worths.road, self.worths.case
        for name, entry in case.violations.items():
            if entry.party != self.worths.party:
                continue
            applies = np.ones(road.network.states, dtype=np.bool_)
            if entry.when is not None:
                applies = expression_factor(entry.when, self.worths.model.space).at(road.codes)
            applies = self._after_start(applies)
            if applies.any():
                yield [(Way(name, violation=entry), applies)]

    def _after_start(self, applies: Booleans) -> Booleans:
        """Nothing is agreed to at the start that could be violated."""
        out: Booleans = applies & (self.worths.road.network.positions.sum(axis=1) > 0)
        return out

    def _together(self, parts: list[tuple[Way, Booleans]]) -> Slip | None:
        if not parts:
            return None
        road = self.worths.road
        applies = np.logical_and.reduce([applies for _, applies in parts])
        if not applies.any():
            return None
        changes = {}
        for way, _ in parts:
            if way.issue is not None:
                column = road.model.space.issue_position[way.issue]
                changes[column] = road.model.space.option_position[column][way.option or ""]
        gain = sum(self._gain(way) for way, _ in parts)
        ways = tuple(way for way, _ in parts)
        return Slip(self.worths, ways, changes, np.flatnonzero(applies), NONE, gain)

    def _way(self, issue: str, place: int) -> Way:
        options: Mapping[str, tuple[str, ...]] = self.worths.road.case.options
        return Way(issue, issue, options[issue][place])

    def _gain(self, way: Way) -> Single:
        stated = way.violation.gain if way.violation is not None else None
        return amount(stated) if stated is not None else 0.0
