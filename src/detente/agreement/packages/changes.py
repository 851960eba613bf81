"""Changes to an outcome: one issue settled otherwise, and what a few of them do together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.model.problem import Booleans, Integers, Problem
from detente.model.space import Space


@dataclass(frozen=True)
class Change:
    """One issue settled otherwise: the option it stood at, and the one it gets."""

    issue: str
    before: str
    after: str


def single_moves(space: Space, codes: Sequence[int]) -> Integers:
    """Every way to settle a single issue otherwise.

    Parameters
    ----------
    space
        Issues and options.
    codes
        Option positions of the outcome, in issue order.

    Returns
    -------
    moves
        Shape (moves, 2): the position of the issue and of its new option, in the order of
        issues, then of options. There are as many as options, less one for each issue.
    """
    moves = [
        (issue, option)
        for issue, size in enumerate(space.sizes)
        for option in range(size)
        if option != codes[issue]
    ]
    return np.array(moves, dtype=np.int64).reshape(-1, 2)


def applied(codes: Sequence[int], *moves: Integers) -> Integers:
    """Outcomes after moves: row i of each argument together make row i of the result.

    Parameters
    ----------
    codes
        Option positions of the outcome, in issue order.
    moves
        One argument or more of shape (rows, 2), as :func:`single_moves` gives them.

    Returns
    -------
    codes
        Option positions, shape (rows, issues).
    """
    rows = np.arange(len(moves[0]))
    out = np.tile(np.array(codes, dtype=np.int64), (len(rows), 1))
    for entries in moves:
        out[rows, entries[:, 0]] = entries[:, 1]
    return out


def changes_between(
    space: Space, before: Sequence[int], after: Sequence[int]
) -> tuple[Change, ...]:
    """The issues in which two outcomes (option positions) differ, in issue order."""
    return tuple(
        Change(issue, options[old], options[new])
        for issue, options, old, new in zip(
            space.issues, space.options, map(int, before), map(int, after), strict=True
        )
        if old != new
    )


def verdicts(problem: Problem, totals: Integers) -> Mapping[str, Booleans]:
    """Who accepts which outcomes, for each party and faction, signing or not.

    ``totals`` are those of every criterion, shape (outcomes, criteria); each verdict has
    shape (outcomes,).
    """
    met = totals >= problem.thresholds
    return {name: consent.holds(met) for name, consent in problem.consents.items()}
