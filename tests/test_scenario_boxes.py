"""Scenario discovery: planted boxes are found, noise is not, and what a box says is so."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.model.problem import Booleans, Floats
from detente.uncertainty.discovery.boxes import Box, boxes
from detente.uncertainty.discovery.pasting import refined
from detente.uncertainty.discovery.peeling import Effort, Field, peeled, ranked

Planted = dict[int, tuple[float, float]]
"""Factor to lowest and highest value."""


def lies(points: Floats, planted: Planted) -> Booleans:
    """By definition, value by value."""
    return np.array(
        [all(low <= row[f] <= high for f, (low, high) in planted.items()) for row in points]
    )


def ends(box: Box) -> Planted:
    return {
        entry.factor: (
            -math.inf if entry.low is None else entry.low,
            math.inf if entry.high is None else entry.high,
        )
        for entry in box.conditions
    }


def assert_true(box: Box, points: Floats, hits: Booleans) -> None:
    """What the box says of itself, counted again."""
    inside = lies(points, ends(box))
    assert (box.holds(points) == inside).all()
    both = sum(1 for i, h in zip(inside, hits, strict=True) if i and h)
    within, every, wanted = sum(inside.tolist()), len(hits), sum(hits.tolist())
    assert box.coverage == both / wanted
    assert box.density == both / within
    assert box.mass == within / every
    assert box.base_rate == wanted / every


def assert_near(box: Box, planted: Planted, tolerance: float) -> None:
    """The same factors, the same sides open, limits nearly the same."""
    found = ends(box)
    assert found.keys() == planted.keys()
    for factor, limits in planted.items():
        for mine, true in zip(found[factor], limits, strict=True):
            assert mine == true or abs(mine - true) < tolerance


UP, DOWN = math.inf, -math.inf
TWO: Planted = {2: (0.6, UP), 5: (DOWN, 0.5)}
THREE: Planted = {2: (0.5, UP), 5: (DOWN, 0.5), 9: (0.4, UP)}
WITHIN: Planted = {2: (0.3, 0.7), 5: (0.25, UP)}


def whole_field(points: Floats, hits: Booleans) -> Field:
    """All codings, before any box is found."""
    ranks, orders = ranked(points)
    tops = ranks.max(axis=1).astype(np.int64)
    return Field(ranks, orders, hits, np.ones_like(hits), np.stack((np.zeros_like(tops), tops)))


# --- planted boxes ---------------------------------------------------------------------


@pytest.mark.parametrize("planted", [TWO, THREE, WITHIN], ids=["two", "three", "within"])
@pytest.mark.parametrize("factors", [22, 240])
def test_a_planted_box_is_found_exactly(planted: Planted, factors: int) -> None:
    for seed in range(3):
        points = np.random.default_rng(seed).random((1500, factors))
        hits = lies(points, planted)
        (box,) = boxes(points, hits)
        assert_true(box, points, hits)
        assert_near(box, planted, 0.02)
        assert box.coverage > 0.98
        assert box.density > 0.98
        assert all(entry.quasi_p_value < 1e-20 for entry in box.conditions)


@pytest.mark.parametrize("planted", [TWO, THREE, WITHIN], ids=["two", "three", "within"])
@pytest.mark.parametrize("factors", [22, 240])
def test_a_planted_box_is_found_among_stray_hits(planted: Planted, factors: int) -> None:
    for seed in range(2):
        rng = np.random.default_rng(seed)
        points = rng.random((4000, factors))
        within = lies(points, planted)
        hits = np.where(within, rng.random(4000) < 0.9, rng.random(4000) < 0.04)
        (box,) = boxes(points, hits)
        assert_true(box, points, hits)
        assert_near(box, planted, 0.03)
        assert box.density == pytest.approx(hits[within].mean(), abs=0.03)
        assert box.coverage == pytest.approx(hits[within].sum() / hits.sum(), abs=0.03)


@pytest.mark.parametrize("factors", [20, 120])
def test_a_box_in_the_middle_of_its_factors_is_found(factors: int) -> None:
    """No single limit tells much here: it takes patience."""
    planted: Planted = {2: (0.3, 0.7), 5: (0.3, 0.7), 9: (0.3, 0.7)}
    for seed in range(2):
        rng = np.random.default_rng(seed)
        points = rng.random((2500, factors))
        hits = lies(points, planted) | (rng.random(2500) < 0.01)
        (box,) = boxes(points, hits)
        assert_true(box, points, hits)
        assert_near(box, planted, 0.03)
        assert box.density > 0.95


@pytest.mark.parametrize("factors", [20, 120])
def test_two_disjoint_boxes_are_found(factors: int) -> None:
    first: Planted = {3: (0.6, UP), 7: (DOWN, 0.45)}
    second: Planted = {3: (DOWN, 0.35), 11: (0.6, UP)}
    for seed in range(2):
        rng = np.random.default_rng(seed)
        points = rng.random((4000, factors))
        hits = (lies(points, first) | lies(points, second)) ^ (rng.random(4000) < 0.02)
        found = boxes(points, hits)
        assert len(found) == 2
        for box in found:
            assert_true(box, points, hits)
        by_side = sorted(found, key=lambda box: ends(box)[3][0])
        assert_near(by_side[0], second, 0.02)
        assert_near(by_side[1], first, 0.02)


def test_where_it_mostly_fails_the_rest_is_told_box_by_box() -> None:
    """All but a corner: no box holds all of it, two do."""
    points = np.random.default_rng(0).random((3000, 30))
    hits = ~lies(points, {4: (0.7, UP), 8: (DOWN, 0.4)})
    found = boxes(points, hits)
    assert [set(ends(box)) for box in found] in ([{4}, {8}], [{8}, {4}])
    assert np.logical_or.reduce([box.holds(points) for box in found])[hits].mean() > 0.98
    assert all(box.density > 0.98 for box in found)


def test_a_companion_of_a_deciding_factor_is_left_out() -> None:
    rng = np.random.default_rng(4)
    common = rng.normal(size=(4000, 1))
    points = 0.7 * common + 0.7 * rng.normal(size=(4000, 20))
    hits = (points[:, 3] > 0.6) & (rng.random(4000) < 0.9)
    (box,) = boxes(points, hits)
    assert_near(box, {3: (0.6, UP)}, 0.05)


def test_limits_of_what_is_asked_are_kept() -> None:
    rng = np.random.default_rng(5)
    points = rng.random((4000, 30))
    hits = points[:, :6].sum(axis=1) + 0.2 * rng.normal(size=4000) > 3.8
    for most in (1, 2, 3):
        found = boxes(points, hits, most_factors=most, most_boxes=2)
        assert 1 <= len(found) <= 2
        assert max(len(box.conditions) for box in found) == most
    assert len(boxes(points, hits, most_boxes=1)) == 1
    assert boxes(points, hits, least_coverage=0.99) == ()
    assert all(box.mass >= 0.3 for box in boxes(points, hits, least_support=0.3))
    assert min(box.mass for box in boxes(points, hits)) < 0.3
    assert boxes(points, hits, least_gain=0.9) == ()
    assert boxes(points, hits, significance=1e-200) == ()


# --- noise -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codings", "factors", "share"), [(200, 20, 0.3), (600, 60, 0.1), (600, 60, 0.9)]
)
def test_noise_has_no_box(codings: int, factors: int, share: float) -> None:
    found = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        found += bool(boxes(rng.random((codings, factors)), rng.random(codings) < share))
    assert found <= 1


def test_correlated_noise_has_no_box() -> None:
    found = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        points = rng.normal(size=(600, 1)) + rng.normal(size=(600, 40))
        found += bool(boxes(points, rng.random(600) < 0.3))
    assert found <= 1


def test_the_correction_for_the_search_is_what_keeps_noise_out() -> None:
    """A test that forgets how much was tried would find a box in noise."""
    rng = np.random.default_rng(0)
    points, hits = rng.random((300, 40)), rng.random(300) < 0.3
    assert boxes(points, hits) == ()
    field = whole_field(points, hits)
    effort = Effort(most_factors=3, peel=0.05, least=6, least_gain=0.02, level=0.05)
    assert field.sides(refined(peeled(field, effort), field, effort))


# --- by definition ---------------------------------------------------------------------


def phi(inside: Booleans, hits: Booleans) -> float:
    """Pearson's correlation of two truths."""
    if inside.all() or not inside.any():
        return 0.0
    return float(np.corrcoef(inside, hits)[0, 1])


