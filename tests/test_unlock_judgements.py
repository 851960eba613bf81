"""The least change of judgements against linear programs over all judgements of a party."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import detente
from by_definition import ByDefinition, Outcome
from detente.case import Case
from detente.case.bargaining import Values
from detente.case.reading import read_text
from detente.case.writing import case_text
from detente.leverage.judgements import By, Persuasion, persuasion, values_of, with_shifts
from detente.leverage.unlock import unlock
from strategies import cases, outcomes

KINDS: tuple[By, ...] = ("weight", "score")
NEAR = 1e-7
judging = cases(
    most_parties=2,
    most_issues=4,
    most_options=3,
    ordinal=False,
    with_rules=False,
    with_concerns=False,
    quotas=False,
)


def refusers(case: Case, outcome: Outcome) -> Iterator[tuple[str, Fraction]]:
    """Parties and factions that miss their walk-away value, and by how much."""
    told = ByDefinition(case)
    for name in told.valued:
        gain = told.gain(name, outcome)
        if gain < 0:
            yield name, -gain


def asked(data: st.DataObject) -> tuple[Case, Outcome]:
    case = detente.load(data.draw(judging))
    return case, data.draw(outcomes(case.options))


class Program:
    """A party's judgements as numbers that may go up and down, each at the same price.

    ``gains`` is what a point of each brings; all are judgements of one kind, also those that
    have nothing to do with the package.
    """

    def __init__(self, case: Case, name: str, outcome: Outcome, by: By) -> None:
        entry, values, _ = ByDefinition(case).entries[name]
        assert values is not None and values.scores is not None
        self.by, self.case, self.name = by, case, name
        left = None
        if entry.walk_away.number is None:
            left = case.complete(entry.walk_away.outcome or {})
        self.numbers, self.gains = [], []
        if by == "score":
            total = sum(float(number) for number in (values.weights or {}).values())
            for issue, row in values.scores.items():
                share = float(values.weights[issue]) / total if values.weights else 1.0
                for option, number in row.items():
                    here, there = option == outcome[issue], left and option == left[issue]
                    self.numbers.append(number)
                    self.gains.append(share * (bool(here) - bool(there)))
        else:
            assert values.weights is not None
            for issue, number in values.weights.items():
                row = values.scores[issue]
                worth = float(row[outcome[issue]]) - (float(row[left[issue]]) if left else 0.0)
                self.numbers.append(number)
                self.gains.append(worth / sum(map(float, values.weights.values())))

    @property
    def scale(self) -> tuple[Fraction | None, Fraction | None]:
        """The ends of all scores, where they are weighted and it is they that move."""
        values = values_of(self.case, self.name)
        assert values is not None and values.scores is not None
        if self.by == "weight" or values.weights is None:
            return None, None
        points = [number.point for row in values.scores.values() for number in row.values()]
        return min(points), max(points)

    def bounds(self, *, within: bool) -> list[tuple[float | None, float | None]]:
        out = []
        scale = self.scale if within else (None, None)
        for number in self.numbers:
            low = number.low if within and number.low is not None else scale[0]
            high = number.high if within and number.high is not None else scale[1]
            if low is None and self.by == "weight":
                low = Fraction(0)
            out.append((None if low is None else float(low), None if high is None else float(high)))
        return out

    def _solved(self, objective: list[float], rows: Any, limits: Any, *, within: bool) -> Any:
        """Changes upwards, then downwards; weights keep their sum."""
        ups, downs = [], []
        for (low, high), number in zip(self.bounds(within=within), self.numbers, strict=True):
            here = float(number)
            ups.append((0.0, None if high is None else max(0.0, high - here)))
            downs.append((0.0, None if low is None else max(0.0, here - low)))
        count = len(self.numbers)
        same = [[1.0] * count + [-1.0] * count] if self.by == "weight" else None
        return linprog(
            objective,
            A_ub=rows,
            b_ub=limits,
            A_eq=same,
            b_eq=None if same is None else [0.0],
            bounds=ups + downs,
        )

    def least(self, short: Fraction, *, within: bool) -> float | None:
        """The least total change that brings so many points; None where none does."""
        row = [-gain for gain in self.gains] + self.gains
        count = len(self.numbers)
        objective = [1.0] * count + [0.0 if self.by == "weight" else 1.0] * count
        found = self._solved(objective, [row], [-float(short)], within=within)
        assert found.status in (0, 2)
        return float(found.fun) if found.status == 0 else None

    def most(self) -> float:
        """The most points that changes within the ranges bring; bounded."""
        objective = [-gain for gain in self.gains] + self.gains
        found = self._solved(objective, None, None, within=True)
        assert found.status == 0
        return -float(found.fun)


def shifted(case: Case, found: Persuasion, part: Fraction = Fraction(1)) -> Case:
    """The case with a part of every shift made, by hand."""
    values = values_of(case, found.name)
    assert values is not None and values.scores is not None
    scores = {issue: {o: n.point for o, n in row.items()} for issue, row in values.scores.items()}
    weights = {issue: number.point for issue, number in (values.weights or {}).items()}
    for shift in found.shifts:
        assert shift.before != shift.after
        point = shift.before + part * (shift.after - shift.before)
        if shift.option is None:
            assert weights[shift.issue] == shift.before
            weights[shift.issue] = point
        else:
            assert scores[shift.issue][shift.option] == shift.before
            scores[shift.issue][shift.option] = point
    stated: dict[str, Any] = {
        "scores": scores,
        "adjustments": [{"when": a.when, "add": a.add.point} for a in values.adjustments],
    }
    if values.weights is not None:
        stated["weights"] = weights
    party, _, faction = found.name.partition(".")
    rewritten = Values.model_validate(stated)
    if not faction:
        return case.changed(values={**case.values, party: rewritten})
    member = case.parties[party].factions[faction].model_copy(update={"values": rewritten})
    factions = {**case.parties[party].factions, faction: member}
    owner = case.parties[party].model_copy(update={"factions": factions})
    return case.changed(parties={**case.parties, party: owner})


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_total_is_that_of_the_linear_program(data: st.DataObject) -> None:
    """Within the ranges where they suffice, else without them; None where nothing helps."""
    case, outcome = asked(data)
    for name, short in refusers(case, outcome):
        for by in KINDS:
            found = persuasion(case, name, outcome, short, by)
            values = values_of(case, name)
            assert values is not None
            if by == "weight" and values.weights is None:
                assert found is None
                continue
            program = Program(case, name, outcome, by)
            within = program.least(short, within=True)
            if within is not None:
                assert found is not None and found.within and found.lacks <= 0
                assert float(found.total) == pytest.approx(within, rel=NEAR, abs=NEAR)
                continue
            beyond = program.least(short, within=False)
            assert (found is None) == (beyond is None)
            if found is not None:
                assert not found.within
                assert any(shift.beyond for shift in found.shifts) or values.weights is not None
                assert float(found.total) == pytest.approx(beyond, rel=NEAR, abs=NEAR)
                lacks = float(short) - program.most()
                assert float(found.lacks) == pytest.approx(lacks, rel=NEAR, abs=NEAR)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_it_is_exactly_enough_and_a_little_less_is_not(data: st.DataObject) -> None:
    case, outcome = asked(data)
    for name, short in refusers(case, outcome):
        for by in KINDS:
            found = persuasion(case, name, outcome, short, by)
            if found is None:
                continue
            assert (found.name, found.by) == (name, by)
            assert {shift.kind for shift in found.shifts} == {by}
            less = shifted(case, found, Fraction(999_999, 1_000_000))
            assert ByDefinition(shifted(case, found)).gain(name, outcome) == 0
            assert ByDefinition(less).gain(name, outcome) < 0
            edited = with_shifts(case, found.shifts)
            assert detente.load(read_text(case_text(edited)).data) == edited
            package = detente.agree(edited, dict(outcome)).package
            assert package is not None and package.gains[name] == 0
            changes = [shift.after - shift.before for shift in found.shifts]
            if by == "weight":
                assert sum(changes) == 0 and all(shift.after >= 0 for shift in found.shifts)
                assert found.total == sum(change for change in changes if change > 0)
            else:
                assert found.total == sum(map(abs, changes))
            for shift in found.shifts:
                if found.within:
                    assert shift.low is None or shift.low <= shift.after
                    assert shift.high is None or shift.after <= shift.high


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.integers(0, 12), min_size=2, max_size=4),
    st.lists(st.integers(-10, 30), min_size=4, max_size=4),
    st.integers(1, 15),
)
def test_weights_against_every_pair_that_could_exchange_them(
    weights: list[int], worth: list[int], missing: int
) -> None:
    """A vertex of the program with one constraint: whole weights are given up, but for one."""
    weights[0] += 1
    names = [f"issue_{number}" for number in range(len(weights))]
    scores = {name: {"no": 0, "yes": worth[at]} for at, name in enumerate(names)}
    whole = sum(weights)
    now = Fraction(sum(w * v for w, v in zip(weights, worth, strict=False)), whole)
    case = detente.load(
        {
            "detente": 1,
            "title": "Weights",
            "parties": {"north": {"walk_away": f"{now + missing}"}},
            "issues": {name: {"options": ["no", "yes"]} for name in names},
            "values": {
                "north": {"weights": dict(zip(names, weights, strict=True)), "scores": scores}
            },
        }
    )
    found = persuasion(case, "north", dict.fromkeys(names, "yes"), Fraction(missing), "weight")
    best = max(worth[: len(weights)])
    need, moved = Fraction(missing * whole), Fraction(0)
    for weight, value in sorted(zip(weights, worth, strict=False), key=lambda pair: pair[1]):
        if value < best and need > 0:
            given_up = min(Fraction(weight), need / (best - value))
            need, moved = need - given_up * (best - value), moved + given_up
    assert (found is None) == (need > 0)
    if found is not None:
        assert found.total == moved


def table(**values: Any) -> dict[str, Any]:
    """North with two issues; it has what it has today without a deal."""
    return {
        "detente": 1,
        "title": "Judgements",
        "parties": {"north": {}, "south": {"walk_away": 0}},
        "issues": {"arms": {"options": ["held", "cut"]}, "aid": {"options": ["none", "full"]}},
        "status_quo": {"arms": "held", "aid": "none"},
        "values": {"north": values, "south": {"scores": {"aid": {"none": 5, "full": 0}}}},
    }


BOTH = {"arms": "cut", "aid": "full"}
SCORES = {"arms": {"held": 100, "cut": 0}, "aid": {"none": 0, "full": 60}}


def test_by_hand_the_weights() -> None:
    """60 (1 − w) ≥ 100 w: the weight of arms can be 3/8 at most, it is 1/2."""
    case = detente.load(table(weights={"arms": 1, "aid": 1}, scores=SCORES))
    found = persuasion(case, "north", BOTH, Fraction(20), "weight")
    assert found is not None
    assert found.total == Fraction(1, 4)
    assert {shift.issue: shift.after for shift in found.shifts} == {
        "arms": Fraction(3, 4),
        "aid": Fraction(5, 4),
    }


def test_by_hand_the_ranges_do_not_suffice() -> None:
    weights = {"arms": {"low": "0.9", "likely": 1, "high": 2}, "aid": [0, 2]}
    case = detente.load(table(weights=weights, scores=SCORES))
    found = persuasion(case, "north", BOTH, Fraction(20), "weight")
    assert found is not None and not found.within
    assert (found.total, found.lacks) == (Fraction(1, 4), 20 - Fraction(160, 20))
    (bound,) = unlock(case, BOTH, goals=("acceptable",), levers=("persuasion",), samples=0).bounds
    assert "12" in bound.text and "0.75" in bound.text and "12" not in bound.plain
    assert bound.concerns == ("north",)


def test_no_weight_persuades_where_every_issue_speaks_against_it() -> None:
    scores = {"arms": {"held": 9, "cut": 0}, "aid": {"none": 9, "full": 0}}
    case = detente.load(table(weights={"arms": 1, "aid": 2}, scores=scores))
    assert persuasion(case, "north", BOTH, Fraction(9), "weight") is None
    raised = persuasion(case, "north", BOTH, Fraction(9), "score")
    assert raised is not None and raised.total == Fraction(27, 2)  # on aid, which weighs more


def test_no_score_persuades_where_nothing_changes() -> None:
    """An adjustment that counts against what is there today, and no deal is a number."""
    case = detente.load(table(scores=SCORES))
    same = {"arms": "held", "aid": "none"}
    assert persuasion(case, "north", same, Fraction(1), "score") is None
    assert persuasion(case, "north", same, Fraction(1), "weight") is None


def test_an_order_of_preference_has_no_scores_to_move() -> None:
    case = detente.load(table(ranking=[{"arms": "held"}]))
    for by in KINDS:
        assert persuasion(case, "north", BOTH, Fraction(1), by) is None


RATIFIED = settings(max_examples=15, deadline=None)


@RATIFIED
@given(
    st.lists(st.integers(1, 9), min_size=2, max_size=4),
    st.data(),
)
def test_no_other_set_of_factions_is_persuaded_with_less(
    lacking: list[int], data: st.DataObject
) -> None:
    """Every set of factions that ratification accepts costs what it lacks, in all."""
    names = [f"faction_{number}" for number in range(len(lacking))]
    quota = data.draw(st.integers(1, len(names)))
    veto = data.draw(st.lists(st.sampled_from(names), unique=True, max_size=2))
    factions = {
        name: {"walk_away": lacks, "values": {"scores": {"aid": {"none": 0, "full": 0}}}}
        for name, lacks in zip(names, lacking, strict=True)
    }
    drawn = table(scores={"aid": {"none": 0, "full": 1}})
    drawn["parties"]["north"] = {
        "factions": factions,
        "ratification": {"quota": quota, "veto": veto},
    }
    drawn["values"]["south"] = {"scores": {"aid": {"none": 0, "full": 1}}}
    result = unlock(
        detente.load(drawn),
        BOTH,
        goals=("acceptable",),
        levers=("persuasion",),
        samples=0,
        together=False,
    )
    (way,) = result.ways
    sets = (
        chosen
        for size in range(len(names) + 1)
        for chosen in combinations(names, size)
        if size >= quota and set(veto) <= set(chosen)
    )
    price = dict(zip(names, lacking, strict=True))
    assert way.cost.amount == min(sum(price[name] for name in chosen) for chosen in sets)
    assert not way.open and way.concerns == ("north",)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_what_is_shown_persuades_everybody_at_once(data: st.DataObject) -> None:
    case, outcome = asked(data)
    result = unlock(case, dict(outcome), goals=("acceptable",), levers=("persuasion",), samples=0)
    for way in result.ways:
        edited = with_shifts(case, way.parts)  # type: ignore[arg-type]
        package = detente.agree(edited, dict(outcome)).package
        assert package is not None
        assert all(package.acceptable_to[name] for name in case.signing)
        assert not way.open and way.solves == ("acceptable",)
    if result.open and not result.ways and not result.bounds:
        told = ByDefinition(case)
        refusing = [n for n in told.valued if n.split(".")[0] in case.signing]
        assert any(
            persuasion(case, name, outcome, -told.gain(name, outcome), by) is None
            for name in refusing
            if told.gain(name, outcome) < 0
            for by in KINDS
        )


def test_the_program_of_the_test_finds_what_can_be_done_by_hand() -> None:
    """The oracle itself: 1/4 of weight, and 20 points of one score."""
    case = detente.load(table(weights={"arms": 1, "aid": 1}, scores=SCORES))
    for by, least in (("weight", 0.25), ("score", 40.0)):
        found = Program(case, "north", BOTH, by).least(Fraction(20), within=True)  # type: ignore[arg-type]
        assert found is not None
        assert np.isclose(found, least)


def test_weighted_scores_stay_on_the_scale_of_the_party() -> None:
    """A tenth of the weight speaks for the package: no score up to 100 is enough alone."""
    scores = {"aid": {"none": 0, "full": 0}, "arms": {"held": 100, "cut": 0}}
    drawn = {
        "detente": 1,
        "title": "A scale",
        "parties": {"north": {"walk_away": 20}},
        "issues": {"aid": {"options": ["none", "full"]}, "arms": {"options": ["held", "cut"]}},
        "values": {"north": {"scores": scores, "weights": {"aid": 10, "arms": 90}}},
    }
    case = detente.load(drawn)
    package = {"aid": "full", "arms": "cut"}
    found = persuasion(case, "north", package, Fraction(20), "score")
    assert found is not None and found.within
    assert [(s.issue, s.after) for s in found.shifts] == [("arms", Fraction(200, 9))]
    flat = {**scores, "arms": {"held": 10, "cut": 10}}
    case = detente.load(
        {**drawn, "values": {"north": {"scores": flat, "weights": {"aid": 10, "arms": 90}}}}
    )
    beyond = persuasion(case, "north", package, Fraction(11), "score")
    assert beyond is not None and not beyond.within
    assert beyond.lacks == Fraction(10)
