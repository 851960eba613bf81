"""Own views: each party's verdicts in the conflict as it sees it, against that conflict built."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente
from detente.case import Case, CaseError
from detente.case.bargaining import Rule
from detente.model.compilation import Model, compile_case
from detente.model.problem import Integers
from detente.stability.answer import CONCEPTS, Concept, Marks
from detente.stability.concepts.individual import individual
from detente.stability.graph.around import around
from detente.stability.graph.conflict import MOST_STATES, all_states, conflict
from detente.stability.graph.relations import relations
from detente.stability.listing import Listing, States
from detente.stability.perception import perceived, seen_by
from stability_by_definition import Graph, Mover
from stability_cases import CaseGraph
from stability_strategies import bands, hold_cases
from strategies import statements, values

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
TOLD = {1: True, 0: False, -1: None}


def some(count: int) -> settings:
    return settings(max_examples=count, deadline=None, suppress_health_check=SLOW)


# Brute force


@st.composite
def views(draw: st.DrawFn, written: Mapping[str, Any]) -> dict[str, Any]:
    """What a party may see: other values, rules, options, and who moves what and how."""
    table = {name: list(issue["options"]) for name, issue in written["issues"].items()}
    names = st.sampled_from(list(written["parties"]))
    sees: dict[str, Any] = {}
    if draw(st.booleans()):
        whose = draw(st.lists(names, min_size=1, max_size=2, unique=True))
        sees["values"] = {name: draw(values(table)) for name in whose}
        for drawn in sees["values"].values():
            if "ranking" in drawn:
                drawn["ranking"].append({})
    if draw(st.integers(0, 2)) == 0:
        never = draw(st.lists(statements(table, 1), max_size=2))
        sees["rules"] = [{"never": statement.text} for statement in never]
    sees["issues"] = {}
    for issue in draw(st.lists(st.sampled_from(list(table)), max_size=2, unique=True)):
        words = st.lists(st.sampled_from(table[issue]), unique=True)
        visible = st.lists(st.sampled_from(table[issue]), min_size=1, unique=True)
        view: dict[str, Any] = {}
        if draw(st.integers(0, 2)) == 0:
            view["options"] = draw(visible)
        form = draw(st.sampled_from(["", "", "control", "joint"]))
        if form == "control":
            view["control"] = draw(names)
        elif form == "joint":
            view["joint"] = draw(st.lists(names, unique=True))
        if draw(st.integers(0, 2)) == 0:
            view["irreversible"] = draw(words)
        sees["issues"][issue] = view
    return sees


def believed(written: Mapping[str, Any], sees: Mapping[str, Any]) -> dict[str, Any]:
    """The view written out as a case of its own, but for what is excluded from it."""
    out = copy.deepcopy(dict(written))
    out.pop("rules", None)
    first = {name: issue["options"][0] for name, issue in out["issues"].items()}
    for party in out["parties"].values():
        party.pop("sees", None)
        party["walk_away"] = {"outcome": first}
    out["values"] |= sees.get("values", {})
    for name, view in sees.get("issues", {}).items():
        issue = out["issues"][name]
        if "control" in view or "joint" in view:
            for key in ("control", "joint", "moves"):
                issue.pop(key, None)
            issue |= {key: view[key] for key in ("control", "joint") if key in view}
        if "irreversible" in view:
            issue.pop("undo", None)
            _hold(issue, view["irreversible"])
    return out


def _hold(issue: dict[str, Any], kept: list[str]) -> None:
    """Some options cannot be undone, whatever else is said of ways out of them."""
    issue["irreversible"] = kept
    options = issue["options"]

    def possible(before: str, after: str) -> bool:
        if before not in kept:
            return True
        return after in kept and options.index(after) > options.index(before)

    for before, ends in issue.get("transitions", {}).items():
        issue["transitions"][before] = [after for after in ends if possible(before, after)]
    for party, pairs in issue.get("moves", {}).items():
        issue["moves"][party] = [pair for pair in pairs if possible(*pair)]


def excluded(case: Case, party: str, outcome: Mapping[str, str]) -> bool:
    """Whether a party does not perceive an outcome."""
    sees = case.parties[party].sees
    assert sees is not None
    rules: tuple[Rule, ...] = case.rules if sees.rules is None else sees.rules
    for rule in rules:
        if rule.never is not None:
            broken = rule.never.holds(outcome, case.options)
        else:
            assert rule.if_ is not None and rule.then is not None
            given = rule.if_.holds(outcome, case.options)
            broken = given and not rule.then.holds(outcome, case.options)
        if broken:
            return True
    return any(
        view.options is not None and outcome[name] not in view.options
        for name, view in sees.issues.items()
    )


def within(graph: Graph, kept: list[int]) -> Graph:
    """The same graph without the other states: nobody moves to or from them."""
    place = {state: number for number, state in enumerate(kept)}

    def heads(mover: Mover, state: int) -> frozenset[int]:
        return frozenset(place[head] for head in mover.heads(state) if head in place)

    return Graph(
        len(kept),
        tuple(
            Mover(mover.members, {place[state]: heads(mover, state) for state in kept})
            for mover in graph.movers
        ),
        tuple(
            None if row is None else tuple(tuple(row[t][s] for s in kept) for t in kept)
            for row in graph.better
        ),
    )


def verdicts(case: Case, band: Fraction = Fraction(0), **options: Any) -> tuple[Any, ...]:
    """States, the verdicts as it stands, and those as seen."""
    model = compile_case(case)
    codes = all_states(model)
    stable = individual(conflict(model, band, codes))
    return model, codes, stable, perceived(model, band, codes, stable, **options)


@some(100)
@given(st.data(), hold_cases(most_states=40, most_parties=4, unvalued=True), bands)
def test_each_party_by_the_conflict_that_it_sees(
    data: st.DataObject, written: dict[str, Any], band: Fraction
) -> None:
    names = list(written["parties"])
    viewers = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    for name in viewers:
        written["parties"][name]["sees"] = data.draw(views(written))
    case = detente.load(written)
    graphs = {}
    for name in viewers:
        whole = CaseGraph(detente.load(believed(written, written["parties"][name]["sees"])), band)
        kept = [s for s, one in enumerate(whole.outcomes) if not excluded(case, name, one)]
        graphs[name] = within(whole.graph, kept), [whole.outcomes[state] for state in kept]
    if not all(kept for _, kept in graphs.values()):
        with pytest.raises(CaseError, match="leave no outcome"):
            verdicts(case, band)
        return
    model, codes, stable, found = verdicts(case, band)
    for concept in CONCEPTS:
        for number, name in enumerate(names):
            if name not in viewers:
                assert found[concept][name] is stable[concept][name]
                continue
            graph, outcomes = graphs[name]
            for state, row in enumerate(codes):
                outcome = model.space.outcome(row)
                expected: bool | None = True
                if outcome in outcomes:
                    expected = graph.stable(concept, number, outcomes.index(outcome))
                assert TOLD[int(found[concept][name][state])] is expected


@some(80)
@given(st.data(), hold_cases(most_states=60, most_parties=3))
def test_around_one_outcome_a_view_never_says_the_opposite(
    data: st.DataObject, written: dict[str, Any]
) -> None:
    """With fewer states held, a verdict is that of all, or unknown."""
    name = data.draw(st.sampled_from(list(written["parties"])))
    written["parties"][name]["sees"] = data.draw(views(written))
    case = detente.load(written)
    model = compile_case(case)
    codes = all_states(model)
    place = data.draw(st.integers(0, len(codes) - 1))
    seen = compile_case_or_none(case, name)
    if seen is None:
        return
    most = data.draw(st.integers(1, len(seen)) | st.just(MOST_STATES))
    band = Fraction(0)
    whole = perceived(model, band, codes, individual(conflict(model, band, codes)))
    assert whole is not None
    held, inner = around(model, codes[place], MOST_STATES)
    stable = individual(conflict(model, band, held, inner))
    try:
        part = perceived(model, band, held, stable, most=most, outcome=codes[place])
    except CaseError as error:
        assert "lie within two moves" in str(error)
        return
    assert part is not None
    for row, outcome in enumerate(held):
        state = int(np.flatnonzero((codes == outcome).all(axis=1))[0])
        perceives = not excluded(case, name, model.space.outcome(outcome))
        complete = not perceives or (most == MOST_STATES and state == place)
        for concept in CONCEPTS:
            found, known = part[concept][name][row], whole[concept][name][state]
            assert found == known if complete else found in (known, -1)


def compile_case_or_none(case: Case, party: str) -> Any:
    """The states of a view; None where it has none."""
    try:
        codes = all_states(compile_case(seen_by(case, party)))
    except CaseError:
        return None
    return codes if len(codes) else None


# What rests on a misperception


def dispute(sees: Mapping[str, Any] | None = None, **parts: Any) -> dict[str, Any]:
    """The north has stopped testing and the south has lifted its embargo."""
    return {
        "parties": {"north": {"sees": dict(sees)} if sees is not None else {}, "south": {}},
        "issues": {
            "testing": {"options": ["resumed", "halted"], "control": "north"},
            "embargo": {"options": ["full", "lifted"], "control": "south"},
        },
        "status_quo": {"testing": "halted", "embargo": "lifted"},
        "values": {
            "north": {
                "scores": {
                    "testing": {"resumed": 10, "halted": 0},
                    "embargo": {"full": 0, "lifted": 30},
                }
            },
            "south": {
                "scores": {
                    "testing": {"resumed": 0, "halted": 50},
                    "embargo": {"full": 0, "lifted": 5},
                }
            },
        },
        **parts,
    }


RESOLUTE = {
    "values": {
        "south": {
            "scores": {
                "testing": {"resumed": 0, "halted": 50},
                "embargo": {"full": 5, "lifted": 0},
            },
            "adjustments": [{"when": "testing == halted and embargo == lifted", "add": 10}],
        }
    }
}


def listing(case: Case, **options: Any) -> tuple[Listing, Any]:
    """The listing with views, and where each outcome stands in it."""
    model, codes, stable, found = verdicts(case, **options)

    def state(**words: str) -> int:
        return int(np.flatnonzero((codes == model.space.codes(words)).all(axis=1))[0])

    return Listing(States(model.space, codes), stable, found), state


def test_an_equilibrium_that_rests_on_a_misperception() -> None:
    """The south would not restore the embargo, but the north believes that it would."""
    found, state = listing(detente.load(dispute(RESOLUTE)))
    here = state(testing="halted", embargo="lifted")
    for concept, real, seen in (
        ("nash", False, False),
        ("gmr", True, True),
        ("smr", True, True),
        ("seq", False, True),
        ("sseq", False, True),
    ):
        assert found.equilibria(concept)[here] == real
        assert found.equilibria(concept, as_seen=True)[here] == seen
        assert found.stable[concept]["north"][here] == real
        assert found.stable[concept]["south"][here] == 1


def test_a_misperception_that_undoes_an_equilibrium() -> None:
    """The reverse: the south would restore it, and the north does not believe that."""
    written = dispute({"values": dispute()["values"]})
    written["values"] = {**written["values"], **RESOLUTE["values"]}
    found, state = listing(detente.load(written))
    here = state(testing="halted", embargo="lifted")
    assert found.equilibria("seq")[here]
    assert not found.equilibria("seq", as_seen=True)[here]


def test_nobody_with_a_view() -> None:
    assert verdicts(detente.load(dispute()))[-1] is None
    case = detente.load(dispute({}))
    *_, stable, found = verdicts(case)
    assert {c: {p: list(m) for p, m in row.items()} for c, row in found.items()} == {
        c: {p: list(m) for p, m in row.items()} for c, row in stable.items()
    }


def stays(case: Case, party: str, concept: Concept = "nash") -> dict[str, int]:
    """A party's verdicts as seen, by the options of the outcome."""
    model, codes, _, found = verdicts(case)
    return named(model, codes, found[concept][party])


