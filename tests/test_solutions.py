"""The five rules against their definitions, in exact fractions."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from detente.agreement import solutions
from detente.agreement.pareto import efficient, undominated
from detente.agreement.solutions import SOLUTIONS, Selection, choose

Row = list[Fraction]
Rows = NDArray[np.int64]
Case = tuple[Rows, Rows, tuple[Fraction, ...]]

RULES = tuple(SOLUTIONS)
UNITS = [Fraction(1), Fraction(1, 3), Fraction(7, 1000), Fraction(10**9, 7), Fraction(1, 10**12)]


def worth(vector: Sequence[int], units: Sequence[Fraction]) -> Row:
    return [total * unit for total, unit in zip(vector, units, strict=True)]


def objective(rule: str, case: Case, weights: Sequence[Fraction] | None = None) -> list[object]:
    """What each row scores under a rule; larger is better."""
    rows = [worth(row, case[2]) for row in case[0].tolist()]
    leave = worth(case[1].tolist(), case[2])
    parties = range(len(leave))
    ideal = [max(row[i] for row in rows) for i in parties]
    weights = weights or [Fraction(1)] * len(leave)
    measures: dict[str, Callable[[Row], object]] = {
        "nash": lambda row: math.prod((row[i] - leave[i] for i in parties), start=Fraction(1)),
        "kalai_smorodinsky": lambda row: tuple(
            sorted(
                (row[i] - leave[i]) / (ideal[i] - leave[i]) for i in parties if ideal[i] > leave[i]
            )
        ),
        "egalitarian": lambda row: tuple(sorted(row[i] - leave[i] for i in parties)),
        "utilitarian": lambda row: sum(weights[i] * row[i] for i in parties),
        "equal_loss": lambda row: tuple(sorted(row[i] - ideal[i] for i in parties)),
    }
    return [measures[rule](row) for row in rows]


def by_definition(
    rule: str, case: Case, weights: Sequence[Fraction] | None = None
) -> tuple[tuple[int, ...], object]:
    scores = objective(rule, case, weights)
    best = max(scores)  # type: ignore[type-var]
    ties = [index for index, score in enumerate(scores) if score == best]
    rows = case[0].tolist()

    def dominated(index: int) -> bool:
        return any(
            rows[other] != rows[index]
            and all(a >= b for a, b in zip(rows[other], rows[index], strict=True))
            for other in ties
        )

    return tuple(index for index in ties if not dominated(index)), best


@st.composite
def cases(draw: st.DrawFn, gains: bool = True) -> Case:
    """Rows, walk-away totals, units; with ``gains``, nobody is below walking away."""
    parties, rows = draw(st.integers(1, 5)), draw(st.integers(1, 25))
    high = draw(st.sampled_from([1, 3, 10, 1000, 10**12]))
    low = 0 if gains else -high
    row = st.lists(st.integers(low, high), min_size=parties, max_size=parties)
    leave = np.array(draw(st.lists(st.integers(-20, 20), min_size=parties, max_size=parties)))
    amounts = np.array(draw(st.lists(row, min_size=rows, max_size=rows)), dtype=np.int64)
    units = draw(st.lists(st.sampled_from(UNITS), min_size=parties, max_size=parties))
    return amounts + leave, leave, tuple(units)


@pytest.mark.parametrize("rule", RULES)
@given(data=st.data())
@settings(max_examples=120, deadline=None)
def test_chooses_by_definition(rule: str, data: st.DataObject) -> None:
    case = data.draw(cases(gains=SOLUTIONS[rule].needs_gains))
    selection = choose(rule, *case)
    assert (selection.indices, selection.score) == by_definition(rule, case)
    assert undominated(case[0])[list(selection.indices)].all()


@given(cases(gains=False), st.data())
@settings(max_examples=100, deadline=None)
def test_weights_of_the_utilitarian_sum(case: Case, data: st.DataObject) -> None:
    parts = st.sampled_from([Fraction(0), Fraction(1), Fraction(1, 3), Fraction(5, 2)])
    parties = len(case[1])
    weights = data.draw(st.lists(parts, min_size=parties, max_size=parties))
    assume(any(weights))
    selection = choose("utilitarian", *case, weights)
    assert (selection.indices, selection.score) == by_definition("utilitarian", case, weights)
    assert undominated(case[0])[list(selection.indices)].all()


@pytest.mark.parametrize("rule", RULES)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_only_the_frontier_matters(rule: str, data: st.DataObject) -> None:
    totals, leave, units = data.draw(cases())
    front = np.flatnonzero(undominated(totals))
    whole, part = choose(rule, totals, leave, units), choose(rule, totals[front], leave, units)
    assert whole.indices == tuple(front[list(part.indices)].tolist())
    assert (whole.score, whole.ideal, whole.left_out) == (part.score, part.ideal, part.left_out)


@pytest.mark.parametrize("rule", RULES)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_order_of_rows_and_parties_makes_no_difference(rule: str, data: st.DataObject) -> None:
    totals, leave, units = data.draw(cases())
    rows = data.draw(st.permutations(range(len(totals))))
    parties = data.draw(st.permutations(range(len(units))))
    turned = choose(
        rule, totals[rows][:, parties], leave[parties], tuple(units[party] for party in parties)
    )
    assert sorted(rows[index] for index in turned.indices) == list(
        choose(rule, totals, leave, units).indices
    )


@pytest.mark.parametrize("rule", ["nash", "kalai_smorodinsky"])
@given(case=cases(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_rescaling_one_party_changes_nothing(rule: str, case: Case, data: st.DataObject) -> None:
    totals, leave, units = case
    scale = np.array(data.draw(st.lists(st.integers(1, 9), min_size=len(units))))[: len(units)]
    other = data.draw(st.permutations(units))
    shift = 17 * np.arange(len(units))
    rescaled = choose(rule, totals * scale + shift, leave * scale + shift, other)
    assert rescaled.indices == choose(rule, totals, leave, units).indices


@pytest.mark.parametrize("rule", ["egalitarian", "utilitarian", "equal_loss"])
def test_rescaling_one_party_matters_where_values_are_compared(rule: str) -> None:
    values = np.array([[8, 1], [5, 5], [1, 7]])
    plain = getattr(solutions, rule)(values, [0, 0])
    assert getattr(solutions, rule)(values * [1, 20], [0, 0]).tolist() != plain.tolist()
    assert SOLUTIONS[rule].compares_values


def test_nearly_equal_products_are_told_apart() -> None:
    # 10**9 * 10**9 against (10**9 - 1) * (10**9 + 1): they differ in the last of 18 digits.
    totals = np.array([[10**9 - 1, 10**9 + 1], [10**9, 10**9], [10**9 + 1, 10**9 - 1]])
    ones = (Fraction(1), Fraction(1))
    assert choose("nash", totals, np.zeros(2, dtype=np.int64), ones).indices == (1,)


def test_a_smaller_minimum_never_wins_by_the_rest() -> None:
    # As floats the smallest shares agree; exactly, the first one is larger.
    top = 10**17
    totals = np.array([[3 * 10**16 + 1, 3 * 10**16 + 1], [3 * 10**16, top], [top, 0]])
    ones = (Fraction(1), Fraction(1))
    none = np.zeros(2, dtype=np.int64)
    assert choose("egalitarian", totals, none, ones).indices == (0,)
    assert choose("kalai_smorodinsky", totals, none, ones).indices == (0,)


def test_exact_ties_between_units() -> None:
    totals = np.array([[3, 10], [1, 30], [2, 15]])
    units = (Fraction(1, 3), Fraction(1, 10))
    chosen = choose("egalitarian", totals, np.zeros(2, dtype=np.int64), units)
    assert chosen.indices == (0,)
    assert chosen.score == (Fraction(1), Fraction(1))


def test_without_a_positive_product_the_efficient_rows_tie() -> None:
    totals = np.array([[5, 0], [3, 0], [0, 4], [5, 0], [0, 0]])
    chosen = choose("nash", totals, np.array([0, 0]), (Fraction(1), Fraction(1)))
    assert chosen == Selection("nash", (0, 2, 3), Fraction(0))


def test_an_indifferent_party_is_left_out_and_named() -> None:
    totals = np.array([[7, 4, 1], [7, 2, 2], [7, 1, 4]])
    ones = (Fraction(1),) * 3
    chosen = choose("kalai_smorodinsky", totals, np.array([7, 0, 0]), ones)
    assert chosen.left_out == (0,)
    assert chosen.indices == (1,)
    assert chosen.score == (Fraction(1, 2), Fraction(1, 2))
    assert chosen.ideal == (Fraction(7), Fraction(4), Fraction(4))
    nothing = choose("kalai_smorodinsky", np.array([[1, 1], [1, 1]]), np.array([1, 1]), ones[:2])
    assert (nothing.indices, nothing.score, nothing.left_out) == ((0, 1), (), (0, 1))


def test_thousands_of_ties_are_all_listed() -> None:
    totals = np.tile(np.array([[4, 2], [2, 4], [1, 1]]), (3000, 1))
    for rule in RULES:
        chosen = choose(rule, totals, np.array([0, 0]), (Fraction(1), Fraction(1)))
        assert chosen.indices == tuple(i for i in range(9000) if i % 3 != 2)


@pytest.mark.parametrize("rule", RULES)
def test_public_functions_take_the_outcomes_where_nobody_loses(rule: str) -> None:
    values = np.array([[9, -1], [2, 3], [0, 0], [3, 2], [-5, 90], [2, 3]])
    function = getattr(solutions, rule)
    assert function(values, [0, 0]).tolist() == [1, 3, 5]
    assert function(values, [4, 4]).tolist() == []
    assert function(values * 0.1, [0.0, 0.0]).tolist() == [1, 3, 5]
    assert function(np.zeros((0, 2)), [0, 0]).tolist() == []


@pytest.mark.parametrize("rule", RULES)
def test_sums_of_decimals_tie(rule: str) -> None:
    values = [[0.1 + 0.2, 0.6], [0.3, 0.6], [0.3, 0.1 * 6], [0.2, 0.2]]
    assert getattr(solutions, rule)(values, [0.2, 0.1 + 0.1]).tolist() == [0, 1, 2]
    assert getattr(solutions, rule)([[0.1 + 0.2]], [0.3]).tolist() == [0]
    assert getattr(solutions, rule)([[0.3]], [0.1 + 0.2]).tolist() == [0]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("scale", [1e-305, 1e-20, 1e300])
def test_very_small_and_large_numbers(rule: str, scale: float) -> None:
    values = np.array([[4.0, 2.0], [3.001, 3.0], [2.0, 3.5], [3.0, 3.001]])
    chosen = getattr(solutions, rule)(values * scale, [0.0, 0.0])
    assert chosen.tolist() == getattr(solutions, rule)(values, [0.0, 0.0]).tolist()


@given(
    st.lists(st.tuples(*[st.integers(0, 60)] * 3), min_size=1, max_size=15),
    st.tuples(*[st.integers(0, 30)] * 3),
)
@settings(max_examples=60, deadline=None)
def test_floats_and_their_integers_agree(
    rows: list[tuple[int, int, int]], leave: tuple[int, int, int]
) -> None:
    values = np.array(rows)
    for rule in RULES:
        function = getattr(solutions, rule)
        exact = function(values, leave)
        assert function(values * 0.01, np.array(leave) * 0.01).tolist() == exact.tolist()
        acceptable = values[(values >= leave).all(axis=1)]
        assert bool(len(exact)) == bool(len(acceptable))
        assert not len(exact) or efficient(np.vstack([values[exact], acceptable]))[0]


def test_weights_as_decimals() -> None:
    values = [[1, 0], [0, 10]]
    assert solutions.utilitarian(values, [0, 0], weights=[1, 0.1]).tolist() == [0, 1]
    assert solutions.utilitarian(values, [0, 0], weights=[Fraction(2), 0]).tolist() == [0]
    for weights, message in (
        ([1, -1], "none negative"),
        ([0, 0], "not all zero"),
        ([1], "2 numbers"),
        ([1, float("nan")], "finite"),
    ):
        with pytest.raises(ValueError, match=message):
            solutions.utilitarian(values, [0, 0], weights=weights)


@pytest.mark.parametrize("rule", ["nash", "kalai_smorodinsky", "egalitarian"])
def test_a_loss_is_refused_where_gains_are_needed(rule: str) -> None:
    totals = np.array([[-1, -2], [1, 1]])
    with pytest.raises(ValueError, match="below its walk-away"):
        choose(rule, totals, np.array([0, 0]), (Fraction(1), Fraction(1)))


ONE = np.array([[1, 1]])
NONE = np.array([0, 0])
ONES = (Fraction(1), Fraction(1))


@pytest.mark.parametrize(
    ("rule", "arguments", "message"),
    [
        ("nsh", (ONE, NONE, ONES), "use one of nash, kalai_smorodinsky"),
        ("nash", (ONE[:0], NONE, ONES), "nothing to choose from"),
        ("nash", (ONE[:, :0], NONE[:0], ()), "nothing to choose from"),
        ("nash", (ONE, NONE[:1], ONES), "each of 2 parties"),
        ("nash", (ONE, NONE, ONES[:1]), "each of 2 parties"),
        ("nash", (ONE, NONE, (Fraction(1), Fraction(0))), "positive"),
        ("nash", (ONE, NONE, (Fraction(1), Fraction(10**201))), "within a factor"),
        ("nash", (ONE, NONE, ONES, ONES), "utilitarian only"),
        ("nash", (ONE * 2**61, NONE, ONES), "coarser unit"),
    ],
)
def test_what_choose_refuses(rule: str, arguments: tuple[object, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        choose(rule, *arguments)  # type: ignore[arg-type]


def test_shapes_and_numbers_are_checked() -> None:
    for walk_away, message in (
        ([0], "each of the 2 parties"),
        ([0, float("-inf")], r"walk_away must be finite: the entry at \[1\] is -inf"),
        ([0, None], "walk_away must be integers or floats"),
    ):
        with pytest.raises(ValueError, match=message):
            solutions.nash([[1, 2]], walk_away)  # type: ignore[arg-type]


def test_definitions_are_complete() -> None:
    assert RULES == ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian", "equal_loss")
    for name, solution in SOLUTIONS.items():
        assert solution.name == name
        assert ("compares points" in solution.definition) == solution.compares_values
        assert ("below its walk-away value" in solution.definition) == solution.needs_gains
        assert callable(getattr(solutions, name))