@st.composite
def gridded(draw: st.DrawFn) -> tuple[Floats, Booleans]:
    """Codings with many equal values, a planted box and some stray hits."""
    seed, levels = draw(st.integers(0, 10**6)), draw(st.sampled_from([2, 3, 6, 40, 10**6]))
    rng = np.random.default_rng(seed)
    points = rng.integers(levels, size=(draw(st.integers(1, 250)), draw(st.integers(1, 6)))) / 4
    threshold = np.quantile(points[:, 0], draw(st.sampled_from([0.3, 0.5, 0.8])))
    hits = points[:, 0] >= threshold
    if points.shape[1] > 1 and draw(st.booleans()):
        hits &= points[:, 1] <= np.median(points[:, 1])
    stray = rng.random(len(hits)) < draw(st.sampled_from([0, 0.05, 0.2]))
    return points, hits ^ stray


@settings(max_examples=120, deadline=None)
@given(gridded())
def test_what_a_box_says_is_so(case: tuple[Floats, Booleans]) -> None:
    points, hits = case
    found = boxes(points, hits)
    for box in found:
        assert_true(box, points, hits)
        assert 1 <= len(box.conditions) <= 3
        assert [entry.factor for entry in box.conditions] == sorted(ends(box))
        assert box.inside_hits > 0
        for entry in box.conditions:
            assert entry.low is not None or entry.high is not None
            for limit in (entry.low, entry.high):
                assert limit is None or limit in points[:, entry.factor]
    if found:
        assert found[0].density > found[0].base_rate
        assert found[0].mass >= 0.02


