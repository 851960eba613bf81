"""Pictures of ``hold``: what they draw is what the answer says."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente
from detente.case import CaseError
from detente.model.compilation import compile_case
from detente.model.sentences import number, say
from detente.stability.answer import Node, Prospect, Surroundings
from detente.stability.graph.conflict import all_states
from detente.stability.hold import hold
from detente.stability.hold_result import HoldResult
from detente.views.drawing import LETTER
from detente.views.exporting import chart_file
from detente.views.hold.charts import hold_chart, hold_rows
from detente.views.hold.lanes import LEGS, MOST, drawn, lanes, reading, title
from detente.views.hold.sentences import headline
from detente.views.hold.words import (
    SIGNS,
    foremost,
    in_stance,
    overall,
    prospect_text,
    short_stance,
    stance,
)
from detente.views.theme import ACCENT, CONTEXT, INK, PANEL, identities
from holds import (
    AT_COST,
    CREDIBLY,
    HELPED,
    LEAVES,
    PAUSE,
    STAYS,
    TESTING,
    TRUCE,
    UNKNOWN,
    by_hand,
    ordered,
    prospect,
    reasons,
    step,
    truce,
    verdicts,
    without,
)
from stability_strategies import hold_cases
from test_charts import layers, texts

WIDTHS = [680, 330]
NAME = "The outcome"
LIFTED = {**PAUSE, "embargo": "full"}
NOTHING = {**TESTING, "embargo": "full"}


def rows(
    result: HoldResult, width: int = 680, shown: tuple[str, ...] = ("north", "south", "patron")
) -> Any:
    chart = hold_rows(result, result.prospects[0], shown, width, NAME)
    assert chart is not None
    return chart


def parts(chart: Any) -> dict[str, list[dict[str, Any]]]:
    """What is drawn, by kind; lines with whether they are broken."""
    found: dict[str, list[dict[str, Any]]] = {"line": [], "bar": [], "mark": [], "words": []}
    for layer, entries in zip(chart.to_dict()["layer"], layers(chart), strict=True):
        broken = bool(layer["mark"].get("strokeDash"))
        for row in entries:
            kind = "words" if "text" in row else "mark" if "shape" in row else ""
            kind = kind or ("bar" if "fill" in row else "line")
            found[kind].append({**row, "broken": broken, "style": layer["mark"].get("color")})
    return found


def heads(found: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The heads of the arrows."""
    return [m for m in found["mark"] if m["size"] == 50]


def into(found: dict[str, list[dict[str, Any]]], head: dict[str, Any]) -> dict[str, Any]:
    """The last stretch of the line before a head."""
    (line,) = [
        e
        for e in found["line"]
        if e["y"] == e["y2"] == head["y"] and abs(max(e["x"], e["x2"]) - head["x"]) <= 2
    ]
    return line


def punished(*marks: Any, **fields: Any) -> HoldResult:
    """The North tests; the South punishes that, to its gain or at a loss."""
    gain, better = (5.0, True) if marks == (CREDIBLY,) else (-5.0, False)
    deterred = ("gmr", "smr", "seq", "sseq") if better else ("gmr", "smr")
    move = step("north", TESTING, 12.0, True)
    sanction = (step("south", NOTHING, gain, better),)
    stable = verdicts(north=marks[0], south=STAYS, patron=STAYS)
    return by_hand(prospect(stable, *reasons("north", move, sanction, deterred, **fields)))


# arrows and boxes


@pytest.mark.parametrize("width", WIDTHS)
def test_an_arrow_has_the_colour_of_its_mover_and_is_broken_where_he_does_not_gain(
    width: int,
) -> None:
    for marks, broken in ((CREDIBLY, False), (AT_COST, True)):
        result = punished(marks)
        found, known = parts(rows(result, width)), identities(result.case)
        first, second = sorted(heads(found), key=lambda head: (head["y"], head["x"]))
        assert first["colour"] == known["north"].tone.light
        assert second["colour"] == known["south"].tone.light
        assert not into(found, first)["broken"]
        assert into(found, second)["broken"] == broken


