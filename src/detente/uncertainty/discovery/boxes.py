"""Under which simple conditions does it fail? Scenario discovery with boxes.

A *box* restricts a few factors to a part of their range. A good one holds most of the failures
(coverage) and little else (density). Boxes are found with the patient rule induction method of
Friedman & Fisher (1999): *peeling* takes a small share of the codings off one side of the box at
a time, *pasting* sets each limit anew, *covering* looks for the next box among the codings that
are in none yet. What is no more than chance is dropped, so that there may be no box.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from detente.model.problem import Booleans, Floats, Integers
from detente.uncertainty.discovery.pasting import refined, tested
from detente.uncertainty.discovery.peeling import Effort, Field, peeled, ranked


@dataclass(frozen=True)
class Condition:
    """That one factor lies in a part of its range.

    Parameters
    ----------
    factor
        Its column.
    low, high
        From and up to which value, both of which are values in the codings and belong to the
        box; None where that side is open.
    quasi_p_value
        How often chance alone would give as many hits as the box has, or more, if each of its
        codings were a hit with the density of the box without this condition (one-sided binomial
        test; Bryant & Lempert 2010). Of the codings in no earlier box. Not corrected for the
        search; see :func:`boxes`.
    """

    factor: int
    low: float | None
    high: float | None
    quasi_p_value: float


@dataclass(frozen=True)
class Box:
    """Conditions that are met at once, and how well they tell the hits from the others.

    Parameters
    ----------
    conditions
        By ascending factor.
    inside, inside_hits
        Codings and hits that meet all conditions, of all codings (of those in earlier boxes too).
    codings, hits
        How many there are in all.
    """

    conditions: tuple[Condition, ...]
    inside: int
    inside_hits: int
    codings: int
    hits: int

    @property
    def coverage(self) -> float:
        """Share of all hits that lie in the box."""
        return self.inside_hits / self.hits

    @property
    def density(self) -> float:
        """Share of hits among the codings in the box."""
        return self.inside_hits / self.inside

    @property
    def mass(self) -> float:
        """Share of all codings that lie in the box."""
        return self.inside / self.codings

    @property
    def base_rate(self) -> float:
        """Share of hits among all codings."""
        return self.hits / self.codings

    def holds(self, points: Floats) -> Booleans:
        """Which codings lie in the box; ``points`` of shape (codings, factors)."""
        found = np.ones(len(points), dtype=np.bool_)
        for condition in self.conditions:
            column = points[:, condition.factor]
            if condition.low is not None:
                found &= column >= condition.low
            if condition.high is not None:
                found &= column <= condition.high
        return found


def boxes(
    points: Floats,
    hits: Booleans,
    *,
    most_factors: int = 3,
    most_boxes: int = 3,
    peel: float = 0.05,
    least_support: float = 0.02,
    least_coverage: float = 0.1,
    least_gain: float = 0.02,
    significance: float = 0.05,
) -> tuple[Box, ...]:
    """Which parts of the ranges hold most of the hits and little else?

    Parameters
    ----------
    points
        Shape (codings, factors), finite. Only their order in each column counts.
    hits
        Shape (codings,): what is to be told from the others, such as failures.
    most_factors
        Most factors that a box restricts.
    most_boxes
        Most boxes.
    peel
        Share of the codings in the box that one peel takes off, above 0 and below 1/2.
    least_support
        Least share of all codings in a box.
    least_coverage
        Least share of all hits that a box adds to the earlier ones; it ends the search.
    least_gain
        A restriction stays only if the score is larger by this with it than without it.
    significance
        Chance, roughly, of a restriction in pure noise.

    Returns
    -------
    boxes
        In the order found. Empty where nothing can be said: no coding or no factor, no hits,
        only hits, or nothing that chance alone might not have done.

    Raises
    ------
    ValueError
        Where shapes, types or limits are not as said.

    Notes
    -----
    *Peeling* takes the codings off that side of a factor where the density gained for each coding
    lost is greatest; equal values are taken off together, so that a peel may be larger than
    ``peel``. Of all boxes on the way down to ``least_support`` the one with the best score is
    taken (:meth:`.Field.score`, the correlation of lying in the box and being a hit). Its least
    significant restrictions are dropped until it has at most ``most_factors`` factors; then
    *pasting* moves each limit in turn, outwards or inwards, to where the score is best until none
    moves, and restrictions go on being dropped while one is not significant or adds less than
    ``least_gain``. Where one more restriction makes the score better and can stay, it is added.
    Where several boxes pull the peeling in several directions, adding alone, from the whole
    ranges on, may lead further: the better of both is the box. *Covering* starts again with the
    codings that are in no box yet.

    A side is significant where its quasi p value (as for :class:`Condition`) is at most
    ``significance`` / (2 × factors × peels down to ``least_support``): the search had so many
    restrictions to choose from. The result does not change with the order of the codings nor,
    ties between equally good peels aside, with that of the factors; increasing transformations
    of a factor change only the values of the limits.

    O(factors × codings × (log codings + boxes / ``peel``)).

    References
    ----------
    Friedman & Fisher (1999), Statistics and Computing 9, 123–143; Bryant & Lempert (2010),
    Technological Forecasting and Social Change 77, 34–49 (coverage, density, quasi p values);
    Kwakkel & Jaxa-Rozen (2016), Environmental Modelling & Software 79, 311–321 (gain for each
    coding lost).
    """
    _check(points, hits, (most_factors, most_boxes))
    _check_shares(peel, (least_support, significance), (least_coverage, least_gain))
    codings, factors = points.shape
    if not factors or not hits.any() or hits.all():
        return ()
    peels = math.ceil(math.log(least_support) / math.log(1 - peel))
    least = max(1, math.ceil(least_support * codings))
    level = significance / (2 * factors * peels)
    effort = Effort(most_factors, peel, least, least_gain, level)
    ranks, orders = ranked(points)
    tops = ranks.max(axis=1).astype(np.int64)
    field = Field(ranks, orders, hits, np.ones_like(hits), np.stack((np.zeros_like(tops), tops)))
    found = list[Box]()
    while len(found) < most_boxes and field.left.sum() >= least:
        starts = (peeled(field, effort), field.whole)
        limits = max((refined(start, field, effort) for start in starts), key=field.scored)
        new = field.left & field.inside(limits)
        if not field.sides(limits) or (new & hits).sum() < least_coverage * hits.sum():
            break
        found.append(_box(limits, field, points))
        field = replace(field, left=field.left & ~new)
    return tuple(found)


def _check(points: Floats, hits: Booleans, limits: tuple[int, ...]) -> None:
    if points.ndim != 2 or hits.shape != points.shape[:1] or hits.dtype != np.bool_:
        raise ValueError("points must be (codings, factors) and hits (codings,) true or false")
    if not np.isfinite(points).all():
        raise ValueError("points must be finite: leave out the codings that have no value")
    if min(limits) < 1:
        raise ValueError("most_factors and most_boxes must be at least 1")


def _check_shares(peel: float, positive: tuple[float, ...], other: tuple[float, ...]) -> None:
    if not 0 < peel < 0.5:
        raise ValueError("peel must lie above 0 and below 1/2")
    if min(positive) <= 0 or min(other) < 0 or max(*positive, *other) >= 1:
        raise ValueError(
            "least_support and significance must lie above 0, least_coverage and least_gain not "
            "below, and all of them below 1"
        )


def _box(limits: Integers, field: Field, points: Floats) -> Box:
    sides = field.sides(limits)
    factors = sorted({factor for _, factor in sides})
    shut = field.shut(limits, sides)
    together = [shut[[own == factor for _, own in sides]].any(axis=0) for factor in factors]
    p_values, _ = tested(np.stack(together), field)
    conditions = []
    for factor, p_value in zip(factors, p_values, strict=True):
        ends: list[float | None] = [None, None]
        for upper in (0, 1):
            if (upper, factor) in sides:
                at = int((field.ranks[factor] == limits[upper, factor]).argmax())
                ends[upper] = float(points[at, factor])
        conditions.append(Condition(factor, ends[0], ends[1], float(p_value)))
    inside = field.inside(limits)
    counts = (int(inside.sum()), int((inside & field.hits).sum()))
    return Box(tuple(conditions), *counts, len(field.hits), int(field.hits.sum()))
