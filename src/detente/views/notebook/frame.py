"""What stands around everything that a notebook shows: the style sheet and the label."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape
from importlib import resources

from detente.views.theme import tones

_DARK = (
    '[data-jp-theme-light="false"]',  # JupyterLab, Notebook 7, nbconvert
    ".vscode-dark",
    ".vscode-high-contrast:not(.vscode-high-contrast-light)",
    '[data-theme="dark"]',  # pages made by Sphinx
    'html[theme="dark"]',  # Colab
    ".dark",  # marimo
)
"""What notebooks put on a page that is dark; elsewhere light, whatever the system prefers."""


def framed(parts: Iterable[str], handling: str | None) -> str:
    """Elements with the style sheet before them and the handling label below."""
    label = f'<p class="label">{escape(handling)}</p>' if handling else ""
    body = "\n".join(part for part in (*parts, label) if part)
    return f'<div class="detente">\n<style>{_style()}</style>\n{body}\n</div>'


def page(html: str, title: str) -> str:
    """A whole page in a frame of its own, in which no script runs."""
    html = html.replace("<head>", '<head><base href="about:srcdoc">', 1)  # links within the page
    return (
        f'<iframe srcdoc="{escape(html)}" title="{escape(title)}" sandbox="allow-popups" '
        'style="border:1px solid #a9adb2;border-radius:4px;width:100%;height:800px"></iframe>'
    )


@cache
def _style() -> str:
    """The style sheet, with the colours for light and for dark notebooks."""
    text = (resources.files("detente.views.notebook") / "style.css").read_text(encoding="utf-8")
    light = "".join(f"--{tone.name}:{tone.light};" for tone in tones())
    dark = "".join(f"--{tone.name}:{tone.dark};" for tone in tones())
    night = ",".join(f"{place} .detente.detente" for place in _DARK)
    colours = (
        f".detente.detente{{color-scheme:light;{light}}}\n"
        f"@media screen{{{night}{{color-scheme:dark;{dark}}}}}"
    )
    return f"{colours}\n{text}"
