"""The fewest reversals for SEQ and SSEQ: what deters and who would want to do it, at once.

What others do to a party that leaves has to be better for them at every move, so that the parties
hang together. An integer program decides for every comparison that is read whether it holds:

- a party is deterred from a move if the move is no better to it than the package, or if one unit
  of *flow* runs from there along moves of others, all of them improvements, into a state that
  punishes it. Moves carry flow only where they are improvements;
- a comparison costs one where it is not as it is now;
- the comparisons of a party must go together with one order: closed chains of them that
  contradict each other are forbidden as they are met.

Read are, for each party that could leave: the package against all states that moves of others lead
to from its own moves (for SSEQ also against its answers there), and those moves of others, from
where they begin to where they lead, by all who make them. Moves of others whose preferences are
not known deter nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from detente.agreement.engines.front import TooLarge
from detente.agreement.engines.programs.linear_program import (
    Row,
    empty_program,
    maximise,
    row,
)
from detente.leverage.reversals.covers import require_proved
from detente.leverage.reversals.found import Pair
from detente.leverage.reversals.orders import contradictions
from detente.leverage.reversals.plans import NOBODY, Key, Node, Plan, deterring
from detente.stability.graph.conflict import Conflict

DEFEATED = "the numbers defeat the solver; ask about fewer states"

Chain = tuple[tuple[Key, bool], ...]
"""Comparisons that do not go together, and what each says."""


@dataclass(frozen=True, eq=False)
class Weighing:
    """All comparisons that are read, and the integer program over them.

    Parameters
    ----------
    conflict, state
        The graph, and the package.
    plans
        How parties might be deterred.
    steps
        For each party by how much a better state lies above another in its order, as in
        :mod:`~detente.leverage.reversals.orders`.
    seconds
        Time allowed for one run of the solver.
    """

    conflict: Conflict
    state: int
    plans: tuple[Plan, ...]
    steps: Sequence[int]
    seconds: float | None = None

    @cached_property
    def against_package(self) -> frozenset[Key]:
        """Comparisons with the package, of parties that could leave it."""
        return frozenset(key for plan in self.plans for key in plan.against(self.state))

    @cached_property
    def of_moves(self) -> frozenset[Key]:
        """Comparisons of where a move leads with where it begins, of those who make it."""
        return frozenset(key for plan in self.plans for key in plan.of_moves)

    @cached_property
    def now(self) -> Mapping[Key, bool]:
        """Everything that is read, as it is; in the order of parties and states."""
        out = {}
        for party, (first, second) in sorted(self.against_package | self.of_moves):
            entry = self.conflict.preferences[party]
            assert entry is not None
            out[party, (first, second)] = bool(entry.rank[first] >= entry.need[second])
        return out

    def least(self) -> dict[Key, bool]:
        """What has to be so, with the fewest turns; of those the fewest ranks turned.

        Raises
        ------
        TooLarge
            Where the time is up, or the numbers defeat the solver.
        """
        draft, told, bound = self._answered(Draft(self, self._open(self.now)))
        count = len(self.turned(told))
        require_proved(count, bound)
        _, told, _ = self._answered(replace(draft, count=count))
        if len(self.turned(told)) != count:
            raise TooLarge(DEFEATED)
        return told

    def turned(self, told: Mapping[Key, bool]) -> list[Key]:
        """The comparisons that are not as they are; of two directions the lower state first."""
        changed = [key for key, was in self.now.items() if told[key] != was]
        return sorted({(party, (min(pair), max(pair))) for party, pair in changed})

    def relation(self, told: Mapping[Key, bool], party: int) -> dict[Pair, bool]:
        """What is read of one party."""
        return {pair: better for (who, pair), better in told.items() if who == party}

    def ranks_between(self, key: Key) -> int:
        """How many ranks lie between two states."""
        party, (first, second) = key
        entry = self.conflict.preferences[party]
        assert entry is not None
        return abs(int(entry.rank[first]) - int(entry.rank[second]))

    def _answered(self, draft: Draft) -> tuple[Draft, dict[Key, bool], float]:
        """What has to be so, so that all demands are met; the draft that says it; and its bound.

        Whatever an answer breaks is added to the draft. What is not in it yet could only make the
        answer dearer.
        """
        while True:
            turned, bound = draft.answer(self.seconds)
            told = {**self.now, **turned}
            open_ = self._open(told)
            chains = list(self._contradictions(told))
            if not open_ and not chains:
                return draft, told, bound
            known = {id(plan) for plan in draft.plans}
            if any(id(plan) in known for plan in open_) or {*chains} & {*draft.chains}:
                raise TooLarge(DEFEATED)
            draft = replace(draft, plans=(*draft.plans, *open_), chains=(*draft.chains, *chains))

    def _open(self, told: Mapping[Key, bool]) -> tuple[Plan, ...]:
        """The moves that nothing deters from."""
        return tuple(plan for plan in self.plans if deterring(plan, self.state, told) is None)

    def _contradictions(self, told: Mapping[Key, bool]) -> Iterator[Chain]:
        for party in sorted({party for party, _ in self.turned(told)}):
            relation = self.relation(told, party)
            changed = {pair for pair, better in relation.items() if better != self.now[party, pair]}
            for chain in contradictions(relation, changed, self.steps[party]):
                yield tuple(((party, pair), relation[pair]) for pair in chain)


@dataclass(frozen=True, eq=False)
class Draft:
    """The integer program, as far as it had to be written down.

    Parameters
    ----------
    weighing
        What it is about.
    plans, chains
        The moves to deter from, and the comparisons that do not go together.
    count
        How many comparisons may turn, if that is known: then those with the fewest ranks between
        them are asked for; else the fewest.
    """

    weighing: Weighing
    plans: tuple[Plan, ...]
    chains: tuple[Chain, ...] = ()
    count: int | None = None

    def answer(self, seconds: float | None) -> tuple[dict[Key, bool], float]:
        """What has to be so of the comparisons that are written down, and the least cost."""
        turns, cost = list(self._turns.values()), [1] * len(self._turns)
        if self.count is not None:
            cost = [self.weighing.ranks_between(key) for key in self._turns]
        program = empty_program()
        program, _ = program.with_columns(len(self._columns), 0, 1, integral=True)
        program, _ = program.with_columns(len(turns), 0, 1, integral=False)
        rows = [*self._turning(), *self._forbidding()]
        if self.count is not None:
            rows.append(row(turns, 1, upper=self.count))
        for plan in self.plans:
            start = len(program.lower)
            flows = len(plan.steps) + len(tuple(plan.ends))
            program, _ = program.with_columns(flows, 0, 1, integral=False)
            rows += self._deterring(plan, start)
        found = maximise(program.with_rows(*rows), turns, [-each for each in cost], seconds=seconds)
        assert found is not None  # if all is alike to everyone, nobody leaves
        told = {key: bool(found.point[place] > 0.5) for key, place in self._columns.items()}
        return told, -found.bound

    @cached_property
    def _columns(self) -> Mapping[Key, int]:
        """A column for every comparison that is written down, in either direction."""
        keys = {key for chain in self.chains for key, _ in chain}
        for plan in self.plans:
            keys.update(plan.against(self.weighing.state), plan.of_moves)
        keys |= {(party, (second, first)) for party, (first, second) in keys}
        return {key: place for place, key in enumerate(sorted(keys & self.weighing.now.keys()))}

    @cached_property
    def _turns(self) -> Mapping[Key, int]:
        """A column for every two states of a party; both directions have the same."""
        out: dict[Key, int] = {}
        for party, pair in self._columns:
            out.setdefault((party, (min(pair), max(pair))), len(self._columns) + len(out))
        return out

    def _turning(self) -> Iterator[Row]:
        for (party, (first, second)), column in self._columns.items():
            was = self.weighing.now[party, (first, second)]
            turn = self._turns[party, (min(first, second), max(first, second))]
            yield row([turn, column], [1, 1 if was else -1], lower=1 if was else 0)
            mirrored = self._columns.get((party, (second, first)))
            if mirrored is not None and first < second:
                yield row([column, mirrored], 1, upper=1)

    def _forbidding(self) -> Iterator[Row]:
        for chain in self.chains:
            signs = [1 if better else -1 for _, better in chain]
            yield row([self._columns[key] for key, _ in chain], signs, upper=signs.count(1) - 1)

    def _deterring(self, plan: Plan, start: int) -> Iterator[Row]:
        """One unit leaves the move if it is better, runs along improvements, and ends."""
        package, columns = self.weighing.state, self._columns
        leaving = columns[plan.party, (plan.move, package)]
        balance: dict[Node, dict[int, float]] = {(plan.move, NOBODY): {leaving: -1}}
        for place, (before, after, members) in enumerate(plan.steps, start):
            balance.setdefault(before, {})[place] = 1
            balance.setdefault(after, {})[place] = -1
            for member in members:
                yield row([place, columns[member, (after[0], before[0])]], [1, -1], upper=0)
        ends = {node: place for place, node in enumerate(plan.ends, start + len(plan.steps))}
        for node, end in ends.items():
            balance[node][end] = 1
            for each in plan.sanctions[node[0]]:
                yield row([end, columns[plan.party, (each, package)]], 1, upper=1)
        for flows in balance.values():
            yield row(list(flows), list(flows.values()), lower=0, upper=0)
