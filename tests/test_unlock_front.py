"""What can be asked of unlock, what it refuses, and the document that it answers with."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from by_definition import ByDefinition
from detente.case import Case, CaseError
from detente.leverage.answer import GOALS, LEVERS, Shift, Way
from detente.leverage.judgements import with_shifts
from detente.leverage.unlock import LARGEST_RUN, unlock
from detente.leverage.unlock_result import UnlockResult
from strategies import cases, outcomes

FIELDS = Path(__file__).parents[1] / "docs" / "reference" / "json.md"
DEAL = {"arms": "destroyed", "embargo": "lifted"}
BAD = {"arms": "destroyed", "embargo": "full"}


def asked(case: Case | dict[str, Any], package: Any = BAD, **more: Any) -> UnlockResult:
    loaded = case if isinstance(case, Case) else detente.load(case)
    return unlock(loaded, package, **{"samples": 0, **more})


def refused(case: dict[str, Any], package: Any = BAD, **more: Any) -> str:
    with pytest.raises(CaseError) as caught:
        asked(case, package, **more)
    (problem,) = caught.value.problems
    return f"{problem.what}: {problem.help}"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"goals": ["acceptible"]}, "'acceptable'"),
        ({"goals": []}, "no goal is named"),
        ({"levers": ["term"]}, "'terms'"),
        ({"levers": ()}, "no lever is named"),
        ({"concept": "nsh"}, "'nash'"),
        ({"model": "patiemt"}, "patient"),
        ({"change_costs": {"arm": 1}}, "'arms'"),
        ({"change_costs": {"arms": -1}}, "the cost of a change of arms"),
        ({"change_costs": {"arms": math.nan}}, "the cost of a change of arms"),
        ({"change_costs": {"arms": "much"}}, "the cost of a change of arms"),
        ({"change_costs": {"arms": "1/0"}}, "the cost of a change of arms"),
        ({"most_changes": -1}, "the limit on changes"),
        ({"most_changes": math.nan}, "the limit on changes"),
        ({"most_changes": math.inf}, "the limit on changes"),
        ({"most_changes": "few"}, "the limit on changes"),
        ({"most_paid": {"north": -3}}, "the bound on payments of north"),
        ({"most_paid": {"nort": 3}}, "'north'"),
        ({"most_paid": {"arms": 3}}, "arms"),
        ({"rates": {"south": "-0.5"}}, "the rate of south"),
        ({"rates": {"south": math.nan}}, "the rate of south"),
        ({"rates": {"est": 1}}, "est"),
        ({"samples": -1}, "samples"),
        ({"samples": LARGEST_RUN + 1}, "samples"),
        ({"seed": -1}, "seed"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(
    table: dict[str, Any], more: dict[str, Any], told: str
) -> None:
    assert told in refused(table, **more)


@pytest.mark.parametrize(
    "package", ["nowhere", {"arms": "gone"}, {"army": "held"}, "arms=held,embargo", ""]
)
def test_an_unknown_package_is_refused(table: dict[str, Any], package: Any) -> None:
    assert refused(table, package)


def test_an_outcome_that_leaves_out_issues_without_a_status_quo(table: dict[str, Any]) -> None:
    del table["status_quo"]
    for party in table["parties"].values():
        party["walk_away"] = 20
    assert "embargo" in refused(table, {"arms": "held"})


def test_goals_and_levers_are_told_in_their_own_order(table: dict[str, Any]) -> None:
    result = asked(table, goals=["holds", "acceptable"], levers={"process": 1, "terms": 2})
    assert (result.goals, result.levers) == (("acceptable", "holds"), ("terms", "process"))
    assert set(result.standing.verdicts) == {"acceptable", "holds"}
    assert {way.lever for way in result.ways} <= {"terms", "process"}


def test_a_package_with_nothing_open_asks_for_nothing(table: dict[str, Any]) -> None:
    same = {"arms": "held", "embargo": "full"}
    result = asked(table, same, goals=["acceptable"])
    assert (result.open, result.ways, result.bounds, result.together) == ((), (), (), None)
    assert result.reasons == ()
    assert_document(result)


def test_a_case_without_values(table: dict[str, Any]) -> None:
    del table["values"]
    result = asked(table)
    assert result.standing.verdicts["acceptable"]
    assert result.standing.verdicts["holds"] is None
    assert result.standing.untold["holds"]
    assert not result.ways
    assert_document(result)


def test_a_case_without_a_status_quo(table: dict[str, Any]) -> None:
    del table["status_quo"]
    for party in table["parties"].values():
        party["walk_away"] = 45
    result = asked(table, BAD)
    told = result.standing
    assert told.verdicts["acceptable"] is False
    assert told.verdicts["roadmap"] is None and told.untold["roadmap"]
    assert_ways(result)
    assert_document(result)


def test_a_case_without_verification(table: dict[str, Any]) -> None:
    result = asked(table, DEAL)
    assert_ways(result)
    assert_document(result)


def test_orders_of_preference_alone(table: dict[str, Any]) -> None:
    order = [{"arms": "held"}, {"embargo": "lifted"}]
    table["values"] = {"north": {"ranking": order}, "south": {"priorities": ["arms == destroyed"]}}
    result = asked(table)
    assert result.standing.verdicts["acceptable"] is False
    assert result.standing.untold["enforceable"]
    assert not any(isinstance(part, Shift) for way in result.ways for part in way.parts)
    assert_ways(result)
    assert_document(result)


def test_a_quota_is_replaced_by_the_consent_of_everybody(table: dict[str, Any]) -> None:
    table["agreement"] = {"quota": 1}
    case = detente.load(table)
    package = detente.agree(case, BAD).package
    assert package is not None and package.acceptable  # south is enough
    result = asked(case, goals=["acceptable"], levers=["terms"])
    assert result.open == ("acceptable",)
    assert result.standing.refused_by == ("north",)
    assert result.remarks
    assert not asked({**table, "agreement": "unanimity"}, goals=["acceptable"]).remarks


def test_the_majority_of_factions(table: dict[str, Any]) -> None:
    """Two of three are enough; the third that refuses is not asked for more."""
    worth = {"scores": {"arms": {"held": 0, "cantoned": 0, "destroyed": 0}}}
    lacking = {"army": 5, "senate": 2, "street": 9}
    table["parties"]["north"] = {
        "walk_away": 0,
        "factions": {name: {"walk_away": n, "values": worth} for name, n in lacking.items()},
        "ratification": "majority",
    }
    table["parties"]["south"] = {"walk_away": 0}
    result = asked(table, goals=["acceptable"], levers=["persuasion", "process"])
    scores = [way for way in result.ways if way.lever == "persuasion"]
    assert [way.cost.amount for way in scores] == [7]
    assert {part.name for way in scores for part in way.parts} == {"north.senate", "north.army"}  # type: ignore[union-attr]
    assert all("north" in way.concerns for way in scores)
    assert_ways(result)


def test_a_package_that_breaks_a_rule(table: dict[str, Any]) -> None:
    table["rules"] = [{"never": "arms == destroyed and embargo == full"}]
    result = asked(table)
    told = result.standing
    assert told.verdicts["acceptable"] is False
    assert all(told.verdicts[goal] is None and told.untold[goal] for goal in GOALS[1:])
    assert any("rule" in reason or "refuses" in reason for reason in result.reasons)
    assert_ways(result)
    assert_document(result)


# The document


def documented(heading: str) -> set[str]:
    """Fields of the first table of a section of the reference."""
    section = FIELDS.read_text().split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    first = section.strip().split("\n\n")[0]
    cells = [line.split("|")[1] for line in first.splitlines()[2:]]
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def of_parts() -> dict[str, set[str]]:
    section = FIELDS.read_text().split("\n## unlock\n", 1)[1].split("\n## ", 1)[0]
    rows = section.split("by its `kind`:", 1)[1].strip().splitlines()[2:]
    return {
        kind: set(re.findall(r"`(\w+)`", row.split("|")[2]))
        for row in rows
        if row.startswith("|")
        for kind in re.findall(r"`([^`]+)`", row.split("|")[1])
    }


def numbers_of(entry: Any) -> Iterator[float]:
    if isinstance(entry, dict):
        for value in entry.values():
            yield from numbers_of(value)
    elif isinstance(entry, list):
        for value in entry:
            yield from numbers_of(value)
    elif isinstance(entry, float):
        yield entry
    else:
        assert entry is None or isinstance(entry, (str, int, bool))


def assert_document(result: UnlockResult) -> None:
    """As the reference says, without anything that JSON cannot hold."""
    told = result.to_dict()
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert all(math.isfinite(number) for number in numbers_of(told))
    assert set(told) == documented("unlock")
    assert list(told["verdicts"]) == list(result.goals)
    assert set(told["untold"]) <= {g for g, verdict in told["verdicts"].items() if verdict is None}
    kinds = of_parts()
    ways = [*told["ways"], *(told["together"] or {"ways": []})["ways"]]
    for way in ways:
        assert set(way) == {"lever", "text", "cost", "solves", "open", "outcome", "share", "parts"}
        for part in way["parts"]:
            assert set(part) - {"kind"} <= kinds[part["kind"]], part
    for bound in told["bounds"]:
        assert set(bound) == {"lever", "goal", "why"} and bound["why"]
    for check in told["detection"]:
        assert set(check) - {"kind"} == {"party", "violation", "now", "least"}


def assert_ways(result: UnlockResult) -> None:
    """Best first, each once, in sentences, without a private number in the plain ones."""
    assert len({(way.lever, repr(way.parts)) for way in result.ways}) == len(result.ways)
    for way in result.ways:
        assert way.solves and not set(way.solves) & set(way.open)
        assert way.lever in result.levers and way.text.endswith(".") and way.plain.endswith(".")
        assert "{" not in way.text + way.plain
    opens = [(len(way.open), -len(way.solves)) for way in result.ways]
    assert opens == sorted(opens)
    assert len({entry.text for entry in result.bounds}) == len(result.bounds)


drawn = cases(most_parties=3, most_issues=3, most_options=3)


@settings(max_examples=10, deadline=None)
@given(st.data())
def test_any_case_is_answered_in_a_document(data: st.DataObject) -> None:
    case = detente.load(data.draw(drawn))
    package = data.draw(outcomes(case.options))
    result = asked(case, package, samples=8)
    assert_document(result)
    assert_ways(result)
    assert set(result.open) == {g for g, told in result.standing.verdicts.items() if told is False}


def test_the_bundled_cases_are_answered_in_a_document() -> None:
    for name, package in (("commitment", "deal"), ("syria_iraq", "release")):
        result = asked(detente.load(name), package)
        assert_ways(result)
        assert_document(result)


def uncertain(table: dict[str, Any]) -> dict[str, Any]:
    scores = table["values"]["north"]["scores"]
    scores["embargo"]["lifted"] = {"low": 30, "likely": 40, "high": 70}
    scores["arms"]["destroyed"] = [-10, 10]
    return table


def test_the_same_seed_the_same_answer(table: dict[str, Any]) -> None:
    """Another seed gives other shares, of the same ways."""
    case = detente.load(uncertain(table))
    more = {"levers": ("terms", "persuasion", "guarantees"), "samples": 64}
    first, again, other = (asked(case, DEAL, seed=seed, **more).to_dict() for seed in (3, 3, 4))
    assert first == again
    assert any(way["share"] for way in first["ways"])
    assert [way["share"] for way in first["ways"]] != [way["share"] for way in other["ways"]]
    parts = [sorted(repr(way["parts"]) for way in told["ways"]) for told in (first, other)]
    assert parts[0] == parts[1]


def test_shares_are_those_of_stress_for_the_case_that_a_way_leads_to(
    table: dict[str, Any],
) -> None:
    """The same codings: only the judgement that is another differs."""
    case = detente.load(uncertain(table))
    result = asked(case, DEAL, goals=["acceptable"], samples=256, seed=7)
    shared = [way for way in result.ways if way.lever in ("terms", "persuasion")]
    assert {way.lever for way in shared} == {"terms", "persuasion"}
    for way in shared:
        assert way.share is not None and way.share.samples == 256
        assert way.share.share == pytest.approx(by_stress(case, way), abs=1e-12)


def by_stress(case: Case, way: Way) -> float:
    edited = with_shifts(case, way.parts) if way.lever == "persuasion" else case  # type: ignore[arg-type]
    outcome = ",".join(f"{issue}={option}" for issue, option in way.outcome.items())
    return detente.stress(
        edited, outcome, samples=256, seed=7, holds=False, deciding=False, robust=False, workers=1
    ).standing.acceptable.share


def test_no_share_where_no_number_has_a_range(table: dict[str, Any]) -> None:
    assert all(way.share is None for way in asked(table, DEAL, samples=16).ways)


def test_names_with_any_characters(table: dict[str, Any]) -> None:
    """In the words of the case as they stand: braces, quotes, markup, other scripts."""
    odd = 'Nørd "{x}" | <b>%s</b> 북한'
    table["parties"]["north"]["name"] = odd
    table["issues"]["arms"]["name"] = "Arms {count} – 'all' \\ & more"
    result = asked(table, DEAL)
    assert any(odd in text for text in [*(w.text for w in result.ways), *result.reasons])
    assert_document(result)
    for name in result.to_dict()["ways"]:
        assert "Arms {count}" in name["text"] or "Arms" not in name["text"]


def test_limits_are_told_in_the_units_that_were_asked_in(table: dict[str, Any]) -> None:
    result = asked(table, goals=["acceptable"], levers=["terms"], change_costs={"embargo": "5/2"})
    told = ByDefinition(detente.load(table))
    assert all(told.agreed(way.outcome) for way in result.ways)
    assert all(way.cost.unit == "cost" for way in result.ways)
    none = asked(
        table,
        goals=["acceptable"],
        levers=["terms"],
        change_costs={"embargo": "5/2"},
        most_changes=Fraction(1, 4),
    )
    assert not none.ways and len(none.bounds) == 1
    assert str(float(result.ways[0].cost.amount)).rstrip("0").rstrip(".") in none.bounds[0].text


def test_every_lever_alone_and_every_goal_alone(table: dict[str, Any]) -> None:
    case = detente.load(table)
    for lever in LEVERS:
        for goal in GOALS:
            result = asked(case, DEAL, goals=[goal], levers=[lever], together=False)
            assert_ways(result)
            assert all(way.solves == (goal,) and not way.open for way in result.ways)
