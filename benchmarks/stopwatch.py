"""What a measured process does: warm up, run, report time and memory as a line of JSON.

Runs in the environment of the peers too; standard library only.
"""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

Plain = dict[str, Any]
"""The numbers of a domain, as they stand in a file; or an answer."""
Prepared = tuple[Callable[[], Any], Callable[[Any], Plain]]
"""What is timed, and what turns its result into an answer (not timed)."""
Job = Callable[[Plain], Prepared]
"""Makes ready for a domain (not timed)."""

WARM: Plain = {
    "sizes": [3, 3, 3],
    "scores": [[[0, 1, 2], [5, 3, 1], [0, 9, 4]], [[4, 1, 0], [0, 3, 2], [7, 2, 0]]],
    "walk_away": [4, 4],
    "forbidden": [],
}
"""What everything about agreements runs once before it is timed."""


def serve(jobs: Mapping[str, Job], warm: Plain = WARM) -> None:
    """Do one job on every domain of a file; stop after a run longer than the budget.

    Before, it is done once on ``warm``.

    Command line: job, file, runs of each domain, budget in seconds. Prints one line of
    JSON a domain.
    """
    job, domains = jobs[sys.argv[1]], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    runs, budget = int(sys.argv[3]), float(sys.argv[4])
    job(warm)[0]()
    for domain in domains:
        before = largest_resident()
        run, answer = job(domain)
        seconds: list[float] = []
        while len(seconds) < runs and sum(seconds) <= budget:
            result = None  # the last run's memory is free again before the next one
            start = time.perf_counter()
            result = run()
            seconds.append(time.perf_counter() - start)
        report = {"seconds": seconds, "before": before, "peak": largest_resident()}
        print(json.dumps({**report, "answer": answer(result)}), flush=True)
        if max(seconds) > budget:
            break


def largest_resident(who: int = resource.RUSAGE_SELF) -> float:
    """The largest resident size so far, in MB: of the process, or of those it has started."""
    size = resource.getrusage(who).ru_maxrss
    return size / 1e6 if sys.platform == "darwin" else size * 1024 / 1e6


def digest(points: Iterable[Sequence[float]]) -> str:
    """A fingerprint of a set of points with whole numbers, whatever their order."""
    rows = sorted({tuple(round(number) for number in point) for point in points})
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]
