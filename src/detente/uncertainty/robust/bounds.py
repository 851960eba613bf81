"""What a partial settlement can still become at best and at worst, coding by coding.

Issues are settled in a fixed order. From the last to the first, the tables that read an
issue are replaced by their largest entries over its options; what remains is the best
completion while nothing is settled. Settling an issue then only takes away: its *loss* is
what the option taken lacks to the best one. Tables are joined before that as far as they
stay small; where they are not joined the best completion is an upper bound.

References
----------
Dechter and Rish, "Mini-buckets: a general scheme for bounded inference", Journal of the
ACM 50 (2003).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from detente.model.draws import TOLERANCE
from detente.model.problem import Booleans, Integers
from detente.model.space import strides
from detente.uncertainty.robust.parts import Drawn, Numbers, Part

ENTRIES = 1 << 18
"""Most entries of a joined table; with fewer, completions are bounded less closely."""
HALF = 2.0**-24
"""Relative rounding error of one operation on floats of 32 bits."""


@dataclass(frozen=True, eq=False)
class Loss:
    """What settling an issue takes from the best completion.

    Parameters
    ----------
    scope
        Positions of issues: the one that is settled, and some that are settled before.
    steps
        What one option further on each of them adds to the row of the table.
    table
        Not positive; shape (combinations of options, codings).
    """

    scope: tuple[int, ...]
    steps: tuple[int, ...]
    table: Numbers

    def at(self, codes: Integers) -> Numbers:
        """The losses of partial settlements, given as option positions (nodes, issues)."""
        rows = np.zeros(len(codes), dtype=np.int64)
        for issue, step in zip(self.scope, self.steps, strict=True):
            rows += codes[:, issue] * step
        return self.table[rows]


@dataclass(frozen=True, eq=False)
class Bound:
    """What a sum has to spare, at best and at worst, as issues are settled.

    Parameters
    ----------
    best
        The best completion of nothing settled, shape (codings,); one entry, an exact
        integer, where all codings are alike.
    losses
        For each issue in the order of settling what it takes.
    rest
        After so many settled issues a bound on what the others take in all: not positive,
        shape (issues + 1, codings).
    slack
        How far rounding and the tolerance of ties may reach, shape (codings,).
    """

    best: Numbers
    losses: tuple[tuple[Loss, ...], ...]
    rest: Numbers
    slack: Numbers

    def settled(self, spare: Numbers, depth: int, codes: Integers) -> Numbers:
        """The best completions once the issue at this depth is settled as well.

        ``spare`` is that of the settlements before, row by row.
        """
        for loss in self.losses[depth]:
            spare = spare + loss.at(codes)
        return spare

    def can_be_met(self, spare: Numbers) -> Booleans:
        """Where the best completion may not be negative; false only where none is not."""
        met: Booleans = spare >= -self.slack
        return met

    def is_met(self, spare: Numbers, depth: int) -> Booleans:
        """Where no completion after this depth is negative, beyond any doubt of rounding."""
        met: Booleans = spare + self.rest[depth + 1] >= self.slack
        return met

    def within(self, codings: Integers) -> Bound:
        """The same for some of the codings."""
        if len(self.best) == 1:
            return self
        losses = tuple(
            tuple(replace(loss, table=loss.table[:, codings]) for loss in step)
            for step in self.losses
        )
        return Bound(self.best[codings], losses, self.rest[:, codings], self.slack[codings])


def exact_bound(
    parts: Sequence[Part], threshold: int, order: Sequence[int], sizes: Sequence[int]
) -> Bound:
    """Bound what an integer total has to spare above its threshold."""
    best, losses = _eliminated(parts, order, sizes)
    rest = _rest(losses, np.zeros(1, dtype=np.int64))
    return Bound(best - threshold, losses, rest, np.zeros(1, dtype=np.int64))


def drawn_bound(gain: Drawn, order: Sequence[int], sizes: Sequence[int]) -> Bound:
    """Bound a gain in every coding, in floats of 32 bits with slack for their rounding."""
    codings = len(gain.reach)
    best, losses = _eliminated(gain.parts, order, sizes)
    best = np.broadcast_to(best, codings).astype(np.float64)
    rest = _rest(losses, np.zeros(codings))
    additions = sum(map(len, losses)) + 3
    slack = 4 * additions * HALF * (np.abs(best) - rest[0]) + 2 * TOLERANCE * gain.reach
    small = tuple(
        tuple(replace(loss, table=loss.table.astype(np.float32)) for loss in step)
        for step in losses
    )
    # Rounded up, so that a slack never gets lost.
    wide = np.nextafter(slack.astype(np.float32), np.float32(np.inf))
    return Bound(best.astype(np.float32), small, rest.astype(np.float32), wide)


def _eliminated(
    parts: Sequence[Part], order: Sequence[int], sizes: Sequence[int]
) -> tuple[Numbers, tuple[tuple[Loss, ...], ...]]:
    """The best completion of nothing settled, and what each issue takes, first settled first."""
    place = {issue: depth for depth, issue in enumerate(order)}
    waiting: list[list[Part]] = [[] for _ in order]
    best: Numbers = np.zeros(1, dtype=np.int64)
    losses: list[tuple[Loss, ...]] = []
    left = list(parts)
    for depth in (*reversed(range(len(order))), -1):
        for part in left:
            if part.scope:
                waiting[max(place[issue] for issue in part.scope)].append(part)
            else:
                best = best + part.table
        left = []
        if depth < 0:
            continue
        step = []
        for scope, table in _joined(waiting[depth], sizes):
            axis = scope.index(order[depth])
            most = table.max(axis=axis, keepdims=True)
            step.append(_loss(scope, table - most))
            left.append(Part(scope[:axis] + scope[axis + 1 :], most.squeeze(axis=axis)))
        losses.append(tuple(step))
    return best, tuple(reversed(losses))


def _joined(
    parts: Sequence[Part], sizes: Sequence[int]
) -> Iterator[tuple[tuple[int, ...], Numbers]]:
    """Tables added up into as few as stay small, widest first."""
    groups: list[tuple[tuple[int, ...], list[Part]]] = []
    for part in sorted(parts, key=lambda part: (-len(part.scope), part.scope)):
        for place, (before, group) in enumerate(groups):
            scope = tuple(sorted({*before, *part.scope}))
            width = max(other.table.shape[-1] for other in (part, *group))
            entries = math.prod(sizes[issue] for issue in scope) * width
            if scope == before or entries <= ENTRIES:
                groups[place] = scope, [*group, part]
                break
        else:
            groups.append((part.scope, [part]))
    for scope, group in groups:
        yield scope, sum((part.over(scope) for part in group), np.zeros((), dtype=np.int64))


def _loss(scope: tuple[int, ...], table: Numbers) -> Loss:
    shape = table.shape[:-1]
    return Loss(scope, strides(shape), np.ascontiguousarray(table.reshape(-1, table.shape[-1])))


def _rest(losses: Sequence[Sequence[Loss]], nothing: Numbers) -> Numbers:
    """For each number of settled issues a bound on what the others take in all."""
    out = [nothing]
    for step in reversed(losses):
        out.append(sum((loss.table.min(axis=0) for loss in step), out[-1]))
    return np.stack(out[::-1])
