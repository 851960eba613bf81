"""Checks what the words of a case say together: rules, today's state, quotas, cycles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from detente.case.bargaining import Faction, Party, Rule, Values
from detente.case.errors import CaseError, Finding, Path, Problem
from detente.case.numbers import show
from detente.case.schema import Case

READS = ("parties", "issues", "status_quo", "rules", "values", "agreement", "packages", "drivers")
"""Sections whose words must be known before their consistency can be judged."""


def check_consistency(case: Case) -> Iterator[Finding]:
    """Findings about a case in which every word is known."""
    yield from _tables(case)
    yield from _status_quo(case)
    yield from _without_status_quo(case)
    yield from _ordinal_walk_aways(case)
    yield from _agreement(case)
    yield from _follows(case)
    yield from _drivers(case)


def broken_by(rule: Rule, outcome: Mapping[str, str], case: Case) -> bool:
    """Whether an outcome breaks a rule."""
    if rule.never is not None:
        return rule.never.holds(outcome, case.options)
    assert rule.if_ is not None and rule.then is not None
    return rule.if_.holds(outcome, case.options) and not rule.then.holds(outcome, case.options)


def require_allowed(case: Case, outcome: Mapping[str, str], what: str) -> None:
    """Refuse an outcome (called ``what``) that breaks a rule, naming the first one.

    Raises
    ------
    CaseError
        Pointing at the rule.
    """
    for number, rule in enumerate(case.rules, 1):
        if broken_by(rule, outcome, case):
            help = rule.because or "settle an issue otherwise: PACKAGE,issue=option"
            place = case.place(("rules", number - 1))
            raise CaseError(Problem(f"the {what} breaks rule {number}: {rule}", help, place))


def _tables(case: Case) -> Iterator[Finding]:
    for key, what in (("parties", "party"), ("issues", "issue")):
        if not getattr(case, key):
            yield Finding((key,), f"a case needs at least one {what}", at_key=True)
    if case.parties and not case.signing:
        what = "no party signs, so there can be no agreement"
        yield Finding(("parties",), what, "take 'signs: false' out of one party", at_key=True)


def _status_quo(case: Case) -> Iterator[Finding]:
    outcome = case.status_quo
    if outcome is None:
        return
    missing = [issue for issue in case.issues if issue not in outcome]
    if missing:
        what = f"the status quo leaves out {', '.join(missing)}"
        yield Finding(("status_quo",), what, "it names one option of every issue", at_key=True)
        return
    for index, rule in enumerate(case.rules):
        if broken_by(rule, outcome, case):
            reads = rule.never or rule.if_
            assert reads is not None
            state = ", ".join(f"{issue}: {outcome[issue]}" for issue in reads.issues)
            yield Finding(
                ("status_quo",),
                f"the status quo breaks rule {index + 1}: {rule}",
                f"today stands at {state}; rules bind every state, also today's",
                at_key=True,
            )


def _owners(case: Case) -> Iterator[tuple[str, Path, Party | Faction, Values | None]]:
    """Parties and factions (``party.faction``), each with its path and its values."""
    for name, party in case.parties.items():
        yield name, ("parties", name), party, case.values.get(name)
        for key, faction in party.factions.items():
            path = ("parties", name, "factions", key)
            yield f"{name}.{key}", path, faction, faction.values


def _without_status_quo(case: Case) -> Iterator[Finding]:
    """Without today's state, walk-aways are numbers or complete outcomes."""
    if case.status_quo is not None:
        return
    for name, path, entry, values in _owners(case):
        if values is not None and entry.walk_away.is_status_quo:
            what = f"{name} walks away to the status quo, and the case has none"
            help = "give 'status_quo:' (today's state), or a 'walk_away:' number for this party"
            yield Finding(path, what, help, at_key=True)
        outcome = entry.walk_away.outcome
        missing = [issue for issue in case.issues if outcome is not None and issue not in outcome]
        if missing:
            what = f"the walk-away of {name} leaves out {', '.join(missing)}"
            help = "without a status quo an outcome names one option of every issue"
            yield Finding((*path, "walk_away"), what, help)


def _ordinal_walk_aways(case: Case) -> Iterator[Finding]:
    """A party with only an order walks away to an outcome: no number stands in an order."""
    for name, path, entry, values in _owners(case):
        if values is not None and not values.cardinal and entry.walk_away.number is not None:
            what = f"{name} walks away to a number, but its values are only an order"
            yield Finding((*path, "walk_away"), what, "give an outcome, or scores instead")


def _agreement(case: Case) -> Iterator[Finding]:
    rule = case.agreement
    if rule.quota is not None and rule.weights is None and rule.quota > len(case.signing):
        what = f"the quota is {rule.quota} but only {len(case.signing)} parties sign"
        yield Finding(("agreement", "quota"), what, "ask for fewer, or leave 'agreement' out")
    if rule.weights is not None:
        missing = [name for name in case.signing if name not in rule.weights]
        if missing:
            what = f"the weights of the agreement rule leave out {', '.join(missing)}"
            help = "every signing party has a weight (0 if none)"
            yield Finding(("agreement", "weights"), what, help, at_key=True)
        elif not any(weight.point for weight in rule.weights.values()):
            what = "all weights of the agreement rule are zero"
            help = "give at least one party a weight"
            yield Finding(("agreement", "weights"), what, help, at_key=True)
    for name, party in case.parties.items():
        quota = party.ratification.quota if party.ratification else None
        if quota is not None and quota > len(party.factions):
            what = f"ratification asks for {quota} of {len(party.factions)} factions"
            path = ("parties", name, "ratification", "quota")
            yield Finding(path, what, "ask for fewer, or 'ratification: all'")


def _follows(case: Case) -> Iterator[Finding]:
    """Each circle of packages once, at its first package."""
    done: set[str] = set()
    for name in case.packages:
        chain: dict[str, None] = {}
        here: str | None = name
        while here is not None and here not in done and here not in chain:
            chain[here] = None
            here = case.packages[here].follows
        done.update(chain)
        if here in chain:
            names = list(chain)
            circle = " → ".join([*names[names.index(here) :], here])
            what = f"packages follow each other in a circle: {circle}"
            yield Finding(("packages", here, "follows"), what, "take out one 'follows'")


def _drivers(case: Case) -> Iterator[Finding]:
    for name, driver in case.drivers.items():
        low, high, likely = driver.range.low, driver.range.high, driver.likely
        if low is None or high is None:
            what = "the range of a driver is [low, high]"
            yield Finding(("drivers", name, "range"), what, "give its ends")
        elif likely is not None and not low <= likely.point <= high:
            what = f"the likely value {likely} lies outside the range [{show(low)}, {show(high)}]"
            yield Finding(("drivers", name, "likely"), what, "widen the range or correct it")
