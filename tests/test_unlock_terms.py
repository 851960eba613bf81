"""The nearest packages against all outcomes, one by one and in exact numbers."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import detente
from by_definition import ByDefinition, Outcome
from detente.agreement.packages.changes import Change
from detente.agreement.packages.wins import spread
from detente.case import Case, CaseError
from detente.case.bargaining import Agreement
from detente.leverage.answer import Way
from detente.leverage.nearest import MOST_TIES, Layer, difference, layers
from detente.leverage.unlock import unlock
from detente.leverage.unlock_result import UnlockResult
from detente.leverage.wanted import wanted
from detente.model.compilation import compile_case
from stability_strategies import hold_cases
from strategies import cases, outcomes

Costs = dict[str, Fraction]
COSTS = st.sampled_from(["0", "0", "1/3", "1/2", "1", "2", "7/4", "10"]).map(Fraction)
small = cases(most_parties=3, most_issues=3, most_options=3)


@st.composite
def priced(draw: st.DrawFn, case: Case) -> Costs:
    """What changes of some issues cost."""
    return {issue: draw(COSTS) for issue in case.issues if draw(st.booleans())}


def cost_of(before: Outcome, after: Outcome, costs: Mapping[str, Fraction]) -> Fraction:
    changed = [issue for issue, option in before.items() if after[issue] != option]
    return sum((costs.get(issue, Fraction(1)) for issue in changed), Fraction(0))


def by_cost(
    case: Case, package: Outcome, costs: Costs, *, accepted: bool = True
) -> dict[Fraction, list[dict[str, str]]]:
    """All outcomes that obey the rules, and have consent, by what they cost."""
    told = ByDefinition(case)
    out: dict[Fraction, list[dict[str, str]]] = defaultdict(list)
    for outcome in told.outcomes():
        if not told.broken(outcome) and (not accepted or told.agreed(outcome)):
            out[cost_of(package, outcome, costs)].append(outcome)
    return dict(sorted(out.items()))


def agreements(case: Case, package: Outcome, costs: Costs) -> dict[Fraction, list[dict[str, str]]]:
    """The same, with consent and without today's state, which is no way to get an agreement."""
    found = by_cost(case, package, costs)
    left = {cost: [o for o in entry if o != case.status_quo] for cost, entry in found.items()}
    return {cost: entry for cost, entry in left.items() if entry}


def frozen(found: Any) -> list[tuple[tuple[str, str], ...]]:
    return sorted(tuple(sorted(outcome.items())) for outcome in found)


def assert_layers(found: list[Layer], expected: dict[Fraction, list[dict[str, str]]]) -> None:
    assert [layer.cost for layer in found] == list(expected)
    for layer, outcomes_ in zip(found, expected.values(), strict=True):
        assert layer.count == len(outcomes_)
        assert frozen(layer.outcomes) == frozen(outcomes_)


def drawn_case(data: st.DataObject, *, everyone: bool) -> tuple[Case, dict[str, str], Costs]:
    case = detente.load(data.draw(small))
    package = data.draw(outcomes(case.options))
    if everyone:
        case = wanted(
            case, package, None, goals=("acceptable",), concept="seq", model="discounted"
        ).case
    return case, package, data.draw(priced(case))


@settings(max_examples=25, deadline=None)
@given(st.data(), st.booleans())
def test_every_layer_is_complete_and_in_the_order_of_cost(
    data: st.DataObject, everyone: bool
) -> None:
    case, package, costs = drawn_case(data, everyone=everyone)
    found = list(layers(compile_case(case), package, costs))
    assert_layers(found, by_cost(case, package, costs))


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_without_consent_every_outcome_that_obeys_the_rules_is_in_a_layer(
    data: st.DataObject,
) -> None:
    case, package, costs = drawn_case(data, everyone=False)
    found = list(layers(compile_case(case), package, costs, accepted=False))
    assert_layers(found, by_cost(case, package, costs, accepted=False))


