"""Confidence in compliance: against all hidden paths, exact rationals and quadrature."""

from __future__ import annotations

import itertools
import json
import math
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import betaln

from detente.verification.confidence.belief import (
    after_alarm,
    ceiling,
    exact_threshold,
    inspections_needed,
    limit_without_inspections,
    posterior,
    predicted,
    trust_threshold,
)
from detente.verification.confidence.beta_mixture import ViolationRate, violation_rate

REFERENCE: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data" / "verify" / "confidence.json").read_text()
)
HUNDREDTHS = st.integers(0, 100).map(lambda n: n / 100)
INNER = st.integers(1, 99).map(lambda n: n / 100)
OUTCOMES = st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=6)
Hidden = tuple[bool, ...]
Chances = tuple[float, float, float, float]


def rows(key: str) -> list[Any]:
    """Reference rows as dictionaries, each as a test of its own."""
    columns = REFERENCE[key]["columns"]
    return [dict(zip(columns, row, strict=True)) for row in REFERENCE[key]["rows"]]


def exact(number: float) -> Fraction:
    """A number as it is written."""
    return Fraction(str(number))


def share(over: list[tuple[Hidden, Fraction]]) -> Fraction | None:
    """The share of the weight of paths that end in compliance; None where nothing has weight."""
    whole = sum((weight for _, weight in over), Fraction())
    kept = sum((weight for path, weight in over if path[-1]), Fraction())
    return kept / whole if whole else None


def over_all_paths(
    prior: float, record: list[bool | None], chances: Chances
) -> list[Fraction | None]:
    """Confidence after each period, from the weight of every hidden path."""
    d, f, a, r = chances
    stay = {True: {True: 1 - exact(a), False: exact(a)}, False: {True: exact(r)}}
    stay[False][False] = 1 - exact(r)
    alarm = {True: exact(f), False: exact(d)}
    found = []
    for periods in range(1, len(record) + 1):
        weighed = []
        for path in itertools.product([True, False], repeat=periods + 1):
            weight = exact(prior) if path[0] else 1 - exact(prior)
            for outcome, before, now in zip(record, path, path[1:], strict=False):
                weight *= stay[before][now]
                if outcome is not None:
                    weight *= alarm[now] if outcome else 1 - alarm[now]
            weighed.append((path, weight))
        found.append(share(weighed))
    return found


# the filter


@given(HUNDREDTHS, OUTCOMES, st.tuples(HUNDREDTHS, HUNDREDTHS, HUNDREDTHS, HUNDREDTHS))
@example(0.5, [False, True, None, False], (0.3, 0.02, 0.02, 0.1))
@example(1.0, [True], (0.9, 0.0, 0.0, 0.0))
@settings(max_examples=60, deadline=None)
def test_the_filter_is_the_sum_over_all_hidden_paths(
    prior: float, record: list[bool | None], chances: Chances
) -> None:
    expected = over_all_paths(prior, record, chances)
    if None in expected:
        period = expected.index(None) + 1
        with pytest.raises(ValueError, match=rf"in period {period} cannot happen"):
            posterior(prior, record, *chances)
        return
    found = posterior(prior, record, *chances)
    assert found.tolist() == [float(value) for value in expected if value is not None]


@pytest.mark.parametrize("row", rows("filter"))
def test_reference_filters(row: dict[str, Any]) -> None:
    record = [None if seen is None else bool(seen) for seen in row["obs"]]
    found = posterior(row["pi0"], record, row["d"], row["f"], row["a"], row["r"])
    assert found == pytest.approx(row["path"], rel=1e-13)
    assert posterior(row["pi0"], row["obs"], row["d"], row["f"], row["a"], row["r"]) == (
        pytest.approx(found, rel=0)
    )


def test_the_reference_record_with_and_without_an_alarm() -> None:
    given_ = REFERENCE["static"]
    start, d, f = given_["pi0"], given_["d"], given_["f"]
    clean = posterior(start, [False] * 10, d, f)
    assert clean == pytest.approx(given_["path_10_clean"][1:], rel=1e-13)
    alarmed = posterior(start, [False] * 5 + [True] + [False] * 4, d, f)
    assert alarmed == pytest.approx(given_["path_alarm_after_5"][1:], rel=1e-13)
    for level, count in given_["n_clean"].items():
        assert inspections_needed(start, float(level), d, f) == count


