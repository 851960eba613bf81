"""Stability in matrix form, with dense products: for models of a few states only.

Source: Xu, Hipel & Kilgour, "Matrix representation of solution concepts in multiple-decision-
maker graph models", IEEE Transactions on Systems, Man, and Cybernetics A 39 (2009).
SSEQ takes the sanctions of SMR from the improvements of SEQ.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stability_by_definition import Graph, Mover

Matrix = NDArray[np.int64]


def _sign(matrix: Matrix) -> Matrix:
    return np.sign(matrix).astype(np.int64)


def _moves(graph: Graph, mover: Mover) -> Matrix:
    """J."""
    out = np.zeros((graph.states, graph.states), dtype=np.int64)
    for state, heads in mover.arcs.items():
        out[state, list(heads)] = 1
    return out


def _better(graph: Graph, party: int) -> Matrix:
    """P⁺: 1 in row s, column q where q is better than s."""
    return np.array(graph.better[party], dtype=np.int64).T


def _reached(moves: list[Matrix], states: int) -> Matrix:
    """M_H: M_j(1) = J_j, M_j(t) = sign(J_j · ∨_{k≠j} M_k(t-1)), until nothing is new."""
    paths, found = moves, [np.zeros((states, states), dtype=np.int64) for _ in moves]
    while any((path > seen).any() for path, seen in zip(paths, found, strict=True)):
        found = [path | seen for path, seen in zip(paths, found, strict=True)]
        others = [
            sum((path for k, path in enumerate(paths) if k != j), np.zeros_like(found[0]))
            for j in range(len(paths))
        ]
        paths = [_sign(move @ other) for move, other in zip(moves, others, strict=True)]
    return _sign(sum(found, np.zeros((states, states), dtype=np.int64)))


def stable_states(graph: Graph, concept: str, party: int) -> list[int]:
    """States that are stable for a party under a concept: zeros on the diagonal."""
    ones = np.ones((graph.states, graph.states), dtype=np.int64)
    better = _better(graph, party)
    not_better = ones - better
    own = np.zeros_like(ones)
    opposing, improving = [], []
    for mover in graph.movers:
        moves = _moves(graph, mover)
        if mover.members == (party,):
            own = own | moves
        elif party not in mover.members:
            opposing.append(moves)
            for member in mover.members:
                moves = moves * _better(graph, member)
            improving.append(moves)
    reached = _reached(improving if concept in ("seq", "sseq") else opposing, graph.states)
    punishing = not_better.T
    if concept in ("smr", "sseq"):
        punishing = punishing * (ones - _sign(own @ better.T))
    unpunished = ones if concept == "nash" else ones - _sign(reached @ punishing)
    diagonal = np.diagonal((own * better) @ unpunished)
    return [int(state) for state in np.flatnonzero(diagonal == 0)]
