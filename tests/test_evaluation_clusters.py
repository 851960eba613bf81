"""Evaluation on a Dask cluster of two workers, and what is said where there is none."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from detente.case import CaseError
from detente.uncertainty.batches import BATCH
from detente.uncertainty.evaluation import Part, evaluate, executor_for, tasks
from detente.uncertainty.evaluation.clusters import Engine
from evaluation_questions import DeadlyOnce, Drawn, Failing, assert_same, by_definition

distributed: Any = pytest.importorskip("distributed")

DRAWS = 20 * BATCH + 100


def local(**how: Any) -> Any:
    """A cluster of this machine."""
    return distributed.LocalCluster(
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
        **how,
    )


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    import dask

    # What a dead worker had finished is fetched until this has passed, then done again.
    patience = {"distributed.comm.timeouts.connect": "2s"}
    with dask.config.set(patience), local(n_workers=2, processes=True) as started:
        yield started


@pytest.fixture
def engine(cluster: Any) -> Iterator[Engine]:
    with executor_for("dask", cluster.scheduler_address) as found:
        yield found


def asked(engine: Engine, question: Drawn, draws: int = DRAWS, **how: Any) -> Any:
    return evaluate(question, draws, executor=engine.executor, workers=engine.workers, **how)


@pytest.mark.parametrize("shortest", [0.0, 0.05])
def test_a_cluster_finds_the_same(
    engine: Engine, shortest: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "SHORTEST", shortest)
    assert engine.workers == 2
    assert_same(asked(engine, Drawn()), by_definition(Drawn(), DRAWS))


def test_a_killed_worker_loses_nothing(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "SHORTEST", 0.0)
    question = DeadlyOnce(flag=tmp_path / "killed", draw=10 * BATCH + 7)
    found = asked(engine, question)
    assert question.flag.exists()
    assert_same(found, by_definition(Drawn(), DRAWS))
    assert not found.failures and found.draws == DRAWS


def test_failing_draws_and_early_ends_are_the_same(engine: Engine) -> None:
    def enough(part: Part) -> bool:
        return part.stop >= 5 * BATCH

    question = Failing(bad=frozenset({0, 3000, 5 * BATCH}))
    here = evaluate(question, DRAWS, enough=enough, workers=1)
    there = asked(engine, question, enough=enough)
    assert_same(there, here.columns)
    assert there.failures == here.failures
    assert there.draws == here.draws == 5 * BATCH


def test_an_interrupted_run_keeps_its_first_draws(engine: Engine) -> None:
    def stop(done: int, total: int, seconds: float) -> None:
        raise KeyboardInterrupt

    found = asked(engine, Drawn(), 500 * BATCH, progress=stop)
    assert found.interrupted and found.draws % BATCH == 0
    assert_same(found, by_definition(Drawn(), found.draws) if found.draws else {})


def test_a_question_that_the_workers_cannot_import(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "only_here.py").write_text(
        "from evaluation_questions import Drawn\nclass Here(Drawn):\n    pass\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    import only_here  # type: ignore[import-not-found]

    with pytest.raises(CaseError, match=r"cannot load .*only_here.*\n.*same version of detente"):
        asked(engine, only_here.Here())


def test_a_scheduler_that_goes_away(capfd: pytest.CaptureFixture[str]) -> None:
    with local(n_workers=1, processes=False, protocol="tcp") as passing:
        with executor_for("dask", passing.scheduler_address) as engine:
            began = time.perf_counter()
            with pytest.raises(CaseError, match="connection to the scheduler is lost"):
                asked(engine, Drawn(), 500 * BATCH, progress=lambda *_: passing.close())
        assert time.perf_counter() - began < 10
    assert capfd.readouterr() == ("", "")


# ---------------------------------------------------------------- where there is none


@contextmanager
def listening(backlog: int = 10) -> Iterator[socket.socket]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(backlog)
        yield server


def address(server: socket.socket) -> str:
    return f"tcp://127.0.0.1:{server.getsockname()[1]}"


def refused(scheduler: str | None, capfd: pytest.CaptureFixture[str], **how: Any) -> str:
    """The message for a scheduler, which has to come soon and alone."""
    began = time.perf_counter()
    with pytest.raises(CaseError) as error, executor_for("dask", scheduler, **how):
        pass
    assert time.perf_counter() - began < 10
    assert capfd.readouterr() == ("", "")
    return str(error.value)


def test_nobody_listens(capfd: pytest.CaptureFixture[str]) -> None:
    with listening() as server:
        free = address(server)
    assert "cannot be reached: Connection refused" in refused(free, capfd)


def test_whoever_listens_does_not_answer(capfd: pytest.CaptureFixture[str]) -> None:
    with listening() as server:
        assert "does not answer" in refused(address(server), capfd, timeout=2)


def test_packets_vanish(capfd: pytest.CaptureFixture[str]) -> None:
    """As behind a firewall: once its queue is full, a listener's new connections hang."""
    with listening(0) as server, socket.socket() as first, socket.socket() as second:
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())
        assert "does not answer" in refused(address(server), capfd, timeout=2)


def test_whoever_answers_is_no_scheduler(capfd: pytest.CaptureFixture[str]) -> None:
    def serve(server: socket.socket) -> None:
        for _ in range(2):
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" + b"x" * 100)

    with listening() as server:
        thread = threading.Thread(target=serve, args=(server,), daemon=True)
        thread.start()
        assert "is no Dask scheduler" in refused(address(server), capfd)
        thread.join()


def test_a_worker_is_no_scheduler(cluster: Any, capfd: pytest.CaptureFixture[str]) -> None:
    worker = next(iter(cluster.scheduler_info["workers"]))
    assert "is no scheduler but a Worker" in refused(worker, capfd)


def test_a_scheduler_without_workers(capfd: pytest.CaptureFixture[str]) -> None:
    with local(n_workers=0) as empty:
        message = refused(empty.scheduler_address, capfd, timeout=1)
    assert "has no workers" in message and "dask worker ADDRESS" in message


@pytest.mark.parametrize(
    "scheduler",
    ["nonsense", "host", "a b:1", "127.0.0.1:port", "tcp://127.0.0.1:99999", "tcp://", ":8786"],
)
def test_an_address_that_is_none(scheduler: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert "is no address of a scheduler" in refused(scheduler, capfd)


@pytest.mark.parametrize("scheduler", ["ftp://host:21", "tls://127.0.0.1:8786", "inproc://a"])
def test_an_address_that_dask_cannot_use(scheduler: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert "cannot be used" in refused(scheduler, capfd)


def test_the_address_is_missing(capfd: pytest.CaptureFixture[str]) -> None:
    assert "--scheduler ADDRESS" in refused(None, capfd)


def test_dask_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(CaseError, match=r"detente\[cluster\]"), executor_for("dask", "host:1"):
        pass


def test_engines() -> None:
    with executor_for(workers=3) as found:
        assert found == Engine(None, 3)
    with pytest.raises(CaseError, match="did you mean 'dask'"), executor_for("task"):
        pass
    with pytest.raises(CaseError, match="--engine dask"), executor_for("processes", "host:1"):
        pass


def test_dask_is_imported_only_where_it_is_asked_for() -> None:
    script = (
        "import sys; from detente.uncertainty.evaluation import evaluate, executor_for\n"
        "with executor_for(): pass\n"
        "assert not {'dask', 'distributed', 'asyncio'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
