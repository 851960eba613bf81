"""A bar that counts on standard error, to a person only: how many of how many, and how fast."""

from __future__ import annotations

from typing import Any

from detente.command.output import Working


class Counting(Working):
    """A progress bar with rate and time left, once the work takes two seconds.

    Use as a context manager, and hand :meth:`count` to an analysis as its progress.
    """

    def __init__(self, what: str, unit: str) -> None:
        super().__init__(what)
        self.unit = unit
        self.at: tuple[int, int | None] = (0, None)
        self.task: Any = None

    def count(self, done: int, total: int | None, _seconds: float = 0.0) -> None:
        """How much is done, of how much where that is known."""
        self.at = (done, total)
        if self.status is not None:
            self.status.update(self.task, completed=done, total=total)

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, ProgressColumn, Task, TimeRemainingColumn
        from rich.text import Text

        unit = self.unit

        class Count(ProgressColumn):
            """How many, and how many a second."""

            def render(self, task: Task) -> Text:
                total = "" if task.total is None else f" of {task.total:,.0f}"
                rate = "" if task.speed is None else f", {task.speed:,.0f} a second"
                return Text(f"{task.completed:,.0f}{total} {unit}{rate}")

        bar = Progress(
            "{task.description}",
            BarColumn(20),
            Count(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        done, total = self.at
        self.task = bar.add_task(self.what, completed=done, total=total)
        bar.start()
        self.status = bar
