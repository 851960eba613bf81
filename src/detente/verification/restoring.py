"""Whether the aftermath is credible: who would want what falls back to fall back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from detente.case.schema import Case
from detente.model.aftermath import path
from detente.model.compilation import Model
from detente.model.problem import Integers
from detente.verification.answer import Restoring


def restoring(model: Model, outcome: Mapping[str, str]) -> tuple[Restoring, ...]:
    """For each issue that falls back after a collapse, what its owners gain by that.

    The gain is what the party's value per period rises by when the issue returns to the
    status quo at its time, everything else as it then stands. An issue that any one of
    several parties can take back needs one that gains; one that takes all of them needs all.
    """
    case = model.case
    assert case.status_quo is not None
    back = path(case)
    agreed = np.array([model.space.codes(outcome)], dtype=np.int64)
    states = dict(zip(back.times.tolist(), back.states(agreed), strict=True))
    out = []
    for place, issue in enumerate(case.issues):
        time = case.issues[issue].undo_time(outcome[issue], case.status_quo[issue])
        if outcome[issue] == case.status_quo[issue] or time == "never":
            continue
        after = states[time]
        kept = after.copy()
        kept[0, place] = agreed[0, place]
        gains = {
            party: float(_value(model, party, after) - _value(model, party, kept))
            for party in _owners(case, issue)
            if model.has_scores(party)
        }
        out.append(Restoring(issue, outcome[issue], time, gains, _credible(case, issue, gains)))
    return tuple(out)


def punishers(found: tuple[Restoring, ...], case: Case) -> dict[str, float]:
    """Per party that must restore something, what it gains by it at the least.

    Where any one of several can, it falls to the one that gains the most.
    """
    least: dict[str, float] = {}
    for entry in found:
        needed: Iterator[str] = iter(entry.by)
        if not _takes_all(case, entry.issue) and entry.by:
            needed = iter([max(entry.by, key=lambda party: entry.by[party])])
        for party in needed:
            least[party] = min(least.get(party, entry.by[party]), entry.by[party])
    return {party: least[party] for party in case.parties if party in least}


def _owners(case: Case, issue: str) -> tuple[str, ...]:
    entry = case.issues[issue]
    if entry.control is not None:
        return (entry.control,)
    if entry.moves is not None:
        return tuple(party for party in entry.moves if entry.moves[party])
    return entry.joint or case.signing


def _takes_all(case: Case, issue: str) -> bool:
    entry = case.issues[issue]
    return entry.control is None and entry.moves is None and entry.withdraw == "all"


def _credible(case: Case, issue: str, gains: Mapping[str, float]) -> bool | None:
    """Whether enough of the owners gain; None where it hangs on one without values."""
    known = [gain > 0 for gain in gains.values()]
    complete = len(known) == len(_owners(case, issue))
    if _takes_all(case, issue):
        return False if not all(known) else True if complete else None
    return True if any(known) else False if complete else None


def _value(model: Model, party: str, codes: Integers) -> float:
    entry = model.problem.criteria[model.position[party]]
    return int(entry.totals(codes)[0]) * float(entry.unit)
