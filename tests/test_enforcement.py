"""Self-enforcement of one state, against reference values, rationals and decision processes."""

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

from detente.verification.formulas.attribution import attributable
from detente.verification.formulas.critical import (
    critical_detection,
    critical_discount,
    critical_false_alarm,
    shortest_punishment,
    threshold,
)
from detente.verification.formulas.enforcement import (
    annuity,
    average_value,
    discount_with_hazard,
    least_value_loss,
    necessary_margin,
    own_detection,
    share_of_time,
    stake,
)
from detente.verification.formulas.joint import margin

FILE = Path(__file__).parent / "data" / "verify" / "self_enforcement.json"
REFERENCE: dict[str, Any] = json.loads(FILE.read_text())

hundredths = st.integers(0, 100).map(lambda n: n / 100)
factors = st.integers(1, 98).map(lambda n: n / 100)
gains = st.integers(1, 300).map(lambda n: n / 100)
losses = st.integers(1, 500).map(lambda n: n / 100)
lengths = st.none() | st.integers(1, 6)


def decimal(number: float) -> Fraction:
    return Fraction(str(number))


def alarm(detection: float, false_alarm: float) -> float:
    return 1 - (1 - false_alarm) * (1 - detection)


# ------------------------------------------------------------------ reference values


@pytest.mark.parametrize("case", REFERENCE["single"])
def test_single_violations(case: dict[str, Any]) -> None:
    g, loss, false, found, delta, length = (case[x] for x in ("g", "L", "F", "D", "delta", "T"))
    assert annuity(delta, length) == pytest.approx(case["A"], rel=1e-12)
    lost = stake(loss, 0, delta, false, length)
    assert lost * own_detection(found, false) - g == pytest.approx(case["margin"], abs=1e-9)
    d = critical_detection(g, lost)
    assert d is not None
    assert alarm(d, false) == pytest.approx(case["D_star"], rel=1e-9)
    for periods, name in ((None, "delta_star_grim"), (length, "delta_star_T")):
        if name == "delta_star_T" and length is None:
            continue
        if case[name] is None:
            assert critical_discount(g, loss, found, false, periods) is None
        else:
            answer = critical_discount(g, loss, found, false, periods)
            assert answer == pytest.approx(case[name], rel=1e-12)
    assert shortest_punishment(g, loss, found, false, delta) == case["T_min"]


@pytest.mark.parametrize("case", REFERENCE["multi_violation"])
def test_stakes_values_and_margins(case: dict[str, Any]) -> None:
    terms = (case["c"], case["p"], case["delta"], case["F"], case["T"])
    lost = stake(*terms)
    assert lost == pytest.approx(case["K"], rel=1e-12)
    assert average_value(*terms) / (1 - case["delta"]) == pytest.approx(case["V"], rel=1e-12)
    worst, members = margin(case["g"], case["d"], lost)
    assert worst == pytest.approx(case["worst_margin"], rel=1e-12)
    assert list(members) == case["worst_set"]
    assert (worst >= 0) == case["sustainable"]
    for g, d, alone, critical in zip(
        case["g"], case["d"], case["single_margins"], case["d_star"], strict=True
    ):
        assert margin([g], [d], lost) == (pytest.approx(alone, abs=1e-12), (0,))
        assert critical_detection(g, lost) == pytest.approx(critical, rel=1e-12)


@pytest.mark.parametrize("case", REFERENCE["F_star"])
def test_largest_tolerable_false_alarm_probability(case: dict[str, Any]) -> None:
    answer = critical_false_alarm(case["g"], case["L"], case["d"], case["delta"])
    assert answer == pytest.approx(case["F_star"], rel=1e-12)


@pytest.mark.parametrize("case", REFERENCE["amp_bound"])
def test_least_cost_of_false_alarms(case: dict[str, Any]) -> None:
    c, p, g, false, found, delta = (case[x] for x in ("c", "p", "g", "F", "D", "delta"))
    loss = least_value_loss(g, found, false)
    assert loss is not None
    bound = c - loss
    assert bound == pytest.approx(case["avg_value_bound"], rel=1e-12)
    shortest = shortest_punishment(g, c - p, found, false, delta)
    assert shortest == case["T_min_integer"]
    # A punishment of just the needed weight attains the bound; whole periods fall short of it.
    weight = case["phi_min"]
    attained = p + (c - p) * (1 - delta) / (1 - delta + delta * false * weight)
    assert attained == pytest.approx(bound, rel=1e-12)
    assert share_of_time(delta, shortest) >= weight > share_of_time(delta, shortest - 1)
    whole = average_value(c, p, delta, false, shortest)
    assert average_value(c, p, delta, false) < whole <= bound + 1e-12


