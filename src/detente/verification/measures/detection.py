"""What the measures of a case see in an agreed outcome, and how often they are wrong.

Detectors are independent of each other, one per measure and violation. With p their
chances per period, the combined own detection of the violated parts is
d = keeps_true · (1 − Π (1 − p)), the false-alarm probability F = keeps_false · (1 − Π (1 − f)),
and the total alarm probability of a period in which these parts are violated
D = 1 − (1 − F)(1 − d).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.case.implementation import Measure
from detente.case.schema import Case
from detente.model.draws import amount
from detente.model.problem import Floats, Single
from detente.verification.temptations import Way

CERTAIN = 800.0
"""Stands for −ln(1 − 1): what is left of e^−800 is nothing."""


@dataclass(frozen=True, eq=False)
class Detectors:
    """The measures that an outcome allows.

    Parameters
    ----------
    names, measures
        Them, in the order of the case.
    refused
        The other measures of the case, with what they require.
    wrong
        −ln(1 − f) of each; shape (measures,), or (codings, measures) where they are drawn.
    keeps_true, keeps_false
        Shares of true and of false alarms that a second look leaves; columns where drawn.
    """

    names: tuple[str, ...]
    measures: tuple[Measure, ...]
    refused: Mapping[str, str]
    wrong: Floats
    keeps_true: Single
    keeps_false: Single

    def seen(self, ways: Sequence[Way]) -> Floats:
        """−ln(1 − p) of each measure for each way to cheat; shape (ways, measures).

        Where they are drawn the shape is (ways, codings, measures).
        """
        rows = [side_by_side([chance(measure, way) for measure in self.measures]) for way in ways]
        if not rows:
            return np.zeros((0, len(self.names)))
        return survival(np.stack(np.broadcast_arrays(*rows)))

    def detection(self, coverage: Floats) -> Floats:
        """Own detection after the second look, from sums of −ln(1 − p)."""
        found: Floats = self.keeps_true * -np.expm1(-coverage)
        return found

    def false_alarm(self, used: Floats) -> Floats:
        """False-alarm probability after the second look of the measures used (0 or 1).

        ``used`` has shape (measures,) or (cases, measures), the answer (), (1,) where it is
        drawn, or (cases,); with the codings before it.
        """
        wrong: Floats = -np.expm1(-(self.wrong @ used.T))
        if np.ndim(self.wrong) > 1 and used.ndim == 1:
            wrong = wrong[:, None]
        out: Floats = self.keeps_false * wrong
        return out


def detectors(case: Case, outcome: Mapping[str, str]) -> Detectors:
    """What the verification of a case consists of in an outcome."""
    entries = _measures(case)
    allowed = {name: entry for name, entry in entries.items() if case.allows(name, outcome)}
    return _detectors(case, allowed)


def every_detector(case: Case) -> Detectors:
    """All measures of a case, whatever they require."""
    return _detectors(case, _measures(case))


def _measures(case: Case) -> Mapping[str, Measure]:
    return case.verification.measures if case.verification is not None else {}


def _detectors(case: Case, allowed: Mapping[str, Measure]) -> Detectors:
    stated, entries = case.verification, _measures(case)
    look = stated.second_look if stated is not None else None
    wrong = [amount(e.false_alarm) if e.false_alarm is not None else 0.0 for e in allowed.values()]
    return Detectors(
        tuple(allowed),
        tuple(allowed.values()),
        {name: str(entry.requires) for name, entry in entries.items() if name not in allowed},
        survival(side_by_side(wrong)),
        amount(look.keeps_true) if look is not None else 1.0,
        amount(look.keeps_false) if look is not None else 1.0,
    )


def chance(measure: Measure, way: Way) -> Single:
    """Chance per period that a measure by itself sees a way to cheat, before the second look."""
    stated = measure.detects.get(way.name, {})
    found = stated.get(way.option or "", stated.get(""))
    return 0.0 if found is None else amount(found)


def side_by_side(entries: Sequence[Single]) -> Floats:
    """Numbers as an array, and columns of codings as one with the codings first."""
    if not any(isinstance(entry, np.ndarray) for entry in entries):
        return np.array(entries, dtype=np.float64)
    columns = np.broadcast_arrays(*(np.atleast_2d(entry) for entry in entries))
    return np.concatenate(columns, axis=1)


def survival(chances: Floats) -> Floats:
    """−ln(1 − p), so that independent chances add up; :data:`CERTAIN` where p is 1."""
    with np.errstate(divide="ignore"):
        return np.minimum(-np.log1p(-chances), CERTAIN)
