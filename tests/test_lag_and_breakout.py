"""Reporting lags and dashes for a prize, against enumeration, decision processes, rationals."""

from __future__ import annotations

import itertools
import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detente.verification.formulas.breakout import (
    breakout_value,
    critical_breakout_detection,
    critical_detection_rate,
    dash,
    timely_detection,
    useful_inspections,
)
from detente.verification.formulas.enforcement import average_value, stake
from detente.verification.formulas.joint import margin
from detente.verification.formulas.lag import found, lagged_stake, largest_gain

FILE = Path(__file__).parent / "data" / "verify" / "self_enforcement.json"
REFERENCE: dict[str, Any] = json.loads(FILE.read_text())

factors = st.integers(1, 95).map(lambda n: n / 100)
hundredths = st.integers(0, 100).map(lambda n: n / 100)
false_alarms = st.integers(0, 50).map(lambda n: n / 100)
gains = st.integers(1, 300).map(lambda n: n / 100)


def decimal(number: float) -> Fraction:
    return Fraction(str(number))


def alarm(detection: float, false_alarm: float) -> float:
    return 1 - (1 - false_alarm) * (1 - detection)


# ------------------------------------------------------------------ lag


@pytest.mark.parametrize("case", REFERENCE["reporting_lag"])
def test_reporting_lags(case: dict[str, Any]) -> None:
    delta, raised, lag = case["delta"], case["D"], case["lag"]
    answer = largest_gain(delta, raised, lag)
    assert answer == pytest.approx(case["gmax_over_L_persistent"], rel=1e-12)
    # One more discount factor for each period of delay would be too lenient.
    naive = stake(1, 0, delta, 0) * delta ** (lag - 1) * raised
    assert naive == pytest.approx(case["gmax_over_L_one_shot"], rel=1e-12)
    assert answer <= naive + 1e-12


def best_plan(
    ways: list[tuple[float, float]], loss: float, delta: float, false: float, lag: int
) -> tuple[float, float]:
    """What the best plan is worth in an agreement under way, above punishment; and honesty.

    A decision process: a state is what has been done in the periods whose results are out,
    way 0 is honesty, and each way has a gain and an own detection.
    """
    states = list(itertools.product(range(len(ways)), repeat=lag - 1))
    place = {state: n for n, state in enumerate(states)}
    lived = [delta * (1 - false) * (1 - d) for _, d in ways]
    reward = np.array([loss + g for g, _ in ways])
    keep = np.empty((len(states), len(ways)))
    after = np.empty((len(states), len(ways)), dtype=int)
    for state, n in place.items():
        for way in range(len(ways)):
            out = (*state, way)
            keep[n, way], after[n, way] = lived[out[0]], place[out[1:]]
    rows = np.arange(len(states))

    def values(plan: np.ndarray) -> np.ndarray:
        system = np.eye(len(states))
        system[rows, after[rows, plan]] -= keep[rows, plan]
        return np.linalg.solve(system, reward[plan])

    plan = np.zeros(len(states), dtype=int)
    while True:
        value = values(plan)
        scores = reward + keep * value[after]
        better = scores.max(axis=1) > scores[rows, plan] + 1e-11 * (1 + abs(value).max())
        if not better.any():
            return value[0], loss / (1 - delta * (1 - false))
        plan = np.where(better, scores.argmax(axis=1), plan)


@settings(deadline=None, max_examples=80)
@given(gains, hundredths, factors, false_alarms, st.integers(1, 4))
def test_cheating_until_found_is_the_right_test(
    g: float, d: float, delta: float, false: float, lag: int
) -> None:
    loss = 1.7
    left = largest_gain(delta, alarm(d, false), lag, false) * loss - g
    assume(abs(left) > 1e-6)
    best, honest = best_plan([(0, 0), (g, d)], loss, delta, false, lag)
    assert (best > honest + 1e-9) == (left < 0)
    if left < 0:
        # And where cheating pays, nothing pays more than to go on with it.
        theta = float(found(delta, alarm(d, false), lag, false))
        assert (1 - theta) * (loss + g) / (1 - delta) == pytest.approx(best, rel=1e-9)


