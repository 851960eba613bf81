"""What a case means once it is loaded: types, defaults, immutability, the same from any source."""

from __future__ import annotations

import copy
import json
import pickle
import time
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from detente.case import Case, CaseError, bundled_cases, load
from detente.case.fields import FrozenDict
from detente.case.numbers import Number
from detente.case.outcomes import parse_outcome
from detente.case.provenance import entries_with_sources, numbers
from detente.case.reading import read_file, read_text


@pytest.fixture
def case(ceasefire: Path) -> Case:
    return load(ceasefire)


# The case with every section


def test_the_head(case: Case, ceasefire: Path) -> None:
    assert (case.detente, case.title, case.handling) == (1, "A ceasefire line", "Mediator only")
    assert case.as_of == date(2026, 11, 1)
    assert case.file == str(ceasefire)
    assert case.overlays == ()


def test_parties(case: Case) -> None:
    north, south, guarantor = case.parties.values()
    assert list(case.parties) == ["north", "south", "guarantor"]
    assert case.signing == ("north", "south")
    assert north.walk_away.number == Number(Fraction(55))
    assert north.discount is not None
    assert north.turnover is not None
    assert (north.discount.point, north.turnover.point) == (Fraction(9, 10), Fraction(1, 20))
    assert south.walk_away.is_status_quo
    assert (south.discount, south.turnover, south.factions, south.sees) == (None, None, {}, None)
    assert not guarantor.signs
    assert case.party_name("guarantor") == "The Guarantor"


def test_issues(case: Case) -> None:
    assert case.options["arms"] == ("held", "cantoned", "destroyed")
    assert case.option_name("troops", "withdrawn") == "Withdrawn behind the line"
    assert case.option_name("arms", "cantoned") == "cantoned"
    assert case.issue_name("access") == "Inspectors' access"
    troops, arms = case.issues["troops"], case.issues["arms"]
    assert (troops.control, troops.joint, troops.ordered) == ("north", (), True)
    assert case.issues["treaty"].joint == ("north", "south")
    assert case.issues["treaty"].withdraw == "any"
    today = case.status_quo or {}
    assert [troops.undo_time(o, today["troops"]) for o in troops.options] == [0, 3, 3]
    assert [arms.undo_time(o, today["arms"]) for o in arms.options] == [0, 1, "never"]
    assert arms.takes is not None
    assert (arms.takes.default, arms.takes.options) == (None, {"destroyed": 12})


def test_rules_and_concerns(case: Case) -> None:
    assert [str(rule) for rule in case.rules] == [
        "never treaty == signed and troops == deployed",
        "if arms >= cantoned then access != none",
    ]
    assert case.rules[0].because == "The treaty defines the line."
    (capital,) = case.concerns["south"]
    assert (capital.must, capital.source) == (True, ("speech_2",))
    assert capital.met.issues == ("troops", "arms")
    assert [concern.must for concern in case.concerns["north"]] == [True, False]


def test_values(case: Case) -> None:
    north = case.values["north"]
    assert north.cardinal
    assert north.weights is not None
    assert north.scores is not None
    assert sum(weight.point for weight in north.weights.values()) == 100
    cantoned = north.scores["arms"]["cantoned"]
    assert (cantoned.point, cantoned.low, cantoned.high) == (55, 30, 70)
    assert (cantoned.shape, cantoned.source) == ("triangular", ("interview_3",))
    assert north.adjustments[0].add.point == 5
    assert case.agreement.unanimous


def test_packages(case: Case) -> None:
    draft = case.packages["southern_draft"]
    assert draft.outcome["embargo"] == "partial"
    (clause,) = draft.commitments
    assert (clause.id, clause.who, clause.by, clause.level) == ("c1", ("north",), 6, "working")
    assert str(clause.does) == "arms == cantoned"
    assert clause.terms == {"heavy weapons": "calibre above 100 mm", "cantonments": "open"}
    assert (clause.checked_by, clause.after, clause.brackets) == (("inspectors",), (), {})
    (status,) = clause.status
    assert (status.date, status.kept, status.source) == (date(2027, 1, 15), 2, ("report_1",))
    assert case.package_name("southern_draft") == "southern draft"


