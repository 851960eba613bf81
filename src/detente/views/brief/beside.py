"""Questions about several packages at once: by another process beside this one, if it is worth it.

What is answered does not depend on who answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from detente.case.errors import CaseError
from detente.case.schema import Case
from detente.leverage.answer import Lever
from detente.leverage.unlock import unlock
from detente.leverage.unlock_result import UnlockResult
from detente.model.sentences import say
from detente.sequencing.roadmap import roadmap
from detente.sequencing.roadmap_result import RoadmapResult
from detente.uncertainty.answer import Standing
from detente.uncertainty.evaluation.processes import Processes, processors
from detente.uncertainty.plan import written_order
from detente.uncertainty.shares import shares

LARGE = 100_000
"""Outcomes of a case from which starting another process costs less than it saves."""

Answer = TypeVar("Answer")
To = str | Mapping[str, str]


class Ask(Protocol):
    """Has a question asked for each of several calls; what it returns waits for the answers."""

    def __call__(
        self, question: Callable[..., Answer], calls: Sequence[tuple[Any, ...]], /
    ) -> Callable[[], list[Answer]]:
        """Begin with it, and return what collects the answers in the order of the calls."""
        ...


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


def further(case: Case, to: To, road: RoadmapResult | None, codings: int) -> Further:
    """Ask in what order a package is carried out, and in what share of codings it stands.

    Parameters
    ----------
    case, to
        The case and the package.
    road
        In what order, if that is known.
    codings
        How many to draw; 0: none.
    """
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


def unlocked(
    case: Case, to: To, levers: Sequence[Lever], codings: int
) -> tuple[UnlockResult | None, str]:
    """Ask what it would take, with some levers; or why that could not be asked."""
    try:
        return unlock(case, to, levers=levers, samples=codings, together=False), ""
    except CaseError as error:
        return None, error.problems[0].what


@contextmanager
def beside(*, large: bool) -> Iterator[Ask]:
    """Have questions asked while this process goes on, and collect the answers in the end.

    What the other process has not begun by then is asked here.
    """
    if not (large and processors() > 1):
        yield lambda question, calls: lambda: [question(*call) for call in calls]
        return
    pool = Processes(1, __name__)
    try:
        yield lambda question, calls: _submitted(pool, question, calls)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _submitted(
    pool: Executor, question: Callable[..., Answer], calls: Sequence[tuple[Any, ...]]
) -> Callable[[], list[Answer]]:
    if len(calls) < 2:  # there is nothing to do side by side
        return lambda: [question(*call) for call in calls]
    futures = [pool.submit(question, *call) for call in calls]
    return lambda: _collected(futures, question, calls)


def _collected(
    futures: Sequence[Future[Answer]],
    question: Callable[..., Answer],
    calls: Sequence[tuple[Any, ...]],
) -> list[Answer]:
    found: dict[int, Answer] = {}
    for place in reversed(range(len(calls))):  # the other process comes from the front
        if futures[place].cancel():
            found[place] = question(*calls[place])
    for place, future in enumerate(futures):
        if place not in found:
            try:
                found[place] = future.result()
            except BrokenExecutor:  # it ended, for want of memory or at somebody's hand
                found[place] = question(*calls[place])
    return [found[place] for place in range(len(calls))]
