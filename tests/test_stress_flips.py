"""Where verdicts turn, number by number, against thresholds worked out by hand and by asking."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import detente
from cheating_cases import cheating_cases
from detente.agreement.packages.draws import acceptance_shares
from detente.case import Case
from detente.case.consistency import broken_by
from detente.model.compilation import compile_case
from detente.sequencing.judging import judge
from detente.uncertainty.answer import Factor, Flip
from detente.uncertainty.codings import BELOW_ONE, domain, factors
from detente.uncertainty.plan import written_order
from plain_codings import plain, with_ranges
from road_cases import loaded_with_roads, road_cases
from strategies import cases, outcomes

seeds = st.integers(0, 2**32 - 1)
SLOW: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much],
}


def flips_of(case: Case, outcome: Any, **options: Any) -> tuple[Flip, ...]:
    plainly = {"samples": 1, "holds": False, "deciding": False, "robust": False, "workers": 1}
    return detente.stress(case, outcome, **{**plainly, **options}).flips


def told(found: Sequence[Flip], verdict: str = "acceptable") -> dict[str, list[Any]]:
    """By number: value, whether above, party, whether the package turns, whether in the range."""
    out: dict[str, list[Any]] = {}
    for flip in found:
        if flip.verdict == verdict:
            entry = (flip.value, flip.above, flip.party, flip.package, flip.within_range)
            out.setdefault(flip.factor.name, []).append(entry)
    return out


@pytest.fixture
def deal(table: dict[str, Any]) -> dict[str, Any]:
    """Arms gone for the embargo lifted: north gains 40 − 0 over 35, south 50 + 0 over 20."""
    table["parties"] = {"north": {"walk_away": 35}, "south": {"walk_away": 20}}
    return table


def test_thresholds_of_scores_and_walk_aways(deal: dict[str, Any]) -> None:
    scores = deal["values"]["north"]["scores"]
    scores["embargo"]["lifted"] = [30, 50]
    scores["arms"]["destroyed"] = {"low": -2, "likely": 0, "high": 4}
    deal["parties"]["south"]["walk_away"] = {"mean": 20, "sd": 6}
    found = told(flips_of(detente.load(deal), "arms=destroyed,embargo=lifted"))
    assert found == {
        "values.north.scores.embargo.lifted": [(35.0, False, "north", True, True)],
        "parties.north.walk_away": [(40.0, True, "north", True, False)],
        # six standard deviations are looked at, and a normal number has no ends
        "parties.south.walk_away": [(50.0, True, "south", True, False)],
        # south's scores on the scale from 0 to 50
        "values.south.scores.arms.destroyed": [(20.0, False, "south", True, False)],
    }


def test_a_turn_beyond_the_scale_is_none(deal: dict[str, Any]) -> None:
    """North would accept 35 − 40 = −5 for its arms at the least; its scores go from 0 to 50."""
    case = detente.load(deal)
    assert "values.north.scores.arms.destroyed" not in told(
        flips_of(case, "arms=destroyed,embargo=lifted")
    )
    deal["values"]["north"]["scores"]["arms"]["destroyed"] = {"low": -6, "likely": 0, "high": 2}
    found = told(flips_of(detente.load(deal), "arms=destroyed,embargo=lifted"))
    assert found["values.north.scores.arms.destroyed"] == [(-5.0, False, "north", True, True)]


def test_weights_turn_where_their_share_does(deal: dict[str, Any]) -> None:
    """Worth 40 w / (w + 2) against 30: from w = 6 on; arms count for nothing at 40 · 3 / 3."""
    deal["values"]["north"]["weights"] = {"arms": 2, "embargo": {"low": 5, "likely": 8, "high": 9}}
    deal["parties"]["north"]["walk_away"] = 30
    found = told(flips_of(detente.load(deal), "arms=destroyed,embargo=lifted"))
    assert found["values.north.weights.embargo"] == [(6.0, False, "north", True, True)]
    # 40 · 8 / (8 + v) is 30 at v = 8/3; the weight does not fall below 0
    assert found["values.north.weights.arms"] == [
        (pytest.approx(8 / 3), True, "north", True, False)
    ]


def test_a_verdict_that_fails_turns_too(deal: dict[str, Any]) -> None:
    """South refuses by 10 points: its own number turns the package, north's only north."""
    deal["parties"]["south"]["walk_away"] = [52, 68]
    found = told(flips_of(detente.load(deal), "arms=destroyed,embargo=lifted"))
    assert found["parties.south.walk_away"] == [(50.0, False, "south", True, False)]
    assert found["parties.north.walk_away"] == [(40.0, True, "north", False, False)]
    first = flips_of(detente.load(deal), "arms=destroyed,embargo=lifted")[0]
    assert (first.stands, first.package) == (False, True)


