"""A chart as an SVG element that can stand in a page: its colours and its font are the page's."""

from __future__ import annotations

import html
import re

import altair as alt

from detente.views.specification import specification
from detente.views.theme import FONT, themed, tones

_DEFAULTS = r' (?:text-anchor="start"|stroke-width="1"|opacity="1"|font-weight="normal")'
"""What goes without saying in an SVG."""
_UNSEEN = r'<path class="(?:background|foreground)" d="[^"]*"(?: display="none")?/>'
"""Frames that are drawn in no colour."""


def inline_svg(chart: alt.LayerChart, key: str, title: str, description: str) -> str:
    """The chart as an SVG element that takes its colours and its font from the page."""
    import vl_convert

    svg = str(vl_convert.vegalite_to_svg(specification(themed(chart))))
    start, body = svg.index("<svg"), svg.index(">", svg.index("<svg")) + 1
    size = re.search(r'viewBox="([^"]+)"', svg[start:body])
    assert size is not None
    drawn = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", svg[body:])
    drawn = re.sub(f"{_DEFAULTS}|{_UNSEEN}", "", drawn)
    drawn = re.sub(r' class="(mark-[a-z]+) [^"]*"', r' class="\1"', drawn)
    drawn = drawn.replace('id="', f'id="{key}-').replace("url(#", f"url(#{key}-")
    drawn = drawn.replace(f'font-family="{FONT}"', "")
    for tone in tones():
        drawn = re.sub(re.escape(tone.light) + r"\b", f"var(--{tone.name})", drawn, flags=re.I)
    drawn = re.sub(r"<[^>]+>", _rounded, drawn)
    _, _, width, height = size[1].split()
    return (
        f'<svg viewBox="{size[1]}" width="{width}" height="{height}" role="img" '
        f'aria-labelledby="{key}-title {key}-text">'
        f'<title id="{key}-title">{html.escape(title)}</title>'
        f'<desc id="{key}-text">{html.escape(description)}</desc>{drawn}'
    )


def _rounded(tag: re.Match[str]) -> str:
    """An element with its coordinates to a hundredth of a pixel: nobody sees the rest."""
    return re.sub(r"\d+\.\d{3,}", lambda number: f"{round(float(number[0]), 2):g}", tag[0])
