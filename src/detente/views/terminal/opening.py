"""The first lines of every answer: which case, under which label, with which overlays."""

from __future__ import annotations

from rich.console import RenderableType

from detente.case.schema import Case
from detente.model.sentences import say
from detente.views.terminal.layout import sentence


def opening(case: Case) -> list[RenderableType]:
    """Title, handling label and overlays."""
    dated = f" (as of {case.as_of})" if case.as_of else ""
    blocks = [sentence(f"{case.title}{dated}", "bold")]
    if case.handling:
        blocks.append(sentence(case.handling, "italic"))
    for overlay in case.overlays:
        title = overlay.title or overlay.file
        blocks.append(sentence(say("terminal.overlay", title=title, changes=len(overlay.changes))))
    blocks.append(sentence(""))
    return blocks
