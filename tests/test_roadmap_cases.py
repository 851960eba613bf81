"""The bundled cases for roadmaps: the worked example, and three sequences of the past.

Reference values: the worked example of the theory notes.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import detente
from detente.case import Case
from detente.model import breakdown_values

DELTA = Fraction(9, 10)
TWO = ("commitment", "commitment_slow_lifting")
PAST = {
    "roadmap_1994": ("agreed_framework", "freeze_for_oil"),
    "roadmap_2007": ("actions_2007", "with_protocol"),
    "roadmap_2015": ("implementation_day",),
}
ORDERS = {  # as agreed, and as it happened
    ("roadmap_1994", "agreed_framework"): (
        "nuclear=frozen+access,oil,us_sanctions,reactors=building,safeguards,reactors,nuclear",
    ),
    ("roadmap_1994", "freeze_for_oil"): ("nuclear+access,oil,us_sanctions,reactors",),
    ("roadmap_2007", "actions_2007"): (
        "funds,programme=shut+energy=first,listing=begun,programme+declaration+listing+energy",
        "funds,energy=first,programme=shut,programme+energy,declaration+listing=begun,listing",
    ),
    ("roadmap_2015", "implementation_day"): (
        "eu_sanctions=prepared+us_sanctions=prepared+protocol,enrichment+arak,"
        "eu_sanctions+us_sanctions+un_sanctions",
    ),
}


def worth(case: Case, party: str, state: str) -> float:
    return float(breakdown_values(case, party, [state])[0])


def with_guarantee(name: str, amount: float) -> Case:
    guarantee = {"by": "somebody", "against": "south", "amount": amount}
    return detente.load(name, overlays=[{"guarantees": {"patrol": guarantee}}])


def names(steps: Any) -> list[list[str]]:
    return [[move.item for move in step.moves] for step in steps]


@pytest.mark.parametrize("name", [*TWO, *PAST])
def test_nothing_to_note(name: str) -> None:
    assert not detente.check(detente.load(name)).notes


@pytest.mark.parametrize("name", TWO)
def test_what_today_and_the_deal_are_worth(name: str) -> None:
    case = detente.load(name)
    agreed = detente.agree(case, "deal").package
    assert agreed is not None
    assert agreed.values == {"north": 70, "south": 65}
    assert agreed.gains == {"north": 20, "south": 15}


def test_breakdown_values() -> None:
    case = detente.load("commitment")
    assert worth(case, "north", "deal") == pytest.approx(34, abs=1e-12)
    assert worth(case, "north", "reactor=dismantled") == pytest.approx(30, abs=1e-12)
    assert worth(case, "south", "deal") == pytest.approx(78.5, abs=1e-12)
    slow = detente.load("commitment_slow_lifting")
    assert worth(slow, "south", "deal") == pytest.approx(float(65 + DELTA**12 * 15), abs=1e-12)
    assert worth(slow, "south", "deal") == pytest.approx(69.24, abs=5e-3)
    assert worth(slow, "north", "deal") == pytest.approx(58.70, abs=5e-3)


def test_the_guarantee_with_which_the_finished_agreement_holds() -> None:
    needed = float(DELTA**12 * 15)
    assert needed == pytest.approx(4.24, abs=5e-3)
    for amount, stays in ((needed + 1e-6, True), (needed - 1e-6, False)):
        case = with_guarantee("commitment_slow_lifting", amount)
        parties = detente.verify(case, "deal").parties
        assert (parties["south"].leave >= 0) == stays
        assert parties["north"].leave > 0


@pytest.mark.parametrize("guarantee", [0, 4.25])
def test_still_no_order_works(guarantee: float) -> None:
    """North withholds once it is relieved: 90 for a period, then what a collapse leaves."""
    left = 90 - DELTA**12 * 40
    expected = 70 - (Fraction(1, 10) * 90 + DELTA * left)
    assert float(expected) == pytest.approx(-9.83, abs=5e-3)
    result = detente.roadmap(with_guarantee("commitment_slow_lifting", guarantee), "deal")
    assert not result.feasible
    assert result.exact
    assert result.margin == pytest.approx(float(expected), abs=1e-9)
    assert names(result.best.steps) == [["embargo"], ["reactor"]]
    binding = result.binding
    assert (binding.party, binding.deviation, binding.parts) == ("north", "withhold", ("reactor",))


@pytest.mark.parametrize(
    ("name", "order", "amount"),
    [
        ("commitment_slow_lifting", [["reactor"], ["embargo"]], 15 / DELTA),  # 16.67
        ("commitment", [["embargo"], ["reactor"]], Fraction(27, 2)),
    ],
)
def test_what_it_takes_against_the_south_alone(
    name: str, order: list[list[str]], amount: Fraction
) -> None:
    result = detente.roadmap(detente.load(name), "deal")
    assert result.missing is not None
    needs = {need.party: need for need in result.missing.guarantees}
    assert needs["south"].amount == pytest.approx(float(amount), abs=1e-6)
    assert names(needs["south"].order) == order
    for more, holds in ((1e-4, True), (-1e-4, False)):
        guarded = with_guarantee(name, float(amount) + more)
        assert detente.roadmap(guarded, "deal").feasible == holds


@pytest.mark.parametrize("name", PAST)
def test_what_was_signed_is_worth_more_than_no_deal(name: str) -> None:
    """What the authors of these cases demanded of them; the rest follows no result."""
    packages = detente.agree(detente.load(name)).packages
    assert list(packages) == list(PAST[name])
    assert all(verdict.acceptable for verdict in packages.values())


@pytest.mark.parametrize("name", PAST)
def test_every_score_and_time_has_a_reason(name: str) -> None:
    case = detente.load(name)
    for values in case.values.values():
        for table in (values.scores or {}).values():
            assert all(score.because for score in table.values() if score.point)
    for issue in case.issues.values():
        assert issue.because
        assert issue.undo is not None
        assert issue.takes is not None


@pytest.mark.parametrize(("name", "package"), ORDERS)
def test_the_orders_of_the_past_can_be_asked(name: str, package: str) -> None:
    case = detente.load(name)
    for order in ORDERS[name, package]:
        result = detente.roadmap(case, package, order=order)
        assert result.own is not None
        assert result.own.margin <= result.bound + 1e-9
        steps = [step.split("+") for step in order.split(",")]
        expected = [sorted(part.split("=")[0] for part in step) for step in steps]
        assert [sorted(step) for step in names(result.own.steps)] == expected
