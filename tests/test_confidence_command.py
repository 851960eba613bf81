"""The question ``confidence``: its result, sentences, table, chart and command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from detente.case import CaseError
from detente.verification.confidence.belief import after_alarm, posterior
from detente.verification.confidence.beta_mixture import violation_rate
from detente.verification.confidence.confidence_result import ConfidenceResult
from detente.verification.confidence.record import LONGEST, read_record, tally
from detente.verification.wording import chance
from detente.views.confidence import findings, headline
from detente.views.confidence_chart import Path as Curve
from detente.views.confidence_chart import confidence_chart, confidence_curve, turning
from detente.views.exporting import chart_file
from detente.views.theme import ACCENT, PARTIES
from test_charts import layers
from test_command import answer, refusal

RECORD = "clean*5,alarm,none*2,clean"
READ = (*[False] * 5, True, None, None, False)


def plain(result: ConfidenceResult) -> str:
    """What the terminal shows, on one line."""
    return " ".join(str(result).split())


# the record in words


def test_a_record_is_read_from_words_and_letters() -> None:
    assert read_record(RECORD) == READ
    assert read_record("c*5 a - - c") == read_record("Clean * 5, ALARM,none * 02 c,") == READ
    assert tally(READ) == {False: 6, True: 1, None: 2}


OUTCOMES = st.lists(st.tuples(st.sampled_from("ca-"), st.integers(1, 12)), min_size=1)


@given(OUTCOMES)
def test_what_is_written_is_read(parts: list[tuple[str, int]]) -> None:
    meant = {"c": False, "a": True, "-": None}
    written = ",".join(f"{word}*{times}" for word, times in parts)
    assert read_record(written) == tuple(meant[w] for w, times in parts for _ in range(times))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("clean,alrm", "unknown word 'alrm' at place 2 of the record; did you mean 'alarm'?"),
        ("clean;alarm", "unknown word 'clean;alarm' at place 1"),
        ("xyz", "unknown word 'xyz' at place 1 of the record\n"),
        ("clean*x", "'clean*x' at place 1 of the record does not say how often"),
        ("clean*0", "does not say how often"),
        ("clean*-3", "does not say how often"),
        ("clean, *3", "unknown word '*3' at place 2"),
        ("", "the record has no periods"),
        (" , ", "the record has no periods"),
        (f"clean*{LONGEST},clean", "at most 10,000 periods"),
        ("clean*99999999999999999999", "at most 10,000 periods"),
    ],
)
def test_a_record_that_cannot_be_read_says_where_and_why(text: str, what: str) -> None:
    with pytest.raises(CaseError) as caught:
        read_record(text)
    assert what in str(caught.value)


# the result


def test_the_result_is_made_of_the_pure_functions() -> None:
    found = detente.confidence(
        0.3, false_alarm=0.02, record=RECORD, lapse=0.02, cure=0.1, needed=0.9, trust=(3, -5, 0)
    )
    assert not found.supposed
    path = posterior(0.5, READ, 0.3, 0.02, 0.02, 0.1)
    assert found.confidence == tuple(path)
    before = path[-1] * 0.98 + (1 - path[-1]) * 0.1
    assert found.after_alarm == pytest.approx(after_alarm(before, 0.3, 0.02))
    assert found.after_alarm == found.alarm_means[-1]
    further = posterior(0.5, [*READ, *[False] * 60], 0.3, 0.02, 0.02, 0.1)
    assert found.inspections_needed == int((further[len(READ) - 1 :] >= 0.9).argmax())
    assert found.ceiling == pytest.approx(posterior(0.5, [False] * 2000, 0.3, 0.02, 0.02, 0.1)[-1])
    assert found.without_inspections == pytest.approx(0.1 / 0.12)
    rate = violation_rate(7, 1, 0.3, 0.02)
    assert (found.rate.mean, found.rate.bound_95) == (rate.mean, rate.quantile(0.95))
    assert found.trust is not None
    assert found.trust.threshold == 0.625
    assert found.trust.inspections_needed == int((further[len(READ) - 1 :] >= 0.625).argmax())
    assert found.case is None


def test_without_a_record_a_clean_one_is_supposed_and_now_is_before_it() -> None:
    found = detente.confidence(0.3, false_alarm=0.02, needed=0.95)
    assert found.supposed
    assert found.record == (False,) * 24
    assert (found.inspections_needed, found.ceiling, found.now) == (9, 1, 0.5)
    assert found.confidence[7] < 0.95 <= found.confidence[8]
    assert found.after_alarm == pytest.approx(0.9375)
    assert detente.confidence(0.3, periods=3).confidence == found_path(3)


def found_path(periods: int) -> tuple[float, ...]:
    return tuple(posterior(0.5, [False] * periods, 0.3, 0))


def test_a_record_may_be_given_as_values() -> None:
    as_values = detente.confidence(0.3, record=[False, None, True])
    assert as_values.to_dict() == detente.confidence(0.3, record="clean,none,alarm").to_dict()


def test_a_tie_after_a_record_is_met() -> None:
    """From 1/2 to 2/3 to 4/5, although no float is 2/3."""
    assert detente.confidence(0.5, record="clean", needed=0.8).inspections_needed == 1
    assert detente.confidence(0.5, record="clean*2", needed=0.8).inspections_needed == 0


@pytest.mark.parametrize(
    ("numbers", "why"),
    [
        ({"detect": 0.3, "lapse": 0.1}, "ceiling"),
        ({"detect": 0.3, "false_alarm": 0.3}, "say nothing"),
        ({"detect": 0.3, "prior": 0}, "certain of a violation"),
        ({"detect": 0.3, "needed": 1}, "certainty is never reached"),
        ({"detect": 1, "lapse": 1, "record": "none"}, "no inspection can be clean"),
    ],
)
def test_where_no_number_of_inspections_does_the_reason_is_said(
    numbers: dict[str, Any], why: str
) -> None:
    found = detente.confidence(**{"needed": 0.95, **numbers})
    assert found.inspections_needed is None
    assert found.why_not is not None
    assert why in found.why_not
    assert why in plain(found)


def refused(message: str, **numbers: Any) -> None:
    with pytest.raises(ValueError, match=message):
        detente.confidence(**{"detect": 0.3, **numbers})


def test_numbers_outside_their_domain_are_refused() -> None:
    refused("the prior is between 0 and 1; this is 1.5", prior=1.5)
    refused("the detection probability is between 0 and 1", detect=30)
    refused("not below the false-alarm probability", detect=0.1, false_alarm=0.2)
    refused("the number of periods is at least 1; this is 0", periods=0)
    refused("at most 10,000 periods", periods=10_001)
    refused("no periods", record=[])
    refused("the confidence that is needed is between 0 and 1", needed=95)
    refused("worth more if it succeeds", trust=(1, 2, 0))
    refused("together are at most 1", lapse=0.7, cure=0.7)
    refused("an alarm in period 1 cannot happen", prior=1, record="alarm")


def test_the_document_has_every_field_of_the_reference() -> None:
    found = detente.confidence(0.3, needed=0.9, trust=(3, -1, 0), record="c,a,-")
    document = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert document["record"] == ["clean", "alarm", "none"]
    assert len(document["confidence"]) == len(document["alarm_means"]) == 3
    page = (Path(__file__).parents[1] / "docs/reference/json.md").read_text(encoding="utf-8")
    section = page.partition("\n## confidence\n")[2].partition("\n## ")[0]
    for field in [*document, *document["rate"], *document["trust"]]:
        assert f"`{field}`" in section, field


# the sentences


def test_the_headline_says_how_long_and_from_where() -> None:
    found = detente.confidence(0.3, false_alarm=0.02, needed=0.95)
    assert headline(found) == (
        "It takes nine clean inspections in a row until confidence in compliance reaches 95 %, "
        "starting from even chances, a judgement."
    )
    assert "starting from 70 %, a judgement" in headline(
        detente.confidence(0.3, needed=0.95, prior=0.7)
    )
    after = headline(detente.confidence(0.3, false_alarm=0.02, needed=0.95, record=RECORD))
    assert after.startswith(
        "After six clean inspections, one alarm and two periods without inspection, confidence "
        "in compliance is 33.4 %"
    )
    assert after.endswith("Eleven more clean inspections in a row would take it to 95 %.")
    assert "One clean inspection would" in headline(detente.confidence(0.3, periods=1))


def test_the_findings_say_what_alarms_silence_and_steps_mean() -> None:
    text = " ".join(findings(detente.confidence(0.9, false_alarm=0.05, prior=0.99)))
    assert "a violation with a chance of 15.4 %" in text
    assert "no reason to let one pass" in text
    assert "has no ceiling" in text
    assert "confidence stays where it is" in text
    lapsing = " ".join(findings(detente.confidence(0.3, false_alarm=0.02, lapse=0.02)))
    assert "does not pass 94.9 %" in lapsing
    assert "from 50 % to 49 % after one, and to 0 % in the long run" in lapsing
    sinking = findings(detente.confidence(0.3, false_alarm=0.02, lapse=0.02, prior=0.99))
    assert "sinks to the ceiling of 94.9 %" in sinking[0]
    assert "would prove a violation" in " ".join(findings(detente.confidence(0.3)))
    step = " ".join(findings(detente.confidence(0.3, false_alarm=0.02, trust=(3, -5, 0))))
    assert "asks for a confidence of 62.5 %: two clean inspections from now" in step
    refused_ = " ".join(findings(detente.confidence(0.3, trust=(3, -5, 4))))
    assert "no confidence is enough" in refused_


CHANCES = st.sampled_from([0, 0.02, 0.3, 0.5, 1])


@given(
    st.tuples(CHANCES, CHANCES).map(sorted),
    CHANCES,
    st.sampled_from([(0, 0), (0.02, 0), (0.1, 0.3), (0, 1), (1, 0), (0.5, 0.5)]),
    st.none() | st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=5),
    st.none() | CHANCES,
)
@settings(max_examples=50, deadline=None)
def test_every_answer_can_be_told_shown_and_drawn(
    alarms: list[float],
    prior: float,
    turns: tuple[float, float],
    record: list[bool | None] | None,
    needed: float | None,
) -> None:
    false_alarm, detect = alarms
    numbers: dict[str, Any] = {"false_alarm": false_alarm, "lapse": turns[0], "cure": turns[1]}
    try:
        found = detente.confidence(detect, prior=prior, record=record, needed=needed, **numbers)
    except ValueError as error:
        assert "cannot happen" in str(error)
        return
    text = str(found)
    assert all(len(line) <= 80 for line in text.splitlines())
    assert not set("{}") & set(text)
    assert "odds" not in text
    assert "evidence only about what the inspections could have seen" in plain(found)
    assert len(found.table()) == len(found.record)
    assert found.chart().to_dict()["layer"]
    json.dumps(found.to_dict(), allow_nan=False)


def test_of_a_long_record_the_last_periods_are_shown() -> None:
    shown = plain(detente.confidence(0.3, record="clean*100,alarm"))
    assert "The last 40 of 101 periods" in shown
    assert "101 alarm" in shown
    assert "The first 40 of 100 periods" in plain(detente.confidence(0.3, periods=100))


def test_the_row_that_reaches_what_is_needed_is_marked() -> None:
    lines = str(detente.confidence(0.3, false_alarm=0.02, needed=0.95)).splitlines()
    marked = [line for line in lines if "←" in line]
    assert [line.split()[0] for line in marked] == ["9"]


# the chart


def drawn(chart: Any, key: str) -> list[dict[str, Any]]:
    """What is drawn of a kind: words by their text, marks by their shape, rules by their end."""
    return [row for rows in layers(chart) for row in rows if key in row]


def test_the_curve_goes_through_every_period_with_its_level_lines() -> None:
    found = detente.confidence(
        0.3, false_alarm=0.02, lapse=0.02, cure=0.05, needed=0.9, record=RECORD
    )
    assert found.ceiling is not None
    chart = confidence_chart(found)
    curve = [row for row in drawn(chart, "x2") if row["weight"] == 2]
    assert len(curve) == len(READ)
    foot, top = 210.0, 20.0
    levels = [(foot - row["y2"]) / (foot - top) for row in sorted(curve, key=lambda r: r["x2"])]
    assert levels == pytest.approx(found.confidence, abs=1e-3)
    flat = {row["y"]: row["colour"] for row in drawn(chart, "x2") if row["y"] == row["y2"]}
    assert round(foot - 190 * found.ceiling, 1) in flat
    assert flat[round(foot - 190 * 0.9, 1)] == ACCENT.light
    texts = [row["text"] for row in drawn(chart, "text")]
    assert f"ceiling {chance(found.ceiling)}" in texts
    assert "90 % needed" in texts
    assert chance(found.confidence[-1]) in texts


def test_alarms_are_triangles_and_silent_periods_hollow() -> None:
    marks = drawn(confidence_chart(detente.confidence(0.3, record=RECORD)), "shape")
    ordered = sorted(marks, key=lambda mark: mark["x"])
    assert [mark["shape"] == "triangle-down" for mark in ordered] == [o is True for o in READ]
    hollow = [mark["fill"] != mark["colour"] for mark in ordered]
    assert hollow == [outcome is None for outcome in READ]


def test_the_period_that_reaches_what_is_needed_is_pointed_out() -> None:
    chart = confidence_chart(detente.confidence(0.3, false_alarm=0.02, needed=0.95))
    upright = [row for row in drawn(chart, "x2") if row["x"] == row["x2"] and row["weight"] > 1]
    tick = [row["x"] for row in drawn(chart, "text") if row["text"] in ("8", "10")]
    assert [row["x"] for row in upright] == [pytest.approx(sum(tick) / 2, abs=0.1)]


def test_several_curves_are_named_and_do_not_touch() -> None:
    plans = {"imagery": 0.1, "inspectors": 0.3, "both": 0.6}
    found = {name: detente.confidence(d, lapse=0.02) for name, d in plans.items()}
    curves = [
        Curve(
            (0.5, *result.confidence), label=name, ceiling=result.ceiling, look=(shape, tone.light)
        )
        for (name, result), shape, tone in zip(
            found.items(), ("circle", "square", "diamond"), PARTIES, strict=False
        )
    ]
    for width in (680, 330):
        chart = confidence_curve(curves, width, needed=0.9, unit="months")
        names = [row for row in drawn(chart, "text") if any(name in row["text"] for name in plans)]
        assert len(names) == len(plans)
        right = [row["y"] for row in drawn(chart, "text") if row["x"] >= names[0]["x"]]
        assert min(b - a for a, b in zip(sorted(right), sorted(right)[1:], strict=False)) >= 14
        assert max(row["x"] + 6.4 * len(row["text"]) for row in names) <= width + 10
        assert any(row["text"] == "months" for row in drawn(chart, "text"))


def test_very_long_paths_keep_their_dips() -> None:
    values = [0.9] * 5000
    values[1234] = 0.1
    places = turning(values, 600)
    assert places == sorted(set(places))
    assert {0, 1234, 4999} <= set(places)
    assert len(places) <= 602
    assert turning([0.1, 0.2], 600) == [0, 1]


def test_there_is_nothing_to_draw_without_a_period() -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        confidence_curve([], 600)
    with pytest.raises(ValueError, match="nothing to draw"):
        confidence_curve([Curve([0.5])], 600)


def test_the_chart_is_a_file() -> None:
    svg = chart_file(detente.confidence(0.3, needed=0.9), ".svg")
    assert isinstance(svg, str)
    assert "90 % needed" in svg


# the command line


def test_the_command_answers_in_words_and_in_json(tmp_path: Path) -> None:
    words = ("confidence", "--detect", "0.3", "--false-alarm", "0.02", "--needed", "0.95")
    found = detente.confidence(0.3, false_alarm=0.02, needed=0.95)
    assert answer(*words) == f"{found}\n"
    more = ("--record", RECORD, "--lapse", "0.02", "--trust", "3", "-5", "0", "--json")
    table = tmp_path / "path.csv"
    document = json.loads(answer(*words, *more, "--out", str(table)))
    assert (document["command"], document["case"]) == ("confidence", None)
    again = detente.confidence(
        0.3, false_alarm=0.02, needed=0.95, record=RECORD, lapse=0.02, trust=(3, -5, 0)
    )
    assert {key: document[key] for key in again.to_dict()} == again.to_dict()
    assert len(table.read_text().splitlines()) == 1 + len(READ)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--detect", "1.2"), "error: the detection probability is between 0 and 1; this is 1.2\n"),
        (("--detect", "nan"), "error: the detection probability is a finite number"),
        (("--detect", "0.3", "--record", "clean,alrm"), "did you mean 'alarm'?"),
        (("--detect", "0.3", "--prior", "1", "--record", "a"), "cannot happen"),
    ],
)
def test_wrong_calls_are_refused_in_one_message(words: tuple[str, ...], what: str) -> None:
    assert what in refusal("confidence", *words)
