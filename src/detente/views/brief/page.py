"""The page: its sections in order, and what stands around them.

A section is one module of this package with one function
``section(context: Context) -> Section | None``. To add one:

1. write the module: ask the question's result (from :class:`Context`, which a new question
   extends by one field filled in ``gathering.py``) and return a
   :class:`~detente.views.brief.parts.Section`: a headline that is the finding, then at most
   one picture and one table, and fold-outs for method and definitions; None where the case
   has nothing to say on it;
2. put its sentences into ``sentences.toml`` under ``[brief.<section>]``;
3. add its function to :data:`SECTIONS`, at its place in the story.

The template turns parts into HTML, ``markdown.py`` into Markdown; neither needs a change for a
new section.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from markupsafe import Markup

from detente.case.errors import CaseError, Problem, unknown
from detente.model.sentences import listed, say
from detente.views.brief import (
    assumptions,
    comparison,
    confidence,
    hold,
    interests,
    overview,
    record,
    red_lines,
    roadmap,
    situation,
    sources,
    stress,
    text,
    unlock,
    verification,
    zone,
)
from detente.views.brief.context import QUESTIONS, Context, Question
from detente.views.brief.cover import Cover
from detente.views.brief.parts import Section, Table
from detente.views.theme import FONT, WEIGHTS, font_folder, tones

SECTIONS: Mapping[str, Callable[[Context], Section | None]] = {
    "situation": situation.section,
    "concerns": red_lines.section,
    "interests": interests.section,
    "zone": zone.section,
    "packages": comparison.section,
    "text": text.section,
    "record": record.section,
    "verification": verification.section,
    "confidence": confidence.section,
    "roadmap": roadmap.section,
    "hold": hold.section,
    "stress": stress.section,
    "unlock": unlock.section,
    "overview": overview.section,
    "assumptions": assumptions.section,
    "sources": sources.section,
}
"""The story, in its order, by the keys of its sections."""
_ANSWERS: Mapping[str, tuple[Question, ...]] = {
    "verification": ("verify",),
    "confidence": ("verify",),
    "roadmap": ("roadmap",),
    "hold": ("hold",),
    "stress": ("roadmap", "stress"),
    "unlock": ("verify", "roadmap", "hold", "unlock"),
    "overview": ("verify", "roadmap", "hold", "stress"),
}
"""What must have been asked of the packages for a section; nothing for those not named here."""


def wanted(keys: Iterable[str] | None) -> tuple[str, ...] | None:
    """The sections that were asked for, in the order of the story; None: all of them.

    Raises
    ------
    CaseError
        Where there is no such section, or none was named.
    """
    if keys is None:
        return None
    named = [keys] if isinstance(keys, str) else list(keys)
    for key in named:
        if key not in SECTIONS:
            what, _ = unknown("section", key, SECTIONS)
            raise CaseError(Problem(what, f"sections: {', '.join(SECTIONS)}"))
    if not named:
        raise CaseError(Problem("no section is named", f"sections: {', '.join(SECTIONS)}"))
    return tuple(key for key in SECTIONS if key in named)


def questions(keys: Iterable[str] | None) -> tuple[Question, ...]:
    """What must be asked of every package for some sections, or for all of them."""
    needed = {question for key in keys or SECTIONS for question in _ANSWERS.get(key, ())}
    return tuple(question for question in QUESTIONS if question in needed)


def sections(context: Context, keys: Sequence[str] | None = None) -> tuple[Section, ...]:
    """All sections that have something to say, or those that were asked for.

    With a section that cites sources comes the list of them.

    Raises
    ------
    CaseError
        Where the case has nothing to say on one that was asked for.
    """
    made = {key: SECTIONS[key](context) for key in (SECTIONS if keys is None else keys)}
    found = tuple(section for section in made.values() if section is not None)
    silent = [key for key, section in made.items() if section is None]
    if keys is not None and silent:
        word = "sections" if len(silent) > 1 else "section"
        what = f"the case has nothing to say in the {word} {listed(map(repr, silent))}"
        raise CaseError(Problem(what, "leave out what the case cannot fill"))
    if "sources" not in made and any(map(_cites, found)):
        return (*found, *sections(context, ["sources"]))
    return found


def _cites(section: Section) -> bool:
    """Whether a table of the section refers to the list of sources."""
    blocks = [section.table, *(block for part in section.fold_outs for block in part.blocks)]
    tables = [block for block in blocks if isinstance(block, Table)]
    rows = [row for table in tables for row in table.rows]
    return any(cell.sources for row in rows for cell in (row.header, *row.cells))


def render(cover: Cover, parts: Sequence[Section]) -> str:
    """The whole page as one self-contained text of HTML."""
    page: str = _template().render(
        cover=cover, say=say, sections=parts, style=Markup(_style(cover.label)), markup=Markup
    )
    return page.lstrip()


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
