"""A package under the glass, against the definitions outcome by outcome."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from by_definition import ByDefinition, dominates
from detente.agreement.engines.elimination.eliminate import eliminate
from detente.agreement.engines.front import Front
from detente.agreement.packages.changes import Change
from detente.agreement.packages.improvements import improvements
from detente.agreement.packages.package import PackageView, Refusal, examine
from detente.agreement.packages.wins import Win
from detente.case import CaseError, load
from detente.model.compilation import Model, compile_case
from strategies import cases

SMALL: dict[str, Any] = {"most_parties": 3, "most_issues": 3, "most_options": 3}


def efficient_front(model: Model) -> Front | None:
    return eliminate(model.problem, acceptable=False) if model.problem.objectives else None


@st.composite
def drafts(draw: st.DrawFn) -> tuple[Model, ByDefinition, dict[str, str]]:
    """A case and any of its outcomes, whether or not it obeys the rules."""
    case = load(draw(cases(**SMALL)))
    outcome = {issue: draw(st.sampled_from(names)) for issue, names in case.options.items()}
    return compile_case(case), ByDefinition(case), outcome


# --- verdicts ------------------------------------------------------------------------


@settings(max_examples=80, deadline=None)
@given(drafts())
def test_who_accepts_and_why_not(draft: tuple[Model, ByDefinition, dict[str, str]]) -> None:
    model, truth, outcome = draft
    view = examine(model, outcome, efficient_front(model))
    case = model.case
    assert view.outcome == outcome
    assert [broken.index for broken in view.broken_rules] == truth.broken(outcome)
    assert all(broken.rule is case.rules[broken.index] for broken in view.broken_rules)
    assert view.feasible == (not truth.broken(outcome))
    assert view.values == {name: truth.value(name, outcome) for name in truth.valued}
    assert view.gains == {name: truth.gain(name, outcome) for name in truth.valued}
    assert view.ordinal == tuple(n for n in truth.valued if not truth.entries[n][1].cardinal)  # type: ignore[union-attr]
    assert view.acceptable_to == {name: truth.accepts(name, outcome) for name in case.parties}
    assert view.acceptable == (view.feasible and truth.agreed(outcome))

    def reasons(name: str) -> Refusal:
        gain = truth.gain(name, outcome) if name in truth.valued else Fraction(0)
        factions: Mapping[str, Refusal] = {}
        if "." not in name and not truth.ratified(name, outcome):
            keys = [f"{name}.{key}" for key in case.parties[name].factions]
            factions = {key: reasons(key) for key in keys if not truth.accepts(key, outcome)}
        unmet = tuple(truth.unmet(name, outcome))
        return Refusal(-gain if gain < 0 else None, unmet, factions)

    refusers = [name for name in case.parties if not truth.accepts(name, outcome)]
    assert view.refusals == {name: reasons(name) for name in refusers}


@settings(max_examples=80, deadline=None)
@given(drafts())
def test_efficient(draft: tuple[Model, ByDefinition, dict[str, str]]) -> None:
    model, truth, outcome = draft
    front = efficient_front(model)
    known, unknown = examine(model, outcome, front), examine(model, outcome, None)
    assert unknown.improvements is None
    if not truth.objectives or truth.broken(outcome):
        assert known.efficient is unknown.efficient is None
        assert known.undecided and known.undecided == unknown.undecided
        return
    own = truth.vector(outcome)
    feasible = [other for other in truth.outcomes() if not truth.broken(other)]
    assert known.efficient == (not any(dominates(truth.vector(o), own) for o in feasible))
    assert known.undecided is None
    around = [o for _, _, o in truth.neighbours(outcome) if not truth.broken(o)]
    if any(dominates(truth.vector(o), own) for o in around):
        assert unknown.efficient is False
    else:
        assert unknown.efficient is None and unknown.undecided


# --- improvements --------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(drafts(), st.booleans(), st.integers(0, 3))
def test_improvements(
    draft: tuple[Model, ByDefinition, dict[str, str]], acceptable: bool, limit: int
) -> None:
    model, truth, outcome = draft
    if not truth.objectives:
        return
    front = eliminate(model.problem, acceptable=acceptable)
    own = truth.vector(outcome)
    eligible = [
        (o, truth.vector(o))
        for o in truth.outcomes()
        if not truth.broken(o) and (not acceptable or truth.agreed(o))
    ]
    vectors = {vector for _, vector in eligible}
    better = [
        (o, vector)
        for o, vector in eligible
        if dominates(vector, own) and not any(dominates(v, vector) for v in vectors)
    ]
    agreed = [o for o, _ in better if truth.agreed(o)]
    found = (
        examine(model, outcome, None, limit, acceptable_front=front)
        if acceptable
        else examine(model, outcome, front, limit)
    )
    view = found.acceptable_improvements if acceptable else found.improvements
    assert (found.improvements if acceptable else found.acceptable_improvements) is None
    assert view is not None
    assert view.count == len(better)
    strictly = [v for _, v in better if all(a > b for a, b in zip(v, own, strict=True))]
    assert view.better_for_all == len(strictly)
    assert view.acceptable == len(agreed)
    assert view.not_searched is None
    assert [entry.outcome for entry in view.listed] == [o for o, _ in better][:limit]
    for entry in view.listed:
        assert entry.values == {name: truth.value(name, entry.outcome) for name in truth.valued}
        assert entry.better_for == tuple(
            n for n in truth.objectives if truth.value(n, entry.outcome) > truth.value(n, outcome)
        )
        refusing = [n for n in model.case.signing if not truth.accepts(n, entry.outcome)]
        assert entry.refused_by == tuple(refusing)
        assert entry.acceptable == truth.agreed(entry.outcome)
    for edit, reachable in (
        (view.smallest_edit, [o for o, _ in better]),
        (view.smallest_acceptable_edit, agreed),
    ):
        if not reachable:
            assert edit is None
            continue
        assert edit is not None
        # min() keeps the first of ties, and the outcomes are in index order
        nearest = min(reachable, key=lambda o: sum(o[i] != outcome[i] for i in o))
        assert edit.reaches.outcome == nearest
        assert edit.changes == tuple(
            Change(i, outcome[i], nearest[i]) for i in outcome if outcome[i] != nearest[i]
        )


def test_too_many_improvements_to_search_are_counted_all_the_same() -> None:
    names = [f"i{n}" for n in range(40)]
    model = compile_case(
        load(
            {
                "detente": 1,
                "title": "Many ties",
                "parties": {"a": {}, "b": {}},
                "issues": {"price": {"options": ["bad", "good"]}}
                | {name: {"options": ["x", "y", "z"]} for name in names},
                "status_quo": {"price": "bad"} | dict.fromkeys(names, "x"),
                "values": {
                    party: {"scores": {"price": {"bad": 0, "good": 1}}} for party in ("a", "b")
                },
            }
        )
    )
    front = eliminate(model.problem, acceptable=False)
    today = dict(model.case.status_quo or {})
    found = improvements(model, today, front, list_limit=2)
    assert found.count == found.better_for_all == 3**40
    assert found.acceptable is found.smallest_edit is found.smallest_acceptable_edit is None
    assert f"{3**40:,}" in (found.not_searched or "")
    last = {"i39": "y"}
    expected = [{**today, "price": "good"}, {**today, "price": "good", **last}]
    assert [entry.outcome for entry in found.listed] == expected
    assert examine(model, today, None).efficient is False
    assert examine(model, today, front).efficient is False


# --- what would win those who refuse ---------------------------------------------------


def spread(truth: ByDefinition, name: str) -> Fraction:
    """Best less worst that the parts of a party's values can add up to, each on its own."""
    values = truth.entries[name][1]
    assert values is not None
    outcomes = list(truth.outcomes())
    if values.ranking is not None:
        ranks = [truth.value(name, o) for o in outcomes]
        return max(ranks) - min(ranks)
    if values.priorities is not None:
        count = len(values.priorities)
        return sum(
            (
                Fraction(2 ** (count - 1 - place))
                for place, text in enumerate(values.priorities)
                if len({truth.holds(text, o) for o in outcomes}) == 2
            ),
            Fraction(0),
        )
    total = sum((w.point for w in (values.weights or {}).values()), Fraction(0))
    out = Fraction(0)
    for issue, table in (values.scores or {}).items():
        points = [number.point for number in table.values()]
        weight = values.weights[issue].point / total if values.weights else 1
        out += weight * (max(points) - min(points))
    for adjustment in values.adjustments:
        worth = [adjustment.add.point * truth.holds(adjustment.when, o) for o in outcomes]
        out += max(worth) - min(worth)
    return out


