"""How sure is it that a package is acceptable, given the ranges of the numbers?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.model.compilation import Model
from detente.model.draws import RangedValues, not_negative, ranged_values
from detente.model.problem import Booleans, Consent, Floats, Integers
from detente.model.space import blocks

BLOCK = 1 << 13
"""Codings drawn at once."""
QUANTILE = 1.959963984540054
"""Of the standard normal distribution, for intervals of 95 %."""

METHOD = (
    "the share of codings in which the package is accepted, of codings drawn from the stated "
    "ranges; it is no probability of an event. Every number with a range is drawn on its own: "
    "independent errors average out, correlated ones do not, so shares near 0 or 1 are firmer "
    "here than under correlated ranges. Intervals are Wilson's, 95 %, and only say how well "
    "so many draws measure the share"
)
"""What a share means, as results state it."""


@dataclass(frozen=True)
class Share:
    """A share of codings.

    Parameters
    ----------
    count
        Codings in which it holds.
    samples
        Codings drawn.
    low, high
        Wilson's 95 % interval for the share under the stated ranges; the share itself
        where it is certain.
    certain
        Whether the verdict is the same in every coding because no range can change what
        it rests on: exact, not sampled.
    """

    count: int
    samples: int
    low: float
    high: float
    certain: bool

    @property
    def share(self) -> float:
        """Between 0 and 1."""
        return self.count / self.samples


@dataclass(frozen=True)
class PackageShares:
    """In which share of codings a package is accepted.

    Parameters
    ----------
    outcome
        Issue to option.
    feasible
        Whether it obeys the rules; no coding makes one that does not acceptable.
    accepts
        For every party and faction, signing or not.
    acceptable
        That it obeys the rules and has the consent that the agreement rule asks for.
    """

    outcome: Mapping[str, str]
    feasible: bool
    accepts: Mapping[str, Share]
    acceptable: Share


@dataclass(frozen=True)
class Shares:
    """Acceptance of several packages in the same codings.

    Parameters
    ----------
    samples, seed
        Codings drawn, and what they are drawn from.
    ranges
        How many numbers with ranges were drawn.
    packages
        By the names that were given.
    """

    samples: int
    seed: int
    ranges: int
    packages: Mapping[str, PackageShares]


def acceptance_shares(
    model: Model,
    outcomes: Mapping[str, Mapping[str, str]],
    samples: int = 10_000,
    seed: int = 0,
) -> Shares:
    """In which share of codings is each package acceptable, to each party and altogether?

    Scores, weights, adjustments and walk-away values with ranges are drawn, each on its
    own; weights are divided by their sum in every draw. A walk-away that is an outcome is
    valued in the same draw. Red lines, ratification and the agreement rule hold as they
    do for point values. See :data:`METHOD` for what a share means.

    Parameters
    ----------
    model
        The compiled case.
    outcomes
        Complete outcomes by name.
    samples
        Number of codings, at least 1.
    seed
        Of the generator: the same seed gives the same codings, whatever the outcomes.

    Raises
    ------
    ValueError
        Where ``samples`` is less than 1.
    KeyError
        Where an outcome leaves out an issue or names an unknown option.

    Notes
    -----
    What rests on no number that varies is decided exactly. The rest is decided in floats,
    where a gain counts as not negative down to −1e-12 of the sizes of its terms.
    O(samples (ranges + terms · outcomes)), in blocks of bounded memory.

    References
    ----------
    Wilson, "Probable inference, the law of succession, and statistical inference", Journal
    of the American Statistical Association 22 (1927).
    """
    if samples < 1:
        raise ValueError(f"at least one coding is needed, not {samples}")
    problem = model.problem
    codes = np.array([model.space.codes(outcome) for outcome in outcomes.values()], dtype=np.int64)
    codes = codes.reshape(len(outcomes), len(model.space.issues))
    ranged = _ranged(model)
    met = problem.totals(codes) >= problem.thresholds
    open_ = np.zeros_like(met)
    for place, values in ranged.items():
        open_[:, place] = values.hangs_on(codes)
    rules = [problem.consent, *problem.consents.values()]
    counts = _counts(rules, codes, ranged, met=met, open_=open_, samples=samples, seed=seed)
    feasible = problem.feasible(codes)
    packages = {}
    for row, (name, outcome) in enumerate(outcomes.items()):
        acceptable, *accepts = (
            _share(count, samples, _decided(rule, met[row], open_[row]))
            for count, rule in zip(counts[row], rules, strict=True)
        )
        if not feasible[row]:
            acceptable = _share(0, samples, certain=True)
        by_name = dict(zip(problem.consents, accepts, strict=True))
        packages[name] = PackageShares(dict(outcome), bool(feasible[row]), by_name, acceptable)
    return Shares(samples, seed, sum(len(values.ranged) for values in ranged.values()), packages)


def wilson(count: int, samples: int) -> tuple[float, float]:
    """Wilson's 95 % interval for a share of which ``count`` of ``samples`` were seen.

    Examples
    --------
    >>> tuple(round(end, 4) for end in wilson(0, 100))
    (0.0, 0.037)
    """
    share, spread = count / samples, QUANTILE**2 / samples
    centre = (share + spread / 2) / (1 + spread)
    reach = math.sqrt(spread * (share * (1 - share) + spread / 4)) / (1 + spread)
    low = centre - reach if count else 0.0
    return low, centre + reach if count < samples else 1.0


def _share(count: int, samples: int, certain: bool) -> Share:
    share = count / samples
    low, high = (share, share) if certain else wilson(count, samples)
    return Share(count, samples, low, high, certain)


def _ranged(model: Model) -> dict[int, RangedValues]:
    """The values that ranges change, by the position of their criterion."""
    found = {
        model.position[name]: ranged_values(model.case, name)
        for name in model.valued
        if model.has_scores(name)
    }
    return {place: values for place, values in found.items() if values.ranged}


def _counts(
    rules: Sequence[Consent],
    codes: Integers,
    ranged: Mapping[int, RangedValues],
    *,
    met: Booleans,
    open_: Booleans,
    samples: int,
    seed: int,
) -> list[list[int]]:
    """For each outcome and each consent rule, in how many codings it holds."""
    generator = np.random.default_rng(seed)
    reads = {place: values.reads(codes) for place, values in ranged.items()}
    counts = [[0] * len(rules) for _ in codes]
    for start, stop in blocks(samples, BLOCK):
        verdicts: dict[int, Booleans] = {}
        for place, values in ranged.items():
            shares: Floats = generator.random((stop - start, len(values.ranged)))
            verdicts[place] = not_negative(values.draw(shares), reads[place])
        for row in range(len(codes)):
            drawn = np.repeat(met[row : row + 1], stop - start, axis=0)
            for place in np.flatnonzero(open_[row]).tolist():
                drawn[:, place] = verdicts[place][:, row]
            for column, rule in enumerate(rules):
                counts[row][column] += int(rule.holds(drawn).sum())
    return counts


def _decided(rule: Consent, met: Booleans, open_: Booleans) -> bool:
    """Whether a consent rule comes out the same however the open criteria do.

    Consent never turns false when more criteria are met, so the two extremes decide.
    """
    worst, best = met & ~open_, met | open_
    extremes = rule.holds(np.stack((worst, best)))
    return bool(extremes[0] == extremes[1])
