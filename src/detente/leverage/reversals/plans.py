"""What may deter a party from a move where others punish only by improvements."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush

from detente.case.errors import CaseError, Problem
from detente.leverage.reversals.found import Pair
from detente.stability.answer import Concept
from detente.stability.graph.conflict import Conflict

MOST_WEIGHED = 60_000
"""Most moves of others that may deter, added up over all moves that they may deter from."""
NOBODY = -1

Node = tuple[int, int]
"""A state, and who moved there last where that has to be remembered."""
Key = tuple[int, Pair]
"""A party, and two states of which the first may be better to it."""


@dataclass(frozen=True)
class Plan:
    """How a party might be deterred from one move.

    Parameters
    ----------
    party, move
        The party, and where it would go.
    steps
        Moves of others: from, to, and who makes them.
    sanctions
        States that punish, and what must all be no better to the party than the package there.
    """

    party: int
    move: int
    steps: tuple[tuple[Node, Node, tuple[int, ...]], ...]
    sanctions: Mapping[int, tuple[int, ...]]

    def against(self, state: int) -> Iterator[Key]:
        """The comparisons of the party with the package."""
        for needed in [(self.move,), *self.sanctions.values()]:
            yield from ((self.party, (each, state)) for each in needed)

    @property
    def of_moves(self) -> Iterator[Key]:
        """The comparisons of where a move leads with where it begins, of those who make it."""
        for before, after, members in self.steps:
            yield from ((member, (after[0], before[0])) for member in members)

    @property
    def ends(self) -> Iterator[Node]:
        """Where a sequence may end, each once."""
        yield from dict.fromkeys(after for _, after, _ in self.steps if after[0] != self.move)


def plans(conflict: Conflict, state: int, concept: Concept, most: int) -> tuple[Plan, ...]:
    """Every move of every party with values away from a state, and what may deter from it.

    Raises
    ------
    CaseError
        Where more moves of others than ``most`` would have to be weighed.
    """
    out, count = [], 0
    for party in range(len(conflict.parties)):
        own = conflict.alone(party)
        if own is None or conflict.preferences[party] is None:
            continue
        for move in sorted(own.moves(state).tolist()):
            plan = _plan(conflict, (party, move), state, concept, most - count)
            if plan is None:
                what = f"more than {most:,} moves of others may deter from leaving the package"
                help = "ask under nash, gmr or smr, or fix some issues by rules, or raise the limit"
                raise CaseError(Problem(what, help))
            count += len(plan.steps)
            out.append(plan)
    return tuple(out)


def _plan(
    conflict: Conflict, leaving: tuple[int, int], state: int, concept: Concept, most: int
) -> Plan | None:
    """What may deter a party from a move; None where it is more than can be weighed."""
    party, move = leaving
    others = [mover for mover in conflict.against([party]) if mover.known]
    start = (move, NOBODY)
    seen, waiting, steps = {start}, deque([start]), []
    while waiting:
        node = waiting.popleft()
        for place, mover in enumerate(others):
            if conflict.exact and place == node[1]:
                continue
            for head in mover.moves(node[0]).tolist():
                after = (head, place if conflict.exact else NOBODY)
                steps.append((node, after, mover.members))
                if after not in seen:
                    seen.add(after)
                    waiting.append(after)
            if len(steps) > most:
                return None
    own = conflict.alone(party)
    assert own is not None
    sanctions = {}
    for place in sorted({node[0] for node in seen} - {move}):
        answers = own.moves(place).tolist() if concept == "sseq" else []
        sanctions[place] = tuple(each for each in (place, *answers) if each != state)
    return Plan(party, move, tuple(steps), sanctions)


def deterring(
    plan: Plan, state: int, told: Mapping[Key, bool], now: Mapping[Key, bool] | None = None
) -> tuple[int, list[Key]] | None:
    """What deters a party from a move, and the comparisons on which that rests; None if nothing.

    Parameters
    ----------
    plan
        What may deter.
    state
        The package.
    told
        What is so.
    now
        What is so today: of several ways the one that rests on the fewest comparisons that are
        not, then a shortest one. If left out, what is told.

    Returns
    -------
    tuple or None
        The move, where it is not worth making, or the state that punishes; and the comparisons.
    """
    leaving = plan.party, (plan.move, state)
    if not told[leaving]:
        return plan.move, [leaving]
    today = told if now is None else now
    after: dict[Node, list[tuple[Node, list[Key]]]] = {}
    for before, node, members in plan.steps:
        keys: list[Key] = [(member, (node[0], before[0])) for member in members]
        if all(told[key] for key in keys):
            after.setdefault(before, []).append((node, keys))
    waiting: list[tuple[int, int, Node, list[Key]]] = [(0, 0, (plan.move, NOBODY), [])]
    seen = set()
    while waiting:
        cost, length, node, used = heappop(waiting)
        if node in seen:
            continue
        seen.add(node)
        needed = [(plan.party, (each, state)) for each in plan.sanctions.get(node[0], ())]
        if node[0] in plan.sanctions and not any(told[key] for key in needed):
            return node[0], used + needed
        for following, keys in after.get(node, ()):
            if following not in seen:
                turned = sum(told[key] != today[key] for key in keys)
                heappush(waiting, (cost + turned, length + 1, following, used + keys))
    return None
