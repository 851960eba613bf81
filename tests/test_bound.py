"""Integer programs against brute force from the definitions, in exact rationals."""

from __future__ import annotations

import itertools
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.agreement.engines.front import TooLarge
from detente.agreement.engines.programs import program_search
from detente.agreement.engines.programs.bound import best, bound
from detente.agreement.engines.programs.boxes import boxes
from detente.agreement.engines.programs.linear_program import Answer, Program, maximise, row
from detente.agreement.engines.programs.outcome_program import SPAN, outcome_program
from detente.agreement.solutions import choose
from detente.model.problem import AtLeast, Consent, Criterion, Factor, Meets, Problem, every
from detente.model.space import Space, digits

RULES = ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian", "equal_loss")
GAINS = ("nash", "kalai_smorodinsky", "egalitarian")

Outcome = tuple[int, ...]


# --- the definitions, one outcome at a time -------------------------------------------


def entry(factor: Factor, outcome: Outcome) -> int:
    return int(factor.table[tuple(outcome[issue] for issue in factor.scope)])


def total(criterion: Criterion, outcome: Outcome) -> int:
    return sum(entry(factor, outcome) for factor in criterion.factors)


def agrees(consent: Consent, met: list[bool]) -> bool:
    if isinstance(consent, Meets):
        return met[consent.criterion]
    return (
        sum(w for part, w in zip(consent.parts, consent.weights, strict=True) if agrees(part, met))
        >= consent.quota
    )


def acceptable(problem: Problem) -> Iterator[Outcome]:
    for outcome in itertools.product(*map(range, problem.space.sizes)):
        met = [total(c, outcome) >= c.threshold for c in problem.criteria]
        if all(entry(rule, outcome) for rule in problem.rules) and agrees(problem.consent, met):
            yield outcome


def efficient(values: dict[Outcome, list[Fraction]]) -> list[Outcome]:
    return [
        outcome
        for outcome, own in values.items()
        if not any(
            all(o >= v for o, v in zip(other, own, strict=True)) and other != own
            for other in values.values()
        )
    ]


def expected(
    problem: Problem, rule: str, weights: list[Fraction] | None = None
) -> tuple[list[Outcome], object, list[int]]:
    """All tied outcomes, the score and the parties left out."""
    parties = [problem.criteria[position] for position in problem.objectives]
    walk_away = [party.threshold * party.unit for party in parties]
    values = {
        outcome: [total(party, outcome) * party.unit for party in parties]
        for outcome in acceptable(problem)
    }
    if rule in GAINS:
        values = {
            outcome: own
            for outcome, own in values.items()
            if all(v >= w for v, w in zip(own, walk_away, strict=True))
        }
    if not values:
        return [], None, []
    ideal = [max(column) for column in zip(*values.values(), strict=True)]
    left_out: list[int] = []
    scores: dict[Outcome, object] = {}
    if rule == "nash":
        for outcome, own in values.items():
            scores[outcome] = math.prod(v - w for v, w in zip(own, walk_away, strict=True))
        if not max(scores.values()):  # type: ignore[type-var]
            return efficient(values), 0, []
    elif rule == "utilitarian":
        weights = weights or [Fraction(1)] * len(parties)
        for outcome, own in values.items():
            scores[outcome] = sum(v * w for v, w in zip(own, weights, strict=True))
    else:
        if rule == "kalai_smorodinsky":
            left_out = [i for i, top in enumerate(ideal) if top == walk_away[i]]
        for outcome, own in values.items():
            amounts = {
                "kalai_smorodinsky": lambda i, v: (v - walk_away[i]) / (ideal[i] - walk_away[i]),
                "egalitarian": lambda i, v: v - walk_away[i],
                "equal_loss": lambda i, v: v - ideal[i],
            }[rule]
            scores[outcome] = tuple(
                sorted(amounts(i, v) for i, v in enumerate(own) if i not in left_out)
            )
    top = max(scores.values())  # type: ignore[type-var]
    ties = [outcome for outcome, score in scores.items() if score == top]
    if rule == "utilitarian" and not all(weights or []):
        ties = efficient({outcome: values[outcome] for outcome in ties})
    return ties, top, left_out


