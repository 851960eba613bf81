"""How far the parties carry out what they promised: counts, and scores over time.

A score is the mean of what is kept of each commitment, from 0 to 1; what nothing is reported
of counts as not begun.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from detente.case.implementation import Commitment, Status
from detente.commitments.answer import STATES, Standing, State, Tally
from detente.commitments.standing import COMPLETE

Steps = tuple[tuple[date, Fraction], ...]
"""A score from each day on which it changed."""


def tally(standings: Iterable[Standing]) -> Tally:
    """Counts by state, and the score."""
    states: dict[State, int] = dict.fromkeys(STATES, 0)
    count = kept = 0
    for standing in standings:
        states[standing.state] += 1
        count += 1
        kept += standing.kept or 0
    return Tally(count, states, Fraction(kept, COMPLETE * count) if count else Fraction(0))


def scores(
    commitments: Sequence[Commitment],
    reports: Mapping[str, Sequence[Status]],
    parties: Sequence[str],
    start: date | None,
    on: date,
) -> dict[str, Steps]:
    """The score of each party from each day on which it changed.

    Parameters
    ----------
    commitments
        The clauses of one text.
    reports
        For each id, one report a day, first day to last, up to ``on``.
    parties
        Those that are bound by something.
    start
        The day of signature, with which each begins; the day of the first report where it
        is not known. What is reported of earlier days is in the first score.
    on
        The last day; nothing where it lies before the first.

    Notes
    -----
    Cost: linear in the reports, and n log n in the days that have some.
    """
    counts = dict.fromkeys(parties, 0)
    for entry in commitments:
        for party in set(entry.who):
            counts[party] += 1
    changes = _changes(commitments, reports)
    if start is None and changes:
        start = min(changes)
    if start is None or on < start:
        return dict.fromkeys(parties, ())
    kept = dict.fromkeys(parties, 0)
    steps = {party: [(start, Fraction(0))] for party in parties}
    for day in sorted(changes):
        for party, change in changes[day].items():
            kept[party] += change
            score = Fraction(kept[party], COMPLETE * counts[party])
            if day <= start:
                steps[party] = [(start, score)]
            elif change:
                steps[party].append((day, score))
    return {party: tuple(found) for party, found in steps.items()}


def _changes(
    commitments: Sequence[Commitment], reports: Mapping[str, Sequence[Status]]
) -> dict[date, dict[str, int]]:
    """For each day with reports, by how much what each party keeps changed on that day."""
    changes: defaultdict[date, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for entry in commitments:
        kept, who = 0, set(entry.who)
        for report in reports[entry.id]:
            on_day, change, kept = changes[report.date], report.kept - kept, report.kept
            for party in who if change else ():
                on_day[party] += change
    return {day: dict(found) for day, found in changes.items()}