def told(case: Case, concept: Concept, party: str) -> dict[str, int]:
    """A party's verdicts in the case as it stands, by the options of the outcome."""
    model, codes, stable, _ = verdicts(case)
    return named(model, codes, stable[concept][party])


def named(model: Model, codes: Integers, marks: Marks) -> dict[str, int]:
    rows = zip(codes, marks, strict=True)
    return {" ".join(model.space.outcome(row).values()): int(mark) for row, mark in rows}


def test_in_a_state_that_it_does_not_perceive_a_party_stays() -> None:
    """A pattern of states that are not perceived: in that view nobody moves to or from them."""
    sees = {"rules": [{"never": "testing == resumed and embargo == full"}]}
    case = detente.load(dispute(sees))
    assert stays(case, "north") == {
        "resumed full": 1,  # not perceived
        "resumed lifted": 1,
        "halted full": 1,  # it would resume tests, to a state that it does not perceive
        "halted lifted": 0,
    }
    # nor does it fear a countermove to there: in truth that deters it
    assert stays(case, "north", "gmr")["halted lifted"] == 0
    assert told(case, "gmr", "north")["halted lifted"] == 1
    assert told(case, "nash", "north")["halted full"] == 0


def test_options_that_are_not_seen() -> None:
    """They stay words of the case: rules and values may name them, and so may today's state."""
    sees = {
        "issues": {"testing": {"options": ["halted"]}},
        "values": {"south": {"priorities": ["testing == resumed", "embargo == full"]}},
        "rules": [{"if": "testing == resumed", "then": "embargo == full"}],
    }
    case = detente.load(dispute(sees, status_quo={"testing": "resumed", "embargo": "lifted"}))
    assert [str(rule) for rule in seen_by(case, "north").rules] == [
        "if testing == resumed then embargo == full",
        "never testing in (resumed)",
    ]
    assert set(stays(case, "north").values()) == {1}
    assert told(case, "nash", "north")["halted lifted"] == 0


