"""``hold``: the front function, its reasons, and spaces too large to hold at once."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from detente.case import CaseError
from detente.model.aftermath import breakdown_values
from detente.model.compilation import compile_case
from detente.stability import graph_model, individual
from detente.stability.answer import CONCEPTS, Prospect, Reason
from detente.stability.concepts.individual import Focal
from detente.stability.hold import hold
from detente.stability.reasons.sanctions import shortest
from stability_strategies import hold_cases

BASE: dict[str, Any] = {
    "parties": {"north": {}, "south": {}, "guest": {"signs": False}},
    "issues": {
        "tests": {"options": ["on", "off"], "control": "north"},
        "arms": {"options": ["held", "gone"], "control": "north", "irreversible": ["gone"]},
        "embargo": {"options": ["full", "lifted"], "control": "south"},
        "treaty": {"options": ["none", "signed"], "joint": ["north", "south"]},
    },
    "status_quo": {"tests": "on", "arms": "held", "embargo": "full", "treaty": "none"},
    "rules": [{"never": "treaty == signed and tests == on", "because": "No tests in a treaty."}],
    "values": {
        "north": {
            "scores": {
                "tests": {"on": "4.5", "off": 0},
                "arms": {"held": 10, "gone": 0},
                "embargo": {"full": 0, "lifted": 8},
                "treaty": {"none": 0, "signed": 6},
            }
        },
        "south": {
            "scores": {
                "tests": {"on": 0, "off": 12},
                "arms": {"held": 0, "gone": 3},
                "embargo": {"full": 2, "lifted": 0},
                "treaty": {"none": 0, "signed": 5},
            }
        },
        "guest": {"scores": {"treaty": {"none": 0, "signed": 1}}},
    },
    "packages": {"pause": {"outcome": {"tests": "off", "embargo": "lifted"}}},
}


def table(**parts: Any) -> dict[str, Any]:
    return {**copy.deepcopy(BASE), **parts}


def asked(case: detente.Case, outcome: Any = "pause", **options: Any) -> Prospect:
    return hold(case, outcome, **options).prospects[0]


def reason(prospect: Prospect, party: str, concept: str) -> Reason:
    found = prospect.reason(party, concept)
    assert found is not None
    return found


def test_the_north_would_test_and_the_south_deters_it() -> None:
    prospect = asked(detente.load(BASE))
    assert prospect.stable["nash"] == {"north": False, "south": False, "guest": True}
    assert all(prospect.stable["seq"].values())
    entry = reason(prospect, "north", "seq")
    assert entry.move.to == {**prospect.outcome, "tests": "on"}
    assert entry.move.gain == 4.5
    assert entry.sanction is not None
    assert [(step.mover, step.to["embargo"], step.gain) for step in entry.sanction] == [
        ("south", "full", 2.0)
    ]
    assert entry.leaves == -3.5
    assert entry.credible


def test_the_norths_best_answer_is_told() -> None:
    """What the North has once it answered is what deters it: it may stop testing, for nothing."""
    entry = reason(asked(detente.load(BASE)), "north", "sseq")
    assert entry.stable
    assert entry.response is None
    parts = table()
    parts["values"]["north"]["scores"]["tests"] = {"on": "4.5", "off": 0}
    parts["issues"]["line"] = {"options": ["kept", "crossed"], "control": "north"}
    parts["status_quo"]["line"] = "kept"
    parts["values"]["north"]["scores"]["line"] = {"kept": 0, "crossed": 1}
    parts["values"]["north"]["adjustments"] = [
        {"when": "line == crossed and embargo == lifted", "add": -5}
    ]
    entry = reason(asked(detente.load(parts)), "north", "sseq")
    assert entry.response is not None
    assert entry.response.to["line"] == "crossed"
    assert entry.leaves == -2.5


def test_a_gain_below_the_band_is_none() -> None:
    case = detente.load(BASE)
    assert asked(case, band="4.5").stable["nash"]["north"] is False  # not smaller than the band
    assert asked(case, band="4.51").stable["nash"]["north"] is True
    found = hold(case, "pause", band=2)
    assert found.band == 2
    assert found.prospects[0].stable["nash"]["south"] is False
    assert any("2 points" in text for text in found.remarks)
    assert not any("does not count" in text for text in hold(case, "pause").remarks)


def test_a_band_leaves_orders_alone() -> None:
    parts = table()
    parts["values"]["north"] = {"priorities": ["tests == on"]}
    found = hold(detente.load(parts), "pause", band=50)
    assert found.prospects[0].stable["nash"]["north"] is False
    assert found.ordinal == ("north",)
    assert reason(found.prospects[0], "north", "nash").move.gain is None


def test_what_collapse_would_bring() -> None:
    case = detente.load("korea")
    prospect = hold(case, "freeze_first").prospects[0]
    model = compile_case(case)
    for party, gain in prospect.gains_from_collapse.items():
        worth = breakdown_values(case, party, [prospect.outcome])[0]
        assert gain == pytest.approx(worth - float(model.value(party, prospect.outcome)))


def test_parties_without_values_are_unknown_and_named() -> None:
    parts = table()
    del parts["values"]["south"]
    found = hold(detente.load(parts), "pause")
    stable = found.prospects[0].stable
    assert found.unvalued == ("south",)
    assert found.to_dict()["needs"] == {"south": "values"}
    assert stable["nash"] == {"north": False, "south": None, "guest": True}
    assert stable["gmr"]["north"] is True  # the South could restore the embargo
    assert stable["seq"]["north"] is None  # but would it?
    assert found.prospects[0].equilibrium("nash") is False
    assert found.prospects[0].equilibrium("seq") is None


def test_no_values_at_all() -> None:
    parts = table(values={})
    found = hold(detente.load(parts), every=True)
    assert set(found.unvalued) == {"north", "south", "guest"}
    assert all(found.prospects[0].equilibrium(concept) is None for concept in CONCEPTS)
    document = found.to_dict()
    assert all(entry["count"] == 0 for entry in document["equilibria"].values())


def test_a_view_counts_where_nobody_else_has_values() -> None:
    parts = table(values={})
    parts["parties"]["north"] = {"sees": {"values": {"north": BASE["values"]["north"]}}}
    prospect = asked(detente.load(parts))
    assert prospect.stable["nash"]["north"] is None
    assert prospect.as_seen is not None
    assert prospect.as_seen["nash"]["north"] is False
    assert prospect.as_seen["nash"]["guest"] is True


def test_without_a_status_quo() -> None:
    parts = table()
    del parts["status_quo"]
    for party in ("north", "south", "guest"):
        parts["parties"][party] = {**parts["parties"][party], "walk_away": 0}
    parts["packages"] = {"short": {"outcome": {"tests": "off"}}}
    found = hold(detente.load(parts), "tests=off,arms=held,embargo=lifted,treaty=none", every=True)
    assert found.prospects[0].gains_from_collapse == {}
    assert found.listing is not None
    with pytest.raises(CaseError, match="no outcome to ask about"):
        hold(detente.load(parts))


def test_today_and_every_package_in_turn() -> None:
    case = detente.load("river")
    found = hold(case)
    assert [entry.name for entry in found.prospects] == ["status_quo", *case.packages]
    assert list(found.to_dict()["outcomes"]) == ["status_quo", *case.packages]
    for entry in found.prospects:
        alone = hold(case, entry.name)
        assert alone.prospects[0].stable == entry.stable
        assert alone.to_dict()["outcome"] == found.to_dict()["outcomes"][entry.name]


def test_an_impossible_package_is_left_out_and_told() -> None:
    parts = table()
    parts["packages"]["both"] = {"outcome": {"treaty": "signed"}}
    found = hold(detente.load(parts))
    assert [entry.name for entry in found.prospects] == ["status_quo", "pause"]
    assert any("Both is left out: it is no possible outcome" in text for text in found.remarks)


@pytest.mark.parametrize(
    ("outcome", "options", "message"),
    [
        ("paus", {}, "did you mean 'pause'"),
        ("tests=of", {}, "did you mean 'off'"),
        ("treaty=signed", {}, "breaks rule 1"),
        ("pause", {"band": -1}, "from 0 to 1,000,000,000"),
        ("pause", {"band": "much"}, "a number of points"),
        ("pause", {"band": "2.5/3"}, "a number of points"),
        ("pause", {"band": "1e400"}, "a number of points"),
        (None, {"every": True, "most_states": 3}, "at most 3 are compared"),
    ],
)
def test_refusals(outcome: str | None, options: dict[str, Any], message: str) -> None:
    with pytest.raises(CaseError, match=message):
        hold(detente.load(BASE), outcome, **options)


def test_a_stated_move_to_what_the_rules_never_allow_is_refused() -> None:
    parts = table()
    parts["issues"]["line"] = {
        "options": ["here", "there", "nowhere"],
        "moves": {"north": [["here", "there"], ["there", "nowhere"]]},
    }
    parts["status_quo"]["line"] = "here"
    assert hold(detente.load(parts), "pause").prospects
    parts["rules"].append({"never": "line == nowhere"})
    with pytest.raises(CaseError) as error:
        hold(detente.load(parts), "pause")
    assert "north moves line from there to nowhere" in str(error.value)
    assert "the rules allow no outcome with nowhere" in str(error.value)


def test_an_incomplete_ranking_names_what_is_missing() -> None:
    parts = table()
    parts["values"]["north"] = {"ranking": [{"tests": "on", "embargo": "lifted"}, {"tests": "off"}]}
    with pytest.raises(CaseError) as error:
        hold(detente.load(parts), "pause")
    assert "the ranking of north leaves out {tests: on, embargo: full}" in str(error.value)
    parts["values"]["north"]["ranking"].append({})
    assert hold(detente.load(parts), "pause").prospects


@settings(max_examples=60, deadline=None)
@given(hold_cases(), st.integers(0, 10**6), st.integers(4, 40))
def test_around_an_outcome_nothing_is_told_that_is_not_so(
    parts: dict[str, Any], place: int, most: int
) -> None:
    """With fewer states than there are: the same verdicts, or none."""
    case = detente.load(parts)
    whole = hold(case, every=True)
    assert whole.listing is not None
    states = whole.listing.states
    outcome = next(states.outcomes([place % len(states.codes)]))
    full = asked(case, outcome)
    if whole.states <= most:
        return
    try:
        part = asked(case, outcome, most_states=most)
    except CaseError as error:
        assert f"more than {most} states lie within two moves" in str(error)
        return
    for concept in CONCEPTS:
        for party, verdict in part.stable[concept].items():
            assert verdict in (None, full.stable[concept][party])
    assert part.stable["nash"] == full.stable["nash"]


def test_korea_around_one_package() -> None:
    case = detente.load("korea")
    full, part = asked(case, "coexistence"), asked(case, "coexistence", most_states=60_000)
    told = [
        (verdict, full.stable[concept][party])
        for concept in CONCEPTS
        for party, verdict in part.stable[concept].items()
        if verdict is not None
    ]
    assert all(first == second for first, second in told)
    assert len(told) > 20


@settings(max_examples=60, deadline=None)
@given(hold_cases(), st.integers(0, 10**6))
def test_reasons_say_what_they_show(parts: dict[str, Any], place: int) -> None:
    """Moves lead where they say, gains are differences of values, punishments punish."""
    case = detente.load(parts)
    listing = hold(case, every=True).listing
    assert listing is not None
    outcome = next(listing.states.outcomes([place % len(listing.states.codes)]))
    prospect, model = asked(case, outcome), compile_case(case)
    for entry in prospect.reasons:
        assert entry.stable is prospect.stable[entry.concept][entry.party]
        steps = [entry.move, *(entry.sanction or ())]
        before = outcome
        for step in steps:
            changed = {issue for issue in before if before[issue] != step.to[issue]}
            assert changed
            for party, gain in step.gains.items():
                if gain is not None:
                    values = [model.value(party, state) for state in (before, step.to)]
                    assert gain == float(Fraction(values[1] - values[0]))
            before = dict(step.to)
        assert entry.move.parties == (entry.party,)
        assert entry.move.improves
        assert (entry.sanction is not None) or not entry.stable
        for step in entry.sanction or ():
            assert entry.party not in step.parties
            if entry.concept in ("seq", "sseq"):
                assert step.improves
        if entry.sanction and entry.leaves is not None:
            assert entry.leaves <= 0
        end = before if entry.response is None else entry.response.to
        if entry.leaves is not None:
            worth = [model.value(entry.party, state) for state in (outcome, end)]
            assert entry.leaves == float(worth[1] - worth[0])


def test_a_plain_graph() -> None:
    """Chicken: who goes straight on could be punished for it, but at the punisher's own cost."""
    row = [(0, 2), (2, 0), (1, 3), (3, 1)]
    column = [(0, 1), (1, 0), (2, 3), (3, 2)]
    found = individual(
        graph_model({"row": row, "column": column}, {"row": [3, 2, 4, 1], "column": [3, 4, 2, 1]})
    )
    both = {c: (found[c]["row"] & found[c]["column"]).tolist() for c in CONCEPTS}
    assert both["nash"] == [0, 1, 1, 0]
    assert both["gmr"] == [1, 1, 1, 0]
    assert both["seq"] == [0, 1, 1, 0]


