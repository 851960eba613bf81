"""Integer programs against brute force from the definitions, in exact rationals."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.agreement.bound import bound
from detente.model.problem import (
    AtLeast,
    Consent,
    Criterion,
    Factor,
    Meets,
    Problem,
    every,
)
from detente.model.space import Space

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
        weights = tuple(draw(st.lists(st.integers(0, 3), min_size=len(chosen), max_size=len(chosen))))
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


# --- against brute force ---------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=12, deadline=None)
@given(problem=problems())
def test_every_rule_is_brute_force(rule: str, problem: Problem) -> None:
    check(problem, rule)
