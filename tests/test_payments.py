"""Side payments against linear programs, brute force, and the questions asked again."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import detente
from cheating_cases import cheating_cases
from detente.agreement.packages.package import examine
from detente.case import Case
from detente.case.errors import CaseError
from detente.case.outcomes import parse_outcome
from detente.case.reading import read_text
from detente.case.writing import case_text
from detente.leverage.payments.answer import NoPayments, Payments, Shortfall, Transfer, Transfers
from detente.leverage.payments.edit import with_levels, with_payments
from detente.leverage.payments.least import least_payments
from detente.leverage.payments.needs import needs_to_comply
from detente.leverage.payments.promises import side_payments
from detente.leverage.payments.transfers import least_transfers
from detente.model.compilation import compile_case
from detente.sequencing import least_total_promise, side_payment_pie
from detente.sequencing.lattice.items import moving_issues
from detente.sequencing.lattice.network import Network
from detente.sequencing.lattice.road import Road
from detente.sequencing.setting import Coding, Setting
from detente.verification.verify import verify
from sequencing_cases import WORKED, common, first_example, patient_agreements, table
from strategies import cases, outcomes

NAMES = ("a", "b", "c", "d")
quarters = st.integers(-60, 60).map(lambda n: Fraction(n, 4))
rates = st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(3)])


@st.composite
def wishes(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Needs, bounds and rates of some parties, one of whom may ask for nothing."""
    names = NAMES[: draw(st.integers(1, 4))]
    needs: dict[str, Any] = {name: draw(quarters) for name in names}
    most = {name: draw(quarters.map(abs)) for name in names if draw(st.booleans())}
    if names[-1] in most and draw(st.booleans()):
        needs[names[-1]] = None
    return needs, most, {name: draw(rates) for name in names if draw(st.booleans())}


def by_program(
    needs: Mapping[str, Any], most: Mapping[str, Any], worth: Mapping[str, Any]
) -> float | None:
    """The least total of any transfers, parties passing on what they like."""
    names = list(needs)
    pairs = [(by, to) for by in names for to in names if by != to]
    rows, right = [], []
    for name in names:
        rate = float(worth.get(name, 1))
        if needs[name] is not None:
            rows.append([rate * ((by == name) - (to == name)) for by, to in pairs])
            right.append(-float(needs[name]))
        if name in most:
            rows.append([float(by == name) for by, _ in pairs])
            right.append(float(most[name]))
    if not pairs:
        return 0.0 if all(entry >= 0 for entry in right) else None
    found = linprog(np.ones(len(pairs)), A_ub=np.array(rows), b_ub=right, method="highs")
    return float(found.fun) if found.status == 0 else None


@settings(max_examples=40, deadline=None)
@given(wishes())
def test_transfers_are_the_least(drawn: tuple[dict[str, Any], ...]) -> None:
    needs, most, worth = drawn
    found, least = least_transfers(needs, most, worth), by_program(needs, most, worth)
    if isinstance(found, Shortfall):
        assert least is None
        return
    assert least == pytest.approx(float(found.total), abs=1e-7)
    for name, need in needs.items():
        rate = worth.get(name, 1)
        paid = sum(entry.amount for entry in found.transfers if entry.by == name)
        brought = sum(entry.amount for entry in found.transfers if entry.to == name)
        assert need is None or rate * (brought - paid) >= need
        assert paid <= most.get(name, paid)
        assert all(
            entry.brings == rate * entry.amount for entry in found.transfers if entry.to == name
        )
    assert len(found.transfers) < max(
        1, len({t.by for t in found.transfers}) + len({t.to for t in found.transfers})
    )


@settings(max_examples=40, deadline=None)
@given(wishes())
def test_what_the_bounds_would_have_to_be(drawn: tuple[dict[str, Any], ...]) -> None:
    needs, most, worth = drawn
    found = least_transfers(needs, most, worth)
    assume(isinstance(found, Shortfall))
    assert isinstance(found, Shortfall)
    assert found.short is not None and found.short > 0
    endless = {name: Fraction(10**6) for name in most}
    assert bool(found.together) == (by_program(needs, endless, worth) is not None)
    little = Fraction(1, 1000)
    for raised in (found.together, *({name: bound} for name, bound in found.alone.items())):
        if raised:
            assert isinstance(least_transfers(needs, {**most, **raised}, worth), Transfers)
            below = {k: max(most[k], v - little) for k, v in raised.items()}
            assert isinstance(least_transfers(needs, {**most, **below}, worth), Shortfall)
    for name in set(most) - set(found.alone):
        assert by_program(needs, {**most, name: Fraction(10**6)}, worth) is None


