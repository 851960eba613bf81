"""The states around an outcome: those that its reasons speak of, and all moves between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from detente.model.problem import Booleans
from detente.stability.answer import CONCEPTS, Arrow, Concept, Node, Outcome, Reason, Surroundings
from detente.stability.reasons.steps import Teller


def surroundings(
    teller: Teller,
    outcome: int,
    reasons: Sequence[Reason],
    holding: Mapping[Concept, Booleans],
) -> Surroundings:
    """The neighbourhood of an outcome, which comes first.

    Parameters
    ----------
    teller
        The conflict with its words.
    outcome
        The state.
    reasons
        Of all parties there.
    holding
        For each concept the states that nobody leaves.
    """
    places = {_key(teller.outcome(outcome)): outcome}
    for reason in reasons:
        response = () if reason.response is None else (reason.response,)
        for step in (reason.move, *(reason.sanction or ()), *response):
            key = _key(step.to)
            if key not in places:
                places[key] = teller.state(step.to)
    states = list(places.values())
    nodes = tuple(
        Node(
            teller.outcome(state), tuple(concept for concept in CONCEPTS if holding[concept][state])
        )
        for state in states
    )
    number = {state: place for place, state in enumerate(states)}
    arrows = tuple(
        Arrow(number[state], number[int(head)], step.parties, step.improves)
        for mover in teller.conflict.movers
        for state in states
        for head in mover.moves(state)
        if int(head) in number
        for step in (teller.step(mover, state, int(head)),)
    )
    return Surroundings(nodes, arrows)


def _key(outcome: Outcome) -> tuple[str, ...]:
    return tuple(outcome.values())