@pytest.mark.parametrize("game", REFERENCE["multiparty_attributable"])
def test_attributable_alarms(game: dict[str, Any]) -> None:
    parties = game["parties"]
    columns = {x: [party[x] for party in parties] for x in ("c", "p", "delta", "f", "T")}
    answer = attributable(*(columns[x] for x in ("c", "p", "delta", "f", "T")))
    for i, expected in enumerate(game["result"]):
        assert answer.values[i] == pytest.approx(expected["V"], rel=1e-12)
        assert answer.averages[i] == pytest.approx(expected["avg"], rel=1e-12)
        assert answer.stakes[i] == pytest.approx(expected["K"], rel=1e-12)
        worst, members = margin(parties[i]["g"], parties[i]["d"], answer.stakes[i])
        assert worst == pytest.approx(expected["worst_margin"], rel=1e-9)
        assert list(members) == expected["worst_set"]


# ------------------------------------------------------------------ decision processes


def best_reply(
    rewards: list[float], moves: list[np.ndarray], discount: float
) -> tuple[np.ndarray, np.ndarray]:
    """Optimal values and those of action 0, by policy iteration; choices in state 0 only."""
    size = len(moves[0])
    passive = np.array(rewards[len(moves) :])

    def values(action: int) -> np.ndarray:
        flow = np.concatenate([[rewards[action]], passive])
        return np.linalg.solve(np.eye(size) - discount * moves[action], flow)

    action = 0
    while True:
        value = values(action)
        scores = [rewards[a] + discount * moves[a][0] @ value for a in range(len(moves))]
        if max(scores) <= scores[action] + 1e-11:
            return value, values(0)
        action = int(np.argmax(scores))


violation = st.tuples(gains, hundredths)


@settings(deadline=None)
@given(
    st.lists(violation, min_size=1, max_size=3),
    losses,
    factors,
    st.integers(0, 60).map(lambda n: n / 100),
    lengths,
)
def test_margin_against_a_decision_process(
    violations: list[tuple[float, float]],
    loss: float,
    delta: float,
    false: float,
    length: int | None,
) -> None:
    punished = 1.5
    spell = length or 1
    sets = [
        chosen
        for size in range(len(violations) + 1)
        for chosen in itertools.combinations(range(len(violations)), size)
    ]
    rewards, moves = [], []
    for chosen in sets:
        rewards.append(punished + loss + sum(violations[k][0] for k in chosen))
        raised = 1 - (1 - false) * math.prod(1 - violations[k][1] for k in chosen)
        move = np.zeros((spell + 1, spell + 1))
        move[0, :2] = 1 - raised, raised
        for state in range(1, spell + 1):
            move[state, state if length is None else (state + 1) % (spell + 1)] = 1
        moves.append(move)
    rewards += [punished] * spell
    best, honest = best_reply(rewards, moves, delta)

    lost = stake(punished + loss, punished, delta, false, length)
    average = average_value(punished + loss, punished, delta, false, length)
    assert average == pytest.approx((1 - delta) * honest[0], rel=1e-9)
    worst, members = margin(*zip(*violations, strict=True), lost)
    departures = {
        chosen: honest[0] - rewards[i] - delta * moves[i][0] @ honest
        for i, chosen in enumerate(sets)
        if chosen
    }
    # The margin is exactly what the first departure from honesty loses.
    assert worst == pytest.approx(min(departures.values()), abs=1e-7)
    assert departures[members] == pytest.approx(worst, abs=1e-7)
    assume(abs(worst) > 1e-6)
    assert (best[0] > honest[0] + 1e-9) == (worst < 0)


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_attribution_against_a_decision_process(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 3))
    comply = [data.draw(losses) for _ in range(size)]
    phase = [[data.draw(losses) - 2 for _ in range(size)] for _ in range(size)]
    discount = [data.draw(factors) for _ in range(size)]
    false = [data.draw(st.integers(0, 30)) / 100 for _ in range(size)]
    periods = [data.draw(st.sampled_from([None, 1, 2])) for _ in range(size)]
    i = data.draw(st.integers(0, size - 1))
    g, d = data.draw(violation)
    answer = attributable(comply, phase, discount, false, periods)

    states = [(j, t) for j in range(size) for t in range(periods[j] or 1)]
    place = {state: n + 1 for n, state in enumerate(states)}
    rewards, moves = [comply[i], comply[i] + g], []
    rewards += [phase[i][j] for j, _ in states]
    for found in (0.0, d):
        move = np.zeros((len(states) + 1, len(states) + 1))
        for j in range(size):
            move[0, place[j, 0]] += false[j]
        move[0, place[i, 0]] += (1 - sum(false)) * found
        move[0, 0] = 1 - move[0].sum()
        for (j, t), n in place.items():
            after = place.get((j, t + 1), 0)
            move[n, n if periods[j] is None else after] = 1
        moves.append(move)
    best, honest = best_reply(rewards, moves, discount[i])
    assert answer.values[i] == pytest.approx(honest[0], rel=1e-9, abs=1e-9)
    assert answer.averages[i] == pytest.approx((1 - discount[i]) * honest[0], abs=1e-9)
    left = answer.stakes[i] * d - g
    cheated = honest[0] - rewards[1] - discount[i] * moves[1][0] @ honest
    assert left == pytest.approx(cheated, abs=1e-8)
    assume(abs(left) > 1e-6)
    assert (best[0] > honest[0] + 1e-9) == (left < 0)