@settings(max_examples=18, deadline=None)
@given(st.data())
def test_those_that_cost_the_signing_parties_least_come_first(data: st.DataObject) -> None:
    """The largest loss of a signing party, as a share of the spread of its values, by definition"""
    case, package, costs = drawn_case(data, everyone=True)
    model, told = compile_case(case), ByDefinition(case)
    signing = [name for name in told.objectives if model.has_scores(name)]
    assume(signing)
    spreads = {
        name: spread(entry) * entry.unit
        for name in signing
        for entry in [model.problem.criteria[model.position[name]]]
    }

    def worst(outcome: Outcome) -> Fraction:
        return max(
            (told.value(name, package) - told.value(name, outcome)) / (spreads[name] or 1)
            for name in signing
        )

    for layer in layers(model, package, costs, accepted=False):
        losses = [worst(outcome) for outcome in layer.outcomes]
        assert all(
            first <= then + Fraction(1, 10**12) for first, then in itertools.pairwise(losses)
        )


def test_by_hand_the_gentlest_is_the_one_whose_largest_loss_is_smallest() -> None:
    """Arms cost North 9/10 of its spread, and aid South 4/10 of its own at most."""
    issues = {"arms": ["held", "cut"], "aid": ["none", "full"]}
    scores = {
        "north": {"arms": {"held": 90, "cut": 0}, "aid": {"none": 10, "full": 0}},
        "south": {"arms": {"held": 0, "cut": 6}, "aid": {"none": 4, "full": 0}},
    }
    drawn = {
        "detente": 1,
        "title": "Gentle",
        "parties": {name: {"walk_away": -99} for name in scores},
        "issues": {name: {"options": options} for name, options in issues.items()},
        "values": {name: {"scores": own} for name, own in scores.items()},
    }
    package = {"arms": "held", "aid": "none"}
    ties = list(layers(compile_case(detente.load(drawn)), package, {}))[1]
    cut, full = {"arms": "cut", "aid": "none"}, {"arms": "held", "aid": "full"}
    assert list(ties.outcomes) == [full, cut]


def test_more_ties_than_are_looked_at_are_counted_all_the_same() -> None:
    issues = {f"issue_{number}": {"options": ["no", "yes"]} for number in range(11)}
    case = detente.load({"detente": 1, "title": "Ties", "parties": {"north": {}}, "issues": issues})
    package = dict.fromkeys(issues, "no")
    free = dict.fromkeys(issues, Fraction(0))
    (layer,) = layers(compile_case(case), package, free, accepted=False)
    assert layer.cost == 0 and (layer.count, len(layer.outcomes)) == (2**11, MOST_TIES)


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_the_difference_is_what_is_settled_otherwise(data: st.DataObject) -> None:
    case = detente.load(data.draw(small))
    before, after = (data.draw(outcomes(case.options)) for _ in range(2))
    changes = difference(compile_case(case), before, after)
    assert {**before, **{change.issue: change.after for change in changes}} == after
    assert all(before[change.issue] == change.before != change.after for change in changes)


def asked(case: Case, package: Outcome, **more: Any) -> UnlockResult:
    options = {"goals": ("acceptable",), "levers": ("terms",), "samples": 0, "together": False}
    return unlock(case, dict(package), **{**options, **more})


def applied(package: Outcome, way: Way) -> dict[str, str]:
    changes = [part for part in way.parts if isinstance(part, Change)]
    assert len(changes) == len(way.parts)
    return {**package, **{change.issue: change.after for change in changes}}


@settings(max_examples=18, deadline=None)
@given(st.data())
def test_terms_are_the_nearest_packages_that_every_signing_party_accepts(
    data: st.DataObject,
) -> None:
    """Of everyone, whatever the agreement rule; packages that break rules too."""
    case = detente.load(data.draw(small))
    package = data.draw(outcomes(case.options))
    costs = data.draw(priced(case))
    everyone = case.changed(agreement=Agreement())
    expected = agreements(everyone, package, costs)
    told = ByDefinition(everyone)
    result = asked(case, package, change_costs=costs)
    if told.agreed(package) and not told.broken(package):
        assert (result.open, result.ways, result.bounds) == ((), (), ())
        return
    assert result.open == ("acceptable",)
    if not expected:
        assert not result.ways
        assert [entry.lever for entry in result.bounds] == ["terms"]
        return
    least = min(expected)
    assert len(result.ways) == min(3, len(expected[least]))
    for way in result.ways:
        assert (way.cost.amount, way.open) == (least, ())
        assert way.cost.unit == ("cost" if costs else "changes")
        assert dict(way.outcome) in expected[least]
        assert applied(package, way) == dict(way.outcome)
    assert len({way.text for way in result.ways}) == len(result.ways)


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_a_limit_below_the_least_cost_is_told_with_what_it_would_have_to_be(
    data: st.DataObject,
) -> None:
    case = detente.load(data.draw(small)).changed(agreement=Agreement())
    package = data.draw(outcomes(case.options))
    expected = agreements(case, package, {})
    assume(expected and min(expected) > 0)
    least = min(expected)
    result = asked(case, package, most_changes=least - Fraction(1, 2))
    assert not result.ways
    if not result.open:  # today's state may be what is asked about, and accepted
        return
    (bound,) = result.bounds
    assert str(least) in bound.text or least <= 12
    assert asked(case, package, most_changes=least).ways


