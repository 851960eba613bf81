"""How the numbers of a case are called and told: ``the North’s weight of “Heavy weapons”``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction

from detente.case.numbers import show
from detente.case.schema import Case
from detente.case.valuation import Values
from detente.model.sentences import say
from detente.model.wording import in_words
from detente.uncertainty.answer import Condition, Factor
from detente.views.naming import named
from detente.views.roadmap.words import guarantee_name

Path = tuple[str, ...]
WRITTEN = 6
"""A number of up to so many characters is told as it was written."""
FINEST = 9
"""Most decimals that are told."""


# who


def within(name: str) -> str:
    """A name in the middle of a sentence: ``the North``."""
    return f"t{name[1:]}" if name.startswith("The ") else name


def party_text(case: Case, name: str) -> str:
    """A party or faction in the middle of a sentence."""
    return within(case.party_name(name))


# which number


def factor_text(case: Case, factor: Factor) -> str:
    """A number of the case in the middle of a sentence, with whose it is.

    One that only another coding has is told by its place there.
    """
    path = tuple(map(str, factor.path))
    try:
        found = _TELL[path[0]](case, path[1:])
    except (LookupError, AttributeError):
        found = ""
    return found or say("stress.factor.elsewhere", name=factor.name)


def whose(case: Case, name: str) -> str:
    """A party or faction before what is its own: ``the North’s``, ``the United States’``."""
    called = party_text(case, name)
    found = say(f"stress.whose.{'short' if called.endswith('s') else 'long'}", name=called)
    if "." not in name:
        return found
    party, _, _ = name.partition(".")
    return say("stress.whose.faction", whose=found, party=party_text(case, party))


def driver_text(case: Case, name: str) -> str:
    """What an outside factor is called."""
    return case.drivers[name].name or name.replace("_", " ")


def _values(case: Case, path: Path) -> str:
    """Below ``values``: of a party."""
    return _among_values(case, path[0], case.values[path[0]], path[1:])


def _among_values(case: Case, owner: str, values: Values | None, path: Path) -> str:
    kind, *place = path
    slots = {"whose": whose(case, owner)}
    if kind == "weights":
        return say("stress.factor.weight", issue=case.issue_name(place[0]), **slots)
    if kind == "scores":
        return say("stress.factor.score", option=_option(case, *place), **slots)
    if kind == "adjustments" and values is not None:
        when = values.adjustments[int(place[0])].when
        return say("stress.factor.adjustment", when=in_words(case, when), **slots)
    return ""


def _option(case: Case, issue: str, option: str) -> str:
    return say(
        "stress.factor.option",
        issue=case.issue_name(issue),
        option=case.option_name(issue, option),
    )


def _party(case: Case, path: Path) -> str:
    """Below ``parties``."""
    party, kind, *rest = path
    owner = {"whose": whose(case, party), "party": within(named(case, party))}
    if kind in ("walk_away", "discount", "turnover"):
        return say(f"stress.factor.{kind}", **owner)
    if kind == "breakdown":
        option = _option(case, *rest[1:3]) if rest[0] == "scores" else ""
        return say(f"stress.factor.breakdown_{rest[0]}", option=option, **owner)
    if kind == "factions":
        return _faction(case, party, *rest)
    if kind == "sees":
        there = case.parties[party].sees
        seen = {} if there is None else there.values
        inner = _among_values(case, rest[1], seen.get(rest[1]), tuple(rest[2:]))
        return inner and say("stress.factor.sees", what=inner, **owner)
    return ""


def _faction(case: Case, party: str, faction: str, kind: str, *rest: str) -> str:
    name = f"{party}.{faction}"
    if kind == "walk_away":
        return say("stress.factor.walk_away", whose=whose(case, name))
    values = case.parties[party].factions[faction].values
    return _among_values(case, name, values, rest)


def _verification(case: Case, path: Path) -> str:
    """Below ``verification``: what measures see, and how often they are wrong."""
    if path[0] == "second_look":
        return say(f"stress.factor.{path[1]}")
    _, measure, kind, *rest = path
    slots = {"measure": case.measure_name(measure), "period": case.period}
    if kind != "detects":
        return say(f"stress.factor.{kind}", **slots)
    name, option = (*rest, "")[:2]
    key = "detects_option" if option else "detects_issue" if name in case.issues else "detects"
    in_truth = case.option_name(name, option) if option else ""
    return say(f"stress.factor.{key}", what=case.violation_name(name), option=in_truth, **slots)


def _violation(case: Case, path: Path) -> str:
    slots = {
        "violation": case.violation_name(path[0]),
        "party": party_text(case, case.violations[path[0]].party),
    }
    return say(f"stress.factor.{'prize' if path[1] == 'breakout' else 'gain'}", **slots)


def _guarantee(case: Case, path: Path) -> str:
    against = party_text(case, case.guarantees[path[0]].against)
    name = guarantee_name(case, path[0])
    return say("stress.factor.guarantee", guarantee=name, against=against)


def _driver(case: Case, path: Path) -> str:
    """Below ``drivers``: the outside factor itself, what it moves, how it moves, its hazards."""
    name, *rest = path
    slots = {"driver": driver_text(case, name)}
    if not rest or rest[0] in ("range", "likely"):
        return say("stress.factor.driver", **slots)
    if rest[0] == "path":
        return say("stress.factor.per_year", **slots)
    if rest[0] == "hazards":
        return say("stress.factor.hazard", party=party_text(case, rest[1]), **slots)
    shift = case.drivers[name].shifts[int(rest[1])]
    below = {
        "walk_away": ("walk_away",),
        "weight": ("weights", shift.issue or ""),
        "score": ("scores", shift.issue or "", shift.option or ""),
    }[rest[2]]
    moved = (_party if rest[2] == "walk_away" else _values)(case, (shift.party, *below))
    return say("stress.factor.shift", what=moved, **slots)


def _agreement(case: Case, path: Path) -> str:
    return say("stress.factor.votes", whose=whose(case, path[1]))


_TELL: Mapping[str, Callable[[Case, Path], str]] = {
    "values": _values,
    "parties": _party,
    "verification": _verification,
    "violations": _violation,
    "guarantees": _guarantee,
    "drivers": _driver,
    "agreement": _agreement,
}


# its values


def in_percent(factor: Factor) -> bool:
    """Whether a number is told in per cent: detection, alarms, changes of government."""
    path = factor.path
    return "detects" in path or path[-1] in ("turnover", "false_alarm", "keeps_true", "keeps_false")


def stated_text(factor: Factor) -> str:
    """A number as stated, of a range the likely value."""
    return _written(factor, factor.number.point)


def range_text(factor: Factor) -> str:
    """Its stated range: ``52 to 60``; of a normal number mean and spread; empty without one."""
    number = factor.number
    if number.low is not None and number.high is not None:
        low, high = _written(factor, number.low), _written(factor, number.high)
        return say("stress.number.range", low=low.removesuffix(" %"), high=high)
    if number.sd is None:
        return ""
    return say("stress.number.spread", mean=stated_text(factor), spread=_written(factor, number.sd))


def value_text(factor: Factor, value: float, above: bool | None = None) -> str:
    """A value of a number, with three digits or so.

    Parameters
    ----------
    factor, value
        The number, and another value of it.
    above
        Where it is compared with the stated one, whether it lies above that: it is then rounded
        away from it, and never told as the same.
    """
    scaled = _exact(value) * (100 if in_percent(factor) else 1)
    way = ROUND_HALF_UP if above is None else ROUND_CEILING if above else ROUND_FLOOR
    size = abs(scaled)
    places = 0 if size >= 100 else 1 if size >= 1 else 3
    stated = factor.number.point * (100 if in_percent(factor) else 1)
    found = scaled.quantize(Decimal(1).scaleb(-places), way)
    while above is not None and places < FINEST and _same(found, stated, places):
        places += 1
        found = scaled.quantize(Decimal(1).scaleb(-places), way)
    return _with_unit(factor, found)


def _exact(value: float) -> Decimal:
    """A float without its noise."""
    return Decimal(f"{value:.{FINEST}g}")


def _same(found: Decimal, stated: Fraction, places: int) -> bool:
    """Whether a rounded value cannot be told from the stated one."""
    return bool(abs(Fraction(found) - stated) * 10**places < Fraction(1, 2))


def _written(factor: Factor, value: Fraction) -> str:
    """A stated value as it was written, as long as that is short."""
    text = show(value * 100 if in_percent(factor) else value)
    if len(text) > WRITTEN or "/" in text:
        return value_text(factor, float(value))
    return text.replace("-", "−") + (" %" if in_percent(factor) else "")


def _with_unit(factor: Factor, value: Decimal) -> str:
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    text = "0" if text in ("-0", "") else text.replace("-", "−")
    return f"{text} %" if in_percent(factor) else text


def condition_text(case: Case, condition: Condition) -> str:
    """That a number lies in a part of its range: ``Rain is above 64 (per cent of the mean)``."""
    factor, low, high = condition.factor, condition.low, condition.high
    key = "between" if None not in (low, high) else "above" if high is None else "below"
    slots = {"factor": factor_text(case, factor), "unit": _unit(case, factor)}
    for name, end in (("low", low), ("high", high)):
        slots[name] = "" if end is None else value_text(factor, end)
    return say(f"stress.condition.{key}", **slots)


def _unit(case: Case, factor: Factor) -> str:
    """What an outside factor is counted in, in brackets."""
    if factor.path[0] != "drivers" or len(factor.path) != 2:
        return ""
    driver = case.drivers.get(str(factor.path[1]))
    return "" if driver is None or not driver.unit else f" ({driver.unit})"