def test_silence_says_nothing_and_an_empty_record_has_no_confidence() -> None:
    assert posterior(0.7, [None] * 3, 0.9, 0.1).tolist() == [0.7, 0.7, 0.7]
    assert posterior(0.7, [None], 0.9, 0.1, 0.1).tolist() == [predicted(0.7, 0.1)]
    assert posterior(0.7, [], 0.9, 0.1).shape == (0,)


def test_a_long_clean_record_is_not_forgotten_by_rounding() -> None:
    """After thousands of clean inspections the chance of a violation is below any float."""
    record = [False] * 5000 + [True] * 5000
    found = posterior(0.5, record, 0.9, 0.1)  # each alarm undoes exactly one clean inspection
    assert found[4999] == 1
    assert found[-1] == 0.5


# clean inspections needed


STEPS = 1000
"""Inspections after which the search from the definition gives up."""


def counted(prior: float, level: Fraction, chances: Chances) -> int | None:
    """The least number by stepping through confidences, in whole hundredths; None after many."""
    d, f, a, r = (round(100 * chance) for chance in chances)
    kept, broken = round(100 * prior), 100 - round(100 * prior)
    for count in range(STEPS):
        if kept + broken == 0:
            return None
        if kept * level.denominator >= level.numerator * (kept + broken):
            return count
        ahead = kept * (100 - a) + broken * r
        broken = (kept * a + broken * (100 - r)) * (100 - d)
        kept = ahead * (100 - f)
    return None


@pytest.mark.parametrize("row", rows("clean_needed"))
def test_reference_counts_of_clean_inspections(row: dict[str, Any]) -> None:
    assert inspections_needed(row["pi0"], row["c"], row["d"], row["f"]) == row["n"]


@given(INNER, INNER, st.integers(10, 100), st.integers(0, 9))
@settings(deadline=None)
def test_the_closed_form_is_the_filter(prior: float, level: float, more: int, wrong: int) -> None:
    d, f = more / 100, wrong / 100
    found = inspections_needed(prior, level, d, f)
    assert found == counted(prior, exact(level), (d, f, 0, 0))
    if found is not None and found > 0 and d < 1:
        odds = level * (1 - prior) / ((1 - level) * prior)
        assert found == pytest.approx(math.log(odds) / math.log((1 - f) / (1 - d)), abs=1.000001)


@given(
    st.sampled_from([2, 4, 5, 8]), st.integers(1, 40), st.integers(1, 9), st.sampled_from([0, 1])
)
@settings(deadline=None)
def test_ties_are_exact(base: int, power: int, start: int, more: int) -> None:
    """Where the odds grow by a whole factor, a level is met by exactly so many inspections."""
    prior, ratio = Fraction(start, 10), base**power
    odds = prior / (1 - prior) * ratio
    level = odds / (1 + odds) + Fraction(more, 10**60)
    d = 1 - 1 / base
    assume(level < 1)
    assert inspections_needed(float(prior), level, d, 0) == power + more
    assert inspections_needed(float(prior), level, d, 0, record=[False] * power) == more


def test_a_tie_that_floats_miss() -> None:
    assert math.ceil(math.log(0.8 * 0.5 / ((1 - 0.8) * 0.5)) / math.log(1 / 0.5)) == 3
    assert inspections_needed(0.5, 0.8, 0.5, 0) == 2


TURNS = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda t: (t[0] / 100, t[1] / 100))


@given(HUNDREDTHS, HUNDREDTHS, st.integers(0, 100), st.integers(0, 100), TURNS)
@settings(max_examples=150, deadline=None)
def test_counts_with_lapse_and_cure_are_those_of_the_filter(
    prior: float, level: float, one: int, other: int, turns: tuple[float, float]
) -> None:
    f, d = sorted((one / 100, other / 100))
    lapse, cure = turns
    found = inspections_needed(prior, level, d, f, lapse, cure)
    top = ceiling(d, f, lapse, cure)
    if found is None:
        assert counted(prior, exact(level), (d, f, lapse, cure)) is None
        stuck = prior == 0 and cure == 0
        assert stuck or top is None or level >= top - 1e-12
    elif found < STEPS:
        assert counted(prior, exact(level), (d, f, lapse, cure)) == found
    else:
        assert posterior(prior, [False] * found, d, f, lapse, cure)[-1] >= level - 1e-12


