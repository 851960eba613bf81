"""Payments along a roadmap: the least in each state of an order such that nobody ever leaves.

Along one order the least payments are a linear program (:mod:`~.program`). The orders looked at
are the one that is best without payments, then from the cheapest so far those that differ from it
in two steps that change places or are taken together, or one that is taken in two; the cheapest is
taken. What is
returned is proved: the payments become issues that move along with the steps, one option for each
amount, undone at once, and the margins of that order of the edited case are computed as
``roadmap(order=…)`` computes them. The search over all orders in which those issues *could* move
is left out; it could only find an order that holds as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from detente.agreement.finding import find_outcome
from detente.case.errors import CaseError, Problem
from detente.case.fields import FrozenDict
from detente.case.schema import Case
from detente.leverage.payments.along import Positions, neighbours, paid_chain, written
from detente.leverage.payments.answer import (
    NoPayments,
    Obstacle,
    Shortfall,
    StatePayment,
    Transfer,
    Written,
)
from detente.leverage.payments.edit import with_levels
from detente.leverage.payments.needs import rounded_up
from detente.leverage.payments.program import Program
from detente.leverage.payments.rows import Course, Pair
from detente.model.aftermath import period_discount
from detente.model.problem import Floats
from detente.sequencing.answer import Order
from detente.sequencing.lattice.road import Road, road
from detente.sequencing.roadmap import package_named
from detente.sequencing.search.best_order import TOLERANCE
from detente.sequencing.search.leximin import leximin
from detente.sequencing.setting import Coding, Setting
from detente.sequencing.terms.withholding import withheld

DIGITS = (4, 5, 6, 8, 12)
"""Significant digits of the largest amount to which all are rounded; more where fewer fail."""
NOTHING = 1e-6
"""Amounts below are none."""


@dataclass(frozen=True)
class Sides:
    """Who could pay and be paid, and what is asked.

    Parameters
    ----------
    payers, payees
        Parties; parties or ``party.faction``.
    least
        The least net receipt in the finished agreement, in points.
    most
        Units per period that payers pay at most, in any state.
    rates
        Points of each side that one unit is worth to it.
    """

    payers: tuple[str, ...]
    payees: tuple[str, ...]
    least: Mapping[str, Fraction]
    most: Mapping[str, Fraction]
    rates: Mapping[str, Fraction]

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Who could pay whom."""
        return tuple((by, to) for by in self.payers for to in self.payees if by != to)


@dataclass(frozen=True, eq=False)
class Along:
    """Payments along one order, and the edited case in which it holds."""

    states: tuple[StatePayment, ...]
    average: float
    grain: float
    case: Case
    outcome: Written
    order: tuple[tuple[str, ...], ...]
    orders: int


def state_payments(
    case: Case, outcome: Written, sides: Sides, *, orders: int, at_once: int | None = None
) -> Along | NoPayments:
    """The least payments in each state of an order; see the module.

    Parameters
    ----------
    case, outcome
        What is to be reached.
    sides
        Who could pay and be paid.
    orders
        Along how many orders payments are looked for, at most.
    at_once
        As for ``roadmap``.

    Raises
    ------
    CaseError
        As for ``roadmap``.

    Notes
    -----
    Cost: the search for the best order, and for each one looked at a linear program or a few
    with states × pairs × 2 variables.
    """
    if orders < 1:
        raise CaseError(Problem(f"payments are looked for along an order at least, not {orders}"))
    lattice = _Lattice(case, outcome, sides, *_setting(case, outcome, at_once))
    tried = _looked_at(lattice, orders)
    working = [entry for entry in tried if entry.works]
    for entry in sorted(working, key=lambda entry: entry.cost):
        proved = lattice.proved(entry, len(tried))
        if proved is not None:
            return proved
    if working:
        return NoPayments((Obstacle("survival", None),))
    return _failing(lattice, [entry.program for entry in tried])


