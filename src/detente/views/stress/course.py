"""How an agreement fares over the years under the stated hazards, in sentences and rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from detente.case.schema import Case
from detente.model.sentences import listed, say
from detente.uncertainty.course.answer import Cause, Course
from detente.uncertainty.stress_result import StressResult
from detente.views.naming import percent
from detente.views.stress.shares import between_text, interval_text, share_text
from detente.views.stress.words import driver_text

MARKS = (1, 2, 3, 5, 10, 15, 20, 30, 50, 100)
"""Years after which a curve is told, as far as it goes."""


def years_text(years: float) -> str:
    """A number of years: ``1 year``, ``6.3 years``."""
    digits = f"{years:.1f}".removesuffix(".0")
    return say("stress.course.years", digits=digits, count=1 if digits == "1" else 2)


def course_sentences(course: Course) -> list[str]:
    """In what share it has not ended, nor been cheated on; for how long; how far it comes."""
    share, low, high = course.survival.at(float(course.survival.years[-1]))
    kept, *between = course.kept.at(float(course.kept.years[-1]))
    told = [
        say(
            "stress.course.stands",
            years=years_text(course.years),
            share=percent(share, 1),
            interval=between_text(low, high),
            samples=f"{course.samples:,}",
            count=course.samples,
            kept=percent(kept, 1),
            between=between_text(*between),
        )
    ]
    if course.median is not None:
        told.append(say("stress.course.median", years=years_text(course.median)))
    finished = course.finished
    slots = {"share": share_text(finished), "interval": interval_text(finished)}
    told.append(say("stress.course.finished", **slots))
    return told


def past_sentences(result: StressResult) -> list[str]:
    """How long the agreements of a file lasted, for comparison."""
    past = result.past
    if past is None:
        return []
    last = float(past.curve.years[-1])
    years = last if result.course is None else min(last, result.course.years)
    share, low, high = past.curve.at(years)
    told = [
        say(
            "stress.course.past",
            count=len(past.agreements),
            file=past.file,
            standing=sum(not agreement.ended for agreement in past.agreements),
            share=percent(share, 1),
            years=years_text(years),
            interval=between_text(low, high),
        )
    ]
    if past.curve.median is not None:
        first, latest = past.curve.median_interval
        key = "past_median" if latest is not None else "past_median_open"
        slots = {"first": years_text(first), "last": years_text(latest or first)}
        told.append(say(f"stress.course.{key}", years=years_text(past.curve.median), **slots))
    return told


def course_rows(course: Course) -> list[list[str]]:
    """After so many years: in what share it has not ended, its interval, and the share kept."""
    last = float(course.survival.years[-1])
    years = [*(mark for mark in MARKS if mark < last - 1e-9), last]
    rows = []
    for mark in years:
        share, low, high = course.survival.at(mark)
        kept = percent(course.kept.at(mark)[0], 1)
        rows.append([years_text(mark), percent(share, 1), between_text(low, high), kept])
    return rows


def cause_text(case: Case, cause: Cause) -> str:
    """Why an agreement ends: ``Highland openly walks away``."""
    if cause.kind == "false alarm":
        return say("stress.course.false_alarm")
    party, what = case.party_name(cause.party or ""), cause.what or ""
    if cause.kind == "event":
        return say("stress.course.event", party=party, driver=driver_text(case, what))
    how = say(f"stress.way.{what.replace(' ', '_')}")
    return say(f"stress.course.{cause.kind}", party=party, how=how)


def cause_rows(case: Case, course: Course) -> list[list[str]]:
    """Why agreements end, most frequent first, and in what share of the histories."""
    return [
        [cause_text(case, entry.cause), percent(entry.count, course.samples)]
        for entry in course.causes
        if entry.count
    ]


def passage_sentences(case: Case, course: Course) -> list[str]:
    """What else happens while the agreement lasts: to all, then party by party."""
    told: dict[str | None, list[str]] = {None: []}
    for entry in course.passages:
        if entry.count and entry.what != "finishes the road":
            key = "alarm" if entry.what == "false alarm" else entry.what.replace(" ", "_")
            share = percent(entry.count, course.samples)
            told.setdefault(entry.party, []).append(say(f"stress.course.{key}", share=share))
    return [
        *told.pop(None),
        *(
            say("stress.course.of_party", party=case.party_name(party or ""), what="; ".join(found))
            for party, found in told.items()
        ),
    ]


def alarm_text(case: Case, course: Course) -> str:
    """What a false alarm does and how often one comes; nothing where none comes."""
    if not course.false_alarm or case.verification is None:
        return ""
    slots: dict[str, Any] = {"chance": percent(course.false_alarm, 1), "period": case.period}
    punishment = case.verification.punishment
    if punishment == "forever":
        return say("stress.course.alarm_ends", **slots)
    return say("stress.course.alarm_suspends", count=punishment, **slots)


def given_text(case: Case, course: Course) -> str:
    """What the case states no hazard of, and what therefore does not occur."""
    told = list(_not_given(case, course))
    return say("stress.course.not_given", what=listed(told)) if told else ""


def _not_given(case: Case, course: Course) -> Iterator[str]:
    given = course.given
    if given.no_turnover:
        parties = listed(case.party_name(name) for name in given.no_turnover)
        yield say("stress.course.no_turnover", parties=parties)
    if given.no_events:
        names = listed(f"“{driver_text(case, name)}”" for name in given.no_events)
        yield say("stress.course.no_events", drivers=names)
    if given.no_paths:
        names = listed(f"“{driver_text(case, name)}”" for name in given.no_paths)
        yield say("stress.course.no_paths", drivers=names)
    if not given.false_alarms:
        yield say("stress.course.no_false_alarms")