def test_none_at_the_ceiling_and_a_count_just_below() -> None:
    assert ceiling(0.5, 0, 0.2) == 0.75
    assert inspections_needed(0.5, 0.75, 0.5, 0, 0.2) is None
    below = inspections_needed(0.5, 0.75 - 1e-15, 0.5, 0, 0.2)
    assert below is not None
    assert below == counted(0.5, exact(0.75 - 1e-15), (0.5, 0, 0.2, 0))
    assert inspections_needed(0.9, 0.8, 0.5, 0, 0.2) == 0
    assert inspections_needed(0.9, 0.95, 0.5, 0, 0.2) is None


def test_certainty_and_inspections_that_say_nothing() -> None:
    assert inspections_needed(0.5, 1, 0.9, 0) is None
    assert inspections_needed(0.5, 1, 1, 0) == 1
    assert inspections_needed(1, 1, 0.9, 0) == 0
    assert inspections_needed(0, 0.1, 0.9, 0) is None
    assert inspections_needed(0, 0.1, 1, 0) is None
    assert inspections_needed(0.5, 0.6, 0.3, 0.3) is None
    assert inspections_needed(0.5, 0.6, 1, 1) is None
    assert inspections_needed(0.5, 0.6, 0.3, 0.3, 0.1, 0.3) == 1  # by returns alone
    assert inspections_needed(0.5, 0.66, 0.3, 0.3, 0.1, 0.3) == 2
    assert inspections_needed(0.5, 0.9, 1, 0, 1, 0) is None


def test_very_weak_inspections_are_counted_at_once() -> None:
    begun = time.perf_counter()
    assert inspections_needed(0.5, 0.95, 1e-6, 0) == math.ceil(math.log(19) / -math.log1p(-1e-6))
    count = inspections_needed(0.5, 0.95, 1e-300, 0)
    assert count is not None
    assert count // 10**290 == math.floor(math.log(19) * 10**10)
    assert time.perf_counter() - begun < 5


# the ceiling


@pytest.mark.parametrize("row", rows("ceiling"))
def test_reference_ceilings(row: dict[str, Any]) -> None:
    top = ceiling(row["d"], row["f"], row["a"], row["r"])
    assert top == pytest.approx(row["clean_record_ceiling"], rel=1e-13)
    assert limit_without_inspections(row["a"], row["r"]) == row["no_inspection_limit"]


@given(
    st.integers(1, 99).map(lambda n: n / 100),
    st.integers(20, 95).map(lambda n: n / 100),
    st.integers(0, 9).map(lambda n: n / 100),
    TURNS,
)
@settings(max_examples=60, deadline=None)
def test_every_clean_record_goes_to_the_ceiling_and_never_across(
    prior: float, d: float, f: float, turns: tuple[float, float]
) -> None:
    lapse, cure = turns
    top = ceiling(d, f, lapse, cure)
    assert top is not None
    kept, gone = (1 - f) * (1 - lapse), 1 - d
    assume(cure > 0 or abs(kept - gone) > 0.05)  # where these are equal it takes for ever
    path = np.array([prior, *posterior(prior, [False] * 800, d, f, lapse, cure)])
    assert path[-1] == pytest.approx(top, abs=1e-9)
    steps = np.diff(path)
    assert (steps >= -1e-15).all() if prior <= top else (steps <= 1e-15).all()
    assert (path <= max(prior, top) + 1e-15).all()
    assert (path >= min(prior, top) - 1e-15).all()


@given(st.integers(10, 98), st.integers(0, 9), TURNS)
@settings(deadline=None)
def test_the_ceiling_rises_with_detection_and_falls_with_lapse(
    percent: int, wrong: int, turns: tuple[float, float]
) -> None:
    d, f, (lapse, cure) = percent / 100, wrong / 100, turns
    assume(lapse > 0)
    top = ceiling(d, f, lapse, cure)
    better, worse = ceiling((percent + 1) / 100, f, lapse, cure), ceiling(d, f, lapse + 0.01, cure)
    assert top is not None
    assert better is not None
    assert worse is not None
    assert worse <= top <= better


def test_ceilings_without_lapse_and_where_there_is_none() -> None:
    assert ceiling(0.3, 0.02, 0) == ceiling(0.3, 0.02, 0, 0.4) == 1
    assert ceiling(1, 0.5, 0.3) == 1
    assert ceiling(0.2, 0, 0.3) == 0  # who lapses faster than found is never trusted
    assert ceiling(0.4, 0.4, 0.1, 0.3) == limit_without_inspections(0.1, 0.3) == 0.75
    assert ceiling(0.4, 0.4, 0) is None
    assert ceiling(1, 1, 0.1, 0.1) is None
    assert ceiling(1, 0, 1) is None
    assert limit_without_inspections(0) is None


