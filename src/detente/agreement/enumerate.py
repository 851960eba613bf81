"""The engine for small spaces: look at every outcome, count, and keep the efficient ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from detente.agreement.front import Front, TooLarge
from detente.agreement.pareto import undominated
from detente.model.problem import Booleans, Integers, Problem
from detente.model.space import digits
from detente.model.walk import Progress, walk

MAX_NAMES = 62
"""Most parties and factions whose consent fits one integer."""
BUFFER = 1 << 18
"""Outcomes collected before dominated ones are dropped."""


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
    limit: int = 2_000_000,
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
    counts = _Counts(tuple(problem.consents))
    columns = list(problem.objectives)
    collect = fronts and bool(columns)
    feasible, acceptable = _Collector(limit), _Collector(limit)
    for block in walk(problem, progress=progress):
        met = block.totals >= problem.thresholds
        accepted = problem.consent.holds(met)
        counts.add(problem, met, accepted)
        if collect:
            totals = block.totals[:, columns]
            feasible.add(totals, block.indices)
            acceptable.add(totals[accepted], block.indices[accepted])
    if not collect:
        return counts.result(), None, None
    sizes = problem.space.sizes
    return counts.result(), feasible.front(sizes), acceptable.front(sizes)


class _Counts:
    """Running counts of who accepts what."""

    def __init__(self, names: tuple[str, ...]) -> None:
        if len(names) > MAX_NAMES:
            raise TooLarge(
                f"{len(names)} parties and factions; consent is counted for at most {MAX_NAMES}"
            )
        self.names = names
        self.acceptable = 0
        self.patterns: Counter[int] = Counter()

    def add(self, problem: Problem, met: Booleans, accepted: Booleans) -> None:
        codes = np.zeros(len(met), dtype=np.int64)
        for bit, name in enumerate(self.names):
            codes |= problem.consents[name].holds(met).astype(np.int64) << bit
        found, numbers = np.unique(codes, return_counts=True)
        self.patterns.update(dict(zip(found.tolist(), numbers.tolist(), strict=True)))
        self.acceptable += int(accepted.sum())

    def result(self) -> Survey:
        patterns = {
            frozenset(name for bit, name in enumerate(self.names) if code >> bit & 1): number
            for code, number in self.patterns.items()
        }
        return Survey(self.names, patterns, self.acceptable)


class _Collector:
    """Keeps the efficient ones of the outcomes that it is shown."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.totals: list[Integers] = []
        self.indices: list[Integers] = []
        self.held = self.kept = 0

    def add(self, totals: Integers, indices: Integers) -> None:
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
