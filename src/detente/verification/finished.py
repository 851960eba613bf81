"""The margins of a finished agreement for one party, in one coding or in many."""

from __future__ import annotations

import numpy as np

from detente.model.problem import Floats
from detente.verification.parties import Tempted


def finished_margins(tempted: Tempted, lag: int, periods: int | None) -> Floats:
    """What honesty is worth more than leaving, and than each way to cheat.

    Parameters
    ----------
    tempted
        The party, under all the measures that the outcome allows.
    lag, periods
        Periods from an alarm to acting on it, and of punishment (None: forever).

    Returns
    -------
    array
        Shape (1 + ways,), normalised per period; with the codings before it where numbers are
        drawn. The agreement is self-enforcing for the party where none is negative: the verdict
        *yes* of :func:`detente.verify`.
    """
    seen = tempted.detectors
    false_alarm = seen.false_alarm(np.ones(len(seen.names)))
    open_ = tempted.leaving_path(lag, periods)
    leave = open_.honesty(false_alarm) - open_.found
    cheat = tempted.paths(lag, periods).margins(
        seen.detection(tempted.coverage.sum(axis=-1)), false_alarm
    )
    codings = np.broadcast_shapes(leave.shape[:-1], cheat.shape[:-1])
    parts = [np.broadcast_to(part, (*codings, part.shape[-1])) for part in (leave, cheat)]
    return np.concatenate(parts, axis=-1)
