"""The final table of a brief, its opening strip, and the packages that it is asked to carry."""

from __future__ import annotations

import copy
import html
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import detente
from briefs import PRIVATE, Shared, read
from by_definition import ByDefinition
from detente.case.errors import CaseError
from detente.command.application import application
from detente.model.sentences import listed, say
from detente.stability.answer import CONCEPTS
from detente.uncertainty.shares import shares
from detente.uncertainty.stress import stress
from detente.views.brief import compose, overview
from detente.views.brief.context import Context
from detente.views.brief.gathering import gather
from detente.views.brief.strip import strip
from detente.views.hold.words import SIGNS, overall
from detente.views.stress.shares import share_text
from verified import two_sides

CASES = ("private", "two_sides", "truce")


def cells(context: Context) -> dict[str, dict[str, Any]]:
    """The cells of the final table by letter and column."""
    found = overview.section(context)
    assert found is not None and found.table is not None
    assert len(found.table.columns) == len(overview.COLUMNS)
    return {
        row.header.sign: dict(zip(overview.COLUMNS, row.cells, strict=True))
        for row in found.table.rows
    }


def without_values(**more: Any) -> detente.Case:
    """A small case in which nobody has said what matters."""
    case = {key: value for key, value in PRIVATE.items() if key != "values"}
    parties = {name: {"name": party["name"]} for name, party in PRIVATE["parties"].items()}
    return detente.load({**case, "parties": parties, **more})


# the table


@pytest.mark.parametrize("name", CASES)
def test_every_cell_is_what_its_question_answers(shared: Shared, name: str) -> None:
    context = shared.context(name)
    case, oracle = context.case, ByDefinition(context.case)
    table = cells(context)
    assert list(table) == [shown.letter for shown in context.packages] != []
    for shown in context.packages:
        outcome, cell = dict(shown.view.outcome), table[shown.letter]
        for must, line in zip((True, False), cell["concerns"].lines, strict=False):
            owned = [c for own in case.concerns.values() for c in own if c.must == must]
            met = sum(concern.met.holds(outcome, case.options) for concern in owned)
            assert line.startswith(f"{met} of {len(owned)} ")
        allowed = not oracle.broken(outcome)
        accepted = allowed and oracle.agreed(outcome)
        assert cell["acceptable"].sign == ("✓" if accepted else "✗")
        against = [case.party_name(p) for p in case.signing if not oracle.accepts(p, outcome)]
        assert accepted or not allowed or listed(against) in cell["acceptable"].text
        asked = shown.selected.package or outcome
        if allowed and (case.verification or case.violations):
            verdict = detente.verify(case, asked).enforceable
            sign = {"yes": "✓", None: "?"}.get(verdict, "✗")
            assert cell["enforceable"].sign == sign
        if allowed and shown.letter in context.roads:
            road = detente.roadmap(case, asked, alternatives=0)
            assert cell["roadmap"].sign == ("✓" if road.feasible else "✗")
            if road.feasible:
                steps = len(road.best.steps)
                assert (
                    cell["roadmap"]
                    .lines[0]
                    .startswith(say("brief.overview.steps", count=steps, time=""))
                )


@pytest.mark.parametrize("name", CASES)
def test_the_notions_are_those_under_which_nobody_leaves(shared: Shared, name: str) -> None:
    context = shared.context(name)
    for shown in context.packages:
        cell = cells(context)[shown.letter]["holds"]
        (entry,) = detente.hold(context.case, dict(shown.view.outcome)).prospects
        stays = {c: [v for v in entry.stable[c].values() if v is not None] for c in CONCEPTS}
        held = [concept for concept in CONCEPTS if all(stays[concept])]
        assert cell.sign == SIGNS[overall(entry)]
        (line,) = cell.lines
        counts = {0: "under none", 5: "under all five"}
        assert line.startswith(
            counts.get(
                len(held),
                f"under {('one', 'two', 'three', 'four')[len(held) - 1]} of" if held else "",
            )
        )
        assert (overall(entry) in ("stays", "deterred")) == ("seq" in held)


def test_shares_are_those_of_stress_in_the_same_codings() -> None:
    case = detente.load(PRIVATE)
    for package in ("half", "water_only"):
        found = shares(case, package, samples=96, seed=5)
        whole = stress(case, package, samples=96, seed=5, deciding=False, robust=False, workers=1)
        assert found == whole.standing


def test_the_table_tells_the_shares_of_all_packages(shared: Shared) -> None:
    context = shared.context("private")
    table = cells(context)
    assert set(context.standings) == set(table)
    for letter, standing in context.standings.items():
        first, *whole = (
            line.replace("\N{NO-BREAK SPACE}", " ") for line in table[letter]["share"].lines
        )
        assert first.startswith(f"can be signed: {share_text(standing.acceptable)} (")
        assert bool(whole) == (standing.all_of_it is not None)
    assert context.main is not None and context.stress is not None
    assert context.standings[context.main.letter] == context.stress.standing


