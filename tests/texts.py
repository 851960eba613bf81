"""Random small texts: ``texts()`` draws a case with one package whose clauses have every field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from strategies import Statement, comparisons, issues, outcomes, statements

PARTIES = ("north", "south", "guarantor")
SIGNED = date(2027, 1, 1)
Holds = Callable[[Mapping[str, str]], bool]
Place = tuple[str, int]


@dataclass(frozen=True)
class Text:
    """A drawn case, with the truth of its expressions apart from their wording.

    ``requires`` says where measures work and where violations are possible.
    """

    case: dict[str, Any]
    does: Mapping[str, Holds]
    rules: tuple[Holds, ...]
    requires: Mapping[str, Holds]


_KEYS = st.lists(st.sampled_from(PARTIES), min_size=1, max_size=2, unique=True)


@st.composite
def texts(draw: st.DrawFn) -> Text:
    table = draw(issues(4, 4, 2))
    today = draw(outcomes(table)) if draw(st.integers(0, 4)) else None
    outcome = draw(outcomes(table))
    rules = draw(_rules(table, today or outcome))
    requires: dict[str, Holds] = {}
    measures, violations = draw(_measures(table, requires)), draw(_violations(table, requires))
    for measure in measures.values():
        for violation in draw(st.lists(st.sampled_from(["hiding", "stalling"]), max_size=1)):
            if violation in violations and measure:
                measure.setdefault("detects", {})[violation] = draw(_CHANCES)
    does: dict[str, Holds] = {}
    count = draw(st.integers(3, 7))
    entries = []
    for number in range(count):
        entry, holds = draw(_clauses((number, count), table, outcome, tuple(measures)))
        entries.append(entry)
        does |= {entry["id"]: holds} if holds else {}
    names = st.sampled_from(sorted(table))
    case = {
        "detente": 1,
        "parties": {party: {"signs": party != "guarantor"} for party in PARTIES},
        "issues": {name: draw(_owned(words)) for name, words in table.items()},
        **({"status_quo": today} if today else {}),
        **({"as_of": SIGNED.isoformat()} if draw(st.integers(0, 3)) else {}),
        "rules": [text for text, _ in rules],
        "verification": {"period": "day", "measures": measures},
        "violations": violations,
        "packages": {
            "text": {
                "outcome": outcome,
                "before": draw(st.lists(st.tuples(names, names).map(list), max_size=2)),
                "commitments": entries,
            }
        },
    }
    return Text(case, does, tuple(holds for _, holds in rules), requires)


@st.composite
def _owned(draw: st.DrawFn, words: list[str]) -> dict[str, Any]:
    entry: dict[str, Any] = {"options": words}
    form = draw(st.sampled_from(["control", "control", "joint", "all", "moves"]))
    if form == "control":
        entry["control"] = draw(st.sampled_from(PARTIES))
    elif form == "joint":
        entry["joint"] = draw(_KEYS)
    elif form == "moves":
        arcs = st.permutations(words).map(lambda drawn: list(drawn[:2]))
        tables = st.lists(arcs, max_size=4, unique_by=tuple)
        entry["moves"] = {party: draw(tables) for party in draw(_KEYS)}
    if draw(st.booleans()):
        entry["undo"] = {option: "never" for option in words if draw(st.booleans())} or 1
    if draw(st.booleans()):
        entry["takes"] = {draw(st.sampled_from(words)): draw(st.integers(1, 9))}
    if draw(st.integers(0, 3)) == 0:
        entry["covert"] = draw(st.booleans())
    return entry


@st.composite
def _rules(
    draw: st.DrawFn, table: dict[str, list[str]], witness: Mapping[str, str]
) -> list[tuple[dict[str, str], Holds]]:
    """Rules of one part each that the witness obeys."""
    out: list[tuple[dict[str, str], Holds]] = []
    pairs = st.tuples(comparisons(table), comparisons(table), st.booleans())
    for one, two, never in draw(st.lists(pairs, max_size=4)):
        if never and not (one.holds(witness) and two.holds(witness)):
            out.append(({"never": f"{one.text} and {two.text}"}, _not_both(one, two)))
        elif not never and (two.holds(witness) or not one.holds(witness)):
            out.append(({"if": one.text, "then": two.text}, _implies(one, two)))
    return out


def _not_both(one: Statement, two: Statement) -> Holds:
    return lambda outcome: not (one.holds(outcome) and two.holds(outcome))


def _implies(one: Statement, two: Statement) -> Holds:
    return lambda outcome: two.holds(outcome) or not one.holds(outcome)


_CHANCES = st.sampled_from(["0", "0.5", "0.5"])


@st.composite
def _measures(
    draw: st.DrawFn, table: dict[str, list[str]], requires: dict[str, Holds]
) -> dict[str, Any]:
    measures: dict[str, Any] = {}
    for name in ["eyes", "ears", "noses", "hands"][: draw(st.integers(0, 4))]:
        detects: dict[str, Any] = {}
        for issue in draw(st.lists(st.sampled_from(sorted(table)), max_size=3, unique=True)):
            words = st.dictionaries(st.sampled_from(table[issue]), _CHANCES, min_size=1)
            detects[issue] = draw(_CHANCES | words)
        measures[name] = {"detects": detects} if detects else {}
        if draw(st.booleans()):
            needed = draw(comparisons(table))
            measures[name]["requires"], requires[name] = needed.text, needed.holds
    return measures


@st.composite
def _violations(
    draw: st.DrawFn, table: dict[str, list[str]], requires: dict[str, Holds]
) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name in ["hiding", "stalling"][: draw(st.integers(0, 2))]:
        out[name] = {"party": draw(st.sampled_from(PARTIES))}
        if draw(st.booleans()):
            needed = draw(comparisons(table))
            out[name]["when"], requires[name] = needed.text, needed.holds
    return out


@st.composite
def _clauses(
    draw: st.DrawFn,
    place: tuple[int, int],
    table: dict[str, list[str]],
    outcome: dict[str, str],
    measures: tuple[str, ...],
) -> tuple[dict[str, Any], Holds | None]:
    (number, count), holds = place, None
    entry: dict[str, Any] = {"id": f"c{number}", "who": draw(_KEYS), "if_not": "Talks."}
    form = draw(st.sampled_from(["outcome", "outcome", "outcome", "random", "nothing"]))
    if form != "nothing":
        name = draw(st.sampled_from(sorted(table)))
        sign = draw(st.sampled_from(["==", "==", ">=", "<="]))
        one = Statement(f"{name} {sign} {outcome[name]}", _compared(table, name, sign, outcome))
        drawn = one if form == "outcome" else draw(statements(table, 2))
        entry["does"], holds = drawn.text, drawn.holds
    if draw(st.booleans()):
        entry["to"] = draw(_KEYS)
    when = draw(st.sampled_from(["period", "period", "date", "never"]))
    if when != "never":
        days = draw(st.integers(0, 12))
        entry["by"] = days if when == "period" else (SIGNED + timedelta(days)).isoformat()
    back = draw(st.integers(0, 5)) == 0  # rarely a trigger that comes later, or the clause itself
    triggers = st.sampled_from([f"c{n}" for n in range(count if back else number)] or ["c0"])
    if number or back:
        entry["after"] = draw(st.lists(triggers, max_size=2, unique=True))
    if measures:
        entry["checked_by"] = draw(st.lists(st.sampled_from(measures), max_size=2, unique=True))
    words = st.sampled_from(["open", "open_on_purpose", "a meaning"])
    entry["terms"] = draw(st.dictionaries(st.sampled_from(["arms", "aid"]), words, max_size=2))
    if draw(st.integers(0, 3)) == 0:
        entry["brackets"] = dict.fromkeys(draw(_KEYS), "wording")
    level = draw(st.sampled_from([None, None, "leader", "working", "technical"]))
    return {**entry, **({"level": level} if level else {})}, holds


def _compared(table: dict[str, list[str]], name: str, sign: str, at: dict[str, str]) -> Holds:
    words, there = table[name], table[name].index(at[name])
    compare = {
        "==": lambda here: here == there,
        ">=": lambda here: here >= there,
        "<=": lambda here: here <= there,
    }[sign]
    return lambda outcome: compare(words.index(outcome[name]))
