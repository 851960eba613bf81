"""Every error of a case names its file, line and column, what is wrong and the nearest word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from conftest import Refused
from detente.case import CaseError, Problem, load
from detente.model.compilation import compile_case


def meant(problem: Problem) -> str:
    """The part of the line that the caret marks."""
    assert problem.place is not None
    start = problem.place.column - 1
    return problem.place.text[start : start + problem.place.width]


# One replacement in the case with every section: what is said, and which text is marked.
SINGLE = [
    # Keys
    ("handling:", "handlign:", "unknown key 'handlign'; did you mean 'handling'?", "handlign"),
    ("undo: 3", "undoo: 3", "unknown key 'undoo'; did you mean 'undo'?", "undoo"),
    ("lag: 1", "lagg: 1", "unknown key 'lagg'; did you mean 'lag'?", "lagg"),
    ("{low: 30,", "{lo: 30,", "unknown key 'lo' of a number; did you mean 'low'?", "lo"),
    ("must: true, source", "moust: true, source", "unknown key 'moust'; did you", "moust"),
    ("takes: 6,", "taks: 6, takes: 6,", "unknown key 'taks'; did you mean 'takes'?", "taks"),
    ("    outcome: {troops: withdrawn,", "    outcomes: {troops: withdrawn,",
     "the key 'outcome' is missing", "southern_draft"),
    ("- never: treaty", "- neverr: x\n    never: treaty",
     "unknown key 'neverr'; did you mean 'never'?", "neverr"),
    ("{keeps_true: 0.98, keeps_false: 0.05}", "{keeps_true: 0.98}",
     "the key 'keeps_false' is missing", "second_look"),
    ("as_of: 2026-11-01", "as_of: 2026-11-01\nas_of: 2026-11-02",
     "the key 'as_of' appears twice (first on line 3)", "as_of"),
    ("{name: The South}", "{name: The South, name: South}",
     "the key 'name' appears twice (first on line 7)", "name"),
    # Names
    ("options: [held,", "options: [held, held,", "the option 'held' is listed twice", "held"),
    ("[none, signed]", "[none, null]", "'null' cannot be a name", "null"),
    ("[none, signed]", "[none, []]", "an option is one word; this is a list of 0", "[]"),
    ("[none, signed]", "[none]", "an issue with only one option", "options"),
    ("[none, signed]", "[]", "an issue with no options", "options"),
    ("[none, signed]", "none", "options are a list of words", "none"),
    ("  access:\n    name", "  the access:\n    name", "unknown issue 'access'; did you", "access"),
    ("id: c1", "id: c 1", "'c 1' cannot be a name here", "c 1"),
    ("  southern_draft:", "  status_quo:", "a package cannot be called 'status_quo'", "status_quo"),
    ("  southern_draft:", "  nash:", "a package cannot be called 'nash'", "nash"),
    # Words
    ("troops == deployed", "troops == deployd",
     "unknown option 'deployd' of issue troops; did you mean 'deployed'?", "deployd"),
    ("never: treaty", "never: traety", "unknown issue 'traety'; did you mean 'treaty'?", "traety"),
    ("then: access != none", "then: none != access", "'none' is an option, not an issue", "none"),
    ("if: arms >= cantoned", "if: arms = cantoned", "expected a comparison", "="),
    ("or embargo == lifted, must", "OR embargo == lifted, must", "'OR' is written in small", "OR"),
    ("when: embargo == lifted and", "when: embargo == lifted &&", "'&&' is not used here", "&&"),
    ("does: arms == cantoned", "does: arms == cantoned;", "';' has no meaning", ";"),
    ("requires: access == anywhere", "requires: acces == anywhere",
     "unknown issue 'acces'; did you mean 'access'?", "acces"),
    ("when: treaty == signed}", "when: treaty == sigend}", "unknown option 'sigend'", "sigend"),
    ("hidden_depot: {party: north, when: arms >=", "hidden_depot: {party: north, when: arms => ",
     "found '=>'", "=>"),
    ("status_quo: {troops: deployed", "status_quo: {troops: deploid",
     "unknown option 'deploid' of issue troops; did you mean 'deployed'?", "deploid"),
    ("access: none}\nrules", "acces: none}\nrules", "unknown issue 'acces'; did you", "acces"),
    ("control: south", "control: suoth", "unknown party 'suoth'; did you mean 'south'?", "suoth"),
    ("joint: [north, south]", "joint: [north, suoth]", "unknown party 'suoth'", "suoth"),
    ("undo: {cantoned: 1", "undo: {cantond: 1", "unknown option 'cantond' of issue", "cantond"),
    ("takes: {destroyed: 12}", "takes: {destroid: 12}", "unknown option 'destroid'", "destroid"),
    ("  south:\n    - {name: No", "  suoth:\n    - {name: No", "unknown party 'suoth'", "suoth"),
    ("  south:\n    weights", "  suoth:\n    weights", "unknown party 'suoth'", "suoth"),
    ("weights: {troops: 20,", "weights: {trops: 20,", "unknown issue 'trops'; did you", "trops"),
    ("troops: {deployed: 100", "trops: {deployed: 100", "unknown issue 'trops'", "trops"),
    ("embargo: {full: 0,", "embargo: {ful: 0,", "unknown option 'ful' of issue embargo", "ful"),
    ("source: speech_2", "source: speach_2", "unknown source 'speach_2'; did you", "speach_2"),
    ("source: interview_3}", "source: interview_4}", "did you mean 'interview_3'?", "interview_4"),
    ("source: report_1}]", "source: [report_1, report_2]}]", "unknown source 'report_2'",
     "report_2"),
    ("who: north", "who: nroth", "unknown party 'nroth'; did you mean 'north'?", "nroth"),
    ("checked_by: [inspectors]", "checked_by: [inspector]", "unknown measure 'inspector'; did you",
     "inspector"),
    ("detects: {troops: 0.5", "detects: {trops: 0.5", "unknown issue or violation 'trops'",
     "trops"),
    ("{held: 0.1, cantoned: 0.02}", "{held: 0.1, canton: 0.02}", "unknown option 'canton' of issue",
     "canton"),
    ("{party: north, when: arms", "{party: noth, when: arms", "unknown party 'noth'", "noth"),
    ("against: south", "against: suoth", "unknown party 'suoth'", "suoth"),
    ("by: guarantor", "by: guarrantor", "unknown party 'guarrantor'; did you", "guarrantor"),
    ("[{party: north, issue: embargo,", "[{party: north, issue: embarg,", "unknown issue 'embarg'",
     "embarg"),
    ("agreement: unanimity", "agreement: unanimty", "did you mean 'unanimity'?", "unanimty"),
    ("agreement: unanimity", "agreement: {quota: 1, veto: guarantor}",
     "unknown signing party 'guarantor'", "guarantor"),
    ("period: month", "period: monht", "found 'monht'; did you mean 'month'?", "monht"),
    ("level: working", "level: workng", "found 'workng'; did you mean 'working'?", "workng"),
    # Numbers
    ("embargo: {full: 0,", "embargo: {full: .inf,", ".inf is not a finite number", ".inf"),
    ("embargo: {full: 0,", "embargo: {full: nan,", "nan is not a finite number", "nan"),
    ("embargo: {full: 0,", "embargo: {full: 1e999,", "1e999 is too large", "1e999"),
    ("embargo: {full: 0,", "embargo: {full: much,", "expected a number, found 'much'", "much"),
    ("embargo: {full: 0,", "embargo: {full: ,", "expected a number, found nothing", ""),
    ("walk_away: 55", "walk_away: 5O", "expected a number, found '5O'", "5O"),
    ("{low: 30, likely: 55", "{low: 60, likely: 55", "these are 60, 55, 70", "{low: 60"),
    ("range: [40, 120]", "range: [140, 120]", "140 is above 120", "[140, 120]"),
    ("range: [40, 120]", "range: 40", "the range of a driver is [low, high]", "40"),
    ("likely: 70,", "likely: 170,", "the likely value 170 lies outside the range [40, 120]", "170"),
    ("discount: 0.9", "discount: 1", "lies in [0, 1); this is 1", "1"),
    ("turnover: 0.05", "turnover: 1.5", "a probability is between 0 and 1; this is 1.5", "1.5"),
    ("keeps_true: 0.98", "keeps_true: [0.9, 1.1]", "between 0 and 1; this is 1.1", "[0.9, 1.1]"),
    ("false_alarm: 0.01", "false_alarm: -0.01", "this is -0.01", "-0.01"),
    ("{held: 0.1, cantoned", "{held: 2, cantoned", "a probability is between 0 and 1", "2"),
    ("cost: 6", "cost: -6", "this number cannot be negative; it is -6", "-6"),
    ("weights: {troops: 20,", "weights: {troops: -20,", "cannot be negative; it is -20", "-20"),
    ("weights: {troops: 20,", "weights: {troops: [-1, 20],", "negative; it is -1", "[-1, 20]"),
    ("weights: {troops: 20, arms: 30, embargo: 30, treaty: 15, access: 5}",
     "weights: {troops: 0, arms: 0, embargo: 0, treaty: 0, access: 0}", "all weights are zero",
     "weights"),
    ("weights: {troops: 20, arms: 30, embargo: 30, treaty: 15, access: 5}", "weights: {}",
     "all weights are zero", "weights"),
    ("      embargo: {full: 0, partial: 50, lifted: 100}\n", "",
     "a weight for embargo, which has no scores here", "embargo"),
    ("embargo: 30, treaty: 15,", "treaty: 15,", "scores for embargo but no weight",
     "embargo"),
    ("treaty: {none: 0, signed: 100}", "treaty: {none: 0}",
     "the scores of treaty leave out 'signed'", "treaty"),
    ("undo: 3", "undo: 3.5", "expected a whole number of periods, found '3.5'", "3.5"),
    ("undo: 3", "undo: -1", "expected a whole number of periods, found '-1'", "-1"),
    ("{cantoned: 1, destroyed: never}", "{cantoned: soon, destroyed: never}", "found 'soon'",
     "soon"),
    ("lag: 1", "lag: []", "expected a whole number of periods, found a list of 0", "[]"),
    ("punishment: forever", "punishment: foreve", "'forever' or a number of periods", "foreve"),
    ("kept: 2", "kept: 4", "expected 0 (none), 1, 2 or 3 (complete), found '4'", "4"),
    ("by: 6 ", "by: soon ", "'soon' is neither a number of periods nor a date", "soon"),
    ("by: 6 ", "by: 2027-02-30 ", "neither a number of periods nor a date", "2027-02-30"),
    ("date: 2027-01-15", "date: 20270115", "expected a date, found '20270115'", "20270115"),
    ("as_of: 2026-11-01", "as_of: 1.11.2026", "expected a date, found '1.11.2026'", "1.11.2026"),
    ("detente: 1 ", "detente: 2 ", "format version '2' is not known", "2"),
    # Wrong kinds
    ("{name: The South}", "The South", "expected a mapping of keys, found 'The South'",
     "The South"),
    ("{name: The South}", "[The South]", "expected a mapping of keys, found a list of 1",
     "[The South]"),
    ("status_quo: {troops: deployed, arms: held, embargo: full, treaty: none, access: none}",
     "status_quo: today", "expected a mapping of names, found 'today'", "today"),
    ("status_quo: {troops: deployed,", "status_quo: {troops: [deployed],",
     "expected text, found a list of 1", "[deployed]"),
    ("signs: false", "signs: perhaps", "expected true or false, found 'perhaps'", "perhaps"),
    ("must: true, source", "must: , source", "expected true or false, found nothing", ""),
    ("title: A ceasefire line", "title: [A, b]", "expected text, found a list of 2", "[A, b]"),
    ("title: A ceasefire line", "title:", "expected text, found nothing", ""),
    ("met: treaty == signed}", "met: [treaty]}", "expected an expression", "[treaty]"),
    ("met: treaty == signed}", "met: }", "expected an expression", ""),
    ("detects: {troops: 0.7, arms: 0.6, hidden_depot: 0.05}", "detects: troops",
     "'detects' names issues or violations", "troops"),
    ("checked_by: [inspectors]", "checked_by: {inspectors: 1}", "expected text, found a mapping",
     "{inspectors: 1}"),
    ("checked_by: [inspectors]", "checked_by:", "expected a name or a list of names", ""),
    ("walk_away: 55", "walk_away: {arms: [held]}", "expected an option, found a list", "[held]"),
    ("walk_away: 55", "walk_away: {outcome: {arms: held}, becuase: x}",
     "unknown key 'becuase'; did you mean 'because'?", "becuase"),
    ("walk_away: 55", "walk_away: {low: 1, hgih: 2}", "unknown key 'hgih' of a number", "hgih"),
    ("walk_away: 55", "walk_away: {arms: heldd}", "unknown option 'heldd' of issue arms", "heldd"),
    ("walk_away: 55", "walk_away: ~", "expected a number, found nothing", "~"),
    # Together
    ("control: south", "control: south\n    joint: [north, south]", "either 'control' or 'joint'",
     "control"),
    ("- if: arms >= cantoned\n    then: access != none", "- if: arms >= cantoned",
     "a rule is either", "if: arms >= cantoned"),
    ("treaty: none, access: none}\nrules", "treaty: signed, access: none}\nrules",
     "the status quo breaks rule 1: never treaty == signed and troops == deployed", "status_quo"),
    ("treaty: none, access: none}\nrules", "treaty: none}\nrules", "the status quo leaves out acc",
     "status_quo"),
    ("{name: The South}", "{name: The South, signs: false, ratification: all}",
     "south has no factions that could ratify", "all"),
    ("agreement: unanimity", "agreement: {quota: 3}", "the quota is 3 but only 2 parties",
     "3"),
    ("agreement: unanimity", "agreement: {quota: 0}", "must be above zero", "0"),
    ("agreement: unanimity", "agreement: {quota: 0.5}", "a whole number of parties", "0.5"),
    ("agreement: unanimity", "agreement: {quota: 2, weights: {north: 1, south: 1}}",
     "the quota is a share of their sum", "2"),
    ("agreement: unanimity", "agreement: {veto: north}", "needs a 'quota'", "{veto: north}"),
    ("agreement: unanimity", "agreement: {quota: 1/2, weights: {north: 1}}",
     "the weights of the agreement rule leave out south", "weights"),
    ("agreement: unanimity", "agreement: {quota: 1/2, weights: {north: 0, south: 0}}",
     "all weights of the agreement rule are zero", "weights"),
    ("{name: The South}", "{name: The South, breakdown: {cost: 1, base: 2}}",
     "either a 'cost' or a 'base'", "{cost: 1"),
    ("weight: 0.1}", "weight: 0.1, walk_away: 1}", "a shift changes one of", "{party: north"),
    ("issue: embargo, weight", "weight", "a shift of a weight names its issue", "weight"),
    ("    outcome: {troops: withdrawn,", "    follows: southern_draft\n    outcome: {troops: "
     "withdrawn,", "packages follow each other in a circle: southern_draft → southern_draft",
     "southern_draft"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "what", "at"), SINGLE, ids=[row[1][:40] for row in SINGLE])
def test_one_slip_gives_its_error_in_its_place(
    refused: Refused, old: str, new: str, what: str, at: str
) -> None:
    found = [problem for problem in refused((old, new)) if what in problem.what]
    assert found, f"not said: {what}"
    assert meant(found[0]).startswith(at)
    assert f"case.yaml:{found[0].place.line}:{found[0].place.column}: " in str(found[0])


CONSEQUENCES = {"  access:\n    name", "    outcome: {troops: withdrawn,"}


@pytest.mark.parametrize(
    ("old", "new", "what", "at"),
    [row for row in SINGLE if row[0] not in CONSEQUENCES],
    ids=lambda text: text[:25],
)
def test_one_slip_gives_one_error(refused: Refused, old: str, new: str, what: str, at: str) -> None:
    assert len(refused((old, new))) == 1


def test_the_message_reads_like_a_compilers(refused: Refused) -> None:
    (problem,) = refused(("troops == deployed", "troops == deployd"))
    assert str(problem).split("case.yaml:", 1)[1] == (
        "36:43: unknown option 'deployd' of issue troops; did you mean 'deployed'?\n"
        "   36 |   - never: treaty == signed and troops == deployd\n"
        "      |                                           ^^^^^^^\n"
        "      = options of issue troops: deployed, thinned, withdrawn"
    )


def test_carets_stand_below_wide_letters(refused: Refused) -> None:
    (problem,) = refused(
        ("{name: The South}", "{name: 남쪽, signs: nie}"),
    )
    line, caret = str(problem).splitlines()[1:3]
    assert caret.index("^") == line.index("nie") + 2  # two letters that take two columns each


def test_independent_errors_come_together_in_order(refused: Refused) -> None:
    problems = refused(
        ("undo: 3", "undoo: 3"),
        ("troops == deployed", "troops == deployd"),
        ("met: treaty == signed}", "met: traety = signed}"),
        ("embargo: {full: 0,", "embargo: {full: .inf,"),
        ("source: speech_2", "source: speech_3"),
        ("punishment: forever", "punishment: never"),
        ("access: {none: 100", "access: {non: 100"),
    )
    assert [problem.place.line for problem in problems if problem.place] == [
        14, 36, 42, 45, 52, 54, 87,
    ]  # fmt: skip


def test_all_bad_names_of_a_list_come_together(refused: Refused) -> None:
    problems = refused(("[none, signed]", "[none, signed, half-signed, in, True, 'two words']"))
    problems = [problem for problem in problems if "cannot be a name" in problem.what]
    assert [meant(problem).strip("'") for problem in problems] == [
        "half-signed", "in", "True", "two words",
    ]  # fmt: skip
    assert "write 'half_signed'" in problems[0].help
    assert "meaning of its own" in problems[1].what


@pytest.mark.parametrize("word", ["and", "if", "None", "true", "False", "NULL", "a-b", "a b", "-5"])
@pytest.mark.parametrize("place", ["parties", "sources", "options"])
def test_words_that_cannot_be_names(table: dict[str, Any], word: str, place: str) -> None:
    if place == "options":
        table["issues"]["flag"] = {"options": {word: "x", "other": "y"}}
        table["status_quo"]["flag"] = "other"
    else:
        table.setdefault(place, {})[word] = {"title": "x"} if place == "sources" else {}
    with pytest.raises(CaseError, match="cannot be a name"):
        load(table)


def test_a_word_on_a_later_line_of_an_expression_is_marked_there(refused: Refused) -> None:
    folded = "never: treaty == signed and\n      troops == deployed and\n      troops == deployd"
    (problem,) = refused(("never: treaty == signed and troops == deployed", folded))
    assert (problem.place.line, problem.place.column) == (38, 17)
    block = "never: |  # troops == deployd\n      treaty == signed and\n      troops == deployd\n"
    (problem,) = refused(("never: treaty == signed and troops == deployed\n", block))
    assert meant(problem) == "deployd"
    quoted = "never: \"treaty == signed and troops == 'deployd'\""
    (problem,) = refused(("never: treaty == signed and troops == deployed", quoted))
    assert meant(problem) == "deployd"


def test_windows_lines_and_a_byte_order_mark_do_not_shift_places(
    refused: Refused, ceasefire: Path
) -> None:
    text = ceasefire.read_text().replace("troops == deployed", "troops == deployd")
    raw = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    (problem,) = refused(text=raw)
    assert (problem.place.line, problem.place.column) == (36, 43)


# Cases given as mappings


def test_a_mapping_has_no_lines_but_paths(table: dict[str, Any]) -> None:
    table["values"]["north"]["scores"]["arms"]["held"] = "much"
    table["rules"] = [{"never": "arms == hedl"}]
    with pytest.raises(CaseError) as caught:
        load(table)
    assert {problem.what for problem in caught.value.problems} == {
        "values.north.scores.arms.held: expected a number, found 'much'",
        "rules.0.never: unknown option 'hedl' of issue arms; did you mean 'held'?",
    }


def test_a_mapping_that_contains_itself(table: dict[str, Any]) -> None:
    table["parties"]["north"]["about"] = table
    with pytest.raises(CaseError, match="containing itself"):
        load(table)


@pytest.mark.parametrize(
    "entry",
    [object(), b"bytes", {1, 2}, lambda: None, 1j, ..., type],
    ids=lambda entry: type(entry).__name__,
)
def test_objects_that_no_file_holds(table: dict[str, Any], entry: object) -> None:
    for change in ({"title": entry}, {"parties": entry}, {"rules": entry}, {"agreement": entry}):
        with pytest.raises(CaseError):
            load({**table, **change, "issues": entry})


# What belongs together


def change(table: dict[str, Any], **entries: Any) -> str:
    with pytest.raises(CaseError) as caught:
        load({**table, **entries})
    return str(caught.value)


def test_walk_aways_need_a_status_quo_or_a_number(table: dict[str, Any]) -> None:
    del table["status_quo"]
    text = change(table)
    assert "north walks away to the status quo, and the case has none" in text
    assert "south walks away" in text
    table["parties"] = {"north": {"walk_away": {"arms": "held"}}, "south": {"walk_away": 3}}
    assert "the walk-away of north leaves out embargo" in change(table)
    table["parties"]["north"] = {"walk_away": {"arms": "held", "embargo": "full"}}
    assert compile_case(load(table)).valued == ("north", "south")


def test_an_order_has_no_numbers(table: dict[str, Any]) -> None:
    table["values"]["north"] = {"ranking": [{"arms": "held"}]}
    table["parties"]["north"] = {"walk_away": 5}
    assert "north walks away to a number, but its values are only an order" in change(table)
    table["parties"]["north"] = {
        "factions": {"senate": {"walk_away": 5, "values": {"priorities": ["arms == held"]}}}
    }
    assert "north.senate walks away to a number" in change(table)
    table["parties"]["north"] = {}
    table["values"]["north"]["weights"] = {"arms": 1}
    assert "weights go with scores; an order has none" in change(table)


def test_values_have_one_form(table: dict[str, Any]) -> None:
    table["values"]["north"]["ranking"] = [{"arms": "held"}]
    assert "these have scores and ranking" in change(table)
    table["values"]["north"] = {}
    assert "these have none of them" in change(table)
    table["values"]["north"] = {"priorities": ["arms == held"] * 61}
    assert "61 priorities; at most 60 can be told apart" in change(table)
    table["values"]["north"] = {"ranking": {"arms": "held"}}
    assert "a ranking is a list" in change(table)
    table["values"]["north"] = {"ranking": [{"arms": "held"}, [{"arms": "gone"}]]}
    assert "values.north.ranking.1.0.arms: unknown option 'gone'" in change(table)
    table["values"]["north"] = {"ranking": [{"arms": "held"}, {"arms": "gone"}]}
    assert "values.north.ranking.1.arms: unknown option 'gone'" in change(table)


def test_ratification(table: dict[str, Any]) -> None:
    senate = {"factions": {"senate": {}, "army": {}}}
    for ratification, message in [
        ("most", "unknown ratification 'most'"),
        ("majorty", "did you mean 'majority'?"),
        ({"quota": 3}, "ratification asks for 3 of 2 factions"),
        ({"quota": 0}, "expected a whole number from 1, found '0'"),
        ({"quota": 1, "veto": ["sennate"]}, "unknown faction 'sennate' of north; did you mean 'se"),
        ({"veto": ["senate"]}, "ratification is all, majority, or {quota"),
        ([], "expected a mapping of keys"),
    ]:
        table["parties"]["north"] = {**senate, "ratification": ratification}
        assert message in change(table)
    table["parties"]["north"] = {"ratification": "all"}
    assert "north has no factions that could ratify" in change(table)


def test_commitments(table: dict[str, Any]) -> None:
    clause = {"id": "freeze", "who": "north"}
    for clauses, message in [
        ([clause, clause], "two commitments have the id 'freeze'"),
        ([{**clause, "after": "freez"}], "unknown commitment 'freez'; did you mean 'freeze'?"),
        ([{**clause, "brackets": {"suoth": "x"}}], "unknown party 'suoth'"),
        ([{"who": "north"}], "the key 'id' is missing"),
        ([{**clause, "who": []}], "freeze binds nobody"),
        ([{**clause, "to": ["south", "south"]}], "the party 'south' is named twice"),
        ([{**clause, "terms": {"arms": " "}}], "the term 'arms' has no meaning"),
        ([{**clause, "terms": {"arms": "Open"}}], "'Open' would be the meaning of 'arms'"),
        ([{**clause, "terms": {"arms": "open on purpose"}}], "write open_on_purpose"),
        ([{**clause, "brackets": {"south": ""}}], "the bracket of south has no wording"),
        ([{**clause, "if_not": ""}], "'if_not' says nothing"),
    ]:
        packages = {"draft": {"outcome": {}, "commitments": clauses}}
        assert message in change(table, packages=packages)


def test_packages_in_circles_are_named_once(table: dict[str, Any]) -> None:
    packages: dict[str, Any] = {
        name: {"outcome": {}, "follows": after}
        for name, after in {"start": "a", "a": "b", "b": "c", "c": "a", "d": "d"}.items()
    }
    text = change(table, packages=packages)
    assert text.count("circle") == 2
    assert "packages.a.follows: packages follow each other in a circle: a → b → c → a" in text
    packages["c"]["follows"] = "e"
    assert "unknown package 'e'" in change(table, packages=packages)
    packages["c"] = {"outcome": {}, "before": [["arms", "embrago"]], "steps": ["satelites"]}
    text = change(table, packages=packages)
    assert "unknown step 'embrago'; did you mean 'embargo'?" in text
    assert "unknown measure or guarantee 'satelites'" in text
    packages["c"] = {"outcome": {}, "before": [["arms"], ["arms", "embargo", "x"]]}
    assert change(table, packages=packages).count("expected a pair") == 2


def test_a_partys_own_view(table: dict[str, Any]) -> None:
    sees = {
        "values": {"suoth": {"priorities": ["arms == helt"]}},
        "issues": {"arms": {"options": ["helt"], "control": "noth"}, "agms": {}},
        "rules": [{"never": "arms == destroyd"}],
    }
    table["parties"]["north"] = {"sees": sees}
    text = change(table)
    for word in ("suoth", "helt", "noth", "agms", "destroyd"):
        assert f"'{word}'" in text


def test_a_table_without_parties_or_issues(table: dict[str, Any]) -> None:
    assert "needs at least one party" in change(table, parties={}, values={})
    assert "needs at least one issue" in change(table, issues={}, values={}, status_quo=None)
    assert "no party signs" in change(
        table, parties={"north": {"signs": False}, "south": {"signs": False}}
    )
    text = change({})
    assert "the key 'parties' is missing" in text
    assert "the key 'issues' is missing" in text


def test_rules_that_leave_no_outcome(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(
        "title: Too strict\n"
        "parties: {north: {}}\n"
        "issues: {arms: {options: [held, gone]}, aid: {options: [none, some, more]}}\n"
        "rules:\n"
        "  - never: aid == more\n"
        "  - never: arms == held\n"
        "  - if: aid == none\n"
        "    then: aid == some\n"
        "  - never: arms == gone\n"
    )
    with pytest.raises(CaseError) as caught:
        compile_case(load(file))
    (problem,) = caught.value.problems
    assert problem.what == "the rules of 'Too strict' leave no outcome"
    assert problem.help == (
        "these cannot hold together: rule 2: never arms == held; rule 4: never arms == gone"
    )
    assert problem.place is not None
    assert problem.place.line == 6


def test_very_many_problems_are_cut_with_a_word(table: dict[str, Any]) -> None:
    table["values"]["north"] = {"priorities": ["arms == x or arms == y"] * 60}
    table["concerns"] = {"south": [{"name": str(n), "met": "arms == z"} for n in range(60)]}
    with pytest.raises(CaseError) as caught:
        load(table)
    assert len(caught.value.problems) == 101
    assert "there are more; these are the first 100" in caught.value.problems[-1].what
    table["values"]["north"] = {"scores": {"arms": {f"o{n}": "x" for n in range(150)}}}
    with pytest.raises(CaseError) as caught:
        load(table)
    assert "there are more" in caught.value.problems[-1].what


def test_very_many_slips_in_a_file_are_cut_too(refused: Refused) -> None:
    problems = refused(text="title: x\n" * 200)
    assert len(problems) == 101
    assert "there are more" in problems[-1].what


def test_long_words_are_shown_short(table: dict[str, Any]) -> None:
    text = change(table, rules=[{"never": f"{'x' * 10_000} == held"}], title="y" * 10_000)
    assert len(text) < 500
