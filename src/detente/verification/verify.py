"""How much verification does an agreement need, and what is the cheapest way to get it?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from detente.agreement.finding import find_outcome
from detente.case.errors import CaseError, EntryError, Problem
from detente.case.numbers import parse_fraction
from detente.case.schema import Case
from detente.model.compilation import Model, compile_case
from detente.model.problem import Floats
from detente.verification.alone import Sight
from detente.verification.answer import VERDICTS, Incentives, MeasureSet, Unvalued, Verdict
from detente.verification.judgement import Judgement
from detente.verification.measures.choice import choose, unasked, watched
from detente.verification.measures.detection import Detectors, detectors
from detente.verification.measures.visits import visits as plans
from detente.verification.parties import MOST_SETS, tempted
from detente.verification.reasons import definition, reasons, remarks
from detente.verification.restoring import punishers, restoring
from detente.verification.temptations import ways
from detente.verification.verify_result import VerifyResult


def verify(
    case: Case,
    outcome: str | Mapping[str, str],
    *,
    budget: float | str | Fraction | None = None,
    visits: float | None = None,
    most_sets: int = MOST_SETS,
) -> VerifyResult:
    """Ask whether cheating on an agreed outcome pays, and what deters it at least cost.

    Parameters
    ----------
    case
        With a status quo. Parties without scores are only asked how well they are seen.
    outcome
        What is taken as signed: a package, ``issue=option,…``, a mapping, ``status_quo``, or
        the name of a solution.
    budget
        The most that measures may cost per period; no limit if left out.
    visits
        Visits per period that shared inspectors can make; as many as it takes if left out.
    most_sets
        Most ways to cheat at once that are compared for one party.

    Raises
    ------
    CaseError
        Where a word is unknown, the case has no status quo, a number lies outside its
        domain, there are too many measures to choose among, or a party could cheat in more
        ways at once than ``most_sets``.

    Notes
    -----
    Definitions: aftermath in :mod:`detente.model.aftermath`, ways to cheat in
    :mod:`detente.verification.temptations`, margins in :mod:`detente.verification.paths`,
    the choice of measures in :mod:`detente.verification.measures.choice`. Likely values stand for
    ranges. Cost: see :func:`detente.verification.parties.tempted` and
    :func:`detente.verification.measures.search.cheapest`.
    """
    limit, shared = _budget(budget), _visits(visits)
    agreed = find_outcome(case, outcome)
    if case.status_quo is None:
        what = "verify needs today's state, to which a collapse leads back"
        raise CaseError(Problem(what, "add 'status_quo:' with one option of every issue"))
    model = compile_case(case)
    stated = case.verification
    lag = stated.lag if stated is not None else 0
    punishment = stated.punishment if stated is not None else "forever"
    periods = None if punishment == "forever" else punishment
    seen = detectors(case, agreed)
    used = np.ones(len(seen.names))
    sight = Sight(case, agreed, seen, float(seen.false_alarm(used)), lag)
    valued = {
        name: tempted(model, name, agreed, seen, most_sets)
        for name in case.parties
        if model.has_scores(name)
    }
    parties = {name: Judgement(entry, sight, periods).answer() for name, entry in valued.items()}
    unvalued = {name: _unvalued(model, name, sight) for name in case.parties if name not in valued}
    bound = {name: entry for name, entry in valued.items() if case.parties[name].signs}
    found = choose(watched(bound, seen, lag, periods), limit) if bound else unasked(seen, limit)
    back = restoring(model, agreed)
    return VerifyResult(
        case=case,
        outcome=agreed,
        package=outcome.strip() if isinstance(outcome, str) else None,
        enforceable=_verdict(case, parties),
        reasons=tuple(reasons(case, parties, sight.false_alarm)),
        parties=parties,
        unvalued=unvalued,
        measures=seen.names,
        false_alarm=sight.false_alarm,
        choice=found,
        visits=plans(bound, _mask(seen, found.chosen), lag, periods, shared),
        restoring=back,
        punishers=punishers(back, case),
        period=case.period,
        lag=lag,
        punishment=periods,
        definition=definition(lag, periods, case.period),
        remarks=tuple(remarks(case, agreed, unvalued, seen)),
    )


def _verdict(case: Case, parties: Mapping[str, Incentives]) -> Verdict | None:
    """The worst over the signing parties; None where it hangs on one without values."""
    known = [entry.verdict for name, entry in parties.items() if case.parties[name].signs]
    worst = max(known, key=VERDICTS.index, default=None)
    return None if worst == "yes" and len(known) < len(case.signing) else worst


def _unvalued(model: Model, party: str, sight: Sight) -> Unvalued:
    slots = ways(model.case, sight.outcome, party)
    least = (
        min((sight.temptation(party, way, None) for way in entries), key=lambda t: t.detection)
        for entries in slots
    )
    return Unvalued(party, "scores" if party in model.position else "values", tuple(least))


def _mask(seen: Detectors, chosen: MeasureSet | None) -> Floats:
    """The chosen measures, or all where none were."""
    return np.array([chosen is None or name in chosen.measures for name in seen.names], np.float64)


def _budget(written: float | str | Fraction | None) -> Fraction | None:
    if written is None:
        return None
    try:
        budget = parse_fraction(written)
    except EntryError as error:
        raise CaseError(Problem(f"the budget: {error.what}", error.help)) from None
    if budget < 0:
        raise CaseError(Problem(f"a budget is not negative; this is {budget}"))
    return budget


def _visits(stated: float | None) -> float | None:
    if stated is not None and not (math.isfinite(stated) and stated > 0):
        what = f"visits per period are a number above 0; this is {stated:g}"
        raise CaseError(Problem(what, "leave it out to ask how many it takes"))
    return stated