def wins_by_definition(truth: ByDefinition, outcome: dict[str, str]) -> list[Win]:
    signing = truth.case.signing
    refusers = [name for name in truth.entries if not truth.accepts(name, outcome)]
    found = []
    for issue, option, after in truth.neighbours(outcome):
        if truth.broken(after):
            continue
        if any(truth.accepts(n, outcome) and not truth.accepts(n, after) for n in signing):
            continue
        won = tuple(name for name in refusers if truth.accepts(name, after))
        if not won:
            continue
        change = {n: truth.value(n, outcome) - truth.value(n, after) for n in truth.objectives}
        losses = {name: loss for name, loss in change.items() if loss > 0}
        shares = {name: loss / spread(truth, name) for name, loss in losses.items()}
        others = [share for name, share in shares.items() if name not in won]
        found.append(
            Win(
                Change(issue, outcome[issue], option),
                won,
                losses,
                shares,
                max(others, default=Fraction(0)),
                truth.agreed(after),
            )
        )
    return sorted(found, key=lambda win: win.cost)


@settings(max_examples=100, deadline=None)
@given(drafts())
def test_wins(draft: tuple[Model, ByDefinition, dict[str, str]]) -> None:
    model, truth, outcome = draft
    wins = examine(model, outcome, None).wins
    expected = wins_by_definition(truth, outcome)
    refusers = [name for name in truth.entries if not truth.accepts(name, outcome)]
    assert wins.by_refuser == {
        name: tuple(win for win in expected if name in win.wins) for name in refusers
    }
    signing = set(model.case.signing)
    several = [win for win in expected if len(signing & set(win.wins)) > 1]
    assert wins.several == tuple(sorted(several, key=lambda win: -len(signing & set(win.wins))))
    refusing = {name for name in signing if not truth.accepts(name, outcome)}
    everybody = [win for win in expected if refusing and refusing <= set(win.wins)]
    assert wins.everybody == tuple(everybody)


