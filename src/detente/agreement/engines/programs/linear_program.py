"""Mixed-integer linear programs, put together piece by piece and solved by HiGHS."""

from __future__ import annotations

import ctypes
import itertools
import math
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.agreement.engines.front import TooLarge
from detente.model.problem import Floats

Columns = NDArray[np.int64]

TOLERANCE = 1e-6
"""By how much the solver lets a row or an integer be missed (its default)."""

MUTED = 0.25
"""Factor on objectives. HiGHS counts 1e-6 more as an improvement, and lets a row be missed by
as much: with a factor of 1 it would chase what is mere tolerance, and stop with an error where
rounding makes that a hair too much."""

_LIMIT, _INFEASIBLE = 1, 2  # status codes of scipy.optimize.milp


@dataclass(frozen=True, eq=False)
class Row:
    """A linear inequality: lower ≤ coefficients · columns ≤ upper."""

    columns: Columns
    coefficients: Floats
    lower: float = -np.inf
    upper: float = np.inf


def row(
    columns: ArrayLike, coefficients: ArrayLike, lower: float = -np.inf, upper: float = np.inf
) -> Row:
    """A row from anything that makes arrays; one coefficient may stand for all columns."""
    at = np.atleast_1d(np.asarray(columns, dtype=np.int64))
    weights = np.broadcast_to(np.asarray(coefficients, dtype=np.float64), at.shape)
    return Row(at, weights, float(lower), float(upper))


@dataclass(frozen=True, eq=False)
class Program:
    """Columns with bounds, some of them integers, and rows; every part is immutable.

    Parameters
    ----------
    lower, upper
        Bounds of the columns, finite.
    integral
        Which columns are integers.
    rows
        The inequalities.
    """

    lower: Floats
    upper: Floats
    integral: NDArray[np.bool_]
    rows: tuple[Row, ...] = ()

    def with_rows(self, *rows: Row) -> Program:
        """The program with further rows."""
        return replace(self, rows=self.rows + rows)

    def with_columns(
        self, count: int, lower: ArrayLike, upper: ArrayLike, *, integral: bool
    ) -> tuple[Program, Columns]:
        """The program with further columns, and where these are."""
        start = len(self.lower)
        wider = Program(
            np.append(self.lower, np.broadcast_to(lower, count)),
            np.append(self.upper, np.broadcast_to(upper, count)),
            np.append(self.integral, np.full(count, integral)),
            self.rows,
        )
        return wider, np.arange(start, start + count)


@dataclass(frozen=True, eq=False)
class Answer:
    """A best point of a program.

    Parameters
    ----------
    point
        Value of every column.
    bound
        No point is better than this, up to the solver's tolerance.
    """

    point: Floats
    bound: float


def empty_program() -> Program:
    """No columns, no rows."""
    return Program(np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.bool_))


def maximise(
    program: Program,
    columns: ArrayLike = (),
    coefficients: ArrayLike = (),
    *,
    seconds: float | None = None,
) -> Answer | None:
    """A point with the largest ``coefficients · columns``, or None where there is no point.

    Parameters
    ----------
    program
        Its columns are bounded, so there is always a best point if there is any.
    columns, coefficients
        The objective; without it any point will do.
    seconds
        Time allowed.

    Raises
    ------
    TooLarge
        Where the time is up, or the numbers defeat the solver.

    Notes
    -----
    Branch and bound, exponential in the number of integer columns at worst. Rows hold up
    to ``TOLERANCE``; callers check in integers what the answer rests on. Source: Huangfu &
    Hall (2018), Parallelizing the dual revised simplex method, Mathematical Programming
    Computation 10: 119–142 (HiGHS).
    """
    cost = np.zeros(len(program.lower))
    np.subtract.at(cost, np.asarray(columns, dtype=np.int64), np.asarray(coefficients, dtype=float))
    cost *= MUTED
    limit = math.inf if seconds is None else seconds
    message = ""
    # Where HiGHS stops with an error, another order or the plain problem may help.
    for order, presolve in itertools.product((1, -1), (True, False)):
        if limit <= 0:
            raise _out_of_time()
        result = _solved(program, cost, order, presolve, limit)
        if result.success:
            return Answer(np.asarray(result.x)[::order], -float(result.mip_dual_bound) / MUTED)
        if result.status == _INFEASIBLE:
            return None
        if result.status == _LIMIT:
            raise _out_of_time()
        message = result.message
    raise TooLarge(
        f"the integer program defeated the solver ({message}); use values with fewer digits, "
        "or an engine that lists the efficient outcomes"
    )


def _solved(program: Program, cost: Floats, order: int, presolve: bool, limit: float) -> Any:
    """What HiGHS says, with the columns in their order (1) or in the reverse one (-1)."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    matrix = csr_array(
        (
            _joined([row.coefficients for row in program.rows], np.float64),
            _joined([row.columns for row in program.rows], np.int64),
            np.cumsum([0, *(len(row.columns) for row in program.rows)]),
        ),
        shape=(len(program.rows), len(cost)),
    )
    matrix.sum_duplicates()
    lower = np.array([row.lower for row in program.rows])
    upper = np.array([row.upper for row in program.rows])
    with quiet():
        return milp(
            cost[::order],
            integrality=program.integral[::order].astype(np.uint8),
            bounds=Bounds(program.lower[::order], program.upper[::order]),
            constraints=LinearConstraint(matrix[:, ::order], lower, upper),
            options={"mip_rel_gap": 0.0, "presolve": presolve, "time_limit": limit},
        )


def _joined(parts: Sequence[NDArray[np.generic]], kind: type) -> NDArray[np.generic]:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=kind)


def _out_of_time() -> TooLarge:
    return TooLarge("the time limit is reached before the solution was proved; allow more time")


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what C code prints off the process's standard output.

    HiGHS 1.12, as scipy 1.17 ships it, prints a line meant for its developers whatever it
    is told (issue 2783 of the repository ERGO-Code/HiGHS); where standard output is a
    document, that would spoil it. C keeps lines back when it writes to a file or a pipe,
    hence the flushing. What other threads write to the same place meanwhile is lost too.
    """
    library = ctypes.CDLL(None if os.name == "posix" else "ucrtbase")
    try:
        kept = os.dup(1)
    except OSError:  # no standard output at all
        yield
        return
    sink = os.open(os.devnull, os.O_WRONLY)
    library.fflush(None)
    os.dup2(sink, 1)
    try:
        yield
    finally:
        library.fflush(None)
        os.dup2(kept, 1)
        os.close(sink)
        os.close(kept)
