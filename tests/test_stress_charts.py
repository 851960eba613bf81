"""Pictures of ``stress``: what they draw is what the answer says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.agreement.packages.draws import QUANTILE
from detente.case.numbers import Number, parse_number
from detente.uncertainty.answer import VERDICTS, Factor, Flip, Influences
from detente.uncertainty.course.answer import Cause, CauseCount, Course, Given
from detente.uncertainty.course.base_rate import BaseRate, PastAgreement
from detente.uncertainty.course.survival import kaplan_meier
from detente.uncertainty.stress_result import StressResult
from detente.views.naming import capital
from detente.views.stress.charts import influence_rows, influences_chart, share_rows, stress_chart
from detente.views.stress.shares import share_text, verdict_text
from detente.views.stress.survival import KEPT, survival_chart, survival_curve, survival_title
from detente.views.stress.tornado import MOST, span, tornado, tornado_rows, turning
from detente.views.stress.words import factor_text, value_text
from detente.views.theme import ACCENT, CONTEXT, INK, PAPER, QUIET
from stress_results import factor, influence, korea, others, river, river_case, share
from test_charts import layers, texts

WIDTHS = (680, 330)
FORBIDDEN = ("odds", "probab", "likelihood", "recommend", "optimal")


def rows_of(chart: Any, *keys: str) -> list[dict[str, Any]]:
    """Everything drawn that has all of these entries."""
    return [row for rows in layers(chart) for row in rows if set(keys) <= set(row)]


def marks(chart: Any, shape: str) -> list[dict[str, Any]]:
    return [row for row in rows_of(chart, "shape") if row["shape"] == shape]


def bars(chart: Any) -> list[dict[str, Any]]:
    return [row for row in rows_of(chart, "x2", "fill") if "colour" in row]


def spans(chart: Any) -> list[dict[str, Any]]:
    """The thick lines between two bounds."""
    return [row for row in rows_of(chart, "weight") if row["colour"] == CONTEXT.light]


def grid(chart: Any) -> tuple[float, float]:
    """Where the scale begins and ends: its outermost upright lines."""
    upright = [row["x"] for row in rows_of(chart, "weight") if row["x"] == row["x2"]]
    return min(upright), max(upright)


# shares


@pytest.mark.parametrize("width", WIDTHS)
def test_each_verdict_is_a_mark_on_the_bar_between_its_bounds(width: int) -> None:
    for result in (river(), korea()):
        chart = share_rows(result, width)
        low, high = grid(chart)
        stated, circles, squares = (marks(chart, s) for s in ("diamond", "circle", "square"))
        between = spans(chart)
        assert len(stated) == len(circles) == len(squares) == len(between) == len(VERDICTS)
        drawn = zip(VERDICTS, stated, circles, squares, between, strict=True)
        for verdict, mark, circle, square, bar in drawn:
            for found, standing in (
                (mark, result.standing),
                (circle, result.bounds["independent"]),
                (square, result.bounds["full"]),
            ):
                entry = standing.share(verdict)
                assert entry is not None
                assert found["x"] == pytest.approx(low + entry.share * (high - low), abs=0.06)
                assert found["y"] == mark["y"]
            assert [bar["x"], bar["x2"]] == sorted((circle["x"], square["x"]))
            assert bar["y"] == mark["y"] == bar["y2"]
            assert (mark["colour"] == ACCENT.light) == (verdict == "all_of_it")
            assert mark["fill"] == mark["colour"] != circle["fill"] == PAPER.light


@pytest.mark.parametrize("width", WIDTHS)
def test_shares_are_told_in_figures_and_what_was_not_asked_is_left_out(width: int) -> None:
    whole = river()
    standing = replace(whole.standing, roadmap=None, holds=None)
    result = replace(whole, standing=standing, now={"acceptable": True, "enforceable": None})
    told = texts(share_rows(result, width))
    for verdict in VERDICTS:
        entry = result.standing.share(verdict)
        assert (verdict_text(result.case, verdict) in told) == (entry is not None)
        assert entry is None or share_text(entry) in told
    assert sum("✓" in text for text in told) == 1 and not any("✗" in text for text in told)


def test_without_bounds_there_is_no_bar() -> None:
    chart = share_rows(river(bounds={}), 680)
    assert not spans(chart) and not marks(chart, "circle") and len(marks(chart, "diamond")) == 5
    assert "circle" not in str(stress_chart(river(bounds={})).to_dict()["title"])


def test_the_title_of_a_picture_is_the_finding() -> None:
    title = stress_chart(river()).to_dict()["title"]
    told = " ".join(title["text"]), " ".join(title["subtitle"])
    assert told[0].startswith("“The single text” is accepted") and told[0].endswith(".")
    assert "0.5" in told[1] and "1,000 codings" in told[1]
    reach = max(
        max(s.high - s.share, s.share - s.low)
        for verdict in VERDICTS
        if (s := river().standing.share(verdict)) is not None
    )
    assert f"within {100 * reach:.1f} points" in told[1]
    certain = replace(river().standing, holds=None, enforceable=None, roadmap=None, all_of_it=None)
    certain = replace(certain, acceptable=share(1000, certain=True))
    assert "codings were" not in str(stress_chart(river(standing=certain)).to_dict()["title"])
    with pytest.raises(ValueError, match="no coding could be judged"):
        stress_chart(river(standing=replace(certain, samples=0)))


# one number at a time


def flips(*entries: tuple[Number, float]) -> StressResult:
    """An answer in which each of some numbers turns acceptance at a value."""
    found = []
    for place, (stated, value) in enumerate(entries):
        ends = span(stated)
        within = ends is not None and ends[0] <= value <= ends[1]
        name = f"values.highland.adjustments.{place}"
        there = Factor(name, tuple(name.split(".")), stated, "highland")
        above = value > float(stated)
        found.append(Flip(there, "acceptable", None, True, value, above, within))
    return river(flips=tuple(found))


finite = st.integers(-50, 50).map(Fraction)


@given(st.lists(st.tuples(finite, finite, finite, finite), min_size=1, max_size=6))
def test_places_say_whether_a_value_lies_in_the_range(
    drawn: Sequence[tuple[Fraction, Fraction, Fraction, Fraction]],
) -> None:
    entries = []
    for *three, value in drawn:
        low, likely, high = sorted(three)
        if low < high and value != likely:
            written = {"low": low, "likely": likely, "high": high}
            entries.append((parse_number(written), float(value)))
    result = flips(*entries)
    rows = turning(result)
    assert len(rows) == len(entries)
    every = [entry for row in rows for entry in row.marks]
    for entry in every:
        assert entry.turn.within_range == (abs(entry.place) <= 1)
        assert (entry.place > 0) == entry.turn.above
        stated = entry.turn.factor.number
        assert stated.low is not None and stated.high is not None
        end = stated.high if entry.turn.above else stated.low
        if end != stated.point and entry.turn.within_range:
            share = (Fraction(entry.turn.value) - stated.point) / abs(end - stated.point)
            assert entry.place == pytest.approx(float(share))
    order = [(not row.within_range, abs(row.marks[0].place)) for row in rows]
    assert all(one[0] < two[0] or one[1] <= two[1] + 1e-9 for one, two in pairwise(order))


@pytest.mark.parametrize("width", WIDTHS)
def test_the_part_in_which_the_verdict_is_another_is_filled(width: int) -> None:
    result = river()
    rows = turning(result)
    chart = tornado_rows(result, rows, width)
    tracks = [bar for bar in bars(chart) if bar["colour"] == CONTEXT.light]
    assert len(tracks) == len(rows)
    middle = {mark["x"] for mark in marks(chart, "circle")}
    assert len(middle) == 1
    arrows = marks(chart, "triangle-left") + marks(chart, "triangle-right")
    every = [(row, entry) for row in rows for entry in row.marks]
    assert len(arrows) == len(every)
    parts = [bar for bar in bars(chart) if bar["colour"] != CONTEXT.light]
    assert len(parts) == sum(entry.turn.within_range for _, entry in every)
    told = texts(chart)
    for row, entry in every:
        colour = (ACCENT if entry.breaks else INK).light
        shape = "triangle-right" if entry.turn.above else "triangle-left"
        track = tracks[rows.index(row)]
        (arrow,) = [a for a in marks(chart, shape) if track["y"] < a["y"] < track["y2"]]
        assert arrow["colour"] == colour
        assert (arrow["fill"] == colour) == entry.turn.within_range
        part = [p for p in parts if p["y"] == track["y"]]
        assert len(part) == entry.turn.within_range
        if part:
            ends = (arrow["x"], track["x2"]) if entry.turn.above else (track["x"], arrow["x"])
            assert (part[0]["x"], part[0]["x2"]) == ends and part[0]["fill"] == colour
        assert value_text(row.factor, entry.turn.value, entry.turn.above) in told
        name = capital(factor_text(result.case, row.factor))
        assert name in " ".join(told)


def test_numbers_without_a_range_have_no_place() -> None:
    assert span(parse_number(3)) is None and span(parse_number([4, 4])) is None
    assert span(parse_number([2, 4])) == (2, 4)
    low, high = span(parse_number({"mean": 5, "sd": 2})) or (0, 0)
    assert high - 5 == pytest.approx(2 * QUANTILE) == 5 - low
    result = flips((parse_number(3), 5.0), (parse_number([2, 4]), 3.5))
    (row,) = turning(result)
    assert float(row.factor.number) == 3 and row.marks[0].place == pytest.approx(0.5)
    with pytest.raises(ValueError, match="nothing to draw: no number with a range"):
        tornado(flips((parse_number(3), 5.0)))


def test_of_many_numbers_those_within_their_range_are_drawn_first() -> None:
    inside = [(parse_number([0, 10]), 5.1 + place / 10) for place in range(10)]
    beyond = [(parse_number([0, 10]), 11.0 + place) for place in range(5)]
    result = flips(*beyond, *reversed(inside))
    chart = tornado(result)
    assert len(marks(chart, "circle")) == MOST
    values = [row.marks[0].turn.value for row in turning(result)]
    assert values == sorted(values)
    title = chart.to_dict()["title"]
    assert " ".join(title["text"]).startswith("Ten numbers")
    assert "Three others are not drawn." in " ".join(title["subtitle"])
    assert not turning(result, lambda _: False)


def test_one_value_on_each_side_is_drawn_the_nearest() -> None:
    walk = factor(river_case(), "parties.highland.walk_away")
    found = [
        Flip(walk, "acceptable", None, True, value, value > float(walk.number), True)
        for value in (59.0, 58.5, 52.5, 53.5)
    ]
    (row,) = turning(river(flips=tuple(found)))
    assert sorted(entry.turn.value for entry in row.marks) == [53.5, 58.5]


# what decides


@pytest.mark.parametrize("width", WIDTHS)
def test_what_cannot_be_told_from_nothing_has_no_mark(width: int) -> None:
    result = river()
    chart = influence_rows(result, width)
    every = [entry for panel in result.influences for entry in panel.factors]
    for shape, name in (("circle", "first_order"), ("square", "total")):
        known = [found for e in every if not (found := getattr(e, name)).includes_zero]
        low, high = grid(chart)
        found = [mark["x"] for mark in marks(chart, shape)]
        expected = [low + entry.value * (high - low) for entry in known]
        assert found == pytest.approx(expected, abs=0.06)
    lines = [row for row in rows_of(chart, "weight") if row["colour"] == QUIET.light]
    assert len(lines) == 2 * len(every)


def test_all_others_are_the_last_row_and_hidden_ones_left_out() -> None:
    case = river_case()
    many = tuple(influence(case, "parties.highland.walk_away", 0.1, 0.2) for _ in range(12))
    result = river(influences=(Influences("roadmap", (*many, others(7)), 10),))
    assert len(marks(influence_rows(result, 680), "circle")) == 12
    rows = [text for text in rows_of(influence_rows(result, 680), "text") if text["x"] == 1]
    assert max(rows, key=lambda row: row["y"])["text"] == "All seven others together"
    assert not any("others" in t for t in texts(influence_rows(result, 680, lambda _: False)))
    assert not marks(influence_rows(result, 680, lambda _: False), "circle")
    with pytest.raises(ValueError, match="was not asked"):
        influences_chart(river(influences=()))
    assert "variance" in str(influences_chart(river()).to_dict()["title"])


# over the years


def histories(times: Sequence[float] = (1, 2, 2, 5, 7), standing: int = 5) -> Course:
    """Agreements that end after so many years of ten, and some that stand, one cheated on."""
    years = [*times, *[10.0] * standing]
    ended = [True] * len(times) + [False] * standing
    curve = kaplan_meier(years, ended)
    cheated = bool(standing)
    kept = kaplan_meier([*years[:-1], 4.0 if cheated else years[-1]], [*ended[:-1], True])
    given_ = Given((), ("highland",), (), (), ("rain",), (), ("rain",), False)
    cause = CauseCount(Cause("leaves", "highland", "walk away"), (len(times),))
    return Course(
        years=10.0,
        period=1.0,
        samples=len(years),
        times=np.array(years, dtype=np.int64),
        ended=np.array(ended),
        survival=curve,
        kept=kept,
        finished=share(400),
        steps=(3, 7),
        causes=(cause,),
        passages=(),
        given=given_,
        false_alarm=None,
    )


def past() -> BaseRate:
    agreements = tuple(
        PastAgreement(f"Accord {place}", years, years < 8)
        for place, years in enumerate((2.0, 4.0, 8.0))
    )
    curve = kaplan_meier([a.years for a in agreements], [a.ended for a in agreements])
    return BaseRate("past.csv", agreements, None, curve)


def stair_of(chart: Any, colour: str) -> list[dict[str, Any]]:
    """The points of a line that falls in steps."""
    return [row for row in rows_of(chart, "weight") if row["colour"] == colour and "x2" not in row]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_curve_falls_where_agreements_end(width: int) -> None:
    course = histories()
    chart = survival_curve(course, width)
    stands, kept = stair_of(chart, INK.light), stair_of(chart, KEPT.light)
    left, right = stands[0]["x"], stands[-1]["x"]
    heights = {text["text"]: text["y"] for text in rows_of(chart, "text")}
    top, foot = heights["100 %"], heights["0 %"]
    area = [row for row in rows_of(chart, "fill") if "colour" not in row]
    for years in (0.5, 1.5, 3.0, 4.5, 6.0, 9.9):
        x = left + years / 10 * (right - left)

        def at(rows: list[dict[str, Any]], *keys: str, x: float = x) -> list[float]:
            """Heights as shares, where a step-like line is last told."""
            row = [row for row in rows if row["x"] <= x][-1]
            return [(foot - row[key]) / (foot - top) for key in keys]

        expected = course.survival.at(years)
        assert at(stands, "y") == pytest.approx(expected[:1], abs=0.003)
        assert at(area, "y", "y2") == pytest.approx(expected[1:], abs=0.003)
        assert at(kept, "y") == pytest.approx(course.kept.at(years)[:1], abs=0.003)
    assert {"50 %", "50 % not ended", "40 % and kept"} <= set(heights)


def test_past_agreements_stand_beside_it_as_far_as_they_are_known() -> None:
    chart = survival_chart(histories(), past())
    grey, strong = stair_of(chart, CONTEXT.light), stair_of(chart, INK.light)
    assert 0 < grey[-1]["x"] < strong[-1]["x"]
    assert any(text.startswith("past: 33") for text in texts(chart))
    assert "three agreements of the past" in " ".join(chart.to_dict()["title"]["subtitle"])
    assert not stair_of(survival_chart(histories()), CONTEXT.light)


def test_an_agreement_that_ends_in_all_histories_stays_at_nothing() -> None:
    course = histories((1, 2, 3), 0)
    chart = survival_curve(course, 680)
    ends = [row["x2"] for row in rows_of(chart, "weight", "x2") if row["y"] == row["y2"]]
    assert stair_of(chart, INK.light)[-1]["x"] == max(ends)
    assert " 0 % of" in survival_title(course)


def test_of_a_long_curve_only_what_can_be_seen_is_drawn() -> None:
    times = np.random.default_rng(1).uniform(0, 10, 5000)
    course = histories(times.tolist(), 5000)
    assert len(stair_of(survival_curve(course, 680), INK.light)) < 120


# words


def test_no_picture_says_what_shares_are_not() -> None:
    for chart in (
        stress_chart(korea()),
        tornado(korea()),
        influences_chart(korea()),
        survival_chart(histories(), past()),
    ):
        told = str(chart.to_dict()).lower()
        assert not any(word in told for word in FORBIDDEN)
