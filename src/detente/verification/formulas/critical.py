"""Where the verdict on a violation flips: in detection, patience, length, false alarms.

Each function answers for one violation (or one set committed together) and one of these
numbers, the others held as they are. The model is that of `enforcement`: with
B = (D − F) L − F g a violation does not pay if and only if A B ≥ g, A the annuity.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Context, Decimal, localcontext
from fractions import Fraction

from detente.verification.domain import count, discount_factor, exact, finite, probability
from detente.verification.formulas.enforcement import ROUNDING, annuity, own_detection

DIGITS = 100
"""Digits to which a number of periods is computed before it is rounded up."""


def critical_detection(gain: float, stake: float) -> float | None:
    """The least detection probability at which a violation alone does not pay: g / K.

    Parameters
    ----------
    gain
        What the violation brings in one period, g; where it is not positive nothing need be
        detected.
    stake
        What is lost by being found, K in discounted units (`stake`).

    Returns
    -------
    float | None
        The probability d of the violation's own detectors. Above 1 no detection suffices,
        and the number says by what factor the stake is too small. None where there is a
        gain and nothing at stake (K ≤ 0).

    Raises
    ------
    ValueError
        Where an argument is not a finite number.

    Examples
    --------
    >>> critical_detection(12, 48), critical_detection(1, 0)
    (0.25, None)
    """
    tempting = finite("the gain", gain)
    lost = finite("the stake", stake)
    if tempting <= 0:
        return 0.0
    return tempting / lost if lost > 0 else None


def critical_discount(
    gain: float, loss: float, alarm: float, false_alarm: float, periods: int | None = None
) -> float | None:
    """The least discount factor at which a violation does not pay.

    Compliance pays if and only if δ + … + δ^T ≥ g / B with B = (D − F) L − F g; for ever,
    that is δ ≥ g / (g + B).

    Parameters
    ----------
    gain
        What the violation brings in one period, g; where it is not positive the answer is 0.
    loss
        What a period of punishment costs, L.
    alarm
        Total probability of an alarm under the violation, D in [F, 1].
    false_alarm
        Probability of an alarm when all comply, F in [0, 1].
    periods
        Length of the punishment, T ≥ 0; None for ever.

    Returns
    -------
    float | None
        In (0, 1), found by bisection to the last digit where T is finite; None where no
        patience suffices (B ≤ 0, or T B ≤ g).

    Raises
    ------
    ValueError
        Where an argument lies outside its domain.

    Examples
    --------
    >>> round(critical_discount(1, 2, 0.5, 0.05), 4), critical_discount(1, 2, 0.5, 0.05, 1)
    (0.5405, None)
    """
    tempting = exact("the gain", gain)
    deterrent = _deterrent(gain, loss, alarm, false_alarm)
    length = None if periods is None else count("the number of periods", periods)
    if tempting <= 0:
        return 0.0
    if deterrent <= 0:
        return None
    for_ever = float(tempting / (tempting + deterrent))
    if length is None:
        critical = for_ever
    elif length * deterrent <= tempting:
        return None
    else:
        needed = float(tempting / deterrent)
        critical = threshold(lambda x: x == 1 or annuity(x, length) >= needed, for_ever, 1.0)
    # Closer to 1 than a float can tell is no discount factor.
    return critical if critical < 1 else None


def shortest_punishment(
    gain: float, loss: float, alarm: float, false_alarm: float, discount: float
) -> int | None:
    """The shortest punishment at which a violation does not pay.

    The least T with δ + … + δ^T ≥ g / B, B = (D − F) L − F g: with the share
    r = 1 − g (1 − δ) / (B δ) it is ln r / ln δ, rounded up. Short is good: false alarms are
    punished too (`least_value_loss`).

    Parameters
    ----------
    gain, loss, alarm, false_alarm
        As for `critical_discount`.
    discount
        Worth of the next period, δ in [0, 1).

    Returns
    -------
    int | None
        Periods: 0 where there is no gain. None where not even punishment for ever deters,
        and where it just does and nothing shorter (r = 0). The numbers are read as the
        decimals that they are written as and T is computed to a hundred digits, so that a
        tie in the numbers is a tie here.

    Raises
    ------
    ValueError
        Where an argument lies outside its domain.

    Examples
    --------
    >>> shortest_punishment(1, 2, 0.5, 0.05, 0.6)
    4
    >>> shortest_punishment(1.71, 1, 1, 0, 0.9)  # 0.9 + 0.81, exactly
    2
    """
    tempting = exact("the gain", gain)
    deterrent = _deterrent(gain, loss, alarm, false_alarm)
    discount_factor("the discount factor", discount)
    factor = exact("the discount factor", discount)
    if tempting <= 0:
        return 0
    if deterrent <= 0 or not factor:
        return None
    left = 1 - tempting * (1 - factor) / (deterrent * factor)
    if left <= 0:
        return None
    with localcontext(Context(prec=DIGITS)):
        periods = _decimal(left).ln() / _decimal(factor).ln()
        whole = round(periods)
        tied = abs(periods - whole) < Decimal(10) ** (-DIGITS // 2)
        return max(1, whole if tied else math.ceil(periods))


def critical_false_alarm(
    gain: float, loss: float, detection: float, discount: float, periods: int | None = None
) -> float | None:
    """The largest false-alarm probability at which a violation still does not pay.

    F* = (d L − g / A) / (d L + g): false alarms eat the value that a cheater has to lose.

    Parameters
    ----------
    gain, loss
        What the violation brings in one period, and what a period of punishment costs.
    detection
        Probability that the violation's own detectors find it, d in [0, 1]; held fixed.
    discount
        Worth of the next period, in [0, 1).
    periods
        Length of the punishment, T ≥ 0; None for ever.

    Returns
    -------
    float | None
        In [0, 1]: 1 where there is nothing to gain. None where the violation pays even
        without any false alarm.

    Raises
    ------
    ValueError
        Where an argument lies outside its domain.

    Examples
    --------
    >>> round(critical_false_alarm(1, 2, 0.5, 0.9), 4)
    0.4444
    """
    tempting = finite("the gain", gain)
    deterred = probability("the detection probability", detection) * finite("the loss", loss)
    worth = annuity(discount, periods)
    spare = worth * deterred - tempting
    if spare < -ROUNDING * abs(tempting):
        return None
    if tempting <= 0:
        return 1.0
    return max(0.0, spare) / (worth * (deterred + tempting))


def threshold(holds: Callable[[float], bool], low: float, high: float) -> float:
    """The least float above ``low`` for which something holds that holds from some point on.

    Parameters
    ----------
    holds
        False at ``low``, true at ``high``, and changing once between the two.
    low, high
        Ends of the interval, low < high.

    Returns
    -------
    float
        By bisection until no float is left between; some sixty steps, more only towards 0.

    Examples
    --------
    >>> threshold(lambda x: x * x >= 2, 1.0, 2.0)
    1.4142135623730951
    """
    while low < (middle := low + (high - low) / 2) < high:
        if holds(middle):
            high = middle
        else:
            low = middle
    return high


def _deterrent(gain: float, loss: float, alarm: float, false_alarm: float) -> Fraction:
    """What each discounted period of punishment deters, B = (D − F) L − F g, exactly."""
    own_detection(alarm, false_alarm)
    false = exact("the false-alarm probability", false_alarm)
    informative = exact("the alarm probability", alarm) - false
    return informative * exact("the loss", loss) - false * exact("the gain", gain)


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)
