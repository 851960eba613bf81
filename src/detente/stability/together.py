"""Coalitions and blocs, as far as they were asked about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from detente.stability.answer import STAYS, Concept, Marks, Prospect
from detente.stability.concepts.coalitions import coalition_verdicts
from detente.stability.concepts.written import Named
from detente.stability.field import Field
from detente.stability.listing import Coalitions, States, verdicts_at
from detente.stability.reasons.breaks import breaks

FEW = 5_000
"""Coalitions × states up to which all states are looked at without being asked to."""


def with_coalitions(
    field: Field,
    prospects: Sequence[Prospect],
    asked: Named | Literal["all"],
    *,
    every: bool,
    pareto: bool,
) -> tuple[list[Prospect], Coalitions]:
    """Which coalitions leave the outcomes, and what is stable for whom among all states.

    Parameters
    ----------
    field
        All states.
    prospects
        The outcomes.
    asked
        The coalitions.
    every
        Look at all states, however many; if not, only where that is quickly done.
    pareto
        Whether it is enough that one gains and nobody loses.
    """
    places = _places(field, prospects)
    over = _over(field, places, asked, every=every)
    found = coalition_verdicts(field.conflict, asked, over, pareto=pareto)
    listing = Coalitions(
        States(field.model.space, field.codes),
        None if len(over) == field.conflict.states else over,
        _stays(found),
        every=asked == "all",
    )
    out = []
    for prospect, place in zip(prospects, places, strict=True):
        verdicts = verdicts_at(found, int(np.flatnonzero(over == place)[0]))
        why = breaks(field.teller, place, verdicts, prospect.stable, pareto=pareto)
        out.append(replace(prospect, coalitions=verdicts, breaks=why))
    return out, listing


def with_blocs(
    field: Field, prospects: Sequence[Prospect], blocs: Named, *, every: bool, pareto: bool
) -> tuple[list[Prospect], Coalitions]:
    """Which blocs leave the outcomes, where parties move in lock-step; as above."""
    places = _places(field, prospects)
    over = _over(field, places, blocs, every=every)
    found = coalition_verdicts(field.conflict, blocs, over, pareto=pareto, family=blocs)
    listing = Coalitions(
        States(field.model.space, field.codes),
        None if len(over) == field.conflict.states else over,
        _stays(found),
        every=True,
    )
    out = [
        replace(prospect, blocs=verdicts_at(found, int(np.flatnonzero(over == place)[0])))
        for prospect, place in zip(prospects, places, strict=True)
    ]
    return out, listing


def _places(field: Field, prospects: Sequence[Prospect]) -> list[int]:
    return [field.teller.state(prospect.outcome) for prospect in prospects]


def _over(
    field: Field, places: Sequence[int], asked: Named | Literal["all"], *, every: bool
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The states that are looked at: all, or the outcomes."""
    parties, states = len(field.conflict.parties), field.conflict.states
    count = 2**parties - 1 if asked == "all" else len(asked)
    if every or count * states <= FEW:
        return np.arange(states)
    return np.unique(np.array(places, dtype=np.int64))


def _stays(
    found: Mapping[Concept, Mapping[str, Marks]],
) -> dict[str, dict[str, np.ndarray[tuple[int], np.dtype[np.bool_]]]]:
    return {
        concept: {name: marks == STAYS for name, marks in entry.items()}
        for concept, entry in found.items()
    }
