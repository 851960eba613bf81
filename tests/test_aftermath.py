"""What a collapse is worth, against the worked example and the path added up period by period."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import detente
from cheating_cases import cheating_cases
from detente.case import CaseError
from detente.model import breakdown_values
from detente.model.aftermath import period_discount
from verify_by_definition import Watched

Drawn = tuple[dict[str, Any], dict[str, str]]


def two_steps(**lift: Any) -> detente.Case:
    """The worked example of the theory notes on the aftermath of a collapse."""
    return detente.load(
        {
            "parties": {"north": {"discount": 0.9}, "south": {"discount": 0.9}},
            "issues": {
                "dismantle": {"control": "north", "options": ["kept", "done"], "undo": "never"},
                "relief": {"control": "south", "options": ["none", "given"], **lift},
            },
            "status_quo": {"dismantle": "kept", "relief": "none"},
            "values": {
                "north": {
                    "scores": {
                        "dismantle": {"kept": 50, "done": 30},
                        "relief": {"none": 0, "given": 40},
                    }
                },
                "south": {
                    "scores": {
                        "dismantle": {"kept": 50, "done": 80},
                        "relief": {"none": 0, "given": -15},
                    }
                },
            },
            "verification": {"period": "year"},
        }
    )


@pytest.mark.parametrize(
    ("undo", "north", "south"), [(1, (34, 30), (78.5, 80)), (12, (58.70, 30), (69.24, 80))]
)
def test_the_worked_example(
    undo: int, north: tuple[float, float], south: tuple[float, float]
) -> None:
    case = two_steps(undo=undo)
    outcomes = ["dismantle=done,relief=given", "dismantle=done"]
    assert breakdown_values(case, "north", outcomes) == pytest.approx(north, abs=0.005)
    assert breakdown_values(case, "south", outcomes) == pytest.approx(south, abs=0.005)
    assert breakdown_values(case, "south", ["status_quo"]) == pytest.approx([50])


@given(cheating_cases())
@settings(max_examples=100, deadline=None)
def test_the_path_added_up(drawn: Drawn) -> None:
    written, agreed = drawn
    case = detente.load(written)
    oracle = Watched(case, case.complete(agreed))
    outcomes = [case.complete(agreed), dict(case.status_quo or {})]
    for party, after in oracle.after.items():
        expected = [float(after.worth(outcome)) for outcome in outcomes]
        assert breakdown_values(case, party, outcomes) == pytest.approx(expected, abs=1e-9)
        taken = [float(after.guarantees(outcome)) for outcome in outcomes]
        caused = breakdown_values(case, party, outcomes, caused=True)
        assert caused == pytest.approx(np.subtract(expected, taken), abs=1e-9)


def test_outcomes_may_be_written_mapped_or_coded() -> None:
    case = two_steps(undo=1)
    written = breakdown_values(case, "north", ["dismantle=done,relief=given", "status_quo"])
    mapped = breakdown_values(case, "north", [{"dismantle": "done", "relief": "given"}, {}])
    coded = breakdown_values(case, "north", np.array([[1, 1], [0, 0]]))
    assert list(written) == list(mapped) == list(coded)
    assert breakdown_values(case, "north", []).shape == (0,)


def test_one_disagreement_point_for_the_table_and_for_the_road() -> None:
    for name in ("korea", "river"):
        case = detente.load(name)
        for party in case.parties:
            breakdown = case.parties[party].breakdown
            cost = float(breakdown.cost) if breakdown and breakdown.cost else 0.0
            walk_away = detente.agree(case, "status_quo").walk_away[party]
            at_rest = breakdown_values(case, party, ["status_quo"])
            assert at_rest == pytest.approx([float(walk_away) - cost])


def test_discount_of_a_period() -> None:
    case = detente.load("korea")
    assert period_discount(case, "us") == pytest.approx((0.75 * 0.88) ** (1 / 12))


@pytest.mark.parametrize(
    ("changes", "party", "outcomes", "message"),
    [
        ({}, "nort", ["status_quo"], "unknown party 'nort'; did you mean 'north'?"),
        ({}, "north", "status_quo", "outcomes are a list of outcomes"),
        ({}, "north", ["dismantle=undone"], "unknown option 'undone'"),
        ({}, "north", np.array([[0, 2]]), "option positions have shape (outcomes, 2)"),
        ({}, "north", np.array([0, 1]), "option positions have shape (outcomes, 2)"),
    ],
)
def test_errors(changes: dict[str, Any], party: str, outcomes: Any, message: str) -> None:
    with pytest.raises(
        CaseError, match=message.replace("(", r"\(").replace(")", r"\)").replace("?", r"\?")
    ):
        breakdown_values(two_steps(**changes), party, outcomes)


def test_a_party_without_scores_is_named() -> None:
    case = detente.load(
        {
            "parties": {"north": {}, "south": {}},
            "issues": {"arms": {"control": "north", "options": ["held", "given"]}},
            "status_quo": {"arms": "held"},
            "values": {"north": {"ranking": [{"arms": "held"}, {"arms": "given"}]}},
        }
    )
    for party in case.parties:
        with pytest.raises(CaseError, match=f"what collapse is worth to {party} needs its values"):
            breakdown_values(case, party, ["status_quo"])


def test_a_case_without_a_status_quo_has_no_way_back() -> None:
    case = detente.load(
        {
            "parties": {"north": {"walk_away": 1}, "south": {"walk_away": 1}},
            "issues": {"arms": {"control": "north", "options": ["held", "given"]}},
            "values": {"north": {"scores": {"arms": {"held": 1, "given": 0}}}},
        }
    )
    with pytest.raises(CaseError, match="needs today's state"):
        breakdown_values(case, "north", ["arms=held"])
