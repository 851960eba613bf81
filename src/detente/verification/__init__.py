"""How much verification does an agreement need, and what is the cheapest way to get it?

Under the front :func:`detente.verify` lie pure functions on numbers and arrays; the usual ones
are at hand here, the rest in the modules. Each is imported when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.verification.attribution import attributable
    from detente.verification.belief import ceiling, inspections_needed, posterior
    from detente.verification.critical import (
        critical_detection,
        critical_discount,
        critical_false_alarm,
        shortest_punishment,
    )
    from detente.verification.enforcement import annuity, least_value_loss, necessary_margin, stake
    from detente.verification.false_alarms import alarm_probabilities, second_look
    from detente.verification.inspection_game import inspection_probability, inspection_value
    from detente.verification.joint import joint_critical_detection, margin, margins
    from detente.verification.sample_result import SampleResult
    from detente.verification.sampling import (
        detection_probability,
        exact_detection_probability,
        jaech_sample_size,
        recognition_needed,
        sample_size,
        simple_sample_size,
    )
    from detente.verification.schedules import rotation_plan
    from detente.verification.shared_stake import independent_plan
    from detente.verification.strata import items_for_goal, strata_sample_sizes
    from detente.verification.verify_result import VerifyResult
    from detente.verification.violation_rate import violation_rate
    from detente.verification.window import sample_margins, sample_window, transparency_window

_WHERE = {
    "SampleResult": "sample_result",
    "VerifyResult": "verify_result",
    "alarm_probabilities": "false_alarms",
    "annuity": "enforcement",
    "attributable": "attribution",
    "ceiling": "belief",
    "critical_detection": "critical",
    "critical_discount": "critical",
    "critical_false_alarm": "critical",
    "detection_probability": "sampling",
    "exact_detection_probability": "sampling",
    "independent_plan": "shared_stake",
    "inspection_probability": "inspection_game",
    "inspection_value": "inspection_game",
    "inspections_needed": "belief",
    "items_for_goal": "strata",
    "jaech_sample_size": "sampling",
    "joint_critical_detection": "joint",
    "least_value_loss": "enforcement",
    "margin": "joint",
    "margins": "joint",
    "necessary_margin": "enforcement",
    "posterior": "belief",
    "recognition_needed": "sampling",
    "rotation_plan": "schedules",
    "sample_margins": "window",
    "sample_size": "sampling",
    "sample_window": "window",
    "second_look": "false_alarms",
    "shortest_punishment": "critical",
    "simple_sample_size": "sampling",
    "stake": "enforcement",
    "strata_sample_sizes": "strata",
    "transparency_window": "window",
    "violation_rate": "violation_rate",
}
"""In which module each public name lives."""

__all__ = [
    "SampleResult",
    "VerifyResult",
    "alarm_probabilities",
    "annuity",
    "attributable",
    "ceiling",
    "critical_detection",
    "critical_discount",
    "critical_false_alarm",
    "detection_probability",
    "exact_detection_probability",
    "independent_plan",
    "inspection_probability",
    "inspection_value",
    "inspections_needed",
    "items_for_goal",
    "jaech_sample_size",
    "joint_critical_detection",
    "least_value_loss",
    "margin",
    "margins",
    "necessary_margin",
    "posterior",
    "recognition_needed",
    "rotation_plan",
    "sample_margins",
    "sample_size",
    "sample_window",
    "second_look",
    "shortest_punishment",
    "simple_sample_size",
    "stake",
    "strata_sample_sizes",
    "transparency_window",
    "violation_rate",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'detente.verification' has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return __all__
