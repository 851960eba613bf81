"""Orders next to an order, and an order with payments in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from detente.case.schema import Case
from detente.leverage.payments.edit import Paid
from detente.model.compilation import compile_case
from detente.sequencing.answer import Order, Step
from detente.sequencing.lattice.items import moving_issues
from detente.sequencing.lattice.road import Road

Positions = list[list[int]]
"""The states of an order, as positions of the items."""


def neighbours(road: Road, order: Positions, at_once: int | None) -> Iterator[Positions]:
    """Orders in which two steps change places or are taken together, or one is taken in two.

    Parameters
    ----------
    road
        The lattice; orders that it does not allow are left out. A step is taken in two so that in
        one of them a single part moves, perhaps only a part of its way.
    order
        Where to start.
    at_once
        Most parts that move in one step; any number where None.
    """
    most = len(road.items) if at_once is None else at_once
    for place in range(1, len(order) - 1):
        before, here, after = order[place - 1 : place + 2]
        swapped = [low + high - now for low, now, high in zip(before, here, after, strict=True)]
        if road.allows(before, swapped) and road.allows(swapped, after):
            yield [*order[:place], swapped, *order[place + 1 :]]
        if _moved(before, after) <= most and road.allows(before, after):
            yield [*order[:place], *order[place + 1 :]]
    for place in range(len(order) - 1):
        before, after = order[place : place + 2]
        for item, low in enumerate(before):
            for stop in range(low, after[item] + 1):
                first = [stop if n == item else here for n, here in enumerate(before)]
                last = [stop if n == item else there for n, there in enumerate(after)]
                for middle in (first, last):
                    apart = middle not in (before, after)
                    if apart and road.allows(before, middle) and road.allows(middle, after):
                        yield [*order[: place + 1], middle, *order[place + 1 :]]


def _moved(before: Sequence[int], after: Sequence[int]) -> int:
    """How many parts move between two states."""
    return sum(low != high for low, high in zip(before, after, strict=True))


def paid_chain(edited: Case, chain: Road, moves: Mapping[str, Sequence[int]]) -> Road:
    """One order with payments that stand at these positions in its states."""
    target = {**chain.target, **{issue: edited.options[issue][-1] for issue in moves}}
    extras = [item for item in chain.items if item.kind != "issue"]
    items = (*moving_issues(edited, target), *extras)
    columns = {item.name: place for place, item in enumerate(chain.items)}
    positions = chain.network.positions
    states = [
        list(moves[item.name]) if item.name in moves else positions[:, columns[item.name]].tolist()
        for item in items
    ]
    network = replace(chain.network, sizes=tuple(item.size for item in items))
    placed = Road(compile_case(edited), target, items, network, (), chain.idle)
    return placed.along(np.array(states).T.tolist())


def written(
    order: Order, paid: Sequence[Paid], moves: list[list[int]]
) -> Iterator[tuple[str, ...]]:
    """The steps with the payments that begin or change with them."""
    for number, step in enumerate(order.steps, 1):
        changed = [
            f"{entry.issue}={entry.options[course[number]]}"
            for entry, course in zip(paid, moves, strict=True)
            if course[number] != course[number - 1]
        ]
        yield (*_parts(step), *changed)


def _parts(step: Step) -> Iterator[str]:
    for move in step.moves:
        yield move.item if move.after is None else f"{move.item}={move.after}"
