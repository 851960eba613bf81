"""Who keeps what: held against the definition, and as a person asks it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from detente.commitments.answer import STATES

START = date(2027, 1, 1)
PARTIES = ("north", "south", "guarantor")


def days(first: int = 0, last: int = 150) -> st.SearchStrategy[date]:
    return st.integers(first, last).map(lambda number: START + timedelta(days=number))


def some(of: Sequence[str], fewest: int = 0) -> st.SearchStrategy[list[str]]:
    return (
        st.lists(st.sampled_from(of), min_size=fewest, max_size=2, unique=True)
        if of
        else (st.just([]))
    )


REPORTS = st.lists(st.tuples(days(), st.integers(0, 3)), max_size=4)


@st.composite
def texts(draw: st.DrawFn) -> tuple[dict[str, Any], list[tuple[str, date, int]]]:
    """A case with one text, and the lines of a ledger."""
    ids = [f"c{number}" for number in range(draw(st.integers(1, 5)))]
    commitments = []
    for id in ids:
        entry: dict[str, Any] = {
            "id": id,
            "who": draw(some(PARTIES, 1)),
            "to": draw(some(PARTIES)),
            "after": draw(some(ids)),
            "checked_by": draw(some(["inspectors", "satellites"])),
        }
        by = draw(st.none() | st.integers(0, 4) | days())
        does = draw(
            st.sampled_from([None, "arms == destroyed", "embargo == lifted", "arms == held"])
        )
        status = draw(REPORTS)
        entry |= {"by": by} if by is not None else {}
        entry |= {"does": does} if does else {}
        entry["status"] = [{"date": day, "kept": kept} for day, kept in status]
        commitments.append(entry)
    case: dict[str, Any] = {
        "parties": {party: {} for party in PARTIES},
        "issues": {
            "arms": {"options": ["held", "destroyed"], "undo": {"destroyed": "never"}},
            "embargo": {"options": ["full", "lifted"]},
        },
        "status_quo": {"arms": "held", "embargo": "full"},
        "packages": {
            "deal": {"outcome": {"arms": "destroyed"}, "commitments": commitments},
            "bare": {"outcome": {}},
        },
        "verification": {
            "period": draw(st.sampled_from(["day", "week", "month"])),
            "measures": {"inspectors": {"requires": "embargo == lifted"}, "satellites": {}},
        },
    }
    signed = draw(st.none() | days(0, 60))
    if signed is not None:
        case["packages"]["deal"]["signed"] = signed
    lines = [(draw(st.sampled_from(ids)), *report) for report in draw(REPORTS)]
    return case, lines


class ByDefinition:
    """One text on one day, computed as the definition reads and as slowly as need be."""

    def __init__(
        self, case: Mapping[str, Any], lines: Sequence[tuple[str, date, int]], on: date
    ) -> None:
        package = case["packages"]["deal"]
        self.commitments: dict[str, dict[str, Any]] = {c["id"]: c for c in package["commitments"]}
        self.on, self.signed = on, package.get("signed")
        self.period: str = case["verification"]["period"]
        self.reports = {
            id: [(s["date"], s["kept"]) for s in c["status"]]
            + [(day, kept) for other, day, kept in lines if other == id]
            for id, c in self.commitments.items()
        }

    def days(self, id: str) -> list[date]:
        return sorted({day for day, _ in self.reports[id] if day <= self.on})

    def kept(self, id: str, on: date) -> int | None:
        """What the last report on the latest day up to a day says."""
        known = [report for report in self.reports[id] if report[0] <= on]
        latest = max((day for day, _ in known), default=None)
        return [kept for day, kept in known if day == latest][-1] if known else None

    def complete_since(self, id: str) -> date | None:
        """The earliest day from which every report is 3."""
        found = self.days(id)
        return next((d for d in found if all(self.kept(id, e) == 3 for e in found if e >= d)), None)

    def broken_since(self, id: str) -> date | None:
        """The earliest day from which every report is below the highest one before."""
        found = self.days(id)
        most = max((self.kept(id, d) or 0 for d in found), default=0)
        for day in found:
            if all((self.kept(id, e) or 0) < most for e in found if e >= day):
                return day
        return None

    def shift(self, day: date, periods: int) -> date:
        if self.period != "month":
            return day + timedelta(days=periods * (7 if self.period == "week" else 1))
        month = day.year * 12 + day.month - 1 + periods
        for last in (day.day, 30, 29, 28):
            try:
                return date(month // 12, month % 12 + 1, last)
            except ValueError:
                continue
        raise AssertionError

    def due(self, id: str) -> date | None:
        by = self.commitments[id].get("by")
        if not isinstance(by, int):
            return by
        return self.shift(self.signed, by) if self.signed else None

    def waits_for(self, id: str) -> tuple[str, ...]:
        return tuple(c for c in self.commitments[id]["after"] if self.kept(c, self.on) != 3)

    def state(self, id: str) -> tuple[str, date | None]:
        if self.kept(id, self.on) == 3:
            return "kept", self.complete_since(id)
        if self.broken_since(id):
            return "broken", self.broken_since(id)
        if self.waits_for(id) or (self.signed and self.on < self.signed):
            return "not due", None
        triggers = [self.complete_since(c) for c in self.commitments[id]["after"]]
        done = [day for day in triggers if day]
        owed = [*done, *([self.signed] if self.signed else [])]
        due = self.due(id)
        if due is None:
            return "due", max(owed, default=None)
        due = max([due, *done])
        if self.on <= self.shift(due, -1):
            return "not due", None
        if self.on > due:
            return "late", due
        return "due", max([self.shift(due, -1), *owed])

    def of(self, party: str) -> list[str]:
        return [id for id, c in self.commitments.items() if party in c["who"]]

    def score(self, party: str, on: date) -> Fraction:
        ids = self.of(party)
        return Fraction(sum(self.kept(id, on) or 0 for id in ids), 3 * len(ids))

    def scores(self, party: str) -> tuple[tuple[date, Fraction], ...]:
        reported = [day for id in self.commitments for day in self.days(id)]
        start = self.signed or min(reported, default=None)
        if start is None or start > self.on:
            return ()
        steps = [(start, self.score(party, start))]
        for number in range(1, (self.on - start).days + 1):
            day = start + timedelta(days=number)
            if self.score(party, day) != steps[-1][1]:
                steps.append((day, self.score(party, day)))
        return tuple(steps)

    def counterparts(self, one: str, other: str) -> bool:
        a, b = self.commitments[one], self.commitments[other]
        return (
            not set(a["who"]) & set(b["who"])
            and (not a["to"] or bool(set(a["to"]) & set(b["who"])))
            and (not b["to"] or bool(set(b["to"]) & set(a["who"])))
        )

    def alert(self, id: str) -> tuple[int, date] | None:
        """Rank, and the day by which equals are ordered."""
        entry, (state, since) = self.commitments[id], self.state(id)
        failing = [
            (other_state == "late", other_since)
            for other in self.commitments
            for other_state, other_since in [self.state(other)]
            if other_state in ("late", "broken") and self.counterparts(id, other)
        ]
        if entry.get("does") == "arms == destroyed" and state in ("due", "kept") and failing:
            worst = min(failing)[1]
            assert worst is not None
            return 1, worst
        if state == "broken":
            assert since is not None
            return 2, since
        if state == "late":
            assert since is not None
            waiting = any(
                id in self.waits_for(other)
                and self.state(other)[0] not in ("kept", "broken")
                and not set(c["who"]) & set(entry["who"])
                for other, c in self.commitments.items()
            )
            checked = "satellites" in entry["checked_by"]
            return (3 if waiting else 5 if checked else 4), since
        if state == "due" and self.kept(id, self.on) is None:
            return 6, self.due(id) or date.max
        return None


@given(drawn=texts(), on=days(-5, 160))
@settings(max_examples=400)
def test_against_the_definition(
    drawn: tuple[dict[str, Any], list[tuple[str, date, int]]],
    on: date,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    case, lines = drawn
    ledger = tmp_path_factory.mktemp("track") / "ledger.csv"
    ledger.write_text("id,date,kept\n" + "".join(f"{id},{d},{kept}\n" for id, d, kept in lines))
    result = detente.track(detente.load(case), "deal", on, ledger=ledger)
    expected = ByDefinition(case, lines, on)

    assert [standing.commitment.id for standing in result.standings] == [*expected.commitments]
    for standing in result.standings:
        id = standing.commitment.id
        assert standing.kept == expected.kept(id, on)
        assert standing.due == expected.due(id)
        assert standing.waits_for == expected.waits_for(id)
        assert (standing.state, standing.since) == expected.state(id)
        assert (standing.last is None) == (standing.kept is None)
        if standing.last is not None:
            assert (standing.last.kept, standing.last.date) == (
                standing.kept,
                expected.days(id)[-1],
            )

    bound = [party for party in PARTIES if expected.of(party)]
    assert list(result.by_party) == list(result.scores) == bound
    for party in bound:
        tally, ids = result.by_party[party], expected.of(party)
        assert tally.count == len(ids)
        for state in STATES:
            assert tally.states[state] == sum(expected.state(id)[0] == state for id in ids)
        assert tally.score == expected.score(party, on)
        assert result.scores[party] == expected.scores(party)
    assert result.by_level[None].count == len(expected.commitments)

    coming = [
        (due, place)
        for place, id in enumerate(expected.commitments)
        if (due := expected.due(id)) and due >= on
        if expected.state(id)[0] not in ("kept", "broken")
    ]
    upcoming = [[*expected.commitments][place] for _, place in sorted(coming)]
    assert [standing.commitment.id for standing in result.upcoming] == upcoming

    ranks = {id: expected.alert(id) for id in expected.commitments}
    ranked = sorted((id for id in ranks if ranks[id]), key=lambda id: ranks[id] or (0, on))
    assert [alert.id for alert in result.alerts] == ranked
    kinds = ("irreversible", "broken", "blocking", "unchecked", "late", "unreported")
    for alert in result.alerts:
        rank, _ = ranks[alert.id] or (0, on)
        assert alert.kind == kinds[rank - 1]

    undated = not expected.signed and any(
        isinstance(c.get("by"), int) for c in expected.commitments.values()
    )
    assert ("signed:" in "".join(result.remarks)) == undated
    assert len(result.remarks) == undated
    json.dumps(result.to_dict(), allow_nan=False)
