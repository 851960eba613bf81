"""How packages stand in many codings: share, expected smallest gain, greatest regret."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.model.problem import Floats, Integers, Problem
from detente.uncertainty.robust.codings import MEMORY, Codings, agreed, batches


@dataclass(frozen=True)
class Robustness:
    """One package in many codings.

    Parameters
    ----------
    count
        Codings in which it obeys the rules and has the consent that is asked for.
    codings
        How many codings there are.
    smallest_gain
        Mean over the codings of the smallest gain over walking away among the signing
        parties with scores, in points; None where no signing party has scores.
    regret
        The most, over the codings, by which its smallest gain falls short of that of the
        best feasible package of those compared, in points. None where no signing party
        has scores, and for a package that breaks a rule.
    """

    count: int
    codings: int
    smallest_gain: float | None
    regret: float | None

    @property
    def share(self) -> float:
        """The share of codings in which it is acceptable to all, between 0 and 1."""
        return self.count / self.codings


def robustness(
    problem: Problem, codings: Codings, codes: Integers, memory: int = MEMORY
) -> tuple[Robustness, ...]:
    """How does each package stand in the same codings, and next to the others?

    The *regret* of a package in a coding is what its smallest gain lacks to the largest
    smallest gain that a feasible one of the packages compared has there; its *greatest
    regret* is the largest over the codings (Savage 1951). Walking away is none of the
    packages compared. Gains are in points, each party's on its own scale.

    Parameters
    ----------
    problem
        The case as the engines see it.
    codings
        The codings, the same for all packages.
    codes
        Option positions, shape (packages, issues).
    memory
        Bytes for arrays over packages and codings; a single package may take more.

    Returns
    -------
    robustness
        One for each package, in their order.

    Notes
    -----
    O(packages · codings · terms). Gains are found twice: regret asks for the best of all
    packages first, and they are not kept.

    References
    ----------
    Savage, "The theory of statistical decision", Journal of the American Statistical
    Association 46 (1951).
    """
    feasible = problem.feasible(codes)
    spans = list(batches(problem, codings, len(codes), memory))
    scored = has_scores(problem)
    best = np.full(codings.count, -np.inf)
    for start, stop in spans if scored else ():
        possible = codes[start:stop][feasible[start:stop]]
        if len(possible):
            np.maximum(best, smallest_gains(problem, codings, possible).max(axis=0), out=best)
    out: list[Robustness] = []
    for start, stop in spans:
        counts = agreed(problem, codings, codes[start:stop]).sum(axis=1).tolist()
        if not scored:
            out += [Robustness(count, codings.count, None, None) for count in counts]
            continue
        gains = smallest_gains(problem, codings, codes[start:stop])
        means = gains.mean(axis=1).tolist()
        regrets = (best - gains).max(axis=1).tolist()
        for row, count in enumerate(counts):
            regret = max(0.0, regrets[row]) if feasible[start + row] else None
            out.append(Robustness(count, codings.count, means[row], regret))
    return tuple(out)


def has_scores(problem: Problem) -> bool:
    """Whether a signing party has scores, so that there is a smallest gain."""
    return any(problem.criteria[place].cardinal for place in problem.objectives)


def smallest_gains(problem: Problem, codings: Codings, codes: Integers) -> Floats:
    """Smallest gain over walking away among the signing parties with scores, in points.

    Shape (outcomes, codings); one of the parties must have scores (:func:`has_scores`).
    """
    out = np.full((len(codes), codings.count), np.inf)
    for place in problem.objectives:
        criterion = problem.criteria[place]
        if place in codings.worths:
            np.minimum(out, codings.worths[place].gains(codes), out=out)
        elif criterion.cardinal:
            above = criterion.totals(codes) - criterion.threshold
            np.minimum(out, (above * float(criterion.unit))[:, None], out=out)
    return out
