"""What ``hold`` found as tables: outcomes by party, or all states by party and concept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.model.problem import Booleans
from detente.stability.answer import CONCEPTS, LEAVES, STAYS, UNKNOWN, Outcome, Prospect
from detente.stability.hold_result import HoldResult
from detente.stability.listing import Listing
from detente.views.hold.words import foremost, stance

if TYPE_CHECKING:
    import pandas


def prospects_table(result: HoldResult) -> pandas.DataFrame:
    """One row an outcome and party, in the words of the case file.

    Columns: where the party stands, whether it stays under each concept; its best move, what it
    gains by it, who punishes that, what it then has against the outcome, whether each of those
    gains by its own move; and what it would gain if everything collapsed.
    """
    import pandas

    rows = [_row(entry, party) for entry in result.prospects for party in entry.stable["nash"]]
    marks = [*CONCEPTS, "credible", *(["sim"] if rows and "sim" in rows[0] else [])]
    return pandas.DataFrame(rows).astype(dict.fromkeys(marks, "boolean") if rows else {})


def _row(entry: Prospect, party: str) -> dict[str, Any]:
    reason = foremost(entry, party)
    sanction = () if reason is None else reason.sanction or ()
    simultaneous = {} if entry.simultaneous is None else {"sim": entry.simultaneous[party]}
    return {
        "outcome": entry.name,
        "party": party,
        "verdict": stance(entry, party),
        **{concept: entry.stable[concept][party] for concept in CONCEPTS},
        **simultaneous,
        "best move": "" if reason is None else changes(entry.outcome, reason.move.to),
        "gain": None if reason is None else reason.move.gain,
        "punished by": ", then ".join(step.mover for step in sanction),
        "leaves": None if reason is None else reason.leaves,
        "credible": None if reason is None else reason.credible,
        "gains from collapse": entry.gains_from_collapse.get(party),
    }


def changes(before: Outcome, after: Outcome) -> str:
    """What a move changes, as a person writes it: ``issue=option,issue=option``."""
    return ",".join(f"{i}={option}" for i, option in after.items() if before[i] != option)


def states_table(listing: Listing, parties: Mapping[str, object]) -> pandas.DataFrame:
    """One row a state: its options, whether nobody leaves it, and who stays under which concept.

    A cell is empty where that cannot be told.
    """
    import pandas

    space, codes = listing.states.space, listing.states.codes
    columns: dict[str, Any] = {
        issue: pandas.Categorical.from_codes(codes[:, place], pandas.Index(space.options[place]))
        for place, issue in enumerate(space.issues)
    }
    views = {"": listing.stable}
    if listing.as_seen is not None:
        views[" as seen"] = listing.as_seen
    for name, verdicts in views.items():
        for concept in CONCEPTS:
            marks = np.array([verdicts[concept][party] for party in parties])
            left, unknown = (marks == LEAVES).any(axis=0), (marks == UNKNOWN).any(axis=0)
            columns[f"all {concept}{name}"] = _cells(~left & ~unknown, ~left & unknown)
            for party, entry in zip(parties, marks, strict=True):
                columns[f"{party} {concept}{name}"] = _cells(entry == STAYS, entry == UNKNOWN)
    return pandas.DataFrame(columns)


def _cells(values: Booleans, unknown: Booleans) -> Any:
    """Verdicts of many states, empty where they are not known."""
    import pandas

    return pandas.arrays.BooleanArray(values, unknown)
