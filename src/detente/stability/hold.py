"""Would it hold? Who could move away from an agreement, and who could punish that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

import numpy as np

from detente.agreement.finding import find_outcome
from detente.case.consistency import broken_by, require_allowed
from detente.case.errors import CaseError, Problem
from detente.case.schema import Case
from detente.model.aftermath import Aftermath
from detente.model.compilation import Model, compile_case
from detente.model.sentences import listed, say
from detente.model.wording import quoted
from detente.stability.answer import Outcome, Prospect
from detente.stability.concepts.simultaneous import simultaneous as examined_at_once
from detente.stability.concepts.written import parse_blocs, parse_coalitions
from detente.stability.field import Field, Table, outcomes_alone, surrounding, whole
from detente.stability.graph.conflict import MOST_STATES
from detente.stability.hold_result import HoldResult
from detente.stability.listing import Listing, States, held, told_at, verdicts_at
from detente.stability.reasons.routes import status_quo_analysis
from detente.stability.reasons.surroundings import surroundings
from detente.stability.together import with_blocs, with_coalitions

LARGEST_BAND = 1_000_000_000
"""Largest band, in points."""
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?(e-?[0-9]{1,3})?|[0-9]+/[1-9][0-9]*")
"""A number as Python writes it, or a fraction."""


def hold(
    case: Case,
    outcome: str | Outcome | None = None,
    *,
    every: bool = False,
    coalitions: str | None = None,
    blocs: str | None = None,
    start: str | Outcome | None = None,
    band: float | str | Fraction = 0,
    simultaneous: bool = False,
    pareto: bool = False,
    most_listed: int | None = None,
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
    coalitions
        ``all``, or coalitions that might leave together: ``a+b,c+d``.
    blocs
        Allies that always move as one: ``a+b,c+d``; who is not named stands alone.
    start
        An outcome, as above: which equilibria can be reached from there, and how.
    band
        The least gain that counts as an improvement, in points; for parties with scores.
    simultaneous
        Ask too whether each stays if the others answer all at once, by improvements.
    pareto
        A coalition moves already where one member gains and none loses.
    most_listed
        Most outcomes that each list of the document names; if left out 1,000 routes, and all
        outcomes where they are no more than a million in all.
    most_states
        Most states compared; beyond, only those around each outcome.

    Raises
    ------
    CaseError
        Where a word is unknown, an outcome breaks a rule, a ranking leaves out states, or there
        are too many states for what is asked.

    Notes
    -----
    Definitions in :mod:`detente.stability.concepts`: ``individual``, ``coalitions``,
    ``simultaneous``. Likely values stand for ranges. Exact. Cost: for each party a few passes over
    the moves of the others.
    """
    least = _band(band)
    model = compile_case(case)
    wanted = _wanted(case, outcome)
    if not wanted and not every:
        what = "there is no outcome to ask about: the case has no package and no status quo"
        raise CaseError(Problem(what, "name one, or list all: --all"))
    named = None if coalitions is None else parse_coalitions(case, coalitions)
    allies = None if blocs is None else parse_blocs(case, blocs)
    begin = None if start is None else _possible(case, start)
    needed = every or named is not None or allies is not None or begin is not None
    seen = any(party.sees is not None for party in case.parties.values())
    unstated = not seen and not set(case.parties) & set(model.position)
    field = (
        outcomes_alone(model, least, list(wanted.values()))
        if unstated and not needed
        else whole(model, least, most_states, required=needed)
    )
    listing = together = lockstep = found = None
    if field is None:
        prospects = [
            entry
            for name, each in wanted.items()
            for entry in _examined(
                surrounding(model, least, most_states, each), {name: each}, simultaneous
            )[0]
        ]
    else:
        prospects, verdicts, as_seen = _examined(field, wanted, simultaneous)
        if every:
            listing = Listing(States(model.space, field.codes), verdicts, as_seen, most_listed)
        if named is not None:
            prospects, together = with_coalitions(
                field, prospects, named, every=every, pareto=pareto
            )
        if allies is not None:
            prospects, lockstep = with_blocs(field, prospects, allies, every=every, pareto=pareto)
        if begin is not None:
            found = status_quo_analysis(field.teller, field.teller.state(begin), held(verdicts))
            found = found if most_listed is None else replace(found, most=most_listed)
    return HoldResult(
        case=case,
        states=model.feasible,
        prospects=tuple(prospects),
        asked=outcome is not None,
        listing=listing,
        coalitions=together,
        blocs=allies,
        lockstep=lockstep,
        routes=found,
        band=float(least),
        pareto=pareto,
        unvalued=_unvalued(model),
        ordinal=tuple(
            party
            for party in case.parties
            if party in model.position and not model.has_scores(party)
        ),
        definition=say("stability.definition"),
        remarks=tuple(_remarks(case, model, field, least, outcome is None)),
    )


