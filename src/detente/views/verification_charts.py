"""Detection needed against detection provided, and the stake against the temptation."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

import altair as alt

from detente.model.sentences import say
from detente.verification.answer import Temptation
from detente.verification.verify_result import VerifyResult
from detente.verification.wording import chance
from detente.views.drawing import (
    LETTER,
    Drawn,
    drawing,
    lines,
    look_of,
    mark,
    rule,
    words,
)
from detente.views.theme import ACCENT, CONTEXT, INK, LINE, identities, themed
from detente.views.verification import (
    cheat_text,
    needed,
    tempted,
    verdict_text,
)

ROWS = 40
"""Most ways to cheat that are drawn."""
STACKED = 480
"""Below this width what a row says stands above it in lines of its own."""
_WIDTH = 720
_TICKS = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0)
_NARROW_TICKS = (0.0, 0.01, 0.05, 0.25, 0.5, 1.0)
_AXIS, _PARTY, _TEXT, _BAR = 24, 30, 17, 22


def verify_chart(result: VerifyResult) -> alt.LayerChart:
    """Detection needed against provided, with the verdict as the title.

    Raises
    ------
    ValueError
        Where nothing could be broken unseen.
    """
    drawn = detection_rows(result, _WIDTH)
    if drawn is None:
        raise ValueError("there is nothing to draw: nothing in this outcome could be broken unseen")
    subtitle = lines(detection_reading(result), _WIDTH * 1.25)
    title = alt.TitleParams(lines(verdict_text(result), _WIDTH), subtitle=subtitle)
    return themed(drawn.properties(title=title))


def detection_reading(result: VerifyResult) -> str:
    """How to read the picture, and how much of it is drawn."""
    found = [say("verification.chart.reading", period=result.period)]
    count = sum(len(part.temptations) for part in tempted(result))
    if count > ROWS:
        found.append(say("verification.chart.part", drawn=ROWS, count=count))
    return " ".join(found)


def detection_rows(result: VerifyResult, width: int) -> alt.LayerChart | None:
    """One row a way to cheat, by party; None where there is none.

    The axis is that of square roots: 1 % and 90 % can both be read. A filled mark is the
    detection provided, an upright line what is needed, and what lies between them is in the
    accent where it is missing.
    """
    rows = Rows(result, width)
    return drawing(rows.marks(), width, rows.bottom) if rows.entries else None


@dataclass(frozen=True)
class _Entry:
    """A way to cheat with its place in the picture."""

    cheat: Temptation
    name: tuple[str, ...]
    top: float
    line: float


class Rows:
    """Ways to cheat under each other, in pixels.

    Parameters
    ----------
    result
        What is drawn.
    width
        In pixels.
    """

    def __init__(self, result: VerifyResult, width: float) -> None:
        self.result, self.width = result, width
        self.known = identities(result.case)
        self.stacked = width < STACKED
        self.ticks = _NARROW_TICKS if self.stacked else _TICKS
        self.left, self.right = 20.0, width - 20.0
        self.heads: list[tuple[str, float]] = []
        self.entries: list[_Entry] = []
        y = float(_AXIS)
        for part in tempted(result):
            shown = part.temptations[: ROWS - len(self.entries)]
            if not shown:
                break
            self.heads.append((part.party, y + _PARTY / 2))
            y += _PARTY
            for cheat in shown:
                self.entries.append(self._entry(cheat, y))
                y = self.entries[-1].line + _BAR
        self.bottom = y + 4

    def _entry(self, cheat: Temptation, top: float) -> _Entry:
        room = self.width - (20 if self.stacked else _said(cheat) * LETTER + 36)
        name = cheat_text(self.result.case, cheat)
        wrapped = tuple(textwrap.wrap(name, max(16, int(room / LETTER))))
        height = _TEXT * (len(wrapped) + self.stacked)
        return _Entry(cheat, wrapped, top, top + height + 12)

    def at(self, probability: float) -> float:
        """Where a probability stands."""
        share = math.sqrt(min(1.0, max(0.0, probability)))
        return round(self.left + share * (self.right - self.left), 1)

    def marks(self) -> Iterator[Drawn]:
        """Everything to draw."""
        for tick in self.ticks:
            yield words("tick", self.at(tick), 8, chance(tick))
        for party, y in self.heads:
            yield mark((8, y), look_of(self.known[party]))
            yield words("heading", 20, y, self.result.case.party_name(party))
        for entry in self.entries:
            yield from self._row(entry)

    def _row(self, entry: _Entry) -> Iterator[Drawn]:
        cheat, y = entry.cheat, entry.line
        for place, line in enumerate(entry.name):
            yield words("words", 14, entry.top + _TEXT * place + 8, line)
        text = words_of(cheat)
        if self.stacked:
            yield words("note", 14, entry.top + _TEXT * len(entry.name) + 8, text)
        else:
            yield words("end", self.width, entry.top + 8, text)
        yield rule((self.left, y), (self.right, y), LINE.light)
        for tick in self.ticks:
            yield rule((self.at(tick), y - 3), (self.at(tick), y + 3), LINE.light)
        yield from self._gap(cheat, y)
        yield mark((self.at(cheat.detection), y), look_of(self.known[cheat.party]))

    def _gap(self, cheat: Temptation, y: float) -> Iterator[Drawn]:
        """From what is provided to what is needed; to the end where nothing would do."""
        here, least = self.at(cheat.detection), needed(cheat)
        if least == "unknown":
            return
        there = self.right if least == "none would do" else self.at(_least(least))
        short = cheat.deterred is False
        if there != here:
            ends = sorted((here, there))
            colour = ACCENT.light if short else CONTEXT.light
            yield rule((ends[0], y), (ends[1], y), colour, 3)
        if least != "none would do":
            yield rule((there, y - 9), (there, y + 9), INK.light, 2)


def _least(least: str | float) -> float:
    return 0.0 if isinstance(least, str) else least


def words_of(cheat: Temptation) -> str:
    """What a row says: provided and needed, and whether that is enough."""
    least, provided = needed(cheat), chance(cheat.detection)
    key = str(least).replace(" ", "_") if isinstance(least, str) else "short"
    if not isinstance(least, str) and cheat.deterred:
        key = "enough"
    slots = {"provided": provided, "needed": chance(_least(least))}
    return say(f"verification.chart.{key}", **slots)


def _said(cheat: Temptation) -> int:
    return len(words_of(cheat))
