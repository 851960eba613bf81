"""What is the same in every coding: the states around an outcome, and who moves where."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from detente.model.compilation import Model
from detente.model.problem import Integers
from detente.stability.answer import Outcome
from detente.stability.concepts.reaching import reached
from detente.stability.field import surrounding, whole
from detente.stability.graph.conflict import MOST_STATES, Conflict
from detente.stability.graph.mover import Mover, numbered
from detente.stability.graph.relations import relations
from detente.uncertainty.holding.kinds import Kinds
from detente.uncertainty.worths import Reads

BLOCK = 1 << 16
"""States read at once."""


class Neighbourhood:
    """An outcome, the states around it, and who can move between them.

    Parameters
    ----------
    model
        The case, compiled.
    outcome
        A complete outcome that obeys the rules.
    reads
        For parties whose worths change with the coding, what states count of their terms. All
        others keep the order that the case gives them, or have none.
    most
        Most states compared; beyond, those around the outcome, as ``hold`` does it.

    Attributes
    ----------
    conflict
        Moves; and the preferences of the case as it stands.
    place
        Position of the outcome among the states.
    reads
        For each party that has an order how often each state counts each of its terms, shape
        (states, terms); None for the others. An order of the case is one term, the rank.
    kinds
        For each mover the kinds of change, None where a member has no order.

    Raises
    ------
    CaseError
        As :func:`detente.hold`: a ranking leaves out states, or there are too many.
    ValueError
        Where reads are of no party.

    Notes
    -----
    Cost: as one conflict of the case. What is found on the way (sets of states that are
    reached, kinds of change) is kept for further batches; it pickles.
    """

    def __init__(
        self,
        model: Model,
        outcome: Outcome,
        reads: Mapping[str, Reads],
        *,
        most: int = MOST_STATES,
    ) -> None:
        for name in reads:
            if name not in model.case.parties:
                raise ValueError(f"reads of {name!r}, which is no party")
        none = Fraction(0)
        field = whole(model, none, most) or surrounding(model, none, most, outcome)
        self.conflict: Conflict = field.conflict
        centre = np.array(model.space.codes(outcome))
        self.place = int(np.flatnonzero((field.codes == centre).all(axis=1))[0])
        self.reads = tuple(
            _compact(reads[name], field.codes)
            if name in reads
            else None
            if preference is None
            else preference.rank[:, None]
            for name, preference in zip(
                self.conflict.parties, self.conflict.preferences, strict=True
            )
        )
        self.drawn = tuple(name in reads for name in self.conflict.parties)
        self.kinds = tuple(
            self._kinds(mover, field.codes, list(relation.issues))
            for mover, relation in zip(self.conflict.movers, relations(model.case), strict=True)
        )
        self._reached: dict[tuple[int, int], Integers] = {}

    def reached(self, party: int, start: int) -> Integers:
        """The states that legal sequences of the others lead to, from a state; ascending."""
        found = self._reached.get((party, start))
        if found is None:
            against = self.conflict.against([party])
            found = reached(against, start, exact=self.conflict.exact).astype(np.int32)
            self._reached[party, start] = found
        return found

    def _kinds(self, mover: Mover, codes: Integers, issues: list[int]) -> Kinds | None:
        reads = [each for member in mover.members if (each := self.reads[member]) is not None]
        if len(reads) < len(mover.members):
            return None
        rest = [place for place in range(codes.shape[1]) if place not in issues]
        return Kinds(mover, numbered(codes[:, rest]), reads)


def _compact(reads: Reads, codes: Integers) -> Integers:
    """What states count, block by block, in as few bytes as hold it."""
    parts = []
    for begin in range(0, len(codes), BLOCK):
        part = reads(codes[begin : begin + BLOCK])
        if not np.issubdtype(part.dtype, np.integer):
            raise TypeError(f"reads are whole numbers; these are {part.dtype}")
        small = np.min_scalar_type(min(int(part.min(initial=0)), -1 - int(part.max(initial=0))))
        parts.append(part.astype(small))
    return np.concatenate(parts)