def test_few_pay_and_factions_are_paid_at_home() -> None:
    found = least_transfers({"a": -30, "b": 8, "c": -10, "d": 2})
    assert isinstance(found, Transfers)
    assert [(t.by, t.to, t.amount) for t in found.transfers] == [("a", "b", 8), ("a", "d", 2)]
    home = least_transfers({"a": -30, "c": -3, "c.house": 5, "d": 2})
    assert isinstance(home, Transfers)
    assert [(t.by, t.to, t.amount) for t in home.transfers] == [
        ("c", "c.house", 3),
        ("a", "c.house", 2),
        ("a", "d", 2),
    ]


def test_the_worked_examples_with_a_pie() -> None:
    promised, paid = WORKED["E8_codesign"], WORKED["E9_side_payments"]
    game = first_example()
    found = side_payments(*common(game), table(game.breakdown), 120)
    assert found is not None
    assert found.orders == 24
    assert found.promised == promised["orders_within_120"] == 18
    assert found.with_payments == paid["orders_within_120"] == 24
    cheapest = least_total_promise(*common(game), table(game.breakdown))
    assert (cheapest.promises, cheapest.total) == ((52, 59), 111)
    assert cheapest.steps == ((0,), (3,), (1,), (2,))
    within = [side_payments(*common(game), table(game.breakdown), pie) for pie in (111, 112)]
    counts = [entry.with_payments if entry is not None else 0 for entry in within]
    assert 0 < counts[0] < counts[1] == 24  # the orders need 111 or 112
    assert side_payments(*common(game), table(game.breakdown), 110.99) is None


@settings(max_examples=40, deadline=None)
@given(patient_agreements(most=3, certain=True), st.integers(0, 12))
def test_side_payments_by_definition(game: Any, spare: int) -> None:
    worth = [[Fraction(x) for x in row] for row in game.breakdown]
    pie = float(side_payment_pie(*common(game), table(game.breakdown)).amount) + spare / 2
    found = side_payments(*common(game), table(game.breakdown), pie)
    assert found is not None
    parties = range(len(worth[0]))
    every = paid = promised = 0
    for order in permutations(range(len(game.owners))):
        if any(order.index(a) > order.index(b) for a, b in game.precedence):
            continue
        masks = [sum(1 << m for m in order[:n]) for n in range(len(order) + 1)]
        met = [worth[mask] for mask in masks]
        every += 1
        paid += all(
            sum(max(one[i], two[i]) for i in parties) <= pie + 1e-9 for one, two in pairwise(met)
        )
        promised += sum(max(row[i] for row in met) for i in parties) <= pie + 1e-9
    assert (found.orders, found.with_payments, found.promised) == (every, paid, promised)
    masks = [sum(1 << m for m in found.steps[:n]) for n in range(len(found.steps) + 1)]
    for share, (one, two) in zip(found.shares, pairwise(masks), strict=True):
        assert sum(share) == pytest.approx(pie)
        floors = [max(worth[one][i], worth[two][i]) for i in parties]
        assert all(have >= need - 1e-7 for have, need in zip(share, floors, strict=True))
    if paid and found.promised and found.needed == pie:
        assert all(abs(sum(row)) < 1e-7 for row in found.payments)


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_payments_are_added_to_values_and_nothing_else(data: st.DataObject) -> None:
    drawn = data.draw(cases(ordinal=False))
    case = detente.load(drawn)
    outcome = data.draw(outcomes(case.options))
    sides = [*case.parties, *(f"{p}.{f}" for p in case.parties for f in case.parties[p].factions)]
    by, to = data.draw(st.sampled_from(list(case.parties))), data.draw(st.sampled_from(sides))
    transfer = Transfer(by, to, Fraction(3, 2), Fraction(3, 2), Fraction(5))
    edited, package = with_payments(case, outcome, [transfer, transfer])
    before, after = compile_case(case), compile_case(edited)
    assert isinstance(package, dict)
    assert len(edited.issues) == len(case.issues) + 2
    unpaid = dict(package) | {key: "none" for key in edited.issues if key not in case.issues}
    for name in before.valued:
        moved = 2 * (5 * (name == to) - Fraction(3, 2) * (name == by))
        assert after.value(name, package) - before.value(name, outcome) == moved
        assert after.value(name, unpaid) == before.value(name, outcome)
    criteria = {entry.name: entry for entry in before.problem.criteria}
    for entry in after.problem.criteria:
        old = criteria[entry.name]
        assert entry.threshold * entry.unit == old.threshold * old.unit
    assert detente.load(read_text(case_text(edited)).data) == edited


