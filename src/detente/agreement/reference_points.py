"""What each rule chooses among the acceptable outcomes: reference points, not advice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from detente.agreement.definitions import SOLUTIONS
from detente.agreement.engines.choosing import Search
from detente.agreement.engines.front import Front
from detente.agreement.engines.programs.bound import bound
from detente.agreement.solutions import choose
from detente.model.compilation import Model
from detente.model.problem import Integers
from detente.model.sentences import say
from detente.model.values import walk_away_value

Outcome = Mapping[str, str]

TIES = 1000
"""Ties that integer programming looks for, even where fewer are listed."""


@dataclass(frozen=True)
class Valued:
    """An outcome and what it is worth to every party and faction, in points."""

    outcome: Outcome
    values: Mapping[str, Fraction]


@dataclass(frozen=True)
class SolutionPoint:
    """What a rule chooses, with all ties."""

    rule: str
    definition: str
    disagreement_point: Mapping[str, Fraction]
    ties: int
    outcomes: tuple[Valued, ...]
    left_out: tuple[str, ...] = ()


def valued(model: Model, codes: Integers) -> tuple[Valued, ...]:
    """Outcomes, as option positions, with what they are worth to whom."""
    criteria = [(name, model.problem.criteria[model.position[name]]) for name in model.valued]
    columns = {name: (entry.totals(codes), entry.unit) for name, entry in criteria}
    return tuple(
        Valued(
            model.space.outcome(row),
            {name: int(totals[number]) * unit for name, (totals, unit) in columns.items()},
        )
        for number, row in enumerate(codes)
    )


def reference_points(
    model: Model, found: Search, listed: int, weights: Mapping[str, Fraction] | None
) -> tuple[dict[str, SolutionPoint], dict[str, str]]:
    """The point that each rule chooses, and why a rule has none.

    Parameters
    ----------
    model
        The compiled case.
    found
        The efficient acceptable outcomes where they are known; else each rule is solved by
        integer programming.
    listed
        Most tied outcomes listed.
    weights
        Of each party in the utilitarian sum; 1 where not given.

    Returns
    -------
    tuple
        Points by rule, and reasons by rule. Both empty where nothing is acceptable or a
        signing party has no scores.
    """
    case, problem = model.case, model.problem
    criteria = [problem.criteria[place] for place in problem.objectives]
    cardinal = all(entry.cardinal for entry in criteria) and len(criteria) == len(case.signing)
    if not cardinal or (found.acceptable is not None and not len(found.acceptable.points)):
        return {}, {}
    walk_away = np.array([entry.threshold for entry in criteria], dtype=np.int64)
    named = [(weights or {}).get(name, Fraction(1)) for name in case.signing]
    solutions: dict[str, SolutionPoint] = {}
    absent: dict[str, str] = {}
    for rule in SOLUTIONS:
        used = named if rule == "utilitarian" else None
        if found.acceptable is None:
            point = _bounded(model, rule, used, listed)
        else:
            point = _from_front(
                model, rule, found.acceptable, walk_away, weights=used, listed=listed
            )
        if point is None:
            absent[rule] = say("agree.no_gains")
        else:
            solutions[rule] = point
    return (solutions, absent) if solutions else ({}, {})


def _from_front(
    model: Model,
    rule: str,
    front: Front,
    walk_away: Integers,
    *,
    weights: Sequence[Fraction] | None,
    listed: int,
) -> SolutionPoint | None:
    points = np.arange(len(front.points))
    if SOLUTIONS[rule].needs_gains:
        points = np.flatnonzero((front.points >= walk_away).all(axis=1))
        if not len(points):
            return None
    units = [model.problem.criteria[place].unit for place in model.problem.objectives]
    selection = choose(rule, front.points[points], walk_away, units, weights)
    best = points[list(selection.indices)]
    ties = sum(front.counts[place] for place in best)
    left_out = tuple(model.case.signing[place] for place in selection.left_out)
    return _point(model, rule, ties, front.listing(best, listed), left_out)


def _bounded(
    model: Model, rule: str, weights: Sequence[Fraction] | None, listed: int
) -> SolutionPoint | None:
    found = bound(model.problem, rule, weights=weights, tie_limit=max(listed, TIES))
    if not len(found.codes):
        return None
    left_out = tuple(model.case.signing[place] for place in found.left_out)
    return _point(model, rule, len(found.codes), found.codes[:listed], left_out)


def _point(
    model: Model, rule: str, ties: int, codes: Integers, left_out: tuple[str, ...]
) -> SolutionPoint:
    disagreement = {}
    for name, place in zip(model.case.signing, model.problem.objectives, strict=True):
        entry = model.problem.criteria[place]
        disagreement[name] = walk_away_value(entry)
    definition = SOLUTIONS[rule].definition
    return SolutionPoint(rule, definition, disagreement, ties, valued(model, codes), left_out)
