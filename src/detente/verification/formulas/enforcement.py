"""One party, one agreed state: what is at stake, and what false alarms cost.

One period is one cycle of verification. A party gets ``comply`` a period while all comply
and ``punished`` while an alarm is being answered; the difference is its *loss* L. An alarm
is raised with the false-alarm probability F when all comply, and with the total probability
D = 1 − (1 − F)(1 − d) under a violation that its own detectors find with probability d. An
alarm starts a punishment of so many periods (None: for ever), then the agreement resumes.
The agreement enforces itself if no single departure from it pays (Abreu, Pearce and
Stacchetti 1990, Econometrica 58). That the punishment is itself in the interest of those who
carry it out is assumed here and has to be checked apart.

All functions take constant time, except where they say otherwise.
"""

from __future__ import annotations

import math

from detente.verification.domain import amount, count, discount_factor, finite, probability

ROUNDING = 1e-12
"""Sums of a few floats are equal when they differ by less than this share of their size."""


def share_of_time(discount: float, periods: int | None = None) -> float:
    """The weight of the first periods in all discounted time, 1 − δ^T.

    Parameters
    ----------
    discount
        Worth of the next period, δ in [0, 1).
    periods
        T ≥ 0; None for all of time, which weighs 1.

    Raises
    ------
    ValueError
        Where an argument lies outside its domain.

    Examples
    --------
    >>> share_of_time(0.5, 3)
    0.875
    """
    factor = discount_factor("the discount factor", discount)
    if periods is None:
        return 1.0
    length = count("the number of periods", periods)
    if not factor:
        return float(length > 0)
    # No factor below 1 leaves anything after so many periods.
    return -math.expm1(min(length, 2**62) * math.log(factor))


def annuity(discount: float, periods: int | None = None) -> float:
    """What one unit a period is worth now, from the next period on, for so many periods.

    A = δ + δ² + … + δ^T = δ (1 − δ^T) / (1 − δ); for ever, δ / (1 − δ).

    Parameters
    ----------
    discount
        Worth of the next period, δ in [0, 1).
    periods
        T ≥ 0; None for ever.

    Raises
    ------
    ValueError
        Where an argument lies outside its domain.

    Examples
    --------
    >>> annuity(0.5), annuity(0.5, 2)
    (1.0, 0.75)
    """
    return discount * share_of_time(discount, periods) / (1 - discount)


def stake(
    comply: float,
    punished: float,
    discount: float,
    false_alarm: float,
    periods: int | None = None,
) -> float:
    """What a party loses, over time, by being found out: K.

    K = A (1 − F) L / (1 + A F). A violation with gain g that is found with probability d
    does not pay if and only if g ≤ K d. All of politics (loss, patience, length of the
    punishment) meets all of inspection (d) in this one number.

    Parameters
    ----------
    comply, punished
        What a period is worth when all comply, and during the punishment. Where punishment
        is no worse than compliance the stake is not positive: that is an answer, no error.
    discount
        Worth of the next period, in [0, 1).
    false_alarm
        Probability of an alarm in a period when all comply, F in [0, 1].
    periods
        Length of the punishment, T ≥ 0; None for ever.

    Returns
    -------
    float
        The stake in discounted units: those of the values, added up over time.

    Raises
    ------
    ValueError
        Where an argument lies outside its domain.

    Examples
    --------
    >>> round(stake(10, 4, 0.9, 0.02), 3)
    44.847
    """
    loss = finite("the value of complying", comply) - finite("the value punished", punished)
    alarm = probability("the false-alarm probability", false_alarm)
    worth = annuity(discount, periods)
    return worth * (1 - alarm) * loss / (1 + worth * alarm)


def average_value(
    comply: float,
    punished: float,
    discount: float,
    false_alarm: float,
    periods: int | None = None,
) -> float:
    """What the agreement is worth per period when all comply, false alarms counted in.

    p + (1 − δ) L / (1 − δ + δ F (1 − δ^T)): a weighted mean of complying and punished.

    Parameters
    ----------
    comply, punished, discount, false_alarm, periods
        As for `stake`.

    Raises
    ------
    ValueError
        Where an argument lies outside its domain.

    Examples
    --------
    >>> average_value(10, 4, 0.5, 0.5)
    8.0
    """
    best = finite("the value of complying", comply)
    worst = finite("the value punished", punished)
    alarm = probability("the false-alarm probability", false_alarm)
    interrupted = discount * alarm * share_of_time(discount, periods)
    return worst + (1 - discount) * (best - worst) / (1 - discount + interrupted)


