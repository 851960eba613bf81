"""The terminal view of ``stress``: what could break it, and in which share of codings it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from detente.model.sentences import listed, say
from detente.stability.answer import CONCEPTS
from detente.uncertainty.answer import HEADLINE, Influence
from detente.uncertainty.stress_result import StressResult
from detente.views.hold.words import STANDARD
from detente.views.naming import capital
from detente.views.stress.course import (
    alarm_text,
    cause_rows,
    course_rows,
    course_sentences,
    given_text,
    passage_sentences,
    past_sentences,
)
from detente.views.stress.robust import notable, robust_rows, robust_sentences
from detente.views.stress.sentences import (
    asides,
    breaks_sentences,
    drawn_text,
    findings,
    holds_text,
    influence_reading,
    influence_text,
    marks_text,
    road_text,
    silent_text,
    stopped_text,
    telling,
)
from detente.views.stress.shares import index_text, share_text
from detente.views.stress.tables import (
    asked,
    coding_rows,
    party_columns,
    party_legend,
    party_rows,
    verdict_rows,
)
from detente.views.stress.turns import Turn, turn_text, turns, turns_text
from detente.views.stress.words import factor_text, range_text, stated_text, value_text
from detente.views.terminal.layout import bullets, heading, limited, sentence, table
from detente.views.terminal.opening import opening

ROWS = 60
"""Most rows of a table; files have all."""
BEYOND = 8
"""Most numbers that turn a verdict only beyond their range."""
CAUSES = 10
"""Most causes of an end."""


def stress_blocks(result: StressResult) -> list[RenderableType]:
    """The finding, the shares, what turns and decides them, then what is accepted more often."""
    blocks = [*opening(result.case), sentence(" ".join(findings(result)), "bold")]
    if told := stopped_text(result):
        blocks.append(sentence(told))
    blocks += [*_shares(result), *_parties(result), *_codings(result)]
    blocks += [*_turns(result), *_influences(result), *_breaks(result)]
    blocks += [*_robust(result), *_course(result)]
    return [*blocks, *_asides(result)]


# shares


def _shares(result: StressResult) -> Iterator[RenderableType]:
    """Verdicts as rows: at the likely values, and their shares."""
    keys = ["what", "now", "share", "interval", *(["independent", "full"] if result.bounds else [])]
    headers = [say(f"terminal.stress.{key}") for key in keys]
    rows = [row[: len(keys)] for row in verdict_rows(result)]
    yield sentence("")
    yield table(headers, rows, numbers=range(2, len(keys)), unbroken=(1, 3))
    legend = ["legend", *(["legend_bounds"] if result.bounds else [])]
    told = [say(f"terminal.stress.{key}") for key in legend]
    if result.ranges or result.drivers or result.codings:
        told.append(drawn_text(result))
    yield sentence(" ".join(told), "dim")
    told = [holds_text(result)]
    if (others := result.standing.holds) is not None and len(others) > 1:
        shares = [
            say("terminal.stress.concept", name=STANDARD[name], share=share_text(others[name]))
            for name in CONCEPTS
            if name in others and name != HEADLINE
        ]
        told.append(say("terminal.stress.concepts", what=listed(shares)))
    for text in (" ".join(told), road_text(result)):
        if text:
            yield sentence(text, "dim")


def _parties(result: StressResult) -> Iterator[RenderableType]:
    columns = party_columns(result.standing)
    yield heading(say("terminal.stress.parties"))
    headers = [say("brief.party"), *(say(f"terminal.stress.{key}") for key in columns)]
    yield table(headers, party_rows(result), numbers=range(1, len(headers)))
    if legend := party_legend(result.standing):
        yield sentence(legend, "dim")


def _codings(result: StressResult) -> Iterator[RenderableType]:
    """The codings that were named, beside each other."""
    if not result.codings:
        return
    yield heading(say("terminal.stress.codings"))
    verdicts = [say(f"terminal.stress.short_{verdict}") for verdict in asked(result.standing)]
    headers = [say("terminal.stress.coding"), say("terminal.stress.drawn"), *verdicts]
    yield table(headers, coding_rows(result), numbers=range(1, len(headers)))


# what turns, what decides, when it breaks


def _turns(result: StressResult) -> Iterator[RenderableType]:
    """Number by number the value at which a verdict turns."""
    found = turns(result)
    inside = [turn for turn in found if turn.within_range]
    beyond = [turn for turn in found if not turn.within_range]
    yield heading(say("terminal.stress.turns"))
    yield sentence(turns_text(result))
    if inside:
        yield sentence("")
        yield from _turn_table(result, inside, ROWS)
    if beyond:
        yield sentence("")
        yield sentence(say("terminal.stress.beyond"))
        yield sentence("")
        yield from _turn_table(result, beyond, BEYOND)
    if found:
        yield sentence(say("terminal.stress.turns_legend"), "dim")


def _turn_table(result: StressResult, found: Sequence[Turn], most: int) -> Iterator[RenderableType]:
    keys = ("number", "stated", "range", "turns_at", "then")
    rows = [
        [
            capital(factor_text(result.case, turn.factor)),
            stated_text(turn.factor),
            range_text(turn.factor) or "–",
            value_text(turn.factor, turn.value, turn.above),
            turn_text(result.case, turn),
        ]
        for turn in found[:most]
    ]
    if rest := len(found) - most:
        more = say("terminal.more", count=f"{rest:,}", where="--json")
        rows += [[more, *[""] * (len(keys) - 1)]] if rest > 0 else []
    headers = [say(f"terminal.stress.{key}") for key in keys]
    yield table(headers, rows, numbers=(1, 2, 3), unbroken=(1, 2))


def _influences(result: StressResult) -> Iterator[RenderableType]:
    """What moves each measure; numbers whose part may be nothing are told of together."""
    for found in result.influences:
        yield heading(say(f"terminal.stress.measure_{found.measure}"))
        yield sentence(influence_text(result, found))
        if rows := [_influence(result, entry) for entry in telling(found)]:
            yield sentence("")
            headers = [say(f"terminal.stress.{key}") for key in ("number", "by_itself", "total")]
            yield table(headers, rows, numbers=(1, 2))
        if quiet := silent_text(result, found):
            yield sentence(quiet, "dim")
    if result.influences:
        yield sentence(influence_reading(result), "dim")


def _influence(result: StressResult, entry: Influence) -> list[str]:
    if entry.factor is None:
        name = capital(say("stress.decides.others", count=entry.others))
    else:
        name = capital(factor_text(result.case, entry.factor))
    return [name, index_text(entry.first_order), index_text(entry.total)]


def _breaks(result: StressResult) -> Iterator[RenderableType]:
    if told := breaks_sentences(result):
        yield heading(say("terminal.stress.breaks"))
        yield bullets(told)
    if legend := marks_text(result):
        yield sentence(legend, "dim")


# what is accepted more often, and over the years


def _robust(result: StressResult) -> Iterator[RenderableType]:
    """The packages with the largest shares, and what that costs."""
    found = result.robust
    if found is None:
        return
    yield heading(say("terminal.stress.robust"))
    yield bullets(robust_sentences(result.case, found))
    yield sentence("")
    scored = found.best.smallest_gain is not None
    keys = ("package", "accepted", *(("gain", "regret", "gain_now") if scored else ()))
    headers = [say(f"terminal.stress.{key}") for key in keys]
    rows = [row[: len(keys)] for row in robust_rows(result.case, notable(found))]
    yield table(headers, rows[:ROWS], numbers=range(1, len(headers)))
    if rest := len(found.packages) - len(rows[:ROWS]):
        yield sentence(say("terminal.more", count=f"{rest:,}", where="--json"), "dim")
    if scored:
        yield sentence(say("terminal.stress.robust_legend", compared=found.compared), "dim")


def _course(result: StressResult) -> Iterator[RenderableType]:
    """How the agreement fares over the years."""
    course = result.course
    if course is None and result.past is None:
        return
    yield heading(say("terminal.stress.course"))
    if course is None:
        yield bullets(past_sentences(result))
        return
    told = [*course_sentences(course), *passage_sentences(result.case, course)]
    yield bullets([*told, *past_sentences(result)])
    yield sentence("")
    headers = [say(f"terminal.stress.{key}") for key in ("after", "stands", "interval", "kept")]
    yield table(headers, course_rows(course), numbers=(1, 2, 3))
    yield sentence(say("terminal.stress.course_legend"), "dim")
    rows = cause_rows(result.case, course)
    if rows:
        yield sentence("")
        headers = [say("terminal.stress.cause"), say("terminal.stress.histories")]
        yield table(headers, rows[:CAUSES], numbers=(1,))
        if rest := len(rows[CAUSES:]):
            yield sentence(say("terminal.more", count=f"{rest:,}", where="--json"), "dim")
    for aside in filter(None, (alarm_text(result.case, course), given_text(result.case, course))):
        yield sentence(aside, "dim")


def _asides(result: StressResult) -> Iterator[RenderableType]:
    """What is in no share, and what the reader should know.

    What a share means stands at the beginning.
    """
    if told := asides(result):
        yield heading(say("terminal.stress.remarks"))
        yield bullets(limited(told, ROWS, "--json"))
