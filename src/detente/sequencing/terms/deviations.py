"""Every way to leave a road that is one order, with its margin at every moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from detente.model.problem import Floats
from detente.sequencing.answer import Deviation
from detente.sequencing.terms.discounted import Discounted
from detente.sequencing.terms.patient import Patient
from detente.sequencing.terms.withholding import withheld


@dataclass(frozen=True, eq=False)
class Way:
    """One way to leave at one moment.

    Parameters
    ----------
    step, deviation, parts
        As :class:`detente.sequencing.answer.Margin`.
    margin
        Going on less deviating: one number, or where numbers are drawn one for each coding.
    detection
        Of a hidden one the chance per period that verification finds it, as the margin; None
        where it is done openly.
    takes
        Of a dash the periods to its prize; 0 for what goes on until it is found.
    """

    step: int
    deviation: Deviation
    parts: tuple[str, ...]
    margin: Floats
    detection: Floats | None = None
    takes: int = 0

    @property
    def moment(self) -> int:
        """How many steps are done when it is decided on: withholding comes with the next one."""
        return self.step - (self.deviation == "withhold")


def deviations(terms: Discounted | Patient) -> Iterator[Way]:
    """The ways of one party to leave one order.

    Parameters
    ----------
    terms
        The party, on a road that is one order.

    Yields
    ------
    way
        Of open withholding the best part of each step; where numbers are drawn it is not named,
        for it is another in every coding.
    """
    worth, last = terms.promises(), terms.worths.road.network.steps
    for number in range(last):
        yield Way(number, "walk away", (), worth[..., number] - terms.seat[..., number])
        values, items = withheld(terms.worths, number, terms.wait, 1 - terms.wait)
        if items:
            parts = items[int(values.argmax())] if values.ndim == 1 else ()
            margin = worth[..., number] - values.max(axis=-1)
            yield Way(number + 1, "withhold", parts, margin)
    for slip, line in terms.withholding():
        margins = line.level + line.slope * worth[..., line.at + 1]
        reached = terms.worths.road.network.target[line.at].astype(np.int64)
        own, _ = terms.watchers.detection(slip, reached)
        for column, step in enumerate(line.at):
            seen = own[..., column]
            yield Way(int(step) + 1, "withhold", slip.parts, margins[..., column], seen)
    for slip, line in terms.standing():
        kind: Deviation = "cheat" if slip.takes is None else "break out"
        margins = line.level + line.slope * worth[..., line.at]
        own, _ = terms.watchers.detection(slip, slip.states)
        for column, state in enumerate(line.at):
            if state != last:
                margin, seen = margins[..., column], own[..., column]
                yield Way(int(state), kind, slip.parts, margin, seen, slip.takes or 0)
    for kind, parts, margin, found, takes in terms.finished_deviations():
        yield Way(last, kind, parts, margin, found, takes)
