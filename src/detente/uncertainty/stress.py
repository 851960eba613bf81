"""What could break it? Flips, shares of codings, what decides, and which package stands."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping

from detente.case.errors import CaseError, Problem
from detente.case.schema import Case
from detente.sequencing.lattice.own import Written
from detente.sequencing.setting import steps_of
from detente.sequencing.variants import Variants
from detente.uncertainty.answer import RobustChoice
from detente.uncertainty.asking import Asking, asking
from detente.uncertainty.batches import BATCH
from detente.uncertainty.choice import CODINGS, robust_choice
from detente.uncertainty.course.answer import Course
from detente.uncertainty.course.base_rate import base_rate
from detente.uncertainty.draws import Draws
from detente.uncertainty.evaluation.clusters import executor_for
from detente.uncertainty.evaluation.evaluate import Evaluated, Progress
from detente.uncertainty.following import HISTORIES, followed, require_years
from detente.uncertainty.question import Question
from detente.uncertainty.remarks import definition, needs, remarks
from detente.uncertainty.run import Beside, Run, Unstopped, correlation_key, folder_named, run_key
from detente.uncertainty.sampling.correlation import DEFAULT
from detente.uncertainty.sampling.designs import KINDS
from detente.uncertainty.sampling.designs import design as designed
from detente.uncertainty.sampling.written import parse_correlation
from detente.uncertainty.standing import standing
from detente.uncertainty.stress_result import StressResult
from detente.uncertainty.told import Told

SAMPLES = 4 * BATCH
"""Codings drawn unless it is said how many."""
LARGEST_RUN = 10_000_000
"""Most codings drawn in one run."""


def stress(
    case: Case,
    outcome: str | Mapping[str, str],
    *,
    samples: int = SAMPLES,
    seed: int = 0,
    correlation: float | str = DEFAULT,
    design: str = KINDS[0],
    precision: float | None = None,
    codings: Variants = (),
    order: Written | None = None,
    model: str = "discounted",
    years: float | None = None,
    agreements: str | os.PathLike[str] | None = None,
    holds: bool = True,
    deciding: bool = True,
    robust: bool = True,
    workers: int | None = None,
    engine: str = "processes",
    scheduler: str | None = None,
    resume: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> StressResult:
    """Ask what could break a package.

    Every number of a case is a judgement. Number by number: at which value does a verdict turn?
    Then all numbers are drawn from their stated ranges together, with the outside factors and the
    codings, and everything is asked again in each draw. Shares are shares of codings.

    Parameters
    ----------
    case
        The case; with ranges or drivers there is more to say.
    outcome
        A package, ``issue=option,…``, a mapping, ``status_quo`` or the name of a solution.
    samples, seed
        Codings drawn, and what they are drawn from: the same seed, the same result.
    correlation
        Rank correlation of the values within a party (scores, weights and adjustments, those of
        its factions too), 0 to 1; or a CSV file with a correlation matrix of named numbers.
    design
        ``latin hypercube``, ``sobol`` or ``random``.
    precision
        Stop once every 95 % interval reaches at most so far to either side.
    codings
        Overlays, or cases about the same table, to draw from beside the case itself, each as
        often.
    order, model
        The roadmap to judge, as for :func:`detente.roadmap`; the best one at the likely values
        if left out.
    years
        Follow the agreement for so long under the hazards of the case.
    agreements
        A CSV file of past agreements, for comparison.
    holds, deciding, robust
        Whether to ask if it holds (the costliest), what decides, and which package stands in the
        largest share.
    workers, engine, scheduler
        Processes of this machine, or ``dask`` with the address of a scheduler.
    resume
        A folder in which results are kept as they come, and gone on from.
    progress
        Told the codings judged, those asked for, and the seconds since the start.

    Raises
    ------
    CaseError
        Where a word is unknown, the outcome breaks a rule, or a number lies outside its domain.

    Notes
    -----
    Cost: linear in the samples. What is asked in each coding is in
    :mod:`detente.uncertainty.package`; likely values give the verdicts of the point questions.
    """
    _refuse(samples, precision)
    if years is not None:
        require_years(case, years)
    designed(design, 0, 0, seed)  # refuses what is no design and no seed
    past = None if agreements is None else base_rate(agreements, case.as_of)
    folder = folder_named(resume)
    with executor_for(engine, scheduler, workers=workers) as where:
        what = asking(case, outcome, codings, order, model, holds=holds)
        given = parse_correlation(str(correlation), [factor.name for factor in what.drawn])
        now = what.now  # first: where the likely values cannot be judged, that says why
        question = Question(what.asked, what.draws(design, seed, given))
        key = run_key(
            what.cases,
            outcome=dict(what.outcome),
            seed=seed,
            design=design,
            correlation=correlation_key(given),
            model=model,
            holds=holds,
            order=what.order,
        )
        turns = what.flips()
        wanted = 1 if what.certain else samples
        run = Run(question, wanted, where, precision, folder, key, progress)
        found = run.stated()
        if not found.columns:
            raise _nothing(found)
        rest = Unstopped(found.interrupted)
        none: Beside = {}
        beside = none if what.certain else rest.ask(run.beside, none)
    told, road = Told(what, question, found, beside.get("independent")), what.first.road
    choice = rest.ask(lambda: _robust(what, question.draws, samples), None) if robust else None
    return StressResult(
        case=case,
        outcome=what.outcome,
        package=outcome.strip() if isinstance(outcome, str) else None,
        samples=told.standing.samples,
        seed=seed,
        design=design,
        ranges=len(what.drawn) - what.drivers,
        drivers=what.drivers,
        correlation=question.draws.correlation.rho,
        now=now,
        standing=told.standing,
        bounds={name: standing(entry.columns, case) for name, (_, entry) in beside.items()},
        codings=told.codings(),
        flips=turns,
        influences=rest.ask(told.influences, ()) if deciding else (),
        breaks_when=rest.ask(told.breaks_when, ()) if deciding else (),
        robust=choice,
        steps=None if road is None else steps_of(road),
        course=rest.ask(lambda: _course(what, question.draws, years, found.draws), None),
        failures=found.failures,
        interrupted=rest.stopped,
        enough=found.enough,
        seconds=found.seconds,
        needs=needs(what, told.standing),
        definition=definition(),
        remarks=tuple(remarks(what, given, found, years, choice)),
        past=past,
    )


def _robust(what: Asking, draws: Draws, samples: int) -> RobustChoice:
    count = 1 if what.certain else min(CODINGS, samples)
    return robust_choice(what.cases, what.numbers, draws, what.outcome, count, certain=what.certain)


def _course(what: Asking, draws: Draws, years: float | None, judged: int) -> Course | None:
    if years is None or what.first.road is None:
        return None
    return followed(what.first, draws, years, HISTORIES if what.certain else min(HISTORIES, judged))


def _refuse(samples: int, precision: float | None) -> None:
    if not 1 <= samples <= LARGEST_RUN:
        what = f"samples are a whole number from 1 to {LARGEST_RUN:,}; this is {samples:,}"
        raise CaseError(Problem(what, "a few thousand are enough for shares to within a point"))
    if precision is not None and not (math.isfinite(precision) and 0 < precision < 1):
        what = f"a precision is a share between 0 and 1; this is {precision:g}"
        raise CaseError(Problem(what, "0.01 stops when all shares are known to within a point"))


def _nothing(found: Evaluated) -> CaseError | KeyboardInterrupt:
    """Why there is nothing to tell."""
    if not found.failures:
        return KeyboardInterrupt("stopped before a single batch was judged")
    what = f"not one of {found.draws:,} codings could be judged: {found.failures[0].message}"
    return CaseError(Problem(what, "look at the ranges of the case"))
