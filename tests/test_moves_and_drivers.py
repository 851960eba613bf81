"""Which options follow which, and cases with a driver at another value."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import detente
from detente.model.compilation import compile_case
from detente.model.drivers import extremes, likely, with_driver
from detente.model.moves import may_move, movers
from detente.model.values import walk_away_value


def case(issue: dict[str, Any], **more: Any) -> detente.Case:
    return detente.load(
        {
            "parties": {"north": {}, "south": {}, "guest": {"signs": False}},
            "issues": {"arms": {"options": ["held", "stored", "gone"], **issue}},
            "status_quo": {"arms": "held"},
            **more,
        }
    )


@pytest.mark.parametrize(
    ("issue", "allowed"),
    [
        (
            {},
            {"held stored", "held gone", "stored held", "stored gone", "gone held", "gone stored"},
        ),
        ({"irreversible": ["gone"]}, {"held stored", "held gone", "stored held", "stored gone"}),
        ({"undo": "never"}, {"held stored", "held gone", "stored gone"}),
        ({"undo": {"stored": "never"}}, {"held stored", "held gone", "gone held", "gone stored"}),
        (
            {"transitions": {"held": ["stored"], "stored": ["gone"], "gone": []}},
            {"held stored", "stored gone"},
        ),
        (
            {"irreversible": ["gone"], "transitions": {"gone": ["held"]}},
            {"held stored", "held gone", "stored held", "stored gone", "gone held"},
        ),
        ({"moves": {"south": [["held", "gone"]]}}, {"held gone"}),
    ],
)
def test_which_options_can_follow(issue: dict[str, Any], allowed: set[str]) -> None:
    loaded = case(issue)
    options = loaded.options["arms"]
    pairs = {f"{a} {b}" for a in options for b in options if a != b}
    assert {pair for pair in pairs if may_move(loaded, "arms", *pair.split())} == allowed


def test_who_moves() -> None:
    assert movers(case({}), "arms", "held", "gone") == ("north", "south")
    assert movers(case({"control": "south"}), "arms", "held", "gone") == ("south",)
    assert movers(case({"joint": ["south", "guest"]}), "arms", "held", "gone") == ("south", "guest")
    stated = case({"moves": {"south": [["held", "gone"]], "north": [["held", "gone"]]}})
    assert movers(stated, "arms", "held", "gone") == ("south",)
    assert movers(stated, "arms", "gone", "held") == ()


def driven(*shifts: dict[str, Any]) -> detente.Case:
    scores = {"arms": {"held": 0, "stored": 10, "gone": 30}, "oil": {"no": 0, "yes": 8}}
    return detente.load(
        {
            "parties": {"north": {"walk_away": 5}, "south": {}},
            "issues": {
                "arms": {"options": ["held", "stored", "gone"]},
                "oil": {"options": ["no", "yes"]},
            },
            "status_quo": {"arms": "held", "oil": "no"},
            "values": {
                "north": {"weights": {"arms": 3, "oil": 1}, "scores": scores},
                "south": {"scores": scores},
            },
            "drivers": {"rain": {"range": [60, 130], "likely": 90, "shifts": list(shifts)}},
        }
    )


def value(loaded: detente.Case, party: str) -> Fraction:
    return compile_case(loaded).value(party, {"arms": "gone", "oil": "yes"})


def test_a_driver_shifts_scores_weights_and_walk_aways() -> None:
    score = driven({"party": "south", "issue": "arms", "option": "gone", "score": 0.5})
    driver = score.drivers["rain"]
    assert (likely(driver), extremes(driver)) == (90, (60, 130))
    assert value(with_driver(score, "rain", Fraction(90)), "south") == 38
    assert value(with_driver(score, "rain", Fraction(130)), "south") == 58
    assert value(with_driver(score, "rain", Fraction(60)), "north") == value(score, "north")
    weight = driven({"party": "north", "issue": "oil", "weight": 0.1})
    assert value(with_driver(weight, "rain", Fraction(100)), "north") == Fraction(3 * 30 + 2 * 8, 5)
    assert value(with_driver(weight, "rain", Fraction(60)), "north") == 30  # no weight below zero
    for party, least in (("north", 15), ("south", 10)):
        away = driven({"party": party, "walk_away": 1})
        model = compile_case(with_driver(away, "rain", Fraction(100)))
        assert walk_away_value(model.problem.criteria[model.position[party]]) == least


def test_a_driver_leaves_what_it_cannot_shift() -> None:
    no_weight = driven({"party": "south", "issue": "oil", "weight": 0.1})
    assert value(with_driver(no_weight, "rain", Fraction(60)), "south") == value(no_weight, "south")


def test_a_driver_that_takes_all_weights_changes_none() -> None:
    """Weights are shares of their sum, and of nothing there are none."""
    both = driven(
        {"party": "north", "issue": "oil", "weight": 1},
        {"party": "north", "issue": "arms", "weight": 1},
    )
    assert value(with_driver(both, "rain", Fraction(60)), "north") == value(both, "north")


def test_a_walk_away_that_is_an_outcome_follows_its_shifts() -> None:
    """Today is worth 0 to south: 10 units add 20 for the arms held, and 10 to walking away."""
    shifts: list[dict[str, Any]] = [
        {"party": "south", "walk_away": 1},
        {"party": "south", "issue": "arms", "option": "held", "score": 2},
    ]
    for order in (shifts, shifts[::-1]):
        model = compile_case(with_driver(driven(*order), "rain", Fraction(100)))
        assert walk_away_value(model.problem.criteria[model.position["south"]]) == 30


def test_a_driver_leaves_who_has_no_scores() -> None:
    case = detente.load(
        {
            "parties": {"north": {}, "south": {}},
            "issues": {"arms": {"options": ["held", "gone"]}},
            "status_quo": {"arms": "held"},
            "values": {"north": {"ranking": [{"arms": "gone"}, {}]}},
            "drivers": {
                "rain": {
                    "range": [0, 9],
                    "shifts": [{"party": name, "walk_away": 1} for name in ("north", "south")],
                }
            },
        }
    )
    assert with_driver(case, "rain", Fraction(9)) == case
