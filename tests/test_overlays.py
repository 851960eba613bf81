"""Overlays: a partial case laid over a case, what it changes, and whose line an error names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from detente.case import CaseError, load


def changes(table: dict[str, Any], *overlays: dict[str, Any]) -> list[str]:
    case = load(table, overlays)
    return [str(change) for overlay in case.overlays for change in overlay.changes]


def test_mappings_are_joined_key_by_key(table: dict[str, Any]) -> None:
    overlay = {"values": {"north": {"scores": {"arms": {"held": 60}}}}}
    case = load(table, [overlay])
    scores = case.values["north"].scores or {}
    assert [number.point for number in scores["arms"].values()] == [60, 30, 0]
    assert case.values["south"] == load(table).values["south"]
    assert changes(table, overlay) == ["values.north.scores.arms.held: 50 → 60"]


def test_what_is_new_is_added_and_said(table: dict[str, Any]) -> None:
    overlay = {
        "parties": {"sponsor": {"name": "The Sponsor", "signs": False}},
        "concerns": {"north": [{"name": "No cut", "met": "arms == held"}]},
        "issues": {"embargo": {"name": "Trade embargo"}},
    }
    case = load(table, [overlay])
    assert list(case.parties) == ["north", "south", "sponsor"]
    assert changes(table, overlay) == [
        "parties.sponsor: added {name: The Sponsor, signs: false}",
        "concerns: added {north: [{name: No cut, met: arms == held}]}",
        "issues.embargo.name: added Trade embargo",
    ]


def test_texts_lists_and_numbers_are_replaced_whole(table: dict[str, Any]) -> None:
    table["rules"] = [{"never": "arms == destroyed"}, {"never": "embargo == lifted"}]
    table["parties"]["north"] = {"walk_away": {"low": 1, "likely": 2, "high": 3, "because": "old"}}
    overlay = {
        "rules": [{"never": "arms == cantoned"}],
        "parties": {"north": {"walk_away": {"mean": 5, "sd": 1}}},
        "values": {"north": {"scores": {"arms": {"held": [40, 60]}}}},
    }
    case = load(table, [overlay])
    assert [str(rule) for rule in case.rules] == ["never arms == cantoned"]
    walk_away = case.parties["north"].walk_away
    assert walk_away.number is not None
    assert (walk_away.number.shape, walk_away.because) == ("normal", None)
    rules, *others = changes(table, overlay)
    before, after = rules.removeprefix("rules: ").split(" → ")
    assert before.startswith("[{never: arms == destroyed}, {never: embargo")
    assert after == "[{never: arms == cantoned}]"
    assert others == [
        "parties.north.walk_away: low 1, likely 2, high 3 → mean 5, sd 1",
        "values.north.scores.arms.held: 50 → [40, 60]",
    ]
    table["parties"]["north"] = {"walk_away": 5}
    assert changes(table, {"parties": {"north": {"walk_away": {"low": 1, "high": 2}}}}) == [
        "parties.north.walk_away: 5 → low 1, high 2"
    ]


def test_scores_of_options_called_low_and_high_are_joined(table: dict[str, Any]) -> None:
    table["issues"]["alert"] = {"options": ["low", "high"]}
    table["status_quo"]["alert"] = "low"
    for party in ("north", "south"):
        table["values"][party]["scores"]["alert"] = {"low": 0, "high": 100}
    overlay = {"values": {"north": {"scores": {"alert": {"high": 80}}}}}
    assert changes(table, overlay) == ["values.north.scores.alert.high: 100 → 80"]


def test_null_takes_out(table: dict[str, Any]) -> None:
    overlay = {"values": {"south": None}, "parties": {"north": {"walk_away": 3}}}
    case = load(table, [overlay])
    assert list(case.values) == ["north"]
    assert "values.south: taken out (was {scores: {arms:" in changes(table, overlay)[0]
    other: dict[str, Any] = {"values": {"north": {"scores": None, "priorities": ["arms == held"]}}}
    assert load(table, [other]).values["north"].cardinal is False


def test_taking_out_what_is_not_there_is_an_error(table: dict[str, Any]) -> None:
    with pytest.raises(CaseError) as caught:
        load(table, [{"values": {"suoth": None}, "verification": None}])
    assert [problem.what for problem in caught.value.problems] == [
        "values.suoth: there is no 'suoth' to take out; did you mean 'south'?",
        "verification: there is no 'verification' to take out",
    ]


def test_the_last_of_several_overlays_wins(table: dict[str, Any]) -> None:
    first = {"title": "One", "parties": {"north": {"walk_away": 1, "name": "N"}}}
    second = {"title": "Two", "parties": {"north": {"walk_away": 2}}}
    case = load(table, [first, second])
    walk_away = case.parties["north"].walk_away
    assert walk_away.number is not None
    assert (walk_away.number.point, case.parties["north"].name) == (2, "N")
    assert [overlay.title for overlay in case.overlays] == ["One", "Two"]
    assert [len(overlay.changes) for overlay in case.overlays] == [2, 1]


def test_an_overlay_without_effect_lists_nothing(table: dict[str, Any]) -> None:
    assert changes(table, {"parties": {}, "values": {"north": {"scores": {}}}}) == []
    assert changes(table, {"status_quo": {"arms": "held"}}) == []
    assert changes(table, {}) == []


def test_with_keeps_the_title_of_the_case(table: dict[str, Any]) -> None:
    overlay = {"detente": 1, "title": "A second coding", "about": "Notes", "handling": "Secret"}
    case = load(table, [overlay])
    assert (case.title, case.about, case.handling) == ("Two issues", None, "Secret")
    assert case.overlays[0].title == "A second coding"
    assert changes(table, overlay) == ["handling: added Secret"]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "inner").mkdir()
    (tmp_path / "base.yaml").write_text(
        "title: Base\n"
        "parties: {north: {walk_away: 1}, south: {walk_away: 1}}\n"
        "issues:\n"
        "  arms: {options: [held, gone]}\n"
        "status_quo: {arms: held}\n"
    )
    (tmp_path / "inner" / "second.yaml").write_text(
        "extends: ../base.yaml\ntitle: Second coding\nparties: {north: {walk_away: 2}}\n"
    )
    (tmp_path / "inner" / "third.yaml").write_text(
        "extends: second.yaml\nparties: {south: {walk_away: 3}}\n"
    )
    return tmp_path


def test_extends_takes_the_title_and_relative_paths(files: Path) -> None:
    case = load(files / "inner" / "second.yaml")
    assert (case.title, case.file) == ("Second coding", str(files / "inner" / "second.yaml"))
    (overlay,) = case.overlays
    assert (overlay.file, overlay.title) == (case.file, "Second coding")
    assert [str(change) for change in overlay.changes] == [
        "title: Base → Second coding",
        "parties.north.walk_away: 1 → 2",
    ]


def test_extends_in_a_row(files: Path) -> None:
    case = load(files / "inner" / "third.yaml")
    points = [
        party.walk_away.number and party.walk_away.number.point for party in case.parties.values()
    ]
    assert points == [2, 3]
    assert [Path(overlay.file).name for overlay in case.overlays] == ["second.yaml", "third.yaml"]
    assert case.title == "Second coding"


def test_extends_and_with_together(files: Path) -> None:
    over = {"parties": {"north": {"walk_away": 9}}}
    case = load(files / "inner" / "third.yaml", [over])
    assert len(case.overlays) == 3
    second = load(files / "base.yaml", [files / "inner" / "second.yaml"])
    assert (second.title, len(second.overlays)) == ("Base", 1)


def test_extends_a_bundled_case(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("extends: river\ntitle: My river\n")
    case = load(file)
    assert case.title == "My river"
    assert case.issues == load("river").issues
    assert case.overlays[0].changes[0].path == "title"


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("extends: basee.yaml", "did you mean 'base.yaml'?", 1),
        ("extends: [base.yaml]", "'extends' names one file or bundled case", 1),
        ("extends: .", "is a folder", 1),
        ("extends: base.yaml\nvalues: {nroth: {priorities: [arms == held]}}", "party 'nroth'", 2),
        ("extends: base.yaml\nparties:\n  noth: null", "there is no 'noth' to take out", 3),
        ("extends: base.yaml\nstatus_quo: {arms: hled}", "unknown option 'hled'", 2),
        ("extends: base.yaml\nissues: {arms: {options: [a, b]}}", "unknown option 'held'", 5),
        ("extends: base.yaml\nparties: {north: {walk_awy: 2}}", "unknown key 'walk_awy'", 2),
        ("extends: base.yaml\nparties: north", "expected a mapping of names, found 'north'", 2),
        ("extends: base.yaml\nissues: null", "the key 'issues' is missing", 1),
    ],
)
def test_an_error_names_the_file_that_it_is_in(
    files: Path, text: str, message: str, line: int
) -> None:
    over = files / "over.yaml"
    over.write_text(text)
    with pytest.raises(CaseError) as caught:
        load(over)
    problem = next(problem for problem in caught.value.problems if message in problem.what)
    assert problem.place is not None
    expected = "base.yaml" if "'held'" in message else "over.yaml"
    assert (Path(problem.place.file).name, problem.place.line) == (expected, line)
    if "extends: base.yaml" in text:
        over.write_text(text.replace("extends: base.yaml", "title: Over"))
        with pytest.raises(CaseError) as caught:
            load(files / "base.yaml", [over])
        assert message in str(caught.value)


def test_an_error_in_the_base_names_the_base(files: Path) -> None:
    base = files / "base.yaml"
    base.write_text(base.read_text().replace("arms: held}", "arms: hled}"))
    for file in ("inner/second.yaml", "inner/third.yaml"):
        with pytest.raises(CaseError, match=r"base\.yaml:5:20: unknown option 'hled'"):
            load(files / file)
    base.write_text("a: [")
    with pytest.raises(CaseError, match=r"base\.yaml:1:5"):
        load(files / "inner" / "third.yaml")


def test_an_overlay_over_a_mapping_names_its_file(files: Path, table: dict[str, Any]) -> None:
    over = files / "over.yaml"
    over.write_text("values: {north: {scores: {arms: {held: much}}}}")
    table["rules"] = [{"never": "arms == hled"}]
    with pytest.raises(CaseError) as caught:
        load(table, [over])
    problems = {
        str(problem.place and problem.place.line): problem.what for problem in caught.value.problems
    }
    assert problems["1"] == "expected a number, found 'much'"
    assert problems["None"].startswith("rules.0.never: unknown option 'hled'")


def test_cases_that_extend_each_other(files: Path) -> None:
    inner = files / "inner"
    (inner / "a.yaml").write_text("extends: ../inner/b.yaml\n")
    (inner / "b.yaml").write_text("extends: ../inner/../inner/a.yaml\n")
    with pytest.raises(CaseError, match=r"a case extends itself: a\.yaml → b\.yaml → a\.yaml"):
        load(inner / "a.yaml")
    (inner / "self.yaml").write_text("extends: self.yaml\n")
    with pytest.raises(CaseError, match=r"self\.yaml:1:10: a case extends itself"):
        load(inner / "self.yaml")
    for n in range(60):
        (inner / f"c{n}.yaml").write_text(f"extends: c{n + 1}.yaml\n")
    with pytest.raises(CaseError, match="more than 50 cases extend each other"):
        load(inner / "c0.yaml")


def test_an_overlay_that_is_no_case(files: Path) -> None:
    with pytest.raises(CaseError, match=r"there is no file '.*basse\.yaml'; did you mean '.*base"):
        load(files / "base.yaml", [files / "basse.yaml"])
    (files / "list.yaml").write_text("[1]")
    with pytest.raises(CaseError, match=r"list\.yaml:1:1: this is no case"):
        load(files / "base.yaml", [files / "list.yaml"])


def test_of_clauses_only_what_differs_is_listed(table: dict[str, Any]) -> None:
    first = {"id": "c1", "who": "north", "text": "Arms are cantoned.", "by": "3"}
    second = {"id": "c2", "who": "south", "text": "The embargo ends."}
    third = {"id": "c3", "who": "south"}

    def package(*clauses: dict[str, Any]) -> dict[str, Any]:
        return {"packages": {"deal": {"outcome": {}, "commitments": list(clauses)}}}

    moved = {key: value for key, value in {**first, "after": "c3"}.items() if key != "text"}
    over = package(third, {**moved, "by": "4"})
    case = load({**table, **package(first, second)}, [over])
    at = "packages.deal.commitments"
    assert [str(change) for change in case.overlays[0].changes] == [
        f"{at}.c1.text: taken out (was Arms are cantoned.)",
        f"{at}.c1.by: 3 → 4",
        f"{at}.c1.after: added c3",
        f"{at}.c2: taken out (was {{id: c2, who: south, text: The embargo ends.}})",
        f"{at}.c3: added {{id: c3, who: south}}",
    ]
    turned = load({**table, **package(first, second)}, [package(second, first)])
    assert [str(change) for change in turned.overlays[0].changes] == [f"{at}: [c1, c2] → [c2, c1]"]
    assert [c.id for c in turned.packages["deal"].commitments] == ["c2", "c1"]
