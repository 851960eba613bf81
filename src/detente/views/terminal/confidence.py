"""The terminal view of ``confidence``: the finding, what it rests on, and period by period."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import RenderableType

from detente.model.sentences import say
from detente.verification.confidence.confidence_result import ConfidenceResult
from detente.verification.confidence.record import NAMES
from detente.verification.wording import chance
from detente.views.confidence import findings, given, headline
from detente.views.terminal.layout import bullets, heading, sentence, table

ROWS = 40
"""Most periods that are shown; files have all."""
_COLUMNS = ("period", "inspection", "confidence", "alarm")


def confidence_blocks(result: ConfidenceResult) -> list[RenderableType]:
    """The finding, what is taken as given, what follows, and the path of confidence."""
    return [
        sentence(headline(result), "bold"),
        sentence(""),
        sentence(given(result)),
        bullets(findings(result)),
        sentence(say("confidence.caution")),
        *_path(result),
    ]


def _path(result: ConfidenceResult) -> Iterable[RenderableType]:
    """Each period; of very many the first of those supposed, the last of those that passed."""
    count = len(result.record)
    shown = min(count, ROWS)
    first = 0 if result.supposed else count - shown
    part = "first" if result.supposed else "last"
    whole = "path_supposed" if result.supposed else "path"
    key = whole if shown == count else f"path_{part}"
    yield heading(say(f"terminal.confidence.{key}", shown=shown, count=count))
    rows = [_row(result, place) for place in range(first, first + shown)]
    headers = [*(say(f"terminal.confidence.{key}") for key in _COLUMNS), ""]
    yield table(headers, rows, numbers=(0, 2, 3), unbroken=[4])


def _row(result: ConfidenceResult, place: int) -> list[str]:
    means = result.alarm_means[place]
    reached = result.supposed and result.inspections_needed == place + 1
    level = chance(result.needed or 0)
    return [
        f"{place + 1:,}",
        NAMES[result.record[place]],
        chance(result.confidence[place]),
        "–" if means is None else chance(means),
        say("terminal.confidence.reached", level=level) if reached else "",
    ]
