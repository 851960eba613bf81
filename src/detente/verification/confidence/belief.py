"""Confidence in compliance: what a record of inspections says about who keeps the terms.

The terms are kept or broken in a period. From one period to the next a side that keeps them
may lapse, and one that breaks them may return (cure). An inspection raises the alarm with the
detection probability where they are broken and with the false-alarm probability where they
are kept. Confidence is the probability that they are kept, by Bayes' rule.

Floats count as the decimals that they print as; what is computed from them is exact, or
rounded once at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import SupportsFloat

import numpy as np
from numpy.typing import NDArray

from detente.verification.confidence.two_states import (
    ONE,
    Chances,
    Outcome,
    TooClose,
    clean_needed,
    digits_for,
    precise,
)
from detente.verification.domain import finite, probability


def posterior(  # noqa: PLR0917
    prior: SupportsFloat,
    outcomes: Iterable[Outcome],
    detection: SupportsFloat,
    false_alarm: SupportsFloat,
    lapse: SupportsFloat = 0,
    cure: SupportsFloat = 0,
) -> NDArray[np.float64]:
    r"""Confidence that the terms are kept, after each period of a record.

    Each period first predicts, :math:`\pi' = \pi(1-a) + (1-\pi)r`, and then, if there was an
    inspection, updates by Bayes' rule: after an alarm
    :math:`\pi'f / (\pi'f + (1-\pi')d)`, after a clean one
    :math:`\pi'(1-f) / (\pi'(1-f) + (1-\pi')(1-d))`.

    Parameters
    ----------
    prior : float
        Confidence before the first period, in [0, 1].
    outcomes : iterable of bool or None
        True (or 1) an alarm, False (or 0) a clean inspection, None no inspection.
    detection, false_alarm : float
        d and f: probability of an alarm where the terms are broken and where they are kept,
        in [0, 1]. Bayes' rule also holds for d = f (nothing is learned) and for d < f (an
        alarm speaks for compliance).
    lapse, cure : float
        a and r: probability per period that who keeps the terms begins to break them, and
        that who breaks them returns to them, in [0, 1].

    Returns
    -------
    ndarray of float
        One entry a period; empty for an empty record.

    Raises
    ------
    ValueError
        Where an argument is outside its domain, or an outcome cannot happen with these
        numbers (an alarm where the terms are certainly kept and no alarm is false).

    Notes
    -----
    O(periods). Without lapse and cure this is the rule that multiplies prior odds by
    likelihood ratios; with them it is the forward filter of a hidden Markov model
    (Rabiner 1989).

    Examples
    --------
    >>> posterior(0.5, [False] * 5 + [True], detection=0.3, false_alarm=0.02).round(4)
    array([0.5833, 0.6622, 0.7329, 0.7935, 0.8432, 0.2639])
    """
    chances = _inspections(detection, false_alarm, lapse, cure)
    start = _decimal("the prior", prior)
    with precise(max(chances.digits, digits_for(start))):
        pairs = chances.path((start, 1 - start), outcomes)
        return np.array([float(pair[0] / sum(pair)) for pair in pairs], dtype=float)


def predicted(confidence: SupportsFloat, lapse: SupportsFloat, cure: SupportsFloat = 0) -> float:
    """Confidence one period later, without an inspection.

    Parameters
    ----------
    confidence, lapse, cure : float
        As in :func:`posterior`, in [0, 1].

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    ValueError
        Where an argument is outside its domain.

    Examples
    --------
    >>> round(predicted(0.9, lapse=0.1), 4)
    0.81
    """
    before = probability("the confidence", confidence)
    away, back = (
        probability("the lapse probability", lapse),
        probability("the cure probability", cure),
    )
    return before * (1 - away) + (1 - before) * back


def inspections_needed(  # noqa: PLR0917
    prior: SupportsFloat,
    confidence: SupportsFloat,
    detection: SupportsFloat,
    false_alarm: SupportsFloat,
    lapse: SupportsFloat = 0,
    cure: SupportsFloat = 0,
    *,
    record: Sequence[Outcome] = (),
) -> int | None:
    r"""Clean inspections in a row, one a period, until confidence reaches a level.

    Without lapse and cure the least n with

    .. math:: n \ge \ln\frac{c(1-\pi_0)}{(1-c)\pi_0} \Big/ \ln\frac{1-f}{1-d};

    with them, the least n for which the filter of :func:`posterior` is at c or above.

    Parameters
    ----------
    prior, confidence : float
        Where confidence begins and the level that it has to reach, in [0, 1]; the level may
        be a fraction.
    detection, false_alarm : float
        As in :func:`posterior`, in [0, 1], detection not below false alarms. Where they are
        equal nothing is learned.
    lapse, cure : float
        As in :func:`posterior`, in [0, 1], together at most 1: who keeps the terms today is
        not less likely to keep them tomorrow than who breaks them.
    record : sequence of bool or None
        Periods that have passed already, as in :func:`posterior`; counting begins after them.

    Returns
    -------
    int or None
        0 where it is reached already; None where no number of clean inspections does, because
        the level is at or above the :func:`ceiling`, confidence begins at 0 and stays there,
        or a clean inspection cannot happen.

    Raises
    ------
    ValueError
        Where an argument is outside its domain, or the record cannot happen with these numbers.

    Notes
    -----
    Exact also at ties: powers of the filter's matrix are doubled, then halved back, O(log n)
    products, with more digits as long as a comparison is open.

    Examples
    --------
    >>> [inspections_needed(0.5, level, 0.3, 0.02) for level in (0.9, 0.95, 0.99)]
    [7, 9, 14]
    >>> inspections_needed(0.5, 0.95, 0.3, 0.02, lapse=0.02) is None
    True
    """
    chances = _informative(detection, false_alarm, lapse, cure)
    start = _decimal("the prior", prior)
    probability("the confidence that is needed", confidence)
    level = confidence if isinstance(confidence, Fraction) else Fraction(str(float(confidence)))
    digits = max(chances.digits, digits_for(start), 2 * len(str(level.denominator)))
    while True:
        try:
            return clean_needed(start, record, level, chances, digits)
        except TooClose:
            digits *= 2


def ceiling(
    detection: SupportsFloat,
    false_alarm: SupportsFloat,
    lapse: SupportsFloat,
    cure: SupportsFloat = 0,
) -> float | None:
    r"""What confidence tends to over an endless clean record, wherever it began.

    The root in [0, 1] of :math:`(A-B)k x^2 + [B + (A-B)r - Ak]x - Ar = 0` with
    :math:`A = 1-f`, :math:`B = 1-d`, :math:`k = 1-a-r`, to which the filter of
    :func:`posterior` leads: confidence that begins below rises to it, confidence that begins
    above sinks to it.

    Parameters
    ----------
    detection, false_alarm, lapse, cure : float
        As in :func:`inspections_needed`.

    Returns
    -------
    float or None
        In [0, 1]; 1 without lapse: then there is no ceiling. (A prior of 0 without cure stays
        at 0.) None where a clean record leads nowhere of its own: inspections say nothing and
        nobody lapses or returns, or no inspection can be clean.

    Raises
    ------
    ValueError
        Where an argument is outside its domain.

    Examples
    --------
    >>> round(ceiling(0.3, 0.02, lapse=0.02), 4), round(ceiling(0.1, 0.02, lapse=0.02), 4)
    (0.949, 0.7704)
    """
    chances = _informative(detection, false_alarm, lapse, cure)
    with precise(chances.digits):
        away, back = chances.lapse, chances.cure
        kept = 1 - chances.false_alarm
        gain = chances.detection - chances.false_alarm
        square = gain * (1 - away - back)
        linear = kept * (away + back) - gain * (1 - back)
        constant = -kept * back
        if not (square or linear or constant):
            return None
        root = (linear * linear - 4 * square * constant).sqrt()
        if linear > 0:  # the form without a difference of near numbers
            return float(-2 * constant / (linear + root))
        return float(min(ONE, (root - linear) / (2 * square)))


def limit_without_inspections(lapse: SupportsFloat, cure: SupportsFloat = 0) -> float | None:
    """What confidence tends to where nothing is inspected: r / (a + r).

    Parameters
    ----------
    lapse, cure : float
        a and r as in :func:`posterior`, in [0, 1], together at most 1.

    Returns
    -------
    float or None
        In [0, 1]; None where nobody lapses or returns: confidence stays where it is.

    Raises
    ------
    ValueError
        Where an argument is outside its domain.

    Examples
    --------
    >>> limit_without_inspections(0.25, 0.25), limit_without_inspections(0.1)
    (0.5, 0.0)
    """
    return ceiling(0, 0, lapse, cure)


def after_alarm(
    confidence: SupportsFloat, detection: SupportsFloat, false_alarm: SupportsFloat
) -> float | None:
    r"""How likely an alarm is a true one: P(violation | alarm).

    .. math:: \frac{(1-\pi)d}{(1-\pi)d + \pi f}

    Parameters
    ----------
    confidence : float
        π, right before the inspection, in [0, 1].
    detection, false_alarm : float
        d and f as in :func:`posterior`, in [0, 1].

    Returns
    -------
    float or None
        In [0, 1]; 1 where no alarm is false, also in the limit π = 1. None where there are no
        alarms.

    Raises
    ------
    ValueError
        Where an argument is outside its domain.

    Examples
    --------
    When confidence is high, almost all alarms are false:

    >>> round(after_alarm(0.99, detection=0.9, false_alarm=0.05), 3)
    0.154
    """
    before = probability("the confidence", confidence)
    found = probability("the detection probability", detection)
    wrong = probability("the false-alarm probability", false_alarm)
    if not wrong:
        return 1.0 if found else None
    broken, kept = (1 - before) * found, before * wrong
    return broken / (broken + kept) if broken + kept else None


def trust_threshold(
    success: SupportsFloat, exploited: SupportsFloat, stay: SupportsFloat
) -> float | None:
    """The least confidence with which a step is worth taking: (P - S) / (R - S).

    Parameters
    ----------
    success, exploited, stay : float
        R, S and P, what the step is worth if the other side complies and if it does not, and
        what it is worth to stay put; in the same unit, R above S.

    Returns
    -------
    float or None
        In [0, 1]; 0 where the step pays even if exploited, None where it does not pay even
        if it succeeds.

    Raises
    ------
    ValueError
        Where an argument is no finite number, or success is not above being exploited.

    Examples
    --------
    >>> [trust_threshold(3, exploited, 0) for exploited in (-1, -5)]
    [0.25, 0.625]
    """
    found = exact_threshold(success, exploited, stay)
    return None if found is None else float(found)


def exact_threshold(
    success: SupportsFloat, exploited: SupportsFloat, stay: SupportsFloat
) -> Fraction | None:
    """:func:`trust_threshold` as a fraction, for :func:`inspections_needed`."""
    names = ("the value of success", "the value of being exploited", "the value of staying put")
    given = zip(names, (success, exploited, stay), strict=True)
    best, worst, still = (Fraction(str(finite(name, value))) for name, value in given)
    if best <= worst:
        raise ValueError(
            "a step is worth more if it succeeds than if it is exploited; these are "
            f"{float(best):g} and {float(worst):g}"
        )
    return None if still > best else max(Fraction(0), (still - worst) / (best - worst))


def _decimal(name: str, value: SupportsFloat) -> Decimal:
    return Decimal(str(probability(name, value)))


def _inspections(
    detection: SupportsFloat, false_alarm: SupportsFloat, lapse: SupportsFloat, cure: SupportsFloat
) -> Chances:
    return Chances(
        _decimal("the detection probability", detection),
        _decimal("the false-alarm probability", false_alarm),
        _decimal("the lapse probability", lapse),
        _decimal("the cure probability", cure),
    )


def _informative(
    detection: SupportsFloat, false_alarm: SupportsFloat, lapse: SupportsFloat, cure: SupportsFloat
) -> Chances:
    """The chances, where a clean inspection does not speak against compliance."""
    found = _inspections(detection, false_alarm, lapse, cure)
    if found.detection < found.false_alarm:
        raise ValueError(
            f"the detection probability is not below the false-alarm probability; these are "
            f"{float(found.detection):g} and {float(found.false_alarm):g}"
        )
    with precise(found.digits):
        together = found.lapse + found.cure
    if together > 1:
        raise ValueError(
            "the lapse and the cure probability together are at most 1; these are "
            f"{float(found.lapse):g} and {float(found.cure):g}"
        )
    return found
