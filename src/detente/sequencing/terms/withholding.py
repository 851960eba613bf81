"""Openly withholding a part of a step: what the best part is worth to keep back.

A part is any way of leaving own items short of where the step takes them; what stands then is
worth its flow until the others act on it, and then its breakdown value, less guarantees. One that
is wholly covert is not seen, and judged elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.model.problem import Booleans, Floats, Integers
from detente.sequencing.lattice.points import Worths

MOST_CELLS = 1 << 22
"""Most values that are compared at once."""


def withheld_openly(worths: Worths, wait: float, power: float) -> Floats:
    """By step, what the best openly withheld part of it is worth; −inf where there is none.

    Parameters
    ----------
    worths
        Whose, and where.
    wait, power
        Weights of what stands and of the breakdown value that follows.

    Notes
    -----
    The best over all parts of all steps to a state is a running maximum over the numbers of
    advances left undone. Cost: states × product of the positions of own items.
    """
    network = worths.road.network
    out = np.full(network.steps, -np.inf)
    advances = network.positions[network.target] - network.positions[network.source]
    single = network.steps > 0 and int((advances > 0).sum(axis=1).max()) == 1
    by_target = np.argsort(network.target, kind="stable")
    begins = np.searchsorted(network.target[by_target], np.arange(network.states + 1))
    own = worths.own_items
    for group in [[item] for item in own] if single else [own] * bool(own):
        weigh = _Shortfall(worths, tuple(group), wait, power)
        chunk = max(1, MOST_CELLS // weigh.cells)
        for low in range(0, network.states, chunk):
            states = np.arange(low, min(low + chunk, network.states))
            steps = by_target[begins[low] : begins[states[-1] + 1]]
            short = advances[steps][:, group].astype(np.int64)
            touched = short.any(axis=1)
            if touched.any():
                steps, short = steps[touched], short[touched]
                best = weigh.best(states)[
                    network.target[steps] - low, np.ravel_multi_index(tuple(short.T), weigh.sizes)
                ]
                out[steps] = np.maximum(out[steps], best)
    return out


def best_part(worths: Worths, step: int, wait: float, power: float) -> tuple[str, ...]:
    """The items of the best openly withheld part of a step."""
    network, road = worths.road.network, worths.road
    reached = int(network.target[step])
    advances = (network.positions[reached] - network.positions[network.source[step]]).astype(int)
    group = tuple(item for item in worths.own_items if advances[item])
    weigh = _Shortfall(worths, group, wait, power)
    value = weigh.values(np.array([reached]))[0]
    within = (weigh.short <= advances[list(group)]).all(axis=1)
    chosen = weigh.short[int(np.argmax(np.where(within, value, -np.inf)))]
    return tuple(road.items[item].name for item, left in zip(group, chosen, strict=True) if left)


@dataclass(frozen=True, eq=False)
class _Shortfall:
    """Numbers of advances of some items that are left undone, and what that is worth."""

    worths: Worths
    group: tuple[int, ...]
    wait: float
    power: float

    @property
    def sizes(self) -> tuple[int, ...]:
        """Positions of the items."""
        return tuple(self.worths.road.items[item].size for item in self.group)

    @property
    def cells(self) -> int:
        """Numbers of advances in all."""
        return int(np.prod(self.sizes))

    @property
    def short(self) -> Integers:
        """All of them; shape (cells, items)."""
        return np.stack(np.unravel_index(np.arange(self.cells), self.sizes), axis=1)

    def values(self, states: Integers) -> Floats:
        """What stands is worth if steps to the states fall so much short; −inf if unseen."""
        worths, short, group = self.worths, self.short, list(self.group)
        positions = worths.road.network.positions[states][:, group]
        possible: Booleans = np.all(positions[:, None] >= short[None], axis=2)
        points = worths.here[states][:, None] - (short @ worths.weights[group])[None]
        points = np.where(possible, points, 0)
        value = self.wait * worths.values[points] + self.power * worths.breakdown[points]
        for amount, placed in worths.guarantees:
            value -= self.power * amount[points] * placed[states][:, None]
        seen = [place for place, item in enumerate(group) if item not in worths.covert_items]
        openly: Booleans = np.any(short[:, seen] > 0, axis=1)
        out: Floats = np.where(possible & openly[None], value, -np.inf)
        return out

    def best(self, states: Integers) -> Floats:
        """The best that falls short by no more of anything; shape (states, cells)."""
        value = self.values(states).reshape(-1, *self.sizes)
        for axis in range(1, value.ndim):
            np.maximum.accumulate(value, axis=axis, out=value)
        return value.reshape(len(states), -1)
