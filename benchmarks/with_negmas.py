"""The jobs as NegMAS does them; runs in the environment of the peers."""

from __future__ import annotations

import math

from negmas.outcomes import make_issue
from negmas.preferences import LinearAdditiveUtilityFunction
from negmas.preferences.ops import (
    kalai_points,
    ks_points,
    max_relative_welfare_points,
    max_welfare_points,
    nash_points,
    pareto_frontier,
    pareto_frontier_numpy,
)

from points import all_points
from stopwatch import Plain, Prepared, digest, serve

SOLUTIONS = (
    nash_points,
    kalai_points,
    ks_points,
    max_welfare_points,
    max_relative_welfare_points,
)


def agree(domain: Plain) -> Prepared:
    """From numbers to the frontier and five solutions.

    The route that NegMAS' own ``calc_scenario_stats`` takes and its documentation advises,
    without the statistics that nobody asked for.
    """

    def run() -> tuple[tuple[tuple[float, ...], ...], list[tuple[float, ...]]]:
        issues = [make_issue(size, f"i{place}") for place, size in enumerate(domain["sizes"])]
        functions = [
            LinearAdditiveUtilityFunction(
                [dict(enumerate(map(float, table))) for table in tables],
                issues=issues,
                reserved_value=float(least),
            )
            for tables, least in zip(domain["scores"], domain["walk_away"], strict=True)
        ]
        frontier, _ = pareto_frontier(functions, issues=issues)
        ranges = [each.minmax(issues=issues, above_reserve=False) for each in functions]
        solved = [find(functions, frontier, ranges=ranges) for find in SOLUTIONS]
        return frontier, [found[0][0] for found in solved]

    def answer(result: tuple[tuple[tuple[float, ...], ...], list[tuple[float, ...]]]) -> Plain:
        frontier, (nash, kalai, _, welfare, _) = result
        least = domain["walk_away"]
        return {
            "efficient": len(frontier),
            "nash": math.prod(round(own - low) for own, low in zip(nash, least, strict=True)),
            "egalitarian": round(min(own - low for own, low in zip(kalai, least, strict=True))),
            "utilitarian": round(sum(welfare)),
            "frontier": digest(frontier),
        }

    return run, answer


def filtering(domain: Plain) -> Prepared:
    """Which of many points that are there already are efficient."""
    points = all_points(domain).astype(float)
    return lambda: pareto_frontier_numpy(points), lambda kept: {"efficient": len(kept)}


if __name__ == "__main__":
    serve({"agree": agree, "filter": filtering})
