"""Stability in matrix form with dense products: the published way, as a peer to measure against.

Source: Xu, Hipel & Kilgour, "Matrix representation of solution concepts in multiple-decision-
maker graph models", IEEE Transactions on Systems, Man, and Cybernetics A 39 (2009) 96-108. SSEQ
takes the sanctions of SMR from the improvements of SEQ. Products are of single-precision numbers,
so that BLAS does them; counts of states below 2^24 are exact. Of products of which only the
diagonal is asked, only the diagonal is worked out, and what several concepts need is done once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
"""Zeros and ones, shape (states, states)."""
Mask = NDArray[np.bool_]


def stable(moves: Sequence[Matrix], better: Sequence[Matrix]) -> dict[str, list[Mask]]:
    """Where each party stays under each concept.

    Parameters
    ----------
    moves
        For each party its moves: 1 in row s, column t where it can go from s to t.
    better
        For each party its preferences: 1 in row s, column t where t is better than s.

    Returns
    -------
    dict
        Concept, then for each party a verdict per state.
    """
    improving = [move * gain for move, gain in zip(moves, better, strict=True)]
    out: dict[str, list[Mask]] = {name: [] for name in ("nash", "gmr", "smr", "seq", "sseq")}
    for party, (own, gain) in enumerate(zip(moves, better, strict=True)):
        others = [place for place in range(len(moves)) if place != party]
        reached = _legal([moves[place] for place in others])
        credible = _legal([improving[place] for place in others])
        punishing = 1 - gain.T
        unanswered = punishing * (1 - _sign(own @ gain.T))
        out["nash"].append(_empty(improving[party]))
        for concept, sanctions, punished in (
            ("gmr", reached, punishing),
            ("smr", reached, unanswered),
            ("seq", credible, punishing),
            ("sseq", credible, unanswered),
        ):
            unpunished = 1 - _sign(sanctions @ punished)
            out[concept].append(_empty(improving[party] * unpunished.T))
    return out


def _legal(moves: Sequence[Matrix]) -> Matrix:
    """What sequences reach in which nobody moves twice in a row.

    ``first[j]``: those that begin with a move of j.
    """
    first = list(moves)
    changed = len(moves) > 1
    while changed:
        changed = False
        for place, move in enumerate(moves):
            after = _union([entry for k, entry in enumerate(first) if k != place])
            found: Matrix = np.maximum(move, _sign(move @ after))
            changed = changed or bool((found > first[place]).any())
            first[place] = found
    return _union(first)


def _empty(matrix: Matrix) -> Mask:
    """Rows without a one: no improvement, or none that goes unpunished."""
    out: Mask = matrix.sum(axis=1) == 0
    return out


def _union(matrices: Sequence[Matrix]) -> Matrix:
    out: Matrix = np.maximum.reduce(matrices)
    return out


def _sign(matrix: NDArray[Any]) -> Matrix:
    return (matrix > 0).astype(np.float32)
