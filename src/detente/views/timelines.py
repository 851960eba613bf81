"""The timeline of a text: one row a clause, a mark where it is due, lines from its triggers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import altair as alt

from detente.case.implementation import Commitment
from detente.case.schema import Case
from detente.commitments.draft_result import DraftResult
from detente.model.sentences import say
from detente.views.clauses import due_text, headline, short_day
from detente.views.drawing import (
    LETTER,
    MARK,
    MOST_MARKS,
    Drawn,
    Look,
    drawing,
    lines,
    look_of,
    mark,
    names_within,
    party_marks,
    plate,
    rule,
    ticks,
    words,
)
from detente.views.theme import ACCENT, CONTEXT, INK, LINE, Identity, identities, themed

ROWS = 60
"""Most rows that are drawn."""
LONGEST = 24
"""Most letters of a row's name."""
STACKED = 480
"""Below this width a row's label stands above its line."""
_WIDTH, _DAY, _UNDATED, _AXIS = 720, 74, 64, 26


@dataclass(frozen=True)
class Entry:
    """A row of a timeline.

    Parameters
    ----------
    commitment
        The clause.
    due
        The last day in time.
    filled
        Whether its mark is filled.
    remark
        What stands at the right end of its row.
    """

    commitment: Commitment
    due: date | None
    filled: bool
    remark: str = ""


def draft_chart(result: DraftResult) -> alt.LayerChart:
    """The timeline of a text, with what leaders can sign as its title.

    Raises
    ------
    ValueError
        Where the package has no clauses.
    """
    if not result.clauses:
        raise ValueError("there is nothing to draw: the package has no commitments")
    drawn = draft_timeline(result, _WIDTH)
    subtitle = lines(reading(result), _WIDTH * 1.25)
    title = alt.TitleParams(lines(headline(result), _WIDTH), subtitle=subtitle)
    return themed(drawn.properties(title=title))


def draft_timeline(result: DraftResult, width: int) -> alt.LayerChart:
    """The clauses in the order of their dates, those that can be signed with filled marks."""
    named = {clause.commitment.id: clause for clause in result.clauses}
    barred = {finding.id for finding in result.findings if finding.bars}
    entries = [
        Entry(
            named[id].commitment,
            named[id].due,
            id not in barred,
            say(f"terminal.draft.{named[id].level}"),
        )
        for stage in result.sequence
        for id in stage.ids
    ]
    entries = entries[:ROWS]
    label = say("timeline.signed") if result.signed_from in ("given", "package") else ""
    timeline = Timeline(result.case, entries, width, start=result.signed, label=label)
    return drawing(timeline.marks(), width, timeline.bottom)


def reading(result: DraftResult) -> str:
    """How to read the timeline, and how much of it is drawn."""
    found = [say("timeline.reading")]
    if any(len(clause.commitment.who) > 1 for clause in result.clauses):
        found.append(say("timeline.reading_joint"))
    if any(clause.commitment.after for clause in result.clauses):
        found.append(say("timeline.reading_after"))
    if len(result.clauses) > ROWS:
        found.append(say("timeline.part", drawn=ROWS, count=len(result.clauses)))
    return " ".join(found)


