"""What the inverse analysis finds out: comparisons that would have to turn; all frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from detente.stability.answer import Concept, Outcome

Compared = Literal["better", "as good", "worse"]
"""How a party sees one outcome against another."""
Turn = Literal[
    "no better than the package", "better than the package", "an improvement", "no improvement"
]
"""What an outcome has to become against another: the package, or where a move begins."""


@dataclass(frozen=True)
class Deterrence:
    """What keeps a party from one move away from the package.

    Parameters
    ----------
    party, move
        Who would move, and to which outcome.
    sanction
        Where the others can take it from there; None where the move itself is not worth making.
    """

    party: str
    move: Outcome
    sanction: Outcome | None


@dataclass(frozen=True)
class Reversal:
    """One comparison of two outcomes by one party that would have to turn.

    Parameters
    ----------
    party
        Whose comparison it is.
    outcome, against
        What is compared with what. ``against`` is the package, or the outcome from which a move
        leads to ``outcome``.
    now
        What ``outcome`` is to the party today, against the other.
    kind
        What it would have to be.
    gap
        What ``outcome`` is worth to the party today less what ``against`` is, in points; None for
        a party whose values are an order only.
    because
        The moves away from the package that it helps to deter. Empty where it only keeps the order
        of the party free of contradiction.
    """

    party: str
    outcome: Outcome
    against: Outcome
    now: Compared
    kind: Turn
    gap: float | None
    because: tuple[Deterrence, ...]


@dataclass(frozen=True)
class Moved:
    """Where an outcome could stand in the order of a party, so that the comparisons are turned.

    Parameters
    ----------
    party, outcome
        Whose order, and which outcome.
    before, after
        What it is worth today and what it would be: in points, or for an order in places of it,
        counted from the worst.
    """

    party: str
    outcome: Outcome
    before: Fraction
    after: Fraction


@dataclass(frozen=True)
class Reversals:
    """The fewest comparisons that would have to turn.

    Parameters
    ----------
    concept, outcome
        Under which concept, and the package.
    already
        Whether the package is an equilibrium as it is, so that nothing has to turn.
    count
        How many comparisons; None where no reversals do it, or that cannot be told.
    turns
        One smallest set of them: of several the one with the fewest ranks between what is
        compared, added up. In the order of parties and outcomes.
    per_party
        How many of each party's, for parties that have any.
    ways
        How many sets are as small; None where they are not counted.
    moved
        New places of outcomes under which exactly these comparisons are turned.
    states
        How many states were held.
    band
        The least gain that counts as an improvement, in points.
    reason
        Why there is no answer; None where there is one.
    """

    concept: Concept
    outcome: Outcome
    already: bool
    count: int | None
    turns: tuple[Reversal, ...]
    per_party: Mapping[str, int]
    ways: int | None
    moved: tuple[Moved, ...]
    states: int
    band: Fraction = Fraction(0)
    reason: str | None = None


@dataclass(frozen=True)
class Condition:
    """What must be so for a party not to make one move away from the package.

    Parameters
    ----------
    move
        Where the move leads.
    either
        Sets of outcomes: all of one of them must be no better to the party than the package. The
        first is the move itself.
    """

    move: Outcome
    either: tuple[tuple[Outcome, ...], ...]


@dataclass(frozen=True)
class Counted:
    """In how many strict rankings of one party a state is stable, the others' as they are.

    Parameters
    ----------
    rankings
        All of them: the factorial of the number of states.
    stable
        Those in which the party stays.
    equilibria
        Those in which nobody leaves; None where the others' staying hangs on the ranking.
    """

    rankings: int
    stable: int
    equilibria: int | None
