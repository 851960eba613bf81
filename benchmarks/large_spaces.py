"""Exact frontiers of spaces that nobody can enumerate; side by side with pareto_dp."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import writing
from domains import Domain, random_domain
from programs import DETENTE, Measurement, Program, measure

Shape = tuple[int, int, int]
"""Parties, issues, options an issue."""

TARGETS: dict[Shape, float] = {(3, 20, 4): 1.0, (3, 50, 5): 8.0, (4, 14, 4): 4.0}
"""Seconds allowed for the exact frontier and five solutions."""
LADDER: tuple[Shape, ...] = tuple((6, issues, 4) for issues in (8, 10, 12, 13, 14, 16, 20))
SHARED: tuple[Shape, ...] = (
    (3, 8, 4),
    (3, 12, 4),
    (3, 20, 4),
    (3, 30, 5),
    (3, 50, 5),
    (4, 8, 4),
    (4, 12, 4),
    (4, 14, 4),
    (6, 6, 4),
    (6, 8, 4),
    (6, 10, 4),
)
QUICK: tuple[Shape, ...] = ((3, 4, 3),)
PATIENCE = 60.0
"""Seconds after which a run of pareto_dp is given up."""

ALIKE = "The two sets of points were then the same wherever both programs answered."

TEXT = """\
## Spaces too large to enumerate

Scores 0–100 drawn uniformly, no weights, every outcome acceptable. `agree(load(…), listed=1)`:
the exact frontier and all five solutions, from the plain numbers. Domains: {repetitions}; medians.

{table}

{verdict}

Six parties: elimination holds at most {limit:,} partial efficient outcomes by default; beyond,
integer programs (*bound*) find the five solutions and no frontier. The time includes what was
tried before, and counting who accepts how many in spaces of at most {walk:,} outcomes. One run
each.

{ladder}

### Against pareto_dp{version}

Both get the same numbers and find the efficient points of all outcomes, without solutions
(detente: `eliminate`). pareto_dp minimises, so it gets what is missing to 100 points; it prunes by
ε-dominance, here with ε = 1e-5, and may leave dominated points in its answer, which were dropped
outside the time. {alike}

{shared}
"""


def report(pareto_dp: Program | None, version: str, *, quick: bool) -> str:
    """Measure and report; without the peer, detente alone."""
    repetitions = 1 if quick else 3
    exact = {
        shape: [measure(DETENTE, "agree", [_domain(shape, n)])[0] for n in range(repetitions)]
        for shape in (QUICK if quick else TARGETS)
    }
    ladder = {shape: measure(DETENTE, "agree", [_domain(shape, 0)])[0] for shape in _ladder(quick)}
    limits = ladder[_ladder(quick)[0]].answer["limits"]
    return TEXT.format(
        repetitions=repetitions,
        table=writing.table(
            ["space", "outcomes", "engine", "efficient", "time", "memory MB"],
            [_row(shape, measured) for shape, measured in exact.items()],
        ),
        verdict="\n".join(
            _verdict(shape, exact[shape], most) for shape, most in TARGETS.items() if shape in exact
        ),
        limit=limits["exact"],
        walk=limits["walk"],
        ladder=writing.table(
            ["space", "outcomes", "engine", "efficient", "time", "memory MB"],
            [_row(shape, [measured]) for shape, measured in ladder.items()],
        ),
        version=f" {version}" if version else "",
        alike=ALIKE if pareto_dp else "It was not measured in this run.",
        shared=writing.table(
            ["space", "efficient", "left dominated", "detente", "pareto_dp", "detente faster"],
            [_side_by_side(pareto_dp, shape, repetitions) for shape in _shared(quick)],
        ),
    )


def _ladder(quick: bool) -> tuple[Shape, ...]:
    return QUICK if quick else LADDER


def _shared(quick: bool) -> tuple[Shape, ...]:
    return QUICK if quick else SHARED


def _domain(shape: Shape, seed: int) -> Domain:
    parties, issues, options = shape
    return random_domain([options] * issues, parties, seed, weighted=False, choosy=False)


def _words(shape: Shape) -> list[str]:
    parties, issues, options = shape
    return [f"{parties} parties, {issues} × {options}", writing.outcomes(options**issues)]


def _row(shape: Shape, measured: Sequence[Measurement]) -> list[str]:
    counts = [each.answer["efficient"] for each in measured]
    return [
        *_words(shape),
        " or ".join(sorted({each.answer["engine"] for each in measured})),
        "–" if None in counts else f"{statistics.median_low(counts):,}",
        writing.seconds(statistics.median(each.seconds for each in measured)),
        f"{statistics.median(each.peak for each in measured):.0f}",
    ]


def _verdict(shape: Shape, measured: Sequence[Measurement], most: float) -> str:
    longest = max(each.seconds for each in measured)
    exact = all(each.answer["efficient"] is not None for each in measured)
    met = "met" if exact and longest <= most else "missed"
    return (
        f"- {_words(shape)[0]}: {writing.seconds(longest)} at the longest "
        f"(target {most:.0f} s: {met})."
    )


def _side_by_side(pareto_dp: Program | None, shape: Shape, repetitions: int) -> list[str]:
    own, other = [], []
    for seed in range(repetitions):
        domain = _domain(shape, seed)
        own += measure(DETENTE, "frontier", [domain], runs=3, budget=1.0)
        if pareto_dp and len(other) == seed:
            other += measure(pareto_dp, "frontier", [domain], runs=3, budget=1.0, patience=PATIENCE)
            if len(other) > seed and own[-1].answer["frontier"] != other[-1].answer["frontier"]:
                raise RuntimeError(f"frontiers differ on {domain}")
    efficient = f"{statistics.median_low(each.answer['efficient'] for each in own):,}"
    time = writing.seconds(statistics.median(each.seconds for each in own))
    if pareto_dp is None:
        return [_words(shape)[0], efficient, "–", time, "–", "–"]
    if not other:
        return [_words(shape)[0], efficient, "–", time, f"over {PATIENCE:.0f} s", "–"]
    ratios = [b.seconds / a.seconds for a, b in zip(own, other, strict=False)]
    return [
        _words(shape)[0],
        efficient,
        f"{statistics.median_low(each.answer['dominated'] for each in other):,}",
        time,
        writing.seconds(statistics.median(each.seconds for each in other)),
        f"{writing.digits(statistics.median(ratios))} times",
    ]
