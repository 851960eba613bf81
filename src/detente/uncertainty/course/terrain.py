"""What a course of events is followed on: the road, the stated hazards, and how parties decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, Protocol, get_args

import numpy as np

from detente.model.problem import Booleans, Floats, Integers
from detente.sequencing.answer import Deviation
from detente.uncertainty.course.answer import Cause, Given
from detente.uncertainty.course.paths import Drawn, MovingDriver
from detente.verification.domain import count, finite, probabilities

DEVIATIONS: tuple[Deviation, ...] = get_args(Deviation)
"""Kinds of deviation in the order in which :class:`Decisions` numbers them."""


@dataclass(frozen=True, eq=False)
class Decisions:
    """What keeps each signing party on the road at one moment: arrays (histories, parties).

    Parameters
    ----------
    margin
        Going on less the best deviation; a negative one means that the party deviates.
    kind
        The best deviation, as a position in :data:`DEVIATIONS`.
    hidden
        Whether it would be hidden; what is not is seen at once.
    detection
        Of a hidden one: the chance per period that the planned verification finds it.
    takes
        Of a hidden dash for a prize: the periods that it takes. 0 for what goes on until found.
    """

    margin: Floats
    kind: Integers
    hidden: Booleans
    detection: Floats
    takes: Integers

    def check(self, shape: tuple[int, int]) -> None:
        """Refuse decisions of another shape, or without a margin.

        Raises
        ------
        ValueError
            Where they cannot be followed.
        """
        for name in ("margin", "kind", "hidden", "detection", "takes"):
            found = np.shape(getattr(self, name))
            if found != shape:
                raise ValueError(f"'{name}' has the shape {found}; {shape} is due")
        if np.isnan(self.margin).any():
            raise ValueError("a margin is a number; one is none")
        if ((self.kind < 0) | (self.kind >= len(DEVIATIONS))).any():
            raise ValueError(f"a kind of deviation is a number below {len(DEVIATIONS)}")
        probabilities("the chance to find a hidden deviation", self.detection)
        if (self.takes < 0).any():
            raise ValueError("the periods of a dash are not below 0")


class Decide(Protocol):
    """How parties decide: what is asked once for every step and year."""

    def __call__(
        self, moment: int, histories: Integers, drivers: Floats, generations: Integers
    ) -> Decisions:
        """The decisions at one moment.

        Parameters
        ----------
        moment
            How many steps are done: what can be refused there is the next step, or any part of
            it, and whatever stands already; after the last step, the finished agreement.
        histories
            Which histories decide now: rows of the batch, ascending.
        drivers
            The outside factors as they are now; shape (those histories, drivers).
        generations
            How often the government of each signing party has changed so far; a later one
            decides with a coding of its own. Shape (those histories, parties).
        """
        ...


@dataclass(frozen=True, eq=False)
class Terrain:
    """The road and the hazards of a batch of codings.

    Parameters
    ----------
    codings
        How many there are; each is followed through one history.
    period
        Length of a period in years, up to 1.
    steps
        Periods that each step of the road lasts, at least 1.
    parties
        Those that sign and decide, at least one.
    turnover
        Chance per year that the government of a party changes; a party that is missing has none
        stated, and keeps its government.
    drivers
        Outside factors.
    false_alarms
        Chance per period that honest parties raise an alarm, after the second look: one entry
        for each number of steps done, 0 to all. None where no measure states any.
    punishment
        For how many periods an alarm suspends the process; ``forever``: it ends it.
    lag
        Periods from an alarm to acting on it.

    Raises
    ------
    ValueError
        Where a number lies outside its domain.
    """

    codings: int
    period: float
    steps: Sequence[int]
    parties: tuple[str, ...]
    turnover: Mapping[str, Drawn] = field(default_factory=dict)
    drivers: Sequence[MovingDriver] = ()
    false_alarms: Sequence[Drawn] | None = None
    punishment: int | Literal["forever"] = "forever"
    lag: int = 0

    def __post_init__(self) -> None:
        count("the number of codings", self.codings, 1)
        if not 0 < finite("the length of a period in years", self.period) <= 1:
            raise ValueError("a period is longer than nothing and at most a year")
        if not self.parties:
            raise ValueError("at least one party that signs decides")
        for length in self.steps:
            count("the length of a step in periods", length, 1)
        for party, chance in self.turnover.items():
            probabilities(f"the turnover of {party}", chance)
            if party not in self.parties:
                raise ValueError(f"{party} has a turnover and is not among those that decide")
        if self.false_alarms is not None:
            if len(self.false_alarms) != len(self.steps) + 1:
                raise ValueError("false alarms have an entry for each number of steps done")
            for chance in self.false_alarms:
                probabilities("the chance of a false alarm", chance)
        if self.punishment != "forever":
            count("the length of the punishment", self.punishment, 1)
        count("the lag", self.lag)

    def periods(self, years: float) -> int:
        """Whole periods in so many years.

        Raises
        ------
        ValueError
            Where not even one is over.
        """
        found = int(finite("the number of years", years) / self.period + 1e-9)
        if found < 1:
            raise ValueError(f"{years:g} years are less than one period; follow it for longer")
        return found

    @property
    def periods_a_year(self) -> int:
        """Periods from one yearly decision to the next."""
        return max(1, round(1 / self.period))

    @cached_property
    def events(self) -> tuple[tuple[str, str], ...]:
        """Driver and party of every stated event that befalls a party that signs."""
        return tuple(
            (driver.name, party)
            for driver in self.drivers
            for party in driver.hazards
            if party in self.parties
        )

    @cached_property
    def causes(self) -> tuple[Cause, ...]:
        """Everything that can end the agreement; histories name a cause by its position."""
        kinds = [(party, kind) for party in self.parties for kind in DEVIATIONS]
        return (
            *(Cause("leaves", party, kind) for party, kind in kinds),
            *(Cause("found", party, kind) for party, kind in kinds),
            *(Cause("prize", party, kind) for party, kind in kinds),
            *(Cause("event", party, driver) for driver, party in self.events),
            Cause("false alarm", None, None),
        )

    @cached_property
    def given(self) -> Given:
        """What the case states, and what it does not and therefore does not occur."""
        drivers = self.drivers
        return Given(
            turnover=tuple(party for party in self.parties if party in self.turnover),
            no_turnover=tuple(party for party in self.parties if party not in self.turnover),
            events=self.events,
            unbound=tuple(
                (driver.name, party)
                for driver in drivers
                for party in driver.hazards
                if party not in self.parties
            ),
            no_events=tuple(driver.name for driver in drivers if not driver.hazards),
            paths=tuple(driver.name for driver in drivers if driver.moves),
            no_paths=tuple(driver.name for driver in drivers if not driver.moves),
            false_alarms=self.false_alarms is not None,
        )
