"""Expressions compiled to boolean tables over the issues that they read."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from detente.case.bargaining import Rule
from detente.case.errors import CaseError, Problem
from detente.case.expressions import And, Comparison, Expression, Node, Not, Or, walk
from detente.model.problem import Factor
from detente.model.space import Space

MAX_CELLS = 1 << 24
"""Largest table that one expression, adjustment or ranking may need."""


def expression_factor(expression: Expression | Node, space: Space) -> Factor:
    """The boolean table of an expression over the issues it reads.

    Cost: the product of the sizes of those issues; CaseError beyond :data:`MAX_CELLS`.
    """
    node = expression.node if isinstance(expression, Expression) else expression
    scope = tuple(sorted({space.issue_position[c.issue] for c in walk(node)}))
    check_size(scope, space, "an expression")
    return Factor(scope, np.ascontiguousarray(_table(node, scope, space)))


def rule_factors(rule: Rule, space: Space) -> tuple[Factor, ...]:
    """Boolean tables that together say what a rule allows.

    A rule that is a conjunction is cut into its parts, so that long lists of
    alternatives do not join all their issues in one table.
    """
    if rule.never is not None:
        allowed: Node = Not(rule.never.node)
    else:
        assert rule.if_ is not None and rule.then is not None
        allowed = Or((Not(rule.if_.node), rule.then.node))
    return tuple(expression_factor(part, space) for part in _conjuncts(allowed))


def check_size(scope: Sequence[int], space: Space, what: str) -> None:
    """Refuse a table that would not fit; the message says what to do."""
    cells = math.prod(space.sizes[position] for position in scope)
    if cells > MAX_CELLS:
        issues = ", ".join(space.issues[position] for position in scope)
        raise CaseError(
            Problem(
                f"{what} reads {len(scope)} issues at once ({issues}): {cells:,} combinations, "
                f"more than the {MAX_CELLS:,} that one table may hold",
                "split it into several that read fewer issues each",
            )
        )


def _conjuncts(node: Node) -> Iterator[Node]:
    if isinstance(node, And):
        for part in node.parts:
            yield from _conjuncts(part)
    elif isinstance(node, Not) and isinstance(node.part, Or):
        for part in node.part.parts:
            yield from _conjuncts(Not(part))
    elif isinstance(node, Not) and isinstance(node.part, Not):
        yield from _conjuncts(node.part.part)
    else:
        yield node


def _table(node: Node, scope: tuple[int, ...], space: Space) -> NDArray[np.bool_]:
    sizes = [space.sizes[position] for position in scope]
    if isinstance(node, Comparison):
        position = space.issue_position[node.issue]
        allowed = np.array(node.allowed(space.options[position]), dtype=np.bool_)
        shape = [1] * len(scope)
        shape[scope.index(position)] = len(allowed)
        return np.broadcast_to(allowed.reshape(shape), sizes)
    if isinstance(node, Not):
        return ~_table(node.part, scope, space)
    combine = np.logical_and if isinstance(node, And) else np.logical_or
    out = _table(node.parts[0], scope, space)
    for part in node.parts[1:]:
        out = combine(out, _table(part, scope, space))
    return out
