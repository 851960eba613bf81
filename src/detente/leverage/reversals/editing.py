"""A case in which comparisons of parties are turned, so that other questions can be asked of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from detente.case.errors import CaseError, Problem
from detente.case.expressions import parse
from detente.case.fields import FrozenDict
from detente.case.numbers import Number
from detente.case.schema import Case
from detente.case.valuation import Adjustment, Values
from detente.leverage.reversals.answer import Moved, Reversals
from detente.model.compilation import Model, compile_case
from detente.model.expressions import check_size
from detente.stability.answer import Outcome
from detente.stability.graph.conflict import all_states

MOST_RANKED = 20_000
"""Most states that a ranking is written out for."""


def with_reversals(case: Case, found: Reversals, *, most_ranked: int = MOST_RANKED) -> Case:
    """The case with the comparisons turned, and nothing else that counts.

    Parameters
    ----------
    case
        The case that was asked about.
    found
        What was found.
    most_ranked
        Most states that a ranking is written out for.

    Returns
    -------
    Case
        With adjustments that name the outcomes that have to move, for parties with scores; for
        parties with an order a full ranking of all outcomes that the rules allow.

    Raises
    ------
    CaseError
        Where a ranking would have more states than ``most_ranked``, or the case has more
        combinations of options than one adjustment may hold.

    Examples
    --------
    >>> import detente
    >>> from detente.leverage.reversals.reversals import reversals
    >>> case = detente.load("syria_iraq")
    >>> edited = with_reversals(case, reversals(case, "release", "nash"))
    >>> detente.hold(edited, "release").prospects[0].equilibrium("nash")
    True
    """
    if not found.moved:
        return case
    model = compile_case(case)
    values = dict(case.values)
    for party in dict.fromkeys(entry.party for entry in found.moved):
        moved = [entry for entry in found.moved if entry.party == party]
        if model.has_scores(party):
            values[party] = _adjusted(model, values[party], moved)
        else:
            values[party] = _ranked(model, party, values[party], moved, most_ranked)
    return case.changed(values=FrozenDict(values))


def _adjusted(model: Model, values: Values, moved: Sequence[Moved]) -> Values:
    """Scores with one more adjustment for every amount by which outcomes move."""
    check_size(range(len(model.space.sizes)), model.space, "an adjustment of single outcomes")
    by: dict[Fraction, list[Outcome]] = {}
    for entry in moved:
        by.setdefault(entry.after - entry.before, []).append(entry.outcome)
    added = tuple(
        Adjustment(when=parse(" or ".join(map(_exactly, outcomes))), add=Number(amount))
        for amount, outcomes in by.items()
    )
    return values.model_copy(update={"adjustments": (*values.adjustments, *added)})


def _exactly(outcome: Outcome) -> str:
    return "(" + " and ".join(f"{issue} == {option}" for issue, option in outcome.items()) + ")"


def _ranked(model: Model, party: str, values: Values, moved: Sequence[Moved], most: int) -> Values:
    """A ranking of all states, best first."""
    if model.feasible > most:
        what = f"a ranking of {party} would have {model.feasible:,} outcomes; at most {most:,}"
        raise CaseError(Problem(what, "fix some issues by rules, or give the party scores"))
    codes = all_states(model)
    totals = model.problem.criteria[model.position[party]].totals(codes)
    places = np.unique(totals, return_inverse=True)[1].ravel()
    after: Mapping[tuple[int, ...], int] = {
        model.space.codes(entry.outcome): int(entry.after) for entry in moved
    }
    tied: dict[int, list[FrozenDict[str]]] = {}
    for row, place in zip(codes, places, strict=True):
        stands = after.get(tuple(int(code) for code in row), int(place))
        tied.setdefault(stands, []).append(FrozenDict(model.space.outcome(row)))
    ranking = tuple(tuple(tied[place]) for place in sorted(tied, reverse=True))
    return values.model_copy(update={"priorities": None, "ranking": ranking})
