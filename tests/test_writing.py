"""Cases as text: what is written reads back as the same case; files are never lost."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import strategies
from detente.case import CaseError, bundled_cases, load
from detente.case.loading import load_document
from detente.case.reading import read_text
from detente.case.writing import case_json, case_text, quoted, write_atomically
from foreign_cases import cases, differences, lines, texts

any_text = st.one_of(texts, st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
long_text = st.lists(lines, min_size=1, max_size=12).map(" ".join)
leaves = st.one_of(any_text, long_text, st.none())
keys = st.one_of(
    st.sampled_from(["low", "high", "because", "x", "null", "1"]), any_text.filter(bool)
)
nested = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)

FULL = """
detente: 1
title: Everything that a case can say
as_of: 2026-11-01
handling: Mediator only
about: |
  Two lines,
  kept apart.
parties:
  north:
    name: The North
    walk_away: {outcome: {troops: thinned}, because: It would do that much alone.}
    discount: 0.9
    turnover: [0.05, 0.1]
    breakdown: {base: 40, scores: {troops: {deployed: 1, thinned: 2, withdrawn: 3}}}
    factions: {army: {values: {scores: {troops: {deployed: 1, thinned: 0, withdrawn: 0}}}}}
    ratification: {quota: 1, veto: [army]}
    sees: {issues: {troops: {options: [deployed, thinned]}}, rules: [{never: arms == held}]}
  south:
    walk_away: {outcome: status_quo, because: Nothing better is in sight.}
    factions: {senate: {}}
    ratification: all
  east: {walk_away: {outcome: {troops: thinned, low: b}}, signs: false}
  west: {walk_away: {low: 2, high: 2.50, because: It could wait., source: [s, t]}}
issues:
  troops:
    control: north
    options: {deployed: All deployed, thinned: {name: Half, about: Half of them.}, withdrawn: null}
    undo: {thinned: 3, withdrawn: never}
    takes: 2
    transitions: {deployed: [thinned], thinned: withdrawn}
  arms: {options: [held, "1.5"], joint: [north], withdraw: all, undo: never, covert: true}
  treaty: {options: [none, signed], ordered: false, moves: {north: [[none, signed]], south: []}}
  low: {options: [a, b], irreversible: [b]}
status_quo: {troops: deployed, arms: held, treaty: none, low: a}
rules:
  - {never: "treaty in (signed) and troops == deployed", because: "It's: the line", source: s}
  - {if: arms > held, then: troops != deployed}
concerns:
  north: []
  south: [{name: "One, two", met: troops == withdrawn, must: true, source: [s, t]}]
values:
  north:
    weights: {troops: 1/3, arms: {low: 1, high: 2, source: s}}
    scores:
      troops: {deployed: 100, thinned: {low: 1, likely: 2, high: 3, shape: pert}, withdrawn: 0}
      arms: {held: {mean: 5, sd: 0.10}, "1.5": -0}
    adjustments: [{when: treaty == signed, add: {value: 5, because: why}}]
  south: {ranking: [{troops: withdrawn}, [{arms: held}, {treaty: signed}], {}]}
  east: {priorities: [treaty == signed, not (arms == held)]}
  west: {scores: {low: {a: 0.1, b: 1e-3}}}
agreement: {quota: 0.6, veto: [north], weights: {north: 2, south: 1, west: 1}}
packages:
  draft_1: {outcome: {}}
  draft_2:
    outcome: {troops: thinned}
    follows: draft_1
    before: [[troops, arms]]
    steps: [sats]
    commitments:
      - id: c1
        who: north
        to: south
        does: troops >= thinned
        text: The North shall withdraw.
        terms: {heavy weapons: open, yes: 'no'}
        by: 6
        checked_by: [sats]
        brackets: {north: its own, south: another}
        status: [{date: 2027-01-15, kept: 2, source: s}]
      - {id: c2, who: [north, south], after: [c1], by: 2027-06-01}
verification:
  second_look: {keeps_true: 0.98, keeps_false: 0.05}
  measures: {sats: {detects: {troops: 0.5, arms: {held: [0, 0.1]}, depot: 0.05}, cost: 1}}
  punishment: 5
violations: {depot: {party: north, gain: 4, breakout: {takes: 6, prize: 30}}}
guarantees: {patrol: {by: the Security Council, against: south, amount: 10}}
drivers:
  oil:
    range: [40, 120]
    likely: 70
    shifts: [{party: north, walk_away: -0.2}]
    hazards: {north: 0}
