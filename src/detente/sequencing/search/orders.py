"""How many orders there are, how they fare, and which come after the best."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from itertools import count

import numpy as np

from detente.model.problem import Booleans, Floats, Integers
from detente.sequencing.answer import Orders
from detente.sequencing.lattice.network import Network
from detente.sequencing.search.best_order import TOLERANCE, best_order, goal_of_all
from detente.sequencing.search.leximin import Best, leximin
from detente.sequencing.search.play import Play

MOST_LISTED = 1000
"""Up to so many orders all are looked at; of more, so many are drawn at random."""
EXACT = 2**53
"""Largest number that floats count to exactly."""


def survey(play: Play, ceiling: float, worst: float, seed: int = 0) -> Orders:
    """Number of orders, and how those looked at fare.

    Each order has the same chance to be drawn. Cost: one addition a step of the network, and
    the margins of the orders looked at.
    """
    network = play.network
    ways = _ways(network)
    total = float(ways[0])
    few = total <= MOST_LISTED
    steps = _all(network) if few else _drawn(network, ways, np.random.default_rng(seed))
    least = play.along(steps)[1].min(axis=(1, 2))
    return Orders(
        int(total) if total < EXACT else total,
        len(steps),
        int((least >= -TOLERANCE).sum()),
        int((least >= ceiling - TOLERANCE).sum()),
        worst,
    )


def worsts(play: Play) -> Floats:
    """Per player its worst margin in the worst of all orders: where the rest is worth least."""
    network = play.network
    out = np.array([entry.end for entry in play.players])
    for place, entry in enumerate(play.players):
        worth = np.full(network.states, np.inf)
        worth[-1] = entry.worth
        for states, steps in network.descending():
            after = worth[network.target[steps]]
            before = play.carried(place, steps, after)
            least = play.margins(place, steps, after, before).min()
            out[place] = min(out[place], least)
            worth[states] = np.minimum.reduceat(before, network.first[states] - steps.start)
    return out


def alternatives(play: Play, best: Best, wanted: int) -> tuple[Best, ...]:
    """The next best orders, those that part from the best one early before those that do late.

    Every other order follows a known one up to some state and takes another step there; of
    each such set the best is found, and the best of these is next (Lawler 1972, Management
    Science 18: 401–405).
    """
    found: list[Best] = []
    taken: dict[tuple[int, ...], frozenset[int]] = {}
    number = count()
    heap: list[tuple[float, int, int, _Fork, bool]] = []
    everyone = goal_of_all(play)

    def add(known: Best, begin: int) -> None:
        for place in range(begin, len(known.steps)):
            prefix = known.steps[:place]
            closed = taken.get(prefix, frozenset()) | {known.steps[place]}
            heapq.heappush(heap, (-known.value, place, next(number), (prefix, closed), False))

    add(best, 0)
    while heap and len(found) < wanted:
        _, place, _, fork, solved = heapq.heappop(heap)
        allowed = _parting(play.network, *fork)
        if allowed is None:
            continue
        if not solved:  # it is no better than the order that it parts from: now how good
            value = best_order(play, everyone, allowed=allowed).value
            if np.isfinite(value):
                heapq.heappush(heap, (-value, place, next(number), fork, True))
            continue
        entry = leximin(play, allowed=allowed)
        found.append(entry)
        taken[fork[0]] = fork[1]
        add(entry, place)
    return tuple(found)


_Fork = tuple[tuple[int, ...], frozenset[int]]
"""What all orders of a set begin with, and the steps that none of them takes next."""


def _parting(network: Network, prefix: Sequence[int], closed: frozenset[int]) -> Booleans | None:
    """Steps of orders that follow a prefix and then take none of the closed steps."""
    state = int(network.target[prefix[-1]]) if prefix else 0
    marks = network.marks
    allowed: Booleans = (marks & marks[state] == marks[state])[network.source]
    allowed[list(closed)] = False
    if not allowed[network.first[state] : network.first[state + 1]].any():
        return None
    allowed[list(prefix)] = True
    return allowed


def _ways(network: Network) -> Floats:
    """Number of orders from each state to the target."""
    ways = np.zeros(network.states)
    ways[-1] = 1
    for states, steps in network.descending():
        ways[states] = np.add.reduceat(
            ways[network.target[steps]], network.first[states] - steps.start
        )
    return ways


def _all(network: Network) -> Integers:
    """All orders, one a row; see :meth:`Play.along`."""
    rows: list[list[int]] = []

    def follow(state: int, steps: list[int]) -> None:
        if state == network.states - 1:
            rows.append(steps)
        for step in range(network.first[state], network.first[state + 1]):
            follow(int(network.target[step]), [*steps, step])

    follow(0, [])
    return _filled(rows)


def _drawn(network: Network, ways: Floats, random: np.random.Generator) -> Integers:
    """Orders drawn at random, each with the same chance."""
    rows = []
    for _ in range(MOST_LISTED):
        state, steps = 0, []
        while state != network.states - 1:
            low, high = network.first[state], network.first[state + 1]
            chances = np.cumsum(ways[network.target[low:high]])
            chosen = int(np.searchsorted(chances, random.random() * chances[-1], side="right"))
            steps.append(int(low) + min(chosen, int(high - low) - 1))
            state = int(network.target[steps[-1]])
        rows.append(steps)
    return _filled(rows)


def _filled(rows: Sequence[Sequence[int]]) -> Integers:
    length = max(map(len, rows))
    return np.array([[*row, *[-1] * (length - len(row))] for row in rows], dtype=np.int64)
