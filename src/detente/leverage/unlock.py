"""What would it take? The least that makes a wanted package acceptable, stable and reachable."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

from detente.agreement.finding import find_outcome
from detente.case.errors import CaseError, EntryError, Problem, unknown
from detente.case.numbers import parse_fraction
from detente.case.schema import Case
from detente.leverage.answer import GOALS, LEVERS, Check, Lever, Together
from detente.leverage.combining import combined, turns
from detente.leverage.levers.verification import critical, least_alone
from detente.leverage.proposal import Bounds
from detente.leverage.proving import Proved, pulled, with_shares
from detente.leverage.rounding import above
from detente.leverage.shares import share_of_codings
from detente.leverage.unlock_result import UnlockResult
from detente.leverage.wanted import Wanted, wanted
from detente.leverage.words import missed
from detente.model.sentences import say
from detente.sequencing.roadmap import model_named, package_named
from detente.stability.answer import CONCEPTS
from detente.uncertainty.sampling.designs import KINDS, design

SAMPLES = 1024
"""Codings drawn of each way unless it is said how many."""
DEPTH = 3
"""Most ways that are put together."""
LARGEST_RUN = 100_000
"""Most codings drawn of a way."""
Amounts = Mapping[str, Fraction | int | float | str]
Word = TypeVar("Word", bound=str)


def unlock(
    case: Case,
    outcome: str | Mapping[str, str],
    *,
    goals: Collection[str] = GOALS,
    levers: Collection[str] = LEVERS,
    concept: str = "seq",
    model: str = "discounted",
    change_costs: Amounts | None = None,
    most_changes: Fraction | int | float | str | None = None,
    most_paid: Amounts | None = None,
    rates: Amounts | None = None,
    samples: int = SAMPLES,
    seed: int = 0,
    together: bool = True,
) -> UnlockResult:
    """Ask what it would take for a package to be accepted, to hold, and to be reached in steps.

    Parameters
    ----------
    case
        The case.
    outcome
        What is wanted: a package, ``issue=option,…``, a mapping, ``status_quo`` or the name of a
        solution. It may break rules; that is then one of the things in the way.
    goals
        What is wanted of it: ``acceptable``, ``enforceable``, ``roadmap``, ``holds``.
    levers
        What may be moved: ``terms``, ``payments``, ``guarantees``, ``verification``,
        ``persuasion``, ``process``.
    concept
        The equilibrium that it is to be: ``nash``, ``gmr``, ``smr``, ``seq`` or ``sseq``.
    model
        For the roadmap, ``discounted`` or ``patient``.
    change_costs
        What a change of an issue costs; 1 for those left out.
    most_changes
        The most that changes of terms may cost.
    most_paid
        The most that a party pays, in units per period.
    rates
        Points of value that one unit paid is worth to a party; 1 where nothing is said.
    samples, seed
        Codings drawn for each way, and from what; 0 to draw none.
    together
        Whether to look for several ways that leave nothing open where no single one does.

    Raises
    ------
    CaseError
        Where a word is unknown or a number lies outside its domain.

    Notes
    -----
    Likely values stand for ranges. Each lever is a module of :mod:`detente.leverage.levers`, with
    its definition. Everything found is proved by asking ``agree``, ``verify``, ``roadmap`` and
    ``hold`` again with it. Cost: that of these questions, asked once for each way that is tried.
    """
    wished = tuple(goal for goal in GOALS if goal in _words("goal", goals, GOALS))
    pulls = tuple(lever for lever in LEVERS if lever in _words("lever", levers, LEVERS))
    (kind,) = _words("concept", (concept,), CONCEPTS)
    bounds = Bounds(
        _amounts("cost of a change of", "issue", change_costs, list(case.issues)),
        None if most_changes is None else _amount("limit on changes", most_changes),
        _amounts("bound on payments of", "party", most_paid, list(case.parties)),
        _rates(case, rates),
    )
    if not 0 <= samples <= LARGEST_RUN:
        what = f"samples are a whole number from 0 to {LARGEST_RUN:,}; this is {samples:,}"
        raise CaseError(Problem(what, "a thousand are enough for shares to within a few points"))
    design(KINDS[0], 0, 0, seed)  # refuses what is no seed
    target = find_outcome(case, outcome)
    package, written = package_named(case, outcome)
    asked = wanted(case, target, package, goals=wished, concept=kind, model=model_named(model))
    if asked.standing.broken and "acceptable" not in wished:
        # what breaks a rule is no outcome: first of all it would have to be one
        wished = ("acceptable", *wished)
        asked = wanted(case, target, package, goals=wished, concept=kind, model=asked.model)
    found = pulled(asked, pulls, bounds)
    ways = with_shares(found.proved, samples, seed)
    several = (
        _together(asked, ways, pulls, bounds, samples=samples, seed=seed) if together else None
    )
    return UnlockResult(
        case=case,
        outcome=target,
        package=written,
        goals=wished,
        levers=pulls,
        concept=kind,
        model=asked.model,
        standing=asked.standing,
        reasons=tuple(missed(case, asked.standing)),
        ways=tuple(entry.way for entry in ways),
        together=several,
        bounds=found.bounds,
        checks=_checks(asked),
        measures=_measures(asked),
        samples=samples,
        seed=seed,
        definition=say("unlock.definition"),
        remarks=() if case.agreement.unanimous else (say("unlock.everyone"),),
    )


def _together(
    asked: Wanted,
    ways: Sequence[Proved],
    levers: Sequence[Lever],
    bounds: Bounds,
    *,
    samples: int,
    seed: int,
) -> Together | None:
    """Several ways that leave the terms as they are, where no single one is enough."""
    kept = [entry for entry in ways if entry.way.lever != "terms"]
    missed_now = asked.standing.open
    if not missed_now or any(not set(missed_now) & set(entry.way.open) for entry in kept):
        return None
    # relaxations of the process may come first; looking for them again at each point costs most
    further = [lever for lever in levers if lever not in ("terms", "process")]
    chain = combined(kept, missed_now, further, bounds, DEPTH)
    if not chain:
        return None
    turned = any(map(turns, chain))
    last = chain[-1]
    share = None if turned else share_of_codings(last.wanted, missed_now, samples, seed)
    return Together(tuple(entry.way for entry in chain), last.way.outcome, share)


def _checks(asked: Wanted) -> tuple[Check, ...]:
    """The least detection of each violation that some detection deters."""
    verified = asked.verified[0] if not asked.view.broken_rules else None
    if verified is None or "enforceable" not in asked.goals:
        return ()
    return tuple(
        Check(party, name, entry.detection, min(Fraction(1), above(critical(entry) or 0.0)))
        for (party, name), entry in least_alone(verified).items()
    )


def _measures(asked: Wanted) -> tuple[str, ...] | None:
    """The cheapest measures of the case that deter what measures can deter."""
    verified = asked.verified[0] if not asked.view.broken_rules else None
    if verified is None or verified.choice.chosen is None or not verified.choice.deters:
        return None
    return verified.choice.chosen.measures


def _words(kind: str, written: Collection[str], valid: Sequence[Word]) -> tuple[Word, ...]:
    """Words that are all valid, in the order of those."""
    written = (written,) if isinstance(written, str) else written
    for word in written:
        if word not in valid:
            raise CaseError(Problem(*unknown(kind, word, valid)))
    found = tuple(word for word in valid if word in written)
    if not found:
        raise CaseError(Problem(f"no {kind} is named", f"one or more of: {', '.join(valid)}"))
    return found


def _sides(case: Case) -> list[str]:
    factions = (f"{name}.{key}" for name, party in case.parties.items() for key in party.factions)
    return [*case.parties, *factions]


def _amounts(
    what: str, kind: str, stated: Amounts | None, known: Sequence[str]
) -> dict[str, Fraction]:
    out = {}
    for name, amount in (stated or {}).items():
        if name not in known:
            raise CaseError(Problem(*unknown(kind, name, known)))
        out[name] = _amount(f"{what} {name}", amount)
    return out


def _rates(case: Case, stated: Amounts | None) -> dict[str, Fraction]:
    found = _amounts("rate of", "party", stated, _sides(case))
    for name, rate in found.items():
        if not rate:
            what = f"the rate of {name} is the points that a unit is worth to it, above zero"
            raise CaseError(Problem(what, "for instance 0.5, or leave it out for 1"))
    return found


def _amount(what: str, written: Fraction | int | float | str) -> Fraction:
    try:
        amount = parse_fraction(written)
    except EntryError as error:
        help = error.help or "for instance 2 or 0.5"
        raise CaseError(Problem(f"the {what}: {error.what}", help)) from None
    if amount < 0:
        raise CaseError(Problem(f"the {what} must not be negative; this is {written}"))
    return amount