@dataclass(frozen=True, eq=False)
class _Tried:
    """An order, and the least payments along it; where there are none how far from it it is."""

    positions: Positions
    program: Program
    paid: Floats | None

    @property
    def works(self) -> bool:
        """Whether some payments do."""
        return self.paid is not None

    @cached_property
    def cost(self) -> float:
        """What they cost, or the negative margin that remains without bounds."""
        return self.program.shortfall() if self.paid is None else self.program.cost(self.paid)

    def better(self, other: _Tried) -> bool:
        """Whether it works and the other does not, or the same at less cost."""
        if self.works != other.works:
            return self.works
        return self.cost < other.cost - NOTHING


def _looked_at(lattice: _Lattice, most: int) -> list[_Tried]:
    """Orders from the one that is best without payments, on to neighbours that cost less."""
    best = lattice.tried(lattice.best())
    found, known = [best], {_key(best.positions)}
    while best.cost > NOTHING:
        start = best
        for positions in neighbours(lattice.setting.road, start.positions, lattice.at_once):
            if len(found) == most:
                return found
            if _key(positions) not in known:
                known.add(_key(positions))
                found.append(lattice.tried(positions))
                if found[-1].better(best):
                    best = found[-1]
        if best is start:
            break
    return found


def _key(positions: Positions) -> tuple[tuple[int, ...], ...]:
    return tuple(map(tuple, positions))


def _setting(
    case: Case, outcome: Written, at_once: int | None
) -> tuple[Setting, Coding, int | None]:
    target = find_outcome(case, outcome)
    package, _ = package_named(case, outcome)
    lattice, most = road(case, target, package, at_once=at_once)
    coding = Coding("", case, lattice)
    coding.check_scores()
    return Setting(lattice, (coding,), "discounted"), coding, most