def test_what_an_agreement_rests_on(case: Case) -> None:
    verification = case.verification
    assert verification is not None
    assert (verification.period, verification.lag) == ("month", 1)
    assert verification.punishment == "forever"
    assert verification.second_look is not None
    assert verification.second_look.keeps_false.point == Fraction(1, 20)
    satellites, inspectors = verification.measures.values()
    assert {k: v.point for k, v in satellites.detects["arms"].items()} == {
        "held": Fraction(1, 10),
        "cantoned": Fraction(1, 50),
    }
    assert {k: v.point for k, v in satellites.detects["troops"].items()} == {"": Fraction(1, 2)}
    assert str(inspectors.requires) == "access == anywhere"
    depot = case.violations["hidden_depot"]
    assert depot.breakout is not None
    assert (depot.party, depot.breakout.takes, depot.breakout.prize.point) == ("north", 6, 30)
    assert case.guarantees["patrol"].amount.point == 10
    oil = case.drivers["oil_price"]
    assert (oil.range.low, oil.range.high, oil.likely and oil.likely.point) == (40, 120, 70)
    assert [shift.weight is None for shift in oil.shifts] == [False, True]
    assert case.sources["interview_3"].date == "2024-05-02"


def test_provenance(case: Case) -> None:
    sources = dict(entries_with_sources(case))
    assert sources == {
        ("concerns", "south", 0, "source"): ("speech_2",),
        ("values", "north", "scores", "arms", "cantoned", "source"): ("interview_3",),
        ("packages", "southern_draft", "commitments", 0, "status", 0, "source"): ("report_1",),
    }
    found = dict(numbers(case))
    assert found["parties", "north", "walk_away"].point == 55
    assert found["verification", "measures", "satellites", "detects", "troops"].point == Fraction(
        1, 2
    )
    north, south, measures = 5 + 14 + 1, 5 + 14, 5 + 5
    ends = 10 + 9  # the plain 0 and 100 of both parties' scores are no judgements
    assert len(found) == 3 + north + south + measures + 2 + 2 + 1 + 4 - ends


def test_places(case: Case) -> None:
    place = case.place(("rules", 1))
    assert place is not None
    assert (place.line, place.column) == (38, 5)
    place = case.place(("parties", "south"), key=True)
    assert place is not None
    assert (place.line, place.column, place.width) == (7, 3, 5)
    assert load({"parties": {"a": {}}, "issues": {"b": {"options": "cd"}}} | OPEN).place(()) is None


OPEN: dict[str, Any] = {
    "parties": {"north": None, "south": {}},
    "issues": {"flag": {"options": ["yes", "no", "on", "off", "1.10", "1.1", "007", "y"]}},
}


# Minimal cases and defaults


def test_nothing_but_parties_and_issues_is_required(tmp_path: Path) -> None:
    file = tmp_path / "water_sharing.yaml"
    file.write_text("parties:\n  north:\n  south:\nissues:\n  dam: {options: [open, shut]}\n")
    case = load(file)
    assert (case.title, case.detente) == ("water sharing", 1)
    assert case.signing == ("north", "south")
    assert (case.status_quo, case.rules, case.values) == (None, (), {})
    assert case.party_name("north") == "north"
    assert load(OPEN).title == "Untitled case"


