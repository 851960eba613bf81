"""How a text is told: its clauses, what is wrong with them, who settles what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from detente.case.implementation import OPEN, Commitment
from detente.case.schema import Case
from detente.commitments.answer import Clause, Kind, Level, TextFinding
from detente.commitments.dates import day_text, periods_text
from detente.commitments.draft_result import DraftResult
from detente.model.sentences import listed, say
from detente.model.wording import promise_in_words

FAULTS = (
    *("outside", "beyond", "order", "undefined", "bracketed", "undated", "unchecked"),
    *("unseen", "order_mend", "undated_after", "unchecked_open", "no_consequence"),
)
"""Groups of findings in the order in which they are told."""
TOLD = frozenset({"outside", "beyond", "order", "order_mend", "unseen"})
"""Those whose sentences say more than which clauses they are about."""
_SIMPLE: Mapping[Kind, str] = {
    "outside the outcome": "outside",
    "beyond the mandate": "beyond",
    "order": "order",
    "undefined": "undefined",
    "bracketed": "bracketed",
    "no trigger": "undated",
    "no consequence": "no_consequence",
}


@dataclass(frozen=True)
class Fault:
    """Findings of one kind, over all clauses.

    Parameters
    ----------
    key
        One of :data:`FAULTS`.
    findings
        In the order of the clauses.
    """

    key: str
    findings: tuple[TextFinding, ...]

    @property
    def label(self) -> str:
        """What is wrong, in a few words."""
        return say(f"clauses.fault.{self.key}")

    @property
    def ids(self) -> tuple[str, ...]:
        """The clauses, each once."""
        return tuple(dict.fromkeys(finding.id for finding in self.findings))


def faults(result: DraftResult, bars: bool) -> tuple[Fault, ...]:
    """What bars signature, or what is worth mending, grouped by kind."""
    named = _by_id(result)
    groups: dict[str, list[TextFinding]] = {}
    for finding in result.findings:
        if finding.bars == bars:
            groups.setdefault(_key(finding, named[finding.id]), []).append(finding)
    return tuple(Fault(key, tuple(groups[key])) for key in FAULTS if key in groups)


def _key(finding: TextFinding, entry: Commitment) -> str:
    if finding.kind == "undated":
        return "undated_after" if entry.after else "undated"
    if finding.kind == "unchecked":
        if entry.checked_by:
            return "unseen"
        return "unchecked" if finding.bars else "unchecked_open"
    if finding.kind == "order" and not finding.bars:
        return "order_mend"
    return _SIMPLE[finding.kind]


def where(result: DraftResult, fault: Fault) -> list[str]:
    """The clauses of a group, each with what makes it one: terms, parties, triggers."""
    named = _by_id(result)
    if fault.key == "undefined":
        using: dict[str, list[str]] = {}
        for id in fault.ids:
            for term, meaning in named[id].terms.items():
                if meaning == OPEN:
                    using.setdefault(term, []).append(id)
        return [
            say("clauses.open_term", term=term, clauses=", ".join(ids))
            for term, ids in using.items()
        ]
    if fault.key == "bracketed":
        return [
            say("clauses.detail", id=id, what=parties(result.case, named[id].brackets))
            for id in fault.ids
        ]
    if fault.key == "undated_after":
        return [
            say("clauses.detail", id=id, what=say("clauses.after", others=listed(named[id].after)))
            for id in fault.ids
        ]
    return list(fault.ids)


def _by_id(result: DraftResult) -> dict[str, Commitment]:
    return {clause.commitment.id: clause.commitment for clause in result.clauses}


def headline(result: DraftResult) -> str:
    """What leaders can sign today, or could have signed, and where the rest goes."""
    package = f"“{result.case.package_name(result.package)}”"
    count = len(result.clauses)
    if not count:
        return say("clauses.headline.none", package=package)
    if result.broken_rules:
        return say("clauses.headline.breaks", package=package)
    leader = len(result.levels["leader"])
    rest = {level: len(result.levels[level]) for level in _OTHERS if result.levels[level]}
    size = "one" if count == 1 else "two" if count == 2 else "many"
    which = "all" if leader == count else "nothing" if not leader else "some"
    slots = {"package": package, "count": count, "leader": leader}
    if signed_before(result):
        assert result.signed is not None
        slots["day"] = day_text(result.signed)
        return say(f"clauses.signed.{which}_{size}", others=_left(rest, count), **slots)
    others = [say(f"clauses.headline.{level}", count=n) for level, n in rest.items()]
    if len(rest) > 1:
        others[1] = say("clauses.headline.and_technical", count=rest["technical"])
    elif rest and not leader:
        others = [say(f"clauses.headline.all_{next(iter(rest))}")]
    first = say(f"draft.level.{next(iter(rest))}") if rest else ""
    return say(f"clauses.headline.{which}_{size}", others=listed(others), level=first, **slots)


_OTHERS: tuple[Level, ...] = ("working", "technical")


def signed_before(result: DraftResult) -> bool:
    """Whether the case says that the text was signed, and on a day that is past in it."""
    day, as_of = result.signed, result.case.as_of
    return result.signed_from == "package" and (day is None or as_of is None or day <= as_of)


def _left(rest: Mapping[Level, int], count: int) -> str:
    """How many clauses left work to whom."""
    if len(rest) == 1 and count in rest.values():
        return say(f"clauses.signed.all_left_{next(iter(rest))}")
    parts = [say(f"clauses.signed.{level}", count=n) for level, n in rest.items()]
    if len(rest) > 1:
        parts[1] = say("clauses.signed.and_technical", count=rest["technical"])
    return listed(parts)


def parties(case: Case, names: Iterable[str]) -> str:
    """Several parties as a phrase."""
    return listed(case.party_name(name) for name in names)


def promise_text(case: Case, entry: Commitment) -> str:
    """What a clause brings about, in the words of the case; its wording where it names no issue."""
    return promise_in_words(case, entry.does) if entry.does is not None else entry.text or ""


def short_day(day: date) -> str:
    """A day where there is little room.

    Examples
    --------
    >>> short_day(date(2027, 6, 1))
    '1 Jun 2027'
    """
    return f"{day.day} {day:%b} {day.year}"


def due_text(case: Case, entry: Commitment, due: date | None) -> str:
    """The last day in time, or the periods after an unknown day of signature; else nothing."""
    if due is not None:
        return day_text(due)
    if entry.by is None or isinstance(entry.by, date):
        return ""
    return periods_text(entry.by, case.period)


def when_text(case: Case, clause: Clause) -> str:
    """Date and triggers of a clause, each on a line."""
    entry = clause.commitment
    found = [due_text(case, entry, clause.due)]
    if entry.after:
        found.append(say("clauses.after", others=listed(entry.after)))
    return "\n".join(part for part in found if part) or say("clauses.no_date")


def counted_from(result: DraftResult) -> str:
    """From which day periods are counted, where the text has any and nobody signed it yet."""
    uses = any(isinstance(clause.commitment.by, int) for clause in result.clauses)
    return counting(result.signed, result.signed_from) if uses else ""


def counting(signed: date | None, stated: str) -> str:
    """From which day periods are counted."""
    if signed is None:
        return say("clauses.counted.unknown")
    return say(f"clauses.counted.{stated}", day=day_text(signed))


_GROUPED = ("bracketed", "undated", "outside the outcome", "beyond the mandate", "order")
"""Decisions that are made for one clause each and told together."""


def decisions(result: DraftResult, level: Level, most: int) -> list[str]:
    """What one level is to settle, decisions of the same kind together."""
    groups: dict[str, list[str]] = {}
    whole: dict[str, str] = {}
    for place, task in enumerate(result.mandate):
        if task.level != level:
            continue
        id, kind = task.clears[0] if task.clears else ("", "")  # about the outcome as a whole
        key = kind if kind in _GROUPED else str(place)
        groups.setdefault(key, []).append(id)
        whole[key] = task.what
    return [
        whole[key]
        if len(ids) == 1 or key not in _GROUPED
        else say(f"clauses.decide.{key.replace(' ', '_')}", clauses=several(ids, most))
        for key, ids in groups.items()
    ]


def several(words: Sequence[str], most: int) -> str:
    """Words as a phrase; of many only the first, with how many more there are."""
    if len(words) <= most:
        return listed(words)
    rest = len(words) - most
    return say("clauses.more", first=", ".join(words[:most]), count=f"{rest:,}")
