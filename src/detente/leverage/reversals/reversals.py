"""What would parties have to prefer otherwise? The inverse analysis of a package of a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, get_args

from detente.agreement.finding import find_outcome
from detente.case.consistency import require_allowed
from detente.case.errors import CaseError, Problem, unknown
from detente.case.schema import Case
from detente.leverage.reversals.answer import (
    Compared,
    Condition,
    Deterrence,
    Moved,
    Reversal,
    Reversals,
)
from detente.leverage.reversals.conditions import Demand, demands
from detente.leverage.reversals.found import Found, Turned
from detente.leverage.reversals.orders import placed
from detente.leverage.reversals.plans import MOST_WEIGHED
from detente.leverage.reversals.search import fewest_reversals
from detente.model.compilation import compile_case
from detente.model.sentences import listed, say
from detente.stability.answer import CONCEPTS, STAYS, Concept, Outcome
from detente.stability.concepts.individual import Focal, unvalued
from detente.stability.field import Field, surrounding, whole
from detente.stability.graph.conflict import MOST_STATES

MOST_NAMED = 10_000
"""Most outcomes that conditions name."""


def reversals(
    case: Case,
    outcome: str | Outcome,
    concept: Concept = "seq",
    *,
    band: float | str | Fraction = 0,
    most_states: int = MOST_STATES,
    most_weighed: int = MOST_WEIGHED,
    seconds: float | None = None,
) -> Reversals:
    """The fewest preference reversals that make a package an equilibrium.

    Parameters
    ----------
    case
        The case.
    outcome
        The package: ``issue=option,…``, a mapping, ``status_quo``, the name of a package or of a
        solution.
    concept
        Under which concept nobody is to leave.
    band
        The least gain that counts as an improvement, in points; for parties with scores.
    most_states
        Most states held.
    most_weighed, seconds
        Limits for SEQ and SSEQ, see :func:`~detente.leverage.reversals.search.fewest_reversals`.

    Returns
    -------
    Reversals
        Exact: nothing smaller does it.

    Raises
    ------
    CaseError
        Where a word is unknown, the package breaks a rule, a ranking leaves out states; and where a
        limit is reached: of SEQ and SSEQ; or of states, beyond which a smallest set is known under
        Nash only.
    TooLarge
        Where the time is up, or the numbers defeat the solver.

    Notes
    -----
    What is counted is said at :func:`~detente.leverage.reversals.search.fewest_reversals`; likely
    values stand for ranges, and views that parties have of their own are left aside. Cost: Nash,
    GMR and SMR a search through the moves of others for every move of a party, and an integer
    program with a column for every state that may punish; SEQ and SSEQ one with a column for every
    move of others that is weighed. Source: Kinsara, Kilgour & Hipel 2015.
    """
    field, place = _held(case, outcome, concept, band, most_states)
    conflict = field.conflict
    base: dict[str, Any] = {
        "concept": concept,
        "outcome": field.model.space.outcome(field.codes[place]),
        "states": conflict.states,
        "band": field.band,
    }
    none: dict[str, Any] = {"turns": (), "per_party": {}, "moved": ()}
    if conflict.inner is not None and concept != "nash":
        _require_holding(field, place, concept)
        return Reversals(already=True, count=0, ways=1, **base, **none)
    banded = _banded(field)
    found = fewest_reversals(
        conflict, place, concept, banded=banded, most_weighed=most_weighed, seconds=seconds
    )
    if found is None:
        who = [
            case.party_name(name)
            for party, name in enumerate(conflict.parties)
            if conflict.preferences[party] is None and unvalued(conflict, party)[place] != STAYS
        ]
        why = say("reversals.unvalued", parties=listed(who), count=len(who))
        return Reversals(already=False, count=None, ways=None, reason=why, **base, **none)
    turns = tuple(_Teller(field).reversal(turned) for turned in found.turned)
    per_party: dict[str, int] = {}
    for turn in turns:
        per_party[turn.party] = per_party.get(turn.party, 0) + 1
    return Reversals(
        already=not turns,
        count=len(turns),
        turns=turns,
        per_party=per_party,
        ways=found.ways,
        moved=tuple(_moved(field, found, place, banded)),
        **base,
    )


def necessary(
    case: Case,
    outcome: str | Outcome,
    concept: Concept = "nash",
    *,
    band: float | str | Fraction = 0,
    most_states: int = MOST_STATES,
    most_named: int = MOST_NAMED,
) -> Mapping[str, tuple[Condition, ...]]:
    """What each party's preferences have to be like for a package to be an equilibrium.

    Parameters
    ----------
    case, outcome, band, most_states
        As for :func:`reversals`.
    concept
        Nash, GMR or SMR: under the others the parties' preferences hang together.
    most_named
        Most outcomes that all conditions together name.

    Returns
    -------
    mapping
        For each party with values a condition for every move that has one, in the order of the
        states: all of them together are needed, and enough. A move from which others can lead back
        to the package is always deterred, and has none.

    Raises
    ------
    CaseError
        As for :func:`reversals`; and where more outcomes than ``most_named`` would be named.
    """
    if concept not in ("nash", "gmr", "smr"):
        what = f"under {concept} what one party has to prefer hangs on what the others do"
        raise CaseError(Problem(what, "ask under nash, gmr or smr; or for the fewest reversals"))
    field, place = _held(case, outcome, concept, band, most_states)
    conflict = field.conflict
    if conflict.inner is not None and concept != "nash":
        raise _too_many(field, concept)
    out: dict[str, tuple[Condition, ...]] = {}
    left = most_named
    for party, name in enumerate(conflict.parties):
        preference = conflict.preferences[party]
        if preference is None:
            continue
        open_ = preference.rank >= 0
        open_[place] = False
        found = demands(conflict, party, place, concept, open_)
        left -= sum(len(needed) for each in found for needed in each.either)
        if left < 0:
            what = f"the conditions name more than {most_named:,} outcomes"
            raise CaseError(Problem(what, "ask under nash, or raise the limit"))
        out[name] = tuple(_condition(field, each) for each in found)
    return out


def _condition(field: Field, demand: Demand) -> Condition:
    either = tuple(
        tuple(field.model.space.outcome(field.codes[each]) for each in sorted(needed))
        for needed in dict.fromkeys(demand.either)
    )
    return Condition(field.model.space.outcome(field.codes[demand.move]), either)


def _held(
    case: Case, outcome: str | Outcome, concept: str, band: float | str | Fraction, most: int
) -> tuple[Field, int]:
    """The states, and which of them is the package."""
    if concept not in CONCEPTS:
        raise CaseError(Problem(*unknown("concept", concept, list(get_args(Concept)))))
    try:
        least = Fraction(str(band))
    except ValueError:
        least = Fraction(-1)
    if least < 0:
        what = f"a band is a number of points, 0 or more; this is {band}"
        raise CaseError(Problem(what, "for instance 2 or 0.5"))
    wanted = find_outcome(case, outcome)
    require_allowed(case, wanted, "outcome")
    model = compile_case(case)
    field = whole(model, least, most) or surrounding(model, least, most, wanted)
    return field, field.teller.state(wanted)


def _require_holding(field: Field, place: int, concept: Concept) -> None:
    """Refuse a package that is not surely an equilibrium, where not all states are held."""
    conflict = field.conflict
    for party, entry in enumerate(conflict.preferences):
        if entry is None:
            verdict = unvalued(conflict, party)
        else:
            focal = Focal(conflict, party)
            verdict = focal.verdict(concept, focal.after(concept))
        if verdict[place] != STAYS:
            raise _too_many(field, concept)


def _too_many(field: Field, concept: Concept) -> CaseError:
    what = (
        f"of {field.model.feasible:,} states only {len(field.codes):,} around the package are "
        f"held; sanctions under {concept} may lie beyond them"
    )
    help = "ask under nash, fix some issues by rules, or raise the limit of states"
    return CaseError(Problem(what, help))


def _banded(field: Field) -> tuple[int, ...]:
    """Positions of the parties for whom small gains do not count."""
    parties = enumerate(field.conflict.parties)
    return tuple(place for place, name in parties if field.band and field.model.has_scores(name))


@dataclass(frozen=True)
class _Teller:
    """Numbers of states and parties in the words of the case."""

    field: Field

    def outcome(self, state: int) -> dict[str, str]:
        return self.field.model.space.outcome(self.field.codes[state])

    def reversal(self, turned: Turned) -> Reversal:
        """One comparison."""
        model, parties = self.field.model, self.field.conflict.parties
        name = parties[turned.party]
        one, other = self.outcome(turned.state), self.outcome(turned.against)
        scored = model.has_scores(name)
        return Reversal(
            party=name,
            outcome=one,
            against=other,
            now=self._compared(turned),
            kind=turned.kind,
            gap=float(model.value(name, one) - model.value(name, other)) if scored else None,
            because=tuple(
                Deterrence(
                    parties[each.party],
                    self.outcome(each.move),
                    None if each.sanction is None else self.outcome(each.sanction),
                )
                for each in turned.because
            ),
        )

    def _compared(self, turned: Turned) -> Compared:
        entry = self.field.conflict.preferences[turned.party]
        assert entry is not None
        if entry.rank[turned.state] >= entry.need[turned.against]:
            return "better"
        worse = entry.rank[turned.against] >= entry.need[turned.state]
        return "worse" if worse else "as good"


def _moved(field: Field, found: Found, place: int, banded: tuple[int, ...]) -> Iterator[Moved]:
    """New places of outcomes that bear out what has to be so."""
    model, conflict = field.model, field.conflict
    for party, relation in found.relations.items():
        name = conflict.parties[party]
        entry = conflict.preferences[party]
        assert entry is not None
        states = sorted({state for pair in relation for state in pair} | {place})
        unit, step, finer = Fraction(1), 1, 1
        now = {state: int(entry.rank[state]) for state in states}
        if model.has_scores(name):
            criterion = model.problem.criteria[model.position[name]]
            totals = criterion.totals(field.codes[states])
            now = {state: int(total) for state, total in zip(states, totals, strict=True)}
            unit = criterion.unit
        if party in banded:  # fine enough for all that numbers could bear out
            while field.band * finer <= unit * len(states):
                finer *= 10
            step = -(-field.band * finer // unit)
        fine = {state: finer * worth for state, worth in now.items()}
        for state, worth in sorted(placed(relation, fine, step, place).items()):
            yield Moved(
                name,
                model.space.outcome(field.codes[state]),
                now[state] * unit,
                worth * unit / finer,
            )
