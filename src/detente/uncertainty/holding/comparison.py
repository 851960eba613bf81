"""One party's comparison of states with the outcome, in many codings.

Which states are *better* than the outcome, and which of those that others bring about are *bad*:
not better, and for SMR and SSEQ with no answer of the party that is (the definitions are those of
:mod:`detente.stability.concepts.individual`).
"""

from __future__ import annotations

import numpy as np

from detente.model.problem import Floats, Integers
from detente.stability.answer import Concept
from detente.stability.graph.mover import Mover
from detente.uncertainty.holding.bits import Rows, Words, packed
from detente.uncertainty.holding.gains import better
from detente.uncertainty.holding.neighbourhood import Neighbourhood

BLOCK = 4096
"""Most states compared at once."""
BLOCK_ANSWERED = 256
"""Most states whose answers are compared at once."""


class Comparison:
    """What one party thinks of states against the outcome.

    Parameters
    ----------
    around
        The neighbourhood of the outcome.
    party
        Position of a party with an order and moves of its own.
    terms
        The numbers that its worths are sums of; shape (codings, terms).

    Attributes
    ----------
    party
        As above.
    starts
        The states that it would rather move to, in some coding.
    open
        In which codings each of these is an improvement; shape (starts, words).
    """

    def __init__(self, around: Neighbourhood, party: int, terms: Floats) -> None:
        own, reads = around.conflict.alone(party), around.reads[party]
        assert own is not None and reads is not None
        self.party = party
        self._own: Mover = own
        self._reads: Integers = reads
        self._inner = around.conflict.inner
        self._outcome = reads[around.place].astype(np.float64)
        heads = own.moves(around.place)
        gains = better(terms, self._differences(heads))
        some = gains.any(axis=1)
        self.starts: Integers = heads[some]
        self.open: Words = packed(gains[some])
        # Only codings with an improvement matter: the party stays in all others.
        self._active = np.flatnonzero(gains.any(axis=0))
        self._codings, self._terms = len(terms), terms[self._active]
        words = self.open.shape[1]
        self._better = Rows(words, self._compare, BLOCK)
        self._answered = Rows(words, self._answer, BLOCK_ANSWERED)
        self._order: dict[bool, Integers] = {}

    def bad(self, states: Integers, concept: Concept) -> Words:
        """In which active codings states punish the party; shape (states, words).

        Of codings that are not active nothing is said.
        """
        return ~(self._answered if _answers(concept) else self._better).at(states)

    def order(self, concept: Concept) -> Integers:
        """The place of each state in an order in which those come first that are mostly bad."""
        answers = _answers(concept)
        if answers not in self._order:
            worth = self._reads @ self._terms.mean(axis=0)
            if answers:
                rank = np.unique(worth, return_inverse=True)[1]
                worth = np.maximum(rank, self._own.greatest(rank))
            place = np.empty(len(worth), dtype=np.int64)
            place[np.argsort(worth, kind="stable")] = np.arange(len(worth))
            self._order[answers] = place
        return self._order[answers]

    def _differences(self, states: Integers) -> Floats:
        out: Floats = self._reads[states] - self._outcome
        return out

    def _compare(self, states: Integers) -> Words:
        """Where states are better than the outcome."""
        marks = np.zeros((len(states), self._codings), dtype=np.bool_)
        marks[:, self._active] = better(self._terms, self._differences(states))
        return packed(marks)

    def _answer(self, states: Integers) -> Words:
        """Where states, or what the party can make of them in one move, are better.

        Where not all moves of a state are known, its best answer there is taken to be the best.
        """
        out = self._better.at(states)
        heads, begin, end = self._own.ranges(states, improving=False)
        moving = np.flatnonzero(end > begin)
        # All states from which it has the same choice have the same range.
        first, one_of, same = np.unique(begin[moving], return_index=True, return_inverse=True)
        length = end[moving][one_of] - first
        starts = np.cumsum(length) - length
        listed = np.repeat(first - starts, length) + np.arange(length.sum())
        if len(listed):
            rows = np.bitwise_or.reduceat(self._better.at(heads[listed]), starts, axis=0)
            out[moving] |= rows[same]
        if self._inner is not None:
            out[~self._inner[states]] = ~np.uint64(0)
        return out


def _answers(concept: Concept) -> bool:
    """Whether the party may answer what punishes it."""
    return concept in ("smr", "sseq")
