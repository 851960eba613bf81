"""The question that is asked of draws, in this process or any other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from detente.model.problem import Floats, Integers
from detente.uncertainty.batches import BATCH
from detente.uncertainty.codings import ranged
from detente.uncertainty.draws import Draws
from detente.uncertainty.evaluation.part import Column
from detente.uncertainty.package import Asked, Columns

CHOSEN = "coding"
"""The column that says which of the codings a draw is from."""


@dataclass(frozen=True, eq=False)
class Question:
    """What becomes of a package in some draws.

    Parameters
    ----------
    asked
        The package under each coding.
    draws
        What is drawn.
    """

    asked: tuple[Asked, ...]
    draws: Draws

    def __call__(self, start: int, stop: int) -> Columns:
        """The columns of :meth:`Asked.columns` and the coding; shape (stop − start,).

        Batch by batch, so that not even last digits depend on how many are asked for at once.
        """
        parts = []
        for low in range(start // BATCH * BATCH, stop, BATCH):
            first, last = max(low, start), min(low + BATCH, stop)
            shares, chosen = self.draws.shares(first, last), self.draws.chosen(first, last)
            parts.append({**self.at(shares, chosen), CHOSEN: chosen})
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def at(self, shares: Floats, chosen: Integers) -> Columns:
        """The columns at given shares, each under a given coding."""
        found: dict[str, Column] = {}
        for number, asked in enumerate(self.asked):
            rows = np.flatnonzero(chosen == number)
            if not len(rows):
                continue
            values = self.draws.values(ranged(asked.factors), shares[rows])
            for name, column in asked.columns(values, len(rows)).items():
                if name not in found:
                    found[name] = np.zeros(len(chosen), dtype=column.dtype)
                found[name][rows] = column
        return found

    def inputs(self, draw: int) -> Mapping[str, float]:
        """The numbers of one draw."""
        shares = self.draws.shares(draw, draw + 1)
        asked = self.asked[int(self.draws.chosen(draw, draw + 1)[0])]
        values = self.draws.values(ranged(asked.factors), shares)
        return {name: float(column[0]) for name, column in values.items()}
