"""Ways in sentences: with their numbers, and without any that is a party's own."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from detente.agreement.packages.changes import Change
from detente.case.numbers import show
from detente.case.schema import Case
from detente.leverage.answer import (
    Check,
    Goal,
    Part,
    Relaxation,
    Shift,
    Standing,
    Warrant,
)
from detente.leverage.judgements import values_of
from detente.leverage.payments.answer import StatePayment, Transfer
from detente.leverage.reversals.answer import Reversal, Turn
from detente.leverage.rounding import above
from detente.model.sentences import listed, number, say
from detente.model.wording import rule_text
from detente.sequencing.changes import HALF
from detente.verification.wording import chance, periods_text

NAMED = 2
"""Of many comparisons that turn, so many are named; the parts of a way have all."""
Told = tuple[str, str]
"""A phrase with numbers, and without any that is a party's own."""


def sentence(
    case: Case,
    parts: Sequence[Part],
    solves: Iterable[Goal],
    left: Standing,
    outcome: Mapping[str, str],
) -> Told:
    """What has to be otherwise, what it brings, and what is still open, as one sentence.

    Parameters
    ----------
    case
        The case as it is, without the edit.
    parts
        What is otherwise.
    solves, left
        Verdicts that turn to yes, and the verdicts then.
    outcome
        The package as it was asked about.
    """
    told = what_is_otherwise(case, parts, outcome)
    solved = listed(say(f"unlock.goal.{goal}") for goal in solves)
    open_ = listed([*missed(case, left), *untold(left)])
    key = "solved_open" if open_ else "solved"
    text, plain = (say(f"unlock.way.{key}", what=what, solved=solved, open=open_) for what in told)
    return text, plain


def untold(standing: Standing) -> list[str]:
    """What cannot be told, a phrase each."""
    return [say(f"unlock.unclear.{goal}") for goal in standing.untold_goals]


def missed(case: Case, standing: Standing) -> list[str]:
    """What is not met, a phrase each."""
    out = []
    for goal in standing.open:
        key = f"unlock.no.{goal}"
        if goal == "acceptable" and standing.broken:
            rules = listed(rule_text(case, case.rules[place]) for place in standing.broken)
            out.append(say("unlock.no.acceptable_rule", count=len(standing.broken), rules=rules))
            if not standing.refused_by:
                continue
        parties = party_list(case, standing.refused_by)
        out.append(say(key, parties=parties, count=len(standing.refused_by)))
    return out


def party_list(case: Case, names: Iterable[str]) -> str:
    """Parties and factions as a phrase."""
    return listed(name_of(case, name) for name in names)


def name_of(case: Case, name: str) -> str:
    """A party; a faction with its party."""
    party, _, faction = name.partition(".")
    if not faction:
        return case.party_name(name) if name in case.parties else name
    return f"{case.party_name(name)} ({case.party_name(party)})"


def concerned(case: Case, parts: Iterable[Part]) -> tuple[str, ...]:
    """Parties whose private numbers the parts hold."""
    names: dict[str, None] = {}
    for part in parts:
        for name in _owners(part):
            owner = name.split(".", 1)[0]
            if owner in case.parties:
                names[owner] = None
    return tuple(names)


def _owners(part: Part) -> tuple[str, ...]:
    if isinstance(part, Transfer):
        return (part.by, part.to)
    if isinstance(part, StatePayment):
        return tuple(name for entry in part.transfers for name in (entry.by, entry.to))
    if isinstance(part, Warrant):
        return (part.against, part.by) if part.by is not None else (part.against,)
    if isinstance(part, (Check, Reversal)):
        return (part.party,)
    return (part.name,) if isinstance(part, Shift) else ()


def what_is_otherwise(case: Case, parts: Sequence[Part], outcome: Mapping[str, str]) -> Told:
    """All parts as one phrase; parts of one kind are told together."""
    changes = [part for part in parts if isinstance(part, Change)]
    shifts = [part for part in parts if isinstance(part, Shift)]
    turns = [part for part in parts if isinstance(part, Reversal)]
    phrases: list[Told] = []
    if changes:
        phrases.append(both(_terms(case, changes)))
    if shifts:
        phrases += _judgements(case, shifts)
    if turns:
        phrases += map(both, _reversals(case, turns, outcome))
    paid: tuple[Transfer, ...] = ()
    for part in parts:
        if isinstance(part, StatePayment):
            if part.transfers != paid:  # it goes on until it is told otherwise
                phrases.append(_state(case, part))
            paid = part.transfers
        elif not isinstance(part, (Change, Shift, Reversal)):
            phrases.append(_part(case, part))
    texts = [text for text, _ in phrases]
    plain = list(dict.fromkeys(plain for _, plain in phrases))
    return _capital("; ".join(texts)), _capital("; ".join(plain))


