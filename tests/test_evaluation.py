"""Evaluation: the same answers wherever they are worked out, and whatever happens meanwhile."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.case import CaseError
from detente.uncertainty.batches import BATCH
from detente.uncertainty.evaluation import Part, Processes, evaluate, tasks
from evaluation_questions import (
    Deadly,
    DeadlyOnce,
    Drawn,
    Failing,
    Noting,
    assert_same,
    by_definition,
)

DRAWS = 6 * BATCH + 100


class KilledWorker(Exception):
    """By the name that Dask gives it."""


class Whimsical(Executor):
    """Does its tasks in any order; of the first ones it loses some, in one way or another."""

    def __init__(self, seed: int, losses: int) -> None:
        self.chance, self.losses = random.Random(seed), losses
        self.tasks: list[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]] = []
        self.sizes: list[int] = []
        self.most = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.tasks.append((future, fn, args))
        self.sizes.append(args[1] - args[0])
        self.most = max(self.most, len(self.tasks))
        threading.Timer(0.001, self.do_one).start()
        return future

    def do_one(self) -> None:
        future, fn, args = self.tasks.pop(self.chance.randrange(len(self.tasks)))
        if self.losses and self.chance.random() < 0.5:
            self.losses -= 1
            if self.losses % 3 == 0:
                future.cancel()
            if future.set_running_or_notify_cancel():
                lost = BrokenExecutor if self.losses % 3 == 1 else KilledWorker
                future.set_exception(lost("gone"))
        elif future.set_running_or_notify_cancel():
            future.set_result(fn(*args))


# ---------------------------------------------------------------- the same everywhere


@pytest.mark.parametrize("draws", [1, 31, BATCH, BATCH + 1, DRAWS])
def test_columns_are_those_of_batch_after_batch(draws: int) -> None:
    found = evaluate(Drawn(), draws, workers=1)
    assert_same(found, by_definition(Drawn(), draws))
    assert (found.draws, found.asked, found.resumed) == (draws, draws, 0)
    assert found.ok.all() and len(found.ok) == draws
    assert not (found.failures or found.enough or found.interrupted)


@pytest.mark.parametrize("shortest", [0.0, 1e9])
def test_processes_and_sizes_of_tasks_change_nothing(
    shortest: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "SHORTEST", shortest)
    assert_same(evaluate(Drawn(), DRAWS, workers=2), by_definition(Drawn(), DRAWS))


def test_processes_that_are_started_afresh() -> None:
    with Processes(2, method="spawn") as executor:
        assert_same(evaluate(Drawn(), DRAWS, executor=executor), by_definition(Drawn(), DRAWS))


def test_any_executor_will_do() -> None:
    with ThreadPoolExecutor(2) as executor:
        assert_same(evaluate(Drawn(), DRAWS, executor=executor), by_definition(Drawn(), DRAWS))


@given(st.integers(0, 2**32), st.integers(0, 8), st.integers(1, 3))
@settings(max_examples=20, deadline=None)
def test_order_and_losses_change_nothing(seed: int, losses: int, workers: int) -> None:
    executor = Whimsical(seed, losses)
    found = evaluate(Failing(bad=frozenset({5, 3000})), DRAWS, executor=executor, workers=workers)
    expected = by_definition(Drawn(), DRAWS)
    assert_same(found, {name: column[found.ok] for name, column in expected.items()})
    assert [failed.draw for failed in found.failures] == [5, 3000]
    assert executor.most <= 2 * workers


def test_tasks_take_as_long_as_is_worth_sending() -> None:
    """After the pace is known: 20 ms a batch makes three batches a task."""

    class Paced(Whimsical):
        def do_one(self) -> None:
            future, fn, args = self.tasks.pop(0)
            part, _ = fn(*args)
            future.set_result((part, 0.02))

    executor = Paced(0, 0)
    assert_same(
        evaluate(Drawn(), 12 * BATCH, executor=executor, workers=1),
        by_definition(Drawn(), 12 * BATCH),
    )
    assert executor.sizes == [size * BATCH for size in (1, 1, 3, 3, 3, 1)]


def test_little_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    noted = Noting()
    assert_same(evaluate(noted, DRAWS), by_definition(Drawn(), DRAWS))
    assert sum(len(draws) for draws in noted.asked if len(draws) > 32) == DRAWS
    module = sys.modules["detente.uncertainty.evaluation.evaluate"]
    monkeypatch.setattr(module, "WORTH", 0.0)
    monkeypatch.setattr(module, "processors", lambda: 2)
    noted.asked.clear()
    assert_same(evaluate(noted, DRAWS), by_definition(Drawn(), DRAWS))
    assert noted.asked == [range(32)] * 2  # the rest was asked elsewhere


@given(st.integers(0, 40), st.lists(st.booleans(), min_size=1, max_size=60))
def test_pieces_end_where_batches_end(shift: int, judged: list[bool]) -> None:
    start, ok = BATCH - shift, np.array(judged)
    column = np.flatnonzero(ok) + start
    part = Part(start, ok, {"draw": column} if ok.any() else {})
    pieces = list(part.pieces())
    for piece in pieces:
        assert piece.start // BATCH == (piece.stop - 1) // BATCH
        held = piece.columns.get("draw", np.zeros(0))
        assert list(held) == [draw for draw in column if piece.start <= draw < piece.stop]
    joined = Part.joined(pieces)
    assert joined.start == start and list(joined.ok) == judged
    assert joined.columns.keys() == part.columns.keys()
    assert all((joined.columns[name] == part.columns[name]).all() for name in part.columns)


# ---------------------------------------------------------------- draws that fail


@given(st.frozensets(st.integers(0, 2 * BATCH + 49), max_size=12))
@settings(max_examples=25, deadline=None)
def test_failing_draws_are_found_one_by_one(bad: frozenset[int]) -> None:
    draws = 2 * BATCH + 50
    found = evaluate(Failing(bad=bad), draws, workers=1)
    expected = by_definition(Drawn(), draws)
    assert [failed.draw for failed in found.failures] == sorted(bad)
    assert set(np.flatnonzero(~found.ok)) == bad
    assert_same(found, {name: column[found.ok] for name, column in expected.items()})
    for failed in found.failures:
        assert failed.message == f"ArithmeticError: cannot answer {failed.draw}"
        assert failed.inputs == Drawn().inputs(failed.draw)


def test_a_question_without_inputs_and_without_any_answer() -> None:
    def nothing(start: int, stop: int) -> dict[str, Any]:
        raise ValueError(start)

    found = evaluate(nothing, 3, workers=1)
    assert found.columns == {} and not found.ok.any()
    assert [(failed.message, failed.inputs) for failed in found.failures] == [
        ("ValueError: 0", {}),
        ("ValueError: 1", {}),
        ("ValueError: 2", {}),
    ]


@pytest.mark.parametrize(
    "answer", [{}, None, {"short": [1]}, {"objects": [object(), object()]}, {"none": 3}]
)
@pytest.mark.parametrize("workers", [1, 2])
def test_a_broken_promise_is_an_error(answer: Any, workers: int) -> None:
    if workers == 1:
        with pytest.raises(TypeError, match="column"):
            evaluate(lambda start, stop: answer, 2, workers=1)
    else:
        with pytest.raises(TypeError, match="column"):
            evaluate(Promising(tuple((answer or {}).items())), 2, workers=2)


class Promising:
    def __init__(self, answer: tuple[tuple[str, Any], ...]) -> None:
        self.answer = tuple((name, [len] * 2 if name == "objects" else v) for name, v in answer)

    def __call__(self, start: int, stop: int) -> dict[str, Any]:
        return dict(self.answer)


def test_columns_must_have_the_same_names() -> None:
    with pytest.raises(ValueError, match=f"draws from 0 have the columns 0, .* from {BATCH} have"):
        evaluate(lambda start, stop: {str(start): np.zeros(stop - start)}, 2 * BATCH, workers=1)


@pytest.mark.parametrize("wrong", [{"draws": 0}, {"draws": 5, "workers": 0}])
def test_there_is_something_to_do_and_somebody_to_do_it(wrong: dict[str, int]) -> None:
    with pytest.raises(CaseError, match="is 0; it must be at least 1"):
        evaluate(Drawn(), **wrong)


# ---------------------------------------------------------------- workers that die


@pytest.mark.parametrize("method", ["spawn", None])
def test_a_killed_process_loses_nothing(tmp_path: Path, method: str | None) -> None:
    question = DeadlyOnce(flag=tmp_path / "killed", draw=3 * BATCH + 7)
    with Processes(2, method=method) as executor:
        found = evaluate(question, DRAWS, executor=executor, workers=2)
    assert question.flag.exists()
    assert_same(found, by_definition(Drawn(), DRAWS))
    assert not found.failures and found.draws == DRAWS


def test_a_draw_that_kills_its_process_is_found() -> None:
    found = evaluate(Deadly(bad=frozenset({2000})), 3 * BATCH, workers=2)
    (failed,) = found.failures
    assert failed.draw == 2000 and failed.inputs == Drawn().inputs(2000)
    assert "signal 9" in failed.message and "memory" in failed.message
    expected = by_definition(Drawn(), 3 * BATCH)
    assert_same(found, {name: np.delete(column, 2000, axis=0) for name, column in expected.items()})


def test_processes_that_die_again_and_again_are_given_up() -> None:
    with pytest.raises(CaseError, match=r"workers died 64 times.*\n.*fewer workers"):
        evaluate(Deadly(bad=frozenset(range(3 * BATCH))), 3 * BATCH, workers=2)


def test_a_question_that_workers_cannot_load() -> None:
    class Local(Drawn):
        pass

    Local.__qualname__ = Local.__name__ = "Absent"
    sys.modules[__name__].Absent = Local  # type: ignore[attr-defined]
    try:
        with pytest.raises(CaseError, match=r"cannot load .*Absent.*\n.*same version of detente"):
            evaluate(Local(), DRAWS, workers=2)
    finally:
        del sys.modules[__name__].Absent  # type: ignore[attr-defined]


# ---------------------------------------------------------------- enough, progress, Ctrl-C


def narrow(part: Part) -> bool:
    """Whether the standard error of the mean is below 0.004."""
    total = part.columns["sum"]
    return bool(total.std() / np.sqrt(len(total)) < 0.004)


def test_when_it_is_enough_hangs_on_the_draws_alone() -> None:
    columns = by_definition(Drawn(), 20 * BATCH)
    first = next(
        batches
        for batches in range(1, 21)
        if columns["sum"][: batches * BATCH].std() / np.sqrt(batches * BATCH) < 0.004
    )
    assert 1 < first < 20
    with ThreadPoolExecutor(2) as threads:
        for how in (
            {"workers": 1},
            {"workers": 2},
            {"executor": Whimsical(1, 3)},
            {"executor": Whimsical(2, 0)},
            {"executor": threads},
        ):
            found = evaluate(Drawn(), 20 * BATCH, enough=narrow, **how)  # type: ignore[arg-type]
            assert found.enough and found.draws == first * BATCH and not found.interrupted
            assert_same(found, {name: column[: first * BATCH] for name, column in columns.items()})


def test_it_is_asked_after_the_first_batches_and_then_after_every_twentieth_part() -> None:
    asked: list[int] = []

    def never(part: Part) -> bool:
        assert part.start == 0 and not part.stop % BATCH
        asked.append(part.stop // BATCH)
        return False

    found = evaluate(Drawn(), 90 * BATCH + 5, enough=never, workers=1)
    assert not found.enough and found.draws == found.asked
    assert asked[:20] == list(range(1, 21)) and asked[20:23] == [21, 22, 23]
    assert all(new == old + max(1, old // 20) for old, new in pairwise(asked))


def test_progress_counts_every_draw() -> None:
    told: list[tuple[int, int, float]] = []
    evaluate(Drawn(), DRAWS, progress=lambda *now: told.append(now), workers=2)
    dones = [done for done, _, _ in told]
    assert dones == sorted(dones) and dones[-1] == DRAWS
    assert {total for _, total, _ in told} == {DRAWS}
    assert [seconds for *_, seconds in told] == sorted(seconds for *_, seconds in told)


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupted_run_keeps_its_first_draws(
    workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "SHORTEST", 0.0)

    def stop(done: int, total: int, seconds: float) -> None:
        if done >= 3 * BATCH:
            raise KeyboardInterrupt

    found = evaluate(Drawn(), DRAWS, progress=stop, workers=workers)
    assert found.interrupted and not found.enough
    assert found.draws == 3 * BATCH if workers == 1 else found.draws in range(0, DRAWS, BATCH)
    assert_same(found, by_definition(Drawn(), found.draws) if found.draws else {})


def test_a_run_interrupted_before_the_first_result_is_empty() -> None:
    def stopped(start: int, stop: int) -> dict[str, Any]:
        raise KeyboardInterrupt

    found = evaluate(stopped, 5, workers=1)
    assert found.interrupted and found.draws == 0 and found.columns == {}


def test_who_stops_at_the_last_draw_has_lost_nothing() -> None:
    def stop(done: int, total: int, seconds: float) -> None:
        if done == total:
            raise KeyboardInterrupt

    found = evaluate(Drawn(), DRAWS, progress=stop, workers=1)
    assert found.draws == DRAWS and not found.interrupted


SCRIPT = """
import signal, sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
from evaluation_questions import Slow
from detente.uncertainty.evaluation import Journal, evaluate
folder = Path(sys.argv[1])
found = evaluate(Slow(folder=folder / "pids", seconds=float(sys.argv[2])), 1024 * 1000,
                 workers=2, journal=Journal(folder / "journal", {}))