def test_nothing_unseen_adds_no_rule() -> None:
    sees = {"issues": {"testing": {"options": ["halted", "resumed"]}}}
    case = detente.load(dispute(sees))
    assert seen_by(case, "north").rules == ()
    assert stays(case, "north") == told(case, "nash", "north")


@pytest.mark.parametrize(
    ("stated", "view", "movers"),
    [
        ({"control": "north"}, {"control": "south"}, "south"),
        ({"control": "north"}, {"joint": ["north", "south"]}, "north+south"),
        ({"control": "north"}, {"joint": "south"}, "south"),
        ({"control": "south"}, {"joint": []}, "north+south"),  # all who sign
        ({"joint": ["north", "south"]}, {"control": "south"}, "south"),
        ({"moves": {"north": [["resumed", "halted"]]}}, {"control": "south"}, "south"),
        ({"moves": {"north": [["resumed", "halted"]]}}, {"options": ["halted"]}, "north"),
        ({"control": "north"}, {"irreversible": ["halted"]}, "north"),
    ],
)
def test_who_may_change_an_issue(stated: dict[str, Any], view: dict[str, Any], movers: str) -> None:
    written = dispute({"issues": {"testing": view}})
    words = ["resumed", "halted"]
    written["issues"]["testing"] = {"options": words, "withdraw": "all", **stated}
    seen = seen_by(detente.load(written), "north")
    found = [relation.members for relation in relations(seen) if 0 in relation.issues]
    assert ["+".join(members) for members in found] == [movers]
    assert "control" in view or seen.issues["testing"].withdraw == "all"


