"""The brief as Markdown, for those who paste it into a mail or a note."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from detente.model.sentences import say
from detente.views.brief.cover import Cover
from detente.views.brief.parts import (
    Cell,
    Definitions,
    FoldOut,
    Picture,
    References,
    Row,
    Section,
    Table,
)
from detente.views.markdown import beginning, escaped, pipe_table
from detente.views.naming import capital

_ADDRESS = re.compile(r"https?://[^\s<>\\^`{|}\"]+")
"""What may stand between angle brackets as a link, and leads to a page."""


def markdown(cover: Cover, sections: Sequence[Section]) -> str:
    """The cover and the sections as Markdown (CommonMark, tables as on GitHub).

    What a person wrote is text on one line: it begins no heading, list or table and holds no
    HTML. Pictures are told, fold-outs are sections of their own.

    Parameters
    ----------
    cover
        What stands around the sections.
    sections
        The sections, as the page has them.
    """
    return "\n\n".join(_blocks(cover, sections)) + "\n"


def _blocks(cover: Cover, sections: Sequence[Section]) -> Iterator[str]:
    label = [_bold(cover.label)] if cover.label else []
    yield from label
    yield f"# {_inline(cover.title)}"
    told = (cover.dated, f"{cover.coding} {cover.audience}", cover.extract, cover.about)
    yield from map(_paragraph, filter(None, told))
    for text, changes in cover.overlays:
        yield _paragraph(text)
        yield from _changes(changes)
    yield from _assumed(cover)
    for section in sections:
        yield from _section(section)
    yield "---"
    yield _paragraph(cover.made)
    yield from label


def _assumed(cover: Cover) -> Iterator[str]:
    """What is assumed to follow a defection, as a list."""
    if cover.assumed:
        yield _bold(say("brief.strip.title"))
        yield "\n".join(f"- {_bold(model)}: {_inline(text)}" for model, text in cover.assumed)


def _changes(changes: FoldOut) -> Iterator[str]:
    """What an overlay changed, as a list."""
    entries = [entry for entry in changes.blocks if isinstance(entry, str)]
    if entries:
        yield _paragraph(f"{changes.title}:")
        yield "\n".join(f"- {_paragraph(entry)}" for entry in entries)


def _section(section: Section) -> Iterator[str]:
    yield f"## {_inline(section.label)}"
    yield _bold(section.headline)
    yield from map(_paragraph, section.paragraphs)
    if section.picture is not None:
        yield _picture(section.picture)
    if section.table is not None:
        yield from _table(section.table)
    yield from map(_paragraph, section.remarks)
    if section.references is not None:
        yield _references(section.references)
    for fold_out in section.fold_outs:
        yield f"### {_inline(fold_out.title)}"
        for block in fold_out.blocks:
            yield from _block(block)


def _block(block: str | Table | Definitions | Picture) -> Iterator[str]:
    if isinstance(block, str):
        yield _paragraph(block)
    elif isinstance(block, Table):
        yield from _table(block)
    elif isinstance(block, Definitions):
        yield "\n".join(
            f"- **{_inline(capital(term))}:** {_inline(text)}" for term, text in block.entries
        )
    else:
        yield _picture(block)


def _picture(picture: Picture) -> str:
    """What is to be seen and how it would be read, then what it says in words."""
    title = picture.title if picture.title.endswith((".", "?", "!")) else f"{picture.title}."
    told = " ".join(part for part in (title, picture.note) if part)
    words = picture.description
    if picture.key:
        named = "; ".join(f"{letter}: {name}" for letter, name in picture.key)
        words = f"{words} {named}."
    shown = _paragraph(say("brief.markdown.picture", what=told))
    if not words.strip():
        return shown
    return f"{shown}\n\n{_paragraph(say('brief.markdown.in_words', what=words))}"


def _table(table: Table) -> Iterator[str]:
    yield _bold(table.caption)
    rows = [row for row in table.rows if row.cells]
    numbers = [
        bool(rows) and all(_is_number(row.cells[place]) for row in rows)
        for place in range(len(table.columns))
    ]
    columns = [_inline(table.corner), *map(_cell, table.columns)]
    yield pipe_table(columns, [_row(row, len(columns)) for row in table.rows], [False, *numbers])


def _is_number(cell: Cell) -> bool:
    return cell.tone == "number" or cell.tone.startswith("heat-")


def _row(row: Row, width: int) -> list[str]:
    """The cells of a row; one that heads others stands alone on its line, in bold."""
    header = _cell(row.header)
    if not row.cells:
        return [f"**{header}**" if header else "", *[""] * (width - 1)]
    return [header, *map(_cell, row.cells)]


def _cell(cell: Cell) -> str:
    """A cell on one line: verdicts in words, further lines after a stroke, sources in brackets."""
    spoken = f"({cell.spoken})" if cell.spoken and cell.text else cell.spoken
    first = " ".join(part for part in (cell.sign, cell.text, spoken) if part)
    text = " / ".join(part for part in (first, *cell.lines) if part.strip())
    marks = "".join(f"[{number}]" for number in cell.sources)
    shown = " ".join(part for part in (_inline(text), marks) if part)
    return f"**{shown}**" if cell.tone == "strong" and shown else shown


def _references(references: References) -> str:
    return "\n".join(
        f"{number}. {_reference(title, details, address)}"
        for number, title, details, address in references.entries
    )


def _reference(title: str, details: str, address: str | None) -> str:
    told = ". ".join(_paragraph(part).rstrip(".") for part in (title, details) if part)
    if not address:
        return f"{told}."
    link = f"<{address}>" if _ADDRESS.fullmatch(address) else _inline(address)
    return f"{told}. {link}"


def _paragraph(text: str) -> str:
    return beginning(_inline(text))


def _bold(text: str) -> str:
    return f"**{_inline(text)}**"


def _inline(text: str) -> str:
    """A text as it stands on a line: spaces and line ends are one space, as on the page."""
    return escaped(" ".join(text.split()))
