"""Many codings of one case, each as a case of its own and all of them as worths."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

import detente
from detente.case import Case
from detente.case.bargaining import Values
from detente.case.fields import FrozenDict
from detente.case.numbers import Number
from detente.model.compilation import space_of
from detente.model.draws import RangedValues
from detente.model.problem import Floats
from detente.stability.answer import CONCEPTS, LEAVES, STAYS, UNKNOWN
from detente.uncertainty.worths import Worth

MARKS = {True: STAYS, False: LEAVES, None: UNKNOWN}

Verdicts = dict[str, dict[str, list[int]]]
"""For each concept and party a verdict per coding."""


@dataclass(frozen=True)
class Codings:
    """Cases without ranges, and what states are worth in each of them."""

    cases: Sequence[Case]
    worths: Mapping[str, Worth]

    def held(self, outcome: Mapping[str, str], **options: Any) -> Verdicts:
        """What ``hold`` says of an outcome, coding by coding."""
        stable = [detente.hold(case, outcome, **options).prospects[0].stable for case in self.cases]
        return {
            concept: {
                party: [MARKS[found[concept][party]] for found in stable]
                for party in self.cases[0].parties
            }
            for concept in CONCEPTS
        }


def listed(found: Mapping[Any, Mapping[str, Any]]) -> Verdicts:
    """Verdicts as lists, for comparison."""
    return {
        concept: {party: marks.tolist() for party, marks in entries.items()}
        for concept, entries in found.items()
    }


def ranged(case: Case, party: str) -> RangedValues:
    """The numbers that a party's gains are made of."""
    walk_away = case.parties[party].walk_away
    without = walk_away.number or case.complete(walk_away.outcome or {})
    return RangedValues(case.values[party], without, space_of(case))


def small_codings(case: Case, seed: int, count: int) -> Codings:
    """The likely values, then scores and adjustments of few and small numbers: ties abound.

    Some parties with scores keep theirs, and have no worth.
    """
    chance = random.Random(seed)
    drawn = [
        name for name, values in case.values.items() if values.scores and chance.random() < 0.9
    ]
    sizes = [chance.choice([1, 3, 30]) for _ in range(count)]
    keep: Callable[[Number], Number] = lambda number: Number(number.point)  # noqa: E731
    cases = [case.changed(values=_each(case, drawn, keep))]
    for size in sizes[1:]:

        def other(number: Number, size: int = size) -> Number:
            stay = chance.random() < 0.2
            return Number(number.point if stay else Fraction(chance.randint(-size, size), 10))

        cases.append(case.changed(values=_each(case, drawn, other)))
    worths = {
        party: Worth(
            np.concatenate([_terms(one, party) for one in cases]), ranged(case, party).reads
        )
        for party in drawn
    }
    return Codings(cases, worths)


def ranged_codings(case: Case, shares: Callable[[int], Floats], decimals: int = 6) -> Codings:
    """Codings drawn from the stated ranges; a coding is written as points, without weights.

    ``shares`` gives (codings, numbers) for so many numbers.
    """
    worths, values = {}, [dict(case.values) for _ in range(len(shares(1)))]
    for party, entry in case.values.items():
        own = ranged(case, party)
        terms = own.draw(shares(len(own.ranged))).round(decimals)
        worths[party] = Worth(terms, own.reads)
        for coding, row in zip(values, terms, strict=True):
            numbers = iter(Number(Fraction(f"{term:.{decimals}f}")) for term in row)
            coding[party] = _replaced(entry, lambda _, numbers=numbers: next(numbers), weights=None)
    return Codings([case.changed(values=FrozenDict(coding)) for coding in values], worths)


def _terms(case: Case, party: str) -> Floats:
    """The terms of a party without ranges; shape (1, terms)."""
    own = ranged(case, party)
    return own.draw(np.full((1, len(own.ranged)), 0.5))


def _each(
    case: Case, drawn: Sequence[str], number: Callable[[Number], Number]
) -> FrozenDict[Values]:
    return FrozenDict(
        {
            name: _replaced(values, number, weights=_points(values) if values.weights else None)
            if name in drawn
            else values
            for name, values in case.values.items()
        }
    )


def _points(values: Values) -> FrozenDict[Number]:
    return FrozenDict({issue: Number(n.point) for issue, n in (values.weights or {}).items()})


def _replaced(values: Values, number: Callable[[Number], Number], **update: Any) -> Values:
    """Values with other scores and adjustments, in the order of the terms of a draw."""
    scores = FrozenDict(
        {
            issue: FrozenDict({option: number(score) for option, score in table.items()})
            for issue, table in (values.scores or {}).items()
        }
    )
    adjustments = tuple(
        entry.model_copy(update={"add": number(entry.add)}) for entry in values.adjustments
    )
    return values.model_copy(update={"scores": scores, "adjustments": adjustments, **update})