@given(losses, losses, factors, hundredths, lengths)
def test_one_party_has_the_plain_stake(
    comply: float, punished: float, delta: float, false: float, length: int | None
) -> None:
    answer = attributable([comply], [[punished]], [delta], [false], [length])
    terms = (comply, punished, delta, false, length)
    assert answer.stakes[0] == pytest.approx(stake(*terms), abs=1e-9)
    assert answer.averages[0] == pytest.approx(average_value(*terms), abs=1e-9)


# ------------------------------------------------------------------ flip points


def deters(numbers: list[Fraction], length: int) -> bool:
    """Whether no departure pays (F3), with the annuity as a sum."""
    g, loss, found, false, delta = numbers
    worth = sum((delta**t for t in range(1, length + 1)), start=Fraction(0))
    return worth * ((found - false) * loss - false * g) >= g


@given(gains, losses, hundredths, hundredths, factors)
def test_shortest_punishment_is_exact(
    g: float, loss: float, found: float, false: float, delta: float
) -> None:
    found, false = max(found, false), min(found, false)
    numbers = [decimal(x) for x in (g, loss, found, false, delta)]
    answer = shortest_punishment(g, loss, found, false, delta)
    if answer is None:
        limit = numbers[4] / (1 - numbers[4])
        deterrent = (numbers[2] - numbers[3]) * numbers[1] - numbers[3] * numbers[0]
        assert limit * deterrent <= numbers[0]
        assert not deters(numbers, 200)
    else:
        assert answer >= 1
        assert deters(numbers, answer)
        assert not deters(numbers, answer - 1)


@given(st.integers(1, 14), st.integers(1, 9).map(lambda n: n / 10))
def test_shortest_punishment_at_a_tie(length: int, delta: float) -> None:
    needed = sum(decimal(delta) ** t for t in range(1, length + 1))
    g = float(needed)
    assert decimal(g) == needed  # the gain is written without rounding
    assert shortest_punishment(g, 1, 1, 0, delta) == length
    assert shortest_punishment(math.nextafter(g, 9e9), 1, 1, 0, delta) in {length + 1, None}


@pytest.mark.parametrize("delta", [0.9, 0.999, 0.999999])
@pytest.mark.parametrize("left", ["1e-3", "1e-9", "1e-15"])
def test_shortest_punishment_near_its_limit(delta: float, left: str) -> None:
    limit = decimal(delta) / (1 - decimal(delta))
    loss = float(1 / (limit * (1 - Fraction(left))))
    answer = shortest_punishment(1, loss, 1, 0, delta)
    # An independent logarithm, in forty digits of fixed-point arithmetic.
    rest = 1 - (1 - decimal(delta)) / decimal(delta) / decimal(loss)
    if rest <= 0:
        assert answer is None
        return
    assert answer == math.ceil(logarithm(rest) / logarithm(decimal(delta)))


