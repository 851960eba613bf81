"""Who keeps what: one example of each kind, and the command."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import detente
from detente.case import CaseError
from detente.command.output import deliver
from test_command import answer, refusal, run
from test_track import START


def written(*commitments: dict[str, Any], **more: Any) -> detente.Case:
    """A case with one text; what is not named is left out."""
    return detente.load(
        {
            "as_of": "2027-01-01",
            "parties": {"north": {"name": "The North"}, "south": {"name": "The South"}, "east": {}},
            "issues": {
                "arms": {"options": ["held", "destroyed"], "irreversible": ["destroyed"]},
                "embargo": {"options": ["full", "lifted"]},
            },
            "status_quo": {"arms": "held", "embargo": "full"},
            "packages": {"deal": {"outcome": {"arms": "destroyed"}, "commitments": [*commitments]}},
            "verification": {
                "measures": {"cameras": {}, "visits": {"requires": "embargo == lifted"}}
            },
            **more,
        }
    )


def clause(id: str = "c1", who: str = "north", by: int = 2, **more: Any) -> dict[str, Any]:
    return {"id": id, "who": who, "by": by, "checked_by": "cameras", **more}


def reports(*kept: tuple[str, int]) -> list[dict[str, Any]]:
    return [{"date": day, "kept": step} for day, step in kept]


def alerts(case: detente.Case, on: str) -> list[str]:
    return [alert.what for alert in detente.track(case, on=on).alerts]


@pytest.mark.parametrize(
    ("on", "state", "since"),
    [
        ("2026-12-31", "not due", None),
        ("2027-02-01", "not due", None),
        ("2027-02-02", "due", "2027-02-01"),
        ("2027-03-01", "due", "2027-02-01"),
        ("2027-03-02", "late", "2027-03-01"),
    ],
)
def test_the_last_day_is_in_time(on: str, state: str, since: str | None) -> None:
    (found,) = detente.track(written(clause()), on=on).to_dict()["commitments"]
    assert (found["due"], found["state"], found["since"]) == ("2027-03-01", state, since)


def test_a_trigger_moves_the_date() -> None:
    first = clause("c1", status=reports(("2027-04-10", 3)))
    case = written(first, clause("c2", "south", after="c1"))
    states = {
        on: detente.track(case, on=on).standings[1]
        for on in ("2027-04-09", "2027-04-10", "2027-04-11")
    }
    assert [found.state for found in states.values()] == ["not due", "due", "late"]
    assert states["2027-04-09"].waits_for == ("c1",)
    assert [found.since for found in states.values()] == [None, *[date(2027, 4, 10)] * 2]


def test_given_up_and_taken_up_again() -> None:
    steps = (("2027-02-01", 3), ("2027-03-01", 1), ("2027-04-01", 2), ("2027-05-01", 3))
    case = written(clause(status=reports(*steps)))
    found = [detente.track(case, on=f"2027-0{month}-15").standings[0] for month in range(2, 6)]
    assert [standing.state for standing in found] == ["kept", "broken", "broken", "kept"]
    assert [str(standing.since)[5:] for standing in found] == ["02-01", "03-01", "03-01", "05-01"]


def test_irreversible_against_one_that_fails() -> None:
    step = clause("c1", by=6, does="arms == destroyed", status=reports(("2027-02-01", 3)))
    late, broken = clause("c2", "south", 1), clause("c3", "east", 9)
    broken["status"] = reports(("2027-01-05", 2), ("2027-02-03", 0))
    (first, *rest) = alerts(written(step, late, broken), "2027-03-01")
    assert first == (
        "Clause c1 (The North) cannot be undone and is complete, while c3 (east) has been broken "
        "since 3 February 2027, and one more of what was owed for it is late or broken."
    )
    assert len(rest) == 2
    (first, *rest) = alerts(written({**step, "status": []}, late), "2027-06-15")
    assert first == (
        "Clause c1 (The North) cannot be undone and is due by 1 July 2027, while c2 (The South) "
        "is 134 days late."
    )
    undated = {key: value for key, value in step.items() if key not in ("by", "status")}
    (first, *rest) = alerts(written(undated, late), "2027-06-15")
    assert first.startswith("Clause c1 (The North) cannot be undone and is due, while c2")


def test_what_is_owed_to_others_is_no_counterpart() -> None:
    step = clause("c1", does="arms == destroyed", to="south", status=reports(("2027-02-01", 3)))
    assert len(alerts(written(step, clause("c2", "south", 1, to="north")), "2027-03-01")) == 2
    assert len(alerts(written(step, clause("c2", "south", 1, to="east")), "2027-03-01")) == 1
    assert len(alerts(written(step, clause("c2", "east", 1)), "2027-03-01")) == 1
    without = written(
        step,
        clause("c2", "south", 1),
        packages={
            "deal": {"outcome": {"arms": "held"}, "commitments": [step, clause("c2", "south", 1)]}
        },
    )
    assert len(alerts(without, "2027-03-01")) == 1


def test_broken_and_waited_for() -> None:
    first = clause(status=reports(("2027-01-15", 3), ("2027-02-01", 1)))
    case = written(first, *(clause(f"d{n}", "south", after="c1") for n in range(5)))
    assert alerts(case, "2027-01-20") == []
    done = {**clause("d5", "south", after="c1"), "status": reports(("2027-01-20", 3))}
    (told,) = alerts(written(first, done), "2027-02-10")
    assert told.endswith("broken since 1 February 2027.")
    assert alerts(case, "2027-02-10") == [
        "Clause c1 (The North) has been broken since 1 February 2027, and d0 (The South), "
        "d1 (The South), d2 (The South) and two more wait for it."
    ]


def test_late_and_waited_for_unchecked_unreported() -> None:
    waited, unchecked, refused, plain = (
        clause("c1", status=reports(("2027-02-01", 1))),
        clause("c2", checked_by=[], status=reports(("2027-02-01", 1))),
        clause("c3", checked_by="visits"),
        clause("c4", "south", status=reports(("2027-02-01", 2))),
    )
    after, soon, undated = (
        clause("c5", "south", 9, after="c1"),
        clause("c6", by=3),
        {"id": "c7", "who": ["north", "east"]},
    )
    case = written(undated, soon, after, plain, refused, unchecked, waited)
    assert alerts(case, "2027-03-11") == [
        "Clause c1 (The North) is ten days late, and c5 (The South) waits for it.",
        "Clause c3 (The North) is ten days late. The outcome grants none of the measures that "
        "would check it. Nothing has been reported on it.",
        "Clause c2 (The North) is ten days late. No measure checks it.",
        "Clause c4 (The South) is ten days late.",
        "Clause c6 (The North) is due by 1 April 2027, and nothing has been reported on it.",
        "Clause c7 (The North and east) is due, and nothing has been reported on it.",
    ]


def test_the_longest_overdue_goes_first() -> None:
    case = written(*(clause(f"c{by}", by=by) for by in (3, 1, 4, 2)))
    found = detente.track(case, on="2027-12-01").alerts
    assert [alert.id for alert in found] == ["c1", "c2", "c3", "c4"]


def test_day_of_signature() -> None:
    def of(case: detente.Case, **more: Any) -> tuple[Any, ...]:
        document = detente.track(case, on="2027-02-01", **more).to_dict()
        found = document["commitments"][0]["due"]
        return document["signed"], document["signed_from"], found, len(document["remarks"])

    package = {"outcome": {}, "commitments": [clause()], "signed": "2027-02-01"}
    assert of(written(clause())) == ("2027-01-01", "as_of", "2027-03-01", 0)
    signed = written(packages={"deal": package})
    assert of(signed) == ("2027-02-01", "package", "2027-04-01", 0)
    assert of(signed, signed="2027-03-05") == ("2027-03-05", "given", "2027-05-05", 0)
    assert of(signed, signed=date(2027, 3, 5)) == ("2027-03-05", "given", "2027-05-05", 0)
    assert of(written(clause(), as_of=None)) == (None, "unknown", None, 1)


def test_works_without_a_status_quo() -> None:
    case = written(clause(does="embargo == lifted", checked_by="visits"), status_quo=None)
    assert "grants none" in alerts(case, "2027-06-01")[0]


def test_levels() -> None:
    case = written(clause("c1", level="technical"), clause("c2"), clause("c3", level="leader"))
    document = detente.track(case, on="2027-06-01").to_dict()
    assert list(document["by_level"]) == ["leader", "technical", "none"]


def test_the_ledger_comes_after_the_case(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.csv"
    ledger.write_text("id,date,kept,source\nc1,2027-02-01,1,\nc1,2027-02-01,2,monitors\n")
    case = written(clause(status=reports(("2027-02-01", 3))))
    result = detente.track(case, on="2027-03-01", ledger=ledger)
    assert result.standings[0].kept == 2
    assert result.standings[0].state == "due"  # of one day only the last report counts
    (remark,) = result.remarks
    assert "monitors" in remark


def test_which_package() -> None:
    text = {"outcome": {}, "commitments": [clause()]}
    bare: dict[str, Any] = {"outcome": {}}
    with pytest.raises(CaseError, match="did you mean 'deal'"):
        detente.track(written(clause()), "dael")
    with pytest.raises(CaseError, match=r"'bare' has no commitments\n.*commitments: deal"):
        detente.track(written(packages={"deal": text, "bare": bare}), "bare")
    with pytest.raises(CaseError, match="deal, other"):
        detente.track(written(packages={"deal": text, "other": text}))
    with pytest.raises(CaseError, match="no package"):
        detente.track(written(packages={"bare": bare}))
    assert detente.track(written(packages={"deal": text, "bare": bare})).package == "deal"


def test_what_is_no_day() -> None:
    for written_so in ({"on": "soon"}, {"signed": "2027-02-30"}):
        with pytest.raises(CaseError, match=r"is no date\n.*2027-06-01"):
            detente.track(written(clause()), **written_so)
    with pytest.raises(CaseError, match="beyond the calendar"):
        detente.track(written(clause(by=999_999)))


def test_today_where_no_day_is_given() -> None:
    assert detente.track(written(clause())).on == date.today()


def test_the_example_of_the_description(ceasefire: Path) -> None:
    result = detente.track(detente.load(ceasefire), "southern_draft", "2027-06-01")
    document = result.to_dict()
    (found,) = document["commitments"]
    assert found == {
        "id": "c1",
        "who": ["north"],
        "to": [],
        "due": "2027-05-01",
        "kept": 2,
        "state": "late",
        "since": "2027-05-01",
        "waits_for": [],
        "level": "working",
        "source": ["report_1"],
        "note": None,
        "evidence": None,
    }
    assert result.by_party["north"].score == Fraction(2, 3)
    assert document["by_party"]["north"]["late"] == 1
    assert document["confidence"] == {}
    assert document["scores"]["north"] == [
        {"date": "2026-11-01", "score": 0.0},
        {"date": "2027-01-15", "score": float(Fraction(2, 3))},
    ]
    assert document["alerts"] == [
        "Clause c1 (The North) is 31 days late. The outcome grants none of the measures that "
        "would check it."
    ]


# The command


def ask(case: Path, *words: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(answer("track", str(case), *words, "--json"))
    return document


def test_command_adds_and_answers(ceasefire: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.csv"
    words = ("--outcome", "southern_draft", "--on", "2027-06-01", "--ledger", str(ledger))
    added = ask(
        ceasefire, *words, "--add", "c1", "--kept", "3", "--source", "report_1", "--note", "all, in"
    )
    assert added["command"] == "track"
    assert added["commitments"][0]["state"] == "kept"
    assert ledger.read_text().splitlines() == [
        "id,date,kept,source,note,evidence",
        'c1,2027-06-01,3,report_1,"all, in",',
    ]
    assert ask(ceasefire, *words) == added
    assert ask(ceasefire, *words[:2], "--on", "2027-05-31")["commitments"][0]["state"] == "late"
    signed = ask(ceasefire, "--on", "2027-06-01", "--signed", "2027-01-01")
    assert (signed["signed"], signed["commitments"][0]["due"]) == ("2027-01-01", "2027-07-01")


def test_command_writes_json(ceasefire: Path, tmp_path: Path) -> None:
    target = tmp_path / "track.json"
    assert run("track", str(ceasefire), "--on", "2027-06-01", "--out", str(target)).stdout == ""
    assert json.loads(target.read_text()) == ask(ceasefire, "--on", "2027-06-01")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--outcome", "southern_darft"], "did you mean 'southern_draft'"),
        (["--on", "June"], "'June' is no date"),
        (["--signed", "2027-13-01"], "'2027-13-01' is no date"),
        (["--ledger", "none.csv"], "there is no ledger"),
        (["--ledger", "BAD"], "BAD:2:15: expected 0 (none), 1, 2 or 3 (complete), found '9'"),
        (["--kept", "2"], "--kept belongs to a report"),
        (["--note", "x", "--source", "y"], "--source, --note belong to a report"),
        (["--add", "c1"], "--kept N"),
        (["--add", "c1", "--kept", "2"], "--ledger FILE"),
        (["--add", "c1", "--kept", "2", "--ledger", "BAD"], "BAD:2:15: expected 0"),
        (["--add", "c11", "--kept", "2", "--ledger", "new.csv"], "did you mean 'c1'"),
        (["--add", "c1", "--kept", "7", "--ledger", "new.csv"], "expected 0 (none)"),
        (["--add", "c1", "--kept", "x", "--ledger", "new.csv"], "--kept"),
        (["--add", "c1", "--kept", "2", "--on", "x", "--ledger", "new.csv"], "is no date"),
        (["--add", "c1", "--kept", "2", "--signed", "x", "--ledger", "new.csv"], "is no date"),
        (["--add", "c1", "--kept", "2", "--ledger", "no/new.csv"], "there is no folder"),
    ],
)
def test_command_refuses(ceasefire: Path, tmp_path: Path, words: list[str], expected: str) -> None:
    (tmp_path / "BAD").write_text("id,date,kept\nc1,2027-01-15,9\n")
    assert expected in refusal("track", str(ceasefire), *words, cwd=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["BAD"]
    assert (tmp_path / "BAD").read_text().count("\n") == 2


def test_an_undated_clause_is_owed_from_signature_and_trigger() -> None:
    early = clause("c1", status=reports(("2026-12-01", 3)))
    waiting = {"id": "c2", "who": "south", "after": "c1"}
    found = detente.track(written(early, waiting), on="2027-02-01").to_dict()["commitments"][1]
    assert (found["state"], found["since"]) == ("due", START.isoformat())


@pytest.mark.parametrize("name", ["ledger.csv", "case.json", "over.json"])
@pytest.mark.parametrize("add", [(), ("--add", "c1", "--kept", "2")])
def test_command_never_writes_over_what_it_reads(
    tmp_path: Path, ceasefire: Path, name: str, add: tuple[str, ...]
) -> None:
    case = json.dumps({"extends": str(ceasefire)})
    contents = {"ledger.csv": "id,date,kept\n", "case.json": case, "over.json": '{"detente": 1}'}
    for file, content in contents.items():
        (tmp_path / file).write_text(content)
    words = ("case.json", "--with", "over.json", "--ledger", "ledger.csv", "--out", name)
    message = refusal("track", *words, "--on", "2027-06-01", *add, cwd=tmp_path)
    assert f"the answer is made from {name}" in message
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == contents


def test_command_adds_nothing_where_the_answer_cannot_be_written(
    tmp_path: Path, ceasefire: Path
) -> None:
    words = ("--on", "2027-06-01", "--ledger", "new.csv", "--add", "c1", "--kept", "2")
    message = refusal("track", str(ceasefire), *words, "--out", "no/track.json", cwd=tmp_path)
    assert "there is no folder" in message
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_holds_texts_as_they_are(tmp_path: Path) -> None:
    import openpyxl

    entry = clause(text="=1+1", status=reports(("2027-01-15", 2)))
    case = written(entry, clause("c2"), handling="For the test only")
    ledger, target = tmp_path / "ledger.csv", tmp_path / "track.xlsx"
    ledger.write_text("id,date,kept,note\nc1,2027-01-20,2,a\x00b\x1b[31m\n")
    deliver("track", detente.track(case, on="2027-02-01", ledger=ledger), as_json=False, out=target)
    sheet = openpyxl.load_workbook(target).active
    head, row, bare = sheet.iter_rows()
    cells = {title.value: cell for title, cell in zip(head, row, strict=True)}
    assert (cells["text"].value, cells["text"].data_type) == ("=1+1", "s")
    assert (cells["kept"].value, cells["note"].value) == (2, "a b [31m")
    assert bare[head.index(next(c for c in head if c.value == "kept"))].value is None
    assert sheet.oddHeader.center.text == "For the test only"
