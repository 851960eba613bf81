"""Sampling plans in which intact items, too, may be taken for falsified.

Each item that is checked raises an alarm of its own or does not; the plan raises the alarm
where more than an accepted number of items do. So a plan has two chances: of an alarm where
items are falsified, and of a false one where none is.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import SupportsFloat, SupportsIndex

import numpy as np

from detente.model.problem import Floats, Integers
from detente.verification.domain import (
    at_most_all,
    count,
    exact_probability,
    probability,
)

FALSE_ALARM = "the chance that an intact item is taken for falsified"
CELLS = 2**18
"""Sizes times compositions of a sample that are held at once."""


@dataclass(frozen=True)
class Alarms:
    """How likely a sampling plan raises the alarm.

    Parameters
    ----------
    detection
        Where items are falsified.
    false_alarm
        Where none is.
    """

    detection: float
    false_alarm: float


def alarm_probabilities(
    items: SupportsIndex,
    falsified: SupportsIndex,
    sampled: SupportsIndex,
    recognise: SupportsFloat = 1,
    *,
    false_alarm: SupportsFloat = 0,
    accept: SupportsIndex = 0,
) -> Alarms:
    """How likely does a sampling plan raise the alarm, rightly and falsely?

    Of n items checked, k are falsified with the hypergeometric chance; the number that
    raise an alarm is the sum of a binomial of k with p and one of n - k with e. The plan
    raises the alarm where it exceeds ``accept`` (S6).

    Parameters
    ----------
    items, falsified, sampled
        As in :func:`detente.verification.detection_probability`.
    recognise
        Chance p that a falsified item that is checked raises an alarm; from 0 to 1.
    false_alarm
        Chance e that an intact item that is checked raises one; from 0 to 1.
    accept
        So many items may raise an alarm without the plan doing so; at least 0.

    Returns
    -------
    Alarms
        Sums of floats; to about ten digits for a thousand items, eight for a million.

    Raises
    ------
    ValueError
        Where an argument is outside its domain.

    Notes
    -----
    Of order ``min(falsified, sampled) * accept**2``.

    References
    ----------
    Avenhaus and Canty (1996).

    Examples
    --------
    >>> plan = alarm_probabilities(100, 10, 30, 0.9, false_alarm=0.01, accept=1)
    >>> round(plan.detection, 3), round(plan.false_alarm, 3)
    (0.85, 0.036)
    """
    total = count("the number of items", items, 1)
    bad = at_most_all("the number of falsified items", falsified, total)
    drawn = at_most_all("the number of items checked", sampled, total)
    hit = probability("the chance to recognise a falsified item", recognise)
    wrong, most = probability(FALSE_ALARM, false_alarm), count("the acceptance number", accept)
    silent, right = (
        silence(total, number, drawn, hit, false_alarm=wrong, accept=most) for number in (bad, 0)
    )
    return Alarms(1 - silent, 1 - right)


def second_look(
    recognise: SupportsFloat,
    false_alarm: SupportsFloat,
    keeps_true: SupportsFloat,
    keeps_false: SupportsFloat,
) -> tuple[Fraction, Fraction]:
    """What looking again at every item that raised an alarm makes of an item's chances.

    An alarm stands where the second look confirms it: with chance ``keeps_true`` at a
    falsified item and ``keeps_false`` at an intact one. All four are from 0 to 1.

    Returns
    -------
    tuple of Fraction
        The chances to recognise a falsified item, and to take an intact one for falsified:
        the products, exactly.

    Raises
    ------
    ValueError
        Where an argument is outside its domain.

    Examples
    --------
    >>> second_look(0.9, 0.005, 0.98, 0.05)
    (Fraction(441, 500), Fraction(1, 4000))
    """
    hit = exact_probability("the chance to recognise a falsified item", recognise)
    wrong = exact_probability(FALSE_ALARM, false_alarm)
    true = exact_probability("the share of true alarms that a second look keeps", keeps_true)
    false = exact_probability("the share of false alarms that a second look keeps", keeps_false)
    return hit * true, wrong * false


def silence(
    total: int, bad: int, drawn: int, recognise: float, *, false_alarm: float, accept: int
) -> float:
    """:func:`silences` for one size."""
    sizes = np.array([drawn])
    return float(silences(total, bad, sizes, recognise, false_alarm=false_alarm, accept=accept)[0])


def silences(
    total: int, bad: int, drawn: Integers, recognise: float, *, false_alarm: float, accept: int
) -> Floats:
    """The chance that at most ``accept`` items raise an alarm, for samples of each size.

    The arguments are taken as checked. Of order ``len(drawn) * min(bad, drawn) * accept**2``.
    """
    some = np.arange(min(bad, int(drawn.max(initial=0))) + 1)
    rows = max(1, CELLS // some.size)
    chances = np.empty(drawn.size)
    for start in range(0, drawn.size, rows):
        sizes = drawn[start : start + rows, None]
        rest = sizes - some
        possible = (rest >= 0) & (rest <= total - bad)
        rest = np.where(possible, rest, 0)
        drawing = _log_choose(bad, some) + _log_choose(total - bad, rest)
        drawing = np.where(possible, drawing - _log_choose(total, sizes), -np.inf)
        silent = np.zeros(possible.shape)
        for right in range(accept + 1):
            rightly = drawing + _log_binomial(some, right, recognise)
            for wrong in range(accept + 1 - right):
                silent += np.exp(rightly + _log_binomial(rest, wrong, false_alarm))
        chances[start : start + rows] = silent.sum(axis=1)
    return np.minimum(chances, 1.0)


def _log_choose(among: Integers | int, chosen: Integers | int) -> Floats:
    """Logarithm of a binomial coefficient; minus infinity where it is zero."""
    from scipy.special import gammaln

    left = np.subtract(among, chosen)
    value = gammaln(np.add(among, 1.0)) - gammaln(np.add(chosen, 1.0))
    value = value - gammaln(np.maximum(left, 0) + 1.0)
    return np.where(left < 0, -np.inf, value)


def _log_binomial(trials: Integers, hits: int, chance: float) -> Floats:
    """Logarithm of the chance of so many hits; minus infinity where there are none."""
    from scipy.special import xlog1py, xlogy

    misses = np.maximum(trials - hits, 0)
    found: Floats = _log_choose(trials, hits) + xlogy(hits, chance) + xlog1py(misses, -chance)
    return found
