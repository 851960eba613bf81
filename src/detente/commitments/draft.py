"""Is the text fit to sign? From a summit sentence to defined, ordered, checkable clauses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from detente.case.consistency import broken_by
from detente.case.errors import CaseError, Problem
from detente.case.schema import Case
from detente.commitments.answer import Clause, Comparison, Task, TermChange, TextFinding
from detente.commitments.dates import as_day, signature
from detente.commitments.draft_result import DraftResult
from detente.commitments.findings import ambiguities, findings
from detente.commitments.levels import level
from detente.commitments.mandate import mandate
from detente.commitments.order import stages
from detente.commitments.text import NegotiatedText, chosen_package, read_text
from detente.model.sentences import say
from detente.model.wording import rule_text


def draft(
    case: Case,
    outcome: str | None = None,
    *,
    compare: tuple[str, str] | None = None,
    signed: date | str | None = None,
) -> DraftResult:
    """Ask whether the text behind a package is fit to sign.

    Parameters
    ----------
    case
        Any case; it needs no values.
    outcome
        The package whose text is meant. It may be left out where only one has a text.
    compare
        An earlier and a later version: the answer is about the later one, with what changed.
        Left out, a package that ``follows`` another is compared with that.
    signed
        The day of signature; else the package's ``signed``, else the case's ``as_of``.

    Returns
    -------
    DraftResult
        Which clause covers what, findings, levels, order, the smallest mandate, changes.

    Raises
    ------
    CaseError
        Where a day is none, a package is not known or no complete outcome, or a date lies
        beyond the calendar.

    Notes
    -----
    Cost: linear in clauses and triggers, but for irreversible clauses (each is held against
    the reversible ones) and for the smallest set of checks (an integer program).
    """
    earlier, package = _versions(case, outcome, compare)
    given = None if signed is None else as_day(signed)
    day, stated = signature(case, package, given)
    text = read_text(case, package, day)
    found = findings(text)
    broken = tuple(
        place for place, rule in enumerate(case.rules) if broken_by(rule, text.outcome, case)
    )
    clauses = _clauses(text, found, feasible=not broken)
    levels = {clause.commitment.id: clause.level for clause in clauses}
    return DraftResult(
        case=case,
        package=package,
        outcome=text.outcome,
        broken_rules=broken,
        clauses=clauses,
        uncovered=_uncovered(text),
        findings=found,
        ambiguities=ambiguities(text.package),
        sequence=stages(text.order),
        mandate=(*_obeying(case, broken), *mandate(text, found, levels)),
        comparison=_comparison(earlier, package, text, found, given) if earlier else None,
        signed=day,
        signed_from=stated,
        definition=say("draft.definition"),
    )


def _versions(
    case: Case, outcome: str | None, compare: tuple[str, str] | None
) -> tuple[str | None, str]:
    """The earlier version, if any, and the one that the question is about."""
    if compare is None:
        package = chosen_package(case, outcome)
        return case.packages[package].follows, package
    earlier, package = (chosen_package(case, name) for name in compare)
    if outcome is not None and outcome.strip() != package:
        what = f"the comparison ends with {package}, so it cannot be about {outcome.strip()}"
        raise CaseError(Problem(what, "leave out one of the two"))
    return earlier, package


def _obeying(case: Case, broken: tuple[int, ...]) -> Iterator[Task]:
    """Without an outcome that obeys the rules there is nothing to sign."""
    for place in broken:
        slots = {"number": str(place + 1), "rule": rule_text(case, case.rules[place])}
        yield Task(say("draft.task.obey", **slots), "working", ())


def _clauses(
    text: NegotiatedText, found: tuple[TextFinding, ...], *, feasible: bool
) -> tuple[Clause, ...]:
    by_id: dict[str, list[TextFinding]] = {}
    for finding in found:
        by_id.setdefault(finding.id, []).append(finding)
    return tuple(
        Clause(
            entry,
            text.promises[entry.id].covers,
            *level(entry, by_id.get(entry.id, ()), feasible),
            text.order.due[entry.id],
        )
        for entry in text.commitments
    )


def _uncovered(text: NegotiatedText) -> tuple[TermChange, ...]:
    """What the outcome changes and no clause brings about."""
    covered = {issue for promised in text.promises.values() for issue in promised.covers}
    today = text.case.status_quo or {}
    return tuple(
        TermChange(issue, today.get(issue), option)
        for issue, option in text.outcome.items()
        if issue not in covered and today.get(issue) != option
    )


def _comparison(
    earlier: str,
    package: str,
    text: NegotiatedText,
    found: tuple[TextFinding, ...],
    signed: date | None,
) -> Comparison:
    from detente.commitments.versions import compare  # needs numpy

    day, _ = signature(text.case, earlier, signed)
    before = read_text(text.case, earlier, day)
    return compare((earlier, package), before, text, (findings(before), found))
