"""Several places, one inspectorate: a shared stake, rotating schedules, comb sampling."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from detente.verification.inspections.allocation import allocate
from detente.verification.inspections.schedules import (
    Lottery,
    best_within,
    rotation_plan,
    systematic_sample,
)
from detente.verification.inspections.shared_stake import independent_plan
from test_allocation import REFERENCE, SITES, WORKED

positive_tenths = st.integers(1, 10).map(lambda n: n / 10)


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
