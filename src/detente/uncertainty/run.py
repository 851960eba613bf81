"""A run: the codings of the stated correlation and of those beside it, by whoever works."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from detente import __version__
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
    folder: str | os.PathLike[str] | None
    key: Mapping[str, str]
    progress: Progress | None

    def stated(self) -> Evaluated:
        """The draws under the stated correlation."""
        return self._evaluated(self.question, self.samples, "stated")

    def beside(self) -> dict[Correlated, tuple[Question, Evaluated]]:
        """The draws with independent and with fully correlated numbers; none if interrupted."""
        out: dict[Correlated, tuple[Question, Evaluated]] = {}
        draws = self.question.draws
        for name, rho in BESIDE.items():
            other = replace(draws, correlation=Correlation(draws.correlation.groups, rho))
            question = replace(self.question, draws=other)
            found = self._evaluated(question, min(self.samples, MOST_BESIDE), name)
            if found.interrupted or not found.columns:
                return {}
            out[name] = question, found
        return out

    def _evaluated(self, question: Question, samples: int, name: Correlated) -> Evaluated:
        journal = None
        if self.folder is not None:
            key = {**self.key, "correlation": f"{name} {self.key.get('correlation', '')}"}
            journal = Journal(Path(self.folder) / name, key)
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
