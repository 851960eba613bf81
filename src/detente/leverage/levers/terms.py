"""Terms: the nearest packages that everyone accepts, and the nearest that meets every goal.

Today's state is no package: to leave everything as it is is no way to get one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from detente.agreement.engines.front import TooLarge
from detente.leverage.answer import Bound, Cost, Goal
from detente.leverage.nearest import Layer, difference, layers
from detente.leverage.proposal import LISTED, Bounds, Proposal
from detente.leverage.shortfalls import bound
from detente.leverage.wanted import Wanted

REST: tuple[Goal, ...] = ("enforceable", "holds", "roadmap")
"""What is asked of packages that everyone accepts, the cheapest question first."""


def propose(wanted: Wanted, open_: tuple[Goal, ...], bounds: Bounds) -> Iterator[Proposal | Bound]:
    """The nearest accepted packages; then the nearest that meets all goals that can be told."""
    try:
        nearest = next(_layers(wanted, bounds), None)
        if nearest is None:
            yield bound("terms", "acceptable", "terms_none")
        elif bounds.most_changes is not None and nearest.cost > bounds.most_changes:
            yield _too_dear(bounds, nearest)
        else:
            for outcome in nearest.outcomes[:LISTED] if "acceptable" in open_ else ():
                yield _proposal(wanted, outcome, nearest, ("acceptable",), bounds)
            goals = _askable(wanted, nearest)
            if goals:
                yield from _everything(wanted, open_, bounds, goals)
    except TooLarge as error:
        yield Bound("terms", None, str(error), str(error))


def _layers(wanted: Wanted, bounds: Bounds) -> Iterator[Layer]:
    """Packages in the order of cost: accepted by all where that is wanted, and no today's state."""
    accepted = "acceptable" in wanted.goals
    for layer in layers(wanted.compiled, wanted.outcome, bounds.change_costs, accepted=accepted):
        packages = tuple(entry for entry in layer.outcomes if entry != wanted.case.status_quo)
        if packages:
            yield replace(layer, outcomes=packages)


def _askable(wanted: Wanted, nearest: Layer) -> tuple[Goal, ...]:
    """Goals besides consent that can be told; of a package that breaks a rule none can."""
    broken = wanted.view.broken_rules
    asked = wanted.edited(outcome=nearest.outcomes[0]) if broken else wanted
    return tuple(goal for goal in REST if asked.standing.verdicts.get(goal) is not None)


def _everything(
    wanted: Wanted, open_: tuple[Goal, ...], bounds: Bounds, goals: tuple[Goal, ...]
) -> Iterator[Proposal | Bound]:
    """The first package, in the order of cost, that everyone accepts and that meets some goals."""
    looked_at = 0
    for layer in _layers(wanted, bounds):
        if bounds.most_changes is not None and layer.cost > bounds.most_changes:
            yield bound("terms", None, "terms_within", most=bounds.most_changes)
            return
        for outcome in layer.outcomes:
            if looked_at == bounds.looked_at:
                yield bound("terms", None, "terms_looked", count=looked_at, cost=layer.cost)
                return
            looked_at += 1
            if wanted.edited(outcome=outcome).meets(goals):
                yield _proposal(wanted, outcome, layer, open_, bounds)
                return
    if looked_at:
        yield bound("terms", None, "terms_never", count=looked_at)


def _proposal(
    wanted: Wanted,
    outcome: Mapping[str, str],
    layer: Layer,
    aims: tuple[Goal, ...],
    bounds: Bounds,
) -> Proposal:
    parts = difference(wanted.compiled, wanted.outcome, outcome)
    cost = Cost(layer.cost, "cost" if bounds.change_costs else "changes")
    return Proposal("terms", parts, cost, wanted.edited(outcome=outcome), aims)


def _too_dear(bounds: Bounds, layer: Layer) -> Bound:
    key = "terms_cost" if bounds.change_costs else "terms_changes"
    return bound("terms", "acceptable", key, most=bounds.most_changes, needed=layer.cost)
