"""What a worker does: a function is asked about a few batches, and failing draws are found."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from time import perf_counter
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from detente.model.problem import Booleans
from detente.uncertainty.answer import Failed
from detente.uncertainty.batches import BATCH

Column = NDArray[Any]


class Function(Protocol):
    """A question about draws ``start`` to ``stop - 1``.

    The answer is a mapping from names to arrays with ``stop - start`` rows. It hangs on nothing
    but the indices of the draws (the seed is a part of the function), so that it is the same on
    every machine, in any order and when asked again. To be sent to other processes it must be
    picklable and small: it goes with every task (each process unpacks it once, and keeps what
    the function has cached on itself). ``start`` is a multiple of :data:`BATCH` except where a
    failing batch is split or the pace is measured. (The last digits of a matrix product can hang
    on how many rows it has: sums that must not should be taken column by column.)

    If it has a method ``inputs(draw) -> Mapping[str, float]``, that says what was drawn where a
    draw fails.
    """

    def __call__(self, start: int, stop: int, /) -> Mapping[str, Any]:
        """The columns of draws ``start`` to ``stop - 1``."""


@dataclass(frozen=True, eq=False)
class Part:
    """What was found out about draws in a row.

    Parameters
    ----------
    start
        The first draw.
    ok
        For each draw whether it could be judged.
    columns
        Arrays by name, with a row for each draw that could be judged, in order; empty if none
        could.
    failures
        The draws that could not, in order.
    """

    start: int
    ok: Booleans
    columns: Mapping[str, Column]
    failures: tuple[Failed, ...] = ()

    @property
    def stop(self) -> int:
        """The draw after the last."""
        return self.start + len(self.ok)

    @staticmethod
    def joined(parts: Iterable[Part], start: int = 0) -> Part:
        """Parts that follow each other, as one; ``start`` is that of none at all.

        Raises
        ------
        ValueError
            If parts with rows have columns of different names.
        """
        parts = tuple(parts)
        full = [part for part in parts if part.columns]
        for one, other in pairwise(full):
            if one.columns.keys() != other.columns.keys():
                raise ValueError(
                    f"draws from {one.start} have the columns {', '.join(one.columns)}, but "
                    f"draws from {other.start} have {', '.join(other.columns)}"
                )
        names = full[0].columns if full else ()
        return Part(
            parts[0].start if parts else start,
            np.concatenate([np.zeros(0, np.bool_), *(part.ok for part in parts)]),
            {name: np.concatenate([part.columns[name] for part in full]) for name in names},
            tuple(failed for part in parts for failed in part.failures),
        )

    def pieces(self) -> Iterator[Part]:
        """The same, cut where a batch ends."""
        cuts = range((self.start // BATCH + 1) * BATCH, self.stop, BATCH)
        for start, stop in pairwise((self.start, *cuts, self.stop)):
            before = int(np.count_nonzero(self.ok[: start - self.start]))
            ok = self.ok[start - self.start : stop - self.start]
            rows = slice(before, before + int(np.count_nonzero(ok)))
            yield Part(
                start,
                ok,
                {name: column[rows] for name, column in self.columns.items()} if ok.any() else {},
                tuple(failed for failed in self.failures if start <= failed.draw < stop),
            )


def compute(function: Function, start: int, stop: int) -> tuple[Part, float]:
    """Ask about draws, batch by batch.

    A batch in which anything goes wrong is halved, and its halves, until the draws that fail
    stand alone: a batch of n draws of which k fail is asked about at most 1 + 2 k log2 n times.

    Returns
    -------
    part, seconds
        And how long the fastest batch took.

    Raises
    ------
    TypeError
        If the function breaks its promise: a column without a row for each draw, or of objects.
    """
    parts: list[Part] = []
    seconds = []
    for low in range(start, stop, BATCH):
        began = perf_counter()
        parts += _halved(function, low, min(low + BATCH, stop))
        seconds.append(perf_counter() - began)
    return Part.joined(parts), min(seconds)


def compute_pickled(pickled: bytes, start: int, stop: int) -> tuple[Part, float]:
    """The same with a function as it is sent to other processes."""
    return compute(_unpickled(pickled), start, stop)


def failed(function: Function, draw: int, message: str) -> Part:
    """One draw that could not be judged, with what was drawn as far as the function can say."""
    try:
        inputs = {str(name): float(value) for name, value in function.inputs(draw).items()}  # type: ignore[attr-defined]
    except Exception:  # it need not say, and what cannot be judged may not be drawn either
        inputs = {}
    return Part(draw, np.zeros(1, np.bool_), {}, (Failed(draw, message, inputs),))


@lru_cache(maxsize=1)
def _unpickled(pickled: bytes) -> Function:
    function: Function = pickle.loads(pickled)
    return function


def _halved(function: Function, start: int, stop: int) -> list[Part]:
    try:
        columns = function(start, stop)
    except Exception as error:
        if stop - start == 1:
            return [failed(function, start, f"{type(error).__name__}: {error}")]
        middle = (start + stop) // 2
        return [*_halved(function, start, middle), *_halved(function, middle, stop)]
    return [Part(start, np.ones(stop - start, np.bool_), _checked(columns, stop - start))]


def _checked(columns: Mapping[str, Any], rows: int) -> dict[str, Column]:
    if not isinstance(columns, Mapping) or not columns:
        raise TypeError("the function gives no columns")
    arrays = {name: np.asarray(column) for name, column in columns.items()}
    for name, array in arrays.items():
        if array.shape[:1] != (rows,) or array.dtype.hasobject:
            raise TypeError(
                f"column {name!r} of {rows} draws has shape {array.shape} and type {array.dtype}"
            )
    return arrays
