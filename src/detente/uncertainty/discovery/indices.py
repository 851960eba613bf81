"""Which numbers decide a measure? Sobol' indices of factors and of groups of them.

The *first-order* index of a group of factors is the share of the variance of an output that
would go, on average, if just these factors were known; its *total* index is the share that would
stay if all others were known. Their difference is what the group does together with others.

Both presume that the factors are drawn independently of each other, so the design here draws them
so. That is another question than the one answered with ranges that are correlated within a
party: it tells what each number contributes, not how often a verdict is met.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from detente.model.problem import Booleans, Floats
from detente.uncertainty.answer import Interval

RESAMPLES = 999
"""Bootstrap samples behind an interval."""
CHUNK = 1 << 21
"""Most evaluations that are resampled at once."""
CONSTANT = 1e-12
"""An output that differs by no more than this share of its size is constant."""
MOST_BINS = 20
"""Most parts into which :func:`screen` cuts the range of a factor."""

Group = tuple[int, ...]
"""Factors that are looked at together."""


@dataclass(frozen=True)
class Index:
    """How much of the variance of an output one group of factors makes.

    Parameters
    ----------
    group
        The factors.
    first_order
        By themselves.
    total
        With all that they do together with others.
    """

    group: Group
    first_order: Interval
    total: Interval


def grouped(factors: int, chosen: Sequence[int]) -> tuple[Group, ...]:
    """Each chosen factor as a group, then all others, if any, together as one.

    Examples
    --------
    >>> grouped(5, [3, 0])
    ((3,), (0,), (1, 2, 4))
    """
    others = tuple(sorted(set(range(factors)) - set(chosen)))
    singles = tuple((factor,) for factor in chosen)
    return (*singles, others) if others else singles


def design_matrices(factors: int, groups: Sequence[Group], n: int, seed: int) -> Floats:
    """The codings at which an output is evaluated for :func:`indices`.

    Parameters
    ----------
    factors
        How many there are.
    groups
        Factors by group, none in two groups.
    n
        Codings in a block, a power of two of at least 2.
    seed
        Of the scrambling: the same seed gives the same codings.

    Returns
    -------
    blocks
        Shares strictly between 0 and 1, shape (2 + groups, n, factors): A, B, and for each group
        A with the columns of that group from B. All factors are independent of each other.

    Raises
    ------
    ValueError
        Where ``n`` is no power of two, a group is empty, a factor is unknown or in two groups, or
        there are too many.

    Notes
    -----
    A and B are the two halves of scrambled Sobol' points of dimension 2 × factors, so that there
    are at most 10,600 factors. O(groups × n × factors).

    References
    ----------
    Saltelli et al. (2010), Computer Physics Communications 181, 259–270.
    """
    from scipy.stats import qmc

    if n < 2 or n & (n - 1):
        raise ValueError("n must be a power of two of at least 2")
    members = [factor for group in groups for factor in group]
    if len(set(members)) < len(members) or not set(members) <= set(range(factors)):
        raise ValueError("a factor is unknown or in two groups")
    if not all(groups):
        raise ValueError("a group is empty")
    engine = qmc.Sobol(2 * factors, scramble=True, bits=30, seed=np.random.default_rng(seed))
    # The middle of each of the 2^30 cells: no share is 0.
    points = engine.random_base2(n.bit_length() - 1) + 2.0**-31
    blocks = np.empty((2 + len(groups), n, factors))
    blocks[:] = points[:, :factors]
    blocks[1] = points[:, factors:]
    for block, group in zip(blocks[2:], groups, strict=True):
        block[:, list(group)] = blocks[1][:, list(group)]
    return blocks


def indices(
    f_A: Floats,  # noqa: N803
    f_B: Floats,  # noqa: N803
    f_AB: Floats,  # noqa: N803
    groups: Sequence[Group],
    seed: int,
    *,
    confidence: float = 0.95,
) -> tuple[Index, ...]:
    """First-order and total Sobol' indices of groups of factors, with bootstrap intervals.

    Parameters
    ----------
    f_A, f_B, f_AB
        The output in the blocks of :func:`design_matrices`: shapes (n,), (n,) and (groups, n),
        with n a power of two. Numbers, or whether a verdict is met.
    groups
        The groups of the design, in its order.
    seed
        Of the resampling.
    confidence
        Of the intervals, above 0 and below 1.

    Returns
    -------
    indices
        One for each group, in their order. Empty where the output is constant in A and B: then
        there is no variance to share.

    Raises
    ------
    ValueError
        Where shapes do not fit, an output is not finite, or ``confidence`` is out of range.

    Notes
    -----
    Estimates may lie outside 0 … 1, and the first-order ones below 0. Intervals are percentiles
    over codings drawn again with replacement; a draw in which the output is constant counts as 0.
    They take no credit for the evenness of Sobol' points and so are rather too wide where the
    output is smooth. O(resamples × groups × n).

    References
    ----------
    Saltelli et al. (2010), Computer Physics Communications 181, 259–270, Table 2 (b) and (f), as
    in ``scipy.stats.sobol_indices``.
    """
    one, two = np.asarray(f_A, dtype=float), np.asarray(f_B, dtype=float)
    mixed = np.asarray(f_AB, dtype=float)
    if one.ndim != 1 or two.shape != one.shape or mixed.shape != (len(groups), *one.shape):
        raise ValueError("f_A and f_B must be (n,), f_AB (groups, n)")
    if not 0 < confidence < 1:
        raise ValueError("confidence must lie above 0 and below 1")
    outputs = np.stack((one, two, *mixed))
    if not np.isfinite(outputs).all():
        raise ValueError("the output must be finite in every coding")
    if not groups or bool(_constant(outputs[:2])):
        return ()
    first, total = np.concatenate(list(_estimates(outputs, seed)), axis=1)
    tails = (1 - confidence) / 2, (1 + confidence) / 2
    return tuple(
        Index(tuple(group), _interval(first[:, place], tails), _interval(total[:, place], tails))
        for place, group in enumerate(groups)
    )


def _interval(draws: Floats, tails: tuple[float, float]) -> Interval:
    """The estimate, which comes first, and the percentiles of those from resampled codings."""
    low, high = np.quantile(draws[1:], tails)
    return Interval(float(draws[0]), float(low), float(high))


def _constant(outputs: Floats) -> Booleans:
    """Whether A and B hold one value only, up to rounding; ``outputs`` of shape (2, …, n)."""
    spread = outputs.max(axis=(0, -1)) - outputs.min(axis=(0, -1))
    found: Booleans = spread <= CONSTANT * np.abs(outputs).max(axis=(0, -1))
    return found


def _estimates(outputs: Floats, seed: int) -> Iterator[Floats]:
    """First-order and total indices from the codings as they are, then from resampled ones.

    Parameters
    ----------
    outputs
        Of A, of B and of each group's block, shape (2 + groups, n).

    Yields
    ------
    indices
        Shape (2, samples, groups): first-order, total.
    """
    from scipy.stats import sobol_indices

    generator = np.random.default_rng(seed)
    blocks, n = outputs.shape
    # At least two samples at once: scipy does not take one output of one group.
    parts = math.ceil((1 + RESAMPLES) / max(2, CHUNK // (blocks * n)))
    for part in np.array_split(np.arange(1 + RESAMPLES), parts):
        rows = generator.integers(n, size=(len(part), n))
        if part[0] == 0:
            rows[0] = np.arange(n)
        drawn = outputs[:, rows]
        found = sobol_indices(func={"f_A": drawn[0], "f_B": drawn[1], "f_AB": drawn[2:]}, n=n)
        constant = _constant(drawn[:2])[:, None]
        both = np.stack((found.first_order, found.total_order)).reshape(2, len(rows), -1)
        yield np.where(constant, 0.0, both)


def screen(points: Floats, output: Floats, most: int) -> tuple[int, ...]:
    """The factors that are most related to an output, the most related first.

    Parameters
    ----------
    points
        Shape (codings, factors), finite.
    output
        Shape (codings,), finite; numbers, or whether a verdict is met.
    most
        Most factors, at least 0.

    Returns
    -------
    factors
        At most ``most``, ties by position; without those that have one value only or show no
        relation at all. Empty where the output is constant.

    Raises
    ------
    ValueError
        Where shapes do not fit, something is not finite, or ``most`` is below 0.

    Notes
    -----
    Everything is told from ranks. A factor's score is the largest of three shares of variance:
    of the output that goes with the factor in a line (squared rank correlation), of the output
    that lies between parts of the factor's range (the correlation ratio, a first-order index from
    given data), and the same of the output's squared distance from its mean, which shows factors
    that only spread it. The latter two are lowered by what chance gives on average. Factors that
    do nothing on their own, like the two of an exclusive or, are not found so; a group of all
    others has a large total index then.

    O(factors × codings × log codings). Plischke, Borgonovo & Smith (2013), European Journal of
    Operational Research 226, 536–550 (sensitivity from given data).
    """
    from scipy.stats import rankdata

    if points.ndim != 2 or output.shape != points.shape[:1] or most < 0:
        raise ValueError("points must be (codings, factors), output (codings,), most at least 0")
    if not (np.isfinite(points).all() and np.isfinite(output).all()):
        raise ValueError("points and output must be finite")
    codings, factors = points.shape
    if codings < 2:
        return ()
    ranks = rankdata(output) - (codings + 1) / 2
    spread = ranks**2 - (ranks**2).mean()
    scores = np.zeros(factors)
    for factor in range(factors):
        own = rankdata(points[:, factor]) - (codings + 1) / 2
        scores[factor] = max(_line(own, ranks), _parts(own, ranks), _parts(own, spread))
    ordered = np.argsort(-scores.round(12), kind="stable")[:most]
    return tuple(int(factor) for factor in ordered if scores[factor] > CONSTANT)


def _line(own: Floats, other: Floats) -> float:
    """The squared correlation of two centred variables; 0 where one is constant."""
    sizes = float((own**2).sum() * (other**2).sum())
    return float(own @ other) ** 2 / sizes if sizes > 0 else 0.0


def _parts(own: Floats, other: Floats) -> float:
    """The share of the variance of ``other`` between parts of the range of ``own``, adjusted.

    Parameters
    ----------
    own, other
        Centred ranks of a factor; a centred variable.
    """
    codings = len(own)
    bins = min(MOST_BINS, math.isqrt(codings))
    places = ((own + codings / 2) * bins / codings).astype(np.int64)
    sizes = np.bincount(places)
    sums = np.bincount(places, weights=other)[sizes > 0]
    sizes = sizes[sizes > 0]
    variation = float((other**2).sum())
    if len(sizes) in {1, codings} or variation <= CONSTANT * codings:
        return 0.0
    share = float((sums**2 / sizes).sum()) / variation
    return 1 - (1 - share) * (codings - 1) / (codings - len(sizes))
