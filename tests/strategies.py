"""Random small cases, as the dictionaries that a case file would give.

``cases()`` draws valid cases of every form: rules, concerns, weights or points, adjustments,
priorities, rankings, factions, quotas, vetoes, parties that do not sign, with and without a
status quo. Keyword arguments narrow the draw; what they leave out keeps its default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

PARTIES = ("north", "south", "guarantor", "sponsor", "observer", "neighbour")
ISSUES = ("arms", "troops", "embargo", "treaty", "access", "aid", "prisoners", "border")
OPTIONS = ("none", "partial", "full", "signed", "held", "withdrawn")

Outcome = Mapping[str, str]
Issues = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Statement:
    """The text of an expression, and its truth from the definition (not from the parser)."""

    text: str
    holds: Callable[[Outcome], bool]


def issues(most: int = 4, options: int = 4, fewest: int = 1) -> st.SearchStrategy[dict[str, Any]]:
    """Issue names with their option names, first to last."""
    words = st.lists(st.sampled_from(OPTIONS), min_size=2, max_size=options, unique=True)
    names = st.lists(st.sampled_from(ISSUES), min_size=fewest, max_size=most, unique=True)
    return names.flatmap(lambda drawn: st.fixed_dictionaries(dict.fromkeys(drawn, words)))


def outcomes(table: Issues) -> st.SearchStrategy[dict[str, str]]:
    """Complete outcomes."""
    return st.fixed_dictionaries({name: st.sampled_from(words) for name, words in table.items()})


@st.composite
def partial_outcomes(draw: st.DrawFn, table: Issues, fewest: int = 0) -> dict[str, str]:
    """Outcomes that leave out some issues, perhaps all."""
    most = draw(st.integers(fewest, len(table)))
    names = draw(st.permutations(sorted(table)))[:most]
    return {name: draw(st.sampled_from(table[name])) for name in names}


@st.composite
def comparisons(draw: st.DrawFn, table: Issues) -> Statement:
    """One issue compared with an option or with several."""
    issue = draw(st.sampled_from(sorted(table)))
    words = list(table[issue])
    operator = draw(_OPERATORS)
    option = draw(st.sampled_from(words))
    if operator in ("in", "not in"):
        several = [option, words[0]]
        text = f"{issue} {operator} ({', '.join(several)})"
        return Statement(text, lambda o: (o[issue] in several) == (operator == "in"))
    there = words.index(option)

    def holds(outcome: Outcome) -> bool:
        here = words.index(outcome[issue])
        return {
            "==": here == there,
            "!=": here != there,
            "<": here < there,
            "<=": here <= there,
            ">": here > there,
            ">=": here >= there,
        }[operator]

    return Statement(f"{issue} {operator} {option}", holds)


_OPERATORS = st.sampled_from(["==", "!=", ">=", "<", "<=", ">", "in", "not in"])
_JOINTS = st.sampled_from(["", "", "not", "and", "or"])


@st.composite
def statements(draw: st.DrawFn, table: Issues, depth: int = 2) -> Statement:
    """Expressions over these issues, nested at most so deep."""
    joint = draw(_JOINTS) if depth else ""
    if not joint:
        return draw(comparisons(table))
    first = draw(statements(table, depth - 1))
    if joint == "not":
        return Statement(f"not ({first.text})", lambda o: not first.holds(o))
    second = draw(statements(table, depth - 1))
    text = f"({first.text}) {joint} ({second.text})"
    if joint == "and":
        return Statement(text, lambda o: first.holds(o) and second.holds(o))
    return Statement(text, lambda o: first.holds(o) or second.holds(o))


_NUMBER_FORMS = st.sampled_from(["whole", "whole", "round", "tenths", "triangular", "uniform"])


@st.composite
def numbers(draw: st.DrawFn, low: int = -20, high: int = 100) -> Any:
    """Numbers in the forms that a case accepts; round ones are common, so that ties are too."""
    form = draw(_NUMBER_FORMS)
    first = draw(st.integers(low, high))
    if form == "round":
        return min(max(round(first, -1), low), high)
    if form == "tenths":
        return f"{first}.{draw(st.integers(0, 9))}" if low <= first < high else first
    if form == "whole":
        return first
    last = draw(st.integers(first, high))
    if form == "uniform":
        return [first, last]
    return {"low": first, "likely": draw(st.integers(first, last)), "high": last}


@st.composite
def values(draw: st.DrawFn, table: Issues, *, ordinal: bool = True) -> dict[str, Any]:
    """What outcomes are worth to somebody: weights, points, or (``ordinal``) an order."""
    form = draw(st.sampled_from(["weights", "points"] + ["priorities", "ranking"] * ordinal))
    if form == "priorities":
        drawn = draw(st.lists(statements(table), min_size=1, max_size=4))
        return {"priorities": [statement.text for statement in drawn]}
    if form == "ranking":
        pattern = partial_outcomes(table)
        tied = st.lists(pattern, min_size=1, max_size=3)
        return {"ranking": draw(st.lists(pattern | tied, min_size=1, max_size=6))}
    scored = draw(st.lists(st.sampled_from(sorted(table)), min_size=1, unique=True))
    out: dict[str, Any] = {
        "scores": {
            issue: {option: draw(numbers()) for option in table[issue]} for issue in sorted(scored)
        }
    }
    if form == "weights":
        weights = {issue: draw(numbers(0, 30)) for issue in sorted(scored)}
        if all(_point(weight) == 0 for weight in weights.values()):
            weights[min(scored)] = 1
        out["weights"] = weights
    if draw(st.booleans()):
        drawn = draw(st.lists(st.tuples(statements(table), numbers(-20, 20)), max_size=3))
        out["adjustments"] = [{"when": when.text, "add": add} for when, add in drawn]
    return out


def _point(number: Any) -> float:
    if isinstance(number, dict):
        return float(number["likely"])
    return sum(map(float, number)) / 2 if isinstance(number, list) else float(number)


@st.composite
def concerns(draw: st.DrawFn, table: Issues, *, must: bool = True) -> list[dict[str, Any]]:
    """Red lines and wishes, with names that differ."""
    drawn = draw(st.lists(st.tuples(statements(table), st.booleans()), max_size=3))
    return [
        {"name": f"Concern {number}", "met": statement.text, "must": bool(red and must)}
        for number, (statement, red) in enumerate(drawn, 1)
    ]


@st.composite
def rules(draw: st.DrawFn, table: Issues, witness: Outcome) -> list[dict[str, Any]]:
    """Rules that the witness obeys, so that at least one outcome does."""
    out: list[dict[str, Any]] = []
    for never in draw(st.lists(statements(table), max_size=2)):
        text = f"not ({never.text})" if never.holds(witness) else never.text
        out.append({"never": text})
    for when, then in draw(st.lists(st.tuples(statements(table), statements(table)), max_size=2)):
        if not when.holds(witness) or then.holds(witness):
            out.append({"if": when.text, "then": then.text})
    return out


@st.composite
def walk_aways(draw: st.DrawFn, table: Issues, *, cardinal: bool, today: bool) -> Any:
    """No deal: a number (only where values are numbers), an outcome, or today's state."""
    forms = ["outcome"] + ["number"] * cardinal + ["status_quo"] * today
    form = draw(st.sampled_from(forms))
    if form == "number":
        return draw(numbers(-20, 100))
    if form == "outcome":
        return draw(partial_outcomes(table, 1) if today else outcomes(table))
    return "status_quo"


