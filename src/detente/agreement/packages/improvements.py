"""Efficient outcomes that are better than a package for everyone, and the way to them.

Raiffa, "Post-settlement settlements", Negotiation Journal 1 (1985): once there is an
agreement, the parties let a neutral look for one that none of them likes less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from detente.agreement.engines.front import Front
from detente.agreement.packages.changes import Change, changes_between, verdicts
from detente.model.compilation import Model
from detente.model.problem import Integers


@dataclass(frozen=True)
class Improvement:
    """An efficient outcome that is at least as good for every signing party and better for one.

    Parameters
    ----------
    outcome
        Issue to option.
    values
        Of every party and faction with values.
    better_for
        The signing parties that like it better than the package.
    refused_by
        The signing parties that refuse it all the same: it may leave a red line unmet, or
        the package itself was below their walk-away value.
    acceptable
        Whether it has the consent that the agreement rule asks for.
    """

    outcome: Mapping[str, str]
    values: Mapping[str, Fraction]
    better_for: tuple[str, ...]
    refused_by: tuple[str, ...]
    acceptable: bool


@dataclass(frozen=True)
class Edit:
    """What to settle otherwise in a package, and the improvement that this reaches."""

    changes: tuple[Change, ...]
    reaches: Improvement


@dataclass(frozen=True)
class Improvements:
    """The improvements on a package.

    Parameters
    ----------
    count
        How many there are: exact.
    better_for_all
        How many of them are better for every signing party with values.
    acceptable
        How many of them have the consent that the agreement rule asks for.
    listed
        The first of them, in index order.
    smallest_edit
        The one that changes the fewest issues, first in index order; None where there is
        no improvement.
    smallest_acceptable_edit
        The same among those with consent.
    not_searched
        Why ``acceptable`` and the smallest edits are None although there are improvements.
    """

    count: int
    better_for_all: int
    acceptable: int | None
    listed: tuple[Improvement, ...]
    smallest_edit: Edit | None
    smallest_acceptable_edit: Edit | None
    not_searched: str | None = None


def improvements(
    model: Model,
    outcome: Mapping[str, str],
    front: Front,
    *,
    list_limit: int = 1000,
    search_limit: int = 200_000,
) -> Improvements:
    """The efficient outcomes that improve on a package for every signing party.

    Parameters
    ----------
    model
        The compiled case.
    outcome
        A complete outcome; it need not obey the rules.
    front
        The efficient outcomes, among all feasible or among all acceptable ones.
    list_limit
        How many to list.
    search_limit
        How many may be looked at one by one for the smallest edit and for consent. Where
        there are more, these stay None and ``not_searched`` says so.

    Notes
    -----
    What improves on a package and is efficient is best possible: no outcome of those among
    which it is efficient improves on it in turn. Counts come from the front's points,
    O(points); the search is linear in the number of improvements.
    """
    problem, space = model.problem, model.space
    objectives = list(problem.objectives)
    start = np.array([space.codes(outcome)], dtype=np.int64)
    base = problem.totals(start)[0]
    gains = front.points - base[objectives]
    better = np.flatnonzero((gains >= 0).all(axis=1) & (gains > 0).any(axis=1))
    everybody = better[(gains[better] > 0).all(axis=1)]
    count = sum(front.counts[point] for point in better)
    for_all = sum(front.counts[point] for point in everybody)
    if count > search_limit:
        reason = (
            f"there are {count:,} improvements, more than the {search_limit:,} that are looked "
            "at one by one; a larger search limit looks at all of them"
        )
        some = front.listing(better, list_limit)
        return Improvements(count, for_all, None, _listed(model, base, some), None, None, reason)
    codes = front.listing(better, count)
    acceptable = problem.acceptable(problem.totals(codes))
    return Improvements(
        count,
        for_all,
        int(acceptable.sum()),
        _listed(model, base, codes[:list_limit]),
        _smallest_edit(model, start[0], codes, base),
        _smallest_edit(model, start[0], codes[acceptable], base),
    )


def _smallest_edit(model: Model, start: Integers, codes: Integers, base: Integers) -> Edit | None:
    """To the first of the outcomes in ``codes`` that changes the fewest issues."""
    if not len(codes):
        return None
    nearest = int((codes != start).sum(axis=1).argmin())
    changes = changes_between(model.space, start.tolist(), codes[nearest].tolist())
    return Edit(changes, _listed(model, base, codes[nearest : nearest + 1])[0])


def _listed(model: Model, base: Integers, codes: Integers) -> tuple[Improvement, ...]:
    """The outcomes in ``codes`` as results show them; ``base`` are the package's totals."""
    problem = model.problem
    totals = problem.totals(codes)
    accepts = verdicts(problem, totals)
    acceptable = problem.acceptable(totals)
    return tuple(
        Improvement(
            model.space.outcome(codes[row].tolist()),
            {
                name: int(totals[row, place]) * problem.criteria[place].unit
                for name, place in model.position.items()
                if name in model.valued
            },
            tuple(
                problem.criteria[place].name
                for place in problem.objectives
                if totals[row, place] > base[place]
            ),
            tuple(name for name in model.case.signing if not accepts[name][row]),
            bool(acceptable[row]),
        )
        for row in range(len(codes))
    )
