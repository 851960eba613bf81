"""The order that keeps the least margin as large as possible, exactly.

Every margin and every carried value is nondecreasing in what the rest of the road is worth, so
backward induction that keeps only the Pareto-maximal labels of each state (W of every party, and
the least margin so far) is exact. Three bounds, none of which can lose the best order, keep the
labels few: *reach*, the most that the rest can be worth to each party by itself, drops steps that
no order can afford; *enough*, the W from which on no earlier margin can be the least, makes labels
equal that differ only above it; and a good order, found first with a few labels a state, drops
labels that are worse already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.agreement.pareto import undominated
from detente.model.problem import Booleans, Floats, Integers
from detente.sequencing.play import Play

TOLERANCE = 1e-9
"""Margins down to its negative count as ties."""
GRAIN = 1e-11
"""Labels that differ by less are equal."""
FEW = 4
"""Labels a state in the search for a first good order."""
MOST_LABELS = 1 << 21
"""Most labels held in all."""
TOGETHER = 32
"""Largest sets of labels that are compared many states at once."""
CELLS = 1 << 21
"""Comparisons made at once."""


@dataclass(frozen=True, eq=False)
class Goal:
    """What is to be maximised: the least margin of some players, the others' being enough.

    Parameters
    ----------
    free
        Whose margins are to be large; shape (players,).
    floor
        What the margins of the others must reach; shape (players,).
    """

    free: Booleans
    floor: Floats

    def least(self, value: float) -> Floats:
        """What every player's margin must reach for a value."""
        return np.where(self.free, value, self.floor)


@dataclass(frozen=True, eq=False)
class Found:
    """An order, its value, and what no order exceeds.

    ``steps`` is empty where no order reaches what the goal asks for.
    """

    value: float
    steps: tuple[int, ...]
    bound: float

    @property
    def exact(self) -> bool:
        """Whether it is proven to be the best."""
        return self.bound <= self.value + TOLERANCE


@dataclass(frozen=True, eq=False)
class Reach:
    """What no order exceeds: W by state and player, the value by state, the steps to keep."""

    worth: Floats
    value: Floats
    kept: Booleans


def best_order(
    play: Play,
    goal: Goal,
    known: Sequence[int] = (),
    *,
    allowed: Booleans | None = None,
    enough: float = np.inf,
    most_labels: int = MOST_LABELS,
) -> Found:
    """The order with the largest value.

    Parameters
    ----------
    play, goal
        What is played, and what is to be maximised.
    known
        An order that reaches the goal's floor, if one is known.
    allowed
        The steps that may be taken; all if left out.
    enough
        A value beyond which none is looked for.
    most_labels
        Most labels held; beyond, the best order found and a bound are returned.

    Notes
    -----
    Exact unless the limit is reached. Cost: steps × players for each bound, then the labels,
    which in the worst case are as many as there are orders.
    """
    best = _valued(play, goal, known)
    reach = _reach(play, goal, best.value, allowed)
    bound = min(float(reach.value[0]), enough)
    if bound > best.value + TOLERANCE:  # what is hoped for may well be there: few steps reach it
        hoped = bound - TOLERANCE / 2
        near = _reach(play, goal, hoped, allowed)
        found = _Labels(play, goal, near, bound, hoped).run(FEW, most_labels)
        best = max(best, _valued(play, goal, found or ()), key=lambda entry: entry.value)
    for width in (FEW, None):
        if bound <= best.value + TOLERANCE:
            break
        search = _Labels(play, goal, reach, bound, best.value)
        found = search.run(width, most_labels)
        if found is None:
            return Found(best.value, best.steps, bound)
        best = max(best, _valued(play, goal, found), key=lambda entry: entry.value)
        if width is None:
            return Found(best.value, best.steps, best.value)
        reach = _reach(play, goal, best.value, allowed)
        bound = min(bound, max(best.value, float(reach.value[0])))
    return Found(best.value, best.steps, max(best.value, bound))


def _valued(play: Play, goal: Goal, steps: Sequence[int]) -> Found:
    """An order with its value; −inf where there is none or it misses the floor."""
    if not len(steps):
        return Found(-np.inf, (), np.inf)
    margins = play.along(np.array([steps]))[1][0].min(axis=0)
    kept = (margins >= goal.floor - TOLERANCE) | goal.free
    value = float(margins[goal.free].min()) if goal.free.any() else 0.0
    return Found(value if kept.all() else -np.inf, tuple(map(int, steps)), np.inf)


