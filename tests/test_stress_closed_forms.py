"""Shares of codings against areas, and intervals against how often they cover the true share."""

from __future__ import annotations

from math import asin, pi, sqrt
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr, ndtri

import detente
from detente.agreement.packages.draws import Share
from detente.case import Case
from detente.uncertainty.batches import BATCH
from detente.uncertainty.codings import factors, ranged
from detente.uncertainty.draws import Draws
from detente.uncertainty.package import Asked
from detente.uncertainty.question import Question
from detente.uncertainty.sampling.correlation import Correlation, normal_correlation
from detente.uncertainty.standing import share
from detente.uncertainty.stress_result import StressResult

SAMPLES = 16 * BATCH
CLOSE = 0.006
"""Sobol' points and Latin hypercubes of this size lie closer to an area; so does no mistake."""


def two_parties(**changes: Any) -> Case:
    """North gives arms for aid; its gain is aid + arms less its walk-away. South has no say."""
    case: dict[str, Any] = {
        "detente": 1,
        "title": "Two parties",
        "parties": {"north": {"walk_away": 0}, "south": {"walk_away": 0}},
        "issues": {"arms": {"options": ["held", "gone"]}, "aid": {"options": ["none", "some"]}},
        "status_quo": {"arms": "held", "aid": "none"},
        "values": {
            "north": {
                "scores": {
                    "arms": {"held": 0, "gone": changes.get("gives", 0)},
                    "aid": {"none": 0, "some": changes.get("gets", 0)},
                }
            },
            "south": {
                "scores": {
                    "arms": {"held": 0, "gone": changes.get("sees", 1)},
                    "aid": {"none": 0, "some": 0},
                }
            },
        },
    }
    case["parties"]["north"]["walk_away"] = changes.get("leaves", 0)
    case["parties"]["south"]["walk_away"] = changes.get("south_leaves", 0)
    if "weights" in changes:
        case["values"]["north"]["weights"] = changes["weights"]
    return detente.load(case)


def asked(case: Case, **options: Any) -> StressResult:
    plain = {"samples": SAMPLES, "holds": False, "deciding": False, "robust": False}
    return detente.stress(case, "arms=gone,aid=some", workers=1, **{**plain, **options})


def accepted(case: Case, party: str = "north", **options: Any) -> float:
    return asked(case, **options).standing.accepts[party].share


DESIGNS = ["latin hypercube", "sobol"]


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize(
    ("north", "south", "area"),
    [
        # walk-away uniform on [0, 10], score 7: accepts up to 7
        ({"gets": 7, "leaves": [0, 10]}, {}, 0.7),
        # the same for both parties, and they are independent
        ({"gets": 7, "leaves": [0, 10]}, {"sees": 5, "south_leaves": [0, 20]}, 0.7 * 0.25),
        # a score on [0, 10] against a walk-away on [0, 10]: half the square
        ({"gets": [0, 10], "leaves": [0, 10]}, {}, 0.5),
        # a score on [0, 4] against a walk-away on [0, 10]: a triangle, 4 · 4 / 2 of 40
        ({"gets": [0, 4], "leaves": [0, 10]}, {}, 0.2),
        # beyond all doubt, and beyond all hope
        ({"gets": [10, 12], "leaves": [0, 10]}, {}, 1.0),
        ({"gets": [0, 1], "leaves": [2, 10]}, {}, 0.0),
    ],
)
def test_areas(north: Any, south: Any, area: float, design: str) -> None:
    found = asked(two_parties(**north, **south), design=design)
    assert found.standing.acceptable.share == pytest.approx(area, abs=CLOSE)
    # what is no value of a party hangs together with nothing, whatever the correlation
    for bound in found.bounds.values():
        assert bound.acceptable.share == pytest.approx(area, abs=2 * CLOSE)


@pytest.mark.parametrize("rho", [0, 0.3, 0.5, 0.9, 1])
def test_two_scores_of_a_party_hang_together(rho: float) -> None:
    """Accepts where x + y ≥ 0: of scores on [−1, 3] and [−4, 0] with a Gaussian copula."""
    mixed = float(normal_correlation(rho))
    if rho == 1:
        expected = 0.25  # the same share u of both: 4 u − 1 + 4 u − 4 ≥ 0 from u = 5/8
        expected = 1 - 5 / 8
    else:

        def inside(u: float) -> float:
            # x = 4 u − 1, so y = 4 v − 4 has to reach 1 − 4 u: v from (5 − 4 u) / 4
            bound = min(max((5 - 4 * u) / 4, 0), 1)
            z = (ndtri(bound) - mixed * ndtri(u)) / sqrt(1 - mixed**2) if 0 < bound < 1 else None
            return float(1 - ndtr(z)) if z is not None else float(bound == 0)

        expected = quad(inside, 0, 1, points=[0.25])[0]
    case = two_parties(gets=[-1, 3], gives=[-4, 0])
    assert accepted(case, correlation=rho) == pytest.approx(expected, abs=CLOSE)


