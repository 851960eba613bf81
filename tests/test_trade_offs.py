"""Steps and trades against the definition: every single change and every pair of them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from by_definition import ByDefinition
from detente.agreement.packages.changes import Change
from detente.agreement.packages.trade_offs import Step, TradeOffs, trade_offs
from detente.case import load
from detente.model import space
from detente.model.compilation import compile_case
from strategies import cases


def step_by_definition(
    truth: ByDefinition, before: Mapping[str, str], after: Mapping[str, str]
) -> Step:
    change = {
        name: truth.value(name, after) - truth.value(name, before)
        for name in truth.case.parties
        if name in truth.valued
    }
    word = {-1: "worse", 0: "same", 1: "better"}
    cardinal = {name: values.cardinal for name in change if (values := truth.entries[name][1])}
    return Step(
        tuple(Change(i, before[i], after[i]) for i in before if before[i] != after[i]),
        {name: gain for name, gain in change.items() if cardinal[name]},
        {n: word[(g > 0) - (g < 0)] for n, g in change.items() if not cardinal[n]},  # type: ignore[misc]
    )


def trades_by_definition(
    truth: ByDefinition, start: Mapping[str, str], one: str, other: str
) -> list[Step]:
    """All trades of two parties, best first, then in the order of issues and options."""

    def improves(after: Mapping[str, str]) -> bool:
        gains = [truth.value(name, after) - truth.value(name, start) for name in (one, other)]
        return not truth.broken(after) and min(gains) >= 0 and max(gains) > 0

    out = []
    singles = [(issue, option) for issue, option, _ in truth.neighbours(start)]
    for (i, a), (j, b) in itertools.combinations(singles, 2):
        if i == j or improves({**start, i: a}) or improves({**start, j: b}):
            continue
        after = {**start, i: a, j: b}
        if improves(after):
            out.append(step_by_definition(truth, start, after))
    size = {id(s): sorted((s.gains[one], s.gains[other])) for s in out}
    return sorted(out, key=lambda s: (-size[id(s)][0], -size[id(s)][1]))


@st.composite
def bargains(draw: st.DrawFn) -> dict[str, Any]:
    """Three parties with few and small scores in different units, and rules: full of ties."""
    issues = {f"i{n}": ["x", "y", "z"][: draw(st.integers(2, 3))] for n in range(3)}
    units = {"a": 1, "b": "1/3", "c": "0.7"}
    scores = {
        name: {
            issue: {option: str(draw(st.integers(-3, 3)) * Fraction(unit)) for option in options}
            for issue, options in issues.items()
        }
        for name, unit in units.items()
    }
    today = dict.fromkeys(issues, "x")
    rule = st.tuples(*[st.sampled_from(("i0", "i1", "i2")), st.sampled_from("xy")] * 2)
    texts = [f"{i} == {a} and {j} != {b}" for i, a, j, b in draw(st.lists(rule, max_size=2))]
    return {
        "detente": 1,
        "title": "A drawn bargain",
        "parties": {name: {"walk_away": 0} for name in units},
        "issues": {name: {"options": options} for name, options in issues.items()},
        "values": {name: {"scores": own} for name, own in scores.items()},
        "rules": [{"if": text, "then": " and ".join(f"{i} == x" for i in today)} for text in texts],
    }


@settings(max_examples=60, deadline=None)
@given(cases(most_parties=3, most_issues=4, most_options=3), st.data(), st.integers(0, 4))
def test_against_the_definition(case: dict[str, Any], data: st.DataObject, limit: int) -> None:
    check(case, data, limit)


@settings(max_examples=150, deadline=None)
@given(bargains(), st.data(), st.integers(1, 9))
def test_trades_against_the_definition(
    case: dict[str, Any], data: st.DataObject, limit: int
) -> None:
    check(case, data, limit)


def check(case: dict[str, Any], data: st.DataObject, limit: int) -> None:
    model = compile_case(load(case))
    truth = ByDefinition(model.case)
    start = {i: data.draw(st.sampled_from(names)) for i, names in model.case.options.items()}
    found = trade_offs(model, start, list_limit=limit)
    assert found.outcome == start
    around = [(Change(i, start[i], o), after) for i, o, after in truth.neighbours(start)]
    allowed = [after for _, after in around if not truth.broken(after)]
    assert list(found.steps) == [step_by_definition(truth, start, after) for after in allowed]
    assert list(found.blocked) == [change for change, after in around if truth.broken(after)]
    bargaining = [
        name
        for name in truth.objectives
        if (values := truth.entries[name][1]) is not None and values.cardinal
    ]
    pairs = list(itertools.combinations(bargaining, 2))
    assert [entry.parties for entry in found.trades] == pairs
    for entry in found.trades:
        expected = trades_by_definition(truth, start, *entry.parties)
        assert entry.count == len(expected)
        assert list(entry.best) == expected[:limit]


# --- by hand -------------------------------------------------------------------------


def case(north: dict[str, Any], south: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Arms matter to the north, the embargo to the south; each can give one up."""
    return {
        "detente": 1,
        "title": "By hand",
        "parties": {"north": {}, "south": {}},
        "issues": {
            "arms": {"options": ["held", "cut"]},
            "embargo": {"options": ["full", "partial", "lifted"]},
        },
        "status_quo": {"arms": "held", "embargo": "full"},
        "values": {"north": north, "south": south},
    } | more


