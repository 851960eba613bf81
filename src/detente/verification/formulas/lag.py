"""Alarms that are acted upon late, and the party that cheats until then.

With a lag of ℓ periods an alarm raised in one period is acted upon ℓ periods later (ℓ = 1:
in the next one, no extra delay), and nobody hears of it before. A party that has cheated may
already be found without knowing it. It has less to lose by cheating again, so that what
deters the first violation need not deter the second: the agreement holds against a
violation if and only if it does not pay to commit it in every period until found.

Proof, for punishment for ever, g ≥ 0 and L ≥ 0. An honest party in an agreement under way
gets L more than punished in every period that it lives to see, each next one with
probability 1 − F: with δ' = δ (1 − F) its prospects are worth L / (1 − δ'). Let U be the
most that any plan of cheating yields. If U is more than honesty yields, its best plan begins
with a violation (one that begins with honesty is worth L + δ' times what follows), and

    U = L + g + δ' [(1 − d) U(y) + d H(y)],

y the plan for the time after and H(y) its yield in the ℓ − 1 periods before the first
violation can be acted upon. U(y) ≤ U and H(y) ≤ (L + g) h, h = 1 + δ' + … + δ'^(ℓ−2), and
cheating in every period has both with equality. So if any plan pays, that one does. □

Under false alarms the moment matters. At the very beginning no alarm can be pending, and
cheating is judged too harshly by that day: later, results are out that may hold a false
alarm, and there is less to lose. The functions judge an agreement under way.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.model.problem import Floats
from detente.verification.domain import (
    count,
    counts,
    discount_factors,
    finite,
    numbers,
    probabilities,
)
from detente.verification.formulas.enforcement import annuity, own_detection, stake


def found(
    discount: ArrayLike, alarm: ArrayLike, lag: ArrayLike, false_alarm: ArrayLike = 0.0
) -> Floats:
    """The expected discount to the day on which an alarm is acted upon.

    θ = δF (1 − q^(ℓ−1)) / (1 − q) + q^(ℓ−1) δD / (1 − δ (1 − D)), q = δ (1 − F): what is
    still pending when the cheating begins may hold a false alarm, then each period of
    cheating raises one with probability D. Without false alarms δ^ℓ D / (1 − δ (1 − D)).

    A party that gets x a period until then and y a period afterwards has (1 − θ) x + θ y a
    period on average. Honesty, D = F, has θ = δF / (1 − q) whatever the lag. So cheating
    does not pay if and only if g (1 − θ_D) ≤ L (θ_D − θ_F). With ℓ = 1 that is
    g (1 − δ + δF) ≤ δ (D − F) L: g ≤ K d with the `stake` K for punishment for ever.

    Parameters
    ----------
    discount
        Worth of the next period, δ in [0, 1).
    alarm
        Total probability of an alarm in each period from now on, D in [0, 1].
    lag
        Periods between an alarm and the answer to it, ℓ ≥ 1.
    false_alarm
        Probability of an alarm in each of the last ℓ − 1 periods, whose results are still
        out, F in [0, 1]; 0 also stands for an agreement that begins today.

    Returns
    -------
    ndarray
        In [0, 1), of the shape to which the arguments broadcast together.

    Raises
    ------
    ValueError
        Where an argument lies outside its domain.

    Examples
    --------
    >>> found(0.5, 1, [1, 2, 3])
    array([0.5  , 0.25 , 0.125])
    """
    return found_unchecked(
        discount_factors("the discount factor", discount),
        probabilities("the alarm probability", alarm),
        counts("the lag", lag, 1),
        probabilities("the false-alarm probability", false_alarm),
    )


def found_unchecked(
    discount: Floats,
    alarm: float | Floats,
    lag: int | NDArray[np.int64],
    false_alarm: float | Floats = 0.0,
) -> Floats:
    """`found`, for numbers that are known to lie in their domains."""
    pending = lag - 1
    lived = discount * (1 - false_alarm)
    still = lived**pending
    early = discount * false_alarm * (1 - still) / (1 - lived)
    theta: Floats = early + still * discount * alarm / (1 - discount * (1 - alarm))
    return theta


def largest_gain(discount: float, alarm: float, lag: int, false_alarm: float = 0.0) -> float:
    """The largest gain of a violation that does not pay, for each unit of loss.

    g / L ≤ (θ_D − θ_F) / (1 − θ_D), with θ of `found`; exact for one violation (or one set
    that is always committed together) and punishment for ever.

    Parameters
    ----------
    discount
        Worth of the next period, δ in [0, 1).
    alarm
        Total probability of an alarm under the violation, D in [F, 1].
    lag
        Periods between an alarm and the answer to it, ℓ ≥ 1; 1 is no extra delay.
    false_alarm
        Probability of an alarm when all comply, F in [0, 1].

    Raises
    ------
    ValueError
        Where an argument lies outside its domain.

    Examples
    --------
    >>> round(largest_gain(0.9, 0.5, 1), 2), round(largest_gain(0.9, 0.5, 3), 2)
    (4.5, 1.96)
    """
    own_detection(alarm, false_alarm)
    cheating = found(discount, alarm, count("the lag", lag, 1), false_alarm)
    honest = found(discount, false_alarm, 1)
    return max(0.0, float((cheating - honest) / (1 - cheating)))


def lagged_stake(
    comply: float,
    punished: float,
    discount: float,
    false_alarm: float,
    *,
    lag: int,
    gains: ArrayLike,
) -> float:
    """A stake that makes `margin` safe for several violations under a lag.

    K δ'^(ℓ−1) − G (δ' + … + δ'^(ℓ−1)), with K the `stake` for punishment for ever,
    δ' = δ (1 − F) and G the sum of the positive gains. If g(S) is at most this times the
    detection of S, for every set S of violations, then no plan of cheating pays, also none
    that changes its violations over time. With several violations the best such plan may
    begin with one that is hard to see and go on to all: testing each set for being
    committed until found is then not enough. For one violation the test is exact.

    Parameters
    ----------
    comply, punished
        What a period is worth when all comply, and during the punishment, which lasts.
    discount, false_alarm
        δ in [0, 1) and F in [0, 1].
    lag
        Periods between an alarm and the answer to it, ℓ ≥ 1; 1 is no extra delay.
    gains
        What each violation brings in one period.

    Returns
    -------
    float
        In discounted units; negative where the lag eats the stake.

    Raises
    ------
    ValueError
        Where an argument lies outside its domain.

    Notes
    -----
    A plan that begins with S and goes on with y is worth at most L + g(S) +
    δ' [(1 − d_S) U + d_S (L + G) h], in the notation of the module; the condition says that
    U = L / (1 − δ') is at least all of these, and therefore at least their fixed point.

    Examples
    --------
    >>> round(lagged_stake(10, 4, 0.5, 0, lag=1, gains=[1, 2]), 12)
    6.0
    >>> round(lagged_stake(10, 4, 0.5, 0, lag=2, gains=[1, 2]), 12)
    1.5
    """
    lost = stake(comply, punished, discount, false_alarm)
    tempting = numbers("the gain", gains)
    if not tempting.size:
        raise ValueError("there is at least one violation, and a gain for each")
    pending = count("the lag", lag, 1) - 1
    lived = discount * (1 - finite("the false-alarm probability", false_alarm))
    return lost * lived**pending - float(tempting[tempting > 0].sum()) * annuity(lived, pending)
