"""GMCR+ conflict models against the definition of their preferences, states and moves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.case import CaseError
from detente.case.exchange.gmcr import read_gmcr
from detente.case.exchange.gmcr_states import States
from detente.model.compilation import compile_case
from detente.model.moves import may_move

Model = dict[str, Any]
Pairs = list[tuple[int, str]]


def write(folder: Path, content: Model) -> Path:
    path = folder / "model.gmcr"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def holds(statement: Any, state: Sequence[str]) -> bool:
    """Whether a pattern, or any member of a compound, holds in a state of Y and N."""
    if isinstance(statement, dict):
        return any(holds(member, state) for member in statement["members"])
    return all(state[option] == sign for option, sign in statement)


def feasible(content: Model) -> list[tuple[str, ...]]:
    """The feasible states in the order of their numbers."""
    size = len(content["options"])
    every = [tuple("NY"[number >> k & 1] for k in range(size)) for number in range(2**size)]
    return [state for state in every if not any(holds(x, state) for x in content["infeasibles"])]


@st.composite
def patterns(draw: st.DrawFn, size: int) -> Pairs:
    options = draw(st.lists(st.integers(0, size - 1), min_size=1, max_size=3, unique=True))
    return [(option, draw(st.sampled_from("YN"))) for option in options]


@st.composite
def statements(draw: st.DrawFn, size: int) -> Any:
    if draw(st.integers(0, 2)):
        return draw(patterns(size))
    return {"compound": True, "members": draw(st.lists(patterns(size), min_size=1, max_size=3))}


@st.composite
def models(draw: st.DrawFn) -> Model:
    """Models with at least one feasible state, by statements or by ranking."""
    size = draw(st.integers(1, 5))
    options = [
        {"name": name, "permittedDirection": draw(st.sampled_from(["both", "fwd", "back"]))}
        for name in draw(st.permutations(["One", "two", "One more", "if", "Five"]))[:size]
    ]
    content: Model = {
        "options": options,
        "infeasibles": draw(st.lists(statements(size), max_size=4)),
        "decisionMakers": [],
        "useManualPreferenceRanking": draw(st.booleans()),
    }
    states = feasible(content)
    if not states:
        content["infeasibles"], states = [], feasible({**content, "infeasibles": []})
    for name in draw(st.sampled_from([["A"], ["A", "a"], ["A", "B b", "C"]])):
        owned = draw(st.lists(st.integers(0, size - 1), min_size=1, unique=True))
        entry = {"name": name, "options": owned, "preferences": []}
        if content["useManualPreferenceRanking"]:
            numbers = draw(st.permutations(range(1, len(states) + 1)))
            entry["preferenceRanking"] = draw(tied(numbers))
        else:
            entry["preferences"] = draw(st.lists(statements(size), max_size=6))
        content["decisionMakers"].append(entry)
    return content


@st.composite
def tied(draw: st.DrawFn, numbers: list[int]) -> list[Any]:
    out: list[Any] = []
    while numbers:
        cut = draw(st.integers(1, len(numbers)))
        group, numbers = list(numbers[:cut]), list(numbers[cut:])
        out.append(group[0] if cut == 1 and draw(st.booleans()) else group)
    return out


def worth(entry: Model, states: list[tuple[str, ...]]) -> list[Any]:
    """For every state what compares as the preferences do: a truth vector, or minus a rank."""
    if "preferenceRanking" not in entry:
        return [tuple(holds(x, state) for x in entry["preferences"]) for state in states]
    groups = [x if isinstance(x, list) else [x] for x in entry["preferenceRanking"]]
    places = {number: place for place, group in enumerate(groups) for number in group}
    return [-places[number] for number in range(1, len(states) + 1)]


without_folder = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@given(models())
@without_folder
def test_every_pair_of_states_is_ordered_as_in_gmcr(tmp_path: Path, content: Model) -> None:
    case = read_gmcr(write(tmp_path, content)).case
    compiled = compile_case(case)
    size, states = len(content["options"]), feasible(content)
    every = np.array(list(product(range(2), repeat=size)), dtype=np.int64)
    allowed = {tuple("NY"[code] for code in row) for row in every[compiled.problem.feasible(every)]}
    assert allowed == set(states)
    assert tuple((case.status_quo or {}).values()) == tuple(
        {"Y": "yes", "N": "no"}[sign] for sign in states[0]
    )
    codes = np.array([["NY".index(sign) for sign in state] for state in states], dtype=np.int64)
    for party, entry in zip(case.parties, content["decisionMakers"], strict=True):
        criterion = compiled.problem.criteria[compiled.position[party]]
        totals, defined = criterion.totals(codes).tolist(), worth(entry, states)
        for one, other in product(range(len(states)), repeat=2):
            assert (totals[one] > totals[other]) == (defined[one] > defined[other])


@given(models())
@without_folder
def test_moves_are_those_of_the_owners(tmp_path: Path, content: Model) -> None:
    case = read_gmcr(write(tmp_path, content)).case
    arcs = {"both": {"no", "yes"}, "fwd": {"no"}, "back": {"yes"}}
    for place, (issue, option) in enumerate(zip(case.issues, content["options"], strict=True)):
        owners = [
            party
            for party, entry in zip(case.parties, content["decisionMakers"], strict=True)
            if place in entry["options"]
        ]
        stated = case.issues[issue]
        assert list(stated.moves or {}) == owners or [stated.control] == owners
        for before, after in (("no", "yes"), ("yes", "no")):
            free = bool(owners) and before in arcs[option["permittedDirection"]]
            assert may_move(case, issue, before, after) == free


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_states_are_numbered_by_their_sum(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 6))
    avoided = data.draw(st.lists(patterns(size), max_size=6))
    states = feasible({"options": [None] * size, "infeasibles": avoided})
    counted = States(size, [tuple((k, sign == "Y") for k, sign in x) for x in avoided])
    assert counted.count == len(states)
    for number, state in enumerate(states, start=1):
        assert counted.state(number) == tuple(sign == "Y" for sign in state)


def test_many_states_are_counted_and_never_listed(tmp_path: Path) -> None:
    size = 90
    pairs = [((k, True), (k + 1, True)) for k in range(size - 1)]
    states = States(size, pairs)
    fibonacci = [1, 2]
    while len(fibonacci) <= size:
        fibonacci.append(fibonacci[-1] + fibonacci[-2])
    assert states.count == fibonacci[size]
    assert states.state(states.count) == tuple(k % 2 == 1 for k in range(size))
    impossible = [[[89, "Y"]], [[89, "N"], [0, "Y"]], [[0, "N"]]]
    options = [{"name": f"o{k}"} for k in range(size)]
    content = {"options": options, "infeasibles": impossible, "decisionMakers": [{}]}
    with pytest.raises(CaseError, match="these patterns leave no state"):
        read_gmcr(write(tmp_path, content))


def test_patterns_that_interlock_too_much_are_refused() -> None:
    pairs = [((k, True), (k + 20, True)) for k in range(20)]
    with pytest.raises(CaseError, match=r"interlock in too many ways \(more than 1,000\)"):
        States(40, pairs, most=1000)
