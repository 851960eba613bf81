"""The terminal view of ``track``: what is late or broken, by whom, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from rich.console import RenderableType

from detente.commitments.answer import STATES, Standing, Tally
from detente.commitments.dates import day_text
from detente.commitments.track_result import TrackResult
from detente.model.sentences import say
from detente.views.clauses import due_text, parties, short_day
from detente.views.naming import percent
from detente.views.standings import (
    SIGNS,
    attention,
    counted_from,
    headline,
    kept_text,
    key_of,
    worst_first,
)
from detente.views.terminal.layout import bullets, heading, limited, sentence, table, whole
from detente.views.terminal.opening import opening

ROWS = 40
"""Most commitments that are shown; the rest is counted, and files have all."""
ALERTS = 12
NEXT = 8
"""Most alerts and coming dates."""
BAR = 10
"""Letters of a bar."""


def track_blocks(result: TrackResult) -> list[RenderableType]:
    """The finding, the alerts, the scoreboard, every commitment, and the calendar."""
    blocks = [*opening(result.case), sentence(headline(result), "bold")]
    if result.alerts:
        alerts = attention(result)
        blocks.append(heading(say("terminal.track.alerts")))
        blocks.append(bullets(limited(alerts, ALERTS, "--json"), "!"))
    else:
        blocks.append(sentence(say("terminal.track.no_alerts")))
    blocks += [*_scoreboard(result), *_commitments(result), *_upcoming(result)]
    if counted := counted_from(result):
        blocks.append(sentence(counted))
    if result.remarks:
        blocks += [
            heading(say("terminal.track.remarks")),
            bullets(limited(result.remarks, ROWS, "--json")),
        ]
    return blocks


def _scoreboard(result: TrackResult) -> Iterable[RenderableType]:
    case = result.case
    yield heading(say("terminal.track.parties"))
    names = {case.party_name(party): tally for party, tally in result.by_party.items()}
    yield _tallies("party", names)
    levels = {
        say(f"terminal.draft.{level}" if level else "terminal.track.no_level"): tally
        for level, tally in result.by_level.items()
    }
    if set(result.by_level) != {None}:
        yield heading(say("terminal.track.levels"))
        yield _tallies("level", levels)
    yield sentence(say("terminal.track.explained"))


def _tallies(corner: str, tallies: Mapping[str, Tally]) -> RenderableType:
    rows = [
        [
            name,
            f"{tally.count:,}",
            *(f"{tally.states[state]:,}" if tally.states[state] else "–" for state in STATES),
            percent(tally.score.numerator, tally.score.denominator),
            _bar(tally.score),
        ]
        for name, tally in tallies.items()
    ]
    keys = [corner, "count", *(key_of(state) for state in STATES), "score"]
    headers = [*(say(f"terminal.track.{key}") for key in keys), ""]
    return table(headers, rows, numbers=range(1, len(keys)), unbroken=[len(keys)])


def _bar(score: Fraction) -> str:
    """A score as a bar; full only where it is, and empty only where it is."""
    full = int(score * BAR) or int(score > 0)
    return "█" * full + "░" * (BAR - full)


def _commitments(result: TrackResult) -> Iterable[RenderableType]:
    """All of them, or where there are too many those that most need attention."""
    found = result.standings
    if len(found) > ROWS:
        yield heading(say("terminal.track.worst", shown=ROWS))
        found = tuple(worst_first(found)[:ROWS])
    else:
        yield heading(say("terminal.track.commitments"))
    keys = ("clause", "who", "due_by", "how_far", "state", "since")
    headers = [say(f"terminal.track.{key}") for key in keys]
    rows = [_row(result, standing) for standing in found]
    days = [2] if whole(rows, 16) else []  # beside long names, days may wrap
    yield table(headers, rows, unbroken=[*whole(rows), *days, 4, 5])
    if rest := len(result.standings) - len(found):
        yield sentence(say("terminal.more", count=f"{rest:,}", where="--out FILE.csv"))


def _row(result: TrackResult, standing: Standing) -> list[str]:
    entry = standing.commitment
    return [
        entry.id,
        _who(result, entry.who),
        short_day(standing.due)
        if standing.due
        else due_text(result.case, entry, None) or say("clauses.no_date"),
        kept_text(standing.kept) or say("terminal.track.no_report"),
        f"{SIGNS[standing.state]} {say(f'terminal.track.{key_of(standing.state)}')}",
        short_day(standing.since) if standing.since else "",
    ]


def _who(result: TrackResult, who: Sequence[str]) -> str:
    """Who is bound; of more than three only the first by name."""
    if len(who) <= 3:
        return parties(result.case, who)
    first = result.case.party_name(who[0])
    return say("terminal.track.others", first=first, count=len(who) - 1)


def _upcoming(result: TrackResult) -> Iterable[RenderableType]:
    if not result.upcoming:
        yield sentence("")
        yield sentence(say("terminal.track.nothing_upcoming"))
        return
    yield heading(say("terminal.track.upcoming"))
    rows = [
        [
            day_text(standing.due),
            standing.commitment.id,
            parties(result.case, standing.commitment.who),
        ]
        for standing in result.upcoming[:NEXT]
        if standing.due
    ]
    yield table(["", "", ""], rows, unbroken=[0], plain=True)
    if (rest := len(result.upcoming) - NEXT) > 0:
        yield sentence(say("terminal.more", count=f"{rest:,}", where="--json"))
