"""One mover: where it can go from every state, without a stored matrix.

All states from which the mover has the same choice share one list of *heads* (a *segment*). In
a case, two states share it if they differ only in what the mover itself can set, and what it
has set leaves it the same options. Where everything can be undone the segments are as many
numbers as there are states, however many moves there are. Within a segment, heads are kept in
the mover's order of preference, best first: its improvements are then a beginning of the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.model.problem import Booleans, Integers
from detente.stability.graph.preference import Preference

BLOCK = 1 << 22
"""Moves of a group looked at at once."""
MOST_KEYS = 1 << 40
"""Largest number that stands for a row before rows are numbered anew."""


@dataclass(frozen=True, eq=False)
class Mover:
    """Where a party, or several together, can move.

    Parameters
    ----------
    members
        Positions of the parties.
    heads
        States that can be reached, segment after segment, best first for a single member.
    starts
        Where each segment begins, and the end of the last; shape (segments + 1,).
    segment
        The segment of each state, -1 where it has none; shape (states,). A segment may contain
        the state itself where staying makes no difference.
    preferences
        What each member prefers; None for one without values, which has no improvements.
    """

    members: tuple[int, ...]
    heads: Integers
    starts: Integers
    segment: Integers
    preferences: tuple[Preference | None, ...]

    @property
    def known(self) -> bool:
        """Whether it is known what all members prefer."""
        return all(entry is not None for entry in self.preferences)

    @property
    def states(self) -> int:
        """Number of states."""
        return len(self.segment)

    def least(self, numbers: Integers) -> Integers:
        """The least number that one move leads to; more than any number where none does."""
        if not len(self.heads):
            return np.full(self.states, self.states + 1)
        lowest: Integers = np.minimum.reduceat(numbers[self.heads], self.starts[:-1])
        return self._spread(lowest, self.states + 1)

    def greatest(self, numbers: Integers) -> Integers:
        """The greatest number that one move leads to; -1 where none does."""
        if not len(self.heads):
            return np.full(self.states, -1)
        highest: Integers = np.maximum.reduceat(numbers[self.heads], self.starts[:-1])
        return self._spread(highest, -1)

    def least_improving(self, numbers: Integers) -> Integers:
        """The least number that one improvement leads to; more than any where none does."""
        none = self.states + 1
        if not self.known or not len(self.heads):
            return np.full(self.states, none)
        if len(self.members) > 1:
            return self._least_of_arcs(numbers)
        level, place = self._level, self._better
        running = np.minimum.accumulate(numbers[self.heads] - level)
        out: Integers = running[place] + level[place]
        out[place < 0] = none
        return out

    def moves(self, state: int) -> Integers:
        """The states that one move leads to."""
        number = self.segment[state]
        if number < 0:
            return np.zeros(0, dtype=np.int64)
        heads = self.heads[self.starts[number] : self.starts[number + 1]]
        elsewhere: Integers = heads[heads != state]
        return elsewhere

    def improvements(self, state: int) -> Integers:
        """The states that one move leads to and that are better for all members."""
        heads = self.moves(state)
        for entry in self.preferences:
            if entry is None:
                return heads[:0]
            heads = heads[entry.rank[heads] >= entry.need[state]]
        return heads

    @property
    def moving(self) -> Booleans:
        """The states from which there is any move; shape (states,)."""
        own = np.arange(self.states)
        out: Booleans = (self.least(own) < own) | (self.greatest(own) > own)
        return out & (self.segment >= 0)

    def ranges(self, states: Integers, *, improving: bool) -> tuple[Integers, Integers, Integers]:
        """Where the moves of many states stand, for searches that follow them all at once.

        Parameters
        ----------
        states
            From where; shape (asked,).
        improving
            Only moves that are better for all members.

        Returns
        -------
        tuple
            A list of heads, and for each state where its moves begin in it and where they end;
            shapes (listed,), (asked,), (asked,). Of two ranges with one beginning one is a part
            of the other; other ranges do not overlap. A range of moves may contain the state
            itself, one of improvements does not.
        """
        if improving and not self.known:
            none = np.zeros(len(states), dtype=np.int64)
            return self.heads, none, none
        if improving and len(self.members) > 1:
            tails, heads = self._arcs
            end = np.searchsorted(tails, states, side="right")
            return heads, np.searchsorted(tails, states), end
        segment = self.segment[states]
        begin = self.starts[segment]
        if improving:
            return self.heads, begin, np.maximum(begin, self._better[states] + 1)
        return self.heads, begin, np.where(segment < 0, begin, self.starts[segment + 1])

    def _spread(self, of_segment: Integers, none: int) -> Integers:
        out: Integers = of_segment[self.segment]
        if self._some_stay:
            out[self.segment < 0] = none
        return out

    @cached_property
    def _some_stay(self) -> bool:
        return bool((self.segment < 0).any())

    @cached_property
    def _of_head(self) -> Integers:
        """The segment of each head."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    @cached_property
    def _level(self) -> Integers:
        """Falls from segment to segment by more than numbers differ: minima start anew."""
        return self._of_head * (self.states + 2)

    @cached_property
    def _better(self) -> Integers:
        """For each state the last head of its segment that is better; -1 where none is."""
        entry = self.preferences[0]
        assert entry is not None
        size = int(entry.need.max(initial=0)) + 2
        # Ascending keys: by segment, and within it from the best rank down.
        keys = self._of_head * size + (size - 1 - entry.rank[self.heads])
        wanted = self.segment * size + (size - 1 - entry.need)
        last = np.searchsorted(keys, wanted, side="right") - 1
        first = self.starts[self.segment]
        out: Integers = np.where((self.segment >= 0) & (last >= first), last, -1)
        return out

    @cached_property
    def _arcs(self) -> tuple[Integers, Integers]:
        """All moves that are better for every member: from (ascending), and to."""
        # the zero at the end is for states without moves, segment −1, and where there are no others
        length = np.append(np.diff(self.starts), 0)[self.segment]
        ends = np.cumsum(length)
        tails, heads = [], []
        begin = 0
        while begin < self.states:
            done = ends[begin - 1] if begin else 0
            end = max(begin + 1, int(np.searchsorted(ends, done + BLOCK, side="right")))
            tail, head = self._unrolled(np.arange(begin, end), length[begin:end])
            good: Booleans = np.ones(len(tail), dtype=np.bool_)
            for entry in self.preferences:
                assert entry is not None
                good &= entry.rank[head] >= entry.need[tail]
            tails.append(tail[good])
            heads.append(head[good])
            begin = end
        return np.concatenate(tails), np.concatenate(heads)

    def _unrolled(self, states: Integers, length: Integers) -> tuple[Integers, Integers]:
        tail = np.repeat(states, length)
        within = np.arange(len(tail)) - np.repeat(np.cumsum(length) - length, length)
        return tail, self.heads[self.starts[self.segment[tail]] + within]

    @cached_property
    def _begins(self) -> tuple[Integers, Integers]:
        """The states with improvements of a group, and where their moves begin."""
        return np.unique(self._arcs[0], return_index=True)

    def _least_of_arcs(self, numbers: Integers) -> Integers:
        out = np.full(self.states, self.states + 1)
        states, begins = self._begins
        if len(states):
            out[states] = np.minimum.reduceat(numbers[self._arcs[1]], begins)
        return out


