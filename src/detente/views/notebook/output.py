"""What a notebook shows of a result: the finding, the main table, the chart, the rest folded.

The words are those of the terminal; only their form is another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

import altair as alt
from rich.console import RenderableType

from detente.model.result import Result
from detente.views.notebook.blocks import (
    elements,
    has_table,
    heading_text,
    is_dim,
    sentence_text,
)
from detente.views.notebook.figure import figure
from detente.views.notebook.frame import framed
from detente.views.terminal import blocks
from detente.views.terminal.opening import opening


@dataclass
class _Part:
    """What stands below one heading."""

    heading: str = ""
    blocks: list[RenderableType] = field(default_factory=list)

    @property
    def has_table(self) -> bool:
        return any(map(has_table, self.blocks))


def output(result: Result, drawn: alt.LayerChart | None) -> str:
    """The whole output of a result with its main chart, where it has one."""
    every = blocks(result)
    told = 0 if result.case is None else len(opening(result.case))
    head, (first, *parts) = every[:told], _parts(every[told:])
    closing = _closing((parts or [first])[-1])
    finding = _finding(first)
    shown = _shown(first, parts)
    title = (finding and sentence_text(finding)) or ""
    return framed(
        [
            *_opening(head),
            *(text for block in first.blocks for text in _first(block, finding, title)),
            *(text for part in parts[:shown] for text in _open(part)),
            figure(drawn, title) if drawn is not None else "",
            *(text for part in parts[shown:] for text in _folded(part)),
            *(text for block in closing for text in elements(block, title)),
        ],
        result.handling,
    )


def _parts(every: Sequence[RenderableType]) -> list[_Part]:
    """Blocks by the heading that they stand below; the first have none."""
    parts = [_Part()]
    for block in every:
        title = heading_text(block)
        if title is None:
            parts[-1].blocks.append(block)
        else:
            parts.append(_Part(title))
    return parts


def _shown(first: _Part, parts: Sequence[_Part]) -> int:
    """How many parts are not folded: up to the first table, and its reasons."""
    if first.has_table:
        return 1
    return next((place for place, part in enumerate(parts, 1) if part.has_table), len(parts))


def _closing(last: _Part) -> list[RenderableType]:
    """The small print at the end, below an empty line, taken from the last part."""
    count = len(last.blocks)
    while count and is_dim(last.blocks[count - 1]):
        count -= 1
    if not count or count == len(last.blocks) or sentence_text(last.blocks[count - 1]) != "":
        return []
    closing = last.blocks[count:]
    del last.blocks[count:]
    return closing


def _finding(first: _Part) -> RenderableType | None:
    """The sentence that is the answer: the first bold one, else the first."""
    told = [block for block in first.blocks if sentence_text(block)]
    bold = [block for block in told if getattr(block, "style", "") == "bold"]
    return next(iter(bold or told), None)


def _opening(head: Sequence[RenderableType]) -> list[str]:
    """Which case it is, with its label and the overlays."""
    title, *others = [text for block in head if (text := sentence_text(block))] or [""]
    lines = "".join(f"<br>{escape(text)}" for text in others)
    return [f'<p class="opening"><b>{escape(title)}</b>{lines}</p>'] if title else []


def _first(block: RenderableType, finding: RenderableType | None, title: str) -> Iterable[str]:
    if block is finding:
        return [f'<p class="finding">{escape(title)}</p>']
    return elements(block, title)


def _open(part: _Part) -> Iterable[str]:
    yield f'<p class="heading" role="heading" aria-level="4">{escape(part.heading)}</p>'
    for block in part.blocks:
        yield from elements(block, part.heading)


def _folded(part: _Part) -> Iterable[str]:
    yield f"<details><summary>{escape(part.heading)}</summary>"
    for block in part.blocks:
        yield from elements(block, part.heading)
    yield "</details>"
