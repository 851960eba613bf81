"""What a case says about a party on a road, as numbers for the search: the way itself counts.

Letters as in the theory: on a step of n periods to s', with flows u, breakdown values B, false
alarms F, own detection d of what is violated, D = 1 − (1 − F)(1 − d), and m = 1 + lag,

    W(s) = (1 − δ^n) u(s') + δ^n [(1 − F) W(s') + F B(s')],
    W(target) = [(1 − δ) u + δ F B] / [1 − δ (1 − F)].

An alarm of a finite punishment of T periods leaves the aftermath for T periods, and then the
process resumes where it stood: in the state it came from, or so far into a longer step. Guarantees
are taken from the one that is to blame: who walks, withholds openly, breaks out, or causes a true
alarm (own detection, not false alarms) that ends the process. Margins of what is hidden are divided
by 1 − δ^m (1 − D): hidden until found, so that all margins are per period. Results of checks take m
periods; the next step waits for them, so that who is not found within a shorter step goes on from
W(s'). At the target the margins are those of ``verify``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from detente.model.problem import Floats, Integers, Single
from detente.sequencing.answer import Deviation
from detente.sequencing.lattice.points import Worths
from detente.sequencing.search.lines import Line, pack
from detente.sequencing.search.play import Player
from detente.sequencing.terms.sight import Slip, Watchers
from detente.sequencing.terms.withholding import withheld_openly
from detente.verification.formulas.breakout import dash_unchecked
from detente.verification.formulas.lag import found_unchecked
from detente.verification.parties import Tempted, single
from detente.verification.paths import Paths

End = tuple[Deviation, tuple[str, ...], Line]
Finished = tuple[Deviation, tuple[str, ...], Floats, Floats | None, int]
"""A way to leave the finished agreement: its kind and parts, margin, and where it is hidden its
detection per period and, of a dash, the periods to its prize."""


@dataclass(frozen=True, eq=False)
class Discounted:
    """The terms of one party.

    Parameters
    ----------
    watchers
        The party on its road, and what verification sees of it.
    final
        How it is tempted by the finished agreement.
    """

    watchers: Watchers
    final: Tempted

    @property
    def worths(self) -> Worths:
        """What the outcomes are worth to it."""
        return self.watchers.worths

    @property
    def wait(self) -> Single:
        """Weight of what stands until open withholding is acted upon; δ^m is the rest."""
        return 1 - self.worths.discount ** (self.worths.lag + 1)

    def player(self, more: bool = False) -> Player:
        """For the search; ``more``: guarantees and payments will be added."""
        worths = self.worths
        powers = self._powers[:, None]
        least, most = worths.extremes
        end, slots = self._end, worths.road.network
        return Player(
            worths.party,
            self.carried(powers),
            powers * self._goes_on,
            1 - powers + 0 * worths.values[worths.here],
            self.seat,
            withheld_openly(worths, self.wait, 1 - self.wait),
            1 - self.wait,
            self.wait,
            pack((line for _, line in self.withholding()), slots.steps, least, most, more=more),
            pack((line for _, line in self.standing()), slots.states, least, most, more=more),
            *end,
            pack((line for _, _, line in self.ends()), 1, *end[:1] * 2),
        )

    def carried(self, powers: Floats) -> Floats:
        """What W before a step has beside W after it, for each state that the step leads to.

        ``powers`` are δ^n of its duration, of a shape to go with the states.
        """
        flow = self.worths.values[self.worths.here]
        out: Floats = (1 - powers) * flow + powers * self.watchers.false_alarm * self._calm
        return out

    @cached_property
    def seat(self) -> Floats:
        """What is left to who walks away, by state."""
        worths = self.worths
        return worths.breakdown[worths.here] - worths.taken(slice(None), worths.here)

    def promises(self) -> Floats:
        """W in every state of a road that is one order."""
        road = self.worths.road
        pace = np.append(0, road.durations[1])  # of the step to each state; none leads to the start
        out = [np.atleast_1d(self._end[0])]
        if road.network.steps:
            powers = self._powers[..., pace]
            add, mul = self.carried(powers), powers * self._goes_on
            for state in range(road.network.steps, 0, -1):
                out.append(add[..., state : state + 1] + mul[..., state : state + 1] * out[-1])
        return np.concatenate(np.broadcast_arrays(*out[::-1]), -1)

    def withholding(self) -> Iterator[tuple[Slip, Line]]:
        """Parts of steps that it could leave undone unseen, by step."""
        worths, network = self.worths, self.worths.road.network
        delta, lag = worths.discount, worths.lag + 1
        times, pace = worths.road.durations
        for slip in self.watchers.slips:
            steps, at = slip.steps, network.target[slip.steps].astype(np.int64)
            here, power = worths.here[at], self._powers[..., pace[steps]]
            own, total = self.watchers.detection(slip, at)
            points = slip.points(at)
            found, blame = self._found(at, points)
            rest = delta ** np.maximum(0.0, np.array(times, dtype=np.float64)[pace[steps]] - lag)
            waits = rest < 1
            false = self.watchers.false_alarm[..., at] * waits
            later = (1 - rest) * worths.values[here] + rest * false * self._calm[..., at]
            on = rest * (1 - false + false * self._returns)
            scale = 1 - delta**lag * (1 - total)
            level = (1 - power) * worths.values[here] - self.wait * worths.values[points]
            level = level + power * self.watchers.false_alarm[..., at] * self._calm[..., at]
            goes_on = 1 - total + total * self._returns
            level = level - delta**lag * (total * found - own * blame + goes_on * later)
            slope = power * self._goes_on[..., at] - delta**lag * goes_on * on
            paid = (1 - power) - self.wait - delta**lag * goes_on * (1 - rest)
            yield slip, self._line(steps, slope, level, own, paid, scale)

    def standing(self) -> Iterator[tuple[Slip, Line]]:
        """Cheating on what stands, and breaking out, by state on the road."""
        worths = self.worths
        delta, lag = worths.discount, worths.lag + 1
        for slip in self.watchers.stands:
            at, here = slip.states, worths.here[slip.states]
            own, total = self.watchers.detection(slip, at)
            points = slip.points(at)
            found, blame = self._found(at, points)
            scale = 1 - delta**lag * (1 - total)
            level = (1 - delta) * worths.values[here]
            level = level + delta * self.watchers.false_alarm[..., at] * self._calm[..., at]
            level = level - self.wait * (worths.values[points] + slip.gain)
            level = level - delta**lag * (total * found - own * blame)
            slope = delta * self._goes_on[..., at] - delta**lag * (
                total * self._returns + 1 - total
            )
            paid = (1 - delta) - self.wait + 0 * own
            yield slip, self._line(at, slope, level, own, paid, scale)
        for slip in self.watchers.dashes:
            yield slip, self._dash(slip)

    def ends(self) -> Iterator[End]:
        """The margins at the target, as ``verify`` has them."""
        worths, (worth, paid) = self.worths, self._end
        yield "renege at the end", (), _at_end(worth - self.seat[-1], 1.0, paid)
        paths, detection, false = self.finished
        lasts, base = worths.punishment is None, paths.margins(detection, false)
        guilty = replace(paths, blame=paths.blame + lasts).margins(detection, false) - base
        richer = replace(paths, comply=paths.comply + 1, flow=paths.flow + 1)
        more = richer.margins(detection, false) - base
        for row in range(len(base)):
            kind: Deviation = "cheat" if row < self.final.sets else "break out"
            parts = tuple(way.name for way in self.final.ways(row))
            yield kind, parts, _at_end(base[row], guilty[row], more[row])

    @property
    def finished(self) -> tuple[Paths, Floats, Single]:
        """Ways to cheat on the finished agreement, how well each is seen, and false alarms."""
        seen, worths = self.final.detectors, self.worths
        used = np.ones(len(seen.names))
        detection = np.maximum(self.watchers.floor, seen.detection(self.final.coverage @ used))
        paths = self.final.paths(worths.lag, worths.punishment)
        return paths, detection, seen.false_alarm(used)

    def finished_deviations(self) -> Iterator[Finished]:
        """Ways to leave the finished agreement."""
        yield "renege at the end", (), (self._end[0] - self.seat[..., -1:])[..., 0], None, 0
        paths, detection, false = self.finished
        margins = paths.margins(detection, false)
        detection = np.broadcast_to(detection, margins.shape)
        for row in range(len(paths)):
            kind: Deviation = "cheat" if row < self.final.sets else "break out"
            parts = tuple(way.name for way in self.final.ways(row))
            yield kind, parts, margins[..., row], detection[..., row], int(paths.takes[row])

    def _dash(self, slip: Slip) -> Line:
        worths, at = self.worths, slip.states
        count, false = len(at), self.watchers.false_alarm[..., slip.states]
        own, total = self.watchers.detection(slip, at)
        assert slip.takes is not None
        delta = np.ones(count) * worths.discount
        takes, lag = np.full(count, slip.takes), np.full(count, worths.lag)
        flowing, caught, success = (
            dash_unchecked(*unit, delta, total, takes, lag, false)
            for unit in ((1, 0, 0), (0, 1, 0), (0, 0, 1))
        )
        pending = found_unchecked(delta, 0, np.minimum(lag + 1, takes + 1), false)
        share = np.divide(own, total, out=np.zeros_like(total), where=total > 0)
        guilty = (caught - success - pending) * share + success
        found, blame = self._found(at, worths.here[at])
        level = -(flowing * (worths.values[worths.here[at]] + slip.gain) + caught * found)
        level = level + guilty * blame - success * slip.prize
        lasts = float(worths.punishment is None)
        return Line(at, 1 - caught * self._returns, level, guilty * lasts, -flowing)

    def _line(  # noqa: PLR0917
        self, at: Integers, slope: Floats, level: Floats, own: Floats, paid: Floats, scale: Floats
    ) -> Line:
        """A hidden deviation, scaled to its being hidden until found."""
        lasts = float(self.worths.punishment is None)
        blamed = (1 - self.wait) * own * lasts
        return Line(at, np.maximum(0, slope) / scale, level / scale, blamed / scale, paid / scale)

    def _found(self, states: Integers, points: Integers) -> tuple[Floats, Floats]:
        """What an alarm leaves where a part is violated, and what guarantees take then."""
        worths = self.worths
        if worths.punishment is None:
            return worths.breakdown[points], worths.taken(states, points)
        return worths.suspended[points], np.zeros(len(points))

    @cached_property
    def _calm(self) -> Floats:
        """What a false alarm leaves in each state, beside what resumes."""
        worths = self.worths
        left = worths.breakdown if worths.punishment is None else worths.suspended
        return left[worths.here]

    @cached_property
    def _returns(self) -> Single:
        """Weight of what resumes after a finite punishment."""
        periods = self.worths.punishment
        return 0.0 if periods is None else self.worths.discount**periods

    @cached_property
    def _goes_on(self) -> Floats:
        """Weight of W in each state after its check: no alarm, or a punishment that ends."""
        false = self.watchers.false_alarm
        out: Floats = 1 - false + false * self._returns
        return out

    @cached_property
    def _powers(self) -> Floats:
        """δ^n of each duration."""
        times, _ = self.worths.road.durations
        out: Floats = self.worths.discount ** np.array(times, dtype=np.float64)
        return out

    @cached_property
    def _end(self) -> tuple[Single, Single]:
        """W at the target, and what one unit of payment adds; columns where numbers are drawn."""
        worths, delta = self.worths, self.worths.discount
        rest = 1 - delta * single(self._goes_on)
        flow = (1 - delta) * single(worths.values[worths.here[-1:]])
        alarm = delta * single(self.watchers.false_alarm) * single(self._calm)
        return (flow + alarm) / rest, (1 - delta) / rest


def _at_end(level: float, blamed: float, paid: float) -> Line:
    one = np.ones(1)
    return Line(np.zeros(1, dtype=np.int64), 0 * one, level * one, blamed * one, paid * one)
