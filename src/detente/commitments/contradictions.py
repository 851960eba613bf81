"""Where the order of a text contradicts itself, the package's own order, or the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from detente.case.implementation import Commitment
from detente.commitments.dates import after
from detente.commitments.order import Moment, Order, before
from detente.commitments.promises import Promise, counterparts, irreversible
from detente.commitments.text import NegotiatedText

_Parties = tuple[tuple[str, ...], tuple[str, ...]]
"""Whom a clause binds, and to whom it is owed."""


@dataclass(frozen=True)
class Contradiction:
    """A fault of the order.

    Parameters
    ----------
    id
        The clause that it is reported under.
    kind
        ``cycle``: the clauses wait for each other. ``dates``: it is due before one that
        triggers it. ``takes``: it is due before those that come first can be done.
        ``pair``: the package wants the other one first. ``rule``: at that moment a rule of
        the case is broken. ``irreversible``: it cannot be taken back, and what is given for
        it can and comes later.
    others
        The other clauses of it.
    rule
        Position of the rule in the case.
    periods
        For ``takes``, how many periods after signature it could be at the earliest.
    """

    id: str
    kind: str
    others: tuple[str, ...] = ()
    rule: int | None = None
    periods: int | None = None

    @property
    def bars(self) -> bool:
        """Whether it bars signature: what is merely unwise does not."""
        return self.kind != "irreversible"


def contradictions(text: NegotiatedText) -> Iterator[Contradiction]:
    """All faults of the order that dates and triggers imply.

    Cost: linear in clauses and triggers, plus, for each irreversible clause, as many
    operations on bits as there are clauses (see :attr:`detente.commitments.order.Order.later`).
    """
    for cycle in text.order.cycles:
        yield Contradiction(cycle[0], "cycle", cycle[1:])
    yield from _dates(text.order)
    yield from _durations(text)
    yield from _pairs(text)
    from detente.commitments.timetable import broken_rules  # needs numpy

    for broken in broken_rules(text):
        yield Contradiction(broken.id, "rule", broken.waits_for, broken.rule)
    yield from _irreversible_first(text)


def _own(order: Order, id: str) -> Moment | None:
    """When a clause is due by its own date, if it has one."""
    return order.places[id] if order.commitments[id].by is not None else None


def _dates(order: Order) -> Iterator[Contradiction]:
    for id, entry in order.commitments.items():
        late = [t for t in entry.after if before(_own(order, id), order.places[t])]
        if late:
            yield Contradiction(id, "dates", tuple(dict.fromkeys(late)))


def _durations(text: NegotiatedText) -> Iterator[Contradiction]:
    """A step takes its time before the next one can follow (``takes``).

    Definition: at the earliest, a clause without triggers is carried out at signature, any
    other when the last of its triggers has been and has taken its time. Reported is who is
    due before that, with those on the slowest way there that take time. One is left out
    whose own trigger is due later (``dates``), or where one on that way is reported.
    """
    order = text.order
    earliest: dict[str, int] = {}
    slow: dict[str, tuple[str, ...] | None] = {}
    for id in order.in_order():
        entry = order.commitments[id]
        times = {t: earliest[t] + _takes(text, text.promises[t]) for t in entry.after}
        earliest[id], slow[id] = max(times.values(), default=0), ()
        if not times:
            continue
        last = max(times, key=lambda trigger: times[trigger])
        way = slow[last]
        slow[id] = way = way if way is None or earliest[id] == earliest[last] else (*way, last)
        if way is not None and _due_before(text, id, earliest[id]):
            slow[id] = None
            if not before(_own(order, id), order.places[last]):
                yield Contradiction(id, "takes", way, periods=earliest[id])


def _due_before(text: NegotiatedText, id: str, periods: int) -> bool:
    """Whether a clause is due, by its own date, before some periods after signature."""
    by = text.order.commitments[id].by
    if isinstance(by, date):
        return text.signed is not None and by < after(text.signed, periods, text.case.period)
    return by is not None and by < periods


def _takes(text: NegotiatedText, promised: Promise) -> int:
    issues, outcome = text.case.issues, text.outcome
    tables = ((issues[issue].takes, outcome[issue]) for issue in promised.covers)
    times = (t.options.get(option, t.default) for t, option in tables if t is not None)
    return max((int(time) for time in times if time is not None), default=0)


def _pairs(text: NegotiatedText) -> Iterator[Contradiction]:
    """The package's own ``before``: pairs of issues of which the first comes first.

    Reported is who brings about the second and comes before all others that bring about the
    first.
    """
    bits = {id: 1 << number for number, id in enumerate(text.order.commitments)}
    covering: dict[str, list[str]] = {}
    for id, promised in text.promises.items():
        for issue in promised.covers:
            covering.setdefault(issue, []).append(id)
    for first, then in text.package.before:
        wanted = sum(bits[id] for id in covering.get(first, ()))
        for id in covering.get(then, ()):
            others = wanted & ~bits[id]
            if others and not others & ~text.order.later[id]:
                yield Contradiction(id, "pair", text.order.chosen(others))


def _irreversible_first(text: NegotiatedText) -> Iterator[Contradiction]:
    order, promises = text.order, text.promises
    final = list[str]()
    loose: dict[_Parties, tuple[Commitment, int]] = {}  # whose, one of them, all as bits
    for number, (id, promised) in enumerate(promises.items()):
        if irreversible(text.case, text.outcome, promised.covers):
            final.append(id)
        elif promised.covers:
            entry = order.commitments[id]
            parties = (entry.who, entry.to)
            loose[parties] = entry, loose.get(parties, (entry, 0))[1] | 1 << number
    returned: dict[_Parties, int] = {}
    for id in final if loose else ():
        entry = order.commitments[id]
        parties = (entry.who, entry.to)
        if parties not in returned:
            returned[parties] = sum(b for one, b in loose.values() if counterparts(entry, one))
        later = returned[parties] & order.later[id]
        if later:
            yield Contradiction(id, "irreversible", order.chosen(later))