# --- random problems ----------------------------------------------------------------------


def scopes(issues: int, largest: int) -> st.SearchStrategy[tuple[int, ...]]:
    subsets = st.sets(st.integers(0, issues - 1), max_size=min(issues, largest))
    return subsets.map(lambda issues: tuple(sorted(issues)))


@st.composite
def factors(draw: st.DrawFn, sizes: list[int], entries: st.SearchStrategy[int]) -> Factor:
    scope = draw(scopes(len(sizes), 3))
    shape = [sizes[issue] for issue in scope]
    cells = draw(st.lists(entries, min_size=math.prod(shape), max_size=math.prod(shape)))
    return Factor(scope, np.array(cells, dtype=np.int64).reshape(shape))


@st.composite
def rules(draw: st.DrawFn, sizes: list[int]) -> Factor:
    factor = draw(factors(sizes, st.sampled_from([0, 1, 1, 1, 1])))
    return Factor(factor.scope, factor.table.astype(np.bool_))


@st.composite
def parties(draw: st.DrawFn, sizes: list[int], name: str) -> Criterion:
    scores = st.integers(-3, 9)
    additive = [
        Factor((issue,), np.array(draw(st.lists(scores, min_size=size, max_size=size))))
        for issue, size in enumerate(sizes)
    ]
    adjustments = draw(st.lists(factors(sizes, st.integers(-5, 5)), max_size=1))
    unit = draw(st.sampled_from([Fraction(1), Fraction(1), Fraction(1, 3), Fraction(7, 10)]))
    return Criterion(name, (*additive, *adjustments), draw(st.integers(-4, 14)), unit)


@st.composite
def red_lines(draw: st.DrawFn, sizes: list[int]) -> Criterion:
    unmet = draw(st.lists(factors(sizes, st.sampled_from([0, 0, 0, -1])), min_size=1, max_size=2))
    return Criterion("red lines", tuple(unmet), 0)


def consents(criteria: int) -> st.SearchStrategy[Consent]:
    @st.composite
    def quotas(draw: st.DrawFn, parts: st.SearchStrategy[Consent]) -> AtLeast:
        chosen = tuple(draw(st.lists(parts, max_size=4)))
        weights = tuple(
            draw(st.lists(st.integers(0, 3), min_size=len(chosen), max_size=len(chosen)))
        )
        return AtLeast(chosen, weights, draw(st.integers(0, sum(weights))))

    everyone = st.just(every([Meets(position) for position in range(criteria)]))
    single = st.integers(0, criteria - 1).map(Meets)
    vetoes = st.builds(lambda quota, veto: every((quota, veto)), quotas(single), single)
    return st.one_of(everyone, quotas(single), vetoes, quotas(quotas(single)))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    space = Space(
        tuple(f"issue {i}" for i in range(len(sizes))),
        tuple(tuple(f"option {j}" for j in range(size)) for size in sizes),
    )
    count = draw(st.integers(1, 4))
    criteria = [draw(parties(sizes, f"party {i}")) for i in range(count)]
    criteria += draw(st.lists(st.one_of(red_lines(sizes), parties(sizes, "faction")), max_size=2))
    objectives = draw(st.permutations(range(count)))
    return Problem(
        space,
        tuple(draw(st.lists(rules(sizes), max_size=2))),
        tuple(criteria),
        tuple(objectives[: draw(st.integers(1, count))]),
        draw(consents(len(criteria))),
    )


def additive(
    scores: list[list[list[int]]], thresholds: list[int], units: tuple[Fraction, ...] | None = None
) -> Problem:
    """A problem from scores by party, issue and option, with everyone's consent."""
    issues = len(scores[0])
    space = Space(
        tuple(f"issue {i}" for i in range(issues)),
        tuple(tuple(f"option {j}" for j in range(len(scores[0][i]))) for i in range(issues)),
    )
    criteria = tuple(
        Criterion(
            f"party {p}",
            tuple(Factor((i,), np.array(table, dtype=np.int64)) for i, table in enumerate(own)),
            threshold,
            Fraction(1) if units is None else units[p],
        )
        for p, (own, threshold) in enumerate(zip(scores, thresholds, strict=True))
    )
    everyone = every([Meets(p) for p in range(len(scores))])
    return Problem(space, (), criteria, tuple(range(len(scores))), everyone)


