"""What a case says about a patient party on a road: only where it leads counts.

The promise V is what the target is worth; with own detection ρ of what is hidden and h what it
yields unnoticed, h(X) = max(0, u(s' less X) − u(s')) and the gain of a listed violation,

    walk away: V − B(s),  withhold openly: V − B(s' less X),
    withhold or cheat unseen: ρ [V − B(s' less X)] − (1 − ρ) h(X),
    break out over k periods: V − B(s') − (1 − ρ)^k · prize,

B less the guarantees that are taken from the party. False alarms and durations do not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.model.problem import Floats, Integers, Single
from detente.sequencing.answer import Deviation
from detente.sequencing.lattice.points import Worths
from detente.sequencing.search.lines import Line, pack
from detente.sequencing.search.play import Player
from detente.sequencing.terms.discounted import End, Finished
from detente.sequencing.terms.sight import Slip, Watchers
from detente.sequencing.terms.withholding import withheld_openly
from detente.verification.parties import single


@dataclass(frozen=True, eq=False)
class Patient:
    """The terms of one party.

    Parameters
    ----------
    watchers
        The party on its road, and what verification sees of it.
    """

    watchers: Watchers

    @property
    def worths(self) -> Worths:
        """What the outcomes are worth to it."""
        return self.watchers.worths

    @property
    def wait(self) -> float:
        """What stands until open withholding is acted upon does not count."""
        return 0.0

    @cached_property
    def promise(self) -> Single:
        """V."""
        return single(self.worths.values[self.worths.here[-1:]])

    @cached_property
    def seat(self) -> Floats:
        """What is left to who walks away, by state."""
        worths = self.worths
        return worths.breakdown[worths.here] - worths.taken(slice(None), worths.here)

    def promises(self) -> Floats:
        """V in every state of a road."""
        out: Floats = self.promise * np.ones(self.worths.road.network.states)
        return out

    def player(self, more: bool = False) -> Player:
        """For the search; ``more``: guarantees and payments will be added."""
        worths, network = self.worths, self.worths.road.network
        shape = (len(worths.road.durations[0]), network.states)
        range_ = (self.promise, self.promise)
        return Player(
            worths.party,
            np.full(shape, self.promise),
            np.zeros(shape),
            np.ones(shape),
            self.seat,
            withheld_openly(worths, 0.0, 1.0),
            1.0,
            0.0,
            pack((line for _, line in self.withholding()), network.steps, *range_, more=more),
            pack((line for _, line in self.standing()), network.states, *range_, more=more),
            self.promise,
            1.0,
            pack((line for _, _, line in self.ends()), 1, *range_),
        )

    def withholding(self) -> Iterator[tuple[Slip, Line]]:
        """Parts of steps that it could leave undone unseen, by step."""
        for slip in self.watchers.slips:
            yield (
                slip,
                self._hidden(
                    slip, slip.steps, self.worths.road.network.target[slip.steps].astype(np.int64)
                ),
            )

    def standing(self) -> Iterator[tuple[Slip, Line]]:
        """Cheating on what stands, and breaking out, by state on the road."""
        for slip in self.watchers.stands:
            yield slip, self._hidden(slip, slip.states, slip.states)
        for slip in self.watchers.dashes:
            at = slip.states
            own, _ = self.watchers.detection(slip, at)
            assert slip.takes is not None
            level = self._kept(at, self.worths.here[at]) - (1 - own) ** slip.takes * slip.prize
            yield slip, Line(at, 0 * own, level, 1 + 0 * own, 1 + 0 * own)

    def ends(self) -> Iterator[End]:
        """The margins at the target."""
        last = self.worths.road.network.states - 1
        one, none = np.ones(1), np.zeros(1, dtype=np.int64)
        kept = self._kept(np.array([last]), self.worths.here[-1:])
        yield "renege at the end", (), Line(none, 0 * one, kept, one, one)
        for slip, line in self.standing():
            row = np.flatnonzero(line.at == last)
            if len(row):
                parts = (line.slope, line.level, line.blamed, line.paid)
                kind: Deviation = "cheat" if slip.takes is None else "break out"
                yield kind, slip.parts, Line(none, *(part[row] for part in parts))

    def finished_deviations(self) -> Iterator[Finished]:
        """Ways to leave the finished agreement."""
        last = self.worths.road.network.states - 1
        kept = self._kept(np.array([last]), self.worths.here[-1:])[..., 0]
        yield "renege at the end", (), kept, None, 0
        for slip, line in self.standing():
            row = np.flatnonzero(line.at == last)
            if len(row):
                kind: Deviation = "cheat" if slip.takes is None else "break out"
                own, _ = self.watchers.detection(slip, line.at[row])
                yield kind, slip.parts, line.level[..., row[0]], own[..., 0], slip.takes or 0

    def _hidden(self, slip: Slip, at: Integers, states: Integers) -> Line:
        worths, points = self.worths, slip.points(states)
        own, _ = self.watchers.detection(slip, states)
        gain = worths.values[points] + slip.gain - worths.values[worths.here[states]]
        level = own * self._kept(states, points) - (1 - own) * np.maximum(0, gain)
        return Line(at, 0 * own, level, own, own)

    def _kept(self, states: Integers, points: Integers) -> Floats:
        """V − B, guarantees counted in."""
        worths = self.worths
        out: Floats = self.promise - worths.breakdown[points] + worths.taken(states, points)
        return out
