"""The Pareto filter against its definition, on every path it can take."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from detente.agreement import pareto
from detente.agreement.grid import on_grid
from detente.agreement.pareto import efficient, undominated

LARGE = 2**62

Table = NDArray[np.int64]


def dominates(q: tuple[int, ...], p: tuple[int, ...], objectives: int) -> bool:
    no_worse = all(a >= b for a, b in zip(q, p, strict=True))
    better = any(a > b for a, b in zip(q[:objectives], p[:objectives], strict=True))
    return no_worse and better


def by_definition(points: Table, objectives: int) -> list[bool]:
    rows = [tuple(row) for row in points.tolist()]
    return [not any(dominates(q, p, objectives) for q in rows) for p in rows]


def by_comparing(points: Table, objectives: int) -> NDArray[np.bool_]:
    """The definition again, fast enough for thousands of points."""
    kept = np.empty(len(points), dtype=np.bool_)
    for place, p in enumerate(points):
        no_worse = (points >= p).all(axis=1)
        better = (points[:, :objectives] > p[:objectives]).any(axis=1)
        kept[place] = not (no_worse & better).any()
    return kept


@st.composite
def tables(draw: st.DrawFn) -> tuple[Table, int]:
    columns = draw(st.integers(1, 7))
    rows = draw(st.integers(0, 40))
    entries = draw(
        st.sampled_from(
            [st.integers(-high, high) for high in (1, 2, 50, LARGE)]
            + [st.sampled_from([-LARGE, 0, 1, LARGE])]
        )
    )
    row = st.lists(entries, min_size=columns, max_size=columns)
    drawn = draw(st.lists(row, min_size=rows, max_size=rows))
    points = np.array(drawn, dtype=np.int64).reshape(rows, columns)
    return points, draw(st.integers(1, columns))


@given(tables(), st.sampled_from([1, 2, 7, 64, 65]), st.sampled_from([1, 3, 100]))
@settings(max_examples=200, deadline=None)
def test_sorted_paths_follow_the_definition(
    drawn: tuple[Table, int], block: int, chunk: int
) -> None:
    points, objectives = drawn
    with patch.multiple(pareto, FEW=0, BLOCK=block, CHUNK=chunk):
        assert undominated(points, objectives).tolist() == by_definition(points, objectives)


@given(tables())
@settings(max_examples=100, deadline=None)
def test_all_pairs_follow_the_definition(drawn: tuple[Table, int]) -> None:
    points, objectives = drawn
    assert undominated(points, objectives).tolist() == by_definition(points, objectives)


@pytest.mark.parametrize("columns", range(1, 8))
@pytest.mark.parametrize("spread", [3, 30, 10**12])
def test_thousands_of_points(columns: int, spread: int) -> None:
    random = np.random.default_rng(columns)
    points = random.integers(-spread, spread + 1, (1200, columns))
    points = np.concatenate([points, points[:300]])
    for objectives in {1, (columns + 1) // 2, columns}:
        expected = by_comparing(points, objectives)
        assert np.array_equal(undominated(points, objectives), expected)


@pytest.mark.parametrize("columns", [2, 3, 4, 6])
def test_large_fronts(columns: int) -> None:
    random = np.random.default_rng(7)
    directions = np.abs(random.normal(size=(3000, columns)))
    shell = directions / np.linalg.norm(directions, axis=1)[:, None]
    points = np.rint(1e6 * np.concatenate([shell, shell[:1000] * 0.98])).astype(np.int64)
    kept = undominated(points)
    assert np.array_equal(kept, by_comparing(points, columns))
    assert 2000 < kept.sum() <= 3100


def test_one_group_of_objectives_with_many_further_columns() -> None:
    random = np.random.default_rng(3)
    points = random.integers(0, 50, (1500, 6))
    points[:, 0] = 4
    assert undominated(points, objectives=1).all()
    points[0] = 100
    assert undominated(points, objectives=1).sum() == 1


@given(tables(), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_order_of_points_and_objectives_makes_no_difference(
    drawn: tuple[Table, int], random: np.random.RandomState
) -> None:
    points, _ = drawn
    rows, columns = list(range(points.shape[0])), list(range(points.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    with patch.multiple(pareto, FEW=0, BLOCK=5):
        shuffled = undominated(points[rows][:, columns])
        assert shuffled.tolist() == undominated(points)[rows].tolist()


@given(tables())
@settings(max_examples=30, deadline=None)
def test_frontier_of_a_subset_keeps_the_frontier_that_it_contains(
    drawn: tuple[Table, int],
) -> None:
    points, objectives = drawn
    some = np.arange(0, len(points), 2)
    kept = undominated(points, objectives)[some]
    assert undominated(points[some], objectives)[kept].all()


def test_codes_that_must_not_be_compared() -> None:
    random = np.random.default_rng(5)
    codes = random.integers(0, 20, 2000)
    points = random.integers(0, 12, (2000, 4))
    apart = np.column_stack([points[:, 0] + 100 * codes, points[:, 1] - 100 * codes, points[:, 2:]])
    kept = undominated(apart)
    for code in range(20):
        rows = np.flatnonzero(codes == code)
        assert np.array_equal(kept[rows], by_comparing(points[rows], 4))


def test_input_is_not_changed() -> None:
    points = np.random.default_rng(0).integers(0, 9, (500, 5))
    before = points.copy()
    undominated(points)
    assert np.array_equal(points, before)


def test_no_points() -> None:
    assert undominated(np.zeros((0, 3), dtype=np.int64)).tolist() == []
    assert efficient(np.zeros((0, 3))).tolist() == []


@pytest.mark.parametrize(
    ("points", "objectives", "message"),
    [
        (np.zeros((3, 2)), None, "integers"),
        (np.zeros(3, dtype=np.int64), None, "one row a point"),
        (np.zeros((3, 0), dtype=np.int64), None, "at least one column"),
        (np.zeros((3, 2), dtype=np.int64), 0, "from 1 to the 2 columns, not 0"),
        (np.zeros((3, 2), dtype=np.int64), 3, "from 1 to the 2 columns, not 3"),
    ],
)
def test_what_undominated_refuses(points: Table, objectives: int | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        undominated(points, objectives)


def test_floats_that_differ_by_rounding_tie() -> None:
    assert efficient([[0.1 + 0.2, 1.0], [0.3, 1.0]]).all()
    assert efficient([[0.1 + 0.2, 1.0], [0.3, 1.1]]).tolist() == [False, True]
    assert efficient([[1e-9, 0.0], [0.0, 1e9]]).all()
    assert efficient([[1.0], [1.0 + 1e-13]]).all()
    assert efficient([[1.0], [1.0 + 1e-10]]).tolist() == [False, True]


@pytest.mark.parametrize("scale", [1e-307, 1e-300, 1e-12, 1.0, 1e25, 1e300])
def test_grid_is_relative_to_each_party(scale: float) -> None:
    values = np.array([[3.0, 1 * scale], [2.0, 2 * scale], [2.0, 1.5 * scale]])
    assert efficient(values).tolist() == [True, True, False]


def test_integers_beyond_the_precision_of_floats_are_exact() -> None:
    assert efficient([[2**60 + 1], [2**60]]).tolist() == [True, False]


@given(
    st.lists(
        st.tuples(st.integers(-999_999, 999_999), st.integers(-999_999, 999_999)), max_size=12
    ),
    st.integers(-8, 8),
)
def test_decimals_are_their_integers_times_the_unit(
    rows: list[tuple[int, int]], power: int
) -> None:
    integers = np.array(rows, dtype=np.int64).reshape(-1, 2)
    totals, _, units = on_grid(integers * 10.0**power)
    for party, unit in enumerate(units):
        step = unit / (1 if power == 0 else type(unit)(10) ** power)
        assert [total * step for total in totals[:, party].tolist()] == integers[:, party].tolist()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1, 2], r"their shape is \(2,\)"),
        ([[[1]]], r"their shape is \(1, 1, 1\)"),
        (np.zeros((3, 0)), "no parties"),
        ([[1.0, 2.0], [3.0, float("nan")]], r"finite: the entry at \[1, 1\] is nan"),
        ([[float("inf")]], "is inf"),
        ([["a", "b"]], "integers or floats"),
        ([[None, 1]], "integers or floats, not object"),
        ([[True, False]], "integers or floats, not bool"),
        ([[1, 2], [3]], "rectangular"),
        ([[2**63]], "fit 64 bits"),
        ([[2**70]], "integers or floats"),
    ],
)
def test_what_efficient_refuses(values: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        efficient(values)  # type: ignore[arg-type]
