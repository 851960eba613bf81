"""The answer to one question about many draws, the same wherever and in whatever order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from time import perf_counter

from detente.case.errors import CaseError
from detente.model.problem import Booleans
from detente.uncertainty.answer import Failed
from detente.uncertainty.batches import BATCH
from detente.uncertainty.evaluation.journal import Journal
from detente.uncertainty.evaluation.part import Column, Function, Part
from detente.uncertainty.evaluation.processes import Processes, processors
from detente.uncertainty.evaluation.tasks import Submits, Work, missing

WORTH = 1.0
"""Seconds of work from which processes are started for it: starting them takes about half."""

_PROBE = 32
_TASKS_EACH = 2

Enough = Callable[[Part], bool]
"""Whether what is known of the first draws suffices."""
Progress = Callable[[int, int, float], None]
"""Told the draws done, those asked for, and the seconds since the start."""


@dataclass(frozen=True, eq=False)
class Evaluated:
    """What is known of the first so many draws.

    Parameters
    ----------
    draws
        How many were used, judged or not; fewer than asked for if these were enough or the run
        was interrupted.
    ok
        For each of them whether it could be judged.
    columns
        Arrays by name, with a row for each draw that could be judged, in order; empty if none
        could.
    failures
        The draws that could not be judged, in order.
    asked
        How many draws were asked for.
    enough
        Whether these were found to suffice.
    interrupted
        Whether somebody stopped the run. The draws used are those up to the first that was not
        finished, so that quick ones do not count more than slow ones.
    resumed
        How many draws were found in the journal.
    seconds
        How long it took.
    """

    draws: int
    ok: Booleans
    columns: Mapping[str, Column]
    failures: tuple[Failed, ...]
    asked: int
    enough: bool
    interrupted: bool
    resumed: int
    seconds: float


def evaluate(
    function: Function,
    draws: int,
    *,
    executor: Submits | None = None,
    workers: int | None = None,
    enough: Enough | None = None,
    progress: Progress | None = None,
    journal: Journal | None = None,
) -> Evaluated:
    """Ask a question about draws 0 to ``draws - 1``.

    The result does not depend on the executor, the number of workers, their pace or death, or
    on interruptions that were gone on from; it is that of asking batch after batch. (Machines
    whose processors or numerical libraries differ may differ in last digits.)

    Parameters
    ----------
    function
        The question.
    executor
        Anything with the ``submit`` of :class:`concurrent.futures.Executor`; it is not shut
        down. None for processes of this machine.
    workers
        How many work at once: at most twice as many tasks are handed out. Without an executor,
        1 is this process; None is the processors that may be used, if the work is worth it.
    enough
        Asked after batches 1, 2 … 20 and then after every further 5 %, each time about all draws
        from the first on, in order: when it says so depends on the draws only.
    progress
        Called as parts are finished; first with what the journal held, if there is one. May
        raise :class:`KeyboardInterrupt`.
    journal
        Where parts are kept, and gone on from.

    Returns
    -------
    evaluated
        After a Ctrl-C, what was known then.

    Raises
    ------
    CaseError
        If the journal is another run's, workers die again and again, or cannot load the
        function.
    TypeError, ValueError
        If the function breaks its promise.
    """
    for name, number in (("draws", draws), ("workers", workers)):
        if number is not None and number < 1:
            raise CaseError(f"{name} is {number}; it must be at least 1")
    began = perf_counter()
    known = _Known(enough)
    resumed, interrupted = 0, False
    try:
        parts = []
        if journal:
            journal.open()
            parts = journal.parts(draws)
        done = resumed = sum(len(part.ok) for part in parts)
        if progress and journal:
            progress(done, draws, perf_counter() - began)
        for part in parts:
            known.add(part)
        gaps = missing(draws, parts)
        if gaps and not known.enough:
            with closing(_Workforce(function, executor, workers, gaps)) as workforce:
                for part in workforce.work.parts():
                    if journal:
                        journal.write(part)
                    done += len(part.ok)
                    known.add(part)
                    if progress:
                        progress(done, draws, perf_counter() - began)
                    if known.enough:
                        break
    except KeyboardInterrupt:
        interrupted = True
    found = Part.joined(known.parts)
    return Evaluated(
        len(found.ok),
        found.ok,
        found.columns,
        found.failures,
        asked=draws,
        enough=known.enough,
        interrupted=interrupted and not known.enough and len(found.ok) < draws,
        resumed=resumed,
        seconds=perf_counter() - began,
    )


class _Known:
    """The parts from the first draw on without a gap, until they are enough."""

    def __init__(self, enough: Enough | None) -> None:
        self.parts: list[Part] = []
        self.enough = False
        self._ask = enough
        self._next_asked = 1
        self._later: dict[int, Part] = {}

    @property
    def _stop(self) -> int:
        return self.parts[-1].stop if self.parts else 0

    def add(self, part: Part) -> None:
        self._later |= {piece.start: piece for piece in part.pieces()}
        while self._stop in self._later and not self.enough:
            self.parts.append(self._later.pop(self._stop))
            batches, rest = divmod(self._stop, BATCH)
            if self._ask and not rest and batches >= self._next_asked:
                self._next_asked = batches + max(1, batches // 20)
                self.enough = bool(self._ask(Part.joined(self.parts)))


class _Workforce:
    """Who does the work, dismissed in the end."""

    def __init__(
        self, function: Function, executor: Submits | None, workers: int | None, gaps: list[range]
    ) -> None:
        self._own: Processes | None = None
        if executor is None and (workers == 1 or (workers is None and not _worth(function, gaps))):
            self.work = Work(function, None, 1, gaps)
            return
        batches = sum(-(-len(gap) // BATCH) for gap in gaps)
        workers = min(workers or processors(), batches)
        if executor is None:
            executor = self._own = Processes(workers, function.__module__)
        self.work = Work(function, executor, _TASKS_EACH * workers, gaps)

    def close(self) -> None:
        """Take back what is handed out, and dismiss own processes even if they are at work."""
        left = self.work.cancel()
        if self._own:
            self._own.shutdown(cancel_futures=left)


def _worth(function: Function, gaps: list[range]) -> bool:
    """Whether other processors would save time: the pace is that of a few draws, asked twice.

    The first time may take longer, and an error is not dealt with here.
    """
    draws = sum(map(len, gaps))
    if processors() == 1 or draws <= BATCH:
        return False
    start = gaps[0].start
    seconds = 0.0
    for _ in range(2):
        began = perf_counter()
        try:
            function(start, start + min(_PROBE, len(gaps[0])))
        except Exception:
            return True
        seconds = perf_counter() - began
    return seconds / _PROBE * draws > WORTH