def logarithm(x: Fraction) -> Fraction:
    """Minus the natural logarithm in (0, 1), by its series after taking out powers of two."""
    unit, halves = 10**45, 0
    while x < Fraction(1, 2):
        x, halves = 2 * x, halves + 1

    def series(z: Fraction) -> int:  # artanh: ln((1 + z) / (1 - z)) / 2
        square, term, total, n = z * z, int(z * unit), 0, 1
        while term:
            total, term, n = total + term // n, int(term * square), n + 2
        return 2 * total

    return Fraction(series((1 - x) / (1 + x)) + halves * series(Fraction(1, 3)), unit)


def test_shortest_punishment_in_words() -> None:
    assert shortest_punishment(0, 2, 0.5, 0.1, 0.9) == 0
    assert shortest_punishment(-1, 2, 0.5, 0.1, 0.9) == 0
    assert shortest_punishment(1, 2, 0.5, 0.5, 0.9) is None  # an alarm says nothing
    assert shortest_punishment(1, 2, 0.5, 0, 0) is None  # no tomorrow
    assert shortest_punishment(9, 1, 1, 0, 0.9) is None  # only for ever, and only just
    assert shortest_punishment(8.999, 1, 1, 0, 0.9) == 87


@given(gains, losses, hundredths, hundredths, lengths)
def test_critical_discount_is_where_the_margin_changes_sign(
    g: float, loss: float, found: float, false: float, length: int | None
) -> None:
    found, false = max(found, false), min(found, false)
    answer = critical_discount(g, loss, found, false, length)

    def left(delta: float) -> float:
        return stake(loss, 0, delta, false, length) * own_detection(found, false) - g

    if answer is None:
        deterrent = (decimal(found) - decimal(false)) * decimal(loss) - decimal(false) * decimal(g)
        assert deterrent <= 0 if length is None else length * deterrent <= decimal(g)
        assert left(0.9999) < 1e-9
    else:
        assert 0 < answer < 1
        assert left(answer * (1 - 1e-6)) < 0
        assert left(answer + (1 - answer) * 1e-6) > 0
        assert left(answer) == pytest.approx(0, abs=1e-9 * (1 + g) / (1 - answer))


@given(gains, losses, hundredths, factors, lengths)
def test_critical_false_alarm_is_where_the_margin_changes_sign(
    g: float, loss: float, d: float, delta: float, length: int | None
) -> None:
    answer = critical_false_alarm(g, loss, d, delta, length)

    def left(false: float) -> float:
        return stake(loss, 0, delta, false, length) * d - g

    if answer is None:
        assert left(0) < 0
    else:
        assert 0 <= answer < 1
        assert left(answer) == pytest.approx(0, abs=1e-9 * (1 + g))
        assert left(answer + (1 - answer) * 1e-3) < 0
        if answer > 1e-9:
            assert left(answer * 0.999) > 0


def test_flip_points_where_there_is_nothing_to_gain_or_nothing_to_lose() -> None:
    for g in (0, -2):
        assert critical_detection(g, 5) == 0
        assert critical_detection(g, -5) == 0
        assert critical_discount(g, 2, 0.5, 0.1) == 0
        assert critical_discount(g, 2, 0.5, 0.1, 3) == 0
        assert critical_false_alarm(g, 2, 0.5, 0.9) == 1
        assert least_value_loss(g, 0.5, 0.5) == 0
    assert critical_detection(3, 2) == 1.5
    assert critical_detection(1, 0) is None
    assert critical_detection(1, -2) is None
    assert critical_discount(1, 0, 0.5, 0.1) is None
    assert critical_discount(1, -2, 0.5, 0.1) is None
    assert critical_discount(1, 2, 1, 0, 0) is None
    assert critical_discount(0.3, 0.1, 1, 0, 3) is None  # 0.1 + 0.1 + 0.1, at no discount
    assert critical_discount(0.2999, 0.1, 1, 0, 3) == pytest.approx(1, abs=1e-3)
    assert critical_discount(1, 1e-300, 1, 0) is None  # closer to 1 than a float
    assert critical_false_alarm(1, 2, 0.5, 0) is None
    assert critical_false_alarm(1, 0, 0.5, 0.9) is None
    assert critical_false_alarm(-1, -2, 0.5, 0.9) is None  # being found is the prize
    assert critical_false_alarm(-1, -2, 0.1, 0.5) == 1
    assert critical_false_alarm(1.9, 1, 0.1, 0.95) == 0  # a tie, though not in floats
    assert least_value_loss(1, 0.2, 0.2) is None
    assert least_value_loss(1, 0.2, 0) == 0