def test_an_arrow_of_several_is_in_the_colour_of_words_with_the_marks_of_all() -> None:
    move = step("north", TESTING, 12.0, True)
    both = (step("south+patron", NOTHING, 2.0, True),)
    stable = verdicts(north=CREDIBLY, south=STAYS, patron=STAYS)
    every = reasons("north", move, both, ("gmr", "smr", "seq", "sseq"))
    chart = rows(by_hand(prospect(stable, *every)))
    assert [head["colour"] for head in heads(parts(chart))][1] == INK.light
    assert "South and The Patron" in " ".join(texts(chart)) and "each gains" in texts(chart)
    assert "+" not in " ".join(texts(chart))


@pytest.mark.parametrize("width", WIDTHS)
def test_what_an_arrow_changes_stands_in_its_box(width: int) -> None:
    told = " ".join(texts(rows(punished(CREDIBLY), width)))
    assert "Missile tests: Resumed" in told  # where it goes
    assert "Everything as today" in told  # the embargo is back too
    assert "gains 12" in told and "gains 5" in told and "The North ends 3.1 worse off" in told
    assert "Suspended" not in told  # what the move leaves as it was


def test_a_punishment_at_a_loss_is_the_point_of_the_picture() -> None:
    for marks, loud in ((AT_COST, ["loses 5"]), (CREDIBLY, [])):
        found = parts(rows(punished(marks)))
        assert [w["text"] for w in found["words"] if w["style"] == ACCENT.light] == loud


def test_a_party_that_nothing_deters_has_one_box() -> None:
    stable = verdicts(north=LEAVES, south=STAYS, patron=UNKNOWN)
    found = by_hand(
        prospect(stable, *reasons("north", step("north", TESTING, 12.0, True), None, ()))
    )
    chart = rows(found)
    assert len(heads(parts(chart))) == 1
    loud = [w["text"] for w in parts(chart)["words"] if w["style"] == ACCENT.light]
    assert loud == ["Nothing deters it"]
    told = texts(chart)
    assert told.index("Would not gain by leaving:") < told.index("Not known:")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_state_that_nobody_leaves_has_a_double_frame(width: int) -> None:
    plain = punished(CREDIBLY)
    (entry,) = plain.prospects
    for concepts in (("gmr", "smr"), ("gmr", "smr", "seq", "sseq")):
        around = Surroundings((*entry.surroundings.nodes, Node(NOTHING, concepts)), ())
        chart = rows(replace(plain, prospects=(replace(entry, surroundings=around),)), width)
        lasts = "seq" in concepts
        frames = [b for b in parts(chart)["bar"] if b["colour"] == INK.light and not panel(b)]
        assert len(frames) == (2 if lasts else 0)
        assert ("Nobody leaves from here" in texts(chart)) == lasts


def panel(bar: dict[str, Any]) -> bool:
    return bool(bar["fill"] == PANEL.light)


def test_the_answer_of_the_party_comes_last() -> None:
    response = step("north", {**NOTHING, "aid": "food"}, 1.0, True)
    chart = rows(punished(CREDIBLY, response=response, leaves=-2.1))
    assert len(heads(parts(chart))) == 3
    assert "The North ends 2.1 worse off" in " ".join(texts(chart))


def test_a_long_punishment_is_one_arrow() -> None:
    result = punished(CREDIBLY)
    way = (
        step("south", {**TESTING, "embargo": "full"}, 5.0, True),
        step("patron", {**NOTHING, "aid": "food"}, 1.0, True),
        step("south", {**TESTING, "aid": "food"}, 1.0, True),
    )
    every = reasons("north", step("north", TESTING, 12.0, True), way, ("gmr", "smr", "seq", "sseq"))
    result = by_hand(prospect(result.prospects[0].stable, *every))
    (lane,) = lanes(result.prospects[0])
    assert len(lane.arrows) == 2 <= LEGS
    told = " ".join(texts(rows(result)))
    assert "south, then The Patron," in told.replace("The South", "south")
    assert "Aid: Food" in told and "drawn as one" in reading(result, result.prospects[0])


def test_those_who_would_do_the_same_share_a_lane() -> None:
    to = {**PAUSE, "aid": "food"}
    after = (step("patron", NOTHING, 4.0, True),)
    deterred = ("gmr", "smr", "seq", "sseq")
    every = [
        *reasons("north", step("north", to, 3.0, True), after, deterred, leaves=-1.0),
        *reasons("south", step("south", to, 2.0, True), after, deterred, leaves=-2.0),
    ]
    stable = verdicts(north=CREDIBLY, south=CREDIBLY, patron=STAYS)
    result = by_hand(prospect(stable, *every))
    (lane,) = lanes(result.prospects[0])
    assert lane.parties == ("north", "south")
    for width in WIDTHS:
        chart = rows(result, width)
        assert len(heads(parts(chart))) == 3
        told = " ".join(texts(chart))
        assert "The North ends 1 worse off" in told and "The South ends 2 worse off" in told


