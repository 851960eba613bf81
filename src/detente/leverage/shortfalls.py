"""Why a lever does not get there, and what the bound would have to be."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from detente.case.numbers import show
from detente.case.schema import Case
from detente.leverage.answer import Bound, Goal, Lever
from detente.leverage.judgements import Persuasion
from detente.leverage.payments.answer import NoPayments, Obstacle
from detente.leverage.words import name_of, party_list, rounded
from detente.model.sentences import listed, say


def bound(
    lever: Lever,
    goal: Goal | None,
    key: str,
    case: Case | None = None,
    parties: tuple[str, ...] = (),
    **slots: object,
) -> Bound:
    """Why a lever does not get there, from the catalogue."""
    told = {} if case is None else {"parties": party_list(case, parties)}
    text = say(f"unlock.bound.{key}", **told, **slots)
    return Bound(lever, goal, text, text)


def range_bound(case: Case, found: Persuasion) -> Bound:
    """Which ranges would have to be wider for a party to be persuaded."""
    shifts = []
    for shift in found.shifts:
        key = f"{'range' if shift.beyond else 'free'}_{shift.kind}"
        shifts.append(
            say(
                f"unlock.bound.{key}",
                issue=case.issue_name(shift.issue),
                option=case.option_name(shift.issue, shift.option) if shift.option else "",
                after=show(rounded(shift.after, shift.before)),
                low="" if shift.low is None else show(shift.low),
                high="" if shift.high is None else show(shift.high),
            )
        )
    party = name_of(case, found.name)
    lacks = show(rounded(found.lacks, Fraction(0)))
    text = say(
        f"unlock.bound.persuasion_{found.by}", party=party, lacks=lacks, shifts=listed(shifts)
    )
    plain = say("unlock.bound.persuasion_plain", party=party)
    return Bound("persuasion", "acceptable", text, plain, (found.name.split(".", 1)[0],))


def payments_bound(case: Case, found: NoPayments, goals: Sequence[Goal], *, bounded: bool) -> Bound:
    """Why no side payments do, and what the bounds would have to be, where there are any."""
    goal = goals[0] if len(goals) == 1 else None
    names = dict.fromkeys(entry.who for entry in found.obstacles if entry.who)
    concerns = tuple(dict.fromkeys(name.split(".", 1)[0] for name in names))
    aim = listed(say(f"unlock.goal.{entry}") for entry in goals)
    if found.obstacles:
        why = listed(dict.fromkeys(_obstacle(case, entry) for entry in found.obstacles))
        text = say("unlock.bound.payments_none", aim=aim, why=why)
        return Bound("payments", goal, text, text)
    within = say("unlock.bound.within") if bounded else ""
    plain = say("unlock.bound.payments_plain", aim=aim, within=within)
    short = found.shortfall
    if short is None:
        return Bound("payments", goal, plain, plain, concerns)
    text = plain
    if short.short is not None:
        lacking = show(rounded(short.short, Fraction(0)))
        slots = {"lacking": lacking, "period": case.period}
        text = say("unlock.bound.payments_short", aim=aim, within=within, **slots)
    if short.alone:
        options = (
            say("unlock.bound.payment_bound", party=name_of(case, name), amount=_ceiling(amount))
            for name, amount in short.alone.items()
        )
        text += " " + say("unlock.bound.payments_alone", bounds=listed(options, "or"))
    elif short.together:
        options = (
            say("unlock.bound.payment_bound", party=name_of(case, name), amount=_ceiling(amount))
            for name, amount in short.together.items()
        )
        text += " " + say("unlock.bound.payments_together", bounds=listed(options))
    else:
        text += " " + say(f"unlock.bound.payments_no_surplus{'_bounded' if bounded else ''}")
    return Bound("payments", goal, text, plain, tuple(case.signing))


def _ceiling(amount: Fraction) -> str:
    return show(rounded(amount, Fraction(0)))


def _obstacle(case: Case, entry: Obstacle) -> str:
    key = entry.kind.replace(" ", "_")
    who = name_of(case, entry.who) if entry.who else ""
    return say(f"unlock.obstacle.{key}", who=who, what=entry.what)
