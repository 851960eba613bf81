"""Blocks of terminal output: sentences, lists and tables that also paste into a mail."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console, Group, JustifyMethod, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from detente.model.sentences import say

WIDTH = 80
"""Columns of plain text; a wider terminal is used up to :data:`WIDEST`."""
WIDEST = 120

YES, NO = "✓", "✗"


def sentence(text: str, style: str = "") -> RenderableType:
    """A paragraph."""
    return Text(text, style=style)


def heading(text: str) -> RenderableType:
    """The title of a part, with a blank line above."""
    return Padding(Text(text, style="bold"), (1, 0, 0, 0))


def bullets(texts: Iterable[str], mark: str = "•") -> RenderableType:
    """Sentences under each other, each with a hanging indent."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=len(mark))
    grid.add_column(overflow="fold")
    for text in texts:
        grid.add_row(mark, Text(text))
    return grid


def limited(texts: Sequence[str], most: int, where: str) -> list[str]:
    """Texts, of many only the first with a line that counts the rest and says what has all."""
    if len(texts) <= most:
        return list(texts)
    rest = f"{len(texts) - most:,}"
    return [*texts[:most], say("terminal.more", count=rest, where=where)]


def whole(rows: Sequence[Sequence[str]], most: int = 24) -> list[int]:
    """The first column as one that never wraps, where none of its entries is long."""
    return [0] if all(len(row[0]) <= most for row in rows) else []


def table(
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    numbers: Iterable[int] = (),
    unbroken: Iterable[int] = (),
    plain: bool = False,
) -> RenderableType:
    """A table; columns in ``numbers`` are aligned right, those in ``unbroken`` never wrap.

    A ``plain`` one has no headers.
    """
    right, whole = set(numbers), set(unbroken)
    out = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
        collapse_padding=True,
        header_style="bold",
        show_header=not plain,
    )
    for place, header in enumerate(headers):
        longest = max((len(word) for word in header.split()), default=1)
        justify: JustifyMethod = "right" if place in right else "left"
        out.add_column(
            Text(header),
            justify=justify,
            overflow="fold",
            no_wrap=place in whole,
            min_width=longest if place in right else None,
        )
    for row in rows:
        out.add_row(*(Text(cell) for cell in row))
    return Padding(out, (0, 0, 0, 1))


def plain(blocks: Sequence[RenderableType], width: int = WIDTH) -> str:
    """Blocks as plain text of a given width."""
    buffer = io.StringIO()
    console = Console(file=buffer, width=width, no_color=True, legacy_windows=False)
    console.print(Group(*blocks))
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines())
