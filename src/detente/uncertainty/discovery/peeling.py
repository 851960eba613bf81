"""Peeling: take a small share of the codings off one side of a box at a time.

The first step towards a box, after Friedman & Fisher (1999); see :mod:`.boxes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.model.problem import Booleans, Floats, Integers

Ranks = NDArray[np.int32]
"""Places of values or codings, in the smaller integers: there are many."""
Side = tuple[int, int]
"""The lower (0) or upper (1) side of a factor."""
ROUNDING = 1e-12
"""Scores that differ by less are the same."""


@dataclass(frozen=True)
class Effort:
    """How patiently boxes are looked for, and what is asked of them.

    Parameters
    ----------
    most_factors, peel, least_gain
        As for :func:`.boxes`.
    least
        Least number of codings in a box.
    level
        Greatest quasi p value of a restriction that stays.
    """

    most_factors: int
    peel: float
    least: int
    least_gain: float
    level: float


@dataclass(frozen=True, eq=False)
class Field:
    """The codings in which one box is looked for.

    Parameters
    ----------
    ranks
        Shape (factors, codings): which of the factor's distinct values it is, from 0.
    orders
        Shape (factors, codings): the codings by ascending value of each factor.
    hits, left
        Shape (codings,): which ones are to be told from the others, and which ones are in no
        earlier box.
    whole
        The limits that restrict nothing: the lowest and highest ranks, shape (2, factors).
    """

    ranks: Ranks
    orders: Ranks
    hits: Booleans
    left: Booleans
    whole: Integers

    def score(self, hits: Floats | int, codings: Floats | int) -> Floats:
        """The correlation between lying in a box with so many hits and codings, and being a hit.

        The phi coefficient: 1 where box and hits are the same codings, 0 where the box has
        just the share of hits of all codings. About the root of coverage times density where
        hits are rare. 0 where a box holds nothing or everything.
        """
        inside, inside_hits = np.asarray(codings, dtype=float), np.asarray(hits, dtype=float)
        every, every_hits = self._every
        spread = inside * (every - inside) * every_hits * (every - every_hits)
        excess = every * inside_hits - inside * every_hits
        return np.where(spread > 0, excess / np.sqrt(np.where(spread > 0, spread, 1)), 0.0)

    @cached_property
    def _every(self) -> tuple[float, float]:
        """How many codings and hits are left."""
        return float(self.left.sum()), float((self.hits & self.left).sum())

    def sides(self, limits: Integers) -> list[Side]:
        """What some limits restrict."""
        return [(int(side), int(factor)) for side, factor in np.argwhere(limits != self.whole)]

    def shut(self, limits: Integers, sides: list[Side]) -> Booleans:
        """Which codings each of these sides shuts out, shape (sides, codings)."""
        found = np.zeros((len(sides), len(self.hits)), dtype=np.bool_)
        for place, (side, factor) in enumerate(sides):
            row, limit = self.ranks[factor], limits[side, factor]
            found[place] = row > limit if side else row < limit
        return found

    def inside(self, limits: Integers) -> Booleans:
        """Which codings lie within some limits, those of earlier boxes too."""
        found: Booleans = np.logical_not(self.shut(limits, self.sides(limits)).any(axis=0))
        return found

    def scored(self, limits: Integers) -> float:
        """The score of the codings within some limits."""
        inside = self.left & self.inside(limits)
        return float(self.score(int((inside & self.hits).sum()), int(inside.sum())))


def ranked(points: Floats) -> tuple[Ranks, Ranks]:
    """Ranks of the distinct values and orders of the codings, both (factors, codings)."""
    ranks = np.zeros(points.shape[::-1], dtype=np.int32)
    orders = np.empty_like(ranks)
    for column, row, order in zip(points.T, ranks, orders, strict=True):
        order[:] = column.argsort()
        ordered = column[order]
        row[order[1:]] = (ordered[1:] > ordered[:-1]).cumsum()
    return ranks, orders


def peeled(field: Field, effort: Effort) -> Integers:
    """The limits with the best score on the way down to the least support."""
    limits = field.whole.copy()
    best, most = limits.copy(), 0.0
    inside = field.left.copy()
    orders = field.orders[inside[field.orders]].reshape(len(field.orders), -1)
    while True:
        codings, hits = orders.shape[1], int(field.hits[orders[0]].sum())
        score = float(field.score(hits, codings))
        if score > most + ROUNDING:
            best, most = limits.copy(), score
        if hits in {0, codings}:
            return best
        count = max(1, int(effort.peel * codings))
        removed, lost, after = _candidates(field, orders, count)
        remaining = codings - removed
        allowed = remaining >= effort.least
        if not allowed.any():
            return best
        # The density gained for each coding lost, times what is the same for all.
        gains = (hits * removed - lost * codings) / (removed * np.maximum(remaining, 1))
        side, factor = np.unravel_index(np.where(allowed, gains, -np.inf).argmax(), gains.shape)
        limits[side, factor] = after[side, factor]
        inside[orders[factor, :: -1 if side else 1][: removed[side, factor]]] = False
        orders = orders[inside[orders]].reshape(len(orders), -1)


def _candidates(field: Field, orders: Ranks, count: int) -> tuple[Integers, Integers, Integers]:
    """What a peel would do on each side of each factor, shape (2, factors) each.

    Returns
    -------
    removed, lost, after
        Codings and hits taken off, and the limit then. ``removed`` is all of them where the
        factor has one value only.
    """
    factors = np.arange(len(orders))
    removed = np.full((2, len(orders)), count, dtype=np.int64)
    lost, after = np.zeros_like(removed), np.zeros_like(removed)
    for side in (0, 1):
        outward = orders[:, ::-1] if side else orders
        edge = field.ranks[factors, outward[:, count - 1]]
        after[side] = field.ranks[factors, outward[:, min(count, outward.shape[1] - 1)]]
        lost[side] = np.count_nonzero(field.hits[outward[:, :count]], axis=1)
        for factor in np.flatnonzero(edge == after[side]):
            # Equal values stay together: those before them go or, where there are none, they.
            row = field.ranks[factor, outward[factor]]
            same = row == edge[factor]
            taken = int(same.argmax()) or int(same.sum())
            removed[side, factor] = taken
            lost[side, factor] = field.hits[outward[factor, :taken]].sum()
            after[side, factor] = row[min(taken, len(row) - 1)]
    return removed, lost, after
