"""``stress`` in a terminal and as a table: the finding first, in words, and all of it true."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from detente.model.sentences import catalogue
from detente.sequencing.answer import Move, Step
from detente.uncertainty.answer import (
    VERDICTS,
    Influence,
    Influences,
)
from detente.uncertainty.stress_result import StressResult
from detente.views.stress.sentences import (
    findings,
    headline,
)
from detente.views.stress.turns import turn_text, turns, turns_text
from stress_results import (
    SAMPLES,
    course,
    factor,
    failed,
    flip,
    interval,
    korea,
    only,
    river,
    river_case,
    share,
    standing,
)
from test_terminal_commitments import flat, lines_of, part

FORBIDDEN = re.compile(
    r"\bodds\b|probab|likelihood|recommend|\boptimal|\bchances? of (peace|success)", re.IGNORECASE
)


def told(result: StressResult) -> str:
    """All that a terminal says, as one line."""
    return flat(lines_of(result))


# the finding


def test_the_finding_comes_first() -> None:
    text = told(river())
    assert text.startswith(
        "A dam on the Orsa (as of 2026-05-01) Teaching case, invented “The single text” is "
        "accepted by all who must sign in 74 % of codings; it holds in 65 %; it is self-enforcing "
        "with the planned verification in 48 %; it keeps all who sign on its roadmap to the end "
        "in 56 %. All of that at once is so in 31 % (sampling interval 28 to 34 %). With "
        "independent numbers it would be 25 %, with fully correlated ones 40 %. A coding is one "
        "way to fill in every number of the case; a share of codings says how far these "
        "judgements bear a verdict, not what will happen."
    )


def test_where_only_acceptance_was_asked() -> None:
    case = river_case()
    found = river(standing=only(case), bounds={"independent": only(case), "full": only(case)})
    assert findings(found)[:2] == [
        "“The single text” is accepted by all who must sign in 74 % of codings.",
        "The sampling interval is 71 to 77 %. It is the same with independent and with fully "
        "correlated numbers.",
    ]
    assert "Self-enforcing" not in told(found) and "Roadmap" not in told(found)


def test_where_no_bounds_were_drawn() -> None:
    text = told(river(bounds={}, influences=()))
    assert "ndependent" not in text and "orrelated" not in text.replace("rank correlation", "")


def test_what_no_range_can_change_is_said_to_be_so() -> None:
    case = river_case()
    every = share(SAMPLES, certain=True)
    found = river(standing=only(case, acceptable=every))
    assert findings(found)[0] == (
        "“The single text” is accepted by all who must sign in every coding."
    )
    assert findings(found)[1] == "No stated range changes that."
    sampled = river(standing=only(case, acceptable=share(SAMPLES)))
    assert "in all codings drawn" in headline(sampled)


def test_an_agreement_rule_that_asks_for_fewer() -> None:
    case = river_case()
    quota = case.changed(agreement=detente.case.bargaining.Agreement(quota=2))
    text = told(river(case=quota))
    assert "is accepted by as many as the agreement rule asks in 74 %" in text
    assert "all who must sign" not in text


def test_what_stands_nowhere_is_said_once() -> None:
    case = river_case()
    nowhere = standing(case, (SAMPLES, 0, 0, 0, 0))
    found = river(standing=nowhere, bounds={"independent": nowhere, "full": nowhere})
    assert findings(found)[0] == (
        "“The single text” is accepted by all who must sign in all codings drawn; it holds, is "
        "self-enforcing with the planned verification and keeps all who sign on its roadmap to "
        "the end in none of the codings drawn."
    )
    assert len(findings(found)) == 2
    other = river(standing=nowhere)
    assert findings(other)[1] == (
        "All of that at once is so in none of the codings drawn (sampling interval 0 to 0.4 %). "
        "With independent numbers it would be 25 %, with fully correlated ones 40 %."
    )


def test_a_case_without_ranges_has_one_coding() -> None:
    every = only(river_case(), acceptable=share(1, 1, certain=True), accepts={})
    text = told(river(standing=every, bounds={}, samples=1, ranges=0, drivers=0))
    assert "is accepted by all who must sign in every coding. No stated range changes that." in text
    assert "✓ 100 % exact" in text
    assert "Drawn:" not in text and "Drawn: 1,000 codings" in told(river())


def test_an_outcome_without_a_name_and_a_solution() -> None:
    assert headline(river(package=None)).startswith("This outcome is accepted")
    assert headline(river(package="nash")).startswith("The Nash solution is accepted")


def test_a_run_that_ended_early_says_so() -> None:
    text = told(river(interrupted=True))
    assert "The run was stopped after 1,000 codings; everything here rests on those." in text
    text = told(river(enough=True))
    assert "The run ended after 1,000 codings, as the interval was narrow enough" in text
    assert "The run" not in told(river())


# tables


def test_the_table_of_verdicts() -> None:
    text = lines_of(river())
    (row,) = [line for line in text.splitlines() if line.startswith(" Accepted by all")]
    assert row.split()[6:] == ["✓", "74", "%", "71", "to", "77", "%", "70", "%", "79", "%"]
    (row,) = [line for line in text.splitlines() if line.startswith(" Self-enforcing ")]
    assert row.split()[1] == "✗"
    unknown = lines_of(river(now={**river().now, "holds": None}))
    (row,) = [line for line in unknown.splitlines() if line.startswith(" Holds ")]
    assert row.split()[1] == "?"


def test_party_by_party() -> None:
    text = lines_of(river())
    (row,) = [line for line in text.splitlines() if line.startswith(" The development bank (")]
    assert re.findall(r"\d+ %|–", row) == ["100 %", "100 %", "–", "–"]
    (row,) = [line for line in text.splitlines() if line.startswith(" Highland  ")]
    assert re.findall(r"\d+ %", row) == ["74 %", "65 %", "48 %", "100 %"]
    assert "The Presidency (United States)" in lines_of(korea())
    signing = river_case().signing
    for party in river_case().parties:
        unsigned = f" {river_case().party_name(party)} (does not sign) " in text
        assert unsigned == (party not in signing)


def test_the_legend_tells_of_the_columns_that_there_are() -> None:
    here = standing(river_case())
    assert "Keeps it:" in told(river()) and "Goes on:" in told(river())
    text = told(river(standing=replace(here, keeps={}, enforceable=None)))
    assert "Keeps it:" not in text and "Stays:" in text and "Goes on:" in text
    assert "Stays:" not in told(river(standing=only(river_case())))


def test_which_roadmap_is_judged_and_what_holding_means() -> None:
    case = river_case()
    moves = {issue: Move(issue, "issue", None, None, (), 1) for issue in ("filling", "drought")}
    steps = tuple(Step((move,), place, 1, {}) for place, move in enumerate(moves.values()))
    text = told(river(steps=steps))
    order = " → ".join(f"“{case.issue_name(issue)}”" for issue in moves)
    assert f"unless another was given: {order}." in text
    held = "Whether it holds is asked as if it were already in force"
    assert held in text and "One roadmap" not in told(river(steps=None))
    bare = told(river(steps=steps, standing=only(case)))
    assert held not in bare and "One roadmap" not in bare


def test_coding_by_coding() -> None:
    case = river_case()
    named = {"river": standing(case), "second.yaml": standing(case, (500, 400, 300, 200, 100))}
    text = lines_of(river(codings=named))
    (row,) = [line for line in text.splitlines() if line.startswith(" second.yaml")]
    assert re.findall(r"\d+ %", row) == ["50 %", "40 %", "30 %", "20 %", "10 %"]
    assert "Coding by coding" not in lines_of(river())


def test_shares_as_a_table() -> None:
    found = river(codings={"second.yaml": standing(river_case())})
    table = found.table()
    whole = table[(table.party == "") & (table.correlation == "stated") & (table.coding == "")]
    shares = whole[whole.concept.isin(["", "seq"])].set_index("verdict")["share"]
    assert list(shares.index) == list(VERDICTS)
    assert shares.tolist() == [0.74, 0.65, 0.48, 0.56, 0.31]
    assert set(table.correlation) == {"stated", "independent", "full"}
    assert set(table.coding) == {"", "second.yaml"}
    assert (table.low <= table["share"]).all() and (table["share"] <= table.high).all()
    one = table[(table.verdict == "holds") & (table.party == "") & (table.coding == "")]
    assert sorted(one[one.correlation == "full"].concept) == sorted(
        ["nash", "gmr", "smr", "seq", "sseq"]
    )
    assert not table.duplicated(["correlation", "coding", "verdict", "party", "concept"]).any()


# what turns


def test_turns_within_the_range_come_first() -> None:
    text = part(lines_of(river()), "Where a verdict turns")
    assert text.startswith(
        "Two numbers, each changed by itself within its stated range, turn a verdict on the "
        "package: Highland’s walk-away value and what “Water held back and called seepage” brings "
        "Highland."
    )
    found = turns(river())
    assert [turn.within_range for turn in found] == [True, True, False, False]
    assert turn_text(river_case(), found[0]) == "no longer accepted (Highland)"
    assert turn_text(river_case(), found[1]) == "self-enforcing (Highland)"
    assert turn_text(river_case(), found[2]) == "roadmap no longer survives"
    text = told(river())
    assert text.index("58.2 no longer accepted") < text.index("Only beyond their stated range")
    assert text.index("Only beyond their stated range") < text.index("0.4 roadmap no longer")


def test_where_no_number_within_its_range_turns_anything() -> None:
    beyond = [entry for entry in river().flips if not entry.within_range]
    none = "No number, changed by itself within its stated range, turns a verdict."
    assert none in told(river(flips=tuple(beyond)))
    assert turns_text(river(flips=())) == none
    alone = flip(river_case(), "drivers.rain", "holds", 70, party="delta", package=False)
    found = river(flips=(alone, *beyond))
    assert turns_text(found) == (
        "No number, changed by itself within its stated range, turns a verdict on the package; "
        "one turns one on a single party: “Rain in the highlands”."
    )
    assert turn_text(river_case(), turns(found)[0]) == "Delta leaves"


@pytest.mark.parametrize("stands", [True, False])
@pytest.mark.parametrize("package", [True, False])
@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_turn_has_words(verdict: Any, package: bool, stands: bool) -> None:
    case = river_case()
    one = flip(case, "drivers.rain", verdict, 70, party="delta", package=package, stands=stands)
    found = river(flips=(one,))
    text = turn_text(case, turns(found)[0])
    assert "Delta" in text and "{" not in text
    assert ("no longer" in text) is (
        (stands and package)
        or (verdict == "enforceable" and not package and not stands)
        or (verdict == "all_of_it" and stands)
    )
    assert flat(text) in told(found)


def test_one_number_that_turns_several_verdicts_is_one_row() -> None:
    case, name = river_case(), "parties.highland.walk_away"
    found = river(
        flips=(
            flip(case, name, "acceptable", 58.5),
            flip(case, name, "all_of_it", 58.5, stands=True),
            flip(case, name, "holds", 58.5 + 1e-12),
            flip(case, name, "holds", 53.0, stands=False),
        )
    )
    first, second = turns(found)
    assert turn_text(case, first) == "no longer accepted; no longer holds"
    assert turn_text(case, second) == "holds"
    assert turns_text(found).startswith("One number, changed by itself")


def test_many_numbers_are_counted_and_the_rest_is_pointed_to() -> None:
    case = river_case()
    names = [f"values.delta.scores.{i}.{o}" for i in case.issues for o in case.options[i]]
    many = tuple(flip(case, name, "holds", 20.0, within_range=True) for name in names)
    found = river(flips=many)
    assert turns_text(found) == (
        f"{len(names)} numbers, each changed by itself within its stated range, turn a verdict on "
        "the package."
    )
    beyond = tuple(replace(entry, within_range=False) for entry in many)
    assert f"… and {len(names) - 8} more; --json has all" in told(river(flips=beyond))


# remarks


def test_what_is_in_no_share_is_told() -> None:
    found = river(
        standing=replace(standing(river_case()), untold=7),
        needs={
            "holds": "values of the parties",
            "enforceable": "a status quo",
            "roadmap": "Delta has no scores",
            "acceptable": "values of Delta",
        },
        remarks=("Something to know.",),
    )
    text = part(lines_of(found), "What to know about this")
    assert "Whether it holds was not asked (values of the parties)." in text
    assert "Whether it is self-enforcing was not asked; it needs a status quo." in text
    assert "Whether its roadmap survives was not asked (Delta has no scores)." in text
    assert "What is missing: values of Delta." in text
    assert "In seven codings it cannot be told whether it holds; they do not count" in text
    assert "Something to know." in text


# everything


INDEX = st.tuples(st.floats(-0.3, 1), st.floats(0, 0.3))
ANSWER = st.fixed_dictionaries(
    {
        "make": st.sampled_from([river, korea]),
        "counts": st.lists(st.integers(0, SAMPLES), min_size=5, max_size=5),
        "left": st.sets(st.sampled_from(["holds", "enforceable", "roadmap"])),
        "untold": st.integers(0, 9),
        "bounds": st.booleans(),
        "codings": st.booleans(),
        "flips": st.sets(st.integers(0, 4)),
        "indices": st.lists(st.tuples(INDEX, INDEX), max_size=3),
        "breaks": st.booleans(),
        "robust": st.booleans(),
        "course": st.booleans(),
        "failures": st.integers(0, 2),
        "interrupted": st.booleans(),
        "enough": st.booleans(),
        "samples": st.sampled_from([1, 1000, 123_456]),
        "drivers": st.integers(0, 2),
    }
)


def made(drawn: dict[str, Any]) -> StressResult:
    """An answer with anything left out."""
    found: StressResult = drawn["make"]()
    case, left = found.case, drawn["left"]
    here = standing(case, drawn["counts"])
    parts = {"holds": "stays", "enforceable": "keeps", "roadmap": "goes_on"}
    gone: dict[str, Any] = dict.fromkeys(left) | {parts[key]: {} for key in left}
    if len(left) == 3:
        gone["all_of_it"] = None
    driver = factor(case, f"drivers.{next(iter(case.drivers))}")
    entries = [
        Influence(None if place else driver, place * 9, interval(*first), interval(*total))
        for place, (first, total) in enumerate(drawn["indices"])
    ]
    return replace(
        found,
        standing=replace(here, untold=drawn["untold"], **gone),
        bounds=found.bounds if drawn["bounds"] else {},
        codings={"a coding with a long name.yaml": here} if drawn["codings"] else {},
        flips=tuple(found.flips[place] for place in drawn["flips"] if place < len(found.flips)),
        influences=(Influences("acceptable", tuple(entries), 9),),
        breaks_when=found.breaks_when if drawn["breaks"] else (),
        robust=found.robust if drawn["robust"] else None,
        course=course(case) if drawn["course"] else None,
        failures=failed(drawn["failures"]),
        **{key: drawn[key] for key in ("interrupted", "enough", "samples", "drivers")},
    )


@settings(max_examples=25, deadline=None)
@given(ANSWER)
def test_any_answer_reads_well(drawn: dict[str, Any]) -> None:
    found = made(drawn)
    text = lines_of(found)
    assert not FORBIDDEN.search(text)
    assert not re.search(r"\bnan\b|\binf\b|-\d+ %|−\d+ %", text)
    assert "  ." not in text and ".." not in text
    assert not found.table().empty


def test_no_sentence_speaks_of_odds() -> None:
    said = {key: text for key, text in catalogue().items() if "stress" in key.split(".")}
    assert len(said) > 100
    for key, text in said.items():
        assert not FORBIDDEN.search(text), key
