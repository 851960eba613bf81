"""Handing out work: a few tasks at a time, large enough to be worth sending, and none lost."""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from functools import partial
from math import ceil
from typing import Any, Protocol

from detente.case.errors import CaseError, Problem, quoted
from detente.uncertainty.batches import BATCH
from detente.uncertainty.evaluation.part import (
    Function,
    Part,
    compute,
    compute_pickled,
    failed,
)

SHORTEST = 0.05
"""Seconds that a task takes at least, if the draws suffice: what it costs to send one is little
against that."""
ATTEMPTS = 2
"""How often a task whose worker died is tried alone, before it is split."""
MOST_DEATHS = 64
"""Deaths of workers after which the work is given up: a single draw that kills its worker is
found with fewer."""

Task = Callable[[int, int], tuple[Part, float]]


class Submits(Protocol):
    """Anything that does calls elsewhere, as :class:`concurrent.futures.Executor` describes."""

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Have ``fn(*args)`` done."""


class _Here:
    """Does calls at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """Do ``fn(*args)`` before returning; a Ctrl-C in it is not kept for the future."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args))
        except Exception as error:
            future.set_exception(error)
        return future


def missing(draws: int, parts: Iterable[Part]) -> list[range]:
    """The draws that no part has; parts are whole batches and do not overlap."""
    gaps, start = [], 0
    for part in sorted(parts, key=lambda part: part.start):
        gaps.append(range(start, part.start))
        start = part.stop
    return [gap for gap in (*gaps, range(start, draws)) if gap]


class Work:
    """Draws to be asked about, by an executor.

    Parameters
    ----------
    function
        The question.
    executor
        Where; None for this process.
    most
        Tasks handed out at once.
    gaps
        The draws, each range from the start of a batch.
    """

    def __init__(
        self, function: Function, executor: Submits | None, most: int, gaps: Iterable[range]
    ) -> None:
        self._function, self._most, self._gaps = function, most, deque(gaps)
        self._executor: Submits = _Here()
        self._task: Task = partial(compute, function)
        if executor is not None:
            self._executor = executor
            self._task = partial(compute_pickled, pickle.dumps(function))
        self._batches = 1
        # Each task with how often it has been tried alone, this time included.
        self._flying: dict[Future[Any], tuple[range, int]] = {}
        self._again: deque[tuple[range, int]] = deque()
        self._deaths = 0

    def parts(self) -> Iterator[Part]:
        """The results as they come, in any order.

        A task whose worker died is done again, alone, so that it is known to be the cause if
        that one dies too and has the memory for itself; then it is split. A single draw that
        still kills its worker is one that cannot be judged.

        Raises
        ------
        CaseError
            If workers die again and again, or cannot load the function.
        """
        while self._hand_out():
            done, _ = wait(self._flying, return_when=FIRST_COMPLETED)
            for future in done:
                yield from self._taken(future, *self._flying.pop(future))

    def cancel(self) -> bool:
        """Take back what is handed out; False if nothing was."""
        for future in self._flying:
            future.cancel()
        return bool(self._flying)

    def _hand_out(self) -> bool:
        """Fill up; False if nothing is left to do."""
        alone = any(tried for _, tried in self._flying.values())
        if self._again and not self._flying:
            self._submit(*self._again.popleft())
        elif not self._again and not alone:
            while self._gaps and len(self._flying) < self._most:
                self._submit(self._next(), 0)
        return bool(self._flying)

    def _next(self) -> range:
        gap = self._gaps.popleft()
        stop = min(gap.start + self._batches * BATCH, gap.stop)
        if stop < gap.stop:
            self._gaps.appendleft(range(stop, gap.stop))
        return range(gap.start, stop)

    def _submit(self, draws: range, tried: int) -> None:
        try:
            future = self._executor.submit(self._task, draws.start, draws.stop)
        except BrokenExecutor as error:
            future = Future()
            future.set_exception(error)
        except Exception as error:
            raise CaseError(
                Problem(f"the workers take no more tasks: {error}", "is the cluster still there?")
            ) from error
        self._flying[future] = draws, tried

    def _taken(self, future: Future[Any], draws: range, tried: int) -> Iterator[Part]:
        try:
            part, seconds = future.result()
        except Exception as error:
            cause = error.__cause__ or error  # Dask's scheduler wraps it
            if isinstance(cause, (ImportError, AttributeError)):
                raise CaseError(
                    Problem(
                        f"the workers cannot load what they are to do: {cause}",
                        "install the same version of detente, with all that it needs, for the "
                        "workers and their scheduler",
                    )
                ) from error
            if not _worker_is_gone(error):
                raise
            self._deaths += 1
            yield from self._died(draws, tried, str(error))
        else:
            # The fastest so far: a worker's first task takes longer.
            self._batches = max(self._batches, ceil(SHORTEST / max(seconds, 1e-9)))
            yield part

    def _died(self, draws: range, tried: int, how: str) -> Iterator[Part]:
        if self._deaths >= MOST_DEATHS:
            raise CaseError(
                Problem(
                    f"workers died {self._deaths} times, the last with draws {draws.start} to "
                    f"{draws.stop - 1}: {quoted(how, 200)}",
                    "this happens when memory runs out; try fewer workers at once",
                )
            )
        if tried < ATTEMPTS:
            self._again.append((draws, tried + 1))
        elif len(draws) == 1:
            message = f"its worker died, as when memory runs out: {how}"
            yield failed(self._function, draws.start, message)
        else:
            self._again.extendleft((half, 1) for half in reversed(_halves(draws)))


def _halves(draws: range) -> tuple[range, range]:
    """Two ranges, cut where a batch ends if there is more than one."""
    middle = (draws.start + draws.stop) // 2
    if len(draws) > BATCH:
        middle = -(-middle // BATCH) * BATCH
    return range(draws.start, middle), range(middle, draws.stop)


def _worker_is_gone(error: Exception) -> bool:
    """Whether it says that a worker is gone, not what the work came to.

    Dask's ``KilledWorker`` is known by its name, so that Dask need not be there.
    """
    return (
        isinstance(error, (BrokenExecutor, CancelledError))
        or type(error).__name__ == "KilledWorker"
    )
