"""Who stays where others may act at the same time: simultaneous sanctioning.

A party stays in s if for each of its improvements some combination of what every other party
does at the same moment (it stays, or makes an improvement of its own, seen from s) leads,
together with the party's change, to an outcome that obeys the rules and is not better for the
party than s. Changes that settle one issue in two ways cannot be made together. Source: Fraser
& Hipel, *Conflict Analysis: Models and Resolutions*, North-Holland 1984.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from detente.case.errors import CaseError, Problem
from detente.case.schema import Case
from detente.model.compilation import Model
from detente.model.problem import Booleans, Integers
from detente.stability.answer import LEAVES, STAYS, UNKNOWN, Marks
from detente.stability.graph.conflict import Conflict
from detente.stability.graph.preference import least_difference

MOST_COMBINATIONS = 1_000_000
"""Most combinations of what others do at once that are held."""


def simultaneous(
    model: Model,
    band: Fraction,
    conflict: Conflict,
    codes: Integers,
    states: Integers,
    *,
    most: int = MOST_COMBINATIONS,
) -> Mapping[str, Marks]:
    """Where each party stays under simultaneous sanctioning.

    Parameters
    ----------
    model, band
        The case, compiled, and the least gain that counts, in points.
    conflict, codes
        Its graph, and the states as option positions, shape (states, issues).
    states
        Positions of the states that are asked about; all their moves are among the states.
    most
        Most combinations held at once.

    Returns
    -------
    mapping
        Party to a verdict per state asked about: 1 it stays, 0 it leaves, -1 it cannot be told
        because preferences are not known.

    Raises
    ------
    CaseError
        Where two parties move one issue along pairs of their own, so that what they do at once
        has no meaning; or where there are too many combinations.

    Notes
    -----
    Exact. Cost: for each improvement the combinations of the others' choices, party by party,
    fewest choices first, until one punishes.
    """
    _require_options(model.case)
    out: dict[str, Marks] = {}
    for party, name in enumerate(conflict.parties):
        marks = np.full(len(states), UNKNOWN, dtype=np.int8)
        if conflict.preferences[party] is not None:
            moment = Moment(model, band, conflict, codes, party, most)
            for place, state in enumerate(states):
                marks[place] = moment.verdict(int(state))
        out[name] = marks
    return out


@dataclass(frozen=True, eq=False)
class Moment:
    """One party, whose moves are made together with those of others.

    Parameters are those of :func:`simultaneous`; ``party`` is a position.
    """

    model: Model
    band: Fraction
    conflict: Conflict
    codes: Integers
    party: int
    most: int

    def verdict(self, state: int) -> int:
        """Whether the party stays in a state."""
        others = [place for place in range(len(self.conflict.parties)) if place != self.party]
        unstated = [place for place in others if self.conflict.preferences[place] is None]
        choices = {place: self._improvements(place, state) for place in others}
        if self._deterred(state, list(choices.values())):
            return STAYS
        if unstated:
            choices |= {place: self._moves(place, state) for place in unstated}
            if self._deterred(state, list(choices.values())):
                return UNKNOWN
        return LEAVES

    def _improvements(self, party: int, state: int) -> Integers:
        own = self.conflict.alone(party)
        return self.codes[[] if own is None else own.improvements(state)]

    def _moves(self, party: int, state: int) -> Integers:
        own = self.conflict.alone(party)
        return self.codes[[] if own is None else own.moves(state)]

    def _deterred(self, state: int, choices: Sequence[Integers]) -> bool:
        """Whether every improvement is punished by some combination of choices."""
        here = self.codes[state]
        ordered = sorted((entry for entry in choices if len(entry)), key=len)
        return all(
            any(
                self._punishes(here, rows).any()
                for rows in self._together(here, away, ordered, state)
            )
            for away in self._improvements(self.party, state)
        )

    def _together(
        self, here: Integers, away: Integers, choices: Sequence[Integers], state: int
    ) -> Iterator[Integers]:
        """Where a change leads together with what others do: one of them, two, and so on."""
        rows = away[None, :]
        for entry in choices:
            if len(rows) * (1 + len(entry)) > self.most:
                raise self._too_many(choices, state)
            changes = entry != here
            clash = changes & (rows[:, None, :] != here) & (rows[:, None, :] != entry)
            merged = np.where(changes, entry, rows[:, None, :])[~clash.any(axis=2)]
            yield merged
            rows = np.concatenate([rows, merged])

    def _punishes(self, here: Integers, rows: Integers) -> Booleans:
        """Which outcomes obey the rules and are not better for the party than this one."""
        position = self.model.position[self.conflict.parties[self.party]]
        entry = self.model.problem.criteria[position]
        least = least_difference(self.band, entry.unit) if entry.cardinal else 1
        gain = entry.totals(rows) - entry.totals(here[None, :])
        found: Booleans = self.model.problem.feasible(rows) & (gain < least)
        return found

    def _too_many(self, choices: Sequence[Integers], state: int) -> CaseError:
        count = 1
        for entry in choices:
            count *= 1 + len(entry)
        name = self.conflict.parties[self.party]
        what = (
            f"what others can do at once against {name} are {count:,} combinations; "
            f"at most {self.most:,} are held"
        )
        return CaseError(Problem(what, "ask without simultaneous sanctions, or fix some issues"))


def _require_options(case: Case) -> None:
    """Refuse issues that several parties move along pairs of their own."""
    for issue, entry in case.issues.items():
        able = [party for party, pairs in (entry.moves or {}).items() if pairs]
        if len(able) > 1:
            what = (
                f"simultaneous sanctions need options: the issue {issue} is moved step by step "
                f"by {' and '.join(able)}"
            )
            help = "say who controls which issue (control, joint) instead of moves"
            raise CaseError(Problem(what, help, case.place(("issues", issue, "moves"))))
