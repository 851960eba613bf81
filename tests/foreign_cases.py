"""Random small cases that a scoring workbook can hold, and comparisons of cases."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from detente.case import Case
from detente.case.numbers import show

FIELDS = [name for name in Case.model_fields if name != "detente"]

texts = st.text(
    st.one_of(
        st.sampled_from("ab Z9.,;:#'\"-=(){}[]|>&*!%@`?~_/äß한🙂\n"),
        st.characters(categories=["L", "Nd", "P", "S"]),
    ),
    min_size=1,
    max_size=40,
).filter(lambda t: t.strip() and t.replace("\n", "").isprintable())
lines = texts.filter(lambda t: "\n" not in t and t == t.strip())
PARTIES = ["north", "South", "länd_1", "issues", "history", "a" * 33, "a" * 34, "x_y", "x__y", "1"]
ISSUES = ["troops", "Arms", "x_1", "low", "3", "walk_away", "total"]
OPTIONS = ["held", "Cut", "half_way", "1", "2", "1.5", "low", "x"]
SOURCES = ["speech", "interview_3"]

fractions = st.one_of(
    st.integers(-50, 100).map(Fraction),
    st.decimals(-10, 10, places=3).map(lambda d: Fraction(str(d))),
    st.fractions(-5, 5, max_denominator=9),
    st.sampled_from(["123456789.123456789123", "0.00000000000000000017"]).map(Fraction),
)


@st.composite
def numbers(draw: st.DrawFn, *, positive: bool = False) -> Any:
    """A number in one of its forms."""
    low, likely, high = sorted(draw(fractions) for _ in range(3))
    if positive:
        low, likely, high = (abs(x) + 1 for x in (low, likely, high))
        low, likely, high = sorted((low, likely, high))
    form = draw(st.sampled_from(["exact", "uniform", "triangular", "pert", "normal"]))
    number: dict[str, Any] = {
        "exact": {"value": likely},
        "uniform": {"low": low, "high": high},
        "triangular": {"low": low, "likely": likely, "high": high},
        "pert": {"low": low, "likely": likely, "high": high},
        "normal": {"mean": likely, "sd": abs(high)},
    }[form]
    number = {key: show(value) for key, value in number.items()}
    if form == "pert":
        number["shape"] = "pert"
    if draw(st.booleans()):
        number["because"] = draw(texts)
    if draw(st.booleans()):
        number["source"] = draw(st.lists(st.sampled_from(SOURCES), min_size=1, unique=True))
    return number["value"] if list(number) == ["value"] else number


@st.composite
def remarks(draw: st.DrawFn) -> dict[str, Any]:
    """What any entry may carry."""
    out: dict[str, Any] = {}
    for key in ("about", "because"):
        if draw(st.integers(0, 3)) == 0:
            out[key] = draw(texts)
    if draw(st.integers(0, 3)) == 0:
        out["source"] = draw(st.lists(st.sampled_from(SOURCES), min_size=1, unique=True))
    return out


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """The content of a case with nothing but what a scoring workbook holds."""
    parties = draw(st.lists(st.sampled_from(PARTIES), min_size=1, max_size=3, unique=True))
    issues = draw(st.lists(st.sampled_from(ISSUES), min_size=1, max_size=3, unique=True))
    data: dict[str, Any] = {"detente": "1", "title": draw(lines), "parties": {}, "issues": {}}
    for key in ("handling", "about"):
        if draw(st.booleans()):
            data[key] = draw(texts)
    if draw(st.booleans()):
        data["as_of"] = "2026-11-01"
    for issue in issues:
        data["issues"][issue] = draw(_issue(parties))
    options = {issue: list(entry["options"]) for issue, entry in data["issues"].items()}
    if draw(st.booleans()):
        data["status_quo"] = {issue: names[0] for issue, names in options.items()}
    rule = f"{issues[0]} == {options[issues[0]][-1]} and {issues[-1]} != {options[issues[-1]][0]}"
    if draw(st.booleans()) and issues[0] != issues[-1]:
        data["rules"] = [draw(st.sampled_from([{"never": rule}, _implied(rule, issues, options)]))]
        data["rules"][0].update(draw(remarks()))
    data["values"] = {}
    for party in parties:
        entry = {**({"name": draw(texts)} if draw(st.booleans()) else {}), **draw(remarks())}
        if "status_quo" not in data or draw(st.booleans()):
            entry["walk_away"] = draw(numbers())
        elif draw(st.booleans()):
            entry["walk_away"] = {"outcome": "status_quo", "because": draw(texts)}
        if party != parties[0] and draw(st.booleans()):
            entry["signs"] = "false"
        data["parties"][party] = entry
        if draw(st.integers(0, 4)):
            data["values"][party] = draw(_values(options))
    data["sources"] = {"speech": {"title": draw(lines), "date": "2026"}, SOURCES[1]: {"title": "I"}}
    return data


def _implied(rule: str, issues: list[str], options: dict[str, list[str]]) -> dict[str, str]:
    first, then = rule.split(" and ")
    return {"if": first, "then": f"not ({then})"}


@st.composite
def _issue(draw: st.DrawFn, parties: list[str]) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(OPTIONS), min_size=2, max_size=3, unique=True))
    entry: dict[str, Any] = {"options": {}, **draw(remarks())}
    for name in names:
        wording = {"name": draw(texts)} if draw(st.booleans()) else {}
        entry["options"][name] = {**wording, **draw(remarks())} or None
    if draw(st.booleans()):
        entry["name"] = draw(texts)
    owner = draw(st.sampled_from([None, "control", "joint"]))
    if owner:
        entry[owner] = parties[0] if owner == "control" else list(parties)
    if draw(st.booleans()):
        entry["ordered"] = "false"
    return entry


@st.composite
def _values(draw: st.DrawFn, options: dict[str, list[str]]) -> dict[str, Any]:
    scored = draw(st.lists(st.sampled_from(sorted(options)), min_size=1, unique=True))
    values: dict[str, Any] = {
        "scores": {issue: {name: draw(numbers()) for name in options[issue]} for issue in scored}
    }
    if draw(st.booleans()):
        values["weights"] = {issue: draw(numbers(positive=True)) for issue in scored}
    return values


def differences(one: Case, other: Case) -> list[str]:
    """The parts of two cases that are not equal."""
    return [name for name in FIELDS if getattr(one, name) != getattr(other, name)]
