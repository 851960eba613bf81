"""What a sample finds against its size, with the level asked for and the false alarms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import altair as alt

from detente.model.sentences import say
from detente.verification.sampling.sample_result import SampleResult
from detente.verification.wording import chance
from detente.views.drawing import LETTER, Drawn, drawing, lines, mark, rule, words
from detente.views.sampling import headline, what
from detente.views.scoreboards import apart
from detente.views.theme import ACCENT, CONTEXT, INK, LINE, themed

_WIDTH, _HEIGHT, _TOP, _LEFT, _GAP, _ROW = 720, 220, 20, 44, 14, 15
_BAR = 7
"""Height of the bar that spans a window of sizes."""


def sample_chart(result: SampleResult) -> alt.LayerChart:
    """The chance of finding something against the size of the sample.

    Raises
    ------
    ValueError
        Where there are kinds of items: no single size tells what is found.
    """
    if result.strata:
        raise ValueError("there is nothing to draw: with kinds of items there is no single size")
    curve = Curve(result, _WIDTH)
    subtitle = lines(reading(result), _WIDTH * 1.25)
    title = alt.TitleParams(lines(headline(result), _WIDTH), subtitle=subtitle)
    return themed(drawing(curve.marks(), _WIDTH, curve.bottom).properties(title=title))


def reading(result: SampleResult) -> str:
    """How to read the picture."""
    found = [say("sample.chart.reading", what=what(result))]
    if result.false_alarm:
        found.append(say("sample.chart.reading_false"))
    if result.stakes is not None and result.stakes.window.sizes:
        found.append(say("sample.chart.reading_window"))
    return " ".join(found)


class Curve:
    """Chances against sizes, in pixels.

    Parameters
    ----------
    result
        What is drawn.
    width
        Of the picture.
    """

    def __init__(self, result: SampleResult, width: float) -> None:
        self.result, self.points = result, result.curve()
        self.last = self.points[-1].sampled
        self.right = width - max(len(text) for _, _, text in self._labels()) * LETTER - _GAP
        self.bottom = _TOP + _HEIGHT + 50.0

    def at(self, size: float) -> float:
        """Where a size stands."""
        return round(_LEFT + size / self.last * (self.right - _LEFT), 1)

    def marks(self) -> Iterator[Drawn]:
        """Everything to draw."""
        result = self.result
        yield from self._frame()
        if result.false_alarm:
            falsely = [(self.at(p.sampled), _height(p.false_alarm)) for p in self.points]
            yield from _line(falsely, CONTEXT.light)
        yield from _line(
            [(self.at(p.sampled), _height(p.detection)) for p in self.points], INK.light
        )
        if result.detect is not None:
            y = _height(result.detect)
            yield rule((_LEFT, y), (self.right, y), ACCENT.light, 1.5)
        yield from self._window()
        if result.sampled is not None and result.detection is not None:
            x, y = self.at(result.sampled), _height(result.detection)
            yield rule((x, y), (x, _height(0)), ACCENT.light, 1.5)
            yield mark((x, y), ("circle", ACCENT.light), size=60)
            text = say("sample.chart.plan", sampled=f"{result.sampled:,}")
            beyond = x + 6 + len(text) * LETTER > self.right
            place = x - 6 - len(text) * LETTER if beyond else x + 6
            yield words("point", place, (y + _height(0)) / 2, text)
        labels = sorted(self._labels())
        places = apart([y for y, _, _ in labels], _height(0), _ROW)
        for (_, style, text), y in zip(labels, places, strict=True):
            yield words(style, self.right + _GAP, y, text)

    def _frame(self) -> Iterator[Drawn]:
        for level in (0.0, 0.5, 1.0):
            y = _height(level)
            yield rule((_LEFT, y), (self.right, y), LINE.light)
            yield words("end", _LEFT - 8, y, f"{100 * level:.0f} %")
        foot = _height(0)
        for size in _ticks(self.last, int((self.right - _LEFT) / 60)):
            yield rule((self.at(size), foot), (self.at(size), foot + 5), LINE.light)
            yield words("tick", self.at(size), foot + 15, f"{size:,}")
        sizes = {"items": f"{self.result.items:,}", "last": f"{self.last:,}"}
        key = "checked" if self.last == self.result.items else "checked_part"
        middle = (_LEFT + self.right) / 2
        yield words("tick", middle, foot + 36, say(f"sample.chart.{key}", **sizes))

    def _window(self) -> Iterator[Drawn]:
        """Bars at the foot, as far as the picture goes; a run of one size is a short one."""
        stakes = self.result.stakes
        for first, last in stakes.window.sizes if stakes is not None else ():
            if first <= self.last:
                left, right = self.at(first), self.at(min(last, self.last))
                y = _height(0) - _BAR / 2 - 1
                yield rule((left, y), (max(right, left + 1), y), INK.light, _BAR)

    def _labels(self) -> list[tuple[float, str, str]]:
        """What stands at the right end: where, in which style, and what."""
        result, end = self.result, self.points[-1]
        found = [(_height(end.detection), "id", say("sample.chart.found"))]
        if result.false_alarm:
            found.append((_height(end.false_alarm), "note", say("sample.chart.false")))
        if result.detect is not None:
            text = say("sample.chart.needed", level=chance(result.detect))
            found.append((_height(result.detect), "point", text))
        return found


def _line(points: Sequence[tuple[float, float]], colour: str) -> Iterator[Drawn]:
    for start, end in pairwise(points):
        yield rule(start, end, colour, 2)


def _ticks(last: int, most: int) -> range:
    """Round sizes, at most so many and one more."""
    steps = (size * 10**power for power in range(len(str(last))) for size in (1, 2, 5))
    step = next((size for size in steps if last / size <= most), last)
    return range(0, last + 1, step)


def _height(level: float) -> float:
    """Where a chance stands."""
    return round(_TOP + _HEIGHT * (1 - level), 1)
