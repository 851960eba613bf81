"""Many codings at once against the point questions, asked again for every single coding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
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
from detente.sequencing.lattice.road import Road
from detente.sequencing.setting import Coding, Setting, steps_of
from detente.sequencing.terms.deviations import deviations
from detente.stability.answer import CONCEPTS, TOLD
from detente.uncertainty.codings import factors, under
from detente.uncertainty.package import Asked
from detente.uncertainty.plan import planned, written_order
from detente.uncertainty.standing import verdicts
from plain_codings import Row, as_arrays, plain, rows_of, with_drivers, with_ranges
from road_cases import loaded_with_roads, road_cases
from strategies import cases, outcomes

seeds = st.integers(0, 2**32 - 1)
SLOW = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much],
}


def assert_accepted(found: Mapping[str, Any], singles: Sequence[Case], outcome: Any) -> None:
    for coding, single in enumerate(singles):
        view = detente.agree(single, outcome).package
        assert view is not None
        exact = acceptance_shares(compile_case(single), {"it": outcome}, 1).packages["it"].accepts
        accepts = {
            name.removeprefix("accepts "): bool(column[coding])
            for name, column in found.items()
            if name.startswith("accepts ")
        }
        assert accepts == {name: bool(share.count) for name, share in exact.items()}
        assert {party: accepts[party] for party in view.acceptable_to} == view.acceptable_to
        assert bool(found["acceptable"][coding]) == view.acceptable
        scored = set(view.gains) & set(single.signing) - set(view.ordinal)
        gains = [float(view.gains[party]) for party in scored]
        assert ("gain" in found) == bool(gains)
        if gains:
            assert found["gain"][coding] == pytest.approx(min(gains), abs=1e-7)


def assert_enforced(found: Mapping[str, Any], singles: Sequence[Case], outcome: Any) -> None:
    asked = {name.removeprefix("keeps ") for name in found if name.startswith("keeps ")}
    for coding, single in enumerate(singles):
        answer = detente.verify(single, outcome)
        bound = {name for name, entry in answer.parties.items() if entry.signs}
        assert asked == bound
        for party in bound:
            entry = answer.parties[party]
            least = min(entry.leave, entry.leave if entry.margin is None else entry.margin)
            assert found[f"keeps {party}"][coding] == pytest.approx(least, abs=1e-7)
        kept = {name: column[coding] for name, column in verdicts(found, single).items()}
        if abs(min(found[f"keeps {party}"][coding] for party in bound)) > 1e-7:
            assert kept["enforceable"] == (answer.enforceable == "yes")


def assert_stays(found: Mapping[str, Any], singles: Sequence[Case], outcome: Any) -> None:
    for coding, single in enumerate(singles):
        stable = detente.hold(single, outcome).prospects[0].stable
        for concept in CONCEPTS:
            told = {
                party: TOLD[int(found[f"stays {concept} {party}"][coding])]
                for party in single.parties
            }
            assert told == stable[concept]


def assert_going_on(
    singles: Sequence[Case], rows: Sequence[Row], road: Road, package: Any, model: Any
) -> None:
    """Every kind of deviation at every moment, of every party."""
    case = road.case
    asked = Asked(case, factors(case), case.complete({}), road, model, False, False)
    found = asked.columns(as_arrays(rows), len(rows))
    coding = Coding("", under(case, asked.factors, as_arrays(rows)), road, drawn=True)
    setting = Setting(road, (coding,), model)
    least: dict[Any, Any] = {}
    for party in coding.bound:
        for way in deviations(setting.terms(road, coding, party)):
            key = (party, way.step, way.deviation)
            margin = np.broadcast_to(way.margin, len(rows))
            least[key] = np.minimum(margin, least.get(key, np.inf))
    order = written_order(steps_of(road))
    for place, single in enumerate(singles):
        expected = judge(single, package, order, model=model)
        own = {(m.party, m.step, m.deviation): m.margin for m in expected.margins}
        assert {key: float(column[place]) for key, column in least.items()} == pytest.approx(
            own, abs=1e-7
        )
        worst = {party: float(found[f"goes on {party}"][place]) for party in coding.bound}
        assert worst == pytest.approx(dict(expected.worst_by_party), abs=1e-7)


# --- generated cases -----------------------------------------------------------------


@settings(max_examples=60, **SLOW)
@given(st.data(), seeds)
def test_acceptance_and_stability(data: st.DataObject, seed: int) -> None:
    drawn = data.draw(cases(most_parties=3, most_issues=3, most_options=3))
    issues = {name: entry["options"] for name, entry in drawn["issues"].items()}
    outcome = data.draw(outcomes(issues))
    for values in drawn["values"].values():
        if "ranking" in values:  # of every state, or nobody can say what holds
            values["ranking"].append({})
    case = with_ranges(drawn, seed)
    if seed % 2:
        case = with_drivers(case, seed)
    rows = rows_of(case, 4, seed)
    assume(rows[0])
    singles = [plain(case, row) for row in rows]
    # Without any values ``hold`` tells nothing, not even of a party that has no move.
    holds = bool(case.values) and not any(broken_by(rule, outcome, case) for rule in case.rules)
    found = Asked(case, factors(case), outcome, holds=holds, enforced=False).columns(
        as_arrays(rows), len(rows)
    )
    assert_accepted(found, singles, outcome)
    if holds:
        assert_stays(found, singles, outcome)


@settings(max_examples=40, **SLOW)
@given(st.data(), seeds)
def test_enforcement(data: st.DataObject, seed: int) -> None:
    drawn, agreed = data.draw(cheating_cases(most_parties=3, most_measures=2))
    case = with_ranges(drawn, seed)
    if seed % 2:
        case = with_drivers(case, seed)
    rows = rows_of(case, 3, seed)
    assume(rows[0])
    found = Asked(case, factors(case), agreed, holds=False).columns(as_arrays(rows), len(rows))
    assert_enforced(found, [plain(case, row) for row in rows], agreed)


@settings(max_examples=40, **SLOW)
@given(st.data(), seeds, st.sampled_from(["discounted", "patient"]))
def test_roadmaps(data: st.DataObject, seed: int, model: Any) -> None:
    drawn = data.draw(road_cases(lags=(0, 1)))
    loaded_with_roads(drawn, most=30)
    case = with_ranges(drawn, seed)
    if seed % 2:
        case = with_drivers(case, seed)
    rows = rows_of(case, 3, seed)
    assume(rows[0])
    road = planned(case, "deal", None, model)
    assert_going_on([plain(case, row) for row in rows], rows, road, "deal", model)


# --- bundled cases -------------------------------------------------------------------

BUNDLED = [
    ("river", "single_text", 4),
    ("river", "highland_draft", 4),
    ("korea", "freeze_first", 2),
    ("korea", "coexistence", 2),
]


@pytest.mark.parametrize(("name", "package", "codings"), BUNDLED)
def test_bundled_cases(name: str, package: str, codings: int) -> None:
    case = detente.load(name)
    rows = rows_of(case, codings, 5)
    singles = [plain(case, row) for row in rows]
    outcome = case.complete(case.packages[package].outcome)
    holds = name != "korea"  # in test_holding_korea
    found = Asked(case, factors(case), outcome, holds=holds).columns(as_arrays(rows), codings)
    assert_accepted(found, singles, outcome)
    assert_enforced(found, singles, outcome)
    if holds:
        assert_stays(found, singles, outcome)
    for model in ("discounted", "patient") if name != "korea" else ("discounted",):
        road = planned(case, package, None, model)
        assert_going_on(singles, rows, road, package, model)


ROADS = [("commitment", "deal"), ("roadmap_1994", ""), ("roadmap_2007", ""), ("roadmap_2015", "")]


@pytest.mark.parametrize("model", ["discounted", "patient"])
@pytest.mark.parametrize(("name", "package"), ROADS)
def test_bundled_roads_with_ranges(name: str, package: str, model: Any) -> None:
    read = detente.load(name)
    package = package or next(iter(read.packages))
    case = with_drivers(with_ranges(read._document.data, 3), 4)  # type: ignore[union-attr]
    rows = rows_of(case, 4, 6)
    road = planned(case, package, None, model)
    assert_going_on([plain(case, row) for row in rows], rows, road, package, model)
