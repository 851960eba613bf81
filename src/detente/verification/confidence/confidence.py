"""How confident may one be, after a record of inspections, that the terms are kept?"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import SupportsFloat

from detente.model.sentences import say
from detente.verification.confidence import belief
from detente.verification.confidence.beta_mixture import violation_rate
from detente.verification.confidence.confidence_result import ConfidenceResult, Rate, Trust
from detente.verification.confidence.record import check_length, read_record, tally
from detente.verification.confidence.two_states import Outcome
from detente.verification.domain import count, exact_probability, probability

BOUND = 0.95
"""Probability with which the violation rate stays below its bound."""


def confidence(
    detect: SupportsFloat,
    *,
    prior: SupportsFloat = 0.5,
    false_alarm: SupportsFloat = 0,
    record: str | Sequence[Outcome] | None = None,
    lapse: SupportsFloat = 0,
    cure: SupportsFloat = 0,
    periods: int = 24,
    needed: SupportsFloat | None = None,
    trust: tuple[SupportsFloat, SupportsFloat, SupportsFloat] | None = None,
) -> ConfidenceResult:
    """How confident may one be, after a record of inspections, that the terms are kept?

    Parameters
    ----------
    detect, false_alarm
        Probability that an inspection raises the alarm where the terms are broken, and where
        they are kept, in [0, 1]; the first not below the second. Where they are equal,
        inspections say nothing and confidence moves with lapse and cure alone.
    prior
        Confidence before the first period, in [0, 1]: a judgement.
    record
        What each period brought: True an alarm, False a clean inspection, None no inspection;
        or the same in words, ``"clean*5, alarm, none"``. Without one, a clean record is
        supposed, and everything that begins now begins from the prior.
    lapse, cure
        Probability per period that who keeps the terms begins to break them, and that who
        breaks them returns to them, in [0, 1] and together at most 1.
    periods
        Length of the clean record that is supposed where none is given, from 1.
    needed
        The confidence that the next step asks for, in [0, 1].
    trust
        What a step is worth if the other side complies, if it does not, and what staying put
        is worth, in one unit; the first above the second. It gives the confidence that the
        step asks for.

    Returns
    -------
    ConfidenceResult

    Raises
    ------
    ValueError
        Where a number is outside its domain, or the record cannot happen with these numbers.
    CaseError
        Where a word of the record is none, or the record is empty or has more than 10,000
        periods.

    Examples
    --------
    >>> import detente
    >>> found = detente.confidence(0.3, false_alarm=0.02, needed=0.95)
    >>> found.inspections_needed, found.ceiling, round(found.after_alarm, 4)
    (9, 1.0, 0.9375)
    """
    supposed = record is None
    passed = _record(record, count("the number of periods", periods, 1))
    start = probability("the prior", prior)
    chances = (
        probability("the detection probability", detect),
        probability("the false-alarm probability", false_alarm),
        probability("the lapse probability", lapse),
        probability("the cure probability", cure),
    )
    level = None if needed is None else exact_probability("the confidence that is needed", needed)
    path = tuple(belief.posterior(start, passed, *chances).tolist())
    question = _Question(start, () if supposed else passed, chances)
    means = tuple(question.alarm_means(value) for value in (start, *path))
    steps, why_not = (None, None) if level is None else question.inspections_needed(level)
    return ConfidenceResult(
        start,
        *chances,
        record=passed,
        supposed=supposed,
        confidence=path,
        alarm_means=means[1:],
        ceiling=question.ceiling,
        without_inspections=belief.limit_without_inspections(*chances[2:]),
        needed=None if level is None else float(level),
        inspections_needed=steps,
        why_not=why_not,
        after_alarm=means[0] if supposed else means[-1],
        rate=_rate(passed, *chances[:2]),
        trust=None if trust is None else question.trust(*trust),
        definition=say("confidence.definition"),
    )


class _Question:
    """What is asked of the future, from the end of a record.

    Parameters
    ----------
    prior
        Confidence before the record.
    record
        What has passed.
    chances
        Detection, false alarm, lapse and cure.
    """

    def __init__(
        self,
        prior: float,
        record: Sequence[Outcome],
        chances: tuple[float, float, float, float],
    ) -> None:
        self.prior, self.record, self.chances = prior, record, chances
        self.ceiling = belief.ceiling(*chances)

    def inspections_needed(self, level: Fraction) -> tuple[int | None, str | None]:
        """Clean inspections until a level, or why no number does."""
        steps = belief.inspections_needed(self.prior, level, *self.chances, record=self.record)
        return steps, None if steps is not None else self._why_not(level)

    def alarm_means(self, confidence: float) -> float | None:
        """The chance that an alarm in the next period would mean a violation."""
        detect, false_alarm, lapse, cure = self.chances
        before = belief.predicted(confidence, lapse, cure)
        return belief.after_alarm(before, detect, false_alarm)

    def trust(self, success: SupportsFloat, exploited: SupportsFloat, stay: SupportsFloat) -> Trust:
        """What a step asks for."""
        threshold = belief.exact_threshold(success, exploited, stay)
        worth = float(success), float(exploited), float(stay)
        if threshold is None:
            return Trust(*worth, None, None, say("confidence.never.stay"))
        return Trust(*worth, float(threshold), *self.inspections_needed(threshold))

    def _why_not(self, level: Fraction) -> str:
        detect, false_alarm, _, cure = self.chances
        if detect == false_alarm:
            return say("confidence.never.silent")
        if not cure and not self.prior:
            return say("confidence.never.start")
        if self.ceiling is None:
            return say("confidence.never.clean")
        return say("confidence.never.certain" if self.ceiling == 1 else "confidence.never.ceiling")


def _record(record: str | Sequence[Outcome] | None, periods: int) -> tuple[Outcome, ...]:
    if record is None:
        check_length(periods)
        return (False,) * periods
    if isinstance(record, str):
        return read_record(record)
    check_length(len(record))
    return tuple(record)


def _rate(record: Sequence[Outcome], detect: float, false_alarm: float) -> Rate:
    brought = tally(record)
    alarms, clean = brought.get(True, 0), brought.get(False, 0)
    found = violation_rate(alarms + clean, alarms, detect, false_alarm)
    return Rate(found.mean, found.quantile(BOUND), say("confidence.rate_definition"))
