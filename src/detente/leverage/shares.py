"""In which share of codings the verdicts on a package, or on an edited one, are yes together."""

from __future__ import annotations

from collections.abc import Sequence

from detente.agreement.packages.draws import Share
from detente.case.errors import CaseError
from detente.leverage.answer import Goal
from detente.leverage.wanted import NAME, Wanted
from detente.model.problem import Booleans
from detente.uncertainty.codings import factors, ranged
from detente.uncertainty.draws import Draws, drawn_from
from detente.uncertainty.package import Asked
from detente.uncertainty.plan import planned
from detente.uncertainty.question import Question
from detente.uncertainty.sampling.correlation import DEFAULT, Correlation
from detente.uncertainty.sampling.designs import KINDS
from detente.uncertainty.standing import held, share, together, verdicts


def share_of_codings(
    wanted: Wanted, goals: Sequence[Goal], samples: int, seed: int
) -> Share | None:
    """In which share of codings a package meets some goals together.

    The codings are those of :func:`detente.stress`: drawn from the stated ranges, with the same
    seed the same for every edit of a case that leaves its ranges alone. A roadmap is judged by
    the order that is best at the likely values.

    Parameters
    ----------
    wanted
        The package.
    goals
        What it is to meet.
    samples, seed
        Codings drawn, and from what; 0 to draw none.

    Returns
    -------
    Share or None
        None where no number may be another, or one of the goals cannot be told in the codings.

    Notes
    -----
    Cost: linear in the samples; see :mod:`detente.uncertainty.package`.
    """
    case = wanted.placed
    numbers = factors(case)
    drawn = drawn_from([ranged(numbers)])
    if not goals or not samples or not drawn:
        return None
    try:
        road = planned(case, NAME, None, wanted.model) if "roadmap" in goals else None
        asked = Asked(
            case,
            numbers,
            wanted.outcome,
            road,
            wanted.model,
            holds="holds" in goals,
            enforced="enforceable" in goals,
        )
        correlation = Correlation(tuple(factor.party for factor in drawn), DEFAULT)
        found = Question((asked,), Draws(drawn, KINDS[0], seed, correlation, 1))(0, samples)
    except CaseError:  # a number outside its domain, or too much
        return None
    known = verdicts(found, wanted.case)
    columns: list[Booleans] = []
    for goal in goals:
        told = held(found, wanted.concept) if goal == "holds" else None
        column = known.get(goal) if goal != "holds" else None
        if told is not None and not told[1].all():
            column = told[0]
        if column is None:
            return None
        columns.append(column)
    return share(together(columns))
