"""Findings in a terminal: the same words as on the page, in eighty columns."""

from __future__ import annotations

from functools import singledispatch

from rich.console import RenderableType

from detente.agreement import AgreeResult, ConcernsResult
from detente.commitments import DraftResult, TrackResult
from detente.leverage.unlock_result import UnlockResult
from detente.model.check import CheckResult
from detente.model.result import Result
from detente.sequencing.roadmap_result import RoadmapResult
from detente.stability.hold_result import HoldResult
from detente.uncertainty.stress_result import StressResult
from detente.verification.confidence.confidence_result import ConfidenceResult
from detente.verification.sampling.sample_result import SampleResult
from detente.verification.verify_result import VerifyResult
from detente.views.terminal.agree import agree_blocks
from detente.views.terminal.check import check_blocks
from detente.views.terminal.concerns import concerns_blocks
from detente.views.terminal.confidence import confidence_blocks
from detente.views.terminal.draft import draft_blocks
from detente.views.terminal.hold import hold_blocks
from detente.views.terminal.roadmap import roadmap_blocks
from detente.views.terminal.sample import sample_blocks
from detente.views.terminal.stress import stress_blocks
from detente.views.terminal.track import track_blocks
from detente.views.terminal.unlock import unlock_blocks
from detente.views.terminal.verify import verify_blocks


@singledispatch
def blocks(result: Result) -> list[RenderableType]:
    """What a terminal shows of a result."""
    raise TypeError(f"there is no terminal view of {type(result).__name__}")


blocks.register(CheckResult, check_blocks)
blocks.register(ConcernsResult, concerns_blocks)
blocks.register(AgreeResult, agree_blocks)
blocks.register(DraftResult, draft_blocks)
blocks.register(TrackResult, track_blocks)
blocks.register(VerifyResult, verify_blocks)
blocks.register(RoadmapResult, roadmap_blocks)
blocks.register(HoldResult, hold_blocks)
blocks.register(StressResult, stress_blocks)
blocks.register(UnlockResult, unlock_blocks)
blocks.register(ConfidenceResult, confidence_blocks)
blocks.register(SampleResult, sample_blocks)