# --- by hand -------------------------------------------------------------------------


def bargain(**changes: Any) -> Model:
    """Two parties split a price; each is worth 10 at its best; a side issue costs only b."""
    case: dict[str, Any] = {
        "detente": 1,
        "title": "By hand",
        "parties": {"a": {"walk_away": 5}, "b": {"walk_away": 3}},
        "issues": {
            "price": {"options": ["low", "mid", "high"]},
            "gift": {"options": ["no", "yes"]},
        },
        "values": {
            "a": {
                "scores": {"price": {"low": 0, "mid": 5, "high": 10}, "gift": {"no": 0, "yes": 5}}
            },
            "b": {
                "scores": {"price": {"low": 10, "mid": 6, "high": 0}, "gift": {"no": 0, "yes": -2}}
            },
        },
    }
    return compile_case(load(case | changes))


def view(model: Model, price: str, gift: str) -> PackageView:
    return examine(model, {"price": price, "gift": gift}, efficient_front(model))


def test_the_cheapest_win_comes_first() -> None:
    found = view(bargain(), "low", "no")
    assert found.refusals == {"a": Refusal(Fraction(5), (), {})}
    assert not found.acceptable and found.efficient
    by_gift, by_price = found.wins.by_refuser["a"]
    assert (by_gift.change, by_gift.losses) == (Change("gift", "no", "yes"), {"b": 2})
    assert by_gift.cost == Fraction(2, 12)
    assert (by_price.change, by_price.cost) == (Change("price", "low", "mid"), Fraction(4, 12))
    assert found.wins.everybody == (by_gift, by_price)
    assert found.wins.several == ()


def test_a_refusal_that_no_single_change_wins() -> None:
    model = bargain(
        concerns={"a": [{"name": "Both", "met": "price == high and gift == yes", "must": True}]}
    )
    found = view(model, "low", "no")
    assert found.refusals["a"] == Refusal(Fraction(5), ("Both",), {})
    assert found.wins.by_refuser == {"a": ()}


