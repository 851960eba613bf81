"""What ``roadmap`` should find: every order, every deviation, one at a time, to fifty digits.

The lattice is enumerated state by state and order by order; a collapse is added up period by
period (:class:`verify_by_definition.Collapse`); each deviation is the difference of what going on
and what deviating is worth, written out as the definitions have it. Nothing here uses the code.
"""

from __future__ import annotations

import decimal
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from typing import Any

from by_definition import ByDefinition
from detente.case import Case
from detente.case.implementation import Package
from lattice_by_definition import Lattice, Order, State
from verify_by_definition import Cheat, Collapse, Terms, Watched, cheats, covert, race

decimal.getcontext().prec = 50
ZERO, ONE = Decimal(0), Decimal(1)


def real(number: Any) -> Decimal:
    """To fifty digits."""
    if isinstance(number, Fraction):
        return Decimal(number.numerator) / Decimal(number.denominator)
    return Decimal(number)


@dataclass(frozen=True)
class Margin:
    step: int
    party: str
    kind: str
    parts: tuple[str, ...]
    margin: Decimal


@dataclass(frozen=True)
class Extra:
    """More of something: a guarantee, a payment per period, a floor of own detection."""

    guarantee: Decimal = ZERO
    payment: Decimal = ZERO
    floor: Decimal = ZERO


NOTHING = Extra()


