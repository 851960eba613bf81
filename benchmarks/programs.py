"""Starts the measured processes: one program, one job, a fresh process each time."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from conflicts import Conflict
from domains import Domain

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Program:
    """A program that can do jobs.

    Parameters
    ----------
    name
        As tables call it.
    script
        File in this folder that does its jobs.
    python
        The interpreter of its environment.
    """

    name: str
    script: str
    python: Path


@dataclass(frozen=True)
class Measurement:
    """One process's work on one domain.

    Parameters
    ----------
    seconds
        Median over the runs within the process.
    before, peak
        Largest resident size in MB: with everything imported and warm, and at the end.
    answer
        What it found.
    """

    seconds: float
    before: float
    peak: float
    answer: Mapping[str, Any]


BETWEEN = (sys.executable, "-c", "import subprocess, sys; subprocess.check_call(sys.argv[1:])")
"""A small process: a child reports no less memory than its parent had when it started it."""
DETENTE = Program("detente", "with_detente.py", Path(sys.executable))


def measure(
    program: Program,
    job: str,
    domains: Sequence[Domain | Conflict],
    *,
    runs: int = 1,
    budget: float = 600.0,
    patience: float | None = None,
    environment: Mapping[str, str] | None = None,
    apart: bool = False,
) -> list[Measurement]:
    """Do a job on domains, one after another, in one fresh process.

    Parameters
    ----------
    program, job
        What is measured.
    domains
        What it works on.
    runs
        Of each domain, within the process.
    budget
        Seconds after which a run is the last one.
    patience
        Seconds after which the process is stopped; None waits.
    environment
        Variables that are set for the process.
    apart
        Put a small process in between, where this one has grown; not together with patience.

    Returns
    -------
    measurements
        Of the domains that were done: fewer than asked for where the budget or the
        patience was used up.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "domains.json"
        file.write_text(json.dumps([asdict(domain) for domain in domains]), encoding="utf-8")
        script = FOLDER / program.script
        call = [*(BETWEEN if apart else ()), program.python, script, job, file]
        try:
            done = subprocess.run(
                [*call, str(runs), str(budget)],
                timeout=patience,
                stdout=subprocess.PIPE,
                text=True,
                check=True,
                env=quiet() | dict(environment or {}),
            )
            printed = done.stdout
        except subprocess.TimeoutExpired as stopped:
            printed = (stopped.stdout or b"").decode()
    reports = [json.loads(line) for line in printed.splitlines()]
    return [
        Measurement(
            statistics.median(report["seconds"]),
            report["before"],
            report["peak"],
            report["answer"],
        )
        for report in reports
    ]


def quiet() -> dict[str, str]:
    """The environment of a measured process: as it is, but byte code may be kept."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
