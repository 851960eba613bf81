"""What the engines compute on: small integer tables over a few issues each.

A case compiles to a :class:`Problem`: the sizes of the issues, *rules* (boolean tables),
*criteria* (a party's value, a faction's value, a party's unmet red lines: each a sum of
integer tables over a few issues) and *consent* (which criteria must reach their
threshold for an agreement). Everything is an exact integer; a criterion's ``unit`` says
how many points one step is worth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.model.space import Space

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
Floats = NDArray[np.float64]
Single = Any
"""A number; where numbers are drawn a column, one entry for each coding, shape (codings, 1)."""


@dataclass(frozen=True, eq=False)
class Factor:
    """A table over a few issues.

    Parameters
    ----------
    scope
        Positions of the issues that the table reads, strictly ascending. May be empty.
    table
        Shape: the sizes of those issues. ``int64`` for a criterion's contribution,
        ``bool`` for a rule (true where the rule allows the combination).
    """

    scope: tuple[int, ...]
    table: NDArray[np.int64] | NDArray[np.bool_]

    def at(self, codes: NDArray[np.int64]) -> NDArray[Any]:
        """Entries for many outcomes given as option positions, shape (outcomes, issues)."""
        if not self.scope:
            return np.broadcast_to(self.table, (len(codes),))
        return self.table[tuple(codes[:, position] for position in self.scope)]


@dataclass(frozen=True, eq=False)
class Criterion:
    """One number per outcome: the sum of its factors.

    Parameters
    ----------
    name
        ``party``, ``party.faction``, or either followed by ``: red lines``.
    factors
        Integer tables; the criterion's total is their sum.
    threshold
        The least total with which the criterion is met: the walk-away value in units,
        rounded up. Red lines count unmet ones negatively and have threshold 0.
    unit
        Points of value per step of the total (1 for rankings and red lines).
    cardinal
        False where only the order of totals has a meaning (rankings, priorities).
    exact
        False where the table had to be rounded to fit 64 bits (see ``resolution`` in the
        result); decimals of ordinary length are always exact.
    """

    name: str
    factors: tuple[Factor, ...]
    threshold: int
    unit: Fraction = Fraction(1)
    cardinal: bool = True
    exact: bool = True

    def totals(self, codes: NDArray[np.int64]) -> Integers:
        """Totals of many outcomes given as option positions, shape (outcomes, issues)."""
        out = np.zeros(len(codes), dtype=np.int64)
        for factor in self.factors:
            out += factor.at(codes)
        return out


@dataclass(frozen=True)
class Meets:
    """True where the criterion at this position reaches its threshold."""

    criterion: int

    def holds(self, met: Booleans) -> Booleans:
        """Evaluate on ``met``, shape (outcomes, criteria)."""
        return met[:, self.criterion]


@dataclass(frozen=True)
class AtLeast:
    """True where the weights of the parts that hold add up to the quota at least.

    Unanimity is weights 1 and the number of parts as quota; no parts and quota 0 is true.
    Monotone: more criteria met never turns it false (weights are not negative).
    """

    parts: tuple[Consent, ...]
    weights: tuple[int, ...]
    quota: int

    def holds(self, met: Booleans) -> Booleans:
        """Evaluate on ``met``, shape (outcomes, criteria)."""
        sums = np.zeros(len(met), dtype=np.int64)
        for part, weight in zip(self.parts, self.weights, strict=True):
            sums += weight * part.holds(met).astype(np.int64)
        return sums >= self.quota


Consent = Meets | AtLeast
"""A monotone rule that says which criteria must be met together."""


def every(parts: Sequence[Consent]) -> AtLeast:
    """All of the parts.

    Examples
    --------
    >>> every((Meets(0), Meets(2))).quota
    2
    """
    return AtLeast(tuple(parts), (1,) * len(parts), len(parts))


def required(consent: Consent) -> frozenset[int]:
    """Positions of the criteria without which the consent rule can never hold.

    Exact for unanimity and vetoes; for weighted quotas a criterion is required where the
    other parts together miss the quota.
    """
    if isinstance(consent, Meets):
        return frozenset({consent.criterion})
    full = sum(consent.weights)
    out: frozenset[int] = frozenset()
    for part, weight in zip(consent.parts, consent.weights, strict=True):
        if full - weight < consent.quota:
            out |= required(part)
    return out


def mentioned(consent: Consent) -> frozenset[int]:
    """Positions of the criteria that the consent rule reads.

    Examples
    --------
    >>> sorted(mentioned(every((Meets(0), AtLeast((Meets(2), Meets(3)), (1, 1), 1)))))
    [0, 2, 3]
    """
    if isinstance(consent, Meets):
        return frozenset({consent.criterion})
    return frozenset().union(*(mentioned(part) for part in consent.parts))


@dataclass(frozen=True, eq=False)
class Problem:
    """A case as the engines see it.

    Parameters
    ----------
    space
        Issues and options.
    rules
        Boolean factors; an outcome is feasible where all are true.
    criteria
        Values of parties and factions, and counts of unmet red lines.
    objectives
        Positions of the criteria over which efficiency and solutions are taken: the
        values of the signing parties, in the order of the case.
    consent
        When an outcome is acceptable, as a rule over "criterion reaches its threshold".
    consents
        For each party and faction (``party.faction``), signing or not, when it accepts.
    """

    space: Space
    rules: tuple[Factor, ...]
    criteria: tuple[Criterion, ...]
    objectives: tuple[int, ...]
    consent: Consent
    consents: Mapping[str, Consent] = field(default_factory=dict)

    @cached_property
    def thresholds(self) -> Integers:
        """Threshold of every criterion."""
        return np.array([criterion.threshold for criterion in self.criteria], dtype=np.int64)

    def feasible(self, codes: NDArray[np.int64]) -> Booleans:
        """Which outcomes obey all rules; ``codes`` has shape (outcomes, issues)."""
        out = np.ones(len(codes), dtype=np.bool_)
        for rule in self.rules:
            out &= rule.at(codes).astype(np.bool_, copy=False)
        return out

    def totals(self, codes: NDArray[np.int64]) -> Integers:
        """Totals of every criterion, shape (outcomes, criteria)."""
        if not self.criteria:
            return np.zeros((len(codes), 0), dtype=np.int64)
        return np.stack([criterion.totals(codes) for criterion in self.criteria], axis=1)

    def acceptable(self, totals: Integers) -> Booleans:
        """Which outcomes get consent, from the totals of every criterion."""
        return self.consent.holds(totals >= self.thresholds)
