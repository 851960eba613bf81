"""Would it hold? Who could move away from an agreement, and who could punish that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from detente.agreement.finding import find_outcome
from detente.case.consistency import broken_by
from detente.case.errors import CaseError, Problem
from detente.case.schema import Case
from detente.model.aftermath import Aftermath
from detente.model.compilation import Model, compile_case
from detente.model.problem import Booleans, Integers
from detente.model.sentences import listed, say
from detente.stability.answer import CONCEPTS, Concept, Marks, Outcome, Reason, Standing
from detente.stability.concepts.individual import LEAVES, STAYS
from detente.stability.graph.around import around
from detente.stability.graph.conflict import MOST_STATES, Conflict, all_states, conflict
from detente.stability.hold_result import HoldResult
from detente.stability.listing import Listing, States
from detente.stability.reasons.reasons import verdicts_and_reasons
from detente.stability.reasons.steps import Teller
from detente.stability.reasons.surroundings import surroundings

MOST_AROUND = 200_000
"""Most states held around one outcome, where all are too many."""


@dataclass(frozen=True, eq=False)
class Field:
    """The states that are compared: all, or those around one outcome.

    Parameters
    ----------
    model, band
        The case, compiled, and the least gain that counts.
    codes, inner
        The states, and which of them have all their moves among them (None: all).
    """

    model: Model
    band: Fraction
    codes: Integers
    inner: Booleans | None = None

    @cached_property
    def conflict(self) -> Conflict:
        """The graph."""
        return conflict(self.model, self.band, self.codes, self.inner)

    @cached_property
    def teller(self) -> Teller:
        """The graph with words."""
        return Teller(self.model, self.conflict, self.codes)

    def examined(
        self, places: Sequence[int]
    ) -> tuple[dict[Concept, dict[str, Marks]], list[list[Reason]]]:
        """Verdicts of all states, and the reasons at these."""
        verdicts: dict[Concept, dict[str, Marks]] = {concept: {} for concept in CONCEPTS}
        reasons: list[list[Reason]] = [[] for _ in places]
        for number, party in enumerate(self.model.case.parties):
            found, why = verdicts_and_reasons(self.teller, number, places)
            for concept in CONCEPTS:
                verdicts[concept][party] = found[concept]
            for place, entries in enumerate(why):
                reasons[place].extend(entries)
        return verdicts, reasons


def hold(
    case: Case,
    outcome: str | Outcome | None = None,
    *,
    every: bool = False,
    band: float | str | Fraction = 0,
    most_states: int = MOST_STATES,
) -> HoldResult:
    """Ask whether agreements would hold.

    Parameters
    ----------
    case
        The case; without values it says who could move, and that nothing else can be told.
    outcome
        A package, ``issue=option,…``, a mapping, ``status_quo`` or the name of a solution; if
        left out, today's state and every named package.
    every
        List the stable states and equilibria among all states too.
    band
        The least gain that counts as an improvement, in points; for parties with scores.
    most_states
        Most states compared; beyond, only those around each outcome.

    Raises
    ------
    CaseError
        Where a word is unknown, an outcome breaks a rule, a ranking leaves out states, or there
        are too many states for what is asked.

    Notes
    -----
    Definitions in :mod:`detente.stability.concepts.individual`. Likely values stand for ranges.
    Exact. Cost: for each party a few passes over the moves of the others.
    """
    least = _band(band)
    model = compile_case(case)
    wanted = _wanted(case, outcome)
    if not wanted and not every:
        what = "there is no outcome to ask about: the case has no package and no status quo"
        raise CaseError(Problem(what, "name one, or list all: --all"))
    whole = _whole(model, least, most_states, required=every)
    standings: list[Standing] = []
    listing = None
    if whole is not None:
        places = [whole.teller.state(entry) for entry in wanted.values()]
        verdicts, reasons = whole.examined(places)
        standings = _standings(whole, wanted, places, verdicts, reasons)
        if every:
            listing = Listing(States(model.space, whole.codes), verdicts)
    else:
        for name, entry in wanted.items():
            row = np.array(model.space.codes(entry))
            part = Field(model, least, *around(model, row, min(most_states, MOST_AROUND)))
            places = [part.teller.state(entry)]
            verdicts, reasons = part.examined(places)
            standings += _standings(part, {name: entry}, places, verdicts, reasons)
    return HoldResult(
        case=case,
        states=model.feasible,
        standings=tuple(standings),
        asked=outcome is not None,
        listing=listing,
        coalitions=None,
        blocs=None,
        routes=None,
        band=float(least),
        pareto=False,
        unvalued=tuple(party for party in case.parties if party not in model.position),
        ordinal=tuple(
            party
            for party in case.parties
            if party in model.position and not model.has_scores(party)
        ),
        definition=say("stability.definition"),
        remarks=tuple(_remarks(case, model, whole, least, outcome is None)),
    )


def _band(written: float | str | Fraction) -> Fraction:
    try:
        band = Fraction(str(written))
    except (ValueError, ZeroDivisionError):
        what = f"a band is a number of points; this is {str(written)!r}"
        raise CaseError(Problem(what, "for instance 2 or 0.5")) from None
    if band < 0:
        raise CaseError(Problem(f"a band is not negative; this is {written}", "0 or more points"))
    return band


def _wanted(case: Case, outcome: str | Outcome | None) -> dict[str, dict[str, str]]:
    """The outcomes that are asked about, by how they are called."""
    if outcome is not None:
        found = find_outcome(case, outcome)
        for number, rule in enumerate(case.rules, 1):
            if broken_by(rule, found, case):
                what = f"the outcome breaks rule {number}: {rule}"
                help = rule.because or "settle an issue otherwise: PACKAGE,issue=option"
                raise CaseError(Problem(what, help, case.place(("rules", number - 1))))
        return {outcome.strip() if isinstance(outcome, str) else "outcome": found}
    out = {} if case.status_quo is None else {"status_quo": case.complete({})}
    for name, package in case.packages.items():
        if not _impossible(case, package.outcome):
            out[name] = case.complete(package.outcome)
    return out


def _impossible(case: Case, partial: Mapping[str, str]) -> bool:
    """Whether a package is no outcome, or breaks a rule."""
    if case.status_quo is None and len(partial) < len(case.issues):
        return True
    found = case.complete(partial)
    return any(broken_by(rule, found, case) for rule in case.rules)


def _whole(model: Model, band: Fraction, most: int, *, required: bool) -> Field | None:
    """All states; None where they are too many and not all are needed."""
    try:
        return Field(model, band, all_states(model, most))
    except CaseError:
        if required or not len(model.space.issues):
            raise
        return None


def _standings(
    field: Field,
    wanted: Mapping[str, Outcome],
    places: Sequence[int],
    verdicts: Mapping[Concept, Mapping[str, Marks]],
    reasons: Sequence[Sequence[Reason]],
) -> list[Standing]:
    told = {STAYS: True, LEAVES: False}
    holding: dict[Concept, Booleans] = {
        concept: np.logical_and.reduce([entry == STAYS for entry in found.values()])
        for concept, found in verdicts.items()
    }
    return [
        Standing(
            name=name,
            outcome=outcome,
            stable={
                concept: {party: told.get(int(entry[place])) for party, entry in found.items()}
                for concept, found in verdicts.items()
            },
            reasons=tuple(why),
            gains_from_collapse=_gains_from_collapse(field.model, outcome),
            surroundings=surroundings(field.teller, place, why, holding),
        )
        for (name, outcome), place, why in zip(wanted.items(), places, reasons, strict=True)
    ]


def _gains_from_collapse(model: Model, outcome: Outcome) -> dict[str, float]:
    """What each party with scores would gain if everything collapsed, in points a period."""
    if model.case.status_quo is None:
        return {}
    codes = np.array([model.space.codes(outcome)])
    out = {}
    for party in model.case.parties:
        if model.has_scores(party):
            after = Aftermath(model, party)
            out[party] = float(after.worth(after.flows(codes))[0] - after.values(codes)[0])
    return out


def _remarks(
    case: Case, model: Model, whole: Field | None, band: Fraction, named: bool
) -> Iterator[str]:
    """What the reader should know."""
    if whole is None:
        yield say("stability.around", states=model.feasible)
    elif whole.conflict.exact:
        yield say("stability.exact")
    if band:
        yield say("stability.band", band=band)
    left_out = [
        case.package_name(name)
        for name, package in case.packages.items()
        if named and _impossible(case, package.outcome)
    ]
    if left_out:
        yield say("stability.impossible", count=len(left_out), packages=listed(left_out))
    if any(concern.must for entries in case.concerns.values() for concern in entries):
        yield say("stability.red_lines")
