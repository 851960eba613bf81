"""Weights with which several gains are asked for at once.

Where every one of some gains must not be negative, no weighted sum of them may be. One at
a time each of them may still be reached by some package while no package reaches them
all; a weighted sum sees part of that. Any weights do; good ones make its maximum small.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from detente.model.problem import Floats
from detente.uncertainty.robust.parts import Drawn, Part, weighted

STEPS = 40
"""Improvements of the weights; more gain little."""
PACE = 8.0
"""How far the first of them goes, with gains measured by their spans."""


def weights_together(drawn: Mapping[int, Drawn]) -> dict[int, Floats]:
    """Weights, coding by coding, that keep the largest weighted sum of gains small.

    Parameters
    ----------
    drawn
        Two gains or more, by the position of their criterion.

    Returns
    -------
    weights
        For each gain one weight for each coding, not negative.

    Notes
    -----
    The largest weighted sum, table by table, is convex in the weights, and the gains at
    its maximum are a subgradient: weights are multiplied down where gains are large there
    (exponentiated gradient, steps that shrink with the square root of their number), and
    the best weights seen are kept. O(steps · entries of all tables).

    References
    ----------
    Kivinen and Warmuth, "Exponentiated gradient versus gradient descent for linear
    predictors", Information and Computation 132 (1997).
    """
    spans = np.stack([_span(gain) for gain in drawn.values()])
    scale = dict(zip(drawn, 1 / np.where(spans > 0, spans, 1.0), strict=True))
    logs = np.zeros_like(spans)
    least = np.full(spans.shape[1], np.inf)
    best = np.full_like(spans, 1 / len(spans))
    for step in range(STEPS):
        current = np.exp(logs - logs.max(axis=0))
        current /= current.sum(axis=0)
        shares = dict(zip(drawn, current, strict=True))
        total, gains = _largest(drawn, {place: shares[place] * scale[place] for place in drawn})
        better = total < least
        least = np.where(better, total, least)
        best = np.where(better, current, best)
        measured = np.stack([gains[place] * scale[place] for place in drawn])
        logs -= PACE / np.sqrt(step + 1) * measured
    return {place: row * scale[place] for place, row in zip(drawn, best, strict=True)}


def _span(gain: Drawn) -> Floats:
    out = np.zeros(len(gain.reach))
    for part in gain.parts:
        rows = _rows(part)
        out += rows.max(axis=0) - rows.min(axis=0)
    return out


def _largest(
    drawn: Mapping[int, Drawn], weights: Mapping[int, Floats]
) -> tuple[Floats, dict[int, Floats]]:
    """The largest weighted sum, table by table, and each gain where it is reached."""
    joint = weighted(drawn, weights)
    chosen = {part.scope: _rows(part).argmax(axis=0) for part in joint.parts}
    every = np.arange(len(joint.reach))
    gains = {place: np.zeros(len(every)) for place in drawn}
    for place, gain in drawn.items():
        for part in gain.parts:
            gains[place] += _rows(part)[chosen[part.scope], every]
    total: Floats = np.sum([weights[place] * gains[place] for place in drawn], axis=0)
    return total, gains


def _rows(part: Part) -> Floats:
    """The table with all its combinations along one axis: (combinations, codings)."""
    return part.table.reshape(-1, part.table.shape[-1])
