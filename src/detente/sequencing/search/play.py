"""What every party has to gain from going on and from leaving, at every step of a network.

For each party all that a search needs to know is linear in W, what the rest of the road is worth
to it: the value that it carries back over a step, and every margin. Nothing here knows what a
case is; :mod:`detente.sequencing.terms.discounted` makes these numbers from one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detente.model.problem import Booleans, Floats, Integers
from detente.sequencing.lattice.network import Network
from detente.sequencing.search.lines import Lines

Steps = slice | NDArray[np.integer]


@dataclass(frozen=True, eq=False)
class Player:
    """One party under one coding.

    Parameters
    ----------
    name
        Who.
    add, mul
        W of the state that a step leaves is add + mul · W of the one it leads to, by duration
        and state; shape (durations, states).
    paid
        What one unit of payment a period adds to ``add``.
    seat
        What walking away is worth, by state.
    box
        What openly withholding the best part of a step is worth, by step; −inf for none.
    box_blamed, box_paid
        What one unit of guarantee takes from it, and one of payment adds.
    slips
        Withholding unseen, by step; linear in W of the state that the step leads to.
    stands
        Cheating and breaking out, by state on the road.
    worth, worth_paid
        W at the target, and what one unit of payment adds.
    ends
        Margins at the target; one place.
    """

    name: str
    add: Floats
    mul: Floats
    paid: Floats
    seat: Floats
    box: Floats
    box_blamed: float
    box_paid: float
    slips: Lines
    stands: Lines
    worth: float
    worth_paid: float
    ends: Lines

    @property
    def end(self) -> float:
        """The least margin at the target."""
        return float((self.ends.level + self.ends.slope * self.worth).min())

    def with_more(self, guarantee: float = 0.0, payment: float = 0.0) -> Player:
        """The same with a further guarantee against the party, and a payment to it."""
        return replace(
            self,
            add=self.add + payment * self.paid,
            seat=self.seat - guarantee,
            box=self.box - guarantee * self.box_blamed + payment * self.box_paid,
            slips=self.slips.with_more(guarantee, payment),
            stands=self.stands.with_more(guarantee, payment),
            worth=self.worth + payment * self.worth_paid,
            ends=self.ends.with_more(guarantee, payment),
        )


@dataclass(frozen=True, eq=False)
class Play:
    """All players on one network.

    Parameters
    ----------
    network
        States and steps.
    pace
        Which of the durations each step has.
    players
        Those whose margins count.
    """

    network: Network
    pace: NDArray[np.int8]
    players: tuple[Player, ...]

    def carried(self, player: int, steps: Steps, worth: Floats) -> Floats:
        """W before each step, from W after it."""
        entry = self.players[player]
        reached, pace = self.network.target[steps], self.pace[steps]
        out: Floats = entry.add[pace, reached] + entry.mul[pace, reached] * worth
        return out

    def margins(self, player: int, steps: Steps, worth: Floats, before: Floats) -> Floats:
        """The least margin of a player at each step and before it.

        Parameters
        ----------
        worth, before
            W after and before the step.
        """
        entry = self.players[player]
        reached = self.network.target[steps]
        left = np.maximum(entry.seat[self.network.source[steps]], entry.box[steps])
        out: Floats = before - left
        onward = self._onward(reached)
        for slope, level in zip(entry.stands.slope, entry.stands.level, strict=True):
            np.minimum(out, level[reached] + slope[reached] * worth, out=out, where=onward)
        for slope, level in zip(entry.slips.slope, entry.slips.level, strict=True):
            np.minimum(out, level[steps] + slope[steps] * worth, out=out)
        return out

    def required(self, player: int, steps: Steps, margin: float, before: Floats) -> Floats:
        """The least W after each step with which every margin there reaches ``margin``.

        ``before`` is the least W needed before the step. A margin that does not depend on W
        asks for nothing here.
        """
        entry = self.players[player]
        reached, pace = self.network.target[steps], self.pace[steps]
        left = np.maximum(entry.seat[self.network.source[steps]], entry.box[steps]) + margin
        add, mul = entry.add[pace, reached], entry.mul[pace, reached]
        out = _over(np.maximum(left, before) - add, mul)
        onward = self._onward(reached)
        for slope, level in zip(entry.stands.slope, entry.stands.level, strict=True):
            line = _over(margin - level[reached], slope[reached])
            np.maximum(out, line, out=out, where=onward)
        for slope, level in zip(entry.slips.slope, entry.slips.level, strict=True):
            np.maximum(out, _over(margin - level[steps], slope[steps]), out=out)
        return out

    def _onward(self, reached: NDArray[np.integer]) -> Booleans:
        """Where a step does not lead to the target, which has margins of its own."""
        out: Booleans = reached != self.network.states - 1
        return out

    def along(self, steps: Integers) -> tuple[Floats, Floats]:
        """W in every state along orders, and the least margins of each step.

        Parameters
        ----------
        steps
            One order a row, from the start to the target; rows that end early are filled up
            with −1.

        Returns
        -------
        worth, margins
            Shapes (orders, steps + 1, players); the last margin of a row is that at the
            target.
        """
        orders, length = steps.shape
        worth = np.empty((orders, length + 1, len(self.players)))
        margins = np.full((orders, length + 1, len(self.players)), np.inf)
        for place, entry in enumerate(self.players):
            worth[:, :, place] = entry.worth
            margins[:, length, place] = entry.end
            for number in range(length - 1, -1, -1):
                rows = np.flatnonzero(steps[:, number] >= 0)
                taken, after = steps[rows, number], worth[rows, number + 1, place]
                before = self.carried(place, taken, after)
                worth[rows, number, place] = before
                margins[rows, number, place] = self.margins(place, taken, after, before)
        return worth, margins


def _over(rest: Floats, slope: Floats) -> Floats:
    """The rest over the slope where the slope is positive, else nothing is asked for."""
    out: Floats = np.divide(rest, slope, out=np.full(len(rest), -np.inf), where=slope > 1e-15)
    return out
