"""How much all parties together must have to gain before some order of measures holds.

What a party can have by leaving changes on the way. With one fixed promise to each party the
promises must outweigh the *largest* of these temptations for each, whenever they arise; with
side payments after each step only those of one moment have to be outweighed *together*.
Withholding is noticed, and nobody discounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from detente.agreement.pareto import undominated
from detente.model.problem import Floats, Integers
from detente.sequencing.arrays.subsets import Subsets, subsets, table
from detente.sequencing.arrays.widest import followed, widest
from detente.verification.domain import count

MOST_LABELS = 1 << 21
"""Most vectors of promises held in all."""


@dataclass(frozen=True)
class Promises:
    """The least fixed promises under which some order holds.

    Parameters
    ----------
    total
        Their sum.
    promises
        To each party.
    steps
        The order: measures done together, step by step.
    """

    total: float
    promises: tuple[float, ...]
    steps: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Pie:
    """The least sum to be shared with which some order holds.

    Parameters
    ----------
    amount
        The sum.
    steps
        The order: measures done together, step by step.
    """

    amount: float
    steps: tuple[tuple[int, ...], ...]


def least_total_promise(
    owners: Sequence[int | None],
    precedence: Sequence[tuple[int, int]],
    breakdown: ArrayLike,
    *,
    simultaneous: bool = False,
    most_labels: int = MOST_LABELS,
) -> Promises:
    """How the gains have to be promised so that the least total makes some order hold.

    An order holds if the promise to each party i is at least what it can have by leaving, at
    every moment: B_i(s) in each state s on the way, the first and the last included, and
    B_i(s' ∖ X) for each part X of its own that it could withhold from a step to s'. So the
    least total is min over orders of Σ_i max over these moments of B_i. Where an order fails
    under given promises another split of their sum may do: share and order belong together.

    Parameters
    ----------
    owners
        The party that carries out each measure, from 0; None for a third party.
    precedence
        Pairs (first, then) of measures. A step may hold both.
    breakdown
        B_i(s): what collapse is worth in each state; shape (2 ** measures, parties), where bit
        j of the row is set if measure j is done.
    simultaneous
        Whether several measures may be done in one step. Never needed where B_i falls in a
        party's own measures and rises in the others'.
    most_labels
        Most vectors of promises held in all.

    Returns
    -------
    Promises
        Of several with the least total the one that promises the first party least, then the
        second, and so on.

    Raises
    ------
    ValueError
        Where a shape or a number is outside its domain, the precedence has a cycle, there are
        too many measures, or more vectors than ``most_labels`` would be held.

    Notes
    -----
    Exact: backward over the states, keeping the vectors of promises that no other one for the
    rest of the way undercuts. Promises are compared by rank, so that rounding plays no part in
    it. Cost: vectors times steps out of a state; in the worst case as many vectors as orders.

    Examples
    --------
    Each side gives up 10 and wins 15 by the other's measure; leaving at once is worth 40.
    Leaving after the first measure is worth 55 to the side that did not do it.

    >>> B = [[40, 40], [30, 55], [55, 30], [45, 45]]
    >>> least_total_promise([0, 1], [], B)
    Promises(total=100.0, promises=(45.0, 55.0), steps=((0,), (1,)))
    """
    lattice = subsets(owners, precedence, simultaneous)
    worth = table("breakdown", breakdown, lattice.measures)
    lattice.check_owners(worth.shape[1])
    parties = range(worth.shape[1])
    needs = np.stack([_needed(lattice, worth, party) for party in parties], axis=1)
    levels, ranks = _ranked(np.concatenate((needs, worth[-1:])))
    needed, last = ranks[:-1], ranks[-1]
    labels = _labels(lattice, needed, last, count("the limit of vectors", most_labels, 1))
    values = np.stack([levels[party][labels[0][:, party]] for party in parties], axis=1)
    totals = values.sum(axis=1)
    best = np.lexsort((*values.T[::-1], totals))[0]
    steps = _within(lattice, needed, labels, labels[0][best])
    promises = tuple(map(float, values[best]))
    return Promises(float(totals[best]), promises, lattice.measures_of(steps))


def side_payment_pie(
    owners: Sequence[int | None],
    precedence: Sequence[tuple[int, int]],
    breakdown: ArrayLike,
    *,
    simultaneous: bool = False,
) -> Pie:
    """How large the pie has to be if the parties can pay each other after each step.

    In each state the parties share the pie by what the rest of the process is worth to them;
    a payment changes the shares. Nobody leaves before a step from s to s', nor withholds its
    part of it, nor takes what the others did and leaves before it pays, if and only if the
    share of each party i is at least r_i = max(B_i(s), B_i(s'), B_i(s' ∖ X)), X any part of
    the step that is its own. So each step needs Σ_i r_i ≤ pie, and the least pie is a minimax
    path. Where two parties do one measure a step, B_i falls in a party's own measures and
    rises in the others', this is B_i(s') + B_j(s) ≤ pie for a measure of j.

    Parameters
    ----------
    owners, precedence, breakdown, simultaneous
        As in `least_total_promise`. Payments flow between all parties of the table.

    Returns
    -------
    Pie
        Never more than `least_total_promise` asks for.

    Raises
    ------
    ValueError
        Where a shape or a number is outside its domain, the precedence has a cycle, or there
        are too many measures.

    Notes
    -----
    Exact up to the rounding of the sums. The condition is that of Powell (2004, American
    Political Science Review 98: 231–241) for shifts of power that no transfer can make good,
    δ M_i(t + 1) + M_j(t) ≤ pie, with δ = 1. Cost: one sum a step.

    Examples
    --------
    The side that moves second holds 55 until it moves, and the other 45 afterwards.

    >>> B = [[40, 40], [30, 55], [55, 30], [45, 45]]
    >>> side_payment_pie([0, 1], [], B)
    Pie(amount=100.0, steps=((0,), (1,)))
    """
    lattice = subsets(owners, precedence, simultaneous)
    worth = table("breakdown", breakdown, lattice.measures)
    lattice.check_owners(worth.shape[1])
    spare = np.zeros(lattice.network.steps)
    for party in range(worth.shape[1]):
        spare -= _needed(lattice, worth, party)
    width = widest(lattice.network, spare, -float(worth[-1].sum()))
    steps = followed(lattice.network, spare, width)
    return Pie(0.0 - float(width[0]), lattice.measures_of(steps))


def _needed(lattice: Subsets, worth: Floats, party: int) -> Floats:
    """The most that a party can have by leaving before, in or after each step."""
    network, worths = lattice.network, worth[:, party]
    here = worths[lattice.masks]
    out: Floats = np.maximum(here[network.source], here[network.target])
    if lattice.simultaneous:
        for withheld, steps in lattice.withheld(party):
            without = lattice.masks[network.target[steps]] & ~lattice.mask(withheld)
            out[steps] = np.maximum(out[steps], worths[without])
    return out


def _ranked(values: Floats) -> tuple[list[Floats], Integers]:
    """The distinct numbers of each column, ascending, and the rank of each entry."""
    levels, ranks = [], np.empty(values.shape, dtype=np.int64)
    for column in range(values.shape[1]):
        level, ranks[:, column] = np.unique(values[:, column], return_inverse=True)
        levels.append(level)
    return levels, ranks


def _labels(lattice: Subsets, needs: Integers, last: Integers, most: int) -> list[Integers]:
    """The least promises, as ranks, that the rest of the way needs from each state."""
    network, held = lattice.network, 1
    out = [last[None, :]] * network.states
    for state in range(network.states - 2, -1, -1):
        steps = range(network.first[state], network.first[state + 1])
        found = np.concatenate(
            [np.maximum(out[network.target[step]], needs[step]) for step in steps]
        )
        found = np.unique(found, axis=0)
        out[state] = found[undominated(-found)]
        held += len(out[state])
        if held > most:
            raise ValueError(
                f"more than {most:,} vectors of promises: raise most_labels, or add precedence"
            )
    return out


def _within(
    lattice: Subsets, needs: Integers, labels: list[Integers], bound: Integers
) -> list[int]:
    """The first steps from the start for which promises suffice."""
    network, state, out = lattice.network, 0, []
    while state != network.states - 1:
        step = next(
            step
            for step in range(network.first[state], network.first[state + 1])
            if (needs[step] <= bound).all()
            and (labels[network.target[step]] <= bound).all(axis=1).any()
        )
        out.append(step)
        state = int(network.target[step])
    return out
