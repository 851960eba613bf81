"""What it would cost to take one part of an order elsewhere, everything else in its order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from detente.sequencing.answer import HAIR, Order, Shifted, Step
from detente.sequencing.setting import Coding, Setting

Positions = Sequence[Sequence[int]]


def shifts(setting: Setting, coding: Coding, best: Order, positions: Positions) -> list[Shifted]:
    """Parts of steps moved before the step before theirs, or after the one after; dearest first.

    A part is what one item advances in a step. It becomes a step of its own; where that is against
    the rules or the precedence nothing is said. Those that cost less than a hair are left out.
    """
    found = []
    for number, step in enumerate(best.steps):
        for move in step.moves:
            if move.item in setting.road.idle:
                continue
            for earlier in (True, False):
                past = number - 1 if earlier else number + 1
                if not 0 <= past < len(best.steps) or _moves(best.steps[past], move.item):
                    continue
                moved = list(_moved(setting, positions, number, move.item, earlier))
                if not all(setting.road.allows(*pair) for pair in pairwise(moved)):
                    continue
                if setting.weakest(moved, coding) < best.margin - HAIR:
                    order, passed = setting.order(moved, coding), best.steps[past].moves
                    found.append(Shifted(move, earlier, passed, order.margin, order.binding))
    return sorted(found, key=lambda entry: entry.margin)


def _moves(step: Step, item: str) -> bool:
    """Whether an item moves in a step: it cannot pass itself."""
    return any(move.item == item for move in step.moves)


def _moved(
    setting: Setting, positions: Positions, number: int, item: str, earlier: bool
) -> Iterator[tuple[int, ...]]:
    """The states of the changed order; equal ones next to each other are one."""
    place = next(i for i, entry in enumerate(setting.road.items) if entry.name == item)
    before, after = positions[number][place], positions[number + 1][place]
    last = None
    for at, state in enumerate(positions):
        changed = list(state)
        if earlier and at == number:
            changed[place] = after
        if not earlier and at in (number + 1, number + 2):
            changed[place] = before
        rows = [changed]
        if earlier and at == number - 1:
            rows = [list(state), [*state[:place], after, *state[place + 1 :]]]
        if not earlier and at == number + 2:
            rows = [changed, list(state)]
        for row in rows:
            if tuple(row) != last:
                last = tuple(row)
                yield last
