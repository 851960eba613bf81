"""What calls for attention, in sentences, worst first.

A commitment gives at most one alert, for the first of these that applies:

1. it cannot be undone and is due or complete, while a counterpart is late or broken;
2. it is broken;
3. it is late, and a step of another side waits for it;
4. it is late, and nothing that the outcome grants checks it;
5. it is late;
6. it is due, and nothing is reported of it.

Among equals what has been overdue longest goes first. A sentence also names what else
applies. A commitment cannot be undone where its ``does`` holds in the outcome and reads an
issue that then stands at an option that is never undone; counterparts are as in
:func:`detente.commitments.promises.counterparts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import get_args

from detente.case.implementation import Commitment
from detente.case.schema import Case
from detente.commitments.answer import Alert, AlertKind, Standing
from detente.commitments.dates import day_text
from detente.commitments.promises import counterparts, irreversible
from detente.model.sentences import listed, say

FAILING = ("broken", "late")
KINDS: tuple[AlertKind, ...] = get_args(AlertKind)
"""The kinds in the order of their ranks, which count from 1."""
LISTED = 3
"""Most steps that a sentence lists."""


def alerts(
    case: Case, outcome: Mapping[str, str], standings: Sequence[Standing], on: date
) -> tuple[Alert, ...]:
    """What calls for attention, worst first.

    Parameters
    ----------
    case
        The case.
    outcome
        What the text is to bring about; issues may be missing, and what rests on them is
        then taken not to hold.
    standings
        Every commitment of the text.
    on
        The day.

    Notes
    -----
    Cost: linear in the commitments and triggers, and quadratic only in the number of
    different pairs of ``who`` and ``to``.
    """
    return _Alerts(case, outcome, standings, on).all()


_Side = tuple[tuple[str, ...], tuple[str, ...]]
"""Who is bound, and to whom it is owed."""


class _Alerts:
    """Looks at the commitments of one text."""

    def __init__(
        self, case: Case, outcome: Mapping[str, str], standings: Sequence[Standing], on: date
    ) -> None:
        self.case, self.outcome, self.standings, self.on = case, outcome, standings, on
        self.waiting: dict[str, list[Standing]] = {}
        self.failing: dict[_Side, list[Standing]] = {}
        for standing in standings:
            for id in standing.waits_for if standing.state not in ("kept", "broken") else ():
                self.waiting.setdefault(id, []).append(standing)
            if standing.state in FAILING:
                self.failing.setdefault(_side(standing.commitment), []).append(standing)
        for group in self.failing.values():
            group.sort(key=_overdue)
        self.opposite: dict[_Side, tuple[Standing | None, int]] = {}
        self.works: dict[str, bool] = {}
        self.final: dict[str, bool] = {}

    def all(self) -> tuple[Alert, ...]:
        found = [(self.alert(standing), place) for place, standing in enumerate(self.standings)]
        ranked = sorted((*key, place, what) for (key, what), place in found if what)
        return tuple(
            Alert(self.standings[place].commitment.id, KINDS[rank - 1], what)
            for rank, _, place, what in ranked
        )

    def alert(self, standing: Standing) -> tuple[tuple[int, date], str]:
        """Rank and day of a commitment's alert, and the sentence; an empty one for none."""
        entry, state = standing.commitment, standing.state
        if state in ("due", "kept") and self.is_irreversible(entry):
            against, others = self.counterpart(entry)
            if against is not None:
                assert against.since is not None
                return (1, against.since), self.irreversible(standing, against, others)
        if state in FAILING:
            assert standing.since is not None
            rank, what = self.overdue(standing)
            return (rank, standing.since), what
        if state == "due" and standing.kept is None:
            what = "due_by" if standing.due else "due"
            day = day_text(standing.due) if standing.due else ""
            return (6, standing.due or date.max), self.say(what, standing, day=day)
        return (0, self.on), ""

    # What applies

    def counterpart(self, entry: Commitment) -> tuple[Standing | None, int]:
        """The worst of the counterparts that are late or broken, and how many more there are."""
        side = _side(entry)
        if side not in self.opposite:
            groups = [g for g in self.failing.values() if counterparts(entry, g[0].commitment)]
            worst = min((group[0] for group in groups), key=_overdue, default=None)
            self.opposite[side] = worst, max(0, sum(map(len, groups)) - 1)
        return self.opposite[side]

    def is_irreversible(self, entry: Commitment) -> bool:
        does = entry.does
        if does is None:
            return False
        if does.text not in self.final:
            self.final[does.text] = (
                all(issue in self.outcome for issue in does.issues)
                and does.holds(self.outcome, self.case.options)
                and irreversible(self.case, self.outcome, does.issues)
            )
        return self.final[does.text]

    def waits(self, entry: Commitment) -> list[Standing]:
        """Steps of others that wait for a commitment."""
        who = set(entry.who)
        found = self.waiting.get(entry.id, ())
        return [standing for standing in found if who.isdisjoint(standing.commitment.who)]

    def is_checked(self, entry: Commitment) -> bool:
        for name in entry.checked_by:
            if name not in self.works:
                self.works[name] = self.is_granted(name)
        return any(self.works[name] for name in entry.checked_by)

    def is_granted(self, measure: str) -> bool:
        assert self.case.verification is not None
        requires = self.case.verification.measures[measure].requires
        known = requires is None or all(issue in self.outcome for issue in requires.issues)
        return known and self.case.allows(measure, self.outcome)

    # Sentences

    def irreversible(self, standing: Standing, against: Standing, others: int) -> str:
        key = "kept" if standing.state == "kept" else "due_by" if standing.due else "due"
        words = {"day": day_text(standing.due)} if standing.due else {}
        other = self.say("step", against) + " " + self.failure(against)
        if others:
            other = say("track.alert.and_more", other=other, count=others)
        return self.say(f"irreversible_{key}", standing, other=other, **words)

    def overdue(self, standing: Standing) -> tuple[int, str]:
        """Rank and sentences of what is late or broken."""
        entry, state = standing.commitment, standing.state
        waiting, checked = self.waits(entry), self.is_checked(entry)
        rank = 2 if state == "broken" else 3 if waiting else 5 if checked else 4
        failure = self.failure(standing)
        reasons = []
        if waiting:
            others = [self.say("step", other) for other in waiting[:LISTED]]
            if len(waiting) > LISTED:
                others.append(say("track.alert.more", count=len(waiting) - LISTED))
            first = self.say(
                "waits", standing, failure=failure, others=listed(others), count=len(waiting)
            )
        else:
            first = self.say("fails", standing, failure=failure)
        if state == "late" and not checked:
            reasons.append(
                say("track.alert.not_granted" if entry.checked_by else "track.alert.unchecked")
            )
        if standing.kept is None:
            reasons.append(say("track.alert.unreported"))
        return rank, " ".join([first, *reasons])

    def failure(self, standing: Standing) -> str:
        """How a commitment fails, as a phrase."""
        assert standing.since is not None
        if standing.state == "broken":
            return say("track.alert.broken", day=day_text(standing.since))
        return say("track.alert.late", days=(self.on - standing.since).days)

    def say(self, key: str, standing: Standing, **slots: object) -> str:
        who = listed(self.case.party_name(party) for party in standing.commitment.who)
        return say(f"track.alert.{key}", id=standing.commitment.id, who=who, **slots)


def _side(entry: Commitment) -> _Side:
    return entry.who, entry.to


def _overdue(standing: Standing) -> tuple[int, date]:
    """Broken before late, and then the longest overdue."""
    assert standing.since is not None
    return FAILING.index(standing.state), standing.since
