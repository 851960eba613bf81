"""The least of something that makes a roadmap work: guarantees, payments, detection.

Each is found by solving the road anew: an order that works with much of it shows, by itself, how
much it needs; if with a little less than that some order works still, that one is taken, and so
on until none does. More of it never lowers a margin, so what remains is the least, up to GRAIN.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from detente.sequencing.answer import Need
from detente.sequencing.search.best_order import TOLERANCE, best_order, goal_of_all
from detente.sequencing.search.play import Play
from detente.sequencing.setting import Setting, steps_of

GRAIN = 1e-6
"""By how much an amount may be too large, where another order needs less."""
HALVINGS = 60
"""Enough for the last digit of a float."""

Build = Callable[[Setting, float], Play]


def least_guarantee(setting: Setting, party: str | None) -> Need:
    """The least further loss of who lets the process collapse: of one party, or of all alike."""
    return _least(setting, party, _adding(party, "guarantee"), _plenty(setting))


def least_payment(setting: Setting, party: str) -> Need:
    """The least that a party would have to be given per period, while the process lasts."""
    return _least(setting, party, _adding(party, "payment"), _plenty(setting))


def least_detection(setting: Setting) -> float | None:
    """The least chance at which everything covert would have to be found; None if 1 is too low."""
    return _least(setting, None, _found_at, (1.0,)).amount


def _adding(party: str | None, what: str) -> Build:
    """More of something for a party, or for all."""

    def build(setting: Setting, amount: float) -> Play:
        play = setting.full_play
        players = tuple(
            entry.with_more(**{what: amount}) if party in (None, entry.name) else entry
            for entry in play.players
        )
        return replace(play, players=players)

    return build


def _found_at(setting: Setting, chance: float) -> Play:
    return setting.with_detection(chance).play()


def _plenty(setting: Setting) -> tuple[float, float]:
    """A hundred and ten thousand times the largest number that is in a margin.

    The first is more than most orders can need and keeps ties; where it is too little, the
    second is tried, beside which differences below 1e-9 are lost.
    """
    tables = (
        table
        for entry in setting.full_play.players
        for table in (entry.add, entry.seat, entry.box, entry.slips.level, entry.stands.level)
    )
    ends = (entry.ends.level for entry in setting.full_play.players)
    sizes = (np.abs(table[np.isfinite(table)]) for table in (*tables, *ends))
    largest = max(float(size.max(initial=1.0)) for size in sizes)
    return 1e2 * largest, 1e4 * largest


def _least(setting: Setting, party: str | None, build: Build, plenty: tuple[float, ...]) -> Need:
    order: tuple[int, ...] = ()
    for most in plenty:
        # where the end fails already, which every order shares, none need be looked for
        if min(entry.end for entry in build(setting.ends, most).players) >= -TOLERANCE:
            order = _working(build(setting, most))
        if order:
            break
    else:
        return Need(party, None, ())
    while True:
        chain = setting.along(setting.positions(order))
        amount = _needed(chain, build, most)
        if amount <= GRAIN:
            break
        fewer = _working(build(setting, max(0.0, amount - GRAIN * max(1.0, amount))))
        if not fewer:
            break
        order, most = fewer, amount
    return Need(party, amount, steps_of(chain.road))


def _working(play: Play) -> tuple[int, ...]:
    """An order without a negative margin, if there is one."""
    found = best_order(play, goal_of_all(play), enough=0.0)
    return found.steps if found.value >= -TOLERANCE else ()


def _needed(chain: Setting, build: Build, most: float) -> float:
    """How much one order needs."""
    steps = np.arange(chain.road.network.steps)[None]

    def works(amount: float) -> bool:
        return bool(build(chain, amount).along(steps)[1].min() >= -TOLERANCE)

    if works(0.0):
        return 0.0
    low, high = 0.0, most
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if works(middle) else (middle, high)
    return high
