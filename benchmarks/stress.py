"""How long it takes to ask what could break a package, in very many codings."""

from __future__ import annotations

import json
import pickle
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

import detente
import plain_acceptance
import writing
from detente.uncertainty.asking import Asking, asking
from detente.uncertainty.batches import BATCH
from detente.uncertainty.question import Question
from detente.uncertainty.sampling.correlation import DEFAULT
from detente.uncertainty.sampling.designs import KINDS
from plain_acceptance import FOUND
from programs import BETWEEN, DETENTE, FOLDER, Program, quiet

ONE_CORE = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")}
CASE, PACKAGES = "korea", ("freeze_first", "yongbyon_plus")
SMALL = "river", "single_text"
MARGINS, HOLDING = (12_500, 25_000, 50_000, 100_000), (2_500, 5_000, 10_000)
"""Draws without and with stability; the last of each has a target."""
MARGINS_SECONDS, HOLDING_SECONDS, CORES = 10.0, 60.0, 1.7
"""What these may take on two cores, and how many times faster these have to be than one."""
EXPERIMENTS, TIMES = (2_000, 10_000), 50.0
"""Draws handed to both programs, and how many times faster detente has to be."""

TEXT = """\
## Stress

The case `{case}` has {numbers} numbers with a range, and they are drawn all at once: Latin
hypercube, rank correlation {rho} within a party. *Margins* is who accepts, how far every party is
from cheating and from leaving the roadmap (the best order, found beforehand); *stability* adds
five concepts for every party. Each figure from a fresh process with linear algebra on one core.
*Start* is until every process has answered for one draw, with all imports; *work* is what comes
then, and *whole* both and the end of the processes. *Processor* is the processor time of all
processes. *MB* is the largest memory of the process that asks, and of the largest one that works.

### Two processes

{growth}

{verdicts}

### Two cores against one

Both on the same draws, one right after the other, median of {pairs} with the least and the most.
*Work* as above, so without the start of processes. Processor time does not count waiting for other
work on the machine: *possible* is how many times faster the work could be if both cores were free,
from processor time less what processes need that are asked about one draw. The answers were the
same to the last bit.

{cores}

{cores_verdict}

{peer}"""

PEER = """\
### Against the EMA Workbench{version}

Who accepts a package, and the smallest gain of those who sign. The workbench gets a plain Python
function for it, which reads only the numbers that the verdict rests on (*read*), by keyword as it
calls it. *Handed* is on draws that are there already, the same for both: `perform_experiments`
with ready scenarios, and detente's question in batches of {batch:,}. *Drawn* is with drawing:
uniform and independent in the workbench, the distributions and correlations of the case in
detente, which draws also the numbers that acceptance does not read. Draws a second of processor
time, in one process; and by the clock with two, without their start. Medians of {pairs}, taken in
turn; *times* is the median of the ratios with the least and the most. On the draws handed over the
verdicts of both were the same in every draw, and the gains to within {rounding:g}.

{table}

{verdict}
"""


@dataclass(frozen=True)
class Answered:
    """What a process that asked reports: seconds, and largest resident sizes in MB."""

    start: float
    work: float
    whole: float
    own: float
    processor: float
    before: float
    peak: float
    worker: float
    digest: str
    acceptable: float


@dataclass(frozen=True)
class Row:
    """Draws of one question, asked of two processes."""

    package: str
    holds: bool
    draws: int
    found: Answered

    @property
    def name(self) -> str:
        """What is asked."""
        return f"`{self.package}`, {'stability' if self.holds else 'margins'}"


