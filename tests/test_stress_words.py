"""The numbers of a case in words: each by its own name, none rounded to what it is not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import BaseModel

import detente
from detente.case.fields import WalkAway
from detente.case.loading import bundled_cases
from detente.case.numbers import Number, parse_number, show
from detente.uncertainty.answer import Condition, Factor, Interval
from detente.views.stress.shares import (
    between_text,
    in_share,
    index_text,
    interval_text,
    share_text,
)
from detente.views.stress.words import (
    condition_text,
    factor_text,
    range_text,
    stated_text,
    value_text,
    whose,
)
from stress_results import factor, korea_case, river_case, share

TOLD = [
    ("parties.highland.walk_away", "Highland’s walk-away value"),
    ("parties.highland.discount", "what a year from now is worth to Highland today"),
    ("parties.highland.turnover", "the yearly chance that Highland’s government changes"),
    ("parties.delta.breakdown.cost", "what a collapse costs Delta beside the way back"),
    (
        "values.highland.scores.power.contract",
        "Highland’s score for “Sale of power to Midvale: Twenty-year contract”",
    ),
    (
        "values.highland.adjustments.0.add",
        "Highland’s adjustment where “Filling of the reservoir” is “By the flow of each year, "
        "pausing in droughts” and “Payment for lost power” is “None”",
    ),
    (
        "verification.measures.satellites.detects.filling",
        "the chance per quarter of seeing cheating on “Filling of the reservoir” with “Level of "
        "the lake from space”",
    ),
    (
        "verification.measures.satellites.detects.filling.fast",
        "the chance per quarter of seeing “Filling of the reservoir” in truth at “In three rainy "
        "seasons” with “Level of the lake from space”",
    ),
    (
        "verification.measures.satellites.detects.held_back.",
        "the chance per quarter of seeing “Water held back and called seepage” with “Level of the "
        "lake from space”",
    ),
    (
        "verification.measures.joint_gauges.false_alarm",
        "the chance per quarter of a false alarm of “Joint gauges”",
    ),
    ("verification.measures.joint_gauges.cost", "what “Joint gauges” costs"),
    (
        "verification.second_look.keeps_true",
        "the share of true alarms that stay after a second look",
    ),
    ("violations.held_back.gain", "what “Water held back and called seepage” brings Highland"),
    (
        "violations.held_back.breakout.prize",
        "the prize of “Water held back and called seepage” for Highland",
    ),
    ("guarantees.escrow.amount", "what “Fund in escrow at the bank” takes from Highland"),
    ("drivers.rain", "“Rain in the highlands”"),
    ("drivers.rain.range", "“Rain in the highlands”"),
    (
        "drivers.rain.shifts.0.walk_away",
        "how far “Rain in the highlands” moves Delta’s walk-away value",
    ),
    ("drivers.rain.path.per_year", "how far “Rain in the highlands” moves in a year"),
    ("agreement.weights.delta", "Delta’s weight in the vote"),
    # what the case does not have
    ("parties.upland.walk_away", "“parties.upland.walk_away”"),
    ("values.highland.scores.power.pipeline", "“values.highland.scores.power.pipeline”"),
    ("somewhere.else", "“somewhere.else”"),
    ("values.highland.surprises.power", "“values.highland.surprises.power”"),
    ("parties.highland.luck", "“parties.highland.luck”"),
]


def named(name: str, number: Number | None = None) -> Factor:
    """A number with a place only."""
    path = tuple(int(key) if key.isdecimal() else key for key in name.split("."))
    return Factor(name, path, number or Number(Fraction(0)))


@pytest.mark.parametrize(("name", "words"), TOLD)
def test_a_number_is_told_with_whose_it_is(name: str, words: str) -> None:
    assert factor_text(river_case(), named(name)) == words


def test_weights_and_factions_and_drivers_of_weights() -> None:
    case = korea_case()
    weight = next(iter(case.values["us"].weights or {}))
    issue = case.issue_name(weight)
    found = factor_text(case, named(f"values.us.weights.{weight}"))
    assert found == f"United States’ weight of “{issue}”"
    found = factor_text(case, named("parties.us.factions.senate.walk_away"))
    assert found == "the Senate’s (United States) walk-away value"
    arsenal = "How the weapons programme evolves"
    nuclear = case.issue_name("nuclear")
    assert factor_text(case, named("drivers.arsenal.shifts.0.weight")) == (
        f"how far “{arsenal}” moves United States’ weight of “{nuclear}”"
    )
    found = factor_text(case, named("drivers.washington.hazards.us"))
    assert found == "the yearly hazard of “Domestic politics in Washington” for United States"
    assert (whose(case, "us"), whose(case, "china")) == ("United States’", "China’s")


def numbers_in(entry: Any, path: tuple[str | int, ...] = ()) -> Iterator[Factor]:
    """Every number that a case states, with its place."""
    if isinstance(entry, Number):
        yield Factor(".".join(map(str, path)), path, entry)
    elif isinstance(entry, WalkAway):
        if entry.number is not None:
            yield Factor(".".join(map(str, path)), path, entry.number)
    elif isinstance(entry, BaseModel):
        for name in type(entry).model_fields:
            yield from numbers_in(getattr(entry, name), (*path, name))
    elif isinstance(entry, Mapping):
        for name, inner in entry.items():
            yield from numbers_in(inner, (*path, name))
    elif isinstance(entry, tuple):
        for place, inner in enumerate(entry):
            yield from numbers_in(inner, (*path, place))


@pytest.mark.parametrize("name", bundled_cases())
def test_every_number_of_every_case_has_words_of_its_own(name: str) -> None:
    case = detente.load(name)
    told: dict[str, str] = {}
    for found in numbers_in(case):
        if found.path[-1] == "likely":
            continue  # the same factor as its range
        words = factor_text(case, found)
        assert found.name not in words, "told by its place"
        assert not re.search(r"[{}]|“”|  ", words)
        assert told.setdefault(words, found.name) == found.name
        assert len(range_text(found)) <= 24
        assert stated_text(found)
    assert told or not any(entry.cardinal for entry in case.values.values())


# values


CHANCE = "verification.measures.satellites.false_alarm"


def test_values_as_stated() -> None:
    walk_away = factor(river_case(), "parties.highland.walk_away")
    assert (stated_text(walk_away), range_text(walk_away)) == ("57", "52 to 60")
    seen = factor(river_case(), "verification.measures.satellites.detects.filling")
    assert (stated_text(seen), range_text(seen)) == ("80 %", "60 to 95 %")
    assert range_text(named("x", parse_number(3))) == ""
    assert range_text(named("x", parse_number({"mean": -2, "sd": "0.5"}))) == "−2 ± 0.5"
    assert stated_text(named("x", parse_number("-1/3"))) == "−0.333"
    assert stated_text(named("x", parse_number("0.0004"))) == "0.0004"
    assert stated_text(named(CHANCE, parse_number("0.025"))) == "2.5 %"
    rain = factor(river_case(), "drivers.rain")
    assert (stated_text(rain), range_text(rain)) == ("95", "60 to 130")


def test_a_turning_value_is_rounded_away_from_the_stated_one() -> None:
    stated = named("x", parse_number(57))
    assert value_text(stated, 57.01, above=True) == "57.1"
    assert value_text(stated, 56.99, above=False) == "56.9"
    assert value_text(stated, 58.0, above=True) == "58"
    assert value_text(stated, 58.000000000001, above=True) == "58"  # noise of floats
    assert value_text(stated, 57.01) == "57"
    assert value_text(named(CHANCE, parse_number("0.02")), 0.02345, above=True) == "2.4 %"
    assert value_text(named("x", parse_number(150)), 150.2, above=True) == "151"
    assert value_text(named("x", parse_number(0)), -0.0001, above=False) == "−0.001"


@given(
    stated=st.decimals(-500, 500, places=3),
    value=st.floats(-600, 600),
    chance=st.booleans(),
)
def test_what_is_told_lies_beyond_and_differs(stated: Decimal, value: float, chance: bool) -> None:
    factor = named(CHANCE if chance else "x", Number(Fraction(stated)))
    point = float(stated)
    assume(abs(value - point) > 1e-6 * max(1.0, abs(point)))
    above = value > point
    text = value_text(factor, value, above)
    assert text.endswith(" %") is chance
    told = Fraction(text.removesuffix(" %").replace("−", "-")) / (100 if chance else 1)
    slack = Fraction(1, 10**8) * max(Fraction(1), abs(Fraction(value)))
    assert told >= Fraction(value) - slack if above else told <= Fraction(value) + slack
    assert told != Fraction(stated)
    written = show(factor.number.point * (100 if chance else 1)).replace("-", "−")
    assert text.removesuffix(" %") != written


def test_conditions() -> None:
    case = river_case()
    walk_away, rain = factor(case, "parties.highland.walk_away"), factor(case, "drivers.rain")
    assert condition_text(case, Condition(walk_away, 40, None)) == (
        "Highland’s walk-away value is above 40"
    )
    assert condition_text(case, Condition(walk_away, None, 3.25)) == (
        "Highland’s walk-away value is below 3.3"
    )
    assert condition_text(case, Condition(rain, 70, 92.55)) == (
        "“Rain in the highlands” lies between 70 and 92.6 (per cent of the long-term mean)"
    )
    without = case.changed(
        drivers={"rain": case.drivers["rain"].model_copy(update={"unit": None, "name": None})}
    )
    assert condition_text(without, Condition(rain, 70, None)) == "“rain” is above 70"


# shares


@given(st.integers(0, 4000), st.integers(1, 4000))
def test_an_interval_is_told_with_both_its_ends(count: int, samples: int) -> None:
    found = share(min(count, samples), samples)
    low, high = map(Decimal, interval_text(found).removesuffix(" %").split(" to "))
    assert 0 <= low <= high <= 100
    assert float(low) / 100 <= found.low + 1e-9
    assert float(high) / 100 >= found.high - 1e-9
    assert float(high - low) / 100 <= found.high - found.low + 0.02


def test_shares_in_words() -> None:
    assert in_share(share(740)) == "in 74 % of codings"
    assert in_share(share(740), short=True) == "in 74 %"
    assert in_share(share(1000)) == "in all codings drawn"
    assert in_share(share(0)) == "in none of the codings drawn"
    assert in_share(share(1000, certain=True)) == "in every coding"
    assert in_share(share(0, certain=True)) == "in no coding"
    assert in_share(share(3, 100_000)) == "in < 0.1 % of codings"
    assert interval_text(share(0, certain=True)) == "exact"
    assert index_text(Interval(0.0142, 0.012, 0.0166)) == "1.4 % (1.2 to 1.7 %)"
    assert between_text(0.6195, 0.6225) == "61.9 to 62.3 %"


@given(st.integers(1, 40_000), st.integers(2, 40_000))
def test_a_share_is_told_within_its_interval(count: int, samples: int) -> None:
    found = share(min(count, samples), samples)
    text = share_text(found).removesuffix(" %")
    low, high = map(Decimal, interval_text(found).removesuffix(" %").split(" to "))
    if text[0].isdigit():
        assert low <= Decimal(text) <= high
    else:
        assert text == ("< 0.1" if found.share < 0.5 else "> 99.9")


@given(st.floats(-0.5, 1.2), st.floats(0, 0.5), st.floats(0, 0.5))
def test_an_index_that_may_be_nothing_is_no_number(value: float, less: float, more: float) -> None:
    found = Interval(value, value - less, value + more)
    text = index_text(found)
    assert "−" not in text and "-" not in text
    if found.includes_zero or found.low < 0:
        assert text == "not distinguishable from nothing"
    else:
        assert re.fullmatch(r"[<>]? ?[\d.]+ % \([\d.]+ to [\d.]+ %\)", text)
