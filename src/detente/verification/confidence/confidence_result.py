"""What ``confidence`` answers: one frozen result, and its stable JSON document."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from detente.model.result import Result
from detente.verification.confidence.record import NAMES
from detente.verification.confidence.two_states import Outcome


@dataclass(frozen=True)
class Rate:
    """In what share of periods the terms are broken, as far as the record tells.

    Parameters
    ----------
    mean
        The share on average, in [0, 1].
    bound_95
        The share that it stays below with probability 0.95.
    definition
        What is assumed.
    """

    mean: float
    bound_95: float
    definition: str


@dataclass(frozen=True)
class Trust:
    """What a step asks for whose success depends on the other side.

    Parameters
    ----------
    success, exploited, stay
        What it is worth if the other side complies, if it does not, and what staying put is
        worth.
    threshold
        The least confidence with which the step is worth taking, in [0, 1]; None where it
        is not even if it succeeds.
    inspections_needed
        Clean inspections from now until then; None where no number does.
    why_not
        Why none does, in words.
    """

    success: float
    exploited: float
    stay: float
    threshold: float | None
    inspections_needed: int | None
    why_not: str | None


@dataclass(frozen=True, repr=False)
class ConfidenceResult(Result):
    """How confidence in compliance moves with a record of inspections.

    Parameters
    ----------
    prior
        Confidence before the first period: a judgement.
    detect, false_alarm
        Probability of an alarm per inspection where the terms are broken, and where kept.
    lapse, cure
        Probability per period that who keeps the terms begins to break them, and that who
        breaks them returns to them.
    record
        What each period brought: True an alarm, False a clean inspection, None none.
    supposed
        Whether the record is only supposed (all clean), as none was given. Then *now* is
        before its first period, else after its last.
    confidence
        After each period.
    alarm_means
        After each period: the probability that an alarm in the next one would mean a
        violation; None where there are no alarms.
    ceiling
        What an endless clean record leads to; None where it leads nowhere of its own.
    without_inspections
        What endless silence leads to; None where nothing moves.
    needed, inspections_needed, why_not
        The level that is needed, the clean inspections from now until it is reached, None
        where no number does, and then why, in words.
    after_alarm
        The probability that an alarm in the next period would mean a violation.
    rate
        The record read as a share of periods in which the terms are broken.
    trust
        What a step asks for; None where none was given.
    definition
        What confidence is, and what is assumed.
    case
        None: the question needs no case.
    """

    prior: float
    detect: float
    false_alarm: float
    lapse: float
    cure: float
    record: tuple[Outcome, ...]
    supposed: bool
    confidence: tuple[float, ...]
    alarm_means: tuple[float | None, ...]
    ceiling: float | None
    without_inspections: float | None
    needed: float | None
    inspections_needed: int | None
    why_not: str | None
    after_alarm: float | None
    rate: Rate
    trust: Trust | None
    definition: str
    case: None = field(default=None, init=False)

    @property
    def now(self) -> float:
        """Confidence today: after a record that was given, else the prior."""
        return self.prior if self.supposed else self.confidence[-1]

    def to_dict(self) -> dict[str, Any]:
        """The document of ``detente confidence --json``, without its envelope."""
        return {
            "definition": self.definition,
            "prior": self.prior,
            "detect": self.detect,
            "false_alarm": self.false_alarm,
            "lapse": self.lapse,
            "cure": self.cure,
            "record": [NAMES[outcome] for outcome in self.record],
            "supposed": self.supposed,
            "confidence": list(self.confidence),
            "alarm_means": list(self.alarm_means),
            "ceiling": self.ceiling,
            "without_inspections": self.without_inspections,
            "needed": self.needed,
            "inspections_needed": self.inspections_needed,
            "why_not": self.why_not,
            "after_alarm": self.after_alarm,
            "rate": asdict(self.rate),
            "trust": None if self.trust is None else asdict(self.trust),
        }
