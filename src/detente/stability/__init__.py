"""Would it hold? Who could move away from an agreement, and who could punish that.

The graph model for conflict resolution. The functions that need no case are at hand here. Each is
imported when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.stability.concepts.individual import individual
    from detente.stability.graph.conflict import Conflict, graph_model
    from detente.stability.hold_result import HoldResult

_WHERE = {
    "Conflict": "graph.conflict",
    "HoldResult": "hold_result",
    "graph_model": "graph.conflict",
    "individual": "concepts.individual",
}
"""In which module each public name lives."""

__all__ = ["Conflict", "HoldResult", "graph_model", "individual"]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'detente.stability' has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return __all__
