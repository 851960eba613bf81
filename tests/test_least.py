"""The least guarantee and the least detection with which some order holds."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.sequencing import Least, least_common_detection, least_guarantee
from sequencing_by_definition import Patient, road_of
from sequencing_cases import (
    WORKED,
    common,
    first_example,
    floats,
    patient_agreements,
    table,
    third_example,
)

NUDGE = Fraction(1, 10**6)
"""Less than what separates the numbers of these instances."""


# ------------------------------------------------------------------ guarantee


def guarantee_of(game: Patient, **more: Any) -> Least | None:
    return least_guarantee(
        *common(game),
        floats(game.promise),
        table(game.breakdown),
        detection=floats(game.detection) if game.detection else 1.0,
        gain=floats(game.gain) if game.gain else 0.0,
        **more,
    )


def guaranteed(game: Patient, amount: Fraction, party: int | None) -> Patient:
    lowered = tuple(
        tuple(x - amount * (party in (None, i)) for i, x in enumerate(row))
        for row in game.breakdown
    )
    return replace(game, breakdown=lowered)


def test_the_guarantee_of_the_third_example() -> None:
    game = third_example()
    alone = guarantee_of(game, party=1)
    assert alone is not None
    assert alone.amount == float(WORKED["E3_guarantee"]["min_guarantee"]) == 7
    assert guaranteed(game, Fraction(7), 1).margin(road_of(alone.steps)) == 0
    together = guarantee_of(game)
    assert together is not None and together.amount == 7
    assert guarantee_of(game, party=0) is None
    assert guarantee_of(first_example()) == Least(0.0, ((2,), (1,), (3,), (0,)))


@given(patient_agreements(3), st.booleans(), st.none() | st.integers(0, 2))
@settings(max_examples=200)
def test_the_least_guarantee_is_the_least(
    game: Patient, simultaneous: bool, party: int | None
) -> None:
    if party is not None:
        party %= game.parties
    least = guarantee_of(game, party=party, simultaneous=simultaneous)
    if least is None:
        assert not guaranteed(game, Fraction(10**6), party).feasible(single=not simultaneous)
        return
    enough = guaranteed(game, Fraction(least.amount) + NUDGE, party)
    assert enough.margin(road_of(least.steps)) >= 0
    if least.amount:
        less = guaranteed(game, Fraction(least.amount) - NUDGE, party)
        assert not less.feasible(single=not simultaneous)


@given(patient_agreements(certain=True))
@settings(max_examples=60)
def test_the_guarantee_is_what_the_margin_lacks(game: Patient) -> None:
    least = guarantee_of(game)
    assert least is not None
    assert least.amount == float(max(Fraction(0), -game.best()))


@given(patient_agreements())
@settings(max_examples=60)
def test_a_guarantee_of_one_party_is_not_less(game: Patient) -> None:
    together = guarantee_of(game)
    alone = [guarantee_of(game, party=party) for party in range(game.parties)]
    for least in alone:
        assert least is None or (together is not None and least.amount >= together.amount)


def test_a_guarantee_against_withholding_two_measures_at_once() -> None:
    """Both must come together, or the second party leaves in between, and only the first is bound.

    Withholding both is noticed with 3/4: Γ ≥ 0 − 8 + 2 · 24 · (1/4) / (3/4).
    """
    worth = [[0, 0], [-100, 99], [-100, 99], [0, 0]]
    least = least_guarantee([0, 0], [], [8, 9], worth, party=0, detection=0.5, gain=24)
    assert least == Least(8.0, ((0, 1),))


def test_no_such_party() -> None:
    worth = [[0, 0], [0, 0]]
    for party, message in ((2, "the party is one from 0 to 1; this is 2"), (-1, "at least 0")):
        with pytest.raises(ValueError, match=message):
            least_guarantee([0], [], [1, 1], worth, party=party)


# ------------------------------------------------------------------ detection


def test_the_detection_of_the_fourth_example() -> None:
    given, game = WORKED["E4_verification"], first_example()
    gain = [float(number) for number in given["h"]]
    least = least_common_detection(*common(game), [60, 60], table(game.breakdown), gain)
    assert least is not None
    assert (
        Fraction(least.amount).limit_denominator(10**6)
        == Fraction(given["rho_star"])
        == Fraction(4, 5)
    )
    names = WORKED["E1"]["measures"]
    assert [[names[measure] for measure in step] for step in least.steps] == given["order"]


@given(patient_agreements(usual=True) | patient_agreements())
@settings(max_examples=200)
def test_the_least_detection_is_the_least(game: Patient) -> None:
    least = least_common_detection(
        *common(game), floats(game.promise), table(game.breakdown), floats(game.gain)
    )

    def seen(chance: Fraction) -> Patient:
        return replace(game, detection=(chance,) * len(game.owners))

    if least is None:
        assert not seen(Fraction(1)).feasible(single=True)
        return
    assert 0 <= least.amount <= 1
    enough = seen(min(Fraction(1), Fraction(least.amount) + NUDGE))
    assert enough.margin(road_of(least.steps)) >= 0
    if least.amount:
        assert not seen(Fraction(least.amount) - NUDGE).feasible(single=True)


def test_detection_where_nothing_is_gained_or_lost() -> None:
    assert least_common_detection([0], [], [5], [[5], [5]], 0) == Least(0.0, ((0,),))
    assert least_common_detection([0], [], [5], [[5], [5]], 1) == Least(1.0, ((0,),))
    assert least_common_detection([None], [], [5], [[5], [5]], 1) == Least(0.0, ((0,),))
    assert least_common_detection([0], [], [5], [[5], [6]], 1) is None


# ------------------------------------------------------------------ bad input


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"owners": []}, "an order needs at least one measure"),
        ({"owners": [0, 2]}, "measure 1 is owned by party 2, and parties count from 0 to 1"),
        ({"precedence": [(0, 1), (1, 0)]}, "goes round in a circle"),
        ({"breakdown": [[0, 0]]}, "the breakdown has one row for each set of the 2 measures"),
        ({"promise": [1]}, "the promise has one number for each of the 2 parties"),
        ({"promise": [1, "a"]}, "the promise consists of numbers"),
        ({"gain": [1, 2, 3]}, "the gain is one number, or one for each of the 2 measures"),
    ],
)
def test_bad_input(change: dict[str, Any], message: str) -> None:
    good = {
        "owners": [0, 1],
        "precedence": [],
        "promise": [1, 1],
        "breakdown": [[0, 0]] * 4,
        "gain": 1,
    }
    for function in (least_common_detection, least_guarantee):
        with pytest.raises(ValueError, match=message):
            function(**{**good, **change})


def test_bad_detection() -> None:
    with pytest.raises(ValueError, match="the detection is between 0 and 1; one is 2"):
        least_guarantee([0], [], [1, 1], [[0, 0], [0, 0]], detection=2)