class Traveller:
    """One party under one coding on the road."""

    def __init__(
        self,
        lattice: Lattice,
        case: Case,
        party: str,
        *,
        patient: bool = False,
        extra: Extra = NOTHING,
    ) -> None:
        self.lattice, self.case, self.party, self.patient = lattice, case, party, patient
        self.extra, self.says = extra, ByDefinition(case)
        self.after = Collapse(case, party)
        self.delta = real(self.after.delta)
        stated = case.verification
        self.lag = stated.lag if stated is not None else 0
        lasting = stated.punishment if stated is not None else "forever"
        self.punishment = None if lasting == "forever" else lasting
        self.measures = dict(stated.measures) if stated is not None else {}
        look = stated.second_look if stated is not None else None
        self.keeps_true = look.keeps_true.point if look is not None else Fraction(1)
        self.keeps_false = look.keeps_false.point if look is not None else Fraction(1)
        self._u, self._b = cache(self._value), cache(self._breakdown)
        self._p, self._g = cache(self._suspended), cache(self._guarantees)
        self.ways = cache(self._cheats)
        self.tail = cache(self._tail)
        self.false_alarm = cache(self._false_alarm)
        self.margins_at, self.margins_in = cache(self._margins_at), cache(self._margins_in)

    # ------------------------------------------------------------ what states are worth

    def u(self, outcome: Mapping[str, str]) -> Decimal:
        return self._u(tuple(outcome.items())) + self.extra.payment

    def b(self, outcome: Mapping[str, str]) -> Decimal:
        return self._b(tuple(outcome.items()))

    def g(self, state: State, outcome: Mapping[str, str]) -> Decimal:
        """What guarantees in place in a state take where this really stands."""
        return self._g(state, tuple(outcome.items())) + self.extra.guarantee

    def _value(self, outcome: Any) -> Decimal:
        return real(self.after.value(dict(outcome)))

    def _breakdown(self, outcome: Any) -> Decimal:
        return real(self.after.worth(dict(outcome)))

    def _suspended(self, outcome: Any) -> Decimal:
        return real(self.after.worth(dict(outcome), self.punishment))

    def _guarantees(self, state: State, outcome: Any) -> Decimal:
        found = (
            entry.amount.point
            for name, entry in self.case.guarantees.items()
            if entry.against == self.party
            and self.lattice.placed(name, state)
            and (entry.when is None or self.says.holds(entry.when, dict(outcome)))
        )
        return real(sum(found, Fraction(0)))

    def calm(self, outcome: Mapping[str, str], worth: Decimal) -> Decimal:
        """What an alarm leaves, guarantees aside; ``worth`` is that of what may resume."""
        if self.punishment is None:
            return self.b(outcome)
        return self._p(tuple(outcome.items())) + self.delta**self.punishment * worth

    def blame(self, state: State, outcome: Mapping[str, str]) -> Decimal:
        """What guarantees take after a true alarm: nothing where the process resumes."""
        return self.g(state, outcome) if self.punishment is None else ZERO

    # ------------------------------------------------------------ who sees what

    def standing(self, state: State) -> list[str]:
        outcome = self.lattice.outcome(state)
        return [
            name
            for name, entry in self.measures.items()
            if self.lattice.placed(name, state)
            and (entry.requires is None or self.says.holds(entry.requires, outcome))
        ]

    def _false_alarm(self, state: State) -> Decimal:
        wrong = (self.measures[name].false_alarm for name in self.standing(state))
        right = math.prod((1 - f.point for f in wrong if f is not None), start=Fraction(1))
        return real(self.keeps_false * (1 - right))

    def detection(
        self, state: State, ways: Sequence[tuple[str, str | None]], stands: Mapping[str, str]
    ) -> Decimal:
        unseen = Fraction(1)
        for name in self.standing(state):
            entry = self.measures[name]
            if entry.requires is not None and not self.says.holds(entry.requires, stands):
                continue
            for what, option in ways:
                table = entry.detects.get(what, {})
                chance = table[option] if option in table else table.get("")
                unseen *= 1 - (chance.point if chance is not None else 0)
        return max(self.extra.floor, real(self.keeps_true * (1 - unseen)))

    def _cheats(self, state: State) -> list[tuple[Cheat, Decimal]]:
        """Every way to cheat on what stands, with its own detection."""
        if state == self.lattice.start:
            return []
        found = cheats(self.case, self.party, self.lattice.outcome(state))
        return [(c, self.detection(state, c.ways, dict(c.stands))) for c in found]

    def alone(self, issue: str) -> bool:
        entry = self.case.issues[issue]
        return entry.control == self.party or bool((entry.moves or {}).get(self.party))

    def withheld(self, state: State, after: State) -> Iterator[tuple[State, tuple[str, ...]]]:
        """Every way of leaving own parts of a step short, with their names."""
        lattice = self.lattice
        ranges = [
            range(low, high + 1)
            if item.chain and self.party in lattice.owners(item.name)
            else (high,)
            for item, low, high in zip(lattice.items, state, after, strict=True)
        ]
        for left in itertools.product(*ranges):
            parts = [i.name for i, a, b in zip(lattice.items, left, after, strict=True) if a != b]
            if parts:
                yield left, tuple(parts)

    # ------------------------------------------------------------ going on

    def promise(self, state: State, after: State, worth: Decimal, begun: int = 0) -> Decimal:
        """C: going on from so many periods into a step, from W of where it leads."""
        periods = self.lattice.periods(state, after)
        if self.patient or begun >= periods:
            return worth
        outcome, power = self.lattice.outcome(after), self.delta ** (periods - begun)
        false = self.false_alarm(after)
        then = (1 - false) * worth + false * self.calm(outcome, worth)
        return (1 - power) * self.u(outcome) + power * then

    @cached_property
    def final(self) -> Decimal:
        """W at the target."""
        outcome, delta = self.lattice.outcome(self.lattice.end), self.delta
        if self.patient:
            return self.u(outcome)
        false = self.false_alarm(self.lattice.end)
        again = 0 if self.punishment is None else delta**self.punishment
        flow = (1 - delta) * self.u(outcome) + delta * false * self.calm(outcome, ZERO)
        return flow / (1 - delta * (1 - false) - delta * false * again)

    def worth(self, order: Order) -> Decimal:
        """W at the beginning of (the rest of) an order."""
        return self.tail(order)[0]

    # ------------------------------------------------------------ deviations

    def _margins_in(self, state: State, after: State, worth: Decimal) -> list[tuple[Any, ...]]:
        """Of walking away before a step and of withholding in it: kind, parts, margin."""
        here, there = self.lattice.outcome(state), self.lattice.outcome(after)
        comply = self.promise(state, after, worth)
        out: list[tuple[Any, ...]] = [
            ("walk away", (), comply - self.b(here) + self.g(state, here))
        ]
        acted = self.lag + 1
        power = ZERO + (1 if self.patient else self.delta**acted)
        for left, parts in self.withheld(state, after):
            stands = self.lattice.outcome(left)
            if not all(self.alone(name) and covert(self.case, name) for name in parts):
                collapse = self.b(stands) - self.g(after, stands)
                out.append(
                    ("withhold", parts, comply - (1 - power) * self.u(stands) - power * collapse)
                )
                continue
            own = self.detection(after, [(name, stands[name]) for name in parts], stands)
            if self.patient:
                gain = max(ZERO, self.u(stands) - self.u(there))
                lost = worth - self.b(stands) + self.g(after, stands)
                out.append(("withhold", parts, own * lost - (1 - own) * gain))
                continue
            unnoticed = self.promise(state, after, worth, acted)
            hidden = Hidden(self.u(stands), own, acted, unnoticed)
            out.append(("withhold", parts, self.hidden(after, stands, comply, hidden)))
        return out

    def hidden(
        self,
        state: State,
        stands: Mapping[str, str],
        comply: Decimal,
        hidden: Hidden,
    ) -> Decimal:
        """The margin of what is done in secret, per period until it is found.

        After a finite punishment the process resumes where it stood.
        """
        total = 1 - (1 - self.false_alarm(state)) * (1 - hidden.own)
        power = self.delta**hidden.acted
        alarm = total * self.calm(stands, hidden.unnoticed)
        alarm -= hidden.own * self.blame(state, stands)
        deviate = (1 - power) * hidden.flow + power * (alarm + (1 - total) * hidden.unnoticed)
        return (comply - deviate) / (1 - power * (1 - total))

    def _margins_at(self, state: State, worth: Decimal) -> list[tuple[Any, ...]]:
        """Of cheating on what stands in a state, and of breaking out, from W there."""
        outcome, delta = self.lattice.outcome(state), self.delta
        out: list[tuple[Any, ...]] = []
        false = self.false_alarm(state)
        comply = (1 - delta) * self.u(outcome)
        comply += delta * ((1 - false) * worth + false * self.calm(outcome, worth))
        for cheat, own in self.ways(state):
            stands = dict(cheat.stands)
            flow = self.u(stands) + real(cheat.gain)
            if cheat.takes:
                margin = self.broken_out(state, cheat, own, worth)
                out.append(("break out", cheat.names, margin))
            elif self.patient:
                lost = worth - self.b(stands) + self.g(state, stands)
                gain = max(ZERO, flow - self.u(outcome))
                out.append(("cheat", cheat.names, own * lost - (1 - own) * gain))
            else:
                hidden = Hidden(flow, own, self.lag + 1, worth)
                margin = self.hidden(state, stands, comply, hidden)
                out.append(("cheat", cheat.names, margin))
        return out

    def broken_out(self, state: State, cheat: Cheat, own: Decimal, worth: Decimal) -> Decimal:
        outcome, delta = self.lattice.outcome(state), self.delta
        if self.patient:
            kept = worth - self.b(outcome) + self.g(state, outcome)
            return kept - (1 - own) ** cheat.takes * real(cheat.prize)
        false, flow = self.false_alarm(state), self.u(outcome) + real(cheat.gain)
        nobody = self.calm(outcome, worth)
        guilty = nobody - self.blame(state, outcome)
        won = guilty + real(cheat.prize)
        if self.lag:
            exact = (Fraction(x) for x in (flow, nobody, guilty, delta, won, own, false))
            flows, calm, blamed, power, end, seen, wrong = exact
            path = Terms(flows, calm, blamed, power, self.lag, cheat.takes, end)
            return worth - real(race(path, seen, wrong))
        total = 1 - (1 - false) * (1 - own)
        q = delta * (1 - total)
        alarm = total * nobody - own * (nobody - guilty)
        value = won
        for _ in range(cheat.takes):
            value = (1 - delta) * flow + delta * alarm + q * value
        return worth - value

    @cached_property
    def ends(self) -> list[tuple[Any, ...]]:
        """At the target: reneging, and cheating as ``verify`` has it."""
        end, worth = self.lattice.end, self.final
        outcome = self.lattice.outcome(end)
        leave = worth - self.b(outcome) + self.g(end, outcome)
        out: list[tuple[Any, ...]] = [("renege at the end", (), leave)]
        if self.patient or not self.lag:
            return out + self.margins_at(end, worth)
        assert self.extra.payment == 0
        watched = Watched(self.case, outcome, more=Fraction(self.extra.guarantee))
        used = list(watched.measures)
        false = watched.false_alarm(used)
        for cheat in watched.cheats[self.party]:
            own = max(Fraction(self.extra.floor), watched.detection(cheat, used))
            margin = real(watched.margin(self.party, cheat, own, false))
            out.append(("break out" if cheat.takes else "cheat", cheat.names, margin))
        return out

    # ------------------------------------------------------------ orders

    def _tail(self, order: Order) -> tuple[Decimal, Decimal]:
        """W at the beginning of the rest of an order, and the least margin from there on."""
        if len(order) == 1:
            return self.final, min(margin for _, _, margin in self.ends)
        state, after = order[:2]
        worth, least = self.tail(order[1:])
        found = [least, *(m for _, _, m in self.margins_in(state, after, worth))]
        if len(order) > 2:
            found += [m for _, _, m in self.margins_at(after, worth)]
        return self.promise(state, after, worth), min(found)

    def margins(self, order: Order) -> list[Margin]:
        """Every deviation at every moment."""
        out = []
        for n in range(len(order) - 1):
            worth = self.worth(order[n + 1 :])
            for kind, parts, margin in self.margins_in(order[n], order[n + 1], worth):
                out.append(Margin(n + (kind == "withhold"), self.party, kind, parts, margin))
            if n + 2 < len(order):
                for kind, parts, margin in self.margins_at(order[n + 1], worth):
                    out.append(Margin(n + 1, self.party, kind, parts, margin))
        last = len(order) - 1
        return out + [Margin(last, self.party, *entry) for entry in self.ends]


