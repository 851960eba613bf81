"""The fewest states that have to become no better, so that a party is deterred from every move.

Every move asks for all states of one of several sets. An integer program: a column for every state
that may be lowered, and one for every set of several states, which counts only as far as all its
states are lowered.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from detente.agreement.clashes import hitting_sets
from detente.agreement.engines.front import TooLarge
from detente.agreement.engines.programs.linear_program import (
    TOLERANCE,
    empty_program,
    maximise,
    row,
)
from detente.leverage.reversals.conditions import Demand, States
from detente.model.problem import Integers

MOST_WAYS = 1000
"""Most sets that may arise while smallest sets are counted; beyond, they are not."""


def fewest(found: Sequence[Demand], rank: Integers) -> States:
    """A smallest set of states that meets all demands once they are no better.

    Parameters
    ----------
    found
        What deters a party from each of its moves, where nothing does now.
    rank
        The party's ranks, shape (states,): of several smallest sets one with the least sum of
        ranks is taken.

    Returns
    -------
    frozenset of int
        As many states as there are moves at most: to lower where each leads is enough.

    Raises
    ------
    TooLarge
        Where the numbers defeat the solver.

    Notes
    -----
    Exponential in the number of states that may be lowered at worst. That the set meets the
    demands, and that it is as small as the solver's bound says, is checked in integers.
    """
    if not found:
        return frozenset()
    sets = _sets(found, rank)
    enough = len(_some(sets, len(found)))
    chosen, bound = _least(_up_to(sets, enough), len(found), rank, None)
    least = len(chosen)
    require_proved(least, bound)
    chosen, _ = _least(_up_to(sets, least), len(found), rank, least)
    assert len(chosen) == least and all(each.met(chosen) is not None for each in found)
    return chosen


def require_proved(count: int, bound: float) -> None:
    """Refuse a count where the solver's bound leaves room for a smaller one."""
    if bound <= count - 1 + TOLERANCE:
        raise TooLarge("that nothing smaller does it was not proved; ask about fewer states")


def ways(found: Sequence[Demand], least: int) -> int | None:
    """How many sets of this size meet all demands; None where that is not counted.

    It is counted where each sanction asks for one state. States that serve the same moves stand
    in for each other, and no smallest set has two of them.
    """
    if any(len(needed) > 1 for each in found for needed in each.either):
        return None
    serves: dict[int, set[int]] = {}
    for place, each in enumerate(found):
        for needed in each.either:
            serves.setdefault(min(needed), set()).add(place)
    alike: dict[States, int] = {}
    for served in map(frozenset, serves.values()):
        alike[served] = alike.get(served, 0) + 1
    families = [frozenset(k for k in alike if place in k) for place in range(len(found))]
    try:
        smallest = [s for s in hitting_sets(families, MOST_WAYS) if len(s) == least]
    except TooLarge:
        return None
    total = 0
    for chosen in smallest:
        total += math.prod(alike[served] for served in chosen)
    return total


def _sets(found: Sequence[Demand], rank: Integers) -> Mapping[States, States]:
    """Sets of states that are worth lowering, and the moves that each deters.

    Where all have one state, of those that deter the same moves only the nearest.
    """
    out: dict[States, set[int]] = {}
    for place, each in enumerate(found):
        for needed in each.either:
            out.setdefault(needed, set()).add(place)
    every = {needed: frozenset(places) for needed, places in out.items()}
    if any(len(needed) > 1 for needed in every):
        return every
    nearest: dict[States, States] = {}
    for needed in sorted(every, key=lambda one: (rank[min(one)], min(one))):
        nearest.setdefault(every[needed], needed)
    return {needed: places for places, needed in nearest.items()}


def _some(sets: Mapping[States, States], count: int) -> States:
    """States that meet all demands: again and again the set that meets most for each new state."""
    chosen: States = frozenset()
    unmet = frozenset(range(count))
    while unmet:
        best = max(sets, key=lambda one: len(sets[one] & unmet) / max(1, len(one - chosen)))
        chosen, unmet = chosen | best, unmet - sets[best]
    return chosen


def _up_to(sets: Mapping[States, States], size: int) -> Mapping[States, States]:
    """No larger set is a part of a smallest answer."""
    return {needed: places for needed, places in sets.items() if len(needed) <= size}


def _least(
    sets: Mapping[States, States], count: int, rank: Integers, size: int | None
) -> tuple[States, float]:
    """A set of fewest states; or, of that size, one with the least sum of ranks; and its bound."""
    states = sorted(frozenset().union(*sets))
    at = {state: place for place, state in enumerate(states)}
    program, columns = empty_program().with_columns(len(states), 0, 1, integral=True)
    serving: list[list[int]] = [[] for _ in range(count)]
    rows = []
    for needed, places in sets.items():
        if len(needed) == 1:
            column = at[min(needed)]
        else:
            program, added = program.with_columns(1, 0, 1, integral=False)
            column = int(added[0])
            rows += [row([column, at[state]], [1, -1], upper=0) for state in needed]
        for place in places:
            serving[place].append(column)
    rows += [row(helping, 1, lower=1) for helping in serving]
    if size is not None:
        rows.append(row(columns, 1, upper=size))
    cost = [-1 if size is None else -int(rank[state]) for state in states]
    answer = maximise(program.with_rows(*rows), columns, cost)
    assert answer is not None  # to lower where each move leads is a way
    return frozenset(s for s in states if answer.point[at[s]] > 0.5), -answer.bound
