"""A chart as the plain document that is drawn."""

from __future__ import annotations

import re
from typing import Any

import altair as alt

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def specification(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """The document of a chart, without signs that no font draws and the renderer stops at.

    Names may hold control characters and halves of surrogate pairs (a YAML escape writes both).
    """
    found: dict[str, Any] = _drawable(chart.to_dict())
    return found


def readable(text: str) -> str:
    """A text without control characters (lines and tabs aside) and halves of surrogate pairs."""
    return _UNSEEN.sub("", text)


def _drawable(part: Any) -> Any:
    if isinstance(part, str):
        return readable(part)
    if isinstance(part, dict):
        return {key: _drawable(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_drawable(value) for value in part]
    return part
