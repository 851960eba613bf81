"""Ranges of every kind written into a case, and single codings of it as cases of plain numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np

import detente
from detente.case import Case
from detente.case.numbers import parse_number
from detente.model.drivers import likely, with_driver
from detente.uncertainty.answer import Factor
from detente.uncertainty.codings import domain, factors, ranged, values_at

KINDS = {"weight", "score", "walk_away"}
Row = Mapping[str, str]
"""A coding: for every ranged number what stands in its place, as it would be written."""


def data_of(case: Case) -> dict[str, Any]:
    """What the case was read from."""
    assert case._document is not None
    found: dict[str, Any] = deepcopy(case._document.data)
    return found


def put(data: Any, path: Sequence[str | int], written: Any) -> None:
    """Write a number at the place of a factor; one chance of detection has no key of its own."""
    *way, last = (key for key in path if key != "")
    for key in way:
        data = data[key]
    data[last] = written


def with_ranges(data: Mapping[str, Any], seed: int, share: float = 0.7) -> Case:
    """The case with ranges of all kinds around a share of its numbers."""
    case, chance = detente.load(data), Random(seed)
    out = data_of(case)
    for factor in factors(case):
        if factor.path[0] != "drivers" and chance.random() < share:
            put(out, factor.path, range_around(factor, chance))
    return detente.load(out)


def range_around(factor: Factor, chance: Random) -> Any:
    """A range of some kind with ends that its number may have."""
    least, most = domain(factor)
    point = Fraction(factor.number.point)
    reach = Fraction(1, 5) if most is not None else Fraction(chance.choice([1, 4, 15]))
    low, high = point - reach * chance.randint(0, 4) / 4, point + reach * chance.randint(0, 4) / 4
    if least is not None:
        low = max(low, Fraction(least))
    if most is not None:
        high = min(high, Fraction(most) if most == 1 else Fraction(99, 100))
    kind = chance.choice(["uniform", "triangular", "pert", "normal"])
    if kind == "normal":
        return {"mean": str(point), "sd": str(reach / 4)}
    if kind == "uniform":
        return [str(low), str(high)]
    return {"low": str(low), "likely": str(point), "high": str(high), "shape": kind}


def with_drivers(case: Case, seed: int, most: int = 2) -> Case:
    """The case with outside factors that shift weights, scores and walk-aways.

    One weight of a party at the most, and not its only one: what is the case where none is left?
    """
    chance, data, shifted = Random(seed), data_of(case), set()
    drivers: dict[str, Any] = {}
    for number in range(chance.randint(1, most)):
        shifts = []
        for _ in range(chance.randint(1, 4)):
            party = chance.choice(list(case.parties))
            values = case.values.get(party)
            if values is None or not values.cardinal:
                continue
            kind = chance.choice(["weight", "score", "walk_away"])
            shift = {"party": party, kind: chance.choice(["0.5", "-1", [-1, 2], 2])}
            if kind != "walk_away":
                shift["issue"] = chance.choice(list(case.issues))
            if kind == "score":
                shift["option"] = chance.choice(case.options[shift["issue"]])
            if kind == "weight":
                left = {k for k, weight in (values.weights or {}).items() if weight.point > 0}
                if party in shifted or not left - {shift["issue"]}:
                    continue
                shifted.add(party)
            shifts.append(shift)
        low = chance.randint(-5, 5)
        drivers[f"factor_{number}"] = {
            "range": [low, low + chance.randint(0, 10)],
            "shifts": shifts,
            **({"likely": low} if chance.random() < 0.5 else {}),
        }
    return detente.load({**data, "drivers": drivers})


def rows_of(case: Case, codings: int, seed: int) -> list[Row]:
    """Some codings: round numbers, so that ties are common; and the ends of all ranges."""
    found = ranged(factors(case))
    shares = np.random.default_rng(seed).random((codings, len(found)))
    if codings > 1:
        shares[0] = np.round(shares[0])
    values = values_at(found, shares)
    return [
        {factor.name: _written(factor, float(values[factor.name][row])) for factor in found}
        for row in range(codings)
    ]


def _written(factor: Factor, value: float) -> str:
    """Rounded, and where nothing at all would be another case, a little more than nothing.

    Without weights there is no coding; what a step puts in place that does nothing is no step.
    """
    key = factor.path[-1]
    if domain(factor)[1] is not None:
        value = min(value, 0.99) if key == "discount" else value
        return f"{max(value, 0.001) if key == 'false_alarm' else value:.3f}"
    some = "weights" in factor.path or key == "amount"
    return f"{max(value, 0.1) if some else value:.1f}"


def as_arrays(rows: Sequence[Row]) -> dict[str, Any]:
    """The codings as the core takes them."""
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def plain(case: Case, row: Row) -> Case:
    """One coding as a case in which no range is left."""
    data = data_of(case)
    for factor in factors(case):
        if factor.name in row and len(factor.path) > 2:
            put(data, factor.path, row[factor.name])
    # All outside factors as one, a unit away from its likely value.
    shifts = []
    for name, driver in data.pop("drivers", {}).items():
        away = Fraction(row.get(f"drivers.{name}", "0")) - likely(case.drivers[name])
        for shift in driver["shifts"] if f"drivers.{name}" in row else ():
            (kind,) = KINDS & set(shift)
            per_unit = parse_number(shift[kind]).point
            shifts.append({**shift, kind: str(per_unit * away)})
    if not shifts:
        return detente.load(data)
    data["drivers"] = {"all": {"range": ["0", "1"], "likely": "0", "shifts": shifts}}
    return with_driver(detente.load(data), "all", Fraction(1))
