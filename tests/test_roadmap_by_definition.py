"""Everything that ``roadmap`` says of the orders of a case, against their enumeration."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import detente
from detente.case import Case, CaseError
from detente.sequencing.answer import HAIR, Order
from detente.sequencing.answer import Margin as Answered
from detente.sequencing.roadmap_result import RoadmapResult
from lattice_by_definition import Lattice
from road_cases import loaded_with_roads, road_cases
from roads_by_definition import Margin, Roads, Traveller

Drawn = dict[str, Any]
CLEAR = 1e-7
"""Verdicts are compared where no margin is closer to none."""
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]

models = st.sampled_from(["discounted", "discounted", "patient"])


def some(count: int) -> settings:
    return settings(max_examples=count, deadline=None, suppress_health_check=SLOW)


def near(answer: float, expected: Any) -> bool:
    return abs(answer - float(expected)) <= 1e-8 * max(1, abs(float(expected)))


def all_near(answers: Sequence[float], expected: Sequence[Any]) -> bool:
    pairs = zip(sorted(answers), sorted(expected), strict=True)
    return all(near(answer, other) for answer, other in pairs)


def asked(case: Case, roads: Roads, **options: Any) -> RoadmapResult:
    """The answer, with as many parts at once as were enumerated; not what is missing."""
    plain: dict[str, Any] = {"alternatives": 0, "at_once": roads.lattice.at_once}
    with without_missing():
        return detente.roadmap(case, "deal", model=roads.model, **{**plain, **options})


def without_missing() -> Any:
    """What would make a road work takes most of the time, and has tests of its own."""
    return mock.patch("detente.sequencing.roadmap._missing", return_value=None)


def states(roads: Roads, order: Order) -> tuple[tuple[int, ...], ...]:
    """The states of an answered order."""
    lattice, here = roads.lattice, list(roads.lattice.start)
    names = [item.name for item in lattice.items]
    found = [tuple(here)]
    for step in order.steps:
        for move in step.moves:
            if move.item in names:
                place = names.index(move.item)
                chain = lattice.items[place].chain
                assert not chain or chain[here[place]] == move.before
                here[place] = chain.index(str(move.after)) if chain else 1
        assert step.state == lattice.outcome(tuple(here))
        assert step.takes == lattice.periods(found[-1], tuple(here))
        found.append(tuple(here))
    return tuple(found)


def same_margins(answers: Sequence[Answered], expected: Sequence[Margin]) -> None:
    """The least of each kind at each moment, with a deviation that attains it."""
    least: dict[tuple[int, str, str], Any] = {}
    for entry in expected:
        key = (entry.step, entry.party, entry.kind)
        least[key] = min(least.get(key, entry.margin), entry.margin)
    answered = {(entry.step, entry.party, entry.deviation): entry for entry in answers}
    assert len(answered) == len(answers)
    assert set(answered) == set(least)
    for key, margin in least.items():
        assert near(answered[key].margin, margin), key
        ties = [
            entry.parts
            for entry in expected
            if (entry.step, entry.party, entry.kind) == key and near(float(margin), entry.margin)
        ]
        assert sorted(answered[key].parts) in [sorted(parts) for parts in ties]


# ------------------------------------------------------------------ the definitions themselves


def test_two_issues_by_hand() -> None:
    """Three orders; each party can only walk away, withhold its part, and renege."""
    case = detente.load("commitment")
    lattice = Lattice(case, {"reactor": "dismantled", "embargo": "lifted"})
    orders = [((0, 0), middle, (1, 1)) for middle in ((0, 1), (1, 0))]
    assert list(lattice.orders()) == [orders[0], orders[1], ((0, 0), (1, 1))]
    north, south = (Traveller(lattice, case, party) for party in ("north", "south"))
    found = {(m.step, m.kind): float(m.margin) for m in north.margins(orders[0])}
    expected = {
        (0, "walk away"): 9 + 63 - 50,  # 90 for the first period, then 70 for ever
        (1, "walk away"): 70 - (9 + 45),  # the embargo is back after one period
        (2, "withhold"): 70 - (9 + Fraction(9, 10) * (9 + 45)),
        (2, "renege at the end"): 70 - (7 + 27),
    }
    assert found == pytest.approx({key: float(value) for key, value in expected.items()})
    found = {(m.step, m.kind): float(m.margin) for m in south.margins(orders[1])}
    ends = {(2, "withhold"): 65 - 80, (2, "renege at the end"): 65 - Fraction(785, 10)}
    starts = {(0, "walk away"): 8 + Fraction(9, 10) * 65 - 50, (1, "walk away"): 65 - 80}
    assert found == pytest.approx({k: float(v) for k, v in (ends | starts).items()})


@some(25)
@given(road_cases(), st.data())
def test_at_the_target_the_formulas_are_those_of_verify(drawn: Drawn, data: st.DataObject) -> None:
    case, roads = loaded_with_roads(drawn)
    traveller = data.draw(st.sampled_from(roads.travellers))
    answer = detente.verify(case, "deal").parties[traveller.party]
    margins = {kind: m for kind, _, m in traveller.ends}
    assert near(answer.leave, margins["renege at the end"])
    others = [m for kind, _, m in traveller.ends if kind != "renege at the end"]
    assert (answer.margin is None) == (not others)
    if others:
        assert answer.margin is not None
        assert near(answer.margin, min(others))


# ------------------------------------------------------------------ the best order


def compared(case: Case, roads: Roads) -> None:
    """The best order, its margins, and how the others fare."""
    answer = asked(case, roads)
    assert answer.exact
    assert near(answer.margin, roads.values[0])
    assert answer.binding.margin == answer.best.margin == min(answer.best.worst_by_party.values())
    assert all_near(list(answer.best.worst_by_party.values()), roads.leximin)
    if abs(roads.values[0]) > CLEAR:
        assert answer.feasible == (roads.values[0] > 0)
    order = states(roads, answer.best)
    assert order in roads.table
    worst = dict(zip(case.signing, roads.table[order], strict=True))
    assert set(worst) == set(answer.best.worst_by_party)
    assert all(near(answer.best.worst_by_party[party], worst[party]) for party in worst)
    same_margins(answer.best.margins, roads.margins(order))
    assert set(answer.best.others) == {party for party in case.parties if party not in case.signing}
    for party, margin in answer.best.others.items():
        assert near(margin, min(m.margin for m in roads.traveller(case, party).margins(order)))
    assert near(answer.ceiling, roads.ceiling)
    assert answer.orders.count == answer.orders.looked_at == len(roads.orders)
    assert near(answer.orders.worst, roads.values[-1])
    if all(abs(value) > CLEAR for value in roads.values):
        assert answer.orders.holds == sum(value > 0 for value in roads.values)
    gap = [float(roads.ceiling - value) for value in roads.values]
    if all(abs(g) < 1e-12 or g > CLEAR for g in gap):
        assert answer.orders.at_ceiling == sum(g < CLEAR for g in gap)
    least = [min(rows) for rows in zip(*roads.table.values(), strict=True)]
    differences = [float(best - low) for best, low in zip(roads.table[order], least, strict=True)]
    if all(abs(difference - HAIR) > CLEAR for difference in differences):
        assert answer.order_matters == any(difference > HAIR for difference in differences)
    assert (answer.why is None) == answer.order_matters


@some(80)
@given(road_cases(), models)
def test_the_best_order(drawn: Drawn, model: str) -> None:
    compared(*loaded_with_roads(drawn, model=model))


@some(15)
@given(road_cases(lags=(1, 2)))
def test_late_answers(drawn: Drawn) -> None:
    """At the target the margins are those of ``verify``: its own chains."""
    compared(*loaded_with_roads(drawn))


@some(15)
@given(road_cases(), models, st.data())
def test_an_order_of_ones_own(drawn: Drawn, model: str, data: st.DataObject) -> None:
    case, roads = loaded_with_roads(drawn, model=model)
    order = data.draw(st.sampled_from(roads.orders))
    answer = asked(case, roads, order=roads.lattice.written(order))
    assert answer.own is not None
    assert states(roads, answer.own) == order
    same_margins(answer.own.margins, roads.margins(order))
    assert near(answer.own.margin, min(roads.table[order]))
    plain = [step.split("+") for step in roads.lattice.written(order).split(",")]
    again = asked(case, roads, order=plain)
    assert again.own == answer.own


@some(20)
@given(road_cases(), models, st.integers(1, 5))
def test_alternatives_are_the_next_best(drawn: Drawn, model: str, wanted: int) -> None:
    case, roads = loaded_with_roads(drawn, model=model)
    answer = asked(case, roads, alternatives=wanted)
    if not answer.order_matters:
        assert answer.alternatives == ()
        return
    found = [states(roads, order) for order in (answer.best, *answer.alternatives)]
    assert len(set(found)) == len(found) == min(wanted + 1, len(roads.orders))
    margins = [order.margin for order in (answer.best, *answer.alternatives)]
    expected = roads.values[: wanted + 1]
    assert all(near(one, two) for one, two in zip(margins, expected, strict=True))
    for order, path in zip(answer.alternatives, found[1:], strict=True):
        same_margins(order.margins, roads.margins(path))


@some(15)
@given(road_cases(), models)
def test_one_part_at_a_time(drawn: Drawn, model: str) -> None:
    case = detente.load(drawn)
    package = case.packages["deal"]
    lattice = Lattice(case, package.outcome, package, at_once=1)
    assume(len(lattice.start) and lattice.target != case.status_quo)
    assume(0 < lattice.count <= 300)
    roads = Roads(case, package.outcome, package, model=model, lattice=lattice)
    answer = asked(case, roads)
    assert near(answer.margin, roads.values[0])
    assert answer.orders.count == len(roads.orders)
    moved = [step.moves for step in answer.best.steps]
    idle = [sum(move.item in answer.idle for move in moves) for moves in moved]
    assert all(len(moves) - left == 1 for moves, left in zip(moved, idle, strict=True))


# ------------------------------------------------------------------ no way


@some(40)
@given(road_cases())
def test_an_error_where_and_only_where_there_is_no_order(drawn: Drawn) -> None:
    case = detente.load(drawn)
    package = case.packages["deal"]
    lattice = Lattice(case, package.outcome, package)
    assume(lattice.count <= 1000)
    nothing = dict(package.outcome) == dict(case.status_quo or {})
    if lattice.count and not nothing:
        with without_missing():
            found = detente.roadmap(case, "deal", alternatives=0)
        assert found.orders.count == lattice.count
    else:
        with pytest.raises(CaseError):
            detente.roadmap(case, "deal")
