"""What decides, and when does it break? Sobol' indices and simple conditions, from draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from detente.model.problem import Booleans, Floats
from detente.uncertainty.answer import (
    MEASURES,
    BreaksWhen,
    Condition,
    Factor,
    Influence,
    Influences,
    Measure,
    Verdict,
)
from detente.uncertainty.batches import BATCH
from detente.uncertainty.discovery.boxes import boxes
from detente.uncertainty.discovery.indices import design_matrices, grouped, indices, screen
from detente.uncertainty.sampling.designs import KINDS, design

FEW = 10
"""Factors that are looked at one by one for each measure; all others count together."""
LEAST, SCREENED = BATCH, 4 * BATCH
"""Fewest and most codings in which those few are chosen."""
MOST_BOXED = 10_000
"""Codings that conditions are looked for in."""

Measured = Callable[[Floats], Mapping[Measure, Floats]]
"""The measures at shares of all factors, shape (codings, factors)."""


def influences(
    factors: tuple[Factor, ...], measured: Measured, seed: int, samples: int = SCREENED
) -> Iterator[Influences]:
    """How much of the variance of each measure its few main factors make.

    All factors are drawn independently of each other here, as the indices ask for; the few are
    chosen in codings of their own.

    Parameters
    ----------
    factors
        What is drawn.
    measured
        Evaluates codings.
    seed, samples
        Of the designs. So many codings, up to :data:`SCREENED`, are looked at to choose the few;
        each block of the design for the indices has an eighth of them, as a power of two.
    """
    screened = max(LEAST, min(SCREENED, samples))
    codings = 1 << (screened // 8).bit_length() - 1
    shares = design(KINDS[0], screened, len(factors), seed)
    found = measured(shares)
    for measure in MEASURES:
        if measure not in found:
            continue
        chosen = screen(shares, found[measure], FEW)
        if not chosen:
            continue
        groups = grouped(len(factors), chosen)
        blocks = design_matrices(len(factors), groups, codings, seed)
        output = np.stack([measured(block)[measure] for block in blocks])
        answer = indices(output[0], output[1], output[2:], groups, seed)
        told = [
            Influence(
                factors[entry.group[0]] if place < len(chosen) else None,
                0 if place < len(chosen) else len(entry.group),
                entry.first_order,
                entry.total,
            )
            for place, entry in enumerate(answer)
        ]
        own = [entry for entry in told if entry.factor is not None]
        own.sort(key=lambda entry: -entry.total.value)
        rest = [entry for entry in told if entry.factor is None]
        if told:
            yield Influences(measure, (*own, *rest), output.size + screened)


def breaking(
    factors: tuple[Factor, ...],
    values: Mapping[str, Floats],
    verdicts: Mapping[Verdict, Booleans],
) -> Iterator[BreaksWhen]:
    """Under which conditions each verdict mostly fails.

    Parameters
    ----------
    factors, values
        What is drawn, and its values by name; shape (codings,).
    verdicts
        Shape (codings,).
    """
    points = np.stack([values[factor.name][:MOST_BOXED] for factor in factors], axis=1)
    told: list[Booleans] = []
    for verdict, holds in verdicts.items():
        fails = ~holds[:MOST_BOXED]
        if any((fails == other).all() for other in told):
            continue
        told.append(fails)
        for box in boxes(points, fails):
            conditions = tuple(
                Condition(factors[entry.factor], entry.low, entry.high) for entry in box.conditions
            )
            yield BreaksWhen(
                verdict, conditions, box.coverage, box.density, box.mass, float(fails.mean())
            )
