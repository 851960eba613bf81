"""What would it take? The least that would make a wanted package hold, in what can be moved.

The functions that need no case, or only one, are at hand here. Each is imported when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.leverage.judgements import Persuasion, persuasion
    from detente.leverage.nearest import Layer, layers
    from detente.leverage.payments.least import least_payments
    from detente.leverage.payments.promises import side_payments
    from detente.leverage.payments.transfers import least_transfers
    from detente.leverage.reversals.counting import counted
    from detente.leverage.reversals.reversals import necessary
    from detente.leverage.reversals.search import fewest_reversals
    from detente.leverage.unlock_result import UnlockResult

_WHERE = {
    "Layer": "nearest",
    "Persuasion": "judgements",
    "UnlockResult": "unlock_result",
    "counted": "reversals.counting",
    "fewest_reversals": "reversals.search",
    "layers": "nearest",
    "least_payments": "payments.least",
    "least_transfers": "payments.transfers",
    "necessary": "reversals.reversals",
    "persuasion": "judgements",
    "side_payments": "payments.promises",
}
"""In which module each public name lives."""

__all__ = [
    "Layer",
    "Persuasion",
    "UnlockResult",
    "counted",
    "fewest_reversals",
    "layers",
    "least_payments",
    "least_transfers",
    "necessary",
    "persuasion",
    "side_payments",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'detente.leverage' has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return __all__
