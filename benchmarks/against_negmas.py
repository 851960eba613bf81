"""Frontier and five solutions on random additive domains, side by side with NegMAS."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import writing
from domains import Domain, random_domain
from programs import DETENTE, Measurement, Program, measure

PARTIES = (2, 4, 6)
OPTIONS = 10
ISSUES = {False: (3, 4, 5, 6), True: (2,)}
"""By whether the run is a quick one; 10 options an issue."""
RUNS = {3: 9, 4: 5, 5: 3}
"""Runs within a process by number of issues; one where not listed."""
ALIKE = ("nash", "egalitarian", "utilitarian", "frontier")
"""What must be the same in both answers."""
LEAST = {10**5: 30.0, 10**6: 15.0}
"""How many times faster detente has to be, by number of outcomes (the larger: 6 parties)."""

TEXT = """\
## Frontier and five solutions, against NegMAS{version}

Random additive domains: {options} options an issue, scores 0–100 times a weight 1–10, walk-away
values that each party exceeds in about three outcomes of four. From the plain numbers to the
answer, objects built included. detente: `agree(load(…), listed=1)`, that is the efficient
outcomes among the feasible and among the acceptable ones, five solutions, and who accepts how
many outcomes. NegMAS: `pareto_frontier(ufuns, issues=issues)` on
`LinearAdditiveUtilityFunction`s with reserved values, then `nash_points`, `kalai_points`,
`ks_points`, `max_welfare_points` and `max_relative_welfare_points`, which is the route of its own
`calc_scenario_stats` without the statistics.

Definitions differ: NegMAS drops outcomes below a reserved value and one of two equal ones, so its
frontier was compared with detente's efficient acceptable outcomes as a set of values; its "KS" is
the least spread of normalised gains, not the largest smallest one; its Kalai point stops at the
smallest gain where detente goes on to the second (leximin). What both define alike (the frontier,
the largest product of gains, the largest smallest gain, the largest sum) was compared after each
repetition: {alike}.

Each row is the median of {repetitions} repetitions. A repetition has a domain of its own and
measures both programs on it, each in a fresh process, one after the other. *Faster* is the median
of the repetitions' ratios, with the least and the most. Memory is the process's largest resident
size in MB: what it had with all imports done and warm, plus what came on top.

{table}

{verdict}

The Pareto filter alone, on points that are there already (`detente.agreement.efficient` against
`pareto_frontier_numpy`):

{filters}
"""


@dataclass(frozen=True)
class Pair:
    """Repetitions of both programs on the same domains, in the same order."""

    outcomes: int
    parties: int
    own: Sequence[Measurement]
    other: Sequence[Measurement]

    @property
    def ratios(self) -> list[float]:
        """How many times faster detente was, by repetition."""
        return [b.seconds / a.seconds for a, b in zip(self.own, self.other, strict=True)]

    @property
    def faster(self) -> float:
        """The median ratio."""
        return statistics.median(self.ratios)

    @property
    def leaner(self) -> float:
        """Largest resident size of detente as a share of the other's."""
        return _median(self.own, _peak) / _median(self.other, _peak)

    @property
    def leaner_beyond_imports(self) -> float:
        """The same, without what the processes had before the work."""
        own, other = (
            _median(each, _peak) - _median(each, _before) for each in (self.own, self.other)
        )
        return own / other


def compare(negmas: Program | None, version: str, *, quick: bool) -> str:
    """Measure and report; without the peer, detente alone."""
    wanted = PARTIES[:1] if quick else PARTIES
    pairs = [
        _pair(negmas, "agree", issues, parties, quick=quick)
        for issues in ISSUES[quick]
        for parties in wanted
    ]
    filters = [
        _pair(negmas, "filter", issues, parties, quick=quick)
        for issues in ISSUES[quick][-2:]
        for parties in wanted
    ]
    counts = sorted({len(pair.own) for pair in pairs})
    return TEXT.format(
        version=f" {version}" if version else "",
        options=OPTIONS,
        repetitions=" or ".join(map(str, counts)),
        alike="the same every time" if negmas else "not in this run, which had no NegMAS",
        table=writing.table(
            [
                "outcomes",
                "parties",
                "efficient",
                "detente",
                "NegMAS",
                "faster",
                "detente MB",
                "NegMAS MB",
                "memory",
            ],
            [_row(pair) for pair in pairs],
        ),
        verdict=_verdict(pairs) if negmas else "NegMAS was not measured in this run.",
        filters=writing.table(
            ["outcomes", "parties", "efficient", "detente", "NegMAS", "faster"],
            [_row(pair)[:6] for pair in filters],
        ),
    )


def _pair(negmas: Program | None, job: str, issues: int, parties: int, *, quick: bool) -> Pair:
    repetitions = 1 if quick else 5 if job == "agree" and issues < 6 else 3
    runs = 1 if quick else RUNS.get(issues, 1)
    own, other = [], []
    for seed in range(repetitions):
        domain = random_domain([OPTIONS] * issues, parties, seed)
        own += measure(DETENTE, job, [domain], runs=runs)
        if negmas:
            other += measure(negmas, job, [domain], runs=runs)
            _check(domain, own[-1], other[-1])
    return Pair(OPTIONS**issues, parties, own, other or own)


def _check(domain: Domain, own: Measurement, other: Measurement) -> None:
    for key in ALIKE:
        if own.answer.get(key) != other.answer.get(key):
            raise RuntimeError(f"{key} differs on {domain}: {own.answer} and {other.answer}")


def _row(pair: Pair) -> list[str]:
    compared = pair.other is not pair.own
    own = [_median(pair.own, _seconds), _median(pair.own, _peak), _median(pair.own, _before)]
    other = [_median(pair.other, value) for value in (_seconds, _peak, _before)]
    span = f"{writing.digits(min(pair.ratios))}–{writing.digits(max(pair.ratios))}"
    return [
        writing.outcomes(pair.outcomes),
        str(pair.parties),
        f"{statistics.median_low(each.answer['efficient'] for each in pair.own):,}",
        writing.seconds(own[0]),
        writing.seconds(other[0]) if compared else "–",
        f"{writing.digits(pair.faster)} ({span})" if compared else "–",
        f"{own[1]:.0f} = {own[2]:.0f} + {own[1] - own[2]:.0f}",
        f"{other[1]:.0f} = {other[2]:.0f} + {other[1] - other[2]:.0f}" if compared else "–",
        f"{pair.leaner:.2f}" if compared else "–",
    ]


def _verdict(pairs: Sequence[Pair]) -> str:
    lines = []
    for outcomes, least in LEAST.items():
        counted = [pair for pair in pairs if pair.outcomes == outcomes]
        if outcomes == max(LEAST):
            counted = [pair for pair in counted if pair.parties == max(PARTIES)]
        for pair in counted:
            met = "met" if pair.faster >= least else "missed"
            light = "met" if pair.leaner <= 0.5 else "missed"
            lines.append(
                f"- {writing.outcomes(outcomes)} outcomes, {pair.parties} parties: "
                f"{writing.digits(pair.faster)} times faster (target {least:.0f}: {met}), "
                f"{pair.leaner:.2f} of the memory (target 0.5: {light}), "
                f"{pair.leaner_beyond_imports:.2f} beyond the imports."
            )
    return "\n".join(lines)


def _median(measured: Sequence[Measurement], value: Callable[[Measurement], float]) -> float:
    return statistics.median(map(value, measured))


def _seconds(measured: Measurement) -> float:
    return measured.seconds


def _peak(measured: Measurement) -> float:
    return measured.peak


def _before(measured: Measurement) -> float:
    return measured.before
