"""Where a verdict on enforcement turns, party by party, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from detente.model.sentences import number, say
from detente.verification.answer import Incentives
from detente.verification.verify_result import VerifyResult
from detente.verification.wording import chance
from detente.views.terminal.layout import bullets, heading
from detente.views.verification import time_text


def flip_blocks(result: VerifyResult) -> Iterator[RenderableType]:
    """Per party: patience, false alarms, punishment and guarantee at which its verdict turns."""
    told = [
        say("terminal.verify.flip", party=result.case.party_name(name), ways="; ".join(found))
        for name, part in result.parties.items()
        if (found := list(_flips(result, part)))
    ]
    if told:
        yield heading(say("terminal.verify.flips"))
        yield bullets(told)


def _flips(result: VerifyResult, part: Incentives) -> Iterator[str]:
    period = result.period
    if part.bracket != "enforceable":
        yield _bracket(part)
    if part.critical_discount is not None:
        worth = {"critical": part.critical_discount, "discount": part.discount}
        yield say("terminal.verify.flip_discount", period=period, **worth)
    if part.critical_false_alarm is not None:
        critical, now = chance(part.critical_false_alarm), chance(result.false_alarm)
        yield say("terminal.verify.flip_alarm", critical=critical, now=now, period=period)
    if part.shortest_punishment is not None:
        time = time_text(part.shortest_punishment, period)
        now = (
            say("terminal.verify.forever")
            if result.punishment is None
            else time_text(result.punishment, period)
        )
        yield say("terminal.verify.flip_punishment", time=time, now=now)
    yield from _guarantee(part)


def _bracket(part: Incentives) -> str:
    """Whether any other punishment could turn it."""
    if part.bracket == "depends on a richer punishment":
        return say("terminal.verify.flip_richer")
    slots = {"best": part.best, "harshest": part.harshest}
    return say("terminal.verify.flip_never", **slots)


def _guarantee(part: Incentives) -> Iterator[str]:
    """How much more one who is found or leaves would have to lose."""
    now, best = part.guarantee, part.guarantee_at_best
    if now is None and best is not None:
        yield say("terminal.verify.flip_guarantee_only", points=best)
    elif now is not None and number(now) != "0":
        key = "flip_guarantee" if best is None else "flip_guarantee_best"
        yield say(f"terminal.verify.{key}", points=now, best=best or 0.0)
