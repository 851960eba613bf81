"""Acceptance of a package in many draws, as the EMA Workbench does it; runs in its environment.

Command line: a folder with the function and its draws, processes, and how many experiments the
workbench draws itself (0: it takes the draws of the folder). Prints a line of JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from ema_workbench import (
    Model,
    MultiprocessingEvaluator,
    RealParameter,
    ScalarOutcome,
    Scenario,
    SequentialEvaluator,
)
from numpy.typing import NDArray

from stopwatch import Plain

WARM = 20
OUTCOMES = ("acceptable", "gain")


def main() -> None:
    """Judge the draws of a folder, or draw."""
    folder, processes, drawn = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    sys.path.insert(0, str(folder))
    from written_model import acceptance  # type: ignore[import-not-found]

    names: Mapping[str, str] = json.loads((folder / "names.json").read_text(encoding="utf-8"))
    with np.load(folder / "handed.npz") as handed:
        values = {argument: handed[name] for argument, name in names.items()}
    model = Model("acceptance", function=acceptance)
    model.uncertainties = [
        RealParameter(name, float(column.min()), float(column.max()))
        for name, column in values.items()
    ]
    model.outcomes = [ScalarOutcome(name) for name in OUTCOMES]
    rows = zip(*(column.tolist() for column in values.values()), strict=True)
    scenarios = [
        Scenario(str(number), **dict(zip(values, row, strict=True)))
        for number, row in enumerate(rows)
    ]
    SequentialEvaluator(model).perform_experiments(scenarios=WARM, log_progress=True)
    report, found = measured(model, processes, drawn or scenarios)
    if not drawn:
        np.savez(folder / "found_by_peer.npz", **{name: found[name] for name in OUTCOMES})
    print(json.dumps(report))


def measured(
    model: Model, processes: int, scenarios: int | list[Scenario]
) -> tuple[Plain, dict[str, NDArray[np.float64]]]:
    """The experiments, with the start of processes where there are several."""
    began, used = time.perf_counter(), time.process_time()
    if processes == 1:
        evaluator = SequentialEvaluator(model)
    else:
        evaluator = MultiprocessingEvaluator(model, n_processes=processes)
    with evaluator:
        started = time.perf_counter()
        _, found = evaluator.perform_experiments(scenarios=scenarios, log_progress=True)
        done = time.perf_counter()
    below = resource.getrusage(resource.RUSAGE_CHILDREN)
    report = {
        "seconds": done - started,
        "whole": time.perf_counter() - began,
        "processor": time.process_time() - used + below.ru_utime + below.ru_stime,
    }
    return report, found


if __name__ == "__main__":
    main()
