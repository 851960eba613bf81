"""Each way to cheat looked at alone: how it is seen, how soon, and whether in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from detente.case.schema import Case
from detente.verification.answer import Dash, Temptation
from detente.verification.formulas.breakout import timely_detection
from detente.verification.measures.detection import Detectors, chance, survival
from detente.verification.temptations import Way, judged_by_breakout


@dataclass(frozen=True)
class Worth:
    """What values say about a way to cheat: its gain and margin, and the detection needed.

    ``dash_margin`` and ``dash_needed`` are the same for it as a dash.
    """

    gain: float | None
    margin: float | None
    needed: float | None
    dash_margin: float | None = None
    dash_needed: float | None = None


@dataclass(frozen=True, eq=False)
class Sight:
    """Who looks, and how long it takes to act.

    Parameters
    ----------
    case, outcome
        What was agreed.
    detectors, false_alarm
        The measures that it allows, and how often they are wrong together.
    lag
        Periods from an alarm to acting on it.
    """

    case: Case
    outcome: Mapping[str, str]
    detectors: Detectors
    false_alarm: float
    lag: int

    def temptation(self, party: str, way: Way, worth: Worth | None) -> Temptation:
        """One way to cheat; without ``worth`` only how it is seen."""
        seen = self._seen_by(way)
        covered = float(survival(np.array(list(seen.values()))).sum())
        detection = float(self.detectors.detection(np.array([covered]))[0])
        alarm = 1 - (1 - self.false_alarm) * (1 - detection)
        return Temptation(
            name=way.name,
            party=party,
            issue=way.issue,
            option=way.option,
            generated=way.violation is None,
            gain=worth.gain if worth else self._stated_gain(way),
            detection=detection,
            seen_by={name: p for name, p in seen.items() if p > 0},
            critical_detection=worth.needed if worth else None,
            margin=worth.margin if worth else None,
            expected_time=1 / alarm + self.lag if detection > 0 else None,
            dash=self._dash(way, detection, worth),
            weapons_unjudged=self._unjudged(party, way),
        )

    def _seen_by(self, way: Way) -> dict[str, float]:
        """Chance of each measure; one whose requirement the cheat takes away has none."""
        stands = dict(self.outcome)
        if way.issue is not None and way.option is not None:
            stands[way.issue] = way.option
        return {
            name: chance(measure, way)
            for name, measure in zip(self.detectors.names, self.detectors.measures, strict=True)
            if self.case.allows(name, stands)
        }

    def _stated_gain(self, way: Way) -> float | None:
        stated = way.violation.gain if way.violation is not None else None
        return None if stated is None else float(stated)

    def _dash(self, way: Way, detection: float, worth: Worth | None) -> Dash | None:
        stated = way.violation.breakout if way.violation is not None else None
        if stated is None:
            return None
        return Dash(
            takes=stated.takes,
            prize=float(stated.prize),
            margin=worth.dash_margin if worth else None,
            critical_detection=worth.dash_needed if worth else None,
            useful=max(0, stated.takes - self.lag),
            timely=timely_detection(stated.takes, self.lag, 1, detection),
        )

    def _unjudged(self, party: str, way: Way) -> bool:
        if way.issue is None or not self.case.issues[way.issue].weapons:
            return False
        return not judged_by_breakout(self.case, self.outcome, party, way.issue)
