"""What ``roadmap`` refuses, and how it says so."""

from __future__ import annotations

import copy
from typing import Any

import pytest

import detente
from detente.case import CaseError
from detente.sequencing.lattice.road import MOST_STATES

BASE: dict[str, Any] = {
    "parties": {"north": {"discount": "0.9"}, "south": {"discount": "0.9"}},
    "issues": {
        "arms": {
            "options": ["held", "stored", "gone"],
            "control": "north",
            "irreversible": ["gone"],
        },
        "embargo": {"options": ["full", "lifted"], "control": "south"},
        "access": {"options": ["none", "sites"], "control": "north"},
    },
    "status_quo": {"arms": "held", "embargo": "full", "access": "none"},
    "values": {
        "north": {"scores": {"arms": {"held": 20, "stored": 15, "gone": 0}}},
        "south": {"scores": {"arms": {"held": 0, "stored": 5, "gone": 30}}},
    },
    "packages": {
        "deal": {
            "outcome": {"arms": "gone", "embargo": "lifted", "access": "sites"},
            "steps": ["inspectors", "escrow"],
            "before": [["access", "arms"]],
        }
    },
    "verification": {
        "period": "year",
        "measures": {"inspectors": {"detects": {"arms": "0.5"}, "requires": "access == sites"}},
    },
    "guarantees": {"escrow": {"by": "bank", "against": "south", "amount": 3}},
    "drivers": {"oil": {"range": [1, 3], "shifts": [{"party": "north", "walk_away": 1}]}},
}


def table(*path_and_value: Any) -> dict[str, Any]:
    """The case with one entry replaced, or taken out where the value is None."""
    out = copy.deepcopy(BASE)
    if path_and_value:
        *path, last, value = path_and_value
        entry = out
        for key in path:
            entry = entry.setdefault(key, {})
        if value is None:
            del entry[last]
        else:
            entry[last] = value
    return out


def refusal(case: dict[str, Any], to: Any = "deal", **options: Any) -> str:
    with pytest.raises(CaseError) as caught:
        detente.roadmap(detente.load(case), to, **options)
    return str(caught.value)


def test_the_case_itself_is_answered() -> None:
    answer = detente.roadmap(
        detente.load(BASE), "deal", order="access,inspectors,arms+embargo,escrow"
    )
    assert answer.own is not None
    assert answer.orders.count > 1


def test_a_target_that_breaks_a_rule() -> None:
    case = table("rules", [{"never": "arms == gone and embargo == full"}])
    found = refusal(case, "deal,embargo=full")
    assert "the target breaks rule 1: never arms == gone and embargo == full" in found


def test_a_target_that_is_today() -> None:
    assert "the target is today's state" in refusal(table(), "status_quo")
    assert "the target is today's state" in refusal(table(), {})


def test_what_is_never_undone_is_not_left() -> None:
    case = table("status_quo", "arms", "gone")
    assert "arms cannot get from gone to held" in refusal(case, "arms=held")
    assert "arms cannot get from gone to stored" in refusal(case, "arms=stored,embargo=lifted")


def test_transitions_that_lead_nowhere() -> None:
    case = table("issues", "arms", "transitions", {"held": ["held"]})
    assert "arms cannot get from held to gone" in refusal(case)
    case = table("issues", "arms", "transitions", {"held": ["stored"], "stored": ["held"]})
    assert "arms cannot get from held to gone" in refusal(case)


def test_an_irreversible_option_on_the_way() -> None:
    case = table("issues", "arms", "undo", {"stored": "never", "gone": 0})
    del case["issues"]["arms"]["irreversible"]
    answer = detente.roadmap(detente.load(case), "arms=gone")
    assert [step.moves[0].after for step in answer.best.steps] == ["gone"]


def test_rules_that_forbid_every_order() -> None:
    case = table("rules", [{"never": "arms > held and embargo == full and access == sites"}])
    case["rules"].append({"never": "embargo == lifted and arms == held"})
    case["packages"]["deal"]["before"] = [["access", "arms"], ["arms", "embargo"]]
    assert "no order of steps leads to the target" in refusal(case)
    assert "no order of steps of 1 at once leads" in refusal(table("rules", ONE_STEP), at_once=1)


