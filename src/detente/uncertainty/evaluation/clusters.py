"""Where the work is done: by processes of this machine, or by a Dask cluster."""

from __future__ import annotations

import contextlib
import importlib
import logging
import queue
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from detente.case.errors import CaseError, Problem, quoted, unknown
from detente.uncertainty.evaluation.part import compute_pickled
from detente.uncertainty.evaluation.tasks import Submits

ENGINES = ("processes", "dask")
"""What :func:`executor_for` can be asked for."""

PATIENCE = 8.0
"""Seconds within which a scheduler has to answer and to have a worker."""

_START = "start one with: dask scheduler; and its workers with: dask worker ADDRESS"


@dataclass(frozen=True)
class Engine:
    """What :func:`~detente.uncertainty.evaluation.evaluate` is to work with.

    Parameters
    ----------
    executor
        None for processes of this machine.
    workers
        How many work at once; None for all processors that may be used.
    """

    executor: Submits | None
    workers: int | None


class _Connected:
    """A cluster's executor that takes tasks only while its scheduler is there.

    When the connection is lost Dask cancels what was handed out, and tries for long to connect
    again.
    """

    def __init__(self, client: Any) -> None:
        self._client, self._executor = client, client.get_executor(pure=False)

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
        if self._client.status != "running":
            raise RuntimeError("the connection to the scheduler is lost")
        future: Future[Any] = self._executor.submit(fn, *args)
        return future


@contextmanager
def executor_for(
    engine: str = "processes",
    scheduler: str | None = None,
    *,
    workers: int | None = None,
    timeout: float = PATIENCE,
) -> Iterator[Engine]:
    """The executor that was asked for, for as long as it is needed.

    Parameters
    ----------
    engine
        ``processes``, or ``dask`` for a cluster that is running.
    scheduler
        The address of the cluster's scheduler, ``tcp://host:8786`` or ``host:8786``.
    workers
        How many processes of this machine; of a cluster all workers are used.
    timeout
        Seconds within which the scheduler has to answer and to have a worker.

    Raises
    ------
    CaseError
        If there is no such engine, Dask is not installed, the address is none, or no scheduler
        with a worker answers there in time.
    """
    if engine not in ENGINES:
        raise CaseError(Problem(*unknown("engine", engine, ENGINES)))
    if engine == "processes":
        if scheduler is not None:
            raise CaseError(Problem("processes have no scheduler", "say --engine dask"))
        yield Engine(None, workers)
        return
    if not scheduler:
        raise CaseError(Problem("--engine dask needs --scheduler ADDRESS", _START))
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError as error:
        raise CaseError(
            Problem("Dask is not installed", "pip install 'detente[cluster]'")
        ) from error
    with _silent():
        until = monotonic() + timeout
        _reach(distributed, scheduler, until)
        with distributed.Client(scheduler, timeout=_left(until), set_as_default=False) as client:
            try:
                client.wait_for_workers(1, timeout=_left(until))
            except TimeoutError as error:
                raise CaseError(
                    Problem(f"the scheduler {quoted(scheduler)} has no workers", _START)
                ) from error
            _check_installed(client)
            threads = sum(client.nthreads().values())
            yield Engine(_Connected(client), threads)


def _reach(distributed: Any, scheduler: str, until: float) -> None:
    """Make sure that a scheduler answers: Dask's client may wait for ever for one that does not.

    It is asked in a thread that is left alone if it hangs, as in looking up the host's name.
    """
    import asyncio

    host = _host(scheduler)
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def ask() -> None:
        try:
            if host:
                socket.create_connection(host, timeout=_left(until)).close()
            answers.put(asyncio.run(_identity(distributed, scheduler, _left(until))))
        except Exception as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=_left(until) + 0.5)
    except queue.Empty:
        answer = TimeoutError()
    if isinstance(answer, TimeoutError):
        what = f"the scheduler {quoted(scheduler)} does not answer"
    elif isinstance(answer, OSError):
        what = f"the scheduler {quoted(scheduler)} cannot be reached: {answer.strerror or answer}"
    elif isinstance(answer, Exception) and host is None:
        what = f"the scheduler {quoted(scheduler)} cannot be used: {answer}"
    elif isinstance(answer, Exception):
        what = f"what answers at {quoted(scheduler)} is no Dask scheduler, or speaks otherwise"
    elif answer.get("type") != "Scheduler":
        what = f"what answers at {quoted(scheduler)} is no scheduler but a {answer.get('type')}"
    else:
        return
    raise CaseError(Problem(what, f"check the address; {_START}"))


def _check_installed(client: Any) -> None:
    """A worker that cannot load a task ends, and leaves the task to wait for ever."""
    try:
        for run in (client.run_on_scheduler, client.run):
            run(exec, f"import {compute_pickled.__module__}")
    except ImportError as error:
        raise CaseError(
            Problem(
                f"the cluster cannot load detente: {error}",
                "install the same version of it for the scheduler and all workers",
            )
        ) from error


async def _identity(distributed: Any, scheduler: str, seconds: float) -> Any:
    import asyncio

    async def ask() -> Any:
        security = distributed.Security().get_connection_args("client")
        async with distributed.rpc(scheduler, timeout=seconds, connection_args=security) as there:
            return await there.identity()

    return await asyncio.wait_for(ask(), seconds)


def _left(until: float) -> float:
    """Seconds left, of which a last call gets some."""
    return max(until - monotonic(), 0.1)


def _host(scheduler: str) -> tuple[str, int] | None:
    """Host and port; None for other kinds of addresses, which are Dask's to read."""
    scheme, separator, rest = scheduler.rpartition("://")
    if separator and scheme != "tcp":
        return None
    with contextlib.suppress(ValueError):  # a port that is none
        parts = urlsplit(f"//{rest}")
        if parts.hostname and parts.port and parts.netloc == rest and len(rest.split()) == 1:
            return parts.hostname, parts.port
    raise CaseError(
        Problem(
            f"{quoted(scheduler)} is no address of a scheduler",
            "an address looks like tcp://host:8786",
        )
    )


@contextmanager
def _silent() -> Iterator[None]:
    """Keep Dask's log off the screen: what matters of it is said as an error."""
    loggers = [
        logging.getLogger(name)
        for name in ("distributed", "tornado", *logging.root.manager.loggerDict)
        if name.partition(".")[0] in {"distributed", "tornado"}
    ]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
