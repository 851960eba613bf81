"""How long it takes to find the order in which an agreement is best carried out.

Started by itself it only finds orders of one size, for their time and memory.
"""

from __future__ import annotations

import json
import math
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TypeVar

import detente
import writing
from detente.sequencing.lattice.road import road
from detente.sequencing.search.best_order import MOST_LABELS
from detente.sequencing.search.leximin import leximin
from detente.sequencing.setting import Coding, Setting
from every_order import DISCOUNT, Discounted, Patient, discounted, patient
from programs import BETWEEN, quiet
from stopwatch import largest_resident

Result = TypeVar("Result")
Size = tuple[int, int]
"""Measures and parties."""

SINGLE: tuple[Size, ...] = ((10, 3), (14, 3), (18, 3), (20, 3), (16, 2), (16, 4), (16, 6))
LARGEST, SECONDS, MEGABYTES = (20, 3), 2.0, 500.0
"""What the largest lattice of single steps may take."""
TOGETHER: tuple[Size, ...] = ((6, 3), (7, 3), (8, 3), (10, 3), (12, 3))
ORDERED: tuple[Size, ...] = tuple((n, parties) for parties in (2, 3) for n in (7, 8, 10, 12, 14))
ORDERED_TOGETHER: tuple[Size, ...] = tuple((n, parties) for parties in (2, 3) for n in (6, 8, 10))
MOST_TOGETHER, MOST_ORDERED = 7, 8
"""Most measures of which every ordered partition, or every order, is tried."""
CASE, SMALL = "korea", "treaty_first"
ASKED, FURTHER = "freeze_first", ("yongbyon_plus", "coexistence")
ASKED_SECONDS = 5.0
"""What the roadmap to the package asked for may take."""

TEXT = """\
## Roadmaps

Random agreements; the measures belong to the parties in turn and may come in any order. *Trying
all* is what it took to try every order of the same agreements, *times* how many times as long that
is; the best margins were the same. In one process unless said otherwise, medians and the longest
of {seeds} agreements.

### Patient parties

`widest_path`, with arbitrary breakdown values from 0 to 100 in every state. Withholding is always
noticed (*open*), or with chances of 0.5 to 1, and yields 0 to 10 if it is not (*hidden*). One
measure a step; each figure from a process of its own, median and largest memory of {alone}. Such a
process has {before} MB before it draws the first agreement.

{single}

{states} states may take {seconds} and {megabytes} MB. Open: {open}; hidden: {hidden}.

Any number of measures a step, hidden:

{together}

### Parties that discount

`discounted_path`. A measure costs its owner 1 to 5 a period and brings the others 1 to 10, shared;
of each effect a random part outlives a collapse; the discount factor is {discount}. Withholding is
always noticed. The search holds at most {labels:,} partial orders; beyond, it gives up with an
error, and its time until then counts.

{ordered}

### The Korean case

`detente.roadmap`, from the loaded case to the whole answer. Parts of it, run once more by
themselves, are the *network* of states and steps, what these are worth to the *parties*, and the
*search* for the best order; the rest goes into other orders. *At once* is how many things may move
in a step, as far as the program finds room to compare; *processor* is the processor time of the
whole. {runs}

{korea}

The roadmap to `{asked}` may take {asked_seconds}: {asked_met}.
"""


