"""How the cost grows with the space, by engine, and where one hands over to the next."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import writing
from domains import random_domain
from programs import DETENTE, measure

PARTIES = (2, 4, 6)
OPTIONS = 4
ISSUES = tuple(range(5, 16))
"""4 options an issue: from 10^3 to 10^9 outcomes."""
ENGINES = {
    "enumerate": "look at every outcome",
    "eliminate": "eliminate issues",
    "bound": "bound: solutions only",
    "count": "only count consent",
}
BUDGET = 4.0
"""Seconds after which a run of a series is its last one."""
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
WALK = (9, 10)
"""Issues and options of the walk that is reported on its own: 10^9 outcomes."""

TEXT = """\
## How the cost grows

{options} options an issue; scores, weights and walk-away values as against NegMAS; *with rules*,
about a fifth of the combinations of each issue with the next one is forbidden. *enumerate* looks
at every outcome for counts and frontiers, *eliminate* finds the same frontiers without looking at
outcomes, *bound* finds the five solutions by integer programs and no frontier, *count* is the
walk that counts who accepts how many outcomes, whichever engine found the frontiers. A series
ends with the first run over {budget:.0f} s.

![Seconds by number of outcomes, for each engine and number of parties](growth.svg)

{table}

{handing}

A walk through {total} outcomes, {parties} parties: {speed:,.0f} million outcomes a second,
{peak:.0f} MB at most, {grown:.0f} MB of them for the walk.
"""


@dataclass(frozen=True)
class Point:
    """One run."""

    engine: str
    parties: int
    rules: bool
    outcomes: int
    seconds: float


def report(folder: Path, *, quick: bool) -> str:
    """Measure, draw, report."""
    issues = (2, 3, 4) if quick else ISSUES
    parties = PARTIES[:1] if quick else PARTIES
    points = [
        point
        for engine in ENGINES
        for number in parties
        for rules in (False, True)
        for point in _series(engine, number, issues, rules=rules)
    ]
    walk = (3, 4) if quick else WALK
    walked = measure(DETENTE, "count", [random_domain([walk[1]] * walk[0], max(parties), 0)])[0]
    draw(points, folder / "growth.svg")
    return TEXT.format(
        options=OPTIONS,
        budget=BUDGET,
        table=_table(points),
        handing="\n".join(_handing(points, number) for number in parties),
        total=writing.outcomes(walk[1] ** walk[0]),
        parties=max(parties),
        speed=walk[1] ** walk[0] / walked.seconds / 1e6,
        peak=walked.peak,
        grown=walked.peak - walked.before,
    )


def _series(engine: str, parties: int, issues: Sequence[int], *, rules: bool) -> list[Point]:
    """One engine's cost, in one process, from the smallest space up to the budget."""
    chosen = issues[:: 2 if engine == "bound" else 1]
    domains = [random_domain([OPTIONS] * number, parties, 0, rules=rules) for number in chosen]
    measured = measure(DETENTE, engine, domains, runs=3, budget=BUDGET)
    return [
        Point(engine, parties, rules, domain.outcomes, each.seconds)
        for domain, each in zip(domains, measured, strict=False)
        if each.answer.get("efficient", 0) is not None
    ]


def _table(points: Sequence[Point]) -> str:
    spaces = sorted({point.outcomes for point in points if point.engine == "bound"})
    found: dict[tuple[str, int, bool], dict[int, float]] = {}
    for point in points:
        row = found.setdefault((point.engine, point.parties, point.rules), {})
        row[point.outcomes] = point.seconds
    rows = [
        [
            f"{engine}, {parties} parties{', rules' if rules else ''}",
            *(writing.seconds(row[space]) if space in row else "–" for space in spaces),
        ]
        for (engine, parties, rules), row in found.items()
    ]
    return writing.table(["outcomes", *map(writing.outcomes, spaces)], rows)


