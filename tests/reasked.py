"""The four questions, asked by the public functions alone."""

from __future__ import annotations

from collections.abc import Mapping

import detente
from detente.case import Case, CaseError
from detente.case.fields import FrozenDict
from detente.case.implementation import Package
from detente.case.reading import read_text
from detente.case.writing import case_text
from detente.leverage.answer import GOALS, Goal
from detente.leverage.proving import Proved
from detente.leverage.reversals.answer import Reversal
from detente.leverage.wanted import Wanted

Verdicts = dict[Goal, bool | None]
PLACE = "the_package_that_is_asked_about"


def written_and_read(case: Case) -> Case:
    """The case as it comes back from its file."""
    return detente.load(read_text(case_text(case)).data)


def accepted(case: Case, outcome: Mapping[str, str]) -> bool:
    """By every signing party, whatever the agreement rule, and it breaks no rule."""
    package = detente.agree(case, dict(outcome)).package
    assert package is not None
    return package.feasible and all(package.acceptable_to[name] for name in case.signing)


def feasible(case: Case, outcome: Mapping[str, str]) -> bool:
    package = detente.agree(case, dict(outcome)).package
    assert package is not None
    return package.feasible


def enforced(case: Case, outcome: Mapping[str, str]) -> bool | None:
    try:
        told = detente.verify(case, dict(outcome)).enforceable
    except CaseError:
        return None
    return None if told is None else told == "yes"


def reached(
    case: Case, outcome: Mapping[str, str], package: Package, model: str = "discounted"
) -> bool | None:
    """With those steps that the outcome allows."""
    checks = case.verification.measures if case.verification else {}
    steps = tuple(
        name
        for name in package.steps
        if name in case.guarantees or (name in checks and case.allows(name, outcome))
    )
    known = {*outcome, *steps}
    update = {
        "outcome": FrozenDict(outcome),
        "steps": steps,
        "before": tuple(pair for pair in package.before if set(pair) <= known),
        "commitments": (),
    }
    placed = package.model_copy(update=update)
    asked = case.changed(packages=FrozenDict({**case.packages, PLACE: placed}))
    try:
        return detente.roadmap(asked, PLACE, model=model, alternatives=0, missing=False).feasible
    except CaseError:
        return None


def held(case: Case, outcome: Mapping[str, str], concept: str = "seq") -> bool | None:
    try:
        return detente.hold(case, dict(outcome)).prospects[0].equilibrium(concept)
    except CaseError:
        return None


def asked_again(wanted: Wanted) -> Verdicts:
    """All verdicts on a package under its case."""
    case, outcome = wanted.case, wanted.outcome
    if not feasible(case, outcome):
        return {goal: False if goal == "acceptable" else None for goal in GOALS}
    return {
        "acceptable": accepted(case, outcome),
        "enforceable": enforced(case, outcome),
        "roadmap": reached(case, outcome, wanted.package, wanted.model),
        "holds": held(case, outcome, wanted.concept),
    }


def assert_proved(asked: Wanted, entries: tuple[Proved, ...], before: Verdicts) -> None:
    """Every way does what it says, and has turned no yes into anything else."""
    for entry in entries:
        way, now = entry.way, entry.wanted
        if any(isinstance(part, Reversal) for part in way.parts):
            # turned preferences are no amounts: they speak of the equilibrium alone
            after = {**before, "holds": held(now.case, now.outcome, now.concept)}
        else:
            after = asked_again(now)
        assert way.solves == tuple(goal for goal in GOALS if after[goal] and not before[goal])
        dark = {goal for goal in GOALS if after[goal] is None and before[goal] is None}
        assert way.open == tuple(g for g in GOALS if not after[g] and g not in dark)
        assert way.solves, way.text
        assert all(after[goal] for goal in GOALS if before[goal])
        assert way.outcome.items() <= now.outcome.items()
        assert list(way.outcome) == list(asked.case.issues)
        assert way.cost.amount > 0
    texts = [entry.way.text for entry in entries]
    assert len(set(texts)) == len(texts)
