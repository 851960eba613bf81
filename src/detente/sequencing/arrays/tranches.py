"""How large the steps of a gradual exchange can be if only what is still to come holds it together.

Two parties exchange irreversible concessions, tranche by tranche. Who withholds its part keeps
what the other has given so far; all that it loses are the tranches to come, and a standing stake
(a deposit, a guarantee, a relation worth something of its own). Without one the last tranche is
never rational, and so by backward induction none is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import SupportsFloat

from detente.verification.domain import amount, count, discount_factor, finite

MOST_TRANCHES = 100_000
"""Most tranches computed."""
ROUNDING = 1e-12
"""A sum reaches the total if it misses it by less than this share of it."""


@dataclass(frozen=True)
class Tranches:
    """The largest tranches that hold.

    Parameters
    ----------
    sizes
        In the order in which they are exchanged.
    reach
        Their sum. Where it exceeds the total, the first tranche may be smaller by so much.
    """

    sizes: tuple[float, ...]
    reach: float


def tranche_sizes(
    own_cost: SupportsFloat,
    benefit: SupportsFloat,
    discount: SupportsFloat,
    standing_stake: SupportsFloat,
    total: SupportsFloat,
    *,
    most: int = MOST_TRANCHES,
) -> Tranches | None:
    """The fewest tranches in which a total can be exchanged, and their largest sizes.

    Both sides give one tranche of the same size in each period, for good. A unit costs its owner
    α in every period from then on and is worth β to the other side. Withholding is seen at once
    and ends the exchange: what was given stays, the stake Z is lost. Backward from the last
    tranche K, the flow that is lost by withholding is S_K = (1 − δ) Z and
    S_{t−1} = (1 − δ)² Z + (δβ/α) S_t, and a tranche holds if its cost is no more: α size_t ≤ S_t.

    Parameters
    ----------
    own_cost
        α > 0: what a unit costs who gives it, per period.
    benefit
        β ≥ 0: what a unit is worth to the other side, per period.
    discount
        δ in [0, 1): worth of the next period.
    standing_stake
        Z ≥ 0: what is lost, beyond the rest of the exchange, by who lets it collapse; a
        discounted sum, at the moment of withholding.
    total
        Units that each side is to give, not below 0.
    most
        Most tranches.

    Returns
    -------
    Tranches or None
        None where no number of tranches reaches the total: without a stake. The sizes fall
        towards the end if β > α: where both sides know what they face and nothing can be taken
        back, large steps come first and small ones last. Starting small answers another
        problem, not knowing whom one deals with (Watson 2002, Games and Economic Behavior 38:
        176–199).

    Raises
    ------
    ValueError
        Where a number is outside its domain or too large, or more than ``most`` tranches would
        be needed.

    Notes
    -----
    Constant time a tranche. With Z = 0 and no last tranche the recursion is
    size_{t+1} = α/(δβ) size_t, the path of Lockwood and Thomas (2002, Review of Economic Studies
    69: 339–356).

    Examples
    --------
    >>> plan = tranche_sizes(1, 2, 0.9, 5, 10)
    >>> [round(size, 2) for size in plan.sizes], round(plan.reach, 2)
    ([5.84, 3.22, 1.76, 0.95, 0.5], 12.27)
    >>> tranche_sizes(1, 2, 0.9, 0, 10) is None
    True
    """
    cost = finite("the own cost", own_cost)
    if cost <= 0:
        raise ValueError(f"the own cost is above 0; this is {cost:g}")
    worth = amount("the benefit", benefit)
    delta = discount_factor("the discount factor", discount)
    stake = amount("the standing stake", standing_stake)
    wanted = amount("the total", total)
    limit = count("the limit of tranches", most)
    if wanted and not stake:
        return None
    sizes: list[float] = []
    lost, reach = (1 - delta) * stake, 0.0
    while reach < wanted * (1 - ROUNDING):
        if len(sizes) == limit:
            raise ValueError(
                f"{wanted:g} takes more than {limit:,} tranches, which reach {reach:g}: "
                "a larger stake takes fewer, or raise most"
            )
        sizes.append(lost / cost)
        reach += sizes[-1]
        lost = (1 - delta) ** 2 * stake + delta * worth / cost * lost
        if not math.isfinite(reach + lost):
            raise ValueError("the tranches are too large to be computed with")
    return Tranches(tuple(reversed(sizes)), math.fsum(sizes))
