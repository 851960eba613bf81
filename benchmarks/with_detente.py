"""The jobs as detente does them."""

from __future__ import annotations

import math
from dataclasses import asdict

import detente
from detente.agreement import SOLUTIONS, Limits, TooLarge, efficient
from detente.agreement.engines.choosing import search
from detente.agreement.engines.elimination.eliminate import eliminate
from detente.agreement.engines.enumerate import survey
from detente.agreement.engines.programs.bound import bound
from detente.model.compilation import compile_case
from detente.model.problem import Integers, Problem
from points import all_points
from stopwatch import Plain, Prepared, digest, serve


def written(domain: Plain) -> Plain:
    """The case as a person would write it down."""
    options = [[f"o{number}" for number in range(size)] for size in domain["sizes"]]
    issues = {f"i{number}": names for number, names in enumerate(options)}
    parties = [f"p{number}" for number in range(len(domain["scores"]))]
    return {
        "detente": 1,
        "title": "Random",
        "parties": {
            party: {"walk_away": least}
            for party, least in zip(parties, domain["walk_away"], strict=True)
        },
        "issues": {issue: {"options": names} for issue, names in issues.items()},
        "rules": [
            {"never": f"i{issue} == o{one} and i{following} == o{other}"}
            for (issue, one), (following, other) in domain["forbidden"]
        ],
        "values": {
            party: {
                "scores": {
                    issue: dict(zip(names, table, strict=True))
                    for (issue, names), table in zip(issues.items(), tables, strict=True)
                }
            }
            for party, tables in zip(parties, domain["scores"], strict=True)
        },
    }


def problem_of(domain: Plain) -> Problem:
    """The same, as the engines see it."""
    return compile_case(detente.load(written(domain))).problem


def agree(domain: Plain) -> Prepared:
    """From numbers to the answer of ``detente agree``: counts, frontiers, five solutions."""

    def answer(result: detente.AgreeResult) -> Plain:
        best = {rule: point.outcomes[0].values for rule, point in result.solutions.items()}
        gains = {
            rule: [values[name] - result.walk_away[name] for name in values]
            for rule, values in best.items()
        }
        frontier = result.efficient_acceptable
        return {
            "engine": result.method,
            "limits": asdict(Limits()),
            "acceptable": result.acceptable,
            "efficient": None if frontier is None else frontier.count,
            "nash": int(math.prod(gains["nash"])),
            "egalitarian": int(min(gains["egalitarian"])),
            "utilitarian": int(sum(best["utilitarian"].values())),
            "frontier": None if frontier is None else digest(_frontier(domain)),
        }

    return lambda: detente.agree(detente.load(written(domain)), listed=1), answer


def _frontier(domain: Plain) -> list[list[int]]:
    found = search(problem_of(domain), ordered=True, limits=Limits(walk=0)).acceptable
    return [] if found is None else found.points.tolist()


def frontier(domain: Plain) -> Prepared:
    """From numbers to the efficient outcomes alone, by eliminating issues."""

    def run() -> Integers:
        return eliminate(problem_of(domain), acceptable=False).points

    return run, lambda points: {"efficient": len(points), "frontier": digest(points.tolist())}


def filtering(domain: Plain) -> Prepared:
    """Which of many points that are there already are efficient."""
    points = all_points(domain)
    return lambda: efficient(points), lambda mask: {"efficient": int(mask.sum())}


def by_enumerating(domain: Plain) -> Prepared:
    """Counts and frontiers from a look at every outcome."""
    problem = problem_of(domain)
    return lambda: survey(problem), lambda found: {"efficient": found[1].count}


def by_eliminating(domain: Plain) -> Prepared:
    """Frontiers by eliminating issues; no counts."""
    problem = problem_of(domain)

    def run() -> int | None:
        try:
            found = search(problem, ordered=True, engine="eliminate", limits=Limits(walk=0))
        except TooLarge:
            return None
        return found.feasible.count if found.feasible else 0

    return run, lambda count: {"efficient": count}


def by_bounding(domain: Plain) -> Prepared:
    """The five solutions by integer programs."""
    problem = problem_of(domain)
    return lambda: [bound(problem, rule) for rule in SOLUTIONS], lambda found: {
        "programs": sum(each.programs for each in found)
    }


def counting(domain: Plain) -> Prepared:
    """Who accepts how many outcomes, from a look at every outcome."""
    problem = problem_of(domain)
    return lambda: survey(problem, fronts=False), lambda found: {"feasible": found[0].feasible}


if __name__ == "__main__":
    serve(
        {
            "agree": agree,
            "frontier": frontier,
            "filter": filtering,
            "enumerate": by_enumerating,
            "eliminate": by_eliminating,
            "bound": by_bounding,
            "count": counting,
        }
    )
