"""Stability under many codings against ``hold``, coding by coding."""

from __future__ import annotations

import pickle
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import detente
from detente.case import CaseError
from detente.model.compilation import compile_case
from detente.stability import individual
from detente.stability.answer import CONCEPTS, LEAVES, STAYS, UNKNOWN
from detente.stability.graph.conflict import all_states, conflict
from detente.uncertainty.holding import comparison, improvements, neighbourhood, reached, sequences
from detente.uncertainty.holding.holds import holds, holds_around
from detente.uncertainty.holding.neighbourhood import Neighbourhood
from detente.uncertainty.worths import Worth
from holding import Codings, Verdicts, listed, small_codings
from holds import TRUCE
from stability_strategies import Model, hold_cases, models

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
STATES = ("today", "calm", "crisis", "alarm", "war")
seeds = st.integers(0, 2**32)


def some(count: int) -> settings:
    return settings(max_examples=count, deadline=None, suppress_health_check=SLOW)


def check_states(codings: Codings, seed: int, most: int) -> None:
    """Some states of a case as outcomes, against all verdicts of each coding."""
    every = []
    for case in codings.cases:
        model = compile_case(case)
        every.append(individual(conflict(model, 0, all_states(model))))
    model = compile_case(codings.cases[0])
    codes = all_states(model)
    chance = random.Random(seed)
    for state in chance.sample(range(len(codes)), min(most, len(codes))):
        expected: Verdicts = {
            concept: {
                party: [int(found[concept][party][state]) for found in every]
                for party in model.case.parties
            }
            for concept in CONCEPTS
        }
        outcome = model.space.outcome(codes[state])
        assert listed(holds(model, outcome, codings.worths)) == expected, outcome


@some(60)
@given(hold_cases(unvalued=True), seeds)
def test_cases(drawn: dict[str, Any], seed: int) -> None:
    codings = small_codings(detente.load(drawn), seed, 6)
    assume(codings.worths)
    check_states(codings, seed, 6)


@some(60)
@given(hold_cases(ordinal=False, bystanders=False, most_parties=4), seeds)
def test_cases_with_scores(drawn: dict[str, Any], seed: int) -> None:
    codings = small_codings(detente.load(drawn), seed, 6)
    assume(codings.worths)
    check_states(codings, seed, 6)


@some(90)
@given(models(groups=False, unvalued=True), seeds)
def test_graphs_with_intransitive_moves(drawn: Model, seed: int) -> None:
    codings = small_codings(detente.load(drawn.as_case()), seed, 6)
    assume(codings.worths)
    check_states(codings, seed, 5)


@some(40)
@given(hold_cases(unvalued=True, most_parties=3), seeds)
def test_small_portions(drawn: dict[str, Any], seed: int) -> None:
    """What is looked at at once, so that memory is bounded, changes no verdict."""
    codings = small_codings(detente.load(drawn), seed, 3)
    assume(codings.worths)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sequences, "STARTS", 1)
        patch.setattr(reached, "FIRST", 1)
        patch.setattr(improvements, "MOST_MOVES", 2)
        patch.setattr(improvements, "BLOCK", 1)
        patch.setattr(comparison, "BLOCK", 2)
        patch.setattr(comparison, "BLOCK_ANSWERED", 2)
        patch.setattr(neighbourhood, "BLOCK", 3)
        check_states(codings, seed, 3)


@some(40)
@given(hold_cases(unvalued=True), seeds)
def test_as_hold_says(drawn: dict[str, Any], seed: int) -> None:
    codings = small_codings(detente.load(drawn), seed, 3)
    assume(codings.worths)
    model = compile_case(codings.cases[0])
    outcome = model.space.outcome(random.Random(seed).choice(list(all_states(model))))
    assert listed(holds(model, outcome, codings.worths)) == codings.held(outcome)


@some(50)
@given(hold_cases(unvalued=True, most_states=240), seeds)
def test_around_an_outcome(drawn: dict[str, Any], seed: int) -> None:
    """With too few states held, by the same rules what cannot be told is unknown."""
    codings = small_codings(detente.load(drawn), seed, 3)
    assume(codings.worths)
    model = compile_case(codings.cases[0])
    codes = all_states(model)
    chance = random.Random(seed)
    outcome = model.space.outcome(chance.choice(list(codes)))
    most = chance.randint(min(8, len(codes)), len(codes))
    try:
        expected = codings.held(outcome, most_states=most)
    except CaseError:
        with pytest.raises(CaseError):
            holds(model, outcome, codings.worths, most=most)
    else:
        assert listed(holds(model, outcome, codings.worths, most=most)) == expected


