"""Sampling plans: how likely a sample shows what is falsified, and how many to check.

Of so many items some are falsified; a sample is drawn without replacement and looked at,
and each falsified item in it is recognised with a chance of its own. All sizes are decided
by exact integers: a probability given as 0.9 is nine tenths, and no size hangs on how a
root or a quotient was rounded.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable
from fractions import Fraction
from typing import SupportsFloat, SupportsIndex

from detente.verification.domain import at_most_all, count, exact_probability
from detente.verification.sampling.false_alarms import silence

Rational = tuple[int, int]
"""Numerator and denominator, not in lowest terms."""
ACCEPT = "the acceptance number"
CLOSE = 1e-9
"""Where a size computed with floats is as near to a whole number as this, integers decide."""
LONG = 1000
"""Where more items than this are both falsified and sampled, floats decide what they can."""
CERTAIN = 2.0**-56
"""A chance this small is lost when it is taken from 1."""
ROUNDING = 1e-12
"""Relative error of a probability computed with floats, for each item, on the safe side."""
DETECTION = "the chance of detection asked for"
FALSIFIED = "the number of falsified items"
ITEMS = "the number of items"
RECOGNISE = "the chance to recognise a falsified item"
SAMPLED = "the number of items checked"


def detection_probability(
    items: SupportsIndex,
    falsified: SupportsIndex,
    sampled: SupportsIndex,
    recognise: SupportsFloat = 1,
    accept: SupportsIndex = 0,
) -> float:
    """How likely does a sample show that items are falsified?

    The chance that more than ``accept`` of the falsified items are in the sample and
    recognised; with the default, at least one. For ``accept = 0`` it is (S1)
    ``1 - sum_k C(M, k) C(N - M, n - k) / C(N, n) (1 - p)^k`` with N items, M falsified,
    n sampled and p to recognise one.

    Parameters
    ----------
    items
        How many items there are; at least 1.
    falsified
        How many of them are falsified; from 0 to ``items``.
    sampled
        How many are drawn, without replacement, and checked; from 0 to ``items``.
    recognise
        Chance that a falsified item that is checked is recognised; from 0 to 1.
    accept
        So many recognised items are put up with.

    Returns
    -------
    float
        The exact rational rounded once; see :func:`exact_detection_probability`.

    Raises
    ------
    ValueError
        Where an argument is outside its domain.

    Notes
    -----
    Of order ``accept * min(falsified, sampled)`` operations on integers of about
    ``min(falsified, sampled) * log2(items)`` bits; where both are above :data:`LONG`, floats
    first tell whether the answer rounds to 1. Intact items are never taken for
    falsified here; see :func:`detente.verification.alarm_probabilities` for that.

    References
    ----------
    Avenhaus and Canty (1996).

    Examples
    --------
    >>> round(detection_probability(100, 5, 37), 4)
    0.9066
    """
    plan = _plan(items, falsified, sampled, recognise, accept)
    if min(plan[1:3]) > LONG and _about(*plan) < CERTAIN:
        return 1.0
    silent, whole = _unnoticed(*plan)
    return (whole - silent) / whole


def exact_detection_probability(
    items: SupportsIndex,
    falsified: SupportsIndex,
    sampled: SupportsIndex,
    recognise: SupportsFloat = 1,
    accept: SupportsIndex = 0,
) -> Fraction:
    """:func:`detection_probability` as an exact rational.

    Parameters and errors are the same.

    Examples
    --------
    >>> exact_detection_probability(10, 2, 5)
    Fraction(7, 9)
    >>> exact_detection_probability(50, 5, 50, 0.5)
    Fraction(31, 32)
    """
    return 1 - Fraction(*_unnoticed(*_plan(items, falsified, sampled, recognise, accept)))


def sample_size(
    items: SupportsIndex,
    falsified: SupportsIndex,
    detection: SupportsFloat,
    recognise: SupportsFloat = 1,
    accept: SupportsIndex = 0,
) -> int | None:
    """How many items must be checked for this chance of detection?

    The least ``sampled`` whose :func:`detection_probability` is at least ``detection``,
    found by bisection: the chance never falls in the sample size (S2).

    Parameters
    ----------
    items, falsified, recognise, accept
        As in :func:`detection_probability`.
    detection
        The chance asked for; from 0 to 1.

    Returns
    -------
    int or None
        None where checking every item does not reach it.

    Raises
    ------
    ValueError
        Where an argument is outside its domain.

    Notes
    -----
    Every comparison is exact. The search starts from :func:`simple_sample_size`, which is
    at the answer or a little above it, so that a few evaluations do. Where the integers
    would be very long (see :data:`LONG`), floats decide all but ties within many times their
    rounding.

    Examples
    --------
    >>> sample_size(100, 5, 0.9)
    37
    >>> sample_size(100, 5, 0.9, recognise=0.3) is None
    True
    """
    total, bad = _items_and_falsified(items, falsified)
    chance, most = exact_probability(RECOGNISE, recognise), count(ACCEPT, accept)
    missed = 1 - exact_probability(DETECTION, detection)
    near = float(missed)

    def enough(drawn: int) -> bool:
        if min(bad, drawn) > LONG:
            about = _about(total, bad, drawn, chance, most)
            if abs(about - near) > (CLOSE + ROUNDING * total) * max(about, near):
                return about < near
        silent, whole = _unnoticed(total, bad, drawn, chance, most)
        return silent * missed.denominator <= missed.numerator * whole

    guess = _simple(total, bad, missed, chance) if bad else None
    return _first(enough, total if guess is None else guess, total)


def simple_sample_size(
    items: SupportsIndex,
    falsified: SupportsIndex,
    detection: SupportsFloat,
    recognise: SupportsFloat = 1,
) -> int | None:
    """How many items does the simple formula say must be checked?

    ``ceil(N (1 - b^(1/M)) / p)`` with ``b`` one less ``detection``: what would do if every
    draw were from all items again. It is never too small, and exact where one item is
    falsified (S3). Parameters and errors as in :func:`sample_size`, with at least one
    falsified item.

    Returns
    -------
    int or None
        None where it exceeds the number of items. That is where ``(1 - p)^M > b``, so that
        checking all of them would not do.

    References
    ----------
    Hoeffding (1963), section 6: sampling without replacement is the smaller in convex
    order, which is why it suffices for p below 1.

    Examples
    --------
    >>> simple_sample_size(100, 10, 0.9), sample_size(100, 10, 0.9)
    (21, 20)
    """
    total, bad = _items_and_falsified(items, falsified, least=1)
    missed = 1 - exact_probability(DETECTION, detection)
    return _simple(total, bad, missed, exact_probability(RECOGNISE, recognise))


def jaech_sample_size(
    items: SupportsIndex, falsified: SupportsIndex, detection: SupportsFloat
) -> int:
    """How many items does Jaech's approximation say must be checked?

    ``ceil((1 - b^(1/M)) (2N - M + 1) / 2)`` with ``b`` one less ``detection``, where every
    falsified item that is checked is recognised (S3). In all 180,596 cases of up to 300
    items and chances of 20, 50, 90 and 95 per cent it is the exact size or one more.
    Parameters and errors as in :func:`sample_size`, with at least one falsified item.

    Examples
    --------
    >>> jaech_sample_size(100, 10, 0.9)
    20
    """
    total, bad = _items_and_falsified(items, falsified, least=1)
    missed = 1 - exact_probability(DETECTION, detection)
    return _ceiling(Fraction(2 * total - bad + 1, 2), missed, Fraction(1, bad))


def recognition_needed(falsified: SupportsIndex, detection: SupportsFloat) -> float:
    """How well must a falsified item be recognised for this chance to be within reach?

    ``1 - b^(1/M)`` with ``b`` one less ``detection``: what it takes where every item is
    checked. Parameters and errors as in :func:`sample_size`, with at least one falsified item.

    Examples
    --------
    >>> round(recognition_needed(5, 0.9), 3)
    0.369
    """
    bad = count(FALSIFIED, falsified, 1)
    missed = 1 - exact_probability(DETECTION, detection)
    return _seen(missed, Fraction(1, bad))


def _plan(
    items: SupportsIndex,
    falsified: SupportsIndex,
    sampled: SupportsIndex,
    recognise: SupportsFloat,
    accept: SupportsIndex,
) -> tuple[int, int, int, Fraction, int]:
    total, bad = _items_and_falsified(items, falsified)
    drawn = at_most_all(SAMPLED, sampled, total)
    return total, bad, drawn, exact_probability(RECOGNISE, recognise), count(ACCEPT, accept)


def _about(total: int, bad: int, drawn: int, chance: Fraction, accept: int) -> float:
    """:func:`_unnoticed` as a float, with a relative error below ``ROUNDING * total``."""
    return silence(total, bad, drawn, float(chance), false_alarm=0, accept=accept)


def _unnoticed(total: int, bad: int, drawn: int, chance: Fraction, accept: int) -> Rational:
    """The chance that at most ``accept`` falsified items are recognised.

    A share of ``found`` in it: they are drawn, recognised, and none of the rest is. It is
    symmetric in ``bad`` and ``drawn``: with the larger of both as a set and the smaller
    drawn from all, sums have the fewest terms and the smallest integers. Not reduced to
    lowest terms, as that would take longer than all the rest.
    """
    few, many = min(bad, drawn), max(bad, drawn)
    hit, below = chance.numerator, chance.denominator
    miss = below - hit
    if many == total:  # every item is drawn, or every one is falsified
        ways = (math.comb(few, n) * hit**n * miss ** (few - n) for n in range(min(accept, few) + 1))
        return sum(ways), below**few
    silent = sum(
        math.comb(many, n) * hit**n * _none_recognised(total - n, many - n, few - n, miss, below)
        for n in range(min(accept, few) + 1)
    )
    return silent, math.comb(total, few) * below**few


def _none_recognised(total: int, many: int, few: int, miss: int, below: int) -> int:
    """The ways to draw ``few`` items such that of ``many`` none is recognised, weighted.

    In units of ``below ** -few``; each term of the sum follows from the one before it by
    an exact division.
    """
    least = max(0, few - (total - many))  # so many are drawn from the set in any case
    term: int = math.comb(many, least) * math.comb(total - many, few - least) * miss**least
    weighted = term
    last = few if miss else least
    for both in range(least, last):
        term = term * ((many - both) * (few - both) * miss)
        term //= (both + 1) * (total - many - few + both + 1)
        weighted = weighted * below + term
    ways: int = weighted * below ** (few - last)
    return ways


def _simple(total: int, bad: int, missed: Fraction, chance: Fraction) -> int | None:
    return with_replacement(total, missed, Fraction(1, bad), chance)


def with_replacement(total: int, missed: Fraction, power: Fraction, chance: Fraction) -> int | None:
    """The least n with ``1 - n p / N <= missed ** power``; None where it is above N."""
    if missed == 1:
        return 0
    if not chance or _seen(missed, power) > 2 * chance:  # far beyond N, or beyond all numbers
        return None
    size = _ceiling(total / chance, missed, power)
    return size if size <= total else None


def _ceiling(scale: Fraction, missed: Fraction, power: Fraction) -> int:
    """The least whole number that is at least ``scale * (1 - missed ** power)``, exactly."""
    if missed == 1:
        return 0
    if not missed:
        return math.ceil(scale)
    near = float(Fraction(_seen(missed, power)) * scale)
    whole = round(near)
    if abs(near - whole) > CLOSE * max(1.0, near):
        return math.ceil(near)
    rest = 1 - whole / scale
    return whole if rest <= 0 or rest**power.denominator <= missed**power.numerator else whole + 1


def _seen(missed: Fraction, power: Fraction) -> float:
    """``1 - missed ** power`` as a float; no digits are lost where it is close to 0."""
    if not missed:
        return 1.0
    if 2 * missed > 1:
        logarithm = math.log1p(-float(1 - missed))
    else:
        logarithm = math.log(missed.numerator) - math.log(missed.denominator)
    return -math.expm1(float(power) * logarithm)


def _first(enough: Callable[[int], bool], near: int, last: int) -> int | None:
    """The first number from 0 to ``last`` that is enough, or None; all after it are, too.

    Looks around ``near`` in growing steps, then halves what is left.
    """
    low, high, step = near, near, 1
    if enough(near):
        while low > 0 and enough(low := max(0, low - step)):
            high, step = low, 4 * step
    elif not enough(last):
        return None
    else:
        while not enough(high := min(last, high + step)):
            low, step = high, 4 * step
    return bisect_left(range(last + 1), True, lo=low, hi=high, key=enough)


def _items_and_falsified(
    items: SupportsIndex, falsified: SupportsIndex, least: int = 0
) -> tuple[int, int]:
    total = count(ITEMS, items, 1)
    return total, at_most_all(FALSIFIED, falsified, total, least)
