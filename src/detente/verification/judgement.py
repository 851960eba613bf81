"""The answer for one party: what it could gain, what it would lose, and the verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from detente.model.problem import Floats
from detente.verification.alone import Sight, Worth
from detente.verification.answer import Incentives, Temptation, Verdict, not_negative
from detente.verification.extremes import best_and_harshest
from detente.verification.flips import (
    critical_detections,
    critical_discount,
    critical_false_alarm,
    guarantee_needed,
    joint_detection,
    shortest_punishment,
)
from detente.verification.formulas.enforcement import stake
from detente.verification.parties import Tempted
from detente.verification.paths import Paths, total

Bracket = Literal["enforceable", "depends on a richer punishment", "not enforceable"]


@dataclass(frozen=True, eq=False)
class Judgement:
    """One party under the measures that the outcome allows.

    Parameters
    ----------
    tempted
        Its ways to cheat.
    sight
        Who looks.
    periods
        Of punishment; None is forever.
    """

    tempted: Tempted
    sight: Sight
    periods: int | None

    @cached_property
    def paths(self) -> Paths:
        """Its ways to cheat, and what each leads to."""
        return self.tempted.paths(self.sight.lag, self.periods)

    @cached_property
    def leaving(self) -> float:
        """What is left to it if it walks away openly."""
        return float(self.tempted.leaving())

    @cached_property
    def detection(self) -> Floats:
        """How well each way to cheat is seen."""
        return self.tempted.detectors.detection(self.tempted.coverage.sum(axis=1))

    @property
    def false_alarm(self) -> float:
        """How often the measures are wrong together."""
        return self.sight.false_alarm

    @cached_property
    def margins(self) -> Floats:
        """Honesty less each way to cheat."""
        return self.paths.margins(self.detection, self.false_alarm)

    def answer(self) -> Incentives:
        """Everything about the party."""
        tempted, lag, none = self.tempted, self.sight.lag, not len(self.paths)
        best, harshest = self._extremes
        worst = None if none else int(self.margins.argmin())
        temptations = tuple(self._temptations())
        return Incentives(
            party=tempted.after.party,
            signs=tempted.case.parties[tempted.after.party].signs,
            comply=tempted.comply,
            worth=self._honesty(self.false_alarm),
            punished=self._punished,
            discount=tempted.after.discount,
            stake=self._stake,
            leave=self._honesty(self.false_alarm) - self.leaving,
            temptations=temptations,
            sets=tempted.sets,
            margin=None if worst is None else float(self.margins[worst]),
            worst=() if worst is None else tuple(way.name for way in tempted.ways(worst)),
            critical_detection_jointly=None if none else self._joint_detection,
            critical_discount=critical_discount(
                tempted, self.detection, self.false_alarm, lag, self.periods
            ),
            critical_false_alarm=critical_false_alarm(self.paths, self.leaving, self.detection),
            shortest_punishment=shortest_punishment(tempted, self.detection, self.false_alarm, lag),
            guarantee=self._guarantee(self.detection, self.false_alarm),
            guarantee_at_best=self._guarantee(np.ones(len(self.paths)), 0.0),
            best=best,
            harshest=harshest,
            verdict=self._verdict(any(entry.weapons_unjudged for entry in temptations)),
            bracket=self._bracket,
        )

    def _honesty(self, false_alarm: float) -> float:
        path = self.tempted.leaving_path(self.sight.lag, self.periods)
        return float(path.honesty(false_alarm)[0])

    def _temptations(self) -> Iterator[Temptation]:
        """Per slot the way with the least margin alone."""
        tempted, needed = self.tempted, self._needed
        for slot, entries in enumerate(tempted.slots):
            rows = [tempted.alone[slot, place] for place in range(len(entries))]
            row = min(rows, key=lambda row: self.margins[row])
            way = tempted.ways(row)[0]
            stated = way.violation is None or way.violation.gain is not None
            dash = tempted.dash_rows.get(slot)
            worth = Worth(
                gain=float(self.paths.flow[row] - tempted.comply) if stated else None,
                margin=float(self.margins[row]) if stated else None,
                needed=_known(needed[row]) if stated else None,
                dash_margin=None if dash is None else float(self.margins[dash]),
                dash_needed=None if dash is None else _known(needed[dash]),
            )
            yield self.sight.temptation(tempted.after.party, way, worth)

    @cached_property
    def _needed(self) -> Floats:
        return critical_detections(self.paths, self.false_alarm)

    @property
    def _joint_detection(self) -> float | None:
        return joint_detection(self.tempted, self.paths, self._needed, self.false_alarm)

    @property
    def _punished(self) -> float:
        """What the aftermath of an alarm of its own making is worth per period."""
        if self.periods is None:
            return self.leaving
        share = 1 - self.tempted.after.discount**self.periods
        return float(self.tempted.found(self.periods)[1] / share)

    @property
    def _stake(self) -> float:
        delta = self.tempted.after.discount
        return stake(self.tempted.comply, self._punished, delta, self.false_alarm, self.periods)

    def _guarantee(self, detection: Floats, false_alarm: float) -> float | None:
        if self.periods is not None:
            return None
        leave = self.leaving - self._honesty(false_alarm)
        needed = guarantee_needed(self.paths, detection, false_alarm)
        return None if needed is None else max(0.0 if not_negative(-leave) else leave, needed)

    @cached_property
    def _extremes(self) -> tuple[float, float]:
        """The most and the least that it can get, a collapse and guarantees included."""
        after = self.tempted.after
        best, least = best_and_harshest(after.model, after.party)
        paths = self.tempted.paths(self.sight.lag, None)
        found = paths.found - paths.blame
        harshest = min(least + min(0.0, after.shift), self.leaving, *found.tolist())
        return max(best, self.tempted.comply), harshest

    def _verdict(self, weapons_unjudged: bool) -> Verdict:
        if self._holds(self.detection, self.false_alarm):
            return "with verification" if weapons_unjudged else "yes"
        ones = np.ones(len(self.paths))
        if self._holds(ones, 0.0):
            return "with verification"
        return "with a larger stake" if self._possible(ones, 0.0) else "no"

    @property
    def _bracket(self) -> Bracket:
        if self._holds(self.detection, self.false_alarm):
            return "enforceable"
        possible = self._possible(self.detection, self.false_alarm)
        return "depends on a richer punishment" if possible else "not enforceable"

    def _holds(self, detection: Floats, false_alarm: float) -> bool:
        margins = self.paths.margins(detection, false_alarm)
        stays = not_negative(self._honesty(false_alarm) - self.leaving)
        return stays and bool(not_negative(margins).all())

    def _possible(self, detection: Floats, false_alarm: float) -> bool:
        """Whether some punishment within reach could deter: F13, and its like for a dash.

        The gain of one period must not exceed what a finding can cost at most, from the
        best that the party can get to the worst that it can be held to.
        """
        best, harshest = self._extremes
        paths, alarm = self.paths, total(detection, false_alarm)
        reach = paths.discount**paths.lag * (alarm - false_alarm) * (best - harshest)
        gains = (1 - paths.discount) * (paths.flow - self.tempted.comply)
        worst = np.full(len(paths), harshest)
        plain = replace(paths, blame=0 * paths.blame)  # what the harshest treatment includes
        dashes = plain.dashes(detection, false_alarm, worst)
        trickles = not_negative(reach - gains) | (paths.takes > 0)
        return bool(trickles.all()) and bool(not_negative(best - dashes).all())


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
