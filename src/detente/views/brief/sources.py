"""The case's sources: those that concerns cite, numbered as they are cited, then the others."""

from __future__ import annotations

from detente.model.sentences import say
from detente.views.brief.context import Context
from detente.views.brief.parts import References, Section
from detente.views.brief.wording import counted
from detente.views.naming import capital


def section(context: Context) -> Section | None:
    """A numbered list; None where the case names no source."""
    case = context.case
    if not case.sources:
        return None
    others = [key for key in case.sources if key not in context.cited]
    keys = [*context.cited, *others]
    entries = []
    for number, key in enumerate(keys, start=1):
        source = case.sources[key]
        details = [part for part in (source.publisher, source.date, source.note) if part]
        entries.append(
            (number, source.title, ". ".join(d.rstrip(".") for d in details), source.url)
        )
    sources = counted("sources", len(keys))
    cited = len(context.cited)
    key = "some" if cited and others else "all" if cited else "none"
    return Section(
        "sources",
        say("brief.sources.label"),
        capital(say(f"brief.sources.{key}", sources=sources, cited=cited)),
        references=References(tuple(entries)),
    )
