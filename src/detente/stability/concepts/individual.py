"""Who stays where: Nash, GMR, SMR, SEQ and SSEQ for one party and all states.

With u the rank that a party gives to states, R its own moves, and s1 an improvement from s:

- Nash: there is no s1.
- GMR (general metarationality; Howard 1971): from every s1 the others can move on to a state
  s2 that is not better for the party than s.
- SMR (symmetric metarationality; Howard 1971): and from s2 the party has no move s3 to one that
  is better than s.
- SEQ (sequential stability; Fraser & Hipel 1979): as GMR, and each of the others' moves is
  better for who makes it.
- SSEQ (symmetric sequential stability; Rêgo & Vieira 2017): as SMR, with such moves.

*Not better* is what counts, so that ties and a return to s punish. Sequences of others are legal
ones (:mod:`detente.stability.concepts.sequences`). With w(s2) = u(s2), or for SMR and SSEQ the
greatest of u(s2) and u(s3) over the party's answers, and m(s1) the least w over what others reach
from s1, the party stays in s if and only if min(m(s1), u(s1)) is better than s for no s1 in R(s).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.model.problem import Integers
from detente.stability.answer import CONCEPTS, LEAVES, STAYS, UNKNOWN, Concept, Marks
from detente.stability.concepts.sequences import least_reached
from detente.stability.graph.conflict import Conflict
from detente.stability.graph.mover import Mover
from detente.stability.graph.preference import Preference


@dataclass(frozen=True, eq=False)
class Focal:
    """One party in a conflict, and what its moves lead to.

    Parameters
    ----------
    conflict, party
        The conflict, and the position of the party, which has preferences.
    """

    conflict: Conflict
    party: int

    @cached_property
    def preference(self) -> Preference:
        """What the party prefers."""
        entry = self.conflict.preferences[self.party]
        assert entry is not None
        return entry

    @cached_property
    def own(self) -> Mover | None:
        """The party's moves."""
        return self.conflict.alone(self.party)

    @cached_property
    def others(self) -> tuple[Mover, ...]:
        """Who can answer."""
        return self.conflict.against([self.party])

    @cached_property
    def answered(self) -> Integers:
        """The rank of each state once the party has given its best answer there, or stayed."""
        rank = self.preference.rank
        return rank if self.own is None else np.maximum(rank, self.own.greatest(rank))

    def worth(self, concept: Concept) -> Integers:
        """What a state that others bring about is worth to the party, as a rank.

        Where not all moves of a state are known, its best answer there is taken to be the best.
        """
        if concept not in ("smr", "sseq"):
            return self.preference.rank
        inner = self.conflict.inner
        return self.answered if inner is None else np.where(inner, self.answered, len(inner))

    def after(self, concept: Concept, *, least: bool = False) -> Integers:
        """The least worth that others can bring about from each state.

        Parameters
        ----------
        concept
            Not Nash.
        least
            Of SEQ and SSEQ: take it that others whose preferences are not known may make any
            move; if not, that they make none.
        """
        improving: bool | list[bool] = concept in ("seq", "sseq")
        if least and improving:
            improving = [entry.known for entry in self.others]
        return least_reached(
            self.others, self.worth(concept), improving=improving, exact=self.conflict.exact
        )

    def stays(self, after: Integers | None) -> Marks:
        """Where the party stays, from what others can bring about (None: they do nothing)."""
        need, rank = self.preference.need, self.preference.rank
        if self.own is None:
            return np.full(self.conflict.states, STAYS, dtype=np.int8)
        left_with = rank if after is None else np.minimum(after, rank)
        return (self.own.greatest(left_with) < need).astype(np.int8)

    def verdict(self, concept: Concept, after: Integers | None) -> Marks:
        """Where the party stays (1), leaves (0), or that cannot be told (-1); shape (states,).

        ``after`` is what :meth:`after` says for the concept, None for Nash.
        """
        stays = self.stays(after)
        if concept in ("seq", "sseq") and not all(entry.known for entry in self.others):
            might = self.stays(self.after(concept, least=True))
            stays[(stays == LEAVES) & (might == STAYS)] = UNKNOWN
        inner = self.conflict.inner
        if inner is not None:
            if after is not None:
                stays[stays == LEAVES] = UNKNOWN
            stays[~inner & (stays == STAYS)] = UNKNOWN  # it may have more moves than are held
        return stays


def unvalued(conflict: Conflict, party: int) -> Marks:
    """Verdicts on a party whose preferences are not known: it stays where it has no move."""
    own = conflict.alone(party)
    moving = np.zeros(conflict.states, dtype=np.bool_) if own is None else own.moving
    if own is not None and conflict.inner is not None:
        moving |= ~conflict.inner
    return np.where(moving, np.int8(UNKNOWN), np.int8(STAYS))


def individual(conflict: Conflict) -> Mapping[Concept, Mapping[str, Marks]]:
    """Where each party stays, under each concept.

    Returns
    -------
    mapping
        Concept, then party, to a verdict per state: 1 it stays, 0 it leaves, -1 it cannot be
        told because preferences are not known (and it could move); shape (states,), int8.

    Notes
    -----
    Cost: for each party a few passes over the moves of the others; where everything can be
    undone a pass is as long as there are states.
    """
    out: dict[Concept, dict[str, Marks]] = {concept: {} for concept in CONCEPTS}
    for place, name in enumerate(conflict.parties):
        if conflict.preferences[place] is None:
            for concept in CONCEPTS:
                out[concept][name] = unvalued(conflict, place)
            continue
        focal = Focal(conflict, place)
        for concept in CONCEPTS:
            after = None if concept == "nash" else focal.after(concept)
            out[concept][name] = focal.verdict(concept, after)
    return out