def test_answers_beyond_what_is_held() -> None:
    """From the last state held North may have a better answer: that it would stay is not told."""
    case = detente.load(
        {
            "detente": 1,
            "title": "Step by step",
            "parties": {"north": {}, "south": {}},
            "issues": {
                "arms": {
                    "options": ["few", "some", "many"],
                    "control": "north",
                    "transitions": {"few": ["some"], "some": ["many"], "many": []},
                },
                "trade": {"options": ["open", "shut"], "control": "south"},
            },
            "status_quo": {"arms": "few", "trade": "open"},
            "values": {
                "north": {
                    "scores": {
                        "arms": {"few": 0, "some": 1, "many": 9},
                        "trade": {"open": 0, "shut": -5},
                    }
                },
                "south": {"scores": {"trade": {"open": 0, "shut": 1}}},
            },
        }
    )
    codings, model = small_codings(case, 0, 1), compile_case(case)
    outcome = case.complete({})
    for most, told in ((5, UNKNOWN), (6, LEAVES)):
        found = holds(model, outcome, codings.worths, most=most)
        assert listed(found) == codings.held(outcome, most_states=most)
        assert found["nash"]["north"].tolist() == [LEAVES]
        assert found["seq"]["north"].tolist() == [STAYS]
        assert found["smr"]["north"].tolist() == found["sseq"]["north"].tolist() == [told]


@some(40)
@given(hold_cases(unvalued=True), seeds)
def test_codings_do_not_touch_each_other(drawn: dict[str, Any], seed: int) -> None:
    """Many in any order, over several words and batches, as few; and after pickling."""
    codings = small_codings(detente.load(drawn), seed, 5)
    assume(codings.worths)
    model = compile_case(codings.cases[0])
    outcome = model.space.outcome(random.Random(seed).choice(list(all_states(model))))
    around = Neighbourhood(
        model, outcome, {party: worth.reads for party, worth in codings.worths.items()}
    )
    few = holds_around(around, {party: worth.terms for party, worth in codings.worths.items()})
    order = np.random.default_rng(seed).integers(0, 5, 1100)
    terms = {party: worth.terms[order] for party, worth in codings.worths.items()}
    for place in (around, pickle.loads(pickle.dumps(around))):
        many = holds_around(place, terms)
        for concept in CONCEPTS:
            for party in model.case.parties:
                assert (many[concept][party] == few[concept][party][order]).all()
                assert many[concept][party].dtype == np.int8


def truce() -> Any:
    return detente.load(TRUCE)


def test_every_verdict_occurs() -> None:
    """North may test again; South, which alone could answer, likes that in one coding of two."""
    case = truce()
    model = compile_case(case)
    codings = small_codings(case, 1, 1)
    outcome = {"tests": "off", "embargo": "lifted", "aid": "none"}
    reads = codings.worths["south"].reads
    terms = np.repeat(codings.worths["south"].terms, 2, axis=0)
    lifted = _column(reads, model, outcome, {**outcome, "embargo": "full"})
    terms[:, lifted] = 0, 9  # dearer in the first coding, so that only there it is taken back
    found = holds(model, outcome, {"south": Worth(terms, reads)})
    assert found["nash"]["north"].tolist() == [LEAVES, LEAVES]
    assert found["gmr"]["north"].tolist() == [STAYS, STAYS]
    assert found["seq"]["north"].tolist() == [STAYS, LEAVES]
    assert found["nash"]["south"].tolist() == [LEAVES, STAYS]
    silent = case.changed(values={k: v for k, v in case.values.items() if k != "south"})
    north = small_codings(silent, 1, 1).worths["north"]
    unknown = holds(compile_case(silent), outcome, {"north": north})
    assert unknown["seq"]["north"].tolist() == [UNKNOWN]
    assert unknown["gmr"]["north"].tolist() == [STAYS]
    assert unknown["nash"]["south"].tolist() == [UNKNOWN]


def _column(reads: Any, model: Any, outcome: dict[str, str], other: dict[str, str]) -> int:
    """The term that one outcome reads and the other does not."""
    one, two = reads(np.array([model.space.codes(each) for each in (outcome, other)]))
    (place,) = np.flatnonzero(one > two)
    return int(place)