def test_nearest_flips_within_ranges_come_first(deal: dict[str, Any]) -> None:
    deal["parties"]["north"]["walk_away"] = {"low": 30, "likely": 35, "high": 45}
    found = flips_of(detente.load(deal), "arms=destroyed,embargo=lifted")
    assert found[0].factor.name == "parties.north.walk_away"
    order = [(flip.within_range, flip.package) for flip in found]
    assert order == sorted(order, reverse=True)


def test_nobody_who_gains_the_whole_scale_turns(deal: dict[str, Any]) -> None:
    """Walk-aways of −200 are beyond the reach of every score, and 0 has no reach."""
    for party in deal["parties"].values():
        party["walk_away"] = -200
    found = told(flips_of(detente.load(deal), "arms=destroyed,embargo=lifted"))
    assert found == {}


def test_one_period_of_cheating() -> None:
    """One who keeps a cheater's 10 until found, against 4 and then 0.

    With certain detection and no lag cheating is worth (1 − δ) 10, honesty 4: it turns at
    δ = 0.6. With detection p and δ = 0.8 cheating is worth (1 − θ) 10 with θ = 0.8 p /
    (0.2 + 0.8 p), and that is 4 where 0.2 · 6 = 0.8 p · 4: at p = 0.375.
    """
    case: dict[str, Any] = {
        "detente": 1,
        "title": "A depot",
        "parties": {"north": {"discount": 0.8}},
        "issues": {"arms": {"options": ["held", "gone"], "control": "north", "covert": False}},
        "status_quo": {"arms": "held"},
        "values": {"north": {"scores": {"arms": {"held": 0, "gone": 4}}}},
        "verification": {"period": "year", "measures": {"eyes": {"detects": {"depot": 1}}}},
        "violations": {"depot": {"party": "north", "gain": 6}},
    }
    found = told(flips_of(detente.load(case), "arms=gone"), "enforceable")
    assert found["parties.north.discount"] == [(0.6, False, "north", True, False)]
    # 4 against a fifth of 4 + gain: it turns at 16, beyond twice the gain, but within a range twice
    assert "violations.depot.gain" not in found
    case["violations"]["depot"]["gain"] = {"low": 0, "likely": 6, "high": 10}
    found = told(flips_of(detente.load(case), "arms=gone"), "enforceable")
    assert found["violations.depot.gain"] == [(16.0, True, "north", True, False)]
    case["verification"]["measures"]["eyes"]["detects"]["depot"] = {
        "low": 0.2,
        "likely": 0.5,
        "high": 0.6,
    }
    found = told(flips_of(detente.load(case), "arms=gone"), "enforceable")
    assert found["verification.measures.eyes.detects.depot"] == [
        (0.375, False, "north", True, True)
    ]
    case["parties"]["north"]["turnover"] = {"low": 0, "likely": 0, "high": 0.5}
    case["verification"]["measures"]["eyes"]["detects"]["depot"] = 1
    found = told(flips_of(detente.load(case), "arms=gone"), "enforceable")
    # 0.8 (1 − turnover) is 0.6 at a quarter
    assert found["parties.north.turnover"] == [(0.25, True, "north", True, True)]


# --- by asking on both sides ---------------------------------------------------------


def searched(case: Case, factor: Factor) -> tuple[Fraction, Fraction]:
    """Between which values a number of a party's values is looked at, by the definition."""
    number = factor.number
    alike = [other.number for other in factors(case) if kind(other) == kind(factor)]
    if number.low is not None and number.high is not None and number.low < number.high:
        width = number.high - number.low
        low, high = number.low - width, number.high + width
    elif number.sd:
        low, high = number.point - 6 * number.sd, number.point + 6 * number.sd
    else:
        reach = max(abs(other.point) for other in alike)
        low, high = number.point - reach, number.point + reach
    if "scores" in factor.path:
        low = max(low, min(other.point if other.low is None else other.low for other in alike))
        high = min(high, max(other.point if other.high is None else other.high for other in alike))
    if "weights" in factor.path:
        low = max(low, Fraction(0))
    return low, high


def kind(factor: Factor) -> tuple[Any, ...]:
    for table in ("scores", "weights"):
        if table in factor.path:
            return factor.path[: factor.path.index(table) + 1]
    return factor.path[-1:]


def at(case: Case, factor: Factor | None = None, value: Fraction = Fraction(0)) -> Case:
    """The case with all its numbers as they are likely to be, and one at another value."""
    row = {other.name: str(other.number.point) for other in factors(case)}
    return plain(case, row if factor is None else {**row, factor.name: str(value)})


