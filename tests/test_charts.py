"""Charts: what they draw is what the results say, and labels never touch."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import detente
from detente.views.charts import _lanes, agree_chart, concerns_chart, value_strips
from detente.views.theme import HEAT, INK, PAPER, PARTIES, QUIET, ROLES, SHAPES, identities, tones


def layers(chart: Any) -> list[list[dict[str, Any]]]:
    """The data of every layer of a chart, rows as dictionaries."""
    document = chart.to_dict()
    sets = document.get("datasets", {})
    found = []
    for layer in document["layer"]:
        data = layer.get("data", document.get("data", {}))
        found.append(sets[data["name"]] if "name" in data else data["values"])
    return found


def texts(chart: Any) -> list[str]:
    return [row["text"] for rows in layers(chart) for row in rows if "text" in row]


@pytest.fixture(scope="module")
def korea() -> Any:
    return detente.agree(detente.load("korea"))


def test_each_line_shows_every_value_of_its_party_once(korea: Any) -> None:
    strips = value_strips(korea, width=1000)
    dots = next(
        rows for rows in layers(strips) if rows and set(rows[0]) == {"x", "y", "colour", "shape"}
    )
    heights = sorted({row["y"] for row in dots})
    assert len(heights) == len(korea.case.parties)
    for height, party in zip(heights, korea.case.parties, strict=True):
        places = sorted(row["x"] for row in dots if row["y"] == height)
        values = sorted({o.values[party] for o in korea.efficient_acceptable.outcomes})
        low, high = values[0], values[-1]
        shares = [float((value - low) / (high - low)) for value in values]
        expected = sorted({round(12 + share * 976, 1) for share in shares})
        assert places == expected
        own = identities(korea.case)[party]
        assert {(r["colour"], r["shape"]) for r in dots if r["y"] == height} == {
            (own.tone.light, own.shape)
        }


def test_a_walk_away_is_drawn_only_where_asked_for(korea: Any) -> None:
    assert "no deal" not in texts(value_strips(korea))
    assert texts(value_strips(korea, walk_aways=["us"])).count("no deal") == 1
    everybody = texts(value_strips(korea, walk_aways=list(korea.case.parties)))
    assert everybody.count("no deal") == len(korea.case.parties)


def test_reference_points_are_named_once_a_line(korea: Any) -> None:
    found = texts(agree_chart(korea))
    assert found.count("Utilitarian") == len(korea.case.parties)
    assert not any(text.lower().startswith("recommended") for text in found)


def test_a_title_says_what_was_left_out() -> None:
    result = detente.agree(detente.load("korea"), listed=5)
    count = result.efficient_acceptable.count
    title = agree_chart(result).to_dict()["title"]
    assert f"{count}" in title and "the first five are drawn" in title


def test_without_values_the_chart_shows_refusals() -> None:
    result = detente.agree(detente.load("ceasefire"))
    bars = layers(agree_chart(result))[0]
    assert [row["refuses"] for row in bars] == [b.refuses for b in result.blocking.values()]


def test_concerns_are_marked_as_the_result_says() -> None:
    result = detente.concerns(detente.load("ceasefire"))
    rows = layers(concerns_chart(result))[0]
    names = [
        "Today" if name == "status_quo" else result.case.package_name(name)
        for name in result.packages
    ]
    drawn = {(row["row"], row["package"]): row["sign"] for row in rows}
    for place, row in enumerate(result.rows):
        for name, met in zip(names, result.packages.values(), strict=True):
            unmet = "✗" if row.concern.must else "–"
            assert drawn[place, name] == ("✓" if met[place] else unmet)
    assert {"✓", "✗", "–"} == set(drawn.values())


def test_a_case_without_concerns_has_no_chart_of_them(table: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no concerns"):
        concerns_chart(detente.concerns(detente.load(table)))


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 90)), max_size=12))
def test_labels_on_one_lane_never_touch(drawn: list[tuple[int, int]]) -> None:
    boxes = [(float(left), float(left + size)) for left, size in sorted(drawn)]
    lanes = _lanes(boxes)
    for one, (left, right) in enumerate(boxes):
        for other, (start, end) in enumerate(boxes[:one]):
            if lanes[one] == lanes[other]:
                assert end < left or right < start
    if boxes:
        assert min(lanes) == 0


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("night", [False, True])
def test_colours_can_be_read(night: bool) -> None:
    def of(tone: Any) -> str:
        return str(tone.dark if night else tone.light)

    for tone in (INK, QUIET, next(r for r in ROLES if r.name == "accent")):
        assert contrast(of(tone), of(PAPER)) >= 4.5
        assert contrast(of(tone), of(next(r for r in ROLES if r.name == "panel"))) >= 4.5
    for tone in PARTIES:  # marks, not text
        assert contrast(of(tone), of(PAPER)) >= 3
    for tone in HEAT[:4]:
        assert contrast(of(INK), of(tone)) >= 4.5
    assert contrast(of(PAPER), of(HEAT[4])) >= 4.5


def test_every_colour_and_every_party_is_told_apart() -> None:
    assert len({tone.light for tone in tones()}) == len(tones())
    case = detente.load(
        {
            "detente": 1,
            "title": "Many",
            "parties": {f"p{i}": {} for i in range(len(PARTIES) * len(SHAPES))},
            "issues": {"a": {"options": ["x", "y"]}},
        }
    )
    assert len(set(identities(case).values())) == len(PARTIES) * len(SHAPES)


def test_values_far_apart_stay_inside_the_picture(korea: Any) -> None:
    from detente.views.charts import Marker

    far = dict.fromkeys(korea.case.parties, Fraction(10**6))
    strips = value_strips(korea, [Marker("A", far), Marker("A long name of a package", far)])
    for row in (row for rows in layers(strips) for row in rows):
        assert 0 <= row["x"] <= 640 and 0 <= row.get("x2", 0) <= 640
