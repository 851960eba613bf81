"""The question ``sample``: its front, its documents, its words, its chart, its command."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from detente.command.output import enveloped
from detente.verification import (
    detection_probability,
    sample_margins,
    sample_size,
    sample_window,
)
from detente.views.sampling import headline
from test_charts import layers, texts
from test_command import answer, refusal

DEAL: dict[str, Any] = {"gain": 12, "loss": 6, "discount": 0.9}
ALARMED: dict[str, Any] = {"recognise": 0.9, "false_alarm": 0.005}
KINDS = [(20, 2), (40, 1)]

ASKED: dict[str, dict[str, Any]] = {
    "plain": {"items": 100, "falsified": 5, "detect": 0.9},
    "one": {"items": 100, "falsified": 1, "detect": 0.8},
    "all": {"items": 20, "falsified": 1, "detect": 1},
    "impossible": {"items": 100, "falsified": 5, "detect": 0.9, "recognise": 0.3},
    "sampled": {"items": 100, "falsified": 5, "sampled": 20},
    "short": {"items": 100, "falsified": 5, "sampled": 20, "detect": 0.9},
    "alarmed": {"items": 100, "falsified": 10, "detect": 0.9, **ALARMED},
    "accept": {"items": 100, "falsified": 10, "sampled": 30, "accept": 1, **ALARMED},
    "window": {"items": 100, "falsified": 5, **ALARMED, **DEAL},
    "no window": {"items": 100, "falsified": 5, **ALARMED, **DEAL, "false_alarm": 0.01},
    "upwards": {"items": 100, "falsified": 5, "detect": 0.9, **DEAL},
    "nothing to gain": {"items": 9, "falsified": 5, "sampled": 3, **DEAL, "gain": 0},
    "second look": {"items": 100, "falsified": 5, **ALARMED, **DEAL, "second_look": (0.98, 0.05)},
    "kinds": {"strata": KINDS, "goal": 8, "detect": 0.9},
    "no plan": {"strata": KINDS, "goal": 8, "detect": 0.9, "recognise": 0.2},
    "many": {"items": 10**6, "falsified": 5000, "detect": 0.9, "recognise": 0.9},
}
every = pytest.mark.parametrize("name", ASKED)


def asked(name: str) -> Any:
    return detente.sample(**ASKED[name])


def told(name: str) -> str:
    return " ".join(str(asked(name)).split())


# --- the front ---


def test_the_needed_size_and_what_it_reaches() -> None:
    found = asked("plain")
    assert found.possible is True
    assert found.needed == found.sampled == 37
    assert found.detection == detection_probability(100, 5, 37)
    assert (found.simple, found.jaech, found.most) == (37, 37, 1.0)
    assert dict(found.levels) == {
        level: sample_size(100, 5, level) for level in (0.5, 0.8, 0.9, 0.95, 0.99)
    }


def test_what_is_out_of_reach() -> None:
    found = asked("impossible")
    assert found.possible is False
    assert found.needed is found.sampled is found.detection is found.simple is None
    assert found.most == pytest.approx(0.83193)
    assert found.recognise_needed == pytest.approx(1 - 0.1**0.2)
    within = detente.sample(100, 5, 0.9, recognise=0.37)
    assert within.possible is True


def test_false_alarms_are_no_finds() -> None:
    found = asked("alarmed")
    assert found.needed == sample_size(100, 10, 0.9, 0.9)
    assert found.alarm.detection > found.detection >= 0.9
    assert found.alarm.false_alarm == pytest.approx(1 - 0.995**found.needed)
    accepting = asked("accept")
    assert accepting.detection == detection_probability(100, 10, 30, 0.9, 1)
    assert accepting.simple is accepting.jaech is None


def test_the_plan_is_what_is_given_else_needed_else_best() -> None:
    assert asked("short").sampled == 20
    assert asked("short").needed == 37
    assert asked("upwards").sampled == asked("upwards").needed == 37
    assert asked("window").sampled == 23


@pytest.mark.parametrize("punishment", [None, 12])
def test_the_window_with_its_margins(punishment: int | None) -> None:
    found = detente.sample(100, 5, sampled=70, **ALARMED, **DEAL, punishment=punishment)
    assert found.stakes.window == sample_window(100, 5, **ALARMED, **DEAL, periods=punishment)
    (margin,) = sample_margins(100, 5, [70], **ALARMED, **DEAL, periods=punishment)
    assert found.stakes.margin == pytest.approx(margin)
    document = found.to_dict()["window"]
    assert document["margin"] == pytest.approx(0.1 * margin)
    assert document["best_margin"] == pytest.approx(0.1 * found.stakes.window.margin)


def test_a_second_look_counts_for_everything() -> None:
    found = asked("second look")
    assert found.stakes.window.sizes == ((6, 100),)
    assert found.detection == detection_probability(100, 5, found.sampled, 0.882)
    assert found.alarm.false_alarm == pytest.approx(1 - (1 - 0.00025) ** found.sampled)


def test_kinds_of_items() -> None:
    found = asked("kinds")
    assert (found.items, found.falsified, found.sampled) == (60, None, 20)
    assert [(row.falsified, row.sampled) for row in found.strata] == [(4, 9), (8, 11)]
    assert asked("no plan").possible is False


@pytest.mark.parametrize(
    "call",
    [
        {},
        {"items": 10},
        {"items": 10, "falsified": 2},
        {"items": 10, "falsified": 2, "detect": 0.5, "gain": 3},
        {"items": 10, "falsified": 2, "detect": 0.5, "punishment": 3},
        {"items": 10, "falsified": 2, "detect": 0.5, "goal": 3},
        {"strata": KINDS, "detect": 0.5},
        {"strata": KINDS, "goal": 8},
        {"strata": KINDS, "goal": 81, "detect": 0.5},
        {"strata": KINDS, "goal": 8, "detect": 0.5, "accept": 1},
        {"goal": 8, "detect": 0.5},
    ],
)
def test_what_does_not_go_together(call: dict[str, Any]) -> None:
    with pytest.raises(detente.CaseError) as caught:
        detente.sample(**call)
    assert caught.value.problems[0].help


# --- documents and tables ---


@every
def test_the_document_is_json_with_known_fields(name: str) -> None:
    document = enveloped("sample", asked(name))
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["case"] is None
    page = (Path(__file__).parents[1] / "docs/reference/json.md").read_text(encoding="utf-8")
    section = page.split("## sample\n")[1].split("\n## ")[0]
    known = set(re.findall(r"`(\w+)`", section)) | set(re.findall(r"`(\w+)`", page[:3000]))

    def fields(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value).union(*map(fields, value.values()))
        return set().union(*map(fields, value)) if isinstance(value, list) else set()

    assert fields(document) <= known


@every
def test_the_curve_is_what_the_functions_say(name: str) -> None:
    found, table = asked(name), asked(name).table()
    assert isinstance(table, pandas.DataFrame)
    if found.strata:
        assert found.curve() == ()
        assert table["items"].tolist() == [20, 40]
        return
    points = {point.sampled: point for point in found.curve()}
    assert table["checked"].tolist() == list(points)
    assert list(points) == sorted(points)
    assert len(points) < 220
    assert min(points) == 0
    for size in (found.sampled, found.needed):
        assert size is None or size in points
    if found.detection is not None:
        plan = points[found.sampled]
        assert plan.detection == pytest.approx(found.detection, abs=1e-9)
        if found.alarm is not None:
            assert plan.false_alarm == pytest.approx(found.alarm.false_alarm, abs=1e-12)
        if found.stakes is not None:
            assert plan.margin == pytest.approx(found.stakes.a_period(found.stakes.margin))
    assert ("margin" in table) == (found.stakes is not None)


# --- words ---


@every
def test_words_in_eighty_columns(name: str) -> None:
    text = str(asked(name))
    assert max(map(len, text.splitlines())) <= 80
    assert not re.search(r"[{}]|None|nan|\binf\b", text)
    assert headline(asked(name)) in " ".join(text.split())


def test_the_words_of_the_finding() -> None:
    assert told("plain").startswith(
        "To have a 90 % chance of finding at least one of 5 falsified items among 100, "
        "37 must be checked."
    )
    assert "To have an 80 % chance of finding the one falsified item among 100" in told("one")
    assert "all 20 must be checked" in told("all")
    assert "even checking all of them gives only 83.2 %" in told("impossible")
    assert "recognised with a chance of 30 %; it would take 37 %" in told("impossible")
    assert "Checking 20 of 100 items finds" in told("sampled")
    assert "That is short of 90 %." in told("short")
    assert "That is short" not in told("plain")
    assert "more than 1 of 10 falsified items" in told("accept")
    assert "1,000,000" in told("many")


def test_the_words_on_false_alarms() -> None:
    assert "raises the alarm" not in told("plain")
    found = asked("alarmed").alarm
    assert f"{100 * found.false_alarm:.1f} % all the same" in told("alarmed")
    assert "A second look" in told("alarmed")
    assert "where more than 1 item looks falsified" in told("accept")
    assert "A second look" not in told("accept")


def test_the_words_on_the_window() -> None:
    assert "an agreement holds with 8 to 58 of 100 items" in told("window")
    assert "With fewer, cheating pays. With more, false alarms" in told("window")
    assert "firmest with 23 checked: a violation then yields 12 and costs 16.9" in told("window")
    assert "an agreement does not hold on this alone" in told("no window")
    assert "It comes nearest with 17 checked" in told("no window")
    assert "With fewer" not in told("no window")
    assert "an agreement holds from 5 of 100 items" in told("upwards")
    assert "With more" not in told("upwards")
    assert "holds with any number of items checked, even none" in told("nothing to gain")
    short = detente.sample(100, 5, sampled=60, **ALARMED, **DEAL, punishment=40)
    assert "With 60 checked it does not hold" in " ".join(str(short).split())
    assert "for 40 periods" in " ".join(str(short).split())


def test_the_words_on_kinds() -> None:
    assert "an 8" not in told("kinds")
    assert "diversion of 8, however it is split over these kinds, 20 of 60 items" in told("kinds")
    assert "recognised with a chance of only 20 %" in told("no plan")


@given(st.integers(1, 60), st.integers(1, 60), st.floats(0, 1), st.floats(0, 1), st.integers(0, 2))
@settings(deadline=None, max_examples=40)
def test_any_plan_can_be_told(
    items: int, falsified: int, detect: float, recognise: float, accept: int
) -> None:
    found = detente.sample(
        items, min(items, falsified), detect, recognise=recognise, accept=accept, **DEAL
    )
    assert max(map(len, str(found).splitlines())) <= 80
    json.dumps(found.to_dict(), allow_nan=False)
    assert found.possible == (found.needed is not None)
    if found.detection is not None:
        assert found.detection >= detect - 1e-12


# --- the chart ---


@every
def test_the_chart_has_what_is_asked(name: str) -> None:
    found = asked(name)
    if found.strata:
        with pytest.raises(ValueError, match="kinds of items"):
            found.chart()
        return
    chart = found.chart()
    words = texts(chart)
    assert " ".join(chart.to_dict()["title"]["text"]) == headline(found)
    assert any(word.endswith("asked for") for word in words) == (found.detect is not None)
    assert ("false alarm" in words) == (found.false_alarm > 0)
    if found.sampled is not None:
        assert f"{found.sampled:,} checked" in words
    width = chart.to_dict()["width"]
    placed = [row for rows in layers(chart) for row in rows]
    assert all(0 <= row["x"] <= width for row in placed)


def test_the_bar_spans_the_window() -> None:
    chart = asked("window").chart()
    rules = [row for rows in layers(chart) for row in rows if "weight" in row]
    (bar,) = [row for row in rules if row["weight"] > 5]
    left, right = (min(row["x"] for row in rules), max(row["x2"] for row in rules))
    last = asked("window").curve()[-1].sampled
    scale = (right - left) / last
    assert (bar["x"] - left) / scale == pytest.approx(8, abs=0.1)
    assert (bar["x2"] - left) / scale == pytest.approx(58, abs=0.1)


# --- the command ---


def test_the_command_answers_as_the_function_does() -> None:
    words = "--items 100 --falsified 5 --recognise 0.9 --false-alarm 0.005 --second-look 0.98 0.05"
    stakes = "--gain 12 --loss 6 --discount 0.9"
    document = json.loads(answer("sample", *words.split(), *stakes.split(), "--json"))
    assert document == json.loads(json.dumps(enveloped("sample", asked("second look"))))
    kinds = "--stratum 20,2 --stratum 40,1 --goal 8 --detect 0.9"
    assert answer("sample", *kinds.split()) == f"{asked('kinds')}\n"


@pytest.mark.parametrize("suffix", ["svg", "xlsx"])
def test_files(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"plan.{suffix}"
    words = ["--items", "100", "--falsified", "5", "--detect", "0.9"]
    assert answer("sample", *words, "--out", str(target)) == ""
    assert target.stat().st_size > 500


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--items 100 --falsified 120 --detect 0.9", "is at most 100, the number of items"),
        ("--items 100 --falsified 5 --detect 1.2", "between 0 and 1; this is 1.2"),
        ("--items 100 --falsified 5 --detect nan", "is a finite number"),
        ("--items abc --falsified 5", "--items"),
        ("--items 100 --falsifed 5", "--falsified"),
        ("--items 100 --falsified 5", "give detect, sampled"),
        ("--stratum 20;2 --goal 8 --detect 0.9", "ITEMS,QUANTITY such as 20,2.5"),
        ("--stratum 20,2 --goal 8 --detect 0.9 --out x.svg", "nothing to draw"),
    ],
)
def test_refusals_are_one_message(tmp_path: Path, words: str, expected: str) -> None:
    assert expected in refusal("sample", *words.split(), cwd=tmp_path)
    assert not list(tmp_path.iterdir())