def test_a_state_that_is_drawn_twice_says_so() -> None:
    every = [
        *reasons("north", step("north", TESTING, 3.0, True), None, ()),
        *reasons(
            "south",
            step("south", HELPED, 2.0, True),
            (step("north", TESTING, 1.0, True),),
            ("gmr",),
        ),
    ]
    stable = verdicts(north=LEAVES, south=[False, True, False, False, False], patron=STAYS)
    told = texts(rows(by_hand(prospect(stable, *every))))
    assert told.count("The same state as above") == 1


def test_back_where_it_began() -> None:
    move = step("north", TESTING, 12.0, True)
    back = (step("south", PAUSE, 0.0, False),)
    stable = verdicts(north=AT_COST, south=STAYS, patron=STAYS)
    result = by_hand(prospect(stable, *reasons("north", move, back, ("gmr", "smr"), leaves=0.0)))
    told = " ".join(texts(rows(result)))
    assert "Everything as it was" in told and "The North ends no better off" in told


# what may be told


def test_numbers_are_told_of_those_only_who_may_be_told_of() -> None:
    result = punished(CREDIBLY)
    every = {"north": ["gains 12", "3.1 worse off"], "south": ["gains 5"]}
    for shown in ((), ("north",), ("south",), ("north", "south")):
        told = " ".join(texts(rows(result, shown=shown)))
        for party, numbers in every.items():
            assert all((text in told) == (party in shown) for text in numbers)
        assert "no better off" in told or "north" in shown
    loses = " ".join(texts(rows(punished(AT_COST), shown=())))
    assert "does not gain" in loses and "loses" not in loses


def test_an_order_has_no_sizes() -> None:
    told = " ".join(texts(rows(hold(ordered("north", "south", "patron"), "pause"))))
    assert "gains" in told and not any(letter.isdigit() for letter in told)


def test_what_cannot_be_told_says_so() -> None:
    found = hold(without(TRUCE, "south"), "pause")
    chart = rows(found)
    told = " ".join(texts(chart))
    assert "gain not known" in told and "Not known:" in told
    assert "cannot be told" in reading(found, found.prospects[0])


# titles and captions


def test_the_title_counts_and_says_what_deters() -> None:
    for marks, tail in (
        (CREDIBLY, "but would pay for it"),
        (AT_COST, "unless others punish that without gaining by it"),
    ):
        result = punished(marks)
        found = title(result, result.prospects[0], "“A pause”")
        assert found == f"The North would gain by leaving “A pause”, {tail}"
    korea = hold(detente.load("korea"), "freeze_first")
    (entry,) = korea.prospects
    found = title(korea, entry, prospect_text(korea, entry))
    assert found == (
        "Three would gain by leaving “Freeze first”: North Korea would be punished only by some "
        "who do not gain by it; United States and South Korea would pay for it"
    )
    assert in_stance(entry, "costly") == ("north_korea",)
    assert in_stance(entry, "deterred") == ("us", "south_korea")


def test_the_chart_of_one_outcome_is_its_surroundings() -> None:
    result = hold(truce(), "pause")
    document = result.chart().to_dict()
    (entry,) = result.prospects
    assert " ".join(document["title"]["text"]) == title(result, entry, "“A pause”")
    assert " ".join(document["title"]["subtitle"]) == reading(result, entry)
    assert hold_chart(result).to_dict() == document
    labelled = replace(result, case=result.case.model_copy(update={"handling": "For nobody"}))
    assert "For nobody" in str(chart_file(labelled, ".svg"))
    assert bytes(chart_file(result, ".png")).startswith(b"\x89PNG")


def test_where_nobody_gains_there_is_nothing_to_draw() -> None:
    result = hold(truce(), "status_quo")
    assert not lanes(result.prospects[0])
    with pytest.raises(ValueError, match="nobody would gain by leaving today’s state"):
        hold_chart(result)
    with pytest.raises(CaseError, match="nobody would gain"):
        chart_file(result, ".svg")
    with pytest.raises(ValueError, match="no outcome was asked about"):
        hold_chart(replace(result, prospects=(), asked=False))


