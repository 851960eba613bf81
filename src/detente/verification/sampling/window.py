"""How much inspection is enough, and how much is too much.

A larger sample finds more, and raises more false alarms. Both meet in the stake of
:func:`detente.verification.stake`: what a party loses by being found out is worth less, the
more often it is punished for nothing. So an agreement may hold for a window of sizes only.
And what inspectors see may itself be of use against the inspected: a window of another kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import SupportsFloat, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike

from detente.model.problem import Floats
from detente.verification.domain import (
    amount,
    at_most_all,
    count,
    counts,
    exact,
    exact_probability,
    probability,
)
from detente.verification.formulas.enforcement import stake
from detente.verification.sampling.false_alarms import silences

TIE = 1e-9
"""A margin below zero by less than this share of the gain counts as zero."""


@dataclass(frozen=True)
class Window:
    """For which sample sizes an agreement holds.

    Parameters
    ----------
    sizes
        The first and the last size of each unbroken run for which it does; empty where it
        does for none. Where no item alarm is put up with, there is one run at most.
    best
        The smallest size with the largest margin.
    margin
        That margin, in discounted units.
    """

    sizes: tuple[tuple[int, int], ...]
    best: int
    margin: float


def sample_margins(
    items: SupportsIndex,
    falsified: SupportsIndex,
    sampled: ArrayLike,
    *,
    gain: SupportsFloat,
    loss: SupportsFloat,
    discount: float,
    recognise: SupportsFloat = 1,
    false_alarm: SupportsFloat = 0,
    accept: SupportsIndex = 0,
    periods: int | None = None,
) -> Floats:
    """By how much does cheating not pay, for samples of each size?

    ``K(F(n)) d(n) - g`` (S7): K is the :func:`detente.verification.stake`, F(n) the chance
    of a false alarm in a period, and d(n) that the violation raises an alarm of its own. For
    ``accept = 0`` F(n) is ``1 - (1 - e)^n``, and d(n) is
    :func:`detente.verification.detection_probability`. Else F and the total chance D under
    the violation follow from the number of item alarms, and d is ``(D - F) / (1 - F)``.

    Parameters
    ----------
    items, falsified
        As in :func:`detente.verification.detection_probability`; one violation takes so many.
    sampled
        Numbers of items checked in a period; each from 0 to ``items``.
    gain
        What the violation yields in a period; at least 0, in the unit of the values.
    loss
        What is lost a period while an alarm is punished; at least 0, in the same unit.
    discount
        Worth of the next period, in [0, 1).
    recognise, accept
        As in :func:`detente.verification.alarm_probabilities`.
    false_alarm
        Chance e that an item that is checked raises an alarm for no reason, in [0, 1]. A
        falsified item may do so, too, independently of being recognised.
    periods
        Length of a punishment; None for ever.

    Returns
    -------
    numpy.ndarray
        One margin a size, in discounted units; times ``1 - discount``, a period's.

    Raises
    ------
    ValueError
        Where an argument is outside its domain.

    Notes
    -----
    Of order ``len(sampled) * min(falsified, max(sampled)) * accept**2``: about a second for
    ten million.

    Examples
    --------
    >>> terms = dict(gain=12, loss=6, discount=0.9, recognise=0.9, false_alarm=0.005)
    >>> sample_margins(100, 5, [7, 8, 58, 59], **terms).round(2)
    array([-0.77,  0.13,  0.06, -0.09])
    """
    total = count("the number of items", items, 1)
    bad = at_most_all("the number of falsified items", falsified, total)
    sizes = np.atleast_1d(counts("the number of items checked", sampled))
    at_most_all("the number of items checked", int(sizes.max(initial=0)), total)
    hit = probability("the chance to recognise a falsified item", recognise)
    wrong = probability("the chance of a false alarm at an item", false_alarm)
    most = count("the acceptance number", accept)
    tempted, lost = amount("the gain", gain), amount("the loss", loss)
    either = 1 - (1 - hit) * (1 - wrong)
    silent = silences(total, bad, sizes, either, false_alarm=wrong, accept=most)
    right = silences(total, 0, sizes, either, false_alarm=wrong, accept=most)
    stakes = np.array([stake(lost, 0, discount, 1 - calm, periods) for calm in right.tolist()])
    missed = np.divide(silent, right, out=np.ones_like(silent), where=right > 0)
    margins: Floats = stakes * (1 - missed) - tempted
    return margins


def sample_window(
    items: SupportsIndex,
    falsified: SupportsIndex,
    *,
    gain: SupportsFloat,
    loss: SupportsFloat,
    discount: float,
    recognise: SupportsFloat = 1,
    false_alarm: SupportsFloat = 0,
    accept: SupportsIndex = 0,
    periods: int | None = None,
) -> Window:
    """For which sample sizes does the agreement hold, and which is the best?

    Every size from 0 to ``items`` is looked at; it holds where its margin
    (:func:`sample_margins`) is not negative, within rounding. A second look at every alarm
    changes ``recognise`` and ``false_alarm`` as :func:`detente.verification.second_look`
    says. Parameters, errors and cost are those of :func:`sample_margins`.

    Returns
    -------
    Window

    Examples
    --------
    >>> terms = dict(gain=12, loss=6, discount=0.9, recognise=0.9)
    >>> found = sample_window(100, 5, false_alarm=0.005, **terms)
    >>> found.sizes, found.best, round(found.margin, 2)
    (((8, 58),), 23, 4.86)
    >>> sample_window(100, 5, false_alarm=0.01, **terms).sizes
    ()
    """
    sizes = np.arange(count("the number of items", items, 1) + 1)
    margins = sample_margins(
        items,
        falsified,
        sizes,
        gain=gain,
        loss=loss,
        discount=discount,
        recognise=recognise,
        false_alarm=false_alarm,
        accept=accept,
        periods=periods,
    )
    holds = margins >= -TIE * float(gain)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], holds, [False])).astype(np.int8)))
    runs = tuple((int(first), int(after) - 1) for first, after in edges.reshape(-1, 2))
    best = int(margins.argmax())
    return Window(runs, best, float(margins[best]))


@dataclass(frozen=True)
class TransparencyWindow:
    """How intense inspections have to be, and may be.

    Parameters
    ----------
    least
        The least intensity that deters cheating; None where full inspection does not.
    most
        The largest with which the inspected party does not rather break off; None where it
        would without any.
    feasible
        Whether some intensity does both.
    """

    least: float | None
    most: float | None
    feasible: bool


def transparency_window(
    gain: SupportsFloat,
    stake: SupportsFloat,
    quality: SupportsFloat,
    promise: SupportsFloat,
    breakdown: SupportsFloat,
    *,
    cost: SupportsFloat,
) -> TransparencyWindow:
    """How intense must inspections be, if what they show makes breaking off more tempting?

    At intensity x from 0 to 1 cheating is found with chance ``q x``, which deters where
    ``x >= g / (K q)``, and breaking off is worth ``B + t x`` to the other side, which it
    does not do where ``x <= (V - B) / t`` (S8).

    Parameters
    ----------
    gain
        What cheating yields in a period, g; at least 0.
    stake
        What is lost by being found out, K; at least 0, as
        :func:`detente.verification.stake` gives it.
    quality
        Chance q that cheating is found at full intensity, in [0, 1].
    promise, breakdown
        What the agreement is worth to the other side, V, and what breaking off is without
        any inspection, B; in one unit.
    cost
        By how much full inspection raises that, t; at least 0.

    Returns
    -------
    TransparencyWindow
        Decided exactly, with numbers as they are written.

    Raises
    ------
    ValueError
        Where an argument is outside its domain.

    References
    ----------
    Coe and Vaynman (2020).

    Examples
    --------
    >>> transparency_window(12, 40, 0.8, 60, 50, cost=20)
    TransparencyWindow(least=0.375, most=0.5, feasible=True)
    """
    for name, value in {"the gain": gain, "the stake": stake, "the cost": cost}.items():
        amount(name, value)
    tempted, lost = exact("the gain", gain), exact("the stake", stake)
    seen = exact_probability("the quality of inspections", quality) * lost
    spare = exact("the promise", promise) - exact("the breakdown value", breakdown)
    price = exact("the cost", cost)
    least = None if tempted > seen else tempted / seen if tempted else Fraction(0)
    most = None if spare < 0 else min(Fraction(1), spare / price) if price else Fraction(1)
    feasible = least is not None and most is not None and least <= most
    return TransparencyWindow(
        None if least is None else float(least), None if most is None else float(most), feasible
    )
