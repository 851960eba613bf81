"""What changed between two versions of a text, and who is won or lost by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from clean_text import Edit, clause, settled, written
from detente.commitments.answer import Comparison
from strategies import cases, outcomes


def versions(*edits: Edit, earlier: tuple[Edit, ...] = ()) -> detente.Case:
    """The clean text as ``old`` (with the edits in ``earlier``), and with edits as ``text``."""
    case = written(*edits)
    case["packages"] = {"old": written(*earlier)["packages"]["text"], **case["packages"]}
    return detente.load(case)


def compared(
    *edits: Edit, earlier: tuple[Edit, ...] = (), names: tuple[str, str] = ("old", "text")
) -> Comparison:
    found = detente.draft(versions(*edits, earlier=earlier), compare=names).comparison
    assert found is not None
    return found


def changes(found: Comparison) -> list[tuple[str, str, Any, Any]]:
    return [(change.id, change.field, change.before, change.after) for change in found.clauses]


NOTHING: Mapping[str, tuple[Any, ...]] = dict.fromkeys(
    ["clauses", "outcome", "opened", "closed", "met", "lost", "won", "refused", "cleared", "new"],
    (),
)


def sides(found: Comparison) -> dict[str, tuple[Any, ...]]:
    return {name: getattr(found, name) for name in NOTHING}


FIELDS = [
    ("c4", "who", ["south", "north"], ["south"], ["south", "north"]),
    ("c5", "to", "guarantor", [], ["guarantor"]),
    ("c1", "does", "access >= declared", "access == declared", "access >= declared"),
    ("c1", "text", "Entry.", "Access.", "Entry."),
    ("c1", "by", 2, 1, 2),
    ("c3", "by", "2027-05-01", "2027-04-30", "2027-05-01"),
    ("c1", "by", "2026-11-30", 1, "2026-11-30"),
    ("c4", "after", ["c2", "c1"], ["c2"], ["c2", "c1"]),
    ("c2", "checked_by", "inspectors", ["inspectors", "satellites"], ["inspectors"]),
    ("c9", "level", "working", "leader", "working"),
    ("c9", "level", None, "leader", None),
    ("c1", "if_not", "War.", "Talks.", "War."),
    ("c1", "if_not", None, "Talks.", None),
]


@pytest.mark.parametrize(("id", "field", "value", "before", "after"), FIELDS)
def test_every_field_of_a_clause(id: str, field: str, value: Any, before: Any, after: Any) -> None:
    assert changes(compared(clause(id, **{field: value}))) == [(id, field, before, after)]


def test_entries_of_terms_and_brackets() -> None:
    found = compared(
        clause("c2", terms={"arms": "above 80 mm", "sites": "open"}),
        clause("c4", brackets={"south": "should"}),
        clause("c9", terms=None),
    )
    assert changes(found) == [
        ("c2", "terms.arms", "above 100 mm", "above 80 mm"),
        ("c2", "terms.sites", None, "open"),
        ("c4", "brackets.south", None, "should"),
        ("c9", "terms.good faith", "open_on_purpose", None),
    ]
    assert (found.opened, found.closed) == ((("c4", "south"),), ())
    assert (found.new, found.cleared) == ((("c2", "undefined"), ("c4", "bracketed")), ())


def test_a_bracket_that_only_changes_is_neither_opened_nor_closed() -> None:
    found = compared(
        clause("c4", brackets={"south": "may", "north": "shall"}),
        earlier=(clause("c4", brackets={"south": "should"}), clause("c6", brackets={"north": "x"})),
    )
    assert changes(found) == [
        ("c4", "brackets.south", "should", "may"),
        ("c4", "brackets.north", None, "shall"),
        ("c6", "brackets.north", "x", None),
    ]
    assert (found.opened, found.closed) == ((("c4", "north"),), (("c6", "north"),))
    assert (found.new, found.cleared) == ((), (("c6", "bracketed"),))


def without(id: str) -> Edit:
    def edit(case: dict[str, Any]) -> None:
        entries = case["packages"]["text"]["commitments"]
        entries[:] = [entry for entry in entries if entry["id"] != id]

    return edit


def put_first(id: str, **fields: Any) -> Edit:
    def edit(case: dict[str, Any]) -> None:
        plain = {"id": id, "who": "north", "by": 9, "checked_by": "monitors", "if_not": "Talks."}
        case["packages"]["text"]["commitments"].insert(0, {**plain, **fields})

    return edit


def test_clauses_added_and_taken_out() -> None:
    """In the order of the later text; what was taken out comes last."""
    found = compared(
        put_first("d1", does="troops >= thinned", brackets={"north": "x"}),
        put_first("d2"),
        put_first("d3", text="Words."),
        without("c8"),
        clause("c9", by=1),
        earlier=(clause("c8", brackets={"south": "x"}),),
    )
    assert changes(found) == [
        ("d3", "clause", None, "Words."),
        ("d2", "clause", None, "d2"),  # neither a wording nor an effect
        ("d1", "clause", None, "troops >= thinned"),
        ("c9", "by", 0, 1),
        ("c8", "clause", "Alliance.", None),
    ]
    assert (found.opened, found.closed) == ((("d1", "north"),), (("c8", "south"),))


def test_the_order_of_clauses_is_no_change() -> None:
    def turned(case: dict[str, Any]) -> None:
        case["packages"]["text"]["commitments"].reverse()

    assert sides(compared(turned)) == NOTHING


def test_a_version_compared_with_itself() -> None:
    for name in ("old", "text"):
        found = compared(clause("c4", brackets={"south": "x"}), names=(name, name))
        assert sides(found) == NOTHING
        assert (found.before, found.after) == (name, name)


def test_outcome_concerns_and_consent() -> None:
    found = compared(settled(arms="held", embargo="lifted", border="closed"))
    assert [(entry.issue, entry.before, entry.after) for entry in found.outcome] == [
        ("arms", "cantoned", "held"),
        ("embargo", "partial", "lifted"),
        ("border", "open", "closed"),
    ]
    assert (found.met, found.lost) == ((), (("south", "No guns"), ("south", "The border")))
    assert (found.won, found.refused) == ((), ("south",))  # without values: by its red line
    assert found.cleared == ()
    assert found.new == (
        ("c2", "outside the outcome"),
        ("c4", "outside the outcome"),
        ("c6", "outside the outcome"),
    )


def swapped(found: Comparison) -> dict[str, tuple[Any, ...]]:
    """What the comparison the other way round says, if it is consistent."""
    return {
        "clauses": {(c.id, c.field, str(c.after), str(c.before)) for c in found.clauses},
        "outcome": {(c.issue, c.after, c.before) for c in found.outcome},
        "opened": {*found.closed},
        "closed": {*found.opened},
        "met": {*found.lost},
        "lost": {*found.met},
        "won": {*found.refused},
        "refused": {*found.won},
        "cleared": {*found.new},
        "new": {*found.cleared},
    }


def plain(found: Comparison) -> dict[str, Any]:
    return {
        **{name: {*entries} for name, entries in sides(found).items()},
        "clauses": {(c.id, c.field, str(c.before), str(c.after)) for c in found.clauses},
        "outcome": {(c.issue, c.before, c.after) for c in found.outcome},
    }


def test_the_other_way_round_everything_is_inverted() -> None:
    edits = (
        settled(arms="held", embargo="lifted"),
        clause("c4", brackets={"south": "x"}, by=11, terms={"a": "open"}),
        without("c8"),
        put_first("d1", text="More."),
    )
    there = compared(*edits, earlier=(settled(border="closed"),))
    back = compared(*edits, earlier=(settled(border="closed"),), names=("text", "old"))
    assert plain(back) == swapped(there)
    assert all(plain(there)[name] for name in ("clauses", "outcome", "opened", "lost", "new"))


def test_a_version_that_follows_another_is_compared_with_it() -> None:
    follows = lambda case: case["packages"]["text"].update(follows="old")  # noqa: E731
    case = versions(follows, clause("c1", by=2))
    found = detente.draft(case, "text").comparison
    assert found is not None
    assert (found.before, found.after) == ("old", "text")
    assert changes(found) == [("c1", "by", 1, 2)]
    assert detente.draft(case, "old").comparison is None
    # asked for, another comparison goes first
    other = detente.draft(case, compare=("text", "old")).comparison
    assert other is not None
    assert changes(other) == [("c1", "by", 2, 1)]


def test_an_earlier_version_without_a_text() -> None:
    bare = lambda case: case["packages"]["text"].update(commitments=[])  # noqa: E731
    found = compared(earlier=(bare,))
    assert [(id, field, before) for id, field, before, _ in changes(found)] == [
        (f"c{number}", "clause", None) for number in range(1, 10)
    ]
    assert sides(compared(bare, earlier=(bare,))) == NOTHING


def test_each_version_has_its_own_day_of_signature() -> None:
    """A date that only one of them misses is a finding of that one."""
    signed = lambda case: case["packages"]["text"].update(signed="2027-03-01")  # noqa: E731
    found = compared(signed)  # the treaty would come eight months later; the troops on their day
    assert (found.new, found.cleared) == ((), ())
    found = compared(clause("c5", by="2027-06-01", after="c4"), earlier=(signed,))
    assert (found.new, found.cleared) == ((), ())
    late = clause("c5", by="2027-06-01", after="c4")  # c4: 31 May 2027, or 1 October 2027
    found = compared(late, earlier=(late, signed))
    assert (found.new, found.cleared) == ((), (("c5", "order"),))


def test_the_document_of_a_comparison() -> None:
    case = versions(settled(embargo="lifted"), clause("c4", brackets={"south": "x"}))
    document = detente.draft(case, compare=("old", "text")).to_dict()
    assert document["compared"] == {"from": "old", "to": "text"}
    assert document["changes"] == [{"id": "c4", "field": "brackets.south", "from": None, "to": "x"}]
    assert document["outcome_changes"] == [{"issue": "embargo", "from": "partial", "to": "lifted"}]
    assert document["brackets_opened"] == [{"id": "c4", "party": "south"}]
    assert document["findings_new"] == [
        {"id": "c4", "kind": "outside the outcome"},
        {"id": "c4", "kind": "bracketed"},
    ]
    empty = ("brackets_closed", "concerns_met", "concerns_lost", "accept_now", "refuse_now")
    assert all(document[key] == [] for key in (*empty, "findings_cleared"))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_concerns_and_consent_as_in_the_other_questions(data: st.DataObject) -> None:
    """The same verdicts as ``concerns`` and ``agree``, which judge outcomes one by one."""
    drawn = data.draw(cases(most_parties=3, most_issues=3, most_options=3))
    table = {name: entry["options"] for name, entry in drawn["issues"].items()}
    drawn["packages"] = {name: {"outcome": data.draw(outcomes(table))} for name in ("one", "two")}
    case = detente.load(drawn)
    found = detente.draft(case, compare=("one", "two")).comparison
    assert found is not None
    met = {
        name: {
            (party, concern)
            for party, entries in by_party.items()
            for concern, holds in entries.items()
            if holds
        }
        for name, by_party in detente.concerns(case).to_dict()["packages"].items()
    }
    assert {*found.met} == met["two"] - met["one"]
    assert {*found.lost} == met["one"] - met["two"]
    accepts = {}
    for name in ("one", "two"):
        view = detente.agree(case, name).package
        assert view is not None
        accepts[name] = {party for party, accepted in view.acceptable_to.items() if accepted}
    assert {*found.won} == accepts["two"] - accepts["one"]
    assert {*found.refused} == accepts["one"] - accepts["two"]
    turned = detente.draft(case, compare=("two", "one")).comparison
    assert turned is not None
    assert plain(turned) == swapped(found)
