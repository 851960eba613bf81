"""The least guarantee, and the least detection, with which some order of measures holds.

For patient parties, whose promise does not depend on the way. Each step needs so much of it, so
the least that suffices for a whole order is a minimax path.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from detente.model.problem import Booleans, Floats
from detente.sequencing.arrays.subsets import Subsets, chances, numbers, per_measure, subsets, table
from detente.sequencing.arrays.widest import followed, widest
from detente.sequencing.search.best_order import TOLERANCE
from detente.verification.domain import count


@dataclass(frozen=True)
class Least:
    """The least of something with which some order holds, and that order.

    Parameters
    ----------
    amount
        How much.
    steps
        Measures done together, step by step.
    """

    amount: float
    steps: tuple[tuple[int, ...], ...]


def least_guarantee(
    owners: Sequence[int | None],
    precedence: Sequence[tuple[int, int]],
    promise: ArrayLike,
    breakdown: ArrayLike,
    *,
    party: int | None = None,
    detection: ArrayLike = 1.0,
    gain: ArrayLike = 0.0,
    simultaneous: bool = True,
) -> Least | None:
    """How much leaving would have to cost, at any time, so that some order holds.

    The least Γ ≥ 0 such that with B_i − Γ in the place of B_i no margin of a best order is
    negative. Walking away in s needs Γ ≥ B_i(s) − V_i; withholding a part X of a step to s',
    noticed with chance ρ, needs Γ ≥ B_i(s' ∖ X) − V_i + h (1 − ρ) / ρ. Where all is noticed
    this is max(0, −margin) of `widest_path`; otherwise it can be more.

    Parameters
    ----------
    owners, precedence, promise, breakdown, detection, gain, simultaneous
        As in `widest_path`.
    party
        The one party that the guarantee is to bind, from 0; None for all alike. The others'
        margins must then be kept without it.

    Returns
    -------
    Least or None
        None where none suffices: what is never noticed pays, or another party leaves anyway.

    Raises
    ------
    ValueError
        Where a shape or a number is outside its domain, the precedence has a cycle, or there
        are too many measures.

    Notes
    -----
    Exact up to rounding. Cost as in `widest_path`. For discounted values it does not hold: the
    guarantee also changes what false alarms cost.

    Examples
    --------
    The rebels disarm (they lose 20, the government wins 30), the government shares power (it
    loses 6, they win 10). A government that nothing binds leaves once they are disarmed.

    >>> B = [[30, 45], [10, 75], [40, 39], [20, 69]]
    >>> least_guarantee([0, 1], [], [50, 60], B)
    Least(amount=9.0, steps=((1,), (0,)))
    >>> least_guarantee([0, 1], [], [50, 60], B, party=0) is None
    True
    """
    lattice = subsets(owners, precedence, simultaneous)
    worth = table("breakdown", breakdown, lattice.measures)
    value = numbers("promise", promise, worth.shape[1])
    lattice.check_owners(worth.shape[1])
    seen = per_measure("detection", chances("detection", detection), lattice.measures)
    gains = per_measure("gain", numbers("gain", gain), lattice.measures)
    if party is not None and count("the party", party) >= worth.shape[1]:
        last = worth.shape[1] - 1
        raise ValueError(f"the party is one from 0 to {last}; this is {party}")
    spare = np.full(lattice.network.steps, np.inf)
    end = np.inf
    for player in range(worth.shape[1]):
        kept = value[player] - worth[:, player]
        margins = _spared(lattice, kept, player, seen, gains)
        last_margin = kept[-1:]
        if party not in (None, player):
            margins = np.where(margins >= -TOLERANCE, np.inf, -np.inf)
            last_margin = np.where(last_margin >= -TOLERANCE, np.inf, -np.inf)
        spare = np.minimum(spare, margins)
        end = min(end, float(last_margin[0]))
    return _least(lattice, spare, end)


def _spared(lattice: Subsets, kept: Floats, player: int, seen: Floats, gains: Floats) -> Floats:
    """What each step can spare: minus the guarantee that one party needs there."""
    network = lattice.network
    out = kept[lattice.masks][network.source]
    for withheld, steps in lattice.withheld(player):
        rho, hidden = 1 - np.prod(1 - seen[withheld]), gains[withheld].sum()
        if rho:
            without = lattice.masks[network.target[steps]] & ~lattice.mask(withheld)
            out[steps] = np.minimum(out[steps], kept[without] - hidden * (1 - rho) / rho)
        elif hidden > TOLERANCE:
            out[steps] = -np.inf
    return out


def _least(lattice: Subsets, spare: Floats, end: float) -> Least | None:
    """The minimax path, the amount not below 0; None where some step is closed on every way."""
    width = widest(lattice.network, spare, end)
    if width[0] == -np.inf:
        return None
    steps = followed(lattice.network, spare, width)
    return Least(max(0.0, -float(width[0])), lattice.measures_of(steps))


def least_common_detection(
    owners: Sequence[int | None],
    precedence: Sequence[tuple[int, int]],
    promise: ArrayLike,
    breakdown: ArrayLike,
    gain: ArrayLike,
) -> Least | None:
    """How surely withholding has to be noticed, for all measures alike, so that an order holds.

    One measure at a time. Taken in state s, measure m of party j needs a chance
    ρ ≥ h_m / (h_m + V_j − B_j(s)), which depends on when it is taken, and every state on the way
    must be safe, B_i(s) ≤ V_i for all i. The order that needs least need not be the one with
    the largest margin: exposure and verification rank orders differently.

    Parameters
    ----------
    owners, precedence, promise, breakdown
        As in `widest_path`.
    gain
        h: what withholding a measure yields if it is not noticed; one, or one a measure.

    Returns
    -------
    Least or None
        A chance from 0 to 1; None where every order passes a state that is not safe.

    Raises
    ------
    ValueError
        Where a shape or a number is outside its domain, the precedence has a cycle, or there
        are too many measures.

    Notes
    -----
    Exact up to rounding. Cost: 2^m m chances for m measures.

    Examples
    --------
    >>> B = [[40, 40], [30, 55], [55, 30], [45, 45]]
    >>> least_common_detection([0, 1], [], [60, 60], B, [20, 5])
    Least(amount=0.5, steps=((0,), (1,)))
    """
    lattice = subsets(owners, precedence, simultaneous=False)
    worth = table("breakdown", breakdown, lattice.measures)
    value = numbers("promise", promise, worth.shape[1])
    lattice.check_owners(worth.shape[1])
    gains = per_measure("gain", numbers("gain", gain), lattice.measures)
    network, kept = lattice.network, value - worth
    safe: Booleans = kept.min(axis=1) >= -TOLERANCE
    spare = np.zeros(network.steps)
    for player in range(worth.shape[1]):
        for (measure,), steps in lattice.withheld(player):
            if (hidden := gains[measure]) > 0:
                here = lattice.masks[network.source[steps]]
                spare[steps] = -hidden / (hidden + np.maximum(kept[here, player], 0))
    spare[~safe[lattice.masks[network.source]]] = -np.inf
    return _least(lattice, spare, 0.0 if safe[-1] else -np.inf)
