"""Drafts and records in a terminal: nothing that was found is left out, and it stays readable."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import detente
from clean_text import written
from detente.case.loading import bundled_cases
from detente.commitments.draft_result import DraftResult
from detente.commitments.text import packages_with_text
from detente.commitments.track_result import TrackResult
from detente.views.tables import frame
from test_draft_faults import FAULTS
from test_track import texts

LABELS = {
    "undated": ("Neither date nor trigger", "A trigger, but no date"),
    "no trigger": ("Neither date nor trigger",),
    "undefined": ("Open terms",),
    "bracketed": ("Wording in brackets",),
    "unchecked": (
        "No check where a breach could stay hidden",
        "Done in the open, with nobody named to confirm it",
    ),
    "no consequence": ("No consequence if it is not kept",),
}
"""Kinds of findings that are told as one line with the clauses."""


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def lines_of(result: Any) -> str:
    """The text as a reader gets it; it fits into eighty columns and is no markup."""
    text = str(result)
    assert max(map(len, text.splitlines())) <= 80
    assert "**" not in text and "{" not in text
    assert not re.search(r"(?<!“)None(?! →)", text)  # some options have that name
    return text


def part(text: str, heading: str) -> str:
    """What stands under a heading, up to the next blank line, as one line."""
    match = re.search(rf"^{re.escape(heading)}.*?\n(.*?)(?:\n\n|\Z)", text, re.S | re.M)
    assert match is not None, heading
    return flat(match[1])


def small(count: int, **fields: Any) -> dict[str, Any]:
    """A case whose text has some clauses without a fault, but for given fields."""
    plain = {"who": "a", "by": 3, "checked_by": "look", "if_not": "Talks."}
    clauses = [{"id": f"c{n}", "does": "x == q", **plain, **fields} for n in range(count)]
    return {
        "detente": 1,
        "title": "Small",
        "as_of": "2027-01-01",
        "parties": {"a": {"name": "Alpha"}, "b": {"name": "Beta"}},
        "issues": {"x": {"options": ["p", "q"], "control": "a"}},
        "status_quo": {"x": "p"},
        "packages": {"t": {"name": "Text", "outcome": {"x": "q"}, "commitments": clauses}},
        "verification": {"measures": {"look": {"detects": {"x": 0.9}}}},
    }


def everything() -> list[Any]:
    """Every bundled text, as a draft."""
    cases = [detente.load(name) for name in bundled_cases()]
    return [detente.draft(case, name) for case in cases for name in packages_with_text(case)]


# draft


def holds_all_findings(result: DraftResult, text: str) -> None:
    told = flat(text)
    named = {clause.commitment.id: clause.commitment for clause in result.clauses}
    for finding in result.findings:
        if finding.what in told:
            continue
        heading = "What bars signature" if finding.bars else "Worth mending before signature"
        under = part(text, heading)
        labels = LABELS[finding.kind]
        entries = [e for e in re.split(r" ?[✗•] ", under) if e.startswith(labels)]
        assert any(re.search(rf"\b{re.escape(finding.id)}\b", entry) for entry in entries)
        if finding.kind == "undefined":
            open_terms = [t for t, meaning in named[finding.id].terms.items() if meaning == "open"]
            assert all(f"“{term}”" in entries[0] for term in open_terms)
        if finding.kind == "bracketed":
            names = [result.case.party_name(party) for party in named[finding.id].brackets]
            assert all(name in entries[0] for name in names)
    assert all(found.what in told for found in result.ambiguities)


@pytest.mark.parametrize("fault", FAULTS)
def test_every_planted_fault_is_told(fault: str) -> None:
    edits, expected, _ = FAULTS[fault]
    result = detente.draft(detente.load(written(*edits)))
    assert len(result.findings) >= len(expected) > 0
    holds_all_findings(result, lines_of(result))


def test_every_finding_task_and_clause_of_every_bundled_text_is_told() -> None:
    found = everything()
    assert len(found) >= 8
    for result in found:
        text = lines_of(result)
        holds_all_findings(result, text)
        order = part(text, "In which order")
        for clause in result.clauses:
            id = re.escape(clause.commitment.id)
            assert re.search(rf"^ {id}( |$)", text, re.M)
            assert re.search(rf"\b{id}\b", order)
        for level, heading in (
            ("leader", "Leaders can sign today"),
            ("working", "The working level first"),
            ("technical", "Technicians first"),
        ):
            clauses = result.levels[level]
            assert (heading in text) == bool(clauses)
            for clause in clauses:
                listed = part(text, heading)
                assert re.search(rf"\b{re.escape(clause.commitment.id)}\b", listed)
                assert flat(clause.reason) in listed
        if result.mandate:
            under = part(text, "The smallest mandate that would clear the way: ")
            for task in result.mandate:
                terms = [term for term in re.findall("“[^”]*”", task.what) if term in under]
                assert terms or all(re.search(rf"\b{id}\b", under) for id, _ in task.clears)


def test_what_the_text_leaves_out_is_listed() -> None:
    result = detente.draft(detente.load("korea"), "hanoi_north_offer")
    text = flat(lines_of(result))
    assert "the text leaves out two of them" in text
    for gap in result.uncovered:
        before = result.case.option_name(gap.issue, gap.before or "")
        after = result.case.option_name(gap.issue, gap.after)
        assert f"{result.case.issue_name(gap.issue)}: {before} → {after}" in text


@pytest.mark.parametrize(
    ("count", "fields", "expected"),
    [
        (1, {}, "Leaders can sign the one clause of “Text” today."),
        (2, {}, "Leaders can sign both clauses of “Text” today."),
        (3, {}, "Leaders can sign all three clauses of “Text” today."),
        (
            1,
            {"level": "working"},
            "Leaders cannot sign the one clause of “Text” yet: it goes to the working level first.",
        ),
        (
            2,
            {"level": "technical"},
            "Leaders can sign neither of the two clauses of “Text” today; all go to technicians "
            "first.",
        ),
        (
            13,
            {"level": "working"},
            "Leaders can sign none of the 13 clauses of “Text” today; all go to the working level "
            "first.",
        ),
    ],
)
def test_the_first_sentence_counts_as_people_do(
    count: int, fields: dict[str, Any], expected: str
) -> None:
    assert expected in flat(lines_of(detente.draft(detente.load(small(count, **fields)))))


def test_what_was_signed_is_told_as_past() -> None:
    case = small(2, level="working")
    case["packages"]["t"]["signed"] = "2026-06-01"
    text = flat(lines_of(detente.draft(detente.load(case))))
    assert "Neither of the two clauses of “Text”, signed on 1 June 2026, was ready" in text
    assert "Periods are counted from 1 June 2026, the day of signature." in text
    case["as_of"] = "2026-01-01"  # the signature is still to come
    assert "today" in str(detente.draft(detente.load(case)))


def test_from_which_day_periods_are_counted() -> None:
    case = detente.load(small(1))
    assert "the date of the case, as no day of signature is given" in flat(str(detente.draft(case)))
    asked = detente.draft(case, signed=date(2027, 2, 1))
    assert "counted from 1 February 2027" in flat(str(asked)) and "1 May 2027" in str(asked)
    plain = detente.load({key: value for key, value in small(1).items() if key != "as_of"})
    text = flat(str(detente.draft(plain)))
    assert "day of signature is not known" in text and "three months after signature" in text


def test_a_comparison_tells_what_changed() -> None:
    result = detente.draft(detente.load("korea"), compare=("hanoi_north_offer", "all_for_all"))
    found, case = result.comparison, result.case
    assert found is not None
    text = flat(lines_of(result))
    for change in found.clauses:
        assert f"{change.id} ({'new' if change.before is None else 'taken out'}): “" in text
    for change in found.outcome:
        before, after = (
            case.option_name(change.issue, x) for x in (change.before or "", change.after)
        )
        assert f"{case.issue_name(change.issue)}: {before} → {after}" in text
    for _, name in (*found.met, *found.lost):
        assert f"“{name}”" in text
    assert "United States and Japan would accept now" in text
    assert "North Korea would refuse now" in text
    for id, party in (*found.opened, *found.closed):
        assert re.search(rf"\b{id} \([^)]*{case.party_name(party)}", text)
    assert not found.cleared and not found.new  # they have no clause in common


def test_fields_of_a_clause_are_compared_in_words() -> None:
    case = small(2)
    later = [dict(clause) for clause in case["packages"]["t"]["commitments"]]
    later[0] |= {"by": 5, "text": "word " * 40, "who": ["a", "b"], "brackets": {"b": "No."}}
    case["packages"]["later"] = {**case["packages"]["t"], "name": "Later", "commitments": later}
    result = detente.draft(detente.load(case), compare=("t", "later"))
    text = flat(lines_of(result))
    assert "One clause changed." in text
    assert "c0, date: 3 → 5" in text
    assert "c0, who is bound: Alpha → Alpha and Beta" in text
    assert "c0, wording: nothing → “word word" in text and "word " * 40 not in text
    assert "Brackets opened: c0 (Beta)" in text and text.count("“No.”") == 0
    assert "The outcome is the same." in text
    same = detente.draft(detente.load(case), compare=("later", "later"))
    assert "Not a word of the clauses changed." in str(same)


def test_a_version_without_a_text_is_not_compared_clause_by_clause() -> None:
    text = flat(lines_of(detente.draft(detente.load("korea"), "freeze_first")))
    assert "“Freeze first, UN measures untouched” has no text" in text
    assert "(new)" not in text and "Brackets opened" not in text
    assert "North Korea would accept now" in text


# track


def holds_all_of(result: TrackResult, text: str) -> None:
    told = flat(text)
    silent = [alert for alert in result.alerts if alert.kind == "unreported"]
    loud = [alert for alert in result.alerts if alert not in silent]
    for alert in loud[:12] if len(silent) != 1 else result.alerts[:12]:
        assert alert.what in told
    if len(silent) > 1 and len(loud) < 12:
        assert all(alert.id in part(text, "What calls for attention") for alert in silent[:8])
    if len(loud) > 12:
        assert re.search(r"… and \d+ more", told)
    words = {"kept": "✓ kept", "broken": "✗ broken", "late": "! late", "due": "○ due"}
    for standing in result.standings:
        pattern = rf"^ {re.escape(standing.commitment.id)} .*{words.get(standing.state, '– not')}"
        assert re.search(pattern, text, re.M)
    for party, tally in result.by_party.items():
        name = re.escape(result.case.party_name(party).split()[0])
        assert re.search(rf"^ {name}.* {tally.count} .* (< )?[\d.]+ %", text, re.M)
    for standing in result.upcoming[:8]:
        assert standing.commitment.id in part(text, "What comes next")


def test_every_alert_and_state_of_every_bundled_record_is_told() -> None:
    seen = set()
    for name in bundled_cases():
        case = detente.load(name)
        for package in packages_with_text(case):
            result = detente.track(case, package, case.as_of)
            seen |= {standing.state for standing in result.standings}
            holds_all_of(result, lines_of(result))
    assert seen == {"kept", "broken", "late", "due", "not due"}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts())
def test_any_record_can_be_shown(drawn: tuple[dict[str, Any], Any]) -> None:
    case = detente.load(drawn[0])
    result = detente.track(case, on="2027-04-01")
    holds_all_of(result, lines_of(result))
    rows = frame(result)
    assert list(rows["id"]) == [standing.commitment.id for standing in result.standings]
    assert list(rows["state"]) == [standing.state for standing in result.standings]
    text = lines_of(detente.draft(case))
    assert all(clause.commitment.id in text for clause in detente.draft(case).clauses)


@pytest.mark.parametrize(
    ("count", "kept", "expected"),
    [
        (1, [3], "On 1 March 2027, the one commitment of “Text” is kept."),
        (2, [3, 3], "On 1 March 2027, both commitments of “Text” are kept."),
        (3, [3, 3, 3], "On 1 March 2027, all three commitments of “Text” are kept."),
        (3, [3, 0, 3], "of the three commitments of “Text”, one is not due yet and two are kept."),
    ],
)
def test_the_first_sentence_of_a_record(count: int, kept: list[int], expected: str) -> None:
    case = small(count)
    for clause, how in zip(case["packages"]["t"]["commitments"], kept, strict=True):
        clause["status"] = [{"date": "2027-02-01", "kept": how}]
    assert expected in flat(lines_of(detente.track(detente.load(case), on="2027-03-01")))


def test_quiet_records_say_so() -> None:
    text = lines_of(
        detente.track(detente.load(small(1, by="2027-02-01", status=[])), on="2026-06-01")
    )
    assert "Nothing calls for attention." in text and "no report" in text
    late = lines_of(detente.track(detente.load(small(1, by="2027-02-01")), on="2027-03-01"))
    assert "No dated commitment is still to come." in late


def test_of_a_huge_text_the_view_says_what_is_not_shown() -> None:
    count, reports = 10_000, 10
    case = small(count, does=None)
    case["packages"]["t"]["commitments"] = [
        {
            **{"id": f"c{n}", "who": "ab"[n % 2], "by": n % 30, "terms": {f"term {n}": "open"}},
            "status": [{"date": f"2027-{m + 1:02d}-05", "kept": n * m % 4} for m in range(reports)],
        }
        for n in range(count)
    ]
    loaded = detente.load(case)
    text = lines_of(detente.track(loaded, on="2027-12-01"))
    assert "… and 9,960 more; --out FILE.csv has all" in text
    assert len(text.splitlines()) < 150
    first = text.index("Commitment by commitment: the 40 that most need attention")
    assert text[first:].count("✗ broken") == 40
    draft = detente.draft(loaded)
    told = lines_of(draft)
    assert "… and 9,960 more; --out FILE.csv has all" in told and "and 9,976 more" in told
    assert len(told.splitlines()) < 600
    assert len(draft.table()) == count == len(detente.track(loaded, on="2027-12-01").table())


def test_the_table_of_a_draft_has_one_row_a_commitment() -> None:
    result = detente.draft(detente.load("korea"), "freeze_first")
    rows = frame(result)
    assert list(rows["next"]) == [clause.level for clause in result.clauses]
    for found in result.findings:
        column = "bars signature" if found.bars else "worth mending"
        assert found.what in rows.set_index("id").loc[found.id, column]
    record = frame(detente.track(detente.load("leap_day_2012"), on="2012-05-01"))
    assert record.loc[record["id"] == "enrichment_halt", "kept"].isna().all()
    assert "None" not in record.to_csv() and "nan" not in record.to_csv()
