"""Who deals with a clause next: leaders, the working level or technicians."""

from __future__ import annotations

from collections.abc import Sequence

from detente.case.implementation import Commitment
from detente.commitments.answer import Kind, Level, TextFinding
from detente.model.sentences import listed, say

_TECHNICAL: tuple[Kind, ...] = ("unchecked",)
"""What technicians can settle; everything else that bars a clause goes to the working level."""


def level(
    commitment: Commitment, findings: Sequence[TextFinding], feasible: bool
) -> tuple[Level, str]:
    """Who deals with a clause next, and why, as a phrase.

    Definition: a clause that the text gives to the working level or to technicians stays
    there. Any other can be signed by leaders where no finding bars it and the outcome of the
    package obeys the rules; it goes to the technicians where only its check is missing, and
    to the working level otherwise.

    Parameters
    ----------
    commitment
        The clause.
    findings
        What is wrong with it.
    feasible
        Whether the outcome obeys the rules of the case.
    """
    barring = tuple(dict.fromkeys(finding.kind for finding in findings if finding.bars))
    why = listed(say(f"draft.reason.{kind.replace(' ', '_')}") for kind in barring)
    stated = commitment.level
    if stated in ("working", "technical"):
        key = "stated_open" if barring else "stated"
        return stated, say(f"draft.reason.{key}", level=say(f"draft.level.{stated}"), why=why)
    if not feasible:
        return "working", listed(filter(None, [say("draft.reason.infeasible"), why]))
    if not barring:
        return "leader", say("draft.reason.ready")
    technical = all(kind in _TECHNICAL for kind in barring)
    return ("technical" if technical else "working"), say("draft.reason.barred", why=why)