GOALS = ("acceptable", "holds")


@settings(max_examples=12, deadline=None)
@given(hold_cases(), st.data())
def test_the_nearest_package_that_meets_every_goal(
    drawn: dict[str, Any], data: st.DataObject
) -> None:
    """No package that costs less is accepted by everyone and an equilibrium."""
    case = detente.load(drawn).changed(agreement=Agreement())
    package = data.draw(outcomes(case.options))
    costs = data.draw(priced(case))
    result = asked(case, package, goals=GOALS, change_costs=costs)
    assume(result.open and all(told is not None for told in result.standing.verdicts.values()))

    def stays(outcome: Outcome) -> bool | None:
        return detente.hold(case, dict(outcome)).prospects[0].equilibrium("seq")

    cost = next(
        (
            cost
            for cost, found in agreements(case, package, costs).items()
            if any(stays(outcome) for outcome in found)
        ),
        None,
    )
    enough = [way for way in result.ways if not way.open]
    assert bool(enough) == (cost is not None)
    if cost is not None:
        assert min(way.cost.amount for way in enough) == cost
        assert all(stays(way.outcome) for way in enough)
    else:
        assert result.bounds
    assert len({way.text for way in result.ways}) == len(result.ways)


def test_where_the_nearest_package_loses_what_was_met_the_next_one_is_found() -> None:
    """South asks for access; with it North moves on to the full aid, so that has to be agreed."""
    drawn = {
        "detente": 1,
        "title": "Two steps",
        "parties": {"north": {"walk_away": 0}, "south": {"walk_away": 5}},
        "issues": {
            "access": {"options": ["closed", "open"], "moves": {}},
            "aid": {"options": ["none", "full"], "control": "north"},
        },
        "values": {
            "north": {
                "scores": {"aid": {"none": 10, "full": 0}},
                "adjustments": [{"when": "access == open and aid == full", "add": 20}],
            },
            "south": {"scores": {"access": {"closed": 0, "open": 6}}},
        },
    }
    result = asked(detente.load(drawn), {"access": "closed", "aid": "none"}, goals=GOALS)
    assert result.standing.verdicts == {"acceptable": False, "holds": True}
    (way,) = result.ways
    assert (dict(way.outcome), way.cost.amount) == ({"access": "open", "aid": "full"}, 2)


def test_a_package_that_breaks_a_rule_is_brought_to_one_that_meets_every_goal(
    table: dict[str, Any],
) -> None:
    """Nothing is known of a package that breaks a rule: what is near it is asked everything."""
    rule = {"never": "arms == destroyed and embargo == full"}
    case = detente.load({**table, "rules": [rule]})
    package = {"arms": "destroyed", "embargo": "full"}
    result = asked(case, package, goals=GOALS)
    assert result.standing.verdicts == {"acceptable": False, "holds": None}
    meeting = [
        outcome
        for found in agreements(case, package, {}).values()
        for outcome in found
        if detente.hold(case, outcome).prospects[0].equilibrium("seq")
    ]
    enough = [way for way in result.ways if not way.open]
    assert bool(enough) == bool(meeting)


@pytest.mark.parametrize("written", ["1e-60", "1e-99", "10e14"])
def test_costs_too_fine_to_be_counted_are_refused_in_words(
    table: dict[str, Any], written: str
) -> None:
    case = detente.load(table)
    package = {"arms": "destroyed", "embargo": "full"}
    costs = {"arms": written, "embargo": "1/3"}
    try:
        result = asked(case, package, change_costs=costs)
    except CaseError as error:
        assert "change" in error.problems[0].what
    else:
        assert all(way.cost.amount > 0 for way in result.ways)
