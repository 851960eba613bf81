"""The outcome space: one option per issue, numbered as a mixed-radix index.

Outcome ``i`` is the ``i``-th in the order of nested loops over the issues, first issue
slowest: the last issue is the least significant digit. Nothing here is ever stored per
outcome; arrays are made for the block of outcomes that is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]

BLOCK = 1 << 16
"""Outcomes handled at once: large enough for numpy, small enough for the cache."""


@dataclass(frozen=True)
class Space:
    """All combinations of one option per issue.

    Parameters
    ----------
    issues
        Issue names, in the order of the case.
    options
        For each issue its option names, first to last.
    """

    issues: tuple[str, ...]
    options: tuple[tuple[str, ...], ...]

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Number of options of each issue."""
        return tuple(len(names) for names in self.options)

    @cached_property
    def total(self) -> int:
        """Number of outcomes, rules aside: an exact integer of any size."""
        return math.prod(self.sizes)

    @cached_property
    def strides(self) -> tuple[int, ...]:
        """What one step on each issue adds to the index."""
        return strides(self.sizes)

    @cached_property
    def issue_position(self) -> Mapping[str, int]:
        """Issue name to its position."""
        return {name: position for position, name in enumerate(self.issues)}

    @cached_property
    def option_position(self) -> tuple[Mapping[str, int], ...]:
        """For each issue: option name to its position."""
        return tuple({name: i for i, name in enumerate(names)} for names in self.options)

    def codes(self, outcome: Mapping[str, str]) -> tuple[int, ...]:
        """Option positions of a complete outcome, in issue order."""
        return tuple(
            self.option_position[position][outcome[issue]]
            for position, issue in enumerate(self.issues)
        )

    def index(self, outcome: Mapping[str, str]) -> int:
        """Index of a complete outcome (issue name to option name)."""
        return sum(
            code * stride for code, stride in zip(self.codes(outcome), self.strides, strict=True)
        )

    def outcome(self, codes: Sequence[int]) -> dict[str, str]:
        """Option positions in issue order as issue name to option name."""
        return {
            issue: self.options[position][int(code)]
            for position, (issue, code) in enumerate(zip(self.issues, codes, strict=True))
        }

    def digits(self, index: int) -> tuple[int, ...]:
        """Option positions of the outcome with this index."""
        return tuple(
            index // stride % size for stride, size in zip(self.strides, self.sizes, strict=True)
        )


def strides(sizes: Sequence[int]) -> tuple[int, ...]:
    """Mixed-radix weights of digits with these sizes, the last one least significant.

    Examples
    --------
    >>> strides((3, 2, 4))
    (8, 4, 1)
    """
    out = [1] * len(sizes)
    for position in range(len(sizes) - 2, -1, -1):
        out[position] = out[position + 1] * sizes[position + 1]
    return tuple(out)


def digits(indices: Indices, sizes: Sequence[int]) -> Indices:
    """Option positions of many outcomes, shape (outcomes, issues).

    ``indices`` are int64: for spaces of more than 2^63 outcomes use :meth:`Space.digits`.
    """
    weights = np.array(strides(sizes), dtype=np.int64)
    return indices[:, None] // weights % np.array(sizes, dtype=np.int64)


def blocks(total: int, size: int = BLOCK) -> Iterator[tuple[int, int]]:
    """Cut ``range(total)`` into (start, stop) pairs of at most ``size`` outcomes."""
    for start in range(0, total, size):
        yield start, min(start + size, total)
