"""Single solutions where the efficient outcomes are too many to list, by integer programs."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from detente.agreement.definitions import SOLUTIONS
from detente.agreement.engines.programs.efficient_program import list_efficient
from detente.agreement.engines.programs.leximin_program import Amounts, leximin_region
from detente.agreement.engines.programs.linear_program import Program, row
from detente.agreement.engines.programs.nash_program import BAND, LOGS, nash_selection
from detente.agreement.engines.programs.outcome_program import CELLS, outcome_program
from detente.agreement.engines.programs.program_search import SAFE, Objective, ProgramSearch
from detente.agreement.solutions import Selection
from detente.model.problem import Integers, Problem


@dataclass(frozen=True, eq=False)
class Bounded:
    """A solution found by integer programs.

    Parameters
    ----------
    rule
        Name of the rule.
    codes
        Option positions of all outcomes that tie, shape (ties, issues), in index order;
        no row where no outcome is acceptable.
    totals
        Their totals of the objectives, shape (ties, objectives).
    score
        The best score, exact, as in ``Selection``; None where no outcome is acceptable.
    ideal
        Best value of each party over the set, for the rules that measure against it.
    left_out
        Positions of the parties that Kalai–Smorodinsky leaves out of the comparison.
    programs
        How many integer programs were solved.
    tolerance
        The width, relative to the product (nash) or in steps of the totals, of the band
        below the best score within which outcomes are told apart in exact integers, one by
        one; that nothing else lies above that band is the solver's proof. 0 where the proof
        itself is in whole steps.
    """

    rule: str
    codes: Integers
    totals: Integers
    score: Fraction | tuple[Fraction, ...] | None
    ideal: tuple[Fraction, ...] | None
    left_out: tuple[int, ...]
    programs: int
    tolerance: float


def bound(
    problem: Problem,
    rule: str,
    *,
    weights: Sequence[Fraction] | None = None,
    tie_limit: int = 1000,
    point_limit: int = 40,
    time_limit: float | None = None,
    cell_limit: int = CELLS,
    progress: Callable[[str], None] | None = None,
) -> Bounded:
    """The outcomes that a rule chooses among the acceptable ones, with all ties.

    Nash, Kalai–Smorodinsky and egalitarian choose among the acceptable outcomes in which
    every objective reaches its threshold, utilitarian and equal loss among all acceptable
    ones; definitions are in :data:`detente.agreement.solutions.SOLUTIONS`.

    Parameters
    ----------
    problem
        What the engines compute on; its objectives are the parties of the rule, their
        thresholds the disagreement point.
    rule
        A name in ``SOLUTIONS``.
    weights
        Of the parties, for ``utilitarian`` only.
    tie_limit
        Most outcomes that may tie.
    point_limit
        Most values that the outcomes may have among which the rule does not discriminate:
        all efficient ones, where no outcome makes every party strictly better off (nash)
        or a weight is 0 (utilitarian).
    time_limit
        Seconds allowed.
    cell_limit
        Most joint assignments of the issues of one rule or adjustment.
    progress
        Called with a line of text before each longer step.

    Raises
    ------
    TooLarge
        Where a limit is met, or the numbers are too fine for floats: nothing is returned.
    ValueError
        Where the rule is unknown, there is no objective, or the weights do not fit.

    Notes
    -----
    Exact where the totals of each criterion span at most 10^8 steps (checked; a larger
    span raises ``TooLarge``): programs propose outcomes and rule out the rest; every
    proposal is recomputed and compared in integers, and what is ruled out is worse by at
    least one whole step or by the stated band, both far above the tolerance that HiGHS
    keeps. What is taken on trust is HiGHS' statement that a program has no point.

    Branch and bound: exponential at worst; on random scores the time grows far more with
    the number of parties than with that of issues, from hundredths of a second for
    utilitarian to seconds for the leximin rules with six parties. Outcomes that tie and
    differ in one issue at a time are found without programs; every other tie costs one
    program more, and so does every outcome within the band. Efficient outcomes among which
    the rule does not discriminate (``point_limit``) cost programs that grow with their
    number: some 25 in seconds, some 50 in half a minute, with six parties.

    Nash: Σ log(gain) with tangents to the logarithm added where a proposal stands (outer
    approximation; Duran & Grossmann 1986, Mathematical Programming 36: 307–339). The other
    rules are linear or lexicographically so.
    """
    if rule not in SOLUTIONS:
        raise ValueError(f"{rule!r} is not a rule; use one of {', '.join(SOLUTIONS)}")
    if not problem.objectives:
        raise ValueError("there is no objective to choose by")
    search = _search(
        problem,
        rule,
        weights=weights,
        tie_limit=tie_limit,
        point_limit=point_limit,
        time_limit=time_limit,
        cell_limit=cell_limit,
        progress=progress,
    )
    search.progress(f"{rule}: what each party could have at best")
    ideals = [search.largest(search.region, party) for party in range(len(problem.objectives))]
    tops = [found.totals[party] for party, found in enumerate(ideals) if found is not None]
    if len(tops) < len(ideals):
        return _bounded(search, None, 0.0)
    if rule == "nash":
        return _bounded(search, nash_selection(search, tops), BAND / LOGS)
    if rule == "utilitarian":
        return _utilitarian(search, tops)
    region = leximin_region(search, _amounts(search, tops))
    return _bounded(search, search.exhaust(lambda _: region), 0.0)


def best(
    problem: Problem,
    objective: int,
    *,
    time_limit: float | None = None,
    cell_limit: int = CELLS,
) -> tuple[int, tuple[int, ...]] | None:
    """The largest total of one objective over the acceptable outcomes, and where it is.

    Parameters
    ----------
    problem
        What the engines compute on.
    objective
        Position among ``problem.objectives``.
    time_limit, cell_limit
        As for :func:`bound`.

    Returns
    -------
    total, codes
        The total, exact, and the option positions of one outcome that has it (not
        necessarily the only one); None where no outcome is acceptable.

    Raises
    ------
    TooLarge
        Where a limit is met.
    """
    search = _search(problem, "utilitarian", time_limit=time_limit, cell_limit=cell_limit)
    found = search.largest(search.region, objective)
    return None if found is None else (found.totals[objective], found.codes)


def _search(
    problem: Problem,
    rule: str,
    *,
    weights: Sequence[Fraction] | None = None,
    tie_limit: int = 1000,
    point_limit: int = 40,
    time_limit: float | None,
    cell_limit: int,
    progress: Callable[[str], None] | None = None,
) -> ProgramSearch:
    """A search over the set from which the rule chooses."""
    compiled = outcome_program(problem, cell_limit=cell_limit)
    region = compiled.program
    needs_gains = SOLUTIONS[rule].needs_gains
    if needs_gains:
        for position in problem.objectives:
            threshold = problem.criteria[position].threshold
            region = region.with_rows(compiled.totals[position].at_least(threshold))
    return ProgramSearch(
        problem,
        rule,
        weights,
        compiled,
        region,
        needs_gains,
        tie_limit,
        point_limit,
        None if time_limit is None else time.monotonic() + time_limit,
        progress or (lambda _: None),
    )


def _bounded(search: ProgramSearch, selection: Selection | None, tolerance: float) -> Bounded:
    """The result, in index order."""
    if selection is None:
        codes = np.zeros((0, len(search.problem.space.sizes)), dtype=np.int64)
        totals = np.zeros((0, len(search.problem.objectives)), dtype=np.int64)
        return Bounded(search.rule, codes, totals, None, None, (), search.programs, tolerance)
    pool = list(search.pool.items())
    ties = sorted(pool[index] for index in selection.indices)
    return Bounded(
        search.rule,
        np.array([codes for codes, _ in ties], dtype=np.int64),
        np.array([totals for _, totals in ties], dtype=np.int64),
        selection.score,
        selection.ideal,
        selection.left_out,
        search.programs,
        tolerance,
    )


def _amounts(search: ProgramSearch, tops: Sequence[int]) -> Amounts:
    """What the three leximin rules compare."""
    walk_away = search.walk_away.tolist()
    parties = list(range(len(tops)))
    factors = list(search.units)
    bases = walk_away
    if search.rule == "equal_loss":
        bases = list(tops)
    elif search.rule == "kalai_smorodinsky":
        parties = [party for party in parties if tops[party] > walk_away[party]]
        factors = [Fraction(1, max(1, top - w)) for top, w in zip(tops, walk_away, strict=True)]
    return Amounts(
        tuple(parties),
        tuple(search.totals[party] for party in parties),
        tuple(factors[party] for party in parties),
        tuple(bases[party] for party in parties),
        tuple(tops[party] for party in parties),
    )


def _utilitarian(search: ProgramSearch, tops: Sequence[int]) -> Bounded:
    """The largest weighted sum, in steps of the party whose steps weigh most."""
    search.chosen()  # refuses weights that do not fit
    weights = search.weights or (Fraction(1),) * len(tops)
    worth = [weight * unit for weight, unit in zip(weights, search.units, strict=True)]
    shares = [each / max(worth) for each in worth]
    denominator = math.lcm(*(share.denominator for share in shares))
    step = Fraction(math.gcd(*(int(share * denominator) for share in shares)), denominator)
    band = max(float(step) / 2, SAFE)
    pairs = list(zip(search.totals, shares, strict=True))
    columns = [column for total, _ in pairs for column in total.columns]
    coefficients = [float(share) * each for total, share in pairs for each in total.coefficients]
    constant = sum((share * total.constant for total, share in pairs), Fraction(0))

    def rivals(selection: Selection) -> Program:
        assert isinstance(selection.score, Fraction)
        reached = float(selection.score / max(worth) - constant)
        return search.region.with_rows(row(columns, coefficients, lower=reached - band))

    objective: Objective = (columns, coefficients)
    search.find(search.region, objective)
    selection = (
        search.exhaust(rivals, objective) if min(worth) else list_efficient(search, rivals, tops)
    )
    return _bounded(search, selection, 0.0 if step / 2 >= SAFE else band)