@settings(max_examples=20, **SLOW)
@given(st.data(), seeds)
def test_turns_of_acceptance(data: st.DataObject, seed: int) -> None:
    drawn = data.draw(cases(most_parties=2, most_issues=2, most_options=2, status_quo=False))
    issues = {name: entry["options"] for name, entry in drawn["issues"].items()}
    outcome = data.draw(outcomes(issues))
    case = with_ranges(drawn, seed, share=0.5)
    assume(not any(broken_by(rule, outcome, case) for rule in case.rules))
    found = flips_of(case, outcome)
    package = {(f.factor.name, f.above): f for f in found if f.package}
    now = _acceptable(at(case), outcome)
    for factor in factors(case):
        low, high = searched(case, factor)
        for above, end in ((False, low), (True, high)):
            if (end > factor.number.point) != above or end == factor.number.point:
                continue
            flip = package.get((factor.name, above))
            grid = [factor.number.point + (end - factor.number.point) * k / 4 for k in range(1, 5)]
            if "weights" in factor.path and end == 0:
                grid.pop()  # where all weights are 0 the case is none
            turned = [
                value for value in grid if _acceptable(at(case, factor, value), outcome) != now
            ]
            if flip is None:
                assert not turned, (factor.name, above)
                continue
            assert flip.stands == now
            _on_both_sides(case, flip, outcome)
            inside = factor.number.low is not None and factor.number.high is not None
            assert flip.within_range == (
                inside
                and float(factor.number.low or 0) <= flip.value <= float(factor.number.high or 0)
            )


def _acceptable(case: Case, outcome: Any) -> bool:
    found = acceptance_shares(compile_case(case), {"it": outcome}, 1).packages["it"].acceptable
    assert found.certain
    return bool(found.count)


def _on_both_sides(case: Case, flip: Flip, outcome: Any) -> None:
    """A little nearer to the present value it is as it stands, a little farther off it is not."""
    near, far = _beside(flip)
    if near is not None:
        assert _acceptable(at(case, flip.factor, near), outcome) == flip.stands
    if far is not None:
        assert _acceptable(at(case, flip.factor, far), outcome) != flip.stands


def _beside(flip: Flip) -> tuple[Fraction | None, Fraction | None]:
    step = Fraction(1, 10**5) * (1 if flip.above else -1)
    value = Fraction(flip.value).limit_denominator(10**8)
    least, most = domain(flip.factor)
    pair = (value - step * (1 + abs(value)), value + step * (1 + abs(value)))
    low = Fraction(-(10**9)) if least is None else Fraction(least)
    high = Fraction(10**9) if most is None else Fraction(most if most == 1 else BELOW_ONE)
    near, far = ((x if low <= x <= high else None) for x in pair)
    past = near is not None and (near > flip.factor.number.point) != flip.above
    return (None if past else near), far


@settings(max_examples=12, **SLOW)
@given(st.data(), seeds)
def test_turns_of_enforcement(data: st.DataObject, seed: int) -> None:
    drawn, agreed = data.draw(cheating_cases(most_parties=2, most_measures=2, most_issues=2))
    case = with_ranges(drawn, seed, share=0.3)
    found = [flip for flip in flips_of(case, agreed) if flip.verdict == "enforceable"]
    for flip in found[:6]:
        for value, turned in zip(_beside(flip), (False, True), strict=True):
            if value is None or "weights" in flip.factor.path:
                continue
            answer = detente.verify(at(case, flip.factor, value), agreed)
            parties = [flip.party] if not flip.package else list(case.signing)
            least = min(
                min(entry.leave, entry.leave if entry.margin is None else entry.margin)
                for entry in (answer.parties[party or ""] for party in parties)
            )
            if abs(least) > 1e-8:
                assert (least >= 0) == (flip.stands != turned), flip


@settings(max_examples=12, **SLOW)
@given(st.data(), seeds)
def test_turns_of_the_roadmap(data: st.DataObject, seed: int) -> None:
    drawn = data.draw(road_cases())
    loaded_with_roads(drawn, most=20)
    case = with_ranges(drawn, seed, share=0.3)
    answer = detente.stress(
        case, "deal", samples=1, holds=False, deciding=False, robust=False, workers=1
    )
    assert answer.steps is not None
    order = written_order(answer.steps)
    found = [flip for flip in answer.flips if flip.verdict == "roadmap"]
    for flip in found[:6]:
        for value, turned in zip(_beside(flip), (False, True), strict=True):
            if value is None:
                continue
            worst = judge(at(case, flip.factor, value), "deal", order).worst_by_party
            least = min(worst.values()) if flip.package else worst[flip.party or ""]
            if abs(least) > 1e-8:
                assert (least >= 0) == (flip.stands != turned), flip
