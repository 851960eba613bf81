"""What moves ``stress``’s margins, when it breaks, what is accepted more often: sentences."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.uncertainty.answer import VERDICTS, Influences
from detente.uncertainty.stress_result import StressResult
from detente.views.stress.robust import cost
from detente.views.stress.sentences import breaks_sentences, influence_text, silent_text
from detente.views.stress.shares import fails_text
from detente.views.stress.words import factor_text
from stress_results import (
    SAMPLES,
    box,
    factor,
    influence,
    korea,
    only,
    others,
    river,
    river_case,
    share,
    standing,
)
from test_stress_views import told
from test_terminal_commitments import flat, lines_of, part

# what decides


def test_an_index_that_may_be_nothing_is_said_to_be_so() -> None:
    text = told(river())
    assert "Highland’s walk-away 41 % (37 to 45 %) 44 % (40 to 48 %) value" in text
    assert "Not distinguishable from nothing: “Rain in the highlands”." in text
    assert not re.search(r"[-−][\d.]+ %", text)
    half = replace(influence(river_case(), "drivers.rain", 0.01, 0.2))
    found = Influences("acceptable", (half,), 100)
    (row,) = [
        line
        for line in lines_of(river(influences=(found,))).splitlines()
        if line.startswith(" “Rain")
    ]
    assert re.search(r"not\s+distinguishable|20 %", flat(row))


def test_all_other_numbers_together_are_always_the_last_row() -> None:
    case = river_case()
    names = [f"values.delta.scores.{i}.{o}" for i in case.issues for o in case.options[i]]
    named = tuple(influence(case, name, 0.08, 0.1) for name in names[:10])
    for first, total in ((0.2, 0.4), (0.0, 0.01)):
        found = Influences("roadmap", (*named, others(40, first, total)), 9)
        text = told(river(influences=(found,)))
        rows = text[text.index("Number By itself") : text.index("Shares of the differences in")]
        assert rows.count("8 % (4 to 12 %) 10 % (6 to 14 %)") == 10
        assert rows.index("All 40 others together") > rows.rindex("8 % (4 to 12 %)")
        assert "not distinguishable from" in rows if total < 0.1 else "40 % (36 to 44 %)" in rows


def test_numbers_vary_otherwise_there_than_in_the_shares() -> None:
    text = told(river())
    assert "Here all numbers vary independently of each other, unlike in the shares above." in text
    assert "What moves the weakest margin of the finished agreement" in text
    holds = "Whether it holds is not measured in points"
    assert holds in text
    assert holds not in told(river(standing=only(river_case())))


def test_what_decides_in_a_sentence() -> None:
    found = river()
    first, second = found.influences
    assert influence_text(found, first) == (
        "Most of the differences between codings in the smallest gain over walking away come from "
        "Highland’s walk-away value and Highland’s score for “Sale of power to Midvale: "
        "Twenty-year contract”."
    )
    assert influence_text(found, second).endswith(
        "come from what “Water held back and called seepage” brings Highland."
    )
    case = river_case()
    names = [f"values.highland.scores.{i}.{o}" for i in case.issues for o in case.options[i]]
    even = tuple(influence(case, name, 0.08, 0.1) for name in names[:8])
    most = factor_text(case, factor(case, names[0]))
    for last, told_of in (
        (others(217, 0.2, 0.24), ", and all 217 others together make 24 % (20 to 28 %)."),
        (others(217, 0.0, 0.01), "."),
    ):
        many = influence_text(found, Influences("roadmap", (*even, last), 9))
        assert many == (
            "No few numbers decide the weakest margin on the road: with all that it does together "
            f"with others, {most} makes the most that was found, 10 % (6 to 14 %){told_of}"
        )
    for none in ((), (others(5),), (influence(case, "drivers.rain", -0.2, -0.1),)):
        text = influence_text(found, Influences("roadmap", none, 9))
        assert text.startswith("No single number makes a difference in the weakest margin")


totals = st.floats(0, 1).map(lambda value: round(value, 2))


@given(st.lists(st.tuples(totals, totals), min_size=1, max_size=11))
def test_a_few_decide_only_if_all_others_together_surely_make_less_than_half(
    drawn: list[tuple[float, float]],
) -> None:
    case = river_case()
    names = [f"values.highland.scores.{i}.{o}" for i in case.issues for o in case.options[i]]
    entries = [influence(case, name, *pair) for name, pair in zip(names, drawn, strict=False)]
    *named, last = [*entries, others(9, 0.1, drawn[0][1])]
    found = Influences("roadmap", (*named, last), 9)
    known = sorted(
        (e for e in named if max(e.first_order.low, e.total.low) > 0), key=lambda e: -e.total.value
    )
    highs = [
        last.total.high + sum(e.total.high for e in named if e not in known[:count])
        for count in range(1, min(3, len(known)) + 1)
    ]
    text = influence_text(river(), found)
    few = next((count for count, high in enumerate(highs, 1) if high < 0.5), 0)
    assert text.startswith("Most of") == bool(few)
    if few:
        for place, entry in enumerate(known):
            assert entry.factor is not None
            assert (factor_text(case, entry.factor) in text) == (place < few)


def test_many_silent_numbers_are_counted() -> None:
    case = river_case()
    names = [f"values.delta.scores.{i}.{o}" for i in case.issues for o in case.options[i]]
    silent = tuple(influence(case, name, 0.0, 0.01) for name in names)
    found = Influences("acceptable", (*silent, others(9)), 9)
    assert silent_text(river(), found) == (
        f"Not distinguishable from nothing: {len(names)} further numbers."
    )
    assert silent_text(river(), Influences("acceptable", (others(9, 0.5, 0.6),), 9)) == ""


# when it breaks


def test_simple_conditions_in_sentences() -> None:
    assert (
        "In 62 % of all codings in which it is not accepted by all who must sign, Highland’s "
        "walk-away value is above 58.3 and Highland’s score for “Sale of power to Midvale: "
        "Twenty-year contract” is below 17.5. Where that is so (38 % of all codings), it is not "
        "accepted by all who must sign in 81 %; overall, in 50 %."
    ) in told(river())
    assert (
        "“How the weapons programme evolves” is above 64 (assembled warheads) and “Domestic "
        "politics in Washington” is below 38 (index, 0 hostile to a deal to 100 favourable)."
    ) in told(korea())


@pytest.mark.parametrize("verdict", VERDICTS)
def test_every_failure_has_words(verdict: Any) -> None:
    found = box(river_case(), verdict, drivers__rain=(70, 80))
    text, none = breaks_sentences(river(breaks_when=(found,)))
    assert none.startswith("No simple condition was found that marks the codings in which ")
    case = river_case()
    for other in VERDICTS:
        assert (fails_text(case, other) in none) == (other != verdict)
    assert "lies between 70 and 80" in text and text.count(" not ") == 2
    assert flat(text) in told(river(breaks_when=(found,)))


def test_that_no_condition_was_found_is_said_only_where_something_fails() -> None:
    none = "No simple condition was found under which it fails more often."
    assert breaks_sentences(river(breaks_when=())) == [none]
    case = river_case()
    never = river(breaks_when=(), standing=standing(case, (900, 0, 900, 0, 0)))
    assert breaks_sentences(never) == [
        "It does not hold and its roadmap does not survive in any coding drawn, so there is no "
        "condition to look for.",
        "No simple condition was found that marks the codings in which it is not accepted by all "
        "who must sign.",
    ]
    together = river(breaks_when=(), standing=standing(case, (900, 900, 900, 900, 0)))
    assert breaks_sentences(together)[0].startswith("Not all of it stands in any coding drawn")
    one = only(case, acceptable=share(0, 1, certain=True))
    assert breaks_sentences(river(breaks_when=(), standing=one)) == []
    firm = replace(standing(case, (SAMPLES,) * 5), holds={"seq": share(SAMPLES)})
    assert breaks_sentences(river(breaks_when=(), standing=firm)) == []


def test_conditions_are_no_causes() -> None:
    together = "numbers of a party go together here, so one may stand for another"
    overlap = "Conditions overlap; their shares do not add up."
    assert f"These are marks, not causes: {together}. {overlap}" in told(river())
    first, _ = river().breaks_when
    assert overlap not in told(river(breaks_when=(first,)))
    assert "These are marks, not causes. Conditions" in told(river(correlation=0.0))
    assert "marks, not causes" not in told(river(breaks_when=()))


# what is accepted more often


def chosen(**fields: Any) -> StressResult:
    robust = river().robust
    assert robust is not None
    return river(robust=replace(robust, **fields))


def test_what_robustness_costs() -> None:
    text = part(lines_of(river()), "Which packages are accepted more often")
    assert (
        "Of all 486 outcomes that obey the rules, the package that the search found is accepted "
        "in the largest share of codings: 91 % (89 to 93 %)."
    ) in text
    assert "It differs from “The single text” in " in text
    assert (
        "Only acceptance is compared, in the first 1,000 codings drawn. Whether these packages "
        "hold, are self-enforcing or have a road was not compared."
    ) in text
    assert (
        "At the likely values its smallest gain is 2.3 points below that of the egalitarian and "
        "Nash solution, which has the largest of the packages listed here and is accepted in 78 % "
        "of codings."
    ) in text
    robust = river().robust
    assert robust is not None and cost(robust) == 2.25
    first, *rest = robust.packages
    same = chosen(packages=(replace(first, likely_gain=5.25), *rest))
    assert "That costs nothing at the likely values" in told(same)
    named = chosen(packages=(replace(first, names=("highland_draft",)), *rest))
    assert "“Highland's draft” is accepted in the largest share" in told(named)
    assert "It differs from" not in told(named)


def test_robust_packages_without_scores_or_without_any_acceptance() -> None:
    robust = river().robust
    assert robust is not None
    bare = tuple(
        replace(entry, smallest_gain=None, greatest_regret=None, likely_gain=None)
        for entry in robust.packages
    )
    text = told(chosen(packages=bare))
    assert "At the likely values its" not in text and "costs nothing" not in text
    assert "Regret" not in text and "Regret" in told(river())
    never = tuple(replace(entry, acceptable=share(0)) for entry in robust.packages)
    text = told(chosen(packages=never, bound=0.0))
    assert (
        "Of all 486 outcomes that obey the rules, none is accepted in any of the 1,000 codings."
    ) in text
    assert "At the likely values its" not in text
    text = told(chosen(packages=never, bound=0.2, exact=False))
    assert "No outcome was found that is accepted in any of the 1,000 codings." in text
    text = told(chosen(packages=never, bound=0.0, samples=1))
    assert "none is accepted in the only coding there is." in text
    assert "Only acceptance is compared, in the only coding there is." in text


def test_how_sure_the_search_is() -> None:
    assert ("That is the largest share that was found; no outcome has more than 97 %.") in told(
        chosen(exact=False, bound=0.97)
    )
    assert "Three other outcomes are accepted as often." in told(chosen(ties=4))
    assert "as often" not in told(river())
