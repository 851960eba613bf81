"""The draws of a run: the same for every question, package, worker and machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.model.problem import Floats, Integers
from detente.uncertainty.answer import Factor
from detente.uncertainty.batches import BATCH
from detente.uncertainty.codings import values_at
from detente.uncertainty.sampling.correlation import Correlation, correlated
from detente.uncertainty.sampling.designs import design

CHOICE = 1
"""Key of the random numbers that choose among codings, beside those of the design."""


@dataclass(frozen=True, eq=False)
class Draws:
    """Codings by their number: draw ``i`` is the same whoever asks.

    Parameters
    ----------
    factors
        The numbers that are drawn; a column of shares each.
    kind, seed
        The design, and what it starts from.
    correlation
        How the shares hang together.
    codings
        How many cases (the case itself and overlays) are drawn from, each as often.
    """

    factors: tuple[Factor, ...]
    kind: str
    seed: int
    correlation: Correlation
    codings: int = 1

    @cached_property
    def column(self) -> Mapping[str, int]:
        """The column of each factor, by name."""
        return {factor.name: place for place, factor in enumerate(self.factors)}

    def shares(self, start: int, stop: int) -> Floats:
        """The shares of some draws; shape (stop − start, factors)."""
        first = start // BATCH
        parts = []
        for batch in range(first, -(-stop // BATCH)):
            found = design(self.kind, BATCH, len(self.factors), self.seed, batch)
            parts.append(correlated(found, self.correlation))
        whole = np.concatenate(parts) if parts else np.zeros((0, len(self.factors)))
        return whole[start - first * BATCH : stop - first * BATCH]

    def chosen(self, start: int, stop: int) -> Integers:
        """Which of the codings each draw is from; in every batch each as often as can be."""
        if self.codings == 1:
            return np.zeros(stop - start, dtype=np.int64)
        first = start // BATCH
        parts = []
        for batch in range(first, -(-stop // BATCH)):
            child = np.random.SeedSequence(self.seed, spawn_key=(batch, CHOICE))
            parts.append(np.random.default_rng(child).permutation(BATCH) % self.codings)
        whole = np.concatenate(parts)
        return whole[start - first * BATCH : stop - first * BATCH]

    def values(self, factors: Sequence[Factor], shares: Floats) -> dict[str, Floats]:
        """The values of the factors of one coding at these shares."""
        columns = [self.column[factor.name] for factor in factors]
        return values_at(tuple(factors), shares[:, columns])


def drawn_from(factors: Sequence[Sequence[Factor]]) -> tuple[Factor, ...]:
    """The numbers that are drawn for any of some codings; one of a name is one column."""
    return tuple({factor.name: factor for each in factors for factor in each}.values())
