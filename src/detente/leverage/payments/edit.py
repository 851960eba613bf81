"""A case in which payments are part of the package, so that every question can be asked again.

Each payment from one side to another is an issue of its own: not paid today, in the hands of who
pays, open to everybody, and over as soon as the process collapses. What it costs and brings is
added to the values where it is paid; weights, ranges and everything else stay as they are. A
payment to a party is none to its factions, and one to a faction is none to its party.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from detente.case.bargaining import Adjustment, Faction, Issue, Option, Party, Values
from detente.case.expressions import parse
from detente.case.fields import FrozenDict, PerOption, WalkAway
from detente.case.implementation import Package
from detente.case.numbers import Number, show
from detente.case.outcomes import parse_outcome
from detente.case.schema import Case
from detente.leverage.naming import unused
from detente.leverage.payments.answer import Transfer, Written
from detente.model.sentences import say

NONE, PAID = "none", "paid"
"""Options of a payment: today's, and what the names of the others begin with."""


@dataclass(frozen=True)
class Paid:
    """A payment as an issue.

    Parameters
    ----------
    issue
        Its key.
    levels
        What is paid at each option after the first, in which nothing is.
    """

    issue: str
    levels: tuple[Transfer, ...]

    @property
    def options(self) -> tuple[str, ...]:
        """Its options, from none on."""
        if len(self.levels) == 1:
            return NONE, PAID
        return NONE, *(f"{PAID}_{place}" for place in range(1, len(self.levels) + 1))


def with_payments(
    case: Case, outcome: Written, transfers: Sequence[Transfer]
) -> tuple[Case, Written]:
    """The case and the package with transfers as part of it.

    Parameters
    ----------
    case
        It is not changed.
    outcome
        The package that the transfers go with.
    transfers
        Each becomes an issue with the options none and paid; costs and gains of sides without
        scores are left out.

    Returns
    -------
    case, outcome
        Every question can be asked of them. A package that was given by its name keeps its
        steps and precedence.

    Raises
    ------
    CaseError
        Where a word of the outcome is unknown.

    Examples
    --------
    >>> import detente
    >>> from fractions import Fraction
    >>> case = detente.load("river")
    >>> by, to = case.signing[:2]
    >>> five = Transfer(by, to, Fraction(5), Fraction(5), Fraction(5))
    >>> edited, package = with_payments(case, "status_quo", [five])
    >>> package == f"status_quo,payment_by_{by}_to_{to}=paid"
    True
    >>> edited.issue_name(f"payment_by_{by}_to_{to}")
    'Payment by Highland to Midvale'
    """
    edited, written, _ = with_levels(case, outcome, [[entry] for entry in transfers])
    return edited, written


def with_levels(
    case: Case, outcome: Written, courses: Sequence[Sequence[Transfer]]
) -> tuple[Case, Written, tuple[Paid, ...]]:
    """The same where payments change on the way.

    Parameters
    ----------
    case, outcome
        As for `with_payments`.
    courses
        For each payer and payee what is paid, one level after the other; the last one belongs to
        the finished agreement.

    Returns
    -------
    case, outcome, payments
        The payments as issues, in the order of ``courses``.
    """
    parse_outcome(case, outcome)
    payments: list[Paid] = []
    for course in courses:
        key = _key(case, course[0], {entry.issue for entry in payments})
        payments.append(Paid(key, tuple(course)))
    issues = {entry.issue: _issue(case, entry) for entry in payments}
    none = {entry.issue: NONE for entry in payments}
    agreed = {entry.issue: entry.options[-1] for entry in payments}
    sums = _sums(payments)
    edited = case.changed(
        issues=FrozenDict({**case.issues, **issues}),
        values=FrozenDict({name: _paid(name, entry, sums) for name, entry in case.values.items()}),
        parties=FrozenDict(
            {name: _party(case, name, entry, sums, none) for name, entry in case.parties.items()}
        ),
    )
    if case.status_quo is not None:
        edited = edited.changed(status_quo=FrozenDict({**case.status_quo, **none}))
    else:
        packages = {name: _without(entry, none) for name, entry in case.packages.items()}
        edited = edited.changed(packages=FrozenDict(packages))
    return edited, _written(outcome, agreed), tuple(payments)


