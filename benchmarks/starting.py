"""How long a whole process takes, from the start of Python to its end."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import writing
from programs import quiet

BARE = [sys.executable, "-c", "pass"]
COMMAND = str(Path(sys.executable).with_name("detente"))
HELP = [COMMAND, "--help"]
QUESTIONS = (["concerns", "korea"], ["agree", "korea"], ["agree", "korea", "--json"])

TEXT = """\
## Starting

Whole processes, byte code kept; medians of {times}, taken in turn.

{table}

`detente --help` may take three times as long as `python -c pass` plus 0.3 s, here
{allowed}: {met}.
"""


def report(*, quick: bool) -> str:
    """Measure and report."""
    times = 1 if quick else 11
    calls = [BARE, HELP, *([COMMAND, *question] for question in QUESTIONS[: 1 if quick else None])]
    spent = in_turn(calls, times)
    bare, help_ = spent[0], spent[1]
    allowed = 3 * bare + 0.3
    names = ["python -c pass", *(" ".join(["detente", *call[1:]]) for call in calls[1:])]
    return TEXT.format(
        times=times,
        table=writing.table(
            ["command", "time"],
            [[f"`{n}`", writing.seconds(spent)] for n, spent in zip(names, spent, strict=True)],
        ),
        allowed=writing.seconds(allowed),
        met="met" if help_ <= allowed else "missed",
    )


def in_turn(calls: Sequence[Sequence[str]], times: int) -> list[float]:
    """Median seconds of each call, a whole process; the first round does not count."""
    spent: list[list[float]] = [[] for _ in calls]
    for number in range(times + 1):
        for call, kept in zip(calls, spent, strict=True):
            start = time.perf_counter()
            subprocess.run(call, check=True, stdout=subprocess.DEVNULL, env=quiet())
            if number:  # the first one writes the byte code
                kept.append(time.perf_counter() - start)
    return [statistics.median(each) for each in spent]
