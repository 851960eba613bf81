"""The outcome that another question is asked about, found from what a person wrote."""

from __future__ import annotations

from detente.agreement.agree import agree
from detente.agreement.chosen import chosen_outcome, solution_named
from detente.agreement.definitions import SOLUTIONS
from detente.agreement.reference_points import Outcome
from detente.case.outcomes import parse_outcome
from detente.case.schema import Case


def find_outcome(case: Case, written: str | Outcome) -> dict[str, str]:
    """A complete outcome from what was given; the solutions are computed if one is named.

    Raises
    ------
    CaseError
        As for :func:`chosen_outcome`.
    TooLarge
        Where the solutions meet a limit.
    """
    if solution_named(written) is None:
        return parse_outcome(case, written, tuple(SOLUTIONS))
    return chosen_outcome(case, written, agree(case, listed=1).solutions)
