"""The page: its sections in order, and what stands around them.

A section is one module of this package with one function
``section(context: Context) -> Section | None``. To add one:

1. write the module: ask the question's result (from :class:`Context`, which a new question
   extends by one field filled in :func:`gather`) and return a
   :class:`~detente.views.brief.parts.Section`: a headline that is the finding, then at most
   one picture and one table, and fold-outs for method and definitions; None where the case
   has nothing to say on it;
2. put its sentences into ``sentences.toml`` under ``[brief.<section>]``;
3. add its function to :data:`SECTIONS`, at its place in the story.

The template turns parts into HTML and needs no change for a new section.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources
from typing import Any

from markupsafe import Markup

from detente.case.provenance import numbers
from detente.case.schema import Change, Overlay
from detente.model.sentences import say
from detente.views.brief import (
    assumptions,
    comparison,
    confidence,
    hold,
    interests,
    record,
    red_lines,
    roadmap,
    situation,
    sources,
    stress,
    text,
    verification,
    zone,
)
from detente.views.brief.context import MEDIATOR, Context
from detente.views.brief.parts import FoldOut, Section
from detente.views.brief.wording import counted
from detente.views.naming import capital
from detente.views.theme import FONT, WEIGHTS, font_folder, tones

SECTIONS: tuple[Callable[[Context], Section | None], ...] = (
    situation.section,
    red_lines.section,
    interests.section,
    zone.section,
    comparison.section,
    text.section,
    record.section,
    verification.section,
    confidence.section,
    roadmap.section,
    hold.section,
    stress.section,
    assumptions.section,
    sources.section,
)
"""The story, in its order."""

_PUBLIC = (
    *("as_of", "handling", "issues", "status_quo", "rules", "concerns", "agreement"),
    *("packages", "verification", "sources"),
)
"""Parts of a case that hold no party's private numbers."""
_PUBLIC_OF_PARTY = ("name", "about", "signs")


def sections(context: Context) -> tuple[Section, ...]:
    """All sections that have something to say."""
    return tuple(found for make in SECTIONS if (found := make(context)) is not None)


def render(context: Context, parts: tuple[Section, ...]) -> str:
    """The whole page as one self-contained text of HTML."""
    from detente import __version__

    case = context.case
    page: str = _template().render(
        case=case,
        say=say,
        sections=parts,
        style=Markup(_style(_label(context))),
        label=_label(context),
        coding=say("brief.page.coding" if any(numbers(case)) else "brief.page.coding_bare"),
        audience=_audience(context),
        overlays=[
            (_overlay_text(overlay), _overlay(context, overlay)) for overlay in case.overlays
        ],
        version=__version__,
        markup=Markup,
    )
    return page


def _label(context: Context) -> str:
    """What is printed at the top and the bottom of every page."""
    shown = [context.case.handling] if context.case.handling else []
    if context.audience == MEDIATOR:
        shown.append(say("brief.page.for_mediator"))
    elif context.audience is not None:
        name = context.case.party_name(context.audience)
        shown.append(say("brief.page.for_party", party=name))
    return " · ".join(shown)


def _audience(context: Context) -> str:
    if context.audience is None:
        return say("brief.page.closed")
    if context.audience == MEDIATOR:
        return say("brief.page.open_mediator")
    return say("brief.page.open_party", party=context.case.party_name(context.audience))


def _overlay_text(overlay: Overlay) -> str:
    entries = counted("entries", len(overlay.changes))
    return say("brief.page.overlay", title=overlay.title or overlay.file, entries=entries)


def _overlay(context: Context, overlay: Overlay) -> FoldOut:
    """What an overlay changed; private numbers only for those who may see them."""
    listed = [change for change in overlay.changes if change.path not in ("title", "about")]
    shown = [str(change) for change in listed if _open(context, change)]
    hidden = len(listed) - len(shown)
    if hidden:
        shown.append(capital(say("brief.page.private", entries=counted("entries", hidden))))
    return FoldOut(say("brief.page.overlays"), tuple(shown))


def _open(context: Context, change: Change) -> bool:
    """Whether this audience may see a change: private numbers are for their owner only."""
    part, *rest = change.path.split(".")
    if part in _PUBLIC or context.audience == MEDIATOR:
        return True
    if part not in ("parties", "values") or not rest:
        return False
    public = part == "parties" and len(rest) == 2 and rest[1] in _PUBLIC_OF_PARTY
    return public or context.open_to(rest[0])


@cache
def _template() -> Any:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("detente.views", "brief"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("template.html.jinja")


def _style(label: str) -> str:
    """The style sheet with colours, the font and the handling label put in."""
    text = (resources.files("detente.views.brief") / "style.css").read_text(encoding="utf-8")
    return "\n".join([*_faces(), *_colours(), *_margins(label), text])


def _faces() -> Iterator[str]:
    for style, weight in WEIGHTS.items():
        data = (font_folder() / f"{FONT}-{style}.woff2").read_bytes()
        source = f"url(data:font/woff2;base64,{base64.b64encode(data).decode()})"
        yield (
            f"@font-face{{font-family:{FONT};font-weight:{weight};src:{source} format('woff2')}}"
        )


def _colours() -> Iterator[str]:
    """Colours as custom properties: light everywhere, dark on dark screens."""
    light = "".join(f"--{tone.name}:{tone.light};" for tone in tones())
    dark = "".join(f"--{tone.name}:{tone.dark};" for tone in tones())
    yield f":root{{{light}}}"
    yield f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"


def _margins(label: str) -> Iterator[str]:
    """The handling label in the margins of every printed page."""
    if label:
        text = _css_text(label)
        yield f"@page{{@top-center{{content:{text}}}@bottom-center{{content:{text}}}}}"


def _css_text(text: str) -> str:
    """A text as a string of CSS that can also stand inside a style element."""
    plain = "".join(c if c.isalnum() or c in " .,:;-" else f"\\{ord(c):x} " for c in text)
    return f'"{plain}"'
