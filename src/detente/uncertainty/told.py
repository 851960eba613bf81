"""What the judged draws of a package say beside its shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from detente.model.problem import Booleans, Floats
from detente.uncertainty.answer import BreaksWhen, Influences, Measure, Standing, Verdict
from detente.uncertainty.asking import Asking
from detente.uncertainty.codings import ranged
from detente.uncertainty.deciding import MOST_BOXED, breaking, influences
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
    apart
        The same where all numbers vary independently; None where that was not asked.
    """

    asking: Asking
    question: Question
    found: Evaluated
    apart: tuple[Question, Evaluated] | None = None

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
        """Conditions under which verdicts fail more often."""
        if not self.asking.drawn:
            return ()
        stated = self._points(self.question, self.found)
        apart = stated if self.apart is None else self._points(*self.apart)
        return tuple(breaking(self.asking.drawn, apart, stated))

    def _points(
        self, question: Question, found: Evaluated
    ) -> tuple[Floats, Mapping[Verdict, Booleans]]:
        """The values of all factors in some draws, each as its coding has it, and the verdicts."""
        drawn, draws = self.asking.drawn, question.draws
        first = min(found.draws, MOST_BOXED)
        shares = draws.shares(0, first)[found.ok[:first]]
        columns = some(found.columns, np.arange(len(found.columns[CHOSEN])) < len(shares))
        out = np.empty((len(shares), len(drawn)))
        for number, factors in enumerate(self.asking.numbers):
            rows = np.flatnonzero(columns[CHOSEN] == number)
            stated = {factor.name: float(factor.number) for factor in (*drawn, *factors)}
            values = draws.values(ranged(factors), shares[rows])
            for column, factor in enumerate(drawn):
                out[rows, column] = values.get(factor.name, stated[factor.name])
        return out, verdicts(columns, self.asking.first.case)
