"""How one order differs from another: the fewest parts that stand elsewhere, and where."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from detente.sequencing.answer import Move, Order

Part = tuple[str, str | None]
"""An item with the option that it goes to."""


@dataclass(frozen=True)
class Elsewhere:
    """A part that stands elsewhere.

    Parameters
    ----------
    move
        What.
    step
        Its step in the order that is known.
    alongside
        The step there of what it is done together with; None where it is done by itself.
    after
        The last step there of what comes before it; 0 where nothing does.
    """

    move: Move
    step: int
    alongside: int | None
    after: int


def differences(
    known: Order, other: Order, idle: Collection[str] = ()
) -> tuple[Elsewhere, ...] | None:
    """Where the parts of another order stand, told by the steps of one that is known.

    Parts are taken away, those first that stand otherwise to most others, until the rest is
    in the same order; so the list is short, though not always the shortest.

    Parameters
    ----------
    known, other
        The two.
    idle
        Items whose place makes no difference.

    Returns
    -------
    tuple or None
        In the order of the other; None where the two do not consist of the same parts.
    """
    here, there = _places(known, idle), _places(other, idle)
    if here.keys() != there.keys():
        return None
    moved: set[Part] = set()
    while True:
        rest = [part for part in here if part not in moved]
        odd = {a: sum(_turned(here, there, a, b) for b in rest) for a in rest}
        if not any(odd.values()):
            break
        moved.add(max(rest, key=lambda part: odd[part]))
    found = []
    for move in (move for step in other.steps for move in step.moves):
        part = move.item, move.after
        if part in moved:
            staying = [p for p in here if p not in moved]
            together = [here[p] for p in staying if there[p] == there[part]]
            before = [here[p] for p in staying if there[p] < there[part]]
            alongside = together[0] if together else None
            found.append(Elsewhere(move, here[part], alongside, max(before, default=0)))
    return tuple(found)


def _places(order: Order, idle: Collection[str]) -> Mapping[Part, int]:
    """The step of each part."""
    return {
        (move.item, move.after): number
        for number, step in enumerate(order.steps, 1)
        for move in step.moves
        if move.item not in idle
    }


def _turned(here: Mapping[Part, int], there: Mapping[Part, int], a: Part, b: Part) -> bool:
    """Whether two parts do not follow each other in the same way."""
    one, two = here[a] - here[b], there[a] - there[b]
    return (one > 0) != (two > 0) or (one < 0) != (two < 0)
