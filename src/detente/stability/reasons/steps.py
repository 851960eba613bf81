"""States and moves as a person is told of them: outcomes, and gains in points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.model.compilation import Model
from detente.model.problem import Integers
from detente.stability.answer import Step
from detente.stability.graph.conflict import Conflict
from detente.stability.graph.mover import Mover


@dataclass(frozen=True, eq=False)
class Teller:
    """A conflict with the words and numbers of its case.

    Parameters
    ----------
    model, conflict
        The case, compiled, and its graph.
    codes
        The states as option positions, shape (states, issues).
    """

    model: Model
    conflict: Conflict
    codes: Integers

    def outcome(self, state: int) -> dict[str, str]:
        """A state as an outcome."""
        return self.model.space.outcome(self.codes[state])

    def state(self, outcome: Mapping[str, str]) -> int:
        """The position of a complete outcome.

        Raises
        ------
        KeyError
            Where it is none of the states.
        """
        codes = np.array(self.model.space.codes(outcome))
        found = np.flatnonzero((self.codes == codes).all(axis=1))
        if not len(found):
            raise KeyError(tuple(outcome.items()))
        return int(found[0])

    def gain(self, party: int, before: int, after: int) -> float | None:
        """What a party gains between two states, in points; None without scores."""
        totals = self._totals(party)
        if totals is None:
            return None
        entry = self.model.problem.criteria[self.model.position[self.conflict.parties[party]]]
        return float(int(totals[after] - totals[before]) * entry.unit)

    def better(self, party: int, before: int, after: int) -> bool | None:
        """Whether a state is better for a party than another; None where it has no values."""
        liked = self.conflict.preferences[party]
        return None if liked is None else bool(liked.rank[after] >= liked.need[before])

    def step(self, mover: Mover, before: int, after: int) -> Step:
        """A move."""
        names = [self.conflict.parties[member] for member in mover.members]
        verdicts = [self.better(member, before, after) for member in mover.members]
        improves = False if False in verdicts else None if None in verdicts else True
        gains = {
            name: self.gain(member, before, after)
            for name, member in zip(names, mover.members, strict=True)
        }
        return Step(tuple(names), self.outcome(after), gains, improves)

    def steps(self, start: int, moves: Sequence[tuple[Mover, int]]) -> tuple[Step, ...]:
        """Moves one after another, each given by its mover and where it leads."""
        out = []
        for mover, after in moves:
            out.append(self.step(mover, start, after))
            start = after
        return tuple(out)

    @cached_property
    def _known(self) -> dict[int, Integers | None]:
        return {}

    def _totals(self, party: int) -> Integers | None:
        if party not in self._known:
            name = self.conflict.parties[party]
            scored = self.model.has_scores(name)
            criteria: Mapping[str, int] = self.model.position
            self._known[party] = (
                self.model.problem.criteria[criteria[name]].totals(self.codes) if scored else None
            )
        return self._known[party]
