"""Who breaks together what nobody breaks alone, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from detente.stability.answer import CONCEPTS, Break, Concept, Verdicts
from detente.stability.concepts.answering import Improvements
from detente.stability.concepts.coalitions import (
    MOST_COALITIONS,
    MOST_LOOKS,
    Coalition,
    coalition,
)
from detente.stability.reasons.detours import straightened
from detente.stability.reasons.routes import routes
from detente.stability.reasons.steps import Teller


def breaks(
    teller: Teller,
    state: int,
    together: Verdicts,
    alone: Verdicts,
    *,
    pareto: bool = False,
    family: Sequence[Sequence[str]] | None = None,
    budget: int = MOST_LOOKS,
    most: int = MOST_COALITIONS,
) -> tuple[Break, ...]:
    """The coalitions of two or more that leave a state which no single party is known to leave.

    Parameters
    ----------
    teller, state
        The conflict in words, and the state.
    together, alone
        The verdicts at the state of coalitions (``a+b``), and of each party.
    pareto, family, budget, most
        As in :func:`detente.stability.concepts.coalitions.coalition_verdicts`, with which the
        verdicts were found.

    Returns
    -------
    tuple of Break
        In the order of the coalitions; two of one coalition where what nothing deters under
        one concept is deterred under another. Routes are shortest legal sequences.
    """
    conflict = teller.conflict
    among = None
    if family is not None:
        among = [tuple(sorted(conflict.position[name] for name in names)) for names in family]
    improvements = Improvements(conflict, pareto=pareto, most=budget)
    steady = [concept for concept in CONCEPTS if False not in alone[concept].values()]
    out: list[Break] = []
    for name in together["nash"]:
        leaving = [concept for concept in steady if together[concept][name] is False]
        members = tuple(conflict.position[party] for party in name.split("+"))
        if len(members) < 2 or not leaving:
            continue
        focal = coalition(improvements, members, among, most)
        assert focal is not None
        out.extend(_departures(teller, focal, state, leaving))
    return tuple(out)


def _departures(
    teller: Teller, focal: Coalition, state: int, leaving: Sequence[Concept]
) -> list[Break]:
    """The ways of one coalition: one for each improvement that it makes for."""
    stances = focal.stances(state)
    towards: dict[int, list[Concept]] = {}
    for concept in leaving:
        target = stances[concept].towards
        assert target is not None
        towards.setdefault(target, []).append(concept)
    among_them = replace(teller.conflict, movers=focal.own)
    moves = routes(among_them, state, list(towards), improving=False)
    names = tuple(teller.conflict.parties[member] for member in focal.members)
    out = []
    for target, concepts in towards.items():
        gains = {
            name: teller.gain(member, state, target)
            for name, member in zip(names, focal.members, strict=True)
        }
        route = teller.steps(state, straightened(teller, state, moves[target]))
        out.append(Break(names, tuple(concepts), route, gains))
    return out
