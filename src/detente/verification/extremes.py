"""The most and the least that a party can get: what no punishment can go beyond (F13)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from detente.model.compilation import Model
from detente.model.problem import Factor, Integers
from detente.verification.temptations import moves_alone

LARGEST = 1 << 20
"""Most combinations of issues that hang together in a party's values; beyond, bounds are used."""


def best_and_harshest(model: Model, party: str) -> tuple[float, float]:
    """The most that a party gets in any outcome, and the least that the others can hold it to.

    The others choose the issues that the party does not move, it then chooses its own; a
    joint issue of the party stands at the status quo, to which each of its owners can take
    it back. Rules are left aside: what is lost by that makes a bracket wider, not wrong.

    Notes
    -----
    Values are sums of tables over a few issues, so groups of issues that no table joins are
    looked at one by one. Exact; a group of more than :data:`LARGEST` combinations is bounded
    by the largest and least entries of its tables, never too narrow. Cost: the combinations.
    """
    case = model.case
    entry = model.problem.criteria[model.position[party]]
    own = {place for place, issue in enumerate(case.issues) if moves_alone(case, party, issue)}
    fixed = {
        place: case.options[issue].index((case.status_quo or {})[issue])
        for place, issue in enumerate(case.issues)
        if _withdraws(model, party, issue)
    }
    most = least = 0
    for factors in _groups(entry.factors):
        scope = sorted({place for factor in factors for place in factor.scope})
        sizes = [model.space.sizes[place] for place in scope]
        if math.prod(sizes) > LARGEST:
            most += sum(int(factor.table.max()) for factor in factors)
            least += sum(int(factor.table.min()) for factor in factors)
            continue
        values = _values(factors, scope, sizes)
        most += int(values.max())
        for axis, place in enumerate(scope):
            if place in fixed:
                values = values.take([fixed[place]], axis=axis)
        least += int(values.max(axis=tuple(a for a, p in enumerate(scope) if p in own)).min())
    return most * float(entry.unit), least * float(entry.unit)


def _groups(factors: Iterable[Factor]) -> list[list[Factor]]:
    """Factors that share issues, directly or through others."""
    groups: list[tuple[set[int], list[Factor]]] = []
    for factor in factors:
        scope, joined = set(factor.scope), [factor]
        apart = []
        for other, members in groups:
            if other & scope:
                scope |= other
                joined += members
            else:
                apart.append((other, members))
        groups = [*apart, (scope, joined)]
    return [members for _, members in groups]


def _values(factors: Iterable[Factor], scope: Sequence[int], sizes: Sequence[int]) -> Integers:
    """The sum of tables over all combinations of their issues."""
    out = np.zeros(sizes, dtype=np.int64)
    for factor in factors:
        shape = [n if place in factor.scope else 1 for place, n in zip(scope, sizes, strict=True)]
        out += factor.table.reshape(shape)
    return out


def _withdraws(model: Model, party: str, issue: str) -> bool:
    """Whether an issue moves only together and the party can take it back to the status quo."""
    case, entry = model.case, model.case.issues[issue]
    if entry.control is not None or entry.moves is not None or case.status_quo is None:
        return False
    owners = entry.joint or case.signing
    return party in owners and entry.withdraw == "any"
