"""A conflict as a graph: states, who can move between them, and what each party prefers."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from detente.case.errors import CaseError
from detente.case.errors import Problem as CaseProblem
from detente.model.compilation import Model
from detente.model.problem import Booleans, Criterion, Integers
from detente.stability.graph.mover import Mover, from_heads, mover
from detente.stability.graph.preference import Preference, least_difference, preference
from detente.stability.graph.relations import Relation, relations
from detente.stability.graph.states import states

MOST_STATES = 4_000_000
"""Most states that are compared."""
MOST_CHOICES = 20_000_000
"""Most combinations of a state with what a mover can settle, where last movers are followed."""
NAMED = 5
"""Most states that a message names."""

Arcs = Mapping[str | tuple[str, ...], Sequence[tuple[int, int]]]
"""For each mover (a party, or several together) its moves as pairs of states."""


@dataclass(frozen=True, eq=False)
class Conflict:
    """A graph model.

    Parameters
    ----------
    parties
        Names, in order.
    states
        How many there are.
    movers
        Parties and groups that can move anything.
    preferences
        For each party what it prefers; None for one without values.
    exact
        Whether two moves of one mover in a row may lead where no single one does, so that who
        moved last has to be remembered in a sequence.
    inner
        Which states have all their moves among the states; None if all.
    """

    parties: tuple[str, ...]
    states: int
    movers: tuple[Mover, ...]
    preferences: tuple[Preference | None, ...]
    exact: bool
    inner: Booleans | None = None

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Party name to its position."""
        return {name: place for place, name in enumerate(self.parties)}

    def within(self, members: Collection[int]) -> tuple[Mover, ...]:
        """The parties among these and the groups that lie wholly among them."""
        return tuple(entry for entry in self.movers if set(entry.members) <= set(members))

    def against(self, members: Collection[int]) -> tuple[Mover, ...]:
        """The movers among all others."""
        return tuple(entry for entry in self.movers if not set(entry.members) & set(members))

    def alone(self, party: int) -> Mover | None:
        """A party's own moves; None where it has none."""
        return next((entry for entry in self.movers if entry.members == (party,)), None)


def conflict(
    model: Model, band: Fraction, codes: Integers, inner: Booleans | None = None
) -> Conflict:
    """The graph of a case.

    Parameters
    ----------
    model
        The case, compiled.
    band
        The least gain that counts, in points; for parties with scores.
    codes, inner
        The states as option positions, shape (states, issues), and which of them have all their
        moves among them.

    Raises
    ------
    CaseError
        Where a ranking leaves out states; they are named.
    """
    case, criteria = model.case, model.problem.criteria
    preferences: list[Preference | None] = []
    for party in case.parties:
        place = model.position.get(party)
        if place is None:
            preferences.append(None)
            continue
        entry = criteria[place]
        _require_complete(model, party, entry, codes)
        least = least_difference(band, entry.unit) if entry.cardinal else 1
        preferences.append(preference(entry.totals(codes), least))
    found = relations(case)
    exact = not all(entry.transitive for entry in found)
    names = tuple(case.parties)
    movers = []
    for relation in found:
        members = tuple(names.index(name) for name in relation.members)
        liked = [preferences[member] for member in members]
        if exact:
            _require_few_choices(relation, len(codes))
        movers.append(mover(members, codes, relation.issues, liked, exact=exact))
    return Conflict(names, len(codes), tuple(movers), tuple(preferences), exact, inner)


def _require_few_choices(relation: Relation, states: int) -> None:
    """Refuse what cannot be followed with who moved last."""
    choices = math.prod(len(table) for table in relation.issues.values())
    if choices * states > MOST_CHOICES:
        who = " and ".join(relation.members)
        what = (
            f"{who} can settle {choices:,} combinations of options in each of {states:,} states; "
            f"where 'transitions' or 'moves' leave out steps, at most {MOST_CHOICES:,} are compared"
        )
        raise CaseError(CaseProblem(what, "take the transitions out, or fix some issues by rules"))


def _require_complete(model: Model, party: str, entry: Criterion, codes: Integers) -> None:
    """Refuse a ranking that leaves out states, and name them."""
    values = model.case.values[party]
    if values.ranking is None:
        return
    missing = np.flatnonzero(entry.totals(codes) == 0)
    if not len(missing):
        return
    named = {issue for tied in values.ranking for pattern in tied for issue in pattern}
    shown = [
        ", ".join(f"{k}: {v}" for k, v in model.space.outcome(row).items() if k in named)
        for row in codes[missing]
    ]
    first = [f"{{{text}}}" for text in dict.fromkeys(shown)]
    more = f" and {len(first) - NAMED} more" if len(first) > NAMED else ""
    what = f"the ranking of {party} leaves out {'; '.join(first[:NAMED])}{more}"
    help = "rank every outcome that the rules allow; {} as the last entry takes all that are left"
    place = model.case.place(("values", party, "ranking"), key=True)
    raise CaseError(CaseProblem(what, help, place))


def all_states(model: Model, most: int = MOST_STATES) -> Integers:
    """Every outcome that obeys the rules, as option positions."""
    return states(model.problem, most)


def graph_model(moves: Arcs, preferences: Mapping[str, Sequence[int] | None]) -> Conflict:
    """A conflict given as a plain graph.

    Parameters
    ----------
    moves
        For each party, or several that move together, pairs (from, to) of states; nothing is
        assumed about them.
    preferences
        For each party a number for every state, the higher the better and equal where it is
        indifferent; None for a party whose preferences are not known.

    Raises
    ------
    ValueError
        Where a mover is no party, a state does not exist, or numbers are missing.

    Examples
    --------
    >>> found = graph_model({"row": [(0, 1)], "column": []}, {"row": [1, 2], "column": [2, 1]})
    >>> found.states
    2
    """
    names = tuple(preferences)
    counts = {len(entry) for entry in preferences.values() if entry is not None}
    if len(counts) != 1:
        raise ValueError(
            "preferences need one number for every state, as many for every party; "
            f"these have {sorted(counts)}"
        )
    (count,) = counts
    liked = [
        None if entry is None else preference(np.asarray(entry)) for entry in preferences.values()
    ]
    movers = []
    for who, pairs in moves.items():
        together = (who,) if isinstance(who, str) else tuple(who)
        for name in together:
            if name not in names:
                raise ValueError(f"moves of {name!r}, which is no party; parties: {names}")
        arcs = np.array([(a, b) for a, b in pairs if a != b], dtype=np.int64).reshape(-1, 2)
        if ((arcs < 0) | (arcs >= count)).any():
            raise ValueError(f"a move of {who!r} leaves the {count} states, numbered from 0")
        arcs = np.unique(arcs, axis=0)
        if not len(arcs):
            continue
        segment = np.full(count, -1)
        segment[arcs[:, 0]] = arcs[:, 0]
        members = tuple(names.index(name) for name in together)
        likes = [liked[member] for member in members]
        movers.append(from_heads(members, arcs[:, 1], arcs[:, 0], segment, likes))
    return Conflict(names, count, tuple(movers), tuple(liked), exact=True)
