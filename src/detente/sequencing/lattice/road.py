"""From a case and a package to the lattice of partial implementation."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.case.consistency import require_allowed
from detente.case.errors import CaseError, Problem
from detente.case.implementation import Package
from detente.case.schema import Case
from detente.model.compilation import Model, compile_case
from detente.model.problem import Booleans, Integers
from detente.sequencing.lattice.items import (
    Item,
    changes_nothing,
    moving_issues,
    precedence,
    put_in_place,
)
from detente.sequencing.lattice.network import (
    MOST_TRANCHES,
    Network,
    Places,
    network,
    pairs,
    trimmed,
)

MOST_STATES = 1 << 18
"""Most states of partial implementation."""
MOST_CELLS = 1 << 24
"""Most combinations of positions, rules aside."""
MOST_STEPS = 5 << 19
"""Most steps that are compared where several issues may move at once."""
MOST_COMPARED = 1 << 14
"""Most states whose pairs are compared to find them."""


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
        return _option_codes(self.model, self.items, self.network.positions)

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
    extras = tuple(put_in_place(case, target, package))
    codings = (case, *also)
    idle = tuple(item.name for item in extras if changes_nothing(item.name, codings, package))
    items = (*moving_issues(case, target), *(item for item in extras if item.name not in idle))
    if not any(item.kind == "issue" for item in items):
        what = "there is no road to plan: the target is today's state"
        raise CaseError(Problem(what, "name a package that changes something"))
    later = precedence(case, items, package)
    positions = _states(case, model, target, items, also)
    sizes = tuple(item.size for item in items)
    _check_ends(positions, sizes)
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


def _check_ends(positions: Places, sizes: Sequence[int]) -> None:
    """The case's own rules allow both ends; those of another coding may not."""
    for what, end in (("today's state", 0), ("the target", np.array(sizes) - 1)):
        if not (positions == end).all(axis=1).any():
            help = "leave that coding out, or its rules"
            raise CaseError(Problem(f"the rules of another coding forbid {what}", help))


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
    require_allowed(case, target, "target")


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
