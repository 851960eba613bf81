"""How an agreement fares over the years under the stated hazards, in sentences and rows."""

from __future__ import annotations

from collections.abc import Iterator

from detente.case.schema import Case
from detente.model.sentences import listed, say
from detente.uncertainty.course.answer import Cause, Course, Passage
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
    """In what share of the histories it stands at the end, for how long, and how far it comes."""
    share, low, high = course.survival.at(float(course.survival.years[-1]))
    told = [
        say(
            "stress.course.stands",
            years=years_text(course.years),
            share=percent(share, 1),
            interval=between_text(low, high),
            samples=f"{course.samples:,}",
            count=course.samples,
        )
    ]
    if course.median is not None:
        told.append(say("stress.course.median", years=years_text(course.median)))
    kept = course.kept.at(float(course.kept.years[-1]))[0]
    if percent(kept, 1) != percent(share, 1):
        told.append(say("stress.course.kept", share=percent(kept, 1)))
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
    share, _, _ = past.curve.at(years)
    slots = {"share": percent(share, 1), "years": years_text(years)}
    told = [say("stress.course.past", count=len(past.agreements), file=past.file, **slots)]
    if past.curve.median is not None:
        told.append(say("stress.course.past_median", years=years_text(past.curve.median)))
    return told


def course_rows(course: Course) -> list[list[str]]:
    """After so many years: in what share it stands, and its interval."""
    last = float(course.survival.years[-1])
    years = [*(mark for mark in MARKS if mark < last - 1e-9), last]
    found = [(years_text(mark), course.survival.at(mark)) for mark in years]
    return [
        [mark, percent(share, 1), between_text(low, high)] for mark, (share, low, high) in found
    ]


def cause_text(case: Case, cause: Cause) -> str:
    """Why an agreement ends: ``Highland leaves openly (by walking away)``."""
    slots = {"party": "" if cause.party is None else case.party_name(cause.party), "how": ""}
    if cause.kind == "event":
        return say("stress.course.event", driver=driver_text(case, cause.what or ""), **slots)
    if cause.what is not None:
        slots["how"] = say(f"roadmap.way.{cause.what.replace(' ', '_')}")
    return say(f"stress.course.{cause.kind.replace(' ', '_')}", **slots)


def cause_rows(case: Case, course: Course) -> list[list[str]]:
    """Why agreements end, most frequent first, and in what share of the histories."""
    return [
        [cause_text(case, entry.cause), percent(entry.count, course.samples)]
        for entry in course.causes
        if entry.count
    ]


def passage_sentences(case: Case, course: Course) -> list[str]:
    """What else happens while the agreement stands."""
    return [
        _passage(case, course, entry)
        for entry in course.passages
        if entry.count and entry.what != "finishes the road"
    ]


def _passage(case: Case, course: Course, entry: Passage) -> str:
    party = "" if entry.party is None else case.party_name(entry.party)
    share = percent(entry.count, course.samples)
    key = "alarm" if entry.what == "false alarm" else entry.what.replace(" ", "_")
    return say(f"stress.course.{key}", party=party, share=share)


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
