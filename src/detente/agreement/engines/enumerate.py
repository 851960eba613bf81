"""The engine for small spaces: look at every outcome, count, and keep the efficient ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.agreement.engines.front import Front, TooLarge, accepted_part, consent_follows
from detente.agreement.pareto import undominated
from detente.model.problem import Booleans, Integers, Problem
from detente.model.space import digits
from detente.model.walk import Block, Progress, walk

MOST_CRITERIA = 62
"""Most criteria whose thresholds fit one integer, one bit each, with one to spare."""
BUFFER = 1 << 17
"""Outcomes collected before dominated ones are dropped."""
STRONG = 16
"""Efficient outcomes that every later outcome is held against at once."""


@dataclass(frozen=True, eq=False)
class Survey:
    """What a walk through the whole space counted.

    Parameters
    ----------
    names
        Parties and factions (``party.faction``).
    patterns
        For each combination of those who accept (a frozenset of names) that occurs, the
        number of feasible outcomes; everything else follows from it.
    acceptable
        Feasible outcomes with consent.
    """

    names: tuple[str, ...]
    patterns: Mapping[frozenset[str], int]
    acceptable: int

    @property
    def feasible(self) -> int:
        """Outcomes that obey the rules."""
        return sum(self.patterns.values())

    def accepted_by(self, *names: str) -> int:
        """Feasible outcomes that all of these accept."""
        wanted = frozenset(names)
        return sum(n for accepting, n in self.patterns.items() if wanted <= accepting)

    def refused_only_by(self, name: str, among: Iterable[str]) -> int:
        """Feasible outcomes that this one refuses and all others of ``among`` accept."""
        others = frozenset(among) - {name}
        return sum(
            n
            for accepting, n in self.patterns.items()
            if others <= accepting and name not in accepting
        )


def survey(
    problem: Problem,
    *,
    fronts: bool = True,
    limit: int = 250_000,
    progress: Progress | None = None,
) -> tuple[Survey, Front | None, Front | None]:
    """Count consent over the whole space and collect the efficient outcomes.

    Parameters
    ----------
    problem
        The case as the engines see it.
    fronts
        Whether to collect the efficient outcomes too.
    limit
        Most efficient outcomes that may be held at once.
    progress
        Called with outcomes done and outcomes in all.

    Returns
    -------
    tuple
        The counts; the efficient outcomes among the feasible and among the acceptable
        ones (None without ``fronts`` or without objectives).

    Raises
    ------
    TooLarge
        Where more than ``limit`` efficient outcomes would have to be held.

    Notes
    -----
    Time grows with the size of the space, memory with the number of efficient outcomes.
    """
    if len(problem.criteria) > MOST_CRITERIA:
        raise TooLarge(
            f"{len(problem.criteria)} values and sets of red lines; consent is counted for at "
            f"most {MOST_CRITERIA}"
        )
    met: Counter[int] = Counter()
    columns = list(problem.objectives)
    follows = consent_follows(problem)
    feasible, acceptable = _Collector(limit), _Collector(limit)
    for block in walk(problem, progress=progress):
        met.update(_counted(_met_together(problem, block), len(problem.criteria) + 1))
        if fronts and columns:
            totals, indices = block.totals, block.indices
            feasible.add(totals[:, columns], indices)
            if not follows:
                accepted = problem.acceptable(totals)
                acceptable.add(totals[accepted][:, columns], indices[accepted])
    found = _surveyed(problem, met)
    best = feasible.front(problem.space.sizes)
    if best is None:
        return found, None, None
    if follows:
        return found, best, accepted_part(problem, best)
    return found, best, acceptable.front(problem.space.sizes)


def _met_together(problem: Problem, block: Block) -> NDArray[np.unsignedinteger[Any]]:
    """For every outcome of a block the thresholds that it reaches: bit c for criterion c.

    The bit above the criteria's says whether the outcome is feasible.
    """
    bits = len(problem.criteria) + 1
    codes = block.allowed.astype(np.min_scalar_type((1 << bits) - 1))
    for criterion in reversed(range(bits - 1)):
        codes += codes
        codes += block.meets(criterion, problem.criteria[criterion].threshold).view(np.uint8)
    return codes


def _counted(codes: NDArray[np.unsignedinteger[Any]], bits: int) -> dict[int, int]:
    """How often each code occurs."""
    if 1 << bits <= 2 * len(codes):
        numbers = np.bincount(codes)
        found = np.flatnonzero(numbers)
        numbers = numbers[found]
    else:
        found, numbers = np.unique(codes, return_counts=True)
    return dict(zip(found.tolist(), numbers.tolist(), strict=True))


def _surveyed(problem: Problem, codes: Mapping[int, int]) -> Survey:
    """Who accepts what, from the thresholds that are reached together."""
    width = len(problem.criteria)
    feasible = {code: number for code, number in codes.items() if code >> width}
    rows = [[code >> bit & 1 for bit in range(width)] for code in feasible]
    met = np.array(rows, dtype=np.bool_).reshape(len(rows), width)
    names = tuple(problem.consents)
    accepting = [problem.consents[name].holds(met) for name in names]
    patterns: Counter[frozenset[str]] = Counter()
    for row, number in enumerate(feasible.values()):
        accepted_by = frozenset(
            name for name, holds in zip(names, accepting, strict=True) if holds[row]
        )
        patterns[accepted_by] += number
    numbers = np.array(list(feasible.values()), dtype=np.int64)
    return Survey(names, patterns, int(numbers[problem.consent.holds(met)].sum()))


class _Collector:
    """Keeps the efficient ones of the outcomes that it is shown."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.totals: list[Integers] = []
        self.indices: list[Integers] = []
        self.held = self.kept = 0
        self.strong: list[list[int]] = []

    def add(self, totals: Integers, indices: Integers) -> None:
        if self.strong:
            left = np.flatnonzero(~_beaten(totals, self.strong))
            totals, indices = totals[left], indices[left]
        self.totals.append(totals)
        self.indices.append(indices)
        self.held += len(indices)
        if self.held > self.kept + BUFFER:
            self.drop_dominated()

    def drop_dominated(self) -> None:
        totals, indices = np.concatenate(self.totals), np.concatenate(self.indices)
        mask = undominated(totals)
        self.totals, self.indices = [totals[mask]], [indices[mask]]
        self.held = self.kept = int(mask.sum())
        strongest = np.argsort(-self.totals[0].sum(axis=1))[:STRONG]
        self.strong = self.totals[0][strongest].tolist()
        if self.kept > self.limit:
            raise TooLarge(
                f"more than {self.limit:,} efficient outcomes; raise the limit "
                "(--exact-limit), or ask for single solutions (--engine bound)"
            )

    def front(self, sizes: tuple[int, ...]) -> Front | None:
        if not self.totals:
            return None
        self.drop_dominated()
        totals, indices = self.totals[0], self.indices[0]
        order = np.lexsort((indices, *(-totals[:, ::-1]).T))
        totals, indices = totals[order], indices[order]
        starts = np.ones(len(totals), dtype=np.bool_)
        starts[1:] = (totals[1:] != totals[:-1]).any(axis=1)
        firsts = np.flatnonzero(starts)
        lengths = np.diff(np.append(firsts, len(totals)))

        def listing(points: Integers, limit: int) -> Integers:
            picked = [indices[firsts[p] : firsts[p] + lengths[p]] for p in points]
            chosen = np.sort(np.concatenate(picked)) if picked else indices[:0]
            return digits(chosen[:limit], sizes)

        return Front(totals[starts], tuple(int(n) for n in lengths), listing)


def _beaten(totals: Integers, strong: list[list[int]]) -> Booleans:
    """Which outcomes are worse for everyone than one of the strong ones: a quick first sieve."""
    out = np.zeros(len(totals), dtype=np.bool_)
    for point in strong:
        worse = np.ones(len(totals), dtype=np.bool_)
        for column, reached in zip(totals.T, point, strict=True):
            worse &= column < reached
        out |= worse
    return out
