"""Questions about several packages at once: by another process beside this one, if it is worth it.

What is answered does not depend on who answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Future
from contextlib import contextmanager
from dataclasses import dataclass

from detente.case.errors import CaseError
from detente.case.schema import Case
from detente.model.sentences import say
from detente.sequencing.roadmap import roadmap
from detente.sequencing.roadmap_result import RoadmapResult
from detente.uncertainty.answer import Standing
from detente.uncertainty.evaluation.processes import Processes, processors
from detente.uncertainty.plan import written_order
from detente.uncertainty.shares import shares

LARGE = 100_000
"""Outcomes of a case from which starting another process costs less than it saves."""


@dataclass(frozen=True)
class Further:
    """What is asked of a package that is not the main one.

    Parameters
    ----------
    road, no_road
        In what order it is carried out; or why that could not be asked.
    standing, no_standing
        In what share of codings it stands; or why that could not be asked.
    """

    road: RoadmapResult | None
    no_road: str
    standing: Standing | None
    no_standing: str


Call = tuple[Case, "str | Mapping[str, str]", "RoadmapResult | None", int]
"""A case, a package, its road if it is known, and how many codings to draw (0: none)."""


def further(
    case: Case, to: str | Mapping[str, str], road: RoadmapResult | None, codings: int
) -> Further:
    """Ask in what order a package is carried out, and in what share of codings it stands."""
    no_road = no_standing = ""
    standing = None
    if road is None:
        try:
            road = roadmap(case, to, alternatives=0, missing=False)
        except CaseError as error:  # no scores, no status quo, nothing to do, or too much
            no_road = error.problems[0].what
    if codings:
        order = None if road is None else written_order(road.best.steps)
        try:
            standing = shares(case, to, samples=codings, order=order)
        except CaseError:  # a number outside its domain, which is not for everybody
            no_standing = say("brief.unasked.stress")
    return Further(road, no_road, standing, no_standing)


@contextmanager
def beside(calls: Sequence[Call], *, large: bool) -> Iterator[Callable[[], list[Further]]]:
    """Have :func:`further` asked while this process goes on, and collect the answers in the end.

    What the other process has not begun by then is asked here.
    """
    if not (large and len(calls) > 1 and processors() > 1):
        yield lambda: [further(*call) for call in calls]
        return
    pool = Processes(1, __name__)
    try:
        futures = [pool.submit(further, *call) for call in calls]
        yield lambda: _collected(futures, calls)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _collected(futures: Sequence[Future[Further]], calls: Sequence[Call]) -> list[Further]:
    found: dict[int, Further] = {}
    for place in reversed(range(len(calls))):  # the other process comes from the front
        if futures[place].cancel():
            found[place] = further(*calls[place])
    for place, future in enumerate(futures):
        if place not in found:
            try:
                found[place] = future.result()
            except BrokenExecutor:  # it ended, for want of memory or at somebody's hand
                found[place] = further(*calls[place])
    return [found[place] for place in range(len(calls))]