@st.composite
def cases(
    draw: st.DrawFn,
    *,
    most_parties: int = 4,
    most_issues: int = 4,
    most_options: int = 4,
    ordinal: bool = True,
    unvalued: bool = True,
    with_rules: bool = True,
    with_concerns: bool = True,
    factions: bool = True,
    quotas: bool = True,
    bystanders: bool = True,
    status_quo: bool | None = None,
) -> dict[str, Any]:
    """A valid case as a dictionary for ``detente.load``.

    Parameters
    ----------
    most_parties, most_issues, most_options
        Largest numbers of each.
    ordinal
        Whether values may be priorities or rankings.
    unvalued
        Whether a party may have no values.
    with_rules, with_concerns, factions, quotas, bystanders
        Whether the case may have rules, concerns, factions, an agreement rule other than
        unanimity, and parties that do not sign.
    status_quo
        Whether there is one; drawn where None.
    """
    table = draw(issues(most_issues, most_options))
    witness = draw(outcomes(table))
    today = draw(st.booleans()) if status_quo is None else status_quo
    names = PARTIES[: draw(st.integers(1, most_parties))]
    case: dict[str, Any] = {
        "detente": 1,
        "title": "A drawn case",
        "parties": {},
        "issues": {issue: {"options": list(words)} for issue, words in table.items()},
    }
    if today:
        case["status_quo"] = witness
    if with_rules and (drawn := draw(rules(table, witness))):
        case["rules"] = drawn
    case["values"] = {}
    case["concerns"] = {}
    for name in names:
        own = draw(_owners(table, today=today, ordinal=ordinal, concerned=with_concerns))
        party = {"walk_away": own["walk_away"]}
        if bystanders and name != names[0] and draw(st.booleans()):
            party["signs"] = False
        if factions and draw(st.integers(0, 3)) == 0:
            party.update(draw(_factions(table, today=today, ordinal=ordinal)))
        if not unvalued or draw(st.integers(0, 7)):
            case["values"][name] = own["values"]
        if own["concerns"]:
            case["concerns"][name] = own["concerns"]
        case["parties"][name] = party
    signing = [name for name, party in case["parties"].items() if party.get("signs", True)]
    if quotas and draw(st.booleans()):
        case["agreement"] = draw(_agreements(signing))
    return case


@st.composite
def _owners(
    draw: st.DrawFn, table: Issues, *, today: bool, ordinal: bool, concerned: bool
) -> dict[str, Any]:
    """Values, concerns and walk-away of a party or faction."""
    drawn = draw(values(table, ordinal=ordinal))
    walk_away = draw(walk_aways(table, cardinal="scores" in drawn, today=today))
    wishes = draw(concerns(table)) if concerned else []
    return {"values": drawn, "walk_away": walk_away, "concerns": wishes}


@st.composite
def _factions(draw: st.DrawFn, table: Issues, *, today: bool, ordinal: bool) -> dict[str, Any]:
    names = ["senate", "army", "street"][: draw(st.integers(1, 3))]
    one = _owners(table, today=today, ordinal=ordinal, concerned=True)
    quota = st.fixed_dictionaries(
        {"quota": st.integers(1, len(names)), "veto": st.lists(st.sampled_from(names), unique=True)}
    )
    return {
        "factions": {name: draw(one) for name in names},
        "ratification": draw(st.sampled_from(["all", "majority"]) | quota),
    }


@st.composite
def _agreements(draw: st.DrawFn, signing: Sequence[str]) -> dict[str, Any]:
    veto = draw(st.lists(st.sampled_from(list(signing)), unique=True))
    if draw(st.booleans()):
        return {"quota": draw(st.integers(1, len(signing))), "veto": veto}
    weights = {name: draw(st.integers(0, 5)) for name in signing}
    weights[signing[0]] += 1
    quota = draw(st.sampled_from(["0.5", "0.6", "2/3", 1]))
    return {"weights": weights, "quota": quota, "veto": veto}
