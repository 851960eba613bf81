"""The cheapest measures and the strongest, against all sets of them."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import detente
from cheating_cases import cheating_cases
from detente.case import CaseError
from detente.model.compilation import compile_case
from detente.verification.measures import search
from detente.verification.measures.choice import MOST_MEASURES, watched
from detente.verification.measures.detection import detectors
from detente.verification.measures.search import cheapest, deterring, least_cost, strongest
from detente.verification.measures.watch import Watch, affordable
from detente.verification.parties import tempted
from verify_by_definition import Watched, subsets

TIE = 1e-9
Names = tuple[str, ...]
Drawn = tuple[dict[str, Any], dict[str, str]]

relaxed = [HealthCheck.too_slow, HealthCheck.filter_too_much]


# ------------------------------------------------------------------ against the definitions


class Table:
    """Every set of the measures with the margins of every way to cheat and of leaving."""

    def __init__(self, case: detente.Case, agreed: dict[str, str]) -> None:
        self.watched = Watched(case, agreed, exact=False)
        self.names = list(self.watched.measures)
        stated = [entry.cost for entry in self.watched.measures.values()]
        free = Fraction(int(all(cost is None for cost in stated)))
        self.costs = {
            name: free if cost is None else cost.point
            for name, cost in zip(self.names, stated, strict=True)
        }
        self.margins = {used: self.watched.rows(used) for used in subsets(self.names)}
        rows = list(self.margins[()])
        self.goal = [row for row in rows if any(self.deters(used, [row]) for used in self.margins)]
        self.hopeless = [row for row in rows if row not in self.goal]

    def deters(self, used: Names, rows: list[tuple[str, int]]) -> bool:
        return all(self.margins[used][row] >= -TIE for row in rows)

    def cost(self, used: Names) -> Fraction:
        return sum((self.costs[name] for name in used), Fraction(0))

    def minimal(self, budget: Fraction | None) -> list[Names]:
        """Sets that deter what some set deters and contain no other such set, cheapest first."""
        good = [used for used in self.margins if self.deters(used, self.goal)]
        least = [used for used in good if not any(set(x) < set(used) for x in good)]
        within = [used for used in least if budget is None or self.cost(used) <= budget]
        return sorted(within, key=self.key)

    def key(self, used: Names) -> tuple[Fraction, int]:
        return self.cost(used), len(used)

    def least(self, used: Names) -> float:
        return min((float(self.margins[used][row]) for row in self.goal), default=0.0)

    def violations(self, rows: list[tuple[str, int]]) -> set[tuple[str, Names]]:
        """What rows violate, those that contain another left out."""
        named = {(p, self.watched.cheats[p][n].names) for p, n in rows if n >= 0}
        return {
            (p, names)
            for p, names in named
            if not any(p == q and set(few) < set(names) for q, few in named)
        }

    def useful(self) -> list[str]:
        """Measures that see something."""
        cheats = [cheat for found in self.watched.cheats.values() for cheat in found]
        return [n for n in self.names if any(self.watched.detection(c, [n]) for c in cheats)]


@settings(max_examples=30, deadline=None, suppress_health_check=relaxed)
@given(cheating_cases(most_measures=4), st.sampled_from([None, Fraction(0), Fraction(4)]))
def test_choice_by_definition(drawn: Drawn, budget: Fraction | None) -> None:
    case, agreed = detente.load(drawn[0]), drawn[1]
    choice = detente.verify(case, agreed, budget=budget).choice
    table = Table(case, agreed)
    assert choice.budget == budget
    assert set(choice.beyond) == table.violations(table.hopeless)
    if not table.names or not any(table.watched.cheats.values()):
        assert choice.chosen is None
        return
    assert choice.chosen is not None
    expected = table.minimal(budget)
    found = choice.chosen.measures
    if expected:
        listed = [found, *(entry.measures for entry in choice.alternatives)]
        assert len(set(listed)) == len(listed) and set(listed) <= set(expected)
        assert [table.key(used) for used in listed] == [table.key(u) for u in expected[:4]]
        assert choice.cheapest_without_budget is None
    else:
        assert not choice.alternatives
        affordable = [u for u in table.margins if budget is None or table.cost(u) <= budget]
        among = [u for u in affordable if set(u) <= set(table.useful())]
        assert set(found) <= set(table.useful())
        assert table.cost(found) <= (budget if budget is not None else table.cost(found))
        assert table.least(found) >= max(map(table.least, among)) - 1e-8
        without = table.minimal(None)
        cost = table.cost(without[0]) if without and budget is not None else None
        assert choice.cheapest_without_budget == cost
    assert choice.deters == (not table.hopeless and bool(expected))
    left = [row for row in table.goal if table.margins[found][row] < -TIE]
    assert set(choice.stays_tempting) == table.violations(left)
    for entry in (choice.chosen, *choice.alternatives):
        used = entry.measures
        assert entry.cost == table.cost(used)
        assert entry.false_alarm == pytest.approx(float(table.watched.false_alarm(used)))
        for party in table.watched.after:
            margins = [m for (p, n), m in table.margins[used].items() if p == party and n >= 0]
            assert (party in entry.margins) == bool(margins)
            if margins:
                assert entry.margins[party] == pytest.approx(min(margins), abs=1e-8)
            assert entry.leave[party] == pytest.approx(table.margins[used][party, -1], abs=1e-8)
    for effect in choice.effects:
        with_it = tuple(n for n in table.names if n in found or n == effect.measure)
        without = tuple(n for n in found if n != effect.measure)
        assert effect.chosen == (effect.measure in found)
        assert effect.useful == (effect.measure in table.useful())
        for used, margins in ((with_it, effect.with_it), (without, effect.without)):
            for party, margin in margins.items():
                rows = [m for (p, n), m in table.margins[used].items() if p == party and n >= 0]
                assert margin == pytest.approx(min(rows), abs=1e-8)


# ------------------------------------------------------------------ the search by itself


@st.composite
def watches(draw: st.DrawFn) -> Watch:
    """Deals that some watching can save: measures that see and are wrong, guarantees, dashes."""
    whole = st.integers
    listed: dict[str, Any] = {"ring": {"party": "north", "gain": draw(whole(-2, 6))}}
    listed["depot"] = {"party": draw(st.sampled_from(["north", "south"]))}
    listed["depot"]["gain"] = draw(whole(-4, 12))
    if draw(st.booleans()):
        prize = {"takes": draw(whole(1, 8)), "prize": draw(whole(-2, 20))}
        listed["depot"]["breakout"] = prize
    measures = {}
    for place in range(draw(whole(2, 5))):
        seen = draw(st.lists(st.sampled_from(["arms", "troops", "depot", "ring"]), unique=True))
        detects = {name: draw(st.sampled_from(["0.05", "0.1", "0.3", "0.6", "1"])) for name in seen}
        wrong = draw(st.sampled_from(["0", "0", "0.01", "0.05", "0.2"]))
        cost = draw(st.sampled_from([0, 1, 1, 2, 3, "0.5", "1/3"]))
        measures[f"m{place}"] = {"detects": detects, "false_alarm": wrong, "cost": cost}
    verification: dict[str, Any] = {"period": "year", "measures": measures}
    verification["lag"] = draw(st.sampled_from([0, 0, 1, 2]))
    verification["punishment"] = draw(st.sampled_from(["forever", "forever", 3]))
    if draw(st.booleans()):
        verification["second_look"] = {"keeps_true": "0.9", "keeps_false": "0.3"}
    against = draw(st.sampled_from([None, "north", "south"]))
    amount = draw(whole(1, 20))
    guarantees = {"patrol": {"by": "x", "against": against, "amount": amount}} if against else {}
    undo = st.sampled_from([0, 1, 5, "never"])
    case = detente.load(
        {
            "parties": {
                name: {"discount": draw(st.sampled_from(["0.5", "0.75", "0.9"]))}
                for name in ("north", "south")
            },
            "issues": {
                "arms": {
                    "options": ["held", "stored", "gone"],
                    "control": "north",
                    "undo": draw(undo),
                    "covert": True,
                },
                "troops": {
                    "options": ["near", "far"],
                    "control": "south",
                    "undo": draw(undo),
                    "covert": True,
                },
            },
            "status_quo": {"arms": "held", "troops": "near"},
            "values": {
                "north": {
                    "scores": {
                        "arms": {"held": draw(whole(5, 15)), "stored": 5, "gone": 0},
                        "troops": {"near": 0, "far": draw(whole(5, 25))},
                    }
                },
                "south": {
                    "scores": {
                        "arms": {"held": 0, "stored": 5, "gone": draw(whole(5, 20))},
                        "troops": {"near": draw(whole(3, 12)), "far": 0},
                    }
                },
            },
            "guarantees": guarantees,
            "violations": listed,
            "verification": verification,
        }
    )
    agreed = {"arms": "gone", "troops": "far"}
    seen = detectors(case, agreed)
    model = compile_case(case)
    parties = {name: tempted(model, name, agreed, seen) for name in case.parties}
    periods = None if verification["punishment"] == "forever" else 3
    return watched(parties, seen, verification["lag"], periods).watch


def masks(watch: Watch) -> np.ndarray:
    return np.array(list(itertools.product([False, True], repeat=len(watch.costs))))


@pytest.mark.parametrize("admitted", [1, 256])
@settings(max_examples=25, deadline=None, suppress_health_check=relaxed)
@given(watch=watches(), budget=st.sampled_from([None, Fraction(1), Fraction(3)]))
def test_cheapest_and_strongest(admitted: int, watch: Watch, budget: Fraction | None) -> None:
    """Also where ways to cheat are taken into account one by one."""
    sets = masks(watch)
    table = np.array([watch.margins(used) for used in sets])
    can = (table >= -TIE).any(axis=0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "ADMITTED", admitted)
        for row, known in enumerate(can):
            one = deterring(watch.at(np.array([row])))
            assert (one is not None) == known
            assert one is None or watch.margins(one)[row] >= -TIE
        rest, table = watch.at(can), table[:, can]
        found = cheapest(rest, budget, 4)
        best, margin = strongest(rest, budget, rest.useful) if can.any() else (sets[0], 0.0)
    within = [budget is None or watch.cost(used) <= budget for used in sets]
    good = (table >= -TIE).all(axis=1)
    minimal = [
        n
        for n, used in enumerate(sets)
        if good[n]
        and not any(good[k] and k != n and (sets[k] <= used).all() for k in range(len(sets)))
    ]

    def key(used: np.ndarray) -> Any:
        return watch.cost(used), used.sum()

    expected = sorted(key(sets[n]) for n in minimal if within[n])[:4]
    assert [key(used) for used in found] == expected
    assert {tuple(used) for used in found} <= {tuple(sets[n]) for n in minimal}
    assert len({tuple(used) for used in found}) == len(found)
    if can.any():
        among = [n for n, used in enumerate(sets) if within[n] and not (used & ~rest.useful).any()]
        assert margin == pytest.approx(table[among].min(axis=1).max(), abs=1e-8)
        assert rest.margins(best).min() == pytest.approx(margin)


@settings(max_examples=30, deadline=None, suppress_health_check=relaxed)
@given(watches(), st.data())
def test_bounds_hold_for_every_set_between(watch: Watch, data: st.DataObject) -> None:
    sets = masks(watch)
    used = sets[data.draw(st.integers(0, len(sets) - 1))]
    free = sets[data.draw(st.integers(0, len(sets) - 1))] & ~used
    between = [s for s in sets if (used <= s).all() and (s <= (used | free)).all()]
    margins = np.array([watch.margins(s) for s in between])
    assert (margins.max(axis=0) <= watch.ceilings(used, free).max(axis=0) + TIE).all()
    assert not ((margins >= -TIE).any(axis=0) & ~watch.reachable(used, free)).any()
    # Jointly: where all margins are at once, one of the pieces allows for it.
    highest = margins.min(axis=1).max()
    assert highest <= watch.ceilings(used, free).min(axis=1).max() + TIE
    funds = data.draw(st.sampled_from([0.0, 1.0, 2.5]))
    spent = watch.cost(used)
    paid = [float(watch.cost(s) - spent) <= funds for s in between]
    limited = watch.ceilings(used, free, funds).max(axis=0)
    assert (margins[paid].max(axis=0) <= limited + TIE).all()


@settings(max_examples=30, deadline=None, suppress_health_check=relaxed)
@given(watches(), st.integers(0, 2**32 - 1))
def test_what_false_alarms_do_not_help(watch: Watch, seed: int) -> None:
    """A way that is not stirred, deterred with some false alarms, is so with fewer."""
    most = watch.false_alarm(np.ones(len(watch.costs), dtype=bool))
    random = np.random.default_rng(seed)
    steady = ~watch.stirred
    for _ in range(10):
        low, high = np.sort(random.uniform(0, most, 2))
        d = random.choice([0, 0.05, 0.3, 0.7, 1], len(watch))
        few, many = (watch.paths.margins(d, wrong) for wrong in (low, high))
        assert (few >= -TIE)[steady & (many >= 0)].all()
        dashes = steady & (watch.paths.takes > 0)
        surer = watch.paths.margins(np.minimum(1, d + 0.1), low)
        assert (surer >= few - TIE)[dashes].all()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 6))
def test_least_cost_is_a_lower_bound(seed: int, ways: int, measures: int) -> None:
    random = np.random.default_rng(seed)
    coverage = random.choice([0, 0.1, 0.5, 1, 2], (ways, measures))
    costs = random.choice([0, 1, 2, 2, 3], measures).astype(float)
    lacking = random.choice([-0.5, 0, 0.2, 1, 2.5], ways)
    sets = np.array(list(itertools.product([0, 1], repeat=measures)))
    good = [s for s in sets if (coverage @ s >= lacking).all()]
    bound, worst = least_cost(lacking, coverage, costs)
    assert 0 <= worst < ways
    if good:
        assert bound <= min(s @ costs for s in good) + 1e-9
    if ways == 1 and good and lacking[0] > 0:
        # Exact where parts of measures count: the linear program of a single way.
        spent, left = 0.0, lacking[0]
        ratio = [costs[m] / coverage[0, m] if coverage[0, m] else np.inf for m in range(measures)]
        for m in np.argsort(ratio):
            share = min(1.0, left / coverage[0, m]) if coverage[0, m] else 0.0
            spent, left = spent + share * costs[m], left - share * coverage[0, m]
        assert bound == pytest.approx(spent, abs=1e-6)


def test_what_can_be_had_for_so_much() -> None:
    gains, prices = np.array([[2.0, 1.0, 0.0], [0.0, 1.0, 1.0]]), np.array([4.0, 1.0, 0.0])
    found = affordable(gains, prices, np.array([0.0, 0.5, 1.0, 3.0, 9.0]))
    assert found[:, 0] == pytest.approx([0, 0.5, 1, 2, 3], abs=1e-6)
    assert found[:, 1] == pytest.approx([1, 1.5, 2, 2, 2], abs=1e-6)


# ------------------------------------------------------------------ by hand


def site(measures: Mapping[str, Any], gain: int = 3, **verification: Any) -> detente.Case:
    """North keeps a deal worth 10 a period; a depot brings it ``gain`` more; collapse is 4."""
    return detente.load(
        {
            "parties": {"north": {"discount": "0.5"}},
            "issues": {"arms": {"options": ["held", "gone"], "control": "north", "covert": False}},
            "status_quo": {"arms": "held"},
            "values": {"north": {"scores": {"arms": {"held": 4, "gone": 10}}}},
            "violations": {"depot": {"party": "north", "gain": gain}},
            "verification": {"period": "year", "measures": dict(measures), **verification},
        }
    )


def chosen(case: detente.Case, **options: Any) -> Any:
    choice = detente.verify(case, "arms=gone", **options).choice
    return choice, choice.chosen.measures if choice.chosen else None


def test_the_cheapest_set_by_hand() -> None:
    """With δ = 1/2 the stake is 6: a gain of 3 takes a detection of one half."""
    measures = {
        "eyes": {"detects": {"depot": "0.5"}, "cost": 5},
        "ears": {"detects": {"depot": "0.3"}, "cost": 2},
        "nose": {"detects": {"depot": "0.3"}, "cost": 2},
    }
    choice, found = chosen(site(measures))
    assert found == ("ears", "nose") or 1 - 0.7**2 < 0.5  # 0.51 for 4 beats 0.5 for 5
    assert choice.chosen.cost == 4
    assert [entry.measures for entry in choice.alternatives] == [("eyes",)]
    assert choice.chosen.margins["north"] == pytest.approx(
        10 - (0.5 * 13 + 0.5 * 0.51 * 4) / (1 - 0.5 * 0.49)
    )
    assert choice.deters
    assert choice.cheapest_without_budget is None
    # Exactly one half is exactly enough.
    choice, found = chosen(site({"eyes": measures["eyes"]}))
    assert (found, choice.deters) == (("eyes",), True)
    assert choice.chosen.margins["north"] == pytest.approx(0, abs=1e-12)


def test_a_budget_by_hand() -> None:
    measures = {
        "eyes": {"detects": {"depot": "0.4"}, "cost": 3},
        "ears": {"detects": {"depot": "0.3"}, "cost": 2},
    }
    case = site(measures)
    choice, found = chosen(case, budget=3)
    assert found == ("eyes",)
    assert not choice.deters
    assert choice.cheapest_without_budget == 5
    assert choice.stays_tempting == (("north", ("depot",)),)
    assert choice.beyond == ()
    for budget in (5, "5.0", Fraction(5), 5.0):
        assert chosen(case, budget=budget)[1] == ("eyes", "ears")
    assert chosen(case, budget=0)[1] == ()
    assert chosen(case, budget="0.1")[1] == ()


def test_false_alarms_can_cost_more_than_they_bring() -> None:
    """What sees most is wrong so often that the agreement is worth little with it."""
    measures = {
        "dogs": {"detects": {"depot": "0.9"}, "false_alarm": "0.9", "cost": 1},
        "eyes": {"detects": {"depot": "0.6"}, "cost": 9},
    }
    assert chosen(site(measures))[1] == ("eyes",)
    look = {"keeps_true": 1, "keeps_false": "0.01"}
    assert chosen(site(measures, second_look=look))[1] == ("dogs",)


def test_no_measure_has_a_cost() -> None:
    measures = {name: {"detects": {"depot": "0.4"}} for name in ("eyes", "ears", "nose")}
    choice, found = chosen(site(measures))
    assert (found, choice.chosen.cost, choice.counted) == (("eyes", "ears"), 2, True)
    assert choice.without_cost == ("eyes", "ears", "nose")
    measures["nose"]["cost"] = 1
    choice, found = chosen(site(measures))
    assert (found, choice.chosen.cost, choice.counted) == (("eyes", "ears"), 0, False)
    assert choice.without_cost == ("eyes", "ears")


def test_of_sets_that_cost_the_same_the_smaller() -> None:
    """Also where enough larger ones are found first, as more is seen for the money."""
    measures = {f"m{n}": {"detects": {"depot": "0.16"}, "cost": 1} for n in range(6)}
    choice, found = chosen(site(measures))
    assert (len(found), choice.chosen.cost) == (4, 4)
    measures["two"] = {"detects": {"depot": "0.292"}, "cost": 2}
    choice, found = chosen(site(measures))
    for entry in (choice.chosen, *choice.alternatives):
        assert (len(entry.measures), entry.cost) == (3, 4)
        assert "two" in entry.measures


def test_no_alternative_contains_another() -> None:
    """All three together deter, no two of them do, and one of them does alone.

    What the second sees and the third sees is needed only because both are wrong so often.
    """
    gains = {"north": "2.9", "south": "2.9", "east": "1"}
    case = detente.load(
        {
            "parties": {party: {"discount": "0.5"} for party in gains},
            "issues": {"arms": {"options": ["held", "gone"], "covert": False}},
            "status_quo": {"arms": "held"},
            "values": {p: {"scores": {"arms": {"held": 4, "gone": 10}}} for p in gains},
            "violations": {f"{p}_depot": {"party": p, "gain": g} for p, g in gains.items()},
            "verification": {
                "period": "year",
                "measures": {
                    "one": {
                        "detects": {"north_depot": 0.5, "south_depot": 0.5, "east_depot": 0.99},
                        "cost": 1,
                    },
                    "two": {"detects": {"south_depot": 0.9}, "false_alarm": "0.1", "cost": 1},
                    "three": {"detects": {"north_depot": 0.9}, "false_alarm": "0.1", "cost": 1},
                },
            },
        }
    )
    table = Table(case, {"arms": "gone"})
    good = [used for used in table.margins if table.deters(used, table.goal)]
    assert good == [("one",), ("one", "two", "three")]
    choice, found = chosen(case)
    assert (found, choice.alternatives) == (("one",), ())


def test_what_nothing_sees_is_beyond() -> None:
    choice, found = chosen(site({"eyes": {"detects": {"arms": "0.4"}, "cost": 1}}))
    assert choice.beyond == (("north", ("depot",)),)
    assert (found, choice.deters) == ((), False)
    choice, found = chosen(site({}))
    assert (found, choice.deters) == (None, False)
    choice, found = chosen(site({}, gain=-1))
    assert (found, choice.deters) == (None, True)


def test_a_measure_that_the_outcome_does_not_allow() -> None:
    measures = {
        "eyes": {"detects": {"depot": "0.9"}, "cost": 1, "requires": "arms == held"},
        "ears": {"detects": {"depot": "0.6"}, "cost": 8},
    }
    choice, found = chosen(site(measures))
    assert found == ("ears",)
    assert choice.refused == {"eyes": "arms == held"}
    assert [effect.measure for effect in choice.effects] == ["ears"]


def test_more_measures_than_are_searched() -> None:
    measures = {f"m{n}": {"detects": {"depot": "0.1"}} for n in range(MOST_MEASURES + 1)}
    with pytest.raises(CaseError, match=r"41 measures to choose among; at most 40(?s:.*)join"):
        chosen(site(measures))
    # What sees nothing is not counted.
    measures["m0"] = {"detects": {}}
    assert len(chosen(site(measures))[1]) == 7  # 0.9^7 < 1/2


@pytest.mark.parametrize(
    ("budget", "message"),
    [
        (-1, "not negative; this is -1"),
        ("-0.5", "not negative"),
        ("much", "budget"),
        (float("nan"), "budget"),
        (float("inf"), "budget"),
        (True, "budget"),
    ],
)
def test_budgets_that_are_none(budget: Any, message: str) -> None:
    with pytest.raises(CaseError, match=message):
        chosen(site({"eyes": {"detects": {"depot": "0.9"}}}), budget=budget)


@settings(max_examples=20, deadline=None, suppress_health_check=relaxed)
@given(cheating_cases(most_measures=4), st.randoms(use_true_random=False))
def test_the_order_of_measures_does_not_matter(drawn: Drawn, random: Any) -> None:
    raw, agreed = drawn
    measures = list(raw["verification"]["measures"].items())
    assume(len(measures) > 1)
    first = detente.verify(detente.load(raw), agreed).choice
    random.shuffle(measures)
    raw["verification"]["measures"] = dict(measures)
    second = detente.verify(detente.load(raw), agreed).choice
    assert (first.chosen is None) == (second.chosen is None)
    assert set(first.beyond) == set(second.beyond)
    if first.chosen is not None and second.chosen is not None:
        assert first.chosen.cost == second.chosen.cost or not first.deters


def benchmark(seed: int, measures: int = 20) -> tuple[dict[str, Any], dict[str, str]]:
    """Six parties with two covert issues each, and more ways to look than anybody could pay."""
    random = np.random.default_rng(seed)
    parties = [f"p{n}" for n in range(6)]
    issues = {
        f"i{n}": {
            "options": ["a", "b", "c"],
            "control": parties[n // 2],
            "undo": int(random.choice([0, 1, 6, 24])),
        }
        for n in range(12)
    }
    listed: dict[str, Any] = {
        f"v{n}": {"party": str(random.choice(parties)), "gain": int(random.integers(1, 5))}
        for n in range(4)
    }
    listed["v0"]["breakout"] = {"takes": 12, "prize": 10}
    things = [*issues, *listed]
    watching = {}
    for n in range(measures):
        seen = random.choice(things, random.integers(2, 6), replace=False)
        watching[f"m{n}"] = {
            "detects": {str(name): round(random.uniform(0.02, 0.5), 3) for name in seen},
            "false_alarm": round(random.uniform(0.001, 0.02), 4),
            "cost": int(random.integers(1, 11)),
        }
    values: dict[str, Any] = {}
    for party in parties:
        scores = {}
        for issue, entry in issues.items():
            most = int(random.integers(2, 8))
            up = {"a": 0, "b": most / 2, "c": most}
            scores[issue] = (
                dict(zip("cba", up.values(), strict=True)) if entry["control"] == party else up
            )
        values[party] = {"scores": scores}
    case = {
        "parties": {party: {"discount": "0.9"} for party in parties},
        "issues": issues,
        "status_quo": dict.fromkeys(issues, "a"),
        "values": values,
        "violations": listed,
        "verification": {
            "measures": watching,
            "second_look": {"keeps_true": 0.95, "keeps_false": 0.1},
        },
    }
    return case, dict.fromkeys(issues, "c")


@pytest.mark.parametrize("cost", [None, 1, "1/3"])
def test_forty_measures_that_are_all_alike(cost: Any) -> None:
    """Many sets are as good as any other; they need not all be looked at."""
    entry = (
        {"detects": {"depot": "0.1"}}
        if cost is None
        else {"detects": {"depot": "0.1"}, "cost": cost}
    )
    choice, found = chosen(site({f"m{n}": dict(entry) for n in range(40)}))
    assert len(found) == 7
    assert [len(other.measures) for other in choice.alternatives] == [7, 7, 7]
    choice, found = chosen(site({f"m{n}": dict(entry) for n in range(40)}), budget=2)
    assert len(found) == (2 if cost != "1/3" else 6)
    # None of them can do it where each is wrong too often.
    wrong = {**entry, "false_alarm": "0.2"}
    choice, found = chosen(site({f"m{n}": dict(wrong) for n in range(40)}))
    assert choice.beyond == (("north", ("depot",)),)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_twenty_measures_are_chosen_at_once(seed: int) -> None:
    raw, agreed = benchmark(seed)
    case = detente.load(raw)
    begin = time.process_time()
    choice = detente.verify(case, agreed).choice
    assert time.process_time() - begin < 10  # generous: half a second on an ordinary machine
    assert choice.chosen is not None
