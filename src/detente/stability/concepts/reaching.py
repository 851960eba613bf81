"""Where several can get to together, by legal sequences of their moves.

A legal sequence is one in which nobody moves twice in a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from detente.model.problem import Booleans, Integers
from detente.stability.graph.mover import Mover

Layer = Mapping[int, Integers]
"""States by who moved there: the place of the mover among those that take part."""
NOBODY = -1
"""In place of a mover, where a sequence begins."""


def reached(movers: Sequence[Mover], start: int, *, exact: bool) -> Integers:
    """The states that legal sequences lead to, one move at least; ascending.

    Parameters
    ----------
    movers
        Who takes part.
    start
        Where every sequence begins.
    exact
        Whether two moves of one mover in a row may lead where no single one does, so that
        states have to be told apart by who moved last. If not, whether the start itself is
        among the answers is left open; it is never better than itself.

    Returns
    -------
    array
        Shape (states reached,).

    Notes
    -----
    Cost: the moves of all that is met, where states from which a mover has the same choice are
    looked at once.
    """
    found = [some for layer in _layers(movers, start, exact) for some in layer.values()]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)


def _layers(movers: Sequence[Mover], start: int, exact: bool) -> Iterator[Layer]:
    """The states that need one move, two moves and so on, each where it is new."""
    if not movers:
        return
    states = movers[0].states
    seen = np.zeros((len(movers) if exact else 1, states), dtype=np.bool_)
    spent = [np.zeros(len(mover.starts) - 1, dtype=np.bool_) for mover in movers]
    layer: Layer = {NOBODY: np.array([start])}
    while layer:
        following: dict[int, Integers] = {}
        for place, mover in enumerate(movers):
            # Where two moves in a row are one, those who came here by it have nothing to add.
            elsewhere = [found for last, found in layer.items() if last != place]
            if not elsewhere:
                continue
            heads = _heads(mover, np.concatenate(elsewhere), spent[place])
            row = seen[place if exact else 0]
            fresh = heads[~row[heads]]
            if len(fresh):
                row[fresh] = True
                following[place] = np.unique(fresh)
        if following:
            yield following
        layer = following


def _heads(mover: Mover, states: Integers, spent: Booleans) -> Integers:
    """Where a mover can go from these states, as far as it was not asked before."""
    segments = np.unique(mover.segment[states])
    segments = segments[segments >= 0]
    segments = segments[~spent[segments]]
    spent[segments] = True
    length = mover.starts[segments + 1] - mover.starts[segments]
    first = np.repeat(mover.starts[segments] - np.cumsum(length) + length, length)
    found: Integers = mover.heads[first + np.arange(len(first))]
    return found
