"""The order that dates and triggers imply: who comes when, and which wait for each other."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import compress, groupby

from detente.case.implementation import Commitment
from detente.commitments.answer import Stage
from detente.commitments.dates import due_date

Moment = tuple[str, int]
"""A place on one time scale: days of the calendar, or periods after an unknown signature."""
_BITS = bytes.maketrans(b"01", b"\0\1")


@dataclass(frozen=True)
class Order:
    """Commitments in the order that a text implies.

    Parameters
    ----------
    commitments
        By id, in the order of the text.
    due
        Per id, the last day in time, where one is known.
    places
        Per id, when it is due at the latest: its own date, or else that of the latest of its
        triggers; None where neither gives one, or it waits for a cycle.
    cycles
        Ids that wait for each other: for each set of clauses of which every one waits for
        every other, a shortest round through the first of them.
    successors
        Per id, the clauses that it triggers.
    """

    commitments: Mapping[str, Commitment]
    due: Mapping[str, date | None]
    places: Mapping[str, Moment | None]
    cycles: tuple[tuple[str, ...], ...]
    successors: Mapping[str, tuple[str, ...]]

    def in_order(self) -> Iterator[str]:
        """Clauses so that each comes after its triggers, without those that wait for a cycle."""
        return triggers_first(self.commitments, self.successors)

    @cached_property
    def later(self) -> Mapping[str, int]:
        """Per clause, those that come after it, as bits in the order of the text.

        These are the ones that directly or indirectly wait for it, and those with a later
        place. Cost: for each clause and trigger one operation on as many bits as there are
        clauses; more only where clauses wait for each other.
        """
        bits = {id: 1 << number for number, id in enumerate(self.commitments)}
        after = _followers(bits, tuple(self.in_order()), self.successors)
        places = [(place, id) for id, place in self.places.items() if place is not None]
        for _, same_kind in groupby(sorted(places, reverse=True), lambda entry: entry[0][0]):
            beyond = 0
            for _, group in groupby(same_kind, lambda entry: entry[0]):
                ids = [id for _, id in group]
                for id in ids:
                    after[id] |= beyond
                beyond |= sum(bits[id] for id in ids)
        return after

    def chosen(self, bits: int) -> tuple[str, ...]:
        """The clauses that bits stand for."""
        return tuple(compress(self.commitments, f"{bits:b}"[::-1].encode().translate(_BITS)))


def _followers(
    bits: Mapping[str, int], ordered: Sequence[str], successors: Mapping[str, tuple[str, ...]]
) -> dict[str, int]:
    """Per clause, as bits, those that directly or indirectly wait for it."""
    known = set(ordered)
    knotted = [id for id in bits if id not in known]  # in a cycle, or waiting for one
    after, grown = dict.fromkeys(bits, 0), True
    while grown:
        grown = False
        for id in reversed((*ordered, *knotted)):
            followers = 0
            for other in successors[id]:
                followers |= bits[other] | after[other]
            grown |= bool(knotted) and followers != after[id]
            after[id] = followers
    return after


def implied_order(commitments: Sequence[Commitment], signed: date | None, period: str) -> Order:
    """The order that dates (``by``) and triggers (``after``) imply.

    Parameters
    ----------
    commitments
        The clauses; ids are unique and triggers name ids.
    signed
        The day of signature, where it is known. Without one, periods are compared with
        periods and dates with dates, but not with each other.
    period
        The unit of periods.

    Notes
    -----
    Cost: linear in clauses and triggers (Tarjan's strong components, as scipy has them).
    """
    named = {entry.id: entry for entry in commitments}
    successors: dict[str, list[str]] = {id: [] for id in named}
    for entry in commitments:
        for trigger in dict.fromkeys(entry.after):
            successors[trigger].append(entry.id)
    frozen = {id: tuple(others) for id, others in successors.items()}
    due = {id: due_date(entry.by, signed, period) for id, entry in named.items()}
    return Order(named, due, _places(named, due, frozen), tuple(_cycles(named, frozen)), frozen)


def moment(by: int | date | None, due: date | None) -> Moment | None:
    """Where a clause stands by its own date."""
    if due is not None:
        return ("date", due.toordinal())
    return ("periods", by) if isinstance(by, int) else None


def before(one: Moment | None, other: Moment | None) -> bool:
    """Whether the one is known to come before the other."""
    return one is not None and other is not None and one[0] == other[0] and one[1] < other[1]


def _places(
    named: Mapping[str, Commitment],
    due: Mapping[str, date | None],
    successors: Mapping[str, tuple[str, ...]],
) -> dict[str, Moment | None]:
    """Own dates first; what has none takes the latest of its triggers."""
    places = {id: moment(entry.by, due[id]) for id, entry in named.items()}
    for id in triggers_first(named, successors):
        if places[id] is None:
            places[id] = _latest([places[trigger] for trigger in named[id].after])
    return places


def triggers_first(
    named: Mapping[str, Commitment], successors: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    """Clauses so that each comes after its triggers; those that wait for a cycle are left out."""
    left = {id: len(set(entry.after)) for id, entry in named.items()}
    waiting = deque(id for id, count in left.items() if not count)
    while waiting:
        id = waiting.popleft()
        yield id
        for other in successors[id]:
            left[other] -= 1
            if not left[other]:
                waiting.append(other)


def _latest(places: Sequence[Moment | None]) -> Moment | None:
    known = [place for place in places if place is not None]
    comparable = known and len(known) == len(places) and len({kind for kind, _ in known}) == 1
    return max(known) if comparable else None


def _cycles(
    named: Mapping[str, Commitment], successors: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, ...]]:
    ids = list(named)
    if len(list(triggers_first(named, successors))) == len(ids):
        return  # every clause has its turn
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    number = {id: place for place, id in enumerate(ids)}
    arcs = [(number[a], number[b]) for a, others in successors.items() for b in others]
    rows, columns = np.array(arcs, dtype=np.int64).T
    ones = np.ones(len(arcs), dtype=np.int8)
    graph = csr_array((ones, (rows, columns)), shape=(len(ids), len(ids)))
    _, parts = connected_components(graph, directed=True, connection="strong")
    sizes = np.bincount(parts)
    seen: set[int] = set()
    for place, id in enumerate(ids):
        part = int(parts[place])
        if part not in seen and (sizes[part] > 1 or id in successors[id]):
            seen.add(part)
            yield _shortest_round(id, successors)


def _shortest_round(start: str, successors: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The shortest way from a clause back to itself."""
    came_from = dict.fromkeys(successors[start], start)
    waiting = deque(successors[start])
    while start not in came_from:
        id = waiting.popleft()
        for other in successors[id]:
            if other not in came_from:
                came_from[other] = id
                waiting.append(other)
    round, id = [start], came_from[start]
    while id != start:
        round.append(id)
        id = came_from[id]
    return (start, *reversed(round[1:]))


def stages(order: Order) -> tuple[Stage, ...]:
    """The clauses in their order, those of one moment together.

    Of one moment, what follows others stands behind them; so does, at the moment of the last
    of them, what only follows others. Next comes what follows clauses without a date, and
    what nothing puts in order comes last.
    """
    depth = _depths(order)
    kinds = {"date": 0, "periods": 1}
    groups: dict[tuple[int, ...], list[str]] = {}
    loose = []
    for id, entry in order.commitments.items():
        place = order.places[id]
        if place is None and not entry.after:
            loose.append(id)
            continue
        key = (2, 0) if place is None else (kinds[place[0]], place[1])
        groups.setdefault((*key, depth[id]), []).append(id)
    out = [_stage(order, groups[key]) for key in sorted(groups)]
    return tuple(out + ([Stage(None, None, (), tuple(loose), ordered=False)] if loose else []))


def _stage(order: Order, ids: Sequence[str]) -> Stage:
    entries = [order.commitments[id] for id in ids]
    dated = [entry for entry in entries if entry.by is not None]
    by = dated[0].by if dated else None
    due = order.due[dated[0].id] if dated else None
    triggers = tuple(dict.fromkeys(trigger for entry in entries for trigger in entry.after))
    return Stage(by, due, triggers, tuple(ids))


def _depths(order: Order) -> dict[str, int]:
    """How many clauses of the same moment have to come before each (0 in a cycle)."""
    named, places = order.commitments, order.places
    depth = dict.fromkeys(named, 0)
    for id in order.in_order():
        for other in order.successors[id]:
            if places[other] == places[id]:
                depth[other] = max(depth[other], depth[id] + 1)
    return depth
