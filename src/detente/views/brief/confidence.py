"""Confidence: how sure one could be after years without an alarm, with the cheapest measures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detente.model.aftermath import YEARS
from detente.model.sentences import say
from detente.verification.answer import Temptation
from detente.verification.confidence.belief import after_alarm, ceiling, posterior
from detente.verification.verify_result import VerifyResult
from detente.verification.wording import chance
from detente.views.brief.context import Context
from detente.views.brief.parts import FoldOut, Picture, Section
from detente.views.brief.picture import NARROW, WIDE, picture
from detente.views.brief.verification import main_of, name_of
from detente.views.confidence_chart import Path, confidence_curve
from detente.views.drawing import look_of
from detente.views.theme import identities
from detente.views.verification import tempted
from detente.views.verification_sentences import cheat_phrase

SPAN = 5
"""Years that are looked ahead."""
EVEN = 0.5
"""Confidence at the beginning: nobody knows yet."""


@dataclass(frozen=True)
class Trust:
    """How confidence in one party would grow while nothing is found.

    Parameters
    ----------
    party
        Whose compliance it is.
    cheat
        What the chosen measures see least.
    seen, alarm
        Chances per period that it is found by them, and of an alarm at all if it goes on.
    turnover
        Chance per year that its government changes, taken as the end of its promise.
    confidence
        Before the first period and after each.
    ceiling
        What it cannot pass; None where there is none below certainty.
    """

    party: str
    cheat: Temptation
    seen: float
    alarm: float
    turnover: float
    confidence: tuple[float, ...]
    ceiling: float | None


def section(context: Context) -> Section | None:
    """One curve a party; None where no measures were chosen or nothing could be hidden."""
    if not context.verifications:
        return None
    letter, main = main_of(context, context.verifications)
    found = list(paths(main))
    if not found:
        return None
    package = name_of(context, letter)
    last = min(found, key=lambda trust: trust.confidence[-1])
    return Section(
        key="confidence",
        label=say("brief.confidence.label"),
        headline=_headline(main, last, package),
        paragraphs=(say("brief.confidence.assumed", package=package), *_alarm(main, last)),
        picture=_picture(main, found, package),
        remarks=tuple(_told(main, trust) for trust in found),
        fold_outs=(FoldOut(say("brief.how"), tuple(_method(main))),),
    )


def paths(result: VerifyResult) -> Iterator[Trust]:
    """Confidence in every party that could hide something, with the chosen measures."""
    chosen = result.choice.chosen
    if chosen is None or not chosen.measures:
        return
    years = YEARS[result.period]
    periods = round(SPAN / years)
    for part in tempted(result):
        seen = {entry.name: _seen(result, entry, chosen.measures) for entry in part.temptations}
        cheat = min(part.temptations, key=lambda entry: seen[entry.name])
        alarm = chosen.false_alarm + (1 - chosen.false_alarm) * seen[cheat.name]
        if alarm >= 1:
            continue
        stated = result.case.parties[part.party].turnover
        turnover = 0.0 if stated is None else float(stated)
        lapse = 1 - (1 - turnover) ** years
        rates = (alarm, chosen.false_alarm, lapse)
        clean = posterior(EVEN, [False] * periods, *rates)
        limit = ceiling(*rates)
        yield Trust(
            part.party,
            cheat,
            seen[cheat.name],
            alarm,
            turnover,
            (EVEN, *clean.tolist()),
            limit if limit is not None and 0 < limit < 1 else None,
        )


def _seen(result: VerifyResult, entry: Temptation, measures: Sequence[str]) -> float:
    """Chance per period that some of the measures find a way to cheat, after the second look."""
    stated = result.case.verification
    look = stated.second_look if stated is not None else None
    missed = math.prod(1 - entry.seen_by.get(name, 0.0) for name in measures)
    return (1 - missed) * (float(look.keeps_true) if look is not None else 1.0)


def _headline(main: VerifyResult, last: Trust, package: str) -> str:
    end = last.confidence[-1]
    if not last.seen:
        party = main.case.party_name(last.party)
        return say("brief.confidence.blind", party=party, package=package)
    rises = end > EVEN + 0.005
    key = "rises" if rises else "sinks" if end < EVEN - 0.005 else "stays"
    text = say(
        f"brief.confidence.{key}",
        party=main.case.party_name(last.party),
        package=package,
        level=chance(end),
        years=SPAN,
    )
    if rises and last.ceiling is not None:
        key = "reached" if chance(last.ceiling) == chance(end) else "limit"
        text += " " + say(f"brief.confidence.{key}", ceiling=chance(last.ceiling))
    return text


def _alarm(main: VerifyResult, last: Trust) -> Iterator[str]:
    """What an alarm would mean after all that time."""
    chosen = main.choice.chosen
    assert chosen is not None
    true = after_alarm(last.confidence[-1], last.alarm, chosen.false_alarm)
    if true is not None and chosen.false_alarm and last.seen:
        key = "alarm_true" if true >= EVEN else "alarm_false"
        party = main.case.party_name(last.party)
        yield say(f"brief.confidence.{key}", party=party, true=chance(true), years=SPAN)


def _told(main: VerifyResult, trust: Trust) -> str:
    """Which way to cheat a curve is about, and how one year changes it."""
    year = trust.confidence[min(len(trust.confidence) - 1, round(1 / YEARS[main.period]))]
    text = say(
        f"brief.confidence.{'told' if trust.seen else 'told_blind'}",
        party=main.case.party_name(trust.party),
        what=cheat_phrase(main.case, trust.cheat),
        chance=chance(trust.alarm),
        period=main.period,
        year=chance(year),
        end=chance(trust.confidence[-1]),
        count=SPAN,
    )
    if trust.turnover:
        text += " " + say("brief.confidence.turnover", chance=chance(trust.turnover))
    return text


def _picture(main: VerifyResult, found: Sequence[Trust], package: str) -> Picture:
    known = identities(main.case)
    unit = say("brief.confidence.unit", period=main.period)
    drawn = []
    for width in (WIDE, NARROW):
        curves = [
            Path(
                trust.confidence,
                label=main.case.party_name(trust.party),
                ceiling=trust.ceiling,
                look=look_of(known[trust.party]),
            )
            for trust in found
        ]
        drawn.append(confidence_curve(curves, width, unit=unit))
    return picture(
        "confidence",
        drawn[0],
        drawn[1],
        title=say("brief.confidence.title", package=package, years=SPAN),
        description=" ".join(_told(main, trust) for trust in found),
        note=say("brief.confidence.note"),
    )


def _method(main: VerifyResult) -> Iterator[str]:
    chosen = main.choice.chosen
    assert chosen is not None
    yield say("confidence.definition")
    alarm = chance(chosen.false_alarm)
    yield say("brief.confidence.method_numbers", chance=alarm, period=main.period)
    yield say("brief.cited.confidence")
