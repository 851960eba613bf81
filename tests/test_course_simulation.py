"""Courses of events against closed forms: each hazard alone, and how they sum up."""

from __future__ import annotations

import json
import math
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from detente.model.problem import Booleans, Floats, Integers
from detente.uncertainty.course.answer import Course, Passage
from detente.uncertainty.course.paths import MovingDriver
from detente.uncertainty.course.simulation import follow
from detente.uncertainty.course.summary import summed_up
from detente.uncertainty.course.terrain import DEVIATIONS, Decide, Decisions, Terrain

MONTH, BATCH = 1 / 12, 1024
SIGMAS = 5
"""How far a share may lie from its expectation, in standard errors."""


def terrain(**changed: Any) -> Terrain:
    stated: dict[str, Any] = {"codings": BATCH, "period": MONTH, "steps": [6, 6]}
    return Terrain(**{**stated, "parties": ("north", "south"), **changed})


def decisions(margin: Floats, kind: Any = "walk away", **stated: Any) -> Decisions:
    hidden = kind in ("cheat", "break out")
    return Decisions(
        margin,
        np.full(margin.shape, DEVIATIONS.index(kind)),
        np.full(margin.shape, stated.get("hidden", hidden)),
        np.full(margin.shape, stated.get("detection", 0.0)),
        np.full(margin.shape, stated.get("takes", 0)),
    )


def stays(moment: int, histories: Integers, drivers: Floats, generations: Integers) -> Decisions:
    """Nobody ever gains by leaving; a tie counts as kept."""
    return decisions(np.zeros(generations.shape))


def north(kind: Any, at: int = 0, **stated: Any) -> Decide:
    """The first party deviates from one moment on."""

    def decide(
        moment: int, histories: Integers, drivers: Floats, generations: Integers
    ) -> Decisions:
        margin = np.ones(generations.shape)
        margin[:, 0] -= 2 * (moment >= at)
        return decisions(margin, kind, **stated)

    return decide


def course(land: Terrain, decide: Decide = stays, years: float = 10, batches: int = 8) -> Course:
    periods = land.periods(years)
    return summed_up([(land, follow(land, decide, periods, 42, batch)) for batch in range(batches)])


def passage(found: Course, what: str, party: str | None = None) -> Passage:
    (entry,) = (e for e in found.passages if (e.what, e.party) == (what, party))
    return entry


def event(chance: Any, party: str = "north", name: str = "oil") -> MovingDriver:
    return MovingDriver(name, 0.0, 1.0, 0.5, 0.5, hazards={party: chance})


def is_share(found: Course, years: float, expected: float) -> None:
    spread = math.sqrt(expected * (1 - expected) / found.samples)
    assert found.survival.at(years)[0] == pytest.approx(expected, abs=SIGMAS * spread + 1e-9)


def causes(found: Course) -> dict[tuple[str, str | None, str | None], int]:
    return {(e.cause.kind, e.cause.party, e.cause.what): e.count for e in found.causes}


# Each hazard alone


def test_without_hazards_nobody_leaves() -> None:
    found = course(terrain(), batches=1)
    assert (found.survival.share == 1).all()
    assert (found.kept.share == 1).all()
    assert not found.ended.any()
    assert (found.times == 120).all()
    assert found.finished.share == 1
    assert found.steps == (0, 0, BATCH)
    assert found.causes == ()
    assert found.median is None
    given = found.given
    assert given.no_turnover == ("north", "south")
    assert not given.false_alarms
    assert passage(found, "finishes the road").by_year == (BATCH, *[0] * 9)
    assert found.false_alarm is None


@pytest.mark.parametrize("period", [MONTH, 0.25, 1.0])
def test_a_constant_hazard(period: float) -> None:
    found = course(terrain(period=period, steps=[1], drivers=[event(0.08)]))
    for years in range(1, 11):
        expected = 0.92**years
        is_share(found, years, expected)
        share, low, high = found.survival.at(years)
        half = 1.96 * math.sqrt(expected * (1 - expected) / found.samples)
        assert low <= share <= high
        assert high - low == pytest.approx(2 * half, rel=0.1)
    assert set(causes(found)) == {("event", "north", "oil")}
    (entry,) = found.causes
    assert len(entry.by_year) == 10
    assert entry.count == found.ended.sum() == sum(entry.by_year)
    for year, count in enumerate(entry.by_year):
        expected = found.samples * 0.92**year * 0.08
        assert count == pytest.approx(expected, abs=SIGMAS * math.sqrt(expected))


def test_every_coding_has_its_hazard() -> None:
    hazard = np.linspace(0, 0.5, BATCH)
    found = course(terrain(drivers=[event(hazard)]))
    for years in (1, 4, 9):
        is_share(found, years, float(((1 - hazard) ** years).mean()))


