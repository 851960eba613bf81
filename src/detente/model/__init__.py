"""What the engines compute on: outcome space, rules, values; arrays and no files."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.model.aftermath import breakdown_values

__all__ = ["breakdown_values"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'detente.model' has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.aftermath"), name)
