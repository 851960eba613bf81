"""How cheating and verification are told: ways to cheat, detection, verdicts, measures, cost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from detente.case.schema import Case
from detente.leverage.unlock_result import UnlockResult
from detente.model.aftermath import YEARS
from detente.model.sentences import listed, number, say
from detente.model.wording import in_words
from detente.sequencing.roadmap_result import RoadmapResult
from detente.uncertainty.stress_result import StressResult
from detente.verification.answer import (
    Choice,
    Incentives,
    MeasureSet,
    Temptation,
    Unvalued,
    not_negative,
)
from detente.verification.verify_result import VerifyResult
from detente.verification.wording import chance, cheats
from detente.views.naming import RULE_NAMES

SIGNS = {True: "✓", False: "✗", None: "?"}
"""Marks of what is deterred, pays, or is not known."""
LONG = 10
"""From so many years on, a time is told in years, whatever the period."""

Party = Incentives | Unvalued
Needed = Literal["unknown", "none would do", "nothing"] | float
"""The least detection that deters, or why there is no such number."""


def package_text(result: VerifyResult | RoadmapResult | StressResult | UnlockResult) -> str:
    """What is taken as signed, or is to be reached."""
    name = result.package or ""
    if name in RULE_NAMES:
        return say("verification.solution", rule=RULE_NAMES[name])
    known = name in result.case.packages
    return f"“{result.case.package_name(name)}”" if known else say("verification.outcome")


def parts(result: VerifyResult) -> tuple[Party, ...]:
    """All parties that are told of, in the order of the case."""
    every: dict[str, Party] = {**result.parties, **result.unvalued}
    return tuple(every[name] for name in result.case.parties if name in every)


def tempted(result: VerifyResult) -> tuple[Party, ...]:
    """Those parties that have a way to cheat."""
    return tuple(part for part in parts(result) if part.temptations)


def cheat_text(case: Case, entry: Temptation) -> str:
    """A way to cheat in the words of the case."""
    if entry.issue is not None and entry.option is not None:
        option = case.option_name(entry.issue, entry.option)
        return say("verification.in_truth", issue=case.issue_name(entry.issue), option=option)
    return case.violation_name(entry.name)


def measures_text(case: Case, names: Iterable[str]) -> str:
    """Several measures as a phrase."""
    return listed(case.measure_name(name) for name in names)


def time_text(periods: float, period: str) -> str:
    """A number of periods as people say it; very many of them in years.

    Examples
    --------
    >>> time_text(1, "month"), time_text(2.4, "month"), time_text(20.2, "week")
    ('1 month', '2.4 months', '20 weeks')
    >>> time_text(833, "month")
    '69 years'
    """
    years = periods * YEARS[period]
    if period != "year" and years >= LONG:
        periods, period = years, "year"
    rounded = round(periods, 1) if periods < 10 else round(periods)
    digits = f"{rounded:,.0f}" if rounded == int(rounded) else str(rounded)
    return say("verification.time", digits=digits, count=rounded, period=period)


def found_text(result: VerifyResult, entry: Temptation) -> str:
    """The chance to find it; where nothing is known to see it, whether that is stated."""
    if not entry.seen_by and result.silent:
        return say("verification.not_stated")
    return chance(entry.detection)


def after_text(entry: Temptation, period: str) -> str:
    """After which time it is found, on average."""
    if entry.expected_time is None or not entry.detection:
        return say("verification.never")
    return time_text(entry.expected_time, period)


def needed(entry: Temptation) -> Needed:
    """The least detection that deters a way to cheat, as a trickle and as a dash."""
    dash = entry.dash
    judged = [entry.critical_detection] if entry.margin is not None else []
    if dash is not None and dash.margin is not None:
        judged.append(dash.critical_detection)
    if not judged:
        return "unknown"
    known = [value for value in judged if value is not None and value <= 1]
    if len(known) < len(judged):
        return "none would do"
    return max(known) if max(known) > 0 else "nothing"


def needed_text(entry: Temptation) -> str:
    """The least detection that deters, in words where there is no such number."""
    found = needed(entry)
    if isinstance(found, str):
        return say(f"verification.needed.{found.replace(' ', '_')}")
    return chance(found)


def deterred_text(entry: Temptation) -> str:
    """Whether it pays, as a word."""
    key = {True: "deterred", False: "pays", None: "unknown"}[entry.deterred]
    return say(f"verification.{key}")


def dash_text(entry: Temptation, period: str) -> str:
    """When the prize of a dash is there, and the chance to find it before."""
    dash = entry.dash
    if dash is None:
        return ""
    key = "dash_late" if late(entry) else "dash"
    time = time_text(dash.takes, period)
    return say(f"verification.{key}", time=time, chance=chance(dash.timely))


def late(entry: Temptation) -> bool:
    """Whether the prize of a dash is there before it would be found, on average."""
    dash, time = entry.dash, entry.expected_time
    return dash is not None and (not entry.detection or time is None or time > dash.takes)


def foremost(part: Party) -> Temptation | None:
    """The way to cheat that most needs to be looked at.

    What pays comes first, then what is least deterred; without values what is seen least.
    """
    if isinstance(part, Incentives) and part.weakest is not None:
        return part.weakest
    return min(part.temptations, key=lambda entry: entry.detection, default=None)


def verdict_text(result: VerifyResult, package: str = "") -> str:
    """Whether the agreement can be enforced, in one sentence without a private number.

    ``package`` is what it is called, where the result does not know its name.
    """
    package = package or package_text(result)
    case = result.case
    key, who = verdict_of(result)
    parties = listed(signer_name(case, name) for name in who)
    what = weapons_text(result)
    slots = {"package": package, "parties": parties, "what": what}
    text = say(f"verification.verdict.{key}", count=len(who), **slots)
    dashes = [
        entry.name
        for part in tempted(result)
        for entry in part.temptations
        if entry.dash is not None and entry.dash.timely < 0.5
    ]
    if key != "yes" or not dashes:
        return text
    return f"{text} {say('verification.verdict.late', what=cheats(case, dashes))}"


def verdict_of(result: VerifyResult) -> tuple[str, list[str]]:
    """Whether the agreement can be enforced, as a key of its sentences, and whom that hangs on.

    ``unknown``, ``open`` (nothing could be broken unseen), ``yes``, ``leaves`` (somebody would
    leave openly), ``weapons`` (a dash cannot be judged), ``with_verification``,
    ``with_a_larger_stake`` or ``no``.
    """
    verdict = result.enforceable
    if verdict is None:
        return "unknown", []
    who = [name for name, part in result.parties.items() if part.verdict == verdict]
    who = [name for name in who if name in result.case.signing] or who
    if verdict == "yes":
        return "yes" if tempted(result) else "open", who
    if all(leaves(result.parties[name]) for name in who):
        return "leaves", who
    if verdict == "with verification":
        held = all(result.parties[name].bracket == "enforceable" for name in who)
        return "weapons" if held else "with_verification", who
    return verdict.replace(" ", "_"), who


def signer_name(case: Case, party: str) -> str:
    """A party, with a remark where it does not sign."""
    name = case.party_name(party)
    return name if party in case.signing else say("brief.chart.unsigned", party=name)


def weapons_text(result: VerifyResult) -> str:
    """What is about weapons and has no breakout data."""
    return cheats(result.case, dict.fromkeys(name for _, name in result.weapons_unjudged))


def leaves(part: Incentives) -> bool:
    """Whether a party would rather leave openly than stay."""
    return not not_negative(part.leave)


def requirements(case: Case, choice: Choice) -> dict[str, str]:
    """Measures that the outcome does not allow, with what they require in words."""
    measures = case.verification.measures if case.verification else {}
    return {
        name: in_words(case, requires)
        for name in choice.refused
        if (requires := measures[name].requires) is not None
    }


def cost_text(choice: Choice, entry: MeasureSet, period: str) -> str:
    """What a set of measures costs."""
    if choice.counted:
        return say("verification.cost_counted", count=len(entry.measures))
    return say("verification.cost", cost=number(entry.cost), period=period)


def chosen_text(result: VerifyResult) -> str:
    """The cheapest measures that deter what measures can, or that there are none."""
    choice, case = result.choice, result.case
    found = choice.chosen
    if found is None:
        key = "unknown" if result.enforceable is None else "none"
        return say(f"verification.chosen.{key}")
    if not found.measures:
        return say(f"verification.chosen.{'empty' if choice.deters else 'useless'}")
    key = "all" if choice.deters else "rest"
    if choice.stays_tempting:
        key = "tempting" if choice.budget is None else "within"
    return say(
        f"verification.chosen.{key}",
        measures=measures_text(case, found.measures),
        count=len(found.measures),
        cost=cost_text(choice, found, result.period),
        chance=chance(found.false_alarm),
        period=result.period,
    )


def budget_text(result: VerifyResult) -> str:
    """What a budget allows, if one was asked for."""
    choice = result.choice
    if choice.budget is None or choice.chosen is None:
        return ""
    cheapest = choice.cheapest_without_budget
    key = "short" if cheapest is not None else "no_set" if choice.stays_tempting else "enough"
    slots = {"budget": number(choice.budget), "cheapest": number(cheapest or 0)}
    return say(f"verification.budget.{key}", period=result.period, **slots)


def left_text(result: VerifyResult) -> list[str]:
    """What no measures deter, and what stays tempting, one sentence a party each."""
    choice, found = result.choice, list[str]()
    # What pays as a trickle and as a dash can stand in both.
    rest = [pair for pair in choice.stays_tempting if pair not in choice.beyond]
    for key, pairs in (("beyond", choice.beyond), ("stays_tempting", rest)):
        sets: dict[str, list[str]] = {}
        for party, names in pairs:
            what = cheats(result.case, names)
            if len(names) > 1:
                what = say("verification.together", what=what)
            sets.setdefault(party, []).append(what)
        for party, told in sets.items():
            name, what = result.case.party_name(party), say("verification.or").join(told)
            found.append(say(f"verification.{key}", party=name, what=what))
    return found


def seen_text(case: Case, measure: str, result: VerifyResult) -> str:
    """Which ways to cheat a measure sees, and how well by itself."""
    seen = [
        (case.violation_name(entry.name), entry.seen_by[measure])
        for part in tempted(result)
        for entry in part.temptations
        if entry.seen_by.get(measure)
    ]
    return "; ".join(
        say("verification.seen", what=what, chance=chance(probability))
        for what, probability in dict(sorted(seen, key=lambda pair: pair[1])).items()
    )