def _band(written: float | str | Fraction) -> Fraction:
    text = str(written).strip()
    if _NUMBER.fullmatch(text) is None or Fraction(text) > LARGEST_BAND:
        what = f"a band is a number of points, from 0 to {LARGEST_BAND:,}; this is {text!r}"
        raise CaseError(Problem(what, "for instance 2 or 0.5"))
    return Fraction(text)


def _wanted(case: Case, outcome: str | Outcome | None) -> dict[str, dict[str, str]]:
    """The outcomes that are asked about, by how they are called."""
    if outcome is not None:
        return {
            outcome.strip() if isinstance(outcome, str) else "outcome": _possible(case, outcome)
        }
    out = {} if case.status_quo is None else {"status_quo": case.complete({})}
    for name, package in case.packages.items():
        if not _impossible(case, package.outcome):
            out[name] = case.complete(package.outcome)
    return out


def _possible(case: Case, outcome: str | Outcome) -> dict[str, str]:
    """A complete outcome that obeys the rules."""
    found = find_outcome(case, outcome)
    require_allowed(case, found, "outcome")
    return found


def _impossible(case: Case, partial: Mapping[str, str]) -> bool:
    """Whether a package is no outcome, or breaks a rule."""
    if case.status_quo is None and len(partial) < len(case.issues):
        return True
    found = case.complete(partial)
    return any(broken_by(rule, found, case) for rule in case.rules)


def _examined(
    field: Field, wanted: Mapping[str, Outcome], together: bool
) -> tuple[list[Prospect], Table, Table | None]:
    """The outcomes, and the verdicts on all states: as they are, and as they are seen."""
    places = [field.teller.state(entry) for entry in wanted.values()]
    verdicts, reasons = field.examined(places)
    as_seen = field.seen(verdicts)
    holding = held(verdicts)
    answered = (
        examined_at_once(field.model, field.band, field.conflict, field.codes, np.array(places))
        if together
        else None
    )
    prospects = [
        Prospect(
            name=name,
            outcome=outcome,
            stable=verdicts_at(verdicts, place),
            reasons=tuple(why),
            gains_from_collapse=_gains_from_collapse(field.model, outcome),
            surroundings=surroundings(field.teller, place, why, holding),
            unvalued=_unvalued(field.model),
            simultaneous=None if answered is None else told_at(answered, number),
            as_seen=None if as_seen is None else verdicts_at(as_seen, place),
        )
        for number, ((name, outcome), place, why) in enumerate(
            zip(wanted.items(), places, reasons, strict=True)
        )
    ]
    return prospects, verdicts, as_seen


def _unvalued(model: Model) -> tuple[str, ...]:
    return tuple(party for party in model.case.parties if party not in model.position)


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
    case: Case, model: Model, field: Field | None, band: Fraction, named: bool
) -> Iterator[str]:
    """What the reader should know."""
    if field is None:
        yield say("stability.around", states=model.feasible)
    elif field.conflict.exact:
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
    unowned = [
        case.issue_name(name)
        for name, entry in case.issues.items()
        if entry.control is None and entry.moves is None and not entry.joint
    ]
    if unowned:
        yield say("stability.unowned", issues=quoted(unowned), count=len(unowned))
    if any(concern.must for entries in case.concerns.values() for concern in entries):
        yield say("stability.red_lines")
