"""What could everyone sign, and what is best? The front function of the question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from detente.agreement.answer import AgreeResult, Blocking, Efficient, Verdict
from detente.agreement.chosen import chosen_outcome
from detente.agreement.clashes import hitting_sets
from detente.agreement.engines.choosing import ENGINES, Limits, Search, search
from detente.agreement.engines.enumerate import Survey
from detente.agreement.engines.front import Front
from detente.agreement.packages.changes import verdicts
from detente.agreement.packages.draws import acceptance_shares
from detente.agreement.packages.package import examine
from detente.agreement.packages.trade_offs import trade_offs
from detente.agreement.reference_points import (
    Outcome,
    SolutionPoint,
    reference_points,
    valued,
)
from detente.case.errors import CaseError, unknown
from detente.case.errors import Problem as CaseProblem
from detente.case.schema import Case
from detente.model.compilation import Model, compile_case
from detente.model.sentences import listed as in_words
from detente.model.sentences import say
from detente.model.values import walk_away_value
from detente.model.walk import Progress


def agree(
    case: Case,
    outcome: str | Outcome | None = None,
    *,
    engine: str = "auto",
    limits: Limits | None = None,
    listed: int = 1000,
    weights: Mapping[str, Fraction] | None = None,
    samples: int = 10_000,
    seed: int = 0,
    progress: Progress | None = None,
) -> AgreeResult:
    """Ask what could be signed: zone of agreement, efficient outcomes, reference points.

    Parameters
    ----------
    case
        Any case. Parties without values consent where their red lines are met.
    outcome
        A package to analyse: its name, ``issue=option,…``, a mapping, ``status_quo``, or
        the name of a solution.
    engine
        ``auto`` (by cost), ``enumerate``, ``eliminate`` or ``bound``.
    limits
        What it may cost; meeting a limit is an error or named in ``remarks``.
    listed
        Most outcomes listed per set; counts stay exact.
    weights
        Weight of each party in the utilitarian sum; 1 where not given.
    samples, seed
        Codings drawn from the stated ranges for ``outcome``, and their seed.
    progress
        Called with outcomes done and outcomes in all.

    Raises
    ------
    CaseError
        Where the case cannot be analysed or a word is unknown.
    TooLarge
        Where a limit is met that no engine gets around.
    """
    if engine not in ENGINES:
        raise CaseError(CaseProblem(*unknown("engine", engine, ENGINES)))
    model = compile_case(case)
    needs = _needs(model)
    ordered = all(name in model.position for name in case.signing)
    found = search(model.problem, ordered=ordered, engine=engine, limits=limits, progress=progress)
    solutions, absent = reference_points(model, found, listed, weights)
    chosen = None if outcome is None else chosen_outcome(case, outcome, solutions)
    base = chosen if chosen is not None else case.status_quo
    return AgreeResult(
        case=case,
        total=model.space.total,
        feasible=model.feasible,
        acceptable=_acceptable(found),
        needs=needs,
        efficient_feasible=_efficient(model, found.feasible, listed),
        efficient_acceptable=_efficient(model, found.acceptable, listed),
        solutions=solutions,
        absent=absent,
        why_not=_why_not(model, found, solutions, needs),
        blocking=_blocking(case, found.survey),
        survey=found.survey,
        walk_away={
            name: walk_away_value(model.problem.criteria[place])
            for name, place in model.position.items()
            if name in model.valued
        },
        packages=_packages(model),
        package=(
            None
            if chosen is None
            else examine(model, chosen, found.feasible, listed, acceptable_front=found.acceptable)
        ),
        trades=None if base is None else trade_offs(model, base),
        shares=(
            None
            if chosen is None
            else acceptance_shares(model, {"package": chosen}, samples=samples, seed=seed)
        ),
        method=found.method,
        remarks=found.remarks,
        rounded=tuple(entry.name for entry in model.problem.criteria if not entry.exact),
    )


def _needs(model: Model) -> dict[str, str]:
    needs = {
        name: "scores"
        for name in model.valued
        if not model.problem.criteria[model.position[name]].cardinal
    }
    needs.update({name: "values" for name in model.case.parties if name not in model.position})
    return {name: needs[name] for name in model.case.parties if name in needs}


def _acceptable(found: Search) -> int | None:
    return None if found.survey is None else found.survey.acceptable


def _efficient(model: Model, front: Front | None, listed: int) -> Efficient | None:
    if front is None:
        return None
    codes = front.listing(np.arange(len(front.points)), listed)
    return Efficient(front.count, valued(model, codes))


def _packages(model: Model) -> dict[str, Verdict]:
    """Verdicts on the named packages; a package that is no complete outcome has none."""
    case, problem = model.case, model.problem
    outcomes = {
        name: case.complete(package.outcome)
        for name, package in case.packages.items()
        if case.status_quo is not None or len(package.outcome) == len(case.issues)
    }
    if not outcomes:
        return {}
    codes = np.array([model.space.codes(outcome) for outcome in outcomes.values()], dtype=np.int64)
    totals, feasible = problem.totals(codes), problem.feasible(codes)
    accepts, acceptable = verdicts(problem, totals), problem.acceptable(totals)
    return {
        name: Verdict(
            outcome,
            bool(feasible[row]),
            bool(feasible[row] and acceptable[row]),
            tuple(party for party in case.signing if not accepts[party][row]),
        )
        for row, (name, outcome) in enumerate(outcomes.items())
    }


def _blocking(case: Case, survey: Survey | None) -> dict[str, Blocking] | None:
    if survey is None:
        return None
    return {
        name: Blocking(
            survey.feasible - survey.accepted_by(name), survey.refused_only_by(name, case.signing)
        )
        for name in case.signing
    }


def _why_not(
    model: Model,
    found: Search,
    solutions: Mapping[str, SolutionPoint],
    needs: Mapping[str, str],
) -> str | None:
    """Who rules out whom: the smallest groups of signing parties with nothing in common."""
    case = model.case
    if found.survey is None:
        if found.acceptable is not None:
            empty = not len(found.acceptable.points)
        else:  # integer programs answer for every rule, unless an order stands in the way
            empty = not solutions and not any(name in needs for name in case.signing)
        return say("agree.nothing_acceptable") if empty else None
    if found.survey.acceptable:
        return None
    signing = frozenset(case.signing)
    refusing = [signing - accepting for accepting in found.survey.patterns]
    groups = hitting_sets(_smallest(refusing), limit=10_000)
    sentences = []
    for group in sorted(groups, key=lambda g: (len(g), [case.signing.index(n) for n in g])):
        names = [case.party_name(name) for name in case.signing if name in group]
        key = "agree.rules_out_alone" if len(names) == 1 else "agree.rule_each_other_out"
        sentences.append(say(key, parties=in_words(names), feasible=found.survey.feasible))
    return " ".join(sentences) or say("agree.nothing_acceptable")


def _smallest(family: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    return [s for s in family if not any(other < s for other in family)]
