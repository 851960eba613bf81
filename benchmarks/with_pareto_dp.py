"""The jobs as pareto_dp does them; runs in the environment of the peers.

It minimises, so it gets what is missing to 100 points. With a small ``epsilon`` it finds all
efficient points, and leaves some dominated ones in its answer; these are dropped here,
outside the time that is measured, before the answers are compared.
"""

from __future__ import annotations

import numpy as np
from pareto_dp import find_pareto_front

from stopwatch import Plain, Prepared, digest, serve

EPSILON = 1e-5
MOST = 100
"""Largest score of an option."""


def frontier(domain: Plain) -> Prepared:
    """From numbers to the efficient points."""
    scores, issues = domain["scores"], len(domain["sizes"])

    def run() -> list[list[float]]:
        missing = [
            [[float(MOST - tables[issue][option]) for tables in scores] for option in range(size)]
            for issue, size in enumerate(domain["sizes"])
        ]
        return [found.target_vector for found in find_pareto_front(missing, EPSILON)]

    def answer(found: list[list[float]]) -> Plain:
        points = np.unique(MOST * issues - np.array(found).round().astype(np.int64), axis=0)
        points = points[np.argsort(-points.sum(axis=1))]
        kept: list[int] = []
        for place, point in enumerate(points):
            if not (points[kept] >= point).all(axis=1).any():
                kept.append(place)
        return {
            "efficient": len(kept),
            "dominated": len(points) - len(kept),
            "frontier": digest(points[kept].tolist()),
        }

    return run, answer


if __name__ == "__main__":
    serve({"frontier": frontier})
