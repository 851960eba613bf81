"""The least promises, the least pie, and the tranches that a stake carries."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import detente.sequencing
from detente.sequencing import (
    Pie,
    Promises,
    least_total_promise,
    side_payment_pie,
    tranche_sizes,
    widest_path,
)
from sequencing_by_definition import Discounted, Patient, Road, parts, road_of, roads
from sequencing_cases import (
    WORKED,
    common,
    first_example,
    floats,
    patient_agreements,
    table,
)


def needed(game: Patient, before: int, after: int, party: int) -> Fraction:
    """The most that a party can have by leaving before, in or after a step."""
    withheld = parts(after & ~before & game.own(party))
    states = [before, after, *(after & ~part for part in withheld)]
    return max(game.breakdown[state][party] for state in states)


def promises(game: Patient, road: Road) -> tuple[Fraction, ...]:
    """What each party has to be promised so that nobody leaves a road."""
    return tuple(
        max(needed(game, before, after, party) for before, after in pairwise(road))
        for party in range(game.parties)
    )


def pie(game: Patient, road: Road) -> Fraction:
    """What the parties have to share on a road with payments after each step."""
    return max(
        sum((needed(game, before, after, party) for party in range(game.parties)), Fraction(0))
        for before, after in pairwise(road)
    )


def every_road(game: Patient, single: bool = True) -> list[Road]:
    return roads(len(game.owners), game.precedence, single)


# ------------------------------------------------------------------ promises and the pie


def test_co_design_of_shares_and_order() -> None:
    given, game = WORKED["E8_codesign"], first_example()
    least = least_total_promise(*common(game), table(game.breakdown))
    names = WORKED["E1"]["measures"]
    assert least.total == float(given["min_total_promise"]) == 111
    assert least.promises == (52, 59)
    assert [names[measure] for (measure,) in least.steps] == given["order"]
    totals = [sum(promises(game, road)) for road in every_road(game)]
    assert max(totals) == Fraction(given["worst_total_promise"])
    assert sum(total <= 120 for total in totals) == given["orders_within_120"] == 18
    assert max(map(sum, game.breakdown)) == Fraction(given["max_state_sum"])


def test_side_payments() -> None:
    given, game = WORKED["E9_side_payments"], first_example()
    least = side_payment_pie(*common(game), table(game.breakdown))
    assert least.amount == float(given["min_pie"]) == 111
    pies = {road: pie(game, road) for road in every_road(game)}
    assert sum(amount <= 120 for amount in pies.values()) == given["orders_within_120"] == 24
    assert max(pies.values()) == Fraction(given["max_pie_needed"])
    names = WORKED["E1"]["measures"]
    named = road_of([[names.index(name)] for name in given["order"]])
    assert pies[named] == pies[road_of(least.steps)] == 111


def one_way_pie(game: Patient, road: Road) -> float:
    """The least pie if who has conceded is paid by the other side, by linear programming.

    Unknown are the pie, the first split and one payment a step. Nobody leaves before a step,
    the side that is to pay does not leave once the other has conceded, nobody leaves at the end.
    """
    from scipy.optimize import linprog

    count = len(road) - 1
    rows: list[NDArray[np.float64]] = []
    least: list[float] = []
    # Columns: the pie, the first party's share at the start, the payments.
    shares = [np.zeros(count + 2), np.zeros(count + 2)]
    shares[0][1] = 1
    shares[1][:2] = 1, -1

    def at_least(share: NDArray[np.float64], amount: Fraction) -> None:
        rows.append(-share)
        least.append(-float(amount))

    for step, (before, after) in enumerate(pairwise(road)):
        owner = game.owners[(after & ~before).bit_length() - 1]
        assert owner is not None
        for party in (0, 1):
            at_least(shares[party], game.breakdown[before][party])
        at_least(shares[1 - owner], game.breakdown[after][1 - owner])
        shares = [share.copy() for share in shares]
        shares[owner][2 + step] -= 1
        shares[1 - owner][2 + step] += 1
    for party in (0, 1):
        at_least(shares[party], game.breakdown[road[-1]][party])
    cost = np.zeros(count + 2)
    cost[0] = 1
    bounds = [(None, None)] * 2 + [(0, None)] * count
    found = linprog(cost, A_ub=np.array(rows), b_ub=np.array(least), bounds=bounds)
    assert found.status == 0
    return float(found.fun)


def test_the_pie_is_that_of_a_linear_programme() -> None:
    game = first_example()
    for road in every_road(game):
        assert one_way_pie(game, road) == pytest.approx(float(pie(game, road)), abs=1e-7)


@given(patient_agreements(), st.booleans())
@settings(max_examples=150)
def test_least_total_promise_is_that_of_all_orders(game: Patient, simultaneous: bool) -> None:
    least = least_total_promise(*common(game), table(game.breakdown), simultaneous=simultaneous)
    found = [promises(game, road) for road in every_road(game, single=not simultaneous)]
    best = min(found, key=lambda promise: (sum(promise), promise))
    assert least.total == float(sum(best))
    assert least.promises == tuple(floats(best))
    road = road_of(least.steps)
    assert road in every_road(game, single=not simultaneous)
    assert promises(game, road) == best


@given(patient_agreements())
@settings(max_examples=60)
def test_the_order_holds_with_its_promises(game: Patient) -> None:
    """Just: a margin to spare would mean that less had done."""
    worth = table(game.breakdown)
    least = least_total_promise(*common(game), worth)
    kept = replace(game, promise=tuple(map(Fraction, least.promises)), detection=())
    assert kept.margin(road_of(least.steps)) == 0
    path = widest_path(*common(game), least.promises, worth, simultaneous=False)
    assert path.margin == 0
    assert side_payment_pie(*common(game), worth).amount <= least.total


@given(patient_agreements(), st.booleans())
@settings(max_examples=150)
def test_the_pie_is_that_of_all_orders(game: Patient, simultaneous: bool) -> None:
    least = side_payment_pie(*common(game), table(game.breakdown), simultaneous=simultaneous)
    pies = {road: pie(game, road) for road in every_road(game, single=not simultaneous)}
    assert least.amount == float(min(pies.values()))
    assert pies[road_of(least.steps)] == min(pies.values())


@given(patient_agreements(usual=True))
@settings(max_examples=60)
def test_single_steps_cost_least_where_own_measures_cost(game: Patient) -> None:
    """And then a step of party j needs B_j before it and every other B after it."""
    worth = table(game.breakdown)
    for function in (least_total_promise, side_payment_pie):
        together = function(*common(game), worth, simultaneous=True)
        assert amount(together) == amount(function(*common(game), worth))
    for road in every_road(game):
        for before, after in pairwise(road):
            owner = game.owners[(after & ~before).bit_length() - 1]
            for party in range(game.parties):
                state = before if party == owner else after
                assert needed(game, before, after, party) == game.breakdown[state][party]


def amount(least: Promises | Pie) -> float:
    return least.total if isinstance(least, Promises) else least.amount


def test_a_single_measure() -> None:
    assert least_total_promise([None], [], [[1, 2], [3, 0]]).promises == (3, 2)
    assert side_payment_pie([None], [], [[1, 2], [3, 0]]).amount == 5
    assert str(side_payment_pie([0], [], [[0], [0]]).amount) == "0.0"


def test_too_many_vectors_of_promises() -> None:
    worth = table(first_example().breakdown)
    with pytest.raises(ValueError, match="more than 20 vectors of promises: raise most_labels"):
        least_total_promise([0, 0, 1, 1], [], worth, most_labels=20)
    with pytest.raises(ValueError, match="the limit of vectors is at least 1; this is 0"):
        least_total_promise([0, 0, 1, 1], [], worth, most_labels=0)


# ------------------------------------------------------------------ bad input


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"owners": []}, "an order needs at least one measure"),
        ({"owners": [0, 2]}, "measure 1 is owned by party 2, and parties count from 0 to 1"),
        ({"precedence": [(0, 1), (1, 0)]}, "goes round in a circle"),
        ({"precedence": [(0, 3)]}, "the precedence names measure 3"),
        ({"breakdown": [[0, 0]]}, r"the breakdown has one row for each set of the 2 measures"),
        ({"breakdown": [[0, np.nan]] * 4}, "the breakdown consists of finite numbers"),
        ({"owners": [0] * 23}, "at most 22 measures done one at a time; these are 23"),
    ],
)
def test_bad_tables(change: dict[str, Any], message: str) -> None:
    good = {"owners": [0, 1], "precedence": [], "breakdown": [[0, 0]] * 4}
    for function in (least_total_promise, side_payment_pie):
        with pytest.raises(ValueError, match=message):
            function(**{**good, **change})


# ------------------------------------------------------------------ tranches


@pytest.mark.parametrize("given", WORKED["E7_tranches"])
def test_tranches_of_the_seventh_example(given: dict[str, Any]) -> None:
    terms = (given["alpha"], given["beta"], given["delta"], given["Z"], given["C"])
    plan = tranche_sizes(*terms)
    if given["steps"] is None:
        assert plan is None
        return
    assert plan is not None
    assert len(plan.sizes) == given["steps"]
    assert plan.reach == pytest.approx(given["reached"], rel=1e-12)
    shown = len(given["sizes"])
    assert plan.sizes[:shown] == pytest.approx(given["sizes"], abs=5e-7)
    assert terms[1] > terms[0] and list(plan.sizes) == sorted(plan.sizes, reverse=True)


tenths = st.integers(1, 30).map(lambda n: Fraction(n, 10))
factors = st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(3, 4), Fraction(9, 10)])


def exact_sizes(
    cost: Fraction, benefit: Fraction, delta: Fraction, stake: Fraction, count: int
) -> list[Fraction]:
    """Each tranche costs what is lost by withholding it: the stake and the rest of the exchange.

    α size_t = (1 − δ) Z + Σ_{k>t} δ^(k−t) (β − α) size_k, from the last one backward.
    """
    sizes: list[Fraction] = []
    for _ in range(count):
        rest = sum(
            (delta ** (k + 1) * (benefit - cost) * size for k, size in enumerate(sizes)),
            Fraction(0),
        )
        sizes.insert(0, ((1 - delta) * stake + rest) / cost)
    return sizes


@given(tenths, tenths, factors, tenths, st.integers(1, 5))
def test_each_tranche_costs_what_is_at_stake(
    cost: Fraction, benefit: Fraction, delta: Fraction, stake: Fraction, count: int
) -> None:
    sizes = exact_sizes(cost, benefit, delta, stake, count)
    terms = (float(cost), float(benefit), float(delta), float(stake))
    for total, expected in ((sum(sizes), sizes), (sum(sizes[1:]) + sizes[0] / 2, sizes)):
        plan = tranche_sizes(*terms, float(total))
        assert plan is not None
        assert plan.sizes == pytest.approx(floats(expected), rel=1e-9)
        assert plan.reach == pytest.approx(float(sum(expected)), rel=1e-9)
    if count > 1:
        less = tranche_sizes(*terms, float(sum(sizes[1:])))
        assert less is not None and len(less.sizes) == count - 1


@given(tenths, tenths, factors.filter(bool), tenths, st.integers(1, 2))
@settings(max_examples=40)
def test_the_tranches_are_the_largest_that_hold(
    cost: Fraction, benefit: Fraction, delta: Fraction, stake: Fraction, count: int
) -> None:
    """In the discounted model with its own deviations: the margin of every tranche is nil."""
    assert exchange(exact_sizes(cost, benefit, delta, stake, count), cost, benefit, delta, stake)[
        0
    ] == pytest.approx(0)
    for larger in range(count):
        sizes = exact_sizes(cost, benefit, delta, stake, count)
        sizes[larger] *= Fraction(101, 100)
        margins = exchange(sizes, cost, benefit, delta, stake)
        assert margins[0] < 0


def exchange(
    sizes: list[Fraction], cost: Fraction, benefit: Fraction, delta: Fraction, stake: Fraction
) -> tuple[Fraction, ...]:
    """The margins of an exchange of tranches, ascending; collapse freezes what is done.

    The model takes the stake a period after the withholding, and so it is larger by 1 / δ.
    """
    count = len(sizes)
    flows, collapse = [], []
    for state in range(1 << 2 * count):
        done = [
            sum((sizes[t] for t in range(count) if state >> (t + count * party) & 1), Fraction(0))
            for party in (0, 1)
        ]
        flow = tuple(benefit * done[1 - party] - cost * done[party] for party in (0, 1))
        flows.append(flow)
        collapse.append(tuple(x / (1 - delta) - stake / delta for x in flow))
    game = Discounted(
        (0,) * count + (1,) * count, tuple(collapse), flows=tuple(flows), discount=(delta,) * 2
    )
    road = road_of([[t, t + count] for t in range(count)])
    return tuple(sorted(moment.margin for moment in game.moments(road)))


@given(tenths, tenths, factors, tenths, tenths)
def test_a_larger_stake_takes_no_more_tranches(
    cost: Fraction, benefit: Fraction, delta: Fraction, stake: Fraction, total: Fraction
) -> None:
    few = tranche_sizes(cost, benefit, delta, 2 * stake, total)
    many = tranche_sizes(cost, benefit, delta, stake, total)
    assert few is not None and many is not None
    assert len(few.sizes) <= len(many.sizes)
    falls = list(many.sizes) == sorted(many.sizes, reverse=True)
    assert falls or benefit < cost or max(many.sizes) <= min(many.sizes) * (1 + 1e-12)


def test_nothing_to_exchange() -> None:
    for stake in (0, 1):
        plan = tranche_sizes(1, 2, 0.9, stake, 0)
        assert plan is not None and plan.sizes == () and plan.reach == 0


def test_a_total_that_is_met_but_for_rounding() -> None:
    """Three tranches of 0.1 reach 0.3, though the floats add up to less or more."""
    plan = tranche_sizes(1, 1, 0, 0.1, 0.1 + 0.1 + 0.1)
    assert plan is not None and len(plan.sizes) == 3
    plan = tranche_sizes(1, 1, 0, 0.1, 0.7)
    assert plan is not None and len(plan.sizes) == 7


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ((0, 1, 0.5, 1, 1), "the own cost is above 0; this is 0"),
        ((-1, 1, 0.5, 1, 1), "the own cost is above 0; this is -1"),
        ((float("nan"), 1, 0.5, 1, 1), "the own cost is a finite number"),
        ((1, -1, 0.5, 1, 1), "the benefit is not below 0; this is -1"),
        ((1, 1, 1, 1, 1), r"the discount factor lies in \[0, 1\); this is 1"),
        ((1, 1, 0.5, -1, 1), "the standing stake is not below 0"),
        ((1, 1, 0.5, 1, -1), "the total is not below 0"),
        ((1e-300, 1e300, 0.5, 1e300, 1), "too large to be computed with"),
    ],
)
def test_bad_terms_of_an_exchange(terms: tuple[float, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        tranche_sizes(*terms)


def test_a_limit_of_tranches() -> None:
    assert tranche_sizes(1, 1.05, 0.9, 0.01, 10, most=5509) is not None
    with pytest.raises(ValueError, match="10 takes more than 5,508 tranches"):
        tranche_sizes(1, 1.05, 0.9, 0.01, 10, most=5508)
    with pytest.raises(ValueError, match="the limit of tranches is at least 0"):
        tranche_sizes(1, 1, 0.9, 1, 10, most=-1)


# ------------------------------------------------------------------ the facade


def test_every_public_name_is_at_hand() -> None:
    assert dir(detente.sequencing) == detente.sequencing.__all__
    assert sorted(detente.sequencing.__all__) == sorted(detente.sequencing._WHERE)
    with pytest.raises(AttributeError, match="no attribute 'shortest_path'"):
        _ = detente.sequencing.shortest_path