def accepted(case: Case, outcome: Any) -> bool:
    view = examine(compile_case(case), parse_outcome(case, outcome), None)
    return not view.broken_rules and all(view.acceptable_to[name] for name in case.signing)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_acceptance_is_bought_at_the_least_total(data: st.DataObject) -> None:
    case = detente.load(data.draw(cases(most_issues=3, with_rules=False)))
    outcome = data.draw(outcomes(case.options))
    found = least_payments(case, outcome, ["acceptable"])
    if isinstance(found, Payments):
        assert accepted(found.case, found.outcome)
        assert bool(found.transfers) != accepted(case, outcome)
        for place in range(len(found.transfers)):
            less = [
                replace(t, brings=t.brings * Fraction(99, 100)) if n == place else t
                for n, t in enumerate(found.transfers)
            ]
            assert not accepted(*with_payments(case, outcome, less))
        return
    assert not accepted(case, outcome)
    if found.shortfall is not None:
        view = examine(compile_case(case), outcome, None)
        gains = [view.gains[name] for name in case.signing if compile_case(case).has_scores(name)]
        assert found.shortfall.surplus == sum(gain for gain in gains if gain > 0)
    else:
        assert found.obstacles


@settings(max_examples=20, deadline=None)
@given(cheating_cases(most_parties=2, most_issues=2, lags=(0, 1)))
def test_the_least_receipt_that_keeps_a_party(drawn: tuple[dict[str, Any], dict[str, str]]) -> None:
    case, outcome = detente.load(drawn[0]), drawn[1]
    needs = needs_to_comply(compile_case(case), outcome)
    for name in case.signing:
        need = needs.least.get(name)
        if need is None:
            assert name in {entry.who for entry in needs.obstacles}
            assert verdict(case, outcome, name, Fraction(10**4)) != "yes"
            continue
        assert verdict(case, outcome, name, need) == "yes"
        assert verdict(case, outcome, name, need - max(1, abs(need)) / 500) != "yes"


def verdict(case: Case, outcome: Any, name: str, receipt: Fraction) -> str:
    """What ``verify`` says of a party that has so much out of payments."""
    got = Transfer(name, name, abs(receipt), Fraction(0), receipt)
    edited, package = with_payments(case, outcome, [got])
    return verify(edited, package).parties[name].verdict


@st.composite
def exchanges(draw: st.DrawFn) -> dict[str, Any]:
    """Two or three parties of whom one gains too little by an exchange in steps."""
    points, undo = st.integers(2, 12), st.sampled_from([0, 1, 2, 4])
    names = ["north", "south", "third"][: draw(st.integers(2, 3))]
    owners = {"arms": "north", "embargo": "south", "access": draw(st.sampled_from(names))}
    issues = {
        name: {"options": ["no", "half", "yes"][:: 1 if name == "arms" else 2],
               "control": owner, "undo": draw(undo)}
        for name, owner in owners.items()
    }  # fmt: skip
    values: dict[str, Any] = {}
    for party in names:
        generous = 3 if party == "north" else 1
        scores = {}
        for name, entry in issues.items():
            worth = -draw(points) if owners[name] == party else generous * draw(points)
            last = len(entry["options"]) - 1
            scores[name] = {o: f"{worth * n}/{last}" for n, o in enumerate(entry["options"])}
        values[party] = {"scores": scores}
    listed = {"depot": {"party": draw(st.sampled_from(names)), "gain": draw(st.integers(0, 6))}}
    measures = {"visits": {"detects": {"depot": "0.6", "arms": "0.7"}, "false_alarm": "0.01"}}
    return {
        "detente": 1,
        "parties": {name: {"discount": draw(st.sampled_from(["0.6", "0.8"]))} for name in names},
        "issues": issues,
        "status_quo": dict.fromkeys(issues, "no"),
        "values": values,
        "verification": {"period": "year", "measures": measures},
        "violations": listed,
        "packages": {"deal": {"outcome": dict.fromkeys(issues, "yes")}},
    }


def own_margin(case: Case, outcome: Any, order: Sequence[Sequence[str]]) -> float:
    """The weakest moment of a written order, as ``roadmap`` tells it."""
    found = detente.roadmap(
        case, outcome, order=order, at_once=1, alternatives=0, missing=False, most_labels=50
    )
    assert found.own is not None
    return found.own.margin


