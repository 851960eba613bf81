"""How long it takes to choose measures, and to judge many parameter sets at once."""

from __future__ import annotations

import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

import detente
import writing
from detente.model.compilation import compile_case
from detente.verification import margin, margins
from detente.verification.answer import not_negative
from detente.verification.measures.choice import Watched, choose, watched
from detente.verification.measures.detection import detectors
from detente.verification.parties import tempted

CHOICE, SETS = 1.0, 1.0
"""Seconds that the largest choice and 10^5 parameter sets may take."""
SIZES = ((5, 4, 2), (10, 8, 4), (20, 12, 6), (30, 12, 6))
"""Measures, issues and parties."""
LARGEST = SIZES[2]
BRUTE = 10
"""Most measures of which every set is tried for comparison."""
COUNT = 100_000

TEXT = """\
## Verification

Random agreements, two covert issues to a party with two earlier options each and one listed
violation; detections of 0.02 to 0.5, false alarms of 0.001 to 0.02, costs of 1 to 10. *Choosing* is
the search for the cheapest measures and three runners-up; *every set* tries all sets of measures
with the same margins. In one process, medians and the longest of {seeds} agreements.

{choice}

Choosing among {measures} measures, {issues} issues and {parties} parties may take {allowed} at
the longest: {met}.

Worst joint margins of {count} parameter sets at once, against one at a time (of which
{few} were timed); medians of {times}.

{margins}

All {count} with six violations may take {sets_allowed}: {sets_met}.
"""


def report(*, quick: bool) -> str:
    """Measure and report."""
    seeds, times, count = (2, 1, 1_000) if quick else (15, 5, COUNT)
    choice, longest = [], {}
    for size in SIZES[:1] if quick else SIZES:
        took, brute, whole = zip(*(_chosen(size, seed) for seed in range(seeds)), strict=True)
        longest[size] = max(took)
        tried = statistics.median(brute) if size[0] <= BRUTE else None
        choice.append(
            [
                ", ".join(map(str, size)),
                writing.seconds(statistics.median(took)),
                writing.seconds(max(took)),
                writing.seconds(tried) if tried is not None else "–",
                writing.digits(tried / statistics.median(took)) if tried is not None else "–",
                writing.seconds(statistics.median(whole)),
            ]
        )
    few, rows, six = count // 100, [], 0.0
    for violations in (1, 3, 6, 10):
        at_once, alone = _margins(violations, count, few, times)
        six = at_once if violations == 6 else six
        rows.append(
            [
                str(violations),
                writing.seconds(at_once),
                writing.seconds(alone),
                writing.digits(alone / at_once),
            ]
        )
    choice_head = ["measures, issues, parties", "choosing", "longest", "every set", "times", "all"]
    measured = "not measured"
    return TEXT.format(
        seeds=seeds,
        choice=writing.table([*choice_head[:-1], "`verify`, all of it"], choice),
        measures=LARGEST[0],
        issues=LARGEST[1],
        parties=LARGEST[2],
        allowed=writing.seconds(CHOICE),
        met=measured if quick else writing.met(longest[LARGEST], CHOICE),
        count=f"{count:,}",
        few=f"{few:,}",
        times=times,
        margins=writing.table(["violations", "at once", "one at a time", "times"], rows),
        sets_allowed=writing.seconds(SETS),
        sets_met=measured if quick else writing.met(six, SETS),
    )


def _timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _chosen(size: tuple[int, int, int], seed: int) -> tuple[float, float, float]:
    """Seconds to choose, to try every set (0 where they are too many), and for all of it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "case.yaml"
        file.write_text(json.dumps(agreement(*size, seed)), encoding="utf-8")
        case = detente.load(file)
    model, agreed = compile_case(case), case.complete(case.packages["deal"].outcome)
    seen = detectors(case, agreed)
    parties = {name: tempted(model, name, agreed, seen) for name in case.parties}
    found = watched(parties, seen, 0, None)
    choose(found, None)
    took = _timed(lambda: choose(found, None))
    brute = _timed(lambda: _every(found)) if size[0] <= BRUTE else 0.0
    return took, brute, _timed(lambda: detente.verify(case, "deal"))


def _every(found: Watched) -> None:
    for used in product((False, True), repeat=len(found.watch.costs)):
        not_negative(found.watch.margins(np.array(used))).all()


def agreement(measures: int, issues: int, parties: int, seed: int) -> dict[str, Any]:
    """A random case with one package."""
    chance = random.Random(seed)
    options = ["first", "second", "third"]
    names = [f"p{k}" for k in range(parties)]
    owner = {f"i{k}": names[k * parties // issues] for k in range(issues)}
    values = {}
    for name in names:
        scores = {}
        for issue, controls in owner.items():
            sign = -1 if controls == name else 1
            steps = [0.0, sign * chance.uniform(1, 8), sign * chance.uniform(8, 16)]
            scores[issue] = dict(zip(options, [round(step, 2) for step in steps], strict=True))
        values[name] = {"scores": scores}
    hidden = {
        f"v{k}": {"party": name, "gain": round(chance.uniform(1, 6), 2)}
        for k, name in enumerate(names)
    }
    return {
        "detente": 1,
        "parties": {name: {"discount": 0.8} for name in names},
        "issues": {
            issue: {"control": controls, "options": options, "covert": True}
            for issue, controls in owner.items()
        },
        "status_quo": dict.fromkeys(owner, "first"),
        "values": values,
        "packages": {"deal": {"outcome": dict.fromkeys(owner, "third")}},
        "violations": hidden,
        "verification": {
            "second_look": {"keeps_true": 0.95, "keeps_false": 0.2},
            "measures": {
                f"m{k}": {
                    "detects": {
                        what: round(chance.uniform(0.02, 0.5), 3)
                        for what in chance.sample([*owner, *hidden], max(2, issues // 4))
                    },
                    "false_alarm": round(chance.uniform(0.001, 0.02), 4),
                    "cost": chance.randint(1, 10),
                }
                for k in range(measures)
            },
        },
    }


def _margins(violations: int, count: int, few: int, times: int) -> tuple[float, float]:
    """Seconds for all at once, and for all one at a time as far as a few of them tell."""
    chance = np.random.default_rng(violations)
    gains = chance.uniform(0, 10, (count, violations))
    seen = chance.uniform(0, 1, (count, violations))
    stakes = chance.uniform(0, 60, count)
    at_once = statistics.median(_timed(lambda: margins(gains, seen, stakes)) for _ in range(times))
    rows = list(zip(gains[:few], seen[:few], stakes[:few], strict=True))
    alone = statistics.median(_timed(lambda: [margin(*row) for row in rows]) for _ in range(times))
    return at_once, alone * count / few