def report(ema: Program | None, version: str, *, quick: bool) -> str:
    """Measure and report; without the peer, detente alone."""
    case, packages = (SMALL[0], SMALL[1:]) if quick else (CASE, PACKAGES)
    pairs = 1 if quick else 3
    sizes = {False: (2_000,) if quick else MARGINS, True: (1_000,) if quick else HOLDING}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "question.pickle"
        rows, cores = [], []
        for package in packages:
            found = asking(detente.load(case), package, (), None, "discounted", holds=True)
            if "roadmap" in found.missing:
                raise RuntimeError(f"no roadmap to {package}: {found.missing['roadmap']}")
            for holds, draws in sizes.items():
                file.write_bytes(pickle.dumps(_question(found, holds=holds)))
                wanted = draws if package == packages[0] else draws[-1:]
                rows += [Row(package, holds, n, _answered(file, n, 2)) for n in wanted]
                if package == packages[0] and not (quick and holds):
                    asked = f"`{package}`, {'stability' if holds else 'margins'}"
                    cores.append(_cores(asked, file, draws[-1], pairs))
    measured = "Targets are for the Korean case, which was not measured in this run."
    return TEXT.format(
        case=case,
        numbers=len(found.drawn),
        rho=DEFAULT,
        pairs=pairs,
        growth=_growth_table(rows),
        verdicts=measured if quick else "\n".join(map(_verdict, _targets(rows))),
        cores=writing.table(
            ["asked", "draws", "one", "processor", "two", "processor", "times", "possible"],
            [each.row for each in cores],
        ),
        cores_verdict=measured if quick else "\n".join(each.verdict for each in cores),
        peer=_against(ema, version, pairs),
    )


def _question(found: Asking, *, holds: bool) -> Question:
    asked = tuple(replace(entry, holds=holds) for entry in found.asked)
    return Question(asked, found.draws(KINDS[0], 0, DEFAULT))


def _answered(file: Path, draws: int, workers: int) -> Answered:
    """Ask about draws, in processes that have nothing else to do."""
    told = _told(DETENTE.python, "with_stress.py", "evaluate", file, draws, workers)
    return Answered(**{field.name: told[field.name] for field in fields(Answered)})


