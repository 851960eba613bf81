"""Follows an agreement through time, many codings at once.

Time is counted in periods. At the beginning of a period the parties that are due decide, all at
the same moment: whoever's margin is negative deviates. Of several that leave openly one is named
as the cause by lot (margins of parties cannot be compared). What is hidden goes on as it began,
until an alarm finds it, its dash is done or the party leaves openly; a later decision for the
same deviation only renews its chance to be found. Then, within the period,

- outside factors move, and governments change with the yearly chance h, which makes
  1 − (1 − h)^(period in years) in a period;
- events befall parties with the yearly chances that the drivers state: the agreement ends;
- false alarms are raised with the chance of what stands, and hidden deviations are found with
  theirs. An alarm is acted upon after the lag. Under a punishment for ever it ends the agreement;
  else the process stands still for the punishment, and whoever was found has stopped deviating.

Events and alarms of one period come in the order of exponential times at the rate −ln(1 − p), so
that none goes first for standing first in a list. While the process stands still nobody
decides, no step goes on and no alarm is raised; factors, governments and events do not wait.

Every period takes the same random numbers whatever is decided, so that two agreements followed
with one seed meet the same world.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.model.problem import Booleans, Floats, Integers
from detente.sequencing.search.best_order import TOLERANCE
from detente.uncertainty.course.paths import Drawn, motion
from detente.uncertainty.course.terrain import DEVIATIONS, Decide, Decisions, Terrain

COURSE = 1958
"""First part of the spawn key: keeps these random numbers apart from those of the codings."""
KINDS = len(DEVIATIONS)
CERTAIN = 1e300
"""The rate of what is certain: it comes at once, and of several such events each may be first."""


@dataclass(frozen=True, eq=False)
class Watched:
    """First times, in periods: when it happened, or until when it was watched in vain."""

    times: Integers
    happened: Booleans


@dataclass(frozen=True, eq=False)
class Histories:
    """What became of a batch: one entry, or row, for each history.

    Parameters
    ----------
    periods
        For how many periods they were followed.
    ends
        The end of the agreement.
    cause
        Where it ended: the position of its cause in :attr:`Terrain.causes`.
    steps
        How many steps were done.
    finished, false_alarm
        The end of the road; the first false alarm that was acted upon.
    secret, found, renewed
        The first hidden deviation, the first time that one is found and the agreement goes on,
        and the first change of government; a column for each party.
    """

    periods: int
    ends: Watched
    cause: Integers
    steps: Integers
    finished: Watched
    false_alarm: Watched
    secret: Watched
    found: Watched
    renewed: Watched


def follow(terrain: Terrain, decide: Decide, periods: int, seed: int, batch: int = 0) -> Histories:
    """What becomes of one batch of codings.

    Parameters
    ----------
    terrain
        The road and the hazards.
    decide
        How parties decide. It is asked once for every step and for every year after the last
        one; where punishments end, histories come apart, and it is asked for each of their times.
    periods
        For how long; see :meth:`Terrain.periods`.
    seed, batch
        Chance: ``SeedSequence(seed, spawn_key=(COURSE, batch))``.

    Raises
    ------
    ValueError
        Where decisions cannot be followed (:meth:`Decisions.check`).

    Notes
    -----
    Cost: codings × periods × (drivers + parties + events), apart from decisions.
    """
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(COURSE, batch)))
    run = _Run(terrain, decide, periods)
    for now in range(periods):
        if not run.stands.any():
            break
        lots = rng.random(terrain.codings)
        run.parties_decide(now, lots)
        normals = rng.standard_normal(run.drivers.shape)
        waits = rng.standard_exponential((terrain.codings, run.columns))
        run.time_passes(now + 1, normals, waits, lots)
    return run.histories()


def rate(chance: Drawn, length: float = 1.0) -> Floats:
    """The rate at which an event of such a chance comes: −length · ln(1 − chance)."""
    with np.errstate(divide="ignore"):
        found: Floats = -length * np.log1p(-np.asarray(chance, np.float64))
    return np.minimum(found, CERTAIN)


def arrival(waits: Floats, rates: Floats) -> Floats:
    """When events come, given standard exponential numbers; infinite where they never do."""
    never = np.full(waits.shape, np.inf)
    times: Floats = np.divide(waits, rates, out=never, where=rates > 0)
    return times


class _Run:
    """The state of all histories at one time."""

    def __init__(self, terrain: Terrain, decide: Decide, periods: int) -> None:
        rows, parties = terrain.codings, len(terrain.parties)
        self.terrain, self.decide, self.periods = terrain, decide, periods
        self.road = np.array(terrain.steps, np.int64)
        self.last = len(self.road)
        self.motion = motion(terrain.drivers, rows, terrain.period)
        self.drivers = self.motion.start
        self.never = periods + 1

        def count(*shape: int) -> Integers:
            return np.zeros(shape, np.int64)

        self.generations = count(rows, parties)
        self.done, self.left, self.since = count(rows), count(rows), count(rows)
        self.still, self.acts, self.alarm = count(rows), count(rows), count(rows)
        self.hides = np.zeros((rows, parties), np.bool_)
        self.kind, self.dash = count(rows, parties), count(rows, parties)
        self.seen = np.zeros((rows, parties))  # rates at which alarms find what is hidden
        self.end, self.finished, self.false = (count(rows) + self.never for _ in range(3))
        self.secret, self.found, self.renewed = (
            count(rows, parties) + self.never for _ in range(3)
        )
        self.cause = count(rows)
        self.finished[:] = self.never if self.last else 0
        self._rates()

    def _rates(self) -> None:
        """Rates per period, which do not change; columns are parties, events, and states."""
        terrain, rows, length = self.terrain, self.terrain.codings, self.terrain.period
        hazards = {driver.name: driver.hazards for driver in terrain.drivers}

        def table(columns: list[Floats]) -> Floats:
            wide = [np.broadcast_to(column, rows) for column in columns]
            return np.stack(wide, axis=1) if wide else np.zeros((rows, 0))

        turnover = [terrain.turnover.get(party, 0.0) for party in terrain.parties]
        self.turnover = table([rate(chance, length) for chance in turnover])
        events = [hazards[driver][party] for driver, party in terrain.events]
        self.events = table([rate(chance, length) for chance in events])
        stated = terrain.false_alarms
        false = [0.0] * (self.last + 1) if stated is None else stated
        self.false_rates = table([rate(chance) for chance in false])
        # A column for each turnover, event, hidden deviation, and one for false alarms.
        self.columns = 2 * len(terrain.parties) + len(events) + 1

    @property
    def stands(self) -> Booleans:
        """Where the agreement has not ended."""
        found: Booleans = self.end == self.never
        return found

    def close(self, rows: Integers, now: int, cause: Integers) -> None:
        self.end[rows], self.cause[rows] = now, cause

    # What parties do

    def parties_decide(self, now: int, lots: Floats) -> None:
        yearly = self.since % self.terrain.periods_a_year == 0
        due = self.stands & (self.still == 0)
        due &= np.where(self.done < self.last, self.left == 0, yearly)
        for moment in np.unique(self.done[due]):
            rows = np.flatnonzero(due & (self.done == moment))
            found = self.decide(int(moment), rows, self.drivers[rows], self.generations[rows])
            found.check((len(rows), len(self.terrain.parties)))
            self._take(now, rows, found, lots[rows])
            if moment < self.last:
                self.left[rows] = self.road[moment]

    def _take(self, now: int, rows: Integers, found: Decisions, lots: Floats) -> None:
        deviates = found.margin < -TOLERANCE
        leaves = deviates & ~found.hidden
        gone = np.asarray(leaves.any(axis=1))
        who = by_lot(leaves[gone], lots[gone])
        kind = np.take_along_axis(found.kind[gone], who[:, None], axis=1)[:, 0]
        self.close(rows[gone], now, who * KINDS + kind)
        hidden = deviates & found.hidden & ~gone[:, None]
        begins = hidden & ~self.hides[rows]
        goes_on = hidden & self.hides[rows] & (self.kind[rows] == found.kind)
        self.seen[rows] = np.where(begins | goes_on, rate(found.detection), self.seen[rows])
        self.kind[rows] = np.where(begins, found.kind, self.kind[rows])
        self.dash[rows] = np.where(begins, found.takes, self.dash[rows])
        self.hides[rows] |= begins
        self.secret[rows] = np.where(begins, np.minimum(self.secret[rows], now), self.secret[rows])

    # What happens to them

    def time_passes(self, now: int, normals: Floats, waits: Floats, lots: Floats) -> None:
        """One period; it is over at ``now``."""
        parties, events = len(self.terrain.parties), self.events.shape[1]
        self.drivers = self.motion.moved(self.drivers, normals)
        change, strike, alarm = np.split(waits, [parties, parties + events], axis=1)
        self._governments_change(now, change)
        moves = self.stands & (self.still == 0)
        self.still -= self.still > 0
        struck = arrival(strike, self.events)
        raised = self._alarms(moves, alarm, struck.min(axis=1, initial=np.inf))
        self._strike(now, struck, raised)
        self._act(now)
        self._dash(now, moves, lots)
        self._go_on(now, moves)

    def _governments_change(self, now: int, waits: Floats) -> None:
        changes = (waits <= self.turnover) & self.stands[:, None]
        self.generations += changes
        self.renewed[changes] = np.minimum(self.renewed[changes], now)

    def _alarms(self, moves: Booleans, waits: Floats, struck: Floats) -> Booleans:
        """Raise alarms; say where one is acted upon before an event strikes."""
        parties = len(self.terrain.parties)
        stands = np.minimum(self.done + 1, self.last)
        rates = np.empty(waits.shape)
        rates[:, :parties] = np.where(self.hides, self.seen, 0.0)
        rates[:, parties] = self.false_rates[np.arange(len(stands)), stands]
        times = arrival(waits, rates)
        first = times.argmin(axis=1)
        when = times.min(axis=1)
        raised = moves & (when <= 1) & (self.acts == 0)
        self.acts[raised] = self.terrain.lag + 1
        who = np.minimum(first, parties - 1)
        found = (parties + who) * KINDS + self.kind[np.arange(len(who)), who]
        codes = np.where(first < parties, found, self._false_alarm)
        self.alarm[raised] = codes[raised]
        ends: Booleans = raised & (when < struck)
        return ends & (self.terrain.lag == 0) & (self.terrain.punishment == "forever")

    @property
    def _first_event(self) -> int:
        """Position of the first event among the causes."""
        return 3 * len(self.terrain.parties) * KINDS

    @property
    def _false_alarm(self) -> int:
        """Position of the false alarm among the causes."""
        return self._first_event + len(self.terrain.events)

    def _strike(self, now: int, struck: Floats, before: Booleans) -> None:
        hit = np.flatnonzero(self.stands & ~before & (struck <= 1).any(axis=1))
        if hit.size:
            self.close(hit, now, self._first_event + struck[hit].argmin(axis=1))

    def _act(self, now: int) -> None:
        pending = self.acts > 0
        self.acts -= pending
        acting = np.flatnonzero(pending & (self.acts == 0) & self.stands)
        codes = self.alarm[acting]
        false = acting[codes == self._false_alarm]
        self.false[false] = np.minimum(self.false[false], now)
        if self.terrain.punishment == "forever":
            self.close(acting, now, codes)
            return
        self.still[acting] = self.terrain.punishment
        caught = acting[codes != self._false_alarm]
        party = self.alarm[caught] // KINDS - len(self.terrain.parties)
        self.hides[caught, party] = False
        self.found[caught, party] = np.minimum(self.found[caught, party], now)

    def _dash(self, now: int, moves: Booleans, lots: Floats) -> None:
        runs = self.hides & (self.dash > 0) & (moves & self.stands)[:, None]
        self.dash -= runs
        there = runs & (self.dash == 0)
        rows = np.flatnonzero(there.any(axis=1))
        who = by_lot(there[rows], lots[rows])
        parties = len(self.terrain.parties)
        self.close(rows, now, (2 * parties + who) * KINDS + self.kind[rows, who])

    def _go_on(self, now: int, moves: Booleans) -> None:
        on = moves & self.stands
        walks = on & (self.done < self.last)
        self.since[on & ~walks] += 1
        self.left[walks] -= 1
        steps = walks & (self.left == 0)
        self.done[steps] += 1
        self.finished[steps & (self.done == self.last)] = now

    def histories(self) -> Histories:
        """What became of them."""
        end = np.minimum(self.end, self.periods)

        def watched(first: Integers) -> Watched:
            until = end if first.ndim == 1 else end[:, None]
            return Watched(np.minimum(first, until), first <= until)

        return Histories(
            self.periods,
            Watched(end, ~self.stands),
            self.cause,
            self.done,
            watched(self.finished),
            watched(self.false),
            watched(self.secret),
            watched(self.found),
            watched(self.renewed),
        )


def by_lot(some: Booleans, lots: Floats) -> Integers:
    """One true column of each row, by a share in [0, 1).

    Examples
    --------
    >>> by_lot(np.array([[True, False, True]] * 2), np.array([0.4, 0.6]))
    array([0, 2])
    """
    wanted = np.floor(lots * some.sum(axis=1))
    found: Integers = (np.cumsum(some, axis=1) > wanted[:, None]).argmax(axis=1)
    return found