@pytest.mark.parametrize("rho", [0.25, 0.5, 0.75])
def test_both_scores_above_their_medians(rho: float) -> None:
    """Of two scores on [−1, 1] both are positive in 1/4 + arcsin(r) / 2π of all codings."""
    drawn = ranged(factors(two_parties(gets=[-1, 1], gives=[-1, 1])))
    names = [factor.name for factor in drawn]
    draws = Draws(drawn, "sobol", 3, Correlation(tuple(f.party for f in drawn), rho))
    values = draws.values(drawn, draws.shares(0, SAMPLES))
    both = (values[names[0]] >= 0) & (values[names[1]] >= 0)
    expected = 0.25 + asin(2 * np.sin(pi / 6 * rho)) / (2 * pi)
    assert both.mean() == pytest.approx(expected, abs=CLOSE)
    ranks = np.corrcoef(*(np.argsort(np.argsort(values[name])) for name in names))[0, 1]
    assert ranks == pytest.approx(rho, abs=0.01)


def test_full_and_no_correlation_are_the_bounds() -> None:
    """The gain is x + y − 3 with both on [0, 2]: a triangle of 1/8, or the upper quarter."""
    case = two_parties(gets=[0, 2], gives=[0, 2], leaves=3)
    found = asked(case)
    shares = {name: entry.accepts["north"].share for name, entry in found.bounds.items()}
    assert shares["independent"] == pytest.approx(1 / 8, abs=CLOSE * 2)
    assert shares["full"] == pytest.approx(1 / 4, abs=CLOSE)
    assert shares["independent"] < found.standing.accepts["north"].share < shares["full"]


def test_normal_numbers() -> None:
    """A score with mean 5 and spread 3 against a walk-away with mean 2 and spread 4."""
    case = two_parties(gets={"mean": 5, "sd": 3}, leaves={"mean": 2, "sd": 4})
    assert accepted(case) == pytest.approx(float(ndtr((5 - 2) / 5)), abs=CLOSE)


def test_triangular_numbers() -> None:
    """Triangular on 0, 2, 8 lies above 4 in (8 − 4)² / (8 · 6) of all codings."""
    case = two_parties(gets={"low": 0, "likely": 2, "high": 8}, leaves=4)
    assert accepted(case) == pytest.approx(16 / 48, abs=CLOSE)


def test_pert_numbers() -> None:
    """PERT on 0, 1, 4 is 4 times the beta distribution (2, 4): below half in 13/16, mean 4/3."""
    number = {"low": 0, "likely": 1, "high": 4, "shape": "pert"}
    case = two_parties(gets=number, leaves=2)
    assert accepted(case) == pytest.approx(3 / 16, abs=CLOSE)
    found = ranged(factors(case))
    draws = Draws(found, "latin hypercube", 0, Correlation((None,)))
    values = draws.values(found, draws.shares(0, BATCH))[found[0].name]
    assert values.mean() == pytest.approx((0 + 4 * 1 + 4) / 6, abs=1e-3)


def test_weights_are_shares_of_all_weights() -> None:
    """Worth w · 6 / (w + 2) with w on [0, 4]: at least 3 from w = 2 on."""
    case = two_parties(gets=6, leaves=3, weights={"arms": 2, "aid": [0, 4]})
    assert accepted(case) == pytest.approx(0.5, abs=CLOSE)


def test_an_outside_factor() -> None:
    """Worth 5 and half a point for every unit of rain away from 4, rain on [0, 20]."""
    case = two_parties(gets=5, leaves=9)
    assert case._document is not None
    shift = {"party": "north", "issue": "aid", "option": "some", "score": 0.5}
    rain = {"range": [0, 20], "likely": 4, "shifts": [shift]}
    rainy = detente.load({**case._document.data, "drivers": {"rain": rain}})
    # A likely value makes the range a triangle with its peak at 4: above 12 lies 8² / (20 · 16).
    assert accepted(rainy) == pytest.approx(64 / 320, abs=CLOSE)
    uncertain = detente.load(
        {**case._document.data, "drivers": {"rain": {"range": [0, 20], "shifts": [shift]}}}
    )
    # Without one it is the middle, 10, and 9 is reached from 18 on.
    assert accepted(uncertain) == pytest.approx(0.1, abs=CLOSE)


# --- how often intervals cover -------------------------------------------------------


def shares_found(case: Case, kind: str, seeds: int, codings: int) -> list[Share]:
    """The share of codings in which the north accepts, from one seed after another."""
    found = factors(case)
    drawn = ranged(found)
    groups = tuple(factor.party for factor in drawn)
    asks = (Asked(case, found, {"arms": "gone", "aid": "some"}, holds=False, enforced=False),)
    out = []
    for seed in range(seeds):
        question = Question(asks, Draws(drawn, kind, seed, Correlation(groups)))
        out.append(share(question(0, codings)["accepts north"].astype(np.bool_)))
    return out


def test_intervals_cover_the_share() -> None:
    """The score on [0, 4] against a walk-away on [0, 10]: true in a fifth of all codings."""
    found = shares_found(two_parties(gets=[0, 4], leaves=[0, 10]), "random", 400, 200)
    covered = sum(entry.low <= 0.2 <= entry.high for entry in found)
    # 95 % of 400 is 380; three standard deviations are 13.
    assert 367 <= covered <= 393
    assert np.mean([entry.share for entry in found]) == pytest.approx(0.2, abs=0.005)


def test_designs_spread_less_than_chance() -> None:
    case = two_parties(gets=[0, 4], leaves=[0, 10])
    spread = {
        kind: np.std([entry.share for entry in shares_found(case, kind, 150, BATCH)])
        for kind in ("random", *DESIGNS)
    }
    assert spread["random"] == pytest.approx(sqrt(0.2 * 0.8 / BATCH), rel=0.2)
    assert spread["latin hypercube"] < 0.8 * spread["random"]
    assert spread["sobol"] < 0.4 * spread["random"]
