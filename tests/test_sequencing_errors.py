"""Orders of measures: input that is refused, and the sentences that say why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from detente.sequencing import Path, discounted_path, widest_path

ROWS = [[0, 0], [1, 2], [3, 1], [2, 2]]
NAN, INF = float("nan"), float("inf")


def patient(**change: Any) -> Path:
    good: dict[str, Any] = {
        "owners": [0, 1],
        "precedence": [],
        "promise": [5, 5],
        "breakdown": ROWS,
    }
    return widest_path(**{**good, **change})


def discounted(**change: Any) -> Path:
    good: dict[str, Any] = {
        "owners": [0, 1],
        "precedence": [],
        "flows": ROWS,
        "breakdown": ROWS,
        "discount": 0.5,
    }
    return discounted_path(**{**good, **change})


def refused(function: Callable[..., Path], message: str, **change: Any) -> None:
    with pytest.raises(ValueError) as caught:
        function(**change)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("function", [patient, discounted])
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"owners": []}, "an order needs at least one measure"),
        (
            {"owners": [0, 2]},
            "measure 1 is owned by party 2, and parties count from 0 to 1",
        ),
        (
            {"owners": [-1, 0]},
            "measure 0 is owned by party -1, and parties count from 0 to 1",
        ),
        ({"owners": [0.5, 1]}, "an owner is the number of a party, or None; one is 0.5"),
        ({"owners": [True, 1]}, "an owner is the number of a party, or None; one is True"),
        ({"owners": ["north", 1]}, "an owner is the number of a party, or None; one is 'north'"),
        (
            {"precedence": [(0, 2)]},
            "the precedence names measure 2, and measures count from 0 to 1",
        ),
        (
            {"precedence": [(-1, 0)]},
            "the precedence names measure -1, and measures count from 0 to 1",
        ),
        ({"precedence": [(0, 0)]}, "the precedence goes round in a circle: 0 before 0"),
        (
            {"precedence": [(0, 1), (1, 0)]},
            "the precedence goes round in a circle: 1 before 0 before 1",
        ),
        (
            {"precedence": [(0, 1, 1)]},
            "the precedence is made of pairs of measures; one is (0, 1, 1)",
        ),
        (
            {"precedence": [("a", 1)]},
            "the precedence is made of pairs of measures; one is ('a', 1)",
        ),
        (
            {"breakdown": ROWS[:3]},
            "the breakdown has one row for each set of the 2 measures: shape (4, parties); "
            "this has shape (3, 2)",
        ),
        (
            {"breakdown": [0, 0, 0, 0]},
            "the breakdown has one row for each set of the 2 measures: shape (4, parties); "
            "this has shape (4,)",
        ),
        (
            {"breakdown": np.zeros((4, 0))},
            "the breakdown has one row for each set of the 2 measures",
        ),
        ({"breakdown": [["a", 0]] * 4}, "the breakdown consists of numbers"),
        ({"breakdown": [[NAN, 0]] * 4}, "the breakdown consists of finite numbers"),
        ({"breakdown": [[INF, 0]] * 4}, "the breakdown consists of finite numbers"),
        ({"breakdown": [[1e300, 0]] * 4}, "the breakdown is too large to be computed with"),
        ({"detection": 1.1}, "the detection is between 0 and 1; one is 1.1"),
        ({"detection": [0.5, -0.1]}, "the detection is between 0 and 1; one is -0.1"),
        ({"detection": NAN}, "the detection consists of finite numbers"),
        (
            {"detection": [0.5]},
            "the detection is one number, or one for each of the 2 measures; this has shape (1,)",
        ),
        (
            {"owners": [0] * 15},
            "at most 14 measures if several may be done at once; these are 15: 2^15 = 32,768 "
            "states",
        ),
        (
            {"owners": [0] * 23, "simultaneous": False},
            "at most 22 measures done one at a time; these are 23: 2^23 = 8,388,608 states",
        ),
    ],
)
def test_what_both_refuse(
    function: Callable[..., Path], change: dict[str, Any], message: str
) -> None:
    refused(function, message, **change)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"promise": [5]},
            "the promise has one number for each of the 2 parties; this has shape (1,)",
        ),
        ({"promise": 5}, "the promise has one number for each of the 2 parties"),
        ({"promise": [5, INF]}, "the promise consists of finite numbers"),
        ({"promise": "north"}, "the promise consists of numbers; this is 'north'"),
        ({"gain": NAN}, "the gain consists of finite numbers"),
        (
            {"gain": [1, 2, 3]},
            "the gain is one number, or one for each of the 2 measures; this has shape (3,)",
        ),
    ],
)
def test_what_the_patient_model_refuses(change: dict[str, Any], message: str) -> None:
    refused(patient, message, **change)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"discount": 1}, "the discount lies in [0, 1); one is 1"),
        ({"discount": [0.5, -0.1]}, "the discount lies in [0, 1); one is -0.1"),
        ({"discount": NAN}, "the discount consists of finite numbers"),
        (
            {"discount": [0.5]},
            "the discount is one number, or one for each of the 2 parties; this has shape (1,)",
        ),
        ({"false_alarm": 1.5}, "the false-alarm probability is between 0 and 1; this is 1.5"),
        ({"false_alarm": -0.5}, "the false-alarm probability is between 0 and 1; this is -0.5"),
        ({"false_alarm": NAN}, "the false-alarm probability is a finite number"),
        ({"flows": ROWS[:3]}, "the table of flows has one row for each set of the 2 measures"),
        (
            {"flows": [[0]] * 4},
            "flows and breakdown are for the same parties; these have shapes (4, 1) and (4, 2)",
        ),
    ],
)
def test_what_the_discounted_model_refuses(change: dict[str, Any], message: str) -> None:
    refused(discounted, message, **change)


def test_many_measures_that_one_party_can_undo() -> None:
    rows = np.zeros((1 << 13, 1))
    given: dict[str, Any] = {"owners": [0] * 13, "flows": rows, "breakdown": rows}
    message = (
        "at most 10 measures of one party that can be withheld unseen; party 0 has 13: 8,192 sets"
    )
    refused(discounted, message, **given, reversible=True, simultaneous=False)
    assert discounted(**given, simultaneous=False).margin == 0