def both(text: str) -> Told:
    """A phrase that holds nothing private."""
    return text, text


def _part(case: Case, part: Part) -> Told:
    if isinstance(part, Transfer):
        return _payment(case, part)
    if isinstance(part, Warrant):
        return _warrant(case, part)
    if isinstance(part, Check):
        return _check(case, part)
    assert isinstance(part, Relaxation)
    return both(_relaxation(case, part))


def _terms(case: Case, changes: Sequence[Change]) -> str:
    told = "; ".join(change_text(case, change) for change in changes)
    key = "one" if len(changes) == 1 else "many"
    return say(f"unlock.way.terms_{key}", count=len(changes), changes=told)


def change_text(case: Case, change: Change) -> str:
    """One issue settled otherwise."""
    return say(
        "unlock.way.change",
        issue=case.issue_name(change.issue),
        before=case.option_name(change.issue, change.before),
        after=case.option_name(change.issue, change.after),
    )


def _payment(case: Case, part: Transfer) -> Told:
    slots = {"by": name_of(case, part.by), "to": name_of(case, part.to), "period": case.period}
    plain = say("unlock.way.payment_plain", **slots)
    slots["amount"] = amount_text(part.amount)
    if part.costs is None or part.costs == part.brings == part.amount:
        return say("unlock.way.payment", **slots), plain
    points = {"costs": amount_text(part.costs), "brings": number(part.brings)}
    return say("unlock.way.payment_points", **slots, **points), plain


def _state(case: Case, part: StatePayment) -> Told:
    key = "step_end" if part.periods is None else "step"
    state = say(f"unlock.way.{key}", step=part.step)
    told = [_payment(case, entry) for entry in part.transfers]
    told = told or [both(say("unlock.way.nobody_pays"))]
    texts = (listed(entry[place] for entry in told) for place in (0, 1))
    text, plain = (f"{state} {payments}" for payments in texts)
    return text, plain


def _warrant(case: Case, part: Warrant) -> Told:
    party, by = name_of(case, part.against), name_of(case, part.by) if part.by else ""
    amount = amount_text(part.amount)
    text = say("unlock.way.warrant", party=party, amount=amount, period=case.period)
    plain = say("unlock.way.warrant_plain", party=party)
    if part.by is None:
        return say("unlock.way.warrant_none", what=text), say("unlock.way.warrant_none", what=plain)
    if part.stake is None:
        return (
            say("unlock.way.warrant_outside", what=text, by=by),
            say("unlock.way.warrant_outside", what=plain, by=by),
        )
    return (
        say("unlock.way.warrant_by", what=text, by=by, stake=part.stake),
        say("unlock.way.warrant_by_plain", what=plain, by=by),
    )


def _check(case: Case, part: Check) -> Told:
    slots = {"what": case.violation_name(part.violation), "party": name_of(case, part.party)}
    least, now = chance(float(part.least)), chance(part.now)
    text = say("unlock.way.check", **slots, least=least, now=now, period=case.period)
    return text, say("unlock.way.check_plain", **slots)


def _judgements(case: Case, shifts: Sequence[Shift]) -> list[Told]:
    out: list[Told] = []
    for name in dict.fromkeys(shift.name for shift in shifts):
        for kind in ("weight", "score"):
            own = [shift for shift in shifts if (shift.name, shift.kind) == (name, kind)]
            if own:
                out.append(_judged(case, name, own))
    return out


def _judged(case: Case, name: str, own: Sequence[Shift]) -> Told:
    party, kind = name_of(case, name), own[0].kind
    told = listed(
        say(
            f"unlock.way.{kind}",
            issue=case.issue_name(shift.issue),
            option=case.option_name(shift.issue, shift.option) if shift.option else "",
            before=show(rounded(shift.before, shift.before)),
            after=show(rounded(shift.after, shift.before)),
        )
        for shift in own
    )
    plain = say(f"unlock.way.{kind}s_plain", party=party)
    if kind == "score":
        return say("unlock.way.scores", party=party, shifts=told), plain
    values = values_of(case, name)
    assert values is not None and values.weights is not None
    moved = sum((s.after - s.before for s in own if s.after > s.before), Fraction(0))
    whole = sum((weight.point for weight in values.weights.values()), Fraction(0))
    slots = {"moved": show(rounded(moved, Fraction(0))), "sum": show(rounded(whole, whole))}
    return say("unlock.way.weights", party=party, shifts=told, **slots), plain