def test_the_finding_names_what_stands_on_every_question(shared: Shared) -> None:
    for name in CASES:
        context = shared.context(name)
        found = overview.section(context)
        assert found is not None
        whole = [
            s.name for s in context.packages if False not in overview.stands(context, s).values()
        ]
        assert [f"“{n}”" in found.headline for n in whole] == [True] * len(whole)
        assert found.headline.startswith("“") == bool(whole)
        signs = cells(context)
        for shown in context.packages:
            every = [
                signs[shown.letter][c].sign
                for c in ("acceptable", "enforceable", "roadmap", "holds")
            ]
            assert (shown.name in whole) == (not {"✗", "!"} & set(every))


def test_what_breaks_a_rule_says_so_in_every_cell() -> None:
    broken = {"both": {"name": "Both", "outcome": {"land": "given", "water": "given"}}}
    context = gather(detente.load({**PRIVATE, "packages": broken}), packages=["both", "nash"])
    cell = cells(context)["A"]
    for column in ("enforceable", "roadmap", "holds", "share"):
        assert (cell[column].text, cell[column].lines) == ("Not asked", ("It breaks the rules",))
    assert cell["acceptable"].text == "Breaks the rules" and cell["concerns"].lines
    assert compose(context).html


def test_what_a_case_does_not_know_is_the_reason_in_its_cells() -> None:
    context = gather(without_values())
    for cell in cells(context).values():
        reasons = {column: cell[column].lines for column in ("enforceable", "roadmap", "share")}
        assert all(len(lines) == 1 and lines[0] for lines in reasons.values())
        assert reasons["share"] == ("Nobody’s values are known",)
    timeless = {key: value for key, value in PRIVATE.items() if key != "status_quo"}
    parties = {name: {**p, "walk_away": 10} for name, p in PRIVATE["parties"].items()}
    whole = {"all": {"outcome": {"land": "given", "water": "kept", "name": "new"}}}
    context = gather(detente.load({**timeless, "parties": parties, "packages": whole}))
    for cell in cells(context).values():
        assert "status quo" in cell["enforceable"].lines[0]
        assert "status quo" in cell["roadmap"].lines[0]


def test_nothing_is_called_best_unless_a_rule_is_named(shared: Shared) -> None:
    words = re.compile(r"recommend|optimal|\bbest\b|★", re.IGNORECASE)
    plain = compose(shared.context("private"), ["overview"])
    (section,) = (s for s in read(plain.html).all("section") if s.attributes["id"] == "overview")
    assert not words.search(section.text)
    context = gather(detente.load(PRIVATE), recommend="nash", years=0)
    found = overview.section(context)
    assert found is not None and found.table is not None
    starred = [row.header for row in found.table.rows if any("★" in t for t in row.header.lines)]
    assert [line for head in starred for line in head.lines if "★" in line] == [
        "★ recommended by the Nash rule"
    ]


# the strip


def test_the_strip_says_what_each_model_assumes() -> None:
    forever = dict(strip(gather(two_sides())))
    assert "over for good" in forever["Verification, roadmap"]
    assert "No clock and no collapse" in forever[say("brief.hold.label")]
    measures = {"satellites": {"detects": {"arms": 0.1}}}
    case = two_sides(verification={"measures": measures, "punishment": 4, "lag": 2})
    told = dict(strip(gather(case)))["Verification, roadmap"]
    assert "acted upon two months after the month in which it is found" in told
    assert "suspended for four months and then goes on" in told and "for good" not in told


def test_the_strip_tells_only_of_what_was_asked(shared: Shared) -> None:
    models = [model for model, _ in strip(gather(without_values()))]
    assert models in ([], [say("brief.hold.label")])
    for name in CASES:
        context = shared.context(name)
        page = read(shared.brief(name).html)
        aside = page.all("aside")[0]
        assert [e.text for e in aside.all("dt")] == [model for model, _ in strip(context)]
        assert all(text in aside.text for _, text in strip(context))
        assert all(f"**{model}**" in shared.brief(name).markdown for model, _ in strip(context))


# the packages that were asked for


def test_packages_are_carried_in_the_order_that_was_asked_for() -> None:
    case = detente.load(PRIVATE)
    written = ["water_only", "everything", "half", "half,name=old", "land=given"]
    context = gather(case, packages=written, years=0)
    assert [s.letter for s in context.packages] == list("ABCDE")
    assert context.main is context.packages[0]
    assert [s.selected.package for s in context.packages][::2] == ["water_only", "half", None]
    expected = [detente.agree(case, text).package.outcome for text in written]  # type: ignore[union-attr]
    assert [dict(s.view.outcome) for s in context.packages] == list(map(dict, expected))
    *_, changed, own = (shown.name for shown in context.packages)
    assert (changed, own) == ("Half, changed (D)", "Package E, as asked for")
    assert context.packages[3].selected.to == "half,name=old"  # its steps count
    headline = {s.key: s.headline for s in compose(context).sections}
    assert "Water only" in headline["stress"]
    assert "asked to carry" in html.unescape(compose(context, ["packages"]).html)


