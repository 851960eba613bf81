"""Elimination against the definitions, outcome by outcome, in Python integers."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.agreement.engines.elimination import messages
from detente.agreement.engines.elimination.eliminate import eliminate, elimination_width
from detente.agreement.engines.elimination.elimination_order import buckets, elimination_order
from detente.agreement.engines.front import Front, TooLarge
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

Codes = tuple[int, ...]
Totals = tuple[int, ...]


def make_space(sizes: Iterable[int]) -> Space:
    options = tuple(tuple(f"o{j}" for j in range(size)) for size in sizes)
    return Space(tuple(f"i{i}" for i in range(len(options))), options)


def additive(sizes: tuple[int, ...], parties: int, high: int, threshold: int = 0) -> Problem:
    """Random integer scores 0 … high for every option; all parties must reach the threshold."""
    random = np.random.default_rng(7)
    criteria = tuple(
        Criterion(
            f"p{party}",
            tuple(Factor((i,), random.integers(0, high + 1, size)) for i, size in enumerate(sizes)),
            threshold,
        )
        for party in range(parties)
    )
    everyone = every([Meets(party) for party in range(parties)])
    return Problem(make_space(sizes), (), criteria, tuple(range(parties)), everyone)


# --- the definitions -----------------------------------------------------------------


def total(factors: tuple[Factor, ...], codes: Codes) -> int:
    return sum(int(factor.table[tuple(codes[i] for i in factor.scope)]) for factor in factors)


def consents(consent: Consent, met: list[bool]) -> bool:
    if isinstance(consent, Meets):
        return met[consent.criterion]
    pairs = zip(consent.parts, consent.weights, strict=True)
    return sum(weight for part, weight in pairs if consents(part, met)) >= consent.quota


def dominates(q: Totals, p: Totals) -> bool:
    return q != p and all(a >= b for a, b in zip(q, p, strict=True))


def by_definition(problem: Problem, *, acceptable: bool) -> list[tuple[Totals, list[Codes]]]:
    """Efficient totals, largest first, with their outcomes in index order."""
    found: dict[Totals, list[Codes]] = defaultdict(list)
    for codes in itertools.product(*(range(size) for size in problem.space.sizes)):
        if not all(rule.table[tuple(codes[i] for i in rule.scope)] for rule in problem.rules):
            continue
        totals = [total(criterion.factors, codes) for criterion in problem.criteria]
        met = [
            value >= criterion.threshold
            for value, criterion in zip(totals, problem.criteria, strict=True)
        ]
        if not acceptable or consents(problem.consent, met):
            found[tuple(totals[position] for position in problem.objectives)].append(codes)
    best = [p for p in found if not any(dominates(q, p) for q in found)]
    return [(p, found[p]) for p in sorted(best, reverse=True)]


def check(front: Front, expected: list[tuple[Totals, list[Codes]]], limit: int = 3) -> None:
    assert [tuple(point) for point in front.points.tolist()] == [p for p, _ in expected]
    assert front.counts == tuple(len(outcomes) for _, outcomes in expected)
    everything = np.arange(len(expected))
    outcomes = sorted(codes for _, group in expected for codes in group)
    assert list(map(tuple, front.listing(everything, 10**6).tolist())) == outcomes
    assert list(map(tuple, front.listing(everything, limit).tolist())) == outcomes[:limit]
    for position, (_, group) in enumerate(expected):
        chosen = np.array([position])
        assert list(map(tuple, front.listing(chosen, 10**6).tolist())) == group
        assert list(map(tuple, front.listing(chosen, limit).tolist())) == group[:limit]
    some = everything[::2][::-1]
    union = sorted(codes for position in some for codes in expected[position][1])
    assert list(map(tuple, front.listing(some, limit).tolist())) == union[:limit]


# --- random problems -----------------------------------------------------------------


def scopes(issues: int, least: int = 1) -> st.SearchStrategy[Codes]:
    positions = st.sets(st.integers(0, issues - 1), min_size=min(least, issues), max_size=3)
    return positions.map(lambda chosen: tuple(sorted(chosen)))


@st.composite
def factors(draw, sizes: Codes, scope: Codes, entries: st.SearchStrategy, dtype) -> Factor:  # type: ignore[no-untyped-def]
    shape = tuple(sizes[i] for i in scope)
    count = math.prod(shape)
    drawn = draw(st.lists(entries, min_size=count, max_size=count))
    return Factor(scope, np.array(drawn, dtype=dtype).reshape(shape))


@st.composite
def values(draw, name: str, sizes: Codes, high: int) -> Criterion:  # type: ignore[no-untyped-def]
    """A party's or a faction's value: scores of options and adjustments that read several."""
    scores = st.integers(-high // 2, high)
    read = [(i,) for i in range(len(sizes)) if draw(st.integers(0, 4))]
    read += draw(st.lists(scopes(len(sizes), least=0), max_size=2))
    tables = tuple(draw(factors(sizes, scope, scores, np.int64)) for scope in read)
    least = sum(int(factor.table.min()) for factor in tables)
    most = sum(int(factor.table.max()) for factor in tables)
    threshold = least + (most - least) * draw(st.integers(0, 8)) // 8 + draw(st.integers(-1, 1))
    return Criterion(name, tables, threshold)


@st.composite
def red_lines(draw, name: str, sizes: Codes) -> Criterion:  # type: ignore[no-untyped-def]
    read = draw(st.lists(scopes(len(sizes)), max_size=2))
    unmet = st.sampled_from((0, 0, 0, -1))
    return Criterion(name, tuple(draw(factors(sizes, scope, unmet, np.int64)) for scope in read), 0)


def quotas(parts: st.SearchStrategy[Consent]) -> st.SearchStrategy[Consent]:
    """Weights 0 … 3, so that vetoes and powerless parts both occur."""
    weighted = st.lists(st.tuples(parts, st.integers(0, 3)), min_size=2, max_size=4)
    return weighted.flatmap(
        lambda pairs: st.integers(0, sum(weight for _, weight in pairs)).map(
            lambda least: AtLeast(
                tuple(part for part, _ in pairs), tuple(weight for _, weight in pairs), least
            )
        )
    )


def consent_rules(criteria: int) -> st.SearchStrategy[Consent]:
    """Unanimity, quotas, and quotas of quotas."""
    single = st.integers(0, criteria - 1).map(Meets)
    unanimity = st.lists(single, min_size=1, max_size=4).map(every)
    return unanimity | quotas(single) | quotas(single | unanimity | quotas(single))


@st.composite
def problems(draw) -> Problem:  # type: ignore[no-untyped-def]
    sizes = tuple(draw(st.lists(st.integers(1, 3), min_size=1, max_size=5)))
    parties = draw(st.integers(1, 4))
    high = draw(st.sampled_from((1, 1, 4, 100, 2**45)))
    allowed = st.sampled_from((True, True, True, False))
    rules = tuple(
        draw(factors(sizes, scope, allowed, np.bool_))
        for scope in draw(st.lists(scopes(len(sizes)), max_size=3))
    )
    names = [f"p{party}" for party in range(parties)]
    names += [f"p0.f{faction}" for faction in range(draw(st.integers(0, 2)))]
    criteria = [draw(values(name, sizes, high)) for name in names]
    criteria += [
        draw(red_lines(f"p{party}: red lines", sizes)) for party in range(draw(st.integers(0, 2)))
    ]
    # The objectives need not come first among the criteria.
    order = draw(st.permutations(range(len(criteria))))
    objectives = tuple(order.index(party) for party in range(parties))
    placed = tuple(criteria[position] for position in order)
    consent = draw(consent_rules(len(criteria)))
    return Problem(make_space(sizes), rules, placed, objectives, consent)


@settings(max_examples=200, deadline=None)
@given(problem=problems(), acceptable=st.booleans())
def test_equals_the_definition(problem: Problem, acceptable: bool) -> None:
    front = eliminate(problem, acceptable=acceptable)
    check(front, by_definition(problem, acceptable=acceptable))


@settings(max_examples=100, deadline=None)
@given(problem=problems(), size=st.integers(1, 7))
def test_candidates_may_be_formed_in_blocks_of_any_size(problem: Problem, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(messages, "BLOCK", size)
        front = eliminate(problem, acceptable=True)
    check(front, by_definition(problem, acceptable=True))


# --- particular cases ----------------------------------------------------------------


def test_chain_of_rules_is_not_one_large_group() -> None:
    """Each option may change by one step at most from an issue to the next."""
    step = np.abs(np.subtract.outer(np.arange(3), np.arange(3))) <= 1
    rules = tuple(Factor((i, i + 1), step) for i in range(11))
    plain = additive((3,) * 12, 2, 6)
    chain = Problem(plain.space, rules, plain.criteria, plain.objectives, plain.consent)
    assert elimination_width(chain) == 9
    short = Problem(
        make_space((3,) * 7),
        rules[:6],
        tuple(Criterion(criterion.name, criterion.factors[:7], 20) for criterion in chain.criteria),
        chain.objectives,
        chain.consent,
    )
    for acceptable in (False, True):
        check(
            eliminate(short, acceptable=acceptable, limit=200),
            by_definition(short, acceptable=acceptable),
        )
    check(eliminate(chain, acceptable=False, limit=500), by_grid(chain))


def by_grid(problem: Problem) -> list[tuple[Totals, list[Codes]]]:
    """The definition among all feasible outcomes, on the whole grid at once."""
    codes = np.indices(problem.space.sizes).reshape(len(problem.space.sizes), -1).T
    codes = codes[problem.feasible(codes)]
    totals = problem.totals(codes)[:, list(problem.objectives)]
    distinct = [tuple(row) for row in np.unique(totals, axis=0).tolist()]
    best = [p for p in distinct if not any(dominates(q, p) for q in distinct)]
    return [
        (p, list(map(tuple, codes[(totals == p).all(axis=1)].tolist())))
        for p in sorted(best, reverse=True)
    ]


def test_ties_beyond_64_bits_are_counted_and_listed_in_order() -> None:
    nothing = Criterion("p0", tuple(Factor((i,), np.zeros(4, np.int64)) for i in range(40)), 0)
    problem = Problem(make_space((4,) * 40), (), (nothing,), (0,), Meets(0))
    for acceptable in (False, True):
        front = eliminate(problem, acceptable=acceptable)
        assert front.points.tolist() == [[0]]
        assert front.counts == (4**40,)
        listed = front.listing(np.array([0]), 5)
        assert not listed[:, :38].any()
        assert listed[:, 38:].tolist() == [[0, 0], [0, 1], [0, 2], [0, 3], [1, 0]]


def test_counts_beyond_64_bits_add_up_over_points() -> None:
    """Trading one point on any of 70 issues: point (a, 70 - a) has 70-choose-a outcomes."""
    tables = (np.array([1, 0]), np.array([0, 1]))
    criteria = tuple(
        Criterion(f"p{party}", tuple(Factor((i,), table) for i in range(70)), 20)
        for party, table in enumerate(tables)
    )
    problem = Problem(make_space((2,) * 70), (), criteria, (0, 1), every((Meets(0), Meets(1))))
    front = eliminate(problem, acceptable=True)
    assert front.points.tolist() == [[a, 70 - a] for a in range(50, 19, -1)]
    assert front.counts == tuple(math.comb(70, a) for a in range(50, 19, -1))
    # Read as binary numbers, the first outcomes are the least with 20 ones at least.
    listed = front.listing(np.arange(31), 4)
    numbers = [int("".join(map(str, row)), 2) for row in listed.tolist()]
    assert numbers == [2**20 - 1, *(2**21 - 1 - 2**place for place in (19, 18, 17))]


def test_large_space_without_ties_between_engines() -> None:
    """Swapping the issues' order changes the elimination, not the frontier."""
    problem = additive((4,) * 20, 3, 3)
    turned = Problem(
        problem.space,
        (),
        tuple(
            Criterion(
                criterion.name,
                tuple(Factor((19 - i,), criterion.factors[i].table) for i in reversed(range(20))),
                criterion.threshold,
            )
            for criterion in problem.criteria
        ),
        problem.objectives,
        problem.consent,
    )
    front, mirror = eliminate(problem, acceptable=False), eliminate(turned, acceptable=False)
    assert front.points.tolist() == mirror.points.tolist()
    assert front.counts == mirror.counts
    listed = front.listing(np.arange(len(front.points)), 100)
    totals = problem.totals(listed)
    assert {tuple(row) for row in totals.tolist()} <= {tuple(row) for row in front.points.tolist()}
    keys = [tuple(row) for row in listed.tolist()]
    assert len(keys) == 100
    assert keys == sorted(set(keys))


