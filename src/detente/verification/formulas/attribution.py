"""Alarms that name a party: what the agreement is worth to each, and what each has at stake."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from detente.verification.domain import discount_factors, numbers, probabilities
from detente.verification.formulas.enforcement import ROUNDING, share_of_time


@dataclass(frozen=True)
class Attribution:
    """What an agreement with attributable alarms is worth.

    Parameters
    ----------
    values
        V_i, discounted sums when all comply.
    averages
        The same per period, (1 − δ_i) V_i.
    stakes
        K_i in discounted units: a set of violations with gain g that is found with
        probability d does not pay party i if and only if g ≤ K_i d (`margin`).
    """

    values: tuple[float, ...]
    averages: tuple[float, ...]
    stakes: tuple[float, ...]


def attributable(
    comply: ArrayLike,
    punished: ArrayLike,
    discount: ArrayLike,
    false_alarm: ArrayLike,
    periods: Sequence[int | None],
) -> Attribution:
    """Values and stakes of several parties where an alarm names the party it is about.

    In a period there is at most one alarm, about party j with probability f_j when all
    comply; then T_j periods follow in which party i gets p_ij. With φ_ij = 1 − δ_i^(T_j),

        V_i = [c_i + δ_i Σ_j f_j φ_ij p_ij / (1 − δ_i)] / [1 − δ_i + δ_i Σ_j f_j φ_ij],
        K_i = (1 − Σ_j f_j) δ_i φ_ii (V_i − p_ii / (1 − δ_i)):

    a violation is found by its own detectors unless a false alarm comes first. With one
    party this is `stake`.

    Parameters
    ----------
    comply
        Shape (n,): what a period is worth to each party when all comply.
    punished
        Shape (n, n): row i, column j, what a period is worth to party i while party j is
        punished.
    discount
        Shape (n,): worth of the next period to each, in [0, 1).
    false_alarm
        Shape (n,): f_j in [0, 1], together at most 1.
    periods
        Length of the punishment of each, T_j ≥ 0; None for ever.

    Raises
    ------
    ValueError
        Where there is no party, the shapes do not match, or an argument lies outside its
        domain.

    Notes
    -----
    O(n²).

    Examples
    --------
    >>> parties = attributable([10, 10], [[4, 12], [12, 6]], [0.5, 0.5], [0, 0.25], [None, 2])
    >>> [round(stake, 6) for stake in parties.stakes]
    [4.736842, 1.894737]
    """
    agreed = numbers("the value of complying", comply)
    size = len(periods)
    phase = numbers("the value punished", punished)
    factor = discount_factors("the discount factor", discount)
    false = probabilities("the false-alarm probability", false_alarm)
    if not size:
        raise ValueError("there is at least one party")
    if phase.shape != (size, size) or {agreed.shape, factor.shape, false.shape} != {(size,)}:
        raise ValueError(
            "there is one number for each party, and one for each pair in the values punished; "
            f"the parties are {size}"
        )
    total = math.fsum(false)
    if total > 1 + ROUNDING:
        raise ValueError(
            f"the false-alarm probabilities are together at most 1; these are {total:.12g}"
        )
    weight = np.array([[share_of_time(float(x), length) for length in periods] for x in factor])
    interrupted = factor[:, None] * false * weight
    lasting = phase / (1 - factor)[:, None]
    values = (agreed + (interrupted * lasting).sum(axis=1)) / (1 - factor + interrupted.sum(axis=1))
    own = np.arange(size)
    stakes = max(0.0, 1 - total) * factor * weight[own, own] * (values - lasting[own, own])
    return Attribution(
        tuple(values.tolist()), tuple(((1 - factor) * values).tolist()), tuple(stakes.tolist())
    )
