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
    Interval,
    Measure,
    Verdict,
)
from detente.uncertainty.batches import BATCH
from detente.uncertainty.discovery.boxes import boxes
from detente.uncertainty.discovery.indices import (
    Index,
    design_matrices,
    grouped,
    indices,
    screen,
)
from detente.uncertainty.sampling.designs import KINDS, design

FEW = 8
"""Factors that each measure has looked at one by one; all others count together."""
SCREENED = 4 * BATCH
"""Codings in which those few are chosen."""
SOME, MANY = 512, 1_024
"""Codings in each block of the design for the indices, by how many samples are wanted."""
MOST_BOXED = 10_000
"""Most codings that conditions are looked for in and told of."""

Measured = Callable[[Floats], Mapping[Measure, Floats]]
"""The measures at shares of all factors, shape (codings, factors)."""


def influences(
    factors: tuple[Factor, ...], measured: Measured, seed: int, samples: int = SCREENED
) -> Iterator[Influences]:
    """How much of the variance of each measure a few main factors make.

    All factors are drawn independently of each other here, as the indices ask for. The few are
    those that matter most for any of the measures, in codings of their own.

    Parameters
    ----------
    factors
        What is drawn.
    measured
        Evaluates codings.
    seed, samples
        Of the designs: for many samples the indices are known more closely.
    """
    shares = design(KINDS[0], SCREENED, len(factors), seed)
    found = measured(shares)
    chosen = list(
        dict.fromkeys(place for column in found.values() for place in screen(shares, column, FEW))
    )
    if not chosen:
        return
    groups = grouped(len(factors), chosen)
    codings = MANY if samples >= SCREENED else SOME
    outputs = [measured(block) for block in design_matrices(len(factors), groups, codings, seed)]
    for measure in MEASURES:
        if measure not in found:
            continue
        output = np.stack([entry[measure] for entry in outputs])
        answer = indices(output[0], output[1], output[2:], groups, seed)
        told = [_influence(factors, entry) for entry in answer]
        own = sorted((e for e in told if e.factor), key=lambda entry: -entry.total.value)
        if told:
            rest = [entry for entry in told if entry.factor is None]
            yield Influences(measure, (*own, *rest), output.size + SCREENED)


def _influence(factors: tuple[Factor, ...], found: Index) -> Influence:
    """An index as a share of the variance, between 0 and 1 as it is by definition."""

    def within(entry: Interval) -> Interval:
        value, low, high = (min(1.0, max(0.0, end)) for end in (entry.value, entry.low, entry.high))
        return Interval(value, low, high)

    single = len(found.group) == 1
    return Influence(
        factors[found.group[0]] if single else None,
        0 if single else len(found.group),
        within(found.first_order),
        within(found.total),
    )


def breaking(
    factors: tuple[Factor, ...],
    apart: tuple[Floats, Mapping[Verdict, Booleans]],
    stated: tuple[Floats, Mapping[Verdict, Booleans]],
) -> Iterator[BreaksWhen]:
    """Under which conditions each verdict fails more often.

    Parameters
    ----------
    factors
        What is drawn.
    apart, stated
        Values of the factors, shape (codings, factors), and the verdicts in these codings: where
        all numbers vary independently, for conditions to be looked for, and under the stated
        correlation, to say how often they are met and what fails then.
    """
    points, verdicts = apart
    told: list[Booleans] = []
    for verdict, holds in verdicts.items():
        fails = ~stated[1][verdict]
        if not fails.any() or any((fails == other).all() for other in told):
            continue
        told.append(fails)
        for box in boxes(points, ~holds):
            inside = box.holds(stated[0])
            both, overall = fails & inside, float(fails.mean())
            if not inside.any() or both.sum() <= overall * inside.sum():
                continue
            yield BreaksWhen(
                verdict,
                tuple(Condition(factors[e.factor], e.low, e.high) for e in box.conditions),
                coverage=float(both.sum() / fails.sum()),
                density=float(both.sum() / inside.sum()),
                mass=float(inside.mean()),
                overall=overall,
            )