@pytest.mark.parametrize("third", [True, False])
def test_nobody_moves_twice_in_a_row(third: bool) -> None:
    """South gets from calm over a crisis to war only if East moves in between."""
    east = [["alarm", "crisis"]] if third else []
    case = detente.load(
        {
            "detente": 1,
            "title": "In turns",
            "parties": {"north": {}, "south": {}, "east": {}},
            "issues": {
                "state": {
                    "options": list(STATES),
                    "moves": {
                        "north": [["today", "calm"]],
                        "south": [["calm", "crisis"], ["calm", "alarm"], ["crisis", "war"]],
                        "east": east,
                    },
                }
            },
            "status_quo": {"state": "today"},
            "values": {
                party: {"scores": {"state": dict(zip(STATES, points, strict=True))}}
                for party, points in {
                    "north": (0, 1, 2, 2, -1),
                    "south": (0, 0, 1, 1, 2),
                    "east": (0, 0, 1, 0, 0),
                }.items()
            },
        }
    )
    codings = small_codings(case, 0, 1)
    found = holds(compile_case(case), case.complete({}), codings.worths)
    assert listed(found) == codings.held({"state": "today"})
    for concept in ("gmr", "smr", "seq", "sseq"):
        assert found[concept]["north"].tolist() == [STAYS if third else LEAVES]


@pytest.mark.parametrize("at_once", [1, 16])
@pytest.mark.parametrize("punished", ["low", "high"])
def test_one_improvement_that_nothing_punishes_is_enough(at_once: int, punished: str) -> None:
    """South cuts trade only over one of two steps; North takes the other one."""
    case = detente.load(
        {
            "detente": 1,
            "title": "Two steps",
            "parties": {"north": {}, "south": {}},
            "issues": {
                "arms": {"options": ["none", "low", "high"], "control": "north"},
                "trade": {"options": ["open", "cut"], "control": "south"},
            },
            "status_quo": {"arms": "none", "trade": "open"},
            "values": {
                "north": {
                    "scores": {
                        "arms": {"none": 0, "low": 1, "high": 1},
                        "trade": {"open": 0, "cut": -5},
                    }
                },
                "south": {
                    "scores": {"trade": {"open": 1, "cut": 0}},
                    "adjustments": [{"when": f"arms == {punished} and trade == cut", "add": 5}],
                },
            },
        }
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sequences, "STARTS", at_once)
        found = holds(compile_case(case), case.complete({}), small_codings(case, 0, 1).worths)
    assert found["gmr"]["north"].tolist() == found["smr"]["north"].tolist() == [STAYS]
    assert found["seq"]["north"].tolist() == found["sseq"]["north"].tolist() == [LEAVES]


def test_a_tie_up_to_rounding_is_no_gain() -> None:
    """0.1 + 0.2 against 0.3: the same number for the party, and another one as floats."""
    case = truce()
    model = compile_case(case)
    outcome = {"tests": "off", "embargo": "full", "aid": "none"}
    own = small_codings(case, 1, 1).worths["north"]
    column = _column(own.reads, model, {**outcome, "tests": "on"}, outcome)
    base = _column(own.reads, model, outcome, {**outcome, "tests": "on"})
    terms = np.repeat(own.terms, 3, axis=0)
    terms[:, base] = 0.3
    terms[:, column] = 0.1 + 0.2, 0.3, 0.3 + 1e-9
    assert terms[0, column] > terms[0, base]
    found = holds(model, outcome, {"north": Worth(terms, own.reads)})
    assert found["nash"]["north"].tolist() == [STAYS, STAYS, LEAVES]


def test_refused() -> None:
    case = truce()
    model = compile_case(case)
    worths = small_codings(case, 1, 1).worths
    outcome = case.complete({})
    around = Neighbourhood(model, outcome, {"north": worths["north"].reads})
    with pytest.raises(ValueError, match="reads"):
        holds_around(around, {"south": worths["south"].terms})
    with pytest.raises(ValueError, match="equally many"):
        two = Worth(np.repeat(worths["south"].terms, 2, axis=0), worths["south"].reads)
        holds(model, outcome, {"north": worths["north"], "south": two})
    with pytest.raises(ValueError, match="no party"):
        holds(model, outcome, {"nobody": worths["north"]})
    with pytest.raises(TypeError, match="whole numbers"):
        reads = worths["north"].reads
        holds(model, outcome, {"north": Worth(worths["north"].terms, lambda c: reads(c) / 2)})