def amount_text(amount: Fraction) -> str:
    """An amount as it is where it is short, else of four digits and never below it.

    Examples
    --------
    >>> amount_text(Fraction(2411, 100)), amount_text(Fraction(200, 11))
    ('24.11', '18.19')
    """
    exact = show(amount)
    return exact if len(exact) <= 6 and "/" not in exact else show(above(amount, 4))


def rounded(value: Fraction, away_from: Fraction, digits: int = 2) -> Fraction:
    """A number of few decimals, rounded away from another, so that what is told is enough."""
    scale = 10**digits
    if value == away_from:
        return Fraction(round(value * scale), scale)
    turn = math.ceil if value > away_from else math.floor
    return Fraction(turn(value * scale), scale)


def _reversals(case: Case, turns: Sequence[Reversal], outcome: Mapping[str, str]) -> Iterator[str]:
    """Comparisons that turn, those of one party and kind together; of many the first."""
    groups: dict[tuple[str, Turn], list[Reversal]] = {}
    for part in turns:
        groups.setdefault((part.party, part.kind), []).append(part)
    for (party, kind), own in groups.items():
        slots = {"party": name_of(case, party), "count": len(own), "rest": len(own) - NAMED}
        key = kind.replace(" ", "_")
        told = [
            say(
                f"unlock.way.{key}",
                outcome=_outcome(case, part.outcome, outcome),
                against=_outcome(case, part.against, outcome),
                terms=_differing(case, part.outcome, part.against),
            )
            for part in own[:NAMED]
        ]
        many = "one" if len(own) == 1 else "some" if len(own) <= NAMED else "many"
        phrase = say(f"unlock.way.as_{key}", count=len(own))
        yield say(f"unlock.way.reversal_{many}", kind=phrase, told="; ".join(told), **slots)


def _outcome(case: Case, outcome: Mapping[str, str], package: Mapping[str, str]) -> str:
    """An outcome by what differs from the package; today's state by its name."""
    if outcome == package:
        return say("unlock.way.the_package")
    if case.status_quo is not None and outcome == case.status_quo:
        return say("unlock.way.reversal_today")
    return say("unlock.way.reversal_package", terms=_differing(case, outcome, package))


def _differing(case: Case, outcome: Mapping[str, str], other: Mapping[str, str]) -> str:
    """What an outcome settles otherwise than another."""
    return listed(
        say(
            "unlock.way.reversal_term",
            issue=case.issue_name(issue),
            option=case.option_name(issue, outcome[issue]),
        )
        for issue, option in other.items()
        if outcome[issue] != option
    )


def _relaxation(case: Case, part: Relaxation) -> str:
    subject = part.subject
    if part.kind == "rule":
        rule = rule_text(case, case.rules[int(subject)])
        return say("unlock.way.rule", number=str(int(subject) + 1), rule=rule)
    if part.kind == "ratification":
        return say("unlock.way.ratification", faction=name_of(case, subject))
    if part.kind == "requires":
        return say("unlock.way.requires", measure=case.measure_name(subject))
    if part.kind == "precedence":
        first, second = (_step(case, name) for name in (subject, part.option or ""))
        return say("unlock.way.precedence", first=first, second=second)
    issue = case.issue_name(subject)
    if part.kind == "withdraw":
        return say("unlock.way.withdraw", issue=issue)
    if part.kind == "joint":
        return say("unlock.way.joint", party=name_of(case, part.option or ""), issue=issue)
    if part.kind == "option":
        there = part.option not in case.issues[subject].options
        name = (part.option or "").removeprefix(HALF) if there else part.option or ""
        option = case.option_name(subject, name)
        return say(f"unlock.way.option{'_there' if there else ''}", option=option, issue=issue)
    option = case.option_name(subject, part.option or "")
    if part.value in (0, "never"):
        key = "undo_never" if part.value == "never" else "undo_at_once"
        return say(f"unlock.way.{key}", option=option, issue=issue)
    time = periods_text(int(part.value or 0), case.period)
    return say("unlock.way.undo_periods", option=option, issue=issue, time=time)


def _step(case: Case, name: str) -> str:
    """An issue, a measure or a guarantee, as a step of a road."""
    if name in case.issues:
        return case.issue_name(name)
    if name in case.guarantees:
        return case.guarantees[name].name or name.replace("_", " ")
    return case.measure_name(name)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
