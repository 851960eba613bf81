"""How confidence in compliance is told: what a record has shown, and what it cannot show."""

from __future__ import annotations

from detente.model.sentences import listed, number, say
from detente.verification.confidence.belief import predicted
from detente.verification.confidence.confidence_result import ConfidenceResult, Trust
from detente.verification.confidence.record import NAMES, tally
from detente.verification.wording import chance

STILL = 1e-9
"""A change of confidence that is none."""


def headline(result: ConfidenceResult) -> str:
    """Where confidence stands, and how many clean inspections take it to what is needed."""
    start = say("confidence.even") if result.prior == 0.5 else chance(result.prior)
    if result.supposed:
        if result.needed is not None:
            return _needed(result, "supposed", start)
        reached = chance(result.confidence[-1])
        return say("confidence.supposed", count=len(result.record), start=start, reached=reached)
    text = say("confidence.now", record=record_text(result), now=chance(result.now), start=start)
    return text if result.needed is None else f"{text} {_needed(result, 'now', start)}"


def findings(result: ConfidenceResult) -> list[str]:
    """The ceiling, what an alarm would mean, what silence does, what a step asks for."""
    found = [_ceiling(result), *_alarms(result), _silence(result)]
    if result.trust is not None:
        found.append(_trust(result.trust))
    inspections = sum(outcome is not None for outcome in result.record)
    if inspections and result.detect > result.false_alarm:
        key = "confidence.rate_supposed" if result.supposed else "confidence.rate"
        rate = {"mean": chance(result.rate.mean), "bound": chance(result.rate.bound_95)}
        found.append(say(key, count=inspections, **rate))
    return found


def given(result: ConfidenceResult) -> str:
    """What is taken as given of the inspections."""
    alarms = {"detect": chance(result.detect), "false_alarm": chance(result.false_alarm)}
    return say("confidence.given", **alarms)


def record_text(result: ConfidenceResult) -> str:
    """The record, counted."""
    return listed(
        say(f"confidence.record.{NAMES[outcome]}", count=count)
        for outcome, count in tally(result.record).items()
    )


def _needed(result: ConfidenceResult, key: str, start: str) -> str:
    """How many clean inspections take confidence to what is needed."""
    assert result.needed is not None
    level, steps = chance(result.needed), result.inspections_needed
    if steps is None:
        return say(f"confidence.{key}_never", needed=level, start=start, why=result.why_not)
    if not steps:
        return say(f"confidence.{key}_met", needed=level, start=start)
    return say(f"confidence.{key}_needed", needed=level, start=start, count=steps)


def _ceiling(result: ConfidenceResult) -> str:
    certain = (not result.prior and not result.cure) or (result.prior == 1 and not result.lapse)
    if result.detect == result.false_alarm:
        return say("confidence.ceiling.silent")
    if certain:
        return say("confidence.ceiling.certain")
    if result.ceiling is None:
        return say("confidence.ceiling.clean")
    if result.detect == 1:
        return say("confidence.ceiling.sure")
    if not result.lapse:
        return say("confidence.ceiling.none")
    levels = {"now": chance(result.now), "ceiling": chance(result.ceiling)}
    key = "sinks" if result.now > result.ceiling + STILL else "rises"
    return say(f"confidence.ceiling.{key}", lapse=chance(result.lapse), **levels)


def _alarms(result: ConfidenceResult) -> list[str]:
    """What an alarm would mean now and, where that changes much, after the record."""
    now, later = result.after_alarm, result.alarm_means[-1]
    if now is None or later is None:
        return [say("confidence.alarm.never")]
    if result.detect == result.false_alarm:
        return []
    if not result.false_alarm:
        return [say("confidence.alarm.proof")]
    found = [say("confidence.alarm.now", broken=chance(now))]
    if later < min(now, 0.5):
        found.append(say("confidence.alarm.later", broken=chance(later), count=len(result.record)))
    if later < 0.5:
        found.append(say("confidence.alarm.consequence"))
    return found


def _silence(result: ConfidenceResult) -> str:
    limit, now = result.without_inspections, result.now
    if limit is None or abs(limit - now) <= STILL:
        return say("confidence.silence.stays")
    following = chance(predicted(now, result.lapse, result.cure))
    levels = {"now": chance(now), "next": following, "limit": chance(limit)}
    return say("confidence.silence.drifts", **levels)


def _trust(trust: Trust) -> str:
    """What a step asks for, and when confidence is there."""
    worth = {"success": number(trust.success), "stay": number(trust.stay)}
    if trust.threshold is None:
        return say("confidence.trust.refused", **worth)
    steps = trust.inspections_needed
    key = "never" if steps is None else "needed" if steps else "met"
    what = say(f"confidence.trust.{key}", count=steps or 0, why=trust.why_not)
    asked = {"exploited": number(trust.exploited), "threshold": chance(trust.threshold)}
    return say("confidence.trust.asks", what=what, **asked, **worth)
