"""How much verification does an agreement need, and what is the cheapest way to get it?

Under the front :func:`detente.verify` lie pure functions on numbers and arrays; the usual ones
are at hand here, the rest in the modules. Each is imported when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.verification.confidence.belief import (
        after_alarm,
        ceiling,
        inspections_needed,
        posterior,
        trust_threshold,
    )
    from detente.verification.confidence.beta_mixture import violation_rate
    from detente.verification.formulas.attribution import attributable
    from detente.verification.formulas.breakout import dash, timely_detection
    from detente.verification.formulas.critical import (
        critical_detection,
        critical_discount,
        critical_false_alarm,
        shortest_punishment,
    )
    from detente.verification.formulas.enforcement import (
        annuity,
        least_value_loss,
        necessary_margin,
        stake,
    )
    from detente.verification.formulas.joint import joint_critical_detection, margin, margins
    from detente.verification.formulas.lag import largest_gain
    from detente.verification.inspections.allocation import Site, allocate
    from detente.verification.inspections.inspection_game import (
        inspection_probability,
        inspection_value,
        inspection_value_imperfect,
    )
    from detente.verification.inspections.schedules import (
        best_within,
        rotation_plan,
        systematic_sample,
    )
    from detente.verification.inspections.shared_stake import independent_plan
    from detente.verification.sampling.false_alarms import alarm_probabilities, second_look
    from detente.verification.sampling.sample_result import SampleResult
    from detente.verification.sampling.sizes import (
        detection_probability,
        exact_detection_probability,
        jaech_sample_size,
        recognition_needed,
        sample_size,
        simple_sample_size,
    )
    from detente.verification.sampling.strata import items_for_goal, strata_sample_sizes
    from detente.verification.sampling.window import (
        sample_margins,
        sample_window,
        transparency_window,
    )
    from detente.verification.verify_result import VerifyResult

_WHERE = {
    "SampleResult": "sampling.sample_result",
    "Site": "inspections.allocation",
    "VerifyResult": "verify_result",
    "after_alarm": "confidence.belief",
    "alarm_probabilities": "sampling.false_alarms",
    "allocate": "inspections.allocation",
    "annuity": "formulas.enforcement",
    "attributable": "formulas.attribution",
    "best_within": "inspections.schedules",
    "ceiling": "confidence.belief",
    "critical_detection": "formulas.critical",
    "critical_discount": "formulas.critical",
    "critical_false_alarm": "formulas.critical",
    "dash": "formulas.breakout",
    "detection_probability": "sampling.sizes",
    "exact_detection_probability": "sampling.sizes",
    "independent_plan": "inspections.shared_stake",
    "inspection_probability": "inspections.inspection_game",
    "inspection_value": "inspections.inspection_game",
    "inspection_value_imperfect": "inspections.inspection_game",
    "inspections_needed": "confidence.belief",
    "items_for_goal": "sampling.strata",
    "jaech_sample_size": "sampling.sizes",
    "joint_critical_detection": "formulas.joint",
    "largest_gain": "formulas.lag",
    "least_value_loss": "formulas.enforcement",
    "margin": "formulas.joint",
    "margins": "formulas.joint",
    "necessary_margin": "formulas.enforcement",
    "posterior": "confidence.belief",
    "recognition_needed": "sampling.sizes",
    "rotation_plan": "inspections.schedules",
    "sample_margins": "sampling.window",
    "sample_size": "sampling.sizes",
    "sample_window": "sampling.window",
    "second_look": "sampling.false_alarms",
    "shortest_punishment": "formulas.critical",
    "simple_sample_size": "sampling.sizes",
    "stake": "formulas.enforcement",
    "strata_sample_sizes": "sampling.strata",
    "systematic_sample": "inspections.schedules",
    "timely_detection": "formulas.breakout",
    "transparency_window": "sampling.window",
    "trust_threshold": "confidence.belief",
    "violation_rate": "confidence.beta_mixture",
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
