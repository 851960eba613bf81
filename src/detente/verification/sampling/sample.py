"""The question ``sample``: how many items must be checked, and what is a sample good for?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, SupportsFloat, SupportsIndex

from detente.case.errors import CaseError, Problem
from detente.model.sentences import say
from detente.verification.domain import (
    amount,
    at_most_all,
    count,
    discount_factor,
    exact,
    exact_probability,
)
from detente.verification.sampling.false_alarms import FALSE_ALARM, Alarms, alarm_probabilities
from detente.verification.sampling.false_alarms import second_look as after_second_look
from detente.verification.sampling.sample_result import SampleResult, Stakes, Stratum
from detente.verification.sampling.sizes import (
    ACCEPT,
    DETECTION,
    FALSIFIED,
    ITEMS,
    RECOGNISE,
    SAMPLED,
    detection_probability,
    jaech_sample_size,
    recognition_needed,
    sample_size,
    simple_sample_size,
)
from detente.verification.sampling.strata import GOAL, QUANTITY, items_for_goal, strata_sample_sizes
from detente.verification.sampling.window import sample_margins, sample_window

LEVELS = tuple(Fraction(share, 100) for share in (50, 80, 90, 95, 99))
"""Usual chances of detection."""


def sample(
    items: SupportsIndex | None = None,
    falsified: SupportsIndex | None = None,
    detect: SupportsFloat | None = None,
    sampled: SupportsIndex | None = None,
    *,
    recognise: SupportsFloat = 1,
    false_alarm: SupportsFloat = 0,
    accept: SupportsIndex = 0,
    second_look: tuple[SupportsFloat, SupportsFloat] | None = None,
    gain: SupportsFloat | None = None,
    loss: SupportsFloat | None = None,
    discount: SupportsFloat | None = None,
    punishment: SupportsIndex | None = None,
    strata: Sequence[tuple[SupportsIndex, SupportsFloat]] = (),
    goal: SupportsFloat | None = None,
) -> SampleResult:
    """How many items must be checked to find what is falsified?

    Give ``detect`` to be told how many, ``sampled`` to be told what a sample is good for, or
    ``gain``, ``loss`` and ``discount`` to be told for which sizes an agreement holds that is
    checked like this; or several of them.

    Parameters
    ----------
    items, falsified
        How many items there are, at least 1, and how many of them are falsified, at least 1.
    detect
        Chance asked for, from 0 to 1, to recognise more than ``accept`` falsified items;
        false alarms do not count as finding.
    sampled
        How many items the plan checks, drawn without replacement; from 0 to ``items``.
    recognise
        Chance that a falsified item that is checked is recognised; from 0 to 1.
    false_alarm
        Chance that an intact item that is checked is taken for falsified; from 0 to 1.
    accept
        So many items may raise an alarm without the plan doing so; at least 0.
    second_look
        Shares of true and of false item alarms that looking again keeps; from 0 to 1.
    gain, loss, discount
        What one violation yields a period, what is lost a period while an alarm is punished
        (both at least 0, in the unit of the values), and the worth of the next period, from
        0 to below 1. A period is one round of inspections.
    punishment
        Its length in periods; for ever if left out.
    strata, goal
        Instead of ``items`` and ``falsified``: the kinds of items, each with its number and
        with what falsifying one yields, and the quantity that must not be diverted
        unnoticed, however it is split over the kinds. They go with ``detect`` and
        ``recognise`` alone.

    Returns
    -------
    SampleResult

    Raises
    ------
    CaseError
        Where something is missing or does not go together.
    ValueError
        Where a number is outside its domain.

    Examples
    --------
    >>> import detente
    >>> plan = detente.sample(100, 5, 0.9)
    >>> plan.needed, round(plan.detection, 4)
    (37, 0.9066)
    """
    terms = (gain, loss, discount)
    if strata or goal is not None:
        others = (items, falsified, sampled, second_look, *terms, punishment)
        if any(value is not None for value in others) or false_alarm or accept:
            what = "kinds of items go with a goal, detect and recognise alone"
            raise CaseError(Problem(what, "leave the other numbers out"))
        return _by_strata(strata, goal, detect, recognise)
    if items is None or falsified is None:
        what = "it is not said how many items there are and how many of them are falsified"
        raise CaseError(Problem(what, "give items and falsified, or the strata and a goal"))
    wanting = sum(value is None for value in terms)
    if wanting in (1, 2) or (wanting and punishment is not None):
        what = "the sizes for which an agreement holds follow from gain, loss and discount"
        raise CaseError(Problem(what, "give all three, or none of them and no punishment"))
    if wanting and detect is None and sampled is None:
        what = "nothing is asked: there is no chance of detection and no sample size"
        raise CaseError(Problem(what, "give detect, sampled, or gain with loss and discount"))
    plan = _plan(items, falsified, recognise, false_alarm, accept, looks=second_look)
    level = None if detect is None else exact_probability(DETECTION, detect)
    drawn = None if sampled is None else at_most_all(SAMPLED, sampled, plan.items)
    found = None
    if gain is not None and loss is not None and discount is not None:
        found = _stakes(plan, gain, loss, discount, punishment)
    return _answer(plan, level, drawn, found)


@dataclass(frozen=True)
class _Plan:
    """What is checked and how well: ``hit`` and ``wrong`` are what a second look leaves."""

    items: int
    falsified: int
    recognise: Fraction
    false_alarm: Fraction
    accept: int
    second_look: tuple[float, float] | None
    hit: Fraction
    wrong: Fraction

    def needed(self, level: Fraction) -> int | None:
        return sample_size(self.items, self.falsified, level, self.hit, self.accept)

    def detection(self, drawn: int) -> float:
        return detection_probability(self.items, self.falsified, drawn, self.hit, self.accept)

    def alarms(self, drawn: int) -> Alarms | None:
        if not self.wrong:
            return None
        return alarm_probabilities(
            self.items,
            self.falsified,
            drawn,
            self.hit,
            false_alarm=self.wrong,
            accept=self.accept,
        )


def _plan(
    items: SupportsIndex,
    falsified: SupportsIndex,
    recognise: SupportsFloat,
    false_alarm: SupportsFloat,
    accept: SupportsIndex,
    *,
    looks: tuple[SupportsFloat, SupportsFloat] | None,
) -> _Plan:
    total = count(ITEMS, items, 1)
    hit, wrong = after_second_look(recognise, false_alarm, *(looks or (1, 1)))
    return _Plan(
        total,
        at_most_all(FALSIFIED, falsified, total, 1),
        exact(RECOGNISE, recognise),
        exact(FALSE_ALARM, false_alarm),
        count(ACCEPT, accept),
        None if looks is None else (float(looks[0]), float(looks[1])),
        hit,
        wrong,
    )


def _stakes(
    plan: _Plan,
    gain: SupportsFloat,
    loss: SupportsFloat,
    discount: SupportsFloat,
    punishment: SupportsIndex | None,
) -> Stakes:
    """The window, with the margin of its best size for that of the plan."""
    tempted, lost = amount("the gain", gain), amount("the loss", loss)
    length = None if punishment is None else count("the length of the punishment", punishment)
    later = discount_factor("the discount factor", discount)
    found = sample_window(
        plan.items,
        plan.falsified,
        gain=tempted,
        loss=lost,
        discount=later,
        recognise=plan.hit,
        false_alarm=plan.wrong,
        accept=plan.accept,
        periods=length,
    )
    return Stakes(tempted, lost, later, length, found, found.margin)


def _margin(plan: _Plan, stakes: Stakes, drawn: int) -> float:
    (margin,) = sample_margins(
        plan.items,
        plan.falsified,
        drawn,
        gain=stakes.gain,
        loss=stakes.loss,
        discount=stakes.discount,
        recognise=plan.hit,
        false_alarm=plan.wrong,
        accept=plan.accept,
        periods=stakes.punishment,
    ).tolist()
    return float(margin)


def _answer(
    plan: _Plan, level: Fraction | None, drawn: int | None, stakes: Stakes | None
) -> SampleResult:
    asked = {} if level is None else _asked(plan, level)
    if drawn is None:
        drawn = asked["needed"] if asked or stakes is None else stakes.window.best
    if stakes is not None:
        stakes = replace(stakes, margin=None if drawn is None else _margin(plan, stakes, drawn))
    levels = {*LEVELS, *([] if level is None else [level])}
    key = "several" if plan.accept else "one"
    return SampleResult(
        plan.items,
        plan.falsified,
        float(plan.recognise),
        say(f"sample.definition.{key}", accept=plan.accept),
        sampled=drawn,
        detection=None if drawn is None else plan.detection(drawn),
        most=plan.detection(plan.items),
        false_alarm=float(plan.false_alarm),
        accept=plan.accept,
        second_look=plan.second_look,
        alarm=None if drawn is None else plan.alarms(drawn),
        levels=tuple((float(each), plan.needed(each)) for each in sorted(levels)),
        stakes=stakes,
        **asked,
    )


def _asked(plan: _Plan, level: Fraction) -> dict[str, Any]:
    """What there is to say of a level; the usual formulas know no acceptance number."""
    needed, bad = plan.needed(level), plan.falsified
    asked = {"detect": float(level), "possible": needed is not None, "needed": needed}
    if plan.accept:
        return asked
    if needed is None:
        return {**asked, "recognise_needed": recognition_needed(bad, level)}
    return {
        **asked,
        "simple": simple_sample_size(plan.items, bad, level, plan.hit),
        "jaech": jaech_sample_size(plan.items, bad, level) if plan.hit == 1 else None,
    }


def _by_strata(
    strata: Sequence[tuple[SupportsIndex, SupportsFloat]],
    goal: SupportsFloat | None,
    detect: SupportsFloat | None,
    recognise: SupportsFloat,
) -> SampleResult:
    if not strata or goal is None or detect is None:
        what = "kinds of items, a goal and a chance of detection belong together"
        raise CaseError(Problem(what, "give strata, goal and detect"))
    sizes = strata_sample_sizes(strata, goal, detect, recognise)
    rows = tuple(
        Stratum(count(ITEMS, items), float(quantity), items_for_goal(goal, quantity), size)
        for (items, quantity), size in zip(strata, sizes or [None] * len(strata), strict=True)
    )
    if sum(row.items * exact(QUANTITY, row.quantity) for row in rows) < exact(GOAL, goal):
        what = f"all items together yield less than the goal of {float(goal):.12g}"
        raise CaseError(Problem(what, "there is nothing to detect; correct the strata or the goal"))
    return SampleResult(
        sum(row.items for row in rows),
        None,
        float(recognise),
        say("sample.definition.strata"),
        detect=float(detect),
        possible=sizes is not None,
        needed=None if sizes is None else sum(sizes),
        sampled=None if sizes is None else sum(sizes),
        strata=rows,
        goal=float(goal),
    )
