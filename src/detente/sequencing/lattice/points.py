"""What outcomes on and beside a road are worth to a party, now and after a collapse."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from detente.case.errors import CaseError, Problem
from detente.case.schema import Case
from detente.model.aftermath import Aftermath
from detente.model.compilation import Model
from detente.model.draws import amount
from detente.model.expressions import expression_factor
from detente.model.problem import Booleans, Floats, Integers, Single
from detente.model.space import strides
from detente.sequencing.lattice.items import Item
from detente.sequencing.lattice.road import MOST_CELLS, Road
from detente.verification.temptations import moves_alone

CHUNK = 1 << 15
"""Outcomes valued at once."""


@dataclass(frozen=True, eq=False)
class Grid:
    """Outcomes that can be reached on the road, openly or in secret: a product over the issues.

    Parameters
    ----------
    axes
        For each issue the option positions that occur: those on its way first, in order.
    """

    axes: tuple[tuple[int, ...], ...]

    @cached_property
    def weights(self) -> tuple[int, ...]:
        """What one place further on an axis adds to the number of a point."""
        return strides(tuple(len(axis) for axis in self.axes))

    @property
    def size(self) -> int:
        """Number of points."""
        return math.prod(len(axis) for axis in self.axes)

    def points(self, codes: Integers) -> Integers:
        """The numbers of outcomes given as option positions; shape (outcomes, issues)."""
        out = np.zeros(len(codes), dtype=np.int64)
        for column, axis in enumerate(self.axes):
            table = np.zeros(max(axis) + 1, dtype=np.int64)
            table[list(axis)] = np.arange(len(axis)) * self.weights[column]
            out += table[codes[:, column]]
        return out

    def codes(self) -> Iterator[Integers]:
        """All points as option positions, in chunks."""
        for low in range(0, self.size, CHUNK):
            yield self.at(np.arange(low, min(low + CHUNK, self.size)))

    def at(self, points: Integers) -> Integers:
        """Points as option positions; shape (points, issues)."""
        places = np.unravel_index(points, [len(axis) for axis in self.axes])
        columns = [np.array(axis)[place] for axis, place in zip(self.axes, places, strict=True)]
        return np.stack(columns, axis=1).astype(np.int64)


def grid(road: Road, case: Case) -> Grid:
    """The outcomes of a road, with those that a covert violation would bring about.

    Raises
    ------
    CaseError
        Where they are too many.
    """
    space = road.model.space
    assert road.case.status_quo is not None
    today = space.codes(road.case.status_quo)
    chains = {item.name: item.options for item in road.items if item.kind == "issue"}
    axes = []
    for column, issue in enumerate(space.issues):
        chain = chains.get(issue, (today[column],))
        ordered = case.issues[issue].ordered
        secret = range(max(chain)) if ordered else (today[column],)
        extra = secret if case.covert(issue) else ()
        axes.append((*chain, *(place for place in extra if place not in chain)))
    found = Grid(tuple(axes))
    if found.size > MOST_CELLS:
        what = f"the road touches {found.size:,} outcomes; at most {MOST_CELLS:,} are valued"
        raise CaseError(Problem(what, "settle fewer issues at a time"))
    return found


class Table(Protocol):
    """Numbers by point: an array, or what is asked for; where drawn with the codings first."""

    def __getitem__(self, points: Integers, /) -> Floats: ...


class Asked:
    """Numbers of the points that were asked for, in every coding.

    Parameters
    ----------
    grid
        The points.
    valued
        What outcomes are worth; option positions to shape (codings, outcomes).
    """

    def __init__(self, grid: Grid, valued: Callable[[Integers], Floats]) -> None:
        self._grid, self._valued = grid, valued
        self._known: dict[int, int] = {}
        self._columns: list[Floats] = []

    def ask(self, points: Integers) -> None:
        """Value points together that will be asked for one after the other."""
        new = [int(point) for point in np.unique(points) if int(point) not in self._known]
        if new:
            found = np.atleast_2d(self._valued(self._grid.at(np.array(new, dtype=np.int64))))
            self._known.update({point: len(self._columns) + k for k, point in enumerate(new)})
            self._columns.extend(found.T)

    def __getitem__(self, points: Integers) -> Floats:
        self.ask(points)
        places = [self._known[int(point)] for point in points.ravel()]
        found = np.array([self._columns[place] for place in places]).T
        return found.reshape(*found.shape[:1], *points.shape)


@dataclass(frozen=True, eq=False)
class Valued:
    """What the points of a grid are worth to one party under one coding.

    Parameters
    ----------
    grid
        The outcomes.
    after
        The party's aftermath under the coding.
    drawn
        Whether the coding is many at once, whose numbers are drawn.
    """

    grid: Grid
    after: Aftermath
    drawn: bool = False

    @property
    def case(self) -> Case:
        """The coding."""
        return self.after.model.case

    @property
    def punishment(self) -> int | None:
        """How long cooperation stops after an alarm; None for ever."""
        stated = self.case.verification
        if stated is None or stated.punishment == "forever":
            return None
        return stated.punishment

    @cached_property
    def values(self) -> Table:
        """What each point is worth per period while it stands."""
        return self._table(self.after.values)

    @cached_property
    def breakdown(self) -> Table:
        """What a collapse in each point is worth, guarantees aside."""
        return self._table(lambda codes: self.after.worth(self.after.flows(codes)))

    @cached_property
    def suspended(self) -> Table:
        """What the periods of a finite punishment are worth that begins in each point."""
        return self._table(lambda codes: self.after.worth(self.after.flows(codes), self.punishment))

    def _table(self, valued: Callable[[Integers], Floats]) -> Table:
        """All points; where numbers are drawn only those that are asked for, when they are."""
        if self.drawn:
            return Asked(self.grid, valued)
        return np.concatenate([valued(codes) for codes in self.grid.codes()])

    @cached_property
    def amounts(self) -> tuple[tuple[str, Single, Booleans], ...]:
        """Guarantees against the party: what each takes where it is in force, and at which points.

        They still have to be in place.
        """
        out = []
        for name, entry in self.case.guarantees.items():
            if entry.against != self.after.party:
                continue
            force = np.ones(self.grid.size, dtype=np.bool_)
            if entry.when is not None:
                factor = expression_factor(entry.when, self.after.model.space)
                force = np.concatenate([factor.at(codes) for codes in self.grid.codes()])
            out.append((name, amount(entry.amount), force.astype(np.bool_)))
        return tuple(out)


@dataclass(frozen=True, eq=False)
class Worths:
    """One party under one coding on a road.

    Parameters
    ----------
    road, valued
        The lattice, and what its outcomes are worth.
    """

    road: Road
    valued: Valued

    @property
    def party(self) -> str:
        """Whose."""
        return self.valued.after.party

    @property
    def case(self) -> Case:
        """The coding."""
        return self.valued.case

    @property
    def model(self) -> Model:
        """The coding, compiled."""
        return self.valued.after.model

    @property
    def discount(self) -> Single:
        """What the next period is worth."""
        return self.valued.after.discount

    @property
    def lag(self) -> int:
        """Periods from a finding to acting on it."""
        stated = self.case.verification
        return stated.lag if stated is not None else 0

    @property
    def punishment(self) -> int | None:
        """How long cooperation stops after an alarm; None for ever."""
        return self.valued.punishment

    @property
    def values(self) -> Table:
        """What each point is worth per period while it stands."""
        return self.valued.values

    @property
    def breakdown(self) -> Table:
        """What a collapse in each point is worth, guarantees aside."""
        return self.valued.breakdown

    @property
    def suspended(self) -> Table:
        """What the periods of a finite punishment are worth that begins in each point."""
        return self.valued.suspended

    def points(self, codes: Integers) -> Integers:
        """The points of outcomes given as option positions."""
        return self.valued.grid.points(codes)

    @cached_property
    def here(self) -> Integers:
        """The point of each state."""
        return self.points(self.road.codes)

    @cached_property
    def guarantees(self) -> tuple[tuple[Single, Booleans, Booleans], ...]:
        """Guarantees against the party: what each takes, at which points, in which states."""
        found = self.valued.amounts
        return tuple((taken, force, self.road.placed(name)) for name, taken, force in found)

    def taken(self, states: Integers | slice, points: Integers) -> Floats:
        """What guarantees in place in states take at points."""
        out = np.zeros(len(points))
        for amount_, force, placed in self.guarantees:
            out = out + amount_ * (force[points] & placed[states])
        return out

    @cached_property
    def extremes(self) -> tuple[float, float]:
        """Between which everything lies that a road can be worth."""
        tables = [np.asarray(self.values), np.asarray(self.breakdown)]
        if self.punishment is not None:
            later = self.discount**self.punishment
            tables.append(np.asarray(self.suspended) / (1 - later))
        return min(float(t.min()) for t in tables), max(float(t.max()) for t in tables)

    @cached_property
    def weights(self) -> Integers:
        """What one advance of each item adds to the number of a point; 0 for what is no issue."""
        column = self.road.model.space.issue_position
        steps = self.valued.grid.weights
        items = self.road.items
        found = [steps[column[item.name]] if item.kind == "issue" else 0 for item in items]
        return np.array(found, dtype=np.int64)

    @cached_property
    def own_items(self) -> list[int]:
        """Places of the items that the party moves, alone or with others."""
        return [place for place, item in enumerate(self.road.items) if self._owes(item)]

    def _owes(self, item: Item) -> bool:
        return item.kind == "issue" and self.party in item.owners

    @cached_property
    def covert_items(self) -> frozenset[int]:
        """Places of those that it can leave undone unseen."""
        return frozenset(
            place
            for place in self.own_items
            if self.case.covert(self.road.items[place].name)
            and moves_alone(self.case, self.party, self.road.items[place].name)
        )