@pytest.mark.parametrize(
    ("moves", "preferences", "message"),
    [
        ({"row": [(0, 9)]}, {"row": [1, 2]}, "leaves the 2 states"),
        ({"roe": [(0, 1)]}, {"row": [1, 2]}, "no party"),
        ({"row": []}, {"row": [1, 2], "column": [1]}, "as many for every party"),
    ],
)
def test_a_plain_graph_that_is_none(moves: Any, preferences: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        graph_model(moves, preferences)


def test_lists_are_as_long_as_asked_and_counts_stay_exact() -> None:
    case = detente.load(BASE)
    full = hold(case, every=True, start="status_quo").to_dict()
    short = hold(case, every=True, start="status_quo", most_listed=1).to_dict()
    for concept in CONCEPTS:
        for party, named in full["stable"][concept].items():
            assert full["stable_count"][concept][party] == len(named) > 1
            assert short["stable"][concept][party] == named[:1]
        assert short["equilibria"][concept]["count"] == full["equilibria"][concept]["count"]
        assert short["reachable"][concept] == full["reachable"][concept][:1]
        assert short["reachable_count"][concept] == len(full["reachable"][concept])
    assert short["stable_count"] == full["stable_count"]


def test_too_many_to_name_says_how_many_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.stability.listing.MOST_NAMED", 10)
    found = hold(detente.load(BASE), every=True)
    with pytest.raises(CaseError, match=r"at most 10 are written out\n.*--list 1000"):
        found.to_dict()
    assert "outcomes" in str(found)


def test_the_shortest_punishment_is_the_credible_one_and_ends_with_the_best_move() -> None:
    """Two moves are needed to punish; of the ways to do so the one that everybody likes counts."""
    moves: dict[Any, Any] = {
        "i": [(0, 1)],
        "j": [(1, 2), (1, 3)],
        "k": [(2, 4), (2, 5), (3, 4), (3, 5), (3, 6)],
    }
    likes = {
        "i": [5, 6, 6, 6, 1, 1, 1],
        "j": [0, 1, 0, 2, 0, 0, 0],
        "k": [0, 0, 9, 1, 2, 3, 0],
    }
    found = graph_model(moves, likes)
    focal = Focal(found, 0)
    wanted = focal.worth("gmr") < focal.preference.need[0]
    sequence = shortest(found.movers[1:], 1, wanted, improving=False, exact=True)
    assert sequence is not None
    assert [(found.parties[mover.members[0]], state) for mover, state in sequence] == [
        ("j", 3),
        ("k", 5),
    ]
