"""How much verification does an agreement need, and what is the cheapest way to get it?

Under the front :func:`detente.verify` lie pure functions on numbers and arrays; the usual ones
are at hand here, the rest in the modules. Each is imported when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.verification.allocation import Site, allocate
    from detente.verification.attribution import attributable
    from detente.verification.belief import (
        after_alarm,
        ceiling,
        inspections_needed,
        posterior,
        trust_threshold,
    )
    from detente.verification.beta_mixture import violation_rate
    from detente.verification.breakout import dash, timely_detection
    from detente.verification.critical import (
        critical_detection,
        critical_discount,
        critical_false_alarm,
        shortest_punishment,
    )
    from detente.verification.enforcement import annuity, least_value_loss, necessary_margin, stake
    from detente.verification.false_alarms import alarm_probabilities, second_look
    from detente.verification.inspection_game import (
        inspection_probability,
        inspection_value,
        inspection_value_imperfect,
    )
    from detente.verification.joint import joint_critical_detection, margin, margins
    from detente.verification.lag import largest_gain
    from detente.verification.sample_result import SampleResult
    from detente.verification.sampling import (
        detection_probability,
        exact_detection_probability,
        jaech_sample_size,
        recognition_needed,
        sample_size,
        simple_sample_size,
    )
    from detente.verification.schedules import best_within, rotation_plan, systematic_sample
    from detente.verification.shared_stake import independent_plan
    from detente.verification.strata import items_for_goal, strata_sample_sizes
    from detente.verification.verify_result import VerifyResult
    from detente.verification.window import sample_margins, sample_window, transparency_window

_WHERE = {
    "SampleResult": "sample_result",
    "Site": "allocation",
    "VerifyResult": "verify_result",
    "after_alarm": "belief",
    "alarm_probabilities": "false_alarms",
    "allocate": "allocation",
    "annuity": "enforcement",
    "attributable": "attribution",
    "best_within": "schedules",
    "ceiling": "belief",
    "critical_detection": "critical",
    "critical_discount": "critical",
    "critical_false_alarm": "critical",
    "dash": "breakout",
    "detection_probability": "sampling",
    "exact_detection_probability": "sampling",
    "independent_plan": "shared_stake",
    "inspection_probability": "inspection_game",
    "inspection_value": "inspection_game",
    "inspection_value_imperfect": "inspection_game",
    "inspections_needed": "belief",
    "items_for_goal": "strata",
    "jaech_sample_size": "sampling",
    "joint_critical_detection": "joint",
    "largest_gain": "lag",
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
    "systematic_sample": "schedules",
    "timely_detection": "breakout",
    "transparency_window": "window",
    "trust_threshold": "belief",
    "violation_rate": "beta_mixture",
}
"""In which module each public name lives."""

__all__ = [
    "SampleResult",
    "Site",
    "VerifyResult",
    "after_alarm",
    "alarm_probabilities",
    "allocate",
    "annuity",
    "attributable",
    "best_within",
    "ceiling",
    "critical_detection",
    "critical_discount",
    "critical_false_alarm",
    "dash",
    "detection_probability",
    "exact_detection_probability",
    "independent_plan",
    "inspection_probability",
    "inspection_value",
    "inspection_value_imperfect",
    "inspections_needed",
    "items_for_goal",
    "jaech_sample_size",
    "joint_critical_detection",
    "largest_gain",
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
    "systematic_sample",
    "timely_detection",
    "transparency_window",
    "trust_threshold",
    "violation_rate",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'detente.verification' has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return __all__