@settings(max_examples=60, deadline=None)
@given(gridded())
def test_quasi_p_values_are_binomial_tails(case: tuple[Floats, Booleans]) -> None:
    points, hits = case
    for box in boxes(points, hits, most_boxes=1):
        for entry in box.conditions:
            others = {f: limits for f, limits in ends(box).items() if f != entry.factor}
            around = lies(points, others)
            share = Fraction(int((around & hits).sum()), int(around.sum()))
            n = box.inside
            tail = sum(
                math.comb(n, k) * share**k * (1 - share) ** (n - k)
                for k in range(box.inside_hits, n + 1)
            )
            assert entry.quasi_p_value == pytest.approx(float(tail), rel=1e-9, abs=1e-300)


@settings(max_examples=60, deadline=None)
@given(gridded())
def test_no_single_limit_could_be_set_better(case: tuple[Floats, Booleans]) -> None:
    points, hits = case
    for box in boxes(points, hits, most_boxes=1):
        score = phi(box.holds(points), hits)
        for factor, (low, high) in ends(box).items():
            values = [float(value) for value in np.unique(points[:, factor])]
            tried = [(value, high) for value in values if low != DOWN]
            tried += [(low, value) for value in values if high != UP]
            for limits in tried:
                inside = lies(points, ends(box) | {factor: limits})
                if inside.sum() >= math.ceil(0.02 * len(hits)):
                    assert phi(inside, hits) <= score + 1e-9


def peeled_by_definition(points: Floats, hits: Booleans, peel: float, least: int) -> Planted:
    """The best box on the way down: each peel tries both sides of every factor in turn."""
    inside, limits = np.ones(len(hits), dtype=bool), dict[int, tuple[float, float]]()
    best, most = dict[int, tuple[float, float]](), 0.0
    while True:
        score = phi(inside, hits)
        if score > most + 1e-12:
            best, most = dict(limits), score
        size, wanted = int(inside.sum()), int(hits[inside].sum())
        if wanted in {0, size}:
            return best
        count = max(1, int(peel * size))
        peels: list[tuple[Fraction, int, int, Booleans]] = []
        for side in (0, 1):
            for factor in range(points.shape[1]):
                column = points[:, factor] if side == 0 else -points[:, factor]
                edge = sorted(column[inside])[count - 1]
                low = np.sort(column[inside])
                cut = column <= edge
                if (low == edge).sum() > 1 and low[min(count, size - 1)] == edge:
                    cut = column < edge if (low < edge).any() else column <= edge
                gone = inside & cut
                rest = size - int(gone.sum())
                if rest >= least:
                    before = Fraction(wanted, size)
                    after = Fraction(wanted - int(hits[gone].sum()), rest)
                    peels.append(((after - before) / int(gone.sum()), side, factor, gone))
        if not peels:
            return best
        _, side, factor, gone = max(peels, key=lambda entry: (entry[0], -entry[1], -entry[2]))
        inside &= ~gone
        low_end, high_end = limits.get(factor, (DOWN, UP))
        left = points[inside, factor]
        limits[factor] = (left.min(), high_end) if side == 0 else (low_end, left.max())


@settings(max_examples=80, deadline=None)
@given(gridded(), st.sampled_from([0.03, 0.1, 0.3]), st.sampled_from([1, 5, 20]))
def test_peeling_by_definition(case: tuple[Floats, Booleans], peel: float, least: int) -> None:
    points, hits = case
    field = whole_field(points, hits)
    limits = peeled(field, Effort(3, peel, least, 0.02, 0.05))
    best = peeled_by_definition(points, hits, peel, least)
    assert (field.inside(limits) == lies(points, best)).all()
    assert {factor for _, factor in field.sides(limits)} == set(best)


