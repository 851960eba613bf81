"""Blocks of terminal output as HTML: paragraphs, lists and tables with scoped headers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import singledispatch
from html import escape

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from detente.views.terminal.layout import NO

_CALLS = (
    ("--out FILE.csv", ".table()"),
    ("--json --list", ".to_dict() with list="),
    ("--json", ".to_dict()"),
    ("--outcome", "outcome="),
)
"""What the command line offers, and what it is called in Python."""
_LONG = 24
"""Most rows of a table that is shown in full height; longer ones scroll."""


def sentence_text(block: RenderableType) -> str | None:
    """The words of a sentence; None for another block."""
    return block.plain if isinstance(block, Text) else None


def heading_text(block: RenderableType) -> str | None:
    """The words of a heading; None for another block."""
    inner = block.renderable if isinstance(block, Padding) else None
    return in_python(inner.plain) if isinstance(inner, Text) else None


def is_dim(block: RenderableType) -> bool:
    """Whether it is a sentence in small print."""
    return isinstance(block, Text) and block.style == "dim"


def has_table(block: RenderableType) -> bool:
    """Whether it is or holds a table; lists are none."""
    if isinstance(block, Group):
        return any(map(has_table, block.renderables))
    return isinstance(block, Padding) and isinstance(block.renderable, Table)


def in_python(text: str) -> str:
    """A sentence with options of the command line as what they are called in Python."""
    for option, call in _CALLS:
        text = text.replace(option, call)
    return text


@singledispatch
def elements(block: RenderableType, label: str) -> Iterator[str]:
    """A block as HTML; ``label`` names its tables to those who hear the page."""
    raise TypeError(f"there is no HTML of {type(block).__name__}")


@elements.register
def _(block: Text, label: str) -> Iterator[str]:
    if block.plain.strip():
        small = ' class="quiet"' if block.style == "dim" else ""
        yield f"<p{small}>{escape(in_python(block.plain.strip()))}</p>"


@elements.register
def _(block: Group, label: str) -> Iterator[str]:
    for inner in block.renderables:
        yield from elements(inner, label)


@elements.register
def _(block: Padding, label: str) -> Iterator[str]:
    yield from elements(block.renderable, label)


@elements.register
def _(block: Table, label: str) -> Iterator[str]:
    if block.box is None:
        yield _list(block)
        return
    columns = [column for column in block.columns if _header(column) or any(_texts(column))]
    head = f"<thead><tr>{_head(columns)}</tr></thead>" if block.show_header else ""
    rows = list(_rows(columns))
    look = "scroll long" if len(rows) > _LONG else "scroll"
    yield (
        f'<div class="{look}" role="region" aria-label="{escape(label)}" tabindex="0"><table>'
        f"{head}<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _list(block: Table) -> str:
    marks, texts = map(_texts, block.columns)
    mark = escape(next(iter(marks), ""))
    items = "".join(f"<li>{escape(in_python(text))}</li>" for text in texts)
    return f"<ul style=\"list-style-type:'{mark} '\">{items}</ul>"


def _texts(column: Column) -> list[str]:
    """The cells of a column."""
    return [cell.plain if isinstance(cell, Text) else str(cell) for cell in column.cells]


def _header(column: Column) -> str:
    return column.header.plain if isinstance(column.header, Text) else str(column.header)


def _marks(column: Column) -> int:
    """How many marks stand beside each other in a column whose header has a letter for each."""
    letters = _header(column).split()
    several = len(letters) > 1 and all(len(letter) == 1 for letter in letters)
    return len(letters) if several else 1


def _head(columns: Sequence[Column]) -> str:
    cells = []
    for column in columns:
        look = _look(column)
        for text in _split(column, _header(column)):
            cells.append(f'<th scope="col"{look}>{escape(text)}</th>' if text else "<td></td>")
    return "".join(cells)


def _rows(columns: Sequence[Column]) -> Iterator[str]:
    width = sum(map(_marks, columns))
    for first, *others in zip(*map(_texts, columns), strict=True):
        if first and others and not any(others):
            head = escape(in_python(first))
            yield f'<tr class="group"><th scope="rowgroup" colspan="{width}">{head}</th></tr>'
            continue
        look = _look(columns[0], first)
        cells = [f'<th scope="row"{look}>{escape(first)}</th>' if first else "<td></td>"]
        for column, text in zip(columns[1:], others, strict=True):
            cells += [
                f"<td{_look(column, entry)}>{escape(in_python(entry))}</td>"
                for entry in _split(column, text)
            ]
        yield f"<tr>{''.join(cells)}</tr>"


def _split(column: Column, text: str) -> list[str]:
    """A cell, or one for each mark in it."""
    return text.split() if _marks(column) > 1 else [text]


def _look(column: Column, text: str = "") -> str:
    """The classes of a cell."""
    looks = {
        "number": column.justify == "right",
        "mark": _marks(column) > 1,
        "whole": column.no_wrap,
        "bad": text.startswith(NO),
    }
    names = " ".join(name for name, wanted in looks.items() if wanted)
    return f' class="{names}"' if names else ""