# alarms and steps


@pytest.mark.parametrize("row", rows("after_alarm"))
def test_reference_alarms(row: dict[str, Any]) -> None:
    found = after_alarm(row["pi"], row["d"], row["f"])
    assert found == pytest.approx(row["P_violation_given_alarm"], rel=1e-12)


@given(INNER, INNER, HUNDREDTHS)
def test_what_an_alarm_means_is_what_the_filter_says(prior: float, d: float, f: float) -> None:
    found = after_alarm(prior, d, f)
    assert found == pytest.approx(1 - posterior(prior, [True], d, f)[0], rel=1e-9, abs=1e-12)


def test_alarms_that_prove_and_alarms_that_never_come() -> None:
    assert after_alarm(0.5, 0.3, 0) == after_alarm(1, 0.3, 0) == 1
    assert after_alarm(0.5, 0, 0) is None
    assert after_alarm(0, 0, 0.1) is None
    assert after_alarm(1, 0.9, 0.1) == 0


@pytest.mark.parametrize("row", rows("trust"))
def test_reference_steps(row: dict[str, Any]) -> None:
    worth = row["R"], row["S"], row["P"]
    assert trust_threshold(*worth) == row["threshold"]
    level = exact_threshold(*worth)
    assert level is not None
    start, d, f = (REFERENCE["static"][key] for key in ("pi0", "d", "f"))
    assert inspections_needed(start, level, d, f) == row["n_clean_from_0p5"]


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(-50, 50), st.integers(0, 20))
def test_at_the_threshold_a_step_is_worth_as_much_as_staying(
    success: int, exploited: int, stay: int, twentieths: int
) -> None:
    assume(success > exploited)
    level = exact_threshold(success, exploited, stay)
    confidence = Fraction(twentieths, 20)
    pays = confidence * success + (1 - confidence) * exploited >= stay
    assert pays == (level is not None and confidence >= level)


# the violation rate


@pytest.mark.parametrize("row", rows("rate"))
def test_reference_rates(row: dict[str, Any]) -> None:
    prior = row["alpha"], row["beta"]
    found = violation_rate(row["n"], row["k"], row["d"], row["f"], prior)
    assert found.mean == pytest.approx(row["mean"], rel=1e-12)
    assert found.quantile(0.95) == pytest.approx(row["q95"], rel=1e-10)
    assert math.exp(found.log_evidence) == pytest.approx(row["evidence"], rel=1e-10)


RECORDS = st.integers(0, 25).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))
SHAPES = st.sampled_from([(1, 1), (2, 8), (3, 1.5)])


@given(RECORDS, INNER, INNER, SHAPES)
@settings(max_examples=40, deadline=None)
def test_the_mixture_is_bayes_rule_by_quadrature(
    record: tuple[int, int], d: float, f: float, prior: tuple[float, float]
) -> None:
    (n, k), (alpha, beta) = record, prior

    def weight(x: float) -> float:
        seen = (x * d + (1 - x) * f) ** k * (1 - x * d - (1 - x) * f) ** (n - k)
        return float(seen * x ** (alpha - 1) * (1 - x) ** (beta - 1) * math.exp(-betaln(*prior)))

    def integral(power: int, upper: float = 1) -> float:
        scale = max(weight(x) for x in np.linspace(0.001, 0.999, 200))
        part = quad(lambda x: weight(x) / scale * x**power, 0, upper, epsabs=1e-13, epsrel=1e-11)
        return part[0] * scale

    found, whole = violation_rate(n, k, d, f, prior), integral(0)
    assert found.log_evidence == pytest.approx(math.log(whole), abs=1e-9)
    assert found.mean == pytest.approx(integral(1) / whole, abs=1e-9)
    bound = found.quantile(0.9)
    assert integral(0, bound) / whole == pytest.approx(0.9, abs=1e-8)
    x = np.array([0.1, 0.45, 0.8])
    assert found.density(x) == pytest.approx([weight(at) / whole for at in x], rel=1e-8)


