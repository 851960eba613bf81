"""What deters a party: for every move, which states must be no better to it than the package.

With s the package and t a move of a party, the party is deterred from t where all states of one
of these sets are no better to it than s:

- Nash: {t};
- GMR: {t}, or {s2} for a state s2 that legal sequences of the others lead to from t;
- SMR: {t}, or s2 together with everything that the party can move on to from s2;
- SEQ and SSEQ: as GMR and SMR, with sequences of the others in which every move is better for who
  makes it, as their preferences are.

The package is no better than itself, so that a return to it punishes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from detente.model.problem import Booleans, Integers
from detente.stability.answer import Concept
from detente.stability.concepts.reaching import reached
from detente.stability.graph.conflict import Conflict
from detente.stability.graph.ways import Ways

States = frozenset[int]


@dataclass(frozen=True)
class Demand:
    """What deters a party from a move: all states of one of these sets no better.

    Parameters
    ----------
    move
        The state that the move leads to.
    sanctions
        The states that others can take it to from there, ascending, and for each the states that
        must be no better; the move itself is not among them.
    """

    move: int
    sanctions: tuple[tuple[int, States], ...]

    @property
    def either(self) -> Iterator[States]:
        """All sets: the move itself first."""
        yield frozenset([self.move])
        yield from (needed for _, needed in self.sanctions)

    def met(self, lowered: States) -> tuple[int, States] | None:
        """What meets it once these are no better: the move or a sanction, and what that asks."""
        if self.move in lowered:
            return self.move, frozenset([self.move])
        return next(
            ((place, needed) for place, needed in self.sanctions if needed <= lowered), None
        )


def demands(
    conflict: Conflict, party: int, state: int, concept: Concept, open_: Booleans
) -> tuple[Demand, ...]:
    """What deters a party from each of its moves, as far as it is open.

    Parameters
    ----------
    conflict
        The graph.
    party, state
        The party, and the package.
    concept
        Any; for SEQ and SSEQ the preferences of the others are as they are.
    open_
        The states that may be better than the package; all others are taken to be no better.
        Shape (states,), false at the package.

    Returns
    -------
    tuple of Demand
        One for each move that is not deterred whatever the open states are, in the order of the
        states. A sanction that asks for the move itself to be no better is left out.

    Notes
    -----
    Cost: one search through the moves of the others for every move, and for SMR and SSEQ the
    party's moves from all that is reached.
    """
    own = conflict.alone(party)
    if own is None:
        return ()
    asked: dict[int, States] = {}

    def needed(place: int) -> States:
        if place not in asked:
            found = np.array([place])
            if concept in ("smr", "sseq"):
                found = np.append(found, own.moves(place))
            asked[place] = frozenset(found[open_[found]].tolist())
        return asked[place]

    out = []
    for move in sorted(int(head) for head in own.moves(state) if open_[head]):
        sanctions = []
        for place in _brought_about(conflict, party, move, concept):
            sanction = needed(int(place))
            if not sanction:
                break
            if move not in sanction:
                sanctions.append((int(place), sanction))
        else:
            out.append(Demand(move, tuple(sanctions)))
    return tuple(out)


def _brought_about(conflict: Conflict, party: int, move: int, concept: Concept) -> Integers:
    """The states that legal sequences of the others lead to; the move itself may be among them."""
    others = conflict.against([party])
    if concept == "nash" or not others:
        return np.zeros(0, dtype=np.int64)
    if concept in ("gmr", "smr"):
        return reached(others, move, exact=conflict.exact)
    ways = Ways(others, conflict.states, move, improving=True, exact=conflict.exact)
    return np.flatnonzero(ways.reached)


def stays(conflict: Conflict, party: int, state: int, concept: Concept) -> bool | None:
    """Whether a party stays; None where that cannot be told, for want of values.

    Of SEQ and SSEQ, others without values are taken to make no move.
    """
    preference = conflict.preferences[party]
    if preference is None:
        own = conflict.alone(party)
        return True if own is None or not len(own.moves(state)) else None
    return not demands(conflict, party, state, concept, preference.better(state))
