"""What outcomes are worth to one party in many codings: sums of numbers that are drawn."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from detente.model.problem import Floats, Integers

Reads = Callable[[Integers], Integers]
"""Option positions, shape (outcomes, issues), to how often each term counts, (outcomes, terms)."""


@dataclass(frozen=True, eq=False)
class Worth:
    """What outcomes are worth to a party, or what it gains over walking away, in many codings.

    Parameters
    ----------
    terms
        The numbers that worths are sums of, shape (codings, terms), as
        :meth:`detente.model.draws.RangedValues.draw` gives them.
    reads
        How often the worth of each outcome adds each term, as
        :meth:`detente.model.draws.RangedValues.reads` says it.
    scopes
        Sets of positions of issues, each ascending, such that ``reads`` is a constant and a sum of
        functions that each read one of them; None for those of the criterion's factors. Where the
        codings have adjustments that the criterion does not have, their issues belong here too.
    """

    terms: Floats
    reads: Reads
    scopes: Collection[tuple[int, ...]] | None = None

    def gains(self, codes: Integers) -> Floats:
        """What outcomes are worth, shape (outcomes, codings)."""
        gains: Floats = self.reads(codes) @ self.terms.T
        return gains
