"""The course of events of a package: its road, its hazards, and how its parties decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.case.errors import CaseError, Problem
from detente.case.numbers import Number
from detente.case.schema import Case
from detente.model.aftermath import YEARS
from detente.model.draws import amount, quantile
from detente.model.drivers import extremes, likely
from detente.model.problem import Booleans, Floats, Integers
from detente.sequencing.lattice.road import Road
from detente.sequencing.setting import Coding, Setting
from detente.sequencing.terms.deviations import Way, deviations
from detente.uncertainty.answer import Factor
from detente.uncertainty.batches import BATCH
from detente.uncertainty.codings import ranged, under
from detente.uncertainty.course.answer import Course
from detente.uncertainty.course.paths import MovingDriver
from detente.uncertainty.course.simulation import follow
from detente.uncertainty.course.summary import summed_up
from detente.uncertainty.course.terrain import DEVIATIONS, Decisions, Terrain
from detente.uncertainty.draws import Draws
from detente.uncertainty.package import Asked
from detente.uncertainty.sampling.correlation import correlated
from detente.uncertainty.sampling.designs import LEAST
from detente.verification.answer import not_negative

LONGEST = 100
"""Most years that an agreement is followed."""
HISTORIES = 2 * BATCH
"""Most histories that are followed."""
RENEWED = 2
"""Key of the random numbers of governments that come later, beside those of the design."""
HAZARDS = 3
"""Key of those of hazards and paces, which are in no other draw."""


def require_years(case: Case, years: float) -> None:
    """Refuse to follow an agreement for less than a period, or for too long.

    Raises
    ------
    CaseError
        Where it cannot be followed for so many years.
    """
    if not 0 < years <= LONGEST:
        what = f"years are a number above 0 and up to {LONGEST}; this is {years:g}"
        raise CaseError(Problem(what, "for instance 10"))
    if years < YEARS[case.period] - 1e-9:
        what = f"{years:g} years are less than one {case.period}, the period of the case"
        raise CaseError(Problem(what, "follow it for longer, for instance 10"))


def followed(asked: Asked, draws: Draws, years: float, histories: int) -> Course:
    """What becomes of a package over the years.

    Outside factors begin where they are drawn; those with a path move from there. Hazards and
    paces with a range are drawn from it, each by itself. A later government has numbers of its
    own, drawn from the same ranges.

    Parameters
    ----------
    asked
        The package, with a road.
    draws
        The codings that are followed, one history each.
    years
        For how long.
    histories
        How many; the first ones.

    Raises
    ------
    ValueError
        Where not even one period is over in that time.
    """
    parts = []
    for start in range(0, histories, BATCH):
        batch = _Batch(asked, draws, start, min(start + BATCH, histories))
        periods = batch.terrain.periods(years)
        found = follow(batch.terrain, batch, periods, draws.seed, start // BATCH)
        parts.append((batch.terrain, found))
    return summed_up(parts)


@dataclass(frozen=True, eq=False)
class _Batch:
    """A batch of codings: its terrain, and its decisions when called."""

    asked: Asked
    draws: Draws
    start: int
    stop: int

    @property
    def count(self) -> int:
        return self.stop - self.start

    @property
    def case(self) -> Case:
        return self.asked.case

    @property
    def road(self) -> Road:
        assert self.asked.road is not None
        return self.asked.road

    @cached_property
    def drawn_factors(self) -> tuple[Factor, ...]:
        return ranged(self.asked.factors)

    @cached_property
    def values(self) -> Mapping[str, Floats]:
        """The numbers of every coding as the governments of the beginning have them."""
        return self.draws.values(self.drawn_factors, self.draws.shares(self.start, self.stop))

    @cached_property
    def drawn(self) -> Case:
        """The case in these codings, drivers where they begin."""
        return under(self.case, self.asked.factors, self.values)

    @property
    def parties(self) -> tuple[str, ...]:
        """Those that sign."""
        return self.case.signing

    @cached_property
    def deciding(self) -> tuple[str, ...]:
        """Those of them that have scores; the others stay as long as nothing befalls them."""
        return Coding("", self.case, self.road).bound

    @cached_property
    def terrain(self) -> Terrain:
        """The road and the hazards that the case states."""
        times, pace = self.road.durations
        stated = self.case.verification
        states = self.drawn.parties
        turnover = {
            party: _flat(amount(number))
            for party in self.parties
            if (number := states[party].turnover) is not None
        }
        return Terrain(
            codings=self.count,
            period=YEARS[self.case.period],
            steps=tuple(int(times[place]) for place in pace),
            parties=self.parties,
            turnover=turnover,
            drivers=[*self._drivers()],
            false_alarms=self._false_alarms(),
            punishment="forever" if stated is None else stated.punishment,
            lag=0 if stated is None else stated.lag,
        )

    def _drivers(self) -> Iterator[MovingDriver]:
        """Outside factors from where they are drawn; the same draws however many are followed."""
        key = (self.start // BATCH, HAZARDS)
        rng = np.random.default_rng(np.random.SeedSequence(self.draws.seed, spawn_key=key))

        def drawn(number: Number) -> Floats:
            return quantile(number, rng.random(BATCH)[: self.count])

        for name, driver in self.case.drivers.items():
            low, high = extremes(driver)
            path = driver.path
            yield MovingDriver(
                name=name,
                low=float(low),
                high=float(high),
                likely=float(likely(driver)),
                start=self.values.get(f"drivers.{name}", float(likely(driver))),
                kind=None if path is None else path.kind,
                per_year=0.0 if path is None else np.maximum(drawn(path.per_year), 0),
                hazards={
                    party: np.clip(drawn(number), 0, 1) for party, number in driver.hazards.items()
                },
            )

    def _false_alarms(self) -> list[Floats | float] | None:
        stated = self.case.verification
        if stated is None or all(m.false_alarm is None for m in stated.measures.values()):
            return None
        coding = Coding("", self.drawn, self.road, drawn=True)
        terms = Setting(self.road, (coding,), self.asked.model).terms(
            self.road, coding, self.deciding[0]
        )
        found = terms.watchers.false_alarm
        return [_flat(found[..., state : state + 1]) for state in range(found.shape[-1])]

    def __call__(
        self, moment: int, histories: Integers, drivers: Floats, generations: Integers
    ) -> Decisions:
        """What each party gains by staying, with the drivers and governments as they are now."""
        values = self._now(histories, generations)
        for column, name in enumerate(self.case.drivers):
            values[f"drivers.{name}"] = drivers[:, column]
        coding = Coding("", under(self.case, self.asked.factors, values), self.road, drawn=True)
        setting = Setting(self.road, (coding,), self.asked.model)
        columns = []
        for party in self.parties:
            ways = [Way(moment, "walk away", (), np.zeros(1))]
            if party in self.deciding:
                ways = [*deviations(setting.terms(self.road, coding, party))]
            columns.append(_best([way for way in ways if way.moment == moment], len(histories)))
        margin, kind, hidden, detection, takes = (
            np.stack(part, axis=1) for part in zip(*columns, strict=True)
        )
        return Decisions(margin, kind, hidden, detection, takes)

    def _now(self, histories: Integers, generations: Integers) -> dict[str, Floats]:
        """The numbers of the codings; those of a later government are drawn anew."""
        values = {name: column[histories].copy() for name, column in self.values.items()}
        for later in range(1, int(generations.max(initial=0)) + 1):
            fresh = self._fresh(later)
            for place, party in enumerate(self.parties):
                rows = generations[:, place] == later
                for name in self._own[party] if rows.any() else ():
                    values[name][rows] = fresh[name][histories][rows]
        return values

    @cached_property
    def _own(self) -> Mapping[str, tuple[str, ...]]:
        """The numbers of each party: its values, and what is stated of itself."""
        return {
            party: tuple(
                factor.name
                for factor in self.drawn_factors
                if factor.path[:2] in (("values", party), ("parties", party))
            )
            for party in self.parties
        }

    @cached_property
    def _kept(self) -> dict[int, dict[str, Floats]]:
        return {}

    def _fresh(self, generation: int) -> dict[str, Floats]:
        if generation not in self._kept:
            key = (self.start // BATCH, RENEWED, generation)
            rng = np.random.default_rng(np.random.SeedSequence(self.draws.seed, spawn_key=key))
            shares = np.clip(rng.random((self.count, len(self.draws.factors))), LEAST, 1 - LEAST)
            shares = correlated(shares, self.draws.correlation)
            self._kept[generation] = self.draws.values(self.drawn_factors, shares)
        return self._kept[generation]


def _best(ways: list[Way], codings: int) -> tuple[Floats, Integers, Booleans, Floats, Integers]:
    """The best deviation of one party: margin, kind, whether hidden, detection, periods."""

    def table(columns: list[Floats | float]) -> Floats:
        return np.stack([np.broadcast_to(column, codings) for column in columns]).astype(float)

    margins = table([way.margin for way in ways])
    chosen = margins.argmin(axis=0)
    every = np.arange(codings)
    kinds = np.array([DEVIATIONS.index(way.deviation) for way in ways])
    hidden = np.array([way.detection is not None for way in ways])
    takes = np.array([way.takes for way in ways])
    found = table([0.0 if way.detection is None else way.detection for way in ways])
    # A tie is kept: whoever gains nothing by leaving stays.
    margin = np.where(
        not_negative(margins[chosen, every]), np.abs(margins[chosen, every]), margins[chosen, every]
    )
    return margin, kinds[chosen], hidden[chosen], found[chosen, every], takes[chosen]


def _flat(stated: Floats | float) -> Floats | float:
    return stated[..., 0] if isinstance(stated, np.ndarray) else stated