def check(problem: Problem, rule: str, weights: list[Fraction] | None = None) -> None:
    ties, score, left_out = expected(problem, rule, weights)
    result = bound(problem, rule, weights=weights)
    assert [tuple(codes) for codes in result.codes.tolist()] == ties
    assert result.score == score
    assert list(result.left_out) == left_out
    assert result.codes.dtype == result.totals.dtype == np.int64
    assert result.codes.shape == (len(ties), len(problem.space.sizes))
    assert result.totals.tolist() == [
        [total(problem.criteria[position], outcome) for position in problem.objectives]
        for outcome in ties
    ]


# --- against brute force ------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=40, deadline=None)
@given(problem=problems())
def test_every_rule_is_what_its_definition_says(rule: str, problem: Problem) -> None:
    check(problem, rule)


@settings(max_examples=15, deadline=None)
@given(problem=problems(), data=st.data())
def test_weights_of_the_utilitarian_rule(problem: Problem, data: st.DataObject) -> None:
    numbers = st.fractions(0, 3, max_denominator=4)
    weights = [data.draw(numbers) for _ in problem.objectives]
    if any(weights):
        check(problem, "utilitarian", weights)


@settings(max_examples=10, deadline=None)
@given(problem=problems())
def test_the_points_of_the_program_are_the_acceptable_outcomes(problem: Problem) -> None:
    compiled = outcome_program(problem)
    program, found = compiled.program, set()
    while (answer := maximise(program)) is not None:
        codes = compiled.codes(answer.point)
        point = answer.point
        for criterion, form in zip(problem.criteria, compiled.totals, strict=True):
            value = form.constant + float(form.coefficients @ point[form.columns])
            assert value == pytest.approx(total(criterion, codes), abs=1e-4)
            assert form.low <= total(criterion, codes) <= form.high
        found.add(codes)
        program = program.with_rows(compiled.outside(tuple((code,) for code in codes)))
    assert found == set(acceptable(problem))


@settings(max_examples=15, deadline=None)
@given(problem=problems())
def test_best_is_the_largest_acceptable_total(problem: Problem) -> None:
    for place, position in enumerate(problem.objectives):
        totals = {o: total(problem.criteria[position], o) for o in acceptable(problem)}
        answer = best(problem, place)
        if answer is None:
            assert not totals
        else:
            assert totals[answer[1]] == answer[0] == max(totals.values())


def wide(seed: int, parties: int, issues: int, options: int, scale: int) -> Problem:
    """Random scores with rules, adjustments, a faction, red lines and a quota with a veto."""
    random = np.random.default_rng(seed)
    space = Space(
        tuple(f"issue {i}" for i in range(issues)),
        tuple(tuple(f"option {j}" for j in range(options)) for _ in range(issues)),
    )

    def table(scope: tuple[int, ...], low: int, high: int) -> Factor:
        return Factor(scope, random.integers(low, high, [options] * len(scope)))

    criteria = []
    for place in range(parties + 1):
        scores = [table((issue,), 0, scale) for issue in range(issues)]
        adjustment = table((1, 3), 0, scale)
        least = sum(int(f.table.min()) for f in scores)
        most = sum(int(f.table.max()) for f in scores)
        threshold = (6 * least + 4 * most) // 10
        criteria.append(Criterion(f"party {place}", (*scores, adjustment), threshold))
    never = table((0, 2), 0, 4)
    unmet = Factor((2, 4), np.minimum(table((2, 4), -1, 5).table, 0))
    red_line = Criterion("red line", (unmet,), 0)
    others = tuple(Meets(place) for place in range(1, parties + 1))
    quota = AtLeast(others, (2,) + (1,) * (parties - 1), parties - 1)
    consent = every((Meets(0), quota, Meets(parties + 1)))
    rule = Factor(never.scope, never.table > 0)
    return Problem(space, (rule,), (*criteria, red_line), tuple(range(parties)), consent)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("parties", "scale"), [(3, 20), (5, 10**6)])
