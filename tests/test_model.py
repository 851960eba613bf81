"""The model against its definitions: space, walk, counts, values, consent."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import detente
from by_definition import ByDefinition
from detente.case import CaseError
from detente.model.compilation import compile_case
from detente.model.counting import count
from detente.model.problem import AtLeast, Factor, Meets, every, required
from detente.model.space import Space, digits
from detente.model.walk import walk
from strategies import cases

SLOW = settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])


@given(st.lists(st.integers(2, 4), min_size=1, max_size=5), st.data())
def test_index_and_outcome_are_inverse(sizes: list[int], data: st.DataObject) -> None:
    names = tuple(f"i{n}" for n in range(len(sizes)))
    space = Space(names, tuple(tuple(f"o{k}" for k in range(size)) for size in sizes))
    index = data.draw(st.integers(0, space.total - 1))
    codes = space.digits(index)
    assert space.index(space.outcome(codes)) == index
    assert tuple(digits(np.array([index]), sizes)[0]) == codes


def test_spaces_of_any_size_have_an_index() -> None:
    space = Space(tuple(f"i{n}" for n in range(80)), (("a", "b", "c"),) * 80)
    assert space.total == 3**80
    assert space.index(space.outcome(space.digits(3**80 - 1))) == 3**80 - 1


@SLOW
@given(cases(), st.integers(1, 40))
def test_walk_values_and_consent(data: dict[str, Any], block: int) -> None:
    """Whatever the block size, a walk sees every feasible outcome with its exact values."""
    case = detente.load(data)
    brute, model = ByDefinition(case), compile_case(case)
    seen = 0
    outcomes = list(brute.outcomes())
    expected = [number for number, o in enumerate(outcomes) if not brute.broken(o)]
    for part in walk(model.problem, block):
        for index, totals in zip(part.indices, part.totals, strict=True):
            assert index == expected[seen]
            seen += 1
            outcome = outcomes[index]
            for name in brute.valued:
                place = model.position[name]
                criterion = model.problem.criteria[place]
                value = int(totals[place]) * criterion.unit
                if criterion.cardinal:
                    assert value == brute.value(name, outcome) == model.value(name, outcome)
                assert (totals[place] >= criterion.threshold) == (brute.gain(name, outcome) >= 0)
            met = (totals >= model.problem.thresholds)[None, :]
            for name, consent in model.problem.consents.items():
                assert bool(consent.holds(met)[0]) == brute.accepts(name, outcome)
            assert bool(model.problem.consent.holds(met)[0]) == brute.agreed(outcome)
    assert seen == len(expected) == model.feasible


@SLOW
@given(cases(unvalued=False))
def test_orders_keep_their_order(data: dict[str, Any]) -> None:
    """Rankings and priorities become integers that compare as the definitions do."""
    case = detente.load(data)
    brute, model = ByDefinition(case), compile_case(case)
    outcomes = list(brute.outcomes())[:40]
    for name in brute.valued:
        for first in outcomes:
            for second in outcomes:
                ours = model.value(name, first) - model.value(name, second)
                theirs = brute.value(name, first) - brute.value(name, second)
                assert (ours > 0) == (theirs > 0)
                assert (ours < 0) == (theirs < 0)


def test_counting_is_exact_and_walks_through_nothing() -> None:
    table = np.array([[True, False], [True, True]])
    chain = [Factor((n, n + 1), table) for n in range(99)]
    assert count([2] * 100, chain) == 101
    assert count([3] * 200, []) == 3**200
    assert count([2, 2], [Factor((), np.array(False))]) == 0


def test_counting_refuses_what_does_not_fit() -> None:
    pairs = [
        Factor((i, j), np.ones((4, 4), dtype=np.bool_)) for i in range(16) for j in range(i + 1, 16)
    ]
    with pytest.raises(CaseError, match="tie 16 issues together"):
        count([4] * 16, pairs)


def test_required_criteria() -> None:
    consent = every([Meets(0), AtLeast((Meets(1), Meets(2)), (1, 1), 1), Meets(3)])
    assert required(consent) == {0, 3}
    assert required(AtLeast((Meets(1), Meets(2)), (3, 1), 3)) == {1}


def test_rules_that_leave_no_outcome_are_named(table: dict[str, Any]) -> None:
    del table["status_quo"]
    table["parties"] = {"north": {"walk_away": 0}, "south": {"walk_away": 0}}
    table["rules"] = [
        {"never": "embargo == full and arms == held"},
        {"never": "arms != held"},
        {"never": "embargo == lifted"},
    ]
    with pytest.raises(CaseError) as caught:
        detente.agree(detente.load(table))
    text = str(caught.value)
    assert "the rules of 'Two issues' leave no outcome" in text
    assert "rule 1" in text
    assert "rule 2" in text
    assert "rule 3" in text
    table["rules"].append({"never": "arms == destroyed"})
    table["rules"][0] = {"never": "embargo == full"}
    with pytest.raises(CaseError) as caught:
        detente.check(detente.load(table))
    assert "rule 2" not in str(caught.value)  # a smallest set: rules 1 and 3 suffice


def test_an_expression_that_reads_too_much_is_refused(table: dict[str, Any]) -> None:
    for number in range(30):
        table["issues"][f"more{number}"] = {"options": ["a", "b"]}
        table["status_quo"][f"more{number}"] = "a"
    wide = " or ".join(f"(more{n} == b and arms == held)" for n in range(30))
    table["concerns"] = {"north": [{"name": "Wide", "met": wide}]}
    with pytest.raises(CaseError, match="reads 31 issues at once"):
        detente.concerns(detente.load(table))


def test_a_long_list_of_alternatives_is_cut_into_rules(table: dict[str, Any]) -> None:
    for number in range(30):
        table["issues"][f"more{number}"] = {"options": ["a", "b"]}
        table["status_quo"][f"more{number}"] = "a"
    wide = " or ".join(f"more{n} == b" for n in range(30))
    table["rules"] = [{"never": wide}]
    assert compile_case(detente.load(table)).feasible == 6


def test_weights_are_normalised(table: dict[str, Any]) -> None:
    table["values"]["north"]["weights"] = {"arms": 1, "embargo": 2}
    model = compile_case(detente.load(table))
    assert model.value("north", {"arms": "held", "embargo": "lifted"}) == Fraction(130, 3)


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (
            {"rules": [{"never": "arms == destroyed"}]},
            "issues.arms.options.destroyed",
            "no outcome",
        ),
        (
            {
                "rules": [{"never": "arms == destroyed"}],
                "packages": {"p": {"outcome": {"arms": "destroyed"}}},
            },
            "packages.p",
            "breaks rule 1",
        ),
        (
            {"concerns": {"north": [{"name": "All", "met": "arms >= held"}]}},
            "concerns.north: All",
            "every feasible outcome",
        ),
        (
            {"concerns": {"north": [{"name": "None", "met": "arms < held"}]}},
            "concerns.north: None",
            "no feasible outcome",
        ),
        ({"values": {"north": {"ranking": [{"arms": "held"}]}}}, "values.north", "does not name"),
        ({"values": {}}, "parties.north", "has no values"),
        ({"parties": {"north": {"walk_away": 60}, "south": {}}}, "parties.north.walk_away", "10"),
        ({"values": {"north": {"scores": {"arms": 3}}}}, "values.north.scores", "embargo"),
    ],
)
def test_notes_of_check(
    table: dict[str, Any], change: dict[str, Any], where: str, what: str
) -> None:
    table.update(change)
    scores = table["values"].get("north", {}).get("scores", {})
    if scores.get("arms") == 3:
        scores["arms"] = dict.fromkeys(["held", "cantoned", "destroyed"], 3)
    notes = detente.check(detente.load(table)).notes
    assert any(where in note.where and what in note.what for note in notes), notes


def test_check_document(table: dict[str, Any]) -> None:
    document = detente.check(detente.load(table)).to_dict()
    assert document["valid"] is True
    assert document["outcomes"] == {"total": 6, "feasible": 6}
    assert document["parties"] == ["north", "south"]
    (note,) = document["notes"]  # 50, 30, 40 and 30, 50, 10: the 0 and 100 aside
    assert note["where"] == "values"
    assert note["what"].startswith("6 of 6 numbers")
