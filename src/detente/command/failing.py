"""What a person sees when something goes wrong: one message, never a traceback."""

from __future__ import annotations

import os
import sys
import traceback

from detente.agreement.engines.front import TooLarge
from detente.case.errors import CaseError

MOST = 20
"""Problems shown at once; the rest is counted."""


def exit_status(error: Exception) -> int:
    """Say on standard error what went wrong; 2 for input and limits, 1 for a bug."""
    if isinstance(error, CaseError):
        shown = [str(problem) for problem in error.problems[:MOST]]
        if len(error.problems) > MOST:
            shown.append(f"… and {len(error.problems) - MOST} more problems")
        sys.stderr.write("\n".join(f"error: {text}" for text in shown) + "\n")
        return 2
    if isinstance(error, TooLarge):
        sys.stderr.write(f"error: {error}\n")
        return 2
    if isinstance(error, OSError) and error.strerror:
        where = f"{str(error.filename)[:80]}: " if error.filename else ""
        sys.stderr.write(f"error: {where}{error.strerror.lower()}\n")
        return 2
    if os.environ.get("DETENTE_DEBUG"):
        traceback.print_exception(error)
    else:
        sys.stderr.write(
            f"error: this is a bug in detente: {type(error).__name__}: {error}\n"
            "      = please report it; DETENTE_DEBUG=1 shows where it happened\n"
        )
    return 1
