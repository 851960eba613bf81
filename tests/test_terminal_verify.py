"""Verification in a terminal: nothing that was found is left out, and it stays readable."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente
from detente.model.sentences import number
from detente.verification.answer import Dash, Incentives, Temptation, Unvalued
from detente.verification.verify import verify
from detente.verification.verify_result import VerifyResult
from detente.verification.wording import chance
from detente.views.tables import frame
from detente.views.verification import (
    after_text,
    cheat_text,
    found_text,
    late,
    needed,
    needed_text,
    parts,
    time_text,
    verdict_text,
)
from test_terminal_commitments import flat, lines_of, part
from verified import (
    BLIND,
    CHOICE,
    DEPOT,
    FULL,
    HELD,
    answer,
    cheat,
    incentives,
    measure_set,
    one_party,
    two_sides,
)

SHARES = st.one_of(st.just(0.0), st.just(1.0), st.floats(0, 1))
LEAST = st.one_of(st.none(), st.floats(0, 3))
MARGINS = st.one_of(st.none(), st.floats(-60, 60))
DASHES = st.builds(Dash, st.integers(1, 999), st.floats(0, 50), MARGINS, LEAST, st.just(0), SHARES)
TEMPTATIONS = st.builds(
    cheat,
    st.sampled_from(["depot", "smuggling", "a_name_of_more_than_forty_letters_in_all"]),
    st.just("north"),
    gain=st.one_of(st.none(), st.floats(0, 100)),
    detection=SHARES,
    critical_detection=LEAST,
    margin=MARGINS,
    expected_time=st.one_of(st.none(), st.floats(1, 1e6)),
    dash=st.one_of(st.none(), DASHES),
    weapons_unjudged=st.booleans(),
)


def by_definition(entry: Temptation) -> Any:
    """What detection deters, from the rule: of all that is judged, the most demanding."""
    judged = [(entry.margin, entry.critical_detection)]
    if entry.dash is not None:
        judged.append((entry.dash.margin, entry.dash.critical_detection))
    least = [least for margin, least in judged if margin is not None]
    if not least:
        return "unknown"
    if any(value is None or value > 1 for value in least):
        return "none would do"
    return max(least) or "nothing"  # type: ignore[type-var]


def holds_all_of(result: VerifyResult, text: str) -> None:
    """Every reason, way to cheat, measure and remark is told, with its numbers."""
    case, told = result.case, flat(text)
    assert flat(verdict_text(result)) in told
    assert all(flat(reason) in told for reason in result.reasons)
    for entry in parts(result):
        name = case.party_name(entry.party)
        assert name in told
        signs = entry.party in case.signing
        heading = f"{name}: how" if signs else f"{name} (does not sign): how"
        for way in entry.temptations:
            under = part(text, heading)
            assert found_text(result, way) in under and after_text(way, result.period) in under
            for word in cheat_text(case, way).split():
                assert word in under
            if isinstance(entry, Incentives):
                sign = {True: "✓ deterred", False: "✗ pays", None: "? not known"}[way.deterred]
                assert sign in under and needed_text(way) in under
                assert way.gain is None or number(way.gain) in under
            if way.dash is not None:
                assert f"prize after {time_text(way.dash.takes, result.period)}" in under
                assert f"found in time: {chance(way.dash.timely)}" in under
                assert ("sooner than it is found" in under) or not late(way)
    chosen = result.choice.chosen
    for name in (*(chosen.measures if chosen else ()), *result.choice.refused):
        assert flat(case.measure_name(name)) in told
    assert all(flat(remark) in told for remark in result.remarks)
    for _, names in (*result.choice.beyond, *result.choice.stays_tempting):
        assert all(f"“{case.violation_name(name)}”" in told for name in names)


def test_everything_that_was_found_is_told() -> None:
    text = lines_of(answer())
    holds_all_of(answer(), text)
    told = flat(text)
    assert "Taken as signed: “The deal”" in told
    assert "Heavy weapons: in truth “Held” *" in told
    assert "* follows from control of the issue; not listed in the case" in told
    assert "That would pay, by 0.7 points a month." in told
    assert "each would have to be found with a chance of 41 % a month" in told
    assert "No values are known for it" in part(text, "Third: how well")
    assert "The North 55.3 54.5 49 ✓ stays" in told
    assert "south 55.3 54.5 55.5 ✗ leaves" in told


def test_measures_are_told_with_cost_and_effect() -> None:
    text = lines_of(answer())
    under = part(text, "Measures")
    assert "deter everything that measures can deter: Satellite imagery and Resident" in under
    assert "7 a month; a false alarm in 1.2 % of months" in under
    assert "The budget is 5 a month; the cheapest set that deters all" in under
    assert "South: no set of the measures deters “The embargo”." in under
    assert "Resident inspectors and Hotline (7.5 a month; false alarms 1.2 %)" in flat(text)
    buys = part(text, "What each measure buys")
    assert "✓ Satellite imagery 1 1 % The North −4 → −0.7" in buys
    assert "Hotline – 0 % sees none of this" in buys and "south" not in buys
    assert "Ledgers: not in this outcome (“Heavy weapons” is “Held”)" in buys
    assert "No cost is stated for Hotline; it counts as free." in buys


def test_visits_threats_and_turning_points_are_told() -> None:
    text = lines_of(answer())
    under = part(text, "Shared inspectors: visits a month")
    assert "Heavy weapons 0.5 0.6" in under and "A hidden depot 0.25 0.4" in under
    assert "In all 0.75 1" in under
    assert "With 0.5 a month, which is too few" in under and "Least margin: −1.5." in under
    assert "no plan of visits would deter south" in under
    under = part(text, "Who would restore what")
    assert "interest in restoring Heavy weapons (at once): these threats are weak" in under
    assert "The embargo, after 1 month: south +10" in under
    under = part(text, "Where the verdict turns")
    north, south = under.split("• south:")
    assert "if the next month were worth 0.985 of this one to it (now 0.97)" in north
    assert "if 0.4 % of months brought a false alarm (now 1.5 %)" in north
    assert "a punishment of 14 months is the shortest that deters (now for good)" in north
    assert "with 3.3 more to lose when found or leaving (1.1 with perfect verification)" in north
    assert "perhaps by a punishment richer" in south
    assert "with 1.1 more to lose when found or leaving, and perfect verification" in south


def test_enough_visits_are_enough() -> None:
    plan = answer().visits[0]
    result = answer(visits=(replace(plan, available=2.0, within=None, within_margin=None),))
    assert "There are 2 a month: enough." in flat(lines_of(result))


def test_an_agreement_that_holds() -> None:
    text = lines_of(one_party())
    told = flat(text)
    assert "Cheating on “The deal” would pay nobody" in told
    assert "no need" in part(text, "The North: how it could cheat")
    assert "The cheapest measures that deter everything: Satellite imagery" in told
    assert "more to lose" not in told


def test_a_dash_that_is_found_too_late_is_said_at_once() -> None:
    kept = replace(DEPOT, margin=1.0, dash=Dash(6, 5.0, 2.0, 0.1, 4, 0.4), expected_time=30.0)
    result = one_party(parties={"north": incentives("north", HELD, kept, verdict="yes", margin=1)})
    late_one = "“A hidden depot” would more often than not be found too late."
    assert late_one in verdict_text(result)
    sure = replace(kept, dash=replace(kept.dash, timely=0.6))
    result = one_party(parties={"north": incentives("north", HELD, sure, verdict="yes", margin=1)})
    assert "too late" not in verdict_text(result)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"enforceable": None, "parties": {}}, "How well cheating on “The deal” would be found"),
        ({}, "No verification would be enough to keep south to “The deal”"),
        ({"package": None}, "keep south to this outcome"),
        ({"enforceable": "no"}, "Nothing that the others can do would keep"),
        ({"enforceable": "with verification"}, "cheating would pay The North"),
    ],
)
def test_the_verdict_in_one_sentence(fields: dict[str, Any], expected: str) -> None:
    south = incentives("south", FULL, verdict="with a larger stake")
    north = incentives("north", HELD, DEPOT, bracket="depends on a richer punishment")
    parties = {"north": north, "south": south}
    if fields.get("enforceable") == "no":
        parties["south"] = replace(south, verdict="no")
    result = answer(**{"parties": parties, **fields})
    assert expected in flat(lines_of(result))


def test_who_would_leave_is_told_and_who_does_not_sign_is_not_blamed() -> None:
    gone = incentives("south", leave=-2.0, verdict="with a larger stake", margin=None)
    result = answer(parties={"south": gone}, unvalued={}, visits=())
    assert "south would gain by leaving it openly" in verdict_text(result)
    case = two_sides(
        parties={"north": {"name": "The North"}, "south": {"signs": False}, "third": {}}
    )
    both = {"south": gone, "north": replace(gone, party="north")}
    assert "The North would gain" in verdict_text(answer(case, parties=both, unvalued={}))


def test_weapons_without_a_breakout_are_never_called_deterred() -> None:
    arms = replace(HELD, weapons_unjudged=True)
    held = incentives("north", arms, verdict="with verification")
    result = one_party(parties={"north": held}, enforceable="with verification")
    text = flat(lines_of(result))
    assert "whether a dash for weapons would (“Heavy weapons”) cannot be said" in text
    assert "The North, Heavy weapons: about weapons, and the case does not say" in text


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (replace(CHOICE, chosen=None), "There is no measure to choose"),
        (
            replace(CHOICE, chosen=measure_set(cost=0), deters=True, beyond=()),
            "No measure is needed",
        ),
        (replace(CHOICE, chosen=measure_set(cost=0)), "No measure is worth its cost here"),
        (
            replace(CHOICE, stays_tempting=(("north", ("arms", "depot")),), budget=None),
            "of all sets, this one leaves the least to gain: Satellite imagery",
        ),
        (
            replace(CHOICE, stays_tempting=(("north", ("arms",)), ("north", ("depot",)))),
            "The North would still gain by “Heavy weapons”; or “A hidden depot”.",
        ),
        (replace(CHOICE, cheapest_without_budget=None), "That is within the budget of 5 a month."),
        (replace(CHOICE, counted=True), "two measures; the case states no cost"),
    ],
)
def test_what_the_choice_of_measures_comes_to(choice: Any, expected: str) -> None:
    assert expected in flat(lines_of(answer(choice=choice)))


def test_a_punishment_that_ends_tells_found_from_left() -> None:
    text = lines_of(answer(punishment=6))
    assert "Once found" in text and "Having left" in text
    assert "The North 55.3 54.5 47 49 ✓ stays" in flat(text)
    assert "(now 6 months)" in flat(text)


def test_false_alarms_are_told_or_their_absence() -> None:
    assert "1.5 % of months bring an alarm although all comply" in flat(lines_of(answer()))
    assert "raise no false alarm" in flat(lines_of(answer(false_alarm=0.0)))


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(TEMPTATIONS, min_size=1, max_size=4, unique_by=lambda t: t.name), st.booleans())
def test_any_answer_can_be_shown(ways: list[Temptation], valued: bool) -> None:
    for entry in ways:
        assert needed(entry) == by_definition(entry)
    north = incentives("north", *ways) if valued else Unvalued("north", "scores", tuple(ways))
    fields = {"parties": {"north": north}} if valued else {"parties": {}, "enforceable": None}
    result = answer(**fields, unvalued={} if valued else {"north": north})
    text = lines_of(result)
    assert text.count("prize after") == sum(entry.dash is not None for entry in ways)
    rows = frame(result)
    assert list(rows["violation"]) == [entry.name for entry in ways]
    assert list(rows["detection"]) == [entry.detection for entry in ways]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ((1.0, "month"), "1 month"),
        ((9.96, "month"), "10 months"),
        ((46.3, "month"), "46 months"),
        ((119.0, "month"), "119 months"),
        ((120.0, "month"), "10 years"),
        ((2_000_000.0, "day"), "5,479 years"),
        ((2.25, "year"), "2.2 years"),
    ],
)
def test_times_are_told_as_people_do(value: tuple[float, str], expected: str) -> None:
    assert time_text(*value) == expected


def test_the_answers_on_bundled_cases_are_told() -> None:
    river = detente.load("river")
    for package in river.packages:
        result = verify(river, package, budget=Fraction(4), visits=0.5)
        holds_all_of(result, lines_of(result))
    korea = detente.load("korea")
    result = verify(korea, "freeze_first")
    text = lines_of(result)
    holds_all_of(result, text)
    assert "South Korea: how it could cheat" not in text  # nothing to hide, nothing to tell
    assert len(frame(result)) == sum(len(p.temptations) for p in result.parties.values())


def test_a_case_without_a_single_number_is_told() -> None:
    result = verify(detente.load("ceasefire"), "flour_first")
    text = flat(lines_of(result))
    assert flat(verdict_text(result)) in text and BLIND.name not in text
