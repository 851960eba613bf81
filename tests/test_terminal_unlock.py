"""``unlock`` in a terminal, as a table and in a notebook: the finding first, nothing left out."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

import detente
from briefs import read
from detente.leverage.answer import GOALS, Bound, Cost, Goal, Standing
from detente.leverage.payments.answer import StatePayment
from detente.leverage.words import NAMED, what_is_otherwise
from detente.model.sentences import catalogue, quantity
from detente.stability.answer import CONCEPTS
from detente.views.hold.words import STANDARD
from detente.views.stress.shares import share_text
from detente.views.unlock.sentences import (
    cost_text,
    group_text,
    headline,
    label_text,
    note_text,
    outlook,
    stands_text,
    what_text,
)
from detente.views.unlock.tables import COLUMNS
from stress_results import share
from test_stress_views import FORBIDDEN
from test_terminal_commitments import flat
from unlock_results import DEAL, ROAD, TRANSFER, result, reversals, shareless, swap, way, ways

F = Fraction


def told(**changes: Any) -> str:
    return flat(str(result(**changes)))


def standing(*open_: Goal, untold: tuple[Goal, ...] = (), refused: tuple[str, ...] = ()) -> Any:
    """Verdicts: some missed, some untold, all others met."""
    verdicts: dict[Goal, bool | None] = dict.fromkeys(GOALS, True)
    verdicts.update(dict.fromkeys(open_, False))
    verdicts.update(dict.fromkeys(untold))
    return Standing(verdicts, dict.fromkeys(untold, "no scores"), refused)


# the finding


@pytest.mark.parametrize(
    ("found", "reasons", "expected"),
    [
        (standing("holds"), ("R",), "Everybody who must sign would sign “The swap”, but R."),
        (
            standing("acceptable", refused=("seoul",)),
            ("The Plain refuses it",),
            "One of the two who must sign would sign “The swap”; The Plain refuses it.",
        ),
        (
            standing("acceptable", "holds", refused=("seoul",)),
            ("A", "B, C"),
            "One of the two who must sign would sign “The swap”; A, and B, C.",
        ),
        (
            standing("acceptable", "roadmap", "holds", refused=("seoul", "bund")),
            ("A", "B", "C"),
            "Nobody who must sign would sign “The swap”; A; B; and C.",
        ),
        (standing("acceptable"), ("it breaks a rule",), "“The swap” does not stand: it breaks"),
    ],
)
def test_the_finding_says_who_would_sign_and_what_is_in_the_way(
    found: Standing, reasons: tuple[str, ...], expected: str
) -> None:
    answer = result(standing=found, reasons=reasons)
    assert headline(answer).startswith(expected)
    assert flat(str(answer)).find(expected) == len("A swap For the test only ")


def test_parties_are_not_counted_where_consent_was_not_asked_for() -> None:
    found = standing("holds", refused=("seoul",))
    answer = result(goals=("holds",), standing=found, reasons=("R",))
    assert headline(answer) == "“The swap” does not stand: R."


def test_nothing_in_the_way_is_said_and_no_more() -> None:
    nothing = {"ways": (), "together": None, "bounds": (), "checks": (), "reasons": ()}
    text = told(standing=standing(), **nothing)
    assert "Nothing stands in the way of “The swap”: every signing party accepts it" in text
    assert "Enough" not in text and "What a way is" not in text and "Within the bounds" not in text
    some = told(standing=standing(untold=("roadmap", "holds")), **nothing)
    assert "Nothing that could be asked stands in the way of “The swap”" in some
    assert "Whether some order of steps works cannot be told: no scores." in some
    assert "SEQ" not in some and "model: discounted" not in some
    dumb = Standing({"holds": None}, {"holds": "no values."}, ())
    none = told(goals=("holds",), standing=dumb, **nothing)
    assert "What stands in the way of “The swap” cannot be told." in none
    assert "move away from it cannot be told: no values. What" in none


def test_the_outlook_says_how_far_the_ways_lead() -> None:
    enough = sum(not entry.open for entry in ways())
    assert (
        outlook(result())
        == f"{quantity(enough).capitalize()} ways leave nothing of that in the way."
    )
    partial = tuple(entry for entry in ways() if entry.open)
    assert outlook(result(ways=partial)).endswith("; two together are.")
    alone = outlook(result(ways=partial, together=None))
    assert "enough by itself; five remove part of it." in alone
    assert "removes part" in outlook(result(ways=partial[:1], together=None))
    nothing = outlook(result(ways=(), together=None, levers=("terms", "payments")))
    assert nothing.startswith("Within the bounds nothing was found")
    assert nothing.endswith("Tried: terms and side payments.")


# ways


@pytest.mark.parametrize("long", [False, True])
def test_every_way_is_told_with_its_rank_cost_and_share(long: bool) -> None:
    answer = result(long=long)
    text, place = flat(str(answer)), 0
    for rank, entry in enumerate(answer.ways, start=1):
        what = flat(f"{rank}. {what_text(answer, entry)}. {note_text(answer.case, entry)}")
        whole = re.sub(r"\s", "", text)  # a long word is broken where the line ends
        found = whole.find(re.sub(r"\s", "", what), place)
        assert found >= 0, what
        place = found


@pytest.mark.parametrize("long", [False, True])
def test_it_fits_into_eighty_columns(long: bool) -> None:
    text = str(result(long=long))
    assert max(map(cell_len, text.splitlines())) <= 80
    assert "{" not in text and "**" not in text


def test_ways_that_bring_the_same_stand_under_one_title() -> None:
    text = told()
    titles = [group_text(entry) for entry in ways()]
    assert len(set(titles)) == 3 and titles[0] == "Enough by itself"
    places = [text.index(title) for title in dict.fromkeys(titles)]
    assert places == sorted(places) and all(text.count(title) == 1 for title in titles)
    assert "every signing party accepts it; what is left: in every order of steps" in titles[4]
    assert titles[7].endswith("what is left: not all who must sign accept it and in every order "
                              "of steps somebody would rather leave")  # fmt: skip


def test_costs_are_told_with_their_unit() -> None:
    costs = [cost_text(swap(), entry) for entry in ways()]
    assert costs == [
        "one change",
        "15.5 units paid a year",
        "12.34 units paid a year, on the average of all time to come",
        "13 points a year more to lose",
        "detection raised by 50 percentage points, added up",
        "10 points of weight moved",
        "scores moved by 5 points",
        "five comparisons turned",
        "two things otherwise",
    ]
    dear = replace(ways()[0], cost=Cost(F(7, 2), "cost"))
    assert cost_text(swap(), dear) == "changes that cost 3.5"


@given(st.fractions(min_value="1/1000", max_value=10**6))
def test_a_cost_is_never_told_too_low(amount: Fraction) -> None:
    text = cost_text(swap(), way("payments", (TRANSFER,), amount, "units"))
    shown = Fraction(text.split(" unit")[0])
    noise = Fraction(1, 10**11)  # what rounding of floats may have added is not told
    assert amount * (1 - noise) <= shown <= amount * Fraction(101, 100)


def test_shares_come_with_their_interval_unless_they_are_certain() -> None:
    some, sure = share(620), share(1000, certain=True)
    assert stands_text(some).startswith(f"Stands in {share_text(some)} of codings (")
    assert stands_text(sure) == "Stands in every coding."
    assert stands_text(share(0)).startswith("Stands in none of the codings drawn (0 to ")
    assert stands_text(some, together=True).startswith("All of it together stands in 62 %")
    assert stands_text(None) == ""


@given(st.integers(1, 30))
def test_of_many_comparisons_the_first_are_named_and_the_rest_is_counted(count: int) -> None:
    entry = way("persuasion", reversals(count), count + 1, "reversals")
    text = what_text(result(), entry)
    first = text.split("; The Plain comes to see")[0]
    assert first.count("the package with") + first.count("today's state") == min(count, NAMED)
    rest = re.search(r"and (\S+) more$", first)
    assert (rest is not None) == (count > NAMED)
    assert rest is None or rest[1] == quantity(count - NAMED)
    assert count == 1 or f"comes to see {quantity(count)} outcomes as no better" in first
    assert text.endswith("as an improvement") and "“Closed” on road (from the package" in text
    short = label_text(result(), entry)
    assert quantity(count) in short and len(short) <= 120


def test_payments_along_a_road_are_told_where_they_change() -> None:
    text, plain = what_is_otherwise(swap(), ROAD, DEAL)
    assert text == (
        "From step two on The Plain pays The Hills 12.5 a year; once all is done nobody pays"
    )
    assert "12.5" not in plain
    never = (StatePayment(1, DEAL, (), None),)
    assert what_is_otherwise(swap(), never, DEAL)[0] == ""


# the rest of it


def test_several_ways_together_are_lettered_and_have_a_share() -> None:
    text = told()
    part = text[text.index("Enough together") : text.index("What does not get there")]
    first, second = ways()[4:6]
    assert part.index(f"a. {first.text}") < part.index(f"b. {second.text}")
    assert "All of it together stands in 37 % of codings" in part
    assert "Enough together" not in told(together=None)


def test_what_gets_nowhere_is_told_once() -> None:
    text = told()
    assert text.count("• No side payments.") == 1 and "• No change of terms." in text
    assert "What does not get there" not in told(bounds=())
    raw = Bound("persuasion", "holds", "more than 5 moves: ask under nash", "")
    assert "• Persuasion: more than 5 moves: ask under nash." in told(bounds=(raw,))


def test_the_table_of_detection_marks_what_is_found_too_rarely() -> None:
    rows = [line.split() for line in str(result()).splitlines() if line.endswith("75 %")]
    assert [row[-5:] for row in rows] == [
        ["✗", "25", "%", "75", "%"],
        ["✓", "75", "%", "75", "%"],
    ]
    assert "Heavy guns" in str(result()) and "per year" in told()
    assert "measures of the case that deter everything: Patrols." in told()
    assert "deters everything is no measure at all" in told(measures=())
    assert "No measures of the case deter everything." in told(measures=None)
    assert "measures of the case" not in told(measures=None, checks=())


def test_what_is_taken_for_granted_is_said() -> None:
    for concept in CONCEPTS:
        assert f"({STANDARD[concept]})" in told(concept=concept)
    for model in ("discounted", "patient"):
        assert f"(model: {model})" in told(model=model)
    text = told(goals=("acceptable",))
    assert "model:" not in text and "(SEQ)" not in text
    assert "Drawn: 1,000 codings (seed 7)." in text and "A remark." in text
    assert "Where no share is told" in text
    assert "one point of value to either side" in text
    assert "one point of value to either side" not in told(ways=ways()[:1], together=None)
    assert "What a way is." in text


def test_why_there_are_no_shares_is_said() -> None:
    assert "as what is met cannot be asked coding by coding" in flat(str(shareless()))
    assert "as none were drawn" in flat(str(shareless(samples=0)))
    commitment = detente.unlock(
        detente.load("commitment"), "deal", goals=["holds"], levers=["process"]
    )
    assert commitment.ways
    assert "as no number of the case has a range" in flat(str(commitment))


def test_terms_are_told_of_a_package_without_a_name() -> None:
    assert "Its terms" not in told()
    assert "Its terms, where they differ from today" in told(package="guns=stored,road=open")


def test_no_word_promises_anything() -> None:
    for key, text in catalogue().items():
        if key.startswith(("unlock.", "terminal.unlock.", "reversals.")):
            assert not FORBIDDEN.search(text), key
    assert not FORBIDDEN.search(told())


# tables and notebooks


def test_the_table_has_a_row_for_each_way() -> None:
    found = result().table()
    assert tuple(found.columns) == COLUMNS
    assert list(found["rank"]) == list(range(1, len(ways()) + 1))
    for row, entry in zip(found.itertuples(), ways(), strict=True):
        assert (row.lever, row.what, row.unit) == (entry.lever, entry.text, entry.cost.unit)
        assert row.cost == float(entry.cost.amount)
        assert [row.solves, row.open] == [", ".join(entry.solves), ", ".join(entry.open)]
    known = found["share"].dropna()
    shares = [entry.share for entry in ways() if entry.share is not None]
    assert list(known) == [entry.share for entry in shares]
    assert list(found["low"].dropna()) == [entry.low for entry in shares]
    assert list(found["high"].dropna()) == [entry.high for entry in shares]
    empty = result(ways=()).table()
    assert tuple(empty.columns) == COLUMNS and not len(empty)


def test_a_notebook_shows_the_same_without_scripts() -> None:
    answer = result(long=True)
    page = answer._repr_html_()
    root = read(page)
    assert root is not None
    assert "<script" not in page and "<svg" in page and "For the test only" in page
    plain = flat(re.sub(r"<[^>]+>", " ", page))
    for text in (headline(answer), outlook(answer), "What is taken for granted"):
        assert flat(text) in plain
    assert 'scope="col"' in page
    nothing = result(standing=standing(), ways=(), together=None, reasons=())._repr_html_()
    assert "Nothing stands in the way" in nothing
