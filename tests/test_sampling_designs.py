"""Designs of shares and their correlation: strata, batches, closed forms, and every refusal."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri
from scipy.stats import kstest, qmc, spearmanr

from detente.case.errors import MAX_PROBLEMS, CaseError
from detente.uncertainty.batches import BATCH
from detente.uncertainty.sampling.correlation import (
    DEFAULT,
    Correlation,
    RankTable,
    correlated,
    equicorrelated,
    normal_correlation,
)
from detente.uncertainty.sampling.designs import KINDS, LEAST, design
from detente.uncertainty.sampling.written import parse_correlation

# --- designs ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("factors", [0, 1, 3])
def test_more_codings_begin_with_fewer(kind: str, factors: int) -> None:
    many = design(kind, 3000, factors, seed=5)
    assert many.shape == (3000, factors)
    for fewer in (0, 1, BATCH - 1, BATCH, 2000, 2048):
        np.testing.assert_array_equal(design(kind, fewer, factors, seed=5), many[:fewer])


@pytest.mark.parametrize("kind", KINDS)
def test_a_batch_is_the_same_alone_and_in_a_row(kind: str) -> None:
    many = design(kind, 5 * BATCH, 4, seed=11)
    for batch in (3, 0, 4, 1, 2):
        own = many[batch * BATCH : (batch + 1) * BATCH]
        np.testing.assert_array_equal(design(kind, BATCH, 4, 11, batch), own)
        np.testing.assert_array_equal(design(kind, 7, 4, 11, batch), own[:7])
    np.testing.assert_array_equal(design(kind, 1500, 4, 11, batch=2), many[2 * BATCH :][:1500])


@pytest.mark.parametrize("kind", KINDS)
def test_batches_and_seeds_differ(kind: str) -> None:
    rows = {design(kind, 1, 2, seed, batch).tobytes() for seed in range(5) for batch in range(5)}
    assert len(rows) == 25


def hits(column: Any, parts: int) -> set[int]:
    """How often the equal parts of (0, 1) are hit."""
    return set(np.bincount((column * parts).astype(int), minlength=parts).tolist())


@pytest.mark.parametrize("seed", range(4))
def test_a_latin_hypercube_hits_every_part_once(seed: int) -> None:
    for batch in range(3):
        shares = design("latin hypercube", BATCH, 6, seed, batch)
        assert all(hits(column, BATCH) == {1} for column in shares.T)


@pytest.mark.parametrize("seed", range(4))
def test_sobol_points_fill_boxes_of_pairs_evenly(seed: int) -> None:
    for batch in range(3):
        shares = design("sobol", BATCH, 6, seed, batch)
        assert all(hits(column, BATCH) == {1} for column in shares.T)
        # the first two coordinates are a (0, 2)-sequence: each elementary box has one point
        for power in range(11):
            across = 2**power
            row, column = (shares[:, :2] * (across, BATCH // across)).astype(int).T
            assert len(np.unique(row * (BATCH // across) + column)) == BATCH
    together = design("sobol", 4 * BATCH, 6, seed)
    assert all(hits(column, 4 * BATCH) == {1} for column in together.T)


def test_random_shares_are_uniform_and_hit_parts_unevenly() -> None:
    shares = design("random", 4 * BATCH, 3, seed=2)
    assert kstest(shares.ravel(), "uniform").pvalue > 1e-3
    assert max(hits(shares[:BATCH, 0], BATCH)) > 1


@pytest.mark.parametrize("drawn", [0.0, 1.0])
def test_shares_never_reach_the_ends(drawn: float, monkeypatch: pytest.MonkeyPatch) -> None:
    def at_the_end(self: Any, n: int) -> Any:
        return np.full((n, self.d), drawn)

    monkeypatch.setattr(qmc.LatinHypercube, "random", at_the_end)
    shares = design("latin hypercube", 5, 2)
    np.testing.assert_array_equal(shares, LEAST if drawn == 0 else 1 - LEAST)
    assert np.isfinite(ndtri(shares)).all()


def test_sobol_points_stand_in_the_middle_of_their_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qmc.Sobol, "random", lambda self, n: np.zeros((n, self.d)))
    np.testing.assert_array_equal(design("sobol", 3, 1), 2.0**-31)


def message(call: Callable[..., Any], *given: Any, **named: Any) -> str:
    with pytest.raises(CaseError) as caught:
        call(*given, **named)
    return str(caught.value)


def test_refused_designs() -> None:
    told = message(design, "sobel", 10, 2)
    assert told.startswith("unknown design 'sobel'; did you mean 'sobol'?")
    assert "latin hypercube, sobol, random" in told
    assert "a seed is a whole number from 0; this is -1" in message(design, "sobol", 1, 1, seed=-1)
    told = message(design, "sobol", 10, 21202)
    assert "at most 21,201 factors; these are 21,202" in told
    assert "take another design: latin hypercube, random; or state fewer ranges" in told
    told = message(design, "sobol", BATCH + 1, 1, batch=2**20 - 1)
    assert "at most 1,073,741,824 codings; these are 1,073,742,848" in told
    assert "or draw fewer" in told
    for draws, factors, batch in ((-1, 1, 0), (1, -1, 0), (1, 1, -1)):
        with pytest.raises(ValueError, match="count from 0"):
            design("random", draws, factors, 0, batch)


# --- groups -------------------------------------------------------------------------------

GROUPS = ("north", "south", None, "north", "south", "north", "alone", None)
NORTH, SOUTH = [0, 3, 5], [1, 4]


def together(one: int, other: int) -> bool:
    return GROUPS[one] is not None and GROUPS[one] == GROUPS[other]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rho", [0.2, 0.5, 0.95])
def test_rank_correlation_is_the_wanted_one(kind: str, rho: float) -> None:
    wanted = np.array(
        [
            [1.0 if one == other else rho * together(one, other) for other in range(8)]
            for one in range(8)
        ]
    )
    found = []
    for seed in range(6):
        shares = correlated(design(kind, 8 * BATCH, 8, seed), Correlation(GROUPS, rho))
        found.append(spearmanr(shares).statistic)
        assert np.abs(found[-1] - wanted).max() < 0.045  # 4 / sqrt(8192)
    assert np.abs(np.mean(found, axis=0) - wanted).max() < 0.02


@pytest.mark.parametrize("kind", KINDS)
def test_margins_stay_uniform(kind: str) -> None:
    before = design(kind, 16 * BATCH, 8, seed=3)
    shares = correlated(before, Correlation(GROUPS))
    assert all(kstest(column, "uniform").pvalue > 1e-3 for column in shares.T)
    assert shares.min() > 0
    assert shares.max() < 1
    for alone in (2, 6, 7):
        np.testing.assert_array_equal(shares[:, alone], before[:, alone])
    assert (shares[:, NORTH + SOUTH] != before[:, NORTH + SOUTH]).all(axis=0).all()


@pytest.mark.parametrize("kind", KINDS)
def test_independent_and_full_are_exact(kind: str) -> None:
    before = design(kind, 2000, 8, seed=8)
    copy = before.copy()
    independent = correlated(before, Correlation(GROUPS, 0.0))
    np.testing.assert_array_equal(independent, before)
    assert independent is not before
    full = correlated(before, Correlation(GROUPS, 1.0))
    for members in (NORTH, SOUTH):
        for member in members:
            np.testing.assert_array_equal(full[:, member], before[:, members[0]])
    for alone in (2, 6, 7):
        np.testing.assert_array_equal(full[:, alone], before[:, alone])
    np.testing.assert_array_equal(before, copy)


@pytest.mark.parametrize("end", [LEAST, 1 - LEAST])
def test_mixed_shares_never_reach_the_ends(end: float) -> None:
    # fifty shares at an end make normal values far beyond it
    for table in (None, _equal_table(range(50), 0.5)):
        shares = correlated(np.full((2, 50), end), Correlation(("a",) * 50, 0.5, table))
        assert shares.min() >= LEAST
        assert shares.max() <= 1 - LEAST


def test_nearly_full_is_near_full() -> None:
    before = design("latin hypercube", BATCH, 8, seed=8)
    full = correlated(before, Correlation(GROUPS, 1.0))
    nearly = correlated(before, Correlation(GROUPS, 1 - 1e-12))
    np.testing.assert_allclose(nearly, full, atol=1e-5)


@pytest.mark.parametrize("table", [False, True])
def test_a_coding_depends_on_its_own_shares_alone(table: bool) -> None:
    factors = 300  # groups of more than the 128 that numpy sums in one go
    groups = tuple("ab"[factor % 2] for factor in range(factors))
    stated = _equal_table(range(0, 40), 0.3) if table else None
    correlation = Correlation(groups, 0.5, stated)
    shares = design("latin hypercube", 2500, factors, seed=1)
    whole = correlated(shares, correlation)
    for start, stop in ((0, 1), (0, 3), (5, 1029), (1023, 1026), (2048, 2500), (17, 17)):
        part = correlated(shares[start:stop], correlation)
        np.testing.assert_array_equal(part, whole[start:stop])
    apart = pickle.loads(pickle.dumps(correlation))
    np.testing.assert_array_equal(correlated(shares[::-1], apart), whole[::-1])


def loadings(width: int, correlation: float) -> Any:
    """The matrix of the linear mix, read off the axes."""
    return equicorrelated(np.eye(width), correlation).T


@given(width=st.integers(2, 60), correlation=st.floats(0, 1))
@settings(deadline=None)
def test_the_closed_form_has_the_wanted_correlations(width: int, correlation: float) -> None:
    mix = loadings(width, correlation)
    wanted = np.full((width, width), correlation) + (1 - correlation) * np.eye(width)
    np.testing.assert_allclose(mix @ mix.T, wanted, atol=1e-12)
    # the sum of all hangs on the first column alone
    np.testing.assert_allclose(mix.sum(axis=0)[1:], 0, atol=1e-12 * width)


@pytest.mark.parametrize("width", [2, 7, 50])
def test_the_closed_form_against_cholesky_and_the_symmetric_root(width: int) -> None:
    correlation = 0.4
    wanted = np.full((width, width), correlation) + (1 - correlation) * np.eye(width)
    mix, factor = loadings(width, correlation), np.linalg.cholesky(wanted)
    turn = np.linalg.solve(factor, mix)  # two roots of a matrix differ by a rotation
    np.testing.assert_allclose(turn @ turn.T, np.eye(width), atol=1e-12)
    a = math.sqrt(1 - correlation)
    b = (math.sqrt(1 + (width - 1) * correlation) - a) / width
    axis = np.eye(width)[0] - 1 / math.sqrt(width)
    reflection = np.eye(width) - 2 * np.outer(axis, axis) / (axis @ axis)
    np.testing.assert_allclose(mix, (a * np.eye(width) + b) @ reflection, atol=1e-12)


def test_the_spread_of_a_design_narrows_what_hangs_on_a_sum() -> None:
    def spread(kind: str) -> float:
        groups = ("north",) * 30
        shares = [
            (correlated(design(kind, BATCH, 30, seed), Correlation(groups)).mean(axis=1) > 0.45)
            for seed in range(40)
        ]
        return float(np.std([share.mean() for share in shares]))

    independent = spread("random")
    assert independent == pytest.approx(math.sqrt(0.25 / BATCH), rel=0.3)
    assert spread("latin hypercube") < 0.6 * independent
    assert spread("sobol") < 0.6 * independent


def test_spearman_and_the_normal_correlation() -> None:
    # Pearson 1907: r = 6 / pi asin(rho / 2)
    for rank in np.linspace(-1, 1, 21):
        normal = float(normal_correlation(rank))
        assert 6 / math.pi * math.asin(normal / 2) == pytest.approx(rank, abs=1e-12)
    assert float(normal_correlation(1)) == pytest.approx(1, abs=1e-15)


def test_shares_of_other_factors_are_refused() -> None:
    with pytest.raises(ValueError, match="shares of 2 factors, correlations of 8"):
        correlated(np.full((3, 2), 0.5), Correlation(GROUPS))
    with pytest.raises(ValueError, match="factors 0 to 2 of 2"):
        Correlation(("a", "a"), table=_equal_table(range(3), 0.1))


@pytest.mark.parametrize("rho", [-0.1, 1.01, math.nan, math.inf])
def test_correlations_within_groups_out_of_range_are_refused(rho: float) -> None:
    told = message(Correlation, GROUPS, rho)
    assert f"lies between 0 and 1; this is {rho:g}" in told
    assert "a negative one pair by pair" in told


# --- tables -------------------------------------------------------------------------------


def _table(matrix: Any, factors: Any = None) -> RankTable:
    entries = np.array(matrix, dtype=float)
    positions = tuple(range(len(entries)) if factors is None else factors)
    return RankTable(tuple(f"f{position}" for position in positions), positions, entries)


def _equal_table(factors: Any, rho: float) -> RankTable:
    size = len(factors)
    return _table(np.full((size, size), rho) + (1 - rho) * np.eye(size), factors)


def test_a_table_is_followed_and_its_factors_leave_their_groups() -> None:
    table = _table([[1, -0.6, 0.3], [-0.6, 1, 0], [0.3, 0, 1]], factors=(3, 1, 2))
    correlation = Correlation(GROUPS, 0.5, table)
    assert correlation.members == ((0, 5),)
    wanted = np.eye(8)
    for one, other, value in ((3, 1, -0.6), (3, 2, 0.3), (0, 5, 0.5)):
        wanted[one, other] = wanted[other, one] = value
    found = []
    for seed in range(6):
        before = design("latin hypercube", 8 * BATCH, 8, seed)
        shares = correlated(before, correlation)
        np.testing.assert_array_equal(shares[:, [4, 6, 7]], before[:, [4, 6, 7]])
        assert all(kstest(column, "uniform").pvalue > 1e-4 for column in shares.T)
        found.append(spearmanr(shares).statistic)
        assert np.abs(found[-1] - wanted).max() < 0.045
    assert np.abs(np.mean(found, axis=0) - wanted).max() < 0.02


def test_the_root_of_a_table_against_cholesky() -> None:
    table = _table([[1, 0.5, 0.2], [0.5, 1, -0.4], [0.2, -0.4, 1]])
    normal = normal_correlation(table.matrix)
    factor = np.linalg.cholesky(normal)
    np.testing.assert_allclose(table.root @ table.root.T, factor @ factor.T, atol=1e-12)
    np.testing.assert_allclose(table.root, table.root.T, atol=1e-12)
    assert np.linalg.eigvalsh(table.root).min() > 0


@pytest.mark.parametrize(
    "matrix",
    [
        [[1, 1], [1, 1]],
        [[1, -1], [-1, 1]],
        [[1, 1, 0.3], [1, 1, 0.3], [0.3, 0.3, 1]],
        np.ones((6, 6)),
    ],
)
def test_singular_tables_work(matrix: Any) -> None:
    table = _table(matrix)
    np.testing.assert_allclose(table.root @ table.root, normal_correlation(matrix), atol=1e-7)
    size = len(table.names)
    shares = correlated(design("sobol", BATCH, size, 4), Correlation((None,) * size, table=table))
    mirrored = shares[:, 1] if table.matrix[0, 1] == 1 else 1 - shares[:, 1]
    np.testing.assert_allclose(shares[:, 0], mirrored, atol=1e-7)
    assert kstest(shares[:, 0], "uniform").pvalue > 1e-3


def test_a_table_of_independent_factors_changes_nothing_but_rounding() -> None:
    before = design("random", 500, 4, 1)
    after = correlated(before, Correlation(("a",) * 4, 0.9, _table(np.eye(4))))
    np.testing.assert_allclose(after, before, rtol=1e-12)


def test_rounded_tables_are_taken() -> None:
    entries = np.array([[1 - 1e-12, 0.3], [0.3 + 1e-12, 1]])
    assert _table(entries).root.shape == (2, 2)


CONTRADICTING = [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]
HALF = math.sqrt(0.5)
ONLY_AS_RANKS = [[1, 0, HALF], [0, 1, HALF], [HALF, HALF, 1]]
"""Singular as ranks; the normal correlations behind them, which are larger, are impossible."""


def test_impossible_tables_are_refused_with_what_would_do() -> None:
    told = message(_table, CONTRADICTING)
    assert "contradict each other" in told
    assert "the smallest eigenvalue of the table is -0.8, and none may be negative" in told
    # -0.9 and 0.9 s: 1 - 2 (0.9 s) is negative from s = 5/9 on; normal correlations sooner
    assert "multiplied by 0.53 they can be drawn" in told
    told = message(_table, ONLY_AS_RANKS)
    least = 1 - math.sqrt(2) * 2 * math.sin(math.pi * HALF / 6)
    assert f"have the smallest eigenvalue {least:.2g}, and none may be negative" in told
    assert "cannot be drawn" in told


@given(
    st.integers(2, 5).flatmap(
        lambda size: st.lists(st.floats(-1, 1), min_size=size * size, max_size=size * size)
    )
)
@settings(deadline=None, max_examples=60)
def test_what_the_refusal_advises_works_and_a_hundredth_more_does_not(entries: Any) -> None:
    size = math.isqrt(len(entries))
    upper = np.triu(np.array(entries).reshape(size, size), 1)
    matrix = upper + upper.T + np.eye(size)
    try:
        _table(matrix)
    except CaseError as error:
        advised = Fraction(str(error).split("multiplied by ")[1].split()[0])
        _table(np.where(np.eye(size), 1, matrix * float(advised)))
        if advised < Fraction(99, 100):
            more = np.where(np.eye(size), 1, matrix * float(advised + Fraction(1, 100)))
            normal = np.linalg.eigvalsh(normal_correlation(more)).min()
            assert min(np.linalg.eigvalsh(more).min(), normal) < 0
    else:
        normal = np.linalg.eigvalsh(normal_correlation(matrix)).min()
        assert min(np.linalg.eigvalsh(matrix).min(), normal) > -1e-8


@pytest.mark.parametrize(
    ("matrix", "told"),
    [
        ([[1, 0.5]], "square: 1 x 1 here, not 1 x 2"),
        ([[1, 1.2], [1.2, 1]], "the correlation of f0 with f1 is 1.2"),
        ([[1, math.nan], [math.nan, 1]], "the correlation of f1 with f0 is nan"),
        ([[1, -math.inf], [0, 1]], "the correlation of f0 with f1 is -inf"),
        ([[0.9, 0], [0, 1]], "the correlation of f0 with itself is 0.9"),
        ([[1, 0], [0, math.nan]], "the correlation of f1 with itself is nan"),
        ([[1, 0.3], [0.4, 1]], "of f0 with f1 is 0.3, but that of f1 with f0 is 0.4"),
    ],
)
def test_tables_that_are_none(matrix: Any, told: str) -> None:
    assert told in message(_table, matrix)


def test_the_first_of_very_many_problems_are_reported() -> None:
    with pytest.raises(CaseError) as caught:
        _table(np.full((12, 12), 2.0))
    assert len(caught.value.problems) == MAX_PROBLEMS + 1
    assert "there are more" in caught.value.problems[-1].what


def test_names_and_columns_of_a_table_belong_together() -> None:
    for factors in ((0,), (1, 1)):
        with pytest.raises(ValueError, match="as many different factors"):
            RankTable(("a", "b"), factors, np.eye(2))


# --- what is written ----------------------------------------------------------------------

NAMES = ["north.weights.arms", "north.scores.arms.held", "south.weights.arms", "drivers.oil"]


@pytest.mark.parametrize(
    ("text", "value"), [("0.5", 0.5), (" 0 ", 0), ("1", 1), ("1/3", 1 / 3), ("-0", 0)]
)
def test_numbers(text: str, value: float) -> None:
    assert parse_correlation(text, NAMES) == value
    assert Correlation((), float(value)).rho == value


def test_the_usual_correlation_is_a_half() -> None:
    assert DEFAULT == 0.5


@pytest.mark.parametrize(
    ("text", "told", "help"),
    [
        ("-0.2", "within a party lies between 0 and 1; this is -0.2", "in a CSV file"),
        ("1.5", "lies between 0 and 1; this is 1.5", "pair by pair"),
        ("nan", "the correlation 'nan' is neither a number from 0 to 1 nor a file", "0 (indep"),
        ("inf", "the correlation 'inf' is neither", "such as 0.5"),
        ("half", "the correlation 'half' is neither", "a CSV file"),
        ("0,5", "the correlation '0,5' is neither", "write decimals with a point; or give"),
        ("50%", "the correlation '50%' is neither", "write a share as a decimal: 0.5; or"),
        ("1/0", "the correlation '1/0' is neither", "give a number"),
        (" ", "the correlation is empty", "give a number"),
        ("none.csv", "there is no file none.csv", "give a number"),
        ("a\0b", "cannot read", ""),
        ("x" * 5000, "cannot read", ""),
    ],
)
def test_texts_that_are_no_correlation(
    text: str, told: str, help: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = message(parse_correlation, text, NAMES)
    assert told in found
    assert help in found


Written = Callable[[str | bytes], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(text: str | bytes) -> Path:
        path = tmp_path / "table.csv"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


def test_a_table_in_a_file(written: Written) -> None:
    path = written(
        '\ufeff"factor, or driver", drivers.oil ,north.weights.arms,,\r\n'
        ",,,,\r\n"
        '"north.weights.arms",-1/4,1\r\n'
        "drivers.oil,1.0,-0.25,\r\n"
        "\r\n"
    )
    table = parse_correlation(f" {path} ", NAMES)
    assert isinstance(table, RankTable)
    assert table.names == ("drivers.oil", "north.weights.arms")
    assert table.factors == (3, 0)
    np.testing.assert_array_equal(table.matrix, [[1, -0.25], [-0.25, 1]])


A, B, C = NAMES[:3]
SAME = "the first row and the first column of a table name the same factors, each once"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ["table.csv is empty", SAME]),
        (" ,\n,\n", ["table.csv is empty"]),
        (f"{A}\n{B}\n", ["table.csv has a single column", "write commas between"]),
        (f";{A}\n{A};1\n", ["table.csv has a single column", "decimals with a point"]),
        (
            f",north.weight.arms\n{A},1\n",
            [
                "table.csv, cell B1: unknown factor 'north.weight.arms'",
                "did you mean 'north.weights.arms'?",
                f"factors: {', '.join(NAMES)}; a factor is a number with a range",
            ],
        ),
        (f",{A},{A}\n{A},1,1\n", [f"cell C1: '{A}' has a second column", SAME]),
        (f",{A}\n{A},1\n{A},1\n", [f"cell A3: '{A}' has a second row"]),
        (f",{A},{B}\n{A},1,0\n", [f"cell C1: '{B}' has no row", SAME]),
        (f",{A}\n{A},1\n\n{B},0\n", [f"cell A4: '{B}' has no column"]),
        (f",{A}\n", [f"'{A}' has no row"]),
        (f",{A}\n{A},1,0\n", ["cell C1: a column without a name"]),
        (f",{A}\n{A},1\n,0\n", ["cell A3: a row without a name"]),
        (f",{A}\n{A},one\n", ["cell B2: expected a number, found 'one'"]),
        (f',{A}\n{A},"1,0"\n', ["cell B2: expected a number", "decimals with a point"]),
        (f",{A}\n{A},nan\n", ["cell B2: nan is not a finite number"]),
        (
            f",{A},{B}\n{A},1\n{B},0,1\n",
            ["cell C2: nothing where a correlation is expected", "0 is independent"],
        ),
        (
            f",{A},{B}\n{B},0.5,1\n{A},1,0.4\n",
            [f"table.csv: the correlation of {A} with {B} is 0.4, but that of {B} with {A} is 0.5"],
        ),
        (f",{A},{B}\n{A},1,2\n{B},2,1\n", [f"of {A} with {B} is 2", "lie between -1 and 1"]),
        (f",{A}\n{A},0\n", [f"table.csv: the correlation of {A} with itself is 0", "write 1"]),
        (
            f",{A},{B},{C}\n{A},1,.9,-.9\n{B},.9,1,.9\n{C},-.9,.9,1\n",
            ["table.csv: these correlations contradict each other", "eigenvalue of the table is"],
        ),
        (b"\xff\xfe,\x00a\x00", ["table.csv is no UTF-8 text", "save the table as CSV in UTF-8"]),
        (b"PK\x03\x04\x8a\xff", ["is no UTF-8 text"]),
        (f",{A}\n{A},{'1' * 140_000}\n", ["is no CSV file: field larger than field limit"]),
    ],
)
def test_tables_that_cannot_be_used(written: Written, text: str | bytes, told: list[str]) -> None:
    found = message(parse_correlation, str(written(text)), NAMES)
    assert [part for part in told if part not in found] == []


def test_several_problems_are_told_at_once(written: Written) -> None:
    found = message(parse_correlation, str(written(",x,y\nx,a,b\n")), NAMES).splitlines()
    assert sum("unknown factor" in line for line in found) == 2
    found = message(parse_correlation, str(written(f",{A}, {B}\n{A},p,q\n{B},r,s\n")), NAMES)
    assert found.count("expected a number") == 4


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    assert "is a folder, not a table" in message(parse_correlation, str(folder), NAMES)
    monkeypatch.setattr("detente.uncertainty.sampling.written.MAX_BYTES", 2**20)
    large = tmp_path / "large.csv"
    large.write_bytes(b"," * (2**20 + 1))
    found = message(parse_correlation, str(large), NAMES)
    assert "a table may have at most 1 MB" in found
    assert "one row and one column for each factor" in found


@given(st.text(max_size=60) | st.binary(max_size=60))
@settings(deadline=None)
def test_no_file_ends_in_a_traceback(tmp_path_factory: Any, data: str | bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data)
    with pytest.raises(CaseError):
        parse_correlation(str(path), NAMES)


@given(st.text(alphabet="-+.0123456789e/nNaAiIfF,% ", max_size=12))
@settings(deadline=None)
def test_no_text_ends_in_a_traceback(text: str) -> None:
    try:
        value = parse_correlation(text, NAMES)
    except CaseError as error:
        assert str(error)
    else:
        assert isinstance(value, float)
        assert 0 <= value <= 1


def test_shares_of_a_group_are_the_copula_of_the_definition() -> None:
    before = design("latin hypercube", 300, 3, seed=9)
    c = 2 * math.sin(math.pi * 0.5 / 6)
    z = ndtri(before)
    s = math.sqrt(3)
    common = (math.sqrt(1 + 2 * c) - math.sqrt(1 - c)) / s
    v = np.array([1 - 1 / s, -1 / s, -1 / s])
    turned = z - np.outer(z @ v, v) * 2 / (v @ v)
    wanted = ndtr(math.sqrt(1 - c) * turned + common * z[:, :1])
    found = correlated(before, Correlation(("a", "a", "a"), 0.5))
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12)
