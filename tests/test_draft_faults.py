"""A text without a fault, and one fault of every kind planted in it: found, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from clean_text import (
    EVERYTHING,
    Edit,
    added,
    clause,
    drafted,
    issue,
    package,
    settled,
    triples,
)


def test_a_clean_text_has_nothing_to_find() -> None:
    result = drafted()
    assert result.findings == ()
    assert result.mandate == ()
    assert result.uncovered == ()
    assert [entry.commitment.id for entry in result.levels["leader"]] == [
        f"c{number}" for number in range(1, 10)
    ]
    assert result.comparison is None


def test_open_on_purpose_is_listed_apart() -> None:
    result = drafted()
    (found,) = result.ambiguities
    assert (found.id, found.term) == ("c9", "good faith")
    assert "on purpose" in found.what
    assert result.to_dict()["open_on_purpose"] == [
        {"id": "c9", "term": "good faith", "what": found.what}
    ]
    assert result.to_dict()["findings"] == []


NINE = "nine months after signature"
FAULTS: Mapping[str, tuple[tuple[Edit, ...], list[tuple[str, str, str]], bool]] = {
    "undated": (
        (clause("c4", by=None),),
        [("c4", "undated", "Clause c4 follows c2, but has no date by which it must be done.")],
        False,
    ),
    "no trigger": (
        (clause("c6", by=None),),
        [
            ("c6", "undated", "Clause c6 has no date."),
            (
                "c6",
                "no trigger",
                "Nothing sets clause c6 in motion: it has neither a date nor a clause that it "
                "follows.",
            ),
        ],
        True,
    ),
    "no measure": (
        (clause("c3", checked_by=None),),
        [("c3", "unchecked", "Nobody checks clause c3: it names no measure.")],
        True,
    ),
    "no measure and nothing on the table": (
        (clause("c9", checked_by=None),),
        [("c9", "unchecked", "Nobody checks clause c9: it names no measure.")],
        True,
    ),
    "open to all": (
        (clause("c6", checked_by=None),),
        [
            (
                "c6",
                "unchecked",
                "Clause c6 names no measure; it would be done in the open, so it is enough to "
                "say who confirms it.",
            )
        ],
        False,
    ),
    "not granted": (
        (clause("c3", checked_by="patrols"),),
        [
            (
                "c3",
                "unchecked",
                "Clause c3 relies on “Patrols”, which works only where “Access” is “anywhere”, and "
                "the outcome does not grant that.",
            )
        ],
        True,
    ),
    "not granted, but another sees it": (
        (clause("c3", checked_by=["patrols", "satellites"]),),
        [
            (
                "c3",
                "unchecked",
                "Clause c3 relies on “Patrols”, which works only where “Access” is “anywhere”, and "
                "the outcome does not grant that.",
            )
        ],
        False,
    ),
    "not seen": (
        (clause("c3", checked_by="inspectors"),),
        [("c3", "unchecked", "Clause c3: “Inspectors” does not see what is promised on “Troops”.")],
        True,
    ),
    "not seen by two": (
        (issue("border", covert="true"), clause("c6", checked_by=["inspectors", "satellites"])),
        [
            (
                "c6",
                "unchecked",
                "Clause c6: neither “Inspectors” nor “Satellites” sees what is promised on "
                "“Border”.",
            )
        ],
        True,
    ),
    "seen in part": (
        (clause("c3", does="troops == withdrawn and access == declared"),),
        [
            (
                "c3",
                "unchecked",
                "Clause c3: “Satellites” does not see what is promised on “Access”.",
            )
        ],
        False,
    ),
    "a chance of nothing": (
        (
            lambda case: case["verification"]["measures"]["satellites"].update(
                detects={"troops": {"thinned": "0"}, "arms": "0.1"}
            ),
        ),
        [("c3", "unchecked", "Clause c3: “Satellites” does not see what is promised on “Troops”.")],
        True,
    ),
    "undefined": (
        (clause("c2", terms={"arms": "open"}),),
        [("c2", "undefined", "Clause c2 leaves open what “arms” means.")],
        True,
    ),
    "bracketed": (
        (clause("c4", brackets={"south": "should", "north": "shall"}),),
        [
            (
                "c4",
                "bracketed",
                "Clause c4 is not agreed: the South and the North have wordings of their own.",
            )
        ],
        True,
    ),
    "bracketed by one": (
        (clause("c4", brackets={"south": "should"}),),
        [("c4", "bracketed", "Clause c4 is not agreed: the South has a wording of its own.")],
        True,
    ),
    "no consequence": (
        (clause("c5", if_not=None),),
        [("c5", "no consequence", "Clause c5 does not say what follows if it is not kept.")],
        False,
    ),
    "control": (
        (clause("c4", who="north"),),
        [
            (
                "c4",
                "beyond the mandate",
                "Clause c4: the North alone cannot bring “Embargo” to “partial”; it takes the "
                "South.",
            )
        ],
        True,
    ),
    "joint": (
        (clause("c5", who="north"),),
        [
            (
                "c5",
                "beyond the mandate",
                "Clause c5: the North alone cannot bring “Treaty” to “signed”; it takes the South.",
            )
        ],
        True,
    ),
    "joint, together": (
        (clause("c5", who=["north", "guarantor"]),),
        [
            (
                "c5",
                "beyond the mandate",
                "Clause c5: the North and the Guarantor together cannot bring “Treaty” to "
                "“signed”; it also takes the South.",
            )
        ],
        True,
    ),
    "all who sign": (
        (clause("c6", who="guarantor"),),
        [
            (
                "c6",
                "beyond the mandate",
                "Clause c6: the Guarantor alone cannot bring “Border” to “open”; it takes the "
                "North and the South.",
            )
        ],
        True,
    ),
    "moves": (
        (clause("c7", who="north"),),
        [
            (
                "c7",
                "beyond the mandate",
                "Clause c7: the North alone cannot bring “Posts” to “empty”; it takes the South.",
            )
        ],
        True,
    ),
    "staying, by one without a part in it": (
        (clause("c8", who="north"),),
        [
            (
                "c8",
                "beyond the mandate",
                "Clause c8: the North alone cannot bring “Alliance” to “kept”; it takes the South "
                "and the Guarantor.",
            )
        ],
        True,
    ),
    "staying, where another can move away": (
        (settled(posts="manned"), clause("c7", who="south", does="posts == manned")),
        [
            (
                "c7",
                "beyond the mandate",
                "Clause c7: the South alone cannot bring “Posts” to “manned”; it takes the North.",
            )
        ],
        True,
    ),
    "outside the outcome": (
        (clause("c4", does="embargo == lifted"),),
        [
            (
                "c4",
                "outside the outcome",
                "Clause c4 promises that “Embargo” is “lifted”, but the outcome leaves “Embargo” "
                "at “partial”.",
            )
        ],
        True,
    ),
    "a step on the way": (
        (clause("c3", does="troops == thinned"),),
        [
            (
                "c3",
                "outside the outcome",
                "Clause c3 promises that “Troops” is “thinned”, but the outcome goes on to "
                "“Troops” at “withdrawn”; a step on the way is written with >= or <=.",
            )
        ],
        True,
    ),
    "no step, but where it is today": (
        (clause("c3", does="troops == deployed"),),
        [
            (
                "c3",
                "outside the outcome",
                "Clause c3 promises that “Troops” is “deployed”, but the outcome leaves “Troops” "
                "at “withdrawn”.",
            )
        ],
        True,
    ),
    "no step, but a bound": (
        (clause("c3", does="troops != withdrawn"),),
        [
            (
                "c3",
                "outside the outcome",
                "Clause c3 promises that “Troops” is not “withdrawn”, but the outcome leaves "
                "“Troops” at “withdrawn”.",
            )
        ],
        True,
    ),
    "no step where there is no order": (
        (
            issue("border", options=["closed", "controlled", "open"]),
            clause("c6", does="border == controlled"),
        ),
        [
            (
                "c6",
                "outside the outcome",
                "Clause c6 promises that “Border” is “controlled”, but the outcome leaves “Border” "
                "at “open”.",
            )
        ],
        True,
    ),
    "outside, and none of what it takes is missing": (
        (clause("c5", who="south", does="treaty == none"),),  # one owner is enough to stay
        [
            (
                "c5",
                "outside the outcome",
                "Clause c5 promises that “Treaty” is “none”, but the outcome leaves “Treaty” "
                "at “signed”.",
            )
        ],
        True,
    ),
    "cycle": (
        (clause("c6", after="c7"), clause("c7", after="c6")),
        [("c6", "order", "Clauses c6 and c7 wait for each other, so none of them can begin.")],
        True,
    ),
    "a cycle, with clauses behind it": (
        (clause("c6", after="c7"), clause("c7", after="c6"), clause("c8", after="c7")),
        [("c6", "order", "Clauses c6 and c7 wait for each other, so none of them can begin.")],
        True,
    ),
    "self": (
        (clause("c6", after="c6"),),
        [("c6", "order", "Clause c6 waits for itself, so it can never begin.")],
        True,
    ),
    "dates": (
        (clause("c7", after=["c6", "c5"], by=7),),
        [
            (
                "c7",
                "order",
                "Clause c7 is due seven months after signature, before c6 and c5, which must come "
                "first, are due.",
            )
        ],
        True,
    ),
    "dates, days and periods": (
        (clause("c7", after=["c6"], by="2027-07-30"),),
        [
            (
                "c7",
                "order",
                "Clause c7 is due by 30 July 2027, before c6, which must come first, is due.",
            )
        ],
        True,
    ),
    "dates, before what follows another": (
        (added(id="d1", who="north", text="A.", after="c6"), clause("c7", after="d1", by=8)),
        [
            (
                "c7",
                "order",
                "Clause c7 is due eight months after signature, before d1, which must come "
                "first, is due.",
            )
        ],
        True,
    ),
    "takes": (
        (issue("troops", takes=10), clause("c6", after="c3")),
        [
            (
                "c6",
                "order",
                f"Clause c6 is due {NINE}, but c3, which must come first, takes so long that it "
                "cannot follow before ten months after signature.",
            )
        ],
        True,
    ),
    "takes, by a date": (
        (issue("troops", takes={"withdrawn": 10}), clause("c6", after="c3", by="2027-08-30")),
        [
            (
                "c6",
                "order",
                "Clause c6 is due by 30 August 2027, but c3, which must come first, takes so long "
                "that it cannot follow before ten months after signature.",
            )
        ],
        True,
    ),
    "takes, on a long way, and only the first on it": (
        (
            issue("troops", takes=5),
            issue("border", takes=5),
            clause("c6", after="c3"),
            clause("c7", after="c6"),
            clause("c8", after="c7"),
        ),
        [
            (
                "c7",
                "order",
                f"Clause c7 is due {NINE}, but c3 and c6, which must come first, take so long "
                "that it cannot follow before ten months after signature.",
            )
        ],
        True,
    ),
    "pair": (
        (package(before=[["embargo", "access"]]),),
        [
            (
                "c1",
                "order",
                "Clause c1 is due one month after signature, before c4; the package wants it the "
                "other way round.",
            )
        ],
        True,
    ),
    "pair, on one day": (
        (package(before=[["posts", "border"]]), clause("c7", after="c6")),
        [
            (
                "c6",
                "order",
                f"Clause c6 is due {NINE}, before c7; the package wants it the other way round.",
            )
        ],
        True,
    ),
    "rule": (
        (clause("c5", by=5), package(before=[])),
        [
            (
                "c5",
                "order",
                "When clause c5 is due (five months after signature), rule 1 (never “Treaty” is "
                "“signed” and “Troops” is “deployed”) is broken, because c3 comes only later.",
            )
        ],
        True,
    ),
    "rule, by a step on the way": (
        (
            clause("c1", by=4),
            added(id="d1", who="north", does="arms >= cantoned", by=3, checked_by="inspectors"),
            settled(arms="destroyed"),
            clause("c2", does="arms == destroyed"),
            issue("arms", undo=1),
        ),
        [
            (
                "d1",
                "order",
                "When clause d1 is due (three months after signature), rule 2 (if “Arms” is not "
                "“held”, then “Access” is not “none”) is broken, because c1 comes only later.",
            )
        ],
        True,
    ),
    "irreversible": (
        (settled(arms="destroyed"), clause("c2", does="arms == destroyed")),
        [("c2", "order", "Clause c2 cannot be taken back, and it comes before c4, which can.")],
        False,
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_and_nothing_else(name: str) -> None:
    edits, expected, bars = FAULTS[name]
    result = drafted(*edits)
    assert triples(result) == expected
    assert {found.bars for found in result.findings} == {bars}
    id = expected[0][0]
    ready = {entry.commitment.id for entry in result.levels["leader"]}
    assert ready == {entry.commitment.id for entry in result.clauses} - ({id} if bars else set())
    assert {task.clears for task in result.mandate} == (
        {tuple(dict.fromkeys((id, kind) for id, kind, _ in expected))} if bars else set()
    )


EVERY_FINDING = [
    ("c1", "order", "Clause c1 is due one month after signature, before c6; the package wants it "),
    ("c2", "undefined", "Clause c2 leaves open what “arms” means."),
    ("c2", "order", "Clause c2 cannot be taken back, and it comes before d3, which can."),
    (
        "c3",
        "unchecked",
        "Clause c3 relies on “Patrols”, which works only where “Access” is “anywhere”",
    ),
    (
        "c4",
        "outside the outcome",
        "Clause c4 promises that “Embargo” is “lifted”, but the outcome leaves ",
    ),
    ("c4", "bracketed", "Clause c4 is not agreed: the South has a wording of its own."),
    (
        "c4",
        "beyond the mandate",
        "Clause c4: the North alone cannot bring “Embargo” to “lifted”; it takes the South.",
    ),
    ("c5", "no consequence", "Clause c5 does not say what follows if it is not kept."),
    (
        "c5",
        "order",
        "When clause c5 is due (five months after signature), rule 1 (never “Treaty” is ",
    ),
    ("c6", "order", "Clauses c6 and c7 wait for each other, so none of them can begin."),
    ("c7", "order", "Clause c7 is due eight months after signature, before c6, which must come "),
    ("c8", "undated", "Clause c8 has no date."),
    ("c8", "no trigger", "Nothing sets clause c8 in motion: it has neither a date nor a clause "),
    ("c8", "beyond the mandate", "Clause c8: the North alone cannot bring “Alliance” to “kept”; "),
    ("c9", "unchecked", "Nobody checks clause c9: it names no measure."),
    ("d1", "undated", "Clause d1 follows c1, but has no date by which it must be done."),
    ("d2", "order", "Clause d2 is due two months after signature, but c1, which must come first, "),
    ("d4", "order", "Clause d4 waits for itself, so it can never begin."),
    ("d5", "unchecked", "Clause d5: “Inspectors” does not see what is promised on “Troops”."),
    ("d5", "beyond the mandate", "Clause d5: the South alone cannot bring “Troops” to “withdrawn”"),
]


def test_one_fault_of_every_kind_at_once() -> None:
    result = drafted(*EVERYTHING)
    found = triples(result)
    assert [entry[:2] for entry in found] == [entry[:2] for entry in EVERY_FINDING]
    for (_, _, what), (_, _, begins) in zip(found, EVERY_FINDING, strict=True):
        assert what.startswith(begins)
    assert {kind for _, kind, _ in found} == {
        "undated",
        "no trigger",
        "unchecked",
        "undefined",
        "bracketed",
        "no consequence",
        "beyond the mandate",
        "outside the outcome",
        "order",
    }
