"""Measures that are done or not done: the lattice of their sets, and checks of tables over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from detente.model.problem import Floats, Integers
from detente.sequencing.lattice.network import Network, network

MOST_MEASURES = 22
"""Most measures done one at a time: 2^22 states."""
MOST_TOGETHER = 14
"""Most measures where several may be done at once: 3^14 pairs of states."""
LARGEST = 1e150
"""Larger numbers could overflow when they are multiplied and divided."""


@dataclass(frozen=True, eq=False)
class Subsets:
    """The lattice of sets of measures.

    Parameters
    ----------
    owners
        Of each measure.
    network
        States (down-closed sets) and steps.
    simultaneous
        Whether steps may hold several measures.
    """

    owners: tuple[int | None, ...]
    network: Network
    simultaneous: bool

    @property
    def measures(self) -> int:
        """Number of measures."""
        return len(self.owners)

    @cached_property
    def masks(self) -> Integers:
        """The set of measures in each state, bit j for measure j."""
        return self.network.marks.astype(np.int64)

    def mask(self, measures: Sequence[int]) -> int:
        """Some measures as bits."""
        return sum(1 << measure for measure in measures)

    def check_owners(self, parties: int) -> None:
        """Refuse an owner who is no party."""
        for measure, owner in enumerate(self.owners):
            if owner is not None and not 0 <= owner < parties:
                what = f"measure {measure} is owned by party {owner}"
                raise ValueError(f"{what}, and parties count from 0 to {parties - 1}")

    def owned(self, party: int) -> list[int]:
        """The measures of a party."""
        return [measure for measure, owner in enumerate(self.owners) if owner == party]

    def withheld(self, party: int) -> Iterator[tuple[list[int], Integers]]:
        """Sets that a party could withhold, with the steps in which it could."""
        mine = self.owned(party)
        if not self.simultaneous:
            yield from (([measure], self._single[measure]) for measure in mine)
            return
        moved = self._moved
        for size in range(1, len(mine) + 1):
            for withheld in combinations(mine, size):
                mask = self.mask(withheld)
                steps = np.flatnonzero(moved & mask == mask)
                if len(steps):
                    yield list(withheld), steps

    @cached_property
    def _single(self) -> list[Integers]:
        """The steps of each measure, where steps are single: those of a state are in order."""
        masks, first = self.masks, self.network.first
        there = np.zeros(1 << self.measures, dtype=np.bool_)
        there[masks] = True
        rank = np.zeros(len(masks), dtype=np.int64)
        out = []
        for measure in range(self.measures):
            rows = np.flatnonzero((masks >> measure & 1 == 0) & there[masks | 1 << measure])
            out.append(first[rows] + rank[rows])
            rank[rows] += 1
        return out

    @cached_property
    def _moved(self) -> Integers:
        masks = self.masks.astype(np.int32)
        moved: Integers = masks[self.network.target] ^ masks[self.network.source]
        return moved

    def measures_of(self, steps: Sequence[int]) -> tuple[tuple[int, ...], ...]:
        """The measures that steps carry out."""
        source, target = self.network.source, self.network.target
        moved = [int(self.masks[source[step]] ^ self.masks[target[step]]) for step in steps]
        return tuple(
            tuple(measure for measure in range(self.measures) if mask >> measure & 1)
            for mask in moved
        )


def subsets(
    owners: Sequence[int | None], precedence: Sequence[tuple[int, int]], simultaneous: bool
) -> Subsets:
    """The lattice of all down-closed sets of measures.

    Raises
    ------
    ValueError
        Where there is no measure or too many, an owner is no number, or the precedence is not
        made of pairs, names a measure that is not there or has a cycle.
    """
    measures = len(owners)
    most = MOST_TOGETHER if simultaneous else MOST_MEASURES
    if not measures:
        raise ValueError("an order needs at least one measure")
    if measures > most:
        how = "if several may be done at once" if simultaneous else "done one at a time"
        size = f"2^{measures} = {1 << measures:,} states"
        raise ValueError(f"at most {most} measures {how}; these are {measures}: {size}")
    for owner in owners:
        if owner is not None and not _whole(owner):
            raise ValueError(f"an owner is the number of a party, or None; one is {owner!r}")
    _check_precedence(precedence, measures)
    states = np.arange(1 << measures)
    kept = np.ones(len(states), dtype=np.bool_)
    for first, then in precedence:
        kept &= (states >> first & 1 == 1) | (states >> then & 1 == 0)
    positions = np.empty((int(kept.sum()), measures), dtype=np.int8)
    for measure in range(measures):
        positions[:, measure] = states[kept] >> measure & 1
    at_once = None if simultaneous else 1
    return Subsets(
        tuple(owners), network((2,) * measures, positions, at_once=at_once), simultaneous
    )


def _check_precedence(precedence: Sequence[tuple[int, int]], measures: int) -> None:
    for pair in precedence:
        if len(pair) != 2 or not all(map(_whole, pair)):
            raise ValueError(f"the precedence is made of pairs of measures; one is {pair!r}")
        for measure in pair:
            if not 0 <= measure < measures:
                what = f"the precedence names measure {measure}"
                raise ValueError(f"{what}, and measures count from 0 to {measures - 1}")
    from graphlib import CycleError, TopologicalSorter

    order = TopologicalSorter[int]()
    for first, then in precedence:
        order.add(then, first)
    try:
        order.prepare()
    except CycleError as error:
        chain = " before ".join(map(str, error.args[1]))
        raise ValueError(f"the precedence goes round in a circle: {chain}") from None


def _whole(number: object) -> bool:
    return hasattr(number, "__index__") and not isinstance(number, bool)


def table(name: str, given: ArrayLike, measures: int) -> Floats:
    """Numbers for each set of measures and party, shape (2 ** measures, parties)."""
    out = numbers(name, given)
    if out.ndim != 2 or len(out) != 1 << measures or not out.shape[1]:
        shape = f"({1 << measures}, parties)"
        what = f"the {name} has one row for each set of the {measures} measures: shape {shape}"
        raise ValueError(f"{what}; this has shape {out.shape}")
    return out


def numbers(name: str, given: ArrayLike, length: int | None = None) -> Floats:
    """Finite numbers, of a length where one is asked for."""
    try:
        out = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"the {name} consists of numbers; this is {given!r}") from None
    if not np.isfinite(out).all():
        raise ValueError(f"the {name} consists of finite numbers")
    if (np.abs(out) > LARGEST).any():
        raise ValueError(f"the {name} is too large to be computed with")
    if length is not None and out.shape != (length,):
        what = f"the {name} has one number for each of the {length} parties"
        raise ValueError(f"{what}; this has shape {out.shape}")
    return out


def chances(name: str, given: ArrayLike) -> Floats:
    """Probabilities."""
    out = numbers(name, given)
    wrong = out[(out < 0) | (out > 1)]
    if wrong.size:
        raise ValueError(f"the {name} is between 0 and 1; one is {wrong.flat[0]:g}")
    return out


def per_measure(name: str, given: Floats, measures: int) -> Floats:
    """One number for all measures, or one for each."""
    if given.shape not in ((), (measures,)):
        what = f"the {name} is one number, or one for each of the {measures} measures"
        raise ValueError(f"{what}; this has shape {given.shape}")
    return np.broadcast_to(given, (measures,))
