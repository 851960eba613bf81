"""``concerns`` against its definition: tables, smallest clashes, and what frees them."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente
from by_definition import ByDefinition
from detente.agreement.clashes import hitting_sets
from detente.agreement.engines.front import TooLarge
from strategies import cases

SLOW = settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])


def satisfiable(brute: ByDefinition, lines: Any, rules: list[int]) -> bool:
    return any(
        not set(brute.broken(o)) & set(rules)
        and all(brute.holds(line.concern.met, o) for line in lines)
        for o in brute.outcomes()
    )


@SLOW
@given(cases(most_parties=3, most_issues=3))
def test_tables_and_clashes_follow_the_definition(data: dict[str, Any]) -> None:
    case = detente.load(data)
    brute, result = ByDefinition(case), detente.concerns(case)
    feasible = [o for o in brute.outcomes() if not brute.broken(o)]
    assert result.feasible == len(feasible)
    for row in result.rows:
        assert row.met_by == sum(brute.holds(row.concern.met, o) for o in feasible)
    lines, every = result.red_lines, list(range(len(case.rules)))
    meeting = [o for o in feasible if all(brute.holds(x.concern.met, o) for x in lines)]
    assert result.all_musts_met_by == len(meeting)
    assert [dict(o) for o in result.examples] == meeting[:10]
    assert bool(result.clashes) == (not meeting)
    expected = []
    for size in range(len(lines) + 1):
        for chosen in itertools.combinations(range(len(lines)), size):
            if any(set(smaller) <= set(chosen) for smaller in expected):
                continue
            if not satisfiable(brute, [lines[i] for i in chosen], every):
                expected.append(chosen)
    assert [clash.red_lines for clash in result.clashes] == expected
    for clash in result.clashes:
        own = [lines[i] for i in clash.red_lines]
        for rules in clash.rules:
            assert not satisfiable(brute, own, list(rules))
            for left in rules:
                assert satisfiable(brute, own, [rule for rule in rules if rule != left])
        for rule in every:
            others = [other for other in every if other != rule]
            assert (rule in clash.freeing_rules) == satisfiable(brute, own, others)


@SLOW
@given(cases(most_parties=2, most_issues=3))
def test_a_new_option_that_is_named_frees_the_clash(data: dict[str, Any]) -> None:
    """Adding the option at the place that is named makes the red lines satisfiable."""
    result = detente.concerns(detente.load(data))
    for clash in result.clashes:
        tried = {(new.issue, new.after, new.before) for new in clash.new_options}
        for issue, entry in data["issues"].items():
            options = entry["options"]
            for slot in range(len(options) + 1):
                after = options[slot - 1] if slot else None
                before = options[slot] if slot < len(options) else None
                widened = {key: data[key] for key in ("detente", "title", "rules") if key in data}
                widened["issues"] = dict(data["issues"])
                widened["issues"][issue] = {"options": [*options[:slot], "new", *options[slot:]]}
                widened["parties"] = {name: {} for name in data["parties"]}
                brute = ByDefinition(detente.load(widened))
                own = [result.red_lines[i] for i in clash.red_lines]
                freed = satisfiable(brute, own, list(range(len(brute.case.rules))))
                assert ((issue, after, before) in tried) == freed


@given(st.lists(st.frozensets(st.integers(0, 5), min_size=1), max_size=6))
def test_hitting_sets_are_minimal_and_complete(family: list[frozenset[int]]) -> None:
    everything = [frozenset(c) for n in range(7) for c in itertools.combinations(range(6), n)]
    hitting = [s for s in everything if all(s & members for members in family)]
    minimal = {s for s in hitting if not any(other < s for other in hitting)}
    assert hitting_sets(family, 1000) == minimal


def test_hitting_sets_refuse_more_than_the_limit() -> None:
    pairs = [frozenset({2 * n, 2 * n + 1}) for n in range(5)]
    assert len(hitting_sets(pairs, 32)) == 32
    with pytest.raises(TooLarge, match="more than 31 sets"):
        hitting_sets(pairs, 31)


def test_ways_out_are_worded(table: dict[str, Any]) -> None:
    table["rules"] = [{"if": "embargo == lifted", "then": "arms == destroyed"}]
    table["concerns"] = {
        "north": [{"name": "Not destroyed", "met": "arms != destroyed", "must": True}],
        "south": [{"name": "Trade again", "met": "embargo == lifted", "must": True}],
    }
    result = detente.concerns(detente.load(table))
    (clash,) = result.to_dict()["clashes"]
    assert clash["smallest"] == [
        {"party": "north", "name": "Not destroyed"},
        {"party": "south", "name": "Trade again"},
    ]
    assert clash["rules"] == [[1]]
    assert clash["freed_by"] == [
        "north gives up the red line “Not destroyed”",
        "south gives up the red line “Trade again”",
        "rule 1 is dropped (if embargo == lifted then arms == destroyed)",
    ]


def test_works_without_values_packages_and_status_quo(table: dict[str, Any]) -> None:
    del table["values"], table["status_quo"]
    table["packages"] = {"half": {"outcome": {"arms": "held"}}}
    table["concerns"] = {"north": [{"name": "Guns", "met": "arms == held"}]}
    result = detente.concerns(detente.load(table))
    assert result.packages == {}  # without a status quo half an outcome is no outcome
    assert result.all_musts_met_by == 6
    assert result.to_dict()["status_quo"] is None


def test_a_space_too_large_to_walk(table: dict[str, Any]) -> None:
    for number in range(60):
        table["issues"][f"more{number}"] = {"options": ["a", "b", "c"]}
        table["status_quo"][f"more{number}"] = "a"
    table["concerns"] = {
        "north": [{"name": "Guns", "met": "arms == held", "must": True}],
        "south": [{"name": "No guns", "met": "arms > held", "must": True}],
    }
    result = detente.concerns(detente.load(table))
    assert result.feasible == 6 * 3**60
    assert [clash.red_lines for clash in result.clashes] == [(0, 1)]
