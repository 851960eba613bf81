"""Several outcomes against all parties as a picture: who stays with which, and why."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import altair as alt

from detente.model.sentences import say
from detente.stability.answer import Prospect
from detente.stability.hold_result import HoldResult
from detente.views.drawing import LETTER, Drawn, drawing, lines, look_of, mark, rule, words
from detente.views.hold.sentences import headline
from detente.views.hold.words import SIGNS, Stance, overall, prospect_text, short_stance, stance
from detente.views.naming import capital
from detente.views.theme import INK, LINE, identities, themed

_NAME, _COLUMN, _TEXT, _ROW = 200, 92, 15, 10
_BOLD: tuple[Stance, ...] = ("leaves", "costly")


def matrix_chart(result: HoldResult) -> alt.LayerChart:
    """One row an outcome, one column a party, with the finding as the title."""
    drawn = _Matrix(result)
    chart = drawing(drawn.marks(), drawn.width, drawn.bottom)
    subtitle = lines(say("hold.matrix.reading"), drawn.width * 1.25)
    title = alt.TitleParams(lines(headline(result), drawn.width), subtitle=subtitle)
    return themed(chart.properties(title=title))


def holds_text(found: Stance) -> str:
    """Whether an outcome would hold, with its mark: ``✗ does not hold``."""
    return f"{SIGNS[found]} {say(f'hold.matrix.{found}')}"


class _Matrix:
    """Rows and columns in pixels."""

    def __init__(self, result: HoldResult) -> None:
        self.result, self.case = result, result.case
        self.known = identities(result.case)
        self.parties = tuple(result.case.parties)
        self.width = float(_NAME + (len(self.parties) + 1) * _COLUMN)
        room = int((_COLUMN - 12) / LETTER)
        self.heads = [textwrap.wrap(result.case.party_name(p), room) for p in self.parties]
        self.top = (max(map(len, self.heads)) + 1) * _TEXT + _ROW
        names = (capital(prospect_text(result, entry)) for entry in result.prospects)
        self.names = [textwrap.wrap(name, int((_NAME - 10) / LETTER)) for name in names]
        self.bottom = self.top + sum(len(name) * _TEXT + _ROW for name in self.names)

    def marks(self) -> Iterator[Drawn]:
        """Everything to draw."""
        yield words("words", _NAME, 1.5 * _TEXT, say("hold.matrix.holds"))
        for place, (party, head) in enumerate(zip(self.parties, self.heads, strict=True), 1):
            x = _NAME + place * _COLUMN
            yield mark((x + 5, _TEXT / 2), look_of(self.known[party]), size=54)
            for line, text in enumerate(head):
                yield words("words", x, (line + 1.5) * _TEXT, text)
        yield rule((0, self.top), (self.width, self.top), INK.light)
        y = self.top
        for entry, name in zip(self.result.prospects, self.names, strict=True):
            yield from self._row(entry, name, y)
            y += len(name) * _TEXT + _ROW
            yield rule((0, y), (self.width, y), LINE.light)

    def _row(self, entry: Prospect, name: list[str], top: float) -> Iterator[Drawn]:
        y = top + (_ROW + _TEXT) / 2
        for line, text in enumerate(name):
            yield words("words", 0, y + line * _TEXT, text)
        yield words("id", _NAME, y, holds_text(overall(entry)))
        for place, party in enumerate(self.parties, 1):
            found = stance(entry, party)
            kind = "point" if found in _BOLD else "note"
            yield words(kind, _NAME + place * _COLUMN, y, short_stance(found))
