"""The stake against the temptation: what keeping, cheating, leaving and being found bring."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import altair as alt

from detente.model.sentences import number, say
from detente.verification.answer import Incentives
from detente.verification.verify_result import VerifyResult
from detente.views.drawing import LETTER, Drawn, drawing, look_of, mark, plate, rule, words
from detente.views.theme import ACCENT, CONTEXT, LINE, identities

_TEXT = 17


def stake_rows(result: VerifyResult, parties: Collection[str], width: int) -> alt.LayerChart | None:
    """One line a party, on its own scale: what keeping, cheating, leaving and being found bring.

    Each line runs from the least to the most that is marked on it. None where none of the
    parties has values and a way to cheat.
    """
    shown = [part for name, part in result.parties.items() if name in parties and outcomes_of(part)]
    if not shown:
        return None
    marks, top = list[Drawn](), 0.0
    for part in shown:
        row = _Scale(result, part, width, top)
        marks += row.marks()
        top = row.bottom
    return drawing(marks, width, top)


def outcomes_of(part: Incentives) -> dict[str, float]:
    """What each way of dealing with the agreement is worth to a party, per period."""
    if part.margin is None:
        return {}
    left, found = part.worth - part.leave, part.punished
    same = number(left) == number(found)
    ends = {"found_or_leaves": found} if same else {"found": found, "leaves": left}
    return {**ends, "cheats": part.worth - part.margin, "keeps": part.worth}


class _Scale:
    """The line of one party."""

    def __init__(self, result: VerifyResult, part: Incentives, width: float, top: float) -> None:
        self.name = result.case.party_name(part.party)
        self.look = look_of(identities(result.case)[part.party])
        self.values = outcomes_of(part)
        self.width, self.top = width, top
        self.low, self.high = min(self.values.values()), max(self.values.values())
        ordered = sorted(self.values.items(), key=lambda entry: entry[1])
        self.labels = [
            (say(f"verification.chart.{key}", value=number(value)), self.at(value))
            for key, value in ordered
        ]
        self.lanes = _lanes([self._box(text, x) for text, x in self.labels])
        self.line = top + 34
        self.bottom = self.line + 30 + _TEXT * max(self.lanes, default=0)

    def at(self, value: float) -> float:
        """Where a value stands."""
        if self.high == self.low:
            return self.width / 2
        share = (value - self.low) / (self.high - self.low)
        return round(12 + share * (self.width - 24), 1)

    def _box(self, text: str, x: float) -> tuple[float, float]:
        size = len(text) * LETTER * 0.92
        left = min(max(x - size / 2, 0), self.width - size)
        return left, left + size

    def marks(self) -> Iterator[Drawn]:
        """Everything to draw."""
        yield mark((8, self.top + 11), self.look)
        yield words("heading", 20, self.top + 11, self.name)
        yield rule((0, self.line), (self.width, self.line), LINE.light)
        keeps, cheats = self.at(self.values["keeps"]), self.at(self.values["cheats"])
        if keeps != cheats:
            ends = sorted((keeps, cheats))
            colour = ACCENT.light if cheats > keeps else CONTEXT.light
            yield rule((ends[0], self.line), (ends[1], self.line), colour, 3)
        for (text, x), lane in zip(self.labels, self.lanes, strict=True):
            left, right = self._box(text, x)
            y = self.line + 17 + _TEXT * lane
            yield rule((x, self.line), (x, y - 8), LINE.light)
            yield plate((left, y - 7), (right, y + 7))
            yield words("tick", round((left + right) / 2, 1), y, text)
        for key, value in self.values.items():
            place = (self.at(value), self.line)
            yield mark(place, self.look, filled=key == "keeps", size=64)


def _lanes(boxes: Sequence[tuple[float, float]]) -> list[int]:
    """For labels from left to right, how far down each must stand to touch none before it."""
    ends, lanes = list[float](), list[int]()
    for left, right in boxes:
        free = next((lane for lane, end in enumerate(ends) if end + 6 < left), len(ends))
        ends[free : free + 1] = [right]
        lanes.append(free)
    return lanes
