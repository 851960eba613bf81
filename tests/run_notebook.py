"""Runs the cells of a notebook in order, as a kernel would, and prints what they show as JSON.

``python run_notebook.py NOTEBOOK`` is a process of its own because a shell of IPython takes the
place of ``__main__``. Cells tagged ``skip-execution`` are left out; after an error it goes on.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config


class Kept(DisplayHook):  # type: ignore[misc]
    """Keeps what a cell shows."""

    kept: dict[str, Any]

    def write_output_prompt(self) -> None:
        """Nothing: the prompt is no part of it."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
        self.kept = format_dict


def run(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """Per cell of code: its id, whether it went well, what it printed and what it returned."""
    quiet = Config(
        {"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}}
    )
    shell = InteractiveShell(config=quiet, displayhook_class=Kept)
    found = []
    for cell in notebook["cells"]:
        skipped = "skip-execution" in cell["metadata"].get("tags", ())
        if cell["cell_type"] != "code" or skipped:
            continue
        printed, shell.displayhook.kept = io.StringIO(), {}
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            done = shell.run_cell("".join(cell["source"]), store_history=False)
        found.append(
            {
                "id": cell["id"],
                "success": done.success,
                "printed": printed.getvalue(),
                "type": type(done.result).__name__,
                "shown": shell.displayhook.kept,
            }
        )
    return found


if __name__ == "__main__":
    json.dump(run(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), sys.stdout)
