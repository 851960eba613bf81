"""How long something lasts: the Kaplan–Meier curve of times that may be cut off.

A time is cut off (censored on the right) where nothing had happened when it was last looked at.
The curve is the product of (1 − events / number still watched) over the times of events (Kaplan
and Meier 1958, Journal of the American Statistical Association 53); its 95 % intervals are the
exponential Greenwood ones, that is Greenwood's on the log(−log) scale. That formula says nothing
where the share is 1 or 0: there the interval is Wilson's, for as many as stand behind the curve at
that time, the number still watched over the share just before it. (Where nobody is cut off before,
that is everybody.)
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from detente.agreement.packages.draws import wilson
from detente.model.problem import Booleans, Floats, Integers

CONFIDENCE = 0.95
HALF = 0.5 + 1e-12
"""Shares down to here count as a half: the curve is a product of floats."""


@dataclass(frozen=True, eq=False)
class Curve:
    """A share that falls in steps: arrays with one entry for each time at which it is told.

    Parameters
    ----------
    years
        Ascending from 0; between two of them the share stays what it was at the earlier one.
    share
        To what share nothing had happened by then (an event at that very time included).
    low, high
        Its 95 % interval.
    watched
        How many were still watched at that time.
    """

    years: Floats
    share: Floats
    low: Floats
    high: Floats
    watched: Integers

    @property
    def median(self) -> float | None:
        """The first time by which it has happened to half of them; None where it has not."""
        reached = self.years[self.share <= HALF]
        return float(reached[0]) if reached.size else None

    @property
    def median_interval(self) -> tuple[float, float | None]:
        """Its 95 % interval: the times at which the band meets a half (Brookmeyer & Crowley 1982).

        The later one is None where the whole band never gets so low.

        Raises
        ------
        ValueError
            Where not even its low end gets so low.
        """
        low, high = (self.years[band <= HALF] for band in (self.low, self.high))
        if not low.size:
            raise ValueError("the curve stays above a half, and so does all of its interval")
        return float(low[0]), float(high[0]) if high.size else None

    def at(self, years: float) -> tuple[float, float, float]:
        """Share, low and high at a time.

        Raises
        ------
        ValueError
            Where the time is before 0, or after the last one and not all is over by then.
        """
        told = years <= self.years[-1] + 1e-9 or self.share[-1] <= 0
        if not (years >= 0 and told):
            last = f"{self.years[-1]:g}"
            raise ValueError(f"the curve is told from 0 to {last} years; this is {years:g}")
        place = int(np.searchsorted(self.years, years + 1e-9, "right")) - 1
        return float(self.share[place]), float(self.low[place]), float(self.high[place])

    def to_dict(self) -> dict[str, Any]:
        """Plain lists."""
        return {
            "years": self.years.tolist(),
            "share": self.share.tolist(),
            "low": self.low.tolist(),
            "high": self.high.tolist(),
            "watched": self.watched.tolist(),
            "median": self.median,
        }


def kaplan_meier(years: ArrayLike, happened: ArrayLike) -> Curve:
    """The curve of so many times.

    Parameters
    ----------
    years
        When it happened, or was last looked at; not below 0, at least one.
    happened
        Whether it happened then.

    Raises
    ------
    ValueError
        Where there are no times, or one is below 0 or no number.

    Notes
    -----
    Sorting dominates: n log n.

    Examples
    --------
    >>> curve = kaplan_meier([1, 2, 2, 3], [True, True, False, False])
    >>> curve.years, curve.share
    (array([0., 1., 2., 3.]), array([1.  , 0.75, 0.5 , 0.5 ]))
    """
    from scipy.stats import CensoredData, ecdf

    times, ends = np.asarray(years, np.float64), np.asarray(happened, np.bool_)
    if times.size == 0 or times.ndim != 1 or times.shape != ends.shape:
        raise ValueError("a curve takes one or more times, and whether it happened at each")
    if not (np.isfinite(times) & (times >= 0)).all():
        raise ValueError("a time is a finite number, not below 0")
    found = ecdf(CensoredData(uncensored=times[ends], right=times[~ends])).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # undefined at shares of 1 and 0
        interval: Any = found.confidence_interval(CONFIDENCE, method="log-log")
    at = np.asarray(found.quantiles, np.float64)
    share = np.asarray(found.probabilities, np.float64)
    low = np.array(interval.low.probabilities, np.float64)
    high = np.array(interval.high.probabilities, np.float64)
    if at[0] > 0:
        at = np.insert(at, 0, 0.0)
        share, low, high = (np.insert(values, 0, 1.0) for values in (share, low, high))
    watched = len(times) - np.searchsorted(np.sort(times), at, "left")
    _fill(share, low, high, watched)
    return Curve(at, share, low, high, watched.astype(np.int64))


def _fill(share: Floats, low: Floats, high: Floats, watched: Integers) -> None:
    """Intervals where the formula has none."""
    none: Booleans = share >= 1
    before = np.insert(share[:-1], 0, 1.0)
    for place in np.flatnonzero(none | (share <= 0)):
        total = round(float(watched[place] / before[place]))
        low[place], high[place] = wilson(total if none[place] else 0, total)
