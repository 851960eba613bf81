"""Several ways one after the other that leave nothing open, the terms as they were asked for."""

from __future__ import annotations

from collections.abc import Sequence

from detente.leverage.answer import Lever
from detente.leverage.proposal import Bounds
from detente.leverage.proving import Proved, pulled

WIDTH = 2
"""How many ways are followed at each point."""


def combined(
    proved: Sequence[Proved], levers: Sequence[Lever], bounds: Bounds, depth: int
) -> tuple[Proved, ...]:
    """A chain of ways after which no goal is missed.

    From each of the best ways the levers are pulled again under the case that it leads to, until
    nothing is open. The first chain found is taken: it need not be the cheapest.

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
    for entry in proved[:WIDTH]:
        if not entry.way.open:
            return (entry,)
        if depth > 1:
            further = pulled(entry.wanted, levers, bounds).proved
            rest = combined(further, levers, bounds, depth - 1)
            if rest:
                return (entry, *rest)
    return ()