NORTH = {
    "scores": {
        "arms": {"held": 0, "cut": "-0.3"},
        "embargo": {"full": 0, "partial": "0.3", "lifted": 1},
    }
}
SOUTH = {
    "scores": {"arms": {"held": 0, "cut": 9}, "embargo": {"full": 0, "partial": -1, "lifted": -4}}
}


def found(written: dict[str, Any], **options: Any) -> TradeOffs:
    model = compile_case(load(written))
    return trade_offs(model, dict(model.case.status_quo or {}), **options)


def test_logrolling() -> None:
    (trades,) = found(case(NORTH, SOUTH)).trades
    assert (trades.parties, trades.count) == (("north", "south"), 2)
    lifted, partial = trades.best
    # min(0.7, 5) is more than min(0, 8); a gain of exactly nothing still counts as no loss
    assert lifted.changes == (Change("arms", "held", "cut"), Change("embargo", "full", "lifted"))
    assert lifted.gains == {"north": Fraction(7, 10), "south": 5}
    assert partial.gains == {"north": 0, "south": 8}


def test_gains_are_compared_in_points_whatever_the_grid_of_a_party() -> None:
    north = {"scores": NORTH["scores"] | {"embargo": {"full": 0, "partial": "0.6", "lifted": 1}}}
    south = {"scores": SOUTH["scores"] | {"embargo": {"full": 0, "partial": -4, "lifted": -7}}}
    (trades,) = found(case(north, south)).trades
    # 0.7 points of the north are less than 2 of the south, though they are 7 of its steps
    assert [trade.gains for trade in trades.best] == [
        {"north": Fraction(7, 10), "south": 2},
        {"north": Fraction(3, 10), "south": 5},
    ]


def test_counts_stay_exact_when_the_list_is_short() -> None:
    (trades,) = found(case(NORTH, SOUTH), list_limit=1).trades
    assert (trades.count, len(trades.best)) == (2, 1)


def test_a_change_that_helps_both_alone_is_no_trade() -> None:
    south = {
        "scores": {
            "arms": {"held": 0, "cut": 9},
            "embargo": dict.fromkeys(("full", "partial", "lifted"), 0),
        }
    }
    (trades,) = found(case(NORTH, south)).trades
    assert trades.count == 0


def test_but_it_is_one_where_the_rules_block_it_alone() -> None:
    south = {
        "scores": {
            "arms": {"held": 0, "cut": 9},
            "embargo": dict.fromkeys(("full", "partial", "lifted"), 0),
        }
    }
    rule = {"never": "embargo != full and arms == held"}
    result = found(case(NORTH, south, rules=[rule]))
    assert [change.after for change in result.blocked] == ["partial", "lifted"]
    assert [step.changes[0].after for step in result.steps] == ["cut"]
    (trades,) = result.trades
    assert [step.changes[1].after for step in trades.best] == ["lifted", "partial"]


def test_orders_have_directions_and_no_trades() -> None:
    ranking = {"ranking": [{"arms": "cut"}, {"embargo": "full"}]}
    result = found(case(NORTH, ranking))
    assert result.trades == ()
    assert [step.directions for step in result.steps] == [
        {"south": "better"},
        {"south": "worse"},
        {"south": "worse"},
    ]
    assert all(set(step.gains) == {"north"} for step in result.steps)


def test_many_pairs_are_looked_at_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same answer when no block holds all pairs of two issues."""
    issues = {f"i{n}": {"options": [f"o{m}" for m in range(5)]} for n in range(8)}
    random = np.random.default_rng(3)
    scores = [
        {name: {f"o{m}": int(random.integers(-9, 10)) for m in range(5)} for name in issues}
        for _ in "abc"
    ]
    written: dict[str, Any] = {
        "detente": 1,
        "title": "Many",
        "parties": {"a": {}, "b": {}, "c": {}},
        "issues": issues,
        "status_quo": dict.fromkeys(issues, "o0"),
        "values": {name: {"scores": own} for name, own in zip("abc", scores, strict=True)},
    }
    whole = found(written)
    assert sum(entry.count for entry in whole.trades) > 20
    monkeypatch.setattr(
        "detente.agreement.packages.trade_offs.blocks", lambda n: space.blocks(n, 7)
    )
    assert found(written) == whole
