"""Correlation of factors by rank: shares that rise and fall together, each evenly spread.

Independent numbers average out: of fifty, the total hardly varies, which flatters whatever
rests on it. So the numbers of a group are drawn to hang together. What is stated is the
rank correlation (Spearman's), which does not depend on the numbers' distributions; what
joins them is a Gaussian copula: shares become normal values, these are mixed linearly, and
become shares again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from detente.case.errors import MAX_PROBLEMS, CaseError, Problem, and_more
from detente.model.problem import Floats
from detente.model.space import blocks
from detente.uncertainty.batches import BATCH
from detente.uncertainty.sampling.designs import LEAST

DEFAULT = 0.5
"""Rank correlation within a group where none is stated."""
TOLERANCE = 1e-9
"""By this much a table may miss symmetry, ones and eigenvalues of 0: it was rounded."""


def normal_correlation(ranks: ArrayLike) -> Floats:
    """The correlation of normal values whose ranks have these correlations: 2 sin(π r / 6).

    Parameters
    ----------
    ranks
        Between −1 and 1.

    References
    ----------
    Pearson, "Mathematical contributions to the theory of evolution XVI: On further methods
    of determining correlation", Drapers' Company Research Memoirs (1907).

    Examples
    --------
    >>> normal_correlation([0, 0.5, 1]).round(4)
    array([0.    , 0.5176, 1.    ])
    """
    out: Floats = 2 * np.sin(np.pi / 6 * np.asarray(ranks, dtype=np.float64))
    return out


@dataclass(frozen=True, eq=False)
class RankTable:
    """Rank correlations of some factors, pair by pair.

    Parameters
    ----------
    names
        The factors, as messages call them.
    factors
        The column of shares of each.
    matrix
        Shape (factors, factors): symmetric, ones on the diagonal, positive semidefinite;
        and so is the matrix of the normal correlations behind it.

    Raises
    ------
    CaseError
        Where it is no such matrix: what is wrong with which pair, or the smallest
        eigenvalue, and what to do.
    """

    names: tuple[str, ...]
    factors: tuple[int, ...]
    matrix: Floats

    def __post_init__(self) -> None:
        size = len(self.names)
        if len(set(self.factors)) != size or len(self.factors) != size:
            raise ValueError(f"{size} names need as many different factors, not {self.factors}")
        if self.matrix.shape != (size, size):
            form = " x ".join(map(str, self.matrix.shape))
            what = f"a table of correlations is square: {size} x {size} here, not {form}"
            raise CaseError(Problem(what, "give one row and one column to each factor"))
        wrong = list(_wrong_entries(self.names, self.matrix))
        if wrong:
            raise refusal(wrong)
        _refuse_impossible(self.matrix)

    @cached_property
    def root(self) -> Floats:
        """The symmetric square root of the normal correlations; unique, also if singular."""
        values, vectors = np.linalg.eigh(normal_correlation((self.matrix + self.matrix.T) / 2))
        out: Floats = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
        return out


def refusal(problems: Sequence[Problem]) -> CaseError:
    """The error with these problems, or with the first of very many."""
    more = [and_more()] if len(problems) > MAX_PROBLEMS else []
    return CaseError([*problems[:MAX_PROBLEMS], *more])


def _wrong_entries(names: tuple[str, ...], matrix: Floats) -> Iterator[Problem]:
    """What is wrong with single correlations, and with those of a pair in both directions."""
    own = np.eye(len(names), dtype=np.bool_)
    outside = ~own & ~(np.abs(matrix) <= 1 + TOLERANCE)  # not a number is outside too
    not_one = own & ~(np.abs(matrix - 1) <= TOLERANCE)
    inside = np.where(outside | outside.T | own, 0, matrix)
    unlike = np.triu(np.abs(inside - inside.T) > TOLERANCE)
    for row, column in np.argwhere(outside | not_one | unlike).tolist():
        one, other = names[row], names[column]
        value, mirrored = f"{matrix[row, column]:.6g}", f"{matrix[column, row]:.6g}"
        if row == column:
            yield Problem(f"the correlation of {one} with itself is {value}", "write 1 there")
        elif outside[row, column]:
            what = f"the correlation of {one} with {other} is {value}"
            yield Problem(what, "correlations lie between -1 and 1")
        else:
            what = f"the correlation of {one} with {other} is {value}"
            what += f", but that of {other} with {one} is {mirrored}"
            yield Problem(what, "write the same in both places")


def _refuse_impossible(matrix: Floats) -> None:
    """CaseError where no numbers, or no normal ones, can hang together in this way."""
    ranks, normals = (_least_eigenvalue(each) for each in (matrix, normal_correlation(matrix)))
    if min(ranks, normals) >= -TOLERANCE * len(matrix):
        return
    if ranks < -TOLERANCE * len(matrix):
        what = (
            "these correlations contradict each other, so no numbers can have them: the "
            f"smallest eigenvalue of the table is {ranks:.2g}, and none may be negative"
        )
    else:
        what = (
            "these rank correlations cannot be drawn: the correlations of the normal values "
            f"behind them, 2 sin(pi r / 6), have the smallest eigenvalue {normals:.2g}, and "
            "none may be negative"
        )
    own = np.eye(len(matrix))

    def impossible(percent: int) -> bool:
        weaker = np.where(own, 1, matrix * percent / 100)
        return min(map(_least_eigenvalue, (weaker, normal_correlation(weaker)))) < 0

    weaker = bisect_left(range(100), True, key=impossible) - 1
    help = (
        "correct the pair that is not meant so, or weaken them: with all but the ones on the "
        f"diagonal multiplied by {weaker / 100:g} they can be drawn"
    )
    raise CaseError(Problem(what, help))


def _least_eigenvalue(matrix: Floats) -> float:
    return float(np.linalg.eigvalsh(matrix).min(initial=1))


@dataclass(frozen=True)
class Correlation:
    """Which factors hang together, and how much.

    Parameters
    ----------
    groups
        For each factor the group it belongs to, or None where it is independent of all.
    rho
        Rank correlation of any two factors of one group, 0 to 1.
    table
        Correlations stated pair by pair. A factor that is named there leaves its group: it
        hangs together with the others of the table, as that says, and with nothing else.

    Raises
    ------
    CaseError
        Where rho is not between 0 and 1.
    """

    groups: tuple[str | None, ...]
    rho: float = DEFAULT
    table: RankTable | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.rho <= 1:
            what = f"a correlation within groups lies between 0 and 1; this is {self.rho:g}"
            raise CaseError(Problem(what, "state a negative one pair by pair, in a table"))
        if self.table is not None and self.table.factors:
            first, last = min(self.table.factors), max(self.table.factors)
            if first < 0 or last >= len(self.groups):
                raise ValueError(f"the table has factors {first} to {last} of {len(self.groups)}")

    @cached_property
    def members(self) -> tuple[tuple[int, ...], ...]:
        """The factors of each group that has several, without those of the table."""
        named = frozenset(self.table.factors if self.table else ())
        found: dict[str, list[int]] = {}
        for factor, group in enumerate(self.groups):
            if group is not None and factor not in named:
                found.setdefault(group, []).append(factor)
        return tuple(tuple(factors) for factors in found.values() if len(factors) > 1)


def correlated(shares: Floats, correlation: Correlation) -> Floats:
    """The shares with the wanted rank correlations, each still uniform between 0 and 1.

    Parameters
    ----------
    shares
        Shape (codings, factors), independent and uniform, above 0 and below 1.
    correlation
        Of as many factors.

    Returns
    -------
    shares
        A new array of the same shape. Factors that hang together with no other are as they
        were. With rho 1 all members of a group have the shares of its first one.

    Raises
    ------
    ValueError
        Where the shares are not those of the correlation's factors.

    Notes
    -----
    A coding depends on its own shares alone, bit for bit, so blocks and order do not
    matter. The spread of the design is kept where it counts: the first member of a group
    carries what all have in common (see :func:`equicorrelated`). What is lost is that a
    Latin hypercube hits every part of a *single* member exactly once; to restore that by
    reordering (Iman & Conover 1982) would make codings depend on each other, and hardly
    narrows the shares of codings further.

    O(codings · members), and O(codings · n²) for the n factors of a table.

    References
    ----------
    Cario & Nelson, "Modeling and generating random vectors with arbitrary marginal
    distributions and correlation matrix", Northwestern University (1997). Iman & Conover,
    "A distribution-free approach to inducing rank correlation among input variables",
    Communications in Statistics B 11 (1982).

    Examples
    --------
    >>> shares = np.array([[0.2, 0.6, 0.9], [0.7, 0.1, 0.5]])
    >>> correlated(shares, Correlation(("north", "north", None), rho=1.0))
    array([[0.2, 0.2, 0.9],
           [0.7, 0.7, 0.5]])
    """
    if shares.shape[1] != len(correlation.groups):
        of = len(correlation.groups)
        raise ValueError(f"shares of {shares.shape[1]} factors, correlations of {of}")
    out = shares.copy()
    table, rho = correlation.table, correlation.rho
    for start, stop in blocks(len(shares), BATCH):
        rows = out[start:stop]
        for members in correlation.members if rho else ():
            if rho == 1:
                rows[:, members] = rows[:, members[:1]]
            else:
                mixed = equicorrelated(_normal(rows, members), float(normal_correlation(rho)))
                rows[:, members] = _shares(mixed)
        if table is not None and table.factors:
            # no matrix product of a library: its last bits depend on the number of rows
            mixed = np.einsum("ij,jk->ik", _normal(rows, table.factors), table.root)
            rows[:, table.factors] = _shares(mixed)
    return out


def equicorrelated(columns: Floats, correlation: float) -> Floats:
    """Independent normal columns mixed such that any two have the same correlation.

    The mix is a·I + b·J (all entries of J are 1), the symmetric root of the matrix of
    correlations c, after the reflection that turns the first axis to the diagonal: with m
    columns, a = √(1 − c) and b = (√(1 + (m − 1) c) − a) / m. So the first column alone
    decides the sum of all, which most of what is asked hangs on, and a design that spreads
    every column evenly spreads that too.

    Parameters
    ----------
    columns
        Shape (draws, m) with m at least 2.
    correlation
        From 0 to 1.

    Notes
    -----
    O(draws · m). The reflection is Householder's, I − 2 v vᵀ / vᵀv with v = e₁ − 1/√m, as
    used to align a design with the first principal component (Acworth, Broadie & Glasserman
    1998, in Monte Carlo and Quasi-Monte Carlo Methods 1996).
    """
    width = np.sqrt(columns.shape[1])
    own = np.sqrt(1 - correlation)
    common = (np.sqrt(1 + (width**2 - 1) * correlation) - own) / width
    first, mean = columns[:, 0], columns.sum(axis=1) / width
    out: Floats = own * columns
    out += (common * first + own * (first - mean) / (width - 1))[:, None]
    out[:, 0] = common * first + own * mean
    return out


def _normal(shares: Floats, factors: tuple[int, ...]) -> Floats:
    from scipy.special import ndtri

    out: Floats = ndtri(shares.take(factors, axis=1))
    return out


def _shares(normal: Floats) -> Floats:
    from scipy.special import ndtr

    out: Floats = np.clip(ndtr(normal), LEAST, 1 - LEAST)
    return out
