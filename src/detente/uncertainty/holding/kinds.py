"""What the moves of a mover change for its members: few kinds of change for very many moves.

Values are sums, and a move changes only issues that its mover settles. What it changes for a
member thus hangs on few things: what is read off those issues before and after. States off which
the same is read carry one *label*; two labels make one *kind* of change, often the same one as
two others do. Whether a move improves is found once for each kind.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detente.model.problem import Booleans, Floats, Integers
from detente.stability.graph.mover import Mover, numbered
from detente.uncertainty.holding.gains import better


class Kinds:
    """The kinds of change that one mover brings about, numbered as they are met.

    Parameters
    ----------
    mover
        Where it moves.
    context
        Equal for states between which it may move, whatever else; shape (states,).
    reads
        For each member how often each state counts each of its terms, (states, terms).
    """

    def __init__(self, mover: Mover, context: Integers, reads: Sequence[Integers]) -> None:
        self.mover = mover
        order = np.argsort(context, kind="stable")
        together = context[order][1:] == context[order][:-1]
        self._columns = [_changing(each[order], together) for each in reads]
        """For each member which of its terms the mover's moves change."""
        parts = [each[:, some] for each, some in zip(reads, self._columns, strict=True)]
        table = np.concatenate(parts, axis=1).astype(np.int64)
        lowest = table.min(axis=0, initial=0)
        self._label = numbered(table - lowest)
        example = np.unique(self._label, return_index=True)[1]
        self._read = table[example]
        self._pairs = np.array([-1])
        """The pairs of labels met so far, ascending after one that is none; the kind of each."""
        self._kind_of_pair = np.array([-1])
        self._number: dict[bytes, int] = {}
        self._changes: list[Integers] = []

    def at(self, tails: Integers, heads: Integers) -> Integers:
        """The kind of change of each of these moves; shape (moves,)."""
        pairs = self._label[tails] * len(self._read) + self._label[heads]
        place = np.searchsorted(self._pairs, pairs, side="right") - 1
        fresh = self._pairs[place] != pairs
        if fresh.any():
            self._meet(np.unique(pairs[fresh]))
            place = np.searchsorted(self._pairs, pairs)
        found: Integers = self._kind_of_pair[place]
        return found

    def improving(self, kinds: Integers, terms: Sequence[Floats]) -> Booleans:
        """Whether changes of these kinds are better for every member, in each coding.

        ``terms`` are those of the members, (codings, terms); returns (kinds, codings).
        """
        changes = np.array([self._changes[kind] for kind in kinds], dtype=np.float64)
        out = np.ones((len(kinds), len(terms[0])), dtype=np.bool_)
        begin = 0
        for columns, own in zip(self._columns, terms, strict=True):
            out &= better(own[:, columns], changes[:, begin : begin + len(columns)])
            begin += len(columns)
        return out

    def _meet(self, pairs: Integers) -> None:
        """Number the changes of new pairs of labels."""
        before, after = np.divmod(pairs, len(self._read))
        kinds = np.empty(len(pairs), dtype=np.int64)
        for place, change in enumerate(self._read[after] - self._read[before]):
            kinds[place] = self._number.setdefault(change.tobytes(), len(self._changes))
            if kinds[place] == len(self._changes):
                self._changes.append(change)
        every = np.concatenate([self._pairs, pairs])
        order = np.argsort(every, kind="stable")
        self._pairs = every[order]
        self._kind_of_pair = np.concatenate([self._kind_of_pair, kinds])[order]


def _changing(reads: Integers, together: Booleans) -> Integers:
    """The columns that differ within a group of rows, by which rows belong to the one before."""
    return np.flatnonzero(((reads[1:] != reads[:-1]) & together[:, None]).any(axis=0))
