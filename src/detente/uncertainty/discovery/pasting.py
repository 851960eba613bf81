"""Pasting: set the limits of a box anew, and keep only the restrictions that say something.

The second step towards a box; see :mod:`.boxes`.
"""

from __future__ import annotations

import numpy as np

from detente.model.problem import Booleans, Floats, Integers
from detente.uncertainty.discovery.peeling import ROUNDING, Effort, Field, Side


def refined(limits: Integers, field: Field, effort: Effort) -> Integers:
    """A simple box near the peeled one in which every restriction says something."""
    limits = _dropped(limits, field, effort)
    while (more := _added(limits, field, effort)) is not None:
        more = _dropped(more, field, effort)
        if field.scored(more) <= field.scored(limits) + ROUNDING:
            break
        limits = more
    return limits


def tested(shut: Booleans, field: Field) -> tuple[Floats, Floats]:
    """Quasi p values of restrictions, and what each of them adds to the score.

    Parameters
    ----------
    shut
        Which codings each restriction shuts out, shape (restrictions, codings).
    """
    from scipy.stats import binom

    times = np.count_nonzero(shut, axis=0)
    inner = field.left & (times == 0)
    alone = shut & (field.left & (times == 1))
    codings, hits = int(inner.sum()), int((inner & field.hits).sum())
    around = codings + np.count_nonzero(alone, axis=1)
    around_hits = hits + np.count_nonzero(alone & field.hits, axis=1)
    p_values: Floats = binom.sf(hits - 1, codings, around_hits / around)
    return p_values, field.score(hits, codings) - field.score(around_hits, around)


def _dropped(limits: Integers, field: Field, effort: Effort) -> Integers:
    """The limits without the restrictions that say too little, the others set anew."""
    limits = limits.copy()
    sides = field.sides(limits)
    shut = field.shut(limits, sides)
    while sides:
        few = len({factor for _, factor in sides}) <= effort.most_factors
        if few:
            limits = _pasted(limits, field, effort)
            sides = field.sides(limits)
            shut = field.shut(limits, sides)
        p_values, gains = tested(shut, field)
        weak = (p_values > effort.level) | (gains < effort.least_gain) | (not few)
        if not weak.any():
            break
        # Where p values are too small to differ, the score tells.
        worst = int(np.lexsort((gains, -p_values, ~weak))[0])
        limits[sides[worst]] = field.whole[sides[worst]]
        shut = np.delete(shut, worst, axis=0)
        del sides[worst]
    return limits


def _added(limits: Integers, field: Field, effort: Effort) -> Integers | None:
    """The limits with the one more that makes the score best; None where none makes it better."""
    sides = field.sides(limits)
    restricted = {factor for _, factor in sides}
    inside = field.left & field.inside(limits)
    best, most = None, field.scored(limits) + ROUNDING
    for factor in range(len(field.ranks)):
        if factor not in restricted and len(restricted) >= effort.most_factors:
            continue
        for side in (0, 1):
            if (side, factor) in sides:
                continue
            rank, score = _best_limit((side, factor), inside, field, effort)
            if score > most:
                best, most = limits.copy(), score
                best[side, factor] = rank
    return best


def _pasted(limits: Integers, field: Field, effort: Effort) -> Integers:
    """Each limit in turn where the score is best given the others, until none moves."""
    limits, best = limits.copy(), field.scored(limits)
    moved = True
    while moved:
        moved = False
        for side in field.sides(limits):
            free = limits.copy()
            free[side] = field.whole[side]
            around = field.left & field.inside(free)
            rank, score = _best_limit(side, around, field, effort)
            if score > best + ROUNDING:
                limits[side], best, moved = rank, score, True
    return limits


def _best_limit(side: Side, around: Booleans, field: Field, effort: Effort) -> tuple[int, float]:
    """The limit on one side with the best score, the widest of equally good ones, and its score.

    Parameters
    ----------
    around
        The codings within all other limits.
    """
    upper, factor = side
    order = field.orders[factor]
    order = order[around[order]]
    if not upper:
        order = order[::-1]
    ranks = field.ranks[factor, order]
    hits = field.hits[order].cumsum()
    last = np.append(np.flatnonzero(ranks[1:] != ranks[:-1]), len(ranks) - 1)
    last = last[last + 1 >= effort.least]
    scores = field.score(hits[last], last + 1)
    place = int(np.flatnonzero(scores >= scores.max() - ROUNDING)[-1])
    if place == len(last) - 1:
        return int(field.whole[side]), float(scores[place])
    return int(ranks[last[place]]), float(scores[place])
