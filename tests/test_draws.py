"""Draws from ranges: their distributions, and verdicts against one case for each coding."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from by_definition import ByDefinition
from detente.agreement.packages import draws
from detente.agreement.packages.draws import Share, Shares, acceptance_shares, wilson
from detente.case import load
from detente.case.numbers import NUMBER_KEYS, Number, parse_number
from detente.model.compilation import compile_case
from detente.model.draws import RangedValues, not_negative, quantile, varies
from strategies import cases

# --- the shapes ----------------------------------------------------------------------

PERT = {"low": 2, "likely": 3, "high": 10, "shape": "pert"}
SHAPES = {
    # written: mean and variance from the textbook formulas
    "uniform": ([2, 10], 6.0, 64 / 12),
    "triangular": ({"low": 2, "likely": 3, "high": 10}, 5.0, (4 + 9 + 100 - 6 - 20 - 30) / 18),
    "one-sided": ({"low": 0, "likely": 0, "high": 6}, 2.0, 36 / 18),
    "pert": (PERT, 4.0, (4.0 - 2) * (10 - 4.0) / 7),
    "normal": ({"mean": 5, "sd": 2}, 5.0, 4.0),
    "exact": (7, 7.0, 0.0),
    "a range of one value": ([3, 3], 3.0, 0.0),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_moments(shape: str) -> None:
    written, mean, variance = SHAPES[shape]
    number = parse_number(written)
    # evenly spread shares integrate the quantile function: no chance involved
    drawn = quantile(number, (np.arange(200_000) + 0.5) / 200_000)
    assert drawn.mean() == pytest.approx(mean, abs=1e-4)
    assert drawn.var() == pytest.approx(variance, rel=1e-3)
    assert (np.diff(drawn) >= 0).all()
    assert varies(number) == (variance > 0)


@pytest.mark.parametrize("shape", ["uniform", "triangular", "one-sided", "pert"])
def test_ends_of_the_range(shape: str) -> None:
    number = parse_number(SHAPES[shape][0])
    low, high = quantile(number, np.array([0.0, 1.0]))
    assert (low, high) == pytest.approx((float(number.low or 0), float(number.high or 0)))


def test_the_mode_is_where_it_was_stated() -> None:
    for written in (SHAPES["triangular"][0], PERT):
        drawn = quantile(parse_number(written), (np.arange(100_000) + 0.5) / 100_000)
        counts, edges = np.histogram(drawn, bins=80, range=(2, 10))
        assert abs(edges[counts.argmax()] - 3) <= 0.2


def test_a_normal_number_never_becomes_infinite() -> None:
    assert np.isfinite(quantile(parse_number({"mean": 0, "sd": 1}), np.array([0.0, 1.0]))).all()


# --- intervals -----------------------------------------------------------------------


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_ends_are_shares_at_which_the_score_test_just_rejects(seen: tuple[int, int]) -> None:
    count, samples = seen
    low, high = wilson(count, samples)
    assert 0 <= low <= count / samples <= high <= 1
    for end in (low, high):
        if 0 < end < 1:
            distance = abs(count / samples - end) / math.sqrt(end * (1 - end) / samples)
            assert distance == pytest.approx(1.959963984540054)
    assert (low == 0) == (count == 0) and (high == 1) == (count == samples)


# --- against a case of its own for each coding -----------------------------------------


def reshaped(written: Any, shape: str) -> Any:
    """The same case with other forms of ranges: the strategies draw two of the four."""
    if isinstance(written, dict):
        if set(written) == {"low", "likely", "high"}:
            return {**written, "shape": "pert"} if shape == "pert" else written
        return {key: reshaped(value, shape) for key, value in written.items()}
    if isinstance(written, list):
        if shape == "normal" and len(written) == 2 and all(isinstance(n, int) for n in written):
            return {"mean": written[1], "sd": written[1] - written[0]}
        return [reshaped(entry, shape) for entry in written]
    return written


def owners(case: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Entry and values of every party and faction with scores, in the order of the case."""
    for name, party in case["parties"].items():
        entries = [(party, case["values"].get(name))]
        entries += [(faction, faction["values"]) for faction in party.get("factions", {}).values()]
        yield from ((entry, values) for entry, values in entries if values and "scores" in values)


def is_number(walk_away: Any) -> bool:
    if isinstance(walk_away, dict):
        return set(walk_away) <= NUMBER_KEYS
    return walk_away != "status_quo"