def test_required_red_lines_are_rules_not_columns() -> None:
    """Twelve independent red lines of a party that must consent multiply no frontier."""
    plain = additive((3,) * 12, 2, 50)
    lines = Criterion(
        "p0: red lines", tuple(Factor((i,), np.array([0, 0, -1])) for i in range(12)), 0
    )
    problem = Problem(
        plain.space, (), (*plain.criteria, lines), (0, 1), every([Meets(i) for i in range(3)])
    )
    without = Problem(
        plain.space,
        tuple(Factor((i,), np.array([True, True, False])) for i in range(12)),
        plain.criteria,
        (0, 1),
        plain.consent,
    )
    front, same = eliminate(problem, acceptable=True), eliminate(without, acceptable=True)
    assert front.points.tolist() == same.points.tolist()
    assert front.counts == same.counts
    assert front.points.tolist() != eliminate(problem, acceptable=False).points.tolist()


def ratified(issues: int, faction: list[int], threshold: int) -> Problem:
    """A party indifferent between all outcomes, with a faction that must agree.

    The faction's score of the second option of each issue is given, of the first one 0.
    """
    nothing = Criterion("p0", (), 0)
    scores = tuple(Factor((i,), np.array([0, score])) for i, score in enumerate(faction))
    criteria = (nothing, Criterion("p0.f0", scores, threshold))
    return Problem(make_space((2,) * issues), (), criteria, (0,), every((Meets(0), Meets(1))))


