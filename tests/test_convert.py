"""Converting between formats: which is meant, what is written, what is lost, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.case import CaseError, load
from detente.case.exchange.convert import convert, count_comments
from foreign_cases import differences

CASE = """# A small case.
detente: 1
title: Small   # so far
parties: {north: {walk_away: 1}, south: {name: The South}}
issues: {arms: {options: [held, cut]}, aid: {options: {unpaid: Not paid, paid: Paid}}}
status_quo: {arms: held, aid: unpaid}
concerns: {north: [{name: "Number #1", met: aid == paid, must: true}]}
values:
  north: {scores: {arms: {held: 2, cut: 0}, aid: {unpaid: 0, paid: 2.5}}}
  south: {weights: {arms: 3, aid: 1}, scores: {arms: {held: 0, cut: 9}, aid: {unpaid: 9, paid: 0}}}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(CASE)
    return path


def test_a_case_becomes_a_workbook_and_comes_back(small: Path, tmp_path: Path) -> None:
    conversion = convert(small, tmp_path / "small.xlsx")
    assert (conversion.read, conversion.wrote) == ("case", "workbook")
    assert conversion.written == (tmp_path / "small.xlsx",)
    assert conversion.lost == ("2 comments", "1 concern of north")
    back = convert(tmp_path / "small.xlsx", tmp_path / "back.json")
    assert (back.read, back.wrote, back.lost, back.notes) == ("workbook", "case", (), ())
    assert differences(load(small), load(tmp_path / "back.json")) == ["concerns"]


@pytest.mark.parametrize("target", ["out", "out/", "there", "out/domain.xml", "there/laptop.XML"])
def test_a_case_becomes_a_domain_with_profiles(small: Path, tmp_path: Path, target: str) -> None:
    (tmp_path / "there").mkdir()
    conversion = convert(small, f"{tmp_path}/{target}")
    domain, *profiles = conversion.written
    assert domain.suffix.lower() == ".xml"
    assert [path.name for path in profiles] == ["profile_north.xml", "profile_south.xml"]
    assert {path.parent for path in conversion.written} == {domain.parent}
    assert "1 concern of north" in conversion.lost
    assert "the status quo" in conversion.lost
    for source in (domain, domain.parent):
        back = tmp_path / f"back_{source.name}.yaml"
        assert convert(source, back).read == "Genius"
        case = load(back)
        assert case.options == load(small).options
        assert case.parties["north"].walk_away.number is not None
        assert str(case.parties["north"].walk_away.number) == "2/9"


def test_a_bundled_case_is_converted_by_its_name(tmp_path: Path) -> None:
    conversion = convert("korea", tmp_path / "korea.yaml")
    assert differences(load("korea"), load(tmp_path / "korea.yaml")) == []
    assert all("comment" in lost for lost in conversion.lost)


def test_overlays_are_laid_over_what_was_read(small: Path, tmp_path: Path) -> None:
    overlay = {"parties": {"north": {"walk_away": 0.5}}}
    for suffix in ("xlsx", "xml"):
        convert(small, tmp_path / f"d.{suffix}")
    sources = {"case": small, "workbook": tmp_path / "d.xlsx", "Genius": tmp_path / "d.xml"}
    for kind, source in sources.items():
        conversion = convert(source, tmp_path / f"{kind}.json", [overlay])
        assert conversion.read == kind
        walk_away = load(tmp_path / f"{kind}.json").parties["north"].walk_away
        assert str(walk_away.number) == "0.5"


def test_files_are_replaced_only_when_that_is_allowed(small: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("mine")
    with pytest.raises(CaseError, match=r"out\.json is there already"):
        convert(small, target)
    assert target.read_text() == "mine"
    convert(small, target, replace=True)
    assert load(target).title == "Small"
    (tmp_path / "profile_south.xml").write_text("mine")
    with pytest.raises(CaseError, match=r"profile_south\.xml is there already"):
        convert(small, tmp_path / "domain.xml")
    assert not (tmp_path / "domain.xml").exists()
    with pytest.raises(CaseError, match="would be written over itself"):
        convert(small, small, replace=True)
    assert small.read_text() == CASE


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ("small.yaml", "out.csv", r"\.csv is no format that is known"),
        ("small.yaml", "out.xslx", r"did you mean \.xlsx\?"),
        ("small.yaml", "none/out.xlsx", "there is no folder"),
        ("small.yaml", "none/deeper/", "there is no folder"),
        ("table.csv", "out.yaml", r"\.csv is no format that is known"),
        ("small.yml", "out.json", "there is no file and no bundled case"),
        ("none.xlsx", "out.json", "there is no file"),
        ("none.xml", "out.json", "there is no file"),
        (".", "out.json", "holds no Genius domain"),
    ],
)
def test_what_cannot_be_converted_is_said(
    small: Path, tmp_path: Path, source: str, target: str, message: str
) -> None:
    (tmp_path / "table.csv").write_text("a,b\n")
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(CaseError, match=message) as caught:
        convert(tmp_path / source, f"{tmp_path}/{target}")
    if "format" in message:
        assert ".xlsx (a scoring workbook), .xml or a folder (Genius)" in str(caught.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("a: 1\n", 0),
        ("# one\n\n  # two\na: 1 # three\n# four", 4),
        ("a: 'it # is'\nb: \"no # one\"\nc: x#y\n", 0),
        ("a: |\n  # text\n  more\nb: >-\n  # text\n# one\nc: [1, # two\n  2]\n", 2),
    ],
)
def test_comments_are_counted(text: str, number: int) -> None:
    assert count_comments(text) == number
