"""From a case and a package to the lattice of partial implementation."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from detente.case.consistency import broken_by
from detente.case.errors import CaseError, Problem
from detente.case.implementation import Package
from detente.case.schema import Case
from detente.model.compilation import Model, compile_case
from detente.model.moves import may_move, movers
from detente.model.problem import Booleans, Integers
from detente.sequencing.network import MOST_TRANCHES, Network, Places, network, pairs, trimmed

MOST_STATES = 1 << 20
"""Most states of partial implementation."""
MOST_CELLS = 1 << 24
"""Most combinations of positions, rules aside."""
MOST_STEPS = 5 << 19
"""Most steps that are compared where several issues may move at once."""
MOST_COMPARED = 1 << 14
"""Most states whose pairs are compared to find them."""


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


@dataclass(frozen=True, eq=False)
class Road:
    """The lattice of a case and a target.

    Parameters
    ----------
    model, target
        The case, compiled, and the complete outcome to be reached.
    items
        What moves.
    network
        States and steps.
    later
        Pairs of items of which the second moves only once the first is done.
    idle
        Measures and guarantees that are steps of the package and change nothing for anybody.
    """

    model: Model
    target: Mapping[str, str]
    items: tuple[Item, ...]
    network: Network
    later: tuple[tuple[int, int], ...] = ()
    idle: tuple[str, ...] = ()

    @property
    def case(self) -> Case:
        """The case."""
        return self.model.case

    @cached_property
    def codes(self) -> Integers:
        """Option positions in each state; shape (states, issues)."""
        case, space = self.case, self.model.space
        assert case.status_quo is not None
        today = np.array(space.codes(case.status_quo), dtype=np.int64)
        out = np.repeat(today[None], self.network.states, axis=0)
        for place, item in enumerate(self.items):
            if item.kind == "issue":
                column = space.issue_position[item.name]
                out[:, column] = np.array(item.options)[self.network.positions[:, place]]
        return out

    def placed(self, name: str) -> Booleans:
        """Whether a measure or guarantee is in place, by state; always where it is no step."""
        for place, item in enumerate(self.items):
            if item.kind != "issue" and item.name == name:
                out: Booleans = self.network.positions[:, place] > 0
                return out
        return np.ones(self.network.states, dtype=np.bool_)

    @cached_property
    def durations(self) -> tuple[tuple[int, ...], NDArray[np.int8]]:
        """The periods that steps take, and which of them each step has."""
        positions, reached = self.network.positions, self.network.target
        source = self.network.source
        longest = np.ones(self.network.steps, dtype=np.int32)
        for place, item in enumerate(self.items):
            table = _longest(item)
            now, then = positions[source, place], positions[reached, place]
            np.maximum(longest, table[now, then], out=longest)
        times, pace = np.unique(longest, return_inverse=True)
        return tuple(times.tolist()), pace.astype(np.int8)

    def allows(self, before: Sequence[int], after: Sequence[int]) -> bool:
        """Whether a step leads from one state to another, however much moves in it."""
        if self.network.state(before) is None or self.network.state(after) is None:
            return False
        moved = [low != high for low, high in zip(before, after, strict=True)]
        possible = all(
            low == high or bool(item.jumps[low, high])
            for item, low, high in zip(self.items, before, after, strict=True)
        )
        return possible and all(
            not moved[then] or before[first] == self.items[first].size - 1
            for first, then in self.later
        )

    def along(self, path: Sequence[Sequence[int]]) -> Road:
        """The road of one order alone, given as the positions of its states."""
        positions = np.array(path, dtype=np.int8)
        count = len(positions)
        first = np.minimum(np.arange(count + 1), count - 1)
        target = np.arange(1, count, dtype=np.int32)
        chain = Network(self.network.sizes, positions, np.arange(count + 1), first, target)
        return replace(self, network=chain)


def _longest(item: Item) -> NDArray[np.int32]:
    """Periods from one position to a later one: the longest of the advances between."""
    out = np.zeros((item.size, item.size), dtype=np.int32)
    for before in range(item.size):
        for after in range(before + 1, item.size):
            out[before, after] = max(item.takes[before:after])
    return out


def road(
    case: Case,
    target: Mapping[str, str],
    package: Package | None,
    *,
    at_once: int | None = None,
    also: Sequence[Case] = (),
) -> tuple[Road, int | None]:
    """All ways from the status quo to a target, and most items that move in one step.

    Parameters
    ----------
    case, target, package
        What is to be reached, and the package with its steps and precedence, if it is one.
    at_once
        Most items that move in one step; as many as there is room to compare if left out.
    also
        Further codings whose rules hold too.

    Raises
    ------
    CaseError
        Where the target breaks a rule or cannot be reached, the precedence has a cycle, or
        there are too many states.
    """
    model = compile_case(case)
    _check_target(case, target)
    extras = tuple(_extras(case, target, package))
    codings = (case, *also)
    idle = tuple(item.name for item in extras if _idle(item.name, codings, package))
    items = (*_issues(case, target), *(item for item in extras if item.name not in idle))
    if not any(item.kind == "issue" for item in items):
        what = "there is no road to plan: the target is today's state"
        raise CaseError(Problem(what, "name a package that changes something"))
    later = _precedence(case, items, package)
    positions = _states(case, model, target, items, also)
    sizes = tuple(item.size for item in items)
    jumps = [item.jumps for item in items]
    for most in _widths(at_once, positions, sizes):
        found = network(sizes, positions, jumps=jumps, later=later, at_once=most)
        if found.steps <= MOST_STEPS:
            break
    kept = trimmed(found)
    if kept is None:
        how = "no order of steps" if at_once is None else f"no order of steps of {at_once} at once"
        what = f"{how} leads to the target: the rules or the precedence forbid each"
        raise CaseError(Problem(what, "look at 'rules', 'transitions' and 'before'"))
    most = None if most is None or most >= len(items) else most
    return Road(model, target, items, kept, tuple(later), idle), most


def _widths(at_once: int | None, positions: Places, sizes: Sequence[int]) -> Iterator[int | None]:
    """Most items that may move at once, from many to few, as far as there may be room."""
    if at_once is not None:
        yield at_once
        return
    if len(positions) <= MOST_COMPARED:
        if pairs(positions, sizes, MOST_STEPS) <= MOST_STEPS:
            yield None
        yield from (4, 3, 2)
    yield 1


def _check_target(case: Case, target: Mapping[str, str]) -> None:
    if case.status_quo is None:
        what = "a roadmap begins at today's state, and the case has no status quo"
        raise CaseError(Problem(what, "add 'status_quo:' with one option of every issue"))
    for number, rule in enumerate(case.rules, 1):
        if broken_by(rule, target, case):
            what = f"the target breaks rule {number}: {rule}"
            help = rule.because or "settle an issue otherwise: PACKAGE,issue=option"
            raise CaseError(Problem(what, help, case.place(("rules", number - 1))))


def _issues(case: Case, target: Mapping[str, str]) -> Iterator[Item]:
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


def _extras(case: Case, target: Mapping[str, str], package: Package | None) -> Iterator[Item]:
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


def _idle(name: str, codings: Sequence[Case], package: Package | None) -> bool:
    """Whether a measure or guarantee changes nothing: it sees nothing, or takes nothing."""
    if package is not None and any(name in pair for pair in package.before):
        return False
    for case in codings:
        guarantee = case.guarantees.get(name)
        if guarantee is not None:
            if guarantee.against in case.parties and float(guarantee.amount):
                return False
            continue
        assert case.verification is not None
        entry = case.verification.measures[name]
        if entry.detects or (entry.false_alarm is not None and float(entry.false_alarm)):
            return False
    return True


def _precedence(
    case: Case, items: Sequence[Item], package: Package | None
) -> list[tuple[int, int]]:
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


def _states(
    case: Case,
    model: Model,
    target: Mapping[str, str],
    items: Sequence[Item],
    also: Sequence[Case],
) -> Places:
    """All states that obey the rules, measures only where what they require holds."""
    sizes = [item.size for item in items if item.kind == "issue"]
    extras = [item for item in items if item.kind != "issue"]
    cells = math.prod(sizes) << len(extras)
    tranches = sum(item.size - 1 for item in items)
    if cells > MOST_CELLS or tranches > MOST_TRANCHES:
        raise CaseError(_too_large(cells, tranches))
    found = np.stack(np.unravel_index(np.arange(math.prod(sizes)), sizes), axis=1).astype(np.int8)
    codes = _option_codes(model, items, found)
    kept = np.ones(len(found), dtype=np.bool_)
    for entry in (model, *map(compile_case, also)):
        for rule in entry.problem.rules:
            kept &= rule.at(codes)
    found, codes = found[kept], codes[kept]
    for item in extras:
        open_ = np.ones(len(found), dtype=np.bool_)
        if item.kind == "measure":
            open_ = _required(case, model, item.name, codes)
        rows = np.concatenate((np.arange(len(found)), np.flatnonzero(open_)))
        bit = np.concatenate((np.zeros(len(found), np.int8), np.ones(int(open_.sum()), np.int8)))
        found, codes = np.column_stack((found[rows], bit)), codes[rows]
        if len(found) > MOST_STATES:
            raise CaseError(_too_large(len(found), tranches))
    if len(found) > MOST_STATES:
        raise CaseError(_too_large(len(found), tranches))
    return found


def _required(case: Case, model: Model, measure: str, codes: Integers) -> Booleans:
    from detente.model.expressions import expression_factor

    assert case.verification is not None
    needed = case.verification.measures[measure].requires
    if needed is None:
        return np.ones(len(codes), dtype=np.bool_)
    out: Booleans = expression_factor(needed, model.space).at(codes)
    return out


def _option_codes(model: Model, items: Sequence[Item], positions: Places) -> Integers:
    case = model.case
    assert case.status_quo is not None
    today = np.array(model.space.codes(case.status_quo), dtype=np.int64)
    codes = np.repeat(today[None], len(positions), axis=0)
    moving = [item for item in items if item.kind == "issue"]
    for place, item in enumerate(moving):
        column = model.space.issue_position[item.name]
        codes[:, column] = np.array(item.options)[positions[:, place]]
    return codes


def _too_large(states: int, tranches: int) -> Problem:
    what = (
        f"the road has {states:,} states of partial implementation ({tranches} single advances); "
        f"at most {MOST_STATES:,} are compared"
    )
    help = "settle fewer issues at a time, or take intermediate options or 'steps' out"
    return Problem(what, help)
