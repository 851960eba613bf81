"""What ``verify`` should find, period by period from the definitions; slow, plain, exact.

A collapse is valued by adding up its periods. Honesty and cheating are Markov chains over the
results that are not yet out, solved as linear systems (in rationals where the discount is
rational: a case whose period is a year). A dash is a chain of its own that ends. Nothing here
uses the formulas of the code.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

import numpy as np

from by_definition import ByDefinition
from detente.case import Case

Outcome = Mapping[str, str]
Real = Any
"""Fraction or float."""

YEARS = {
    "day": Fraction(1, 365),
    "week": Fraction(7, 365),
    "month": Fraction(1, 12),
    "quarter": Fraction(1, 4),
    "year": Fraction(1),
}


def discount_of(case: Case, party: str) -> Real:
    """(discount · (1 − turnover))^(period in years): exact for years."""
    entry = case.parties[party]
    yearly = Fraction(3, 4) if entry.discount is None else entry.discount.point
    yearly *= 1 - (entry.turnover.point if entry.turnover is not None else 0)
    years = YEARS[case.period]
    return yearly if years == 1 else float(yearly) ** float(years)


def undo_time(case: Case, issue: str, option: str) -> int | None:
    """Periods until the status quo is back; None for never."""
    entry = case.issues[issue]
    if case.status_quo is not None and option == case.status_quo[issue]:
        return 0
    if option in entry.irreversible:
        return None
    if entry.undo is None:
        return 0
    stated = entry.undo.options.get(option, entry.undo.default)
    return None if stated == "never" else stated or 0


class Collapse:
    """The aftermath of one party."""

    def __init__(self, case: Case, party: str, discount: Real = None) -> None:
        self.case, self.party = case, party
        self.says = ByDefinition(case)
        self.delta = discount_of(case, party) if discount is None else discount

    def value(self, outcome: Outcome) -> Real:
        value = self.says.value(self.party, outcome)
        return value if isinstance(self.delta, Fraction) else float(value)

    def state(self, outcome: Outcome, time: int) -> dict[str, str]:
        """What stands so many periods after a collapse."""
        today = self.case.status_quo
        assert today is not None
        out = {}
        for issue, option in outcome.items():
            undo = undo_time(self.case, issue, option)
            out[issue] = option if undo is None or time < undo else today[issue]
        return out

    def flow(self, outcome: Outcome, time: int) -> Real:
        """What that period is worth: the state with the no-deal shift, or war."""
        entry = self.case.parties[self.party]
        war = entry.breakdown
        if war is not None and war.base is not None:
            scores = war.scores or {}
            given = (
                scores[issue][option].point
                for issue, option in outcome.items()
                if option in scores.get(issue, {})
            )
            return self.number(war.base.point + sum(given))
        assert self.case.status_quo is not None
        shift = -self.says.gain(self.party, self.case.status_quo)
        return self.value(self.state(outcome, time)) + self.number(shift)

    def number(self, exact: Fraction) -> Real:
        return exact if isinstance(self.delta, Fraction) else float(exact)

    def worth(self, outcome: Outcome, periods: int | None = None) -> Real:
        """(1 − δ) Σ δ^t flow, for so many periods or for ever, less the cost if for ever."""
        times = [undo_time(self.case, issue, option) or 0 for issue, option in outcome.items()]
        last = max(times) if periods is None else periods
        total, power = self.number(Fraction(0)), self.number(Fraction(1))
        for time in range(last):
            total += (1 - self.delta) * power * self.flow(outcome, time)
            power *= self.delta
        if periods is None:
            total += power * self.flow(outcome, last) - self.cost
        return total

    @property
    def cost(self) -> Real:
        stated = self.case.parties[self.party].breakdown
        cost = stated.cost if stated is not None else None
        return self.number(cost.point if cost is not None else Fraction(0))

    def guarantees(self, outcome: Outcome) -> Real:
        """What the party loses that lets it collapse there."""
        found = (
            entry.amount.point
            for entry in self.case.guarantees.values()
            if entry.against == self.party
            and (entry.when is None or self.says.holds(entry.when, outcome))
        )
        return self.number(sum(found, Fraction(0)))


@dataclass(frozen=True)
class Cheat:
    """Some ways to cheat at once, what then stands, and the listed one as a dash or not."""

    ways: tuple[tuple[str, str | None], ...]
    stands: tuple[tuple[str, str], ...]
    gain: Fraction
    takes: int = 0
    prize: Fraction = Fraction(0)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.ways)


def covert(case: Case, issue: str) -> bool:
    stated = case.issues[issue].covert
    measures = case.verification.measures.values() if case.verification else ()
    return any(issue in m.detects for m in measures) if stated is None else stated


def faked(case: Case, party: str, outcome: Outcome) -> Iterator[tuple[str, list[str]]]:
    """Issues moved alone that can be changed unseen, with their earlier options."""
    for issue, entry in case.issues.items():
        options = list(entry.options)
        alone = entry.control == party or (entry.moves or {}).get(party)
        if not alone or not covert(case, issue):
            continue
        earlier = options[: options.index(outcome[issue])]
        if not entry.ordered:
            today = (case.status_quo or {}).get(issue)
            earlier = [option for option in (today,) if option not in (None, outcome[issue])]
        if earlier:
            yield issue, earlier


def cheats(case: Case, party: str, outcome: Outcome) -> list[Cheat]:
    """Every set of violations, then every dash."""
    says = ByDefinition(case)
    issues = list(faked(case, party, outcome))
    listed = {
        name: entry
        for name, entry in case.violations.items()
        if entry.party == party and (entry.when is None or says.holds(entry.when, outcome))
    }
    out = []
    for options in itertools.product(*([None, *earlier] for _, earlier in issues)):
        chosen = {i: o for (i, _), o in zip(issues, options, strict=True) if o is not None}
        for size in range(len(listed) + 1):
            for names in itertools.combinations(listed, size):
                ways = (*chosen.items(), *((name, None) for name in names))
                if ways:
                    gains = (listed[name].gain for name in names)
                    gain = sum((g.point for g in gains if g is not None), Fraction(0))
                    out.append(Cheat(ways, tuple({**outcome, **chosen}.items()), gain))
    for name, entry in listed.items():
        if entry.breakout is not None:
            flow = entry.gain.point if entry.gain is not None else Fraction(0)
            prize = (entry.breakout.takes, entry.breakout.prize.point)
            out.append(Cheat(((name, None),), tuple(outcome.items()), flow, *prize))
    return out


class Watched:
    """A case in an agreed outcome: parties, ways to cheat, measures.

    Parameters
    ----------
    exact
        Whether to calculate in rationals (where the period is a year).
    discount
        The worth of the next period to every party, instead of the case's.
    periods
        Of punishment instead of the case's.
    more
        A further guarantee against everybody.
    """

    def __init__(
        self,
        case: Case,
        outcome: Outcome,
        *,
        exact: bool = True,
        discount: Real = None,
        periods: int | str | None = None,
        more: Real = 0,
        lag: int | None = None,
    ) -> None:
        self.case, self.outcome, self.more = case, outcome, more
        stated = case.verification
        self.lag = lag if lag is not None else (stated.lag if stated else 0)
        punishment = (
            periods if periods is not None else (stated.punishment if stated else "forever")
        )
        self.periods = None if punishment == "forever" else punishment
        says = ByDefinition(case)
        self.measures = {
            name: entry
            for name, entry in (stated.measures if stated else {}).items()
            if entry.requires is None or says.holds(entry.requires, outcome)
        }
        look = stated.second_look if stated else None
        self.keeps_true = look.keeps_true.point if look else Fraction(1)
        self.keeps_false = look.keeps_false.point if look else Fraction(1)
        self.says = says
        self.after = {}
        for party in case.parties:
            values = case.values.get(party)
            if values is not None and values.scores is not None:
                delta = discount_of(case, party) if discount is None else discount
                self.after[party] = Collapse(case, party, delta if exact else float(delta))
        self.cheats = {party: cheats(case, party, outcome) for party in self.after}

    # ------------------------------------------------------------ who sees what

    def false_alarm(self, used: Sequence[str]) -> Fraction:
        wrong = (self.measures[name].false_alarm for name in used)
        right = math.prod((1 - f.point for f in wrong if f is not None), start=Fraction(1))
        return self.keeps_false * (1 - right)

    def detection(self, cheat: Cheat, used: Sequence[str]) -> Fraction:
        unseen = Fraction(1)
        for name in used:
            entry = self.measures[name]
            stands = dict(cheat.stands)
            if entry.requires is not None and not self.says.holds(entry.requires, stands):
                continue
            for what, option in cheat.ways:
                table = entry.detects.get(what, {})
                chance = table.get(option) if option in table else table.get("")
                unseen *= 1 - (chance.point if chance is not None else 0)
        return self.keeps_true * (1 - unseen)

    # ------------------------------------------------------------ what paths are worth

    def found(self, party: str, outcome: Outcome) -> tuple[Real, Real]:
        """What an alarm leaves, of nobody's fault and of one's own; what resumes aside."""
        after = self.after[party]
        worth = after.worth(outcome, self.periods)
        if self.periods is not None:
            return worth, worth
        return worth, worth - after.guarantees(outcome) - self.more

    def resumes(self, party: str) -> Real:
        return 0 if self.periods is None else self.after[party].delta ** self.periods

    def honesty(self, party: str, false_alarm: Fraction) -> Real:
        """W: linear in what resumes, which is W itself."""
        after = self.after[party]
        c, rest = after.value(self.outcome), self.found(party, self.outcome)[0]
        false = after.number(false_alarm)
        zero = after.number(Fraction(0))
        resumed = self.resumes(party)
        plain = chain(Terms(c, rest, rest, after.delta, self.lag), zero, false)
        if resumed == 0:
            return plain
        more = rest + resumed
        steep = chain(Terms(c, more, more, after.delta, self.lag), zero, false) - plain
        return plain / (1 - steep)

    def cheating(
        self, party: str, cheat: Cheat, detection: Fraction, false_alarm: Fraction
    ) -> Real:
        """V, until found or until the prize."""
        after = self.after[party]
        stands = dict(cheat.stands)
        again = self.resumes(party) * self.honesty(party, false_alarm)
        nobody, own = (x + again for x in self.found(party, stands))
        flow = after.value(stands) + after.number(cheat.gain)
        chances = (after.number(detection), after.number(false_alarm))
        path = Terms(flow, nobody, own, after.delta, self.lag)
        if not cheat.takes:
            return chain(path, *chances)
        won = own + after.number(cheat.prize)
        return race(replace(path, takes=cheat.takes, won=won), *chances)

    def margin(self, party: str, cheat: Cheat, detection: Fraction, false_alarm: Fraction) -> Real:
        value = self.cheating(party, cheat, detection, false_alarm)
        return self.honesty(party, false_alarm) - value

    def gone(self, party: str) -> Real:
        """What is left to one who walks away openly."""
        after = self.after[party]
        return after.worth(self.outcome) - after.guarantees(self.outcome) - self.more

    def margins(self, party: str, used: Sequence[str]) -> list[Real]:
        """Of every set and dash."""
        false = self.false_alarm(used)
        return [
            self.margin(party, cheat, self.detection(cheat, used), false)
            for cheat in self.cheats[party]
        ]

    def leave(self, party: str, used: Sequence[str]) -> Real:
        return self.honesty(party, self.false_alarm(used)) - self.gone(party)

    def rows(self, used: Sequence[str]) -> dict[tuple[str, int], Real]:
        """Margins of every way to cheat of every party, and (−1) of leaving."""
        out = {}
        for party in self.after:
            out.update({(party, n): m for n, m in enumerate(self.margins(party, used))})
            out[party, -1] = self.leave(party, used)
        return out

    # ------------------------------------------------------------ the best response

    def best_response(self, party: str, used: Sequence[str]) -> Real:
        """What the best plan of cheating is worth (no lag, dashes aside), by policy iteration.

        A state that lasts as long as no alarm is raised; each period one of the sets, or
        nothing, is violated. What resumes after a punishment is the best plan again.
        """
        after, false = self.after[party], self.false_alarm(used)
        plans = [Cheat((), tuple(self.outcome.items()), Fraction(0))]
        plans += [cheat for cheat in self.cheats[party] if not cheat.takes]
        delta, resumed = after.delta, self.resumes(party)
        steps = []
        for cheat in plans:
            stands = dict(cheat.stands)
            d = after.number(self.detection(cheat, used))
            f = after.number(false)
            nobody, own = self.found(party, stands)
            left = d * own + (1 - d) * f * nobody
            flow = (1 - delta) * (after.value(stands) + after.number(cheat.gain)) + delta * left
            alarm = d + (1 - d) * f
            steps.append((flow, delta * (alarm * resumed + 1 - alarm)))
        return max(flow / (1 - again) for flow, again in steps)


QUIET, FALSE, TRUE = range(3)


@dataclass(frozen=True)
class Terms:
    """A path: its flow, what an alarm leaves (nobody's fault, or one's own), and how late.

    A dash ends after ``takes`` periods, with ``won``.
    """

    flow: Real
    nobody: Real
    own: Real
    delta: Real
    lag: int
    takes: int = 0
    won: Real = 0


def _results(detection: Real, false_alarm: Real) -> list[tuple[int, Real]]:
    """An alarm is true where its own detectors raise it, whatever else does."""
    missed = 1 - detection
    out = [(TRUE, detection), (FALSE, missed * false_alarm), (QUIET, missed * (1 - false_alarm))]
    return [(result, chance) for result, chance in out if chance]


def _under_way(false_alarm: Real, lag: int) -> Iterator[tuple[tuple[int, ...], Real]]:
    """Results of honest periods that are not yet out, oldest first, with their chances."""
    one = [(FALSE, false_alarm), (QUIET, 1 - false_alarm)]
    for queue in itertools.product(one, repeat=lag):
        chance = math.prod((p for _, p in queue), start=1)
        if chance:
            yield tuple(result for result, _ in queue), chance


@lru_cache(maxsize=100_000)
def chain(path: Terms, d: Real, false: Real) -> Real:
    """What a path that goes on until an alarm is acted upon is worth, normalised.

    The alarm of a period is acted upon ``lag`` periods after its end; it leaves ``nobody``
    or ``own``, by whose making it was.
    """
    queues = list(itertools.product((QUIET, FALSE, TRUE), repeat=path.lag))
    place = {queue: n for n, queue in enumerate(queues)}
    zero = path.flow * 0
    matrix = [[zero + (row == other) for other in range(len(queues))] for row in range(len(queues))]
    right = [(1 - path.delta) * path.flow for _ in queues]
    for queue, row in place.items():
        for result, chance in _results(d, false):
            due, *later = (*queue, result)
            if due == QUIET:
                matrix[row][place[tuple(later)]] -= path.delta * chance
            else:
                right[row] += path.delta * chance * (path.own if due == TRUE else path.nobody)
    values = solve(matrix, right)
    return sum(chance * values[place[queue]] for queue, chance in _under_way(false, path.lag))


@lru_cache(maxsize=100_000)
def race(path: Terms, d: Real, false: Real) -> Real:
    """The same for a dash that ends with a prize unless an alarm is acted upon by then."""

    @cache
    def value(done: int, queue: tuple[int, ...]) -> Real:
        if done == path.takes:
            return path.won
        out = (1 - path.delta) * path.flow
        for result, chance in _results(d, false):
            due, *later = (*queue, result)
            ends = {FALSE: path.nobody, TRUE: path.own}
            out += path.delta * chance * (ends[due] if due else value(done + 1, tuple(later)))
        return out

    return sum(chance * value(0, queue) for queue, chance in _under_way(false, path.lag))


def solve(matrix: list[list[Real]], right: list[Real]) -> list[Real]:
    """A linear system, by elimination in rationals where the numbers are."""
    if not isinstance(right[0], Fraction):
        return list(np.linalg.solve(np.array(matrix, float), np.array(right, float)))
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for column in range(len(rows)):
        pivot = next(row for row in range(column, len(rows)) if rows[row][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [x / rows[column][column] for x in rows[column]]
        for row, entries in enumerate(rows):
            if row != column and entries[column]:
                factor = entries[column]
                rows[row] = [x - factor * y for x, y in zip(entries, rows[column], strict=True)]
    return [row[-1] for row in rows]


def simulated(path: Terms, d: float, false: float) -> float:
    """The same as :func:`chain`, forwards: where the process may stand, period after period."""
    alive = dict(_under_way(false, path.lag))
    total, power = 0.0, 1.0
    while power > 1e-15:
        after: dict[tuple[int, ...], float] = {}
        total += (1 - path.delta) * power * path.flow * sum(alive.values())
        power *= path.delta
        for queue, weight in alive.items():
            for result, chance in _results(d, false):
                due, *later = (*queue, result)
                if due == QUIET:
                    after[tuple(later)] = after.get(tuple(later), 0.0) + weight * chance
                else:
                    total += power * weight * chance * (path.own if due == TRUE else path.nobody)
        alive = after
    return total


def subsets(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for size in range(len(names) + 1):
        yield from itertools.combinations(names, size)


def least(deters: Callable[[Fraction], bool], high: Fraction = Fraction(1)) -> float | None:
    """Where a monotone condition begins to hold between 0 and ``high``; None if nowhere."""
    if deters(Fraction(0)):
        return 0.0
    if not deters(high):
        return None
    low, up = 0.0, float(high)
    for _ in range(50):
        middle = (low + up) / 2
        low, up = (low, middle) if deters(Fraction(middle)) else (middle, up)
    return up
