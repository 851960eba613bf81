"""The states around one outcome, where a space is too large to hold all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from detente.case.errors import CaseError, Problem
from detente.model.compilation import Model
from detente.model.problem import Booleans, Integers
from detente.stability.graph.mover import numbered
from detente.stability.graph.relations import Relation, relations


def around(model: Model, outcome: Integers, most: int) -> tuple[Integers, Booleans | None]:
    """As many layers of moves around an outcome as can be held, two at least.

    Parameters
    ----------
    model
        The case, compiled.
    outcome
        Option positions, shape (issues,).
    most
        Most states held.

    Returns
    -------
    tuple
        The states as option positions in the order of the space, shape (states, issues); and
        which of them have all their moves among them, None if all.

    Raises
    ------
    CaseError
        Where two layers of moves are more than that.
    """
    movers = relations(model.case)
    layers = [outcome[None, :].astype(np.int64)]
    closed = False
    while not closed:
        following = _following(model, movers, layers, most)
        if following is None:
            break
        closed = not len(following)
        layers.append(following)
    if not closed and len(layers) < 3:
        what = f"more than {most:,} states lie within two moves of the outcome"
        raise CaseError(Problem(what, "fix some issues by rules: never: issue != option"))
    codes = np.concatenate(layers)
    order = np.lexsort(codes.T[::-1])
    if closed:
        return codes[order], None
    inner = np.arange(len(codes)) < len(codes) - len(layers[-1])
    return codes[order], inner[order]


def _following(
    model: Model, movers: Sequence[Relation], layers: Sequence[Integers], most: int
) -> Integers | None:
    """The states one move further than the last layer; None where they are too many."""
    held = sum(len(layer) for layer in layers)
    found = []
    for mover in movers:
        for some in _moved(mover, layers[-1], 16 * most):
            if some is None:
                return None
            found.append(some[model.problem.feasible(some)])
    known = np.concatenate([*layers, *found])
    _, first = np.unique(numbered(known), return_index=True)
    fresh = known[np.sort(first[first >= held])]
    return None if held + len(fresh) > most else fresh


def _moved(mover: Relation, codes: Integers, most: int) -> Iterator[Integers | None]:
    """Where a mover can go from states, rules aside; None where that is too much."""
    for place, table in mover.issues.items():
        before, after = np.nonzero(table | np.eye(len(table), dtype=np.bool_))
        counts = np.bincount(before)
        length = counts[codes[:, place]]
        if int(length.sum()) > most:
            yield None
            return
        starts = np.cumsum(counts) - counts
        first = np.repeat(starts[codes[:, place]], length)
        within = np.arange(len(first)) - np.repeat(np.cumsum(length) - length, length)
        codes = np.repeat(codes, length, axis=0)
        codes[:, place] = after[first + within]
    yield codes
