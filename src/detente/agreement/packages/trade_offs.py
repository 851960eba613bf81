"""What each step on an issue is worth to whom, and which steps two parties could trade."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from detente.agreement.packages.changes import Change, applied, changes_between, single_moves
from detente.model.compilation import Model
from detente.model.problem import Booleans, Integers
from detente.model.space import blocks

Direction = Literal["better", "same", "worse"]

DEFINITION = (
    "a trade for two parties changes two issues so that both are at least as well off and one "
    "is better off, while neither change alone, where the rules allow it alone, does that; "
    "trades are in the order of the smaller of the two gains, then of the larger one, which "
    "compares points between parties"
)
"""What a trade is, as results state it."""


@dataclass(frozen=True)
class Step:
    """Changes made together, and what they are worth.

    Parameters
    ----------
    changes
        One change, or the two of a trade; the outcome obeys the rules after them.
    gains
        In points, for every party with scores, signing or not.
    directions
        For every party with a ranking or priorities, signing or not.
    """

    changes: tuple[Change, ...]
    gains: Mapping[str, Fraction]
    directions: Mapping[str, Direction]


@dataclass(frozen=True)
class Trades:
    """What two parties could trade: how many trades there are, exact, and the best of them."""

    parties: tuple[str, str]
    count: int
    best: tuple[Step, ...]


@dataclass(frozen=True)
class TradeOffs:
    """Who gives and who gains.

    Parameters
    ----------
    outcome
        Where the steps start.
    steps
        Every single change that the rules allow on its own, in the order of issues, then
        of options.
    blocked
        The other single changes: on their own they break a rule.
    trades
        For each pair of signing parties with scores; see :data:`DEFINITION`.
    """

    outcome: Mapping[str, str]
    steps: tuple[Step, ...]
    blocked: tuple[Change, ...]
    trades: tuple[Trades, ...]


def trade_offs(model: Model, outcome: Mapping[str, str], list_limit: int = 20) -> TradeOffs:
    """Gains of every step on a single issue, and the trades between each pair of parties.

    Parameters
    ----------
    model
        The compiled case.
    outcome
        A complete outcome to start from.
    list_limit
        How many trades to list for each pair of parties; the counts stay exact.

    Raises
    ------
    KeyError
        Where the outcome leaves out an issue or names an unknown option.

    Notes
    -----
    Gains are exact and hold adjustments. With m single changes, all m²/2 pairs on two
    issues are evaluated, in blocks. Logrolling: Froman & Cohen, "Compromise and logroll",
    Behavioral Science 15 (1970).
    """
    space, problem = model.space, model.problem
    start = space.codes(outcome)
    moves = single_moves(space, start)
    base = problem.totals(np.array([start], dtype=np.int64))[0]
    codes = applied(start, moves)
    gains = problem.totals(codes) - base
    feasible = problem.feasible(codes)
    changes = [changes_between(space, start, row.tolist()) for row in codes]
    search = _Search(model, start, moves, base, gains, feasible)
    pairs = itertools.combinations(_cardinal_signing(model), 2)
    trades = tuple(
        Trades(
            (problem.criteria[i].name, problem.criteria[j].name),
            count,
            tuple(
                _step(model, changes[a] + changes[b], search.gains_together(a, b)) for a, b in best
            ),
        )
        for (i, j), (count, best) in search.best(list(pairs), list_limit).items()
    )
    return TradeOffs(
        {issue: outcome[issue] for issue in space.issues},
        tuple(_step(model, changes[row], gains[row]) for row in np.flatnonzero(feasible)),
        tuple(change for row in np.flatnonzero(~feasible) for change in changes[row]),
        trades,
    )


def _cardinal_signing(model: Model) -> list[int]:
    """Positions of the values of signing parties with scores."""
    criteria = model.problem.criteria
    return [place for place in model.problem.objectives if criteria[place].cardinal]


def _step(model: Model, changes: tuple[Change, ...], gains: Integers) -> Step:
    entries = [
        (name, model.problem.criteria[model.position[name]], int(gains[model.position[name]]))
        for name in model.case.parties
        if name in model.position
    ]
    return Step(
        changes,
        {name: gain * criterion.unit for name, criterion, gain in entries if criterion.cardinal},
        {name: _direction(gain) for name, criterion, gain in entries if not criterion.cardinal},
    )


def _direction(gain: int) -> Direction:
    return "same" if gain == 0 else "better" if gain > 0 else "worse"


@dataclass(frozen=True, eq=False)
class _Search:
    """Looks at all pairs of single changes; arrays have one row for each single change."""

    model: Model
    start: Sequence[int]
    moves: Integers
    base: Integers
    gains: Integers
    feasible: Booleans

    def best(
        self, parties: Sequence[tuple[int, int]], limit: int
    ) -> dict[tuple[int, int], tuple[int, list[tuple[int, int]]]]:
        """For each pair of parties the number of trades, and the best: rows of two changes."""
        counts = dict.fromkeys(parties, 0)
        kept: dict[tuple[int, int], list[tuple[int, int, int, int]]] = {p: [] for p in parties}
        if not parties:
            return {}
        worth = self._worth()
        alone = {(i, j): self.feasible & _improves(self.gains, i, j) for i, j in parties}
        for first, second in self._pairs():
            together = applied(self.start, self.moves[first], self.moves[second])
            gains = self.model.problem.totals(together) - self.base
            allowed = self.model.problem.feasible(together)
            for i, j in parties:
                by_one = alone[i, j]
                trade = allowed & _improves(gains, i, j) & ~by_one[first] & ~by_one[second]
                rows = np.flatnonzero(trade)
                counts[i, j] += len(rows)
                one, other = gains[rows, i].astype(object), gains[rows, j].astype(object)
                one, other = one * worth[i], other * worth[j]
                keys = zip(
                    -np.minimum(one, other),
                    -np.maximum(one, other),
                    first[rows].tolist(),
                    second[rows].tolist(),
                    strict=True,
                )
                kept[i, j] = heapq.nsmallest(limit, itertools.chain(kept[i, j], keys))
        return {p: (counts[p], [(a, b) for _, _, a, b in kept[p]]) for p in parties}

    def gains_together(self, a: int, b: int) -> Integers:
        """Gains of every criterion from two changes together."""
        codes = applied(self.start, self.moves[[a]], self.moves[[b]])
        gains: Integers = self.model.problem.totals(codes)[0] - self.base
        return gains

    def _pairs(self) -> Iterator[tuple[Integers, Integers]]:
        """Pairs of single changes on two different issues, the earlier issue first."""
        issues = self.moves[:, 0]
        for issue in range(len(self.start)):
            first = np.flatnonzero(issues == issue)
            later = np.flatnonzero(issues > issue)
            for start, stop in blocks(len(first) * len(later)):
                rows = np.arange(start, stop)
                yield first[rows // len(later)], later[rows % len(later)]

    def _worth(self) -> list[int]:
        """Of a step of every criterion, as multiples of one common unit: exact integers."""
        units = [criterion.unit for criterion in self.model.problem.criteria]
        common = math.lcm(*(unit.denominator for unit in units))
        return [int(unit * common) for unit in units]


def _improves(gains: Integers, i: int, j: int) -> Booleans:
    """Where both are at least as well off and one is better off."""
    one, other = gains[:, i], gains[:, j]
    out: Booleans = (one >= 0) & (other >= 0) & ((one > 0) | (other > 0))
    return out