def slots(entry: dict[str, Any], values: dict[str, Any], options: Any) -> list[tuple[Any, Any]]:
    """Containers and keys of a party's numbers: weights, scores, adjustments, walk-away."""
    scores, weights = values["scores"], values.get("weights")
    out: list[tuple[Any, Any]] = [(weights, issue) for issue in scores] if weights else []
    out += [(scores[issue], option) for issue in scores for option in options[issue]]
    out += [(adjustment, "add") for adjustment in values.get("adjustments", ())]
    return [*out, (entry, "walk_away")] if is_number(entry["walk_away"]) else out


def codings(case: dict[str, Any], options: Any, samples: int, seed: int) -> list[dict[str, Any]]:
    """One case without ranges for each coding, from the same generator."""
    generator = np.random.default_rng(seed)
    out = [copy.deepcopy(case) for _ in range(samples)]
    everyone = [list(owners(coding)) for coding in out]
    for place in range(len(everyone[0])):
        places = [slots(*coding[place], options) for coding in everyone]
        ranged = [
            (k, number)
            for k, (holder, key) in enumerate(places[0])
            if varies(number := parse_number(holder[key]))
        ]
        if not ranged:
            continue
        shares = generator.random((samples, len(ranged)))
        for row in range(samples):
            for column, (k, number) in enumerate(ranged):
                holder, key = places[row][k]
                drawn = float(quantile(number, shares[row, column]))
                is_weight = holder is everyone[row][place][1].get("weights")
                holder[key] = max(drawn, 0.0) if is_weight else drawn
            _restore_lost_weights(everyone[row][place][1], case, place)
    return out


def _restore_lost_weights(values: dict[str, Any], case: dict[str, Any], place: int) -> None:
    weights = values.get("weights")
    if weights and not any(float(parse_number(number)) for number in weights.values()):
        stated = list(owners(case))[place][1]["weights"]
        weights.update({key: str(parse_number(number)) for key, number in stated.items()})


@settings(max_examples=80, deadline=None)
@given(
    cases(most_parties=3, most_issues=3, most_options=3),
    st.sampled_from(["as drawn", "pert", "normal"]),
    st.data(),
)
def test_a_coding_is_a_case_of_its_own(case: dict[str, Any], shape: str, data: Any) -> None:
    written = reshaped(case, shape)
    model = compile_case(load(written))
    options = model.case.options
    outcomes = {
        str(n): {issue: data.draw(st.sampled_from(names)) for issue, names in options.items()}
        for n in range(2)
    }
    seed, samples = data.draw(st.integers(0, 99)), 4
    found = acceptance_shares(model, outcomes, samples, seed)
    truths = [ByDefinition(load(each)) for each in codings(written, options, samples, seed)]
    stated = ByDefinition(model.case)
    for key, outcome in outcomes.items():
        package = found.packages[key]
        assert package.feasible == (not stated.broken(outcome))
        for name, share in package.accepts.items():
            verdicts = [truth.accepts(name, outcome) for truth in truths]
            assert share.count == sum(verdicts), name
            if share.certain:
                assert set(verdicts) == {stated.accepts(name, outcome)}
                assert share.low == share.high == share.share
            else:
                assert (share.low, share.high) == wilson(share.count, samples)
        agreed = [truth.agreed(outcome) and package.feasible for truth in truths]
        assert package.acceptable.count == sum(agreed)


@settings(max_examples=80, deadline=None)
@given(cases(most_parties=3, most_issues=3, most_options=3), st.data())
def test_without_ranges_shares_are_the_exact_verdicts(case: dict[str, Any], data: Any) -> None:
    def settled(written: Any) -> Any:
        """Every range replaced by its point."""
        if isinstance(written, dict):
            if set(written) == {"low", "likely", "high"}:
                return written["likely"]
            return {key: settled(value) for key, value in written.items()}
        if not isinstance(written, list):
            return written
        if len(written) == 2 and all(isinstance(number, int) for number in written):
            return f"{sum(written) / 2}"
        return [settled(entry) for entry in written]

    model = compile_case(load(settled(case)))
    truth = ByDefinition(model.case)
    outcome = {i: data.draw(st.sampled_from(names)) for i, names in model.case.options.items()}
    found = acceptance_shares(model, {"it": outcome}, samples=3)
    assert found.ranges == 0
    package = found.packages["it"]
    for name, share in package.accepts.items():
        assert share == certainly(truth.accepts(name, outcome), 3)
    assert package.acceptable == certainly(truth.agreed(outcome) and package.feasible, 3)


