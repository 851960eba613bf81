"""Where to inspect: thresholds, water-filling, a shared stake, rotating schedules."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
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
from detente.verification.inspections.schedules import (
    Lottery,
    best_within,
    rotation_plan,
    systematic_sample,
)
from detente.verification.inspections.shared_stake import independent_plan

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


@st.composite
def games(draw: Any, most: int = 4) -> tuple[list[float], list[float], list[float], float]:
    """Gains, costs, detection probabilities and stake."""
    count = draw(st.integers(1, most))
    gains = draw(st.lists(st.integers(1, 9), min_size=count, max_size=count))
    costs = draw(st.lists(st.integers(0, 5), min_size=count, max_size=count))
    found = draw(st.lists(positive_tenths, min_size=count, max_size=count))
    stake = sum(gains) * draw(st.integers(19, 60)) / 20
    return list(map(float, gains)), list(map(float, costs)), found, stake


def subsets(count: int, most: int | None = None) -> list[tuple[int, ...]]:
    sizes = range((count if most is None else most) + 1)
    return [s for size in sizes for s in itertools.combinations(range(count), size)]


def found_by(visited: tuple[int, ...], violated: tuple[int, ...], q: list[float]) -> float:
    return 1 - math.prod(1 - q[j] for j in set(visited) & set(violated))


def least_margin(lottery: Lottery, g: list[float], q: list[float], stake: float) -> float:
    """The worst margin over all nonempty sets of violations, from the definition."""
    return min(
        stake * sum(p * found_by(visited, s, q) for visited, p in lottery) - sum(g[j] for j in s)
        for s in subsets(len(g))[1:]
    )


def drawn_independently(visits: tuple[float, ...]) -> Lottery:
    return tuple(
        (s, math.prod(x if j in s else 1 - x for j, x in enumerate(visits)))
        for s in subsets(len(visits))
    )


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


# ------------------------------------------------------------------ G4: a shared stake


@pytest.mark.parametrize("case", REFERENCE["joint"])
def test_shared_stake_reference_values(case: dict[str, Any]) -> None:
    plan = independent_plan(case["g"], case["c"], [1] * len(case["g"]), case["K"])
    assert plan is not None
    assert plan.cost == pytest.approx(case["cost"])
    assert plan.cost == pytest.approx(case["nlp_cost"])
    assert plan.order == tuple(case["order"])
    assert plan.visits == pytest.approx(case["y"])
    individual = drawn_independently(tuple(case["individual_y"]))
    ones = [1.0] * len(case["g"])
    margin = least_margin(individual, case["g"], ones, case["K"])
    assert margin == pytest.approx(case["individual_joint_margin"])


@given(games(5))
def test_no_order_is_cheaper(game: Any) -> None:
    """Where a visit can be certain to find, the plan is the best greedy vertex."""
    gains, costs, _, stake = game
    plan = independent_plan(gains, costs, [1.0] * len(gains), stake)
    if stake < sum(gains):
        assert plan is None
        return
    assert plan is not None

    def cost(order: tuple[int, ...]) -> float:
        left, total = stake, 0.0
        for j in order:
            total += costs[j] * gains[j] / left
            left -= gains[j]
        return total

    assert plan.cost == pytest.approx(min(map(cost, itertools.permutations(range(len(gains))))))
    assert plan.cost == pytest.approx(cost(plan.order))
    left = stake
    for i, j in itertools.pairwise(plan.order):  # no two neighbours would change places
        assert costs[i] * (left - gains[i]) >= costs[j] * (left - gains[j]) - 1e-9
        left -= gains[i]


def best_vertex(game: Any) -> float | None:
    """Least cost over all vertices of the region in a = -ln(1 - q x).

    The cost is concave in a, so a vertex is best. Certain visits that are certain to find count
    as missing with probability e^-40.
    """
    gains, costs, found, stake = game
    count = len(gains)
    rows, limits = [], []
    for s in subsets(count)[1:]:
        share = sum(gains[j] for j in s) / stake
        if share >= 1:
            return None
        rows.append([1.0 * (j in s) for j in range(count)])
        limits.append(-math.log(1 - share))
    for j in range(count):
        rows.append([-1.0 * (i == j) for i in range(count)])
        limits.append(math.log(1 - found[j]) if found[j] < 1 else -40.0)
    a, b = np.array(rows), np.array(limits)
    chosen = np.array(list(itertools.combinations(range(len(a)), count)))
    solvable = np.abs(np.linalg.det(a[chosen])) > 0.5  # a matrix of 0, 1 and -1
    corners = np.linalg.solve(a[chosen][solvable], b[chosen][solvable][..., None])[..., 0]
    inside = (corners @ a.T >= b - 1e-9).all(axis=1)
    if not inside.any():
        return None
    visits = -np.expm1(-corners[inside]) / found
    return float((visits @ costs).min())


@settings(max_examples=150, deadline=None)
@given(games())
def test_independent_visits_within_what_a_visit_can_find(game: Any) -> None:
    gains, _, found, stake = game
    assume(stake != sum(gains))
    plan = independent_plan(*game)
    best = best_vertex(game)
    if best is None:
        assert plan is None
        return
    assert plan is not None
    assert plan.cost == pytest.approx(best, abs=1e-9)
    assert all(0 <= x <= 1 for x in plan.visits)
    margin = least_margin(drawn_independently(plan.visits), gains, found, stake)
    assert margin >= -1e-8 * stake


@settings(max_examples=60, deadline=None)
@given(games())
def test_independent_plan_exists_where_visits_everywhere_deter(game: Any) -> None:
    gains, costs, found, stake = game
    everywhere = ((tuple(range(len(gains))), 1.0),)
    margin = least_margin(everywhere, gains, found, stake)
    assume(abs(margin) > 1e-6)
    assert (independent_plan(gains, costs, found, stake) is not None) == (margin > 0)


def test_independent_visits_on_a_grid() -> None:
    """Two sites, one of them hard to see: no point of a grid that deters costs less."""
    gains, costs, found, stake = [2.0, 3.0], [1.0, 4.0], [0.6, 0.9], 8.0
    plan = independent_plan(gains, costs, found, stake)
    assert plan is not None
    steps = np.linspace(0, 1, 2001)
    x, y = np.meshgrid(steps, steps)
    first, second = stake * found[0] * x, stake * found[1] * y
    both = stake * (1 - (1 - found[0] * x) * (1 - found[1] * y))
    deters = (first >= 2) & (second >= 3) & (both >= 5)
    least = (costs[0] * x + costs[1] * y)[deters].min()
    assert plan.cost <= least <= plan.cost + 5 / 2000


def test_caps_change_the_cheapest_order() -> None:
    """The best order without caps would ask more of site 1 than a visit finds."""
    free = independent_plan([4, 3], [2, 1], [1, 1], 11)
    capped = independent_plan([4, 3], [2, 0.4], [1, 0.4], 11)
    assert free is not None
    assert capped is not None
    assert free.order == (0, 1)
    assert free.visits[1] == pytest.approx(3 / 7)
    assert capped.visits[1] == pytest.approx(1)
    # With the second site seen as well as can be, the first makes up for the rest.
    assert 11 * (1 - 0.6 * (1 - capped.visits[0])) == pytest.approx(7)


def test_independent_plans_at_the_edge() -> None:
    certain = independent_plan([4, 3], [1, 1], [1, 0.9], 7)  # the whole stake is at play
    assert certain is not None
    assert certain.visits == pytest.approx((1, 3 / 7 / 0.9))
    assert independent_plan([4, 3], [1, 1], [0.9, 0.9], 7) is None
    assert independent_plan([4, 3], [1, 1], [1, 1], 6.9) is None
    assert independent_plan([4, 3], [1, 1], [1, 1], -5) is None
    assert independent_plan([4, 3], [1, 1], [1, 0], 50) is None
    idle = independent_plan([0, 3], [1, 1], [0, 0.5], 10)
    assert idle is not None
    assert idle.visits == pytest.approx((0, 0.6))
    nothing = independent_plan([0, 0], [1, 1], [1, 1], 0)
    assert nothing is not None
    assert (nothing.visits, nothing.cost) == ((0, 0), 0)
    many = independent_plan([1] * 16, range(1, 17), [0.8] * 16, 40)
    assert many is not None
    assert sorted(many.order) == list(range(16))


# ------------------------------------------------------------------ G5: schedules


@pytest.mark.parametrize("case", REFERENCE["schedule_lp"])
def test_schedules_reference_values(case: dict[str, Any]) -> None:
    plan = rotation_plan(case["g"], case["w"], case["q"], case["K"])
    assert plan is not None
    assert plan.cost == pytest.approx(case["cost"])
    assert plan.cost == pytest.approx(case["individual_bound"])
    expected = {name: p for name, p in case["schedule"].items() if p > 1e-12}
    shown = {str(sites).replace(" ", ""): share for sites, share in plan.schedule}
    assert shown == pytest.approx(expected)
    alone = independent_plan(case["g"], case["w"], case["q"], case["K"])
    assert alone is not None
    assert alone.cost == pytest.approx(case["independent_cost"])


def full_program(
    game: Any, most: int | None = None, budget: float | None = None
) -> tuple[float, float] | None:
    """Cost and margin of the best lottery, with all sets of visits and violations."""
    gains, costs, found, stake = game
    violations, visited = subsets(len(gains))[1:], subsets(len(gains), most)
    width = len(visited)
    rows = [
        [-stake * found_by(r, s, found) for r in visited] + [0.0 if budget is None else 1.0]
        for s in violations
    ]
    limits = [-sum(gains[j] for j in s) for s in violations]
    prices = [sum(costs[j] for j in r) for r in visited]
    if budget is not None:
        rows.append([*prices, 0.0])
        limits.append(budget)
    solved = linprog(
        [*prices, 0.0] if budget is None else [0.0] * width + [-1.0],
        A_ub=rows,
        b_ub=limits,
        A_eq=[[1.0] * width + [0.0]],
        b_eq=[1.0],
        bounds=[(0, None)] * width + [(None, None)],
    )
    if solved.status == 2:
        return None
    assert solved.status == 0
    return float(np.dot(solved.x[:-1], prices)), float(solved.x[-1])


@settings(max_examples=120, deadline=None)
@given(games(5), st.none() | st.integers(1, 6))
@example(([1.0] * 5, [1.0] * 5, [0.5] * 5, 6.0), None)
@example(([1.0] * 5, [1.0] * 5, [0.9] * 5, 5.5), 2)
def test_rotation_is_the_cheapest_lottery(game: Any, most: int | None) -> None:
    gains, costs, found, stake = game
    plan = rotation_plan(*game, most)
    best = full_program(game, None if most is None else min(most, len(gains)))
    if best is None:
        assert plan is None
        return
    assert plan is not None
    assert plan.cost == pytest.approx(best[0], abs=1e-6)
    assert math.fsum(share for _, share in plan.schedule) == pytest.approx(1)
    assert all(share > 0 for _, share in plan.schedule)
    assert most is None or all(len(sites) <= most for sites, _ in plan.schedule)
    least = least_margin(plan.schedule, gains, found, stake)
    assert plan.margin == pytest.approx(least, abs=1e-8)
    assert least >= -1e-8 * stake
    assert least_margin(plan.schedule, gains, found, stake) == pytest.approx(
        stake * sum(p * found_by(r, plan.worst, found) for r, p in plan.schedule)
        - sum(gains[j] for j in plan.worst),
        abs=1e-7,
    )
    for j, visit in enumerate(plan.visits):
        assert visit == pytest.approx(sum(p for r, p in plan.schedule if j in r))
        assert visit >= gains[j] / (stake * found[j]) - 1e-8
    assert plan.cost == pytest.approx(np.dot(costs, plan.visits))


@settings(max_examples=100, deadline=None)
@given(games(5))
def test_rotation_never_costs_more_than_independent_visits(game: Any) -> None:
    gains, costs, found, stake = game
    alone, rotating = independent_plan(*game), rotation_plan(*game)
    assert (alone is None) == (rotating is None)
    if alone is None or rotating is None:
        return
    assert rotating.cost <= alone.cost + 1e-7
    needed = [g / (stake * q) for g, q in zip(gains, found, strict=True)]
    bound = float(np.dot(costs, needed))
    assert rotating.cost >= bound - 1e-7
    if sum(needed) <= 1:
        assert rotating.cost == pytest.approx(bound)
        assert all(len(sites) <= 1 for sites, _ in rotating.schedule)


@settings(max_examples=100, deadline=None)
@given(games(5), st.integers(0, 40), st.none() | st.integers(1, 6))
@example(([1.0] * 5, [1.0] * 5, [1.0] * 5, 5.0), 8, 1)
def test_best_within_a_budget(game: Any, quarters: int, most: int | None) -> None:
    gains, _, found, stake = game
    budget = quarters / 4
    plan = best_within(*game, budget, most_at_once=most)
    best = full_program(game, None if most is None else min(most, len(gains)), budget)
    assert best is not None
    assert plan.margin == pytest.approx(best[1], abs=1e-6)
    assert plan.margin == pytest.approx(least_margin(plan.schedule, gains, found, stake), abs=1e-8)
    assert plan.cost <= budget + 1e-7
    assert most is None or all(len(sites) <= most for sites, _ in plan.schedule)
    cheapest = rotation_plan(*game, most)
    if cheapest is None or cheapest.cost > budget + 1e-6:
        assert plan.margin < 1e-8
    elif cheapest.cost < budget - 1e-6:
        assert plan.margin >= -1e-8


def test_without_a_stake_nothing_is_worth_a_visit() -> None:
    plan = best_within([4, 3], [1, 1], [1, 1], -2, 1)
    assert plan.schedule == (((), 1.0),)
    assert (plan.margin, plan.worst) == (-7, (0, 1))
    assert rotation_plan([4, 3], [1, 1], [1, 1], -2) is None
    nothing = rotation_plan([0, 0], [1, 1], [0, 1], 0)
    assert nothing is not None
    assert (nothing.schedule, nothing.margin) == ((((), 1.0),), 0)
    assert best_within([0], [0], [0], 0, 0).margin == 0


def test_schedules_at_the_edge() -> None:
    assert rotation_plan([4, 3], [1, 1], [1, 0], 50) is None
    assert rotation_plan([4, 3], [1, 1], [1, 1], 6.9) is None
    whole = rotation_plan([4, 3], [1, 1], [1, 1], 7, 1)  # the whole stake is at play
    assert whole is not None
    assert dict(whole.schedule) == pytest.approx({(0,): 4 / 7, (1,): 3 / 7})
    assert rotation_plan([4, 3], [1, 1], [0.9, 1], 7, 1) is None
    # Alone the sites would need 0.625 and 0.469 visits: no room for one visit at a time.
    assert rotation_plan([4, 3], [1, 1], [0.8, 0.8], 8, 1) is None
    pairs = rotation_plan([4, 3], [1, 1], [0.8, 0.8], 8, 2)
    assert pairs is not None
    assert (0, 1) in dict(pairs.schedule)
    free = rotation_plan([4, 3], [0, 0], [0.8, 0.8], 8)
    assert free is not None
    assert free.cost == 0
    forty = rotation_plan([1] * 40, [1] * 40, [0.5] * 40, 100)
    assert forty is not None
    assert forty.cost == pytest.approx(0.8)
    assert forty.margin == pytest.approx(0, abs=1e-9)


# ------------------------------------------------------------------ G6: comb sampling


def test_comb_sampling_of_the_worked_example() -> None:
    coverage = allocate(SITES, 1).coverage
    lottery = systematic_sample(coverage)
    assert dict(lottery) == pytest.approx(
        {tuple(sites): share for share, sites in WORKED["W1_comb_sampling"]}
    )


@given(st.lists(st.integers(0, 24).map(lambda n: n / 24), min_size=1, max_size=9))
@example([1.0, 1.0])
@example([0.0])
@example([1 / 3, 2 / 3, 0.1, 0.9])
def test_comb_sampling_keeps_every_probability(visits: list[float]) -> None:
    lottery = systematic_sample(visits)
    assert math.fsum(share for _, share in lottery) == pytest.approx(1, abs=1e-12)
    for site, visit in enumerate(visits):
        drawn = math.fsum(share for sites, share in lottery if site in sites)
        assert drawn == pytest.approx(visit, abs=1e-11)
    total = math.fsum(visits)
    whole = round(total) if abs(total - round(total)) < 1e-9 else None
    for sites, share in lottery:
        assert share > 0
        assert len(sites) == whole or (
            whole is None and len(sites) in (math.floor(total), math.ceil(total))
        )
    assert len(lottery) <= len(visits) + 1
    assert len({sites for sites, _ in lottery}) == len(lottery)


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


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], [], [], 5), "there is at least one site; gains is empty"),
        (([1, 2], [1], [1, 1], 5), "costs has one entry for each of 2 sites; this has 1"),
        (([1, 2], [1, 1], [1], 5), "detection has one entry for each of 2 sites; this has 1"),
        (([1, -2], [1, 1], [1, 1], 5), r"gains\[1\] is not below 0; this is -2"),
        (([1, math.nan], [1, 1], [1, 1], 5), r"gains\[1\] is a finite number"),
        (([1, 2], [-1, 1], [1, 1], 5), r"costs\[0\] is not below 0; this is -1"),
        (([1, 2], [1, 1], [1, 1.5], 5), r"detection\[1\] is between 0 and 1; this is 1\.5"),
        (([1, 2], [1, 1], [1, 1], math.inf), "the stake is a finite number"),
        (([1, 2], [1, 1], [1, 1], True), "the stake is a finite number"),
    ],
)
def test_shared_stakes_outside_their_domain(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        independent_plan(*arguments)
    with pytest.raises(ValueError, match=message):
        rotation_plan(*arguments)
    with pytest.raises(ValueError, match=message):
        best_within(*arguments, 1)


def test_limits_are_errors_that_say_what_to_do() -> None:
    sites = ([1.0] * 17, [1.0] * 17, [0.5] * 17)
    advice = "Treat sites that are alike as one, or raise sites_at_most"
    with pytest.raises(ValueError, match=f"at most 16, .* this is 17. {advice}"):
        independent_plan(*sites, 30)
    with pytest.raises(ValueError, match=f"at most 12, .* this is 17. {advice}"):
        rotation_plan(*sites, 30)
    with pytest.raises(ValueError, match=f"at most 12, .* this is 17. {advice}"):
        best_within(*sites, 30, 1)
    with pytest.raises(ValueError, match="at most 2, "):
        rotation_plan([1] * 3, [1] * 3, [0.5] * 3, 4, sites_at_most=2)
    with pytest.raises(ValueError, match="the largest number of sites is at least 1"):
        independent_plan([1], [1], [1], 2, sites_at_most=0)
    with pytest.raises(ValueError, match="the number of sites visited at once is at least 1"):
        rotation_plan([1], [1], [1], 2, 0)
    with pytest.raises(ValueError, match="the budget is not below 0; this is -1"):
        best_within([1], [1], [1], 2, -1)
    with pytest.raises(ValueError, match="there is at least one site; visits is empty"):
        systematic_sample([])
    with pytest.raises(ValueError, match=r"visits\[1\] is between 0 and 1; this is 1\.25"):
        systematic_sample([0.5, 1.25])
