"""What measures do to ways to cheat: margins, and what no further measure can change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from detente.model.draws import Floats
from detente.model.problem import Booleans, Integers
from detente.verification.answer import TOLERANCE, not_negative
from detente.verification.detection import Detectors
from detente.verification.paths import Paths

PIECES = 8
"""Parts of a range of false-alarm probabilities that are bounded one by one."""


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
        """Measures that see something."""
        out: Booleans = np.asarray((self.coverage > 0).any(axis=0), dtype=np.bool_)
        return out

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
        count = len(self.paths)
        never = self.paths.margins(np.zeros(count), false_alarm) + TOLERANCE
        always = self.paths.margins(np.ones(count), false_alarm) + TOLERANCE
        return never * (1 - self.paths.discount * (1 - false_alarm)), always

    def ceilings(self, used: Booleans, most: Booleans) -> Floats:
        """What no margin exceeds with these measures, with those, or with any between."""
        detection = self.detection(used), self.detection(most)
        edges = np.linspace(self.false_alarm(used), self.false_alarm(most), PIECES + 1)
        most_of_all: Floats = ceilings(self.paths, *detection, edges).max(axis=0)
        return most_of_all

    def reachable(self, used: Booleans, most: Booleans) -> Booleans:
        """Ways that these measures, or more of those, may deter; of the others none does."""
        never, always = self.lines(self.false_alarm(used))
        now, then = (never + (always - never) * self.detection(x) for x in (used, most))
        out: Booleans = np.maximum(now, then) >= 0
        odd = np.flatnonzero(self.stirred)
        if len(odd):
            out[odd] = not_negative(self.at(odd).ceilings(used, most))
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


def stirred(paths: Paths) -> Booleans:
    """Ways that may be deterred by more false alarms although they are no better detected.

    A false alarm may help where the aftermath is worth more than the agreement, where it
    leaves less to who cheats than to who is honest, where it stops a dash, and where cheating
    costs something until it is found. Everything else that some false alarms leave deterred
    is deterred without them.

    Notes
    -----
    Proof for m = 1, with x̃ = x + δ^T W. The margin has the sign of −(1 − δ) g + δ f(F) + δ d γ,
    f = (1 − F) d (W − b̃) + F (b̃₀ − b̃). Where b ≥ b₀ and W does not rise with F, f falls: where
    W ≥ b̃ both terms do; else f' ≤ d (b̃ − W) − (b̃ − b̃₀) ≤ 0, as W ≥ b̃₀ and d ≤ 1. For m > 1
    the m − 1 periods before add terms of −(1 − δ) g + δ F (b̃₀ − b̃), which with g ≥ 0 are
    losses that grow with F and in their weight. Who walks away gets the same with any F. □
    """
    rises = paths.rest > (1 - paths.resumes) * paths.comply
    same = (paths.flow == paths.found) & (paths.returns == 0) & (paths.blame == 0)
    hurt = paths.found < paths.rest
    eager = (paths.lag > 1) & (paths.flow < paths.comply)
    out: Booleans = rises | ((hurt | eager | (paths.takes > 0)) & ~same)
    return out


def ceilings(paths: Paths, least: Floats, most: Floats, edges: Floats) -> Floats:
    """What no margin exceeds for detections from least to most and false alarms in a range.

    The range is looked at piece by piece; ``edges`` are their ends, and ``most`` may differ
    between them. Shape (pieces, ways). In each W is taken as at
    the better end, the value of cheating but for blame as at the end with the most or the
    least alarms (it is linear in θ; that of a dash falls with alarms, where they are
    unwelcome), and blame as with the most detection and the fewest false alarms.
    """
    count, pieces = len(paths), len(edges) - 1
    tiled = paths.at(np.tile(np.arange(count), pieces))
    least, most = np.tile(least, pieces), np.broadcast_to(most, (pieces, count)).ravel()
    low, high = np.repeat(edges[:-1], count), np.repeat(edges[1:], count)
    worth = np.maximum(tiled.honesty(low), tiled.honesty(high))
    left = tiled.found + tiled.returns * worth
    none = np.zeros(len(tiled))
    bare = replace(tiled, blame=none)
    values = np.minimum(bare.cheating(least, low, worth), bare.cheating(most, high, worth))
    odd = (tiled.takes > 0) & ((tiled.prize < 0) | (left > tiled.flow))
    flat = np.minimum(tiled.flow, left + np.minimum(tiled.prize, 0))
    values = np.where(odd, flat, values)
    if tiled.blame.any():
        blame = replace(tiled, flow=none, found=none, returns=none, prize=none)
        values = values + blame.cheating(most, low, none)
    bounds: Floats = (worth - values).reshape(pieces, count)
    return bounds
