"""What a clause promises: which issues it ties down, and what of the outcome it brings about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from detente.case.expressions import Expression
from detente.case.implementation import Commitment
from detente.case.schema import Case


@dataclass(frozen=True)
class Promise:
    """What a commitment says about the outcome.

    Parameters
    ----------
    holds
        Whether the outcome keeps it; True where it says nothing about issues.
    ties
        The issues that it ties down: settled otherwise, with the rest as in the outcome, the
        promise could be broken. Where the outcome does not keep it, all that it reads.
    breaking
        For each of these, the options that break it.
    covers
        The issues whose option in the outcome it brings about: the promise is broken at
        every option that falls short of it (see :func:`falls_short`), or at every other one
        where none does: what stays as it is has to be kept from all sides.
    """

    holds: bool
    ties: tuple[str, ...] = ()
    breaking: Mapping[str, tuple[str, ...]] | None = None
    covers: tuple[str, ...] = ()


def promise(case: Case, outcome: Mapping[str, str], commitment: Commitment) -> Promise:
    """What a commitment promises about an outcome.

    Cost: one evaluation of its expression for each option of the issues that it reads.
    """
    does = commitment.does
    if does is None:
        return Promise(True)
    holds = does.holds(outcome, case.options)
    breaking = {issue: tuple(_breaking(case, outcome, does, issue)) for issue in does.issues}
    if not holds:
        return Promise(False, does.issues, breaking)
    ties = tuple(issue for issue, options in breaking.items() if options)
    covers = tuple(
        issue
        for issue in ties
        if set(_short_or_other(case, issue, outcome[issue])) <= set(breaking[issue])
    )
    return Promise(True, ties, breaking, covers)


def _breaking(
    case: Case, outcome: Mapping[str, str], does: Expression, issue: str
) -> Iterator[str]:
    for option in case.options[issue]:
        if not does.holds({**outcome, issue: option}, case.options):
            yield option


def _short_or_other(case: Case, issue: str, option: str) -> tuple[str, ...]:
    others = tuple(other for other in case.options[issue] if other != option)
    return falls_short(case, issue, option) or others


def falls_short(case: Case, issue: str, option: str) -> tuple[str, ...]:
    """The options at which an issue has not come as far as an option.

    Definition: those from the status quo (included) up to it, or without a status quo the
    earlier ones; all others where the options have no order. None where it is the status quo.
    """
    options = case.options[issue]
    today = None if case.status_quo is None else case.status_quo[issue]
    if today == option:
        return ()
    if not case.issues[issue].ordered:
        return tuple(other for other in options if other != option)
    place = options.index(option)
    if today is None:
        return options[:place]
    start = options.index(today)
    return options[start:place] if start < place else options[place + 1 : start + 1]


def promised_options(
    case: Case, outcome: Mapping[str, str], promised: Promise, issue: str
) -> tuple[str, ...]:
    """Where a promise brings an issue.

    That is its option in the outcome. Where the outcome does not keep the promise, it is
    those that would, with the rest as in the outcome (perhaps none).
    """
    if promised.holds:
        return (outcome[issue],)
    breaking = (promised.breaking or {}).get(issue, ())
    return tuple(option for option in case.options[issue] if option not in breaking)


def irreversible(case: Case, outcome: Mapping[str, str], issues: tuple[str, ...]) -> bool:
    """Whether an option of the outcome on one of the issues cannot be taken back."""
    today = case.status_quo or {}
    return any(
        case.issues[issue].undo_time(outcome[issue], today.get(issue)) == "never"
        for issue in issues
    )


def counterparts(one: Commitment, other: Commitment) -> bool:
    """Whether two commitments are given for each other.

    They bind different parties, and each, where it says to whom it is owed, is owed to one
    that the other binds.
    """
    return (
        set(one.who).isdisjoint(other.who)
        and not (one.to and set(one.to).isdisjoint(other.who))
        and not (other.to and set(other.to).isdisjoint(one.who))
    )
