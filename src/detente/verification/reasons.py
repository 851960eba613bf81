"""Why the verdict is what it is: for every party a sentence, with the number to change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from detente.case.consistency import broken_by
from detente.case.provenance import numbers
from detente.case.schema import Case
from detente.model.draws import varies
from detente.model.sentences import listed, say
from detente.model.wording import rule_text
from detente.verification.answer import Incentives, Temptation, Unvalued, not_negative
from detente.verification.measures.detection import Detectors
from detente.verification.wording import chance, cheats, periods_text


def definition(lag: int, periods: int | None, period: str) -> str:
    """What is judged, with the parameters of the case."""
    after = say("verify.later", count=lag, period=period)
    if not lag:
        after = say("verify.at_once", period=period)
    punishment = say("verify.forever")
    if periods is not None:
        punishment = say("verify.suspends", time=periods_text(periods, period))
    return say("verify.definition", after=after, punishment=punishment)


def reasons(case: Case, parties: Mapping[str, Incentives], false_alarm: float) -> Iterator[str]:
    """Per signing party with something to hide or a wish to leave, why its verdict is so."""
    for entry in parties.values():
        if not entry.signs:
            continue
        if not not_negative(entry.leave):
            yield _leaves(case, entry)
        elif entry.temptations:
            yield from _cheating(case, entry, false_alarm)


def _leaves(case: Case, entry: Incentives) -> str:
    more = entry.guarantee_at_best
    key = "verify.reason.leaves_short" if more is None else "verify.reason.leaves"
    return say(key, party=case.party_name(entry.party), more=more, period=case.period)


def _cheating(case: Case, entry: Incentives, false_alarm: float) -> Iterator[str]:
    slots = {"party": case.party_name(entry.party), "period": case.period}
    count, margin = len(entry.worst), entry.margin
    if margin is not None and not_negative(margin):
        yield _holds(case, entry, slots)
        unjudged = [t.name for t in entry.temptations if t.weapons_unjudged]
        if unjudged:
            yield say("verify.reason.weapons", what=cheats(case, unjudged), **slots)
        return
    what = cheats(case, entry.worst)
    if entry.verdict == "with a larger stake":
        more = entry.guarantee_at_best
        key = "stake" if more is not None else "stake_short"
        yield say(f"verify.reason.{key}", what=what, count=count, more=more, **slots)
        return
    if entry.verdict == "no":
        more = entry.guarantee_at_best
        key = "no" if more is not None else "no_short"
        yield say(f"verify.reason.{key}", what=what, count=count, more=more, **slots)
        return
    yield _undetected(case, entry, slots)
    limit = entry.critical_false_alarm
    if limit is not None and limit < false_alarm:
        now, present = chance(false_alarm), chance(limit)
        yield say("verify.reason.false_alarms", now=now, present=present, period=case.period)


def _holds(case: Case, entry: Incentives, slots: Mapping[str, str]) -> str:
    """Which way comes closest to paying, and how much less detection would do."""
    if all(t.gain is not None and t.gain <= 0 and t.dash is None for t in entry.temptations):
        return say("verify.reason.holds_nothing", **slots)
    what, jointly = cheats(case, entry.worst), entry.critical_detection_jointly
    if len(entry.worst) > 1 and jointly is not None:
        key = "holds_jointly" if jointly > 0 else "holds_unseen"
        return say(f"verify.reason.{key}", what=what, needed=chance(jointly), **slots)
    nearest = _named(entry, entry.worst[0])
    needed = needed_detection(nearest)
    if not needed:
        return say("verify.reason.holds_unseen", what=what, **slots)
    found = chance(nearest.detection)
    return say("verify.reason.holds", what=what, found=found, needed=chance(needed), **slots)


def _undetected(case: Case, entry: Incentives, slots: Mapping[str, str]) -> str:
    """What pays for want of detection, and how much would be needed."""
    what = cheats(case, entry.worst)
    if len(entry.worst) > 1:
        jointly = entry.critical_detection_jointly
        key = "jointly" if jointly is not None else "jointly_unreachable"
        each = None if jointly is None else chance(jointly)
        return say(f"verify.reason.{key}", what=what, count=2, needed=each, **slots)
    worst = _named(entry, entry.worst[0])
    found, dash = chance(worst.detection), worst.dash
    needed = needed_detection(worst)
    if needed is None or needed > 1:
        return say("verify.reason.jointly_unreachable", what=what, count=1, **slots)
    if dash is not None and dash.margin == entry.margin:
        takes = periods_text(dash.takes, case.period)
        slots = {**slots, "takes": takes}
        return say("verify.reason.dash", what=what, found=found, needed=chance(needed), **slots)
    return say("verify.reason.detection", what=what, found=found, needed=chance(needed), **slots)


def _named(entry: Incentives, name: str) -> Temptation:
    return next(t for t in entry.temptations if t.name == name)


def needed_detection(entry: Temptation) -> float | None:
    """The least detection that deters it, as a trickle and as a dash; None where none does."""
    judged = [entry.critical_detection] if entry.margin is not None else []
    if entry.dash is not None and entry.dash.margin is not None:
        judged.append(entry.dash.critical_detection)
    known = [value for value in judged if value is not None]
    return max(known, default=0.0) if len(known) == len(judged) else None


def remarks(
    case: Case,
    outcome: Mapping[str, str],
    unvalued: Mapping[str, Unvalued],
    seen: Detectors,
) -> Iterator[str]:
    """What the reader should know about the answer."""
    for place, rule in enumerate(case.rules):
        if broken_by(rule, outcome, case):
            yield say("verify.remark.rule", number=str(place + 1), rule=rule_text(case, rule))
    if case.verification is None:
        yield say("verify.remark.no_verification")
    silent = [
        case.measure_name(name)
        for name, measure in zip(seen.names, seen.measures, strict=True)
        if not measure.detects
    ]
    if silent:
        yield say("verify.remark.silent", measures=listed(silent), count=len(silent))
    for needs in ("values", "scores"):
        lacking = [case.party_name(n) for n, entry in unvalued.items() if entry.needs == needs]
        if lacking:
            parties, count = listed(lacking), len(lacking)
            yield say("verify.remark.needs", parties=parties, needs=needs, count=count)
    for name, party_entry in case.parties.items():
        if party_entry.breakdown is not None and party_entry.breakdown.base is not None:
            yield say("verify.remark.breakdown", party=case.party_name(name))
    yield from _gains(case, outcome)
    if any(varies(number) for _, number in numbers(case)):
        yield say("verify.remark.ranges")


def _gains(case: Case, outcome: Mapping[str, str]) -> Iterator[str]:
    for name, entry in case.violations.items():
        possible = entry.when is None or entry.when.holds(outcome, case.options)
        if entry.gain is None and possible:
            key = "no_gain" if entry.breakout is not None else "nothing_known"
            yield say(f"verify.remark.{key}", what=cheats(case, [name]), period=case.period)
