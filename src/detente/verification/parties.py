"""One party in an agreed outcome: its ways to cheat, alone and at once, as arrays."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.case.errors import CaseError, Problem
from detente.case.schema import Case
from detente.model.aftermath import Aftermath
from detente.model.compilation import Model
from detente.model.draws import amount
from detente.model.expressions import expression_factor
from detente.model.problem import Floats, Integers, Single
from detente.verification.measures.detection import Detectors, side_by_side
from detente.verification.paths import Paths
from detente.verification.temptations import Way, ways

MOST_SETS = 1 << 18
"""Most ways to cheat at once that are compared for one party."""


@dataclass(frozen=True, eq=False)
class Tempted:
    """The sets of violations that one party could commit.

    The first rows are all non-empty sets, each issue violated in at most one way; then come
    the dashes, one for each violation with a breakout.

    Parameters
    ----------
    after
        What collapse is worth to the party.
    detectors
        The measures that the outcome allows.
    slots
        Its ways to cheat; those of one slot exclude each other.
    choice
        Which way of each slot a row takes, 0 for none; shape (rows, slots).
    codes
        What really stands, option positions; shape (rows, issues).
    agreed
        What was agreed; shape (1, issues).
    dashes
        Number of rows at the end that are dashes.
    """

    after: Aftermath
    detectors: Detectors
    slots: tuple[tuple[Way, ...], ...]
    choice: Integers
    codes: Integers
    agreed: Integers
    dashes: int

    @property
    def case(self) -> Case:
        """The case."""
        return self.after.model.case

    @property
    def sets(self) -> int:
        """Number of sets."""
        return len(self.choice) - self.dashes

    def ways(self, row: int) -> tuple[Way, ...]:
        """What a row violates."""
        taken = self.choice[row]
        return tuple(
            slot[place - 1] for slot, place in zip(self.slots, taken, strict=True) if place
        )

    @cached_property
    def alone(self) -> Mapping[tuple[int, int], int]:
        """The row of each way to cheat alone, by slot and place in it."""
        single = np.flatnonzero((self.choice[: self.sets] > 0).sum(axis=1) == 1)
        return {
            (int(slot), int(self.choice[row, slot]) - 1): int(row)
            for row in single
            for slot in np.flatnonzero(self.choice[row])
        }

    @cached_property
    def dash_rows(self) -> Mapping[int, int]:
        """The row of each dash, by slot."""
        rows = range(self.sets, len(self.choice))
        return {int(np.flatnonzero(self.choice[row])[0]): row for row in rows}

    @cached_property
    def coverage(self) -> Floats:
        """What each measure adds to −ln(1 − d) of each row; shape (rows, measures).

        Where detection is drawn, the codings come first.
        """
        out = np.zeros((len(self.choice), len(self.detectors.names)))
        for slot in range(len(self.slots)):
            out = out + self.seen(slot)
        return out

    def seen(self, slot: int) -> Floats:
        """The part of :attr:`coverage` that is due to the violation of one slot."""
        seen = self.detectors.seen(self.slots[slot])
        table = np.concatenate((np.zeros((1, *seen.shape[1:])), seen))
        if seen.ndim == 3:
            table = np.moveaxis(table, 1, 0)
        out: Floats = self._standing * table[..., self.choice[:, slot], :]
        return out

    @cached_property
    def _standing(self) -> Floats:
        """1 where what a measure requires holds in what really stands, else 0."""
        out = np.ones((len(self.choice), len(self.detectors.names)))
        for place, measure in enumerate(self.detectors.measures):
            if measure.requires is not None:
                factor = expression_factor(measure.requires, self.after.model.space)
                out[:, place] = factor.at(self.codes)
        return out

    @cached_property
    def comply(self) -> Single:
        """What the agreed outcome is worth per period."""
        return single(self.after.values(self.agreed))

    @cached_property
    def flow(self) -> Floats:
        """What each row is worth per period while it goes on."""
        values = self.after.values(self.codes)
        for slot, entries in enumerate(self.slots):
            violation = entries[0].violation
            if violation is not None and violation.gain is not None:
                values = values + (self.choice[:, slot] > 0) * amount(violation.gain)
        return values

    @cached_property
    def _flows(self) -> Floats:
        """Aftermath of each row, then of the agreed outcome; shape (times, rows + 1)."""
        return self.after.flows(np.vstack((self.codes, self.agreed)))

    @cached_property
    def _guaranteed(self) -> Floats:
        return self.after.guaranteed(np.vstack((self.codes, self.agreed)))

    def found(self, periods: int | None, discount: Single | None = None) -> tuple[Floats, Single]:
        """What is left after an alarm, per row, and where all comply; guarantees aside."""
        worth = self.after.worth(self._flows, periods, discount)
        return worth[..., :-1], single(worth[..., -1:])

    def leaving(self, discount: Single | None = None) -> Single:
        """What is left to one who walks away openly from the agreed outcome."""
        worth = self.after.worth(self._flows, None, discount)
        return single((worth - self._guaranteed)[..., -1:])

    def paths(self, lag: int, periods: int | None, discount: Single | None = None) -> Paths:
        """All rows as paths; ``lag`` is that of the case, and discount the party's if None.

        A suspension for some periods is no collapse: guarantees wait for one.
        """
        delta = self.after.discount if discount is None else discount
        found, rest = self.found(periods, delta)
        count = len(self.choice)
        takes, prizes = np.zeros(count, dtype=np.int64), [0.0] * count
        for slot, row in self.dash_rows.items():
            violation = self.slots[slot][0].violation
            assert violation is not None and violation.breakout is not None
            takes[row], prizes[row] = violation.breakout.takes, amount(violation.breakout.prize)
        one = np.ones(count)
        resumes = one * (0.0 if periods is None else delta**periods)
        return Paths(
            discount=one * delta,
            lag=np.full(count, lag + 1, dtype=np.int64),
            comply=one * self.comply,
            rest=one * rest,
            resumes=resumes,
            flow=self.flow,
            found=found,
            blame=self._guaranteed[..., :-1] if periods is None else np.zeros(count),
            returns=resumes,
            takes=takes,
            prize=side_by_side(prizes),
        )

    def leaving_path(self, lag: int, periods: int | None, discount: Single | None = None) -> Paths:
        """Walking away as a path: the same whatever is seen, and for good."""
        delta = self.after.discount if discount is None else discount
        one, nothing = np.ones(1), np.zeros(1)
        gone = one * self.leaving(delta)
        return Paths(
            discount=one * delta,
            lag=np.array([lag + 1]),
            comply=one * self.comply,
            rest=one * self.found(periods, delta)[1],
            resumes=one * (0.0 if periods is None else delta**periods),
            flow=gone,
            found=gone,
            blame=nothing,
            returns=nothing,
            takes=np.zeros(1, dtype=np.int64),
            prize=nothing,
        )


def single(values: Floats) -> Single:
    """The last of some numbers; a column where there are codings before it."""
    return float(values[-1]) if values.ndim == 1 else values[..., -1:]


def tempted(
    model: Model,
    party: str,
    outcome: Mapping[str, str],
    detectors: Detectors,
    most_sets: int = MOST_SETS,
) -> Tempted:
    """Everything that a party could violate in an agreed outcome.

    Raises
    ------
    CaseError
        Where the party has no scores, the case no status quo, or the sets are more than
        ``most_sets``.

    Notes
    -----
    Cost: sets × (undo times × issues + measures), where the sets are the product over
    covert issues of one more than their earlier options, times two for each listed violation.
    """
    case = model.case
    slots = ways(case, outcome, party)
    sizes = tuple(len(entries) + 1 for entries in slots)
    count = math.prod(sizes)
    if count > most_sets:
        what = f"{party} could cheat in {count - 1:,} ways at once, more than {most_sets:,}"
        help = (
            "mark issues that cannot be changed unseen 'covert: false' (in Python: more most_sets)"
        )
        raise CaseError(Problem(what, help, case.place(("parties", party), key=True)))
    sets = np.stack(np.unravel_index(np.arange(1, count), sizes), axis=1) if slots else None
    choice = np.zeros((0, len(slots)), np.int64) if sets is None else sets.astype(np.int64)
    dashes = [place for place, entries in enumerate(slots) if _is_dash(entries[0])]
    alone = np.zeros((len(dashes), len(slots)), dtype=np.int64)
    alone[np.arange(len(dashes)), dashes] = 1
    choice = np.vstack((choice, alone))
    agreed = np.array([model.space.codes(outcome)], dtype=np.int64)
    codes = np.repeat(agreed, len(choice), axis=0)
    for place, entries in enumerate(slots):
        issue = entries[0].issue
        if issue is None:
            continue
        position = model.space.issue_position[issue]
        known = model.space.option_position[position]
        stands = [agreed[0, position], *(known[way.option or ""] for way in entries)]
        codes[:, position] = np.array(stands)[choice[:, place]]
    return Tempted(Aftermath(model, party), detectors, slots, choice, codes, agreed, len(dashes))


def _is_dash(way: Way) -> bool:
    return way.violation is not None and way.violation.breakout is not None
