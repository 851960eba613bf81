"""The fewest changes of a package that everyone accepts, and the nearest package that holds.

Definition. The cost of an outcome is the sum, over the issues in which it differs from the wanted
package, of what a change of that issue costs (1 each where nothing else is said). The nearest
outcomes are those of least cost among the outcomes that obey the rules and that every signing
party accepts. Exact: bucket elimination with the cost as the only objective and consent as the
constraint; each further layer adds the constraint that it costs more than the last one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from detente.agreement.engines.elimination.eliminate import eliminate
from detente.agreement.packages.changes import Change, changes_between
from detente.agreement.packages.wins import spread
from detente.case.errors import CaseError
from detente.case.errors import Problem as CaseProblem
from detente.model.compilation import Model
from detente.model.problem import Criterion, Factor, Integers, Meets, Problem, every

COST, FAR = "cost of changes", "further away"
"""Names of the two criteria that are added to a case."""
LARGEST_SUM = 2**60
"""Largest cost of changing everything, counted in the largest unit of which all costs are made."""
MOST_TIES = 1000
"""Most outcomes of one cost that are looked at."""


@dataclass(frozen=True)
class Layer:
    """Outcomes of one cost.

    Parameters
    ----------
    cost
        Of changing the wanted package into each.
    count
        How many there are.
    outcomes
        The first of them, those that cost the accepting parties least first: the largest loss of
        a signing party against the wanted package, as a share of the spread of its values.
    """

    cost: Fraction
    count: int
    outcomes: tuple[Mapping[str, str], ...]


def layers(
    model: Model,
    outcome: Mapping[str, str],
    costs: Mapping[str, Fraction],
    *,
    accepted: bool = True,
) -> Iterator[Layer]:
    """Outcomes that obey the rules, those that are nearest to a package first.

    Parameters
    ----------
    model
        The compiled case; its consent is what an outcome has to have.
    outcome
        The wanted package, complete; it may break rules.
    costs
        What a change of an issue costs; 1 for those left out. Zero or more.
    accepted
        Whether to look only among outcomes with consent.

    Yields
    ------
    Layer
        In the order of cost, each cost once, beginning with the package itself where it qualifies.

    Raises
    ------
    TooLarge
        Where the elimination meets its limit.
    CaseError
        Where the costs are too fine to be added up.

    Notes
    -----
    Cost: one elimination a layer, see
    :func:`detente.agreement.engines.elimination.eliminate.eliminate`.
    """
    unit, tables = _tables(model, outcome, costs)
    least: int | None = None
    while True:
        problem = _problem(model.problem, tables, least, accepted)
        front = eliminate(problem, acceptable=accepted or least is not None)
        if not len(front.points):
            return
        cost = -int(front.points[0, 0])
        found = front.listing(np.array([0]), MOST_TIES)
        yield Layer(cost * unit, front.count, tuple(_gentlest(model, outcome, found)))
        least = cost + 1


def difference(
    model: Model, before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[Change, ...]:
    """What is settled otherwise."""
    space = model.space
    return changes_between(space, space.codes(before), space.codes(after))


def _tables(
    model: Model, outcome: Mapping[str, str], costs: Mapping[str, Fraction]
) -> tuple[Fraction, tuple[Factor, ...]]:
    """The cost as negative integer tables, and what one step of it is worth."""
    space = model.space
    stated = [Fraction(costs.get(issue, 1)) for issue in space.issues]
    scale = math.lcm(*(cost.denominator for cost in stated))
    if sum(stated) * scale > LARGEST_SUM:
        what = "the costs of changes are too fine to be added up exactly"
        raise CaseError(CaseProblem(what, "state them as whole numbers, or with few digits"))
    factors = []
    for place, cost in enumerate(stated):
        table = np.full(space.sizes[place], -int(cost * scale), dtype=np.int64)
        table[space.codes(outcome)[place]] = 0
        factors.append(Factor((place,), table))
    return Fraction(1, scale), tuple(factors)


def _problem(
    problem: Problem, tables: tuple[Factor, ...], least: int | None, accepted: bool
) -> Problem:
    """The case with the cost as its only objective, and nothing nearer than ``least``."""
    place = len(problem.criteria)
    criteria = [*problem.criteria, Criterion(COST, tables, 0)]
    consents = [problem.consent] if accepted else []
    if least is not None:
        away = tuple(Factor(entry.scope, np.negative(entry.table)) for entry in tables)
        criteria.append(Criterion(FAR, away, least))
        consents.append(Meets(place + 1))
    return replace(problem, criteria=tuple(criteria), objectives=(place,), consent=every(consents))


def _gentlest(
    model: Model, outcome: Mapping[str, str], codes: Integers
) -> Iterator[Mapping[str, str]]:
    """Outcomes in the order of the largest share that a signing party loses by them."""
    space, problem = model.space, model.problem
    places = [place for place in problem.objectives if problem.criteria[place].cardinal]
    before = problem.totals(np.array([space.codes(outcome)]))[0]
    after = problem.totals(codes)
    losses = [
        (before[place] - after[:, place]) / max(1, spread(problem.criteria[place]))
        for place in places
    ]
    worst = np.max(np.stack(losses), axis=0) if losses else np.zeros(len(codes))
    for row in np.argsort(worst, kind="stable"):
        yield space.outcome(codes[row])
