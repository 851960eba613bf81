"""Confidence over time as a curve, with the ceiling of a clean record and what is needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import altair as alt

from detente.model.sentences import say
from detente.verification.confidence.confidence_result import ConfidenceResult
from detente.verification.confidence.two_states import Outcome
from detente.verification.wording import chance
from detente.views.confidence import headline
from detente.views.drawing import LETTER, Drawn, Look, drawing, lines, mark, rule, words
from detente.views.scoreboards import apart
from detente.views.theme import ACCENT, CONTEXT, INK, LINE, themed

DOTS = 48
"""Most periods that each get a dot."""
_WIDTH, _HEIGHT, _TOP, _LEFT, _NAMED, _ROW, _LEAST = 720, 190, 20, 44, 30, 15, 88


@dataclass(frozen=True)
class Path:
    """One curve of confidence.

    Parameters
    ----------
    confidence
        Before the first period and after each, in [0, 1].
    record
        What each period brought, for its dots; empty where it is not told.
    label
        Its name; empty for the only one.
    ceiling
        What an endless clean record leads to; at 1, or None, there is none to draw.
    reached
        The period after which it first has what is needed; None where that is not drawn.
    look
        Its shape and colour.
    """

    confidence: Sequence[float]
    record: Sequence[Outcome] = ()
    label: str = ""
    ceiling: float | None = None
    reached: int | None = None
    look: Look = ("circle", INK.light)


def confidence_chart(result: ConfidenceResult) -> alt.LayerChart:
    """The path of confidence, with where it stands as the title."""
    reached = result.inspections_needed if result.supposed else None
    path = Path(
        (result.prior, *result.confidence),
        result.record,
        ceiling=result.ceiling,
        reached=reached if reached and reached <= len(result.record) else None,
    )
    drawn = confidence_curve([path], _WIDTH, needed=result.needed)
    subtitle = lines(reading(result), _WIDTH * 1.25)
    title = alt.TitleParams(lines(headline(result), _WIDTH), subtitle=subtitle)
    return themed(drawn.properties(title=title))


def reading(result: ConfidenceResult) -> str:
    """How to read the curve: what its marks and lines stand for, as far as they are there."""
    if result.supposed:
        found = [say("confidence.chart.reading_clean")]
    else:
        found = [say("confidence.chart.reading")]
    if None in result.record and len(result.record) <= DOTS:
        found.append(say("confidence.chart.reading_none"))
    if True in result.record:
        found.append(say("confidence.chart.reading_alarm"))
    if result.ceiling is not None and result.ceiling < 1:
        found.append(say("confidence.chart.reading_ceiling"))
    return " ".join(found)


def confidence_curve(
    paths: Sequence[Path], width: int, *, needed: float | None = None, unit: str = ""
) -> alt.LayerChart:
    """Curves of confidence over the same periods, each with its ceiling.

    Parameters
    ----------
    paths
        One or several; their periods are numbered from the same beginning.
    width
        In pixels.
    needed
        The confidence that the next step asks for, drawn as a line.
    unit
        What the periods are called; else *periods*.

    Raises
    ------
    ValueError
        Where there is no path, or one without a period.
    """
    if not paths or any(len(path.confidence) < 2 for path in paths):
        raise ValueError("there is nothing to draw: a path has a beginning and a period at least")
    curves = Curves(paths, width, needed=needed, unit=unit)
    return drawing(curves.marks(), width, curves.bottom)


class Curves:
    """Curves of confidence on one axis of periods, in pixels.

    Parameters
    ----------
    paths, width, needed, unit
        As in :func:`confidence_curve`.
    """

    def __init__(
        self, paths: Sequence[Path], width: float, *, needed: float | None, unit: str
    ) -> None:
        self.paths, self.width, self.needed = paths, width, needed
        self.unit = unit or say("confidence.chart.periods")
        self.several = any(path.label for path in paths)
        self.periods = max(len(path.confidence) for path in paths) - 1
        longest = max(len(label.text) for label in self._labels())
        self.right = width - longest * LETTER - _NAMED
        self.bottom = _TOP + _HEIGHT + 46.0

    def at(self, period: float) -> float:
        """Where the end of a period stands."""
        return round(_LEFT + period / self.periods * (self.right - _LEFT), 1)

    def marks(self) -> Iterator[Drawn]:
        """Everything to draw."""
        yield from self._frame()
        for path in self.paths:
            if path.ceiling is not None and path.ceiling < 1:
                y = _height(path.ceiling)
                colour = path.look[1] if path.label else CONTEXT.light
                yield rule((_LEFT, y), (self.right, y), colour, 1 if path.label else 1.5)
        if self.needed is not None:
            y = _height(self.needed)
            yield rule((_LEFT, y), (self.right, y), ACCENT.light, 1.5)
        for path in self.paths:
            yield from self._curve(path)
        yield from self._named()

    def _frame(self) -> Iterator[Drawn]:
        for level in (0.0, 0.5, 1.0):
            y = _height(level)
            yield rule((_LEFT, y), (self.right, y), LINE.light)
            yield words("end", _LEFT - 8, y, f"{100 * level:.0f} %")
        foot = _height(0)
        room = int((self.right - _LEFT) / 44)
        step = next(
            size * 10**power
            for power in range(9)
            for size in (1, 2, 5)
            if self.periods / (size * 10**power) <= room
        )
        for period in range(0, self.periods + 1, step):
            yield rule((self.at(period), foot), (self.at(period), foot + 5), LINE.light)
            yield words("tick", self.at(period), foot + 15, f"{period:,}")
        yield words("tick", (_LEFT + self.right) / 2, foot + 34, self.unit)

    def _curve(self, path: Path) -> Iterator[Drawn]:
        """A line through the periods; of very many those that a picture can show apart."""
        shape, colour = path.look
        points = [
            (self.at(period), _height(path.confidence[period]))
            for period in turning(path.confidence, int(self.right - _LEFT))
        ]
        for start, end in pairwise(points):
            yield rule(start, end, colour, 2)
        if path.reached is not None:
            x, y = self.at(path.reached), _height(path.confidence[path.reached])
            yield rule((x, y), (x, _height(0)), ACCENT.light, 1.5)
        if path.label:
            yield mark(points[-1], path.look, size=54)
        for period, outcome in enumerate(path.record, start=1):
            place = (self.at(period), _height(path.confidence[period]))
            if outcome:
                yield mark(place, ("triangle-down", ACCENT.light), size=70)
            elif len(path.record) <= DOTS:
                yield mark(place, (shape, colour), filled=outcome is not None, size=26)

    def _labels(self) -> list[_Label]:
        """What stands at the right end, from the top; the lines of one name together."""
        found = []
        for path in self.paths:
            y = _height(path.confidence[-1])
            text = self._within(f"{chance(path.confidence[-1])} {path.label}".strip())
            found.append(_Label(y, "id", text, path.look if path.label else None))
            if path.ceiling is not None and path.ceiling < 1:
                text = say("confidence.chart.ceiling", level=chance(path.ceiling))
                found.append(_Label(y, "note", text))
        if self.needed is not None:
            text = say("confidence.chart.needed", level=chance(self.needed))
            found.append(_Label(_height(self.needed), "point", text))
        return sorted(found, key=lambda label: label.y)

    def _within(self, text: str) -> str:
        """A label that leaves room for the curves; a longer one is cut."""
        room = int((self.width - _LEFT - _NAMED - _LEAST) / LETTER)
        return text if len(text) <= room else f"{text[: room - 1]}…"

    def _named(self) -> Iterator[Drawn]:
        labels = self._labels()
        places = apart([label.y for label in labels], self.bottom - _ROW, _ROW)
        for label, y in zip(labels, places, strict=True):
            x = self.right + 14
            if label.look is not None:
                yield mark((x, y), label.look, size=54)
            yield words(label.style, x + 10 if self.several else x, y, label.text)


@dataclass(frozen=True)
class _Label:
    """A line at the right end: where, in which style, what, and the mark before it."""

    y: float
    style: str
    text: str
    look: Look | None = None


def turning(values: Sequence[float], most: int) -> list[int]:
    """Places of values to draw a line through: all, or the extremes of each of many parts."""
    count = len(values)
    if count <= most:
        return list(range(count))
    found = {0, count - 1}
    parts = max(1, most // 2)
    for part in range(parts):
        places = range(part * count // parts, (part + 1) * count // parts)
        found |= {min(places, key=values.__getitem__), max(places, key=values.__getitem__)}
    return sorted(found)


def _height(level: float) -> float:
    """Where a confidence stands."""
    return round(_TOP + _HEIGHT * (1 - level), 1)
