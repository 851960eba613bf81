"""Payments: the least side payments, for consent alone and for all that payments can bring."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from detente.agreement.finding import find_outcome
from detente.case.errors import CaseError
from detente.leverage.answer import Bound, Cost, Goal, Part
from detente.leverage.payments.answer import (
    PAYMENT_GOALS,
    PaymentGoal,
    Payments,
)
from detente.leverage.payments.least import least_payments
from detente.leverage.proposal import Bounds, Proposal
from detente.leverage.shortfalls import bound, payments_bound
from detente.leverage.wanted import NAME, Wanted
from detente.model.sentences import listed, say


def propose(wanted: Wanted, open_: tuple[Goal, ...], bounds: Bounds) -> Iterator[Proposal | Bound]:
    """The least payments for each goal alone, and for all of them together."""
    goals = tuple(goal for goal in PAYMENT_GOALS if goal in open_)
    asked: dict[tuple[PaymentGoal, ...], None] = dict.fromkeys((goal,) for goal in goals)
    if len(goals) > 1:
        asked[goals] = None
    failed = False
    for aims in asked:
        if failed and len(aims) > 1:
            return  # what cannot be bought alone cannot be bought with more
        try:
            found = least_payments(wanted.placed, NAME, aims, bounds.most_paid, bounds.rates)
        except CaseError as error:  # the road is too large, or the question cannot be asked
            aim = listed(say(f"unlock.goal.{goal}") for goal in aims)
            why = error.problems[0].what
            goal = aims[0] if len(aims) == 1 else None
            yield bound("payments", goal, "payments_none", aim=aim, why=why)
            failed = True
            continue
        if isinstance(found, Payments):
            yield _proposal(wanted, found)
        else:
            failed = True
            yield payments_bound(wanted.case, found, aims, bounded=bool(bounds.most_paid))


def _proposal(wanted: Wanted, found: Payments) -> Proposal:
    outcome = find_outcome(found.case, found.outcome)
    named = found.outcome if isinstance(found.outcome, str) else NAME
    package = found.case.packages.get(named.partition(",")[0], wanted.package)
    edited = wanted.edited(found.case, outcome, package)
    # with a roadmap the finished agreement is the last of its states
    parts: tuple[Part, ...] = found.states or found.transfers
    cost = Cost(Fraction(found.average) if found.states else found.total, "units")
    return Proposal("payments", parts, cost, edited, found.goals)
