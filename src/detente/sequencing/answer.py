"""What ``roadmap`` finds out: the parts of its answer, all frozen.

Margins are normalised per period, on the scale of the values of the party: what it gains, in
every period, by going on rather than deviating. A margin of a tie counts as kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Deviation = Literal["walk away", "withhold", "cheat", "break out", "renege at the end"]
"""How a party can leave the road, in the words of the document."""
ModelName = Literal["discounted", "patient"]
"""Whether the way itself counts (flows, durations, false alarms) or only where it leads."""
HAIR = 0.05
"""Differences of margins below it are no differences: half of the last digit that is shown."""


@dataclass(frozen=True)
class Move:
    """One thing that changes in a step.

    Parameters
    ----------
    item
        The issue, or the measure or guarantee that is put in place.
    kind
        Which of them it is.
    before, after
        Options of an issue; None for the others.
    parties
        Who has to do it: the owners of the issue, the guarantor where it is a party.
    takes
        Periods that this part of the step takes.
    """

    item: str
    kind: Literal["issue", "measure", "guarantee"]
    before: str | None
    after: str | None
    parties: tuple[str, ...]
    takes: int


@dataclass(frozen=True)
class Step:
    """What is done together.

    Parameters
    ----------
    moves
        The parts.
    start, takes
        Periods from the start of the road to this step, and periods that it lasts.
    state
        The outcome that stands from its beginning on.
    """

    moves: tuple[Move, ...]
    start: int
    takes: int
    state: Mapping[str, str]


@dataclass(frozen=True)
class Margin:
    """What keeps one party on the road at one moment, against its best deviation of one kind.

    Parameters
    ----------
    step
        The number of steps that are done (0: at the start; as many as there are steps: the
        agreement is finished). Withholding is counted with the step in which it happens.
    party, deviation
        Who, and how.
    margin
        Going on less deviating; negative where it would rather deviate.
    parts
        What it would withhold or violate: issues or listed violations; empty otherwise.
    """

    step: int
    party: str
    deviation: Deviation
    margin: float
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Order:
    """One order of steps and how well it holds.

    Parameters
    ----------
    steps
        In order.
    margins
        Of every signing party with values, at every moment, by deviation.
    worst_by_party
        The least margin of each.
    others
        The least margin of parties that do not sign; they bind nobody.
    """

    steps: tuple[Step, ...]
    margins: tuple[Margin, ...]
    worst_by_party: Mapping[str, float]
    others: Mapping[str, float]

    @property
    def binding(self) -> Margin:
        """The weakest moment; the first of equal ones."""
        return min(self.margins, key=lambda entry: entry.margin)

    @property
    def margin(self) -> float:
        """The margin there."""
        return self.binding.margin

    @property
    def length(self) -> int:
        """Periods until the last step is done."""
        return self.steps[-1].start + self.steps[-1].takes if self.steps else 0


@dataclass(frozen=True)
class Shifted:
    """What it would cost to take one part of the order elsewhere, all else in its order.

    Parameters
    ----------
    move
        What is moved.
    earlier
        Whether it comes earlier (before the step that it passes) or later (after it).
    past
        The moves of the step that it passes.
    margin
        The weakest moment then.
    binding
        Where that is.
    """

    move: Move
    earlier: bool
    past: tuple[Move, ...]
    margin: float
    binding: Margin


@dataclass(frozen=True)
class Need:
    """The least of something that makes a roadmap work, for one party alone or for all.

    ``amount`` is per period on the scale of the party; None where no amount of it does.
    ``order`` is an order that works then.
    """

    party: str | None
    amount: float | None
    order: tuple[Step, ...]


@dataclass(frozen=True)
class Change:
    """A single change that makes a roadmap work, or comes closest to it.

    Parameters
    ----------
    kind
        ``halve``: the last move of an issue is done in two halves. ``stop short``: the issue
        ends at an earlier option. ``undo``: an option takes so long to take back.
    issue, option
        What it changes.
    undo
        For ``undo``: periods, or never.
    margin
        The weakest moment of the best order then.
    """

    kind: Literal["halve", "stop short", "undo"]
    issue: str
    option: str
    undo: int | Literal["never"] | None
    margin: float


@dataclass(frozen=True)
class Missing:
    """What would make a roadmap work, where no order does.

    Parameters
    ----------
    guarantee
        The least further loss of every party alike that lets the process collapse; None
        where none does.
    guarantees
        The same of one party alone, for each whose loss alone suffices.
    detection
        The least chance per period at which every covert violation would have to be found;
        None where even certain detection does not suffice.
    gains
        The least that one party alone would have to be given per period from the first step
        on, as long as the process lasts.
    changes
        Single changes of the package or of reversibility that suffice, best first; where none
        does, the one that comes closest.
    """

    guarantee: Need
    guarantees: tuple[Need, ...]
    detection: float | None
    gains: tuple[Need, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Orders:
    """How many orders there are, and how they fare.

    Parameters
    ----------
    count
        Number of orders; an integer below 2^53, a float beyond.
    looked_at
        How many were looked at: all, or a random sample.
    holds, at_ceiling
        How many of these have no negative margin, and reach the ceiling.
    worst
        The weakest moment of the worst of all orders.
    """

    count: int | float
    looked_at: int
    holds: int
    at_ceiling: int
    worst: float


@dataclass(frozen=True)
class Variant:
    """A coding under which the order is to survive, with what is left under it.

    ``worst_by_party`` and ``binding`` are those of the chosen order under this coding.
    """

    name: str
    worst_by_party: Mapping[str, float]
    binding: Margin

    @property
    def margin(self) -> float:
        """The weakest moment."""
        return self.binding.margin
