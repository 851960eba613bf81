"""Sobol' indices of factors and groups against closed forms; which factors are looked at."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from detente.model.problem import Booleans, Floats
from detente.uncertainty.answer import Interval
from detente.uncertainty.discovery.indices import (
    Group,
    Index,
    design_matrices,
    grouped,
    indices,
    screen,
)

Function = Callable[[Floats], Floats]
Closed = Callable[[Sequence[int]], float]
"""The share of the variance that some factors make by themselves and among themselves."""


def asked(function: Function, factors: int, groups: Sequence[Group], n: int, seed: int = 0):
    outputs = function(design_matrices(factors, groups, n, seed))
    return indices(outputs[0], outputs[1], outputs[2:], groups, seed)


def truths(closed: Closed, factors: int, group: Group) -> tuple[float, float]:
    """First-order and total index of a group."""
    others = [factor for factor in range(factors) if factor not in group]
    return closed(group), 1 - closed(others)


# --- functions with known indices --------------------------------------------------------


def ishigami(shares: Floats) -> Floats:
    x = np.pi * (2 * shares - 1)
    return np.sin(x[..., 0]) * (1 + 0.1 * x[..., 2] ** 4) + 7 * np.sin(x[..., 1]) ** 2


def ishigami_closed(group: Sequence[int]) -> float:
    own = {
        frozenset({0}): (1 + 0.1 * math.pi**4 / 5) ** 2 / 2,
        frozenset({1}): 49 / 8,
        frozenset({0, 2}): 0.01 * math.pi**8 * (1 / 18 - 1 / 50),
    }
    return sum(v for of, v in own.items() if of <= set(group)) / sum(own.values())


SOBOL_A = (0.0, 1.0, 4.5, 9.0, 99.0)


def sobol_g(shares: Floats) -> Floats:
    parts = [(abs(4 * shares[..., i] - 2) + a) / (1 + a) for i, a in enumerate(SOBOL_A)]
    return np.prod(parts, axis=0)


def sobol_g_closed(group: Sequence[int]) -> float:
    own = [1 + 1 / (3 * (1 + a) ** 2) for a in SOBOL_A]
    return (math.prod(own[i] for i in group) - 1) / (math.prod(own) - 1)


def verdict(shares: Floats) -> Booleans:
    """True in a quarter: two conditions at once."""
    return (shares[..., 0] > 0.5) & (shares[..., 1] < 0.5)


def verdict_closed(group: Sequence[int]) -> float:
    known = len({0, 1} & set(group))
    return (0, 1 / 3, 1)[known]


KNOWN: dict[str, tuple[Function, Closed, int]] = {
    "ishigami": (ishigami, ishigami_closed, 3),
    "g": (sobol_g, sobol_g_closed, 5),
    "verdict": (verdict, verdict_closed, 4),
}


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("chosen", [(0, 1, 2), (1,), (2, 0), ()], ids=str)
def test_known_indices(name: str, chosen: tuple[int, ...]) -> None:
    function, closed, factors = KNOWN[name]
    groups = grouped(factors, chosen)
    found = asked(function, factors, groups, 2048)
    assert [entry.group for entry in found] == list(groups)
    for entry in found:
        first, total = truths(closed, factors, entry.group)
        assert entry.first_order.value == pytest.approx(first, abs=0.03)
        assert entry.total.value == pytest.approx(total, abs=0.03)
        for interval in (entry.first_order, entry.total):
            assert interval.low <= interval.value <= interval.high
            assert interval.high - interval.low < 0.2


def test_what_cannot_be_told_from_nothing_is_said_to_be_so() -> None:
    one, two, three = asked(ishigami, 3, grouped(3, (0, 1, 2)), 2048)
    assert three.first_order.includes_zero
    assert not three.total.includes_zero
    assert not any(i.includes_zero for e in (one, two) for i in (e.first_order, e.total))
    *_, idle = asked(verdict, 4, grouped(4, (0, 1)), 1024)
    assert idle.first_order.includes_zero
    assert idle.total == Interval(0.0, 0.0, 0.0)
    assert idle.total.includes_zero


def test_many_factors_with_the_rest_as_one_group() -> None:
    """A sum: every factor has its share of the variance, alone and in all."""
    weights = 1.0 / np.arange(1, 121)
    groups = grouped(120, (0, 1, 50))
    shares = [(weights[list(g)] ** 2).sum() / (weights**2).sum() for g in groups]
    for entry, share in zip(asked(lambda u: u @ weights, 120, groups, 2048), shares, strict=True):
        assert entry.first_order.value == pytest.approx(share, abs=0.02)
        assert entry.total.value == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize("name", ["g", "verdict"])
def test_intervals_hold_what_they_should(name: str) -> None:
    """At least nearly as often as they say (points more even than chance make it more often)."""
    function, closed, factors = KNOWN[name]
    groups = grouped(factors, (0, 1))
    first, total = [], []
    for seed in range(25):
        for entry in asked(function, factors, groups, 256, seed)[:2]:
            one, two = truths(closed, factors, entry.group)
            first.append(entry.first_order.low <= one <= entry.first_order.high)
            total.append(entry.total.low <= two <= entry.total.high)
    assert np.mean(first) > 0.9
    assert np.mean(total) > 0.9


def test_wider_confidence_wider_intervals() -> None:
    outputs = sobol_g(design_matrices(5, ((0,),), 256, 0))
    widths = []
    for confidence in (0.5, 0.95, 0.99):
        (found,) = indices(outputs[0], outputs[1], outputs[2:], ((0,),), 0, confidence=confidence)
        widths.append(found.first_order.high - found.first_order.low)
    # As for nearly normal estimates: 0.674, 1.96 and 2.576 standard errors each way.
    assert widths[1] / widths[0] == pytest.approx(1.96 / 0.674, rel=0.15)
    assert widths[2] / widths[1] == pytest.approx(2.576 / 1.96, rel=0.15)


# --- by definition -------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([2, 8, 16]), st.integers(1, 3))
def test_estimates_by_definition(seed: int, n: int, count: int) -> None:
    """Exact fractions of Table 2 (b) and (f) of Saltelli et al. 2010."""
    rng = np.random.default_rng(seed)
    a, b, ab = (rng.integers(-3, 4, size=shape) for shape in (n, n, (count, n)))
    groups = tuple((factor,) for factor in range(count))
    found = indices(a, b, ab, groups, 0)
    both = [Fraction(int(value)) for value in (*a, *b)]
    mean = sum(both) / (2 * n)
    variance = sum((value - mean) ** 2 for value in both) / (2 * n)
    assert (found == ()) == (variance == 0)
    for entry, mixed in zip(found, ab, strict=False):
        rows = list(zip(map(int, a), map(int, b), map(int, mixed), strict=True))
        first = sum((y - mean) * (z - x) for x, y, z in rows) / n / variance
        total = sum(Fraction((x - z) ** 2) for x, y, z in rows) / (2 * n) / variance
        assert entry.first_order.value == pytest.approx(float(first), rel=1e-9, abs=1e-9)
        assert entry.total.value == pytest.approx(float(total), rel=1e-9, abs=1e-9)
        assert np.isfinite([entry.first_order.low, entry.first_order.high]).all()
        assert 0 <= entry.total.low <= entry.total.high < math.inf


def test_as_scipy_on_its_own_design() -> None:
    own = stats.sobol_indices(
        func=lambda x: ishigami(x.T)[None], n=1024, dists=[stats.uniform()] * 3
    )
    outputs = (own._f_A[0], own._f_B[0], own._f_AB[:, 0])
    found = indices(*outputs, ((0,), (1,), (2,)), 0)
    assert [e.first_order.value for e in found] == pytest.approx(own.first_order.ravel())
    assert [e.total.value for e in found] == pytest.approx(own.total_order.ravel())


# --- invariances and bounds ----------------------------------------------------------------


def test_the_seed_decides() -> None:
    groups = grouped(5, (1,))
    assert asked(sobol_g, 5, groups, 128, 3) == asked(sobol_g, 5, groups, 128, 3)
    assert asked(sobol_g, 5, groups, 128, 3) != asked(sobol_g, 5, groups, 128, 4)
    outputs = sobol_g(design_matrices(5, groups, 128, 3))
    one, two = (indices(outputs[0], outputs[1], outputs[2:], groups, s) for s in (0, 1))
    assert [e.total.value for e in one] == [e.total.value for e in two]
    assert [e.total.low for e in one] != [e.total.low for e in two]


def numbers(found: tuple[Index, ...]) -> list[float]:
    both = [interval for entry in found for interval in (entry.first_order, entry.total)]
    return [number for i in both for number in (i.value, i.low, i.high)]


def test_units_of_the_output_do_not_matter() -> None:
    groups = grouped(5, (0, 3))
    plain = asked(sobol_g, 5, groups, 256)
    moved = asked(lambda u: 1000 - 0.25 * sobol_g(u), 5, groups, 256)
    assert numbers(moved) == pytest.approx(numbers(plain), rel=1e-8, abs=1e-10)


def test_the_order_of_groups_does_not_matter() -> None:
    groups = ((0,), (1, 2), (3, 4))
    plain = asked(sobol_g, 5, groups, 256)
    turned = asked(sobol_g, 5, groups[::-1], 256)
    assert [entry.group for entry in turned] == list(groups[::-1])
    for one, two in zip(plain, turned[::-1], strict=True):
        assert one.first_order.value == pytest.approx(two.first_order.value)
        assert one.total.value == pytest.approx(two.total.value)


@pytest.mark.parametrize("value", [True, False, 0.0, 0.1, -7e9])
def test_a_constant_output_has_no_indices(value: float) -> None:
    assert asked(lambda u: np.full(u.shape[:-1], value), 3, ((0,), (1, 2)), 64) == ()


def test_rounding_is_no_variance() -> None:
    outputs = np.full((4, 64), 0.3)
    outputs[:, ::3] = 0.1 + 0.2
    assert indices(outputs[0], outputs[1], outputs[2:], ((0,), (1,)), 0) == ()


def test_variance_that_only_mixed_codings_show_gives_no_indices() -> None:
    mixed = np.arange(64.0)[None]
    assert indices(np.full(64, 0.1), np.full(64, 0.1), mixed, ((0,),), 0) == ()


@pytest.mark.parametrize("scale", [1.0, 0.1, 1e6])
def test_one_coding_that_differs(scale: float) -> None:
    """Most resampled codings do without it: no telling it from nothing, and no infinities."""
    outputs = np.full((3, 64), 0.3 * scale)
    outputs[:, ::3] = (0.1 + 0.2) * scale  # rounding is no variance
    outputs[0, 5] += scale
    outputs[2, 9] += scale
    (found,) = indices(outputs[0], outputs[1], outputs[2:], ((0,),), 0)
    assert found.first_order.includes_zero
    assert found.total.includes_zero
    assert max(map(abs, numbers((found,)))) < 1000


def test_no_groups_no_indices() -> None:
    assert asked(sobol_g, 5, (), 64) == ()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"f_A": np.zeros((2, 8))}, "must be"),
        ({"f_B": np.zeros(4)}, "must be"),
        ({"f_AB": np.zeros((2, 8))}, "must be"),
        ({"f_B": np.full(8, np.nan)}, "finite"),
        ({"f_A": np.full(8, np.inf)}, "finite"),
        ({"confidence": 1.0}, "confidence"),
    ],
)
def test_bad_outputs_are_refused(wrong: dict[str, object], says: str) -> None:
    rows = np.arange(8.0)
    usual = {"f_A": rows, "f_B": rows, "f_AB": rows[None], "groups": ((0,),), "seed": 0}
    with pytest.raises(ValueError, match=says):
        indices(**(usual | wrong))  # type: ignore[arg-type]


def test_a_number_of_codings_that_is_no_power_of_two_is_refused() -> None:
    rows = np.arange(12.0)
    with pytest.raises(ValueError, match="power of 2"):
        indices(rows, rows, rows[None], ((0,),), 0)
    for n in (0, 1, 12):
        with pytest.raises(ValueError, match="power of two"):
            design_matrices(2, ((0,),), n, 0)


# --- the design ----------------------------------------------------------------------------


@given(st.integers(1, 12), st.data())
@settings(max_examples=30, deadline=None)
def test_the_design_by_definition(factors: int, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.integers(0, factors - 1), unique=True, max_size=4))
    groups, n = grouped(factors, chosen), data.draw(st.sampled_from([2, 16, 64]))
    assert sorted(factor for group in groups for factor in group) == list(range(factors))
    blocks = design_matrices(factors, groups, n, data.draw(st.integers(0, 99)))
    assert blocks.shape == (2 + len(groups), n, factors)
    assert (blocks > 0).all()
    assert (blocks < 1).all()
    for block, group in zip(blocks[2:], groups, strict=True):
        for factor in range(factors):
            assert (block[:, factor] == blocks[int(factor in group)][:, factor]).all()
    # Each factor has one value in each n-th of its range, in A and in B.
    cells = np.sort((blocks[:2] * n).astype(int), axis=1)
    assert (cells == np.arange(n)[None, :, None]).all()
    assert not (blocks[0] == blocks[1]).any()
    # The middle of one of 2^30 cells: never 0.
    assert (blocks * 2**30 % 1 == 0.5).all()


@pytest.mark.parametrize("groups", [((0,), (0, 1)), ((3,),), ((-1,),), ((0, 0),), ((0,), ())])
def test_bad_groups_are_refused(groups: tuple[Group, ...]) -> None:
    with pytest.raises(ValueError, match="group"):
        design_matrices(3, groups, 8, 0)


# --- which factors to look at ----------------------------------------------------------------


def test_screening_finds_factors_of_every_kind() -> None:
    rng = np.random.default_rng(0)
    points = rng.random((3000, 100))
    monotone, middle, spreading = points[:, 70], points[:, 20], points[:, 50]
    output = 3 * monotone + 4 * abs(middle - 0.5) + spreading * rng.normal(size=3000)
    assert set(screen(points, output, 3)) == {70, 20, 50}
    assert screen(points, output, 1) == (70,)
    hits = (abs(points[:, 8] - 0.5) < 0.2) & (points[:, 9] > 0.3)
    assert screen(points, hits, 2) == (8, 9)
    assert set(screen(points, ishigami(points[:, [4, 5, 6]]), 3)) == {4, 5, 6}


def test_screening_finds_the_middle_where_half_are_hits() -> None:
    """Then the distance from the mean says nothing: all are as far."""
    for seed in range(5):
        points = np.random.default_rng(seed).random((400, 30))
        far = abs(points[:, 8] - 0.5)
        assert screen(points, far > np.median(far), 1) == (8,)


def test_screening_expects_more_of_factors_with_many_values() -> None:
    """Parts of a range differ by chance the more, the more parts there are."""
    first = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        points = rng.random((400, 11))
        points[:, 10] = rng.integers(2, size=400)
        first += screen(points, 0.45 * points[:, 10] + rng.normal(size=400), 1)
    assert first.count(10) >= 15


def test_screening_is_not_led_by_rounding() -> None:
    for seed in range(20):
        points = np.random.default_rng(seed).random((50, 4))
        points[:, 3] = -points[:, 0]
        output = points[:, 0] + points[:, 1]
        found = screen(points, output, 4)
        assert found.index(3) == found.index(0) + 1


def test_screening_tells_ties_by_position_and_leaves_out_constants() -> None:
    rng = np.random.default_rng(1)
    points = rng.random((400, 6))
    points[:, 0], points[:, 5] = 2.0, points[:, 3]
    found = screen(points, points[:, 3], 6)
    assert found[:2] == (3, 5)
    assert 0 not in found
    assert len(set(found)) == len(found)


def test_screening_where_nothing_can_be_said() -> None:
    points = np.random.default_rng(2).random((50, 3))
    assert screen(points, np.full(50, 0.1), 3) == ()
    assert screen(points, points[:, 1], 0) == ()
    assert screen(points[:1], points[:1, 1], 3) == ()
    assert screen(points[:0], points[:0, 1], 3) == ()
    assert screen(points[:, :0], points[:, 1], 3) == ()
    assert screen(np.ones((50, 3)), points[:, 1], 3) == ()
    assert screen(points[:3], points[:3, 1], 1) == (1,)


@given(st.integers(0, 10**6), st.integers(2, 60), st.sampled_from([2, 5, 10**6]))
@settings(max_examples=60, deadline=None)
def test_screening_reads_only_orders(seed: int, codings: int, levels: int) -> None:
    rng = np.random.default_rng(seed)
    points = rng.integers(levels, size=(codings, 5)) / levels
    output = rng.integers(levels, size=codings) / levels + points[:, 2]
    found = screen(points, output, 4)
    assert len(found) <= 4
    assert screen(np.exp(3 * points), output**3, 4) == found
    rows = rng.permutation(codings)
    assert screen(points[rows], output[rows], 4) == found


@pytest.mark.parametrize(
    ("points", "output", "most"),
    [
        (np.zeros((4, 2)), np.zeros(3), 1),
        (np.zeros(4), np.zeros(4), 1),
        (np.zeros((4, 2)), np.zeros(4), -1),
        (np.full((4, 2), np.nan), np.zeros(4), 1),
        (np.zeros((4, 2)), np.full(4, np.nan), 1),
    ],
)
def test_bad_screening_is_refused(points: Floats, output: Floats, most: int) -> None:
    with pytest.raises(ValueError, match="must be"):
        screen(points, output, most)
