"""Lists over all states: kept as arrays, told as outcomes only where they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.case.errors import CaseError, Problem
from detente.model.problem import Booleans, Integers
from detente.model.space import Space
from detente.stability.answer import CONCEPTS, STAYS, TOLD, Concept, Marks, Verdicts

MOST_NAMED = 1_000_000
"""Most outcomes that a document names."""


def held(verdicts: Mapping[Concept, Mapping[str, Marks]]) -> dict[Concept, Booleans]:
    """For each concept the states that nobody leaves."""
    return {
        concept: np.logical_and.reduce([marks == STAYS for marks in found.values()])
        for concept, found in verdicts.items()
    }


def verdicts_at(verdicts: Mapping[Concept, Mapping[str, Marks]], place: int) -> Verdicts:
    """The verdicts on one state."""
    return {concept: told_at(found, place) for concept, found in verdicts.items()}


def told_at(found: Mapping[str, Marks], place: int) -> dict[str, bool | None]:
    """The verdicts on one state, of one concept."""
    return {name: TOLD[int(marks[place])] for name, marks in found.items()}


@dataclass(frozen=True, eq=False)
class States:
    """The states of a conflict: outcomes that obey the rules, in the order of the space."""

    space: Space
    codes: Integers
    """Option positions, shape (states, issues)."""

    def outcomes(self, chosen: Booleans | Integers) -> Iterator[dict[str, str]]:
        """The chosen states (a mask, or positions) as outcomes."""
        for codes in self.codes[chosen]:
            yield self.space.outcome(codes)


@dataclass(frozen=True, eq=False)
class Listing:
    """Which states are stable for whom.

    Parameters
    ----------
    states
        All of them.
    stable
        For each concept and party a verdict per state: 1 stable, 0 not, -1 cannot be told
        (told as None); shape (states,), int8.
    as_seen
        The same for each party in its own view; None where no party has one.
    most
        Most outcomes that a list of the document names; None for all.
    """

    states: States
    stable: Mapping[Concept, Mapping[str, Marks]]
    as_seen: Mapping[Concept, Mapping[str, Marks]] | None = None
    most: int | None = None

    def equilibria(self, concept: Concept, *, as_seen: bool = False) -> Booleans:
        """The states that nobody leaves; shape (states,)."""
        verdicts = self.as_seen if as_seen else self.stable
        assert verdicts is not None
        return held({concept: verdicts[concept]})[concept]

    def to_dict(self) -> dict[str, Any]:
        """Equilibria and stable sets of the JSON document.

        Raises
        ------
        CaseError
            Where all outcomes are to be named and there are too many.
        """
        self._require_few()
        document: dict[str, Any] = {
            "equilibria": {concept: self._listed(concept) for concept in CONCEPTS},
            "stable": {
                concept: {party: self._named(entry == STAYS) for party, entry in found.items()}
                for concept, found in self.stable.items()
            },
            "stable_count": {
                concept: {party: int((entry == STAYS).sum()) for party, entry in found.items()}
                for concept, found in self.stable.items()
            },
        }
        if self.as_seen is not None:
            document["equilibria_as_seen"] = {
                concept: self._listed(concept, as_seen=True) for concept in CONCEPTS
            }
        return document

    def _listed(self, concept: Concept, *, as_seen: bool = False) -> dict[str, Any]:
        found = self.equilibria(concept, as_seen=as_seen)
        return {"count": int(found.sum()), "outcomes": self._named(found)}

    def _named(self, chosen: Booleans) -> list[dict[str, str]]:
        return list(self.states.outcomes(np.flatnonzero(chosen)[: self.most]))

    def _require_few(self) -> None:
        rows = [entry for found in self.stable.values() for entry in found.values()]
        count = sum(int((entry == STAYS).sum()) for entry in rows)
        if self.most is None and count > MOST_NAMED:
            what = (
                f"{len(self.states.codes):,} outcomes are stable for some party under some "
                f"concept {count:,} times; at most {MOST_NAMED:,} are written out"
            )
            raise CaseError(Problem(what, "name fewer of each: --list 1000; counts stay exact"))


@dataclass(frozen=True, eq=False)
class Coalitions:
    """Which states are stable for which coalition.

    Parameters
    ----------
    states
        All of them.
    over
        Positions of those that were looked at; None for all.
    stable
        For each concept and coalition (``a+b``) a verdict per state looked at; bool.
    every
        Whether all coalitions were asked about, so that states stable for all of them are
        universally stable.
    """

    states: States
    over: Integers | None
    stable: Mapping[str, Mapping[str, Booleans]]
    every: bool

    def universally_stable(self, concept: str) -> Booleans:
        """The states looked at that no coalition leaves."""
        out: Booleans = np.logical_and.reduce(list(self.stable[concept].values()))
        return out

    def to_dict(self) -> dict[str, Any]:
        """The ``coalitions`` of the JSON document."""
        document: dict[str, Any] = {
            "over": "all states" if self.over is None else "the outcomes asked about",
            **{
                concept: {name: self._listed(entry) for name, entry in found.items()}
                for concept, found in self.stable.items()
            },
        }
        if self.every:
            document["universally_stable"] = {
                concept: self._listed(self.universally_stable(concept)) for concept in self.stable
            }
        return document

    def _listed(self, verdicts: Booleans) -> list[dict[str, str]]:
        places = np.flatnonzero(verdicts)
        return list(self.states.outcomes(places if self.over is None else self.over[places]))