def test_threshold_is_the_last_float() -> None:
    assert threshold(lambda x: x >= 0.3, 0.0, 1.0) == 0.3
    assert threshold(lambda x: x > 0, 0.0, 1.0) == 5e-324


# ------------------------------------------------------------------ other definitions


@given(factors, st.integers(0, 30))
def test_annuity_is_a_sum(delta: float, length: int) -> None:
    powers = [decimal(delta) ** t for t in range(1, length + 1)]
    assert annuity(delta, length) == pytest.approx(float(sum(powers)), rel=1e-13)
    weight = 1 - decimal(delta) ** length
    assert share_of_time(delta, length) == pytest.approx(float(weight), rel=1e-13)


def test_annuity_at_its_ends() -> None:
    assert annuity(0) == annuity(0, 5) == annuity(0.5, 0) == share_of_time(0, 0) == 0
    assert share_of_time(0, 1) == share_of_time(0.9) == 1
    assert annuity(0.9, 10**400) == annuity(0.9)
    almost = 1 - 2**-53
    assert annuity(almost, 3) == pytest.approx(3, rel=1e-14)
    assert stake(3, 5, 0.5, 0) == -2
    assert stake(5, 3, 0.5, 1) == 0


@given(
    comply=losses,
    loss=losses,
    delta=factors,
    false=hundredths,
    length=lengths,
    g=gains,
    d=hundredths,
)
def test_monotone(
    *,
    comply: float,
    loss: float,
    delta: float,
    false: float,
    length: int | None,
    g: float,
    d: float,
) -> None:
    def left(**changed: Any) -> float:
        terms = {"loss": loss, "delta": delta, "false": false, "length": length, "g": g, "d": d}
        terms |= changed
        lost = stake(
            comply, comply - terms["loss"], terms["delta"], terms["false"], terms["length"]
        )
        return margin([terms["g"], 0.5], [terms["d"], 0.3], lost)[0]

    here, room = left(), 1e-9
    assert left(d=min(1, d + 0.1)) >= here - room
    assert left(loss=loss + 1) >= here - room
    assert left(delta=delta + (1 - delta) / 2) >= here - room
    assert left(length=None if length is None else length + 1) >= here - room
    assert left(false=false + (1 - false) / 2) <= here + room
    assert left(g=g + 0.1) <= here + room


@given(g=gains, loss=losses, delta=factors, found=hundredths, false=hundredths, length=lengths)
def test_what_a_given_punishment_deters_some_punishment_deters(
    *, g: float, loss: float, delta: float, found: float, false: float, length: int | None
) -> None:
    found, false = max(found, false), min(found, false)
    lost = stake(loss, 0, delta, false, length)
    enough = lost * own_detection(found, false) - g
    assert necessary_margin(g, found, false, loss, 0, delta) >= enough - 1e-9 * (1 + abs(lost))
    assert necessary_margin(g, found, false, loss, 0, delta) == pytest.approx(
        float(
            decimal(delta)
            * (decimal(found) - decimal(false))
            * decimal(loss)
            / (1 - decimal(delta))
            - decimal(g)
        ),
        abs=1e-9,
    )


def test_discount_with_hazard() -> None:
    assert discount_with_hazard(0, 1, 0) == 1
    assert discount_with_hazard(0.05, 2, 0.1) == pytest.approx(0.9 * math.exp(-0.1), rel=1e-15)
    assert discount_with_hazard(1, 1, 1) == 0


def test_own_detection_undoes_the_total() -> None:
    assert own_detection(alarm(0.3, 0.2), 0.2) == pytest.approx(0.3, rel=1e-14)
    assert own_detection(1, 1) == 0
    assert own_detection(0.3 - 1e-16, 0.3) == 0


# ------------------------------------------------------------------ outside the domain

