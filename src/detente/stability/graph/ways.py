"""Shortest legal sequences of moves from one state, breadth first.

In a legal sequence nobody moves twice in a row. Where two moves of a mover in a row are always one
move (or none), no shortest sequence has them. Else a state is entered twice at most: by its first
mover, and by the first other one. Whoever may not go on after the one may go on after the other,
so that all further ways of entering it lead nowhere new.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.model.problem import Booleans, Integers
from detente.stability.graph.mover import Mover

NOBODY = -1
Moves = tuple[tuple[Mover, int], ...]
"""Moves one after another: who, and to which state."""


class _Front:
    """What one mover has yet to follow."""

    def __init__(self, mover: Mover, improving: bool) -> None:
        self.mover, self.improving = mover, improving
        heads, _, _ = mover.ranges(np.zeros(0, dtype=np.int64), improving=improving)
        self.followed = np.zeros(len(heads) + 1, dtype=np.int64)
        """For each beginning of a range, up to where it was followed before."""

    def beyond(self, states: Integers) -> tuple[Integers, Integers]:
        """Moves from states that lead where no earlier state led: place of the state, head."""
        heads, begin, end = self.mover.ranges(states, improving=self.improving)
        order = np.argsort(begin, kind="stable")
        begin, end = begin[order], end[order]
        first = np.maximum(begin, self.followed[begin])
        first[1:] = np.maximum(first[1:], np.maximum.accumulate(end)[:-1])
        self.followed[begin] = np.maximum(first, end)
        length = np.maximum(end - first, 0)
        within = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
        return np.repeat(order, length), heads[np.repeat(first, length) + within]


class Ways:
    """Shortest sequences from a start to all that is reached.

    Of several shortest ones the one whose first move that differs comes first is kept, in the
    order of movers and then of states.

    Parameters
    ----------
    movers, states
        Who may move, and how many states there are.
    start
        Where sequences begin.
    improving
        Whether every move must be better for who makes it. A party without values, and a group
        with one, has then no moves.
    exact
        Whether two moves of one mover in a row may lead where no single one does.
    until
        Go no further than to the first layer that reaches one of these states.

    Attributes
    ----------
    last
        Who moved last where a state is entered first, and by the first other mover; shape
        (2, states). Of the start all movers may go on, and it is entered no more.
    before
        The entry from which that move came, as a position in ``last``.
    """

    def __init__(
        self,
        movers: Sequence[Mover],
        states: int,
        start: int,
        *,
        improving: bool,
        exact: bool,
        until: Booleans | None = None,
    ) -> None:
        self.movers, self.states, self.start = tuple(movers), states, start
        self.last = np.full((2, self.states), NOBODY)
        self.last[:, start] = len(self.movers)
        self.before = np.full((2, self.states), NOBODY)
        self.entries = 2 if exact else 1
        fronts = [_Front(mover, improving) for mover in self.movers]
        layer = np.array([start])
        while len(layer) and fronts:
            layer = self._entered(layer, *self._followed(layer, fronts))
            if until is not None and until[layer % self.states].any():
                break

    @property
    def reached(self) -> Booleans:
        """The states that some sequence leads to, and the start; shape (states,)."""
        out: Booleans = self.last[0] != NOBODY
        return out

    def moves(self, state: int) -> Moves | None:
        """A shortest sequence to a state; None where it is not reached."""
        if self.last[0, state] == NOBODY:
            return None
        out, node = [], state
        while node != self.start:
            entry, state = divmod(node, self.states)
            out.append((self.movers[self.last[entry, state]], state))
            node = int(self.before[entry, state])
        return tuple(reversed(out))

    def _followed(
        self, layer: Integers, fronts: Sequence[_Front]
    ) -> tuple[Integers, Integers, Integers]:
        """Moves from the entries of a layer: from which, who, and to which state; in order."""
        second, state = np.divmod(layer, self.states)
        first = self.last[0, state]
        sources, who, heads = [], [], []
        for place, front in enumerate(fronts):
            able = np.flatnonzero((first == place) == second.astype(np.bool_))
            source, head = front.beyond(state[able])
            new = self.last[self.entries - 1, head] == NOBODY
            sources.append(able[source[new]])
            heads.append(head[new])
            who.append(np.full(len(heads[-1]), place))
        found = np.concatenate(sources), np.concatenate(who), np.concatenate(heads)
        order = np.lexsort(found[::-1])
        return found[0][order], found[1][order], found[2][order]

    def _entered(
        self, layer: Integers, source: Integers, who: Integers, head: Integers
    ) -> Integers:
        """Note the first move to each state, and the first of another mover: the next layer."""
        chosen, nodes = [], []
        for entry in range(self.entries):
            fresh = self.last[entry, head] == NOBODY
            if entry:
                fresh &= self.last[0, head] != who
            places = np.flatnonzero(fresh)
            some = places[np.unique(head[places], return_index=True)[1]]
            self.last[entry, head[some]] = who[some]
            self.before[entry, head[some]] = layer[source[some]]
            chosen.append(some)
            nodes.append(entry * self.states + head[some])
        return np.concatenate(nodes)[np.argsort(np.concatenate(chosen))]
