"""The simulation against one that follows a single history at a time, from the same chance."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from detente.model.problem import Booleans, Floats, Integers
from detente.uncertainty.course.paths import MovingDriver, motion
from detente.uncertainty.course.simulation import COURSE, Histories, follow
from detente.uncertainty.course.terrain import DEVIATIONS, Decisions, Terrain

ROWS, PERIODS = 24, 30
PARTIES = ("north", "south")


@dataclass(frozen=True, eq=False)
class Tables:
    """Random decisions: arrays (moments, generations mod 2, histories, parties)."""

    margin: Floats
    slope: Floats
    kind: Integers
    hidden: Booleans
    detection: Floats
    takes: Integers

    def __call__(
        self, moment: int, histories: Integers, drivers: Floats, generations: Integers
    ) -> Decisions:
        at = (moment, generations % 2, histories[:, None], np.arange(len(PARTIES)))
        margin = self.margin[at] + self.slope[at] * (drivers[:, :1] - 50)
        return Decisions(margin, self.kind[at], self.hidden[at], self.detection[at], self.takes[at])


def tables(rng: np.random.Generator, moments: int) -> Tables:
    shape = (moments, 2, ROWS, len(PARTIES))
    return Tables(
        rng.normal(1.0, 1.0, shape),
        rng.normal(0.0, 0.05, shape),
        rng.integers(0, len(DEVIATIONS), shape),
        rng.random(shape) < 0.6,
        rng.choice([0.0, 0.05, 0.3, 1.0], shape),
        rng.integers(0, 4, shape) * (rng.random(shape) < 0.3),
    )


def one_history(  # noqa: PLR0915
    terrain: Terrain, decide: Tables, row: int, chance: list[Any]
) -> dict[str, Any]:
    """What the definition says, one period after the other."""
    moves = motion(terrain.drivers, terrain.codings, terrain.period)
    drivers, generations = moves.start[row], [0, 0]
    steps, total = terrain.steps, len(terrain.steps)
    done = left = since = still = 0
    alarm: tuple[int, Any] | None = None
    secret: dict[int, list[Any]] = {}
    out: dict[str, Any] = {
        "finished": None if total else 0,
        "false": None,
        "secret": [None, None],
        "found": [None, None],
        "renewed": [None, None],
    }

    def over(at: int, *cause: Any) -> dict[str, Any]:
        return {**out, "end": at, "cause": cause, "steps": done}

    for now in range(PERIODS):
        lot, normals, waits = (draws[row] for draws in chance[now])
        due = left == 0 if done < total else since % terrain.periods_a_year == 0
        if still == 0 and due:
            found = decide(done, np.array([row]), drivers[None], np.array([generations]))
            deviates = [p for p in (0, 1) if found.margin[0, p] < -1e-9]
            leave = [p for p in deviates if not found.hidden[0, p]]
            if leave:
                who = leave[int(lot * len(leave))]
                return over(now, "leaves", PARTIES[who], DEVIATIONS[found.kind[0, who]])
            for p in deviates:
                kind, takes = int(found.kind[0, p]), int(found.takes[0, p])
                if p not in secret:
                    secret[p] = [kind, found.detection[0, p], takes]
                    if out["secret"][p] is None:
                        out["secret"][p] = now
                elif secret[p][0] == kind:
                    secret[p][1] = found.detection[0, p]
            if done < total:
                left = steps[done]
        then = now + 1
        drivers = moves.moved(np.tile(drivers, (ROWS, 1)), np.tile(normals, (ROWS, 1)))[row]
        for p, party in enumerate(PARTIES):
            if party in terrain.turnover:
                stays = (1 - np.broadcast_to(terrain.turnover[party], ROWS)[row]) ** terrain.period
                # An exponential number is at most −ln(stays) with the chance 1 − stays.
                if math.exp(-waits[p]) >= stays:
                    generations[p] += 1
                    out["renewed"][p] = out["renewed"][p] or then
        coming = []
        for number, (driver, party) in enumerate(terrain.events):
            hazards = next(d.hazards for d in terrain.drivers if d.name == driver)
            yearly = float(np.broadcast_to(hazards[party], ROWS)[row])
            if yearly:
                pace = -terrain.period * math.log(1 - yearly)
                coming.append((waits[2 + number] / pace, ("event", party, driver)))
        moving = still == 0
        still = max(0, still - 1)
        alarms = []
        if moving and alarm is None:
            for p, (kind, seen, _) in secret.items():
                if seen:
                    wait = waits[2 + len(terrain.events) + p]
                    # What is found for certain is found at once; of two such parties the one
                    # with the smaller number goes first.
                    time = wait * 1e-300 if seen == 1 else wait / -math.log(1 - seen)
                    alarms.append((time, ("found", PARTIES[p], DEVIATIONS[kind])))
            false = terrain.false_alarms[min(done + 1, total)] if terrain.false_alarms else 0
            if false:
                alarms.append((waits[-1] / -math.log(1 - false), ("false alarm", None, None)))
        first = min(alarms, key=lambda entry: entry[0], default=(math.inf, None))
        strike = min(coming, key=lambda entry: entry[0], default=(math.inf, None))
        if first[0] <= 1:
            alarm = (then + terrain.lag, first[1])
        at_once = terrain.punishment == "forever" and terrain.lag == 0
        if strike[0] <= 1 and not (at_once and first[0] <= 1 and first[0] < strike[0]):
            return over(then, *strike[1])
        if alarm is not None and alarm[0] == then:
            if alarm[1][0] == "false alarm" and out["false"] is None:
                out["false"] = then
            if terrain.punishment == "forever":
                return over(then, *alarm[1])
            still = terrain.punishment
            if alarm[1][0] == "found":
                who = PARTIES.index(alarm[1][1])
                del secret[who]
                out["found"][who] = out["found"][who] or then
            alarm = None
        if moving:
            there = []
            for p in sorted(secret):
                if secret[p][2]:
                    secret[p][2] -= 1
                    there += [p] * (secret[p][2] == 0)
            if there:
                who = there[int(lot * len(there))]
                return over(then, "prize", PARTIES[who], DEVIATIONS[secret[who][0]])
            if done < total:
                left -= 1
                if left == 0:
                    done += 1
                    out["finished"] = then if done == total else None
            else:
                since += 1
    return {**out, "end": None, "cause": None, "steps": done}


def compare(terrain: Terrain, decide: Tables, found: Histories, seed: int, batch: int) -> None:
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(COURSE, batch)))
    columns = 2 * len(PARTIES) + len(terrain.events) + 1
    chance = [
        (
            rng.random(ROWS),
            rng.standard_normal((ROWS, len(terrain.drivers))),
            rng.standard_exponential((ROWS, columns)),
        )
        for _ in range(PERIODS)
    ]
    for row in range(ROWS):
        expected = one_history(terrain, decide, row, chance)
        end = expected["end"]
        assert found.ends.happened[row] == (end is not None)
        until = PERIODS if end is None else end
        assert found.ends.times[row] == until
        assert found.steps[row] == expected["steps"]
        if end is not None:
            cause = terrain.causes[found.cause[row]]
            assert (cause.kind, cause.party, cause.what) == expected["cause"]
        for watched, first in (
            (found.finished, expected["finished"]),
            (found.false_alarm, expected["false"]),
        ):
            assert watched.happened[row] == (first is not None)
            assert watched.times[row] == (until if first is None else first)
        for name in ("secret", "found", "renewed"):
            watched = getattr(found, name)
            for column, first in enumerate(expected[name]):
                assert watched.happened[row, column] == (first is not None)
                assert watched.times[row, column] == (until if first is None else first)


chances = st.sampled_from([0.0, 0.03, 0.2])


@settings(max_examples=60)
@given(
    steps=st.lists(st.integers(1, 4), max_size=4),
    false=st.none() | chances,
    punishment=st.sampled_from(["forever", 1, 3]),
    lag=st.integers(0, 2),
    hazards=st.dictionaries(st.sampled_from([*PARTIES, "outsider"]), chances),
    turnover=st.dictionaries(st.sampled_from(PARTIES), chances),
    seed=st.integers(0, 2**31),
    batch=st.integers(0, 3),
)
@example(  # two parties that are found for certain in one period
    steps=[3, 1], false=None, punishment=1, lag=0, hazards={}, turnover={}, seed=0, batch=0
)
def test_histories_by_definition(
    *,
    steps: list[int],
    false: float | None,
    punishment: Any,
    lag: int,
    hazards: dict[str, float],
    turnover: dict[str, float],
    seed: int,
    batch: int,
) -> None:
    rng = np.random.default_rng(seed)
    drivers = (
        MovingDriver("oil", 0.0, 100.0, 50.0, rng.uniform(0, 100, ROWS), "walk", 30.0, hazards),
        MovingDriver("mood", 0.0, 1.0, 0.5, 0.5, "revert", rng.uniform(0, 1, ROWS), hazards),
    )
    alarms = None if false is None else [false * rng.random() for _ in range(len(steps) + 1)]
    terrain = Terrain(ROWS, 0.25, steps, PARTIES, turnover, drivers, alarms, punishment, lag)
    decide = tables(rng, len(steps) + 1)
    compare(terrain, decide, follow(terrain, decide, PERIODS, seed, batch), seed, batch)


def test_the_oracle_meets_every_kind_of_end() -> None:
    """Otherwise the comparison above would compare nothing."""
    kinds = set()
    for seed in range(8):
        rng = np.random.default_rng(seed)
        drivers = (MovingDriver("oil", 0.0, 1.0, 0.5, 0.5, hazards={"north": 0.2}),)
        terrain = Terrain(ROWS, 0.25, [2, 3], PARTIES, {}, drivers, [0.03] * 3)
        found = follow(terrain, tables(rng, 3), PERIODS, seed)
        kinds |= {terrain.causes[code].kind for code in found.cause[found.ends.happened]}
    assert kinds == {"leaves", "found", "prize", "event", "false alarm"}
    decide = tables(np.random.default_rng(3), 3)
    goes_on = replace(terrain, punishment=1)
    assert follow(goes_on, decide, PERIODS, 3).found.happened.any()
    assert not follow(terrain, decide, PERIODS, 3).found.happened.any()


@pytest.mark.parametrize("party", PARTIES)
def test_a_certain_event_comes_in_the_first_period(party: str) -> None:
    driver = MovingDriver("oil", 0.0, 1.0, 0.5, 0.5, hazards={party: 1.0})
    terrain = Terrain(ROWS, 0.25, [2], PARTIES, drivers=(driver,))
    calm = tables(np.random.default_rng(1), 2)
    found = follow(terrain, Tables(calm.margin * 0 + 1, *_rest(calm)), PERIODS, 4)
    assert (found.ends.times == 1).all()
    assert {terrain.causes[code].party for code in found.cause} == {party}


def _rest(calm: Tables) -> tuple[Any, ...]:
    return calm.slope * 0, calm.kind, calm.hidden, calm.detection, calm.takes