@dataclass(frozen=True)
class Hidden:
    """What a secret deviation yields per period, how often it is found, and what follows if not."""

    flow: Decimal
    own: Decimal
    acted: int
    unnoticed: Decimal


class Roads:
    """All orders to a target, for all parties that sign and have scores."""

    def __init__(
        self,
        case: Case,
        target: Mapping[str, str],
        package: Package | None = None,
        *,
        model: str = "discounted",
        at_once: int | None = None,
        also: Sequence[Case] = (),
        extra: Mapping[str, Extra] | Extra = NOTHING,
        lattice: Lattice | None = None,
    ) -> None:
        self.lattice = lattice or Lattice(case, target, package, at_once=at_once, also=also)
        self.case, self.model = case, model
        self.travellers = [
            self.traveller(coding, party, extra)
            for coding in self.lattice.codings
            for party in coding.signing
            if scored(coding, party)
        ]

    def traveller(
        self, case: Case, party: str, extra: Mapping[str, Extra] | Extra = NOTHING
    ) -> Traveller:
        more = extra if isinstance(extra, Extra) else extra.get(party, NOTHING)
        return Traveller(self.lattice, case, party, patient=self.model == "patient", extra=more)

    def with_extra(self, extra: Mapping[str, Extra] | Extra) -> Roads:
        return Roads(
            self.case, self.lattice.target, model=self.model, lattice=self.lattice, extra=extra
        )

    @cached_property
    def orders(self) -> list[Order]:
        return list(self.lattice.orders())

    def worst(self, order: Order) -> list[Decimal]:
        """The least margin of each party; ties are ties to thirty digits."""
        return [round(traveller.tail(order)[1], 30) for traveller in self.travellers]

    @cached_property
    def table(self) -> dict[Order, list[Decimal]]:
        return {order: self.worst(order) for order in self.orders}

    @cached_property
    def values(self) -> list[Decimal]:
        """The weakest moment of every order, best first."""
        return sorted((min(row) for row in self.table.values()), reverse=True)

    @cached_property
    def leximin(self) -> list[Decimal]:
        """Worst margins of the best order, least first."""
        return max(sorted(row) for row in self.table.values())

    @property
    def ceiling(self) -> Decimal:
        return min(m for t in self.travellers for _, _, m in t.ends)

    def margins(self, order: Order, case: Case | None = None) -> list[Margin]:
        """Every deviation of every party under one coding."""
        wanted = case or self.case
        return [m for t in self.travellers if t.case is wanted for m in t.margins(order)]

    # ------------------------------------------------------------ what is missing

    def least(self, parties: Sequence[str], what: str) -> Decimal | None:
        """The least guarantee or payment, of these parties alike, with which some order works.

        Each margin of an order is linear in it.
        """
        more = dict.fromkeys(parties, Extra(**{what: ONE}))
        other = self.with_extra(more)
        amounts = []
        for order in self.orders:
            low, high = ZERO, None
            for one, two in zip(self.travellers, other.travellers, strict=True):
                for now, then in zip(one.margins(order), two.margins(order), strict=True):
                    slope = then.margin - now.margin
                    if abs(slope) > Decimal("1e-40"):
                        where = -now.margin / slope
                        low = max(low, where) if slope > 0 else low
                        high = where if slope < 0 and (high is None or where < high) else high
                    elif now.margin < 0:
                        high = -ONE
            if high is None or high >= low:
                amounts.append(low)
        return min(amounts, default=None)

    def holds_at(self, floor: Any) -> bool:
        """Whether some order works if own detection is nowhere less than this."""
        return self.with_extra(Extra(floor=real(floor))).values[0] >= Decimal("-1e-9")


def scored(case: Case, party: str) -> bool:
    values = case.values.get(party)
    return values is not None and values.scores is not None
