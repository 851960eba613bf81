"""Where each commitment stands on a day: what is due, late, kept, broken.

A *report* (status) says how far a commitment was kept on a day, from 0 none to 3 complete.
On a day, reports on that day and before count; of several on one day only the last.

- *kept*: what the latest report says; None without one.
- *triggered*: every commitment named in ``after`` is complete (at 3) on the day.
- *effective due date*: the later of the due date and the day on which the last trigger
  became complete, the first of its present unbroken run of 3.

The states, the first that holds:

1. **kept**: the latest report is 3.
2. **broken**: an earlier report was higher than the latest, so that something was reached
   and given up.
3. **not due**: before the day of signature, while a trigger is not complete, and until the
   last period before the effective due date begins.
4. **due**: what has no due date is owed from then on, and no date can be missed.
5. **late**: after the effective due date.
6. **due**: in the period that ends on the effective due date, that day included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from detente.case.implementation import Commitment, Status
from detente.commitments.answer import Standing, State
from detente.commitments.dates import after, due_date

COMPLETE = 3
"""A commitment that was kept in full."""


def history(reports: Iterable[Status], on: date) -> tuple[Status, ...]:
    """The last report of each day up to a day, first day to last.

    Parameters
    ----------
    reports
        In any order of dates; of one day the later in the list is the later report.
    on
        The day; what is reported of later days is left out.
    """
    last = {report.date: report for report in reports if report.date <= on}
    return tuple(last[day] for day in sorted(last))


def complete_since(reports: Sequence[Status]) -> date | None:
    """The first day of the present run of complete reports; None where the last is not."""
    since = None
    for report in reversed(reports):
        if report.kept != COMPLETE:
            break
        since = report.date
    return since


def broken_since(reports: Sequence[Status]) -> date | None:
    """The first day from which all reports are lower than one before; None where none is."""
    most = max((report.kept for report in reports), default=0)
    since = None
    for report in reversed(reports):
        if report.kept == most:
            break
        since = report.date
    return since


def standings(
    commitments: Sequence[Commitment],
    reports: Mapping[str, Sequence[Status]],
    on: date,
    signed: date | None,
    period: str,
) -> tuple[Standing, ...]:
    """Where each commitment stands.

    Parameters
    ----------
    commitments
        The clauses of one text; ``after`` names ids among them.
    reports
        For each id, its :func:`history` up to the day.
    on
        The day.
    signed
        The day from which periods are counted, where it is known.
    period
        day, week, month, quarter or year.

    Raises
    ------
    CaseError
        Where a due date lies beyond the calendar.

    Notes
    -----
    Cost is linear in the numbers of commitments, triggers and reports.
    """
    complete = {entry.id: complete_since(reports[entry.id]) for entry in commitments}
    return tuple(
        _standing(entry, reports[entry.id], complete, on=on, signed=signed, period=period)
        for entry in commitments
    )


def _standing(
    entry: Commitment,
    reports: Sequence[Status],
    complete: Mapping[str, date | None],
    *,
    on: date,
    signed: date | None,
    period: str,
) -> Standing:
    due = due_date(entry.by, signed, period)
    last = reports[-1] if reports else None
    waits_for = tuple(id for id in entry.after if complete[id] is None)
    triggers = (complete[id] for id in entry.after)
    triggered = max((day for day in triggers if day is not None), default=None)
    state: State
    if (since := complete[entry.id]) is not None:
        state = "kept"
    elif (since := broken_since(reports)) is not None:
        state = "broken"
    elif waits_for or (signed is not None and on < signed):
        state = "not due"
    else:
        state, since = _owed(due, triggered, on, signed, period)
    kept = last.kept if last else None
    return Standing(entry, due, kept, state, since, waits_for, last)


def _owed(
    due: date | None, triggered: date | None, on: date, signed: date | None, period: str
) -> tuple[State, date | None]:
    """The state of what waits for nothing and is neither complete nor given up."""
    begins = [day for day in (signed, triggered) if day is not None]
    if due is None:
        return "due", max(begins, default=None)
    effective = max(due, triggered) if triggered else due
    if on > effective:
        return "late", effective
    opens = after(effective, -1, period)
    return ("not due", None) if on <= opens else ("due", max([opens, *begins]))