def test_larger_spaces_against_the_choice_from_all(rule: str, parties: int, scale: int) -> None:
    problem = wide(1, parties, 6, 4, scale)
    codes = digits(np.arange(problem.space.total), problem.space.sizes)
    totals = problem.totals(codes)
    inside = problem.feasible(codes) & problem.acceptable(totals)
    values, walk_away = totals[:, :parties], problem.thresholds[:parties]
    if rule in GAINS:
        inside &= (values >= walk_away).all(axis=1)
    rows = np.flatnonzero(inside)
    assert len(rows) > 20
    selection = choose(rule, values[rows], walk_away, [Fraction(1)] * parties)
    result = bound(problem, rule)
    assert result.codes.tolist() == codes[rows[list(selection.indices)]].tolist()
    assert (result.score, result.ideal) == (selection.score, selection.ideal)
    # ideals, levels with a proof each, one program for each tie and the last one
    assert result.programs <= 3 * parties + len(result.codes) + 1


# --- ties, units, degenerate and empty cases --------------------------------------------------


def test_outcomes_with_mirrored_totals_tie() -> None:
    mirrored = additive([[[0, 4], [0, 1]], [[4, 0], [1, 0]]], [-1, -1])
    for rule in RULES:
        check(mirrored, rule)
    # gains (1 + a, 6 - a): the product is largest at a = 1 and a = 4, in either order
    nash = bound(mirrored, "nash")
    assert nash.codes.tolist() == [[0, 1], [1, 0]]
    assert nash.totals.tolist() == [[1, 4], [4, 1]]
    assert nash.score == 10


def test_issues_that_make_no_difference_tie_without_further_programs() -> None:
    idle = [[0, 0]] * 6
    problem = additive([[[0, 3], *idle], [[2, 0], *idle]], [0, 0])
    for rule in ("utilitarian", "egalitarian", "nash"):
        result = bound(problem, rule)
        ties, _, _ = expected(problem, rule)
        assert [tuple(codes) for codes in result.codes.tolist()] == ties
        assert len(ties) >= 64
        assert result.programs < 10


def test_units_count_between_parties_and_not_where_the_rule_is_scale_free() -> None:
    scores = [[[0, 5, 9], [3, 0, 1]], [[8, 4, 0], [0, 2, 9]]]
    plain = additive(scores, [1, 1])
    scaled = additive(scores, [1, 1], (Fraction(1, 3), Fraction(7, 2)))
    for rule in RULES:
        check(scaled, rule)
    same = {
        rule: bound(plain, rule).codes.tolist() == bound(scaled, rule).codes.tolist()
        for rule in RULES
    }
    assert same["nash"]
    assert same["kalai_smorodinsky"]
    assert not all(same.values())


def test_a_party_that_could_gain_nothing_is_left_out_by_kalai_smorodinsky() -> None:
    problem = additive([[[4, 1], [2, 2]], [[5, 9], [0, 7]], [[3, 9], [8, 1]]], [6, 0, 0])
    result = bound(problem, "kalai_smorodinsky")
    assert result.left_out == (0,)
    assert isinstance(result.score, tuple)
    assert len(result.score) == 2
    check(problem, "kalai_smorodinsky")


def test_without_a_strict_gain_for_all_the_efficient_outcomes_tie_under_nash() -> None:
    problem = additive(
        [[[4, 1], [2, 2], [2, 2]], [[5, 9], [0, 7], [4, 4]], [[3, 9], [8, 1], [5, 5]]], [8, 0, 0]
    )
    result = bound(problem, "nash")
    assert result.score == 0
    assert result.codes.tolist() == [[0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1]]
    check(problem, "nash")
    with pytest.raises(TooLarge, match="tie_limit=3 "):
        bound(problem, "nash", tie_limit=3)
    with pytest.raises(TooLarge, match="point_limit=1 "):
        bound(problem, "nash", point_limit=1)
    assert len(bound(problem, "nash", tie_limit=4, point_limit=2).codes) == 4