def _written(outcome: Written, agreed: Mapping[str, str]) -> Written:
    if not isinstance(outcome, str):
        return {**outcome, **agreed}
    return ",".join([outcome, *(f"{issue}={option}" for issue, option in agreed.items())])


def _key(case: Case, transfer: Transfer, taken: set[str]) -> str:
    plain = f"payment_by_{transfer.by}_to_{transfer.to.replace('.', '_')}"
    return unused(plain, {*case.issues, *taken})


def _issue(case: Case, paid: Paid) -> Issue:
    first = paid.levels[0]
    by, to = case.party_name(first.by), case.party_name(first.to)
    named = {NONE: Option(name=say("payments.none"))}
    for option, level in zip(paid.options[1:], paid.levels, strict=True):
        words = say("payments.paid", amount=show(level.amount), period=case.period)
        named[option] = Option(name=words)
    return Issue(
        name=say("payments.issue", by=by, to=to),
        options=named,
        control=first.by,
        undo=PerOption(0, FrozenDict()),
        covert=False,
    )


Sums = Mapping[str, tuple[Adjustment, ...]]
"""What payments add to the values of each side."""


def _sums(payments: Sequence[Paid]) -> Sums:
    found: dict[str, list[Adjustment]] = {}
    for paid in payments:
        for option, level in zip(paid.options[1:], paid.levels, strict=True):
            when = parse(f"{paid.issue} == {option}")
            for name, points in ((level.by, -(level.costs or 0)), (level.to, level.brings)):
                if points:
                    added = Adjustment(when=when, add=Number(Fraction(points)))
                    found.setdefault(name, []).append(added)
    return {name: tuple(entries) for name, entries in found.items()}


def _paid(name: str, values: Values, sums: Sums) -> Values:
    """The values of a side with what it pays and is paid; an order has no room for amounts."""
    if values.scores is None or name not in sums:
        return values
    return values.model_copy(update={"adjustments": (*values.adjustments, *sums[name])})


def _party(case: Case, name: str, party: Party, sums: Sums, none: Mapping[str, str]) -> Party:
    """The party with what others see of payments, and its factions."""
    update: dict[str, object] = {}
    if party.factions:
        update["factions"] = FrozenDict(
            {
                key: _faction(case, f"{name}.{key}", entry, sums, none)
                for key, entry in party.factions.items()
            }
        )
    if party.sees is not None and party.sees.values:
        seen = {other: _paid(other, entry, sums) for other, entry in party.sees.values.items()}
        update["sees"] = party.sees.model_copy(update={"values": FrozenDict(seen)})
    if case.status_quo is None:
        update["walk_away"] = _left(party.walk_away, none)
    return party.model_copy(update=update) if update else party


def _faction(
    case: Case, name: str, faction: Faction, sums: Sums, none: Mapping[str, str]
) -> Faction:
    update: dict[str, object] = {}
    if faction.values is not None:
        update["values"] = _paid(name, faction.values, sums)
    if case.status_quo is None:
        update["walk_away"] = _left(faction.walk_away, none)
    return faction.model_copy(update=update) if update else faction


def _left(walk_away: WalkAway, none: Mapping[str, str]) -> WalkAway:
    """Without a status quo an outcome names every issue: nothing is paid without a deal."""
    if walk_away.outcome is None:
        return walk_away
    outcome = FrozenDict({**walk_away.outcome, **none})
    return WalkAway(walk_away.number, outcome, walk_away.because)


def _without(package: Package, none: Mapping[str, str]) -> Package:
    return package.model_copy(update={"outcome": FrozenDict({**package.outcome, **none})})
