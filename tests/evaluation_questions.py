"""Questions about draws for the tests of evaluation: picklable, and known to worker processes."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from detente.uncertainty.batches import BATCH
from detente.uncertainty.evaluation import Evaluated


@dataclass(frozen=True)
class Drawn:
    """Three numbers a draw, which hang on the seed and the index only."""

    seed: int = 7

    def numbers(self, start: int, stop: int) -> np.ndarray:
        batch = start // BATCH
        assert stop <= (batch + 1) * BATCH, "no batch is asked about together with another"
        chance = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(batch,)))
        return chance.random((BATCH, 3))[start - batch * BATCH : stop - batch * BATCH]

    def __call__(self, start: int, stop: int) -> Mapping[str, Any]:
        numbers = self.numbers(start, stop)
        return {
            "draw": np.arange(start, stop),
            "sum": 0.2 * numbers[:, 0] + 0.3 * numbers[:, 1] + 0.5 * numbers[:, 2],
            "above": numbers > 0.5,
        }

    def inputs(self, draw: int) -> Mapping[str, float]:
        return {"first": self.numbers(draw, draw + 1)[0, 0]}


@dataclass(frozen=True)
class Failing(Drawn):
    """Cannot answer about some draws."""

    bad: frozenset[int] = frozenset()

    def __call__(self, start: int, stop: int) -> Mapping[str, Any]:
        if not self.bad.isdisjoint(range(start, stop)):
            raise ArithmeticError(f"cannot answer {min(self.bad & set(range(start, stop)))}")
        return super().__call__(start, stop)


@dataclass(frozen=True)
class DeadlyOnce(Drawn):
    """Ends its process the first time that it is asked about a draw."""

    flag: Path = Path()
    draw: int = 0

    def __call__(self, start: int, stop: int) -> Mapping[str, Any]:
        if start <= self.draw < stop and not self.flag.exists():
            self.flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(start, stop)


@dataclass(frozen=True)
class Deadly(Drawn):
    """Ends its process whenever it is asked about one of some draws."""

    bad: frozenset[int] = frozenset()

    def __call__(self, start: int, stop: int) -> Mapping[str, Any]:
        if not self.bad.isdisjoint(range(start, stop)):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(start, stop)


@dataclass(frozen=True)
class Slow(Drawn):
    """Takes its time, and leaves its process number in a folder."""

    folder: Path = Path()
    seconds: float = 0.05

    def __call__(self, start: int, stop: int) -> Mapping[str, Any]:
        (self.folder / f"{os.getpid()}.pid").touch()
        time.sleep(self.seconds)
        return super().__call__(start, stop)


@dataclass(frozen=True)
class Noting(Drawn):
    """Remembers what it was asked, where it is asked in the test's own process."""

    asked: list[range] = field(default_factory=list, compare=False)

    def __call__(self, start: int, stop: int) -> Mapping[str, Any]:
        self.asked.append(range(start, stop))
        return super().__call__(start, stop)


def by_definition(question: Drawn, draws: int) -> dict[str, np.ndarray]:
    """The columns, one batch after the other."""
    batches = [question(start, min(start + BATCH, draws)) for start in range(0, draws, BATCH)]
    return {name: np.concatenate([batch[name] for batch in batches]) for name in batches[0]}


def assert_same(found: Evaluated, columns: Mapping[str, np.ndarray]) -> None:
    """Every column is what it has to be, to the last bit."""
    assert found.columns.keys() == columns.keys()
    for name, column in columns.items():
        assert found.columns[name].dtype == column.dtype
        np.testing.assert_array_equal(found.columns[name], column)
