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
from detente.uncertainty.discovery.boxes import boxes
from detente.uncertainty.discovery.indices import design_matrices, grouped, indices, screen

FEW = 8
"""Factors that are looked at one by one for each measure; all others count together."""
CODINGS = 512
"""Codings in each block of the design for the indices, a power of two."""
MOST_BOXED = 10_000
"""Codings that conditions are looked for in."""

Measured = Callable[[Floats], Mapping[Measure, Floats]]
"""The measures at shares of all factors, shape (codings, factors)."""


def influences(  # noqa: PLR0917
    factors: tuple[Factor, ...],
    shares: Floats,
    found: Mapping[Measure, Floats],
    measured: Measured,
    seed: int,
    codings: int = CODINGS,
) -> Iterator[Influences]:
    """How much of the variance of each measure its few main factors make.

    Parameters
    ----------
    factors
        What is drawn.
    shares, found
        Codings with their measures, to choose the few; shapes (codings, factors), (codings,).
    measured
        Evaluates more codings.
    seed, codings
        Of the design, and in each of its blocks.
    """
    for measure in MEASURES:
        if measure not in found:
            continue
        chosen = screen(shares, found[measure], FEW)
        if not chosen:
            continue
        groups = grouped(len(factors), chosen)
        design = design_matrices(len(factors), groups, codings, seed)
        output = np.stack([measured(block)[measure] for block in design])
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
            yield Influences(measure, (*own, *rest), output.size)


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
