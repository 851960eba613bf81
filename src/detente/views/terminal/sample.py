"""The terminal view of ``sample``: how many, what that finds, and what other levels take."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from detente.model.sentences import number, say
from detente.verification.sampling.sample_result import SampleResult
from detente.verification.wording import chance
from detente.views.sampling import findings, headline
from detente.views.terminal.layout import heading, sentence, table


def sample_blocks(result: SampleResult) -> list[RenderableType]:
    """The finding, what goes with it, and a table: other levels, or the kinds of items."""
    blocks = [sentence(headline(result), "bold")]
    for text in findings(result):
        blocks += [sentence(""), sentence(text)]
    return [*blocks, *(_strata(result) if result.strata else _levels(result))]


def _levels(result: SampleResult) -> Iterator[RenderableType]:
    yield heading(say("sample.levels"))
    rows = [
        [chance(level), say("sample.not_possible") if size is None else f"{size:,}"]
        for level, size in result.levels
    ]
    yield table([say("sample.chance"), say("sample.must")], rows, numbers=[0, 1], unbroken=[0, 1])


def _strata(result: SampleResult) -> Iterator[RenderableType]:
    yield sentence("")
    rows = [
        [
            str(place),
            f"{row.items:,}",
            number(row.quantity),
            f"{row.falsified:,}",
            say("sample.not_possible") if row.sampled is None else f"{row.sampled:,}",
        ]
        for place, row in enumerate(result.strata, 1)
    ]
    keys = ("kind", "count", "quantity", "alone", "must")
    yield table([say(f"sample.{key}") for key in keys], rows, numbers=range(5))
