"""Margins that are linear in what the rest of the road is worth, few to a state or step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from detente.model.problem import Booleans, Floats, Integers

FEW = 64
"""Up to so many places every line has a slot of its own: comparing would cost more."""


@dataclass(frozen=True, eq=False)
class Line:
    """One deviation wherever it is possible: margin = level + slope · W, slope ≥ 0.

    Parameters
    ----------
    at
        The states or steps, ascending.
    slope, level
        Of each.
    blamed, paid
        What one unit of guarantee against the party adds to the margin, and one unit that the
        party gets in every period of the process (beside what that does to W).
    """

    at: Integers
    slope: Floats
    level: Floats
    blamed: Floats
    paid: Floats


@dataclass(frozen=True, eq=False)
class Lines:
    """Deviations packed into slots; shape (slots, places). Where there is none the level is inf."""

    slope: Floats
    level: Floats
    blamed: Floats
    paid: Floats

    def with_more(self, guarantee: float, payment: float) -> Lines:
        """The same with a further guarantee and payment."""
        level = self.level + guarantee * self.blamed + payment * self.paid
        return Lines(self.slope, level, self.blamed, self.paid)


def pack(
    lines: Iterable[Line], places: int, least: float, most: float, *, more: bool = True
) -> Lines:
    """Put lines into slots, without those that another one of the place lies below.

    Parameters
    ----------
    lines
        Deviations.
    places
        Number of states or steps.
    least, most
        Between which W lies.
    more
        Whether guarantees and payments will be added: then a line is left out only if they do
        not help against the one below it more than against itself, also by what payments add
        to W.

    Notes
    -----
    A line is left out only where another is no higher at both ends. Cost: lines × slots.
    """
    slots: list[list[Floats]] = []
    for line in lines:
        at = line.at
        if places <= FEW:
            slots.append(_slot(places, at, [line.slope, line.level, line.blamed, line.paid]))
            continue
        parts = [line.slope, line.level, line.blamed, line.paid]
        for slot in slots:
            if not len(at):
                break
            held = [column[at] for column in slot]
            below = _below(held, parts, least, most, more)
            above = ~below & _below(parts, held, least, most, more)
            for column, part in zip(slot, parts, strict=True):
                column[at[above]] = part[above]
            open_ = ~(below | above)
            at, parts = at[open_], [part[open_] for part in parts]
        if len(at):
            slots.append(_slot(places, at, parts))
    columns = list(zip(*slots, strict=True)) if slots else [()] * 4
    shape = (len(slots), places)
    kept = [np.array(column).reshape(shape) for column in columns[: 4 if more else 2]]
    return Lines(*kept, *[np.broadcast_to(0.0, shape)] * (4 - len(kept)))


def _slot(places: int, at: Integers, parts: list[Floats]) -> list[Floats]:
    """One line by itself."""
    fresh = [np.zeros(places), np.full(places, np.inf), np.zeros(places), np.zeros(places)]
    for column, part in zip(fresh, parts, strict=True):
        column[at] = part
    return fresh


def _below(
    lines: list[Floats], others: list[Floats], least: float, most: float, more: bool
) -> Booleans:
    """Where lines are nowhere above others."""
    slope, level, blamed, paid = lines
    low = level + slope * least <= others[1] + others[0] * least
    high = level + slope * most <= others[1] + others[0] * most
    below: Booleans = low & high
    if more:
        below &= (slope <= others[0]) & (blamed <= others[2]) & (paid <= others[3])
    return below