def alone(case: Case, order: Sequence[Sequence[str]]) -> float:
    """The same without any other order: every step of it is taken as it is written."""
    states = [dict(case.status_quo or {})]
    for step in order:
        states.append(states[-1] | dict(part.split("=") for part in step))
    moving = tuple(moving_issues(case, states[-1]))
    places = [
        [item.options.index(case.options[item.name].index(state[item.name])) for item in moving]
        for state in states
    ]
    positions = np.array(places, dtype=np.int8)
    sizes, nothing = tuple(item.size for item in moving), np.zeros(0, dtype=np.int64)
    bare = Network(sizes, positions, nothing, nothing, nothing.astype(np.int32))
    chain = Road(compile_case(case), states[-1], moving, bare).along(places)
    coding = Coding("", case, chain)
    return Setting(chain, (coding,), "discounted").order(places, coding).margin


@settings(max_examples=8, deadline=None)
@given(exchanges(), st.randoms(use_true_random=False), st.booleans())
def test_payments_by_state_hold_and_cheaper_ones_do_not(
    drawn: dict[str, Any], chance: random.Random, accept: bool
) -> None:
    case = detente.load(drawn)
    goals: list[Any] = ["roadmap", *["acceptable"] * accept]
    found = least_payments(case, "deal", goals, orders=10)
    plain = detente.roadmap(case, "deal", alternatives=0, missing=False)
    if isinstance(found, NoPayments):
        assert not (plain.feasible and accepted(case, "deal"))
        return
    margin = alone(found.case, found.order)
    assert margin >= -1e-9
    if len(found.case.issues) < 6:
        assert own_margin(found.case, found.outcome, found.order) == pytest.approx(margin)
    assert not accept or accepted(found.case, found.outcome)
    if not found.average:
        assert plain.feasible
        return
    pairs = sorted({(t.by, t.to) for s in found.states for t in s.transfers})
    paid = np.array(
        [[sum(float(t.amount) for t in s.transfers if (t.by, t.to) == pair) for pair in pairs]
         for s in found.states]
    )  # fmt: skip
    for _ in range(2):
        spread = np.array([[chance.uniform(0.3, 1.3) for _ in pairs] for _ in found.states])
        other = paid * spread
        other *= (found.average - found.grain) * 0.98 / average(case, found, pairs, other)
        edited, outcome, order = paid_otherwise(case, found, pairs, other)
        assert alone(edited, order) < 0 or (accept and not accepted(edited, outcome))


def average(case: Case, found: Payments, pairs: Sequence[tuple[str, str]], paid: Any) -> float:
    """What is paid on the average of all time to come, as who pays discounts it."""
    total = 0.0
    for place, (by, _) in enumerate(pairs):
        stated = case.parties[by].discount
        assert stated is not None
        delta, start = float(stated.point), 0
        for state, row in zip(found.states, paid, strict=True):
            end = None if state.periods is None else start + state.periods
            total += (delta**start - (0 if end is None else delta**end)) * row[place]
            start = end or start
    return total


def paid_otherwise(
    case: Case, found: Payments, pairs: Sequence[tuple[str, str]], paid: Any
) -> tuple[Case, Any, list[list[str]]]:
    """The same order with other payments, each with a level of its own in every state."""
    courses = []
    for place, (by, to) in enumerate(pairs):
        amounts = [Fraction(float(row[place])).limit_denominator(10**6) for row in paid]
        courses.append([Transfer(by, to, x, x, x) for x in amounts])
    edited, outcome, issues = with_levels(case, "deal", courses)
    order = []
    for number, step in enumerate(found.order, 1):
        parts = [part for part in step if not part.startswith("payment_")]
        order.append([*parts, *(f"{entry.issue}={entry.options[number]}" for entry in issues)])
    return edited, outcome, order


SIMPLE: dict[str, Any] = {
    "detente": 1,
    "parties": {"north": {"discount": "0.8"}, "south": {"discount": "0.8"}},
    "issues": {
        "arms": {"options": ["held", "gone"], "control": "north", "undo": 2},
        "embargo": {"options": ["on", "off"], "control": "south", "undo": 2},
    },
    "status_quo": {"arms": "held", "embargo": "on"},
    "values": {
        "north": {"scores": {"arms": {"held": 10, "gone": 0}, "embargo": {"on": 0, "off": 30}}},
        "south": {"scores": {"arms": {"held": 0, "gone": 8}, "embargo": {"on": 9, "off": 0}}},
    },
    "verification": {"period": "year"},
    "packages": {"deal": {"outcome": {"arms": "gone", "embargo": "off"}}},
}


