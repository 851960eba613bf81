"""Sets of measures that deter: the cheapest ones, and the strongest, by branch and bound.

Adding a measure raises the detection of some ways to cheat and the false-alarm probability.
A node of the search has some measures in use and some free. It is given up where a way to
cheat stays out of reach with all that are free, or where the coverage that is still lacking
costs too much (:func:`least_cost`). Else it is branched over the free measures that can do
something about one way that is not deterred: whatever deters it has one of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from heapq import heappop, heappush
from itertools import count

import numpy as np

from detente.model.problem import Booleans, Floats, Integers
from detente.verification.answer import TOLERANCE, not_negative
from detente.verification.measures.watch import PIECES, SLACK, Watch, ceilings

ADMITTED = 256
"""Ways to cheat that are taken into account at once when they turn out not to be deterred."""
HALVINGS = 20
"""Steps of a bisection that bounds from below how much coverage is needed."""

Key = tuple[Fraction, int]
"""Sets of measures come by cost, then by their number."""


@dataclass(frozen=True, eq=False)
class _Node:
    """Ways to cheat that are not deterred (places in the pool), and the coverage each lacks."""

    failing: Integers
    lacking: Floats


class _Search:
    """The ways to cheat that have mattered so far, and what a node leaves of them."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.costs = np.array([float(cost) for cost in watch.costs])
        self.scale = math.lcm(*(cost.denominator for cost in watch.costs))
        self.twins = twins(watch)
        self.none = np.zeros(len(watch.costs), dtype=np.bool_)
        self.pool = np.zeros(0, dtype=np.int64)
        self.admit(np.arange(min(len(watch), ADMITTED)))

    def admit(self, rows: Integers) -> None:
        """Take further ways to cheat into account."""
        self.pool = np.union1d(self.pool, rows)
        self.part = self.watch.at(self.pool)
        self.dashes = np.flatnonzero(self.part.paths.takes)
        self.dash = self.part.at(self.dashes)
        plain = replace(self.part.paths, takes=0 * self.part.paths.takes)
        self.trickles = replace(self.part, paths=plain)
        self.odd = np.flatnonzero(self.part.stirred | (self.part.paths.takes > 0))
        self.least = np.zeros(len(self.part))
        self.least[self.odd] = self._least(self.part.at(self.odd))

    def _least(self, part: Watch) -> Floats:
        """Coverage without which dashes, and ways that false alarms help, are not deterred."""
        low, high = np.zeros(len(part)), part.coverage.sum(axis=1)
        if not len(part):
            return low
        nothing, seen = np.zeros(len(part)), part.detectors
        edges = np.linspace(0, part.false_alarm(~self.none), PIECES + 1)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            detection = seen.detection(middle)
            bounds = ceilings(part.paths, nothing, detection, edges).max(axis=0)
            steady = part.paths.margins(detection, 0.0)
            reached = not_negative(np.where(part.stirred, bounds, steady))
            low, high = np.where(reached, low, middle), np.where(reached, middle, high)
        return low

    def node(self, used: Booleans, free: Booleans) -> _Node | None:
        """What is not deterred by the measures used; None where nothing that is free helps."""
        while True:
            found = self._in_pool(used, free)
            if found is None or len(found.failing) or len(self.pool) == len(self.watch):
                return found
            rest = self.watch.margins(used)
            failing = np.flatnonzero(~not_negative(rest))
            if not len(failing):
                return found
            self.admit(failing[np.argsort(rest[failing])[:ADMITTED]])

    def _in_pool(self, used: Booleans, free: Booleans) -> _Node | None:
        part, false_alarm = self.part, self.part.false_alarm(used)
        never, always = self.trickles.lines(false_alarm)
        covered, slope = part.coverage @ used, always - never
        now = never + slope * part.detectors.detection(covered)
        then = never + slope * part.detection(used | free)
        if len(self.dashes):
            at_most = self.dash.detection(used | free)
            now[self.dashes] = self.dash.margins(used) + TOLERANCE
            then[self.dashes] = self.dash.paths.margins(at_most, false_alarm) + TOLERANCE
        failing = np.flatnonzero(now < 0)
        helped = failing[part.stirred[failing]]
        if (then[failing[~part.stirred[failing]]] < 0).any():
            return None
        if len(helped):
            bounds = part.at(helped).ceilings(used, free)
            if not not_negative(bounds).all(axis=1).any():
                return None
        lacking = self.least[failing] - covered[failing]
        plain = np.flatnonzero(~np.isin(failing, self.odd))
        rows = failing[plain]
        share = np.minimum(-never[rows] / slope[rows] / part.detectors.keeps_true, 1 - 1e-15)
        lacking[plain] = -np.log1p(-share) - covered[rows]
        return _Node(failing, lacking)

    def bound(self, node: _Node, free: Booleans, *, counted: bool = False) -> tuple[float, int]:
        """The least cost of deterring all, and the way to cheat (in the pool) that costs most.

        ``counted``: the number of measures instead of their cost.
        """
        places = np.flatnonzero(free)
        coverage = self.part.coverage[np.ix_(node.failing, places)]
        prices = np.ones(len(places)) if counted else self.costs[places]
        cost, row = least_cost(node.lacking, coverage, prices)
        return cost, int(node.failing[row])

    def whole(self, cost: float) -> Fraction:
        """The least that sets of measures which cost so much at least do cost."""
        return Fraction(math.ceil(cost * self.scale * (1 - SLACK) - SLACK), self.scale)

    def candidates(self, place: int, free: Booleans) -> list[int]:
        """Free measures that may deter a way to cheat, those with most for their cost first."""
        part = self.part
        gains = part.coverage[place] + part.stirred[place] * part.detectors.wrong
        useful = np.flatnonzero(free & (gains > 0)).tolist()
        return sorted(useful, key=lambda m: (self.costs[m] / gains[m], m))

    def children(self, place: int, used: Booleans, free: Booleans) -> Iterator[_Child]:
        """Each candidate in use, those before it no longer free."""
        free = free.copy()
        for measure in self.candidates(place, free):
            more = used.copy()
            more[measure], free[measure] = True, False
            yield measure, more, free.copy()

    def deterring(self, free: Booleans) -> Booleans | None:
        """Some of these measures that together deter everything; None where there are none."""

        def visit(used: Booleans, left: Booleans) -> Booleans | None:
            node = self.node(used, left)
            if node is None or not len(node.failing):
                return None if node is None else used
            place = self.bound(node, left)[1]
            for measure, more, fewer in self.children(place, used, left):
                out = free & ~left & ~used  # what one of twins did not do the other will not
                if not out[self.twins == self.twins[measure]].any():
                    found = visit(more, fewer)
                    if found is not None:
                        return found
                left = fewer
            return None

        return visit(self.none, free)

    def minimal(self, used: Booleans) -> bool:
        """Whether no part of this set of measures deters by itself."""
        parts = []
        for measure in np.flatnonzero(used):
            fewer = used.copy()
            fewer[measure] = False
            node = self.node(fewer, self.none)
            if node is not None and not len(node.failing):
                return False
            parts.append(fewer)
        return all(self.deterring(fewer) is None for fewer in parts)


