"""The brief's section on what could break an agreement: who may see what, as a page.

The answers are put together by hand.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Any

import pytest

import detente
from briefs import Element, Shared, in_full, read
from detente.model.sentences import say
from detente.sequencing.answer import Move, Step
from detente.uncertainty.answer import VERDICTS, Factor
from detente.uncertainty.stress_result import StressResult
from detente.views.brief import assumptions, compose, hold
from detente.views.brief import stress as part
from detente.views.brief.context import MEDIATOR, Context
from detente.views.brief.gathering import gather
from detente.views.brief.page import SECTIONS
from detente.views.brief.parts import Definitions, Picture, Section, Table
from detente.views.naming import capital
from detente.views.stress.sentences import (
    breaks_sentences,
    headline,
    marks_text,
    road_text,
    together_text,
)
from detente.views.stress.shares import share_text, verdict_text
from detente.views.stress.turns import turns_text
from detente.views.stress.words import factor_text, value_text
from stress_results import box, factor, flip, influence, korea, river
from test_stress_charts import FORBIDDEN, histories

PAGES = ("river", "river_closed", "korea", "korea_closed")


def of(context: Context, result: StressResult | None, audience: str | None = None) -> Context:
    """The context with an answer, for an audience."""
    return replace(context, stress=result, audience=audience)


def shown(context: Context) -> Section:
    found = part.section(context)
    assert found is not None
    return found


def text_of(found: Section) -> str:
    """All that the section says or draws, with its fold-outs."""
    blocks: list[Any] = [found.headline, *found.paragraphs, *found.remarks]
    blocks += [found.picture, found.table]
    for fold_out in found.fold_outs:
        blocks += [fold_out.title, *fold_out.blocks]
    told = []
    for block in blocks:
        if isinstance(block, Picture):
            told += [block.title, block.note, words_of(block.wide), words_of(block.narrow)]
        elif isinstance(block, Table):
            cells = [*block.columns, *(c for row in block.rows for c in (row.header, *row.cells))]
            told += [block.caption, *(cell.text for cell in cells)]
        elif isinstance(block, Definitions):
            told += [text for entry in block.entries for text in entry]
        elif block is not None:
            told.append(block)
    return "\n".join(told)


def words_of(svg: str) -> str:
    """The words of a picture and of its description, lines joined to each other."""
    inside = re.findall(r"<(text|title|desc)[^>]*>(.*?)</", svg)
    return html.unescape(" ".join(text for _, text in inside))


@pytest.fixture(scope="module")
def dam(shared: Shared) -> Context:
    return shared.context("river")


@pytest.fixture(scope="module")
def far(shared: Shared) -> Context:
    return shared.context("korea")


@pytest.fixture(scope="module")
def whole(dam: Context) -> dict[str | None, Section]:
    """The section of the same answer for several audiences."""
    return {name: shown(of(dam, river(), name)) for name in (None, "highland", "delta", MEDIATOR)}


# what it says


def test_the_shares_come_first_and_then_how_sure_they_are(
    whole: dict[str | None, Section],
) -> None:
    result = river()
    for found in whole.values():
        assert found.label == "What could break it?" and found.headline == headline(result)
        assert found.paragraphs[0] == together_text(result)
        assert found.picture is not None
        for verdict in VERDICTS:
            share = result.standing.share(verdict)
            assert share is not None
            row = f"{verdict_text(result.case, verdict)}: {share_text(share)}"
            assert row in words_of(found.picture.wide)


def test_the_mediator_is_told_all(whole: dict[str | None, Section]) -> None:
    result, found = river(), whole[MEDIATOR]
    assert turns_text(result) in found.paragraphs
    first, second, none = breaks_sentences(result)
    assert f"{first} {marks_text(result)} {none}" in found.paragraphs
    assert Definitions(((say("brief.stress.breaks"), second),)) in in_full(found)
    assert any("below that of the egalitarian and Nash solution" in t for t in found.remarks)
    titles = [fold_out.title for fold_out in found.fold_outs]
    assert titles == ["In full", "How this was found"]
    told = text_of(found)
    for entry in result.flips:
        if entry.within_range:
            assert value_text(entry.factor, entry.value, entry.above) in told
    for influences in result.influences:
        for each in influences.factors:
            assert each.factor is None or capital(factor_text(result.case, each.factor)) in told


def test_nobody_else_learns_a_number_of_a_party(whole: dict[str | None, Section]) -> None:
    case, result = river().case, river()
    own = [entry for entry in result.flips if entry.factor.path[0] != "drivers"]
    conditions = [c for entry in result.breaks_when for c in entry.conditions]
    for audience in (None, "delta"):
        found = whole[audience]
        told = text_of(found)
        for factor_ in [*(e.factor for e in own), *(c.factor for c in conditions)]:
            if "delta" not in factor_.path:
                name = factor_text(case, factor_)
                assert name not in told and capital(name) not in told
        for entry in own:
            if entry.party != audience and "delta" not in entry.factor.path:
                value = value_text(entry.factor, entry.value, entry.above)
                assert not re.search(rf"(?<![\d.]){re.escape(value)}(?![\d.])", told)
        assert "points below" not in told and not re.search(r"[+−]\d", told)
        assert "Two numbers turn a verdict within the stated range" in told
        assert "Two conditions under which it fails more often rest" in told
        assert "left out here" in told and "marks, not causes" not in told
        accepted = in_full(found)[-1]
        assert accepted.caption == say("brief.stress.accepted") and len(accepted.columns) == 1


def test_a_party_sees_its_own(whole: dict[str | None, Section]) -> None:
    result, found = river(), whole["highland"]
    told = text_of(found)
    assert "Highland’s walk-away value" in told and "58.2" in told
    assert any(text.startswith(breaks_sentences(result)[0]) for text in found.paragraphs)
    (table,) = by_party(found)
    assert [row.header.text for row in table.rows] == ["Highland"]
    assert not re.search(r"[+−]\d", told)  # what others gain
    assert not by_party(whole[None])


def by_party(found: Section) -> list[Table]:
    """In what share of codings each party goes along, as far as it may be seen."""
    tables = [block for block in in_full(found) if isinstance(block, Table)]
    return [table for table in tables if table.caption == say("brief.stress.by_party")]


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("values.us.weights.nuclear", "us"),
        ("parties.us.walk_away", "us"),
        ("parties.us.factions.senate.walk_away", "us"),
        ("violations.hidden_plant.gain", "north_korea"),
        ("guarantees.chinese_backing.amount", "north_korea"),
        ("drivers.arsenal.shifts.1.walk_away", "north_korea"),
        ("drivers.washington.hazards.us", "us"),
        ("drivers.arsenal", None),
        ("verification.second_look.keeps_true", None),
    ],
)
def test_whose_a_number_is_decides_who_sees_it(far: Context, name: str, owner: str | None) -> None:
    there = factor(far.case, name)
    for audience in (None, *far.case.parties, MEDIATOR):
        context = replace(far, audience=audience)
        assert part.may_tell(context, there) == (owner is None or audience in (owner, MEDIATOR))


def test_what_hides_a_number_hides_it_everywhere(far: Context) -> None:
    case, name = far.case, "drivers.arsenal.shifts.1.walk_away"
    broken = box(case, "holds", **{name.replace(".", "__"): (0.02, None)})
    decides = replace(korea().influences[0], factors=(influence(case, name, 0.4, 0.5),))
    turned = flip(case, name, "acceptable", 0.071)
    result = korea(flips=(turned,), breaks_when=(broken,), influences=(decides,))
    called = capital(factor_text(case, factor(case, name)))
    for audience, seen in ((None, False), ("us", False), ("north_korea", True)):
        told = text_of(shown(of(far, result, audience)))
        assert (called in told) == seen == ("0.071" in told)


def test_a_picture_of_some_numbers_does_not_count_all(far: Context) -> None:
    result = korea()
    pictures = {}
    for audience in (None, MEDIATOR):
        blocks = in_full(shown(of(far, result, audience)))
        (pictures[audience],) = [block for block in blocks if isinstance(block, Picture)]
    assert pictures[None].title == (
        "Of the numbers that may be named here, two turn a verdict within the stated range if "
        "changed alone"
    )
    assert pictures[MEDIATOR].title.startswith("Three numbers, each changed by itself, turn")
    own, open_, _ = result.flips
    hidden = shown(of(far, korea(flips=(own, replace(open_, within_range=False))), None))
    assert "No number that may be named here turns a verdict" in text_of(hidden)


def test_what_was_asked_is_explained(dam: Context) -> None:
    steps = (Step((Move("filling", "issue", None, None, (), 1),), 0, 1, {}),)
    result = river(steps=steps)
    found = shown(of(dam, result))
    assert found.picture is not None
    assert "asked as if it were already in force" in (found.picture.note or "")
    assert road_text(result) and road_text(result) in found.fold_outs[-1].blocks
    told = text_of(shown(of(dam, river(), MEDIATOR)))
    assert "The development bank (does not sign)" in told


def test_a_number_of_another_coding_is_for_the_mediator(far: Context) -> None:
    path = ("violations", "other", "gain")
    there = Factor(".".join(path), path, korea().flips[0].factor.number)
    for audience in (None, *far.case.parties, MEDIATOR):
        assert part.may_tell(replace(far, audience=audience), there) == (audience == MEDIATOR)


def test_only_packages_with_a_name_are_compared_and_always_the_one_asked_about(
    dam: Context,
) -> None:
    choice = river().robust
    assert choice is not None
    best, likeliest, asked = choice.packages
    nameless = replace(best, names=())
    rules = [replace(likeliest, names=(name,)) for name in ("nash", "utilitarian", "equal_loss")]
    found = (best, nameless, likeliest, *rules, nameless, asked)
    bare = {"flips": (), "influences": (), "breaks_when": ()}
    result = river(robust=replace(choice, packages=found), **bare)
    for audience, columns in ((None, 1), (MEDIATOR, 4)):
        (table,) = in_full(shown(of(dam, result, audience)))[-1:]
        assert isinstance(table, Table) and len(table.columns) == columns
        assert [row.cells[0].text for row in table.rows] == ["91 %", *["78 %"] * 3, "74 %"]
        assert table.rows[-1].header.tone == "strong"
        assert all(len(row.cells) == columns for row in table.rows)
    alone = river(robust=replace(choice, packages=(replace(best, names=("asked",)),)), **bare)
    assert not in_full(shown(of(dam, alone)))


def test_the_years_are_drawn_where_they_were_asked(
    dam: Context, whole: dict[str | None, Section]
) -> None:
    first = in_full(whole[MEDIATOR])[0]
    assert isinstance(first, Picture) and "has not ended" not in first.title
    few = river(course=histories(), flips=(), influences=(), breaks_when=())
    for audience in (None, MEDIATOR):
        found = shown(of(dam, few, audience))
        years, *others = in_full(found)
        assert isinstance(years, Picture) and "has not ended" in years.title
        captions = [block.caption for block in others if isinstance(block, Table)]
        assert (say("brief.stress.causes") in captions) == (audience == MEDIATOR)
        assert any("has not ended in 50 % of" in text for text in found.paragraphs)


def test_a_reference_point_is_told_of_by_its_first_rule(dam: Context) -> None:
    main = dam.main
    assert main is not None
    named = replace(main, selected=replace(main.selected, package=None, rules=("nash",)))
    found = shown(replace(of(dam, river(package=None)), main=named))
    assert found.headline.startswith("The Nash solution is accepted")


def test_it_is_asked_about_the_main_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.views.brief.gathering.CODINGS", 64)
    context = gather(detente.load("river"), questions=("roadmap", "stress"))
    result = context.stress
    assert result is not None and context.main is not None
    assert dict(result.outcome) == dict(context.main.view.outcome)
    assert result.samples == 64 and result.course is not None
    assert result.course.years == 10 and result.course.samples == 64
    one = [context.main.selected.package or ""]
    for years in (2, 0):
        alone = gather(
            context.case, packages=one, years=years, questions=("roadmap", "stress")
        ).stress
        assert alone is not None
        assert (alone.course.years if alone.course else 0) == years
    for audience in (None, MEDIATOR):
        found = shown(replace(context, audience=audience))
        assert found.picture is not None and all(found.paragraphs)


def test_where_no_number_may_be_another_it_is_not_asked() -> None:
    assert gather(detente.load("prisoners_dilemma")).stress is None
    assert gather(detente.load("ceasefire")).stress is None


def test_without_an_answer_there_is_no_section(dam: Context) -> None:
    assert part.section(of(dam, None)) is None
    (alone,) = assumptions.section(of(dam, None)).paragraphs
    (beside,) = assumptions.section(of(dam, river())).paragraphs
    assert "question of its own" in alone and "Only “What could break it?”" in beside
    plain = replace(dam, standings={})
    bare = shown(of(plain, river(robust=None, flips=(), breaks_when=(), influences=())))
    assert bare.table is None and len(bare.fold_outs) == 1


def test_its_place_is_after_whether_it_holds() -> None:
    story = list(SECTIONS.values())
    place = story.index(part.section)
    assert story[place - 1] is hold.section and assumptions.section in story[place + 1 :]


# as a page


@pytest.fixture(scope="module")
def pages(dam: Context, far: Context) -> dict[str, str]:
    contexts = {
        "river": of(dam, river(course=histories()), MEDIATOR),
        "river_closed": of(dam, river()),
        "korea": of(far, korea(), MEDIATOR),
        "korea_closed": of(far, korea()),
    }
    return {name: compose(context, ["stress"]).html for name, context in contexts.items()}


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_sound(pages: dict[str, str], name: str) -> None:
    page: Element = read(pages[name])
    names = [e.attributes["id"] for e in page.walk() if "id" in e.attributes]
    assert len(names) == len(set(names))
    found = next(s for s in page.all("section") if s.attributes.get("id") == "stress")
    assert found.all("h2")[0].text.endswith(".") and "{" not in found.text
    assert all(p.all("desc")[0].text for p in found.all("svg"))
    assert not any(word in found.text.lower() for word in FORBIDDEN)


def test_the_section_is_small(pages: dict[str, str]) -> None:
    for name, most in (("korea", 60_000), ("korea_closed", 35_000)):
        body = re.search(r'<section id="stress".*?</section>', pages[name], re.S)
        assert body is not None and len(body[0].encode()) < most
