"""The terminal view of ``check``."""

from __future__ import annotations

from rich.console import RenderableType

from detente.model.check import CheckResult
from detente.model.sentences import say
from detente.views.terminal.layout import bullets, sentence
from detente.views.terminal.opening import opening


def check_blocks(result: CheckResult) -> list[RenderableType]:
    """Size of the case, and the notes."""
    case = result.case
    blocks = [
        *opening(case),
        sentence(say("terminal.check.valid", parties=len(case.parties), issues=len(case.issues))),
        sentence(say("terminal.check.outcomes", total=result.total, feasible=result.feasible)),
        sentence(""),
    ]
    changes = [str(change) for overlay in case.overlays for change in overlay.changes]
    if changes:
        blocks += [sentence(say("terminal.changes")), bullets(changes), sentence("")]
    if not result.notes:
        return [*blocks, sentence(say("terminal.check.no_notes"))]
    blocks.append(sentence(say("terminal.check.notes")))
    blocks.append(bullets(f"{note.where}: {note.what}" for note in result.notes))
    return blocks
