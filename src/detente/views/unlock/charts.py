"""``unlock`` as a picture: the ways by lever, each at the share of codings in which it stands."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import altair as alt
from rich.cells import cell_len

from detente.leverage.answer import LEVERS, Way
from detente.leverage.unlock_result import UnlockResult
from detente.model.sentences import say
from detente.views.drawing import Drawn, drawing, lines, mark, plate, rule, words
from detente.views.naming import capital
from detente.views.stress.charts import STACKED, TEXT, WIDTH, Axis
from detente.views.stress.shares import share_text
from detente.views.stress.tables import DASH
from detente.views.theme import ACCENT, CONTEXT, INK, LINE, QUIET, themed
from detente.views.unlock.sentences import headline, label_text, lever_text, outlook

_HEAD, _GAP, _NAME, _RANK = 24, 14, 26, 22
_LETTER, _WIDE = 7.0, 12.5
_ENOUGH, _SOME = "diamond", "circle"

Told = Callable[[UnlockResult, Way], str]
"""What a way is called."""


def unlock_chart(result: UnlockResult) -> alt.LayerChart:
    """The ways, with the finding as the title.

    Raises
    ------
    ValueError
        Where nothing stands in the way, or no way was found.
    """
    if not result.ways:
        raise ValueError(say(f"unlock.chart.{'no_way' if result.open else 'nothing'}"))
    found = themed(way_rows(result, WIDTH))
    title = lines(f"{headline(result)} {outlook(result)}", WIDTH)
    subtitle = lines(way_reading(result), WIDTH * 1.25)
    return found.properties(title=alt.TitleParams(title, subtitle=subtitle))


def way_rows(result: UnlockResult, width: int, told: Told = label_text) -> alt.LayerChart:
    """One row a way, lever by lever: its share of codings, or which goals it meets.

    Parameters
    ----------
    result
        What is drawn; with ways.
    width
        In pixels.
    told
        What stands beside a mark.
    """
    plan = Ways(result, width, told)
    return drawing(plan.marks(), width, plan.bottom)


def way_reading(result: UnlockResult) -> str:
    """How to read the picture."""
    if not _shared(result):
        return say("unlock.chart.reading_goals")
    both = {bool(way.open) for way in result.ways} == {True, False}
    end = say("unlock.chart.reading_enough") if both else ""
    return f"{say('unlock.chart.reading')} {end}".rstrip()


def _shared(result: UnlockResult) -> bool:
    """Whether there is a share to draw."""
    return any(way.share is not None for way in result.ways)


@dataclass(frozen=True)
class _Row:
    """A way with its rank and the lines of its name."""

    rank: int
    way: Way
    name: tuple[str, ...]


class Ways:
    """Rows of ways in pixels.

    Parameters
    ----------
    result, width, told
        As in :func:`way_rows`.
    """

    def __init__(self, result: UnlockResult, width: float, told: Told) -> None:
        self.result, self.width = result, width
        self.stacked = width < STACKED
        self.left = 18.0 if self.stacked else 440.0
        self.right = width - (58.0 if self.stacked else 66.0)
        self.axis = Axis(self.left, self.right, 0, 1)
        room = (width if self.stacked else self.left - 24) - _RANK
        rows = [
            _Row(rank, way, _wrapped(told(result, way), room))
            for rank, way in enumerate(result.ways, start=1)
        ]
        self.groups = [
            (lever, own)
            for lever in LEVERS
            if (own := [row for row in rows if row.way.lever == lever])
        ]
        heights = sum(self._height(row) for _, own in self.groups for row in own)
        self.bottom = _HEAD + heights + _NAME * len(self.groups) + _GAP * (len(self.groups) - 1)

    def _height(self, row: _Row) -> float:
        text = len(row.name) * TEXT
        return text + 30.0 if self.stacked else max(text, TEXT) + 12.0

    def marks(self) -> Iterator[Drawn]:
        """Everything to draw."""
        shared = _shared(self.result)
        if shared:
            yield from self.axis.grid((0, 0.5, 1), _per_cent, _HEAD, self.bottom)
        else:
            for place, goal in enumerate(self.result.goals):
                yield words("tick", self._goal(place), _HEAD - 10, say(f"unlock.chart.{goal}"))
        top = float(_HEAD)
        for lever, own in self.groups:
            if self.stacked:
                yield plate((0, top), (self.width, top + _NAME))
            yield words("heading", 1, top + _NAME / 2, capital(lever_text(lever)))
            top += _NAME
            for row in own:
                yield from self._name(row, top)
                y = top + (self._height(row) - 15 if self.stacked else self._height(row) / 2)
                yield from self._share(row.way, y) if shared else self._goals(row.way, y)
                top += self._height(row)
            top += _GAP

    def _name(self, row: _Row, top: float) -> Iterator[Drawn]:
        """The rank and the name of a way."""
        first = top + TEXT / 2 + 2
        if self.stacked:
            yield plate((0, top), (self.width, top + len(row.name) * TEXT + 4))
        else:
            first = top + (self._height(row) - (len(row.name) - 1) * TEXT) / 2
        yield words("id", 1, first, f"{row.rank}.")
        for place, line in enumerate(row.name):
            yield words("words", 1 + _RANK, first + place * TEXT, line)

    def _share(self, way: Way, y: float) -> Iterator[Drawn]:
        """A mark on its interval, with the share in figures."""
        yield rule((self.left, y), (self.right, y), LINE.light)
        share = way.share
        if share is None:
            yield words("words", self.right + 12, y, DASH)
            return
        low, high = self.axis.at(share.low), self.axis.at(share.high)
        yield rule((low, y), (high, y), CONTEXT.light, 4)
        shape, colour = (_SOME, INK) if way.open else (_ENOUGH, ACCENT)
        yield mark((self.axis.at(share.share), y), (shape, colour.light), size=90)
        yield words("words", self.right + 12, y, share_text(share))

    def _goals(self, way: Way, y: float) -> Iterator[Drawn]:
        """A mark for each goal: full where it is met with the way."""
        shape, colour = (_SOME, INK) if way.open else (_ENOUGH, ACCENT)
        before = self.result.standing.verdicts
        for place, goal in enumerate(self.result.goals):
            met = goal in way.solves or bool(before.get(goal) and goal not in way.open)
            look = (shape, colour.light if met else QUIET.light)
            yield mark((self._goal(place), y), look, filled=met, size=90)

    def _goal(self, place: int) -> float:
        """Where a goal stands from left to right."""
        count = len(self.result.goals)
        left, right = self.left + 28, self.width - 40
        return round(
            (left + right) / 2 if count == 1 else left + place * (right - left) / (count - 1), 1
        )


def _wrapped(text: str, room: float) -> tuple[str, ...]:
    """A name in lines; letters such as Korean ones are wider."""
    letter = _LETTER if cell_len(text) == len(text) else _WIDE
    return tuple(textwrap.wrap(text, int(room / letter)))


def _per_cent(value: float) -> str:
    return f"{100 * value:.0f} %"
