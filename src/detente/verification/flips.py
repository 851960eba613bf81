"""Where the verdict on a party flips: detection, discount, false alarms, punishment, stake."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from detente.model.problem import Floats
from detente.verification.answer import not_negative
from detente.verification.formulas.critical import threshold
from detente.verification.formulas.lag import found as until_found
from detente.verification.parties import Tempted
from detente.verification.paths import Paths

LONGEST = 1 << 20
"""Most periods of punishment that are tried; what needs more needs it forever."""
GRID = 128
"""Discount factors that are tried before the flip among them is searched."""


def critical_detections(paths: Paths, false_alarm: float) -> Floats:
    """The least own detection that deters each way to cheat.

    With X = c + g, W the value of honesty, b what is left after an alarm and γ what blame
    costs, false alarms that are pending bring θ₀ of the expected discount to the end, and
    s = (δ (1 − F))^(m − 1) is the weight of what follows. W = V is then linear in the own
    detection: with A = X − W − θ₀ (X − b),

        d* = [A (1 − δ + δF) − sδF (X − b)] / [sδ (1 − F) (X − b) + sδγ − Aδ (1 − F)].

    A dash is judged by bisection. Above 1 no detection suffices; nan marks where there is
    no number at all: who is found loses nothing, or acting comes too late.
    """
    worth = paths.honesty(false_alarm)
    found = paths.found + paths.returns * worth
    tempted = paths.flow - worth
    pending = until_found(paths.discount, 0, paths.lag, false_alarm)
    delta, true = paths.discount, 1 - false_alarm
    weight = (delta * true) ** (paths.lag - 1) * delta
    lost = paths.flow - found
    rest = tempted - pending * lost
    above = rest * (1 - delta * true) - weight * false_alarm * lost
    below = weight * (true * lost + paths.blame) - rest * delta * true
    needed = np.divide(above, below, out=np.full(len(paths), np.nan), where=below > 0)
    needed = np.where(needed < 0, 0.0, needed)
    needed[(above <= 0) & (found - paths.blame <= worth)] = 0.0
    for row in np.flatnonzero(paths.takes):
        needed[row] = _for_dash(paths.at(slice(row, row + 1)), false_alarm)
    return needed


def _for_dash(path: Paths, false_alarm: float) -> float:
    def deters(detection: float) -> bool:
        return not_negative(float(path.margins(np.array([detection]), false_alarm)[0]))

    if deters(0.0):
        return 0.0
    return threshold(deters, 0.0, 1.0) if deters(1.0) else np.nan


def joint_detection(tempted: Tempted, needed: Floats, keeps_true: float) -> float | None:
    """The least detection, the same for each violated part, that deters all ways at once.

    Each part is found by its own detector and a second look keeps a share of the findings:
    a set S that needs d(S) in all needs keeps_true · (1 − (1 − d(S) / keeps_true)^(1 / |S|))
    for each part (F5). None where no detection deters.
    """
    parts = (tempted.choice > 0).sum(axis=1)
    if np.isnan(needed).any() or (needed > keeps_true).any():
        return None
    with np.errstate(divide="ignore"):
        missed = np.log1p(-np.minimum(needed / keeps_true, 1))
    return float((keeps_true * -np.expm1(missed / parts)).max(initial=0.0))


def critical_discount(
    tempted: Tempted, detection: Floats, false_alarm: float, lag: int, periods: int | None
) -> float | None:
    """The discount factor per period nearest to the party's at which the verdict flips.

    The aftermath is valued anew for each. It is searched between the multiples of
    1 / :data:`GRID`, downwards where the party is deterred and upwards where it is not;
    None where it flips at none of them.
    """

    def deters(delta: float) -> bool:
        paths = tempted.paths(lag, periods, delta)
        worth = float(paths.honesty(false_alarm)[0])
        stays = not_negative(worth - tempted.leaving(delta))
        return stays and not_negative(float(paths.margins(detection, false_alarm).min()))

    if not tempted.sets:
        return None
    present = tempted.after.discount
    now = deters(present)
    grid = np.arange(1, GRID) / GRID
    tried = grid[grid < present][::-1] if now else grid[grid > present]
    last = present
    for delta in tried:
        if deters(float(delta)) != now:
            low, high = (float(delta), last) if now else (last, float(delta))
            return threshold(deters, low, high)
        last = float(delta)
    return None


def critical_false_alarm(paths: Paths, leaving: float, detection: Floats) -> float | None:
    """The largest false-alarm probability with which the party is deterred, detection fixed.

    None where it is not even without false alarms, or with any number of them.
    """

    def fails(false_alarm: float) -> bool:
        worth = float(paths.honesty(false_alarm)[0])
        least = float(paths.margins(detection, false_alarm).min())
        return not (not_negative(least) and not_negative(worth - leaving))

    if not len(paths) or fails(0.0) or not fails(1 - 1e-9):
        return None
    return threshold(fails, 0.0, 1 - 1e-9)


def shortest_punishment(
    tempted: Tempted, detection: Floats, false_alarm: float, lag: int
) -> int | None:
    """The least number of periods of punishment that deters; None where none does.

    A suspension is no collapse: neither guarantees nor the cost of one count. Up to the
    longest undo time every number is tried; from there on what the aftermath is worth per
    period stays the same, and the least number is found by doubling and halving.
    """

    def deters(periods: int) -> bool:
        paths = tempted.paths(lag, periods)
        return not_negative(float(paths.margins(detection, false_alarm).min()))

    if not tempted.sets:
        return None
    steady = int(tempted.after.times[-1]) + 1
    for periods in range(steady + 1):
        if deters(periods):
            return periods
    low, high = steady, 2 * steady
    while not deters(high):
        low, high = high, 2 * high
        if high > LONGEST:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if deters(middle) else (middle, high)
    return high


def guarantee_needed(paths: Paths, detection: Floats, false_alarm: float) -> float | None:
    """The least further loss of one who is found, with which cheating does not pay.

    The value of cheating falls with it in proportion to the expected discount to the day on
    which the party is found, or breaks out. None where that day never comes.
    """
    worth = paths.honesty(false_alarm)
    short = paths.cheating(detection, false_alarm, worth) - worth
    none = np.zeros(len(paths))
    unit = replace(paths, flow=none, found=none, prize=none, blame=none - 1, returns=none)
    weight = unit.cheating(detection, false_alarm, none)
    pays = short > 0
    if (weight[pays] == 0).any():
        return None
    return float((short[pays] / weight[pays]).max(initial=0.0))
