"""Periods after signature as days of the calendar."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta

from detente.case.errors import CaseError, EntryError, Problem, quoted
from detente.case.fields import as_date
from detente.case.schema import Case
from detente.model.sentences import say

DAYS = {"day": 1, "week": 7}
MONTHS = {"month": 1, "quarter": 3, "year": 12}
LAST = date.max.year
"""The calendar ends there."""


def after(start: date, periods: int, period: str) -> date:
    """The day that lies some periods after (or, if negative, before) a day.

    A month later is the same day of the next month, or its last one where there is none.

    Parameters
    ----------
    start
        The day from which to count.
    periods
        How many.
    period
        day, week, month, quarter or year.

    Raises
    ------
    CaseError
        Where the calendar ends before.

    Examples
    --------
    >>> after(date(2027, 1, 31), 1, "month"), after(date(2027, 1, 31), -2, "week")
    (datetime.date(2027, 2, 28), datetime.date(2027, 1, 17))
    """
    try:
        if period in DAYS:
            return start + timedelta(days=periods * DAYS[period])
        year, month = divmod(start.year * 12 + start.month - 1 + periods * MONTHS[period], 12)
        return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError):
        what = f"{periods:,} {period}s after {start} lie beyond the calendar (year {LAST})"
        raise CaseError(Problem(what, "write a date, or fewer periods")) from None


def as_day(written: date | str) -> date:
    """A day as given in a call.

    Raises
    ------
    CaseError
        Where it is none.
    """
    if isinstance(written, datetime):
        return written.date()
    try:
        return as_date(written)
    except EntryError:
        what = f"{quoted(written)} is no date"
        raise CaseError(Problem(what, "write a date as 2027-06-01")) from None


def signature(case: Case, package: str, signed: date | None = None) -> tuple[date | None, str]:
    """The day from which the periods of a text are counted, and where it comes from.

    Returns
    -------
    tuple
        The day and ``given``, ``package`` or ``as_of``; None and ``unknown`` where nobody
        says.
    """
    if signed is not None:
        return signed, "given"
    stated = case.packages[package].signed
    if stated is not None:
        return stated, "package"
    return (case.as_of, "as_of") if case.as_of is not None else (None, "unknown")


def due_date(by: int | date | None, signed: date | None, period: str) -> date | None:
    """The last day on which a commitment is kept in time; None where it has none.

    ``by`` is a day, or periods after signature; periods without a day of signature have no
    place in the calendar and give None.
    """
    if by is None or isinstance(by, date):
        return by
    return None if signed is None else after(signed, by, period)


def day_text(day: date) -> str:
    """A day as people write it.

    Examples
    --------
    >>> day_text(date(2027, 6, 1))
    '1 June 2027'
    """
    return f"{day.day} {day:%B} {day.year}"


def periods_text(periods: int, period: str) -> str:
    """Periods after signature, as a phrase."""
    if not periods:
        return say("draft.when.signature")
    return say("draft.when.periods", count=periods, period=period)
