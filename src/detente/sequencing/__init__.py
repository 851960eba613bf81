"""In what order? The sequence of steps in which no party ever prefers to walk away.

The pure functions on numbers and arrays are at hand here. Each is imported when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.sequencing.arrays.discounted import discounted_path
    from detente.sequencing.arrays.gains import Pie, Promises, least_total_promise, side_payment_pie
    from detente.sequencing.arrays.least import Least, least_common_detection, least_guarantee
    from detente.sequencing.arrays.tranches import Tranches, tranche_sizes
    from detente.sequencing.arrays.widest import Path, widest_path
    from detente.sequencing.judging import judge
    from detente.sequencing.roadmap_result import RoadmapResult

_WHERE = {
    "Least": "arrays.least",
    "Path": "arrays.widest",
    "Pie": "arrays.gains",
    "Promises": "arrays.gains",
    "RoadmapResult": "roadmap_result",
    "Tranches": "arrays.tranches",
    "discounted_path": "arrays.discounted",
    "judge": "judging",
    "least_common_detection": "arrays.least",
    "least_guarantee": "arrays.least",
    "least_total_promise": "arrays.gains",
    "side_payment_pie": "arrays.gains",
    "tranche_sizes": "arrays.tranches",
    "widest_path": "arrays.widest",
}
"""In which module each public name lives."""

__all__ = [
    "Least",
    "Path",
    "Pie",
    "Promises",
    "RoadmapResult",
    "Tranches",
    "discounted_path",
    "judge",
    "least_common_detection",
    "least_guarantee",
    "least_total_promise",
    "side_payment_pie",
    "tranche_sizes",
    "widest_path",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'detente.sequencing' has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return __all__
