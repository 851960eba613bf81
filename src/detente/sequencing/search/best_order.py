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

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.model.problem import Booleans, Floats, Integers
from detente.sequencing.search.labels import Pool, front
from detente.sequencing.search.play import Play

TOLERANCE = 1e-9
"""Margins down to its negative count as ties."""
FEW = 4
"""Labels a state in the search for a first good order."""
HOPE, HOPES = 0.01, 5
"""How far below a bound, as a share of it, an order is hoped for next; and how often."""
MOST_LABELS = 1 << 21
"""Most labels held in all."""


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


def goal_of_all(play: Play) -> Goal:
    """To make the least margin of all players large."""
    count = len(play.players)
    return Goal(np.ones(count, dtype=np.bool_), np.full(count, -np.inf))


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
    reach = reach_of(play, goal, best.value, allowed)
    bound = min(float(reach.value[0]), enough)
    best = _hoped(play, goal, best, bound, allowed, most_labels)
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
        reach = reach_of(play, goal, best.value, allowed)
        bound = min(bound, max(best.value, float(reach.value[0])))
    return Found(best.value, best.steps, max(best.value, bound))


def _hoped(  # noqa: PLR0917
    play: Play,
    goal: Goal,
    best: Found,
    bound: float,
    allowed: Booleans | None,
    most_labels: int,
) -> Found:
    """A good order, looked for where few steps are left: close below the bound, then further."""
    below = TOLERANCE / 2
    for _ in range(HOPES):
        if bound - below <= best.value:
            break
        near = reach_of(play, goal, bound - below, allowed)
        found = _Labels(play, goal, near, bound, bound - below).run(FEW, most_labels)
        if found:
            return max(best, _valued(play, goal, found), key=lambda entry: entry.value)
        below = max(4 * below, HOPE * max(1.0, abs(bound)))
    return best


def _valued(play: Play, goal: Goal, steps: Sequence[int]) -> Found:
    """An order with its value; −inf where there is none or it misses the floor."""
    if not len(steps):
        return Found(-np.inf, (), np.inf)
    margins = play.along(np.array([steps]))[1][0].min(axis=0)
    kept = (margins >= goal.floor - TOLERANCE) | goal.free
    value = float(margins[goal.free].min()) if goal.free.any() else 0.0
    return Found(value if kept.all() else -np.inf, tuple(map(int, steps)), np.inf)


def reach_of(play: Play, goal: Goal, value: float, allowed: Booleans | None) -> Reach:
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
        pool = Pool(network.states, count)
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
                kept = front(network.source[taken], worth, value, self.bound, width)
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
