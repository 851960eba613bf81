"""In how many codings a partial settlement may still find consent, whatever follows.

Every criterion is completed as if it were the only one; rules, red lines that every
agreement needs and the weighted sum of gains that must be reached together are completed
likewise. Consent never turns false when more criteria are met, so the consent rule holds
of the best completions wherever it holds of one of them all.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from detente.model.problem import (
    Booleans,
    Consent,
    Criterion,
    Factor,
    Integers,
    Problem,
    mentioned,
    required,
)
from detente.uncertainty.robust.bounds import Bound, drawn_bound, exact_bound
from detente.uncertainty.robust.codings import Codings, consenting
from detente.uncertainty.robust.parts import (
    Drawn,
    Numbers,
    Part,
    drawn_parts,
    exact_parts,
    weighted,
)
from detente.uncertainty.robust.together import weights_together
from detente.uncertainty.worths import Worth


@dataclass(frozen=True, eq=False)
class Node:
    """Partial settlements of the same issues, one a row.

    Parameters
    ----------
    depth
        How many issues are settled, in the order of the relaxation.
    codes
        Option positions, 0 where not settled; shape (nodes, issues).
    spare
        For each bound its best completions, shape (nodes, codings).
    high
        In how many codings each may still find consent.
    """

    depth: int
    codes: Integers
    spare: tuple[Numbers, ...]
    high: Integers

    def at(self, rows: Integers | slice) -> Node:
        """Some of the settlements."""
        spare = tuple(numbers[rows] for numbers in self.spare)
        return Node(self.depth, self.codes[rows], spare, self.high[rows])


@dataclass(frozen=True, eq=False)
class Relaxation:
    """Bounds on the codings in which settlements find consent.

    Parameters
    ----------
    consent, criteria
        The consent rule, and how many criteria it may read.
    sizes
        Options of each issue.
    order
        Issues in the order in which they are settled.
    codings
        Codings that are left to look at: in no other one there may be consent.
    needed
        Bounds that must not be negative, those without codings of their own first.
    implied
        How many of the last ones of ``needed`` follow from others.
    optional
        Bounds of the criteria that the consent rule reads but does not always need.
    """

    consent: Consent
    criteria: int
    sizes: tuple[int, ...]
    order: tuple[int, ...]
    codings: int
    needed: tuple[Bound, ...]
    implied: int
    optional: Mapping[int, Bound]

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """All bounds, in the order of ``spare``."""
        return (*self.needed, *self.optional.values())

    def root(self) -> Node:
        """Nothing settled."""
        codes = np.zeros((1, len(self.sizes)), dtype=np.int64)
        spare = tuple(bound.best[None] for bound in self.bounds)
        return Node(0, codes, spare, np.array([self.codings]))

    def children(self, parents: Node, least: int) -> Node:
        """Every way to settle the next issue that may find consent in so many codings."""
        depth, issue = parents.depth, self.order[parents.depth]
        rows = np.repeat(np.arange(len(parents.codes)), self.sizes[issue])
        codes = parents.codes[rows]
        codes[:, issue] = np.tile(np.arange(self.sizes[issue]), len(parents.codes))
        alive = np.ones((len(rows), 1), dtype=np.bool_)
        spare: list[Numbers] = []
        high = np.full(len(rows), self.codings)
        for before, bound in zip(parents.spare, self.needed, strict=False):
            spare.append(bound.settled(before[rows], depth, codes))
            alive = alive & bound.can_be_met(spare[-1])
            high = self._counted(alive)
            kept = np.flatnonzero(high >= least)
            if len(kept) < len(rows):
                rows, codes, alive, high = rows[kept], codes[kept], alive[kept], high[kept]
                spare = [numbers[kept] for numbers in spare]
        for before, bound in zip(
            parents.spare[len(self.needed) :], self.optional.values(), strict=True
        ):
            spare.append(bound.settled(before[rows], depth, codes))
        out = Node(depth + 1, codes, tuple(spare), high)
        if not self.optional:
            return out
        met = [bound.can_be_met(each) for each, bound in self._optional(out)]
        high = self._counted(self._consenting(alive, met))
        return replace(out, high=high).at(np.flatnonzero(high >= least))

    def decided(self, nodes: Node) -> Booleans:
        """Of which settlements every completion finds consent in just ``high`` codings."""
        depth = nodes.depth - 1
        rows = np.arange(len(nodes.codes))
        sure = np.ones((len(rows), 1), dtype=np.bool_)
        for spare, bound in zip(
            nodes.spare, self.needed[: len(self.needed) - self.implied], strict=False
        ):
            sure = sure & bound.is_met(spare[rows], depth)
            kept = np.flatnonzero(self._counted(sure) >= nodes.high[rows])
            rows, sure = rows[kept], sure[kept]
        if self.optional:
            some = nodes.at(rows)
            met = [bound.is_met(each, depth) for each, bound in self._optional(some)]
            rows = rows[self._counted(self._consenting(sure, met)) == some.high]
        out = np.zeros(len(nodes.codes), dtype=np.bool_)
        out[rows] = True
        return out

    def _optional(self, nodes: Node) -> zip[tuple[Numbers, Bound]]:
        return zip(nodes.spare[len(self.needed) :], self.optional.values(), strict=True)

    def _consenting(self, needed: Booleans, optional: Sequence[Booleans]) -> Booleans:
        """Where consent holds: what it needs, and the criteria that it may do without."""
        met = np.empty((self.criteria, len(needed), self.codings), dtype=np.bool_)
        met[:] = needed
        for place, each in zip(self.optional, optional, strict=True):
            met[place] = each
        return consenting(self.consent, met) & needed

    def _counted(self, alive: Booleans) -> Integers:
        """How many codings are left in each row; a single column stands for all of them."""
        kind = np.min_scalar_type(self.codings)
        sums: Integers = alive.view(np.uint8).sum(axis=1, dtype=kind).astype(np.int64)
        return sums if alive.shape[1] == self.codings else sums * self.codings


def relaxation(problem: Problem, codings: Codings, memory: int) -> Relaxation | None:
    """Bound the codings in which partial settlements may find consent.

    Parameters
    ----------
    problem
        The case as the engines see it.
    codings
        The codings.
    memory
        Bytes that one table of values in all codings may take.

    Returns
    -------
    relaxation
        None where no outcome finds consent in any coding, seen at once.

    Raises
    ------
    TooLarge
        Where a table takes more.
    ValueError
        Where a worth lacks a scope.
    """
    if not problem.consent.holds(np.ones((1, len(problem.criteria)), dtype=np.bool_))[0]:
        return None
    sizes, necessary = problem.space.sizes, required(problem.consent)
    criteria = {place: problem.criteria[place] for place in sorted(mentioned(problem.consent))}
    drawn = {
        place: drawn_parts(
            codings.worths[place], _scopes(codings.worths[place], each), sizes, memory
        )
        for place, each in criteria.items()
        if place in codings.worths
    }
    order = _order(drawn, sizes)
    exact = {place: each for place, each in criteria.items() if place not in drawn}
    strict = [each for place, each in exact.items() if place in necessary]
    needed = [exact_bound(_conditions(problem, strict), 0, order, sizes)]
    bounds = {place: drawn_bound(gain, order, sizes) for place, gain in drawn.items()}
    for place, each in exact.items():
        if each not in strict or not _only_at_its_largest(each):
            bounds[place] = exact_bound(exact_parts(each.factors), each.threshold, order, sizes)
    alike = [place for place in bounds if place in necessary and place not in drawn]
    gains = {place: gain for place, gain in drawn.items() if place in necessary}
    needed += [bounds[place] for place in (*alike, *gains)]
    if len(gains) > 1:
        joint = weighted(gains, weights_together(gains))
        needed.append(drawn_bound(joint, order, sizes))
    found = Relaxation(
        consent=problem.consent,
        criteria=len(problem.criteria),
        sizes=sizes,
        order=order,
        codings=codings.count,
        needed=tuple(needed),
        implied=int(len(gains) > 1),
        optional={place: bounds[place] for place in bounds if place not in necessary},
    )
    return _hopeful(found)


def _hopeful(whole: Relaxation) -> Relaxation | None:
    """The same without the codings in which nothing may find consent; None if none is left."""
    alive = np.ones((1, whole.codings), dtype=np.bool_)
    for bound in whole.needed:
        alive = alive & bound.can_be_met(bound.best)
    left = np.flatnonzero(alive)
    if not len(left):
        return None
    return replace(
        whole,
        codings=len(left),
        needed=tuple(bound.within(left) for bound in whole.needed),
        optional={place: bound.within(left) for place, bound in whole.optional.items()},
    )


def _scopes(worth: Worth, criterion: Criterion) -> Collection[tuple[int, ...]]:
    return [each.scope for each in criterion.factors] if worth.scopes is None else worth.scopes


def _order(drawn: Mapping[int, Drawn], sizes: Sequence[int]) -> tuple[int, ...]:
    """Issues that move gains most come first, so that hopeless settlements end early."""
    weight = np.zeros(len(sizes))
    for gain in drawn.values():
        moved = np.zeros(len(sizes))
        for part in gain.parts:
            for axis, issue in enumerate(part.scope):
                moved[issue] += np.ptp(part.table, axis=axis).mean()
        weight += moved / max(moved.sum(), np.finfo(np.float64).tiny)
    return tuple(np.argsort(-weight, kind="stable").tolist())


def _conditions(problem: Problem, strict: Sequence[Criterion]) -> list[Part]:
    """Tables that add up to 0 where all rules and red lines are kept, and to less elsewhere."""
    out = [Factor(rule.scope, rule.table.astype(np.int64) - 1) for rule in problem.rules]
    for criterion in strict:
        if _only_at_its_largest(criterion):
            out += [Factor(each.scope, each.table - each.table.max()) for each in criterion.factors]
            out.append(Factor((), np.array(_largest(criterion) - criterion.threshold)))
    return exact_parts(out)


def _only_at_its_largest(criterion: Criterion) -> bool:
    """Whether nothing but the largest entry of each table meets it, as with red lines."""
    return criterion.threshold >= _largest(criterion)


def _largest(criterion: Criterion) -> int:
    return sum(int(factor.table.max()) for factor in criterion.factors)
