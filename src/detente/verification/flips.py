"""Where the verdict on a party flips: detection, discount, false alarms, punishment, stake."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from detente.model.problem import Floats
from detente.verification.answer import TOLERANCE, not_negative
from detente.verification.formulas.critical import threshold
from detente.verification.parties import Tempted
from detente.verification.paths import Paths

LONGEST = 1 << 20
"""Most periods of punishment that are tried; what needs more needs it forever."""
GRID = 128
"""Discount factors that are tried before the flip among them is searched."""


def critical_detections(paths: Paths, false_alarm: float) -> Floats:
    """The least own detection that deters each way to cheat.

    Times 1 − δ (1 − F)(1 − d) the margin is linear in the own detection d, from M(0) ε with
    ε = 1 − δ (1 − F) to M(1), so that it vanishes at

        d* = −M(0) ε / [M(1) − M(0) ε].

    A dash is judged by bisection. Above 1 no detection suffices; nan marks where there is
    no number at all: who is found loses nothing, or acting comes too late.
    """
    never = paths.margins(np.zeros(len(paths)), false_alarm)
    rise = paths.margins(np.ones(len(paths)), false_alarm)
    deterred = not_negative(never)
    never = never * (1 - paths.discount * (1 - false_alarm))
    rise = rise - never
    needed: Floats = np.divide(-never, rise, out=np.full(len(paths), np.nan), where=rise > 0)
    needed[deterred] = 0.0
    for row in np.flatnonzero(paths.takes):
        needed[row] = _for_dash(paths.at(slice(row, row + 1)), false_alarm)
    return needed


def _for_dash(path: Paths, false_alarm: float) -> float:
    def deters(detection: float) -> bool:
        return not_negative(float(path.margins(np.array([detection]), false_alarm)[0]))

    if deters(0.0):
        return 0.0
    return threshold(deters, 0.0, 1.0) if deters(1.0) else np.nan


def joint_detection(
    tempted: Tempted, paths: Paths, needed: Floats, false_alarm: float
) -> float | None:
    """The least detection, the same for each violated part, that deters all ways at once.

    Each part is found by its own detector and a second look keeps a share of the findings:
    a set S that needs d(S) in all needs keeps_true · (1 − (1 − d(S) / keeps_true)^(1 / |S|))
    for each part (F5). None where no detection deters, or what deters one way lets another
    pay because its discovery would be welcome.
    """
    keeps = tempted.detectors.keeps_true
    parts = (tempted.choice > 0).sum(axis=1)
    if np.isnan(needed).any() or (needed > keeps).any():
        return None
    if not needed.any():
        return 0.0
    with np.errstate(divide="ignore"):
        missed = (np.log1p(-needed / keeps) / parts).min()
    detection = keeps * -np.expm1(missed * parts)
    # What each way needs is known up to the tolerance, and is not to be lost to it here.
    deters = not_negative(paths.margins(detection, false_alarm) + TOLERANCE).all()
    return float(keeps * -np.expm1(missed)) if deters else None


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
    pays = ~not_negative(-short)
    if (weight[pays] == 0).any():
        return None
    return float((short[pays] / weight[pays]).max(initial=0.0))
