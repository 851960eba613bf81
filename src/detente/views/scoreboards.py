"""How an agreement is kept over time: steps per party, above a calendar of what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

import altair as alt

from detente.commitments.scores import Steps
from detente.commitments.track_result import TrackResult
from detente.model.sentences import say
from detente.views.clauses import short_day
from detente.views.drawing import (
    MARK,
    MOST_MARKS,
    Drawn,
    drawing,
    lines,
    look_of,
    mark,
    names_within,
    party_marks,
    rule,
    ticks,
    words,
)
from detente.views.naming import percent
from detente.views.standings import headline
from detente.views.theme import ACCENT, INK, LINE, identities, themed
from detente.views.timelines import STACKED, Entry, Timeline

NEXT = 20
"""Most coming dates that are drawn."""
_WIDTH, _HEIGHT, _TOP, _LABEL, _NAME, _NAMES, _MOST_NAMED = 720, 190, 30, 18, 15, 190, 6
_WEIGHTS = (4, 2.8, 1.8, 1.2)


def track_chart(result: TrackResult) -> alt.LayerChart:
    """Scores over time and what comes next, with the states of all commitments as the title.

    Raises
    ------
    ValueError
        Where there is neither a day since signature nor a date to come.
    """
    steps, marks, bottom = Steplines(result, _WIDTH), list[Drawn](), 0.0
    if steps.start < result.on:
        marks, bottom = list(steps.marks()), steps.bottom
    if result.upcoming:
        top = bottom + (44 if marks else 16)
        count = len(result.upcoming)
        key = "upcoming_part" if count > NEXT else "upcoming"
        text = say(f"scoreboard.{key}", drawn=NEXT, count=count)
        marks.append(words("heading", 1, top - 12, text))
        entries = [
            Entry(standing.commitment, standing.due, True) for standing in result.upcoming[:NEXT]
        ]
        calendar = Timeline(
            result.case,
            entries,
            _WIDTH,
            start=result.on,
            label=short_day(result.on),
            top=top,
            accent=True,
        )
        marks += calendar.marks()
        bottom = calendar.bottom
    if not marks:
        raise ValueError("there is nothing to draw: nothing is reported and no date is to come")
    subtitle = lines(say("scoreboard.reading"), _WIDTH * 1.25)
    title = alt.TitleParams(lines(headline(result), _WIDTH), subtitle=subtitle)
    return themed(drawing(marks, _WIDTH, bottom).properties(title=title))


def score_steps(result: TrackResult, width: int) -> alt.LayerChart | None:
    """Scores over time alone; None where there are none yet."""
    steps = Steplines(result, width)
    return drawing(steps.marks(), width, steps.bottom) if steps.start < result.on else None


class Steplines:
    """One line of steps for each party, or for those whose scores were always the same.

    Parameters
    ----------
    result
        What is drawn.
    width
        In pixels.
    """

    def __init__(self, result: TrackResult, width: float) -> None:
        self.result, self.width = result, width
        self.known = identities(result.case)
        self.groups: dict[Steps, list[str]] = {}
        for party, steps in result.scores.items():
            if steps:
                self.groups.setdefault(steps, []).append(party)
        self.start = min((steps[0][0] for steps in self.groups), default=result.on)
        most = max(map(len, self.groups.values()), default=1)
        widest = min(MOST_MARKS, most) * MARK + 44
        self.stacked = width < STACKED
        self.right = width - (widest if self.stacked else max(widest, _NAMES)) - 14
        self.left = 40.0
        self.bottom = _TOP + _HEIGHT + 24.0

    def marks(self) -> Iterator[Drawn]:
        """Everything to draw."""
        yield from self._frame()
        ordered = sorted(self.groups.items(), key=lambda group: -group[0][-1][1])
        for place, (steps, parties) in enumerate(ordered):
            yield from self._steps(
                steps, parties, _WEIGHTS[min(place, len(_WEIGHTS) - 1)] if len(ordered) > 1 else 2.0
            )
        yield from self._labels([steps for steps, _ in ordered])

    def at(self, day: date) -> float:
        """Where a day stands."""
        span = (self.result.on - self.start).days
        share = (day - self.start).days / span if span else 1.0
        return round(self.left + share * (self.right - self.left), 1)

    def height(self, score: Fraction) -> float:
        """Where a score stands."""
        return round(_TOP + _HEIGHT * (1 - float(score)), 1)

    def _frame(self) -> Iterator[Drawn]:
        for score in (Fraction(0), Fraction(1, 2), Fraction(1)):
            y = self.height(score)
            yield rule((self.left, y), (self.right, y), LINE.light)
            yield words("end", self.left - 8, y, f"{int(100 * score)} %")
        foot = _TOP + _HEIGHT
        for day, text in ticks(self.start, self.result.on, int((self.right - self.left) / 64)):
            x = self.at(day)
            yield rule((x, foot), (x, foot + 5), LINE.light)
            yield words("tick", x, foot + 15, text)
        yield rule((self.right, _TOP - 8), (self.right, foot), ACCENT.light, 1.5)
        yield words("day", self.right, _TOP - 18, short_day(self.result.on))

    def _steps(self, steps: Steps, parties: Sequence[str], weight: float) -> Iterator[Drawn]:
        """A line of steps; thinner ones lie on thicker ones, so that none is hidden."""
        look = look_of(self.known[parties[0]])
        colour = look[1] if len(parties) == 1 else INK.light
        ends = [*(self.at(day) for day, _ in steps[1:]), self.right]
        for place, (day, score) in enumerate(steps):
            x, y = self.at(day), self.height(score)
            yield rule((x, y), (ends[place], y), colour, weight)
            if place:
                yield rule((x, self.height(steps[place - 1][1])), (x, y), colour, weight)
                yield mark((x, y), look if len(parties) == 1 else ("cross", colour), size=40)

    def _labels(self, ordered: Sequence[Steps]) -> Iterator[Drawn]:
        """Marks, scores and names at the end of each line, apart from each other."""
        wanted = [self.height(steps[-1][1]) for steps in ordered]
        named = not self.stacked and len(ordered) <= _MOST_NAMED
        places = apart(wanted, _TOP + _HEIGHT, _LABEL + (_NAME if named else 0))
        for steps, y in zip(ordered, places, strict=True):
            parties, score = self.groups[steps], steps[-1][1]
            x = self.right + 14
            yield from party_marks(self.known, parties, x, y)
            x += MARK * min(MOST_MARKS, len(parties)) - 3
            yield words("id", x, y, percent(score.numerator, score.denominator))
            names = names_within(self.result.case, parties, _NAMES)
            if named and names:
                yield words("note", self.right + 8, y + _NAME, names)


def apart(wanted: Sequence[float], bottom: float, size: float) -> list[float]:
    """Heights (ascending) as near to those wanted as lets no two labels touch."""
    places: list[float] = []
    for y in wanted:
        places.append(max(y, places[-1] + size) if places else y)
    limit = bottom
    for place in reversed(range(len(places))):
        places[place] = min(places[place], limit)
        limit = places[place] - size
    return places
