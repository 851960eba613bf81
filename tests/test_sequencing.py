"""Orders of measures for patient parties, against their definition in exact rationals."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.sequencing import Path, widest_path
from sequencing_by_definition import Patient, Road, road_of, roads, steps_of
from sequencing_cases import (
    WORKED,
    common,
    costs,
    first_example,
    floats,
    only_way,
    patient_agreements,
    quarters,
    table,
    third_example,
)

near = partial(pytest.approx, rel=1e-12, abs=1e-12)


def path_of(game: Patient, *, single: bool = False) -> Path:
    """The best order that the code finds."""
    return widest_path(
        *common(game),
        floats(game.promise),
        table(game.breakdown),
        detection=floats(game.detection) if game.detection else 1.0,
        gain=floats(game.gain) if game.gain else 0.0,
        simultaneous=not single,
    )


def bits(names: Sequence[str], measures: Sequence[str]) -> list[int]:
    return [measures.index(name) for name in names]


def road_named(steps: Sequence[Sequence[str]], measures: Sequence[str]) -> Road:
    return road_of([bits(step, measures) for step in steps])


# ------------------------------------------------------------------ worked examples


def test_first_example() -> None:
    given, game = WORKED["E1"], first_example()
    for names, worth in given["B_table"].items():
        (state,) = road_named([ast.literal_eval(names)], given["measures"])[1:]
        assert game.breakdown[state] == tuple(map(Fraction, worth))
    margins, single = game.all_margins(), game.all_margins(single=True)
    assert len(margins) == given["ordered_partitions"] == 75
    assert len(single) == given["single_orders"] == 24
    assert len(game.feasible()) == given["feasible"] == 8
    assert len(game.feasible(single=True)) == given["feasible_single"] == 5
    listed = {
        road_named(entry["steps"], given["measures"]): Fraction(entry["margin"])
        for entry in given["feasible_list"]
    }
    assert listed == {road: margin for road, margin in margins.items() if margin >= 0}
    best = road_named([["b1"], ["a2"], ["b2"], ["a1"]], given["measures"])
    assert [road for road, margin in margins.items() if margin == 3] == [best]
    for road in (
        best,
        road_of([bits(step, given["measures"]) for step in given["widest"]["steps"]]),
    ):
        assert path_of(game) == path_of(game, single=True) == Path(3.0, steps_of(road))


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("all_at_once", "a1+a2+b1+b2"),
        ("A_first_then_B", "a1+a2 b1+b2"),
        ("A_first_singles", "a1 a2 b1 b2"),
        ("B_first_then_A", "b1+b2 a1+a2"),
        ("naive_small_first a1,b1,a2,b2", "a1 b1 a2 b2"),
        ("naive_big_first a2,b2,a1,b1", "a2 b2 a1 b1"),
        ("pairs {a1,b1},{a2,b2}", "a1+b1 a2+b2"),
        ("gradual b1,a2,b2,a1", "b1 a2 b2 a1"),
    ],
)
def test_named_orders_of_the_first_example(name: str, steps: str) -> None:
    given, game = WORKED["E1"], first_example()
    road = road_named([step.split("+") for step in steps.split()], given["measures"])
    assert game.margin(road) == Fraction(given["named"][name])
    if len(road) == 5:
        order = [measure for (measure,) in steps_of(road)]
        only = replace(game, precedence=tuple(pairwise(order)))
        assert path_of(only, single=True) == Path(float(game.margin(road)), steps_of(road))


def tranches(count: int) -> Patient:
    """E2: each side's concession in equal parts, taken in turn.

    A side that is one whole concession ahead has given its opponent 40 more to leave with; the
    agreement is worth 12 more than leaving while both have given the same.
    """
    given = WORKED["E2_tranches"]
    part = Fraction(given["H"], count)
    rows = []
    for state in range(1 << 2 * count):
        ahead = (state & (1 << count) - 1).bit_count() - (state >> count).bit_count()
        rows.append((-part * ahead - given["slack"], part * ahead - given["slack"]))
    chain = [(k, k + 1) for side in (0, count) for k in range(side, side + count - 1)]
    owners = (0,) * count + (1,) * count
    return Patient(owners, tuple(rows), tuple(chain), promise=(Fraction(0), Fraction(0)))


@pytest.mark.parametrize("row", WORKED["E2_tranches"]["table"])
def test_second_example(row: dict[str, Any]) -> None:
    game = tranches(row["tranches"])
    path = path_of(game, single=True)
    assert path.margin == near(float(Fraction(row["margin"])))
    assert path.feasible == row["feasible"] == (row["tranches"] >= WORKED["E2_tranches"]["k_star"])
    assert game.margin(road_of(path.steps)) == Fraction(row["margin"])
    if row["tranches"] <= 3:
        assert path_of(game).margin == near(path.margin)
        assert game.best() == game.best(single=True) == Fraction(row["margin"])


@pytest.mark.parametrize("row", WORKED["E3_guarantee"]["table"])
def test_third_example(row: dict[str, Any]) -> None:
    game = third_example(int(row["guarantee_on_G"]))
    margins = game.all_margins()
    assert len(margins) == row["orders"] == 13
    assert sum(margin >= 0 for margin in margins.values()) == row["feasible_orders"]
    assert path_of(game).margin == float(row["margin"]) == game.best()
    given = WORKED["E3_guarantee"]
    assert margins[road_named(row["steps"], given["measures"])] == game.best()
    if not int(row["guarantee_on_G"]):
        assert game.best() == Fraction(given["best_margin_without"]) == -7


def peacekeepers() -> Patient:
    """E3b: the penalty is a measure of a third party, with effect once it is in place."""
    game, penalty = third_example(), WORKED["E3b_guarantee_as_measure"]["penalty"]
    deployed = third_example(penalty).breakdown
    return replace(game, owners=(0, 1, 1, None), breakdown=game.breakdown + deployed)


def test_guarantee_as_a_measure() -> None:
    given, game = WORKED["E3b_guarantee_as_measure"], peacekeepers()
    assert len(game.all_margins()) == given["orders"] == 75
    assert len(game.feasible()) == given["feasible"] == 24
    listed = {
        road_named(entry["steps"], given["measures"]): Fraction(entry["margin"])
        for entry in given["feasible_single"]
    }
    assert listed == {road: game.margin(road) for road in game.feasible(single=True)}
    for road in listed:
        order = [measure for (measure,) in steps_of(road)]
        assert order.index(3) < order.index(0)
    path = path_of(game)
    assert path.margin == float(given["widest"]["margin"]) == 3
    assert game.margin(road_of(path.steps)) == 3


@pytest.mark.parametrize("row", WORKED["E4_verification"]["table"])
def test_fourth_example(row: dict[str, Any]) -> None:
    gain = tuple(map(Fraction, WORKED["E4_verification"]["h"]))
    game = first_example(detection=(Fraction(row["rho"]),) * 4, gain=gain)
    assert game.best() == Fraction(row["best_margin"])
    assert len(game.feasible()) == row["feasible_of_75"]
    path = path_of(game)
    assert path.margin == near(float(game.best()))
    assert game.margin(road_of(path.steps)) == game.best()


def test_order_that_needs_least_verification() -> None:
    given = WORKED["E4_verification"]
    gain = tuple(map(Fraction, given["h"]))
    game = first_example(detection=(Fraction(given["rho_star"]),) * 4, gain=gain)
    names = WORKED["E1"]["measures"]
    assert game.feasible() == [road_named(given["order"], names)]
    assert path_of(game).steps == steps_of(game.feasible()[0]) != path_of(first_example()).steps


# ------------------------------------------------------------------ every order


@given(patient_agreements(), st.booleans())
@settings(max_examples=250)
def test_widest_path_is_the_best_of_all_orders(game: Patient, single: bool) -> None:
    path = path_of(game, single=single)
    margins = game.all_margins(single=single)
    assert path.margin == near(float(max(margins.values())))
    assert margins[road_of(path.steps)] == max(margins.values())
    assert path.feasible == bool(game.feasible(single=single))


@given(patient_agreements(), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_measures_that_have_to_be_done_together(game: Patient, random: Any) -> None:
    """The best order is seldom one in which much is done at once; here it has to be."""
    margins = game.all_margins()
    road = random.choice(list(margins))
    best = max(margin for other, margin in margins.items() if set(other) <= set(road))
    forced = replace(game, breakdown=only_way(game, road), promise=(*game.promise, Fraction(10**4)))
    path = path_of(forced)
    assert path.margin == near(float(best)) == float(game.margin(road_of(path.steps)))
    assert set(road_of(path.steps)) <= set(road)


def test_withholding_two_measures_at_once() -> None:
    """Both measures of the first party must come together, or the second leaves in between.

    Withholding both is noticed with 3/4, costs 8 then and yields 2 × 4 otherwise: 6 − 2.
    """
    worth = [[0, 0], [-100, 99], [-100, 99], [0, 0]]
    path = widest_path([0, 0], [], [8, 9], worth, detection=0.5, gain=4)
    assert path == Path(4.0, ((0, 1),))


@given(patient_agreements(3))
@settings(max_examples=100)
def test_one_deviation_at_a_time_suffices(game: Patient) -> None:
    """No plan of a party beats keeping to the road if and only if no margin is negative."""
    for road, margin in game.all_margins().items():
        replies = [game.best_reply(road, party) for party in range(game.parties)]
        assert (margin >= 0) == all(best <= kept for best, kept in replies)


def refinements(road: Road) -> set[Road]:
    """All orders of single measures that pass through the states of a road."""
    single = roads(road[-1].bit_length(), (), True)
    return {finer for finer in single if set(road) <= set(finer)}


@given(patient_agreements(usual=True, certain=True))
@settings(max_examples=80)
def test_single_steps_suffice_where_own_measures_cost(game: Patient) -> None:
    """Any order inside a step will do, and nothing is won by doing measures together."""
    free = replace(game, precedence=())
    margins = free.all_margins()
    for road, margin in margins.items():
        for finer in refinements(road):
            assert margins[finer] >= margin
    assert path_of(game).margin == near(path_of(game, single=True).margin)


def test_single_steps_do_not_suffice_where_an_own_measure_protects() -> None:
    """Where a measure makes leaving worth more to its owner, doing both at once can be needed."""
    worth = ((0, 0), (2, -2), (-2, 2), (0, 0))
    rows = tuple(tuple(map(Fraction, row)) for row in worth)
    game = Patient((0, 1), rows, promise=(Fraction(1), Fraction(1)))
    assert path_of(game, single=True).margin == float(game.best(single=True)) == -1
    swapped = replace(game, breakdown=tuple(row[::-1] for row in rows))
    assert path_of(swapped).margin == path_of(swapped, single=True).margin == -1
    assert path_of(game).margin == float(game.best()) == 1


# ------------------------------------------------------------------ monotone, invariant


@given(patient_agreements(), st.integers(0, 2), costs)
def test_a_lower_breakdown_value_never_hurts(game: Patient, party: int, less: Fraction) -> None:
    party %= game.parties
    lowered = tuple(
        tuple(x - less * (i == party) for i, x in enumerate(row)) for row in game.breakdown
    )
    assert path_of(replace(game, breakdown=lowered)).margin >= path_of(game).margin - 1e-12


@given(patient_agreements(3), st.integers(0, 2), costs, st.booleans())
def test_a_penalty_put_in_place_by_a_third_party_never_hurts(
    game: Patient, party: int, penalty: Fraction, single: bool
) -> None:
    party %= game.parties
    deployed = tuple(
        tuple(x - penalty * (i == party) for i, x in enumerate(row)) for row in game.breakdown
    )
    with_penalty = replace(
        game,
        owners=(*game.owners, None),
        breakdown=game.breakdown + deployed,
        detection=(*game.detection, Fraction(0)),
        gain=(*game.gain, Fraction(0)),
    )
    better = path_of(with_penalty, single=single).margin
    assert better >= path_of(game, single=single).margin - 1e-12


@given(patient_agreements(certain=True))
def test_the_least_guarantee_is_what_the_margin_lacks(game: Patient) -> None:
    """Γ* = max(0, −best margin) off every breakdown value: the best order then just holds."""
    lacking = max(Fraction(0), -game.best())
    lowered = tuple(tuple(x - lacking for x in row) for row in game.breakdown)
    path = path_of(replace(game, breakdown=lowered))
    assert path.margin == near(float(game.best() + lacking))
    assert path.feasible


@given(patient_agreements(), st.randoms(use_true_random=False), st.booleans())
def test_names_do_not_matter(game: Patient, random: Any, single: bool) -> None:
    places = list(range(len(game.owners)))
    seats = list(range(game.parties))
    random.shuffle(places)
    random.shuffle(seats)
    owners: list[int | None] = [None] * len(places)
    detection, gain = [Fraction(0)] * len(places), [Fraction(0)] * len(places)
    for old, new in enumerate(places):
        owner = game.owners[old]
        owners[new] = None if owner is None else seats[owner]
        detection[new], gain[new] = game.detection[old], game.gain[old]
    worth = [[Fraction(0)] * len(seats) for _ in game.breakdown]
    for state, row in enumerate(game.breakdown):
        moved = sum(1 << new for old, new in enumerate(places) if state >> old & 1)
        for old, new in enumerate(seats):
            worth[moved][new] = row[old]
    renamed = replace(
        game,
        owners=tuple(owners),
        breakdown=tuple(map(tuple, worth)),
        precedence=tuple((places[a], places[b]) for a, b in game.precedence),
        detection=tuple(detection),
        gain=tuple(gain),
        promise=tuple(game.promise[seats.index(seat)] for seat in range(len(seats))),
    )
    assert path_of(renamed, single=single).margin == near(path_of(game, single=single).margin)


@given(patient_agreements(), st.integers(0, 2), quarters)
def test_only_differences_matter(game: Patient, party: int, shift: Fraction) -> None:
    party %= game.parties
    shifted = replace(
        game,
        promise=tuple(x + shift * (i == party) for i, x in enumerate(game.promise)),
        breakdown=tuple(
            tuple(x + shift * (i == party) for i, x in enumerate(row)) for row in game.breakdown
        ),
    )
    assert path_of(shifted) == path_of(game)


@given(patient_agreements(), st.sampled_from([Fraction(1, 2), Fraction(2), Fraction(8)]))
def test_margins_scale(game: Patient, factor: Fraction) -> None:
    scaled = replace(
        game,
        promise=tuple(x * factor for x in game.promise),
        breakdown=tuple(tuple(x * factor for x in row) for row in game.breakdown),
        gain=tuple(x * factor for x in game.gain),
    )
    assert path_of(scaled).margin == near(path_of(game).margin * float(factor))
    assert path_of(scaled).steps == path_of(game).steps


@given(patient_agreements())
def test_more_detection_never_hurts_where_the_agreement_is_worth_more(game: Patient) -> None:
    above = replace(
        game, promise=tuple(max(column) for column in zip(*game.breakdown, strict=True))
    )
    certain = replace(above, detection=())
    assert path_of(certain).margin >= path_of(above).margin - 1e-12


@given(patient_agreements())
def test_more_precedence_never_helps(game: Patient) -> None:
    free = replace(game, precedence=())
    assert path_of(free).margin >= path_of(game).margin - 1e-12


def test_a_tie_is_kept_despite_rounding() -> None:
    """0.3 − (0.1 + 0.2) is a little below nothing in floats."""
    path = widest_path([0], [], [0.3], [[0.1 + 0.2], [0.0]])
    assert path.margin < 0 and path.feasible


def test_one_number_stands_for_all_measures() -> None:
    worth = table(first_example().breakdown)
    one = widest_path([0, 0, 1, 1], [], [60, 60], worth, detection=0.5, gain=8)
    each = widest_path([0, 0, 1, 1], [], [60, 60], worth, detection=[0.5] * 4, gain=[8] * 4)
    assert one == each != widest_path([0, 0, 1, 1], [], [60, 60], worth)


def test_parties_without_measures_can_walk_away() -> None:
    """A domestic veto player has no part in any step and still a margin of its own."""
    path = widest_path([0, None], [(0, 1)], [9, 5], [[0, 0], [0, 7], [0, 0], [0, 1]])
    assert path == Path(4.0, ((0, 1),))
    single = widest_path(
        [0, None], [(0, 1)], [9, 5], [[0, 0], [0, 7], [0, 0], [0, 1]], simultaneous=False
    )
    assert single == Path(-2.0, ((0,), (1,)))


def test_a_step_may_hold_both_sides_of_a_precedence() -> None:
    game = first_example(precedence=((0, 1), (1, 2), (2, 3)))
    assert path_of(game).margin == float(game.best())
    assert [len(step) for step in path_of(game, single=True).steps] == [1] * 4
    assert path_of(game, single=True).margin == float(game.margin(road_of([[0], [1], [2], [3]])))


def test_sixteen_measures_one_at_a_time() -> None:
    """Of 16! orders the one along which leaving is worth less than anywhere else."""
    rng = np.random.default_rng(5)
    order = [int(measure) for measure in rng.permutation(16)]
    worth = np.full((1 << 16, 2), 5.0)
    state = 0
    for measure in order:
        worth[state] = 1
        state |= 1 << measure
    worth[state] = 2
    path = widest_path([k % 2 for k in range(16)], [], [4, 4], worth, simultaneous=False)
    assert path == Path(2.0, tuple((measure,) for measure in order))