ONE_STEP = [
    {"if": "embargo == lifted", "then": "arms == gone"},
    {"never": "arms > held and embargo == full"},
]


def test_a_circle_of_precedence() -> None:
    circle = [["access", "arms"], ["arms", "embargo"], ["embargo", "access"]]
    found = refusal(table("packages", "deal", "before", circle))
    assert "'before' goes round in a circle" in found
    assert all(name in found for name in ("access", "arms", "embargo"))


def test_a_pair_of_which_one_does_not_move_says_nothing() -> None:
    case = table("packages", "deal", "outcome", {"arms": "gone", "embargo": "lifted"})
    case["packages"]["deal"]["steps"] = []
    assert detente.roadmap(detente.load(case), "deal").orders.count == 8


def test_too_many_states_says_how_many() -> None:
    case = table()
    for number in range(26):
        case["issues"][f"x{number}"] = {"options": ["a", "b"], "control": "north"}
        case["status_quo"][f"x{number}"] = "a"
    to = {f"x{number}": "b" for number in range(26)}
    found = refusal(case, to)
    assert "67,108,864 states" in found
    assert f"at most {MOST_STATES:,} are" in found
    assert "26 single advances" in found


def test_no_status_quo() -> None:
    case = table("status_quo", None)
    del case["drivers"]
    for party in case["parties"].values():
        party["walk_away"] = 0
    assert "no status quo" in refusal(case)


def test_no_scores() -> None:
    case = table("values", {"north": {"ranking": [{"arms": "held"}, {"arms": "gone"}]}})
    del case["drivers"]
    found = refusal(case)
    assert "to at least one signing party" in found
    assert "add scores for north, south" in found


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"model": "discount"}, "did you mean 'discounted'?"),
        ({"at_once": 0}, "at least one part moves in a step; this is 0"),
        ({"at_once": -1}, "at least one part moves in a step; this is -1"),
        ({"survives": ["oli"]}, "did you mean 'oil'?"),
        ({"survives": ["korea_second_codin"]}, "there is no"),
        ({"survives": [{"parties": {"nroth": {}}}]}, "overlay has other parties"),
        ({"survives": [{"status_quo": {"arms": "stored"}}]}, "overlay has other status quo"),
        ({"survives": [{"issues": {"aid": {"options": ["a", "b"]}}}]}, "aid"),
        ({"order": "access,amrs,embargo"}, "did you mean 'arms'?"),
        ({"order": "acess,arms,embargo"}, "did you mean 'access'?"),
        ({"order": "access,arms=stord,embargo"}, "did you mean 'stored'?"),
        ({"order": "access,arms,arms=stored"}, "step 3 of the order does not move arms on"),
        ({"order": "access,arms,arms,embargo"}, "step 3 of the order does not move arms on"),
        ({"order": "access,arms=held,embargo"}, "held"),
        ({"order": "access,inspectors+escrow,arms"}, "embargo still to come"),
        ({"order": "access,inspectors+escrow,arms=stored+embargo"}, "arms still to come"),
        ({"order": ""}, "still to come"),
        ({"order": "arms,access,embargo"}, "step 1 of the order cannot be taken"),
        ({"order": "access+arms,embargo"}, "step 1 of the order cannot be taken"),
        ({"order": "inspectors,access,arms"}, "step 1 of the order cannot be taken"),
        ({"order": "access,inspectors=on,arms,embargo,escrow"}, "inspectors"),
    ],
)
def test_options(options: dict[str, Any], words: str) -> None:
    assert words in refusal(table(), **options)


def test_an_option_of_a_measure() -> None:
    found = refusal(table(), order="access,inspectors=on,arms,embargo,escrow")
    assert "inspectors is put in place or not; it has no options" in found


def test_a_step_that_the_target_does_not_allow() -> None:
    found = refusal(table("packages", "deal", "outcome", {"arms": "gone", "embargo": "lifted"}))
    assert "inspectors is a step, and the target does not allow it" in found
    assert "access == sites" in found