def report(*, quick: bool) -> str:
    """Measure and report."""
    seeds, alone, runs = (2, 1, 1) if quick else (11, 5, 3)
    single = {
        (size, hidden): _alone(size, alone, hidden=hidden)
        for size in (((6, 2), (8, 3)) if quick else SINGLE)
        for hidden in (False, True)
    }
    together = [
        _searched(_hidden, size, seeds, at_once=True, tried=MOST_TOGETHER)
        for size in (((4, 3),) if quick else TOGETHER)
    ]
    ordered = [
        _searched(discounted, size, seeds, at_once=at_once, tried=tried)
        for at_once, sizes, tried in ((False, ORDERED, MOST_ORDERED), (True, ORDERED_TOGETHER, 0))
        for size in (((5, 2),) if quick else sizes)
    ]
    korea = [_road_to(SMALL, 1)] if quick else [_road_to(ASKED, runs)]
    korea += [] if quick else [_road_to(package, 1) for package in FURTHER]
    measured = "not measured"
    return TEXT.format(
        seeds=seeds,
        alone=alone,
        before=writing.digits(max(each.before for each in single.values())),
        single=_single_table(single),
        states=f"{1 << LARGEST[0]:,}",
        seconds=writing.seconds(SECONDS),
        megabytes=writing.digits(MEGABYTES),
        open=measured if quick else _verdict(single[LARGEST, False]),
        hidden=measured if quick else _verdict(single[LARGEST, True]),
        together=_searched_table(together),
        discount=DISCOUNT,
        labels=MOST_LABELS,
        ordered=_searched_table(ordered),
        runs="Once." if quick else f"Medians of {runs} for `{ASKED}`, the others once.",
        korea=_korea_table(korea),
        asked=ASKED,
        asked_seconds=writing.seconds(ASKED_SECONDS),
        asked_met=measured if quick else writing.met(korea[0].whole, ASKED_SECONDS),
    )


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


@dataclass(frozen=True)
class Alone:
    """What a process of its own reports: median seconds, and largest resident sizes in MB."""

    seconds: float
    processor: float
    before: float
    peak: float


def _alone(size: Size, times: int, *, hidden: bool) -> Alone:
    call = [sys.executable, __file__, *map(str, size), str(times), "hidden" if hidden else "open"]
    done = subprocess.run(
        [*BETWEEN, *call], stdout=subprocess.PIPE, text=True, check=True, env=quiet()
    )
    return Alone(**json.loads(done.stdout))


def serve() -> None:
    """Find orders of single steps: measures, parties, how many, ``open`` or ``hidden``."""
    measures, parties, times = map(int, sys.argv[1:4])
    hidden = sys.argv[4] == "hidden"
    patient(4, parties, 0, hidden=hidden).path(at_once=False)
    before, spent = largest_resident(), []
    for seed in range(times):
        work = partial(patient(measures, parties, seed, hidden=hidden).path, at_once=False)
        start = time.process_time()
        seconds = _timed(work)[0]
        spent.append((seconds, time.process_time() - start))
        del work  # with its table, before the next one is drawn
    seconds, processor = (statistics.median(each) for each in zip(*spent, strict=True))
    answer = Alone(seconds, processor, before, largest_resident())
    print(json.dumps(asdict(answer)))


def _single_table(single: Mapping[tuple[Size, bool], Alone]) -> str:
    rows = []
    for size in dict.fromkeys(size for size, _ in single):
        row = [", ".join(map(str, size)), f"{1 << size[0]:,}"]
        for hidden in (False, True):
            found = single[size, hidden]
            row += [writing.seconds(found.seconds), writing.digits(found.peak)]
        rows.append(row)
    head = ["measures, parties", "states", "open", "MB", "hidden", "MB"]
    return writing.table(head, rows)


def _verdict(found: Alone) -> str:
    within = writing.met(found.seconds, SECONDS), writing.met(found.peak, MEGABYTES)
    processor = writing.seconds(found.processor)
    return f"time {within[0]} (processor time {processor}), memory {within[1]}"


@dataclass(frozen=True)
class Searched:
    """Orders looked for in random agreements of one size.

    Parameters
    ----------
    size, at_once
        What was searched, and whether several measures could be in a step.
    seconds
        Of each agreement.
    given_up
        For how many the search gave up.
    every
        Number of orders, and the median seconds that trying all took; None for too many.
    """

    size: Size
    at_once: bool
    seconds: list[float]
    given_up: int
    every: tuple[int, float] | None


