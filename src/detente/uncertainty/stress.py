"""What could break it? Flips, shares of codings, what decides, and which package stands."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from detente.agreement.finding import find_outcome
from detente.case.consistency import require_allowed
from detente.case.errors import CaseError, Problem
from detente.case.schema import Case
from detente.model.problem import Booleans, Floats
from detente.sequencing.lattice.own import Written
from detente.sequencing.roadmap import model_named
from detente.sequencing.setting import steps_of
from detente.sequencing.variants import Variants, variants
from detente.uncertainty.answer import (
    BreaksWhen,
    Factor,
    Flip,
    Influences,
    Measure,
    Standing,
    Verdict,
)
from detente.uncertainty.batches import BATCH
from detente.uncertainty.choice import CODINGS, robust_choice
from detente.uncertainty.codings import factors, ranged
from detente.uncertainty.course.base_rate import base_rate
from detente.uncertainty.deciding import breaking, influences
from detente.uncertainty.draws import Draws, drawn_from
from detente.uncertainty.evaluation.clusters import executor_for
from detente.uncertainty.evaluation.evaluate import Evaluated, Progress
from detente.uncertainty.flips import Key, flips
from detente.uncertainty.following import HISTORIES, followed
from detente.uncertainty.package import Asked
from detente.uncertainty.plan import attempted, written_order
from detente.uncertainty.question import CHOSEN, Question
from detente.uncertainty.remarks import definition, needs, remarks
from detente.uncertainty.run import Run, run_key
from detente.uncertainty.sampling.correlation import DEFAULT, Correlation, RankTable
from detente.uncertainty.sampling.designs import KINDS
from detente.uncertainty.sampling.designs import design as designed
from detente.uncertainty.sampling.written import parse_correlation
from detente.uncertainty.standing import kept, measured, some, standing, verdicts
from detente.uncertainty.stress_result import StressResult

SAMPLES = 4 * BATCH
"""Codings drawn unless it is said how many."""
LARGEST_RUN = 10_000_000
"""Most codings drawn in one run."""
LONGEST = 100
"""Most years that an agreement is followed."""


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
    _refuse(samples, precision, years)
    designed(design, 0, 0, seed)  # refuses what is no design and no seed
    past = None if agreements is None else base_rate(agreements, case.as_of)
    asking = _asking(case, outcome, codings, order, model, holds=holds)
    given = parse_correlation(str(correlation), [factor.name for factor in asking.drawn])
    draws = asking.draws(design, seed, given)
    question = Question(asking.asked, draws)
    key = run_key(
        asking.cases,
        outcome=dict(asking.outcome),
        seed=seed,
        design=design,
        correlation=str(correlation),
        model=model,
        holds=holds,
        order=asking.order,
    )
    with executor_for(engine, scheduler, workers=workers) as where:
        wanted = 1 if asking.certain else samples
        run = Run(question, wanted, where, precision, resume, key, progress)
        found = run.stated()
        bounds = {} if found.interrupted or asking.certain else run.bounds()
    if not found.columns:
        raise _nothing(found)
    told = _Told(asking, question, found)
    whole = not found.interrupted
    first = asking.asked[0]
    course = None
    if years is not None and first.road is not None and whole:
        course = followed(first, draws, years, min(HISTORIES, found.draws))
    choice = None
    if robust and whole:
        count = 1 if asking.certain else min(CODINGS, samples)
        choice = robust_choice(asking.cases, asking.numbers, draws, asking.outcome, count)
    return StressResult(
        case=case,
        outcome=asking.outcome,
        package=outcome.strip() if isinstance(outcome, str) else None,
        samples=len(found.columns["acceptable"]),
        seed=seed,
        design=design,
        ranges=sum(factor.path[0] != "drivers" or len(factor.path) > 2 for factor in asking.drawn),
        drivers=sum(
            factor.path[0] == "drivers" and len(factor.path) == 2 for factor in asking.drawn
        ),
        correlation=draws.correlation.rho,
        now=asking.now,
        standing=standing(found.columns, case),
        bounds=bounds,
        codings=told.codings(),
        flips=asking.flips() if whole else (),
        influences=told.influences() if deciding and whole and not asking.certain else (),
        breaks_when=told.breaks_when() if deciding and not asking.certain else (),
        robust=choice,
        steps=None if first.road is None else steps_of(first.road),
        course=course,
        failures=found.failures,
        interrupted=found.interrupted,
        enough=found.enough,
        seconds=found.seconds,
        needs=needs(case, standing(found.columns, case), asking.no_road, holds=holds),
        definition=definition(),
        remarks=tuple(remarks(case, given, asking.drawn, found, years, asking.no_road)),
        past=past,
    )


@dataclass(frozen=True, eq=False)
class _Asking:
    """What is asked, under every coding."""

    outcome: Mapping[str, str]
    names: tuple[str, ...]
    asked: tuple[Asked, ...]
    no_road: str | None

    @property
    def cases(self) -> tuple[Case, ...]:
        return tuple(entry.case for entry in self.asked)

    @property
    def numbers(self) -> tuple[tuple[Factor, ...], ...]:
        return tuple(entry.factors for entry in self.asked)

    @cached_property
    def drawn(self) -> tuple[Factor, ...]:
        return drawn_from([ranged(found) for found in self.numbers])

    @property
    def certain(self) -> bool:
        """Whether there is only one coding."""
        return not self.drawn and len(self.asked) == 1

    @property
    def order(self) -> list[list[str]]:
        road = self.asked[0].road
        return [] if road is None else written_order(steps_of(road))

    def draws(self, design: str, seed: int, given: float | RankTable) -> Draws:
        groups = tuple(factor.party for factor in self.drawn)
        if isinstance(given, RankTable):
            correlation = Correlation(groups, DEFAULT, given)
        else:
            correlation = Correlation(groups, given)
        return Draws(self.drawn, design, seed, correlation, len(self.asked))

    @cached_property
    def now(self) -> dict[Verdict, bool | None]:
        """The verdicts of the case itself at the likely values."""
        first = self.asked[0]
        likely = {entry.name: np.array([float(entry.number)]) for entry in ranged(first.factors)}
        found = verdicts(first.columns(likely, 1), first.case)
        out: dict[Verdict, bool | None] = dict.fromkeys(
            ("acceptable", "holds", "enforceable", "roadmap", "all_of_it")
        )
        out |= {verdict: bool(column[0]) for verdict, column in found.items()}
        return out

    def flips(self) -> tuple[Flip, ...]:
        """Number by number where a verdict on the case itself turns; not whether it holds."""
        first = self.asked[0]
        plain = Asked(
            first.case, first.factors, first.outcome, first.road, first.model, False, first.enforced
        )

        def judge(values: Mapping[str, Floats], codings: int) -> dict[Key, Booleans]:
            found = plain.columns(values, codings)
            out: dict[Key, Booleans] = {}
            for verdict, column in verdicts(found, first.case).items():
                if verdict != "all_of_it":
                    out[verdict, None] = column
            for party in first.case.signing:
                out["acceptable", party] = found[f"accepts {party}"].astype(np.bool_)
            for verdict, what in (("enforceable", "keeps"), ("roadmap", "goes on")):
                for party, column in kept(found, what).items():
                    out[verdict, party] = column
            return out

        return flips(first.factors, judge)


def _asking(
    case: Case,
    outcome: str | Mapping[str, str],
    codings: Variants,
    order: Written | None,
    model: str,
    *,
    holds: bool,
) -> _Asking:
    kind = model_named(model)
    target = find_outcome(case, outcome)
    require_allowed(case, target, "outcome")
    others = variants(case, codings)
    names = ("", *(name for name, _ in others))
    cases = (case, *(entry for _, entry in others))
    road, why = attempted(case, outcome, order, kind, cases[1:])
    asked = tuple(
        Asked(entry, factors(entry), target, road, kind, holds, entry.status_quo is not None)
        for entry in cases
    )
    return _Asking(target, names, asked, why)


@dataclass(frozen=True, eq=False)
class _Told:
    """What the judged draws say."""

    asking: _Asking
    question: Question
    found: Evaluated

    @property
    def case(self) -> Case:
        return self.asking.cases[0]

    @cached_property
    def shares(self) -> Floats:
        """The shares of all draws that could be judged."""
        return self.question.draws.shares(0, self.found.draws)[self.found.ok]

    def codings(self) -> dict[str, Standing]:
        """The shares under each coding by itself, where there are several."""
        if len(self.asking.asked) == 1:
            return {}
        chosen = self.found.columns[CHOSEN]
        return {
            name or "the case": standing(some(self.found.columns, chosen == number), case)
            for number, (name, case) in enumerate(
                zip(self.asking.names, self.asking.cases, strict=True)
            )
            if (chosen == number).any()
        }

    def influences(self) -> tuple[Influences, ...]:
        """What decides, under the case itself and with all numbers on their own."""
        if not self.asking.drawn:
            return ()
        question, asked = self.question, self.asking.asked[0]
        plain = Question(
            (
                Asked(
                    asked.case,
                    asked.factors,
                    asked.outcome,
                    asked.road,
                    asked.model,
                    False,
                    asked.enforced,
                ),
            ),
            question.draws,
        )

        def measures(shares: Floats) -> dict[Measure, Floats]:
            return measured(plain.at(shares, np.zeros(len(shares), dtype=np.int64)))

        return tuple(influences(self.asking.drawn, measures, question.draws.seed))

    def breaks_when(self) -> tuple[BreaksWhen, ...]:
        """Conditions under which verdicts mostly fail."""
        if not self.asking.drawn:
            return ()
        values = self.question.draws.values(self.asking.drawn, self.shares)
        return tuple(breaking(self.asking.drawn, values, verdicts(self.found.columns, self.case)))


def _refuse(samples: int, precision: float | None, years: float | None) -> None:
    if not 1 <= samples <= LARGEST_RUN:
        what = f"samples are a whole number from 1 to {LARGEST_RUN:,}; this is {samples:,}"
        raise CaseError(Problem(what, "a few thousand are enough for shares to within a point"))
    if precision is not None and not (math.isfinite(precision) and 0 < precision < 1):
        what = f"a precision is a share between 0 and 1; this is {precision:g}"
        raise CaseError(Problem(what, "0.01 stops when all shares are known to within a point"))
    if years is not None and not (math.isfinite(years) and 0 < years <= LONGEST):
        what = f"years are a number above 0 and up to {LONGEST}; this is {years:g}"
        raise CaseError(Problem(what, "for instance 10"))


def _nothing(found: Evaluated) -> CaseError:
    """Why there is nothing to tell."""
    if not found.failures:
        return CaseError(Problem("stopped before a single batch was judged", "let it run longer"))
    what = f"not one of {found.draws:,} codings could be judged: {found.failures[0].message}"
    return CaseError(Problem(what, "look at the ranges of the case"))