def test_a_quota_may_leave_no_outcome_for_the_rules_that_need_gains() -> None:
    scores = [[[9, 0]], [[0, 9]]]
    everyone = additive(scores, [5, 5])
    either = Problem(
        everyone.space, (), everyone.criteria, (0, 1), AtLeast((Meets(0), Meets(1)), (1, 1), 1)
    )
    for rule in RULES:
        check(everyone, rule)
        check(either, rule)
        assert bound(everyone, rule).score is None
        assert (bound(either, rule).score is None) == (rule in GAINS)
    assert best(everyone, 0) is None
    assert best(either, 0) == (9, (0,))


def test_rules_that_leave_nothing_and_consent_that_cannot_be_had() -> None:
    plain = additive([[[1, 2], [3, 4]]], [0])
    nothing = Factor((0, 1), np.zeros((2, 2), dtype=np.bool_))
    never = Factor((), np.array(False))
    impossible = AtLeast((Meets(0),), (1,), 2)
    for rules, consent in (((nothing,), Meets(0)), ((never,), Meets(0)), ((), impossible)):
        problem = Problem(plain.space, rules, plain.criteria, (0,), consent)
        for rule in RULES:
            result = bound(problem, rule)
            assert result.codes.shape == (0, 2)
            assert result.totals.shape == (0, 1)
            assert result.score is None


def test_without_consent_every_feasible_outcome_counts() -> None:
    plain = additive([[[1, 2], [3, 4]], [[9, 0], [5, 1]]], [3, 3])
    problem = Problem(plain.space, (), plain.criteria, (0, 1), every(()))
    for rule in RULES:
        check(problem, rule)


def test_nested_quotas_are_what_the_program_says() -> None:
    scores = [[[int(issue == own), 0] for issue in range(6)] for own in range(6)]
    plain = additive(scores, [1] * 6)
    pairs = tuple(
        AtLeast((Meets(i), Meets(i + 1), AtLeast((Meets(5 - i),), (2,), 1)), (1, 1, 1), 2)
        for i in (0, 2, 4)
    )
    for quota in (1, 2, 3, 4):
        consent = AtLeast(pairs, (2, 1, 1), quota)
        problem = Problem(plain.space, (), plain.criteria, tuple(range(6)), consent)
        compiled = outcome_program(problem)
        for outcome in itertools.product(range(2), repeat=6):
            taken = [compiled.options[i][code] for i, code in enumerate(outcome)]
            fixed = compiled.program.with_rows(row(taken, 1.0, lower=6))
            met = [total(criterion, outcome) >= 1 for criterion in problem.criteria]
            assert (maximise(fixed) is not None) == agrees(consent, met)


# --- limits and what may go wrong --------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES)
def test_more_ties_than_the_limit_are_refused(rule: str) -> None:
    swapped = [[0, 1, 2], [2, 1, 0]]
    problem = additive([swapped, swapped[::-1]], [-1, -1])
    count = len(bound(problem, rule).codes)
    assert count > 2
    assert len(bound(problem, rule, tie_limit=count).codes) == count
    with pytest.raises(TooLarge, match=f"tie_limit={count - 1} .*raise the limit"):
        bound(problem, rule, tie_limit=count - 1)


def test_no_time_is_refused() -> None:
    with pytest.raises(TooLarge, match="time limit"):
        bound(additive([[[1, 2]]], [0]), "nash", time_limit=0.0)


def test_a_table_over_too_many_combinations_is_refused() -> None:
    plain = additive([[[1, 2], [3, 4]]], [0])
    rule = Factor((0, 1), np.array([[True, True], [True, False]]))
    problem = Problem(plain.space, (rule,), plain.criteria, (0,), Meets(0))
    assert bound(problem, "nash", cell_limit=4).codes.tolist() == [[0, 1], [1, 0]]
    with pytest.raises(TooLarge, match=r"issue 0, issue 1 together: 4 .*cell_limit=3;"):
        bound(problem, "nash", cell_limit=3)


def test_totals_too_fine_for_floats_are_refused() -> None:
    assert best(additive([[[0, SPAN]]], [0]), 0) == (SPAN, (1,))
    with pytest.raises(TooLarge, match="party 0 span 100,000,001 steps"):
        best(additive([[[0, SPAN + 1]]], [0]), 0)