def test_withdrawal_leads_back_to_the_status_quo_of_the_case() -> None:
    written = dispute({"issues": {"testing": {"joint": ["north", "south"]}}})
    seen = seen_by(detente.load(written), "south")
    assert [relation.members for relation in relations(seen)] == [("north",), ("south",)]
    seen = seen_by(detente.load(written), "north")
    alone = {relation.members: relation.issues for relation in relations(seen)}
    assert alone["north",][0].tolist() == [[False, True], [False, False]]  # back to halted
    assert alone["south",][0].tolist() == [[False, True], [False, False]]


@pytest.mark.parametrize(
    ("stated", "view", "ways"),
    [
        ({"irreversible": ["b"]}, ["a"], "ba bc ca cb"),
        ({"irreversible": ["b"]}, [], "ab ac ba bc ca cb"),
        ({"undo": "never"}, ["c"], "ab ac ba bc"),  # 'never' falls with the rest
        ({"undo": {"b": "never"}}, ["a", "c"], "ac ba bc"),
        ({"transitions": {"a": ["b", "c"], "b": ["a"], "c": ["a"]}}, ["a", "c"], "ac ba"),
        ({"transitions": {"a": ["b"]}}, [], "ab ba bc ca cb"),  # a view says nothing of these
        ({"moves": {"north": ["ab", "ba", "ac", "ca"]}}, ["a", "c"], "ac ba"),
    ],
)
def test_what_cannot_be_undone(stated: dict[str, Any], view: list[str], ways: str) -> None:
    written = dispute({"issues": {"arms": {"irreversible": view}}})
    entry: dict[str, Any] = {"options": ["a", "b", "c"], "control": "north", **stated}
    if "moves" in stated:
        entry["moves"] = {"north": [list(pair) for pair in stated["moves"]["north"]]}
    written["issues"]["arms"] = entry
    written["status_quo"]["arms"] = "a"
    (north, _) = relations(seen_by(detente.load(written), "north"))
    pairs = zip(*np.nonzero(north.issues[2]), strict=True)
    assert " ".join("abc"[before] + "abc"[after] for before, after in pairs) == ways


