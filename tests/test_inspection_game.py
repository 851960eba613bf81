"""The sequential inspection game: closed form, recursion and linear program agree."""

from __future__ import annotations

import itertools
import json
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linprog

from detente.verification.inspections.inspection_game import (
    inspection_probability,
    inspection_value,
    inspection_value_imperfect,
)

FILE = Path(__file__).parent / "data" / "verify" / "inspection_game.json"
REFERENCE: dict[str, Any] = json.loads(FILE.read_text())

prizes = st.fractions(0, 4, max_denominator=6)
chances = st.fractions(0, 1, max_denominator=8)


# ------------------------------------------------------------------ by definition


def stage_value(a: Fraction, b: Fraction, c: Fraction, d: Fraction) -> Fraction:
    """Value of [[a, b], [c, d]], rows maximise: the best row mixture over all kinks."""
    kinks = {Fraction(0), Fraction(1)}
    if a - b - c + d:
        kinks.add((d - c) / (a - b - c + d))
    return max(min(p * a + (1 - p) * c, p * b + (1 - p) * d) for p in kinks if 0 <= p <= 1)


@cache
def by_recursion(n: int, m: int, k: int, b: Fraction) -> Fraction:
    """D1, word for word."""
    if k == 0 or m >= n:
        return Fraction(0)
    if m == 0:
        return Fraction(-min(n, k))
    return stage_value(
        by_recursion(n - 1, m - 1, k, b),
        b,
        by_recursion(n - 1, m, k, b),
        by_recursion(n - 1, m, k - 1, b) - 1,
    )


@cache
def naive(n: int, m: int, k: int, b: Fraction, q: Fraction) -> Fraction:
    """The recursion with imperfect inspections, as if both sides saw what was missed."""
    if n == 0 or k == 0:
        return Fraction(0)
    out = naive(n - 1, m, k - 1, b, q) - 1
    if m == 0:
        return min(naive(n - 1, 0, k, b, q), out)
    seen = q * b + (1 - q) * (naive(n - 1, m - 1, k - 1, b, q) - 1)
    return stage_value(naive(n - 1, m - 1, k, b, q), seen, naive(n - 1, m, k, b, q), out)


def normal_form(n: int, m: int, k: int, b: float, q: float) -> float:
    """Value of the game between all plans of both sides.

    The inspector chooses the stages to inspect beforehand, since he learns nothing that
    matters. The inspectee's plan says at each stage what to do for every record of inspections.
    """
    plans = [plan for plan in itertools.product((0, 1), repeat=n) if sum(plan) <= m]
    nothing = (0.0,) * len(plans)

    def consistent(prefix: tuple[int, ...]) -> NDArray[np.bool_]:
        return np.array([plan[: len(prefix)] == prefix for plan in plans])

    def payoffs(prefix: tuple[int, ...], left: int) -> set[tuple[float, ...]]:
        """What each pure continuation pays, per plan of the inspector (0 elsewhere)."""
        if left == 0 or len(prefix) == n or not consistent(prefix).any():
            return {nothing}
        out, seen = (consistent((*prefix, bit)) for bit in (0, 1))
        combined = set()
        for x in payoffs((*prefix, 0), left):
            for y in payoffs((*prefix, 1), left):
                combined.add(tuple(np.add(x, y)))
        for x in payoffs((*prefix, 0), left - 1):
            for y in payoffs((*prefix, 1), left - 1) if q < 1 else [nothing]:
                caught = q * b + (1 - q) * (np.array(y) - 1)
                combined.add(tuple(np.where(out, np.array(x) - 1, np.where(seen, caught, 0.0))))
        return combined

    columns = np.array(sorted(payoffs((), k)))
    width = len(plans)
    solved = linprog(
        [0.0] * width + [-1.0],
        A_ub=np.column_stack([-columns, np.ones(len(columns))]),
        b_ub=np.zeros(len(columns)),
        A_eq=[[1.0] * width + [0.0]],
        b_eq=[1.0],
        bounds=[(0, None)] * width + [(None, None)],
    )
    assert solved.status == 0
    return -float(solved.fun)


# ------------------------------------------------------------------ reference values


def test_reference_values() -> None:
    assert len(REFERENCE["values"]) == 500
    for b, n, m, k, value, probability in REFERENCE["values"]:
        assert inspection_value(n, m, k, b) == Fraction(value)
        if probability is not None:
            assert inspection_probability(n, m, b) == Fraction(probability)


