"""Which single change of a package wins over those who refuse it, and at what cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from detente.agreement.packages.changes import (
    Change,
    applied,
    changes_between,
    single_moves,
    verdicts,
)
from detente.model.compilation import Model
from detente.model.problem import Criterion, Integers

COST = (
    "the largest loss that the change causes to any signing party that it does not win, each "
    "loss as a share of the spread of that party's values (the best less the worst that its "
    "issues and adjustments, or its ranks, can add up to)"
)
"""What a cheap change is, as results state it."""


@dataclass(frozen=True)
class Win:
    """A single change that wins one who refused and loses no signing party that accepted.

    Parameters
    ----------
    change
        What is settled otherwise; the package obeys the rules after it.
    wins
        Parties and factions that refused before and accept after it.
    losses
        For each signing party that it leaves worse off: by how much, in points (steps of
        its order for a party with a ranking or priorities).
    shares
        The same losses as shares of the spread of the party's values.
    cost
        See :data:`COST`; 0 where it leaves none of them worse off.
    acceptable
        Whether the package has the consent that the agreement rule asks for after it.
    """

    change: Change
    wins: tuple[str, ...]
    losses: Mapping[str, Fraction]
    shares: Mapping[str, Fraction]
    cost: Fraction
    acceptable: bool


@dataclass(frozen=True)
class Wins:
    """What single changes can do about the refusals of a package.

    Parameters
    ----------
    by_refuser
        For each party and faction that refuses, signing or not, all changes that win it,
        cheapest first, then in the order of the case; empty where no single change does.
    several
        The changes that win two signing parties or more: most first, then cheapest.
    everybody
        The changes after which every signing party accepts, cheapest first; empty where
        all of them accept already.
    """

    by_refuser: Mapping[str, tuple[Win, ...]]
    several: tuple[Win, ...]
    everybody: tuple[Win, ...]


def single_change_wins(model: Model, outcome: Mapping[str, str]) -> Wins:
    """The single changes of one issue that win those who refuse a package.

    A change counts where the package obeys the rules after it, somebody who refused
    accepts, and no signing party that accepted refuses. Its cost is :data:`COST`: it stays
    the same when a party's values are rescaled, and is defined for orders too.

    Parameters
    ----------
    model
        The compiled case.
    outcome
        A complete outcome.

    Notes
    -----
    All single changes are tried: one evaluation for each option of the case.
    """
    space, problem = model.space, model.problem
    start = space.codes(outcome)
    codes = applied(start, single_moves(space, start))
    totals = problem.totals(np.vstack((np.array([start], dtype=np.int64), codes)))
    accepts = verdicts(problem, totals)
    signing = model.case.signing
    kept = problem.feasible(codes)
    for name in signing:
        kept &= accepts[name][1:] | ~accepts[name][0]
    refusers = [name for name, verdict in accepts.items() if not verdict[0]]
    acceptable = problem.acceptable(totals)
    found: list[Win] = []
    complete: list[Win] = []
    for row in np.flatnonzero(kept) + 1:
        won = tuple(name for name in refusers if accepts[name][row])
        if not won:
            continue
        (change,) = changes_between(space, start, codes[row - 1].tolist())
        losses, shares = _losses(model, totals[0], totals[row])
        cost = max((share for name, share in shares.items() if name not in won), default=Fraction())
        found.append(Win(change, won, losses, shares, cost, bool(acceptable[row])))
        if set(won) & set(signing) and all(accepts[name][row] for name in signing):
            complete.append(found[-1])
    return Wins(
        {name: _cheapest([win for win in found if name in win.wins]) for name in refusers},
        _most(found, signing),
        _cheapest(complete),
    )


def spread(criterion: Criterion) -> int:
    """Largest less smallest total that the tables of a criterion can add up to."""
    return sum(int(factor.table.max()) - int(factor.table.min()) for factor in criterion.factors)


def _losses(
    model: Model, before: Integers, after: Integers
) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    """Losses of the signing parties that are worse off, in points and as shares."""
    points, shares = {}, {}
    for place in model.problem.objectives:
        loss = int(before[place]) - int(after[place])
        if loss > 0:
            criterion = model.problem.criteria[place]
            points[criterion.name] = loss * criterion.unit
            shares[criterion.name] = Fraction(loss, spread(criterion))
    return points, shares


def _cheapest(wins: Sequence[Win]) -> tuple[Win, ...]:
    return tuple(sorted(wins, key=lambda win: win.cost))


def _most(wins: Sequence[Win], signing: Sequence[str]) -> tuple[Win, ...]:
    parties = set(signing)
    several = [win for win in wins if len(parties.intersection(win.wins)) > 1]
    return tuple(sorted(several, key=lambda win: (-len(parties.intersection(win.wins)), win.cost)))
