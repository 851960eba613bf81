"""``stress`` as pictures: in what share of codings a package stands, and what moves its margins."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence

import altair as alt

from detente.agreement.packages.draws import Share
from detente.model.sentences import say
from detente.uncertainty.answer import Factor, Influence, Influences, Interval, Verdict
from detente.uncertainty.stress_result import StressResult
from detente.views.drawing import Drawn, drawing, lines, mark, plate, rule, words
from detente.views.naming import capital
from detente.views.stress.sentences import bound, headline, holds_text
from detente.views.stress.shares import share_text, verdict_text
from detente.views.stress.tables import asked
from detente.views.stress.words import factor_text
from detente.views.theme import ACCENT, CONTEXT, INK, LINE, QUIET, themed

WIDTH = 720
"""Width of a picture that stands by itself, in pixels."""
STACKED = 480
"""Below this width names of rows stand above them."""
TEXT = 15
"""Pixels from one line of words to the next."""
_HEAD, _GAP, _HEAVY, _BAR = 24, 18, 7.2, 6
_INDEPENDENT, _FULL, _STATED = ("circle", "square", "diamond")


def stress_chart(result: StressResult) -> alt.LayerChart:
    """The shares of codings in which a package stands, with the finding as the title.

    Raises
    ------
    ValueError
        Where no coding could be judged.
    """
    if not result.standing.samples:
        raise ValueError("there is nothing to draw: no coding could be judged")
    found = themed(share_rows(result, WIDTH))
    subtitle = lines(share_reading(result), WIDTH * 1.25)
    title = alt.TitleParams(lines(headline(result), WIDTH), subtitle=subtitle)
    return found.properties(title=title)


def share_rows(result: StressResult, width: int) -> alt.LayerChart:
    """One row a verdict: its share from independent to fully correlated numbers.

    Parameters
    ----------
    result
        What is drawn.
    width
        In pixels.
    """
    plan = Shares(result, width)
    return drawing(plan.marks(), width, plan.bottom)


def share_reading(result: StressResult) -> str:
    """How to read the picture of the shares, and how exact they are."""
    rows = _rows(result)
    shares = [share for _, share, _ in rows]
    reach = max((max(s.high - s.share, s.share - s.low) for s in shares), default=0.0)
    found = [say("stress.chart.reading", correlation=f"{result.correlation:g}")]
    found += filter(None, [holds_text(result)])
    if any(bounds for _, _, bounds in rows):
        found.append(say("stress.chart.reading_bounds"))
    if reach:
        slots = {"samples": f"{result.samples:,}", "reach": f"{max(0.1, 100 * reach):.1f}"}
        found.append(say("stress.chart.reading_samples", **slots))
    return " ".join(found)


Row = tuple[Verdict, Share, tuple[Share, ...]]
"""A verdict, its share, and those with independent and with fully correlated numbers."""


def _rows(result: StressResult) -> list[Row]:
    found = []
    for verdict in asked(result.standing):
        share = result.standing.share(verdict)
        ends = [bound(result, verdict, name) for name in ("independent", "full")]
        known = tuple(end for end in ends if end is not None)
        if share is not None:
            found.append((verdict, share, known if len(known) == len(ends) else ()))
    return found


class Axis:
    """A scale from left to right between two pixels."""

    def __init__(self, left: float, right: float, low: float, high: float) -> None:
        self.left, self.right, self.low, self.high = left, right, low, high

    def at(self, value: float) -> float:
        """Where a value stands; what lies beyond an end stands there."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.left + share * (self.right - self.left), 1)

    def grid(
        self, values: Sequence[float], tell: Callable[[float], str], head: float, foot: float
    ) -> Iterator[Drawn]:
        """Upright lines at some values, with what they are above them."""
        for value in values:
            yield words("tick", self.at(value), head - 10, tell(value))
            yield rule((self.at(value), head), (self.at(value), foot), LINE.light)


class Shares:
    """Rows of shares in pixels.

    Parameters
    ----------
    result, width
        As in :func:`share_rows`.
    """

    def __init__(self, result: StressResult, width: float) -> None:
        self.result, self.rows = result, _rows(result)
        self.stacked = width < STACKED
        self.width = width
        self.left = 18.0 if self.stacked else 220.0
        self.right = width - (22.0 if self.stacked else 96.0)
        self.axis = Axis(self.left, self.right, 0, 1)
        self.size = 62.0 if self.stacked else 44.0
        self.bottom = _HEAD + self.size * len(self.rows)

    def marks(self) -> Iterator[Drawn]:
        """Everything to draw."""
        yield from self.axis.grid((0, 0.5, 1), _per_cent, _HEAD, self.bottom)
        for place, (verdict, share, bounds) in enumerate(self.rows):
            yield from self._row(verdict, share, bounds, _HEAD + place * self.size)

    def _row(
        self, verdict: Verdict, share: Share, bounds: tuple[Share, ...], top: float
    ) -> Iterator[Drawn]:
        y = top + (self.size - 16 if self.stacked else self.size / 2)
        yield rule((self.left, y), (self.right, y), LINE.light)
        yield from self._name(verdict, share, bounds, y)
        if bounds:
            one, other = (self.axis.at(bound.share) for bound in bounds)
            yield rule((min(one, other), y), (max(one, other), y), CONTEXT.light, _BAR)
            for x, shape in ((one, _INDEPENDENT), (other, _FULL)):
                yield mark((x, y), (shape, QUIET.light), filled=False, size=60)
        colour = ACCENT if verdict == "all_of_it" else INK
        yield mark((self.axis.at(share.share), y), (_STATED, colour.light), size=110)

    def _name(
        self, verdict: Verdict, share: Share, bounds: tuple[Share, ...], y: float
    ) -> Iterator[Drawn]:
        """The verdict, how it is at the likely values, and its share in figures."""
        told, span = share_text(share), _span(bounds)
        now = self.result.now.get(verdict)
        here = "" if now is None else say(f"stress.chart.now_{'yes' if now else 'no'}")
        name = verdict_text(self.result.case, verdict)
        if self.stacked:
            yield plate((0, y - 47), (self.width, y - 13))
            yield words("id", 1, y - 37, name)
            yield words("note", 1, y - 22, " · ".join(filter(None, (here, span))))
            yield words("before", self.width - 1, y - 37, told)
        else:
            yield words("id", 1, y - 8 if here else y, name)
            yield words("note", 1, y + 8, here)
            yield words("id", self.right + 20, y - 8 if span else y, told)
            yield words("note", self.right + 20, y + 8, span)


