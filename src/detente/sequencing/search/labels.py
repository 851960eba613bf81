"""Labels: what orders from a state on are worth, and which of them can still be best."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from detente.agreement.pareto import undominated
from detente.model.problem import Booleans, Floats, Integers

GRAIN = 1e-11
"""Labels that differ by less are equal."""
TOGETHER = 32
"""Largest sets of labels that are compared many states at once."""
CELLS = 1 << 21
"""Comparisons made at once."""


def front(
    states: NDArray[np.integer], worth: Floats, value: Floats, bound: float, width: int | None
) -> Integers:
    """Which labels no other of the same state dominates."""
    table = np.concatenate((worth, np.minimum(value, bound)[:, None]), axis=1)
    begins = np.flatnonzero(np.r_[True, states[1:] != states[:-1]])
    ends = np.r_[begins[1:], len(states)]
    top = np.maximum.reduceat(table, begins)
    at_top = (table >= np.repeat(top, ends - begins, axis=0) - GRAIN).all(axis=1)
    done = np.logical_or.reduceat(at_top, begins)
    rows = np.flatnonzero(at_top)
    first = rows[np.unique(np.searchsorted(begins, rows, side="right"), return_index=True)[1]]
    out = [first]
    sizes = np.where(done, 0, ends - begins)
    for size in 2 ** np.arange(int(np.ceil(np.log2(TOGETHER))) + 1):
        groups = np.flatnonzero((sizes <= size) & (sizes > size // 2))
        for chunk in _chunks(groups, size * size * table.shape[1]):
            offset = np.minimum(np.arange(size), (sizes[chunk] - 1)[:, None])
            out.append(_front_of_few(table, begins[chunk, None] + offset))
    for place in np.flatnonzero(sizes > TOGETHER):
        low, high = begins[place], ends[place]
        out.append(low + _front_of_many(table[low:high], top[place]))
    kept: Integers = np.sort(np.concatenate(out)).astype(np.int64)
    return kept if width is None else _fewest(states, table, kept, width)


def _chunks(groups: Integers, cells: int) -> Iterator[Integers]:
    """Groups that are compared at once."""
    size = max(1, CELLS // cells)
    for low in range(0, len(groups), size):
        yield groups[low : low + size]


def _front_of_few(table: Floats, rows: Integers) -> Integers:
    """Rows that no other of their group dominates; one group a line, filled up with its last."""
    points = table[rows]
    over: Booleans = np.all(points[:, :, None] >= points[:, None] - GRAIN, axis=-1)
    earlier = np.arange(rows.shape[1])[:, None] < np.arange(rows.shape[1])
    beaten = over & (~np.swapaxes(over, 1, 2) | earlier)
    out: Integers = rows[~beaten.any(axis=1)]
    return out


def _front_of_many(table: Floats, top: Floats) -> Integers:
    """Rows that no other dominates."""
    points = np.round((table - top) / GRAIN).clip(-(2**62), 0).astype(np.int64)
    _, rows = np.unique(points, axis=0, return_index=True)
    out: Integers = rows[undominated(points[rows])].astype(np.int64)
    return out


def _fewest(states: NDArray[np.integer], table: Floats, kept: Integers, width: int) -> Integers:
    """The best few labels of each state: by the value, and by what they lack at most."""
    here = states[kept]
    begins = np.flatnonzero(np.r_[True, here[1:] != here[:-1]])
    counts = np.diff(np.r_[begins, len(here)])
    if counts.max() <= width:
        return kept
    lacking = np.repeat(np.maximum.reduceat(table[kept], begins), counts, axis=0) - table[kept]
    scale = np.repeat(np.maximum(np.maximum.reduceat(lacking, begins), GRAIN), counts, axis=0)
    shares = lacking / scale
    order = np.lexsort((shares[:, -1] + shares.max(axis=1), here))
    rank = np.empty(len(here), dtype=np.int64)
    rank[order] = np.arange(len(here)) - np.repeat(begins, counts)
    best: Integers = kept[rank < width]
    return best


class Pool:
    """Labels of all states, with the way back to the order that they stand for."""

    def __init__(self, states: int, players: int) -> None:
        self.begin = np.zeros(states, dtype=np.int64)
        self.count = np.zeros(states, dtype=np.int64)
        self.size = 0
        self._worth = np.empty((1024, players))
        self._value = np.empty(1024)
        self._step = np.empty(1024, dtype=np.int64)
        self._label = np.empty(1024, dtype=np.int64)

    @property
    def worth(self) -> Floats:
        """W of the labels; shape (labels, players)."""
        return self._worth[: self.size]

    @property
    def value(self) -> Floats:
        """The least margin from there on."""
        return self._value[: self.size]

    def put(
        self,
        states: NDArray[np.integer],
        worth: Floats,
        value: Floats,
        steps: Integers,
        labels: Integers,
    ) -> None:
        """Add labels, those of one state next to each other."""
        size = self.size + len(states)
        if size > len(self._value):
            room = max(size, 2 * len(self._value))
            for name in ("_worth", "_value", "_step", "_label"):
                old = getattr(self, name)
                new = np.empty((room, *old.shape[1:]), dtype=old.dtype)
                new[: self.size] = old[: self.size]
                setattr(self, name, new)
        added = slice(self.size, size)
        self._worth[added], self._value[added] = worth, value
        self._step[added], self._label[added] = steps, labels
        here, begins, counts = np.unique(states, return_index=True, return_counts=True)
        self.begin[here], self.count[here] = self.size + begins, counts
        self.size = size

    def order(self, state: int) -> list[int]:
        """The steps of the best label of a state; empty where it has none."""
        if not self.count[state]:
            return []
        low = self.begin[state]
        label = int(low + np.argmax(self._value[low : low + self.count[state]]))
        steps = []
        while self._step[label] >= 0:
            steps.append(int(self._step[label]))
            label = int(self._label[label])
        return steps
