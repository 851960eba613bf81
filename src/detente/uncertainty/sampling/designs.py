"""Designs: how the shares of all factors are spread over many codings.

Chance comes in batches: what stands in a batch depends on nothing but the seed, the number
of the batch, the factors and the kind of design. So it does not matter which worker draws
it, in what order, or how many codings are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import numpy as np

from detente.case.errors import CaseError, Problem, unknown
from detente.model.problem import Floats
from detente.uncertainty.batches import BATCH

KINDS = ("latin hypercube", "sobol", "random")
"""What a design can be; the first is the usual one."""
LEAST = 2.0**-53
"""Shares lie between this and 1 less this, so that every quantile of them is finite."""

_SOBOL_FACTORS = 21201
"""Dimensions for which scipy has direction numbers (Joe & Kuo 2008)."""
_SOBOL_BITS = 30
"""Binary digits of a Sobol' point; there are 2^30 different ones."""


def design(kind: str, draws: int, factors: int, seed: int = 0, batch: int = 0) -> Floats:
    """The shares of all factors in codings, from the beginning of a batch on.

    Parameters
    ----------
    kind
        ``latin hypercube``: in every batch each of the 1,024 equal parts of every factor's
        range of shares is hit exactly once (McKay, Beckman & Conover 1979); ``sobol``: one
        sequence of low discrepancy with Owen's scrambling by linear matrices and a digital
        shift (Sobol' 1967, Matoušek 1998), of which batch i has the points from 1024 i on;
        ``random``: independent.
    draws
        How many codings; more than a batch go on with the next ones, and of the last one
        the first rows are taken, so that more codings begin with fewer.
    factors
        How many factors; there may be none.
    seed
        A whole number from 0.
    batch
        The number of the first batch, from 0.

    Returns
    -------
    shares
        Shape (draws, factors), each above 0 and below 1.

    Raises
    ------
    CaseError
        Where the kind is unknown, the seed negative, or Sobol' points do not suffice:
        beyond 21,201 factors or 2^30 codings.
    ValueError
        Where another number is negative.

    Notes
    -----
    O(draws · factors), and O(batch · factors) for Sobol' points: those before the batch are
    skipped one by one, each in about a tenth of the time that drawing it takes. Consecutive
    batches are best drawn at once.

    References
    ----------
    McKay, Beckman & Conover, "A comparison of three methods for selecting values of input
    variables in the analysis of output from a computer code", Technometrics 21 (1979).
    Joe & Kuo, "Constructing Sobol sequences with better two-dimensional projections", SIAM
    Journal on Scientific Computing 30 (2008). Matoušek, "On the L2-discrepancy for anchored
    boxes", Journal of Complexity 14 (1998).

    Examples
    --------
    >>> shares = design("latin hypercube", 1024, 2, seed=7)
    >>> sorted((shares[:, 0] * 1024).astype(int).tolist()) == list(range(1024))
    True
    """
    _refuse(kind, draws, factors, seed, batch)
    shares = np.empty((draws, factors))
    batches = _DESIGNS[kind](factors, seed, batch)
    for start in range(0, draws if factors else 0, BATCH):
        rows = shares[start : start + BATCH]
        rows[:] = next(batches)[: len(rows)]
    return np.clip(shares, LEAST, 1 - LEAST, out=shares)


def _refuse(kind: str, draws: int, factors: int, seed: int, batch: int) -> None:
    if kind not in KINDS:
        raise CaseError(Problem(*unknown("design", kind, KINDS)))
    if seed < 0:
        raise CaseError(Problem(f"a seed is a whole number from 0; this is {seed}"))
    if min(draws, factors, batch) < 0:
        what = f"{draws} draws of {factors} factors from batch {batch} on"
        raise ValueError(f"draws, factors and batches count from 0; not {what}")
    if kind != "sobol":
        return
    help = f"take another design: {', '.join(other for other in KINDS if other != kind)}"
    if factors > _SOBOL_FACTORS:
        what = f"a Sobol' design has at most {_SOBOL_FACTORS:,} factors; these are {factors:,}"
        raise CaseError(Problem(what, f"{help}; or state fewer ranges"))
    last = -(-draws // BATCH) * BATCH + batch * BATCH
    if last > 2**_SOBOL_BITS:
        what = f"a Sobol' design has at most {2**_SOBOL_BITS:,} codings; these are {last:,}"
        raise CaseError(Problem(what, f"{help}; or draw fewer"))


def _generator(seed: int, *batch: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=batch))


def _latin_hypercubes(factors: int, seed: int, batch: int) -> Iterator[Floats]:
    from scipy.stats.qmc import LatinHypercube

    for place in count(batch):
        # the keyword "rng" is not known to scipy before 1.15
        yield LatinHypercube(factors, seed=_generator(seed, place)).random(BATCH)


def _sobol_points(factors: int, seed: int, batch: int) -> Iterator[Floats]:
    from scipy.stats.qmc import Sobol

    points = Sobol(factors, bits=_SOBOL_BITS, seed=_generator(seed))
    if batch:
        points.fast_forward(batch * BATCH)
    while True:
        # a point is the lower end of its cell, which may be 0: its middle never is
        yield points.random(BATCH) + 0.5**_SOBOL_BITS / 2


def _independent(factors: int, seed: int, batch: int) -> Iterator[Floats]:
    for place in count(batch):
        yield _generator(seed, place).random((BATCH, factors))


_DESIGNS = dict(zip(KINDS, (_latin_hypercubes, _sobol_points, _independent), strict=True))
