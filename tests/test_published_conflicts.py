"""Published conflicts: the states that are stable for whom, under every concept.

The states were computed by brute force from the definitions (see the explanation of stability),
and are re-entered here in one letter per issue of the case, in its order: ``Y`` for the second
option (*yes*, or *keeps silent*), ``-`` for the first. Models: the prisoners' dilemma; Syria and
Iraq (Hipel, Kilgour and Kinsara 2014, without the third party); the Cuban missile crisis (after
Fraser and Hipel 1984, with an air strike that cannot be undone); Elmira (Hipel, Fang, Kilgour and
Haight 1993; Kilgour and Hipel 2005).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import detente
from detente.case import Case
from detente.model.compilation import compile_case
from detente.model.moves import may_move
from detente.model.space import digits

ORACLES = Path(__file__).parents[2] / "shared" / "oracles" / "hold"
CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq")
REFERENCES = {
    "prisoners_dilemma": "prisoners",
    "syria_iraq": "syriairaq",
    "cuban_missile_crisis": "cuban",
    "elmira": "elmira",
}
DILEMMA = {"first": "-- -Y YY", "second": "-- Y- YY", "equilibria": "-- YY"}
CUBAN = {
    "us": "---- Y--- -Y-- YY-- --Y- Y-Y- -YY- YYY- YY-Y",
    "ussr": "---- Y--- -Y-- --Y- Y-Y- -YY- YYY-",
    "equilibria": "---- Y--- -Y-- --Y- Y-Y- -YY- YYY-",
}
CUBAN_SEQUENTIAL = {
    "us": "Y--- -Y-- --Y- Y-Y- -YY- YY-Y",
    "ussr": "---- --Y- Y-Y- -YY- YYY-",
    "equilibria": "--Y- Y-Y- -YY-",
}
EVERY_STATE = "-Y--- YY--- --Y-- Y-Y-- ---Y- Y--Y- -Y--Y YY--Y --Y-Y Y-Y-Y ---YY Y--YY"
UNIROYAL = "-Y--- Y-Y-- ---Y- Y--Y- -Y--Y Y-Y-Y ---YY Y--YY"
STRONG = "---Y- Y--Y- -Y--Y Y-Y-Y ---YY Y--YY"
ELMIRA = {
    "moe": EVERY_STATE,
    "uniroyal": UNIROYAL,
    "local_government": EVERY_STATE,
    "equilibria": UNIROYAL,
}
ELMIRA_SEQUENTIAL = {
    "moe": EVERY_STATE,
    "uniroyal": UNIROYAL,
    "local_government": "YY--- --Y-- ---Y- Y--Y- -Y--Y YY--Y --Y-Y Y-Y-Y ---YY Y--YY",
    "equilibria": STRONG,
}
STABLE: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "prisoners_dilemma": {
        "nash": {"first": "-- -Y", "second": "-- Y-", "equilibria": "--"},
        "gmr": DILEMMA,
        "smr": DILEMMA,
        "seq": DILEMMA,
        "sseq": DILEMMA,
    },
    "syria_iraq": {
        "nash": {"syria": "--- -YY", "iraq": "Y-- --Y -YY", "equilibria": "-YY"},
        "gmr": {"syria": "--- -Y- -YY", "iraq": "--- Y-- --Y Y-Y -YY", "equilibria": "--- -YY"},
        "smr": {"syria": "--- -Y- -YY", "iraq": "Y-- --Y -YY", "equilibria": "-YY"},
        "seq": {"syria": "--- -Y- -YY", "iraq": "Y-- --Y Y-Y -YY", "equilibria": "-YY"},
        "sseq": {"syria": "--- -Y- -YY", "iraq": "Y-- --Y -YY", "equilibria": "-YY"},
    },
    "cuban_missile_crisis": {
        "nash": {
            "us": "Y--- -Y-- --Y- Y-Y- YY-Y",
            "ussr": "---- Y-Y- -YY- YYY-",
            "equilibria": "Y-Y-",
        },
        "gmr": CUBAN,
        "smr": CUBAN,
        "seq": CUBAN_SEQUENTIAL,
        "sseq": CUBAN_SEQUENTIAL,
    },
    "elmira": {
        "nash": {
            "moe": EVERY_STATE,
            "uniroyal": UNIROYAL,
            "local_government": "---Y- Y--Y- -Y--Y YY--Y --Y-Y Y-Y-Y ---YY Y--YY",
            "equilibria": STRONG,
        },
        "gmr": ELMIRA,
        "smr": ELMIRA,
        "seq": ELMIRA_SEQUENTIAL,
        "sseq": ELMIRA_SEQUENTIAL,
    },
}
NUMBERED = {  # the states of Elmira in the literature; its last, abandonment, is four here
    "-Y---": 1,
    "YY---": 2,
    "--Y--": 3,
    "Y-Y--": 4,
    "-Y--Y": 5,
    "YY--Y": 6,
    "--Y-Y": 7,
    "Y-Y-Y": 8,
    "---Y-": 9,
    "Y--Y-": 9,
    "---YY": 9,
    "Y--YY": 9,
}
each_case = pytest.mark.parametrize("name", STABLE)
each_concept = pytest.mark.parametrize("concept", CONCEPTS)


@cache
def document(name: str) -> dict[str, Any]:
    found: dict[str, Any] = detente.hold(detente.load(name), every=True).to_dict()
    return found


def letters(case: Case, outcome: Mapping[str, str]) -> str:
    """An outcome in one letter per issue."""
    return "".join("-Y"[case.options[issue].index(outcome[issue])] for issue in case.issues)


def told(case: Case, outcomes: list[dict[str, str]]) -> list[str]:
    return sorted(letters(case, outcome) for outcome in outcomes)


@each_case
@each_concept
def test_stable_states_of_every_party(name: str, concept: str) -> None:
    case, found = detente.load(name), document(name)["stable"][concept]
    expected = dict(STABLE[name][concept])
    del expected["equilibria"]
    assert {party: told(case, found[party]) for party in found} == {
        party: sorted(states.split()) for party, states in expected.items()
    }


@each_case
@each_concept
def test_equilibria(name: str, concept: str) -> None:
    found = document(name)["equilibria"][concept]
    states = STABLE[name][concept]["equilibria"].split()
    assert told(detente.load(name), found["outcomes"]) == sorted(states)
    assert found["count"] == len(states)


@each_case
def test_verdicts_on_single_outcomes_are_those_of_the_lists(name: str) -> None:
    case = detente.load(name)
    for package in case.packages:
        found = detente.hold(case, package).to_dict()["outcome"]
        state = letters(case, found["outcome"])
        for concept, parties in found["stable"].items():
            for party, stable in parties.items():
                assert stable is (state in STABLE[name][concept][party].split())


# What the publications say


def test_both_confess_and_silence_needs_foresight() -> None:
    """Confessing is the only Nash equilibrium; silence is stable with a look at the reply."""
    found = document("prisoners_dilemma")["equilibria"]
    assert [found[concept]["count"] for concept in CONCEPTS] == [1, 2, 2, 2, 2]


def test_elmira_in_the_numbers_of_the_literature() -> None:
    """States 5, 8 and 9 are equilibria under every concept; 1 and 4 only under GMR and SMR."""
    case = detente.load("elmira")
    for concept in CONCEPTS:
        found = document("elmira")["equilibria"][concept]["outcomes"]
        numbers = {NUMBERED[state] for state in told(case, found)}
        assert numbers == ({1, 4, 5, 8, 9} if concept in ("gmr", "smr") else {5, 8, 9})


def test_elmira_the_ministry_and_uniroyal_leave_state_5_for_state_8() -> None:
    """Delay under protest is stable for each alone, and not for these two together."""
    case = detente.load("elmira")
    result = detente.hold(case, "insistence", coalitions="moe+uniroyal").to_dict()["outcome"]
    (found,) = result["breaks"]
    assert found["coalition"] == "moe+uniroyal"
    assert set(found["concepts"]) == set(CONCEPTS)
    assert NUMBERED[letters(case, found["moves"][-1]["to"])] == 8
    after = detente.hold(case, "modified_order", coalitions="all").to_dict()["outcome"]
    assert not after["breaks"]


def test_elmira_with_the_other_ranking_of_uniroyal() -> None:
    """A second source has state 2 last but one for Uniroyal; nothing that is stable changes."""
    ranking = [
        {"modify": "no", "delay": "yes", "insist": "no"},
        {"modify": "yes", "accept": "yes", "insist": "no"},
        {"modify": "yes", "accept": "yes", "insist": "yes"},
        {"modify": "no", "delay": "yes", "insist": "yes"},
        {"abandon": "yes"},
        {"modify": "no", "accept": "yes", "insist": "no"},
        {"modify": "no", "accept": "yes", "insist": "yes"},
        {"modify": "yes", "delay": "yes", "insist": "no"},
        {"modify": "yes", "delay": "yes", "insist": "yes"},
    ]
    overlay = {"values": {"uniroyal": {"ranking": ranking}}}
    other = detente.load("elmira", overlays=[overlay])
    assert orders(other) != orders(detente.load("elmira"))
    found = detente.hold(other, every=True).to_dict()
    for part in ("stable", "equilibria"):
        assert found[part] == document("elmira")[part]


# The cases


@each_case
def test_nothing_to_note_and_every_source_is_used(name: str) -> None:
    case = detente.load(name)
    assert not detente.check(case).notes
    text = (Path(detente.__file__).parent / "cases" / f"{name}.yaml").read_text(encoding="utf-8")
    body, _, sources = text.partition("\nsources:\n")
    assert sources
    for key in case.sources:
        assert f" {key}" in body or f"[{key}" in body, key
    for values in case.values.values():
        assert values.source


def orders(case: Case) -> dict[str, list[list[str]]]:
    """The order of each party: its states from best to worst, with ties."""
    model = compile_case(case)
    codes = digits(np.arange(model.space.total), model.space.sizes)
    codes = codes[model.problem.feasible(codes)]
    states = [letters(case, model.space.outcome(row)) for row in codes]
    found = {}
    for name in model.valued:
        totals = model.problem.criteria[model.position[name]].totals(codes)
        found[name] = [
            sorted(state for state, total in zip(states, totals, strict=True) if total == step)
            for step in sorted(set(totals.tolist()), reverse=True)
        ]
    return found


def moves(case: Case) -> list[tuple[int, str]]:
    """Who moves which issue, and which of its two options can be left."""
    parties, found = list(case.parties), []
    for issue, entry in case.issues.items():
        first, second = case.options[issue]
        directions = [may_move(case, issue, *pair) for pair in ((first, second), (second, first))]
        assert entry.control is not None
        found.append((parties.index(entry.control), str(directions)))
    return found


@pytest.mark.skipif(not ORACLES.is_dir(), reason="the reference cases are not at hand")
@pytest.mark.parametrize(("name", "reference"), REFERENCES.items())
def test_reference_case_files(name: str, reference: str) -> None:
    """The same models as case files kept outside the project, where they are at hand."""
    case, other = detente.load(name), detente.load(ORACLES / f"{reference}.yaml")
    assert list(orders(case).values()) == list(orders(other).values())
    assert moves(case) == moves(other)
    assert case.status_quo is not None
    assert other.status_quo is not None
    assert letters(case, case.status_quo) == letters(other, other.status_quo)
    expected = json.loads((ORACLES / f"{reference}.expected.json").read_text())
    found = detente.hold(other, every=True).to_dict()
    for concept in CONCEPTS:
        stable = {p: told(other, s) for p, s in expected[concept]["stable"].items()}
        assert {p: told(other, s) for p, s in found["stable"][concept].items()} == stable
        here = {k: sorted(s.split()) for k, s in STABLE[name][concept].items()}
        equilibria = told(other, expected[concept]["equilibria"])
        assert [*stable.values(), equilibria] == list(here.values())
        assert told(other, found["equilibria"][concept]["outcomes"]) == equilibria