def mover(
    members: tuple[int, ...],
    codes: Integers,
    issues: Mapping[int, Booleans],
    preferences: Sequence[Preference | None],
    *,
    exact: bool = False,
) -> Mover:
    """A mover from what it can do with every issue.

    Parameters
    ----------
    members
        Positions of the parties that move.
    codes
        The states as option positions, shape (states, issues).
    issues
        For the issues that it can move, which option can follow which.
    preferences
        What each member prefers.
    exact
        Leave each state out of its own segment; needed where two moves in a row are not one.

    Notes
    -----
    Cost: states × log(states) for each different choice that states leave to the mover.
    """
    own = list(issues)
    rest = [place for place in range(codes.shape[1]) if place not in issues]
    fibre = numbered(codes[:, rest])
    rows = [table | np.eye(len(table), dtype=np.bool_) for table in issues.values()]
    kinds = [
        np.arange(len(table)) if exact else np.unique(table, axis=0, return_inverse=True)[1].ravel()
        for table in rows
    ]
    columns = np.stack([kind[codes[:, k]] for k, kind in zip(own, kinds, strict=True)], axis=1)
    choice = numbered(columns)
    size = int(fibre.max(initial=0)) + 1
    asked, segment = np.unique(choice * size + fibre, return_inverse=True)
    one_of = np.unique(choice, return_index=True)[1]
    found, keys = [], []
    for number, example in enumerate(one_of):
        allowed: Booleans = np.ones(len(codes), dtype=np.bool_)
        for k, table in zip(own, rows, strict=True):
            allowed &= table[codes[example, k]][codes[:, k]]
        if exact:
            allowed &= choice != number
        heads = np.flatnonzero(allowed)
        key = number * size + fibre[heads]
        wanted = np.searchsorted(asked, key)
        some = wanted < len(asked)
        some[some] = asked[wanted[some]] == key[some]
        found.append(heads[some])
        keys.append(wanted[some])
    return from_heads(
        members, np.concatenate(found), np.concatenate(keys), segment.ravel(), preferences
    )


def from_heads(
    members: tuple[int, ...],
    heads: Integers,
    keys: Integers,
    segment: Integers,
    preferences: Sequence[Preference | None],
) -> Mover:
    """A mover from heads in any order and the segment that each belongs to."""
    first = preferences[0] if len(members) == 1 else None
    if first is None:
        order = np.argsort(keys, kind="stable")
    else:
        size = int(first.rank.max(initial=0)) + 1
        order = np.argsort(keys * size + (size - 1 - first.rank[heads]), kind="stable")
    filled, starts = np.unique(keys[order], return_index=True)
    place = np.full(int(segment.max(initial=-1)) + 2, -1)  # the last entry stays -1, for -1
    place[filled] = np.arange(len(filled))
    ends = np.append(starts, len(heads))
    return Mover(members, heads[order], ends, place[segment], tuple(preferences))


def numbered(columns: Integers) -> Integers:
    """Rows as numbers from 0, equal where the rows are; shape (rows,)."""
    out, size = np.zeros(len(columns), dtype=np.int64), 1
    for column in columns.T:
        options = int(column.max(initial=0)) + 1
        if size * options > MOST_KEYS:  # as few numbers as there are rows, before they overflow
            out = np.unique(out, return_inverse=True)[1]
            size = int(out.max(initial=0)) + 1
        out, size = out * options + column, size * options
    return np.unique(out, return_inverse=True)[1]
