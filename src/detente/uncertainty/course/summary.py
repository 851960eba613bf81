"""How an agreement fares: batches of histories summed up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from detente.agreement.packages.draws import Share, wilson
from detente.model.problem import Booleans, Floats, Integers
from detente.uncertainty.course.answer import CauseCount, Course, Happening, Passage
from detente.uncertainty.course.simulation import Histories, Watched
from detente.uncertainty.course.survival import kaplan_meier
from detente.uncertainty.course.terrain import Terrain


def summed_up(parts: Sequence[tuple[Terrain, Histories]]) -> Course:
    """The course of events of all batches.

    Parameters
    ----------
    parts
        What was followed, and what became of it; at least one batch, all followed for the same
        number of periods. Names, the road and what is given are the same in all.

    Raises
    ------
    ValueError
        Where there is none, or they were followed for different times.
    """
    batches = [batch for _, batch in parts]
    lengths = {batch.periods for batch in batches}
    if len(lengths) != 1:
        raise ValueError("one or more batches of histories are due, all followed for as long")
    terrain = parts[0][0]
    periods, length = lengths.pop(), terrain.period
    ends = _together(batches, lambda batch: batch.ends)
    secret = _together(batches, lambda batch: batch.secret)
    finished = _together(batches, lambda batch: batch.finished)
    broken = np.minimum(ends.times, secret.times.min(axis=1, initial=periods))
    count, samples = int(finished.happened.sum()), len(ends.times)
    return Course(
        years=periods * length,
        period=length,
        samples=samples,
        times=ends.times,
        ended=ends.happened,
        survival=kaplan_meier(ends.times * length, ends.happened),
        kept=kaplan_meier(broken * length, ends.happened | secret.happened.any(axis=1)),
        finished=Share(count, samples, *wilson(count, samples), certain=False),
        steps=_steps(terrain, batches),
        causes=_causes(terrain, ends, np.concatenate([batch.cause for batch in batches])),
        passages=tuple(_passages(terrain, batches)),
        given=terrain.given,
        false_alarm=_false_alarm([terrain for terrain, _ in parts]),
    )


def year_of(times: Integers, period: float) -> Integers:
    """The year, from 0, in which a period ends; the start belongs to the first.

    Examples
    --------
    >>> year_of(np.array([0, 1, 12, 13]), 1 / 12)
    array([0, 0, 0, 1])
    """
    years: Floats = np.ceil(times * period - 1e-9)
    return np.maximum(years.astype(np.int64) - 1, 0)


def _together(batches: Sequence[Histories], read: Callable[[Histories], Watched]) -> Watched:
    found = [read(batch) for batch in batches]
    happened: Booleans = np.concatenate([entry.happened for entry in found])
    return Watched(np.concatenate([entry.times for entry in found]), happened)


def _false_alarm(terrains: Sequence[Terrain]) -> float | None:
    """Its mean chance once all steps are done."""
    means = [
        np.broadcast_to(terrain.false_alarms[-1], terrain.codings)
        for terrain in terrains
        if terrain.false_alarms is not None
    ]
    return float(np.concatenate(means).mean()) if means else None


def _steps(terrain: Terrain, batches: Sequence[Histories]) -> tuple[int, ...]:
    done = np.concatenate([batch.steps for batch in batches])
    return tuple(np.bincount(done, minlength=len(terrain.steps) + 1).tolist())


def _causes(terrain: Terrain, ends: Watched, causes: Integers) -> tuple[CauseCount, ...]:
    last = int(ends.times.max())
    found = [
        CauseCount(cause, _by_year(ends.times[ends.happened & (causes == code)], last, terrain))
        for code, cause in enumerate(terrain.causes)
    ]
    return tuple(sorted((entry for entry in found if entry.count), key=lambda e: -e.count))


def _by_year(times: Integers, last: int, terrain: Terrain) -> tuple[int, ...]:
    """How many of the times lie in each year, up to that of the last period."""
    years = int(year_of(np.array(last), terrain.period)) + 1
    counted = np.bincount(year_of(times, terrain.period), minlength=years)
    return tuple(counted.tolist())


def _passages(terrain: Terrain, batches: Sequence[Histories]) -> Iterator[Passage]:
    """What can happen: what nothing states is left out."""
    last = max(int(batch.ends.times.max()) for batch in batches)

    def passage(what: Happening, party: str | None, first: Watched) -> Passage:
        by_year = _by_year(first.times[first.happened], last, terrain)
        return Passage(what, party, by_year, len(first.times))

    if len(terrain.steps):
        finished = _together(batches, lambda batch: batch.finished)
        yield passage("finishes the road", None, finished)
    if terrain.given.false_alarms:
        yield passage("false alarm", None, _together(batches, lambda batch: batch.false_alarm))
    secret = _together(batches, lambda batch: batch.secret)
    found = _together(batches, lambda batch: batch.found)
    renewed = _together(batches, lambda batch: batch.renewed)
    for column, party in enumerate(terrain.parties):
        yield passage("deviates in secret", party, _column(secret, column))
        if terrain.punishment != "forever":
            yield passage("is found out", party, _column(found, column))
        if party in terrain.turnover:
            yield passage("changes its government", party, _column(renewed, column))


def _column(found: Watched, column: int) -> Watched:
    return Watched(found.times[:, column], found.happened[:, column])
