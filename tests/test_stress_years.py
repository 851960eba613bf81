"""The course of events in words: what ends it, what else happens, what it is compared with."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from detente.sequencing.answer import Deviation
from detente.uncertainty.course.answer import Cause, CauseKind
from detente.uncertainty.course.base_rate import BaseRate, PastAgreement
from detente.uncertainty.course.survival import kaplan_meier
from detente.uncertainty.stress_result import StressResult
from detente.views.stress.course import alarm_text, cause_text
from detente.views.stress.survival import survival_title
from stress_results import course, korea_case, river, river_case
from test_terminal_commitments import flat, lines_of


def told(result: StressResult) -> str:
    """All that a terminal says, as one line."""
    return flat(lines_of(result))


def test_over_the_years() -> None:
    case = river_case()
    text = told(river(course=course(case)))
    assert (
        "Under the hazards that the case states, after 10 years it has not ended in 50 % of 200 "
        "histories (42 to 57 %); in 40 % (33 to 47 %) it has not ended and nobody has deviated in "
        "secret."
    ) in text
    assert "In half of them it has ended by 9 years." in text
    assert "Every step is done, or said to be done, in 75 % (68 to 81 %)." in text
    assert (
        "While it lasts, there is a false alarm in 16 %. • While it lasts, Delta: deviates in "
        "secret at some time in 10 %; is found out at least once, and the agreement goes on, in "
        "5 %. • While it lasts, Highland: the government changes in 60 %."
    ) in text
    assert "5 years 70 % 63 to 76 % 60 %" in text
    assert "Counter-moves, on which holding rests, are not in this." in text
    assert (
        "The case says that an alarm suspends the agreement for four quarters. Once all steps are "
        "done, a false one that no second look clears up comes with a chance of 1 % a quarter."
    ) in text
    for cause in (
        "Highland openly walks away 25 %",
        "Delta cheats and is found out 5 %",
        "Delta breaks out unseen 8 %",
        "Highland: the event of “Rain in the highlands” 8 %",
        "A false alarm 5 %",
    ):
        assert cause in text
    assert "Delta openly" not in text
    assert "these do not occur: changes of government in Midvale and Delta." in text


def test_what_is_cheated_on_is_never_left_out() -> None:
    """Also where nothing ends, and where the two shares are the same."""
    case = river_case()
    forever, never = kaplan_meier([10.0] * 50, [False] * 50), kaplan_meier([0.0] * 50, [True] * 50)
    for kept, share in ((never, "0 %"), (forever, "100 %")):
        found = course(case, survival=forever, kept=kept)
        assert survival_title(found) == (
            f"After 10 years it has not ended in 100 % of histories; in {share} it has not ended "
            "and nobody has deviated in secret"
        )
        assert f"in {share} (" in told(river(course=found))


def test_an_agreement_that_never_ends() -> None:
    case = river_case()
    forever = kaplan_meier([10.0] * 50, [False] * 50)
    found = course(case, survival=forever, kept=forever, causes=(), passages=())
    text = told(river(course=found))
    assert "it has not ended in 100 %" in text
    assert "In half of them" not in text and "Why it ends" not in text
    silent = replace(found.given, no_events=("rain",), no_paths=("rain",), false_alarms=False)
    text = told(river(course=course(case, given=silent, false_alarm=None)))
    assert "events of “Rain in the highlands”" in text
    assert "movements of “Rain in the highlands” and false alarms." in text
    assert "an alarm" not in text


def test_an_alarm_that_ends_it_is_told_as_the_case_says() -> None:
    case = korea_case()
    assert alarm_text(case, course(case)) == (
        "The case says that an alarm ends the agreement for good. Once all steps are done, a false "
        "one that no second look clears up comes with a chance of 1 % a month."
    )
    assert not alarm_text(case, course(case, false_alarm=None))
    assert not alarm_text(case, course(case, false_alarm=0.0))


@pytest.mark.parametrize("deviation", get_args(Deviation))
def test_every_end_has_words(deviation: Deviation) -> None:
    kinds: tuple[CauseKind, ...] = ("leaves", "found", "prize")
    ends = {cause_text(river_case(), Cause(kind, "delta", deviation)) for kind in kinds}
    assert len(ends) == len(kinds)
    assert all(end.startswith("Delta ") for end in ends)


def test_past_agreements_are_an_estimate() -> None:
    years = (1.0, 2.0, 3.0, 12.0, 12.0)
    agreements = tuple(PastAgreement(f"Accord {y}", y, y < 10) for y in years)
    curve = kaplan_meier([a.years for a in agreements], [a.ended for a in agreements])
    text = told(river(past=BaseRate("past.csv", agreements, None, curve)))
    assert (
        "Of five past agreements in past.csv (two still stood when last seen) an estimated 40 % "
        "last 12 years (95 %: 5 to 76 %). • By that estimate half of them have ended after 3 years "
        "(95 %: 1 year or later)."
    ) in text
    ended = tuple(PastAgreement(str(year), float(year), ended=True) for year in range(1, 41))
    curve = kaplan_meier([a.years for a in ended], [True] * 40)
    text = told(river(past=BaseRate("past.csv", ended, None, curve)))
    assert "half of them have ended after 20 years (95 %: 14 years to 26 years)" in text
