"""A chart as a part of a page: its colours follow the page, its words are read aloud."""

from __future__ import annotations

import altair as alt

from detente.views.brief.parts import Picture
from detente.views.inlining import inline_svg

WIDE, NARROW = 680, 330
"""Widths for which charts are drawn, in pixels."""


def picture(
    key: str,
    wide: alt.LayerChart,
    narrow: alt.LayerChart,
    *,
    title: str,
    description: str,
    note: str = "",
    letters: tuple[tuple[str, str], ...] = (),
) -> Picture:
    """A chart that was drawn for wide and for narrow pages, as a part of a section.

    Parameters
    ----------
    key
        Beginning of the identifiers inside the page.
    wide, narrow
        The same chart in the widths :data:`WIDE` and :data:`NARROW`.
    title, note, letters
        See :class:`detente.views.brief.parts.Picture`.
    description
        What is to be seen, for those who cannot see it.
    """
    return Picture(
        inline_svg(wide, f"{key}-wide", title, description),
        inline_svg(narrow, f"{key}-narrow", title, description),
        title,
        note,
        letters,
        description,
    )