def plan_values(
    plans: np.ndarray, ways: tuple[float, float, float], delta: float, false: float, lag: int
) -> np.ndarray:
    """What plans (rows of 0 and 1, honest afterwards) are worth, period by period.

    ``ways``: loss, gain, own detection. Alarms of the periods before the plan are not
    pending (the agreement begins with it).
    """
    loss, g, d = ways
    horizon = 300
    done = np.zeros((len(plans), horizon))
    done[:, : plans.shape[1]] = plans
    raised = 1 - (1 - false) * (1 - d * done)
    lives = np.ones((len(plans), horizon))
    lives[:, lag:] = np.cumprod(1 - raised[:, :-lag], axis=1)
    return (lives * (loss + g * done)) @ delta ** np.arange(horizon)


ALL_PLANS = np.array(list(itertools.product((0, 1), repeat=12)))


@pytest.mark.parametrize("lag", [1, 2, 3, 5])
@pytest.mark.parametrize(("delta", "d"), [(0.9, 0.5), (0.7, 0.9), (0.8, 0.2)])
def test_all_plans_over_twelve_periods(delta: float, d: float, lag: int) -> None:
    bound = largest_gain(delta, d, lag)
    for factor in (0.5, 0.999, 1.5):
        values = plan_values(ALL_PLANS, (1, factor * bound, d), delta, 0, lag)
        honest = values[0]
        assert (values.max() > honest + 1e-9) == (factor > 1)


def test_the_first_day_is_too_lenient_under_false_alarms() -> None:
    """Judged before anything can be pending, a violation may seem not to pay and yet pay."""
    delta, false, d, lag, loss = 0.9, 0.1, 0.4, 4, 1.0
    raised = alarm(d, false)
    under_way = largest_gain(delta, raised, lag, false)
    cheating, honest = found(delta, raised, lag), found(delta, false, lag)
    first_day = float((cheating - honest) / (1 - cheating))
    assert first_day > 1.15 * under_way
    g = (first_day + under_way) / 2
    # In every period of the first twelve at once the violation does lose …
    always = np.ones((1, 300))
    never = np.zeros((1, 300))
    worth = plan_values(np.vstack([always, never]), (loss, g, d), delta, false, lag)
    assert worth[0] < worth[1]
    # … but who waits until results are pending gains, also seen from the first day,
    waiting = np.ones((1, 300))
    waiting[:, : lag - 1] = 0
    assert plan_values(waiting, (loss, g, d), delta, false, lag)[0] > worth[1]
    # as the decision process of an agreement under way says; and it says no more than that.
    best, comply = best_plan([(0, 0), (g, d)], loss, delta, false, lag)
    assert best > comply
    best, comply = best_plan([(0, 0), (under_way * 0.9999, d)], loss, delta, false, lag)
    assert best == pytest.approx(comply, rel=1e-9)


@given(hundredths, factors, false_alarms)
def test_no_extra_delay_is_the_plain_stake(d: float, delta: float, false: float) -> None:
    answer = largest_gain(delta, alarm(d, false), 1, false)
    assert answer == pytest.approx(stake(1, 0, delta, false) * d, rel=1e-9, abs=1e-12)
    # Honesty is worth what it is worth, whatever the lag.
    for lag in (1, 4):
        theta = float(found(delta, false, lag, false))
        average = average_value(5, 2, delta, false)
        assert (1 - theta) * 5 + theta * 2 == pytest.approx(average, rel=1e-12)


@given(hundredths, factors, false_alarms, st.integers(1, 5))
def test_found_is_an_expectation(d: float, delta: float, false: float, lag: int) -> None:
    """The discount on the day of each possible first alarm, summed."""
    raised = decimal(false) + (1 - decimal(false)) * decimal(d)
    total, unseen, horizon = 0.0, 1.0, 1200
    for day in range(1, horizon):
        chance = float(decimal(false) if day < lag else raised)
        total += unseen * chance * delta**day
        unseen *= 1 - chance
    answer = found(delta, float(raised), lag, false)
    assert float(answer) == pytest.approx(total, rel=1e-9, abs=1e-15)


