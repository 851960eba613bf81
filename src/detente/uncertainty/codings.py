"""Many codings of a case at once: every number that may be another, and the case with draws.

The numbers of a case lie at places such as ``values.north.weights.arms``; an outside factor
(``drivers.oil_price``) is one number that shifts others. A case in which some of them are drawn
is a case like any other whose likely values are as stated; what is computed from it has the
codings as a first axis (:mod:`detente.model.draws`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from detente.case.fields import FrozenDict, Record, WalkAway
from detente.case.implementation import Driver, Shift
from detente.case.numbers import Number
from detente.case.schema import Case
from detente.model.compilation import compile_case
from detente.model.draws import Drawn, amount, quantile, ranged_values, varies
from detente.model.drivers import likely
from detente.model.problem import Floats
from detente.model.values import walk_away_value
from detente.uncertainty.answer import Factor, Kind, kind_of

Path = tuple[str | int, ...]

PARTS = ("parties", "values", "verification", "violations", "guarantees")
"""Parts of a case whose numbers are drawn."""
IDLE = ("sees", "cost")
"""Kinds of numbers on which no verdict rests: of own views, and what measures cost."""
BELOW_ONE = 1 - 1e-9
"""Largest discount of a drawn number: at 1 the future has no end."""

_STATED = tuple(field.name for field in dataclasses.fields(Number))


def factors(case: Case) -> tuple[Factor, ...]:
    """Every number that a verdict may rest on, ranged or not, then the outside factors.

    A driver stands for its range, with its likely value as its point; how much a unit of it
    shifts is a number too.
    """
    found = []
    path: Path
    for part in PARTS:
        for path, number in _numbers(getattr(case, part), (part,)):
            if kind_of(path) not in IDLE:
                found.append(Factor(_dotted(path), path, number, _party(path)))
    for name, driver in case.drivers.items():
        path = ("drivers", name)
        stated = dataclasses.replace(driver.range, point=likely(driver))
        if driver.likely is not None and driver.range.shape == "uniform":
            stated = dataclasses.replace(stated, shape="triangular")
        found.append(Factor(_dotted(path), path, stated))
        for place, shift in enumerate(driver.shifts):
            for kind in ("weight", "score", "walk_away"):
                number = getattr(shift, kind)
                if number is not None:
                    at = (*path, "shifts", place, kind)
                    found.append(Factor(_dotted(at), at, number))
    return tuple(found)


def ranged(found: tuple[Factor, ...]) -> tuple[Factor, ...]:
    """Those that are drawn: with a range that holds more than one value."""
    return tuple(factor for factor in found if varies(factor.number))


def domain(factor: Factor) -> tuple[float | None, float | None]:
    """Between which values the number has a meaning; None where that side is open."""
    return _DOMAINS.get(factor.kind, (None, None))


_DOMAINS: Mapping[Kind, tuple[float | None, float | None]] = {
    "discount": (0.0, BELOW_ONE),
    "turnover": (0.0, 1.0),
    "detects": (0.0, 1.0),
    "false_alarm": (0.0, 1.0),
    "second_look": (0.0, 1.0),
    "weights": (0.0, None),
    "amount": (0.0, None),
}


def within_domain(factor: Factor, values: Floats) -> Floats:
    """Values, those beyond the domain moved to its end (of normal numbers, for instance)."""
    low, high = domain(factor)
    return np.clip(values, low, high) if low is not None or high is not None else values


def values_at(found: tuple[Factor, ...], shares: Floats) -> dict[str, Floats]:
    """The values of factors at shares of their ranges, shape (codings, factors); by name."""
    return {
        factor.name: within_domain(factor, quantile(factor.number, shares[:, column]))
        for column, factor in enumerate(found)
    }


def under(case: Case, found: tuple[Factor, ...], values: Mapping[str, Floats]) -> Case:
    """The case with some of its numbers drawn.

    Parameters
    ----------
    case
        The case.
    found
        Its :func:`factors`.
    values
        By name of the factor its value in every coding; shape (codings,). Numbers that are left
        out stand as stated, and drivers at their likely value.
    """
    tree: dict[str | int, Any] = {}
    for factor in found:
        if factor.name in values and factor.path[0] in PARTS:
            _put(tree, factor.path, values[factor.name])
    drawn = case.changed(
        **{str(part): _with(getattr(case, str(part)), tree[part]) for part in tree}
    )
    # A walk-away that is an outcome is worth what that is worth after all other shifts.
    for kinds in (("weight", "score"), ("walk_away",)):
        for name, driver in case.drivers.items():
            drawn = _shifted(drawn, name, driver, values, kinds)
    return drawn


def _numbers(node: Any, path: Path) -> Iterator[tuple[Path, Number]]:
    """Every number of a part, with its place."""
    if isinstance(node, Number):
        yield path, node
    elif isinstance(node, WalkAway):
        if node.number is not None:
            yield path, node.number
    elif isinstance(node, Record):
        for name in type(node).model_fields:
            yield from _numbers(getattr(node, name), (*path, name))
    elif isinstance(node, Mapping):
        for name, entry in node.items():
            yield from _numbers(entry, (*path, name))
    elif isinstance(node, tuple):
        for place, entry in enumerate(node):
            yield from _numbers(entry, (*path, place))


def _party(path: Path) -> str | None:
    """Whose values a number belongs to, with those of its factions."""
    if path[0] == "values":
        return str(path[1])
    factional = path[0] == "parties" and len(path) > 4 and path[2] == "factions"
    return str(path[1]) if factional and path[4] == "values" else None


def _dotted(path: Path) -> str:
    return ".".join(str(key) for key in path if key != "")


def _put(tree: dict[str | int, Any], path: Path, leaf: Floats) -> None:
    for key in path[:-1]:
        tree = tree.setdefault(key, {})
    tree[path[-1]] = leaf


def _with(node: Any, tree: Any) -> Any:
    """A part of a case with numbers drawn at the leaves of the tree."""
    if isinstance(node, Number):
        return drawn_number(node, tree)
    if isinstance(node, WalkAway):
        assert node.number is not None
        return dataclasses.replace(node, number=drawn_number(node.number, tree))
    if isinstance(node, Record):
        changed = {key: _with(getattr(node, key), below) for key, below in tree.items()}
        return node.model_copy(update=changed)
    if isinstance(node, tuple):
        return tuple(_with(each, tree[k]) if k in tree else each for k, each in enumerate(node))
    entries = {key: _with(node[key], below) for key, below in tree.items()}
    return FrozenDict({**node, **entries})


def drawn_number(number: Number, draws: Floats) -> Drawn:
    """A number with its values in every coding."""
    stated = {name: getattr(number, name) for name in _STATED}
    return Drawn(**stated, draws=draws)


def _shifted(
    case: Case, name: str, driver: Driver, values: Mapping[str, Floats], kinds: tuple[str, ...]
) -> Case:
    """A driver away from its likely value; :func:`detente.model.drivers.with_driver` for draws."""
    if f"drivers.{name}" not in values:
        return case
    distance = values[f"drivers.{name}"] - float(likely(driver))
    for place, shift in enumerate(driver.shifts):
        for kind in kinds:
            number = getattr(shift, kind)
            if number is not None:
                per_unit = values.get(f"drivers.{name}.shifts.{place}.{kind}", float(number))
                case = _moved(case, shift, per_unit * distance)
    return case


def _moved(case: Case, shift: Shift, by: Floats) -> Case:
    values, issue = case.values.get(shift.party), shift.issue or ""
    if values is None or not values.cardinal:
        return case
    if shift.walk_away is not None:
        return _walk_away_moved(case, shift.party, by)
    if shift.weight is not None:
        weights = values.weights or {}
        if issue not in weights:
            return case
        above = _plus(weights[issue], by)
        moved = drawn_number(above, np.maximum(above.draws, 0))
        update: dict[str, Any] = {"weights": FrozenDict({**weights, issue: moved})}
    else:
        scores, option = values.scores or {}, shift.option or ""
        if issue not in scores:
            return case
        row = {**scores[issue], option: _plus(scores[issue][option], by)}
        scores = {**scores, issue: FrozenDict(row)}
        update = {"scores": FrozenDict(scores)}
    changed = {**case.values, shift.party: values.model_copy(update=update)}
    return case.changed(values=FrozenDict(changed))


def _walk_away_moved(case: Case, name: str, by: Floats) -> Case:
    party = case.parties[name]
    stated = party.walk_away.number
    if stated is None:
        found = ranged_values(case, name)
        if found.drawn is not None:
            leaving = found.leaving[:, 0]
        else:
            model = compile_case(case)
            entry = model.problem.criteria[model.position[name]]
            leaving = np.full(len(by), float(walk_away_value(entry)))
        stated = drawn_number(Number(Fraction(0)), leaving)
    walk_away = WalkAway(_plus(stated, by), None, party.walk_away.because)
    changed = party.model_copy(update={"walk_away": walk_away})
    return case.changed(parties=FrozenDict({**case.parties, name: changed}))


def _plus(number: Number, by: Floats) -> Drawn:
    base = amount(number)
    return drawn_number(number, (base[:, 0] if isinstance(base, np.ndarray) else base) + by)
