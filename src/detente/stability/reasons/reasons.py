"""Why a party stays or leaves: its improvement, and the moves of others that deter it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from detente.model.problem import Integers
from detente.stability.answer import CONCEPTS, TOLD, Concept, Marks, Reason, Step
from detente.stability.concepts.individual import Focal, unvalued
from detente.stability.graph.mover import Mover
from detente.stability.reasons.sanctions import shortest
from detente.stability.reasons.steps import Teller


def verdicts_and_reasons(
    teller: Teller, party: int, outcomes: Sequence[int]
) -> tuple[Mapping[Concept, Marks], list[list[Reason]]]:
    """Where one party stays, over all states, and why, in some of them.

    Parameters
    ----------
    teller
        The conflict with its words.
    party
        Position of the party.
    outcomes
        The states whose reasons are wanted.

    Returns
    -------
    tuple
        For each concept the verdict of every state (1, 0, or -1 where it cannot be told), and
        for each outcome the reasons, concept by concept; none where there is no improvement.
    """
    found: list[list[Reason]] = [[] for _ in outcomes]
    verdicts: dict[Concept, Marks] = {}
    conflict = teller.conflict
    if conflict.preferences[party] is None:
        return dict.fromkeys(CONCEPTS, unvalued(conflict, party)), found
    focal = Focal(conflict, party)
    for concept in CONCEPTS:
        after = None if concept == "nash" else focal.after(concept)
        verdicts[concept] = focal.verdict(concept, after)
        for place, outcome in enumerate(outcomes):
            verdict = int(verdicts[concept][outcome])
            found[place].extend(_reason(teller, focal, concept, outcome, after, verdict))
    return verdicts, found


def _reason(  # noqa: PLR0917
    teller: Teller,
    focal: Focal,
    concept: Concept,
    outcome: int,
    after: Integers | None,
    verdict: int,
) -> Iterator[Reason]:
    improvements = focal.own.improvements(outcome) if focal.own is not None else ()
    if focal.own is None or not len(improvements):
        return
    party, need = teller.conflict.parties[focal.party], int(focal.preference.need[outcome])
    stable = TOLD[verdict]
    undeterred = improvements if after is None else improvements[after[improvements] >= need]
    chosen = undeterred if len(undeterred) else improvements
    best = _best(teller, focal, outcome, np.asarray(chosen))
    move = teller.step(focal.own, outcome, best)
    if len(undeterred):
        yield Reason(party, concept, stable, move, len(improvements), None, None, None)
        return
    sanction = shortest(
        focal.others,
        best,
        focal.worth(concept) < need,
        improving=concept in ("seq", "sseq"),
        exact=teller.conflict.exact,
    )
    assert sanction is not None
    end = sanction[-1][1]
    steps = teller.steps(best, sanction)
    response, end = _answer(teller, focal, concept, outcome, end)
    yield Reason(
        party,
        concept,
        stable,
        move,
        len(improvements),
        steps,
        response,
        teller.gain(focal.party, outcome, end),
    )


def _best(teller: Teller, focal: Focal, outcome: int, among: Integers) -> int:
    """The move that is liked best; between equals the one that changes least."""
    rank = focal.preference.rank[among]
    among = among[rank == rank.max()]
    changed = (teller.codes[among] != teller.codes[outcome]).sum(axis=1)
    return int(among[changed.argmin()])


def _answer(
    teller: Teller, focal: Focal, concept: Concept, outcome: int, end: int
) -> tuple[Step | None, int]:
    """What the party would do about the sanction, and where that leads."""
    own: Mover | None = focal.own
    if concept not in ("smr", "sseq") or own is None:
        return None, end
    heads = own.moves(end)
    rank = focal.preference.rank
    better = heads[rank[heads] > rank[end]]
    if not len(better):
        return None, end
    best = _best(teller, focal, end, better)
    return teller.step(own, end, best), best
