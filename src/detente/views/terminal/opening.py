"""The first lines of every answer: which case, under which label, with which overlays."""

from __future__ import annotations

from rich.console import RenderableType

from detente.case.schema import Case, Change
from detente.model.sentences import listed, say
from detente.views.terminal.layout import sentence


def _brings(change: Change) -> bool:
    """Whether an overlay brings a party or an issue that the case does not have."""
    table, _, rest = change.path.partition(".")
    return change.before is None and table in ("parties", "issues") and "." not in rest


def opening(case: Case) -> list[RenderableType]:
    """Title, handling label and overlays."""
    dated = f" (as of {case.as_of})" if case.as_of else ""
    blocks = [sentence(f"{case.title}{dated}", "bold")]
    if case.handling:
        blocks.append(sentence(case.handling, "italic"))
    for overlay in case.overlays:
        title = overlay.title or overlay.file
        text = say("terminal.overlay", title=title, changes=len(overlay.changes))
        added = [c.path.replace(".", " ") for c in overlay.changes if _brings(c)]
        if added:
            text += " " + say("terminal.overlay_adds", what=listed(added))
        blocks.append(sentence(text))
    blocks.append(sentence(""))
    return blocks
