"""GMCR+ conflict models: their own meaning, what has no counterpart, every message."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.case import Case, CaseError, load
from detente.case.exchange.convert import convert
from detente.case.exchange.gmcr import read_gmcr
from detente.model.compilation import compile_case
from detente.model.moves import may_move

DATA = Path(__file__).parent / "data"
SYRIA_IRAQ = (DATA / "syria_iraq.gmcr").read_text(encoding="utf-8")
"""Hipel, Kilgour and Kinsara, "Strategic investigations of water conflicts in the Middle East",
Group Decision and Negotiation 23 (2014): the Euphrates in 1975."""
SYRIA = ["NNN", "NYN", "NYY", "YNN", "NNY", "YNY"]
IRAQ = ["YNN", "NNY", "NYY", "NNN", "YNY", "NYN"]
"""Best first: release water, escalate, attack."""
NUMBERED = ["NNN", "YNN", "NYN", "NNY", "YNY", "NYY"]
"""The feasible states 1 to 6."""

Model = dict[str, Any]


def model(**changes: Any) -> Model:
    """The Syrian and Iraqi model with some keys replaced."""
    return {**json.loads(SYRIA_IRAQ), **changes}


def maker(content: Model, place: int, **changes: Any) -> Model:
    """A model with some keys of a decision maker replaced, or taken out (None)."""
    makers = [dict(one) for one in content["decisionMakers"]]
    makers[place].update(changes)
    makers[place] = {key: value for key, value in makers[place].items() if value is not None}
    return {**content, "decisionMakers": makers}


def ranked() -> Model:
    """The same preferences as manual rankings."""
    content = model(useManualPreferenceRanking=True)
    for place, order in enumerate((SYRIA, IRAQ)):
        numbers = [NUMBERED.index(state) + 1 for state in order]
        content = maker(content, place, preferences=[], preferenceRanking=numbers)
    return content


def write(folder: Path, content: Model | str, name: str = "model.gmcr") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def orders(case: Case) -> dict[str, list[list[str]]]:
    """For every party the feasible states, best first, those that are equally good together."""
    compiled = compile_case(case)
    sizes = [range(size) for size in compiled.space.sizes]
    codes = np.array(list(product(*sizes)), dtype=np.int64)
    codes = codes[compiled.problem.feasible(codes)]
    words = ["".join("NY"[code] for code in row) for row in codes]
    out = {}
    for criterion in compiled.problem.criteria:
        totals = criterion.totals(codes).tolist()
        out[criterion.name] = [
            [word for word, total in zip(words, totals, strict=True) if total == one]
            for one in sorted(set(totals), reverse=True)
        ]
    return out


def alone(order: list[str]) -> list[list[str]]:
    return [[state] for state in order]


# Meaning


def test_the_published_example_is_the_published_conflict() -> None:
    imported = read_gmcr(DATA / "syria_iraq.gmcr")
    case = imported.case
    assert case.title == "syria iraq"
    assert [case.party_name(key) for key in case.parties] == ["Syria", "Iraq"]
    assert list(case.parties) == ["syria", "iraq"]
    assert case.options == dict.fromkeys(("release_water", "escalate", "attack"), ("no", "yes"))
    assert [case.issue_name(key) for key in case.issues] == ["Release Water", "Escalate", "Attack"]
    assert [issue.control for issue in case.issues.values()] == ["syria", "syria", "iraq"]
    assert [str(rule) for rule in case.rules] == ["never release_water == yes and escalate == yes"]
    assert case.status_quo == dict.fromkeys(case.options, "no")
    assert orders(case) == {"syria": alone(SYRIA), "iraq": alone(IRAQ)}
    assert len(imported.notes) == 1
    assert "no status quo" in imported.notes[0]
    assert "(no to everything)" in imported.notes[0]


def test_compound_statements_are_alternatives() -> None:
    values = read_gmcr(DATA / "syria_iraq.gmcr").case.values["iraq"]
    assert [str(statement) for statement in values.priorities or ()] == [
        "release_water == yes and attack == no",
        "(release_water == no and attack == yes) or (escalate == no and attack == no)",
        "attack == yes",
        "escalate == no",
    ]


def test_manual_rankings_count_the_feasible_states(tmp_path: Path) -> None:
    case = read_gmcr(write(tmp_path, ranked())).case
    assert orders(case) == {"syria": alone(SYRIA), "iraq": alone(IRAQ)}
    tied = maker(ranked(), 0, preferenceRanking=[[1, 6], 3, [2, 4, 5]])
    case = read_gmcr(write(tmp_path, tied)).case
    assert orders(case)["syria"] == [["NNN", "NYY"], ["NYN"], ["NNY", "YNN", "YNY"]]


def test_older_files_use_older_keys_and_have_fewer(tmp_path: Path) -> None:
    content = ranked()
    content["useManualPreferenceVectors"] = content.pop("useManualPreferenceRanking")
    for place in (0, 1):
        numbers = content["decisionMakers"][place]["preferenceRanking"]
        content = maker(content, place, preferenceRanking=None, preferenceVector=numbers)
    for key in ("program", "version", "coalitions"):
        del content[key]
    imported = read_gmcr(write(tmp_path, content))
    assert orders(imported.case) == {"syria": alone(SYRIA), "iraq": alone(IRAQ)}
    assert len(imported.notes) == 1
    bare = model()
    for key in ("program", "version", "coalitions", "infeasibles", "useManualPreferenceRanking"):
        del bare[key]
    case = read_gmcr(write(tmp_path, bare)).case
    assert case.rules == ()
    assert len(orders(case)["syria"][0]) == 1
    assert sum(map(len, orders(case)["syria"])) == 8


@pytest.mark.parametrize(
    ("direction", "final", "moves"),
    [
        ("both", (), [("no", "yes"), ("yes", "no")]),
        ("fwd", ("yes",), [("no", "yes")]),
        ("back", ("no",), [("yes", "no")]),
    ],
)
@pytest.mark.parametrize("owners", ["one", "two"])
def test_directions_bind_moves(
    tmp_path: Path, direction: str, final: tuple[str, ...], moves: list[Any], owners: str
) -> None:
    content = model()
    content["options"][2]["permittedDirection"] = direction
    if owners == "two":
        content = maker(content, 0, options=[0, 1, 2])
    imported = read_gmcr(write(tmp_path, content))
    attack = imported.case.issues["attack"]
    assert attack.irreversible == final
    arcs = [arc for arc in product(("no", "yes"), repeat=2) if arc[0] != arc[1]]
    assert [arc for arc in arcs if may_move(imported.case, "attack", *arc)] == moves
    if owners == "two":
        assert attack.control is None
        assert attack.moves == {"syria": tuple(moves), "iraq": tuple(moves)}
        note = "Attack belongs to Syria and Iraq: each can change it alone"
        assert any(text.startswith(note) for text in imported.notes)


def test_an_option_of_nobody_stays(tmp_path: Path) -> None:
    content = model()
    content["options"].append({"name": "Rain"})
    imported = read_gmcr(write(tmp_path, content))
    rain = imported.case.issues["rain"]
    assert (rain.control, rain.joint, rain.moves) == (None, (), {})
    assert not may_move(imported.case, "rain", "no", "yes")
    assert "Rain belongs to no decision maker: nobody can change it" in imported.notes


def test_what_is_not_perceived_is_ruled_out_in_the_own_view(tmp_path: Path) -> None:
    content = maker(model(), 1, misperceptions=[[[0, "N"], [1, "N"]], [[2, "Y"]]])
    imported = read_gmcr(write(tmp_path, content))
    case = imported.case
    assert case.parties["syria"].sees is None
    sees = case.parties["iraq"].sees
    assert sees is not None
    assert [str(rule) for rule in sees.rules or ()] == [
        "never release_water == yes and escalate == yes",
        "never release_water == no and escalate == no",
        "never attack == yes",
    ]
    assert [str(rule) for rule in case.rules] == ["never release_water == yes and escalate == yes"]
    assert orders(case.changed(rules=sees.rules))["iraq"] == alone(["YNN", "NYN"])
    assert any(note.startswith("Iraq does not perceive some states") for note in imported.notes)


def test_the_lowest_feasible_state_stands_for_the_status_quo(tmp_path: Path) -> None:
    content = model(infeasibles=[[[0, "N"], [1, "N"]], [[0, "Y"], [2, "N"]]])
    imported = read_gmcr(write(tmp_path, content))
    assert imported.case.status_quo == {"release_water": "no", "escalate": "yes", "attack": "no"}
    assert "lowest number (yes to Escalate)" in imported.notes[0]


def test_names_become_valid_and_distinct(tmp_path: Path) -> None:
    wordings = ["Full", "full", "not", "5 %", "Water", "Water"]
    content = model(
        options=[{"name": name, "permittedDirection": "both"} for name in wordings],
        infeasibles=[[[2, "Y"], [3, "Y"]]],
        decisionMakers=[
            {"name": "Mediator", "options": [0, 2, 3], "preferences": [[[2, "N"]]]},
            {"name": "The North", "options": [1, 4, 5], "preferences": [[[5, "Y"]]]},
        ],
    )
    imported = read_gmcr(write(tmp_path, content))
    case = imported.case
    assert list(case.parties) == ["the_mediator", "the_north"]
    assert case.party_name("the_mediator") == "Mediator"
    keys = ["full_mediator", "full_the_north", "not_", "5", "water_the_north", "water_the_north_2"]
    assert list(case.issues) == keys
    assert case.issue_name("full_mediator") == "Full (Mediator)"
    assert case.issue_name("5") == "5 %"
    assert [str(rule) for rule in case.rules] == ["never not_ == yes and 5 == yes"]
    assert sum("same name" in note for note in imported.notes) == 1


# What has no counterpart


def test_coalitions_are_asked_for_as_blocs(tmp_path: Path) -> None:
    third = {"name": "Saudi Arabia", "options": [3], "preferences": [[[3, "Y"]]]}
    fourth = {"name": "USSR", "options": [4], "preferences": [[[4, "Y"]]]}
    names = [{"name": "Mediate"}, {"name": "Press"}]
    content = model(coalitions=[[2, 1], [0, 3]], coalitionsFull=[{}])
    content["options"] += names
    content["decisionMakers"] += [third, fourth]
    notes = read_gmcr(write(tmp_path, content)).notes
    assert any(
        note.endswith('detente hold CASE --blocs "saudi_arabia+iraq,syria+ussr"') for note in notes
    )
    content["coalitions"] = [0, [1], 2]  # as many as there are; some files leave members out
    assert not any("--blocs" in note for note in read_gmcr(write(tmp_path, content)).notes)


def test_what_is_not_read_is_said(tmp_path: Path) -> None:
    content = maker(model(attitudes={}), 0, payoffs=[6, 3, 5, 2, 1, 4], strength=2)
    content["options"][1]["colour"] = "red"
    notes = read_gmcr(write(tmp_path, content)).notes
    assert notes[1:] == (
        "not known, so not read: 'attitudes' of the model",
        "not known, so not read: 'colour' of Escalate",
        "not known, so not read: 'strength' of Syria",
    )


def test_preferences_that_are_not_in_force_are_said(tmp_path: Path) -> None:
    content = maker(ranked(), 0, preferences=[[[0, "Y"]]])
    imported = read_gmcr(write(tmp_path, content))
    assert orders(imported.case)["syria"] == alone(SYRIA)
    assert "Syria is ranked by hand: its preference statements were not read" in imported.notes
    imported = read_gmcr(write(tmp_path, maker(model(), 1, preferenceRanking=[1])))
    assert orders(imported.case)["iraq"] == alone(IRAQ)
    assert "Iraq: its manual ranking is not in force and was not read" in imported.notes


def test_without_preferences_all_states_are_equally_good(tmp_path: Path) -> None:
    for preferences in (list[Any](), None):
        imported = read_gmcr(write(tmp_path, maker(model(), 0, preferences=preferences)))
        assert [sorted(tie) for tie in orders(imported.case)["syria"]] == [sorted(SYRIA)]
        assert any(note.startswith("Syria states no preferences") for note in imported.notes)


# The command


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "detente", *words]
    return subprocess.run(command, capture_output=True, encoding="utf-8", cwd=cwd, check=False)


def test_a_model_becomes_a_case_on_the_command_line(tmp_path: Path) -> None:
    write(tmp_path, maker(model(coalitions=[[0, 1]]), 0, misperceptions=[[[2, "Y"]]]))
    before = (tmp_path / "model.gmcr").read_bytes()
    for target in ("case.yaml", "case.json"):
        done = run("convert", "model.gmcr", target, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (0, f"wrote {target}\n"), done.stderr
        assert all(line.startswith("note: ") for line in done.stderr.splitlines())
        assert 'detente hold CASE --blocs "syria+iraq"' in done.stderr
        assert load(tmp_path / target) == read_gmcr(tmp_path / "model.gmcr").case
    again = run("convert", "model.gmcr", "case.yaml", cwd=tmp_path)
    assert (again.returncode, again.stdout) == (2, "")
    assert "case.yaml is there already" in again.stderr
    done = run("check", "case.yaml", cwd=tmp_path)
    assert "six of which obey the rules" in done.stdout, done.stderr
    done = run("convert", "case.yaml", "model.gmcr", "--replace", cwd=tmp_path)
    assert done.returncode == 2
    assert "GMCR+ models are read and not written" in done.stderr
    assert (tmp_path / "model.gmcr").read_bytes() == before


def test_other_formats_and_overlays_follow(tmp_path: Path) -> None:
    write(tmp_path, model(), "Model.GMCR")
    overlay = {"status_quo": {"escalate": "yes"}}
    conversion = convert(tmp_path / "Model.GMCR", tmp_path / "case.json", [overlay])
    assert (conversion.read, conversion.wrote, conversion.lost) == ("GMCR+", "case", ())
    case = load(tmp_path / "case.json")
    assert (case.title, (case.status_quo or {})["escalate"]) == ("Model", "yes")
    conversion = convert(tmp_path / "Model.GMCR", tmp_path / "sheet.xlsx")
    assert "the priorities of every party with values" in conversion.lost


def test_a_wrong_file_ends_in_a_message_and_nothing_written(tmp_path: Path) -> None:
    path = write(tmp_path, SYRIA_IRAQ.replace('[1, "Y"]]\n', '[7, "Y"]]\n'))
    done = run("convert", path.name, "case.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "error: model.gmcr:10:17: there is no option 7\n"
        '   10 |     [[0, "Y"], [7, "Y"]]\n'
        "      |                 ^\n"
        "      = the model has 3 options, and they are counted from 0\n"
    )
    assert [file.name for file in tmp_path.iterdir()] == ["model.gmcr"]


# Messages


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{", "", r"1:1: this is no JSON: Expecting value|this is no JSON: Extra data"),
        ('"decisionMakers": [', '"decisionMakers": [,', r"12:22: this is no JSON: Expecting val"),
        (SYRIA_IRAQ, "", r"1:1: this is no JSON: Expecting value"),
        (SYRIA_IRAQ, "[1, 2]", "there is no options and no decisionMakers"),
        (SYRIA_IRAQ, '"text"', "this is no GMCR. conflict model"),
        (SYRIA_IRAQ, "[" * 500 + "]" * 500, "nested more than 100 deep"),
        ('"version": "0.3.13"', '"options": []', "the key 'options' appears twice"),
        ("decisionMakers", "players", r"1:1: this is no GMCR. conflict model: there is no dec"),
        ('[[0, "Y"], [1, "Y"]]\n', '[[0, "Y"], [1, "Y"]\n', r"12:19: this is no JSON: Exp"),
        ('"Y"], [1, "Y"]]\n', '"Y"], [1, "M"]]\n', r"10:20: expected Y or N, found 'M'"),
        ('"Y"], [1, "Y"]]\n', '"Y"], [1]]\n', r"10:16: expected a pair, found a list of 1"),
        ('"Y"], [1, "Y"]]\n', '"Y"], 1]\n', r"10:16: expected a pair, found '1'"),
        ('"Y"], [1, "Y"]]\n', '"Y"], [-1, "Y"]]\n', r"10:17: there is no option -1"),
        ('"Y"], [1, "Y"]]\n', '"Y"], ["a", "Y"]]\n', r"expected the position of the option, fo"),
        ('"Y"], [1, "Y"]]\n', '"Y"], [0, "N"]]\n', r"10:16: the pattern names 'Release Water' tw"),
        ('[[0, "Y"], [1, "Y"]]\n', "[]\n", r"10:5: an empty pattern, which holds in every state"),
        ('[[0, "Y"], [1, "Y"]]\n', '"no"\n', r"10:5: expected a list, found 'no'"),
        ('[[0, "Y"], [1, "Y"]]\n', '[[0, "Y"]], [[0, "N"]]\n', r"9:18: these patterns leave no"),
        ('"Escalate"', '" "', r"6:5: an option without a name"),
        ('{"name": "Attack", "permittedDirection": "both"}', "7", "7:5: expected an option, found"),
        ('"Attack", "permittedDirection": "both"', '"A", "permittedDirection": "fwdd"', "7:41: un"),
        (
            '"permittedDirection": "both"}\n  ]',
            '"permittedDirection": [1]}\n  ]',
            "unknown direction",
        ),
        ('"options": [2]', '"options": [3]', r"25:19: there is no option 3"),
        ('"options": [2]', '"options": []', r"23:5: Iraq has no options, so it could never move"),
        ('"name": "Iraq",', "", "23:5: a decision maker without a name"),
        ('"preferences": [\n        [[0, "N"]', '"preferences": [\n        [["N"]', "17:10: expec"),
        ('"members": [[[0', '"memberss": [[[0', "a compound statement without members"),
        ("false", '"maybe"', "expected true or false, found 'maybe'"),
        ("false", "true", r"13:5: Syria has no ranking, and manual rankings are in force"),
        ("[0, 1]\n}", "[0, 2]\n}", r"there is no decision maker 2"),
        ("[0, 1]\n}", "[[0, 1], 0]\n}", r"Syria is listed twice among the coalitions"),
        ("[0, 1]\n}", "[[0, 0], 1]\n}", r"Syria is listed twice among the coalitions"),
        ("[0, 1]\n}", "{}\n}", r"expected a list for 'coalitions', found a mapping"),
    ],
)
def test_each_message(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in SYRIA_IRAQ
    path = write(tmp_path, SYRIA_IRAQ.replace(old, new, 1))
    before = path.read_bytes()
    with pytest.raises(CaseError, match=message) as caught:
        convert(path, tmp_path / "case.yaml")
    assert all("model.gmcr:" in str(problem) for problem in caught.value.problems)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["model.gmcr"]


@pytest.mark.parametrize(
    ("ranking", "message"),
    [
        ([1, 3, 6, 2], r"the ranking of Syria leaves out 2 feasible states: "
                       r"4 \(yes to Attack\); 5 \(yes to Release Water, Attack\)$"),
        ([], r"leaves out 6 feasible states: 1 \(no to everything\); .*; and 1 more"),
        ([1, 3, 6, 2, 4, 5, 7], "Syria ranks a state 7 that is not there"),
        ([0, 1, 3, 6, 2, 4, 5], "Syria ranks a state 0 that is not there"),
        ([1, [3, 6], 2, 4, 5, 6], r"Syria ranks the state 6 twice \(yes to Escalate, Attack\)"),
        ([1, [], 3, 6, 2, 4, 5], "a tie of no states"),
        ([1, [3, [6]], 2, 4, 5], "expected the number of a state, found a list of 1"),
        ([1, "three"], "expected the number of a state, found 'three'"),
        ("1, 3", "expected a list for 'preferenceRanking', found '1, 3'"),
    ],
)  # fmt: skip
def test_each_message_about_a_ranking(tmp_path: Path, ranking: Any, message: str) -> None:
    path = write(tmp_path, maker(ranked(), 0, preferenceRanking=ranking))
    with pytest.raises(CaseError) as caught:
        read_gmcr(path)
    first = caught.value.problems[0]
    assert re.search(message, first.what), first.what
    assert first.place is not None
    assert str(path) == first.place.file


def test_other_limits_are_said(tmp_path: Path) -> None:
    many = [[[0, "Y"]]] * 61
    with pytest.raises(CaseError, match="Syria has 61 preference statements; at most 60 can"):
        read_gmcr(write(tmp_path, maker(model(), 0, preferences=many)))
    blind = [[[2, "Y"]], [[2, "N"]]]
    with pytest.raises(CaseError, match="Iraq perceives no state at all"):
        read_gmcr(write(tmp_path, maker(model(), 1, misperceptions=blind)))
    with pytest.raises(CaseError, match="a model without decision makers"):
        read_gmcr(write(tmp_path, model(decisionMakers=[])))
    with pytest.raises(CaseError, match="a model without options"):
        read_gmcr(write(tmp_path, model(options=[], infeasibles=[])))
    with pytest.raises(CaseError, match="there is no file"):
        read_gmcr(tmp_path / "none.gmcr")
    with pytest.raises(CaseError, match="is a folder, not a conflict model"):
        (tmp_path / "folder.gmcr").mkdir()
        read_gmcr(tmp_path / "folder.gmcr")
    (tmp_path / "model.gmcr").write_bytes(b"\xff\xfe{")
    with pytest.raises(CaseError, match="is no UTF-8 text"):
        read_gmcr(tmp_path / "model.gmcr")


@given(st.data())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_damaged_files_never_end_in_anything_but_a_message(
    tmp_path: Path, data: st.DataObject
) -> None:
    text = json.dumps(ranked()) if data.draw(st.booleans()) else SYRIA_IRAQ
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text) - 1))
        length = data.draw(st.sampled_from([0, 1, 1, 2, 5, 20]))
        new = data.draw(
            st.sampled_from(["", "0", "9", '"', "[]", "{}", "null", "-1", "1e9", "true", ",", "é"])
        )
        text = text[:start] + new + text[start + length :]
    try:
        case = read_gmcr(write(tmp_path, text)).case
    except CaseError as error:
        assert error.problems
    else:
        compile_case(case)