@pytest.mark.parametrize("turned", [False, True])
def test_competing_events_end_it_by_their_rates(turned: bool) -> None:
    """Neither goes first for standing first in the list, however long a period."""
    drivers = [event(0.5, "north"), event(0.75, "south", "coup")]
    found = course(terrain(period=1.0, steps=[1], drivers=drivers[::-1] if turned else drivers))
    is_share(found, 1, 0.125)
    counts = causes(found)
    ended = sum(counts.values())
    share = counts["event", "north", "oil"] / ended  # rates ln 2 and 2 ln 2
    assert share == pytest.approx(1 / 3, abs=SIGMAS * math.sqrt(2 / 9 / ended))


def test_events_of_outsiders_end_nothing() -> None:
    found = course(terrain(drivers=[event(0.9, "japan")]), batches=1)
    assert not found.ended.any()
    assert found.given.unbound == (("oil", "japan"),)
    assert found.given.events == ()


def test_false_alarms_of_what_stands() -> None:
    """The first step's state during the first step, and so on; the start's never counts."""
    found = course(terrain(false_alarms=[1.0, 0.02, 0.05]), years=3)
    for months, expected in ((6, 0.98**6), (12, 0.98**6 * 0.95**6), (36, 0.98**6 * 0.95**30)):
        is_share(found, months / 12, expected)
    assert set(causes(found)) == {("false alarm", None, None)}
    assert found.finished.count == (found.times > 12).sum()
    assert found.false_alarm == pytest.approx(0.05)
    drawn = terrain(false_alarms=[0, 0, np.linspace(0, 0.1, BATCH)])
    assert course(drawn, years=1).false_alarm == pytest.approx(0.05)


def test_what_happens_first_is_told_as_a_share_of_all_histories() -> None:
    """A history that ends before is one in which the road is never finished."""
    found = course(terrain(steps=[24], drivers=[event(0.3)]), years=4)
    share = passage(found, "finishes the road").share
    assert share == (0, found.finished.share, found.finished.share, found.finished.share)
    spread = math.sqrt(0.49 * 0.51 / found.samples)
    assert share[-1] == pytest.approx(0.49, abs=SIGMAS * spread)


def test_a_lag_delays_what_an_alarm_does() -> None:
    found = course(terrain(false_alarms=[0.1] * 3, lag=4), years=3)
    is_share(found, 4 / 12, 1.0)
    is_share(found, 5 / 12, 0.9)
    is_share(found, 2, 0.9**20)


def test_a_punishment_that_ends_suspends_the_process() -> None:
    """With certain alarms each period of the road is followed by three that stand still."""
    found = course(terrain(false_alarms=[1.0] * 3, punishment=3), years=4, batches=1)
    assert not found.ended.any()
    assert passage(found, "finishes the road").by_year == (0, 0, 0, BATCH)
    assert passage(found, "false alarm").by_year == (BATCH, 0, 0, 0)
    alone = follow(terrain(false_alarms=[1.0] * 3, punishment=3), stays, 48, 42)
    assert (alone.finished.times == 11 * 4 + 1).all()
    assert (alone.false_alarm.times == 1).all()
    struck = course(terrain(false_alarms=[1.0] * 3, punishment=3, drivers=[event(0.3)]))
    is_share(struck, 5, 0.7**5)


# What parties do


def test_leaving_at_a_moment() -> None:
    found = course(terrain(), north("walk away", at=1), batches=1)
    assert (found.times == 6).all()
    assert causes(found) == {("leaves", "north", "walk away"): BATCH}
    assert found.causes[0].by_year == (BATCH,)
    assert found.steps == (0, BATCH, 0)
    assert found.finished.count == 0
    assert found.median == 0.5
    at_once = course(terrain(), north("walk away"), batches=1)
    assert at_once.survival.years.tolist() == [0]
    assert at_once.survival.share.tolist() == [0]
    assert at_once.to_dict()["causes"][0]["by_year"] == [BATCH]


def test_of_several_that_leave_one_is_named_by_lot() -> None:
    found = course(terrain(), lambda *asked: decisions(np.full(asked[3].shape, -1.0), "withhold"))
    counts = causes(found)
    half = counts["leaves", "south", "withhold"] / found.samples
    assert half == pytest.approx(0.5, abs=SIGMAS * 0.5 / math.sqrt(found.samples))
    assert sum(counts.values()) == found.samples


