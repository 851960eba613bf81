"""The least side payments that make a package acceptable, enforceable, or reachable in steps."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from detente.agreement.finding import find_outcome
from detente.agreement.packages.package import examine
from detente.case.errors import CaseError, EntryError, Problem, unknown
from detente.case.numbers import parse_fraction, show
from detente.case.schema import Case
from detente.leverage.payments.answer import (
    PAYMENT_GOALS,
    NoPayments,
    Obstacle,
    PaymentGoal,
    Payments,
    Shortfall,
    Transfer,
    Written,
)
from detente.leverage.payments.edit import with_payments
from detente.leverage.payments.needs import Needs, needs_to_accept, needs_to_comply, untold
from detente.leverage.payments.per_state import Sides, state_payments
from detente.leverage.payments.transfers import least_transfers
from detente.model.compilation import Model, compile_case
from detente.sequencing.roadmap import package_named
from detente.verification.verify import verify

ORDERS = 100
"""Along how many orders payments are looked for."""
Stated = Mapping[str, Fraction | int | float | str]


def least_payments(
    case: Case,
    outcome: Written,
    goals: Collection[PaymentGoal],
    most: Stated | None = None,
    rates: Stated | None = None,
    *,
    orders: int = ORDERS,
    at_once: int | None = None,
) -> Payments | NoPayments:
    """Who would have to pay whom how much, in every period, for a package to stand.

    Parameters
    ----------
    case, outcome
        The package that is wanted.
    goals
        ``acceptable``: every signing party accepts it, factions included. ``enforceable``: no
        signing party gains by leaving or cheating, as ``verify`` judges it. ``roadmap``: some
        order of steps leaves nobody better off by leaving, in the discounted model; payments may
        then change from state to state.
    most
        Units per period that a party pays at most. Signing parties without a bound pay up to what
        they can give; others pay nothing without one, and whatever it allows with one.
    rates
        Points of a party, or ``party.faction``, that one unit is worth to it: one point given is
        one point received unless it is said otherwise.
    orders, at_once
        With a roadmap: along how many orders payments are looked for, and how many parts move in
        one step at most.

    Returns
    -------
    Payments or NoPayments
        Payments are proved by asking the questions again, with the payments in the package; what
        does not survive is not returned.

    Raises
    ------
    CaseError
        Where a word is unknown, a bound is negative, a rate not above zero, or a question cannot
        be asked of the case.

    Notes
    -----
    Without a roadmap the least total, in closed form: see :mod:`~.needs` and :mod:`~.transfers`.
    With one the least along the orders looked at, state by state: see :mod:`~.per_state`.
    """
    wanted = _goals(goals)
    target = find_outcome(case, outcome)
    package, _ = package_named(case, outcome)
    worth = _amounts(case, rates or {}, "rate")
    model = compile_case(case)
    needs = Needs({})
    if "acceptable" in wanted:
        needs = needs.joined(needs_to_accept(model, target, worth))
    if "enforceable" in wanted:
        needs = needs.joined(needs_to_comply(model, target))
    if needs.obstacles:
        return NoPayments(needs.obstacles)
    bounds = _amounts(case, most or {}, "bound")
    asked = _Asked(
        model, target if package is None else outcome, wanted, needs.least, bounds, worth
    )
    return asked.on_the_way(orders, at_once) if "roadmap" in wanted else asked.agreed()


def survives(case: Case, outcome: Written, goals: Collection[PaymentGoal]) -> tuple[Obstacle, ...]:
    """What is against a package when ``agree`` and ``verify`` are asked again; empty for nothing.

    Parameters
    ----------
    case, outcome
        With the payments in them.
    goals
        Acceptance is that of every signing party; for enforcement those with scores count.
    """
    target = find_outcome(case, outcome)
    found: list[Obstacle] = []
    if "acceptable" in goals:
        view = examine(compile_case(case), target, None)
        refusing = [name for name in case.signing if not view.acceptable_to[name]]
        found += [Obstacle("survival", name) for name in refusing]
        found += [Obstacle("rule", None, str(entry.rule)) for entry in view.broken_rules]
    if "enforceable" in goals:
        for name, entry in verify(case, target).parties.items():
            if case.parties[name].signs and entry.verdict != "yes":
                unjudged = [way.name for way in entry.temptations if way.weapons_unjudged]
                plain = Obstacle("survival", name)
                found.append(Obstacle("weapons", name, unjudged[0]) if unjudged else plain)
    return tuple(found)


@dataclass(frozen=True, eq=False)
class _Asked:
    """What is asked, in words that are known."""

    model: Model
    outcome: Written
    goals: tuple[PaymentGoal, ...]
    least: Mapping[str, Fraction]
    most: Mapping[str, Fraction]
    rates: Mapping[str, Fraction]

    @property
    def case(self) -> Case:
        """The case without payments."""
        return self.model.case

    @property
    def donors(self) -> tuple[str, ...]:
        """Who gives whatever its bound allows: nothing is asked for it, or can be told."""
        return tuple(
            name
            for name in self.case.parties
            if name in self.most
            and not (self.case.parties[name].signs and self.model.has_scores(name))
        )

    def agreed(self) -> Payments | NoPayments:
        """The least transfers in the finished agreement."""
        needs: dict[str, Fraction | None] = {**self.least, **dict.fromkeys(self.donors)}
        found = least_transfers(needs, _known(self.most, needs), _known(self.rates, needs))
        if isinstance(found, Shortfall):
            return NoPayments((), found)
        transfers = tuple(replace(t, costs=self._costs(t)) for t in found.transfers)
        edited, outcome = with_payments(self.case, self.outcome, transfers)
        against = survives(edited, outcome, self.goals)
        if against:
            return NoPayments(against)
        return self._payments(transfers, edited, outcome, float(found.total))

    def on_the_way(self, orders: int, at_once: int | None) -> Payments | NoPayments:
        """The least payments in each state of an order."""
        scored = tuple(name for name in self.case.signing if self.model.has_scores(name))
        factions = tuple(name for name in self.least if name not in scored)
        payers = (*scored, *self.donors)
        worth = {name: self.rates.get(name, Fraction(1)) for name in (*payers, *factions)}
        sides = Sides(payers, (*scored, *factions), self.least, _known(self.most, worth), worth)
        found = state_payments(self.case, self.outcome, sides, orders=orders, at_once=at_once)
        if isinstance(found, NoPayments):
            return found
        against = survives(found.case, found.outcome, self.goals)
        if against:
            return NoPayments(against)
        transfers = found.states[-1].transfers
        plain = self._payments(transfers, found.case, found.outcome, found.average)
        return replace(
            plain, states=found.states, order=found.order, orders=found.orders, grain=found.grain
        )

    def _costs(self, transfer: Transfer) -> Fraction | None:
        if not self.model.has_scores(transfer.by):
            return None
        return transfer.amount * self.rates.get(transfer.by, Fraction(1))

    def _payments(
        self, transfers: tuple[Transfer, ...], case: Case, outcome: Written, average: float
    ) -> Payments:
        return Payments(
            goals=self.goals,
            transfers=transfers,
            total=sum((entry.amount for entry in transfers), Fraction(0)),
            states=(),
            average=average,
            needs=self.least,
            case=case,
            outcome=outcome,
            order=(),
            orders=0,
            grain=0.0,
            untold=tuple(untold(self.model)),
        )


def _known(amounts: Mapping[str, Fraction], names: Collection[str]) -> Mapping[str, Fraction]:
    """The amounts of those who have a part in it."""
    return {name: amount for name, amount in amounts.items() if name in names}


def _goals(goals: Collection[PaymentGoal]) -> tuple[PaymentGoal, ...]:
    for goal in goals:
        if goal not in PAYMENT_GOALS:
            raise CaseError(Problem(*unknown("goal", goal, PAYMENT_GOALS)))
    if not goals:
        what = "payments are for something"
        raise CaseError(Problem(what, f"name one of {', '.join(PAYMENT_GOALS)}"))
    return tuple(goal for goal in PAYMENT_GOALS if goal in goals)


def _amounts(case: Case, stated: Stated, what: Literal["bound", "rate"]) -> dict[str, Fraction]:
    """Exact amounts by party; a rate may be that of a faction too."""
    names = list(case.parties)
    if what == "rate":
        names += [f"{party}.{key}" for party in names for key in case.parties[party].factions]
    out: dict[str, Fraction] = {}
    for name, written in stated.items():
        if name not in names:
            raise CaseError(Problem(*unknown("party", name, names)))
        try:
            amount = parse_fraction(written)
        except EntryError as error:
            raise CaseError(Problem(f"the {what} of {name}: {error.what}", error.help)) from None
        if amount < 0 or (what == "rate" and not amount):
            least = "not negative" if what == "bound" else "above zero"
            raise CaseError(Problem(f"a {what} is {least}; that of {name} is {show(amount)}"))
        out[name] = amount
    return out
