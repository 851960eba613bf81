"""Whether somebody would see that a promise is broken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from detente.case.implementation import Commitment, Measure, Violation
from detente.case.numbers import Number
from detente.case.schema import Case
from detente.commitments.promises import Promise


@dataclass(frozen=True)
class Sight:
    """How a clause is checked.

    Parameters
    ----------
    refused
        Named measures whose ``requires`` the outcome does not grant.
    unseen
        Issues that the promise ties down and none of the named measures sees.
    hidden
        Those that no named and granted measure sees, and on which a breach could stay
        hidden: they are covert, or one of the promisers has a violation that is possible in
        the outcome and depends on them.
    """

    refused: tuple[str, ...]
    unseen: tuple[str, ...]
    hidden: tuple[str, ...]


def sight(
    case: Case, outcome: Mapping[str, str], commitment: Commitment, promised: Promise
) -> Sight:
    """How far the measures that a clause names can check it.

    A measure sees an issue where it has a chance above 0 to detect the issue standing at an
    option that breaks the promise, or to detect a violation by one of the promisers that is
    possible in the outcome and depends on the issue (or on nothing), or where it cannot work
    without what is promised. A measure that states nothing about what it detects is taken to
    see everything.
    """
    named = commitment.checked_by
    refused = tuple(name for name in named if not case.allows(name, outcome))
    seen = {
        name: sees(case, outcome, name, commitment=commitment, promised=promised) for name in named
    }
    working = {issue for name in named if name not in refused for issue in seen[name]}
    anyhow = {issue for issues in seen.values() for issue in issues}
    return Sight(
        refused,
        tuple(issue for issue in promised.ties if issue not in anyhow),
        tuple(
            issue
            for issue in promised.ties
            if issue not in working and _can_hide(case, outcome, issue, commitment)
        ),
    )


def sees(
    case: Case,
    outcome: Mapping[str, str],
    measure: str,
    *,
    commitment: Commitment,
    promised: Promise,
) -> tuple[str, ...]:
    """Those of the issues that a promise ties down that a measure sees.

    That includes what it ``requires``: who takes that away is noticed by the measure itself.
    """
    assert case.verification is not None
    entry = case.verification.measures[measure]
    if not entry.detects:
        return promised.ties
    needed = entry.requires.issues if entry.requires is not None else ()
    relevant = _violations(case, outcome, commitment)
    return tuple(
        issue
        for issue in promised.ties
        if issue in needed
        or _sees_option(entry, issue, (promised.breaking or {}).get(issue, ()))
        or any(map(_possible, _chances(entry, relevant, issue)))
    )


def _sees_option(measure: Measure, issue: str, breaking: tuple[str, ...]) -> bool:
    chances = measure.detects.get(issue, {})
    stated = (chances.get(option, chances.get("")) for option in breaking)
    return any(chance is not None and _possible(chance) for chance in stated)


def _violations(
    case: Case, outcome: Mapping[str, str], commitment: Commitment
) -> dict[str, Violation]:
    """Those of the promisers that are possible in the outcome."""
    return {
        name: violation
        for name, violation in case.violations.items()
        if violation.party in commitment.who
        and (violation.when is None or violation.when.holds(outcome, case.options))
    }


def _chances(measure: Measure, violations: Mapping[str, Violation], issue: str) -> Iterator[Number]:
    """The chances to detect violations that depend on an issue, or on nothing."""
    for name, violation in violations.items():
        if violation.when is None or issue in violation.when.issues:
            yield from measure.detects.get(name, {}).values()


def _possible(chance: Number) -> bool:
    return chance.point > 0 or (chance.high is not None and chance.high > 0)


def _can_hide(case: Case, outcome: Mapping[str, str], issue: str, commitment: Commitment) -> bool:
    return case.covert(issue) or any(
        violation.when is not None and issue in violation.when.issues
        for violation in _violations(case, outcome, commitment).values()
    )
