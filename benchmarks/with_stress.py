"""The jobs about many codings, as detente does them.

Command line: ``evaluate FILE DRAWS WORKERS`` asks a pickled question about draws; ``accept FOLDER``
judges the draws that are handed over in a folder. Prints a line of JSON.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import resource
import statistics
import sys
import time
from multiprocessing import forkserver
from pathlib import Path

import numpy as np

from detente.uncertainty.batches import BATCH
from detente.uncertainty.evaluation.evaluate import Evaluated, evaluate
from detente.uncertainty.evaluation.part import compute_pickled
from detente.uncertainty.evaluation.processes import Processes
from detente.uncertainty.package import Asked
from plain_acceptance import FOUND, HANDED, QUESTION
from stopwatch import Plain, largest_resident

RUNS = 5


def evaluated(file: str, draws: int, workers: int) -> Plain:
    """Ask about draws, in this process or in several that are started for it.

    Processor time is that of this process and of all that it started.
    """
    question = pickle.loads(Path(file).read_bytes())
    before = largest_resident()
    began, spent = time.perf_counter(), time.process_time()
    executor = None if workers == 1 else Processes(workers, question.__module__)
    if executor is None:
        question(0, 1)
    else:
        # As many tasks as idle processes: each gets one, and has everything imported then.
        pickled = pickle.dumps(question)
        first = [executor.submit(compute_pickled, pickled, 0, 1) for _ in range(workers)]
        for answer in first:
            answer.result()
    started, ready = time.perf_counter(), time.process_time()
    found = evaluate(question, draws, executor=executor, workers=workers)
    done, used = time.perf_counter(), time.process_time()
    if executor is not None:
        executor.shutdown()
    ended = time.perf_counter()
    _end_server()
    below = resource.getrusage(resource.RUSAGE_CHILDREN)
    if found.failures:
        raise RuntimeError(f"a draw could not be judged: {found.failures[0]}")
    return {
        "start": started - began,
        "work": done - started,
        "whole": ended - began,
        "own": used - ready,
        "processor": time.process_time() - spent + below.ru_utime + below.ru_stime,
        "before": before,
        "peak": largest_resident(),
        "worker": largest_resident(resource.RUSAGE_CHILDREN),
        "digest": _digest(found),
        "acceptable": float(found.columns["acceptable"].mean()),
    }


def _end_server() -> None:
    """End the process from which others are forked: its time counts once it has ended."""
    if hasattr(forkserver, "_forkserver"):
        forkserver._forkserver._stop()


def _digest(found: Evaluated) -> str:
    out = hashlib.sha256()
    for name, column in sorted(found.columns.items()):
        out.update(name.encode())
        out.update(np.ascontiguousarray(column).tobytes())
    return out.hexdigest()[:16]


def accept(folder: Path) -> Plain:
    """Who accepts in draws that are there already, batch by batch as always."""
    asked: Asked = pickle.loads((folder / QUESTION).read_bytes()).asked[0]
    with np.load(folder / HANDED) as handed:
        values = dict(handed)
    draws = len(next(iter(values.values())))
    asked.columns({name: column[:1] for name, column in values.items()}, 1)
    seconds, spent = [], []
    for _ in range(RUNS):
        began, used = time.perf_counter(), time.process_time()
        verdicts, gains = [], []
        for start in range(0, draws, BATCH):
            batch = {name: column[start : start + BATCH] for name, column in values.items()}
            found = asked.columns(batch, min(BATCH, draws - start))
            verdicts.append(found["acceptable"])
            gains.append(found["gain"])
        seconds.append(time.perf_counter() - began)
        spent.append(time.process_time() - used)
    np.savez(
        folder / FOUND["detente"],
        acceptable=np.concatenate(verdicts),
        gain=np.concatenate(gains),
    )
    return {"seconds": statistics.median(seconds), "processor": statistics.median(spent)}


def main() -> None:
    """Do one job."""
    job, *given = sys.argv[1:]
    if job == "accept":
        report = accept(Path(given[0]))
    else:
        report = evaluated(given[0], int(given[1]), int(given[2]))
    print(json.dumps(report))


if __name__ == "__main__":
    main()
