"""Comparisons that would have to turn, as numbers of parties and states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from detente.leverage.reversals.answer import Turn

Pair = tuple[int, int]
"""Two states: whether the first is better than the second."""
Relation = Mapping[Pair, bool]
"""For pairs of states whether the first is better to a party."""


@dataclass(frozen=True)
class Deterred:
    """A party, a move of it, and the state that deters it; None for the move itself."""

    party: int
    move: int
    sanction: int | None


@dataclass(frozen=True)
class Turned:
    """One comparison of a party that would have to turn, and what for."""

    party: int
    state: int
    against: int
    kind: Turn
    because: tuple[Deterred, ...]


@dataclass(frozen=True)
class Found:
    """The fewest comparisons that would have to turn.

    Parameters
    ----------
    turned
        They; in the order of parties and states.
    relations
        For each party with any what then has to be so: of all its comparisons that count.
    ways
        How many sets are as small; None where they are not counted.
    """

    turned: tuple[Turned, ...]
    relations: Mapping[int, Relation]
    ways: int | None
