"""What a section consists of; the template turns these into a page and knows nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from detente.views.theme import Identity


@dataclass(frozen=True)
class Cell:
    """An entry of a table.

    Parameters
    ----------
    text
        What it says.
    sign
        A mark before the text, so that a verdict does not rest on colour.
    spoken
        What the sign means, for those who hear the page; not shown.
    lines
        Further lines under the text.
    sources
        Numbers in the list of sources.
    party
        Whose mark stands before the text.
    tone
        What it looks like: ``good``, ``bad``, ``quiet``, ``strong``, ``wish``, ``number``
        or ``heat-0`` to ``heat-4``.
    share
        Length of a bar behind the text, between 0 and 1.
    """

    text: str = ""
    sign: str = ""
    spoken: str = ""
    lines: tuple[str, ...] = ()
    sources: tuple[int, ...] = ()
    party: Identity | None = None
    tone: str = ""
    share: float | None = None


@dataclass(frozen=True)
class Row:
    """A row: what it is about, and its cells; a row without cells heads those below it."""

    header: Cell
    cells: tuple[Cell, ...] = ()
    tone: str = ""


@dataclass(frozen=True)
class Table:
    """A table whose first column says what each row is about.

    Parameters
    ----------
    caption
        What it shows, as a sentence.
    corner
        What the first column holds.
    columns
        Headers of the other columns; ``sign`` is a short one where there is no room.
    kind
        ``matrix`` (narrow columns of marks or numbers), ``terms`` (columns of text, which
        stand below each other on a phone), ``terms long`` (the same, with long headers of the
        rows) or ``plain``.
    """

    caption: str
    corner: str
    columns: tuple[Cell, ...]
    rows: tuple[Row, ...]
    kind: str = "plain"


@dataclass(frozen=True)
class Picture:
    """A chart, drawn for wide and for narrow pages.

    Parameters
    ----------
    wide, narrow
        SVG elements, ready to stand in a page.
    title, note
        What is to be seen, and how to read it.
    key
        Letters in the picture and what they stand for.
    description
        What is to be seen, for those who cannot see it.
    """

    wide: str
    narrow: str
    title: str
    note: str = ""
    key: tuple[tuple[str, str], ...] = ()
    description: str = ""


@dataclass(frozen=True)
class Definitions:
    """Terms with what they mean."""

    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class References:
    """Sources as a numbered list: number, title, what else is known, address."""

    entries: tuple[tuple[int, str, str, str | None], ...]


@dataclass(frozen=True)
class FoldOut:
    """What is shown on demand: texts, tables, definitions, pictures.

    ``printed`` ones are on paper too; the others only where the reader has opened them.
    """

    title: str
    blocks: tuple[str | Table | Definitions | Picture, ...]
    printed: bool = False


@dataclass(frozen=True)
class Section:
    """A section: one headline that is the finding, and what supports it.

    Parameters
    ----------
    key
        Its anchor.
    label
        What the contents bar calls it.
    headline
        The finding, as a sentence.
    paragraphs
        What else is found, before picture and table.
    picture, table
        At most one of each.
    remarks
        What is to be said after them.
    references
        A list of sources.
    fold_outs
        Method, definitions, complete lists.
    """

    key: str
    label: str
    headline: str
    paragraphs: tuple[str, ...] = ()
    picture: Picture | None = None
    table: Table | None = None
    remarks: tuple[str, ...] = ()
    references: References | None = None
    fold_outs: tuple[FoldOut, ...] = ()
