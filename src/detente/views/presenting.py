"""How results show themselves: what :class:`detente.model.result.Result` is plugged into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.agreement import AgreeResult, ConcernsResult
from detente.commitments import DraftResult, TrackResult
from detente.leverage.unlock_result import UnlockResult
from detente.model.result import Result
from detente.sequencing.roadmap_result import RoadmapResult
from detente.stability.hold_result import HoldResult
from detente.uncertainty.stress_result import StressResult
from detente.verification.confidence.confidence_result import ConfidenceResult
from detente.verification.sampling.sample_result import SampleResult
from detente.verification.verify_result import VerifyResult

if TYPE_CHECKING:
    import altair
    import pandas

    from detente.views.notebook.figure import Drawing


def table(result: Result) -> pandas.DataFrame:
    """The main table."""
    from detente.views.tables import frame

    return frame(result)


def chart(result: Result) -> Drawing:
    """The main chart, drawn without a network in a notebook; TypeError where there is none."""
    from detente.views.notebook.figure import self_showing

    return self_showing(_chart(result), result.handling)


def _chart(result: Result) -> altair.LayerChart:
    from detente.views.charts import agree_chart, concerns_chart
    from detente.views.confidence_chart import confidence_chart
    from detente.views.hold.charts import hold_chart
    from detente.views.roadmap.charts import roadmap_chart
    from detente.views.sample_chart import sample_chart
    from detente.views.scoreboards import track_chart
    from detente.views.stress.charts import stress_chart
    from detente.views.timelines import draft_chart
    from detente.views.unlock.charts import unlock_chart
    from detente.views.verification_charts import verify_chart

    if isinstance(result, DraftResult):
        return draft_chart(result)
    if isinstance(result, TrackResult):
        return track_chart(result)
    if isinstance(result, VerifyResult):
        return verify_chart(result)
    if isinstance(result, RoadmapResult):
        return roadmap_chart(result)
    if isinstance(result, HoldResult):
        return hold_chart(result)
    if isinstance(result, StressResult):
        return stress_chart(result)
    if isinstance(result, UnlockResult):
        return unlock_chart(result)
    if isinstance(result, AgreeResult):
        return agree_chart(result)
    if isinstance(result, ConcernsResult):
        return concerns_chart(result)
    if isinstance(result, ConfidenceResult):
        return confidence_chart(result)
    if isinstance(result, SampleResult):
        return sample_chart(result)
    raise TypeError(f"there is no chart of {type(result).__name__}")


def text(result: Result) -> str:
    """The findings as plain text in eighty columns."""
    from detente.views.terminal import blocks
    from detente.views.terminal.layout import plain

    return plain(blocks(result))


def html(result: Result) -> str:
    """The findings for a notebook: sentences, tables and the chart, without scripts."""
    from detente.views.notebook.output import output

    try:
        drawn = _chart(result)
    except (TypeError, ValueError):  # it has none, or there is nothing to draw
        drawn = None
    return output(result, drawn)