print(found.interrupted, found.draws)
"""


def run_script(folder: Path, seconds: float, workers: int = 2) -> subprocess.Popen[str]:
    """A script without ``if __name__ == "__main__"``, with both workers at work."""
    (folder / "pids").mkdir()
    script = folder / "script.py"
    script.write_text(SCRIPT)
    process = subprocess.Popen(
        [sys.executable, str(script), str(folder), str(seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
    )
    for _ in range(200):
        if len(list((folder / "pids").iterdir())) == workers:
            return process
        time.sleep(0.05)
    raise AssertionError(process.communicate(timeout=1))


def gone(folder: Path) -> bool:
    """Whether all workers end within three seconds."""
    pids = [int(file.stem) for file in (folder / "pids").iterdir()]
    return any(not any(map(runs, pids)) or time.sleep(0.05) for _ in range(60))


def runs(pid: int) -> bool:
    """Whether there is such a process that has not ended."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("seconds", [0.05, 60])
def test_ctrl_c_in_a_terminal(tmp_path: Path, seconds: float) -> None:
    """Everybody in the foreground is interrupted; what was known is returned, promptly."""
    process = run_script(tmp_path, seconds)
    time.sleep(0.5 if seconds < 1 else 0)
    began = time.perf_counter()
    os.killpg(process.pid, signal.SIGINT)
    out, errors = process.communicate(timeout=20)
    assert time.perf_counter() - began < 3
    assert errors == ""
    interrupted, draws = out.split()
    assert interrupted == "True" and int(draws) % BATCH == 0
    assert int(draws) > 0 if seconds < 1 else int(draws) == 0
    assert gone(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_workers_do_not_outlive_a_killed_run(tmp_path: Path) -> None:
    process = run_script(tmp_path, 0.05)
    process.kill()
    process.communicate(timeout=10)
    assert gone(tmp_path)
