"""Paths of outside factors against the theory of random walks and of mean reversion."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.model.problem import Floats
from detente.uncertainty.course.paths import (
    Motion,
    MovingDriver,
    folded,
    long_run_spread,
    motion,
)

WALK = MovingDriver("oil", 40.0, 120.0, 70.0, 70.0, "walk", 6.0)
MANY = 40_000


def followed(driver: MovingDriver, period: float, periods: int, open_ended: bool = False) -> Floats:
    """Values after so many periods, without walls if open-ended."""
    moves = motion([driver], MANY, period)
    if open_ended:
        far = np.full_like(moves.low, 1e9)
        moves = replace(moves, low=-far, high=far)
    rng, values = np.random.default_rng(5), moves.start
    for _ in range(periods):
        values = moves.moved(values, rng.standard_normal(values.shape))
    return values[:, 0]


def moments_are(values: Floats, mean: float, spread: float) -> None:
    """Within five standard errors of normal samples."""
    assert values.mean() == pytest.approx(mean, abs=5 * spread / math.sqrt(MANY))
    assert values.std() == pytest.approx(spread, rel=5 / math.sqrt(2 * MANY))


@pytest.mark.parametrize(("period", "periods"), [(1 / 12, 36), (1.0, 3)])
def test_a_walk_spreads_with_the_root_of_time(period: float, periods: int) -> None:
    moments_are(followed(WALK, period, periods, open_ended=True), 70, 6 * math.sqrt(3))


@pytest.mark.parametrize(("period", "periods"), [(1 / 12, 24), (0.5, 4)])
def test_reversion_has_the_moments_of_the_theory(period: float, periods: int) -> None:
    driver = MovingDriver("index", 0.0, 100.0, 45.0, 60.0, "revert", 20.0)
    long_run = math.sqrt((100**2 + 45**2 - 100 * 45) / 18)
    pull = 20**2 / (2 * long_run**2)
    mean = 45 + 15 * math.exp(-pull * 2)
    spread = long_run * math.sqrt(1 - math.exp(-2 * pull * 2))
    moments_are(followed(driver, period, periods, open_ended=True), mean, spread)


def test_in_the_long_run_reversion_is_as_spread_as_the_range() -> None:
    driver = MovingDriver("index", 0.0, 100.0, 50.0, 0.0, "revert", 20.0)
    values = followed(driver, 1.0, 60, open_ended=True)
    triangular = np.random.default_rng(3).triangular(0, 50, 100, MANY)
    moments_are(values, 50, 100 / math.sqrt(24))
    assert values.std() == pytest.approx(triangular.std(), rel=0.02)


def test_over_a_short_time_both_kinds_move_alike() -> None:
    reverting = replace(WALK, kind="revert")
    for driver in (WALK, reverting):
        moments_are(followed(driver, 1e-4, 1, open_ended=True), 70, 6 * 1e-2)


def test_a_walk_between_walls_ends_evenly_spread() -> None:
    """Reflected Brownian motion forgets where it began: uniform on its range."""
    values = followed(replace(WALK, per_year=60.0), 0.25, 40)
    assert values.min() >= 40
    assert values.max() <= 120
    moments_are((values - 40) / 80, 0.5, 1 / math.sqrt(12))


def test_one_long_step_is_many_short_ones_between_walls() -> None:
    """Folding is exact: the law does not depend on how time is cut."""
    driver = replace(WALK, per_year=40.0)
    once, often = np.sort(followed(driver, 1.0, 1)), np.sort(followed(driver, 0.1, 10))
    # Two-sample Kolmogorov-Smirnov, far beyond its 0.1 % point of 1.95 √(2/n).
    ranks = np.searchsorted(often, once, "right") / MANY - np.arange(1, MANY + 1) / MANY
    assert np.abs(ranks).max() < 2.5 * math.sqrt(2 / MANY)


def test_without_a_path_nothing_moves() -> None:
    driver = MovingDriver("index", 0.0, 1.0, 0.3, 0.1, per_year=5.0)
    assert (followed(driver, 1 / 12, 30) == 0.1).all()
    assert not driver.moves


@pytest.mark.parametrize("kind", ["walk", "revert"])
def test_a_range_of_one_value_holds_it(kind: str) -> None:
    driver = MovingDriver("index", 7.0, 7.0, 7.0, 7.0, kind, 3.0)
    assert (followed(driver, 1 / 12, 5) == 7).all()


def test_codings_have_numbers_of_their_own() -> None:
    spread = np.array([0.0, 2.0, 4.0])
    moves = motion([replace(WALK, per_year=spread), WALK], 3, 0.25)
    assert moves.spread[:, 0].tolist() == [0, 1, 2]
    assert moves.spread[:, 1].tolist() == [3, 3, 3]
    assert isinstance(moves, Motion)
    assert motion([], 3, 0.25).moved(np.zeros((3, 0)), np.zeros((3, 0))).shape == (3, 0)


@given(
    st.floats(-1e4, 1e4),
    st.integers(-500, 500),
    st.integers(0, 40),
)
def test_folding_by_reflecting_step_by_step(value: float, low: int, width: int) -> None:
    high, expected = low + width, value
    while width and not low <= expected <= high:
        expected = 2 * low - expected if expected < low else 2 * high - expected
    found = float(folded(np.array(value), np.array(float(low)), np.array(float(high))))
    assert found == pytest.approx(expected if width else low, abs=1e-7)
    assert low <= found <= high


@given(st.floats(0, 1))
def test_the_spread_of_a_triangle(mode: float) -> None:
    found = float(long_run_spread(np.array(-3.0), np.array(-3 + 8 * mode), np.array(5.0)))
    a, b, c = -3.0, 5.0, -3 + 8 * mode
    variance = (a * a + b * b + c * c - a * b - a * c - b * c) / 18
    assert found == pytest.approx(math.sqrt(variance))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"start": 130.0}, "the start of oil lies outside its range"),
        ({"likely": np.array([70.0, 30.0])}, "the likely value of oil lies outside"),
        ({"low": 130.0}, "lies outside its range"),
        ({"high": math.nan}, "the high end of oil is a finite number"),
        ({"per_year": -1.0}, "moves in a year is not below 0"),
        ({"hazards": {"north": 1.2}}, "befalls north is between 0 and 1; one is 1.2"),
    ],
)
def test_numbers_outside_their_domain(changed: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(WALK, **changed)