def test_words_stay_words(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(
        "parties: {north: {}}\n"
        "issues: {flag: {options: [yes, no, on, off, 1.10, 1.1, 007, 'y']}}\n"
        "status_quo: {flag: 1.10}\n"
        "values: {north: {scores: {flag: {yes: 1, no: 2, on: 3, off: 4, 1.10: 5, 1.1: 6,\n"
        "  007: 7, y: 8}}}}\n"
        "rules: [{never: flag == on or flag == 1.1}]\n"
        "packages: {draft: {name: Null and void, outcome: {flag: no}}}\n"
    )
    case = load(file)
    assert case.options["flag"] == ("yes", "no", "on", "off", "1.10", "1.1", "007", "y")
    assert case.status_quo == {"flag": "1.10"}
    assert case.packages["draft"].outcome == {"flag": "no"}
    assert case.options == load(OPEN).options


def test_null_empty_and_quoted() -> None:
    data = read_text("a: null\nb: ~\nc:\nd: 'null'\ne: ''\nf: !!str null\ng: NULL\n").data
    assert data == {"a": None, "b": None, "c": None, "d": "null", "e": "", "f": "null", "g": None}


def test_options_in_every_form(table: dict[str, Any]) -> None:
    table["issues"]["arms"]["options"] = {
        "held": None,
        "cantoned": "In cantonments",
        "destroyed": {"name": "Gone", "because": "No way back", "source": "memo"},
    }
    table["sources"] = {"memo": {"title": "A memo"}}
    case = load(table)
    assert [case.option_name("arms", option) for option in case.options["arms"]] == [
        "held", "In cantonments", "Gone",
    ]  # fmt: skip
    assert case.issues["arms"].options["destroyed"].source == ("memo",)


def test_numbers_are_exact(table: dict[str, Any]) -> None:
    scores = table["values"]["north"]["scores"]["embargo"]
    for written in ("0.1", 0.1, "1/10", Decimal("0.1"), Fraction(1, 10), "1e-1"):
        scores["lifted"] = written
        loaded = load(table).values["north"].scores or {}
        assert loaded["embargo"]["lifted"].point == Fraction(1, 10)


def test_undo_times(table: dict[str, Any]) -> None:
    def times(**issue: Any) -> list[int | str]:
        table["issues"]["arms"] = {"options": ["held", "cantoned", "destroyed"], **issue}
        case = load(table)
        today = case.status_quo and case.status_quo["arms"]
        return [case.issues["arms"].undo_time(option, today) for option in case.options["arms"]]

    assert times() == [0, 0, 0]
    assert times(undo=4) == [0, 4, 4]
    assert times(undo="never") == [0, "never", "never"]
    assert times(undo={"held": 9, "destroyed": "never"}) == [0, 0, "never"]
    assert times(irreversible="destroyed") == [0, 0, "never"]
    assert times(undo=2, irreversible=["cantoned"]) == [0, "never", 2]
    table["status_quo"]["arms"] = "cantoned"
    assert times(undo="never") == ["never", 0, "never"]


def test_walk_aways(table: dict[str, Any]) -> None:
    def walk_away(written: Any) -> Any:
        table["parties"]["north"]["walk_away"] = written
        return load(table).parties["north"].walk_away

    assert walk_away(5).number.point == 5
    assert walk_away([2, 4]).number.point == 3
    number = walk_away({"value": 5, "because": "they said so"})
    assert (number.number.point, number.because, number.outcome) == (5, "they said so", None)
    assert walk_away("status_quo").is_status_quo
    because = walk_away({"outcome": "status_quo", "because": "nothing changes"})
    assert (because.is_status_quo, because.because) == (True, "nothing changes")
    assert walk_away({"arms": "destroyed"}).outcome == {"arms": "destroyed"}
    outcome = walk_away({"outcome": {"arms": "destroyed"}, "because": "war"})
    assert (outcome.outcome, outcome.because) == ({"arms": "destroyed"}, "war")
    assert not outcome.is_status_quo


def test_options_called_low_and_high_are_no_range(table: dict[str, Any]) -> None:
    levels = {"options": ["low", "likely", "high"]}
    table["issues"]["alert"] = levels
    table["status_quo"]["alert"] = "low"
    table["values"]["north"]["scores"]["alert"] = {"low": 1, "likely": 2, "high": 3}
    table["values"]["south"]["scores"]["alert"] = {"high": 9, "likely": [1, 2], "low": 0}
    by_option = {"low": 0.1, "likely": 0.2, "high": 0.3}
    table["verification"] = {
        "measures": {"radar": {"detects": {"alert": by_option, "arms": by_option}}}
    }
    case = load(table)
    scores = case.values["north"].scores or {}
    assert [number.point for number in scores["alert"].values()] == [1, 2, 3]
    assert case.verification is not None
    detects = case.verification.measures["radar"].detects
    assert list(detects["alert"]) == ["low", "likely", "high"]
    assert detects["arms"][""].shape == "triangular"


def test_forms_that_may_be_one_word_or_a_list(table: dict[str, Any]) -> None:
    table["packages"] = {
        "draft": {"outcome": {}, "commitments": [{"id": "c1", "who": ["north", "south"], "by": 3}]},
        "next": {"outcome": {}, "commitments": [{"id": "c1", "who": "north", "by": "2027-06-01"}]},
    }
    case = load(table)
    first, second = (package.commitments[0] for package in case.packages.values())
    assert (first.who, second.who) == (("north", "south"), ("north",))
    assert (first.by, second.by) == (3, date(2027, 6, 1))


def test_rankings_and_priorities(table: dict[str, Any]) -> None:
    table["values"] = {
        "north": {"ranking": [{"arms": "held"}, [{"arms": "cantoned"}, {"embargo": "lifted"}]]},
        "south": {"priorities": ["arms == destroyed", "embargo == full"]},
    }
    case = load(table)
    assert case.values["north"].ranking == (
        ({"arms": "held"},),
        ({"arms": "cantoned"}, {"embargo": "lifted"}),
    )
    assert not case.values["south"].cardinal


def test_outcomes_are_partial(case: Case) -> None:
    assert case.complete({"arms": "cantoned"})["troops"] == "deployed"
    assert parse_outcome(case, "arms=cantoned, access = declared")["access"] == "declared"
    assert parse_outcome(case, "southern_draft")["treaty"] == "signed"
    assert parse_outcome(case, "status_quo") == dict(case.status_quo or {})
    assert parse_outcome(case, {"treaty": "signed"})["arms"] == "held"
    for written, message in [
        ("arms=canton", "unknown option 'canton' of issue arms; did you mean 'cantoned'?"),
        ("amrs=held", "unknown issue 'amrs'; did you mean 'arms'?"),
        ("southern_darft", "unknown package 'southern_darft'; did you mean 'southern_draft'?"),
        ("arms=", "is no issue=option"),
        ("arms=held,arms=cantoned", "settles arms twice"),
    ]:
        with pytest.raises(CaseError, match=message.replace("?", r"\?")):
            parse_outcome(case, written)
    bare = load(OPEN)
    with pytest.raises(CaseError, match="no status quo"):
        parse_outcome(bare, "status_quo")


# The same case from any source


def test_json_is_read_too(case: Case, ceasefire: Path, tmp_path: Path) -> None:
    data = read_file(ceasefire).data
    file = tmp_path / "case.json"
    for indent in (None, 2, "\t"):
        file.write_text(json.dumps(data, indent=indent))
        assert load(file) == case
    file.write_text(json.dumps(OPEN, separators=(",", ":")))
    assert load(file).parties == load(OPEN).parties


def test_json_numbers_and_truth_values(tmp_path: Path, table: dict[str, Any]) -> None:
    table["parties"]["south"] = {"signs": False, "walk_away": 0.30000000000000004}
    file = tmp_path / "case.json"
    file.write_text(json.dumps(table))
    assert load(file) == load(table)
    assert load(file).signing == ("north",)


def test_json_escapes(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    for title in ("a 😀 𠀀 é", 'a/b " \t \\', "\\ud83d\\ude00", "😀\\😀"):
        file.write_text(json.dumps({"title": title, **OPEN}).replace("/", "\\/"))
        assert load(file).title == title
        file.write_text(json.dumps({"title": title, **OPEN}, ensure_ascii=False))
        assert load(file).title == title


def test_keys_of_a_mapping_that_become_the_same_word(table: dict[str, Any]) -> None:
    table["values"]["north"]["scores"]["arms"] = {1: 2, "1": 3}
    with pytest.raises(CaseError, match="two keys of a mapping are the same word: 1"):
        load(table)


def test_a_mapping_is_not_changed_by_loading(table: dict[str, Any]) -> None:
    before = copy.deepcopy(table)
    load(table, [{"title": "Another", "rules": []}])
    assert table == before


def test_equality_is_that_of_content(case: Case, ceasefire: Path, tmp_path: Path) -> None:
    assert load(read_file(ceasefire).data) == case
    text = ceasefire.read_text()
    other = tmp_path / "other.yaml"
    other.write_text(text.replace("walk_away: 55", "walk_away: 55.0").replace("# format", "#"))
    assert load(other) == case
    other.write_text(text.replace("walk_away: 55", "walk_away: 54"))
    assert load(other) != case
    assert case != "a case"


def test_a_case_survives_copying_and_pickling(case: Case) -> None:
    for twin in (pickle.loads(pickle.dumps(case)), copy.deepcopy(case), copy.copy(case)):
        assert twin == case
        assert (twin.file, twin.overlays, twin.options) == (case.file, (), case.options)
        assert twin.place(("rules", 1)) == case.place(("rules", 1))
    assert isinstance(copy.deepcopy(case.issues), FrozenDict)


def test_bundled_cases_load() -> None:
    for name, file in bundled_cases().items():
        case = load(name)
        assert case.file == name
        assert case == load(file)


def test_a_bundled_name_wins_over_a_folder_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in bundled_cases():
        (tmp_path / name).mkdir()
        assert load(name).file == name


# Immutable


def test_a_case_cannot_be_changed(case: Case) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        case.title = "Another"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        case.parties["north"].signs = False  # type: ignore[misc]
    tables: list[Any] = [case.parties, case.options, case.status_quo, case.values["north"].scores]
    for table in tables:
        for change in (
            lambda t: t.__setitem__("x", 1),
            lambda t: t.__delitem__(next(iter(t))),
            lambda t: t.update(x=1),
            lambda t: t.pop("x", None),
            lambda t: t.popitem(),
            lambda t: t.clear(),
            lambda t: t.setdefault("x", 1),
            lambda t: t.__ior__({"x": 1}),
        ):
            with pytest.raises(TypeError, match="cannot be changed"):
                change(table)
    with pytest.raises(AttributeError):
        case.parties["north"].walk_away.because = "x"  # type: ignore[misc]


# Time


def test_load_time_grows_with_the_size_and_not_with_its_square(tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        lines = [
            "parties: {north: {}}",
            "issues: {arms: {options: [held, gone]}}",
            "status_quo: {arms: held}",
            "packages:",
            "  p0:",
            "    outcome: {}",
            "    commitments:",
        ]
        for n in range(count):
            after = f", after: c{n - 1}" if n else ""
            status = f"{{date: 2027-01-15, kept: 2, source: s{n}}}"
            lines.append(f"      - {{id: c{n}, who: north, status: [{status}]{after}}}")
        lines += [f"  p{n}: {{outcome: {{}}, follows: p{n - 1}}}" for n in range(1, count)]
        lines += ["sources:", *(f"  s{n}: {{title: Report}}" for n in range(count))]
        file = tmp_path / f"{count}.yaml"
        file.write_text("\n".join(lines))
        start = time.process_time()
        load(file)
        return time.process_time() - start

    seconds(50)  # builds the validators
    assert seconds(8_000) < 45 * min(seconds(400) for _ in range(3))  # 20 times as large
