"""The picture of ``unlock``: marks stand where the shares are, and no word is cut."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from rich.cells import cell_len

from detente.leverage.answer import GOALS, LEVERS, Standing
from detente.model.sentences import say
from detente.views.naming import capital
from detente.views.specification import specification
from detente.views.stress.shares import share_text
from detente.views.theme import ACCENT, CONTEXT, INK
from detente.views.unlock.charts import unlock_chart, way_reading, way_rows
from detente.views.unlock.sentences import headline, label_text, lever_text, outlook
from test_charts import texts
from test_stress_charts import grid, marks, rows_of, spans
from unlock_results import result, shareless, ways

WIDTHS = (720, 330)
each_width = pytest.mark.parametrize("width", WIDTHS)


def drawn_marks(chart: Any) -> list[dict[str, Any]]:
    return marks(chart, "diamond") + marks(chart, "circle")


@each_width
def test_marks_stand_at_the_shares_with_their_intervals(width: int) -> None:
    answer = result()
    chart = way_rows(answer, width)
    low, high = grid(chart)
    known = [entry for entry in ways() if entry.share is not None]
    found, lines, told = drawn_marks(chart), spans(chart), texts(chart)
    assert len(found) == len(lines) == len(known)
    assert told.count("–") == len(ways()) - len(known) > 0
    for entry in known:
        share = entry.share
        assert share is not None
        at = [low + value * (high - low) for value in (share.share, share.low, share.high)]
        fitting = [
            (mark, span)
            for mark in found
            for span in lines
            if mark["x"] == pytest.approx(at[0], abs=0.06)
            and [span["x"], span["x2"]] == pytest.approx(at[1:], abs=0.06)
            and span["y"] == mark["y"]
        ]
        assert fitting and share_text(share) in told
        enough = not entry.open
        assert any(
            (mark["shape"], mark["colour"] == ACCENT.light)
            == (("circle", "diamond")[enough], enough)
            for mark, _ in fitting
        )


@each_width
@pytest.mark.parametrize("long", [False, True])
def test_every_way_stands_under_its_lever_and_no_word_is_cut(width: int, long: bool) -> None:
    answer = result(long=long)
    chart = way_rows(answer, width)
    told = rows_of(chart, "text")
    height = chart.to_dict()["height"]
    ids = {row["text"]: row["y"] for row in told}
    for lever in LEVERS:
        own = [rank for rank, entry in enumerate(answer.ways, 1) if entry.lever == lever]
        top = ids[capital(lever_text(lever))]
        below = [ids[capital(lever_text(other))] for other in LEVERS]
        end = min((y for y in below if y > top), default=height)
        assert all(top < ids[f"{rank}."] < end for rank in own)
    marks_x = grid(chart)[0] if width > 480 else width
    for rank, entry in enumerate(answer.ways, start=1):
        y = ids[f"{rank}."]
        label = label_text(answer, entry).replace(" ", "")
        lines = sorted((row["y"], row["text"]) for row in told if row["x"] == 23 and row["y"] >= y)
        joined = "".join(text for _, text in lines).replace(" ", "")
        assert joined.startswith(label)
    for row in told:
        if row["x"] == 23:
            wide = cell_len(row["text"]) != len(row["text"])
            letters = len(row["text"]) * (12 if wide else 6.6)
            assert row["x"] + letters <= marks_x, row["text"]
        assert 0 <= row["y"] <= height


@each_width
def test_without_shares_the_goals_that_are_met_are_drawn(width: int) -> None:
    before = Standing(
        {"acceptable": True, "enforceable": None, "roadmap": False, "holds": False}, {}, ()
    )
    answer = shareless(standing=before)
    chart = way_rows(answer, width)
    found = drawn_marks(chart)
    assert len(found) == len(GOALS) * len(ways()) and not spans(chart)
    columns = sorted({mark["x"] for mark in found})
    heads = {row["x"]: row["text"] for row in rows_of(chart, "text") if row["x"] in columns}
    assert [heads[x] for x in columns] == [say(f"unlock.chart.{goal}") for goal in GOALS]
    levels = sorted({mark["y"] for mark in found})
    order = [entry for lever in LEVERS for entry in ways() if entry.lever == lever]
    for y, entry in zip(levels, order, strict=True):
        full = {m["x"]: m["fill"] == m["colour"] for m in found if m["y"] == y}
        met = [full[x] for x in columns]
        wanted = [
            goal in entry.solves or (goal == "acceptable" and goal not in entry.open)
            for goal in GOALS
        ]
        assert met == wanted
    assert "No shares" in way_reading(answer)
    gaps = [b - a for a, b in pairwise(columns)]
    widths = [6 * len(heads[x]) for x in columns]
    assert all(gap >= sum(pair) / 2 for gap, pair in zip(gaps, pairwise(widths), strict=True))


def test_the_title_is_the_finding_and_colour_only_an_accent() -> None:
    answer = result()
    document = unlock_chart(answer).to_dict()
    assert " ".join(document["title"]["text"]) == f"{headline(answer)} {outlook(answer)}"
    assert "A diamond leaves nothing" in way_reading(answer)
    partial = tuple(entry for entry in ways() if entry.open)
    some = result(ways=partial)
    assert "diamond" not in way_reading(some)
    chart = way_rows(some, 720)
    assert not marks(chart, "diamond") and ACCENT.light not in str(chart.to_dict())
    colours = {row["colour"] for row in rows_of(way_rows(answer, 720), "shape")}
    assert colours == {INK.light, ACCENT.light} and CONTEXT.light not in colours


def test_what_stands_beside_a_mark_can_be_another_text() -> None:
    chart = way_rows(result(), 720, lambda answer, entry: entry.plain)
    assert "12.5" in " ".join(texts(way_rows(result(), 720)))
    assert "12.5" not in " ".join(texts(chart))


def test_without_ways_there_is_nothing_to_draw() -> None:
    with pytest.raises(ValueError, match="no way was found"):
        unlock_chart(result(ways=()))
    met = Standing(dict.fromkeys(GOALS, True), {}, ())
    with pytest.raises(ValueError, match="nothing stands in the way"):
        unlock_chart(result(ways=(), standing=met))


def test_one_goal_is_drawn_in_the_middle() -> None:
    one = tuple(replace(entry, share=None, solves=("holds",), open=()) for entry in ways()[:2])
    answer = result(ways=one, goals=("holds",))
    (x,) = {mark["x"] for mark in drawn_marks(way_rows(answer, 720))}
    assert 440 < x < 720
    assert specification(unlock_chart(answer))["width"] == 720
