"""The packages that are acceptable to all in the largest share of codings, of all there are.

Branch and bound: issues are settled one after the other; a partial settlement that may
find consent in fewer codings than a package that is known already is left.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from detente.model.problem import Integers, Problem
from detente.uncertainty.robust.climb import climb
from detente.uncertainty.robust.codings import MEMORY, Codings, agreed, batches
from detente.uncertainty.robust.relaxation import Node, Relaxation, relaxation

NODES = 64
"""Most partial settlements continued at once: enough for numpy, few enough to go deep."""
LIMIT = 1_000_000
"""Partial settlements looked at before the search is given up: some tens of seconds."""


@dataclass(frozen=True, eq=False)
class LargestShare:
    """What the search found.

    Parameters
    ----------
    count
        Codings in which the packages found are acceptable to all: obey the rules and have
        the consent that is asked for.
    codings
        How many codings there are.
    outcomes
        Option positions of the packages with this count, shape (packages, issues), in the
        order of the space: all of them, or as many of the first as were asked for. Empty
        where no package is acceptable in any coding.
    ties
        How many packages have this count; 0 where none is acceptable in any coding.
    exact
        Whether the whole space was searched. If not, ``outcomes`` and ``ties`` are what
        was found so far, and a larger count is possible up to ``bound``.
    bound
        In more codings than these no package is acceptable; ``count`` where ``exact``.
    nodes
        Partial settlements looked at.
    """

    count: int
    codings: int
    outcomes: Integers
    ties: int
    exact: bool
    bound: int
    nodes: int

    @property
    def share(self) -> float:
        """The largest share found, between 0 and 1."""
        return self.count / self.codings


def largest_share(
    problem: Problem,
    codings: Codings,
    *,
    starts: Integers | None = None,
    listed: int = 10,
    limit: int = LIMIT,
    memory: int = MEMORY,
) -> LargestShare:
    """Find, among all outcomes, those acceptable to all in the largest share of codings.

    Parameters
    ----------
    problem
        The case as the engines see it.
    codings
        The codings, the same for all packages.
    starts
        Packages that may be good, shape (packages, issues): good ones end the search
        sooner, and do not change what it finds in the end.
    listed
        Most packages listed where several have the largest share.
    limit
        Most partial settlements looked at; reaching it leaves ``exact`` false.
    memory
        Bytes that arrays over settlements and codings may take, about.

    Raises
    ------
    TooLarge
        Where values read so many issues at once that a table takes more than ``memory``.
    ValueError
        Where ``listed`` or ``limit`` is less than 1, or a worth lacks a scope.

    Notes
    -----
    Best completions are found criterion by criterion, and of a weighted sum of the gains
    that are all needed; a settlement whose completions are all alike is counted as a
    whole. Sums are floats of 32 bits with a slack above their rounding; what it leaves
    open is decided as :func:`detente.uncertainty.robust.codings.agreed` does. Few
    settlements are looked at where one package is clearly best, many where packages
    differ little; memory does not grow with time.

    References
    ----------
    Land and Doig, "An automatic method of solving discrete programming problems",
    Econometrica 28 (1960).
    """
    for name, value in (("listed", listed), ("limit", limit)):
        if value < 1:
            raise ValueError(f"{name} must be at least 1, not {value}")
    relaxed = relaxation(problem, codings, memory)
    if relaxed is None:
        none = np.zeros((0, len(problem.space.sizes)), dtype=np.int64)
        return LargestShare(0, codings.count, none, 0, exact=True, bound=0, nodes=0)
    found = _Ties(listed, len(relaxed.sizes))
    if starts is not None and (known := climb(problem, codings, starts, memory)) is not None:
        found.known(*known)
    return _Search(problem, codings, relaxed, found, memory).run(limit)


class _Search:
    """Continues the most hopeful of the deepest settlements until none is left."""

    def __init__(
        self,
        problem: Problem,
        codings: Codings,
        relaxed: Relaxation,
        found: _Ties,
        memory: int,
    ) -> None:
        self.problem, self.codings, self.memory = problem, codings, memory
        self.relaxed, self.found = relaxed, found
        self.stack = [relaxed.root()]
        self.nodes = 0
        each = sum(bound.best.nbytes for bound in relaxed.bounds)
        # Children wait at every depth, and a few more arrays are in work.
        held = each * max(relaxed.sizes, default=1) * (len(relaxed.sizes) + 4)
        self.at_once = min(NODES, max(1, memory // held))

    def run(self, limit: int) -> LargestShare:
        """Search until nothing is left, or the limit is reached."""
        while self.stack and self.nodes < limit:
            waiting = self.stack.pop()
            hopeful = waiting.at(np.flatnonzero(waiting.high >= self.found.least))
            if len(hopeful.codes) > self.at_once:
                self.stack.append(hopeful.at(slice(self.at_once, None)))
            if len(hopeful.codes):
                self.expand(hopeful.at(slice(self.at_once)))
        left = [int(nodes.high.max(initial=0)) for nodes in self.stack]
        open_ = [high for high in left if high >= self.found.least]
        return LargestShare(
            count=self.found.count,
            codings=self.codings.count,
            outcomes=self.found.outcomes,
            ties=self.found.ties,
            exact=not open_,
            bound=max([self.found.count, *open_]),
            nodes=self.nodes,
        )

    def expand(self, parents: Node) -> None:
        """Settle one more issue; count what is decided and keep what is not."""
        relaxed = self.relaxed
        self.nodes += len(parents.codes) * relaxed.sizes[relaxed.order[parents.depth]]
        children = relaxed.children(parents, self.found.least)
        decided = relaxed.decided(children)
        free = sorted(relaxed.order[children.depth :])
        whole = children.at(np.flatnonzero(decided))
        self.found.add(whole.codes, whole.high, {issue: relaxed.sizes[issue] for issue in free})
        rest = children.at(np.flatnonzero(~decided))
        if not free:
            self.found.add(rest.codes, self.judged(rest.codes), {})
        elif len(rest.codes):
            self.stack.append(rest.at(np.argsort(-rest.high, kind="stable")))

    def judged(self, codes: Integers) -> Integers:
        """In how many codings outcomes are acceptable that rounding left open."""
        spans = batches(self.problem, self.codings, len(codes), self.memory)
        counts = [
            agreed(self.problem, self.codings, codes[start:stop]).sum(axis=1)
            for start, stop in spans
        ]
        return np.concatenate([np.zeros(0, dtype=np.int64), *counts])


class _Ties:
    """The packages with the largest count so far."""

    def __init__(self, listed: int, issues: int) -> None:
        self.listed = listed
        self.count = self.ties = 0
        self.outcomes = np.zeros((0, issues), dtype=np.int64)
        self.seen = False

    @property
    def least(self) -> int:
        """The count that other packages must have to matter."""
        return max(1, self.count)

    def known(self, codes: Integers, count: int) -> None:
        """Start from a package that the search will meet again."""
        if count:
            self.count, self.ties, self.outcomes = count, 1, codes[None]

    def add(self, codes: Integers, counts: Integers, free: Mapping[int, int]) -> None:
        """Add settlements all of whose completions have the same count.

        ``free`` gives the sizes of the issues that are not settled, in issue order.
        """
        largest = int(counts.max(initial=0))
        if largest < self.least:
            return
        if largest > self.count or not self.seen:
            self.count, self.ties, self.outcomes = largest, 0, self.outcomes[:0]
            self.seen = True
        best = codes[counts == largest]
        self.ties += len(best) * math.prod(free.values())
        listed = np.concatenate([self.outcomes, *(self._completed(row, free) for row in best)])
        self.outcomes = listed[np.lexsort(listed.T[::-1])][: self.listed]

    def _completed(self, codes: Integers, free: Mapping[int, int]) -> Integers:
        """The first completions of a settlement, in the order of the space."""
        choices = itertools.product(*map(range, free.values()))
        first = list(itertools.islice(choices, self.listed))
        out = np.repeat(codes[None], len(first), axis=0)
        out[:, list(free)] = np.array(first, dtype=np.int64).reshape(len(first), len(free))
        return out