def crossing(points: Sequence[Point], parties: int, *, rules: bool) -> int | None:
    """Outcomes from which on eliminating issues was always cheaper than enumerating."""
    costs = {
        engine: {
            point.outcomes: point.seconds
            for point in points
            if (point.engine, point.parties, point.rules) == (engine, parties, rules)
        }
        for engine in ("enumerate", "eliminate")
    }
    both = sorted(set(costs["enumerate"]) & set(costs["eliminate"]), reverse=True)
    first = None
    for outcomes in both:
        if costs["eliminate"][outcomes] > costs["enumerate"][outcomes]:
            break
        first = outcomes
    return first


def _from(outcomes: int | None) -> str:
    return "at none of these sizes" if outcomes is None else f"from {outcomes:,} outcomes on"


def _handing(points: Sequence[Point], parties: int) -> str:
    free, ruled = (_from(crossing(points, parties, rules=rules)) for rules in (False, True))
    return (
        f"- {parties} parties: eliminating issues was cheaper than looking at every outcome "
        f"{free}, and with rules {ruled}."
    )


def draw(points: Sequence[Point], file: Path) -> None:
    """Seconds by number of outcomes, log-log, one panel a number of parties."""
    import altair as alt

    from detente.views.theme import PARTIES as COLOURS
    from detente.views.theme import themed

    shown = [{**vars(point), "label": ENGINES[point.engine]} for point in points]
    spaces, costs = ([row[key] for row in shown] for key in ("outcomes", "seconds"))
    wide = alt.Scale(type="log", domain=[min(spaces) / 1.2, max(spaces) ** 1.6], nice=False)
    tall = alt.Scale(type="log", domain=[min(costs) / 1.5, max(costs) * 2], nice=False)
    across = alt.X("outcomes:Q", title="outcomes", scale=wide).axis(
        values=[10**power for power in range(3, 19, 2) if 10**power <= max(spaces)],
        labelExpr=f"'10' + '{SUPERSCRIPTS}'[round(log(datum.value) / LN10)]",
    )
    up = alt.Y("seconds:Q", title=None, scale=tall).axis(
        values=[10.0**power for power in range(-5, 4)],
        labelExpr="datum.value < 1 ? format(1000 * datum.value, '~g') + ' ms' "
        ": format(datum.value, '~g') + ' s'",
    )
    colour = alt.Color("engine:N", legend=None).scale(
        domain=list(ENGINES), range=[tone.light for tone in COLOURS]
    )
    dash = alt.StrokeDash("rules:N", legend=None).scale(range=[[1, 0], [4, 3]])
    panels = []
    for parties in sorted({point.parties for point in points}):
        rows = [row for row in shown if row["parties"] == parties]
        lines = alt.Chart(alt.Data(values=rows)).mark_line(point=alt.OverlayMarkDef(size=14))
        named = alt.Chart(alt.Data(values=_labels(rows))).mark_text(align="left", dx=8)
        where = _from(crossing(points, parties, rules=False))
        panels.append(
            alt.layer(
                lines.encode(across, up, colour, dash),
                named.encode(across, alt.Y("place:Q", scale=tall), colour, text="label:N"),
            ).properties(
                width=330,
                height=300,
                title=alt.Title(f"{parties} parties", subtitle=f"Eliminating is cheaper {where}."),
            )
        )
    chart = alt.hconcat(*panels, spacing=40, bounds="flush").properties(
        title=alt.Title(
            "Looking at every outcome costs more the larger the space, eliminating issues "
            "the more outcomes are efficient",
            subtitle="Time to the answer; broken lines: with rules. A line ends at a run over "
            f"{BUDGET:.0f} s, or at the largest space.",
        )
    )
    themed(chart).save(file)


def _labels(rows: Sequence[Mapping[str, Any]], apart: float = 2.0) -> list[dict[str, Any]]:
    """A label a line at the right, near the height of its end, none on top of another."""
    ends = {row["engine"]: row for row in rows if not row["rules"]}
    right = max(row["outcomes"] for row in rows)
    out: list[dict[str, Any]] = []
    for row in sorted(ends.values(), key=lambda row: -row["seconds"]):
        most = out[-1]["place"] / apart if out else math.inf
        out.append({**row, "outcomes": right, "place": min(row["seconds"], most)})
    return out