def test_reference_values_of_the_normal_form() -> None:
    assert len(REFERENCE["normal_form"]) == 36
    for b, n, m, k, value in REFERENCE["normal_form"]:
        assert float(inspection_value(n, m, k, b)) == pytest.approx(value, abs=1e-9)


def test_reference_values_with_one_violation() -> None:
    assert len(REFERENCE["one_violation"]) == 24
    for b, q, n, m, value in REFERENCE["one_violation"]:
        assert inspection_value_imperfect(n, m, 1, b, q) == Fraction(value)


def test_reference_values_with_imperfect_inspections() -> None:
    wrong = 0
    for b, q, n, m, k, recursion, value in REFERENCE["imperfect"]:
        assert float(inspection_value_imperfect(n, m, k, b, q)) == pytest.approx(value, abs=1e-9)
        assert float(naive(n, m, k, Fraction(b), Fraction(q))) == pytest.approx(recursion)
        wrong += recursion > value + 1e-9
    assert wrong == 8


@pytest.mark.parametrize(
    ("n", "m", "k", "value"),
    [
        (5, 4, 1, "-1/31"),
        (6, 4, 1, "-5/57"),
        (4, 1, 3, "-6/5"),
        (5, 2, 2, "-9/16"),
        (6, 2, 3, "-19/22"),
        (6, 3, 3, "-5/14"),
    ],
)
def test_the_printed_table(n: int, m: int, k: int, value: str) -> None:
    assert inspection_value(n, m, k, 1) == Fraction(value)


# ------------------------------------------------------------------ perfect inspections


@given(st.integers(0, 9), st.integers(0, 10), st.integers(0, 11), prizes)
def test_closed_form_is_the_recursion(n: int, m: int, k: int, b: Fraction) -> None:
    assert inspection_value(n, m, k, b) == by_recursion(n, m, k, b)


@pytest.mark.parametrize("b", [0.0, 0.5, 1.0, 3.0])
def test_closed_form_is_the_linear_program(b: float) -> None:
    for n, m, k in itertools.product(range(1, 5), range(5), range(1, 5)):
        value = float(inspection_value(n, m, k, b))
        assert normal_form(n, m, k, b, 1.0) == pytest.approx(value, abs=1e-8), (n, m, k)


@given(st.integers(2, 12), st.integers(1, 11), st.integers(1, 13), prizes)
def test_the_probability_makes_the_inspectee_indifferent(
    n: int, m: int, k: int, b: Fraction
) -> None:
    """D3: whatever number of violations is intended, both choices leave it the value."""
    m = min(m, n - 1)
    k = min(k, n)
    p = inspection_probability(n, m, b)
    value = inspection_value(n, m, k, b)

    def after(inspections: int, violations: int) -> Fraction:
        return inspection_value(n - 1, inspections, violations, b)

    legal = p * after(m - 1, k) + (1 - p) * after(m, k)
    violating = p * b + (1 - p) * (after(m, k - 1) - 1)
    assert legal == value
    assert violating == value
    assert 0 < p < 1


@given(st.integers(1, 12), st.integers(0, 12), st.integers(1, 12), prizes)
def test_the_value_moves_as_it_should(n: int, m: int, k: int, b: Fraction) -> None:
    value = inspection_value(n, m, k, b)
    assert value <= 0
    assert inspection_value(n, m + 1, k, b) >= value
    assert inspection_value(n, m, k, b + 1) >= value
    assert inspection_value(n, m, k + 1, b) <= value
    assert inspection_value(n + 1, m, k, b) <= value


def test_a_year_of_days_is_exact_and_quick() -> None:
    value = inspection_value(365, 12, 3, "1/2")
    assert isinstance(value, Fraction)
    assert -3 < value < -2
    assert inspection_probability(365, 12, "1/2") < Fraction(12, 365)


def test_numbers_are_read_as_written() -> None:
    tenth = Fraction(1, 10)
    for written in (0.1, "0.1", "1/10", Decimal("0.1"), tenth, np.float64(0.1)):
        assert inspection_value(4, 2, 2, written) == inspection_value(4, 2, 2, tenth)
    assert inspection_value(np.int64(4), 2, 2, 1) == inspection_value(4, 2, 2, 1)


def test_ends() -> None:
    assert inspection_value(0, 0, 0, 1) == 0
    assert inspection_value(3, 7, 2, 0) == 0
    assert inspection_value(3, 0, 9, 1) == -3
    assert inspection_value(3, 1, 0, 1) == 0
    assert inspection_probability(3, 0, 1) == 0
    assert inspection_probability(3, 3, 1) == inspection_probability(3, 5, 1) == 1


