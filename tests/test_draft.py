"""What a text covers, who settles what, its dates, its document, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import detente
from clean_text import (
    EVERYTHING,
    ISSUES,
    TEXT,
    Edit,
    added,
    clause,
    drafted,
    issue,
    package,
    settled,
    written,
)
from detente.commitments.dates import after
from test_command import answer, refusal

# --- what the text covers ----------------------------------------------------------------------


def covers(does: str, *edits: Edit, id: str = "c3") -> dict[str, list[str]]:
    """What is covered by a text of this one clause."""
    only = package(commitments=[{"id": id, "who": "north", "does": does}], before=[])
    found: dict[str, list[str]] = drafted(*edits, only).to_dict()["covers"]
    return found


@pytest.mark.parametrize(
    ("does", "expected"),
    [
        ("troops == withdrawn", {"troops=withdrawn"}),
        ("troops > thinned", {"troops=withdrawn"}),
        ("troops >= thinned", set()),  # a point on the way
        ("troops != deployed", set()),
        ("arms == cantoned", {"arms=cantoned"}),
        ("arms >= cantoned", {"arms=cantoned"}),  # only what lies on the way must be excluded
        ("arms <= cantoned", set()),  # a bound, and today's state keeps it
        ("border == open", {"border=open"}),
        ("alliance == kept", {"alliance=kept"}),  # what stays, kept from all sides
        ("embargo == partial and treaty == signed", {"embargo=partial", "treaty=signed"}),
        ("embargo == partial or treaty == signed", set()),  # either would do, so neither is sure
        ("embargo == lifted", set()),  # outside the outcome
        ("not (access in (none, anywhere))", {"access=declared"}),
    ],
)
def test_what_a_clause_covers(does: str, expected: set[str]) -> None:
    assert covers(does) == {entry: ["c3"] for entry in expected}


def test_what_a_clause_covers_without_order_takes_all_options() -> None:
    three = issue("border", options=["closed", "controlled", "open"])
    assert covers("border == open", three) == {"border=open": ["c3"]}
    assert covers("border in (controlled, open)", three) == {}
    assert covers("border != closed", three) == {}


def no_status_quo(case: dict[str, Any]) -> None:
    del case["status_quo"]
    case["packages"]["text"]["outcome"]["alliance"] = "kept"


def test_without_a_status_quo_what_comes_before_falls_short() -> None:
    assert covers("troops >= thinned", no_status_quo) == {}
    assert covers("arms >= cantoned", no_status_quo) == {"arms=cantoned": ["c3"]}
    assert covers("alliance == kept", no_status_quo) == {"alliance=kept": ["c3"]}
    first = settled(arms="held")
    assert covers("arms != destroyed", no_status_quo, first) == {}
    assert covers("arms < cantoned", no_status_quo, first) == {"arms=held": ["c3"]}


def test_a_way_back_is_a_way() -> None:
    """From the last option to the middle one: what lies beyond it falls short."""

    def back(case: dict[str, Any]) -> None:
        case["status_quo"]["troops"] = "withdrawn"

    home = settled(troops="thinned")
    assert covers("troops <= thinned", back, home) == {"troops=thinned": ["c3"]}
    assert covers("troops >= thinned", back, home) == {}


def test_uncovered_is_what_changes_and_nobody_brings_about() -> None:
    result = drafted(package(commitments=[]), package(before=[]), outcome="text")
    gaps = [(gap.issue, gap.before, gap.after) for gap in result.uncovered]
    assert gaps == [
        ("troops", "deployed", "withdrawn"),
        ("arms", "held", "cantoned"),
        ("embargo", "full", "partial"),
        ("treaty", "none", "signed"),
        ("access", "none", "declared"),
        ("border", "closed", "open"),
        ("posts", "manned", "empty"),
    ]
    assert result.clauses == () == result.findings == result.mandate == result.sequence
    bare = drafted(package(commitments=[]), no_status_quo, outcome="text")
    assert [(gap.issue, gap.before) for gap in bare.uncovered] == [(name, None) for name in ISSUES]


# --- who settles what --------------------------------------------------------------------------


def test_levels_with_reasons() -> None:
    result = drafted(*EVERYTHING, clause("c1", level="technical"), clause("d5", level="leader"))
    reasons = {entry.commitment.id: (entry.level, entry.reason) for entry in result.clauses}
    assert reasons == {
        "c1": (
            "technical",
            "left to technicians by the text, with an order that contradicts itself or the rules",
        ),
        "c2": ("working", "an open term"),
        "c3": ("technical", "no check that would see a breach"),
        "c4": (
            "working",
            "a promise at odds with the outcome, wording in brackets and a promise beyond the "
            "promisers’ power",
        ),
        "c5": ("working", "an order that contradicts itself or the rules"),
        "c6": ("working", "an order that contradicts itself or the rules"),
        "c7": ("working", "an order that contradicts itself or the rules"),
        "c8": ("working", "no date, no trigger and a promise beyond the promisers’ power"),
        "c9": ("technical", "no check that would see a breach"),
        "d1": ("leader", "nothing stands in the way"),
        "d2": ("working", "an order that contradicts itself or the rules"),
        "d3": ("leader", "nothing stands in the way"),
        "d4": ("working", "an order that contradicts itself or the rules"),
        "d5": (
            "working",
            "no check that would see a breach and a promise beyond the promisers’ power",
        ),
    }
    calm = drafted(clause("c1", level="working"))
    assert calm.clauses[0].reason == (
        "left to the working level by the text; nothing else stands in the way"
    )
    assert [entry.commitment.id for entry in calm.levels["working"]] == ["c1"]


def test_the_example_of_the_format(ceasefire: Path) -> None:
    result = detente.draft(detente.load(ceasefire))
    document = result.to_dict()
    assert document["covers"] == {"arms=cantoned": ["c1"]}
    assert [gap["issue"] for gap in document["uncovered"]] == [
        "troops",
        "embargo",
        "treaty",
        "access",
    ]
    assert [(found.kind, found.what) for found in result.findings] == [
        ("undefined", "Clause c1 leaves open what “cantonments” means."),
        (
            "unchecked",
            "Clause c1 relies on “Resident inspectors”, which works only where "
            "“Inspectors' access” is “anywhere”, and the outcome does not grant that.",
        ),
    ]
    assert document["levels"] == {"leader": [], "working": ["c1"], "technical": []}
    assert [(task["what"], task["level"]) for task in document["mandate"]] == [
        ("define “cantonments” (c1)", "working"),
        ("let “Satellite imagery” check c1", "technical"),
    ]
    assert (document["clauses"][0]["due"], document["signed_from"]) == ("2027-05-01", "as_of")


def test_a_measure_already_named_is_granted_rather_than_another_found() -> None:
    """Without satellites, only what is agreed on access lets somebody see the troops."""

    def blind(case: dict[str, Any]) -> None:
        del case["verification"]["measures"]["satellites"]["detects"]["troops"]

    (task,) = drafted(blind, clause("c3", checked_by="patrols")).mandate
    assert task.what == "agree that “Access” is “anywhere”, so that “Patrols” can check c3"
    assert task.level == "working"


def test_one_measure_for_many_clauses_is_one_decision() -> None:
    result = drafted(
        clause("c2", checked_by=None), clause("c3", checked_by=None), clause("c9", checked_by=None)
    )
    assert [(task.what, task.level, task.clears) for task in result.mandate] == [
        (
            "let “Satellites” check c2 and c3",
            "technical",
            (("c2", "unchecked"), ("c3", "unchecked")),
        ),
        ("find a way to check c9", "technical", (("c9", "unchecked"),)),
    ]


# --- dates -------------------------------------------------------------------------------------


def unsigned(case: dict[str, Any]) -> None:
    del case["as_of"]


def period(word: str) -> Edit:
    return lambda case: case["verification"].update(period=word)


def test_the_day_of_signature_and_where_it_is_stated() -> None:
    stated = package(signed="2027-01-31")
    for result, day, source in (
        (drafted(stated, signed="2028-02-29"), date(2028, 2, 29), "given"),
        (drafted(stated, signed=date(2028, 2, 29)), date(2028, 2, 29), "given"),
        (drafted(stated), date(2027, 1, 31), "package"),
        (drafted(), date(2026, 10, 31), "as_of"),
        (drafted(unsigned), None, "unknown"),
    ):
        assert (result.signed, result.signed_from) == (day, source)
        due = result.clauses[0].due  # one month after signature
        assert due == (None if day is None else after(day, 1, "month"))


@pytest.mark.parametrize(
    ("word", "due"),
    [
        ("day", date(2027, 2, 4)),
        ("week", date(2027, 2, 28)),
        ("month", date(2027, 5, 31)),
        ("quarter", date(2028, 1, 31)),
        ("year", date(2031, 1, 31)),
    ],
)
def test_every_period(word: str, due: date) -> None:
    result = drafted(
        period(word), package(commitments=[{"id": "c1", "who": "north", "by": 4}], before=[])
    )
    assert detente.draft(result.case, signed="2027-01-31").clauses[0].due == due


def test_the_end_of_a_month_is_not_passed() -> None:
    end = date(2027, 8, 31)
    months = [after(end, count, "month") for count in range(8)]
    assert [day.day for day in months] == [31, 30, 31, 30, 31, 31, 29, 31]  # 2028 is a leap year
    assert after(date(2028, 2, 29), 1, "year") == date(2029, 2, 28)
    assert after(date(2028, 2, 29), 4, "year") == date(2032, 2, 29)


def test_periods_and_days_compare_only_from_a_day_of_signature() -> None:
    edits = [clause("c7", after=["c6"], by="2026-11-01")]  # c6: nine months after signature
    assert [found.kind for found in drafted(*edits).findings] == ["order"]
    assert drafted(*edits, unsigned).findings == ()
    earlier = drafted(*edits, signed="2025-01-01")
    assert "c7" not in {found.id for found in earlier.findings}
    late = [clause("c5", by="2026-11-15"), clause("c3", by=6)]  # the treaty before the troops
    assert "order" in {found.kind for found in drafted(*late).findings}
    assert drafted(*late, unsigned).findings == ()


def test_the_order_lists_every_clause_once() -> None:
    result = drafted(
        added(id="d1", who="north", text="A.", by=None, after="c1"),
        added(id="d2", who="north", text="A.", by=None),
        added(id="d3", who="north", text="A.", by=None, after="d2"),
    )
    assert [(stage.due, stage.by, stage.ids, stage.after) for stage in result.sequence] == [
        (date(2026, 10, 31), 0, ("c9",), ()),
        (date(2026, 11, 30), 1, ("c1",), ()),
        (None, None, ("d1",), ("c1",)),
        (date(2027, 4, 30), 6, ("c2", "c3"), ("c1",)),
        (date(2027, 5, 31), 7, ("c4",), ("c2",)),
        (date(2027, 6, 30), 8, ("c5",), ()),
        (date(2027, 7, 31), 9, ("c6", "c7", "c8"), ()),
        (None, None, ("d3",), ("d2",)),
        (None, None, ("d2",), ()),
    ]
    assert [stage.ordered for stage in result.sequence] == [True] * 8 + [False]


# --- the document ------------------------------------------------------------------------------

KEYS = {
    "definition": str,
    "package": str,
    "outcome": dict,
    "breaks_rules": list,
    "signed": (str, type(None)),
    "signed_from": str,
    "commitments": int,
    "clauses": list,
    "covers": dict,
    "uncovered": list,
    "findings": list,
    "open_on_purpose": list,
    "levels": dict,
    "reasons": dict,
    "mandate": list,
    "brackets": dict,
    "order": list,
}


@pytest.mark.parametrize("edits", [(), EVERYTHING, (unsigned,), (package(commitments=[]),)])
def test_the_document_has_what_is_agreed_upon(edits: tuple[Edit, ...]) -> None:
    result = detente.draft(detente.load(written(*edits)), "text")
    document = result.to_dict()
    assert json.loads(json.dumps(document)) == document
    assert set(document) == set(KEYS)
    for key, kind in KEYS.items():
        assert isinstance(document[key], kind), key
    ids = [entry["id"] for entry in document["clauses"]]
    assert document["commitments"] == len(ids)
    assert list(document["levels"]) == ["leader", "working", "technical"]
    assert sorted(id for level in document["levels"].values() for id in level) == sorted(ids)
    for entry in document["findings"]:
        assert set(entry) == {"id", "kind", "what", "bars"}
        assert entry["id"] in ids
    for found in document["covers"]:
        name, option = found.split("=")
        assert document["outcome"][name] == option
    for gap in document["uncovered"]:
        assert set(gap) == {"issue", "from", "to"}
    barring = {(found.id, found.kind) for found in result.findings if found.bars}
    assert barring == {
        (entry["id"], entry["kind"]) for task in document["mandate"] for entry in task["clears"]
    }
    if edits == EVERYTHING:
        assert document["brackets"] == {"south": ["c4"]}


# --- what is refused ---------------------------------------------------------------------------


def told(*edits: Edit, **options: Any) -> str:
    case = detente.load(written(*edits))
    with pytest.raises(detente.CaseError) as caught:
        detente.draft(case, **options)
    return str(caught.value)


def second(case: dict[str, Any]) -> None:
    case["packages"]["other"] = {**case["packages"]["text"]}


def two(case: dict[str, Any]) -> None:
    second(case)
    case["packages"]["empty"] = {"outcome": {}}


def partial(case: dict[str, Any]) -> None:
    del case["status_quo"]  # the outcome leaves out the alliance


REFUSALS: Mapping[str, tuple[tuple[Edit, ...], dict[str, Any], tuple[str, ...]]] = {
    "unknown": ((), {"outcome": "txt"}, ("unknown package 'txt'", "did you mean 'text'")),
    "status quo": ((), {"outcome": "status_quo"}, ("unknown package 'status_quo'", "text")),
    "nothing": ((), {"outcome": " "}, ("unknown package ''",)),
    "several": (
        (two,),
        {},
        ("2 packages of this case have a text", "say which with --outcome: text, other"),
    ),
    "none": (
        (package(commitments=[]),),
        {},
        ("no package of this case has a text", "add 'commitments:' to a package"),
    ),
    "no date": ((), {"signed": "soon"}, ("'soon' is no date", "write a date as 2027-06-01")),
    "no such day": ((), {"signed": "2027-02-30"}, ("'2027-02-30' is no date",)),
    "compared with another": (
        (two,),
        {"outcome": "text", "compare": ("text", "other")},
        ("the comparison ends with other, so it cannot be about text", "leave out one"),
    ),
    "compared with nothing": (
        (two,),
        {"compare": ("othr", "text")},
        ("unknown package 'othr'", "did you mean 'other'"),
    ),
    "compared to nothing": (
        (two,),
        {"compare": ("text", "othr")},
        ("unknown package 'othr'", "did you mean 'other'"),
    ),
    "leaves out": (
        (partial,),
        {},
        ("no status quo, so an outcome names every issue", "leaves out alliance"),
    ),
    "beyond the calendar": (
        (clause("c1", by=99_999),),
        {},
        ("99,999 months after 2026-10-31 lie beyond the calendar",),
    ),
    "takes too long for a calendar": (
        (issue("troops", takes=99_999), clause("c6", after="c3", by="2027-08-30")),
        {},
        ("lie beyond the calendar",),
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_is_refused_and_why(name: str) -> None:
    edits, options, expected = REFUSALS[name]
    message = told(*edits, **options)
    for part in expected:
        assert part in message


# --- the command line --------------------------------------------------------------------------


def test_the_command_prints_one_document(tmp_path: Path) -> None:
    words = ["draft", str(TEXT), "--outcome", "text", "--signed", "2027-01-31", "--json"]
    document = json.loads(answer(*words))
    result = detente.draft(detente.load(TEXT), "text", signed="2027-01-31").to_dict()
    assert document["command"] == "draft"
    assert {key: document[key] for key in result} == result
    assert json.loads(answer("draft", str(TEXT), "--json"))["signed_from"] == "as_of"
    file = tmp_path / "draft.json"
    assert answer("draft", str(TEXT), "--out", str(file)) == ""
    assert json.loads(file.read_text(encoding="utf-8"))["package"] == "text"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--outcome", "txt"], "did you mean 'text'"),
        (["--signed", "soon"], "'soon' is no date"),
        (["--compare", "text", "txt"], "did you mean 'text'"),
        (["--compare", "text"], "--compare"),
    ],
)
def test_the_command_refuses_in_one_message(words: list[str], expected: str) -> None:
    assert expected in refusal("draft", str(TEXT), *words)


def test_nothing_can_be_signed_of_an_outcome_that_breaks_a_rule() -> None:
    case = written(settled(access="none"))
    result = detente.draft(detente.load(case))
    document = result.to_dict()
    assert document["breaks_rules"] == [2]
    assert document["levels"]["leader"] == []
    assert set(document["reasons"].values()) >= {"an outcome that breaks the rules"}
    task = result.mandate[0]
    assert (task.level, task.clears) == ("working", ())
    assert task.what.startswith("change the outcome so that it obeys rule 2 (if “Arms” is not")
    text = str(result)
    assert "breaks the rules of the case, so its text cannot" in text.replace("\n", " ")
    assert "The outcome breaks rule 2: if “Arms”" in text and "Nothing bars" not in text
