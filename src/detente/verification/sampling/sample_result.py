"""What ``sample`` answers: one frozen result, and its stable JSON document."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from detente.model.result import Result
from detente.verification.sampling.false_alarms import Alarms, second_look, silences
from detente.verification.sampling.window import Window, sample_margins

POINTS = 200
"""A curve has about so many points."""
REACH = 3
"""It goes to so many times the largest size that is of interest, or to all items."""


@dataclass(frozen=True)
class Stratum:
    """Items of one kind, and how many of them must be checked.

    Parameters
    ----------
    items
        How many there are.
    quantity
        What falsifying one of them yields.
    falsified
        How many would have to be falsified if all of the goal came from here.
    sampled
        How many must be checked; None where there is no plan.
    """

    items: int
    quantity: float
    falsified: int
    sampled: int | None


@dataclass(frozen=True)
class Stakes:
    """What cheating yields and what it puts at stake, for the window of sizes.

    Parameters
    ----------
    gain, loss
        A period: what the violation yields, and what is lost while an alarm is punished.
    discount
        Worth of the next period.
    punishment
        Length of the punishment in periods; None for ever.
    window
        For which sizes the agreement holds; its margin is in discounted units.
    margin
        By how much cheating does not pay under the plan, in discounted units.
    """

    gain: float
    loss: float
    discount: float
    punishment: int | None
    window: Window
    margin: float | None

    def a_period(self, margin: float) -> float:
        """A discounted margin on the scale of the values, per period."""
        return (1 - self.discount) * margin


@dataclass(frozen=True)
class CurvePoint:
    """What a sample of some size does.

    Parameters
    ----------
    sampled
        How many are checked.
    detection
        The chance to recognise more than the accepted number of falsified items.
    false_alarm
        The chance of an alarm where nothing is falsified.
    margin
        By how much cheating does not pay, a period; None where no stakes are given.
    """

    sampled: int
    detection: float
    false_alarm: float
    margin: float | None


@dataclass(frozen=True, repr=False)
class SampleResult(Result):
    """How many items must be checked, and what a sample of some size is good for.

    Parameters
    ----------
    items, falsified
        How many there are, and how many of them are falsified; None where the latter
        depends on the kinds of items.
    recognise
        Chance to recognise a falsified item that is checked.
    definition
        What detection means here.
    detect
        The chance of detection asked for; None where none is.
    possible
        Whether it can be reached; None where none is asked for.
    needed
        How many must be checked for it; None where none is asked for or it is out of reach.
    sampled
        How many the plan checks: as given, else ``needed``, else the best for the stakes.
    detection
        Chance to recognise more than ``accept`` falsified items with the plan.
    most
        The same where every item is checked; None with kinds of items.
    recognise_needed
        Where what is asked for is impossible: from which chance to recognise a falsified
        item on it would not be; None where some recognised items are accepted.
    simple, jaech
        ``needed`` by the simple formula and by Jaech's; None where they do not apply.
    false_alarm
        Chance that an intact item that is checked is taken for falsified.
    accept
        So many items may raise an alarm without the plan doing so.
    second_look
        Shares of true and of false item alarms that a second look keeps; None without one.
    alarm
        How likely the plan raises the alarm; None where there are no false alarms.
    levels
        How many must be checked for some usual chances; None where that is impossible.
    strata, goal
        The kinds of items, and the quantity that must not be diverted unnoticed.
    stakes
        What an agreement that is checked like this rests on; None where not given.
    """

    items: int
    falsified: int | None
    recognise: float
    definition: str
    detect: float | None = None
    possible: bool | None = None
    needed: int | None = None
    sampled: int | None = None
    detection: float | None = None
    most: float | None = None
    recognise_needed: float | None = None
    simple: int | None = None
    jaech: int | None = None
    false_alarm: float = 0.0
    accept: int = 0
    second_look: tuple[float, float] | None = None
    alarm: Alarms | None = None
    levels: tuple[tuple[float, int | None], ...] = ()
    strata: tuple[Stratum, ...] = ()
    goal: float | None = None
    stakes: Stakes | None = None
    case: None = field(default=None, init=False)

    def curve(self) -> tuple[CurvePoint, ...]:
        """What samples of other sizes do; empty with kinds of items."""
        if self.falsified is None:
            return ()
        sizes = np.array(self._sizes())
        keeps = self.second_look or (1, 1)
        hit, wrong = map(float, second_look(self.recognise, self.false_alarm, *keeps))
        seen = 1 - silences(
            self.items, self.falsified, sizes, hit, false_alarm=0, accept=self.accept
        )
        falsely = 1 - silences(self.items, 0, sizes, hit, false_alarm=wrong, accept=self.accept)
        margins: list[float | None] = [None] * len(sizes)
        if self.stakes is not None:
            stakes = self.stakes
            found = sample_margins(
                self.items,
                self.falsified,
                sizes,
                gain=stakes.gain,
                loss=stakes.loss,
                discount=stakes.discount,
                recognise=hit,
                false_alarm=wrong,
                accept=self.accept,
                periods=stakes.punishment,
            )
            margins = [stakes.a_period(margin) for margin in found.tolist()]
        rows = zip(sizes.tolist(), seen.tolist(), falsely.tolist(), margins, strict=True)
        return tuple(CurvePoint(*row) for row in rows)

    def _sizes(self) -> list[int]:
        """Sizes of interest, and evenly spaced ones around them."""
        marks = {size for size in (self.needed, self.sampled) if size is not None}
        if self.stakes is not None:
            marks.add(self.stakes.window.best)
            marks.update(end for run in self.stakes.window.sizes for end in run)
        last = min(self.items, REACH * max(marks)) if marks else self.items
        spaced = {round(last * place / POINTS) for place in range(POINTS + 1)}
        return sorted(spaced | marks)

    def to_dict(self) -> dict[str, Any]:
        """The document of ``detente sample --json``, without its envelope."""
        looks = self.second_look
        return {
            "definition": self.definition,
            "items": self.items,
            "falsified": self.falsified,
            "recognise": self.recognise,
            "detect": self.detect,
            "possible": self.possible,
            "needed": self.needed,
            "sampled": self.sampled,
            "detection": self.detection,
            "most": self.most,
            "recognise_needed": self.recognise_needed,
            "simple": self.simple,
            "jaech": self.jaech,
            "false_alarm": self.false_alarm,
            "accept": self.accept,
            "second_look": looks and {"keeps_true": looks[0], "keeps_false": looks[1]},
            "alarm": self.alarm and asdict(self.alarm),
            "levels": [{"detect": level, "needed": size} for level, size in self.levels],
            "goal": self.goal,
            "strata": [asdict(stratum) for stratum in self.strata],
            "window": self.stakes and _window(self.stakes),
        }


def _window(stakes: Stakes) -> dict[str, Any]:
    return {
        "gain": stakes.gain,
        "loss": stakes.loss,
        "discount": stakes.discount,
        "punishment": stakes.punishment,
        "sizes": [{"from": first, "to": last} for first, last in stakes.window.sizes],
        "best": stakes.window.best,
        "best_margin": stakes.a_period(stakes.window.margin),
        "margin": None if stakes.margin is None else stakes.a_period(stakes.margin),
    }
