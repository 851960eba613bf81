"""In which codings nothing punishes an improvement, where others must improve: SEQ, SSEQ.

Legal sequences of improvements are followed breadth first, in all codings at once: with every
state goes the set of codings in which it is reached. A coding is left alone as soon as something
bad is reached in it; what is left in the end is not punished.
"""

from __future__ import annotations

import numpy as np

from detente.model.problem import Integers
from detente.stability.answer import Concept
from detente.uncertainty.holding.bits import Words, joined, union
from detente.uncertainty.holding.comparison import Comparison
from detente.uncertainty.holding.improvements import Improvements

STARTS = 16
"""Improvements of the party from which sequences are followed at once."""


def unpunished_by_improvements(
    improvements: Improvements,
    seen: Comparison,
    concept: Concept,
    wanted: Words,
    *,
    free: bool = False,
) -> Words:
    """The wanted codings in which some improvement is punished by no sequence of improvements.

    Parameters
    ----------
    improvements, seen
        The improvements of all movers, and what the party thinks of states.
    concept
        SEQ or SSEQ.
    wanted
        Codings that are asked about; shape (words,).
    free
        Take it that others whose preferences are not known may make any move; if not, that
        they make none.

    Notes
    -----
    Cost: the moves from all that is reached, for each 64 codings.
    """
    out = np.zeros_like(wanted)
    for begin in range(0, len(seen.starts), STARTS):
        left = seen.open[begin : begin + STARTS] & wanted & ~out
        some = np.flatnonzero(left.any(axis=1))
        if len(some):
            starts = seen.starts[begin : begin + STARTS][some]
            search = _Search(improvements, seen, concept, starts, left[some], free=free)
            out |= search.left_over()
    return out


class _Search:
    """Sequences from some improvements of a party.

    A *node* is a start, a state, and who moved last where that matters: where two moves of one
    mover in a row may lead where no single one does.
    """

    def __init__(
        self,
        improvements: Improvements,
        seen: Comparison,
        concept: Concept,
        starts: Integers,
        left: Words,
        *,
        free: bool,
    ) -> None:
        conflict = improvements.around.conflict
        self._improvements, self._seen = improvements, seen
        self._concept, self._free = concept, free
        self._movers = [
            place for place, mover in enumerate(conflict.movers) if seen.party not in mover.members
        ]
        self._exact, self._states = conflict.exact, conflict.states
        nobody = len(conflict.movers)
        self._last = nobody + 1 if conflict.exact else 1
        first = np.arange(len(starts)) * self._states + starts
        self._left = left
        self._nodes: Integers = first * self._last + (nobody if conflict.exact else 0)
        self._rows: Words = left.copy()
        """All nodes met, ascending, and in which codings."""

    def left_over(self) -> Words:
        """The codings in which nothing bad is reached from one of the starts."""
        nodes, rows = self._nodes, self._rows
        while len(nodes):
            nodes, rows = self._fresh(*self._following(nodes, rows))
            start, state, _ = self._parts(nodes)
            bad = rows & self._seen.bad(state, self._concept)
            hit, codings = joined(start, bad)
            self._left[hit] &= ~codings
            nodes, rows = _some(nodes, rows & self._left[start])
        return union(self._left)

    def _parts(self, nodes: Integers) -> tuple[Integers, Integers, Integers]:
        """The number of the start, the state, and who moved last."""
        where, last = np.divmod(nodes, self._last)
        start, state = np.divmod(where, self._states)
        return start, state, last

    def _following(self, nodes: Integers, rows: Words) -> tuple[Integers, Words]:
        """The nodes one move further."""
        start, state, last = self._parts(nodes)
        found = [(nodes[:0], rows[:0])]
        for place in self._movers:
            able = np.flatnonzero(last != place) if self._exact else np.arange(len(nodes))
            for source, to, made in self._improvements.moves(place, state[able], free=self._free):
                tail = able[source]
                further = (start[tail] * self._states + to) * self._last
                further += place if self._exact else 0
                found.append(joined(*_some(further, made & rows[tail])))
        every, codings = zip(*found, strict=True)
        return joined(np.concatenate(every), np.concatenate(codings))

    def _fresh(self, nodes: Integers, rows: Words) -> tuple[Integers, Words]:
        """Those of these nodes that are new in some coding, and in which; they are noted."""
        place = np.searchsorted(self._nodes, nodes)
        known = self._nodes[np.minimum(place, len(self._nodes) - 1)] == nodes
        old = place[known]
        rows[known] &= ~self._rows[old]
        self._rows[old] |= rows[known]
        every = np.concatenate([self._nodes, nodes[~known]])
        order = np.argsort(every, kind="stable")
        self._nodes = every[order]
        self._rows = np.concatenate([self._rows, rows[~known]])[order]
        return _some(nodes, rows)


def _some(nodes: Integers, rows: Words) -> tuple[Integers, Words]:
    """Without the nodes that are left in no coding."""
    kept = np.flatnonzero(rows.any(axis=1))
    return nodes[kept], rows[kept]
