"""The five rules that single out an agreement: what each chooses, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Solution:
    """A rule, as it is named and explained in results.

    Parameters
    ----------
    name
        The name in commands and documents.
    source
        Where the rule comes from.
    definition
        What it chooses, in one sentence.
    compares_values
        Whether it weighs one party's points against another's, so that rescaling one
        party's values changes the answer.
    needs_gains
        Whether it is defined only on outcomes that leave no signing party below its
        walk-away value.
    """

    name: str
    source: str
    definition: str
    compares_values: bool
    needs_gains: bool


_GAINS = "among acceptable outcomes that leave no signing party below its walk-away value"
_LEXIMIN = "then the second smallest, and so on (leximin)"

SOLUTIONS: Mapping[str, Solution] = MappingProxyType(
    {
        solution.name: solution
        for solution in (
            Solution(
                "nash",
                "Nash (1950), The bargaining problem, Econometrica 18: 155–162",
                f"the largest product of gains over walking away, {_GAINS}; where the product "
                "cannot be positive, the efficient ones of these tie",
                compares_values=False,
                needs_gains=True,
            ),
            Solution(
                "kalai_smorodinsky",
                "Kalai & Smorodinsky (1975), Other solutions to Nash's bargaining problem, "
                "Econometrica 43: 513–518; leximin: Imai (1983), Econometrica 51: 389–401",
                "each party's gain over walking away as a share of the largest gain it could "
                f"have: the smallest share as large as possible, {_LEXIMIN}, {_GAINS}; the "
                "largest gains are taken over the same outcomes, and a party that could gain "
                "nothing is left out of the comparison",
                compares_values=False,
                needs_gains=True,
            ),
            Solution(
                "egalitarian",
                "Kalai (1977), Proportional solutions to bargaining situations, "
                "Econometrica 45: 1623–1630",
                "the smallest gain over walking away as large as possible, "
                f"{_LEXIMIN}, {_GAINS}; compares points between parties",
                compares_values=True,
                needs_gains=True,
            ),
            Solution(
                "utilitarian",
                "Harsanyi (1955), Cardinal welfare, individualistic ethics, and interpersonal "
                "comparisons of utility, Journal of Political Economy 63: 309–321",
                "the largest sum of values (weights 1 unless given), among acceptable outcomes; "
                "compares points between parties",
                compares_values=True,
                needs_gains=False,
            ),
            Solution(
                "equal_loss",
                "Chun (1988), The equal-loss principle for bargaining problems, "
                "Economics Letters 26: 103–106",
                "each party's loss against the best value it could have: the largest loss as "
                "small as possible, then the second largest, and so on (leximin), among "
                "acceptable outcomes; the best values are taken over the same outcomes; compares "
                "points between parties",
                compares_values=True,
                needs_gains=False,
            ),
        )
    }
)
"""By name, in the order in which results list them."""