def test_found_broadcasts() -> None:
    delta, raised, lag = np.array([0.5, 0.9]), np.array([[0.2], [1.0], [0.0]]), np.array([1, 3])
    many = found(delta, raised, lag, 0.1)
    assert many.shape == (3, 2)
    for i, j in itertools.product(range(3), range(2)):
        assert many[i, j] == found(delta[j], raised[i, 0], lag[j], 0.1)
    assert (found(0.9, 0, [1, 5]) == 0).all()
    assert float(found(0.0, 1.0, 1)) == 0
    assert largest_gain(0.9, 1, 2, 1) == 0  # an alarm in every period says nothing


def ways_of(violations: list[tuple[float, float]]) -> list[tuple[float, float]]:
    return [
        (sum(violations[k][0] for k in s), 1 - math.prod(1 - violations[k][1] for k in s))
        for size in range(len(violations) + 1)
        for s in itertools.combinations(range(len(violations)), size)
    ]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(gains, hundredths), min_size=1, max_size=2),
    factors,
    false_alarms,
    st.integers(1, 3),
)
def test_the_lagged_stake_is_safe_and_for_one_violation_exact(
    violations: list[tuple[float, float]], delta: float, false: float, lag: int
) -> None:
    loss = 20.0
    tempting, own = map(list, zip(*violations, strict=True))
    lost = lagged_stake(loss, 0, delta, false, lag=lag, gains=tempting)
    left = margin(tempting, own, lost)[0]
    assume(abs(left) > 1e-6)
    best, honest = best_plan(ways_of(violations), loss, delta, false, lag)
    if left > 0:
        assert best <= honest * (1 + 1e-9)
    elif len(violations) == 1 or lag == 1:
        assert best > honest


@given(
    st.lists(st.tuples(gains, st.integers(1, 100).map(lambda n: n / 100)), min_size=1, max_size=3),
    factors,
    false_alarms,
    st.integers(1, 6),
)
def test_the_lagged_stake_is_exact_for_all_violations_together(
    violations: list[tuple[float, float]], delta: float, false: float, lag: int
) -> None:
    loss = 20.0
    together, d = ways_of(violations)[-1]
    most = largest_gain(delta, alarm(d, false), lag, false) * loss
    tempting = [g * most / together for g, _ in violations]
    lost = lagged_stake(loss, 0, delta, false, lag=lag, gains=tempting)
    assert lost * d == pytest.approx(most, rel=1e-6, abs=1e-12)
    # What brings nothing does not make it worse.
    assert lagged_stake(loss, 0, delta, false, lag=lag, gains=[*tempting, -5]) == lost


def test_cheating_until_found_set_by_set_is_not_enough() -> None:
    """The best plan may begin with the violation that is hard to see and go on to both."""
    delta, lag = 0.87, 3
    violations = [(0.75, 0.2), (0.96, 0.82)]
    ways = ways_of(violations)
    assert all(g < largest_gain(delta, d, lag) for g, d in ways[1:])
    best, honest = best_plan(ways, 1, delta, 0, lag)
    assert best > honest * 1.02
    lost = lagged_stake(1, 0, delta, 0, lag=lag, gains=[g for g, _ in violations])
    assert margin(*zip(*violations, strict=True), lost)[0] < 0


# ------------------------------------------------------------------ breakout


