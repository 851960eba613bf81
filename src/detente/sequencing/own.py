"""An order that a person wrote: ``access,arms+embargo,treaty``."""

from __future__ import annotations

from collections.abc import Sequence

from detente.case.errors import CaseError, Problem, unknown
from detente.sequencing.items import Item
from detente.sequencing.road import Road

Written = str | Sequence[str | Sequence[str]]


def parse_order(road: Road, written: Written) -> list[list[int]]:
    """The states of a written order, as positions of the items.

    Parameters
    ----------
    road
        The road.
    written
        Steps separated by commas, parts of a step by ``+``: an issue (to its target),
        ``issue=option`` on the way, or a measure or guarantee that is a step; or the same as
        lists.

    Raises
    ------
    CaseError
        Where a word is unknown, something moves twice or back, the target is not reached, or
        a step is against the rules, the transitions or the precedence.
    """
    position = [0] * len(road.items)
    states = [list(position)]
    idle = set(road.idle)
    for number, step in enumerate(_steps(written), 1):
        before = list(position)
        for part in step:
            if part in idle:
                continue
            place, reached = _part(road, part)
            if reached <= before[place]:
                item = road.items[place].name
                what = f"step {number} of the order does not move {item} on: {part}"
                raise CaseError(Problem(what, "each part goes on from where the last one left off"))
            position[place] = max(position[place], reached)
        if position != before:
            states.append(list(position))
            _check_step(road, number, before, position, step)
    _check_complete(road, position)
    return states


def _steps(written: Written) -> list[list[str]]:
    if isinstance(written, str):
        steps = [[part.strip() for part in step.split("+")] for step in written.split(",")]
    else:
        steps = [[step] if isinstance(step, str) else list(step) for step in written]
    steps = [[part for part in step if part] for step in steps]
    return [step for step in steps if step]


def _part(road: Road, part: str) -> tuple[int, int]:
    """Which item a part moves, and where to."""
    names = [item.name for item in road.items]
    issue, equals, option = (piece.strip() for piece in part.partition("="))
    if issue not in names:
        what, help = unknown("part of the road", issue, [*names, *road.idle])
        raise CaseError(Problem(what, f"{help}; only what changes on the way is a part of it"))
    place = names.index(issue)
    item = road.items[place]
    if not equals:
        return place, item.size - 1
    options = _options(road, item)
    if option not in options[1:]:
        raise CaseError(Problem(*unknown("option on the way", option, options[1:], issue)))
    return place, options.index(option)


def _options(road: Road, item: Item) -> list[str]:
    if item.kind != "issue":
        what = f"{item.name} is put in place or not; it has no options"
        raise CaseError(Problem(what, f"write {item.name}"))
    return [road.case.options[item.name][code] for code in item.options]


def _check_step(
    road: Road, number: int, before: list[int], after: list[int], step: Sequence[str]
) -> None:
    if road.allows(before, after):
        return
    what = f"step {number} of the order cannot be taken: {' + '.join(step)}"
    help = (
        "the rules, the transitions, 'before' or what a measure requires forbid it there, "
        "or nothing leads on to the target from it"
    )
    raise CaseError(Problem(what, help))


def _check_complete(road: Road, position: Sequence[int]) -> None:
    left = [
        item.name
        for item, reached in zip(road.items, position, strict=True)
        if reached < item.size - 1
    ]
    if left:
        what = f"the order does not reach the target: {', '.join(left)} still to come"
        raise CaseError(Problem(what, "add them as steps, or ask for another target"))
