"""All outcomes of a conflict, counted: who stays in how many, and which nobody leaves."""

from __future__ import annotations

import numpy as np

from detente.model.problem import Booleans
from detente.model.sentences import quantity, say
from detente.stability.answer import CONCEPTS, STAYS, Concept
from detente.stability.hold_result import HoldResult
from detente.stability.listing import Listing
from detente.views.hold.words import outcome_text, parties_text
from detente.views.naming import percent


def stays_in(result: HoldResult) -> dict[str, list[int]]:
    """For each party the number of outcomes in which it stays, concept by concept."""
    stable = _listing(result).stable
    return {
        party: [int((stable[concept][party] == STAYS).sum()) for concept in CONCEPTS]
        for party in result.case.parties
    }


def left_by_nobody(result: HoldResult, concept: Concept) -> Booleans:
    """The outcomes that no party with values leaves; shape (states,)."""
    stable = _listing(result).stable[concept]
    known = [entry == STAYS for party, entry in stable.items() if party not in result.unvalued]
    if not known:
        return np.zeros(result.states, dtype=np.bool_)
    found: Booleans = np.logical_and.reduce(known)
    return found


def first_outcomes(result: HoldResult, chosen: Booleans, most: int) -> list[str]:
    """The first of some outcomes, in words."""
    found = _listing(result).states.outcomes(np.flatnonzero(chosen)[:most])
    return [outcome_text(result.case, outcome) for outcome in found]


def listing_sentences(result: HoldResult) -> list[str]:
    """How many of all outcomes last, and what such counts are worth; empty if not asked for."""
    if result.listing is None:
        return []
    counts = {name: int(left_by_nobody(result, name).sum()) for name in CONCEPTS}
    slots = {"nash": _amount(counts["nash"]), "more": quantity(counts["seq"] - counts["nash"])}
    told = [say("hold.listing.all", total=result.states, **slots)]
    if counts["gmr"]:
        share = percent(counts["gmr"], result.states)
        told.append(say("hold.listing.gmr", count=counts["gmr"], share=share))
    if result.unvalued:
        parties = parties_text(result.case, result.unvalued)
        told.append(say("hold.listing.unvalued", parties=parties, count=len(result.unvalued)))
    for key, found in (("universal", result.coalitions), ("lockstep", result.lockstep)):
        if result.unvalued:  # of no outcome can it be told that none leaves it
            continue
        if found is not None and found.every and found.over is None:
            nash, seq = (int(found.universally_stable(n).sum()) for n in ("nash", "seq"))
            slots = {"nash": _amount(nash), "more": quantity(seq - nash)}
            told.append(say(f"hold.listing.{key}", **slots))
    return told


def _amount(count: int) -> str:
    return quantity(count) if count else say("hold.listing.none")


def _listing(result: HoldResult) -> Listing:
    assert result.listing is not None
    return result.listing