def test_one_change_wins_two_who_refuse() -> None:
    model = bargain(
        concerns={
            name: [{"name": "No gift", "met": "gift == no", "must": True}] for name in ("a", "b")
        }
    )
    found = view(model, "mid", "yes")
    assert [win.wins for win in found.wins.several] == [("a", "b")]
    assert found.wins.several[0].losses == {"a": 5}
    # a itself is won by the change, so what a loses is no cost
    assert found.wins.several[0].cost == 0
    assert found.wins.everybody == found.wins.several
    assert found.wins.everybody[0].acceptable


def test_factions_are_a_reason_only_where_ratification_fails() -> None:
    def faction(walk_away: int) -> dict[str, Any]:
        scores = {"price": {"low": 0, "mid": 5, "high": 10}}
        return {"walk_away": walk_away, "values": {"scores": scores}}

    factions = {"hawks": faction(9), "doves": faction(0), "farmers": faction(0)}
    party = {"walk_away": 5, "factions": factions, "ratification": "majority"}
    parties = {"a": party, "b": {"walk_away": 3}}
    found = view(bargain(parties=parties), "low", "no")
    assert found.refusals == {"a": Refusal(Fraction(5), (), {})}
    assert set(found.wins.by_refuser) == {"a", "a.hawks"}
    party["ratification"] = "all"
    hawks = {"a.hawks": Refusal(Fraction(9), (), {})}
    assert view(bargain(parties=parties), "low", "no").refusals["a"].factions == hawks
    assert view(bargain(parties=parties), "mid", "no").refusals == {
        "a": Refusal(None, (), {"a.hawks": Refusal(Fraction(4), (), {})})
    }


def test_who_does_not_sign_can_be_won_but_is_not_part_of_everybody() -> None:
    line = {"name": "A gift", "met": "gift == yes", "must": True}
    parties = {"a": {"walk_away": 5}, "b": {"walk_away": 3}, "c": {"signs": False}}
    today = {"price": "low", "gift": "no"}
    model = bargain(parties=parties, concerns={"c": [line]}, status_quo=today)
    found = view(model, "mid", "no")
    assert found.acceptable and found.acceptable_to == {"a": True, "b": True, "c": False}
    assert [win.change.after for win in found.wins.by_refuser["c"]] == ["yes"]
    assert found.wins.everybody == found.wins.several == ()
    # once a refuses as well, the gift wins both, of whom one is counted
    found = view(model, "low", "no")
    assert [win.wins for win in found.wins.everybody] == [("a", "c"), ("a",)]
    assert found.wins.several == ()


def test_a_package_that_breaks_a_rule_is_flagged_and_still_analysed() -> None:
    rule = {"never": "price == low and gift == no", "because": "It would be a gift to b."}
    found = view(bargain(rules=[rule]), "low", "no")
    (broken,) = found.broken_rules
    assert (broken.index, str(broken.rule)) == (0, "never price == low and gift == no")
    assert broken.rule.because == "It would be a gift to b."
    assert not found.feasible and not found.acceptable and found.efficient is None
    assert found.acceptable_to == {"a": False, "b": True}
    assert [win.change.issue for win in found.wins.by_refuser["a"]] == ["gift", "price"]


def test_an_incomplete_outcome_is_an_error() -> None:
    with pytest.raises(KeyError):
        examine(bargain(), {"price": "low"}, None)
    with pytest.raises(CaseError):
        bargain(values={"a": {"scores": {"price": {"low": 0}}}})


def test_a_case_without_values_has_verdicts_and_nothing_else() -> None:
    issues = {"price": ["low", "mid", "high"], "gift": ["no", "yes"]}
    model = bargain(
        parties={"a": {}, "b": {}},
        values={},
        status_quo={"price": "low", "gift": "no"},
        concerns={"a": [{"name": "Fair", "met": "price != low", "must": True}]},
    )
    for price, gift in itertools.product(*issues.values()):
        found = view(model, price, gift)
        assert found.acceptable_to == {"a": price != "low", "b": True}
        assert (found.values, found.efficient, found.improvements) == ({}, None, None)
        assert found.undecided == "no signing party has values"