def test_a_solution_is_carried_by_its_name_or_that_of_the_package_that_it_is() -> None:
    (half,) = gather(detente.load(PRIVATE), packages=["nash"], years=0).packages
    assert (half.name, half.selected.package) == ("Half", "half") and "nash" in half.selected.rules
    bare = {key: value for key, value in PRIVATE.items() if key != "packages"}
    (point,) = gather(detente.load(bare), packages=["nash"], years=0).packages
    assert point.name.startswith("Nash") and point.name.endswith("point")
    assert point.selected.package is None and dict(point.view.outcome) == dict(half.view.outcome)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (["haff"], "did you mean 'half'"),
        (["land=givn"], "did you mean 'given'"),
        (["half", "land=shared,name=new"], "is the same outcome as half"),
        (["half"] * 6, "these are 6"),
        ([], "these are 0"),
    ],
)
def test_packages_that_cannot_be_carried_are_refused(written: list[str], said: str) -> None:
    with pytest.raises(CaseError, match=re.escape(said)):
        detente.brief(detente.load(PRIVATE), packages=written)


def test_the_command_takes_packages(tmp_path: Path) -> None:
    out = tmp_path / "brief.html"
    words = ["brief", "commitment", "--out", str(out), "--years", "0", "--sections", "packages"]
    found = CliRunner().invoke(application, [*words, "--package", "deel"])
    assert found.exit_code != 0 and isinstance(found.exception, CaseError)
    assert "did you mean 'deal'" in str(found.exception)
    assert CliRunner().invoke(application, [*words, "--package", "deal"]).exit_code == 0
    page = read(out.read_text(encoding="utf-8"))
    (head,) = [h for h in page.all("th") if h.text.startswith("A ")]
    assert page.all("section")[0].attributes["id"] == "packages" and head.text


# names


def test_german_and_korean_names_survive_everywhere_and_control_characters_nowhere() -> None:
    written = copy.deepcopy(PRIVATE)
    written["title"] = "Über die Brücke – 한반도"
    written["parties"]["alpha"]["name"] = "Großmächte Österreichs"
    written["parties"]["beta"]["name"] = "조선민주주의\x07인민공화국\x1b"
    written["issues"]["land"]["name"] = "Fläche „Süd“"
    written["issues"]["land"]["options"] = {
        "kept": "bleibt",
        "shared": "geteilt – 공동",
        "given": "weg",
    }
    written["packages"]["half"]["name"] = "절반의 약속 ß"
    context = gather(detente.load(written), packages=["half", "everything"], years=0)
    made = compose(context)
    page = read(made.html)
    text = page.all("body")[0].text
    for name in ("Über die Brücke – 한반도", "Großmächte Österreichs", "Fläche „Süd“"):
        assert name in text and name in html.unescape(made.markdown)
    assert "geteilt – 공동" in text and "절반의 약속 ß" in text
    drawn = [re.sub(r"\s+", " ", picture.text) for picture in page.all("svg")]
    assert any("Großmächte Österreichs" in words for words in drawn)
    assert any("조선민주주의" in words for words in drawn) and any("절반" in w for w in drawn)
    pictures = re.findall(r"<svg.*?</svg>", made.html, re.S)
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", made.html + made.markdown)
    assert pictures and not any(
        re.search(r"<text[^>]*>[^<]*[\x00-\x08\x0b-\x1f]", p) for p in pictures
    )


def test_another_process_gives_the_same_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.views.brief.gathering.CODINGS", 64)
    case = detente.load(PRIVATE)
    found = []
    for size in (10**9, 1):
        monkeypatch.setattr("detente.views.brief.gathering.LARGE", size)
        monkeypatch.setattr("detente.views.brief.beside.processors", lambda: 2)
        found.append(gather(case, years=0))
    here, elsewhere = found
    assert len(here.standings) > 2 and here.standings == elsewhere.standings
    assert list(here.standings) == list(elsewhere.standings)
    roads = [{k: v.to_dict() for k, v in context.roads.items()} for context in found]
    assert roads[0] == roads[1] and here.unasked == elsewhere.unasked
    unlocks = [{k: v.to_dict() for k, v in context.unlocks.items()} for context in found]
    assert len(here.unlocks) > 1 and unlocks[0] == unlocks[1]


def test_the_main_package_hangs_on_no_question() -> None:
    case = two_sides()
    whole, part, none = (gather(case, questions=q) for q in (("hold", "roadmap"), ("hold",), ()))
    assert whole.main == part.main and part.holds and not part.roads
    assert not (none.holds or none.roads or none.standings or none.verifications)
