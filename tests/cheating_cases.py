"""Random small cases with something to hide, as the dictionaries that a case file would give.

A period is a year, so that discount factors are exact. Probabilities are few, zero and one
among them; so ties and certainties are common.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from strategies import Statement, statements

PARTIES = ("north", "south", "guarantor")
OPTIONS = ("held", "cantoned", "destroyed")

discounts = st.sampled_from(["0.3", "0.5", "0.75", "0.9", "0.95"])
chances = st.sampled_from(["0", "0.05", "0.2", "0.3", "0.5", "0.9", "1"])
false_alarms = st.sampled_from(["0", "0.01", "0.05", "0.2"])
undo_times = st.sampled_from([0, 1, 2, 5, "never"])
points = st.integers(-20, 40)


@st.composite
def _issue(draw: st.DrawFn, parties: list[str]) -> dict[str, Any]:
    entry: dict[str, Any] = {"options": list(OPTIONS[: draw(st.integers(2, 3))])}
    owner = draw(st.sampled_from([*parties, "joint"]))
    entry.update({"joint": parties} if owner == "joint" else {"control": owner})
    kind = draw(st.sampled_from(["none", "one", "each", "irreversible"]))
    if kind == "one":
        entry["undo"] = draw(undo_times)
    elif kind == "each":
        entry["undo"] = {option: draw(undo_times) for option in entry["options"]}
    elif kind == "irreversible":
        entry["irreversible"] = [entry["options"][-1]]
    stated = draw(st.sampled_from([None, None, None, True, False]))
    if stated is not None:
        entry["covert"] = stated
    return entry


@st.composite
def _measure(
    draw: st.DrawFn, issues: dict[str, list[str]], listed: list[str], requires: Statement | None
) -> dict[str, Any]:
    detects: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from([*issues, *listed]), max_size=3, unique=True)):
        options = issues.get(name, [])
        if options and draw(st.booleans()):
            known = draw(st.lists(st.sampled_from(options), min_size=1, unique=True))
            detects[name] = {option: draw(chances) for option in known}
        else:
            detects[name] = draw(chances)
    entry: dict[str, Any] = {"detects": detects}
    if draw(st.booleans()):
        entry["false_alarm"] = draw(false_alarms)
    if draw(st.integers(0, 3)):
        entry["cost"] = draw(st.integers(0, 6))
    if requires is not None:
        entry["requires"] = requires.text
    return entry


@st.composite
def _party(draw: st.DrawFn, issues: dict[str, list[str]], *, war: bool) -> dict[str, Any]:
    entry: dict[str, Any] = {"discount": draw(discounts)}
    if draw(st.integers(0, 3)) == 0:
        entry["turnover"] = "0.1"
    if draw(st.integers(0, 2)) == 0:
        entry["walk_away"] = draw(points)
    kind = draw(st.integers(0, 5))
    if kind == 0:
        entry["breakdown"] = {"cost": draw(st.integers(0, 20))}
    elif kind == 1 and war:
        entry["breakdown"] = {"base": draw(points)}
        issue = draw(st.sampled_from(sorted(issues)))
        entry["breakdown"]["scores"] = {issue: {o: draw(points) for o in issues[issue]}}
    return entry


@st.composite
def cheating_cases(
    draw: st.DrawFn,
    *,
    most_parties: int = 2,
    most_issues: int = 3,
    most_measures: int = 3,
    lags: tuple[int, ...] = (0, 0, 1, 2),
    war: bool = True,
    breakouts: bool = True,
) -> tuple[dict[str, Any], dict[str, str]]:
    """A case and an agreed outcome."""
    parties = list(PARTIES[: draw(st.integers(1, most_parties))])
    names = ("arms", "troops", "access")[: draw(st.integers(1, most_issues))]
    entries = {name: draw(_issue(parties)) for name in names}
    if len(entries) > 1 and draw(st.integers(0, 3)) == 0:
        entries[names[-1]]["ordered"] = False
    issues = {name: entry["options"] for name, entry in entries.items()}
    spoken = {name: words for name, words in issues.items() if entries[name].get("ordered", True)}
    today = {
        name: draw(st.sampled_from([words[0], words[0], words[-1]]))
        for name, words in issues.items()
    }
    agreed = {
        name: draw(st.sampled_from([words[-1], words[-1], words[0]]))
        for name, words in issues.items()
    }
    wordings = statements(spoken, 1).filter(lambda s: s.holds(agreed))
    listed: dict[str, Any] = {}
    for name in ("depot", "smuggling")[: draw(st.integers(0, 2))]:
        listed[name] = {"party": draw(st.sampled_from(parties))}
        if draw(st.integers(0, 3)):
            listed[name]["gain"] = draw(st.integers(-3, 12))
        if breakouts and draw(st.booleans()):
            prize = draw(st.integers(-2, 25))
            listed[name]["breakout"] = {"takes": draw(st.integers(1, 4)), "prize": prize}
        if draw(st.integers(0, 3)) == 0:
            listed[name]["when"] = draw(statements(spoken, 1)).text
    measures = {}
    for name in ("satellites", "inspectors", "sensors", "hotline")[
        : draw(st.integers(0, most_measures))
    ]:
        requires = draw(wordings) if draw(st.integers(0, 3)) == 0 else None
        measures[name] = draw(_measure(issues, list(listed), requires))
    verification: dict[str, Any] = {"period": "year", "measures": measures}
    verification["lag"] = draw(st.sampled_from(lags))
    if draw(st.integers(0, 2)) == 0:
        look = {"keeps_true": draw(st.sampled_from(["0.9", "1"])), "keeps_false": "0.2"}
        verification["second_look"] = look
    if draw(st.integers(0, 2)) == 0:
        verification["punishment"] = draw(st.integers(1, 8))
    guarantees = {}
    for name in ("patrol", "fund")[: draw(st.integers(0, 2))]:
        guarantees[name] = {"by": "somebody", "against": draw(st.sampled_from(parties))}
        guarantees[name]["amount"] = draw(st.integers(0, 30))
        if draw(st.booleans()):
            guarantees[name]["when"] = draw(statements(spoken, 1)).text
    case = {
        "detente": 1,
        "title": "A drawn case",
        "parties": {name: draw(_party(issues, war=war)) for name in parties},
        "issues": entries,
        "status_quo": today,
        "values": {name: draw(_values(issues, spoken)) for name in parties},
        "verification": verification,
        "violations": listed,
        "guarantees": guarantees,
    }
    return case, agreed


@st.composite
def _values(
    draw: st.DrawFn, issues: dict[str, list[str]], spoken: dict[str, list[str]]
) -> dict[str, Any]:
    out: dict[str, Any] = {
        "scores": {issue: {o: draw(points) for o in words} for issue, words in issues.items()}
    }
    if draw(st.integers(0, 3)) == 0:
        when = draw(statements(spoken, 1)).text
        out["adjustments"] = [{"when": when, "add": draw(points)}]
    return out