def test_wrong_calls() -> None:
    problem = additive([[[1, 2]], [[2, 1]]], [0, 0])
    with pytest.raises(ValueError, match="is not a rule"):
        bound(problem, "median")
    with pytest.raises(ValueError, match="weights"):
        bound(problem, "utilitarian", weights=[Fraction(-1), Fraction(1)])
    with pytest.raises(ValueError, match="weights"):
        bound(problem, "nash", weights=[Fraction(1), Fraction(1)])
    with pytest.raises(ValueError, match="no objective"):
        bound(Problem(problem.space, (), problem.criteria, (), every(())), "nash")


def test_progress_is_told() -> None:
    lines: list[str] = []
    bound(additive([[[1, 2]], [[2, 1]]], [0, 0]), "egalitarian", progress=lines.append)
    assert lines[0] == "egalitarian: what each party could have at best"
    assert lines[-1] == "egalitarian: 2 tie so far; are there more?"


@pytest.mark.parametrize("rule", RULES)
def test_outcomes_that_the_solver_gets_wrong_are_passed_over(
    rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = wide(2, 3, 5, 3, 20)
    right = bound(problem, rule)
    codes = digits(np.arange(problem.space.total), problem.space.sizes)
    refused = codes[~(problem.feasible(codes) & problem.acceptable(problem.totals(codes)))]
    compiled = outcome_program(problem)
    lies = [refused[0], refused[-1], refused[len(refused) // 2]]

    def lying(program: Program, *objective: object, seconds: float | None) -> Answer | None:
        if not lies:
            return maximise(program, *objective, seconds=seconds)  # type: ignore[arg-type]
        point = np.zeros(len(program.lower))
        for columns, code in zip(compiled.options, lies.pop(), strict=True):
            point[columns[code]] = 1.0
        return Answer(point, 1e9)

    monkeypatch.setattr(program_search, "maximise", lying)
    result = bound(problem, rule)
    assert not lies
    assert result.codes.tolist() == right.codes.tolist()
    assert result.score == right.score


@pytest.mark.parametrize("errors", [1, 3])
def test_a_solver_that_stumbles_is_asked_again(
    errors: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = wide(2, 3, 5, 3, 20)
    right = bound(problem, "egalitarian")
    solve, calls = scipy.optimize.milp, itertools.count()

    def stumbling(*arguments: object, **options: object) -> object:
        if next(calls) % (errors + 1) < errors:
            return scipy.optimize.OptimizeResult(status=4, success=False, message="Solve error")
        return solve(*arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(scipy.optimize, "milp", stumbling)
    assert bound(problem, "egalitarian").codes.tolist() == right.codes.tolist()


def test_a_solver_that_keeps_stumbling_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = scipy.optimize.OptimizeResult(status=4, success=False, message="Solve error")
    monkeypatch.setattr(scipy.optimize, "milp", lambda *_, **__: failed)
    with pytest.raises(TooLarge, match=r"defeated the solver \(Solve error\)"):
        bound(additive([[[1, 2]]], [0]), "nash")


@pytest.mark.skipif(os.name != "posix", reason="finds the C library by the POSIX way")
def test_what_c_code_prints_does_not_reach_standard_output() -> None:
    code = (
        "import ctypes; from detente.agreement.engines.programs.linear_program import quiet\n"
        "puts = ctypes.CDLL(None).puts\n"
        "puts(b'before')\n"
        "with quiet(): puts(b'a line meant for developers')\n"
        "puts(b'after')\n"
    )
    # where Python does not buffer, C does not either, and half of what is tested is idle
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    run = subprocess.run(
        [sys.executable, "-c", code], env=buffered, capture_output=True, text=True, check=True
    )
    assert run.stdout == "before\nafter\n"


@given(st.sets(st.tuples(*[st.integers(0, 2)] * 4)))
def test_boxes_cover_exactly(outcomes: set[Outcome]) -> None:
    cover = boxes(outcomes, (3, 3, 3, 3))
    assert set(itertools.chain.from_iterable(itertools.product(*box) for box in cover)) == outcomes
    assert len(cover) <= len(outcomes)


def test_a_product_set_is_one_box() -> None:
    sides = ((0, 2), (1,), (0, 1, 2))
    assert boxes(list(itertools.product(*sides)), (3, 3, 3)) == [sides]
