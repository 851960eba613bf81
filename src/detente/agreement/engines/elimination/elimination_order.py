"""In which order to eliminate issues, and what each elimination has to join."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True)
class Bucket:
    """The elimination of one issue.

    Parameters
    ----------
    issue
        Position of the issue that is eliminated.
    scope
        The issue and all later eliminated issues that something read here reads too,
        ascending: the bucket's joint table has one entry per combination of their options.
    separator
        The scope without the issue: what the bucket's message still depends on.
    tables
        Positions, in the list of scopes given, of the tables that are read here: those
        that read this issue and none that was eliminated before.
    children
        Positions of the earlier buckets whose messages are joined here.
    """

    issue: int
    scope: tuple[int, ...]
    separator: tuple[int, ...]
    tables: tuple[int, ...]
    children: tuple[int, ...]

    def width(self, sizes: Sequence[int]) -> int:
        """Size of the joint table, an exact integer."""
        return math.prod(sizes[issue] for issue in self.scope)


def elimination_order(sizes: Sequence[int], scopes: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """Order the issues by the greedy min-fill rule.

    Two issues are neighbours where some scope reads both; eliminating an issue makes its
    neighbours neighbours of each other. Next is always the issue that adds the fewest new
    pairs; ties go to the smaller joint table, then to the last issue. The order is a good
    one, not the best one, which is NP-hard to find.

    Parameters
    ----------
    sizes
        Number of options of each issue.
    scopes
        Issues read together, in tuples of positions.

    Returns
    -------
    order
        All issues, first eliminated first.

    References
    ----------
    Dechter, "Bucket elimination: a unifying framework for reasoning", Artificial
    Intelligence 113 (1999).

    Examples
    --------
    A chain is eaten from an end; no joint table holds more than two issues.

    >>> elimination_order((2, 2, 2, 2), [(0, 1), (1, 2), (2, 3)])
    (3, 2, 1, 0)
    """
    neighbours: dict[int, set[int]] = {issue: set() for issue in range(len(sizes))}
    for scope in scopes:
        for one, other in combinations(scope, 2):
            neighbours[one].add(other)
            neighbours[other].add(one)

    def cost(issue: int) -> tuple[int, int, int]:
        around = neighbours[issue]
        fill = sum(b not in neighbours[a] for a, b in combinations(around, 2))
        return fill, sizes[issue] * math.prod(sizes[other] for other in around), -issue

    costs = {issue: cost(issue) for issue in neighbours}
    order = []
    while costs:
        issue = min(costs, key=costs.__getitem__)
        del costs[issue]
        around = neighbours.pop(issue)
        changed = set(around)
        for other in around:
            neighbours[other] |= around - {other}
            neighbours[other].discard(issue)
            changed |= neighbours[other]
        costs |= {other: cost(other) for other in changed}
        order.append(issue)
    return tuple(order)


def buckets(sizes: Sequence[int], scopes: Sequence[tuple[int, ...]]) -> tuple[Bucket, ...]:
    """Cut the work into one bucket per issue, in the order of elimination.

    Every message goes to the bucket of the first issue of its separator that is
    eliminated; a bucket with an empty separator is the root of an independent part.

    Parameters
    ----------
    sizes
        Number of options of each issue.
    scopes
        Issues that each table reads, ascending; empty ones belong to no bucket.

    Returns
    -------
    buckets
        One per issue; children stand before their parent.

    Examples
    --------
    >>> [(bucket.issue, bucket.separator) for bucket in buckets((2, 2, 2), [(0, 2), (1,)])]
    [(1, ()), (2, (0,)), (0, ())]
    """
    order = elimination_order(sizes, scopes)
    place = {issue: position for position, issue in enumerate(order)}
    tables: list[list[int]] = [[] for _ in order]
    children: list[list[int]] = [[] for _ in order]
    for position, scope in enumerate(scopes):
        if scope:
            tables[min(place[issue] for issue in scope)].append(position)
    out: list[Bucket] = []
    for position, issue in enumerate(order):
        read = {issue}.union(*(scopes[table] for table in tables[position]))
        read = read.union(*(out[child].separator for child in children[position]))
        scope = tuple(sorted(read))
        separator = tuple(other for other in scope if other != issue)
        if separator:
            children[min(place[other] for other in separator)].append(position)
        out.append(
            Bucket(issue, scope, separator, tuple(tables[position]), tuple(children[position]))
        )
    return tuple(out)
