"""Ways to cheat in an agreed outcome: the listed violations and the generated ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from detente.case.implementation import Violation
from detente.case.schema import Case


@dataclass(frozen=True)
class Way:
    """One way to cheat.

    Parameters
    ----------
    name
        The issue, or the key of the listed violation.
    issue, option
        For a generated one: the issue, and the option at which it really stands.
    violation
        The listed one.
    """

    name: str
    issue: str | None = None
    option: str | None = None
    violation: Violation | None = None


def ways(case: Case, outcome: Mapping[str, str], party: str) -> tuple[tuple[Way, ...], ...]:
    """Ways to cheat that are open to a party; those of one inner tuple exclude each other.

    Generated: to stand covertly at any earlier option of an issue that the party moves
    alone, whatever the transitions say (an irreversible step can be faked). Where an issue
    has no order, the only earlier option is that of the status quo. Listed: the party's
    violations that are possible in the outcome.
    """
    generated = tuple(_generated(case, outcome, party))
    listed = tuple(
        (Way(name, violation=entry),)
        for name, entry in case.violations.items()
        if entry.party == party and (entry.when is None or entry.when.holds(outcome, case.options))
    )
    return (*generated, *listed)


def _generated(case: Case, outcome: Mapping[str, str], party: str) -> Iterator[tuple[Way, ...]]:
    for issue in case.issues:
        if not (moves_alone(case, party, issue) and case.covert(issue)):
            continue
        found = tuple(Way(issue, issue, option) for option in _earlier(case, issue, outcome[issue]))
        if found:
            yield found


def moves_alone(case: Case, party: str, issue: str) -> bool:
    """Whether a party may change an issue alone."""
    entry = case.issues[issue]
    return entry.control == party or bool((entry.moves or {}).get(party))


def _earlier(case: Case, issue: str, option: str) -> tuple[str, ...]:
    options = case.options[issue]
    if case.issues[issue].ordered:
        return options[: options.index(option)]
    today = (case.status_quo or {}).get(issue)
    return (today,) if today is not None and today != option else ()


def judged_by_breakout(case: Case, outcome: Mapping[str, str], party: str, issue: str) -> bool:
    """Whether a listed breakout of the party covers what it could hide on an issue."""
    return any(
        entry.party == party
        and entry.breakout is not None
        and (entry.when is None or issue in entry.when.issues)
        and (entry.when is None or entry.when.holds(outcome, case.options))
        for entry in case.violations.values()
    )
