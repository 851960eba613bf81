"""The brief's section on whether agreements would hold, as parts and as a page."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from typing import Any

import pytest

import detente
from briefs import Element, Shared, in_full, read
from detente.model.sentences import say
from detente.stability.answer import CONCEPTS
from detente.stability.hold import hold
from detente.views.brief import compose
from detente.views.brief import hold as part
from detente.views.brief.context import MEDIATOR, Context
from detente.views.brief.gathering import gather
from detente.views.brief.page import sections
from detente.views.hold.lanes import lanes
from detente.views.hold.sentences import findings, reason_sentences, verdict
from detente.views.hold.words import SIGNS, STANDARD, overall, points, stance
from holds import TRUCE, truce
from test_brief_roadmap import everything

PAGES = ("truce", "korea", "korea_closed", "long", "ceasefire")
AUDIENCES = (None, "north", "south", MEDIATOR)
SIGNED = re.compile(r"[+−]\s?\d|\b(?:gains|loses) \d|\d worse off|\bpoints\b|\d point")


def long_names() -> detente.Case:
    """The case with names for which there is room nowhere."""
    written = copy.deepcopy(TRUCE)
    name = "The Provisional Government of National Unity of the {} Provinces"
    for party in written["parties"]:
        written["parties"][party]["name"] = name.format(party.capitalize())
    written["issues"]["tests"]["name"] = "Rindfleischetikettierungsüberwachungsaufgabengesetz"
    return detente.load(written)


@pytest.fixture(scope="module")
def ours(shared: Shared) -> Context:
    return shared.context("truce")


@pytest.fixture(scope="module")
def far(shared: Shared) -> Context:
    return shared.context("korea")


def text_of(context: Context) -> str:
    """All that the section says or draws, with its fold-outs."""
    found = part.section(context)
    assert found is not None
    tables = [b for f in found.fold_outs for b in f.blocks if hasattr(b, "rows")]
    cells = [
        text
        for table in tables
        for row in table.rows
        for cell in (row.header, *row.cells)
        for text in (cell.text, *cell.lines)
    ]
    return "\n".join([everything(found), *cells])


# what it says


def test_the_finding_comes_first(ours: Context, far: Context) -> None:
    for context in (ours, far):
        found = part.section(context)
        assert found is not None and found.label == "Would it hold?"
        first, *others = findings(context.holds[0])
        assert found.headline == first
        assert list(found.paragraphs[: len(others)]) == others
    keys = [entry.key for entry in sections(ours)]
    assert keys.index("packages") < keys.index("hold") < keys.index("assumptions")
    keys = [entry.key for entry in sections(far)]
    assert keys.index("verification") < keys.index("roadmap") < keys.index("hold")


def test_the_main_package_is_told_of_and_drawn(ours: Context, far: Context) -> None:
    for context in (ours, far):
        found, main = part.section(context), context.main
        assert found is not None and main is not None
        result = context.holds[0]
        (entry,) = [e for e in result.prospects if e.name == main.selected.package]
        told = [verdict(result, entry, f"“{main.name}”"), *reason_sentences(result, entry, never)]
        others = findings(result)[1:]
        assert list(found.paragraphs) == others + [
            text for text in told if text not in found.headline
        ]
        assert found.picture is not None and f"“{main.name}”" in found.picture.title
        assert main.name in found.picture.wide and main.name in found.picture.narrow


def never(_: str) -> bool:
    return False


def test_the_main_package_has_a_road(far: Context) -> None:
    assert far.main is not None and far.main.letter in far.roads
    points = [shown for shown in far.packages if shown.selected.package is None]
    assert len(far.holds) == 1 + len(points) == 3  # what the case names is in one answer


def test_every_outcome_is_a_row_and_every_party_a_column(ours: Context, far: Context) -> None:
    for context in (ours, far):
        found = part.section(context)
        prospects = [entry for result in context.holds for entry in result.prospects]
        assert found is not None and found.table is not None
        assert [c.text for c in found.table.columns[1:]] == [
            context.case.party_name(party) for party in context.case.parties
        ]
        strong = [row.header.text for row in found.table.rows if row.header.tone == "strong"]
        assert context.main is not None and strong == [context.main.name]
        for row, entry in zip(found.table.rows, prospects, strict=True):
            first, *others = row.cells
            assert (first.sign, first.text) == (
                SIGNS[overall(entry)],
                say(f"hold.matrix.{overall(entry)}"),
            )
            for cell, party in zip(others, context.case.parties, strict=True):
                each = stance(entry, party)
                assert (cell.sign, cell.text) == (SIGNS[each], say(f"hold.short.{each}"))
                assert (cell.tone == "bad") == (each == "leaves")


def test_the_five_concepts_are_folded(far: Context) -> None:
    found = part.section(far)
    assert found is not None
    prospects = [entry for result in far.holds for entry in result.prospects]
    (table,) = in_full(found)
    for row, entry in zip(table.rows, prospects, strict=True):
        for cell, party in zip(row.cells, far.case.parties, strict=True):
            stays = [STANDARD[c] for c in CONCEPTS if entry.stable[c][party]]
            words = {5: "all five", 4: "all but Nash", 0: "none"}.get(len(stays), ", ".join(stays))
            assert len(stays) != 4 or "Nash" not in stays
            assert cell.text == words
    above = "\n".join([found.headline, *found.paragraphs, *found.remarks])
    assert not any(name in above for name in ("Nash", "GMR", "SMR", "SEQ"))
    method = found.fold_outs[-1]
    told = str(method.blocks)
    for source in ("Howard 1971", "Fraser & Hipel 1979", "Rêgo & Vieira 2017", "Nash 1951"):
        assert source in told
    assert "foresight without time" in told


def test_todays_state_is_drawn_where_somebody_would_leave_it() -> None:
    written = copy.deepcopy(TRUCE)
    written["status_quo"] = {"tests": "off", "embargo": "lifted", "aid": "food"}
    written["packages"] = {
        "cold": {"outcome": {"tests": "on", "embargo": "full", "aid": "none"}},
        "pause": {"outcome": {"tests": "off", "embargo": "lifted", "aid": "none"}},
    }
    context = gather(detente.load(written))
    found = part.section(context)
    assert found is not None
    (today,) = [e for e in hold(context.case).prospects if e.name == "status_quo"]
    assert lanes(today)
    # It is a reference point too, and so the main outcome: told of, and drawn, once.
    assert found.picture is not None and "today’s state" in found.picture.title
    assert [r.header.text for r in found.table.rows].count("Today’s state") == 1
    assert len(in_full(found)) == 1
    (cold,) = [shown for shown in context.packages if shown.name == "cold"]
    found = part.section(replace(context, main=cold))
    assert found is not None
    drawn, *told, _ = in_full(found)
    assert "today’s state" in drawn.title and told
    assert "Today’s state" in drawn.wide


# what may be seen by whom


@pytest.mark.parametrize("audience", AUDIENCES)
def test_gains_are_shown_to_their_owners_only(ours: Context, audience: str | None) -> None:
    text = text_of(replace(ours, audience=audience))
    for party, gain in {"north": "12", "south": "5"}.items():
        may = audience in (party, MEDIATOR)
        assert (f"+{gain} points" in text) == may and (f"gains {gain}" in text) == may
    assert ("−3.1 points" in text) == (audience in ("north", MEDIATOR))
    assert ("ends 3.1 worse off" in text) == (audience in ("north", MEDIATOR))
    if audience is None:
        assert not SIGNED.findall(text)
    assert "so it stays" in text  # a verdict is no number
    assert ("which it prefers" in text) == (audience != MEDIATOR)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_who_would_gain_by_collapse_is_told_to_those_who_may_see_it(
    ours: Context, audience: str | None
) -> None:
    result, main = ours.holds[0], ours.main
    assert main is not None
    (entry,) = [e for e in result.prospects if e.name == main.selected.package]
    found = part.section(replace(ours, audience=audience))
    assert found is not None
    told = " ".join(t for t in found.paragraphs if "collapse" in t)
    for party, gain in entry.gains_from_collapse.items():
        may = audience in (party, MEDIATOR)
        assert (ours.case.party_name(party) in told) == may
        assert gain == 0 or (points(gain) in told) == may
    assert ("Nobody" in told) <= (audience == MEDIATOR)


def test_without_leave_nothing_hangs_on_the_size_of_values() -> None:
    """Values three or a hundred times as large, party by party, change not a letter."""
    written = copy.deepcopy(TRUCE)
    for party, factor in {"north": 3, "south": 100, "patron": 7}.items():
        for table in written["values"][party]["scores"].values():
            for option, score in table.items():
                table[option] = float(score) * factor
    one, other = gather(truce()), gather(detente.load(written))
    assert text_of(one) == text_of(other)
    assert part.section(one).picture == part.section(other).picture
    mediator = [text_of(replace(context, audience=MEDIATOR)) for context in (one, other)]
    assert mediator[0] != mediator[1]


def test_nothing_private_on_a_page_for_everybody(far: Context) -> None:
    text = text_of(far)
    assert not SIGNED.findall(text)
    assert SIGNED.findall(text_of(replace(far, audience=MEDIATOR)))
    us = text_of(replace(far, audience="us"))
    assert "United States at −" in us and "North Korea at −" not in us


# other cases


def bare(**more: Any) -> detente.Case:
    issues = {
        name: {"options": ["n", "y"], "control": owner} for name, owner in (("x", "a"), ("z", "b"))
    }
    parties = {"a": {"walk_away": 0}, "b": {"walk_away": 0}}
    return detente.load(
        {"detente": 1, "title": "Bare", "parties": parties, "issues": issues, **more}
    )


DILEMMA = {
    "a": {"scores": {"x": {"n": 1, "y": 0}, "z": {"n": 0, "y": 3}}},
    "b": {"scores": {"z": {"n": 1, "y": 0}, "x": {"n": 0, "y": 3}}},
}


def test_ceasefire_and_cases_without_values_or_status_quo(shared: Shared) -> None:
    truce_at_sea = part.section(shared.context("ceasefire"))
    assert truce_at_sea is not None and truce_at_sea.table is not None
    assert "The relief agency has no values" in " ".join(truce_at_sea.remarks)
    assert not any(
        re.findall(r"\d", "".join(c.text for c in r.cells)) for r in truce_at_sea.table.rows
    )
    unvalued = part.section(gather(detente.load("agreed_framework_1994")))
    assert unvalued is not None and unvalued.table is None and unvalued.picture is None
    assert "“Agreed Framework” would hold cannot be told" in unvalued.headline
    assert [f.title for f in unvalued.fold_outs] == [say("brief.how")]
    package = {"deal": {"outcome": {"x": "y", "z": "y"}}}
    timeless = part.section(gather(bare(values=DILEMMA, packages=package), audience=MEDIATOR))
    assert timeless is not None and timeless.headline.startswith(
        "“Deal” would hold".replace("D", "d")
    )
    assert timeless.picture is not None and not any("collapse" in t for t in timeless.paragraphs)


def test_a_reference_point_is_told_of_by_its_rules() -> None:
    found = part.section(gather(bare(values=DILEMMA)))
    assert found is not None and "point” would hold" in found.headline
    assert found.table is not None and len(found.table.rows) == 1
    assert found.table.rows[0].header.text.endswith("point")
    today = part.section(gather(bare(values=DILEMMA, status_quo={"x": "y", "z": "y"})))
    assert today is not None and today.headline.startswith("Today’s state would hold")
    both = gather(bare(values=DILEMMA, status_quo={"x": "n", "z": "n"}))
    second = part.section(both)
    assert len(both.holds) == 2 and second is not None and second.table is not None
    assert len(second.table.rows) == 2 and "point” would hold" in second.paragraphs[0]


def test_where_there_is_nothing_to_ask_about_there_is_no_section() -> None:
    context = gather(bare())
    assert context.holds == () and part.section(context) is None


# as a page


@pytest.fixture(scope="module")
def pages(ours: Context, far: Context, shared: Shared) -> dict[str, str]:
    contexts = {
        "truce": replace(ours, audience=MEDIATOR),
        "korea": replace(far, audience=MEDIATOR),
        "korea_closed": far,
        "long": gather(long_names(), audience=MEDIATOR),
        "ceasefire": shared.context("ceasefire"),
    }
    return {name: compose(context, ["hold"]).html for name, context in contexts.items()}


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_sound(pages: dict[str, str], name: str) -> None:
    page: Element = read(pages[name])
    names = [e.attributes["id"] for e in page.walk() if "id" in e.attributes]
    assert len(names) == len(set(names))
    found = next(s for s in page.all("section") if s.attributes.get("id") == "hold")
    assert found.all("h2")[0].text.endswith(".")
    assert len(found.all("svg")) == 2 and all(p.all("desc")[0].text for p in found.all("svg"))
    assert "{" not in found.text


def test_the_section_is_small(pages: dict[str, str]) -> None:
    body = re.search(r'<section id="hold".*?</section>', pages["korea"], re.S)
    assert body is not None and len(body[0].encode()) < 60_000
