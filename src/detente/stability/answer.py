"""What ``hold`` finds out: the parts of its answer, all frozen.

Gains are in points of value against the state where a move begins; None for a party whose values
are an order only, or who has none. A verdict is None where it cannot be told, because a party
has no values or not all states could be held.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Concept = Literal["nash", "gmr", "smr", "seq", "sseq"]
"""The five concepts: from no foresight to the foresight of countermoves and responses."""
CONCEPTS: tuple[Concept, ...] = ("nash", "gmr", "smr", "seq", "sseq")
Outcome = Mapping[str, str]
Marks = NDArray[np.int8]
"""A verdict per state: one of the three that follow."""
STAYS, LEAVES, UNKNOWN = 1, 0, -1
"""It stays, it leaves, it cannot be told."""
TOLD: Mapping[int, bool | None] = {STAYS: True, LEAVES: False, UNKNOWN: None}
"""The same as verdicts."""
Verdicts = Mapping[str, Mapping[str, bool | None]]
"""For each concept and party (or coalition) whether it stays."""


@dataclass(frozen=True)
class Step:
    """One move.

    Parameters
    ----------
    parties
        Who makes it: one party, or those that make it together.
    to
        The complete outcome that it leads to.
    gains
        What each of them gains by it.
    improves
        Whether it is better for all of them; None where one has no values.
    """

    parties: tuple[str, ...]
    to: Outcome
    gains: Mapping[str, float | None]
    improves: bool | None

    @property
    def mover(self) -> str:
        """Who makes it, as one word: ``north`` or ``north+south``."""
        return "+".join(self.parties)

    @property
    def gain(self) -> float | None:
        """What the one gains by it that gains least; None where one has no scores."""
        gains = [gain for gain in self.gains.values() if gain is not None]
        return min(gains) if len(gains) == len(self.gains) and gains else None


@dataclass(frozen=True)
class Reason:
    """Why a party stays or leaves, under one concept.

    Parameters
    ----------
    party, concept, stable
        Whom and what it is about, and the verdict.
    move
        The improvement that it would make: the one that gains most among those that nothing
        deters, or, where all are deterred, among all.
    improvements
        How many improvements it has in all.
    sanction
        A shortest sequence of moves of others that deters it, of perhaps several; None where
        none does.
    response
        For SMR and SSEQ the best answer of the party to that; None where it has none that is
        better than staying put.
    leaves
        What the party has in the end (after its answer) against the outcome itself.
    """

    party: str
    concept: Concept
    stable: bool | None
    move: Step
    improvements: int
    sanction: tuple[Step, ...] | None
    response: Step | None
    leaves: float | None

    @property
    def credible(self) -> bool | None:
        """Whether everyone who punishes gains by it at its own move; None where unknown."""
        if self.sanction is None:
            return None
        verdicts = [step.improves for step in self.sanction]
        if False in verdicts:
            return False
        return None if None in verdicts else True


@dataclass(frozen=True)
class Arrow:
    """A move between two of the states around an outcome, by their positions."""

    before: int
    after: int
    parties: tuple[str, ...]
    improves: bool | None


@dataclass(frozen=True)
class Node:
    """A state around an outcome, and under which concepts nobody leaves it."""

    outcome: Outcome
    equilibrium: tuple[Concept, ...]


@dataclass(frozen=True)
class Surroundings:
    """The states that the reasons speak of (the outcome itself first) and all moves between."""

    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True)
class Break:
    """A coalition that leaves an outcome.

    Parameters
    ----------
    parties, concepts
        Who, and under which concepts nothing deters it.
    route
        The moves by which it gets away, the last one leading to a state better for all.
    gains
        What each member has in the end, against the outcome itself.
    """

    parties: tuple[str, ...]
    concepts: tuple[Concept, ...]
    route: tuple[Step, ...]
    gains: Mapping[str, float | None]


@dataclass(frozen=True)
class Prospect:
    """One outcome.

    Parameters
    ----------
    name
        How it was asked for.
    outcome
        All its options.
    stable
        For each concept and party whether it stays.
    reasons
        Why, for every party that has an improvement: concept by concept.
    gains_from_collapse
        What each party with scores would gain if everything collapsed: its breakdown value
        less the value of the outcome. Empty without a status quo.
    surroundings
        The states around.
    unvalued
        Parties whose preferences are not known.
    simultaneous
        For each party whether it stays under simultaneous sanctioning; None if not asked.
    as_seen
        The verdicts of each party in its own view; None where no party has one.
    coalitions, breaks
        For each concept and coalition whether it stays, and who leaves how; None if not asked.
    blocs
        The same where parties move in lock-step; None if not asked.
    """

    name: str
    outcome: Outcome
    stable: Verdicts
    reasons: tuple[Reason, ...]
    gains_from_collapse: Mapping[str, float]
    surroundings: Surroundings
    unvalued: tuple[str, ...] = ()
    simultaneous: Mapping[str, bool | None] | None = None
    as_seen: Verdicts | None = None
    coalitions: Verdicts | None = None
    breaks: tuple[Break, ...] = ()
    blocs: Verdicts | None = None

    def equilibrium(self, concept: str, verdicts: Verdicts | None = None) -> bool | None:
        """Whether nobody leaves; None where that cannot be told."""
        found = (self.stable if verdicts is None else verdicts)[concept].values()
        return False if False in found else None if None in found else True

    def reason(self, party: str, concept: str) -> Reason | None:
        """Why a party stays or leaves; None where it has no improvement."""
        entries = (e for e in self.reasons if (e.party, e.concept) == (party, concept))
        return next(entries, None)


@dataclass(frozen=True)
class Route:
    """How an equilibrium is reached from a start.

    Parameters
    ----------
    outcome, concepts
        The equilibrium, and under which concepts it is one.
    moves
        A shortest sequence of moves; None where there is none.
    improvements
        A shortest one in which every move is better for who makes it; None where there is none.
    """

    outcome: Outcome
    concepts: tuple[Concept, ...]
    moves: tuple[Step, ...] | None
    improvements: tuple[Step, ...] | None


@dataclass(frozen=True)
class Routes:
    """Status quo analysis: the equilibria, those reached in fewest moves first.

    Parameters
    ----------
    start
        Where sequences begin.
    routes
        One for each equilibrium, reached or not.
    most
        Most that the document tells for each concept; the nearest.
    """

    start: Outcome
    routes: tuple[Route, ...]
    most: int = 1000
