"""Is the text fit to sign, and is it kept?"""

from __future__ import annotations

from detente.commitments.answer import DraftResult, TrackResult
from detente.commitments.draft import draft
from detente.commitments.track import track

__all__ = ["DraftResult", "TrackResult", "draft", "track"]
