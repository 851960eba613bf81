"""The states around an outcome as a picture: who would leave it, and what follows."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import altair as alt

from detente.model.sentences import say
from detente.stability.answer import Outcome, Prospect
from detente.stability.hold_result import HoldResult
from detente.views.drawing import (
    LETTER,
    MARK,
    Drawn,
    Point,
    bar,
    drawing,
    lines,
    look_of,
    mark,
    party_marks,
    rule,
    words,
)
from detente.views.hold.lanes import (
    Lane,
    Leg,
    change_lines,
    drawn,
    end_texts,
    gain_text,
    holds,
    others,
    reading,
    title,
    who_text,
)
from detente.views.hold.matrix import matrix_chart
from detente.views.hold.words import prospect_text
from detente.views.naming import capital
from detente.views.theme import CONTEXT, INK, PANEL, identities, themed

STACKED = 480
"""Below this width what follows stands below, not beside."""
_WIDTH, _TEXT, _PAD, _APART = 720, 15, 9, 4
_LANE, _NEXT, _GAP, _SPINE, _ASIDE, _HEAD = 24, 8, 32, 7, 16, 0.85
_BESIDE = 3
"""Up to so many marks stand beside the names."""
_LETTERS = {"id": 7.0, "heading": 7.6}
"""Pixels of a letter where it is bold."""

Line = tuple[str, str, float]
"""A text, its style, and how far it stands below what is above it."""


def hold_chart(result: HoldResult) -> alt.LayerChart:
    """The states around the outcome that was asked about; of several, who stays with which.

    Raises
    ------
    ValueError
        Where nobody would gain by leaving the one outcome, so that nothing lies around it; and
        where no outcome was asked about.
    """
    if not result.prospects:
        raise ValueError("there is nothing to draw: no outcome was asked about")
    if not result.asked:
        return matrix_chart(result)
    (prospect,) = result.prospects
    name = prospect_text(result, prospect)
    found = hold_rows(result, prospect, result.case.parties, _WIDTH, capital(name))
    if found is None:
        raise ValueError(f"there is nothing to draw: nobody would gain by leaving {name}")
    subtitle = lines(reading(result, prospect), _WIDTH * 1.25)
    head = alt.TitleParams(lines(title(result, prospect, name), _WIDTH), subtitle=subtitle)
    return themed(found.properties(title=head))


def hold_rows(
    result: HoldResult, prospect: Prospect, shown: Collection[str], width: int, name: str
) -> alt.LayerChart | None:
    """The outcome at the left or at the top, and one lane a party that would gain by leaving.

    Parameters
    ----------
    result, prospect
        The answer, and the outcome.
    shown
        Parties whose gains may be told.
    width
        In pixels.
    name
        What the outcome is called.

    Returns
    -------
    chart
        None where nobody would gain by leaving.
    """
    plan = Plan(result, prospect, shown, width, name)
    return drawing(plan.marks(), width, plan.bottom) if plan.lanes else None


@dataclass(frozen=True)
class _Box:
    """A state with the arrows into it.

    ``labels`` stand above the box, one an arrow.
    """

    legs: tuple[Leg, ...]
    labels: tuple[tuple[Line, ...], ...]
    text: tuple[Line, ...]
    holds: bool

    @property
    def label_height(self) -> float:
        """From the top of the labels to the box."""
        return sum(map(_height, self.labels)) + 6

    @property
    def height(self) -> float:
        """Of the box itself."""
        return _height(self.text) + 2 * _PAD


class Plan:
    """Boxes and arrows in pixels.

    Parameters
    ----------
    result, prospect, shown, width, name
        As in :func:`hold_rows`.
    """

    def __init__(
        self,
        result: HoldResult,
        prospect: Prospect,
        shown: Collection[str],
        width: float,
        name: str,
    ) -> None:
        self.result, self.prospect, self.shown = result, prospect, shown
        self.case, self.width, self.name = result.case, width, name
        self.known = identities(result.case)
        self.stacked = width < STACKED
        found, _ = drawn(prospect)
        columns = max((len(lane.arrows) for lane in found), default=1)
        whole = self.width - columns * _GAP
        self.size = self.width - _SPINE - _GAP - 1 if self.stacked else whole / (columns + _HEAD)
        self.side = self.width - 1 if self.stacked else self.size * _HEAD
        self.lanes = self._boxes(found)
        self.head = self._head()
        self.bottom = self._bottom()

    def _box(self, lane: Lane, place: int, again: bool) -> _Box:
        legs = lane.arrows[place]
        leg, room, last = legs[0], self.size - 2 * _PAD, place == len(lane.arrows) - 1
        rests = holds(self.prospect, leg.after)
        text = [
            line
            for number, change in enumerate(change_lines(self.case, leg, self.prospect.outcome))
            for line in _wrapped("words", change, room, _APART if number else 0)
        ]
        notes = [("note", say("hold.chart.again"))] if again else []
        notes += [("note", say("hold.chart.holds"))] if rests else []
        if last:
            kind = "id" if len(lane.arrows) > 1 else "point"
            notes += [(kind, end) for end in end_texts(self.case, lane, self.shown)]
        for kind, note in notes:
            text += _wrapped(kind, note, room, _APART)
        labels = tuple(self._label(each, lane.stance == "costly") for each in legs)
        return _Box(legs, labels, tuple(text), rests)

    def _label(self, leg: Leg, frail: bool) -> tuple[Line, ...]:
        """Who moves, and what they have of it: in the accent where a threat rests on a loss."""
        room = self.size - _indent(leg)
        first = [] if _indent(leg) else [("marks", "", 0.0)]
        kind = "point" if frail and leg.improves is False else "note"
        who = _wrapped("id", who_text(self.case, leg), room)
        return (*first, *who, *_wrapped(kind, gain_text(self.case, leg, self.shown), room))

    def _boxes(self, found: Sequence[Lane]) -> list[list[_Box]]:
        """The boxes of each lane; a state that was drawn before says so."""
        seen: list[Outcome] = []
        rows = []
        for lane in found:
            row = []
            for place, (leg, *_) in enumerate(lane.arrows):
                row.append(self._box(lane, place, leg.after in seen))
                seen.append(leg.after)
            rows.append(row)
        return rows

    def _head(self) -> list[Line]:
        """What the outcome says: its name, and who has nothing to gain by leaving."""
        room = self.side - 2 * _PAD
        found = _wrapped("heading", self.name, room)
        for key, names in others(self.prospect).items():
            if names:
                found += _wrapped("note", say(f"hold.chart.{key}"), room, 3 * _APART)
                found += [("party", name, 0.0) for name in names]
        return found

    def _bottom(self) -> float:
        inside = _height(self.head) + 2 * _PAD
        if self.stacked:
            return inside + sum(map(self._long, self.lanes)) + 2
        return max(inside, sum(map(self._high, self.lanes)) - _LANE) + 2

    def _high(self, boxes: list[_Box]) -> float:
        """The height of a lane whose boxes stand beside each other."""
        above = max(box.label_height + box.height / 2 for box in boxes)
        return above + max(box.height / 2 for box in boxes) + _LANE

    def _long(self, boxes: list[_Box]) -> float:
        """The height of a lane whose boxes stand below each other."""
        inner = sum(box.label_height + box.height for box in boxes)
        return _LANE + inner + (len(boxes) - 1) * _NEXT

    def marks(self) -> Iterator[Drawn]:
        """Everything to draw."""
        yield from self._outcome()
        top = _height(self.head) + 2 * _PAD if self.stacked else 0.0
        for boxes in self.lanes:
            yield from self._stacked(boxes, top) if self.stacked else self._beside(boxes, top)
            top += self._long(boxes) if self.stacked else self._high(boxes)

    def _outcome(self) -> Iterator[Drawn]:
        """The outcome: a panel as high as the picture, or above it with a spine down its side."""
        height = _height(self.head) + 2 * _PAD if self.stacked else self.bottom - 1
        yield {**bar((1, 1), (self.side, height), INK.light), "fill": PANEL.light}
        for (kind, text, _), y in zip(self.head, _places(self.head, 1 + _PAD), strict=True):
            if kind == "party":
                yield mark((_PAD + 6, y), look_of(self.known[text]), size=54)
                room = int((self.side - 2 * _PAD - MARK) / LETTER)
                name = self.case.party_name(text)
                name = name if len(name) <= room else f"{name[: room - 1]}…"
                yield words("words", _PAD + 4 + MARK, y, name)
            else:
                yield words(kind, _PAD, y, text)
        if self.stacked:
            last = self.lanes[-1]
            middle = self.bottom - 2 - self._long(last) + _LANE
            middle += last[0].label_height + last[0].height / 2
            yield {**bar((1, height), (_SPINE, middle + 8), INK.light), "fill": PANEL.light}

    def _beside(self, boxes: list[_Box], top: float) -> Iterator[Drawn]:
        """A lane in a wide picture, from left to right."""
        middle = top + max(box.label_height + box.height / 2 for box in boxes)
        for place, box in enumerate(boxes):
            x = self.side + place * (self.size + _GAP)
            for leg, y in self._apart(box, middle):
                yield from self._arrow([(x, y), (x + _GAP, y)], leg)
            yield from self._drawn(box, (x + _GAP, middle - box.height / 2))

    def _stacked(self, boxes: list[_Box], top: float) -> Iterator[Drawn]:
        """A lane in a narrow picture, from above to below."""
        y, left = top + _LANE, float(_SPINE + _GAP)
        before = 0.0
        for place, box in enumerate(boxes):
            y += box.label_height
            middle = y + box.height / 2
            if place:
                aside = left - _ASIDE
                way = [(left, before), (aside, before), (aside, middle), (left, middle)]
                yield from self._arrow(way, box.legs[0])
            else:
                for leg, at in self._apart(box, middle):
                    yield from self._arrow([(_SPINE, at), (left, at)], leg)
            yield from self._drawn(box, (left, y))
            before = y + box.height - _PAD
            y += box.height + _NEXT

    def _apart(self, box: _Box, middle: float) -> Iterator[tuple[Leg, float]]:
        """The arrows into a box, and at which heights."""
        step = min(12.0, box.height / len(box.legs))
        for place, leg in enumerate(box.legs):
            yield leg, middle + (place - (len(box.legs) - 1) / 2) * step

    def _arrow(self, way: Sequence[Point], leg: Leg) -> Iterator[Drawn]:
        """In the colour of the one that moves; in that of words where several do."""
        parties = leg.parties
        colour = self.known[parties[0]].tone.light if len(parties) == 1 else INK.light
        x, y = way[-1]
        for start, end in pairwise([*way[:-1], (x - 8, y)]):
            yield rule(start, end, colour, 2, dashed=not leg.improves)
        yield mark((x - 6, y), ("triangle-right", colour), size=50)

    def _drawn(self, box: _Box, corner: Point) -> Iterator[Drawn]:
        """A box with its label above."""
        x, y = corner
        right, foot = x + self.size, y + box.height
        if box.holds:
            yield bar((x, y), (right, foot), INK.light, filled=False)
            yield bar((x + 3, y + 3), (right - 3, foot - 3), INK.light, filled=False)
        else:
            yield bar((x, y), (right, foot), CONTEXT.light, filled=False)
        for (kind, text, _), line in zip(box.text, _places(box.text, y + _PAD), strict=True):
            yield words(kind, x + _PAD, line, text)
        top = y - box.label_height + 2
        for leg, label in zip(box.legs, box.labels, strict=True):
            places = _places(label, top)
            yield from party_marks(self.known, leg.parties, x + 6, places[0])
            for (kind, text, _), line in zip(label, places, strict=True):
                yield words(kind, x + _indent(leg), line, text)
            top += _height(label)


def _indent(leg: Leg) -> float:
    """How far the words of a label stand from its left; many marks have a line of their own."""
    count = len(leg.parties)
    return count * MARK + 3.0 if count <= _BESIDE else 0.0


def _wrapped(kind: str, text: str, room: float, apart: float = 0) -> list[Line]:
    """A text in as many lines as it needs, the first so far below what is above."""
    found = textwrap.wrap(text, max(8, int(room / _LETTERS.get(kind, LETTER))))
    return [(kind, line, 0.0 if place else apart) for place, line in enumerate(found)]


def _height(text: Sequence[Line]) -> float:
    return sum(_TEXT + apart for _, _, apart in text)


def _places(text: Sequence[Line], top: float) -> list[float]:
    """The middle of each line."""
    found = []
    for _, _, apart in text:
        found.append(top + apart + _TEXT / 2)
        top += _TEXT + apart
    return found
