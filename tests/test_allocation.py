"""Where to inspect: thresholds, water-filling, a shared stake, rotating schedules."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from detente.verification.inspections.allocation import (
    Allocation,
    SingleSite,
    Site,
    allocate,
    assess,
    nash_and_leadership,
    threshold,
)

FILE = Path(__file__).parent / "data" / "verify" / "allocation.json"
REFERENCE: dict[str, Any] = json.loads(FILE.read_text())
WORKED = REFERENCE["worked_example"]
SITES = [
    Site(s["G"], s["P"], s["q"], cost=s["w"], undetected=s["C"], detected=s["A"])
    for s in WORKED["sites"]
]

tenths = st.integers(0, 10).map(lambda n: n / 10)
positive_tenths = st.integers(1, 10).map(lambda n: n / 10)


@st.composite
def drawn_sites(draw: Any, least_deterrence: float = -math.inf) -> list[Site]:
    count = draw(st.integers(1, 4))
    sites = []
    for _ in range(count):
        lost = draw(st.integers(0, 5))
        site = Site(
            gain=draw(st.integers(0, 12)),
            penalty=draw(st.integers(0, 12)),
            detection=draw(tenths),
            false_alarm=draw(tenths),
            false_alarm_cost=draw(st.integers(0, 4)),
            cost=draw(st.integers(1, 4)),
            undetected=lost + draw(st.integers(1, 9)),
            detected=lost,
        )
        assume(site.deterrence > least_deterrence)
        sites.append(site)
    return sites


# ------------------------------------------------------------------ G1: thresholds


def test_thresholds_of_the_worked_example() -> None:
    assert [threshold(site) for site in SITES] == pytest.approx(WORKED["x_star"])
    assert allocate(SITES).cost == pytest.approx(WORKED["W_star"])
    assert allocate(SITES).deterred


@pytest.mark.parametrize("case", REFERENCE["false_alarm_thresholds"])
def test_false_alarms_raise_the_threshold(case: dict[str, float]) -> None:
    site = Site(8, 12, 0.9, false_alarm=case["alpha"], false_alarm_cost=5)
    assert threshold(site) == pytest.approx(case["x_star"])


@given(drawn_sites())
def test_threshold_is_where_violating_stops_paying(sites: list[Site]) -> None:
    for site in sites:
        at = threshold(site)
        if at is None:
            assert site.temptation(1.0) > 0
            assert site.temptation(0.0) > 0
        else:
            assert site.temptation(at) == pytest.approx(0, abs=1e-9) or at == 0
            assert not site.gain or site.temptation(0.99 * at) > 0


def test_sites_that_cannot_be_deterred() -> None:
    assert threshold(Site(8, 1, 0.5)) is None  # x* would be 16/9
    assert threshold(Site(8, 0, 1)) == 1
    assert threshold(Site(8, 12, 0)) is None
    assert threshold(Site(1, 1, 0.5, false_alarm=0.5, false_alarm_cost=4)) is None
    assert threshold(Site(0, 1, 0.5, false_alarm=0.5, false_alarm_cost=4)) == 0
    balanced = Site(1, 11, 0.1, false_alarm=0.3, false_alarm_cost=4)
    assert 12 * 0.1 != 4 * 0.3  # by rounding only
    assert threshold(balanced) is None
    assert allocate([balanced]).coverage == (0,)
    assert threshold(Site(1, 0, 1 - 2**-53)) == 1  # above 1 by rounding only


# ------------------------------------------------------------------ G2: water-filling


@pytest.mark.parametrize("case", WORKED["by_budget"], ids=lambda case: str(case["W"]))
def test_worked_example_by_budget(case: dict[str, Any]) -> None:
    plan = allocate(SITES, case["W"])
    assert plan.theta == pytest.approx(case["theta"], abs=1e-9)
    assert plan.coverage == pytest.approx(case["x"])
    assert plan.value == pytest.approx(case["leader"])
    assert plan.value == pytest.approx(case["leader_multiLP"])
    assert plan.response == (None if case["response"] == "legal" else case["response"])
    assert plan.attacked == tuple(case.get("attack_set", ()))
    assert plan.deterred == (case["response"] == "legal")
    assert plan.cost <= case["W"] + 1e-12


def test_equal_coverage_of_the_worked_example() -> None:
    case = WORKED["uniform_1.25"]
    plan = assess(SITES, [1.25 / 4] * 4)
    assert [s.temptation(1.25 / 4) for s in SITES] == pytest.approx(case["gains"])
    assert plan.response == case["response"]
    assert plan.value == pytest.approx(case["leader"])
    assert plan.theta == pytest.approx(2.375)
    assert plan.cost == pytest.approx(1.25)


def best_commitment(sites: list[Site], budget: float) -> float:
    """One linear program for each reply of the inspectee (Conitzer & Sandholm 2006)."""
    count = len(sites)
    deterrence = [site.deterrence for site in sites]
    best = -math.inf
    for reply in [None, *range(count)]:
        rows, limits = [[site.cost for site in sites]], [budget]
        for j, site in enumerate(sites):  # no other reply may gain more
            row, limit = [0.0] * count, -float(site.gain)
            row[j] = -deterrence[j]
            if reply is not None:
                row[reply] += deterrence[reply]
                limit += sites[reply].gain
            rows.append(row)
            limits.append(limit)
        objective, constant = [0.0] * count, 0.0
        if reply is not None:  # complying gains nothing
            row = [0.0] * count
            row[reply] = deterrence[reply]
            rows.append(row)
            limits.append(sites[reply].gain)
            lost, kept = sites[reply].undetected, sites[reply].detected
            assert lost is not None
            assert kept is not None
            objective[reply] = -(lost - kept) * sites[reply].detection
            constant = -lost
        solved = linprog(objective, A_ub=rows, b_ub=limits, bounds=[(0, 1)] * count)
        if solved.status == 0:
            best = max(best, constant - solved.fun)
    return best


@settings(max_examples=150, deadline=None)
@given(drawn_sites(least_deterrence=0.0), st.integers(0, 40))
def test_water_filling_is_the_best_commitment(sites: list[Site], quarters: int) -> None:
    plan = allocate(sites, quarters / 4)
    assert plan.value == pytest.approx(best_commitment(sites, quarters / 4), abs=1e-6)


def least_theta(sites: list[Site], budget: float) -> float:
    """The value of the best violation, as small as the budget can make it."""
    count = len(sites)
    rows = [[site.cost for site in sites] + [0.0]]
    for j, site in enumerate(sites):
        rows.append([-site.deterrence * (i == j) for i in range(count)] + [-1.0])
    limits = [budget, *(-float(site.gain) for site in sites)]
    bounds = [(0, 1)] * count + [(0, None)]
    solved = linprog([0.0] * count + [1.0], A_ub=rows, b_ub=limits, bounds=bounds)
    assert solved.status == 0
    return float(solved.fun)


@settings(max_examples=150, deadline=None)
@given(drawn_sites(), st.integers(0, 40))
def test_theta_is_least(sites: list[Site], quarters: int) -> None:
    plan = allocate(sites, quarters / 4)
    assert plan.theta == pytest.approx(least_theta(sites, quarters / 4), abs=1e-7)
    assert plan.cost <= quarters / 4 + 1e-9
    assert plan.deterred == (plan.theta == 0)
    assert plan.undeterrable == tuple(j for j, s in enumerate(sites) if threshold(s) is None)
    more = allocate(sites, quarters / 4 + 1)
    assert more.theta <= plan.theta + 1e-9
    assert all(x >= y - 1e-9 for x, y in zip(more.coverage, plan.coverage, strict=True))
    assert more.value is not None
    assert plan.value is not None


@given(drawn_sites(), st.integers(0, 40) | st.none(), st.integers(0, 10))
def test_safety_exceeds_the_thresholds_within_the_budget(
    sites: list[Site], quarters: int | None, share: int
) -> None:
    budget = None if quarters is None else quarters / 4
    plain, safe = allocate(sites, budget), allocate(sites, budget, safety=share / 10)
    assert budget is None or safe.cost <= budget + 1e-9
    assert (safe.deterred, safe.undeterrable) == (plain.deterred, plain.undeterrable)
    full = [min(1.0, (1 + share / 10) * x) for x in plain.coverage]
    if not plain.deterred:
        assert safe == plain
    elif budget is None:
        assert safe.coverage == pytest.approx(full)
    else:
        assert all(
            x - 1e-9 <= y <= z + 1e-9
            for x, y, z in zip(plain.coverage, safe.coverage, full, strict=True)
        )
        reached = safe.coverage == pytest.approx(full)
        assert reached or safe.cost == pytest.approx(budget)


def test_an_undeterrable_site_is_named_and_sets_the_level() -> None:
    hopeless = Site(5, 1, 0.5, undetected=7, detected=3)
    plan = allocate([*SITES, hopeless], 10)
    assert plan.undeterrable == (4,)
    assert not plan.deterred
    assert plan.theta == pytest.approx(2)
    assert plan.coverage[4] == 1
    assert plan.attacked == (0, 1, 2, 3, 4)
    tempted = Site(5, 1, 0.1, false_alarm=1, false_alarm_cost=1)
    plan = allocate([tempted, SITES[1]])
    assert plan.coverage[0] == 0
    assert plan.theta == 5
    assert (plan.response, plan.value) == (None, None)


def test_losses_that_are_not_given_leave_the_reply_open() -> None:
    plan = allocate([Site(8, 12, 0.9), Site(6, 12, 0.8)], 0.25)
    assert not plan.deterred
    assert plan.attacked
    assert (plan.response, plan.value) == (None, None)
    free = allocate([Site(8, 12, 0.9, cost=0), Site(6, 12, 0.8)], 0)
    assert free.coverage == pytest.approx((2 / 18, 0))
    assert free.theta == pytest.approx(6)
    assert free.attacked == (0, 1)
    assert allocate([Site(8, 12, 0.9, cost=0)], 0).deterred


# ------------------------------------------------------------------ G3: a single site


def test_nash_and_leadership() -> None:
    case = REFERENCE["nash_vs_leadership"]
    site = Site(
        case["G"],
        case["P"],
        case["q"],
        cost=case["w"],
        undetected=case["C"],
        detected=case["A"],
    )
    for played, name in zip(nash_and_leadership(site), ("nash", "leadership"), strict=True):
        assert played.inspect == pytest.approx(case[name]["p_inspect"])
        assert played.violate == pytest.approx(case[name]["p_violate"])
        assert played.inspector == pytest.approx(case[name]["inspector"])
        assert played.inspectee == pytest.approx(case[name]["inspectee"], abs=1e-12)


def payoffs(site: Site, inspect: float, violate: float) -> tuple[float, float]:
    """What both get, cell by cell."""
    lost, kept = site.undetected, site.detected
    assert lost is not None
    assert kept is not None
    q = site.detection
    cells = {
        (1, 1): (
            -site.cost - (1 - q) * lost - q * kept,
            (1 - q) * site.gain - q * site.penalty,
        ),
        (1, 0): (-site.cost, -site.false_alarm * site.false_alarm_cost),
        (0, 1): (-lost, site.gain),
        (0, 0): (0.0, 0.0),
    }
    share = {
        (i, v): (inspect if i else 1 - inspect) * (violate if v else 1 - violate) for i, v in cells
    }
    return tuple(sum(share[c] * cells[c][side] for c in cells) for side in (0, 1))  # type: ignore[return-value]


@given(drawn_sites())
def test_nobody_gains_by_leaving_the_equilibrium_and_the_leader_does_best(
    sites: list[Site],
) -> None:
    site = sites[0]
    assume(site.gain)
    nash, leader = nash_and_leadership(site)
    for played in (nash, leader):
        assert isinstance(played, SingleSite)
        both = payoffs(site, played.inspect, played.violate)
        assert (played.inspector, played.inspectee) == pytest.approx(both, abs=1e-9)
    for pure in (0.0, 1.0):
        assert payoffs(site, pure, nash.violate)[0] <= nash.inspector + 1e-9
        assert payoffs(site, nash.inspect, pure)[1] <= nash.inspectee + 1e-9
        assert payoffs(site, leader.inspect, pure)[1] <= leader.inspectee + 1e-9
    at = threshold(site)
    for announced in [*np.linspace(0, 1, 51), *([] if at is None else [at])]:
        replies = [payoffs(site, announced, pure) for pure in (0.0, 1.0)]
        best = max(reply[1] for reply in replies)
        secured = max(reply[0] for reply in replies if reply[1] >= best - 1e-9)
        assert secured <= leader.inspector + 1e-9
    assert nash.inspector <= leader.inspector + 1e-9


# ------------------------------------------------------------------ domain


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"gain": -1}, "the gain of a site is not below 0; this is -1"),
        ({"gain": math.nan}, "the gain of a site is a finite number"),
        ({"gain": True}, "the gain of a site is a finite number"),
        ({"penalty": -1}, "the penalty of a site is not below 0"),
        ({"penalty": math.inf}, "the penalty of a site is a finite number"),
        ({"detection": 1.2}, r"the detection probability is between 0 and 1; this is 1\.2"),
        ({"false_alarm": -0.1}, "the false-alarm probability is between 0 and 1"),
        ({"false_alarm_cost": -1}, "the false alarm cost of a site is not below 0"),
        ({"cost": -1}, "the cost of a site is not below 0"),
        ({"undetected": 3}, "undetected and detected are given together"),
        ({"detected": 3}, "undetected and detected are given together"),
        ({"undetected": 3, "detected": 3}, "more when it is not found: undetected is 3"),
        ({"undetected": 3, "detected": -1}, "loss from a detected violation is not below 0"),
        ({"undetected": math.inf, "detected": 1}, "is a finite number"),
    ],
)
def test_sites_outside_their_domain(changes: dict[str, float], message: str) -> None:
    arguments: dict[str, Any] = {"gain": 8, "penalty": 12, "detection": 0.9, **changes}
    with pytest.raises(ValueError, match=message):
        Site(**arguments)


def test_allocations_outside_their_domain() -> None:
    with pytest.raises(ValueError, match="there is at least one site; sites is empty"):
        allocate([])
    with pytest.raises(ValueError, match="there is at least one site; sites is empty"):
        assess([], [])
    with pytest.raises(ValueError, match="the budget is not below 0; this is -1"):
        allocate(SITES, -1)
    with pytest.raises(ValueError, match="the safety is not below 0"):
        allocate(SITES, 1, safety=-0.5)
    with pytest.raises(ValueError, match="coverage has one entry for each of 4 sites; this has 1"):
        assess(SITES, [0.5])
    with pytest.raises(ValueError, match=r"coverage\[2\] is between 0 and 1; this is 1\.5"):
        assess(SITES, [0, 1, 1.5, 0])
    with pytest.raises(ValueError, match="the gain is above 0"):
        nash_and_leadership(Site(0, 12, 0.9, undetected=3, detected=1))
    with pytest.raises(ValueError, match="the inspector's losses, undetected and detected, are"):
        nash_and_leadership(Site(8, 12, 0.9))
    assert isinstance(allocate(SITES, 0), Allocation)
