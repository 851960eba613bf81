"""Who leaves together: Nash, GMR, SMR, SEQ and SSEQ for coalitions.

With R(s) the states that legal sequences of moves of the coalition lead to from s (moves of its
members, and of groups that lie wholly in it), an *improvement* from s is a state of R(s) that is
better than s for all members (or, if asked for, better for one and worse for none). Any other
state is a *sanction*.

- Nash: there is no improvement.
- GMR: from every improvement the others can move on, by a legal sequence, to a sanction s2.
- SMR: and every state of R(s2) is a sanction too, against s itself.
- SEQ: as GMR, where the others act in coalitions, each of which moves (by a legal sequence of
  its own) to what is better for all its members; none acts twice in a row.
- SSEQ: as SMR, with such answers.

A coalition of one is a party whose opponents may act together. Where two moves in a row are not
one, SEQ need not lie in GMR: a party may then act in two coalitions in a row. Source: Kilgour,
Hipel, Fang & Peng 2001.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from detente.case.errors import CaseError, Problem
from detente.model.problem import Booleans, Integers
from detente.stability.answer import CONCEPTS, LEAVES, STAYS, UNKNOWN, Concept, Marks
from detente.stability.concepts.answering import (
    FEWER,
    Improvements,
    Members,
    agree,
    opposing,
    subsets,
)
from detente.stability.concepts.sequences import least_reached
from detente.stability.graph.conflict import Conflict
from detente.stability.graph.mover import Mover

MOST_LOOKS = 1_000_000_000
"""Most looks at a state, over everything that is compared."""
MOST_COALITIONS = 1023
"""Most coalitions, among those that may leave and among those that answer: of ten parties."""


@dataclass(frozen=True)
class Stance:
    """Whether a coalition stays, and where it would go.

    Parameters
    ----------
    verdict
        1 it stays, 0 it leaves, -1 it cannot be told.
    towards
        An improvement that nothing deters, where it leaves.
    """

    verdict: int
    towards: int | None = None


@dataclass(frozen=True, eq=False)
class Coalition:
    """Several parties in a conflict, and what their moves lead to.

    Parameters
    ----------
    improvements
        What coalitions of the conflict can improve.
    members
        The positions of the parties, which have preferences.
    answering
        The coalitions that answer by improvements.
    unstated
        Others, of whom a preference is not known: they might.
    """

    improvements: Improvements
    members: Members
    answering: tuple[Members, ...]
    unstated: tuple[Members, ...]

    @property
    def conflict(self) -> Conflict:
        """The conflict."""
        return self.improvements.conflict

    @cached_property
    def own(self) -> tuple[Mover, ...]:
        """The moves within the coalition."""
        return self.conflict.within(self.members)

    @cached_property
    def others(self) -> tuple[Mover, ...]:
        """The moves of those outside."""
        return self.conflict.against(self.members)

    def stances(self, state: int) -> dict[Concept, Stance]:
        """Whether it stays in a state, under each concept."""
        self.improvements.budget.spend(self.conflict.states)
        pareto = self.improvements.pareto
        better = agree(self.conflict, self.members, slice(None), state, pareto=pareto)
        away = self._best_first(state)
        if not len(away):
            return dict.fromkeys(CONCEPTS, Stance(STAYS))
        back = better | (self._least(self.own, ~better) == 0)
        gmr = self._against_moves(away, better)
        smr = gmr if gmr.verdict == LEAVES else self._against_moves(away, back)
        seq = self._against_improvements(away, better, gmr)
        sseq = seq if seq.verdict == LEAVES else self._against_improvements(away, back, smr)
        nash = sseq if sseq.verdict == LEAVES else Stance(LEAVES, int(away[0]))
        return {"nash": nash, "gmr": gmr, "smr": smr, "seq": seq, "sseq": sseq}

    def _best_first(self, state: int) -> Integers:
        """Its improvements: first those by which the least climber climbs most in its order."""
        heads = self.improvements.of(self.members, state)
        likes = [self.conflict.preferences[member] for member in self.members]
        climbs = np.array([e.rank[heads] - e.rank[state] for e in likes if e is not None])
        best = np.lexsort((-climbs.sum(axis=0), -climbs.min(axis=0)))
        return heads[best]

    def _least(self, movers: Sequence[Mover], flags: Booleans) -> Integers:
        """Whether (0) a state without a flag can be reached."""
        numbers = flags.astype(np.int64)
        return least_reached(movers, numbers, improving=False, exact=self.conflict.exact)

    def _against_moves(self, away: Integers, unpunished: Booleans) -> Stance:
        """Where every state but the unpunished ones deters, and others move as they can."""
        free = away[self._least(self.others, unpunished)[away] != 0]
        return Stance(LEAVES, int(free[0])) if len(free) else Stance(STAYS)

    def _against_improvements(
        self, away: Integers, unpunished: Booleans, against_moves: Stance
    ) -> Stance:
        """The same where others move as they like.

        What all their moves do not deter, some of them do not; but where two moves in a row are
        not one, a party may move in two coalitions in a row, and so more often than by itself.
        """
        if against_moves.verdict == LEAVES and not self.conflict.exact:
            return against_moves
        everyone, verdict = (*self.answering, *self.unstated), STAYS
        for state in map(int, away):
            if self.improvements.lead(self.answering, state, ~unpunished):
                continue
            if not (self.unstated and self.improvements.lead(everyone, state, ~unpunished)):
                return Stance(LEAVES, state)
            verdict = UNKNOWN
        return Stance(verdict)


def coalition(
    improvements: Improvements,
    members: Members,
    family: Sequence[Members] | None,
    most: int,
) -> Coalition | None:
    """A coalition and who answers it; None where a member has no values.

    Parameters ``family`` and ``most`` are those of :func:`coalition_verdicts`, with positions.
    """
    conflict, pareto = improvements.conflict, improvements.pareto
    if any(conflict.preferences[member] is None for member in members):
        return None
    return Coalition(
        improvements, members, *opposing(conflict, members, family, pareto=pareto, most=most)
    )


def coalition_verdicts(
    conflict: Conflict,
    coalitions: Sequence[Sequence[str]] | Literal["all"],
    states: Integers,
    *,
    pareto: bool = False,
    family: Sequence[Sequence[str]] | None = None,
    budget: int = MOST_LOOKS,
    most: int = MOST_COALITIONS,
) -> Mapping[Concept, Mapping[str, Marks]]:
    """Where coalitions stay, under each concept.

    Parameters
    ----------
    conflict
        The conflict, with all its states.
    coalitions
        Names of parties, coalition by coalition; or all.
    states
        Positions of the states that are asked about.
    pareto
        Whether a coalition moves already where one member gains and none loses.
    family
        The coalitions that may answer by improvements (SEQ, SSEQ); against a coalition those
        that have no party in common with it. All if left out.
    budget
        Most looks at a state.
    most
        Most coalitions, among those asked about and among those that answer one of them.

    Returns
    -------
    mapping
        Concept, then coalition (``a+b``), to a verdict per state asked about: 1 it stays, 0 it
        leaves, -1 it cannot be told because preferences are not known.

    Raises
    ------
    CaseError
        Where there is more to compare than that, or not all states are at hand.

    Notes
    -----
    Exact. Cost: for each coalition and state a few passes over all moves, and for SEQ and SSEQ
    a search from each improvement, which ends at the first sanction.
    """
    if coalitions == "all":
        _require_few(conflict, most)
        wanted = list(subsets(range(len(conflict.parties))))
    else:
        wanted = [_members(conflict, names) for names in coalitions]
    _require_budget(conflict, len(wanted), len(states), budget)
    answer = None if family is None else [_members(conflict, names) for names in family]
    improvements = Improvements(conflict, pareto=pareto, most=budget)
    out: dict[Concept, dict[str, Marks]] = {concept: {} for concept in CONCEPTS}
    for members in wanted:
        name = "+".join(conflict.parties[member] for member in members)
        for concept in CONCEPTS:
            out[concept][name] = np.full(len(states), UNKNOWN, dtype=np.int8)
        focal = coalition(improvements, members, answer, most)
        for place, state in enumerate(map(int, states)):
            found = (
                _unvalued(improvements, members, state) if focal is None else focal.stances(state)
            )
            for concept, stance in found.items():
                out[concept][name][place] = stance.verdict
    return out


def _unvalued(improvements: Improvements, members: Members, state: int) -> dict[Concept, Stance]:
    """Of a coalition with a member whose preferences are not known: it stays where it cannot go."""
    might = len(improvements.of(members, state)) > 0
    return dict.fromkeys(CONCEPTS, Stance(UNKNOWN if might else STAYS))


def _members(conflict: Conflict, names: Sequence[str]) -> Members:
    return tuple(sorted(conflict.position[name] for name in names))


def _require_few(conflict: Conflict, most: int) -> None:
    count = 2 ** len(conflict.parties) - 1
    if count > most:
        what = (
            f"{len(conflict.parties)} parties form {count:,} coalitions; "
            f"at most {most:,} are looked at"
        )
        help = "name those of interest: --coalitions PARTY+PARTY, or allies: --blocs PARTY+PARTY"
        raise CaseError(Problem(what, help))


def _require_budget(conflict: Conflict, coalitions: int, states: int, budget: int) -> None:
    """Refuse at once what is too much in any case, and what lacks states."""
    if conflict.inner is not None:
        what = "coalitions are compared over all states, and here there are too many"
        raise CaseError(Problem(what, "fix some issues by rules"))
    looks = coalitions * states * conflict.states
    if looks > budget:
        what = (
            f"{coalitions:,} coalitions in {states:,} outcomes, each against {conflict.states:,} "
            f"states, are {looks:,} comparisons; at most {budget:,} are made"
        )
        raise CaseError(Problem(what, FEWER))
