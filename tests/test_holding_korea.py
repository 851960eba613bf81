"""Stability under many codings on the Korean case: drawn from its ranges, and its likely values."""

from __future__ import annotations

import numpy as np
import pytest

import detente
from detente.model.compilation import compile_case
from detente.stability import individual
from detente.stability.answer import CONCEPTS
from detente.stability.graph.conflict import all_states, conflict
from detente.uncertainty.holding.holds import holds
from detente.uncertainty.worths import Worth
from holding import Codings, listed, ranged_codings, small_codings

PACKAGES = ("hanoi_north_offer", "freeze_first", "coexistence")


@pytest.fixture(scope="module")
def codings() -> Codings:
    """The likely values, three codings drawn from the ranges, and all numbers at once low."""
    case = detente.load("korea")
    chance = np.random.default_rng(7)

    def shares(numbers: int) -> np.ndarray:
        return np.concatenate([chance.random((3, numbers)), np.full((1, numbers), 0.02)])

    likely, drawn = small_codings(case, 3, 1), ranged_codings(case, shares)
    worths = {
        party: Worth(np.concatenate([likely.worths[party].terms, worth.terms]), worth.reads)
        for party, worth in drawn.worths.items()
    }
    return Codings([*likely.cases, *drawn.cases], worths)


def test_korean_packages(codings: Codings) -> None:
    case = codings.cases[0]
    model = compile_case(case)
    codes = all_states(model)
    index = codes @ np.array(model.space.strides)
    every = [individual(conflict(compile_case(one), 0, codes)) for one in codings.cases]
    for package in PACKAGES:
        outcome = case.complete(case.packages[package].outcome)
        place = int(np.searchsorted(index, model.space.index(outcome)))
        expected = {
            concept: {
                party: [int(found[concept][party][place]) for found in every]
                for party in case.parties
            }
            for concept in CONCEPTS
        }
        assert listed(holds(model, outcome, codings.worths)) == expected, package
