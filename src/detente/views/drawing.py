"""Charts that are laid out in pixels: rules, marks and words at places of their own."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt

from detente.case.schema import Case
from detente.model.sentences import listed, say
from detente.views.theme import ACCENT, INK, PAPER, QUIET, Identity

Drawn = dict[str, Any]
"""Something to draw: its kind, its place, and what else its kind asks for."""
Point = tuple[float, float]
Look = tuple[str, str]
"""A shape and a colour."""
LETTER = 6.4
"""Pixels of a letter of ordinary words, on the safe side."""
MARK = 13
"""Pixels from one mark to the next."""
MOST_MARKS = 8
"""Most marks that stand beside each other."""

_SHAPES = ("band", "terrace", "rule", "dashed", "stair", "plate", "bar", "mark")
_TEXTS: Mapping[str, dict[str, Any]] = {
    "id": {"align": "left", "color": INK.light, "fontSize": 12, "fontWeight": 600},
    "words": {"align": "left", "color": INK.light, "fontSize": 12},
    "before": {"align": "right", "color": INK.light, "fontSize": 12},
    "note": {"align": "left", "color": QUIET.light, "fontSize": 11},
    "tick": {"align": "center", "color": QUIET.light, "fontSize": 11},
    "end": {"align": "right", "color": QUIET.light, "fontSize": 11},
    "day": {"align": "right", "color": ACCENT.light, "fontSize": 11, "fontWeight": 600},
    "point": {"align": "left", "color": ACCENT.light, "fontSize": 11, "fontWeight": 600},
    "heading": {"align": "left", "color": INK.light, "fontSize": 13, "fontWeight": 600},
}


def drawing(marks: Iterable[Drawn], width: float, height: float) -> alt.LayerChart:
    """A chart of what is to be drawn, in this order; empty words are left out.

    Bands and terraces, rules, stairs, plates, bars, marks, words.
    """
    kinds: dict[str, list[Drawn]] = {kind: [] for kind in (*_SHAPES, *_TEXTS)}
    for mark in marks:
        if mark.get("text") != "":
            kinds[mark["kind"]].append({key: mark[key] for key in mark if key != "kind"})
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False))

    def of(kind: str) -> alt.Chart:
        return alt.Chart(alt.InlineData(values=kinds[kind]))

    ends = {"x": x, "x2": "x2", "y": y, "y2": "y2"}
    stroke = {
        "color": alt.Color("colour:N", scale=None),
        "strokeWidth": alt.StrokeWidth("weight:Q", scale=None),
    }
    layers = [
        of("band").mark_rect().encode(**ends, fill=alt.Fill("fill:N", scale=None)),
        of("terrace")
        .mark_area(interpolate="step-after")
        .encode(x=x, y=y, y2="y2", fill=alt.Fill("fill:N", scale=None)),
        of("rule").mark_rule(strokeCap="square").encode(**ends, **stroke),
        of("dashed").mark_rule(strokeDash=[5, 4]).encode(**ends, **stroke),
        of("stair").mark_line(interpolate="step-after").encode(x=x, y=y, **stroke),
        of("plate").mark_rect(color=PAPER.light).encode(**ends),
        of("bar")
        .mark_rect(strokeWidth=1.5, cornerRadius=2)
        .encode(
            **ends,
            stroke=alt.Stroke("colour:N", scale=None),
            fill=alt.Fill("fill:N", scale=None),
        ),
        of("mark")
        .mark_point(opacity=1, strokeWidth=2)
        .encode(
            x=x,
            y=y,
            shape=alt.Shape("shape:N", scale=None),
            stroke=alt.Stroke("colour:N", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            size=alt.Size("size:Q", scale=None),
        ),
        *(
            of(kind).mark_text(baseline="middle", **style).encode(x=x, y=y, text="text:N")
            for kind, style in _TEXTS.items()
        ),
    ]
    shown = [layer for layer in layers if layer.data.values]
    return alt.LayerChart(layer=shown).properties(width=width, height=height)


def rule(
    start: Point, end: Point, colour: str, weight: float = 1, *, dashed: bool = False
) -> Drawn:
    """A straight line."""
    ends = {"x": start[0], "y": start[1], "x2": end[0], "y2": end[1]}
    return {"kind": "dashed" if dashed else "rule", **ends, "colour": colour, "weight": weight}


def stair(points: Iterable[Point], colour: str, weight: float = 1) -> list[Drawn]:
    """A line that stays level from each point to the next; one of each colour."""
    return [
        {"kind": "stair", "x": x, "y": y, "colour": colour, "weight": weight} for x, y in points
    ]


def terrace(points: Iterable[tuple[float, float, float]], colour: str) -> list[Drawn]:
    """An area between two heights that stay level from each place to the next; one a colour."""
    return [{"kind": "terrace", "x": x, "y": y, "y2": y2, "fill": colour} for x, y, y2 in points]


def mark(place: Point, look: Look, filled: bool = True, size: int = 80) -> Drawn:
    """The mark of a party; hollow where ``filled`` is false."""
    shape, colour = look
    fill = colour if filled else PAPER.light
    shown = {"shape": shape, "colour": colour, "fill": fill, "size": size}
    return {"kind": "mark", "x": place[0], "y": place[1], **shown}


def bar(start: Point, end: Point, colour: str, filled: bool = True) -> Drawn:
    """A bar from corner to corner; hollow where ``filled`` is false."""
    ends = {"x": start[0], "y": start[1], "x2": end[0], "y2": end[1]}
    return {"kind": "bar", **ends, "colour": colour, "fill": colour if filled else PAPER.light}


def band(start: Point, end: Point, colour: str) -> Drawn:
    """An area from corner to corner that rules run over."""
    return {
        "kind": "band",
        "x": start[0],
        "y": start[1],
        "x2": end[0],
        "y2": end[1],
        "fill": colour,
    }


def plate(start: Point, end: Point) -> Drawn:
    """An empty place for words that rules would run through."""
    return {"kind": "plate", "x": start[0], "y": start[1], "x2": end[0], "y2": end[1]}


def words(kind: str, x: float, y: float, text: str) -> Drawn:
    """A text in one of the styles."""
    return {"kind": kind, "x": x, "y": y, "text": text}


def look_of(identity: Identity) -> Look:
    """The mark of a party."""
    return identity.shape, identity.tone.light


def party_marks(
    known: Mapping[str, Identity], parties: Sequence[str], x: float, y: float
) -> list[Drawn]:
    """The marks of parties beside each other, in their colours; of very many the first."""
    return [
        mark((x + place * MARK, y), look_of(known[party]), size=54)
        for place, party in enumerate(parties[:MOST_MARKS])
    ]


def names_within(case: Case, parties: Sequence[str], room: float) -> str:
    """Names of parties as far as there is room: all, or the first and how many others."""
    names = [case.party_name(party) for party in parties]
    others = say("timeline.others", first=names[0], count=len(names) - 1)
    fitting = [text for text in (listed(names), others) if len(text) * LETTER <= room]
    return fitting[0] if fitting else ""


def lines(text: str, width: float) -> list[str]:
    """A title in as many lines as the width asks for."""
    return textwrap.wrap(text, max(20, int(width / 8)))


def ticks(start: date, end: date, most: int) -> list[tuple[date, str]]:
    """Days on which an axis of time is marked, and what stands there; at most so many.

    First days of months, of every so many months, or of years; within a few weeks, days.
    """
    days = (end - start).days
    if days < 45:
        step = next((s for s in (1, 2, 7, 14, 28) if days // s < most), 45)
        found = [date.fromordinal(start.toordinal() + n) for n in range(0, days + 1, step)]
        return [(day, f"{day.day} {day:%b}") for day in found]
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    step = next((s for s in (1, 2, 3, 6) if months // s < most), 0)
    if step:
        first = start.year * 12 + start.month - 1
        places = range(first + -first % step, first + months + 1, step)
        found = [date(place // 12, place % 12 + 1, 1) for place in places]
        return [(day, f"{day:%b} {day.year}") for day in found if start <= day <= end]
    years = end.year - start.year
    step = next((s for s in (1, 2, 5, 10, 20, 50, 100, 1000) if years // s < most), 10_000)
    found = [date(year, 1, 1) for year in range(start.year, end.year + 1) if year % step == 0]
    return [(day, str(day.year)) for day in found if start <= day <= end]
