"""Side payments after each step between patient parties: how large, and how many orders they open.

In each state the parties share a pie by what the rest of the process is worth to them; a payment
after a step changes the shares. Before, in and after a step from s to s' the share of each party
must be at least max(B_i(s), B_i(s')): else it would leave, or take what the others did and leave
before it pays. How large the pie has to be is :func:`detente.sequencing.side_payment_pie`; here it
is given, and the payments are looked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from detente.model.problem import Floats
from detente.sequencing.arrays.gains import side_payment_pie
from detente.sequencing.arrays.subsets import Subsets, subsets, table

ROUNDING = 1e-9
"""A pie suffices if it falls short by no more."""
MOST_LABELS = 1 << 20
"""Most vectors of promises held in all."""


@dataclass(frozen=True)
class SidePayments:
    """What is shared and paid along an order, and how many orders a pie opens.

    Parameters
    ----------
    steps
        An order that needs the smallest pie: one measure a step.
    shares
        What the rest of the process is worth to each party at each step; shape (steps, parties).
    payments
        What each party has of the payments after each step but the last: the change of its
        share. Their absolute sum is the least along this order.
    needed
        The smallest pie of that order.
    orders
        Number of orders.
    with_payments
        How many of them the pie suffices for with payments after each step.
    promised
        How many it suffices for if it is divided once and for all.
    """

    steps: tuple[int, ...]
    shares: tuple[tuple[float, ...], ...]
    payments: tuple[tuple[float, ...], ...]
    needed: float
    orders: int
    with_payments: int
    promised: int


def side_payments(
    owners: Sequence[int | None],
    precedence: Sequence[tuple[int, int]],
    breakdown: ArrayLike,
    pie: float,
) -> SidePayments | None:
    """The least side payments, step by step, with which a pie makes some order hold.

    Parameters
    ----------
    owners, precedence, breakdown
        As in :func:`detente.sequencing.least_total_promise`; one measure a step.
    pie
        What the finished agreement is worth to all parties together.

    Returns
    -------
    SidePayments or None
        None where no order holds: :func:`detente.sequencing.side_payment_pie` says how large a
        pie has to be.

    Raises
    ------
    ValueError
        Where a shape or a number is outside its domain, the precedence has a cycle, there are too
        many measures, or too many vectors of promises would be held.

    Notes
    -----
    The payments are a linear program along one order. The orders are counted over the states, by
    the largest breakdown values met so far; in the worst case as many of those as orders.

    Examples
    --------
    The side that moves second holds 55 until it moves, and the other 45 at least.

    >>> B = [[40, 40], [30, 55], [55, 30], [45, 45]]
    >>> found = side_payments([0, 1], [], B, 105)
    >>> found.steps, found.needed, found.with_payments, found.promised
    ((0, 1), 100.0, 2, 2)
    >>> side_payments([0, 1], [], B, 99) is None
    True
    """
    least = side_payment_pie(owners, precedence, breakdown)
    if least.amount > pie + ROUNDING:
        return None
    lattice = subsets(owners, precedence, simultaneous=False)
    worth = table("breakdown", breakdown, lattice.measures)
    steps = tuple(measure for step in least.steps for measure in step)
    shares = _shares(_floors(worth, steps), pie)
    orders, paid, promised = _counts(lattice, worth, pie)
    return SidePayments(
        steps=steps,
        shares=_rows(shares),
        payments=_rows(np.diff(shares, axis=0)),
        needed=least.amount,
        orders=orders,
        with_payments=paid,
        promised=promised,
    )


def _rows(values: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(map(float, row)) for row in values)


def _floors(worth: Floats, steps: Sequence[int]) -> Floats:
    """The least share of each party at each step of an order; shape (steps, parties)."""
    masks = np.cumsum([0, *(1 << measure for measure in steps)])
    out: Floats = np.maximum(worth[masks[:-1]], worth[masks[1:]])
    return out


def _shares(floors: Floats, pie: float) -> Floats:
    """Shares of the pie at each step that change as little as possible in all.

    Variables: what each share exceeds its floor by, then how much each rises after each step.
    """
    from scipy.optimize import linprog

    steps, parties = floors.shape
    count, rises = steps * parties, (steps - 1) * parties
    whole = np.zeros((steps, count + rises))
    for step in range(steps):
        whole[step, step * parties : (step + 1) * parties] = 1
    rising = np.zeros((rises, count + rises))
    for place in range(rises):
        rising[place, [place + parties, place, count + place]] = 1, -1, -1
    found = linprog(
        np.concatenate((np.zeros(count), np.ones(rises))),
        A_ub=rising if rises else None,
        b_ub=(floors[:-1] - floors[1:]).ravel() if rises else None,
        A_eq=whole,
        b_eq=np.maximum(0.0, pie - floors.sum(axis=1)),
        method="highs",
    )
    assert found.x is not None  # floors nowhere exceed the pie
    out: Floats = floors + found.x[:count].reshape(steps, parties)
    return out


def _counts(lattice: Subsets, worth: Floats, pie: float) -> tuple[int, int, int]:
    """Number of orders, of those a pie suffices for with payments, and promised once."""
    network, masks = lattice.network, lattice.masks
    highest: list[dict[tuple[float, ...], int]] = [{} for _ in range(network.states)]
    highest[0][tuple(worth[0].tolist())] = 1
    every, paid = [1] + [0] * (network.states - 1), [1] + [0] * (network.states - 1)
    held = 0
    for source, target in zip(network.source.tolist(), network.target.tolist(), strict=True):
        before, after = worth[masks[source]], worth[masks[target]]
        every[target] += every[source]
        if np.maximum(before, after).sum() <= pie + ROUNDING:
            paid[target] += paid[source]
        for vector, count in highest[source].items():
            reached = np.maximum(vector, after)
            if reached.sum() <= pie + ROUNDING:
                key = tuple(reached.tolist())
                held += key not in highest[target]
                highest[target][key] = highest[target].get(key, 0) + count
        if held > MOST_LABELS:
            raise ValueError(f"more than {MOST_LABELS:,} vectors of promises: add precedence")
    return every[-1], paid[-1], sum(highest[-1].values())
