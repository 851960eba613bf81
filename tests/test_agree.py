"""``agree`` against its definitions, by brute force in exact numbers, for all three engines."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import detente
from by_definition import ByDefinition
from detente.agreement import SOLUTIONS, Limits, TooLarge
from detente.case import CaseError
from strategies import cases

Outcome = Mapping[str, str]

SLOW = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
CARDINAL = cases(ordinal=False, unvalued=False)


class Brute(ByDefinition):
    """Everything that ``agree`` says, from the definitions."""

    def __init__(self, case: detente.Case) -> None:
        super().__init__(case)
        self.feasible = [o for o in self.outcomes() if not self.broken(o)]
        self.acceptable = [o for o in self.feasible if self.agreed(o)]

    def vector(self, outcome: Outcome) -> tuple[Fraction, ...]:
        return tuple(self.value(name, outcome) for name in self.case.signing)

    def gains(self, outcome: Outcome) -> tuple[Fraction, ...]:
        return tuple(self.gain(name, outcome) for name in self.case.signing)

    def efficient(self, among: list[dict[str, str]]) -> list[dict[str, str]]:
        vectors = {self.vector(o) for o in among}
        kept = {
            v
            for v in vectors
            if not any(w != v and all(x >= y for x, y in zip(w, v, strict=True)) for w in vectors)
        }
        return [o for o in among if self.vector(o) in kept]

    def solution(self, rule: str) -> list[dict[str, str]]:
        """All ties, straight from the table of definitions."""
        among = self.acceptable
        if SOLUTIONS[rule].needs_gains:
            among = [o for o in among if min(self.gains(o)) >= 0]
        if not among:
            return []
        ideal = [max(v) for v in zip(*map(self.vector, among), strict=True)]
        best = [max(v) for v in zip(*map(self.gains, among), strict=True)]

        def score(outcome: Outcome) -> Any:
            gains, vector = self.gains(outcome), self.vector(outcome)
            if rule == "nash":
                product = Fraction(1)
                for gain in gains:
                    product *= gain
                return product
            if rule == "kalai_smorodinsky":
                return sorted(g / b for g, b in zip(gains, best, strict=True) if b)
            if rule == "egalitarian":
                return sorted(gains)
            if rule == "utilitarian":
                return sum(vector)
            return sorted(v - i for v, i in zip(vector, ideal, strict=True))

        top = max(map(score, among))
        chosen = [o for o in among if score(o) == top]
        if rule == "nash" and top == 0:
            everything = self.efficient(self.acceptable)
            chosen = [o for o in chosen if o in everything]
        return chosen


def load(data: dict[str, Any]) -> detente.Case:
    return detente.load(data)


def outcomes_of(found: Any) -> list[dict[str, str]]:
    return [dict(entry.outcome) for entry in found.outcomes]


@SLOW
@given(cases())
def test_counts_follow_the_definitions(data: dict[str, Any]) -> None:
    case = load(data)
    brute, result = Brute(case), detente.agree(case)
    assert result.feasible == len(brute.feasible)
    assert result.acceptable == len(brute.acceptable)
    assert result.survey is not None and result.blocking is not None
    for name in brute.entries:
        assert result.survey.accepted_by(name) == sum(
            brute.accepts(name, o) for o in brute.feasible
        )
    for name in case.signing:
        others = [other for other in case.signing if other != name]
        alone = sum(
            not brute.accepts(name, o) and all(brute.accepts(other, o) for other in others)
            for o in brute.feasible
        )
        assert result.blocking[name].alone_refuses == alone


@SLOW
@given(cases(unvalued=False), st.sampled_from(["enumerate", "eliminate"]))
def test_efficient_outcomes_follow_the_definition(data: dict[str, Any], engine: str) -> None:
    case = load(data)
    brute, result = Brute(case), detente.agree(case, engine=engine)
    for found, among in (
        (result.efficient_feasible, brute.feasible),
        (result.efficient_acceptable, brute.acceptable),
    ):
        assert found is not None
        expected = brute.efficient(among)
        assert found.count == len(expected)
        assert outcomes_of(found) == expected  # in index order


@SLOW
@given(CARDINAL, st.sampled_from(["enumerate", "eliminate"]))
def test_solutions_follow_the_definitions(data: dict[str, Any], engine: str) -> None:
    case = load(data)
    brute, result = Brute(case), detente.agree(case, engine=engine)
    for rule in SOLUTIONS:
        expected = brute.solution(rule)
        if not expected:
            assert rule not in result.solutions
            continue
        point = result.solutions[rule]
        assert outcomes_of(point) == expected
        assert point.ties == len(expected)
        for entry in point.outcomes:
            assert tuple(entry.values[n] for n in case.signing) == brute.vector(entry.outcome)


@settings(SLOW, max_examples=15)
@given(CARDINAL)
def test_bound_agrees_with_the_definitions(data: dict[str, Any]) -> None:
    case = load(data)
    brute = Brute(case)
    result = detente.agree(case, engine="bound")
    assert result.efficient_feasible is None
    for rule in SOLUTIONS:
        expected = brute.solution(rule)
        found = outcomes_of(result.solutions[rule]) if rule in result.solutions else []
        assert found == expected, rule


@SLOW
@given(cases(quotas=False))
def test_why_not_names_groups_with_nothing_in_common(data: dict[str, Any]) -> None:
    case = load(data)
    brute, result = Brute(case), detente.agree(case)
    assert (result.why_not is None) == bool(brute.acceptable)
    assume(not brute.acceptable)
    alone = [n for n in case.signing if not any(brute.accepts(n, o) for o in brute.feasible)]
    for name in case.signing:
        text = f"{case.party_name(name)} accepts none".lower()
        assert (text in str(result.why_not).lower()) == (name in alone)


@SLOW
@given(CARDINAL, st.integers(2, 9), st.integers(-30, 30))
def test_rescaling_leaves_nash_and_kalai_smorodinsky(
    data: dict[str, Any], factor: int, shift: int
) -> None:
    """A positive affine map of one party's points changes neither."""
    first = next(iter(data["parties"]))
    assume("weights" not in data["values"][first])
    before = detente.agree(load(data))
    after = detente.agree(load(_rescaled(data, first, factor, shift)))
    for rule in ("nash", "kalai_smorodinsky"):
        assert (rule in before.solutions) == (rule in after.solutions)
        if rule in before.solutions:
            assert outcomes_of(before.solutions[rule]) == outcomes_of(after.solutions[rule])