@pytest.mark.parametrize("kind", ["cheat", "withhold"])
def test_hidden_deviations_go_on_until_found(kind: str) -> None:
    found = course(terrain(), north(kind, at=1, hidden=True, detection=0.1), years=3)
    is_share(found, 0.5, 1.0)
    for months in (7, 12, 30):
        is_share(found, months / 12, 0.9 ** (months - 6))
    assert set(causes(found)) == {("found", "north", kind)}
    assert found.kept.at(5 / 12)[0] == 1
    assert found.kept.at(6 / 12)[0] == 0
    first = passage(found, "deviates in secret", "north")
    assert first.count == first.by_year[0] == found.samples
    assert passage(found, "deviates in secret", "south").count == 0
    assert not [entry for entry in found.passages if entry.what == "is found out"]


def test_what_nothing_detects_stands_and_is_not_kept() -> None:
    found = course(terrain(), north("cheat"), batches=1)
    assert not found.ended.any()
    assert (found.kept.share == 0).all()
    assert found.finished.share == 1


def test_whoever_is_found_stops_where_punishments_end() -> None:
    """Found in every period of the road: it stands still and goes on, and they start anew."""
    land = terrain(steps=[2], punishment=1)
    asked = []

    def decide(moment: int, *rest: Any) -> Decisions:
        asked.append(moment)
        return north("cheat", detection=1.0)(moment, *rest)

    found = course(land, decide, years=2, batches=1)
    assert not found.ended.any()
    assert (found.kept.share == 0).all()
    # Found in the first month, still in the second; the third completes the step.
    assert passage(found, "is found out", "north").share == (1, 1)
    assert passage(found, "is found out", "south").count == 0
    assert (follow(land, decide, 2, 42).finished.times == 2).all()
    assert follow(land, decide, 3, 42).finished.happened.all()
    asked.clear()
    course(land, decide, years=2, batches=1)
    assert asked == [0, 1, 1]  # at 0 and 3 months, and a year of going on after that


def test_a_dash_succeeds_when_it_is_not_found_in_time() -> None:
    found = course(terrain(), north("break out", detection=0.2, takes=4), years=2)
    is_share(found, 3 / 12, 0.8**3)
    is_share(found, 4 / 12, 0.0)
    counts = causes(found)
    prize = counts["prize", "north", "break out"] / found.samples
    assert prize == pytest.approx(0.8**4, abs=SIGMAS * 0.5 / math.sqrt(found.samples))
    assert set(counts) == {("prize", "north", "break out"), ("found", "north", "break out")}


def test_a_new_government_decides_for_itself() -> None:
    """No step left: it is asked once a year, and leaves if it is another than signed."""

    def decide(
        moment: int, histories: Integers, drivers: Floats, generations: Integers
    ) -> Decisions:
        return decisions(0.5 - np.minimum(generations, 1), "renege at the end")

    found = course(terrain(steps=[], turnover={"south": 0.15}), decide, years=8)
    for years in range(1, 8):
        is_share(found, years + 0.5, 0.85**years)
        is_share(found, years - MONTH, 0.85 ** (years - 1))
    assert set(causes(found)) == {("leaves", "south", "renege at the end")}
    change = passage(found, "changes its government", "south")
    # It changes within the year that it is in office, or within one of those before.
    for years, share in enumerate(change.share, 1):
        assert share == pytest.approx(1 - 0.85**years, abs=0.03)
    assert found.given.turnover == ("south",)
    assert found.given.no_turnover == ("north",)


def test_parties_see_the_drivers_of_their_time() -> None:
    """A walk that leaves at a threshold: its first passage at yearly looks."""
    walk = MovingDriver("oil", -1e6, 1e6, 0.0, 0.0, "walk", 10.0)

    def decide(
        moment: int, histories: Integers, drivers: Floats, generations: Integers
    ) -> Decisions:
        return decisions(np.repeat(-drivers, 2, axis=1), "renege at the end")

    found = course(terrain(steps=[], drivers=[walk]), decide, years=6)
    # A symmetric walk has not been above its start at n looks with the chance C(2n, n) / 4^n.
    for looks in range(1, 6):
        is_share(found, looks, math.comb(2 * looks, looks) / 4**looks)
    assert found.given.paths == ("oil",)


def test_decisions_are_asked_once_a_step_and_a_year() -> None:
    asked: list[tuple[int, int]] = []

    def decide(
        moment: int, histories: Integers, drivers: Floats, generations: Integers
    ) -> Decisions:
        assert (np.diff(histories) > 0).all()
        assert drivers.shape == (len(histories), 1)
        assert generations.shape == (len(histories), 2)
        asked.append((moment, len(histories)))
        return stays(moment, histories, drivers, generations)

    course(terrain(drivers=[event(0.2)], turnover={"north": 0.5}), decide, years=10, batches=1)
    assert [moment for moment, _ in asked] == [0, 1, *[2] * 9]
    counts = [count for _, count in asked]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == BATCH


# Chance