_Child = tuple[int, Booleans, Booleans]


def cheapest(watch: Watch, budget: Fraction | None, keep: int) -> list[Booleans]:
    """The cheapest sets of measures that deter all ways to cheat, cheapest first.

    Parameters
    ----------
    watch
        What is to be deterred by what.
    budget
        The most that a set may cost; None without a limit.
    keep
        Most sets that are listed. Each contains no other set that deters.

    Returns
    -------
    list
        Masks over the measures; by cost, then by their number. Of sets that tie in both as
        many as fit. Empty where no set deters.

    Notes
    -----
    Exact. Cost: exponential in the measures at worst; the bounds prune most of it.
    """
    search = _Search(watch)
    found: list[tuple[Key, Booleans]] = []

    def visit(used: Booleans, free: Booleans, cost: Fraction) -> None:
        last = found[-1][0] if len(found) == keep else None
        most = budget if last is None else last[0]
        if most is not None:
            if cost > most:
                return
            free = free & np.array([cost + more <= most for more in watch.costs], np.bool_)
        node = search.node(used, free)
        if node is None:
            return
        if not len(node.failing):
            key = cost, int(used.sum())
            if (last is None or key < last) and search.minimal(used):
                found.append((key, used))
                found.sort(key=lambda entry: entry[0])
                del found[keep:]
            return
        more, place = search.bound(node, free)
        if math.isinf(more):
            return
        if most is not None and (least := cost + search.whole(more)) >= most:
            if least > most:
                return
            fewest = search.bound(node, free, counted=True)[0] * (1 - SLACK) - SLACK
            if last is not None and int(used.sum()) + math.ceil(fewest) >= last[1]:
                return
        for measure, larger, left in search.children(place, used, free):
            visit(larger, left, cost + watch.costs[measure])

    visit(search.none, ~search.none, Fraction(0))
    return [used for _, used in found]


def deterring(watch: Watch) -> Booleans | None:
    """A set of measures that deters all of these ways to cheat; None where there is none."""
    search = _Search(watch)
    return search.deterring(~search.none)