def test_a_view_has_no_views_in_it() -> None:
    written = dispute(RESOLUTE)
    written["parties"]["south"]["sees"] = {"rules": []}
    case = detente.load(written)
    for name in ("north", "south"):
        seen = seen_by(case, name)
        assert all(party.sees is None for party in seen.parties.values())
    assert seen_by(case, "north").values["south"].adjustments
    assert not seen_by(case, "south").values["south"].adjustments
    assert not case.values["south"].adjustments  # the case is what it was


def test_an_order_in_place_of_points_for_a_party_that_walks_away_to_a_number() -> None:
    order = {"ranking": [{"testing": "halted"}, {}]}
    written = dispute({"values": {"south": order, "north": order}})
    written["parties"]["south"] = {"walk_away": 5}
    assert set(stays(detente.load(written), "north").values()) == {0, 1}
    for party in written["parties"].values():  # and without any status quo
        party["walk_away"] = 5
    del written["status_quo"]
    case = detente.load(written)
    assert stays(case, "north")["resumed full"] == 0
    assert told(case, "nash", "north")["resumed full"] == 1


def test_values_that_only_a_view_has() -> None:
    """Who has none in the case may have some in the view of another, or in its own."""
    written = dispute(RESOLUTE)
    del written["values"]["south"]
    written["parties"]["south"]["sees"] = {"values": RESOLUTE["values"]}
    case = detente.load(written)
    assert set(told(case, "nash", "south").values()) == {-1}
    assert stays(case, "south")["halted lifted"] == 1
    assert told(case, "seq", "north")["halted lifted"] == -1
    assert stays(case, "north", "seq")["halted lifted"] == 1


# Errors


def test_a_view_of_nobody() -> None:
    with pytest.raises(CaseError, match="unknown party 'nort'; did you mean 'north'"):
        seen_by(detente.load(dispute()), "nort")


