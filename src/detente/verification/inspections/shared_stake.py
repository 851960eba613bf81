"""Visits to several sites when one agreement is lost by a violation found at any of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import SupportsFloat, SupportsIndex

import numpy as np

from detente.model.problem import Floats
from detente.verification.domain import amount, count, finite, probability

Pairs = Sequence[tuple[tuple[int, ...], float]]
"""Sets of sites that are visited together, and their probabilities."""

TOLERANCE = 1e-9
"""A gain counts as deterred up to this share of the stake or of all gains."""


@dataclass(frozen=True)
class SharedStake:
    """Sites at which a party may violate, and the one stake that it would lose.

    Violating at the sites of a set S at once gains the sum of their gains. If it is found with
    probability D(S), it does not pay when the sum of gains <= stake * D(S).

    Parameters
    ----------
    gains
        One-period gain of violating at each site, in the unit of the stake.
    costs
        Of one visit to each site.
    detection
        Per site, the probability that a visit finds a violation there.
    stake
        What certain detection would cost the party: K of formula F4.
    """

    gains: tuple[float, ...]
    costs: tuple[float, ...]
    detection: tuple[float, ...]
    stake: float

    @property
    def sites(self) -> int:
        """How many sites there are."""
        return len(self.gains)

    @property
    def total(self) -> float:
        """What violating everywhere at once gains."""
        return math.fsum(self.gains)

    @property
    def slack(self) -> float:
        """What a verdict may miss by rounding, in the unit of the stake."""
        return TOLERANCE * max(abs(self.stake), self.total)

    def limited(self, sites_at_most: SupportsIndex, advice: str) -> None:
        """Raise where there are more sites than a computation over all sets is meant for."""
        limit = count("the largest number of sites", sites_at_most, least=1)
        if self.sites > limit:
            raise ValueError(
                f"the number of sites is at most {limit}, because every set of them is looked "
                f"at; this is {self.sites}. {advice}"
            )


def shared_stake(
    gains: Sequence[SupportsFloat],
    costs: Sequence[SupportsFloat],
    detection: Sequence[SupportsFloat],
    stake: SupportsFloat,
) -> SharedStake:
    """The numbers as a checked record.

    Raises
    ------
    ValueError
        Where there is no site, the numbers of entries differ, a gain or cost is below 0, a
        probability lies outside [0, 1], or a number is not finite.
    """
    if not len(gains):
        raise ValueError("there is at least one site; gains is empty")
    for name, entries in (("costs", costs), ("detection", detection)):
        if len(entries) != len(gains):
            raise ValueError(
                f"{name} has one entry for each of {len(gains)} sites; this has {len(entries)}"
            )
    return SharedStake(
        tuple(amount(f"gains[{at}]", gain) for at, gain in enumerate(gains)),
        tuple(amount(f"costs[{at}]", cost) for at, cost in enumerate(costs)),
        tuple(probability(f"detection[{at}]", found) for at, found in enumerate(detection)),
        finite("the stake", stake),
    )


@dataclass(frozen=True)
class IndependentPlan:
    """Visits to each site, drawn anew and independently each period.

    Parameters
    ----------
    visits
        Per site, the probability of a visit in a period.
    cost
        Expected cost of a period.
    order
        Sites in the order of the greedy vertex: the later, the smaller the stake that is left
        for it.
    """

    visits: tuple[float, ...]
    cost: float
    order: tuple[int, ...]


def independent_plan(
    gains: Sequence[SupportsFloat],
    costs: Sequence[SupportsFloat],
    detection: Sequence[SupportsFloat],
    stake: SupportsFloat,
    *,
    sites_at_most: SupportsIndex = 16,
) -> IndependentPlan | None:
    r"""The cheapest independent visits that deter every set of violations.

    Definition: least sum of costs times visits x, with 0 <= x <= 1, such that for every set S
    of sites

    .. math:: \sum_{j \in S} g_j \le K \Bigl(1 - \prod_{j \in S} (1 - q_j x_j)\Bigr).

    Parameters
    ----------
    gains
        One-period gain of violating at each site, 0 or more, in the unit of the stake. At the
        least cost the party is indifferent; a margin is had by raising the gains.
    costs
        Of one visit to each site, 0 or more, in any unit.
    detection
        Per site, the probability that a visit finds a violation there.
    stake
        K = A (1-F) L / (1 + A F), with the annuity A, the loss L of a period of punishment and
        the false-alarm probability F. At 0 or below no detection deters a gain.
    sites_at_most
        Most sites that are accepted; work and memory double with every further one.

    Returns
    -------
    IndependentPlan or None
        None where no plan deters: the gains together exceed the stake, or a set of violations
        pays even when every site is visited in every period.

    Raises
    ------
    ValueError
        Where a number lies outside its domain, or there are too many sites.

    Notes
    -----
    Exact, verdicts up to 1e-9 of the stake. With a_j = -ln(1 - q_j x_j) the constraints read
    a(S) >= f(S) = -ln(1 - g(S)/K). As f is supermodular, they bound a contra-polymatroid, and
    the concave cost is least at one of its greedy vertices (Edmonds 1970): for some order, each
    site is found with probability g_j / (K - gains of the sites before it). Visits to every
    site in every period bound a by b_j = -ln(1 - q_j); with these bounds f gives way to

    .. math:: f'(S) = \max_{Z \supseteq S} \bigl(f(Z) - b(Z \setminus S)\bigr),

    which is supermodular as well and whose greedy vertices keep the bounds (intersection with a
    box, Frank & Tardos 1988). The best order comes from dynamic programming over sets,
    O(2^sites * sites). Without bounds that bind, a site comes before its neighbour if its
    c (K' - g) is larger, with c = cost / detection and K' the stake left.

    Examples
    --------
    >>> plan = independent_plan([4, 3, 2, 1], [1, 1, 1, 1], [1, 1, 1, 1], 20)
    >>> [round(visit, 4) for visit in plan.visits], round(plan.cost, 4), plan.order
    ([0.2857, 0.1765, 0.1053, 0.05], 0.6174, (3, 2, 1, 0))
    >>> independent_plan([4, 3], [1, 1], [1, 1], 6)
    """
    game = shared_stake(gains, costs, detection, stake)
    game.limited(
        sites_at_most,
        "Treat sites that are alike as one, or raise sites_at_most: the work doubles with each",
    )
    left = _left(game)
    if left is None:
        return None
    order = _best_order(game, left)
    visits = [0.0] * game.sites
    before = 0
    for site in order:
        after = before | 1 << site
        found = 1 - float(left[after] / left[before])
        if game.detection[site]:
            visits[site] = min(1.0, max(0.0, found / game.detection[site]))
        before = after
    cost = math.fsum(c * x for c, x in zip(game.costs, visits, strict=True))
    return IndependentPlan(tuple(visits), cost, order)


def sums(values: Sequence[float]) -> Floats:
    """The sum over every set; bit j of an index says whether element j belongs to the set."""
    total = np.zeros(1)
    for value in values:
        total = np.concatenate([total, total + value])
    return total


def misses(detection: Sequence[float]) -> Floats:
    """The probability that visits to every site of a set all miss, by set as in `sums`."""
    product = np.ones(1)
    for probability_found in detection:
        product = np.concatenate([product, product * (1 - probability_found)])
    return product


def members(bits: int) -> tuple[int, ...]:
    """The sites that the bits of a number stand for."""
    return tuple(site for site in range(bits.bit_length()) if bits >> site & 1)


def margins(game: SharedStake, lottery: Pairs) -> Floats:
    """What each set of violations loses against a lottery; the bits of an index are its sites."""
    missed = misses(game.detection)
    sets = np.array([sum(1 << site for site in sites) for sites, _ in lottery])
    found = 1 - missed[np.arange(missed.size)[:, None] & sets]
    return np.asarray(
        game.stake * (found @ [share for _, share in lottery]) - sums(game.gains), dtype=np.float64
    )


def _left(game: SharedStake) -> Floats | None:
    """The exponential of -f': how far the miss probability of each set must fall.

    None where even certain visits to every site do not reach it.
    """
    if not any(game.gains):
        return np.ones(2**game.sites)
    if game.total > max(game.stake, 0.0) + game.slack:
        return None
    left = 1 - sums(game.gains) / game.stake
    left[left < 1e-12] = 0.0  # the whole stake is at play: someone must be certain to be found
    sets = np.arange(left.size)
    for site, found in enumerate(game.detection):
        if found < 1:  # a certain visit meets every demand on a set with this site
            without = sets[(sets >> site) & 1 == 0]
            left[without] = np.minimum(left[without], left[without | 1 << site] / (1 - found))
    if left[0] < 1 - TOLERANCE:
        return None
    left[0] = 1.0
    return left


def _best_order(game: SharedStake, left: Floats) -> tuple[int, ...]:
    """The order whose greedy vertex costs least."""
    prices = [c / q if q else 0.0 for c, q in zip(game.costs, game.detection, strict=True)]
    sets = np.arange(left.size)
    sizes = sums([1.0] * game.sites)
    best = np.full(left.size, np.inf)
    best[0] = 0.0
    last = np.zeros(left.size, dtype=np.intp)
    for size in range(game.sites):
        # A site that must be certain to be found can be put last: it then needs no successor.
        layer = sets[(sizes == size) & (left > 0)]
        for site in range(game.sites):
            before = layer[(layer >> site) & 1 == 0]
            after = before | 1 << site
            cost = best[before] + prices[site] * (1 - left[after] / left[before])
            better = cost < best[after]
            best[after[better]] = cost[better]
            last[after[better]] = site
    order = []
    at = left.size - 1
    while at:
        order.append(int(last[at]))
        at ^= 1 << order[-1]
    return tuple(reversed(order))
