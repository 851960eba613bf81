"""What is assumed to follow a defection, in each of the models that a brief uses."""

from __future__ import annotations

from collections.abc import Iterator

from detente.case.schema import Case
from detente.model.sentences import say
from detente.model.wording import quoted
from detente.views.brief.context import Context
from detente.views.stress.course import years_text

NAMED = 3
"""Most issues named in a sentence."""


def strip(context: Context) -> tuple[tuple[str, str], ...]:
    """One line for each model that was used: which questions rest on it, and what it assumes.

    The aftermath of :mod:`detente.model.aftermath` for verification and the roadmap, foresight
    without time for whether it holds, hazards for the course of events. Computed from what the
    case states; it tells no party's own number.
    """
    return tuple(_lines(context))


def _lines(context: Context) -> Iterator[tuple[str, str]]:
    case = context.case
    if context.verifications or context.roads:
        key = "both" if context.verifications and context.roads else ""
        key = key or ("verification" if context.verifications else "roadmap")
        told = [_acting(case), _falling_back(case), *_breakdowns(case)]
        yield say(f"brief.strip.{key}"), " ".join(told)
    if context.holds:
        yield say("brief.hold.label"), say("brief.strip.hold")
    if context.stress is not None and context.stress.course is not None:
        years = years_text(context.stress.course.years)
        yield say("brief.strip.course", years=years), f"{_ending(case)} {_deviating(case)}"


def _acting(case: Case) -> str:
    """When others act upon a violation, and what that ends."""
    stated = case.verification
    lag = stated.lag if stated is not None else 0
    punishment = stated.punishment if stated is not None else "forever"
    slots = {"count": lag, "period": case.period}
    after = say(f"brief.strip.{'later' if lag else 'at_once'}", **slots)
    if punishment == "forever":
        return say("brief.strip.ends", after=after)
    return say("brief.strip.suspends", after=after, count=punishment, period=case.period)


def _falling_back(case: Case) -> str:
    """How soon the issues are back where they stand today, and which never are."""
    if case.status_quo is None:
        return ""
    today, latest, lasting = case.status_quo, 0, []
    for name, issue in case.issues.items():
        times = [issue.undo_time(o, today[name]) for o in case.options[name] if o != today[name]]
        latest = max([latest, *(time for time in times if time != "never")])
        if "never" in times:
            lasting.append(case.issue_name(name))
    key = "back_later" if latest else "back_at_once"
    text = say(f"brief.strip.{key}", count=latest, period=case.period)
    if lasting:
        many = len(lasting) > NAMED
        names = "" if many else quoted(lasting)
        key = "lasting_many" if many else "lasting"
        text += " " + say(f"brief.strip.{key}", issues=names, count=len(lasting))
    return text


def _breakdowns(case: Case) -> Iterator[str]:
    """For how many parties a collapse is something else than the way back."""
    stated = [party.breakdown for party in case.parties.values() if party.breakdown is not None]
    if war := sum(entry.base is not None for entry in stated):
        yield say("brief.strip.war", count=war)


def _ending(case: Case) -> str:
    """What ends or suspends the agreement in the course of events."""
    punishment = case.verification.punishment if case.verification is not None else "forever"
    if punishment == "forever":
        return say("brief.strip.course_ends")
    return say("brief.strip.course_suspends", count=punishment, period=case.period)


def _deviating(case: Case) -> str:
    return say("brief.strip.course_deviates")