class Timeline:
    """Rows under each other on one axis of time, in pixels.

    Parameters
    ----------
    case, entries, width
        What is drawn, first row to last.
    start, label
        The day with which the axis begins, at the latest, and what stands there.
    top
        Where it begins.
    accent
        Whether the first day is pointed out.
    """

    def __init__(
        self,
        case: Case,
        entries: Sequence[Entry],
        width: float,
        *,
        start: date | None = None,
        label: str = "",
        top: float = 0,
        accent: bool = False,
    ) -> None:
        self.case, self.entries, self.width = case, entries, width
        self.start, self.label, self.accent = start, label, accent
        self.known = identities(case)
        self.stacked = width < STACKED
        self.height = 44 if self.stacked else 34
        self.top = top + _AXIS
        self.bottom = self.top + self.height * len(entries) + 4
        days = [entry.due for entry in entries if entry.due is not None]
        self.first = min([*days, *([start] if start else [])], default=None)
        self.last = max(days, default=self.first)
        self.dated = bool(days)
        self.left = 14 if self.stacked else self._labels() + 22
        self.remarks = 0.0 if self.stacked else self._remarks()
        undated = any(entry.due is None for entry in entries)
        self.undated = width - self.remarks - _UNDATED / 2 if undated else None
        self.right = width - self.remarks - _DAY - (_UNDATED if undated else 0)

    def _labels(self) -> float:
        """Pixels that the labels at the left take."""
        return max(
            max(
                MARK * min(MOST_MARKS, len(entry.commitment.who))
                + 7.4 * len(_named(entry.commitment)),
                LETTER * len(names_within(self.case, entry.commitment.who, 200)),
            )
            for entry in self.entries
        )

    def _remarks(self) -> float:
        longest = max(len(entry.remark) for entry in self.entries)
        return longest * LETTER + 6 if longest else 0.0

    def place(self, entry: Entry) -> float:
        """Where a row's mark stands."""
        return self.at(entry.due) if entry.due is not None else self.undated or self.right

    def at(self, day: date) -> float:
        """Where a day stands."""
        assert self.first is not None and self.last is not None
        span = (self.last - self.first).days
        share = (day - self.first).days / span if span else 0.0
        return round(self.left + share * (self.right - self.left), 1)

    def line(self, row: int) -> float:
        """The height of a row's line."""
        return self.top + self.height * row + (30 if self.stacked else self.height / 2)

    def marks(self) -> Iterator[Drawn]:
        """Everything to draw."""
        yield from self._axis()
        yield from self._triggers()
        for row, entry in enumerate(self.entries):
            yield from self._row(row, entry)

    def _axis(self) -> Iterator[Drawn]:
        y = self.top - 14
        if self.undated is not None:
            yield words("tick", self.undated, y, say("timeline.no_date"))
        if not self.dated or self.first is None or self.last is None:
            return
        room = max(2, int((self.right - self.left) / 64))
        marked = ticks(self.first, self.last, room)
        if self.label and self.start is not None:
            begins = self.at(self.start)
            marked = [entry for entry in marked if abs(self.at(entry[0]) - begins) > 60]
            marked.append((self.start, self.label))
        for day, text in marked:
            x = self.at(day)
            yield rule((x, self.top - 4), (x, self.bottom), LINE.light)
            yield words("tick", x, y, text)
        if self.accent:
            x = self.at(self.first)
            yield rule((x, self.top - 4), (x, self.bottom), ACCENT.light, 2)

    def _triggers(self) -> Iterator[Drawn]:
        rows = {entry.commitment.id: row for row, entry in enumerate(self.entries)}
        for row, entry in enumerate(self.entries):
            x, y = self.place(entry), self.line(row)
            for id in entry.commitment.after:
                if id in rows and rows[id] != row:
                    start = self.place(self.entries[rows[id]])
                    yield rule((start, self.line(rows[id])), (start, y), CONTEXT.light)
                    if start != x:
                        yield rule((start, y), (x, y), CONTEXT.light)

    def _row(self, row: int, entry: Entry) -> Iterator[Drawn]:
        commitment, y, x = entry.commitment, self.line(row), self.place(entry)
        who = commitment.who
        label = y - 17 if self.stacked else y - 7
        yield from party_marks(self.known, who, 7, label)
        after = 5 + MARK * min(MOST_MARKS, len(who))
        yield words("id", after, label, _named(commitment))
        if self.stacked:
            beside = after + 7.4 * len(_named(commitment)) + 8
            names = names_within(self.case, who, self.width - beside)
            end = beside + len(names) * LETTER - 4
            yield plate((0, label - 9), (end, label + 8))
            yield words("note", beside, label, names)
        else:
            yield words("note", 1, y + 8, names_within(self.case, who, 200))
        below = y + (self.height - 30 if self.stacked else self.height / 2)
        yield rule((0, below), (self.width, below), LINE.light, 0.5)
        yield mark((x, y), _look(self.known, who), entry.filled)
        if entry.due is not None:
            day = short_day(entry.due)
            end = min(self.width, x + 13 + len(day) * LETTER * 0.9)
            yield plate((x + 9, y - 8), (end, y + 8))
            yield words("note", x + 10, y, day)
        elif text := due_text(self.case, commitment, None):
            yield words("end", x - 10, y, text)
        if entry.remark and not self.stacked:
            yield words("end", self.width, y, entry.remark)


def _named(commitment: Commitment) -> str:
    """The name of a row; a very long one is cut."""
    id = commitment.id
    return id if len(id) <= LONGEST else f"{id[: LONGEST - 1]}…"


def _look(known: Mapping[str, Identity], who: Sequence[str]) -> Look:
    """A row's mark: its party's, or one that means several together."""
    return ("cross", INK.light) if len(who) > 1 else look_of(known[who[0]])
