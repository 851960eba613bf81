"""Schedules of visits: which sites are visited together, and how often."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, SupportsFloat, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from detente.model.problem import Floats
from detente.verification.domain import amount, count, probability
from detente.verification.inspections.shared_stake import (
    TOLERANCE,
    Pairs,
    SharedStake,
    margins,
    members,
    misses,
    shared_stake,
    sums,
)

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult

Lottery = tuple[tuple[tuple[int, ...], float], ...]
"""Sets of sites to visit together, and their probabilities, which add up to 1."""

Integers = NDArray[np.intp]

_ADVICE = "Treat sites that are alike as one, or raise sites_at_most: the work doubles with each"
_BATCH = 12
"""Most rows and most columns that a round adds to the linear program."""


@dataclass(frozen=True)
class Rotation:
    """A lottery over the sets of sites that are visited in a period.

    Parameters
    ----------
    schedule
        Sets of sites with their probabilities, by number of sites; the empty set is a period
        without visits.
    visits
        Per site, the probability of a visit in a period.
    cost
        Expected cost of a period.
    margin
        What the best set of violations loses, in the unit of the stake: stake times detection
        less gain, least over all sets. Below 0 that set pays.
    worst
        That set; of several the smallest.
    """

    schedule: Lottery
    visits: tuple[float, ...]
    cost: float
    margin: float
    worst: tuple[int, ...]


def rotation_plan(
    gains: Sequence[SupportsFloat],
    costs: Sequence[SupportsFloat],
    detection: Sequence[SupportsFloat],
    stake: SupportsFloat,
    most_at_once: SupportsIndex | None = None,
    *,
    sites_at_most: SupportsIndex = 12,
) -> Rotation | None:
    r"""The cheapest lottery over sets of sites that deters every set of violations.

    Definition: least expected cost of a distribution pi over the sets R of at most
    ``most_at_once`` sites such that for every set S of sites

    .. math::
        \sum_{j \in S} g_j \le K \sum_R \pi_R \Bigl(1 - \prod_{j \in S \cap R} (1 - q_j)\Bigr).

    Parameters
    ----------
    gains, costs, detection, stake
        As in :func:`~detente.verification.inspections.shared_stake.independent_plan`.
    most_at_once
        Most sites that can be visited in one period, 1 or more; None for no limit.
    sites_at_most
        Most sites for which sets of several sites are considered.

    Returns
    -------
    Rotation or None
        None where no lottery deters every set of violations.

    Raises
    ------
    ValueError
        Where a number lies outside its domain, or there are too many sites.

    Notes
    -----
    Every plan must visit site j with probability g_j / (K q_j) at least, to deter the violation
    there alone. Where these add up to at most 1, visiting one site at a time with just these
    probabilities is the cheapest plan of all: visits that exclude each other make detection
    additive, so it deters joint violations too; any number of sites is accepted then. Elsewhere
    a linear program whose rows (violations) and columns (visits) are added as they are needed
    (HiGHS, Huangfu & Hall 2018). Exact up to 1e-9 of the stake. It never costs more than
    independent visits, which are one of the lotteries, as far as ``most_at_once`` admits them.

    Examples
    --------
    >>> plan = rotation_plan([4, 3, 2, 1], [1, 1, 1, 1], [1, 1, 1, 1], 20)
    >>> for sites, share in plan.schedule:
    ...     print(sites, round(share, 9))
    () 0.5
    (0,) 0.2
    (1,) 0.15
    (2,) 0.1
    (3,) 0.05
    >>> round(plan.cost, 9)
    0.5
    """
    game = shared_stake(gains, costs, detection, stake)
    most = _most(game, most_at_once)
    if game.total > max(game.stake, 0.0) + game.slack:
        return None
    needed = [
        gain / (game.stake * found) if gain and found else float("inf") if gain else 0.0
        for gain, found in zip(game.gains, game.detection, strict=True)
    ]
    visited = math.fsum(needed)
    if visited <= 1 + TOLERANCE:
        single = [((site,), share) for site, share in enumerate(needed) if share]
        return _rotation(game, [((), max(0.0, 1 - visited)), *single])
    if visited > most + TOLERANCE:
        return None
    game.limited(sites_at_most, _ADVICE)
    lottery = _Lotteries(game, most).cheapest()
    return None if lottery is None else _rotation(game, lottery)


def best_within(
    gains: Sequence[SupportsFloat],
    costs: Sequence[SupportsFloat],
    detection: Sequence[SupportsFloat],
    stake: SupportsFloat,
    budget: SupportsFloat,
    *,
    most_at_once: SupportsIndex | None = None,
    sites_at_most: SupportsIndex = 12,
) -> Rotation:
    """The lottery that leaves the least to gain from violations within a budget.

    Definition: the distribution over sets of at most ``most_at_once`` sites with expected cost
    at most ``budget`` that maximises the least of stake * detection - gains over all sets of
    violations.

    Parameters
    ----------
    gains, costs, detection, stake, most_at_once, sites_at_most
        As in :func:`rotation_plan`.
    budget
        Of a period, 0 or more, in the unit of the costs.

    Returns
    -------
    Rotation
        With a negative margin where the budget does not deter: the set ``worst`` then pays.

    Raises
    ------
    ValueError
        Where a number lies outside its domain, or there are too many sites.

    Notes
    -----
    A linear program with rows and columns added as they are needed, as in :func:`rotation_plan`.
    Of several lotteries with the same margin any may be returned.

    Examples
    --------
    >>> plan = best_within([4, 3], [1, 1], [1, 1], stake=10, budget=0.5)
    >>> round(plan.margin, 9)
    -2.0
    """
    game = shared_stake(gains, costs, detection, stake)
    most = _most(game, most_at_once)
    limit = amount("the budget", budget)
    game.limited(sites_at_most, _ADVICE)
    return _rotation(game, _Lotteries(game, most).strongest(limit))


def systematic_sample(visits: Sequence[SupportsFloat]) -> Lottery:
    """A lottery over sets of sites that visits each site with a given probability.

    The probabilities are laid end to end on a line, and the teeth of a comb, one apart and
    shifted at random, pick the sites that they fall on.

    Parameters
    ----------
    visits
        Per site, the probability of a visit.

    Returns
    -------
    tuple of pairs
        Sets of sites and their probabilities. Every set has as many sites as ``visits`` add up
        to; where that is no whole number, the whole number below or above. Together they hold
        at most one set more than there are sites.

    Raises
    ------
    ValueError
        Where there is no site, or an entry is not a probability.

    Notes
    -----
    For sites with equal costs and no limits on routes; elsewhere use :func:`rotation_plan`.
    Sets with a probability below 1e-12 are left out as rounding. O(sites^2). Source: systematic
    sampling with unequal probabilities (Madow 1949).

    Examples
    --------
    >>> systematic_sample([0.5, 0.75, 0.75])
    (((0, 1), 0.25), ((0, 2), 0.25), ((1, 2), 0.5))
    """
    if not len(visits):
        raise ValueError("there is at least one site; visits is empty")
    shares = [probability(f"visits[{at}]", share) for at, share in enumerate(visits)]
    ends = np.array([math.fsum(shares[:at]) for at in range(len(shares) + 1)])
    shifts = np.unique(np.concatenate([[0.0, 1.0], ends % 1]))
    lottery: dict[tuple[int, ...], float] = {}
    for low, high in pairwise(shifts):
        if high - low > 1e-12:
            teeth = np.floor(ends - (low + high) / 2)
            sites = tuple(int(site) for site in np.flatnonzero(np.diff(teeth)))
            lottery[sites] = lottery.get(sites, 0.0) + float(high - low)
    return _lottery(list(lottery.items()))


def _most(game: SharedStake, most_at_once: SupportsIndex | None) -> int:
    if most_at_once is None:
        return game.sites
    return min(game.sites, count("the number of sites visited at once", most_at_once, least=1))


def _lottery(pairs: Pairs) -> Lottery:
    """The pairs with a probability, in order, scaled to add up to 1."""
    whole = math.fsum(share for _, share in pairs)
    chosen = sorted(
        ((sites, share / whole) for sites, share in pairs if share > 1e-12),
        key=lambda pair: (len(pair[0]), pair[0]),
    )
    return tuple(chosen)


def _rotation(game: SharedStake, pairs: Pairs) -> Rotation:
    schedule = _lottery(pairs)
    visits = tuple(
        math.fsum(share for sites, share in schedule if site in sites) for site in range(game.sites)
    )
    cost = math.fsum(price * visit for price, visit in zip(game.costs, visits, strict=True))
    margin, worst = _worst(game, schedule, visits)
    return Rotation(schedule, visits, cost, margin, worst)


def _worst(
    game: SharedStake, schedule: Lottery, visits: Sequence[float]
) -> tuple[float, tuple[int, ...]]:
    """The set of violations that pays most, and what it loses."""
    if max(len(sites) for sites, _ in schedule) <= 1:  # detection is additive
        alone = [
            game.stake * found * visit - gain
            for gain, found, visit in zip(game.gains, game.detection, visits, strict=True)
        ]
        paying = tuple(site for site, margin in enumerate(alone) if margin < -game.slack)
        worst = paying or (int(np.argmin(alone)),)
        return math.fsum(alone[site] for site in worst), worst
    lost = margins(game, schedule)
    least = lost[1:].min()
    tied = 1 + np.flatnonzero(lost[1:] <= least + game.slack)
    return float(least), min((members(int(at)) for at in tied), key=lambda s: (len(s), s))


class _Lotteries:
    """The lotteries over sets of at most ``most`` sites, searched by linear programs.

    A program has a column for the probability of a set of visits, one for the margin that every
    set of violations is to leave (as a share of the larger of stake and all gains), and a row
    for a set of violations. Columns and rows are added as they are needed.
    """

    def __init__(self, game: SharedStake, most: int) -> None:
        self.game = game
        self.scale = max(abs(game.stake), game.total) or 1.0
        self.admitted = np.flatnonzero(sums([1.0] * game.sites) <= most)
        self.missed = misses(game.detection)
        self.gain = sums(game.gains) / self.scale
        self.dearest = max(game.costs) or 1.0
        self.price = sums(game.costs) / self.dearest
        single = [1 << site for site in range(game.sites)]
        self.violated = list(dict.fromkeys([*single, self.gain.size - 1]))
        self.visited = list(dict.fromkeys([0, *single, int(self.admitted[-1])]))

    def cheapest(self) -> Pairs | None:
        """The lottery of least cost that leaves no margin below 0; None where there is none."""
        # A lottery that deters comes first; with its columns the program stays feasible.
        if self.admitted.size == self.gain.size:
            visits_to_all = [(tuple(range(self.game.sites)), 1.0)]
            margin = float(margins(self.game, visits_to_all)[1:].min()) / self.scale
        else:
            _, margin = self._solve(1.0, 0.0, (-1.0, 1e-6), None)
        if margin < -TOLERANCE:
            return None
        floor = min(0.0, margin - TOLERANCE)
        return self._solve(0.0, 1.0, (floor, floor), None)[0]

    def strongest(self, budget: float) -> Pairs:
        """The lottery with the largest margin within a budget."""
        limit = min(budget / self.dearest, float(self.game.sites))
        return self._solve(1.0, 0.0, (-1.0, 1.0), limit)[0]

    def _solve(
        self, margin: float, cost: float, bounds: tuple[float, float], budget: float | None
    ) -> tuple[Pairs, float]:
        """Maximise margin less cost with these weights, over all rows and columns."""
        while True:
            sets = np.array(self.visited)
            solved = self._program(sets, margin, cost, bounds, budget)
            used = np.flatnonzero(solved.x[:-1] > 1e-12)
            lottery = [(members(int(sets[at])), float(solved.x[at])) for at in used]
            reached = float(solved.x[-1])
            prices = solved.ineqlin.marginals
            limited = float(prices[-1]) if budget is not None else 0.0
            reduced = (
                (cost - limited) * self.price[self.admitted]
                + prices[: len(self.violated)] @ self._found(self.admitted)
                - solved.eqlin.marginals[0]
            )
            short = reached - margins(self.game, lottery) / self.scale
            columns = _lowest(reduced, self.admitted, self.visited)
            rows = _lowest(-short, np.arange(short.size), [0, *self.violated])
            if not columns and not rows:
                return lottery, reached
            self.visited += columns
            self.violated += rows

    def _found(self, sets: Integers) -> Floats:
        """What each set of violations in the program would lose to each set of visits."""
        together = np.array(self.violated)[:, None] & sets
        return np.asarray(self.game.stake / self.scale * (1 - self.missed[together]))

    def _program(
        self,
        sets: Integers,
        margin: float,
        cost: float,
        bounds: tuple[float, float],
        budget: float | None,
    ) -> OptimizeResult:
        from scipy.optimize import linprog

        rows = np.column_stack([-self._found(sets), np.ones(len(self.violated))])
        limits = -self.gain[self.violated]
        if budget is not None:
            rows = np.vstack([rows, np.append(self.price[sets], 0.0)])
            limits = np.append(limits, budget)
        solved = linprog(
            np.append(cost * self.price[sets], -margin),
            A_ub=rows,
            b_ub=limits,
            A_eq=np.append(np.ones(sets.size), 0.0)[None, :],
            b_eq=[1.0],
            bounds=[(0.0, None)] * sets.size + [bounds],
            method="highs",
            options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
        )
        if solved.status:
            raise RuntimeError(f"the linear program was not solved: {solved.message}")
        return solved


def _lowest(values: Floats, names: Integers, known: Sequence[int]) -> list[int]:
    """Names of the lowest values clearly below 0, without those that are known."""
    lowest = np.argsort(values)[: _BATCH + len(known)]
    below = [int(names[at]) for at in lowest if values[at] < -TOLERANCE]
    seen = set(known)
    return [name for name in below if name not in seen][:_BATCH]
