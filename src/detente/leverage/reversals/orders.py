"""Whether comparisons go together with one order, and new places that bear them out.

Places are whole numbers. A state that is better lies above the other by a *step* at least, one that
is no better by less than that. With a step of one these are the orders with ties. Orders in which
small gains do not count need a step larger than the number of states: some places then bear out
all comparisons if any numbers do, for a closed chain of states says no more of itself than how
many of its comparisons are of each kind.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from detente.leverage.reversals.found import Pair, Relation
from detente.model.problem import Integers

Bound = tuple[int, int, int]
"""The second state lies above the first by this number at most."""


def bounds(relation: Relation, step: int) -> list[Bound]:
    """What comparisons ask of places."""
    return [
        (first, second, -step) if better else (second, first, step - 1)
        for (first, second), better in relation.items()
    ]


def contradictions(relation: Relation, turned: Collection[Pair], step: int) -> Iterator[list[Pair]]:
    """Closed chains of comparisons that no order bears out; none where some order does.

    Parameters
    ----------
    relation
        All comparisons of a party that count.
    turned
        Those that are not as they are; without them there is no contradiction.
    step
        By how much a better state lies above the other.

    Yields
    ------
    list of pairs
        One chain after another, each without one turned comparison of those before.

    Notes
    -----
    Cost: states × comparisons for each chain (Bellman & Ford).
    """
    left = dict(relation)
    place = {state: at for at, state in enumerate(sorted({s for pair in left for s in pair}))}
    while chain := _chain(left, place, step):
        yield chain
        del left[next(pair for pair in chain if pair in turned)]


def _chain(relation: Relation, place: Mapping[int, int], step: int) -> list[Pair]:
    """One closed chain of comparisons that contradict each other; empty where none do."""
    pairs = list(relation)
    edges = [(place[tail], place[head], most) for tail, head, most in bounds(relation, step)]
    tails, heads, most = np.array(edges, dtype=np.int64).reshape(-1, 3).T
    lowest = np.zeros(len(place), dtype=np.int64)
    came: Integers = np.full(len(place), -1)
    for _ in range(len(place) + 1):
        reach = lowest[tails] + most
        lower = np.flatnonzero(reach < lowest[heads])
        if not len(lower):
            return []
        order = lower[np.lexsort((reach[lower], heads[lower]))]
        first = order[np.unique(heads[order], return_index=True)[1]]
        lowest[heads[first]], came[heads[first]] = reach[first], first
    return [pairs[edge] for edge in _cycle(came, tails, int(heads[first[0]]))]


def _cycle(came: Integers, tails: Integers, state: int) -> list[int]:
    """The comparisons on the cycle that one runs into going back from a state."""
    for _ in came:
        state = int(tails[came[state]])
    start = state
    out: list[int] = []
    while not out or state != start:
        out.append(int(came[state]))
        state = int(tails[came[state]])
    return out


def placed(relation: Relation, now: Mapping[int, int], step: int, fixed: int) -> dict[int, int]:
    """New places of the states that have to move, from places that they have now.

    Parameters
    ----------
    relation
        Comparisons that go together.
    now
        Where each state is.
    step
        By how much a better state lies above the other.
    fixed
        A state that had better stay.

    Returns
    -------
    dict
        Either states are lowered only, each as little as can be, or raised only: what leaves the
        fixed state where it is, then what moves fewer states, then what moves them less.
    """
    asked = bounds(relation, step)
    lowered = _lowered(asked, now)
    mirrored = _lowered([(b, a, most) for a, b, most in asked], {s: -at for s, at in now.items()})
    raised = {state: -at for state, at in mirrored.items()}

    def cost(places: Mapping[int, int]) -> tuple[bool, int, int]:
        moved = [abs(at - now[state]) for state, at in places.items() if at != now[state]]
        return places[fixed] != now[fixed], len(moved), sum(moved)

    best = min(lowered, raised, key=cost)
    return {state: at for state, at in best.items() if at != now[state]}


def _lowered(asked: Sequence[Bound], now: Mapping[int, int]) -> dict[int, int]:
    """The highest places that obey the bounds, none above where it is."""
    out, after = dict(now), dict[int, list[Bound]]()
    for bound in asked:
        after.setdefault(bound[0], []).append(bound)
    waiting = deque(sorted(now))
    while waiting:
        for tail, head, most in after.get(waiting.popleft(), ()):
            if out[head] > out[tail] + most:
                out[head] = out[tail] + most
                waiting.append(head)
    return out
