"""The lattice of partial implementation: states, and the steps between them.

Each item (an issue on its way, or a measure or guarantee that is put in place) stands at a
position from 0 to its last; a state is one position of each, a step moves some of them on. The
states are sorted by their level (the sum of the positions), so that every step leads to a later
one, and the steps by the state that they leave. First comes the start, last the target.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.model.problem import Booleans, Integers
from detente.model.space import strides

Places = NDArray[np.int8]
Links = NDArray[np.int32]
Marks = NDArray[np.uint64]

MOST_TRANCHES = 63
"""Most advances in all: a state is marked with one bit for each."""
PAIRS = 1 << 22
"""Pairs of states compared at once."""


@dataclass(frozen=True, eq=False)
class Network:
    """States and steps.

    Parameters
    ----------
    sizes
        Number of positions of each item.
    positions
        Of each state; shape (states, items).
    levels
        Where the states of each level begin, and their number at the end.
    first
        Where the steps out of each state begin, and their number at the end.
    target
        The state that each step leads to.
    """

    sizes: tuple[int, ...]
    positions: Places
    levels: Integers
    first: Integers
    target: Links

    @property
    def states(self) -> int:
        """Number of states."""
        return len(self.positions)

    @property
    def steps(self) -> int:
        """Number of steps."""
        return len(self.target)

    @cached_property
    def source(self) -> Links:
        """The state that each step leaves."""
        return np.repeat(np.arange(self.states, dtype=np.int32), np.diff(self.first))

    @cached_property
    def marks(self) -> Marks:
        """The advances done in each state, one bit each: items in order, positions from 1."""
        return marks(self.positions, self.sizes)

    def descending(self) -> Iterator[tuple[slice, slice]]:
        """States and steps of each level that has any, from the last but one to the first."""
        for low, high in zip(self.levels[-3::-1], self.levels[-2:0:-1], strict=True):
            if low < high:
                yield slice(low, high), slice(self.first[low], self.first[high])

    def state(self, positions: Sequence[int]) -> int | None:
        """The state with these positions, if there is one."""
        found = np.flatnonzero((self.positions == np.array(positions)).all(axis=1))
        return int(found[0]) if len(found) else None


def marks(positions: Places, sizes: Sequence[int]) -> Marks:
    """One bit for each advance that is done; see :attr:`Network.marks`."""
    out = np.zeros(len(positions), dtype=np.uint64)
    bit = 0
    for item, size in enumerate(sizes):
        for position in range(1, size):
            out |= (positions[:, item] >= position).astype(np.uint64) << np.uint64(bit)
            bit += 1
    return out


def first_bits(sizes: Sequence[int]) -> tuple[int, ...]:
    """The bit of the first advance of each item."""
    return tuple(int(sum(size - 1 for size in sizes[:item])) for item in range(len(sizes)))


def network(
    sizes: Sequence[int],
    positions: Places,
    *,
    jumps: Sequence[Booleans | None] | None = None,
    later: Sequence[tuple[int, int]] = (),
    at_once: int | None = None,
) -> Network:
    """All steps between states.

    Parameters
    ----------
    sizes
        Number of positions of each item.
    positions
        The states, the target among them; shape (states, items).
    jumps
        For each item which position it can move to from which, shape (size, size); None
        where any later one can be reached.
    later
        Pairs of items: the second moves only in states in which the first is at its end.
    at_once
        Most items that move in one step; None where all may.

    Notes
    -----
    Cost: states × items where one item moves at a time, else pairs of states.
    """
    levels = positions.sum(axis=1, dtype=np.int64)
    order = np.argsort(levels, kind="stable")
    positions, levels = positions[order], levels[order]
    bounds = np.searchsorted(levels, np.arange(levels[-1] + 2))
    allowed = jumps or [None] * len(sizes)
    make = _single if at_once == 1 else _joint
    first, target = make(sizes, positions, allowed, at_once or len(sizes))
    found = Network(tuple(sizes), positions, bounds.astype(np.int64), first, target)
    for earlier, item in later:
        ready = found.positions[:, earlier] == sizes[earlier] - 1
        stays = found.positions[found.target, item] == found.positions[found.source, item]
        found = _keeping(found, stays | ready[found.source])
    return found


def _single(
    sizes: Sequence[int], positions: Places, jumps: Sequence[Booleans | None], at_once: int
) -> tuple[Integers, Links]:
    """Steps of one item each."""
    weights = strides(tuple(sizes))
    flat = np.zeros(len(positions), dtype=np.int64)
    for item, weight in enumerate(weights):
        flat += weight * positions[:, item].astype(np.int64)
    place = np.full(int(np.prod(sizes)), -1, dtype=np.int32)
    place[flat] = np.arange(len(flat), dtype=np.int32)
    count = np.zeros(len(flat), dtype=np.int64)
    found: list[tuple[Integers, Links]] = []
    for item, size in enumerate(sizes):
        for before in range(size - 1):
            rows = np.flatnonzero(positions[:, item] == before)
            for after in range(before + 1, size):
                table = jumps[item]
                if table is not None and not table[before, after]:
                    continue
                reached = place[flat[rows] + weights[item] * (after - before)]
                kept = rows[reached >= 0] if (reached < 0).any() else rows
                count[kept] += 1
                found.append((kept, reached[reached >= 0] if kept is not rows else reached))
    first = np.concatenate(([0], np.cumsum(count)))
    target = np.empty(first[-1], dtype=np.int32)
    free = first[:-1].copy()
    for rows, reached in found:
        target[free[rows]] = reached
        free[rows] += 1
    return first, target


def _joint(
    sizes: Sequence[int], positions: Places, jumps: Sequence[Booleans | None], at_once: int
) -> tuple[Integers, Links]:
    """Steps of any items together, found by comparing states."""
    done = marks(positions, sizes)
    parts: list[Links] = []
    counts: list[Integers] = []
    chunk = max(1, PAIRS // len(positions))
    for low in range(0, len(positions), chunk):
        here = done[low : low + chunk]
        after = _after(done[low:], here)
        rows, reached = (found + low for found in np.nonzero(after))
        kept = np.ones(len(rows), dtype=np.bool_)
        if at_once < len(sizes):
            kept = (positions[rows] != positions[reached]).sum(axis=1) <= at_once
        for item, table in enumerate(jumps):
            if table is not None:
                before, then = positions[rows, item], positions[reached, item]
                kept &= (before == then) | table[before, then]
        if not kept.all():
            rows, reached = rows[kept], reached[kept]
        counts.append(np.bincount(rows - low, minlength=len(here)))
        parts.append(reached.astype(np.int32))
    first = np.concatenate(([0], np.cumsum(np.concatenate(counts))))
    return first.astype(np.int64), np.concatenate(parts)


def _after(done: Marks, here: Marks) -> Booleans:
    """Which states come after others; the others are the first of them."""
    after: Booleans = done[None] & here[:, None] == here[:, None]
    np.fill_diagonal(after, val=False)
    return after


def pairs(positions: Places, sizes: Sequence[int], most: int) -> int:
    """How many steps there are if any items may move together; counted until past ``most``."""
    done = np.sort(marks(positions, sizes))  # what comes after is a larger number
    count = 0
    chunk = max(1, PAIRS // len(positions))
    for low in range(0, len(positions), chunk):
        count += int(_after(done[low:], done[low : low + chunk]).sum())
        if count > most:
            break
    return count


def _keeping(found: Network, kept: Booleans) -> Network:
    """Only some steps."""
    count = np.bincount(found.source[kept], minlength=found.states)
    first = np.concatenate(([0], np.cumsum(count))).astype(np.int64)
    return Network(found.sizes, found.positions, found.levels, first, found.target[kept])


def trimmed(found: Network) -> Network | None:
    """Only states on a way from the start to the target; None where there is no way."""
    ends = np.zeros(found.states, dtype=np.bool_)
    ends[-1] = True
    for states, steps in found.descending():
        hits = found.source[steps][ends[found.target[steps]]]
        ends[states.start : states.stop] |= (
            np.bincount(hits - states.start, minlength=states.stop - states.start) > 0
        )
    begins = np.zeros(found.states, dtype=np.bool_)
    begins[0] = True
    for low, high in zip(found.levels[:-2], found.levels[1:-1], strict=True):
        steps = slice(found.first[low], found.first[high])
        begins[found.target[steps][begins[found.source[steps]]]] = True
    stays = ends & begins
    if not (stays[0] and stays[-1]):
        return None
    if stays.all():
        return found
    place = np.cumsum(stays) - 1
    kept = _keeping(found, stays[found.source] & stays[found.target])
    count = np.diff(kept.first)[stays]
    return replace(
        kept,
        positions=found.positions[stays],
        levels=np.concatenate(([0], np.cumsum(stays)))[found.levels],
        first=np.concatenate(([0], np.cumsum(count))).astype(np.int64),
        target=place[kept.target].astype(np.int32),
    )
