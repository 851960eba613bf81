"""The brief's section on the roadmap, as parts and as a page."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from briefs import Element, Shared, read
from detente.model.sentences import number, say
from detente.sequencing.roadmap_result import RoadmapResult
from detente.views.brief import compose, roadmap
from detente.views.brief.context import MEDIATOR, Context
from detente.views.brief.gathering import gather
from detente.views.roadmap.sentences import missing_text
from detente.views.roadmap.weakest import weakest_text
from detente.views.roadmap.words import headline, when_text
from roads import answer, failing, korea, same_everywhere, two_sides, under
from test_brief_text import told

PAGES = ("short", "closed", "korea", "long")
AUDIENCES = (None, "north", "south", MEDIATOR)


LONG = two_sides(
    parties={
        "north": {"name": "The Provisional Government of National Unity of the Northern Provinces"},
        "south": {"name": "The South"},
        "third": {"signs": False},
    }
)
"""With a name that has room nowhere."""


@pytest.fixture(scope="module")
def ours(shared: Shared) -> Context:
    """A context into which answers written by hand are put."""
    return shared.context("two_sides")


@pytest.fixture(scope="module")
def far(shared: Shared) -> Context:
    """The context of the Korean case, with the order written by hand."""
    found = shared.context("korea")
    assert found.main is not None
    return replace(found, roads={found.main.letter: korea()})


def put(context: Context, result: RoadmapResult, audience: str | None = None) -> Context:
    letter = context.packages[0].letter
    return replace(context, roads={letter: result}, audience=audience)


def everything(part: Any) -> str:
    """All that a section says or draws, but for numbers of pixels."""
    pictures = [part.picture] if part.picture else []
    drawn = (re.sub(r"<[^>]*>", " ", f"{p.wide} {p.narrow} {p.title} {p.note}") for p in pictures)
    rows = part.table.rows if part.table else ()
    cells = [
        text
        for row in rows
        for cell in (row.header, *row.cells)
        for text in (cell.text, cell.spoken, *cell.lines)
    ]
    columns = [cell.text for cell in part.table.columns] if part.table else []
    return "\n".join([told(part), *drawn, *columns, *cells])


def test_the_finding_comes_first(ours: Context) -> None:
    for audience in (None, MEDIATOR):
        for result in (answer(), failing(), same_everywhere()):
            found = roadmap.section(put(ours, result, audience))
            assert found is not None and found.label == "Roadmap"
            shown = audience == MEDIATOR
            assert found.headline == headline(result, "“The deal”", shown=shown)
            if result.order_matters:
                assert found.paragraphs[0] == weakest_text(result, shown=shown)
                assert found.picture.title.startswith("The steps to “The deal”: four in 10 months")


def test_every_part_of_a_step_is_a_row(ours: Context) -> None:
    result = answer()
    rows = roadmap.section(put(ours, result)).table.rows
    parts = [(n, s, m) for n, s in enumerate(result.best.steps, 1) for m in s.moves]
    assert len(rows) == len(parts)
    for row, (step, at, move) in zip(rows, parts, strict=True):
        (line,) = row.header.lines
        assert row.header.text.startswith(f"{step}. ") and when_text(at) in line
        for party in move.parties:
            assert result.case.party_name(party) in line
        (change,) = row.cells
        if move.after is not None and move.before is not None:
            names = [result.case.option_name(move.item, o) for o in (move.before, move.after)]
            assert change.text == " → ".join(names)
        else:
            assert change.text == "put in place"
    assert [row.header.spoken for row in rows] == [*[""] * 5, "weakest moment"]


# what may be seen by whom


PRIVATE = {"north": ("6", "7.5", "5", "12", "13"), "south": ("9", "9.5", "11", "4.5", "1.8")}
"""Margins of the answer, by party."""


@pytest.mark.parametrize("audience", AUDIENCES)
def test_margins_are_shown_to_their_owners_only(ours: Context, audience: str | None) -> None:
    text = everything(roadmap.section(put(ours, answer(), audience)))
    for party, margins in PRIVATE.items():
        may = audience in (party, MEDIATOR)
        for margin in margins:
            assert (f"+{margin}" in re.findall(r"[+−][\d.]+", text)) == may, (party, margin)
        name = answer().case.party_name(party)
        assert (re.search(rf"{name} would lose [\d.]+ point", text) is not None) == (
            may and party == "south"
        )
    assert ("−9.8 and +1.8" in text) == (audience == MEDIATOR)
    assert ("wrong by up to 0.9" in text) == (audience == MEDIATOR)
    assert ("−3.3" in text) == (audience in ("north", MEDIATOR))
    for public in ("weakest once everything is done: south", "In depots → Destroyed", "75 orders"):
        assert public in text
    if audience in (None, "north"):
        assert "south has the least to lose by walking away" in text
    assert ("Margin of The North after it" in text) == (audience == "north")
    assert ("Least margin after it" in text) == (audience == MEDIATOR)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_amounts_that_would_help_are_shown_to_their_owners_only(
    ours: Context, audience: str | None
) -> None:
    result = failing()
    found = roadmap.section(put(ours, result, audience))
    text, may = everything(found), audience in ("south", MEDIATOR)
    assert "An order would work with a guarantee against south, a larger share for south or" in text
    assert "made so that it takes 24 months to take back" in text
    assert ("it loses 9.8 points" in text) == may and ("12.5 points" in text) == may
    assert ("whoever lets the process collapse loses 9.8" in text) == (audience == MEDIATOR)
    assert ("+0.4" in text) == (audience == MEDIATOR)
    whole = next(fold_out for fold_out in found.fold_outs if fold_out.title == "In full")
    told = dict(whole.blocks[-1].entries)["What would make an order work, each by itself"]
    shown = missing_text(result, replace(ours, audience=audience).open_to)
    assert whole.printed and len(shown) == len(missing_text(result)) and told == " ".join(shown)


def test_nothing_private_on_a_page_for_everybody(far: Context) -> None:
    """No margin of an order on the Korean case stands anywhere, in words or in a picture."""
    result = korea()
    found = roadmap.section(far)
    text = everything(found)
    signed = set(re.findall(r"[+−][\d.]+", text))
    assert not signed and "points" not in text
    assert found.picture is not None and "margin" not in found.picture.wide.lower()
    assert {number(m.margin, signed=True) for m in result.best.margins} & signed == set()


# other answers


def test_where_the_order_is_no_matter_there_is_no_picture(ours: Context) -> None:
    found = roadmap.section(put(ours, same_everywhere(), MEDIATOR))
    assert found.picture is None and found.table.caption.startswith("One possible order")
    assert found.paragraphs[0] == "Everything falls back at once when the process collapses."
    assert all(len(row.cells) == 1 and not row.header.spoken for row in found.table.rows)
    assert "none is better than another" in found.remarks[0]


def test_codings_idle_measures_and_parties_without_scores_are_told(ours: Context) -> None:
    plain = answer(idle=("inspectors",), unvalued=("third",))
    result = replace(plain, variants=(under(plain, "heirs", -0.5),))
    text = everything(roadmap.section(put(ours, result, MEDIATOR)))
    assert "“Resident inspectors” changes no margin anywhere on the way." in text
    assert "Third has no scores: whether it would leave cannot be said." in text
    assert "Under “heirs” it does not hold; after step 2, The North would gain 0.5 points" in text
    closed = everything(roadmap.section(put(ours, result)))
    assert "Under “heirs” it does not hold; after step 2, The North would gain by" in closed


def test_a_bound_is_told_to_those_who_may_see_all_margins(ours: Context) -> None:
    limit = say("road.not_proven", bound=2.5)
    result = answer(exact=False, bound=2.5, remarks=(limit, "Another remark."))
    for audience in ("south", MEDIATOR):
        text = everything(roadmap.section(put(ours, result, audience)))
        assert ("2.5" in text) == (audience == MEDIATOR) and "Another remark." in text
        assert "The search met its limit: this is the best order found" in text


def test_further_packages_are_told_in_a_sentence(ours: Context) -> None:
    letter = ours.packages[0].letter
    two = replace(ours.packages[0], selected=replace(ours.packages[0].selected, letter="Z"))
    context = replace(
        ours, packages=(*ours.packages, two), roads={letter: answer(), "Z": failing()}
    )
    found = roadmap.section(context)
    assert headline(failing(), f"“{two.name}”", shown=False) in found.paragraphs[-1]


def test_without_a_road_there_is_no_section(ours: Context) -> None:
    assert roadmap.section(replace(ours, roads={})) is None


# as a page


def page_of(context: Context) -> str:
    return compose(context, ["verification", "roadmap"]).html


@pytest.fixture(scope="module")
def pages(ours: Context, far: Context) -> dict[str, str]:
    """Pages for everybody and for a mediator, with short and long roads."""
    return {
        "long": page_of(put(gather(LONG), answer(LONG), MEDIATOR)),
        "short": page_of(put(ours, answer(), MEDIATOR)),
        "closed": page_of(put(ours, failing())),
        "korea": page_of(replace(far, audience=MEDIATOR)),
    }


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_sound(pages: dict[str, str], name: str) -> None:
    page: Element = read(pages[name])
    names = [e.attributes["id"] for e in page.walk() if "id" in e.attributes]
    assert len(names) == len(set(names))
    part = next(s for s in page.all("section") if s.attributes.get("id") == "roadmap")
    assert part.all("h2")[0].text.endswith(".")
    assert len(part.all("svg")) == 2 and all(p.all("desc")[0].text for p in part.all("svg"))
    assert "{" not in part.text
    keys = [s.attributes["id"] for s in page.all("section")]
    assert keys.index("roadmap") > keys.index("verification")


def test_the_section_is_small(pages: dict[str, str]) -> None:
    body = re.search(r'<section id="roadmap".*?</section>', pages["korea"], re.S)
    assert body is not None and len(body[0].encode()) < 120_000
