"""The walk and the engine that looks at every outcome, against plain loops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from inspect import signature
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente
from detente.agreement.engines import enumerate as engine
from detente.agreement.engines.choosing import Limits, search
from detente.agreement.engines.elimination.eliminate import eliminate
from detente.agreement.engines.enumerate import survey
from detente.agreement.engines.front import Front, TooLarge, accepted_part, consent_follows
from detente.command import application
from detente.model.compilation import compile_case
from detente.model.problem import AtLeast, Criterion, Factor, Meets, Problem, every
from detente.model.space import Space
from detente.model.walk import walk
from strategies import cases

SLOW = settings(
    deadline=None,
    max_examples=80,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

Rows = list[tuple[tuple[int, ...], tuple[int, ...]]]
"""Option positions and totals of every criterion, of every feasible outcome."""


def every_outcome(problem: Problem) -> Rows:
    rows = []
    for codes in product(*map(range, problem.space.sizes)):
        if all(rule.table[tuple(codes[i] for i in rule.scope)] for rule in problem.rules):
            totals = tuple(
                sum(int(f.table[tuple(codes[i] for i in f.scope)]) for f in criterion.factors)
                for criterion in problem.criteria
            )
            rows.append((codes, totals))
    return rows


def holds(consent: Meets | AtLeast, met: list[bool]) -> bool:
    if isinstance(consent, Meets):
        return met[consent.criterion]
    weighed = zip(consent.parts, consent.weights, strict=True)
    return sum(weight for part, weight in weighed if holds(part, met)) >= consent.quota


def met_by(problem: Problem, totals: tuple[int, ...]) -> list[bool]:
    return [t >= c.threshold for t, c in zip(totals, problem.criteria, strict=True)]


def front_of(problem: Problem, rows: Rows) -> Counter[tuple[int, ...]]:
    points = Counter(tuple(totals[place] for place in problem.objectives) for _, totals in rows)

    def dominated(point: tuple[int, ...]) -> bool:
        return any(
            other != point and all(a >= b for a, b in zip(other, point, strict=True))
            for other in points
        )

    return Counter({point: n for point, n in points.items() if not dominated(point)})


def as_counter(front: Front) -> Counter[tuple[int, ...]]:
    return Counter(dict(zip(map(tuple, front.points.tolist()), front.counts, strict=True)))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Additive problems with a rule, and a quota over the objectives as consent."""
    sizes = tuple(draw(st.lists(st.integers(2, 4), min_size=2, max_size=5)))
    parties = draw(st.integers(1, 4))
    large = draw(st.sampled_from([9, 40_000, 2**40]))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    criteria = tuple(
        Criterion(
            f"p{party}",
            tuple(
                Factor((issue,), random.integers(-large, large + 1, size))
                for issue, size in enumerate(sizes)
            ),
            int(random.integers(-large, large + 1)),
        )
        for party in range(parties)
    )
    rule = Factor((0, len(sizes) - 1), random.random((sizes[0], sizes[-1])) < 0.8)
    quota = draw(st.integers(1, parties))
    parts = tuple(Meets(party) for party in range(parties))
    consent = AtLeast(parts, (1,) * parties, quota)
    names = tuple(f"i{issue}" for issue in range(len(sizes)))
    options = tuple(tuple(f"o{option}" for option in range(size)) for size in sizes)
    consents = {f"p{party}": every((part,)) for party, part in enumerate(parts)}
    objectives = tuple(range(parties))
    return Problem(Space(names, options), (rule,), criteria, objectives, consent, consents)


@SLOW
@given(problems(), st.integers(1, 40), st.integers(1, 30))
def test_survey_of_random_problems(
    monkeypatch: pytest.MonkeyPatch, problem: Problem, block: int, buffer: int
) -> None:
    """Counts and both frontiers, whatever the sizes of blocks and buffer."""
    monkeypatch.setattr(engine, "BUFFER", buffer)
    monkeypatch.setattr(engine, "walk", partial(walk, block=block))
    rows = every_outcome(problem)
    accepted = [row for row in rows if holds(problem.consent, met_by(problem, row[1]))]
    found, feasible, acceptable = survey(problem)
    patterns = Counter(
        frozenset(f"p{p}" for p, met in enumerate(met_by(problem, totals)) if met)
        for _, totals in rows
    )
    assert found.patterns == patterns
    assert found.feasible == len(rows)
    assert found.acceptable == len(accepted)
    if not rows:
        assert feasible is None
        assert acceptable is None
        return
    assert feasible is not None
    assert acceptable is not None
    assert as_counter(feasible) == front_of(problem, rows)
    assert as_counter(acceptable) == front_of(problem, accepted)
    listed = acceptable.listing(np.arange(len(acceptable.points)), len(rows)).tolist()
    best = front_of(problem, accepted)
    assert listed == [list(codes) for codes, totals in accepted if totals in best]


