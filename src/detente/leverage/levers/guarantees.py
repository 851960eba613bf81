"""The least penalty for letting the process collapse, and who could impose it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from detente.agreement.packages.wins import spread
from detente.case.fields import FrozenDict
from detente.case.implementation import Guarantee
from detente.case.numbers import Number
from detente.case.schema import Case
from detente.leverage.answer import Bound, Cost, Goal, Warrant
from detente.leverage.naming import unused
from detente.leverage.proposal import Bounds, Proposal
from detente.leverage.rounding import above
from detente.leverage.shortfalls import bound
from detente.leverage.wanted import Wanted
from detente.stability.answer import Prospect

UNNAMED = "a guarantor yet to be found"
"""Who imposes it where no party loses by a collapse."""


def propose(wanted: Wanted, open_: tuple[Goal, ...], bounds: Bounds) -> Iterator[Proposal | Bound]:
    """Penalties against cheating, on the road, and for both."""
    del bounds
    cheating: dict[str, Fraction] = {}
    if "enforceable" in open_:
        needed = against_cheating(wanted)
        none = [name for name, amount in needed.items() if amount is None]
        if none:
            yield bound("guarantees", "enforceable", "guarantee_none", wanted.case, tuple(none))
        else:
            cheating = {name: amount for name, amount in needed.items() if amount is not None}
            yield _proposal(wanted, cheating, ("enforceable",))
    if "roadmap" in open_:
        found = list(on_the_road(wanted))
        for amounts in found:
            yield _proposal(wanted, amounts, ("roadmap",))
            if cheating:
                names = dict.fromkeys((*cheating, *amounts))
                both = {
                    name: max(cheating.get(name, Fraction(0)), amounts.get(name, Fraction(0)))
                    for name in names
                }
                yield _proposal(wanted, both, ("enforceable", "roadmap"))
        if not found and wanted.lacking[0] is not None:
            yield bound("guarantees", "roadmap", "guarantee_no_road")


def _proposal(wanted: Wanted, amounts: Mapping[str, Fraction], aims: tuple[Goal, ...]) -> Proposal:
    parts = warrants(wanted, amounts)
    cost = Cost(sum((entry.amount for entry in parts), Fraction(0)), "points")
    edited = wanted.edited(with_warrants(wanted.case, parts))
    return Proposal("guarantees", parts, cost, edited, aims)


def against_cheating(wanted: Wanted) -> dict[str, Fraction | None]:
    """For each signing party whom cheating or leaving pays, the least penalty that deters it.

    With the verification as it stands; None where no penalty does.
    """
    verified, _ = wanted.verified
    if verified is None:
        return {}
    return {
        name: None if entry.guarantee is None else above(entry.guarantee)
        for name, entry in verified.parties.items()
        if entry.signs and entry.verdict != "yes"
    }


def on_the_road(wanted: Wanted) -> Iterator[dict[str, Fraction]]:
    """Penalties with which some order works: of one party alone; where none suffices, of several.

    Of one party alone it is the least, see :func:`detente.sequencing.amounts.least_guarantee`. Of
    several it is the least that does if it is the same for all, less those who need none of it.
    """
    planned, _ = wanted.lacking
    if planned is None or planned.missing is None:
        return
    for need in planned.missing.guarantees:
        if need.party is not None and need.amount is not None:
            yield {need.party: above(need.amount)}
    if planned.missing.guarantee.amount is not None and not planned.missing.guarantees:
        amount = above(planned.missing.guarantee.amount)
        names = list(planned.best.worst_by_party)
        for name in planned.best.worst_by_party:  # those who need none are let off, in turn
            fewer = {other: amount for other in names if other != name}
            if fewer and _works(wanted, fewer):
                names.remove(name)
        yield dict.fromkeys(names, amount)


def _works(wanted: Wanted, amounts: Mapping[str, Fraction]) -> bool:
    """Whether some order works with penalties, whoever imposes them."""
    found = tuple(Warrant(name, amount, None, None) for name, amount in amounts.items())
    return bool(wanted.edited(with_warrants(wanted.case, found)).verdict("roadmap")[0])


def warrants(wanted: Wanted, amounts: Mapping[str, Fraction]) -> tuple[Warrant, ...]:
    """The penalties with who could impose each.

    Of the other parties with scores that lose by a collapse themselves, the one that loses most
    as a share of the spread of its values; guarantors that the case names come before others.
    """
    prospect, _ = wanted.prospect
    return tuple(
        _warrant(wanted, prospect, party, amount) for party, amount in amounts.items() if amount
    )


def _warrant(wanted: Wanted, prospect: Prospect | None, against: str, amount: Fraction) -> Warrant:
    case, model = wanted.case, wanted.compiled
    losses = {} if prospect is None else dict(prospect.gains_from_collapse)
    losers = [name for name, gain in losses.items() if gain < 0 and name != against]
    named = {entry.by for entry in case.guarantees.values()}
    criteria = model.problem.criteria

    def rank(name: str) -> tuple[bool, float]:
        entry = criteria[model.position[name]]
        return name in named, -losses[name] / max(1e-12, spread(entry) * float(entry.unit))

    best = max(losers, key=rank, default=None)
    if best is not None:
        return Warrant(against, amount, best, -losses[best])
    outside = next((name for name in sorted(named) if name not in case.parties), None)
    return Warrant(against, amount, outside, None)


def with_warrants(case: Case, found: Iterable[Warrant]) -> Case:
    """The case with further guarantees in force from the start."""
    stated = dict(case.guarantees)
    for entry in found:
        name = unused(f"further_guarantee_against_{entry.against}", stated)
        stated[name] = Guarantee(
            by=entry.by or UNNAMED, against=entry.against, amount=Number(entry.amount)
        )
    return case.changed(guarantees=FrozenDict(stated))