# ------------------------------------------------------------------ imperfect inspections


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 3), st.integers(0, 3), st.integers(1, 3), prizes, chances)
def test_imperfect_value_is_that_of_the_normal_form(
    n: int, m: int, k: int, b: Fraction, q: Fraction
) -> None:
    value = inspection_value_imperfect(n, m, k, b, q)
    assert float(value) == pytest.approx(normal_form(n, m, k, float(b), float(q)), abs=1e-8)


@given(st.integers(1, 8), st.integers(0, 8), prizes, chances)
def test_one_violation_is_the_recursion(n: int, m: int, b: Fraction, q: Fraction) -> None:
    assert inspection_value_imperfect(n, m, 1, b, q) == naive(n, m, 1, b, q)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 6), st.integers(1, 5), st.integers(2, 6), prizes, chances)
def test_the_recursion_is_optimistic(n: int, m: int, k: int, b: Fraction, q: Fraction) -> None:
    value = inspection_value_imperfect(n, m, k, b, q)
    assert float(value) <= float(naive(n, m, k, b, q)) + 1e-8
    assert float(value) <= float(inspection_value(n, m, k, b)) + 1e-8
    assert float(value) >= -min(n, k) - 1e-8
    if k >= n and value != naive(n, m, k, b, q):  # nothing private matters then
        assert float(value) == pytest.approx(float(naive(n, m, k, b, q)), abs=1e-8)


def test_imperfect_ends() -> None:
    assert inspection_value_imperfect(4, 2, 3, 1, 1) == inspection_value(4, 2, 3, 1)
    assert isinstance(inspection_value_imperfect(4, 2, 3, 1, 1), Fraction)
    assert inspection_value_imperfect(4, 2, 3, 1, 0) == pytest.approx(-3)
    assert inspection_value_imperfect(4, 2, 1, 1, 0) == -1
    assert inspection_value_imperfect(4, 0, 3, 1, "1/2") == -3
    assert inspection_value_imperfect(4, 2, 0, 1, "1/2") == 0
    assert inspection_value_imperfect(0, 2, 2, 1, "1/2") == 0
    assert inspection_value_imperfect(40, 7, 1, 1, "1/2") < 0


# ------------------------------------------------------------------ domain


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1, 1, 1, 1), "the number of stages is at least 0; this is -1"),
        ((3, -1, 1, 1), "the number of inspections is at least 0"),
        ((3, 1, -2, 1), "the number of violations is at least 0"),
        ((3.0, 1, 1, 1), "the number of stages is a whole number"),
        ((True, 1, 1, 1), "the number of stages is a whole number"),
        ((3, 1, 1, -1), "the worth of catching a violation is not below 0; this is -1"),
        ((3, 1, 1, True), "the worth of catching a violation is a finite number"),
        ((3, 1, 1, float("nan")), "the worth of catching a violation is a finite number"),
        ((3, 1, 1, Decimal("inf")), "the worth of catching a violation is a finite number"),
        ((3, 1, 1, "two"), "the worth of catching a violation is a number; this is 'two'"),
        ((3, 1, 1, "1/0"), "the worth of catching a violation is a number; this is '1/0'"),
    ],
)
def test_numbers_outside_their_domain(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        inspection_value(*arguments)
    with pytest.raises(ValueError, match=message):
        inspection_value_imperfect(*arguments, 0.5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 1, 1), "the number of stages is at least 1; this is 0"),
        ((3, -1, 1), "the number of inspections is at least 0"),
        ((3, 1, -1), "the worth of catching a violation is not below 0"),
    ],
)
def test_probabilities_outside_their_domain(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        inspection_probability(*arguments)


def test_imperfect_inspections_outside_their_domain() -> None:
    with pytest.raises(
        ValueError, match=r"the detection probability is between 0 and 1; this is 1\.2"
    ):
        inspection_value_imperfect(3, 1, 1, 1, 1.2)
    with pytest.raises(
        ValueError, match="the detection probability is between 0 and 1; this is -1/2"
    ):
        inspection_value_imperfect(3, 1, 1, 1, "-1/2")
    with pytest.raises(
        ValueError, match=r"the number of stages is at most 10 .* raise stages_at_most"
    ):
        inspection_value_imperfect(11, 2, 2, 1, 0.5)
    with pytest.raises(ValueError, match="the number of stages is at most 3"):
        inspection_value_imperfect(4, 2, 2, 1, 0.5, stages_at_most=3)
    assert inspection_value_imperfect(11, 1, 2, 1, 0.5, stages_at_most=11) < 0
