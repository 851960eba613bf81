"""Timelines and scores as pictures: what they draw is what the results say."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente
from detente.case import CaseError
from detente.case.loading import bundled_cases
from detente.commitments.text import packages_with_text
from detente.views.clauses import short_day
from detente.views.drawing import ticks
from detente.views.exporting import chart_file
from detente.views.scoreboards import apart, score_steps, track_chart
from detente.views.theme import INK, PAPER, identities
from detente.views.timelines import ROWS, draft_chart, draft_timeline
from test_charts import layers
from test_terminal_commitments import small
from test_track import texts

DAYS = st.dates(date(1950, 1, 1), date(2100, 1, 1))
WIDE, NARROW = 680, 330


def drawn(chart: Any) -> dict[str, list[dict[str, Any]]]:
    """What is drawn, by kind: rules, marks and words."""
    found: dict[str, list[dict[str, Any]]] = {"rule": [], "mark": [], "words": []}
    for rows in layers(chart):
        for row in rows:
            kind = "words" if "text" in row else "mark" if "shape" in row else "rule"
            found[kind].append(row)
    return found


def rows_of(chart: Any, ids: list[str]) -> dict[str, dict[str, Any]]:
    """The mark of each clause on its line: the large one that stands below its name."""
    found = drawn(chart)
    heights = {w["text"]: w["y"] for w in found["words"] if w["text"] in ids}
    large = sorted((m for m in found["mark"] if m["size"] == 80), key=lambda mark: mark["y"])
    return dict(zip(sorted(heights, key=lambda id: heights[id]), large, strict=True))


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_clause_stands_where_it_is_due(width: int) -> None:
    result = detente.draft(detente.load("korea"), "freeze_first")
    ids = [clause.commitment.id for clause in result.clauses]
    marks = rows_of(draft_timeline(result, width), ids)
    assert set(marks) == set(ids)
    dated = sorted((c.due, marks[c.commitment.id]["x"]) for c in result.clauses if c.due)
    first, last = dated[0], dated[-1]
    for due, x in dated:
        share = (due - first[0]) / (last[0] - first[0])
        assert x == pytest.approx(first[1] + share * (last[1] - first[1]), abs=0.2)
    undated = {marks[c.commitment.id]["x"] for c in result.clauses if not c.due}
    assert len(undated) == 1 and undated.pop() > last[1] + 40
    known, barred = identities(result.case), {f.id for f in result.findings if f.bars}
    for clause in result.clauses:
        mark, who = marks[clause.commitment.id], clause.commitment.who
        look = (known[who[0]].shape, known[who[0]].tone.light)
        assert (mark["shape"], mark["colour"]) == (look if len(who) == 1 else ("cross", INK.light))
        hollow = clause.commitment.id in barred
        assert mark["fill"] == (PAPER.light if hollow else mark["colour"])


def test_lines_lead_from_triggers_to_what_waits_for_them() -> None:
    result = detente.draft(detente.load("korea"), "freeze_first")
    chart = draft_timeline(result, WIDE)
    marks = rows_of(chart, [clause.commitment.id for clause in result.clauses])
    rules = {(r["x"], r["y"], r["x2"], r["y2"]) for r in drawn(chart)["rule"]}
    pairs = [(t, c.commitment.id) for c in result.clauses for t in c.commitment.after]
    assert len(pairs) > 5
    for trigger, id in pairs:
        (x, y), (x2, y2) = ((marks[name]["x"], marks[name]["y"]) for name in (trigger, id))
        assert (x, y, x, y2) in rules and (x, y2, x2, y2) in rules


def test_every_bundled_text_and_record_can_be_drawn() -> None:
    pictures = 0
    for name in bundled_cases():
        case = detente.load(name)
        for package in packages_with_text(case):
            result = detente.draft(case, package)
            for width in (WIDE, NARROW):
                everything = drawn(draft_timeline(result, width))
                for row in (row for rows in everything.values() for row in rows):
                    assert 0 <= row["x"] <= width and 0 <= row.get("x2", 0) <= width
            assert draft_chart(result).to_dict()["title"]["text"]
            record = detente.track(case, package, case.as_of)
            if any(record.scores.values()) and record.signed != record.on:
                assert track_chart(record).to_dict() and score_steps(record, NARROW)
                pictures += 1
    assert pictures >= 5


def test_scores_end_where_the_record_says() -> None:
    result = detente.track(detente.load("six_party_2005"), "second_phase_2007", "2009-05-26")
    found = drawn(score_steps(result, WIDE))
    shown = [w["text"] for w in found["words"] if w["text"].endswith(" %")]
    assert shown[:3] == ["58 %", "44 %", "17 %"]  # names of the same score share a line
    zero, full = (next(w["y"] for w in found["words"] if w["text"] == t) for t in ("0 %", "100 %"))
    right = max(r["x2"] for r in found["rule"])
    for tally in result.by_party.values():
        y = zero - float(tally.score) * (zero - full)
        assert any(r["y"] == r["y2"] == pytest.approx(y, abs=0.1) for r in found["rule"])
    assert any(w["text"] == short_day(result.on) and w["x"] == right for w in found["words"])
    assert "South Korea and three others" in [w["text"] for w in found["words"]]


def test_a_calendar_shows_what_comes_next() -> None:
    case = small(25)
    for place, clause in enumerate(case["packages"]["t"]["commitments"]):
        clause["by"] = place + 1
    result = detente.track(detente.load(case), on="2027-01-15")
    chart = track_chart(result)
    words = [w["text"] for w in drawn(chart)["words"]]
    assert "What comes next (the first 20 of 25)" in words
    assert [w for w in words if w.startswith("c")] == [f"c{n}" for n in range(20)]
    assert all(short_day(s.due) in words for s in result.upcoming[:20] if s.due)


def test_of_many_clauses_the_first_are_drawn_and_the_chart_says_so() -> None:
    result = detente.draft(detente.load(small(ROWS + 5)))
    chart = draft_chart(result)
    assert len([m for m in drawn(chart)["mark"] if m["size"] == 80]) == ROWS
    assert "The first 60 of 65 clauses are drawn." in " ".join(chart.to_dict()["title"]["subtitle"])


def test_periods_without_a_day_of_signature_stand_aside() -> None:
    case = {key: value for key, value in small(2).items() if key != "as_of"}
    words = [
        w["text"] for w in drawn(draft_timeline(detente.draft(detente.load(case)), WIDE))["words"]
    ]
    assert "no date" in words and words.count("three months after signature") == 2


def test_charts_become_files_with_the_label(tmp_path: Path) -> None:
    case = detente.load("korea")
    draft = detente.draft(case, "freeze_first")
    svg = chart_file(draft, ".svg")
    assert isinstance(svg, str) and str(case.handling) in svg and "today; five go" in svg
    record = detente.track(case, "freeze_first", "2026-06-15")
    png = chart_file(record, ".png")
    assert isinstance(png, bytes) and png.startswith(b"\x89PNG")
    page = chart_file(record, ".html")
    assert isinstance(page, str) and "What comes next" in page
    empty = detente.draft(case, compare=("freeze_first", "yongbyon_plus"))
    with pytest.raises(CaseError, match="nothing to draw"):
        chart_file(empty, ".svg")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts())
def test_any_text_can_be_drawn(data: tuple[dict[str, Any], Any]) -> None:
    case = detente.load(data[0])
    result = detente.draft(case)
    ids = [clause.commitment.id for clause in result.clauses]
    for width in (WIDE, NARROW):
        assert set(rows_of(draft_timeline(result, width), ids)) == set(ids)
    steps = score_steps(detente.track(case, on="2027-04-01"), WIDE)
    assert steps is None or drawn(steps)["rule"]


@given(DAYS, DAYS, st.integers(2, 12))
def test_ticks_are_few_and_in_order(one: date, other: date, most: int) -> None:
    start, end = sorted((one, other))
    found = ticks(start, end, most)
    days = [day for day, _ in found]
    assert days == sorted(set(days)) and len(days) <= most
    assert all(start <= day <= end for day in days)
    assert len({text for _, text in found}) == len(found)


@given(st.lists(st.integers(30, 220), min_size=1, max_size=6), st.sampled_from([18, 33]))
def test_labels_at_the_ends_never_touch(heights: list[int], size: int) -> None:
    wanted = sorted(map(float, heights))
    places = apart(wanted, 220, size)
    assert all(b - a >= size for a, b in pairwise(places))
    assert max(places) <= 220
    if all(b - a >= size for a, b in pairwise(wanted)):
        assert places == wanted
