"""The states that are compared: all of a conflict, or those around one outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from detente.case.errors import CaseError
from detente.model.compilation import Model
from detente.model.problem import Booleans, Integers
from detente.stability.answer import CONCEPTS, Concept, Marks, Outcome, Reason
from detente.stability.graph.around import around
from detente.stability.graph.conflict import Conflict, all_states, conflict
from detente.stability.graph.relations import check_moves
from detente.stability.perception import perceived
from detente.stability.reasons.reasons import verdicts_and_reasons
from detente.stability.reasons.steps import Teller

MOST_AROUND = 200_000
"""Most states held around one outcome, where all are too many."""

Table = dict[Concept, dict[str, Marks]]
"""For each concept and party a verdict per state."""


@dataclass(frozen=True, eq=False)
class Field:
    """The states that are compared.

    Parameters
    ----------
    model, band
        The case, compiled, and the least gain that counts.
    most
        Most states held.
    codes, inner
        The states, and which of them have all their moves among them (None: all).
    centre
        The outcome that they lie around, as option positions; None where they are all.
    """

    model: Model
    band: Fraction
    most: int
    codes: Integers
    inner: Booleans | None = None
    centre: Integers | None = None

    @cached_property
    def conflict(self) -> Conflict:
        """The graph."""
        return conflict(self.model, self.band, self.codes, self.inner)

    @cached_property
    def teller(self) -> Teller:
        """The graph with words."""
        return Teller(self.model, self.conflict, self.codes)

    def examined(self, places: Sequence[int]) -> tuple[Table, list[list[Reason]]]:
        """Verdicts of all states, and the reasons at these."""
        verdicts: Table = {concept: {} for concept in CONCEPTS}
        reasons: list[list[Reason]] = [[] for _ in places]
        for number, party in enumerate(self.model.case.parties):
            found, why = verdicts_and_reasons(self.teller, number, places)
            for concept in CONCEPTS:
                verdicts[concept][party] = found[concept]
            for place, entries in enumerate(why):
                reasons[place].extend(entries)
        return verdicts, reasons

    def seen(self, verdicts: Table) -> Table | None:
        """Verdicts of each party in its own view; None where no party has one."""
        return perceived(
            self.model, self.band, self.codes, verdicts, most=self.most, outcome=self.centre
        )


def whole(model: Model, band: Fraction, most: int, *, required: bool = False) -> Field | None:
    """All states; None where they are too many, or an error where all are needed."""
    try:
        codes = all_states(model, most)
    except CaseError:
        if required:
            raise
        return None
    check_moves(model.case, codes)
    return Field(model, band, most, codes)


def surrounding(model: Model, band: Fraction, most: int, outcome: Outcome) -> Field:
    """The states around one outcome.

    Raises
    ------
    CaseError
        Where those within two moves are too many.
    """
    centre = np.array(model.space.codes(outcome))
    held = min(most, MOST_AROUND)
    return Field(model, band, held, *around(model, centre, held), centre)


def outcomes_alone(model: Model, band: Fraction, outcomes: Sequence[Outcome]) -> Field:
    """Some outcomes, and nothing of what is around: enough where nobody has values."""
    codes = np.unique(np.array([model.space.codes(each) for each in outcomes]), axis=0)
    return Field(model, band, len(codes), codes, np.zeros(len(codes), dtype=np.bool_))
