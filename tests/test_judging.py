"""An order judged by itself is the same as one judged beside the best."""

from __future__ import annotations

import pytest

import detente
from detente.sequencing import judge


@pytest.mark.parametrize("model", ["discounted", "patient"])
@pytest.mark.parametrize(
    "order", ["data,drought,power+commission", "commission,power,data+drought"]
)
def test_judged_alone_and_beside_the_best(order: str, model: str) -> None:
    case = detente.load("river")
    beside = detente.roadmap(case, "highland_draft", order=order, model=model, alternatives=0)
    assert judge(case, "highland_draft", order, model=model) == beside.own
    assert beside.own is not None
    assert beside.own.margin <= beside.margin + 1e-9


def test_judging_needs_scores_and_a_model() -> None:
    with pytest.raises(detente.CaseError, match="at least one signing party"):
        judge(detente.load("ceasefire"), "flour_first", "guns")
    with pytest.raises(detente.CaseError, match="did you mean 'patient'"):
        judge(detente.load("river"), "highland_draft", "data", model="patent")
