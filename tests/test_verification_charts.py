"""Pictures of verification: what they draw is what the answer says."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente
from detente.verification.answer import Temptation
from detente.verification.verify import verify
from detente.verification.verify_result import VerifyResult
from detente.views.exporting import chart_file
from detente.views.theme import ACCENT, CONTEXT, INK, LINE, identities
from detente.views.verification import cheat_text, needed, tempted, verdict_text
from detente.views.verification_charts import ROWS, detection_rows, verify_chart, words_of
from detente.views.verification_stakes import outcomes_of, stake_rows
from test_terminal_verify import TEMPTATIONS
from test_timelines import drawn
from verified import DEPOT, FULL, HELD, answer, cheat, incentives, one_party

WIDE, NARROW = 680, 330


def every(result: VerifyResult) -> list[Temptation]:
    return [entry for part in tempted(result) for entry in part.temptations]


def lines_of_rows(chart: Any) -> list[float]:
    """Heights of the lines on which ways to cheat stand, from the top."""
    rules = drawn(chart)["rule"]
    whole = [r for r in rules if r["y"] == r["y2"] and r["colour"] == LINE.light]
    return sorted({r["y"] for r in whole})


def on_line(chart: Any, y: float, kind: str) -> list[dict[str, Any]]:
    """What stands on a line, or crosses it."""
    return [d for d in drawn(chart)[kind] if d["y"] <= y <= d.get("y2", d["y"])]


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("result", [answer(), one_party()], ids=["mixed", "held"])
def test_marks_stand_at_what_is_provided_and_lines_at_what_is_needed(
    result: VerifyResult, width: int
) -> None:
    chart = detection_rows(result, width)
    rows = lines_of_rows(chart)
    ways = every(result)
    assert len(rows) == len(ways) > 0
    known = identities(result.case)
    for entry, y in zip(ways, rows, strict=True):
        axis = next(r for r in on_line(chart, y, "rule") if r["colour"] == LINE.light)
        left, right = axis["x"], axis["x2"]

        def at(share: float, left: float = left, right: float = right) -> Any:
            return pytest.approx(left + math.sqrt(share) * (right - left), abs=0.1)

        (provided,) = on_line(chart, y, "mark")
        assert provided["x"] == at(entry.detection)
        look = known[entry.party]
        assert (provided["shape"], provided["colour"]) == (look.shape, look.tone.light)
        upright = [r for r in on_line(chart, y, "rule") if r["colour"] == INK.light]
        gap = [r for r in on_line(chart, y, "rule") if r["weight"] == 3]
        least = needed(entry)
        if isinstance(least, float):
            assert [r["x"] for r in upright] == [at(least)]
            assert [r["x"] for r in gap] == [at(min(least, entry.detection))]
            assert [r["x2"] for r in gap] == [at(max(least, entry.detection))]
        elif least == "none would do":
            assert not upright and [r["x2"] for r in gap] == [at(1)]
        elif least == "unknown":
            assert not upright and not gap
        colour = {True: CONTEXT.light, False: ACCENT.light}.get(entry.deterred)
        assert all(r["colour"] == colour for r in gap)


def test_small_and_large_chances_can_both_be_read() -> None:
    ways = [cheat("depot", "north", detection=share, margin=None) for share in (0, 0.01, 0.9)]
    chart = detection_rows(answer(parties={"north": incentives("north", *ways)}, unvalued={}), WIDE)
    nothing, small, large = (on_line(chart, y, "mark")[0]["x"] for y in lines_of_rows(chart))
    assert small - nothing > 40 and large - small > 300


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_way_is_named_and_its_verdict_is_in_words(width: int) -> None:
    result = answer()
    found = " ".join(w["text"] for w in drawn(detection_rows(result, width))["words"])
    for entry in every(result):
        assert cheat_text(result.case, entry) in found and words_of(entry) in found
    assert "✗ 0 %; no detection would deter it" in found
    assert "✓ 9.5 %, enough: 4.7 % needed" in found
    assert "< 0.1 %; whether it pays is not known" in found
    names = [result.case.party_name(part.party) for part in tempted(result)]
    assert all(name in found for name in names)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(TEMPTATIONS, min_size=1, max_size=3), st.sampled_from([WIDE, NARROW]))
def test_whatever_is_drawn_stays_inside_and_apart(ways: list[Temptation], width: int) -> None:
    parties = {"north": incentives("north", *ways)}
    chart = detection_rows(answer(parties=parties, unvalued={}), width)
    height = chart.to_dict()["height"]
    found = drawn(chart)
    for shown in (row for rows in found.values() for row in rows):
        assert 0 <= shown["x"] <= width and 0 <= shown.get("x2", 0) <= width
        assert 0 <= shown["y"] <= height and shown.get("y2", 0) <= height
    words = sorted((w for w in found["words"] if w["x"] < 100), key=lambda w: w["y"])
    heights = [w["y"] for w in words if w["y"] > 20]
    assert all(b - a >= 14 for a, b in pairwise(heights))


def test_the_chart_is_titled_with_the_verdict() -> None:
    result = answer()
    title = " ".join(verify_chart(result).to_dict()["title"]["text"])
    assert title == verdict_text(result)
    told = {"usermeta": {"handling": "Teaching case, invented"}}
    assert result.chart().to_dict() == {**verify_chart(result).to_dict(), **told}
    assert "Teaching case, invented" in str(chart_file(result, ".svg"))


def test_of_very_many_the_first_are_drawn_and_the_rest_is_counted() -> None:
    ways = [replace(FULL, party="north") for _ in range(ROWS + 5)]
    result = answer(parties={"north": incentives("north", *ways)}, unvalued={})
    assert len(lines_of_rows(detection_rows(result, WIDE))) == ROWS
    subtitle = " ".join(verify_chart(result).to_dict()["title"]["subtitle"])
    assert f"The first {ROWS} of {ROWS + 5} ways to cheat are drawn." in subtitle


def test_without_a_way_to_cheat_there_is_nothing_to_draw() -> None:
    result = answer(parties={"north": incentives("north")}, unvalued={})
    assert detection_rows(result, WIDE) is None
    with pytest.raises(ValueError, match="nothing to draw"):
        verify_chart(result)


# the stake against the temptation


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_stakes_stand_on_each_partys_own_scale(width: int) -> None:
    result = answer(punishment=6)
    chart = stake_rows(result, ["north", "south"], width)
    rows = lines_of_rows(chart)
    assert len(rows) == 2
    for part, y in zip(result.parties.values(), rows, strict=True):
        values = outcomes_of(part)
        assert values == {
            "found": part.punished,
            "leaves": part.worth - part.leave,
            "cheats": part.worth - part.margin,
            "keeps": part.worth,
        }
        low, high = min(values.values()), max(values.values())
        marks = on_line(chart, y, "mark")
        places = sorted(m["x"] for m in marks)
        shares = sorted((value - low) / (high - low) for value in values.values())
        assert places == pytest.approx([12 + s * (width - 24) for s in shares], abs=0.1)
        (kept,) = [m for m in marks if m["fill"] == m["colour"]]
        share = (part.worth - low) / (high - low)
        assert kept["x"] == pytest.approx(12 + share * (width - 24), abs=0.1)
        (gap,) = [r for r in on_line(chart, y, "rule") if r["weight"] == 3]
        assert (gap["colour"] == ACCENT.light) == (part.margin < 0)


def test_stakes_are_drawn_for_those_asked_for_only() -> None:
    result = answer()
    texts = [w["text"] for w in drawn(stake_rows(result, ["north"], WIDE))["words"]]
    assert "The North" in texts and "south" not in texts
    assert "found: 47" in texts and "leaves: 49" in texts and "keeps it: 54.5" in texts
    assert stake_rows(result, ["third"], WIDE) is None and stake_rows(result, [], WIDE) is None


def test_found_and_left_are_one_mark_where_they_are_the_same() -> None:
    north = incentives("north", HELD, DEPOT, punished=49.0)
    texts = [
        w["text"]
        for w in drawn(stake_rows(answer(parties={"north": north}), ["north"], WIDE))["words"]
    ]
    assert "found or leaves: 49" in texts and "found: 49" not in texts


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.tuples(*[st.floats(-100, 200)] * 4), st.sampled_from([WIDE, NARROW]))
def test_labels_of_stakes_never_touch(values: tuple[float, ...], width: int) -> None:
    worth, found, leave, margin = values
    north = incentives("north", HELD, worth=worth, punished=found, leave=leave, margin=margin)
    chart = stake_rows(answer(parties={"north": north}, punishment=3), ["north"], width)
    words = [w for w in drawn(chart)["words"] if ":" in w["text"]]
    boxes = [(w["x"] - 2.7 * len(w["text"]), w["x"] + 2.7 * len(w["text"]), w["y"]) for w in words]
    for place, (left, right, y) in enumerate(boxes):
        assert left >= -1 and right <= width + 1
        for other in boxes[place + 1 :]:
            assert y != other[2] or right < other[0] or other[1] < left


def test_bundled_cases_can_be_drawn() -> None:
    river = detente.load("river")
    for package in river.packages:
        result = verify(river, package)
        for width in (WIDE, NARROW):
            assert len(lines_of_rows(detection_rows(result, width))) == len(every(result))
            assert stake_rows(result, list(result.parties), width) is not None
    jcpoa = verify(detente.load("jcpoa_2015"), "jcpoa")
    assert "whether it pays is not known" in str(verify_chart(jcpoa).to_dict())
