"""The states of a conflict: the outcomes that obey the rules, found by growing beginnings."""

from __future__ import annotations

import numpy as np

from detente.case.errors import CaseError
from detente.case.errors import Problem as CaseProblem
from detente.model.problem import Factor, Integers, Problem


def states(problem: Problem, most: int) -> Integers:
    """All outcomes that obey the rules, in the order of the space.

    Issue by issue every beginning is continued with every option; a rule is applied as soon
    as the issues that it reads are settled, so that a space may be far larger than the outcomes
    in it that are possible.

    Parameters
    ----------
    problem
        The space and its rules.
    most
        Most beginnings held at once.

    Returns
    -------
    array
        Option positions, shape (states, issues).

    Raises
    ------
    CaseError
        Where there are more than ``most``.
    """
    sizes = problem.space.sizes
    codes = np.zeros((1, 0), dtype=np.int64)
    for place, size in enumerate(sizes):
        if len(codes) * size > 16 * most:
            raise too_many(len(codes) * size, most)
        rows = np.repeat(codes, size, axis=0)
        column = np.tile(np.arange(size), len(codes))[:, None]
        codes = np.concatenate([rows, column], axis=1)
        for rule in problem.rules:
            if max(rule.scope, default=0) == place:
                codes = codes[_allowed(rule, codes)]
        if len(codes) > most and not _later(problem.rules, place):
            raise too_many(len(codes), most)
    return codes


def too_many(found: int, most: int) -> CaseError:
    """More states than are compared; says what can be done."""
    what = f"the conflict has {found:,} states or more; at most {most:,} are compared"
    help = "fix some issues by rules, or ask about one outcome: --outcome PACKAGE"
    return CaseError(CaseProblem(what, help))


def _allowed(rule: Factor, codes: Integers) -> Integers:
    return np.flatnonzero(rule.at(codes))


def _later(rules: tuple[Factor, ...], place: int) -> bool:
    """Whether a rule still waits for a later issue."""
    return any(max(rule.scope, default=0) > place for rule in rules)
