"""What could break an agreement: flips, shares of codings, what decides, and which package stands.

The functions that need no case are at hand here: designs and what correlates them, Sobol'
indices, boxes, curves of survival, and asking one question about many draws on any number of
machines. Each is imported when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.uncertainty.course.survival import Curve, kaplan_meier
    from detente.uncertainty.discovery.boxes import Box, boxes
    from detente.uncertainty.discovery.indices import (
        Index,
        design_matrices,
        grouped,
        indices,
        screen,
    )
    from detente.uncertainty.evaluation.clusters import executor_for
    from detente.uncertainty.evaluation.evaluate import Evaluated, evaluate
    from detente.uncertainty.evaluation.journal import Journal
    from detente.uncertainty.sampling.correlation import Correlation, RankTable, correlated
    from detente.uncertainty.sampling.designs import design
    from detente.uncertainty.stress_result import StressResult

_WHERE = {
    "Box": "discovery.boxes",
    "Correlation": "sampling.correlation",
    "Curve": "course.survival",
    "Evaluated": "evaluation.evaluate",
    "Index": "discovery.indices",
    "Journal": "evaluation.journal",
    "RankTable": "sampling.correlation",
    "StressResult": "stress_result",
    "boxes": "discovery.boxes",
    "correlated": "sampling.correlation",
    "design": "sampling.designs",
    "design_matrices": "discovery.indices",
    "evaluate": "evaluation.evaluate",
    "executor_for": "evaluation.clusters",
    "grouped": "discovery.indices",
    "indices": "discovery.indices",
    "kaplan_meier": "course.survival",
    "screen": "discovery.indices",
}
"""In which module each public name lives."""

__all__ = [
    "Box",
    "Correlation",
    "Curve",
    "Evaluated",
    "Index",
    "Journal",
    "RankTable",
    "StressResult",
    "boxes",
    "correlated",
    "design",
    "design_matrices",
    "evaluate",
    "executor_for",
    "grouped",
    "indices",
    "kaplan_meier",
    "screen",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'detente.uncertainty' has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return __all__
