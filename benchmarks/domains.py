"""Random negotiations as plain numbers, so that every program gets the same ones.

Only the standard library is used: the parent process stays small, because a child's
largest resident size can never be below its parent's (the kernel carries it over).
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

QUARTILE = 0.6745
"""Standard deviations below the mean, under a normal law, that three in four exceed."""


@dataclass(frozen=True)
class Domain:
    """An additive negotiation.

    Parameters
    ----------
    sizes
        Number of options of each issue.
    scores
        For each party and issue the points of each option, integers.
    walk_away
        For each party the least sum of points that it accepts.
    forbidden
        Rules: pairs of (issue, option) that exclude each other.
    """

    sizes: list[int]
    scores: list[list[list[int]]]
    walk_away: list[int]
    forbidden: list[tuple[tuple[int, int], tuple[int, int]]]

    @property
    def outcomes(self) -> int:
        """Combinations of one option per issue, rules aside."""
        return math.prod(self.sizes)


def random_domain(
    sizes: Sequence[int],
    parties: int,
    seed: int,
    *,
    weighted: bool = True,
    choosy: bool = True,
    rules: bool = False,
) -> Domain:
    """Scores drawn uniformly from 0 to 100.

    Parameters
    ----------
    sizes
        Number of options of each issue.
    parties
        Number of parties.
    seed
        Of everything drawn here.
    weighted
        Multiply a party's scores on an issue by a weight drawn from 1 to 10.
    choosy
        Set walk-away values that about three outcomes in four exceed, for each party
        (under a normal law); otherwise 0, which everything reaches.
    rules
        Forbid about a fifth of the combinations of options of each issue and the next.
    """
    draw = random.Random(f"{tuple(sizes)} {parties} {seed}")
    scores, walk_away = [], []
    for _ in range(parties):
        weights = [draw.randint(1, 10) if weighted else 1 for _ in sizes]
        tables = [
            [weight * draw.randint(0, 100) for _ in range(size)]
            for weight, size in zip(weights, sizes, strict=True)
        ]
        scores.append(tables)
        walk_away.append(_lower_quartile(tables) if choosy else 0)
    forbidden = [
        ((issue, one), (issue + 1, other))
        for issue in range(len(sizes) - 1 if rules else 0)
        for one in range(sizes[issue])
        for other in range(sizes[issue + 1])
        if draw.random() < 0.2
    ]
    return Domain(list(sizes), scores, walk_away, forbidden)


def _lower_quartile(tables: Sequence[Sequence[int]]) -> int:
    means = [sum(table) / len(table) for table in tables]
    spread = sum(
        sum((score - mean) ** 2 for score in table) / len(table)
        for table, mean in zip(tables, means, strict=True)
    )
    return math.ceil(sum(means) - QUARTILE * math.sqrt(spread))
