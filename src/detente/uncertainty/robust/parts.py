"""A gain cut into tables over the few issues that are read together, coding by coding."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.agreement.engines.front import TooLarge
from detente.model.problem import Factor, Floats, Integers
from detente.model.space import digits
from detente.uncertainty.worths import Worth

Numbers = NDArray[Any]
"""Exact integers, or floats."""
TRIED = 256
"""Outcomes for which it is checked that tables add up to the gain."""


@dataclass(frozen=True, eq=False)
class Part:
    """A table over a few issues, with an entry for every coding.

    Parameters
    ----------
    scope
        Positions of the issues that it reads, ascending.
    table
        Shape: the sizes of these issues, then codings (1 where all are alike).
    """

    scope: tuple[int, ...]
    table: Numbers

    def over(self, scope: tuple[int, ...]) -> Numbers:
        """The table with an axis for each issue of a wider scope, of length 1 where not read."""
        lengths = dict(zip(self.scope, self.table.shape, strict=False))
        return self.table.reshape([lengths.get(issue, 1) for issue in scope] + [-1])


def exact_parts(factors: Iterable[Factor]) -> list[Part]:
    """Tables of integers, the same in all codings."""
    return [Part(each.scope, each.table.astype(np.int64)[..., None]) for each in factors]


@dataclass(frozen=True, eq=False)
class Drawn:
    """A gain in every coding.

    Parameters
    ----------
    parts
        Tables that add up to it.
    reach
        For each coding, at least the sum of the sizes of the terms that any outcome reads.
    """

    parts: Sequence[Part]
    reach: Floats


def drawn_parts(
    worth: Worth, scopes: Iterable[tuple[int, ...]], sizes: Sequence[int], memory: int
) -> Drawn:
    """Cut the gain of a criterion into tables.

    With all other issues at their first options, a set of issues shows what it adds to the
    gain together with what other tables account for already; the difference is its table.
    Larger sets come first, so that what is part of them needs no table of its own.

    Parameters
    ----------
    worth
        The gain in every coding.
    scopes
        Sets of issues: the gain is a constant and a sum of functions that read one each.
    sizes
        Options of all issues.
    memory
        Bytes that a table may take.

    Raises
    ------
    TooLarge
        Where a table would take more.
    ValueError
        Where the tables do not add up to the gain of some outcome that was tried, since it
        reads issues together that no scope holds.
    """
    done: dict[tuple[int, ...], Integers] = {}
    parts = []
    reach = np.zeros(len(worth.terms))
    for scope in sorted({*scopes, ()}, key=lambda scope: (-len(scope), scope)):
        shape = [sizes[issue] for issue in scope]
        _within(math.prod(shape), len(worth.terms), memory)
        codes = np.zeros((math.prod(shape), len(sizes)), dtype=np.int64)
        codes[:, scope] = digits(np.arange(len(codes)), shape)
        reads = _left_over(worth, done, codes)
        done[scope] = reads.reshape(*shape, reads.shape[1])
        if reads.any():
            table = reads @ worth.terms.T
            parts.append(Part(scope, table.reshape(*shape, len(worth.terms))))
            reach += (np.abs(reads) @ np.abs(worth.terms).T).max(axis=0)
    tried = np.random.default_rng(0).integers(0, sizes, (TRIED, len(sizes)))
    if _left_over(worth, done, tried).any():
        raise ValueError("a gain reads issues together that none of its scopes holds")
    return Drawn(parts, reach)


def _left_over(worth: Worth, done: Mapping[tuple[int, ...], Integers], codes: Integers) -> Integers:
    """What the gain of outcomes reads beyond the tables that there are."""
    reads = worth.reads(codes)
    for scope, counts in done.items():
        reads = reads - counts[tuple(codes[:, issue] for issue in scope)]
    return reads


def _within(cells: int, codings: int, memory: int) -> None:
    needed = cells * codings * np.dtype(np.float64).itemsize
    if needed > memory:
        raise TooLarge(
            f"values that read {cells:,} combinations of options at once take {needed:,} bytes "
            f"in {codings:,} codings, more than memory={memory:,}: use fewer codings, more "
            "memory, or adjustments that read fewer issues each"
        )


def weighted(drawn: Mapping[int, Drawn], weights: Mapping[int, Floats]) -> Drawn:
    """The weighted sum of several gains; weights are one for each coding, not negative."""
    tables: dict[tuple[int, ...], Floats] = {}
    reach: Floats | float = 0.0
    for place, gain in drawn.items():
        reach = reach + weights[place] * gain.reach
        for part in gain.parts:
            tables[part.scope] = tables.get(part.scope, 0.0) + weights[place] * part.table
    return Drawn([Part(scope, table) for scope, table in tables.items()], np.asarray(reach))