def scaled(factor: int) -> dict[str, Any]:
    """The simple case with the values of the north on another scale."""
    scores = {
        issue: {option: factor * number for option, number in row.items()}
        for issue, row in SIMPLE["values"]["north"]["scores"].items()
    }
    return {**SIMPLE, "values": {**SIMPLE["values"], "north": {"scores": scores}}}


def amounts(found: Payments | NoPayments) -> list[Any]:
    assert isinstance(found, Payments), found
    states = [[(t.by, t.to, t.amount) for t in state.transfers] for state in found.states]
    return [*states, [(t.by, t.to, t.amount) for t in found.transfers]]


@pytest.mark.parametrize("goals", [["acceptable"], ["enforceable"], ["acceptable", "roadmap"]])
def test_scales_and_names_play_no_part(goals: list[Any]) -> None:
    plain = amounts(least_payments(detente.load(SIMPLE), "deal", goals))
    assert plain[-1]
    other = least_payments(detente.load(scaled(5)), "deal", goals, rates={"north": 5})
    assert amounts(other) == plain
    text = case_text(detente.load(SIMPLE)).replace("north", "zzz").replace("arms", "weapons")
    renamed = amounts(least_payments(detente.load(read_text(text).data), "deal", goals))
    assert renamed == [[(by.replace("north", "zzz"), *rest) for by, *rest in row] for row in plain]


def test_a_bound_that_is_too_low_is_told_with_what_it_would_have_to_be() -> None:
    case = detente.load(SIMPLE)
    for goals in (["acceptable"], ["acceptable", "roadmap"]):
        found = least_payments(case, "deal", goals, most={"north": "0.5"})  # type: ignore[arg-type]
        assert isinstance(found, NoPayments) and found.shortfall is not None
        bound = found.shortfall.alone["north"]
        assert found.shortfall.together == {"north": bound}
        again = least_payments(case, "deal", goals, most={"north": bound})  # type: ignore[arg-type]
        assert isinstance(again, Payments)
        less = bound - Fraction(1, 100)
        never = least_payments(case, "deal", goals, most={"north": less})  # type: ignore[arg-type]
        assert isinstance(never, NoPayments)


def test_an_outsider_pays_what_its_bound_allows() -> None:
    drawn = {**SIMPLE, "parties": {**SIMPLE["parties"], "bank": {"signs": False}}}
    case = detente.load(drawn)
    none, some = (
        least_payments(case, "deal", ["acceptable"], most=most)
        for most in ({}, {"bank": 0.75, "north": 0.5})
    )
    assert isinstance(none, Payments) and isinstance(some, Payments)
    assert {t.by for t in none.transfers} == {"north"}
    assert [(t.by, t.amount, t.costs) for t in some.transfers] == [
        ("north", Fraction("0.25"), Fraction("0.25")),
        ("bank", Fraction("0.75"), None),
    ]


def test_a_red_line_is_not_for_sale() -> None:
    line = {"name": "The arms stay", "met": "arms == held", "must": True}
    case = detente.load({**SIMPLE, "concerns": {"north": [line]}})
    found = least_payments(case, "deal", ["acceptable"])
    assert isinstance(found, NoPayments)
    assert [(o.kind, o.who, o.what) for o in found.obstacles] == [
        ("red line", "north", "The arms stay")
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"most": {"nroth": 1}}, "unknown party 'nroth'; did you mean 'north'"),
        ({"most": {"north": -1}}, "a bound is not negative; that of north is -1"),
        ({"rates": {"south": 0}}, "a rate is above zero; that of south is 0"),
        ({"rates": {"south": "much"}}, "the rate of south: expected a number"),
        ({"goals": ["acceptible"]}, "unknown goal 'acceptible'; did you mean 'acceptable'"),
        ({"goals": []}, "payments are for something"),
        ({"goals": ["roadmap"], "orders": 0}, "along an order at least, not 0"),
    ],
)
def test_what_cannot_be_asked(words: dict[str, Any], message: str) -> None:
    with pytest.raises(CaseError, match=message):
        least_payments(detente.load(SIMPLE), "deal", **{"goals": ["acceptable"], **words})


@pytest.mark.parametrize(
    "given_",
    [
        ({"a": 1}, {"b": 1}, {}),
        ({"a": 1}, {}, {"b": 1}),
        ({"a": 1}, {"a": -1}, {}),
        ({"a": 1}, {}, {"a": 0}),
        ({"a": None}, {}, {}),
    ],
)
def test_amounts_outside_their_domain(given_: tuple[Any, Any, Any]) -> None:
    with pytest.raises(ValueError, match=r"bound|rate"):
        least_transfers(*given_)
