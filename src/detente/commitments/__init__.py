"""Is the text fit to sign, and is it kept?"""

from __future__ import annotations

from detente.commitments.draft import draft
from detente.commitments.draft_result import DraftResult
from detente.commitments.track import track
from detente.commitments.track_result import TrackResult

__all__ = ["DraftResult", "TrackResult", "draft", "track"]
