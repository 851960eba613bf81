"""The agreements of the past, coded as ledgers: what they say on days that matter.

The states were written down from the record of each agreement and the definitions of
``detente.commitments.standing``, before they were computed.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import detente
from detente.case import Case
from detente.case.implementation import Package
from detente.case.provenance import entries_with_sources
from detente.commitments.draft import draft
from detente.commitments.track import track

ROOT = Path(__file__).resolve().parents[1]
FACTS = ROOT.parent / "shared" / "facts" / "agreements.csv"
MARKS = ("checked", "partly checked", "unchecked")

PACKAGES = {
    "agreed_framework": "agreed_framework_1994",
    "joint_statement_2005": "six_party_2005",
    "initial_actions_2007": "six_party_2005",
    "second_phase_2007": "six_party_2005",
    "leap_day": "leap_day_2012",
    "panmunjom": "declarations_2018",
    "singapore": "declarations_2018",
    "military_agreement": "declarations_2018",
    "jcpoa": "jcpoa_2015",
    "final_accord": "colombia_2016",
    "good_friday": "good_friday_1998",
}

STATES: dict[str, dict[str, dict[str, str]]] = {
    "agreed_framework": {
        "1995-02-01": {
            "kept": "assurances fuel_oil freeze cooperation npt",
            "due": "safeguards economic_ties political_ties no_nuclear_threat",
            "not due": "contract reactors components dismantle",
        },
        "2002-09-30": {  # before the confrontation over enrichment
            "kept": "assurances contract fuel_oil freeze cooperation npt",
            "due": "safeguards economic_ties political_ties no_nuclear_threat",
            "not due": "reactors components dismantle",
        },
        "2003-02-01": {
            "kept": "assurances contract",
            "due": "safeguards economic_ties political_ties no_nuclear_threat",
            "not due": "reactors components dismantle",
            "broken": "fuel_oil freeze cooperation npt",
        },
    },
    "joint_statement_2005": {
        "2005-10-01": {
            "kept": "assurance",
            "due": "abandon return_to_npt us_ties peaceful_use energy_aid power",
        },
        "2006-10-08": {  # the day before the first nuclear test
            "kept": "assurance",
            "due": "abandon return_to_npt us_ties peaceful_use energy_aid power",
        },
        "2006-10-10": {  # what was never begun and has no date is neither late nor broken
            "kept": "assurance",
            "due": "abandon return_to_npt us_ties peaceful_use energy_aid power",
        },
        "2009-05-26": {
            "kept": "assurance",
            "due": "return_to_npt us_ties peaceful_use energy_aid power",
            "broken": "abandon",
        },
    },
    "initial_actions_2007": {
        "2007-03-01": {
            "due": "groups funds",
            "not due": "shut_down agency_back first_oil us_talks japan_talks delisting_begun",
        },
        "2007-04-13": {  # the day before the deadline
            "due": "shut_down agency_back first_oil funds us_talks japan_talks delisting_begun",
            "late": "groups",
        },
        "2007-04-15": {
            "due": "funds",
            "late": "shut_down agency_back first_oil us_talks japan_talks delisting_begun groups",
        },
        "2007-07-19": {
            "kept": "shut_down agency_back funds",
            "late": "first_oil us_talks japan_talks delisting_begun groups",
        },
    },
    "second_phase_2007": {
        "2007-11-01": {
            "due": "no_transfers delisting energy",
            "not due": "disable declaration energy_rest protocol",
        },
        "2008-08-25": {  # the day before the halt was announced
            "due": "no_transfers delisting energy",
            "late": "disable declaration",
            "not due": "energy_rest protocol",
        },
        "2008-12-10": {  # the day before the talks ended without a protocol
            "kept": "delisting",
            "due": "no_transfers energy",
            "late": "disable declaration energy_rest protocol",
        },
        "2009-05-01": {
            "kept": "delisting",
            "due": "no_transfers energy",
            "late": "declaration energy_rest protocol",
            "broken": "disable",
        },
    },
    "leap_day": {
        "2012-03-01": {
            "kept": "test_halt launch_halt",
            "due": "enrichment_halt inspectors logistics",
            "not due": "food",
        },
        "2012-03-15": {  # the day before the satellite launch was announced
            "kept": "test_halt launch_halt",
            "due": "enrichment_halt inspectors logistics",
            "not due": "food",
        },
        "2012-04-14": {
            "kept": "test_halt",
            "due": "enrichment_halt inspectors logistics",
            "not due": "food",
            "broken": "launch_halt",
        },
    },
    "panmunjom": {
        "2018-06-01": {
            "due": "hostile_acts arms_reduction denuclearisation_goal reunions liaison_office",
        },
        "2023-11-21": {
            "kept": "hostile_acts",
            "due": "arms_reduction denuclearisation_goal reunions",
            "broken": "liaison_office",
        },
        "2023-11-24": {
            "due": "arms_reduction denuclearisation_goal reunions",
            "broken": "hostile_acts liaison_office",
        },
    },
    "singapore": {
        day: {
            "due": "new_relations peace_regime denuclearisation remains_identified "
            "remains_recovery us_exercises engine_site",
        }
        for day in ("2018-07-01", "2019-02-27", "2019-03-01")  # around Hanoi: nothing moves
    },
    "military_agreement": {
        "2018-10-15": {
            "due": "exercises no_fly joint_area mines remains_at_line estuary committee",
            "not due": "guard_posts",
        },
        "2023-11-21": {  # the day before the South suspended the no-fly zones
            "kept": "no_fly guard_posts joint_area",
            "due": "mines remains_at_line estuary committee",
            "broken": "exercises",
        },
        "2023-12-01": {
            "kept": "joint_area",
            "due": "mines remains_at_line estuary committee",
            "broken": "exercises no_fly guard_posts",
        },
    },
    "jcpoa": {
        "2015-08-01": {
            "kept": "endorse roadmap_past resolution",
            "not due": "adoption protocol_notice eu_prepares us_prepares nuclear_limits eu_lifts "
            "us_lifts un_lifts eu_ends us_ends protocol_ratified un_ends",
        },
        "2018-05-07": {  # the day before the American withdrawal
            "kept": "endorse roadmap_past resolution adoption protocol_notice eu_prepares "
            "us_prepares nuclear_limits eu_lifts us_lifts un_lifts",
            "not due": "eu_ends us_ends protocol_ratified un_ends",
        },
        "2018-05-09": {
            "kept": "endorse roadmap_past resolution adoption protocol_notice eu_prepares "
            "us_prepares nuclear_limits eu_lifts un_lifts",
            "not due": "eu_ends us_ends protocol_ratified un_ends",
            "broken": "us_lifts",
        },
        "2023-10-19": {
            "kept": "endorse roadmap_past resolution adoption protocol_notice eu_prepares "
            "us_prepares eu_lifts un_lifts",
            "not due": "us_ends un_ends",
            "late": "eu_ends protocol_ratified",
            "broken": "nuclear_limits us_lifts",
        },
    },
    "final_accord": {
        "2016-12-15": {"not due": "arms stipulations"},
        "2017-06-30": {"late": "arms", "not due": "stipulations"},
        "2024-12-01": {"kept": "arms", "not due": "stipulations"},
    },
    "good_friday": {
        "1998-06-01": {
            "kept": "referendums",
            "due": "articles elections security",
            "not due": "executive decommissioning prisoners all_of_it",
        },
        "2000-02-03": {  # the Executive suspended, the deadline for the arms not yet passed
            "kept": "referendums articles elections",
            "due": "security",
            "not due": "decommissioning prisoners all_of_it",
            "broken": "executive",
        },
        "2005-09-27": {
            "kept": "referendums articles elections prisoners",
            "due": "security",
            "not due": "all_of_it",
            "late": "decommissioning",
            "broken": "executive",
        },
        "2011-04-01": {
            "kept": "referendums articles elections executive prisoners security all_of_it",
            "late": "decommissioning",
        },
    },
}

ROWS: dict[str, tuple[str, tuple[str, ...]]] = {
    "Agreed Framework (US-DPRK)": (
        "agreed_framework",
        (
            "assurances contract reactors components",
            "fuel_oil",
            "freeze cooperation",
            "safeguards",
            "dismantle",
            "economic_ties political_ties no_nuclear_threat npt",
        ),
    ),
    "Six-Party Joint Statement": (
        "joint_statement_2005",
        ("abandon return_to_npt", "assurance us_ties", "peaceful_use energy_aid power"),
    ),
    "Initial Actions (13 Feb 2007)": (
        "initial_actions_2007",
        (
            "shut_down agency_back",
            "first_oil",
            "funds",
            "us_talks japan_talks delisting_begun groups",
        ),
    ),
    "Second-Phase Actions (3 Oct 2007)": (
        "second_phase_2007",
        ("disable", "declaration", "no_transfers", "delisting", "energy energy_rest", "protocol"),
    ),
    "Leap Day understanding": (
        "leap_day",
        ("test_halt launch_halt enrichment_halt inspectors", "food logistics", "launch_halt"),
    ),
    "Panmunjom Declaration": (
        "panmunjom",
        ("hostile_acts arms_reduction denuclearisation_goal reunions liaison_office",),
    ),
    "Comprehensive Military Agreement": (
        "military_agreement",
        ("exercises no_fly committee", "guard_posts joint_area mines remains_at_line estuary"),
    ),
    "Singapore Joint Statement": (
        "singapore",
        (
            "new_relations peace_regime denuclearisation remains_identified remains_recovery "
            "us_exercises engine_site",
        ),
    ),
    "JCPOA": (
        "jcpoa",
        (
            "endorse roadmap_past resolution",
            "adoption protocol_notice eu_prepares us_prepares",
            "nuclear_limits",
            "eu_lifts us_lifts un_lifts",
            "eu_ends us_ends protocol_ratified",
            "un_ends",
        ),
    ),
    "Colombia Final Accord (FARC)": ("final_accord", ("arms", "stipulations")),
    "Good Friday Agreement": (
        "good_friday",
        (
            "referendums articles",
            "elections executive",
            "decommissioning",
            "prisoners",
            "security",
            "all_of_it",
        ),
    ),
}
"""For each agreement of the project's fact sheet (``agreements.csv``: one row for each step that
the text or its side deals named, compiled from the public sources that the cases name), the
package that codes it and, row by row, the commitments that carry it."""

ANOTHER_ROW = {
    ("hostile_acts", "2023-11-23"): ("Comprehensive Military Agreement", 1),
    ("abandon", "2007-07-18"): ("Initial Actions (13 Feb 2007)", 1),
    ("abandon", "2009-05-25"): ("Second-Phase Actions (3 Oct 2007)", 6),
    ("first_oil", "2007-10-03"): ("Second-Phase Actions (3 Oct 2007)", 5),
    ("delisting_begun", "2008-06-26"): ("Second-Phase Actions (3 Oct 2007)", 4),
    ("nuclear_limits", "2019-12-31"): ("JCPOA", 5),
    ("un_lifts", "2025-09-27"): ("JCPOA", 6),
}
"""Entries (commitment, day) whose fact stands in the row of another step."""

every_package = pytest.mark.parametrize("package", PACKAGES)
every_case = pytest.mark.parametrize("name", sorted(set(PACKAGES.values())))


def case_of(package: str) -> Case:
    return detente.load(PACKAGES[package])


def text_of(package: str) -> Package:
    return case_of(package).packages[package]


@pytest.mark.parametrize(
    ("package", "day"), [(package, day) for package, days in STATES.items() for day in days]
)
def test_the_states_on_days_that_matter(package: str, day: str) -> None:
    expected = {id: state for state, ids in STATES[package][day].items() for id in ids.split()}
    found = {s.commitment.id: s.state for s in track(case_of(package), package, day).standings}
    assert found == expected


def test_every_ledger_is_looked_at_on_three_days() -> None:
    assert set(STATES) == set(PACKAGES)
    assert all(len(days) >= 3 for days in STATES.values())


# What the texts left open, as it was told afterwards


def kinds(package: str, id: str) -> set[str]:
    return {entry.kind for entry in draft(case_of(package), package).findings if entry.id == id}


@pytest.mark.parametrize(
    ("package", "id", "kind"),
    [
        ("leap_day", "launch_halt", "undefined"),  # is a satellite launch meant?
        ("leap_day", "launch_halt", "bracketed"),
        ("second_phase_2007", "declaration", "unchecked"),  # no verification agreed in advance
        ("second_phase_2007", "no_transfers", "unchecked"),
        ("second_phase_2007", "delisting", "undated"),
        ("joint_statement_2005", "return_to_npt", "undefined"),  # "at an early date"
        ("agreed_framework", "reactors", "beyond the mandate"),  # a consortium pays and builds
        ("agreed_framework", "safeguards", "no trigger"),
        ("good_friday", "decommissioning", "beyond the mandate"),  # "use their influence"
        ("jcpoa", "us_lifts", "unchecked"),
    ],
)
def test_the_draft_finds_what_the_text_is_known_for(package: str, id: str, kind: str) -> None:
    assert kind in kinds(package, id)


@pytest.mark.parametrize("package", ["joint_statement_2005", "panmunjom", "singapore"])
def test_declarations_have_no_dates(package: str) -> None:
    for entry in text_of(package).commitments:
        assert {"undated", "no trigger"} <= kinds(package, entry.id)


def test_the_agreement_with_iran_has_dates_or_triggers_throughout() -> None:
    found = {entry.kind for entry in draft(case_of("jcpoa"), "jcpoa").findings if entry.bars}
    assert "no trigger" not in found
    assert not found & {"undefined", "bracketed", "order", "beyond the mandate"}


def test_the_page_counts_what_the_draft_finds() -> None:
    page = (ROOT / "docs/explanation/history.md").read_text(encoding="utf-8")
    for package in PACKAGES:
        result = draft(case_of(package), package)
        entries = [clause.commitment for clause in result.clauses]
        counts = [
            len(entries),
            sum(1 for entry in entries if entry.by is not None),
            sum(1 for entry in entries if entry.checked_by),
            len({finding.id for finding in result.findings if finding.bars}),
        ]
        assert f"| `{package}` | {' | '.join(map(str, counts))} |" in page


def test_the_page_counts_the_marks() -> None:
    page = (ROOT / "docs/explanation/history.md").read_text(encoding="utf-8")
    found = Counter(
        status.evidence
        for package in PACKAGES
        for entry in text_of(package).commitments
        for status in entry.status
    )
    counts = [found.total(), *(found[mark] for mark in MARKS)]
    words = "{1} of the {0} are marked `checked`, {2} `partly checked`, {3} `unchecked`"
    assert words.format(*counts) in " ".join(page.split())


# The record behind the entries


@every_case
def test_every_entry_has_a_source_and_a_mark(name: str) -> None:
    case = detente.load(name)
    entries = [
        status
        for package in case.packages.values()
        for entry in package.commitments
        for status in entry.status
    ]
    assert entries
    for status in entries:
        assert status.source
        assert status.evidence in MARKS
        if "not_looked_up" in status.source:
            assert status.evidence == "unchecked"


@every_case
def test_every_source_is_used(name: str) -> None:
    case = detente.load(name)
    used = {key for _, keys in entries_with_sources(case) for key in keys}
    assert used == set(case.sources)


@every_case
def test_the_case_is_of_the_day_after_its_last_entry(name: str) -> None:
    case = detente.load(name)
    days = [
        status.date
        for package in case.packages.values()
        for entry in package.commitments
        for status in entry.status
    ]
    assert case.as_of == max(days) + timedelta(days=1)


@every_package
def test_entries_are_in_order_and_not_before_signature(package: str) -> None:
    text = text_of(package)
    assert text.signed is not None
    for entry in text.commitments:
        days = [status.date for status in entry.status]
        assert days == sorted(set(days))
        assert all(day >= text.signed for day in days)


@every_package
def test_every_commitment_stands_in_a_row(package: str) -> None:
    coded = [ids for name, rows in ROWS.values() if name == package for ids in rows]
    assert coded
    assert all(ids.split() for ids in coded)
    ids = {entry.id for entry in text_of(package).commitments}
    assert {id for row in coded for id in row.split()} == ids


def test_the_fact_sheet_has_forty_rows_on_agreements() -> None:
    counts = [len(rows) for _, rows in ROWS.values()]
    assert counts == [6, 3, 4, 6, 3, 1, 2, 1, 6, 2, 6]
    assert len({package for package, _ in ROWS.values()}) == len(PACKAGES) == 11


@pytest.fixture(scope="module")
def facts() -> dict[tuple[str, int], dict[str, str]]:
    if not FACTS.exists():
        pytest.skip("the fact sheet is not beside the project")
    with FACTS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not row["agreement"].startswith("Hanoi")]
    return {(row["agreement"], int(row["step"])): row for row in rows}


def test_every_row_of_the_fact_sheet_is_coded(facts: dict[tuple[str, int], Any]) -> None:
    coded = {name: len(rows) for name, (_, rows) in ROWS.items()}
    assert coded == Counter(agreement for agreement, _ in facts)
    for (agreement, _), row in facts.items():
        assert str(text_of(ROWS[agreement][0]).signed) == row["date"]


def test_the_marks_are_those_of_the_fact_sheet(facts: dict[tuple[str, int], Any]) -> None:
    for agreement, (package, rows) in ROWS.items():
        commitments = {entry.id: entry for entry in text_of(package).commitments}
        for step, ids in enumerate(rows, start=1):
            for id in ids.split():
                for status in commitments[id].status:
                    here = ANOTHER_ROW.get((id, str(status.date)), (agreement, step))
                    assert status.evidence in marks(facts[here]), (package, id, status.date)


def marks(row: dict[str, str]) -> set[str]:
    """The marks that a row allows: its own, and those of the items that it sets apart."""
    own = next(mark for mark in MARKS if row["evidence"].startswith(mark))
    allowed = {own}
    if "secondary" in row["evidence"]:
        allowed.add("partly checked")
    if any("unchecked" in row[key] for key in row):
        allowed.add("unchecked")
    return allowed
