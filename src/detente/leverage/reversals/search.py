"""The fewest reversals on a graph, and what each of them is for."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from detente.leverage.reversals.answer import Turn
from detente.leverage.reversals.conditions import demands, stays
from detente.leverage.reversals.covers import fewest, ways
from detente.leverage.reversals.found import Deterred, Found, Pair, Turned
from detente.leverage.reversals.joint import Weighing
from detente.leverage.reversals.plans import MOST_WEIGHED, Key, deterring, plans
from detente.stability.answer import Concept
from detente.stability.graph.conflict import Conflict


def fewest_reversals(
    conflict: Conflict,
    state: int,
    concept: Concept = "seq",
    *,
    banded: Collection[int] = (),
    most_weighed: int = MOST_WEIGHED,
    seconds: float | None = None,
) -> Found | None:
    """The fewest comparisons that would have to turn for a state to be an equilibrium.

    Parameters
    ----------
    conflict, state
        The graph with all its states, and the state that is to be an equilibrium.
    concept
        Under which concept.
    banded
        Positions of parties for whom small gains do not count.
    most_weighed, seconds
        Limits for SEQ and SSEQ: moves of others that may deter, added up over all moves that they
        may deter from; and the time allowed for one run of the solver.

    Returns
    -------
    Found or None
        None where a party without values could leave, so that nothing can be told.

    Raises
    ------
    CaseError
        Where ``most_weighed`` is reached.
    TooLarge
        Where the time is up, or the numbers defeat the solver.

    Notes
    -----
    What counts, and what is free:

    - Nash, GMR and SMR read of every party only how states compare with the package. Each *better*
      that becomes *no better* (a tie will do) counts as one. Any set of states can be lowered in
      an order without another comparison with the package changing, and how other states compare
      with each other is not read, so free. Parties can be looked at one by one.
    - SEQ and SSEQ read more (:mod:`detente.leverage.reversals.joint`). Two states count once,
      whichever directions of their comparison are read and turn. All that is read of a party,
      turned or kept, must go together with one order with ties (with a band: with one in which
      gains below it do not count). Comparisons that are not read are free.

    Exact. Exponential at worst in the number of states that sanctions ask for (GMR, SMR) or of
    comparisons that are read (SEQ, SSEQ).
    """
    verdicts = [stays(conflict, party, state, concept) for party in range(len(conflict.parties))]
    sure = [verdict for verdict, p in zip(verdicts, conflict.preferences, strict=True) if p is None]
    if None in sure:
        return None
    if all(verdicts):
        return Found((), {}, 1)
    if concept in ("seq", "sseq"):
        steps = [conflict.states + 1 if p in banded else 1 for p in range(len(verdicts))]
        asked = plans(conflict, state, concept, most_weighed)
        return _jointly(Weighing(conflict, state, asked, steps, seconds))
    return _one_by_one(conflict, state, concept, verdicts)


def _one_by_one(
    conflict: Conflict, state: int, concept: Concept, verdicts: list[bool | None]
) -> Found:
    turned: list[Turned] = []
    relations: dict[int, dict[Pair, bool]] = {}
    number: int | None = 1
    for party, verdict in enumerate(verdicts):
        preference = conflict.preferences[party]
        if verdict or preference is None:
            continue
        found = demands(conflict, party, state, concept, preference.better(state))
        lowered = fewest(found, preference.rank)
        serves: dict[int, list[Deterred]] = {each: [] for each in sorted(lowered)}
        for each in found:
            by = each.met(lowered)
            assert by is not None
            place, needed = by
            deterred = Deterred(party, each.move, None if place == each.move else place)
            for one in needed:
                serves[one].append(deterred)
        turned += [
            Turned(party, each, state, "no better than the package", tuple(because))
            for each, because in serves.items()
        ]
        relations[party] = {(each, state): False for each in lowered}
        some = ways(found, len(lowered))
        number = None if number is None or some is None else number * some
    return Found(tuple(turned), relations, number)


def _jointly(weighing: Weighing) -> Found:
    told = weighing.least()
    turned = weighing.turned(told)
    serves: dict[Key, list[Deterred]] = {key: [] for key in turned}
    for plan in weighing.plans:
        by = deterring(plan, weighing.state, told, weighing.now)
        assert by is not None
        sanction, used = by
        deterred = Deterred(plan.party, plan.move, None if sanction == plan.move else sanction)
        for party, (first, second) in used:
            key = party, (min(first, second), max(first, second))
            if key in serves and deterred not in serves[key]:
                serves[key].append(deterred)
    out = [_turned(weighing, told, key, tuple(because)) for key, because in serves.items()]
    relations = {party: weighing.relation(told, party) for party, _ in turned}
    order = sorted(out, key=lambda one: (one.party, one.state, one.against))
    return Found(tuple(order), relations, None)


def _turned(
    weighing: Weighing, told: Mapping[Key, bool], key: Key, because: tuple[Deterred, ...]
) -> Turned:
    """In which direction a comparison that turned is told: what becomes better, if anything."""
    party, (one, other) = key
    changed = [
        pair
        for pair in ((one, other), (other, one))
        if (party, pair) in told and told[party, pair] != weighing.now[party, pair]
    ]
    state, against = max(changed, key=lambda pair: told[party, pair])
    package = (party, (state, against)) in weighing.against_package
    kind: Turn
    if told[party, (state, against)]:
        moves = (party, (state, against)) in weighing.of_moves
        kind = "an improvement" if moves or not package else "better than the package"
    else:
        kind = "no better than the package" if package else "no improvement"
    return Turned(party, state, against, kind, because)