def test_outcomes_that_differ_only_beyond_the_objectives_tie() -> None:
    """A faction likes one of two tied outcomes better: both are efficient."""
    problem = ratified(6, [1] * 6, 3)
    front = eliminate(problem, acceptable=True)
    assert front.counts == (math.comb(6, 3) + math.comb(6, 4) + 6 + 1,)
    check(front, by_definition(problem, acceptable=True), limit=9)


@pytest.mark.parametrize("sizes", [(2, 2, 2, 3, 3, 3, 4, 4), (4, 4, 3, 3, 3, 2, 2, 2)])
def test_the_first_of_many_ties_are_found_among_all(sizes: Codes) -> None:
    """Scores 0 and 1: few points, many outcomes each; small parts are combined first."""
    problem = additive(sizes, 2, 1)
    expected = by_grid(problem)
    assert max(len(outcomes) for _, outcomes in expected) > 7
    for limit in (1, 2, 7):
        check(eliminate(problem, acceptable=False), expected, limit)


@pytest.mark.parametrize("quota", [1, 2])
@pytest.mark.parametrize("one", range(5))
def test_every_threshold_of_two_factions(quota: int, one: int) -> None:
    """From met by every outcome (0) to met by the best one (3) and by none (4)."""
    party = Criterion("p0", tuple(Factor((i,), np.array([1, 0])) for i in range(3)), 0)
    scores = tuple(Factor((i,), np.array([0, 1])) for i in range(3))
    for other in range(5):
        factions = (Criterion("p0.f0", scores, one), Criterion("p0.f1", scores[::-1], other))
        consent = AtLeast((Meets(0), AtLeast((Meets(1), Meets(2)), (1, 1), quota)), (1, 1), 2)
        problem = Problem(make_space((2,) * 3), (), (party, *factions), (0,), consent)
        check(eliminate(problem, acceptable=True), by_definition(problem, acceptable=True))