def _hidden(measures: int, parties: int, seed: int) -> Patient:
    return patient(measures, parties, seed, hidden=True)


def _searched(
    draw: Callable[[int, int, int], Patient | Discounted],
    size: Size,
    seeds: int,
    *,
    at_once: bool,
    tried: int,
) -> Searched:
    """Search agreement after agreement, and try every order of each up to so many measures."""
    seconds, trying, orders, given_up = [], [], 0, 0
    draw(3, size[1], 0).path(at_once=at_once)
    for seed in range(seeds):
        agreement = draw(*size, seed)
        took, margin = _timed(partial(_margin, agreement, at_once=at_once))
        seconds.append(took)
        given_up += margin is None
        if size[0] <= tried:
            took, (orders, best) = _timed(agreement.every_order)
            trying.append(took)
            if margin is None or not math.isclose(margin, best, abs_tol=1e-6):
                raise RuntimeError(f"margins differ on {size}, {seed}: {margin} and {best}")
    every = (orders, statistics.median(trying)) if trying else None
    return Searched(size, at_once, seconds, given_up, every)


def _margin(agreement: Patient | Discounted, *, at_once: bool) -> float | None:
    """The weakest moment of the best order; None where the search gives up."""
    try:
        return agreement.path(at_once=at_once).margin
    except ValueError as error:
        if "too many ways" not in str(error):
            raise
        return None


def _searched_table(found: Sequence[Searched]) -> str:
    rows = []
    for each in found:
        median = statistics.median(each.seconds)
        row = [", ".join(map(str, [*each.size, "any" if each.at_once else "one"]))]
        row += [writing.seconds(median), writing.seconds(max(each.seconds)), str(each.given_up)]
        if each.every:
            orders, trying = each.every
            row += [f"{orders:,}", writing.seconds(trying), writing.digits(trying / median)]
        else:
            row += ["–"] * 3
        rows.append(row)
    head = ["median", "longest", "given up", "orders", "trying all", "times"]
    return writing.table(["measures, parties, a step", *head], rows)


@dataclass(frozen=True)
class Asked:
    """A roadmap of a case: its lattice, and median seconds for all of it and for its parts."""

    package: str
    at_once: int | None
    states: int
    steps: int
    network: float
    parties: float
    search: float
    whole: float
    processor: float


def _road_to(package: str, runs: int) -> Asked:
    """Ask for a roadmap of the case, and go once more through the parts of it that are timed."""
    spent = []
    detente.roadmap(detente.load(CASE), SMALL)
    for _ in range(runs):
        case = detente.load(CASE)
        before = time.process_time()
        whole, answer = _timed(partial(detente.roadmap, case, package))
        processor = time.process_time() - before
        case = detente.load(CASE)
        network, (lattice, _) = _timed(partial(road, case, answer.to, case.packages[package]))
        setting = Setting(lattice, (Coding("", case, lattice),), answer.model)
        parties, play = _timed(setting.play)
        search, best = _timed(partial(leximin, play))
        if not math.isclose(best.value, answer.margin, abs_tol=1e-6):
            raise RuntimeError(f"margins differ on {package}: {best.value} and {answer.margin}")
        spent.append((network, parties, search, whole, processor))
    medians = (statistics.median(each) for each in zip(*spent, strict=True))
    size = play.network.states, play.network.steps
    return Asked(package, answer.at_once, *size, *medians)


def _korea_table(roads: Sequence[Asked]) -> str:
    rows = [
        [
            f"`{each.package}`",
            "any" if each.at_once is None else str(each.at_once),
            f"{each.states:,}",
            f"{each.steps:,}",
            *map(
                writing.seconds,
                (each.network, each.parties, each.search, each.whole, each.processor),
            ),
        ]
        for each in roads
    ]
    head = ["at once", "states", "steps", "network", "parties", "search", "whole", "processor"]
    return writing.table(["package", *head], rows)


if __name__ == "__main__":
    serve()
