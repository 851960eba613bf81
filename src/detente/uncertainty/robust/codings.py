"""The same codings for every package: what each is worth in them, and where all consent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from detente.model.draws import not_negative
from detente.model.problem import Booleans, Consent, Integers, Problem
from detente.model.space import blocks
from detente.uncertainty.worths import Worth

MEMORY = 1 << 28
"""Bytes that arrays over packages and codings may take together."""
BYTES = 64
"""About what a package takes in one coding while its verdict is found, and for each criterion 1."""


@dataclass(frozen=True, eq=False)
class Codings:
    """Many ways to fill in the numbers of a case, the same for all packages.

    Parameters
    ----------
    count
        How many codings there are.
    worths
        By the position of the criterion in ``problem.criteria``. A criterion that is left
        out (red lines, orders, values without ranges) has its exact verdict in all of them.

    Raises
    ------
    ValueError
        Where there is no coding, or a worth has another number of them.
    """

    count: int
    worths: Mapping[int, Worth]

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError(f"at least one coding is needed, not {self.count}")
        for place, worth in self.worths.items():
            if len(worth.terms) != self.count:
                raise ValueError(
                    f"criterion {place} has terms for {len(worth.terms)} codings, not {self.count}"
                )


def agreed(problem: Problem, codings: Codings, codes: Integers) -> Booleans:
    """In which codings each outcome obeys the rules and has the consent that is asked for.

    Parameters
    ----------
    problem
        The case as the engines see it.
    codings
        The codings.
    codes
        Option positions, shape (outcomes, issues).

    Returns
    -------
    verdicts
        Shape (outcomes, codings).
    """
    met = criteria_met(problem, codings, codes)
    return consenting(problem.consent, met) & problem.feasible(codes)[:, None]


def criteria_met(problem: Problem, codings: Codings, codes: Integers) -> Booleans:
    """Which criteria each outcome meets; shape (criteria, outcomes, codings).

    Drawn gains count as not negative where :func:`detente.model.draws.not_negative` says so.
    """
    fixed = problem.totals(codes) >= problem.thresholds
    met = np.empty((len(problem.criteria), len(codes), codings.count), dtype=np.bool_)
    for place in range(len(met)):
        if place in codings.worths:
            worth = codings.worths[place]
            met[place] = not_negative(worth.terms, worth.reads(codes)).T
        else:
            met[place] = fixed[:, place, None]
    return met


def consenting(consent: Consent, met: Booleans) -> Booleans:
    """Where a consent rule holds: from (criteria, outcomes, codings) to (outcomes, codings)."""
    _, outcomes, codings = met.shape
    return consent.holds(met.reshape(len(met), outcomes * codings).T).reshape(outcomes, codings)


def batches(
    problem: Problem, codings: Codings, outcomes: int, memory: int
) -> Iterator[tuple[int, int]]:
    """Ranges of outcomes that can be judged within so many bytes; of one outcome at least."""
    each = codings.count * (BYTES + len(problem.criteria))
    return blocks(outcomes, max(1, memory // each))
