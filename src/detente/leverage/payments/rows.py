r"""The margins along one order as linear in what is paid in each of its states.

In state k ≥ 1 of the order (after its k-th step has begun) each payer p pays each payee x_kp units
a period; at the start nothing is paid. With r_k what that comes to for a party, what the rest of
the road is worth to it is

    W_k + (what r_{k+1}, …, r_K add),  by the recursion of :mod:`detente.sequencing.search.play`,

and every margin is linear in these r, for payments stop when the process collapses. Who pays may
also withhold payments that begin or rise with a step: it then pays the lesser of the old and the
new amount, y ≤ x_k, y ≤ x_{k+1}. Withholding *nothing but* such payments, or what is hidden
together with them, is possible only where some payment changes: those margins are kept apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.model.problem import Floats
from detente.sequencing.search.lines import Lines
from detente.sequencing.search.play import Play, Player

Pair = tuple[str, str]
"""Who pays, and who is paid."""


@dataclass(frozen=True, eq=False)
class Linear:
    """A number that is linear in payments: level + Σ x · paid + Σ y · kept.

    ``paid`` and ``kept`` have shape (states, pairs).
    """

    level: float
    paid: Floats
    kept: Floats

    def plus(self, level: float, paid: Floats | float = 0.0, factor: float = 1.0) -> Linear:
        """``factor`` times this, and more."""
        return Linear(factor * self.level + level, factor * self.paid + paid, factor * self.kept)

    def less(self, level: float, paid: Floats, kept: Floats) -> Linear:
        """The difference from another one."""
        return Linear(self.level - level, self.paid - paid, self.kept - kept)

    def at(self, paid: Floats, kept: Floats) -> float:
        """Its value."""
        return float(self.level + (self.paid * paid).sum() + (self.kept * kept).sum())


@dataclass(frozen=True, eq=False)
class Course:
    """One order, and who could pay whom on it.

    Parameters
    ----------
    play
        The players on the order alone.
    pairs
        Who could pay whom.
    rates
        Points of each side that one unit is worth to it.
    withheld
        What keeping back new payments, or something hidden together with them, is worth where it
        is possible, by payer and step; asked for only where payments change.
    """

    play: Play
    pairs: tuple[Pair, ...]
    rates: Mapping[str, float]
    withheld: Callable[[], Mapping[str, Floats]]

    @property
    def steps(self) -> int:
        """Number of steps, and of states in which something can be paid."""
        return self.play.network.steps

    @property
    def shape(self) -> tuple[int, int]:
        """States and pairs."""
        return self.steps, len(self.pairs)

    @cached_property
    def _nothing(self) -> Floats:
        return np.zeros(self.shape)

    def received(self, name: str, step: int, *, gross: bool = False) -> Floats:
        """What a side has of each unit paid in a state; ``gross``: what it pays aside."""
        out = np.zeros(self.shape)
        for place, (by, to) in enumerate(self.pairs):
            if to == name:
                out[step, place] = self.rates[name]
            elif by == name and not gross:
                out[step, place] = -self.rates[name]
        return out

    def margins(self) -> Iterator[Linear]:
        """Every margin, those apart that are possible only where payments change."""
        for player in self.play.players:
            yield from self._margins(player)

    def changing(self) -> Mapping[tuple[str, int], Linear]:
        """By payer and step the margins that count where its payments change with the step."""
        out, withheld = {}, self.withheld()
        for player in self.play.players:
            if player.name in withheld:
                worth = self._worth(player)
                for step, value in enumerate(withheld[player.name].tolist()):
                    if np.isfinite(value):
                        out[player.name, step] = self._kept_back(player, worth, step, value)
        return out

    def own(self, name: str) -> list[int]:
        """The pairs in which somebody pays."""
        return [place for place, (by, _) in enumerate(self.pairs) if by == name]

    def _worth(self, player: Player) -> list[Linear]:
        """What the rest of the road is worth in each state."""
        last = self.steps - 1
        end = player.worth_paid * self.received(player.name, last)
        out = [Linear(player.worth, end, self._nothing)]
        for step in range(last, -1, -1):
            pace, reached = int(self.play.pace[step]), step + 1
            more = player.paid[pace, reached] * self.received(player.name, step)
            add, mul = float(player.add[pace, reached]), float(player.mul[pace, reached])
            out.append(out[-1].plus(add, more, mul))
        return out[::-1]

    def _margins(self, player: Player) -> Iterator[Linear]:
        worth, name, last = self._worth(player), player.name, self.steps - 1
        for step in range(self.steps):
            here = self.received(name, step)
            yield worth[step].plus(-float(player.seat[step]))
            if np.isfinite(player.box[step]):
                yield self._kept_back(player, worth, step, float(player.box[step]))
            yield from _hidden(player.slips, step, worth[step + 1], here)
            if step < last:
                yield from _hidden(player.stands, step + 1, worth[step + 1], here)
        at_end = worth[-1].plus(0.0, -worth[-1].paid)
        yield from _hidden(player.ends, 0, at_end, self.received(name, last))

    def _kept_back(
        self, player: Player, worth: Sequence[Linear], step: int, value: float
    ) -> Linear:
        """Going on less withholding openly, with the lesser of old and new payments."""
        kept = np.zeros(self.shape)
        kept[step, self.own(player.name)] = -self.rates[player.name]
        paid = self.received(player.name, step, gross=True)
        share = float(player.box_paid)
        return worth[step].less(value, share * paid, share * kept)


def _hidden(lines: Lines, place: int, worth: Linear, here: Floats) -> Iterator[Linear]:
    """Margins level + slope · W at one state or step, with what is paid there."""
    for slope, level, paid in zip(lines.slope, lines.level, lines.paid, strict=True):
        if np.isfinite(level[place]):
            yield worth.plus(float(level[place]), float(paid[place]) * here, float(slope[place]))