def test_totals_beyond_the_objectives_are_carried_only_while_undecided() -> None:
    """All 2^16 totals of the faction differ, but one issue decides whether it agrees."""
    problem = ratified(16, [2**i for i in range(16)], 2**15)
    front = eliminate(problem, acceptable=True, limit=100)
    assert front.counts == (2**15,)
    assert front.listing(np.array([0]), 2)[:, [0, 14, 15]].tolist() == [[0, 0, 1], [0, 1, 1]]


def test_exceeded_limits_are_errors() -> None:
    problem = additive((4,) * 12, 3, 100)
    front = eliminate(problem, acceptable=False)
    with pytest.raises(TooLarge, match=r"combining independent parts .* limit of 100: use"):
        eliminate(problem, acceptable=False, limit=100)
    assert eliminate(problem, acceptable=False, limit=10_000).counts == front.counts
    rule = Factor(tuple(range(6)), np.random.default_rng(1).random((4,) * 6) < 0.9)
    tied = Problem(problem.space, (rule,), problem.criteria, problem.objectives, problem.consent)
    assert elimination_width(tied) == 4**6
    with pytest.raises(TooLarge, match="joint table of 4,096 combinations of 6 issues"):
        eliminate(tied, acceptable=False, limit=4000)


def test_nothing_qualifies() -> None:
    plain = additive((2, 3), 2, 9)
    never = Factor((), np.array(False))
    nowhere = Factor((1,), np.zeros(3, dtype=np.bool_))
    for rule in (never, nowhere):
        problem = Problem(plain.space, (rule,), plain.criteria, (0, 1), plain.consent)
        front = eliminate(problem, acceptable=False)
        assert front.points.shape == (0, 2)
        assert front.counts == ()
        assert front.listing(np.zeros(0, dtype=np.int64), 5).shape == (0, 2)
    greedy = additive((2, 3), 2, 9, threshold=1000)
    assert eliminate(greedy, acceptable=True).points.shape == (0, 2)
    assert len(eliminate(greedy, acceptable=False).points) > 0