def _reach(play: Play, goal: Goal, value: float, allowed: Booleans | None) -> Reach:
    """Bounds by giving every player the best rest of the road by itself."""
    network, count = play.network, len(play.players)
    worth = np.full((network.states, count), -np.inf)
    most = np.full(network.states, -np.inf)
    worth[-1] = [entry.worth for entry in play.players]
    most[-1] = _end_value(play, goal)
    kept = np.zeros(network.steps, dtype=np.bool_)
    least = goal.least(value) - TOLERANCE
    for _, steps in network.descending():
        rows = np.arange(steps.start, steps.stop)
        rows = rows if allowed is None else rows[allowed[rows]]
        rows = rows[most[network.target[rows]] >= value - TOLERANCE]
        limit = most[network.target[rows]]
        carried: list[Floats] = []
        for player in range(count):
            after = worth[network.target[rows], player]
            before = play.carried(player, rows, after)
            margin = play.margins(player, rows, after, before)
            if goal.free[player]:
                limit = np.minimum(limit, margin)
            stays = margin >= least[player]
            if not stays.all():
                rows, limit, before = rows[stays], limit[stays], before[stays]
                carried = [earlier[stays] for earlier in carried]
            carried.append(before)
        if not len(rows):
            continue
        kept[rows] = True
        sources = network.source[rows]
        begins = np.flatnonzero(np.r_[True, sources[1:] != sources[:-1]])
        here = sources[begins]
        most[here] = np.maximum.reduceat(limit, begins)
        for player in range(count):
            worth[here, player] = np.maximum.reduceat(carried[player], begins)
    return Reach(worth, most, kept)


def _end_value(play: Play, goal: Goal) -> float:
    ends = np.array([entry.end for entry in play.players])
    if (ends < goal.floor - TOLERANCE)[~goal.free].any():
        return -np.inf
    return float(ends[goal.free].min()) if goal.free.any() else 0.0


class _Labels:
    """The labels of one search."""

    def __init__(self, play: Play, goal: Goal, reach: Reach, bound: float, value: float) -> None:
        self.play, self.goal, self.reach = play, goal, reach
        self.bound, self.value = bound, value
        self.enough = self._enough()

    def _enough(self) -> Floats:
        """W of each state from which on no margin before it can be the least."""
        play, network = self.play, self.play.network
        out = np.full((network.states, len(play.players)), -np.inf)
        wanted = self.goal.least(self.bound)
        for low, high in zip(network.levels[:-2], network.levels[1:-1], strict=True):
            rows = np.arange(network.first[low], network.first[high])
            rows = rows[self.reach.kept[rows]]
            if not len(rows):
                continue
            for player in range(len(play.players)):
                before = out[network.source[rows], player]
                required = play.required(player, rows, wanted[player], before)
                np.maximum.at(out[:, player], network.target[rows], required)
        return out

    def run(self, width: int | None, most: int) -> list[int] | None:
        """The best order there is (empty if none); None where the limit was reached.

        ``width`` is the number of labels kept a state; all if None.
        """
        play, network = self.play, self.play.network
        count = len(play.players)
        pool = _Pool(network.states, count)
        end = np.array([[entry.worth for entry in play.players]])
        pool.put(
            np.array([network.states - 1]),
            end,
            np.array([_end_value(play, self.goal)]),
            np.array([-1]),
            np.array([-1]),
        )
        for _, steps in network.descending():
            rows = np.flatnonzero(self.reach.kept[steps]) + steps.start
            counts = pool.count[network.target[rows]]
            total = int(counts.sum())
            if not total:
                continue
            if total + pool.size > most and width is None:
                return None
            taken = np.repeat(rows, counts)
            offset = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
            label = np.repeat(pool.begin[network.target[rows]], counts) + offset
            worth, value, stays = self._advance(taken, pool.worth[label], pool.value[label])
            taken, label = taken[stays], label[stays]
            if len(taken):
                kept = self._front(network.source[taken], worth, value, width)
                pool.put(
                    network.source[taken[kept]], worth[kept], value[kept], taken[kept], label[kept]
                )
        return pool.order(0)

    def _advance(
        self, steps: Integers, after: Floats, value: Floats
    ) -> tuple[Floats, Floats, Integers]:
        """Labels before steps from labels after them, and which of them can still be best."""
        stays = np.arange(len(steps))
        least = self.goal.least(max(self.value, -1e300)) - TOLERANCE
        columns: list[Floats] = []
        for player in range(len(self.play.players)):
            worth = after[stays, player]
            before = self.play.carried(player, steps[stays], worth)
            margin = self.play.margins(player, steps[stays], worth, before)
            if self.goal.free[player]:
                value = np.minimum(value, margin)
            kept = margin >= least[player]
            if not kept.all():
                stays, value, before = stays[kept], value[kept], before[kept]
                columns = [column[kept] for column in columns]
            columns.append(before)
        worth = np.stack(columns, axis=1)
        enough = self.enough[self.play.network.source[steps[stays]]]
        return np.minimum(worth, np.maximum(enough, -1e300)), value, stays

    def _front(
        self, states: NDArray[np.integer], worth: Floats, value: Floats, width: int | None
    ) -> Integers:
        """Which labels no other of the same state dominates."""
        table = np.concatenate((worth, np.minimum(value, self.bound)[:, None]), axis=1)
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


class _Pool:
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
