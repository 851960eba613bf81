"""Honesty against cheating until found: the two paths whose values a margin compares.

One period is one verification cycle, and an alarm is acted upon m = 1 + lag periods after
the beginning of the period in which it is raised. With θ the expected discount to the day on
which one is acted upon (:func:`detente.verification.formulas.lag.found`), normalised by (1 − δ),

- honesty is worth   W = (1 − θ_F) c + θ_F (b₀ + δ^T W),
- cheating until found  V = (1 − θ_D) (c + g) + θ_D (b + δ^T W) − φ γ,

with b₀ and b the aftermath of honesty and of cheating for T periods, after which the process
resumes (δ^T = 0 where punishment lasts), and γ what guarantees take from one who is to blame:
only a true alarm counts for that, and φ is the expected discount to it. The margin W − V is
per period, on the scale of the values. With m = 1 and γ = 0 it has the sign of F4, and is F4
times (1 − δ) / (1 − δ (1 − D)). A dash for a prize replaces V (F11); who breaks out is to
blame.

With a lag and several violations a plan that begins with what is hardest to see and goes on
to more may pay a little where no set in every period does; a safe test for one aftermath is
``lagged_stake`` in :mod:`detente.verification.formulas.lag`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from detente.model.problem import Booleans, Floats, Integers
from detente.verification.formulas.breakout import dash_unchecked
from detente.verification.formulas.lag import found_unchecked as until_found


@dataclass(frozen=True, eq=False)
class Paths:
    """Ways to cheat as arrays, one entry a way; see the module for the letters.

    Where numbers are drawn the codings are a first axis; the ways are the last one.

    Parameters
    ----------
    discount, lag
        δ and m.
    comply, rest, resumes
        c, b₀ and δ^T (0 where punishment lasts).
    flow, found, blame
        c + g, b and γ.
    returns
        δ^T again, or 0 for who leaves for good.
    takes, prize
        Periods of a dash (0 for none), and what its prize adds.
    """

    discount: Floats
    lag: Integers
    comply: Floats
    rest: Floats
    resumes: Floats
    flow: Floats
    found: Floats
    blame: Floats
    returns: Floats
    takes: Integers
    prize: Floats

    def __len__(self) -> int:
        return int(self.flow.shape[-1])

    def at(self, rows: Integers | Booleans | slice) -> Paths:
        """Some of them."""
        return Paths(*(getattr(self, field.name)[..., rows] for field in fields(self)))

    def honesty(self, false_alarm: float | Floats) -> Floats:
        """W, for a false-alarm probability."""
        theta = until_found(self.discount, false_alarm, 1)
        worth: Floats = (self.comply * (1 - theta) + theta * self.rest) / (1 - theta * self.resumes)
        return worth

    def cheating(self, detection: Floats, false_alarm: float | Floats, worth: Floats) -> Floats:
        """V, for own detections of what is violated and the value of honesty."""
        alarm = total(detection, false_alarm)
        pending = until_found(self.discount, 0, self.lag, false_alarm)
        theta = until_found(self.discount, alarm, self.lag, false_alarm)
        found = self.found + self.returns * worth
        blamed = self.blame * (theta - pending) * _share(detection, alarm)
        value: Floats = (1 - theta) * self.flow + theta * found - blamed
        dashes = self.takes > 0
        if dashes.any():
            dashed = self.dashes(detection, false_alarm, found)
            shape = np.broadcast_shapes(value.shape[:-1], dashed.shape[:-1])
            value = np.array(np.broadcast_to(value, (*shape, len(self))))
            value[..., dashes] = dashed
        return value

    def dashes(self, detection: Floats, false_alarm: float | Floats, found: Floats) -> Floats:
        """The values of those that are dashes, for what is left to one who is found."""
        rows = np.flatnonzero(self.takes)
        at, detection, found = self.at(rows), detection[..., rows], found[..., rows]
        false = np.broadcast_to(false_alarm, (*np.shape(false_alarm)[:-1], len(self)))[..., rows]
        alarm = total(detection, false)
        times = (at.discount, alarm, at.takes, at.lag - 1, false)
        end, success = dash_unchecked(0, 1, 0, *times), dash_unchecked(0, 0, 1, *times)
        pending = until_found(at.discount, 0, np.minimum(at.lag, at.takes + 1), false)
        true = (end - success - pending) * _share(detection, alarm)
        value: Floats = dash_unchecked(at.flow, found, at.prize, *times)
        return value - at.blame * (true + success)

    def margins(self, detection: Floats, false_alarm: float | Floats) -> Floats:
        """W − V, for own detections of what is violated."""
        worth = self.honesty(false_alarm)
        return worth - self.cheating(detection, false_alarm, worth)


def total(detection: Floats, false_alarm: float | Floats) -> Floats:
    """D = 1 − (1 − F)(1 − d)."""
    alarm: Floats = 1 - (1 - false_alarm) * (1 - detection)
    return alarm


def joined(parts: Sequence[Paths]) -> Paths:
    """Several after one another."""
    return Paths(
        *(np.concatenate([getattr(part, f.name) for part in parts], -1) for f in fields(Paths))
    )


def _share(detection: Floats, alarm: Floats) -> Floats:
    """Share of the alarms that are true; 0 where there are none."""
    return np.divide(detection, alarm, out=np.zeros_like(alarm), where=alarm > 0)
