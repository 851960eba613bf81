"""The lattice of a road from the definitions: states, steps and orders, one at a time."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from by_definition import ByDefinition
from detente.case import Case
from detente.case.implementation import Package

State = tuple[int, ...]
Order = tuple[State, ...]


@dataclass(frozen=True)
class Item:
    """What moves: an issue along its chain of options, or a measure or guarantee (no chain)."""

    name: str
    chain: tuple[str, ...] = ()

    @property
    def last(self) -> int:
        return max(1, len(self.chain) - 1)


class Lattice:
    """All states and steps from today to the target."""

    def __init__(
        self,
        case: Case,
        target: Mapping[str, str],
        package: Package | None = None,
        *,
        at_once: int | None = None,
        also: Sequence[Case] = (),
    ) -> None:
        self.case, self.codings, self.at_once = case, (case, *also), at_once
        self.target = case.complete(target)
        self.package = package
        steps = package.steps if package is not None else ()
        moving = [Item(issue, chain) for issue in case.issues if (chain := self._chain(issue))]
        self.items = (*moving, *(Item(name) for name in steps if not self._idle(name)))
        names = [item.name for item in self.items]
        stated = package.before if package is not None else ()
        self.before = [
            (names.index(a), names.index(b)) for a, b in stated if a in names and b in names
        ]
        self.start: State = (0,) * len(self.items)
        self.end: State = tuple(item.last for item in self.items)
        self.says = [ByDefinition(coding) for coding in self.codings]
        self.onward = cache(self._onward)
        self.ways = cache(self._ways)
        self.possible = cache(self._possible)

    def _chain(self, issue: str) -> tuple[str, ...]:
        assert self.case.status_quo is not None
        options = list(self.case.issues[issue].options)
        here, there = self.case.status_quo[issue], self.target[issue]
        if here == there:
            return ()
        if not self.case.issues[issue].ordered:
            return here, there
        low, high = options.index(here), options.index(there)
        return tuple(options[low : high + 1] if low < high else options[high : low + 1][::-1])

    def _idle(self, name: str) -> bool:
        """It sees nothing and is never wrong, or takes nothing from anybody."""
        if self.package is not None and any(name in pair for pair in self.package.before):
            return False
        for case in self.codings:
            if name in case.guarantees:
                entry = case.guarantees[name]
                if entry.against in case.parties and entry.amount.point:
                    return False
            else:
                assert case.verification is not None
                measure = case.verification.measures[name]
                wrong = measure.false_alarm
                if measure.detects or (wrong is not None and wrong.point):
                    return False
        return True

    # ------------------------------------------------------------ states and steps

    def outcome(self, state: State) -> dict[str, str]:
        assert self.case.status_quo is not None
        out = dict(self.case.status_quo)
        for item, place in zip(self.items, state, strict=True):
            if item.chain:
                out[item.name] = item.chain[place]
        return out

    def placed(self, name: str, state: State) -> bool:
        """In place from its step on; always where it is no step."""
        for item, place in zip(self.items, state, strict=True):
            if not item.chain and item.name == name:
                return place > 0
        return True

    def _possible(self, state: State) -> bool:
        outcome = self.outcome(state)
        if any(says.broken(outcome) for says in self.says):
            return False
        measures = self.case.verification.measures if self.case.verification else {}
        return all(
            item.chain
            or not place
            or item.name not in measures
            or (needed := measures[item.name].requires) is None
            or needed.holds(outcome, self.case.options)
            for item, place in zip(self.items, state, strict=True)
        )

    def moves(self, issue: str, before: str, after: str) -> bool:
        """One move: along its transitions; from what is never undone only on to such."""
        entry, options = self.case.issues[issue], list(self.case.issues[issue].options)
        if entry.moves is not None:
            return any((before, after) in pairs for pairs in entry.moves.values())
        if entry.transitions is not None and before in entry.transitions:
            return after in entry.transitions[before]
        if not self._never(issue, before):
            return True
        return options.index(after) > options.index(before) and self._never(issue, after)

    def _never(self, issue: str, option: str) -> bool:
        entry = self.case.issues[issue]
        if option in entry.irreversible:
            return True
        if entry.undo is None:
            return False
        assert self.case.status_quo is not None
        if option in entry.undo.options:
            return entry.undo.options[option] == "never"
        return entry.undo.default == "never" and option != self.case.status_quo[issue]

    def allows(self, state: State, after: State) -> bool:
        """Whether one step leads from a state to another."""
        if state == after or not (self.possible(state) and self.possible(after)):
            return False
        moved = [n for n, (low, high) in enumerate(zip(state, after, strict=True)) if low != high]
        if self.at_once is not None and len(moved) > self.at_once:
            return False
        for n in moved:
            item = self.items[n]
            if after[n] < state[n]:
                return False
            if item.chain and not self.moves(item.name, item.chain[state[n]], item.chain[after[n]]):
                return False
        return all(
            then not in moved or state[first] == self.items[first].last
            for first, then in self.before
        )

    def _onward(self, state: State) -> list[State]:
        ranges = (range(p, item.last + 1) for p, item in zip(state, self.items, strict=True))
        return [after for after in itertools.product(*ranges) if self.allows(state, after)]

    def _ways(self, state: State) -> int:
        """Number of orders from a state on."""
        return 1 if state == self.end else sum(self.ways(after) for after in self.onward(state))

    @property
    def count(self) -> int:
        return self.ways(self.start) if self.possible(self.start) else 0

    def orders(self, state: State | None = None) -> Iterator[Order]:
        """Every order, as the states that it goes through."""
        state = self.start if state is None else state
        if state == self.end:
            yield (state,)
            return
        for after in self.onward(state):
            if self.ways(after):
                for rest in self.orders(after):
                    yield (state, *rest)

    def periods(self, state: State, after: State) -> int:
        """The longest of all the advances of a step; one at least."""
        longest = 1
        for item, low, high in zip(self.items, state, after, strict=True):
            for option in item.chain[low + 1 : high + 1]:
                stated = self.case.issues[item.name].takes
                if stated is not None:
                    periods = stated.options.get(option, stated.default)
                    longest = max(longest, int(periods) if periods is not None else 1)
        return longest

    def owners(self, issue: str) -> tuple[str, ...]:
        entry = self.case.issues[issue]
        return (entry.control,) if entry.control else tuple(entry.joint) or self.case.signing

    def written(self, order: Order) -> str:
        """As a person would write it."""
        steps = []
        for state, after in itertools.pairwise(order):
            parts = [
                f"{item.name}={item.chain[high]}" if item.chain else item.name
                for item, low, high in zip(self.items, state, after, strict=True)
                if low != high
            ]
            steps.append("+".join(parts))
        return ",".join(steps)