@SLOW
@given(cases(unvalued=False), st.integers(1, 40))
def test_survey_of_random_cases(
    monkeypatch: pytest.MonkeyPatch, data: dict[str, Any], block: int
) -> None:
    """Consent that reads more than the objectives: red lines, factions, quotas, vetoes."""
    monkeypatch.setattr(engine, "walk", partial(walk, block=block))
    problem = compile_case(detente.load(data)).problem
    rows = every_outcome(problem)
    accepted = [row for row in rows if holds(problem.consent, met_by(problem, row[1]))]
    found, feasible, acceptable = survey(problem)
    assert found.acceptable == len(accepted)
    for name, consent in problem.consents.items():
        accepting = [row for row in rows if holds(consent, met_by(problem, row[1]))]
        assert found.accepted_by(name) == len(accepting)
    assert feasible is not None
    assert acceptable is not None
    assert as_counter(feasible) == front_of(problem, rows)
    assert as_counter(acceptable) == front_of(problem, accepted)


@SLOW
@given(problems())
def test_part_of_the_frontier_that_is_accepted(problem: Problem) -> None:
    """Where consent reads objectives alone, it is what a search of its own finds."""
    assert consent_follows(problem)
    part = accepted_part(problem, eliminate(problem, acceptable=False))
    own = eliminate(problem, acceptable=True)
    assert part.points.tolist() == own.points.tolist()
    assert part.counts == own.counts
    every_point = np.arange(len(own.points))
    assert part.listing(every_point, 7).tolist() == own.listing(every_point, 7).tolist()


@pytest.mark.parametrize("large", [1, 2**14, 2**15 - 1, 2**15, 2**31 - 1, 2**31, 2**61])
def test_thresholds_beyond_the_numbers_of_a_block(large: int) -> None:
    """Numbers are kept short; thresholds far above and below them still compare exactly."""
    factors = (Factor((0,), np.array([0, large])), Factor((1,), np.array([-large, 0, 1])))
    for threshold in (-(2**62), -large - 1, -large, 0, 1, large, large + 1, large + 2, 2**62):
        criterion = Criterion("p", factors, threshold)
        space = Space(("a", "b"), (("x", "y"), ("x", "y", "z")))
        problem = Problem(space, (), (criterion,), (0,), Meets(0))
        for block in (1, 3, 6):
            reached = np.concatenate([each.meets(0, threshold) for each in walk(problem, block)])
            expected = [a + b >= threshold for a in (0, large) for b in (-large, 0, 1)]
            assert reached.tolist() == expected, (threshold, block)


def small(**changes: Any) -> Problem:
    space = Space(("a", "b"), (("x", "y"), ("x", "y")))
    criterion = Criterion("p", (Factor((0,), np.array([0, 1])),), 1)
    entries = {"rules": (), "criteria": (criterion,), "objectives": (0,), "consent": Meets(0)}
    return Problem(space, **{**entries, **changes})


def test_more_criteria_than_can_be_counted() -> None:
    criterion = small().criteria[0]
    assert survey(small(criteria=(criterion,) * 62))[0].acceptable == 2
    with pytest.raises(TooLarge, match="63 values and sets of red lines"):
        survey(small(criteria=(criterion,) * 63))


def test_small_spaces_that_may_not_be_walked_are_eliminated() -> None:
    found = search(small(), ordered=True, limits=Limits(walk=0))
    assert found.method == "eliminate"
    assert found.survey is None
    assert found.acceptable is not None
    assert "not counted" in found.remarks[0]


def test_the_command_has_the_same_limits() -> None:
    options = signature(application.agree).parameters
    assert Limits(options["exact_limit"].default, options["walk_limit"].default) == Limits()


def test_progress_ends_at_the_whole_space() -> None:
    seen: list[tuple[int, int]] = []
    blocks: Iterator[Any] = walk(small(), 1, lambda done, total: seen.append((done, total)))
    assert len(list(blocks)) == 4
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
