"""Which package stands in the largest share of codings, and what is paid for that?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from detente.agreement.agree import agree
from detente.agreement.packages.draws import Share, wilson
from detente.case.consistency import broken_by
from detente.case.schema import Case
from detente.model.compilation import Model, compile_case
from detente.model.draws import RangedValues, ranged_values
from detente.model.problem import Floats, Integers
from detente.uncertainty.answer import Factor, Robust, RobustChoice
from detente.uncertainty.codings import ranged, under
from detente.uncertainty.draws import Draws
from detente.uncertainty.robust.codings import Codings
from detente.uncertainty.robust.search import largest_share
from detente.uncertainty.robust.shares import has_scores, robustness, smallest_gains
from detente.uncertainty.worths import Worth

CODINGS = 2_048
"""Codings in which packages are compared."""
MOST_COMPARED = 5_000
"""Most efficient packages compared."""
LISTED = 12
"""Packages that are told, beside those with a name."""
MOST_TIES = 200
"""Most packages with the largest share that are compared, to name the best of them first."""
LARGEST, ASKED = "largest share", "asked"
"""How packages with the largest share are called, and the one that was asked about."""


def robust_choice(
    cases: Sequence[Case],
    factors: Sequence[tuple[Factor, ...]],
    draws: Draws,
    outcome: Mapping[str, str],
    codings: int = CODINGS,
    *,
    certain: bool = False,
) -> RobustChoice:
    """Compare the packages of the case, all efficient ones and the best of all outcomes.

    Parameters
    ----------
    cases, factors
        The case itself, then other codings of it; the numbers of each.
    draws
        The codings; the same for every package.
    outcome
        The package that was asked about.
    codings
        How many of them.
    certain
        Whether that is all there are.
    """
    model = compile_case(cases[0])
    problem = model.problem
    same = Codings(codings, worths(model, cases, factors, draws, codings))
    names = dict(_named(cases[0], model, outcome))
    efficient, left_out = _efficient(cases[0], model)
    starts = np.array([*names, *efficient][:64], dtype=np.int64)
    found = largest_share(problem, same, starts=starts, listed=MOST_TIES)
    best = [tuple(row) for row in found.outcomes.tolist()]
    compared = list(dict.fromkeys([*best, *names, *efficient]))
    codes = np.array(compared, dtype=np.int64)
    told = robustness(problem, same, codes)
    likely = _likely_gains(model, codes)
    packages = [
        Robust(
            model.space.outcome(code),
            tuple(dict.fromkeys(names.get(code, ()))),
            _share(entry.count, codings, certain=certain),
            entry.smallest_gain,
            entry.regret,
            None if likely is None else float(likely[row]),
        )
        for row, (code, entry) in enumerate(zip(compared, told, strict=True))
    ]
    packages.sort(key=lambda entry: (-entry.acceptable.count, -(entry.smallest_gain or 0.0)))
    most = packages[0].acceptable.count
    packages[:LISTED] = [
        replace(entry, names=(*entry.names, LARGEST))
        if entry.acceptable.count == most == found.count > 0
        else entry
        for entry in packages[:LISTED]
    ]
    return RobustChoice(
        packages=tuple(p for place, p in enumerate(packages) if place < LISTED or p.names),
        searched=model.feasible,
        exact=found.exact,
        bound=found.bound / codings,
        ties=found.ties,
        samples=codings,
        compared=len(compared),
        left_out=left_out,
    )


def _share(count: int, codings: int, *, certain: bool) -> Share:
    low, high = (count / codings,) * 2 if certain else wilson(count, codings)
    return Share(count, codings, low, high, certain)


def worths(
    model: Model,
    cases: Sequence[Case],
    factors: Sequence[tuple[Factor, ...]],
    draws: Draws,
    codings: int,
) -> dict[int, Worth]:
    """What outcomes are worth over walking away, in every coding, by position of the criterion.

    Where several cases are drawn from, the terms of each are 0 in the codings of the others.
    """
    shares, chosen = draws.shares(0, codings), draws.chosen(0, codings)
    out: dict[int, Worth] = {}
    drawn = []
    for number, (case, found) in enumerate(zip(cases, factors, strict=True)):
        rows = np.flatnonzero(chosen == number)
        values = draws.values(ranged(found), shares[rows])
        drawn.append((rows, under(case, found, values)))
    for place, entry in enumerate(model.problem.criteria):
        if not entry.cardinal or entry.name not in model.valued:
            continue
        parts = [(rows, ranged_values(case, entry.name)) for rows, case in drawn]
        if len(parts) > 1 or parts[0][1].drawn is not None:
            out[place] = _joined(parts, codings)
    return out


def _joined(parts: Sequence[tuple[Integers, RangedValues]], codings: int) -> Worth:
    tables: list[Floats] = []
    for rows, found in parts:
        terms = found.drawn if found.drawn is not None else found.stated(len(rows))
        table = np.zeros((codings, terms.shape[1]))
        table[rows] = terms
        tables.append(table)

    def reads(codes: Integers) -> Integers:
        return np.hstack([found.reads(codes) for _, found in parts])

    scopes = {scope for _, found in parts for scope in found.scopes}
    return Worth(np.hstack(tables), reads, scopes)


def _named(
    case: Case, model: Model, outcome: Mapping[str, str]
) -> Iterator[tuple[tuple[int, ...], list[str]]]:
    """Packages of the case that obey the rules, the solutions, and the one asked about."""
    found: dict[tuple[int, ...], list[str]] = {model.space.codes(outcome): [ASKED]}
    for name, package in case.packages.items():
        if case.status_quo is None and len(package.outcome) < len(case.issues):
            continue
        complete = case.complete(package.outcome)
        if not any(broken_by(rule, complete, case) for rule in case.rules):
            found.setdefault(model.space.codes(complete), []).append(name)
    for name, point in agree(case, listed=1).solutions.items():
        for entry in point.outcomes[:1]:
            found.setdefault(model.space.codes(entry.outcome), []).append(name)
    yield from found.items()


def _efficient(case: Case, model: Model) -> tuple[list[tuple[int, ...]], int]:
    """The efficient outcomes that all accept at the likely values, and how many are left out."""
    found = agree(case, listed=MOST_COMPARED).efficient_acceptable
    if found is None:
        return [], 0
    listed = [model.space.codes(entry.outcome) for entry in found.outcomes]
    return listed, found.count - len(listed)


def _likely_gains(model: Model, codes: Integers) -> Floats | None:
    """Smallest gain of the signing parties at the likely values; None without scores."""
    if not has_scores(model.problem):
        return None
    return smallest_gains(model.problem, Codings(1, {}), codes)[:, 0]
