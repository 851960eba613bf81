"""What coalitions bring about by improvements: the sanctions of SEQ and SSEQ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from detente.case.errors import CaseError, Problem
from detente.model.problem import Booleans, Integers
from detente.stability.concepts.reaching import reached
from detente.stability.graph.conflict import Conflict

Members = tuple[int, ...]
"""Positions of parties, ascending."""
NOBODY, SEVERAL = -2, -1
"""Who came to a state last, where that is not one coalition."""
MOST_KEPT = 20_000_000
"""Most numbers that are kept for being asked again."""


class Budget:
    """How many more states may be looked at.

    Parameters
    ----------
    most
        How many in all.
    """

    def __init__(self, most: int) -> None:
        self.most, self.spent = most, 0

    def spend(self, states: int) -> None:
        """Count states that are looked at.

        Raises
        ------
        CaseError
            Where they are too many.
        """
        self.spent += states
        if self.spent > self.most:
            what = (
                "what coalitions do needs more than "
                f"{self.most:,} looks at a state (the limit on comparisons)"
            )
            raise CaseError(Problem(what, FEWER))


FEWER = (
    "name fewer coalitions: --coalitions PARTY+PARTY, ask about one outcome: --outcome PACKAGE, "
    "or let parties move in lock-step: --blocs PARTY+PARTY"
)
"""What to do where there is too much to compare."""


def agree(
    conflict: Conflict, members: Members, states: Integers | slice, state: int, *, pareto: bool
) -> Booleans:
    """Which states are better for a coalition than one state.

    Parameters
    ----------
    members
        Who must agree; one whose preferences are not known is taken to.
    states
        What is compared with ``state``.
    pareto
        Whether it is enough that one gains and ``state`` is better for none; if not, all must
        gain.
    """
    likes = [entry for entry in (conflict.preferences[m] for m in members) if entry is not None]
    found: Booleans = np.ones(conflict.states, dtype=np.bool_)[states]
    if not pareto:
        for entry in likes:
            found = found & (entry.rank[states] >= entry.need[state])
        return found
    some = np.full_like(found, len(likes) < len(members))
    for entry in likes:
        some |= entry.rank[states] >= entry.need[state]
        found = found & (entry.rank[state] < entry.need[states])
    return found & some


class Improvements:
    """What coalitions can bring about together that is better for them.

    Parameters
    ----------
    conflict
        The conflict.
    pareto
        As in :func:`agree`.
    most
        Most looks at a state.

    Notes
    -----
    The same coalition is asked about the same state again and again: answers are kept, up to
    ``MOST_KEPT`` numbers in all.
    """

    def __init__(self, conflict: Conflict, *, pareto: bool, most: int) -> None:
        self.conflict, self.pareto = conflict, pareto
        self.budget = Budget(most)
        self._known: dict[tuple[Members, int], Integers] = {}
        self._kept = 0

    def of(self, members: Members, state: int) -> Integers:
        """The improvements of a coalition from a state, ascending.

        Of one with a member whose preferences are not known, all that might be some.
        """
        known = self._known.get((members, state))
        if known is not None:
            self.budget.spend(len(known) + 1)
            return known
        movers = self.conflict.within(members)
        heads = reached(movers, state, exact=self.conflict.exact)
        self.budget.spend(len(heads) + 1)
        heads = heads[heads != state]
        found: Integers = heads[agree(self.conflict, members, heads, state, pareto=self.pareto)]
        if self._kept < MOST_KEPT:
            self._known[members, state] = found
            self._kept += len(found) + 1
        return found

    def lead(self, family: Sequence[Members], start: int, wanted: Booleans) -> bool:
        """Whether a legal sequence of improvements leads from a state to one that is wanted.

        Parameters
        ----------
        family
            The coalitions that act. None acts twice in a row; one of the same parties and
            others is another.
        start, wanted
            Where the sequence begins; where it may end, shape (states,).

        Notes
        -----
        From the start outwards, and no further than to the first state that is wanted. With
        each state it is kept who came there last: one coalition, which must not go on, or
        several. So each coalition goes on from a state once. Cost: for each state met and each
        coalition what that can reach.
        """
        last = np.full(self.conflict.states, NOBODY)
        last[start] = SEVERAL
        every = range(len(family))
        waiting: list[tuple[int, Sequence[int]]] = [(start, every)]
        while waiting:
            following: list[tuple[int, Sequence[int]]] = []
            for state, able in waiting:
                for place in able:
                    heads = self.of(family[place], state)
                    if wanted[heads].any():
                        return True
                    for head in heads[(last[heads] != place) & (last[heads] != SEVERAL)]:
                        before = int(last[head])
                        if before == NOBODY:
                            last[head] = place
                            following.append((int(head), [k for k in every if k != place]))
                        else:
                            last[head] = SEVERAL
                            following.append((int(head), [before]))
            waiting = following
        return False


def opposing(
    conflict: Conflict,
    members: Members,
    family: Sequence[Members] | None,
    *,
    pareto: bool,
    most: int,
) -> tuple[tuple[Members, ...], tuple[Members, ...]]:
    """Who answers a coalition by improvements.

    Parameters
    ----------
    members
        The coalition.
    family
        Those among whom to look; all sets of others if left out.
    pareto
        As in :func:`agree`.
    most
        Most sets of others.

    Returns
    -------
    tuple
        The coalitions whose preferences are known, small ones first, without those that could
        do no more than a part of theirs; and those of whom a preference is not known.

    Raises
    ------
    CaseError
        Where there are too many.
    """
    if family is None:
        others = [place for place in range(len(conflict.parties)) if place not in members]
        count = 2 ** len(others) - 1
        if count > most:
            what = f"{len(others)} other parties form {count:,} coalitions; at most {most:,} answer"
            raise CaseError(Problem(what, "let parties move in lock-step: --blocs PARTY+PARTY"))
        answering = list(subsets(others))
    else:
        answering = [entry for entry in family if not set(entry) & set(members)]
    answering.sort(key=len)
    stated = [
        entry for entry in answering if all(conflict.preferences[m] is not None for m in entry)
    ]
    unstated = tuple(entry for entry in answering if entry not in stated)
    if conflict.exact or pareto:
        return tuple(stated), unstated
    # What is better for all of several is better for those of them who do all the moving.
    least: dict[tuple[Members, ...], list[set[int]]] = {}
    kept = []
    for entry in stated:
        movers = tuple(mover.members for mover in conflict.within(entry))
        smaller = least.setdefault(movers, [])
        if movers and not any(part <= set(entry) for part in smaller):
            smaller.append(set(entry))
            kept.append(entry)
    return tuple(kept), unstated


def subsets(parties: Sequence[int]) -> Iterator[Members]:
    """All coalitions of parties, small ones first."""
    for size in range(1, len(parties) + 1):
        yield from combinations(parties, size)
