"""A run: the codings of the stated correlation and of those beside it, by whoever works."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from detente import __version__
from detente.case.errors import CaseError, Problem, quoted
from detente.case.schema import Case
from detente.uncertainty.answer import Correlated
from detente.uncertainty.batches import BATCH
from detente.uncertainty.evaluation.clusters import Engine
from detente.uncertainty.evaluation.evaluate import Evaluated, Progress, evaluate
from detente.uncertainty.evaluation.journal import Journal
from detente.uncertainty.evaluation.part import Part
from detente.uncertainty.question import Question
from detente.uncertainty.sampling.correlation import Correlation, RankTable
from detente.uncertainty.standing import standing

Answer = TypeVar("Answer")
Beside = dict[Correlated, tuple[Question, Evaluated]]
"""By correlation the question with its draws, and what was found out."""
BESIDE: Mapping[Correlated, float] = {"independent": 0.0, "full": 1.0}
"""The correlations within a party on both sides of the stated one; a share may lie outside those
of both."""
MOST_BESIDE = 4 * BATCH
"""Most codings drawn for each of them."""


@dataclass(frozen=True, eq=False)
class Run:
    """How a question is asked of many draws.

    Parameters
    ----------
    question
        With the draws of the stated correlation.
    samples
        How many draws.
    engine
        Who works.
    precision
        How far intervals may reach to either side; None to draw all.
    folder
        Where results are kept and gone on from; None for nowhere.
    key
        What the results hang on, for the folder.
    progress
        Told how far it is.
    """

    question: Question
    samples: int
    engine: Engine
    precision: float | None
    folder: Path | None
    key: Mapping[str, str]
    progress: Progress | None

    def stated(self) -> Evaluated:
        """The draws under the stated correlation."""
        return self._evaluated(self.question, self.samples, "stated")

    def beside(self) -> Beside:
        """The draws with independent and with fully correlated numbers.

        Raises
        ------
        KeyboardInterrupt
            If somebody stops it.
        """
        out: Beside = {}
        draws = self.question.draws
        for name, rho in BESIDE.items():
            other = replace(draws, correlation=Correlation(draws.correlation.groups, rho))
            question = replace(self.question, draws=other)
            found = self._evaluated(question, min(self.samples, MOST_BESIDE), name)
            if found.interrupted:
                raise KeyboardInterrupt
            if not found.columns:
                return {}
            out[name] = question, found
        return out

    def _evaluated(self, question: Question, samples: int, name: Correlated) -> Evaluated:
        journal = None
        if self.folder is not None:
            key = {**self.key, "correlation": f"{name} {self.key.get('correlation', '')}"}
            journal = Journal(self.folder / name, key)
        return evaluate(
            question,
            samples,
            executor=self.engine.executor,
            workers=self.engine.workers,
            enough=None if self.precision is None else self._enough,
            progress=self.progress,
            journal=journal,
        )

    def _enough(self, known: Part) -> bool:
        """Whether every interval of the package reaches at most so far to either side."""
        if not known.columns:
            return False
        assert self.precision is not None
        found = standing(known.columns, self.question.asked[0].case)
        shares = [
            found.acceptable,
            *found.accepts.values(),
            *(found.holds or {}).values(),
            *(entry for entry in (found.enforceable, found.roadmap, found.all_of_it) if entry),
        ]
        reach = max(max(e.high - e.share, e.share - e.low) for e in shares)
        return reach <= self.precision


class Unstopped:
    """Asks one thing after the other, until somebody stops it; then the rest is left out."""

    def __init__(self, stopped: bool) -> None:
        self.stopped = stopped

    def ask(self, question: Callable[[], Answer], none: Answer) -> Answer:
        """The answer, or what stands for none if it was stopped before or meanwhile."""
        if self.stopped:
            return none
        try:
            return question()
        except KeyboardInterrupt:
            self.stopped = True
            return none


def folder_named(written: str | os.PathLike[str] | None) -> Path | None:
    """The folder in which results are kept; one of something else is refused.

    Raises
    ------
    CaseError
        Where it has no name, is a file, or holds what is no run.
    """
    if written is None:
        return None
    if not str(written).strip():
        raise CaseError(
            Problem("the folder to go on from has no name", "name one: --resume FOLDER")
        )
    folder = Path(written)
    if folder.exists() and not folder.is_dir():
        raise CaseError(Problem(f"{quoted(folder)} is a file", "results are kept in a folder"))
    names = {"stated", *BESIDE}
    if folder.is_dir() and any(entry.name not in names for entry in folder.iterdir()):
        what = f"the folder {quoted(folder)} holds other things than a run"
        raise CaseError(Problem(what, "name a new folder"))
    return folder


def correlation_key(given: float | RankTable) -> str:
    """The correlation as results hang on it: what a table holds, not where it is."""
    if not isinstance(given, RankTable):
        return repr(float(given))
    stated = repr((given.names, given.matrix.tolist()))
    return f"table {hashlib.sha256(stated.encode()).hexdigest()}"


def run_key(cases: tuple[Case, ...], **asked: object) -> dict[str, str]:
    """What results hang on: the cases, and everything else that is asked."""
    stated = [case.model_dump(mode="python") for case in cases]
    digest = hashlib.sha256(repr(stated).encode()).hexdigest()
    told = {
        name: value if isinstance(value, str) else json.dumps(value, default=str)
        for name, value in asked.items()
    }
    return {"detente": __version__, "case": digest, **told}
