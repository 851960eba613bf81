"""The command ``hold``: its documents, its files, and what it says to wrong words."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import detente
from detente.stability.answer import CONCEPTS
from holds import TRUCE
from test_command import answer, refusal

PARTIES = ["north", "south", "patron"]
ENVELOPE = {"command", "detente", "case", "handling", "overlays"}
ALWAYS = {"definition", "states", "band", "pareto", "needs", "ordinal", "remarks"}
STEP = {"party", "to", "gain", "improves"}


def case_file(folder: Path, **changed: Any) -> Path:
    """The pause in testing as a file (JSON is YAML too)."""
    path = folder / "truce.yaml"
    path.write_text(json.dumps({**TRUCE, **changed}, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def truce(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return case_file(tmp_path_factory.mktemp("cases"), handling="For the test only")


def document(*words: str) -> dict[str, Any]:
    found = json.loads(answer("hold", *words, "--json"))
    assert isinstance(found, dict)
    return found


# documents


def test_the_document_of_one_outcome(truce: Path) -> None:
    found = document(str(truce), "--outcome", "pause")
    assert set(found) == ENVELOPE | ALWAYS | {"outcome"}
    assert (found["command"], found["handling"]) == ("hold", "For the test only")
    assert (found["states"], found["band"], found["pareto"]) == (8, 0, False)
    entry = found["outcome"]
    assert set(entry) == {
        "outcome",
        "stable",
        "equilibrium",
        "reasons",
        "gains_from_collapse",
        "surroundings",
    }
    assert entry["outcome"] == {"tests": "off", "embargo": "lifted", "aid": "none"}
    assert list(entry["stable"]) == list(entry["equilibrium"]) == list(CONCEPTS)
    assert all(list(verdicts) == PARTIES for verdicts in entry["stable"].values())
    (reason,) = [r for r in entry["reasons"] if (r["party"], r["concept"]) == ("north", "seq")]
    assert reason == {
        "party": "north",
        "concept": "seq",
        "stable": True,
        "move": {"tests": "on", "embargo": "lifted", "aid": "none"},
        "gain": 12,
        "improvements": 1,
        "sanction": [
            {
                "party": "south",
                "to": {"tests": "on", "embargo": "full", "aid": "none"},
                "gain": 5,
                "improves": True,
            }
        ],
        "response": None,
        "leaves": pytest.approx(-3.1),
        "credible": True,
    }
    assert list(entry["gains_from_collapse"]) == PARTIES


def test_without_an_outcome_every_package_is_asked_about(truce: Path) -> None:
    found = document(str(truce))
    assert set(found) == ENVELOPE | ALWAYS | {"outcomes"}
    assert list(found["outcomes"]) == ["status_quo", "pause", "fed"]


def test_all_states_are_listed_only_where_asked_for(truce: Path) -> None:
    found = document(str(truce), "--all")
    assert set(found) == ENVELOPE | ALWAYS | {
        "outcomes",
        "equilibria",
        "stable",
        "stable_count",
    }
    for concept in CONCEPTS:
        entry = found["equilibria"][concept]
        assert entry["count"] == len(entry["outcomes"])
        stable = [found["stable"][concept][party] for party in PARTIES]
        assert all(outcome in listed for outcome in entry["outcomes"] for listed in stable)


def test_lists_may_be_cut_but_counts_stay_exact(truce: Path) -> None:
    whole, cut = document(str(truce), "--all"), document(str(truce), "--all", "--list", "1")
    assert cut["stable_count"] == whole["stable_count"]
    for concept in CONCEPTS:
        assert cut["equilibria"][concept]["count"] == whole["equilibria"][concept]["count"]
        first = whole["equilibria"][concept]["outcomes"][:1]
        assert cut["equilibria"][concept]["outcomes"] == first


def test_coalitions_blocs_and_ways(truce: Path) -> None:
    found = document(str(truce), "--outcome", "pause", "--coalitions", "all", "--all")
    pairs = ["north+south", "north+patron", "south+patron", "north+south+patron"]
    assert set(pairs) <= set(found["coalitions"]["seq"])
    assert set(found["coalitions"]["universally_stable"]) == set(CONCEPTS)
    assert set(found["outcome"]["coalitions"]["nash"]) >= set(pairs)
    for entry in found["outcome"]["breaks"]:
        assert set(entry) == {"coalition", "concepts", "moves", "gains"}
        assert all(set(step) == STEP for step in entry["moves"])
    named = document(str(truce), "--outcome", "pause", "--coalitions", "north+patron")
    assert list(named["outcome"]["coalitions"]["seq"]) == ["north+patron"]
    blocs = document(str(truce), "--outcome", "pause", "--blocs", "north+patron")
    assert blocs["blocs"]["partition"] == [["north", "patron"], ["south"]]
    assert "universally_stable" in blocs["blocs"]
    assert "north+patron" in blocs["outcome"]["blocs"]["gmr"]
    ways = document(str(truce), "--outcome", "pause", "--from", "status_quo")
    assert ways["from"] == TRUCE["status_quo"]
    assert list(ways["reachable"]) == list(CONCEPTS)
    for entries in ways["reachable"].values():
        for entry in entries:
            assert set(entry) == {"outcome", "moves", "improvements"}
            assert all(set(step) == STEP for step in entry["moves"])


def test_options_reach_the_question(truce: Path) -> None:
    found = document(str(truce), "--outcome", "pause", "--band", "6")
    assert found["band"] == 6
    assert found["outcome"]["stable"]["nash"] == {"north": False, "south": True, "patron": True}
    found = document(str(truce), "--outcome", "pause", "--simultaneous")
    assert list(found["outcome"]["stable"]["sim"]) == PARTIES
    found = document(str(truce), "--outcome", "pause", "--coalitions", "all", "--pareto")
    assert found["pareto"] is True


def test_the_document_is_the_functions(truce: Path) -> None:
    found = document(str(truce), "--outcome", "pause")
    own = detente.hold(detente.load(truce), "pause").to_dict()
    assert {key: found[key] for key in own} == json.loads(json.dumps(own))
    assert detente.HoldResult is type(detente.hold(detente.load(truce), "pause"))
    assert detente.stability.individual


# words and files


def test_all_that_was_asked_for_is_told(truce: Path) -> None:
    words = ["--coalitions", "all", "--blocs", "north+patron", "--from", "status_quo"]
    text = answer("hold", str(truce), "--outcome", "pause", *words, "--simultaneous", "--all")
    for heading in (
        "Why",
        "Who would gain by a collapse",
        "Several together",
        "Allies as one",
        "Ways from today’s state",
        "All eight possible outcomes",
        "What to know about this",
    ):
        assert f"\n{heading}\n" in text
    assert "SIM" in text
    assert max(map(len, text.splitlines())) <= 80
    several = answer("hold", str(truce), *words)
    assert "Several together" in several and "Allies as one" in several


def test_files(truce: Path, tmp_path: Path) -> None:
    out = tmp_path / "hold.csv"
    assert answer("hold", str(truce), "--out", str(out)) == ""
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 9
    assert rows[3]["outcome"] == "pause" and rows[3]["punished by"] == "south"
    book = tmp_path / "hold.xlsx"
    answer("hold", str(truce), "--all", "--out", str(book))
    sheet = openpyxl.load_workbook(book)["table"]
    header = [cell.value for cell in sheet[1]]
    assert header[:3] == list(TRUCE["issues"]) and "all seq" in header and "north gmr" in header
    assert sheet.max_row == 9
    assert sheet.oddHeader.center.text == "For the test only"
    text = tmp_path / "hold.txt"
    answer("hold", str(truce), "--outcome", "pause", "--out", str(text))
    assert "“A pause” would hold" in text.read_text(encoding="utf-8")


# wrong words


WRONG = {
    "a package that is none": (["--outcome", "pauze"], "did you mean 'pause'?"),
    "an option that is none": (["--outcome", "tests=maybe"], "unknown option 'maybe'"),
    "nothing at all": (["--outcome", ""], "an empty outcome"),
    "a band below zero": (["--band", "-1"], "-1"),
    "a band that is no number": (["--band", "some"], "'some'"),
    "a coalition of nobody known": (["--coalitions", "north+noth"], "noth"),
    "a coalition of nobody": (["--coalitions", "north+"], "coalition"),
    "a bloc of nobody known": (["--blocs", "north+souht"], "did you mean 'south'?"),
    "a party in two blocs": (["--blocs", "north+south,south+patron"], "south"),
    "a start that is none": (["--from", "yesterday"], "yesterday"),
    "a start that is empty": (["--from", ""], "empty"),
    "a file of no kind": (["--out", "hold.pdf"], "cannot write a .pdf"),
    "a solution without an agreement": (["--outcome", "kalai"], "kalai"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_words_get_one_plain_message(truce: Path, name: str) -> None:
    words, expected = WRONG[name]
    said = refusal("hold", str(truce), *words)
    assert expected in said
    assert said.startswith("error: ") and said.count("error: ") == 1
    assert "bug" not in said and len(said.splitlines()) <= 3
    assert "None" not in said


def test_wrong_cases_get_one_plain_message(tmp_path: Path) -> None:
    broken = [{"never": "tests == off", "because": "No pause without a treaty."}]
    said = refusal("hold", str(case_file(tmp_path, rules=broken)), "--outcome", "pause")
    assert "breaks rule 1" in said and "No pause without a treaty." in said
    bare = {key: part for key, part in TRUCE.items() if key not in ("packages", "status_quo")}
    bare["parties"] = {name: {"walk_away": 0} for name in PARTIES}
    path = tmp_path / "bare.yaml"
    path.write_text(json.dumps(bare), encoding="utf-8")
    assert "--all" in refusal("hold", str(path))
    values = {**TRUCE["values"], "north": {"ranking": [{"tests": "on"}]}}
    said = refusal("hold", str(case_file(tmp_path, values=values)))
    assert "{tests: off}" in said and "north" in said


def test_a_space_too_large_to_list_says_how_large_and_what_to_do(tmp_path: Path) -> None:
    issues = {
        f"i{n}": {"options": ["a", "b", "c", "d"], "control": PARTIES[n % 3]} for n in range(14)
    }
    scores = {name: {"scores": {"i0": {"a": 0, "b": 1, "c": 2, "d": 3}}} for name in PARTIES}
    path = case_file(
        tmp_path,
        issues=issues,
        status_quo=dict.fromkeys(issues, "a"),
        values=scores,
        packages={"one": {"outcome": {"i0": "b"}}},
    )
    said = refusal("hold", str(path), "--all")
    assert "states" in said and "--outcome" in said