def test_no_objectives_is_an_error() -> None:
    problem = Problem(make_space((2,)), (), (), (), every(()))
    with pytest.raises(ValueError, match="no signing party has values: efficiency is undefined"):
        eliminate(problem, acceptable=False)


def test_totals_beyond_64_bits_are_an_error() -> None:
    table = Factor((0,), np.array([-(2**62), 2**62]))
    problem = Problem(make_space((2,)), (), (Criterion("p0", (table,), 0),), (0,), Meets(0))
    with pytest.raises(ValueError, match="totals of p0 do not fit 64 bits"):
        eliminate(problem, acceptable=False)


def test_no_issues() -> None:
    five = Criterion("p0", (Factor((), np.array(5)),), 3)
    front = eliminate(Problem(make_space(()), (), (five,), (0,), Meets(0)), acceptable=True)
    assert front.points.tolist() == [[5]]
    assert front.counts == (1,)
    assert front.listing(np.array([0]), 9).shape == (1, 0)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_buckets_read_every_table_once_and_nothing_too_late(data: st.DataObject) -> None:
    sizes = tuple(data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=8)))
    read = data.draw(st.lists(scopes(len(sizes), least=0), max_size=8))
    work = buckets(sizes, read)
    order = tuple(bucket.issue for bucket in work)
    assert order == elimination_order(sizes, read)
    assert sorted(order) == list(range(len(sizes)))
    tables = [table for bucket in work for table in bucket.tables]
    assert sorted(tables) == [place for place, scope in enumerate(read) if scope]
    for position, bucket in enumerate(work):
        assert not set(bucket.scope) & set(order[:position])
        assert all(set(read[table]) <= set(bucket.scope) for table in bucket.tables)
        assert all(child < position for child in bucket.children)
        assert all(set(work[child].separator) <= set(bucket.scope) for child in bucket.children)
    roots = [position for position, bucket in enumerate(work) if not bucket.separator]
    children = [child for bucket in work for child in bucket.children]
    assert sorted(children + roots) == list(range(len(work)))
