r"""The order whose weakest moment is strongest, where the promise does not depend on the way.

Patient parties (Model R): walking away in state s has the margin V_i − B_i(s), withholding a
part X of a step to s' the margin ρ(X) [V_i − B_i(s' \ X)] − (1 − ρ(X)) h(X). Margins belong to
steps, so the best order is a widest path: W(target) = margin of the finished agreement,
W(s) = max over steps A of min(margin(s, A), W(s | A)), from the last states to the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from detente.model.problem import Floats
from detente.sequencing.arrays.subsets import Subsets, chances, numbers, per_measure, subsets, table
from detente.sequencing.lattice.network import Network


@dataclass(frozen=True)
class Path:
    """An order of steps and its weakest moment.

    Parameters
    ----------
    margin
        The least margin of any party at any moment; negative where no order is self-enforcing.
    steps
        Measures done together, step by step.
    """

    margin: float
    steps: tuple[tuple[int, ...], ...]

    @property
    def feasible(self) -> bool:
        """Whether no party ever prefers to leave; a tie counts."""
        return self.margin >= -1e-9


def widest(network: Network, margins: Floats, end: float) -> Floats:
    """W of every state.

    Parameters
    ----------
    network
        States and steps.
    margins
        Of each step.
    end
        Of the finished agreement.

    Notes
    -----
    Exact. Cost: one comparison a step.
    """
    out = np.full(network.states, -np.inf)
    out[-1] = end
    for states, steps in network.descending():
        reached = np.minimum(margins[steps], out[network.target[steps]])
        begins = network.first[states] - steps.start
        some = np.diff(network.first[states.start : states.stop + 1]) > 0
        if some.any():
            best = np.maximum.reduceat(reached, begins[some])
            out[np.flatnonzero(some) + states.start] = best
    return out


def followed(network: Network, margins: Floats, width: Floats) -> list[int]:
    """The steps of a widest path from the start: at each state the first one that keeps W."""
    state, steps = 0, []
    while state != network.states - 1:
        low, high = network.first[state], network.first[state + 1]
        reached = np.minimum(margins[low:high], width[network.target[low:high]])
        step = int(low + np.argmax(reached))
        steps.append(step)
        state = int(network.target[step])
    return steps


def widest_path(
    owners: Sequence[int | None],
    precedence: Sequence[tuple[int, int]],
    promise: ArrayLike,
    breakdown: ArrayLike,
    *,
    detection: ArrayLike = 1.0,
    gain: ArrayLike = 0.0,
    simultaneous: bool = True,
) -> Path:
    """The order of measures with the strongest weakest moment, for patient parties.

    Parameters
    ----------
    owners
        The party that carries out each measure, from 0; None for a third party.
    precedence
        Pairs (first, then) of measures. A step may hold both.
    promise
        V_i: what the finished agreement is worth; shape (parties,).
    breakdown
        B_i(s): what collapse is worth in each state; shape (2 ** measures, parties), where bit
        j of the row is set if measure j is done.
    detection
        ρ: chance that it is noticed if a measure is withheld; one, or one a measure. Chances
        of several are independent.
    gain
        h: what withholding a measure yields if it is not noticed; added up over several.
    simultaneous
        Whether several measures may be done in one step.

    Returns
    -------
    Path

    Raises
    ------
    ValueError
        Where a shape or a number is outside its domain, the precedence has a cycle, or there are
        too many measures.

    Notes
    -----
    Exact. One measure a step: 2^m m margins; all steps: 3^m, times the sets of measures that a
    party can withhold in a step. Single steps suffice where B_i falls in a party's own measures
    and rises in the others' and withholding is noticed (any order inside a step will do).

    Examples
    --------
    Each side gives up 10 and wins 15 by the other's measure; leaving early is worth 40.

    >>> B = [[40, 40], [30, 55], [55, 30], [45, 45]]
    >>> widest_path([0, 1], [], [60, 60], B)
    Path(margin=5.0, steps=((0,), (1,)))
    """
    lattice = subsets(owners, precedence, simultaneous)
    worth = table("breakdown", breakdown, lattice.measures)
    value = numbers("promise", promise, worth.shape[1])
    lattice.check_owners(worth.shape[1])
    seen = per_measure("detection", chances("detection", detection), lattice.measures)
    gains = per_measure("gain", numbers("gain", gain), lattice.measures)
    kept = value - worth
    margins = _margins(lattice, kept, seen, gains)
    end = float(kept[-1].min())
    width = widest(lattice.network, margins, end)
    steps = followed(lattice.network, margins, width)
    return Path(float(width[0]), lattice.measures_of(steps))


def _margins(lattice: Subsets, kept: Floats, seen: Floats, gains: Floats) -> Floats:
    """The least margin of each step."""
    network = lattice.network
    out: Floats = kept.min(axis=1)[lattice.masks][network.source]
    if not lattice.simultaneous and (seen == 1).all():
        return out  # openly withholding the only measure of a step is walking away
    for party in range(kept.shape[1]):
        for withheld, steps in lattice.withheld(party):
            rho = 1 - np.prod(1 - seen[withheld])
            without = lattice.masks[network.target[steps]] & ~lattice.mask(withheld)
            margin = rho * kept[without, party] - (1 - rho) * gains[withheld].sum()
            out[steps] = np.minimum(out[steps], margin)
    return out
