"""How everything looks: colours for light and dark, one identity a party, font, chart theme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import altair as alt

from detente.case.schema import Case

FONT = "Inter"
WEIGHTS = {"Regular": 400, "SemiBold": 600}
"""Styles of the bundled font and their weights."""


@dataclass(frozen=True)
class Tone:
    """A colour by its role, chosen once for light pages and once for dark ones.

    Parameters
    ----------
    name
        The custom property that carries it on a page (without the dashes).
    light, dark
        Hexadecimal colours; the light ones differ from each other, so that a chart drawn
        in them can be turned to the page's properties.
    """

    name: str
    light: str
    dark: str


PAPER = Tone("paper", "#fdfcfa", "#14181c")
PANEL = Tone("panel", "#f3f1ec", "#1d2329")
INK = Tone("ink", "#1d232a", "#e8e5de")
QUIET = Tone("quiet", "#59616b", "#a5adb6")
LINE = Tone("line", "#d8d5cd", "#39424b")
CONTEXT = Tone("context", "#a9adb2", "#68717a")
ACCENT = Tone("accent", "#a0173a", "#ff8fa3")
ROLES = (PAPER, PANEL, INK, QUIET, LINE, CONTEXT, ACCENT)

PARTIES = (
    Tone("party-1", "#0072b2", "#57b3ea"),
    Tone("party-2", "#d55e00", "#ff9144"),
    Tone("party-3", "#00805d", "#37c69c"),
    Tone("party-4", "#b4568c", "#ec9fca"),
    Tone("party-5", "#3590cb", "#a5d8f8"),
    Tone("party-6", "#b07d00", "#eebd45"),
    Tone("party-7", "#5d4fa2", "#b0a5ee"),
    Tone("party-8", "#6b6257", "#c6bcae"),
)
"""After Okabe and Ito's set for the colour-blind, darkened to stand on paper."""

HEAT = (
    Tone("heat-0", "#f5f3ee", "#1a2026"),
    Tone("heat-1", "#e4e8ec", "#232c35"),
    Tone("heat-2", "#c3d0dc", "#2f4254"),
    Tone("heat-3", "#7f9db8", "#426484"),
    Tone("heat-4", "#2f5d86", "#8fbde4"),
)
"""From nothing to most; the last takes light ink on paper and dark ink at night."""

SHAPES = (
    ("circle", "●"),
    ("square", "■"),
    ("triangle-up", "▲"),
    ("diamond", "◆"),
    ("triangle-down", "▼"),
    ("triangle-right", "▶"),
    ("triangle-left", "◀"),
)
"""Marks of the parties in charts and in text; seven against eight colours repeat late."""


@dataclass(frozen=True)
class Identity:
    """How a party is drawn everywhere: its colour, its mark in charts and in text."""

    tone: Tone
    shape: str
    glyph: str


def identities(case: Case) -> Mapping[str, Identity]:
    """The identity of every party and faction; factions share their party's."""
    found = {}
    for place, (name, party) in enumerate(case.parties.items()):
        shape, glyph = SHAPES[place % len(SHAPES)]
        found[name] = Identity(PARTIES[place % len(PARTIES)], shape, glyph)
        found.update({f"{name}.{faction}": found[name] for faction in party.factions})
    return found


def tones() -> tuple[Tone, ...]:
    """Every colour that there is."""
    return (*ROLES, *PARTIES, *HEAT)


def font_folder() -> Path:
    """Where the bundled font is."""
    return Path(str(resources.files("detente") / "views" / "fonts"))


@cache
def register_fonts() -> None:
    """Let charts be measured with the bundled font."""
    import vl_convert

    vl_convert.register_font_directory(str(font_folder()))


Chart = TypeVar("Chart", alt.Chart, alt.LayerChart)


def themed(chart: Chart) -> Chart:
    """A chart in the font and the colours of everything else."""
    register_fonts()
    configured: Chart = chart.configure(**_CONFIGURATION)
    return configured


_CONFIGURATION: dict[str, Any] = {
    "font": FONT,
    "background": PAPER.light,
    "padding": 4,
    "view": {"stroke": None},
    "axis": {
        "domain": False,
        "grid": False,
        "ticks": False,
        "labelColor": INK.light,
        "labelFontSize": 12,
        "labelLimit": 400,
        "labelPadding": 6,
        "titleColor": QUIET.light,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    },
    "text": {"color": INK.light, "fontSize": 12},
    "title": {
        "anchor": "start",
        "color": INK.light,
        "fontSize": 15,
        "fontWeight": 600,
        "offset": 14,
        "subtitleColor": QUIET.light,
        "subtitleFontSize": 12,
    },
}
