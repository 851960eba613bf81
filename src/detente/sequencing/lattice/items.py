"""What moves on a road: issues between today and the target, measures and guarantees as steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from detente.case.errors import CaseError, Problem
from detente.case.implementation import Package
from detente.case.numbers import Number
from detente.case.schema import Case
from detente.model.draws import varies
from detente.model.moves import may_move, movers
from detente.model.problem import Booleans


@dataclass(frozen=True, eq=False)
class Item:
    """One thing on its way: an issue, or a measure or guarantee that is put in place.

    Parameters
    ----------
    name, kind
        Which.
    options
        Option positions of an issue, from the status quo to the target; empty otherwise.
    owners
        Who has to move it.
    takes
        Periods that each advance takes; one entry less than it has positions.
    jumps
        Which position can follow which; shape (positions, positions).
    """

    name: str
    kind: Literal["issue", "measure", "guarantee"]
    options: tuple[int, ...]
    owners: tuple[str, ...]
    takes: tuple[int, ...]
    jumps: Booleans

    @property
    def size(self) -> int:
        """Number of positions."""
        return len(self.takes) + 1


def moving_issues(case: Case, target: Mapping[str, str]) -> Iterator[Item]:
    """Issues that move, with the options between today's and the target's."""
    assert case.status_quo is not None
    for issue, options in case.options.items():
        begin, end = options.index(case.status_quo[issue]), options.index(target[issue])
        if begin == end:
            continue
        step = 1 if end > begin else -1
        ordered = case.issues[issue].ordered
        chain = tuple(range(begin, end + step, step)) if ordered else (begin, end)
        names = [options[place] for place in chain]
        jumps = np.zeros((len(chain), len(chain)), dtype=np.bool_)
        for low, before in enumerate(names):
            for high in range(low + 1, len(names)):
                jumps[low, high] = may_move(case, issue, before, names[high])
        if not _connected(jumps):
            raise CaseError(_unreachable(case, issue, target[issue]))
        owners = _owners(case, issue, names, jumps)
        taken = case.issues[issue].takes
        stated = taken.options if taken is not None else {}
        default = taken.default if taken is not None else None
        takes = tuple(_periods(stated.get(name, default)) for name in names[1:])
        yield Item(issue, "issue", chain, owners, takes, jumps)


def _owners(case: Case, issue: str, names: Sequence[str], jumps: Booleans) -> tuple[str, ...]:
    """Who moves an issue along a chain; all that are needed for one of the moves."""
    found: dict[str, None] = {}
    for low, high in zip(*np.nonzero(jumps), strict=True):
        found.update(dict.fromkeys(movers(case, issue, names[low], names[high])))
    return tuple(found)


def _periods(stated: int | str | None) -> int:
    """A step takes a period at least."""
    return max(1, int(stated)) if stated is not None else 1


def _connected(jumps: Booleans) -> bool:
    reached = np.zeros(len(jumps), dtype=np.bool_)
    reached[0] = True
    for place in range(len(jumps)):
        if reached[place]:
            reached |= jumps[place]
    return bool(reached[-1])


def _unreachable(case: Case, issue: str, option: str) -> Problem:
    assert case.status_quo is not None
    today = case.status_quo[issue]
    what = f"{issue} cannot get from {today} to {option}"
    help = "its transitions, moves or irreversible options leave no way; look at the issue"
    return Problem(what, help, case.place(("issues", issue), key=True))


def put_in_place(case: Case, target: Mapping[str, str], package: Package | None) -> Iterator[Item]:
    """Measures and guarantees that are put in place on the way."""
    jump = np.array([[False, True], [False, False]])
    for name in package.steps if package is not None else ():
        guarantee = case.guarantees.get(name)
        if guarantee is not None:
            owners = (guarantee.by,) if guarantee.by in case.parties else ()
            yield Item(name, "guarantee", (), owners, (1,), jump)
            continue
        if not case.allows(name, target):
            assert case.verification is not None
            needed = case.verification.measures[name].requires
            what = f"{name} is a step, and the target does not allow it: it requires {needed}"
            raise CaseError(Problem(what, "take it out of 'steps', or settle the issue so"))
        yield Item(name, "measure", (), (), (1,), jump)


def changes_nothing(name: str, codings: Sequence[Case], package: Package | None) -> bool:
    """Whether a measure or guarantee changes nothing: it sees nothing, or takes nothing.

    What is likely to take nothing and might take something does change something.
    """
    if package is not None and any(name in pair for pair in package.before):
        return False
    for case in codings:
        guarantee = case.guarantees.get(name)
        if guarantee is not None:
            if guarantee.against in case.parties and _some(guarantee.amount):
                return False
            continue
        assert case.verification is not None
        entry = case.verification.measures[name]
        if entry.detects or (entry.false_alarm is not None and _some(entry.false_alarm)):
            return False
    return True


def _some(number: Number) -> bool:
    return bool(number.point) or varies(number)


def precedence(case: Case, items: Sequence[Item], package: Package | None) -> list[tuple[int, int]]:
    """Pairs of items of which the second moves only once the first is done."""
    from graphlib import CycleError, TopologicalSorter

    place = {item.name: number for number, item in enumerate(items)}
    stated = package.before if package is not None else ()
    pairs = [(place[a], place[b]) for a, b in stated if a in place and b in place]
    order = TopologicalSorter[int]()
    for first, then in pairs:
        order.add(then, first)
    try:
        order.prepare()
    except CycleError as error:
        chain = " before ".join(items[number].name for number in error.args[1])
        what = f"'before' goes round in a circle: {chain}"
        raise CaseError(Problem(what, "take one of these pairs out")) from None
    return pairs
