"""Orders of measures for parties that discount, against their definition in exact rationals."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detente.sequencing import Path, discounted_path, widest_path
from sequencing_by_definition import Discounted, Road, Table, road_of, steps_of
from sequencing_cases import (
    WORKED,
    common,
    costs,
    discounted_agreements,
    first_example,
    floats,
    only_way,
    quarters,
    table,
)

near = partial(pytest.approx, rel=1e-9, abs=1e-9)


def path_of(game: Discounted, *, single: bool = False) -> Path:
    """The best order that the code finds."""
    return discounted_path(
        *common(game),
        table(game.flows),
        table(game.breakdown),
        floats(game.discount),
        detection=floats(game.detection) if game.detection else 1.0,
        false_alarm=float(game.false_alarm),
        reversible=game.reversible,
        simultaneous=not single,
    )


# ------------------------------------------------------------------ worked examples


def fifth_example() -> Discounted:
    given = WORKED["E5_simultaneous"]

    def rows(name: str) -> Table:
        return tuple(
            tuple(Fraction(given[name][party][str(state)]) for party in "AB") for state in range(4)
        )

    return Discounted((0, 1), rows("B"), flows=rows("u"), discount=(Fraction(given["delta"]),) * 2)


def test_fifth_example() -> None:
    """Whoever moves first loses 45 in the period until the other follows."""
    given, game = WORKED["E5_simultaneous"], fifth_example()
    margins = game.all_margins()
    assert {steps_of(road): margin for road, margin in margins.items()} == {
        ((0, 1),): 15,
        ((0,), (1,)): -9,
        ((1,), (0,)): -9,
    }
    assert sorted(map(Fraction, given["margins"].values())) == sorted(margins.values())
    path = path_of(game)
    assert path.margin == near(float(given["best"]["margin"]))
    assert path.steps == ((0, 1),)
    assert path_of(game, single=True).margin == near(-9)


def patient_flows(discount: Fraction) -> Discounted:
    """E6: the first example, its promise paid out evenly from the first step on."""
    game = first_example()
    flows = (tuple((1 - discount) * value for value in game.promise),) * len(game.breakdown)
    return Discounted(game.owners, game.breakdown, flows=flows, discount=(discount,) * 2)


@pytest.mark.parametrize("row", WORKED["E6_limit"]["rows"])
def test_patience_leads_to_the_patient_model(row: dict[str, Any]) -> None:
    discount = Fraction(row["delta"])
    game = patient_flows(discount)
    assert game.best() == 3 * discount == near(row["margin"])
    path = path_of(game)
    assert path.margin == pytest.approx(row["margin"], rel=1e-6)
    patient = first_example()
    limit = widest_path(*common(patient), floats(patient.promise), table(patient.breakdown))
    assert limit.margin == float(WORKED["E6_limit"]["modelR"]) == 3
    assert path.steps == limit.steps


def lifting_for_dismantling(guarantee: Fraction) -> Discounted:
    """North dismantles for good, South lifts what takes twelve periods to restore; 0.9 a period.

    The worked example of the notes on the aftermath, in discounted sums instead of per period;
    the guarantee is against South.
    """
    discount = Fraction(9, 10)
    flows = ((50, 50), (30, 80), (90, 35), (70, 65))
    kept = discount**12
    collapse = []
    for state, flow in enumerate(flows):
        later = flows[state & 1]
        north, south = (
            (1 - kept) * now + kept * then for now, then in zip(flow, later, strict=True)
        )
        collapse.append((north / (1 - discount), (south - guarantee) / (1 - discount)))
    rows = tuple(tuple(map(Fraction, row)) for row in flows)
    return Discounted((0, 1), tuple(collapse), flows=rows, discount=(discount,) * 2)


def test_what_can_be_taken_back_tomorrow() -> None:
    """A guarantee of 4.24 makes the finished agreement hold; the way to it takes 16.67."""
    finished = lifting_for_dismantling(Fraction(0)).breakdown[3]
    assert [float(worth) / 10 for worth in finished] == pytest.approx([58.70, 69.24], abs=5e-3)
    for guarantee, margin in ((Fraction("4.24"), -9.83), (Fraction("16.67"), 0.0)):
        game = lifting_for_dismantling(guarantee)
        path = path_of(game)
        assert path.margin == near(float(game.best()))
        assert path.margin / 10 == pytest.approx(margin, abs=5e-3)
        assert game.margin(road_of(path.steps)) == game.best()
    assert path.steps == ((0,), (1,))


# ------------------------------------------------------------------ every order


@given(discounted_agreements(), st.booleans())
@settings(max_examples=250)
def test_discounted_path_is_the_best_of_all_orders(game: Discounted, single: bool) -> None:
    path = path_of(game, single=single)
    margins = game.all_margins(single=single)
    assert path.margin == near(float(max(margins.values())))
    assert margins[road_of(path.steps)] == near(float(max(margins.values())))
    assert path.feasible == bool(game.feasible(single=single))


@given(discounted_agreements(), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_measures_that_have_to_be_done_together(game: Discounted, random: Any) -> None:
    """The best order is seldom one in which much is done at once; here it has to be."""
    margins = game.all_margins()
    road = random.choice(list(margins))
    best = max(margin for other, margin in margins.items() if set(other) <= set(road))
    forced = replace(
        game,
        breakdown=only_way(game, road),
        flows=tuple((*row, Fraction(10**4)) for row in game.flows),
        discount=(*game.discount, Fraction(1, 2)),
    )
    path = path_of(forced)
    assert path.margin == near(float(best))
    assert game.margin(road_of(path.steps)) == near(float(best))
    assert set(road_of(path.steps)) <= set(road)


@pytest.mark.parametrize("tempting", [1, 2])
def test_withholding_one_of_two_measures(tempting: int) -> None:
    """Both must come together, or the second party leaves in between. The agreement is worth 10,
    withholding the one measure 5 + 8 / 2, the other or both 5.
    """
    worth = [[0, 0], [0, 99], [0, 99], [0, 0]]
    worth[tempting][0] = 8
    path = discounted_path([0, 0], [], [[5, 5]] * 4, worth, 0.5)
    assert path == Path(1.0, ((0, 1),))


@given(discounted_agreements(3), st.sampled_from([0, Fraction(1, 2), 1]), st.data())
@settings(max_examples=80)
def test_extreme_false_alarms_and_discounts(
    game: Discounted, false_alarm: Fraction, data: st.DataObject
) -> None:
    factor = st.sampled_from([Fraction(0), Fraction(99, 100)])
    game = replace(
        game,
        false_alarm=Fraction(false_alarm),
        discount=tuple(data.draw(factor) for _ in game.discount),
    )
    path = path_of(game)
    assert path.margin == near(float(game.best()))
    assert game.margin(road_of(path.steps)) == near(float(game.best()))


def replies(game: Discounted, road: Road, **more: Any) -> list[tuple[Fraction, Fraction]]:
    return [game.best_reply(road, party, **more) for party in range(game.parties)]


@given(discounted_agreements(3) | discounted_agreements(3, usual=True))
@settings(max_examples=150)
def test_one_deviation_at_a_time_suffices(game: Discounted) -> None:
    """No plan of a party, however often it cheats, beats keeping to the road if and only if no
    margin is negative."""
    for road, margin in game.all_margins().items():
        assert (margin >= 0) == all(best <= kept for best, kept in replies(game, road))


@given(discounted_agreements(3, usual=True))
@settings(max_examples=150)
def test_leaving_with_what_is_secretly_kept(game: Discounted) -> None:
    """The margins value walking away by the state that all believe in. Where own measures cost
    their owner every period and there is some chance to be found, it makes no difference if
    walking away is worth what collapse really is worth then.
    """
    seen = tuple(max(chance, Fraction(1, 4)) for chance in game.detection)
    game = replace(game, detection=seen, flows=costly(game))
    for road, margin in game.all_margins().items():
        really = replies(game, road, walks_as_it_is=True)
        assert (margin >= 0) == all(best <= kept for best, kept in really)


def costly(game: Discounted) -> Table:
    """Flows that fall by what breakdown values fall, scaled: every own measure costs something."""
    return tuple(tuple(x * Fraction(1, 2) for x in row) for row in game.breakdown)


def test_leaving_with_what_is_secretly_kept_can_pay_where_measures_do_not_cost() -> None:
    """The limit of the margins: a measure that its owner likes but that disarms it.

    Withholding it is never found and brings nothing now; walking away next period with the
    arms kept is worth more than the agreement. No single deviation shows it.
    """
    zero = Fraction(0)
    collapse = ((zero,), (zero,), (Fraction(30),), (zero,))
    flows = ((zero,), (Fraction(1),), (zero,), (Fraction(2),))
    game = Discounted(
        (0, None), collapse, ((0, 1),), (zero, zero), flows=flows, discount=(Fraction(1, 2),)
    )
    road = road_of([[0, 1]])
    assert game.margin(road) > 0
    assert path_of(game).margin > 0
    ((best, kept),) = replies(game, road)
    assert best == kept
    ((best, kept),) = replies(game, road, walks_as_it_is=True)
    assert best > kept


@given(discounted_agreements(3))
@settings(max_examples=60)
def test_reversible_measures_never_help(game: Discounted) -> None:
    fixed, loose = replace(game, reversible=False), replace(game, reversible=True)
    for road, margin in fixed.all_margins().items():
        assert loose.margin(road) <= margin
    assert path_of(loose).margin <= path_of(fixed).margin + 1e-9


# ------------------------------------------------------------------ monotone, invariant


def lowered(game: Discounted, party: int, less: Fraction) -> Table:
    return tuple(
        tuple(x - less * (i == party) for i, x in enumerate(row)) for row in game.breakdown
    )


@given(discounted_agreements(), st.integers(0, 2), costs)
def test_a_lower_breakdown_value_never_hurts(game: Discounted, party: int, less: Fraction) -> None:
    """Lower by the same in every state: false alarms cost more then, but less than leaving."""
    cheaper = replace(game, breakdown=lowered(game, party % game.parties, less))
    assert path_of(cheaper).margin >= path_of(game).margin - 1e-9


def test_a_penalty_put_in_place_can_hurt_under_false_alarms() -> None:
    """Nobody leaves with the penalty in place, but the party leaves before it is.

    With it collapse is worth −8, the finished agreement −8/3, and the first period as much,
    because an alarm ends every other period; without it nothing is lost by leaving.
    """
    half, zero = Fraction(1, 2), (Fraction(0),)
    game = Discounted(
        (None,), (zero, (Fraction(-8),)), flows=(zero, zero), discount=(half,), false_alarm=half
    )
    assert game.best() == Fraction(-8, 3) == near(path_of(game).margin)


@given(discounted_agreements(3, false_alarms=False), st.integers(0, 2), costs)
def test_a_penalty_put_in_place_by_a_third_party_never_hurts(
    game: Discounted, party: int, penalty: Fraction
) -> None:
    """It can go with the first step, and so costs no period."""
    with_penalty = replace(
        game,
        owners=(*game.owners, None),
        breakdown=game.breakdown + lowered(game, party % game.parties, penalty),
        flows=game.flows * 2,
        detection=(*game.detection, Fraction(0)),
    )
    assert path_of(with_penalty).margin >= path_of(game).margin - 1e-9


@given(discounted_agreements(), st.integers(0, 2), quarters)
def test_only_differences_matter(game: Discounted, party: int, shift: Fraction) -> None:
    """A constant per period in the flows, and its discounted sum in the breakdown values."""
    party %= game.parties
    per_period = shift * (1 - game.discount[party])
    shifted = replace(
        game,
        breakdown=lowered(game, party, -shift),
        flows=tuple(
            tuple(x + per_period * (i == party) for i, x in enumerate(row)) for row in game.flows
        ),
    )
    assert path_of(shifted).margin == near(path_of(game).margin)


@given(discounted_agreements(), st.sampled_from([Fraction(1, 2), Fraction(3)]))
def test_margins_scale(game: Discounted, factor: Fraction) -> None:
    scaled = replace(
        game,
        breakdown=tuple(tuple(x * factor for x in row) for row in game.breakdown),
        flows=tuple(tuple(x * factor for x in row) for row in game.flows),
    )
    assert path_of(scaled).margin == near(path_of(game).margin * float(factor))


@given(discounted_agreements(), st.randoms(use_true_random=False))
def test_names_do_not_matter(game: Discounted, random: Any) -> None:
    places, seats = list(range(len(game.owners))), list(range(game.parties))
    random.shuffle(places)
    random.shuffle(seats)

    def moved(rows: Table) -> Table:
        """Row and column of the new names hold what the old ones held."""
        out = [[Fraction(0)] * len(seats) for _ in rows]
        for state, row in enumerate(rows):
            there = sum(1 << new for old, new in enumerate(places) if state >> old & 1)
            for old, new in enumerate(seats):
                out[there][new] = row[old]
        return tuple(map(tuple, out))

    owners = [game.owners[places.index(new)] for new in range(len(places))]
    renamed = replace(
        game,
        owners=tuple(None if owner is None else seats[owner] for owner in owners),
        breakdown=moved(game.breakdown),
        flows=moved(game.flows),
        precedence=tuple((places[a], places[b]) for a, b in game.precedence),
        detection=tuple(game.detection[places.index(new)] for new in range(len(places))),
        discount=tuple(game.discount[seats.index(new)] for new in range(len(seats))),
    )
    assert path_of(renamed).margin == near(path_of(game).margin)


@given(discounted_agreements())
def test_more_precedence_never_helps(game: Discounted) -> None:
    assume(game.precedence)
    free = replace(game, precedence=())
    assert path_of(free).margin >= path_of(game).margin - 1e-9


def test_one_number_stands_for_all() -> None:
    game = fifth_example()
    arrays = (table(game.flows), table(game.breakdown))
    one = discounted_path([0, 1], [], *arrays, 0.9, detection=0.5, reversible=True)
    each = discounted_path([0, 1], [], *arrays, [0.9, 0.9], detection=[0.5, 0.5], reversible=True)
    assert one == each != path_of(game)


def test_every_own_measure_may_be_undone() -> None:
    """Each measure saves 8 a period if it is undone; both together pay, neither alone does."""
    flows = tuple((Fraction(saved),) for saved in (16, 8, 8, 0))
    game = Discounted(
        (0, 0),
        ((Fraction(-40),),) * 4,
        detection=(Fraction(1, 2),) * 2,
        flows=flows,
        discount=(Fraction(1, 2),),
        reversible=True,
    )
    assert path_of(game, single=True).margin == near(-1) == float(game.best(single=True))
    fixed = replace(game, reversible=False)
    assert path_of(fixed, single=True).margin == near(2) == float(fixed.best(single=True))
