"""Several ways one after the other that leave nothing open, the terms as they were asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from detente.leverage.answer import Goal, Lever
from detente.leverage.proposal import Bounds
from detente.leverage.proving import Proved, pulled
from detente.leverage.reversals.answer import Reversal

WIDTH = 2
"""How many ways are followed at each point."""


def combined(
    proved: Sequence[Proved],
    open_: Sequence[Goal],
    levers: Sequence[Lever],
    bounds: Bounds,
    depth: int,
) -> tuple[Proved, ...]:
    """A chain of ways after which no goal is missed.

    The goal that the fewest ways meet comes first. From each of the best ways that meet it the
    levers are pulled again under the case that it leads to, until nothing is open. The first chain
    found is taken: it need not be the cheapest.

    Parameters
    ----------
    proved
        Ways from the package as it is, best first.
    open_
        The goals that it misses.
    levers
        What may be pulled further.
    bounds
        What ways may cost.
    depth
        Most ways in a chain.

    Returns
    -------
    tuple
        Empty where a goal is met by no way, or no chain of the ways that are followed leaves
        nothing open.
    """
    meeting = {goal: [entry for entry in proved if goal in entry.way.solves] for goal in open_}
    if not all(meeting.values()):
        return ()
    for entry in _first(meeting)[:WIDTH]:
        left = _left(entry, open_)
        if not left:
            return (entry,)
        if depth > 1:
            further = pulled(entry.wanted, levers, bounds).proved
            rest = combined(further, left, levers, bounds, depth - 1)
            if rest:
                return (entry, *rest)
    return ()


def _first(meeting: Mapping[Goal, Sequence[Proved]]) -> list[Proved]:
    """The ways that meet the goal that the fewest meet; turned preferences come last or not."""
    for goal in sorted(meeting, key=lambda goal: len(meeting[goal])):
        able = [entry for entry in meeting[goal] if not (turns(entry) and _left(entry, meeting))]
        if able:
            return able
    return []


def _left(entry: Proved, open_: Iterable[Goal]) -> tuple[Goal, ...]:
    return tuple(goal for goal in open_ if goal in entry.way.open)


def turns(entry: Proved) -> bool:
    """Whether preferences are turned: their amounts are not told, so nothing can follow."""
    return any(isinstance(part, Reversal) for part in entry.way.parts)
