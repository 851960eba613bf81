"""The command line: one command a question, JSON on request, errors in one message."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run ``detente``; exit status 0 answered, 2 wrong input or call, 1 a bug."""
    from detente.command.application import application

    gc.set_threshold(50_000, 20, 100)  # what was read stays; to look for garbage in it is vain
    if sys.stdout is None:  # closed by the caller, as in >&-
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115
    try:
        application()
    except SystemExit:
        raise
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped\n")
        sys.exit(130)
    except Exception as error:
        from detente.command.failing import exit_status

        sys.exit(exit_status(error))
