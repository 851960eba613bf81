"""Expressions: what they mean, from the definition, and what is said about wrong ones."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

import strategies
from detente.case.errors import EntryError
from detente.case.expressions import parse, problems_with

OPTIONS = {
    "arms": ("held", "cantoned", "destroyed"),
    "access": ("none", "declared", "anywhere"),
    "tariff": ("1.10", "2.5"),
}
OUTCOMES = [
    dict(zip(OPTIONS, options, strict=True)) for options in itertools.product(*OPTIONS.values())
]


def truth(text: str) -> list[bool]:
    expression = parse(text)
    return [expression.holds(outcome, OPTIONS) for outcome in OUTCOMES]


@given(st.data())
def test_truth_is_that_of_the_definition(data: st.DataObject) -> None:
    table = data.draw(strategies.issues())
    statement = data.draw(strategies.statements(table))
    outcome = data.draw(strategies.outcomes(table))
    assert parse(statement.text).holds(outcome, table) == statement.holds(outcome)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("arms == held or arms == cantoned and access == none",
         "arms == held or (arms == cantoned and access == none)"),
        ("not arms == held and access == none", "(not (arms == held)) and access == none"),
        ("not not arms == held", "arms == held"),
        ("arms in (held, cantoned)", "arms == held or arms == cantoned"),
        ("arms in [held, cantoned]", "arms in {held, cantoned}"),
        ("arms in (held,)", "arms == held"),
        ("arms not in (held)", "arms != held"),
        ("arms == 'held'", 'arms == "held"'),
        ("'arms' == held", "arms == held"),
        ("arms > held", "arms != held"),
        ("arms<cantoned", "arms  ==\n held"),
        ("  arms == held  ", "arms == held"),
    ],
)  # fmt: skip
def test_precedence_and_spellings(text: str, same: str) -> None:
    assert truth(text) == truth(same)


def test_an_option_may_look_like_a_decimal() -> None:
    assert parse("tariff == 1.10 or tariff == 2.5").issues == ("tariff",)
    assert truth("tariff == 1.10 or tariff == 2.5") == [True] * len(OUTCOMES)
    assert sum(truth("tariff == 1.10")) == len(OUTCOMES) // 2


def test_an_expression_lists_its_issues_once_in_order() -> None:
    expression = parse("access == none or arms == held and access != declared")
    assert expression.issues == ("access", "arms")
    assert str(expression) == "access == none or arms == held and access != declared"


@pytest.mark.parametrize(
    ("text", "what", "help", "found"),
    [
        ("arms = held", "found '='", "write == to compare", "="),
        ("arms <> held", "found '<>'", "write !=", "<>"),
        ("arms is held", "found 'is'", "write == to compare", "is"),
        ("arms == held AND access == none", "'AND' is written in small letters", "and", "AND"),
        ("arms == held Or access == none", "'Or' is written in small letters", "or", "Or"),
        ("NOT arms == held", "'NOT' is written in small letters", "write not", "NOT"),
        ("arms IN (held)", "found 'IN'", "write in", "IN"),
        ("arms == held && access == none", "'&&' is not used here", "write and", "&&"),
        ("arms == held & access == none", "'&' is not used here", "write and", "&"),
        ("arms == held || access == none", "'||' is not used here", "write or", "||"),
        ("!arms == held", "'!' is not used here", "write not", "!"),
        ("arms == half-held", "'-' has no meaning", "letters, digits and underscores", "-"),
        ("arms == half held", "expected the end, found 'held'", "with and / or", "held"),
        ("arms == held == access", "one comparison at a time", "with and", "=="),
        ("arms == (held, cantoned)", "compares with one option", "in (option, option)", "("),
        ("arms in held", "expected ( after in", "in (option, option)", "held"),
        ("arms in ()", "expected an option, found ')'", "", ")"),
        ("(arms == held", "expected ), found the end", "", ""),
        ("arms == held)", "expected the end, found ')'", "", ")"),
        ("arms", "expected a comparison", "compare an issue with an option", ""),
        ("arms ==", "expected an option, found the end", "", ""),
        ("== held", "expected an issue, found '=='", "", "=="),
        ("arms == held and", "expected an issue, found the end", "", ""),
        ("arms == 'held", "quotation mark that is not closed", "close it with '", "'"),
        ("", "an empty expression", "compare an issue", ""),
        ("   ", "an empty expression", "compare an issue", ""),
        ("arms == held; import os", "';' has no meaning", "", ";"),
        ("__import__('os')", "expected a comparison", "", "("),
        ("(" * 60 + "arms == held" + ")" * 60, "nested more than 50 deep", "", "("),
        ("not " * 60 + "arms == held", "nested more than 50 deep", "", "not"),
    ],
)
def test_what_cannot_be_read_says_where_and_what_to_write(
    text: str, what: str, help: str, found: str
) -> None:
    with pytest.raises(EntryError) as caught:
        parse(text)
    error = caught.value
    assert what in error.what
    assert help in error.help
    if found:
        assert error.column is not None
        assert text[error.column : error.column + error.width] == found


@pytest.mark.parametrize(
    ("text", "what", "help", "found"),
    [
        ("amrs == held", "unknown issue 'amrs'; did you mean 'arms'?", "arms, access", "amrs"),
        ("arms == hedl", "unknown option 'hedl' of issue arms; did you mean 'held'?", "", "hedl"),
        ("arms in (held, ruined)", "unknown option 'ruined' of issue arms", "held", "ruined"),
        ("held == arms", "'held' is an option, not an issue", "arms == held", "held"),
        ("none < access", "'none' is an option, not an issue", "access > none", "none"),
        ("tariff == 1.1", "unknown option '1.1' of issue tariff; did you", "1.10", "1.1"),
        ("arms == 'half held'", "unknown option 'half held' of issue arms", "", "half held"),
        ("access >= declared", "the options of access have no order", "in (…, …)", "access"),
    ],
)
def test_words_that_name_nothing(text: str, what: str, help: str, found: str) -> None:
    (problem,) = problems_with(parse(text), OPTIONS, frozenset({"access"}))
    assert what in problem.what
    assert help in problem.help
    assert problem.column is not None
    assert text[problem.column : problem.column + problem.width] == found


def test_every_unknown_word_of_an_expression_is_found() -> None:
    expression = parse("amrs == held and arms in (x, held, y)")
    assert len(list(problems_with(expression, OPTIONS, frozenset()))) == 3


def test_a_very_long_expression_is_read_in_a_moment() -> None:
    text = " or ".join(["arms == held"] * 20_000)
    assert len(list(parse(text).comparisons())) == 20_000


WORDS = st.sampled_from(
    [*"()[]{},=<>!&|'\"-. \n", "==", "in", "not", "and", "or", "arms", "held", "1.5", "é", "AND"]
)


@given(st.text(max_size=30) | st.lists(WORDS, max_size=12).map(" ".join))
def test_any_text_is_an_expression_or_an_entry_error(text: str) -> None:
    try:
        expression = parse(text)
    except EntryError as error:
        assert error.column is None or 0 <= error.column <= len(text)
    else:
        assert expression.issues
        for problem in problems_with(expression, OPTIONS, frozenset()):
            assert problem.what
