"""Chooses the engine by cost, and says which one it was and what it could not do.

Three engines find efficient outcomes or solutions: *enumerate* looks at every outcome,
*eliminate* combines issues and keeps partial frontiers, *bound* finds single solutions by
integer programming. They agree wherever two of them can run.
"""

from __future__ import annotations

from dataclasses import dataclass

from detente.agreement.engines.elimination.eliminate import eliminate, elimination_width
from detente.agreement.engines.enumerate import Survey, survey
from detente.agreement.engines.front import Front, TooLarge, accepted_part, consent_follows
from detente.model.problem import Problem
from detente.model.walk import Progress

ENGINES = ("auto", "enumerate", "eliminate", "bound")
ENUMERATE_UP_TO = 1 << 14
"""Outcomes up to which looking at all of them is cheapest (see benchmarks/RESULTS.md)."""
EXACT_LIMIT = 250_000
"""Most partial frontier points held at once: about half a minute's work with many parties."""
WALK_LIMIT = 10**9
"""Largest space that is walked through to count consent."""


@dataclass(frozen=True)
class Limits:
    """What an analysis may cost.

    Parameters
    ----------
    exact
        Most (partial) efficient outcomes held at once; beyond, single solutions are found
        by integer programming instead.
    walk
        Largest space in which consent is counted outcome by outcome.
    """

    exact: int = EXACT_LIMIT
    walk: int = WALK_LIMIT


@dataclass(frozen=True, eq=False)
class Search:
    """What an engine found.

    Parameters
    ----------
    method
        ``enumerate``, ``eliminate`` or ``bound``.
    survey
        Who accepts how much; None where the space is too large to be walked.
    feasible, acceptable
        Efficient outcomes; None where the frontier is too large, or undefined.
    remarks
        What was not done and why, as sentences.
    """

    method: str
    survey: Survey | None
    feasible: Front | None
    acceptable: Front | None
    remarks: tuple[str, ...] = ()


def search(
    problem: Problem,
    *,
    ordered: bool,
    engine: str = "auto",
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Search:
    """Count consent and find the efficient outcomes by the cheapest engine that can.

    Parameters
    ----------
    problem
        The case as the engines see it.
    ordered
        Whether every signing party has values; without, only consent is counted.
    engine
        One of :data:`ENGINES`; ``auto`` chooses by cost.
    limits
        What it may cost.
    progress
        Called with outcomes done and outcomes in all.

    Raises
    ------
    TooLarge
        Where a limit is met and no other engine may take over.
    """
    limits = limits or Limits()
    if not ordered:
        return _counted(problem, Search("enumerate", None, None, None), limits, progress)
    candidates = _by_cost(problem, limits) if engine == "auto" else (engine,)
    for candidate in candidates[:-1]:
        try:
            return _search(problem, candidate, limits, progress)
        except TooLarge:
            continue  # the next engine needs less memory
    return _search(problem, candidates[-1], limits, progress)


def _search(problem: Problem, engine: str, limits: Limits, progress: Progress | None) -> Search:
    if engine == "enumerate":
        if problem.space.total > limits.walk:
            raise TooLarge(
                f"the space has {problem.space.total:,} outcomes, more than the {limits.walk:,} "
                "that are looked at one by one; raise the limit (--walk-limit), or choose another "
                "engine (--engine)"
            )
        found, feasible, acceptable = survey(problem, limit=limits.exact, progress=progress)
        return Search(engine, found, feasible, acceptable)
    if engine == "eliminate":
        feasible = eliminate(problem, acceptable=False, limit=limits.exact)
        acceptable = (
            accepted_part(problem, feasible)
            if consent_follows(problem)
            else eliminate(problem, acceptable=True, limit=limits.exact)
        )
        return _counted(problem, Search(engine, None, feasible, acceptable), limits, progress)
    return _counted(problem, Search("bound", None, None, None), limits, progress)


def _by_cost(problem: Problem, limits: Limits) -> tuple[str, ...]:
    """Engines worth trying, cheapest first; the last one always has an answer."""
    total = problem.space.total
    if total <= min(ENUMERATE_UP_TO, limits.walk):
        return ("enumerate",)
    if elimination_width(problem) <= limits.exact:
        return ("eliminate", "bound")
    return ("enumerate", "bound") if total <= limits.walk else ("bound",)


def _counted(problem: Problem, found: Search, limits: Limits, progress: Progress | None) -> Search:
    """Add the counts of consent where the space can be walked."""
    if problem.space.total > limits.walk:
        remark = _not_walked(problem.space.total, limits)
        return Search(found.method, None, found.feasible, found.acceptable, (remark,))
    counts, _, _ = survey(problem, fronts=False, progress=progress)
    return Search(found.method, counts, found.feasible, found.acceptable)


def _not_walked(total: int, limits: Limits) -> str:
    return (
        f"who accepts how many outcomes was not counted: the space has {total:,} outcomes, "
        f"more than the {limits.walk:,} that are walked through (--walk-limit)"
    )