@pytest.mark.parametrize("case", REFERENCE["breakout"])
def test_breakouts(case: dict[str, Any]) -> None:
    c, p, delta, false, d = (case[x] for x in ("c", "p", "delta", "F", "d"))
    terms = {
        "takes": case["tau"],
        "flow": case["flow"],
        "prize": case["prize_flow"] / (1 - delta),
    }
    honest = average_value(c, p, delta, false) / (1 - delta)
    assert honest == pytest.approx(case["V_comply"], rel=1e-12)
    value = breakout_value(c, p, delta, alarm(d, false), **terms)
    assert value == pytest.approx(case["U_breakout"], rel=1e-12)
    needed = critical_breakout_detection(c, p, delta, false, **terms)
    assert needed == pytest.approx(case["d_star"], rel=1e-9, abs=1e-12)
    assert (d >= needed) == case["deterred"]


@pytest.mark.parametrize("case", REFERENCE["timely"])
def test_timely_detection(case: dict[str, Any]) -> None:
    times = (case["t_breakout"], case["t_response"], case["interval"])
    assert useful_inspections(*times) == case["n_useful"]
    assert timely_detection(*times, case["d"]) == pytest.approx(case["p_timely"], rel=1e-12)


def dash_by_definition(
    values: tuple[float, float, float], delta: float, raised: float, timing: tuple[int, int, float]
) -> Fraction:
    """Every pattern of alarms in turn, the pending ones of before included."""
    flow, after, prize = map(decimal, values)
    takes, lag, false = timing
    discount = decimal(delta)
    days = range(-lag, takes)
    total = Fraction(0)
    for pattern in itertools.product((False, True), repeat=len(days)):
        chance, stopped = Fraction(1), takes + 1
        for day, rings in zip(days, pattern, strict=True):
            likely = decimal(false if day < 0 else raised)
            chance *= likely if rings else 1 - likely
            if rings:
                stopped = min(stopped, day + 1 + lag)
        done = stopped > takes
        end = discount ** (takes if done else stopped)
        total += chance * ((1 - end) * flow + end * (after + (prize if done else 0)))
    return total


values = st.integers(-500, 500).map(lambda n: n / 10)


@pytest.mark.parametrize("false", [0.0, 0.1, 1.0])
@settings(deadline=None, max_examples=20)
@given(
    worth=st.tuples(values, values, values),
    delta=st.integers(0, 99).map(lambda n: n / 100),
    raised=hundredths,
)
def test_dash_by_definition(
    *, worth: tuple[float, float, float], delta: float, raised: float, false: float
) -> None:
    for takes, lag in [(1, 0), (3, 0), (5, 0), (1, 1), (4, 1), (1, 3), (2, 3), (3, 3), (4, 3)]:
        expected = dash_by_definition(worth, delta, raised, (takes, lag, false))
        answer = float(dash(*worth, delta, raised, takes, lag, false))
        assert answer == pytest.approx(float(expected), rel=1e-11, abs=1e-10)


@given(st.tuples(values, values, values), factors, hundredths, st.integers(1, 8))
def test_dash_without_a_lag_is_the_reference_form(
    worth: tuple[float, float, float], delta: float, raised: float, takes: int
) -> None:
    flow, after, prize = worth
    q = delta * (1 - raised)
    geometric = (1 - q**takes) / (1 - q)
    expected = geometric * ((1 - delta) * flow + delta * raised * after)
    expected += q**takes * (after + prize)
    assert float(dash(*worth, delta, raised, takes)) == pytest.approx(expected, abs=1e-9)
    # … and in discounted sums, one period after the other.
    won = Fraction(str(prize))
    caught = decimal(after) / (1 - decimal(delta))
    for _ in range(takes):
        going_on = decimal(raised) * caught + (1 - decimal(raised)) * won
        won = decimal(flow) + decimal(delta) * going_on
    answer = breakout_value(0, after, delta, raised, takes=takes, flow=flow, prize=prize)
    assert answer == pytest.approx(float(won), rel=1e-9, abs=1e-8)


def test_dash_broadcasts() -> None:
    flow, after = np.array([10.0, 9.0, 8.0]), np.array([[4.0], [2.0]])
    raised, takes, lag = np.array([0.1, 0.5, 1.0]), np.array([1, 6, 3]), np.array([[0], [4]])
    many = dash(flow, after, 25, 0.9, raised, takes, lag)
    assert many.shape == (2, 3)
    for i, j in itertools.product(range(2), range(3)):
        one = dash(flow[j], after[i, 0], 25, 0.9, raised[j], int(takes[j]), int(lag[i, 0]))
        assert many[i, j] == pytest.approx(float(one), rel=1e-14)


