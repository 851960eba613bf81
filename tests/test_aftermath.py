"""What a collapse is worth: the worked example, and period by period."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente
from cheating_cases import cheating_cases
from detente.case import CaseError
from detente.model import breakdown_values
from detente.model.aftermath import period_discount
from verify_by_definition import Collapse

# Reference values: the worked example of the theory notes.
STATES = {
    "status_quo": {"weapons": "kept", "embargo": "full"},
    "dismantled only": {"weapons": "dismantled", "embargo": "full"},
    "lifted only": {"weapons": "kept", "embargo": "lifted"},
    "deal": {"weapons": "dismantled", "embargo": "lifted"},
}


def two_issues(undo: int = 1, **changes: Any) -> dict[str, Any]:
    """North dismantles for good (North −20, South +30), South lifts (North +40, South −15)."""
    case: dict[str, Any] = {
        "parties": {"north": {"discount": "0.9"}, "south": {"discount": "0.9"}},
        "issues": {
            "weapons": {
                "options": ["kept", "dismantled"],
                "control": "north",
                "undo": {"dismantled": "never"},
            },
            "embargo": {"options": ["full", "lifted"], "control": "south", "undo": undo},
        },
        "status_quo": STATES["status_quo"],
        "values": {
            "north": {
                "scores": {
                    "weapons": {"kept": 50, "dismantled": 30},
                    "embargo": {"full": 0, "lifted": 40},
                }
            },
            "south": {
                "scores": {
                    "weapons": {"kept": 50, "dismantled": 80},
                    "embargo": {"full": 0, "lifted": -15},
                }
            },
        },
        "verification": {"period": "year"},
    }
    return {**case, **changes}


def value(case: Mapping[str, Any], party: str, state: str, **options: Any) -> float:
    return float(breakdown_values(detente.load(dict(case)), party, [STATES[state]], **options)[0])


def test_the_worked_example() -> None:
    case = two_issues()
    assert value(case, "north", "deal") == pytest.approx(34, abs=1e-12)
    assert value(case, "north", "dismantled only") == pytest.approx(30, abs=1e-12)
    assert value(case, "south", "deal") == pytest.approx(78.5, abs=1e-12)
    assert value(case, "north", "status_quo") == value(case, "south", "status_quo") == 50
    # South reneges at the end, because the relief is back in a period and what North did stays.
    agreed = detente.verify(detente.load(case), STATES["deal"])
    south = agreed.parties["south"]
    assert (south.comply, south.leave) == (65, pytest.approx(65 - 78.5))
    assert agreed.parties["north"].leave == pytest.approx(70 - 34)


def test_the_worked_example_with_a_slow_return() -> None:
    case = two_issues(12)
    assert value(case, "south", "deal") == pytest.approx(69.24, abs=5e-3)
    assert value(case, "north", "deal") == pytest.approx(58.70, abs=5e-3)
    exact = 65 + Fraction(9, 10) ** 12 * 15
    assert value(case, "south", "deal") == pytest.approx(float(exact), abs=1e-12)
    # A guarantee of 4.24 against South makes the finished agreement hold.
    needed = float(exact) - 65
    assert needed == pytest.approx(4.24, abs=5e-3)
    for amount, holds in ((needed + 1e-6, True), (needed - 1e-6, False)):
        guarantee = {"by": "somebody", "against": "south", "amount": amount}
        covered = two_issues(12, guarantees={"patrol": guarantee})
        leave = detente.verify(detente.load(covered), STATES["deal"]).parties["south"].leave
        assert (leave >= 0) == holds
    entry = detente.verify(detente.load(case), STATES["deal"]).parties["south"]
    assert entry.guarantee == pytest.approx(needed, abs=1e-9)


def test_what_is_undone_at_once_is_worth_nothing_in_an_aftermath() -> None:
    case = two_issues(0)
    assert value(case, "north", "deal") == pytest.approx(30)
    assert value(case, "south", "deal") == pytest.approx(80)
    assert value(case, "south", "lifted only") == pytest.approx(50)


def test_the_no_deal_shift_and_the_cost() -> None:
    case = two_issues()
    case["parties"]["north"] = {"discount": "0.9", "walk_away": 44}
    assert value(case, "north", "status_quo") == pytest.approx(44)
    assert value(case, "north", "deal") == pytest.approx(34 - 6)
    case["parties"]["north"]["breakdown"] = {"cost": 2.5}
    assert value(case, "north", "deal") == pytest.approx(34 - 6 - 2.5)
    case["parties"]["south"]["walk_away"] = {"embargo": "lifted"}  # an outcome, worth 35
    assert value(case, "south", "deal") == pytest.approx(78.5 - 15)


def test_a_breakdown_of_its_own() -> None:
    case = two_issues()
    war = {"base": 12, "scores": {"weapons": {"kept": 3, "dismantled": -4}}}
    case["parties"]["north"] = {"discount": "0.9", "walk_away": 44, "breakdown": war}
    assert value(case, "north", "deal") == 8  # no shift: war is war
    assert value(case, "north", "lifted only") == 15
    case["parties"]["north"]["breakdown"] = {"base": 12}
    assert value(case, "north", "lifted only") == 12
    # It needs no scores, and no state of today, for nothing returns to it.
    case["values"]["north"] = {"ranking": [{"embargo": "lifted"}]}
    case["parties"]["north"]["walk_away"] = STATES["status_quo"]
    case["parties"]["south"]["walk_away"] = 50
    del case["status_quo"]
    assert value(case, "north", "deal") == 12


def test_guarantees_take_from_the_one_who_caused_it() -> None:
    guarantees = {
        "patrol": {"by": "x", "against": "south", "amount": 10, "when": "embargo == lifted"},
        "fund": {"by": "x", "against": "south", "amount": 1},
        "other": {"by": "x", "against": "north", "amount": 100},
    }
    case = two_issues(guarantees=guarantees)
    assert value(case, "south", "deal") == pytest.approx(78.5)
    assert value(case, "south", "deal", caused=True) == pytest.approx(67.5)
    assert value(case, "south", "dismantled only", caused=True) == pytest.approx(79)
    assert value(case, "north", "deal", caused=True) == pytest.approx(-66)


def test_outcomes_as_they_may_be_given() -> None:
    case = detente.load(two_issues(packages={"deal": {"outcome": STATES["deal"]}}))
    written = ["deal", "weapons=dismantled", "status_quo", STATES["lifted only"]]
    found = breakdown_values(case, "south", written)
    positions = np.array([[1, 1], [1, 0], [0, 0], [0, 1]])
    assert found.tolist() == breakdown_values(case, "south", positions).tolist()
    assert found == pytest.approx([78.5, 80, 50, 0.1 * 35 + 0.9 * 50])
    assert breakdown_values(case, "south", []).shape == (0,)


@pytest.mark.parametrize("period", ["day", "week", "month", "quarter", "year"])
def test_discounts_per_period(period: str) -> None:
    case = two_issues(verification={"period": period})
    case["parties"]["north"] = {"discount": "0.8", "turnover": "0.25"}
    case["parties"]["south"] = {}
    loaded = detente.load(case)
    years = {"day": 1 / 365, "week": 7 / 365, "month": 1 / 12, "quarter": 0.25, "year": 1}
    assert period_discount(loaded, "north") == pytest.approx(0.6 ** years[period], rel=1e-12)
    assert period_discount(loaded, "south") == pytest.approx(0.75 ** years[period], rel=1e-12)


def test_a_month_where_the_case_does_not_say() -> None:
    case = two_issues()
    del case["verification"]
    assert period_discount(detente.load(case), "north") == pytest.approx(0.9 ** (1 / 12))


@pytest.mark.parametrize("name", ["korea", "river"])
def test_one_disagreement_point_for_the_table_and_for_the_road(name: str) -> None:
    case = detente.load(name)
    walk_away = detente.agree(case, "status_quo").walk_away
    for party, entry in case.parties.items():
        cost = entry.breakdown.cost if entry.breakdown is not None else None
        expected = walk_away[party] - (cost.point if cost is not None else 0)
        found = breakdown_values(case, party, ["status_quo"])
        assert found == pytest.approx([float(expected)])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cheating_cases(most_parties=1, most_measures=0), st.data())
def test_period_by_period(
    drawn: tuple[dict[str, Any], dict[str, str]], data: st.DataObject
) -> None:
    case = detente.load(drawn[0])
    after = Collapse(case, "north")
    outcomes = [
        {issue: data.draw(st.sampled_from(options)) for issue, options in case.options.items()}
        for _ in range(3)
    ]
    found = breakdown_values(case, "north", [drawn[1], *outcomes])
    caused = breakdown_values(case, "north", [drawn[1], *outcomes], caused=True)
    for state, value, blamed in zip([drawn[1], *outcomes], found, caused, strict=True):
        assert value == pytest.approx(float(after.worth(state)), abs=1e-9)
        taken = float(after.guarantees(state))
        assert blamed == pytest.approx(value - taken, abs=1e-9)


def test_no_status_quo() -> None:
    case = two_issues()
    del case["status_quo"]
    for party in ("north", "south"):
        case["parties"][party]["walk_away"] = 50
    with pytest.raises(CaseError, match=r"needs today's state.*\n.*add 'status_quo:'"):
        breakdown_values(detente.load(case), "north", [STATES["deal"]])


def test_only_an_order() -> None:
    case = two_issues()
    case["values"]["north"] = {"ranking": [{"embargo": "lifted"}]}
    with pytest.raises(CaseError, match="what collapse is worth to north needs its values"):
        breakdown_values(detente.load(case), "north", [STATES["deal"]])
    del case["values"]["north"]
    with pytest.raises(CaseError, match=r"(?s)needs its values as scores.*add scores for north"):
        breakdown_values(detente.load(case), "north", [STATES["deal"]])


@pytest.mark.parametrize(
    ("party", "outcomes", "message"),
    [
        ("nort", ["status_quo"], r"(?s)unknown party.*north"),
        ("north", "status_quo", "outcomes are a list"),
        ("north", {"embargo": "lifted"}, "outcomes are a list"),
        ("north", ["weapons=kep"], r"(?s)kep.*kept"),
        ("north", [{"weapon": "kept"}], r"(?s)weapon.*weapons"),
        ("north", np.array([1, 1]), r"shape \(outcomes, 2\)"),
        ("north", np.array([[0, 2]]), "option positions"),
        ("north", np.array([[0, -1]]), "option positions"),
        ("north", np.array([[0.0, 1.0]]), "option positions"),
    ],
)
def test_what_is_wrong_is_said(party: str, outcomes: Any, message: str) -> None:
    with pytest.raises(CaseError, match=message):
        breakdown_values(detente.load(two_issues()), party, outcomes)
