"""Pictures of roadmaps: what they draw is what the answer says."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.case import CaseError
from detente.sequencing.answer import Move, Step
from detente.sequencing.roadmap_result import RoadmapResult
from detente.views.drawing import LETTER
from detente.views.exporting import chart_file
from detente.views.roadmap.charts import reading, roadmap_chart, roadmap_rows
from detente.views.roadmap.words import headline, valued
from detente.views.theme import ACCENT, INK, PAPER, QUIET, identities
from roads import answer, failing, korea, same_everywhere, two_sides
from test_charts import layers
from test_terminal_roadmap import roads

WIDE, NARROW = 680, 330
WIDTHS = [WIDE, NARROW]


def drawn(chart: Any) -> dict[str, list[dict[str, Any]]]:
    """What is drawn, by kind."""
    found: dict[str, list[dict[str, Any]]] = {"rule": [], "bar": [], "mark": [], "words": []}
    for rows in layers(chart):
        for row in rows:
            kind = "words" if "text" in row else "mark" if "shape" in row else ""
            kind = kind or ("bar" if "fill" in row else "rule" if "weight" in row else "")
            if kind:
                found[kind].append(row)
    return found


def everything(result: RoadmapResult, width: int) -> dict[str, list[dict[str, Any]]]:
    return drawn(roadmap_rows(result, valued(result), width))


def axis(found: dict[str, list[dict[str, Any]]], result: RoadmapResult) -> tuple[float, float]:
    """Where the start and the end of the road stand: the ends of the zero line."""
    (zero,) = [r for r in found["rule"] if r["y"] == r["y2"] and r["colour"] == INK.light]
    return zero["x"], zero["x2"]


def lanes(result: RoadmapResult) -> dict[str, list[tuple[int, Step, Move]]]:
    """By owner what it does, from the definition; measures and guarantees under no name."""
    parts = [
        (number, step, move)
        for number, step in enumerate(result.best.steps, 1)
        for move in step.moves
    ]
    found = {"": [part for part in parts if part[2].kind != "issue"]}
    for name in result.case.parties:
        found[name] = [p for p in parts if p[2].kind == "issue" and name in p[2].parties]
    return {name: entries for name, entries in found.items() if entries}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("result", [answer(), failing(), korea()], ids=["two", "fails", "korea"])
def test_bars_stand_where_steps_are_in_the_lane_of_who_does_them(
    result: RoadmapResult, width: int
) -> None:
    found = everything(result, width)
    left, right = axis(found, result)
    whole = result.best.length
    known = identities(result.case)
    wanted, bars = lanes(result), sorted(found["bar"], key=lambda bar: bar["y"])
    assert len(bars) == sum(map(len, wanted.values()))
    for name, entries in wanted.items():
        lane, bars = bars[: len(entries)], bars[len(entries) :]
        colour = known[name].tone.light if name else QUIET.light
        assert {bar["colour"] for bar in lane} == {colour}
        places = sorted((bar["x"], bar["fill"] == bar["colour"]) for bar in lane)
        expected = sorted(
            (left + step.start / whole * (right - left), not name or len(move.parties) == 1)
            for _, step, move in entries
        )
        for (x, filled), (start, alone) in zip(places, expected, strict=True):
            assert x == pytest.approx(start, abs=0.1) and filled == alone
        lengths = sorted(bar["x2"] - bar["x"] for bar in lane)
        for length, takes in zip(lengths, sorted(m.takes for *_, m in entries), strict=True):
            unit = takes / whole * (right - left)
            assert length == pytest.approx(max(unit - 2, 7), abs=0.2)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_part_is_named_with_its_step(width: int) -> None:
    for result in (answer(), korea()):
        told = " ".join(w["text"] for w in everything(result, width)["words"])
        for name, entries in lanes(result).items():
            assert (result.case.party_name(name) if name else "Put in place") in told
            for number, _, move in entries:
                named = (
                    result.case.issue_name(move.item)
                    if move.kind == "issue"
                    else result.case.measure_name(move.item)
                    if move.kind == "measure"
                    else result.case.guarantees[move.item].name
                )
                assert f"{number} {named}" in told
    assert "2 Heavy weapons: In depots" in " ".join(
        w["text"] for w in everything(answer(), WIDE)["words"]
    )


def test_what_is_put_in_place_stays_to_the_end() -> None:
    found = everything(answer(), WIDE)
    _, right = axis(found, answer())
    lasting = [r for r in found["rule"] if r["colour"] == QUIET.light]
    placed = [bar for bar in found["bar"] if bar["colour"] == QUIET.light]
    assert [(r["x"], r["x2"]) for r in lasting] == [(bar["x2"], right) for bar in placed]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("result", [answer(), failing(), korea()], ids=["two", "fails", "korea"])
def test_lines_go_through_the_least_margin_of_each_party(result: RoadmapResult, width: int) -> None:
    found = everything(result, width)
    left, right = axis(found, result)
    known = identities(result.case)
    (zero,) = [r for r in found["rule"] if r["y"] == r["y2"] and r["colour"] == INK.light]
    scale = None
    for party in valued(result):
        marks = [
            m for m in found["mark"] if m["size"] == 30 and m["colour"] == known[party].tone.light
        ]
        times = [0, *(step.start + step.takes for step in result.best.steps)]
        assert len(marks) == len(times)
        for step, (time, shown) in enumerate(zip(times, marks, strict=True)):
            x = left + time / times[-1] * (right - left)
            assert shown["x"] == pytest.approx(x, abs=0.1)
            least = min(
                m.margin for m in result.best.margins if m.party == party and m.step == step
            )
            height = zero["y"] - shown["y"]
            scale = scale or height / least
            assert height == pytest.approx(scale * least, abs=0.6)
        segments = [
            r for r in found["rule"] if r["weight"] == 2 and r["colour"] == known[party].tone.light
        ]
        ends = [(m["x"], m["y"]) for m in marks]
        joined = [((r["x"], r["y"]), (r["x2"], r["y2"])) for r in segments]
        assert joined == list(pairwise(ends))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("result", [answer(), failing(), korea()], ids=["two", "fails", "korea"])
def test_the_weakest_moment_has_a_ring_and_a_line(result: RoadmapResult, width: int) -> None:
    found = everything(result, width)
    (ring,) = [m for m in found["mark"] if m["size"] == 300]
    assert (ring["colour"], ring["fill"]) == (ACCENT.light, PAPER.light)
    inside = [
        m for m in found["mark"] if m["size"] == 30 and (m["x"], m["y"]) == (ring["x"], ring["y"])
    ]
    assert identities(result.case)[result.binding.party].tone.light in {m["colour"] for m in inside}
    (line,) = [r for r in found["rule"] if r["colour"] == ACCENT.light]
    assert line["x"] == line["x2"] == ring["x"] and line["y"] < ring["y"] < line["y2"] + 0.1
    texts = [w["text"] for w in found["words"]]
    name = result.case.party_name(result.binding.party)
    assert any(text.startswith("weakest") and text.endswith(name) for text in texts)


@pytest.mark.parametrize("width", WIDTHS)
def test_without_leave_no_margin_is_drawn(width: int) -> None:
    result = answer()
    found = drawn(roadmap_rows(result, (), width))
    assert not [m for m in found["mark"] if m["size"] == 300]
    assert not [r for r in found["rule"] if r["weight"] == 2]
    texts = " ".join(w["text"] for w in found["words"])
    assert "Margin of each party" not in texts and "+1.8" not in texts
    assert "weakest once everything is done: south" in texts
    assert len(found["bar"]) == 7 and "Below" not in reading(result, ())
    only = drawn(roadmap_rows(result, ("north",), width))
    assert "+1.8" not in " ".join(w["text"] for w in only["words"])
    lines = {r["colour"] for r in only["rule"] if r["weight"] == 2}
    assert lines == {identities(result.case)["north"].tone.light}


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(roads(), st.sampled_from(WIDTHS), st.booleans())
def test_whatever_is_drawn_stays_inside_and_apart(
    result: RoadmapResult, width: int, shown: bool
) -> None:
    chart = roadmap_rows(result, valued(result) if shown else (), width)
    height = chart.to_dict()["height"]
    found = drawn(chart)
    for entry in (row for rows in found.values() for row in rows):
        assert 0 <= entry["x"] <= width and 0 <= entry.get("x2", 0) <= width
        assert 0 <= entry["y"] <= height and 0 <= entry.get("y2", 0) <= height
    for bar, other in pairwise(sorted(found["bar"], key=lambda b: (b["y"], b["x"]))):
        assert bar["y"] != other["y"] or bar["x2"] < other["x"]
    labels = [w for w in found["words"] if w["text"][:1].isdigit() and " " in w["text"]]
    assert len(labels) >= len(found["bar"])


@pytest.mark.parametrize("length", [1, 3, 40, 1_000, 123_456])
@pytest.mark.parametrize("width", WIDTHS)
def test_ticks_do_not_touch_however_long_the_road(length: int, width: int) -> None:
    first = answer().best.steps[0].moves[0]
    step = Step((replace(first, takes=length),), 0, length, dict(two_sides().status_quo or {}))
    margins = tuple(m for m in answer().best.margins if m.step < 2)
    result = replace(answer(), best=replace(answer().best, steps=(step,), margins=margins))
    found = drawn(roadmap_rows(result, (), width))
    marked = [w for w in found["words"] if w["y"] == 31]
    if length != 40:  # forty months are marked by months where there is room
        assert any(" year" in w["text"] for w in marked) == (length > 40)
    ticks = sorted((w["x"], len(w["text"])) for w in marked)
    assert len(ticks) >= 1
    for (x, size), (other, longer) in pairwise(ticks):
        assert x + size * LETTER * 0.45 < other - longer * LETTER * 0.45


def test_the_chart_is_titled_with_the_finding() -> None:
    result = answer()
    document = roadmap_chart(result).to_dict()
    assert " ".join(document["title"]["text"]) == headline(result)
    assert " ".join(document["title"]["subtitle"]) == reading(result, valued(result))
    told = {"usermeta": {"handling": "Teaching case, invented"}}
    assert result.chart().to_dict() == {**document, **told}
    assert "Teaching case, invented" in str(chart_file(result, ".svg"))
    page = str(chart_file(result, ".html"))
    assert "<svg" in page and "◀ weakest" in page


def test_where_the_order_is_no_matter_nothing_is_drawn() -> None:
    with pytest.raises(ValueError, match="order of the steps makes no difference"):
        roadmap_chart(same_everywhere())
    with pytest.raises(CaseError, match="order of the steps makes no difference"):
        chart_file(same_everywhere(), ".svg")


def test_a_reader_is_told_only_of_what_is_there() -> None:
    assert "hollow bar" in reading(answer(), ()) and "thin line" in reading(answer(), ())
    plain = answer()
    steps = tuple(
        replace(step, moves=tuple(m for m in step.moves if len(m.parties) == 1)) or step
        for step in plain.best.steps[1:]
    )
    simple = replace(plain, best=replace(plain.best, steps=steps))
    assert "hollow" not in reading(simple, ()) and "thin line" not in reading(simple, ())
