"""Sets of codings as bits, 64 to a word: one row of words for each state, or kind of move."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from detente.model.problem import Booleans, Integers

Words = NDArray[np.uint64]
"""Sets of codings, shape (…, words); bits after the last coding carry no meaning."""


def packed(marks: Booleans) -> Words:
    """Truth values as bits, shape (…, codings) to (…, words).

    Examples
    --------
    >>> packed(np.array([[True, False, True]]))
    array([[5]], dtype=uint64)
    """
    octets = np.packbits(marks, axis=-1, bitorder="little")
    words = -(-octets.shape[-1] // 8)
    out = np.zeros((*octets.shape[:-1], words * 8), dtype=np.uint8)
    out[..., : octets.shape[-1]] = octets
    return out.view(np.dtype("<u8")).astype(np.uint64, copy=False)


def unpacked(words: Words, codings: int) -> Booleans:
    """Bits as truth values, shape (…, words) to (…, codings)."""
    octets = words.astype(np.dtype("<u8"), copy=False).view(np.uint8)
    marks = np.unpackbits(octets, axis=-1, bitorder="little", count=codings)
    return marks.astype(np.bool_)


def union(rows: Words) -> Words:
    """The codings in any of the rows; shape (words,)."""
    out: Words = np.bitwise_or.reduce(rows, axis=0)
    return out


def joined(keys: Integers, rows: Words) -> tuple[Integers, Words]:
    """Rows with equal keys as one, keys ascending."""
    if not len(keys):
        return keys, rows
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    return keys[first], np.bitwise_or.reduceat(rows[order], first, axis=0)


class Rows:
    """Rows that are computed when they are first asked for.

    Parameters
    ----------
    words
        Length of a row.
    compute
        The rows of some keys, whole numbers from 0.
    block
        Most rows computed at once.
    """

    def __init__(self, words: int, compute: Callable[[Integers], Words], block: int) -> None:
        self._compute, self._block = compute, block
        self._slot = np.zeros(0, dtype=np.int64)
        self._rows: Words = np.zeros((0, words), dtype=np.uint64)
        self._held = 0

    def at(self, keys: Integers) -> Words:
        """The rows of these keys; shape (keys, words)."""
        beyond = int(keys.max(initial=-1)) + 1 - len(self._slot)
        if beyond > 0:
            self._slot = np.append(self._slot, np.full(max(beyond, len(self._slot)), -1))
        wanted = np.unique(keys[self._slot[keys] < 0])
        for begin in range(0, len(wanted), self._block):
            self._add(wanted[begin : begin + self._block])
        found: Words = self._rows[self._slot[keys]]
        return found

    def _add(self, keys: Integers) -> None:
        rows = self._compute(keys)
        end = self._held + len(keys)
        if end > len(self._rows):
            larger = np.zeros((max(end, 2 * self._held), rows.shape[1]), dtype=np.uint64)
            larger[: self._held] = self._rows[: self._held]
            self._rows = larger
        self._rows[self._held : end] = rows
        self._slot[keys] = np.arange(self._held, end)
        self._held = end