@settings(max_examples=200)
@given(
    comply=st.integers(0, 100).map(lambda n: n / 10),
    loss=st.integers(0, 100).map(lambda n: n / 10),
    flow=st.integers(-300, 60).map(lambda n: n / 10),
    bonus=st.integers(0, 500).map(float),
    delta=factors,
    false=false_alarms,
    takes=st.integers(1, 12),
)
def test_critical_detection_of_a_breakout(
    *,
    comply: float,
    loss: float,
    flow: float,
    bonus: float,
    delta: float,
    false: float,
    takes: int,
) -> None:
    punished = comply - loss
    terms = {"takes": takes, "flow": flow, "prize": punished / (1 - delta) + bonus}
    honest = average_value(comply, punished, delta, false) / (1 - delta)
    room = 1e-9 * (1 + abs(honest) + bonus)

    def pays(d: float) -> float:
        value = breakout_value(comply, punished, delta, alarm(d, false), **terms)
        return value - honest

    needed = critical_breakout_detection(comply, punished, delta, false, **terms)
    for d in np.linspace(0, 1, 21):
        if needed is None or d < needed - 1e-9:
            assert pays(d) > -room
        elif d >= needed:
            assert pays(d) < room
    if needed is None:
        assert pays(1) > 0
    elif needed > 0:
        assert pays(0) > 0


def test_critical_rate_in_continuous_time() -> None:
    rate = critical_detection_rate(2, 5, 0.1, 0.02)
    assert rate is not None
    # The limit of short periods: flows per unit of time, alarms with small probability.
    short = 1e-6
    false, delta = 0.02 * short, math.exp(-0.1 * short)
    lost = stake(5 * short, 0, delta, false)
    assert 2 * short / lost / short == pytest.approx(rate, rel=1e-5)
    assert critical_detection_rate(0, 5, 0.1, 0) == critical_detection_rate(-1, 0, 0, 0) == 0
    assert critical_detection_rate(1, 0, 0.1, 0) is None


def test_useful_inspections_count_as_written() -> None:
    assert useful_inspections(0.7, 0.1, 0.2) == 3
    assert useful_inspections(0.7, 0.1, 0.2001) == 2
    assert useful_inspections(1, 2, 0.1) == 0
    assert useful_inspections(0, 0, 1) == 0
    assert timely_detection(1, 2, 0.1, 1) == 0
    assert timely_detection(2, 1, 1, 1) == 1


