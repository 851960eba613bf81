"""Between orders with the same weakest moment: the leximin of the players' own worst margins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.model.problem import Booleans, Floats
from detente.sequencing.search.best_order import (
    MOST_LABELS,
    TOLERANCE,
    Found,
    Goal,
    best_order,
    goal_of_all,
    reach_of,
)
from detente.sequencing.search.play import Play


@dataclass(frozen=True, eq=False)
class Best:
    """The leximin order.

    Parameters
    ----------
    steps
        Steps of the network, in order.
    worst
        The least margin of each player.
    bound
        What the weakest moment of no order exceeds.
    refined
        Whether the leximin was carried through; else only the weakest moment was maximised.
    """

    steps: tuple[int, ...]
    worst: Floats
    bound: float
    refined: bool

    @property
    def value(self) -> float:
        """The weakest moment."""
        return float(self.worst.min())


def leximin(play: Play, *, allowed: Booleans | None = None, most_labels: int = MOST_LABELS) -> Best:
    """The order whose sorted worst margins are the largest, the smallest first.

    Notes
    -----
    Exact unless a search meets its limit: the least margin is maximised, a player that cannot
    do better is held there, and the rest is maximised again; where it is open who is held, each
    is tried. At most players² / 2 searches but for ties.
    """
    everyone = goal_of_all(play)
    first = best_order(play, everyone, allowed=allowed, most_labels=most_labels)
    if not first.steps:
        return Best((), np.full(len(play.players), -np.inf), first.bound, True)
    worst = _worst(play, first.steps)
    if not first.exact:
        return Best(first.steps, worst, first.bound, False)
    kept = reach_of(play, everyone, first.value, allowed).kept
    found = _Refining(play, most_labels).onwards(everyone, first.steps, kept)
    return Best(found[0], _worst(play, found[0]), first.bound, found[1])


@dataclass(frozen=True, eq=False)
class _Refining:
    """Improves an order that is the best for a goal, one player after the other."""

    play: Play
    most_labels: int

    def onwards(
        self, goal: Goal, steps: tuple[int, ...], kept: Booleans
    ) -> tuple[tuple[int, ...], bool]:
        """The leximin order among those that keep to some steps, and whether that is proven."""
        play, refined = self.play, True
        while goal.free.sum() > 1:
            value = float(_worst(play, steps)[goal.free].min())
            free = np.flatnonzero(goal.free).tolist()
            held = self._held(goal, steps, kept, value)
            if held:
                goal = _holding(goal, held, value)
                if not goal.free.any():
                    break
                found = self._search(goal, steps, kept)
                steps, refined = found.steps, refined and found.exact
                kept = reach_of(play, goal, found.value, kept).kept
                continue
            options = [_holding(goal, [player], value) for player in free]
            tried = [self._search(option, steps, kept) for option in options]
            refined = refined and all(found.exact for found in tried)
            most = max(found.value for found in tried)
            equal = [n for n, found in enumerate(tried) if found.value >= most - TOLERANCE]
            if len(equal) == 1:
                goal, steps = options[equal[0]], tried[equal[0]].steps
                kept = reach_of(play, goal, most, kept).kept
                continue
            ways = [self.onwards(options[n], tried[n].steps, kept) for n in equal]
            chosen = max(ways, key=lambda way: _sorted(_worst(play, way[0])))
            return chosen[0], refined and all(way[1] for way in ways)
        return steps, refined

    def _held(self, goal: Goal, steps: tuple[int, ...], kept: Booleans, value: float) -> list[int]:
        """Players at the least margin that no order lifts, the others having no less."""
        low = np.flatnonzero(goal.free & (_worst(self.play, steps) <= value + TOLERANCE))
        return [
            player
            for player in low.tolist()
            if self.play.players[player].end <= value + TOLERANCE
            or self._search(_alone(goal, player, value), steps, kept).bound <= value + TOLERANCE
        ]

    def _search(self, goal: Goal, steps: tuple[int, ...], kept: Booleans) -> Found:
        return best_order(self.play, goal, steps, allowed=kept, most_labels=self.most_labels)


def _holding(goal: Goal, players: Sequence[int], value: float) -> Goal:
    free, floor = goal.free.copy(), goal.floor.copy()
    free[list(players)] = False
    floor[list(players)] = value
    return Goal(free, floor)


def _alone(goal: Goal, player: int, value: float) -> Goal:
    """To make one margin large, the other free ones reaching a value."""
    free = np.zeros_like(goal.free)
    free[player] = True
    return Goal(free, np.where(goal.free, value, goal.floor))


def _worst(play: Play, steps: Sequence[int]) -> Floats:
    worst: Floats = play.along(np.array([steps], dtype=np.int64))[1][0].min(axis=0)
    return worst


def _sorted(worst: Floats) -> tuple[float, ...]:
    """For comparison; differences below the tolerance are none."""
    return tuple(np.round(np.sort(worst) / TOLERANCE).tolist())
