"""What is asked of one package in many codings at once: is it accepted, does it last?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, partial

import numpy as np

from detente.case.errors import CaseError
from detente.case.numbers import Number
from detente.case.schema import Case
from detente.model.compilation import Model, compile_case
from detente.model.draws import RangedValues, ranged_values
from detente.model.problem import Floats, Integers
from detente.model.sentences import say
from detente.sequencing.answer import ModelName
from detente.sequencing.lattice.road import Road
from detente.sequencing.setting import Coding, Setting
from detente.sequencing.terms.deviations import deviations
from detente.uncertainty.answer import Factor
from detente.uncertainty.codings import under
from detente.uncertainty.evaluation.part import Column
from detente.uncertainty.holding.holds import holds_around
from detente.uncertainty.holding.neighbourhood import Neighbourhood
from detente.uncertainty.robust.codings import Codings, consenting, criteria_met
from detente.uncertainty.robust.shares import has_scores, smallest_gains
from detente.uncertainty.worths import Worth
from detente.verification.finished import finished_margins
from detente.verification.measures.detection import detectors
from detente.verification.parties import tempted

Columns = dict[str, Column]
"""What is found out in each coding, by name; shape (codings,)."""


@dataclass(frozen=True, eq=False)
class Asked:
    """One package under one case whose numbers may be drawn.

    Parameters
    ----------
    case, factors
        The case, and all its numbers.
    outcome
        The package, complete.
    road
        The roadmap, as a road that is one order; None where none is asked about.
    model
        Whether the way itself counts.
    holds, enforced
        Whether to ask if it holds, and if it is self-enforcing.
    around
        The states around the package, once they were looked at: the same in every coding.
    """

    case: Case
    factors: tuple[Factor, ...]
    outcome: Mapping[str, str]
    road: Road | None = None
    model: ModelName = "discounted"
    holds: bool = True
    enforced: bool = True
    around: list[Neighbourhood] = field(default_factory=list, repr=False)

    def __getstate__(self) -> dict[str, object]:
        """What is sent to other processes: it has to be small, so they find the rest again."""
        return {entry.name: getattr(self, entry.name) for entry in fields(self)} | {"around": []}

    def columns(self, values: Mapping[str, Floats], codings: int) -> Columns:
        """The answers in every coding.

        Parameters
        ----------
        values
            By name of a factor its values, shape (codings,).
        codings
            How many.

        Returns
        -------
        mapping
            ``accepts NAME`` and ``acceptable`` (booleans), ``gain`` (the smallest gain of the
            signing parties with scores), ``stays CONCEPT PARTY`` (1, 0, or -1 where it cannot be
            told), ``keeps PARTY`` and ``goes on PARTY`` (least margins), as far as they are asked.
        """
        drawn = under(self.case, self.factors, values)
        model = self._compiled(drawn, frozenset(values))
        found = [*self._acceptance(model, codings)]
        if self.holds:
            found += self._holding(model, codings)
        if self.enforced:
            found += self._enforcement(model)
        if self.road is not None:
            found += self._going_on(drawn, self.road)
        return {name: np.array(np.broadcast_to(column, (codings,))) for name, column in found}

    def _compiled(self, drawn: Case, names: frozenset[str]) -> Model:
        """The case compiled: what is exact rests on which numbers are drawn, not on their draws."""
        if names not in self._models:
            self._models[names] = replace(compile_case(drawn), case=self.case)
        return replace(self._models[names], case=drawn)

    @cached_property
    def _models(self) -> dict[frozenset[str], Model]:
        """The compiled cases, by the names of the numbers that are drawn."""
        return {}

    def cannot_hold(self) -> str | None:
        """Why it cannot be asked whether the package holds; None where it can."""
        model = compile_case(self.case)
        if not set(self.case.parties) & set(model.position):
            return say("uncertainty.needs_values")
        try:
            self._neighbourhood(model)
        except CaseError as error:
            return error.problems[0].what
        return None

    def _neighbourhood(self, model: Model) -> Neighbourhood:
        if not self.around:
            reads = {
                party: ranged_values(model.case, party).counts
                for party in model.case.values
                if model.has_scores(party)
            }
            self.around.append(Neighbourhood(model, self.outcome, reads))
        return self.around[0]

    def _acceptance(self, model: Model, codings: int) -> Iterator[tuple[str, Column]]:
        problem = model.problem
        codes = np.array([model.space.codes(self.outcome)], dtype=np.int64)
        found = {
            model.position[name]: ranged_values(model.case, name)
            for name in model.valued
            if model.has_scores(name)
        }
        same = Codings(
            codings,
            {
                place: Worth(entry.drawn, partial(self._reads, entry, place))
                for place, entry in found.items()
                if entry.drawn is not None
            },
        )
        met = criteria_met(problem, same, codes)
        for name, rule in problem.consents.items():
            yield f"accepts {name}", consenting(rule, met)[0]
        yield "acceptable", consenting(problem.consent, met)[0] & problem.feasible(codes)[0]
        if has_scores(problem):
            yield "gain", smallest_gains(problem, same, codes)[0]

    def _reads(self, entry: RangedValues, place: int, codes: Integers) -> Integers:
        """What the package counts of a criterion's terms: the same in all codings."""
        key = place, isinstance(entry.walk_away, Number)
        if key not in self._read:
            self._read[key] = entry.reads(codes)
        return self._read[key]

    @cached_property
    def _read(self) -> dict[tuple[int, bool], Integers]:
        """What was found of these, also by whether walking away is a number."""
        return {}

    def _holding(self, model: Model, codings: int) -> Iterator[tuple[str, Column]]:
        around, terms = self._neighbourhood(model), {}
        for party in model.case.values:
            if model.has_scores(party):
                entry = ranged_values(model.case, party)
                drawn = entry.stated(codings) if entry.drawn is None else entry.drawn
                terms[party] = drawn[:, : entry.worths]
        for concept, verdicts in holds_around(around, terms).items():
            for party, marks in verdicts.items():
                yield f"stays {concept} {party}", marks

    def _enforcement(self, model: Model) -> Iterator[tuple[str, Column]]:
        case, seen = model.case, detectors(model.case, self.outcome)
        stated = case.verification
        lag = stated.lag if stated is not None else 0
        punishment = stated.punishment if stated is not None else "forever"
        periods = None if punishment == "forever" else punishment
        for party in case.signing:
            if model.has_scores(party):
                entry = tempted(model, party, self.outcome, seen)
                yield f"keeps {party}", finished_margins(entry, lag, periods).min(axis=-1)

    def _going_on(self, drawn: Case, road: Road) -> Iterator[tuple[str, Column]]:
        coding = Coding("", drawn, road, drawn=True)
        setting = Setting(road, (coding,), self.model)
        for party in coding.bound:
            margins = [way.margin for way in deviations(setting.terms(road, coding, party))]
            least = margins[0]
            for entry in margins[1:]:
                least = np.minimum(least, entry)
            yield f"goes on {party}", least
