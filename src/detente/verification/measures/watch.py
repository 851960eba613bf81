"""What measures do to ways to cheat: margins, and what no further measure can change."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from detente.model.problem import Booleans, Floats, Integers
from detente.verification.answer import TOLERANCE, not_negative
from detente.verification.measures.detection import Detectors
from detente.verification.paths import Paths

PIECES = 8
"""Parts of a range of false-alarm probabilities that are bounded one by one."""
SLACK = 1e-9
"""Share by which a bound must exceed what it is compared with: rounding must not prune."""
ROUNDING = 1e-12
"""Values around 100 that differ by less are equal."""


@dataclass(frozen=True, eq=False)
class Watch:
    """What is to be deterred, and by which measures.

    Parameters
    ----------
    paths
        Ways to cheat, of all parties, and their ways to leave.
    coverage
        What each measure adds to −ln(1 − d) of each; shape (ways, measures).
    stirred
        Ways that false alarms by themselves may deter; see :func:`stirred`.
    detectors
        The measures.
    costs
        Of each measure.
    """

    paths: Paths
    coverage: Floats
    stirred: Booleans
    detectors: Detectors
    costs: tuple[Fraction, ...]

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def useful(self) -> Booleans:
        """Which measures see some way to cheat."""
        seen: Booleans = np.asarray(self.coverage.any(axis=0), dtype=np.bool_)
        return seen

    def false_alarm(self, used: Booleans) -> float:
        """Of all measures used together."""
        return float(self.detectors.false_alarm(used.astype(np.float64)))

    def detection(self, used: Booleans) -> Floats:
        """Own detection of each way to cheat."""
        return self.detectors.detection(self.coverage @ used.astype(np.float64))

    def margins(self, used: Booleans) -> Floats:
        """Margins of all ways to cheat, with the measures used."""
        return self.paths.margins(self.detection(used), self.false_alarm(used))

    def lines(self, false_alarm: float) -> tuple[Floats, Floats]:
        """For a false-alarm probability, what tells from the own detection whether it deters.

        Numbers a and b of each way but the dashes: a + (b − a) d has the sign of its margin
        with own detection d (a tie counts as positive), because both values are quotients of
        linear functions of d over 1 − δ (1 − F)(1 − d).
        """
        never = self.paths.margins(np.zeros(len(self)), false_alarm) + TOLERANCE
        always = self.paths.margins(np.ones(len(self)), false_alarm) + TOLERANCE
        return never * (1 - self.paths.discount * (1 - false_alarm)), always

    def ceilings(self, used: Booleans, free: Booleans, funds: float | None = None) -> Floats:
        """What no margin exceeds with these measures and any of the free ones.

        For each piece of the false-alarm probabilities that are possible, with the coverage
        that can be had with so many false alarms and for so much money (parts of measures
        included); shape (pieces, ways).
        """
        places, seen = np.flatnonzero(free), self.detectors
        wrong, gains = seen.wrong[places], self.coverage[:, places]
        now, base = self.coverage @ used, seen.wrong @ used
        more, noise = gains.sum(axis=1), float(wrong.sum())
        if funds is not None:
            costs = np.array([float(self.costs[place]) for place in places])
            more = affordable(gains, costs, np.array([funds]))[0]
            noise = float(affordable(wrong[None], costs, np.array([funds]))[0, 0])
        levels = np.linspace(0, noise, PIECES + 1)
        more = np.minimum(more, affordable(gains, wrong, levels[1:]))
        edges = seen.keeps_false * -np.expm1(-(base + levels))
        return ceilings(self.paths, seen.detection(now), seen.detection(now + more), edges)

    def reachable(self, used: Booleans, free: Booleans) -> Booleans:
        """Ways that these measures and some of the free ones may deter; of the others none is."""
        never, always = self.lines(self.false_alarm(used))
        now, then = (never + (always - never) * self.detection(x) for x in (used, used | free))
        out: Booleans = np.maximum(now, then) >= 0
        odd = np.flatnonzero(self.stirred | (self.paths.takes > 0))
        if len(odd):
            out[odd] = not_negative(self.at(odd).ceilings(used, free).max(axis=0))
        return out

    def cost(self, used: Booleans) -> Fraction:
        """What the measures used cost."""
        chosen = (cost for cost, taken in zip(self.costs, used, strict=True) if taken)
        return sum(chosen, Fraction(0))

    def at(self, rows: Booleans | Integers) -> Watch:
        """The same of some ways to cheat."""
        return Watch(
            self.paths.at(rows),
            self.coverage[rows],
            self.stirred[rows],
            self.detectors,
            self.costs,
        )


def stirred(paths: Paths, false_alarm: float) -> Booleans:
    """Ways that may be deterred by more false alarms although they are no better detected.

    A false alarm may help where the aftermath is worth more than the agreement, where it
    leaves less to who cheats than to who is honest, where cheating costs something until it
    is found, and where it stops a dash that takes long. Everything else that is deterred with
    some false-alarm probability, up to the one given, is deterred with any lower one; and a
    dash that is not among these is the better deterred the better it is detected.

    Notes
    -----
    With the letters of :func:`ceilings`: W falls with F, and r ≤ 0. What one period of cheating
    loses falls with F too: where w ≥ 0 all terms of s do; else s' ≤ δ (d (b̃ − W) + r) ≤ 0, as
    W ≥ b̃₀ and d ≤ 1. With g ≥ 0 what comes before, A, is a gain that grows with F, and so does
    its weight against the rest. A dash has the sign of its sums over σ^p ρ^n; in them
    w (1 + … + ρ^(1−n)) falls where (n − 1) (1 − δ + δ F (1 − δ^T)) ≤ δ (1 − F) (1 − δ^T). □
    """
    left = paths.found + paths.returns * paths.honesty(false_alarm)
    rises = paths.rest > (1 - paths.resumes) * paths.comply
    stays = (paths.flow == paths.found) & (paths.returns == 0) & (paths.blame == 0)
    same = stays & (paths.takes == 0)
    costly = paths.flow < paths.comply
    lasting = 1 - paths.resumes
    useful = np.maximum(0, paths.takes - paths.lag + 1)
    spell = (useful - 1) * (1 - paths.discount + paths.discount * false_alarm * lasting)
    long = spell > paths.discount * (1 - false_alarm) * lasting
    welcome = (paths.prize < 0) | (left > paths.honesty(false_alarm))
    dash = (paths.takes > 0) & (costly | long | welcome | (paths.blame > 0))
    trickle = (paths.takes == 0) & (paths.lag > 1) & costly
    hurt = paths.rest - paths.found > ROUNDING
    out: Booleans = rises | ((hurt | trickle | dash) & ~same)
    return out


def ceilings(paths: Paths, least: Floats, most: Floats, edges: Floats) -> Floats:
    """What no margin exceeds for detections from least to most and false alarms in a range.

    Cheating loses in each of its periods, weighed with the chance to get there, so that

        W − V = A (1 + … + σ^(p−1)) + σ^p [s (1 + … + ρ^(n−1)) + ρ^n z],

    with σ = δ (1 − F), ρ = σ (1 − d), p periods in which only false alarms are acted upon, then
    n for a dash, with z = w − prize + γ at its end, or for ever; A = −(1 − δ) g + δ F r is what
    one of the first loses and s = A + δ (1 − F) d w + δ d γ one of the others; w = W − b̃ and
    r = b̃₀ − b̃ where b̃ and b̃₀ are what an alarm leaves. Each is taken at its better end.

    Parameters
    ----------
    least, most
        Own detection of each way; ``most`` may differ between the pieces.
    edges
        Ends of the pieces of the range of false-alarm probabilities, ascending.

    Returns
    -------
    array
        Shape (pieces, ways).
    """
    low, high = edges[:-1, None], edges[1:, None]
    delta, lag = paths.discount, paths.lag - 1
    worth = np.stack([paths.honesty(edge) for edge in edges])
    kept = _larger((1 - paths.returns) * worth - paths.found)
    r = _larger(paths.rest - paths.found + (paths.resumes - paths.returns) * worth)
    before = (1 - delta) * (paths.comply - paths.flow) + delta * _scaled(r, low, high)
    gain = _scaled(kept, (1 - high) * least, (1 - low) * most)
    during = before + delta * (gain + most * paths.blame)
    pending = np.where(paths.takes > 0, np.minimum(lag, paths.takes), lag)
    useful = np.maximum(0, paths.takes - lag)
    sigma = delta * (1 - high), delta * (1 - low)
    rho = sigma[0] * (1 - most), sigma[1] * (1 - least)
    for_ever = [1 / (1 - x) for x in rho]
    times = [
        np.where(paths.takes > 0, (1 - x**useful) * y, y)
        for x, y in zip(rho, for_ever, strict=True)
    ]
    after = _scaled(during, *times)
    end = kept - paths.prize + paths.blame
    after = after + np.where(paths.takes > 0, _scaled(end, *(x**useful for x in rho)), 0)
    first = _scaled(before, *((1 - x**pending) / (1 - x) for x in sigma))
    bounds: Floats = first + _scaled(after, *(x**pending for x in sigma))
    return bounds


def _larger(ends: Floats) -> Floats:
    """At the better end of each piece."""
    out: Floats = np.maximum(ends[:-1], ends[1:])
    return out


def _scaled(value: Floats, least: Floats, most: Floats) -> Floats:
    """The most that a value can be times a weight in a range of weights that are not negative."""
    out: Floats = np.where(value > 0, most, least) * value
    return out


def affordable(gains: Floats, prices: Floats, funds: Floats) -> Floats:
    """The most that can be had of each gain for so much; parts of measures count.

    ``gains`` has shape (rows, measures), ``funds`` (budgets,), the result (budgets, rows).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(gains > 0, prices / gains, np.inf)
    order = np.argsort(ratio, axis=1)
    price = prices[order]
    left = funds[:, None, None] * (1 + SLACK) + SLACK - (np.cumsum(price, axis=1) - price)
    share = np.where(price > 0, np.clip(left / np.where(price > 0, price, 1), 0, 1), 1)
    out: Floats = (share * np.take_along_axis(gains, order, axis=1)).sum(axis=-1)
    return out
