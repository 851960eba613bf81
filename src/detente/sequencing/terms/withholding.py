"""Openly withholding a part of a step: what the best part is worth to keep back.

A part is any way of leaving own items short of where the step takes them; what stands then is
worth its flow until the others act on it, and then its breakdown value, less guarantees. One that
is wholly covert is not seen, and judged elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.model.problem import Booleans, Floats, Integers, Single
from detente.sequencing.lattice.points import Worths

MOST_CELLS = 1 << 22
"""Most values that are compared at once."""


def withheld_openly(worths: Worths, wait: Single, power: Single) -> Floats:
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
        sizes = tuple(worths.road.items[item].size for item in group)
        weigh = _Shortfall(worths, tuple(group), sizes, wait, power)
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


def withheld(
    worths: Worths, step: int, wait: Single, power: Single
) -> tuple[Floats, tuple[tuple[str, ...], ...]]:
    """What each openly withheld part of one step is worth, and its items; none where there is none.

    Shape (parts,), with the codings before it where numbers are drawn.
    """
    network, road = worths.road.network, worths.road
    reached = int(network.target[step])
    advances = (network.positions[reached] - network.positions[network.source[step]]).astype(int)
    group = tuple(item for item in worths.own_items if advances[item])
    if not group:
        return np.zeros(0), ()
    sizes = tuple(int(advances[item]) + 1 for item in group)
    weigh = _Shortfall(worths, group, sizes, wait, power)
    value = weigh.values(np.array([reached]))[..., 0, :]
    openly = np.flatnonzero(weigh.openly)
    items = tuple(
        tuple(road.items[item].name for item, left in zip(group, short, strict=True) if left)
        for short in weigh.short[openly]
    )
    return value[..., openly], items


@dataclass(frozen=True, eq=False)
class _Shortfall:
    """Numbers of advances of some items that are left undone, and what that is worth."""

    worths: Worths
    group: tuple[int, ...]
    sizes: tuple[int, ...]
    wait: Single
    power: Single

    @property
    def cells(self) -> int:
        """Numbers of advances in all."""
        return int(np.prod(self.sizes))

    @property
    def short(self) -> Integers:
        """All of them; shape (cells, items)."""
        return np.stack(np.unravel_index(np.arange(self.cells), self.sizes), axis=1)

    @property
    def openly(self) -> Booleans:
        """Which of them are seen; shape (cells,)."""
        covert = self.worths.covert_items
        seen = [place for place, item in enumerate(self.group) if item not in covert]
        out: Booleans = np.any(self.short[:, seen] > 0, axis=1)
        return out

    def values(self, states: Integers) -> Floats:
        """What stands is worth if steps to the states fall so much short; −inf if unseen."""
        worths, short, group = self.worths, self.short, list(self.group)
        positions = worths.road.network.positions[states][:, group]
        possible: Booleans = np.all(positions[:, None] >= short[None], axis=2)
        points = worths.here[states][:, None] - (short @ worths.weights[group])[None]
        points = np.where(possible, points, 0).ravel()
        left = worths.breakdown[points] - worths.taken(np.repeat(states, self.cells), points)
        value = self.wait * worths.values[points] + self.power * left
        value = value.reshape(*value.shape[:-1], len(states), self.cells)
        out: Floats = np.where(possible & self.openly[None], value, -np.inf)
        return out

    def best(self, states: Integers) -> Floats:
        """The best that falls short by no more of anything; shape (states, cells)."""
        value = self.values(states).reshape(-1, *self.sizes)
        for axis in range(1, value.ndim):
            np.maximum.accumulate(value, axis=axis, out=value)
        return value.reshape(len(states), -1)