def test_the_chart_of_several_outcomes_says_who_stays_with_which() -> None:
    for case in (truce(), without(TRUCE, "patron"), detente.load("ceasefire")):
        result = hold(case)
        chart = result.chart()
        assert " ".join(chart.to_dict()["title"]["text"]) == headline(result)
        said = [
            w for w in parts(chart)["words"] if w["text"].split(" ", 1)[0] in set(SIGNS.values())
        ]
        lines = sorted({w["y"] for w in said})
        assert len(lines) == len(result.prospects)
        for y, entry in zip(lines, result.prospects, strict=True):
            across = [w["text"] for w in sorted(said, key=lambda w: w["x"]) if w["y"] == y]
            first = overall(entry)
            assert across[0] == f"{SIGNS[first]} {say(f'hold.matrix.{first}')}"
            assert across[1:] == [short_stance(stance(entry, party)) for party in case.parties]


# whatever may be asked


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(hold_cases(), st.sampled_from(WIDTHS), st.booleans(), st.data())
def test_whatever_is_drawn_stays_inside_and_tells_of_everybody(
    written: dict[str, Any], width: int, shown: bool, data: st.DataObject
) -> None:
    case = detente.load(written)
    model = compile_case(case)
    states = all_states(model)
    chosen = model.space.outcome(states[data.draw(st.integers(0, len(states) - 1))])
    result = hold(case, chosen)
    (entry,) = result.prospects
    chart = hold_rows(result, entry, tuple(case.parties) if shown else (), width, NAME)
    every, (inside, outside) = lanes(entry), drawn(entry)
    assert (chart is None) == (not every) and (*inside, *outside) == every
    asked = {party for party in case.parties if foremost(entry, party) is not None}
    assert {party for lane in every for party in lane.parties} == asked
    if chart is None:
        return
    check(chart, result, entry, width)
    if not shown:
        gains = {number(abs(reason.move.gain)) for reason in entry.reasons if reason.move.gain}
        assert not {f"gains {amount}" for amount in gains} & set(texts(chart))


def check(chart: Any, result: HoldResult, entry: Prospect, width: int) -> None:
    """Everything within the frame, lines of words apart, and as many arrows as moves."""
    height, found = chart.to_dict()["height"], parts(chart)
    for row in (row for entries in found.values() for row in entries):
        assert 0 <= row["x"] <= width and 0 <= row.get("x2", 0) <= width
        assert 0 <= row["y"] <= height and 0 <= row.get("y2", 0) <= height
    for word in found["words"]:
        assert word["x"] + len(word["text"]) * LETTER * 0.9 <= width + 1
    for x in {word["x"] for word in found["words"]}:
        column = sorted(word["y"] for word in found["words"] if word["x"] == x)
        assert all(one + 14 < other for one, other in pairwise(column))
    inside, outside = drawn(entry)
    assert len(heads(found)) == sum(len(lane.legs) for lane in inside)
    assert 1 + sum(len(lane.arrows) for lane in inside) <= MOST
    frames = [b for b in found["bar"] if b["colour"] == CONTEXT.light]
    assert len(frames) <= sum(len(lane.arrows) for lane in inside)
    for lane in outside:
        for party in lane.parties:
            assert result.case.party_name(party) in reading(result, entry)


def test_what_has_no_room_is_counted() -> None:
    names = [f"p{place}" for place in range(14)]
    case = detente.load(
        {
            "detente": 1,
            "title": "Many",
            "parties": {name: {} for name in names},
            "issues": {name: {"options": ["n", "y"], "control": name} for name in names},
            "status_quo": dict.fromkeys(names, "n"),
            "values": {name: {"scores": {name: {"n": 0, "y": 1}}} for name in names},
        }
    )
    result = hold(case, "status_quo")
    (entry,) = result.prospects
    inside, outside = drawn(entry)
    assert (len(inside), len(outside)) == (11, 3)
    assert "Not drawn for want of room: three states to which moves of p11, p12 and p13 lead." in (
        reading(result, entry)
    )
    assert len(heads(parts(rows(result, shown=())))) == 11
