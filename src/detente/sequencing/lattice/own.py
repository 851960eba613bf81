"""An order that a person wrote: ``access,arms+embargo,treaty``."""

from __future__ import annotations

from collections.abc import Sequence

from detente.case.consistency import broken_by
from detente.case.errors import CaseError, Problem, unknown
from detente.sequencing.lattice.road import Road

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
                continue  # it changes nothing, whenever it comes
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
    if issue in road.idle:
        raise CaseError(_no_options(issue))
    if issue not in names:
        raise CaseError(Problem(*unknown("part", issue, [*names, *road.idle], "the road")))
    place = names.index(issue)
    item = road.items[place]
    if not equals:
        return place, item.size - 1
    if item.kind != "issue":
        raise CaseError(_no_options(issue))
    options = [road.case.options[issue][code] for code in item.options]
    if option not in options[1:]:
        of = f"{issue} on the way"
        raise CaseError(Problem(*unknown("option", option, options[1:], of)))
    return place, options.index(option)


def _no_options(name: str) -> Problem:
    return Problem(f"{name} is put in place or not; it has no options", f"write {name}")


def _check_step(
    road: Road, number: int, before: list[int], after: list[int], step: Sequence[str]
) -> None:
    if road.allows(before, after):
        return
    what = f"step {number} of the order cannot be taken: {' + '.join(step)}"
    raise CaseError(Problem(what, _obstacle(road, before, after)))


def _obstacle(road: Road, before: Sequence[int], after: Sequence[int]) -> str:
    """What stands in the way of a step."""
    case, state = road.case, dict(road.case.status_quo or {})
    moves = []
    for item, low, high in zip(road.items, before, after, strict=True):
        if item.kind == "issue":
            names = [case.options[item.name][code] for code in item.options]
            state[item.name] = names[high]
            if low != high and not item.jumps[low, high]:
                return f"{item.name} cannot go from {names[low]} to {names[high]} at once"
        if low != high:
            moves.append(item)
    for first, then in road.later:
        if road.items[then] in moves and before[first] < road.items[first].size - 1:
            return f"'before' asks for {road.items[first].name} first, in a step of its own"
    for number, rule in enumerate(case.rules, 1):
        if broken_by(rule, state, case):
            return f"it would break rule {number}: {rule}"
    for item in moves:
        if item.kind == "measure" and not case.allows(item.name, state):
            assert case.verification is not None
            return f"{item.name} requires {case.verification.measures[item.name].requires}"
    return "from where it leads, no step leads on to the target"


def _check_complete(road: Road, position: Sequence[int]) -> None:
    left = [
        item.name
        for item, reached in zip(road.items, position, strict=True)
        if reached < item.size - 1
    ]
    if left:
        what = f"the order does not reach the target: {', '.join(left)} still to come"
        raise CaseError(Problem(what, "add them as steps, or ask for another target"))