# --- invariances -----------------------------------------------------------------------


def noisy(seed: int) -> tuple[Floats, Booleans]:
    rng = np.random.default_rng(seed)
    points = rng.random((1500, 25))
    planted = lies(points, THREE) | lies(points, {2: (DOWN, 0.2), 12: (0.5, UP)})
    return points, planted ^ (rng.random(1500) < 0.05)


@pytest.mark.parametrize("seed", range(4))
def test_orders_of_codings_and_factors_do_not_matter(seed: int) -> None:
    points, hits = noisy(seed)
    points[:, 3] = points[:, 3].round(1)
    found = boxes(points, hits)
    assert found
    rng = np.random.default_rng(seed + 100)
    rows, columns = rng.permutation(len(points)), rng.permutation(points.shape[1])
    assert boxes(points[rows], hits[rows]) == found
    again = boxes(points[:, columns], hits)
    named = [{int(columns[f]): limits for f, limits in ends(box).items()} for box in again]
    assert named == [ends(box) for box in found]


@pytest.mark.parametrize("seed", range(4))
def test_only_the_order_of_values_matters(seed: int) -> None:
    points, hits = noisy(seed)
    found = boxes(points, hits)
    assert found
    stretched = boxes(np.exp(7 * points), hits)
    assert [(b.inside, b.inside_hits) for b in stretched] == [
        (b.inside, b.inside_hits) for b in found
    ]
    for one, two in zip(found, stretched, strict=True):
        for factor, limits in ends(one).items():
            expected = tuple(x if math.isinf(x) else np.exp(7 * x) for x in limits)
            assert ends(two)[factor] == expected
    turned = boxes(-points, hits)
    for one, two in zip(found, turned, strict=True):
        assert_near(two, {f: (-high, -low) for f, (low, high) in ends(one).items()}, 0.02)


# --- where little can be said ------------------------------------------------------------


def test_where_nothing_can_be_said_there_is_no_box() -> None:
    rng = np.random.default_rng(0)
    points = rng.random((100, 5))
    assert boxes(points, np.zeros(100, dtype=bool)) == ()
    assert boxes(points, np.ones(100, dtype=bool)) == ()
    assert boxes(np.zeros((0, 5)), np.zeros(0, dtype=bool)) == ()
    assert boxes(np.zeros((100, 0)), rng.random(100) < 0.5) == ()
    assert boxes(np.ones((100, 5)), rng.random(100) < 0.5) == ()
    for few in (1, 2, 3, 6):
        assert boxes(points[:few], np.arange(few) % 2 == 0) == ()


def test_constant_factors_and_factors_of_two_values() -> None:
    rng = np.random.default_rng(1)
    points = rng.integers(2, size=(600, 20)).astype(float)
    points[:, ::4] = 3.0
    hits = (points[:, 1] == 1) & (points[:, 6] == 0)
    (box,) = boxes(points, hits)
    assert ends(box) == {1: (1, UP), 6: (DOWN, 0)}
    assert (box.coverage, box.density) == (1, 1)


def test_a_first_box_that_leaves_hardly_anything() -> None:
    points = np.arange(200.0)[:, None]
    hits = points[:, 0] >= 20
    hits[0] = True
    found = boxes(points, hits, least_support=0.15)
    assert [ends(box) for box in found] == [{0: (20, UP)}]


def test_few_codings_are_enough_for_what_is_plain() -> None:
    points = np.random.default_rng(2).random((60, 4))
    hits = points[:, 1] > 0.5
    (box,) = boxes(points, hits)
    assert ends(box).keys() == {1}
    assert (box.coverage, box.density) == (1, 1)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"points": np.zeros(10)}, "must be"),
        ({"hits": np.zeros(9, dtype=bool)}, "must be"),
        ({"hits": np.zeros(10)}, "true or false"),
        ({"points": np.full((10, 2), np.nan)}, "finite"),
        ({"most_factors": 0}, "at least 1"),
        ({"most_boxes": 0}, "at least 1"),
        ({"peel": 0.5}, "peel"),
        ({"peel": 0.0}, "peel"),
        ({"least_support": 0.0}, "least_support"),
        ({"significance": 1.0}, "significance"),
        ({"least_gain": -0.1}, "least_gain"),
    ],
)
def test_bad_input_is_refused(wrong: dict[str, object], says: str) -> None:
    asked = {"points": np.zeros((10, 2)), "hits": np.zeros(10, dtype=bool)} | wrong
    with pytest.raises(ValueError, match=says):
        boxes(**asked)  # type: ignore[arg-type]
