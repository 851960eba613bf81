"""Asking one question about many draws: on one processor, on many, or on a cluster.

>>> import numpy as np
>>> from detente.uncertainty.evaluation import evaluate
>>> evaluated = evaluate(lambda start, stop: {"even": np.arange(start, stop) % 2 == 0}, 3000,
...                      workers=1)
>>> float(evaluated.columns["even"].mean())
0.5
"""

from __future__ import annotations

from detente.uncertainty.evaluation.clusters import Engine, executor_for
from detente.uncertainty.evaluation.evaluate import Evaluated, evaluate
from detente.uncertainty.evaluation.journal import Journal
from detente.uncertainty.evaluation.part import Function, Part
from detente.uncertainty.evaluation.processes import Processes

__all__ = [
    "Engine",
    "Evaluated",
    "Function",
    "Journal",
    "Part",
    "Processes",
    "evaluate",
    "executor_for",
]
