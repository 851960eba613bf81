"""In what share of periods are the terms broken? The answer of a record, as a distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import SupportsFloat, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike

from detente.model.problem import Floats
from detente.verification.domain import count, finite, probability


@dataclass(frozen=True, eq=False)
class ViolationRate:
    """A distribution of the violation rate: a mixture of Beta distributions.

    Parameters
    ----------
    weights
        Of the parts, summing to 1.
    alpha, beta
        The parameters of each part.
    log_evidence
        Logarithm of the probability of the record, alarms and clean inspections in their
        order, before it was seen.
    """

    weights: Floats
    alpha: Floats
    beta: Floats
    log_evidence: float

    @property
    def mean(self) -> float:
        """The mean, in [0, 1]."""
        return float(self.weights @ (self.alpha / (self.alpha + self.beta)))

    def cumulative(self, rate: SupportsFloat) -> float:
        """Probability that the rate is at most this, in [0, 1]."""
        from scipy.special import betainc

        bound = probability("the violation rate", rate)
        return min(1.0, float(self.weights @ betainc(self.alpha, self.beta, bound)))

    def quantile(self, level: SupportsFloat) -> float:
        """The rate that is not exceeded with this probability: an upper bound.

        Parameters
        ----------
        level : float
            In (0, 1); 0.95 gives the upper 95 % bound.

        Returns
        -------
        float
            In [0, 1], to about twelve digits.

        Raises
        ------
        ValueError
            Where the level is outside its domain.
        """
        from scipy.optimize import brentq

        wanted = probability("the level of the bound", level)
        if wanted in (0, 1):
            raise ValueError(f"the level of the bound lies strictly between 0 and 1; not {level}")
        return float(brentq(lambda x: self.cumulative(x) - wanted, 0, 1, xtol=1e-300, rtol=1e-13))

    def density(self, rates: ArrayLike) -> Floats:
        """The density at each of the rates, which lie strictly between 0 and 1.

        Raises
        ------
        ValueError
            Where a rate does not.
        """
        from scipy.special import betaln, logsumexp, xlog1py, xlogy

        points = np.asarray(rates, dtype=float)
        if not ((points > 0) & (points < 1)).all():
            raise ValueError("densities are given for rates strictly between 0 and 1")
        x = points[..., None]
        logs = xlogy(self.alpha - 1, x) + xlog1py(self.beta - 1, -x) - betaln(self.alpha, self.beta)
        return np.asarray(np.exp(logsumexp(logs, axis=-1, b=self.weights)))


def violation_rate(
    inspections: SupportsIndex,
    alarms: SupportsIndex,
    detection: SupportsFloat,
    false_alarm: SupportsFloat,
    prior: tuple[SupportsFloat, SupportsFloat] = (1, 1),
) -> ViolationRate:
    r"""The share of periods in which the terms are broken, given a count of alarms.

    The terms are broken in each period independently with probability θ; θ is
    Beta(α, β) beforehand, and an inspection raises the alarm with probability
    :math:`\theta d + (1-\theta) f`. Given k alarms in n inspections, θ is exactly a mixture
    of Beta(α + s, β + n - s), s = 0 … n, with weights proportional to
    :math:`c_s B(\alpha+s, \beta+n-s)`, where

    .. math:: c_s = \sum_{i+j=s} \binom{k}{i} d^i f^{k-i}
              \binom{n-k}{j} (1-d)^j (1-f)^{n-k-j}.

    Parameters
    ----------
    inspections, alarms : int
        n and k, 0 ≤ k ≤ n.
    detection, false_alarm : float
        d and f: probability of an alarm in a period in which the terms are broken and in one
        in which they are kept, in [0, 1]. With d = f the record says nothing.
    prior : (float, float)
        α and β, above 0; (1, 1) counts every share as equally plausible.

    Returns
    -------
    ViolationRate

    Raises
    ------
    ValueError
        Where an argument is outside its domain, or the record cannot happen with these
        numbers (alarms where nothing raises one).

    Notes
    -----
    O(k (n - k)) in logarithms, so that thousands of inspections neither overflow nor vanish.

    Examples
    --------
    >>> found = violation_rate(10, 0, detection=0.6, false_alarm=0.05)
    >>> round(found.mean, 4), round(found.quantile(0.95), 4)
    (0.1439, 0.4116)

    Inspections that miss nothing and never err leave one part, and the bound after n clean
    ones is 1 - 0.05 ** (1 / (n + 1)):

    >>> round(violation_rate(10, 0, 1, 0).quantile(0.95), 6), round(1 - 0.05 ** (1 / 11), 6)
    (0.238404, 0.238404)
    """
    from scipy.special import betaln, logsumexp

    total = count("the number of inspections", inspections)
    raised = count("the number of alarms", alarms)
    if raised > total:
        raise ValueError(
            f"there are at most as many alarms as inspections; not {raised} in {total}"
        )
    found = probability("the detection probability", detection)
    wrong = probability("the false-alarm probability", false_alarm)
    first, second = (finite("a parameter of the prior", value) for value in prior)
    if first <= 0 or second <= 0:
        raise ValueError(f"the parameters of the prior are above 0; these are {prior}")
    broken = np.arange(total + 1, dtype=np.float64)
    alpha, beta = first + broken, second + total - broken
    logs = _log_coefficients(raised, total - raised, found, wrong) + betaln(alpha, beta)
    evidence = float(logsumexp(logs))
    if np.isneginf(evidence):
        raise ValueError(f"{raised} alarms in {total} inspections cannot happen with these numbers")
    weights = np.exp(logs - evidence)
    some = weights > 0
    return ViolationRate(
        weights[some] / weights.sum(),
        alpha[some],
        beta[some],
        evidence - float(betaln(first, second)),
    )


def _log_coefficients(alarms: int, clean: int, detection: float, false_alarm: float) -> Floats:
    """Logarithms of c_0 … c_n: the coefficients of (f + d z)^k ((1 - f) + (1 - d) z)^(n - k)."""
    shorter, longer = sorted(
        (
            _log_powers(alarms, detection, false_alarm),
            _log_powers(clean, 1 - detection, 1 - false_alarm),
        ),
        key=len,
    )
    logs = np.full(alarms + clean + 1, -np.inf)
    for shift, factor in enumerate(shorter):
        part = slice(shift, shift + len(longer))
        logs[part] = np.logaddexp(logs[part], factor + longer)
    return logs


def _log_powers(power: int, slope: float, constant: float) -> Floats:
    """Logarithms of the coefficients of (constant + slope z)^power."""
    from scipy.special import gammaln, xlogy

    i = np.arange(power + 1)
    choices = gammaln(power + 1) - gammaln(i + 1) - gammaln(power - i + 1)
    return np.asarray(choices + xlogy(i, slope) + xlogy(power - i, constant))
