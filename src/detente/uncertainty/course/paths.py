"""Outside factors on their way through time, for many codings at once.

*Walk*: the change in a time dt is normal with standard deviation ``per_year`` · √dt, and a path
that steps over an end of its range is folded back (the reflected random walk).

*Revert*: the Ornstein–Uhlenbeck process dX = κ (likely − X) dt + σ dW, in its exact
discretisation (Gillespie 1996, Physical Review E 54):

    X(t + dt) = likely + (X(t) − likely) e^(−κ dt) + s √(1 − e^(−2 κ dt)) Z,   s = σ / √(2 κ).

A case gives one number for both kinds, how far the factor moves in a year. It is read as the same
σ in both: ``per_year`` is what would move it in a year if nothing pulled. The pull is what keeps
it in its range: in the long run the factor is as spread as the range that the case states, read
as triangular about the likely value, so that s is that distribution's standard deviation and
κ = σ² / (2 s²). Folding at the ends holds here too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from detente.model.problem import Floats
from detente.verification.domain import numbers, probabilities

Drawn = Floats | float
"""A number in every coding, or the same in all."""
PathKind = Literal["walk", "revert"]


@dataclass(frozen=True, eq=False)
class MovingDriver:
    """An outside factor, as it moves and as it strikes.

    Parameters
    ----------
    name
        Its name in the case.
    low, high, likely
        Its range and its likely value in that.
    start
        Where it begins, in its range.
    kind
        How it moves; None where the case states no path, and it stays where it begins.
    per_year
        How far it moves in a year, not below 0; see the module. Not read without a path.
    hazards
        Chance per year of the event that it stands for, by the party that it befalls.

    Raises
    ------
    ValueError
        Where a number lies outside its domain.
    """

    name: str
    low: Drawn
    high: Drawn
    likely: Drawn
    start: Drawn
    kind: PathKind | None = None
    per_year: Drawn = 0.0
    hazards: Mapping[str, Drawn] = field(default_factory=dict)

    def __post_init__(self) -> None:
        low = numbers(f"the low end of {self.name}", self.low)
        high = numbers(f"the high end of {self.name}", self.high)
        for words, value in (("likely value", self.likely), ("start", self.start)):
            point = numbers(f"the {words} of {self.name}", value)
            if ((point < low) | (point > high)).any():
                raise ValueError(f"the {words} of {self.name} lies outside its range")
        if (numbers(f"the path of {self.name}", self.per_year) < 0).any():
            raise ValueError(f"how far {self.name} moves in a year is not below 0")
        for party, chance in self.hazards.items():
            probabilities(f"the chance per year that {self.name} befalls {party}", chance)

    @property
    def moves(self) -> bool:
        """Whether the case states a path."""
        return self.kind is not None


@dataclass(frozen=True, eq=False)
class Motion:
    """One period of all drivers: arrays (codings, drivers).

    A value moves to anchor + (value − anchor) · decay + spread · Z, folded into its range.
    """

    low: Floats
    high: Floats
    anchor: Floats
    start: Floats
    decay: Floats
    spread: Floats

    def moved(self, values: Floats, normals: Floats) -> Floats:
        """Where the drivers are a period later, given standard normal numbers."""
        values = self.anchor + (values - self.anchor) * self.decay + self.spread * normals
        return folded(values, self.low, self.high)


def motion(drivers: Sequence[MovingDriver], codings: int, period: float) -> Motion:
    """The motion of drivers over one period.

    Parameters
    ----------
    drivers
        In the order of the columns.
    codings
        How many there are.
    period
        Length of a period in years.
    """

    def table(read: Callable[[MovingDriver], Drawn]) -> Floats:
        columns = [np.broadcast_to(np.float64(read(driver)), codings) for driver in drivers]
        return np.stack(columns, axis=1) if columns else np.zeros((codings, 0))

    low, high = table(lambda driver: driver.low), table(lambda driver: driver.high)
    likely = table(lambda driver: driver.likely)
    speed = table(lambda driver: driver.per_year if driver.moves else 0.0)
    long_run = long_run_spread(low, likely, high)
    back = np.array([driver.kind == "revert" for driver in drivers], np.bool_) & (long_run > 0)
    pull = np.zeros_like(speed)
    np.divide(speed**2, 2 * long_run**2, out=pull, where=back)
    spread = np.where(back, long_run * np.sqrt(-np.expm1(-2 * pull * period)), speed * period**0.5)
    return Motion(
        low,
        high,
        likely,
        table(lambda driver: driver.start),
        np.exp(-pull * period),
        spread,
    )


def long_run_spread(low: Floats, likely: Floats, high: Floats) -> Floats:
    """Standard deviation of the triangular distribution on a range with its likely value.

    Examples
    --------
    >>> long_run_spread(np.array([0.0]), np.array([50.0]), np.array([100.0])).round(3)
    array([20.412])
    """
    width, mode = high - low, likely - low
    out: Floats = np.sqrt((width**2 + mode**2 - width * mode) / 18)
    return out


def folded(values: Floats, low: Floats, high: Floats) -> Floats:
    """Values outside a range folded back into it, as often as it takes.

    Examples
    --------
    >>> folded(np.array([3.0, 12.0, 27.0, -4.0]), np.array(0.0), np.array(10.0))
    array([3., 8., 7., 4.])
    """
    width = high - low
    there_and_back = np.where(width > 0, 2 * width, 1)
    inside = low + width - np.abs(width - np.mod(values - low, there_and_back))
    out: Floats = np.where((values < low) | (values > high), inside, values)
    return np.clip(out, low, high)
