"""Does a text, carried out at its latest dates, break a rule on the way?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.commitments.order import Moment
from detente.commitments.promises import falls_short
from detente.commitments.text import NegotiatedText
from detente.model.expressions import rule_factors
from detente.model.problem import Factor
from detente.model.space import Space


@dataclass(frozen=True)
class BrokenRule:
    """A rule that is broken on the way.

    Parameters
    ----------
    id
        A clause that is due at the first moment at which it is broken.
    rule
        Position of the rule in the case.
    waits_for
        The clauses for which issues of the rule still wait; there is one at least, for else
        these might stand as in the outcome, which keeps the rule.
    """

    id: str
    rule: int
    waits_for: tuple[str, ...]


def broken_rules(text: NegotiatedText) -> Iterator[BrokenRule]:
    """Rules that cannot hold at some moment if every clause is carried out when it is due.

    Definition: at the moment at which a clause is due, an issue that some clause due by then
    brings about stands at its option in the outcome. One that only later clauses bring about
    stands at the status quo, unless a clause due by then takes it further. The others
    (clauses without a date or trigger, or no clause at all) may stand anywhere between the
    two. So may what is taken further, as far as the clauses due by then are kept. A rule is
    broken where a part of it holds in no such state. The status quo obeys all rules; a rule
    that the outcome itself breaks is not looked at.

    Notes
    -----
    Cost: for each moment, one look into the tables of the rules that read an issue that
    moves then. Nothing is found without a status quo (there is no way to go), and where
    periods and dates cannot be put in one order (the day of signature is not known).
    """
    case, at = text.case, _moments(text)
    if case.status_quo is None or len({kind for kind, _ in at}) > 1:
        return
    space = Space(tuple(case.issues), tuple(case.options.values()))
    rules = [rule_factors(rule, space) for rule in case.rules]
    final = [(code,) for code in space.codes(text.outcome)]
    kept = {
        place: {space.issues[position] for factor in factors for position in factor.scope}
        for place, factors in enumerate(rules)
        if all(_possible(factor, final) for factor in factors)
    }
    way = _Way(text, case.status_quo)
    for moment in sorted(at):
        moved = way.carry_out(at[moment])
        concerned = [place for place, read in kept.items() if read & moved]
        options = way.codes() if concerned else []
        for place in concerned:
            if not all(_possible(factor, options) for factor in rules[place]):
                read = kept.pop(place)
                guilty = next(id for id in at[moment] if read & moved & {*text.promises[id].ties})
                yield BrokenRule(guilty, place, _settling(text, read & way.waiting()))


def _possible(factor: Factor, options: Sequence[Sequence[int]]) -> bool:
    table = factor.table[np.ix_(*(options[position] for position in factor.scope))]
    return bool(table.any())


def _moments(text: NegotiatedText) -> dict[Moment, list[str]]:
    """The clauses that say something about the outcome, by when they are due."""
    at: dict[Moment, list[str]] = {}
    for id, promised in text.promises.items():
        place = text.order.places[id]
        if place is not None and promised.holds and promised.ties:
            at.setdefault(place, []).append(id)
    return at


class _Way:
    """Where each issue may stand while clauses are carried out one after the other."""

    def __init__(self, text: NegotiatedText, today: Mapping[str, str]) -> None:
        self.text, self.today = text, today
        self.may = {
            issue: {today[issue], *falls_short(text.case, issue, option), option}
            for issue, option in text.outcome.items()
        }
        undated = {id for id, place in text.order.places.items() if place is None}
        covered = {issue for p in text.promises.values() for issue in p.covers}
        self.dated = covered - {issue for id in undated for issue in text.promises[id].covers}

    def carry_out(self, ids: Sequence[str]) -> set[str]:
        """The issues that these clauses move."""
        moved = set()
        for id in ids:
            promised = self.text.promises[id]
            for issue in promised.ties:
                if self.text.outcome[issue] != self.today[issue]:
                    moved.add(issue)
                    self.may[issue] -= set((promised.breaking or {})[issue])
        return moved

    def waiting(self) -> set[str]:
        """The issues that stay at the status quo until a clause is due."""
        return {issue for issue in self.dated if self.today[issue] in self.may[issue]}

    def codes(self) -> list[list[int]]:
        """For each issue, the positions of the options at which it may stand now."""
        stands = {**self.may, **{issue: {self.today[issue]} for issue in self.waiting()}}
        return [
            [place for place, option in enumerate(options) if option in stands[issue]]
            for issue, options in self.text.case.options.items()
        ]


def _settling(text: NegotiatedText, issues: set[str]) -> tuple[str, ...]:
    """The clauses that bring about some of these issues."""
    return tuple(id for id, promised in text.promises.items() if issues & {*promised.covers})
