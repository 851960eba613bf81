"""Several ways one after the other that leave nothing open, the terms as they were asked for."""

from __future__ import annotations

from collections.abc import Sequence

from detente.leverage.answer import Lever
from detente.leverage.proposal import Bounds
from detente.leverage.proving import Proved, pulled
from detente.leverage.reversals.answer import Reversal

WIDTH = 2
"""How many ways are followed at each point."""


def combined(
    proved: Sequence[Proved], levers: Sequence[Lever], bounds: Bounds, depth: int
) -> tuple[Proved, ...]:
    """A chain of ways after which no goal is missed.

    From each of the best ways the levers are pulled again under the case that it leads to, until
    nothing is open. The first chain found is taken: it need not be the cheapest. Turned preferences
    come last: they are no amounts, so that the case that they lead to is asked nothing further.

    Parameters
    ----------
    proved
        Ways from the package as it is, best first.
    levers
        What may be pulled further.
    bounds
        What ways may cost.
    depth
        Most ways in a chain.

    Returns
    -------
    tuple
        Empty where no chain of the ways that are followed leaves nothing open.
    """
    enough = next((entry for entry in proved if not entry.way.open), None)
    if enough is not None or depth == 1:
        return () if enough is None else (enough,)
    for entry in [entry for entry in proved if not _turns(entry)][:WIDTH]:
        further = pulled(entry.wanted, levers, bounds).proved
        rest = combined(further, levers, bounds, depth - 1)
        if rest:
            return (entry, *rest)
    return ()


def _turns(entry: Proved) -> bool:
    """Whether preferences are turned."""
    return any(isinstance(part, Reversal) for part in entry.way.parts)
