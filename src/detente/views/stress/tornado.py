"""One number at a time: where in its range a verdict turns, as a picture."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import altair as alt

from detente.agreement.packages.draws import QUANTILE
from detente.case.numbers import Number
from detente.model.sentences import say
from detente.uncertainty.answer import Factor
from detente.uncertainty.stress_result import StressResult
from detente.views.drawing import (
    Drawn,
    bar,
    drawing,
    lines,
    mark,
    plate,
    rule,
    words,
)
from detente.views.naming import capital
from detente.views.stress.turns import Turn, turn_text, turns
from detente.views.stress.words import factor_text, value_text
from detente.views.theme import ACCENT, CONTEXT, INK, LINE, PANEL, themed

MOST = 12
"""Most numbers that are drawn."""
STACKED = 480
"""Below this width names of rows stand above them."""
_WIDTH, _TEXT, _HEAD, _APART, _BELOW, _ABOVE, _EDGE = 720, 15, 24, 12, 22, 26, 10
_HEAVY, _SMALL = 7.2, 5.9
"""Pixels of a letter of names, and of what turns."""

Shown = Callable[[Factor], bool]


@dataclass(frozen=True)
class Mark:
    """Where something turns, on the way from the likely value to an end of the range.

    Parameters
    ----------
    turn
        All that turns there.
    place
        0 at the likely value, −1 and 1 at the lowest and the highest; beyond them it does not
        turn within the range.
    """

    turn: Turn
    place: float

    @property
    def breaks(self) -> bool:
        """Whether something that stands fails there, and not the other way round."""
        return any(flip.stands for flip in self.turn.flips)


@dataclass(frozen=True)
class Row:
    """A number, and where going down and going up first turn a verdict; nearest first."""

    factor: Factor
    marks: tuple[Mark, ...]

    @property
    def within_range(self) -> bool:
        """Whether the first of them lies in the stated range."""
        return self.marks[0].turn.within_range


def span(stated: Number) -> tuple[float, float] | None:
    """The ends of a range; of a normal number, of its middle 95 %; None where there is none."""
    if stated.sd:
        reach = QUANTILE * float(stated.sd)
        return float(stated) - reach, float(stated) + reach
    if stated.low is None or stated.high is None or stated.low == stated.high:
        return None
    return float(stated.low), float(stated.high)


def turning(result: StressResult, shown: Shown = lambda _: True) -> tuple[Row, ...]:
    """The numbers at which something turns: within their range first, then what is nearest.

    Numbers without a range have no place on the common scale and are left out.

    Parameters
    ----------
    result
        The answer.
    shown
        Which numbers may be told.
    """
    found: dict[str, list[Mark]] = {}
    for turn in turns(result):
        ends = span(turn.factor.number)
        if ends is not None and shown(turn.factor):
            found.setdefault(turn.factor.name, []).append(Mark(turn, _place(turn, ends)))
    rows = []
    for every in found.values():
        nearest = sorted(every, key=_rank)
        sides = {entry.turn.above: entry for entry in reversed(nearest)}
        both = sorted(sides.values(), key=_rank)
        rows.append(Row(both[0].turn.factor, tuple(both)))
    return tuple(sorted(rows, key=lambda row: _rank(row.marks[0])))


def _rank(entry: Mark) -> tuple[bool, float, bool]:
    """Within the range first, then the nearest; what turns for all before what turns for one."""
    return not entry.turn.within_range, round(abs(entry.place), 9), not entry.turn.whole


def _place(turn: Turn, ends: tuple[float, float]) -> float:
    likely, (low, high) = float(turn.factor.number), ends
    reach = high - likely if turn.above else likely - low
    away = turn.value - likely
    if reach > 0:
        return away / reach
    return away / (high - low) + (1 if turn.above else -1)  # the range ends at the likely value


def tornado(result: StressResult, most: int = MOST) -> alt.LayerChart:
    """One number at a time: where in its range a verdict turns.

    Raises
    ------
    ValueError
        Where no number with a range turns anything.
    """
    rows = turning(result)
    if not rows:
        raise ValueError("there is nothing to draw: no number with a range turns a verdict")
    found = themed(tornado_rows(result, rows[:most], _WIDTH))
    subtitle = lines(tornado_reading(rows, most), _WIDTH * 1.25)
    title = alt.TitleParams(lines(tornado_title(rows), _WIDTH), subtitle=subtitle)
    return found.properties(title=title)


def tornado_title(rows: Sequence[Row]) -> str:
    """How many numbers turn a verdict within their range, by themselves."""
    count = sum(row.within_range for row in rows)
    return capital(say(f"stress.chart.tornado{'' if count else '_none'}", count=count))


def tornado_reading(rows: Sequence[Row], most: int) -> str:
    """How to read the picture, as far as its parts are there, and what it leaves out."""
    drawn = [entry for row in rows[:most] for entry in row.marks]
    inside = [entry for entry in drawn if entry.turn.within_range]
    found = [say("stress.chart.reading_tornado")]
    if any(entry.breaks for entry in inside):
        found.append(say("stress.chart.reading_breaks"))
    if not all(entry.breaks for entry in inside):
        found.append(say("stress.chart.reading_mends"))
    if len(inside) < len(drawn):
        found.append(say("stress.chart.reading_beyond"))
    if len(rows) > most:
        found.append(say("stress.chart.part", count=len(rows) - most))
    return " ".join(found)


def tornado_rows(result: StressResult, rows: Sequence[Row], width: int) -> alt.LayerChart:
    """The rows in a width in pixels."""
    plan = Tornado(result, rows, width)
    return drawing(plan.marks(), width, plan.bottom)


class Tornado:
    """Rows of ranges in pixels, the likely values in the middle.

    Parameters
    ----------
    result, rows, width
        As in :func:`tornado_rows`.
    """

    def __init__(self, result: StressResult, rows: Sequence[Row], width: float) -> None:
        self.result, self.rows, self.width = result, rows, width
        self.stacked = width < STACKED
        self.left = float(_EDGE) if self.stacked else 320.0
        self.right = width - float(_EDGE)
        room = width if self.stacked else self.left - 30
        self.names = [self._wrapped(row, room) for row in rows]
        self.bottom = _HEAD + sum(map(self._height, self.names))

    def _wrapped(self, row: Row, room: float) -> list[tuple[str, str]]:
        """The number in words, and under it what turns at which values."""
        name = capital(factor_text(self.result.case, row.factor))
        found = [("id", line) for line in textwrap.wrap(name, int(room / _HEAVY))]
        for entry in row.marks:
            told = mark_text(self.result, entry)
            found += [("note", line) for line in textwrap.wrap(told, int(room / _SMALL))]
        return found

    def _height(self, name: Sequence[tuple[str, str]]) -> float:
        text, track = len(name) * _TEXT, _ABOVE + _BELOW
        return (text + track if self.stacked else max(text, track)) + _APART

    def at(self, place: float) -> float:
        """Where a part of the range stands; what is beyond it stands at its end."""
        share = (min(max(place, -1), 1) + 1) / 2
        return round(self.left + share * (self.right - self.left), 1)

    def marks(self) -> Iterator[Drawn]:
        """Everything to draw."""
        for kind, place, key in (("note", -1, "low"), ("tick", 0, "likely"), ("end", 1, "high")):
            yield words(kind, self.at(place), _HEAD - 12, say(f"stress.chart.{key}"))
        yield rule((self.at(0), _HEAD), (self.at(0), self.bottom), LINE.light)
        top = float(_HEAD)
        for row, name in zip(self.rows, self.names, strict=True):
            size = self._height(name)
            yield from self._named(name, top, size)
            y = top + size - _APART - _BELOW if self.stacked else top + (size - _APART) / 2
            yield from self._track(row, y)
            top += size

    def _named(self, name: Sequence[tuple[str, str]], top: float, size: float) -> Iterator[Drawn]:
        if self.stacked:
            yield plate((0, top), (self.width, top + len(name) * _TEXT + 2))
        first = top + _TEXT / 2
        if not self.stacked:
            first += (size - _APART - len(name) * _TEXT) / 2
        for place, (kind, line) in enumerate(name):
            yield words(kind, 1, first + place * _TEXT, line)

    def _track(self, row: Row, y: float) -> Iterator[Drawn]:
        """The range; the part of it in which the verdict is another; where it turns."""
        ends = span(row.factor.number)
        assert ends is not None
        likely = float(row.factor.number)
        low, high = self.at(-1 if ends[0] < likely else 0), self.at(1 if ends[1] > likely else 0)
        yield {**bar((low, y - 4), (high, y + 4), CONTEXT.light), "fill": PANEL.light}
        yield words("note", low, y + 14, value_text(row.factor, ends[0]))
        yield words("end", high, y + 14, value_text(row.factor, ends[1]))
        for entry in row.marks:
            yield from self._marked(entry, y)
        yield mark((self.at(0), y), ("circle", INK.light), filled=False, size=50)

    def _marked(self, entry: Mark, y: float) -> Iterator[Drawn]:
        """Where something turns, and from there on the rest of the range."""
        turn, colour = entry.turn, (ACCENT if entry.breaks else INK).light
        x, end = self.at(entry.place), self.at(1 if turn.above else -1)
        if turn.within_range:
            yield bar((min(x, end), y - 4), (max(x, end), y + 4), colour)
        look = ("triangle-right" if turn.above else "triangle-left", colour)
        yield mark((x, y), look, filled=turn.within_range, size=90)
        outer = entry.place > (0.5 if turn.above else -0.5)
        told = value_text(turn.factor, turn.value, turn.above)
        kinds = ("day", "point") if entry.breaks else ("end", "note")
        yield words(kinds[0 if outer else 1], x + (6 if outer else -6), y - 15, told)


def mark_text(result: StressResult, entry: Mark) -> str:
    """From which value on what is the case: ``above 58.1: no longer accepted (Highland)``."""
    turn = entry.turn
    value = value_text(turn.factor, turn.value, turn.above)
    what = turn_text(result.case, turn)
    return say(f"stress.chart.{'above' if turn.above else 'below'}", value=value, what=what)
