"""A case as it would be with an outside factor at another value."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from detente.case.bargaining import Party
from detente.case.fields import FrozenDict, WalkAway
from detente.case.implementation import Driver, Shift
from detente.case.numbers import Number
from detente.case.schema import Case
from detente.case.valuation import Values
from detente.model.compilation import compile_case
from detente.model.values import walk_away_value


def likely(driver: Driver) -> Fraction:
    """The value at which the numbers of the case hold: as stated, else that of its range."""
    return (driver.likely or driver.range).point


def extremes(driver: Driver) -> tuple[Fraction, Fraction]:
    """The lowest and the highest value of its range."""
    low, high = driver.range.low, driver.range.high
    point = driver.range.point
    return (point if low is None else low, point if high is None else high)


def with_driver(case: Case, name: str, value: Fraction) -> Case:
    """The case with a driver at a value: each shift times how far that is from the likely one.

    Weights do not fall below zero; where all would, they stay as stated. Likely values stand for
    ranges. A walk-away that is an outcome is worth what that is worth after the shifts of values,
    and what shifts the walk-away itself comes on top. What has no score or weight is not shifted.
    """
    driver = case.drivers[name]
    distance = value - likely(driver)
    shifts = [
        shift
        for shift in driver.shifts
        if shift.party in case.values and case.values[shift.party].cardinal
    ]
    values, parties = dict(case.values), dict(case.parties)
    for shift in shifts:
        values[shift.party] = _shifted(values[shift.party], shift, distance)
    for party, entry in values.items():
        if entry.weights and not any(weight.point for weight in entry.weights.values()):
            stated = case.values[party].weights
            values[party] = entry.model_copy(update={"weights": stated})
    shifted = case.changed(values=FrozenDict(values))
    for shift in shifts:
        if shift.walk_away is not None:
            moved = shift.walk_away.point * distance
            parties[shift.party] = _walk_away(shifted, shift.party, parties[shift.party], moved)
    return shifted.changed(parties=FrozenDict(parties))


def _walk_away(case: Case, name: str, party: Party, moved: Fraction) -> Party:
    stated = party.walk_away.number
    if stated is None:
        model = compile_case(case)
        entry = model.problem.criteria[model.position[name]]
        stated = Number(walk_away_value(entry))
    number = Number(stated.point + moved)
    walk_away = WalkAway(number, None, party.walk_away.because)
    return party.model_copy(update={"walk_away": walk_away})


def _shifted(values: Values, shift: Shift, distance: Fraction) -> Values:
    issue = shift.issue or ""
    if shift.weight is not None:
        weights = dict(values.weights or {})
        if issue not in weights:
            return values
        moved = weights[issue].point + shift.weight.point * distance
        weights[issue] = Number(max(Fraction(0), moved))
        return values.model_copy(update={"weights": FrozenDict(weights)})
    if shift.score is None or issue not in (values.scores or {}):
        return values
    scores = dict(values.scores or {})
    row = dict(scores[issue])
    stated = row[shift.option or ""]
    row[shift.option or ""] = replace(
        Number(stated.point + shift.score.point * distance), because=stated.because
    )
    scores[issue] = FrozenDict(row)
    return values.model_copy(update={"scores": FrozenDict(scores)})