@dataclass(frozen=True, eq=False)
class _Lattice:
    """The road to an outcome, and who could pay on it."""

    case: Case
    outcome: Written
    sides: Sides
    setting: Setting
    coding: Coding
    at_once: int | None

    def best(self) -> Positions:
        """The order that is best without payments."""
        return self.setting.positions(leximin(self.setting.play()).steps)

    def tried(self, positions: Positions) -> _Tried:
        """The least payments along one order."""
        program = self.program(positions)
        return _Tried(positions, program, program.least_payments())

    def program(self, positions: Positions) -> Program:
        """What is asked along one order."""
        chain = self.setting.along(positions)
        sides, steps = self.sides, chain.road.network.steps
        rates = {name: float(rate) for name, rate in sides.rates.items()}
        course = Course(
            chain.play(more=True), sides.pairs, rates, lambda: self._withheld(chain.road)
        )
        weights = np.zeros((steps, len(sides.pairs)))
        times, pace = chain.road.durations
        for place, (by, _) in enumerate(sides.pairs):
            delta, start = float(period_discount(self.case, by)), 0
            for step in range(steps):
                end = start + times[pace[step]]
                after = delta**end if step < steps - 1 else 0.0
                weights[step, place] = delta**start - after
                start = end
        least = {name: float(need) for name, need in sides.least.items()}
        return Program(course, weights, least, {k: float(v) for k, v in sides.most.items()})

    @cached_property
    def _seen(self) -> Coding:
        """The case as if everything were done in the open."""
        issues = {
            name: entry.model_copy(update={"covert": False})
            for name, entry in self.case.issues.items()
        }
        return Coding("", self.case.changed(issues=FrozenDict(issues)), self.setting.road)

    def _withheld(self, chain: Road) -> dict[str, Floats]:
        """What keeping back a payment is worth by payer and step, payments aside.

        It is seen, and so is what is withheld with it: any part of the step, or none.
        """
        setting = Setting(chain, (self._seen,), "discounted")
        out = {}
        for name in self.sides.payers:
            if name not in self.coding.bound:
                continue
            terms = setting.terms(chain, self._seen, name)
            wait, flows = float(terms.wait), terms.worths.values[terms.worths.here]
            alone = wait * flows[1:] + (1 - wait) * terms.seat[1:]
            for step in range(chain.network.steps):
                values, _ = withheld(terms.worths, step, wait, 1 - wait)
                alone[step] = max(alone[step], values.max(initial=-np.inf))
            out[name] = alone
        return out

    def proved(self, entry: _Tried, orders: int) -> Along | None:
        """The least payments in numbers with few digits that survive."""
        positions, program, exact = entry.positions, entry.program, entry.paid
        assert exact is not None
        top = float(exact.max(initial=0.0))
        for digits in DIGITS:
            grain = Fraction(10) ** (math.floor(math.log10(max(top, NOTHING))) - digits + 1)
            for paid in (exact, program.least_payments(float(grain), exact > NOTHING)):
                found = None if paid is None else self._rounded(positions, program, paid, grain)
                if found is not None:
                    more = found.average - entry.cost
                    return replace(found, grain=more if more > NOTHING else 0.0, orders=orders)
        return None

    def _rounded(
        self, positions: Positions, program: Program, paid: Floats, grain: Fraction
    ) -> Along | None:
        """The payments rounded to multiples of the grain, if they survive."""
        amounts = [[round(Fraction(x) / grain) * grain for x in row] for row in paid]
        found = self._edited(positions, amounts)
        average = program.cost(np.array(amounts, dtype=np.float64))
        return None if found is None else replace(found, average=average)

    def _edited(self, positions: Positions, amounts: list[list[Fraction]]) -> Along | None:
        """The edited case with amounts by state and pair, if the order holds in it."""
        chain = self.setting.road.along(positions)
        courses: list[list[Transfer]] = []
        moves: list[list[int]] = []
        for place, pair in enumerate(self.sides.pairs):
            levels, course, stands = [], [0], Fraction(0)
            for row in amounts:
                if row[place] != stands:
                    stands = row[place]
                    levels.append(self._transfer(pair, stands))
                course.append(len(levels))
            if levels:
                courses.append(levels)
                moves.append(course)
        edited, outcome, paid = with_levels(self.case, self.outcome, courses)
        placed = {entry.issue: course for entry, course in zip(paid, moves, strict=True)}
        proof = paid_chain(edited, chain, placed)
        coding = Coding("", edited, proof)
        setting = Setting(proof, (coding,), "discounted")
        order = setting.order(proof.network.positions.tolist(), coding)
        if order.margin < -TOLERANCE:
            return None
        plain = self.setting.order(positions, self.coding)
        states = tuple(self._states(plain, amounts))
        return Along(states, 0.0, 0.0, edited, outcome, tuple(written(plain, paid, moves)), 0)

    def _transfer(self, pair: Pair, amount: Fraction) -> Transfer:
        by, to = pair
        rates = self.sides.rates
        costs = amount * rates[by] if self.coding.model.has_scores(by) else None
        return Transfer(by, to, amount, costs, amount * rates[to])

    def _states(self, order: Order, amounts: list[list[Fraction]]) -> Iterator[StatePayment]:
        for number, (step, row) in enumerate(zip(order.steps, amounts, strict=True), 1):
            made = [
                self._transfer(pair, amount)
                for pair, amount in zip(self.sides.pairs, row, strict=True)
                if amount
            ]
            lasts = None if number == len(order.steps) else step.takes
            yield StatePayment(number, step.state, tuple(made), lasts)


def _failing(lattice: _Lattice, programs: Sequence[Program]) -> NoPayments:
    """What the bounds would have to be along one of the orders, or what no bounds repair."""
    sides = lattice.sides
    together = _raised(lattice, programs, tuple(sides.most))
    if together is None:
        margin = -min(program.shortfall() for program in programs)
        return NoPayments((Obstacle("road", None),), None, margin)
    alone = {name: _raised(lattice, programs, (name,)) for name in sides.most}
    return NoPayments(
        (),
        Shortfall(
            together,
            alone={name: found[name] for name, found in alone.items() if found is not None},
        ),
    )


def _raised(
    lattice: _Lattice, programs: Sequence[Program], names: Sequence[str]
) -> dict[str, Fraction] | None:
    """The least bounds of some, raised alike, with which payments do along one of the orders."""
    most = lattice.sides.most
    rises = ((program.raised(names), number) for number, program in enumerate(programs))
    for rise, number in sorted((rise, number) for rise, number in rises if rise is not None):
        bounds = {name: rounded_up(float(most[name]) + rise) for name in names}
        eased = {k: float(v) for k, v in {**most, **bounds}.items()}
        if replace(programs[number], most=eased).least_payments() is not None:
            return bounds
    return None