def _rescaled(data: dict[str, Any], party: str, factor: int, shift: int) -> dict[str, Any]:
    def scaled(number: Any, add: Fraction = Fraction(0)) -> str:
        from detente.case.numbers import parse_number

        return str(parse_number(number).point * factor + add)

    own = data["values"][party]
    issues = list(own["scores"])
    out = {**data, "values": dict(data["values"]), "parties": dict(data["parties"])}
    out["values"][party] = {
        "scores": {
            issue: {
                option: scaled(score, Fraction(shift if issue == issues[0] else 0))
                for option, score in own["scores"][issue].items()
            }
            for issue in issues
        },
        "adjustments": [
            {"when": entry["when"], "add": scaled(entry["add"])}
            for entry in own.get("adjustments", [])
        ],
    }
    walk_away = data["parties"][party].get("walk_away", "status_quo")
    if walk_away != "status_quo" and not _is_outcome(walk_away):
        walk_away = scaled(walk_away, Fraction(shift))
    out["parties"][party] = {**data["parties"][party], "walk_away": walk_away}
    return out


def _is_outcome(written: Any) -> bool:
    return isinstance(written, dict) and not {"low", "high"} & set(written)


@SLOW
@given(CARDINAL, st.randoms(use_true_random=False))
def test_order_of_parties_issues_and_options_does_not_matter(
    data: dict[str, Any], random: Any
) -> None:
    """Permuting the case permutes the answer, on unordered comparisons of values."""
    shuffled = {**data}
    parties = list(data["parties"])
    random.shuffle(parties)
    shuffled["parties"] = {name: data["parties"][name] for name in parties}
    issues = list(data["issues"])
    random.shuffle(issues)
    shuffled["issues"] = {name: data["issues"][name] for name in issues}
    one, other = detente.agree(load(data)), detente.agree(load(shuffled))
    assert (one.feasible, one.acceptable) == (other.feasible, other.acceptable)
    for rule, point in one.solutions.items():
        chosen = {frozenset(o.items()) for o in outcomes_of(point)}
        assert chosen == {frozenset(o.items()) for o in outcomes_of(other.solutions[rule])}


@SLOW
@given(CARDINAL, st.integers(1, 20))
def test_higher_walk_away_accepts_less(data: dict[str, Any], raise_by: int) -> None:
    case = load(data)
    first = case.signing[0]
    brute = Brute(case)
    today = brute.value(first, case.status_quo) if case.status_quo else Fraction(0)
    raised = {**data, "parties": dict(data["parties"])}
    point = case.parties[first].walk_away.number
    base = point.point if point else today
    if case.parties[first].walk_away.outcome is not None:
        base = brute.value(first, case.complete(case.parties[first].walk_away.outcome))
    raised["parties"][first] = {**data["parties"][first], "walk_away": str(base + raise_by)}
    before, after = detente.agree(case), detente.agree(load(raised))
    assert before.acceptable is not None and after.acceptable is not None
    assert after.acceptable <= before.acceptable


def test_decimals_tie_exactly(table: dict[str, Any]) -> None:
    """0.1 + 0.2 is worth 0.3: an outcome exactly at the walk-away is accepted."""
    table["values"]["north"] = {
        "scores": {
            "arms": {"held": 0, "cantoned": "0.1", "destroyed": "0.3"},
            "embargo": {"full": 0, "lifted": "0.2"},
        }
    }
    table["parties"]["north"] = {"walk_away": "0.3"}
    result = detente.agree(detente.load(table), {"arms": "cantoned", "embargo": "lifted"})
    assert result.package is not None
    assert result.package.acceptable_to["north"]
    assert result.package.gains["north"] == 0


