"""A dash for a prize: covert work over several periods that ends in a lasting advantage.

A breakout takes k periods. In each it brings a flow on top of compliance (often negative)
and is found with the total alarm probability D; who is found is punished for ever, who is
not has the prize for good. An alarm is acted upon m = 1 + lag periods after the beginning of
the period in which it is raised, so that only the first k − lag periods are useful to
whoever wants to stop it. With a lag of 0 and q = δ (1 − D) the dash is worth, in discounted
sums, q^k V_B + (flow + δ D V_P)(1 − q^k) / (1 − q), V_B with the prize and V_P punished.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.model.problem import Floats
from detente.verification.domain import (
    amount,
    count,
    counts,
    discount_factor,
    discount_factors,
    exact,
    finite,
    numbers,
    probabilities,
    probability,
)
from detente.verification.formulas.critical import threshold
from detente.verification.formulas.enforcement import ROUNDING, average_value


def dash(  # noqa: PLR0917
    comply_plus_flow: ArrayLike,
    found: ArrayLike,
    prize: ArrayLike,
    discount: ArrayLike,
    alarm: ArrayLike,
    takes: ArrayLike,
    lag: ArrayLike = 0,
    false_alarm: ArrayLike = 0.0,
) -> Floats:
    """What a dash for a prize is worth per period to the party that makes it.

    Σ_{j<n} (1 − D)^j D [(1 − δ^(j+m)) flow + δ^(j+m) found]
    + (1 − D)^n [(1 − δ^k) flow + δ^k (found + prize)], with m = 1 + lag and n = max(0, k − lag)
    useful periods; computed as the mean of flow and found, weighted by the expected discount
    to the end of the dash, and the prize by that to its success.

    Parameters
    ----------
    comply_plus_flow
        What a period is worth during the dash.
    found
        What a period is worth afterwards, without the prize.
    prize
        What the prize adds to every period afterwards.
    discount
        Worth of the next period, δ in [0, 1).
    alarm
        Total probability of an alarm in a period of the dash, D in [0, 1].
    takes
        Periods until the prize, k ≥ 1. An alarm that is acted upon on that very day still
        prevents it.
    lag
        Extra periods between an alarm and the answer to it, at least 0.
    false_alarm
        Probability of an alarm in each of the ``lag`` periods before the dash, whose results
        are still out; with it the dash is made from an agreement under way (see `lag.found`).

    Returns
    -------
    ndarray
        Normalised values, of the shape to which the arguments broadcast together.

    Raises
    ------
    ValueError
        Where an argument lies outside its domain.

    Examples
    --------
    >>> dash(10, 4, [0, 6], 0.5, 0.5, 1)  # found with probability a half before it is done
    array([7. , 8.5])
    """
    return dash_unchecked(
        numbers("the value during the dash", comply_plus_flow),
        numbers("the value when found", found),
        numbers("the prize", prize),
        discount_factors("the discount factor", discount),
        probabilities("the alarm probability", alarm),
        counts("the number of periods of a breakout", takes, 1),
        counts("the lag", lag),
        probabilities("the false-alarm probability", false_alarm),
    )


def dash_unchecked(  # noqa: PLR0917
    flow: float | Floats,
    found: float | Floats,
    prize: float | Floats,
    discount: Floats,
    alarm: Floats,
    takes: NDArray[np.int64],
    lag: NDArray[np.int64],
    false_alarm: float | Floats,
) -> Floats:
    """`dash`, for numbers that are known to lie in their domains."""
    useful = np.maximum(0, takes - lag)
    pending = np.minimum(lag, takes)
    lived, unseen = discount * (1 - false_alarm), discount * (1 - alarm)
    early = discount * false_alarm * (1 - lived**pending) / (1 - lived)
    late = lived**pending * discount * alarm * (1 - unseen**useful) / (1 - unseen)
    success = (1 - false_alarm) ** pending * (1 - alarm) ** useful * discount**takes
    end = early + late + success
    value: Floats = (1 - end) * flow + end * found + success * prize
    return value


def breakout_value(
    comply: float,
    punished: float,
    discount: float,
    alarm: float,
    *,
    takes: int,
    flow: float,
    prize: float,
) -> float:
    """What a dash for a prize is worth in discounted sums, alarms answered at once.

    q^k V_B + (c + y + δ D V_P)(1 − q^k) / (1 − q), q = δ (1 − D), V_P = p / (1 − δ).

    Parameters
    ----------
    comply, punished
        What a period is worth when all comply, and when punished (for ever): c and p.
    discount
        Worth of the next period, δ in [0, 1).
    alarm
        Total probability of an alarm in a period of the dash, D in [0, 1].
    takes
        Periods until the prize, k ≥ 1.
    flow
        What a period of the dash brings on top of compliance, y; often negative.
    prize
        What everything from the success on is worth, V_B, as a discounted sum.

    Raises
    ------
    ValueError
        Where an argument lies outside its domain.

    Examples
    --------
    >>> breakout_value(10, 4, 0.5, 0.5, takes=1, flow=0, prize=20)
    17.0
    """
    left = 1 - discount_factor("the discount factor", discount)
    during = finite("the value of complying", comply) + finite("the flow", flow)
    lasting = left * finite("the prize", prize) - finite("the value punished", punished)
    length = count("the number of periods of a breakout", takes, 1)
    return float(dash(during, punished, lasting, discount, alarm, length)) / left


def critical_breakout_detection(
    comply: float,
    punished: float,
    discount: float,
    false_alarm: float,
    *,
    takes: int,
    flow: float,
    prize: float,
) -> float | None:
    """The least own detection in a period of a dash at which the dash does not pay.

    Less what punishment is worth, a dash yields (c + y − p)(1 + q + … + q^(k−1)) +
    q^k (V_B − V_P). With p ≤ c and V_P ≤ V_B this less the worth of honesty changes its sign
    at most once in q (Descartes), so that detection deters from one point on; it is found
    by bisection.

    Parameters
    ----------
    comply, punished
        As for `breakout_value`, with punished ≤ comply.
    discount
        Worth of the next period, δ in [0, 1).
    false_alarm
        Probability of an alarm in a period when all comply, F in [0, 1].
    takes, flow
        As for `breakout_value`.
    prize
        V_B as a discounted sum, at least what punishment for ever is worth.

    Returns
    -------
    float | None
        d in [0, 1]; 0 where the dash does not pay even undetected. None where it pays even
        if it is found in its first period.

    Raises
    ------
    ValueError
        Where an argument lies outside its domain.

    Examples
    --------
    >>> needed = critical_breakout_detection(10, 2, 0.95, 0.01, takes=6, flow=-1, prize=500)
    >>> round(needed, 4)
    0.1631
    """
    honest = average_value(comply, punished, discount, false_alarm)
    left = 1 - discount
    if punished > comply:
        raise ValueError(
            f"the value punished is at most that of complying, {comply:g}; this is {punished:g}"
        )
    if finite("the prize", prize) * left < punished - ROUNDING * abs(punished):
        raise ValueError(
            f"the prize is worth at least punishment for ever, {punished / left:g}; "
            f"this is {prize:g}"
        )

    def temptation(detection: float) -> float:
        alarm = 1 - (1 - false_alarm) * (1 - detection)
        worth = breakout_value(
            comply, punished, discount, alarm, takes=takes, flow=flow, prize=prize
        )
        return left * worth - honest

    rounding = ROUNDING * (abs(honest) + abs(comply + flow) + abs(prize) * left)
    if temptation(0.0) <= rounding:
        return 0.0
    if temptation(1.0) > rounding:
        return None
    return threshold(lambda d: d == 1 or temptation(d) <= 0, 0.0, 1.0)


def critical_detection_rate(
    gain: float, loss: float, interest: float, false_alarm_rate: float
) -> float | None:
    """The least rate at which a violation has to be found, in continuous time.

    Compliance pays if and only if (λ − φ) L ≥ y (r + φ): λ the rate of alarms under the
    violation, φ when all comply, punishment for ever. The answer is λ − φ.

    Parameters
    ----------
    gain
        What the violation brings per unit of time, y.
    loss
        What punishment costs per unit of time, L.
    interest
        Rate at which the party discounts, r ≥ 0.
    false_alarm_rate
        Alarms per unit of time when all comply, φ ≥ 0.

    Returns
    -------
    float | None
        Findings per unit of time by the violation's own detectors; 0 where there is no gain,
        None where there is one and no loss.

    Raises
    ------
    ValueError
        Where an argument lies outside its domain.

    Examples
    --------
    >>> critical_detection_rate(2, 4, 0.25, 0.25)
    0.25
    """
    tempting, lost = finite("the gain", gain), finite("the loss", loss)
    rate = amount("the interest rate", interest) + amount("the false-alarm rate", false_alarm_rate)
    if tempting <= 0:
        return 0.0
    return tempting * rate / lost if lost > 0 else None


def useful_inspections(breakout: float, response: float, interval: float) -> int:
    """Inspections of a breakout that still leave time to respond, at the worst phase.

    floor((breakout − response) / interval), 0 where the gap is shorter than one interval.

    Parameters
    ----------
    breakout
        Time from the beginning of the work to the prize, at least 0.
    response
        Time from an alarm to an effective answer, at least 0, in the same unit.
    interval
        Time between inspections, above 0.

    Raises
    ------
    ValueError
        Where an argument lies outside its domain.

    Examples
    --------
    >>> useful_inspections(0.7, 0.1, 0.2)  # as written: exactly three
    3
    """
    amount("the breakout time", breakout)
    amount("the response time", response)
    if amount("the interval", interval) == 0:
        raise ValueError("the interval is above 0; this is 0")
    gap = exact("the breakout time", breakout) - exact("the response time", response)
    return max(0, int(gap // exact("the interval", interval)))


def timely_detection(breakout: float, response: float, interval: float, detection: float) -> float:
    """The probability that a breakout is found while there is still time to respond.

    1 − (1 − d)^n with n `useful_inspections`.

    Parameters
    ----------
    breakout, response, interval
        As for `useful_inspections`.
    detection
        Probability that one inspection finds the work, d in [0, 1].

    Raises
    ------
    ValueError
        Where an argument lies outside its domain.

    Examples
    --------
    >>> timely_detection(365, 90, 90, 0.5)
    0.875
    """
    missed = 1 - probability("the detection probability", detection)
    return 1 - missed ** useful_inspections(breakout, response, interval)
