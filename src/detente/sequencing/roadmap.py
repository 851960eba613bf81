"""In what order? The steps to an agreement in which no party ever prefers to leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from detente.agreement.finding import find_outcome
from detente.case.errors import CaseError, Problem, unknown
from detente.case.implementation import Package
from detente.case.schema import Case
from detente.sequencing.amounts import least_detection, least_guarantee, least_payment
from detente.sequencing.answer import HAIR, Missing, ModelName, Order, Variant
from detente.sequencing.changes import changes
from detente.sequencing.lattice.own import Written, parse_order
from detente.sequencing.lattice.road import road
from detente.sequencing.reasons import definition, explanation, remarks, tie
from detente.sequencing.roadmap_result import RoadmapResult
from detente.sequencing.search.best_order import MOST_LABELS, TOLERANCE
from detente.sequencing.search.leximin import Best, leximin
from detente.sequencing.search.orders import alternatives as next_best
from detente.sequencing.search.orders import survey, worsts
from detente.sequencing.search.play import Play
from detente.sequencing.setting import Coding, Setting
from detente.sequencing.shifts import shifts
from detente.sequencing.variants import Variants, variants

MODELS: tuple[ModelName, ...] = ("discounted", "patient")


def roadmap(
    case: Case,
    to: str | Mapping[str, str],
    *,
    model: str = "discounted",
    survives: Variants = (),
    order: Written | None = None,
    at_once: int | None = None,
    alternatives: int = 3,
    missing: bool = True,
    most_labels: int = MOST_LABELS,
    seed: int = 0,
) -> RoadmapResult:
    """Ask in what order an agreement is best carried out, and whether that holds at every step.

    Parameters
    ----------
    case
        With a status quo, and scores of at least one signing party.
    to
        What is to be reached: a package (whose ``steps`` and ``before`` count),
        ``issue=option,…``, a mapping, or the name of a solution.
    model
        ``discounted``: the way itself counts, with durations and false alarms. ``patient``: only
        where it leads, against what collapse leaves.
    survives
        Codings under which no margin shall be negative either: overlays (a successor
        government, a second coding), or names of drivers, for both ends of their ranges.
    order
        An order of one's own to be judged beside the best: ``access,arms+embargo,treaty``.
    at_once
        Most parts that move in one step; as many as can be compared if left out.
    alternatives
        How many of the next best orders to look for.
    missing
        Whether to look for what would make an order work, where none does.
    most_labels
        Most partial orders held at once; beyond, a bound is given with the best that was found.
    seed
        For the sample of orders, where there are too many to look at all.

    Raises
    ------
    CaseError
        Where a word is unknown, the target breaks a rule or cannot be reached, the precedence
        has a cycle, there are too many states, or no signing party has scores.

    Notes
    -----
    Definitions: aftermath in :mod:`detente.model.aftermath`, margins in
    :mod:`detente.sequencing.terms.discounted` and :mod:`detente.sequencing.terms.patient`,
    search in :mod:`detente.sequencing.search.best_order`, between equals in
    :mod:`detente.sequencing.search.leximin`. Likely
    values stand for ranges. Exact. Cost: steps of the lattice × parties, then the labels.
    """
    kind = model_named(model)
    if at_once is not None and at_once < 1:
        raise CaseError(Problem(f"at least one part moves in a step; this is {at_once}"))
    target = find_outcome(case, to)
    package, written = package_named(case, to)
    others = variants(case, survives)
    found, most = road(case, target, package, at_once=at_once, also=[entry for _, entry in others])
    codings = (Coding("", case, found), *(Coding(name, entry, found) for name, entry in others))
    unvalued = tuple(name for name in case.signing if not codings[0].model.has_scores(name))
    codings[0].check_scores()
    own = None if order is None else parse_order(found, order)
    setting = Setting(found, codings, kind)
    play = setting.play()
    best = leximin(play, most_labels=most_labels)
    positions = setting.positions(best.steps)
    first = setting.order(positions, codings[0])
    ceiling = min(entry.end for entry in play.players)
    feasible = best.value >= -TOLERANCE
    lacking = _missing(setting, package) if missing and not feasible else None
    worst = worsts(play)
    matters = bool((best.worst - worst > HAIR).any())
    return RoadmapResult(
        case=case,
        to=target,
        package=written,
        model=kind,
        best=first,
        feasible=feasible,
        order_matters=matters,
        why=None if matters else tie(case, play, best),
        ceiling=ceiling,
        exact=best.bound <= best.value + TOLERANCE,
        bound=best.bound,
        at_once=most,
        orders=survey(play, ceiling, float(worst.min()), seed),
        shifts=tuple(shifts(setting, codings[0], first, positions)) if matters else (),
        alternatives=_alternatives(setting, play, best, alternatives) if matters else (),
        missing=lacking,
        robust=_robust(codings, best, play) if feasible else None,
        variants=tuple(_variant(setting, coding, positions) for coding in codings[1:]),
        own=None if own is None else setting.order(own, codings[0]),
        unvalued=unvalued,
        idle=found.idle,
        period=case.period,
        definition=definition(case, kind),
        remarks=tuple(remarks(case, most, best)),
        explanation=None if lacking is None else explanation(case, lacking),
    )


def model_named(written: str) -> ModelName:
    """One of the models; a word that is none is an error with the nearest one."""
    for name in MODELS:
        if written == name:
            return name
    raise CaseError(Problem(*unknown("model", written, MODELS)))


def package_named(case: Case, to: str | Mapping[str, str]) -> tuple[Package | None, str | None]:
    """The package that was named, also with changes, and how it was asked for."""
    if not isinstance(to, str):
        return None, None
    named = to.partition(",")[0].strip()
    return case.packages.get(named), to.strip()


def _missing(setting: Setting, package: Package | None) -> Missing:
    parties = list(dict.fromkeys(name for coding in setting.codings for name in coding.bound))
    alone = [least_guarantee(setting, party) for party in parties]
    gains = [least_payment(setting, party) for party in parties]
    return Missing(
        least_guarantee(setting, None),
        tuple(need for need in alone if need.amount is not None),
        least_detection(setting),
        tuple(need for need in gains if need.amount is not None),
        changes(setting, package),
    )


def _alternatives(setting: Setting, play: Play, best: Best, wanted: int) -> tuple[Order, ...]:
    base = setting.codings[0]
    found = next_best(play, best, wanted)
    return tuple(setting.order(setting.positions(entry.steps), base) for entry in found)


def _variant(setting: Setting, coding: Coding, positions: Sequence[Sequence[int]]) -> Variant:
    order = setting.order(positions, coding)
    return Variant(coding.name, order.worst_by_party, order.binding)


def _robust(codings: Sequence[Coding], best: Best, play: Play) -> float:
    """By how much every value may be wrong, at the least.

    A margin is the difference of two weighted means of values, so that an error x in each moves
    it by 2 x at most; by 4 x where the no-deal shift, a difference of two further values, is in it.
    """
    stated = [
        coding.case.parties[name].walk_away.number is not None
        for coding in codings
        for name in coding.bound
    ]
    parts = np.where(stated, 4.0, 2.0)
    return max(0.0, float((best.worst / parts).min()))
