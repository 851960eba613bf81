"""Stability in the graph model by its definitions: sets of states, sequences written out.

An explicit graph says who moves from which state to which and who prefers what. Nothing here
uses the code. Sources: Kilgour, Hipel & Fang, "The graph model for conflicts", Automatica 1987;
Fang, Hipel & Kilgour, Interactive Decision Making, Wiley 1993; Rêgo & Vieira 2017 (SSEQ).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations

CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq")
SYMMETRIC = ("smr", "sseq")
CREDIBLE = ("seq", "sseq")

States = frozenset[int]
Heads = Callable[[int], Collection[int]]
"""The states that somebody can move to from a state."""
Test = Callable[[int], bool]
Relation = tuple[tuple[bool, ...], ...]
"""``relation[t][s]``: whether state t is better than state s."""


@dataclass(frozen=True)
class Mover:
    """A party, or several parties that move together."""

    members: tuple[int, ...]
    arcs: Mapping[int, States]

    def heads(self, state: int) -> States:
        return self.arcs.get(state, frozenset())


def relation(values: Sequence[object], band: object = 0) -> Relation:
    """Better: a greater value, by the band at least."""
    return tuple(tuple(t > s and t - s >= band for s in values) for t in values)  # type: ignore[operator]


def legal_sequences(movers: Sequence[Heads], start: int) -> dict[int, set[int]]:
    """Last movers of every state that can be reached, where nobody moves twice in a row."""
    last: dict[int, set[int]] = {}
    changed = set()
    for mover, heads in enumerate(movers):
        for state in heads(start):
            last.setdefault(state, set()).add(mover)
            changed.add(state)
    while changed:
        here = changed.pop()
        for mover, heads in enumerate(movers):
            if last[here] != {mover}:
                for state in heads(here):
                    if mover not in last.setdefault(state, set()):
                        last[state].add(mover)
                        changed.add(state)
    return last


def subsets(parties: Collection[int]) -> list[frozenset[int]]:
    """All that are not empty."""
    sizes = range(1, len(parties) + 1)
    return [frozenset(part) for n in sizes for part in combinations(sorted(parties), n)]


@dataclass(eq=False)
class Graph:
    """States 0 to ``states`` - 1; for each party what is better, None where that is unknown.

    Each set of members has one mover at most.
    """

    states: int
    movers: tuple[Mover, ...]
    better: tuple[Relation | None, ...]
    known: dict[object, States] = field(default_factory=dict, repr=False)
    """What was reached before: the same question comes up for many states."""

    @property
    def parties(self) -> range:
        return range(len(self.better))

    @property
    def valued(self) -> frozenset[int]:
        return frozenset(party for party in self.parties if self.better[party] is not None)

    def others(self, *parties: int) -> frozenset[int]:
        return frozenset(self.parties) - set(parties)

    def prefers(self, party: int, one: int, other: int) -> bool:
        relation = self.better[party]
        assert relation is not None
        return relation[one][other]

    def moves(self, party: int, state: int) -> States:
        """R_i(s)."""
        own = [mover.heads(state) for mover in self.movers if mover.members == (party,)]
        return frozenset(chain.from_iterable(own))

    def improvements(self, party: int, state: int) -> States:
        """R_i⁺(s)."""
        return frozenset(t for t in self.moves(party, state) if self.prefers(party, t, state))

    def reached(self, coalition: frozenset[int], start: int, improving: bool = False) -> States:
        """R_H(s), or R_H⁺(s): each step improves for all who make it, seen from where they do.

        Movers are the members of the coalition and those who move together within it. Where
        nobody knows what one of those who make it prefers, any step may improve.
        """
        key = coalition, start, improving
        if key not in self.known:
            movers = [mover for mover in self.movers if coalition.issuperset(mover.members)]
            heads = [self._improving(mover) if improving else mover.heads for mover in movers]
            self.known[key] = frozenset(legal_sequences(heads, start))
        return self.known[key]

    def _improving(self, mover: Mover) -> Heads:
        if not self.valued.issuperset(mover.members):
            return mover.heads
        return lambda state: [
            head
            for head in mover.heads(state)
            if all(self.prefers(party, head, state) for party in mover.members)
        ]

    # Individual stability

    def stable(self, concept: str, party: int, state: int) -> bool | None:
        """Whether a party stays; None where that hangs on preferences that nobody stated."""
        if party not in self.valued:
            return None if self.moves(party, state) else True
        opponents = self.others(party)
        if concept == "nash":
            return not self.improvements(party, state)
        if concept not in CREDIBLE:
            return self._deterred(concept, party, state, opponents, improving=False)
        # Fewer who answer deter less, and those of whom nobody knows may do anything.
        if self._deterred(concept, party, state, opponents & self.valued, improving=True):
            return True
        return None if self._deterred(concept, party, state, opponents, improving=True) else False

    def _deterred(
        self, concept: str, party: int, state: int, opponents: frozenset[int], improving: bool
    ) -> bool:
        """Whether the opponents can punish every improvement."""

        def not_better(other: int) -> bool:
            return not self.prefers(party, other, state)

        def punishes(there: int) -> bool:
            escapes = self.moves(party, there) if concept in SYMMETRIC else ()
            return not_better(there) and all(not_better(escape) for escape in escapes)

        return all(
            any(punishes(there) for there in self.reached(opponents, away, improving))
            for away in self.improvements(party, state)
        )

    # Coalitions

    def agree(self, coalition: frozenset[int], one: int, other: int, pareto: bool = False) -> bool:
        """Whether a state is better for a coalition: for all, or for some and worse for none.

        Whose preferences nobody knows may agree.
        """
        known = coalition & self.valued
        gains = [self.prefers(party, one, other) for party in known]
        if not pareto:
            return all(gains)
        some = any(gains) or known != coalition
        return some and not any(self.prefers(party, other, one) for party in known)

    def coalition_improvements(
        self, coalition: frozenset[int], state: int, pareto: bool = False
    ) -> States:
        """CI_H(s)."""
        key = coalition, state, "improvements", pareto
        if key not in self.known:
            reached = self.reached(coalition, state)
            better = (
                there for there in reached - {state} if self.agree(coalition, there, state, pareto)
            )
            self.known[key] = frozenset(better)
        return self.known[key]

    def reached_by_coalitions(
        self, family: Sequence[frozenset[int]], start: int, pareto: bool = False
    ) -> States:
        """Legal sequences of coalition improvements: none of them moves twice in a row."""
        key = tuple(family), start, "coalitions", pareto
        if key not in self.known:
            heads = [
                lambda state, one=one: self.coalition_improvements(one, state, pareto)
                for one in family
            ]
            self.known[key] = frozenset(legal_sequences(heads, start))
        return self.known[key]

    def coalition_stable(
        self,
        concept: str,
        coalition: frozenset[int],
        state: int,
        opposing: Sequence[frozenset[int]] | None = None,
        pareto: bool = False,
    ) -> bool | None:
        """Whether a coalition stays.

        ``opposing``: who improves against it (SEQ, SSEQ); all subsets of the others by default.
        """
        if not coalition <= self.valued:
            return None if self.coalition_improvements(coalition, state, pareto) else True
        others = self.others(*coalition)
        family = subsets(others) if opposing is None else list(opposing)
        if concept == "nash":
            return not self.coalition_improvements(coalition, state, pareto)

        def sanction(other: int) -> bool:
            return not self.agree(coalition, other, state, pareto)

        def punishes(there: int) -> bool:
            escapes = self.reached(coalition, there) if concept in SYMMETRIC else ()
            return sanction(there) and all(sanction(escape) for escape in escapes)

        def deterred(reached: Callable[[int], States]) -> bool:
            away = self.coalition_improvements(coalition, state, pareto)
            return all(any(punishes(there) for there in reached(one)) for one in away)

        if concept not in CREDIBLE:
            return deterred(lambda away: self.reached(others, away))
        stated = [one for one in family if one <= self.valued]
        if deterred(lambda away: self.reached_by_coalitions(stated, away, pareto)):
            return True
        # Those of whom nobody knows may do anything that the others among them like.
        possible = deterred(lambda away: self.reached_by_coalitions(family, away, pareto))
        return None if possible else False

    # All states

    def stable_states(self, concept: str, party: int) -> list[int]:
        return [state for state in range(self.states) if self.stable(concept, party, state)]

    def equilibria(self, concept: str) -> list[int]:
        return [
            state
            for state in range(self.states)
            if all(self.stable(concept, party, state) for party in self.parties)
        ]
