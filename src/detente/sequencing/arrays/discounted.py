r"""The order whose weakest moment is strongest, where the way itself counts.

Discounted parties (Model D), s' = s | A, F the false-alarm probability of a step, and
D = 1 − (1 − F) Π (1 − ρ) over what is withheld:

    V(s) = u(s') + δ [(1 − F) V(s') + F B(s')],   V(target) = [u + δ F B] / [1 − δ (1 − F)]
    walk away: V(s) − B(s)
    withhold X: u(s') − u(s' \ X) + δ [(D − F) V(s') − D B(s' \ X) + F B(s')]

All of it is nondecreasing in V(s'), so backward induction that keeps the Pareto-maximal labels is
exact (:mod:`detente.sequencing.search.best_order`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from detente.model.problem import Floats, Integers
from detente.sequencing.arrays.subsets import Subsets, chances, numbers, per_measure, subsets, table
from detente.sequencing.arrays.widest import Path
from detente.sequencing.search.best_order import best_order, goal_of_all
from detente.sequencing.search.lines import Line, Lines, pack
from detente.sequencing.search.play import Play, Player
from detente.verification.domain import probability

MOST_OWNED = 10
"""Most measures of one party where sets of them may be withheld or undone unseen."""


def discounted_path(
    owners: Sequence[int | None],
    precedence: Sequence[tuple[int, int]],
    flows: ArrayLike,
    breakdown: ArrayLike,
    discount: ArrayLike,
    *,
    detection: ArrayLike = 1.0,
    false_alarm: float = 0.0,
    reversible: bool = False,
    simultaneous: bool = True,
) -> Path:
    """The order of measures with the strongest weakest moment, for parties that discount.

    Parameters
    ----------
    owners, precedence, simultaneous
        As for :func:`widest_path`.
    flows
        u_i(s): what each state is worth per period; shape (2 ** measures, parties).
    breakdown
        B_i(s): what collapse is worth, as a discounted sum; shape (2 ** measures, parties).
    discount
        δ_i in [0, 1): what the next period is worth; one, or one a party.
    detection
        ρ: chance per period that it is noticed if a measure is withheld; one, or one each.
    false_alarm
        F: chance per period of an alarm although nobody withholds anything.
    reversible
        Whether measures can be undone unseen: then every party may also cheat on all it has
        done, at every state and at the end.

    Returns
    -------
    Path
        Its margin is a discounted sum, like V and B.

    Raises
    ------
    ValueError
        Where a shape or a number is outside its domain, the precedence has a cycle, or there are
        too many measures.

    Notes
    -----
    Exact. Worst case as many labels as there are orders; in practice few.

    Examples
    --------
    An exchange that costs the first mover 45 for a period works only at once.

    >>> u = [[5, 5], [-40, 12], [12, -40], [9, 9]]
    >>> B = [[50, 50], [30, 70], [70, 30], [50, 50]]
    >>> path = discounted_path([0, 1], [], u, B, 0.9)
    >>> round(path.margin, 9), path.steps
    (15.0, ((0, 1),))
    >>> round(discounted_path([0, 1], [], u, B, 0.9, simultaneous=False).margin, 9)
    -9.0
    """
    lattice = subsets(owners, precedence, simultaneous)
    flow = table("table of flows", flows, lattice.measures)
    worth = table("breakdown", breakdown, lattice.measures)
    if flow.shape != worth.shape:
        what = f"shapes {flow.shape} and {worth.shape}"
        raise ValueError(f"flows and breakdown are for the same parties; these have {what}")
    parties = flow.shape[1]
    lattice.check_owners(parties)
    delta = np.broadcast_to(_discounts(discount, parties), (parties,))
    seen = per_measure("detection", chances("detection", detection), lattice.measures)
    false = probability("the false-alarm probability", false_alarm)
    if reversible or (simultaneous and (seen < 1).any()):
        _check_owned(lattice, parties)
    players = tuple(
        _player(
            lattice,
            party,
            flow[:, party],
            worth[:, party],
            float(delta[party]),
            seen,
            false,
            reversible,
        )
        for party in range(parties)
    )
    play = Play(lattice.network, np.zeros(lattice.network.steps, dtype=np.int8), players)
    found = best_order(play, goal_of_all(play))
    if not found.exact:
        what = "there are too many ways in which orders could be better for one party than another"
        raise ValueError(f"{what}; give fewer measures, or one at a time (simultaneous=False)")
    return Path(found.value, lattice.measures_of(found.steps))


def _discounts(given: ArrayLike, parties: int) -> Floats:
    out = numbers("discount", given)
    if out.shape not in ((), (parties,)):
        what = f"the discount is one number, or one for each of the {parties} parties"
        raise ValueError(f"{what}; this has shape {out.shape}")
    wrong = out[(out < 0) | (out >= 1)]
    if wrong.size:
        raise ValueError(f"the discount lies in [0, 1); one is {wrong.flat[0]:g}")
    return out


def _player(  # noqa: PLR0917
    lattice: Subsets,
    party: int,
    flow: Floats,
    worth: Floats,
    delta: float,
    seen: Floats,
    false: float,
    reversible: bool,
) -> Player:
    """One party; nothing here is divided by 1 − δ."""
    network, here = lattice.network, lattice.masks
    alarm = _Alarm(lattice, flow, worth, delta, seen, false)
    box = np.full(network.steps, -np.inf)
    slips = []
    for withheld, steps in lattice.withheld(party):
        if alarm.total(withheld) == 1:
            without = here[network.target[steps]] & ~lattice.mask(withheld)
            box[steps] = np.maximum(box[steps], flow[without] + delta * worth[without])
        else:
            reached = network.target[steps].astype(np.int64)
            slips.append(alarm.line(withheld, steps, reached))
    stands = []
    for withheld in _sets(lattice.owned(party)) if reversible else ():
        mask = lattice.mask(withheld)
        states = np.flatnonzero(here & mask == mask)
        stands.append(alarm.line(withheld, states, states))
    promise = (flow[-1] + delta * false * worth[-1]) / (1 - delta * (1 - false))
    shape = (1, network.states)
    least, most = (
        float(min(flow.min() / (1 - delta), worth.min())),
        float(max(flow.max() / (1 - delta), worth.max())),
    )
    return Player(
        str(party),
        (flow + delta * false * worth)[here][None],
        np.full(shape, delta * (1 - false)),
        np.ones(shape),
        worth[here],
        box,
        delta,
        1.0,
        pack(slips, network.steps, least, most),
        pack(stands, network.states, least, most),
        float(promise),
        1 / (1 - delta * (1 - false)),
        _ends(-float(worth[-1]), stands, network.states - 1),
    )


def _ends(leave: float, stands: Sequence[Line], last: int) -> Lines:
    """Margins at the target: the end of a walk, and cheating on what is done."""
    slope, level = [1.0], [leave]
    for line in stands:
        slope.append(float(line.slope[line.at == last][0]))
        level.append(float(line.level[line.at == last][0]))
    nothing = np.zeros((len(slope), 1))
    return Lines(np.array(slope)[:, None], np.array(level)[:, None], nothing, nothing)


def _check_owned(lattice: Subsets, parties: int) -> None:
    """Refuse more sets to withhold, or to undo, than can be compared."""
    for party in range(parties):
        own = len(lattice.owned(party))
        if own > MOST_OWNED:
            what = f"at most {MOST_OWNED} measures of one party that can be withheld unseen"
            raise ValueError(f"{what}; party {party} has {own}: {2**own:,} sets")


def _sets(measures: Sequence[int]) -> Iterator[list[int]]:
    for size in range(1, len(measures) + 1):
        yield from map(list, combinations(measures, size))


class _Alarm:
    """What hiding a set of measures leads to, by state in which it is hidden."""

    def __init__(  # noqa: PLR0917
        self,
        lattice: Subsets,
        flow: Floats,
        worth: Floats,
        delta: float,
        seen: Floats,
        false: float,
    ) -> None:
        self.lattice, self.flow, self.worth = lattice, flow, worth
        self.delta, self.seen, self.false = delta, seen, false

    def total(self, withheld: Sequence[int]) -> float:
        """D."""
        return float(1 - (1 - self.false) * np.prod(1 - self.seen[list(withheld)]))

    def line(self, withheld: Sequence[int], at: Integers, states: Integers) -> Line:
        """Hiding it in states, put down for these states or for the steps to them."""
        here, alarm = self.lattice.masks[states], self.total(withheld)
        without = here & ~self.lattice.mask(withheld)
        level = self.flow[here] - self.flow[without]
        level += self.delta * (self.false * self.worth[here] - alarm * self.worth[without])
        nothing = np.zeros(len(at))
        return Line(at, nothing + self.delta * (alarm - self.false), level, nothing, nothing)
