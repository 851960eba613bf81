"""What is wrong with the clauses of a text, each in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from detente.case.expressions import Expression
from detente.case.implementation import ON_PURPOSE, OPEN, Commitment, Package
from detente.case.schema import Case
from detente.commitments.answer import Ambiguity, Kind, TextFinding
from detente.commitments.contradictions import Contradiction, contradictions
from detente.commitments.dates import day_text, periods_text
from detente.commitments.order import Order
from detente.commitments.power import missing_owners
from detente.commitments.promises import falls_short, promised_options
from detente.commitments.text import NegotiatedText
from detente.model.sentences import listed, say
from detente.model.wording import in_words, rule_text

_Make = Callable[..., TextFinding]


def findings(text: NegotiatedText) -> tuple[TextFinding, ...]:
    """Everything that is wrong with a text, in the order of its clauses.

    Definitions: a clause is *undated* without ``by``, and has *no trigger* without ``by`` and
    ``after``; *undefined* for each term that is open; *bracketed* where parties have wordings
    of their own; *unchecked* without a measure, with one that the outcome does not grant, or
    where no named measure sees what is promised; *beyond the mandate* where the promisers
    cannot bring it about; *outside the outcome* where the outcome does not keep it; with *no
    consequence* without ``if_not``; *order* as in
    :func:`detente.commitments.contradictions.contradictions`.

    What bars signature: an undated clause without a trigger; a check that is missing where a
    breach could stay hidden, or where the promise is about nothing on the table, so that
    nobody can tell; open terms, brackets, promises beyond the mandate or outside the
    outcome, and an order that contradicts itself or the rules. The others are worth mending.
    """
    found: dict[str, list[TextFinding]] = {
        entry.id: list(_clause(text, entry)) for entry in text.commitments
    }
    for fault in contradictions(text):
        what = _contradiction(text.case, fault, text.order)
        found[fault.id].append(TextFinding(fault.id, "order", what, fault.bars))
    return tuple(finding for entries in found.values() for finding in entries)


def ambiguities(package: Package) -> tuple[Ambiguity, ...]:
    """Terms that were left open on purpose."""
    return tuple(
        Ambiguity(entry.id, term, say("draft.finding.open_on_purpose", id=entry.id, term=term))
        for entry in package.commitments
        for term, meaning in entry.terms.items()
        if meaning == ON_PURPOSE
    )


def _clause(text: NegotiatedText, entry: Commitment) -> Iterator[TextFinding]:
    promised = text.promises[entry.id]

    def finding(kind: Kind, key: str, bars: bool, **slots: object) -> TextFinding:
        return TextFinding(entry.id, kind, say(f"draft.finding.{key}", id=entry.id, **slots), bars)

    if not promised.holds:
        assert entry.does is not None
        slots = _outside(text, entry.does)
        key = "outside_step" if slots.pop("step") else "outside"
        yield finding("outside the outcome", key, True, **slots)
    for term, meaning in entry.terms.items():
        if meaning == OPEN:
            yield finding("undefined", "undefined", True, term=term)
    if entry.brackets:
        names = [text.case.party_name(party) for party in entry.brackets]
        yield finding("bracketed", "bracketed", True, count=len(names), parties=listed(names))
    if entry.by is None:
        if entry.after:
            yield finding("undated", "undated_after", False, triggers=clauses(entry.after))
        else:
            yield finding("undated", "undated", True)
            yield finding("no trigger", "no_trigger", True)
    yield from _unchecked(text, entry, finding)
    yield from _powerless(text, entry, finding)
    if entry.if_not is None:
        yield finding("no consequence", "no_consequence", False)


def _outside(text: NegotiatedText, does: Expression) -> dict[str, Any]:
    """Where the outcome stands instead, and whether the clause may be a step on the way."""
    case, outcome = text.case, text.outcome

    def holds(issue: str, option: str) -> bool:
        return does.holds({**outcome, issue: option}, case.options)

    on_the_way = any(
        not holds(issue, (case.status_quo or {}).get(issue, case.options[issue][0]))
        and any(holds(issue, option) for option in falls_short(case, issue, outcome[issue]))
        for issue in does.issues
        if case.issues[issue].ordered
    )
    stands = listed(
        f"“{case.issue_name(issue)}” at “{case.option_name(issue, outcome[issue])}”"
        for issue in does.issues
    )
    return {"step": on_the_way, "does": in_words(case, does), "stands": stands}


def _unchecked(text: NegotiatedText, entry: Commitment, finding: _Make) -> Iterator[TextFinding]:
    case, promised, sight = text.case, text.promises[entry.id], text.sights[entry.id]
    bars = bool(sight.hidden) or (not promised.ties and len(sight.refused) == len(entry.checked_by))
    if not entry.checked_by:
        open_to_all = promised.ties and not any(case.covert(issue) for issue in promised.ties)
        yield finding(
            "unchecked", "unchecked_open" if open_to_all and not bars else "unchecked", bars
        )
        return
    measures = case.verification.measures if case.verification is not None else {}
    for name in sight.refused:
        requires = measures[name].requires
        assert requires is not None
        slots = {"measure": case.measure_name(name), "requires": in_words(case, requires)}
        yield finding("unchecked", "not_granted", bars, **slots)
    if sight.unseen:
        names = [f"“{case.measure_name(name)}”" for name in entry.checked_by]
        slots = {
            "measures": listed(names, "nor"),
            "issues": listed((f"“{case.issue_name(issue)}”" for issue in sight.unseen), "or"),
        }
        yield finding("unchecked", "unseen" if len(names) == 1 else "unseen_by_any", bars, **slots)


def _powerless(text: NegotiatedText, entry: Commitment, finding: _Make) -> Iterator[TextFinding]:
    case, promised = text.case, text.promises[entry.id]
    for issue in promised.ties:
        options = promised_options(case, text.outcome, promised, issue)
        missing = [missing_owners(case, issue, option, entry.who) for option in options]
        if missing and all(missing):
            who = [case.party_name(party) for party in entry.who]
            others = [case.party_name(party) for party in missing[0]]
            yield finding(
                "beyond the mandate",
                "beyond_alone" if len(who) == 1 else "beyond_together",
                True,
                who=listed(who),
                others=listed(others),
                count=len(others),
                issue=case.issue_name(issue),
                option=case.option_name(issue, options[0]),
            )


def _contradiction(case: Case, fault: Contradiction, order: Order) -> str:
    slots: dict[str, object] = {"id": fault.id, "others": clauses(fault.others)}
    slots |= {"count": len(fault.others), "when": when_text(case, order.commitments[fault.id])}
    key = fault.kind
    if key == "cycle":
        slots["all"] = clauses((fault.id, *fault.others))
        key = "cycle" if fault.others else "cycle_alone"
    elif key == "takes":
        slots["periods"] = periods_text(fault.periods or 0, case.period)
    elif key == "rule":
        assert fault.rule is not None
        slots |= {"rule": rule_text(case, case.rules[fault.rule]), "number": str(fault.rule + 1)}
    return say(f"draft.finding.{key}", **slots)


def when_text(case: Case, entry: Commitment) -> str:
    """When a clause is due, as a phrase: ``by 1 June 2027``, ``at signature``, ``after c2``."""
    by: int | date | None = entry.by
    if isinstance(by, date):
        return say("draft.when.date", day=day_text(by))
    if by is not None:
        return periods_text(by, case.period)
    return say("draft.when.after", others=clauses(entry.after))


def clauses(ids: tuple[str, ...], most: int = 4) -> str:
    """Clauses as a phrase; of many only the first, with how many more there are."""
    if len(ids) <= most:
        return listed(ids)
    return say("draft.finding.more", first=", ".join(ids[:most]), count=len(ids) - most)