def certainly(verdict: bool, samples: int) -> Share:
    return Share(samples * verdict, samples, float(verdict), float(verdict), certain=True)


# --- shares that are known -------------------------------------------------------------


def bargain(a: Any, b: Any, walk_away: Any = 0, **more: Any) -> dict[str, Any]:
    """One issue; whether to sign is worth ``a`` and ``b`` to the two parties."""
    return {
        "detente": 1,
        "title": "By hand",
        "parties": {"a": {"walk_away": walk_away}, "b": {"walk_away": 0}},
        "issues": {"deal": {"options": ["none", "signed"]}, "other": {"options": ["x", "y"]}},
        "status_quo": {"deal": "none", "other": "x"},
        "values": {
            name: {"scores": {"deal": {"none": 0, "signed": worth}}}
            for name, worth in (("a", a), ("b", b))
        },
    } | more


SIGNED = {"deal": "signed", "other": "x"}


def shares(case: dict[str, Any], samples: int = 10_000, seed: int = 0) -> Shares:
    return acceptance_shares(compile_case(load(case)), {"signed": SIGNED}, samples, seed)


def near(share: Share, expected: float) -> bool:
    """Within four standard errors: a chance of 6 in 100,000 to miss, and the seed is fixed."""
    error = math.sqrt(expected * (1 - expected) / share.samples)
    return not share.certain and abs(share.share - expected) < 4 * error


def test_independent_ranges_multiply() -> None:
    found = shares(bargain([-3, 7], {"low": -1, "likely": 0, "high": 1}))
    package = found.packages["signed"]
    assert found.ranges == 2
    assert near(package.accepts["a"], 0.7)
    assert near(package.accepts["b"], 0.5)
    assert near(package.acceptable, 0.35)
    assert package.acceptable.low < 0.35 < package.acceptable.high


def test_a_quota_is_respected_in_every_coding() -> None:
    either = shares(bargain([-3, 7], [-1, 1], agreement={"quota": 1}))
    assert near(either.packages["signed"].acceptable, 1 - 0.3 * 0.5)
    veto = shares(bargain([-3, 7], [-1, 1], agreement={"quota": 1, "veto": ["a"]}))
    assert near(veto.packages["signed"].acceptable, 0.7)


def test_ratification_is_respected_in_every_coding() -> None:
    faction = {"values": {"scores": {"deal": {"none": 0, "signed": [-1, 1]}}}}
    case = bargain(1, 1)
    case["parties"]["a"] = {
        "factions": {"x": faction, "y": faction, "z": faction},
        "ratification": "majority",
    }
    package = shares(case).packages["signed"]
    assert near(package.accepts["a.x"], 0.5)
    assert near(package.accepts["a"], 0.5)  # two of three fair coins
    case["parties"]["a"]["ratification"] = "all"
    assert near(shares(case).packages["signed"].accepts["a"], 1 / 8)


def test_ranges_of_the_walk_away_and_of_an_adjustment() -> None:
    case = bargain(5, 1, walk_away=[0, 10])
    assert near(shares(case).packages["signed"].accepts["a"], 0.5)
    case["values"]["a"]["adjustments"] = [{"when": "deal == signed", "add": [0, 10]}]
    # 5 + 10 u >= 10 v: all but a triangle of legs one half
    assert near(shares(case).packages["signed"].accepts["a"], 7 / 8)


def test_weights_are_shares_of_their_sum_in_every_coding() -> None:
    case = bargain(1, 1)
    case["values"]["a"] = {
        "weights": {"deal": [0, 1], "other": [0, 1]},
        "scores": {"deal": {"none": 0, "signed": 1}, "other": {"x": 0, "y": 1}},
    }
    case["parties"]["a"] = {"walk_away": "0.75"}
    # u / (u + v) >= 3/4 means v <= u / 3
    assert near(shares(case).packages["signed"].accepts["a"], 1 / 6)


