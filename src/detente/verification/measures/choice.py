"""The cheapest measures that deter what measures can deter, and what each of them buys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from detente.case.errors import CaseError, Problem
from detente.model.problem import Booleans
from detente.verification.answer import Choice, Effect, MeasureSet, not_negative
from detente.verification.measures.detection import Detectors
from detente.verification.measures.search import cheapest, deterring, strongest
from detente.verification.measures.watch import Watch, stirred
from detente.verification.parties import Tempted
from detente.verification.paths import joined

Names = tuple[str, ...]

RUNNERS_UP = 3
"""Sets that are listed beside the cheapest."""
MOST_MEASURES = 40
"""More measures than this are refused: a search through their sets might never end."""


@dataclass(frozen=True, eq=False)
class Watched:
    """All parties joined, with the place of each of their ways to cheat.

    ``spans`` has for each party the rows of its ways to cheat; the row after them is that of
    leaving.
    """

    watch: Watch
    parties: Mapping[str, Tempted]
    spans: Mapping[str, slice]

    def margins(self, used: Booleans) -> tuple[dict[str, float], dict[str, float]]:
        """Per party its least margin over cheating (if there is a way), and over leaving."""
        margins = self.watch.margins(used)
        least = {
            party: float(margins[span].min())
            for party, span in self.spans.items()
            if span.stop > span.start
        }
        return least, {party: float(margins[span.stop]) for party, span in self.spans.items()}

    def owner(self, row: int) -> tuple[str, Names]:
        """Whose way to cheat a row is, and what it violates; no names for leaving."""
        for party, span in self.spans.items():
            if span.start <= row < span.stop:
                names = (way.name for way in self.parties[party].ways(row - span.start))
                return party, tuple(names)
            if row == span.stop:
                return party, ()
        raise IndexError(row)

    def measure_set(self, used: Booleans) -> MeasureSet:
        """What a set of measures does."""
        names, taken = self.watch.detectors.names, np.flatnonzero(used)
        least, leave = self.margins(used)
        return MeasureSet(
            tuple(names[place] for place in taken),
            self.watch.cost(used),
            float(self.watch.detectors.false_alarm(used.astype(np.float64))),
            least,
            leave,
        )


def watched(
    parties: Mapping[str, Tempted], detectors: Detectors, lag: int, periods: int | None
) -> Watched:
    """Everything that is to be deterred, as one array."""
    paths, coverage, spans = [], [], {}
    start = 0
    for name, entry in parties.items():
        rows = len(entry.choice)
        paths += [entry.paths(lag, periods), entry.leaving_path(lag, periods)]
        coverage += [entry.coverage, np.zeros((1, len(detectors.names)))]
        spans[name] = slice(start, start + rows)
        start += rows + 1
    every = joined(paths)
    helped = stirred(every, float(detectors.false_alarm(np.ones(len(detectors.names)))))
    watch = Watch(every, np.vstack(coverage), helped, detectors, _costs(detectors))
    return Watched(watch, parties, spans)


def _costs(detectors: Detectors) -> tuple[Fraction, ...]:
    stated = [measure.cost for measure in detectors.measures]
    if all(cost is None for cost in stated):
        return (Fraction(1),) * len(stated)
    return tuple(Fraction(0) if cost is None else cost.point for cost in stated)


def unasked(detectors: Detectors, budget: Fraction | None) -> Choice:
    """Where no party has values: what deters cannot be said."""
    stated = {name: m.cost for name, m in zip(detectors.names, detectors.measures, strict=True)}
    free = tuple(name for name, cost in stated.items() if cost is None)
    return Choice(
        chosen=None,
        deters=False,
        beyond=(),
        stays_tempting=(),
        alternatives=(),
        effects=(),
        budget=budget,
        cheapest_without_budget=None,
        refused=detectors.refused,
        without_cost=free,
        counted=bool(stated) and len(free) == len(stated),
    )


def choose(found: Watched, budget: Fraction | None) -> Choice:
    """Choose among the measures that an outcome allows.

    First what no set of them deters is set aside, then the cheapest set that deters all the
    rest is taken. Where none does (within the budget), the one with the largest least
    margin is.

    Raises
    ------
    CaseError
        Where there are more than :data:`MOST_MEASURES` measures that see something.
    """
    watch, detectors = found.watch, found.watch.detectors
    useful = int(watch.useful.sum())
    if useful > MOST_MEASURES:
        what = f"{useful} measures to choose among; at most {MOST_MEASURES} are searched"
        raise CaseError(Problem(what, "join measures that always come together"))
    stated = [measure.cost for measure in detectors.measures]
    hopeless = _hopeless(watch)
    rest = watch.at(~hopeless)
    sets = cheapest(rest, budget, RUNNERS_UP + 1)
    free = sets[0] if sets else None
    unlimited: list[Booleans] = []
    if budget is not None and free is None:
        unlimited = cheapest(rest, None, 1)
    if free is None and len(rest.paths):
        free = strongest(rest, budget, watch.useful)[0]
    nothing = not detectors.names or not any(s.stop > s.start for s in found.spans.values())
    if nothing or free is None:
        free = None
    left = [] if free is None else _left(found, free, hopeless)
    deters = free is not None and not hopeless.any() and not left
    return Choice(
        chosen=None if free is None else found.measure_set(free),
        deters=deters or (nothing and not hopeless.any()),
        beyond=_smallest(found.owner(int(row)) for row in np.flatnonzero(hopeless)),
        stays_tempting=_smallest(iter(left)),
        alternatives=() if free is None else tuple(map(found.measure_set, sets[1:])),
        effects=() if free is None else tuple(_effects(found, free)),
        budget=budget,
        cheapest_without_budget=watch.cost(unlimited[0]) if unlimited else None,
        refused=detectors.refused,
        without_cost=tuple(
            name for name, cost in zip(detectors.names, stated, strict=True) if cost is None
        ),
        counted=bool(stated) and all(cost is None for cost in stated),
    )


def _hopeless(watch: Watch) -> Booleans:
    """Ways to cheat that no set of the measures deters."""
    none = np.zeros(len(watch.costs), dtype=np.bool_)
    unsure = ~not_negative(np.maximum(watch.margins(none), watch.margins(~none)))
    hopeless = unsure & ~watch.reachable(none, ~none)
    unsure &= ~hopeless
    while unsure.any():
        row = int(unsure.argmax())
        used = deterring(watch.at(np.array([row])))
        if used is None:
            hopeless[row], unsure[row] = True, False
        else:
            unsure &= ~not_negative(watch.margins(used))
    return hopeless


def _left(found: Watched, used: Booleans, hopeless: Booleans) -> list[tuple[str, Names]]:
    margins = found.watch.margins(used)
    tempting = [
        row
        for row in np.flatnonzero(~hopeless & (margins < 0)).tolist()
        if not not_negative(float(margins[row]))
    ]
    return [found.owner(row) for row in tempting]


def _smallest(owned: Iterator[tuple[str, Names]]) -> tuple[tuple[str, Names], ...]:
    """Of sets of violations those that contain no other; leaving, which has none, is left out."""
    unique = [entry for entry in dict.fromkeys(owned) if entry[1]]
    return tuple(
        (party, names)
        for party, names in unique
        if not any(party == other and set(few) < set(names) for other, few in unique)
    )


def _effects(found: Watched, used: Booleans) -> Iterator[Effect]:
    """For each measure the least margins with and without it, beside the chosen others."""
    watch = found.watch
    useful = watch.useful
    for place, (name, measure) in enumerate(
        zip(watch.detectors.names, watch.detectors.measures, strict=True)
    ):
        without, with_it = used.copy(), used.copy()
        without[place], with_it[place] = False, True
        yield Effect(
            name,
            None if measure.cost is None else measure.cost.point,
            0.0 if measure.false_alarm is None else float(measure.false_alarm),
            bool(used[place]),
            bool(useful[place]),
            found.margins(without)[0],
            found.margins(with_it)[0],
        )