def test_thirds_that_do_not_fit_are_rounded_and_named(table: dict[str, Any]) -> None:
    primes = (999983, 999979, 999961)
    table["values"]["north"]["scores"]["arms"] = {
        option: f"1/{prime}"
        for option, prime in zip(["held", "cantoned", "destroyed"], primes, strict=True)
    }
    table["values"]["north"]["scores"]["embargo"] = {"full": "1/999959", "lifted": "1/999953"}
    result = detente.agree(detente.load(table))
    assert result.rounded == ("north",)
    assert result.to_dict()["engine"]["rounded"] == ["north"]


def test_large_space_is_eliminated_and_says_what_it_did_not_count() -> None:
    issues = {f"i{n}": {"options": ["a", "b", "c", "d"]} for n in range(20)}
    scores = {
        party: {
            name: {option: (7 * n + 3 * k + 5 * p) % 11 for k, option in enumerate("abcd")}
            for n, name in enumerate(issues)
        }
        for p, party in enumerate(("north", "south"))
    }
    case = detente.load(
        {
            "detente": 1,
            "title": "Large",
            "parties": {"north": {"walk_away": 60}, "south": {"walk_away": 60}},
            "issues": issues,
            "values": {name: {"scores": table} for name, table in scores.items()},
        }
    )
    result = detente.agree(case)
    assert result.method == "eliminate"
    assert result.total == 4**20
    assert result.acceptable is None and result.blocking is None
    assert "1,099,511,627,776" in result.remarks[0]
    document = result.to_dict()
    assert document["outcomes"]["acceptable"] is None
    assert document["efficient"]["acceptable"]["count"] > 0
    bounded = detente.agree(case, engine="bound")
    for rule in ("nash", "kalai_smorodinsky", "egalitarian", "utilitarian", "equal_loss"):
        assert outcomes_of(bounded.solutions[rule]) == outcomes_of(result.solutions[rule])
    with pytest.raises(TooLarge, match="--walk-limit"):
        detente.agree(case, engine="enumerate")
    with pytest.raises(TooLarge, match="limit"):
        detente.agree(case, engine="eliminate", limits=Limits(exact=3))


def test_integer_programs_say_that_nothing_is_acceptable(table: dict[str, Any]) -> None:
    table["parties"]["north"] = {"walk_away": 1000}
    case = detente.load(table)
    result = detente.agree(case, engine="bound", limits=Limits(walk=1))
    assert (result.acceptable, result.solutions) == (None, {})
    assert result.why_not == "No outcome is acceptable."
    table["parties"]["north"] = {"walk_away": 0}
    held = detente.agree(detente.load(table), engine="bound", limits=Limits(walk=1))
    assert held.solutions
    assert held.why_not is None


def test_a_case_without_values_says_what_it_needs(table: dict[str, Any]) -> None:
    del table["values"]
    result = detente.agree(detente.load(table))
    assert result.needs == {"north": "values", "south": "values"}
    document = result.to_dict()
    assert document["needs"] == {"north": "values", "south": "values"}
    assert document["solutions"] == {}
    assert document["efficient"] == {**document["efficient"], "feasible": None, "acceptable": None}


def test_an_order_is_enough_for_efficiency_but_not_for_solutions(table: dict[str, Any]) -> None:
    table["values"]["north"] = {"ranking": [{"embargo": "lifted"}, {"arms": "held"}]}
    result = detente.agree(detente.load(table))
    assert result.needs == {"north": "scores"}
    assert result.efficient_acceptable is not None
    assert result.solutions == {}


def test_weights_turn_the_utilitarian_point(table: dict[str, Any]) -> None:
    case = detente.load(table)
    heavy = detente.agree(case, weights={"south": Fraction(100)})
    assert heavy.solutions["utilitarian"].outcomes[0].values["south"] == max(
        entry.values["south"]
        for entry in heavy.efficient_acceptable.outcomes  # type: ignore[union-attr]
    )


def test_package_by_the_name_of_a_solution(table: dict[str, Any]) -> None:
    result = detente.agree(detente.load(table), "nash")
    assert result.package is not None
    assert result.package.outcome == result.solutions["nash"].outcomes[0].outcome


def test_solution_name_without_a_solution(table: dict[str, Any]) -> None:
    table["parties"]["north"] = {"walk_away": 1000}
    with pytest.raises(CaseError, match="there is no nash solution to look at"):
        detente.agree(detente.load(table), "nash")


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("arms=destroied", "unknown option 'destroied' of issue arms; did you mean 'destroyed'"),
        ("arm=held", "unknown issue 'arm'; did you mean 'arms'"),
        ("arms", "unknown package 'arms'"),
        ("arms=held,arms=cantoned", "settles arms twice"),
        ("arms=", "is no issue=option"),
    ],
)
def test_wrong_outcomes(table: dict[str, Any], written: str, message: str) -> None:
    with pytest.raises(CaseError, match=message):
        detente.agree(detente.load(table), written)


def test_unknown_engine(table: dict[str, Any]) -> None:
    with pytest.raises(CaseError, match="did you mean 'enumerate'"):
        detente.agree(detente.load(table), engine="enumerat")
