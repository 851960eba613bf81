"""In which codings each party stays in an outcome, under each concept."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from detente.model.compilation import Model
from detente.model.problem import Floats
from detente.stability.answer import CONCEPTS, LEAVES, STAYS, UNKNOWN, Concept, Marks, Outcome
from detente.stability.concepts.individual import unvalued
from detente.stability.graph.conflict import MOST_STATES
from detente.uncertainty.holding.bits import Words, union, unpacked
from detente.uncertainty.holding.comparison import Comparison
from detente.uncertainty.holding.improvements import Improvements
from detente.uncertainty.holding.neighbourhood import Neighbourhood
from detente.uncertainty.holding.reached import unpunished_by_moves
from detente.uncertainty.holding.sequences import unpunished_by_improvements
from detente.uncertainty.worths import Worth

CODINGS = 1024
"""Codings looked at at once."""

Holding = Mapping[Concept, Mapping[str, Marks]]
"""For each concept and party a verdict per coding: it stays, leaves, or that cannot be told."""


def holds(
    model: Model, outcome: Outcome, worths: Mapping[str, Worth], *, most: int = MOST_STATES
) -> Holding:
    """In which codings each party stays in an outcome.

    Parameters
    ----------
    model
        The case, compiled.
    outcome
        A complete outcome that obeys the rules.
    worths
        What states are worth to parties in the codings, all in equally many. Parties that are
        left out have in every coding the order that the case gives them, or none.
    most
        Most states compared; beyond, those around the outcome.

    Returns
    -------
    mapping
        Concept, then party, to an int8 array (codings,): the verdicts that
        :func:`detente.hold` gives for the outcome in the case as it stands (not as seen).

    Raises
    ------
    CaseError
        As :func:`detente.hold`.
    ValueError
        Where a worth belongs to no party, or codings are not equally many.

    Notes
    -----
    For many batches build one :class:`Neighbourhood` and ask :func:`holds_around` again.
    """
    around = Neighbourhood(
        model, outcome, {party: worth.reads for party, worth in worths.items()}, most=most
    )
    return holds_around(around, {party: worth.terms for party, worth in worths.items()})


def holds_around(around: Neighbourhood, terms: Mapping[str, Floats]) -> Holding:
    """In which codings each party stays in the outcome of a neighbourhood.

    Parameters
    ----------
    around
        The outcome and the states around it.
    terms
        The terms of each party whose reads the neighbourhood was built with; (codings, terms).

    Returns
    -------
    mapping
        As :func:`holds`.
    """
    parties = around.conflict.parties
    drawn = {name for name, own in zip(parties, around.drawn, strict=True) if own}
    if drawn != set(terms):
        raise ValueError(f"terms of {sorted(terms)}; the neighbourhood reads {sorted(drawn)}")
    counts = {len(each) for each in terms.values()}
    if len(counts) > 1:
        raise ValueError(f"codings are equally many for all; these are {sorted(counts)}")
    codings = counts.pop() if counts else 1
    found: dict[Concept, dict[str, list[Marks]]] = {
        concept: {name: [] for name in parties} for concept in CONCEPTS
    }
    for begin in range(0, codings, CODINGS):
        size = min(CODINGS, codings - begin)
        own = [
            terms[name][begin : begin + size] if name in drawn else np.ones((size, 1))
            for name in parties
        ]
        improvements = Improvements(around, own)
        for place, name in enumerate(parties):
            verdicts = _party(improvements, place, own[place])
            for concept in CONCEPTS:
                found[concept][name].append(verdicts[concept])
    none = np.zeros(0, dtype=np.int8)
    return {
        concept: {name: np.concatenate([none, *parts]) for name, parts in entries.items()}
        for concept, entries in found.items()
    }


def _party(improvements: Improvements, party: int, terms: Floats) -> dict[Concept, Marks]:
    """The verdicts on one party, in one batch of codings."""
    around, codings = improvements.around, len(terms)
    conflict = around.conflict
    if around.reads[party] is None:
        verdict = unvalued(conflict, party)[around.place]
        return {concept: np.full(codings, verdict, dtype=np.int8) for concept in CONCEPTS}
    if conflict.alone(party) is None:
        return {concept: np.full(codings, STAYS, dtype=np.int8) for concept in CONCEPTS}
    seen = Comparison(around, party, terms)
    leaves, might = _leaving(improvements, seen, free=False), None
    others = zip(conflict.movers, around.kinds, strict=True)
    if any(kinds is None and party not in mover.members for mover, kinds in others):
        might = _leaving(improvements, seen, free=True)
    out = {}
    for concept in CONCEPTS:
        left = unpacked(leaves[concept], codings)
        out[concept] = np.where(left, np.int8(LEAVES), np.int8(STAYS))
        if might is not None:  # what is not known of the others might punish
            out[concept][left & ~unpacked(might[concept], codings)] = UNKNOWN
        if conflict.inner is not None and concept != "nash":  # what lies further out might, too
            out[concept][left] = UNKNOWN
    return out


def _leaving(improvements: Improvements, seen: Comparison, *, free: bool) -> dict[Concept, Words]:
    """The codings in which a party leaves, under each concept.

    Who leaves under one concept does so under all that ask for more to punish it.

    ``free``: take it that others whose preferences are not known may make any move.
    """
    around = improvements.around
    nash = union(seen.open)
    gmr = unpunished_by_moves(around, seen, "gmr", nash)
    smr = gmr | unpunished_by_moves(around, seen, "smr", nash & ~gmr)
    seq = gmr | unpunished_by_improvements(improvements, seen, "seq", nash & ~gmr, free=free)
    both = smr | seq
    sseq = both | unpunished_by_improvements(improvements, seen, "sseq", nash & ~both, free=free)
    return {"nash": nash, "gmr": gmr, "smr": smr, "seq": seq, "sseq": sseq}
