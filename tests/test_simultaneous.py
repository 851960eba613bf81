"""Simultaneous sanctions, against their definition."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from dense_models import dense_case, of_case
from detente.case import CaseError
from detente.model.compilation import Model
from detente.model.problem import Booleans, Integers
from detente.stability.concepts.simultaneous import simultaneous
from detente.stability.graph.around import around
from detente.stability.graph.conflict import conflict
from detente.stability.reasons.steps import Teller
from stability_cases import PUBLISHED, CaseGraph, named, published_case
from stability_strategies import bands, hold_cases

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
TOLD = {1: True, 0: False, -1: None}


def some(count: int) -> settings:
    return settings(max_examples=count, deadline=None, suppress_health_check=SLOW)


def found(teller: Teller, band: Fraction = Fraction(0), **options: Any) -> Mapping[str, Any]:
    states = np.arange(teller.conflict.states)
    return simultaneous(teller.model, band, teller.conflict, teller.codes, states, **options)


def agrees(by_definition: CaseGraph, teller: Teller, band: Fraction = Fraction(0)) -> None:
    """Every party and state."""
    verdicts = found(teller, band)
    for place, name in enumerate(by_definition.parties):
        told = [TOLD[int(mark)] for mark in verdicts[name]]
        expected = [
            by_definition.simultaneously_stable(place, state)
            for state in range(by_definition.graph.states)
        ]
        assert told == expected, name


def graph_form(written: Mapping[str, Any]) -> bool:
    """Whether several parties move one issue along pairs of their own."""
    issues = written["issues"].values()
    return any(sum(map(bool, issue.get("moves", {}).values())) > 1 for issue in issues)


@some(60)
@given(st.integers(0, 2**32), st.booleans(), bands)
def test_every_cell_of_dense_cases(seed: int, unvalued: bool, band: Fraction) -> None:
    agrees(*of_case(dense_case(seed, unvalued=unvalued), band), band)


@some(60)
@given(hold_cases(most_parties=4, most_states=40, unvalued=True), bands)
def test_every_cell_of_drawn_cases(written: dict[str, Any], band: Fraction) -> None:
    assume(not graph_form(written))
    agrees(*of_case(written, band), band)


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_cell_of_published_conflicts(name: str) -> None:
    """A band means nothing where there is an order only."""
    for band in (Fraction(0), Fraction(7)):
        agrees(*of_case(published_case(PUBLISHED[name]), band), band)


def test_dilemma_of_prisoners() -> None:
    """Whoever confesses when both are silent may find that the other did so at once."""
    by_definition, teller = of_case(published_case(PUBLISHED["dilemma"]))
    marks = found(teller)
    stable = {
        word: [
            int(entry[by_definition.state(named(PUBLISHED["dilemma"], word))])
            for entry in marks.values()
        ]
        for word in ("00", "01", "10", "11")
    }
    assert stable == {"00": [1, 1], "01": [1, 0], "10": [0, 1], "11": [1, 1]}


def joint(withdraw: str) -> dict[str, Any]:
    """North alone can end a treaty; so can south, and both like the state without it."""
    return {
        "detente": 1,
        "title": "A treaty",
        "parties": {"north": {}, "south": {}},
        "issues": {
            "treaty": {
                "joint": ["north", "south"],
                "withdraw": withdraw,
                "options": ["none", "signed"],
            },
            "arms": {"control": "south", "options": ["few", "many"]},
        },
        "status_quo": {"treaty": "none", "arms": "few"},
        "values": {
            "north": {
                "scores": {"treaty": {"none": 1, "signed": 0}, "arms": {"few": 0, "many": -5}}
            },
            "south": {
                "scores": {"treaty": {"none": 1, "signed": 0}, "arms": {"few": 0, "many": 1}}
            },
        },
    }


def test_a_joint_issue_that_both_leave_at_once_is_left_once() -> None:
    by_definition, teller = of_case(joint("any"))
    state = by_definition.state({"treaty": "signed", "arms": "few"})
    # South may leave and arm at the same moment: north, which leaves too, is worse off.
    assert found(teller)["north"][state] == 1
    agrees(by_definition, teller)


def test_what_only_both_together_can_do_is_nobodys_own_improvement() -> None:
    by_definition, teller = of_case(joint("all"))
    state = by_definition.state({"treaty": "signed", "arms": "many"})
    assert found(teller)["north"][state] == 1  # it has no move
    agrees(by_definition, teller)


def two_layers(model: Model, row: Integers) -> tuple[Integers, Booleans | None]:
    """As few states around an outcome as can be held."""
    for most in range(1, 10_000):
        with suppress(CaseError):
            return around(model, row, most)
    raise AssertionError


def test_the_states_around_an_outcome_are_enough() -> None:
    """What others do at once may lead out of the states that are held; it counts all the same."""
    left_out = 0
    for seed in range(12):
        _, teller = of_case(dense_case(seed))
        model, whole = teller.model, found(teller)
        for place, row in enumerate(teller.codes):
            codes, inner = two_layers(model, row)
            left_out += len(teller.codes) - len(codes)
            part = conflict(model, Fraction(0), codes, inner)
            here = np.flatnonzero((codes == row).all(axis=1))
            marks = simultaneous(model, Fraction(0), part, codes, here)
            assert {name: entry[0] for name, entry in marks.items()} == {
                name: entry[place] for name, entry in whole.items()
            }
    assert left_out


def test_step_by_step_moves_of_two_parties_are_refused() -> None:
    written = dense_case(1)
    pairs = [["no", "yes"]]
    north, south = list(written["parties"])[:2]
    written["issues"]["issue0"] = {"options": ["no", "yes"], "moves": {north: pairs, south: pairs}}
    written["values"] = {}
    for party in written["parties"].values():
        party["walk_away"] = 0
    _, teller = of_case(written)
    message = f"need options: the issue issue0 is moved step by step by {north} and {south}"
    with pytest.raises(CaseError, match=re.escape(message)):
        found(teller)


def test_step_by_step_moves_of_one_party_are_not() -> None:
    written = dense_case(1)
    north = next(iter(written["parties"]))
    written["issues"]["issue0"] = {"options": ["no", "yes"], "moves": {north: [["no", "yes"]]}}
    for entry in written["values"].values():
        entry["adjustments"] = []
        entry["scores"] = {"issue0": {"no": 0, "yes": 3}}
    agrees(*of_case(written))


def test_too_many_combinations() -> None:
    by_definition, teller = of_case(dense_case(3))
    assert by_definition.graph.states > 8
    with pytest.raises(CaseError, match=r"combinations; at most 1 are held(.|\n)*simultaneous"):
        found(teller, most=1)