def test_seeds_and_batches() -> None:
    land = terrain(drivers=[event(0.2)], turnover={"north": 0.3})

    def ends(seed: int, batch: int) -> list[int]:
        return follow(land, stays, 120, seed, batch).ends.times.tolist()

    assert ends(1, 0) == ends(1, 0)
    assert len({tuple(ends(seed, batch)) for seed in (1, 2) for batch in (0, 1, 2)}) == 6
    alone = np.array([ends(1, batch) for batch in range(12)], np.float64)
    # Batches are independent: correlations of 1,024 pairs stay within five standard errors.
    assert np.abs(np.corrcoef(alone) - np.eye(12)).max() < SIGMAS / math.sqrt(BATCH)


def test_two_agreements_meet_the_same_world() -> None:
    """The governments that change do not depend on what is decided."""
    land = terrain(turnover={"north": 0.3, "south": 0.1})
    calm = follow(land, stays, 60, 9)
    broken = follow(land, north("cheat", detection=0.1), 60, 9)
    until: Booleans = calm.renewed.times <= broken.ends.times[:, None]
    assert (calm.renewed.times[until] == broken.renewed.times[until]).all()
    assert (broken.renewed.happened[until] == calm.renewed.happened[until]).all()
    assert until.any()
    assert not until.all()


# Summing up


def test_the_document_is_plain() -> None:
    land = terrain(drivers=[event(0.1)], turnover={"north": 0.2}, false_alarms=[0.01] * 3)
    found = course(land, north("cheat", at=1, detection=0.05), batches=2)
    document = found.to_dict()
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["samples"] == 2 * BATCH
    assert sum(document["steps"]) == 2 * BATCH
    assert sum(entry["count"] for entry in document["causes"]) == found.ended.sum()
    words = json.dumps(document).lower()
    assert not any(word in words for word in ("odds", "probability", "recommend", "optimal"))


def test_batches_of_unlike_lengths_are_refused() -> None:
    land = terrain()
    batches = [(land, follow(land, stays, periods, 1)) for periods in (5, 6)]
    with pytest.raises(ValueError, match="all followed for as long"):
        summed_up(batches)
    with pytest.raises(ValueError, match="one or more"):
        summed_up([])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"codings": 0}, "the number of codings is at least 1"),
        ({"period": 0}, "longer than nothing"),
        ({"period": 2.0}, "at most a year"),
        ({"parties": ()}, "at least one party"),
        ({"steps": [0]}, "the length of a step in periods is at least 1"),
        ({"turnover": {"north": 1.5}}, "the turnover of north is between 0 and 1"),
        ({"turnover": {"japan": 0.5}}, "japan has a turnover and is not among"),
        ({"false_alarms": [0.1]}, "an entry for each number of steps"),
        ({"false_alarms": [0, 0, -0.1]}, "the chance of a false alarm is between 0 and 1"),
        ({"punishment": 0}, "the length of the punishment is at least 1"),
        ({"lag": -1}, "the lag is at least 0"),
    ],
)
def test_terrains_that_are_none(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        terrain(**changed)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"margin": np.full((BATCH, 2), np.nan)}, "a margin is a number"),
        ({"kind": np.full((BATCH, 2), 5)}, "a number below 5"),
        ({"detection": np.full((BATCH, 2), 1.1)}, "between 0 and 1"),
        ({"takes": np.full((BATCH, 2), -1)}, "not below 0"),
        ({"hidden": np.zeros(2, np.bool_)}, r"'hidden' has the shape \(2,\); \(1024, 2\) is due"),
    ],
)
def test_decisions_that_are_none(changed: dict[str, Any], message: str) -> None:
    calm = decisions(np.ones((BATCH, 2)))
    with pytest.raises(ValueError, match=message):
        follow(terrain(), lambda *_: replace(calm, **changed), 12, 1)


def test_less_than_a_period_is_refused() -> None:
    assert terrain().periods(10) == 120
    assert terrain(period=7 / 365).periods(1) == 52
    assert terrain(period=0.1).periods(0.3) == 3  # 0.3 / 0.1 is a little less in floats
    with pytest.raises(ValueError, match="less than one period"):
        terrain().periods(0.05)


def test_it_is_fast() -> None:
    """A batch over ten years of months with five drivers and four parties: well below a second."""
    parties = ("us", "north", "south", "china")
    drivers = [
        MovingDriver(f"d{n}", 0.0, 100.0, 50.0, 40.0, "revert", 10.0, {"us": 0.01})
        for n in range(5)
    ]
    turnover = dict.fromkeys(parties, 0.1)
    land = terrain(parties=parties, drivers=drivers, turnover=turnover, false_alarms=[0.001] * 3)
    started = time.process_time()
    follow(land, stays, 120, 1)
    assert time.process_time() - started < 1.5