def strongest(watch: Watch, budget: Fraction | None, among: Booleans) -> tuple[Booleans, float]:
    """The measures with the largest least margin, within a budget; of ties the cheapest.

    Parameters
    ----------
    watch, budget
        As for :func:`cheapest`.
    among
        The measures that may be chosen.

    Notes
    -----
    Exact but for ties within :data:`TOLERANCE`; cost as for :func:`cheapest`.
    """
    none = np.zeros(len(watch.costs), dtype=np.bool_)
    pool: list[int] = []
    best: tuple[float, Fraction, Booleans] = (-math.inf, Fraction(0), none)
    open_nodes: list[tuple[float, int, int, Booleans, Booleans, Fraction]] = []

    def visit(used: Booleans, free: Booleans, cost: Fraction) -> None:
        nonlocal best
        margins = watch.margins(used)
        row = int(margins.argmin())
        least = float(margins[row])
        if row not in pool:
            pool.append(row)
        if least > best[0] + TOLERANCE or (least >= best[0] - TOLERANCE and cost < best[1]):
            best = least, cost, used
        left = None
        if budget is not None:
            left = float(budget - cost)
            free = free & np.array([cost + more <= budget for more in watch.costs], np.bool_)
        above = float(watch.at(np.array(pool)).ceilings(used, free, left).min(axis=1).max())
        if not lost(above, cost):
            heappush(open_nodes, (-above, next(number), row, used, free, cost))

    def lost(above: float, cost: Fraction) -> bool:
        """Whether nothing better can follow; what follows costs no less."""
        return above < best[0] - TOLERANCE or (above <= best[0] + TOLERANCE and cost >= best[1])

    number, same = count(), twins(watch, priced=True)
    visit(none, among, Fraction(0))
    while open_nodes:
        above, _, row, used, free, cost = heappop(open_nodes)
        if lost(-above, cost):
            continue
        for measure in _seeing(watch, row, free):
            more, out = used.copy(), among & ~free & ~used
            more[measure], free[measure] = True, False
            if not out[same == same[measure]].any():
                visit(more, free.copy(), cost + watch.costs[measure])
        if (watch.detectors.wrong * free).any():
            visit(used, free, cost)
    return best[2], best[0]


def twins(watch: Watch, *, priced: bool = False) -> Integers:
    """For each measure a number that those which do the same (at the same cost) share."""
    columns = [watch.detectors.wrong, *watch.coverage]
    if priced:
        columns.append(np.array([float(cost) for cost in watch.costs]))
    same: Integers = np.unique(np.array(columns), axis=1, return_inverse=True)[1].ravel()
    return same


def _seeing(watch: Watch, row: int, free: Booleans) -> list[int]:
    """Free measures that see a way to cheat; where none does, the one that is wrong most often.

    What is wrong cuts cheating short, too, and may lift a margin that stays negative.
    """
    gains = watch.coverage[row]
    seeing = np.flatnonzero(free & (gains > 0)).tolist()
    if seeing:
        return sorted(seeing, key=lambda m: (float(watch.costs[m]) / gains[m], m))
    wrong = watch.detectors.wrong * free
    return [int(wrong.argmax())] if wrong.any() else []


def least_cost(lacking: Floats, coverage: Floats, costs: Floats) -> tuple[float, int]:
    """What the coverage that each way to cheat lacks must cost, and the way that costs most.

    Parameters
    ----------
    lacking
        Per way; shape (ways,).
    coverage
        What each measure adds; shape (ways, measures).
    costs
        Of each measure.

    Returns
    -------
    tuple
        A lower bound for measures that cover all; infinite where they do not. And the
        place of the way with the largest bound alone.

    Notes
    -----
    For one way: its cheapest cover with parts of measures, at a price per coverage. What a
    measure has been charged for one way is taken off its cost for the next (a feasible
    solution of the dual of the linear relaxation).
    """
    total, first = 0.0, -1
    left = costs.copy()
    for _ in range(len(lacking)):
        bounds, prices = _covers(lacking, coverage, left)
        row = int(bounds.argmax())
        first = row if first < 0 else first
        if bounds[row] <= SLACK or math.isinf(bounds[row]):
            return total + float(bounds[row]), first
        total += float(bounds[row])
        left = np.maximum(left - prices[row] * coverage[row], 0)
    return total, first


def _covers(lacking: Floats, coverage: Floats, costs: Floats) -> tuple[Floats, Floats]:
    """Per way the cost of its cheapest fractional cover, and its price per coverage."""
    rows = np.arange(len(lacking))
    if not len(costs):
        return np.where(lacking > SLACK, np.inf, 0.0), np.zeros(len(lacking))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(coverage > 0, costs / coverage, np.inf)
    order = np.argsort(ratio, axis=1)
    gained = np.cumsum(np.take_along_axis(coverage, order, axis=1), axis=1)
    spent = np.cumsum(costs[order], axis=1)
    needed = lacking * (1 - SLACK) - SLACK
    last = (gained < needed[:, None]).sum(axis=1)
    short = last == len(costs)
    last = np.minimum(last, len(costs) - 1)
    price = ratio[rows, order[rows, last]]
    over = gained[rows, last] - needed
    bounds = np.where(needed > 0, spent[rows, last] - over * np.where(needed > 0, price, 0), 0)
    prices = np.where(needed > 0, price, 0)
    return np.where(short & (needed > 0), np.inf, np.maximum(bounds, 0)), prices
