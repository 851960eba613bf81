"""Charts that show themselves in a notebook as drawings: no scripts, no network."""

from __future__ import annotations

from hashlib import sha256
from html import escape
from typing import Any

import altair as alt

from detente.views.inlining import inline_svg
from detente.views.notebook.frame import framed
from detente.views.theme import QUIET

_KEY = "detente-drawing"
"""Beginning of the identifiers in a drawing, until it is known: outputs share one page."""


class Drawing(alt.LayerChart):
    """A chart that a notebook shows as a drawing in the colours of the page.

    Altair's own way of showing a chart loads scripts from a network. In everything else it is a
    chart of Altair: it can be changed and saved.
    """

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> dict[str, str]:
        label = self.to_dict().get("usermeta", {}).get("handling")
        return {"text/html": framed([figure(self)], label), "text/plain": repr(self)}


def self_showing(chart: alt.LayerChart, handling: str | None) -> Drawing:
    """The same chart, as one that shows itself, with its handling label below."""
    parts = {key: part for key, part in chart.to_dict().items() if key != "$schema"}
    if handling:
        parts["usermeta"] = {"handling": handling}
    found: Drawing = Drawing.from_dict(parts, validate=False)
    return found


def figure(chart: alt.LayerChart, finding: str = "") -> str:
    """A chart as a figure; wide ones scroll.

    ``finding`` is what stands above it: read to those who cannot see the chart, and not told a
    second time by its title.
    """
    title, subtitle = _titles(chart.title)
    if title and finding.startswith(title):
        below = alt.TitleParams(subtitle, color=QUIET.light, fontSize=12, fontWeight="normal")
        chart = chart.properties(title=below if subtitle else "")
    svg = inline_svg(chart, _KEY, title, finding)
    svg = svg.replace(_KEY, f"detente-{sha256(svg.encode()).hexdigest()[:12]}")
    label = escape(title)
    return f'<figure class="scroll" role="region" aria-label="{label}" tabindex="0">{svg}</figure>'


def _titles(title: Any) -> tuple[str, list[str]]:
    """The title of a chart in one line, and the lines below it."""
    if isinstance(title, alt.SchemaBase):
        title = title.to_dict()
    if not isinstance(title, dict):
        title = {} if title is alt.Undefined else {"text": title}
    return " ".join(_lines(title.get("text", []))), _lines(title.get("subtitle", []))


def _lines(text: str | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else text
