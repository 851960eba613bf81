"""The outcome that is meant: a package, pairs of issue and option, or a solution's name."""

from __future__ import annotations

from collections.abc import Mapping

from detente.agreement.definitions import SOLUTIONS
from detente.agreement.reference_points import Outcome, SolutionPoint
from detente.case.errors import CaseError, Problem
from detente.case.outcomes import parse_outcome, parse_pairs
from detente.case.schema import Case


def solution_named(written: str | Outcome) -> str | None:
    """The solution that an outcome is asked for by, if it is."""
    rule = written.partition(",")[0].strip() if isinstance(written, str) else ""
    return rule if rule in SOLUTIONS else None


def chosen_outcome(
    case: Case, written: str | Outcome, solutions: Mapping[str, SolutionPoint]
) -> dict[str, str]:
    """A complete outcome from what was given, where the solutions of the case are known.

    Raises
    ------
    CaseError
        Where a word is unknown, an outcome incomplete, or there is no such solution.
    """
    rule = solution_named(written)
    if rule is None or not isinstance(written, str):
        return parse_outcome(case, written, tuple(SOLUTIONS))
    if rule not in solutions:
        raise CaseError(
            Problem(
                f"there is no {rule} solution to look at: nothing is acceptable to all, "
                "or a signing party has no scores",
                "'detente agree CASE' says why",
            )
        )
    point = solutions[rule].outcomes[0].outcome
    return parse_outcome(case, {**point, **parse_pairs(case, written.partition(",")[2])})
