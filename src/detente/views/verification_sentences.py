"""One party in sentences: what it could hide, how it would be found, whether that deters."""

from __future__ import annotations

from collections.abc import Iterator

from detente.case.schema import Case
from detente.model.sentences import say
from detente.verification.answer import Incentives, Temptation, not_negative
from detente.verification.verify_result import VerifyResult
from detente.verification.wording import chance, cheats
from detente.views.verification import Party, cheat_text, foremost, late, leaves, needed, time_text


def party_text(result: VerifyResult, part: Party) -> str:
    """What a party could hide, without a private number."""
    entry = foremost(part)
    return "" if entry is None else " ".join(_sentences(result, part, entry))


def _sentences(result: VerifyResult, part: Party, entry: Temptation) -> Iterator[str]:
    case, period = result.case, result.period
    party = case.party_name(part.party)
    if not isinstance(part, Incentives) or part.margin is None:
        yield say("verification.party.unknown", party=party)
        lead = "least_seen"
    else:
        paying = [other for other in part.temptations if other.deterred is False]
        key, lead, what = "honest", "closest", cheats(case, part.worst)
        if paying:
            key, lead = "gains", "most" if len(paying) > 1 else "it"
            what = cheats(case, (other.name for other in paying))
            what = what if len(paying) > 1 else cheat_phrase(case, entry)
        elif not not_negative(part.margin):
            key = "jointly"
        yield say(f"verification.party.{key}", party=party, what=what)
    yield _found(result, entry, lead)
    if entry.dash is not None:
        slots = {"time": time_text(entry.dash.takes, period), "chance": chance(entry.dash.timely)}
        key = "too_late" if not entry.dash.useful else "late" if late(entry) else "dash"
        yield say(f"verification.party.{key}", **slots)
    if entry.weapons_unjudged:
        yield say("verification.party.unjudged")
    if isinstance(part, Incentives) and leaves(part):
        yield say("verification.party.leaves", party=party)


def _found(result: VerifyResult, entry: Temptation, lead: str) -> str:
    """How a way to cheat would be found, and what that is measured against.

    ``lead`` says why it is this one that is told of.
    """
    least = needed(entry)
    if isinstance(least, str):
        key = {"unknown": "bare"}.get(least, least.replace(" ", "_"))
        enough = ""
    else:
        key, enough = "enough" if entry.deterred else "short", chance(least)
    what = say(f"verification.party.{lead}", what=cheat_phrase(result.case, entry))
    slots = {"what": what, "chance": chance(entry.detection), "period": result.period}
    seen = entry.detection > 0 and entry.expected_time is not None
    time = time_text(entry.expected_time or 0.0, result.period) if seen else ""
    how = say(f"verification.party.{'found' if seen else 'never_found'}", time=time, **slots)
    return say(f"verification.party.{key}", how=how, needed=enough)


def cheat_phrase(case: Case, entry: Temptation) -> str:
    """A way to cheat in the middle of a sentence."""
    if entry.issue is None or entry.option is None:
        return f"“{cheat_text(case, entry)}”"
    option = case.option_name(entry.issue, entry.option)
    return say("verification.party.stands", issue=case.issue_name(entry.issue), option=option)
