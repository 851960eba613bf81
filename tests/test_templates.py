"""What ``detente new`` writes: a case that loads, teaches, and has something to agree on."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import openpyxl
import pytest
import yaml

from detente.case import Case, CaseError, load
from detente.case.consistency import broken_by
from detente.case.loading import load_document
from detente.case.reading import read_text
from detente.case.templates import new_case, write_new_case


def new(name: str = "river") -> Case:
    return load_document(read_text(new_case(name)))


def test_the_new_case_shows_every_basic_part() -> None:
    case = new()
    assert 2 <= len(case.parties) <= 3
    assert 3 <= len(case.issues) <= 4
    assert case.rules
    assert case.status_quo
    assert case.packages
    assert case.sources
    assert any(concern.must for own in case.concerns.values() for concern in own)
    shapes = {
        number.shape
        for values in case.values.values()
        for table in (values.scores or {}).values()
        for number in table.values()
    }
    assert {"exact", "uniform", "triangular"} <= shapes


def test_the_new_case_has_a_zone_of_agreement_and_a_need_to_bargain() -> None:
    case = new()
    signable = []
    for options in product(*case.options.values()):
        outcome = dict(zip(case.options, options, strict=True))
        allowed = not any(broken_by(rule, outcome, case) for rule in case.rules)
        if allowed and all(_accepts(case, party, outcome) for party in case.signing):
            signable.append(outcome)
    assert 1 <= len(signable) < 36 // 2
    assert case.complete(case.packages["first_draft"].outcome) in signable
    assert not _accepts(case, "downstream", dict(case.status_quo or {}))


def _accepts(case: Case, party: str, outcome: dict[str, str]) -> bool:
    must = [concern for concern in case.concerns[party] if concern.must]
    if not all(concern.met.holds(outcome, case.options) for concern in must):
        return False
    number = case.parties[party].walk_away.number
    bar = number.point if number else _value(case, party, dict(case.status_quo or {}))
    return _value(case, party, outcome) >= bar


def _value(case: Case, party: str, outcome: dict[str, str]) -> float:
    values = case.values[party]
    assert values.weights is not None
    assert values.scores is not None
    total = sum(weight.point for weight in values.weights.values())
    parts = (
        weight.point * values.scores[issue][outcome[issue]].point
        for issue, weight in values.weights.items()
    )
    return sum(parts) / total  # type: ignore[return-value]


def test_what_the_comments_say_about_the_numbers_holds() -> None:
    case = new()
    assert "today's state is worth (60 here)" in " ".join(new_case("x").replace("#", "").split())
    assert _value(case, "upstream", dict(case.status_quo or {})) == 60


def test_the_comments_teach_the_format() -> None:
    text = new_case("river")
    comments = [line for line in text.splitlines() if line.strip().startswith("#")]
    assert len(comments) > 10
    assert max(map(len, text.splitlines())) <= 100
    assert yaml.safe_load(text)["title"] == "River"


@pytest.mark.parametrize(
    ("name", "title"),
    [("border_water", "Border water"), ("a: b #1", "A: b #1"), ("2024", "2024"), ("x/y", "Y")],
)
def test_the_name_becomes_the_title(name: str, title: str) -> None:
    assert new(name).title == title


def test_a_file_is_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert write_new_case("river") == Path("river.yaml")
    assert load("river.yaml").title == "River"
    Path("river.yaml").write_text("mine")
    for name in ("river", "river.yaml"):
        with pytest.raises(CaseError, match=r"river\.yaml is there already"):
            write_new_case(name)
    assert Path("river.yaml").read_text() == "mine"
    assert write_new_case("talks.v2") == Path("talks.v2.yaml")
    assert write_new_case("talks.yml") == Path("talks.yml")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "is no name for a file"),
        ("folder/", "is no name for a file"),
        ("river.json", "a new case is written as YAML, not as .json"),
        ("none/river", "there is no folder"),
    ],
)
def test_what_is_no_name_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CaseError, match=message):
        write_new_case(name)
    assert not list(tmp_path.iterdir())


def test_a_new_case_can_start_from_a_scoring_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "The North"
    for row in (
        ["issue", "option", "score"],
        ["Fishing grounds", "Shared", 3],
        [None, "Split", 1],
        ["walk-away", None, 2],
    ):
        sheet.append(row)
    book.save(tmp_path / "our scores.xlsx")
    path = write_new_case(str(tmp_path / "fish"), tmp_path / "our scores.xlsx")
    text = path.read_text()
    assert text.startswith("# Started from our scores.xlsx.")
    case = load(path)
    assert case.options == {"fishing_grounds": ("Shared", "Split")}
    assert case.party_name("the_north") == "The North"
    with pytest.raises(CaseError, match="there is no file"):
        new_case("fish", tmp_path / "none.xlsx")