LASTING = {"takes": 2, "flow": 0, "prize": 50}
WRONG = [
    (lambda: found(1, 0.5, 1), "the discount factor lies in [0, 1); one is 1"),
    (lambda: found(0.5, 1.5, 1), "the alarm probability is between 0 and 1; one is 1.5"),
    (lambda: found(0.5, 0.5, 0), "the lag is at least 1; one is 0"),
    (lambda: found(0.5, 0.5, 1.5), "the lag is a whole number; this is 1.5"),
    (lambda: found(0.5, 0.5, True), "the lag is a whole number"),
    (lambda: found(0.5, math.nan, 1), "the alarm probability is a finite number; one is nan"),
    (lambda: found(0.5, 0.5, 1, -1), "the false-alarm probability is between 0 and 1"),
    (lambda: found([True], 0.5, 1), "the discount factor is a number"),
    (lambda: largest_gain(1, 0.5, 1), "the discount factor lies in [0, 1)"),
    (lambda: largest_gain(0.5, 0.1, 1, 0.2), "at least the false-alarm probability 0.2"),
    (lambda: largest_gain(0.5, 0.5, 0), "the lag is at least 1; this is 0"),
    (lambda: lagged_stake(1, 0, 1, 0, lag=1, gains=[1]), "the discount factor lies in [0, 1)"),
    (lambda: lagged_stake(1, 0, 0.5, 2, lag=1, gains=[1]), "the false-alarm probability is"),
    (lambda: lagged_stake(1, 0, 0.5, 0, lag=0, gains=[1]), "the lag is at least 1"),
    (lambda: lagged_stake(1, 0, 0.5, 0, lag=1, gains=[math.inf]), "the gain is a finite number"),
    (lambda: lagged_stake(1, 0, 0.5, 0, lag=1, gains=[]), "there is at least one violation"),
    (lambda: dash(1, 0, 5, 1, 0.5, 1), "the discount factor lies in [0, 1); one is 1"),
    (lambda: dash(1, 0, 5, 0.5, -0.5, 1), "the alarm probability is between 0 and 1"),
    (lambda: dash(1, 0, 5, 0.5, 0.5, 0), "the number of periods of a breakout is at least 1"),
    (lambda: dash(1, 0, 5, 0.5, 0.5, 2.5), "the number of periods of a breakout is a whole"),
    (lambda: dash(1, 0, 5, 0.5, 0.5, 1, -1), "the lag is at least 0; one is -1"),
    (lambda: dash(1, 0, 5, 0.5, 0.5, 1, 0, 2), "the false-alarm probability is between"),
    (lambda: dash(math.inf, 0, 5, 0.5, 0.5, 1), "the value during the dash is a finite number"),
    (lambda: dash(1, math.nan, 5, 0.5, 0.5, 1), "the value when found is a finite number"),
    (lambda: dash(1, 0, math.nan, 0.5, 0.5, 1), "the prize is a finite number"),
    (lambda: breakout_value(1, 0, 1, 0.5, **LASTING), "the discount factor lies in [0, 1)"),
    (lambda: breakout_value(math.nan, 0, 0.5, 0.5, **LASTING), "the value of complying"),
    (lambda: breakout_value(1, 0, 0.5, 1.5, **LASTING), "the alarm probability is between"),
    (
        lambda: breakout_value(1, 0, 0.5, 0.5, takes=0, flow=0, prize=1),
        "the number of periods of a breakout is at least 1; this is 0",
    ),
    (
        lambda: critical_breakout_detection(1, 2, 0.5, 0, **LASTING),
        "the value punished is at most that of complying, 1; this is 2",
    ),
    (
        lambda: critical_breakout_detection(4, 2, 0.5, 0, takes=2, flow=0, prize=3),
        "the prize is worth at least punishment for ever, 4; this is 3",
    ),
    (
        lambda: critical_breakout_detection(4, 2, 0.5, 0, takes=2, flow=math.inf, prize=9),
        "the flow is a finite number",
    ),
    (lambda: critical_breakout_detection(4, 2, 1, 0, **LASTING), "the discount factor lies in"),
    (lambda: critical_breakout_detection(4, 2, 0.5, 2, **LASTING), "the false-alarm probability"),
    (lambda: critical_detection_rate(1, 1, -1, 0), "the interest rate is not below 0"),
    (lambda: critical_detection_rate(1, 1, 1, -1), "the false-alarm rate is not below 0"),
    (lambda: critical_detection_rate(math.nan, 1, 1, 1), "the gain is a finite number"),
    (lambda: critical_detection_rate(1, math.inf, 1, 1), "the loss is a finite number"),
    (lambda: useful_inspections(1, 0, 0), "the interval is above 0; this is 0"),
    (lambda: useful_inspections(-1, 0, 1), "the breakout time is not below 0"),
    (lambda: useful_inspections(1, -1, 1), "the response time is not below 0"),
    (lambda: timely_detection(1, 0, 1, 1.1), "the detection probability is between 0 and 1"),
    (lambda: timely_detection(1, 0, math.nan, 1), "the interval is a finite number"),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_outside_the_domain(number: int) -> None:
    call, message = WRONG[number]
    with pytest.raises(ValueError) as caught:
        call()
    assert message in str(caught.value)
