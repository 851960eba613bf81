"""detente: a workbench for agreements that hold.

One case file describes a conflict: parties, issues, what each wants. Each question is a
function of the case and returns one frozen result:

>>> import detente
>>> case = detente.load("korea")
>>> detente.concerns(case).feasible > 0
True
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from detente.model.result import Result

if TYPE_CHECKING:
    from detente.agreement import AgreeResult, ConcernsResult, Limits, agree, concerns
    from detente.case import Case, CaseError, bundled_cases, load
    from detente.case.exchange.convert import convert
    from detente.commitments import DraftResult, TrackResult, draft, track
    from detente.leverage.unlock import unlock
    from detente.leverage.unlock_result import UnlockResult
    from detente.model.check import CheckResult, check
    from detente.sequencing.roadmap import roadmap
    from detente.sequencing.roadmap_result import RoadmapResult
    from detente.stability.hold import hold
    from detente.stability.hold_result import HoldResult
    from detente.uncertainty.stress import stress
    from detente.uncertainty.stress_result import StressResult
    from detente.verification.confidence.confidence import confidence
    from detente.verification.confidence.confidence_result import ConfidenceResult
    from detente.verification.sampling.sample import sample
    from detente.verification.sampling.sample_result import SampleResult
    from detente.verification.verify import verify
    from detente.verification.verify_result import VerifyResult
    from detente.views.brief import Brief, brief

__version__ = "0.1.0"

_WHERE = {
    "AgreeResult": "detente.agreement",
    "Brief": "detente.views.brief",
    "Case": "detente.case",
    "CaseError": "detente.case",
    "CheckResult": "detente.model.check",
    "ConcernsResult": "detente.agreement",
    "ConfidenceResult": "detente.verification.confidence.confidence_result",
    "DraftResult": "detente.commitments",
    "HoldResult": "detente.stability.hold_result",
    "Limits": "detente.agreement",
    "RoadmapResult": "detente.sequencing.roadmap_result",
    "SampleResult": "detente.verification.sampling.sample_result",
    "StressResult": "detente.uncertainty.stress_result",
    "TrackResult": "detente.commitments",
    "UnlockResult": "detente.leverage.unlock_result",
    "VerifyResult": "detente.verification.verify_result",
    "agree": "detente.agreement",
    "brief": "detente.views.brief",
    "bundled_cases": "detente.case",
    "check": "detente.model.check",
    "concerns": "detente.agreement",
    "confidence": "detente.verification.confidence.confidence",
    "convert": "detente.case.exchange.convert",
    "draft": "detente.commitments",
    "hold": "detente.stability.hold",
    "load": "detente.case",
    "roadmap": "detente.sequencing.roadmap",
    "sample": "detente.verification.sampling.sample",
    "stress": "detente.uncertainty.stress",
    "track": "detente.commitments",
    "unlock": "detente.leverage.unlock",
    "verify": "detente.verification.verify",
}
"""Where each public name lives; imported when first used, so that starting is fast."""

__all__ = [
    "AgreeResult",
    "Brief",
    "Case",
    "CaseError",
    "CheckResult",
    "ConcernsResult",
    "ConfidenceResult",
    "DraftResult",
    "HoldResult",
    "Limits",
    "Result",
    "RoadmapResult",
    "SampleResult",
    "StressResult",
    "TrackResult",
    "UnlockResult",
    "VerifyResult",
    "__version__",
    "agree",
    "brief",
    "bundled_cases",
    "check",
    "concerns",
    "confidence",
    "convert",
    "draft",
    "hold",
    "load",
    "roadmap",
    "sample",
    "stress",
    "track",
    "unlock",
    "verify",
]


class _Views:
    """The presenter of results, imported when a result is first shown."""

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module("detente.views.presenting"), name)


Result.presenter = _Views()


_PACKAGES = frozenset(
    {
        "agreement",
        "case",
        "commitments",
        "leverage",
        "sequencing",
        "stability",
        "uncertainty",
        "verification",
        "views",
    }
)
"""Packages whose functions are public too; imported when first named."""


def __getattr__(name: str) -> Any:
    if name in _PACKAGES:
        return importlib.import_module(f"detente.{name}")
    if name not in _WHERE:
        raise AttributeError(f"module 'detente' has no attribute {name!r}")
    found = getattr(importlib.import_module(_WHERE[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__