def test_negative_weights_count_as_none() -> None:
    case = bargain(1, 1)
    case["values"]["a"] = {
        "weights": {"deal": {"mean": 1, "sd": 1}, "other": 1},
        "scores": {"deal": {"none": 0, "signed": 1}, "other": {"x": 0, "y": 1}},
    }
    case["parties"]["a"] = {"walk_away": {"value": 0}}
    values = load(case).values["a"]
    drawn = RangedValues(values, Number(parse_number(0).point), compile_case(load(case)).space)
    terms = drawn.draw(np.array([[0.0001], [0.5]]))
    assert terms[0].tolist() == [0, 0, 0, 1, 0]
    assert terms[1] == pytest.approx([0, 0.5, 0, 0.5, 0])
    lost = {"deal": {"mean": 1, "sd": 1}}
    case["values"]["a"] = {"weights": lost, "scores": {"deal": {"none": 0, "signed": 1}}}
    drawn = RangedValues(load(case).values["a"], SIGNED, compile_case(load(case)).space)
    assert drawn.draw(np.array([[0.0001]])).tolist() == [[0, 1]]


# --- ties, and what no range can change -------------------------------------------------


def test_a_tie_is_not_lost_to_rounding() -> None:
    assert 0.3 - 0.2 - 0.1 < 0
    case = bargain("0.3", 1, walk_away="0.1")
    case["values"]["a"]["adjustments"] = [
        {"when": "deal == signed", "add": "-0.2"},
        {"when": "deal == none or other == y", "add": [0, 5]},
    ]
    tie = shares(case).packages["signed"].accepts["a"]
    assert tie == certainly(True, 10_000)  # no range touches this outcome: decided exactly
    case["values"]["a"]["weights"] = {"deal": [1, 2]}
    sampled = shares(case).packages["signed"].accepts["a"]
    assert (sampled.count, sampled.certain) == (10_000, False)
    reads = np.array([[1, -1, -1]])
    assert not_negative(np.array([[0.3, 0.2, 0.1]]), reads).all()
    assert not not_negative(np.array([[0.3, 0.2, 0.1 + 1e-9]]), reads).any()


def test_what_an_outcome_shares_with_the_walk_away_cancels() -> None:
    """The range of an option that stays as it is today decides nothing."""
    case = bargain(1, 1)
    case["parties"]["a"] = {}
    case["values"]["a"]["scores"]["other"] = {"x": [-1000, 1000], "y": 0}
    model = compile_case(load(case))
    moved = {"deal": "signed", "other": "y"}
    found = acceptance_shares(model, {"stays": SIGNED, "moved": moved}, 10_000)
    assert found.packages["stays"].accepts["a"] == certainly(True, 10_000)
    assert near(found.packages["moved"].accepts["a"], 0.5005)


def test_a_red_line_makes_a_refusal_certain() -> None:
    line = {"name": "No deal", "met": "deal == none", "must": True}
    package = shares(bargain([-3, 7], 1, concerns={"a": [line]})).packages["signed"]
    assert package.accepts["a"] == certainly(False, 10_000)
    assert package.acceptable == certainly(False, 10_000)
    assert package.accepts["b"] == certainly(True, 10_000)


def test_what_breaks_a_rule_is_acceptable_in_no_coding() -> None:
    package = shares(bargain([-3, 7], 1, rules=[{"never": "deal == signed"}])).packages["signed"]
    assert not package.feasible
    assert package.acceptable == certainly(False, 10_000)
    assert near(package.accepts["a"], 0.7)


# --- the same again --------------------------------------------------------------------


def test_same_seed_same_shares_whatever_else_is_asked() -> None:
    case = bargain([-3, 7], {"mean": 1, "sd": 2})
    model = compile_case(load(case))
    today = {"deal": "none", "other": "x"}
    first = acceptance_shares(model, {"signed": SIGNED}, 20_000, seed=5)
    more = acceptance_shares(model, {"today": today, "signed": SIGNED}, 20_000, seed=5)
    assert first.packages["signed"] == more.packages["signed"]
    assert first == acceptance_shares(model, {"signed": SIGNED}, 20_000, seed=5)
    assert first != acceptance_shares(model, {"signed": SIGNED}, 20_000, seed=6)


def test_blocks_draw_every_coding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draws, "BLOCK", 7)
    package = shares(bargain([-3, 7], 1), samples=2000).packages["signed"]
    assert near(package.accepts["a"], 0.7)
    assert package.accepts["b"].count == 2000


def test_no_package_no_shares_and_no_coding_is_an_error() -> None:
    model = compile_case(load(bargain([-3, 7], 1)))
    assert acceptance_shares(model, {}).packages == {}
    with pytest.raises(ValueError, match="at least one coding"):
        acceptance_shares(model, {"signed": SIGNED}, samples=0)