sources: {s: {title: "2024", date: 2024-05-02}, t: {title: "Fine: really"}}
"""


@given(nested)
@example({"far" * 40: []})
@example({"far" * 40: {}})
@settings(max_examples=150, deadline=None)
def test_any_content_reads_back_as_it_was(content: Any) -> None:
    data = {"entry": content}
    assert read_text(case_text(data)).data == data


@given(nested)
@settings(max_examples=80, deadline=None)
def test_any_content_reads_back_from_json(content: Any) -> None:
    data = {"entry": content}
    text = case_json(data)
    assert json.loads(text) == data
    assert read_text(text).data == data


@given(st.one_of(cases(), strategies.cases()))
@settings(max_examples=80, deadline=None)
def test_a_case_reads_back_equal(data: dict[str, Any]) -> None:
    case = load(data)
    text = case_text(case)
    again = load_document(read_text(text))
    assert differences(case, again) == []
    assert case_text(again) == text
    assert differences(case, load_document(read_text(case_json(case)))) == []


def test_every_part_of_a_case_reads_back_equal() -> None:
    case = load_document(read_text(FULL))
    assert differences(case, load_document(read_text(case_text(case)))) == []
    assert differences(case, load_document(read_text(case_json(case)))) == []


@pytest.mark.parametrize("name", sorted(bundled_cases()))
def test_bundled_cases_read_back_equal(name: str) -> None:
    case = load(name)
    text = case_text(case)
    assert differences(case, load_document(read_text(text))) == []
    long = [line for line in text.splitlines() if len(line) > 100]
    assert [line for line in long if " " in line.strip().removeprefix("url: ")] == []


def test_only_what_was_stated_is_written_in_the_order_of_the_format() -> None:
    data = {
        "status_quo": {"arms": "held"},
        "issues": {"arms": {"options": ["held", "cut_down"], "control": "north"}},
        "parties": {"north": {"walk_away": 0.1}, "south": {"name": "The South"}},
        "title": "Arms: a beginning",
        "detente": 1,
    }
    assert case_text(load(data)) == (
        "detente: 1\n"
        "title: 'Arms: a beginning'\n"
        "parties:\n"
        "  north: {walk_away: 0.1}\n"
        "  south: {name: The South}\n"
        "issues:\n"
        "  arms:\n"
        "    options: [held, cut_down]\n"
        "    control: north\n"
        "status_quo: {arms: held}\n"
    )


def test_numbers_stay_the_exact_decimals_and_fractions_that_they_are() -> None:
    assert case_text({"a": 0.1, "b": 1e-3, "c": [1, 2.5], "d": "1/3"}) == (
        "a: 0.1\nb: 0.001\nc: [1, 2.5]\nd: 1/3\n"
    )


@pytest.mark.parametrize("number", ["1e-50", "0." + "1" * 50, "-1.5e-58", "1/" + "3" * 58])
def test_numbers_of_very_many_digits_read_back(number: str) -> None:
    data = {
        "detente": "1",
        "title": "Digits",
        "parties": {"north": {"walk_away": number}},
        "issues": {"arms": {"options": ["a", "b"]}},
    }
    case = load(data)
    for text in (case_text(case), case_json(case)):
        assert differences(case, load_document(read_text(text))) == []


def test_long_texts_are_wrapped_and_paragraphs_kept() -> None:
    text = " ".join(["word"] * 40)
    written = case_text({"about": text, "text": "One.\n\nTwo.\n"})
    assert written.startswith("about: >-\n  word word")
    assert max(map(len, written.splitlines())) <= 100
    assert written.endswith("text: |\n  One.\n\n  Two.\n")


@pytest.mark.parametrize("text", ["yes", "no", "All deployed", "a:b", "0x", "1.2.3", "(one) of 3"])
def test_plain_words_stay_plain(text: str) -> None:
    assert quoted(text) == text


@pytest.mark.parametrize("text", ["null", "True", "1", "-2.5", "1e5", "0x1f", ".inf", "~", "- a"])
def test_what_other_readers_would_mistake_is_quoted(text: str) -> None:
    assert quoted(text) == f"'{text}'"


def test_write_replaces_the_content_and_keeps_the_mode(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    write_atomically(file, "old")
    file.chmod(0o640)
    write_atomically(file, "ünd new")
    assert file.read_text(encoding="utf-8") == "ünd new"
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["case.yaml"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    file, link = tmp_path / "case.yaml", tmp_path / "link.yaml"
    file.write_text("old")
    link.symlink_to(file)
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert file.read_text() == "new"


def test_a_failed_write_leaves_the_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "case.yaml"
    file.write_text("old")

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(CaseError, match=r"cannot write .*case\.yaml: No space left on device"):
        write_atomically(file, "new")
    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["case.yaml"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing/case.yaml", "there is no folder .*missing"),
        ("folder", "is a folder; give the name of a file in it"),
        ("pipe", "is no ordinary file"),
    ],
)
def test_what_cannot_be_written_is_said(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CaseError, match=message):
        write_atomically(tmp_path / name, "text")
