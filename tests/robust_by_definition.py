"""Packages in drawn codings, spelled out from the case and the numbers drawn, in fractions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from by_definition import ByDefinition, Outcome
from detente.case import Case
from detente.model.compilation import Model, compile_case
from detente.model.draws import TOLERANCE, ranged_values
from detente.uncertainty.robust.codings import Codings
from detente.uncertainty.worths import Worth


class InCoding(ByDefinition):
    """The case with the gains of some owners made of drawn terms.

    Terms stand in this order: every score of every scored issue, every adjustment, and the
    walk-away value where it is a number.
    """

    def __init__(self, case: Case, terms: Mapping[str, Sequence[float]]) -> None:
        super().__init__(case)
        self.terms = terms

    def drawn(self, name: str, outcome: Outcome) -> Counter[int]:
        """Which terms the value of an outcome adds."""
        values = self.entries[name][1]
        assert values is not None and values.scores is not None
        keys = [(i, o) for i in values.scores for o in self.case.options[i]]
        read = Counter(k for k, (issue, option) in enumerate(keys) if outcome[issue] == option)
        for place, adjustment in enumerate(values.adjustments):
            read[len(keys) + place] += self.holds(adjustment.when, outcome)
        return read

    def reads(self, name: str, outcome: Outcome) -> Counter[int]:
        """Which terms the gain adds (1) or takes away (−1)."""
        walk_away = self.entries[name][0].walk_away
        read = self.drawn(name, outcome)
        if walk_away.number is not None:
            read[len(self.terms[name]) - 1] -= 1
        else:
            read.subtract(self.drawn(name, self.case.complete(walk_away.outcome or {})))
        return read

    def gain(self, name: str, outcome: Outcome) -> Fraction:
        """A tie within the tolerance is a gain of 0."""
        if name not in self.terms:
            return super().gain(name, outcome)
        numbers = [(Fraction(self.terms[name][k]), n) for k, n in self.reads(name, outcome).items()]
        gain = sum((number * n for number, n in numbers), Fraction(0))
        size = sum((abs(number * n) for number, n in numbers), Fraction(0))
        return Fraction(0) if -Fraction(TOLERANCE) * size <= gain < 0 else gain

    def acceptable(self, outcome: Outcome) -> bool:
        return not self.broken(outcome) and self.agreed(outcome)

    def smallest_gain(self, outcome: Outcome) -> Fraction | None:
        scored = [n for n in self.objectives if (v := self.entries[n][1]) and v.scores is not None]
        return min((self.gain(name, outcome) for name in scored), default=None)


def coded(case: Case, count: int, seed: int) -> tuple[Model, Codings, list[InCoding]]:
    """A case in drawn codings: as the code takes them, and one definition for each.

    About half of the owners with scores whose numbers have no ranges get a worth as well.
    """
    model = compile_case(case)
    generator = np.random.default_rng(seed)
    worths: dict[int, Worth] = {}
    terms: dict[str, Any] = {}
    for name, (_, values, _) in ByDefinition(case).entries.items():
        if values is None or values.scores is None:
            continue
        ranged = ranged_values(case, name)
        if ranged.ranged or generator.random() < 0.5:
            terms[name] = ranged.draw(generator.random((count, len(ranged.ranged))))
            worths[model.position[name]] = Worth(terms[name], ranged.reads)
    one_by_one = [
        InCoding(case, {name: drawn[row].tolist() for name, drawn in terms.items()})
        for row in range(count)
    ]
    return model, Codings(count, worths), one_by_one
