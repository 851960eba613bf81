"""Several violations at once: the worst set among all of them, without trying them all.

Violation k brings g_k a period and is found by its own detectors with probability d_k,
independently of the others. What a party keeps by not committing the set S is

    M(S) = K (1 − Π_{k in S} (1 − d_k)) − Σ_{k in S} g_k,

K its stake. The number of sets doubles with every violation. But for K ≥ 0 the margin is a
concave function of the two sums Σ g_k and Σ a_k, a_k = −ln(1 − d_k), that falls in the one
and rises in the other: its least value over all sets is at a corner of the polygon that the
pairs of sums span, and those corners are the beginnings of the list of violations with a
gain, ordered by g_k / a_k from the largest. Which sets are not empty is answered by forcing
each violation in turn into the set and adding such a beginning of the list of the others:
that leaves K and the order as they are but for the factor 1 − d_k.

For K < 0 being found is a benefit and the margin is convex: choosing among violations with
a negative gain then holds a subset-sum problem, and the sets are searched, with those left
out that cannot be worst.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.model.problem import Floats
from detente.verification.domain import exact, finite, numbers, probabilities
from detente.verification.formulas.enforcement import ROUNDING

Positions = tuple[int, ...]

SCREEN = 1e-9
"""Sets whose margins in floats differ by less than this share of the sums are told apart in
exact rationals; far above the rounding of any sum of this length."""


def margin(gains: ArrayLike, detection: ArrayLike, stake: float) -> tuple[float, Positions]:
    """The least margin over all non-empty sets of violations, and the set that has it.

    Compliance pays against every violation, alone and together, if and only if the margin
    is not negative.

    Parameters
    ----------
    gains
        What each violation brings in one period, of any sign.
    detection
        Probability that each is found by its own detectors, in [0, 1]; one number for all,
        or one each.
    stake
        K in discounted units (`stake`), of any sign.

    Returns
    -------
    float
        K (1 − Π (1 − d_k)) − Σ g_k of the worst set, in discounted units.
    tuple[int, ...]
        The worst set, ascending. Of several the smallest; of those the first in the order of
        their positions. Ties are decided exactly, each number read as the decimal that it is
        written as.

    Raises
    ------
    ValueError
        Where there is no violation, or an argument lies outside its domain.

    Notes
    -----
    O(k²) for K ≥ 0. For K < 0 exponential in the number of violations with a negative gain
    for which being found alone would make up for it; K < 0 is a party that is better off
    punished.

    Examples
    --------
    >>> margin([12, 10, 8], [0.3, 0.25, 0.2], 44.847)  # each alone loses
    (-3.98874, (0, 1, 2))
    """
    one = np.asarray(gains)[None]
    tempting, seen, lost = _checked(one, detection, np.array([finite("the stake", stake)]))
    order, tempting, seen = _ordered(tempting, seen, lost)
    candidates: list[tuple[float, Positions]] = []
    if lost[0] >= 0:
        helpful = tempting[:, 0] > 0
        for forced, length, values in _beginnings(tempting, seen, lost):
            others = (i for i in range(length) if helpful[i] and i != forced)
            candidates.append((float(values[0]), (forced, *others)))
    else:
        candidates = [(float(v[0]), chosen) for chosen, _, v in _searched(tempting, seen, lost)]
    room = SCREEN * (abs(lost[0]) + np.abs(tempting).sum())
    bound = min(value for value, _ in candidates) + room
    close = {
        tuple(sorted(int(order[i, 0]) for i in chosen))
        for value, chosen in candidates
        if value <= bound
    }
    gain = [exact("the gain", g) for g in np.asarray(gains).tolist()]
    own = np.broadcast_to(np.asarray(detection), (len(gain),)).tolist()
    hidden = [1 - exact("the detection probability", d) for d in own]
    loss = exact("the stake", stake)
    value, _, worst = min((_value(c, gain, hidden, loss), len(c), c) for c in close)
    return float(value), worst


def margins(gains: ArrayLike, detection: ArrayLike, stake: ArrayLike) -> Floats:
    """The least margin over all non-empty sets of violations, for many parameters at once.

    Parameters
    ----------
    gains
        Shape (n, k): k violations, n sets of parameters.
    detection
        Shape (n, k), or (k,) for the same in all; in [0, 1].
    stake
        Shape (n,), of any sign.

    Returns
    -------
    ndarray
        Shape (n,): for each row what `margin` answers, up to rounding.

    Raises
    ------
    ValueError
        Where there is no violation, the shapes do not match, or an argument lies outside its
        domain.

    Notes
    -----
    O(n k²), and for negative stakes as for `margin`; no loop over the rows.

    Examples
    --------
    >>> margins([[12, 10, 8], [1, 1, 1]], [0.5, 0.5, 0.5], [20, 20])
    array([-12.5,   9. ])
    """
    tempting, seen, lost = _checked(gains, detection, stake)
    worst = np.empty(len(lost))
    for negative in (False, True):
        rows = np.flatnonzero((lost < 0) == negative)
        if not len(rows):
            continue
        _, ordered, own = _ordered(tempting[rows], seen[rows], lost[rows])
        least = np.full(len(rows), np.inf)
        if negative:
            for _, some, values in _searched(ordered, own, lost[rows]):
                least[some] = np.minimum(least[some], values)
        else:
            for _, _, values in _beginnings(ordered, own, lost[rows]):
                np.minimum(least, values, out=least)
        worst[rows] = least
    return worst


def joint_critical_detection(gains: ArrayLike, stake: float) -> float | None:
    """The least detection, the same for every violation, at which no set of them pays.

    The largest of 1 − (1 − G_m / K)^(1 / m), G_m the sum of the m largest gains. It is more
    than any violation alone needs: who cheats twice is found only once.

    Parameters
    ----------
    gains
        What each violation brings in one period, of any sign.
    stake
        K in discounted units (`stake`).

    Returns
    -------
    float | None
        In [0, 1]; 0 where no gain is positive. None where the positive gains together exceed
        the stake: then no verification deters. Where they equal it, up to rounding, 1.

    Raises
    ------
    ValueError
        Where there is no violation, or an argument is not finite.

    Notes
    -----
    O(k log k).

    Examples
    --------
    >>> round(joint_critical_detection([10, 10, 10], 44.84745762711865), 4)
    0.3082
    >>> joint_critical_detection([10, 10, 10], 29) is None
    True
    """
    tempting = numbers("the gain", gains)
    if tempting.ndim != 1 or not tempting.size:
        raise ValueError("the gains are a list of at least one number")
    lost = finite("the stake", stake)
    positive = np.sort(tempting[tempting > 0])[::-1]
    if not positive.size:
        return 0.0
    if lost <= 0 or math.fsum(positive) > lost * (1 + ROUNDING):
        return None
    shares = np.minimum(1.0, np.cumsum(positive) / lost)
    with np.errstate(divide="ignore"):  # a share of 1 asks for certain detection
        needed = -np.expm1(np.log1p(-shares) / np.arange(1, len(shares) + 1))
    return float(needed.max())


def _checked(gains: ArrayLike, detection: ArrayLike, stake: ArrayLike) -> tuple[Floats, ...]:
    """Gains and detection of shape (n, k) and stakes of shape (n,)."""
    tempting = numbers("the gain", gains)
    if tempting.ndim != 2 or not tempting.shape[1]:
        raise ValueError("there is at least one violation, and a gain for each")
    seen = probabilities("the detection probability", detection)
    lost = numbers("the stake", stake)
    if seen.shape not in {(), tempting.shape[1:], tempting.shape}:
        raise ValueError(
            f"there is a detection probability for each gain; the shapes are {seen.shape} "
            f"and {tempting.shape}"
        )
    if lost.shape not in {(), tempting.shape[:1]}:
        raise ValueError(
            f"there is a stake for each row of gains; these are {lost.size} and {len(tempting)}"
        )
    rows = tempting.shape[:1]
    return tempting, np.broadcast_to(seen, tempting.shape), np.broadcast_to(lost, rows)


def _ordered(
    gains: Floats, detection: Floats, stake: Floats
) -> tuple[NDArray[np.intp], Floats, Floats]:
    """Every row in the order of its search, and the rows turned into columns."""
    if (stake >= 0).all():
        with np.errstate(divide="ignore", over="ignore"):
            # An unseen violation comes first, one that is surely seen last.
            rate = np.maximum(-np.log1p(-detection), np.finfo(float).tiny)
            order = np.argsort(-gains / rate, axis=1, kind="stable")
    else:
        order = np.lexsort((-detection, gains <= 0), axis=1)
    columns = order.T
    return (
        columns,
        np.take_along_axis(gains, order, axis=1).T.copy(),
        np.take_along_axis(detection, order, axis=1).T.copy(),
    )


def _beginnings(
    gains: Floats, detection: Floats, stake: Floats
) -> Iterator[tuple[int, int, Floats]]:
    """Each position forced, with each beginning of the list: position, length, margins."""
    helpful = gains > 0
    total_of = np.where(helpful, gains, 0.0)
    hidden_of = np.where(helpful, 1 - detection, 1.0)
    for forced in range(len(gains)):
        total, hidden = gains[forced], 1 - detection[forced]
        yield forced, 0, stake * (1 - hidden) - total
        for position in range(len(gains)):
            if position != forced:
                total, hidden = total + total_of[position], hidden * hidden_of[position]
                yield forced, position + 1, stake * (1 - hidden) - total


def _searched(
    gains: Floats, detection: Floats, stake: Floats
) -> Iterator[tuple[Positions, NDArray[np.intp], Floats]]:
    """For negative stakes, the sets that may be worst, with the rows in which they may be.

    Where no set is worse than none at all, one violation alone is the least bad, because
    what a set brings is at most the sum of what its members bring. Otherwise every member
    of a worst set still brings something when it is added to some of the others. A gain is
    always taken; what brings nothing but being found is taken unless it is certain by then,
    the surest first.
    """
    size, count = gains.shape
    rows = np.arange(count)
    for position in range(size):
        yield (position,), rows, stake * detection[position] - gains[position]

    def extended(
        position: int, some: NDArray[np.intp], chosen: Positions, total: Floats, hidden: Floats
    ) -> Iterator[tuple[Positions, NDArray[np.intp], Floats]]:
        if not len(some):
            return
        if position == size:
            if len(chosen) > 1:
                yield chosen, some, stake[some] * (1 - hidden) - total
            return
        gain, seen = gains[position, some], detection[position, some]
        pays = gain - stake[some] * hidden * seen > 0
        left = ~pays | (gain < 0)
        yield from extended(
            position + 1,
            some[pays],
            (*chosen, position),
            (total + gain)[pays],
            (hidden * (1 - seen))[pays],
        )
        yield from extended(position + 1, some[left], chosen, total[left], hidden[left])

    yield from extended(0, rows, (), np.zeros(count), np.ones(count))


def _value(
    chosen: Positions, gains: list[Fraction], hidden: list[Fraction], stake: Fraction
) -> Fraction:
    """The margin of one set, exactly."""
    unseen = math.prod((hidden[i] for i in chosen), start=Fraction(1))
    return stake * (1 - unseen) - sum((gains[i] for i in chosen), start=Fraction(0))
