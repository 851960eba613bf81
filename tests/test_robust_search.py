"""The search for the largest share, against all outcomes in all codings."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente
from by_definition import ByDefinition
from detente import load
from detente.agreement.engines.front import TooLarge
from detente.model.compilation import compile_case
from detente.model.problem import AtLeast, Criterion, Factor, Meets, Problem, every
from detente.model.space import Space
from detente.uncertainty.robust import bounds, search
from detente.uncertainty.robust.climb import climb
from detente.uncertainty.robust.codings import Codings, agreed
from detente.uncertainty.robust.search import LargestShare, largest_share
from detente.uncertainty.worths import Worth
from robust_by_definition import coded
from strategies import cases

SLOW = settings(
    deadline=None,
    max_examples=80,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def every_outcome(sizes: tuple[int, ...]) -> Any:
    return np.array(list(product(*map(range, sizes))), dtype=np.int64)


def told(found: LargestShare) -> Any:
    return found.count, found.ties, found.outcomes.tolist(), found.exact, found.bound


# --- against all outcomes in all codings ------------------------------------------------


@SLOW
@given(
    cases(most_parties=4, most_issues=4, most_options=3),
    st.integers(0, 999),
    st.data(),
)
def test_search_finds_what_enumeration_finds(
    monkeypatch: pytest.MonkeyPatch, case: dict[str, Any], seed: int, data: Any
) -> None:
    monkeypatch.setattr(bounds, "ENTRIES", data.draw(st.sampled_from([1, 40, 1 << 18])))
    monkeypatch.setattr(search, "NODES", data.draw(st.sampled_from([1, 3, 64])))
    count, listed = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 12))
    model, codings, one_by_one = coded(load(case), count, seed)
    codes = every_outcome(model.space.sizes)
    counts = np.array(
        [
            sum(coding.acceptable(outcome) for coding in one_by_one)
            for outcome in map(model.space.outcome, codes.tolist())
        ]
    )
    largest = int(counts.max())
    best = codes[counts == largest] if largest else codes[:0]
    expected = largest, len(best), best[:listed].tolist(), True, largest
    assert told(largest_share(model.problem, codings, listed=listed)) == expected
    starts = np.random.default_rng(seed).permutation(codes)[:2]
    assert told(largest_share(model.problem, codings, starts=starts, listed=listed)) == expected


@SLOW
@given(cases(most_parties=4, most_issues=4, most_options=3), st.integers(1, 40), st.data())
def test_a_search_cut_short_says_what_is_still_possible(
    case: dict[str, Any], limit: int, data: Any
) -> None:
    seed, started = data.draw(st.integers(0, 999)), data.draw(st.booleans())
    model, codings, _ = coded(load(case), 6, seed)
    codes = every_outcome(model.space.sizes)
    counts = agreed(model.problem, codings, codes).sum(axis=1)
    starts = codes[-1:] if started else None
    found = largest_share(model.problem, codings, starts=starts, limit=limit)
    assert found.count <= counts.max() <= found.bound
    assert found.exact or found.nodes >= limit
    assert not found.exact or found.count == found.bound
    assert found.ties <= (counts == found.count).sum()
    assert bool(found.count) == bool(len(found.outcomes)) == bool(found.ties)
    if len(found.outcomes):
        again = agreed(model.problem, codings, found.outcomes).sum(axis=1)
        assert set(again.tolist()) == {found.count}


@settings(SLOW, max_examples=60)
@given(cases(), st.integers(0, 999))
def test_climbing_ends_where_no_single_change_is_better(case: dict[str, Any], seed: int) -> None:
    model, codings, one_by_one = coded(load(case), 3, seed)
    codes = every_outcome(model.space.sizes)
    starts = np.random.default_rng(seed).permutation(codes)[:2]
    found = climb(model.problem, codings, starts, memory=1)
    if found is None:
        assert not model.problem.feasible(starts).any()
        return
    end, count = found

    def merit(row: Any) -> tuple[int, Fraction]:
        outcome = model.space.outcome(row.tolist())
        gains = [coding.smallest_gain(outcome) or Fraction(0) for coding in one_by_one]
        return sum(coding.acceptable(outcome) for coding in one_by_one), sum(gains, Fraction(0))

    assert merit(end)[0] == count
    near = codes[((codes != end).sum(axis=1) == 1) & model.problem.feasible(codes)]
    for row in (*near, *starts[model.problem.feasible(starts)]):
        accepted, gains = merit(row)
        assert (accepted, gains - Fraction(1, 10**9)) <= (count, merit(end)[1])


def test_climbing_counts_codings_first_and_gains_second() -> None:
    options = [(-9, -9, -9), (60, -1, -1), (9, 9, -9), (1, 1, 1), (2, 2, 0)]
    problem, codings = additive((5,), [[[*row, 0] for row in zip(*options, strict=True)]])
    start = np.array([[0]])
    end, count = climb(problem, codings, start, memory=1) or (None, 0)
    assert (end.tolist(), count) == ([4], 3)  # as often as (1, 1, 1), and a little more
    assert climb(problem, codings, start[:0], memory=1) is None


# --- consent of every kind, by hand ------------------------------------------------------


def indicator(sizes: tuple[int, ...]) -> Any:
    """Reads each option of each issue, and then the number of the walk-away."""

    def reads(codes: Any) -> Any:
        columns = [codes[:, k, None] == np.arange(size) for k, size in enumerate(sizes)]
        return np.hstack([*columns, np.full((len(codes), 1), -1)]).astype(np.int64)

    return reads


def additive(
    sizes: tuple[int, ...], terms: list[Any], consent: Any = None, rules: Any = ()
) -> tuple[Problem, Codings]:
    """Parties with points for options, drawn: shape (codings, options and the walk-away)."""
    space = Space(
        tuple(f"issue{k}" for k in range(len(sizes))),
        tuple(tuple(f"option{k}" for k in range(size)) for size in sizes),
    )
    tables = tuple(Factor((k,), np.zeros(size, np.int64)) for k, size in enumerate(sizes))
    criteria = tuple(Criterion(f"party{k}", tables, 0) for k in range(len(terms)))
    everyone = range(len(terms))
    agreement = every([Meets(place) for place in everyone]) if consent is None else consent
    problem = Problem(space, tuple(rules), criteria, tuple(everyone), agreement)
    reads = indicator(sizes)
    worths = {k: Worth(np.array(each, np.float64), reads) for k, each in enumerate(terms)}
    return problem, Codings(len(terms[0]), worths)


A = [[1, -1, 0], [1, -1, 0], [-1, 1, 0]]
B = [[-1, 1, 0], [1, -1, 0], [1, -1, 0]]
C = [[-1, -1, 0], [1, 1, 0], [-1, 1, 0]]


@pytest.mark.parametrize(
    ("consent", "counts"),
    [
        (every([Meets(0), Meets(1), Meets(2)]), (1, 0)),
        (AtLeast((Meets(0), Meets(1), Meets(2)), (1, 1, 1), 2), (1, 1)),
        (AtLeast((Meets(0), Meets(1), Meets(2)), (1, 1, 1), 1), (3, 3)),
        (AtLeast((Meets(0), every([Meets(1), Meets(2)])), (1, 1), 1), (2, 1)),
        (every([Meets(0), AtLeast((Meets(1), Meets(2)), (1, 1), 1)]), (1, 1)),
        (AtLeast((Meets(0), Meets(1), Meets(2)), (1, 2, 1), 2), (2, 2)),
        (AtLeast((Meets(0), Meets(1)), (1, 1), 3), (0, 0)),
        (every(()), (3, 3)),
    ],
)
def test_quotas_vetoes_and_factions_by_hand(consent: Any, counts: tuple[int, int]) -> None:
    problem, codings = additive((2,), [A, B, C], consent)
    assert tuple(agreed(problem, codings, np.array([[0], [1]])).sum(axis=1).tolist()) == counts
    found = largest_share(problem, codings)
    best = max(counts)
    rows = [[k] for k, count in enumerate(counts) if count == best and best]
    assert told(found) == (best, len(rows), rows, True, best)
    assert found.share == best / 3


def test_nothing_feasible_or_nothing_acceptable_is_a_share_of_nothing() -> None:
    good = [[1.0, 1, 0, 0, 0]] * 2
    never = Factor((0,), np.zeros(2, np.bool_))
    apart = (Factor((0,), np.array([True, False])), Factor((0, 1), np.eye(2, dtype=np.bool_)[::-1]))
    for rules in ([never], [*apart, Factor((1,), np.array([True, False]))]):
        problem, codings = additive((2, 2), [good], rules=rules)
        assert told(largest_share(problem, codings)) == (0, 0, [], True, 0)
        starts = np.zeros((1, 2), dtype=np.int64)
        assert told(largest_share(problem, codings, starts=starts)) == (0, 0, [], True, 0)
    problem, codings = additive((2, 2), [[[1.0, 1, 0, 0, 2]] * 2])
    assert told(largest_share(problem, codings)) == (0, 0, [], True, 0)
    opposed = [[[1.0, -1, 0, 0, 0]], [[-1.0, 1, 0, 0, 0]]]  # each has what it wants, but not both
    problem, codings = additive((2, 2), opposed)
    assert told(largest_share(problem, codings)) == (0, 0, [], True, 0)


# --- spaces that cannot be walked --------------------------------------------------------


def test_a_planted_package_is_found_among_a_trillion() -> None:
    """Each option of each issue but the planted one fails one coding of its own."""
    chance = np.random.default_rng(5)
    sizes = (4,) * 20
    planted = chance.integers(0, 4, 20)
    wrong = [(i, o) for i in range(20) for o in range(4) if o != planted[i]]
    terms = np.zeros((2, len(wrong), 81))
    terms[:, :, :80] = chance.integers(0, 3, (2, 1, 80)) + chance.random((2, len(wrong), 80))
    for coding, (issue, option) in enumerate(wrong):
        terms[coding % 2, coding, 4 * issue + option] = -1000
    problem, codings = additive(sizes, list(terms))
    assert problem.space.total == 4**20
    found = largest_share(problem, codings)
    assert told(found) == (60, 1, [planted.tolist()], True, 60)
    # One issue settled otherwise fails one coding. With the planted package forbidden, in
    # effect, each of these 60 is best.
    cut = np.ones((4, 4), np.bool_)
    cut[tuple(planted[:2])] = False
    problem, codings = additive(sizes, list(terms), rules=[Factor((0, 1), cut)])
    found = largest_share(problem, codings, listed=100)
    expected = sorted(
        [[option if k == issue else int(planted[k]) for k in range(20)] for issue, option in wrong]
    )
    expected = [row for row in expected if row[:2] != planted[:2].tolist()]
    assert told(found) == (59, 6, expected, True, 59)


def test_issues_that_nobody_cares_about_are_counted_as_a_whole() -> None:
    sizes = (2,) * 80
    terms = np.zeros((1, 3, 161))
    terms[0, :, 20] = (1, 1, -1)  # the first option of the eleventh issue
    terms[0, :, 21] = (-1, -1, -1)
    problem, codings = additive(sizes, list(terms))
    found = largest_share(problem, codings, listed=3)
    first = [[0] * 78 + end for end in ([0, 0], [0, 1], [1, 0])]
    assert told(found) == (2, 2**79, first, True, 2)
    assert found.nodes < 10


def test_a_limit_on_a_hard_search_leaves_an_honest_bound() -> None:
    chance = np.random.default_rng(3)
    terms = chance.normal(size=(3, 200, 41))
    terms[2] = -terms[0] - terms[1]
    terms[2, :, -1] -= 2
    problem, codings = additive((2,) * 12, list(terms[:, :, 16:]))
    short = largest_share(problem, codings, limit=50)
    full = largest_share(problem, codings)
    assert not short.exact and full.exact
    assert short.count < full.count < short.bound
    assert full.count == agreed(problem, codings, every_outcome((2,) * 12)).sum(axis=1).max()


# --- floats -----------------------------------------------------------------------------


@settings(SLOW, max_examples=60)
@given(st.integers(0, 10**6), st.integers(1, 2))
def test_differences_that_short_floats_cannot_see_decide(seed: int, parties: int) -> None:
    """Floats of 32 bits lie 1/16 apart at these sizes; with 64 bits the sums are exact."""
    chance = np.random.default_rng(seed)
    sizes = (3, 2, 3)
    size = chance.integers(2**29, 2**30, (parties, 1, 1)) / 2**10
    large = size * chance.integers(-1, 2, (parties, 1, 9))
    terms = large + chance.choice([-(2.0**-10), 0, 2.0**-10], size=(parties, 8, 9))
    problem, codings = additive(sizes, list(terms))
    codes = every_outcome(sizes)
    gains = np.einsum("ot,pct->opc", indicator(sizes)(codes), terms)
    counts = (gains >= 0).all(axis=1).sum(axis=1)
    largest = int(counts.max())
    best = codes[counts == largest].tolist() if largest else []
    found = largest_share(problem, codings, listed=20)
    assert told(found) == (largest, len(best), best, True, largest)


def test_ties_are_kept_within_the_tolerance() -> None:
    problem, codings = additive((2,), [[[1e9, 1e9, 1e9 + 1e-4], [1e9, 1e9, 1e9 + 1e-2]]])
    assert told(largest_share(problem, codings)) == (1, 2, [[0], [1]], True, 1)
    ties = [[0.3, 0.1, -0.2, 0, 0.1]]  # 0.3 − 0.2 − 0.1 < 0 in floats
    problem, codings = additive((2, 2), [ties])
    assert told(largest_share(problem, codings))[1:3] == (3, [[0, 0], [0, 1], [1, 1]])


# --- the point coding -------------------------------------------------------------------


@settings(SLOW, max_examples=60)
@given(cases(most_parties=3, most_issues=3, most_options=3), st.booleans())
def test_one_coding_of_points_gives_the_acceptable_outcomes(
    case: dict[str, Any], ordinary: bool
) -> None:
    loaded = load(case)
    model = compile_case(loaded)
    definition = ByDefinition(loaded)
    good = [o for o in definition.outcomes() if not definition.broken(o) and definition.agreed(o)]
    found = largest_share(model.problem, Codings(1, {}), listed=model.space.total)
    assert [model.space.outcome(row) for row in found.outcomes.tolist()] == good
    assert (found.ties, found.count) == (len(good), int(bool(good)))
    if ordinary:
        assert found.ties == detente.agree(loaded).acceptable


def test_korea_at_its_points_and_in_some_codings() -> None:
    korea = detente.load("korea")
    model = compile_case(korea)
    found = largest_share(model.problem, Codings(1, {}))
    assert found.exact and found.ties == detente.agree(korea).acceptable
    model, codings, _ = coded(korea, 50, 1)
    found = largest_share(model.problem, codings, listed=1000)
    assert found.exact
    good = largest_share(model.problem, Codings(1, {}), listed=1000).outcomes
    counts = agreed(model.problem, codings, good).sum(axis=1)
    assert counts.max() <= found.count  # acceptable at the points, and others besides
    assert set(agreed(model.problem, codings, found.outcomes).sum(axis=1)) == {found.count}


# --- several codings of one case ----------------------------------------------------------


@settings(SLOW, max_examples=40)
@given(st.integers(0, 10**6))
def test_codings_may_have_adjustments_of_their_own(seed: int) -> None:
    """Half of the codings value two issues together that the case values one by one."""
    chance = np.random.default_rng(seed)
    sizes = (3, 2, 3)
    terms = chance.integers(-3, 4, (2, 6, 10)).astype(np.float64)
    terms[:, 3:, -1] = 0
    problem, alike = additive(sizes, list(terms[:, :, :-1]))
    both = indicator(sizes)

    def reads(codes: Any) -> Any:
        together = (codes[:, 0] == 1) & (codes[:, 2] != 0)
        return np.hstack((both(codes), together[:, None]))

    scopes = [(0,), (1,), (2,), (0, 2)]
    codings = Codings(6, {k: Worth(own, reads, scopes) for k, own in enumerate(terms)})
    codes = every_outcome(sizes)
    gains = np.einsum("ot,pct->opc", reads(codes), terms)
    counts = (gains >= 0).all(axis=1).sum(axis=1)
    largest = int(counts.max())
    best = codes[counts == largest].tolist() if largest else []
    expected = largest, len(best), best, True, largest
    assert told(largest_share(problem, codings, listed=20)) == expected
    unsaid = Codings(6, {k: Worth(own, reads) for k, own in enumerate(terms)})
    with pytest.raises(ValueError, match="none of its scopes holds"):
        largest_share(problem, unsaid)
    assert largest_share(problem, alike).exact


# --- what is refused ---------------------------------------------------------------------


def test_limits_are_errors_that_say_what_to_do() -> None:
    problem, codings = additive((2,), [A])
    with pytest.raises(TooLarge, match="fewer codings, more memory"):
        largest_share(problem, codings, memory=10)
    for name in ("listed", "limit"):
        with pytest.raises(ValueError, match=f"{name} must be at least 1"):
            largest_share(problem, codings, **{name: 0})  # type: ignore[arg-type]


def test_little_memory_changes_nothing() -> None:
    model, codings, _ = coded(load("ceasefire"), 40, 2)
    one, other = (largest_share(model.problem, codings, memory=m) for m in (1 << 28, 1 << 15))
    assert told(one) == told(other)