@pytest.mark.parametrize("today", [True, False])
def test_a_view_that_leaves_no_outcome(today: bool, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    written = dispute({"rules": [{"never": "testing in (halted, resumed)"}]})
    if not today:
        del written["status_quo"]
        for party in written["parties"].values():
            party["walk_away"] = 0
    file.write_text(json.dumps(written, indent=1))
    with pytest.raises(CaseError) as caught:
        verdicts(detente.load(file))
    (problem,) = caught.value.problems
    assert problem.what.startswith("in the view of north: the rules ")
    assert problem.what.endswith(" leave no outcome")
    assert problem.place is not None
    assert '"sees"' in problem.place.text


def test_a_view_with_too_many_states() -> None:
    sees: dict[str, Any] = {"rules": []}
    case = detente.load(dispute(sees, rules=[{"never": "testing == resumed"}]))
    with pytest.raises(CaseError, match=r"in the view of north: .* at most 3 are compared"):
        verdicts(case, most=3)
    assert verdicts(case, most=4)[-1] is not None


def test_a_ranking_that_leaves_out_states_of_a_view() -> None:
    """Complete for the case, but the view allows more."""
    written = dispute({"rules": []}, rules=[{"never": "testing == resumed"}])
    ranking = [{"testing": "halted", "embargo": word} for word in ("full", "lifted")]
    written["values"]["south"] = {"ranking": ranking}
    with pytest.raises(CaseError) as caught:
        verdicts(detente.load(written))
    text = str(caught.value)
    assert "in the view of north: the ranking of south leaves out" in text
    assert "{testing: resumed, embargo: full}; {testing: resumed, embargo: lifted}" in text


@pytest.mark.parametrize(
    ("sees", "message"),
    [
        (
            {"issues": {"testing": {"options": []}}},
            "parties.north.sees.issues.testing.options: a view that sees no option",
        ),
        (
            {"issues": {"testing": {"control": "north", "joint": ["south"]}}},
            "parties.north.sees.issues.testing.control: an issue has either 'control' or 'joint'",
        ),
        (
            {"values": {"south": {"scores": {}, "priorities": ["testing == halted"]}}},
            "values are one of scores, priorities, ranking",
        ),
        ({"issues": {"testing": {"options": ["halter"]}}}, "did you mean 'halted'"),
        ({"values": {"suoth": {"priorities": []}}}, "unknown party 'suoth'"),
        ({"rules": [{"never": "embargo == ful"}]}, "unknown option 'ful' of issue embargo"),
    ],
)
def test_views_that_are_refused(sees: dict[str, Any], message: str) -> None:
    with pytest.raises(CaseError) as caught:
        detente.load(dispute(sees))
    assert message in str(caught.value)


def test_around_an_outcome_that_nobody_can_leave() -> None:
    written = dispute({"rules": []})
    for issue in written["issues"].values():
        issue["irreversible"] = issue["options"]
        issue["options"] = list(reversed(issue["options"]))
    written["status_quo"] = {"testing": "resumed", "embargo": "full"}
    model = compile_case(detente.load(written))
    outcome = np.array([1, 1])
    held, inner = around(model, outcome, MOST_STATES)
    assert inner is None
    stable = individual(conflict(model, Fraction(0), held))
    found = perceived(model, Fraction(0), held, stable, outcome=outcome)
    assert found is not None
    assert [found[concept]["north"].tolist() for concept in CONCEPTS] == [[1]] * len(CONCEPTS)


@pytest.mark.parametrize(
    ("worth", "expected"),
    [
        ([0, 1, 2, 3, 4, 5], [0, 0, -1, -1, -1, -1]),  # whether it leaves c is not seen
        ([0, 5, 3, 9, 9, 9], [0, 1, 0, -1, -1, -1]),  # that it leaves c, back to b, is
    ],
)
def test_what_lies_beyond_the_states_held_is_not_told(
    worth: list[int], expected: list[int]
) -> None:
    """A chain from a to f, of which a view holds two moves."""
    words = list("abcdef")
    ways = {"a": ["b"], "b": ["c"], "c": ["b", "d"], "d": ["e"], "e": ["f"], "f": []}
    case = detente.load(
        {
            "parties": {"north": {"sees": {}}, "south": {}},
            "issues": {"arms": {"options": words, "control": "north", "transitions": ways}},
            "status_quo": {"arms": "a"},
            "values": {"north": {"scores": {"arms": dict(zip(words, worth, strict=True))}}},
        }
    )
    model = compile_case(case)
    codes = all_states(model)
    stable = individual(conflict(model, Fraction(0), codes))
    found = perceived(model, Fraction(0), codes, stable, most=3, outcome=codes[0])
    assert found is not None
    assert found["nash"]["north"].tolist() == expected
