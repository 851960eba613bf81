"""What each party would lose by leaving after each step, as lines with zero drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from detente.model.sentences import number, say
from detente.sequencing.roadmap_result import RoadmapResult
from detente.views.drawing import Drawn, Point, look_of, mark, plate, rule, words
from detente.views.roadmap.words import by_moment, ends, points
from detente.views.scoreboards import apart
from detente.views.theme import ACCENT, INK, LINE, identities

PANEL = 200
"""Height of the panel without its heading."""
_ROW = 16


class Lines:
    """One line a party: its least margin at the start and after each step.

    Parameters
    ----------
    result
        What is drawn.
    parties
        Whose lines.
    at
        Where a number of periods stands.
    top
        Where the panel begins, below its heading.
    sides
        The left and the right end of the axis.
    named
        Whether there is room for names at the right, beside the marks.
    """

    def __init__(
        self,
        result: RoadmapResult,
        parties: Sequence[str],
        at: Callable[[float], float],
        top: float,
        *,
        sides: Point,
        named: bool = True,
    ) -> None:
        self.result, self.parties, self.at = result, parties, at
        self.top, self.foot = top, top + PANEL
        self.left, self.right = sides
        self.named = named
        self.known = identities(result.case)
        self.moments = by_moment(result.best)
        self.ends = ends(result.best)
        every = [here[p].margin for here in self.moments for p in parties if p in here]
        self.step = _step(max(0.0, *every) - min(0.0, *every))
        self.low = math.floor(min(0.0, *every) / self.step) * self.step
        self.high = max(self.step, math.ceil(max(0.0, *every) / self.step) * self.step)

    def height(self, margin: float) -> float:
        """Where a margin stands."""
        share = (margin - self.low) / (self.high - self.low)
        return round(self.foot - share * PANEL, 1)

    def marks(self) -> Iterator[Drawn]:
        """Everything to draw."""
        heading = say("roadmap.chart.margins", period=self.result.period)
        yield plate((0, self.top - 30), (len(heading) * 7.6, self.top - 12))
        yield words("heading", 1, self.top - 21, heading)
        yield from self._frame()
        for party in self.parties:
            yield from self._line(party)
        yield from self._weakest()
        yield from self._names()

    def _frame(self) -> Iterator[Drawn]:
        count = round((self.high - self.low) / self.step)
        for place in range(count + 1):
            margin = self.low + place * self.step
            y = self.height(margin)
            zero = abs(margin) < self.step / 2
            colour, weight = (INK.light, 1.5) if zero else (LINE.light, 1.0)
            yield rule((self.left, y), (self.right, y), colour, weight)
            yield words("end", self.left - 8, y, number(margin) if not zero else "0")

    def points(self, party: str) -> list[Point]:
        """Where the line of a party goes through."""
        return [
            (self.at(self.ends[step]), self.height(here[party].margin))
            for step, here in enumerate(self.moments)
            if party in here
        ]

    def _line(self, party: str) -> Iterator[Drawn]:
        look = look_of(self.known[party])
        for start, end in pairwise(self.points(party)):
            yield rule(start, end, look[1], 2)
        binding = self.result.binding
        for step, here in enumerate(self.moments):
            if party in here:
                place = self.at(self.ends[step]), self.height(here[party].margin)
                if party == binding.party and step == binding.step:
                    yield mark(place, ("circle", ACCENT.light), filled=False, size=300)
                yield mark(place, look, size=30)

    def _weakest(self) -> Iterator[Drawn]:
        """The margin of the weakest moment, beside its ring."""
        binding = self.result.binding
        if binding.party not in self.parties:
            return
        x, y = self.at(self.ends[binding.step]), self.height(binding.margin)
        text = points(binding.margin)
        size = len(text) * 7.2
        start = x + 15 if x + 15 + size < self.right else x - 15 - size
        yield plate((start - 2, y - 7), (start + size, y + 7))
        yield words("point", start, y, text)

    def _names(self) -> Iterator[Drawn]:
        """Names at the right ends of the lines, apart from each other."""
        last = {party: self.points(party)[-1][1] for party in self.parties}
        ordered = sorted(self.parties, key=lambda party: last[party])
        places = apart([last[party] for party in ordered], self.foot + 8, _ROW)
        for party, y in zip(ordered, places, strict=True):
            yield mark((self.right + 16, y), look_of(self.known[party]), size=54)
            if self.named:
                yield words("note", self.right + 26, y, self.result.case.party_name(party))


def _step(span: float) -> float:
    """The distance between levels that are drawn: four to eight of them."""
    if span <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(span / 4))
    return next(size * power for size in (1, 2, 5, 10) if span / (size * power) <= 7)
