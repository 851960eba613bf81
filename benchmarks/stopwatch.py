"""What a measured process does: warm up, run, report time and memory as one line of JSON.

Runs in the environments of the peers too; standard library only.
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
"""The numbers of a domain, as they stand in its file."""
Job = Callable[[Plain], tuple[Callable[[], Any], Callable[[Any], Plain]]]
"""Makes ready (not timed); gives what is timed, and what turns its result into an answer."""

WARM: Plain = {
    "sizes": [3, 3, 3],
    "scores": [[[0, 1, 2], [5, 3, 1], [0, 9, 4]], [[4, 1, 0], [0, 3, 2], [7, 2, 0]]],
    "walk_away": [4, 4],
    "forbidden": [],
}
"""What everything runs once before it is timed."""


def serve(jobs: Mapping[str, Job]) -> None:
    """Read job, file and number of runs from the command line; print the measurement."""
    name, path, runs = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    jobs[name](WARM)[0]()
    domain = json.loads(path.read_text(encoding="utf-8"))
    run, answer = jobs[name](domain)
    before = largest_resident()
    seconds = []
    result = None
    for _ in range(runs):
        result = None  # the last run's memory is free again before the next one
        start = time.perf_counter()
        result = run()
        seconds.append(time.perf_counter() - start)
    peak = largest_resident()
    report = {"seconds": seconds, "before": before, "peak": peak, "answer": answer(result)}
    print(json.dumps(report))


def largest_resident() -> float:
    """This process's largest resident size so far, in MB."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / 1e6 if sys.platform == "darwin" else size * 1024 / 1e6


def digest(points: Iterable[Sequence[float]]) -> str:
    """A fingerprint of a set of integer points, whatever their order."""
    rows = sorted({tuple(round(number) for number in point) for point in points})
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]