def _span(bounds: tuple[Share, ...]) -> str:
    if not bounds:
        return ""
    low, high = (share_text(bound) for bound in sorted(bounds, key=lambda share: share.share))
    return low if low == high else say("stress.chart.span", low=low.removesuffix(" %"), high=high)


def _per_cent(value: float) -> str:
    return f"{100 * value:.0f} %"


# what moves the margins


def influences_chart(result: StressResult) -> alt.LayerChart:
    """What moves each measure, by itself and with all that it does together with others.

    Raises
    ------
    ValueError
        Where that was not asked.
    """
    if not result.influences:
        raise ValueError("there is nothing to draw: it was not asked what moves the margins")
    found = themed(influence_rows(result, WIDTH))
    subtitle = lines(say("stress.chart.reading_influences"), WIDTH * 1.25)
    return found.properties(
        title=alt.TitleParams(lines(say("stress.chart.influences"), WIDTH), subtitle=subtitle)
    )


def influence_rows(
    result: StressResult,
    width: int,
    shown: Callable[[Factor], bool] = lambda _: True,
) -> alt.LayerChart:
    """One panel a measure, one row a number, with intervals.

    Parameters
    ----------
    result
        What is drawn.
    width
        In pixels.
    shown
        Which numbers may be named.
    """
    plan = Deciding(result, width, shown)
    return drawing(plan.marks(), width, plan.bottom)


def _drawn(panel: Influences, shown: Callable[[Factor], bool]) -> list[Influence]:
    """The numbers that may be named; and all others together, where none is left out."""
    named = [entry for entry in panel.factors if entry.factor is not None]
    found = [entry for entry in named if entry.factor is not None and shown(entry.factor)]
    rest = [entry for entry in panel.factors if entry.factor is None]
    return [*found, *(rest if len(found) == len(named) else [])]


class Deciding:
    """Rows of influences in pixels.

    Parameters
    ----------
    result, width, shown
        As in :func:`influence_rows`.
    """

    def __init__(
        self,
        result: StressResult,
        width: float,
        shown: Callable[[Factor], bool],
    ) -> None:
        self.result, self.width = result, width
        self.stacked = width < STACKED
        self.left = 18.0 if self.stacked else 300.0
        self.right = width - 20.0
        self.axis = Axis(self.left, self.right, 0, 1)
        room = int((width if self.stacked else self.left - 24) / _HEAVY)
        self.panels = [
            (
                panel,
                [(entry, textwrap.wrap(self._name(entry), room)) for entry in _drawn(panel, shown)],
            )
            for panel in result.influences
        ]
        self.bottom = sum(map(self._height, (rows for _, rows in self.panels)))

    def _name(self, entry: Influence) -> str:
        if entry.factor is None:
            return capital(say("stress.decides.others", count=entry.others))
        return capital(factor_text(self.result.case, entry.factor))

    def _row(self, name: Sequence[str]) -> float:
        """The height of a row."""
        text = len(name) * TEXT
        return text + 34.0 if self.stacked else max(text, 2 * TEXT) + 12.0

    def _height(self, rows: Sequence[tuple[Influence, list[str]]]) -> float:
        return 2 * _HEAD + _GAP + sum(self._row(name) for _, name in rows)

    def marks(self) -> Iterator[Drawn]:
        """Everything to draw."""
        top = 0.0
        for panel, rows in self.panels:
            foot = top + self._height(rows) - _GAP
            yield words("heading", 1, top + 10, capital(say(f"stress.measure.{panel.measure}")))
            top += 2 * _HEAD
            yield from self.axis.grid((0, 0.5, 1), _per_cent, top, foot)
            for entry, name in rows:
                yield from self._drawn(entry, name, top)
                top += self._row(name)
            top = foot + _GAP

    def _drawn(self, entry: Influence, name: Sequence[str], top: float) -> Iterator[Drawn]:
        size = self._row(name)
        y = top + size - 17 if self.stacked else top + size / 2
        if self.stacked:
            yield plate((0, top), (self.width, top + len(name) * TEXT + 4))
        first = top + TEXT / 2 + 2 if self.stacked else y - (len(name) - 1) * TEXT / 2
        for place, line in enumerate(name):
            yield words("words", 1, first + place * TEXT, line)
        yield from self._index(entry.first_order, y - 6, filled=True)
        yield from self._index(entry.total, y + 6, filled=False)

    def _index(self, found: Interval, y: float, filled: bool) -> Iterator[Drawn]:
        """A mark on its interval; no mark where it cannot be told from nothing."""
        low, high = self.axis.at(found.low), self.axis.at(found.high)
        yield rule((low, y), (high, y), QUIET.light, 2)
        if not found.includes_zero:
            shape = "circle" if filled else "square"
            yield mark((self.axis.at(found.value), y), (shape, INK.light), filled, size=60)
