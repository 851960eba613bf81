"""Following a package: where outside factors begin, and hazards that have a range."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import detente
from detente import Case
from detente.case.fields import FrozenDict
from detente.case.implementation import CourseOfDriver
from detente.case.numbers import Number, parse_number
from detente.uncertainty.asking import asking
from detente.uncertainty.course.answer import Course
from detente.uncertainty.following import followed
from detente.uncertainty.sampling.correlation import DEFAULT

HISTORIES = 2048


@pytest.fixture(scope="module")
def case() -> Case:
    return detente.load("river")


def with_rain(case: Case, **changed: Any) -> Case:
    rain = case.drivers["rain"].model_copy(update=changed)
    return case.changed(drivers=FrozenDict({**case.drivers, "rain": rain}))


def course(case: Case, years: float = 6, histories: int = HISTORIES) -> Course:
    found = asking(case, "single_text,payment=yearly", (), None, "discounted", holds=False)
    return followed(found.first, found.draws("latin hypercube", 0, DEFAULT), years, histories)


def test_a_factor_moves_from_where_it_is_drawn(case: Case) -> None:
    """A path that leads nowhere changes nothing; it would if it began at the likely value."""
    stays = course(with_rain(case, path=None), 2)
    path = CourseOfDriver(kind="walk", per_year=Number(Fraction(0)))
    moves = course(with_rain(case, path=path), 2)
    assert (stays.times == moves.times).all()
    assert stays.kept.to_dict() == moves.kept.to_dict()
    at_once = with_rain(case, path=None, range=parse_number([50, 50]), likely=None)
    assert course(at_once, 2).kept.to_dict() != moves.kept.to_dict()


def test_hazards_are_drawn_from_their_range(case: Case) -> None:
    """Of a hazard between 0 and h the share (1 − (1 − h)^(t + 1)) / (h (t + 1)) is left."""
    hazards = FrozenDict({"delta": parse_number([0, Fraction(6, 10)])})
    found = course(with_rain(case, hazards=hazards))
    struck = [entry for entry in found.causes if entry.cause.kind == "event"]
    assert sum(entry.count for entry in struck) > 0.99 * found.ended.sum()
    for years in (1, 3, 6):
        expected = (1 - 0.4 ** (years + 1)) / (0.6 * (years + 1))
        spread = np.sqrt(expected * (1 - expected) / HISTORIES)
        assert found.survival.at(years)[0] == pytest.approx(expected, abs=5 * spread + 0.002)
    assert found.survival.at(6)[0] > 0.2 > 0.7**6 + 0.05  # with the likely value in all of them
    same = course(with_rain(case, hazards=hazards))
    assert (found.times == same.times).all()


def test_paces_are_drawn_from_their_range(case: Case) -> None:
    """Some do not move at all and some far: that differs from all moving alike."""

    def paces(written: Any) -> Course:
        path = CourseOfDriver(kind="walk", per_year=parse_number(written))
        return course(with_rain(case, path=path), 2)

    assert paces([0, 40]).kept.to_dict() != paces(20).kept.to_dict()


@pytest.mark.parametrize(
    ("years", "message"),
    [(0.1, "less than one quarter"), (0, "above 0"), (101, "up to 100"), (np.nan, "above 0")],
)
def test_for_how_long_it_cannot_be_followed(case: Case, years: float, message: str) -> None:
    with pytest.raises(detente.CaseError, match=message):
        detente.stress(case, "single_text", samples=8, years=years)