WRONG = [
    (lambda: annuity(1), "the discount factor lies in [0, 1); this is 1"),
    (lambda: annuity(-0.1), "the discount factor lies in [0, 1); this is -0.1"),
    (lambda: annuity(math.nan), "the discount factor is a finite number"),
    (lambda: annuity(0.5, -1), "the number of periods is at least 0; this is -1"),
    (lambda: annuity(0.5, 1.5), "the number of periods is a whole number"),  # type: ignore[arg-type]
    (lambda: annuity(0.5, True), "the number of periods is a whole number"),
    (lambda: annuity("0.5x"), "the discount factor is a number"),  # type: ignore[arg-type]
    (lambda: stake(math.inf, 0, 0.5, 0), "the value of complying is a finite number"),
    (lambda: stake(1, math.nan, 0.5, 0), "the value punished is a finite number"),
    (lambda: stake(1, 0, 0.5, 1.2), "the false-alarm probability is between 0 and 1; this is 1.2"),
    (lambda: stake(1, 0, 0.5, True), "the false-alarm probability is a finite number"),
    (lambda: average_value(1, 0, 0.5, -0.2), "the false-alarm probability is between 0 and 1"),
    (lambda: own_detection(1.1, 0), "the alarm probability is between 0 and 1; this is 1.1"),
    (lambda: own_detection(0.1, 0.2), "at least the false-alarm probability 0.2; this is 0.1"),
    (lambda: critical_detection(math.nan, 1), "the gain is a finite number"),
    (lambda: critical_detection(1, math.inf), "the stake is a finite number"),
    (lambda: critical_discount(1, math.nan, 0.5, 0), "the loss is a finite number"),
    (lambda: critical_discount(math.inf, 1, 0.5, 0), "the gain is a finite number"),
    (lambda: critical_discount(1, 1, 0.1, 0.5), "at least the false-alarm probability 0.5"),
    (lambda: critical_discount(1, 1, 2, 0.5), "the alarm probability is between 0 and 1"),
    (lambda: critical_discount(1, 1, 0.5, 0, -2), "the number of periods is at least 0"),
    (lambda: critical_discount(0, 1, 0.5, 0, -2), "the number of periods is at least 0"),
    (lambda: shortest_punishment(1, 1, 0.5, 0, 1), "the discount factor lies in [0, 1)"),
    (lambda: shortest_punishment(0, 1, 0.5, 0, 1), "the discount factor lies in [0, 1)"),
    (lambda: shortest_punishment(1, 1, 0.5, 0.6, 0.5), "at least the false-alarm probability"),
    (lambda: critical_false_alarm(1, 1, 1.5, 0.5), "the detection probability is between 0 and 1"),
    (lambda: critical_false_alarm(1, 1, 0.5, 1), "the discount factor lies in [0, 1)"),
    (lambda: critical_false_alarm(1, math.nan, 0.5, 0.5), "the loss is a finite number"),
    (lambda: least_value_loss(1, 0.1, 0.5), "at least the false-alarm probability"),
    (lambda: least_value_loss(math.nan, 0.5, 0.1), "the gain is a finite number"),
    (lambda: necessary_margin(1, 0.5, 0, 1, 2, 0.5), "at most the best one, 1; this is 2"),
    (lambda: necessary_margin(1, 0.1, 0.2, 2, 1, 0.5), "at least the false-alarm probability"),
    (lambda: necessary_margin(1, 0.5, 0, 2, 1, 1), "the discount factor lies in [0, 1)"),
    (lambda: discount_with_hazard(-1, 1, 0), "the discount rate is not below 0; this is -1"),
    (lambda: discount_with_hazard(1, -1, 0), "the length of a period is not below 0"),
    (lambda: discount_with_hazard(1, 1, 2), "the hazard is between 0 and 1"),
    (lambda: attributable([], [], [], [], []), "there is at least one party"),
    (lambda: attributable([1], [[0, 1]], [0.5], [0], [1]), "the parties are 1"),
    (lambda: attributable([1, 2], [[0]], [0.5], [0], [1]), "the parties are 1"),
    (lambda: attributable([1], [[0]], [1.0], [0], [1]), "the discount factor lies in [0, 1)"),
    (lambda: attributable([1], [[0]], [0.5], [2], [1]), "the false-alarm probability is between"),
    (lambda: attributable([1], [[0]], [0.5], [0], [-1]), "the number of periods is at least 0"),
    (lambda: attributable([math.nan], [[0]], [0.5], [0], [1]), "the value of complying is a"),
    (lambda: attributable([True], [[0]], [0.5], [0], [1]), "the value of complying is a"),
    (
        lambda: attributable([1, 1], [[0, 0], [0, 0]], [0.5] * 2, [0.6, 0.5], [1, 1]),
        "the false-alarm probabilities are together at most 1; these are 1.1",
    ),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_outside_the_domain(number: int) -> None:
    call, message = WRONG[number]
    with pytest.raises(ValueError) as caught:
        call()
    assert message in str(caught.value)
