"""What the judged draws of a package say beside its shares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from detente.model.problem import Floats
from detente.uncertainty.answer import BreaksWhen, Influences, Measure, Standing
from detente.uncertainty.asking import Asking
from detente.uncertainty.codings import ranged
from detente.uncertainty.deciding import breaking, influences
from detente.uncertainty.evaluation.evaluate import Evaluated
from detente.uncertainty.question import CHOSEN, Question
from detente.uncertainty.standing import measured, some, standing, verdicts


@dataclass(frozen=True, eq=False)
class Told:
    """What some draws say.

    Parameters
    ----------
    asking, question
        What was asked, and of which draws.
    found
        What was found out.
    """

    asking: Asking
    question: Question
    found: Evaluated

    @cached_property
    def standing(self) -> Standing:
        """The shares."""
        case = self.asking.first.case
        return standing(self.found.columns, case, certain=self.asking.certain)

    def codings(self) -> dict[str, Standing]:
        """The shares under each coding by itself, where there are several."""
        return dict(self._codings()) if len(self.asking.asked) > 1 else {}

    def _codings(self) -> Iterator[tuple[str, Standing]]:
        chosen = self.found.columns[CHOSEN]
        named = zip(self.asking.names, self.asking.cases, strict=True)
        for number, (name, case) in enumerate(named):
            if (chosen == number).any():
                yield name or "the case", standing(some(self.found.columns, chosen == number), case)

    def influences(self) -> tuple[Influences, ...]:
        """What decides, under the case itself."""
        drawn = self.asking.drawn
        if not drawn:
            return ()
        plain = Question((replace(self.asking.first, holds=False),), self.question.draws)

        def measures(shares: Floats) -> dict[Measure, Floats]:
            return measured(plain.at(shares, np.zeros(len(shares), dtype=np.int64)))

        seed, samples = self.question.draws.seed, self.found.draws
        return tuple(influences(drawn, measures, seed, samples))

    def breaks_when(self) -> tuple[BreaksWhen, ...]:
        """Conditions under which verdicts mostly fail."""
        drawn, draws = self.asking.drawn, self.question.draws
        if not drawn:
            return ()
        shares = draws.shares(0, self.found.draws)[self.found.ok]
        values = {factor.name: np.full(len(shares), float(factor.number)) for factor in drawn}
        for number, factors in enumerate(self.asking.numbers):
            rows = self.found.columns[CHOSEN] == number
            own = ranged(factors)
            for factor in factors:
                if factor.name in values:
                    values[factor.name][rows] = float(factor.number)
            for name, column in draws.values(own, shares[rows]).items():
                values[name][rows] = column
        of_package = verdicts(self.found.columns, self.asking.first.case)
        return tuple(breaking(drawn, values, of_package))
