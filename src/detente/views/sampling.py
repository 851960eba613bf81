"""How a sampling plan is told: what must be checked, what it finds, when it cries wolf."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from detente.model.sentences import listed, number, say
from detente.verification.sampling.sample_result import SampleResult, Stakes
from detente.verification.wording import chance


def headline(result: SampleResult) -> str:
    """The finding in a sentence."""
    if result.strata:
        return _strata_headline(result)
    if result.detect is None:
        return _checked(result) if result.stakes is None else _window(result.stakes, result.items)
    slots = {"level": _level(result.detect), "what": what(result), "items": f"{result.items:,}"}
    if result.needed is None:
        return say("sample.impossible", most=chance(result.most or 0), **slots)
    key = "needed_all" if result.needed == result.items > 1 else "needed"
    return say(f"sample.{key}", needed=f"{result.needed:,}", **slots)


def what(result: SampleResult) -> str:
    """What the sample is to find."""
    key = "several" if result.accept else "only" if result.falsified == 1 else "one"
    return say(f"sample.{key}", falsified=f"{result.falsified:,}", accept=f"{result.accept:,}")


def findings(result: SampleResult) -> Iterator[str]:
    """What there is to say beside the headline, in paragraphs."""
    if result.strata:
        return
    stakes = [] if result.stakes is None else [" ".join(_stakes(result, result.stakes))]
    if result.detect is None:  # they go on from the headline
        yield from stakes
    if plan := " ".join(_plan(result)):
        yield plan
    if result.alarm is not None:
        yield " ".join(_alarm(result))
    if result.detect is not None:
        yield from stakes
    sizes = {"simple": result.simple, "jaech": result.jaech}
    known = [say(f"sample.{key}", size=f"{n:,}") for key, n in sizes.items() if n is not None]
    if known:
        yield say("sample.formulas", sizes=listed(known))


def _level(level: float) -> str:
    """A chance with its article: an 80 %, a 90 %."""
    text = chance(level)
    return say("sample.an" if re.match(r"8|1[18]\b", text) else "sample.a", level=text)


def _plan(result: SampleResult) -> Iterator[str]:
    """What the plan reaches, where the headline does not say it."""
    if result.needed is None and result.recognise_needed is not None:
        least = math.ceil(1000 * result.recognise_needed) / 1000
        kept = result.second_look[0] if result.second_look else 1
        key = "recognised_second_look" if result.second_look else "recognised"
        yield say(f"sample.{key}", chance=chance(result.recognise * kept), needed=chance(least))
    if result.sampled is None or result.detection is None:
        return
    if result.sampled == result.needed:
        reached = {"sampled": f"{result.sampled:,}", "detection": chance(result.detection)}
        yield say("sample.reached", **reached)
        return
    if result.detect is not None or result.stakes is not None:
        yield _checked(result)
    if result.detect is not None and (result.needed is None or result.sampled < result.needed):
        yield say("sample.short", level=chance(result.detect))


def _checked(result: SampleResult) -> str:
    return say(
        "sample.checked",
        sampled=f"{result.sampled:,}",
        items=f"{result.items:,}",
        what=what(result),
        detection=chance(result.detection or 0),
    )


def _alarm(result: SampleResult) -> Iterator[str]:
    assert result.alarm is not None and result.falsified is not None
    yield say(
        "sample.alarm",
        false=chance(result.alarm.false_alarm),
        detection=chance(result.alarm.detection),
        falsified=f"{result.falsified:,}",
        count=result.falsified,
    )
    yield say("sample.alarm_item", chance=chance(result.false_alarm))
    if result.accept:
        yield say("sample.alarm_accept", accept=f"{result.accept:,}", count=result.accept)
    elif result.second_look is None:
        yield say("sample.alarm_advice")


def _stakes(result: SampleResult, stakes: Stakes) -> Iterator[str]:
    """For which sizes the agreement holds, why not for others, and what is assumed."""
    sizes, best = stakes.window.sizes, f"{stakes.window.best:,}"
    if result.detect is not None:
        yield _window(stakes, result.items)
    if sizes and sizes[0][0] > 0:
        yield say("sample.fewer")
    if sizes and sizes[-1][1] < result.items:
        yield say("sample.more")
    worth = {"gain": number(stakes.gain), "cost": number(stakes.gain + stakes.window.margin)}
    yield say("sample.firmest" if sizes else "sample.nearest", best=best, **worth)
    if sizes and result.sampled not in (None, stakes.window.best):
        held = any(first <= (result.sampled or 0) <= last for first, last in sizes)
        yield say(f"sample.plan_{'holds' if held else 'fails'}", sampled=f"{result.sampled:,}")
    length = say("sample.for_ever")
    if stakes.punishment is not None:
        length = say("sample.for_periods", count=stakes.punishment)
    yield say(
        "sample.terms",
        gain=number(stakes.gain),
        loss=number(stakes.loss),
        length=length,
        discount=chance(stakes.discount),
    )


def _window(stakes: Stakes, items: int) -> str:
    sizes, of = stakes.window.sizes, f"{items:,}"
    if not sizes:
        return say("sample.window_none", items=of)
    first, last = sizes[0]
    if last == items:
        return say(f"sample.window_{'from' if first else 'always'}", first=f"{first:,}", items=of)
    runs = (
        say(f"sample.run{'' if first < last else '_one'}", first=f"{first:,}", last=f"{last:,}")
        for first, last in sizes
    )
    return say("sample.window", runs=listed(runs, "or"), items=of)


def _strata_headline(result: SampleResult) -> str:
    goal, level = number(result.goal or 0), _level(result.detect or 0)
    if result.needed is None:
        seen = chance(result.recognise)
        return say("sample.strata_impossible", level=level, goal=goal, chance=seen)
    sizes = {"needed": f"{result.needed:,}", "items": f"{result.items:,}"}
    return say("sample.strata", level=level, goal=goal, **sizes)
