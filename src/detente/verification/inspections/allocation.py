"""Random inspections of several sites: how much coverage deters, and where to put too little.

An inspectee violates at one site at most. The inspector announces with which probability each
site is inspected, and is believed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import SupportsFloat

from detente.verification.domain import amount, probability

TOLERANCE = 1e-9
"""Shares of a gain and penalty below this count as rounding."""


@dataclass(frozen=True)
class Site:
    """A site at which the inspectee may violate.

    Parameters
    ----------
    gain
        To the inspectee from a violation that is not found, 0 or more.
    penalty
        What it loses if the violation is found, 0 or more, in the unit of the gain.
    detection
        Probability that an inspection finds a violation at the site.
    false_alarm
        Probability that an inspection of the legal site raises an alarm.
    false_alarm_cost
        Of such an alarm to the inspectee, 0 or more, in the unit of the gain.
    cost
        Of an inspection in every period, 0 or more, in the unit of the budget.
    undetected, detected
        What a violation costs the inspector where it is not found and where it is; 0 or more,
        ``undetected`` larger. Legal conduct costs nothing. Both are given or none.

    Raises
    ------
    ValueError
        Where a number lies outside its domain.
    """

    gain: float
    penalty: float
    detection: float
    false_alarm: float = 0.0
    false_alarm_cost: float = 0.0
    cost: float = 1.0
    undetected: float | None = None
    detected: float | None = None

    def __post_init__(self) -> None:
        for name in ("gain", "penalty", "false_alarm_cost", "cost"):
            amount(f"the {name.replace('_', ' ')} of a site", getattr(self, name))
        probability("the detection probability", self.detection)
        probability("the false-alarm probability", self.false_alarm)
        if self.undetected is None or self.detected is None:
            if self.undetected is not self.detected:
                raise ValueError("undetected and detected are given together or not at all")
            return
        amount("the inspector's loss from a detected violation", self.detected)
        if not self.detected < amount("the inspector's loss undetected", self.undetected):
            raise ValueError(
                "a violation costs the inspector more when it is not found: "
                f"undetected is {self.undetected:g}, detected {self.detected:g}"
            )

    @property
    def deterrence(self) -> float:
        """By how much certain inspection makes violating worse than complying."""
        at_stake = self.gain + self.penalty
        net = at_stake * self.detection - self.false_alarm_cost * self.false_alarm
        return net if abs(net) > TOLERANCE * at_stake else 0.0

    def temptation(self, inspection: float) -> float:
        """What violating gains over complying, at a probability of inspection."""
        return self.gain - self.deterrence * inspection

    def loss(self, inspection: float) -> float | None:
        """What a violation costs the inspector on average; None where it is not given."""
        if self.undetected is None or self.detected is None:
            return None
        return self.undetected - (self.undetected - self.detected) * self.detection * inspection


@dataclass(frozen=True)
class Allocation:
    """Announced probabilities of inspection, and what the inspectee then does.

    Parameters
    ----------
    coverage
        Per site, the probability of an inspection.
    cost
        Expected cost of the inspections.
    deterred
        Whether no violation gains anything.
    theta
        What the best violation gains over complying; 0 where none does.
    attacked
        Positions of the sites where a violation gains ``theta``; empty where all are deterred.
    response
        Of these the one that costs the inspector least, at which the inspectee, who does not
        care which, is taken to violate. None where it complies, or where losses are not given.
    value
        To the inspector: 0 where the inspectee complies, minus the loss where it violates; the
        inspections are in the budget, not here. None where losses are not given.
    undeterrable
        Positions of the sites where a violation gains something even under certain inspection.
    """

    coverage: tuple[float, ...]
    cost: float
    deterred: bool
    theta: float
    attacked: tuple[int, ...]
    response: int | None
    value: float | None
    undeterrable: tuple[int, ...]


@dataclass(frozen=True)
class SingleSite:
    """How the game about a single site is played.

    Parameters
    ----------
    inspect, violate
        Probabilities of an inspection and of a violation.
    inspector, inspectee
        What each gets on average; the inspector pays for inspections.
    """

    inspect: float
    violate: float
    inspector: float
    inspectee: float


def threshold(site: Site) -> float | None:
    """The least probability of inspection at which violating does not pay.

    Definition: x* = G / ((G + P) q - e a), with gain G, penalty P, detection probability q and
    the false-alarm probability a at the cost e. False alarms raise it, since the inspectee
    suffers them only when it complies.

    Returns
    -------
    float or None
        None where even certain inspection does not deter: x* > 1, or a denominator of 0 or
        below. At x* itself the inspectee is indifferent.

    Notes
    -----
    Source: Avenhaus, von Stengel & Zamir (2002).

    Examples
    --------
    >>> round(threshold(Site(gain=8, penalty=12, detection=0.9)), 4)
    0.4444
    """
    if not site.gain:
        return 0.0
    if site.temptation(1.0) > TOLERANCE * (site.gain + site.penalty) or site.deterrence <= 0:
        return None
    return min(1.0, site.gain / site.deterrence)


def assess(sites: Sequence[Site], coverage: Sequence[SupportsFloat]) -> Allocation:
    """What the inspectee does when these probabilities of inspection are announced.

    Parameters
    ----------
    sites
        One or more.
    coverage
        Per site, the probability of an inspection.

    Raises
    ------
    ValueError
        Where there is no site, the numbers of entries differ, or an entry is not a probability.

    Notes
    -----
    Violating counts as gaining nothing up to 1e-9 of the largest gain and penalty. O(sites).

    Examples
    --------
    >>> both = [Site(8, 12, 0.9, undetected=10, detected=2), Site(2, 12, 0.5)]
    >>> assess(both, [0.25, 0.25]).theta
    3.5
    """
    _some(sites)
    if len(coverage) != len(sites):
        raise ValueError(
            f"coverage has one entry for each of {len(sites)} sites; this has {len(coverage)}"
        )
    shares = [probability(f"coverage[{at}]", share) for at, share in enumerate(coverage)]
    gains = [site.temptation(share) for site, share in zip(sites, shares, strict=True)]
    losses = [site.loss(share) for site, share in zip(sites, shares, strict=True)]
    rounding = TOLERANCE * max(site.gain + site.penalty for site in sites)
    theta = max(gains)
    deterred = theta <= rounding
    attacked = tuple(at for at, gain in enumerate(gains) if gain >= theta - rounding)
    response = value = None
    if None not in losses:
        known = [loss for loss in losses if loss is not None]
        response = None if deterred else min(attacked, key=known.__getitem__)
        value = 0.0 if response is None else -known[response]
    return Allocation(
        coverage=tuple(shares),
        cost=_cost(sites, shares),
        deterred=deterred,
        theta=0.0 if deterred else theta,
        attacked=() if deterred else attacked,
        response=response,
        value=value,
        undeterrable=tuple(at for at, site in enumerate(sites) if threshold(site) is None),
    )


def allocate(
    sites: Sequence[Site], budget: SupportsFloat | None = None, safety: SupportsFloat = 0.0
) -> Allocation:
    r"""The announced inspections that leave the least to gain from a violation.

    Definition: with the deterrence d_j = (G_j + P_j) q_j - e_j a_j of each site, the least
    theta >= 0 for which the probabilities

    .. math:: x_j = \max(0, (G_j - \theta) / d_j)

    are at most 1 and cost no more than the budget. At theta = 0 they are the thresholds x*_j.

    Parameters
    ----------
    sites
        One or more.
    budget
        For inspections, 0 or more; None for as much as is needed.
    safety
        Share by which the thresholds are exceeded, 0 or more, as far as the budget reaches and
        up to certain inspection. At the threshold itself the inspectee is indifferent, and a
        gain only slightly larger than was thought would no longer be deterred.

    Returns
    -------
    Allocation
        Sites that no coverage deters are named in ``undeterrable``; their temptation bounds
        theta from below, and the other sites are covered down to it.

    Raises
    ------
    ValueError
        Where there is no site, or the budget or safety is below 0.

    Notes
    -----
    Where every d_j is positive this is also the best commitment for the inspector (strong
    Stackelberg equilibrium): a lower theta raises every probability and leaves more sites among
    which the inspectee is indifferent. A site with d_j <= 0, at which inspections tempt rather
    than deter, is not inspected. O(sites log sites). Source: Kiekintveld et al. (2009).

    Examples
    --------
    >>> sites = [Site(8, 12, 0.9), Site(6, 12, 0.8), Site(4, 12, 0.8), Site(2, 12, 0.5)]
    >>> plan = allocate(sites, budget=1)
    >>> [round(share, 3) for share in plan.coverage], round(plan.theta, 3)
    ([0.371, 0.324, 0.209, 0.096], 1.328)
    >>> round(allocate(sites).cost, 4)
    1.4593
    """
    _some(sites)
    share = amount("the safety", safety)
    limit = None if budget is None else amount("the budget", budget)
    hard = [site for site in sites if threshold(site) is None]
    least = max([0.0, *(site.temptation(float(site.deterrence > 0)) for site in hard)])
    coverage = _coverage(sites, least)
    cost = _cost(sites, coverage)
    if limit is not None and cost > limit:
        coverage = _coverage(sites, _level(sites, limit))
    elif not least:
        safe = [min(1.0, (1 + share) * inspection) for inspection in coverage]
        extra = _cost(sites, safe) - cost
        part = 1.0 if limit is None or extra <= limit - cost else (limit - cost) / extra
        coverage = [now + part * (then - now) for now, then in zip(coverage, safe, strict=True)]
    return assess(sites, coverage)


def nash_and_leadership(site: Site) -> tuple[SingleSite, SingleSite]:
    """The single-site game without and with an announcement by the inspector.

    Parameters
    ----------
    site
        With a positive gain and the inspector's losses C (undetected) and A (detected).

    Returns
    -------
    tuple of SingleSite
        First the Nash equilibrium: the inspector inspects at the threshold, the inspectee
        violates with probability w / ((C - A) q), with the cost w of an inspection. Second the
        announced inspections that are best for the inspector: at the threshold too, but the
        inspectee then complies. Where the site cannot be deterred, or an inspection costs
        more than it saves, the inspectee violates for certain in the equilibrium; the
        announcement still deters if that is possible at no more than the cost C.

    Raises
    ------
    ValueError
        Where the gain is 0 or the inspector's losses are not given.

    Notes
    -----
    The equilibrium is for comparison, not advice: the inspector's own probability is the same
    in both, so he gains from announcing it. Source: Avenhaus, von Stengel & Zamir (2002).

    Examples
    --------
    >>> nash, leader = nash_and_leadership(Site(8, 12, 0.9, undetected=10, detected=2))
    >>> round(nash.violate, 3), round(nash.inspector, 3), round(leader.inspector, 3)
    (0.139, -1.389, -0.444)
    """
    if not site.gain:
        raise ValueError("the gain is above 0; without it there is nothing to deter")
    if site.undetected is None or site.detected is None:
        raise ValueError("the inspector's losses, undetected and detected, are needed here")
    saved = (site.undetected - site.detected) * site.detection
    needed = threshold(site)
    forced = 1.0 if saved > site.cost else 0.0  # the best reply to a certain violation
    if needed is None or saved < site.cost:
        nash = _played(site, forced, 1.0)
    else:
        nash = _played(site, needed, site.cost / saved)
    if needed is None or site.cost * needed > site.undetected:
        return nash, _played(site, forced, 1.0)
    return nash, _played(site, needed, 0.0)


def _played(site: Site, inspect: float, violate: float) -> SingleSite:
    loss = site.loss(inspect)
    assert loss is not None  # the caller has checked
    suffered = site.false_alarm_cost * site.false_alarm * inspect
    return SingleSite(
        inspect,
        violate,
        inspector=-site.cost * inspect - violate * loss,
        inspectee=violate * site.temptation(inspect) - suffered,
    )


def _some(sites: Sequence[Site]) -> None:
    if not sites:
        raise ValueError("there is at least one site; sites is empty")


def _cost(sites: Sequence[Site], coverage: Sequence[float]) -> float:
    return math.fsum(site.cost * share for site, share in zip(sites, coverage, strict=True))


def _coverage(sites: Sequence[Site], theta: float) -> list[float]:
    """The least probabilities at which no violation that can be deterred gains over theta."""
    return [
        min(1.0, max(0.0, site.gain - theta) / site.deterrence) if site.deterrence > 0 else 0.0
        for site in sites
    ]


def _level(sites: Sequence[Site], budget: float) -> float:
    """The theta at which the coverage costs the budget, which is too small for a lower one."""
    covered = sorted((site for site in sites if site.deterrence > 0), key=lambda site: -site.gain)
    spent = rate = 0.0
    theta = covered[0].gain
    for at, site in enumerate(covered):
        rate += site.cost / site.deterrence
        spent += site.cost * site.gain / site.deterrence
        if rate > 0:
            theta = (spent - budget) / rate
            if at + 1 == len(covered) or theta >= covered[at + 1].gain:
                break
    return theta
