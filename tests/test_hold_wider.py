"""``hold`` beyond single moves: coalitions, blocs, own views, ways, all states, and tables."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import detente
from detente.stability.answer import CONCEPTS, Break, Concept, Prospect, Route, Routes, Step
from detente.stability.hold import hold
from detente.stability.hold_result import HoldResult
from detente.views.hold.sentences import collapse_sentences, headline
from detente.views.hold.wider import (
    bloc_sentences,
    break_sentences,
    route_sentences,
    view_sentences,
)
from detente.views.hold.words import overall
from holds import (
    AT_COST,
    CREDIBLY,
    HELPED,
    LEAVES,
    PAUSE,
    STAYS,
    TESTING,
    TRUCE,
    by_hand,
    prospect,
    reasons,
    step,
    told,
    truce,
    verdicts,
    without,
)
from test_terminal_commitments import flat, lines_of, part

# what goes beyond single moves


def test_who_would_gain_by_a_collapse() -> None:
    found = hold(truce(), "pause")
    assert collapse_sentences(found, found.prospects[0]) == [
        "In a collapse of everything nobody would gain; The North (−3.1 points), The South (−15 "
        "points) and The Patron (−3 points) would lose."
    ]
    some = replace(
        found.prospects[0], gains_from_collapse={"north": 1.0, "south": -2.5, "patron": 0.0}
    )
    assert collapse_sentences(by_hand(some), some) == [
        "If everything collapsed, The North (+1 point) would gain.",
        "The South (−2.5 points) would lose.",
        "To The Patron a collapse would make no difference.",
    ]
    today = hold(truce(), "status_quo")
    assert collapse_sentences(today, today.prospects[0]) == []
    assert "collapse" not in str(today)


def coalition(*concepts: Concept, together: bool = False) -> tuple[HoldResult, Prospect]:
    """A pause that the North and the South could leave, and the Patron could not with either."""
    gains = {"north": 3.0, "south": 1.0}
    full = {**PAUSE, "embargo": "full"}
    if together:
        route: tuple[Step, ...] = (Step(("north", "south"), HELPED, gains, True),)
    else:
        route = (step("south", full, 5.0, True), step("north", {**full, "tests": "on"}, 12.0, True))
    entry = Break(("north", "south"), concepts, route, gains)
    names = ["north+patron", "south+patron"]
    stable = {
        concept: {**dict.fromkeys(names, True), "north+south": concept not in concepts}
        for concept in CONCEPTS
    }
    every = verdicts(north=STAYS, south=STAYS, patron=STAYS)
    found = prospect(every, coalitions=stable, breaks=(entry,))
    return by_hand(found), found


def test_how_a_coalition_would_leave_and_what_deters_it() -> None:
    found, entry = coalition(*CONCEPTS)
    (text,) = break_sentences(found, entry)
    assert text == (
        "The North and The South could leave together. The South: “The embargo” back to “In "
        "force”; then The North: “Missile tests” back to “Resumed”. That would bring The North +3 "
        "points and The South +1 point. Whatever the others did in return, all of them "
        "would still be better off."
    )
    assert text in flat(part(lines_of(found), "Several together") + str(found))
    assert "Two coalitions have nothing to gain by leaving." in flat(str(found))
    ends: dict[tuple[Concept, ...], str] = {
        ("nash", "seq", "sseq"): "only without gaining by it.",
        ("nash", "smr", "sseq"): "unless the coalition answers their punishment in turn.",
        ("nash",): "by others who gain by punishing it.",
    }
    for concepts, end in ends.items():
        found, entry = coalition(*concepts)
        assert break_sentences(found, entry)[0].endswith(end)
    found, entry = coalition(*CONCEPTS, together=True)
    twice = replace(entry, breaks=(replace(entry.breaks[0], concepts=("nash",)), *entry.breaks))
    assert break_sentences(found, twice) == break_sentences(found, entry)
    (text,) = break_sentences(found, entry, lambda party: party == "north")
    assert text.startswith("The North and The South could together set “Aid” to “Food”. All of")
    assert break_sentences(found, replace(entry, breaks=())) == []  # some party leaves alone too
    calm = {concept: dict.fromkeys(names, True) for concept, names in entry.coalitions.items()}
    none = replace(entry, breaks=(), coalitions=calm)
    assert break_sentences(found, none) == [
        "None of the coalitions looked at could gain by leaving “A pause” together."
    ]
    assert break_sentences(found, replace(entry, coalitions=None)) == []


def test_a_coalition_that_breaks_an_outcome_is_told_at_the_top() -> None:
    ends = {
        CONCEPTS: "and whatever the others did, all of them would still be better off.",
        ("nash", "seq", "sseq"): "others could deter that only without gaining by it.",
        ("nash", "smr"): "but others deter that.",
    }
    for concepts, end in ends.items():
        found, _ = coalition(*concepts)
        assert headline(found).startswith(
            "“A pause” would hold: no party gains by leaving it. Together, The North and The South"
        )
        assert headline(found).endswith(end)
    found, entry = coalition(*CONCEPTS)
    marks = {concept: {"north+south": True, "north": False} for concept in CONCEPTS}
    calm = by_hand(replace(entry, breaks=(), coalitions=marks))
    assert headline(calm).endswith(
        "None of the coalitions asked about could gain by leaving it together."
    )
    assert "ogether" not in headline(hold(truce(), "pause"))


def test_allies_as_one() -> None:
    marks = {"leaves": LEAVES, "costly": AT_COST, "deterred": CREDIBLY, "stays": STAYS}
    every = verdicts(north=STAYS, south=STAYS, patron=STAYS)
    for name, found in marks.items():
        blocs = {
            concept: {"north+patron": found[place], "south": True}
            for place, concept in enumerate(CONCEPTS)
        }
        entry = prospect(every, blocs=blocs)
        result = by_hand(entry, blocs=(("north", "patron"), ("south",)))
        (text,) = bloc_sentences(result, entry)
        assert text.startswith("With allies acting as one (The North and The Patron), “A pause” ")
        assert ("would not hold" in text) == (name == "leaves")
        assert ("The North and The Patron would" in text) == (name != "stays")
        assert text in flat(str(result))


def test_what_rests_on_a_partys_own_view() -> None:
    written = {**TRUCE, "parties": {**TRUCE["parties"]}}
    written["parties"]["north"] = {
        "name": "The North",
        "sees": {"values": {"south": TRUCE["values"]["south"]}},
    }
    case = detente.load(written)
    rest: dict[str, Any] = {"south": STAYS, "patron": STAYS}
    move = reasons("north", step("north", TESTING, 12.0, True), None, [])
    cases = {
        (tuple(STAYS), tuple(LEAVES)): "rests on how it sees things",
        (tuple(LEAVES), tuple(STAYS)): "Telling it how things are could make it stay.",
        (tuple(LEAVES), tuple(AT_COST)): "without that view it is deterred only if",
        (tuple(STAYS), tuple(STAYS)): "in it, too, it has no better move.",
    }
    for (seen, real), words in cases.items():
        entry = prospect(verdicts(north=real, **rest), *move, as_seen=verdicts(north=seen, **rest))
        (text,) = view_sentences(by_hand(entry, case), entry)
        assert words in text
    assert view_sentences(by_hand(prospect(verdicts(north=STAYS, **rest))), entry) == []


def test_ways_from_a_start() -> None:
    case = truce()
    today = dict(case.status_quo or {})
    off = {**today, "tests": "off"}
    lifted = step("south", PAUSE, -5.0, False)
    way = (step("north", off, -12.0, False), lifted)
    here = Route(today, CONCEPTS, (), ())
    there = Route(PAUSE, ("gmr", "smr", "seq"), way, None)
    gained = Route(HELPED, ("seq", "gmr"), way, (step("patron", HELPED, 1.0, True),))
    beyond = Route(TESTING, CONCEPTS, None, None)
    weak = Route(off, ("gmr", "smr"), way[:1], way[:1])
    entry = prospect(verdicts(north=STAYS, south=STAYS, patron=STAYS))

    def ways(*routes: Route, start: dict[str, str] = today) -> list[str]:
        return route_sentences(by_hand(entry, routes=Routes(start, routes)))

    assert ways(here, there, beyond, weak) == [
        "Today’s state would itself hold.",
        "One outcome that would hold can be reached from today’s state, but only if somebody moves "
        "without gaining by it.",
        "One outcome that would hold cannot be reached from today’s state by any moves.",
        "“A pause” in two moves, not all of them better for who makes them. The North: “Missile "
        "tests” to “Suspended”; then The South: “The embargo” to “Lifted”.",
    ]
    text = ways(there, gained)
    assert text[0].startswith("Two outcomes that would hold can be reached from today’s state, one")
    assert text[1].startswith("“A pause with aid” in one move, better for all who make it.")
    assert ways(gained)[0].endswith("by moves that are each better for who makes them.")
    assert ways(weak) == ["There is no outcome that would hold."]
    many = route_sentences(by_hand(entry, routes=Routes(today, (there,) * 8)))
    assert many[-1] == "Two more can be reached; --json --list N names the N nearest."
    unnamed = Route({**today, "aid": "food"}, CONCEPTS, way[:1], None)
    assert ways(unnamed)[-1] == (
        "An outcome in one move, not better for all who make it. The North: “Missile tests” to "
        "“Suspended”."
    )
    assert len(ways(unnamed, there)) == 3  # of those that somebody makes at a loss the packages
    assert "Ways from “A pause”" in str(by_hand(entry, routes=Routes(PAUSE, (there,))))


# several outcomes, and all


def test_several_packages_are_counted_and_named() -> None:
    case = truce(north={"aid": {"none": 0, "food": 40}}, patron={"aid": {"none": 5, "food": 0}})
    found = hold(case)
    text = flat(lines_of(found))
    stances = {entry.name: overall(entry) for entry in found.prospects}
    assert stances == {"status_quo": "stays", "pause": "deterred", "fed": "leaves"}
    assert headline(found) == (
        "Of the two packages one would hold (“A pause”) and one would not hold (“A pause with "
        "aid”). Today’s state would hold: no party gains by leaving it."
    )
    assert "“A pause with aid”: The Patron would set “Aid” back to “None” (+5 points)." in text
    assert "“A pause”:" not in text
    assert "Today’s state ✓ stays ✓ stays ✓ stays" in text
    assert "A pause with aid ✓ deterred ✓ deterred ✗ leaves" in text
    calm = flat(lines_of(hold(truce())))
    assert "The Patron has nothing to gain by leaving any of these." not in calm
    assert "The Patron’s: +1 point" not in calm


def test_the_same_of_all_packages_is_said_at_once() -> None:
    assert headline(hold(truce())).startswith("Each of the two packages would hold.")
    case = truce(north={"embargo": {"full": 0, "lifted": 0}})
    assert headline(hold(case)).startswith("None of the two packages would hold.")
    assert "The same goes for" not in str(hold(case))
    both = truce(
        north={"embargo": {"full": 0, "lifted": 3}}, south={"embargo": {"full": 40, "lifted": 0}}
    )
    assert "it leaves. The same goes for The South." in flat(str(hold(both)))


def test_the_smallest_gain_that_decides_something_is_told() -> None:
    case = truce(
        north={"embargo": {"full": 0, "lifted": 3}}, south={"embargo": {"full": 40, "lifted": 0}}
    )
    assert "a party would leave one of these is The North’s, from “A pause”: +12 points." in told(
        case
    )
    assert "Every gain counts here, however small. " in told(truce()) + " "
    assert "the smallest" not in told(truce())


def test_all_states_are_counted_per_party_and_for_all() -> None:
    found = hold(truce(), every=True)
    assert found.listing is not None
    text = str(found)
    rows = {
        row[0]: [int(cell) for cell in row[1].split()]
        for row in re.findall(
            r"^ (The North|The South|The Patron|All of them) +([\d ]+)$", text, re.M
        )
    }
    for party, name in (("north", "The North"), ("south", "The South"), ("patron", "The Patron")):
        stable = found.listing.stable
        assert rows[name] == [int((stable[c][party] == 1).sum()) for c in CONCEPTS]
    assert rows["All of them"] == [int(found.listing.equilibria(c).sum()) for c in CONCEPTS]
    assert "predicts little" in text
    assert "Of eight possible outcomes one would be left by nobody, even unpunished, and" in flat(
        text
    )
    silent = hold(without(TRUCE, "patron"), every=True)
    words = flat(lines_of(silent))
    assert "The Patron has no values: counted is what the others would do." in words
    assert "All with values" in words
    assert "predict" not in lines_of(hold(truce(), "pause"))


def test_all_states_without_a_package_or_a_status_quo() -> None:
    written = {key: part for key, part in TRUCE.items() if key not in ("packages", "status_quo")}
    written["parties"] = {
        name: {**entry, "walk_away": 0} for name, entry in TRUCE["parties"].items()
    }
    text = lines_of(hold(detente.load(written), every=True))
    assert "Of eight possible outcomes" in flat(text)


# tables


def test_the_table_has_a_row_for_each_outcome_and_party() -> None:
    found = hold(truce())
    table = found.table()
    assert len(table) == 9
    row = table[(table["outcome"] == "pause") & (table["party"] == "north")].iloc[0]
    assert row["verdict"] == "deterred"
    assert [bool(row[concept]) for concept in CONCEPTS] == CREDIBLY
    assert (row["best move"], row["gain"], row["punished by"]) == ("tests=on", 12.0, "south")
    assert row["leaves"] == pytest.approx(-3.1)
    assert row["gains from collapse"] == pytest.approx(-3.1)
    assert bool(row["credible"]) is True
    today = table[(table["outcome"] == "status_quo") & (table["party"] == "south")].iloc[0]
    assert (today["best move"], today["punished by"]) == ("", "")
    silent = hold(without(TRUCE, "south")).table()
    assert silent[silent["party"] == "south"][list(CONCEPTS)].isna().all(axis=None)


def test_all_states_as_a_table() -> None:
    found = hold(without(TRUCE, "patron"), every=True)
    assert found.listing is not None
    table = found.table()
    assert len(table) == 8
    assert list(table.columns[:3]) == ["tests", "embargo", "aid"]
    outcomes = [tuple(entry.values()) for entry in found.listing.states.outcomes(np.arange(8))]
    assert list(table[["tests", "embargo", "aid"]].itertuples(index=False, name=None)) == outcomes
    for concept in CONCEPTS:
        marks = found.listing.stable[concept]["north"]
        assert table[f"north {concept}"].tolist() == [bool(mark) for mark in marks]
        assert table[f"patron {concept}"].isna().all()
        others = table[[f"north {concept}", f"south {concept}"]].all(axis=1)
        # someone leaves for certain, or the Patron's part cannot be told
        assert (table[f"all {concept}"].isna() == others).all()
        assert not table[f"all {concept}"][~others].any()