def own_detection(alarm: float, false_alarm: float) -> float:
    """The detection probability d behind a total alarm probability D = 1 − (1 − F)(1 − d).

    Parameters
    ----------
    alarm
        Probability of an alarm in a period with the violation, D in [F, 1].
    false_alarm
        The same when all comply, F in [0, 1]. With F = 1 an alarm says nothing: d is 0.

    Raises
    ------
    ValueError
        Where a probability lies outside [0, 1], or D is below F by more than rounding.

    Examples
    --------
    >>> round(own_detection(0.55, 0.1), 12)
    0.5
    """
    total = probability("the alarm probability", alarm)
    false = probability("the false-alarm probability", false_alarm)
    if total < false - ROUNDING:
        raise ValueError(
            f"the alarm probability under a violation is at least the false-alarm probability "
            f"{false:g}; this is {total:g}"
        )
    return max(0.0, total - false) / (1 - false) if false < 1 else 0.0


def least_value_loss(gain: float, alarm: float, false_alarm: float) -> float | None:
    """What false alarms cost per period at least, whatever the punishment.

    g F / (D − F) = g / (l − 1) with the likelihood ratio l = D / F: no punishment that
    deters costs less, and the shortest one that deters comes closest. The agreement is then
    worth ``comply`` less this per period (Abreu, Milgrom and Pearce 1991, Econometrica 59).

    Parameters
    ----------
    gain
        What the violation brings in one period, g.
    alarm, false_alarm
        As for `critical_discount`.

    Returns
    -------
    float | None
        None where an alarm says nothing (D = F) and there is something to gain.

    Raises
    ------
    ValueError
        Where an argument lies outside its domain.

    Examples
    --------
    >>> round(least_value_loss(2, 0.5, 0.1), 12)
    0.5
    """
    tempting = finite("the gain", gain)
    informative = own_detection(alarm, false_alarm)
    if tempting <= 0:
        return 0.0
    return tempting * false_alarm / (alarm - false_alarm) if informative else None


def necessary_margin(  # noqa: PLR0917
    gain: float, alarm: float, false_alarm: float, best: float, worst: float, discount: float
) -> float:
    """Whether any punishment at all could deter a violation: not where this is negative.

    δ (D − F)(best − worst) / (1 − δ) − g. No answer to an alarm can move what a party
    expects by more than from the best to the worst it can be held to. `stake` with a given
    punishment is sufficient; this is necessary; between the two the verdict depends on a
    richer punishment.

    Parameters
    ----------
    gain, alarm, false_alarm
        As for `critical_discount`.
    best, worst
        The most a period can be worth to the party, and the least the others can hold it
        to; best ≥ worst.
    discount
        Worth of the next period, in [0, 1).

    Returns
    -------
    float
        In discounted units.

    Raises
    ------
    ValueError
        Where an argument lies outside its domain.

    Examples
    --------
    >>> round(necessary_margin(3, 0.5, 0.1, 10, 5, 0.5), 12)
    -1.0
    """
    highest = finite("the best value", best)
    lowest = finite("the worst value", worst)
    if lowest > highest:
        raise ValueError(
            f"the worst value is at most the best one, {highest:g}; this is {lowest:g}"
        )
    own_detection(alarm, false_alarm)
    spread = annuity(discount) * (highest - lowest)
    return (alarm - false_alarm) * spread - finite("the gain", gain)


def discount_with_hazard(rate: float, years: float, hazard: float) -> float:
    """The worth of the next period to a party that may not be there to see it.

    exp(−r t) (1 − h): impatience and survival in one factor.

    Parameters
    ----------
    rate
        Discount rate a year, r ≥ 0.
    years
        Length of a period in years, t ≥ 0.
    hazard
        Probability that the arrangement ends within a period for reasons of its own (a
        change of leaders, say), h in [0, 1].

    Returns
    -------
    float
        In [0, 1]; 1, which is no discount factor, where nothing is discounted.

    Raises
    ------
    ValueError
        Where an argument lies outside its domain.

    Examples
    --------
    >>> round(discount_with_hazard(0.05, 0.25, 0.02), 4)
    0.9678
    """
    time = amount("the discount rate", rate) * amount("the length of a period", years)
    return math.exp(-time) * (1 - probability("the hazard", hazard))