@pytest.mark.parametrize(("n", "k"), [(3000, 0), (3000, 40), (3000, 1500), (3000, 3000)])
def test_thousands_of_inspections_against_a_grid(n: int, k: int) -> None:
    d, f = 0.7, 0.02
    found = violation_rate(n, k, d, f)
    edges = np.linspace(0, 1, 400_001)
    x = (edges[1:] + edges[:-1]) / 2
    logs = k * np.log(x * d + (1 - x) * f) + (n - k) * np.log(1 - x * d - (1 - x) * f)
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    assert found.mean == pytest.approx(weights @ x, rel=1e-5, abs=1e-9)
    bound = edges[1:][np.searchsorted(weights.cumsum(), 0.95)]
    assert found.quantile(0.95) == pytest.approx(bound, rel=1e-4, abs=3e-6)


def test_perfect_inspections_leave_one_part() -> None:
    found = violation_rate(20, 3, 1, 0, (2, 5))
    assert (found.weights.tolist(), found.alpha.tolist(), found.beta.tolist()) == ([1], [5], [22])
    for n in (0, 1, 10, 2000):
        bound = violation_rate(n, 0, 1, 0).quantile(0.95)
        assert bound == pytest.approx(1 - 0.05 ** (1 / (n + 1)), rel=1e-9)


def test_a_record_of_silent_inspections_leaves_the_prior() -> None:
    found = violation_rate(50, 20, 0.4, 0.4, (2, 6))
    assert found.mean == pytest.approx(0.25)
    assert found.cumulative(0.3) == pytest.approx(
        violation_rate(0, 0, 1, 0, (2, 6)).cumulative(0.3)
    )


# domains


def refused(message: str, question: Any, *arguments: Any, **named: Any) -> None:
    with pytest.raises(ValueError, match=message):
        question(*arguments, **named)


def test_numbers_outside_their_domain_are_refused_by_name() -> None:
    refused("the prior is between 0 and 1; this is 1.2", posterior, 1.2, [], 0.3, 0.02)
    refused("the detection probability is between 0 and 1; this is 3", ceiling, 3, 0, 0)
    refused("the false-alarm probability .* -1", after_alarm, 0.5, 0.5, -1)
    refused("the lapse probability", predicted, 0.5, 2)
    refused("the cure probability is a finite number", ceiling, 0.3, 0, 0.1, float("nan"))
    refused("the prior is a finite number; this is True", inspections_needed, True, 0.9, 0.3, 0)
    refused("the confidence that is needed", inspections_needed, 0.5, 1.01, 0.3, 0)
    refused("outcome .* period 2 is 'clean'", posterior, 0.5, [False, "clean"], 0.3, 0)
    refused("outcome .* period 1 is 2", posterior, 0.5, [2], 0.3, 0)
    refused("the value of success is a number", trust_threshold, "high", 0, 0)
    refused("worth more if it succeeds .* 1 and 1", trust_threshold, 1, 1, 0)


def test_an_inspection_whose_alarms_speak_for_compliance_is_refused() -> None:
    message = (
        "detection probability is not below the false-alarm probability; these are 0.1 and 0.2"
    )
    refused(message, ceiling, 0.1, 0.2, 0)
    refused(message, inspections_needed, 0.5, 0.9, 0.1, 0.2)
    # for Bayes' rule itself it is no hindrance
    assert posterior(0.5, [True], 0.1, 0.2)[0] == pytest.approx(2 / 3)


def test_turns_that_make_compliance_speak_against_itself_are_refused() -> None:
    refused("together are at most 1; these are 0.6 and 0.5", ceiling, 0.3, 0, 0.6, 0.5)
    refused("together are at most 1", inspections_needed, 0.5, 0.9, 0.3, 0, 0.6, 0.5)


def test_records_that_cannot_happen_are_refused() -> None:
    refused("an alarm in period 2 cannot happen", posterior, 1, [False, True], 0.3, 0)
    refused("a clean inspection in period 1 cannot happen", posterior, 0, [False], 1, 0)
    refused("2 alarms in 3 inspections cannot happen", violation_rate, 3, 2, 0, 0)
    refused("at most as many alarms", violation_rate, 3, 4, 0.5, 0)
    refused("parameters of the prior are above 0", violation_rate, 3, 1, 0.5, 0, (0, 1))
    refused("number of alarms is at least 0", violation_rate, 3, -1, 0.5, 0)


@pytest.mark.parametrize("level", [0, 1])
def test_bounds_have_levels_between_nothing_and_certainty(level: int) -> None:
    found: ViolationRate = violation_rate(5, 1, 0.5, 0.1)
    refused("lies strictly between 0 and 1", found.quantile, level)
    refused("strictly between 0 and 1", found.density, [0.5, 1])
