"""A roadmap as a picture: steps as bars by owner over time, and below the margins after each."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import altair as alt

from detente.model.sentences import say
from detente.sequencing.answer import Move
from detente.sequencing.roadmap_result import RoadmapResult
from detente.views.drawing import (
    LETTER,
    MARK,
    Drawn,
    bar,
    drawing,
    lines,
    look_of,
    mark,
    plate,
    rule,
    words,
)
from detente.views.roadmap.margins import PANEL, Lines
from detente.views.roadmap.words import ends, headline, moment_text, repeated, short_text, valued
from detente.views.theme import ACCENT, LINE, QUIET, identities, themed

STACKED = 480
"""Below this width names of lanes and bars stand above them."""
LONGEST = 24
"""Most letters of a name that stands beside its lane."""
_WIDTH, _TOP, _BAR, _TEXT, _GAP, _LEAST, _NAME = 720, 46, 12, 15, 8, 7, 7.4


def roadmap_chart(result: RoadmapResult) -> alt.LayerChart:
    """The steps over time and the margins after each, with the finding as the title.

    Raises
    ------
    ValueError
        Where the order makes no difference: a picture would say otherwise.
    """
    if not result.order_matters:
        raise ValueError("there is nothing to draw: the order of the steps makes no difference")
    drawn = roadmap_rows(result, valued(result), _WIDTH)
    subtitle = lines(reading(result, valued(result)), _WIDTH * 1.25)
    title = alt.TitleParams(lines(headline(result), _WIDTH), subtitle=subtitle)
    return themed(drawn.properties(title=title))


def reading(result: RoadmapResult, shown: Collection[str]) -> str:
    """How to read the picture, as far as its parts are there."""
    moves = [move for step in result.best.steps for move in step.moves]
    found = [say("roadmap.chart.reading")]
    if any(len(move.parties) > 1 for move in moves if move.kind == "issue"):
        found.append(say("roadmap.chart.reading_joint"))
    if any(move.kind != "issue" for move in moves):
        found.append(say("roadmap.chart.reading_placed"))
    found.append(say("roadmap.chart.reading_weakest"))
    if shown:
        found.append(say("roadmap.chart.reading_margins", period=result.period))
    return " ".join(found)


def roadmap_rows(result: RoadmapResult, shown: Collection[str], width: int) -> alt.LayerChart:
    """The steps as bars by owner; below them the margins of some parties, if of any.

    Parameters
    ----------
    result
        What is drawn.
    shown
        Parties whose margins may be told.
    width
        In pixels.
    """
    plan = Plan(result, shown, width)
    return drawing(plan.marks(), width, plan.bottom)


@dataclass(frozen=True)
class _Bar:
    """A move in its lane.

    ``left`` and ``right`` are its ends, ``at`` is where its label is aligned, and ``stays`` how
    far it has an effect.
    """

    move: Move
    left: float
    right: float
    label: tuple[str, ...]
    at: float
    aligned: str
    joint: bool
    stays: float = 0.0

    @property
    def reach(self) -> tuple[float, float]:
        """From where to where it takes room."""
        size = max(map(len, self.label)) * LETTER
        start = self.at if self.aligned == "words" else self.at - size
        return min(self.left, start), max(self.right, start + size, self.stays)


class Plan:
    """Lanes under each other on one axis of periods, in pixels, above the margins.

    Parameters
    ----------
    result, shown, width
        As in :func:`roadmap_rows`.
    """

    def __init__(self, result: RoadmapResult, shown: Collection[str], width: float) -> None:
        self.result, self.width = result, width
        self.case, self.order = result.case, result.best
        self.known = identities(result.case)
        names = [self._name(name) for name in self._owners()]
        self.stacked = width < STACKED or max(map(len, names), default=0) > LONGEST
        self.twice = repeated(self.order.steps)
        self.ends = ends(self.order)
        shown = [name for name in valued(result) if name in shown]
        longest = max(map(len, names), default=8)
        self.left = 34.0 if self.stacked else longest * _NAME + 26
        beside = max((len(self.case.party_name(name)) for name in shown), default=0)
        self.right = width - (30 if self.stacked or not beside else beside * LETTER + 34)
        self.lanes: list[tuple[str, float, list[list[_Bar]]]] = []
        top = float(_TOP)
        for owner in self._owners():
            rows = self._packed(owner)
            self.lanes.append((owner, top, rows))
            top += self._height(rows)
        self.foot = top
        self.panel = None
        if shown:
            sides, top = (self.left, self.right), self.foot + 34
            self.panel = Lines(result, shown, self.at, top, sides=sides, named=not self.stacked)
        self.bottom = self.foot + (34 + PANEL + 26 if shown else 8)

    def at(self, period: float) -> float:
        """Where a number of periods from the start stands."""
        share = period / max(1, self.ends[-1])
        return round(self.left + share * (self.right - self.left), 1)

    def _owners(self) -> list[str]:
        """Lanes: measures and guarantees (an empty name) first, then those who move issues."""
        moves = [move for step in self.order.steps for move in step.moves]
        placed = [""] if any(move.kind != "issue" for move in moves) else []
        active = {name for move in moves if move.kind == "issue" for name in move.parties}
        return placed + [name for name in self.case.parties if name in active]

    def _name(self, owner: str) -> str:
        return self.case.party_name(owner) if owner else say("roadmap.chart.placed")

    def _packed(self, owner: str) -> list[list[_Bar]]:
        """The bars of a lane in as few rows as keep their labels apart."""
        rows: list[list[_Bar]] = []
        for number, step in enumerate(self.order.steps, 1):
            for move in step.moves:
                issue = move.kind == "issue"
                if (owner in move.parties) if issue and owner else (not issue and not owner):
                    found = self._bar(number, step.start, move)
                    row = next((row for row in rows if _fits(found, row)), None)
                    if row is None:
                        rows.append([found])
                    else:
                        row.append(found)
        return rows

    def _bar(self, number: int, start: int, move: Move) -> _Bar:
        """Where a bar and its label stand: beside it where there is room, else above it."""
        left, right = self.at(start), self.at(start + move.takes)
        right = max(right - 2, left + _LEAST)
        text = f"{number} {short_text(self.case, move, move.item in self.twice)}"
        placed = move.kind != "issue"
        ends = left, right
        joint = len(move.parties) > 1 and not placed
        stays = self.at(self.ends[-1]) if placed else 0.0
        if self.stacked:
            label = tuple(textwrap.wrap(text, int((self.width - 24) / LETTER)))
            at = min(left, self.width - max(map(len, label)) * LETTER)
            return _Bar(move, *ends, label, at, "words", joint, stays)
        after, before = self.width - right - 8, left - self.left - 8
        beside = after >= min(len(text) * LETTER, before)
        label = tuple(textwrap.wrap(text, max(12, int((after if beside else before) / LETTER))))
        at, aligned = (right + 6, "words") if beside else (left - 6, "before")
        return _Bar(move, *ends, label, at, aligned, joint, stays)

    def _line(self, row: Sequence[_Bar]) -> float:
        """The height of a row."""
        count = max(len(entry.label) for entry in row)
        return count * _TEXT + (_BAR + _GAP if self.stacked else _GAP)

    def _height(self, rows: Sequence[Sequence[_Bar]]) -> float:
        return sum(map(self._line, rows)) + (30 if self.stacked else 12)

    def marks(self) -> Iterator[Drawn]:
        """Everything to draw."""
        yield from self._axis()
        for owner, top, rows in self.lanes:
            yield from self._lane(owner, top, rows)
        if self.panel is not None:
            yield from self.panel.marks()

    def _axis(self) -> Iterator[Drawn]:
        """Periods at the top, and the weakest moment all the way down."""
        foot = self.panel.foot if self.panel is not None else self.foot
        binding = self.result.binding
        weak = self.at(self.ends[binding.step])
        room = max(1, int((self.right - self.left) / 52))
        marked, unit = _ticks(self.ends[-1], room, self.result.period)
        for place, period in enumerate(marked):
            x = self.at(period)
            yield rule((x, _TOP - 6), (x, foot), LINE.light)
            text = f"{period // unit:,}" if place > 1 else self._period(period // unit, unit)
            if abs(x - weak) > len(text) * LETTER / 2 + 3:
                yield words("tick", x, _TOP - 15, text)
        yield from self._weakest(weak, foot)

    def _period(self, count: int, unit: int) -> str:
        if not count:
            return say("roadmap.chart.start")
        name = "year" if unit > 1 else self.result.period
        return say("roadmap.chart.period", digits=f"{count:,}", count=count, period=name)

    def _weakest(self, x: float, foot: float) -> Iterator[Drawn]:
        binding = self.result.binding
        yield rule((x, 16), (x, foot), ACCENT.light, 1.5)
        moment = moment_text(self.order, binding.step)
        slots = {"when": moment, "party": self.case.party_name(binding.party)}
        text = say("roadmap.chart.weakest", **slots)
        if len(text) * LETTER > self.width:
            text = say("roadmap.chart.weakest_when", **slots)
        size = len(text) * LETTER
        if x + size <= self.width:
            yield words("point", x, 8, text)
        else:
            yield words("day", min(self.width, max(x, size)), 8, text)

    def _lane(self, owner: str, top: float, rows: Sequence[Sequence[_Bar]]) -> Iterator[Drawn]:
        yield rule((0, top), (self.width, top), LINE.light, 0.5)
        y = top + (14 if self.stacked else 6 + self._line(rows[0]) / 2)
        if owner:
            yield mark((8, y), look_of(self.known[owner]), size=54)
        name, x = self._name(owner), 8 + MARK if owner else 1
        room = int((self.width - x) / _NAME)
        name = name if len(name) <= room else f"{name[: room - 1]}…"
        if self.stacked:
            yield plate((0, y - 8), (x + len(name) * _NAME, y + 8))
        yield words("id", x, y, name)
        y = top + (24 if self.stacked else 6)
        for row in rows:
            for entry in row:
                yield from self._drawn(owner, entry, y)
            y += self._line(row)

    def _drawn(self, owner: str, entry: _Bar, top: float) -> Iterator[Drawn]:
        """A bar with its label; what is put in place stays to the end."""
        colour = self.known[owner].tone.light if owner else QUIET.light
        size = len(entry.label) * _TEXT
        middle = top + size + _BAR / 2 if self.stacked else top + (size + _GAP) / 2
        if not owner:
            yield rule((entry.right, middle), (self.at(self.ends[-1]), middle), colour)
        y = top + _TEXT / 2 if self.stacked else middle - (size - _TEXT) / 2
        long = max(map(len, entry.label)) * LETTER
        start = entry.at if entry.aligned == "words" else entry.at - long
        yield plate((start - 2, y - 8), (start + long, y + size - 8))
        for place, line in enumerate(entry.label):
            yield words(entry.aligned, entry.at, y + place * _TEXT, line)
        corners = (entry.left, middle - _BAR / 2), (entry.right, middle + _BAR / 2)
        yield bar(*corners, colour, filled=not entry.joint)


def _fits(entry: _Bar, row: Sequence[_Bar]) -> bool:
    """Whether a bar with its label touches none of a row."""
    left, right = entry.reach
    return all(right + 10 < other.reach[0] or other.reach[1] + 10 < left for other in row)


def _ticks(last: int, most: int, period: str) -> tuple[range, int]:
    """Numbers of periods that are marked, few enough to be read, and how many make a unit.

    Months in many years are marked, and counted, by years.
    """
    round_ones = (size * 10**power for power in itertools.count() for size in (1, 2, 5))
    months = itertools.chain((1, 2, 3, 6), (12 * size for size in round_ones))
    sizes = months if period == "month" else round_ones
    step = next(size for size in sizes if last / size <= most)
    return range(0, last + 1, step), 12 if period == "month" and step >= 12 else 1
