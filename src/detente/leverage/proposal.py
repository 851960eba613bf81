"""What a lever proposes: an edited case and package, what it costs, and what it is to bring."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from detente.leverage.answer import GOALS, Bound, Cost, Goal, Lever, Part
from detente.leverage.wanted import Wanted

LISTED = 3
"""Most ways of one kind that are told."""


@dataclass(frozen=True)
class Bounds:
    """What the ways may cost.

    Parameters
    ----------
    change_costs
        What a change of an issue costs; 1 where nothing is said, and then changes are counted.
    most_changes
        The largest cost of changes of terms; None for any.
    most_paid
        Units per period that each payer can give; no bound for those left out.
    rates
        Points that a unit is worth to a party; 1 for those left out.
    looked_at
        Most packages that are looked at for one that meets every goal.
    """

    change_costs: Mapping[str, Fraction] = field(default_factory=dict)
    most_changes: Fraction | None = None
    most_paid: Mapping[str, Fraction] = field(default_factory=dict)
    rates: Mapping[str, Fraction] = field(default_factory=dict)
    looked_at: int = 300


@dataclass(frozen=True, eq=False)
class Proposal:
    """One way, not proved yet.

    Parameters
    ----------
    lever, parts, cost
        What it moves.
    wanted
        The package under the edited case.
    aims
        What it is to turn from no to yes.
    speaks_of
        The verdicts that the edit says something about; the others stay as they are. (Turned
        preferences are no amounts: what they do to an equilibrium is told, and no more.)
    """

    lever: Lever
    parts: tuple[Part, ...]
    cost: Cost
    wanted: Wanted
    aims: tuple[Goal, ...]
    speaks_of: tuple[Goal, ...] = GOALS


Propose = Callable[[Wanted, tuple[Goal, ...], Bounds], Iterator[Proposal | Bound]]
"""What a lever is: from the package, the goals that it misses, and the bounds."""
