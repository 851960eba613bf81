"""``hold`` in a terminal and as a table: the finding first, in words, and all of it true."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente
from detente.model.sentences import catalogue, number
from detente.stability.answer import CONCEPTS, Step
from detente.stability.hold import hold
from detente.stability.hold_result import HoldResult
from detente.views.hold.sentences import (
    collapse_sentences,
    headline,
    reason_sentences,
    reason_text,
    verdict,
)
from detente.views.hold.wider import (
    remarks,
)
from detente.views.hold.words import (
    changes_text,
    foremost,
    move_text,
    overall,
    points,
    stance,
    stance_in,
)
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
    told,
    truce,
    verdicts,
    without,
)
from stability_strategies import hold_cases
from test_terminal_commitments import flat, lines_of

NAMES = re.compile(r"\b(Nash|GMR|SMR|SEQ|SSEQ|SIM)\b")


def about(found: HoldResult, place: int = 0) -> str:
    return " ".join(reason_sentences(found, found.prospects[place]))


def ordered_by_strength() -> list[tuple[bool | None, ...]]:
    """All patterns of verdicts that the inclusions between the concepts allow."""
    rank = {True: 2, None: 1, False: 0}
    below = [("nash", "sseq"), ("sseq", "seq"), ("sseq", "smr"), ("seq", "gmr"), ("smr", "gmr")]
    place: dict[str, int] = {concept: n for n, concept in enumerate(CONCEPTS)}
    found = []
    for marks in product((True, None, False), repeat=5):
        if marks[0] is None and set(marks) != {None}:
            continue
        if all(rank[marks[place[a]]] <= rank[marks[place[b]]] for a, b in below):
            found.append(marks)
    return found


# where a party stands


@pytest.mark.parametrize("marks", ordered_by_strength())
def test_five_verdicts_become_one(marks: tuple[bool | None, ...]) -> None:
    """From the definitions: what each word claims holds of the verdicts, and nothing else does."""
    nash, gmr, _, seq, _ = marks
    claims = {
        "unknown": nash is None,
        "stays": nash is True,
        "deterred": nash is False and seq is True,
        "costly": nash is False and seq is False and gmr is True,
        "leaves": nash is False and gmr is False,
    }
    found = stance_in(verdicts(one=marks), "one")
    assert [name for name, holds in claims.items() if holds] in ([found], [])
    assert (found == "open") == (not any(claims.values()))


def test_an_outcome_is_as_strong_as_its_weakest_party() -> None:
    marks = {"leaves": LEAVES, "costly": AT_COST, "deterred": CREDIBLY, "stays": STAYS}
    for first, second in product(marks, repeat=2):
        weakest = min(first, second, key=list(marks).index)
        assert overall(prospect(verdicts(a=marks[first], b=marks[second]))) == weakest
    assert overall(prospect(verdicts(a=UNKNOWN, b=STAYS))) == "stays"
    assert overall(prospect(verdicts(a=UNKNOWN, b=UNKNOWN))) == "unknown"


# one outcome


def test_who_is_deterred_is_told_with_the_move_the_punishment_and_the_end() -> None:
    text = told(truce())
    assert (
        "“A pause” would hold: The North and The South would gain by leaving, but are deterred by "
        "others who gain by punishing that."
    ) in text
    assert (
        "The North would set “Missile tests” back to “Resumed” (+12 points). The South could then "
        "set “The embargo” back to “In force”, and gain by it (+5 points). That would leave The "
        "North at −3.1 points against the agreement: so it stays."
    ) in text
    assert (
        "The South would set “The embargo” back to “In force” (+5 points). The North could then "
        "set “Missile tests” back to “Resumed”, and gain by it (+12 points). That would leave The "
        "South at −15 points against the agreement: so it stays."
    ) in text
    row = next(
        line for line in str(hold(truce(), "pause")).splitlines() if line.startswith(" The North")
    )
    assert row.split()[-5:] == ["✗", "✓", "✓", "✓", "✓"]
    assert "is deterred, credibly" in row


def test_a_punisher_that_would_lose_is_no_credible_one() -> None:
    case = truce(south={"embargo": {"full": 0, "lifted": 2}})
    text = told(case)
    assert (
        "“A pause” would hold only if others punish without gaining by it: The North would gain by "
        "leaving."
    ) in text
    assert (
        "The South could then set “The embargo” back to “In force”, but lose by it (−2 points). "
        "That would leave The North at −3.1 points against the agreement: it stays only if "
        "somebody punishes without gaining by it, as The South would have to here."
    ) in text
    even = truce(south={"embargo": {"full": 2, "lifted": 2}})
    assert "back to “In force”, but would not gain by it. That would leave" in told(even)


def test_who_cannot_be_deterred_leaves() -> None:
    text = told(truce(north={"embargo": {"full": 0, "lifted": 3}}))
    assert (
        "“A pause” would not hold: The North would leave, and whatever the others did, it "
        "would still be better off."
    ) in text
    assert (
        "The North would set “Missile tests” back to “Resumed” (+12 points). Whatever the "
        "others did in return, it would still be better off: it leaves."
    ) in text
    both = truce(
        north={"embargo": {"full": 0, "lifted": 3}}, south={"embargo": {"full": 40, "lifted": 0}}
    )
    assert "The North and The South would leave" in told(both)
    assert "each of them would still be better off" in told(both)


def test_who_has_nothing_to_gain_is_told_in_one_sentence() -> None:
    case = truce(north={"tests": {"on": 0, "off": 0}}, south={"embargo": {"full": 0, "lifted": 0}})
    found = hold(case, "pause")
    assert headline(found) == "“A pause” would hold: no party gains by leaving it."
    assert reason_sentences(found, found.prospects[0]) == [
        "The North, The South and The Patron have nothing to gain by moving alone."
    ]
    alone = hold(truce(), "pause", band=6)
    assert alone.prospects[0].stable["nash"]["south"] is True
    assert (
        "The South and The Patron have less than 6 points to gain by moving alone, which does not "
        "count."
    ) in about(alone)
    assert "Every gain counts" not in flat(str(alone))


def test_two_punishers_one_after_the_other() -> None:
    move = step("north", TESTING, 12.0, True)
    first = step("south", {**TESTING, "embargo": "full"}, -5.0, False)
    second = step("patron", {**TESTING, "embargo": "full", "aid": "food"}, 1.0, True)
    entry = reasons("north", move, (first, second), ["gmr", "smr"])
    found = by_hand(prospect(verdicts(north=AT_COST, south=STAYS, patron=STAYS), *entry))
    assert (
        "The South could then set “The embargo” back to “In force”, but lose by it (−5 points); "
        "The Patron could then set “Aid” to “Food”, and gain by it (+1 point). That would leave "
        "The North at −3.1 points against the agreement: it stays only if somebody punishes "
        "without gaining by it, as The South would have to here."
    ) in about(found)


def test_those_who_punish_together_and_one_loses() -> None:
    move = step("north", TESTING, 12.0, True)
    gains = {"south": 5.0, "patron": -1.0}
    both = Step(("south", "patron"), {**TESTING, "embargo": "full", "aid": "food"}, gains, False)
    entry = reasons("north", move, (both,), ["gmr", "smr"])
    found = by_hand(prospect(verdicts(north=AT_COST, south=STAYS, patron=STAYS), *entry))
    assert (
        "The South and The Patron could then together set “The embargo” back to “In force” and "
        "“Aid” to “Food”, but not all of them gain by it (The South +5 points and The Patron −1 "
        "point)."
    ) in about(found)
    assert "without gaining by it, as The Patron would have to here" in about(found)
    glad = replace(both, gains={"south": 5.0, "patron": 1.0}, improves=True)
    entry = reasons("north", move, (glad,), ["gmr", "smr", "seq", "sseq"])
    found = by_hand(prospect(verdicts(north=CREDIBLY, south=STAYS, patron=STAYS), *entry))
    assert "and all gain by it (The South +5 points and The Patron +1 point)" in about(found)


def test_the_leavers_answer() -> None:
    """Deterred though it may answer: that is told; deterred unless it answers: so is that."""
    move = step("north", TESTING, 12.0, True)
    embargo = step("south", {**TESTING, "embargo": "full"}, 5.0, True)
    answer = step("north", {**PAUSE, "embargo": "full"}, 2.0, True)
    rest: dict[str, Any] = {"south": STAYS, "patron": STAYS}
    entry = reasons("north", move, (embargo,), CONCEPTS[1:], response=answer, leaves=-1.0)
    found = by_hand(prospect(verdicts(north=CREDIBLY, **rest), *entry))
    assert (
        "The North could then at best set “Missile tests” to “Suspended”, and would still be left "
        "at −1 point against the agreement: so it stays."
    ) in about(found)
    entry = reasons("north", move, (embargo,), ["gmr", "seq"])
    found = by_hand(prospect(verdicts(north=[False, True, False, True, False], **rest), *entry))
    assert about(found).startswith("The North would set")
    assert (
        "so it stays. But if it looks one move further, it could answer each such punishment and "
        "end better off than under the agreement."
    ) in about(found)
    assert "But if it looks" not in about(
        by_hand(
            prospect(
                verdicts(north=CREDIBLY, **rest),
                *entry[:1],
                *reasons("north", move, (embargo,), CONCEPTS[1:])[1:],
            )
        )
    )


def test_how_many_other_ways_to_gain_are_deterred() -> None:
    move = step("north", TESTING, 12.0, True)
    embargo = (step("south", {**TESTING, "embargo": "full"}, 5.0, True),)
    stable = verdicts(north=CREDIBLY, south=STAYS, patron=STAYS)
    for count, words in ((2, "Its other way to gain is"), (3, "Its two other ways to gain are")):
        entry = reasons("north", move, embargo, CONCEPTS[1:], improvements=count)
        assert f"{words} deterred as well." in about(by_hand(prospect(stable, *entry)))
    entry = reasons("north", move, embargo, CONCEPTS[1:])
    assert "deterred as well" not in about(by_hand(prospect(stable, *entry)))


def test_what_others_could_only_do_at_a_cost_to_another_move() -> None:
    """The move that nobody gains by punishing is told, not the better one that is deterred."""
    best, lesser = step("north", TESTING, 12.0, True), step("north", HELPED, 4.0, True)
    embargo = (step("south", {**TESTING, "embargo": "full"}, 5.0, True),)
    deterred = reasons("north", best, embargo, ["gmr", "smr"])
    entry = [replace(e, move=best if e.concept in ("gmr", "smr") else lesser) for e in deterred]
    found = by_hand(prospect(verdicts(north=AT_COST, south=STAYS, patron=STAYS), *entry))
    assert about(found).startswith(
        "The North would set “Aid” to “Food” (+4 points). Nobody could punish that and gain by "
        "it; others could do so without gaining by it, and it stays only if they would."
    )


def test_what_is_left_within_the_band_is_told_as_such() -> None:
    move = step("north", TESTING, 12.0, True)
    embargo = (step("south", {**TESTING, "embargo": "full"}, 5.0, True),)
    stable = verdicts(north=CREDIBLY, south=STAYS, patron=STAYS)
    entry = reasons("north", move, embargo, CONCEPTS[1:], leaves=1.0)
    found = by_hand(prospect(stable, *entry), band=2.0)
    assert "at +1 point against the agreement, too little to count: so it stays" in about(found)
    entry = reasons("north", move, embargo, CONCEPTS[1:], leaves=0.0)
    found = by_hand(prospect(stable, *entry))
    assert "The North no better off than under the agreement: so it stays" in about(found)


def test_only_what_changes_is_named() -> None:
    case = truce()
    assert move_text(case, PAUSE, TESTING) == "set “Missile tests” back to “Resumed”"
    assert move_text(case, TESTING, PAUSE) == "set “Missile tests” to “Suspended”"
    today = dict(case.status_quo or {})
    assert move_text(case, PAUSE, today) == "go back to today’s state altogether"
    assert changes_text(case, PAUSE, today) == "all back to today’s state"
    assert move_text(case, TESTING, today) == "set “The embargo” back to “In force”"
    both = {**PAUSE, "embargo": "full", "aid": "food"}
    assert changes_text(case, PAUSE, both) == (
        "“The embargo” back to “In force” and “Aid” to “Food”"
    )
    korea = detente.load("korea")
    before = korea.complete(korea.packages["freeze_first"].outcome)
    status_quo = dict(korea.status_quo or {})
    after = {**before, **{i: status_quo[i] for i in ("nuclear", "missiles", "inspections")}}
    assert changes_text(korea, before, after) == (
        "“Nuclear programme”, “Missiles” and “Inspectors' access” back to where they stand today"
    )


def test_points_have_a_sign_and_a_unit() -> None:
    assert points(12.0) == "+12 points"
    assert points(1.04) == "+1 point"
    assert points(-1.0) == "−1 point"
    assert points(-0.5) == "−0.5 points"
    assert points(0.0001) == "by a hair"


# values that are not there


def test_an_order_has_no_numbers() -> None:
    found = hold(ordered("north", "south", "patron"), "pause")
    text = about(found)
    assert "back to “Resumed”, which it prefers." in text
    assert "back to “In force”, and prefers that." in text
    assert "no better off than under the agreement: so it stays" in text
    assert "point" not in text
    assert "have an order of preference only" in flat(str(found))
    assert "Every gain counts" not in flat(str(found))
    mixed = about(hold(ordered("south"), "pause"))
    assert "(+12 points). The South could then" in mixed
    assert "and prefers that. That would leave The North at −3.1 points" in mixed
    assert "The South has an order" in " ".join(remarks(hold(ordered("south"), "pause")))


def test_what_cannot_be_told_is_said_to_be_unknown() -> None:
    found = hold(without(TRUCE, "south"), "pause")
    text = flat(lines_of(found))
    assert (
        "Whether “A pause” would hold cannot be told: The North would gain by leaving, and whether "
        "others would punish that is not known. What The South would do cannot be told: it has no "
        "values."
    ) in text
    assert (
        "The South could then set “The embargo” back to “In force”. That would leave The North at "
        "−3.1 points against the agreement: whether The South would gain by that cannot be told."
    ) in text
    (row,) = [line for line in str(found).splitlines() if line.startswith(" The South")]
    assert row.split()[:4] == ["The", "South", "?", "cannot"] and row.count("?") == 6
    assert (
        "The South could by itself change “The embargo”; whether it would cannot be told." in text
    )
    nobody = hold(without(TRUCE, "north", "south", "patron"), "pause")
    assert headline(nobody) == "Whether “A pause” would hold cannot be told: no party has values."
    two = flat(str(hold(without(TRUCE, "south", "patron"), "pause")))
    assert "What The South and The Patron would do cannot be told: they have no values." in two


def test_an_outcome_that_holds_as_far_as_is_known() -> None:
    case = without(TRUCE, "patron")
    assert headline(hold(case, "pause")).startswith(
        "“A pause” would hold as far as can be told: The North and The South would gain by leaving"
    )
    assert headline(hold(case)).startswith(
        "Each of the two packages would hold as far as can be told."
    )
    assert "? as far as known" in str(hold(case))


def test_who_can_move_nothing_leaves_nothing_open() -> None:
    written = copy.deepcopy(TRUCE)
    del written["values"]["patron"]
    written["issues"]["aid"]["control"] = "south"
    text = told(detente.load(written))
    assert "“A pause” would hold: The North and The South would gain by leaving" in text
    assert "The Patron could change nothing by itself." in text
    assert "What The Patron would do" not in text


def test_private_numbers_are_left_out_where_they_may_not_be_told() -> None:
    found = hold(truce(), "pause")
    entry = found.prospects[0]
    hidden = reason_sentences(found, entry, lambda party: party != "north")
    assert (
        "The North would set “Missile tests” back to “Resumed”, which it prefers. The South could "
        "then set “The embargo” back to “In force”, and gain by it (+5 points). That would leave "
        "The North no better off than under the agreement: so it stays."
    ) in hidden
    nothing = [
        *reason_sentences(found, entry, lambda _: False),
        *collapse_sentences(found, entry, lambda _: False),
        *remarks(found, lambda _: False),
        verdict(found, entry),
    ]
    assert not re.search(r"\d", " ".join(nothing))
    assert "12" not in " ".join(hidden)


# the words


def test_standard_names_stand_only_in_heads_and_the_legend() -> None:
    results = [hold(truce()), hold(truce(), "pause"), hold(detente.load("ceasefire"))]
    for found in results:
        text = lines_of(found)
        legend = flat(catalogue()["terminal.hold.legend"])
        assert legend in flat(text)
        bullets = flat(text).replace(legend, "").split("•")[1:]
        assert not any(NAMES.search(line) for line in bullets)
        entries = [
            *reason_sentences(found, found.prospects[0]),
            headline(found),
            *remarks(found),
        ]
        assert not any(NAMES.search(entry) for entry in entries)
    words = [text for key, text in catalogue().items() if key.startswith("hold.")]
    assert words and not any(NAMES.search(text) for text in words)


def test_an_outcome_without_a_name_is_told_by_its_terms() -> None:
    text = told(truce(), "tests=off")
    assert "This outcome would not hold: The North would leave" in text
    assert "Its terms, where they differ from today: “Missile tests” (“Suspended”)." in text
    assert "Its terms" not in told(truce())
    assert "Its terms" not in told(truce(), "status_quo")


@pytest.mark.parametrize("name", ["elmira", "river", "ceasefire", "commitment"])
def test_bundled_cases_fit_and_say_what_was_found(name: str) -> None:
    says_all_of_it(hold(detente.load(name)))


def says_all_of_it(found: HoldResult) -> None:
    """Each verdict of each outcome is told, in words that hold."""
    text = flat(lines_of(found))
    assert flat(headline(found)) in text
    assert found.definition in text
    for entry in found.prospects:
        for party in entry.stable["nash"]:
            reason = foremost(entry, party)
            where = stance(entry, party)
            assert (reason is None) == (where in ("stays", "unknown"))
            if reason is None:
                continue
            words = reason_text(found, entry, party)
            assert (reason.sanction is None) == ("could then" not in words)
            assert ("it leaves." in words) == (where == "leaves")
            if reason.move.gain is not None and number(reason.move.gain) != "0":
                assert number(reason.move.gain, signed=True) in words
            if where == "deterred":
                assert "so it stays" in words and "only if" not in words
            if where == "costly":
                assert "only if" in words
    for remark in found.remarks:
        assert remark in text


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(hold_cases(unvalued=True), st.booleans())
def test_any_case_is_told_in_eighty_columns(written: dict[str, Any], every: bool) -> None:
    case = detente.load(written)
    every = every or case.status_quo is None
    says_all_of_it(hold(case, every=every))
    if case.status_quo is not None:
        found = hold(case, "status_quo")
        says_all_of_it(found)
        text = flat(str(found))
        for entry in reason_sentences(found, found.prospects[0]):
            assert flat(entry) in text
