"""Random agreements of some measures, and what trying every order of them finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from detente.sequencing import Path, discounted_path, widest_path

DISCOUNT = 0.9
PROMISE = 60.0
Tried = tuple[int, float]
"""How many orders there are, and the weakest moment of the best of them."""
Table = np.ndarray[tuple[int, int], np.dtype[np.float64]]
"""A number for each state and party; bit j of the row: measure j is in place."""


@dataclass(frozen=True, eq=False)
class Patient:
    """Patient parties and an arbitrary table of breakdown values.

    ``detection`` and ``gain`` of each measure; 1 and 0 where withholding is always noticed.
    """

    owners: list[int]
    breakdown: Table
    detection: list[float]
    gain: list[float]

    @property
    def parties(self) -> int:
        """Number of parties."""
        return self.breakdown.shape[1]

    def path(self, *, at_once: bool) -> Path:
        """What detente finds."""
        return widest_path(
            self.owners,
            [],
            [PROMISE] * self.parties,
            self.breakdown,
            detection=self.detection,
            gain=self.gain,
            simultaneous=at_once,
        )

    def every_order(self) -> Tried:
        """What trying every ordered partition finds; the margin of a step is computed once."""
        kept: list[list[float]] = (PROMISE - self.breakdown).tolist()
        own = [
            sum(1 << measure for measure, owner in enumerate(self.owners) if owner == party)
            for party in range(self.parties)
        ]
        last = len(kept) - 1

        @cache
        def margin(state: int, step: int) -> float:
            out = min(kept[state])
            for party, mine in enumerate(own):
                for withheld in _parts(step & mine):
                    missed, gain = 1.0, 0.0
                    for measure in _members(withheld):
                        missed *= 1 - self.detection[measure]
                        gain += self.gain[measure]
                    without = kept[(state | step) & ~withheld][party]
                    out = min(out, (1 - missed) * without - missed * gain)
            return out

        def weakest(state: int, so_far: float) -> Iterator[float]:
            if state == last:
                yield min(so_far, *kept[last])
            for step in _parts(last & ~state):
                yield from weakest(state | step, min(so_far, margin(state, step)))

        found = list(weakest(0, float("inf")))
        return len(found), max(found)


@dataclass(frozen=True, eq=False)
class Discounted:
    """Parties that discount: own measures cost, the others' are useful."""

    owners: list[int]
    flows: Table
    breakdown: Table

    def path(self, *, at_once: bool) -> Path:
        """What detente finds."""
        return discounted_path(
            self.owners, [], self.flows, self.breakdown, DISCOUNT, simultaneous=at_once
        )

    def every_order(self) -> Tried:
        """What trying every order of single steps finds, each from its end to its start."""
        flows, breakdown = self.flows.tolist(), self.breakdown.tolist()
        measures = range(len(self.owners))
        finished = [flow / (1 - DISCOUNT) for flow in flows[-1]]

        def weakest(state: int, worth: list[float], so_far: float) -> Iterator[float]:
            left = min(map(float.__sub__, worth, breakdown[state]))
            so_far = min(so_far, left)
            if not state:
                yield so_far
            for measure in measures:
                if not state >> measure & 1:
                    continue
                before, owner = state & ~(1 << measure), self.owners[measure]
                earlier = [
                    flow + DISCOUNT * later for flow, later in zip(flows[state], worth, strict=True)
                ]
                withheld = flows[before][owner] + DISCOUNT * breakdown[before][owner]
                yield from weakest(before, earlier, min(so_far, earlier[owner] - withheld))

        found = list(weakest(len(flows) - 1, finished, float("inf")))
        return len(found), max(found)


def patient(measures: int, parties: int, seed: int, *, hidden: bool) -> Patient:
    """Arbitrary breakdown values from 0 to 100; measures belong to the parties in turn."""
    chance = np.random.default_rng([seed, measures, parties])
    breakdown = chance.uniform(0, 100, (1 << measures, parties))
    detection = chance.uniform(0.5, 1, measures) if hidden else np.ones(measures)
    gain = chance.uniform(0, 10, measures) if hidden else np.zeros(measures)
    owners = [measure % parties for measure in range(measures)]
    return Patient(owners, breakdown, detection.tolist(), gain.tolist())


def discounted(measures: int, parties: int, seed: int) -> Discounted:
    """A measure costs its owner 1 to 5 a period and brings 1 to 10, shared, to the others.

    After a collapse a random share of each of these effects stays for good.
    """
    chance = np.random.default_rng([seed, measures, parties])
    owners = [measure % parties for measure in range(measures)]
    own = np.array(owners)[:, None] == np.arange(parties)
    costs = chance.uniform(1, 5, (measures, 1))
    useful = chance.uniform(1, 10, (measures, parties)) / (parties - 1)
    effects = np.where(own, -costs, useful)
    stays = effects * chance.uniform(0, 1, effects.shape)
    done: Any = np.arange(1 << measures)[:, None] >> np.arange(measures) & 1
    return Discounted(owners, done @ effects, done @ stays / (1 - DISCOUNT))


def _parts(measures: int) -> Iterator[int]:
    """All non-empty subsets."""
    part = measures
    while part:
        yield part
        part = (part - 1) & measures


def _members(measures: int) -> list[int]:
    return [bit for bit in range(measures.bit_length()) if measures >> bit & 1]