def _told(python: Path, script: str, *given: object) -> dict[str, Any]:
    done = subprocess.run(
        [*BETWEEN, python, "-W", "ignore:ipyparallel", FOLDER / script, *map(str, given)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=quiet() | ONE_CORE,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _growth_table(rows: Sequence[Row]) -> str:
    head = ["asked", "draws", "start", "work", "whole", "processor", "a draw", "MB", "MB"]
    return writing.table(
        head,
        [
            [
                row.name,
                f"{row.draws:,}",
                *map(writing.seconds, (row.found.start, row.found.work, row.found.whole)),
                writing.seconds(row.found.processor),
                f"{writing.digits(1e6 * row.found.processor / row.draws)} µs",
                f"{row.found.peak:.0f}",
                f"{row.found.worker:.0f}",
            ]
            for row in rows
        ],
    )


def _targets(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.draws in (MARGINS[-1], HOLDING[-1])]


def _verdict(row: Row) -> str:
    allowed = HOLDING_SECONDS if row.holds else MARGINS_SECONDS
    met = writing.met(row.found.whole, allowed)
    return (
        f"- {row.name}: {row.draws:,} draws in {writing.seconds(row.found.whole)}, "
        f"{writing.seconds(row.found.start)} of it the start of processes "
        f"(target {writing.seconds(allowed)}: {met}; processor time "
        f"{writing.seconds(row.found.processor)})."
    )


@dataclass(frozen=True)
class Cores:
    """The same draws on one core and on two, pair by pair; and one draw, for the start."""

    asked: str
    draws: int
    one: Sequence[Answered]
    two: Sequence[Answered]
    starts: tuple[Answered, Answered]

    @property
    def ratios(self) -> list[float]:
        """How many times faster two cores were, by pair."""
        return [a.work / b.work for a, b in zip(self.one, self.two, strict=True)]

    @property
    def possible(self) -> float:
        """How many times faster they would be if nobody had to wait."""
        first, second = (start.processor for start in self.starts)
        pairs = zip(self.one, self.two, strict=True)
        spent = ((a.processor - first) / (b.processor - second) for a, b in pairs)
        return 2 * statistics.median(spent)

    @property
    def row(self) -> list[str]:
        """As it stands in the table."""
        times = [
            writing.seconds(statistics.median(getattr(each, what) for each in found))
            for found in (self.one, self.two)
            for what in ("work", "processor")
        ]
        possible = writing.digits(self.possible)
        return [self.asked, f"{self.draws:,}", *times, _with_span(self.ratios), possible]

    @property
    def verdict(self) -> str:
        """Whether the target was met."""
        ratio = statistics.median(self.ratios)
        met = "met" if ratio >= CORES else "missed"
        return f"- {self.asked}: {writing.digits(ratio)} times faster (target {CORES}: {met})."


def _cores(asked: str, file: Path, draws: int, pairs: int) -> Cores:
    one, two = [], []
    for _ in range(pairs):
        one.append(_answered(file, draws, 1))
        two.append(_answered(file, draws, 2))
    if len({found.digest for found in (*one, *two)}) > 1:
        raise RuntimeError(f"answers hang on the number of processes: {asked}")
    return Cores(asked, draws, one, two, (_answered(file, 1, 1), _answered(file, 1, 2)))


def _with_span(ratios: Sequence[float]) -> str:
    low, high = writing.digits(min(ratios)), writing.digits(max(ratios))
    return f"{writing.digits(statistics.median(ratios))} ({low}–{high})"


@dataclass(frozen=True)
class Rates:
    """Draws a second of both programs, by repetition."""

    own: Sequence[float]
    other: Sequence[float]

    @property
    def ratios(self) -> list[float]:
        """How many times faster detente was."""
        return [a / b for a, b in zip(self.own, self.other, strict=True)]

    @property
    def cells(self) -> list[str]:
        """As they stand in the table."""
        rates = (f"{statistics.median(each):,.0f}" for each in (self.other, self.own))
        return [*rates, _with_span(self.ratios)]


def _against(ema: Program | None, version: str, pairs: int) -> str:
    """Acceptance alone, side by side."""
    if ema is None:
        return "The EMA Workbench was not measured in this run.\n"
    rows, lines = [], []
    for case, package in ((CASE, PACKAGES[0]), SMALL):
        found = asking(detente.load(case), package, (), None, "discounted", holds=False)
        asked = replace(found.first, road=None, enforced=False)
        question = Question((asked,), found.draws(KINDS[0], 0, DEFAULT))
        for draws in EXPERIMENTS:
            with tempfile.TemporaryDirectory() as folder:
                read = plain_acceptance.hand_over(Path(folder), question, draws)
                handed, *others = _side_by_side(ema, Path(folder), draws, pairs)
            name = f"`{case}`, `{package}`"
            cells = [cell for rates in (handed, *others) for cell in rates.cells]
            rows.append([name, str(read), f"{draws:,}", *cells])
            ratio = statistics.median(handed.ratios)
            met = "met" if ratio >= TIMES else "missed"
            lines.append(
                f"- {name}, {draws:,} draws handed over: {writing.digits(ratio)} times its rate "
                f"(target {TIMES:.0f}: {met})."
            )
    head = ["package", "read", "draws"]
    for kind in ("handed", "drawn", "two processes"):
        head += [f"{kind}: EMA", "detente", "times"]
    return PEER.format(
        version=f" {version}",
        batch=BATCH,
        pairs=pairs,
        rounding=plain_acceptance.ROUNDING,
        table=writing.table(head, rows),
        verdict="\n".join(lines),
    )


def _side_by_side(ema: Program, folder: Path, draws: int, pairs: int) -> list[Rates]:
    """On draws handed over; with drawing, in one process; and in two, by the clock."""
    spent: list[list[tuple[float, float]]] = [[], [], []]
    file = folder / plain_acceptance.QUESTION
    for _ in range(pairs):
        own = _told(DETENTE.python, "with_stress.py", "accept", folder)
        other = _told(ema.python, ema.script, folder, 1, 0)
        _require_same(folder)
        spent[0].append((own["processor"], other["processor"]))
        other = _told(ema.python, ema.script, folder, 1, draws)
        spent[1].append((_answered(file, draws, 1).own, other["processor"]))
        other = _told(ema.python, ema.script, folder, 2, draws)
        spent[2].append((_answered(file, draws, 2).work, other["seconds"]))
    return [Rates(*([draws / each[k] for each in found] for k in (0, 1))) for found in spent]


def _require_same(folder: Path) -> None:
    """Both programs have found the same in every draw."""
    with np.load(folder / FOUND["detente"]) as own, np.load(folder / FOUND["peer"]) as other:
        if not np.array_equal(own["acceptable"], other["acceptable"] > 0):
            raise RuntimeError("the programs do not agree on who accepts")
        if np.abs(own["gain"] - other["gain"]).max() > plain_acceptance.ROUNDING:
            raise RuntimeError("the programs do not agree on the smallest gain")
