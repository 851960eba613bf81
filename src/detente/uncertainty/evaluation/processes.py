"""Processes of this machine as an executor that survives the death of any of them.

The standard library's pool breaks as a whole when one process dies, and can wait for ever for
the rest of a result that a killed process had begun to write. Here each process has its own line
to a thread of this one: its death ends that line and the one task that was on it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Any

Call = tuple[Callable[..., Any], tuple[Any, ...]]

_PRELOADED = "detente.uncertainty.evaluation.part"
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_MASKS = hasattr(signal, "pthread_sigmask")
_launching = threading.Lock()


class WorkerDied(BrokenExecutor):
    """A process ended while it had a task; the others go on."""


def processors() -> int:
    """How many processors this process may use."""
    if sys.version_info >= (3, 13):
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def start_method() -> str:
    """How processes are started: afresh, or on Linux forked from one that has only imported.

    Never forked from this process, which has threads.
    """
    return "forkserver" if sys.platform == "linux" else "spawn"


class Processes(Executor):
    """Up to so many processes, each started when it first has something to do.

    They do not hear Ctrl-C, which is for this process to deal with, and end with it whatever
    happens to it.

    Parameters
    ----------
    workers
        How many.
    module
        Where the functions to come live: imported ahead where that saves time. A script that is
        being run is run again in each process only if it is ``__main__`` that they live in, so
        that other scripts need no ``if __name__ == "__main__"``.
    method
        As :func:`start_method`.
    """

    def __init__(self, workers: int, module: str = "", method: str | None = None) -> None:
        method = method or start_method()
        self._context: Any = multiprocessing.get_context(method)
        if method == "forkserver" and module != "__main__":
            self._context.set_forkserver_preload([_PRELOADED, *([module] if module else [])])
        self._with_main = module == "__main__"
        self._tasks: queue.SimpleQueue[tuple[Future[Any], Call] | None] = queue.SimpleQueue()
        self._closing = False
        self._processes: set[Any] = set()
        if _MASKS:
            # Starting the tracker unmasks Ctrl-C, so it is started before that is masked.
            from multiprocessing import resource_tracker

            resource_tracker.ensure_running()
        self._threads = [
            threading.Thread(target=self._serve, daemon=True, name=f"worker-{number}")
            for number in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have ``fn(*args)`` done by one of the processes; keywords are not passed on.

        The future's exception is :class:`WorkerDied` if the process ended before it was done.
        """
        if kwargs:
            raise TypeError("processes take positional arguments only")
        if self._closing:
            raise RuntimeError("cannot take tasks after shutdown")
        future: Future[Any] = Future()
        self._tasks.put((future, (fn, args)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End; with ``cancel_futures`` at once, whatever the processes are doing."""
        self._closing = True
        if cancel_futures:
            with contextlib.suppress(queue.Empty):
                while task := self._tasks.get_nowait():
                    task[0].cancel()
            with _launching:  # so that none is being started while they are ended
                for process in tuple(self._processes):
                    process.kill()
        for _ in self._threads:
            self._tasks.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def _serve(self) -> None:
        """One thread: it hands tasks to its process, and starts another if that has died."""
        if _MASKS:
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        worker: _Worker | None = None
        while task := self._tasks.get():
            future, call = task
            if not future.set_running_or_notify_cancel():
                continue
            try:
                worker = worker or self._start()
                succeeded, found = worker.ask(call)
            except (EOFError, OSError) as error:
                how = self._end(worker) if worker else str(error)
                worker = None
                future.set_exception(WorkerDied(f"a worker process ended ({how})"))
            except BaseException as error:  # what cannot be sent or read
                future.set_exception(error)
            else:
                (future.set_result if succeeded else future.set_exception)(found)
                del found
            del future, call, task  # results are large, and the next task may be long in coming
        if worker:
            self._end(worker)

    def _start(self) -> _Worker:
        with _launching, _one_thread(), contextlib.nullcontext() if self._with_main else _no_main():
            if self._closing:
                raise OSError("shut down")
            worker = _Worker(self._context)
            self._processes.add(worker.process)
            return worker

    def _end(self, worker: _Worker) -> str:
        with _launching:  # what is closed must not be killed
            self._processes.discard(worker.process)
        return worker.end()


class _Worker:
    """A process and this end of the line to it."""

    def __init__(self, context: Any) -> None:
        self.line, theirs = context.Pipe()
        try:
            self.process = context.Process(target=_work, args=(theirs,), daemon=True)
            self.process.start()
        except BaseException:
            self.line.close()
            raise
        finally:
            theirs.close()

    def ask(self, call: Call) -> tuple[bool, Any]:
        self.line.send(call)
        answer: tuple[bool, Any] = self.line.recv()
        return answer

    def end(self) -> str:
        """Make sure that it has ended, and say how."""
        self.line.close()
        self.process.join(timeout=1)
        self.process.kill()
        self.process.join()
        status = self.process.exitcode
        self.process.close()
        return f"signal {-status}" if status is not None and status < 0 else f"status {status}"


def _work(line: Connection[Any, Any]) -> None:
    """What a process does until its line ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(EOFError, OSError):
        while True:
            function, arguments = line.recv()
            try:
                answer = True, function(*arguments)
            except BaseException as error:
                answer = False, error
            try:
                line.send(answer)
            except OSError:
                return
            except Exception as error:
                line.send((False, RuntimeError(f"{answer[1]!r} cannot be pickled: {error}")))


@contextlib.contextmanager
def _no_main() -> Iterator[None]:
    """Keep started processes from running this program's script again."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """Have started processes do linear algebra on one processor each, unless told otherwise."""
    new = [name for name in _ONE_THREAD if name not in os.environ]
    os.environ.update(dict.fromkeys(new, "1"))
    try:
        yield
    finally:
        for name in new:
            os.environ.pop(name, None)
