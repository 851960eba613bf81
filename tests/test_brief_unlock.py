"""The brief's section on what it would take: what it says, and who may see which numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

import detente
from briefs import Shared, read
from detente.agreement.packages.changes import Change
from detente.leverage.answer import GOALS, Bound, Standing, Way
from detente.leverage.unlock_result import UnlockResult
from detente.leverage.words import concerned
from detente.model.sentences import say
from detente.views.brief import compose
from detente.views.brief import unlock as part
from detente.views.brief.context import MEDIATOR, Context
from detente.views.brief.gathering import gather
from detente.views.brief.page import SECTIONS, questions
from detente.views.brief.parts import Section, Table
from detente.views.brief.unlocking import ALL_BUT_PROCESS, CODINGS, verdicts, with_unlocks
from detente.views.naming import capital
from detente.views.unlock.sentences import cost_text
from unlock_results import result, swap, way, ways

LACKING = Bound(
    "payments",
    "acceptable",
    "No side payments: 13.75 a year are lacking.",
    "No side payments within the bounds.",
    ("bund", "seoul"),
)
AUDIENCES = (None, "bund", "seoul", "league", MEDIATOR)


@cache
def bare() -> Context:
    """The swap with nothing asked."""
    return gather(swap(), packages=["swap"], questions=())


def owned(**changes: Any) -> UnlockResult:
    """The answer by hand, its ways with the parties whose numbers they tell."""
    every = tuple(
        replace(entry, concerns=concerned(swap(), entry.parts))
        for entry in changes.pop("ways", ways())
    )
    return result(ways=every, bounds=(LACKING,), **changes)


def of(found: UnlockResult | None, audience: str | None = None) -> Context:
    """The context of the swap with an answer, for an audience."""
    unlocks = {} if found is None else {"A": found}
    return replace(bare(), unlocks=unlocks, audience=audience)


def shown(context: Context) -> Section:
    found = part.section(context)
    assert found is not None
    return found


def page(context: Context) -> str:
    """All that a reader gets to see, fold-outs and pictures too."""
    return read(compose(context, ["unlock"]).html).text + compose(context, ["unlock"]).markdown


# who may see what


@pytest.mark.parametrize("audience", AUDIENCES)
def test_numbers_are_told_to_those_whose_they_all_are(audience: str | None) -> None:
    context = of(owned(), audience)
    told = page(context)
    every: tuple[Way | Bound, ...] = (*owned().ways, LACKING)
    entries = [entry for entry in every if entry.text != entry.plain]
    assert len(entries) == 7
    for entry in entries:
        whole = audience == MEDIATOR or set(entry.concerns) == {audience}
        assert (entry.text in told) == whole
        assert whole or entry.plain in told


def test_nothing_private_is_on_a_page_for_everybody() -> None:
    told, whole = page(of(owned())), page(of(owned(), MEDIATOR))
    costs = [
        cost_text(swap(), entry)
        for entry in owned().ways
        if entry.concerns and entry.cost.unit in ("units", "points", "weight", "chance")
    ]
    assert len(costs) == 6
    for amount in ("12.5 a year", "9 points itself", "75 %", "13.75", *map(capital, costs)):
        assert amount in whole and amount not in told, amount
    own = page(of(owned(), "bund"))
    assert "75 %" in own and "50 percentage" in own and "12.5" not in own
    assert "One change" in told and "Five comparisons turned" in told


def test_ways_that_only_their_amounts_tell_apart_are_one_to_those_who_may_not_see_them() -> None:
    twice = (ways()[1], replace(ways()[1], text="The Plain pays The Hills 99 a year."), ways()[0])
    found = owned(ways=twice)
    closed, open_ = (shown(of(found, audience)) for audience in (None, MEDIATOR))
    assert len(table_in_full(closed).rows) == 3 and len(table_in_full(open_).rows) == 4


def table_in_full(section: Section) -> Table:
    first = section.fold_outs[0]
    assert first.title == say("brief.in_full")
    (table,) = (block for block in first.blocks if isinstance(block, Table))
    return table


# what it says


def test_the_headline_says_what_it_would_take() -> None:
    some: dict[str, Any] = {"standing": Standing(dict.fromkeys(GOALS, False), {}, ())}
    told = {
        "would take one change of terms.": owned(),
        "would take side payments.": owned(ways=ways()[1:]),
        "nothing that was looked at is enough.": owned(ways=ways()[4:]),
    }
    for end, found in told.items():
        headline = shown(of(replace(found, **some))).headline
        assert headline.endswith(end) and "“The swap”" in headline
    assert shown(of(owned(ways=ways()[4:]))).headline.startswith("For “The swap”")


def test_what_cannot_be_told_is_not_what_is_missed() -> None:
    verdict: Any = {"acceptable": False, "enforceable": True, "roadmap": None, "holds": True}
    found = owned(
        ways=(way("terms", ways()[0].parts, 1, "changes", open=("roadmap",)),),
        standing=Standing(verdict, {"roadmap": "no scores"}, ("seoul",)),
        reasons=("The Plain refuses it",),
    )
    section = shown(of(found))
    assert section.headline == "“The swap” would take one change of terms, as far as can be told."
    assert section.table is not None
    missed, terms = section.table.rows[0].cells
    unclear = "Whether an order of steps works cannot be told"
    assert missed.text == "The Plain refuses it" and missed.lines == (unclear,)
    assert terms.text == "One change" and terms.lines[-1] == unclear and "left" not in terms.lines


def test_the_best_other_way_and_the_picture_are_of_the_one_that_was_asked_all() -> None:
    section = shown(of(owned(), MEDIATOR))
    assert ways()[1].text in section.paragraphs[0] and section.picture is not None
    assert "“The swap”" in section.picture.title
    assert "12.5" in section.picture.description
    closed = shown(of(owned()))
    assert closed.picture is not None and "12.5" not in closed.picture.description
    alone = shown(of(owned(ways=ways()[:1])))
    assert alone.picture is None and say("brief.unlock.tried_none") in alone.paragraphs[0]
    few = shown(of(owned(levers=("terms",), ways=ways()[:1])))
    assert few.picture is None and not few.paragraphs


def test_without_shares_it_says_what_each_way_meets() -> None:
    bald = tuple(replace(entry, share=None) for entry in ways())
    section = shown(of(owned(ways=bald)))
    assert section.picture is not None and "what it then meets" in section.picture.title


def test_definition_and_sources_are_in_the_fold_out() -> None:
    how = shown(of(owned())).fold_outs[-1]
    told = " ".join(map(str, how.blocks))
    assert how.title == say("brief.how") and say("unlock.definition") in told
    for name in ("Dechter", "Dantzig", "Kinsara, Kilgour & Hipel (2015)", "45(5), 734–742"):
        assert name in told


def test_where_nothing_but_consent_could_be_asked_there_is_no_section() -> None:
    assert part.section(of(None)) is None
    assert part.section(replace(bare(), packages=())) is None


# what is asked


def test_all_levers_are_pulled_once_and_only_what_misses_something_is_asked(
    shared: Shared,
) -> None:
    context = shared.context("river")
    missed = {
        entry.letter: list(verdicts(context, entry).values()).count(False)
        for entry in context.packages
    }
    assert set(context.unlocks) == {letter for letter, count in missed.items() if count}
    calls: list[tuple[Any, ...]] = []

    def ask(question: Callable[..., Any], asked: Sequence[tuple[Any, ...]]) -> Any:
        calls[:] = asked
        return lambda: [(None, "too much") for _ in asked]

    for main in context.packages:
        found = with_unlocks(replace(context, main=main), ask)
        assert not found.unlocks and set(found.unasked["unlock"]) == set(context.unlocks)
        least = min(count for count in missed.values() if count)
        first = next(letter for letter, count in missed.items() if count == least)
        one = main.letter if missed[main.letter] else first
        (_, to, levers, codings), *others = calls
        assert to == next(e.selected.to for e in context.packages if e.letter == one)
        assert (levers, codings) == (ALL_BUT_PROCESS, CODINGS)
        assert all(call[2:] == (("terms",), 0) for call in others)
        assert len(calls) == len(context.unlocks)
    refused = shown(found)
    assert "too much" in refused.paragraphs[0]


def test_what_the_river_would_take_is_so_when_asked_again(shared: Shared) -> None:
    context = shared.context("river")
    section = shown(context)
    assert section.table is not None
    cells = dict(zip((e.letter for e in context.packages), section.table.rows, strict=True))
    for entry in context.packages:
        found = context.unlocks.get(entry.letter)
        missed, terms = cells[entry.letter].cells
        assert f"“{entry.name}”" in section.headline
        if found is None:
            assert missed.sign == "✓" and terms.text == "–"
            continue
        assert (missed.text, *missed.lines) == tuple(r[:1].upper() + r[1:] for r in found.reasons)
        (nearest,) = (w for w in found.ways if w.lever == "terms" and not w.open)
        assert len(terms.lines) == len(nearest.parts)
        after = dict(entry.view.outcome)
        for change in nearest.parts:
            assert isinstance(change, Change) and after[change.issue] == change.before
            after[change.issue] = change.after
        assert not detente.unlock(context.case, after, levers=["terms"], samples=0).open


def test_its_place_is_between_what_could_break_it_and_all_side_by_side() -> None:
    story = list(SECTIONS)
    assert story[story.index("unlock") - 1 :][:3] == ["stress", "unlock", "overview"]
    assert questions(["unlock"]) == ("verify", "roadmap", "hold", "unlock")
    assert "unlock" not in questions(["overview"]) and "unlock" in questions(None)
